//! Sections as HTML.
//!
//! Enters: [`Section`]s. Leaves: [`Html`]. Always holds: a section is a landmark with its heading; a chart stands with its
//! caption and, folded, its numbers; what the modeller wrote may run either way; no element has a style of its own.

use std::collections::BTreeMap;

use super::{Attachment, Block, Grid, Line, Piece, Section, Tone};
use crate::archive::{checksum, tar_gz};
use crate::figure::{Figure, Table};
use crate::html::{Element, Html, download, download_archive, element, link};
use crate::words::text::listed;

/// A section with its heading of the second level.
pub fn section(section: &Section) -> Html {
    let heading_id = format!("{}-heading", section.id);
    element("section")
        .id(section.id)
        .class(if section.number.is_some() { "part" } else { "part between" })
        .attribute("aria-labelledby", &heading_id)
        .child(element("h2").id(&heading_id).either_way().text(&section.title))
        .children(section.blocks.iter().map(|block| of_block(block, 3)))
        .into()
}

/// Blocks whose headings are of the given level.
pub fn blocks(blocks: &[Block], level: u8) -> Html {
    blocks.iter().map(|block| of_block(block, level)).collect()
}

fn of_block(block: &Block, level: u8) -> Html {
    match block {
        Block::Heading(text) => {
            let name = if level <= 3 { "h3" } else { "h4" };
            element(name).either_way().child(line(text)).into()
        }
        Block::Paragraph(tone, text) => {
            let class = match tone {
                Tone::Plain => "",
                Tone::Answer => "answer",
                Tone::Lead => "lead",
                Tone::Quiet => "quiet",
                Tone::Warning => "warning",
            };
            element("p").class(class).either_way().child(line(text)).into()
        }
        Block::Points(points) => list("ul", points),
        Block::Numbered(points) => list("ol", points),
        Block::Facts(facts) => element("dl")
            .class("facts")
            .children(facts.iter().map(|(name, fact)| {
                element("div")
                    .child(element("dt").text(name))
                    .child(element("dd").either_way().child(line(fact)))
            }))
            .into(),
        Block::Figure { wide, narrow } => of_figure(wide, narrow.as_deref()),
        Block::Grid(grid) => of_grid(grid),
        Block::Details { id, summary, blocks } => {
            let details = element("details");
            let details = if id.is_empty() { details } else { details.id(id) };
            details
                .child(element("summary").child(element("span").either_way().child(line(summary))))
                .child(
                    element("div")
                        .class("folded")
                        .children(blocks.iter().map(|block| of_block(block, level))),
                )
                .into()
        }
        Block::Row { id, number, range, mini, label, blocks } => element("details")
            .class("row")
            .id(id)
            .child(
                element("summary")
                    .child(element("span").class("row-label").either_way().text(label))
                    .child(element("span").class("row-number").child(element("strong").text(number)))
                    .child(element("span").class("row-mini").child(mini.clone()))
                    .child(if range.is_empty() {
                        element("span").class("row-range")
                    } else {
                        element("span").class("row-range").text(&format!("readings {range}"))
                    }),
            )
            .child(element("div").class("folded").children(blocks.iter().map(|block| of_block(block, level))))
            .into(),
        Block::Group(class, blocks) => {
            element("div").class(class).children(blocks.iter().map(|block| of_block(block, level))).into()
        }
        Block::Code(text) => element("pre")
            .attribute("tabindex", "0")
            .child(element("code").attribute("dir", "auto").lines(text))
            .into(),
        Block::Attachments(files) => attachments(files),
        Block::Live(html) => html.clone(),
    }
}

/// Texts up to this length, in bytes, are saved one by one; more of them are packed into one file.
const PLAIN_BYTES: usize = 12_000;

fn attachments(files: &[Attachment]) -> Html {
    if files.iter().map(|file| file.text.len()).sum::<usize>() <= PLAIN_BYTES {
        let items = files.iter().map(|file| element("li").child(attachment(file)));
        return element("ul").class("files").children(items).into();
    }
    let bytes = tar_gz(files.iter().map(|file| (file.name.as_str(), file.text.as_str())));
    let size = bytes.len().div_ceil(1024);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    element("p")
        .either_way()
        .child(download_archive("model.tar.gz", &bytes).text(&format!("model.tar.gz ({size} kB)")))
        .text(" with ")
        .child(element("bdi").text(&listed(&names)))
        .text(".")
        .into()
}

fn attachment(file: &Attachment) -> Element {
    let size = file.text.len().div_ceil(1024);
    download(&file.name, file.media_type, &file.text)
        .child(element("bdi").text(&file.name))
        .text(&format!(" ({size} kB)"))
}

fn list(name: &'static str, points: &[Line]) -> Html {
    element(name).children(points.iter().map(|point| element("li").either_way().child(line(point)))).into()
}

/// A line.
pub fn line(line: &Line) -> Html {
    line.0.iter().map(piece).collect()
}

