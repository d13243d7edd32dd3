//! `contingent claims review`.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use contingent::claims::{Next, OpenLedger, Review, draw_review, read_article, read_ledger};
use contingent_evidence::ledger::State;
use contingent_model::VariableKind;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event};
use ratatui::crossterm::execute;

use super::{Outcome, Stop, output, save};

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

fn review_loop(
    terminal: &mut ratatui::DefaultTerminal,
    review: &mut Review,
    mut open: OpenLedger,
) -> Result<(), Stop> {
    let interrupted = output::interrupted();
    loop {
        terminal.draw(|frame| draw_review(frame, review))?;
        while !event::poll(WAIT)? {
            if interrupted.load(Ordering::SeqCst) {
                if review.keep_typed() {
                    keep(review, &mut open);
                }
                return Ok(());
            }
        }
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
            Next::Quit => {
                if review.keep_typed() {
                    keep(review, &mut open);
                }
                return Ok(());
            }
            Next::Reload => match read_ledger(&open.path) {
                Ok(read) => {
                    review.replace(read.ledger.clone());
                    open = read;
                }
                Err(error) => review.say(&error.to_string().replace('\n', "; ")),
            },
            Next::Save => keep(review, &mut open),
        }
    }
}

/// Saves what was decided, unless somebody else changed the file in the meantime.
fn keep(review: &mut Review, open: &mut OpenLedger) {
    match read_ledger(&open.path) {
        Ok(now) if now.text != open.text => {
            review.say("not saved: the file was changed by somebody else; R reads it again, without your last decisions");
            return;
        }
        _ => {}
    }
    match save(open, review.ledger()) {
        Ok(()) => {
            open.text = review.ledger().update(&open.text);
            review.saved();
        }
        Err(Stop::Fault(message) | Stop::Model(message)) => review.say(&message.replace('\n', "; ")),
        Err(_) => review.say("not saved"),
    }
}
