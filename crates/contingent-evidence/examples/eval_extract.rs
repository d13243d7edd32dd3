//! Scores the extraction on a folder of texts with gold.
//!
//! Enters: a folder of `NAME.txt` with `NAME.json`, and `--differences`, `--time`. Leaves: the table of `cargo xtask eval-extract`.
//! Always holds: a text without gold, and a folder without texts, are errors.

use std::path::PathBuf;
use std::time::Instant;

use contingent_evidence::evaluation::{Score, read_gold, score};
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
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("there is no .txt in {folder}").into());
    }
    let mut total = Score::default();
    let (mut words, mut seconds) = (0, 0.0);
    for path in &paths {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let characters = std::fs::read_to_string(path)?;
        let gold = std::fs::read_to_string(path.with_extension("json"))
            .map_err(|error| format!("{name}: no gold beside the text: {error}"))?;
        let placed = read_gold(&gold, &characters).map_err(|error| format!("{name}: {error}"))?;
        words += characters.split_whitespace().count();
        let text = NormalText::new(characters, Vec::new());
        let begun = Instant::now();
        std::hint::black_box(extract(&text, &Options::default()));
        seconds += begun.elapsed().as_secs_f64();
        let one = score(&name, &text, &placed);
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
