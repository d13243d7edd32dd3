//! The evidence of a model as text.
//!
//! Enters: an [`EvidenceDocument`]. Leaves: its sentences, and the whole as text for a terminal. Always holds: sentences come first,
//! tables after them.

use std::fmt::Write as _;

use contingent_report::document::evidence::{EvidenceDocument, GroundKind};

/// Rows of a table that are shown unless all are asked for.
const SHOWN: usize = 12;

/// The findings in sentences, most important first.
pub(super) fn sentences(document: &EvidenceDocument) -> Vec<String> {
    let shares = &document.shares;
    let mut sentences = Vec::new();
    if shares.n_assumptions == 0 {
        sentences.push("The model assumes nothing, so nothing needs grounds.".to_owned());
        return sentences;
    }
    let n_named = document.speakers.iter().filter(|speaker| speaker.name.is_some()).count();
    let n_claims: usize = document.sources.iter().map(|source| source.n_claims).sum();
    sentences.push(format!(
        "{} rest on {} by {} in {}.",
        counted(shares.n_assumptions, "assumption"),
        counted(n_claims, "claim"),
        counted(n_named, "named speaker"),
        counted(document.sources.len(), "source")
    ));
    let percent = shares.judgement_share.unwrap_or(0.0) * 100.0;
    sentences.push(format!(
        "For {} of them a claim states the number, for {} the number is our reading of a claim, and {} {} judgement alone \
         ({percent:.0}%).",
        shares.n_sourced,
        shares.n_our_reading,
        shares.n_judgement_only,
        if shares.n_judgement_only == 1 { "is" } else { "are" }
    ));
    let cited: Vec<_> =
        document.assumptions.iter().filter(|assumption| !assumption.claims.is_empty()).collect();
    let n_single = cited.iter().filter(|assumption| assumption.n_origins == 1).count();
    if !cited.is_empty() {
        sentences.push(format!(
            "Of the {} that cite anybody, {} {} one origin alone; none of these is confirmed by somebody else.",
            cited.len(),
            n_single,
            if n_single == 1 { "has" } else { "have" }
        ));
    }
    let most =
        document.speakers.iter().filter(|speaker| speaker.name.is_some()).find(|s| !s.assumptions.is_empty());
    if let Some((speaker, name)) = most.and_then(|speaker| Some((speaker, speaker.name.as_ref()?))) {
        sentences.push(format!(
            "Most rests on {name}: {}, {} of them on nobody else.",
            counted(speaker.assumptions.len(), "assumption"),
            speaker.alone.len()
        ));
    }
    let n_pinned: usize = document.sources.iter().map(|source| source.n_pinned).sum();
    if n_claims > 0 {
        sentences.push(format!(
            "{n_pinned} of {n_claims} claims have pins, so that a reader with a copy of the source can check them."
        ));
    }
    for answer in &document.answers {
        let Some(first) = answer.hangs_on.first() else { continue };
        let grounds = match first.grounds {
            GroundKind::Judgement => "judgement alone".to_owned(),
            _ => format!(
                "{} of {}{}",
                counted(first.claims.len(), "claim"),
                counted(first.n_origins, "origin"),
                if first.grades.is_empty() {
                    String::new()
                } else {
                    format!(", graded {}", first.grades.join(", "))
                }
            ),
        };
        sentences.push(format!(
            "The answer to `{}` hangs most on `{}` ({:.0}% of its variance by itself), which rests on {grounds}.",
            answer.question,
            first.assumption,
            first.index * 100.0
        ));
    }
    sentences
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The whole as text; with `all`, every row of every table.
pub fn render_evidence(document: &EvidenceDocument, width: usize, all: bool) -> String {
    let mut text = format!("What \"{}\" rests on\n\n", document.model.title);
    for sentence in &document.sentences {
        wrapped(&mut text, sentence, width, "");
    }
    if !document.warnings.is_empty() {
        text.push_str("\nTo look at\n");
        for warning in rows(&document.warnings, all) {
            wrapped(&mut text, &format!("- {}", warning.text), width, "  ");
        }
        more(&mut text, document.warnings.len(), all);
    }
    if !document.speakers.is_empty() {
        text.push_str("\nWho says what\n");
        for speaker in rows(&document.speakers, all) {
            let name = speaker.name.as_deref().unwrap_or("(the sources themselves)");
            let role = speaker.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
            wrapped(
                &mut text,
                &format!(
                    "{name}{role}: {} in {}; {}, {} on nobody else",
                    counted(speaker.claims.len(), "claim"),
                    speaker.sources.join(", "),
                    counted(speaker.assumptions.len(), "assumption"),
                    speaker.alone.len()
                ),
                width,
                "    ",
            );
        }
        more(&mut text, document.speakers.len(), all);
    }
    if !document.sources.is_empty() {
        text.push_str("\nSources\n");
        for source in &document.sources {
            let grade = source.grade.as_ref().map(|grade| format!(" [{grade}]")).unwrap_or_default();
            wrapped(
                &mut text,
                &format!(
                    "{}{grade} {}: {} of {} cited, {} with pins; behind {}",
                    source.name,
                    source.title,
                    source.n_cited,
                    counted(source.n_claims, "claim"),
                    source.n_pinned,
                    counted(source.assumptions.len(), "assumption")
                ),
                width,
                "    ",
            );
        }
    }
    let cited: Vec<_> =
        document.assumptions.iter().filter(|assumption| !assumption.claims.is_empty()).collect();
    if !cited.is_empty() {
        text.push_str("\nAssumptions and their origins\n");
        for assumption in rows(&cited, all) {
            let who = if assumption.speakers.is_empty() { &assumption.sources } else { &assumption.speakers };
            let grades = if assumption.grades.is_empty() {
                String::new()
            } else {
                format!(" [{}]", assumption.grades.join(", "))
            };
            let reading = if assumption.grounds == GroundKind::OurReading { "; our reading" } else { "" };
            let reading =
                if assumption.grounds == GroundKind::Judgement { "; cited in views only" } else { reading };
            wrapped(
                &mut text,
                &format!(
                    "{}: {} from {}{grades}: {}{reading}",
                    assumption.name,
                    counted(assumption.claims.len(), "claim"),
                    counted(assumption.n_origins, "origin"),
                    who.join(", ")
                ),
                width,
                "    ",
            );
        }
        more(&mut text, cited.len(), all);
    }
    let judged: Vec<&str> = document
        .assumptions
        .iter()
        .filter(|assumption| assumption.claims.is_empty())
        .map(|assumption| assumption.name.as_str())
        .collect();
    if !judged.is_empty() {
        text.push_str("\nJudgement alone\n");
        wrapped(&mut text, &judged.join(", "), width, "");
    }
    if !document.uncited_claims.is_empty() {
        text.push_str("\nClaims that nothing cites\n");
        wrapped(&mut text, &document.uncited_claims.join(", "), width, "");
    }
    for answer in document.answers.iter().filter(|answer| !answer.hangs_on.is_empty()) {
        let _ = write!(text, "\nWhat `{}` hangs on\n", answer.question);
        for entry in rows(&answer.hangs_on, all) {
            let grounds = match entry.grounds {
                GroundKind::Judgement => "judgement alone".to_owned(),
                _ => format!("{} [{}]", counted(entry.n_origins, "origin"), entry.grades.join(", ")),
            };
            let _ = writeln!(text, "{:>5.0}%  {}: {grounds}", entry.index * 100.0, entry.assumption);
        }
        more(&mut text, answer.hangs_on.len(), all);
    }
    text
}

fn rows<T>(all_rows: &[T], all: bool) -> impl Iterator<Item = &T> {
    all_rows.iter().take(if all { usize::MAX } else { SHOWN })
}

fn more(text: &mut String, n: usize, all: bool) {
    if !all && n > SHOWN {
        let _ = writeln!(text, "... and {} more; `--all` shows them", n - SHOWN);
    }
}

/// Adds a paragraph, broken at spaces, with further lines set in.
fn wrapped(text: &mut String, words: &str, width: usize, indent: &str) {
    let mut column = 0;
    for word in words.split(' ') {
        let n = word.chars().count();
        if column > 0 && column + 1 + n > width.max(40) {
            text.push('\n');
            text.push_str(indent);
            column = indent.len();
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += n;
    }
    text.push('\n');
}
