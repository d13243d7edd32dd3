//! The reference of the language and of the commands, in Markdown.
//!
//! Enters: the tables of the language, the registry of diagnostics, and the help of the commands. Leaves: the text of
//! `docs/reference.md`, and the pieces of it that `contingent explain` shows. Always holds: no form, function, unit,
//! code or command is named here; all come from where they are implemented.

use std::fmt::Write as _;

use contingent_model::forms::{Form, PRELUDE, TABLES, is_whole_model};
use contingent_model::functions::{DISTRIBUTIONS, DistributionRow, FUNCTIONS, FunctionGroup, FunctionRow};
use contingent_syntax::{Code, RESERVED_WORDS};

use crate::schemas;

/// The help of a command.
pub struct CommandHelp {
    /// The name after `contingent`.
    pub name: String,
    /// What `--help` prints, without colour.
    pub help: String,
}

/// A function, without its heading.
pub fn function(row: &FunctionRow) -> String {
    let mut text = format!("`{}`\n\n{} {}\n", row.form, row.meaning, row.units);
    source(&mut text, row.source);
    text + &example(row.example)
}

/// A distribution, without its heading.
pub fn distribution(row: &DistributionRow) -> String {
    let in_unit: Vec<String> = row
        .parameters
        .iter()
        .filter(|&&(_, in_unit)| in_unit)
        .map(|&(parameter, _)| format!("`{parameter}`"))
        .collect();
    let units = if row.parameters.is_empty() {
        " Values are in the unit of the assumption."
    } else if in_unit.is_empty() {
        " The assumption has no unit."
    } else {
        ""
    };
    let mut text = format!("`{}`\n\n{}{units}", row.form, row.meaning);
    if !in_unit.is_empty() {
        let verb = if in_unit.len() == 1 { "is" } else { "are" };
        let _ = write!(text, " In the unit of the assumption {verb} {}.", in_unit.join(", "));
    }
    text.push('\n');
    source(&mut text, row.source);
    text + &example(row.example)
}

/// A form, without its heading.
pub fn form(form: &Form) -> String {
    format!("`{}`\n\n{}\n{}", form.form, form.meaning, example(form.example))
}

fn source(text: &mut String, source: Option<&str>) {
    if let Some(source) = source {
        let _ = writeln!(text, "\nSource: {source}.");
    }
}

fn example(text: &str) -> String {
    let words = if is_whole_model(text) { "ctg" } else { "ctg fragment" };
    format!("\n```{words}\n{text}\n```\n")
}

/// The whole page.
pub fn markdown(commands: &[CommandHelp]) -> String {
    let mut text = String::from(
        "# Reference\n\nWritten by `cargo xtask reference` from the implementation; every example is checked and run by \
         the tests. [The modelling language](language.md) says what the forms mean together, the \
         [tutorial](tutorial/1-a-first-question.md) builds a model with them.\n",
    );
    let mut titles: Vec<&str> = TABLES.iter().map(|table| table.title).collect();
    titles.extend(["Distributions of assumptions"]);
    titles.extend(FunctionGroup::ALL.iter().map(|group| group.title()));
    titles.extend(["Reserved words", "Diagnostics", "Commands", "JSON documents"]);
    text.push('\n');
    for title in &titles {
        let _ = writeln!(text, "- [{title}](#{})", title.to_lowercase().replace(' ', "-"));
    }
    let _ = write!(
        text,
        "\nIn a form, capital letters stand for other forms, and `...` for more of the same. An example that is not a \
         whole model stands after these lines:\n\n```ctg prelude\n{PRELUDE}```\n"
    );
    for table in TABLES {
        let _ = write!(text, "\n## {}\n\n{}\n", table.title, table.introduction);
        for row in table.forms {
            let _ = write!(text, "\n### {}\n\n{}", heading(row.word), form(row));
        }
    }
    let _ = write!(
        text,
        "\n## Distributions of assumptions\n\nArguments are given by position or as `name = value`. Each may be cut with \
         `within A to B`.\n"
    );
    for row in DISTRIBUTIONS {
        let _ = write!(text, "\n### {}\n\n{}", heading(row.name), distribution(row));
    }
    for &group in FunctionGroup::ALL {
        let _ = write!(text, "\n## {}\n\n{}\n", group.title(), group.introduction());
        for row in FUNCTIONS.iter().filter(|row| row.group == group) {
            let _ = write!(text, "\n### {}\n\n{}", heading(row.name), function(row));
        }
    }
    let words: Vec<String> = RESERVED_WORDS.iter().map(|word| format!("`{word}`")).collect();
    let _ = write!(
        text,
        "\n## Reserved words\n\nThese cannot be names, nor can `time` and the columns of the result tables:\n{}.\n",
        words.join(", ")
    );
    diagnostics(&mut text);
    for (i, command) in commands.iter().enumerate() {
        if i == 0 {
            text += "\n## Commands\n\nResults go to standard output, all else to standard error. Exit code 0 is done, 1 \
                     the model or its checks failed, 2 wrong usage or a fault outside the model.\n";
        }
        let _ =
            write!(text, "\n### contingent {}\n\n```text\n{}\n```\n", command.name, command.help.trim_end());
    }
    text += "\n## JSON documents\n\nEach carries the name and version of its schema in the field `schema`.\n\n\
             | schema | printed by |\n|---|---|\n";
    for schema in schemas::all() {
        let _ = writeln!(text, "| [{0}](schemas/{0}.json) | `{1}` |", schema.name, schema.printed_by);
    }
    wrapped(&text)
}

fn diagnostics(text: &mut String) {
    *text += "\n## Diagnostics\n\nEach code has a page with a wrong and a right example; `contingent explain CODE` shows \
              it.\n\n| code | meaning |\n|---|---|\n";
    for &code in Code::ALL {
        let name = code.as_str();
        let _ = writeln!(
            text,
            "| [{name}](../crates/contingent-syntax/src/pages/{name}.md) | {} |",
            code.summary()
        );
    }
}

/// A word as a heading: signs are shown as code.
fn heading(word: &str) -> String {
    if word.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == ' ') {
        word.to_owned()
    } else {
        format!("`{word}`")
    }
}

/// Paragraphs in lines of at most 116 characters; tables, lists, headings and code as they are.
fn wrapped(text: &str) -> String {
    let mut result = String::new();
    let mut in_code = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        if in_code || is_fence || line.starts_with(['|', '#', '-']) || line.is_empty() {
            result += line;
            result.push('\n');
        } else {
            for part in crate::render::wrap(line, 116) {
                result += &part;
                result.push('\n');
            }
        }
        in_code ^= is_fence;
    }
    result
}
