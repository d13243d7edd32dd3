//! What to find out next, and how far an answer can be relied on.
//!
//! Enters: the assumptions of the headline experiment, the outcome of a question, and what it hangs on. Leaves:
//! [`FindOut`] and [`Confidence`]. Always holds: a claim is worth at most what all assumptions that cite it are worth
//! together; confidence never says how likely anything is.

use contingent_analysis::{
    DrawTotals, OutcomeColumn, ProbabilityEstimate, RegressionBasis, RegressionDesign, knowledge_gain,
};
use contingent_engine::Parameter;
use contingent_model::{CheckedModel, ClaimId};
use rayon::prelude::*;

use super::provenance::assumption_of;
use contingent_report::document::answer::{HangsOn, NOT_VALIDATED, Range};
use contingent_report::document::answer_parts::{ClaimGain, Confidence, ConfidenceLevel, FindOut, Gain};

/// Straight pieces of the expected outcome as a function of the rank of an assumption.
pub(super) const N_PIECES: usize = 4;

/// The claims of a model with the assumptions that cite them.
pub(super) struct Knowledge<'a> {
    model: &'a CheckedModel,
    parameters: &'a [Parameter],
    basis: &'a RegressionBasis,
    /// The runs of each draw, when all of them count.
    all_runs: &'a [f64],
    /// The claims that some varying assumption cites.
    cited: Vec<Cited<'a>>,
}

/// A claim and what cites it.
struct Cited<'a> {
    claim: ClaimId,
    /// The positions of the assumptions.
    group: Vec<usize>,
    /// What a fit on them needs when all runs count, as they do for most questions; none with too few draws.
    design: Option<RegressionDesign<'a>>,
}

impl<'a> Knowledge<'a> {
    pub(super) fn new(
        model: &'a CheckedModel,
        parameters: &'a [Parameter],
        basis: &'a RegressionBasis,
        all_runs: &'a [f64],
    ) -> Self {
        let mut citing: Vec<(ClaimId, Vec<usize>)> = Vec::new();
        for (position, parameter) in parameters.iter().enumerate() {
            if !basis.varies(position) {
                continue;
            }
            let claims =
                assumption_of(model, parameter).map_or(&[] as &[ClaimId], |(grounds, _)| &grounds.claims);
            for &claim in claims {
                match citing.iter_mut().find(|(cited, _)| *cited == claim) {
                    Some((_, positions)) => positions.push(position),
                    None => citing.push((claim, vec![position])),
                }
            }
        }
        let cited = citing
            .into_par_iter()
            .map(|(claim, group)| Cited { claim, design: basis.design(&group, all_runs), group })
            .collect();
        Self { model, parameters, basis, all_runs, cited }
    }

    /// What to find out about a question that asks for a probability.
    pub(super) fn find_out(&self, column: &OutcomeColumn<'_>) -> Option<FindOut> {
        let totals = DrawTotals::new(column, |value| value).ok()?;
        let estimate = ProbabilityEstimate::from_totals(&totals);
        let epistemic = estimate.spread.epistemic?;
        let n_claims = self.cited.len();
        let do_all_count = totals.counts == self.all_runs;
        let mut claims: Vec<ClaimGain> = self
            .cited
            .iter()
            .filter_map(|Cited { claim, group, design }| {
                let found = if do_all_count {
                    knowledge_gain(design.as_ref()?, &totals, n_claims)
                } else {
                    knowledge_gain(&self.basis.design(group, &totals.counts)?, &totals, n_claims)
                };
                let claim = &self.model.claims[claim.index()];
                Some(ClaimGain {
                    claim: claim.name.clone(),
                    says: claim.says.clone(),
                    assumptions: group
                        .iter()
                        .map(|&position| self.parameters[position].name.clone())
                        .collect(),
                    gain: Gain {
                        value: found.gain,
                        interval: Range { low: Some(found.interval.low), high: Some(found.interval.high) },
                    },
                    distinguishable: found.distinguishable,
                })
            })
            .collect();
        claims.sort_by(|a, b| {
            b.distinguishable.cmp(&a.distinguishable).then(b.gain.value.total_cmp(&a.gain.value))
        });
        let p = estimate.probability;
        Some(FindOut { expected_brier: p * (1.0 - p), if_all_were_known: epistemic * epistemic, claims })
    }
}

