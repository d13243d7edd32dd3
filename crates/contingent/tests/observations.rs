//! Observations from text to result: the logarithms of likelihood against another implementation, and what the data are
//! compared with at which step.
//!
//! Enters: models and tables in this file. Always holds: expected values are computed apart, from the distribution and
//! the steps that a period has.

use contingent::answer::{BuildOptions, build_answer};
use contingent_ensemble::{Design, EnsembleResult, Experiment, RunOptions, run_experiment, with_threads};
use contingent_model::{CheckedModel, check, load};
use statrs::distribution::{
    Binomial, Continuous, Discrete, LogNormal, NegativeBinomial, Normal, Poisson, StudentsT,
};

const HEAD: &str = "model \"A case\" {\n  purpose \"To compare\"\n  not_for \"Any decision\"\n";

fn model(time: &str, body: &str, data: &str) -> CheckedModel {
    let text = format!("{HEAD}  time {time}\n}}\nunit fighter\n{body}\n");
    let checked = check(load("model.ctg", text, &mut |_| Ok(data.to_owned())));
    let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model.expect("a model without errors")
}

fn run(model: &CheckedModel, n_draws: u32) -> EnsembleResult {
    let design = Design { seed: 11, n_draws, n_replications: 1 };
    run_experiment(model, &Experiment::default(), &design, &RunOptions::default()).expect("the model runs")
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{found} is not {expected}");
}

const WEEKS: &str = "0 to 10 weeks step 1 week";

#[test]
fn every_distribution_sums_up_as_another_implementation_does() {
    // At t a week has ended: week w, the row `w`, is compared at step w + 1.
    let counts = "week,x\n0,3\n1,0\n2,11\n3,\n7,5\n9,2\n";
    let amounts = "week,x\n0,3.5\n1,0.25\n2,11\n3,\n7,5\n9,2\n";
    let rows = [(1, 3.5), (2, 0.25), (3, 11.0), (8, 5.0), (10, 2.0)];
    let rounded = [(1, 3_u64), (2, 0), (3, 11), (8, 5), (10, 2)];
    let assumed = "assume level: fighter = 2 to 9 because judgement \"j\"\n\
                   assume shape = 0.5 to 4 because judgement \"j\"\n\
                   assume part: share = 10% to 60% because judgement \"j\"\n\
                   stock force: fighter = level\nflow more: -> force = 0.5 fighters per week\n";
    let runs = |data: &str, written: &str| {
        let observe = format!("observe seen: fighter from \"x.csv\" column x by week ~ {written}\n");
        let model = model(WEEKS, &format!("{assumed}{observe}"), data);
        assert_eq!(model.observations[0].n_missing, 5);
        let result = run(&model, 300);
        assert!(result.failures.is_empty());
        let parameter = |name: &str| {
            let position = result.parameters.iter().position(|known| known.name == name).expect("declared");
            result.parameter_values[position].to_vec()
        };
        let (level, shape, part) = (parameter("level"), parameter("shape"), parameter("part"));
        let found = result.log_likelihoods[0].clone();
        assert_eq!(found.len(), 300);
        (0..300).map(|i| (found[i], level[i], shape[i], part[i])).collect::<Vec<_>>()
    };
    for (found, level, ..) in runs(counts, "poisson(mean = force)") {
        let at =
            |&(step, y): &(i32, u64)| Poisson::new(level + 0.5 * f64::from(step)).expect("a mean").ln_pmf(y);
        assert_near(found, rounded.iter().map(at).sum());
    }
    for (found, level, shape, _) in runs(counts, "negative_binomial(mean = force, size = shape)") {
        let at = |&(step, y): &(i32, u64)| {
            let mean = level + 0.5 * f64::from(step);
            NegativeBinomial::new(shape, shape / (shape + mean)).expect("a size").ln_pmf(y)
        };
        assert_near(found, rounded.iter().map(at).sum());
    }
    for (found, _, _, part) in runs(counts, "binomial(20 fighters, part)") {
        let at = |&(_, y): &(i32, u64)| Binomial::new(part, 20).expect("a probability").ln_pmf(y);
        assert_near(found, rounded.iter().map(at).sum());
    }
    for (found, level, shape, _) in runs(amounts, "normal(force, sd = shape * 1 fighter)") {
        let at = |&(step, y): &(i32, f64)| {
            Normal::new(level + 0.5 * f64::from(step), shape).expect("a deviation").ln_pdf(y)
        };
        assert_near(found, rows.iter().map(at).sum());
    }
    for (found, level, shape, _) in runs(amounts, "lognormal(median = force, sdlog = shape)") {
        let at = |&(step, y): &(i32, f64)| {
            let location = statrs_ln(level + 0.5 * f64::from(step));
            LogNormal::new(location, shape).expect("a deviation").ln_pdf(y)
        };
        assert_near(found, rows.iter().map(at).sum());
    }
    for (found, level, shape, _) in
        runs(amounts, "student_t(degrees = shape, mean = force, scale = 2 fighters)")
    {
        let at = |&(step, y): &(i32, f64)| {
            StudentsT::new(level + 0.5 * f64::from(step), 2.0, shape).expect("degrees").ln_pdf(y)
        };
        assert_near(found, rows.iter().map(at).sum());
    }
}

