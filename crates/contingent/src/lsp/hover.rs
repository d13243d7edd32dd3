//! What an editor shows of a name: what it is, what it says, why, and its value at the start; and of a word of the language.
//!
//! Enters: a place. Leaves: Markdown. Always holds: numbers are shown in the declared unit; while the model has
//! errors nothing is said that only a sound model can tell (shapes, values).

use std::fmt::Write as _;

use contingent_engine::quantile::quantile;
use contingent_model::functions::{distribution_signatures, function_signatures};
use contingent_model::{
    CheckedModel, ChoiceRule, CouncilRule, Distribution, Event, Grounds, NameDefinition, NameId, NameKind,
    Observation, Variable, VariableKind,
};
use contingent_syntax::{Span, SyntaxKind, Token, lex};
use gen_lsp_types::{Hover, MarkupContent, MarkupKind};

use super::context::Cursor;
use super::prose::form_of;
use super::workspace::{OpenModel, Place, Workspace};
use crate::dump::{shape, significant};

/// Most lines of a declaration, and most elements, that are shown.
const MAX_LINES: usize = 12;
const MAX_ELEMENTS: usize = 8;

pub(super) fn hover(workspace: &Workspace, place: Place) -> Option<Hover> {
    let names = &place.model.checked.names;
    let (text, span) = match names.at(place.file, place.offset) {
        Some((id, span)) => (of_name(place.model, id), span),
        None => of_function(place).or_else(|| of_word(place))?,
    };
    Some(Hover {
        contents: MarkupContent { kind: MarkupKind::Markdown, value: text }.into(),
        range: Some(place.model.range(span, workspace.encoding)),
    })
}

fn of_function(place: Place) -> Option<(String, Span)> {
    let text = place.model.text(place.file);
    let token = lex(text).into_iter().find(|token| {
        token.kind == SyntaxKind::Word && token.start <= place.offset && place.offset <= token.end
    })?;
    if !text[token.end as usize..].trim_start().starts_with('(') {
        return None;
    }
    let word = &text[token.start as usize..token.end as usize];
    let (_, signature) =
        function_signatures().chain(distribution_signatures()).find(|(name, _)| *name == word)?;
    let span = Span::new(place.file, token.start, token.end);
    Some((format!("{}\n*function of the language*", fenced(signature)), span))
}

/// A word of the language, by the form that it belongs to.
fn of_word(place: Place) -> Option<(String, Span)> {
    let text = place.model.text(place.file);
    let tokens = lex(text);
    let at = tokens.iter().position(|token| {
        token.kind == SyntaxKind::Word && token.start <= place.offset && place.offset <= token.end
    })?;
    let ends_line = |token: &Token| token.kind == SyntaxKind::Newline;
    let first = tokens[..at].iter().rposition(ends_line).map_or(0, |newline| newline + 1);
    let last = tokens[at..].iter().position(ends_line).map_or(tokens.len(), |newline| at + newline);
    let written = |token: &Token| &text[token.start as usize..token.end as usize];
    let line: Vec<&str> =
        tokens[first..last].iter().filter(|token| token.kind == SyntaxKind::Word).map(written).collect();
    let cursor = Cursor::new(text, tokens[at].end);
    let declaration = cursor.declaration_before(cursor.items.len()).map(|(_, word)| word);
    let form = form_of(written(&tokens[at]), &line, declaration)?;
    let said = format!(
        "{}\n*word of the language*\n\n{}\n\nFor example:\n\n{}",
        fenced(form.form),
        form.meaning,
        fenced(form.example)
    );
    Some((said, Span::new(place.file, tokens[at].start, tokens[at].end)))
}

fn fenced(text: &str) -> String {
    format!("```contingent\n{text}\n```\n")
}

fn of_name(model: &OpenModel, id: NameId) -> String {
    let names = &model.checked.names;
    let definition = names.definition(id);
    let mut text = fenced(&declaration(model, definition));
    text += &line(model, definition);
    text += "\n\n";
    if let Some(label) = &definition.label {
        let _ = writeln!(text, "{}\n", escaped(label));
    }
    if !definition.documentation.is_empty() {
        let _ = writeln!(text, "{}\n", escaped(&definition.documentation));
    }
    if let Some(checked) = &model.checked.model {
        of_checked(&mut text, model, checked, definition);
    }
    text.trim_end().to_owned()
}

/// Kind, name and unit in one line.
fn line(model: &OpenModel, definition: &NameDefinition) -> String {
    let subscripts = match definition.subscripts.as_slice() {
        [] => String::new(),
        some => format!("[{}]", some.join(", ")),
    };
    let mut text = format!("*{}* `{}{subscripts}`", definition.kind.describe(), definition.name);
    if let Some(unit) = &definition.unit {
        let how = if definition.is_unit_declared { "" } else { ", inferred" };
        let _ = write!(text, ", unit `{unit}`{how}");
    }
    if let (NameKind::Element | NameKind::Alternative, Some(owner)) = (definition.kind, definition.owner) {
        let _ = write!(text, " of `{}`", model.checked.names.definition(owner).name);
    }
    text
}

