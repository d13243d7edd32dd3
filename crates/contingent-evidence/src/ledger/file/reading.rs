//! Values taken out of tables of TOML.
//!
//! Enters: tables of a file that is sound TOML. Leaves: entries of a ledger, or the line in which a value is not what it must be, and what it must be.
//! Always holds: what is left out has its usual value.

use toml_edit::{Item, Table, Value};

use super::LedgerError;
use crate::draft::{Confidence, Kind, Polarity, Voice};
use crate::ledger::{
    Characters, ClaimEntry, ConditionEntry, SourceEntry, Speaker, State, TAGS, Words, is_grade, is_name,
};
use crate::pin::Pin;

/// Takes values out of tables and says in which line one is wrong.
pub(super) struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    /// A reader of the tables of this text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text }
    }

    pub(super) fn line(&self, span: Option<std::ops::Range<usize>>) -> usize {
        let start = span.map_or(0, |span| span.start).min(self.text.len());
        self.text.char_indices().take_while(|(at, _)| *at < start).filter(|(_, c)| *c == '\n').count() + 1
    }

    pub(super) fn wrong(&self, item: &Item, of: &str, wanted: &str) -> LedgerError {
        LedgerError::Value { line: self.line(item.span()), of: of.to_owned(), wanted: wanted.to_owned() }
    }

    pub(super) fn tables<'t>(&self, root: &'t Table, name: &str) -> Result<Vec<&'t Table>, LedgerError> {
        match root.get(name) {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => Ok(tables.iter().collect()),
            Some(other) => Err(self.wrong(other, &format!("`{name}`"), &format!("tables `[[{name}]]`"))),
        }
    }

    pub(super) fn speakers(&self, root: &Table) -> Result<Vec<Speaker>, LedgerError> {
        let speaker = |table: &Table| {
            Ok(Speaker {
                name: self.required(table, "name")?,
                role: self.text(table, "role")?,
                aliases: self.texts(table, "aliases")?,
            })
        };
        self.tables(root, "speaker")?.into_iter().map(speaker).collect()
    }

    pub(super) fn text(&self, table: &Table, key: &str) -> Result<Option<String>, LedgerError> {
        match table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some("") => Ok(None),
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.wrong(item, &format!("`{key}`"), "a text between quotation marks")),
            },
        }
    }

    pub(super) fn required(&self, table: &Table, key: &str) -> Result<String, LedgerError> {
        self.text(table, key)?.ok_or_else(|| LedgerError::Value {
            line: self.line(table.span()),
            of: format!("`{key}`"),
            wanted: "given".to_owned(),
        })
    }

    fn texts(&self, table: &Table, key: &str) -> Result<Vec<String>, LedgerError> {
        let Some(item) = table.get(key) else { return Ok(Vec::new()) };
        let wrong =
            || self.wrong(item, &format!("`{key}`"), "a list of texts, such as [\"one\", \"another\"]");
        item.as_array()
            .ok_or_else(wrong)?
            .iter()
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect()
    }

    fn word<W: Words>(&self, table: &Table, key: &str, usual: W) -> Result<W, LedgerError> {
        let Some(item) = table.get(key) else { return Ok(usual) };
        item.as_str().and_then(W::of_word).ok_or_else(|| self.unknown::<W>(item, key))
    }

    fn unknown<W: Words>(&self, item: &Item, key: &str) -> LedgerError {
        let known: Vec<&str> = W::ALL.iter().map(|(_, word)| *word).collect();
        self.wrong(item, &format!("`{key}`"), &format!("one of {}", known.join(", ")))
    }

    fn count(&self, table: &Table, key: &str) -> Result<usize, LedgerError> {
        let Some(item) = table.get(key) else { return Ok(0) };
        let number = item.as_integer().and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| self.wrong(item, &format!("`{key}`"), "a whole number"))
    }

    pub(super) fn span(&self, table: &Table, key: &str) -> Result<Option<Characters>, LedgerError> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let span = item.as_value().and_then(read_span);
        span.map(Some)
            .ok_or_else(|| self.wrong(item, &format!("`{key}`"), "a first and a last character, [12, 40]"))
    }

    fn spans(&self, table: &Table, key: &str) -> Result<Vec<Characters>, LedgerError> {
        let Some(item) = table.get(key) else { return Ok(Vec::new()) };
        let all = item.as_array().and_then(|array| array.iter().map(read_span).collect::<Option<Vec<_>>>());
        all.ok_or_else(|| self.wrong(item, &format!("`{key}`"), "a list of places, [[12, 40]]"))
    }

    fn grade(&self, table: &Table) -> Result<Option<String>, LedgerError> {
        let grade = self.text(table, "grade")?;
        match (&grade, table.get("grade")) {
            (Some(text), Some(item)) if !is_grade(text) => {
                Err(self.wrong(item, "`grade`", "a letter A to F and a number 1 to 6, such as \"C3\""))
            }
            _ => Ok(grade),
        }
    }

    fn name(&self, table: &Table, of: &str) -> Result<String, LedgerError> {
        let id = self.required(table, "id")?;
        match table.get("id") {
            Some(item) if !is_name(&id) => {
                Err(self.wrong(item, of, "small letters, digits and low lines, beginning with a letter"))
            }
            _ => Ok(id),
        }
    }

    pub(super) fn source(&self, table: &Table) -> Result<SourceEntry, LedgerError> {
        Ok(SourceEntry {
            id: self.name(table, "the `id` of the source")?,
            title: self.text(table, "title")?.unwrap_or_default(),
            publisher: self.text(table, "publisher")?,
            date: self.date(table)?,
            grade: self.grade(table)?,
            url: self.text(table, "url")?,
            file: self.text(table, "file")?.unwrap_or_default(),
            format: self.text(table, "format")?.unwrap_or_default(),
            encoding: self.text(table, "encoding")?.unwrap_or_default(),
            text_sha256: self.text(table, "text_sha256")?.unwrap_or_default(),
            characters: self.count(table, "characters")?,
            replaced: self.count(table, "replaced")?,
        })
    }

    /// A date, as a text or as TOML has dates.
    fn date(&self, table: &Table) -> Result<Option<String>, LedgerError> {
        let Some(item) = table.get("date") else { return Ok(None) };
        let text = match item.as_value() {
            Some(Value::Datetime(date)) => date.value().to_string(),
            Some(Value::String(text)) => text.value().clone(),
            _ => String::new(),
        };
        if text.is_empty() && item.is_str() {
            return Ok(None);
        }
        let is_date = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if is_date {
            Ok(Some(text))
        } else {
            Err(self.wrong(item, "`date`", "a date such as \"2021-08-31\""))
        }
    }

    pub(super) fn claim(&self, table: &Table) -> Result<ClaimEntry, LedgerError> {
        let mut kinds = Vec::new();
        for word in self.texts(table, "kind")? {
            let kind = Kind::of_word(&word);
            kinds.push(kind.ok_or_else(|| self.unknown::<Kind>(&table["kind"], "kind"))?);
        }
        let tags = self.texts(table, "tags")?;
        if tags.iter().any(|tag| !TAGS.contains(&tag.as_str())) {
            return Err(self.wrong(&table["tags"], "`tags`", &format!("among {}", TAGS.join(", "))));
        }
        let conditions = match table.get("conditions") {
            None => Vec::new(),
            Some(item) => item
                .as_array()
                .and_then(|array| array.iter().map(read_condition).collect::<Option<Vec<_>>>())
                .ok_or_else(|| {
                    self.wrong(
                        item,
                        "`conditions`",
                        "a list of { at = [12, 40], claim_needs_it_to = \"hold\" }",
                    )
                })?,
        };
        let pins = match table.get("pins") {
            None => Vec::new(),
            Some(item) => item
                .as_array()
                .and_then(|array| array.iter().map(read_pin).collect::<Option<Vec<_>>>())
                .ok_or_else(|| {
                    self.wrong(item, "`pins`", "a list of { words = 12, sha256 = \"...\", near = 340 }")
                })?,
        };
        Ok(ClaimEntry {
            id: self.name(table, "the `id` of a claim")?,
            state: self.word(table, "status", State::Draft)?,
            says: self.text(table, "says")?,
            speaker: self.text(table, "speaker")?,
            role: self.text(table, "role")?,
            verb: self.text(table, "verb")?,
            kinds,
            voice: self.word(table, "voice", Voice::Reported)?,
            negated: table.get("negated").and_then(Item::as_bool).unwrap_or(false),
            actors: self.texts(table, "actors")?,
            grade: self.grade(table)?,
            tags,
            secondhand_of: self.text(table, "secondhand_of")?,
            same_as: self.texts(table, "same_as")?,
            rests: self.texts(table, "rests")?,
            content: self.spans(table, "content")?,
            speaker_at: self.span(table, "speaker_at")?,
            cue_at: self.span(table, "cue_at")?,
            hedges: self.spans(table, "hedges")?,
            conditions,
            pins,
            pattern: self.text(table, "pattern")?.unwrap_or_default(),
            confidence: self.word(table, "confidence", Confidence::High)?,
            flags: self.texts(table, "flags")?,
            note: self.text(table, "note")?,
        })
    }
}

