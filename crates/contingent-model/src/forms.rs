//! The forms of the language that are not functions: declarations, values, expressions, effects, times, units.
//!
//! Enters: nothing. Leaves: [`TABLES`], from which the reference and `contingent explain` are written. Always holds:
//! every word that begins a declaration has a row; the example of a row stands after the prelude of
//! `conformance/README.md` (or is a whole model), uses what the row describes, and is checked and run by a test.
//!
//! To add a form, add a row to its table.

/// What stands before the examples: the prelude of `conformance/README.md`.
pub const PRELUDE: &str = r#"model "A case" {
  purpose "To show one form of the language"
  not_for "Any decision"
  time    2024-01-01 to 2024-12-30 step 1 week
}
unit fighter, attack
subscript region { kabul "Kabul", east "The east", north "The north" }
"#;

/// Whether an example is a whole model, before which no prelude stands.
pub fn is_whole_model(example: &str) -> bool {
    example.lines().any(|line| line.starts_with("model \""))
}

/// One form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The word by which it is found: the first of a declaration, else a word or sign in it.
    pub word: &'static str,
    /// How it is written. Capital letters stand for other forms.
    pub form: &'static str,
    /// What it means, in a sentence or two.
    pub meaning: &'static str,
    /// Declarations that use it.
    pub example: &'static str,
}

/// Forms that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormTable {
    /// The heading.
    pub title: &'static str,
    /// What holds for all of them.
    pub introduction: &'static str,
    /// The forms.
    pub forms: &'static [Form],
}

/// Every table, in the order of the reference.
pub const TABLES: &[FormTable] =
    &[DECLARATIONS, VALUES, EXPRESSIONS, EVENT_READINGS, EFFECTS, CHOICES, TEMPORAL_FORMS, UNITS];

/// The forms with a word.
pub fn forms_named(word: &str) -> impl Iterator<Item = &'static Form> {
    TABLES.iter().flat_map(|table| table.forms).filter(move |form| form.word == word)
}

