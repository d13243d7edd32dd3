//! A ledger as a file that people read and write: TOML, with comments kept.
//!
//! Enters: the text of a `.claims.toml`. Leaves: a [`Ledger`], or what is wrong with it and in which line; the text again, with what
//! changed put in. Always holds: reading what was written gives the same ledger; comments and keys that are not ours stay where they
//! were.

use std::fmt;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::{
    Characters, ClaimEntry, ConditionEntry, Ledger, Registry, SourceEntry, Speaker, State, TAGS, Uncaptured,
    Words, is_grade, is_name,
};
use crate::draft::{Confidence, Kind, Polarity, Voice};
use crate::pin::Pin;

/// The version of the form, in every file.
pub const VERSION: i64 = 1;

/// What a new file begins with.
const HEAD: &str = "\
# Claims drafted from a source. No sentence of the source is in here: only where its words stand, how many they are, and
# their hashes. `contingent claims review` shows them in your copy; this file may also be edited by hand.
# status: draft, accepted or rejected; says: in our words; grade: Admiralty, such as B2; rests: assumptions of a model.
";

/// Why a file is no ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerError {
    /// It is no TOML.
    NotToml {
        /// What the reader of TOML says, with the line.
        reason: String,
    },
    /// It is of another version.
    Version {
        /// The version that it says.
        found: Option<i64>,
    },
    /// A value is not what it must be.
    Value {
        /// Its line, from 1.
        line: usize,
        /// What it is of.
        of: String,
        /// What it must be.
        wanted: String,
    },
    /// Two claims have one name.
    Twice {
        /// The name.
        id: String,
        /// The line of the second.
        line: usize,
    },
}

impl fmt::Display for LedgerError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotToml { reason } => {
                write!(out, "it is no sound TOML: {}\nhelp: mend the line, or draft again", reason.trim_end())
            }
            Self::Version { found: Some(found) } => write!(
                out,
                "it is a ledger of version {found}, and this program knows version {VERSION}\nhelp: use the program that \
                 wrote it"
            ),
            Self::Version { found: None } => write!(
                out,
                "it does not say that it is a ledger of claims\nhelp: a ledger begins with `claims = {VERSION}`; \
                 `contingent claims extract ARTICLE` writes one"
            ),
            Self::Value { line, of, wanted } => {
                write!(out, "line {line}: {of} must be {wanted}\nhelp: correct the line; see docs/claims.md")
            }
            Self::Twice { id, line } => {
                write!(
                    out,
                    "line {line}: a second claim is called `{id}`\nhelp: give one of them another name"
                )
            }
        }
    }
}

impl std::error::Error for LedgerError {}

impl Ledger {
    /// Reads the text of a file.
    pub fn read(text: &str) -> Result<Self, LedgerError> {
        let document = toml_edit::Document::parse(text.to_owned())
            .map_err(|error| LedgerError::NotToml { reason: error.to_string() })?;
        let root = document.as_table();
        match root.get("claims").and_then(Item::as_integer) {
            Some(VERSION) => {}
            found => return Err(LedgerError::Version { found }),
        }
        let reader = Reader { text };
        let mut ledger = Self::default();
        if let Some(source) = root.get("source") {
            let source =
                source.as_table().ok_or_else(|| reader.wrong(source, "`source`", "a table `[source]`"))?;
            ledger.source = reader.source(source)?;
        }
        ledger.speakers = reader.speakers(root)?;
        for table in reader.tables(root, "claim")? {
            let claim = reader.claim(table)?;
            if ledger.claim(&claim.id).is_some() {
                let line = table.get("id").map_or(1, |item| reader.line(item.span()));
                return Err(LedgerError::Twice { id: claim.id, line });
            }
            ledger.claims.push(claim);
        }
        for table in reader.tables(root, "uncaptured")? {
            ledger.uncaptured.push(Uncaptured {
                what: reader.required(table, "what")?,
                reason: reader.text(table, "reason")?.unwrap_or_default(),
                at: reader.span(table, "at")?.unwrap_or((0, 0)),
            });
        }
        Ok(ledger)
    }

    /// The text of a new file.
    pub fn write(&self) -> String {
        self.update(HEAD)
    }

