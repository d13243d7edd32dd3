//! Events that raise the rate of events (Hawkes 1971), and whether they ever die out.
//!
//! Enters: `excites` parts of events. Leaves: [`Excitation`]s, and diagnostics where occurrences bring about as many others, or
//! more, as it takes to go on for ever. Always holds: what is judged are branching ratios that follow from numbers, links and
//! assumptions; where a ratio moves with the state nothing is said, because nothing is known.

use contingent_syntax::ast;
use contingent_syntax::{Code, Diagnostic, Span};

use super::{Checker, Scope, Symbol};
use crate::checked::{CheckedModel, EventId, Excitation, SubscriptId, VariableKind};
use crate::distribution::Distribution;
use crate::expression::{BinaryOperator, Expression, Index, UnaryOperator};
use crate::unit::Dimension;

/// Rounds of the power iteration. Convergence is that of the second largest eigenvalue over the largest, of a matrix shifted by one;
/// ratios within about a hundredth of 1 need this many.
const ROUNDS: usize = 400;
/// Ratios nearer to 1 than this count as 1: the iteration knows them no better.
const NEARLY: f64 = 1e-6;
/// Standard deviations from the median to the 5% and 95% points of a normal.
const RANGE: f64 = 1.644_853_626_951_472_2;

impl Checker<'_> {
    pub(super) fn check_excitation(
        &mut self,
        scope: &mut Scope,
        source: EventId,
        written: &ast::Excitation,
    ) -> Option<Excitation> {
        let bound = scope.bound.clone();
        let mut over = Vec::new();
        let (target, indices) = match &written.target {
            None => {
                let subscripts = &self.model.events[source.index()].subscripts;
                (source, subscripts.iter().map(|&id| Index::Bound(id)).collect())
            }
            Some(reference) => {
                let name = reference.path.text();
                let (target, place) = match self.find(scope.actor, &name) {
                    Some((Symbol::Event(id), place)) => (id, place),
                    Some((Symbol::Broken, _)) => return None,
                    Some((_, place)) => {
                        self.report(
                            Diagnostic::error(
                                Code::WrongKind,
                                format!("`{name}` is not an event"),
                                reference.span,
                                "only the rate of an event can be raised",
                            )
                            .and(place, "declared here")
                            .help("name an event, or write `excites itself by 0.4 over 3 weeks`"),
                        );
                        return None;
                    }
                    None => {
                        let known: Vec<String> =
                            self.model.events.iter().map(|event| event.name.clone()).collect();
                        let near = contingent_syntax::nearest(&name, known.iter().map(String::as_str));
                        self.report(
                            Diagnostic::error(
                                Code::UnknownName,
                                format!("there is no event `{name}`"),
                                reference.span,
                                "not declared",
                            )
                            .help(near.map_or_else(
                                || "name an event, or write `excites itself by 0.4 over 3 weeks`".to_owned(),
                                |near| format!("did you mean `{near}`?"),
                            ))
                            .fix_if(reference.span, near),
                        );
                        return None;
                    }
                };
                self.used_reference(place, reference, &name);
                let subscripts = self.model.events[target.index()].subscripts.clone();
                (target, self.indices(scope, reference, &name, &subscripts, Some(&mut over))?)
            }
        };
        if target == source && self.model.events[source.index()].once {
            self.report(
                Diagnostic::error(
                    Code::InvalidProperty,
                    "an event that happens once cannot excite itself",
                    written.span,
                    "it will not happen again",
                )
                .and(self.model.events[source.index()].span, "`once`")
                .help("remove `once`, or let it excite another event"),
            );
            return None;
        }
        scope.bound.extend(over.iter().copied());
        let ratio = self.resolve(scope, &written.ratio);
        self.expect_dimension(
            &ratio,
            &Dimension::none(),
            Some((written.span, "how many further occurrences each occurrence brings about")),
        );
        let duration = self.resolve(scope, &written.over);
        let time = self.units.time();
        self.expect_dimension(&duration, &time, Some((written.span, "how long after it they come")));
        scope.bound = bound;
        if super::walk::constant(&duration.expression).is_some_and(|duration| duration <= 0.0) {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    "an excitation lasts some time",
                    written.over.span,
                    "not longer than no time",
                )
                .help("write for example `over 3 weeks`"),
            );
        }
        Some(Excitation {
            target,
            indices,
            over,
            ratio: ratio.expression,
            duration: duration.expression,
            span: written.span,
        })
    }

    /// Whether events die out.
    pub(super) fn check_branching(&mut self) {
        let Some(place) = self.model.events.iter().flat_map(|event| &event.excitations).next() else {
            return;
        };
        let place = place.span;
        let low = branching(&self.model, End::Low);
        let high = branching(&self.model, End::High);
        let Some((radius, at)) = high else { return };
        let span = at.unwrap_or(place);
        let one = 1.0 - NEARLY;
        let number = |value: f64| format!("{:.2}", (value * 100.0).round() / 100.0);
        if low.is_some_and(|(radius, _)| radius >= one) {
            self.report(
                Diagnostic::error(
                    Code::ExplosiveEvent,
                    format!("each occurrence brings about {} others on average, without end", number(radius)),
                    span,
                    "a branching ratio of 1 or more",
                )
                .help("choose a number below 1: of every 10 occurrences, how many were set off by another?"),
            );
        } else if radius >= one {
            self.diagnostics.push(
                Diagnostic::warning(
                    Code::ExplosiveEvent,
                    format!(
                        "each occurrence may bring about {} others on average, without end",
                        number(radius)
                    ),
                    span,
                    "within its range, a branching ratio of 1 or more",
                )
                .help("let the range end below 1, for example as a share: `assume echo: share = 20% to 60%`"),
            );
        }
    }
}