fn statrs_ln(x: f64) -> f64 {
    contingent_engine::math::log(x)
}

/// The log likelihood of values around means with a standard deviation of 1.
fn around(pairs: &[(f64, f64)]) -> f64 {
    pairs.iter().map(|&(y, mean)| Normal::new(mean, 1.0).expect("a deviation").ln_pdf(y)).sum()
}

/// A flow of k fighters in the week after step k, in a dated weekly model.
const GROWING: &str = "stock force: fighter = 0\n\
                       flow more: -> force = time * 1 fighter per week / 1 week\n";
const DATED: &str = "2021-08-30 to 2022-08-29 step 1 week";

#[test]
fn a_window_of_one_month_holds_the_steps_of_that_very_month() {
    // Months end 32, 63, 93 and 124 days after the start: at steps 5, 9, 14 and 18, and September begins at step 1.
    let observe = "observe seen from \"x.csv\" column x [fighter] by month dated day\n  \
                   ~ normal(mean = sum(more over 1 month), sd = 1 fighter)\n";
    let observe = observe.replace("column x [fighter]", "column x");
    let data = "day,x [fighter]\n2021-08-30,1\n2021-09-30,11\n2021-10-01,25\n2021-11-15,\n2021-12-31,60\n2023-01-01,9\n";
    let model = model(DATED, &format!("{GROWING}{observe}"), data);
    let observation = &model.observations[0];
    assert_eq!((observation.n_missing, observation.n_outside), (1, 2));
    assert_eq!(observation.values.iter().map(|value| value.step).collect::<Vec<_>>(), [5, 9, 18]);
    assert_eq!(observation.unit.text, "fighter");
    // The steps of months without a value are not lengths that are compared: only four weeks are.
    assert_eq!(observation.parameters.len(), 1);
    let between = |from: i32, to: i32| (from..to).map(f64::from).sum::<f64>();
    let expected = around(&[(11.0, between(1, 5)), (25.0, between(5, 9)), (60.0, between(14, 18))]);
    assert_near(run(&model, 1).log_likelihoods[0][0], expected);
}

#[test]
fn months_of_four_and_of_five_weeks_are_each_added_up_over_their_own_length() {
    let body = format!(
        "{GROWING}observe seen: fighter from \"x.csv\" column x by month\n  \
         ~ normal(mean = sum(more over 1 month), sd = 1 fighter)\n\
         observe before: fighter from \"x.csv\" column x by month ~ normal(lag(force, 1 month), 1 fighter)\n"
    );
    let model = model(DATED, &body, "month,x\n2021-09,10\n2021-10,26\n2021-11,55\n2021-12,61\n");
    assert_eq!(model.observations[0].parameters.len(), 2);
    let between = |from: i32, to: i32| (from..to).map(f64::from).sum::<f64>();
    let ends = [(1, 5), (5, 9), (9, 14), (14, 18)];
    let data = [10.0, 26.0, 55.0, 61.0];
    let of = |mean: &dyn Fn(i32, i32) -> f64| {
        around(&data.iter().zip(ends).map(|(&y, (from, to))| (y, mean(from, to))).collect::<Vec<_>>())
    };
    let result = run(&model, 1);
    assert_near(result.log_likelihoods[0][0], of(&between));
    // The stock at the end of the month before.
    assert_near(result.log_likelihoods[1][0], of(&|from, _| between(0, from)));
}

