//! What is recorded at every time.
//!
//! Enters: the configuration. Leaves: names, units and nodes, in model order. Always holds: a flow is
//! recorded as its rate, before any scaling; readings of events are those at the time.

use contingent_model::{DisplayUnit, VariableId};

use super::{Lowering, Moment, Node};
use crate::configuration::Recording;
use crate::program::Recorded;

impl Lowering<'_> {
    pub(super) fn lower_recording(&mut self) -> Vec<(Recorded, Node)> {
        let model = self.model;
        let mut recorded = Vec::new();
        match self.configuration.recording {
            Recording::Nothing => {}
            Recording::Indicators => {
                for indicator in &model.indicators {
                    let scope = self.scope(&indicator.name, &[], 0, Moment::Current);
                    let node = self.expression(&indicator.expression, &scope);
                    recorded.push((
                        Recorded { name: indicator.name.clone(), unit: indicator.unit.clone() },
                        node,
                    ));
                }
            }
            Recording::Everything => {
                for (position, variable) in model.variables.iter().enumerate() {
                    for element in 0..model.n_elements(&variable.subscripts) {
                        let name = model.element_name(&variable.name, &variable.subscripts, element);
                        let node = self.value(VariableId(position as u32), element, Moment::Current);
                        recorded.push((Recorded { name, unit: variable.unit.clone() }, node));
                    }
                }
                for (event, states) in model.events.iter().zip(self.events.clone()) {
                    for (element, state) in states.into_iter().enumerate() {
                        let name = model.element_name(&event.name, &event.subscripts, element);
                        for (reading, node) in [("count", state.count), ("total", state.total)] {
                            let unit = DisplayUnit { text: "1".to_owned(), scale: 1.0, is_share: false };
                            recorded.push((Recorded { name: format!("{name}.{reading}"), unit }, node));
                        }
                    }
                }
            }
        }
        recorded
    }
}
