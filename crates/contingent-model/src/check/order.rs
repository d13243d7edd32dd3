//! Order of evaluation, circles, whole stocks, and what nothing depends on.

use std::collections::{HashMap, HashSet};

use contingent_syntax::{Code, Diagnostic};

use super::walk::{Through, each_resolved, each_through, for_each_expression};
use super::{Checker, Type};
use crate::checked::{
    CheckedModel, ChoiceRule, Condition, Effect, Formula, Measure, Quantity, VariableId, VariableKind,
};
use crate::expression::{
    BinaryOperator, Chance, Expression, Function, Memory, MemoryKind, Reduction, UnaryOperator, Window,
};

/// Most members of a circle that are named.
const MAX_SHOWN: usize = 12;

/// Variables and events that an expression refers to.
fn references(expression: &Expression, variables: &mut Vec<usize>, events: &mut Vec<usize>) {
    each_resolved(expression, &mut |part| match part {
        Expression::Variable { variable, .. } => variables.push(variable.index()),
        Expression::Event { event, .. } => events.push(event.index()),
        _ => {}
    });
}

/// Variables on whose values at t, or at the start, that of an expression depends.
fn needed(expression: &Expression, through: Through) -> Vec<usize> {
    let mut variables = Vec::new();
    each_through(expression, through, &mut |part| {
        if let Expression::Variable { variable, .. } = part {
            variables.push(variable.index());
        }
    });
    variables
}

/// Calls `visit` for everything that is remembered in an expression.
fn each_memory(expression: &Expression, visit: &mut dyn FnMut(&Memory)) {
    each_resolved(expression, &mut |part| {
        if let Expression::Memory(memory) = part {
            visit(memory);
        }
    });
}

/// The definition of an auxiliary or flow.
fn definition_of(kind: &VariableKind) -> Option<&Expression> {
    match kind {
        VariableKind::Auxiliary { definition } => Some(definition),
        VariableKind::Flow { rate, .. } => Some(rate),
        _ => None,
    }
}

