//! The equations of XMILE: text to [`Equation`].
//!
//! Enters: the text of an `eqn`. Leaves: equations, or why it cannot be read. Always holds: names are canonical (see
//! [`canonical`]); nesting is bounded; nothing panics on any text.

use std::fmt;

/// Deepest nesting of an equation.
const MAX_DEPTH: usize = 150;
/// Most operators in a row without brackets.
const MAX_OPERATORS: usize = 1000;

/// An expression of XMILE.
#[derive(Clone, Debug, PartialEq)]
pub enum Equation {
    /// A number.
    Number(f64),
    /// A variable, or a function without arguments, with its indices.
    Name(String, Option<Vec<Index>>),
    /// A function, a macro or a graphical function with its arguments.
    Call(String, Vec<Equation>),
    /// `-x`
    Negate(Box<Equation>),
    /// `NOT x`
    Not(Box<Equation>),
    /// Two operands.
    Binary(Operator, Box<Equation>, Box<Equation>),
    /// `IF c THEN a ELSE b`
    If(Box<Equation>, Box<Equation>, Box<Equation>),
}

/// One index of a variable.
#[derive(Clone, Debug, PartialEq)]
pub enum Index {
    /// `*`
    All,
    /// A dimension, an element, or a number that is worked out.
    Is(Equation),
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the signs")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    /// `//`: zero where the divisor is zero.
    SafeDivide,
    Modulo,
    Power,
}

/// A name as it is compared: case, and the kind and number of spaces and underscores, make no difference.
pub fn canonical(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    let mut characters = name.trim().chars().peekable();
    while let Some(character) = characters.next() {
        let is_written_break = character == '\\' && matches!(characters.peek(), Some('n' | 'r'));
        if is_written_break {
            characters.next();
        }
        if is_written_break || character.is_whitespace() || matches!(character, '_' | '\u{a0}') {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push('_');
        }
        gap = false;
        out.extend(character.to_lowercase());
    }
    out
}

/// Why an equation cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EquationError(pub String);

impl fmt::Display for EquationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads the equations of a text: one, or several with commas between.
pub fn parse(text: &str) -> Result<Vec<Equation>, EquationError> {
    let tokens = lex(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let mut list = vec![parser.expression(0)?];
    while parser.eat(&Token::Sign(",")) || parser.eat(&Token::Sign(";")) {
        if parser.at == parser.tokens.len() {
            break;
        }
        list.push(parser.expression(0)?);
    }
    match parser.tokens.get(parser.at) {
        None => Ok(list),
        Some(token) => Err(EquationError(format!("{token} is not expected there"))),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    /// A name; whether it was quoted, so that it is no word of the language.
    Name(String, bool),
    Sign(&'static str),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "`{number}`"),
            Self::Name(name, _) => write!(f, "`{name}`"),
            Self::Sign(sign) => write!(f, "`{sign}`"),
        }
    }
}

const SIGNS: [&str; 21] = [
    "<>", "<=", ">=", "!=", "==", "//", "&&", "||", "(", ")", "[", "]", ",", ";", "+", "-", "*", "/", "^",
    "<", ">",
];

fn lex(text: &str) -> Result<Vec<Token>, EquationError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if first == '{' {
            let Some(end) = rest.find('}') else {
                return Err(EquationError("a comment is not closed".to_owned()));
            };
            rest = &rest[end + 1..];
        } else if first == '"' {
            let (name, after) = quoted(rest)?;
            tokens.push(Token::Name(name, true));
            rest = after;
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let end = number_length(rest);
            let Ok(number) = rest[..end].parse() else {
                return Err(EquationError(format!("`{}` is no number", &rest[..end])));
            };
            tokens.push(Token::Number(number));
            rest = &rest[end..];
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else if first == '=' {
            tokens.push(Token::Sign("=="));
            rest = &rest[1..];
        } else if first == '!' {
            tokens.push(Token::Name("not".to_owned(), false));
            rest = &rest[1..];
        } else if let Some((word, after)) = colon_word(rest) {
            tokens.push(Token::Name(word, false));
            rest = after;
        } else if is_name(first) {
            let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].to_owned(), false));
            rest = &rest[end..];
        } else {
            return Err(EquationError(format!("`{first}` is not expected there")));
        }
    }
    Ok(tokens)
}

