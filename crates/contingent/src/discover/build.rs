//! Builds the discovery document from the columns of one experiment.
//!
//! Enters: a model, [`ExperimentColumns`], what is asked. Leaves: a [`DiscoveryDocument`] and, per outcome, the box in
//! which each draw lies. Always holds: bounds are found and rounded in the units in which they are said; the order of
//! threads changes nothing.

use contingent_analysis::discovery::{
    self, Branch, CurvePoint, Discovery, DiscoveryOptions, DrawTable, Ending, FoundBox, Region, Restriction,
    Target, discover,
};
use contingent_analysis::{AssumptionColumn, OutcomeColumn};
use contingent_model::{CheckedModel, Measure, Quantity, Question};
use rayon::prelude::*;

use super::columns::ExperimentColumns;
use super::words::{self, Claim, Scale};
use crate::answer::{assumption_of, date_at, iso_date_in_words, parameter_label, when};
use contingent_report::document::discovery::{
    BoxRecord, CurveRecord, DISCOVERY_SCHEMA, DiscoveryDocument, MethodRecord, OutcomeDiscovery,
    RestrictionRecord, SeenRecord, ShareRecord, TogetherRecord, TreeRecord,
};

/// Above this share of yes the futures with a no are what stands out, and they are searched for unless the user says
/// otherwise.
const MOSTLY_YES: f64 = 2.0 / 3.0;

/// A share of the repeated searches from which an assumption that is not in the box is mentioned.
const OFTEN_SEEN: f64 = 0.25;

/// Which outcome of a question is searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum AskedOutcome {
    /// Yes, or no where yes is the rule; for a number its upper and its lower third.
    #[default]
    Usual,
    /// Yes.
    Yes,
    /// No.
    No,
    /// The number lies above this, in the unit of the question.
    Above(f64),
    /// The number lies below this.
    Below(f64),
}

/// What is to be searched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Positions of the questions; all when empty.
    pub questions: Vec<usize>,
    /// Which outcome.
    pub outcome: AskedOutcome,
}

/// What the caller adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// Version of the program.
    pub version: String,
    /// Where the runs lie.
    pub run_directory: Option<String>,
}

/// What cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoverError {
    /// Not one draw finished.
    NoFinishedDraw,
    /// A bound was given for a question that asks for a probability.
    BoundForProbability {
        /// Name of the question.
        question: String,
    },
    /// Yes or no was asked of a question that asks for a number.
    YesOrNoForNumber {
        /// Name of the question.
        question: String,
    },
}

impl std::fmt::Display for DiscoverError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoFinishedDraw => write!(out, "not one draw finished, so there is nothing to search"),
            Self::BoundForProbability { question } => write!(
                out,
                "`{question}` asks for a probability, so `--above` and `--below` say nothing about it\nhelp: use `--where \
                 yes` or `--where no`, or name a question that asks for a number"
            ),
            Self::YesOrNoForNumber { question } => write!(
                out,
                "`{question}` asks for a number, so `--where` says nothing about it\nhelp: use `--above NUMBER` or `--below \
                 NUMBER`"
            ),
        }
    }
}

impl std::error::Error for DiscoverError {}

/// What was found: the document, and per outcome (by its id) the box of each draw: 0 for none, none where no run of the
/// draw counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The document.
    pub document: DiscoveryDocument,
    /// Per outcome its id and one value per draw.
    pub boxes_of_draws: Vec<(String, Vec<Option<i32>>)>,
}

