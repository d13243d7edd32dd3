//! Reviews driven by keys, on a screen in memory.

use contingent_evidence::extract::{Options, extract};
use contingent_evidence::ledger::{Ledger, Registry, State, draw};
use contingent_evidence::read::read;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Next, Review, draw_review};

const ARTICLE: &str = "\"We do not expect a long siege, and nobody here wants one,\" said Obed Marrin, an envoy of the \
    northern league.\n\nHanna Quell, a trader, said that prices would double before the month was out unless the pass was \
    cleared. She added that it may be a hard winter for everybody in the valley.\n";

fn ledger() -> Ledger {
    let document = read(ARTICLE.as_bytes(), "market.txt").unwrap();
    draw(&document, "market.txt", &extract(&document.text, &Options::default()), &Registry::default())
}

fn review() -> Review {
    let assumptions = vec!["siege_length".to_owned(), "siege_cost".to_owned(), "price".to_owned()];
    Review::new(ledger(), "market.claims.toml".to_owned(), Some(ARTICLE.to_owned()), assumptions)
}

fn press(review: &mut Review, code: KeyCode) -> Next {
    review.key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// Types characters; `\n` is Enter, `\t` is Tab, `\u{1b}` is Esc, `\u{15}` is Control-U.
fn type_in(review: &mut Review, keys: &str) -> Vec<Next> {
    keys.chars()
        .map(|key| {
            if key == '\u{15}' {
                return review.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
            }
            press(
                review,
                match key {
                    '\n' => KeyCode::Enter,
                    '\t' => KeyCode::Tab,
                    '\u{1b}' => KeyCode::Esc,
                    other => KeyCode::Char(other),
                },
            )
        })
        .collect()
}

fn screen(review: &Review, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw_review(frame, review)).unwrap();
    terminal.backend().to_string()
}

#[test]
fn the_sentence_stands_in_its_context() {
    let shown = screen(&review(), 100, 30);
    for part in [
        "market.claims.toml",
        "1 of 3; 0 accepted, 0 rejected, 3 to decide",
        "We do not expect a long siege",
        "Obed Marrin, an envoy of the northern league (say)",
        "in your copy",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

#[test]
fn accepting_asks_for_our_words_and_goes_on() {
    let mut review = review();
    let nexts = type_in(&mut review, "aNo long siege.\n");
    assert_eq!(nexts.last(), Some(&Next::Save));
    assert!(nexts[..nexts.len() - 1].iter().all(|next| *next == Next::Show), "only the decision is saved");
    let claim = &review.ledger().claims[0];
    assert_eq!((claim.state, claim.says.as_deref()), (State::Accepted, Some("No long siege.")));
    assert!(screen(&review, 100, 30).contains("2 of 3; 1 accepted"));
    // Without words nothing is accepted.
    type_in(&mut review, "a\n");
    assert!(screen(&review, 100, 30).contains("say it in our words"));
    type_in(&mut review, "\u{1b}");
    assert_eq!(review.ledger().claims[1].state, State::Draft);
}

#[test]
fn every_decision_can_be_undone() {
    let mut review = review();
    let before = review.ledger().clone();
    type_in(&mut review, "raOur words.\nkkgb2\nt\u{15}forecast, causal\nvlsiege_l\t\nmnote\nd");
    assert_ne!(review.ledger(), &before);
    let claim = &review.ledger().claims[0];
    assert_eq!(claim.grade.as_deref(), Some("B2"));
    assert_eq!(claim.rests, ["siege_length"]);
    let mut n = 0;
    while press(&mut review, KeyCode::Char('u')) == Next::Save {
        n += 1;
        assert!(n < 20);
    }
    assert_eq!(n, 8);
    assert_eq!(review.ledger(), &before);
    assert!(screen(&review, 100, 30).contains("nothing to undo"));
}

#[test]
fn values_that_the_ledger_cannot_hold_are_refused() {
    let mut review = review();
    for (keys, message) in [
        ("gZ9\n", "a letter A to F"),
        ("t, rumour\n", "`rumour` is no kind"),
        ("yold\n", "`old` is no tag"),
        ("lsiege\t\n", "the model has no assumption `siege_`"),
    ] {
        let nexts = type_in(&mut review, keys);
        assert!(!nexts.contains(&Next::Save), "{keys}");
        assert!(screen(&review, 100, 30).contains(message), "{message}");
        type_in(&mut review, "\u{1b}");
    }
    assert_eq!(review.ledger(), &ledger());
}

#[test]
fn any_size_of_terminal_is_drawn() {
    let mut review = review();
    for keys in ["", "?", "xe", "\u{1b}j"] {
        type_in(&mut review, keys);
        for (width, height) in [(1, 1), (5, 3), (20, 8), (80, 24), (300, 100)] {
            screen(&review, width, height);
        }
    }
    let empty = Review::new(Ledger::default(), "empty".to_owned(), None, Vec::new());
    assert!(screen(&empty, 80, 24).contains("no claim in this ledger"));
}

#[test]
fn without_a_copy_only_places_are_shown() {
    let review = Review::new(ledger(), "market".to_owned(), None, Vec::new());
    let shown = screen(&review, 100, 30);
    assert!(shown.contains("--copy FILE") && !shown.contains("long siege"), "{shown}");
    let other = Review::new(ledger(), "market".to_owned(), Some("Another text.".to_owned()), Vec::new());
    assert!(screen(&other, 100, 30).contains("not in your copy"));
}

#[test]
fn interrupting_quits_also_while_typing() {
    let mut review = review();
    type_in(&mut review, "eHalf");
    let key = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(review.key(key), Next::Quit);
    assert_eq!(review.ledger(), &ledger());
    // What was typed is kept, and nothing is accepted by it.
    assert!(review.keep_typed());
    let claim = &review.ledger().claims[0];
    assert_eq!((claim.state, claim.says.as_deref()), (State::Draft, Some("Half")));
    assert!(!review.keep_typed(), "only once");
}

#[test]
fn typing_moves_and_deletes_by_characters() {
    let mut review = review();
    type_in(&mut review, "eÜberé");
    press(&mut review, KeyCode::Backspace);
    press(&mut review, KeyCode::Home);
    press(&mut review, KeyCode::Delete);
    press(&mut review, KeyCode::Char('u'));
    review.paste("two\nwords ");
    press(&mut review, KeyCode::Enter);
    assert_eq!(review.ledger().claims[0].says.as_deref(), Some("utwo wordsber"));
}
