//! The parts of the page: sections, tables, rows that hold or do not.
//!
//! Enters: figures with their truth and what is allowed. Leaves: Markdown. Always holds: a row says by itself whether it
//! holds, so that the page cannot praise what failed; nothing on the page depends on the machine or the clock.

use std::fmt::Write as _;

use contingent_analysis::words::thousands;

/// How many ensembles stand behind a coverage.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// Ensembles behind each coverage.
    pub(crate) n_ensembles: u64,
}

impl Effort {
    /// Some other number of ensembles, made smaller in the same proportion.
    pub(crate) fn of(self, n_ensembles: u64) -> u64 {
        (n_ensembles * self.n_ensembles / FULL).max(20)
    }
}

/// Ensembles behind each coverage of the full version.
pub(crate) const FULL: u64 = 10_000;

/// A part of the page.
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: &'static str,
    /// What is shown and how it was measured, in full sentences.
    pub(crate) about: &'static str,
    /// Measures.
    pub(crate) measure: fn(Effort) -> Vec<Table>,
}

/// A table with its caption.
pub(crate) struct Table {
    /// What the rows have in common.
    pub(crate) caption: String,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

/// One figure.
pub(crate) struct Row {
    what: String,
    truth: String,
    found: String,
    error: String,
    allowed: String,
    holds: bool,
}

/// What is promised of a coverage.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Promise {
    /// Within a point of nominal.
    Nominal,
    /// No less than a point below nominal: outcomes are coarse, or the interval is conservative on purpose.
    AtLeast,
    /// No more than this; for false alarms.
    AtMost,
}

impl Row {
    /// How often an interval held the truth, or an alarm was false, over some ensembles; nominal is 95% or 5%. A point is
    /// allowed, and with fewer than the full number of ensembles three Monte Carlo errors besides.
    pub(crate) fn rate(what: impl Into<String>, nominal: f64, found: f64, n: u64, promise: Promise) -> Self {
        let percent = |share: f64| format!("{}%", number(100.0 * share));
        let error = (nominal * (1.0 - nominal) / n as f64).sqrt();
        let off = 0.01 + if n < FULL { 3.0 * error } else { 0.0 };
        let low = if promise == Promise::AtMost { 0.0 } else { nominal - off };
        let high = if promise == Promise::AtLeast { 1.0 } else { (nominal + off).min(1.0) };
        // Sums of shares may exceed one in the last bit.
        let shown = (found * (1.0 - found)).max(0.0).sqrt() / (n as f64).sqrt();
        Self {
            what: what.into(),
            truth: percent(nominal),
            found: format!("{:.2}%", 100.0 * found),
            error: format!("{:.2}", 100.0 * shown),
            allowed: match promise {
                Promise::Nominal => format!("{:.1}% to {:.1}%", 100.0 * low, 100.0 * high),
                Promise::AtLeast => format!("at least {:.1}%", 100.0 * low),
                Promise::AtMost => format!("at most {:.1}%", 100.0 * high),
            },
            holds: (low - 1e-9..=high + 1e-9).contains(&found),
        }
    }

    /// A figure that should be near a known value; the bounds say how near, and hold at their ends.
    pub(crate) fn within(what: impl Into<String>, truth: f64, found: f64, low: f64, high: f64) -> Self {
        Self {
            what: what.into(),
            truth: number(truth),
            found: number(found),
            error: String::new(),
            allowed: format!("{} to {}", number(low), number(high)),
            holds: (low..=high).contains(&found),
        }
    }

    /// A share of a hundred that should be near a promised one.
    pub(crate) fn share(what: impl Into<String>, promised: f64, found: f64, low: f64, high: f64) -> Self {
        let percent = |share: f64| format!("{}%", number(100.0 * share));
        Self {
            what: what.into(),
            truth: percent(promised),
            found: percent(found),
            error: String::new(),
            allowed: format!("{} to {}", percent(low), percent(high)),
            holds: (low..=high).contains(&found),
        }
    }

    /// An error, or a rate of false alarms, that should be small.
    pub(crate) fn at_most(what: impl Into<String>, found: f64, bound: f64) -> Self {
        let shown = if found != 0.0 && found.abs() < 1e-4 { format!("{found:.0e}") } else { number(found) };
        let allowed =
            if bound < 1e-4 { format!("at most {bound:.0e}") } else { format!("at most {}", number(bound)) };
        Self {
            what: what.into(),
            truth: "0".to_owned(),
            found: shown,
            error: String::new(),
            allowed,
            holds: found.abs() <= bound,
        }
    }

    /// A figure to know, which nothing is promised about.
    pub(crate) fn figure(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            truth: String::new(),
            found: found.into(),
            error: String::new(),
            allowed: String::new(),
            holds: true,
        }
    }
}

/// At most four decimals, without needless zeros.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The page, and the rows that do not hold. With `only`, the sections whose title holds the words.
pub(crate) fn write(
    sections: &[Section],
    effort: Effort,
    only: Option<&str>,
    progress: impl Fn(&str),
) -> (String, Vec<String>) {
    let mut text = format!(
        "<!-- Written by `cargo xtask validate{}`; do not edit. -->\n\n\
         # How far the statistics were checked\n\n\
         Every estimator is run here on cases whose answer is known. `truth` is that answer or the promised rate, `found`\n\
         what the estimator gives, `error` the Monte Carlo error of a rate in points, `allowed` the bounds that were set\n\
         beforehand; a row outside of them is marked and the command fails. Coverages are over {} ensembles unless a\n\
         section says otherwise, and a point either way of 95% is allowed. All random numbers are keyed, so the page is the\n\
         same on every machine. The tests of `contingent-analysis` hold smaller versions of the same cases.\n",
        if effort.n_ensembles == FULL { " --full" } else { "" },
        thousands(effort.n_ensembles as f64, 0)
    );
    let mut failed = Vec::new();
    let wanted = |section: &&Section| only.is_none_or(|words| section.title.contains(words));
    for section in sections.iter().filter(wanted) {
        progress(section.title);
        let _ = write!(text, "\n## {}\n\n{}\n", section.title, section.about);
        for table in (section.measure)(effort) {
            let _ = write!(text, "\n{}\n\n", table.caption);
            text += "| case | truth | found | error | allowed | |\n|---|---:|---:|---:|---|---|\n";
            for row in &table.rows {
                let mark = if row.holds { "" } else { "**does not hold**" };
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} | {mark} |",
                    row.what, row.truth, row.found, row.error, row.allowed
                );
                if !row.holds {
                    failed.push(format!(
                        "{}: {}: found {}, allowed {}",
                        section.title, row.what, row.found, row.allowed
                    ));
                }
            }
        }
    }
    (text, failed)
}
