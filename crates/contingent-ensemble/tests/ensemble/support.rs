//! A small model, built by hand: strikers join at a rate that is not known, some of them by chance.

use contingent_engine::Parameter;
use contingent_ensemble::{Design, Experiment};
use contingent_model::{
    BinaryOperator, Chance, CheckedModel, Clock, Condition, Correlation, Destination, DisplayUnit,
    Distribution, Endpoint, Expression, Formula, Grounds, Index, Indicator, LeverSetting, Measure, Method,
    Override, Policy, Quantity, Question, Reduction, Subscript, SubscriptId, Variable, VariableId,
    VariableKind, View,
};
use contingent_syntax::Span;

/// Positions of the variables of [`strike`].
pub(crate) const GROWTH: VariableId = VariableId(0);
pub(crate) const SHARE: VariableId = VariableId(1);
pub(crate) const START: VariableId = VariableId(2);
pub(crate) const POSTURE: VariableId = VariableId(3);
pub(crate) const EFFORT: VariableId = VariableId(4);
pub(crate) const CHANNEL: VariableId = VariableId(5);
const STRIKERS: VariableId = VariableId(6);
const JOINING: VariableId = VariableId(7);
const REGION: SubscriptId = SubscriptId(0);

/// Growth is shown per year and held per week.
pub(crate) const PER_YEAR: f64 = 7.0 / 365.25;

/// A model with one of everything that this crate looks at: an assumption with a unit to be scaled, one with
/// subscripts, a category, a lever, a mechanism, a view, a policy, every kind of outcome and an indicator. No
/// correlations.
pub(crate) fn strike() -> CheckedModel {
    let growth = assumption("growth", Distribution::LogNormal { median: 0.03, sdlog: 0.3 });
    let growth = Variable { unit: unit("1/year", PER_YEAR), ..growth };
    let logit = |mean| Distribution::LogitNormal { mean, sd: 0.5 };
    let share = Variable {
        subscripts: vec![REGION],
        kind: assumed(vec![logit(-1.0), logit(0.5)], &[]),
        ..assumption("share", Distribution::Constant(0.0))
    };
    let start = assumption("start", Distribution::Uniform { low: 50.0, high: 150.0 });
    let posture = Variable {
        kind: assumed(vec![Distribution::OneOf(vec![0.6, 0.4])], &["campaign", "wait"]),
        ..assumption("posture", Distribution::Constant(0.0))
    };
    let effort = variable(
        "effort",
        VariableKind::Lever { defaults: vec![0.0], low: 0.0, high: 1.0, grounds: grounds() },
    );
    let channel = variable(
        "channel",
        VariableKind::Mechanism { alternatives: names(&["on", "off"]), default: 0, grounds: grounds() },
    );
    let strikers =
        variable("strikers", VariableKind::Stock { initial: read(START), signed: false, whole: false });
    // strikers * growth * (1 - effort) + (if channel == on then poisson(10 * sum(share)) else 0)
    let by_word = times(times(read(STRIKERS), read(GROWTH)), minus(number(1.0), read(EFFORT)));
    let everywhere = Expression::Reduce {
        except: Vec::new(),
        reduction: Reduction::Sum,
        over: vec![REGION],
        body: Box::new(Expression::Variable { variable: SHARE, indices: vec![Index::Bound(REGION)] }),
    };
    let by_chance = Expression::Draw {
        chance: Chance::Poisson { per_time: true },
        ordinal: 0,
        arguments: vec![times(number(10.0), everywhere)],
    };
    let is_on = binary(BinaryOperator::Equal, read(CHANNEL), number(0.0));
    let by_chance = Expression::If(Box::new(is_on), Box::new(by_chance), Box::new(number(0.0)));
    let joining = variable(
        "joining",
        VariableKind::Flow {
            from: None,
            to: vec![Destination {
                endpoint: Endpoint { stock: STRIKERS, indices: Vec::new() },
                share: None,
            }],
            split_ordinal: 0,
            rate: binary(BinaryOperator::Add, by_word, by_chance),
        },
    );

    let faster = Distribution::LogNormal { median: 0.06, sdlog: 0.2 };
    let view = View {
        name: "pessimists".to_owned(),
        label: "Pessimists".to_owned(),
        overrides: vec![
            (GROWTH, Override::Distributions(vec![faster]), grounds()),
            (CHANNEL, Override::Alternative(1), grounds()),
        ],
    };
    let policy = Policy {
        name: "calm".to_owned(),
        label: "Calm".to_owned(),
        from_step: 5,
        until_step: usize::MAX,
        settings: vec![LeverSetting { lever: EFFORT, element: None, value: 0.5 }],
    };
    let large = Formula::Within { steps: 26, condition: more_than(400.0) };
    let size = Quantity::At { step: 20, expression: read(STRIKERS) };
    let first = Quantity::FirstTime { condition: more_than(500.0) };
    let indicator = |name: &str, expression| Indicator {
        name: name.to_owned(),
        label: name.to_owned(),
        expression,
        unit: unit("thousand striker", 1000.0),
    };
    CheckedModel {
        title: "Will the strike spread?".to_owned(),
        purpose: "Tests".to_owned(),
        not_for: "Anything else".to_owned(),
        as_of: None,
        leaves_out: Vec::new(),
        hash: "00ff".to_owned(),
        clock: Clock {
            start: None,
            n_steps: 30,
            dt: 1.0,
            time_unit: "week".to_owned(),
            days_per_unit: 7.0,
            origin: 0.0,
            record_steps: 1,
            method: Method::Euler,
        },
        conversions: Vec::new(),
        subscripts: vec![Subscript {
            name: "region".to_owned(),
            elements: names(&["kabul", "east"]),
            labels: names(&["Kabul", "East"]),
            within: None,
        }],
        actors: Vec::new(),
        sources: Vec::new(),
        claims: Vec::new(),
        variables: vec![growth, share, start, posture, effort, channel, strikers, joining],
        evaluation_order: vec![JOINING],
        initial_order: Vec::new(),
        links: Vec::new(),
        lookups: Vec::new(),
        events: Vec::new(),
        correlations: Vec::new(),
        views: vec![view],
        policies: vec![policy],
        questions: vec![
            question("large", Measure::Probability(large), None, unit("1", 1.0)),
            question(
                "size",
                Measure::Distribution(size),
                Some(Formula::At { step: 10, condition: more_than(250.0) }),
                unit("thousand striker", 1000.0),
            ),
            question("first", Measure::Distribution(first), None, unit("week", 1.0)),
        ],
        observations: Vec::new(),
        indicators: vec![
            indicator("out", read(STRIKERS)),
            indicator("double", times(number(2.0), read(STRIKERS))),
        ],
    }
}

