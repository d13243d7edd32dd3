// Runs the module of pages through the worker of pages: node module.mjs WORKER MODULE < lines: `open`, the stored model, settings; `ask`, a message.
import { readFileSync } from 'node:fs';

const [, , workerPath, modulePath] = process.argv;
let answered, early = null;
globalThis.self = { postMessage: message => { if (message.early) early = message.early; else answered(message); } };
(0, eval)(readFileSync(workerPath, 'utf8').replace("'use strict';", ''));
const send = data => new Promise(resolve => { answered = resolve; self.onmessage({ data }); });
const texts = hex => {
  const bytes = Buffer.from(hex, 'hex');
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const n = bytes.readUInt32LE(at);
    found.push(bytes.toString('utf8', at + 4, at + 4 + n));
    at += n + 4;
  }
  return found;
};
const kernel = new Uint8Array(readFileSync(modulePath));
const lines = readFileSync(0, 'utf8').split('\n');
let name = '';
for (let i = 0; i < lines.length;) {
  if (lines[i].startsWith('open ')) {
    name = lines[i].slice(5);
    const { fault } = await send({ id: 0, open: { packed: kernel, text: lines[i + 1], settings: texts(lines[i + 2]) } });
    i += 3;
    if (fault) throw new Error(fault);
    continue;
  }
  early = null;
  const { texts: found, fault } = await send({ id: i, ask: texts(lines[i + 1]), early: true });
  i += 2;
  if (fault) throw new Error(fault);
  let sentence = '', short = '';
  const out = [];
  for (let at = 0; at < found.length;) {
    const key = found[at++];
    if (key === 'sentence') sentence = found[at++];
    else if (key === 'short') short = found[at++];
    else if (key === 'digest') out.push(found.slice(at, at += 3).join(' '));
    else if (key === 'figure') { out.push(found[at] + ' ' + found[at + 1]); at += 3; }
    else at++;
  }
  // What comes early begins as the whole does.
  if (early?.some((text, at) => text !== found[at])) throw new Error(`early: ${early}, and then: ${sentence}`);
  console.log([`${name}: ${sentence} / ${short}${early ? ' (early)' : ''}`, ...out].join('\n'));
}
