//! How a council bargained, for people.
//!
//! Enters: a [`CouncilDocument`]. Leaves: text with ANSI styles: what came out first, then where the members stood over the turns, drawn
//! and in numbers, who would win, and the offers. Always holds: a member keeps its letter throughout; `+` marks several members
//! at one place of a drawing; states that do not fit the width are left out from the middle and said so.

use std::fmt::Write as _;

use anstyle::Style;
use contingent_analysis::words::fixed;

use super::terminal::RenderOptions;
use super::text::{HEADING, Page, QUIET, STRONG, count, fit};
use crate::council::{CouncilDocument, OfferDocument, StateDocument};

/// Lines of a drawing between its highest and its lowest position.
const HEIGHT: usize = 12;
/// Characters that a state takes in drawings and tables.
const COLUMN: usize = 6;
/// Characters of names in tables.
const NAME: usize = 22;
/// Movement, in hundredths, from which on a member is said to have moved.
const MOVED: f64 = 0.5;

/// The text of a council, with ANSI styles; the offers of the first turn, or of all turns.
pub fn render_council(document: &CouncilDocument, all_offers: bool, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    page.paragraph(HEADING, "", &document.title);
    page.paragraph(QUIET, "  ", &document.description);
    page.blank();
    for sentence in outcome(document) {
        page.paragraph(STRONG, "  ", &sentence);
    }
    let columns = Columns::that_fit(document.states.len(), page.width);
    for (dimension, name) in document.dimensions.iter().enumerate() {
        page.blank();
        page.line(HEADING, &format!("{name}: where members stand, from 0 to 100, after each turn"));
        drawing(&mut page, document, dimension, &columns);
        columns.head(&mut page);
        for member in 0..document.members.len() {
            columns.row(&mut page, &label(document, member), |state| {
                fixed(document.states[state].positions[member][dimension], 1)
            });
        }
        for (name, pick) in AVERAGES {
            columns.row(&mut page, name, |state| {
                pick(&document.states[state])[dimension]
                    .map_or_else(|| "-".to_owned(), |value| fixed(value, 1))
            });
        }
    }
    page.blank();
    page.line(HEADING, "Probability that a member's position would be chosen, if the council voted");
    columns.head(&mut page);
    for member in 0..document.members.len() {
        columns.row(&mut page, &label(document, member), |state| {
            fixed(document.states[state].winning[member], 2)
        });
    }
    page.paragraph(
        QUIET,
        "  ",
        "Members at one place share one probability, so that a column may sum to more than 1.",
    );
    offers(&mut page, document, all_offers);
    page.blank();
    page.line(HEADING, "How to read this");
    page.paragraph(
        Style::new(),
        "  ",
        "Each turn, each member challenges the one from whom it gains most and offers both a place between them; then each \
         takes the offer that the whole council would most likely choose for it, or stays. This is the challenge model of \
         the KAPSARC Toolkit with its defaults, after Bueno de Mesquita (1994). It knows nothing but the capabilities, \
         positions and saliences in the table.",
    );
    page.finish()
}

type Average = fn(&StateDocument) -> &[Option<f64>];

const AVERAGES: [(&str, Average); 2] =
    [("weighted median", |state| &state.weighted_median), ("weighted mean", |state| &state.weighted_mean)];

/// What came of it, in sentences.
fn outcome(document: &CouncilDocument) -> Vec<String> {
    let (first, last) = (&document.states[0], &document.states[document.states.len() - 1]);
    let turns = count(document.states.len() - 1, "turn");
    let how = if document.settled {
        format!("Positions come to rest after {turns} of bargaining.")
    } else {
        format!(
            "Positions have not come to rest after {turns} of bargaining; what follows is where they stood then."
        )
    };
    let medians: Vec<String> = (0..document.dimensions.len())
        .filter_map(|dimension| {
            let (from, to) = (first.weighted_median[dimension]?, last.weighted_median[dimension]?);
            let moved = if (to - from).abs() < MOVED {
                "where it began".to_owned()
            } else {
                format!("from {}", fixed(from, 1))
            };
            Some(format!("{} on {} ({moved})", fixed(to, 1), document.dimensions[dimension]))
        })
        .collect();
    let stayed: Vec<&str> = document
        .members
        .iter()
        .enumerate()
        .filter(|&(member, _)| {
            first.positions[member].iter().zip(&last.positions[member]).all(|(a, b)| (a - b).abs() < MOVED)
        })
        .map(|(_, member)| member.name.as_str())
        .collect();
    let mut sentences = vec![how];
    if !medians.is_empty() {
        sentences.push(format!("The weighted median of the council then stands at {}.", listed(&medians)));
    }
    if stayed.len() == document.members.len() {
        sentences.push("Nobody moves.".to_owned());
    } else if !stayed.is_empty() {
        let verb = if stayed.len() == 1 { "does" } else { "do" };
        sentences.push(format!("{} {verb} not move.", listed(&stayed)));
    }
    sentences
}

fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// The letter that marks a member in drawings.
fn letter(member: usize) -> char {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    letters.chars().nth(member).unwrap_or('·')
}

fn label(document: &CouncilDocument, member: usize) -> String {
    format!("{} {}", letter(member), document.members[member].name)
}

/// The states that are shown, a column each.
struct Columns {
    states: Vec<usize>,
    left_out: usize,
}

impl Columns {
    /// All where they fit, else the first ones and the last.
    fn that_fit(n_states: usize, width: usize) -> Self {
        let n_fit = (width.saturating_sub(NAME + 2) / COLUMN).max(2);
        let n_shown = n_states.min(n_fit);
        let states = (0..n_shown - 1).chain([n_states - 1]).collect();
        Self { states, left_out: n_states - n_shown }
    }

    fn head(&self, page: &mut Page) {
        let mut text = format!(
            "  {:NAME$}",
            if self.left_out > 0 { "after turn (some left out)" } else { "after turn" }
        );
        for state in &self.states {
            let _ = write!(text, "{state:>COLUMN$}");
        }
        page.line(QUIET, &text);
    }

    fn row(&self, page: &mut Page, name: &str, cell: impl Fn(usize) -> String) {
        let mut text = format!("  {}", fit(name, NAME));
        for &state in &self.states {
            let _ = write!(text, "{:>COLUMN$}", cell(state));
        }
        page.line(Style::new(), &text);
    }
}

/// The positions on a dimension over the turns: time to the right, positions upwards.
fn drawing(page: &mut Page, document: &CouncilDocument, dimension: usize, columns: &Columns) {
    let at = |state: usize, member: usize| document.states[state].positions[member][dimension];
    let all =
        || columns.states.iter().flat_map(|&state| (0..document.members.len()).map(move |m| at(state, m)));
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let span = (high - low).max(1.0);
    let mut cells = vec![vec![' '; columns.states.len()]; HEIGHT + 1];
    for (column, &state) in columns.states.iter().enumerate() {
        for member in 0..document.members.len() {
            let line = ((high - at(state, member)) / span * HEIGHT as f64).round() as usize;
            let cell = &mut cells[line][column];
            *cell = if *cell == ' ' { letter(member) } else { '+' };
        }
    }
    for (line, cells) in cells.iter().enumerate() {
        let scale =
            if line % 4 == 0 { fixed(high - span * line as f64 / HEIGHT as f64, 1) } else { String::new() };
        let mut text = format!("  {scale:>width$} |", width = NAME - 2);
        for cell in cells {
            let _ = write!(text, "{cell:>COLUMN$}");
        }
        page.line(Style::new(), &text);
    }
}

/// Who challenged whom, what was offered and who took it.
fn offers(page: &mut Page, document: &CouncilDocument, all: bool) {
    let shown = if all { document.states.len() - 1 } else { 1.min(document.states.len() - 1) };
    for (turn, state) in document.states[..shown].iter().enumerate() {
        page.blank();
        page.line(HEADING, &format!("Offers in turn {}", turn + 1));
        if state.offers.is_empty() {
            page.line(QUIET, "  Nobody has anything to gain from a challenge.");
        }
        for offer in &state.offers {
            page.paragraph(Style::new(), "  ", &told(offer));
        }
    }
    if !all && document.states.len() > 2 {
        page.line(QUIET, "  `--offers` shows those of every turn.");
    }
}

fn told(offer: &OfferDocument) -> String {
    let place = |place: &[f64]| place.iter().map(|&value| fixed(value, 1)).collect::<Vec<_>>().join(", ");
    let taken = match offer.taken_by.as_slice() {
        [] => "Neither takes it.".to_owned(),
        [one] => format!("{one} takes it."),
        _ => "Both take it.".to_owned(),
    };
    format!(
        "{} challenges {} (gains {}, wins with {}): itself to {}, {} to {}. {taken}",
        offer.challenger,
        offer.target,
        fixed(offer.gain, 3),
        fixed(offer.probability, 2),
        place(&offer.challenger_moves_to),
        offer.target,
        place(&offer.target_moves_to),
    )
}
