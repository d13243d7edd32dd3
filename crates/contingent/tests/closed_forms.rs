//! Small models as text through the whole pipeline (parse, check, compile, run) against closed forms.
//!
//! Enters: model texts in this file. Always holds: a statistical test states how rarely it fails by chance:
//! a deviation of more than [`Z`] standard errors, 6e-5, and the seeds are fixed.

use contingent_ensemble::{Design, EnsembleResult, Experiment, RunOptions, Settings, run_experiment};
use contingent_model::{CheckedModel, check, load};

/// Standard errors within which an estimate must lie.
const Z: f64 = 4.0;

/// Checks `body` under a model block with the given `time` line.
fn model(time: &str, body: &str) -> CheckedModel {
    model_with(time, body, &[])
}

/// The same with data files, by name and text.
fn model_with(time: &str, body: &str, files: &[(&str, &str)]) -> CheckedModel {
    let text = format!(
        "model \"A case\" {{\n  purpose \"To compare\"\n  not_for \"Any decision\"\n  {time}\n}}\n\
         unit fighter\nsubscript region {{ kabul, east, north }}\n{body}"
    );
    let checked = check(load("model.ctg", text, &mut |name| {
        let file = files.iter().find(|file| file.0 == name);
        file.map(|file| file.1.to_owned()).ok_or_else(|| "there is no such file".to_owned())
    }));
    let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model.expect("a model without errors")
}

/// A model of 26 weeks from 2024-01-01 (a Monday).
fn half_a_year(body: &str) -> CheckedModel {
    model("time 2024-01-01 to 2024-07-01 step 1 week", body)
}

fn run_as(model: &CheckedModel, experiment: &Experiment, n_draws: u32) -> EnsembleResult {
    let design = Design { seed: 11, n_draws, n_replications: 1 };
    let options = RunOptions { recorded_draws: n_draws.min(50), ..RunOptions::default() };
    let result = run_experiment(model, experiment, &design, &options).expect("the model runs");
    assert_eq!(result.failures, vec![]);
    result
}

fn run(model: &CheckedModel, n_draws: u32) -> EnsembleResult {
    run_as(model, &Experiment::default(), n_draws)
}

/// The values of a question, one per run, in base units.
fn outcome<'r>(result: &'r EnsembleResult, name: &str) -> &'r [f64] {
    let position = result.outcomes.iter().position(|column| column.name == name).expect("a question");
    &result.outcome_values[position]
}

/// The values of an indicator in the first run, one per time, in shown units.
fn indicator(result: &EnsembleResult, name: &str) -> Vec<f64> {
    let position = result.recorded.iter().position(|column| column.name == name).expect("an indicator");
    let scale = result.recorded[position].unit.scale;
    (0..result.n_times).map(|time| result.recorded_value(time, position, 0) / scale).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} within {tolerance}");
}

/// That a share of runs agrees with a probability.
#[track_caller]
fn assert_share(values: &[f64], probability: f64) {
    let error = (probability * (1.0 - probability) / values.len() as f64).sqrt();
    assert_near(mean(values), probability, Z * error);
}

#[expect(clippy::disallowed_methods, reason = "the platform's functions are the reference here")]
fn exp(x: f64) -> f64 {
    x.exp()
}

#[test]
fn decay_is_the_power_of_one_step() {
    let model = model(
        "time 0 to 10 weeks step 0.25 weeks",
        "stock x: fighter = 1000\nflow out: x -> = x * k\nassume k = 30% per week because judgement \"j\"\n\
         question q \"Q\" { distribution( x at 10 weeks ), resolves \"r\" }\nindicator i = x\n",
    );
    let result = run(&model, 2);
    let expected = 1000.0 * (1.0_f64 - 0.3 * 0.25).powi(40);
    // 40 steps of a few roundings of 1.1e-16 each.
    assert_near(outcome(&result, "q")[0] / expected, 1.0, 2e-14);
    assert_eq!(indicator(&result, "i").len(), 41);
    assert_eq!(indicator(&result, "i")[0], 1000.0);
}

