// The live part of a page: its controls, what it asks the workers for, and what it paints.
globalThis.contingentLive = (root, spec, policy, bytesOf, refused) => {
  'use strict';
  const byId = id => document.getElementById(id);
  const form = byId('live-form'), answer = byId('live-answer'), status = byId('live-status'), check = byId('live-check');
  const html = text => policy.createHTML(text);
  form.append(...controlsOf(spec.form));
  const choices = ['question', 'indicator', 'view', 'policy'].map(name => [name, byId('live-' + name)]).filter(pair => pair[1]);
  const controls = [...form.querySelectorAll('[data-name]')];
  let worker = null, current = null, next = null, settle = 0, sent = 0, coarse = spec.preview;
  // The printed charts that live ones take the place of, and the choice that each is about.
  const printed = new Map([['live-curve', ['question', '-curve']], ['live-fan', ['indicator', 'fan-']]].map(([chart, [choice, part]]) => [chart, { choice, figure: document.querySelector('#unfold>figure:has(svg[id*="' + part + '"])') }]).filter(([, { figure }]) => figure));
  for (const [chart, { figure }] of printed) figure.after(root.querySelector('figure[data-chart=' + chart + ']'));
  const places = [...document.querySelectorAll('figure[data-chart]')];

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
    // As wide as the printed ones, so that nothing jumps.
    const narrow = document.querySelector('.drawing.narrow');
    const width = byId('live-charts').clientWidth;
    texts.push('width', narrow ? getComputedStyle(narrow).display === 'none' ? '720' : '360' : String(Math.min(720, Math.max(320, width))));
    return texts;
  }
  const isFirst = name => !byId('live-' + name) || byId('live-' + name).value === byId('live-' + name).querySelector('[data-first]')?.value;
  const isBaseline = () => set.size === 0 && !byId('live-policy')?.value && (byId('live-view')?.value ?? '') === spec.view;

  function send(draws) {
    const message = { id: ++sent, ask: ask(draws), draws, isBaseline: isBaseline(), first: { question: isFirst('question'), indicator: isFirst('indicator') } };
    if (current) next = message; else post(message);
  }
  function post(message) {
    current = { ...message, asked: performance.now() };
    worker.postMessage({ id: message.id, ask: message.ask, early: message.draws === spec.draws });
  }
  // A coarse answer at once; the full one when nothing has moved for a while. How coarse is what this machine paints in time.
  const inTime = 45, coarsest = 24;
  function learn(milliseconds, draws) {
    if (draws < spec.draws) coarse = Math.round(Math.min(spec.draws, Math.max(Math.min(coarsest, spec.preview), draws * Math.min(1.5, Math.max(0.5, inTime / milliseconds)))));
  }
  function moved() {
    send(coarse);
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
  function paint(texts, { draws, isBaseline, first }, isEarly) {
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
    const left = failed ? ' ' + failed.toLocaleString('en') + ' of them went non-finite and are left out.' : '';
    status.textContent = runs.toLocaleString('en') + ' futures ran in this browser' + (draws < spec.draws ? ' (a preview; more are on their way).' : isEarly ? '; the charts follow.' : '.') + left;
    root.dataset.runs = isEarly ? 0 : runs;
    if (isEarly) return;
    for (const figure of places) {
      const drawn = figures.get(figure.dataset.chart), before = printed.get(figure.dataset.chart);
      const stands = isBaseline && before && first[before.choice];
      if (before) before.figure.hidden = !stands;
      figure.hidden = !drawn || stands;
      if (figure.hidden) continue;
      const old = figure.querySelector('svg');
      const fresh = drawing(drawn[0].replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'));
      if (old) old.replaceWith(fresh); else figure.prepend(fresh);
      figure.querySelector('figcaption').textContent = drawn[1];
    }
    root.dataset.short = short;
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
    const source = () => policy.createScriptURL(spec.source);
    worker = new Worker(source());
    // As many as the machine has cores, and four at most; the first finds out which of the others are there.
    const ports = Array.from({ length: Math.min(4, navigator.hardwareConcurrency || 1) - 1 }, () => {
      const { port1, port2 } = new MessageChannel();
      new Worker(source()).postMessage({ port: port1 }, [port1]);
      return port2;
    });
    worker.onmessage = event => {
      const { id, texts, fault, early, milliseconds, nWorkers } = event.data;
      if (id === 0) {
        if (fault) return complain(fault);
        form.hidden = false;
        byId('live-note').hidden = false;
        byId('live-still').hidden = true;
        return restore();
      }
      const done = current;
      if (early) {
        if (!next) {
          paint(early, done, true);
          requestAnimationFrame(() => setTimeout(() => { root.dataset.early = (performance.now() - done.asked).toFixed(1); }));
        }
        return;
      }
      current = null;
      if (fault) complain(fault);
      else if (!next || done.isBaseline || done.draws < spec.draws) {
        // A full answer to what is no longer asked is not shown; a preview always is, or nothing would move while one drags, and so
        // is the baseline, or a page opened with settings would never be compared with what is printed.
        try {
          paint(texts, done);
          root.dataset.kernel = milliseconds.toFixed(1);
          root.dataset.workers = String(nWorkers);
          requestAnimationFrame(() => setTimeout(() => {
            root.dataset.painted = (performance.now() - done.asked).toFixed(1);
            learn(performance.now() - done.asked, done.draws);
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
    const packed = bytesOf(byId('live-kernel'));
    worker.postMessage({ id: 0, open: { packed, text: spec.model, settings: spec.settings, ports } }, [packed.buffer, ...ports]);
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
};
