//! XMILE documents: from elements to typed variables.
//!
//! Enters: the text of a file. Leaves: a [`Document`], with notes on what was passed over. Always holds: equations are
//! still text; names are as written; what the standard lets stand in two places (behaviour, dimensions) is in one.

use crate::report::{Note, Weight};
use crate::xml::{self, Element, XmlError, local};

/// A whole file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) vendor: Option<String>,
    pub(crate) product: Option<String>,
    pub(crate) caption: Option<String>,
    pub(crate) specs: Specs,
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) unit_aliases: Vec<(String, Vec<String>)>,
    pub(crate) models: Vec<Model>,
    pub(crate) macros: Vec<Macro>,
    pub(crate) notes: Vec<Note>,
}

/// When and how it is run.
#[derive(Clone, Debug)]
pub(crate) struct Specs {
    pub(crate) start: f64,
    pub(crate) stop: f64,
    pub(crate) dt: f64,
    pub(crate) save_interval: Option<f64>,
    pub(crate) is_runge_kutta: bool,
    pub(crate) time_units: Option<String>,
}

impl Default for Specs {
    fn default() -> Self {
        Self { start: 0.0, stop: 0.0, dt: 1.0, save_interval: None, is_runge_kutta: false, time_units: None }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dimension {
    pub(crate) name: String,
    pub(crate) elements: Vec<String>,
}

/// The root model, or one that modules stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) variables: Vec<Variable>,
    pub(crate) modules: Vec<Module>,
    /// Names of groups with the names of what is in them.
    pub(crate) groups: Vec<Group>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) members: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    /// (to, from), as written.
    pub(crate) connections: Vec<(String, String)>,
    pub(crate) line: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Macro {
    pub(crate) name: String,
    pub(crate) parameters: Vec<(String, Option<String>)>,
    pub(crate) equation: String,
    pub(crate) variables: Vec<Variable>,
    pub(crate) line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Stock,
    Flow,
    Auxiliary,
    /// A graphical function on its own.
    Table,
}

/// A graphical function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) points: Vec<(f64, f64)>,
    pub(crate) shape: contingent_syntax::ast::Shape,
}

/// The equation of some elements of an array.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Names of the elements, one a dimension.
    pub(crate) subscript: Vec<String>,
    pub(crate) equation: String,
    pub(crate) table: Option<Table>,
}

#[derive(Clone, Debug)]
pub(crate) struct Conveyor {
    pub(crate) length: String,
    /// What of it cannot be carried over.
    pub(crate) extras: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) dimensions: Vec<String>,
    /// One for all elements, or as many as there are elements; empty when there is none.
    pub(crate) equations: Vec<String>,
    pub(crate) parts: Vec<Part>,
    pub(crate) table: Option<Table>,
    pub(crate) doc: String,
    pub(crate) units: Option<String>,
    pub(crate) non_negative: bool,
    pub(crate) inflows: Vec<String>,
    pub(crate) outflows: Vec<String>,
    pub(crate) conveyor: Option<Conveyor>,
    /// Why it cannot be carried over at all.
    pub(crate) refused: Option<String>,
    /// The value of `INIT` that an auxiliary has beside its equation.
    pub(crate) is_input: bool,
    pub(crate) line: usize,
}

/// What stocks and flows do unless they say otherwise.
#[derive(Clone, Copy, Debug, Default)]
struct Behaviour {
    stock: bool,
    flow: bool,
}

