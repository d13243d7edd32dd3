//! Intervals, stopping by looks, first passage, the worth of knowledge, signals, regret, common random numbers.

use crate::cases;
use crate::page::{Promise, Row, Section, Table};

/// Intervals for a probability.
pub(crate) const INTERVALS: Section = Section {
    title: "Coverage of the interval for a probability",
    about: "Wilson's interval, or Clopper and Pearson's with few occurrences, with draws as clusters; 500 draws. `share`\n\
            is the part of the variance of a single run that comes from what is not known. Where a draw's runs all but\n\
            agree, outcomes are coarse and the interval is conservative. With few occurrences no interval has the nominal\n\
            coverage for every probability, since counts are whole: a one-sided bound at zero and a two-sided interval\n\
            above it meet near three expected occurrences, where a point and a half is missing by arithmetic.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let mut rows = Vec::new();
        for m in [1, 2] {
            for p in [0.05, 0.21, 0.5, 0.93] {
                for share in [0.0, 0.5, 0.95] {
                    let found = cases::interval_coverage(p, share, m, 500, n);
                    let what =
                        format!("p {p}, share {share}, {m} replication{}", if m == 1 { "" } else { "s" });
                    let promise = if share > 0.9 { Promise::AtLeast } else { Promise::Nominal };
                    rows.push(Row::rate(what, 0.95, found, n, promise));
                }
            }
        }
        let found = cases::conditional_coverage(600, n);
        rows.push(Row::rate("with a condition that holds in 30% of runs", 0.95, found, n, Promise::Nominal));
        let common = Table { caption: "Probabilities that are not rare.".to_owned(), rows };
        let mut rows = Vec::new();
        for expected in [0.3, 1.5, 3.1, 6.0] {
            let found = cases::interval_coverage(expected / 1_000.0, 0.0, 2, 500, n);
            rows.push(Row::share(format!("{expected} occurrences expected"), 0.95, found, 0.93, 1.0));
        }
        vec![common, Table { caption: "Rare events: 1,000 runs.".to_owned(), rows }]
    },
};

/// Intervals for a number.
pub(crate) const QUANTITIES: Section = Section {
    title: "Coverage of the intervals for a number",
    about: "A number that is normal around a normal value of its draw; 400 draws with two replications. The interval of a\n\
            quantile is Woodruff's (1952). The mean of the exponential of the same number converges slowly, as that of any\n\
            skewed number does.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let names = ["mean", "5% point", "25% point", "median", "75% point", "95% point"];
        let rows = cases::quantity_coverage(400, false, n)
            .into_iter()
            .zip(names)
            .map(|(found, name)| Row::rate(name, 0.95, found, n, Promise::Nominal))
            .collect();
        let skewed = cases::quantity_coverage(400, true, n)[0];
        vec![
            Table { caption: "Normal number.".to_owned(), rows },
            Table {
                caption: "Its exponential.".to_owned(),
                rows: vec![Row::rate("mean of a skewed number", 0.95, skewed, n, Promise::Nominal)],
            },
        ]
    },
};

/// Stopping by looks.
pub(crate) const SEQUENTIAL: Section = Section {
    title: "Stopping when the interval is narrow enough",
    about: "`--precision 5%`: looks at fixed numbers of draws, each with a share of the 5% of error. The sum of the errors bounds the whole, so coverage is at least 95%. For comparison, an interval of 95% at\n\
            every look.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let (mut kept, mut naive) = (Vec::new(), Vec::new());
        for (p, share) in [(0.5, 0.0), (0.3, 0.6), (0.12, 0.3), (0.04, 0.0), (0.9, 0.9)] {
            let found = cases::sequential(p, share, 0.05, n);
            let what = format!("p {p}, share {share}: {:.0} draws on average", found.mean_draws);
            kept.push(Row::rate(what, 0.95, found.coverage, n, Promise::AtLeast));
            kept.push(Row::share(
                format!("p {p}, share {share}: as narrow as asked"),
                1.0,
                found.met,
                1.0,
                1.0,
            ));
            naive.push(Row::figure(
                format!("p {p}, share {share}, as if each look were the only one"),
                format!("{:.2}%", 100.0 * found.naive),
            ));
        }
        vec![
            Table { caption: "With what each look may spend.".to_owned(), rows: kept },
            Table { caption: "Without.".to_owned(), rows: naive },
        ]
    },
};

/// First passage.
pub(crate) const PASSAGE: Section = Section {
    title: "Curves of first passage",
    about: "An event with a constant hazard, uniform on 0.01..0.05 a step between draws; 400 draws with two replications.\n\
            The interval of a point holds for its time alone.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let [early, late] = cases::passage_coverage(400, n);
        vec![Table {
            caption: "Coverage of the point at a time.".to_owned(),
            rows: vec![
                Row::rate("step 10, near one quarter", 0.95, early, n, Promise::Nominal),
                Row::rate("step 60, near four fifths", 0.95, late, n, Promise::Nominal),
            ],
        }]
    },
};

