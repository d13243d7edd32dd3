//! Subscripts as text through the whole pipeline: second indices, parts of sets, exclusions, tables, links and
//! noisy-or, against closed forms and sums written out here.
//!
//! Enters: model texts in this file. Always holds: the prelude declares `region` with three elements and
//! `region2` as a second index over it; every tolerance is a few roundings of 1.1e-16 per operation.

use std::fmt::Write as _;

use contingent_engine::{ChanceMode, Configuration, Recording, compile};
use contingent_ensemble::{Design, EnsembleResult, Experiment, RunOptions, run_experiment};
use contingent_model::{CheckedModel, check, load};

fn model(time: &str, body: &str) -> CheckedModel {
    let text = format!(
        "model \"A case\" {{\n  purpose \"To compare\"\n  not_for \"Any decision\"\n  {time}\n}}\n\
         unit fighter\nsubscript region {{ kabul, east, north }}\nsubscript region2 = region\n{body}"
    );
    let checked = check(load("model.ctg", text, &mut |_| Err("no files here".to_owned())));
    let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model.expect("a model without errors")
}

fn short(body: &str) -> CheckedModel {
    model("time 0 to 2 weeks step 1 week", body)
}

fn run_as(model: &CheckedModel, experiment: &Experiment, n_draws: u32) -> EnsembleResult {
    let design = Design { seed: 11, n_draws, n_replications: 1 };
    let options = RunOptions { recorded_draws: n_draws.min(50), ..RunOptions::default() };
    let result = run_experiment(model, experiment, &design, &options).expect("the model runs");
    assert_eq!(result.failures, vec![]);
    result
}

/// The values of an indicator in one recorded run, one per time, in shown units.
fn series(result: &EnsembleResult, name: &str, run: usize) -> Vec<f64> {
    let position = result.recorded.iter().position(|column| column.name == name).expect("an indicator");
    let scale = result.recorded[position].unit.scale;
    (0..result.n_times).map(|time| result.recorded_value(time, position, run) / scale).collect()
}

/// The values of indicators at the start.
fn at_start(body: &str, names: &[&str]) -> Vec<f64> {
    let result = run_as(&short(body), &Experiment::default(), 1);
    names.iter().map(|name| series(&result, name, 0)[0]).collect()
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} within {tolerance}");
}

/// x of `region`, and a matrix without symmetry, as text and as numbers.
const X: [f64; 3] = [2.0, 3.0, 5.0];
const A: [[f64; 3]; 3] = [[0.5, 7.0, 11.0], [13.0, 17.0, 19.0], [23.0, 29.0, 31.0]];
const NUMBERS: &str = "aux x[region] = { kabul: 2, east: 3, north: 5 }\n\
     aux a[region, region2] = {\n\
       kabul: { kabul: 0.5, east: 7, north: 11 }\n\
       east: { north: 19, kabul: 13, east: 17 }\n\
       north: { kabul: 23, else: 29 } + (if region == region2 then 2 else 0)\n\
     }\n";

#[test]
fn a_second_index_makes_matrices_and_their_products() {
    let body = format!(
        "{NUMBERS}aux rows[region] = sum(a[region, region2] * x[region2] over region2)\n\
         aux columns[region] = sum(a[region2, region] * x[region2] over region2)\n\
         aux square[region, region2] = sum(a[region, between] * a[between, region2] over between)\n\
         subscript between = region\n\
         indicator trace = sum(square[region, region2] * (if region == region2 then 1 else 0) over region, region2)\n\
         indicator r0 = rows[kabul]\nindicator r2 = rows[north]\nindicator c1 = columns[east]\n\
         indicator s12 = square[east, north]\nindicator all = sum(a)\n"
    );
    let found = at_start(&body, &["r0", "r2", "c1", "s12", "all", "trace"]);
    let dot = |u: [f64; 3], v: [f64; 3]| u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    let column = |k: usize| [A[0][k], A[1][k], A[2][k]];
    let expected = [
        dot(A[0], X),
        dot(A[2], X),
        dot(column(1), X),
        dot(A[1], column(2)),
        A.iter().flatten().sum(),
        (0..3).map(|k| dot(A[k], column(k))).sum(),
    ];
    assert_eq!(found, expected, "small whole numbers and halves are exact");
}

