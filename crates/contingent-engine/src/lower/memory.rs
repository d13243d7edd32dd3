//! What is remembered: delays, smoothing, lags, windows and `ever`.
//!
//! Enters: a memory and the scope it stands in. Leaves: its value, a state per level or past value, and at the
//! end their initial and next values. Always holds: one memory at one element is one set of states, however
//! often it is lowered; the states are made before the body is lowered, so that a circle through them closes;
//! what a delay lets out of one level enters the next, the same node; a window is added up afresh at every
//! step, oldest first, so that nothing drifts.

use contingent_model::{Memory, MemoryKind, Window};

use super::{Facts, Lowering, Moment, Node, Scope, Section};
use crate::graph::Binary;

/// One memory at one element.
#[derive(Clone, Debug)]
pub(super) struct MemoryState<'m> {
    memory: &'m Memory,
    /// Where it stands, at the time of the step.
    scope: Scope<'m>,
    /// Levels, first to last, or past values, latest first.
    states: Vec<Node>,
    /// Levels within the step.
    stages: [Option<Vec<Node>>; 3],
    /// The value at t of a window or `ever`.
    value: Option<Node>,
}

impl<'m> Lowering<'m> {
    /// The value of what is remembered.
    pub(super) fn memory(&mut self, memory: &'m Memory, scope: &Scope<'m>) -> Node {
        if scope.moment == Moment::Start {
            return match memory.start_part() {
                Some(part) => self.expression(part, scope),
                None => self.graph.constant(0.0),
            };
        }
        let position = self.memory_position(memory, scope);
        match &memory.kind {
            MemoryKind::Delay { .. } => {
                let passing = self.passing(position, scope.moment);
                *passing.last().expect("a delay has a level")
            }
            MemoryKind::Smooth { .. } => {
                let levels = self.levels_at(position, scope.moment);
                *levels.last().expect("a smoothing has a level")
            }
            MemoryKind::Lag { .. } => {
                *self.memories[position].states.last().expect("a lag is at least one step long")
            }
            MemoryKind::Window { .. } | MemoryKind::Ever => {
                self.memories[position].value.expect("it was found when its states were made")
            }
        }
    }

    /// The states of a memory at the elements bound here.
    fn memory_position(&mut self, memory: &'m Memory, scope: &Scope<'m>) -> usize {
        let elements: Vec<usize> = if memory.has_chance {
            scope.bindings.iter().map(|&(_, position)| position).collect()
        } else {
            memory.subscripts.iter().map(|&id| Self::bound_position(id, scope)).collect()
        };
        let next = self.memories.len();
        let position = *self.memory_positions.entry((memory.id, elements)).or_insert(next);
        if position < next {
            return position;
        }
        let (word, n_states) = match &memory.kind {
            MemoryKind::Delay { order, .. } => ("delay", *order as usize),
            MemoryKind::Smooth { order, .. } => ("smooth", *order as usize),
            MemoryKind::Lag { steps } => ("lag", *steps),
            MemoryKind::Window { window: Window::Integral, steps } => ("sum", *steps),
            // The latest value is that at t itself.
            MemoryKind::Window { steps, .. } => ("window", steps - 1),
            MemoryKind::Ever => ("ever", 1),
        };
        let facts = match memory.kind {
            MemoryKind::Ever => Facts { non_negative: true, whole: true, truth: true },
            _ => Facts::default(),
        };
        let mut states = Vec::with_capacity(n_states);
        for number in 1..=n_states {
            let name = format!("{word} {number} in {}", self.scope_name(scope));
            let state = self.new_slot(name.clone(), facts, Section::Advance, false);
            self.names.push((name, state));
            states.push(state);
        }
        let scope = Scope { moment: Moment::Current, ..scope.clone() };
        self.memories.push(MemoryState { memory, scope, states, stages: [None, None, None], value: None });
        let value = self.present_value(position);
        self.memories[position].value = value;
        position
    }

