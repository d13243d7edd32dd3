//! `contingent claims verify`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use contingent::claims::{
    GivenCopy, Pinned, Verdict, Verification, pinned_of_ledger, pinned_of_model, read_article, verify,
};
use contingent_evidence::read::Document;
use contingent_syntax::nearest;

use super::super::Format;
use super::{Outcome, Stop, ledgers, output};

#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// A ledger, a directory of ledgers, or a model
    #[arg(value_name = "LEDGER|MODEL")]
    path: PathBuf,
    /// Your copy of a source, in any format; `--copy NAME=FILE` says of which source
    #[arg(long = "copy", required = true, value_name = "FILE")]
    copies: Vec<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &VerifyArguments) -> Outcome {
    let claims = claims_of(&arguments.path)?;
    let copies = read_copies(&arguments.copies, &claims)?;
    let result = check(&claims, &copies);
    match arguments.format {
        Format::Json => output::result(&(serde_json::to_string_pretty(&result)? + "\n"))?,
        Format::Human => output::result(&text(&result))?,
    }
    Ok(if result.counts.is_failed() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn claims_of(path: &Path) -> Result<Vec<Pinned>, Stop> {
    let has_ledgers = || {
        std::fs::read_dir(path).is_ok_and(|mut entries| {
            entries.any(|entry| entry.is_ok_and(|entry| super::is_ledger(&entry.path())))
        })
    };
    let is_model_directory = path.join(contingent::project::MAIN_FILE).is_file();
    if path.extension().is_some_and(|ending| ending == "toml")
        || (path.is_dir() && !is_model_directory && has_ledgers())
    {
        return Ok(ledgers(&[path.to_owned()])?
            .iter()
            .flat_map(|open| pinned_of_ledger(&open.ledger))
            .collect());
    }
    let claims = pinned_of_model(&output::open(path)?);
    if claims.iter().all(|claim| claim.pins.is_empty()) {
        return Err(Stop::Model(format!(
            "no claim of the model has a pin\nhelp: `contingent claims pin {} --copy FILE` makes them from your copy",
            path.display()
        )));
    }
    Ok(claims)
}

/// A copy that was read.
pub(crate) struct ReadCopy {
    file: String,
    source: Option<String>,
    document: Document,
}

/// Reads copies given as `FILE` or `SOURCE=FILE`.
pub(crate) fn read_copies(given: &[String], claims: &[Pinned]) -> Result<Vec<ReadCopy>, Stop> {
    given
        .iter()
        .map(|given| {
            let (source, path) = match given.split_once('=') {
                Some((source, path)) if !Path::new(given).exists() => (Some(source.to_owned()), path),
                _ => (None, given.as_str()),
            };
            let known = || claims.iter().map(|claim| claim.source.as_str());
            if let Some(source) = source.as_ref().filter(|source| !known().any(|known| known == *source)) {
                let help = nearest(source, known()).map_or_else(
                    || "give the name that it has there".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(Stop::Fault(format!("there is no source `{source}` with claims\nhelp: {help}")));
            }
            // Exit code 1 is for words that changed: a script must be able to tell that from a copy that was not looked at.
            let document = read_article(Path::new(path)).map_err(|error| Stop::Fault(error.to_string()))?;
            for note in &document.notes {
                output::note(&format!("{path}: {note}"));
            }
            Ok(ReadCopy { file: path.to_owned(), source, document })
        })
        .collect()
}

/// Holds claims against copies.
pub(crate) fn check(claims: &[Pinned], copies: &[ReadCopy]) -> Verification {
    let given: Vec<GivenCopy<'_>> = copies
        .iter()
        .map(|copy| GivenCopy {
            file: copy.file.clone(),
            source: copy.source.clone(),
            text: copy.document.text.as_str(),
            text_sha256: copy.document.text.sha256(),
        })
        .collect();
    verify(claims, &given)
}

fn text(result: &Verification) -> String {
    let mut text = format!("{}\n", result.sentence);
    for copy in result.copies.iter().filter(|copy| copy.source.is_none()) {
        let _ = writeln!(text, "{}: no words of any claim are in it", copy.file);
    }
    let groups = [
        (Verdict::Changed, "Changed: something like the words is there, but not the words"),
        (Verdict::Missing, "Missing: nothing like the words is there"),
        (Verdict::Moved, "Moved: the words stand elsewhere among the others"),
        (Verdict::NoPin, "Without a pin, and so not checked"),
        (Verdict::NoCopy, "Of sources without a copy, and so not checked"),
        (Verdict::Found, "Found"),
    ];
    for (verdict, headline) in groups {
        let members: Vec<_> = result.claims.iter().filter(|claim| claim.verdict == verdict).collect();
        if members.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{headline}:");
        for claim in members {
            let _ = write!(text, "  {}", claim.claim);
            if let (Some(file), Some([start, end])) = (&claim.file, claim.places.first()) {
                let _ = write!(text, "  {file}, characters {start} to {end}");
            }
            if claim.strictly == Some(false) {
                text.push_str(", apart from case or punctuation");
            }
            if let Some(similarity) = claim.similarity {
                let _ = write!(text, ", about {:.0}% of its pairs of words", similarity * 100.0);
            }
            text.push('\n');
        }
    }
    text
}