#[test]
fn exclusions_agree_with_sums_written_out() {
    let body = format!(
        "{NUMBERS}subscript border of region {{ kabul, north }}\n\
         aux others[region] = sum(x[region2 != region])\n\
         aux others_mean[region] = mean(x[region2 != region or kabul])\n\
         aux most[region] = max(a[region, region2 != region] over region2)\n\
         indicator but_one = sum(x[region != kabul])\nindicator but_two = product(x[region != kabul or north])\n\
         indicator nothing = sum(x[region != kabul or east or north]) + product(x[region != kabul or east or north])\n\
         indicator off_diagonal = sum(a[region, region2 != region])\n\
         indicator of_part = sum(x[border != kabul])\n\
         indicator o0 = others[kabul]\nindicator o1 = others[east]\n\
         indicator m1 = others_mean[east]\nindicator m0 = others_mean[kabul]\nindicator most1 = most[east]\n\
         indicator smallest = min(x[region != kabul])\n"
    );
    let names = [
        "but_one",
        "but_two",
        "nothing",
        "off_diagonal",
        "of_part",
        "o0",
        "o1",
        "m1",
        "m0",
        "most1",
        "smallest",
    ];
    let off_diagonal: f64 =
        (0..3).flat_map(|i| (0..3).map(move |j| if i == j { 0.0 } else { A[i][j] })).sum();
    assert_eq!(at_start(&body, &names), [8.0, 3.0, 1.0, off_diagonal, 5.0, 8.0, 7.0, 5.0, 4.0, 19.0, 3.0]);
}

#[test]
fn a_part_of_a_set_means_the_same_elements() {
    let body = format!(
        "{NUMBERS}subscript border of region {{ north, kabul }}\nsubscript border2 = border\n\
         aux w[border] = {{ kabul: 10, north: 100 }}\n\
         aux scaled[border] = x * w\n\
         aux pairs[border, border2] = a[border, border2]\n\
         indicator some = sum(x[border])\nindicator same = sum(x over border)\nindicator all = sum(x)\n\
         indicator n = scaled[north]\nindicator t = sum(w * x over border)\nindicator p = sum(pairs)\n\
         indicator c = sum(if border == region then 1 else 0 over border, region)\n\
         indicator d = sum(if border == region then a[border, region2] else 0 over border, region, region2)\n\
         stock s[region]: fighter = x * 1 fighter\n\
         flow leaving[border]: s -> = s * 50% per week\n\
         indicator kept: fighter = s[east]\nindicator left: fighter = s[north]\n"
    );
    let model = short(&body);
    let border = model.subscripts.iter().find(|one| one.name == "border").expect("it is declared");
    assert_eq!(border.elements, ["kabul", "north"], "in the order of the set");
    let result = run_as(&model, &Experiment::default(), 1);
    let first = |name: &str| series(&result, name, 0)[0];
    assert_eq!(["some", "same", "all"].map(first), [7.0, 7.0, 10.0]);
    assert_eq!(["n", "t"].map(first), [500.0, 520.0]);
    assert_eq!(first("p"), 0.5 + 11.0 + 23.0 + 31.0);
    assert_eq!(first("c"), 2.0);
    assert_eq!(first("d"), 0.5 + 7.0 + 11.0 + 23.0 + 29.0 + 31.0);
    assert_eq!(series(&result, "kept", 0), [3.0, 3.0, 3.0]);
    assert_eq!(series(&result, "left", 0), [5.0, 2.5, 1.25]);
}

/// Three regions in a row, with links of weight 1: the rates of mixing are the eigenvalues of the path's
/// Laplacian, 0, 1 and 3, with vectors (1, 1, 1), (1, 0, -1) and (1, -2, 1) (Chung 1997, example 1.4, unscaled).
#[test]
fn diffusion_along_links_conserves_and_mixes_at_its_own_rates() {
    let model = model(
        "time 0 to 40 weeks step 0.25 weeks",
        "links near[region, region2] { kabul - east, east - north }\n\
         stock x[region]: fighter = { kabul: 90, east: 30, north: 0 }\n\
         flow moving[region, region2]: x[region] -> x[region2] = near * x[region] * 20% per week\n\
         indicator total = sum(x)\nindicator slope = x[kabul] - x[north]\n\
         indicator bend = x[kabul] - 2 * x[east] + x[north]\n",
    );
    let result = run_as(&model, &Experiment::default(), 1);
    let (mut slope, mut bend) = (90.0, 30.0);
    let [total, slopes, bends] = ["total", "slope", "bend"].map(|name| series(&result, name, 0));
    for ((total, found_slope), found_bend) in total.into_iter().zip(slopes).zip(bends) {
        assert_near(total, 120.0, 1e-11);
        assert_near(found_slope, slope, 1e-11);
        assert_near(found_bend, bend, 1e-11);
        slope *= 1.0 - 0.2 * 0.25;
        bend *= 1.0 - 3.0 * 0.2 * 0.25;
    }
    assert!(slope < 0.04 && result.n_times == 161, "the test looked at something that moved");
}

