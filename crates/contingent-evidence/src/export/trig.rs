//! Accepted claims as nanopublications in `TriG`.
//!
//! Enters: ledgers. Leaves: one nanopublication for each claim. Always holds: each has four graphs, head, assertion, provenance
//! and publication information, and the head names the other three (Nanopublication Guidelines, 2013, sections 2 and 3).

use std::fmt::Write as _;

use super::json::{VOCABULARY, claim_urn, named_urn, source_urn, speaker_urn};
use super::{ExportError, accepted, same_as};
use crate::ledger::{Ledger, Words as _};

/// Nanopublications, one for each accepted claim.
pub fn to_trig(ledgers: &[Ledger]) -> Result<String, ExportError> {
    let all = accepted(ledgers)?;
    let mut text = format!(
        "@prefix np: <http://www.nanopub.org/nschema#> .\n@prefix prov: <http://www.w3.org/ns/prov#> .\n\
         @prefix dcterms: <http://purl.org/dc/terms/> .\n@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n\
         @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n@prefix c: <{VOCABULARY}> .\n"
    );
    for (ledger, claims) in &all {
        for claim in claims {
            let urn = claim_urn(ledger, claim);
            let graph = |name: &str| format!("<{urn}:{name}>");
            let (head, assertion) = (graph("head"), graph("assertion"));
            let (provenance, information) = (graph("provenance"), graph("pubinfo"));
            let _ = write!(
                text,
                "\n{head} {{\n  <{urn}:nanopub> a np:Nanopublication ;\n    np:hasAssertion {assertion} ;\n    \
                 np:hasProvenance {provenance} ;\n    np:hasPublicationInfo {information} .\n}}\n"
            );
            let mut facts: Vec<(&str, String)> = vec![
                ("a", "c:Claim".to_owned()),
                ("c:says", literal(claim.says.as_deref().unwrap_or_default())),
                ("c:voice", literal(claim.voice.word())),
            ];
            facts.extend(claim.kinds.iter().map(|kind| ("c:kind", literal(kind.word()))));
            facts.extend(claim.speaker.iter().map(|name| ("c:speaker", format!("<{}>", speaker_urn(name)))));
            facts.extend(claim.grade.iter().map(|grade| ("c:grade", literal(grade))));
            facts.extend(claim.tags.iter().map(|tag| ("c:tag", literal(tag))));
            facts.extend(
                same_as(ledger, claim, &all)
                    .iter()
                    .map(|name| ("prov:alternateOf", format!("<{}>", named_urn(name)))),
            );
            graph_of(&mut text, &assertion, &urn, &facts);
            let mut origin = vec![("prov:wasDerivedFrom", format!("<{}>", source_urn(ledger)))];
            origin.extend(
                claim.speaker.iter().map(|name| ("prov:wasAttributedTo", format!("<{}>", speaker_urn(name)))),
            );
            for pin in &claim.pins {
                origin.push((
                    "c:pin",
                    format!(
                        "[ c:words {} ; c:sha256 {} ; c:near {} ]",
                        pin.words,
                        literal(&pin.sha256),
                        pin.near
                    ),
                ));
            }
            let mut described = String::new();
            let source = &ledger.source;
            let _ = write!(described, "  <{}> dcterms:title {}", source_urn(ledger), literal(&source.title));
            if let Some(publisher) = &source.publisher {
                let _ = write!(described, " ;\n    dcterms:publisher {}", literal(publisher));
            }
            if let Some(date) = &source.date {
                let _ = write!(described, " ;\n    dcterms:issued \"{date}\"^^xsd:date");
            }
            let _ = write!(described, " ;\n    c:textSha256 {} .\n", literal(&source.text_sha256));
            if let Some(name) = &claim.speaker {
                let _ = write!(described, "  <{}> foaf:name {}", speaker_urn(name), literal(name));
                if let Some(role) = &claim.role {
                    let _ = write!(described, " ;\n    c:role {}", literal(role));
                }
                described.push_str(" .\n");
            }
            let subject = assertion.trim_matches(['<', '>']).to_owned();
            graph_with(&mut text, &provenance, &subject, &origin, &described);
            let generator = format!("contingent {}", env!("CARGO_PKG_VERSION"));
            graph_of(
                &mut text,
                &information,
                &format!("{urn}:nanopub"),
                &[(
                    "prov:wasGeneratedBy",
                    format!("[ a prov:Activity ; foaf:name {} ]", literal(&generator)),
                )],
            );
        }
    }
    Ok(text)
}

fn graph_of(text: &mut String, graph: &str, subject: &str, facts: &[(&str, String)]) {
    graph_with(text, graph, subject, facts, "");
}

fn graph_with(text: &mut String, graph: &str, subject: &str, facts: &[(&str, String)], more: &str) {
    let facts: Vec<String> =
        facts.iter().map(|(predicate, object)| format!("{predicate} {object}")).collect();
    let _ = write!(text, "\n{graph} {{\n  <{subject}> {} .\n{more}}}\n", facts.join(" ;\n    "));
}

/// A literal of Turtle (W3C 2014, 2.5).
fn literal(words: &str) -> String {
    let mut literal = String::from("\"");
    for character in words.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}
