//! The model that was solved, built again from a plan's inputs and settings, for other solvers.

use anyhow::{Result, bail};
use planner_core::model;
use planner_core::options::enumerate;
use planner_core::plan::{AuditSummary, Plan};

/// `model.mps`.
///
/// # Errors
/// When the inputs are not those that were planned, or cannot be priced.
pub fn files(plan: &Plan, audit: &AuditSummary) -> Result<Vec<(String, Vec<u8>)>> {
    if let Some(finding) = audit.findings.iter().find(|finding| finding.rule == "identity") {
        bail!("the model cannot be built again from this plan: {}: {}", finding.line, finding.message);
    }
    let options = enumerate(&plan.inputs, &plan.settings);
    let model = model::build(&plan.inputs, &plan.settings, &options);
    Ok(vec![("model.mps".to_owned(), model.mps(&plan.inputs.name).into_bytes())])
}
