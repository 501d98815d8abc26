//! Phases and works as DAGs: longest paths, float, circles named; and the longer lease that a work brings.

mod circle;
mod lease;
mod phases;
mod portfolio;

pub use lease::{Extension, may_hold};
pub use phases::{Cycle, Schedule, ScheduledPhase, hall_schedule, notice, schedule};
pub use portfolio::{WorkProblem, check, earliest_finish};
