//! Builds the comparison document.
//!
//! Enters: the outcomes of views and of the mixtures of two of them. Leaves: a [`ComparisonDocument`]. Always holds: a
//! question is measured the same way under every view: as a share that comes as soon as it never comes in some run.

use contingent_analysis::OutcomeColumn;
use contingent_analysis::shapley::{Difference, Valued, combined, shapley};
use contingent_engine::OutcomeRole;
use contingent_model::CheckedModel;

use super::run::{Compared, GapRuns, Outcomes, ViewRuns};
use super::words;
use crate::answer::QuestionKind;
use crate::sensitivity::{Asked, EstimateRecord, GroupBy, Subject};
use contingent_report::document::comparison::{
    Agreement, COMPARISON_SCHEMA, ComparedNumber, ComparisonDocument, GroupRecord, NamedRecord, PartRecord,
    PolicyChange, QuestionComparison, ViewValue, WaterfallRecord, WeightRecord,
};

/// What the caller adds.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildOptions {
    /// Version of the program.
    pub version: String,
    /// Positions of the questions; all when empty.
    pub questions: Vec<usize>,
    /// What the differences were grouped by.
    pub group_by: GroupBy,
    /// Weights of views by name, positive.
    pub weights: Vec<(String, f64)>,
    /// Where it is written.
    pub directory: Option<String>,
}

/// Builds the document. The experiments without a policy (other than that of all) come first, per view one; those with a
/// further policy follow in any order.
pub fn build_comparison(
    model: &CheckedModel,
    views: &ViewRuns,
    gap: Option<&GapRuns>,
    options: &BuildOptions,
) -> ComparisonDocument {
    let base_policy = &views.runs[0].0.policy;
    let subject = Subject::of(model, &views.runs[0].0.view, base_policy, views.design.seed);
    let plain: Vec<&(Compared, Outcomes)> =
        views.runs.iter().filter(|(compared, _)| compared.policy == *base_policy).collect();
    let policed: Vec<&(Compared, Outcomes)> =
        views.runs.iter().filter(|(compared, _)| compared.policy != *base_policy).collect();
    let records: Vec<NamedRecord> = plain
        .iter()
        .map(|(compared, _)| NamedRecord {
            id: compared.view.clone(),
            label: view_label(model, &compared.view),
        })
        .collect();
    let mut policies: Vec<NamedRecord> = Vec::new();
    for (compared, _) in &policed {
        if !policies.iter().any(|known| known.id == compared.policy) {
            let known = model.policies.iter().find(|policy| policy.name == compared.policy);
            let label = known.map_or_else(|| compared.policy.clone(), |policy| policy.label.clone());
            policies.push(NamedRecord { id: compared.policy.clone(), label });
        }
    }
    let whole: f64 = options.weights.iter().map(|(_, weight)| weight).sum();
    let weights: Vec<WeightRecord> = options
        .weights
        .iter()
        .map(|(view, weight)| WeightRecord { view: view.clone(), share: weight / whole })
        .collect();
    let builder = Builder {
        n_replications: views.design.n_replications as usize,
        plain: &plain,
        policed: &policed,
        gap,
        weights: &weights,
    };
    let places: Vec<usize> = if options.questions.is_empty() {
        (0..subject.asked.len()).collect()
    } else {
        options.questions.clone()
    };
    let mut questions: Vec<QuestionComparison> =
        places.into_iter().map(|place| builder.question(place, &subject.asked[place])).collect();
    for question in &mut questions {
        question.sentences = words::sentences(question, &records, &policies, &weights);
    }
    let n_failed: usize = views.runs.iter().map(|(_, outcomes)| outcomes.n_failed_runs).sum();
    let n_coalitions = gap.map_or(0, |gap| gap.coalitions.len());
    let mut warnings = Vec::new();
    if n_failed > 0 {
        warnings.push(format!("{n_failed} runs failed and count nowhere."));
    }
    ComparisonDocument {
        schema: COMPARISON_SCHEMA.to_owned(),
        version: options.version.clone(),
        title: model.title.clone(),
        model_hash: model.hash.clone(),
        seed: views.design.seed,
        n_draws: views.design.n_draws as usize,
        n_replications: views.design.n_replications as usize,
        n_runs: (views.runs.len() + n_coalitions) * views.design.n_runs(),
        pair: gap.map(|gap| gap.pair.map(|place| views.runs[place].0.view.clone())),
        group_by: options.group_by.name().to_owned(),
        groups: gap.map_or_else(Vec::new, |gap| {
            gap.groups
                .iter()
                .map(|group| GroupRecord {
                    name: group.name.clone(),
                    label: group.label.clone(),
                    members: group.members.clone(),
                })
                .collect()
        }),
        n_orders: gap.and_then(|gap| gap.orders.n_drawn()),
        views: records,
        policies,
        weights,
        questions,
        warnings,
        directory: options.directory.clone(),
    }
}

fn view_label(model: &CheckedModel, name: &str) -> String {
    let view = model.views.iter().find(|view| view.name == name);
    view.map_or_else(|| "the model's own assumptions".to_owned(), |view| view.label.clone())
}

struct Builder<'a> {
    n_replications: usize,
    plain: &'a [&'a (Compared, Outcomes)],
    policed: &'a [&'a (Compared, Outcomes)],
    gap: Option<&'a GapRuns>,
    weights: &'a [WeightRecord],
}