#[test]
fn links_hold_what_is_said_and_nothing_else() {
    let body = "subscript level { low, high }\n\
         links near[region, region2] { kabul - east, east - north: 0.25 }\n\
         links supply[region, region2]: share { kabul -> east: 30%, north -> kabul }\n\
         links lag[region, level]: week { kabul -> low, east -> high: 14 days }\n\
         aux in_supply[region] = sum(supply[region2, region] over region2)\n\
         indicator a = near[kabul, east] + near[east, kabul] * 10 + near[kabul, north] + near[kabul, kabul]\n\
         indicator b = near[east, north]\nindicator c = near[north, east]\nindicator all = sum(near)\n\
         indicator d = supply[kabul, east]\nindicator e = supply[east, kabul]\nindicator f = in_supply[kabul]\n\
         indicator g: week = lag[kabul, low]\nindicator h: week = lag[east, high]\n";
    let found = at_start(body, &["a", "b", "c", "all", "d", "e", "f", "g", "h"]);
    assert_eq!(found, [11.0, 0.25, 0.25, 2.5, 0.3, 0.0, 1.0, 1.0, 2.0]);
}

#[test]
fn tables_inside_tables_give_every_element_its_distribution() {
    let model = short(
        "assume p[region, region2]: share = {\n  kabul: { east: 10%, else: 20% }\n  else: uniform(0, 1)\n}\n\
         because judgement \"j\"\n\
         assume q[region, region2]: share = uniform(0, 1) because judgement \"j\"\n\
         indicator a = p[kabul, kabul]\nindicator b = p[kabul, east]\nindicator c = p[east, kabul]\n\
         indicator d = p[north, kabul]\nindicator e = q[east, kabul]\n",
    );
    let result = run_as(&model, &Experiment::default(), 40);
    let values = |name: &str| -> Vec<f64> { (0..40).map(|run| series(&result, name, run)[0]).collect() };
    assert!(values("a").iter().all(|&value| value == 0.2) && values("b").iter().all(|&value| value == 0.1));
    // `else` is one way to write it, and every element draws for itself.
    let (c, d) = (values("c"), values("d"));
    assert!(c.iter().zip(&d).all(|(c, d)| c != d));
    assert!(c.iter().any(|&value| value < 0.3) && c.iter().any(|&value| value > 0.7));
    assert_ne!(c, values("e"), "draws are keyed by the name of the declaration");
}

#[test]
fn what_is_declared_over_an_index_or_a_part_draws_by_the_names_of_elements() {
    let body = |index: &str| {
        format!(
            "subscript border of region {{ kabul, north }}\n\
             assume u[{index}]: share = uniform(0, 1) because judgement \"j\"\n\
             aux v[{index}] = normal(0, 1)\n\
             event e[{index}] at 50% per week\n\
             indicator iu = u[north]\nindicator iv = v[north]\nindicator ie = e[north].total\n"
        )
    };
    let columns = |index: &str| {
        let result = run_as(&short(&body(index)), &Experiment::default(), 30);
        ["iu", "iv", "ie"].map(|name| (0..30).flat_map(|run| series(&result, name, run)).collect::<Vec<_>>())
    };
    let declared = columns("region");
    assert!(declared.iter().all(|column| column.iter().any(|value| *value != column[0])), "they vary");
    assert_eq!(columns("region2"), declared);
    assert_eq!(columns("border"), declared);
}