/// Declarations.
pub const DECLARATIONS: FormTable = FormTable {
    title: "Declarations",
    introduction: "A model is a list of declarations in any order. `##` before a declaration documents it. `because` \
                   GROUNDS is a list of claims and `judgement \"reason\"`.",
    forms: &[
        Form {
            word: "model",
            form: "model \"Title\" { purpose \"...\" not_for \"...\" time A to B step D }",
            meaning: "Once per model, each line on its own. `purpose`, `not_for` and `time` are required; `as_of DATE` \
                      says when the knowledge in it ends, `leaves_out \"...\"` what it leaves out, any number of times. \
                      `method rk4` moves stocks by the classical Runge-Kutta method; `method exact` moves whole \
                      things one by one, each at its own moment; `euler` is the usual one. `record every D` records \
                      a simulation more rarely than every step.",
            example: "model \"Will the strike spread?\" {\n  purpose \"Show a model block\"\n  \
                      not_for \"Any decision\"\n  time 2024-01-01 to 2024-12-30 step 1 week\n  as_of 2024-01-01\n  \
                      record every 4 weeks\n  leaves_out \"Whoever neither works nor strikes\"\n}",
        },
        Form {
            word: "model",
            form: "model \"Title\" { purpose \"...\" not_for \"...\" time 0 to 20 step 0.5 }",
            meaning: "Time as a plain number, for models whose times and rates have no units, such as imported ones: \
                      `time` has no unit, and what is per time has the unit of what it moves.",
            example: "model \"A cup of tea\" {\n  purpose \"Show plain time\"\n  not_for \"Any decision\"\n  \
                      time 0 to 20 step 0.5\n}\nsigned stock heat: 1 = 110\nflow loss: heat -> = heat / 10",
        },
        Form {
            word: "include",
            form: "include \"file.ctg\"",
            meaning: "Reads another file, relative to this one, as part of the model.",
            example: "include \"claims.ctg\"",
        },
        Form {
            word: "unit",
            form: "unit NAME, NAME",
            meaning: "Declares units. Plurals in `s` are understood.",
            example: "unit striker, leaflet\nstock strikers: striker = 300 strikers",
        },
        Form {
            word: "unit",
            form: "unit NAME = NUMBER UNIT because GROUNDS",
            meaning: "A unit that is a number of others, such as a currency at a fixed rate. The grounds may be left out.",
            example: "unit dollar\nunit euro = 1.18 dollars because judgement \"the rate of the day\"\n\
                      unit wage = 60 euros/month\nstock fighters: fighter = 300\n\
                      aux cost: dollar/week = fighters * 1 wage / (1 fighter)",
        },
        Form {
            word: "subscript",
            form: "subscript NAME { element \"Label\", ... }",
            meaning: "A set of which each element has its own values: regions, factions. `subscript cohort 1 to 12` makes \
                      numbered elements, whose numbers are `cohort.value`.",
            example: "subscript faction { old \"The old guard\", young \"The young\" }\n\
                      subscript cohort 1 to 3\naux members[faction, cohort] = 10",
        },
        Form {
            word: "subscript",
            form: "subscript NAME = SUBSCRIPT",
            meaning: "A second index over the same elements, for what holds between two of them.",
            example: "subscript region2 = region\n\
                      aux near[region, region2] = if region == region2 then 1 else 0.2\n\
                      stock attacks[region]: attack = 3\n\
                      aux felt[region] = sum(near * attacks[region2] over region2)",
        },
        Form {
            word: "subscript",
            form: "subscript NAME of SUBSCRIPT { element, ... }",
            meaning: "A part of a set, in its order. A variable over the whole set may be read over the part.",
            example: "subscript border of region { east, north }\nstock fighters[region]: fighter = 100\n\
                      aux at_the_border = sum(fighters[border])",
        },
        Form {
            word: "links",
            form: "links NAME[SUBSCRIPT, SUBSCRIPT]: UNIT { A - B, C -> D: WEIGHT } because GROUNDS",
            meaning: "Who is linked with whom: `-` both ways, `->` one way, with weight 1 unless one is written; 0 where \
                      nothing is said. Label, unit and grounds may be left out.",
            example: "subscript region2 = region\n\
                      links near[region, region2] { kabul - east, east - north: 0.5 }\n\
                      stock attacks[region]: attack = 3\n\
                      aux felt[region] = sum(near * attacks[region2] over region2)",
        },
        Form {
            word: "actor",
            form: "actor NAME \"Label\" aka \"Other name\" { DECLARATIONS }",
            meaning: "Whoever acts. What is declared inside is `actor.name` from outside and `name` inside. `aka` and the \
                      braces are optional.",
            example: "actor movement \"The movement\" aka \"The front\" {\n  stock fighters: fighter = 300\n}\n\
                      aux strength = movement.fighters",
        },
        Form {
            word: "source",
            form: "source ID \"Title\" { publisher \"...\" date DATE grade C3 url \"...\" }",
            meaning: "Where claims come from. The grade is of the Admiralty scale: reliability A to F, credibility 1 to 6.",
            example: "source bulletin \"A bulletin on the movement\" {\n  publisher \"An institute\"\n  \
                      date 2024-01-15\n  grade C3\n}",
        },
        Form {
            word: "claim",
            form: "claim ID from SOURCE by \"Speaker\" role \"Role\" { says \"...\" kind KIND voice VOICE grade B2 tags TAG }",
            meaning: "What somebody said, in our words. Kinds are fact, causal, forecast, conditional, intent and \
                      normative; the voice is direct, mixed or reported. Tags are secondhand, retracted and \
                      preliminary; `same_as` names claims that print the same words elsewhere. Each `pin words 12 sha256 \"...\" near 340` says where \
                      words stand in the source, by their number, their hash and their place; \
                      `contingent claims pin` writes it. Only `says` is required.",
            example: "source bulletin \"A bulletin\" { publisher \"An institute\" }\n\
                      claim they_grow from bulletin by \"An analyst\" role \"Researcher\" {\n  \
                      says \"In our words: numbers grow by a few per cent a month\"\n  kind forecast\n  \
                      voice direct\n  grade C2\n  tags preliminary\n  \
                      pin words 12 sha256 \"5f2d7c1e9a4b8036d1c25e7f904ab3860f1e2d3c4b5a69788796a5b4c3d2e1f0\" near 340\n}",
        },
        Form {
            word: "assume",
            form: "assume NAME[SUBSCRIPTS]: UNIT = VALUE because GROUNDS",
            meaning: "What we do not know, drawn once per run. The unit may be left out. A claim alone as grounds means \
                      that the claim states the number; a claim with a judgement that the number is our reading of it.",
            example: "assume at_start: fighter = 250 to 350 because judgement \"two estimates\"",
        },
        Form {
            word: "correlate",
            form: "correlate A, B = NUMBER because GROUNDS",
            meaning: "Two assumptions without subscripts are high or low together: their rank correlation (Spearman).",
            example: "assume cost = 1 to 2 because judgement \"a reading\"\n\
                      assume reluctance = 1 to 3 because judgement \"a reading\"\n\
                      correlate cost, reluctance = 0.5 because judgement \"whoever pays hesitates\"",
        },
        Form {
            word: "lever",
            form: "lever NAME: UNIT = NUMBER range LOW to HIGH",
            meaning: "What somebody could set. Policies and `--set` change it within its range.",
            example: "lever pressure: share = 30% range 0% to 100%",
        },
        Form {
            word: "mechanism",
            form: "mechanism NAME \"Label\": one of A, B = A because GROUNDS",
            meaning: "Alternative forms of a mechanism; views and `--set name=B` choose.",
            example: "mechanism fear \"Fear of reprisals\": one of on, off = on because judgement \"reports of it\"\n\
                      aux courage = match fear { on: 0.5, off: 1 }",
        },
        Form {
            word: "stock",
            form: "stock NAME[SUBSCRIPTS]: UNIT = INITIAL",
            meaning: "Something that accumulates. It never goes below zero: outflows are scaled down and counted.",
            example: "stock fighters[region]: fighter = { kabul: 100, east: 900, north: 300 }",
        },
        Form {
            word: "signed",
            form: "signed stock NAME: UNIT = INITIAL",
            meaning: "A stock that may go below zero.",
            example: "signed stock balance: 1 = 0\nflow drifting: balance -> = 0.1 / 1 week",
        },
        Form {
            word: "whole",
            form: "whole stock NAME: UNIT = INITIAL",
            meaning: "A stock that counts whole things; its flows must be whole by construction.",
            example: "whole stock hostages: fighter = 20\nflow released: hostages -> = binomial(hostages, 5% per week)",
        },
        Form {
            word: "flow",
            form: "flow NAME[SUBSCRIPTS]: FROM -> TO = RATE",
            meaning: "Moves what a stock holds, per time. Either end may be left out: it is then outside the model. A \
                      negative rate moves it back.",
            example: "stock fighters: fighter = 300\nstock prisoners: fighter = 0\n\
                      flow joining: -> fighters = fighters * 2% per week\n\
                      flow captured: fighters -> prisoners = 3 fighters per week",
        },
        Form {
            word: "flow",
            form: "flow NAME: FROM -> A SHARE, B SHARE, C rest = RATE",
            meaning: "A flow that splits: every destination but the last has a share, the last takes the rest, so that \
                      what leaves is what arrives. Between whole stocks each thing goes its way by chance (multinomial).",
            example: "whole stock camps: fighter = 300\nwhole stock home: fighter = 0\nwhole stock abroad: fighter = 0\n\
                      flow leaving: camps -> home 60%, abroad rest = binomial(camps, 3% per week)",
        },
        Form {
            word: "aux",
            form: "aux NAME[SUBSCRIPTS]: UNIT = EXPRESSION",
            meaning: "An auxiliary: computed anew at each step. The unit may be left out.",
            example: "stock fighters: fighter = 300\naux threat = fighters / (100 fighters)",
        },
        Form {
            word: "lookup",
            form: "lookup NAME(X: UNIT): UNIT = (X, Y) (X, Y) ... because GROUNDS",
            meaning: "Straight lines from point to point, used as `name(value)`. Before the first point and after the last \
                      it stays level; `extrapolated` after the bracket lets the outer lines go on. With `stepped` each \
                      value holds up to the next point. The grounds may be left out.",
            example: "lookup fear_effect(attacks: attack): 1 = (0, 0) (2, 0.4) (6, 0.9)\n\
                      lookup price(sold: 1) extrapolated: 1 = (0, 10) (5, 8) (9, 7)\n\
                      lookup tariff(sold: 1) stepped: 1 = (0, 10) (5, 8)\n\
                      aux fear = fear_effect(3 attacks)\naux worth = price(12) - tariff(7)",
        },
        Form {
            word: "input",
            form: "input NAME: UNIT from \"FILE\" column HEADER by HEADER held because GROUNDS",
            meaning: "A series from data, the same in every run. `held` keeps a value until the next row, `linear` draws a \
                      straight line. Optional, in this order: `in weeks` (times are numbers of this unit), `gaps up to D`, \
                      `then held` or `then VALUE` (after the last row), grounds.",
            example: "input strikes \"Strikes\": attack/week from \"strikes.csv\" column strikes by month held\n  \
                      then 2 attacks per week because judgement \"our count\"\n\
                      stock hit: attack = 0\nflow hitting: -> hit = strikes",
        },
        Form {
            word: "input",
            form: "input NAME[SUBSCRIPT]: UNIT from \"FILE\" column { ELEMENT: HEADER, ... } by HEADER linear",
            meaning: "A series per element. Where the headers are the names of the elements, `column` is left out.",
            example: "input price[region]: 1 from \"prices.csv\" column { kabul: kbl, east: \"the east\", north: north }\n  \
                      by week in weeks linear gaps up to 8 weeks then held\n\
                      input supply[region]: 1 from \"supply.csv\" by date held then held\n\
                      aux dearest = max(price / supply)",
        },
        Form {
            word: "observe",
            form: "observe NAME: UNIT from \"FILE\" column HEADER by PERIOD ~ DISTRIBUTION because GROUNDS",
            meaning: "Data that the model is compared with. PERIOD is `day`, `week`, `month`, `quarter`, `year` or `step`; the \
                      column of times is called so too, unless `dated HEADER` says otherwise. DISTRIBUTION is \
                      `poisson(mean)`, `negative_binomial(mean, size)`, `binomial(n, p)`, `normal(mean, sd)`, \
                      `lognormal(median, sdlog)` or `student_t(degrees, mean, scale)`. Unit and grounds may be left out.",
            example: "stock dead: attack = 0\nassume dispersion = 2 to 8 because judgement \"counts scatter\"\n\
                      flow deadly: -> dead = 3 attacks per week\n\
                      observe monthly_attacks: attack from \"attacks.csv\" column attacks by month\n  \
                      ~ negative_binomial(mean = sum(deadly over 1 month), size = dispersion)",
        },
        Form {
            word: "event",
            form: "event NAME[SUBSCRIPTS] \"Label\" at HAZARD once when CONDITION EXCITATIONS { EFFECTS }",
            meaning: "Something that happens by chance, `at` a rate per time. With `once`, it happens at most once; with \
                      `when`, only while the condition holds. Label, `once`, `when`, excitations and effects are optional.",
            example: "stock fear: 1 = 0\nevent attack_in_town \"An attack in town\" at 10 per year when fear < 3 {\n  \
                      fear += 0.2\n}",
        },
        Form {
            word: "decision",
            form: "decision NAME \"Label\" by ACTOR every DURATION initially OPTION { OPTIONS CHOICE }",
            meaning: "A choice that is reviewed on a clock from the state at that time, and holds from the next step on. \
                      Each `option NAME worth EXPRESSION` is a line, then one `choose` line. Where a council decides, options \
                      stand `at` a place instead, and a `council` line says who is in it.",
            example: "actor government \"The government\"\nstock threat: 1 = 0.5\n\
                      decision posture by government every 4 weeks initially wait {\n  \
                      option wait worth 0.3\n  option campaign \"A campaign\" worth threat\n  choose logit(4)\n}",
        },
        Form {
            word: "view",
            form: "view ID \"Label\" { NAME = VALUE because GROUNDS ... }",
            meaning: "Another reading of the same conflict: other assumptions, or `mechanism = alternative`.",
            example: "assume growth = 1% to 4% per week because judgement \"a reading\"\n\
                      view calm \"A calmer reading\" {\n  growth = 0.5% to 1% per week because judgement \"quiet months\"\n}",
        },
        Form {
            word: "policy",
            form: "policy ID \"Label\" from DATE to DATE { LEVER = NUMBER ... }",
            meaning: "Settings of levers, compared with doing nothing; the dates are optional. `pressure[kabul] = 80%` \
                      sets one element.",
            example: "lever pressure: share = 30% range 0% to 100%\n\
                      policy press \"Press harder\" from 2024-03-04 { pressure = 80% }",
        },
        Form {
            word: "question",
            form: "question ID \"Text\" { MEASURE given FORMULA resolves \"...\" base_rate A to B because GROUNDS }",
            meaning: "What is asked, each line on its own. A measure is `P( FORMULA )` or `distribution( ... )`; \
                      `resolves` is required, `given` and `base_rate` are optional.",
            example: "stock fighters: fighter = 300\nflow joining: -> fighters = poisson(4 fighters per week)\n\
                      question large \"More than 400 within half a year?\" {\n  \
                      P( within 26 weeks: fighters > 400 fighters )\n  \
                      resolves \"Yes if two estimates exceed 400.\"\n  \
                      base_rate 20% to 40% because judgement \"three of ten comparable movements\"\n}",
        },
        Form {
            word: "indicator",
            form: "indicator ID \"Label\": UNIT = EXPRESSION",
            meaning: "Something to watch, drawn over time. One number, without subscripts.",
            example: "stock fighters: fighter = 300\nindicator strength \"Fighters in the field\" = fighters",
        },
    ],
};

