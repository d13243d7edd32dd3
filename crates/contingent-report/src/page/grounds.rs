//! The sections on the model itself: how it thinks, whether it was right, what it rests on, its limits, how to run it again.
//!
//! Enters: a [`Report`]. Leaves: blocks. Always holds: what is not known about the model is said; an assumption without a source is
//! flagged; nothing of a source but its address leaves the ledger.

use std::collections::BTreeMap;

use contingent_analysis::words::fixed;

use super::headline::runs;
use super::numbers::percent;
use crate::content::{Attachment, Block, Grid, Line, Piece, Section, Tone, lead, markdown, paragraph, quiet};
use crate::document::answer::{QuestionAnswer, QuestionKind};
use crate::document::checklists::Checklist;
use crate::document::evidence::GroundKind;
use crate::document::report::{
    ClaimRecord, DescriptionKind, DescriptionLevel, DescriptionSection, Report, SourceRecord,
};
use crate::html::{Target, id_of};
use crate::words::iso_date_in_words;
use crate::words::number::in_100;
use crate::words::text::{capitalised, count, listed, with_stop};

/// Feedback loops that are told without being asked for.
const N_LOOPS: usize = 3;

/// How the model thinks.
pub(super) fn model(report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(map) = &report.map {
        blocks.push(paragraph(Line::ours(
            "Who and what acts on what: an arrow with a plus pushes up, a dashed one with a minus pushes down; the thicker, the \
             more the first answer hangs on it.",
        )));
        blocks.push(Block::Figure { wide: Box::new(crate::map::map(map)), narrow: None });
    }
    if let Some(section) = report.description.iter().find(|section| section.about == DescriptionKind::Loops) {
        blocks.extend(loops(section));
    }
    let rest = whole_prose(report);
    if is_long(report) {
        blocks.push(quiet(
            Line::ours("The whole model in plain English is packed with its texts, as ")
                .and_code(PROSE_FILE)
                .and(" (")
                .and_link("limits", "to save")
                .and(")."),
        ));
    } else if !rest.is_empty() {
        blocks.push(Block::Details {
            id: "in-prose".to_owned(),
            summary: Line::ours("The whole model in plain English"),
            blocks: rest,
        });
    }
    if blocks.is_empty() {
        blocks.push(lead(Line::ours("The model was not told in prose.")));
    }
    blocks
}

/// The name under which a long description is packed.
const PROSE_FILE: &str = "in-plain-english.md";

/// Prose of more bytes than this is packed with the texts of the model, for a page that can be mailed.
const LONG_PROSE: usize = 8_000;

fn is_long(report: &Report) -> bool {
    let sections = report.description.iter().filter(|section| section.about == DescriptionKind::Other);
    sections.flat_map(|section| &section.paragraphs).map(|told| told.text.len()).sum::<usize>() > LONG_PROSE
}

/// The model in prose, without its loops.
fn whole_prose(report: &Report) -> Vec<Block> {
    report
        .description
        .iter()
        .filter(|section| section.about == DescriptionKind::Other)
        .flat_map(|section| {
            std::iter::once(Block::Heading(Line::ours(section.heading.clone()))).chain(prose(section))
        })
        .collect()
}

/// The loops: the first few told, all of them folded.
fn loops(section: &DescriptionSection) -> Vec<Block> {
    let told: Vec<Line> = section
        .paragraphs
        .iter()
        .filter(|paragraph| paragraph.level == DescriptionLevel::Point)
        .map(|paragraph| Line::words(paragraph.text.clone()))
        .collect();
    let texts = || section.paragraphs.iter().filter(|paragraph| paragraph.level == DescriptionLevel::Text);
    if told.len() <= N_LOOPS {
        let mut blocks: Vec<Block> = Vec::new();
        for (place, paragraph) in texts().enumerate() {
            let line = Line::words(paragraph.text.clone());
            blocks.push(if place == 0 { lead(line) } else { crate::content::paragraph(line) });
        }
        if !told.is_empty() {
            blocks.push(Block::Points(told));
        }
        return blocks;
    }
    let mut blocks = vec![
        lead(Line::ours(
            "What happens feeds back on what happens next. The shortest loops through several parts of the model:",
        )),
        Block::Points(told.iter().take(N_LOOPS).cloned().collect()),
    ];
    let mut folded: Vec<Block> = texts().map(|text| paragraph(Line::words(text.text.clone()))).collect();
    folded.push(Block::Points(told));
    blocks.push(Block::Details {
        id: "loops".to_owned(),
        summary: Line::ours("All feedback loops that were told"),
        blocks: folded,
    });
    blocks
}

