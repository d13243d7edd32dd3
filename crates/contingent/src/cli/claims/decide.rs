//! `contingent claims list`, `accept`, `reject`, `edit` and `link`: decisions without the terminal's screen.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use contingent::claims::{OpenLedger, read_ledger};
use contingent_evidence::ledger::{ClaimEntry, State, TAGS, Words as _, is_grade, is_name};
use contingent_model::VariableKind;
use contingent_syntax::nearest;

use super::{
    KindArgument, Outcome, StateArgument, Stop, VoiceArgument, find, is_ledger, ledgers, output, save,
    word_of,
};

#[derive(Args)]
pub(crate) struct ListArguments {
    /// Ledgers, or directories of ledgers
    #[arg(required = true, value_name = "LEDGER")]
    ledgers: Vec<PathBuf>,
    /// Only claims of this status
    #[arg(long, value_enum)]
    status: Option<StateArgument>,
}

/// What may be said of a claim.
#[derive(Args, Default)]
struct Changes {
    /// What was said, in our words
    #[arg(long, value_name = "TEXT")]
    says: Option<String>,
    /// What kind of statement; several with commas
    #[arg(long, value_enum, value_delimiter = ',')]
    kind: Vec<KindArgument>,
    /// How the words reach the reader
    #[arg(long, value_enum)]
    voice: Option<VoiceArgument>,
    /// Admiralty grade, such as B2
    #[arg(long, value_name = "GRADE")]
    grade: Option<String>,
    /// Who said it
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// What the speaker is
    #[arg(long, value_name = "TEXT")]
    role: Option<String>,
    /// secondhand, retracted or preliminary; several with commas
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tag: Vec<String>,
    /// A note to ourselves
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Args)]
pub(crate) struct AcceptArguments {
    /// The ledger
    ledger: PathBuf,
    /// The claims
    #[arg(required = true, value_name = "CLAIM")]
    claims: Vec<String>,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Args)]
pub(crate) struct RejectArguments {
    /// The ledger
    ledger: PathBuf,
    /// The claims
    #[arg(required = true, value_name = "CLAIM")]
    claims: Vec<String>,
    /// Why, as a note to ourselves
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Args)]
pub(crate) struct EditArguments {
    /// The ledger
    ledger: PathBuf,
    /// The claim
    claim: String,
    #[command(flatten)]
    changes: Changes,
    /// Another status
    #[arg(long, value_enum)]
    status: Option<StateArgument>,
    /// Another name: small letters, digits and low lines
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
}

#[derive(Args)]
pub(crate) struct LinkArguments {
    /// The ledger
    ledger: PathBuf,
    /// The claim
    claim: String,
    /// Assumptions that rest on it
    #[arg(required = true, value_name = "ASSUMPTION")]
    assumptions: Vec<String>,
    /// The model, to check that it has them
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Take the link away instead
    #[arg(long)]
    remove: bool,
}

