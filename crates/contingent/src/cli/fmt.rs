//! `contingent fmt`.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use contingent::layout;
use contingent_syntax::{Diagnostic, SourceFile, Sources};

use super::{FmtArguments, Outcome, Stop, output};

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

pub(super) fn run(arguments: &FmtArguments) -> Outcome {
    if arguments.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT) {
        if arguments.paths.len() > 1 {
            return Err(Stop::Fault(
                "`-` stands for standard input and is the only path then\nhelp: give `-` or the paths of files"
                    .to_owned(),
            ));
        }
        return standard_input(arguments);
    }
    let found = layout::find(&arguments.paths)?;
    let (mut n_changed, mut is_broken) = (0, false);
    for (diagnostics, sources) in &found.failed_includes {
        output::show_diagnostics(diagnostics, sources);
        is_broken = true;
    }
    let n_files = found.files.len();
    for (path, file) in found.files {
        let Some(laid_out) = laid_out(&file) else {
            is_broken = true;
            continue;
        };
        if laid_out != file.text {
            n_changed += 1;
            changed(arguments, Some(&path), &file, &laid_out)?;
        }
    }
    let writes = !arguments.check && !arguments.diff;
    output::note(&match (n_changed, writes) {
        (0, _) => format!("{}: nothing to change", files(n_files)),
        (n, true) => format!("{n} of {} changed", files(n_files)),
        (n, false) => format!("{n} of {} would change; `contingent fmt` changes them", files(n_files)),
    });
    Ok(exit_code(is_broken || (arguments.check && n_changed > 0)))
}

fn files(n: usize) -> String {
    format!("{n} file{}", if n == 1 { "" } else { "s" })
}

fn exit_code(failed: bool) -> ExitCode {
    ExitCode::from(u8::from(failed))
}

/// The laid-out text of a file; `None` when it cannot be read, which is said.
fn laid_out(file: &SourceFile) -> Option<String> {
    match layout::lay_out(&file.text) {
        Ok(text) => Some(text),
        Err(diagnostics) => {
            refuse(&diagnostics, file);
            None
        }
    }
}

fn refuse(diagnostics: &[Diagnostic], file: &SourceFile) {
    output::show_diagnostics(diagnostics, &Sources { files: vec![file.clone()] });
}

/// Writes a file that changes, or says how it would.
fn changed(
    arguments: &FmtArguments,
    path: Option<&Path>,
    file: &SourceFile,
    laid_out: &str,
) -> Result<(), Stop> {
    if arguments.diff {
        output::result(&layout::unified_diff(&file.name, &file.text, laid_out))?;
    } else if arguments.check {
        let (line, before, after) = layout::first_difference(&file.text, laid_out);
        // Spaces at the end, tabs and other line ends would not be seen.
        let text = before.trim_end_matches(' ');
        let before = format!(
            "{}{}",
            text.replace('\t', "\\t").replace('\r', "\\r"),
            "·".repeat(before.len() - text.len())
        );
        output::result(&format!("{}:{line}\n  is         {before}\n  would be   {after}\n", file.name))?;
    } else if let Some(path) = path {
        layout::replace(path, laid_out)
            .map_err(|error| Stop::Fault(format!("cannot write `{}`: {error}", file.name)))?;
    }
    Ok(())
}

fn standard_input(arguments: &FmtArguments) -> Outcome {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| {
        Stop::Model(format!("cannot read standard input: {error}\nhelp: a model is UTF-8 text"))
    })?;
    let file = SourceFile { name: "standard input".to_owned(), text };
    let Some(laid_out) = laid_out(&file) else { return Ok(exit_code(true)) };
    if !arguments.check && !arguments.diff {
        output::result(&laid_out)?;
    } else if laid_out != file.text {
        changed(arguments, None, &file, &laid_out)?;
        return Ok(exit_code(arguments.check));
    }
    Ok(ExitCode::SUCCESS)
}