/// Values of assumptions other than the named distributions.
pub const VALUES: FormTable = FormTable {
    title: "Values of assumptions",
    introduction: "A bare number takes the declared unit, a bare end of a range that of the other end. Named \
                   distributions stand in a table of their own.",
    forms: &[
        Form {
            word: "to",
            form: "A to B",
            meaning: "The range from 5% to 95%: log-normal for a positive quantity, logit-normal for a share or \
                      probability, normal when it spans zero.",
            example: "assume strength: fighter = 1_500 to 2_200 because judgement \"estimates\"\n\
                      assume support: share = 5% to 40% because judgement \"interviews\"\n\
                      assume trend = -1 to 2 because judgement \"rather up than down\"",
        },
        Form {
            word: "within",
            form: "VALUE within A to B",
            meaning: "Cut to hard limits; what is left is scaled up to 100%.",
            example: "assume strength: fighter = 1_500 to 2_200 within 1_000 to 3_000 because judgement \"estimates\"",
        },
        Form {
            word: "one of",
            form: "assume NAME: one of A, B = A 60%, B 40%",
            meaning: "A category that we do not know, with weights that add up to 100%.",
            example: "assume cohesion: one of united, loose = united 70%, loose 30% because judgement \"no split so far\"\n\
                      aux effort = match cohesion { united: 1, loose: 0.4 }",
        },
        Form {
            word: "table",
            form: "{ ELEMENT: VALUE, ... }",
            meaning: "A value per element of a subscript of the assumption, `else` last for all that are not named; each \
                      element is drawn on its own. A table in a table runs over the next subscript.",
            example: "assume backing[region]: share = { kabul: 2% to 10%, east: 20% to 50%, north: 10% }\n  \
                      because judgement \"interviews\"",
        },
        Form {
            word: "constant",
            form: "NUMBER",
            meaning: "Known, or taken as known.",
            example: "assume provinces = 34 because judgement \"counted on a map\"",
        },
    ],
};