/// `:AND:` and the like, as Vensim writes them.
fn colon_word(rest: &str) -> Option<(String, &str)> {
    let after = rest.strip_prefix(':')?;
    let (word, after) = after.split_once(':')?;
    let word = word.to_ascii_lowercase();
    matches!(word.as_str(), "and" | "or" | "not").then_some((word, after))
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '_' | '$' | '.' | '\u{a0}' | '?' | '\\' | '@' | '#' | '%' | '\'')
        || !character.is_ascii()
}

fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut i: usize| {
        while bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    end
}

fn quoted(text: &str) -> Result<(String, &str), EquationError> {
    let mut name = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((i, character)) = characters.next() {
        match character {
            '"' => return Ok((name, &text[i + 1..])),
            '\\' => match characters.next() {
                Some((_, 'n' | 'r' | 't')) => name.push(' '),
                Some((_, other)) => name.push(other),
                None => break,
            },
            other => name.push(other),
        }
    }
    Err(EquationError("a quoted name is not closed".to_owned()))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// How tightly the parts of an equation hold.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const POWER: u8 = 7;

impl Parser {
    fn eat(&mut self, token: &Token) -> bool {
        let is_here = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(is_here);
        is_here
    }

    fn word(&self) -> Option<String> {
        match self.tokens.get(self.at) {
            Some(Token::Name(name, false)) => Some(name.to_lowercase()),
            _ => None,
        }
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let is_here = self.word().as_deref() == Some(word);
        self.at += usize::from(is_here);
        is_here
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), EquationError> {
        if self.eat(&Token::Sign(sign)) {
            return Ok(());
        }
        Err(self.expected(&format!("`{sign}`")))
    }

    fn expected(&self, what: &str) -> EquationError {
        EquationError(match self.tokens.get(self.at) {
            Some(token) => format!("{what} is expected before {token}"),
            None => format!("{what} is expected at its end"),
        })
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        use Operator as O;
        match self.tokens.get(self.at)? {
            Token::Sign(sign) => Some(match *sign {
                "||" => (O::Or, OR),
                "&&" => (O::And, AND),
                "==" => (O::Equal, COMPARISON),
                "<>" | "!=" => (O::NotEqual, COMPARISON),
                "<" => (O::Less, COMPARISON),
                "<=" => (O::LessOrEqual, COMPARISON),
                ">" => (O::Greater, COMPARISON),
                ">=" => (O::GreaterOrEqual, COMPARISON),
                "+" => (O::Add, SUM),
                "-" => (O::Subtract, SUM),
                "*" => (O::Multiply, PRODUCT),
                "/" => (O::Divide, PRODUCT),
                "//" => (O::SafeDivide, PRODUCT),
                "^" => (O::Power, POWER),
                _ => return None,
            }),
            Token::Name(_, false) => Some(match self.word()?.as_str() {
                "or" => (O::Or, OR),
                "and" => (O::And, AND),
                "mod" => (O::Modulo, PRODUCT),
                _ => return None,
            }),
            _ => None,
        }
    }

    fn expression(&mut self, at_least: u8) -> Result<Equation, EquationError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(EquationError(format!("it is nested more than {MAX_DEPTH} deep")));
        }
        let mut left = self.prefix()?;
        let mut n_operators = 0;
        while let Some((operator, level)) = self.operator() {
            if level < at_least {
                break;
            }
            self.at += 1;
            n_operators += 1;
            if n_operators > MAX_OPERATORS {
                return Err(EquationError(format!("more than {MAX_OPERATORS} operators stand in a row")));
            }
            // Operators of one level are read from the left, but powers from the right, as Vensim and Stella do.
            let right = self.expression(if operator == Operator::Power { POWER } else { level + 1 })?;
            left = Equation::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Equation, EquationError> {
        if self.eat(&Token::Sign("-")) {
            let inner = self.expression(POWER)?;
            return Ok(Equation::Negate(Box::new(inner)));
        }
        if self.eat(&Token::Sign("+")) {
            return self.expression(POWER);
        }
        if self.word().as_deref() == Some("not") {
            self.at += 1;
            return Ok(Equation::Not(Box::new(self.expression(NOT)?)));
        }
        if self.word().as_deref() == Some("if") && !self.is_if_function() {
            self.at += 1;
            let condition = self.expression(0)?;
            if !self.eat_word("then") {
                return Err(self.expected("THEN"));
            }
            let yes = self.expression(0)?;
            if !self.eat_word("else") {
                return Err(self.expected("ELSE"));
            }
            let no = self.expression(0)?;
            return Ok(Equation::If(Box::new(condition), Box::new(yes), Box::new(no)));
        }
        self.atom()
    }

    /// `IF THEN ELSE(c, a, b)`.
    fn is_if_function(&self) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Token::Name(word, false)) if word.eq_ignore_ascii_case("then"))
    }

    fn atom(&mut self) -> Result<Equation, EquationError> {
        match self.tokens.get(self.at).cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Ok(Equation::Number(number))
            }
            Some(Token::Sign("(")) => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Some(Token::Name(name, is_quoted)) => {
                let is_if = !is_quoted && name.eq_ignore_ascii_case("if");
                if !is_quoted && !is_if && is_keyword(&name) {
                    return Err(self.expected("a value"));
                }
                self.at += 1;
                let mut whole = name;
                // A name that was written with spaces and without quotes.
                while let (false, Some(Token::Name(next, false))) = (is_quoted, self.tokens.get(self.at)) {
                    if is_keyword(next) && !is_if {
                        break;
                    }
                    whole.push('_');
                    whole.push_str(next);
                    self.at += 1;
                }
                self.named(canonical(&whole))
            }
            _ => Err(self.expected("a value")),
        }
    }

    fn named(&mut self, name: String) -> Result<Equation, EquationError> {
        if self.eat(&Token::Sign("(")) {
            let mut arguments = Vec::new();
            if !self.eat(&Token::Sign(")")) {
                loop {
                    arguments.push(self.expression(0)?);
                    if !self.eat(&Token::Sign(",")) {
                        break;
                    }
                }
                self.expect(")")?;
            }
            return Ok(Equation::Call(name, arguments));
        }
        if !self.eat(&Token::Sign("[")) {
            return Ok(Equation::Name(name, None));
        }
        let mut indices = Vec::new();
        loop {
            if self.eat(&Token::Sign("*")) {
                indices.push(Index::All);
            } else {
                indices.push(Index::Is(self.expression(0)?));
            }
            if !self.eat(&Token::Sign(",")) {
                break;
            }
        }
        self.expect("]")?;
        Ok(Equation::Name(name, Some(indices)))
    }
}

fn is_keyword(word: &str) -> bool {
    ["if", "then", "else", "and", "or", "not", "mod"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

impl Equation {
    /// Calls `visit` for this and every part.
    pub fn each(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match self {
            Self::Number(_) | Self::Name(_, None) => {}
            Self::Name(_, Some(indices)) => {
                for index in indices {
                    if let Index::Is(inner) = index {
                        inner.each(visit);
                    }
                }
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.each(visit)),
            Self::Negate(inner) | Self::Not(inner) => inner.each(visit),
            Self::Binary(_, a, b) => {
                a.each(visit);
                b.each(visit);
            }
            Self::If(a, b, c) => {
                a.each(visit);
                b.each(visit);
                c.each(visit);
            }
        }
    }
}
