//! Colours by meaning.
//!
//! Enters: a file of an open model. Leaves: its tokens with what they stand for. Always holds: a name is coloured as
//! what the checker took it for; a word that is no name and no word of the language has no colour.

use contingent_model::functions::{distribution_signatures, function_signatures};
use contingent_model::{Likelihood, NameKind, TIME_UNITS};
use contingent_syntax::{FileId, RESERVED_WORDS, SyntaxKind, Token, lex, words};
use gen_lsp_types::{SemanticToken, SemanticTokensLegend};

use super::position::Encoding;
use super::workspace::OpenModel;

const TYPES: [&str; 16] = [
    "namespace",
    "type",
    "enum",
    "enumMember",
    "parameter",
    "variable",
    "property",
    "method",
    "function",
    "event",
    "class",
    "decorator",
    "keyword",
    "string",
    "number",
    "comment",
];
const MODIFIERS: [&str; 2] = ["declaration", "documentation"];

/// The names of the colours, in the order in which tokens count them.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.iter().map(|&name| name.to_owned()).collect(),
        token_modifiers: MODIFIERS.iter().map(|&name| name.to_owned()).collect(),
    }
}

pub(super) fn tokens(model: &OpenModel, file: FileId, encoding: Encoding) -> Vec<SemanticToken> {
    let text = model.text(file);
    let lines = &model.lines[file.0 as usize];
    let names = &model.checked.names;
    let mut found = Vec::new();
    let (mut line, mut column) = (0, 0);
    // The three words or signs before a token.
    let mut before = [""; 3];
    for token in lex(text) {
        let named = match token.kind {
            SyntaxKind::Word | SyntaxKind::Number => {
                names.at(file, token.start).filter(|(_, s)| s.start == token.start)
            }
            _ => None,
        };
        let (kind, modifiers) = match named {
            Some((id, span)) => {
                let definition = names.definition(id);
                (Some(of_name(definition.kind)), u32::from(definition.span == span))
            }
            // The argument of a lookup has a name of its own, which nothing refers to.
            None if token.kind == SyntaxKind::Word && before[2] == "(" && before[0] == "lookup" => {
                (Some("parameter"), 1)
            }
            None => (of_token(token, text), u32::from(token.kind == SyntaxKind::DocComment) << 1),
        };
        if !token.kind.is_trivia() {
            before = [before[1], before[2], &text[token.start as usize..token.end as usize]];
        }
        let Some(kind) = kind.and_then(|kind| TYPES.iter().position(|&known| known == kind)) else {
            continue;
        };
        let start = lines.position(text, token.start, encoding);
        let end = lines.position(text, token.end, encoding);
        found.push(SemanticToken {
            delta_line: start.line - line,
            delta_start: if start.line == line { start.character - column } else { start.character },
            length: end.character - start.character,
            token_type: kind as u32,
            token_modifiers_bitset: modifiers,
        });
        (line, column) = (start.line, start.character);
    }
    found
}

fn of_name(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Actor => "namespace",
        NameKind::Unit => "type",
        NameKind::Subscript | NameKind::Mechanism | NameKind::Decision => "enum",
        NameKind::Element | NameKind::Alternative => "enumMember",
        NameKind::Assumption | NameKind::Lever => "parameter",
        NameKind::Stock => "property",
        NameKind::Flow => "method",
        NameKind::Lookup => "function",
        NameKind::Event => "event",
        NameKind::View
        | NameKind::Policy
        | NameKind::Question
        | NameKind::Indicator
        | NameKind::Observation => "class",
        NameKind::Source | NameKind::Claim => "decorator",
        NameKind::Auxiliary | NameKind::Links | NameKind::Input | NameKind::Broken => "variable",
    }
}

fn of_token(token: Token, text: &str) -> Option<&'static str> {
    let part = &text[token.start as usize..token.end as usize];
    match token.kind {
        SyntaxKind::Comment | SyntaxKind::DocComment => Some("comment"),
        SyntaxKind::Text => Some("string"),
        SyntaxKind::Number | SyntaxKind::Date => Some("number"),
        SyntaxKind::Word => {
            let is_called = text[token.end as usize..].trim_start_matches(' ').starts_with('(');
            let is_function = || {
                function_signatures().chain(distribution_signatures()).any(|(name, _)| name == part)
                    || Likelihood::named(part).is_some()
            };
            let singular = part.strip_suffix('s').unwrap_or(part);
            if is_called && is_function() {
                Some("function")
            } else if is_keyword(part) {
                Some("keyword")
            } else if TIME_UNITS.iter().any(|&(unit, _)| unit == singular)
                || matches!(singular, "share" | "probability")
            {
                Some("type")
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Whether a word that is no name belongs to the language.
fn is_keyword(word: &str) -> bool {
    RESERVED_WORDS.contains(&word)
        || [
            words::CONTEXT_WORDS,
            words::CHOICE_RULES,
            words::CLAIM_KINDS,
            words::CLAIM_VOICES,
            words::CLAIM_TAGS,
            words::EVENT_READINGS,
        ]
        .iter()
        .any(|list| list.contains(&word))
        || words::line_words().any(|line| line == word)
}
