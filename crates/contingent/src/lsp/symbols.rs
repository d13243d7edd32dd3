//! The outline of a file.
//!
//! Enters: a file of an open model. Leaves: its declarations, nested as they stand. Always holds: every declaration with
//! a name is there, a broken one too.

use std::collections::HashMap;

use contingent_model::{NameDefinition, NameId, NameKind};
use contingent_syntax::ast::DeclarationKind;
use contingent_syntax::{FileId, Span, parse};
use gen_lsp_types::{DocumentSymbol, SymbolKind};

use super::position::Encoding;
use super::workspace::OpenModel;

pub(super) fn outline(model: &OpenModel, file: FileId, encoding: Encoding) -> Vec<DocumentSymbol> {
    let names = &model.checked.names;
    let mut members: HashMap<Option<NameId>, Vec<NameId>> = HashMap::new();
    for (id, definition) in names.iter().filter(|(_, definition)| definition.span.file == file) {
        members.entry(definition.owner).or_default().push(id);
    }
    let mut outline: Vec<DocumentSymbol> = header(model, file, encoding).into_iter().collect();
    outline.extend(symbols(model, &members, None, encoding));
    outline
}

/// The `model` block, which has a title in place of a name.
fn header(model: &OpenModel, file: FileId, encoding: Encoding) -> Option<DocumentSymbol> {
    let parsed = parse(file, model.text(file));
    parsed.file.declarations.iter().find_map(|declaration| match &declaration.kind {
        DeclarationKind::Model { title, .. } => Some(symbol(
            model,
            if title.text.is_empty() { "model" } else { &title.text },
            Some("model".to_owned()),
            SymbolKind::Module,
            (declaration.span, title.span),
            None,
            encoding,
        )),
        _ => None,
    })
}

fn symbols(
    model: &OpenModel,
    members: &HashMap<Option<NameId>, Vec<NameId>>,
    owner: Option<NameId>,
    encoding: Encoding,
) -> Vec<DocumentSymbol> {
    let Some(ids) = members.get(&owner) else { return Vec::new() };
    ids.iter()
        .map(|&id| {
            let definition = model.checked.names.definition(id);
            let is_part =
                matches!(definition.kind, NameKind::Element | NameKind::Alternative | NameKind::Unit);
            let whole = if is_part { definition.span } else { definition.declaration };
            let children = symbols(model, members, Some(id), encoding);
            symbol(
                model,
                definition.short_name(),
                Some(detail(definition)),
                kind(definition.kind),
                (whole, definition.span),
                (!children.is_empty()).then_some(children),
                encoding,
            )
        })
        .collect()
}

#[expect(deprecated, reason = "a field of the protocol that is out of use has to be given a value")]
fn symbol(
    model: &OpenModel,
    name: &str,
    detail: Option<String>,
    kind: SymbolKind,
    (whole, name_span): (Span, Span),
    children: Option<Vec<DocumentSymbol>>,
    encoding: Encoding,
) -> DocumentSymbol {
    DocumentSymbol {
        name: name.to_owned(),
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: model.range(whole.cover(name_span), encoding),
        selection_range: model.range(name_span, encoding),
        children,
    }
}

fn detail(definition: &NameDefinition) -> String {
    match (&definition.unit, &definition.label) {
        (Some(unit), _) => format!("{}, {unit}", definition.kind.describe()),
        (None, Some(label)) => format!("{}, {label}", definition.kind.describe()),
        (None, None) => definition.kind.describe().to_owned(),
    }
}

fn kind(kind: NameKind) -> SymbolKind {
    match kind {
        NameKind::Actor => SymbolKind::Namespace,
        NameKind::Source | NameKind::Claim => SymbolKind::String,
        NameKind::Assumption | NameKind::Lever => SymbolKind::Constant,
        NameKind::Mechanism | NameKind::Decision | NameKind::Subscript => SymbolKind::Enum,
        NameKind::Element | NameKind::Alternative => SymbolKind::EnumMember,
        NameKind::Stock => SymbolKind::Field,
        NameKind::Flow => SymbolKind::Method,
        NameKind::Auxiliary | NameKind::Indicator | NameKind::Input | NameKind::Observation => {
            SymbolKind::Variable
        }
        NameKind::Links => SymbolKind::Array,
        NameKind::Lookup => SymbolKind::Function,
        NameKind::Event => SymbolKind::Event,
        NameKind::View | NameKind::Policy => SymbolKind::Interface,
        NameKind::Question => SymbolKind::Property,
        NameKind::Unit => SymbolKind::TypeParameter,
        NameKind::Broken => SymbolKind::Null,
    }
}
