//! A page of Markdown in a terminal.
//!
//! Enters: Markdown with headings, paragraphs and fenced code, as the pages of diagnostics have it. Leaves: text with
//! ANSI styles. Always holds: no word and no line of code is changed; without colour the text still tells code from
//! prose.

use anstyle::{AnsiColor, Style};

use super::text::{HEADING, Page, STRONG};

const CODE: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));

/// The page as text. Code is indented, paragraphs are wrapped to the width.
pub fn render_page(markdown: &str, width: usize) -> String {
    let mut page = Page::new(width);
    let mut paragraph = String::new();
    let mut in_code = false;
    let mut after_blank = true;
    for line in markdown.lines().chain(std::iter::once("")) {
        let is_prose = !in_code && !line.starts_with("```") && !line.starts_with('#') && !line.is_empty();
        if is_prose {
            paragraph.push(' ');
            paragraph += line;
            continue;
        }
        if !paragraph.is_empty() {
            page.paragraph(Style::new(), "", &paragraph);
            paragraph.clear();
            after_blank = false;
        }
        if line.starts_with("```") {
            in_code = !in_code;
            if !after_blank {
                page.blank();
            }
            after_blank = true;
            // A block that is a file of its own says which.
            if let Some((_, file)) = line.split_once(" file=") {
                page.line(Style::new(), &format!("  {file}:"));
            }
        } else if in_code {
            page.line(CODE, &format!("    {line}"));
            after_blank = false;
        } else if let Some(title) = line.strip_prefix("# ") {
            page.line(STRONG, title);
            page.blank();
            after_blank = true;
        } else if let Some(heading) = line.strip_prefix("## ") {
            if !after_blank {
                page.blank();
            }
            page.line(HEADING, heading);
            after_blank = false;
        } else if !after_blank {
            page.blank();
            after_blank = true;
        }
    }
    let text = page.finish();
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn headings_prose_and_code_are_told_apart_without_colour() {
        let markdown = "# unit-clash\nTwo quantities of different kinds are added, compared or set equal.\n\n## Wrong\n\
                        ```ctg\naux x = 3\n  + 4\n```\nThey differ.\n";
        assert_eq!(
            plain(&render_page(markdown, 60)),
            "unit-clash\n\nTwo quantities of different kinds are added, compared or set\nequal.\n\nWrong\n\n    \
             aux x = 3\n      + 4\n\nThey differ.\n"
        );
    }

    #[test]
    fn every_page_keeps_all_its_words() {
        for &code in contingent_syntax::Code::ALL {
            let shown = plain(&render_page(code.page(), 80));
            let words = |text: &str| -> Vec<String> {
                text.split_whitespace()
                    .filter(|word| !word.starts_with('#') && !word.starts_with("```"))
                    .map(|word| word.strip_prefix("file=").map_or(word.to_owned(), |file| format!("{file}:")))
                    .collect()
            };
            assert_eq!(words(&shown), words(code.page()), "{}", code.as_str());
        }
    }
}
