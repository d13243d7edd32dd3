//! Intervals, stopping by looks, first passage, the worth of knowledge, signals, regret, common random numbers.

use crate::cases;
use crate::page::{Row, Section, Table};

const N: u64 = 10_000;

/// Intervals for a probability.
pub(crate) const INTERVALS: Section = Section {
    title: "Coverage of the interval for a probability",
    about: "Wilson's interval, or Clopper and Pearson's with few occurrences, with draws as clusters; 500 draws, 10,000\n\
            ensembles. `share` is the part of the variance of a single run that comes from what is not known. Nominal is\n\
            95%; a point either way is allowed, and more above: where a draw's runs all but agree, outcomes are coarse and\n\
            the interval is conservative. Rare events (below ten occurrences) promise 95% less the point and a half by\n\
            which a one-sided bound at zero and a two-sided interval above it meet.",
    measure: || {
        let mut rows = Vec::new();
        for m in [1, 2] {
            for p in [0.05, 0.21, 0.5, 0.93] {
                for share in [0.0, 0.5, 0.95] {
                    let found = cases::interval_coverage(p, share, m, 500, N);
                    let what =
                        format!("p {p}, share {share}, {m} replication{}", if m == 1 { "" } else { "s" });
                    rows.push(Row::share(what, 0.95, found, 0.94, 0.98));
                }
            }
        }
        let common = Table { caption: "Probabilities that are not rare.".to_owned(), rows };
        let mut rows = Vec::new();
        for expected in [0.3, 1.5, 3.1, 6.0] {
            let found = cases::interval_coverage(expected / 1_000.0, 0.0, 2, 500, N);
            rows.push(Row::share(format!("{expected} occurrences expected"), 0.95, found, 0.935, 1.0));
        }
        vec![common, Table { caption: "Rare events: 1,000 runs.".to_owned(), rows }]
    },
};

