// A model with markup and script in every text that a modeller writes.

export const payloads = [
  '<script>globalThis.hacked=1</script>',
  '</script><script>globalThis.hacked=2</script>',
  '<img src=x onerror=globalThis.hacked=3>',
  '<svg onload=globalThis.hacked=4>',
  '</title></desc></text></svg><script>globalThis.hacked=5</script>',
  "' onmouseover='globalThis.hacked=6",
  'javascript:globalThis.hacked=7',
  '<!--<script>',
  '&lt;script&gt;globalThis.hacked=8&lt;/script&gt;',
  '\u202e<iframe srcdoc=x>\u2066',
  '<style>@import url(https://example.org/x.css)</style>',
  '<base href=https://example.org/>',
];

export function hostileModel() {
  let at = 0;
  const next = () => payloads[at++ % payloads.length];
  return {
    'model.ctg': `
model "${next()}" {
  purpose "${next()}"
  not_for "${next()}"
  time    2024-01-01 to 2024-12-30 step 1 week
  leaves_out "${next()}" "${next()}"
}
unit striker
source paper "${next()}" {
  publisher "${next()}"
  date 2023-12-01
}
claim gates from paper by "${next()}" {
  says "${next()}"
  kind forecast
}
assume at_start "${next()}": striker = 200 to 400   because gates, judgement "${next()}"
## ${next()}
assume spread_rate = 1% to 8% per week  because judgement "${next()}"
assume fatigue "${next()}" = 1% to 5% per week      because judgement "${next()}"
lever call "${next()}": 1/week = 0 range 0 to 0.05
stock strikers: striker = at_start
flow joining: -> strikers = poisson(strikers * (spread_rate + call))
flow leaving: strikers -> = poisson(strikers * fatigue)
indicator crowd "${next()}": striker = strikers
view rival "${next()}" { spread_rate = 4% to 12% per week because gates, judgement "${next()}" }
policy appeal "${next()}" from 2024-02-01 { call = 0.02 }
question large "${next()}" {
  P( within 26 weeks: strikers > 500 striker )
  resolves "${next()}"
}
question how_many "${next()}" {
  distribution( strikers at 52 weeks )
  resolves "${next()}"
}
`,
  };
}