/// Reads a file.
pub(crate) fn read(text: &str) -> Result<Document, XmlError> {
    let root = xml::read(text)?;
    let fail = |element: &Element, reason: String| Err(XmlError { line: element.line, reason });
    if local(&root.name) != "xmile" {
        return fail(&root, format!("the file holds `<{}>`, not an XMILE model", root.name));
    }
    let mut document = Document::default();
    if let Some(header) = root.child("header") {
        document.name = header.text_of("name").unwrap_or_default().to_owned();
        document.vendor = header.text_of("vendor").map(str::to_owned);
        document.caption = header.text_of("caption").map(str::to_owned);
        document.product = header.child("product").map(|product| {
            let version = product.attribute("version").unwrap_or_default();
            format!("{} {version}", product.text.trim()).trim().to_owned()
        });
    }
    let Some(specs) =
        root.child("sim_specs").or_else(|| root.child("model").and_then(|model| model.child("sim_specs")))
    else {
        return fail(
            &root,
            "there is no `<sim_specs>`: the model does not say when it starts and stops".to_owned(),
        );
    };
    document.specs = read_specs(specs, &mut document.notes)?;
    for dimensions in root.all("dimensions") {
        for dim in dimensions.all("dim") {
            document.dimensions.push(read_dimension(dim)?);
        }
    }
    for units in root.all("model_units").flat_map(|units| &units.children) {
        if let Some(name) = units.attribute("name") {
            let aliases = units.all("alias").map(|alias| alias.text.trim().to_owned()).collect();
            document.unit_aliases.push((name.to_owned(), aliases));
        }
    }
    let behaviour = read_behaviour(&root, Behaviour::default());
    for element in root.all("model") {
        let model = read_model(element, behaviour, &mut document.notes)?;
        document.models.push(model);
    }
    if document.models.is_empty() {
        return fail(&root, "there is no `<model>`".to_owned());
    }
    for element in root.all("macro") {
        let parameters = element
            .all("parm")
            .map(|parameter| {
                let default = parameter.attribute("default").map(str::to_owned);
                (parameter.text.trim().to_owned(), default)
            })
            .collect();
        let variables = match element.child("variables") {
            Some(variables) => read_variables(variables, behaviour, &mut document.notes)?,
            None => Vec::new(),
        };
        if element.child("sim_specs").is_some() {
            document.notes.push(Note::new(
                Weight::Changed,
                element.line,
                element.attribute("name").unwrap_or("macro"),
                "the macro has simulation settings of its own; it is run with those of the model",
            ));
        }
        document.macros.push(Macro {
            name: element.attribute("name").unwrap_or_default().to_owned(),
            parameters,
            equation: element.text_of("eqn").unwrap_or_default().to_owned(),
            variables,
            line: element.line,
        });
    }
    for element in &root.children {
        if element.name == "data" {
            let why = "connections to data files are not read";
            document.notes.push(Note::new(Weight::Lost, element.line, "data", why));
        }
    }
    Ok(document)
}

fn number(element: &Element) -> Result<f64, XmlError> {
    let text = element.text.trim();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(XmlError {
            line: element.line,
            reason: format!("`{text}` in `<{}>` is not a number", element.name),
        }),
    }
}

fn read_specs(element: &Element, notes: &mut Vec<Note>) -> Result<Specs, XmlError> {
    let mut specs = Specs::default();
    for child in &element.children {
        match child.name.as_str() {
            "start" => specs.start = number(child)?,
            "stop" => specs.stop = number(child)?,
            "dt" => {
                specs.dt = number(child)?;
                if child.attribute("reciprocal").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
                    specs.dt = 1.0 / specs.dt;
                }
            }
            "savestep" | "save_step" | "save_interval" => specs.save_interval = Some(number(child)?),
            _ => {}
        }
    }
    if let Some(interval) = element.attribute("save_interval").and_then(|text| text.trim().parse().ok()) {
        specs.save_interval = Some(interval);
    }
    if !(specs.dt.is_finite() && specs.dt > 0.0) || specs.stop <= specs.start {
        return Err(XmlError {
            line: element.line,
            reason: "the model needs a positive `<dt>` and a `<stop>` after its `<start>`".to_owned(),
        });
    }
    specs.time_units = element.attribute("time_units").map(str::to_owned);
    let methods = element.attribute("method").unwrap_or("Euler").to_lowercase();
    match methods.split(',').next().unwrap_or_default().trim() {
        "euler" => {}
        "rk4" => specs.is_runge_kutta = true,
        other => {
            specs.is_runge_kutta = other.starts_with("rk") || other.contains("runge") || other == "gear";
            let used = if specs.is_runge_kutta { "rk4" } else { "euler" };
            notes.push(Note::new(
                Weight::Changed,
                element.line,
                "sim_specs",
                &format!("the method `{other}` is not known; `{used}` is used"),
            ));
        }
    }
    Ok(specs)
}

fn read_dimension(element: &Element) -> Result<Dimension, XmlError> {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    let mut elements: Vec<String> =
        element.all("elem").filter_map(|elem| elem.attribute("name")).map(str::to_owned).collect();
    if elements.is_empty()
        && let Some(size) = element.attribute("size").and_then(|size| size.trim().parse::<usize>().ok())
    {
        if size > 10_000 {
            return Err(XmlError { line: element.line, reason: format!("`{name}` has {size} elements") });
        }
        elements = (1..=size).map(|position| position.to_string()).collect();
    }
    Ok(Dimension { name, elements })
}

fn read_behaviour(element: &Element, inherited: Behaviour) -> Behaviour {
    let mut behaviour = inherited;
    for block in element.all("behavior") {
        if let Some(all) = block.child("non_negative") {
            let is_on = is_on(all);
            behaviour = Behaviour { stock: is_on, flow: is_on };
        }
        for (name, slot) in [("stock", &mut behaviour.stock), ("flow", &mut behaviour.flow)] {
            if let Some(setting) = block.child(name).and_then(|kind| kind.child("non_negative")) {
                *slot = is_on(setting);
            }
        }
    }
    behaviour
}

