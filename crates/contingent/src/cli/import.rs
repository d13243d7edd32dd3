//! `contingent import` and `contingent export`: models in the formats of other programs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contingent::exchange::{self, ExchangeDocument};
use contingent_xmile::{ImportError, Weight};

use super::{Format, Outcome, Stop, output};

#[derive(Args)]
pub(super) struct ImportArguments {
    /// An XMILE model: a `.xmile`, `.stmx` or `.xml` file
    file: PathBuf,
    /// Where the model is written; `-` is standard output
    #[arg(short = 'o', long, value_name = "MODEL.ctg")]
    out: PathBuf,
    /// How the report is printed: for people on standard error, or as JSON on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// XMILE 1.0
    Xmile,
}

#[derive(Args)]
pub(super) struct ExportArguments {
    /// The format
    #[arg(value_enum)]
    target: Target,
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// Where it is written; `-` is standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    out: PathBuf,
    /// How the report is printed: for people on standard error, or as JSON on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn import(arguments: &ImportArguments) -> Outcome {
    let text = exchange::read_xmile(&arguments.file).map_err(Stop::Model)?;
    let name = file_name(&arguments.file);
    let shown = arguments.file.display().to_string();
    match contingent_xmile::import(&name, &text) {
        Ok(imported) => {
            write(&arguments.out, &imported.text, arguments.format)?;
            report(
                &ExchangeDocument::new(&shown, Some(&arguments.out), imported.report, None),
                arguments.format,
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            let message = match &error {
                ImportError::Refused(report) => {
                    let n_refused = report.notes.iter().filter(|note| note.weight == Weight::Refused).count();
                    let parts = if n_refused == 1 { "part" } else { "parts" };
                    format!("nothing was written: {n_refused} {parts} of the model could not be carried over")
                }
                other => other.to_string(),
            };
            let notes = match error {
                ImportError::Refused(report) | ImportError::Mistaken { report, .. } => report,
                ImportError::Unreadable(_) => contingent_xmile::Report::default(),
            };
            let document = ExchangeDocument::new(&shown, None, notes, Some(message.clone()));
            report(&document, arguments.format)?;
            Err(Stop::Model(format!("cannot import `{shown}`: {message}")))
        }
    }
}

pub(super) fn export(arguments: &ExportArguments) -> Outcome {
    let Target::Xmile = arguments.target;
    let model = output::open(&arguments.model)?;
    let shown = arguments.model.display().to_string();
    match contingent_xmile::export(&model) {
        Ok(exported) => {
            write(&arguments.out, &exported.text, arguments.format)?;
            report(
                &ExchangeDocument::new(&shown, Some(&arguments.out), exported.report, None),
                arguments.format,
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => {
            let message = "nothing was written: parts of the model have no counterpart in XMILE".to_owned();
            let document = ExchangeDocument::new(&shown, None, refused, Some(message.clone()));
            report(&document, arguments.format)?;
            Err(Stop::Model(format!("cannot export `{shown}`: {message}")))
        }
    }
}

fn write(path: &Path, text: &str, format: Format) -> Result<(), Stop> {
    if path != Path::new("-") {
        return output::write_aside(path, text);
    }
    if format == Format::Json {
        return Err(Stop::Fault("the model and the report cannot both go to standard output".to_owned()));
    }
    Ok(output::result(text)?)
}

fn report(document: &ExchangeDocument, format: Format) -> Result<(), Stop> {
    match format {
        Format::Human => output::note(document.to_text().trim_end()),
        Format::Json => output::result(&format!("{}\n", serde_json::to_string_pretty(document)?))?,
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "the file".to_owned(), |name| name.to_string_lossy().into_owned())
}
