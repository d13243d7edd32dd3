//! The screen of a review.
//!
//! Enters: a [`Review`]. Leaves: cells of a terminal. Always holds: what matters most stands first, so that a small terminal
//! shows it; nothing panics on any size.

use std::ops::Range;

use contingent_evidence::draft::Polarity;
use contingent_evidence::ledger::{ClaimEntry, State, Words as _};
use contingent_evidence::verify::Status;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::{Mode, Review, Shown};

/// Characters of the copy that are shown before and after the words of a claim.
const BEFORE: usize = 420;
const AFTER: usize = 320;

/// What the keys do, those that are needed most first.
const KEYS: &[&str] = &[
    "a accept",
    "r reject",
    "? all keys",
    "q quit",
    "u undo",
    "e our words",
    "t kind",
    "g grade",
    "l link",
    "n next draft",
    "j k move",
];

const HELP: &[(&str, &str)] = &[
    ("a", "accept; asks for our words first when there are none"),
    ("r", "reject"),
    ("d", "back to a draft"),
    ("e", "what was said, in our words"),
    ("p o", "speaker; role"),
    ("t", "kind: fact, causal, forecast, conditional, intent, normative"),
    ("v", "voice: direct, mixed, reported"),
    ("g", "grade: reliability A to F, credibility 1 to 6"),
    ("y", "tags: secondhand, retracted, preliminary"),
    ("l", "assumptions that rest on it; Tab completes with --model"),
    ("m", "a note to ourselves"),
    ("u", "undo, as often as there is something"),
    ("n", "next draft that nobody has decided about"),
    ("j k", "next and previous claim, also with the arrows"),
    ("R", "read the file again"),
    ("q", "quit; everything is saved already"),
];

/// Draws the screen.
pub fn draw_review(frame: &mut Frame<'_>, review: &Review) {
    let area = frame.area();
    let [head, context, fields, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(4),
        Constraint::Length(if area.height < 22 { 8 } else { 11 }),
        Constraint::Length(2),
    ])
    .areas(area);
    frame.render_widget(header(review, area.width), head);
    match review.claim() {
        Some(claim) => {
            draw_context(frame, review, claim, context);
            draw_fields(frame, review, claim, fields);
        }
        None => frame.render_widget(Paragraph::new("There is no claim in this ledger."), context),
    }
    draw_foot(frame, review, foot);
    if matches!(review.mode, Mode::Help) {
        draw_help(frame, area);
    }
}

/// The place in the ledger and how much is decided, as far as the width allows.
fn header(review: &Review, width: u16) -> Paragraph<'_> {
    let ledger = &review.ledger;
    let n = ledger.claims.len();
    let place = if n == 0 { 0 } else { review.selected + 1 };
    let (accepted, rejected, open) =
        (ledger.n_in(State::Accepted), ledger.n_in(State::Rejected), ledger.n_in(State::Draft));
    let full = format!(" {place} of {n}; {accepted} accepted, {rejected} rejected, {open} to decide");
    let width = usize::from(width);
    let name = format!(" {} ", review.name);
    let n_name = name.chars().count();
    let mut parts = Vec::new();
    if n_name + full.len() <= width {
        parts.push(Span::from(name).bold());
        let used = n_name + full.len();
        parts.push(Span::from(full));
        // Of ten boxes, as many are full as tenths are decided.
        if used + 14 <= width && n > 0 {
            let done = (n - open) * 10 / n;
            parts.push(Span::from(format!("  {}{}", "\u{25a0}".repeat(done), "\u{25a1}".repeat(10 - done))));
        }
    } else if full.len() <= width {
        parts.push(Span::from(full));
    } else {
        parts.push(Span::from(format!(" {place} of {n}; {open} to decide")));
    }
    Paragraph::new(Line::from(parts)).style(Style::new().add_modifier(Modifier::REVERSED))
}

fn draw_context(frame: &mut Frame<'_>, review: &Review, claim: &ClaimEntry, area: Rect) {
    let title = match review.shown.get(review.selected).and_then(Option::as_ref).map(|shown| shown.status) {
        Some(Status::Found) => " in your copy ",
        Some(Status::Moved) => " in your copy, elsewhere than it stood ",
        Some(Status::Changed) => " in your copy, with other words ",
        Some(Status::Missing) | None if review.copy.is_some() => " not in your copy ",
        _ => " words ",
    };
    let block = Block::bordered().title(title);
    let lines = match (&review.copy, review.shown.get(review.selected).and_then(Option::as_ref)) {
        (Some(text), Some(shown)) if !shown.spans.is_empty() => passage(text, shown),
        (Some(_), _) => vec![Line::from("The words of this claim are not in the copy that you gave.")],
        (None, _) => vec![
            Line::from(format!("{} words from character {} on.", claim.n_words(), claim.start())),
            Line::from("Give your copy of the source to see them: --copy FILE"),
        ],
    };
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let paragraph = Paragraph::new(lines).wrap(Wrap { trim: true });
    // The words of the claim stay in sight where the passage is longer than the screen.
    let scroll = match (&review.copy, review.shown.get(review.selected).and_then(Option::as_ref)) {
        (Some(text), Some(shown)) if !shown.spans.is_empty() => scroll_to(text, shown, inner),
        _ => 0,
    };
    frame.render_widget(paragraph.scroll((scroll, 0)), inner);
}

