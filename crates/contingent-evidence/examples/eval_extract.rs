//! Scores the extraction on a folder of texts with gold.
//!
//! Enters: a folder of `NAME.txt` with `NAME.json`, or one with `text/NAME.txt` and `attributions/NAME_WHO.ann`; `--differences`, `--each`. Leaves: the table of `cargo xtask eval-extract`.
//! Always holds: a text without gold, and a folder without texts, are errors.

use std::path::{Path, PathBuf};
use std::time::Instant;

use contingent_evidence::evaluation::{Marking, Placed, Score, n_agreed, read_gold, read_standoff, score};
use contingent_evidence::extract::{Options, extract};
use contingent_evidence::text::NormalText;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a chore reads files, looks at the clock and prints"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .ok_or("usage: eval_extract DIR [--differences] [--each]")?;
    let standoff = Path::new(folder).join("attributions");
    let marking = if standoff.is_dir() { Marking::Once } else { Marking::Nested };
    let texts = if standoff.is_dir() { Path::new(folder).join("text") } else { PathBuf::from(folder) };
    let paths = files(&texts, "txt")?;
    let annotations = if standoff.is_dir() { files(&standoff, "ann")? } else { Vec::new() };
    if paths.is_empty() {
        return Err(format!("there is no .txt in {folder}").into());
    }
    let mut total = Score::default();
    let (mut words, mut seconds) = (0, 0.0);
    let mut several = Several::default();
    for path in &paths {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let characters = std::fs::read_to_string(path)?;
        let annotators = gold(path, &name, &characters, marking, &annotations)?;
        words += characters.split_whitespace().count();
        let text = NormalText::new(characters, Vec::new());
        let begun = Instant::now();
        std::hint::black_box(extract(&text, &Options::default()));
        seconds += begun.elapsed().as_secs_f64();
        let one = score(&name, &text, &annotators[0], marking);
        if annotators.len() > 1 {
            several.add(&name, &text, &annotators, marking);
        }
        if arguments.iter().any(|argument| argument == "--each") {
            println!("{name}\n{}", one.table());
        }
        total.add(one);
    }
    if arguments.iter().any(|argument| argument == "--differences") {
        for line in &total.differences {
            println!("{line}");
        }
    }
    println!("{} texts, {words} words, {:.2} ms a text", paths.len(), seconds * 1000.0 / paths.len() as f64);
    println!("{}", total.table());
    if several.n_texts > 0 {
        let percent = |(part, whole): (usize, usize)| 100.0 * part as f64 / whole as f64;
        println!(
            "{} texts with several annotators: a claim of one matches a claim of another in {:.1}% of {}, a draft in {:.1}% of {}",
            several.n_texts,
            percent(several.claims),
            several.claims.1,
            percent(several.drafts),
            several.drafts.1
        );
    }
    Ok(())
}

/// How far annotators of the same texts agree, and drafts with each of them: matches, of all.
#[derive(Default)]
struct Several {
    n_texts: usize,
    claims: (usize, usize),
    drafts: (usize, usize),
}

impl Several {
    fn add(&mut self, name: &str, text: &NormalText, annotators: &[Vec<Placed>], marking: Marking) {
        self.n_texts += 1;
        for (at, one) in annotators.iter().enumerate() {
            for (_, other) in annotators.iter().enumerate().filter(|(other, _)| *other != at) {
                self.claims.0 += n_agreed(text.as_str(), one, other);
                self.claims.1 += one.len();
            }
            let total = score(name, text, one, marking).total;
            self.drafts.0 += total.n_right;
            self.drafts.1 += total.n_drafts;
        }
    }
}

/// The gold of a text: beside it, or of every annotator with a standoff file, `NAME_WHO.ann`.
#[expect(clippy::disallowed_methods, reason = "a chore reads files")]
fn gold(
    path: &Path,
    name: &str,
    characters: &str,
    marking: Marking,
    annotations: &[PathBuf],
) -> Result<Vec<Vec<Placed>>, Box<dyn std::error::Error>> {
    if marking == Marking::Nested {
        let gold = std::fs::read_to_string(path.with_extension("json"))
            .map_err(|error| format!("{name}: no gold beside the text: {error}"))?;
        return Ok(vec![read_gold(&gold, characters).map_err(|error| format!("{name}: {error}"))?]);
    }
    let of_text = |annotation: &&PathBuf| {
        annotation
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.rsplit_once('_'))
            .is_some_and(|(text, _)| text == name)
    };
    let mut annotators = Vec::new();
    for annotation in annotations.iter().filter(of_text) {
        let standoff = std::fs::read_to_string(annotation)?;
        let placed = read_standoff(&standoff, characters)
            .map_err(|error| format!("{}: {error}", annotation.display()))?;
        annotators.push(placed);
    }
    if annotators.is_empty() {
        return Err(format!("{name}: no .ann of this text").into());
    }
    Ok(annotators)
}

/// The files of a folder with an ending, in order.
fn files(folder: &Path, ending: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    Ok(paths)
}