/// Turns the flow of [`strike`] round: so many leave each week.
pub(crate) fn drain_instead(model: &mut CheckedModel, per_week: f64) {
    model.variables[JOINING.index()].kind = VariableKind::Flow {
        from: Some(Endpoint { stock: STRIKERS, indices: Vec::new() }),
        to: Vec::new(),
        split_ordinal: 0,
        rate: number(per_week),
    };
}

/// A model of nothing but normal assumptions without units and one question.
pub(crate) fn bare_assumptions(names: &[&str], correlations: &[(&str, &str, f64)]) -> CheckedModel {
    let normal = Distribution::Normal { mean: 0.0, sd: 1.0 };
    let variables: Vec<Variable> = names.iter().map(|name| assumption(name, normal.clone())).collect();
    let mut model = CheckedModel {
        variables,
        evaluation_order: Vec::new(),
        initial_order: Vec::new(),
        views: Vec::new(),
        policies: Vec::new(),
        indicators: Vec::new(),
        questions: Vec::new(),
        ..strike()
    };
    let by_name = |name: &str| model.variable_named(name).unwrap();
    let correlated = correlations.iter().map(|&(first, second, rank)| Correlation {
        first: by_name(first),
        second: by_name(second),
        rank,
        grounds: grounds(),
    });
    model.correlations = correlated.collect();
    model
}

/// The parameters of a model as the engine lists them: every element of every assumption, in model order.
pub(crate) fn parameters(model: &CheckedModel) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for (position, variable) in model.variables.iter().enumerate() {
        if matches!(variable.kind, VariableKind::Assumption { .. }) {
            for element in 0..model.n_elements(&variable.subscripts) {
                let name = model.element_name(&variable.name, &variable.subscripts, element);
                parameters.push(Parameter { variable: VariableId(position as u32), element, name });
            }
        }
    }
    parameters
}

/// The values of one parameter over the draws of a design.
pub(crate) fn values_of(
    model: &CheckedModel,
    experiment: &Experiment,
    design: &Design,
    name: &str,
) -> Vec<f64> {
    let parameters = parameters(model);
    let position = parameters.iter().position(|parameter| parameter.name == name).unwrap();
    design.parameter_values(model, &parameters, experiment).unwrap().swap_remove(position).to_vec()
}

pub(crate) fn variable(name: &str, kind: VariableKind) -> Variable {
    Variable {
        name: name.to_owned(),
        label: None,
        documentation: String::new(),
        actor: None,
        unit: unit("1", 1.0),
        subscripts: Vec::new(),
        kind,
        span: Span::default(),
    }
}

pub(crate) fn assumption(name: &str, distribution: Distribution) -> Variable {
    variable(name, assumed(vec![distribution], &[]))
}

fn assumed(distributions: Vec<Distribution>, alternatives: &[&str]) -> VariableKind {
    VariableKind::Assumption { distributions, alternatives: names(alternatives), grounds: grounds() }
}

fn question(name: &str, measure: Measure, given: Option<Formula>, unit: DisplayUnit) -> Question {
    Question {
        name: name.to_owned(),
        text: format!("{name}?"),
        measure,
        written: String::new(),
        given,
        resolves: "At the gates.".to_owned(),
        base_rate: None,
        unit,
        span: Span::default(),
    }
}

fn more_than(strikers: f64) -> Condition {
    Condition { expression: binary(BinaryOperator::Greater, read(STRIKERS), number(strikers)), held_steps: 0 }
}

fn unit(text: &str, scale: f64) -> DisplayUnit {
    DisplayUnit { text: text.to_owned(), scale, is_share: false }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn grounds() -> Grounds {
    Grounds { claims: Vec::new(), judgement: Some("a test".to_owned()) }
}

fn number(value: f64) -> Expression {
    Expression::Number(value)
}

fn read(variable: VariableId) -> Expression {
    Expression::Variable { variable, indices: Vec::new() }
}

fn binary(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    Expression::Binary(operator, Box::new(left), Box::new(right))
}

fn times(left: Expression, right: Expression) -> Expression {
    binary(BinaryOperator::Multiply, left, right)
}

fn minus(left: Expression, right: Expression) -> Expression {
    binary(BinaryOperator::Subtract, left, right)
}