/// The part of the copy that is shown, in bytes.
fn window(text: &str, shown: &Shown) -> Range<usize> {
    let first = shown.spans.iter().map(|span| span.start).min().unwrap_or(0);
    let last = shown.spans.iter().map(|span| span.end).max().unwrap_or(first);
    let before = text[..first].char_indices().rev().take(BEFORE).last().map_or(first, |(at, _)| at);
    let after = text[last..].char_indices().nth(AFTER).map_or(text.len(), |(at, _)| last + at);
    // Not within a word.
    let start = if before == 0 {
        0
    } else {
        text[before..first].find(char::is_whitespace).map_or(first, |at| before + at)
    };
    let end = if after == text.len() {
        after
    } else {
        text[last..after].rfind(char::is_whitespace).map_or(last, |at| last + at)
    };
    start..end
}

/// The passage with the words of the claim, its speaker and its verb marked.
fn passage<'t>(text: &'t str, shown: &Shown) -> Vec<Line<'t>> {
    let window = window(text, shown);
    let mut marks: Vec<(Range<usize>, Style)> = Vec::new();
    for span in &shown.spans {
        marks.push((span.clone(), Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD)));
    }
    marks.extend(
        shown
            .speaker
            .clone()
            .map(|span| (span, Style::new().fg(Color::Cyan).add_modifier(Modifier::UNDERLINED))),
    );
    marks.extend(shown.cue.clone().map(|span| (span, Style::new().fg(Color::Cyan))));
    marks.sort_by_key(|(span, _)| span.start);
    // An empty line of the copy divides paragraphs; other line ends are those of its layout.
    let mut lines: Vec<Line<'t>> = vec![Line::default()];
    let mut add = |range: Range<usize>, style: Style| {
        let mut n_ends = 0;
        for (i, line) in text[range].split('\n').enumerate() {
            let line = line.trim_matches('\r');
            n_ends += usize::from(i > 0);
            if line.trim().is_empty() && i > 0 {
                continue;
            }
            if n_ends > 1 && lines.last().is_some_and(|last| !last.spans.is_empty()) {
                lines.push(Line::default());
                lines.push(Line::default());
            }
            let Some(last) = lines.last_mut() else { continue };
            if n_ends == 1 {
                last.spans.push(Span::from(" "));
            }
            n_ends = 0;
            last.spans.push(Span::styled(line, style));
        }
        // What comes next begins a paragraph when line ends are left over.
        if n_ends > 1 {
            lines.push(Line::default());
            lines.push(Line::default());
        } else if n_ends == 1
            && let Some(last) = lines.last_mut()
        {
            last.spans.push(Span::from(" "));
        }
    };
    let mut at = window.start;
    for (span, style) in marks {
        let span = span.start.max(at)..span.end.min(window.end);
        if span.start < span.end {
            add(at..span.start, Style::new());
            add(span.clone(), style);
            at = span.end;
        }
    }
    add(at..window.end, Style::new());
    lines
}

/// Rows above the first that is shown, so that the words of the claim are in sight.
fn scroll_to(text: &str, shown: &Shown, area: Rect) -> u16 {
    if area.width == 0 || area.height == 0 {
        return 0;
    }
    let window = window(text, shown);
    let last = shown.spans.iter().map(|span| span.end).max().unwrap_or(window.start);
    let n_before = text[window.start..last].chars().count();
    // Lines are filled to about nine tenths.
    let breaks = text[window.start..last].matches("\n\n").count() * 2;
    let rows = n_before * 10 / (usize::from(area.width) * 9).max(1) + breaks;
    u16::try_from((rows + 2).saturating_sub(usize::from(area.height))).unwrap_or(0)
}

