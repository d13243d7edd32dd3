//! Builds the sensitivity document.
//!
//! Enters: the columns of an ensemble, or the outcomes over a design. Leaves: a [`SensitivityDocument`]. Always holds: an
//! index is cut to what a share can be only where it is shown, never before it is ranked; a question whose runs do not
//! all count is left to the ensemble.

use contingent_analysis::groups::{AssumptionGroup, GroupIndexKind, group_indices};
use contingent_analysis::{
    AssumptionColumn, Basis, BootstrapOptions, Direction, DrawTotals, FirstOrder, FirstOrderIndex,
    IndexEstimate, OutcomeColumn, RankedAssumptions, RegressionBasis, elementary_effects, first_order,
    saltelli,
};
use contingent_engine::OutcomeRole;
use contingent_ensemble::Experiment;
use contingent_ensemble::store::StoredExperiment;
use contingent_model::{CheckedModel, Measure, Quantity};

use super::designed::{DesignKind, DesignedRuns};
use super::factors::{Factor, Factors, GroupBy, factors};
use super::words;
use crate::answer::{QuestionKind, assumption_of, when};
use crate::discover::ExperimentColumns;
use contingent_report::document::sensitivity::{
    DesignSummary, EstimateRecord, FactorFinding, FactorRecord, PairFinding, QuestionSensitivity,
    SENSITIVITY_SCHEMA, SensitivityDocument,
};

/// Straight pieces of a fit on each assumption of a group.
const N_PIECES: usize = 4;

/// What the caller adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// Version of the program.
    pub version: String,
    /// Positions of the questions; all when empty.
    pub questions: Vec<usize>,
    /// Bootstrap replicates.
    pub n_bootstraps: usize,
    /// Where it is written.
    pub directory: Option<String>,
}

/// A question as far as it is needed here.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Name.
    pub id: String,
    /// In words.
    pub label: String,
    /// The time it is about.
    pub when: String,
    /// What it asks for.
    pub kind: QuestionKind,
    /// Unit of its numbers.
    pub unit: Option<String>,
    /// Base units in one shown unit.
    pub scale: f64,
    /// Whether it has a condition.
    pub is_conditional: bool,
}

/// What the document is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Title of the model.
    pub title: String,
    /// Hash over its texts.
    pub model_hash: String,
    /// Name of the view.
    pub view: String,
    /// In words.
    pub view_label: Option<String>,
    /// Name of the policy.
    pub policy: String,
    /// In words.
    pub policy_label: Option<String>,
    /// Key of every random stream.
    pub seed: u64,
    /// The questions.
    pub asked: Vec<Asked>,
}

impl Subject {
    /// A model under a view and a policy.
    pub fn of(model: &CheckedModel, view: &str, policy: &str, seed: u64) -> Self {
        let viewed = model.views.iter().find(|candidate| candidate.name == view);
        let policed = model.policies.iter().find(|candidate| candidate.name == policy);
        Self {
            title: model.title.clone(),
            model_hash: model.hash.clone(),
            view: view.to_owned(),
            view_label: viewed.map(|view| view.label.clone()),
            policy: policy.to_owned(),
            policy_label: policed.map(|policy| policy.label.clone()),
            seed,
            asked: (0..model.questions.len()).map(|question| asked(model, question)).collect(),
        }
    }
}

fn asked(model: &CheckedModel, question: usize) -> Asked {
    let question = &model.questions[question];
    let kind = match question.measure {
        Measure::Probability(_) => QuestionKind::Probability,
        Measure::Distribution(Quantity::FirstTime { .. }) => QuestionKind::FirstTime,
        Measure::Distribution(Quantity::At { .. }) => QuestionKind::Quantity,
    };
    let is_number = kind != QuestionKind::Probability;
    Asked {
        id: question.name.clone(),
        label: question.text.clone(),
        when: when(model, &question.measure),
        kind,
        unit: is_number.then(|| question.unit.text.clone()),
        scale: if is_number { question.unit.scale } else { 1.0 },
        is_conditional: question.given.is_some(),
    }
}

