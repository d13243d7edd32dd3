//! Exports of accepted claims, read by parsers of their forms and held against the rules of the standards.

use std::collections::{BTreeMap, BTreeSet};

use contingent_evidence::export::{ExportError, to_ctg, to_prov_o, to_trig, to_web_annotation};
use contingent_evidence::extract::{Options, extract};
use contingent_evidence::ledger::{Ledger, Registry, State, draw, link_same};
use contingent_evidence::read::read;
use oxjsonld::JsonLdParser;
use oxttl::TriGParser;

const ARTICLE: &str = "“We do not expect a long siege,” said Obed Marrin, an envoy of the northern league, “and nobody here \
    wants one.”\n\nHanna Quell, a trader, said that prices would double before the month was out unless the pass was \
    cleared.\n";

/// Drafts of the same article under several names, linked.
fn drafts(names: &[&str]) -> Vec<Ledger> {
    let mut ledgers: Vec<Ledger> = names
        .iter()
        .map(|name| {
            let document = read(ARTICLE.as_bytes(), name).expect("the article is text");
            draw(&document, name, &extract(&document.text, &Options::default()), &Registry::default())
        })
        .collect();
    assert!(!link_same(&mut ledgers).is_empty());
    ledgers
}

/// Two ledgers that print the same words, with accepted claims in words that need escapes.
fn ledgers() -> Vec<Ledger> {
    let mut ledgers = drafts(&["first paper.txt", "second.txt"]);
    for ledger in &mut ledgers {
        ledger.source.publisher = Some("The \"Lamp\" \\ weekly".to_owned());
        ledger.source.date = Some("2021-03-04".to_owned());
        ledger.source.grade = Some("C3".to_owned());
        for claim in &mut ledger.claims {
            claim.state = State::Accepted;
            claim.says = Some("In our words: \"long\" \\ bitter, with ümlauts".to_owned());
        }
    }
    ledgers[0].source.url = Some("https://example.org/a?b=c".to_owned());
    ledgers[1].source.url = Some("not an address <at all>".to_owned());
    ledgers[0].claims[0].grade = Some("B2".to_owned());
    ledgers
}

fn n_accepted(ledgers: &[Ledger]) -> usize {
    ledgers.iter().map(|ledger| ledger.n_in(State::Accepted)).sum()
}

