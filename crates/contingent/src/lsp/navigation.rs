//! From a name to its declaration and its uses.
//!
//! Enters: a place. Leaves: places. Always holds: what is found is what the checker took the name for; uses are those of
//! every model that shares the file in which the name is declared.

use contingent_model::NameId;
use contingent_syntax::ast::DeclarationKind;
use contingent_syntax::{Span, parse};
use gen_lsp_types::{DocumentHighlight, DocumentHighlightKind, Location};

use super::position::normal;
use super::workspace::{OpenModel, Place, Workspace};

pub(super) fn definition(workspace: &Workspace, place: Place) -> Option<Location> {
    let names = &place.model.checked.names;
    match names.at(place.file, place.offset) {
        Some((id, _)) => Some(workspace.location(place.model, names.definition(id).span)),
        None => included(workspace, place),
    }
}

/// The file that an `include` names.
fn included(workspace: &Workspace, place: Place) -> Option<Location> {
    let parsed = parse(place.file, place.model.text(place.file));
    let named = parsed.file.declarations.iter().find_map(|declaration| match &declaration.kind {
        DeclarationKind::Include { path }
            if path.span.start <= place.offset && place.offset <= path.span.end =>
        {
            Some(path.text.clone())
        }
        _ => None,
    })?;
    let folder = place.model.paths[place.file.0 as usize].parent()?;
    let file = place.model.file(&normal(&folder.join(named)))?;
    Some(workspace.location(place.model, Span::new(file, 0, 0)))
}

/// The same declaration in another model that shares its file.
pub(super) fn same_name(model: &OpenModel, id: NameId, other: &OpenModel) -> Option<NameId> {
    let declared = model.checked.names.definition(id).span;
    let file = other.file(&model.paths[declared.file.0 as usize])?;
    let (found, span) = other.checked.names.at(file, declared.start)?;
    (span == other.checked.names.definition(found).span && span.end == declared.end).then_some(found)
}

/// The uses of the name at a place, its declaration first when it is wanted.
pub(super) fn references(
    workspace: &Workspace,
    place: Place,
    with_declaration: bool,
) -> Option<Vec<Location>> {
    let names = &place.model.checked.names;
    let (id, _) = names.at(place.file, place.offset)?;
    let declared = names.definition(id).span;
    let others = workspace.others_with(place.model, &place.model.paths[declared.file.0 as usize]);
    let others = others.iter().filter_map(|other| Some((other, same_name(place.model, id, other)?)));
    let mut found = Vec::new();
    if with_declaration {
        found.push(workspace.location(place.model, declared));
    }
    for (model, id) in std::iter::once((place.model, id)).chain(others) {
        for &span in &model.checked.names.definition(id).uses {
            let location = workspace.location(model, span);
            if !found.contains(&location) {
                found.push(location);
            }
        }
    }
    Some(found)
}

/// The same name within the file.
pub(super) fn highlights(workspace: &Workspace, place: Place) -> Option<Vec<DocumentHighlight>> {
    let names = &place.model.checked.names;
    let (id, _) = names.at(place.file, place.offset)?;
    let declared: Span = names.definition(id).span;
    let found = names.occurrences_in(place.file).iter().filter(|&&(_, other)| other == id);
    let highlights = found.map(|&(span, _)| DocumentHighlight {
        range: place.model.range(span, workspace.encoding),
        kind: Some(if span == declared { DocumentHighlightKind::Write } else { DocumentHighlightKind::Read }),
    });
    Some(highlights.collect())
}
