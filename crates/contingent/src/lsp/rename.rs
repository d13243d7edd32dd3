//! Renaming, with proof that nothing else changes.
//!
//! Enters: a place and a new name. Leaves: edits of every file of every model that shares the name, or why not. Always holds: the changed text
//! was checked before it is offered: every name in it means what it meant before, and no mistake is new.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use contingent_model::{NameDefinition, NameId, NameKind, check, load};
use contingent_syntax::words::may_be_name;
use contingent_syntax::{Diagnostic, Span};
use gen_lsp_types::{Location, PrepareRenamePlaceholder, TextEdit, Uri, WorkspaceEdit};

use super::navigation::same_name;
use super::workspace::{OpenModel, Place, Workspace};

/// What would be renamed at a place.
pub(super) fn prepare(workspace: &Workspace, place: Place) -> Option<PrepareRenamePlaceholder> {
    let names = &place.model.checked.names;
    let (id, span) = names.at(place.file, place.offset)?;
    let placeholder = names.definition(id).short_name().to_owned();
    Some(PrepareRenamePlaceholder { range: place.model.range(span, workspace.encoding), placeholder })
}

/// The edits that rename what stands at a place.
pub(super) fn rename(workspace: &Workspace, place: Place, new_name: &str) -> Result<WorkspaceEdit, String> {
    let model = place.model;
    let names = &model.checked.names;
    let Some((id, _)) = names.at(place.file, place.offset) else {
        return Err("there is no name of the model here".to_owned());
    };
    if !may_be_name(new_name) {
        return Err(format!(
            "`{new_name}` cannot be a name: names begin with a letter and go on with letters, digits and `_`, and are \
             no words that begin a declaration"
        ));
    }
    let declared = names.definition(id).span;
    let others = workspace.others_with(model, &model.paths[declared.file.0 as usize]);
    let others = others.iter().filter_map(|other| Some((other, same_name(model, id, other)?)));
    let models: Vec<(&OpenModel, NameId)> = std::iter::once((model, id)).chain(others).collect();
    let mut edits: BTreeMap<(&Path, u32), (u32, String, Location)> = BTreeMap::new();
    for &(model, id) in &models {
        let definition = model.checked.names.definition(id);
        for &span in std::iter::once(&definition.span).chain(&definition.uses) {
            let path = model.paths[span.file.0 as usize].as_path();
            let text = written(model, definition, span, new_name);
            edits.entry((path, span.start)).or_insert((span.end, text, workspace.location(model, span)));
        }
    }
    for &(model, _) in &models {
        verify(model, &edits).map_err(|reason| format!("`{new_name}` does not fit: {reason}"))?;
    }
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (_, new_text, location) in edits.into_values() {
        changes.entry(location.uri).or_default().push(TextEdit { range: location.range, new_text });
    }
    Ok(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The new name as it is written at a use: units keep their plural.
fn written(model: &OpenModel, definition: &NameDefinition, span: Span, new_name: &str) -> String {
    let plural = format!("{}s", definition.short_name());
    if definition.kind == NameKind::Unit && model.checked.sources.text(span) == plural {
        format!("{new_name}s")
    } else {
        new_name.to_owned()
    }
}

/// Checks the model with the edits made, and compares what every name means.
fn verify(model: &OpenModel, edits: &BTreeMap<(&Path, u32), (u32, String, Location)>) -> Result<(), String> {
    let before = &model.checked;
    let mut texts: Vec<(String, String)> =
        before.sources.files.iter().map(|file| (file.name.clone(), file.text.clone())).collect();
    // From the end of each file to its beginning, so that places stay what they are.
    for (&(path, start), (end, text, _)) in edits.iter().rev() {
        if let Some(file) = model.file(path) {
            texts[file.0 as usize].1.replace_range(start as usize..*end as usize, text);
        }
    }
    let (name, text) = texts[0].clone();
    let mut loaded = load(&name, text, &mut |wanted| {
        let found = texts.iter().find(|(name, _)| name == wanted);
        found.map(|(_, text)| text.clone()).ok_or_else(|| "there is no such file".to_owned())
    });
    loaded.is_incomplete |= model.is_alone;
    let after = check(loaded);
    let n_before = before.diagnostics.iter().filter(|one| one.is_error()).count();
    let errors: Vec<&Diagnostic> = after.diagnostics.iter().filter(|one| one.is_error()).collect();
    if errors.len() > n_before {
        let known = |one: &Diagnostic| before.diagnostics.iter().any(|other| other.headline == one.headline);
        let new = errors.iter().find(|one| !known(one)).or(errors.first());
        return Err(new.map_or_else(String::new, |one| one.headline.clone()));
    }
    let meanings = |names: &contingent_model::Names| -> Vec<contingent_model::NameId> {
        names.occurrences().iter().map(|&(_, id)| id).collect()
    };
    if meanings(&before.names) != meanings(&after.names) {
        return Err("another name would be taken for it".to_owned());
    }
    Ok(())
}