pub(super) fn list(arguments: &ListArguments) -> Outcome {
    let wanted = arguments.status.map(|status| word_of::<State>(&status));
    for open in ledgers(&arguments.ledgers)? {
        let ledger = &open.ledger;
        output::result(&format!(
            "{} \"{}\": {} accepted, {} rejected, {} drafts\n",
            ledger.source.id,
            ledger.source.title,
            ledger.n_in(State::Accepted),
            ledger.n_in(State::Rejected),
            ledger.n_in(State::Draft)
        ))?;
        for claim in ledger.claims.iter().filter(|claim| wanted.is_none_or(|wanted| claim.state == wanted)) {
            output::result(&line(claim))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(claim: &ClaimEntry) -> String {
    let speaker = claim.speaker.as_deref().unwrap_or("nobody named");
    let kinds: Vec<&str> = claim.kinds.iter().map(|kind| kind.word()).collect();
    let grade = claim.grade.as_ref().map(|grade| format!(", {grade}")).unwrap_or_default();
    let says = claim.says.as_ref().map_or_else(
        || format!("({} words from character {} on)", claim.n_words(), claim.start()),
        Clone::clone,
    );
    let same = if claim.same_as.is_empty() {
        String::new()
    } else {
        format!("; same as {}", claim.same_as.join(", "))
    };
    let rests =
        if claim.rests.is_empty() { String::new() } else { format!("; behind {}", claim.rests.join(", ")) };
    format!(
        "  {:<6} {:<9} {speaker} [{}, {}{grade}]: {says}{same}{rests}\n",
        claim.id,
        claim.state.word(),
        kinds.join(", "),
        claim.voice.word()
    )
}

pub(super) fn accept(arguments: &AcceptArguments) -> Outcome {
    let open = read_ledger(&arguments.ledger)?;
    let mut ledger = open.ledger.clone();
    if arguments.claims.len() > 1 && arguments.changes.says.is_some() {
        return Err(Stop::Fault(
            "`--says` is about one claim\nhelp: accept the others by a command of their own".to_owned(),
        ));
    }
    for id in &arguments.claims {
        let mut claim = find(&ledger, id)?.clone();
        apply(&mut claim, &arguments.changes)?;
        claim.state = State::Accepted;
        put(&mut ledger, id, claim);
    }
    save(&open, &ledger)?;
    let without = |id: &&String| ledger.claim(id).is_some_and(|claim| claim.says.is_none());
    if let Some(id) = arguments.claims.iter().find(without) {
        output::note(&format!(
            "`{id}` is not in our words yet: contingent claims edit {} {id} --says \"...\"",
            arguments.ledger.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn reject(arguments: &RejectArguments) -> Outcome {
    let open = read_ledger(&arguments.ledger)?;
    let mut ledger = open.ledger.clone();
    for id in &arguments.claims {
        let mut claim = find(&ledger, id)?.clone();
        claim.state = State::Rejected;
        claim.note = arguments.note.clone().or(claim.note);
        put(&mut ledger, id, claim);
    }
    save(&open, &ledger)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn edit(arguments: &EditArguments) -> Outcome {
    let open = read_ledger(&arguments.ledger)?;
    let mut ledger = open.ledger.clone();
    let mut claim = find(&ledger, &arguments.claim)?.clone();
    apply(&mut claim, &arguments.changes)?;
    if let Some(state) = arguments.status {
        claim.state = word_of(&state);
    }
    let mut text = open.text.clone();
    if let Some(name) = &arguments.rename {
        if !is_name(name) {
            return Err(Stop::Fault(format!(
                "`{name}` cannot be the name of a claim\nhelp: small letters, digits and low lines, beginning with a letter"
            )));
        }
        if ledger.claim(name).is_some_and(|other| other.id != arguments.claim) {
            return Err(Stop::Fault(format!(
                "the ledger has a claim `{name}` already\nhelp: choose another name"
            )));
        }
        claim.id.clone_from(name);
        // The table is found by its name when the file is written, and keeps its comments under the new one.
        text = contingent_evidence::ledger::rename(&text, &arguments.claim, name);
    }
    put(&mut ledger, &arguments.claim, claim);
    // Links are renamed first: a link to a name that is not there yet is mended by doing the same again.
    if let Some(name) = &arguments.rename {
        rename_links(&open, &arguments.claim, name)?;
    }
    output::write_aside(&open.path, ledger.update(&text))?;
    Ok(ExitCode::SUCCESS)
}

/// Gives a claim its new name also where the other ledgers of the directory say that they print the same words.
fn rename_links(renamed: &OpenLedger, id: &str, name: &str) -> Result<(), Stop> {
    // A ledger under a name of its own stands in no directory of ledgers.
    if !is_ledger(&renamed.path) {
        return Ok(());
    }
    let directory = match renamed.path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let source = &renamed.ledger.source.id;
    let (old, new) = (format!("{source}:{id}"), format!("{source}:{name}"));
    for open in ledgers(&[directory])? {
        if open.ledger.source.id == *source {
            continue;
        }
        let mut ledger = open.ledger.clone();
        for link in ledger.claims.iter_mut().flat_map(|claim| &mut claim.same_as) {
            if *link == old {
                link.clone_from(&new);
            }
        }
        if ledger != open.ledger {
            save(&open, &ledger)?;
        }
    }
    Ok(())
}

pub(super) fn link(arguments: &LinkArguments) -> Outcome {
    let open = read_ledger(&arguments.ledger)?;
    let mut ledger = open.ledger.clone();
    if let Some(path) = &arguments.model {
        let model = output::open(path)?;
        let known = || {
            let is_assumption = |kind: &VariableKind| matches!(kind, VariableKind::Assumption { .. });
            model
                .variables
                .iter()
                .filter(move |v| is_assumption(&v.kind))
                .map(|variable| variable.name.as_str())
        };
        for name in &arguments.assumptions {
            if !known().any(|known| known == name) {
                let help = nearest(name, known()).map_or_else(
                    || "`contingent describe MODEL` lists them".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(Stop::Fault(format!("the model has no assumption `{name}`\nhelp: {help}")));
            }
        }
    }
    let mut claim = find(&ledger, &arguments.claim)?.clone();
    for name in &arguments.assumptions {
        claim.rests.retain(|known| known != name);
        if !arguments.remove {
            claim.rests.push(name.clone());
        }
    }
    put(&mut ledger, &arguments.claim, claim);
    save(&open, &ledger)?;
    Ok(ExitCode::SUCCESS)
}

fn put(ledger: &mut contingent_evidence::ledger::Ledger, id: &str, claim: ClaimEntry) {
    if let Some(old) = ledger.claim_mut(id) {
        *old = claim;
    }
}

/// Puts what is said on the command line into a claim. An empty text takes away what was there.
fn apply(claim: &mut ClaimEntry, changes: &Changes) -> Result<(), Stop> {
    let set = |slot: &mut Option<String>, text: &Option<String>| {
        if let Some(text) = text {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            *slot = (!text.is_empty()).then_some(text);
        }
    };
    if let Some(grade) = changes.grade.as_ref().filter(|grade| !grade.is_empty() && !is_grade(grade)) {
        return Err(Stop::Fault(format!(
            "`{grade}` is not a grade of the Admiralty scale\nhelp: reliability A to F, then credibility 1 to 6: for \
             example B2"
        )));
    }
    for tag in changes.tag.iter().filter(|tag| !tag.is_empty()) {
        if !TAGS.contains(&tag.as_str()) {
            let help = nearest(tag, TAGS.iter().copied()).map_or_else(
                || format!("choose {}", TAGS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Stop::Fault(format!("`{tag}` is not a tag of claims\nhelp: {help}")));
        }
    }
    set(&mut claim.says, &changes.says);
    set(&mut claim.grade, &changes.grade);
    set(&mut claim.speaker, &changes.speaker);
    set(&mut claim.role, &changes.role);
    set(&mut claim.note, &changes.note);
    if !changes.kind.is_empty() {
        claim.kinds = changes.kind.iter().map(word_of).collect();
    }
    if let Some(voice) = changes.voice {
        claim.voice = word_of(&voice);
    }
    if !changes.tag.is_empty() {
        claim.tags = changes.tag.iter().filter(|tag| !tag.is_empty()).cloned().collect();
    }
    Ok(())
}
