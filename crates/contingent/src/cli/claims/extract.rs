//! `contingent claims extract`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contingent::claims::{LEDGER_ENDING, SPEAKERS_FILE, read_article, read_ledger, read_registry};
use contingent_evidence::extract::{Actor, Extraction, Mode, Options, extract, extraction_json};
use contingent_evidence::ledger::{Ledger, Registry, State, Words as _, draw, link_same, merge};
use contingent_evidence::read::Document;

use super::{Outcome, Stop, output};

#[derive(Args)]
pub(crate) struct ExtractArguments {
    /// Articles: .txt, .html, .pdf or .docx, in any encoding
    #[arg(required = true, value_name = "ARTICLE")]
    articles: Vec<PathBuf>,
    /// Write a ledger for each article into this directory; what was decided in one that is there stays
    #[arg(short, long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    /// How drafts are printed when no ledger is written
    #[arg(long, value_enum, default_value_t = ExtractFormat::Text, conflicts_with = "out")]
    format: ExtractFormat,
    /// A model, whose actors and their other names are found in what is said
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// How the articles are laid out
    #[arg(long, value_enum, default_value_t = Layout::Detect)]
    layout: Layout,
    /// A file of speakers with their other names; `speakers.toml` in the directory of the ledgers is read anyway
    #[arg(long, value_name = "FILE")]
    speakers: Option<PathBuf>,
}

/// How drafts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExtractFormat {
    /// Text for people, with the words of the article
    Text,
    /// JSON with positions in characters
    Json,
}

/// How an article is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// A transcript where it looks like one, otherwise prose
    Detect,
    /// Running text
    Prose,
    /// Names or letters before what each says
    Transcript,
}

pub(super) fn run(arguments: &ExtractArguments) -> Outcome {
    if let Some(out) = &arguments.out
        && !out.is_dir()
        && out.extension().is_some_and(|extension| extension == "toml")
    {
        return Err(Stop::Fault(format!(
            "`--out {}` names a file, and ledgers are written into a directory\n\
             help: give the directory; a ledger has the name of its article and ends in `{LEDGER_ENDING}`",
            out.display()
        )));
    }
    let options = Options {
        actors: arguments.model.as_ref().map_or(Ok(Vec::new()), |path| actors(path))?,
        mode: match arguments.layout {
            Layout::Detect => Mode::Detect,
            Layout::Prose => Mode::Prose,
            Layout::Transcript => Mode::Transcript,
        },
    };
    let mut registry = Registry::default();
    if let Some(path) = &arguments.speakers {
        read_registry(path, &mut registry)?;
    }
    if let Some(beside) =
        arguments.out.as_ref().map(|out| out.join(SPEAKERS_FILE)).filter(|path| path.is_file())
    {
        read_registry(&beside, &mut registry)?;
    }
    // One article that cannot be read does not keep the others from being drafted.
    let mut failed: Vec<String> = Vec::new();
    let mut drawn: Vec<(String, Document, Extraction)> = Vec::new();
    for (i, path) in arguments.articles.iter().enumerate() {
        if arguments.articles.len() > 1 {
            output::progress_note(&format!("{} of {}: {}", i + 1, arguments.articles.len(), path.display()));
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match read_article(path) {
            Ok(document) => {
                for note in &document.notes {
                    output::note(&format!("{}: {note}", path.display()));
                }
                let n_bytes = document.text.as_str().len();
                if n_bytes > MOST_DRAFTED {
                    failed.push(format!(
                        "cannot draft from `{}`: its text is {} MB long, and drafts are drawn from at most {} MB, which is a long book\n\
                         help: give its articles or chapters as files of their own",
                        path.display(),
                        n_bytes.div_ceil(1_000_000),
                        MOST_DRAFTED / 1_000_000,
                    ));
                    continue;
                }
                let extraction = extract(&document.text, &options);
                drawn.push((name, document, extraction));
            }
            Err(error) => failed.push(error.to_string()),
        }
    }
    for error in &failed {
        output::error(error);
    }
    if drawn.is_empty() {
        return Err(Stop::Shown);
    }
    match (&arguments.out, arguments.format) {
        (Some(out), _) => write(out, &drawn, &registry)?,
        (None, ExtractFormat::Json) => print_json(&drawn)?,
        (None, ExtractFormat::Text) => {
            for (name, document, extraction) in &drawn {
                output::result(&text(name, document, extraction))?;
            }
        }
    }
    if failed.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Stop::Shown) }
}

/// Bytes of a text beyond which no drafts are drawn: a minute's work, and no article.
const MOST_DRAFTED: usize = 3_000_000;
/// Of what was not captured, so many are shown.
const MOST_LISTED: usize = 60;

/// The actors of a model with their other names.
fn actors(path: &std::path::Path) -> Result<Vec<Actor>, Stop> {
    let model = output::open(path)?;
    Ok(model
        .actors
        .iter()
        .map(|actor| Actor {
            name: actor.name.clone(),
            aliases: std::iter::once(actor.label.clone())
                .chain(actor.aliases.iter().cloned())
                .filter(|alias| !alias.is_empty())
                .collect(),
        })
        .collect())
}

fn print_json(drawn: &[(String, Document, Extraction)]) -> Result<(), Stop> {
    let articles: Vec<serde_json::Value> = drawn
        .iter()
        .map(|(name, document, extraction)| {
            let mut article = extraction_json(&document.text, extraction);
            article["file"] = name.as_str().into();
            article["format"] = document.format.as_str().into();
            article["encoding"] = document.encoding.into();
            article["n_replaced"] = document.n_replaced.into();
            article
        })
        .collect();
    let document = match <[_; 1]>::try_from(articles) {
        Ok([mut only]) => {
            only["schema"] = "contingent.extraction/1".into();
            only
        }
        Err(articles) => serde_json::json!({ "schema": "contingent.extractions/1", "articles": articles }),
    };
    Ok(output::result(&(serde_json::to_string_pretty(&document)? + "\n"))?)
}