#[test]
fn nanopublications_have_their_four_graphs() {
    const NP: &str = "http://www.nanopub.org/nschema#";
    let ledgers = ledgers();
    let text = to_trig(&ledgers).unwrap();
    let quads: Vec<_> = TriGParser::new()
        .for_slice(text.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap_or_else(|e| panic!("{e}\n{text}"));
    let mut graphs: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    for quad in &quads {
        graphs.entry(quad.graph_name.to_string()).or_default().push((
            quad.subject.to_string(),
            quad.predicate.to_string(),
            quad.object.to_string(),
        ));
    }
    let heads: Vec<_> = graphs
        .iter()
        .filter(|(_, triples)| {
            triples.iter().any(|(_, _, object)| *object == format!("<{NP}Nanopublication>"))
        })
        .collect();
    assert_eq!(heads.len(), n_accepted(&ledgers));
    for (name, head) in heads {
        assert_eq!(head.len(), 4, "{name}");
        for part in ["hasAssertion", "hasProvenance", "hasPublicationInfo"] {
            let named: Vec<&String> = head
                .iter()
                .filter(|(_, predicate, _)| *predicate == format!("<{NP}{part}>"))
                .map(|(_, _, object)| object)
                .collect();
            assert_eq!(named.len(), 1, "{name} {part}");
            assert!(!graphs[named[0]].is_empty(), "{part} of {name} is empty");
        }
        // The provenance speaks about the assertion, the publication information about the nanopublication.
        let part = |part: &str| {
            head.iter()
                .find(|(_, p, _)| *p == format!("<{NP}{part}>"))
                .map(|(_, _, object)| object.clone())
                .unwrap()
        };
        let assertion = part("hasAssertion");
        assert!(graphs[&part("hasProvenance")].iter().any(|(subject, _, _)| *subject == assertion));
        let nanopub = &head[0].0;
        assert!(graphs[&part("hasPublicationInfo")].iter().any(|(subject, _, _)| subject == nanopub));
    }
    assert!(quads.iter().all(|quad| quad.graph_name.to_string() != "DEFAULT"), "no triple outside a graph");
}

#[test]
fn provenance_joins_claims_with_speakers_and_sources() {
    const PROV: &str = "<http://www.w3.org/ns/prov#";
    let ledgers = ledgers();
    let json = serde_json::to_string(&to_prov_o(&ledgers).unwrap()).unwrap();
    let quads: Vec<_> = JsonLdParser::new()
        .for_slice(json.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap_or_else(|e| panic!("{e}\n{json}"));
    let of = |predicate: &str| -> Vec<(String, String)> {
        quads
            .iter()
            .filter(|quad| quad.predicate.as_str() == predicate.trim_matches(['<', '>']))
            .map(|quad| (quad.subject.to_string(), quad.object.to_string()))
            .collect()
    };
    let types = of("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>");
    let typed = |kind: &str| -> BTreeSet<&String> {
        types
            .iter()
            .filter(|(_, object)| *object == format!("{PROV}{kind}>"))
            .map(|(subject, _)| subject)
            .collect()
    };
    let (entities, agents) = (typed("Entity"), typed("Agent"));
    assert_eq!(entities.len(), n_accepted(&ledgers) + 2);
    let derived = of(&format!("{PROV}wasDerivedFrom>"));
    assert_eq!(derived.len(), n_accepted(&ledgers));
    // PROV-O: domain and range of derivation are entities, of attribution an entity and an agent.
    assert!(derived.iter().all(|(claim, source)| entities.contains(claim) && entities.contains(source)));
    let attributed = of(&format!("{PROV}wasAttributedTo>"));
    assert_eq!(attributed.len(), n_accepted(&ledgers));
    assert!(attributed.iter().all(|(claim, speaker)| entities.contains(claim) && agents.contains(speaker)));
    assert!(!of(&format!("{PROV}alternateOf>")).is_empty());
    let dates = of(&format!("{PROV}generatedAtTime>"));
    assert!(dates.iter().all(|(_, date)| date.ends_with("^^<http://www.w3.org/2001/XMLSchema#dateTime>")));
}

#[test]
fn annotations_keep_the_rules_of_the_data_model() {
    let ledgers = ledgers();
    let page = to_web_annotation(&ledgers).unwrap();
    let contexts = page["@context"].as_array().unwrap();
    assert_eq!(contexts[0], "http://www.w3.org/ns/anno.jsonld");
    assert_eq!(page["type"], "AnnotationPage");
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), n_accepted(&ledgers));
    let mut ids = BTreeSet::new();
    let mut n_parts = 0;
    for item in items {
        assert_eq!(item["type"], "Annotation");
        assert!(ids.insert(item["id"].as_str().unwrap().to_owned()), "one annotation, one identifier");
        assert_eq!(item["body"]["type"], "TextualBody");
        assert!(!item["body"]["value"].as_str().unwrap().is_empty());
        let targets = item["target"].as_array().cloned().unwrap_or_else(|| vec![item["target"].clone()]);
        for target in targets {
            n_parts += 1;
            assert!(target["source"].is_string());
            let selector = &target["selector"];
            assert_eq!(selector["type"], "TextPositionSelector");
            let (start, end) = (selector["start"].as_u64().unwrap(), selector["end"].as_u64().unwrap());
            assert!(start < end);
        }
    }
    assert!(n_parts > items.len(), "a quotation in two parts has two targets");
    // The context of the standard lies elsewhere; with our part of it alone the terms of ours must still be read.
    let mut own = page.clone();
    own["@context"] = serde_json::Value::Array(contexts[1..].to_vec());
    let json = serde_json::to_string(&own).unwrap();
    JsonLdParser::new().for_slice(json.as_bytes()).collect::<Result<Vec<_>, _>>().unwrap();
}

#[test]
fn no_words_of_the_source_leave() {
    let ledgers = ledgers();
    let all = [
        to_ctg(&ledgers).unwrap(),
        to_trig(&ledgers).unwrap(),
        to_prov_o(&ledgers).unwrap().to_string(),
        to_web_annotation(&ledgers).unwrap().to_string(),
    ];
    for text in all {
        for words in ["expect a long", "nobody here", "prices would", "month was out"] {
            assert!(!text.contains(words), "{words}");
        }
    }
}

#[test]
fn what_is_not_ready_is_refused() {
    let mut drafts = ledgers();
    drafts.iter_mut().flat_map(|ledger| &mut ledger.claims).for_each(|claim| claim.state = State::Draft);
    assert_eq!(to_ctg(&drafts), Err(ExportError::NothingAccepted));
    let mut wordless = ledgers();
    wordless[0].claims[1].says = None;
    assert_eq!(
        to_trig(&wordless),
        Err(ExportError::NoWords { claims: vec![wordless[0].claims[1].id.clone()] })
    );
    let mut twice = ledgers();
    twice[1].source.id = twice[0].source.id.clone();
    assert!(matches!(to_ctg(&twice), Err(ExportError::SourceTwice { .. })));
}

#[test]
fn two_prints_of_rejected_words_stay_one_origin() {
    let mut ledgers = drafts(&["first.txt", "second.txt", "third.txt"]);
    for ledger in &mut ledgers[1..] {
        ledger.claims[0].state = State::Accepted;
        ledger.claims[0].says = Some("No long siege.".to_owned());
    }
    ledgers[0].claims[0].state = State::Rejected;
    let text = to_ctg(&ledgers).unwrap();
    assert_eq!(text.matches("same_as").count(), 1, "{text}");
    assert!(text.contains("same_as second_c1"), "{text}");
    ledgers[0].claims[0].state = State::Accepted;
    ledgers[0].claims[0].says = Some("No long siege.".to_owned());
    let text = to_ctg(&ledgers).unwrap();
    assert_eq!(text.matches("same_as first_c1").count(), 2, "{text}");
}
