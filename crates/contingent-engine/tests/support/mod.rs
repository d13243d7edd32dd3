//! Small checked models, built by hand.
//!
//! Enters: declarations, in the order in which they need each other. Leaves: a [`CheckedModel`] as the resolver
//! would give it. Always holds: auxiliaries and flows are evaluated in the order in which they were declared.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(missing_docs, reason = "the names say it")]
#![allow(unreachable_pub, reason = "shared by tests and examples")]

use contingent_engine::{Block, BlockResult, Configuration, Program, Workspace, compile, run_block};
use contingent_model::{
    BaseRate, BinaryOperator, Chance, CheckedModel, ChoiceRule, Clock, Condition, Decision, Destination,
    DisplayUnit, Distribution, Effect, Endpoint, Event, EventId, EventReading, Expression, Formula, Function,
    Grounds, Index, Indicator, Input, LeverSetting, Lookup, LookupId, Measure, Memory, MemoryKind, Method,
    Policy, Quantity, Question, Reduction, Subscript, SubscriptId, UnaryOperator, Variable, VariableId,
    VariableKind, Window,
};
use contingent_syntax::Span;

pub mod large;

pub struct Builder {
    pub model: CheckedModel,
}

fn unit() -> DisplayUnit {
    DisplayUnit { text: "1".to_owned(), scale: 1.0, is_share: false }
}

impl Builder {
    pub fn new(n_steps: usize, dt: f64) -> Self {
        let clock = Clock {
            start: None,
            n_steps,
            dt,
            time_unit: "week".to_owned(),
            days_per_unit: 7.0,
            origin: 0.0,
            record_steps: 1,
            method: Method::Euler,
        };
        Self {
            model: CheckedModel {
                title: "Test".to_owned(),
                purpose: "Test".to_owned(),
                not_for: "Anything else".to_owned(),
                as_of: None,
                leaves_out: Vec::new(),
                hash: String::new(),
                clock,
                conversions: Vec::new(),
                subscripts: Vec::new(),
                actors: Vec::new(),
                sources: Vec::new(),
                claims: Vec::new(),
                variables: Vec::new(),
                evaluation_order: Vec::new(),
                initial_order: Vec::new(),
                links: Vec::new(),
                lookups: Vec::new(),
                events: Vec::new(),
                correlations: Vec::new(),
                views: Vec::new(),
                policies: Vec::new(),
                questions: Vec::new(),
                observations: Vec::new(),
                indicators: Vec::new(),
            },
        }
    }

    pub fn subscript(&mut self, name: &str, elements: &[&str]) -> SubscriptId {
        let elements: Vec<String> = elements.iter().map(|&element| element.to_owned()).collect();
        let (name, labels) = (name.to_owned(), elements.clone());
        self.model.subscripts.push(Subscript { name, labels, elements, within: None });
        SubscriptId((self.model.subscripts.len() - 1) as u32)
    }

    pub fn variable(&mut self, name: &str, subscripts: &[SubscriptId], kind: VariableKind) -> VariableId {
        let id = VariableId(self.model.variables.len() as u32);
        if matches!(kind, VariableKind::Auxiliary { .. } | VariableKind::Flow { .. }) {
            self.model.evaluation_order.push(id);
        }
        self.model.variables.push(Variable {
            name: name.to_owned(),
            label: None,
            documentation: String::new(),
            actor: None,
            unit: unit(),
            subscripts: subscripts.to_vec(),
            kind,
            span: Span::default(),
        });
        id
    }

    /// One series of half steps per element.
    pub fn input(&mut self, name: &str, subscripts: &[SubscriptId], series: &[Vec<f64>]) -> VariableId {
        let input = Input {
            series: series.iter().map(|values| values.as_slice().into()).collect(),
            file: "data.csv".to_owned(),
            n_rows: 1,
            is_linear: false,
            grounds: Grounds::default(),
        };
        self.variable(name, subscripts, VariableKind::Input(input))
    }

    pub fn assume(&mut self, name: &str, subscripts: &[SubscriptId]) -> VariableId {
        let distributions = vec![Distribution::Constant(0.0); self.model.n_elements(subscripts)];
        let kind =
            VariableKind::Assumption { distributions, alternatives: Vec::new(), grounds: Grounds::default() };
        self.variable(name, subscripts, kind)
    }

    pub fn lever(&mut self, name: &str, default: f64) -> VariableId {
        let grounds = Grounds::default();
        self.variable(
            name,
            &[],
            VariableKind::Lever { defaults: vec![default], low: -1e9, high: 1e9, grounds },
        )
    }

    pub fn mechanism(&mut self, name: &str, alternatives: &[&str], default: usize) -> VariableId {
        let alternatives = alternatives.iter().map(|&a| a.to_owned()).collect();
        self.variable(
            name,
            &[],
            VariableKind::Mechanism { alternatives, default, grounds: Grounds::default() },
        )
    }

