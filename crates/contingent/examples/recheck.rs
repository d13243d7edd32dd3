//! Measures how long the language server takes to check a model again after an edit.
//!
//! Enters: nothing. Leaves: lines on standard output: the founding case and a generated model of 5,000 declarations, each
//! the median of many edits, up to the point where every diagnostic is known. Run with `--release`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use contingent::lsp::Workspace;

const N_EDITS: i32 = 31;

/// A model of groups of five declarations that refer to each other and to the group before.
fn generated(n_declarations: usize) -> String {
    let mut text = String::from(
        "model \"Generated\" {\n  purpose \"To measure\"\n  not_for \"Anything else\"\n  \
         time 2024-01-01 to 2024-12-30 step 1 week\n}\nunit fighter\nsubscript region { kabul, east, north }\n",
    );
    for i in 0..n_declarations / 5 {
        let before = i.saturating_sub(1);
        let _ = write!(
            text,
            "assume rate_{i} = 1% to 5% per week because judgement \"a guess\"\n\
             stock men_{i}[region]: fighter = 100 fighters\n\
             aux share_{i}[region] = men_{i} / max(1 fighter, sum(men_{i}))\n\
             aux pull_{i}[region] = share_{before} * (1 + share_{i}[kabul])\n\
             flow going_{i}[region]: men_{i} -> = men_{i} * rate_{i} * min(1, pull_{i})\n"
        );
    }
    text
}

/// Median milliseconds from an edit of a file to the diagnostics of its model.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn median(path: &Path, text: &str) -> f64 {
    let mut workspace = Workspace::default();
    let uri = gen_lsp_types::Uri(format!("file://{}", path.display()));
    workspace.open(uri.clone(), 0, text.to_owned());
    workspace.refresh();
    let mut times = Vec::new();
    for i in 0..N_EDITS {
        workspace.replace(&uri, i + 1, format!("{text}aux edited_{i} = {i}\n"));
        let start = Instant::now();
        workspace.refresh();
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a measurement reads a model and prints")]
fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/taliban-daesh-k");
    let path = folder.canonicalize().expect("the founding case is there").join("daesh_k.ctg");
    let text = std::fs::read_to_string(&path).expect("the founding case is there");
    println!("founding case, 11 files: {:.1} ms", median(&path, &text));
    let generated = generated(5000);
    let n_lines = generated.lines().count();
    println!(
        "generated, 5,000 declarations, {n_lines} lines: {:.1} ms",
        median(Path::new("/none/model.ctg"), &generated)
    );
}
