//! The same model with less to search: what no best plan needs is left out, and rows say what whole halls make of them.
//!
//! The best value stays what it is. What people and other solvers read is the model before this.

mod dominated;
mod whole_halls;

use super::Model;
use crate::domain::Fleet;
use crate::options::Options;

/// Leaves out what no best plan needs.
#[must_use]
pub fn tighten(mut model: Model, fleet: &Fleet, options: &Options) -> Model {
    dominated::bar(fleet.calendar.horizon(), options, &mut model.variables);
    whole_halls::round(fleet, options, &mut model);
    model
}
