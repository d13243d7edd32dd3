//! A description as text and as Markdown.
//!
//! Enters: a [`Description`]. Leaves: text. Always holds: the words are those of the description; no line of text
//! is wider than asked, unless a single word is.

use std::fmt::Write as _;

use anstyle::Style;

use super::{Description, Level};
use crate::render::text::{HEADING, Page, STRONG};

/// Text for a terminal `width` columns wide.
pub fn human(description: &Description, width: usize) -> String {
    let mut page = Page::new(width);
    page.paragraph(STRONG, "", &description.title);
    for section in &description.sections {
        page.blank();
        page.line(HEADING, &section.heading);
        for paragraph in &section.paragraphs {
            match paragraph.level {
                Level::Text => {
                    page.blank();
                    page.paragraph(Style::new(), "", &paragraph.text);
                }
                Level::Heading => {
                    page.blank();
                    page.paragraph(STRONG, "", &paragraph.text);
                }
                Level::Entry => {
                    page.blank();
                    let title = paragraph.title.as_deref().unwrap_or_default();
                    page.paragraph(STRONG, "  ", title);
                    page.paragraph(Style::new(), "  ", &paragraph.text);
                }
                Level::Point => page.paragraph(Style::new(), "    - ", &paragraph.text),
            }
        }
    }
    page.finish()
}

/// Markdown.
pub fn markdown(description: &Description) -> String {
    let mut text = format!("# {}\n", escaped(&description.title));
    for section in &description.sections {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n## {}", escaped(&section.heading));
        let mut before = Level::Heading;
        for paragraph in &section.paragraphs {
            let words = escaped(&paragraph.text);
            let gap = if paragraph.level == Level::Point && before == Level::Point { "" } else { "\n" };
            let _ = match paragraph.level {
                Level::Text => writeln!(text, "{gap}{words}"),
                Level::Heading => writeln!(text, "{gap}### {words}"),
                Level::Entry => {
                    let title = escaped(paragraph.title.as_deref().unwrap_or_default());
                    let stop = if title.ends_with(['.', '?', '!']) { "" } else { "." };
                    writeln!(text, "{gap}**{title}{stop}** {words}")
                }
                Level::Point => writeln!(text, "{gap}- {words}"),
            };
            before = paragraph.level;
        }
    }
    text
}

/// Text in which nothing is taken for markup.
fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#') {
            result.push('\\');
        }
        result.push(letter);
    }
    result
}
