// A model with markup and script in every text that a modeller writes, its data among them.

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
  // Heads of columns and cells that no one reads; quoted as tables of data quote them.
  const [calls, counts, cell] = [next(), next(), next()];
  const quoted = text => '"' + text.replaceAll('"', '""') + '"';
  const weeks = Array.from({ length: 20 }, (_, week) => new Date(Date.UTC(2024, 0, 1 + 7 * week)).toISOString().slice(0, 10));
  const rows = weeks.map((week, i) => [week, 1 + i % 3, 300 + 5 * i, quoted(cell)].join(','));
  return {
    'data.csv': [['week', quoted(calls), quoted(counts), quoted(next())].join(','), ...rows].join('\n') + '\n',
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
actor union "${next()}"
subscript wing { old "${next()}", young "${next()}" }
assume leaning[wing] "${next()}": share = 20% to 80% because judgement "${next()}"
decision course "${next()}" by union every 4 weeks initially wait {
  option wait "${next()}" at 0%
  option go "${next()}" at 100%
  council of wing with position leaning, capability 1, salience 1
  choose council by challenge within 5 turns
}
event wave "${next()}" at 0.05 per week when course == go excites itself by 0.3 over 3 weeks { strikers += 5 striker }
input calls "${next()}": 1/week from "data.csv" column "${calls}" by week held then 0
flow called: -> strikers = poisson(calls * 1 striker)
observe counted "${next()}": striker from "data.csv" column "${counts}" by week dated week ~ poisson(mean = strikers) because gates, judgement "${next()}"
indicator crowd "${next()}": striker = strikers
view rival "${next()}" { spread_rate = 4% to 12% per week because gates, judgement "${next()}" }
view tame "${next()}" { fatigue = 4% to 9% per week because judgement "${next()}" }
policy appeal "${next()}" from 2024-02-01 { call = 0.02 }
question large "${next()}" {
  P( within 26 weeks: strikers > 500 striker )
  resolves "${next()}"
  base_rate 10% to 30% because judgement "${next()}"
}
question how_many "${next()}" {
  distribution( strikers at 52 weeks )
  resolves "${next()}"
}
`,
  };
}