/// Searches the outcomes of the wanted questions, on the threads of the pool that it is called in.
pub fn discover_scenarios(
    model: &CheckedModel,
    columns: &ExperimentColumns,
    wanted: &Wanted,
    options: &BuildOptions,
) -> Result<Found, DiscoverError> {
    if columns.design.n_draws == 0 {
        return Err(DiscoverError::NoFinishedDraw);
    }
    let search = DiscoveryOptions { seed: columns.design.seed, ..DiscoveryOptions::default() };
    let space = Space::new(model, columns);
    let questions: Vec<usize> = if wanted.questions.is_empty() {
        (0..model.questions.len()).collect()
    } else {
        wanted.questions.clone()
    };
    let mut hits = Vec::new();
    for &question in &questions {
        hits.extend(hits_of(model, columns, question, wanted.outcome)?);
    }
    let (outcomes, boxes_of_draws): (Vec<_>, Vec<_>) =
        hits.par_iter().map(|hit| space.search(hit, &search)).unzip();
    let mut warnings = Vec::new();
    if !columns.complete {
        warnings.push(format!("The ensemble was stopped early: {} draws count.", columns.design.n_draws));
    }
    let ids = outcomes.iter().map(|outcome| outcome.id.clone());
    let boxes_of_draws = ids.zip(boxes_of_draws).collect();
    let view = model.views.iter().find(|view| view.name == columns.view);
    let policy = model.policies.iter().find(|policy| policy.name == columns.policy);
    let document = DiscoveryDocument {
        schema: DISCOVERY_SCHEMA.to_owned(),
        version: options.version.clone(),
        title: model.title.clone(),
        model_hash: model.hash.clone(),
        view: columns.view.clone(),
        view_label: view.map(|view| view.label.clone()),
        policy: columns.policy.clone(),
        policy_label: policy.map(|policy| policy.label.clone()),
        seed: columns.design.seed,
        n_draws: columns.design.n_draws as usize,
        n_replications: columns.design.n_replications as usize,
        n_assumptions: space.table.n_varying(),
        method: MethodRecord {
            slab: search.slab,
            smallest: search.smallest,
            box_level: search.box_level,
            restriction_level: search.restriction_level,
            least_lift: search.least_lift,
            n_resamples: search.n_resamples,
        },
        outcomes,
        warnings,
        run_directory: options.run_directory.clone(),
    };
    Ok(Found { document, boxes_of_draws })
}

/// What counts as a hit.
struct Hit<'a> {
    question: &'a Question,
    column: OutcomeColumn<'a>,
    id: String,
    /// Which values are hits, in the unit of the question.
    test: Test,
    /// As a clause, and the same after "in which".
    clause: String,
    short: String,
}

#[derive(Clone, Copy)]
enum Test {
    Yes,
    No,
    Above(f64),
    Below(f64),
}

impl Test {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Yes => value == 1.0,
            Self::No => value == 0.0,
            Self::Above(bound) => value > bound || (bound.is_infinite() && value.is_infinite()),
            Self::Below(bound) => value < bound,
        }
    }
}

fn hits_of<'a>(
    model: &'a CheckedModel,
    columns: &'a ExperimentColumns,
    position: usize,
    asked: AskedOutcome,
) -> Result<Vec<Hit<'a>>, DiscoverError> {
    let question = &model.questions[position];
    let (values, given) = &columns.questions[position];
    let column = OutcomeColumn::new(values, columns.design.n_replications as usize).given(given.as_deref());
    let hit = |id: String, test: Test| {
        let (clause, short) = clause_of(model, question, test);
        Hit { question, column, id, test, clause, short }
    };
    let name = &question.name;
    if matches!(question.measure, Measure::Probability(_)) {
        let is_no = match asked {
            AskedOutcome::Yes => false,
            AskedOutcome::No => true,
            AskedOutcome::Usual => Target::new(&column, |value| value == 1.0)
                .is_ok_and(|target| target.share() > MOSTLY_YES && target.share() < 1.0),
            AskedOutcome::Above(_) | AskedOutcome::Below(_) => {
                return Err(DiscoverError::BoundForProbability { question: name.clone() });
            }
        };
        return Ok(vec![if is_no {
            hit(format!("{name}.no"), Test::No)
        } else {
            hit(name.clone(), Test::Yes)
        }]);
    }
    let above = |bound: f64| hit(format!("{name}.above"), Test::Above(bound));
    let below = |bound: f64| hit(format!("{name}.below"), Test::Below(bound));
    Ok(match asked {
        AskedOutcome::Above(bound) => vec![above(bound)],
        AskedOutcome::Below(bound) => vec![below(bound)],
        AskedOutcome::Yes | AskedOutcome::No => {
            return Err(DiscoverError::YesOrNoForNumber { question: name.clone() });
        }
        AskedOutcome::Usual => match thirds(&column) {
            // In most futures it never comes: that it comes at all is what is rare.
            Some((low, _)) if low.is_infinite() => vec![below(f64::INFINITY)],
            Some((low, high)) => vec![above(high), below(low)],
            None => vec![above(0.0)],
        },
    })
}