/// The worth of knowledge.
pub(crate) const KNOWLEDGE: Section = Section {
    title: "What knowing something is worth",
    about: "Brier score: the probability is 0.2 + 0.3 x1 + 0.3 x2 with x uniform, so x1 is worth 0.09/12; an assumption\n\
            that repeats x1 adds nothing to it. Choices (EVPPI): closed forms of linear values; the cross-validated figure\n\
            is what a learnt rule attains and may be a few percent low; the usual one may be off either way, since chance\n\
            helps the choice with knowledge as well as the one without.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let [one, two, repeated, nothing] = cases::knowledge(1_000, n);
        let mut brier = Vec::new();
        for (what, found) in [("one assumption", one), ("two", two), ("two that agree", repeated)] {
            brier.push(Row::within(what, found.truth, found.mean, 0.96 * found.truth, 1.04 * found.truth));
            brier.push(Row::rate(format!("{what}: coverage"), 0.95, found.covered, n, Promise::Nominal));
        }
        brier.push(Row::rate(
            "one that does nothing: told from nothing",
            0.05,
            nothing.told,
            n,
            Promise::Nominal,
        ));
        brier.push(Row::rate("one that does nothing: coverage", 0.95, nothing.covered, n, Promise::AtLeast));
        let found = cases::information(1_000, n);
        let mut choices = Vec::new();
        for (place, what) in ["two alternatives", "three alternatives"].into_iter().enumerate() {
            let one = found.cross[place];
            choices.push(Row::within(what, one.truth, one.mean, 0.94 * one.truth, 1.01 * one.truth));
            let usual = found.in_sample[place];
            choices.push(Row::within(
                format!("{what}: the usual figure"),
                one.truth,
                usual,
                0.93 * one.truth,
                1.05 * one.truth,
            ));
            // With three, all are equally good without knowledge, and the interval reaches over all of them.
            let promise = if place == 0 { Promise::Nominal } else { Promise::AtLeast };
            choices.push(Row::rate(format!("{what}: coverage"), 0.95, one.covered, n, promise));
        }
        for (n_draws, constants, what) in [
            (300, [0.2, 2.0, 1.0], "the two with 300 draws"),
            (1_000, [0.2, 2.0, 3.0], "the two with three times the noise"),
            (1_000, [0.2, 1.0, 1.0], "two of less worth"),
            (1_000, [0.1, 0.5, 1.0], "two of little worth"),
        ] {
            let one = cases::information_of_two(n_draws, constants, n);
            let what = format!("{what}, {}: coverage", crate::page::number(one.truth));
            choices.push(Row::rate(what, 0.95, one.covered, n, Promise::AtLeast));
        }
        let covered = found.cross[2].covered;
        choices.push(Row::rate(
            "knowledge that changes nothing: coverage",
            0.95,
            covered,
            n,
            Promise::AtLeast,
        ));
        let told = found.cross[2].told;
        choices.push(Row::rate(
            "knowledge that changes nothing: told from nothing",
            0.05,
            told,
            n,
            Promise::AtMost,
        ));
        choices.push(Row::figure(
            "the same, usual figure on average",
            format!("{:.4} instead of 0", found.in_sample[2]),
        ));
        vec![
            Table { caption: "Expected fall of the Brier score, 1,000 draws.".to_owned(), rows: brier },
            Table { caption: "Value of partial information, 1,000 draws.".to_owned(), rows: choices },
        ]
    },
};

/// Signals.
pub(crate) const SIGNALS: Section = Section {
    title: "What to watch",
    about: "An indicator that is normal around 0 where the answer is no and around `distance` where it is yes; both\n\
            replications of a draw share three fifths of its variance, and their outcomes agree on purpose in some draws.\n\
            600 draws. The threshold is chosen on half of the draws and measured on the other, so the likelihood ratio is\n\
            that of the threshold that was chosen.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let mut rows = Vec::new();
        for (distance, agreeing) in [(0.8, 0.0), (0.8, 0.7), (1.6, 0.3)] {
            let found = cases::signals(distance, agreeing, 600, n);
            let what = format!("distance {distance}, agreeing in {agreeing}");
            let truth = found.area.truth;
            rows.push(Row::within(
                format!("{what}: area"),
                truth,
                found.area.mean,
                truth - 0.002,
                truth + 0.002,
            ));
            for (name, covered) in [
                ("area", found.area.covered),
                ("ratio", found.ratio_covered),
                ("probability after a warning", found.probability_covered),
                ("fall of the Brier score", found.gain.covered),
            ] {
                rows.push(Row::rate(format!("{what}: {name}, coverage"), 0.95, covered, n, Promise::Nominal));
            }
            let truth = found.gain.truth;
            rows.push(Row::within(
                format!("{what}: fall of the Brier score"),
                truth,
                found.gain.mean,
                0.96 * truth,
                1.04 * truth,
            ));
        }
        let nothing = cases::signals(0.0, 0.5, 600, n);
        let told = nothing.area.told;
        rows.push(Row::rate("no distance: told from nothing", 0.05, told, n, Promise::Nominal));
        vec![Table { caption: "Two normal populations.".to_owned(), rows }]
    },
};

