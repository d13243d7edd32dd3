//! Declarations.

use super::{Parser, RESERVED_WORDS};
use crate::ast::{
    Declaration, DeclarationKind, Destination, Effect, EffectKind, Excitation, Expression, ExpressionKind,
    Grounds, Head, Link, Name, Pin, Property, PropertyValue, Reference, Shape, Share, SubscriptBase, Value,
};
use crate::words::N_DECLARING;
use crate::{Code, Diagnostic, Span, SyntaxKind, nearest};

impl Parser<'_> {
    /// Reads declarations to the end of the file, or of the actor's block.
    pub(super) fn declarations(&mut self, in_block: bool) -> Vec<Declaration> {
        let mut declarations = Vec::new();
        loop {
            match self.kind() {
                SyntaxKind::End => break,
                SyntaxKind::CloseBrace if in_block => break,
                _ => {}
            }
            if in_block && self.at_margin() && self.at_declaration() && !self.in_margin_block() {
                break;
            }
            if let Some(declaration) = self.declaration(in_block) {
                declarations.push(declaration);
            }
        }
        declarations
    }

    /// Inside an actor, a declaration in the first column means that the actor's block was not closed,
    /// unless the text is not indented at all.
    fn in_margin_block(&self) -> bool {
        !self.indented
    }

    fn documentation(&self) -> String {
        let until = self.significant.get(self.position).map_or(self.tokens.len(), |&(i, _)| i);
        let mut lines = Vec::new();
        for token in self.tokens[..until].iter().rev() {
            match token.kind {
                SyntaxKind::DocComment => {
                    let text = &self.text[token.start as usize + 2..token.end as usize];
                    lines.push(text.trim());
                }
                SyntaxKind::Whitespace | SyntaxKind::Newline | SyntaxKind::Comment => {}
                _ => break,
            }
        }
        lines.reverse();
        lines.join(" ")
    }

    fn declaration(&mut self, in_block: bool) -> Option<Declaration> {
        let documentation = self.documentation();
        let start = self.here();
        self.start(SyntaxKind::Declaration);
        let before = self.position;
        self.broken_name = None;
        let kind = self.declaration_kind();
        let mut result = None;
        if let Some(kind) = kind {
            if !self.newline_at(0)
                && self.kind() != SyntaxKind::End
                && !(in_block && self.kind() == SyntaxKind::CloseBrace)
            {
                self.expected::<()>("the end of the line");
                self.recover_declaration(in_block);
            }
            result = Some(Declaration { documentation, kind, span: self.since(start) });
        } else {
            let name = self.broken_name.take();
            if self.position == before {
                self.bump();
            }
            self.recover_declaration(in_block);
            let span = self.since(start);
            if name.is_some() {
                result = Some(Declaration { documentation, kind: DeclarationKind::Broken { name }, span });
            }
        }
        self.finish();
        result
    }

    fn declaration_kind(&mut self) -> Option<DeclarationKind> {
        let keyword = if self.kind() == SyntaxKind::Word { self.token_text(0) } else { "" };
        if !RESERVED_WORDS[..N_DECLARING].contains(&keyword) {
            return self.expected_declaration(keyword);
        }
        self.bump();
        match keyword {
            "model" => {
                self.broken_name = Some(Name { text: keyword.to_owned(), span: self.last() });
                let title = self.text("the title of the model")?;
                let properties = self.properties("`model \"Title\" { purpose \"...\" ... }`")?;
                Some(DeclarationKind::Model { title, properties })
            }
            "include" => {
                self.broken_name = Some(Name { text: keyword.to_owned(), span: self.last() });
                Some(DeclarationKind::Include { path: self.text("a file name")? })
            }
            "unit" => {
                let mut names: Vec<Name> = Vec::new();
                loop {
                    match self.declared_name("the name of a unit") {
                        Some(name) if names.is_empty() && self.at(SyntaxKind::Assign) => {
                            return self.derived_unit(name);
                        }
                        Some(name) => names.push(name),
                        // The units read so far are kept, so that their uses are no mistakes.
                        None => self.recover_line(),
                    }
                    if !self.eat(SyntaxKind::Comma) {
                        return Some(DeclarationKind::Units { names });
                    }
                }
            }
            "subscript" => self.subscript(),
            "actor" => self.actor(),
            "source" => {
                let name = self.remembered_name("the name of the source")?;
                let title = self.text("the title of the source")?;
                let properties = self.properties("`source name \"Title\" { publisher \"...\" }`")?;
                Some(DeclarationKind::Source { name, title, properties })
            }
            "claim" => self.claim(),
            "assume" => self.assume(),
            "correlate" => self.correlate(),
            "lever" => self.lever(),
            "mechanism" => self.mechanism(),
            "signed" | "whole" => {
                if !self.at_word_on_line("stock") {
                    return self.expected("`stock`");
                }
                self.bump();
                self.stock(keyword == "signed", keyword == "whole")
            }
            "stock" => self.stock(false, false),
            "flow" => self.flow(),
            "aux" => {
                let head = self.head(true)?;
                self.expect(SyntaxKind::Assign, "`=`")?;
                Some(DeclarationKind::Auxiliary { head, definition: self.expression()? })
            }
            "lookup" => self.lookup(),
            "input" => self.input(),
            "event" => self.event(),
            "decision" => self.decision(),
            "view" => self.view(),
            "policy" => self.policy(),
            "question" => self.question(),
            "links" => self.links(),
            "observe" => self.observe(),
            "indicator" => {
                let head = self.head(true)?;
                self.expect(SyntaxKind::Assign, "`=`")?;
                Some(DeclarationKind::Indicator { head, expression: self.expression()? })
            }
            _ => self.expected("a declaration"),
        }
    }

    fn expected_declaration(&mut self, word: &str) -> Option<DeclarationKind> {
        let found = match self.kind() {
            SyntaxKind::Text => "a string".to_owned(),
            _ => format!("`{}`", self.token_text(0)),
        };
        let here = self.here();
        let near = nearest(word, RESERVED_WORDS[..N_DECLARING].iter().copied());
        let mut diagnostic = Diagnostic::error(
            Code::SyntaxError,
            format!("expected a declaration, found {found}"),
            here,
            "not a declaration",
        );
        // The first word is misspelt, or it is missing and a name stands in its place.
        let missing = |word: &str, span| Some(Name { text: word.to_owned(), span });
        self.broken_name = match near {
            Some(word @ ("model" | "include")) => missing(word, here),
            Some(_) if self.kind_ahead(1) == SyntaxKind::Word => {
                let token = self.token(1);
                missing(self.token_text(1), Span::new(self.file, token.start, token.end))
            }
            None if self.kind() == SyntaxKind::Word => missing(word, here),
            _ => None,
        };
        diagnostic = match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(here, near),
            None => diagnostic.help(
                "a line begins with a word such as `assume`, `stock`, `flow`, `aux`, `event` or `question`",
            ),
        };
        self.report(diagnostic);
        None
    }

    /// Reads a declared name and remembers it in case the rest of the declaration is broken.
    pub(super) fn remembered_name(&mut self, what: &str) -> Option<Name> {
        let name = self.declared_name(what)?;
        self.broken_name = Some(name.clone());
        Some(name)
    }

    /// Reads `name[subscripts] "Label": unit`.
    pub(super) fn head(&mut self, with_unit: bool) -> Option<Head> {
        let name = self.remembered_name("a name")?;
        let mut subscripts = Vec::new();
        if self.at(SyntaxKind::OpenBracket) {
            self.start(SyntaxKind::Subscripts);
            let read = self.subscript_list();
            self.finish();
            subscripts = read?;
        }
        let label = if self.at(SyntaxKind::Text) { Some(self.text("a label")?) } else { None };
        let mut unit = None;
        if with_unit && self.eat(SyntaxKind::Colon) {
            unit = Some(self.unit()?);
        }
        Some(Head { name, subscripts, label, unit })
    }

    fn subscript_list(&mut self) -> Option<Vec<Name>> {
        let opened = self.open(SyntaxKind::OpenBracket, "`[`")?;
        let mut names = vec![self.word("a subscript")?];
        while self.eat(SyntaxKind::Comma) {
            names.push(self.word("a subscript")?);
        }
        self.close(SyntaxKind::CloseBracket, "`,` or `]`", opened)?;
        Some(names)
    }

    /// Reads `because claim, judgement "..."` when it is there.
    #[expect(
        clippy::option_option,
        reason = "the outer one says whether it could be read, as everywhere here"
    )]
    pub(super) fn grounds(&mut self) -> Option<Option<Grounds>> {
        if !self.at_word("because") {
            return Some(None);
        }
        self.start(SyntaxKind::Grounds);
        self.bump();
        let read = self.grounds_list();
        self.finish();
        read.map(Some)
    }

    fn grounds_list(&mut self) -> Option<Grounds> {
        let mut grounds = Grounds::default();
        loop {
            if self.kind() == SyntaxKind::Text {
                let here = self.here();
                self.report(
                    Diagnostic::error(
                        Code::SyntaxError,
                        "a reason in words must be marked as judgement",
                        here,
                        "a string on its own",
                    )
                    .help("write `because judgement \"...\"`")
                    .fix(Span::new(self.file, here.start, here.start), "judgement "),
                );
                return None;
            }
            let name = self.word("a claim, or `judgement \"...\"`")?;
            if name.text == "judgement" {
                grounds.judgement = Some(self.text("the reason, as a string")?);
            } else {
                grounds.claims.push(name);
            }
            let goes_on = self.kind() == SyntaxKind::Comma
                && self.kind_ahead(1) == SyntaxKind::Word
                && !RESERVED_WORDS.contains(&self.token_text(1))
                && !matches!(
                    self.kind_ahead(2),
                    SyntaxKind::Assign
                        | SyntaxKind::Dot
                        | SyntaxKind::OpenBracket
                        | SyntaxKind::OpenParenthesis
                );
            if !(goes_on && self.eat(SyntaxKind::Comma)) {
                return Some(grounds);
            }
        }
    }

    fn properties(&mut self, example: &str) -> Option<Vec<Property>> {
        self.block(example, |parser| {
            parser.start(SyntaxKind::Item);
            let property = parser.property();
            parser.finish();
            property
        })
    }

    fn property(&mut self) -> Option<Property> {
        let start = self.here();
        let key = self.word("a property such as `purpose`")?;
        let value = match self.kind() {
            _ if key.text == "time" => {
                let first = self.expression()?;
                self.expect_word("to", "write `time 2021-08-30 to 2023-08-28 step 1 week`")?;
                let last = self.expression()?;
                self.expect_word("step", "write `time 2021-08-30 to 2023-08-28 step 1 week`")?;
                PropertyValue::Time(Box::new((first, last, self.expression()?)))
            }
            SyntaxKind::Word if key.text == "record" && self.at_word("every") => {
                self.bump();
                PropertyValue::Every(Box::new(self.expression()?))
            }
            _ if key.text == "pin" => PropertyValue::Pin(Box::new(self.pin()?)),
            SyntaxKind::Text if !self.line_ends() => PropertyValue::Text(self.text("a string")?),
            SyntaxKind::Date if !self.line_ends() => {
                let text = self.token_text(0).to_owned();
                let span = self.bump();
                PropertyValue::Date(self.date(&text, span)?, span)
            }
            _ => {
                let mut words = vec![self.word("a string, a date or a word")?];
                // A word after a comma belongs to the list, unless a value on its line makes it the next key.
                while self.kind() == SyntaxKind::Comma
                    && self.kind_ahead(1) == SyntaxKind::Word
                    && (self.newline_at(2)
                        || !matches!(
                            self.kind_ahead(2),
                            SyntaxKind::Word | SyntaxKind::Text | SyntaxKind::Date | SyntaxKind::Number
                        ))
                {
                    self.eat(SyntaxKind::Comma);
                    words.push(self.word("a word")?);
                }
                if !self.line_ends() && !matches!(self.kind(), SyntaxKind::Comma | SyntaxKind::CloseBrace) {
                    return self.expected("a new line, `,` or `}`");
                }
                PropertyValue::Words(words)
            }
        };
        Some(Property { key, value, span: self.since(start) })
    }

    fn pin(&mut self) -> Option<Pin> {
        const EXAMPLE: &str = "write `pin words 12 sha256 \"...\" near 340`; `contingent claims pin MODEL --copy FILE` writes it for you";
        self.expect_word("words", EXAMPLE)?;
        let words = self.count(EXAMPLE)?;
        self.expect_word("sha256", EXAMPLE)?;
        let sha256 = self.text("the hash, as a string")?;
        self.expect_word("near", EXAMPLE)?;
        let near = self.count(EXAMPLE)?;
        let strict =
            if self.eat_word("strict") { Some(self.text("the strict hash, as a string")?) } else { None };
        let sketch = if self.eat_word("sketch") { Some(self.text("the sketch, as a string")?) } else { None };
        Some(Pin { words, sha256, near, strict, sketch })
    }

    /// Reads a number that counts something, and where it stands.
    pub(super) fn count(&mut self, example: &str) -> Option<(f64, Span)> {
        if !self.at(SyntaxKind::Number) {
            return self.expected_with("a number", example);
        }
        let span = self.here();
        Some((self.written_number()?, span))
    }

    fn subscript(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the subscript")?;
        if self.eat(SyntaxKind::Assign) {
            let base = SubscriptBase::SameAs(self.word("the subscript whose elements it has")?);
            return Some(DeclarationKind::Subscript { name, base, elements: Vec::new(), range: None });
        }
        let base = if self.at_word_on_line("of") {
            self.bump();
            SubscriptBase::PartOf(self.word("the subscript of which it is a part")?)
        } else {
            SubscriptBase::Own
        };
        if self.kind() == SyntaxKind::Number {
            let first = self.expression()?;
            self.expect_word("to", "write `subscript cohort 1 to 12`")?;
            let last = self.expression()?;
            return Some(DeclarationKind::Subscript {
                name,
                base,
                elements: Vec::new(),
                range: Some((first, last)),
            });
        }
        let before = self.diagnostics.len();
        let (is_part, example) = match &base {
            SubscriptBase::PartOf(_) => (true, "`subscript border of region { kabul, east }`"),
            _ => (false, "`subscript region { kabul \"Kabul\", east \"The east\" }`"),
        };
        let elements = self.block(example, |parser| {
            let name = if is_part {
                parser.element_name()?
            } else {
                parser.declared_name("the name of an element")?
            };
            let label = if parser.at(SyntaxKind::Text) { Some(parser.text("a label")?) } else { None };
            Some((name, label))
        })?;
        // Where an element could not be read, no use of one is a mistake.
        (self.diagnostics.len() == before).then_some(DeclarationKind::Subscript {
            name,
            base,
            elements,
            range: None,
        })
    }

    fn links(&mut self) -> Option<DeclarationKind> {
        let head = self.head(true)?;
        let example = "`links neighbour[region, region2] { kabul - east, east -> north: 0.5 }`";
        let before = self.diagnostics.len();
        let links = self.block(example, |parser| {
            parser.start(SyntaxKind::Item);
            let link = parser.link();
            parser.finish();
            link
        })?;
        // Where a pair could not be read, nothing is said about which pairs are missing.
        if self.diagnostics.len() > before {
            return None;
        }
        Some(DeclarationKind::Links { head, links, grounds: self.grounds()? })
    }

    /// Reads `kabul - east`, `kabul -> east` or either with `: weight`.
    fn link(&mut self) -> Option<Link> {
        let start = self.here();
        let from = self.element_name()?;
        let both_ways = match self.kind() {
            SyntaxKind::Minus if !self.line_ends() => true,
            SyntaxKind::Arrow if !self.line_ends() => false,
            _ => {
                return self.expected_with(
                    "`-` or `->`",
                    "write `kabul - east` for a link both ways, `kabul -> east` for one way",
                );
            }
        };
        self.bump();
        let to = self.element_name()?;
        let weight = if self.eat(SyntaxKind::Colon) { Some(self.expression()?) } else { None };
        Some(Link { from, to, both_ways, weight, span: self.since(start) })
    }

    fn actor(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the actor")?;
        let label = if self.at(SyntaxKind::Text) { Some(self.text("a label")?) } else { None };
        let mut aliases = Vec::new();
        if self.eat_word("aka") {
            aliases.push(self.text("another name, as a string")?);
            while self.eat(SyntaxKind::Comma) {
                aliases.push(self.text("another name, as a string")?);
            }
        }
        let mut declarations = Vec::new();
        if self.kind() == SyntaxKind::OpenBrace && !self.newline_at(0) {
            self.start(SyntaxKind::Block);
            let opened = self.bump();
            let inner = !self.at_margin();
            let indented = std::mem::replace(&mut self.indented, inner);
            let read = self.nested(|parser| Some(parser.declarations(true)));
            if read.is_none() {
                self.recover_declaration(true);
            }
            declarations = read.unwrap_or_default();
            self.indented = indented;
            if self.kind() == SyntaxKind::CloseBrace {
                self.bump();
            } else {
                let here = self.here();
                self.report(
                    Diagnostic::error(Code::SyntaxError, "a block is not closed", opened, "opened here")
                        .and(here, "still inside the block here")
                        .help("add `}` at the end of the block"),
                );
            }
            self.finish();
        }
        Some(DeclarationKind::Actor { name, label, aliases, declarations })
    }

    fn claim(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the claim")?;
        self.expect_word("from", "write `claim name from source by \"Speaker\" { says \"...\" }`")?;
        let source = self.word("the name of a source")?;
        let speaker = if self.eat_word("by") { Some(self.text("the speaker, as a string")?) } else { None };
        let role = if self.eat_word("role") { Some(self.text("the role, as a string")?) } else { None };
        let properties = self.properties("`claim name from source { says \"...\" kind fact }`")?;
        Some(DeclarationKind::Claim { name, source, speaker, role, properties })
    }

    fn one_of(&mut self) -> Option<Vec<Name>> {
        self.expect_word("one", "write `one of on, off`")?;
        self.expect_word("of", "write `one of on, off`")?;
        let mut names = vec![self.declared_name("an alternative")?];
        while self.eat(SyntaxKind::Comma) {
            names.push(self.declared_name("an alternative")?);
        }
        Some(names)
    }

    fn assume(&mut self) -> Option<DeclarationKind> {
        let mut head = self.head(false)?;
        let mut alternatives = Vec::new();
        if self.eat(SyntaxKind::Colon) {
            if self.at_word("one") && self.kind_ahead(1) == SyntaxKind::Word {
                alternatives = self.one_of()?;
            } else {
                head.unit = Some(self.unit()?);
            }
        }
        self.expect(SyntaxKind::Assign, "`=`")?;
        let value = self.value()?;
        let grounds = self.grounds()?;
        Some(DeclarationKind::Assume { head, alternatives, value, grounds })
    }

    fn correlate(&mut self) -> Option<DeclarationKind> {
        let first = self.reference()?;
        self.expect(SyntaxKind::Comma, "`,`")?;
        let second = self.reference()?;
        self.expect(SyntaxKind::Assign, "`=`")?;
        let rank = self.expression()?;
        let grounds = self.grounds()?;
        Some(DeclarationKind::Correlate { first, second, rank, grounds })
    }

    fn lever(&mut self) -> Option<DeclarationKind> {
        let head = self.head(true)?;
        self.expect(SyntaxKind::Assign, "`=`")?;
        let value = self.expression()?;
        if !self.eat_continuation("range") {
            return self.expected_with("`range`", "write `lever name: share = 30% range 0% to 100%`");
        }
        let low = self.expression()?;
        self.expect_word("to", "write `range 0% to 100%`")?;
        let high = self.expression()?;
        let grounds = self.grounds()?;
        Some(DeclarationKind::Lever { head, value, low, high, grounds })
    }

    fn mechanism(&mut self) -> Option<DeclarationKind> {
        let head = self.head(false)?;
        self.expect(SyntaxKind::Colon, "`:`")?;
        let alternatives = self.one_of()?;
        self.expect(SyntaxKind::Assign, "`=`")?;
        let default = self.word("the alternative that holds")?;
        let grounds = self.grounds()?;
        Some(DeclarationKind::Mechanism { head, alternatives, default, grounds })
    }

    fn stock(&mut self, signed: bool, whole: bool) -> Option<DeclarationKind> {
        let head = self.head(true)?;
        self.expect(SyntaxKind::Assign, "`=`")?;
        Some(DeclarationKind::Stock { head, initial: self.expression()?, signed, whole })
    }

    fn flow(&mut self) -> Option<DeclarationKind> {
        let head = self.head(false)?;
        self.expect(SyntaxKind::Colon, "`:`")?;
        let from = if self.at(SyntaxKind::Arrow) { None } else { Some(self.reference()?) };
        self.expect(SyntaxKind::Arrow, "`->`")?;
        let ends = self.at(SyntaxKind::Assign) || self.line_ends();
        let mut to = Vec::new();
        if !ends {
            to.push(self.destination()?);
            while self.eat(SyntaxKind::Comma) {
                to.push(self.destination()?);
            }
        }
        if !self.eat(SyntaxKind::Assign) {
            return self.expected_with("`=`", "write the rate: `flow name: from -> to = rate`");
        }
        Some(DeclarationKind::Flow { head, from, to, rate: self.expression()? })
    }

    fn destination(&mut self) -> Option<Destination> {
        let stock = self.reference()?;
        let share = if self.line_ends() || matches!(self.kind(), SyntaxKind::Assign | SyntaxKind::Comma) {
            Share::All
        } else if self.at_word("rest") {
            Share::Rest(self.bump())
        } else {
            Share::Of(self.expression()?)
        };
        Some(Destination { stock, share })
    }

    fn lookup(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the lookup")?;
        let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
        let argument = self.word("the name of the argument")?;
        self.expect(SyntaxKind::Colon, "`:` and the unit of the argument")?;
        let argument_unit = self.unit()?;
        self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
        let shape = if self.eat_word("stepped") {
            Shape::Stepped
        } else if self.eat_word("extrapolated") {
            Shape::Extrapolated
        } else {
            Shape::Clamped
        };
        self.expect(SyntaxKind::Colon, "`:` and the unit of the value")?;
        let unit = self.unit()?;
        self.expect(SyntaxKind::Assign, "`=`")?;
        let mut points = Vec::new();
        while self.kind() == SyntaxKind::OpenParenthesis {
            let opened = self.bump();
            self.brackets += 1;
            let x = self.expression()?;
            self.expect(SyntaxKind::Comma, "`,`")?;
            let y = self.expression()?;
            self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
            points.push((x, y));
        }
        if points.is_empty() {
            return self.expected_with("points", "write `lookup f(x: unit): unit = (0, 0) (2, 0.4)`");
        }
        let grounds = self.grounds()?;
        Some(DeclarationKind::Lookup { name, argument, argument_unit, unit, shape, points, grounds })
    }

    fn event(&mut self) -> Option<DeclarationKind> {
        let head = self.head(false)?;
        if !self.eat_continuation("at") {
            return self.expected_with("`at`", "write `event name at hazard { effects }`");
        }
        let hazard = self.expression()?;
        let once = self.eat_continuation("once");
        let when = if self.eat_continuation("when") { Some(self.expression()?) } else { None };
        let mut excites = Vec::new();
        if self.at_word("excites") {
            excites.push(self.excitation()?);
            while self.kind() == SyntaxKind::Comma {
                self.eat(SyntaxKind::Comma);
                excites.push(self.excitation()?);
            }
        }
        let effects = if self.kind() == SyntaxKind::OpenBrace && !self.newline_at(0) {
            self.block("effects such as `fear += 0.2`", |parser| {
                parser.start(SyntaxKind::Item);
                let effect = parser.effect();
                parser.finish();
                effect
            })?
        } else {
            Vec::new()
        };
        Some(DeclarationKind::Event { head, hazard, once, when, excites, effects })
    }

    /// Reads `excites itself by 0.4 over 3 weeks`.
    fn excitation(&mut self) -> Option<Excitation> {
        const EXAMPLE: &str = "write `excites itself by 0.4 over 3 weeks`";
        let start = self.here();
        if !self.eat_continuation("excites") {
            return self.expected_with("`excites`", EXAMPLE);
        }
        let target = if self.eat_word("itself") { None } else { Some(self.reference()?) };
        self.expect_word("by", EXAMPLE)?;
        let ratio = self.expression()?;
        self.expect_word("over", EXAMPLE)?;
        let over = self.expression()?;
        Some(Excitation { target, ratio, over, span: self.since(start) })
    }

    fn effect(&mut self) -> Option<Effect> {
        let start = self.here();
        if self.at_word("move") {
            self.bump();
            let quantity = self.expression()?;
            let is_share = self.at_word_on_line("of");
            if !is_share && !self.at_word_on_line("from") {
                return self.expected_with(
                    "`of` or `from`",
                    "write `move 5% of a -> b` or `move 10 fighters from a -> b`",
                );
            }
            self.bump();
            let target = self.reference()?;
            self.expect(SyntaxKind::Arrow, "`->`")?;
            let to = if self.at(SyntaxKind::Word) { Some(self.reference()?) } else { None };
            return Some(Effect {
                target,
                kind: EffectKind::Move { quantity, is_share, to },
                span: self.since(start),
            });
        }
        let target = self.reference()?;
        let kind = match self.kind() {
            SyntaxKind::PlusAssign => {
                self.bump();
                EffectKind::Add(self.expression()?)
            }
            SyntaxKind::MinusAssign => {
                self.bump();
                EffectKind::Subtract(self.expression()?)
            }
            SyntaxKind::Assign => {
                self.bump();
                EffectKind::Set(self.expression()?)
            }
            _ => return self.expected_with("`+=`, `-=` or `=`", "an effect changes a stock: `fear += 0.2`"),
        };
        Some(Effect { target, kind, span: self.since(start) })
    }

    fn view(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the view")?;
        let label = self.text("a label, as a string")?;
        let overrides =
            self.block("`view name \"Label\" { assumption = value because claim }`", |parser| {
                parser.start(SyntaxKind::Item);
                let item = parser.setting_target().and_then(|target| {
                    let value = parser.value()?;
                    let grounds = parser.grounds()?;
                    Some((target, value, grounds))
                });
                parser.finish();
                item
            })?;
        Some(DeclarationKind::View { name, label, overrides })
    }

    fn setting_target(&mut self) -> Option<Reference> {
        let target = self.reference()?;
        self.expect(SyntaxKind::Assign, "`=`")?;
        Some(target)
    }

    fn policy(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the policy")?;
        let label = self.text("a label, as a string")?;
        let from = if self.eat_word("from") { Some(self.expression()?) } else { None };
        let until = if self.eat_word("to") { Some(self.expression()?) } else { None };
        let settings = self.block("`policy name \"Label\" from 2021-11-01 { lever = 80% }`", |parser| {
            parser.start(SyntaxKind::Item);
            let item = parser.setting_target().and_then(|target| Some((target, parser.expression()?)));
            parser.finish();
            item
        })?;
        Some(DeclarationKind::Policy { name, label, from, until, settings })
    }
}

impl Value {
    /// The single name that the value consists of, such as an alternative of a mechanism.
    pub fn as_name(&self) -> Option<&Name> {
        match &self.kind {
            crate::ast::ValueKind::Expression(Expression {
                kind: ExpressionKind::Reference(reference),
                ..
            }) if reference.indices.is_none() && reference.path.parts.len() == 1 => {
                reference.path.parts.first()
            }
            _ => None,
        }
    }
}