fn is_on(element: &Element) -> bool {
    !element.text.trim().eq_ignore_ascii_case("false")
}

fn read_model(element: &Element, inherited: Behaviour, notes: &mut Vec<Note>) -> Result<Model, XmlError> {
    let behaviour = read_behaviour(element, inherited);
    let mut model =
        Model { name: element.attribute("name").unwrap_or_default().to_owned(), ..Model::default() };
    // Older files have the variables directly in the model.
    let holders = element.all("variables").chain(std::iter::once(element));
    for holder in holders {
        model.variables.extend(read_variables(holder, behaviour, notes)?);
        for child in &holder.children {
            match child.name.as_str() {
                "module" => model.modules.push(read_module(child)),
                "group" => model.groups.push(read_group(child)),
                _ => {}
            }
        }
    }
    for child in element.children.iter().filter(|child| child.name == "sim_specs") {
        notes.push(Note::new(
            Weight::Changed,
            child.line,
            &model.name,
            "a part of the model has simulation settings of its own; the whole is run with those of the file",
        ));
    }
    // A name may stand in the views too: groups there carry members and no equations.
    for view in element.all("views").flat_map(|views| views.all("view")) {
        for group in view.all("group") {
            if !model.groups.iter().any(|known| Some(known.name.as_str()) == group.attribute("name")) {
                model.groups.push(read_group(group));
            }
        }
    }
    Ok(model)
}

fn read_module(element: &Element) -> Module {
    let connections = element
        .children
        .iter()
        .filter(|child| local(&child.name) == "connect")
        .filter_map(|child| Some((child.attribute("to")?.to_owned(), child.attribute("from")?.to_owned())))
        .collect();
    Module { name: element.attribute("name").unwrap_or_default().to_owned(), connections, line: element.line }
}

fn read_group(element: &Element) -> Group {
    let members = element
        .children
        .iter()
        .filter(|child| matches!(child.name.as_str(), "entity" | "item" | "var" | "stock" | "flow" | "aux"))
        .filter_map(|child| child.attribute("name"))
        .map(str::to_owned)
        .collect();
    Group {
        name: element.attribute("name").unwrap_or_default().to_owned(),
        doc: element.text_of("doc").unwrap_or_default().to_owned(),
        members,
    }
}

fn read_variables(
    holder: &Element,
    behaviour: Behaviour,
    notes: &mut Vec<Note>,
) -> Result<Vec<Variable>, XmlError> {
    let mut variables = Vec::new();
    for child in &holder.children {
        let kind = match child.name.as_str() {
            "stock" => Kind::Stock,
            "flow" => Kind::Flow,
            "aux" => Kind::Auxiliary,
            "gf" => Kind::Table,
            _ => continue,
        };
        // A name without anything else stands in a group or a view.
        if child.children.is_empty() && child.text.trim().is_empty() {
            continue;
        }
        variables.push(read_variable(child, kind, behaviour, notes)?);
    }
    Ok(variables)
}

