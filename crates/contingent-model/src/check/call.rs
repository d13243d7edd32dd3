//! Functions, their units, and draws of chance.

use contingent_syntax::ast::{self, Name};
use contingent_syntax::{Code, Diagnostic, Span};

use super::memory::MEMORY_FUNCTIONS;
use super::walk::constant;
use super::{Checker, Scope, Symbol, Type, Typed};
use crate::expression::{Chance, Expression, Function, Reduction};
use crate::functions::{FUNCTIONS, FunctionGroup, function_names, functions_named, usage};
use crate::unit::{Dimension, Power, TIME};

/// Functions of one number and what they do to its unit.
#[derive(Clone, Copy)]
enum UnitRule {
    None,
    Keep,
    Root,
}

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        scope: &mut Scope,
        function: &Name,
        arguments: &[ast::Argument],
        over: &[Name],
        window: Option<&ast::Expression>,
        span: Span,
    ) -> Typed {
        let is_lookup = matches!(self.find(scope.actor, &function.text), Some((Symbol::Lookup(_), _)));
        if MEMORY_FUNCTIONS.contains(&function.text.as_str()) && !is_lookup {
            if let Some(place) = over.first().map(|name| name.span).or(window.map(|window| window.span)) {
                self.over_is_out_of_place(function, place);
                return Typed::broken(span);
            }
            return self.memory_call(scope, function, arguments, span);
        }
        let mut parts = Vec::new();
        for argument in arguments {
            match &argument.value.kind {
                ast::ValueKind::Expression(inner)
                    if argument.name.is_none() && argument.word.is_none() && argument.weight.is_none() =>
                {
                    parts.push(inner);
                }
                _ => {
                    self.report(
                        Diagnostic::error(
                            Code::WrongArguments,
                            format!("`{}` takes plain values here", function.text),
                            argument.value.span,
                            "not a plain value",
                        )
                        .help("ranges and named arguments belong to the values of assumptions"),
                    );
                    return Typed::broken(span);
                }
            }
        }
        if let Some(window) = window {
            return self.window_call(scope, function, &parts, window, span);
        }
        if let Some((Symbol::Lookup(id), place)) = self.find(scope.actor, &function.text) {
            self.used_dotted(place, function);
            return self.lookup_call(scope, id, function, &parts, span);
        }
        if functions_named(&function.text).next().is_none() {
            if let Some((Symbol::Variable(_) | Symbol::Event(_) | Symbol::Subscript(_), place)) =
                self.find(scope.actor, &function.text)
            {
                // Round brackets where square ones are meant: what stands inside is an element, not a value.
                let inside = arguments.iter().map(|argument| self.sources.text(argument.value.span));
                let inside = inside.collect::<Vec<_>>().join(", ");
                let name = &function.text;
                self.report(
                    Diagnostic::error(
                        Code::UnknownName,
                        format!("there is no function `{name}`"),
                        function.span,
                        "not a function",
                    )
                    .and(place, "declared here, but not as a lookup")
                    .help(format!("use square brackets for subscripts: `{name}[{inside}]`")),
                );
                return Typed::broken(span);
            }
            // What stands inside is read all the same, for its own mistakes.
            for part in parts {
                self.resolve(scope, part);
            }
            return self.unknown_function(scope, function, span);
        }
        if let Some(reduction) = reduction(&function.text, parts.len()) {
            return self.reduce(scope, reduction, function, &parts, over, span);
        }
        if let Some(name) = over.first() {
            self.over_is_out_of_place(function, name.span);
        }
        let values: Vec<Typed> = parts.iter().map(|part| self.resolve(scope, part)).collect();
        if let ("binomial" | "bernoulli", Some(last)) = (function.text.as_str(), values.last())
            && last.of == Type::Number(Dimension::none())
        {
            self.note_period(function.span, last.span, parts.last().copied());
        }
        self.apply(scope, function, &values, span)
    }

    fn over_is_out_of_place(&mut self, function: &Name, place: Span) {
        self.report(
            Diagnostic::error(
                Code::WrongArguments,
                format!("`{}` does not run over a subscript", function.text),
                place,
                "`over` does not belong here",
            )
            .help(format!("`over` belongs to {} of one value", functions_over_subscripts())),
        );
    }

    fn arity(&mut self, function: &Name, found: usize, needed: usize, span: Span) -> bool {
        if found == needed {
            return true;
        }
        let plural = if needed == 1 { "value" } else { "values" };
        self.report(
            Diagnostic::error(
                Code::WrongArguments,
                format!("`{}` takes {needed} {plural}, found {found}", function.text),
                span,
                "wrong number of values",
            )
            .help(usage(&function.text)),
        );
        false
    }

    fn apply(&mut self, scope: &mut Scope, function: &Name, values: &[Typed], span: Span) -> Typed {
        use UnitRule as R;
        let one = |function, rule| Some((function, rule));
        let unary = match function.text.as_str() {
            "exp" => one(Function::Exp, R::None),
            "log" => one(Function::Log, R::None),
            "logistic" => one(Function::Logistic, R::None),
            "sin" => one(Function::Sine, R::None),
            "cos" => one(Function::Cosine, R::None),
            "tan" => one(Function::Tangent, R::None),
            "arcsin" => one(Function::ArcSine, R::None),
            "arccos" => one(Function::ArcCosine, R::None),
            "arctan" => one(Function::ArcTangent, R::None),
            "sqrt" => one(Function::Sqrt, R::Root),
            "abs" => one(Function::Abs, R::Keep),
            "floor" => one(Function::Floor, R::Keep),
            "ceil" => one(Function::Ceil, R::Keep),
            "round" => one(Function::Round, R::Keep),
            _ => None,
        };
        let expressions: Vec<Expression> = values.iter().map(|value| value.expression.clone()).collect();
        if let Some((kind, rule)) = unary {
            if !self.arity(function, values.len(), 1, span) {
                return Typed::broken(span);
            }
            let argument = &values[0];
            self.expect_number(argument);
            let of = match (rule, &argument.of) {
                (R::None, _) => {
                    self.expect_dimension(
                        argument,
                        &Dimension::none(),
                        Some((function.span, "takes a number without unit")),
                    );
                    Type::Number(Dimension::none())
                }
                (R::Root, Type::Number(dimension)) => Type::Number(dimension.raised(Power::fraction(1, 2))),
                (_, of) => of.clone(),
            };
            return Typed::new(Expression::Call(kind, expressions), of, span);
        }
        match function.text.as_str() {
            "min" | "max" | "clamp" => {
                let clamp = function.text == "clamp";
                if (clamp && !self.arity(function, values.len(), 3, span))
                    || (values.len() < 2 && !self.arity(function, values.len(), 2, span))
                {
                    return Typed::broken(span);
                }
                let mut of = values[0].of.clone();
                self.expect_number(&values[0]);
                for value in &values[1..] {
                    self.expect_number(value);
                    let before = Typed { of: of.clone(), ..values[0].clone() };
                    let what = format!("the values of `{}`", function.text);
                    of = self.same_type(&before, value, value.span, &what);
                }
                let kind = match function.text.as_str() {
                    "min" => Function::Min,
                    "max" => Function::Max,
                    _ => Function::Clamp,
                };
                Typed::new(Expression::Call(kind, expressions), of, span)
            }
            "noisy_or" => {
                if values.len() < 2 && !self.arity(function, values.len(), 2, span) {
                    return Typed::broken(span);
                }
                for value in values {
                    self.expect_probability(function, value);
                }
                let of = Type::Number(Dimension::none());
                Typed::new(Expression::Call(Function::NoisyOr, expressions), of, span)
            }
            "poisson" | "binomial" | "normal" | "uniform" | "bernoulli" => {
                self.draw(scope, function, values, expressions, span)
            }
            _ => self.unknown_function(scope, function, span),
        }
    }

    /// A name that is called but stands in no table: neither a function nor a lookup.
    fn unknown_function(&mut self, scope: &Scope, function: &Name, span: Span) -> Typed {
        let functions = function_names();
        let lookups: Vec<String> = self.model.lookups.iter().map(|lookup| lookup.name.clone()).collect();
        let known = functions.iter().copied().chain(lookups.iter().map(String::as_str));
        let near = synonym(&function.text).or_else(|| contingent_syntax::nearest(&function.text, known));
        let mut diagnostic = Diagnostic::error(
            Code::UnknownName,
            format!("there is no function `{}`", function.text),
            function.span,
            "unknown function",
        );
        diagnostic = match (self.find(scope.actor, &function.text), near) {
            (Some((Symbol::Broken, place)), _) => {
                self.used_dotted(place, function);
                return Typed::broken(span);
            }
            (Some((_, place)), _) => diagnostic
                .and(place, "declared here, but not as a lookup")
                .help("use square brackets for subscripts: `name[region]`"),
            (None, _) if function.text == "multinomial" => diagnostic.help(
                "let a flow split: `flow f: a -> b 40%, c rest = binomial(a, rate)`; between whole stocks the counts \
                 are multinomial",
            ),
            (None, Some(near)) => {
                diagnostic.help(format!("did you mean `{near}`?")).fix(function.span, near)
            }
            (None, None) => diagnostic
                .help(format!("the functions are {}, and the lookups of the model", functions.join(", "))),
        };
        self.report(diagnostic);
        Typed::broken(span)
    }

    /// Reports an argument of `noisy_or` that has a unit or is a number that is no probability.
    pub(super) fn expect_probability(&mut self, function: &Name, value: &Typed) {
        let before = self.n_reported;
        self.expect_dimension(value, &Dimension::none(), Some((function.span, "takes probabilities")));
        if self.n_reported == before && constant(&value.expression).is_some_and(|p| !(0.0..=1.0).contains(&p))
        {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("`{}` takes probabilities", function.text),
                    value.span,
                    "not between 0% and 100%",
                )
                .help("write the chance that this cause alone has the effect, for example `20%`"),
            );
        }
    }

    fn draw(
        &mut self,
        scope: &mut Scope,
        function: &Name,
        values: &[Typed],
        arguments: Vec<Expression>,
        span: Span,
    ) -> Typed {
        let needed = if matches!(function.text.as_str(), "poisson" | "bernoulli") { 1 } else { 2 };
        if !self.arity(function, values.len(), needed, span) {
            return Typed::broken(span);
        }
        for value in values {
            self.expect_number(value);
        }
        let ordinal = match &mut scope.chance {
            Ok(next) => {
                *next += 1;
                *next - 1
            }
            Err(why) => {
                let why = *why;
                self.report(
                    Diagnostic::error(
                        Code::ChanceNotAllowed,
                        format!("chance is not allowed {why}"),
                        function.span,
                        "drawn each step",
                    )
                    .help("what is not known before the start is an `assume`; chance belongs to flows, auxiliaries and events"),
                );
                return Typed::broken(span);
            }
        };
        let dimensions: Option<Vec<Dimension>> = values.iter().map(Typed::dimension).collect();
        let Some(dimensions) = dimensions else { return Typed::broken(span) };
        let none = Dimension::none();
        let (chance, of) = match function.text.as_str() {
            "poisson" => {
                let of = dimensions[0].clone();
                (Chance::Poisson { per_time: of.power_of(TIME) == -1 }, of)
            }
            "binomial" => {
                let per_time = !self.units.is_plain() && dimensions[1] == none.per_time();
                if !per_time {
                    self.expect_dimension(
                        &values[1],
                        &none,
                        Some((function.span, "takes a probability or a hazard per time")),
                    );
                }
                let count = dimensions[0].clone();
                (Chance::Binomial { per_time }, if per_time { count.per_time() } else { count })
            }
            "bernoulli" => {
                self.expect_dimension(&values[0], &none, Some((function.span, "takes a probability")));
                (Chance::Bernoulli, none)
            }
            other => {
                let of = self.same_type(&values[0], &values[1], span, "the two values");
                let chance = if other == "normal" { Chance::Normal } else { Chance::Uniform };
                let of = match of {
                    Type::Number(dimension) => dimension,
                    _ => none,
                };
                (chance, of)
            }
        };
        Typed::new(Expression::Draw { chance, ordinal, arguments }, Type::Number(of), span)
    }
}