    /// The text of a file with this ledger put in. What is not of a ledger stays; claims that are gone go.
    pub fn update(&self, text: &str) -> String {
        let mut document: DocumentMut = text.parse().unwrap_or_default();
        // A first file has nothing but comments, which stay before the first key.
        let is_new = document.is_empty();
        let root = document.as_table_mut();
        set(root, "claims", Some(Value::from(VERSION)));
        if is_new {
            let head = text.to_owned();
            if let Some(mut key) = root.key_mut("claims") {
                key.leaf_decor_mut().set_prefix(head);
            }
        }
        if !root.get("source").is_some_and(Item::is_table) {
            root.insert("source", Item::Table(Table::new()));
        }
        if let Some(source) = root.get_mut("source").and_then(Item::as_table_mut) {
            put_source(source, &self.source);
        }
        put_tables(
            root,
            "speaker",
            "name",
            &self.speakers,
            |speaker| speaker.name.clone(),
            |table, speaker| {
                set(table, "name", Some(speaker.name.as_str().into()));
                set(table, "role", speaker.role.as_deref().map(Value::from));
                set(table, "aliases", list(&speaker.aliases));
            },
        );
        put_tables(root, "claim", "id", &self.claims, |claim| claim.id.clone(), put_claim);
        let key = |missed: &Uncaptured| format!("{:?}", missed.at);
        put_tables(root, "uncaptured", "", &self.uncaptured, key, |table, missed| {
            set(table, "what", Some(missed.what.as_str().into()));
            set(table, "at", Some(span(missed.at)));
            set(table, "reason", some(&missed.reason));
        });
        if is_new {
            number(root);
        }
        document.to_string()
    }
}

impl Registry {
    /// Adds the speakers of a registry file, or of a ledger: tables `[[speaker]]`.
    pub fn read(&mut self, text: &str) -> Result<(), LedgerError> {
        let document = toml_edit::Document::parse(text.to_owned())
            .map_err(|error| LedgerError::NotToml { reason: error.to_string() })?;
        let reader = Reader { text };
        for speaker in reader.speakers(document.as_table())? {
            self.add(&speaker);
        }
        Ok(())
    }
}

/// The text of a file in which a claim has another name.
pub fn rename(text: &str, id: &str, name: &str) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_owned() };
    if let Some(claims) = document.get_mut("claim").and_then(Item::as_array_of_tables_mut) {
        for table in claims.iter_mut() {
            if table.get("id").and_then(Item::as_str) == Some(id) {
                set(table, "id", Some(name.into()));
            }
        }
    }
    document.to_string()
}

/// Gives the tables of a new file their order.
fn number(root: &mut Table) {
    let mut position = 1;
    for name in ["source", "speaker", "claim", "uncaptured"] {
        match root.get_mut(name) {
            Some(Item::Table(table)) => {
                table.set_position(Some(position));
                position += 1;
            }
            Some(Item::ArrayOfTables(tables)) => {
                for table in tables.iter_mut() {
                    table.set_position(Some(position));
                    position += 1;
                }
            }
            _ => {}
        }
    }
}

fn put_source(table: &mut Table, source: &SourceEntry) {
    set(table, "id", Some(source.id.as_str().into()));
    set(table, "title", Some(source.title.as_str().into()));
    set(table, "publisher", source.publisher.as_deref().map(Value::from));
    set(table, "date", source.date.as_deref().map(Value::from));
    set(table, "grade", source.grade.as_deref().map(Value::from));
    set(table, "url", source.url.as_deref().map(Value::from));
    set(table, "file", Some(source.file.as_str().into()));
    set(table, "format", Some(source.format.as_str().into()));
    set(table, "encoding", Some(source.encoding.as_str().into()));
    set(table, "text_sha256", Some(source.text_sha256.as_str().into()));
    set(table, "characters", Some(whole(source.characters)));
    set(table, "replaced", (source.replaced > 0).then(|| whole(source.replaced)));
}

fn put_claim(table: &mut Table, claim: &ClaimEntry) {
    set(table, "id", Some(claim.id.as_str().into()));
    set(table, "status", Some(claim.state.word().into()));
    set(table, "says", Some(claim.says.as_deref().unwrap_or_default().into()));
    set(table, "speaker", claim.speaker.as_deref().map(Value::from));
    set(table, "role", claim.role.as_deref().map(Value::from));
    set(table, "kind", list(&claim.kinds.iter().map(|kind| kind.word().to_owned()).collect::<Vec<_>>()));
    set(table, "voice", Some(claim.voice.word().into()));
    set(table, "verb", claim.verb.as_deref().map(Value::from));
    set(table, "negated", claim.negated.then(|| true.into()));
    set(table, "actors", list(&claim.actors));
    set(table, "grade", claim.grade.as_deref().map(Value::from));
    set(table, "tags", list(&claim.tags));
    set(table, "secondhand_of", claim.secondhand_of.as_deref().map(Value::from));
    set(table, "same_as", list(&claim.same_as));
    set(table, "rests", list(&claim.rests));
    set(table, "note", claim.note.as_deref().map(Value::from));
    set(table, "confidence", Some(claim.confidence.word().into()));
    set(table, "pattern", some(&claim.pattern));
    set(table, "flags", list(&claim.flags));
    set(table, "content", spans(&claim.content));
    set(table, "speaker_at", claim.speaker_at.map(span));
    set(table, "cue_at", claim.cue_at.map(span));
    set(table, "hedges", spans(&claim.hedges));
    let conditions: Array = claim
        .conditions
        .iter()
        .map(|condition| {
            let mut inline = InlineTable::new();
            inline.insert("at", span(condition.at));
            inline.insert("claim_needs_it_to", condition_word(condition.polarity).into());
            Value::from(inline)
        })
        .collect();
    set(table, "conditions", (!conditions.is_empty()).then(|| conditions.into()));
    let pins: Array = claim.pins.iter().map(|pin| Value::from(pin_table(pin))).collect();
    set(table, "pins", (!pins.is_empty()).then(|| pins.into()));
}

