//! A document against a JSON schema, as far as our schemas go.
//!
//! Enters: a schema and a document. Leaves: how many values were looked at, or where the first misfit is. Always holds:
//! a keyword of the schema that is not understood is an error, so that nothing is passed over; a field that the schema
//! does not name is a misfit, which is stricter than the standard.

use serde_json::{Map, Value};

/// Keywords that constrain nothing here.
const REMARKS: &[&str] =
    &["$schema", "title", "description", "default", "format", "$defs", "minimum", "maximum"];

/// Compares a document with a schema.
pub(crate) fn check(schema: &Value, document: &Value) -> Result<usize, String> {
    let mut n_checked = 0;
    value(schema, schema, document, "", &mut n_checked)?;
    Ok(n_checked)
}

fn value(
    root: &Value,
    schema: &Value,
    found: &Value,
    place: &str,
    n_checked: &mut usize,
) -> Result<(), String> {
    *n_checked += 1;
    if schema == &Value::Bool(true) {
        return Ok(());
    }
    let rules = schema.as_object().ok_or(format!("{place}: the schema is not an object"))?;
    for (keyword, rule) in rules {
        match keyword.as_str() {
            keyword if REMARKS.contains(&keyword) => {}
            "$ref" => {
                let name = rule.as_str().and_then(|path| path.strip_prefix("#/$defs/"));
                let target = name.map(|name| &root["$defs"][name]).filter(|target| !target.is_null());
                value(
                    root,
                    target.ok_or(format!("{place}: {rule} is not defined"))?,
                    found,
                    place,
                    n_checked,
                )?;
            }
            "const" if rule == found => {}
            "enum" if rule.as_array().is_some_and(|values| values.contains(found)) => {}
            "const" | "enum" => return Err(format!("{place}: {found} is not {rule}")),
            "type" => {
                let names: Vec<&str> = match rule {
                    Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                    name => name.as_str().into_iter().collect(),
                };
                if !names.iter().any(|name| is(found, name)) {
                    return Err(format!("{place}: {found} is not of type {rule}"));
                }
            }
            "anyOf" | "oneOf" => {
                let choices = rule.as_array().ok_or(format!("{place}: {keyword} is not a list"))?;
                let outcomes: Vec<_> =
                    choices.iter().map(|choice| value(root, choice, found, place, n_checked)).collect();
                let n_fitting = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
                if n_fitting == 0 || (keyword == "oneOf" && n_fitting > 1) {
                    return Err(format!("{place}: {n_fitting} of {keyword} fit: {outcomes:?}"));
                }
            }
            "properties" | "required" => {
                if let Some(fields) = found.as_object() {
                    object(root, rules, fields, place, n_checked)?;
                }
            }
            "items" => {
                for (i, item) in found.as_array().into_iter().flatten().enumerate() {
                    value(root, rule, item, &format!("{place}[{i}]"), n_checked)?;
                }
            }
            "minItems" | "maxItems" => {
                let n_items = found.as_array().map(|items| items.len() as u64);
                let fits = n_items.zip(rule.as_u64()).is_none_or(|(n_items, bound)| {
                    if keyword == "minItems" { n_items >= bound } else { n_items <= bound }
                });
                if !fits {
                    return Err(format!("{place}: {keyword} {rule}"));
                }
            }
            other => return Err(format!("{place}: the keyword `{other}` is not understood")),
        }
    }
    Ok(())
}

fn object(
    root: &Value,
    rules: &Map<String, Value>,
    fields: &Map<String, Value>,
    place: &str,
    n_checked: &mut usize,
) -> Result<(), String> {
    let nothing = Map::new();
    let known = rules.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    for name in rules.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !name.as_str().is_some_and(|name| fields.contains_key(name)) {
            return Err(format!("{place}: {name} is missing"));
        }
    }
    for (name, field) in fields {
        let rule = known.get(name).ok_or(format!("{place}: the schema has no `{name}`"))?;
        value(root, rule, field, &format!("{place}.{name}"), n_checked)?;
    }
    Ok(())
}

fn is(found: &Value, name: &str) -> bool {
    match name {
        "null" => found.is_null(),
        "boolean" => found.is_boolean(),
        "string" => found.is_string(),
        "array" => found.is_array(),
        "object" => found.is_object(),
        "number" => found.is_number(),
        "integer" => found.is_u64() || found.is_i64(),
        _ => false,
    }
}