/// What other languages call a function of this one.
fn synonym(name: &str) -> Option<&'static str> {
    Some(match name {
        "maximum" | "largest" => "max",
        "minimum" | "smallest" => "min",
        "average" | "avg" => "mean",
        "total" => "sum",
        "ln" => "log",
        "root" => "sqrt",
        "int" | "trunc" | "truncate" => "floor",
        "ceiling" => "ceil",
        "asin" => "arcsin",
        "acos" => "arccos",
        "atan" => "arctan",
        "sigmoid" => "logistic",
        "limit" | "bound" => "clamp",
        "random" | "rand" => "uniform",
        "gauss" | "gaussian" => "normal",
        "coin" | "flip" => "bernoulli",
        _ => return None,
    })
}

/// The functions that run over subscripts, in words.
fn functions_over_subscripts() -> String {
    let names: Vec<String> = FUNCTIONS
        .iter()
        .filter(|row| row.group == FunctionGroup::Subscripts)
        .map(|row| format!("`{}`", row.name))
        .collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

pub(super) fn reduction(name: &str, n_arguments: usize) -> Option<Reduction> {
    Some(match name {
        "sum" => Reduction::Sum,
        "mean" => Reduction::Mean,
        "product" => Reduction::Product,
        "min" if n_arguments == 1 => Reduction::Min,
        "max" if n_arguments == 1 => Reduction::Max,
        "noisy_or" if n_arguments == 1 => Reduction::NoisyOr,
        _ => return None,
    })
}
