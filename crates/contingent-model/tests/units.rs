//! Where units come from, and how what is inferred is shown.
//!
//! Enters: small models in this file. Always holds: a clash of units leads to the declaration that set each of
//! them, through however many inferred units.

use contingent_model::{Checked, VariableKind, check, load};
use contingent_syntax::{Code, Diagnostic};

fn checked(body: &str) -> Checked {
    let text = format!(
        "model \"A case\" {{\n  purpose \"p\"\n  not_for \"n\"\n  time 0 to 10 weeks step 1 week\n}}\n\
         unit fighter, attack, dollar\nsubscript region {{ kabul, east }}\n{body}"
    );
    check(load("model.ctg", text, &mut |_| Err("no files here".to_owned())))
}

/// The labels of the only diagnostic besides its primary one, with the text that each covers.
fn labels(body: &str) -> Vec<(String, String)> {
    let Checked { sources, diagnostics, .. } = checked(body);
    let [Diagnostic { code: Code::UnitClash, secondary, .. }] = diagnostics.as_slice() else {
        panic!("{diagnostics:#?}")
    };
    secondary.iter().map(|label| (sources.text(label.span).to_owned(), label.text.clone())).collect()
}

#[track_caller]
fn assert_leads_to(body: &str, place: &str, words: &str) {
    let labels = labels(body);
    assert!(
        labels.iter().any(|(covered, text)| covered == place && text.contains(words)),
        "no label `{words}` at `{place}`: {labels:#?}"
    );
}

#[test]
fn a_clash_leads_to_the_declared_unit() {
    let body = "stock force: fighter = 3\naux a = force\naux b = max(a, 2 fighters)\naux c = -b + 1 attack\n";
    assert_leads_to(body, "fighter", "`force` is declared in this unit");
}

#[test]
fn a_clash_leads_to_where_a_unit_was_inferred() {
    let body =
        "stock force: fighter = 3\naux pay = force * 2 dollars\naux total = pay\naux c: attack = total\n";
    assert_leads_to(body, "force * 2 dollars", "`pay` has its unit from this");
    let body = "assume size = 3 to 4 fighters because judgement \"j\"\naux c: attack = size\n";
    assert_leads_to(body, "3 to 4 fighters", "`size` has its unit from this");
    let body =
        "stock force: fighter = 3\nflow joining: -> force = 1 fighter per week\naux c: attack = joining\n";
    assert_leads_to(body, "force", "`joining` changes this stock, per time");
    let body = "lookup f(x: week): dollar = (0, 0) (1, 2)\naux c: attack = f(time)\n";
    assert_leads_to(body, "dollar", "`f` is declared in this unit");
}

#[test]
fn both_sides_lead_to_their_origin() {
    let body =
        "stock force: fighter = 3\nlever aid: dollar = 1 range 0 to 2\naux a = force\naux c = a < aid\n";
    assert_leads_to(body, "fighter", "`force`");
    assert_leads_to(body, "dollar", "`aid`");
}

#[test]
fn a_number_written_on_the_spot_needs_no_further_label() {
    let labels = labels("aux c: attack = 3 fighters\n");
    assert_eq!(labels, [("attack".to_owned(), "declared here".to_owned())]);
}

#[test]
fn inferred_units_are_shown_as_they_would_be_written() {
    let checked = checked(
        "unit squad = 10 fighters\nstock force: squad = 3\naux a = force * 5% per year\naux b = sqrt(force)\n\
         aux c = 3 days\naux d = 5%\naux e = 1 / (2 dollars * 1 week)\naux f = force / 1 fighter\n\
         assume g = 5% to 10% because judgement \"j\"\nassume h = -5% to 10% because judgement \"j\"\n\
         assume i[region] = { kabul: 5%, east: 1% to 2% } because judgement \"j\"\n\
         assume k = beta(2, 3) because judgement \"j\"\n",
    );
    let model = checked.model.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let shown: Vec<(&str, &str, bool)> = model
        .variables
        .iter()
        .map(|variable| (variable.name.as_str(), variable.unit.text.as_str(), variable.unit.is_share))
        .collect();
    let expected = [
        ("force", "squad", false),
        ("a", "fighter/week", false),
        ("b", "fighter^(1/2)", false),
        ("c", "week", false),
        ("d", "share", true),
        ("e", "1/dollar/week", false),
        ("f", "1", false),
        ("g", "share", true),
        ("h", "1", false),
        ("i", "share", true),
        ("k", "1", false),
    ];
    assert_eq!(shown, expected);
    assert_eq!(model.variables[0].unit.scale, 10.0);
    assert!(matches!(&model.variables[0].kind, VariableKind::Stock { initial, .. }
        if *initial == contingent_model::Expression::Number(30.0)));
    assert_eq!(model.conversions[0].name, "squad");
}