fn condition_word(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Holds => "hold",
        Polarity::Fails => "fail",
    }
}

fn pin_table(pin: &Pin) -> InlineTable {
    let mut inline = InlineTable::new();
    inline.insert("words", whole(pin.words));
    inline.insert("sha256", pin.sha256.as_str().into());
    inline.insert("near", whole(pin.near));
    if let Some(strict) = &pin.strict {
        inline.insert("strict", strict.as_str().into());
    }
    if let Some(sketch) = &pin.sketch {
        inline.insert("sketch", sketch.as_str().into());
    }
    for (key, n) in [("before", pin.before), ("after", pin.after)] {
        if n > 0 {
            inline.insert(key, whole(n));
        }
    }
    inline
}

fn whole(n: usize) -> Value {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

fn some(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

fn list(texts: &[String]) -> Option<Value> {
    let array: Array = texts.iter().map(String::as_str).collect();
    (!array.is_empty()).then(|| array.into())
}

fn span(at: Characters) -> Value {
    Array::from_iter([whole(at.0), whole(at.1)]).into()
}

fn spans(all: &[Characters]) -> Option<Value> {
    let array: Array = all.iter().map(|at| span(*at)).collect();
    (!array.is_empty()).then(|| array.into())
}

/// Sets or takes away a value. One that is the same stays as it is written, with its comment.
fn set(table: &mut Table, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if is_equal(old, &value) => {}
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn is_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Integer(a), Value::Integer(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        }
        (Value::InlineTable(a), Value::InlineTable(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_equal(a, b)))
        }
        _ => false,
    }
}

/// Puts entries into an array of tables; an entry that was there keeps its table, with its comments.
fn put_tables<T>(
    root: &mut Table,
    name: &str,
    key: &str,
    entries: &[T],
    key_of: impl Fn(&T) -> String,
    put: impl Fn(&mut Table, &T),
) {
    let old = match root.remove(name) {
        Some(Item::ArrayOfTables(tables)) => tables,
        _ => ArrayOfTables::new(),
    };
    let mut old: Vec<Option<Table>> = old.into_iter().map(Some).collect();
    let positions: Vec<Option<isize>> = old.iter().flatten().map(Table::position).collect();
    let mut new = ArrayOfTables::new();
    for entry in entries {
        let wanted = key_of(entry);
        let same = old.iter_mut().find(|table| {
            table.as_ref().is_some_and(|table| table.get(key).and_then(Item::as_str) == Some(wanted.as_str()))
        });
        let mut table = same.and_then(Option::take).unwrap_or_default();
        put(&mut table, entry);
        new.push(table);
    }
    // Tables stand where the old ones stood; more follow the last.
    let last = positions.iter().flatten().max().copied();
    for (i, table) in new.iter_mut().enumerate() {
        table.set_position(positions.get(i).copied().flatten().or(last));
    }
    if !new.is_empty() {
        root.insert(name, Item::ArrayOfTables(new));
    }
}