/// The text of the declaration, cut where it is long; of an actor, its first line.
fn declaration(model: &OpenModel, definition: &NameDefinition) -> String {
    let whole = model.checked.sources.text(definition.declaration);
    // The declaration stands deeper in an actor; its later lines go back by as much.
    let file = model.text(definition.declaration.file);
    let before = &file[..definition.declaration.start as usize];
    let indent = before.len() - before.rfind('\n').map_or(0, |i| i + 1);
    let limit = if definition.kind == NameKind::Actor { 1 } else { MAX_LINES };
    let mut lines: Vec<&str> = Vec::new();
    for (i, line) in whole.lines().enumerate() {
        if i == limit {
            lines.push("...");
            break;
        }
        let spaces = line.len() - line.trim_start_matches(' ').len();
        lines.push(if i == 0 { line } else { &line[spaces.min(indent)..] });
    }
    lines.join("\n")
}

fn of_checked(text: &mut String, model: &OpenModel, checked: &CheckedModel, definition: &NameDefinition) {
    match definition.kind {
        NameKind::Claim => {
            if let Some(claim) = checked.claims.iter().find(|claim| claim.span == definition.span) {
                let _ = writeln!(text, "{}", escaped(&said(checked, claim)));
            }
        }
        NameKind::Source => {
            if let Some(source) = checked.sources.iter().find(|source| source.name == definition.name) {
                let _ = writeln!(text, "{}", escaped(&printed(source)));
            }
        }
        _ => {
            if let Some(variable) = checked.variables.iter().find(|one| one.span == definition.span) {
                of_variable(text, model, checked, variable);
            } else if let Some(event) = checked.events.iter().find(|one| one.span == definition.span) {
                let how = if event.once { "It happens at most once." } else { "It may happen many times." };
                let _ = writeln!(text, "{how}");
                of_excitations(text, checked, event);
            } else if let Some(found) = checked.observations.iter().find(|one| one.span == definition.span) {
                of_observation(text, checked, found);
            }
        }
    }
}

/// Which events an occurrence brings about, by the name of each.
fn of_excitations(text: &mut String, checked: &CheckedModel, event: &Event) {
    let raised: Vec<String> = event
        .excitations
        .iter()
        .map(|excitation| match &checked.events[excitation.target.index()] {
            target if target.name == event.name => "itself".to_owned(),
            target => format!("`{}`", target.name),
        })
        .collect();
    if !raised.is_empty() {
        let _ = writeln!(text, "\nEach occurrence raises the rate of {} for a while.", raised.join(", "));
    }
}

fn of_observation(text: &mut String, checked: &CheckedModel, observation: &Observation) {
    let plural = if observation.values.len() == 1 { "value" } else { "values" };
    let _ = writeln!(
        text,
        "{} {plural} by {} from `{}`; {} missing between them, {} outside the time of the model\n",
        observation.values.len(),
        observation.period,
        observation.file,
        observation.n_missing,
        observation.n_outside,
    );
    let shown = |value: f64| number(value / observation.unit.scale);
    if let (Some(first), Some(last)) = (observation.values.first(), observation.values.last()) {
        let step = |step: usize| {
            let clock = &checked.clock;
            format!("{} {}", number(step as f64 * clock.dt), clock.time_unit)
        };
        let _ = writeln!(
            text,
            "The first, {}, is compared at {}; the last, {}, at {}\n",
            shown(first.value),
            step(first.step),
            shown(last.value),
            step(last.step),
        );
    }
    of_grounds(text, checked, &observation.grounds);
}

