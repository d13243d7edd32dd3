'use strict';
// Runs the kernel away from the page, so that the page answers while runs are made. One worker is asked by the page and answers; it deals
// out runs to the others and puts what they made behind its own, run by run, so that their number changes nothing.
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let kernel = null;
let module = null;
let model = null;
let opening = null;
// The workers that are ready to help.
let others = [];

// Texts that were compressed (zlib) and written in base64.
async function inflate(text) {
  const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Makes the module of what xtask/src/packing.rs wrote, line by line as there: each bit is foreseen from nine contexts and the longest
// match before it, and what was not foreseen was written (Mahoney 2005). All of it is arithmetic that is the same on every machine.
function unpack(packed) {
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  const made = new Uint8Array(size);
  const nContexts = 9, nVotes = 11, nChances = 1 << 21;
  const anchors = [21, 36, 59, 98, 162, 266, 438, 720, 1178, 1921, 3108, 4971, 7812, 11955, 17625, 24742, 32768, 40793, 47910, 53580, 57723, 60564, 62427, 63614, 64357, 64815, 65097, 65269, 65373, 65437, 65476, 65499, 65514];
  const logistic = Int32Array.from({ length: 4096 }, (_, at) => anchors[at >> 7] * (128 - (at & 127)) + anchors[(at >> 7) + 1] * (at & 127) >> 7);
  const stretch = new Float64Array(4096).fill(2047 / 256);
  for (let at = 1, from = 0; at < 4096; at++) while (from <= logistic[at] >> 4) stretch[from++] = (at - 2048) / 256;
  const chances = new Uint16Array(nContexts * nChances), steps = Float64Array.from({ length: 16 }, (_, n) => 1 / (n + 1.5));
  const weights = new Float64Array(320 * nVotes).fill(0.3);
  const refined = Int32Array.from({ length: 512 * 33 }, (_, i) => anchors[i % 33]);
  const matched = new Int32Array(1 << 18), trust = new Int32Array(32).fill(60000), trustInWhole = new Int32Array(32 * 512).fill(64000);
  const contexts = new Int32Array(nContexts), places = new Int32Array(nContexts), votes = new Float64Array(nVotes);
  const mix = (found, number) => {
    const mixed = Math.imul(found ^ (number + 0x9e3779b9 | 0), 0x2c1b3c6d);
    return mixed ^ mixed >>> 15;
  };
  const at = sum => (Math.max(-2047, Math.min(2047, 256 * sum)) | 0) + 2048;

  // Where in the module a byte stands.
  const kinds = '!tlTfnxgaoiIbsc';
  const among = (op, low, high) => op >= low && op <= high;
  const operands = op => among(op, 2, 4) ? 't' : op === 12 || op === 13 ? 'l' : op === 14 ? 'T' : op === 16 ? 'f' : [17, 520, 522, 524, 526].includes(op) ? 'nn'
    : among(op, 32, 34) ? 'x' : op === 35 || op === 36 ? 'g' : among(op, 40, 62) || among(op, 256, 267) || op === 348 || op === 349 ? 'ao'
    : op === 63 || op === 64 || among(op, 520, 529) ? 'n' : op === 65 ? 'i' : op === 66 ? 'I' : op === 67 ? 'bbbb' : op === 68 ? 'bbbbbbbb' : op === 252 ? 'c' : op === 253 ? 's'
    : op === 268 || op === 269 ? 'bbbbbbbbbbbbbbbb' : among(op, 277, 290) ? 'b' : among(op, 340, 347) ? 'aob' : '';
  let part = 0, nRead = 0, section = 0, left = 0, leftOfFunction = 0, declared = 0, value = 0, kind = 0, waiting = '', inFunction = 0, offset = 0;
  let ops = [0, 0, 0, 0], locals = [0, 0];
  const next = to => { part = to; nRead = value = 0; };
  function follow(byte) {
    if (nRead < 5) value |= (byte & 127) << 7 * nRead;
    nRead++;
    const ends = byte < 128;
    if (part === 0 && nRead === 8) next(1);
    else if (part === 1) { section = byte; next(2); }
    else if (part === 2 && ends) { left = value; return next(!left ? 1 : section === 10 ? 4 : 3); }
    if (part < 3) return;
    left = left - 1 | 0;
    if (part > 5) leftOfFunction = leftOfFunction - 1 | 0;
    if (part === 9) operand(byte, ends);
    else if (part === 8) next(--declared ? 7 : 9);
    else if (!ends || part === 3);
    else if (part === 5) { leftOfFunction = value; inFunction++; next(6); }
    else if (part === 6) { declared = value; next(declared ? 7 : 9); kind = 0; waiting = ''; }
    else next(part === 4 ? 5 : 8);
    if (part === 9 && !leftOfFunction) next(5);
    if (!left) next(1);
  }
  function operand(byte, ends) {
    const is = kinds[kind];
    if (!ends && is !== '!' && is !== 'b') return;
    if (is === '!') {
      ops = [byte, ops[0], ops[1], ops[2]];
      waiting = operands(byte);
    } else if (is === 's' || is === 'c') {
      ops[0] = value + (is === 's' ? 256 : 512) | 0;
      waiting = operands(ops[0]);
    } else if (is === 'T') waiting = 'l'.repeat(Math.min(value >>> 0, 4095) + 1);
    else if (is === 'x') locals = [value, locals[0]];
    else if (is === 'o') offset = value;
    next(9);
    kind = waiting ? kinds.indexOf(waiting[0]) : 0;
    waiting = waiting.slice(1);
  }

  let n = 0, like = 0, nLike = 0;
  const coder = new Float64Array([0, 0xffffffff, 0, 8]);
  const before = back => n < back ? 0 : made[n - back];
  for (let i = 4; i < 8; i++) coder[2] = (coder[2] << 8 | packed[i]) >>> 0;
  function decoded(chance) {
    let low = coder[0], high = coder[1];
    const range = high - low, middle = low + (range >>> 16) * chance + ((range & 0xffff) * chance >>> 16), is = coder[2] <= middle ? 1 : 0;
    if (is) high = middle; else low = middle + 1;
    while ((low ^ high) >>> 24 === 0) {
      low = low << 8 >>> 0;
      high = (high << 8 | 255) >>> 0;
      coder[2] = (coder[2] << 8 | packed[coder[3]++]) >>> 0;
    }
    coder[0] = low;
    coder[1] = high;
    return is;
  }
  function foreseenWhole(state) {
    const slot = 512 * Math.min(nLike, 31) + state, is = decoded(Math.max(32, Math.min(65503, trustInWhole[slot])));
    trustInWhole[slot] += (is ? 65535 : 0) - trustInWhole[slot] >> 5;
    if (!is) nLike = 0;
    return is;
  }
  function foresee(state) {
    const b1 = before(1), b2 = before(2), b3 = before(3), h0 = ops[0], h1 = ops[1], h2 = ops[2], h3 = ops[3], l0 = locals[0], l1 = locals[1];
    contexts[0] = mix(mix(mix(0, 0), b1), b2);
    contexts[1] = mix(mix(mix(mix(0, 1), b1), b2), b3);
    contexts[2] = mix(mix(mix(mix(0, 2), state), h0), h1);
    contexts[3] = mix(mix(mix(mix(mix(mix(0, 3), state), h0), h1), h2), h3);
    contexts[4] = mix(mix(mix(mix(mix(0, 4), state), h0), l0), nRead ? b1 : 0);
    contexts[5] = mix(mix(mix(mix(mix(mix(mix(0, 5), state), h0), h1), l0), l1), value);
    contexts[6] = mix(mix(mix(mix(mix(mix(0, 6), state), h0), l0), inFunction), value);
    contexts[7] = mix(mix(mix(mix(mix(mix(mix(0, 7), state), h0), h1), h2), offset), value);
    contexts[8] = mix(mix(mix(mix(mix(0, 8), state), h0), offset), value);
    let known = 1;
    const likely = nLike ? made[like] | 256 : 0, length = nLike < 31 ? nLike : 31;
    let expects = nLike > 0;
    for (let bit = 7; bit >= 0; bit--) {
      if (bit === 7 || bit === 3) for (let i = 0; i < nContexts; i++) places[i] = i * nChances + 16 * (mix(mix(0, contexts[i]), known) & nChances / 16 - 1);
      const nibble = bit > 3 ? known : known & (1 << 3 - bit) - 1 | 1 << 3 - bit;
      for (let i = 0; i < nContexts; i++) {
        const chance = chances[places[i] + nibble];
        votes[i] = chance & 15 ? stretch[chance >> 4] : 0;
      }
      let expected = -1;
      if (expects && likely >> bit + 1 === known) expected = likely >> bit & 1;
      votes[9] = expected < 0 ? 0 : expected ? stretch[trust[length] >> 4] : -stretch[trust[length] >> 4];
      votes[10] = 0.3;
      const first = (state >> 3) * nVotes, second = (64 + known) * nVotes;
      let sum1 = 0, sum2 = 0;
      for (let i = 0; i < nVotes; i++) {
        sum1 += weights[first + i] * votes[i];
        sum2 += weights[second + i] * votes[i];
      }
      const mixed = at(0.5 * (sum1 + sum2)), slot = 33 * state + (mixed >> 7), share = mixed & 127;
      const finer = refined[slot] * (128 - share) + refined[slot + 1] * share >> 7;
      const chance = Math.max(32, Math.min(65503, logistic[mixed] + finer >> 1));
      const is = decoded(chance);
      const nearer = slot + (share > 64 ? 1 : 0);
      refined[nearer] += (is ? 65535 : 0) - refined[nearer] >> 6;
      const error1 = ((is << 16) - logistic[at(sum1)]) / 65536 * 0.02, error2 = ((is << 16) - logistic[at(sum2)]) / 65536 * 0.02;
      for (let i = 0; i < nVotes; i++) {
        weights[first + i] += error1 * votes[i];
        weights[second + i] += error2 * votes[i];
      }
      for (let i = 0; i < nContexts; i++) {
        const place = places[i] + nibble, chance = chances[place], n = chance & 15, p = n ? chance >> 4 : 2048;
        chances[place] = p + ((is * 4095 - p) * steps[n] | 0) << 4 | (n < 11 ? n + 1 : n);
      }
      if (expected >= 0) {
        trust[length] += (expected === is ? 65535 : 0) - trust[length] >> 6;
        if (expected !== is) expects = false;
      }
      known = known << 1 | is;
    }
    if (!expects) nLike = 0;
    return known & 255;
  }
  while (n < size) {
    const state = part === 3 ? 32 + (section & 31) << 3 | nRead & 3 : (part === 9 ? 16 + kind : part) << 3 | Math.min(nRead, 7);
    const known = nLike > 15 && foreseenWhole(state) ? made[like] : foresee(state);
    made[n++] = known;
    follow(known & 255);
    if (nLike) { like++; nLike++; }
    if (n < 5) continue;
    const slot = mix(mix(mix(mix(mix(0, before(1)), before(2)), before(3)), before(4)), before(5)) & 0x3ffff, earlier = matched[slot];
    matched[slot] = n;
    if (!nLike && earlier) {
      like = earlier;
      while (nLike < 32 && nLike < earlier && made[earlier - 1 - nLike] === made[n - 1 - nLike]) nLike++;
    }
  }
  return made;
}

// A list of texts, or of bytes: each is its length in 32 bits and then itself.
function write(texts) {
  const parts = texts.map(text => typeof text === 'string' ? encoder.encode(text) : text);
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

// What the kernel replies, as bytes.
function run(name, message) {
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
  return new Uint8Array(kernel.memory.buffer, kernel.reply(), kernel.reply_length());
}

function call(name, message) {
  const texts = read(run(name, message));
  if (texts[0] === 'error') throw new Error(texts[1]);
  return texts;
}

async function ready() {
  if (kernel) return;
  kernel = (await WebAssembly.instantiate(module, {})).exports;
  try {
    call('model', model);
    call('open', opening);
  } catch (fault) {
    kernel = null;
    throw fault;
  }
}

async function open({ packed, text, settings, ports }) {
  kernel = null;
  const bytes = unpack(packed);
  module = await WebAssembly.compile(bytes);
  model = await inflate(text);
  opening = write(settings);
  others = [];
  for (const port of ports ?? []) {
    const waiting = [];
    port.onmessage = event => waiting.shift()?.(event.data);
    const ask = message => new Promise(done => { waiting.push(done); port.postMessage(message); });
    // As bytes: not every browser lets a compiled module through a port.
    ask({ bytes, model, opening }).then(({ fault }) => { if (!fault) others.push(ask); });
  }
}

// Fewer runs than these are made by one worker as fast.
const fewest = 48;

// Makes the runs that an answer needs, together with the others.
async function share(texts) {
  const n = Number(call('missing', write(texts))[1]), nWorkers = Math.min(others.length + 1, Math.floor(n / fewest));
  if (nWorkers < 2) return;
  const part = i => ['from', String(Math.round(n * i / nWorkers)), 'to', String(Math.round(n * (i + 1) / nWorkers)), ...texts];
  const made = Promise.all(others.slice(0, nWorkers - 1).map((ask, i) => ask({ part: part(i + 1) })));
  call('part', write(part(0)));
  const parts = await made;
  // Whoever failed is asked no more, and what is missing is made here.
  if (parts.some(one => one.fault)) others = [];
  else call('join', write(parts.map(one => one.bytes)));
}

// The sentence first, where the question looks less far than the model goes and runs have to be made anyway.
async function answer(texts, tell) {
  await ready();
  const missing = texts => Number(call('missing', write(texts))[1]), early = ['early', ...texts];
  if (missing(early) && tell && missing(texts)) {
    await share(early);
    tell(call('answer', write(early)));
  }
  await share(texts);
  return call('answer', write(texts));
}

// What another worker is asked by the first.
async function help({ part, ...given }) {
  if (given.bytes) {
    ({ model, opening } = given);
    module = await WebAssembly.compile(given.bytes);
    await ready();
    return {};
  }
  await ready();
  const made = run('part', write(part));
  // Numbers begin with a count, of which the low half is zero, and an error with the length of a word.
  if (made[0]) throw new Error(read(made)[1]);
  return { bytes: made.slice() };
}

async function replied(work) {
  try {
    return await work();
  } catch (fault) {
    return { fault: fault.message || String(fault) };
  }
}

self.onmessage = async event => {
  const { id, open: given, ask, early, port } = event.data;
  if (port) {
    port.onmessage = async event => {
      const reply = await replied(() => help(event.data));
      port.postMessage(reply, reply.bytes ? [reply.bytes.buffer] : []);
    };
    return;
  }
  self.postMessage({ id, ...await replied(async () => {
    if (given) await open(given);
    await ready();
    const began = performance.now();
    const texts = ask ? await answer(ask, early && (early => self.postMessage({ id, early }))) : [];
    return { texts, milliseconds: performance.now() - began, nWorkers: others.length + 1 };
  }) });
};