impl Checker<'_> {
    /// The order of auxiliaries and flows within a step; a circle is shown with all its members.
    pub(super) fn check_order(&mut self) {
        let edges: Vec<Vec<usize>> = (0..self.model.variables.len())
            .map(|i| match definition_of(&self.model.variables[i].kind) {
                Some(definition) => self.dynamic(definition),
                None => Vec::new(),
            })
            .collect();
        let everything: Vec<usize> = (0..edges.len()).collect();
        let order = self.topological(
            &edges,
            &everything,
            "within one step",
            "let one of them go through a stock, `smooth`, `delay` or `lag`, so that time passes",
        );
        self.model.evaluation_order = order
            .into_iter()
            .filter(|&i| {
                matches!(
                    self.model.variables[i].kind,
                    VariableKind::Auxiliary { .. } | VariableKind::Flow { .. }
                )
            })
            .map(|i| VariableId(i as u32))
            .collect();
        let initial: Vec<Vec<usize>> = self
            .model
            .variables
            .iter()
            .map(|variable| match &variable.kind {
                VariableKind::Stock { initial, .. } => needed(initial, Through::Start),
                kind => definition_of(kind).map_or_else(Vec::new, |d| needed(d, Through::Start)),
            })
            .collect();
        // Only circles through the initial value of a stock, or through the start of what is remembered, are
        // new here.
        let before = self.diagnostics.len();
        let mut starts: Vec<usize> = (0..initial.len())
            .filter(|&i| matches!(self.model.variables[i].kind, VariableKind::Stock { .. }))
            .collect();
        let remembered = self.needed_by_memory();
        let help = if remembered.is_empty() {
            "give one of the stocks an initial value of its own"
        } else {
            "give one of the stocks an initial value of its own, or say how a memory starts: `initially 0`"
        };
        starts.extend(remembered);
        let order = self.topological(&initial, &starts, "at the start", help);
        self.model.initial_order = order.into_iter().map(|i| VariableId(i as u32)).collect();
        let new = self.diagnostics.split_off(before);
        // A circle within a step that is one at the start as well may begin with another of its members.
        let circles = self.diagnostics.iter().filter(|d| d.code == Code::CircularDefinition);
        let members = circles.flat_map(|d| &d.secondary).map(|label| label.span);
        let known: HashSet<_> = self.diagnostics.iter().map(|d| d.primary.span).chain(members).collect();
        self.diagnostics.extend(new.into_iter().filter(|d| !known.contains(&d.primary.span)));
        self.check_initial_chance();
    }

    fn dynamic(&self, expression: &Expression) -> Vec<usize> {
        let mut variables = needed(expression, Through::Present);
        variables.retain(|&i| definition_of(&self.model.variables[i].kind).is_some());
        variables
    }

    /// What levels and past values need at the start, anywhere in the model.
    fn needed_by_memory(&self) -> Vec<usize> {
        let mut variables = Vec::new();
        for_each_expression(&self.model, &mut |expression| {
            each_memory(expression, &mut |memory| {
                let start = memory.initially.as_ref().unwrap_or(&memory.body);
                variables.extend(needed(start, Through::Start));
                if let MemoryKind::Delay { duration, .. } = &memory.kind {
                    variables.extend(needed(duration, Through::Start));
                }
            });
        });
        variables
    }

    /// Nothing has passed yet when a stock gets its initial value.
    pub(super) fn check_initial_memory(&mut self) {
        let mut found = Vec::new();
        for variable in &self.model.variables {
            if let VariableKind::Stock { initial, .. } = &variable.kind {
                each_memory(initial, &mut |memory| found.push((memory.span, variable.name.clone())));
            }
        }
        for (place, stock) in found {
            self.report(
                Diagnostic::error(
                    Code::MemoryNotAllowed,
                    format!("the initial value of `{stock}` looks back before the start"),
                    place,
                    "nothing has passed yet",
                )
                .help("write the value itself, or declare an `assume` for what was before"),
            );
        }
    }

    /// Auxiliaries that depend on themselves through what is remembered, and whose unit nothing gives.
    pub(super) fn check_units_of_circles(&mut self) {
        let edges: Vec<Vec<usize>> = self
            .model
            .variables
            .iter()
            .map(|variable| {
                definition_of(&variable.kind).map_or_else(Vec::new, |d| needed(d, Through::Everything))
            })
            .collect();
        for i in 0..edges.len() {
            let is_open = |i: usize| self.declared_units[i].is_none() && self.types[i] == Some(Type::Any);
            let variable = &self.model.variables[i];
            if !matches!(variable.kind, VariableKind::Auxiliary { .. }) || !is_open(i) {
                continue;
            }
            let (mut queue, mut seen) = (edges[i].clone(), HashSet::new());
            let mut is_circle = false;
            while let Some(next) = queue.pop() {
                is_circle |= next == i;
                if seen.insert(next) && is_open(next) {
                    queue.extend(&edges[next]);
                }
            }
            if is_circle {
                let diagnostic = Diagnostic::error(
                    Code::UnitNotKnown,
                    format!("the unit of `{}` cannot be inferred: it depends on itself", variable.name),
                    variable.span,
                    "in which unit?",
                )
                .help(format!("declare it: `aux {}: unit = ...`, or `: 1` if it has none", variable.name));
                self.report(diagnostic);
                return;
            }
        }
    }

    fn topological(&mut self, edges: &[Vec<usize>], starts: &[usize], when: &str, help: &str) -> Vec<usize> {
        let mut order = Vec::new();
        let mut state = vec![0_u8; edges.len()];
        for &start in starts {
            if state[start] != 0 {
                continue;
            }
            let mut path: Vec<(usize, usize)> = vec![(start, 0)];
            state[start] = 1;
            while let Some(&mut (node, ref mut next)) = path.last_mut() {
                if let Some(&target) = edges[node].get(*next) {
                    *next += 1;
                    match state[target] {
                        0 => {
                            state[target] = 1;
                            path.push((target, 0));
                        }
                        1 => {
                            let begin = path.iter().position(|&(member, _)| member == target).unwrap_or(0);
                            let cycle: Vec<usize> = path[begin..].iter().map(|&(member, _)| member).collect();
                            self.report_cycle(&cycle, when, help);
                        }
                        _ => {}
                    }
                } else {
                    state[node] = 2;
                    order.push(node);
                    path.pop();
                }
            }
        }
        order
    }

    fn report_cycle(&mut self, cycle: &[usize], when: &str, help: &str) {
        // Told from the member that was declared first.
        let first = cycle.iter().enumerate().min_by_key(|&(_, &i)| i).map_or(0, |(position, _)| position);
        let cycle = &[&cycle[first..], &cycle[..first]].concat()[..];
        let name = |i: usize| self.model.variables[i].name.clone();
        let shown = &cycle[..cycle.len().min(MAX_SHOWN)];
        let mut chain: Vec<String> = shown.iter().map(|&i| name(i)).collect();
        if shown.len() < cycle.len() {
            chain.push(format!("({} more)", cycle.len() - shown.len()));
        }
        chain.push(name(cycle[0]));
        let headline = if cycle.len() == 1 {
            format!("`{}` depends on itself {when}", chain[0])
        } else {
            format!("these depend on each other in a circle {when}: {}", chain.join(" -> "))
        };
        let label = match cycle {
            [.., last] if cycle.len() > 1 => format!("needed by `{}`", name(*last)),
            _ => "needs itself".to_owned(),
        };
        let place = self.model.variables[cycle[0]].span;
        let mut diagnostic = Diagnostic::error(Code::CircularDefinition, headline, place, label).help(help);
        for pair in shown.windows(2) {
            let label = format!("needed by `{}`", name(pair[0]));
            diagnostic = diagnostic.and(self.model.variables[pair[1]].span, label);
        }
        self.report(diagnostic);
    }

    /// Initial values may refer to auxiliaries, but not to chance in them.
    fn check_initial_chance(&mut self) {
        let chancy: Vec<bool> = self
            .model
            .variables
            .iter()
            .map(|variable| match &variable.kind {
                VariableKind::Auxiliary { definition: expression }
                | VariableKind::Flow { rate: expression, .. } => {
                    let mut found = false;
                    each_resolved(expression, &mut |part| found |= matches!(part, Expression::Draw { .. }));
                    found
                }
                _ => false,
            })
            .collect();
        for i in 0..self.model.variables.len() {
            let VariableKind::Stock { initial, .. } = &self.model.variables[i].kind else { continue };
            let (mut variables, mut events) = (Vec::new(), Vec::new());
            references(initial, &mut variables, &mut events);
            let mut seen = HashSet::new();
            while let Some(next) = variables.pop() {
                if !seen.insert(next) {
                    continue;
                }
                if chancy[next] {
                    let (stock, other) = (&self.model.variables[i], &self.model.variables[next]);
                    let diagnostic = Diagnostic::error(
                        Code::ChanceNotAllowed,
                        format!("the initial value of `{}` depends on chance", stock.name),
                        stock.span,
                        "must be certain once the assumptions are",
                    )
                    .and(other.span, "chance is drawn here")
                    .help("what is not known before the start is an `assume`");
                    self.report(diagnostic);
                    break;
                }
                if let VariableKind::Auxiliary { definition: expression }
                | VariableKind::Flow { rate: expression, .. } = &self.model.variables[next].kind
                {
                    references(expression, &mut variables, &mut events);
                }
            }
        }
    }

    /// Flows that touch a whole stock move whole numbers.
    pub(super) fn check_wholeness(&mut self) {
        let mut found = Vec::new();
        let mut wholeness = Wholeness::new(&self.model);
        for i in 0..self.model.variables.len() {
            let VariableKind::Flow { from, to, rate, .. } = &self.model.variables[i].kind else { continue };
            let whole = from.iter().chain(to.iter().map(|to| &to.endpoint)).find(|end| {
                matches!(self.model.variable(end.stock).kind, VariableKind::Stock { whole: true, .. })
            });
            let Some(end) = whole else { continue };
            if wholeness.is_whole(rate, self.model.clock.dt) {
                continue;
            }
            let (flow, stock) = (&self.model.variables[i], self.model.variable(end.stock));
            let diagnostic = Diagnostic::error(
                Code::NotWhole,
                format!("the flow `{}` can move a fraction of `{}`", flow.name, stock.name),
                flow.span,
                "not a whole number",
            )
            .and(stock.span, "a whole stock")
            .help("use `poisson(rate)`, `binomial(stock, hazard)`, or remove `whole`");
            found.push(diagnostic);
        }
        for diagnostic in found {
            self.report(diagnostic);
        }
    }

    /// Warns about what no question and no indicator depends on.
    pub(super) fn check_reach(&mut self) {
        let (mut variables, mut events) = (Vec::new(), Vec::new());
        let condition = |condition: &Condition, v: &mut Vec<usize>, e: &mut Vec<usize>| {
            references(&condition.expression, v, e);
        };
        let formula = |formula: &Formula, v: &mut Vec<usize>, e: &mut Vec<usize>| match formula {
            Formula::Within { condition: c, .. }
            | Formula::Always { condition: c, .. }
            | Formula::At { condition: c, .. } => {
                condition(c, v, e);
            }
            Formula::Before { first, second } => {
                condition(first, v, e);
                condition(second, v, e);
            }
        };
        for question in &self.model.questions {
            match &question.measure {
                Measure::Probability(asked) => formula(asked, &mut variables, &mut events),
                Measure::Distribution(Quantity::At { expression, .. }) => {
                    references(expression, &mut variables, &mut events);
                }
                Measure::Distribution(Quantity::FirstTime { condition: c }) => {
                    condition(c, &mut variables, &mut events);
                }
            }
            if let Some(given) = &question.given {
                formula(given, &mut variables, &mut events);
            }
        }
        for indicator in &self.model.indicators {
            references(&indicator.expression, &mut variables, &mut events);
        }
        for parameter in self.model.observations.iter().flat_map(|of| of.parameters.iter().flatten()) {
            references(parameter, &mut variables, &mut events);
        }
        if self.model.questions.is_empty() && self.model.indicators.is_empty() {
            return;
        }
        let (reached, reached_events) = self.spread(variables, events);
        self.check_unused();
        self.check_effects(&reached);
        let is_links = |i: usize| self.model.links.iter().any(|links| links.variable.index() == i);
        for (i, variable) in self.model.variables.iter().enumerate() {
            let what = match variable.kind {
                VariableKind::Assumption { .. } => "assumption",
                VariableKind::Lever { .. } => "lever",
                VariableKind::Mechanism { .. } => "mechanism",
                VariableKind::Stock { .. } => "stock",
                VariableKind::Auxiliary { .. } if is_links(i) => "links",
                VariableKind::Auxiliary { .. } => "auxiliary",
                VariableKind::Decision(_) => "decision",
                VariableKind::Input(_) => "input",
                VariableKind::Flow { .. } | VariableKind::Position(_) => continue,
            };
            if !reached.contains(&i) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        Code::UnusedDeclaration,
                        format!("nothing that is asked depends on the {what} `{}`", variable.name),
                        variable.span,
                        "has no effect on any question or indicator",
                    )
                    .help("connect it, ask about it, or remove it"),
                );
            }
        }
        for (i, event) in self.model.events.iter().enumerate() {
            if !reached_events.contains(&i) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        Code::UnusedDeclaration,
                        format!("nothing that is asked depends on the event `{}`", event.name),
                        event.span,
                        "has no effect on any question or indicator",
                    )
                    .help("connect it, ask about it, or remove it"),
                );
            }
        }
    }

    /// Everything that the given variables and events depend on, through flows and effects too.
    fn spread(&self, variables: Vec<usize>, events: Vec<usize>) -> (HashSet<usize>, HashSet<usize>) {
        let n = self.model.variables.len();
        let mut changed_by_flow: Vec<Vec<usize>> = vec![Vec::new(); n];
        let mut changed_by_event: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (i, variable) in self.model.variables.iter().enumerate() {
            if let VariableKind::Flow { from, to, .. } = &variable.kind {
                for end in from.iter().chain(to.iter().map(|to| &to.endpoint)) {
                    changed_by_flow[end.stock.index()].push(i);
                }
            }
        }
        for (i, event) in self.model.events.iter().enumerate() {
            for effect in &event.effects {
                let (Effect::Add { target, .. }
                | Effect::Set { target, .. }
                | Effect::Move { from: target, .. }) = effect;
                changed_by_event[target.stock.index()].push(i);
                if let Effect::Move { to: Some(to), .. } = effect {
                    changed_by_event[to.stock.index()].push(i);
                }
            }
        }
        let mut excited_by: Vec<Vec<usize>> = vec![Vec::new(); self.model.events.len()];
        for (i, event) in self.model.events.iter().enumerate() {
            for excitation in &event.excitations {
                excited_by[excitation.target.index()].push(i);
            }
        }
        let (mut queue, mut event_queue) = (variables, events);
        let (mut reached, mut reached_events) = (HashSet::new(), HashSet::new());
        loop {
            if let Some(i) = queue.pop() {
                if !reached.insert(i) {
                    continue;
                }
                match &self.model.variables[i].kind {
                    VariableKind::Stock { initial, .. } => {
                        references(initial, &mut queue, &mut event_queue);
                        queue.extend(&changed_by_flow[i]);
                        event_queue.extend(&changed_by_event[i]);
                    }
                    VariableKind::Flow { rate, from, to, .. } => {
                        references(rate, &mut queue, &mut event_queue);
                        for share in to.iter().filter_map(|to| to.share.as_ref()) {
                            references(share, &mut queue, &mut event_queue);
                        }
                        queue.extend(from.iter().map(|end| end.stock.index()));
                    }
                    VariableKind::Auxiliary { definition } => {
                        references(definition, &mut queue, &mut event_queue);
                    }
                    VariableKind::Decision(decision) => {
                        for expression in decision.expressions() {
                            references(expression, &mut queue, &mut event_queue);
                        }
                        if let ChoiceRule::Council { position, .. } = &decision.rule {
                            queue.push(position.index());
                        }
                    }
                    // Reached, so is the decision that it belongs to: it is read in its place.
                    VariableKind::Position(council) => {
                        for expression in council.expressions() {
                            references(expression, &mut queue, &mut event_queue);
                        }
                        queue.push(council.decision.index());
                    }
                    _ => {}
                }
            } else if let Some(i) = event_queue.pop() {
                if !reached_events.insert(i) {
                    continue;
                }
                let event = &self.model.events[i];
                references(&event.hazard, &mut queue, &mut event_queue);
                event_queue.extend(&excited_by[i]);
                for excitation in &event.excitations {
                    references(&excitation.ratio, &mut queue, &mut event_queue);
                    references(&excitation.duration, &mut queue, &mut event_queue);
                }
                if let Some(when) = &event.when {
                    references(when, &mut queue, &mut event_queue);
                }
                for effect in &event.effects {
                    let (Effect::Add { amount: expression, .. }
                    | Effect::Set { value: expression, .. }
                    | Effect::Move { quantity: expression, .. }) = effect;
                    references(expression, &mut queue, &mut event_queue);
                    if let Effect::Move { from, .. } = effect {
                        queue.push(from.stock.index());
                    }
                }
            } else {
                return (reached, reached_events);
            }
        }
    }
}