#[test]
fn a_monthly_model_meets_the_months_of_the_calendar_and_a_stock_is_seen_at_their_end() {
    let body = "stock force: fighter = 5\nflow more: -> force = 2 fighters per month\n\
                observe sent: fighter from \"x.csv\" column x by month ~ normal(sum(more over 1 month), 1 fighter)\n\
                observe held: fighter from \"x.csv\" column x by quarter dated month ~ normal(force, 1 fighter)\n";
    let by_month = body.split("observe held").next().expect("a part");
    let data = "month,x\n2024-01,3\n2024-02,1\n2024-12,4\n";
    let monthly = model("2024-01-01 to 2025-01-01 step 1 month", by_month, data);
    assert_eq!(monthly.observations[0].values.iter().map(|value| value.step).collect::<Vec<_>>(), [1, 2, 12]);
    assert_eq!(monthly.observations[0].n_missing, 9);
    assert_near(run(&monthly, 1).log_likelihoods[0][0], around(&[(3.0, 2.0), (1.0, 2.0), (4.0, 2.0)]));
    let body = body.replace("observe sent: fighter from \"x.csv\" column x by month ~ normal(sum(more over 1 month), 1 fighter)\n", "");
    let quarterly = model(
        "2024-01-01 to 2025-01-01 step 1 month",
        &body.replace("dated month", "dated day"),
        "day,x\n2024-02-10,9\n2024-06-30,20\n",
    );
    assert_near(run(&quarterly, 1).log_likelihoods[0][0], around(&[(9.0, 11.0), (20.0, 17.0)]));
}

#[test]
fn steps_are_periods_too_and_numbers_may_count_in_another_unit() {
    let body = "stock force: fighter = 5\nflow more: -> force = 2 fighters per week\n\
                observe a: fighter from \"x.csv\" column x by step dated t ~ normal(force, 1 fighter)\n\
                observe b: fighter from \"x.csv\" column x by week dated t in days ~ normal(force, 1 fighter)\n";
    let model = model(WEEKS, body, "t,x\n0,3\n7,4\n14,5\n");
    let result = run(&model, 1);
    assert_near(result.log_likelihoods[0][0], around(&[(3.0, 7.0), (4.0, 21.0)]));
    assert_eq!(model.observations[0].n_outside, 1);
    assert_near(result.log_likelihoods[1][0], around(&[(3.0, 7.0), (4.0, 9.0), (5.0, 11.0)]));
}

#[test]
fn a_density_is_per_unit_of_the_data_and_a_count_is_of_single_things() {
    let body = "unit squad = 10 fighters\n\
                observe a: squad from \"x.csv\" column x by week ~ normal(30 fighters, 5 fighters)\n\
                observe b: squad from \"x.csv\" column x by week ~ poisson(31 fighters)\n";
    let model = model(WEEKS, body, "week,x\n0,2.5\n");
    let result = run(&model, 1);
    assert_near(result.log_likelihoods[0][0], Normal::new(3.0, 0.5).expect("a deviation").ln_pdf(2.5));
    assert_near(result.log_likelihoods[1][0], Poisson::new(31.0).expect("a mean").ln_pmf(25));
}

#[test]
fn data_that_cannot_be_make_minus_infinity_and_no_failure() {
    let body = "assume level = 50% -1, 50% 1 because judgement \"j\"\n";
    let body = body.replace("50% -1, 50% 1", "discrete(-1: 50%, 1: 50%)")
        + "observe seen from \"x.csv\" column x by week ~ poisson(mean = 4 * level)\n\
           observe sized from \"x.csv\" column x by week ~ negative_binomial(mean = 4, size = level)\n\
           question q \"Is it?\" {\n  P( at 1 week: level > 0 )\n  resolves \"r\"\n}\n";
    let model = model(WEEKS, &body, "week,x\n0,2\n1,3\n");
    let result = run(&model, 400);
    assert!(result.failures.is_empty());
    let mut n_impossible = 0;
    for (i, &level) in result.parameter_values[0].iter().enumerate() {
        for column in &result.log_likelihoods {
            assert_eq!(column[i] == f64::NEG_INFINITY, level < 0.0);
            assert!(!column[i].is_nan());
        }
        n_impossible += usize::from(level < 0.0);
    }
    assert!((150..250).contains(&n_impossible), "{n_impossible}");
}

