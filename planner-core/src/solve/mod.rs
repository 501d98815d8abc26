//! Fleet → plan.

use std::sync::atomic::AtomicBool;

use crate::domain::Fleet;
use crate::plan::{Plan, Provenance, Settings};

/// How a solve is run; none of it changes the plan.
pub struct Run<'a> {
    /// Solver threads.
    pub threads: u32,
    /// Set to end the solve with the best plan so far.
    pub interrupt: &'a AtomicBool,
    /// Called now and then with what is known.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
    /// Where the plan comes from.
    pub provenance: Provenance,
}

/// What is known while a solve runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: &'static str,
    /// Best uplift so far, in dollars.
    pub uplift_usd: Option<f64>,
    /// Proven bound on the uplift, in dollars.
    pub bound_usd: Option<f64>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SolveError {
    /// No plan exists.
    #[error("no plan exists: {0}")]
    Infeasible(String),
    /// A limit was reached before any plan was found.
    #[error("a limit was reached before any plan was found")]
    NoPlanFound,
    /// The solver failed.
    #[error("the solver failed: {0}")]
    Solver(String),
}

/// The best plan of a fleet, audited.
///
/// # Errors
/// When no plan exists, none was found in time, or the solver failed.
pub fn plan(fleet: &Fleet, settings: &Settings, run: &Run) -> Result<Plan, SolveError> {
    let _ = (fleet, settings, run);
    todo!("solve")
}