#[test]
fn time_units_convert_to_that_of_the_step() {
    let model = half_a_year(
        "stock a: fighter = 0\nflow fa: -> a = 120 fighters per year\n\
         stock b: fighter = 0\nflow fb: -> b = 10 fighters per month\n\
         stock c: fighter = 0\nflow fc: -> c = 2 fighters per day\n\
         stock d: fighter = 0\nflow fd: -> d = rate\nassume rate: fighter/year = 120 because judgement \"j\"\n\
         stock span: day = 3\nflow passing: -> span = 1\n\
         indicator ia = a\nindicator ib = b\nindicator ic = c\nindicator id = d\n\
         indicator shown: fighter/year = rate\nindicator days: day = time\nindicator years: year = 1 week\n\
         indicator written: day = 2024-01-31\n",
    );
    let result = run(&model, 1);
    let last = |name: &str| indicator(&result, name)[26];
    let yearly = 120.0 * 26.0 * 7.0 / 365.25;
    for name in ["ia", "ib", "id"] {
        assert_near(last(name), yearly, 1e-11);
    }
    assert_near(last("ic"), 2.0 * 182.0, 1e-10);
    assert_near(last("shown"), 120.0, 1e-12);
    assert_near(last("days"), 182.0, 1e-12);
    assert_near(last("years"), 7.0 / 365.25, 1e-15);
    assert_near(last("written"), 30.0, 1e-12);
}

#[test]
fn an_event_happens_with_the_probability_of_its_hazard() {
    let model = half_a_year(
        "event e at 2 per year once\nevent many at 30% per week\n\
         event guarded at 100 per week once when time >= 13 weeks\n\
         question q \"Q\" { P( within 26 weeks: e.happened ), resolves \"r\" }\n\
         question early \"Q\" { P( within 4 weeks: e.happened ), resolves \"r\" }\n\
         question n \"N\" { distribution( many.total at 26 weeks ), resolves \"r\" }\n\
         question g \"G\" { distribution( first time guarded.happened ), resolves \"r\" }\n\
         question c \"C\" { P( at 10 weeks: many.count == 0 ), resolves \"r\" }\n",
    );
    let result = run(&model, 20_000);
    let weekly = 2.0 * 7.0 / 365.25;
    assert_share(outcome(&result, "q"), 1.0 - exp(-weekly * 26.0));
    assert_share(outcome(&result, "early"), 1.0 - exp(-weekly * 4.0));
    assert_share(outcome(&result, "c"), exp(-0.3));
    let n = outcome(&result, "n");
    assert_near(mean(n), 7.8, Z * (7.8 / n.len() as f64).sqrt());
    // Seen at t, it happens within the step and has happened at t + dt.
    assert!(outcome(&result, "g").iter().all(|&first| first == 14.0));
}

#[test]
fn a_poisson_flow_has_the_mean_and_the_variance_of_its_rate() {
    let model = half_a_year(
        "whole stock x: fighter = 0\nflow f: -> x = poisson(156.5357142857 fighters per year)\n\
         question q \"Q\" { distribution( x at 26 weeks ), resolves \"r\" }\n",
    );
    let result = run(&model, 20_000);
    let values = outcome(&result, "q");
    let (n, lambda) = (values.len() as f64, 156.535_714_285_7 * 26.0 * 7.0 / 365.25);
    assert_near(mean(values), lambda, Z * (lambda / n).sqrt());
    // The variance of the sample variance of a Poisson variable: (2 lambda^2 + lambda) / n, to first order.
    assert_near(variance(values), lambda, Z * ((2.0 * lambda * lambda + lambda) / n).sqrt());
    assert!(values.iter().all(|value| value.fract() == 0.0));
}

#[test]
fn a_binomial_flow_under_a_hazard_leaves_the_exponential_share() {
    let model = half_a_year(
        "whole stock x: fighter = 1000\nflow f: x -> = binomial(x, 5% per week)\n\
         question q \"Q\" { distribution( x at 26 weeks ), resolves \"r\" }\n",
    );
    let result = run(&model, 4_000);
    let values = outcome(&result, "q");
    let p = exp(-0.05 * 26.0);
    assert_near(mean(values), 1000.0 * p, Z * (1000.0 * p * (1.0 - p) / values.len() as f64).sqrt());
    assert_near(variance(values) / (1000.0 * p * (1.0 - p)), 1.0, Z * (2.0 / values.len() as f64).sqrt());
}

