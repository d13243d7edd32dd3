//! Sources and claims.
//!
//! Enters: their declarations. Leaves: [`Source`]s and [`Claim`]s. Always holds: a claim has a source, says something, and is
//! the same as other claims only.

use contingent_syntax::ast::{self, DeclarationKind, Property, PropertyValue};
use contingent_syntax::words::{CLAIM_KINDS, CLAIM_TAGS, CLAIM_VOICES, lines_of};
use contingent_syntax::{Code, Diagnostic, Span};

use super::{Checker, Symbol};
use crate::checked::{Claim, ClaimId, Pin, Source, SourceId};

/// Fewest words that a pin may have: fewer are found by chance.
const MIN_PIN_WORDS: f64 = 1.0;
/// Most words that a pin may have.
const MAX_PIN_WORDS: f64 = 10_000.0;

impl Checker<'_> {
    /// Sources and claims.
    pub(super) fn collect_evidence(&mut self) {
        for i in 0..self.items.len() {
            if let DeclarationKind::Source { name, title, properties } = &self.items[i].declaration.kind {
                self.no_line_twice(properties, &[]);
                let mut source = Source {
                    name: name.text.clone(),
                    title: title.text.clone(),
                    publisher: None,
                    date: None,
                    grade: None,
                    url: None,
                };
                for property in properties {
                    match (property.key.text.as_str(), &property.value) {
                        ("publisher", PropertyValue::Text(text)) => {
                            source.publisher = Some(text.text.clone());
                        }
                        ("url", PropertyValue::Text(text)) => source.url = Some(text.text.clone()),
                        ("date", PropertyValue::Date(date, _)) => source.date = Some(*date),
                        ("grade", PropertyValue::Words(words)) if words.len() == 1 => {
                            source.grade = Some(self.grade(&words[0]));
                        }
                        _ => self.odd_property(property, "a source", lines_of("source")),
                    }
                }
                if let Some(&(_, first)) = self.source_names.get(&name.text) {
                    self.twice("source", name, first);
                } else {
                    self.source_names.insert(name.text.clone(), (self.model.sources.len() as u32, name.span));
                    self.model.sources.push(source);
                }
            }
        }
        for i in 0..self.items.len() {
            if let DeclarationKind::Claim { name, source, speaker, role, properties } =
                &self.items[i].declaration.kind
            {
                let place = self.items[i].declaration.span;
                self.collect_claim(name, source, speaker.as_ref(), role.as_ref(), properties, place);
            }
        }
        self.resolve_same_claims();
    }

    fn collect_claim(
        &mut self,
        name: &ast::Name,
        source: &ast::Name,
        speaker: Option<&ast::Text>,
        role: Option<&ast::Text>,
        properties: &[Property],
        place: Span,
    ) {
        self.no_line_twice(properties, &["pin"]);
        let mut claim = Claim {
            name: name.text.clone(),
            source: SourceId(0),
            speaker: speaker.map(|text| text.text.clone()),
            role: role.map(|text| text.text.clone()),
            says: String::new(),
            kinds: Vec::new(),
            voice: None,
            grade: None,
            tags: Vec::new(),
            same_as: Vec::new(),
            pins: Vec::new(),
            span: name.span,
            declaration: place,
        };
        for property in properties {
            match (property.key.text.as_str(), &property.value) {
                ("says", PropertyValue::Text(text)) => claim.says.clone_from(&text.text),
                ("kind", PropertyValue::Words(words)) => {
                    for word in words {
                        self.known_word(word, CLAIM_KINDS, "a kind of claim");
                        claim.kinds.push(word.text.clone());
                    }
                }
                ("voice", PropertyValue::Words(words)) if words.len() == 1 => {
                    self.known_word(&words[0], CLAIM_VOICES, "a voice");
                    claim.voice = Some(words[0].text.clone());
                }
                ("grade", PropertyValue::Words(words)) if words.len() == 1 => {
                    claim.grade = Some(self.grade(&words[0]));
                }
                ("tags", PropertyValue::Words(words)) => {
                    for word in words {
                        self.known_word(word, CLAIM_TAGS, "a tag of claims");
                        claim.tags.push(word.text.clone());
                    }
                }
                // Another claim may stand further down: resolved when all are known.
                ("same_as", PropertyValue::Words(_)) => {}
                ("pin", PropertyValue::Pin(pin)) => claim.pins.extend(self.pin(pin)),
                _ => self.odd_property(property, "a claim", lines_of("claim")),
            }
        }
        let says = |property: &Property| contingent_syntax::nearest(&property.key.text, ["says"]).is_some();
        if claim.says.is_empty() && !properties.iter().any(says) && !self.is_broken(place) {
            let line = self.lines_at_end_of_block(place, &["says \"\"".to_owned()]);
            let mut diagnostic = Diagnostic::error(
                Code::MissingProperty,
                format!("the claim `{}` does not say what was said", name.text),
                name.span,
                "no `says` line",
            )
            .help("add `says \"...\"`, in your own words");
            if let Some((place, text)) = line {
                diagnostic = diagnostic.fix(place, text);
            }
            self.report(diagnostic);
        }
        match self.source_names.get(&source.text) {
            Some(&(id, place)) => {
                self.naming.used(place, source.span);
                claim.source = SourceId(id);
            }
            // A source that could not be read.
            None if self.values.get(&source.text).is_some_and(|(symbol, _)| *symbol == Symbol::Broken) => {}
            None => {
                let near =
                    contingent_syntax::nearest(&source.text, self.source_names.keys().map(String::as_str));
                let help = near.map_or_else(
                    || format!("declare it: `source {} \"Title\" {{ ... }}`", source.text),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(
                    Diagnostic::error(
                        Code::UnknownName,
                        format!("there is no source `{}`", source.text),
                        source.span,
                        "not declared",
                    )
                    .help(help)
                    .fix_if(source.span, near),
                );
            }
        }
        if let Some(&(Some(_), first)) = self.claims.get(&name.text) {
            self.twice("claim", name, first);
        } else {
            self.claims.insert(name.text.clone(), (Some(self.model.claims.len() as u32), name.span));
            self.model.claims.push(claim);
        }
    }

    /// `same_as`: the claims that repeat each other.
    fn resolve_same_claims(&mut self) {
        for i in 0..self.items.len() {
            let DeclarationKind::Claim { name, properties, .. } = &self.items[i].declaration.kind else {
                continue;
            };
            let Some(&(Some(own), _)) = self.claims.get(&name.text) else { continue };
            for property in properties {
                let ("same_as", PropertyValue::Words(words)) = (property.key.text.as_str(), &property.value)
                else {
                    continue;
                };
                for word in words {
                    self.same_claim(own, word);
                }
            }
        }
    }

    fn same_claim(&mut self, own: u32, other: &ast::Name) {
        match self.claims.get(&other.text) {
            Some(&(Some(id), _)) if id == own => self.report(
                Diagnostic::error(
                    Code::InvalidProperty,
                    format!("the claim `{}` is said to be the same as itself", other.text),
                    other.span,
                    "this is the claim itself",
                )
                .help("name the claim that prints the same words elsewhere, or leave the line out"),
            ),
            Some(&(id, place)) => {
                self.naming.used(place, other.span);
                let same = &mut self.model.claims[own as usize].same_as;
                same.extend(id.map(ClaimId).filter(|id| !same.contains(id)));
            }
            None => {
                let near = contingent_syntax::nearest(&other.text, self.claims.keys().map(String::as_str));
                let help = near.map_or_else(
                    || "name another claim, one that prints the same words elsewhere".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(
                    Diagnostic::error(
                        Code::UnknownName,
                        format!("there is no claim `{}`", other.text),
                        other.span,
                        "not declared",
                    )
                    .help(help)
                    .fix_if(other.span, near),
                );
            }
        }
    }

    fn grade(&mut self, grade: &ast::Name) -> String {
        if !matches!(grade.text.as_bytes(), [b'A'..=b'F', b'1'..=b'6']) {
            self.report(
                Diagnostic::error(
                    Code::InvalidProperty,
                    format!("`{}` is not a grade of the Admiralty scale", grade.text),
                    grade.span,
                    "unknown grade",
                )
                .help("reliability A to F, then credibility 1 to 6: for example `grade C3`"),
            );
        }
        grade.text.clone()
    }

    /// A pin, when its parts make sense. One part that does not is enough to say so.
    fn pin(&mut self, pin: &ast::Pin) -> Option<Pin> {
        let odd = |headline: String, place: Span, label: &str| {
            Diagnostic::error(Code::InvalidProperty, headline, place, label)
                .help("`contingent claims pin MODEL --copy FILE` writes pins from your copy of the source")
        };
        let (words, words_at) = pin.words;
        if words.fract() != 0.0 || !(MIN_PIN_WORDS..=MAX_PIN_WORDS).contains(&words) {
            self.report(odd(
                format!("a pin has a whole number of words from 1 to 10,000, not {words}"),
                words_at,
                "not such a number",
            ));
            return None;
        }
        let (near, near_at) = pin.near;
        if near.fract() != 0.0 || !(0.0..=1e9).contains(&near) {
            self.report(odd(
                format!("a pin stands near a whole number of characters from the start, not near {near}"),
                near_at,
                "not such a number",
            ));
            return None;
        }
        let is_hexadecimal = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let parts = [
            (Some(&pin.sha256), "the hash of a pin", "64", (64..=64).step_by(1)),
            (pin.strict.as_ref(), "the strict hash of a pin", "16", (16..=16).step_by(1)),
            (pin.sketch.as_ref(), "the sketch of a pin", "4, 8, 12, ... up to 64", (4..=64).step_by(4)),
        ];
        for (part, what, lengths, mut allowed) in parts {
            let Some(text) = part else { continue };
            if !is_hexadecimal(&text.text) || !allowed.any(|length| length == text.text.len()) {
                self.report(odd(
                    format!("{what} is {lengths} digits 0 to 9 and a to f"),
                    text.span,
                    "not such digits",
                ));
                return None;
            }
        }
        Some(Pin {
            n_words: words as usize,
            sha256: pin.sha256.text.clone(),
            near: near as usize,
            strict: pin.strict.as_ref().map(|text| text.text.clone()),
            sketch: pin.sketch.as_ref().map(|text| text.text.clone()),
        })
    }
}