fn draw_fields(frame: &mut Frame<'_>, review: &Review, claim: &ClaimEntry, area: Rect) {
    let state = match claim.state {
        State::Draft => Span::from(" draft ").yellow(),
        State::Accepted => Span::from(" accepted ").green(),
        State::Rejected => Span::from(" rejected ").red(),
    };
    let block =
        Block::bordered().title(Line::from(vec![Span::from(format!(" {} ", claim.id)).bold(), state]));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    if let Mode::Edit { field, input, .. } = &review.mode {
        let [label, line, hint] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(2), Constraint::Length(3)]).areas(inner);
        frame.render_widget(
            Paragraph::new(format!("{}: (Enter takes it, Esc leaves it)", field.label())).bold(),
            label,
        );
        let (before, behind) = input.halves();
        let mut rest = behind.chars();
        let under = rest.next().map_or_else(|| " ".to_owned(), String::from);
        let typed = Line::from(vec![
            Span::from(before.to_owned()),
            Span::from(under).reversed(),
            Span::from(rest.as_str().to_owned()),
        ]);
        frame.render_widget(Paragraph::new(typed).wrap(Wrap { trim: false }), line);
        let mut told = field.hint().to_owned();
        if *field == super::Field::Rests {
            let typing = input.text().rsplit(',').next().unwrap_or_default().trim();
            let known: Vec<&str> = review
                .assumptions
                .iter()
                .map(String::as_str)
                .filter(|name| name.starts_with(typing))
                .take(12)
                .collect();
            if !known.is_empty() {
                told = format!("Tab completes: {}", known.join(", "));
            }
        }
        frame.render_widget(Paragraph::new(told).dim().wrap(Wrap { trim: true }), hint);
        return;
    }
    let mut lines = vec![labelled("our words", claim.says.as_deref().unwrap_or("(none yet)"))];
    let speaker = claim.speaker.as_deref().unwrap_or("(nobody named)");
    let role = claim.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
    let through = claim.secondhand_of.as_ref().map(|name| format!(", through {name}")).unwrap_or_default();
    let verb = claim.verb.as_ref().map(|verb| format!(" ({verb})")).unwrap_or_default();
    lines.push(labelled("speaker", &format!("{speaker}{role}{through}{verb}")));
    let kinds: Vec<&str> = claim.kinds.iter().map(|kind| kind.word()).collect();
    let grade =
        claim.grade.as_ref().map_or_else(|| "not graded".to_owned(), |grade| format!("graded {grade}"));
    let mut marks = vec![kinds.join(", "), claim.voice.word().to_owned(), grade];
    if claim.negated {
        marks.push("negated".to_owned());
    }
    if !claim.hedges.is_empty() {
        marks.push(format!("{} hedged", if claim.hedges.len() == 1 { "once" } else { "often" }));
    }
    for condition in &claim.conditions {
        marks.push(match condition.polarity {
            Polarity::Holds => "under a condition".to_owned(),
            Polarity::Fails => "unless something".to_owned(),
        });
    }
    marks.extend(claim.tags.iter().cloned());
    lines.push(labelled("kind", &marks.join("; ")));
    if !claim.actors.is_empty() {
        lines.push(labelled("about", &claim.actors.join(", ")));
    }
    if !claim.rests.is_empty() {
        lines.push(labelled("behind", &claim.rests.join(", ")));
    }
    if !claim.same_as.is_empty() {
        lines.push(labelled("same as", &claim.same_as.join(", ")));
    }
    lines.push(labelled("drafted", &format!("by {}, confidence {}", claim.pattern, claim.confidence.word())));
    for flag in &claim.flags {
        lines.push(Line::from(format!("look at this: {flag}")).red());
    }
    if let Some(note) = &claim.note {
        lines.push(labelled("note", note));
    }
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), inner);
}

fn labelled<'a>(label: &'a str, value: &str) -> Line<'a> {
    Line::from(vec![Span::from(format!("{label}: ")).dim(), Span::from(value.to_owned())])
}

fn draw_foot(frame: &mut Frame<'_>, review: &Review, area: Rect) {
    let saved = match review.n_saved {
        0 => "nothing changed yet".to_owned(),
        1 => "saved once".to_owned(),
        n => format!("saved {n} times"),
    };
    let message = review.message.clone().unwrap_or(saved);
    let mut keys = String::new();
    for key in KEYS {
        if keys.chars().count() + key.len() + 2 > usize::from(area.width) {
            break;
        }
        if !keys.is_empty() {
            keys.push_str("  ");
        }
        keys.push_str(key);
    }
    let lines = vec![Line::from(keys).dim(), Line::from(message)];
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_help(frame: &mut Frame<'_>, area: Rect) {
    let lines: Vec<Line<'_>> = HELP
        .iter()
        .map(|(key, what)| Line::from(vec![Span::from(format!(" {key:<5}")).bold(), Span::from(*what)]))
        .collect();
    let height = (lines.len() as u16 + 2).min(area.height);
    let width = 72.min(area.width);
    let popup =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    frame.render_widget(Clear, popup);
    frame.render_widget(
        Paragraph::new(lines).block(Block::bordered().title(" keys; any key goes back ")),
        popup,
    );
}