/// An assumption of an ensemble.
struct Input<'a> {
    name: String,
    values: &'a [f64],
    /// Names of its alternatives; none for a number.
    alternatives: Option<Vec<String>>,
}

/// The document of an ensemble of a model.
pub fn from_columns(
    model: &CheckedModel,
    experiment: &Experiment,
    columns: &ExperimentColumns,
    group_by: GroupBy,
    options: &BuildOptions,
) -> SensitivityDocument {
    let subject = Subject::of(model, &columns.view, &columns.policy, columns.design.seed);
    let inputs: Vec<Input<'_>> = columns
        .parameters
        .iter()
        .zip(&columns.values)
        .map(|(parameter, values)| Input {
            name: parameter.name.clone(),
            values,
            alternatives: alternatives(model, parameter),
        })
        .collect();
    let varies = |place: usize| inputs[place].values.windows(2).any(|pair| pair[0] != pair[1]);
    let found = factors(model, experiment, &columns.parameters, varies, group_by, false);
    let outcomes: Vec<(&[f64], Option<&[f64]>)> =
        columns.questions.iter().map(|(values, given)| (values.as_slice(), given.as_deref())).collect();
    let ensemble = Ensemble {
        inputs: &inputs,
        factors: &found,
        outcomes: &outcomes,
        n_draws: columns.design.n_draws as usize,
        n_replications: columns.design.n_replications as usize,
    };
    ensemble.document(&subject, group_by, columns.complete, options)
}

fn alternatives(model: &CheckedModel, parameter: &contingent_engine::Parameter) -> Option<Vec<String>> {
    assumption_of(model, parameter).map(|(_, names)| names.to_vec()).filter(|names| !names.is_empty())
}

/// The document of an ensemble whose model is not at hand: names stand for labels, and small whole numbers without unit
/// for alternatives.
pub fn from_stored_alone(stored: &StoredExperiment, options: &BuildOptions) -> SensitivityDocument {
    let m = stored.design().n_replications.max(1) as usize;
    let n_draws = usize::try_from(stored.record.n_finished_runs).unwrap_or(0) / m;
    let inputs: Vec<Input<'_>> = stored
        .assumptions
        .iter()
        .map(|column| {
            let values = &column.values[..n_draws.min(column.values.len())];
            Input {
                name: column.name.clone(),
                values,
                alternatives: look_like_alternatives(&column.unit, values),
            }
        })
        .collect();
    let found = Factors {
        factors: inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| input.values.windows(2).any(|pair| pair[0] != pair[1]))
            .map(|(place, input)| Factor {
                name: input.name.clone(),
                label: input.name.clone(),
                members: vec![place],
            })
            .collect(),
        notes: vec![
            "The model itself was not given: names stand for labels, assumptions without unit that are small whole numbers \
             are taken for alternatives."
                .to_owned(),
        ],
    };
    let of_runs = |name: &str| stored.outcomes.iter().find(|column| column.name == name);
    let is_true_or_false = |name: &str| {
        stored
            .manifest
            .files
            .iter()
            .flat_map(|file| &file.columns)
            .any(|column| column.name == name && column.physical_type == "int32")
    };
    let names = stored.outcomes.iter().filter(|column| answers_a_question(&column.name));
    let asked: Vec<Asked> = names
        .map(|column| {
            let kind = if is_true_or_false(&column.name) {
                QuestionKind::Probability
            } else if column.values.iter().any(|value| value.is_infinite()) {
                QuestionKind::FirstTime
            } else {
                QuestionKind::Quantity
            };
            Asked {
                id: column.name.clone(),
                label: column.name.clone(),
                when: String::new(),
                kind,
                unit: (kind != QuestionKind::Probability).then(|| column.unit.clone()),
                scale: 1.0,
                is_conditional: of_runs(&format!("{}.given", column.name)).is_some(),
            }
        })
        .collect();
    let cut = |values: &'_ [f64]| values.len().min(n_draws * m);
    let outcomes: Vec<(&[f64], Option<&[f64]>)> = asked
        .iter()
        .map(|asked| {
            let values = of_runs(&asked.id).map_or(&[] as &[f64], |column| column.values.as_slice());
            let given = of_runs(&format!("{}.given", asked.id)).map(|column| column.values.as_slice());
            (&values[..cut(values)], given.map(|given| &given[..cut(given)]))
        })
        .collect();
    let subject = Subject {
        title: stored.manifest.model.title.clone(),
        model_hash: stored.manifest.model.hash.clone(),
        view: stored.record.view.clone(),
        view_label: None,
        policy: stored.record.policy.clone(),
        policy_label: None,
        seed: stored.manifest.seed,
        asked,
    };
    let complete = n_draws == stored.design().n_draws as usize;
    let ensemble =
        Ensemble { inputs: &inputs, factors: &found, outcomes: &outcomes, n_draws, n_replications: m };
    ensemble.document(&subject, GroupBy::Assumption, complete, options)
}

