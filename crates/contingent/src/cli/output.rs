//! Standard output and standard error.
//!
//! Enters: text. Leaves: the same text on a stream. Always holds: a closed pipe is not a fault; results go
//! to standard output, all else to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use contingent::{diagnostics, project};
use contingent_ensemble::store::{Addition, AnalysisRecord, check_analysis_place, write_analysis};
use contingent_model::{Checked, CheckedModel};
use contingent_syntax::{Diagnostic, Sources};

use super::Stop;

/// Widest text that is written.
const MAX_WIDTH: usize = 110;

/// Columns to write to.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).min(MAX_WIDTH)
}

/// Whether standard output is a terminal whose locale names an encoding other than UTF-8. A locale that is not set says nothing.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(crate) fn is_without_utf8() -> bool {
    // In the order in which they count (POSIX, "Internationalization Variables").
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    io::stdout().is_terminal()
        && locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            !(locale.contains("utf-8") || locale.contains("utf8"))
        })
}

/// Whether standard error shows colour.
fn error_colour() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Writes results. Colour codes are taken out where the stream shows none.
pub(crate) fn result(text: &str) -> io::Result<()> {
    let mut stream = anstream::stdout().lock();
    ignore_closed(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()))
}

/// Writes to standard error, ignoring that it may be closed.
pub(crate) fn note(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = writeln!(stream, "{text}");
}

/// Says how far something long has come, where somebody is watching.
pub(crate) fn progress_note(text: &str) {
    if io::stderr().is_terminal() {
        note(text);
    }
}

/// Writes an error that is not a diagnostic.
pub(crate) fn error(message: &str) {
    let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    note(&format!("{style}error{style:#}: {message}"));
}

fn ignore_closed(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Opens and checks a model; prints on standard error what is wrong with it.
pub(crate) fn open(path: &Path) -> Result<CheckedModel, Stop> {
    open_with_texts(path).map(|(model, _)| model)
}

/// The texts of a model, then of its data.
pub(crate) struct Texts {
    /// All of them.
    pub(crate) sources: Sources,
    /// How many of them, the first, are of the model.
    pub(crate) n_files: usize,
}

/// As [`open`], with the texts.
pub(crate) fn open_with_texts(path: &Path) -> Result<(CheckedModel, Texts), Stop> {
    let checked = project::open(path)?;
    let Some(model) = checked.model else {
        show_diagnostics(&checked.diagnostics, &checked.sources);
        return Err(Stop::Shown);
    };
    if !checked.diagnostics.is_empty() {
        note(&format!("{}; `contingent check` shows them", diagnostics::count(&checked.diagnostics)));
    }
    Ok((model, Texts { sources: checked.sources, n_files: checked.n_files }))
}

/// The same model with questions that ask for what is taken as observed.
pub(crate) fn open_observed(
    path: &Path,
    model: CheckedModel,
    observed: &[String],
) -> Result<CheckedModel, Stop> {
    if observed.is_empty() {
        return Ok(model);
    }
    match contingent::observed::open_observed(path, &model, observed)? {
        contingent::observed::Observing::Refused(error) => Err(error.into()),
        contingent::observed::Observing::Checked(checked) => {
            if let Some(model) = checked.model {
                Ok(model)
            } else {
                show_diagnostics(&checked.diagnostics, &checked.sources);
                Err(Stop::Shown)
            }
        }
    }
}

/// Prints the diagnostics of a model for people.
pub(crate) fn diagnostics(checked: &Checked) {
    show_diagnostics(&checked.diagnostics, &checked.sources);
}

/// Prints diagnostics for people, with where to read more about the first.
pub(crate) fn show_diagnostics(diagnostics: &[Diagnostic], sources: &Sources) {
    note(&diagnostics::render(diagnostics, sources, error_colour(), width()));
    if let Some(more) = diagnostics::more(diagnostics) {
        note(&more);
    }
}

/// Where results go unless the user says otherwise: `runs/NAME`, from the name of the model.
pub(crate) fn default_directory(model: &Path, suffix: &str) -> PathBuf {
    let absolute = std::path::absolute(model).unwrap_or_else(|_| model.to_owned());
    let named = if absolute.file_name().is_some_and(|name| name == project::MAIN_FILE) {
        absolute.parent().map(Path::to_owned).unwrap_or(absolute)
    } else {
        absolute.with_extension("")
    };
    let name =
        named.file_name().map_or_else(|| "model".to_owned(), |name| name.to_string_lossy().into_owned());
    PathBuf::from("runs").join(format!("{name}{suffix}"))
}

/// Writes a file so that it is there whole or not at all.
pub(crate) fn write_aside(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Stop> {
    let failed = |error: io::Error| Stop::Fault(format!("cannot write `{}`: {error}", path.display()));
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(content.as_ref()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Whether a path asks for the document alone, in a file.
fn is_one_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

/// Says before anything is run whether a document with its tables can be written to a path.
pub(crate) fn check_document_place(path: &Path) -> Result<(), Stop> {
    if is_one_file(path) { Ok(()) } else { Ok(check_analysis_place(path)?) }
}

/// Writes a document: alone where the path is that of a JSON file, else with its tables into a directory. `json` is the
/// document.
pub(crate) fn write_document(
    path: &Path,
    json: &str,
    record: AnalysisRecord,
    tables: &[(String, Addition)],
) -> Result<(), Stop> {
    if is_one_file(path) {
        write_aside(path, json)
    } else {
        write_analysis(path, record, tables)?;
        Ok(())
    }
}

/// A flag that becomes true when the user interrupts. The second interrupt ends the program at once.
pub(crate) fn interrupted() -> &'static AtomicBool {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    static HANDLER: std::sync::Once = std::sync::Once::new();
    HANDLER.call_once(|| {
        // Without a handler an interrupt ends the program at once, which leaves nothing half written either.
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTED.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
    });
    &INTERRUPTED
}

/// Progress on standard error, hidden when that is not a terminal.
pub(crate) struct Progress(indicatif::ProgressBar);

impl Progress {
    /// A bar over `n_runs` runs.
    pub(crate) fn new(n_runs: u64) -> Self {
        let bar = indicatif::ProgressBar::new(n_runs);
        if !io::stderr().is_terminal() {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        let style =
            indicatif::ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} runs, {eta} left");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Sets the number of finished runs; reports may arrive out of order.
    pub(crate) fn set(&self, finished: u64) {
        if finished > self.0.position() {
            self.0.set_position(finished);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
