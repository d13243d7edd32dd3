//! A checklist as text.
//!
//! Enters: a [`Checklist`]. Leaves: lines for a terminal, or Markdown. Always holds: what is missing stands under its item with what
//! to write.

use contingent_report::document::checklists::Checklist;

use crate::render::text::wrap;

/// For a terminal of a width.
pub fn human(checklist: &Checklist, width: usize) -> String {
    let width = width.max(40);
    let mut text = String::new();
    let mut paragraph = |first: &str, words: &str| {
        let indent = " ".repeat(first.chars().count());
        for (i, line) in wrap(words, width - first.chars().count()).iter().enumerate() {
            text.push_str(if i == 0 { first } else { &indent });
            text.push_str(line);
            text.push('\n');
        }
    };
    paragraph("", &format!("{} - {}", checklist.title, checklist.model));
    paragraph("", &format!("After {}. {}", checklist.source, summary(checklist)));
    for item in &checklist.items {
        paragraph("", "");
        let first = format!("{:<5}", item.number);
        paragraph(&first, &format!("{}: {}", item.heading, item.asks));
        for filled in &item.filled {
            paragraph("     - ", filled);
        }
        for missing in &item.missing {
            paragraph(
                "     ! ",
                &format!("not stated in the model: {}; write {}", missing.what, missing.write),
            );
        }
    }
    text
}

/// As Markdown.
pub fn markdown(checklist: &Checklist) -> String {
    let mut text = format!("# {}\n\nAfter {}. {}\n", checklist.title, checklist.source, summary(checklist));
    for item in &checklist.items {
        text.push_str(&format!("\n## {} {}\n\n*{}*\n", item.number, item.heading, item.asks));
        for filled in &item.filled {
            text.push_str(&format!("\n{}\n", escaped(filled)));
        }
        for missing in &item.missing {
            text.push_str(&format!(
                "\n**Not stated in the model:** {}; write {}\n",
                missing.what, missing.write
            ));
        }
    }
    text
}

fn summary(checklist: &Checklist) -> String {
    format!(
        "{} of {} items are filled in whole from the model.",
        checklist.n_complete(),
        checklist.items.len()
    )
}

/// Text of the modeller in Markdown.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}
