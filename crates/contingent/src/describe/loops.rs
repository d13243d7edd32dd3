//! Feedback loops in sentences.
//!
//! Enters: the loops of the model. Leaves: their section. Always holds: a loop is told once round, starting with a
//! rise; what only drains or grows by its own size is gathered in one sentence.

use contingent_model::VariableKind;
use contingent_model::influence::{
    FeedbackLoop, Influence, LoopKind, LoopLimits, Node, Sign, feedback_loops, influences,
};

use super::names::{Place, Referent};
use super::{Section, Story, counted, list};

/// Most loops that are told one by one.
const N_TOLD: usize = 24;

/// A feedback loop in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopStory {
    /// What it passes, in the order of influence.
    pub members: Vec<Node>,
    /// What it does to a push.
    pub kind: LoopKind,
    /// Once round, in sentences.
    pub told: String,
    /// Loops that differ from it only in detail, itself among them.
    pub n_like_it: usize,
}

impl Story<'_> {
    pub(super) fn feeds_back(&self) -> Section {
        let mut section = Section::new("What feeds back on itself").of(super::Part::FeedsBack);
        let arrows = influences(self.model);
        let found = feedback_loops(self.model, &arrows, LoopLimits::default());
        if found.loops.is_empty() {
            if !self.model.variables.is_empty() {
                section.text("Nothing in the model acts back on itself.");
            }
            return section;
        }
        let (simple, long): (Vec<&FeedbackLoop>, Vec<&FeedbackLoop>) =
            found.loops.iter().partition(|one| one.members.len() <= 2 && self.stock_of(one).is_some());
        for (kind, one, many) in [
            (
                LoopKind::Balancing,
                "One thing pulls itself back, since more of it means that more leaves or less comes",
                "Each of these pulls itself back, since more of it means that more leaves or less comes",
            ),
            (
                LoopKind::Reinforcing,
                "One thing feeds on itself, since more of it means that more comes",
                "Each of these feeds on itself, since more of it means that more comes",
            ),
            (
                LoopKind::Mixed,
                "In one thing, more of it may bring more of it or less",
                "In each of these, more of it may bring more of it or less",
            ),
        ] {
            let mut names: Vec<String> = Vec::new();
            for simple in simple.iter().filter(|simple| simple.kind == kind) {
                let Some(stock) = self.stock_of(simple) else { continue };
                let phrase = self.node(stock);
                if !names.contains(&phrase) {
                    names.push(phrase);
                }
            }
            if !names.is_empty() {
                section.text(&format!("{}: {}", if names.len() == 1 { one } else { many }, list(&names)));
            }
        }
        if long.is_empty() {
            return section;
        }
        let groups = self.grouped(&long);
        let of_kind = |kind: LoopKind| long.iter().filter(|one| one.kind == kind).count();
        let at_least = if found.is_complete { "" } else { "at least " };
        let shortest = if groups.len() > N_TOLD {
            format!(" The {N_TOLD} shortest follow, each with how many others differ from it only in detail.")
        } else {
            String::new()
        };
        let verb = if long.len() == 1 { "leads" } else { "lead" };
        let parts: Vec<String> = [
            (LoopKind::Reinforcing, "feeds on itself", "feed on themselves"),
            (LoopKind::Balancing, "holds itself in check", "hold themselves in check"),
            (LoopKind::Mixed, "may do either", "may do either"),
        ]
        .iter()
        .map(|&(kind, one, many)| (of_kind(kind), one, many))
        .filter(|&(n, ..)| n > 0)
        .map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many }))
        .collect();
        section.text(&format!(
            "Beside these, {at_least}{} {verb} round through several parts of the model: {}.{shortest}",
            counted(long.len(), "loop"),
            list(&parts),
        ));
        for (one, n) in groups.into_iter().take(N_TOLD) {
            let others = match n - 1 {
                0 => String::new(),
                1 => " One other differs only in detail.".to_owned(),
                n => format!(" {n} others differ only in detail."),
            };
            section.point(None, &format!("{}.{others}", self.told(one)));
        }
        section
    }

    /// Loops that pass the same stocks, events and decisions in the same order differ only in detail: the first of each, with how
    /// many there are.
    fn grouped<'l>(&self, loops: &[&'l FeedbackLoop]) -> Vec<(&'l FeedbackLoop, usize)> {
        let mut groups: Vec<(Vec<Node>, LoopKind, &FeedbackLoop, usize)> = Vec::new();
        for one in loops {
            let key = self.milestones(one);
            match groups.iter_mut().find(|(known, kind, _, _)| *known == key && *kind == one.kind) {
                Some((.., n)) => *n += 1,
                None => groups.push((key, one.kind, one, 1)),
            }
        }
        groups.into_iter().map(|(_, _, one, n)| (one, n)).collect()
    }

    /// The loops through several parts of the model that these influences close.
    pub(super) fn loop_stories(&self, influences: &[Influence]) -> Vec<LoopStory> {
        let found = feedback_loops(self.model, influences, LoopLimits::default());
        let long: Vec<&FeedbackLoop> =
            found.loops.iter().filter(|one| one.members.len() > 2 || self.stock_of(one).is_none()).collect();
        self.grouped(&long)
            .into_iter()
            .map(|(one, n_like_it)| LoopStory {
                members: one.members.clone(),
                kind: one.kind,
                told: super::sentences(&self.told(one)),
                n_like_it,
            })
            .collect()
    }

    /// The stocks, events and decisions of a loop, from the first in model order.
    fn milestones(&self, one: &FeedbackLoop) -> Vec<Node> {
        let mut found: Vec<Node> = one
            .members
            .iter()
            .copied()
            .filter(|member| match member {
                Node::Event(_) => true,
                Node::Variable(id) => matches!(
                    self.model.variable(*id).kind,
                    VariableKind::Stock { .. } | VariableKind::Decision(_)
                ),
            })
            .collect();
        if let Some(first) = (0..found.len()).min_by_key(|&i| found[i]) {
            found.rotate_left(first);
        }
        found
    }

    /// The stock of a loop of one or two members.
    fn stock_of(&self, one: &FeedbackLoop) -> Option<Node> {
        one.members.iter().copied().find(|member| {
            matches!(member, Node::Variable(id) if matches!(self.model.variable(*id).kind, VariableKind::Stock { .. }))
        })
    }

    fn node(&self, node: Node) -> String {
        let referent = match node {
            Node::Variable(id) => Referent::Variable(id),
            Node::Event(id) => Referent::Event(id),
        };
        self.names.phrase(referent, Place { actor: None })
    }

    /// What rises: `fear`, `the chance of ...`, `a move of ... towards its later options`.
    fn risen(&self, node: Node, rises: Option<bool>) -> String {
        let phrase = self.node(node);
        let direction = |up: &str, down: &str, open: &str| match rises {
            Some(true) => up.to_owned(),
            Some(false) => down.to_owned(),
            None => open.to_owned(),
        };
        match node {
            Node::Variable(id) => match &self.model.variable(id).kind {
                VariableKind::Decision(decision) => {
                    let towards = match rises {
                        Some(true) => decision.labels.last(),
                        Some(false) => decision.labels.first(),
                        None => None,
                    };
                    match towards {
                        Some(label) => format!("a move of {phrase} towards ‘{label}’"),
                        None => format!("another choice in {phrase}"),
                    }
                }
                _ => format!("{} {phrase}", direction("a rise in", "a fall in", "a change in")),
            },
            Node::Event(_) => format!(
                "{} {phrase}",
                direction("a higher chance of", "a lower chance of", "another chance of")
            ),
        }
    }

    fn told(&self, one: &FeedbackLoop) -> String {
        // A loop is told from a stock or decision where it has one: that is what a reader watches.
        let first = one.members.iter().position(|&member| self.is_state(member)).unwrap_or(0);
        let n = one.members.len();
        let mut rises = Some(true);
        let mut steps = Vec::new();
        for k in 0..n {
            let (i, next) = ((first + k) % n, (first + k + 1) % n);
            rises = match one.signs[i] {
                Sign::Positive => rises,
                Sign::Negative => rises.map(|up| !up),
                Sign::Mixed => None,
            };
            let after = one.members[(first + k + 2) % n];
            let leads_to_event =
                matches!(after, Node::Event(_)) && !matches!(one.members[next], Node::Event(_));
            if k + 1 < n
                && n > 3
                && (self.is_flow(one.members[next]) || leads_to_event && !self.is_state(one.members[next]))
            {
                // A flow between two things that are told, and the hazard of an event, go without saying.
                continue;
            }
            steps.push(self.risen(one.members[next], rises));
        }
        let chain = steps.join(", hence ");
        let ending = match one.kind {
            LoopKind::Reinforcing => "This feeds on itself",
            LoopKind::Balancing => "This holds itself in check",
            LoopKind::Mixed => "Whether this feeds on itself or holds itself in check depends",
        };
        let mut marks = Vec::new();
        if one.has_decision {
            marks.push("through a decision");
        }
        if one.has_chance {
            marks.push("with chance");
        }
        if one.has_delay {
            marks.push("over time");
        }
        let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
        format!("{}, hence {chain}. {ending}{marks}", self.risen(one.members[first], Some(true)))
    }

    fn is_state(&self, node: Node) -> bool {
        match node {
            Node::Variable(id) => {
                matches!(self.model.variable(id).kind, VariableKind::Stock { .. } | VariableKind::Decision(_))
            }
            Node::Event(_) => false,
        }
    }

    fn is_flow(&self, node: Node) -> bool {
        matches!(node, Node::Variable(id) if matches!(self.model.variable(id).kind, VariableKind::Flow { .. }))
    }
}
