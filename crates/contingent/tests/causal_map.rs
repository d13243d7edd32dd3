//! The actor map: derived from models with known signs, and from the founding case.

use std::path::Path;

use contingent::causal_map::{DEFAULT_NODES, MapOptions, causal_map};
use contingent_model::{CheckedModel, check, load};
use contingent_report::chart::Frame;
use contingent_report::map::{LinkSign, Map, map};
use contingent_syntax::{FileId, parse};

fn options(indices: &[(&str, f64)]) -> MapOptions {
    MapOptions {
        frame: Frame { id: "map".to_owned(), width: 960.0 },
        seed: 7,
        indices: indices.iter().map(|&(name, index)| (name.to_owned(), index)).collect(),
        n_nodes: DEFAULT_NODES,
    }
}

fn of_text(text: &str, indices: &[(&str, f64)]) -> Map {
    let loaded = load("model.ctg", text.to_owned(), &mut |name| Err(format!("no {name}")));
    let checked = check(loaded);
    let model: &CheckedModel = checked.model.as_ref().unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    causal_map(model, &[parse(FileId(0), text).file], &options(indices))
}

fn founding() -> Map {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/taliban-daesh-k");
    let checked = contingent::project::open(&directory).expect("the founding case opens");
    let files: Vec<_> = checked
        .sources
        .files
        .iter()
        .enumerate()
        .map(|(i, file)| parse(FileId(i as u32), &file.text).file)
        .collect();
    let indices = [("taliban.campaign_cost_base", 0.3)];
    causal_map(checked.model.as_ref().expect("the founding case is sound"), &files, &options(&indices))
}

fn sign(map: &Map, from: &str, to: &str) -> Option<LinkSign> {
    let place =
        |id: &str| map.nodes.iter().position(|node| node.id == id).unwrap_or_else(|| panic!("no {id}"));
    let (from, to) = (place(from), place(to));
    map.links.iter().find(|link| (link.from, link.to) == (from, to)).map(|link| link.sign)
}

const HEAD: &str =
    "model \"Signs\" {\n  purpose \"Test\"\n  not_for \"Use\"\n  time 0 to 40 step 1 week\n}\nunit thing\n";

#[test]
fn signs_that_hold_only_in_the_states_of_runs_are_taken_from_them() {
    // (level - 5) * pull rises with `pull` where level is above 5, as it always is here, and falls below: for every value the sign
    // is open. `swing` goes up and down around 100, so that what it does to `swung` is mixed.
    let text = format!(
        "{HEAD}assume begin = 50 to 60 because judgement \"x\"
stock level: thing = begin * 1 thing
stock pull: thing = 10 thing
stock swing: thing = 100 thing
stock pushed: thing = 500 thing
signed stock swung: thing = 0 thing
flow rising: -> pull = 0.5 thing / 1 week
flow falling: level -> = 0.1 thing / 1 week
flow moving: -> pushed = (level - 5 thing) * pull / (100 thing * 1 week)
flow up: -> swing = 20 thing / 1 week * (if time < 20 week then 1 else 0)
flow down: swing -> = 20 thing / 1 week * (if time < 20 week then 0 else 1)
flow turning: -> swung = (swing - 300 thing) * pull / (100 thing * 1 week)
"
    );
    let map = of_text(&text, &[]);
    assert_eq!(sign(&map, "pull", "pushed"), Some(LinkSign::Positive));
    assert_eq!(sign(&map, "level", "pushed"), Some(LinkSign::Positive));
    assert_eq!(sign(&map, "swing", "swung"), Some(LinkSign::Positive));
    assert_eq!(sign(&map, "pull", "swung"), Some(LinkSign::Mixed));
    let link = map
        .links
        .iter()
        .find(|link| map.nodes[link.from].id == "pull" && map.nodes[link.to].id == "pushed")
        .unwrap();
    assert!(link.note.contains("100% of the states"), "{}", link.note);
}

#[test]
fn links_are_thick_where_an_assumption_that_matters_decides_their_strength() {
    let text = format!(
        "{HEAD}assume strength = 0.1 to 0.5 because judgement \"x\"
assume extra = 1 to 2 because judgement \"x\"
stock cause: thing = 10 thing
stock other: thing = 10 thing
stock result: thing = 0 thing
flow growing: -> cause = 1 thing / 1 week
flow more: -> other = 1 thing / 1 week
flow coming: -> result = cause * strength / 1 week + other / 1 week + extra * 1 thing / 1 week
"
    );
    let map = of_text(&text, &[("strength", 0.6), ("extra", 0.2)]);
    let weight = |from: &str| {
        map.links
            .iter()
            .find(|link| map.nodes[link.from].id == from && map.nodes[link.to].id == "result")
            .unwrap()
            .weight
    };
    assert!((weight("cause") - 0.6).abs() < 1e-9, "{}", weight("cause"));
    assert!(weight("other").abs() < 1e-9, "{}", weight("other"));
    let result = map.nodes.iter().find(|node| node.id == "result").unwrap();
    assert!((result.weight - 0.8).abs() < 1e-9, "{}", result.weight);
}

#[test]
fn the_founding_map_is_readable_whole_and_the_same_each_time() {
    let first = founding();
    assert!(first.nodes.len() <= DEFAULT_NODES && first.nodes.len() > 20, "{}", first.nodes.len());
    assert!(first.links.len() < 110, "{}", first.links.len());
    assert_eq!(first.groups.len(), 6);
    assert_eq!(first, founding());
    let figure = map(&first);
    assert_eq!(figure, map(&first));
    assert_eq!(figure.svg.matches("data-node=").count(), first.nodes.len());
    assert_eq!(figure.table.rows.len(), first.links.len());
    assert!(
        first.loops.iter().any(|one| one.name.starts_with('R'))
            && first.loops.iter().any(|one| one.name.starts_with('B'))
    );
    assert_eq!(sign(&first, "taliban.cohesion", "taliban.split"), Some(LinkSign::Negative));
}
