//! The certificate: how sure the solver is, what the audit found, and what the plan is made from.

use planner_core::plan::{AuditSummary, Plan};
use planner_core::report::comparison::Comparison;
use planner_core::report::page::status_words;
use planner_core::units::Cents;

use super::figures::exact;
use super::sheet::{Field, Sheet};
use crate::render::format::grouped;

/// Value, bounds and audit, to the cent.
pub fn certificate(plan: &Plan, audit: &AuditSummary) -> Sheet {
    let mut sheet = Sheet::new("Value and bounds", &[("figure", ""), ("value", "USD"), ("what it says", "")]);
    let share = |share: Option<f64>, of: &str| {
        share.map_or_else(String::new, |share| format!("{} % of {of}", grouped(share * 100.0, 2)))
    };
    let (slack, slack_share) = plan.slack();
    let rounding = match plan.rounding_usd.0 {
        Cents::ZERO => String::new(),
        raised => format!("; raised by {} USD, by which rounding favours this plan", grouped(raised.usd(), 2)),
    };
    let from = Comparison::of(plan).noun();
    let (of, over) = (format!("NPV of {from}"), format!("Gain over {from}"));
    let rows: [(&str, Cents, String); 8] = [
        ("NPV of the plan", plan.npv_usd.0, "all lines of the ledger, discounted".to_owned()),
        (&of, plan.twin_npv_usd.0, "the best plan without a new commitment".to_owned()),
        (&over, plan.uplift_usd.0, "the difference".to_owned()),
        ("Capital: the ask", plan.capital_usd.0, "all landlord-funded capital, undiscounted".to_owned()),
        ("Bound", plan.bound_usd.0, format!("no plan is worth more: the solver's word{rounding}")),
        ("Gap", plan.gap_usd.0, share(plan.gap_share, "the gain")),
        (
            "Bound without a solver",
            plan.lagrangian_bound_usd.0,
            "no plan is worth more: proved by the audit".to_owned(),
        ),
        ("Slack", slack.0, share(slack_share, "the NPV")),
    ];
    let row = |(name, amount, says): (&str, Cents, String)| {
        vec![Field::words(name), Field::figure(exact(amount)), Field::words(&says)]
    };
    sheet.rows = rows.into_iter().map(row).collect();
    let passed = if audit.passed { "passed" } else { "objects" };
    sheet.notes.push(format!(
        "Status: {}. Audit of this file: {passed}; {} ledger lines, {} of the case without new commitments, {} conversions recomputed from the \
         inputs without a solver.",
        status_words(plan.status),
        plan.ledger.len(),
        plan.twin.ledger.len(),
        plan.decisions.conversions.len()
    ));
    sheet
}

/// What was asked for, and what made the plan.
pub fn made_from(plan: &Plan) -> Vec<(&'static str, String)> {
    let settings = &plan.settings;
    let mut facts = vec![
        ("Plan starts", plan.inputs.calendar.start.to_string()),
        ("Horizon", plan.inputs.calendar.period_start(plan.inputs.calendar.horizon()).to_string()),
        ("Accepted gap", settings.gap.to_string()),
        ("Letters of intent", if settings.include_loi { "count in full" } else { "as each says" }.to_owned()),
    ];
    if let Some(budget) = settings.budget {
        facts.push(("Budget asked for", format!("{} USD", exact(budget.to_cents()))));
    }
    for (pot, amount) in &settings.pots {
        facts.push(("Pot set", format!("{pot}: {} USD", exact(amount.to_cents()))));
    }
    if let Some(seconds) = settings.time_limit_seconds {
        facts.push(("Time limit", format!("{seconds} s")));
    }
    facts.push(("Solver", plan.solver.clone()));
    facts.push(("Made by", plan.provenance.tool.clone()));
    facts.push(("Identity of the inputs (SHA-256)", plan.identity.clone()));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// Input files and their hashes.
pub fn files(plan: &Plan) -> Sheet {
    let mut sheet = Sheet::new("Input files", &[("file", ""), ("SHA-256", "")]);
    let row = |(file, hash): &(String, String)| vec![Field::words(file), Field { class: "hash", ..Field::words(hash) }];
    sheet.rows = plan.provenance.files.iter().map(row).collect();
    sheet
}
