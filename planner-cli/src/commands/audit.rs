//! `planner audit`.

use anyhow::Result;
use planner_core::audit::{NOT_JUDGED, audit};
use planner_core::plan::{AuditSummary, Plan};
use planner_core::report::rules::named;
use planner_core::report::verdict::verdict;

use crate::args::Audit;
use crate::exit::Exit;
use crate::files;
use crate::render::console::Console;
use crate::render::format::{grouped, words};

/// Recomputes a plan from its inputs. What the plan says of its own audit does not count.
pub fn run(args: &Audit, console: &Console) -> Result<Exit> {
    let plan = files::read_plan(&args.plan)?;
    let found = audit(&plan);
    if console.json() {
        console.json_result(&found)?;
    } else {
        let passed = format!(
            "audit passed: {} ledger lines, {} of the twin, {} conversions\n{}\n{}",
            plan.ledger.len(),
            plan.twin.ledger.len(),
            plan.decisions.conversions.len(),
            bounds(&plan),
            verdict(&plan).sentence
        ) + &format!("\n{}", not_judged());
        console.result(&if found.passed { passed } else { findings(&found) })?;
    }
    Ok(if found.passed { Exit::Done } else { Exit::Audit })
}

/// What no plan exceeds: recomputed here from the plan's prices, and as the solver says.
fn bounds(plan: &Plan) -> String {
    let (slack, share) = plan.slack();
    let dollars = |cents: planner_core::units::Cents| format!("{} USD", grouped(cents.usd(), 2));
    let rounding = match plan.rounding_usd.0 {
        planner_core::units::Cents::ZERO => String::new(),
        raised => format!("; raised by {}, by which rounding favours this plan", dollars(raised)),
    };
    let share = share.map_or_else(String::new, |share| format!(", {} % of the NPV", grouped(share * 100.0, 1)));
    format!(
        "no plan is worth more than {} (without a solver, from {} prices; slack {}{share})\n\
         no plan is worth more than {} (the solver's word; gap {}{rounding})",
        dollars(plan.lagrangian_bound_usd.0),
        plan.prices.len(),
        dollars(slack.0),
        dollars(plan.bound_usd.0),
        dollars(plan.gap_usd.0),
    )
}

/// What is taken as the file says it.
fn not_judged() -> String {
    let fields: Vec<&str> = NOT_JUDGED.iter().map(|(path, _)| path.trim_start_matches('/')).collect();
    format!("not judged, or not in full (the book says why): {}", fields.join(", "))
}

/// Findings, one a line.
pub fn findings(audit: &AuditSummary) -> String {
    let mut lines = vec![format!("the audit objects: {} findings", audit.findings.len())];
    for finding in &audit.findings {
        lines.push(format!("  {}  {}", named(&finding.rule), words(&finding.line)));
        lines.push(format!("      {}", words(&finding.message)));
    }
    lines.join("\n")
}
