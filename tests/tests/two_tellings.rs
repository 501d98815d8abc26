//! The pricing and the audit tell every cent apart from one another. Here each
//! column of the shipped portfolios is chosen alone, with machines that run,
//! are sold and are bought, and both must agree on every line.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::audit::audit;
use planner_core::domain::Fleet;
use planner_core::model;
use planner_core::options::enumerate;
use planner_core::plan::identity::identity;
use planner_core::plan::read_back::read_back;
use planner_core::plan::{AuditSummary, Decisions, Plan, Provenance, SCHEMA_VERSION, Settings, Status, Twin};
use planner_core::units::UsdCents;
use planner_tests::{fleet, shipped};

/// Rules that compare one telling with the other; the rest judge decisions,
/// which are arbitrary here.
const TELLINGS: &[&str] = &["identity", "conversions", "dates", "ledger", "minimum_bill", "site_setup"];

fn plan(
    fleet: &Fleet,
    settings: &Settings,
    decisions: Decisions,
    ledger: Vec<planner_core::plan::ledger::LedgerLine>,
) -> Plan {
    let nil = UsdCents::default();
    Plan {
        schema_version: SCHEMA_VERSION,
        status: Status::TimeLimitFeasible,
        npv_usd: nil,
        bound_usd: nil,
        rounding_usd: UsdCents::default(),
        gap_usd: nil,
        gap_share: None,
        twin_npv_usd: nil,
        twin_bound_usd: None,
        uplift_usd: nil,
        capital_usd: nil,
        prices: vec![],
        lagrangian_bound_usd: UsdCents::default(),
        identity: identity(fleet),
        settings: settings.clone(),
        twin: Twin { decisions: decisions.clone(), ledger: ledger.clone() },
        decisions,
        ledger,
        sites_left: vec![],
        solver: String::new(),
        inputs: fleet.clone(),
        audit: AuditSummary::default(),
        provenance: Provenance::default(),
    }
}

fn agree(name: &str) {
    let fleet = fleet(&shipped(name));
    let settings = Settings { include_loi: true, ..Settings::default() };
    let options = enumerate(&fleet, &settings);
    let model = model::build(&fleet, &settings, &options);
    let variables = &model.variables;
    let mut machines = vec![0.0; variables.columns.len()];
    for (track, columns) in options.machines.iter().zip(&variables.machines) {
        // In thousands: two thirds stay from the fourth period on, and one more is bought in the sixth.
        let mut stock = track.initial.count() / 1000.0;
        for period in 0..columns.stock.len() {
            stock *= if period == 0 { 1.0 } else { track.survival };
            if period == 3 {
                machines[columns.sell[period].0] = stock / 3.0;
                stock *= 2.0 / 3.0;
            }
            if let Some(buy) = columns.buy[period].filter(|_| period == 5) {
                machines[buy.0] = 0.777;
                stock += 0.777;
            }
            machines[columns.stock[period].0] = stock;
            if let Some(run) = columns.run[period] {
                machines[run.0] = stock * 0.917;
            }
        }
    }
    let step = (variables.halls.len() / 150).max(1);
    let halls = variables.halls.iter().step_by(step).map(|column| (*column, 2.0));
    // Works, deliveries reserved, mothballs and sales, each alone.
    let others =
        variables.works.iter().chain(&variables.reservations).chain(&variables.mothballs).chain(&variables.sales);
    let others = others.step_by(3).map(|column| (*column, 1.0));
    for (column, value) in halls.chain(others) {
        let mut values = machines.clone();
        values[column.0] = value;
        let (decisions, ledger) = read_back(&fleet, &options, variables, &values);
        let found = audit(&plan(&fleet, &settings, decisions, ledger)).findings;
        let found: Vec<_> = found.iter().filter(|finding| TELLINGS.contains(&finding.rule.as_str())).collect();
        assert!(found.is_empty(), "{name}, {}: {found:#?}", variables.columns[column.0].name);
    }
    // The comparison sees a cent.
    let (decisions, mut ledger) = read_back(&fleet, &options, variables, &machines);
    ledger[0].amount_cents.0 += 1;
    let found = audit(&plan(&fleet, &settings, decisions, ledger)).findings;
    assert_eq!(found.iter().filter(|finding| finding.rule == "ledger").count(), 2, "in plan and twin");
    assert!(!variables.halls.is_empty(), "{name} has options");
}

#[test]
fn pricing_and_audit_agree_on_the_first_look() {
    agree("first-look");
}

#[test]
fn pricing_and_audit_agree_on_core_scientific() {
    agree("core-scientific-2026");
}

#[test]
fn pricing_and_audit_agree_on_keel() {
    agree("keel-2026");
}

#[test]
fn pricing_and_audit_agree_on_cleanspark() {
    agree("cleanspark-2026");
}
