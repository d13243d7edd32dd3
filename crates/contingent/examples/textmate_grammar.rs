//! Prints the `TextMate` grammar of the language; `editors/vscode/syntaxes/contingent.tmLanguage.json` holds it.
//!
//! Enters: nothing. Leaves: JSON on standard output.

#[path = "../tests/editors/grammar.rs"]
mod grammar;

#[expect(clippy::print_stdout, reason = "an example prints its result")]
fn main() {
    let _ = grammar::grammar();
    print!("{}", grammar::text());
}