fn of_variable(text: &mut String, model: &OpenModel, checked: &CheckedModel, variable: &Variable) {
    let n_elements = checked.n_elements(&variable.subscripts);
    let element = |i: usize| {
        let whole = checked.element_name("", &variable.subscripts, i);
        if whole.is_empty() { String::new() } else { format!("{whole}: ") }
    };
    match &variable.kind {
        VariableKind::Assumption { distributions, alternatives, grounds } => {
            let are_equal = distributions.windows(2).all(|pair| pair[0] == pair[1]);
            let n_shown = if are_equal { 1 } else { distributions.len().min(MAX_ELEMENTS) };
            for (i, distribution) in distributions.iter().enumerate().take(n_shown) {
                let which = if are_equal { String::new() } else { element(i) };
                let _ = writeln!(text, "- {which}{}", spread(distribution, alternatives, variable));
            }
            text.push('\n');
            of_grounds(text, checked, grounds);
        }
        VariableKind::Input(input) => {
            let _ = writeln!(
                text,
                "{} rows of data from `{}`; {}\n",
                input.n_rows,
                input.file,
                if input.is_linear { "a straight line between rows" } else { "each holds until the next" }
            );
            of_grounds(text, checked, &input.grounds);
        }
        VariableKind::Lever { defaults, low, high, grounds } => {
            let shown = |value: &f64| significant(value / variable.unit.scale);
            let are_equal = defaults.windows(2).all(|pair| pair[0] == pair[1]);
            let n_shown = if are_equal { 1 } else { defaults.len().min(MAX_ELEMENTS) };
            for (i, default) in defaults.iter().enumerate().take(n_shown) {
                let which = if are_equal { String::new() } else { element(i) };
                let _ = writeln!(
                    text,
                    "{which}{} unless a policy sets it, from {} to {}\n",
                    shown(default),
                    shown(low),
                    shown(high)
                );
            }
            of_grounds(text, checked, grounds);
        }
        VariableKind::Mechanism { alternatives, default, grounds } => {
            let _ = writeln!(text, "`{}` unless a view chooses otherwise\n", alternatives[*default]);
            of_grounds(text, checked, grounds);
        }
        VariableKind::Decision(decision) => {
            let _ = writeln!(text, "At the start: `{}`\n", decision.options[decision.initially]);
            if let ChoiceRule::Council { position, .. } = &decision.rule
                && let VariableKind::Position(council) = &checked.variable(*position).kind
            {
                let by = match council.rule {
                    CouncilRule::WeightedMean => "the weighted mean of its members".to_owned(),
                    CouncilRule::WeightedMedian => "the weighted median of its members".to_owned(),
                    CouncilRule::Challenge { turns } => format!("bargaining within {turns} turns"),
                };
                let members = &checked.subscript(council.members).name;
                let _ = writeln!(
                    text,
                    "Decided by the council of `{members}`: {by}. `{}` is where it stands, from 0 to 1.\n",
                    checked.variable(*position).name
                );
            }
        }
        VariableKind::Stock { .. }
        | VariableKind::Flow { .. }
        | VariableKind::Auxiliary { .. }
        | VariableKind::Position(_) => {
            let values = model.values_at_start();
            let found: Vec<String> = (0..n_elements.min(MAX_ELEMENTS))
                .filter_map(|i| {
                    let name = checked.element_name(&variable.name, &variable.subscripts, i);
                    values.get(&name).map(|&value| format!("{}{}", element(i), number(value)))
                })
                .collect();
            if !found.is_empty() {
                let more = if n_elements > MAX_ELEMENTS { ", ..." } else { "" };
                let _ = writeln!(text, "At the start, with central values: {}{more}", found.join(", "));
            }
        }
    }
}

/// The shape of a distribution with its 5%, 50% and 95% values, or the weights of its alternatives.
fn spread(distribution: &Distribution, alternatives: &[String], variable: &Variable) -> String {
    if let Distribution::OneOf(weights) = distribution {
        let pairs = alternatives.iter().zip(weights);
        let written: Vec<String> =
            pairs.map(|(name, weight)| format!("`{name}` {}%", significant(weight * 100.0))).collect();
        return written.join(", ");
    }
    let unit = if variable.unit.text == "1" { String::new() } else { format!(" {}", variable.unit.text) };
    let shown = |u: f64| significant(quantile(distribution, u) / variable.unit.scale);
    if let Distribution::Constant(_) = distribution {
        return format!("known: {}{unit}", shown(0.5));
    }
    format!("{}: 5% {}, 50% {}, 95% {}{unit}", shape(distribution), shown(0.05), shown(0.5), shown(0.95))
}

fn number(value: f64) -> String {
    if value.is_finite() { significant(value) } else { "not a number".to_owned() }
}

fn of_grounds(text: &mut String, checked: &CheckedModel, grounds: &Grounds) {
    for id in &grounds.claims {
        let claim = &checked.claims[id.index()];
        let _ = writeln!(text, "- because `{}`: {}", claim.name, escaped(&said(checked, claim)));
    }
    if let Some(judgement) = &grounds.judgement {
        let _ = writeln!(text, "- judgement: {}", escaped(judgement));
    }
}

/// What a claim says, who says it and where.
fn said(checked: &CheckedModel, claim: &contingent_model::Claim) -> String {
    let mut text = claim.says.clone();
    let speaker = match (&claim.speaker, &claim.role) {
        (Some(speaker), Some(role)) => format!("{speaker}, {role}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => String::new(),
    };
    let source = printed(&checked.sources[claim.source.index()]);
    let origin = if speaker.is_empty() { source } else { format!("{speaker}; {source}") };
    let _ = write!(text, " ({origin})");
    text
}

fn printed(source: &contingent_model::Source) -> String {
    let mut parts = vec![source.title.clone()];
    parts.extend(source.publisher.clone());
    parts.extend(source.date.map(|date| date.to_string()));
    parts.extend(source.grade.as_ref().map(|grade| format!("grade {grade}")));
    parts.extend(source.url.clone());
    parts.join(", ")
}

/// Words of the modeller, with what Markdown would take for its own marked.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '_' | '`' | '[' | ']' | '<' | '>' | '\\' | '#') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
