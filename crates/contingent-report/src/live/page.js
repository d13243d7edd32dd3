(() => {
  'use strict';
  const byId = id => document.getElementById(id);
  const root = byId('live');
  if (root && byId('live-spec')) begin(root);
  for (const map of document.querySelectorAll('svg.chart:has([data-node])')) isolate(map);
  for (const figure of document.querySelectorAll('figure:has(.dot[data-value])')) if (!root || !root.contains(figure)) threshold(figure);

  // Bytes that were written as letters, two for 13 bits or, of the lowest numbers, 14.
  function bytesOf(element) {
    const text = element.textContent, bytes = new Uint8Array(Number(element.dataset.bytes));
    const value = at => { const letter = text.charCodeAt(at); return letter - (letter > 60 ? 34 : 33); };
    let held = 0, bits = 0, n = 0;
    for (let at = 0; at + 1 < text.length; at += 2) {
      const pair = value(at) + 93 * value(at + 1);
      held |= pair << bits;
      bits += (pair & 8191) < 457 ? 14 : 13;
      for (; bits > 7; bits -= 8) {
        if (n < bytes.length) bytes[n++] = held;
        held >>>= 8;
      }
    }
    return bytes;
  }
  // What moves the live part comes packed with what it moves; the policy of the page knows it by its hash.
  async function begin(root) {
    try {
      if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function') throw new Error('this browser lacks WebAssembly or decompression; one of 2023 or later has both');
      const packed = new Blob([bytesOf(byId('live-spec'))]).stream().pipeThrough(new DecompressionStream('deflate'));
      const spec = await new Response(packed).json();
      const same = text => text;
      const policy = globalThis.trustedTypes ? trustedTypes.createPolicy('live', { createHTML: same, createScript: same, createScriptURL: same }) : { createHTML: same, createScript: same, createScriptURL: same };
      const script = document.createElement('script');
      script.textContent = policy.createScript(spec.script);
      document.body.append(script);
      script.remove();
      globalThis.contingentLive(root, spec, policy, bytesOf, refused);
    } catch (error) { refused(root, error.message); }
  }
  function refused(root, text) {
    root.dataset.fault = text;
    byId('live-status').textContent = 'The model could not be run here: ' + text + '. What is printed stands.';
  }

  // In a map, what is linked with the actor or quantity under the pointer or the focus stands out.
  function isolate(map) {
    const only = name => {
      const near = new Set([name]);
      for (const link of map.querySelectorAll('[data-from]')) {
        const touches = name !== null && (link.dataset.from === name || link.dataset.to === name);
        link.classList.toggle('near', touches);
        if (touches) near.add(link.dataset.from).add(link.dataset.to);
      }
      for (const node of map.querySelectorAll('[data-node]')) node.classList.toggle('near', name !== null && near.has(node.dataset.node));
      map.classList.toggle('isolated', name !== null);
    };
    // The drawing is one image to whoever cannot see it, so the keyboard chooses beside it and not in it.
    const figure = map.closest('figure');
    const choice = document.createElement('select');
    const nodes = [...map.querySelectorAll('[data-node]')];
    choice.append(new Option('everything', ''));
    for (const node of nodes) choice.append(new Option(node.querySelector('title')?.textContent.split(':')[0] || node.dataset.node, node.dataset.node));
    const shown = () => only(choice.value || null);
    choice.addEventListener('change', shown);
    // What the table says of a link is told where one points at it.
    const labels = new Map(nodes.map((node, i) => [node.dataset.node, choice.options[i + 1].text]));
    const said = new Map([...(figure?.querySelectorAll('tbody tr') ?? [])].map(row => [...row.cells].map(cell => cell.textContent)).map(([from, effect, to, share, note]) => [from + '\n' + to, 'More of \u2018' + from + '\u2019 ' + effect + ' \u2018' + to + '\u2019. ' + note + (/\d/.test(share) ? ' What decides its strength accounts for ' + share + ' of what is not known.' : '')]));
    for (const link of map.querySelectorAll('[data-from]')) {
      const text = said.get(labels.get(link.dataset.from) + '\n' + labels.get(link.dataset.to));
      if (text) link.prepend(Object.assign(document.createElementNS(map.namespaceURI, 'title'), { textContent: text }));
    }
    for (const node of nodes) {
      node.addEventListener('pointerenter', () => only(node.dataset.node));
      node.addEventListener('pointerleave', shown);
    }
    if (!figure) return;
    const label = document.createElement('label');
    label.className = 'live-threshold';
    label.append('Show what is linked with ', choice);
    figure.append(label);
  }

  // In a plot of dots, a level to count the dots above it. A figure may hold the plot twice, for wide screens and for narrow ones.
  function threshold(figure) {
    const dots = [...figure.querySelectorAll('.dot')];
    const charts = figure.querySelectorAll('svg.chart:has(.dot)').length;
    const values = dots.map(dot => Number(dot.dataset.value)).filter(Number.isFinite), many = dot => Number(dot.dataset.n ?? 1);
    const total = dots.reduce((n, dot) => n + many(dot), 0);
    const low = Math.min(...values), high = Math.max(...values);
    if (!charts || !(low < high)) return;
    const made = (name, words) => Object.assign(document.createElement(name), words);
    const slider = made('input', { type: 'range', min: '0', max: '200', value: '100' });
    const label = made('label', { textContent: 'Count futures from here on: ' });
    const count = made('output', {});
    const tell = () => {
      const level = low + (high - low) * Number(slider.value) / 200;
      let n = 0;
      for (const dot of dots) {
        const value = Number(dot.dataset.value), is = !Number.isFinite(value) || value >= level;
        dot.classList.toggle('above', is);
        n += is ? many(dot) : 0;
      }
      const text = Number(level.toPrecision(3)).toLocaleString('en');
      count.textContent = ' ' + n / charts + ' of ' + total / charts + ' equally likely futures are at ' + text + ' or more' + (values.length < dots.length ? ', or never come.' : '.');
      slider.setAttribute('aria-valuetext', text);
    };
    label.append(slider);
    const line = made('p', { className: 'live-threshold' });
    line.append(label, count);
    figure.append(line);
    slider.addEventListener('input', tell);
    tell();
  }
})();
