//! Looking at drafts one by one: what the screen shows and what the keys do.
//!
//! Enters: a ledger, the text of the user's copy, keys. Leaves: a changed ledger, and for each key whether it is to be saved.
//! Always holds: every decision can be undone until the end; nothing is decided by moving about; a value that the ledger could
//! not hold is refused while it is typed, with the reason.

mod draw;
mod input;

pub use draw::draw_review;

use std::collections::BTreeSet;
use std::ops::Range;

use contingent_evidence::ledger::{ClaimEntry, Ledger, State, TAGS, Words as _, is_grade};
use contingent_evidence::pin::{CharacterPlaces, Pin};
use contingent_evidence::verify::{Copy, Status, find};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use input::Input;

/// What the program does after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing but show the screen again.
    Show,
    /// Save the ledger: something was decided.
    Save,
    /// Read the file again: somebody else changed it.
    Reload,
    /// End.
    Quit,
}

/// A value that is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Says,
    Speaker,
    Role,
    Kind,
    Grade,
    Tags,
    Rests,
    Note,
}

impl Field {
    /// What may be typed.
    fn hint(self) -> &'static str {
        match self {
            Self::Says => "What was said, in your own words; never a sentence of the source.",
            Self::Speaker => "Who said it.",
            Self::Role => "What they are, such as: analyst at the institute.",
            Self::Kind => {
                "fact, causal, forecast, conditional, intent, normative; several with commas between them."
            }
            Self::Grade => {
                "A letter and a number. Source: A completely, B usually, C fairly, D not usually reliable, E unreliable, F cannot be judged. \
                 Content: 1 confirmed, 2 probably, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged."
            }
            Self::Tags => "secondhand, retracted, preliminary; commas between them.",
            Self::Rests => "Assumptions that rest on it, with commas between them.",
            Self::Note => "A note to yourselves; it goes into no report.",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Says => "in our words",
            Self::Speaker => "speaker",
            Self::Role => "role",
            Self::Kind => "kind",
            Self::Grade => "grade",
            Self::Tags => "tags",
            Self::Rests => "behind the assumptions",
            Self::Note => "note",
        }
    }
}

enum Mode {
    Browse,
    /// A value is typed; after it, the claim may be accepted.
    Edit {
        field: Field,
        input: Input,
        then_accept: bool,
    },
    Help,
}

/// Where the words of a claim stand in the copy.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    status: Status,
    spans: Vec<Range<usize>>,
    speaker: Option<Range<usize>>,
    cue: Option<Range<usize>>,
}

/// A review under way.
pub struct Review {
    ledger: Ledger,
    name: String,
    copy: Option<String>,
    shown: Vec<Option<Shown>>,
    /// Names of assumptions, when a model was given.
    assumptions: Vec<String>,
    selected: usize,
    undo: Vec<(usize, ClaimEntry)>,
    /// Claims that were changed since they were taken last.
    changed: BTreeSet<usize>,
    mode: Mode,
    message: Option<String>,
    n_saved: usize,
}

impl Review {
    /// Begins with the first claim that nobody has decided about.
    pub fn new(ledger: Ledger, name: String, copy: Option<String>, assumptions: Vec<String>) -> Self {
        let mut review = Self {
            shown: Vec::new(),
            selected: 0,
            undo: Vec::new(),
            changed: BTreeSet::new(),
            mode: Mode::Browse,
            message: None,
            n_saved: 0,
            ledger,
            name,
            copy,
            assumptions,
        };
        review.locate();
        review.selected = review.next_draft(0).unwrap_or(0);
        review
    }

    /// The ledger as it stands.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Takes another state of the file. What was decided since stays undone.
    pub fn replace(&mut self, ledger: Ledger) {
        self.ledger = ledger;
        self.undo.clear();
        self.changed.clear();
        self.selected = self.selected.min(self.ledger.claims.len().saturating_sub(1));
        self.mode = Mode::Browse;
        self.locate();
        self.say("the file was read again");
    }

