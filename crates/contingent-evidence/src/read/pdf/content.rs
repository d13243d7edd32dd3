//! What a page draws: its characters, where and how large (ISO 32000, 8.4 and 9.4).
//!
//! Enters: a page. Leaves: [`Glyph`]s in the order in which they are drawn. Always holds: only operators that place text are
//! followed; forms within forms are followed to a bounded depth; the number of operators is bounded.

use std::rc::Rc;

use super::super::{MAX_TEXT, ReadError};
use super::file::File;
use super::font::{Font, Fonts};
use super::object::{Dictionary, Lexer, Object};

/// Most operators of a document.
const MAX_OPERATORS: usize = 50_000_000;
/// Forms within forms are followed so far.
const MAX_FORMS: usize = 12;
/// Operands that an operator may have; a string of many pieces is one.
const MAX_OPERANDS: usize = 64;
/// Saved states.
const MAX_SAVED: usize = 256;

/// What was done so far, over all pages.
#[derive(Default)]
pub(super) struct Budget {
    operators: usize,
    bytes: usize,
    /// Characters whose font does not say what they are.
    pub(super) unreadable: usize,
}

/// One or more characters at a place.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Along the line.
    pub(super) x: f64,
    /// Where the next would stand.
    pub(super) end: f64,
    /// Across lines, growing upwards.
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) characters: String,
}

/// `[a b c d e f]` (ISO 32000, 8.3.3).
type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn multiply(m: &Matrix, n: &Matrix) -> Matrix {
    [
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    ]
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    between_characters: f64,
    between_words: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    is_invisible: bool,
}

struct Drawing<'d, 'a> {
    file: &'d File<'a>,
    fonts: &'d mut Fonts,
    budget: &'d mut Budget,
    glyphs: Vec<Glyph>,
}

pub(super) fn draw(
    file: &File<'_>,
    page: &Object,
    resources: &Dictionary,
    fonts: &mut Fonts,
    budget: &mut Budget,
) -> Result<Vec<Glyph>, ReadError> {
    let mut bytes = Vec::new();
    if let Some(page) = page.dictionary() {
        let contents = file.value(page, b"Contents");
        match &*contents {
            Object::Array(parts) => {
                for part in parts {
                    bytes.extend(file.unpack(&file.resolve(part))?);
                    bytes.push(b'\n');
                }
            }
            stream => bytes = file.unpack(stream)?,
        }
    }
    let mut drawing = Drawing { file, fonts, budget, glyphs: Vec::new() };
    let state = State {
        page: IDENTITY,
        font: None,
        size: 0.0,
        between_characters: 0.0,
        between_words: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
        is_invisible: false,
    };
    drawing.run(&bytes, resources, state, 0)?;
    Ok(drawing.glyphs)
}

impl Drawing<'_, '_> {
    fn run(
        &mut self,
        bytes: &[u8],
        resources: &Dictionary,
        start: State,
        depth: usize,
    ) -> Result<(), ReadError> {
        let mut lexer = Lexer::new(bytes, 0);
        let mut operands: Vec<Object> = Vec::new();
        let mut state = start;
        let mut saved: Vec<State> = Vec::new();
        let (mut text, mut line) = (IDENTITY, IDENTITY);
        while let Some(object) = lexer.object(false) {
            let Object::Word(operator) = object else {
                if operands.len() < MAX_OPERANDS {
                    operands.push(object);
                }
                continue;
            };
            self.budget.operators += 1;
            if self.budget.operators > MAX_OPERATORS {
                return Err(ReadError::TooMany { what: "drawing operators", most: MAX_OPERATORS });
            }
            let n =
                |i: usize| operands.get(i).and_then(Object::number).filter(|n| n.is_finite()).unwrap_or(0.0);
            let matrix = || [n(0), n(1), n(2), n(3), n(4), n(5)];
            let mut next_line = |x: f64, y: f64, text: &mut Matrix| {
                line = multiply(&[1.0, 0.0, 0.0, 1.0, x, y], &line);
                *text = line;
            };
            match operator.as_slice() {
                b"q" if saved.len() < MAX_SAVED => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.page = multiply(&matrix(), &state.page),
                b"BT" => {
                    text = IDENTITY;
                    line = IDENTITY;
                }
                b"Tf" => {
                    state.size = n(1);
                    let named = operands.first().and_then(Object::name);
                    let all = self.file.value(resources, b"Font");
                    let font = named.and_then(|name| all.dictionary().and_then(|fonts| fonts.get(name)));
                    state.font = font.map(|font| self.fonts.font(self.file, font)).transpose()?;
                }
                b"Tc" => state.between_characters = n(0),
                b"Tw" => state.between_words = n(0),
                b"Tz" => state.stretch = n(0) / 100.0,
                b"TL" => state.leading = n(0),
                b"Ts" => state.rise = n(0),
                b"Tr" => state.is_invisible = n(0) == 3.0,
                b"Td" => next_line(n(0), n(1), &mut text),
                b"TD" => {
                    state.leading = -n(1);
                    next_line(n(0), n(1), &mut text);
                }
                b"Tm" => {
                    line = matrix();
                    text = line;
                }
                b"T*" => next_line(0.0, -state.leading, &mut text),
                b"Tj" => self.show(operands.first(), &state, &mut text),
                b"'" => {
                    next_line(0.0, -state.leading, &mut text);
                    self.show(operands.first(), &state, &mut text);
                }
                b"\"" => {
                    state.between_words = n(0);
                    state.between_characters = n(1);
                    next_line(0.0, -state.leading, &mut text);
                    self.show(operands.get(2), &state, &mut text);
                }
                b"TJ" => {
                    for piece in operands.first().and_then(Object::array).unwrap_or_default() {
                        match piece {
                            Object::Number(back) => {
                                let shift = -back / 1000.0 * state.size * state.stretch;
                                text = multiply(&[1.0, 0.0, 0.0, 1.0, shift, 0.0], &text);
                            }
                            piece => self.show(Some(piece), &state, &mut text),
                        }
                    }
                }
                b"Do" if depth < MAX_FORMS => self.form(operands.first(), resources, &state, depth)?,
                b"BI" => skip_picture(&mut lexer),
                _ => {}
            }
            if self.budget.bytes > MAX_TEXT {
                return Err(ReadError::TooMany { what: "bytes of text", most: MAX_TEXT });
            }
            operands.clear();
        }
        Ok(())
    }

