//! The page of a report, and the same as Markdown and as separate charts.
//!
//! Enters: a [`Report`]. Leaves: one HTML file that needs nothing beside it, or text. Always holds: all fourteen sections stand in
//! their order, whether or not their analysis applies; the page is whole without a script; its policy lets nothing be loaded and
//! nothing run but what stands in it, by hash; every text is escaped by the type that holds it.
//!
//! Ids on the page stay as they are, so that links into it and scripts beside it hold:
//!
//! | id | what |
//! |---|---|
//! | `strip`, `answer`, `judgements`, `watch`, `unfold`, `how-bad`, `hangs-on`, `views`, `when-wrong`, `policies`, `model`, `validation`, `sources`, `limits` | the fourteen sections; each heading is `SECTION-heading` |
//! | `questions` | the questions after the first, between the third section and the fourth |
//! | `q-QUESTION` | a question after the first, folded |
//! | `q-QUESTION-strip` | the first answer on the ruler of words |
//! | `q-QUESTION-curve` | how likely it is to have come by each time |
//! | `q-QUESTION-futures` | fifty equally likely futures of a question after the first |
//! | `how-bad-futures` | fifty equally likely futures in the section on how far it could go |
//! | `q-QUESTION-hangs-on` | tornado |
//! | `q-QUESTION-views`, `q-QUESTION-policies` | rival views and policies, of the first question |
//! | `q-QUESTION-gap` | where the gap between the two views farthest apart comes from |
//! | `fan-INDICATOR` | the fan of an indicator |
//! | `fan-views` | the first indicator under every view |
//! | `box-1`, `box-2`, `box-3` | conditions of a box |
//! | `map` | the causal map |
//! | `ID-phone` | a chart again, drawn for a narrow page |
//! | `claim-CLAIM` | a claim in the table of claims |
//!
//! Names are written by [`crate::html::id_of`]: letters, digits and `_` as they are, others as `.HEX.`.

mod compact;
mod drawings;
mod grounds;
mod headline;
mod judgements;
mod numbers;
mod questions;
mod sections;
mod shapes;
mod watch;

pub(crate) use compact::compact;
pub use drawings::{axis_of, fan_data, threshold};

use crate::content::{Block, Line, Section, hypertext, markdown as as_markdown};
use crate::document::report::Report;
use crate::figure::{Figure, STYLE};
use crate::html::{Html, element, joined, link};

/// The style sheet of a page, beside that of its charts.
const SHEET: &str = include_str!("page.css");

/// What a reader sees who asked for dark screens. Files of single charts stay light, as they go into documents.
const DARK: &str = include_str!("dark.css");

/// What a page has besides the report: controls that run the model again in the browser.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Controls, which stand in the section on how it could unfold.
    pub controls: Html,
    /// What says whether this browser gave the same numbers; it stands with the limits.
    pub verdict: Html,
    /// Scripts and data at the end of the page.
    pub end: Html,
    /// Further directives of the content security policy, such as `script-src 'sha256-...'`.
    pub policy: Vec<String>,
}

/// The page as one HTML file.
pub fn html(report: &Report) -> String {
    html_with(report, &crate::live::of_page(report))
}

/// The page with controls.
pub fn html_with(report: &Report, live: &Live) -> String {
    let title = &report.answer.model.title;
    let block = |html: &Html| (!html.is_empty()).then(|| Block::Live(html.clone()));
    let sections = sections_with(report, block(&live.controls), block(&live.verdict));
    let sheets = [
        SHEET.to_owned(),
        shapes::style(STYLE),
        crate::live::STYLE.to_owned(),
        shapes::style(DARK),
        hypertext::heads_of_cards(&sections),
    ];
    let rules = sheets.iter().flat_map(|sheet| sheet.lines());
    let (sheet, source) = Html::style(&joined(rules, &['{', '}', ';', ',']));
    let mut policy = vec!["default-src 'none'".to_owned(), format!("style-src {source}")];
    policy.extend(live.policy.iter().cloned());
    policy.extend(["base-uri 'none'", "form-action 'none'"].map(str::to_owned));
    let head = element("head")
        .child(element("meta").attribute("charset", "utf-8"))
        .child(
            element("meta")
                .attribute("http-equiv", "Content-Security-Policy")
                .attribute("content", &policy.join("; ")),
        )
        .child(
            element("meta")
                .attribute("name", "viewport")
                .attribute("content", "width=device-width, initial-scale=1"),
        )
        .child(element("meta").attribute("name", "referrer").attribute("content", "no-referrer"))
        .child(element("meta").attribute("name", "color-scheme").attribute("content", "light dark"))
        .child(
            element("meta")
                .attribute("name", "generator")
                .attribute("content", &format!("contingent {}", report.answer.version)),
        )
        .child(element("title").text(title))
        .child(sheet);
    let (before, after): (Vec<&Section>, Vec<&Section>) =
        sections.iter().partition(|section| matches!(section.number, Some(1..=3)));
    let body = element("body")
        .child(element("a").class("skip").attribute("href", "#answer").text("Skip to the answer"))
        .child(strip(report))
        .child(
            element("main")
                .id("main")
                .children(before.into_iter().map(hypertext::section))
                .child(contents(&sections))
                .children(after.into_iter().map(hypertext::section)),
        )
        .child(
            element("footer").child(
                element("p")
                    .text(&format!("Made by contingent {}. A model, not prophecy.", report.answer.version)),
            ),
        )
        .child(live.end.clone());
    let whole: Html = element("html").attribute("lang", "en").child(head).child(body).into();
    compact(&format!("<!DOCTYPE html>\n{}\n", whole.as_str()))
}

