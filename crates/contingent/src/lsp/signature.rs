//! What a function takes, while its arguments are written.
//!
//! Enters: a place. Leaves: the signature and the argument that the cursor stands in. Always holds: lookups show their
//! units.

use contingent_model::NameKind;
use contingent_model::functions::{distribution_signatures, function_signatures};
use contingent_syntax::SyntaxKind;
use gen_lsp_types::{ParameterInformation, SignatureHelp, SignatureInformation};

use super::context::Cursor;
use super::workspace::Place;

pub(super) fn help(place: Place) -> Option<SignatureHelp> {
    let text = place.model.text(place.file);
    let cursor = Cursor::new(text, place.offset);
    let open = cursor.open().into_iter().find(|open| open.kind == SyntaxKind::OpenParenthesis)?;
    let (_, path) = cursor.path_before(open.index)?;
    let label = signature(place, &cursor, open.index, &path)?;
    let inside =
        label.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(inside, _)| inside);
    let parameters: Vec<ParameterInformation> = inside
        .split(", ")
        .filter(|part| !part.is_empty())
        .map(|part| ParameterInformation { label: part.to_owned().into(), documentation: None })
        .collect();
    let n_parameters = parameters.len();
    let active = cursor.commas_since(open.index).min(n_parameters.saturating_sub(1)) as u32;
    Some(SignatureHelp {
        signatures: vec![SignatureInformation {
            label,
            documentation: None,
            parameters: Some(parameters),
            active_parameter: Some(active.into()),
        }],
        active_signature: Some(0),
        active_parameter: Some(active.into()),
    })
}

fn signature(place: Place, cursor: &Cursor, open: usize, path: &str) -> Option<String> {
    let names = &place.model.checked.names;
    if let Some(id) = names.value_named(cursor.actor(), path)
        && names.definition(id).kind == NameKind::Lookup
    {
        let declared = place.model.checked.sources.text(names.definition(id).declaration);
        let head = declared.split('=').next().unwrap_or(declared);
        return Some(head.trim().trim_start_matches("lookup").trim().to_owned());
    }
    // In the value of an assumption, `normal` and `uniform` are distributions; elsewhere they are draws.
    let in_assumption =
        cursor.declaration_before(open).is_some_and(|(_, word)| matches!(word, "assume" | "view"));
    let functions = function_signatures().collect::<Vec<_>>();
    let distributions = distribution_signatures().collect::<Vec<_>>();
    let lists = if in_assumption { [distributions, functions] } else { [functions, distributions] };
    lists.into_iter().flatten().find(|(name, _)| *name == path).map(|(_, signature)| signature.to_owned())
}
