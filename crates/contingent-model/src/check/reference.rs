//! References, subscripts, reductions and lookups.

use contingent_syntax::ast::{self, ExpressionKind, Name, Reference};
use contingent_syntax::{Code, Diagnostic, Span};

use super::{Checker, Scope, Symbol, Type, Typed, walk};
use crate::checked::{Endpoint, EventId, LookupId, SubscriptId, VariableId, VariableKind};
use crate::expression::{EventReading, Expression, Reduction};
use crate::unit::Dimension;

impl Checker<'_> {
    pub(super) fn reference(&mut self, scope: &mut Scope, reference: &Reference) -> Typed {
        let (name, reading) = self.split_reading(scope, reference);
        let found = self.find(scope.actor, &name);
        if let Some((symbol, place)) = found {
            // Of `posture.position` it is the decision that is named.
            let is_position = matches!(symbol, Symbol::Variable(id)
                if matches!(self.model.variable(id).kind, VariableKind::Position(_)));
            let named = name.strip_suffix(".position").filter(|_| is_position).unwrap_or(&name);
            self.used_reference(place, reference, named);
        }
        match found {
            Some((Symbol::Variable(id), place)) => {
                if let Some(reading) = reading {
                    self.no_reading(&reading, place);
                    return Typed::broken(reference.span);
                }
                let subscripts = self.model.variable(id).subscripts.clone();
                let Some(indices) = self.indices(scope, reference, &name, &subscripts, None) else {
                    return Typed::broken(reference.span);
                };
                let of = self.types[id.index()].clone().unwrap_or(Type::Any);
                Typed {
                    expression: Expression::Variable { variable: id, indices },
                    of,
                    span: reference.span,
                    bare: false,
                }
            }
            Some((Symbol::Event(id), _)) => self.event_reading(scope, reference, &name, id, reading.as_ref()),
            Some((Symbol::Subscript(id), place)) => {
                if let Some(reading) = &reading {
                    return self.subscript_value(scope, id, reading, place, reference.span);
                }
                if scope.bound.contains(&id) {
                    return Typed {
                        expression: Expression::Position(id),
                        of: Type::Category(super::Category::Subscript(id)),
                        span: reference.span,
                        bare: false,
                    };
                }
                if !scope.lenient {
                    let set = self.model.set_of(id);
                    let here = scope.bound.iter().find(|&&here| self.model.set_of(here) == set);
                    let help = match here {
                        Some(&here) => {
                            let here = &self.model.subscript(here).name;
                            format!(
                                "the index over the same set is `{here}` here: write `{here}` in its place"
                            )
                        }
                        None => format!("give the declaration the subscript: `name[{name}]`"),
                    };
                    self.report(
                        Diagnostic::error(
                            Code::SubscriptMismatch,
                            format!("`{name}` has no element here"),
                            reference.span,
                            "the declaration does not have this subscript",
                        )
                        .and(place, "declared here")
                        .help(help),
                    );
                }
                Typed::broken(reference.span)
            }
            Some((Symbol::Lookup(_), place)) => {
                self.report(
                    Diagnostic::error(
                        Code::WrongKind,
                        format!("the lookup `{name}` stands without a value"),
                        reference.span,
                        "a lookup is used like a function",
                    )
                    .and(place, "declared here")
                    .help(format!("write `{name}(x)`")),
                );
                Typed::broken(reference.span)
            }
            Some((Symbol::Broken, _)) => Typed::broken(reference.span),
            None if name == "time" && reference.indices.is_none() => Typed {
                expression: Expression::Time,
                of: Type::Number(self.units.time()),
                span: reference.span,
                bare: false,
            },
            None => self.unit_or_unknown(reference, &name),
        }
    }

    /// `size.value`: the number that the element is called by, of a subscript with numbers for elements.
    fn subscript_value(
        &mut self,
        scope: &Scope,
        id: SubscriptId,
        reading: &Name,
        place: Span,
        span: Span,
    ) -> Typed {
        let subscript = self.model.subscript(id);
        let (name, is_known) = (subscript.name.clone(), reading.text == "value");
        let numbers: Option<Vec<f64>> =
            subscript.elements.iter().map(|element| element.parse().ok()).collect();
        let diagnostic = match numbers {
            Some(numbers) if is_known && scope.bound.contains(&id) => {
                return Typed {
                    expression: Expression::Select {
                        selector: Box::new(Expression::Position(id)),
                        alternatives: numbers.into_iter().map(Expression::Number).collect(),
                    },
                    of: Type::Number(Dimension::none()),
                    span,
                    bare: false,
                };
            }
            _ if scope.lenient => return Typed::broken(span),
            Some(_) if is_known => Diagnostic::error(
                Code::SubscriptMismatch,
                format!("`{name}` has no element here"),
                span,
                "the declaration does not have this subscript",
            )
            .help(format!("give the declaration the subscript: `name[{name}]`")),
            None if is_known => Diagnostic::error(
                Code::WrongKind,
                format!("the elements of `{name}` are no numbers"),
                reading.span,
                "has no value",
            )
            .help(format!("declare the subscript with numbers, `subscript {name} 1 to 12`, or use a table")),
            _ => Diagnostic::error(
                Code::WrongKind,
                format!("a subscript has no `.{}`", reading.text),
                reading.span,
                "not known",
            )
            .help(format!("`{name}.value` is the number of an element of a subscript such as `1 to 12`")),
        };
        self.report(diagnostic.and(place, "declared here"));
        Typed::broken(span)
    }

    fn unit_or_unknown(&mut self, reference: &Reference, name: &str) -> Typed {
        if reference.indices.is_none() && self.units.named(name).is_some() {
            let mut same_end: Vec<&String> =
                self.values.keys().filter(|known| known.rsplit('.').next() == Some(name)).collect();
            same_end.sort();
            let help = match same_end.first() {
                Some(found) => format!("did you mean `{found}`? One of the unit is `1 {name}`"),
                None => format!("write how many, for example `1 {name}`"),
            };
            let one = same_end.is_empty().then(|| format!("1 {name}"));
            self.report(
                Diagnostic::error(
                    Code::WrongKind,
                    format!("`{name}` is a unit, not a value"),
                    reference.span,
                    "how many?",
                )
                .help(help)
                .fix_if(reference.span, one),
            );
            return Typed::broken(reference.span);
        }
        self.unknown_name(name, reference.path.span);
        Typed::broken(reference.span)
    }

    fn unknown_name(&mut self, name: &str, span: Span) {
        let mut diagnostic =
            Diagnostic::error(Code::UnknownName, format!("there is no `{name}`"), span, "not declared");
        let element = self
            .model
            .subscripts
            .iter()
            .find(|subscript| subscript.elements.iter().any(|element| element == name))
            .map(|subscript| subscript.name.clone());
        let option = self
            .model
            .variables
            .iter()
            .find(|variable| match &variable.kind {
                VariableKind::Assumption { alternatives, .. }
                | VariableKind::Mechanism { alternatives, .. } => {
                    alternatives.iter().any(|alternative| alternative == name)
                }
                VariableKind::Decision(decision) => decision.options.iter().any(|option| option == name),
                _ => false,
            })
            .map(|variable| variable.name.clone());
        diagnostic = if let Some(subscript) = element {
            diagnostic.help(format!(
                "`{name}` is an element: write `x[{name}]`, or compare `{subscript} == {name}`"
            ))
        } else if let Some(of) = option {
            diagnostic.help(format!("`{name}` is an alternative: compare `{of} == {name}`"))
        } else if let Some(suggestion) = self.suggestion(name) {
            diagnostic.help(format!("did you mean `{suggestion}`?")).fix(span, suggestion)
        } else {
            diagnostic.help(format!("declare it, for example `aux {} = ...`", name.replace('.', "_")))
        };
        self.report(diagnostic);
    }

    /// Splits `split.happened` into the event and its reading.
    pub(super) fn split_reading(&self, scope: &Scope, reference: &Reference) -> (String, Option<Name>) {
        let whole = reference.path.text();
        if let Some(reading) = &reference.reading {
            // `posture[kabul].position` reads as `posture.position[kabul]`.
            let named = format!("{whole}.{}", reading.text);
            if self.find(scope.actor, &whole).is_some() && self.find(scope.actor, &named).is_some() {
                return (named, None);
            }
            return (whole, reference.reading.clone());
        }
        if let [rest @ .., last] = reference.path.parts.as_slice()
            && !rest.is_empty()
            && self.find(scope.actor, &whole).is_none()
        {
            let stem = rest.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
            if self.find(scope.actor, &stem).is_some() {
                return (stem, Some(last.clone()));
            }
        }
        (whole, None)
    }

    fn no_reading(&mut self, reading: &Name, place: Span) {
        self.report(
            Diagnostic::error(
                Code::WrongKind,
                format!("`.{}` belongs to events", reading.text),
                reading.span,
                "not an event",
            )
            .and(place, "declared here")
            .help(
                "only events have `.count`, `.total` and `.happened`; a decision by a council has `.position`",
            ),
        );
    }

    fn event_reading(
        &mut self,
        scope: &mut Scope,
        reference: &Reference,
        name: &str,
        event: EventId,
        reading: Option<&Name>,
    ) -> Typed {
        let what = match reading.map(|reading| reading.text.as_str()) {
            Some("count") => EventReading::Count,
            Some("total") => EventReading::Total,
            Some("happened") => EventReading::Happened,
            other => {
                let span = reading.map_or(reference.span, |reading| reading.span);
                let headline = match other {
                    Some(word) => format!("an event has no `.{word}`"),
                    None => format!("the event `{name}` is not a number"),
                };
                self.report(
                    Diagnostic::error(Code::WrongKind, headline, span, "which reading is meant?").help(format!(
                        "write `{name}.count` (in the last step), `{name}.total` (so far) or `{name}.happened`"
                    )),
                );
                return Typed::broken(reference.span);
            }
        };
        let subscripts = self.model.events[event.index()].subscripts.clone();
        let Some(indices) = self.indices(scope, reference, name, &subscripts, None) else {
            return Typed::broken(reference.span);
        };
        let of =
            if what == EventReading::Happened { Type::Condition } else { Type::Number(Dimension::none()) };
        Typed {
            expression: Expression::Event { event, reading: what, indices },
            of,
            span: reference.span,
            bare: false,
        }
    }

    /// A stock with its indices; unbound subscripts are collected in `free` when it is given.
    pub(super) fn endpoint(
        &mut self,
        scope: &Scope,
        reference: &Reference,
        free: Option<&mut Vec<SubscriptId>>,
    ) -> Option<Endpoint> {
        let name = reference.path.text();
        let found = self.find(scope.actor, &name);
        if let Some((_, place)) = found {
            self.used_reference(place, reference, &name);
        }
        match found {
            Some((Symbol::Variable(id), place)) => {
                if !matches!(self.model.variable(id).kind, VariableKind::Stock { .. }) {
                    self.report(
                        Diagnostic::error(
                            Code::WrongKind,
                            format!("`{name}` is not a stock"),
                            reference.span,
                            "only stocks hold something that can move or change",
                        )
                        .and(place, "declared here")
                        .help("declare it as `stock`, or change what it is computed from"),
                    );
                    return None;
                }
                let subscripts = self.model.variable(id).subscripts.clone();
                let indices = self.indices(scope, reference, &name, &subscripts, free)?;
                Some(Endpoint { stock: id, indices })
            }
            Some((Symbol::Broken, _)) => None,
            Some((_, place)) => {
                self.report(
                    Diagnostic::error(
                        Code::WrongKind,
                        format!("`{name}` is not a stock"),
                        reference.span,
                        "a stock is needed here",
                    )
                    .and(place, "declared here")
                    .help("only stocks hold something that can move or change"),
                );
                None
            }
            None => {
                self.unknown_name(&name, reference.path.span);
                None
            }
        }
    }

    pub(super) fn reduce(
        &mut self,
        scope: &mut Scope,
        reduction: Reduction,
        function: &Name,
        parts: &[&ast::Expression],
        over: &[Name],
        span: Span,
    ) -> Typed {
        let [body] = parts else {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("`{}` takes 1 value, found {}", function.text, parts.len()),
                    span,
                    "wrong number of values",
                )
                .help(format!("write `{}(x)` or `{}(x over region)`", function.text, function.text)),
            );
            return Typed::broken(span);
        };
        let mut subscripts = Vec::new();
        if over.is_empty() {
            match self.run_over(scope, function, body, span) {
                Some(found) => subscripts = found,
                None => return Typed::broken(span),
            }
        }
        for name in over {
            match self.values.get(&name.text) {
                Some(&(Symbol::Subscript(id), _)) if subscripts.contains(&id) => {
                    self.report(
                        Diagnostic::error(
                            Code::SubscriptMismatch,
                            format!("`{}` runs over `{}` twice", function.text, name.text),
                            name.span,
                            "again here",
                        )
                        .help("name every subscript once"),
                    );
                    return Typed::broken(span);
                }
                Some(&(Symbol::Subscript(id), place)) => {
                    self.naming.used(place, name.span);
                    subscripts.push(id);
                }
                Some(&(Symbol::Broken, place)) => {
                    self.naming.used(place, name.span);
                    return Typed::broken(span);
                }
                _ => {
                    self.unknown_subscript(name);
                    return Typed::broken(span);
                }
            }
        }
        let bound = scope.bound.clone();
        if subscripts.is_empty() {
            let before = self.n_reported;
            let inner = self.resolve(scope, body);
            if self.n_reported == before && inner.of != Type::Any {
                self.report(
                    Diagnostic::error(
                        Code::SubscriptMismatch,
                        format!("`{}` has nothing to run over", function.text),
                        span,
                        "nothing in here has a subscript",
                    )
                    .help("remove it, or name a subscript: `sum(x over region)`"),
                );
            }
            return Typed::broken(span);
        }
        for &id in &subscripts {
            if !scope.bound.contains(&id) {
                scope.bound.push(id);
            }
        }
        let before = self.n_reported;
        self.reductions.push((subscripts.clone(), Vec::new()));
        // What is run over has another element in here than in a table around.
        let tabled = self.tabled.clone();
        self.tabled.retain(|id| !subscripts.contains(id));
        let inner = self.resolve(scope, body);
        self.tabled = tabled;
        let except = self.reductions.pop().map(|(_, except)| except).unwrap_or_default();
        if self.n_reported == before {
            self.check_runs(scope, over, &subscripts, &inner.expression);
        }
        if let Reduction::Mean | Reduction::Min | Reduction::Max = reduction
            && let Some(empty) = self.may_be_empty(&subscripts, &except)
        {
            self.nothing_left(function, empty, span);
        }
        scope.bound = bound;
        let is_plain = matches!(reduction, Reduction::Product | Reduction::NoisyOr);
        if reduction == Reduction::NoisyOr {
            self.expect_probability(function, &inner);
        }
        let (of, body) = if inner.of == Type::Condition && !is_plain {
            (Type::Number(Dimension::none()), inner.expression)
        } else {
            self.expect_number(&inner);
            if reduction == Reduction::Product {
                self.expect_dimension(
                    &inner,
                    &Dimension::none(),
                    Some((function.span, "takes numbers without unit")),
                );
            }
            (inner.of, inner.expression)
        };
        Typed {
            expression: Expression::Reduce { reduction, over: subscripts, except, body: Box::new(body) },
            of,
            span,
            bare: false,
        }
    }

    fn nothing_left(&mut self, function: &Name, empty: SubscriptId, span: Span) {
        let of = self.model.subscript(empty).name.clone();
        self.report(
            Diagnostic::error(
                Code::SubscriptMismatch,
                format!("nothing of `{of}` is left for `{}`", function.text),
                span,
                "every element is left out",
            )
            .help("leave out fewer elements; only a sum (0), a product (1) and a noisy-or (0) of nothing have a value"),
        );
    }

    pub(super) fn lookup_call(
        &mut self,
        scope: &mut Scope,
        id: LookupId,
        function: &Name,
        parts: &[&ast::Expression],
        span: Span,
    ) -> Typed {
        let [argument] = parts else {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("the lookup `{}` takes 1 value, found {}", function.text, parts.len()),
                    span,
                    "wrong number of values",
                )
                .help(format!("write `{}(x)`", function.text)),
            );
            return Typed::broken(span);
        };
        let argument = self.resolve(scope, argument);
        let (input, output) = self.lookup_types[id.index()].clone();
        match input {
            Type::Number(input) => {
                self.expect_dimension(
                    &argument,
                    &input,
                    Some((function.span, "the lookup takes another unit")),
                );
            }
            _ => self.expect_number(&argument),
        }
        Typed {
            expression: Expression::Lookup(id, Box::new(argument.expression)),
            of: output,
            span,
            bare: false,
        }
    }

    /// The variables that an expression refers to, by name, before it is resolved.
    pub(super) fn named_variables(&self, item: super::Item, expression: &ast::Expression) -> Vec<VariableId> {
        let mut found = Vec::new();
        walk::each(expression, &mut |part| {
            if let ExpressionKind::Reference(reference) = &part.kind
                && let Some((Symbol::Variable(id), _)) = self.find(item.actor, &reference.path.text())
            {
                found.push(id);
            }
            true
        });
        found
    }
}
