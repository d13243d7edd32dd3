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
      bytes = await inflate(open.kernel);
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