fn piece(piece: &Piece) -> Html {
    match piece {
        Piece::Ours(text) => Html::text(text),
        Piece::Words(text) => element("bdi").text(text).into(),
        Piece::Strong(text) => element("strong").child(element("bdi").text(text)).into(),
        Piece::Code(text) => element("code").attribute("dir", "auto").text(text).into(),
        Piece::Anchor(id, text) => element("code").id(id).attribute("dir", "auto").text(text).into(),
        Piece::Link(target, text) => link(target).child(element("bdi").text(text)).into(),
    }
}

fn of_figure(figure: &Figure, narrow: Option<&Figure>) -> Html {
    let caption = element("figcaption").either_way().text(&figure.caption);
    let drawing = |class: &'static str, drawing: Html| element("div").class(class).child(drawing);
    let mut whole = element("figure");
    whole = match narrow {
        Some(narrow) => whole
            .child(drawing("drawing wide", Html::drawing(figure)))
            .child(drawing("drawing narrow", Html::drawing_again(narrow, figure))),
        None => whole.child(drawing("drawing", Html::drawing(figure))),
    };
    if !figure.caption.is_empty() {
        whole = whole.child(caption);
    }
    if !figure.table.rows.is_empty() {
        let summary = element("summary").text("The same in numbers");
        // A folded chart stands under a heading of its own, and its table has a caption.
        let summary = if narrow.is_some() {
            let title = element("bdi").text(&figure.title);
            summary.child(element("span").class("unseen").text(": ").child(title))
        } else {
            summary
        };
        whole = whole.child(element("details").class("numbers").child(summary).child(numbers(&figure.table)));
    }
    whole.into()
}

fn numbers(table: &Table) -> Element {
    let head = table.head.iter().map(|name| element("th").attribute("scope", "col").either_way().text(name));
    let rows = table.rows.iter().map(|row| {
        element("tr").children(row.iter().enumerate().map(|(column, cell)| {
            // Words of the modeller head a row; what follows are numbers, isolated where they are not.
            if column == 0 {
                element("th").attribute("scope", "row").either_way().text(cell)
            } else if cell.is_ascii() {
                element("td").text(cell)
            } else {
                element("td").either_way().text(cell)
            }
        }))
    });
    let made = element("table")
        .child(element("caption").either_way().text(&table.caption))
        .child(element("thead").child(element("tr").children(head)))
        .child(element("tbody").children(rows));
    scrolled(made)
}

/// A table that is wider than the page scrolls by itself, also with the keyboard.
/// A group and no landmark: there are dozens, and they would hide the sections from who moves by landmarks. What it holds stands
/// before it and in the caption of the table.
fn scrolled(table: Element) -> Element {
    element("div")
        .class("scroll")
        .attribute("role", "group")
        .attribute("tabindex", "0")
        .attribute("aria-label", "Numbers")
        .child(table)
}

fn of_grid(grid: &Grid) -> Html {
    let is_numeric = |column: usize| grid.numeric.get(column).copied().unwrap_or(false);
    let head = grid.head.iter().enumerate().map(|(column, name)| {
        element("th")
            .attribute("scope", "col")
            .class(if is_numeric(column) { "number" } else { "" })
            .either_way()
            .text(name)
    });
    let rows = grid.rows.iter().map(|row| {
        element("tr").children(row.iter().enumerate().map(|(column, cell)| {
            let made = if column == 0 { element("th").attribute("scope", "row") } else { element("td") };
            made.class(if is_numeric(column) { "number" } else { "" }).either_way().child(line(cell))
        }))
    });
    let table = element("table");
    let table = match cards_of(grid) {
        Some(cards) => table.attribute("class", &format!("grid wide {cards}")),
        None => table.class("grid"),
    };
    table
        .child(element("caption").class("unseen").text(&grid.caption))
        .child(element("thead").child(element("tr").children(head)))
        .child(element("tbody").children(rows))
        .into()
}

/// The class of tables that become cards on narrow pages, by the heads that stand in the cards.
fn cards_of(grid: &Grid) -> Option<String> {
    grid.is_wide.then(|| format!("cards-{:08x}", checksum(grid.head.join("\n").as_bytes())))
}

/// The rules of a style sheet that set the head of its column before each cell of a card.
pub fn heads_of_cards(sections: &[Section]) -> String {
    let mut rules = BTreeMap::new();
    for section in sections {
        collect_cards(&section.blocks, &mut rules);
    }
    rules.into_values().collect()
}

fn collect_cards(blocks: &[Block], rules: &mut BTreeMap<String, String>) {
    for block in blocks {
        match block {
            Block::Grid(grid) => {
                let Some(cards) = cards_of(grid) else { continue };
                let heads = grid.head.iter().enumerate().skip(1).map(|(column, head)| {
                    format!(".{cards} td:nth-child({})::before{{--head:\"{}\"}}", column + 1, quoted(head))
                });
                let rule = heads.collect();
                rules.insert(cards, rule);
            }
            Block::Details { blocks, .. } | Block::Row { blocks, .. } | Block::Group(_, blocks) => {
                collect_cards(blocks, rules);
            }
            _ => {}
        }
    }
}

/// Text for a string of a style sheet: what could end it, or the sheet, stands as a number.
fn quoted(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | ',' => letter.to_string(),
            other => format!("\\{:x} ", other as u32),
        })
        .collect()
}