/// Expressions other than functions.
pub const EXPRESSIONS: FormTable = FormTable {
    title: "Expressions",
    introduction: "Numbers are written `1_500`, `0.4` or `5%`, quantities with their unit: `3 weeks`, `20% per year`. \
                   Terms that are added or compared have the same unit.",
    forms: &[
        Form {
            word: "+",
            form: "A + B, A - B, A * B, A / B, A ^ N, -A",
            meaning: "Arithmetic, with units. `^` binds strongest, then `*` and `/`, then `+` and `-`.",
            example: "stock fighters: fighter = 300\naux halves = fighters / 2 - 10 fighters\naux squared = 2 ^ 3 - -1",
        },
        Form {
            word: "<",
            form: "A < B, A <= B, A > B, A >= B, A == B, A != B",
            meaning: "Comparisons; not chained.",
            example: "stock fighters: fighter = 300\naux many = fighters > 200 fighters\n\
                      aux usual = many and fighters <= 400 fighters and fighters != 333 fighters",
        },
        Form {
            word: "and",
            form: "C and D, C or D, not C",
            meaning: "Conditions joined. `not` binds strongest, then `and`, then `or`.",
            example: "stock fighters: fighter = 300\n\
                      aux usual = fighters > 200 fighters and not (fighters > 400 fighters or time > 20 weeks)",
        },
        Form {
            word: "if",
            form: "if C then A else B",
            meaning: "A where the condition holds, else B.",
            example: "stock fighters: fighter = 300\naux alarm = if fighters > 200 fighters then 1 else 0",
        },
        Form {
            word: "match",
            form: "match CATEGORY { ALTERNATIVE: A, ..., else: B }",
            meaning: "The value for the alternative that holds; every alternative, or `else` last. A category is an \
                      assumption with `one of`, a mechanism, a decision or a subscript.",
            example: "assume mood: one of calm, tense, angry = calm 50%, tense 30%, angry 20% because judgement \"a poll\"\n\
                      aux turnout = match mood { calm: 0.1, else: 0.5 }",
        },
        Form {
            word: "==",
            form: "CATEGORY == ALTERNATIVE, SUBSCRIPT == ELEMENT",
            meaning: "Whether an alternative holds, or where we are.",
            example: "aux share_of_attacks[region] = if region == kabul then 60% else 20%",
        },
        Form {
            word: "per",
            form: "A per UNIT",
            meaning: "A rate: `20% per year`, `3 fighters per week`.",
            example: "aux growth = 20% per year",
        },
        Form {
            word: "[ ]",
            form: "NAME[ELEMENT], NAME[SUBSCRIPT], NAME",
            meaning: "One element; the element that this declaration has; the same without brackets.",
            example: "stock fighters[region]: fighter = { kabul: 100, east: 900, north: 300 }\n\
                      aux in_town = fighters[kabul]\naux threat[region] = fighters[region] / sum(fighters)",
        },
        Form {
            word: "time",
            form: "time, DATE",
            meaning: "The time since the start; a date is the time from the start to it.",
            example: "aux late = if time >= 2024-06-03 then 1 else 0",
        },
    ],
};