    fn form(
        &mut self,
        name: Option<&Object>,
        resources: &Dictionary,
        state: &State,
        depth: usize,
    ) -> Result<(), ReadError> {
        let all = self.file.value(resources, b"XObject");
        let Some(form) = name
            .and_then(Object::name)
            .and_then(|name| all.dictionary().and_then(|all| all.get(name)))
            .map(|form| self.file.resolve(form))
        else {
            return Ok(());
        };
        let Some(dictionary) = form.dictionary() else { return Ok(()) };
        if dictionary.get(&b"Subtype"[..]).and_then(Object::name) != Some(b"Form") {
            return Ok(());
        }
        let mut inner = state.clone();
        if let Some(matrix) = self.file.value(dictionary, b"Matrix").array() {
            let mut own = IDENTITY;
            for (slot, value) in own.iter_mut().zip(matrix) {
                *slot = value.number().unwrap_or(*slot);
            }
            inner.page = multiply(&own, &inner.page);
        }
        let own = self.file.value(dictionary, b"Resources");
        let bytes = self.file.unpack(&form)?;
        self.run(&bytes, own.dictionary().unwrap_or(resources), inner, depth + 1)
    }

    fn show(&mut self, string: Option<&Object>, state: &State, text: &mut Matrix) {
        let (Some(Object::Text(bytes)), Some(font)) = (string, &state.font) else { return };
        for code in font.codes(bytes) {
            let place = multiply(&[1.0, 0.0, 0.0, 1.0, 0.0, state.rise], &multiply(text, &state.page));
            let mut advance = code.width / 1000.0 * state.size + state.between_characters;
            if code.is_space {
                advance += state.between_words;
            }
            let advance = advance * state.stretch;
            let end = multiply(&[1.0, 0.0, 0.0, 1.0, advance, 0.0], text);
            let reached = multiply(&end, &state.page);
            *text = end;
            // Text that runs up or down the page is turned so that its lines lie level.
            let (along, across) = (place[0].hypot(place[1]), place[2].hypot(place[3]));
            let is_upright = place[0].abs() >= place[1].abs();
            let turn = |m: &Matrix| {
                if is_upright { (m[4], m[5]) } else { (m[5] * place[1].signum(), -m[4] * place[1].signum()) }
            };
            let ((x, y), (end, _)) = (turn(&place), turn(&reached));
            let size = state.size.abs() * if across > 0.0 { across } else { along };
            let is_sound = [x, y, end, size].iter().all(|value| value.is_finite());
            if state.is_invisible && code.characters == "\u{fffd}" || !is_sound {
                continue;
            }
            self.budget.unreadable += usize::from(code.characters == "\u{fffd}");
            self.budget.bytes += code.characters.len();
            self.glyphs.push(Glyph { x: x.min(end), end: end.max(x), y, size, characters: code.characters });
        }
    }
}

/// Goes behind a picture that stands in the stream itself.
fn skip_picture(lexer: &mut Lexer<'_>) {
    let rest = &lexer.bytes[lexer.at.min(lexer.bytes.len())..];
    let end = rest.windows(4).position(|window| {
        window[0].is_ascii_whitespace() && &window[1..3] == b"EI" && window[3].is_ascii_whitespace()
    });
    lexer.at = end.map_or(lexer.bytes.len(), |end| lexer.at + end + 3);
}