#[test]
fn a_range_holds_its_5_and_95_percent_quantiles() {
    let model = half_a_year(
        "assume size: fighter = 100 to 400 because judgement \"j\"\n\
         assume part = 10% to 40% because judgement \"j\"\nassume change = -3 to 5 because judgement \"j\"\n\
         assume pace = 5% to 40% per year because judgement \"j\"\nassume cut = 0 - 1 to 1 within 0 to 10 because judgement \"j\"\n\
         question size \"Q\" { distribution( size at 0 weeks ), resolves \"r\" }\n\
         question part \"Q\" { distribution( part at 0 weeks ), resolves \"r\" }\n\
         question change \"Q\" { distribution( change at 0 weeks ), resolves \"r\" }\n\
         question pace \"Q\" { distribution( pace at 0 weeks ), resolves \"r\" }\n\
         question cut \"Q\" { distribution( cut at 0 weeks ), resolves \"r\" }\n",
    );
    let result = run(&model, 10_000);
    let week = 7.0 / 365.25;
    // The medians: geometric mean, logistic of the mean logit, mean; the range `5% to 40% per year` is no share.
    let logit_median = {
        let odds: f64 = (0.1 / 0.9) * (0.4 / 0.6);
        odds.sqrt() / (1.0 + odds.sqrt())
    };
    for (name, low, median, high) in [
        ("size", 100.0, 200.0, 400.0),
        ("part", 0.1, logit_median, 0.4),
        ("change", -3.0, 1.0, 5.0),
        ("pace", 0.05 * week, (0.05_f64 * 0.4).sqrt() * week, 0.4 * week),
    ] {
        let values = outcome(&result, name);
        for (bound, share) in [(low, 0.05), (median, 0.5), (high, 0.95)] {
            let below: Vec<f64> = values.iter().map(|&value| f64::from(u8::from(value < bound))).collect();
            assert_share(&below, share);
        }
    }
    assert!(outcome(&result, "part").iter().all(|share| (0.0..1.0).contains(share)));
    assert!(outcome(&result, "cut").iter().all(|value| (0.0..=10.0).contains(value)));
}

#[test]
fn weights_of_alternatives_values_and_components_are_met() {
    let model = half_a_year(
        "assume c: one of a, b = a 70%, b 30% because judgement \"j\"\n\
         assume d = discrete(10: 20%, 20: 80%) because judgement \"j\"\n\
         assume m = mixture(60%: uniform(0, 1), 40%: uniform(5, 6)) because judgement \"j\"\n\
         question c \"Q\" { P( at 0 weeks: c == b ), resolves \"r\" }\n\
         question d \"Q\" { P( at 0 weeks: d == 10 ), resolves \"r\" }\n\
         question m \"Q\" { P( at 0 weeks: m > 3 ), resolves \"r\" }\n",
    );
    let result = run(&model, 10_000);
    assert_share(outcome(&result, "c"), 0.3);
    assert_share(outcome(&result, "d"), 0.2);
    assert_share(outcome(&result, "m"), 0.4);
}

#[test]
fn a_rank_correlation_is_met() {
    let model = half_a_year(
        "assume a = 1 to 100 because judgement \"j\"\nassume b: share = 1% to 50% because judgement \"j\"\n\
         correlate a, b = 0.5 because judgement \"j\"\n\
         question a \"Q\" { distribution( a at 0 weeks ), resolves \"r\" }\n\
         question b \"Q\" { distribution( b at 0 weeks ), resolves \"r\" }\n",
    );
    let result = run(&model, 10_000);
    let ranks = |name: &str| {
        let values = outcome(&result, name);
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
        let mut ranks = vec![0.0; values.len()];
        for (rank, &i) in order.iter().enumerate() {
            ranks[i] = rank as f64;
        }
        ranks
    };
    let (a, b) = (ranks("a"), ranks("b"));
    let products: Vec<f64> = a.iter().zip(&b).map(|(x, y)| (x - mean(&a)) * (y - mean(&b))).collect();
    let found = mean(&products) / (variance(&a) * variance(&b)).sqrt();
    // The standard error of a rank correlation is at most 1.03 / sqrt(n) (Fieller, Hartley and Pearson 1957).
    assert_near(found, 0.5, Z * 1.03 / 100.0);
}

#[test]
fn a_condition_for_a_while_must_hold_at_both_ends_of_it() {
    let model = half_a_year(
        "aux nine = time >= 5 weeks and time <= 13 weeks\naux eight = time >= 5 weeks and time <= 12 weeks\n\
         question held \"Q\" { distribution( first time nine for 8 weeks ), resolves \"r\" }\n\
         question short \"Q\" { distribution( first time eight for 8 weeks ), resolves \"r\" }\n\
         question now \"Q\" { distribution( first time nine for 0 weeks ), resolves \"r\" }\n\
         question start \"Q\" { P( at 7 weeks: (time >= 0 weeks) for 8 weeks ), resolves \"r\" }\n",
    );
    let result = run(&model, 1);
    assert_eq!(outcome(&result, "held"), [13.0]);
    assert_eq!(outcome(&result, "short"), [f64::INFINITY]);
    assert_eq!(outcome(&result, "now"), [5.0]);
    assert_eq!(outcome(&result, "start"), [0.0], "the eight weeks begin before the start");
}

