//! What a model, its design and its answer state, in sentences.
//!
//! Enters: a checked model and perhaps an answer. Leaves: [`Fact`]s. Always holds: a fact is said or told to be missing, never
//! guessed.

use contingent_model::{
    CheckedModel, ChoiceRule, Expression, Grounds, Measure, Variable, VariableId, VariableKind, each_resolved,
};
use contingent_report::document::answer::Answer;
use contingent_report::words::number::plain;
use contingent_report::words::text::{count, listed, with_stop};

/// Most names in a list; the description of a model has all of them.
const N_NAMED: usize = 8;

/// What is known of something.
pub(super) enum Fact {
    /// Sentences.
    Said(String),
    /// Nothing.
    Missing {
        /// What is not stated.
        what: &'static str,
        /// What the modeller would write.
        write: &'static str,
    },
}

use Fact::{Missing, Said};

pub(super) struct Facts<'a> {
    pub(super) model: &'a CheckedModel,
    pub(super) answer: Option<&'a Answer>,
}

impl Facts<'_> {
    pub(super) fn purpose(&self) -> Fact {
        let model = self.model;
        if model.purpose.trim().is_empty() {
            return Missing {
                what: "what the model is for",
                write: "`purpose \"...\"` in the `model` block",
            };
        }
        Said(format!("Purpose: {} Not for: {}", with_stop(&model.purpose), with_stop(&model.not_for)))
    }

    pub(super) fn questions(&self) -> Fact {
        let questions = &self.model.questions;
        if questions.is_empty() {
            return Missing {
                what: "what is asked",
                write: "`question NAME \"...\" { ... resolves \"...\" }`",
            };
        }
        let texts: Vec<&str> = questions.iter().map(|question| question.text.as_str()).collect();
        let probabilities =
            questions.iter().filter(|one| matches!(one.measure, Measure::Probability(_))).count();
        Said(format!(
            "{}, {probabilities} of them for a probability, each with the rule by which it resolves: {}",
            count(questions.len(), "question"),
            with_stop(&named(&texts))
        ))
    }

    pub(super) fn patterns(&self) -> Fact {
        let model = self.model;
        let rates = model.questions.iter().filter(|question| question.base_rate.is_some()).count();
        if model.observations.is_empty() && rates == 0 {
            return Missing {
                what: "patterns or data against which the model is judged",
                write: "`observe NAME from \"FILE.csv\" ...` for data, or `base_rate ...` in a question",
            };
        }
        let mut parts = Vec::new();
        if !model.observations.is_empty() {
            parts.push(format!("{} with data", count(model.observations.len(), "observation")));
        }
        if rates > 0 {
            parts.push(format!("{} in questions", count(rates, "base rate")));
        }
        Said(format!("Judged against {}.", listed(&parts)))
    }

    pub(super) fn entities(&self) -> Fact {
        let model = self.model;
        let actors: Vec<&str> = model.actors.iter().map(|actor| actor.label.as_str()).collect();
        let sets: Vec<String> = model
            .subscripts
            .iter()
            .map(|set| {
                format!(
                    "{} ({})",
                    set.name,
                    named(&set.labels.iter().map(String::as_str).collect::<Vec<_>>())
                )
            })
            .collect();
        if actors.is_empty() && sets.is_empty() {
            return Missing {
                what: "who acts",
                write: "`actor NAME \"...\" { ... }` around what belongs to somebody",
            };
        }
        let mut text = String::new();
        if !actors.is_empty() {
            text = format!("Actors: {}. ", named(&actors));
        }
        if !sets.is_empty() {
            text.push_str(&format!("Sets over which things repeat: {}.", sets.join("; ")));
        }
        Said(text.trim_end().to_owned())
    }

    pub(super) fn state(&self) -> Fact {
        let stocks: Vec<String> = self
            .of(|kind| matches!(kind, VariableKind::Stock { .. }))
            .map(|variable| format!("{} ({})", called(variable), unit(variable)))
            .collect();
        let decisions: Vec<String> =
            self.of(|kind| matches!(kind, VariableKind::Decision(_))).map(called).collect();
        if stocks.is_empty() && decisions.is_empty() {
            return Missing { what: "what changes over time", write: "`stock NAME: UNIT = VALUE`" };
        }
        let mut text = format!("{}: {}.", count(stocks.len(), "stock"), named_owned(&stocks));
        if !decisions.is_empty() {
            text.push_str(&format!(" {}: {}.", count(decisions.len(), "decision"), named_owned(&decisions)));
        }
        Said(text)
    }

    pub(super) fn scales(&self) -> Fact {
        let clock = &self.model.clock;
        let start =
            clock.start.map_or_else(String::new, |date| format!(" from {}", date.strftime("%-d %B %Y")));
        Said(format!(
            "Time: {}{start} in steps of {} {}.",
            count(clock.n_steps, "step"),
            plain(clock.dt),
            clock.time_unit
        ))
    }

    pub(super) fn schedule(&self) -> Fact {
        let method = match self.model.clock.method {
            contingent_model::Method::Euler => "rates at the start of a step hold over it (Euler)",
            contingent_model::Method::RungeKutta => {
                "stocks are carried by the classical Runge-Kutta method of fourth order, with chance held over the step"
            }
            contingent_model::Method::Exact => {
                "whole things move one by one, each at its own moment (Gillespie 1977)"
            }
        };
        Said(format!(
            "In each step: what follows from the state is computed; questions look; chance is drawn; all stocks move together; \
             decisions that are due are taken from the state at the start of the step; effects of events follow. Here {method}."
        ))
    }

    pub(super) fn principles(&self) -> Fact {
        let model = self.model;
        if model.claims.is_empty() {
            return Missing {
                what: "the theories or statements behind the mechanisms",
                write: "`claim NAME { ... says \"...\" }`, cited with `because NAME`",
            };
        }
        Said(format!(
            "The mechanisms rest on {} from {}, cited where they are used; the views of the model are rival readings of them.",
            count(model.claims.len(), "claim"),
            count(model.sources.len(), "source")
        ))
    }

    pub(super) fn adaptation(&self) -> Fact {
        let mut told = Vec::new();
        for variable in &self.model.variables {
            let VariableKind::Decision(decision) = &variable.kind else { continue };
            let rule = match decision.rule {
                ChoiceRule::Logit { .. } => "more likely the more an option is worth",
                ChoiceRule::Best => "always the option worth most",
                ChoiceRule::Fixed(_) => "fixed",
                ChoiceRule::Council { .. } => "the option nearest to where a council comes to stand",
            };
            told.push(format!(
                "{}: {}, reviewed every {}; {rule}",
                called(variable),
                named(&decision.labels.iter().map(String::as_str).collect::<Vec<_>>()),
                count(decision.every_steps, "step")
            ));
        }
        if told.is_empty() {
            return Said("Nothing in the model decides.".to_owned());
        }
        Said(format!("Decisions: {}.", told.join("; ")))
    }

    pub(super) fn objectives(&self) -> Fact {
        let n: usize = self
            .model
            .variables
            .iter()
            .map(|variable| {
                if let VariableKind::Decision(decision) = &variable.kind { decision.worths.len() } else { 0 }
            })
            .sum();
        if n == 0 {
            return Said("Nothing in the model decides, so nothing aims at anything.".to_owned());
        }
        Said(format!(
            "Each option of a decision has a worth, written out in the model: {} in all; `contingent describe` tells them.",
            count(n, "worth")
        ))
    }

    pub(super) fn emergence(&self) -> Fact {
        Said(
            "Answers are read off the runs: no question's answer is an input. What is set by hand are the assumptions, each with its \
             range and grounds."
                .to_owned(),
        )
    }

    pub(super) fn learning(&self) -> Fact {
        Said("Nothing in the model learns: rules and assumptions hold over a whole run.".to_owned())
    }

    pub(super) fn prediction(&self) -> Fact {
        Said(
            "Actors do not simulate ahead; they weigh the present state and what is remembered of the past."
                .to_owned(),
        )
    }

    pub(super) fn sensing(&self) -> Fact {
        let mut n = 0;
        for variable in &self.model.variables {
            for expression in expressions(variable) {
                each_resolved(expression, &mut |part| {
                    n += usize::from(matches!(part, Expression::Memory(_)));
                });
            }
        }
        if n == 0 {
            Said("Everything is known at once: nothing is delayed, smoothed or remembered.".to_owned())
        } else {
            Said(format!(
                "What is perceived later or on average is written with delays, smoothings and windows, in {}.",
                count(n, "place")
            ))
        }
    }

    pub(super) fn interaction(&self) -> Fact {
        let actor = |id: VariableId| self.model.variable(id).actor;
        let mut pairs = std::collections::BTreeSet::new();
        for variable in &self.model.variables {
            for expression in expressions(variable) {
                each_resolved(expression, &mut |part| {
                    if let Expression::Variable { variable: read, .. } = part
                        && let (Some(from), Some(to)) = (actor(*read), variable.actor)
                        && from != to
                    {
                        pairs.insert((from, to));
                    }
                });
            }
        }
        let label = |id: contingent_model::ActorId| self.model.actors[id.index()].label.as_str();
        let told: Vec<String> =
            pairs.iter().map(|&(from, to)| format!("{} on {}", label(from), label(to))).collect();
        if told.is_empty() {
            return Said("No actor acts directly on another.".to_owned());
        }
        Said(format!("Directly, within a step: {}.", named_owned(&told)))
    }

    pub(super) fn stochasticity(&self) -> Fact {
        let mut n_draws = 0;
        for variable in &self.model.variables {
            for expression in expressions(variable) {
                each_resolved(expression, &mut |part| {
                    n_draws += usize::from(matches!(part, Expression::Draw { .. }));
                });
            }
        }
        let n_events = self.model.events.len();
        if n_draws + n_events == 0 {
            return Said("No chance within a run; what is not known is drawn once per run.".to_owned());
        }
        Said(format!(
            "Chance within a run: {}, {} in flows and others, and decisions that weigh their options. What is not known is drawn \
             once per run and kept apart from chance.",
            count(n_events, "event"),
            count(n_draws, "draw")
        ))
    }

    pub(super) fn observation(&self) -> Fact {
        let labels: Vec<&str> =
            self.model.indicators.iter().map(|indicator| indicator.label.as_str()).collect();
        if labels.is_empty() {
            return Missing {
                what: "what is watched over time",
                write: "`indicator NAME \"...\": UNIT = ...`",
            };
        }
        Said(format!("Recorded over time: {}.", named(&labels)))
    }

    pub(super) fn initial(&self) -> Fact {
        let n = self.of(|kind| matches!(kind, VariableKind::Stock { .. })).count();
        let from_assumptions = self
            .model
            .variables
            .iter()
            .filter(|variable| match &variable.kind {
                VariableKind::Stock { initial, .. } => {
                    let mut reads = false;
                    each_resolved(initial, &mut |part| reads |= matches!(part, Expression::Variable { .. }));
                    reads
                }
                _ => false,
            })
            .count();
        if n == 0 {
            return Missing { what: "how a run begins", write: "`stock NAME: UNIT = VALUE`" };
        }
        Said(format!(
            "{} set at the start; {from_assumptions} of them from assumptions, which differ from run to run.",
            if n == 1 { "1 stock is".to_owned() } else { format!("{n} stocks are") }
        ))
    }

    pub(super) fn inputs(&self) -> Fact {
        let told: Vec<String> = self
            .model
            .variables
            .iter()
            .filter_map(|variable| match &variable.kind {
                VariableKind::Input(input) => Some(format!("{} from {}", called(variable), input.file)),
                _ => None,
            })
            .collect();
        if told.is_empty() {
            return Said("No series from outside drives the model.".to_owned());
        }
        Said(format!("Series from outside: {}.", named_owned(&told)))
    }

    pub(super) fn parts(&self) -> Fact {
        let n = |wanted: fn(&VariableKind) -> bool| self.of(wanted).count();
        Said(format!(
            "{}, {}, {}, {}, {} and {}; `contingent describe` tells each in words, with units.",
            count(n(|kind| matches!(kind, VariableKind::Stock { .. })), "stock"),
            count(n(|kind| matches!(kind, VariableKind::Flow { .. })), "flow"),
            {
                let n = n(|kind| matches!(kind, VariableKind::Auxiliary { .. }));
                if n == 1 { "1 auxiliary".to_owned() } else { format!("{n} auxiliaries") }
            },
            count(n(|kind| matches!(kind, VariableKind::Decision(_))), "decision"),
            count(self.model.events.len(), "event"),
            count(self.model.lookups.len(), "lookup"),
        ))
    }

    pub(super) fn loops(&self) -> Fact {
        let arrows = contingent_model::influence::influences(self.model);
        let found = contingent_model::influence::feedback_loops(
            self.model,
            &arrows,
            contingent_model::influence::LoopLimits::default(),
        );
        let at_least = if found.is_complete { "" } else { "At least " };
        Said(format!(
            "{at_least}{}; the report draws the signed links of the model as a map of its actors.",
            count(found.loops.len(), "feedback loop")
        ))
    }

    pub(super) fn scenarios(&self) -> Fact {
        let model = self.model;
        let views: Vec<&str> = model.views.iter().map(|view| view.label.as_str()).collect();
        let policies: Vec<&str> = model.policies.iter().map(|policy| policy.label.as_str()).collect();
        if views.is_empty() && policies.is_empty() {
            return Missing {
                what: "scenarios: rival readings or policies",
                write: "`view NAME \"...\" { ... }` and `policy NAME \"...\" from DATE { ... }`",
            };
        }
        let mut text = String::new();
        if !views.is_empty() {
            text = format!("Rival views, with other assumptions and the same structure: {}. ", named(&views));
        }
        if !policies.is_empty() {
            text.push_str(&format!(
                "Policies, with the same draws and chance as without: {}.",
                named(&policies)
            ));
        }
        Said(text.trim_end().to_owned())
    }

    pub(super) fn sources(&self) -> Fact {
        let sources = &self.model.sources;
        if sources.is_empty() {
            return Missing { what: "sources", write: "`source NAME { title \"...\" ... }`" };
        }
        let titles: Vec<String> = sources
            .iter()
            .map(|source| match (&source.publisher, source.date) {
                (Some(publisher), Some(date)) => {
                    format!("{} ({publisher}, {})", source.title, date.strftime("%-d %B %Y"))
                }
                (Some(publisher), None) => format!("{} ({publisher})", source.title),
                _ => source.title.clone(),
            })
            .collect();
        Said(format!("{}: {}.", count(sources.len(), "source"), named_owned(&titles)))
    }

    pub(super) fn preparation(&self) -> Fact {
        Said(
            "Articles are read into claims in our own words, each pinned to its place in the source by a hash where a copy was \
             supplied; a number that a source does not state is marked as our reading or as judgement."
                .to_owned(),
        )
    }

    pub(super) fn assumptions(&self) -> Fact {
        let all: Vec<&Grounds> = self
            .model
            .variables
            .iter()
            .filter_map(|variable| match &variable.kind {
                VariableKind::Assumption { grounds, .. } => Some(grounds),
                _ => None,
            })
            .collect();
        if all.is_empty() {
            return Missing { what: "what is not known", write: "`assume NAME = LOW to HIGH because ...`" };
        }
        let cited = all.iter().filter(|grounds| !grounds.claims.is_empty()).count();
        Said(format!(
            "{}, each with its distribution and its grounds: {cited} cite claims, {} rest on judgement alone.",
            count(all.len(), "assumption"),
            all.len() - cited
        ))
    }

    pub(super) fn as_of(&self) -> Fact {
        match self.model.as_of {
            Some(date) => {
                Said(format!("Nothing that became known after {} entered.", date.strftime("%-d %B %Y")))
            }
            None => Missing {
                what: "the date of the knowledge in the model",
                write: "`as_of DATE` in the `model` block",
            },
        }
    }

    pub(super) fn leaves_out(&self) -> Fact {
        let left: Vec<&str> = self.model.leaves_out.iter().map(String::as_str).collect();
        if left.is_empty() {
            return Missing {
                what: "what the model leaves out",
                write: "`leaves_out \"...\"` in the `model` block",
            };
        }
        Said(format!("Left out: {}", with_stop(&left.join("; "))))
    }

    pub(super) fn run_length(&self) -> Fact {
        let clock = &self.model.clock;
        let length = plain(clock.n_steps as f64 * clock.dt);
        Said(format!("{length} {}s, without a warm-up: a run begins at its stated state.", clock.time_unit))
    }

    pub(super) fn design(&self) -> Fact {
        let Some(answer) = self.answer else {
            return Missing {
                what: "how many runs were made, and with which seed",
                write: "nothing: run `contingent answer MODEL`",
            };
        };
        let design = &answer.design;
        Said(format!(
            "{} of the assumptions by stratified sampling, {} of each, {}, {}; seed {}. Views and policies share draws and chance. \
             Intervals are 95% intervals of simulation error.",
            count(design.n_draws, "draw"),
            count(design.n_replications, "replication"),
            count(design.n_experiments, "experiment"),
            if design.complete { "all of them finished" } else { "not all of them finished" },
            answer.seed
        ))
    }

    pub(super) fn software(&self) -> Fact {
        let version = self.answer.map_or(env!("CARGO_PKG_VERSION"), |answer| answer.version.as_str());
        Said(format!("Contingent {version}, free software (MIT or Apache-2.0), in Rust."))
    }

    pub(super) fn sampling(&self) -> Fact {
        Said(
            "Every draw is a function of seed, draw, replication, declaration and step, by the counter-based generator Philox (Salmon \
             et al. 2011), so that runs can be repeated bit for bit in any order."
                .to_owned(),
        )
    }

    pub(super) fn execution(&self) -> Fact {
        Said(
            "The same model, seed and design give the same bits for any number of threads and on any machine; no particular machine \
             is needed."
                .to_owned(),
        )
    }

    pub(super) fn code(&self) -> Fact {
        Said(format!(
            "The text of the model is whole and is what runs; its SHA-256 is {}. A report embeds it with its data.",
            self.model.hash
        ))
    }

    pub(super) fn verification(&self) -> Fact {
        Said(
            "Units, names, ranges and grounds are checked before anything runs; the engine is tested against closed forms, published \
             results and a second evaluation of the same model, with known error rates (`docs/validation.md`)."
                .to_owned(),
        )
    }

    pub(super) fn health(&self) -> Fact {
        let Some(answer) = self.answer else {
            return Missing { what: "whether runs failed", write: "nothing: run `contingent answer MODEL`" };
        };
        let mut text = if answer.failures.n_runs == 0 {
            "No run failed.".to_owned()
        } else {
            format!("{} failed.", count(answer.failures.n_runs, "run"))
        };
        if answer.clipping.n_runs > 0 {
            text.push_str(&format!(
                " In {} an outflow was scaled down to what was there.",
                count(answer.clipping.n_runs, "run")
            ));
        }
        Said(text)
    }

    pub(super) fn sensitivity(&self) -> Fact {
        let Some(answer) = self.answer else {
            return Missing {
                what: "what the answer hangs on",
                write: "nothing: run `contingent answer MODEL`",
            };
        };
        let Some(question) = answer.questions.first() else {
            return Missing { what: "what the answer hangs on", write: "`question NAME \"...\" { ... }`" };
        };
        let told: Vec<&str> = question
            .hangs_on
            .iter()
            .filter(|one| one.distinguishable)
            .take(5)
            .map(|one| one.label.as_str())
            .collect();
        if told.is_empty() {
            return Said(
                "First-order indices of all assumptions were computed; none can be told from no effect."
                    .to_owned(),
            );
        }
        Said(format!(
            "First-order indices of all assumptions (Sobol' 1993) for every question; of the first, the strongest are {}.",
            listed(&told)
        ))
    }

    pub(super) fn corroboration(&self) -> Fact {
        match self.answer.map(|answer| (&answer.comparison, answer.validation_level.as_str())) {
            Some((Some(comparison), level)) => Said(format!(
                "Runs were compared with {}; validation: {level}.",
                count(comparison.n_values, "observed value")
            )),
            _ => Missing {
                what: "a comparison with events that had no part in building the model",
                write: "`observe ...` with data held back, or a score once the questions have resolved",
            },
        }
    }

    fn of(&self, wanted: impl Fn(&VariableKind) -> bool) -> impl Iterator<Item = &Variable> {
        self.model.variables.iter().filter(move |variable| wanted(&variable.kind))
    }
}

fn called(variable: &Variable) -> String {
    variable.label.clone().unwrap_or_else(|| variable.name.replace(['_', '.'], " "))
}

fn unit(variable: &Variable) -> &str {
    if variable.unit.text == "1" { "no unit" } else { &variable.unit.text }
}

fn named(names: &[&str]) -> String {
    if names.len() <= N_NAMED + 1 {
        return listed(names);
    }
    format!("{} and {} more", names[..N_NAMED].join(", "), names.len() - N_NAMED)
}

fn named_owned(names: &[String]) -> String {
    named(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The expressions of a variable.
fn expressions(variable: &Variable) -> Vec<&Expression> {
    match &variable.kind {
        VariableKind::Auxiliary { definition: one } | VariableKind::Flow { rate: one, .. } => vec![one],
        VariableKind::Stock { initial, .. } => vec![initial],
        VariableKind::Decision(decision) => decision.worths.iter().collect(),
        _ => Vec::new(),
    }
}
