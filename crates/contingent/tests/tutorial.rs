//! The tutorial, run as a reader would type it.
//!
//! Enters: the chapters of `docs/tutorial/`, in order, in one directory. Blocks are
//!
//! | block | what it is |
//! |---|---|
//! | `ctg file=NAME` | the whole of a file, written in place of what was there; `csv` for a table |
//! | `ctg add=NAME` | goes to the end of a file |
//! | `ctg try=NAME` | the same, for the next block of commands only |
//! | `console` | commands after `$`, each with an excerpt of what it prints; `...` stands for anything |
//! | `console fails` | the same, of commands that end with a mistake of the modeller |
//!
//! Always holds: at the end of every chapter the model has neither error nor warning; an excerpt is compared line by
//! line; a chapter in which little was compared fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A fenced block.
struct Block {
    words: Vec<String>,
    text: String,
    line: usize,
}

/// How much was done and compared in a chapter.
#[derive(Default)]
struct Tally {
    commands: usize,
    lines: usize,
    files: usize,
}

#[expect(clippy::disallowed_methods, reason = "the tutorial is files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "the test types what the tutorial says")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn chapters() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tutorial");
    let mut chapters: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of the tutorial exists")
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    chapters.sort();
    chapters
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text += line;
                block.text.push('\n');
            }
            (None, Some(words)) => {
                let words = words.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { words, text: String::new(), line: i + 1 });
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

/// Standard output and standard error of a command line, one after the other, and whether it succeeded. A model that
/// does not check ends with 1; any other failure is a mistake of the tutorial.
fn type_in(directory: &Path, line: &str) -> (String, bool) {
    let mut words = line.split_whitespace();
    assert_eq!(words.next(), Some("contingent"), "`{line}` is a command of ours");
    let output = Command::new(env!("CARGO_BIN_EXE_contingent"))
        .current_dir(directory)
        .args(words)
        .env_remove("RUST_BACKTRACE")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("what is printed is UTF-8");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{line}\n{said}");
    (said, output.status.success())
}

/// Whether an excerpt fits: its pieces between `...` stand in the output in this order, each without a gap. What stands
/// before the first `...` begins the output, and what stands after the last ends it. Within a line, `...` at its end
/// stands for the rest of the line.
fn fits(excerpt: &[&str], output: &[&str]) -> bool {
    fn same(wanted: &str, found: &str) -> bool {
        wanted.strip_suffix("...").map_or_else(|| wanted == found, |start| found.starts_with(start))
    }
    let Some(gap) = excerpt.iter().position(|&line| line == "...") else {
        return excerpt.len() == output.len()
            && excerpt.iter().zip(output).all(|(wanted, found)| same(wanted, found));
    };
    let (piece, rest) = (&excerpt[..gap], &excerpt[gap + 1..]);
    if piece.len() > output.len() || !piece.iter().zip(output).all(|(wanted, found)| same(wanted, found)) {
        return false;
    }
    (piece.len()..=output.len()).any(|start| rest.is_empty() || fits(rest, &output[start..]))
}

fn run_commands(directory: &Path, block: &Block, fails: bool, tally: &mut Tally) -> Result<(), String> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command, Vec::new()));
        } else {
            let (_, excerpt) = commands.last_mut().ok_or("the block begins without a command")?;
            excerpt.push(line.trim_end());
        }
    }
    for (command, excerpt) in commands {
        let (said, succeeded) = type_in(directory, command);
        tally.commands += 1;
        tally.lines += excerpt.iter().filter(|&&line| line != "..." && !line.is_empty()).count();
        if succeeded == fails {
            return Err(format!("`{command}` {}\n{said}", if fails { "succeeds" } else { "fails" }));
        }
        let output: Vec<&str> = said.trim_end().lines().map(str::trim_end).collect();
        if !fits(&excerpt, &output) {
            let shown = excerpt.join("\n");
            return Err(format!("`{command}` should print\n{shown}\n\nbut prints\n{said}"));
        }
    }
    Ok(())
}

/// Does what a chapter says; the directory holds what earlier chapters left.
fn follow(directory: &Path, chapter: &Path) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut tried: Option<(PathBuf, String)> = None;
    for block in blocks(&read(chapter)) {
        let words: Vec<&str> = block.words.iter().map(String::as_str).collect();
        let at = |mistake: String| format!("{}:{}: {mistake}", chapter.display(), block.line);
        match words.as_slice() {
            ["ctg" | "csv", target] => {
                let (how, name) = target.split_once('=').ok_or_else(|| at("no `=`".to_owned()))?;
                let path = directory.join(name);
                let before = if how == "file" { String::new() } else { read(&path) + "\n" };
                if how == "try" {
                    tried = Some((path.clone(), read(&path)));
                } else if !matches!(how, "file" | "add") {
                    return Err(at(format!("unknown kind of block `{target}`")));
                }
                write(&path, &(before + &block.text));
                tally.files += 1;
            }
            ["console"] => run_commands(directory, &block, false, &mut tally).map_err(at)?,
            ["console", "fails"] => run_commands(directory, &block, true, &mut tally).map_err(at)?,
            other => return Err(at(format!("unknown kind of block {other:?}"))),
        }
        if words[0] == "console"
            && let Some((path, text)) = tried.take()
        {
            write(&path, &text);
        }
    }
    let (said, _) = type_in(directory, "contingent check .");
    if said.trim() != "no errors, no warnings" {
        return Err(format!("{}: the model at the end is not clean\n{said}", chapter.display()));
    }
    Ok(tally)
}

#[test]
fn every_chapter_does_what_it_says() {
    let directory = TempDir::new().expect("a directory can be made");
    let model = directory.path().join("reeds");
    std::fs::create_dir(&model).expect("a directory can be made");
    let chapters = chapters();
    assert_eq!(chapters.len(), 6, "{chapters:?}");
    for chapter in chapters {
        let tally = follow(&model, &chapter).unwrap_or_else(|mistake| panic!("{mistake}"));
        assert!(
            tally.commands >= 3 && tally.lines >= 5 && tally.files >= 2,
            "{}: {} commands, {} lines, {} files",
            chapter.display(),
            tally.commands,
            tally.lines,
            tally.files
        );
    }
}

#[test]
fn links_between_chapters_lead_somewhere() {
    let mut n_links = 0;
    for chapter in chapters() {
        let page = read(&chapter);
        for part in page.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default();
            let folder = chapter.parent().expect("a chapter lies in a folder");
            assert!(folder.join(target).exists(), "{}: `{target}`", chapter.display());
            n_links += 1;
        }
    }
    assert!(n_links >= 8, "{n_links} links were followed");
}

#[test]
fn an_excerpt_that_differs_is_noticed() {
    let output = ["one", "two", "three", "four"];
    for excerpt in [
        &["one", "two", "three", "four"][..],
        &["one", "..."],
        &["...", "two", "three", "..."],
        &["...", "four"],
        &["one", "...", "four"],
        &["...", "thr...", "..."],
    ] {
        assert!(fits(excerpt, &output), "{excerpt:?}");
    }
    for excerpt in [
        &["one", "two", "three"][..],
        &["two", "..."],
        &["...", "two", "four", "..."],
        &["...", "three"],
        &["...", "three", "...", "two", "..."],
        &["one", "two", "three", "four", "five"],
        &[],
    ] {
        assert!(!fits(excerpt, &output), "{excerpt:?}");
    }
}
