//! Where every name of a model is declared and used.
//!
//! Enters: nothing. Leaves: [`Names`], plain data that the checker fills while it resolves names. Always holds: it
//! exists whether or not the model has errors; a use stands in the list of the declaration that the checker
//! took it for, so that what an editor shows is what the model means; spans of occurrences do not overlap.

use contingent_syntax::{FileId, Span};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// `actor`
    Actor,
    /// `source`
    Source,
    /// `claim`
    Claim,
    /// `assume`
    Assumption,
    /// `lever`
    Lever,
    /// `mechanism`
    Mechanism,
    /// `stock`
    Stock,
    /// `flow`
    Flow,
    /// `aux`
    Auxiliary,
    /// `links`
    Links,
    /// `input`
    Input,
    /// `lookup`
    Lookup,
    /// `event`
    Event,
    /// `decision`
    Decision,
    /// `view`
    View,
    /// `policy`
    Policy,
    /// `question`
    Question,
    /// `indicator`
    Indicator,
    /// `observe`
    Observation,
    /// `unit`
    Unit,
    /// `subscript`
    Subscript,
    /// An element of a subscript.
    Element,
    /// An alternative of an assumption or mechanism, or an option of a decision.
    Alternative,
    /// The name of a declaration that could not be read.
    Broken,
}

impl NameKind {
    /// The kind in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Source => "source",
            Self::Claim => "claim",
            Self::Assumption => "assumption",
            Self::Lever => "lever",
            Self::Mechanism => "mechanism",
            Self::Stock => "stock",
            Self::Flow => "flow",
            Self::Auxiliary => "auxiliary",
            Self::Links => "links",
            Self::Input => "input",
            Self::Lookup => "lookup",
            Self::Event => "event",
            Self::Decision => "decision",
            Self::View => "view",
            Self::Policy => "policy",
            Self::Question => "question",
            Self::Indicator => "indicator",
            Self::Observation => "observation",
            Self::Unit => "unit",
            Self::Subscript => "subscript",
            Self::Element => "element",
            Self::Alternative => "alternative",
            Self::Broken => "declaration that could not be read",
        }
    }

    /// Whether an expression can refer to it by name.
    pub fn is_value(self) -> bool {
        matches!(
            self,
            Self::Assumption
                | Self::Lever
                | Self::Mechanism
                | Self::Stock
                | Self::Flow
                | Self::Auxiliary
                | Self::Lookup
                | Self::Event
                | Self::Decision
        )
    }
}

/// A position in [`Names::definitions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

impl NameId {
    /// Position in the arena.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A declared name.
#[derive(Clone, Debug, PartialEq)]
pub struct NameDefinition {
    /// The name as it is written outside of its actor, such as `daesh_k.fighters`; a part (an element or an
    /// alternative) has its own name only.
    pub name: String,
    /// What it stands for.
    pub kind: NameKind,
    /// Where the name is declared.
    pub span: Span,
    /// The whole declaration.
    pub declaration: Span,
    /// The actor that it is declared in, or what it is a part of.
    pub owner: Option<NameId>,
    /// Label in words.
    pub label: Option<String>,
    /// `##` documentation.
    pub documentation: String,
    /// Names of its subscripts, as declared.
    pub subscripts: Vec<String>,
    /// Unit, declared or inferred, of what is a number; none while it is not known.
    pub unit: Option<String>,
    /// Whether the unit is declared.
    pub is_unit_declared: bool,
    /// Where it is used, in the order of the text; of a dotted name, the part that is this name.
    pub uses: Vec<Span>,
}

impl NameDefinition {
    /// The last part of the name, as it is written at its declaration.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

/// Every declared name with its uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Definitions in the order of the text.
    pub definitions: Vec<NameDefinition>,
    /// All occurrences, in the order of the text.
    pub(crate) occurrences: Vec<(Span, NameId)>,
}

impl Names {
    /// A definition by id.
    pub fn definition(&self, id: NameId) -> &NameDefinition {
        &self.definitions[id.index()]
    }

    /// Every place where a name stands, its declaration included, in the order of the text.
    pub fn occurrences(&self) -> &[(Span, NameId)] {
        &self.occurrences
    }

    /// The occurrences in one file, in the order of the text.
    pub fn occurrences_in(&self, file: FileId) -> &[(Span, NameId)] {
        let start = self.occurrences.partition_point(|(span, _)| span.file < file);
        let end = self.occurrences.partition_point(|(span, _)| span.file <= file);
        &self.occurrences[start..end]
    }

    /// The name at a byte of a file; one that ends there counts, so that a cursor behind it finds it.
    pub fn at(&self, file: FileId, offset: u32) -> Option<(NameId, Span)> {
        let found = self.occurrences_in(file);
        let after = found.partition_point(|(span, _)| span.start <= offset);
        let &(span, id) = found.get(after.checked_sub(1)?)?;
        (offset <= span.end).then_some((id, span))
    }

    /// The parts of a definition: elements of a subscript, alternatives of a category, members of an actor.
    pub fn parts(&self, owner: NameId) -> impl Iterator<Item = (NameId, &NameDefinition)> {
        self.iter().filter(move |(_, definition)| definition.owner == Some(owner))
    }

    /// All definitions with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (NameId, &NameDefinition)> {
        self.definitions.iter().enumerate().map(|(i, definition)| (NameId(i as u32), definition))
    }

    /// The definition that a name would be taken for inside an actor (or outside of any): the actor's own first.
    pub fn value_named(&self, actor: Option<&str>, name: &str) -> Option<NameId> {
        let is_value = |definition: &NameDefinition| {
            definition.kind.is_value() || matches!(definition.kind, NameKind::Subscript | NameKind::Broken)
        };
        let find = |name: &str| {
            self.iter()
                .find(|(_, definition)| definition.name == name && is_value(definition))
                .map(|(id, _)| id)
        };
        actor.and_then(|actor| find(&format!("{actor}.{name}"))).or_else(|| find(name))
    }
}