#[test]
fn formulas_look_at_the_times_that_they_name() {
    let model = half_a_year(
        "aux late = time >= 10 weeks\naux early = time <= 9 weeks\n\
         question within_9 \"Q\" { P( within 9 weeks: late ), resolves \"r\" }\n\
         question within_10 \"Q\" { P( within 10 weeks: late ), resolves \"r\" }\n\
         question always_9 \"Q\" { P( always during 9 weeks: early ), resolves \"r\" }\n\
         question always_10 \"Q\" { P( always during 10 weeks: early ), resolves \"r\" }\n\
         question at_9 \"Q\" { P( at 2024-03-04: late ), resolves \"r\" }\n\
         question at_10 \"Q\" { P( at 2024-03-11: late ), resolves \"r\" }\n\
         question before \"Q\" { P( late before time >= 11 weeks ), resolves \"r\" }\n\
         question together \"Q\" { P( late before time >= 10 weeks ), resolves \"r\" }\n\
         question never \"Q\" { P( late before time > 100 weeks ), resolves \"r\" }\n\
         question value \"Q\" { distribution( time at 10 weeks ), resolves \"r\" }\n\
         question first \"Q\" { distribution( first time late ), resolves \"r\" }\n",
    );
    let result = run(&model, 1);
    for (name, expected) in [
        ("within_9", 0.0),
        ("within_10", 1.0),
        ("always_9", 1.0),
        ("always_10", 0.0),
        ("at_9", 0.0),
        ("at_10", 1.0),
        ("before", 1.0),
        ("together", 0.0),
        ("never", 1.0),
        ("value", 10.0),
        ("first", 10.0),
    ] {
        assert_eq!(outcome(&result, name), [expected], "{name}");
    }
}

#[test]
fn a_policy_holds_from_its_first_step_at_or_after_its_date_until_its_end() {
    let model = half_a_year(
        "lever effort: share = 10% range 0% to 100%\nindicator i = effort\n\
         policy p \"P\" from 2024-01-16 to 2024-02-05 { effort = 80% }\n\
         policy q \"Q\" { effort = 50% }\npolicy r \"R\" from 24 weeks { effort = 50% }\n",
    );
    let under = |policy| indicator(&run_as(&model, &Experiment { policy, ..Experiment::default() }, 1), "i");
    assert_eq!(under(None), [0.1; 27]);
    // 2024-01-16 is a Tuesday: the policy holds from Monday 2024-01-22, step 3, to before 2024-02-05, step 5.
    let mut expected = [0.1; 27];
    expected[3..5].fill(0.8);
    assert_eq!(under(Some(0)), expected);
    assert_eq!(under(Some(1)), [0.5; 27]);
    let mut expected = [0.1; 27];
    expected[24..].fill(0.5);
    assert_eq!(under(Some(2)), expected);
}

#[test]
fn a_lookup_joins_its_points_with_straight_lines_and_clamps() {
    let model = half_a_year(
        "lookup f(x: week): fighter = (2, 10) (4, 20) (10, -10)\nindicator i = f(time)\n\
         lookup g(x: day): 1 = (7, 0) (14, 1)\nindicator j = g(time)\n",
    );
    let result = run(&model, 1);
    let found = indicator(&result, "i");
    for (time, expected) in
        [(0, 10.0), (2, 10.0), (3, 15.0), (4, 20.0), (6, 10.0), (7, 5.0), (10, -10.0), (26, -10.0)]
    {
        assert_near(found[time], expected, 1e-13);
    }
    assert_eq!(indicator(&result, "j")[..4], [0.0, 0.0, 1.0, 1.0]);
}

#[test]
fn whole_stocks_keep_every_one_of_what_moves_between_them() {
    let model = half_a_year(
        "whole stock a[region]: fighter = { kabul: 100, east: 7, north: 0 }\nwhole stock b: fighter = 50\n\
         flow out[region]: a -> b = binomial(a, 20% per week) + poisson(5 fighters per week)\n\
         flow back: b -> a[north] = binomial(b, 10% per week)\n\
         event shock at 20% per week { move 33% of a[*] -> b\n move 3 fighters from b -> a[east] }\n\
         question total \"Q\" { distribution( sum(a) + b at 26 weeks ), resolves \"r\" }\n\
         question part \"Q\" { distribution( b at 26 weeks ), resolves \"r\" }\n\
         question least \"Q\" { P( always during 26 weeks: min(a) >= 0 and b >= 0 and sum(a) + b == 157 fighters ), resolves \"r\" }\n",
    );
    let result = run(&model, 500);
    assert!(outcome(&result, "total").iter().all(|&total| total == 157.0));
    assert!(outcome(&result, "part").iter().all(|part| part.fract() == 0.0));
    assert!(variance(outcome(&result, "part")) > 1.0, "something moves");
    assert!(outcome(&result, "least").iter().all(|&holds| holds == 1.0));
}