impl Builder<'_> {
    fn column<'o>(&self, outcomes: &'o Outcomes, question: usize) -> OutcomeColumn<'o> {
        let find = |role: OutcomeRole| {
            let place = outcomes
                .outcomes
                .iter()
                .position(|outcome| outcome.question == question && outcome.role == role)?;
            Some(outcomes.values[place].as_slice())
        };
        let values = find(OutcomeRole::Value).expect("every question has an outcome column");
        OutcomeColumn::new(values, self.n_replications).given(find(OutcomeRole::Given))
    }

    fn question(&self, place: usize, asked: &Asked) -> QuestionComparison {
        let every = self.plain.iter().chain(self.policed).map(|(_, outcomes)| outcomes);
        let every = every.chain(self.gap.iter().flat_map(|gap| &gap.coalitions));
        let never_comes = asked.kind != QuestionKind::Probability
            && every
                .into_iter()
                .any(|outcomes| self.column(outcomes, place).values.iter().any(|value| value.is_infinite()));
        let (valued, compared) = match (asked.kind, never_comes) {
            (QuestionKind::Probability, _) => (Valued::Mean, ComparedNumber::Probability),
            (_, true) => (Valued::Comes, ComparedNumber::ShareThatComes),
            (_, false) => (Valued::Mean, ComparedNumber::Mean),
        };
        let is_share = compared != ComparedNumber::Mean;
        let scale = if is_share { 1.0 } else { asked.scale };
        let record = |found: &Difference| EstimateRecord {
            value: found.value / scale,
            low: found.interval.low / scale,
            high: found.interval.high / scale,
            standard_error: found.standard_error / scale,
        };
        let cut = |found: EstimateRecord| {
            if is_share {
                EstimateRecord { low: found.low.max(0.0), high: found.high.min(1.0), ..found }
            } else {
                found
            }
        };
        let columns: Vec<OutcomeColumn<'_>> =
            self.plain.iter().map(|(_, outcomes)| self.column(outcomes, place)).collect();
        let values: Vec<ViewValue> = self
            .plain
            .iter()
            .zip(&columns)
            .map(|((compared, _), column)| {
                let found = combined(&[*column], &[1.0], valued);
                ViewValue {
                    view: compared.view.clone(),
                    unanswerable: found.as_ref().err().map(ToString::to_string),
                    value: found.ok().map(|found| cut(record(&found))),
                }
            })
            .collect();
        let pooled = (!self.weights.is_empty())
            .then(|| {
                let of = |weight: &WeightRecord| {
                    self.plain.iter().position(|(compared, _)| compared.view == weight.view)
                };
                let places: Vec<usize> = self.weights.iter().filter_map(of).collect();
                let pooled: Vec<OutcomeColumn<'_>> = places.iter().map(|&place| columns[place]).collect();
                let shares: Vec<f64> = self.weights.iter().map(|weight| weight.share).collect();
                combined(&pooled, &shares, valued).ok().map(|found| cut(record(&found)))
            })
            .flatten();
        let waterfall = self.gap.and_then(|gap| {
            let of_coalitions: Vec<OutcomeColumn<'_>> =
                gap.coalitions.iter().map(|outcomes| self.column(outcomes, place)).collect();
            let found = shapley(&gap.orders, &of_coalitions, valued).ok()?;
            let mut parts: Vec<PartRecord> = found
                .parts
                .iter()
                .map(|part| {
                    let group = &gap.groups[part.group];
                    PartRecord {
                        group: group.name.clone(),
                        label: group.label.clone(),
                        part: record(&part.part),
                        distinguishable: part.part.is_distinguishable(),
                        first: part.first / scale,
                        last: part.last / scale,
                    }
                })
                .collect();
            parts.sort_by(|a, b| b.part.value.abs().total_cmp(&a.part.value.abs()));
            Some(WaterfallRecord {
                from: found.from / scale,
                to: found.to / scale,
                gap: record(&found.gap),
                parts,
            })
        });
        let policies = self
            .policed
            .iter()
            .map(|(compared, outcomes)| {
                let with = self.column(outcomes, place);
                let without = self.plain.iter().position(|(plain, _)| plain.view == compared.view);
                let change =
                    without.and_then(|place| combined(&[with, columns[place]], &[1.0, -1.0], valued).ok());
                PolicyChange {
                    policy: compared.policy.clone(),
                    view: compared.view.clone(),
                    value: combined(&[with], &[1.0], valued).ok().map(|found| cut(record(&found))),
                    distinguishable: change.is_some_and(|change| change.is_distinguishable()),
                    change: change.as_ref().map(record),
                }
            })
            .collect();
        QuestionComparison {
            id: asked.id.clone(),
            label: asked.label.clone(),
            when: asked.when.clone(),
            kind: asked.kind,
            compared,
            unit: if is_share { None } else { asked.unit.clone() },
            agreement: self.agreement(&values, &columns, valued, is_share, &record),
            views: values,
            pooled,
            waterfall,
            policies,
            sentences: Vec::new(),
        }
    }

    /// The widest gap; none with fewer than two numbers.
    fn agreement(
        &self,
        values: &[ViewValue],
        columns: &[OutcomeColumn<'_>],
        valued: Valued,
        is_share: bool,
        record: &dyn Fn(&Difference) -> EstimateRecord,
    ) -> Option<Agreement> {
        let known: Vec<(usize, f64)> = values
            .iter()
            .enumerate()
            .filter_map(|(place, value)| value.value.map(|value| (place, value.value)))
            .collect();
        let lowest = known.iter().min_by(|a, b| a.1.total_cmp(&b.1))?.0;
        let highest = known.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1))?.0;
        if known.len() < 2 {
            return None;
        }
        let gap = combined(&[columns[highest], columns[lowest]], &[1.0, -1.0], valued).ok()?;
        let distinguishable = gap.is_distinguishable();
        Some(Agreement {
            lowest: values[lowest].view.clone(),
            highest: values[highest].view.clone(),
            agree: !distinguishable || (is_share && gap.value <= words::AGREEING),
            distinguishable,
            gap: record(&gap),
        })
    }
}
