//! A ledger as a file that people read and write: TOML, with comments kept.
//!
//! Enters: the text of a `.claims.toml`. Leaves: a [`Ledger`], or what is wrong with it and in which line; the text again, with what
//! changed put in. Always holds: reading what was written gives the same ledger; comments and keys that are not ours stay where they
//! were.

mod reading;
mod writing;

use std::collections::HashSet;
use std::fmt;

use toml_edit::{DocumentMut, Item, Table, Value};

use self::reading::Reader;
use self::writing::{list, number, put_claim, put_source, put_tables, set, some, span};
use super::{Ledger, Registry, Uncaptured};

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
        let reader = Reader::new(text);
        let mut ledger = Self::default();
        if let Some(source) = root.get("source") {
            let source =
                source.as_table().ok_or_else(|| reader.wrong(source, "`source`", "a table `[source]`"))?;
            ledger.source = reader.source(source)?;
        }
        ledger.speakers = reader.speakers(root)?;
        let mut names = HashSet::new();
        for table in reader.tables(root, "claim")? {
            let claim = reader.claim(table)?;
            if !names.insert(claim.id.clone()) {
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
        let reader = Reader::new(text);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Options, extract};
    use crate::ledger::{Registry, State, draw, merge};
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
