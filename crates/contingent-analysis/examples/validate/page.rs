//! The parts of the page: sections, tables, rows that hold or do not.
//!
//! Enters: figures with their truth and what is allowed. Leaves: Markdown. Always holds: a row says by itself whether it
//! holds, so that the page cannot praise what failed; nothing on the page depends on the machine or the clock.

use std::fmt::Write as _;

/// A part of the page.
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: &'static str,
    /// What is shown and how it was measured, in full sentences.
    pub(crate) about: &'static str,
    /// Measures.
    pub(crate) measure: fn() -> Vec<Table>,
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
    allowed: String,
    holds: bool,
}

impl Row {
    /// A figure that should be near a known value; the bounds say how near, and hold at their ends.
    pub(crate) fn within(what: impl Into<String>, truth: f64, found: f64, low: f64, high: f64) -> Self {
        Self {
            what: what.into(),
            truth: number(truth),
            found: number(found),
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
            allowed: format!("{} to {}", percent(low), percent(high)),
            holds: (low..=high).contains(&found),
        }
    }

    /// An error, or a rate of false alarms, that should be small.
    pub(crate) fn at_most(what: impl Into<String>, found: f64, bound: f64) -> Self {
        let shown = if found != 0.0 && found.abs() < 1e-4 { format!("{found:.0e}") } else { number(found) };
        let allowed =
            if bound < 1e-4 { format!("at most {bound:.0e}") } else { format!("at most {}", number(bound)) };
        Self { what: what.into(), truth: "0".to_owned(), found: shown, allowed, holds: found.abs() <= bound }
    }

    /// A figure to know, which nothing is promised about.
    pub(crate) fn figure(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            truth: String::new(),
            found: found.into(),
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

/// The page, and the rows that do not hold.
pub(crate) fn write(sections: &[Section], progress: impl Fn(&str)) -> (String, Vec<String>) {
    let mut text = String::from(
        "<!-- Written by `cargo xtask validate`; do not edit. -->\n\n\
         # How far the statistics were checked\n\n\
         Every estimator is run here on cases whose answer is known. `truth` is that answer or the promised rate, `found`\n\
         what the estimator gives, `allowed` the bounds that were set beforehand; a row outside of them is marked and the\n\
         command fails. All random numbers are keyed, so the page is the same on every machine. The tests of\n\
         `contingent-analysis` hold smaller versions of the same cases.\n",
    );
    let mut failed = Vec::new();
    for section in sections {
        progress(section.title);
        let _ = write!(text, "\n## {}\n\n{}\n", section.title, section.about);
        for table in (section.measure)() {
            let _ = write!(text, "\n{}\n\n", table.caption);
            text += "| case | truth | found | allowed | |\n|---|---:|---:|---|---|\n";
            for row in &table.rows {
                let mark = if row.holds { "" } else { "**does not hold**" };
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {mark} |",
                    row.what, row.truth, row.found, row.allowed
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
