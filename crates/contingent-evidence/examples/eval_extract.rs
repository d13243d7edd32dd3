//! Scores the extraction on a folder of texts with gold.
//!
//! Enters: a folder of `NAME.txt` with `NAME.json`, or one with `text/NAME.txt` and `attributions/NAME_WHO.ann`; `--differences`, `--each`. Leaves: the table of `cargo xtask eval-extract`.
//! Always holds: a text without gold, and a folder without texts, are errors.

use std::path::{Path, PathBuf};
use std::time::Instant;

use contingent_evidence::evaluation::{Marking, Placed, Score, read_gold, read_standoff, score};
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
    for path in &paths {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let characters = std::fs::read_to_string(path)?;
        let placed = gold(path, &name, &characters, marking, &annotations)?;
        words += characters.split_whitespace().count();
        let text = NormalText::new(characters, Vec::new());
        let begun = Instant::now();
        std::hint::black_box(extract(&text, &Options::default()));
        seconds += begun.elapsed().as_secs_f64();
        let one = score(&name, &text, &placed, marking);
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
    Ok(())
}

/// The gold of a text: beside it, or the first annotator's among standoff files, `NAME_WHO.ann`.
#[expect(clippy::disallowed_methods, reason = "a chore reads files")]
fn gold(
    path: &Path,
    name: &str,
    characters: &str,
    marking: Marking,
    annotations: &[PathBuf],
) -> Result<Vec<Placed>, Box<dyn std::error::Error>> {
    if marking == Marking::Nested {
        let gold = std::fs::read_to_string(path.with_extension("json"))
            .map_err(|error| format!("{name}: no gold beside the text: {error}"))?;
        return Ok(read_gold(&gold, characters).map_err(|error| format!("{name}: {error}"))?);
    }
    let of_text = |annotation: &&PathBuf| {
        annotation
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.rsplit_once('_'))
            .is_some_and(|(text, _)| text == name)
    };
    let annotation =
        annotations.iter().find(of_text).ok_or_else(|| format!("{name}: no .ann of this text"))?;
    let standoff = std::fs::read_to_string(annotation)?;
    Ok(read_standoff(&standoff, characters).map_err(|error| format!("{}: {error}", annotation.display()))?)
}

/// The files of a folder with an ending, in order.
fn files(folder: &Path, ending: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    Ok(paths)
}
