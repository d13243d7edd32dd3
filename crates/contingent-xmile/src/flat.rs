//! One flat list of variables: modules and macros written out.
//!
//! Enters: a [`Document`]. Leaves: a [`Flat`] model, or notes on what could not be carried over. Always holds: every
//! variable has a key that no other has; a name in an equation is looked for where the equation stood, and in the root
//! model when it begins with `.`; modules and macros are written out to a bounded depth.

use std::collections::HashMap;

use crate::document::{Conveyor, Document, Kind, Macro, Model, Table};
use crate::equation::{Equation, Index, canonical, parse};
use crate::report::{Note, Weight};

/// Deepest nesting of modules, and of macros in macros.
const MAX_DEPTH: usize = 20;
/// Most variables, all written out.
const MAX_VARIABLES: usize = 50_000;
/// Most calls of macros, all written out.
const MAX_CALLS: usize = 10_000;
/// Most parts of an equation in which a macro was written out.
const MAX_PARTS: usize = 10_000;

/// What a variable is worth.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// One for all elements, or as many as there are elements.
    pub(crate) equations: Vec<Equation>,
    /// Equations of some elements, by canonical names of elements.
    pub(crate) parts: Vec<(Vec<String>, Option<Equation>, Option<Table>)>,
    pub(crate) table: Option<Table>,
}

#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) kind: Kind,
    /// Canonical, with the path of the module before it.
    pub(crate) key: String,
    /// As it is shown, with the path of the module before it.
    pub(crate) name: String,
    /// Position of the scope in which names of its equations are looked for.
    pub(crate) scope: usize,
    /// Canonical names of its dimensions.
    pub(crate) dimensions: Vec<String>,
    pub(crate) body: Body,
    pub(crate) doc: String,
    pub(crate) units: Option<String>,
    pub(crate) non_negative: bool,
    /// Canonical names, as written.
    pub(crate) inflows: Vec<String>,
    pub(crate) outflows: Vec<String>,
    pub(crate) conveyor: Option<(Option<Equation>, Conveyor)>,
    pub(crate) group: Option<usize>,
    pub(crate) line: usize,
}

/// Where names are looked for.
#[derive(Clone, Debug, Default)]
struct Scope {
    /// Before each name, with a point at its end; empty for the root.
    prefix: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Flat {
    pub(crate) variables: Vec<Variable>,
    pub(crate) groups: Vec<(String, String)>,
    pub(crate) notes: Vec<Note>,
    scopes: Vec<Scope>,
    keys: HashMap<String, usize>,
}

impl Flat {
    /// The variable that a name stands for.
    pub(crate) fn find(&self, scope: usize, name: &str) -> Option<usize> {
        if let Some(name) = name.strip_prefix('.') {
            return self.keys.get(name).copied();
        }
        let local = format!("{}{name}", self.scopes[scope].prefix);
        self.keys.get(&local).or_else(|| self.keys.get(name)).copied()
    }

    fn refuse(&mut self, line: usize, place: &str, reason: &str) {
        self.notes.push(Note::new(Weight::Refused, line, place, reason));
    }

