//! Accepted claims as Web Annotations and as provenance, both in JSON-LD.
//!
//! Enters: ledgers. Leaves: JSON. Always holds: an annotation of the Web Annotation Data Model (W3C 2017) has a body and a target,
//! a target its source and selectors; a `TextQuoteSelector` would need the words, so that positions and a hash stand instead. In
//! PROV-O (W3C 2013) a claim is an entity attributed to its speaker and derived from its source.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{ExportError, accepted, claim_name, same_as};
use crate::ledger::{ClaimEntry, Ledger, Words as _};

/// Where words of our own are explained.
pub(super) const VOCABULARY: &str = "urn:contingent:vocabulary#";

/// The identifier of a claim.
pub(super) fn claim_urn(ledger: &Ledger, claim: &ClaimEntry) -> String {
    format!("urn:contingent:claim:{}", claim_name(ledger, claim))
}

/// The identifier of a claim by its name.
pub(super) fn named_urn(name: &str) -> String {
    format!("urn:contingent:claim:{name}")
}

/// The identifier of a source: where it stands, when that is an address, or its name.
pub(super) fn source_urn(ledger: &Ledger) -> String {
    match &ledger.source.url {
        Some(url) if is_address(url) => url.clone(),
        _ => format!("urn:contingent:source:{}", ledger.source.id),
    }
}