    /// The declaration and elements of a scope, for listings and failures.
    fn scope_name(&self, scope: &Scope<'m>) -> String {
        if scope.bindings.is_empty() {
            return scope.declaration.to_owned();
        }
        let elements: Vec<&str> = scope
            .bindings
            .iter()
            .map(|&(id, position)| self.model.subscripts[id.index()].elements[position].as_str())
            .collect();
        format!("{}[{}]", scope.declaration, elements.join(","))
    }

    /// The value at t of a window or of `ever`, from past values and, but for an integral, the present one.
    fn present_value(&mut self, position: usize) -> Option<Node> {
        let MemoryState { memory, scope, states, .. } = self.memories[position].clone();
        let (window, steps) = match memory.kind {
            MemoryKind::Ever => {
                let now = self.expression(&memory.body, &scope);
                return Some(self.graph.or(states[0], now));
            }
            MemoryKind::Window { window, steps } => (window, steps),
            MemoryKind::Delay { .. } | MemoryKind::Smooth { .. } | MemoryKind::Lag { .. } => return None,
        };
        let mut values: Vec<Node> = states.into_iter().rev().collect();
        if window != Window::Integral {
            values.push(self.expression(&memory.body, &scope));
        }
        let binary = match window {
            Window::Integral | Window::Sum | Window::Mean => Binary::Add,
            Window::Min => Binary::Minimum,
            Window::Max => Binary::Maximum,
        };
        let whole = self.fold(binary, &values);
        Some(match window {
            Window::Integral => self.per_step(whole),
            Window::Mean => {
                let one = self.graph.constant(1.0);
                let step = self.graph.step();
                let so_far = self.graph.add(step, one);
                let most = self.graph.constant(steps as f64);
                let n_values = self.graph.minimum(most, so_far);
                self.graph.divide(whole, n_values)
            }
            Window::Sum | Window::Min | Window::Max => whole,
        })
    }

    /// The levels of a delay or smoothing at a moment within the step.
    fn levels_at(&mut self, position: usize, moment: Moment) -> Vec<Node> {
        let Some((stage, before, share)) = moment.stage() else {
            return self.memories[position].states.clone();
        };
        if let Some(levels) = &self.memories[position].stages[stage] {
            return levels.clone();
        }
        let changes = self.level_changes(position, before);
        let time = self.graph.constant(share * self.model.clock.dt);
        let levels: Vec<Node> = self.memories[position]
            .states
            .clone()
            .into_iter()
            .zip(changes)
            .map(|(level, change)| {
                let change = self.graph.multiply(change, time);
                self.graph.add(level, change)
            })
            .collect();
        self.memories[position].stages[stage] = Some(levels.clone());
        levels
    }

    /// How fast each level changes.
    fn level_changes(&mut self, position: usize, moment: Moment) -> Vec<Node> {
        let memory = self.memories[position].memory;
        let (input, speed) = self.input_and_speed(position, moment);
        if let MemoryKind::Delay { .. } = memory.kind {
            let passing = self.passing(position, moment);
            let mut entering = input;
            return passing
                .into_iter()
                .map(|leaving| {
                    let change = self.graph.subtract(entering, leaving);
                    entering = leaving;
                    change
                })
                .collect();
        }
        let mut goal = input;
        self.levels_at(position, moment)
            .into_iter()
            .map(|level| {
                let gap = self.graph.subtract(goal, level);
                goal = level;
                self.graph.multiply(gap, speed)
            })
            .collect()
    }

    /// What leaves each level of a delay per time.
    fn passing(&mut self, position: usize, moment: Moment) -> Vec<Node> {
        let speed = self.speed(position, moment);
        let levels = self.levels_at(position, moment);
        levels.into_iter().map(|level| self.graph.multiply(level, speed)).collect()
    }

    fn input_and_speed(&mut self, position: usize, moment: Moment) -> (Node, Node) {
        let MemoryState { memory, scope, .. } = self.memories[position].clone();
        let input = self.expression(&memory.body, &Scope { moment, ..scope });
        (input, self.speed(position, moment))
    }

    /// Levels passed per time, at most one in a step: a level never lets more through than it holds.
    fn speed(&mut self, position: usize, moment: Moment) -> Node {
        let MemoryState { memory, scope, .. } = self.memories[position].clone();
        let time = self.passage(memory, &Scope { moment, ..scope });
        let one = self.graph.constant(1.0);
        self.graph.divide(one, time)
    }