/// Prose as blocks; points that follow each other are one list.
fn prose(section: &DescriptionSection) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for told in &section.paragraphs {
        let line = Line::words(told.text.clone());
        match told.level {
            DescriptionLevel::Text => blocks.push(paragraph(line)),
            DescriptionLevel::Heading => {
                blocks.push(paragraph(Line::default().and_strong(told.text.clone())));
            }
            DescriptionLevel::Entry => {
                let title = told.title.as_deref().map(with_stop).unwrap_or_default();
                blocks.push(paragraph(Line::default().and_strong(title).and(" ").then(line)));
            }
            DescriptionLevel::Point => {
                if let Some(Block::Points(points)) = blocks.last_mut() {
                    points.push(line);
                } else {
                    blocks.push(Block::Points(vec![line]));
                }
            }
        }
    }
    blocks
}

/// Has it been right.
pub(super) fn validation(report: &Report) -> Vec<Block> {
    let answer = &report.answer;
    let mut blocks = Vec::new();
    if report.backtest.scores.is_empty() {
        blocks.push(lead(
            Line::default()
                .and_strong("Not yet known")
                .and(". This model was never compared with what happened; take every number above as a claim that is still to be tested."),
        ));
        if let Some(comparison) = &answer.comparison {
            let data: Vec<String> = comparison
                .observations
                .iter()
                .map(|observation| {
                    format!(
                        "{} of {} by {}",
                        count(observation.n_values, "value"),
                        observation.label.as_deref().unwrap_or(&observation.id),
                        observation.period
                    )
                })
                .collect();
            blocks.push(paragraph(
                Line::ours("Data stand beside it, but no answer follows from them yet: ")
                    .and_words(listed(&data))
                    .and("."),
            ));
        }
        blocks.extend(how_to_score(report));
    } else {
        let misses = report.backtest.scores.iter().filter(|score| score.is_miss).count();
        blocks.push(lead(Line::ours(format!(
            "Compared with events on {}; worse than its baseline on {misses} of them. Misses stand first.",
            count(report.backtest.scores.len(), "question")
        ))));
        let rows = report
            .backtest
            .scores
            .iter()
            .map(|score| {
                vec![
                    Line::words(score.label.clone()),
                    Line::ours(score.score.clone()),
                    Line::ours(format!("{:.3}", score.value)),
                    Line::ours(format!("{:.3}", score.baseline)),
                    Line::ours(score.baseline_name.clone()),
                    Line::ours(if score.is_miss { "miss" } else { "better" }),
                ]
            })
            .collect();
        blocks.push(Block::Grid(Grid {
            caption: "Scores against baselines; lower is better".to_owned(),
            head: ["Question", "Score", "Model", "Baseline", "Which baseline", "Verdict"]
                .map(str::to_owned)
                .to_vec(),
            numeric: vec![false, false, true, true, false, false],
            rows,
            is_wide: true,
        }));
    }
    let rows: Vec<Vec<Line>> = report
        .backtest
        .due
        .iter()
        .filter_map(|due| {
            let question = answer.questions.iter().find(|question| question.id == due.question)?;
            Some(vec![
                // How it resolves stands with the question.
                Line::default().and_link(&place_of(report, question), question.label.clone()),
                Line::ours(due.by.clone().unwrap_or_else(|| "the model has no dates".to_owned())),
            ])
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(Block::Details {
            id: "due".to_owned(),
            summary: Line::ours("What would be compared, and when it is due"),
            blocks: vec![Block::Grid(Grid {
                caption: "Questions that events will settle".to_owned(),
                head: ["Question, with how it resolves", "Due"].map(str::to_owned).to_vec(),
                numeric: Vec::new(),
                rows,
                is_wide: true,
            })],
        });
    }
    blocks
}

/// Where a question stands with its answer.
fn place_of(report: &Report, question: &QuestionAnswer) -> String {
    let is_first = report.answer.questions.first().is_some_and(|first| first.id == question.id);
    if is_first { "answer".to_owned() } else { id_of(&["q", &question.id]) }
}

/// How a reader scores the answers, and what they have to beat.
fn how_to_score(report: &Report) -> Option<Block> {
    let answer = &report.answer;
    let asks = answer.questions.iter().any(|question| question.kind == QuestionKind::Probability);
    if !asks {
        return None;
    }
    let mut line = Line::ours(
        "To score it, keep this page, look up each question on the day that it is due, and take the square of the distance between \
         the number and what happened, 1 or 0 (Brier 1950; 0 is perfect, always saying 50 in 100 scores 0.25).",
    );
    let first = answer.questions.first();
    if let Some(found) = first.and_then(|question| question.find_out.as_ref()) {
        line = line.and(format!(
            " If the model is right about itself it will score {} on the first question, on average over such questions.",
            fixed(found.expected_brier, 2)
        ));
    }
    let middle =
        first.and_then(|question| question.base_rate.as_ref()).map(|rate| f64::midpoint(rate.low, rate.high));
    if let Some(middle) = middle {
        line = line.and(format!(
            " The baseline to beat there is the middle of the base rate, {} in 100: it scores {} if it comes and {} if it does not.",
            in_100(middle),
            fixed((1.0 - middle) * (1.0 - middle), 2),
            fixed(middle * middle, 2)
        ));
    }
    Some(paragraph(line))
}

/// Who said what, and what rests on it.
pub(super) fn sources(report: &Report) -> Vec<Block> {
    let shares = &report.evidence.shares;
    let n = shares.n_assumptions;
    let mut blocks = Vec::new();
    if n == 0 {
        blocks.push(lead(Line::ours("The model assumes nothing, so nothing needs grounds.")));
    } else {
        let judged = shares.n_judgement_only;
        let percent_judged = percent(judged as f64 / n as f64);
        blocks.push(lead(Line::ours(format!(
            "{} {} judgement alone, {} of {}. For {} a claim states the number; for {} the number is our reading of a claim.",
            capitalised(&count(judged, "assumption")),
            if judged == 1 { "rests on" } else { "rest on" },
            percent_judged,
            count(n, "assumption"),
            shares.n_sourced,
            shares.n_our_reading
        ))));
    }
    if let Some(verification) = &report.answer.verification {
        blocks.push(paragraph(Line::ours(verification.sentence.clone())));
    }
    blocks.extend(
        report
            .evidence
            .warnings
            .iter()
            .filter(|warning| about_headline(report, &warning.text))
            .map(|warning| Block::Paragraph(Tone::Warning, Line::words(warning.text.clone()))),
    );
    blocks.extend(claims(report));
    blocks.extend(unsourced(report));
    if !report.sources.is_empty() {
        blocks.push(Block::Details {
            id: "printed".to_owned(),
            summary: Line::ours(format!("Where it was printed: {}", count(report.sources.len(), "source"))),
            blocks: vec![
                Block::Points(report.sources.iter().map(source).collect()),
                quiet(Line::ours(
                    "Grades are on the Admiralty scale: a letter for the source (A completely reliable to E unreliable, F cannot \
                     be judged) and a number for the claim (1 confirmed to 5 improbable, 6 cannot be judged). They are never \
                     turned into probabilities.",
                )),
            ],
        });
    }
    blocks
}

/// Whether a warning is about the first question, so that it belongs on the page.
fn about_headline(report: &Report, warning: &str) -> bool {
    report.answer.questions.first().is_some_and(|question| warning.contains(&format!("`{}`", question.id)))
}

fn claims(report: &Report) -> Vec<Block> {
    if report.claims.is_empty() {
        return vec![paragraph(Line::ours("The model cites no claim."))];
    }
    let mut ordered: Vec<&ClaimRecord> = report.claims.iter().collect();
    ordered.sort_by(|a, b| {
        let weight =
            |claim: &ClaimRecord| if claim.distinguishable { claim.weight.unwrap_or(0.0) } else { 0.0 };
        weight(b).total_cmp(&weight(a)).then(b.assumptions.len().cmp(&a.assumptions.len()))
    });
    let rows = ordered.into_iter().map(|claim| claim_row(report, claim)).collect();
    vec![Block::Details {
        id: "claims".to_owned(),
        summary: Line::ours(format!("Who said what: {}, in our words", count(report.claims.len(), "claim"))),
        blocks: vec![
            Block::Grid(Grid {
                caption: "Claims with their speakers, sources, grades and weight".to_owned(),
                head: ["Claim, in our words", "Speaker", "Source", "Kind", "Grade", "Rests on it", "Weight"]
                    .map(str::to_owned)
                    .to_vec(),
                numeric: vec![false, false, false, false, false, false, true],
                rows,
                is_wide: true,
            }),
            quiet(Line::ours(
                "Weight: at most this share of what we do not know about the first answer would go if everything that rests on \
                 the claim were settled; a hyphen where these runs cannot tell it from nothing. Claims that rest on the same \
                 assumptions share their weight, so weights do not add up.",
            )),
        ],
    }]
}

fn claim_row(report: &Report, claim: &ClaimRecord) -> Vec<Line> {
    let source = report.sources.iter().find(|source| source.name == claim.source);
    let speaker = match (&claim.speaker, &claim.role) {
        (Some(speaker), Some(role)) => Line::words(speaker.clone()).and(", ").and_words(role.clone()),
        (Some(speaker), None) => Line::words(speaker.clone()),
        (None, _) => Line::ours("the source itself"),
    };
    let voice = match claim.voice.as_deref() {
        Some("reported") => vec!["paraphrased".to_owned()],
        Some("mixed") => vec!["partly in own words".to_owned()],
        _ => Vec::new(),
    };
    let marks: Vec<String> =
        claim.kinds.iter().cloned().chain(voice).chain(claim.tags.iter().cloned()).collect();
    let labels: Vec<String> = claim
        .assumptions
        .iter()
        .map(|name| {
            let known = report.assumptions.iter().find(|assumption| assumption.name == *name);
            known.map_or_else(|| name.clone(), |assumption| assumption.label.clone())
        })
        .collect();
    let rests = match (labels.is_empty(), claim.views.is_empty()) {
        (true, true) => Line::ours("nothing"),
        (true, false) => Line::ours("a reading only"),
        _ => Line::words(listed(&labels)),
    };
    let weight = match claim.weight {
        Some(weight) if claim.distinguishable => Line::ours(percent(weight)),
        _ => Line::ours("-"),
    };
    let says = Line(vec![
        Piece::Words(with_stop(&claim.says)),
        Piece::Ours(" ".to_owned()),
        Piece::Anchor(id_of(&["claim", &claim.name]), claim.name.clone()),
    ]);
    vec![
        says,
        speaker,
        Line::words(source.map_or_else(|| claim.source.clone(), |source| source.title.clone())),
        Line::words(marks.join(", ")),
        Line::ours(claim.grade.clone().unwrap_or_else(|| "-".to_owned())),
        rests,
        weight,
    ]
}

/// Assumptions without a source, those that matter first.
fn unsourced(report: &Report) -> Option<Block> {
    let mut bare: Vec<_> =
        report.assumptions.iter().filter(|assumption| assumption.grounds == GroundKind::Judgement).collect();
    if bare.is_empty() {
        return None;
    }
    bare.sort_by(|a, b| b.index.unwrap_or(0.0).total_cmp(&a.index.unwrap_or(0.0)));
    let points = bare
        .iter()
        .map(|assumption| {
            let line = Line::default().and_strong(assumption.label.clone());
            let line = match &assumption.judgement {
                Some(judgement) => line.and(": ").and_words(with_stop(judgement)),
                None => line.and("."),
            };
            match assumption.index {
                Some(index) => {
                    line.and(format!(" The first answer hangs on it ({} by itself).", percent(index)))
                }
                None => line,
            }
        })
        .collect();
    Some(Block::Group(
        "unsourced",
        vec![
            Block::Heading(Line::ours(match bare.len() {
                1 => "One assumption has no source".to_owned(),
                n => format!("{} have no source", capitalised(&count(n, "assumption"))),
            })),
            Block::Points(points),
        ],
    ))
}

fn source(source: &SourceRecord) -> Line {
    let mut line = match source.url.as_deref().and_then(Target::web) {
        Some(target) => Line(vec![Piece::Link(target, source.title.clone())]),
        None => Line::words(source.title.clone()),
    };
    if let Some(publisher) = &source.publisher {
        line = line.and(", ").and_words(publisher.clone());
    }
    if let Some(date) = &source.date {
        line = line.and(format!(", {}", iso_date_in_words(date)));
    }
    if let Some(grade) = &source.grade {
        line = line.and(format!(", graded {grade}"));
    }
    line.and(".")
}

/// Limits, and how to run it again.
pub(super) fn limits(report: &Report, last: Option<Block>) -> Vec<Block> {
    let answer = &report.answer;
    let mut blocks = vec![
        lead(Line::ours("Not for: ").and_words(with_stop(&answer.model.not_for))),
        paragraph(Line::ours("Made for: ").and_words(with_stop(&answer.model.purpose))),
    ];
    let of_question = |warning: &str| {
        answer.questions.iter().any(|question| warning.starts_with(&format!("{}: ", question.id)))
    };
    blocks.extend(
        answer
            .warnings
            .iter()
            .filter(|warning| !of_question(warning))
            .map(|warning| Block::Paragraph(Tone::Warning, Line::ours(warning.clone()))),
    );
    if answer.leaves_out.is_empty() {
        blocks.push(paragraph(Line::ours("The model does not say what it leaves out.")));
    } else {
        blocks.push(Block::Heading(Line::ours("Left out on purpose")));
        blocks
            .push(Block::Points(answer.leaves_out.iter().map(|text| Line::words(with_stop(text))).collect()));
    }
    if !report.notes.is_empty() {
        blocks.push(Block::Heading(Line::ours("Looked at in part")));
        blocks.push(Block::Points(report.notes.iter().map(|note| Line::with_commands(note)).collect()));
    }
    blocks.push(Block::Heading(Line::ours("Run it again")));
    blocks.push(Block::Code(report.command.clone()));
    blocks.push(Block::Facts(provenance(report)));
    blocks.extend(last);
    if !report.files.is_empty() {
        blocks.push(paragraph(Line::ours("The texts of the model, to save and run:")));
        let mut files: Vec<Attachment> = report.files.iter().map(attachment).collect();
        if is_long(report) {
            let section = Section {
                id: "model",
                number: None,
                title: "In plain English".to_owned(),
                short_title: "In plain English",
                blocks: whole_prose(report),
            };
            files.push(Attachment {
                name: PROSE_FILE.to_owned(),
                media_type: "text/markdown",
                text: markdown::document(&report.answer.model.title, &[section]),
            });
        }
        blocks.push(Block::Attachments(files));
    }
    if !report.checklists.is_empty() {
        blocks.push(Block::Heading(Line::ours("Reporting checklists")));
        let mut told = BTreeMap::new();
        blocks.extend(report.checklists.iter().map(|list| checklist(list, &mut told)));
    }
    blocks
}

/// From this many letters on a statement that fills several items is told in the first and pointed at in the others.
const TOLD_ONCE: usize = 100;

/// A reporting checklist, folded; what the model does not state is marked. `told` holds where longer statements stand.
fn checklist<'a>(checklist: &'a Checklist, told: &mut BTreeMap<&'a str, (&'a Checklist, &'a str)>) -> Block {
    let id = |list: &Checklist| format!("checklist-{}", list.standard);
    let mut blocks = vec![quiet(Line::ours(format!("After {}.", checklist.source)))];
    for item in &checklist.items {
        blocks.push(paragraph(Line::ours(format!("{} {}. {}", item.number, item.heading, item.asks))));
        let mut points: Vec<Line> = Vec::new();
        for text in &item.filled {
            let known = told.get(text.as_str()).copied();
            points.push(match known {
                Some((list, number)) if text.len() >= TOLD_ONCE => {
                    let name = list.title.split(':').next().unwrap_or(&list.title);
                    Line::ours("As told in ").and_link(&id(list), format!("{name}, {number}")).and(".")
                }
                _ => Line::words(text.clone()),
            });
            told.entry(text).or_insert((checklist, &item.number));
        }
        points.extend(item.missing.iter().map(|missing| {
            Line::ours(format!("Not stated in the model: {}; write {}.", missing.what, missing.write))
        }));
        blocks.push(Block::Points(points));
    }
    Block::Details {
        id: id(checklist),
        summary: Line::ours(format!(
            "{} ({} of {} items filled in whole)",
            checklist.title,
            checklist.n_complete(),
            checklist.items.len()
        )),
        blocks,
    }
}

