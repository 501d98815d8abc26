//! `planner audit`.

use anyhow::Result;
use planner_core::audit::audit;
use planner_core::plan::AuditSummary;

use crate::args::Audit;
use crate::exit::Exit;
use crate::files;
use crate::render::console::Console;
use crate::render::format::words;

/// Recomputes a plan from its inputs. What the plan says of its own audit does not count.
pub fn run(args: &Audit, console: &Console) -> Result<Exit> {
    let plan = files::read_plan(&args.plan)?;
    let found = audit(&plan);
    if console.json() {
        console.json_result(&found)?;
    } else {
        let passed = format!(
            "audit passed: {} ledger lines, {} of the twin, {} conversions",
            plan.ledger.len(),
            plan.twin.ledger.len(),
            plan.decisions.conversions.len()
        );
        console.result(&if found.passed { passed } else { findings(&found) })?;
    }
    Ok(if found.passed { Exit::Done } else { Exit::Audit })
}

/// Findings, one a line.
pub fn findings(audit: &AuditSummary) -> String {
    let mut lines = vec![format!("the audit objects: {} findings", audit.findings.len())];
    for finding in &audit.findings {
        lines.push(format!("  {}  {}", finding.rule, words(&finding.line)));
        lines.push(format!("      {}", words(&finding.message)));
    }
    lines.join("\n")
}