/// The two numbers that part the runs in thirds, with three significant digits.
fn thirds(column: &OutcomeColumn<'_>) -> Option<(f64, f64)> {
    let mut counted: Vec<f64> =
        (0..column.values.len()).filter(|&run| column.counts(run)).map(|run| column.values[run]).collect();
    counted.sort_unstable_by(f64::total_cmp);
    let n = counted.len();
    let at = |place: usize| {
        let value = *counted.get(place)?;
        if value.is_finite() { format!("{value:.2e}").parse().ok() } else { Some(value) }
    };
    Some((at(n / 3)?, at((2 * n / 3).min(n.saturating_sub(1)))?))
}

/// What counts as a hit in words: `the answer is yes` and `it is`.
fn clause_of(model: &CheckedModel, question: &Question, test: Test) -> (String, String) {
    let scale = Scale::new(&question.unit, f64::INFINITY);
    let is_time = matches!(question.measure, Measure::Distribution(Quantity::FirstTime { .. }));
    let dated = |bound: f64| {
        date_at(&model.clock, bound * question.unit.scale)
            .map_or_else(String::new, |date| format!(" ({})", iso_date_in_words(&date.to_string())))
    };
    match test {
        Test::Yes => ("the answer is yes".to_owned(), "it is".to_owned()),
        Test::No => ("the answer is no".to_owned(), "it is".to_owned()),
        Test::Above(bound) if is_time && bound.is_infinite() => {
            ("it never comes".to_owned(), "it never does".to_owned())
        }
        Test::Above(bound) if is_time => (
            format!("it comes after more than {}{} or never", scale.with(bound), dated(bound)),
            "it does".to_owned(),
        ),
        Test::Below(bound) if is_time && bound.is_infinite() => ("it comes".to_owned(), "it does".to_owned()),
        Test::Below(bound) if is_time => {
            (format!("it comes within {}{}", scale.with(bound), dated(bound)), "it does".to_owned())
        }
        Test::Above(bound) => {
            (format!("the number is {}", scale.range(Some(bound * scale.factor), None)), "it is".to_owned())
        }
        Test::Below(bound) => {
            (format!("the number is {}", scale.range(None, Some(bound * scale.factor))), "it is".to_owned())
        }
    }
}

/// The assumptions as they are searched and said.
struct Space<'a> {
    model: &'a CheckedModel,
    columns: &'a ExperimentColumns,
    table: DrawTable,
    scales: Vec<Scale>,
    subjects: Vec<String>,
}

impl<'a> Space<'a> {
    fn new(model: &'a CheckedModel, columns: &'a ExperimentColumns) -> Self {
        let mut scales = Vec::new();
        let mut shown = Vec::new();
        let mut is_category = Vec::new();
        let mut subjects = Vec::new();
        for (parameter, values) in columns.parameters.iter().zip(&columns.values) {
            let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
            let middle = sizes.len() / 2;
            sizes.select_nth_unstable_by(middle, f64::total_cmp);
            let of_alternatives = assumption_of(model, parameter).is_some_and(|(_, names)| !names.is_empty());
            let unit = &model.variable(parameter.variable).unit;
            let scale = if of_alternatives {
                Scale { factor: 1.0, sign: "", unit: String::new() }
            } else {
                Scale::new(unit, sizes[middle])
            };
            shown.push(values.iter().map(|value| value * scale.factor).collect::<Vec<f64>>());
            scales.push(scale);
            is_category.push(of_alternatives);
            subjects.push(words::subject(model, parameter));
        }
        let assumptions: Vec<AssumptionColumn<'_>> = shown
            .iter()
            .zip(&is_category)
            .map(|(values, &is_category)| AssumptionColumn { values, is_category })
            .collect();
        Self { model, columns, table: DrawTable::new(&assumptions), scales, subjects }
    }