fn provenance(report: &Report) -> Vec<(String, Line)> {
    let answer = &report.answer;
    let horizon = iso_date_in_words(&answer.model.horizon);
    let time = match &answer.model.start {
        Some(start) => format!("{} to {horizon}", iso_date_in_words(start)),
        None => horizon,
    };
    let design = &answer.design;
    let mut facts = vec![
        (
            "Model".to_owned(),
            Line::words(answer.model.title.clone()).and(" ").and_code(answer.model.hash.clone()),
        ),
        ("Time".to_owned(), Line::ours(time)),
        (
            "Runs".to_owned(),
            Line::ours(format!(
                "{}: {} of the assumptions, {} each",
                runs(answer),
                count(design.n_draws, "draw"),
                count(design.n_replications, "replication")
            )),
        ),
        ("Seed".to_owned(), Line::ours(answer.seed.to_string())),
        ("Program".to_owned(), Line::ours(format!("contingent {}", answer.version))),
        ("Validation".to_owned(), Line::ours(capitalised(&with_stop(&answer.validation_level)))),
    ];
    if !design.complete {
        facts.push(("Complete".to_owned(), Line::ours("No: the runs were stopped early.")));
    }
    if answer.failures.n_runs > 0 {
        let first = answer.failures.first.clone().unwrap_or_default();
        facts.push(("First failure".to_owned(), Line::words(with_stop(&first))));
    }
    facts
}

fn attachment(file: &crate::document::report::FileText) -> Attachment {
    Attachment {
        name: file.name.clone(),
        media_type: if file.is_data { "text/csv" } else { "text/plain" },
        text: file.text.clone(),
    }
}
