//! Phases and works as DAGs: longest paths, float, circles named; and the longer lease that a work brings.

mod circle;
mod committed;
mod lease;
mod phases;
mod portfolio;

pub use committed::{committed, touches, with_predecessors};
pub use lease::{Extension, may_hold};
pub use phases::{Cycle, Schedule, ScheduledPhase, hall_schedule, notice, schedule, slip};
pub use portfolio::{WorkProblem, check, earliest_finish, started_in};