#[test]
fn competing_outflows_share_what_is_there() {
    let model = half_a_year(
        "stock a: fighter = 10\nstock b: fighter = 0\nstock c: fighter = 0\n\
         flow f: a -> b = 30 fighters per week\nflow g: a -> c = 10 fighters per week\n\
         signed stock d: fighter = 1\nflow h: d -> = 3 fighters per week\n\
         indicator ia = a\nindicator ib = b\nindicator ic = c\nindicator id = d\n",
    );
    let result = run(&model, 1);
    let at_1 = |name: &str| indicator(&result, name)[1];
    assert_eq!([at_1("ia"), at_1("ib"), at_1("ic"), at_1("id")], [0.0, 7.5, 2.5, -2.0]);
    assert_eq!(result.n_clipped_runs, 1);
}

#[test]
fn a_mechanism_switches_by_view_and_by_setting() {
    let model = half_a_year(
        "mechanism m: one of on, off, half = on because judgement \"j\"\n\
         aux strength = match m { on: 1, off: 0, half: 0.5 }\nstock x: fighter = 0\n\
         flow f: -> x = strength * 2 fighters per week\n\
         question q \"Q\" { distribution( x at 26 weeks ), resolves \"r\" }\n\
         view v \"V\" { m = off because judgement \"j\" }\n",
    );
    let m = model.variable_named("m").expect("the mechanism");
    let setting = |position| Settings { mechanisms: [(m, position)].into(), ..Settings::default() };
    let under = |view, settings| {
        outcome(&run_as(&model, &Experiment { view, settings, ..Experiment::default() }, 1), "q")[0]
    };
    assert_eq!(under(None, Settings::default()), 52.0);
    assert_eq!(under(Some(0), Settings::default()), 0.0);
    assert_eq!(under(None, setting(2)), 26.0);
}

#[test]
fn views_change_what_they_name_and_share_the_draws_of_the_rest() {
    let model = half_a_year(
        "assume a: fighter = 100 to 400 because judgement \"j\"\nassume b = 1 to 2 because judgement \"j\"\n\
         assume t[region] = 1 to 2 because judgement \"j\"\nassume p = 10% to 30% because judgement \"j\"\n\
         question a \"Q\" { distribution( a at 0 weeks ), resolves \"r\" }\n\
         question b \"Q\" { distribution( b at 0 weeks ), resolves \"r\" }\n\
         question t \"Q\" { distribution( t[east] at 0 weeks ), resolves \"r\" }\n\
         question p \"Q\" { distribution( p at 0 weeks ), resolves \"r\" }\n\
         view same \"V\" { a = 100 to 400 because judgement \"j\", p = 10% to 30% because judgement \"j\" }\n\
         view other \"W\" {\n  a = 200 to 800 because judgement \"j\"\n\
           t = { north: 3, kabul: 1, east: 2 } because judgement \"j\"\n}\n",
    );
    let base = run(&model, 200);
    let under = |view| run_as(&model, &Experiment { view: Some(view), ..Experiment::default() }, 200);
    let (same, other) = (under(0), under(1));
    for name in ["a", "b", "t", "p"] {
        assert_eq!(outcome(&base, name), outcome(&same, name), "{name}");
    }
    assert_eq!(outcome(&base, "b"), outcome(&other, "b"));
    // Twice the range of a log-normal quantity is twice the quantity, draw by draw.
    for (first, second) in outcome(&base, "a").iter().zip(outcome(&other, "a")) {
        assert_near(second / first, 2.0, 1e-12);
    }
    assert_eq!(outcome(&other, "t"), [2.0; 200]);
}

#[test]
fn a_logit_decision_chooses_in_proportion_and_holds_from_the_next_step() {
    let model = half_a_year(
        "decision d every 4 weeks initially c {\n option a worth 1\n option b worth 0.2\n option c worth 0 - 0.5\n choose logit(2)\n}\n\
         decision best every 4 weeks initially q {\n option p worth time / (6 weeks)\n option q worth 1\n choose best\n}\n\
         question a \"Q\" { P( at 1 week: d == a ), resolves \"r\" }\n\
         question start \"Q\" { P( at 0 weeks: d == c ), resolves \"r\" }\n\
         question kept \"Q\" { P( at 4 weeks: d == a ), resolves \"r\" }\n\
         question best \"Q\" { distribution( first time best == p ), resolves \"r\" }\n",
    );
    let result = run(&model, 10_000);
    let weights = [exp(2.0), exp(0.4), exp(-1.0)];
    assert_share(outcome(&result, "a"), weights[0] / weights.iter().sum::<f64>());
    assert_eq!(outcome(&result, "a"), outcome(&result, "kept"));
    assert!(outcome(&result, "start").iter().all(|&holds| holds == 1.0));
    // Reviews at 0, 4 and 8 weeks; at 8 weeks the first is better; it holds from 9.
    assert!(outcome(&result, "best").iter().all(|&first| first == 9.0));
}