/// The positions as names when a column could be alternatives.
fn look_like_alternatives(unit: &str, values: &[f64]) -> Option<Vec<String>> {
    const MOST: f64 = 20.0;
    let highest = values.iter().copied().fold(0.0, f64::max);
    let fits =
        unit == "1" && values.iter().all(|&value| (0.0..=MOST).contains(&value) && value.fract() == 0.0);
    fits.then(|| (0..=highest as usize).map(|place| format!("alternative {}", place + 1)).collect())
}

struct Ensemble<'a> {
    inputs: &'a [Input<'a>],
    factors: &'a Factors,
    outcomes: &'a [(&'a [f64], Option<&'a [f64]>)],
    n_draws: usize,
    n_replications: usize,
}

impl Ensemble<'_> {
    fn document(
        &self,
        subject: &Subject,
        group_by: GroupBy,
        complete: bool,
        options: &BuildOptions,
    ) -> SensitivityDocument {
        let columns: Vec<AssumptionColumn<'_>> = self
            .inputs
            .iter()
            .map(|input| AssumptionColumn { values: input.values, is_category: input.alternatives.is_some() })
            .collect();
        let ranked = RankedAssumptions::new(&columns);
        // Only groups of several are fitted.
        let basis = (group_by != GroupBy::Assumption).then(|| RegressionBasis::new(&columns, N_PIECES));
        let questions = chosen(subject, options)
            .map(|place| {
                let (values, given) = self.outcomes[place];
                let column = OutcomeColumn::new(values, self.n_replications).given(given);
                self.question(&subject.asked[place], &ranked, basis.as_ref(), &column)
            })
            .collect();
        let mut warnings = self.factors.notes.clone();
        if !complete {
            warnings.push(format!("The ensemble was stopped early: {} draws count.", self.n_draws));
        }
        let names: Vec<&str> = self.inputs.iter().map(|input| input.name.as_str()).collect();
        document(
            subject,
            group_by,
            DesignSummary {
                kind: DesignKind::Ensemble.name().to_owned(),
                n_points: self.n_draws,
                n_rows: 1,
                n_replications: self.n_replications,
                n_runs: self.n_draws * self.n_replications,
                complete,
                n_bootstraps: None,
            },
            factor_records(self.factors, &names),
            questions,
            warnings,
            options,
        )
    }

    fn question(
        &self,
        asked: &Asked,
        ranked: &RankedAssumptions,
        basis: Option<&RegressionBasis>,
        column: &OutcomeColumn<'_>,
    ) -> QuestionSensitivity {
        let mut question = empty(asked);
        let found = match first_order(ranked, column) {
            Ok(found) => found,
            Err(reason) => {
                question.unanswerable = Some(reason.to_string());
                return with_sentences(question);
            }
        };
        question.probability = probability(asked, column);
        set_basis(&mut question, &found);
        question.variance = Some(found.variance / (asked.scale * asked.scale));
        question.distinguishable = found.variance_distinguishable;
        if let Some(basis) = basis {
            let groups: Vec<AssumptionGroup> = self
                .factors
                .factors
                .iter()
                .map(|factor| AssumptionGroup { members: factor.members.clone() })
                .collect();
            if let Ok(grouped) = group_indices(ranked, basis, column, &groups) {
                for index in &grouped.indices {
                    let factor = &self.factors.factors[index.group];
                    // A group of one has a direction.
                    let of_one = match factor.members.as_slice() {
                        [only] => found.indices.iter().find(|index| index.assumption == *only),
                        _ => None,
                    };
                    let mut finding =
                        of_one.map_or_else(|| unordered(factor), |index| self.finding(asked, factor, index));
                    finding.distinguishable = index.distinguishable;
                    finding.tied_with_next = index.tied_with_next;
                    finding.first_is_bound = index.kind == GroupIndexKind::AtLeast;
                    finding.first = Some(EstimateRecord {
                        value: index.index,
                        low: index.interval.low,
                        high: index.interval.high,
                        standard_error: index.standard_error,
                    });
                    question.factors.push(finding);
                }
                for &group in &grouped.untold {
                    question.factors.push(unordered(&self.factors.factors[group]));
                }
            }
        } else {
            question.factors = found
                .indices
                .iter()
                .filter_map(|index| {
                    let factor =
                        self.factors.factors.iter().find(|factor| factor.members == [index.assumption])?;
                    Some(self.finding(asked, factor, index))
                })
                .collect();
        }
        with_sentences(question)
    }

    fn finding(&self, asked: &Asked, factor: &Factor, index: &FirstOrderIndex) -> FactorFinding {
        let mut finding = unordered(factor);
        finding.distinguishable = index.distinguishable;
        finding.tied_with_next = index.tied_with_next;
        finding.first = Some(EstimateRecord {
            value: index.index,
            low: index.interval.low,
            high: index.interval.high,
            standard_error: index.standard_error,
        });
        set_thirds(&mut finding, asked, index, self.inputs[index.assumption].alternatives.as_deref());
        finding
    }
}