/// What an expression reads of an event.
pub const EVENT_READINGS: FormTable = FormTable {
    title: "Readings of events, councils and numbered subscripts",
    introduction: "Those of events and councils change together with the stocks: what happened in a step is seen at its end.",
    forms: &[
        Form {
            word: ".count",
            form: "EVENT.count",
            meaning: "How often it happened in the step that has just ended.",
            example: "event raid[region] at 10 per year\naux news_from_town = raid[kabul].count\n\
                      aux news = sum(raid.count)",
        },
        Form {
            word: ".total",
            form: "EVENT.total",
            meaning: "How often it has happened since the start.",
            example: "event raid at 10 per year\naux memory = raid.total",
        },
        Form {
            word: ".happened",
            form: "EVENT.happened",
            meaning: "Whether it has happened at least once: a condition.",
            example: "event split at 10% per year once\naux weakness = if split.happened then 0.5 else 0",
        },
        Form {
            word: ".position",
            form: "DECISION.position",
            meaning: "Where the council of a decision stood at the last review, from 0 to 1; at the start, the place of the \
                      option in force. With `on` in its `council` line, `DECISION.position[DIMENSION]`.",
            example: "subscript wing { old, young }\naux stance[wing]: share = { old: 10%, young: 90% }\n\
                      decision line every 4 weeks {\n  option talk at 0%\n  option fight at 100%\n  \
                      council of wing with position stance, capability 1, salience 1\n  \
                      choose council by weighted mean\n}\naux distance_to_war = 1 - line.position",
        },
        Form {
            word: ".value",
            form: "SUBSCRIPT.value",
            meaning: "The number that an element is called by, of a subscript with numbers such as `1 to 12`.",
            example: "subscript size 1 to 8\nstock groups[size]: 1 = 10\naux people = sum(size.value * groups over size)",
        },
    ],
};