/// Stopping by looks.
pub(crate) const SEQUENTIAL: Section = Section {
    title: "Stopping when the interval is narrow enough",
    about: "`--precision 5%`: looks at fixed numbers of draws, each with a share of the 5% of error; 10,000 ensembles.\n\
            The sum of the errors bounds the whole, so coverage is at least 95%. For comparison, an interval of 95% at\n\
            every look.",
    measure: || {
        let (mut kept, mut naive) = (Vec::new(), Vec::new());
        for (p, share) in [(0.5, 0.0), (0.3, 0.6), (0.12, 0.3), (0.04, 0.0), (0.9, 0.9)] {
            let found = cases::sequential(p, share, 0.05, N);
            let what = format!("p {p}, share {share}: {:.0} draws on average", found.mean_draws);
            kept.push(Row::share(what, 0.95, found.coverage, 0.945, 1.0));
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
    about: "An event with a constant hazard, uniform on 0.01..0.05 a step between draws; 500 draws with two replications,\n\
            10,000 ensembles. The interval of a point holds for its time alone.",
    measure: || {
        let [early, late] = cases::passage_coverage(500, N);
        vec![Table {
            caption: "Coverage of the point at a time.".to_owned(),
            rows: vec![
                Row::share("step 10, near one quarter", 0.95, early, 0.94, 0.97),
                Row::share("step 60, near four fifths", 0.95, late, 0.94, 0.97),
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
    measure: || {
        let [one, two, repeated, nothing] = cases::knowledge(2_000, 2_000);
        let mut brier = Vec::new();
        for (what, found) in [("one assumption", one), ("two", two), ("two that agree", repeated)] {
            brier.push(Row::within(what, found.truth, found.mean, 0.97 * found.truth, 1.03 * found.truth));
            brier.push(Row::share(format!("{what}: coverage"), 0.95, found.covered, 0.93, 0.97));
        }
        brier.push(Row::share("one that does nothing: told from nothing", 0.05, nothing.told, 0.03, 0.07));
        let found = cases::information(1_500, 1_000);
        let mut choices = Vec::new();
        for (place, what) in ["two alternatives", "three alternatives"].into_iter().enumerate() {
            let one = found.cross[place];
            choices.push(Row::within(what, one.truth, one.mean, 0.96 * one.truth, 1.01 * one.truth));
            let usual = found.in_sample[place];
            choices.push(Row::within(
                format!("{what}: the usual figure"),
                one.truth,
                usual,
                0.93 * one.truth,
                1.04 * one.truth,
            ));
            choices.push(Row::share(format!("{what}: coverage"), 0.95, one.covered, 0.92, 0.98));
        }
        let told = found.cross[2].told;
        choices.push(Row::share("knowledge that changes nothing: told from nothing", 0.05, told, 0.0, 0.06));
        choices.push(Row::figure(
            "the same, usual figure on average",
            format!("{:.4} instead of 0", found.in_sample[2]),
        ));
        vec![
            Table { caption: "Expected fall of the Brier score, 2,000 draws.".to_owned(), rows: brier },
            Table { caption: "Value of partial information, 1,500 draws.".to_owned(), rows: choices },
        ]
    },
};

/// Signals.
pub(crate) const SIGNALS: Section = Section {
    title: "What to watch",
    about: "An indicator that is normal around 0 where the answer is no and around `distance` where it is yes; both\n\
            replications of a draw share three fifths of its variance, and their outcomes agree on purpose in some draws.\n\
            1,000 draws, 2,000 ensembles. The threshold is chosen on half of the draws and measured on the other, so the\n\
            likelihood ratio is that of the threshold that was chosen.",
    measure: || {
        let mut rows = Vec::new();
        for (distance, agreeing) in [(0.8, 0.0), (0.8, 0.7), (1.6, 0.3)] {
            let found = cases::signals(distance, agreeing, 1_000, 2_000);
            let what = format!("distance {distance}, agreeing in {agreeing}");
            let truth = found.area.truth;
            rows.push(Row::within(
                format!("{what}: area"),
                truth,
                found.area.mean,
                truth - 0.002,
                truth + 0.002,
            ));
            rows.push(Row::share(format!("{what}: area, coverage"), 0.95, found.area.covered, 0.935, 0.965));
            rows.push(Row::share(format!("{what}: ratio, coverage"), 0.95, found.ratio_covered, 0.93, 0.975));
            let truth = found.gain.truth;
            rows.push(Row::within(
                format!("{what}: fall of the Brier score"),
                truth,
                found.gain.mean,
                0.97 * truth,
                1.03 * truth,
            ));
            rows.push(Row::share(format!("{what}: fall, coverage"), 0.95, found.gain.covered, 0.93, 0.975));
        }
        let nothing = cases::signals(0.0, 0.5, 600, 4_000);
        rows.push(Row::share("no distance: told from nothing", 0.05, nothing.area.told, 0.04, 0.06));
        vec![Table { caption: "Two normal populations.".to_owned(), rows }]
    },
};

/// Regret and common random numbers.
pub(crate) const POLICIES: Section = Section {
    title: "Policies",
    about: "Regret and the share of draws that is good enough are of what is expected in a draw; counted from two tosses\n\
            the share would be what stands under `as tosses have it`. Common random numbers: a policy that adds three\n\
            points, with the same draws and chance on both sides, against draws and chance of its own.",
    measure: || {
        let robust = cases::robust(2_000, 300);
        let (ratio, covered) = cases::common_numbers(400, 5_000);
        vec![Table {
            caption: "2,000 draws for regret, 400 for differences.".to_owned(),
            rows: vec![
                Row::within("regret, nine draws in ten", 0.5, robust.p90, 0.485, 0.515),
                Row::share("draws in which the better is best", 0.6, robust.share_best, 0.585, 0.615),
                Row::share("draws that are good enough", 0.25, robust.satisfied, 0.235, 0.265),
                Row::figure("as tosses have it", format!("{:.1}%", 100.0 * robust.naive)),
                Row::within(
                    "error with common random numbers, as a share of that without",
                    0.25,
                    ratio,
                    0.2,
                    0.3,
                ),
                Row::share("interval of the paired difference", 0.95, covered, 0.94, 0.97),
            ],
        }]
    },
};