/// The document of a design.
pub fn from_design(
    model: &CheckedModel,
    experiment: &Experiment,
    runs: &DesignedRuns,
    group_by: GroupBy,
    options: &BuildOptions,
) -> SensitivityDocument {
    let view = experiment.view_name(model);
    let policy = experiment.policy_name(model);
    let subject = Subject::of(model, view, policy, runs.plan.seed);
    let n_points = runs.n_whole_points();
    let m = runs.plan.n_replications as usize;
    let questions = chosen(&subject, options)
        .map(|place| designed_question(model, &subject.asked[place], place, runs, options))
        .collect();
    let mut warnings = runs.factors.notes.clone();
    if !runs.is_complete() {
        warnings.push(format!(
            "The design was stopped early: {n_points} of {} points count.",
            runs.plan.n_points
        ));
    }
    if runs.result.n_failed_runs > 0 {
        let first = runs.result.first_failure.as_ref().map_or_else(String::new, |failure| {
            format!("; the first: {} at time {}: {}", failure.variable, failure.time, failure.cause)
        });
        warnings.push(format!(
            "{} runs failed, and their points are left out{first}.",
            runs.result.n_failed_runs
        ));
    }
    let names: Vec<&str> = runs.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    document(
        &subject,
        group_by,
        DesignSummary {
            kind: runs.plan.kind.name().to_owned(),
            n_points,
            n_rows: runs.n_rows(),
            n_replications: m,
            n_runs: n_points * runs.n_rows() * m,
            complete: runs.is_complete(),
            n_bootstraps: Some(options.n_bootstraps),
        },
        factor_records(&runs.factors, &names),
        questions,
        warnings,
        options,
    )
}

