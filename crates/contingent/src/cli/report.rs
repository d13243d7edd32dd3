//! `contingent report`: the page of a run, again and in other forms.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contingent::project;
use contingent::report::{DOCUMENT, PAGE, REPORT_SCHEMA, Report};
use contingent_ensemble::store::{Addition, add_to_run, read_manifest};
use contingent_report::document::live::Live;
use contingent_report::{figure, live, page};

use super::{Outcome, Stop, output};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// The page, one file without anything beside it
    Html,
    /// Markdown, with charts as tables
    #[value(alias = "markdown")]
    Md,
    /// The charts of the page, one SVG file each
    Svg,
    /// The same as PNG, for documents that take no SVG; needs a program built with `--features png`
    Png,
}

#[derive(Args)]
pub(super) struct ReportArguments {
    /// A run directory that `contingent answer` wrote
    #[arg(value_name = "RUN_DIRECTORY")]
    run: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = ReportFormat::Html)]
    format: ReportFormat,
    /// Where to: a file, `-` for standard output, or for `svg` and `png` a directory; in the run directory unless given
    #[arg(long, short, value_name = "PATH")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &ReportArguments) -> Outcome {
    let mut report = read(&arguments.run)?;
    let is_for_another = |live: &Live| !live::has_kernel(&live.kernel);
    if report.live.take_if(|live| is_for_another(live)).is_some() {
        output::note(
            "another version of the program wrote this run: its page is drawn without the part that runs the model again\nhelp: run the \
             model again with `contingent answer` to have it",
        );
    }
    let written = match arguments.format {
        ReportFormat::Html => text(arguments, PAGE, page::html(&report))?,
        ReportFormat::Md => text(arguments, "report.md", page::markdown(&report))?,
        ReportFormat::Svg => charts(arguments, &report, "svg", |_, svg| Ok(Addition::Text(svg)))?,
        ReportFormat::Png => pictures(arguments, &report)?,
    };
    if let Some(written) = written {
        output::result(&format!("{}\n", written.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The document of a run directory.
fn read(directory: &Path) -> Result<Report, Stop> {
    read_manifest(directory)?;
    let path = directory.join(DOCUMENT);
    let shown = path.display();
    let text = project::read(&path).map_err(|reason| {
        Stop::Fault(format!(
            "cannot read `{shown}`: {reason}\nhelp: `contingent answer` writes it; run the model again, or name a run \
             directory that it wrote"
        ))
    })?;
    let schema = serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|value| Some(value.get("schema")?.as_str()?.to_owned()));
    match schema.as_deref() {
        Some(REPORT_SCHEMA) => serde_json::from_str(&text).map_err(|error| {
            Stop::Fault(format!(
                "`{shown}` is damaged: {error}\nhelp: run the model again with `contingent answer`"
            ))
        }),
        Some(other) => Err(Stop::Fault(format!(
            "`{shown}` has the schema `{other}` instead of `{REPORT_SCHEMA}`\nhelp: another version of the program wrote it; \
             run the model again with `contingent answer`"
        ))),
        None => Err(Stop::Fault(format!(
            "`{shown}` is not the document of a report\nhelp: run the model again with `contingent answer`"
        ))),
    }
}

/// Writes one text where it belongs.
fn text(arguments: &ReportArguments, name: &str, text: String) -> Result<Option<PathBuf>, Stop> {
    match &arguments.out {
        Some(path) if path == Path::new("-") => {
            output::result(&text)?;
            Ok(None)
        }
        Some(path) => {
            output::write_aside(path, &text)?;
            Ok(Some(path.clone()))
        }
        None => {
            add_to_run(&arguments.run, &[(name.to_owned(), Addition::Text(text))])?;
            Ok(Some(arguments.run.join(name)))
        }
    }
}

/// Writes every chart as a picture.
#[cfg(feature = "png")]
fn pictures(arguments: &ReportArguments, report: &Report) -> Result<Option<PathBuf>, Stop> {
    let fonts = super::png::fonts();
    charts(arguments, report, "png", |name, svg| Ok(Addition::Bytes(super::png::png(name, &svg, &fonts)?)))
}

/// Says how to get what draws pictures.
#[cfg(not(feature = "png"))]
fn pictures(_: &ReportArguments, _: &Report) -> Result<Option<PathBuf>, Stop> {
    Err(Stop::Fault(
        "this program was built without what draws PNG files\nhelp: build it with `cargo build --release --features png`, or write \
         `--format svg`"
            .to_owned(),
    ))
}

/// Writes every chart as a file of its own; `made` makes its content of its name and its SVG document.
fn charts(
    arguments: &ReportArguments,
    report: &Report,
    extension: &str,
    made: impl Fn(&str, String) -> Result<Addition, Stop>,
) -> Result<Option<PathBuf>, Stop> {
    let figures = page::figures(report);
    if figures.is_empty() {
        return Err(Stop::Model("the report has no chart, since no question has an answer".to_owned()));
    }
    let to_one_place = arguments.out.as_deref() == Some(Path::new("-"));
    if to_one_place {
        return Err(Stop::Fault(
            "several charts cannot go to standard output\nhelp: name a directory with `--out DIRECTORY`"
                .to_owned(),
        ));
    }
    // All are made before the first is written.
    let files = figures
        .iter()
        .map(|chart| {
            let name = format!("{}.{extension}", chart.id);
            let content = made(&name, figure::standalone(chart))?;
            Ok((name, content))
        })
        .collect::<Result<Vec<(String, Addition)>, Stop>>()?;
    if let Some(folder) = &arguments.out {
        let failed =
            |error: std::io::Error| Stop::Fault(format!("cannot create `{}`: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(failed)?;
        for (name, content) in &files {
            match content {
                Addition::Text(text) => output::write_aside(&folder.join(name), text)?,
                Addition::Bytes(bytes) => output::write_aside(&folder.join(name), bytes)?,
                Addition::Integers(_) | Addition::Table(_) => unreachable!("charts are texts or pictures"),
            }
        }
        return Ok(Some(folder.clone()));
    }
    let additions: Vec<(String, Addition)> =
        files.into_iter().map(|(name, content)| (format!("figures/{name}"), content)).collect();
    add_to_run(&arguments.run, &additions)?;
    Ok(Some(arguments.run.join("figures")))
}

/// The command line as it was typed, with quotes where a shell needs them.
pub(super) fn command_line() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| quoted(&argument.to_string_lossy()));
    std::iter::once("contingent".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn quoted(argument: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./=:,%@+".contains(letter);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn arguments_are_quoted_where_a_shell_needs_it() {
        assert_eq!(
            ["models/a-b.ctg", "--set=x=80%", "a b", "it's", ""].map(quoted),
            ["models/a-b.ctg", "--set=x=80%", "'a b'", "'it'\\''s'", "''"]
        );
    }
}
