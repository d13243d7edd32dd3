//! `contingent claims review`.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use contingent::claims::{
    Journal, Next, OpenLedger, Review, draw_review, ledger_text, read_article, read_ledger,
};
use contingent_evidence::ledger::State;
use contingent_model::VariableKind;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event};
use ratatui::crossterm::execute;

use super::{Outcome, Stop, output};

/// How long the program waits for a key before it looks whether it was interrupted.
const WAIT: Duration = Duration::from_millis(200);

#[derive(Args)]
pub(crate) struct ReviewArguments {
    /// The ledger
    ledger: PathBuf,
    /// Your copy of the source, to see the words in their context
    #[arg(long, value_name = "FILE")]
    copy: Option<PathBuf>,
    /// A model, whose assumptions can be linked
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
}

pub(super) fn run(arguments: &ReviewArguments) -> Outcome {
    let open = read_ledger(&arguments.ledger)?;
    let copy = arguments.copy.as_ref().map(|path| read_article(path)).transpose()?;
    let assumptions = match &arguments.model {
        None => Vec::new(),
        Some(path) => {
            let model = output::open(path)?;
            let is_assumption = |kind: &VariableKind| matches!(kind, VariableKind::Assumption { .. });
            model.variables.iter().filter(|v| is_assumption(&v.kind)).map(|v| v.name.clone()).collect()
        }
    };
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(Stop::Fault(
            "a review needs a terminal\nhelp: in scripts, use `contingent claims accept`, `reject` and `edit`".to_owned(),
        ));
    }
    let name =
        arguments.ledger.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let text = copy.map(|document| document.text.as_str().to_owned());
    let mut review = Review::new(open.ledger.clone(), name, text, assumptions);
    // Restores the terminal also when the program panics.
    let mut terminal = ratatui::try_init()?;
    // A terminal that cannot do this pastes key by key.
    let _ = execute!(io::stdout(), EnableBracketedPaste);
    let outcome = review_loop(&mut terminal, &mut review, open);
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    ratatui::restore();
    outcome?;
    let ledger = review.ledger();
    output::note(&format!(
        "{} accepted, {} rejected, {} to decide",
        ledger.n_in(State::Accepted),
        ledger.n_in(State::Rejected),
        ledger.n_in(State::Draft)
    ));
    Ok(ExitCode::SUCCESS)
}

/// The ledger of a review on disk: its file, and the decisions that are not in it yet.
struct Desk {
    open: OpenLedger,
    journal: Journal,
    /// How often the program waited for a key since the last one.
    n_waits: u32,
}

/// The whole ledger is written when no key was pressed for so many waits: about a second.
const QUIET: u32 = 5;

fn review_loop(
    terminal: &mut ratatui::DefaultTerminal,
    review: &mut Review,
    open: OpenLedger,
) -> Result<(), Stop> {
    let interrupted = output::interrupted();
    let mut desk = Desk { journal: Journal::new(&open.path), open, n_waits: 0 };
    if contingent::claims::journal_path(&desk.open.path).exists() {
        // Decisions of a review that was interrupted: they were read with the ledger.
        desk.write(review);
    }
    loop {
        terminal.draw(|frame| draw_review(frame, review))?;
        while !event::poll(WAIT)? {
            if interrupted.load(Ordering::SeqCst) {
                return desk.end(review);
            }
            desk.n_waits = desk.n_waits.saturating_add(1);
            if desk.n_waits == QUIET && desk.journal.is_open() {
                desk.write(review);
                terminal.draw(|frame| draw_review(frame, review))?;
            }
        }
        desk.n_waits = 0;
        let next = match event::read()? {
            Event::Key(key) => review.key(key),
            Event::Paste(text) => {
                review.paste(&text);
                Next::Show
            }
            _ => Next::Show,
        };
        match next {
            Next::Show => {}
            Next::Quit => return desk.end(review),
            Next::Reload => desk.reload(review),
            Next::Save => desk.keep(review),
        }
    }
}

impl Desk {
    /// Whether somebody else changed the file in the meantime.
    fn is_stale(&self) -> bool {
        ledger_text(&self.open.path).is_ok_and(|text| text != self.open.text)
    }

    /// Keeps what was decided: in the journal at once, in the ledger when it is quiet. The time it takes does not depend on how many claims
    /// there are, but for reading the file to see that nobody else changed it.
    fn keep(&mut self, review: &mut Review) {
        if self.is_stale() {
            review.say(STALE);
            return;
        }
        let kept = self.journal.append(&self.open.text, review.take_changed());
        match kept {
            Ok(()) => review.saved(),
            // A directory that takes no new file: the ledger itself is written.
            Err(_) => self.write(review),
        }
    }

    /// Writes the whole ledger.
    fn write(&mut self, review: &mut Review) {
        if self.is_stale() {
            review.say(STALE);
            return;
        }
        let text = review.ledger().update(&self.open.text);
        match output::write_aside(&self.open.path, &text) {
            Ok(()) => {
                self.open.text = text;
                self.journal.clear();
            }
            Err(Stop::Fault(message) | Stop::Model(message)) => review.say(&message.replace('\n', "; ")),
            Err(_) => review.say("not saved"),
        }
    }

    /// Reads the file again. What was decided is written before, unless the file has changed: then the file holds.
    fn reload(&mut self, review: &mut Review) {
        if self.journal.is_open() && !self.is_stale() {
            self.write(review);
        }
        self.journal.clear();
        match read_ledger(&self.open.path) {
            Ok(read) => {
                review.replace(read.ledger.clone());
                self.open = read;
            }
            Err(error) => review.say(&error.to_string().replace('\n', "; ")),
        }
    }

    /// Keeps what is being typed, and writes the ledger.
    fn end(mut self, review: &mut Review) -> Result<(), Stop> {
        if review.keep_typed() {
            self.keep(review);
        }
        if !self.journal.is_open() {
            return Ok(());
        }
        if self.is_stale() {
            return Err(Stop::Fault(format!(
                "the file was changed by somebody else, and your last decisions are only in `{}`\n\
                 help: put in by hand what you want of them, then delete that file",
                contingent::claims::journal_path(&self.open.path).display()
            )));
        }
        let text = review.ledger().update(&self.open.text);
        output::write_aside(&self.open.path, &text)?;
        self.journal.clear();
        Ok(())
    }
}

const STALE: &str =
    "not saved: the file was changed by somebody else; R reads it again, without your last decisions";