fn designed_question(
    model: &CheckedModel,
    asked: &Asked,
    place: usize,
    runs: &DesignedRuns,
    options: &BuildOptions,
) -> QuestionSensitivity {
    let mut question = empty(asked);
    if asked.is_conditional {
        question.unanswerable = Some(
            "it has a condition, which holds in different runs at different points of a design; `--design ensemble` can \
             tell"
                .to_owned(),
        );
        return with_sentences(question);
    }
    let column = runs
        .result
        .outcomes
        .iter()
        .position(|outcome| outcome.question == place && outcome.role == OutcomeRole::Value);
    let Some(column) = column else {
        question.unanswerable = Some("the runs have no column for it".to_owned());
        return with_sentences(question);
    };
    let m = runs.plan.n_replications as usize;
    let n_runs = runs.n_whole_points() * runs.n_rows() * m;
    let values: Vec<f64> =
        runs.result.outcome_values[column][..n_runs].iter().map(|value| value / asked.scale).collect();
    let outcome = OutcomeColumn::new(&values, m);
    let bootstrap = BootstrapOptions { n_replicates: options.n_bootstraps, seed: runs.plan.seed };
    let shown = Asked { scale: 1.0, ..asked.clone() };
    match runs.plan.kind {
        DesignKind::Saltelli => {
            let found = match saltelli(runs.saltelli(), &outcome, bootstrap) {
                Ok(found) => found,
                Err(reason) => {
                    question.unanswerable = Some(reason.to_string());
                    return with_sentences(question);
                }
            };
            question.on_ranks = found.on_ranks;
            question.share_of = share_of(true, found.on_ranks);
            question.variance = Some(found.variance.value);
            question.distinguishable = found.variance_distinguishable;
            question.n_points_dropped = found.n_points_dropped;
            let ensemble = both_draws(model, runs, &values);
            question.probability = probability(&shown, &OutcomeColumn::new(&ensemble.outcomes, m));
            let directions = ensemble.directions(m);
            for indices in &found.factors {
                let factor = &runs.factors.factors[indices.factor];
                let mut finding = unordered(factor);
                finding.distinguishable = indices.distinguishable;
                finding.tied_with_next = indices.tied_with_next;
                finding.first = Some(record(&indices.first, 1.0));
                finding.total = Some(record(&indices.total, 1.0));
                finding.shared = Some(record(&indices.shared, 1.0));
                finding.share_unmoved = Some(indices.share_unmoved);
                if let ([only], Some(directions)) = (factor.members.as_slice(), &directions)
                    && let Some(index) = directions.indices.iter().find(|index| index.assumption == *only)
                {
                    let names = alternatives(model, &runs.parameters[*only]);
                    set_thirds(&mut finding, &shown, index, names.as_deref());
                }
                question.factors.push(finding);
            }
            question.pairs = found
                .pairs
                .iter()
                .map(|pair| {
                    let of = pair.factors.map(|factor| &runs.factors.factors[factor]);
                    PairFinding {
                        factors: of.map(|factor| factor.name.clone()),
                        labels: of.map(|factor| factor.label.clone()),
                        index: record(&pair.index, 1.0),
                        distinguishable: pair.distinguishable,
                    }
                })
                .collect();
        }
        DesignKind::Morris | DesignKind::Radial => {
            let step = |point: usize, factor: usize| runs.step(model, point, factor);
            let found = match elementary_effects(&runs.morris(), &outcome, &step, bootstrap) {
                Ok(found) => found,
                Err(reason) => {
                    question.unanswerable = Some(reason.to_string());
                    return with_sentences(question);
                }
            };
            question.on_ranks = found.on_ranks;
            question.share_of = if found.on_ranks {
                "change of the rank among all outcomes over half the range of each".to_owned()
            } else {
                "change of the answer over half the range of each".to_owned()
            };
            question.probability = (asked.kind == QuestionKind::Probability).then_some(found.mean);
            question.n_points_dropped = found.n_points_dropped;
            question.distinguishable = found.factors.iter().any(|effect| effect.distinguishable);
            question.factors = found
                .factors
                .iter()
                .map(|effect| {
                    let mut finding = unordered(&runs.factors.factors[effect.factor]);
                    finding.distinguishable = effect.distinguishable;
                    finding.tied_with_next = effect.tied_with_next;
                    finding.mu = effect.mu.as_ref().map(|mu| record(mu, 1.0));
                    finding.mu_star = Some(record(&effect.mu_star, 1.0));
                    finding.sigma = Some(record(&effect.sigma, 1.0));
                    finding.share_unmoved = Some(effect.share_unmoved);
                    if let Some(mu) = &effect.mu {
                        let direction = if mu.interval.low > 0.0 {
                            Direction::Higher
                        } else if mu.interval.high < 0.0 {
                            Direction::Lower
                        } else {
                            Direction::Unclear
                        };
                        let (name, words) = words::direction(direction, asked.kind);
                        finding.direction = name.to_owned();
                        finding.direction_words = words.to_owned();
                    }
                    finding
                })
                .collect();
        }
        DesignKind::Ensemble => unreachable!("an ensemble is built from its columns"),
    }
    with_sentences(question)
}

