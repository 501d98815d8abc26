//! Budgets side by side.

use crate::domain::Fleet;
use crate::plan::{Plan, Settings};
use crate::solve::{Run, SolveError};
use crate::units::Usd;

/// One plan per budget, smallest first. A smaller budget's plan is start and
/// lower bound for the next, so NPV never falls.
///
/// # Errors
/// As [`crate::solve::plan`].
pub fn compare(fleet: &Fleet, settings: &Settings, budgets: &[Usd], run: &Run) -> Result<Vec<Plan>, SolveError> {
    let _ = (fleet, settings, budgets, run);
    todo!("compare")
}