    pub fn stock(&mut self, name: &str, subscripts: &[SubscriptId], initial: Expression) -> VariableId {
        self.variable(name, subscripts, VariableKind::Stock { initial, signed: false, whole: false })
    }

    pub fn signed_stock(&mut self, name: &str, initial: Expression) -> VariableId {
        self.variable(name, &[], VariableKind::Stock { initial, signed: true, whole: false })
    }

    pub fn whole_stock(&mut self, name: &str, subscripts: &[SubscriptId], initial: Expression) -> VariableId {
        self.variable(name, subscripts, VariableKind::Stock { initial, signed: false, whole: true })
    }

    pub fn flow(
        &mut self,
        name: &str,
        subscripts: &[SubscriptId],
        from: Option<Endpoint>,
        to: Option<Endpoint>,
        rate: Expression,
    ) -> VariableId {
        let to = to.map(|endpoint| Destination { endpoint, share: None }).into_iter().collect();
        self.variable(name, subscripts, VariableKind::Flow { from, to, split_ordinal: 0, rate })
    }

    /// A flow to several stocks, with the shares of all but the last.
    pub fn split_flow(
        &mut self,
        name: &str,
        from: Option<Endpoint>,
        to: Vec<(Endpoint, Option<Expression>)>,
        rate: Expression,
    ) -> VariableId {
        let to = to.into_iter().map(|(endpoint, share)| Destination { endpoint, share }).collect();
        self.variable(name, &[], VariableKind::Flow { from, to, split_ordinal: 7, rate })
    }

    pub fn aux(&mut self, name: &str, subscripts: &[SubscriptId], definition: Expression) -> VariableId {
        self.variable(name, subscripts, VariableKind::Auxiliary { definition })
    }

    pub fn decision(
        &mut self,
        name: &str,
        every_steps: usize,
        initially: usize,
        worths: Vec<Expression>,
        rule: ChoiceRule,
    ) -> VariableId {
        let options: Vec<String> = (0..worths.len()).map(|option| format!("option{option}")).collect();
        let labels = options.clone();
        let decision = Decision { every_steps, initially, options, labels, worths, rule };
        self.variable(name, &[], VariableKind::Decision(decision))
    }

    pub fn lookup(&mut self, name: &str, points: &[(f64, f64)]) -> LookupId {
        self.model.lookups.push(Lookup {
            shape: contingent_model::Shape::Clamped,
            name: name.to_owned(),
            points: points.to_vec(),
            grounds: Grounds::default(),
        });
        LookupId((self.model.lookups.len() - 1) as u32)
    }

    pub fn event(
        &mut self,
        name: &str,
        subscripts: &[SubscriptId],
        hazard: Expression,
        once: bool,
        effects: Vec<Effect>,
    ) -> EventId {
        self.model.events.push(Event {
            name: name.to_owned(),
            label: None,
            actor: None,
            subscripts: subscripts.to_vec(),
            hazard,
            once,
            when: None,
            excitations: Vec::new(),
            effects,
            span: Span::default(),
        });
        EventId((self.model.events.len() - 1) as u32)
    }

    pub fn policy(&mut self, from_step: usize, until_step: usize, settings: &[(VariableId, f64)]) {
        self.model.policies.push(Policy {
            name: "policy".to_owned(),
            label: "Policy".to_owned(),
            from_step,
            until_step,
            settings: settings
                .iter()
                .map(|&(lever, value)| LeverSetting { lever, element: None, value })
                .collect(),
        });
    }

    pub fn question(&mut self, name: &str, measure: Measure, given: Option<Formula>) {
        let base_rate: Option<BaseRate> = None;
        self.model.questions.push(Question {
            name: name.to_owned(),
            text: String::new(),
            measure,
            written: String::new(),
            given,
            resolves: String::new(),
            base_rate,
            unit: unit(),
            span: Span::default(),
        });
    }

    /// `distribution(expression at step)`.
    pub fn value_at(&mut self, name: &str, step: usize, expression: Expression) {
        self.question(name, Measure::Distribution(Quantity::At { step, expression }), None);
    }

    /// `P(within steps: expression)`.
    pub fn within(&mut self, name: &str, steps: usize, expression: Expression) {
        let condition = Condition { expression, held_steps: 0 };
        self.question(name, Measure::Probability(Formula::Within { steps, condition }), None);
    }

    pub fn indicator(&mut self, name: &str, expression: Expression) {
        let (name, label) = (name.to_owned(), name.to_owned());
        self.model.indicators.push(Indicator { name, label, expression, unit: unit() });
    }
}

pub fn number(value: f64) -> Expression {
    Expression::Number(value)
}