    /// The middle nine tenths of the values of an assumption, in the unit in which its bounds are said.
    fn tried(&self, assumption: usize) -> Option<[f64; 2]> {
        let mut values = self.columns.values[assumption].clone();
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len();
        let at = |place: usize| {
            values.get(place.min(n.checked_sub(1)?)).map(|value| value * self.scales[assumption].factor)
        };
        Some([at(n / 20)?, at(n - n / 20)?])
    }

    /// The alternatives of an assumption that are not among those inside; none for a number.
    fn outside(&self, assumption: usize, inside: &[String]) -> Vec<String> {
        if inside.is_empty() {
            return Vec::new();
        }
        let names = assumption_of(self.model, &self.columns.parameters[assumption])
            .map_or(&[] as &[String], |(_, names)| names);
        names.iter().filter(|name| !inside.contains(name)).cloned().collect()
    }

    fn search(&self, hit: &Hit<'_>, options: &DiscoveryOptions) -> (OutcomeDiscovery, Vec<Option<i32>>) {
        let n_draws = self.table.n_draws().max(self.columns.design.n_draws as usize);
        let question = hit.question;
        let (threshold, unit) = match hit.test {
            Test::Yes | Test::No => (None, None),
            Test::Above(bound) | Test::Below(bound) => {
                (bound.is_finite().then_some(bound), Some(question.unit.text.clone()))
            }
        };
        let mut outcome = OutcomeDiscovery {
            id: hit.id.clone(),
            question: question.name.clone(),
            label: question.text.clone(),
            when: when(self.model, &question.measure),
            hit: hit.clause.clone(),
            threshold,
            unit,
            is_conditional: question.given.is_some(),
            base: None,
            n_draws: 0,
            ending: String::new(),
            ending_code: String::new(),
            boxes: Vec::new(),
            together: None,
            curve: Vec::new(),
            tree: Vec::new(),
            tree_explains: None,
        };
        let target = match Target::new(&hit.column, |value| hit.test.holds(value)) {
            Ok(target) if self.table.n_draws() > 0 => target,
            Ok(_) => {
                (outcome.ending, outcome.ending_code) = ending(Ending::NothingVaries, hit, 0);
                return (outcome, vec![None; n_draws]);
            }
            Err(reason) => {
                outcome.ending = format!("There is nothing to search: {reason}.");
                "unanswerable".clone_into(&mut outcome.ending_code);
                return (outcome, vec![None; n_draws]);
            }
        };
        let found = discover(&self.table, &target, options);
        self.fill(&mut outcome, &found, hit);
        let boxes = (0..n_draws)
            .map(|draw| {
                let counts = (0..hit.column.n_replications)
                    .any(|replication| hit.column.counts(draw * hit.column.n_replications + replication));
                let place = found.boxes.iter().position(|found| found.region.holds(&self.table, draw));
                counts.then(|| place.map_or(0, |place| i32::try_from(place + 1).unwrap_or(i32::MAX)))
            })
            .collect();
        (outcome, boxes)
    }

    fn fill(&self, outcome: &mut OutcomeDiscovery, found: &Discovery, hit: &Hit<'_>) {
        outcome.base = Some(share(found.base));
        outcome.n_draws = found.n_draws;
        (outcome.ending, outcome.ending_code) = ending(found.ending, hit, found.boxes.len());
        outcome.boxes = found
            .boxes
            .iter()
            .enumerate()
            .map(|(place, one)| self.box_record(one, place, found.base.value, hit))
            .collect();
        outcome.together = found.together.map(|together| TogetherRecord {
            coverage: share(together.coverage),
            density: share(together.density),
            density_outside: share(together.density_outside),
            mass: together.mass,
            explains: together.explained,
        });
        outcome.curve = found.curve.iter().map(|point| self.curve_record(point)).collect();
        if let Some(tree) = &found.tree {
            outcome.tree_explains = tree.explained_without_chance;
            self.tree_records(&tree.nodes, 0, None, (String::new(), String::new()), &mut outcome.tree);
        }
    }

