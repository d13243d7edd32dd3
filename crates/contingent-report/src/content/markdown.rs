//! Sections as Markdown (`CommonMark` with tables).
//!
//! Enters: [`Section`]s. Leaves: text. Always holds: nothing that the modeller wrote is taken for markup or HTML; charts stand as
//! their description and their numbers.

use super::{Block, Grid, Line, Piece, Section};
use crate::figure::{Figure, Table};

/// The sections of a report under its title.
pub fn document(title: &str, sections: &[Section]) -> String {
    let mut text = format!("# {}\n", escaped(title));
    for section in sections {
        text.push_str(&format!("\n## {}\n", escaped(&section.title)));
        for block in &section.blocks {
            write_block(&mut text, block, 3);
        }
    }
    text
}

fn write_block(text: &mut String, block: &Block, level: usize) {
    let heading = "#".repeat(level.min(6));
    match block {
        Block::Heading(line) => text.push_str(&format!("\n{heading} {}\n", of_line(line))),
        Block::Paragraph(_, line) => text.push_str(&format!("\n{}\n", of_line(line))),
        Block::Points(points) => {
            text.push('\n');
            for point in points {
                text.push_str(&format!("- {}\n", of_line(point)));
            }
        }
        Block::Numbered(points) => {
            text.push('\n');
            for (place, point) in points.iter().enumerate() {
                text.push_str(&format!("{}. {}\n", place + 1, of_line(point)));
            }
        }
        Block::Facts(facts) => {
            text.push('\n');
            for (name, fact) in facts {
                text.push_str(&format!("- {}: {}\n", escaped(name), of_line(fact)));
            }
        }
        Block::Figure { wide, .. } => write_figure(text, wide),
        Block::Grid(grid) => write_grid(text, grid),
        Block::Details { summary, blocks, .. } => {
            text.push_str(&format!("\n{heading} {}\n", of_line(summary)));
            for block in blocks {
                write_block(text, block, level + 1);
            }
        }
        Block::Row { number, range, label, blocks, .. } => {
            let range =
                if range.is_empty() { String::new() } else { format!(" (readings {})", escaped(range)) };
            text.push_str(&format!("\n{heading} {}\n\n**{}**{range}\n", escaped(label), escaped(number)));
            for block in blocks {
                write_block(text, block, level + 1);
            }
        }
        Block::Group(_, blocks) => {
            for block in blocks {
                write_block(text, block, level);
            }
        }
        Block::Code(code) => {
            text.push('\n');
            for line in code.lines() {
                text.push_str(&format!("    {line}\n"));
            }
        }
        Block::Attachments(files) => {
            text.push('\n');
            for file in files {
                text.push_str(&format!("- {}\n", code(&file.name)));
            }
        }
        Block::Live(_) => {}
    }
}

fn write_figure(text: &mut String, figure: &Figure) {
    text.push_str(&format!("\n{}: {}\n", escaped(&figure.title), escaped(&figure.description)));
    write_numbers(text, &figure.table);
}

fn write_numbers(text: &mut String, table: &Table) {
    if table.rows.is_empty() {
        return;
    }
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()).collect();
    write_rows(text, &table.head, &rows);
}

fn write_grid(text: &mut String, grid: &Grid) {
    let rows: Vec<Vec<String>> = grid.rows.iter().map(|row| row.iter().map(of_line).collect()).collect();
    write_rows(text, &grid.head, &rows);
}

fn write_rows(text: &mut String, head: &[String], rows: &[Vec<String>]) {
    let head: Vec<String> = head.iter().map(|name| escaped(name)).collect();
    text.push_str(&format!("\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len())));
    for row in rows {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
}

/// A line.
pub fn of_line(line: &Line) -> String {
    let text: String = line
        .0
        .iter()
        .map(|piece| match piece {
            // The places of a page are not those of this text, so a link within it is its words.
            Piece::Ours(text) | Piece::Words(text) | Piece::Link(crate::html::Target::Here(_), text) => {
                escaped(text)
            }
            Piece::Strong(text) if text.trim().is_empty() => String::new(),
            Piece::Strong(text) => format!("**{}**", escaped(text.trim())),
            Piece::Code(text) | Piece::Anchor(_, text) => code(text),
            Piece::Link(target, text) => format!("[{}](<{}>)", escaped(text), address(&target.address())),
        })
        .collect();
    text
}

/// An address between angle brackets.
fn address(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .map(|letter| match letter {
            '<' => "%3C".to_owned(),
            '>' => "%3E".to_owned(),
            '|' => "%7C".to_owned(),
            ' ' => "%20".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

/// Code within a line; backquotes cannot end it.
fn code(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let plain = plain.replace('|', "\\|");
    if plain.contains('`') { escaped(text) } else { format!("`{plain}`") }
}

/// Text in which nothing is taken for markup.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut at_start = true;
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => {
                safe.push(' ');
                continue;
            }
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            // At the beginning of a line these make lists and rules.
            '-' | '+' | '=' if at_start => {
                safe.push('\\');
                safe.push(letter);
            }
            other if other.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
        at_start = at_start && letter.is_whitespace();
    }
    // An address that is written out becomes a link by itself in some dialects.
    safe.replace("://", ":&#47;/").replace("javascript:", "javascript&#58;").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_markup() {
        assert_eq!(escaped("*a* <b> [x](y) | c"), "\\*a\\* &lt;b&gt; \\[x\\](y) \\| c");
        assert_eq!(escaped("- a\n# b"), "\\- a \\# b");
        assert_eq!(of_line(&Line::code("a`b|c")), "a\\`b\\|c");
        assert_eq!(
            of_line(&Line::ours("in ").and_code("a|b").and_strong(" 5 in 100 ")),
            "in `a\\|b`**5 in 100**"
        );
    }

    #[test]
    fn addresses_stay_in_their_brackets() {
        let target = crate::html::Target::web("https://a.org/<x>(y) z").expect("an address");
        let line = Line(vec![Piece::Link(target, "a]b".to_owned())]);
        assert_eq!(of_line(&line), "[a\\]b](<https://a.org/%3Cx%3E(y)%20z>)");
    }
}