/// The first section: what this is, whose, how old and how much of it.
fn strip(report: &Report) -> Html {
    let facts = headline::strip(report);
    element("header")
        .id("strip")
        .child(element("p").class("kind").text("A model, not prophecy"))
        .child(element("h1").either_way().text(&report.answer.model.title))
        .child(
            element("ul")
                .class("strip")
                .children(facts.iter().map(|fact| element("li").either_way().child(hypertext::line(fact)))),
        )
        .into()
}

/// The list of sections.
fn contents(sections: &[Section]) -> Html {
    let entries = sections.iter().filter(|section| section.id != "answer").map(|section| {
        let target = crate::html::Target::Here(section.id.to_owned());
        element("li").child(link(&target).text(section.short_title))
    });
    element("nav")
        .class("contents")
        .attribute("aria-label", "Contents")
        .child(element("p").class("contents-title").text("On this page"))
        .child(element("ol").children(entries))
        .into()
}

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut strip = vec![Line::ours("A model, not prophecy.")];
    strip.extend(headline::strip(report));
    let first = Section {
        id: "strip",
        number: Some(1),
        title: "What this is".to_owned(),
        short_title: "What this is",
        blocks: vec![Block::Points(strip)],
    };
    let mut all = vec![first];
    all.extend(sections(report));
    as_markdown::document(&report.answer.model.title, &all)
}

/// Every chart of the page, in its order.
pub fn figures(report: &Report) -> Vec<Figure> {
    let mut found = Vec::new();
    for section in sections(report) {
        collect(&section.blocks, &mut found);
    }
    found
}

fn collect(blocks: &[Block], found: &mut Vec<Figure>) {
    for block in blocks {
        match block {
            Block::Figure { wide, .. } => found.push((**wide).clone()),
            Block::Details { blocks, .. } | Block::Row { blocks, .. } | Block::Group(_, blocks) => {
                collect(blocks, found);
            }
            _ => {}
        }
    }
}

/// The sections after the first, which is the head of the page.
pub fn sections(report: &Report) -> Vec<Section> {
    sections_with(report, None, None)
}

fn sections_with(report: &Report, controls: Option<Block>, verdict: Option<Block>) -> Vec<Section> {
    let answer = &report.answer;
    let headline_question = answer.questions.first();
    let section =
        |number: usize, id: &'static str, title: &str, short_title: &'static str, blocks: Vec<Block>| {
            Section { id, number: Some(number), title: title.to_owned(), short_title, blocks }
        };
    let mut first = headline::observed(answer);
    if let Some(question) = headline_question {
        first.extend(headline::answer_blocks(report, question));
    } else {
        first.push(crate::content::lead(Line::ours("The model asks no question.")));
    }
    first.push(headline::not_prophecy(answer));
    let title = headline_question.map_or("The answer", |question| question.label.as_str());
    let mut all = vec![
        section(2, "answer", title, "The answer", first),
        section(
            3,
            "judgements",
            "Key judgements",
            "Key judgements",
            vec![Block::Numbered(judgements::judgements(report))],
        ),
    ];
    let others = questions::blocks(report);
    if !others.is_empty() {
        all.push(Section {
            id: "questions",
            number: None,
            title: questions::title(report),
            short_title: "Other questions",
            blocks: vec![Block::Group("rows", others)],
        });
    }
    all.extend([
        section(4, "watch", "What would change our mind", "What to watch", watch::blocks(report)),
        section(5, "unfold", "How it could unfold", "How it unfolds", sections::unfold(report, controls)),
        section(6, "how-bad", "How far it could go", "How far", sections::how_far(report)),
        section(7, "hangs-on", "What the answer hangs on", "What it hangs on", sections::hangs_on(report)),
        section(8, "views", "Rival readings", "Rival readings", sections::views(report)),
        section(9, "when-wrong", "In which futures it happens", "In which futures", sections::boxes(report)),
        section(10, "policies", "What could be done", "What could be done", sections::policies(report)),
        section(11, "model", "How the model thinks", "How it thinks", grounds::model(report)),
        section(12, "validation", "Has it been right?", "Has it been right?", grounds::validation(report)),
        section(13, "sources", "What it rests on", "Sources", grounds::sources(report)),
        section(14, "limits", "Limits, and how to run it again", "Limits", grounds::limits(report, verdict)),
    ]);
    all
}