pub fn read(variable: VariableId) -> Expression {
    Expression::Variable { variable, indices: Vec::new() }
}

/// The same element of `subscript`.
pub fn read_bound(variable: VariableId, subscript: SubscriptId) -> Expression {
    Expression::Variable { variable, indices: vec![Index::Bound(subscript)] }
}

pub fn read_element(variable: VariableId, subscript: SubscriptId, element: usize) -> Expression {
    Expression::Variable { variable, indices: vec![Index::Element(subscript, element)] }
}

pub fn reading(event: EventId, reading: EventReading) -> Expression {
    Expression::Event { event, reading, indices: Vec::new() }
}

pub fn binary(operator: BinaryOperator, a: Expression, b: Expression) -> Expression {
    Expression::Binary(operator, Box::new(a), Box::new(b))
}

pub fn add(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Add, a, b)
}

pub fn subtract(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Subtract, a, b)
}

pub fn multiply(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Multiply, a, b)
}

pub fn divide(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Divide, a, b)
}

pub fn greater(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Greater, a, b)
}

pub fn at_least(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::GreaterOrEqual, a, b)
}

pub fn less(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Less, a, b)
}

pub fn equal(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::Equal, a, b)
}

pub fn and(a: Expression, b: Expression) -> Expression {
    binary(BinaryOperator::And, a, b)
}

pub fn not(a: Expression) -> Expression {
    Expression::Unary(UnaryOperator::Not, Box::new(a))
}

pub fn choose(condition: Expression, a: Expression, b: Expression) -> Expression {
    Expression::If(Box::new(condition), Box::new(a), Box::new(b))
}

pub fn call(function: Function, arguments: Vec<Expression>) -> Expression {
    Expression::Call(function, arguments)
}

pub fn draw(chance: Chance, ordinal: u32, arguments: Vec<Expression>) -> Expression {
    Expression::Draw { chance, ordinal, arguments }
}

pub fn sum_over(subscript: SubscriptId, body: Expression) -> Expression {
    let over = vec![subscript];
    Expression::Reduce { reduction: Reduction::Sum, over, except: Vec::new(), body: Box::new(body) }
}

/// Something remembered that depends on the elements of `subscripts`.
pub fn remember(id: u32, kind: MemoryKind, body: Expression, subscripts: &[SubscriptId]) -> Expression {
    Expression::Memory(Box::new(Memory {
        id,
        kind,
        body,
        initially: None,
        subscripts: subscripts.to_vec(),
        has_chance: false,
        span: Span::default(),
    }))
}

/// The same with a value at the start.
pub fn remember_from(id: u32, kind: MemoryKind, body: Expression, initially: Expression) -> Expression {
    Expression::Memory(Box::new(Memory {
        id,
        kind,
        body,
        initially: Some(initially),
        subscripts: Vec::new(),
        has_chance: false,
        span: Span::default(),
    }))
}

pub fn delay(duration: Expression, order: u32) -> MemoryKind {
    MemoryKind::Delay { duration, order }
}

pub fn smooth(duration: Expression, order: u32) -> MemoryKind {
    MemoryKind::Smooth { duration, order }
}

pub fn over(window: Window, steps: usize) -> MemoryKind {
    MemoryKind::Window { window, steps }
}

pub fn end(stock: VariableId) -> Endpoint {
    Endpoint { stock, indices: Vec::new() }
}

pub fn end_bound(stock: VariableId, subscript: SubscriptId) -> Endpoint {
    Endpoint { stock, indices: vec![Index::Bound(subscript)] }
}

pub fn compiled(builder: &Builder, configuration: &Configuration) -> Program {
    compile(&builder.model, configuration).expect("the model is small")
}

/// Runs `n` replications of draw 0 with the same parameters.
pub fn replications(program: &Program, seed: u64, n: usize, parameters: &[f64]) -> BlockResult {
    let draws = vec![0; n];
    let replications: Vec<u32> = (0..n as u32).collect();
    let parameters: Vec<f64> = parameters.iter().flat_map(|&value| vec![value; n]).collect();
    let block = Block { seed, draws: &draws, replications: &replications, parameters: &parameters };
    run_block(program, &block, &mut Workspace::default())
}

/// One run; its recorded values per time, `n_times` x `n_recorded`.
pub fn single(program: &Program, parameters: &[f64]) -> BlockResult {
    replications(program, 1, 1, parameters)
}

/// One recorded column of a single run.
pub fn column(program: &Program, result: &BlockResult, name: &str) -> Vec<f64> {
    let n_recorded = program.recorded().len();
    let position =
        program.recorded().iter().position(|recorded| recorded.name == name).expect("it is recorded");
    (0..program.n_times()).map(|time| result.recorded[time * n_recorded + position]).collect()
}
