//! `contingent new`: a small model to begin with.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use contingent::template::{DEFAULT_TITLE, files};

use super::{Outcome, Stop, output};

#[derive(Args)]
pub(super) struct NewArguments {
    /// The directory to make; it must not exist yet, or be empty
    directory: PathBuf,
    /// The title of the model
    #[arg(long, default_value = DEFAULT_TITLE)]
    title: String,
}

pub(super) fn run(arguments: &NewArguments) -> Outcome {
    let target = &arguments.directory;
    if arguments.title.trim().is_empty() {
        return Err(Stop::Fault("the title is empty\nhelp: write `--title \"Will it hold?\"`".to_owned()));
    }
    if occupied(target) {
        return Err(Stop::Fault(format!(
            "`{}` exists already; nothing was written\nhelp: choose a directory that does not exist yet",
            target.display()
        )));
    }
    let written = files(&arguments.title);
    write(target, &written).map_err(|error| {
        Stop::Fault(format!(
            "cannot write `{}`: {error}\nhelp: choose a place where files may be written",
            target.display()
        ))
    })?;
    let place = quoted(target);
    let names: Vec<&str> = written.iter().map(|&(name, _)| name).collect();
    output::result(&format!(
        "wrote {} in {}; read model.ctg from top to bottom, then type\n\n    contingent check {place}\n    \
         contingent simulate {place}\n    contingent answer {place}\n",
        names.join(" and "),
        target.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether something stands at the place: anything but an empty directory.
fn occupied(target: &Path) -> bool {
    match std::fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Writes the files into a directory beside the target and renames it, so that the model is there whole or not at all.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the adapter that writes a new model, aside and then renamed"
)]
fn write(target: &Path, files: &[(&str, String)]) -> io::Result<()> {
    let absolute = std::path::absolute(target)?;
    let parent = absolute.parent().ok_or_else(|| io::Error::other("it has no parent directory"))?;
    std::fs::create_dir_all(parent)?;
    let aside = tempfile::Builder::new().prefix(".contingent-new-").tempdir_in(parent)?;
    let built = aside.path().join("model");
    std::fs::create_dir(&built)?;
    for (name, text) in files {
        std::fs::write(built.join(name), text)?;
    }
    if absolute.is_dir() {
        // An empty directory stays the one it is: somebody may be standing in it.
        fill(&absolute, &built, files)
    } else {
        std::fs::rename(&built, &absolute)
    }
}

/// Moves the files into an empty directory; after a failure it is empty again.
fn fill(target: &Path, built: &Path, files: &[(&str, String)]) -> io::Result<()> {
    for (i, (name, _)) in files.iter().enumerate() {
        if let Err(error) = std::fs::rename(built.join(name), target.join(name)) {
            for (moved, _) in &files[..i] {
                // The first error is the one to report.
                let _ = std::fs::remove_file(target.join(moved));
            }
            return Err(error);
        }
    }
    Ok(())
}

/// A path as it is typed into a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(|letter: char| !(letter.is_alphanumeric() || "/._-\\:".contains(letter))) {
        format!("'{}'", text.replace('\'', "'\\''"))
    } else {
        text
    }
}
