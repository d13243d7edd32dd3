//! Words and counts that the model itself gives: times, labels, grounds.
//!
//! Enters: a [`CheckedModel`]. Leaves: texts for the answer document. Always holds: nothing here depends on runs.

use contingent_engine::Parameter;
pub use contingent_kernel::time::date_at;
pub(crate) use contingent_kernel::time::{time_in_words, when};
use contingent_model::{CheckedModel, Grounds, VariableKind};

use contingent_report::document::answer::EvidenceSummary;

/// What a parameter is called in words: the label of its assumption, else the first sentence of its documentation,
/// else its name; with the labels of its element.
pub(crate) fn parameter_label(model: &CheckedModel, parameter: &Parameter) -> String {
    let variable = model.variable(parameter.variable);
    let (first_sentence, _) = crate::sentence::first_sentence(&variable.documentation);
    let base = match &variable.label {
        Some(label) => label.clone(),
        None if !first_sentence.is_empty() => first_sentence,
        None => variable.name.replace('_', " ").replace('.', ": "),
    };
    if variable.subscripts.is_empty() {
        return base;
    }
    let mut rest = parameter.element;
    let mut labels = Vec::new();
    for id in variable.subscripts.iter().rev() {
        let subscript = &model.subscripts[id.index()];
        let n = subscript.elements.len();
        labels.push(subscript.labels.get(rest % n).unwrap_or(&subscript.elements[rest % n]).as_str());
        rest /= n;
    }
    labels.reverse();
    format!("{base} ({})", labels.join(", "))
}

/// The grounds and the names of the alternatives of an assumption.
pub(crate) fn assumption_of<'a>(
    model: &'a CheckedModel,
    parameter: &Parameter,
) -> Option<(&'a Grounds, &'a [String])> {
    match &model.variable(parameter.variable).kind {
        VariableKind::Assumption { grounds, alternatives, .. } => Some((grounds, alternatives)),
        _ => None,
    }
}

/// Names of the claims that grounds cite.
pub(super) fn claim_names(model: &CheckedModel, grounds: &Grounds) -> Vec<String> {
    grounds.claims.iter().map(|id| model.claims[id.index()].name.clone()).collect()
}

/// What the assumptions rest on.
pub(super) fn evidence(model: &CheckedModel) -> EvidenceSummary {
    let mut summary = EvidenceSummary {
        n_claims: model.claims.len(),
        n_sources: model.sources.len(),
        ..EvidenceSummary::default()
    };
    for variable in &model.variables {
        let VariableKind::Assumption { grounds, .. } = &variable.kind else { continue };
        summary.n_assumptions += 1;
        match (grounds.claims.is_empty(), grounds.judgement.is_some()) {
            (true, _) => summary.n_judgement_only += 1,
            (false, true) => summary.n_our_reading += 1,
            (false, false) => summary.n_sourced += 1,
        }
    }
    // What is not an assumption need not state its grounds; where it does, they count.
    let inputs = model.variables.iter().filter_map(|variable| match &variable.kind {
        VariableKind::Input(input) => Some(&input.grounds),
        _ => None,
    });
    let lookups = model.lookups.iter().map(|lookup| &lookup.grounds);
    let rates = model.conversions.iter().map(|conversion| &conversion.grounds);
    for grounds in inputs.chain(lookups).chain(rates) {
        let is_judged = grounds.judgement.is_some();
        summary.n_curves_and_data += usize::from(is_judged || !grounds.claims.is_empty());
        summary.n_curves_and_data_judged += usize::from(is_judged);
    }
    summary
}