/// Shares above which confidence is low: more than half of what the answer hangs on stands on one leg, or rival views
/// lie further apart than the widest step of the scale of words is wide.
const MOST_ON_ONE_LEG: f64 = 0.5;
const MOST_APART: f64 = 0.25;
/// Below this share a validated answer deserves high confidence.
const FEW_ON_ONE_LEG: f64 = 0.25;

/// What must be known to account for what is not known, before it alone counts: of a few draws one assumption in a hundred can be
/// told from no effect by luck, and then says nothing of what the answer rests on.
const ENOUGH: f64 = 1.0 / 3.0;

/// Whether assumptions are enough to say what an answer hangs on, from the lower ends of their shares.
fn is_enough(lower_ends: impl Iterator<Item = f64>) -> bool {
    lower_ends.sum::<f64>() >= ENOUGH
}

/// How far an answer can be relied on; none when the model assumes nothing that varies.
pub(super) fn confidence(
    model: &CheckedModel,
    hangs_on: &[HangsOn],
    variance_distinguishable: bool,
    views_apart: Option<f64>,
    validation_level: &str,
) -> Option<Confidence> {
    let told = || hangs_on.iter().filter(|assumption| assumption.distinguishable);
    let matters = variance_distinguishable
        && is_enough(told().map(|assumption| assumption.interval.low.unwrap_or(0.0)));
    let weight = |assumption: &HangsOn| match (matters, assumption.distinguishable) {
        (true, true) => assumption.index,
        (true, false) => 0.0,
        // Too little can be told apart, so all count alike.
        (false, _) => 1.0,
    };
    let total: f64 = hangs_on.iter().map(weight).sum();
    if total <= 0.0 {
        return None;
    }
    let share = |holds: &dyn Fn(&HangsOn) -> bool| {
        // The sum of nothing is -0.
        (hangs_on.iter().filter(|assumption| holds(assumption)).map(weight).sum::<f64>() + 0.0) / total
    };
    let cited = |assumption: &HangsOn| {
        let names = assumption.claims.clone();
        model.claims.iter().filter(move |claim| names.contains(&claim.name))
    };
    let share_judgement = share(&|assumption| assumption.claims.is_empty());
    let share_one_source = share(&|assumption| {
        let mut sources = cited(assumption).map(|claim| claim.source);
        let first = sources.next();
        first.is_some() && sources.all(|source| Some(source) == first)
    });
    let share_second_hand = share(&|assumption| {
        let mut claims = cited(assumption).peekable();
        claims.peek().is_some()
            && claims.all(|claim| matches!(claim.voice.as_deref(), Some("reported" | "mixed")))
    });
    let validated = validation_level != NOT_VALIDATED;
    let on_one_leg = share_judgement + share_one_source;
    let is_apart = views_apart.is_some_and(|apart| apart > MOST_APART);
    let level = if on_one_leg > MOST_ON_ONE_LEG || is_apart {
        ConfidenceLevel::Low
    } else if validated && on_one_leg < FEW_ON_ONE_LEG {
        ConfidenceLevel::High
    } else {
        ConfidenceLevel::Moderate
    };
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let mut grounds = vec![if validated {
        format!("compared with events ({validation_level})")
    } else {
        "not yet compared with events".to_owned()
    }];
    let of_what = if matters { "of what the answer hangs on" } else { "of the assumptions" };
    grounds.push(format!("{} {of_what} rests on judgement alone", percent(share_judgement)));
    grounds.push(format!("{} on a single source", percent(share_one_source)));
    grounds.push(format!("{} on words that are not the speaker's own", percent(share_second_hand)));
    if let Some(apart) = views_apart {
        grounds.push(format!("rival views lie {:.0} points apart", 100.0 * apart));
    }
    Some(Confidence {
        level,
        share_judgement,
        share_one_source,
        share_second_hand,
        views_apart,
        validated,
        grounds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_assumption_that_few_draws_bring_out_is_not_enough_and_many_of_many_draws_are() {
        assert!(!is_enough([].into_iter()));
        assert!(!is_enough([0.17].into_iter()));
        assert!(is_enough([0.19, 0.08, 0.06, 0.04, 0.04].into_iter()));
    }
}