/// Writes a ledger for each article, with what was decided before.
fn write(
    out: &std::path::Path,
    drawn: &[(String, Document, Extraction)],
    registry: &Registry,
) -> Result<(), Stop> {
    std::fs::create_dir_all(out)
        .map_err(|error| Stop::Fault(format!("cannot make the directory `{}`: {error}", out.display())))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut texts: Vec<Option<String>> = Vec::new();
    let mut ledgers: Vec<Ledger> = Vec::new();
    for (name, document, extraction) in drawn {
        let mut ledger = draw(document, name, extraction, registry);
        // Articles of one name stand beside each other.
        let base = ledger.source.id.clone();
        let mut n = 2;
        while ledgers.iter().any(|other| other.source.id == ledger.source.id) {
            ledger.source.id = format!("{base}_{n}");
            n += 1;
        }
        let path = out.join(format!("{}{LEDGER_ENDING}", ledger.source.id));
        let before = if path.exists() { Some(read_ledger(&path)?) } else { None };
        if let Some(before) = &before {
            ledger = merge(&before.ledger, ledger);
        }
        texts.push(before.map(|before| before.text));
        paths.push(path);
        ledgers.push(ledger);
    }
    let same = link_same(&mut ledgers);
    for ((path, before), ledger) in paths.iter().zip(&texts).zip(&ledgers) {
        let text = before.as_ref().map_or_else(|| ledger.write(), |text| ledger.update(text));
        output::write_aside(path, &text)?;
        let n_decided = ledger.n_in(State::Accepted) + ledger.n_in(State::Rejected);
        let kept = if n_decided > 0 { format!(", {n_decided} decided before") } else { String::new() };
        output::result(&format!(
            "{}: {} drafts by {} speakers{kept}; quotations and verbs of saying not captured: {}\n",
            path.display(),
            ledger.claims.len(),
            ledger.speakers.len(),
            ledger.uncaptured.len()
        ))?;
    }
    if !same.is_empty() {
        output::result(&format!(
            "{} printed twice: {}\n",
            if same.len() == 1 { "One claim is".to_owned() } else { format!("{} claims are", same.len()) },
            same.iter()
                .map(|pair| {
                    let name = |(l, c): (usize, usize)| {
                        format!("{}:{}", ledgers[l].source.id, ledgers[l].claims[c].id)
                    };
                    format!("{} as {}", name(pair.second), name(pair.first))
                })
                .collect::<Vec<_>>()
                .join(", ")
        ))?;
    }
    if let Some(path) = paths.first() {
        output::note(&format!("next: contingent claims review {} --copy ARTICLE", path.display()));
    }
    Ok(())
}

/// Drafts for people, with the words of the article: they go to whoever has the article, and nowhere else.
fn text(name: &str, document: &Document, extraction: &Extraction) -> String {
    let source = document.text.as_str();
    let words =
        |span: &std::ops::Range<usize>| source[span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!(
        "{name}: {} drafts, {} speakers ({}, {})\n",
        extraction.drafts.len(),
        extraction.speakers.len(),
        document.format.as_str(),
        document.encoding
    );
    if document.n_replaced > 0 {
        let _ = writeln!(text, "{} characters could not be read", document.n_replaced);
    }
    for (i, draft) in extraction.drafts.iter().enumerate() {
        let speaker = draft.speaker.as_deref().unwrap_or("nobody named");
        let role = draft.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
        let through =
            draft.secondhand_of.as_ref().map(|name| format!(", through {name}")).unwrap_or_default();
        let verb = draft.verb.as_ref().map(|verb| format!(" ({verb})")).unwrap_or_default();
        let _ = writeln!(text, "\nc{}  {speaker}{role}{through}{verb}", i + 1);
        for span in &draft.content {
            let _ = writeln!(text, "    {}", words(span));
        }
        let mut marks = vec![draft.kind.word().to_owned(), draft.voice.word().to_owned()];
        if draft.negated {
            marks.push("negated".to_owned());
        }
        if !draft.hedges.is_empty() {
            let hedges: Vec<String> = draft.hedges.iter().map(&words).collect();
            marks.push(format!("hedged: {}", hedges.join(", ")));
        }
        for condition in &draft.conditions {
            let polarity = match condition.polarity {
                contingent_evidence::draft::Polarity::Holds => "needs",
                contingent_evidence::draft::Polarity::Fails => "needs not",
            };
            marks.push(format!("{polarity}: {}", words(&condition.span)));
        }
        if !draft.actors.is_empty() {
            marks.push(format!("about {}", draft.actors.join(", ")));
        }
        marks.push(format!("confidence {}, by {}", draft.confidence.word(), draft.pattern));
        let _ = writeln!(text, "    {}", marks.join("; "));
        for flag in &draft.flags {
            let _ = writeln!(text, "    look at this: {flag}");
        }
    }
    let missed =
        [("quotations", &extraction.uncaptured_quotations), ("verbs of saying", &extraction.uncaptured_cues)];
    for (what, list) in missed {
        if !list.is_empty() {
            let _ = writeln!(text, "\nNot captured, {what}:");
            for one in list.iter().take(MOST_LISTED) {
                let _ = writeln!(text, "    {} ({})", words(&one.span), one.reason);
            }
            if list.len() > MOST_LISTED {
                let _ = writeln!(text, "    and {} more; --format json lists all", list.len() - MOST_LISTED);
            }
        }
    }
    text
}