/// The draws A and B of a Saltelli design: an ensemble of twice as many draws as points.
struct BothDraws {
    values: Vec<Vec<f64>>,
    is_category: Vec<bool>,
    outcomes: Vec<f64>,
}

fn both_draws(model: &CheckedModel, runs: &DesignedRuns, values: &[f64]) -> BothDraws {
    let n = runs.plan.n_points as usize;
    let n_whole = runs.n_whole_points();
    let m = runs.plan.n_replications as usize;
    let of_point = runs.n_rows() * m;
    let outcomes =
        (0..2).flat_map(|row| (0..n_whole).flat_map(move |point| &values[point * of_point + row * m..][..m]));
    BothDraws {
        values: runs
            .values
            .iter()
            .map(|column| column[..n_whole].iter().chain(&column[n..n + n_whole]).copied().collect())
            .collect(),
        is_category: runs
            .parameters
            .iter()
            .map(|parameter| alternatives(model, parameter).is_some())
            .collect(),
        outcomes: outcomes.copied().collect(),
    }
}

impl BothDraws {
    fn directions(&self, n_replications: usize) -> Option<FirstOrder> {
        let columns: Vec<AssumptionColumn<'_>> = self
            .values
            .iter()
            .zip(&self.is_category)
            .map(|(values, &is_category)| AssumptionColumn { values, is_category })
            .collect();
        let column = OutcomeColumn::new(&self.outcomes, n_replications);
        first_order(&RankedAssumptions::new(&columns), &column).ok()
    }
}

fn chosen(subject: &Subject, options: &BuildOptions) -> impl Iterator<Item = usize> {
    let places = if options.questions.is_empty() {
        (0..subject.asked.len()).collect()
    } else {
        options.questions.clone()
    };
    places.into_iter()
}

fn document(
    subject: &Subject,
    group_by: GroupBy,
    design: DesignSummary,
    factors: Vec<FactorRecord>,
    questions: Vec<QuestionSensitivity>,
    warnings: Vec<String>,
    options: &BuildOptions,
) -> SensitivityDocument {
    SensitivityDocument {
        schema: SENSITIVITY_SCHEMA.to_owned(),
        version: options.version.clone(),
        title: subject.title.clone(),
        model_hash: subject.model_hash.clone(),
        view: subject.view.clone(),
        view_label: subject.view_label.clone(),
        policy: subject.policy.clone(),
        policy_label: subject.policy_label.clone(),
        seed: subject.seed,
        design,
        group_by: group_by.name().to_owned(),
        factors,
        questions,
        warnings,
        directory: options.directory.clone(),
    }
}