/// Which expressions are whole numbers whatever the run.
struct Wholeness<'m> {
    model: &'m CheckedModel,
    /// What is known of a variable times a factor (by its bits); false while it is being found out.
    known: HashMap<(usize, u64), bool>,
}

impl<'m> Wholeness<'m> {
    fn new(model: &'m CheckedModel) -> Self {
        Self { model, known: HashMap::new() }
    }

    /// Whether `factor` times the expression is whole: with the step as factor, what a rate moves in a step.
    fn is_whole(&mut self, expression: &Expression, factor: f64) -> bool {
        use Expression as E;
        let counts = factor.fract() == 0.0;
        match expression {
            E::Number(value) => is_nearly_whole(value * factor),
            E::Draw { chance: Chance::Poisson { per_time } | Chance::Binomial { per_time }, .. } => {
                if *per_time {
                    is_nearly_whole(factor / self.model.clock.dt)
                } else {
                    counts
                }
            }
            E::Draw { chance: Chance::Bernoulli, .. }
            | E::Position(_)
            | E::Event { .. }
            | E::Call(Function::Floor | Function::Ceil | Function::Round, _)
            | E::Unary(UnaryOperator::Not, _)
            | E::Binary(
                BinaryOperator::Less
                | BinaryOperator::LessOrEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterOrEqual
                | BinaryOperator::Equal
                | BinaryOperator::NotEqual
                | BinaryOperator::And
                | BinaryOperator::Or,
                ..,
            ) => counts,
            E::Call(Function::Min | Function::Max | Function::Clamp, arguments) => {
                arguments.iter().all(|argument| self.is_whole(argument, factor))
            }
            E::Call(Function::Abs, arguments) => {
                arguments.iter().all(|argument| self.is_whole(argument, factor))
            }
            E::Unary(UnaryOperator::Negate, inner) => self.is_whole(inner, factor),
            E::Binary(BinaryOperator::Add | BinaryOperator::Subtract, a, b) => {
                self.is_whole(a, factor) && self.is_whole(b, factor)
            }
            E::Binary(BinaryOperator::Multiply, a, b) => {
                (self.is_whole(a, factor) && self.is_whole(b, 1.0))
                    || (self.is_whole(a, 1.0) && self.is_whole(b, factor))
            }
            E::Binary(BinaryOperator::Divide, a, b) => match **b {
                E::Number(value) => {
                    let quotient = factor / value;
                    let whole = is_nearly_whole(quotient) && quotient.round() != 0.0;
                    self.is_whole(a, if whole { quotient.round() } else { quotient })
                }
                _ => false,
            },
            E::If(_, yes, no) => self.is_whole(yes, factor) && self.is_whole(no, factor),
            E::Select { alternatives, .. } => alternatives.iter().all(|inner| self.is_whole(inner, factor)),
            E::Reduce { reduction: Reduction::Sum | Reduction::Min | Reduction::Max, body, .. } => {
                self.is_whole(body, factor)
            }
            E::Reduce { reduction: Reduction::Product, body, .. } => counts && self.is_whole(body, 1.0),
            E::Memory(memory) => match &memory.kind {
                MemoryKind::Lag { .. } => {
                    let initially = memory.initially.as_ref();
                    self.is_whole(&memory.body, factor)
                        && initially.is_none_or(|initially| self.is_whole(initially, factor))
                }
                MemoryKind::Window { window: Window::Integral, .. } => {
                    self.is_whole(&memory.body, factor * self.model.clock.dt)
                }
                MemoryKind::Window { window: Window::Sum | Window::Min | Window::Max, .. } => {
                    self.is_whole(&memory.body, factor)
                }
                MemoryKind::Ever => counts,
                MemoryKind::Window { window: Window::Mean, .. }
                | MemoryKind::Delay { .. }
                | MemoryKind::Smooth { .. } => false,
            },
            E::Variable { variable, .. } => {
                let model = self.model;
                let definition = match &model.variable(*variable).kind {
                    VariableKind::Stock { whole, .. } => return *whole && counts,
                    VariableKind::Input(input) => {
                        // The values at steps; those between are for the middle of a step.
                        let mut values = input.series.iter().flat_map(|series| series.iter().step_by(2));
                        return values.all(|value| is_nearly_whole(value * factor));
                    }
                    VariableKind::Auxiliary { definition } | VariableKind::Flow { rate: definition, .. } => {
                        definition
                    }
                    _ => return false,
                };
                let key = (variable.index(), factor.to_bits());
                if let Some(&known) = self.known.get(&key) {
                    return known;
                }
                self.known.insert(key, false);
                let found = self.is_whole(definition, factor);
                self.known.insert(key, found);
                found
            }
            _ => false,
        }
    }
}

/// Whether a number is whole up to the rounding of a few divisions by the step.
fn is_nearly_whole(number: f64) -> bool {
    (number - number.round()).abs() <= 1e-9 * number.abs()
}
