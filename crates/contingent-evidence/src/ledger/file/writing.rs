//! What a ledger holds, put into tables of TOML.
//!
//! Enters: entries of a ledger, and the tables that a file has. Leaves: the tables with what changed. Always holds: a value that is the same stays
//! as it is written, with its comment; keys that are not ours are not touched.

use std::collections::{HashMap, VecDeque};

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, Value};

use crate::draft::Polarity;
use crate::ledger::{Characters, ClaimEntry, SourceEntry, Words as _};
use crate::pin::Pin;

/// Gives the tables of a new file their order.
pub(super) fn number(root: &mut Table) {
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

pub(super) fn put_source(table: &mut Table, source: &SourceEntry) {
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

pub(super) fn put_claim(table: &mut Table, claim: &ClaimEntry) {
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

pub(super) fn some(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

pub(super) fn list(texts: &[String]) -> Option<Value> {
    let array: Array = texts.iter().map(String::as_str).collect();
    (!array.is_empty()).then(|| array.into())
}

pub(super) fn span(at: Characters) -> Value {
    Array::from_iter([whole(at.0), whole(at.1)]).into()
}

fn spans(all: &[Characters]) -> Option<Value> {
    let array: Array = all.iter().map(|at| span(*at)).collect();
    (!array.is_empty()).then(|| array.into())
}

/// Sets or takes away a value. One that is the same stays as it is written, with its comment.
pub(super) fn set(table: &mut Table, key: &str, value: Option<Value>) {
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
pub(super) fn put_tables<T>(
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
    let mut places: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (place, table) in old.iter().enumerate() {
        if let Some(name) = table.as_ref().and_then(|table| table.get(key)).and_then(Item::as_str) {
            places.entry(name.to_owned()).or_default().push_back(place);
        }
    }
    let mut new = ArrayOfTables::new();
    for entry in entries {
        let same = places.get_mut(&key_of(entry)).and_then(VecDeque::pop_front);
        let mut table = same.and_then(|place| old[place].take()).unwrap_or_default();
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