fn factor_records(factors: &Factors, names: &[&str]) -> Vec<FactorRecord> {
    factors
        .factors
        .iter()
        .map(|factor| FactorRecord {
            name: factor.name.clone(),
            label: factor.label.clone(),
            members: factor.members.iter().map(|&member| names[member].to_owned()).collect(),
        })
        .collect()
}

fn empty(asked: &Asked) -> QuestionSensitivity {
    QuestionSensitivity {
        id: asked.id.clone(),
        label: asked.label.clone(),
        when: asked.when.clone(),
        kind: asked.kind,
        unit: asked.unit.clone(),
        probability: None,
        unanswerable: None,
        share_of: share_of(true, false),
        without_chance: true,
        on_ranks: false,
        variance: None,
        distinguishable: false,
        n_points_dropped: 0,
        factors: Vec::new(),
        pairs: Vec::new(),
        sentences: Vec::new(),
    }
}

fn unordered(factor: &Factor) -> FactorFinding {
    FactorFinding {
        factor: factor.name.clone(),
        label: factor.label.clone(),
        rank: 0,
        tied_with_next: false,
        distinguishable: false,
        first: None,
        first_is_bound: false,
        total: None,
        shared: None,
        mu: None,
        mu_star: None,
        sigma: None,
        share_unmoved: None,
        direction: "unordered".to_owned(),
        direction_words: String::new(),
        low_third: None,
        high_third: None,
        alternatives: None,
    }
}

fn set_basis(question: &mut QuestionSensitivity, found: &FirstOrder) {
    question.without_chance = found.basis == Basis::ExpectedOutcome;
    question.on_ranks = found.on_ranks;
    question.share_of = share_of(question.without_chance, found.on_ranks);
}

fn share_of(without_chance: bool, on_ranks: bool) -> String {
    let of = if without_chance {
        "what the assumptions decide"
    } else {
        "the variance of single runs, chance included"
    };
    if on_ranks { format!("{of}, in the order of the outcomes") } else { of.to_owned() }
}

fn set_thirds(
    finding: &mut FactorFinding,
    asked: &Asked,
    index: &FirstOrderIndex,
    alternatives: Option<&[String]>,
) {
    let shown = |value: f64| value.is_finite().then(|| value / asked.scale);
    let (name, words) = words::direction(index.direction, asked.kind);
    finding.direction = name.to_owned();
    finding.direction_words = words.to_owned();
    finding.low_third = shown(index.low_third);
    finding.high_third = shown(index.high_third);
    if let (Some((lowest, highest)), Some(names)) = (index.extreme_alternatives, alternatives) {
        let name = |value: f64| names.get(value as usize).cloned().unwrap_or_default();
        finding.alternatives = Some([name(lowest), name(highest)]);
    }
}

fn record(estimate: &IndexEstimate, scale: f64) -> EstimateRecord {
    EstimateRecord {
        value: estimate.value / scale,
        low: estimate.interval.low / scale,
        high: estimate.interval.high / scale,
        standard_error: estimate.standard_error / scale,
    }
}

fn probability(asked: &Asked, column: &OutcomeColumn<'_>) -> Option<f64> {
    (asked.kind == QuestionKind::Probability)
        .then(|| DrawTotals::new(column, |value| value).ok().map(|totals| totals.mean))
        .flatten()
}

/// Ranks and sentences: the last things, because they look at everything.
fn with_sentences(mut question: QuestionSensitivity) -> QuestionSensitivity {
    let mut rank = 1;
    for place in 0..question.factors.len() {
        if place > 0 && !question.factors[place - 1].tied_with_next {
            rank = place + 1;
        }
        question.factors[place].rank = rank;
    }
    question.sentences = words::sentences(&question);
    question
}

/// Whether a column of outcomes is the answer of a question, and not what stands beside it: whether its condition held,
/// when it settled, how well a run fits data.
pub fn answers_a_question(column: &str) -> bool {
    !matches!(column.rsplit_once('.'), Some((_, "given" | "first_time")))
        && !column.starts_with("log_likelihood.")
}