/// Takes values out of tables and says in which line one is wrong.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn line(&self, span: Option<std::ops::Range<usize>>) -> usize {
        let start = span.map_or(0, |span| span.start).min(self.text.len());
        self.text.char_indices().take_while(|(at, _)| *at < start).filter(|(_, c)| *c == '\n').count() + 1
    }

    fn wrong(&self, item: &Item, of: &str, wanted: &str) -> LedgerError {
        LedgerError::Value { line: self.line(item.span()), of: of.to_owned(), wanted: wanted.to_owned() }
    }

    fn tables<'t>(&self, root: &'t Table, name: &str) -> Result<Vec<&'t Table>, LedgerError> {
        match root.get(name) {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => Ok(tables.iter().collect()),
            Some(other) => Err(self.wrong(other, &format!("`{name}`"), &format!("tables `[[{name}]]`"))),
        }
    }

    fn speakers(&self, root: &Table) -> Result<Vec<Speaker>, LedgerError> {
        let speaker = |table: &Table| {
            Ok(Speaker {
                name: self.required(table, "name")?,
                role: self.text(table, "role")?,
                aliases: self.texts(table, "aliases")?,
            })
        };
        self.tables(root, "speaker")?.into_iter().map(speaker).collect()
    }

    fn text(&self, table: &Table, key: &str) -> Result<Option<String>, LedgerError> {
        match table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some("") => Ok(None),
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.wrong(item, &format!("`{key}`"), "a text between quotation marks")),
            },
        }
    }

    fn required(&self, table: &Table, key: &str) -> Result<String, LedgerError> {
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

    fn span(&self, table: &Table, key: &str) -> Result<Option<Characters>, LedgerError> {
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

    fn source(&self, table: &Table) -> Result<SourceEntry, LedgerError> {
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

    fn claim(&self, table: &Table) -> Result<ClaimEntry, LedgerError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Options, extract};
    use crate::ledger::{Registry, draw, merge};
    use crate::read::read;

    const ARTICLE: &str = "“We do not expect a long siege, and nobody here wants one,” said Obed Marrin, an envoy of the \
        northern league.\n\nHanna Quell, a trader, said that prices would double before the month was out unless the pass \
        was cleared. “It may be a hard winter,” she added.\n";

    fn ledger() -> Ledger {
        let document = read(ARTICLE.as_bytes(), "The lamp market.txt").unwrap();
        draw(
            &document,
            "The lamp market.txt",
            &extract(&document.text, &Options::default()),
            &Registry::default(),
        )
    }

    #[test]
    fn what_is_written_reads_back_and_holds_no_sentence() {
        let ledger = ledger();
        assert!(ledger.claims.len() >= 3, "{ledger:?}");
        assert_eq!(ledger.source.id, "the_lamp_market");
        let text = ledger.write();
        assert_eq!(Ledger::read(&text).unwrap(), ledger);
        let words: Vec<&str> = ARTICLE.split_whitespace().collect();
        for three in words.windows(3) {
            let names = [
                "Obed Marrin",
                "an envoy",
                "envoy of",
                "of the northern",
                "Hanna Quell",
                "the northern league",
            ];
            let three = three.join(" ");
            assert!(names.iter().any(|name| three.contains(name)) || !text.contains(&three), "{three}");
        }
    }

    #[test]
    fn comments_and_foreign_keys_stay() {
        let text = ledger().write();
        let edited = text
            .replace("[source]", "# about the source\n[source]\nshelf = \"B 7\" # where it lies")
            .replacen("status = \"draft\"", "status = \"accepted\" # by both of us", 1)
            .replacen("[[claim]]", "# the first one\n[[claim]]", 1);
        let mut ledger = Ledger::read(&edited).unwrap();
        ledger.claims[0].says = Some("No long siege is expected.".to_owned());
        ledger.claims[1].state = State::Rejected;
        let written = ledger.update(&edited);
        for kept in
            ["# about the source", "shelf = \"B 7\" # where it lies", "# by both of us", "# the first one"]
        {
            assert!(written.contains(kept), "{kept} in {written}");
        }
        assert_eq!(Ledger::read(&written).unwrap(), ledger);
        // Nothing changes when nothing changed.
        assert_eq!(ledger.update(&written), written);
    }

    #[test]
    fn drafting_again_keeps_what_a_person_decided() {
        let mut before = ledger();
        before.source.grade = Some("C3".to_owned());
        before.claims[1].state = State::Accepted;
        before.claims[1].says = Some("Prices double unless the pass is cleared.".to_owned());
        before.claims[2].state = State::Rejected;
        before.claims[2].pins[0].sha256 = "0".repeat(64);
        let merged = merge(&before, ledger());
        assert_eq!(merged.source.grade.as_deref(), Some("C3"));
        assert_eq!(merged.claim(&before.claims[1].id).unwrap().says, before.claims[1].says);
        let gone = merged.claim(&before.claims[2].id).unwrap();
        assert_eq!(
            (gone.state, gone.flags.last().map(String::as_str)),
            (State::Rejected, Some("not drafted again"))
        );
        // What was drafted in its place has a name of its own.
        assert_eq!(merged.claims.len(), before.claims.len() + 1);
        assert_eq!(merge(&merged, ledger()), merged);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let text = ledger().write();
        for (from, to, wanted) in [
            ("claims = 1", "claims = 7", "version 7"),
            ("claims = 1", "title = 3", "does not say"),
            ("status = \"draft\"", "status = \"maybe\"", "one of draft, accepted, rejected"),
            ("voice = \"", "voice = 3 # \"", "one of direct"),
            ("id = \"c1\"", "id = \"C 1\"", "small letters"),
            ("id = \"c2\"", "id = \"c1\"", "a second claim"),
            ("near = ", "near = -", "a list of { words"),
            ("[source]", "[source", "no sound TOML"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{from}");
            let error = Ledger::read(&broken).unwrap_err().to_string();
            assert!(error.contains(wanted) && error.contains("\nhelp: "), "{error}");
        }
    }
}
