//! The second opinion: every rule and every cent told again from the inputs
//! and the decisions, without the code that made the plan.

use crate::plan::{AuditSummary, Plan};

/// Checks a plan against its own inputs.
#[must_use]
pub fn audit(plan: &Plan) -> AuditSummary {
    let _ = plan;
    todo!("audit")
}