#[test]
fn effects_follow_the_stocks_in_the_order_of_their_lines() {
    let model = half_a_year(
        "stock x: fighter = 100\nstock y: fighter = 0\n\
         event e at 1e9 per week once { x += 20\n x = 50\n move 10% of x -> y\n move 100 fighters from y -> x }\n\
         indicator ix = x\nindicator iy = y\n",
    );
    let result = run(&model, 1);
    assert_eq!(indicator(&result, "ix")[..3], [100.0, 50.0, 50.0]);
    assert_eq!(indicator(&result, "iy")[..3], [0.0, 0.0, 0.0]);
}

#[test]
fn subscripts_are_summed_over_and_matched_by_name() {
    let model = half_a_year(
        "subscript level { low, high }\n\
         aux x[region, level] = { kabul: 1, east: 2, north: 3 } * (if level == low then 10 else 100)\n\
         aux y[level, region] = x\n\
         indicator all = sum(x)\nindicator picked = y[high, east]\nindicator inner = max(sum(x over level) over region)\n\
         indicator average = mean(x[*, low])\nindicator counted = sum(x > 25)\n\
         aux part[region] = sum(x over level) / sum(x)\nindicator one = sum(part)\n",
    );
    let result = run(&model, 1);
    for (name, expected) in [
        ("all", 660.0),
        ("picked", 200.0),
        ("inner", 330.0),
        ("average", 20.0),
        ("counted", 4.0),
        ("one", 1.0),
    ] {
        assert_near(indicator(&result, name)[0], expected, 1e-13);
    }
}

#[test]
fn material_comes_out_of_a_delay_as_erlang_says() {
    let body = "stock inside: fighter = 0\nflow entering: -> inside = 10 fighters per week\n\
         flow leaving: inside -> = delay(entering, stay, order 3, initially 0)\n\
         assume stay: week = 6 because judgement \"j\"\nindicator out = leaving * 1 week\nindicator held = inside\n\
         indicator taken: fighter = sum(leaving over 20 weeks)\nindicator late = lag(leaving, 2 weeks, initially 0) * 1 week\n";
    let erlang = |time: f64| {
        let x = time / 2.0;
        10.0 * (1.0 - exp(-x) * (1.0 + x + x * x / 2.0))
    };
    let fourth = model("time 0 to 20 weeks step 0.5 weeks, method rk4", body);
    let result = run(&fourth, 1);
    let (out, late) = (indicator(&result, "out"), indicator(&result, "late"));
    for (step, &found) in out.iter().enumerate() {
        // Fourth order: the coarse step of a quarter of a level's time gives errors of some 1e-4.
        assert_near(found, erlang(step as f64 * 0.5), 2e-3);
        assert_eq!(late[step], if step < 4 { 0.0 } else { out[step - 4] });
    }
    // What is inside in balance: ten a week for six weeks.
    assert_near(indicator(&result, "held")[40], 60.0, 0.5);
    let euler = model("time 0 to 20 weeks step 0.5 weeks", body);
    let result = run(&euler, 1);
    // Under Euler the integral over the past is exactly what left.
    assert_near(indicator(&result, "taken")[40], 200.0 - indicator(&result, "held")[40], 1e-11);
    assert!((indicator(&result, "out")[8] - erlang(4.0)).abs() > 0.01);
}

