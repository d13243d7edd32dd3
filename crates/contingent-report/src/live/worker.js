'use strict';
// Runs the kernel away from the page, so that the page answers while runs are made.
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let kernel = null;
let bytes = null;
let model = null;
let opening = null;

// Texts that were compressed (zlib) and written in base64.
async function inflate(text) {
  const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// LZMA (Pavlov, the LZMA specification, 2015) with the header of .lzma files, of a known size and without a mark at its end.
function unpack(packed) {
  const header = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const nContext = packed[0] % 9, nPlace = (packed[0] / 9 | 0) % 5, nPosition = packed[0] / 45 | 0;
  const size = header.getUint32(5, true);
  const made = new Uint8Array(size);
  // Where the probabilities of each kind of bit begin.
  const match = 0, repeat = 192, first = 204, second = 216, third = 228, short = 240, slots = 432, near = 688, low = 803, lengths = 819, repeats = 1333, literals = 1847;
  const chances = new Uint16Array(literals + (768 << nContext + nPlace)).fill(1024);
  let range = 0xffffffff, code = header.getUint32(14), at = 18;
  function more() {
    if (range < 0x1000000) {
      range = range * 256;
      code = (code << 8 | packed[at++]) >>> 0;
    }
  }
  function bit(of) {
    const chance = chances[of], bound = (range >>> 11) * chance;
    let is = 0;
    if (code < bound) {
      range = bound;
      chances[of] = chance + (2048 - chance >> 5);
    } else {
      range -= bound;
      code -= bound;
      chances[of] = chance - (chance >> 5);
      is = 1;
    }
    more();
    return is;
  }
  function tree(of, n) {
    let found = 1;
    for (let i = 0; i < n; i++) found = found << 1 | bit(of + found);
    return found - (1 << n);
  }
  function backwards(of, n) {
    let place = 1, found = 0;
    for (let i = 0; i < n; i++) {
      const is = bit(of + place);
      place = place << 1 | is;
      found |= is << i;
    }
    return found;
  }
  function even(n) {
    let found = 0;
    for (let i = 0; i < n; i++) {
      range = range >>> 1;
      const is = code >= range;
      if (is) code -= range;
      found = found << 1 | is;
      more();
    }
    return found;
  }
  function lengthOf(of, position) {
    if (!bit(of)) return tree(of + 2 + (position << 3), 3);
    if (!bit(of + 1)) return 8 + tree(of + 130 + (position << 3), 3);
    return 16 + tree(of + 258, 8);
  }
  let state = 0, back = [0, 0, 0, 0];
  for (let n = 0; n < size;) {
    const position = n & (1 << nPosition) - 1;
    if (!bit(match + (state << 4) + position)) {
      const before = n ? made[n - 1] : 0;
      const of = literals + 768 * (((n & (1 << nPlace) - 1) << nContext) + (before >> 8 - nContext));
      let found = 1;
      if (state > 6) {
        let like = made[n - back[0] - 1];
        while (found < 256) {
          const expected = like >> 7 & 1;
          like <<= 1;
          const is = bit(of + (1 + expected << 8) + found);
          found = found << 1 | is;
          if (is !== expected) break;
        }
      }
      while (found < 256) found = found << 1 | bit(of + found);
      made[n++] = found;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let length;
    if (bit(repeat + state)) {
      if (!bit(first + state)) {
        if (!bit(short + (state << 4) + position)) {
          made[n] = made[n - back[0] - 1];
          n++;
          state = state < 7 ? 9 : 11;
          continue;
        }
      } else {
        const which = !bit(second + state) ? 1 : !bit(third + state) ? 2 : 3;
        back = [back[which], ...back.filter((_, i) => i !== which)];
      }
      length = lengthOf(repeats, position);
      state = state < 7 ? 8 : 11;
    } else {
      length = lengthOf(lengths, position);
      state = state < 7 ? 7 : 10;
      const slot = tree(slots + (Math.min(length, 3) << 6), 6);
      let distance = slot;
      if (slot > 3) {
        const n = (slot >> 1) - 1;
        distance = (2 | slot & 1) << n;
        distance += slot < 14 ? backwards(near + distance - slot, n) : (even(n - 4) << 4) + backwards(low, 4);
      }
      back = [distance, back[0], back[1], back[2]];
    }
    if (back[0] >= n) throw new Error('the program in this page is damaged');
    for (const end = Math.min(size, n + length + 2); n < end; n++) made[n] = made[n - back[0] - 1];
  }
  return made;
}

// A list of texts: each is its length in 32 bits and then itself.
function write(texts) {
  const parts = texts.map(text => encoder.encode(text));
  const message = new Uint8Array(parts.reduce((n, part) => n + part.length + 4, 0));
  const view = new DataView(message.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    message.set(part, at + 4);
    at += part.length + 4;
  }
  return message;
}

function read(message) {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const texts = [];
  for (let at = 0; at < message.length;) {
    const n = view.getUint32(at, true);
    texts.push(decoder.decode(message.subarray(at + 4, at + 4 + n)));
    at += n + 4;
  }
  return texts;
}

function call(name, message) {
  const at = kernel.reserve(message.length);
  new Uint8Array(kernel.memory.buffer, at, message.length).set(message);
  try {
    kernel[name]();
  } catch (fault) {
    const n = kernel.complaint_length();
    const said = n ? decoder.decode(new Uint8Array(kernel.memory.buffer, kernel.complaint(), n)) : String(fault);
    kernel = null;
    throw new Error('the program stopped: ' + said);
  }
  const texts = read(new Uint8Array(kernel.memory.buffer, kernel.reply(), kernel.reply_length()));
  if (texts[0] === 'error') throw new Error(texts[1]);
  return texts;
}

async function ready() {
  if (kernel) return;
  kernel = (await WebAssembly.instantiate(bytes, {})).instance.exports;
  try {
    call('model', model);
    call('open', opening);
  } catch (fault) {
    kernel = null;
    throw fault;
  }
}

self.onmessage = async event => {
  const { id, open, ask } = event.data;
  try {
    if (open) {
      kernel = null;
      bytes = unpack(open.kernel);
      model = await inflate(open.model);
      opening = write(open.settings);
    }
    await ready();
    const began = performance.now();
    const texts = ask ? call('answer', write(ask)) : [];
    self.postMessage({ id, texts, milliseconds: performance.now() - began });
  } catch (fault) {
    self.postMessage({ id, fault: fault.message || String(fault) });
  }
};