/// Which end of what is assumed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

/// The spectral radius of the matrix of branching ratios between the elements of events, and where the largest ratio stands.
/// None where a ratio is not known beforehand.
fn branching(model: &CheckedModel, end: End) -> Option<(f64, Option<Span>)> {
    let mut first = Vec::new();
    let mut n = 0;
    for event in &model.events {
        first.push(n);
        n += model.n_elements(&event.subscripts);
    }
    let mut links: Vec<(usize, usize, f64)> = Vec::new();
    let mut largest: (f64, Option<Span>) = (0.0, None);
    for (source, event) in model.events.iter().enumerate() {
        for excitation in &event.excitations {
            let all: Vec<SubscriptId> = event.subscripts.iter().chain(&excitation.over).copied().collect();
            for at in model.combinations(&all) {
                let ratio = value_at(model, &excitation.ratio, &at, end, 0)?.max(0.0);
                let target = &model.events[excitation.target.index()];
                let from = element(model, &event.subscripts, &at, &[])?;
                let to = element(model, &target.subscripts, &at, &excitation.indices)?;
                links.push((first[source] + from, first[excitation.target.index()] + to, ratio));
                if ratio > largest.0 || largest.1.is_none() {
                    largest = (ratio, Some(excitation.span));
                }
            }
        }
    }
    // The iteration is on the matrix plus one, whose largest eigenvalue is real, alone and larger by one.
    let mut weights = vec![1.0; n];
    let mut radius = 0.0;
    for _ in 0..ROUNDS {
        let mut next = weights.clone();
        for &(from, to, ratio) in &links {
            next[to] += ratio * weights[from];
        }
        let most = next.iter().copied().fold(0.0, f64::max);
        if !most.is_finite() || most <= 0.0 {
            return None;
        }
        radius = most - 1.0;
        weights = next.into_iter().map(|weight| weight / most).collect();
    }
    Some((radius, largest.1))
}

/// The row-major element of subscripts, by indices or each by its own binding.
fn element(
    model: &CheckedModel,
    subscripts: &[SubscriptId],
    at: &[(SubscriptId, usize)],
    indices: &[Index],
) -> Option<usize> {
    let mut element = 0;
    for (k, &subscript) in subscripts.iter().enumerate() {
        let position = match indices.get(k) {
            Some(&Index::Element(of, position)) => model.translate(of, position, subscript)?,
            Some(&Index::Bound(of)) => model.translate(of, bound(at, of)?, subscript)?,
            None => bound(at, subscript)?,
        };
        element = element * model.subscript(subscript).elements.len() + position;
    }
    Some(element)
}