    fn box_record(&self, found: &FoundBox, place: usize, base: f64, hit: &Hit<'_>) -> BoxRecord {
        let stability = &found.stability;
        let n_resamples = f64::from(stability.n_resamples.max(1));
        let seen = |assumption: usize| f64::from(stability.n_restricted[assumption]) / n_resamples;
        let mut also: Vec<(usize, f64)> = (0..stability.n_restricted.len())
            .filter(|&assumption| found.region.restriction(assumption).is_none())
            .map(|assumption| (assumption, seen(assumption)))
            .filter(|(_, share)| *share >= OFTEN_SEEN)
            .collect();
        also.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let conditions = self.conditions(&found.region);
        BoxRecord {
            sentence: words::sentence(&Claim {
                conditions: &conditions,
                is_later: place > 0,
                hit: &hit.clause,
                short: &hit.short,
                density: found.figures.density.value,
                base,
                coverage: found.figures.coverage.value,
            }),
            density: share(found.figures.density),
            coverage: share(found.figures.coverage),
            mass: found.figures.mass,
            share_before: share(found.remaining_share),
            n_draws: found.figures.n_draws,
            p_value: found.p_value,
            restrictions: found
                .region
                .restrictions
                .iter()
                .zip(&found.worth)
                .map(|((assumption, restriction), worth)| {
                    let (low, high, alternatives) = self.bounds(*assumption, restriction);
                    RestrictionRecord {
                        assumption: self.columns.parameters[*assumption].name.clone(),
                        label: parameter_label(self.model, &self.columns.parameters[*assumption]),
                        unit: self.scales[*assumption].suffix(),
                        low,
                        high,
                        tried: alternatives.is_empty().then(|| self.tried(*assumption)).flatten(),
                        alternatives_outside: self.outside(*assumption, &alternatives),
                        alternatives,
                        words: self.restriction_in_words(*assumption, restriction),
                        p_value: worth.p_value,
                        density_without: worth.density_without,
                        coverage_without: worth.coverage_without,
                        seen_again: seen(*assumption),
                    }
                })
                .collect(),
            n_resamples: stability.n_resamples,
            n_found_again: stability.n_found,
            overlap: stability.overlap,
            also_seen: also
                .into_iter()
                .map(|(assumption, share)| SeenRecord {
                    assumption: self.columns.parameters[assumption].name.clone(),
                    label: parameter_label(self.model, &self.columns.parameters[assumption]),
                    share,
                })
                .collect(),
        }
    }

    fn curve_record(&self, point: &CurvePoint) -> CurveRecord {
        CurveRecord {
            mass: point.mass,
            density: point.density,
            coverage: point.coverage,
            n_restricted: point.region.restrictions.len(),
            n_draws: point.n_draws,
            is_chosen: point.is_chosen,
            restrictions: point
                .region
                .restrictions
                .iter()
                .map(|(assumption, restriction)| {
                    let words = self.restriction_in_words(*assumption, &shortened(restriction));
                    format!("{} {words}", self.subjects[*assumption])
                })
                .collect(),
        }
    }

    fn tree_records(
        &self,
        nodes: &[discovery::Node],
        node: usize,
        parent: Option<usize>,
        (condition, assumption): (String, String),
        records: &mut Vec<TreeRecord>,
    ) {
        let place = records.len();
        let here = &nodes[node];
        records.push(TreeRecord {
            depth: parent.map_or(0, |parent| records[parent].depth + 1),
            parent,
            condition,
            assumption,
            is_leaf: here.split.is_none(),
            share: share(here.share),
            mass: here.mass,
        });
        let Some((branch, left, right)) = &here.split else { return };
        let assumption = branch.assumption();
        let name = &self.columns.parameters[assumption].name;
        let subject = &self.subjects[assumption];
        let (holds, fails) = match branch {
            Branch::Below { bound, .. } => {
                let bound = three_digits(*bound);
                let scale = &self.scales[assumption];
                (
                    format!("{subject} below {}", scale.with(bound)),
                    format!("{subject} {} or more", scale.with(bound)),
                )
            }
            Branch::OneOf { alternatives, .. } => {
                let (kept, left_out) = self.names(assumption, alternatives);
                let words = |kept: &[String], others: &[String]| words::alternatives(kept, others);
                (
                    format!("{subject} {}", words(&kept, &left_out)),
                    format!("{subject} {}", words(&left_out, &kept)),
                )
            }
        };
        self.tree_records(nodes, *left, Some(place), (holds, name.clone()), records);
        self.tree_records(nodes, *right, Some(place), (fails, name.clone()), records);
    }