fn read_variable(
    element: &Element,
    kind: Kind,
    behaviour: Behaviour,
    notes: &mut Vec<Note>,
) -> Result<Variable, XmlError> {
    let name = element.attribute("name").unwrap_or_default().to_owned();
    if name.trim().is_empty() {
        return Err(XmlError { line: element.line, reason: format!("a `<{}>` has no name", element.name) });
    }
    let texts = |tag: &str| element.all(tag).map(|child| child.text.trim().to_owned()).collect::<Vec<_>>();
    let default = match kind {
        Kind::Stock => behaviour.stock,
        Kind::Flow => behaviour.flow,
        _ => false,
    };
    let mut variable = Variable {
        kind,
        dimensions: element
            .child("dimensions")
            .map(|all| all.all("dim").filter_map(|dim| dim.attribute("name")).map(str::to_owned).collect())
            .unwrap_or_default(),
        equations: texts("eqn").into_iter().filter(|text| !text.is_empty()).collect(),
        parts: Vec::new(),
        table: None,
        doc: element.text_of("doc").unwrap_or_default().to_owned(),
        units: element.text_of("units").map(str::to_owned),
        non_negative: element.child("non_negative").map_or(default, is_on),
        inflows: texts("inflow"),
        outflows: texts("outflow"),
        conveyor: None,
        refused: None,
        is_input: element.attribute("access") == Some("input"),
        line: element.line,
        name,
    };
    if kind == Kind::Table {
        variable.table = Some(read_table(element)?);
    } else if let Some(table) = element.child("gf") {
        variable.table = Some(read_table(table)?);
    }
    for part in element.all("element") {
        let table = part.child("gf").map(read_table).transpose()?;
        variable.parts.push(Part {
            subscript: part
                .attribute("subscript")
                .unwrap_or_default()
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect(),
            equation: part.text_of("eqn").unwrap_or_default().to_owned(),
            table,
        });
        if part.child("non_negative").is_some_and(is_on) {
            variable.non_negative = true;
        }
    }
    let place = variable.name.clone();
    for child in &element.children {
        let mut note = |weight, reason: &str| notes.push(Note::new(weight, child.line, &place, reason));
        match local(&child.name) {
            "conveyor" => {
                let extras = child
                    .children
                    .iter()
                    .filter(|extra| local(&extra.name) != "len")
                    .map(|extra| format!("`{}`", extra.name))
                    .chain(child.attributes.iter().map(|(key, _)| format!("`{key}`")))
                    .collect();
                let length = child.text_of("len").unwrap_or_default().to_owned();
                variable.conveyor = Some(Conveyor { length, extras });
            }
            "queue" => {
                variable.refused =
                    Some("a queue keeps batches apart; the language has no form for that (a stock without `<queue/>` lets them mix)".to_owned());
            }
            "oven" => {
                variable.refused =
                    Some("an oven opens and closes by batches; the language has no form for that (a conveyor, which lets things in at \
                     any time, is the nearest)".to_owned());
            }
            "overflow" => {
                variable.refused =
                    Some("an overflow belongs to a queue, which is not carried over".to_owned());
            }
            "leak" | "leak_integers" | "leak_start" | "leak_end" => {
                variable.refused =
                    Some("a conveyor that leaks on the way has no form in the language (a flow out of a stock before it loses a share)".to_owned());
            }
            "range" | "scale" => {
                note(Weight::Lost, "the range for displays is not kept (it does not limit the value)");
            }
            "event_poster" => note(Weight::Lost, "messages to the user are not kept"),
            "mathml" => note(Weight::Lost, "MathML is not read; the equation is"),
            _ => {}
        }
    }
    Ok(variable)
}

fn read_table(element: &Element) -> Result<Table, XmlError> {
    use contingent_syntax::ast::Shape;
    let fail = |reason: String| Err(XmlError { line: element.line, reason });
    let numbers = |tag: &str| -> Result<Option<Vec<f64>>, XmlError> {
        let Some(child) = element.child(tag) else { return Ok(None) };
        let separator = child.attribute("sep").filter(|sep| !sep.is_empty()).unwrap_or(",");
        let mut list = Vec::new();
        for text in child.text.split(separator).map(str::trim).filter(|text| !text.is_empty()) {
            match text.parse::<f64>() {
                Ok(number) if number.is_finite() => list.push(number),
                _ => {
                    let reason = format!("`{text}` among the points of a graphical function is not a number");
                    return Err(XmlError { line: child.line, reason });
                }
            }
        }
        Ok(Some(list))
    };
    let Some(ys) = numbers("ypts")? else { return fail("a graphical function has no `<ypts>`".to_owned()) };
    let xs = if let Some(xs) = numbers("xpts")? {
        xs
    } else {
        let end = |key: &str| {
            element.child("xscale").and_then(|scale| scale.attribute(key)?.trim().parse::<f64>().ok())
        };
        let (Some(low), Some(high)) = (end("min"), end("max")) else {
            return fail("a graphical function has neither `<xpts>` nor `<xscale>`".to_owned());
        };
        let last = ys.len().saturating_sub(1).max(1) as f64;
        (0..ys.len()).map(|i| low + (high - low) * i as f64 / last).collect()
    };
    if xs.len() != ys.len() {
        return fail(format!("a graphical function has {} x points and {} y points", xs.len(), ys.len()));
    }
    let kind = element.attribute("type").unwrap_or("continuous");
    let is_discrete = element.attribute("discrete").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let shape = match kind {
        _ if is_discrete => Shape::Stepped,
        "extrapolate" => Shape::Extrapolated,
        "discrete" => Shape::Stepped,
        _ => Shape::Clamped,
    };
    let mut points: Vec<(f64, f64)> = xs.into_iter().zip(ys).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    if points.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return fail("a graphical function has two points at the same x".to_owned());
    }
    if let [(x, y)] = points[..] {
        points.push((x + 1.0, y));
    }
    if points.is_empty() {
        return fail("a graphical function has no points".to_owned());
    }
    Ok(Table { points, shape })
}