#[test]
fn policies_views_and_settings_reach_single_elements() {
    let model = model(
        "time 0 to 4 weeks step 1 week",
        "subscript border of region { kabul, east }\n\
         lever push[region]: share = { kabul: 10%, else: 20% } range 0% to 100%\n\
         assume s[region]: share = 50% because judgement \"j\"\n\
         policy one \"One\" from 2 weeks { push[kabul] = 80% }\n\
         policy part \"Part\" { push[border] = { kabul: 1%, east: 2% } }\n\
         policy all \"All\" { push = 3% }\n\
         view v \"V\" {\n  s[kabul] = 30% because judgement \"j\"\n  s[east] = 40% because judgement \"j\"\n}\n\
         indicator pk = push[kabul]\nindicator pe = push[east]\nindicator pn = push[north]\n\
         indicator sk = s[kabul]\nindicator se = s[east]\nindicator sn = s[north]\n",
    );
    let id = |name: &str| model.variable_named(name).expect("it is declared");
    let levers = |experiment: &Experiment| {
        let result = run_as(&model, experiment, 1);
        ["pk", "pe", "pn"].map(|name| series(&result, name, 0)[3])
    };
    let shares = |experiment: &Experiment| {
        let result = run_as(&model, experiment, 1);
        ["sk", "se", "sn"].map(|name| series(&result, name, 0)[0])
    };
    let policy = |position| Experiment { policy: Some(position), ..Experiment::default() };
    assert_eq!(levers(&Experiment::default()), [0.1, 0.2, 0.2]);
    assert_eq!(levers(&policy(0)), [0.8, 0.2, 0.2]);
    let before = run_as(&model, &policy(0), 1);
    assert_eq!(series(&before, "pk", 0), [0.1, 0.1, 0.8, 0.8, 0.8]);
    assert_eq!(levers(&policy(1)), [0.01, 0.02, 0.2]);
    assert_eq!(levers(&policy(2)), [0.03, 0.03, 0.03]);
    let mut set = policy(1);
    set.settings.levers.insert(id("push"), 0.6);
    set.settings.lever_elements.insert((id("push"), 2), 0.7);
    assert_eq!(levers(&set), [0.01, 0.02, 0.7], "a policy overrides the settings of what it sets");
    let mut viewed = Experiment { view: Some(0), ..Experiment::default() };
    assert_eq!(shares(&viewed), [0.3, 0.4, 0.5]);
    viewed.settings.assumption_elements.insert((id("s"), 1), 0.9);
    assert_eq!(shares(&viewed), [0.3, 0.9, 0.5]);
    viewed.settings.assumptions.insert(id("s"), 0.2);
    assert_eq!(shares(&viewed), [0.2, 0.9, 0.2], "an element keeps the value of its own");
    viewed.settings.assumption_elements.insert((id("s"), 3), 0.9);
    assert!(viewed.check(&model).is_err(), "there is no fourth element");
}

#[test]
fn noisy_or_is_the_chance_of_at_least_one_cause() {
    let body = "aux p[region] = { kabul: 10%, east: 20%, north: 50% }\n\
         aux wild[region] = { kabul: -3, east: 0.5, north: 0 }\n\
         indicator three = noisy_or(p)\nindicator listed = noisy_or(10%, 20%, 50%)\n\
         indicator but_one = noisy_or(p[region != north])\nindicator none = noisy_or(p[region != kabul or east or north])\n\
         indicator same = noisy_or(30%, 0) + noisy_or(100%, 40%)\n\
         indicator cut = noisy_or(wild) + noisy_or(wild[east] + 7, p[kabul])\n\
         indicator turned = 1 - product(1 - p)\n";
    let found = at_start(body, &["three", "listed", "but_one", "none", "same", "cut", "turned"]);
    let expected = 1.0 - 0.9 * 0.8 * 0.5;
    for (found, expected) in
        found.into_iter().zip([expected, expected, 1.0 - 0.9 * 0.8, 0.0, 1.3, 1.5, expected])
    {
        assert_near(found, expected, 4e-16);
    }
}

/// A line of places, each linked with the next and with one farther on, between which something spreads.
fn places(n: usize) -> String {
    let mut body = "subscript place {\n".to_owned();
    for k in 0..n {
        let _ = writeln!(body, "  p{k}");
    }
    body += "}\nsubscript place2 = place\nlinks near[place, place2] {\n";
    for k in 0..n {
        if k + 1 < n {
            let _ = writeln!(body, "  p{k} - p{}", k + 1);
        }
        if k + 7 < n {
            let _ = writeln!(body, "  p{k} -> p{}: 0.5", k + 7);
        }
    }
    body += "}\nstock x[place]: fighter = 10\n\
         aux pressure[place] = sum(near[place, place2] * x[place2] over place2)\n\
         aux others[place] = sum(x[place2 != place])\n\
         flow moving[place, place2]: x[place] -> x[place2] = near * x[place] * 1% per week\n\
         indicator total = sum(x)\nindicator felt = sum(pressure) + max(others)\n";
    body
}