/// Regret and common random numbers.
pub(crate) const POLICIES: Section = Section {
    title: "Policies",
    about: "Regret and the share of draws that is good enough are of what is expected in a draw; counted from two tosses\n\
            the share would be what stands under `as tosses have it`. Common random numbers: a policy that adds three\n\
            points, with the same draws and chance on both sides, against draws and chance of its own.",
    measure: |effort| {
        let n = effort.n_ensembles;
        let robust = cases::robust(1_000, n);
        let (ratio, covered) = cases::common_numbers(400, n);
        let several = Table {
            caption: "Paired differences: draws x replications, share of runs that go up and down, runs of a draw that\n\
                      agree on purpose."
                .to_owned(),
            rows: PAIRED
                .iter()
                .map(|&(n_draws, m, shares, agreeing, is_conditional, promise)| {
                    let case = cases::Paired { n_draws, m, shares, agreeing, is_conditional };
                    let found = cases::paired_coverage(case, n);
                    let given = if is_conditional { ", with conditions in different runs" } else { "" };
                    let [up, down] = shares;
                    let what =
                        format!("{n_draws} x {m}, {up} up, {down} down, agreeing in {agreeing}{given}");
                    Row::rate(what, 0.95, found.covered, n, promise)
                })
                .collect(),
        };
        let told = cases::paired_coverage(
            cases::Paired { n_draws: 400, m: 2, shares: [0.03; 2], agreeing: 0.0, is_conditional: false },
            n,
        )
        .told;
        let first = Table {
            caption: "1,000 draws for regret, 400 for differences.".to_owned(),
            rows: vec![
                Row::within("regret, nine draws in ten", 0.5, robust.p90, 0.485, 0.515),
                Row::share("draws in which the better is best", 0.6, robust.share_best, 0.585, 0.615),
                Row::share("draws that are good enough", 0.25, robust.satisfied.mean, 0.23, 0.27),
                // The parts that a jackknife leaves out share the fit, so its error is told rather too large.
                Row::rate(
                    "draws that are good enough: coverage",
                    0.95,
                    robust.satisfied.covered,
                    n,
                    Promise::AtLeast,
                ),
                Row::share(
                    "the same where no assumption explains it",
                    0.216,
                    robust.unexplained.mean,
                    0.206,
                    0.226,
                ),
                Row::rate(
                    "the same where no assumption explains it: coverage",
                    0.95,
                    robust.unexplained.covered,
                    n,
                    Promise::AtLeast,
                ),
                Row::figure("as tosses have it", format!("{:.1}%", 100.0 * robust.naive)),
                Row::within(
                    "error with common random numbers, as a share of that without",
                    0.25,
                    ratio,
                    0.2,
                    0.3,
                ),
                Row::rate("interval of the paired difference", 0.95, covered, n, Promise::Nominal),
                Row::rate(
                    "a policy that moves as many runs up as down: told from nothing",
                    0.05,
                    told,
                    n,
                    Promise::AtMost,
                ),
            ],
        };
        vec![first, several]
    },
};

/// Draws, replications, shares of runs that go up and down, agreement, condition, promise. Where hardly a run differs the
/// interval is that of Clopper and Pearson, and with few draws their agreement is guarded against, so both are conservative.
const PAIRED: &[(usize, usize, [f64; 2], f64, bool, Promise)] = &[
    (400, 1, [0.03, 0.0], 0.0, false, Promise::Nominal),
    (400, 2, [0.1, 0.0], 0.0, false, Promise::Nominal),
    (400, 2, [0.3, 0.0], 0.0, false, Promise::Nominal),
    (400, 2, [0.0, 0.03], 0.0, false, Promise::Nominal),
    (400, 2, [0.03, 0.02], 0.0, false, Promise::Nominal),
    (400, 2, [0.03, 0.03], 0.0, false, Promise::Nominal),
    (400, 2, [0.03, 0.0], 0.7, false, Promise::Nominal),
    (2_000, 2, [0.01, 0.005], 0.3, false, Promise::Nominal),
    (400, 2, [0.1, 0.05], 0.0, true, Promise::Nominal),
    (400, 2, [0.015, 0.0], 0.0, false, Promise::AtLeast),
    (400, 2, [0.006, 0.0], 0.0, false, Promise::AtLeast),
    (60, 2, [0.1, 0.05], 0.0, false, Promise::AtLeast),
    (60, 2, [0.2, 0.0], 0.5, false, Promise::AtLeast),
];