/// Effects of events.
pub const EFFECTS: FormTable = FormTable {
    title: "Excitations and effects of events",
    introduction: "One a line, applied at the end of the step in the order of the text, with the values from its \
                   beginning.",
    forms: &[
        Form {
            word: "excites",
            form: "excites EVENT by RATIO over DURATION, excites ...",
            meaning: "Each occurrence brings about RATIO others on average (the branching ratio, Hawkes 1971), DURATION later on \
                      average: it raises the rate, and what it adds dies down exponentially. `itself` is the event, element by \
                      element; another event may have other subscripts, which the ratio may weigh. The ratio stays below 1.",
            example: "links near[region, region2] { kabul - east, east - north }\nsubscript region2 = region\n\
                      stock fear: 1 = 0\n\
                      event attack[region] at 1 per month\n  excites itself by 0.4 over 3 weeks,\n  \
                      excites attack[region2] by 0.1 * near over 5 weeks,\n  excites reprisal by 0.2 over 2 weeks {\n  \
                      fear += 0.1\n}\nevent reprisal at 0.5 per month",
        },
        Form {
            word: "+=",
            form: "STOCK += A, STOCK -= A",
            meaning: "More or less, once per occurrence.",
            example: "stock fear: 1 = 0\nevent raid at 10 per year { fear += 0.2 }",
        },
        Form {
            word: "=",
            form: "STOCK = A",
            meaning: "Sets the stock.",
            example: "stock anger: 1 = 2\nevent apology at 1 per year { anger = 0 }",
        },
        Form {
            word: "move",
            form: "move SHARE of FROM -> TO, move AMOUNT from FROM -> TO",
            meaning: "Moves a share of what is there, or an amount; with nothing after the arrow it leaves the model.",
            example: "stock ours: fighter = 300\nstock theirs: fighter = 100\nevent split at 1 per year {\n  \
                      move 5% of ours -> theirs\n  move 10 fighters from ours ->\n}",
        },
    ],
};