fn read_span(value: &Value) -> Option<Characters> {
    let array = value.as_array()?;
    let number = |i: usize| usize::try_from(array.get(i)?.as_integer()?).ok();
    match (number(0)?, number(1)?) {
        (start, end) if start <= end && array.len() == 2 => Some((start, end)),
        _ => None,
    }
}

fn read_condition(value: &Value) -> Option<ConditionEntry> {
    let table = value.as_inline_table()?;
    let polarity = match table.get("claim_needs_it_to")?.as_str()? {
        "hold" => Polarity::Holds,
        "fail" => Polarity::Fails,
        _ => return None,
    };
    Some(ConditionEntry { at: read_span(table.get("at")?)?, polarity })
}

fn read_pin(value: &Value) -> Option<Pin> {
    let table = value.as_inline_table()?;
    let number = |key: &str| match table.get(key) {
        None => Some(0),
        Some(value) => usize::try_from(value.as_integer()?).ok(),
    };
    let digits = |key: &str| match table.get(key) {
        None => Some(None),
        Some(value) => {
            let text = value.as_str()?;
            text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| Some(text.to_ascii_lowercase()))
        }
    };
    let pin = Pin {
        words: number("words")?,
        sha256: digits("sha256")??,
        near: number("near")?,
        strict: digits("strict")?,
        sketch: digits("sketch")?,
        before: number("before")?,
        after: number("after")?,
    };
    let is_sound = (1..=10_000).contains(&pin.words) && pin.sha256.len() == 64;
    is_sound.then_some(pin)
}