    /// The claims that were changed since this was asked last.
    pub fn take_changed(&mut self) -> Vec<&ClaimEntry> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|place| self.ledger.claims.get(place)).collect()
    }

    /// Says that the ledger was saved.
    pub fn saved(&mut self) {
        self.n_saved += 1;
    }

    /// Says something in the last line.
    pub fn say(&mut self, message: &str) {
        self.message = Some(message.to_owned());
    }

    /// Finds the words of every claim in the copy.
    fn locate(&mut self) {
        let Some(text) = &self.copy else {
            self.shown = vec![None; self.ledger.claims.len()];
            return;
        };
        let pins: Vec<&Pin> = self.ledger.claims.iter().flat_map(|claim| &claim.pins).collect();
        let mut findings = find(&pins, &[Copy::new(text)]).into_iter();
        let places = CharacterPlaces::of(text);
        let shown = self
            .ledger
            .claims
            .iter()
            .map(|claim| {
                let parts: Vec<_> = findings.by_ref().take(claim.pins.len()).collect();
                let status =
                    contingent_evidence::verify::status_of_parts(parts.iter().map(|part| part.status))?;
                let spans: Vec<Range<usize>> = parts.into_iter().filter_map(|part| part.span).collect();
                // Other places are those of the text that was drafted: shown where the copy is that text, give or take the
                // quotation mark that belongs to a claim and not to its words.
                let start = places.of_byte(text, spans.first()?.start);
                let is_same = start.abs_diff(claim.start()) <= 2;
                let moved = |at: Option<(usize, usize)>| {
                    let (first, end) = at.filter(|_| is_same)?;
                    Some(places.to_byte(text, first)..places.to_byte(text, end))
                };
                Some(Shown { status, speaker: moved(claim.speaker_at), cue: moved(claim.cue_at), spans })
            })
            .collect();
        self.shown = shown;
    }

    fn claim(&self) -> Option<&ClaimEntry> {
        self.ledger.claims.get(self.selected)
    }

    /// The first claim from a place on that nobody has decided about, from the start again if need be.
    fn next_draft(&self, from: usize) -> Option<usize> {
        let n = self.ledger.claims.len();
        (0..n).map(|offset| (from + offset) % n).find(|&i| self.ledger.claims[i].state == State::Draft)
    }

    /// What a key does.
    pub fn key(&mut self, key: KeyEvent) -> Next {
        if key.kind == KeyEventKind::Release {
            return Next::Show;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return Next::Quit;
        }
        self.message = None;
        match std::mem::replace(&mut self.mode, Mode::Browse) {
            Mode::Browse => self.browse(key),
            Mode::Help => Next::Show,
            Mode::Edit { field, mut input, then_accept } => match key.code {
                KeyCode::Esc => {
                    self.say("left as it was");
                    Next::Show
                }
                KeyCode::Enter => self.enter(field, input, then_accept),
                KeyCode::Tab if field == Field::Rests => {
                    let known = self.assumptions.iter().map(String::as_str);
                    input.complete(known);
                    self.mode = Mode::Edit { field, input, then_accept };
                    Next::Show
                }
                _ => {
                    input.key(key);
                    self.mode = Mode::Edit { field, input, then_accept };
                    Next::Show
                }
            },
        }
    }

    /// Text that was pasted.
    pub fn paste(&mut self, text: &str) {
        if let Mode::Edit { input, .. } = &mut self.mode {
            input.insert(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    /// Keeps what is being typed when the review is interrupted; whether there was anything to keep. Nothing is accepted by it.
    pub fn keep_typed(&mut self) -> bool {
        match std::mem::replace(&mut self.mode, Mode::Browse) {
            Mode::Edit { field: field @ (Field::Says | Field::Note), input, .. } => {
                !input.text().trim().is_empty() && self.enter(field, input, false) == Next::Save
            }
            _ => false,
        }
    }

    fn browse(&mut self, key: KeyEvent) -> Next {
        let n = self.ledger.claims.len();
        if n == 0 {
            return if key.code == KeyCode::Char('q') { Next::Quit } else { Next::Show };
        }
        match key.code {
            KeyCode::Char('q') => return Next::Quit,
            KeyCode::Char('?' | 'h') => self.mode = Mode::Help,
            KeyCode::Char('j') | KeyCode::Down | KeyCode::Right => {
                self.selected = (self.selected + 1).min(n - 1);
            }
            KeyCode::Char('k') | KeyCode::Up | KeyCode::Left => {
                self.selected = self.selected.saturating_sub(1);
            }
            KeyCode::Home => self.selected = 0,
            KeyCode::End => self.selected = n - 1,
            KeyCode::Char('n') => match self.next_draft(self.selected + 1) {
                Some(next) => self.selected = next,
                None => self.say("every claim is decided"),
            },
            KeyCode::Char('a') => {
                if self.claim().is_some_and(|claim| claim.says.is_none()) {
                    self.open(Field::Says, true);
                } else {
                    return self.decide(State::Accepted);
                }
            }
            KeyCode::Char('r') => return self.decide(State::Rejected),
            KeyCode::Char('d') => return self.change(|claim| claim.state = State::Draft),
            KeyCode::Char('u') => return self.take_back(),
            KeyCode::Char('R') => return Next::Reload,
            KeyCode::Char('e' | 's') => self.open(Field::Says, false),
            KeyCode::Char('p') => self.open(Field::Speaker, false),
            KeyCode::Char('o') => self.open(Field::Role, false),
            KeyCode::Char('t') => self.open(Field::Kind, false),
            KeyCode::Char('g') => self.open(Field::Grade, false),
            KeyCode::Char('y') => self.open(Field::Tags, false),
            KeyCode::Char('l') => self.open(Field::Rests, false),
            KeyCode::Char('m') => self.open(Field::Note, false),
            KeyCode::Char('v') => {
                return self.change(|claim| {
                    use contingent_evidence::draft::Voice;
                    claim.voice = match claim.voice {
                        Voice::Direct => Voice::Mixed,
                        Voice::Mixed => Voice::Reported,
                        Voice::Reported => Voice::Direct,
                    };
                });
            }
            _ => {}
        }
        Next::Show
    }

    fn open(&mut self, field: Field, then_accept: bool) {
        let Some(claim) = self.claim() else { return };
        let text = match field {
            Field::Says => claim.says.clone().unwrap_or_default(),
            Field::Speaker => claim.speaker.clone().unwrap_or_default(),
            Field::Role => claim.role.clone().unwrap_or_default(),
            Field::Kind => claim.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", "),
            Field::Grade => claim.grade.clone().unwrap_or_default(),
            Field::Tags => claim.tags.join(", "),
            Field::Rests => claim.rests.join(", "),
            Field::Note => claim.note.clone().unwrap_or_default(),
        };
        self.mode = Mode::Edit { field, input: Input::new(&text), then_accept };
    }

    /// Takes what was typed, or says why it cannot be.
    fn enter(&mut self, field: Field, input: Input, then_accept: bool) -> Next {
        let text = input.text().split_whitespace().collect::<Vec<_>>().join(" ");
        let some = (!text.is_empty()).then(|| text.clone());
        let list: Vec<String> =
            text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        let refusal = match field {
            Field::Says if then_accept && text.is_empty() => {
                Some("say it in our words to accept it, or Esc".to_owned())
            }
            Field::Grade if !text.is_empty() && !is_grade(&text.to_uppercase()) => {
                Some("a letter A to F and a number 1 to 6, such as B2".to_owned())
            }
            Field::Kind => list
                .iter()
                .find(|word| contingent_evidence::draft::Kind::of_word(word).is_none())
                .map(|word| {
                    format!("`{word}` is no kind: fact, causal, forecast, conditional, intent, normative")
                }),
            Field::Tags => list
                .iter()
                .find(|tag| !TAGS.contains(&tag.as_str()))
                .map(|tag| format!("`{tag}` is no tag: {}", TAGS.join(", "))),
            Field::Rests if !self.assumptions.is_empty() => list
                .iter()
                .find(|name| !self.assumptions.contains(name))
                .map(|name| format!("the model has no assumption `{name}`; Tab completes")),
            _ => None,
        };
        if let Some(refusal) = refusal {
            self.say(&refusal);
            self.mode = Mode::Edit { field, input, then_accept };
            return Next::Show;
        }
        let next = self.change(|claim| {
            match field {
                Field::Says => claim.says = some,
                Field::Speaker => claim.speaker = some,
                Field::Role => claim.role = some,
                Field::Kind => {
                    claim.kinds = list
                        .iter()
                        .filter_map(|word| contingent_evidence::draft::Kind::of_word(word))
                        .collect();
                }
                Field::Grade => claim.grade = some.map(|grade| grade.to_uppercase()),
                Field::Tags => claim.tags = list,
                Field::Rests => claim.rests = list,
                Field::Note => claim.note = some,
            }
            if then_accept {
                claim.state = State::Accepted;
            }
        });
        if then_accept {
            self.advance();
        }
        next
    }

    fn decide(&mut self, state: State) -> Next {
        let next = self.change(|claim| claim.state = state);
        self.advance();
        next
    }

    fn advance(&mut self) {
        match self.next_draft(self.selected + 1) {
            Some(next) => self.selected = next,
            None => self.say("every claim is decided"),
        }
    }

    /// Changes the claim that is shown, so that it can be undone.
    fn change(&mut self, change: impl FnOnce(&mut ClaimEntry)) -> Next {
        let selected = self.selected;
        let Some(claim) = self.ledger.claims.get_mut(selected) else { return Next::Show };
        let before = claim.clone();
        change(claim);
        if *claim == before {
            return Next::Show;
        }
        self.undo.push((selected, before));
        self.changed.insert(selected);
        Next::Save
    }

    fn take_back(&mut self) -> Next {
        let Some((place, before)) = self.undo.pop() else {
            self.say("nothing to undo");
            return Next::Show;
        };
        self.selected = place;
        let id = before.id.clone();
        self.ledger.claims[place] = before;
        self.changed.insert(place);
        self.say(&format!("`{id}` is as it was"));
        Next::Save
    }
}

#[cfg(test)]
mod tests;
