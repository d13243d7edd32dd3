//! Reporting checklists: what a model states is filled in, what it does not state is told with what to write.

use contingent::checklists::{Standard, checklist, human, markdown};
use contingent_model::{CheckedModel, check, load};

const SMALL: &str = "model \"Small <b>\" {\n  purpose \"Test\"\n  not_for \"Use\"\n  time 0 to 40 step 1 week\n}\nunit thing\n\
                     assume pace = 1 to 2 because judgement \"x\"\n\
                     stock level: thing = 1 thing\nflow rising: -> level = pace * 1 thing / 1 week\n";

fn model() -> CheckedModel {
    let checked = check(load("model.ctg", SMALL.to_owned(), &mut |name| Err(format!("no {name}"))));
    checked.model.unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

#[test]
fn every_item_is_filled_or_says_what_to_write() {
    for (standard, n_items) in [(Standard::Odd, 17), (Standard::StressSd, 20), (Standard::Trace, 8)] {
        let filled = checklist(&model(), None, standard);
        assert_eq!(filled.items.len(), n_items, "{standard:?}");
        for item in &filled.items {
            assert!(!item.filled.is_empty() || !item.missing.is_empty(), "{standard:?} {}", item.number);
            assert!(
                item.filled.iter().all(|text| text.ends_with('.')),
                "{standard:?} {}: {:?}",
                item.number,
                item.filled
            );
        }
        assert!(filled.n_complete() < n_items, "{standard:?}");
    }
}

#[test]
fn what_is_missing_is_named_with_the_form_that_states_it() {
    let odd = human(&checklist(&model(), None, Standard::Odd), 100);
    assert!(odd.contains("not stated in the model: what is asked; write `question NAME"), "{odd}");
    assert!(odd.contains("1 stock: level (thing)."), "{odd}");
    let stress = human(&checklist(&model(), None, Standard::StressSd), 100);
    assert!(stress.contains("not stated in the model: how many runs were made"), "{stress}");
    assert!(stress.lines().all(|line| line.chars().count() <= 100), "{stress}");
    let trace = markdown(&checklist(&model(), None, Standard::Trace));
    assert!(trace.contains("**Not stated in the model:** a comparison with events"), "{trace}");
    assert!(!trace.contains("<b>"));
}