    fn add(&mut self, variable: Variable) {
        if let Some(&first) = self.keys.get(&variable.key) {
            let reason =
                format!("the name stands a second time; the first is on line {}", self.variables[first].line);
            self.refuse(variable.line, &variable.name, &reason);
            return;
        }
        self.keys.insert(variable.key.clone(), self.variables.len());
        self.variables.push(variable);
    }
}

/// A name as it is shown: white space, written line breaks too, is one space.
pub(crate) fn shown(name: &str) -> String {
    name.replace("\\n", " ").replace("\\r", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes out modules and macros.
pub(crate) fn flatten(document: &Document) -> Flat {
    let mut flat = Flat::default();
    let root = document.models.iter().find(|model| model.name.trim().is_empty()).or(document.models.first());
    let Some(root) = root else { return flat };
    flat.scopes.push(Scope::default());
    instance(&mut flat, document, root, 0, "", &HashMap::new(), 0);
    let macros: HashMap<String, &Macro> =
        document.macros.iter().map(|one| (canonical(&one.name), one)).collect();
    let mut expansion = Expansion { macros, counts: HashMap::new(), n_calls: 0 };
    let mut next = 0;
    while next < flat.variables.len() {
        if flat.variables.len() > MAX_VARIABLES {
            flat.refuse(0, &document.name, &format!("the model has more than {MAX_VARIABLES} variables"));
            break;
        }
        expansion.variable(&mut flat, next);
        next += 1;
    }
    flat
}

/// Adds the variables of a model. `connected` gives, for each input, the key that stands behind it.
fn instance(
    flat: &mut Flat,
    document: &Document,
    model: &Model,
    scope: usize,
    shown_prefix: &str,
    connected: &HashMap<String, String>,
    depth: usize,
) {
    let mut group_of: HashMap<String, usize> = HashMap::new();
    for group in &model.groups {
        let position = flat.groups.len();
        flat.groups.push((format!("{shown_prefix}{}", shown(&group.name)), group.doc.clone()));
        for member in &group.members {
            group_of.entry(canonical(member)).or_insert(position);
        }
    }
    if !shown_prefix.is_empty() && model.groups.is_empty() {
        let position = flat.groups.len();
        flat.groups.push((shown_prefix.trim_end_matches('.').to_owned(), String::new()));
        for variable in &model.variables {
            group_of.insert(canonical(&variable.name), position);
        }
    }
    let prefix = flat.scopes[scope].prefix.clone();
    for variable in &model.variables {
        let name = canonical(&variable.name);
        let place = shown(&variable.name);
        if let Some(reason) = &variable.refused {
            flat.refuse(variable.line, &place, reason);
        }
        let mut body = Body { table: variable.table.clone(), ..Body::default() };
        let connection = connected.get(&name).filter(|_| variable.is_input || !prefix.is_empty());
        if let Some(from) = connection {
            body.equations.push(Equation::Name(format!(".{from}"), None));
        } else {
            for text in &variable.equations {
                match parse(text) {
                    Ok(list) => body.equations.extend(list),
                    Err(error) => {
                        let reason = format!("the equation `{}` cannot be read: {error}", brief(text));
                        flat.refuse(variable.line, &place, &reason);
                    }
                }
            }
            for part in &variable.parts {
                let equation = match parse(&part.equation) {
                    Ok(mut list) if list.len() == 1 => list.pop(),
                    _ if part.equation.is_empty() && part.table.is_some() => None,
                    Ok(_) => None,
                    Err(error) => {
                        let reason =
                            format!("the equation `{}` cannot be read: {error}", brief(&part.equation));
                        flat.refuse(variable.line, &place, &reason);
                        None
                    }
                };
                let subscript = part.subscript.iter().map(|name| canonical(name)).collect();
                body.parts.push((subscript, equation, part.table.clone()));
            }
        }
        let conveyor = variable.conveyor.clone().map(|conveyor| {
            let length = parse(&conveyor.length).ok().and_then(|mut list| list.pop());
            (length, conveyor)
        });
        flat.add(Variable {
            kind: if connection.is_some() { Kind::Auxiliary } else { variable.kind },
            key: format!("{prefix}{name}"),
            name: format!("{shown_prefix}{place}"),
            scope,
            dimensions: variable.dimensions.iter().map(|name| canonical(name)).collect(),
            body,
            doc: variable.doc.clone(),
            units: variable.units.clone(),
            non_negative: variable.non_negative,
            inflows: variable.inflows.iter().map(|name| named(name)).collect(),
            outflows: variable.outflows.iter().map(|name| named(name)).collect(),
            conveyor,
            group: group_of.get(&name).copied(),
            line: variable.line,
        });
    }
    for module in &model.modules {
        let name = canonical(&module.name);
        let Some(inner) = document.models.iter().find(|model| canonical(&model.name) == name) else {
            flat.refuse(module.line, &module.name, "the file has no model for this module");
            continue;
        };
        if depth >= MAX_DEPTH {
            flat.refuse(module.line, &module.name, "modules are nested too deep, or contain themselves");
            return;
        }
        let mut inner_connected = HashMap::new();
        for (to, from) in &module.connections {
            let to = named(to);
            let to = to.strip_prefix(&format!("{name}.")).unwrap_or(&to).to_owned();
            let from = named(from);
            let from = match from.strip_prefix('.') {
                Some(from) => from.to_owned(),
                None => format!("{prefix}{from}"),
            };
            inner_connected.insert(to, from);
        }
        flat.scopes.push(Scope { prefix: format!("{prefix}{name}.") });
        let scope = flat.scopes.len() - 1;
        let shown_prefix = format!("{shown_prefix}{}.", shown(&module.name));
        instance(flat, document, inner, scope, &shown_prefix, &inner_connected, depth + 1);
    }
}

/// The canonical name in a list of flows or connections, which may stand in quotes.
fn named(text: &str) -> String {
    match parse(text).ok().and_then(|mut list| list.pop()) {
        Some(Equation::Name(name, _)) => name,
        _ => canonical(text.trim().trim_matches('"')),
    }
}

fn brief(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 60 { text } else { text.chars().take(57).chain("...".chars()).collect() }
}

/// Macros at work.
struct Expansion<'d> {
    macros: HashMap<String, &'d Macro>,
    counts: HashMap<String, usize>,
    n_calls: usize,
}

/// Where a macro is called.
struct Caller {
    scope: usize,
    dimensions: Vec<String>,
    group: Option<usize>,
    name: String,
    line: usize,
    depth: usize,
}

impl Expansion<'_> {
    fn variable(&mut self, flat: &mut Flat, position: usize) {
        if self.macros.is_empty() {
            return;
        }
        let variable = &flat.variables[position];
        let depth = variable.key.matches('.').count();
        let caller = Caller {
            scope: variable.scope,
            dimensions: variable.dimensions.clone(),
            group: variable.group,
            name: variable.name.clone(),
            line: variable.line,
            depth,
        };
        let mut body = variable.body.clone();
        for equation in &mut body.equations {
            self.expand(flat, &caller, equation, 0);
        }
        for (_, equation, _) in &mut body.parts {
            if let Some(equation) = equation {
                self.expand(flat, &caller, equation, 0);
            }
        }
        flat.variables[position].body = body;
    }

    fn expand(&mut self, flat: &mut Flat, caller: &Caller, equation: &mut Equation, depth: usize) {
        match equation {
            Equation::Number(_) | Equation::Name(_, None) => {}
            Equation::Name(_, Some(indices)) => {
                for index in indices {
                    if let Index::Is(inner) = index {
                        self.expand(flat, caller, inner, depth);
                    }
                }
            }
            Equation::Negate(inner) | Equation::Not(inner) => self.expand(flat, caller, inner, depth),
            Equation::Binary(_, a, b) => {
                self.expand(flat, caller, a, depth);
                self.expand(flat, caller, b, depth);
            }
            Equation::If(a, b, c) => {
                for part in [a, b, c] {
                    self.expand(flat, caller, part, depth);
                }
            }
            Equation::Call(name, arguments) => {
                for argument in &mut *arguments {
                    self.expand(flat, caller, argument, depth);
                }
                let Some(&found) = self.macros.get(name.as_str()) else { return };
                let name = name.clone();
                let arguments = std::mem::take(arguments);
                *equation = self.call(flat, caller, found, &name, arguments, depth);
            }
        }
    }

    fn call(
        &mut self,
        flat: &mut Flat,
        caller: &Caller,
        found: &Macro,
        name: &str,
        mut arguments: Vec<Equation>,
        depth: usize,
    ) -> Equation {
        let refused = Equation::Number(0.0);
        self.n_calls += 1;
        if self.n_calls > MAX_CALLS {
            if self.n_calls == MAX_CALLS + 1 {
                let reason = format!("macros are called more than {MAX_CALLS} times, all written out");
                flat.refuse(caller.line, &caller.name, &reason);
            }
            return refused;
        }
        if depth + caller.depth > MAX_DEPTH {
            flat.refuse(found.line, &found.name, "the macro calls itself, or macros are nested too deep");
            return refused;
        }
        for (_, default) in found.parameters.iter().skip(arguments.len()) {
            match default.as_deref().map(parse) {
                Some(Ok(mut list)) if list.len() == 1 => arguments.extend(list.pop()),
                _ => break,
            }
        }
        if arguments.len() != found.parameters.len() {
            let reason = format!(
                "the macro `{}` takes {} values and is given {}",
                found.name,
                found.parameters.len(),
                arguments.len()
            );
            flat.refuse(caller.line, &caller.name, &reason);
            return refused;
        }
        let mut read = |text: &str| match parse(text) {
            Ok(mut list) if list.len() == 1 => list.pop(),
            _ => {
                let reason = format!("the equation `{}` of the macro cannot be read", brief(text));
                flat.notes.push(Note::new(Weight::Refused, found.line, &found.name, &reason));
                None
            }
        };
        let parameters: Vec<String> =
            found.parameters.iter().map(|(name, _)| canonical(name.trim_matches('"'))).collect();
        if found.variables.is_empty() {
            let Some(mut body) = read(&found.equation) else { return refused };
            let values: HashMap<&str, &Equation> =
                parameters.iter().map(String::as_str).zip(&arguments).collect();
            let mut n_parts = 0_usize;
            body.each(&mut |part| {
                let value = match part {
                    Equation::Name(name, None) => values.get(name.as_str()),
                    _ => None,
                };
                n_parts = n_parts.saturating_add(value.map_or(1, |value| size(value)));
            });
            if n_parts > MAX_PARTS {
                flat.refuse(
                    caller.line,
                    &caller.name,
                    "its equation grows too long when macros are written out",
                );
                return refused;
            }
            substitute(&mut body, &values);
            self.expand(flat, caller, &mut body, depth + 1);
            return body;
        }
        let result = if found.equation.is_empty() {
            Some(Equation::Name(name.to_owned(), None))
        } else {
            read(&found.equation)
        };
        let count = self.counts.entry(name.to_owned()).or_default();
        *count += 1;
        let prefix = format!("{name}_{count}.");
        let shown_prefix = format!("{} {count}.", shown(&found.name));
        flat.scopes.push(Scope { prefix: prefix.clone() });
        let scope = flat.scopes.len() - 1;
        let add =
            |flat: &mut Flat, name: &str, kind, body, like: Option<&crate::document::Variable>, scope| {
                flat.add(Variable {
                    kind,
                    key: format!("{prefix}{}", canonical(name)),
                    name: format!("{shown_prefix}{}", shown(name)),
                    scope,
                    dimensions: caller.dimensions.clone(),
                    body,
                    doc: like.map(|like| like.doc.clone()).unwrap_or_default(),
                    units: like.and_then(|like| like.units.clone()),
                    non_negative: like.is_some_and(|like| like.non_negative),
                    inflows: like
                        .map(|like| like.inflows.iter().map(|name| named(name)).collect())
                        .unwrap_or_default(),
                    outflows: like
                        .map(|like| like.outflows.iter().map(|name| named(name)).collect())
                        .unwrap_or_default(),
                    conveyor: None,
                    group: caller.group,
                    line: like.map_or(found.line, |like| like.line),
                });
            };
        for ((name, _), argument) in found.parameters.iter().zip(arguments) {
            let body = Body { equations: vec![argument], ..Body::default() };
            add(flat, name, Kind::Auxiliary, body, None, caller.scope);
        }
        let mut has_result = false;
        for variable in &found.variables {
            let mut body = Body { table: variable.table.clone(), ..Body::default() };
            has_result |= canonical(&variable.name) == name;
            for text in &variable.equations {
                match parse(text) {
                    Ok(list) => body.equations.extend(list),
                    Err(error) => {
                        let reason = format!("the equation `{}` cannot be read: {error}", brief(text));
                        flat.refuse(variable.line, &variable.name, &reason);
                    }
                }
            }
            add(flat, &variable.name, variable.kind, body, Some(variable), scope);
        }
        match result {
            Some(result) if !has_result => {
                let body = Body { equations: vec![result], ..Body::default() };
                add(flat, &found.name, Kind::Auxiliary, body, None, scope);
            }
            _ => {}
        }
        Equation::Name(format!(".{prefix}{name}"), None)
    }
}

/// The number of parts of an equation.
fn size(equation: &Equation) -> usize {
    let mut n = 0;
    equation.each(&mut |_| n += 1);
    n
}

/// Puts values in the place of parameters.
fn substitute(equation: &mut Equation, values: &HashMap<&str, &Equation>) {
    match equation {
        Equation::Name(name, None) => {
            if let Some(&value) = values.get(name.as_str()) {
                *equation = value.clone();
            }
        }
        Equation::Number(_) => {}
        Equation::Name(_, Some(indices)) => {
            for index in indices {
                if let Index::Is(inner) = index {
                    substitute(inner, values);
                }
            }
        }
        Equation::Call(_, arguments) => arguments.iter_mut().for_each(|part| substitute(part, values)),
        Equation::Negate(inner) | Equation::Not(inner) => substitute(inner, values),
        Equation::Binary(_, a, b) => {
            substitute(a, values);
            substitute(b, values);
        }
        Equation::If(a, b, c) => {
            for part in [a, b, c] {
                substitute(part, values);
            }
        }
    }
}