fn bound(at: &[(SubscriptId, usize)], subscript: SubscriptId) -> Option<usize> {
    at.iter().rev().find(|&&(id, _)| id == subscript).map(|&(_, position)| position)
}

/// The value of an expression of numbers, positions, links, levers and assumptions, these at an end of their ranges.
fn value_at(
    model: &CheckedModel,
    expression: &Expression,
    at: &[(SubscriptId, usize)],
    end: End,
    depth: usize,
) -> Option<f64> {
    // Definitions do not depend on themselves, but circles are found later.
    if depth > 64 {
        return None;
    }
    let value = |inner: &Expression| value_at(model, inner, at, end, depth + 1);
    match expression {
        Expression::Number(number) => Some(*number),
        Expression::Position(subscript) => bound(at, *subscript).map(|position| position as f64),
        Expression::Unary(UnaryOperator::Negate, inner) => value(inner).map(|x| -x),
        Expression::Binary(operator, a, b) => {
            let (a, b) = (value(a)?, value(b)?);
            match operator {
                BinaryOperator::Add => Some(a + b),
                BinaryOperator::Subtract => Some(a - b),
                BinaryOperator::Multiply => Some(a * b),
                BinaryOperator::Divide => Some(a / b),
                BinaryOperator::Equal => Some(f64::from(u8::from(a == b))),
                BinaryOperator::NotEqual => Some(f64::from(u8::from(a != b))),
                _ => None,
            }
        }
        Expression::If(condition, a, b) => value(if value(condition)? == 0.0 { b } else { a }),
        Expression::Select { selector, alternatives } => {
            value(alternatives.get(value(selector)?.max(0.0) as usize)?)
        }
        Expression::Variable { variable, indices } => {
            let variable = model.variable(*variable);
            let element = element(model, &variable.subscripts, at, indices)?;
            match &variable.kind {
                VariableKind::Auxiliary { definition } => {
                    let mut rest = element;
                    let mut inner = Vec::new();
                    for &subscript in variable.subscripts.iter().rev() {
                        let size = model.subscript(subscript).elements.len();
                        inner.push((subscript, rest % size));
                        rest /= size;
                    }
                    value_at(model, definition, &inner, end, depth + 1)
                }
                VariableKind::Lever { low, high, .. } => Some(if end == End::Low { *low } else { *high }),
                VariableKind::Mechanism { default, .. } => Some(*default as f64),
                VariableKind::Assumption { distributions, alternatives, .. } if alternatives.is_empty() => {
                    range_end(distributions.get(element).or(distributions.first())?, end)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The 5% or the 95% point of a distribution, or an end of what it can give.
fn range_end(distribution: &Distribution, end: End) -> Option<f64> {
    let pick = |low: f64, high: f64| if end == End::Low { low } else { high };
    let sign = pick(-RANGE, RANGE);
    Some(match distribution {
        Distribution::Constant(value) => *value,
        Distribution::Normal { mean, sd } => mean + sign * sd,
        Distribution::Uniform { low, high }
        | Distribution::Triangular { low, high, .. }
        | Distribution::Pert { low, high, .. } => pick(*low, *high),
        Distribution::LogNormal { median, sdlog } => median * exp(sign * sdlog),
        Distribution::LogitNormal { mean, sd } => 1.0 / (1.0 + exp(-(mean + sign * sd))),
        Distribution::Beta { .. } => pick(0.0, 1.0 - 2.0 * NEARLY),
        Distribution::Within { inner, low, high } => range_end(inner, end)?.clamp(*low, *high),
        _ => return None,
    })
}

/// Tells a warning from none, and decides no result.
#[expect(clippy::disallowed_methods, reason = "a warning may differ in the last bit of a ratio near 1")]
fn exp(x: f64) -> f64 {
    x.exp()
}
