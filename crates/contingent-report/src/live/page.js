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
  async function begin(root) {
    try {
      if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function') throw new Error('this browser lacks WebAssembly or decompression; one of 2023 or later has both');
      const packed = new Blob([bytesOf(byId('live-spec'))]).stream().pipeThrough(new DecompressionStream('deflate'));
      live(root, await new Response(packed).json());
    } catch (error) { refused(root, error.message); }
  }
  function refused(root, text) {
    root.dataset.fault = text;
    byId('live-status').textContent = 'The model could not be run here: ' + text + '. What is printed stands.';
  }

  function live(root, spec) {
    const form = byId('live-form'), answer = byId('live-answer'), status = byId('live-status'), check = byId('live-check');
    const policy = globalThis.trustedTypes ? trustedTypes.createPolicy('live', { createHTML: text => text, createScriptURL: text => text }) : null;
    const html = text => policy ? policy.createHTML(text) : text;
    form.append(...controlsOf(spec.form));
    const choices = ['question', 'indicator', 'view', 'policy'].map(name => [name, byId('live-' + name)]).filter(pair => pair[1]);
    const controls = [...form.querySelectorAll('[data-name]')];
    let worker = null, current = null, next = null, settle = 0, sent = 0;

    const number = value => Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
    const said = (control, value) => control.dataset.share ? number(100 * value) + '%' : number(value) + (control.dataset.unit ? ' ' + control.dataset.unit : '');
    const ends = control => [Number(control.dataset.low), Number(control.dataset.high)];
    const steps = 200;
    const valueAt = control => {
      if (control.tagName === 'SELECT') return control.value === '' ? NaN : Number(control.value);
      const [low, high] = ends(control), share = Number(control.value) / steps;
      return control.dataset.log ? low * Math.pow(high / low, share) : low + (high - low) * share;
    };
    const placeOf = (control, value) => {
      const [low, high] = ends(control);
      const share = control.dataset.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
      return Math.round(steps * Math.min(1, Math.max(0, share)));
    };
    const output = control => byId(control.id + '-value');

    // What a control is set to; nothing while it is as the model has it.
    const set = new Map();
    function tell(control) {
      const value = set.get(control);
      const text = value === undefined ? control.dataset.untouched : said(control, value);
      if (control.tagName !== 'SELECT') {
        control.setAttribute('aria-valuetext', text);
        output(control).textContent = text;
      } else if (value === undefined) control.value = '';
      control.closest('.live-control').classList.toggle('moved', value !== undefined);
    }
    function put(control, value) {
      if (value === undefined) {
        set.delete(control);
        if (control.tagName !== 'SELECT') control.value = placeOf(control, Number(control.dataset.middle));
      } else {
        set.set(control, value);
        control.value = control.tagName === 'SELECT' ? String(value) : placeOf(control, value);
      }
      tell(control);
    }
    // The assumptions on which the question hangs, and whatever was moved.
    function show() {
      const question = byId('live-question').value;
      for (const control of controls) {
        const of = control.dataset.questions;
        control.closest('.live-control').hidden = of !== undefined && !of.split(' ').includes(question) && !set.has(control);
      }
    }

    function ask(draws) {
      const texts = ['draws', String(draws)];
      for (const [name, choice] of choices) if (choice.value) texts.push(name, choice.value);
      for (const [control, value] of set) texts.push('set', control.dataset.name, String(value));
      const width = byId('live-charts').clientWidth;
      if (width) texts.push('width', String(Math.min(760, Math.max(320, width))));
      return texts;
    }
    const isBaseline = () => set.size === 0 && !byId('live-policy')?.value && (byId('live-view')?.value ?? '') === spec.view;

    function send(draws) {
      const message = { id: ++sent, ask: ask(draws), draws, isBaseline: isBaseline() };
      if (current) next = message; else post(message);
    }
    function post(message) {
      current = { ...message, asked: performance.now() };
      worker.postMessage({ id: message.id, ask: message.ask });
    }
    // A coarse answer at once; the full one when nothing has moved for a while.
    function moved() {
      send(spec.preview);
      clearTimeout(settle);
      settle = setTimeout(() => send(spec.draws), 120);
      show();
      byId('live-note').textContent = isBaseline() ? 'These are the settings of the report.' : 'These are your settings, not those of the report; the dashed lines are the report.';
    }
    function settled() {
      clearTimeout(settle);
      send(spec.draws);
    }

    // Markup made by the program itself; that it holds nothing else is looked at all the same.
    function controlsOf(text) {
      const body = new DOMParser().parseFromString(html(text), 'text/html').body;
      const known = new Set(['div', 'fieldset', 'legend', 'p', 'label', 'input', 'output', 'select', 'option', 'button', 'code', 'bdi']);
      for (const element of body.querySelectorAll('*')) {
        if (!known.has(element.localName) || [...element.attributes].some(attribute => /^on|href$|^style$|^src|^form/i.test(attribute.name))) throw new Error('a control holds what no control has');
      }
      return [...body.childNodes].map(node => document.importNode(node, true));
    }
    const names = new Set(['svg', 'g', 'path', 'circle', 'rect', 'line', 'polyline', 'polygon', 'ellipse', 'text', 'tspan', 'title', 'desc', 'defs', 'clipPath']);
    function drawing(text) {
      const svg = new DOMParser().parseFromString(html(text), 'image/svg+xml').documentElement;
      for (const element of [svg, ...svg.querySelectorAll('*')]) {
        const isSafe = element.namespaceURI === 'http://www.w3.org/2000/svg' && names.has(element.localName)
          && [...element.attributes].every(attribute => !/^on|href$|^style$/i.test(attribute.name));
        if (!isSafe) throw new Error('a drawing holds what no drawing has');
      }
      return document.importNode(svg, true);
    }
    function paint(texts, { draws, isBaseline }) {
      const figures = new Map(), digests = [];
      let runs = 0, failed = 0, sentence = '', short = '';
      for (let i = 0; i < texts.length;) {
        const key = texts[i++];
        if (key === 'sentence') sentence = texts[i++];
        else if (key === 'short') short = texts[i++];
        else if (key === 'runs') runs = Number(texts[i++]);
        else if (key === 'failed') failed = Number(texts[i++]);
        else if (key === 'digest') digests.push(texts.slice(i, i += 3));
        else if (key === 'figure') { figures.set(texts[i], [texts[i + 1], texts[i + 2]]); i += 3; }
        else i++;
      }
      answer.textContent = sentence;
      for (const figure of root.querySelectorAll('figure[data-chart]')) {
        const drawn = figures.get(figure.dataset.chart);
        figure.hidden = !drawn;
        if (!drawn) continue;
        const old = figure.querySelector('svg');
        const fresh = drawing(drawn[0].replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'));
        if (old) old.replaceWith(fresh); else figure.prepend(fresh);
        figure.querySelector('figcaption').textContent = drawn[1];
      }
      root.dataset.short = short;
      root.dataset.runs = String(runs);
      const left = failed ? ' ' + failed.toLocaleString('en') + ' of them went non-finite and are left out.' : '';
      status.textContent = runs.toLocaleString('en') + ' futures ran in this browser' + (draws < spec.draws ? ' (a preview; more are on their way).' : '.') + left;
      if (draws === spec.draws && isBaseline) compare(digests);
    }
    function compare(digests) {
      const differing = digests.filter(([of, name, digest]) => {
        const printed = spec.digests.find(one => one[0] === of && one[1] === name);
        return !printed || printed[2] !== digest;
      });
      root.dataset.check = differing.length || !digests.length ? 'differs' : 'equal';
      check.textContent = root.dataset.check === 'equal'
        ? 'This browser reproduced the printed baseline exactly: ' + digests.map(one => one[2]).join(', ') + '.'
        : 'This browser did not reproduce the printed baseline: ' + digests.map(one => one[0] + ' ' + one[1] + ' has ' + one[2]).join(', ') + '. Do not rely on what it computes here.';
    }

    function start() {
      worker = new Worker(policy ? policy.createScriptURL(spec.source) : spec.source);
      worker.onmessage = event => {
        const { id, texts, fault, milliseconds } = event.data;
        if (id === 0) {
          if (fault) return complain(fault);
          form.hidden = false;
          byId('live-note').hidden = false;
          byId('live-still').hidden = true;
          return restore();
        }
        const done = current;
        current = null;
        if (fault) complain(fault);
        else if (!next || done.isBaseline || done.draws < spec.draws) {
          // A full answer to what is no longer asked is not shown; a preview always is, or nothing would move while one drags, and so
          // is the baseline, or a page opened with settings would never be compared with what is printed.
          try {
            paint(texts, done);
            root.dataset.kernel = milliseconds.toFixed(1);
            requestAnimationFrame(() => setTimeout(() => {
              root.dataset.painted = (performance.now() - done.asked).toFixed(1);
              root.dataset.answered = String(id);
            }));
          } catch (error) { complain(error.message); }
        }
        if (next) {
          const message = next;
          next = null;
          post(message);
        }
      };
      worker.onerror = event => complain(event.message || 'the worker did not start');
      const kernel = bytesOf(byId('live-kernel'));
      worker.postMessage({ id: 0, open: { kernel, model: spec.model, settings: spec.settings } }, [kernel.buffer]);
    }
    const complain = text => refused(root, text);

    // Settings in the address, so that a link carries them.
    function fragment() {
      const words = new URLSearchParams();
      for (const [name, choice] of choices) if (choice.value !== choice.querySelector('[data-first]')?.value) words.set(name, choice.value);
      for (const [control, value] of set) words.set('set.' + control.dataset.name, String(value));
      return words.toString() ? '#live&' + words : '#live';
    }
    function restore() {
      const words = new URLSearchParams(location.hash.startsWith('#live&') ? location.hash.slice(6) : '');
      for (const [name, choice] of choices) {
        const wanted = words.get(name);
        if (wanted !== null && [...choice.options].some(option => option.value === wanted)) choice.value = wanted;
      }
      for (const control of controls) {
        const value = words.has('set.' + control.dataset.name) ? Number(words.get('set.' + control.dataset.name)) : NaN;
        const [low, high] = control.tagName === 'SELECT' ? [0, control.options.length - 2] : ends(control);
        const fits = Number.isFinite(value) && (control.tagName !== 'SELECT' || Number.isInteger(value) && value >= low && value <= high);
        put(control, fits ? Math.min(high, Math.max(low, value)) : undefined);
      }
      show();
      // The first request is that of the report, so that the rest is drawn against it.
      const wanted = choices.map(([, choice]) => choice.value), kept = new Map(set);
      for (const [name, choice] of choices) if (name === 'view' || name === 'policy') choice.value = name === 'view' ? spec.view : '';
      set.clear();
      send(spec.draws);
      const back = kept.size > 0 || choices.some(([, choice], i) => choice.value !== wanted[i]);
      choices.forEach(([, choice], i) => { choice.value = wanted[i]; });
      for (const [control, value] of kept) set.set(control, value);
      if (back) settled();
    }

    for (const [, choice] of choices) choice.addEventListener('change', () => { show(); settled(); });
    for (const control of controls) {
      const take = () => {
        const value = valueAt(control);
        if (Number.isNaN(value)) set.delete(control); else set.set(control, value);
        tell(control);
        moved();
      };
      control.addEventListener(control.tagName === 'SELECT' ? 'change' : 'input', take);
      const back = byId(control.id + '-back');
      back.addEventListener('click', () => { put(control, undefined); moved(); control.focus(); });
    }
    byId('live-reset').addEventListener('click', () => {
      for (const [, choice] of choices) choice.value = choice.querySelector('[data-first]')?.value ?? choice.options[0].value;
      for (const control of controls) put(control, undefined);
      history.replaceState(null, '', '#live');
      moved();
    });
    byId('live-link').addEventListener('click', async () => {
      history.replaceState(null, '', fragment());
      const address = location.href;
      try {
        await navigator.clipboard.writeText(address);
        status.textContent = 'The link is copied.';
      } catch {
        status.textContent = 'The link stands in the address bar; copy it from there.';
      }
    });
    form.addEventListener('submit', event => event.preventDefault());
    spec.source = URL.createObjectURL(new Blob([spec.worker], { type: 'text/javascript' }));
    start();
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
    const dots = [...figure.querySelectorAll('.dot[data-value]')];
    const charts = figure.querySelectorAll('svg.chart:has(.dot[data-value])').length;
    const values = dots.map(dot => Number(dot.dataset.value)).filter(Number.isFinite);
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
        n += is ? 1 : 0;
      }
      const text = Number(level.toPrecision(3)).toLocaleString('en');
      count.textContent = ' ' + n / charts + ' of ' + dots.length / charts + ' equally likely futures are at ' + text + ' or more' + (values.length < dots.length ? ', or never come.' : '.');
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