/// How a decision chooses.
pub const CHOICES: FormTable = FormTable {
    title: "How a decision chooses",
    introduction: "One line of a decision; where a council decides, another says who is in it.",
    forms: &[
        Form {
            word: "logit",
            form: "choose logit(R)",
            meaning: "With probability proportional to exp(R * worth): the larger R, the surer the best option.",
            example: "decision posture every 4 weeks {\n  option wait worth 1\n  option act worth 1.2\n  \
                      choose logit(3)\n}",
        },
        Form {
            word: "best",
            form: "choose best",
            meaning: "The option that is worth most.",
            example: "decision posture every 4 weeks {\n  option wait worth 1\n  option act worth time / (9 weeks)\n  \
                      choose best\n}",
        },
        Form {
            word: "fixed",
            form: "choose fixed OPTION",
            meaning: "Always this one.",
            example: "decision posture every 4 weeks {\n  option wait worth 1\n  option act worth 2\n  \
                      choose fixed wait\n}",
        },
        Form {
            word: "council",
            form: "council of SUBSCRIPT on SUBSCRIPT with position P, capability C, salience S",
            meaning: "Who is in the council, an element a member, and per member: where it stands (0 to 1), what it brings to \
                      bear (only ratios count), how much it cares (0 to 1). With `on`, positions and saliences are per \
                      dimension as well. Options stand `at` places on the same scale.",
            example: "subscript wing { old, young }\nsubscript issue { openness, pace }\n\
                      aux stance[wing, issue]: share = match wing { old: 10%, young: { openness: 90%, pace: 40% } }\n\
                      decision line every 4 weeks {\n  option closed at { openness: 0%, pace: 50% }\n  \
                      option open at 100%\n  \
                      council of wing on issue with position stance, capability 1, salience 0.5\n  \
                      choose council by challenge within 10 turns\n}\naux pace_now = line.position[pace]",
        },
        Form {
            word: "council",
            form: "choose council by weighted mean, choose council by weighted median",
            meaning: "The option nearest to the mean, or the median, of where the members stand, weighted with capability times \
                      salience. `with logit(R)` after it draws an option with probability proportional to exp(-R * distance).",
            example: "subscript wing { old, young }\naux stance[wing]: share = { old: 10%, young: 90% }\n\
                      aux power[wing] = { old: 3, young: 1 }\ndecision line every 4 weeks {\n  option talk at 0%\n  \
                      option fight at 100%\n  council of wing with position stance, capability power, salience 1\n  \
                      choose council by weighted mean with logit(6)\n}\ndecision other every 4 weeks {\n  \
                      option talk at 0%\n  option fight at 100%\n  \
                      council of wing with position stance, capability power, salience 1\n  \
                      choose council by weighted median\n}",
        },
        Form {
            word: "challenge",
            form: "choose council by challenge within N turns",
            meaning: "Members challenge each other, make offers and move until they rest, for at most N turns (Bueno de Mesquita \
                      1994, as in the KAPSARC Toolkit); the option nearest to their weighted median then. `contingent council` \
                      shows such a bargaining.",
            example: "subscript wing { old, young, abroad }\naux stance[wing]: share = { old: 10%, young: 90%, abroad: 60% }\n\
                      decision line every 4 weeks {\n  option talk at 0%\n  option fight at 100%\n  \
                      council of wing with position stance, capability 1, salience 1\n  \
                      choose council by challenge within 10 turns\n}",
        },
    ],
};