#[test]
fn a_matrix_of_900_links_compiles_to_what_it_needs() {
    let model = model("time 0 to 104 weeks step 1 week", &places(30));
    let configuration = Configuration {
        chance: ChanceMode::Drawn,
        recording: Recording::Indicators,
        ..Configuration::default()
    };
    compile(&model, &configuration).expect("900 weights are not too large");
    let result = run_as(&model, &Experiment::default(), 2);
    let total = series(&result, "total", 0);
    assert_eq!(total.len(), 105);
    assert!(total.iter().all(|total| (total - 300.0).abs() < 1e-10));
}

/// The estimate counts one entry of a table, not all: 200 x 200 weights are 40,000 numbers, not 40,000 squared.
#[test]
fn large_matrices_are_not_taken_for_larger_ones() {
    let body =
        places(200).replace("flow moving[place, place2]: x[place] -> x[place2]", "aux moving[place, place2]");
    let model = short(&body);
    let configuration = Configuration { recording: Recording::Indicators, ..Configuration::default() };
    compile(&model, &configuration).expect("the sums are written out to a few hundred thousand operations");
}

/// Choices that are the same on every run: the high bits of a linear congruential generator (Knuth 1997).
struct Choices(u64);

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    fn index(&mut self) -> String {
        let over = ["region", "region2", "border", "border2"];
        match self.below(8) {
            0 => self.of(&["kabul", "east", "north"]).to_owned(),
            1 => "*".to_owned(),
            2 | 3 => {
                let excluded = self.of(&["kabul", "east", "region", "region2", "border", "east or region"]);
                format!("{} != {excluded}", self.of(&over))
            }
            _ => self.of(&over).to_owned(),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        let reductions = ["sum", "mean", "max", "product", "noisy_or"];
        let subscripts = ["region", "region2", "border", "border2", "region, region2", "border, region2"];
        match self.below(if depth == 0 { 5 } else { 10 }) {
            0 => self.of(&["x", "w", "near", "chancy"]).to_owned(),
            1 | 2 => format!("{}[{}]", self.of(&["x", "w", "chancy"]), self.index()),
            3 => format!("near[{}, {}]", self.index(), self.index()),
            4 => format!(
                "(if {} == {} then 1 else 2)",
                self.of(&["region", "region2", "border"]),
                self.of(&["kabul", "north", "region", "region2", "border2"])
            ),
            5 => format!("({} + {})", self.expression(depth - 1), self.expression(depth - 1)),
            6 | 7 => format!("{}({})", self.of(&reductions), self.expression(depth - 1)),
            8 => format!(
                "{}({} over {})",
                self.of(&reductions),
                self.expression(depth - 1),
                self.of(&subscripts)
            ),
            _ => format!("{{ kabul: {}, else: {} }}", self.expression(depth - 1), self.expression(depth - 1)),
        }
    }
}

/// What the checker accepts has an element for every index, so that it can be written out.
#[test]
fn whatever_the_checker_accepts_can_be_compiled() {
    let mut choices = Choices(2_024);
    let (mut n_compiled, n_tried) = (0, 4_000);
    for _ in 0..n_tried {
        let over =
            choices.of(&["", "[region]", "[region2]", "[border]", "[region, region2]", "[border, border2]"]);
        let depth = 1 + choices.below(3);
        let text = format!(
            "model \"A case\" {{\n  purpose \"p\"\n  not_for \"n\"\n  time 0 to 2 weeks step 1 week\n}}\n\
             subscript region {{ kabul, east, north }}\nsubscript region2 = region\n\
             subscript border of region {{ kabul, east }}\nsubscript border2 = border\n\
             aux x[region] = {{ kabul: 1, else: 2 }}\naux w[border] = 3\naux chancy[region] = normal(0, 1)\n\
             links near[region, region2] {{ kabul - east, east - north }}\naux y{over} = {}\n",
            choices.expression(depth)
        );
        let checked = check(load("model.ctg", text, &mut |_| Err("no files here".to_owned())));
        let Some(model) = checked.model else {
            assert!(checked.diagnostics.iter().any(contingent_syntax::Diagnostic::is_error));
            continue;
        };
        for chance in [ChanceMode::Drawn, ChanceMode::Expected] {
            let configuration =
                Configuration { chance, recording: Recording::Everything, ..Configuration::default() };
            compile(&model, &configuration).expect("small models are compiled");
        }
        n_compiled += 1;
    }
    assert!(n_compiled > n_tried / 10, "only {n_compiled} were accepted");
}