#[test]
fn windows_count_events_and_question_forms_read_what_is_remembered() {
    let model = half_a_year(
        "event attack[region] at 20% per week\nstock fear: 1 = 0\n\
         event reply at 2 per week when sum(sum(attack.count) over 4 weeks) >= 3 { fear += 1 }\n\
         question ever_any \"Q\" { P( at 10 weeks: ever(attack[kabul].happened) ), resolves \"r\" }\n\
         question quiet \"Q\" { P( at 20 weeks: sum(attack[kabul].count over 4 weeks) < 0.5 ), resolves \"r\" }\n\
         question share \"Q\" { distribution( mean(attack[east].count > 0 over 10 weeks) at 20 weeks ), resolves \"r\" }\n\
         question largest \"Q\" { distribution( max(attack[east].count over 10 weeks) at 20 weeks ), resolves \"r\" }\n\
         question first \"Q\" { distribution( first time lag(attack[north].happened, 3 weeks) ), resolves \"r\" }\n\
         question plain \"Q\" { distribution( first time attack[north].happened ), resolves \"r\" }\n\
         question order \"Q\" { P( ever(attack[kabul].happened) before ever(attack[east].happened) )\n\
           given within 26 weeks: lag(attack[north].happened, 1 week), resolves \"r\" }\n\
         question replied \"Q\" { P( within 3 weeks: reply.happened and fear > 0 ), resolves \"r\" }\n",
    );
    let n = 4_000;
    let result = run(&model, n);
    assert_share(outcome(&result, "ever_any"), 1.0 - exp(-2.0));
    assert_share(outcome(&result, "quiet"), exp(-0.8));
    let share = outcome(&result, "share");
    let p = 1.0 - exp(-0.2);
    assert_near(mean(share), p, Z * (p * (1.0 - p) / 10.0 / f64::from(n)).sqrt());
    // The largest of ten counts is at most 0 when all are.
    let none: Vec<f64> =
        outcome(&result, "largest").iter().map(|&most| f64::from(u8::from(most == 0.0))).collect();
    assert_share(&none, exp(-2.0));
    for (late, plain) in outcome(&result, "first").iter().zip(outcome(&result, "plain")) {
        let expected = if *plain + 3.0 <= 26.0 { plain + 3.0 } else { f64::INFINITY };
        assert_eq!(*late, expected);
    }
    // Each of the two comes first as often; in a step in which both do, neither counts.
    let both = p / (2.0 - p);
    assert_near(mean(outcome(&result, "order")), (1.0 - both) / 2.0, Z * 0.5 / f64::from(n).sqrt() + 1e-3);
    assert!(mean(outcome(&result, "replied")) > 0.0 && mean(outcome(&result, "replied")) < 1.0);
}

#[test]
fn a_stock_adds_up_the_rows_that_held_at_its_steps() {
    // 2024-01-01 is a Monday: steps begin on 1, 8, 15, 22, 29 January, 5, 12, ... February.
    let model = model_with(
        "time 2024-01-01 to 2024-03-04 step 1 week",
        "unit strike, dollar\n\
         input strikes: strike/week from \"strikes.csv\" column n by month held\n\
         input price: dollar from \"price.csv\" column usd by date linear gaps up to 5 weeks then 7\n\
         stock total: strike = 0\nflow more: -> total = strikes\n\
         indicator it = total\nindicator is: strike/month = strikes\nindicator ip = price\n",
        &[
            ("strikes.csv", "month,n\n2023-12,100\n2024-01,3\n2024-02,0.5\n2024-03,8\n2024-04,9\n"),
            ("price.csv", "date,usd\n2023-12-25,10\n2024-01-08,20\n2024-01-15,\n2024-02-05,48\n"),
        ],
    );
    let result = run(&model, 1);
    let total = indicator(&result, "it");
    // Steps 0 to 4 lie in January, 5 to 8 in February, and 9 on 4 March.
    let expected: Vec<f64> =
        (0..=9).map(|k| if k <= 5 { 3.0 * f64::from(k) } else { 15.0 + 0.5 * f64::from(k - 5) }).collect();
    assert_eq!(total, expected);
    let monthly = indicator(&result, "is");
    assert_near(monthly[4], 3.0 * 365.25 / 12.0 / 7.0, 1e-12);
    assert_near(monthly[9], 8.0 * 365.25 / 12.0 / 7.0, 1e-12);
    let price = indicator(&result, "ip");
    for (step, usd) in [(0, 15.0), (1, 20.0), (2, 27.0), (3, 34.0), (5, 48.0), (6, 7.0), (9, 7.0)] {
        assert_near(price[step], usd, 1e-12);
    }
}

#[test]
fn an_input_per_element_follows_its_own_column_and_unit() {
    let model = model_with(
        "time 0 to 4 months step 1 month",
        "unit squad = 10 fighters\n\
         input sent[region]: squad from \"sent.csv\" column { north: n, kabul: k, east: \"the east\" } by t held then held\n\
         stock force[region]: fighter = sent\nflow arrive[region]: -> force = sent / 1 month\n\
         indicator ik: fighter = force[kabul]\nindicator ie: squad = force[east]\nindicator all: fighter = sum(sent)\n",
        &[("sent.csv", "t,the east,k,n\n-1,9,9,9\n0,1,2,3\n2,0,5,1\n")],
    );
    let result = run(&model, 1);
    assert_eq!(indicator(&result, "ik"), [20.0, 40.0, 60.0, 110.0, 160.0]);
    assert_eq!(indicator(&result, "ie"), [1.0, 2.0, 3.0, 3.0, 3.0]);
    assert_eq!(indicator(&result, "all"), [60.0, 60.0, 60.0, 60.0, 60.0]);
}