/// Formulas about time, in questions.
pub const TEMPORAL_FORMS: FormTable = FormTable {
    title: "What a question asks",
    introduction: "D is a date, or a duration that counts from the start; C and C2 are conditions.",
    forms: &[
        Form {
            word: "within",
            form: "P( within D: C )",
            meaning: "C holds at some time up to D.",
            example: "stock fighters: fighter = 300\nflow joining: -> fighters = poisson(4 fighters per week)\n\
                      question a \"Ever?\" {\n  P( within 26 weeks: fighters > 400 fighters )\n  \
                      resolves \"As counted.\"\n}",
        },
        Form {
            word: "always during",
            form: "P( always during D: C )",
            meaning: "C holds at every time up to D.",
            example: "stock fighters: fighter = 300\nflow leaving: fighters -> = poisson(4 fighters per week)\n\
                      question a \"All the time?\" {\n  P( always during 26 weeks: fighters > 200 fighters )\n  \
                      resolves \"As counted.\"\n}",
        },
        Form {
            word: "at",
            form: "P( at D: C )",
            meaning: "C holds at D.",
            example: "stock fighters: fighter = 300\nflow joining: -> fighters = poisson(4 fighters per week)\n\
                      question a \"On 1 July?\" {\n  P( at 2024-07-01: fighters > 400 fighters )\n  \
                      resolves \"As counted.\"\n}",
        },
        Form {
            word: "before",
            form: "P( C before C2 )",
            meaning: "C holds before C2 first does.",
            example: "event split at 30% per year once\nevent truce at 50% per year once\n\
                      question a \"A split before a truce?\" {\n  P( split.happened before truce.happened )\n  \
                      resolves \"As announced.\"\n}",
        },
        Form {
            word: "for",
            form: "C for D",
            meaning: "C has held at every step of the time D that ends now; it stands wherever a condition stands in a \
                      question.",
            example: "stock fighters: fighter = 300\nflow joining: -> fighters = poisson(4 fighters per week)\n\
                      question a \"For a month?\" {\n  P( within 26 weeks: (fighters > 350 fighters) for 4 weeks )\n  \
                      resolves \"As counted.\"\n}",
        },
        Form {
            word: "distribution",
            form: "distribution( X at D )",
            meaning: "The value of X at D.",
            example: "stock fighters: fighter = 300\nflow joining: -> fighters = poisson(4 fighters per week)\n\
                      question a \"How many?\" {\n  distribution( fighters at 26 weeks )\n  \
                      resolves \"As counted.\"\n}",
        },
        Form {
            word: "first time",
            form: "distribution( first time C )",
            meaning: "When C first holds; never is kept as never.",
            example: "event split at 30% per year once\nquestion a \"When will they split?\" {\n  \
                      distribution( first time split.happened )\n  resolves \"As announced.\"\n}",
        },
        Form {
            word: "given",
            form: "given FORMULA",
            meaning: "Only the runs in which the formula holds count; how many they are is printed.",
            example: "event split at 80% per year once\nstock fear: 1 = 0\nevent raid at 5 per year { fear += 1 }\n\
                      question a \"Fear after an early split?\" {\n  P( at 52 weeks: fear > 4 )\n  \
                      given within 13 weeks: split.happened\n  resolves \"By a poll.\"\n}",
        },
    ],
};

/// Units.
pub const UNITS: FormTable = FormTable {
    title: "Units",
    introduction: "Terms that are added or compared have the same unit; the number 0 fits every unit. A unit alone is not \
                   a value: write `1 week`.",
    forms: &[
        Form {
            word: "1",
            form: "1, share, probability",
            meaning: "No unit. `share` and `probability` are shown in per cent, and a range of them stays between 0% and \
                      100%.",
            example: "stock fear: 1 = 0\nlever pressure: share = 30% range 0% to 100%",
        },
        Form {
            word: "week",
            form: "hour, day, week, month, quarter, year, decade",
            meaning: "Time. A year is 365.25 days, a month a twelfth of it, a quarter three months.",
            example: "aux in_weeks: week = 1 year + 1 quarter + 1 month + 1 day",
        },
        Form {
            word: "/",
            form: "UNIT/UNIT, UNIT*UNIT, UNIT^N, UNIT^(N/M)",
            meaning: "Made of others, without spaces: `fighter/week`, `1/year`.",
            example: "stock fighters: fighter = 300\naux rate: 1/year = 5% per week\n\
                      aux spread: fighter^(1/2) = sqrt(fighters)\n\
                      aux contact: fighter^2/week = fighters * fighters * 1% per week",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_begins_a_declaration_has_a_form_in_the_order_of_the_language() {
        let words: Vec<&str> = DECLARATIONS.forms.iter().map(|form| form.word).collect();
        for word in contingent_syntax::declaring_words() {
            assert!(words.contains(word), "`{word}` has no form");
        }
        for form in DECLARATIONS.forms {
            assert!(contingent_syntax::declaring_words().contains(&form.word), "{}", form.word);
            assert!(form.form.starts_with(form.word), "{}", form.form);
            assert!(form.example.contains(&format!("{} ", form.word)), "{}", form.example);
        }
    }

    #[test]
    fn every_form_has_a_meaning_and_an_example() {
        for form in TABLES.iter().flat_map(|table| table.forms) {
            assert!(form.meaning.ends_with('.') && !form.example.is_empty(), "{}", form.form);
            assert!(!form.example.ends_with('\n'), "{}", form.form);
        }
    }
}