    /// `recruitment is above 22% per year`, per restriction.
    fn conditions(&self, region: &Region) -> Vec<String> {
        region
            .restrictions
            .iter()
            .map(|(assumption, restriction)| {
                let words = self.restriction_in_words(*assumption, restriction);
                format!("{} is {words}", self.subjects[*assumption])
            })
            .collect()
    }

    fn restriction_in_words(&self, assumption: usize, restriction: &Restriction) -> String {
        match restriction {
            Restriction::Range { low, high } => self.scales[assumption].range(*low, *high),
            Restriction::Alternatives { kept } => {
                let (kept, left_out) = self.names(assumption, kept);
                words::alternatives(&kept, &left_out)
            }
        }
    }

    fn bounds(
        &self,
        assumption: usize,
        restriction: &Restriction,
    ) -> (Option<f64>, Option<f64>, Vec<String>) {
        match restriction {
            Restriction::Range { low, high } => (*low, *high, Vec::new()),
            Restriction::Alternatives { kept } => (None, None, self.names(assumption, kept).0),
        }
    }

    /// Names of alternatives, and of the others.
    fn names(&self, assumption: usize, kept: &[f64]) -> (Vec<String>, Vec<String>) {
        let names = assumption_of(self.model, &self.columns.parameters[assumption])
            .map_or(&[] as &[String], |(_, names)| names);
        let is_kept = |place: usize| kept.contains(&(place as f64));
        let pick = |wanted: bool| {
            names
                .iter()
                .enumerate()
                .filter(|(place, _)| is_kept(*place) == wanted)
                .map(|(_, name)| name.clone())
                .collect()
        };
        (pick(true), pick(false))
    }
}

/// Bounds of the trade-off curve and of the tree are shown with three digits; those of a box with all they have.
fn shortened(restriction: &Restriction) -> Restriction {
    match restriction {
        Restriction::Range { low, high } => {
            Restriction::Range { low: low.map(three_digits), high: high.map(three_digits) }
        }
        other @ Restriction::Alternatives { .. } => other.clone(),
    }
}

fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn share(share: discovery::Share) -> ShareRecord {
    ShareRecord { value: share.value, low: share.interval.low, high: share.interval.high }
}

/// Why the search ended, in a sentence and as a code.
fn ending(ending: Ending, hit: &Hit<'_>, n_boxes: usize) -> (String, String) {
    let clause = &hit.clause;
    let (sentence, code) = match ending {
        Ending::EnoughBoxes => ("No more boxes were sought.".to_owned(), "enough_boxes"),
        Ending::NotConvincing if n_boxes == 0 => (
            format!(
                "Nothing to find: no box of assumptions holds futures in which {clause} clearly more often than in all. What \
                 decides it here is chance, or many assumptions together, each a little."
            ),
            "not_convincing",
        ),
        Ending::NotConvincing => (
            "Outside of what is listed no further box stands out from chance and from all futures."
                .to_owned(),
            "not_convincing",
        ),
        Ending::AlwaysTheSame => (
            "Nothing to find: it is the same in every run, whatever is assumed.".to_owned(),
            "always_the_same",
        ),
        Ending::TooFewDraws => (
            format!(
                "Too few draws count to search: it takes {} at least. Run more with `--draws`.",
                discovery::FEWEST_DRAWS
            ),
            "too_few_draws",
        ),
        Ending::NothingVaries => ("Nothing to search: no assumption varies.".to_owned(), "nothing_varies"),
    };
    (sentence, code.to_owned())
}
