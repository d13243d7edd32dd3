//! Flows: the stocks that they join, the shares of a flow that splits, the rate.
//!
//! Enters: collected declarations, then types of the stocks. Leaves: ends, shares and rates. Always holds: all
//! stocks of a flow have one unit; of several destinations all but the last have a share and the last takes
//! the rest.

use contingent_syntax::ast::{self, DeclarationKind, Share};
use contingent_syntax::{Code, Diagnostic, Span};

use super::walk::constant;
use super::{Checker, Scope, Type};
use crate::checked::{Destination, Endpoint, VariableId, VariableKind};
use crate::expression::Expression;
use crate::unit::{Dimension, Unit};

/// Shares that add up to more than 1 by less than this do so by rounding.
const ROUNDING: f64 = 1e-9;

impl Checker<'_> {
    /// The stocks that a flow joins, and its type.
    pub(super) fn check_flow_ends(&mut self, id: VariableId) {
        let i = id.index();
        let DeclarationKind::Flow { head, from, to, .. } = self.variable_declaration(id) else { return };
        let scope = self.variable_scope(id, Ok(0));
        let from_end = from.as_ref().and_then(|reference| self.endpoint(&scope, reference, None));
        let to_ends: Vec<Option<Endpoint>> =
            to.iter().map(|to| self.endpoint(&scope, &to.stock, None)).collect();
        let mut dimension: Option<(Dimension, Span)> = None;
        let ends = from.iter().zip([&from_end]).chain(to.iter().map(|to| &to.stock).zip(&to_ends));
        for (reference, endpoint) in ends {
            let Some(endpoint) = endpoint else { continue };
            let Some(Type::Number(of)) = &self.types[endpoint.stock.index()] else { continue };
            let of = of.clone();
            match &dimension {
                None => dimension = Some((of, reference.span)),
                Some((first, _)) if *first == of => {}
                Some((first, place)) => {
                    let (a, b) = (self.units.describe(first), self.units.describe(&of));
                    self.report(
                        Diagnostic::error(
                            Code::UnitClash,
                            format!(
                                "the flow `{}` joins stocks of different units: `{a}` and `{b}`",
                                head.name.text
                            ),
                            reference.span,
                            format!("this is in `{b}`"),
                        )
                        .and(*place, format!("this is in `{a}`"))
                        .help(
                            "what leaves one stock must be what enters the other; use two flows to convert",
                        ),
                    );
                }
            }
        }
        if from.is_none() && to.is_empty() {
            self.report(
                Diagnostic::error(
                    Code::MissingProperty,
                    format!("the flow `{}` joins nothing", head.name.text),
                    head.name.span,
                    "no stock at either end",
                )
                .help("write `flow name: from_stock -> to_stock = rate`; one end may be left out"),
            );
        }
        self.check_destinations(&head.name.text, to, &to_ends);
        self.types[i] = Some(dimension.map_or(Type::Any, |(of, _)| Type::Number(self.units.per_time(&of))));
        if let VariableKind::Flow { from, to, .. } = &mut self.model.variables[i].kind {
            *from = from_end;
            *to =
                to_ends.into_iter().flatten().map(|endpoint| Destination { endpoint, share: None }).collect();
        }
    }

    /// Of several destinations, each is another stock, all but the last have a share, and the last takes the
    /// rest.
    fn check_destinations(&mut self, flow: &str, to: &[ast::Destination], ends: &[Option<Endpoint>]) {
        for (k, end) in ends.iter().enumerate().filter(|(_, end)| end.is_some()) {
            if let Some(first) = ends[..k].iter().position(|known| known == end) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidSplit,
                        format!("the flow `{flow}` goes to the same stock twice"),
                        to[k].stock.span,
                        "again here",
                    )
                    .and(to[first].stock.span, "first here")
                    .help("name every destination once, with the whole of its share"),
                );
                return;
            }
        }
        let Some((last, others)) = to.split_last() else { return };
        let example = "write for example `flow leaving: camps -> home 40%, abroad 35%, town rest = rate`";
        let (place, headline, label) =
            if let Some(early) = others.iter().find(|to| matches!(to.share, Share::Rest(_))) {
                let headline = format!("the flow `{flow}` goes on after the rest is gone");
                (early.stock.span, headline, "takes all that is left")
            } else if let Some(all) = others.iter().find(|to| to.share == Share::All) {
                let headline =
                    format!("the flow `{flow}` does not say how much goes to `{}`", all.stock.path.text());
                (all.stock.span, headline, "no share")
            } else if let (Share::Of(share), _) = (&last.share, others) {
                let headline = format!("the flow `{flow}` does not say where the rest goes");
                (share.span, headline, "only this share")
            } else if !others.is_empty() && last.share == Share::All {
                let headline =
                    format!("the flow `{flow}` does not say how much goes to `{}`", last.stock.path.text());
                (last.stock.span, headline, "no share")
            } else {
                return;
            };
        let help = format!("give all destinations but the last a share, and the last `rest`; {example}");
        self.report(Diagnostic::error(Code::InvalidSplit, headline, place, label).help(help));
    }

    /// The rate of a flow, and the shares of its destinations.
    pub(super) fn check_flow(&mut self, id: VariableId) {
        let i = id.index();
        let DeclarationKind::Flow { rate, from, to, .. } = self.variable_declaration(id) else { return };
        let mut scope = self.variable_scope(id, Ok(0));
        let of = self.types[i].clone().unwrap_or(Type::Any);
        let end = to.first().map(|to| &to.stock).or(from.as_ref());
        let place = end.map(|reference| (reference.span, "the stock that it changes, per time"));
        let typed = self.resolve(&mut scope, rate);
        match &of {
            Type::Number(dimension) => self.expect_dimension(&typed, dimension, place),
            _ => self.expect_number(&typed),
        }
        let shares = self.shares(&mut scope, to);
        self.model.variables[i].unit = self.display_unit(&of, None);
        if let VariableKind::Flow { rate, to, split_ordinal, .. } = &mut self.model.variables[i].kind {
            *rate = typed.expression;
            *split_ordinal = scope.chance.unwrap_or_default();
            for (destination, share) in to.iter_mut().zip(shares) {
                destination.share = share;
            }
        }
    }

    /// The share of every destination; none for one that takes all or the rest.
    fn shares(&mut self, scope: &mut Scope, to: &[ast::Destination]) -> Vec<Option<Expression>> {
        let unit =
            Unit { dimension: Dimension::none(), scale: 1.0, is_share: true, text: "share".to_owned() };
        let mut sum = 0.0;
        let mut shares = Vec::with_capacity(to.len());
        for destination in to {
            let Share::Of(share) = &destination.share else {
                shares.push(None);
                continue;
            };
            let reported = self.n_reported;
            let expression = self.number_in(scope, share, &unit, None);
            if let Some(value) = constant(&expression).filter(|_| self.n_reported == reported) {
                let before = sum;
                sum += value;
                if !(0.0..=1.0).contains(&value) {
                    self.report(
                        Diagnostic::error(
                            Code::InvalidSplit,
                            "a share lies between 0% and 100%",
                            share.span,
                            "outside",
                        )
                        .help("write for example `home 40%`"),
                    );
                } else if sum > 1.0 + ROUNDING && before <= 1.0 + ROUNDING {
                    self.report(
                        Diagnostic::error(
                            Code::InvalidSplit,
                            format!("the shares of this flow add up to {}%", (1e4 * sum).round() / 100.0),
                            share.span,
                            "more than all of it from here on",
                        )
                        .help("lower the shares: together they must leave something for `rest`, or nothing"),
                    );
                }
            }
            shares.push(Some(expression));
        }
        shares
    }
}