    /// How long material stays in one level, at least a step.
    fn passage(&mut self, memory: &'m Memory, scope: &Scope<'m>) -> Node {
        let (MemoryKind::Delay { duration, order } | MemoryKind::Smooth { duration, order }) = &memory.kind
        else {
            unreachable!("only delays and smoothings have levels");
        };
        let duration = self.expression(duration, scope);
        let order = self.graph.constant(f64::from(*order));
        let time = self.graph.divide(duration, order);
        let step = self.graph.constant(self.model.clock.dt);
        self.graph.maximum(step, time)
    }

    /// Initial and next values of all that was lowered, and of what they remember in turn.
    pub(super) fn finish_memories(&mut self) {
        let mut position = 0;
        while position < self.memories.len() {
            let MemoryState { memory, scope, states, .. } = self.memories[position].clone();
            let start = Scope { moment: Moment::Start, ..scope.clone() };
            let (initial, next) = match &memory.kind {
                MemoryKind::Delay { .. } => {
                    let value = self.memory(memory, &start);
                    let time = self.passage(memory, &start);
                    (self.graph.multiply(value, time), self.next_levels(position))
                }
                MemoryKind::Smooth { .. } => (self.memory(memory, &start), self.next_levels(position)),
                MemoryKind::Lag { .. } => {
                    (self.memory(memory, &start), self.shifted(memory, &scope, &states))
                }
                MemoryKind::Window { window: Window::Min | Window::Max, .. } => {
                    // The value at the start stands for what was before: it is in the window as long.
                    (self.memory(memory, &start), self.shifted(memory, &scope, &states))
                }
                MemoryKind::Window { .. } => {
                    (self.graph.constant(0.0), self.shifted(memory, &scope, &states))
                }
                MemoryKind::Ever => {
                    (self.graph.constant(0.0), self.memories[position].value.into_iter().collect())
                }
            };
            for (state, next) in states.into_iter().zip(next) {
                let slot = self.slot(state);
                slot.initial = initial;
                slot.next = next;
            }
            position += 1;
        }
    }

    /// Past values one step later.
    fn shifted(&mut self, memory: &'m Memory, scope: &Scope<'m>, states: &[Node]) -> Vec<Node> {
        if states.is_empty() {
            return Vec::new();
        }
        let mut next = vec![self.expression(&memory.body, scope)];
        next.extend(&states[..states.len() - 1]);
        next
    }

    /// Levels at t + dt.
    fn next_levels(&mut self, position: usize) -> Vec<Node> {
        let memory = self.memories[position].memory;
        let moments = self.moments();
        if let MemoryKind::Delay { .. } = memory.kind {
            // What enters and leaves is averaged over the step, so that what leaves one level is what enters
            // the next.
            let mut rates: Vec<Vec<Node>> = Vec::new();
            for &moment in moments {
                let (input, _) = self.input_and_speed(position, moment);
                let mut all = vec![input];
                all.extend(self.passing(position, moment));
                rates.push(all);
            }
            let moved: Vec<Node> = (0..rates[0].len())
                .map(|level| {
                    let rates: Vec<Node> = rates.iter().map(|all| all[level]).collect();
                    let rate = self.averaged(&rates);
                    self.per_step(rate)
                })
                .collect();
            let states = self.memories[position].states.clone();
            return states
                .into_iter()
                .enumerate()
                .map(|(level, state)| {
                    // Emptied first: a level that lets all through holds exactly what enters.
                    let left = self.graph.subtract(state, moved[level + 1]);
                    self.graph.add(left, moved[level])
                })
                .collect();
        }
        let changes: Vec<Vec<Node>> =
            moments.iter().map(|&moment| self.level_changes(position, moment)).collect();
        let states = self.memories[position].states.clone();
        states
            .into_iter()
            .enumerate()
            .map(|(level, state)| {
                let changes: Vec<Node> = changes.iter().map(|all| all[level]).collect();
                let change = self.averaged(&changes);
                let change = self.per_step(change);
                self.graph.add(state, change)
            })
            .collect()
    }
}