#[test]
fn a_parameter_must_be_finite_only_where_it_is_compared() {
    // 1 / (time - 3 weeks) is infinite at step 3: the row of week 2 is compared there, that of week 4 is not.
    let body = "observe seen from \"x.csv\" column x by week ~ normal(1 week / (time - 3 weeks), 1)\n";
    let fine = run(&model(WEEKS, body, "week,x\n0,2\n4,3\n"), 2);
    assert!(fine.failures.is_empty());
    assert_near(fine.log_likelihoods[0][1], around(&[(2.0, -0.5), (3.0, 0.5)]));
    let failed = run(&model(WEEKS, body, "week,x\n2,2\n4,3\n"), 2);
    assert_eq!(failed.failures.len(), 2);
    assert!(failed.log_likelihoods[0].iter().all(|value| value.is_nan()));
    let failure = &failed.failures[0];
    assert_eq!((failure.time, failure.variable.as_str()), (3.0, "mean of seen"));
    assert!(failure.cause.contains("division by zero"), "{}", failure.cause);
}

#[test]
fn observing_changes_no_other_number_and_threads_change_nothing() {
    let body = "assume rate: fighter/week = 2 to 9 because judgement \"j\"\n\
                whole stock force: fighter = 0\nflow more: -> force = poisson(rate)\n\
                question q \"How many?\" {\n  distribution( force at 10 weeks )\n  resolves \"r\"\n}\n";
    let observe = "observe seen: fighter from \"x.csv\" column x by week ~ poisson(sum(more over 2 weeks) / 2 + rate * 1 week)\n";
    let data = "week,x\n1,2\n2,7\n5,1\n";
    let without = run(&model(WEEKS, body, data), 1000);
    let observing = model(WEEKS, &format!("{body}{observe}"), data);
    let with = run(&observing, 1000);
    assert_eq!(with.outcome_values, without.outcome_values);
    assert!(without.log_likelihoods.is_empty());
    let bits = |result: &EnsembleResult| -> Vec<u64> {
        result.log_likelihoods[0].iter().map(|value| value.to_bits()).collect()
    };
    let alone = with_threads(1, || run(&observing, 1000)).expect("a thread");
    assert_eq!(bits(&alone), bits(&with));
    assert!(bits(&with).iter().collect::<std::collections::HashSet<_>>().len() > 900);
}

#[test]
fn the_answer_says_that_it_is_not_conditioned_on_the_data() {
    let body = "assume level = 2 to 9 because judgement \"j\"\n\
                question q \"Is it?\" {\n  P( at 1 week: level > 4 )\n  resolves \"r\"\n}\n";
    let observe = "observe seen from \"x.csv\" column x by week ~ poisson(mean = level)\n";
    let data = "week,x\n0,2\n1,3\n3,4\n20,5\n";
    let answer = |model: &CheckedModel| {
        build_answer(model, &[run(model, 2000)], &BuildOptions::default()).expect("an answer")
    };
    let plain = answer(&model(WEEKS, body, data));
    assert_eq!(plain.comparison, None);
    assert!(!plain.warnings.iter().any(|warning| warning.contains("conditioned")));
    let compared = answer(&model(WEEKS, &format!("{body}{observe}"), data));
    assert_eq!(compared.questions, plain.questions);
    let comparison = compared.comparison.as_ref().expect("data were compared with");
    assert_eq!((comparison.n_values, comparison.n_runs, comparison.n_possible_runs), (3, 2000, 2000));
    assert_eq!((comparison.observations[0].n_missing, comparison.observations[0].n_outside), (1, 1));
    assert!(comparison.effective_runs > 100.0 && comparison.effective_runs < 1900.0);
    let said =
        compared.warnings.iter().find(|warning| warning.contains("not yet conditioned")).expect("a warning");
    assert!(
        said.contains("3 observed values, 3 of seen (by week from x.csv, 1 missing, 1 outside"),
        "{said}"
    );
    assert!(said.contains("2,000 runs would be worth about "), "{said}");
}