/// Whether a text may stand as an address between angle brackets.
fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() > 8
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`[]".contains(&byte))
        && text
            .split('%')
            .skip(1)
            .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// The identifier of a speaker.
pub(super) fn speaker_urn(name: &str) -> String {
    let mut urn = String::from("urn:contingent:speaker:");
    for byte in name.trim().to_lowercase().bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => urn.push(char::from(byte)),
            b' ' => urn.push('_'),
            // Writing to a string cannot fail.
            other => {
                let _ = write!(urn, "%{other:02X}");
            }
        }
    }
    urn
}

/// A JSON object of the keys that have a value.
fn object(entries: Vec<(&str, Option<Value>)>) -> Value {
    let present = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

fn texts(all: &[String]) -> Option<Value> {
    (!all.is_empty()).then(|| json!(all))
}

fn vocabulary() -> Value {
    let term = |name: &str| (name.to_owned(), json!(format!("{VOCABULARY}{name}")));
    let names = [
        "words",
        "sha256",
        "strict",
        "sketch",
        "textSha256",
        "grade",
        "kind",
        "voice",
        "tag",
        "near",
        "claimNeedsItTo",
        "pins",
        "role",
    ];
    Value::Object(names.into_iter().map(term).collect())
}

/// Annotations, one for each accepted claim.
pub fn to_web_annotation(ledgers: &[Ledger]) -> Result<Value, ExportError> {
    let all = accepted(ledgers)?;
    let mut annotations = Vec::new();
    for (ledger, claims) in &all {
        for claim in claims {
            let pins: Vec<Value> = claim
                .pins
                .iter()
                .map(|pin| {
                    object(vec![
                        ("words", Some(json!(pin.words))),
                        ("sha256", Some(json!(pin.sha256))),
                        ("near", Some(json!(pin.near))),
                        ("strict", pin.strict.as_ref().map(|strict| json!(strict))),
                        ("sketch", pin.sketch.as_ref().map(|sketch| json!(sketch))),
                    ])
                })
                .collect();
            // Several selectors of one target would be ways to select the same words; parts are targets of their own.
            let whole = [None];
            let parts: Vec<Option<(usize, usize)>> = claim.content.iter().copied().map(Some).collect();
            let targets: Vec<Value> = if parts.is_empty() { &whole[..] } else { &parts[..] }
                .iter()
                .map(|part| {
                    let selector = part.map(
                        |(start, end)| json!({ "type": "TextPositionSelector", "start": start, "end": end }),
                    );
                    object(vec![
                        ("type", Some(json!("SpecificResource"))),
                        ("source", Some(json!(source_urn(ledger)))),
                        ("selector", selector),
                        ("textSha256", Some(json!(ledger.source.text_sha256))),
                    ])
                })
                .collect();
            let body = object(vec![
                ("type", Some(json!("TextualBody"))),
                ("value", claim.says.as_ref().map(|says| json!(says))),
                ("format", Some(json!("text/plain"))),
                ("purpose", Some(json!("describing"))),
            ]);
            let same: Vec<String> = same_as(ledger, claim, &all).iter().map(|name| named_urn(name)).collect();
            let creator = claim.speaker.as_ref().map(|name| {
                object(vec![
                    ("id", Some(json!(speaker_urn(name)))),
                    ("name", Some(json!(name))),
                    ("role", claim.role.as_ref().map(|role| json!(role))),
                ])
            });
            annotations.push(object(vec![
                ("id", Some(json!(claim_urn(ledger, claim)))),
                ("type", Some(json!("Annotation"))),
                ("motivation", Some(json!("describing"))),
                ("body", Some(body)),
                ("target", Some(if targets.len() == 1 { targets[0].clone() } else { json!(targets) })),
                ("pins", (!pins.is_empty()).then(|| json!(pins))),
                // Whoever said it, not whoever wrote it down.
                ("dc:contributor", creator),
                ("kind", Some(json!(claim.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>()))),
                ("voice", Some(json!(claim.voice.word()))),
                ("grade", claim.grade.as_ref().or(ledger.source.grade.as_ref()).map(|grade| json!(grade))),
                ("tag", texts(&claim.tags)),
                (
                    "prov:alternateOf",
                    (!same.is_empty())
                        .then(|| json!(same.iter().map(|urn| json!({ "id": urn })).collect::<Vec<_>>())),
                ),
            ]));
        }
    }
    Ok(json!({
        "@context": [
            "http://www.w3.org/ns/anno.jsonld",
            {
                "dc": "http://purl.org/dc/elements/1.1/",
                "prov": "http://www.w3.org/ns/prov#",
            },
            vocabulary(),
        ],
        "id": "urn:contingent:claims",
        "type": "AnnotationPage",
        "items": annotations,
    }))
}

/// Provenance: sources, speakers and claims, and how one comes from the other.
pub fn to_prov_o(ledgers: &[Ledger]) -> Result<Value, ExportError> {
    let all = accepted(ledgers)?;
    let mut graph = Vec::new();
    let mut speakers: Vec<(&str, Option<&str>)> = Vec::new();
    for (ledger, claims) in all.iter().filter(|(_, claims)| !claims.is_empty()) {
        let source = &ledger.source;
        graph.push(object(vec![
            ("@id", Some(json!(source_urn(ledger)))),
            ("@type", Some(json!("prov:Entity"))),
            ("dcterms:title", Some(json!(source.title))),
            ("dcterms:publisher", source.publisher.as_ref().map(|publisher| json!(publisher))),
            (
                "prov:generatedAtTime",
                source
                    .date
                    .as_ref()
                    .map(|date| json!({ "@value": format!("{date}T00:00:00Z"), "@type": "xsd:dateTime" })),
            ),
            ("c:grade", source.grade.as_ref().map(|grade| json!(grade))),
            ("c:textSha256", Some(json!(source.text_sha256))),
        ]));
        for claim in claims {
            if let Some(name) = &claim.speaker
                && !speakers.iter().any(|(known, _)| known == name)
            {
                speakers.push((name, claim.role.as_deref()));
            }
            let same: Vec<Value> =
                same_as(ledger, claim, &all).iter().map(|name| json!({ "@id": named_urn(name) })).collect();
            let through = claim.secondhand_of.as_ref().map(|name| json!({ "@id": speaker_urn(name) }));
            if let Some(name) = &claim.secondhand_of
                && !speakers.iter().any(|(known, _)| known == name)
            {
                speakers.push((name, None));
            }
            graph.push(object(vec![
                ("@id", Some(json!(claim_urn(ledger, claim)))),
                ("@type", Some(json!("prov:Entity"))),
                ("prov:value", claim.says.as_ref().map(|says| json!(says))),
                ("prov:wasDerivedFrom", Some(json!({ "@id": source_urn(ledger) }))),
                (
                    "prov:wasAttributedTo",
                    claim.speaker.as_ref().map(|name| json!({ "@id": speaker_urn(name) })),
                ),
                ("c:reportedThrough", through),
                ("prov:alternateOf", (!same.is_empty()).then(|| json!(same))),
                ("c:kind", Some(json!(claim.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>()))),
                ("c:voice", Some(json!(claim.voice.word()))),
                ("c:grade", claim.grade.as_ref().map(|grade| json!(grade))),
                ("c:tag", texts(&claim.tags)),
                ("c:sha256", Some(json!(claim.pins.iter().map(|pin| &pin.sha256).collect::<Vec<_>>()))),
            ]));
        }
    }
    for (name, role) in speakers {
        graph.push(object(vec![
            ("@id", Some(json!(speaker_urn(name)))),
            ("@type", Some(json!("prov:Agent"))),
            ("foaf:name", Some(json!(name))),
            ("c:role", role.map(|role| json!(role))),
        ]));
    }
    Ok(json!({
        "@context": {
            "prov": "http://www.w3.org/ns/prov#",
            "dcterms": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "c": VOCABULARY,
        },
        "@graph": graph,
    }))
}