#[test]
fn monthly_rows_meet_monthly_steps_through_a_leap_year() {
    let row = |month: i32| format!("{}-{:02},{month}", 2024 + month / 12, month % 12 + 1);
    let rows: Vec<String> = (0..=24).map(row).collect();
    let text = format!("month,n\n{}\n", rows.join("\n"));
    let body = "input n: 1 from \"n.csv\" column n by month held\n\
                input m: 1 from \"n.csv\" column n by month linear\nindicator i = n\nindicator j = m\n";
    let model = model_with("time 2024-01-01 to 2026-01-01 step 1 month", body, &[("n.csv", &text)]);
    let result = run(&model, 1);
    let expected: Vec<f64> = (0..=24).map(f64::from).collect();
    assert_eq!(indicator(&result, "i"), expected);
    assert_eq!(indicator(&result, "j"), expected);
}

#[test]
fn units_made_of_others_convert_and_are_shown_as_declared() {
    let model = model(
        "time 0 to 10 weeks step 1 week",
        "unit dollar\nunit euro = 1.25 dollars because judgement \"j\"\nunit million = 1_000 thousand\n\
         unit thousand = 1_000 fighters\nunit drive = 2 fighters/week\nunit field = 3 fighter^2\n\
         aux pay: euro = 5 dollars\naux back = 8 euros\nindicator ip: euro = pay\nindicator ib = back\n\
         stock force: thousand = 3\nflow come: -> force = 4 drive + 0.001 million per week\n\
         indicator f: fighter = force\nindicator t = force\nindicator side: fighter = sqrt(27 field)\n\
         indicator edge = (3 field / 1 thousand) ^ (1/3)\n",
    );
    let result = run(&model, 1);
    let first = |name: &str| indicator(&result, name)[0];
    assert_eq!((first("ip"), first("ib"), first("f"), first("t")), (4.0, 10.0, 3000.0, 3.0));
    assert_eq!(indicator(&result, "f")[10], 3000.0 + 10.0 * (8.0 + 1000.0));
    assert_near(first("side"), 9.0, 1e-15);
    assert_near(first("edge"), (9.0_f64 / 1000.0).cbrt(), 1e-15);
}

#[test]
fn hours_meet_dates_on_their_step() {
    let model = model(
        "time 2024-01-01 to 2024-03-01 step 6 hours",
        "stock x: fighter = 0\nflow f: -> x = if time >= 2024-01-03 and time < 2024-01-04 then 2 fighters per hour else 0\n\
         question q \"Q\" {\n  distribution( x at 2024-01-03 )\n  resolves \"r\"\n}\n\
         question r \"R\" {\n  distribution( x at 66 hours )\n  resolves \"r\"\n}\n\
         question s \"S\" {\n  distribution( first time x > 0 )\n  resolves \"r\"\n}\nindicator i = x\n",
    );
    assert_eq!(model.clock.n_steps, 240);
    let result = run(&model, 1);
    assert_eq!(indicator(&result, "i")[240], 48.0);
    assert_eq!((outcome(&result, "q")[0], outcome(&result, "r")[0]), (0.0, 36.0));
    assert_eq!(outcome(&result, "s")[0], 54.0);
}

#[test]
fn a_range_below_zero_in_percent_takes_the_period_of_its_other_end() {
    let model = half_a_year(
        "assume drift = -100% to 60% per year because judgement \"j\"\n\
         question q \"Q\" {\n  distribution( drift * 1 week at 1 week )\n  resolves \"r\"\n}\n",
    );
    let mut found = outcome(&run(&model, 40_000), "q").to_vec();
    found.sort_by(f64::total_cmp);
    let year = 365.25 / 7.0;
    // The standard error of these quantiles is 2% of a standard deviation, which is 0.8/1.645.
    assert_near(found[2_000] * year, -1.0, 0.02);
    assert_near(found[38_000] * year, 0.6, 0.02);
}

#[test]
fn what_is_remembered_of_all_others_is_remembered_per_element() {
    let model = half_a_year(
        "subscript region2 = region\nassume size[region] = { kabul: 1, east: 2, north: 4 } because judgement \"j\"\n\
         aux others[region] = lag(sum(size[region2 != region]), 2 weeks)\n\
         aux weight[region] = smooth(sum(size[region2 != region] * time / 1 week), 3 weeks)\n\
         indicator k = others[kabul]\nindicator e = others[east]\nindicator n = others[north]\n\
         indicator wk = weight[kabul]\nindicator wn = weight[north]\n",
    );
    let result = run(&model, 1);
    let last = |name: &str| *indicator(&result, name).last().expect("there are times");
    assert_eq!((last("k"), last("e"), last("n")), (6.0, 5.0, 3.0));
    assert_near(last("wk"), 2.0 * last("wn"), 1e-12);
    assert!(last("wn") > 0.0);
}
