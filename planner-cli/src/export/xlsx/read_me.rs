//! The front sheet: what the workbook is, whether it checks, what is live and what is entered.

use planner_core::plan::Plan;
use planner_core::report::page::status_words;

use super::checks::Found;
use super::lines::Lines;
use super::returns::Returns;
use super::sheet::{Look, Sheet, Shown};
use super::term::Term;

/// Sheets and what stands on them.
const CONTENTS: &[(&str, &str)] = &[
    ("Assumptions", "facts of the portfolio: the cells to change"),
    ("Timeline", "periods, days, discount factors by class and by offer"),
    ("Months", "market deck, hashprice, escalation, energy prices, leases, by month"),
    ("Conversions", "halls converted, dates and phases: the plan's decisions"),
    ("Capex by month", "payments for one hall, by cost line"),
    ("Capital", "capital of conversions, sites and works"),
    ("Contracts by month", "bills, credits, running cost and expectations of one hall"),
    ("Rent roll", "what tenants pay and are expected to pay"),
    ("Hosting", "what hosting costs, and contracts after the horizon"),
    ("Machines", "counts of machines: decisions, and what survives"),
    ("Mining by month", "revenue and energy of one machine"),
    ("Mining", "lines of machines: mining, trade, moves, storage"),
    ("Sites", "fixed cost, rent, mothballs, customers, sale, connection"),
    ("Other lines", "lines that are entered, not computed"),
    ("Cash flow", "every category of plan and twin, and the difference"),
    ("Capital by pot", "what pots have released and been charged"),
    ("By year", "the same by calendar year"),
    ("Returns", "NPV, uplift, IRR, payback, peak funding"),
    ("Charts", "capital, revenue mix, hashrate"),
    ("Checks", "what must hold whatever is changed, and how far the workbook is from the plan"),
    ("Record", "what plan.json says, for the checks"),
];

const SAYS: &[&str] = &[
    "Blue cells are facts of the portfolio, green ones decisions of the plan, grey ones its record; black ones are formulas.",
    "Decisions stay as they are when a fact is changed: the workbook values the same plan again, it does not plan again.",
    "Dates of conversions and their phases are decisions: lengths of phases and notices are not followed.",
    "Money is counted by month, rounded to cents per period and unit (hall, machine, site), then multiplied by the count.",
    "Live from assumptions: capital by cost line with escalation, contingency, tenant's share and payments; rent with escalator and ramp;",
    "advances, prepayments and credits; damages; operating cost, energy, demand and firm charges; defaults, renewals and re-letting;",
    "run-off at the horizon; hashprice, mining revenue and energy with months that are off; demand response and ballast; sale, purchase,",
    "moves, storage and end value of machines; works; fixed cost, rent, mothballs, sale and connection of sites; customers' halls;",
    "least bills for energy, deposits on equipment, longer leases. What the plan has none of (a charge of nil) has no rows to follow.",
    "Lines that no formula tells would stand on Other lines, entered; they would not follow.",
    "Checks stay zero whatever is changed; the deviation shows, by category and period, what a change does to the plan.",
    "Cells that are changed take only what the formulas can read; periods, start and units are locked: columns are made for them.",
];

/// The sheet.
pub fn sheet(plan: &Plan, returns: &Returns, found: &Found, lines: &Lines) -> Sheet {
    let title = format!("{}: the plan as a workbook", plan.inputs.name);
    let mut sheet = Sheet::new("Read me", &title, "Dollars throughout, income above nil.");
    let put = |sheet: &mut Sheet, label: &str, term: &Term, look: Look| {
        let row = sheet.next;
        sheet.words(row, 0, label, Look::Text);
        sheet.formula(row, 1, term, look, Shown::Cents);
        sheet.next += 1;
    };
    verdict(&mut sheet, plan);
    for (label, term, look, says) in [
        ("all checks", &found.checks, Look::Check, "must be 0, whatever is changed: sums meet by two ways"),
        (
            "deviation after a change",
            &found.deviation,
            Look::Deviation,
            "0 until a fact or a decision is changed: the sizes of all differences from the plan",
        ),
    ] {
        let row = sheet.next;
        sheet.words(row, 0, label, Look::Text);
        sheet.words(row, 2, says, Look::Text);
        sheet.formula(row, 1, term, look, Shown::Cents);
        sheet.next += 1;
    }
    put(&mut sheet, "NPV of the plan", &returns.npv, Look::Total);
    put(&mut sheet, "NPV of its twin", &returns.twin, Look::Total);
    put(&mut sheet, "uplift", &returns.uplift, Look::Total);
    put(&mut sheet, "capital", &returns.capital, Look::Total);
    if let Some(irr) = &returns.irr {
        let row = sheet.next;
        sheet.words(row, 0, "IRR of plan less twin", Look::Text);
        sheet.formula(row, 1, irr, Look::Total, Shown::Share);
        sheet.next += 1;
    }
    let entered = lines.all.iter().filter(|line| line.sheet == "Other lines").count();
    sheet.words(sheet.next, 0, "lines that are formulas", Look::Text);
    count(&mut sheet, lines.all.len() - entered);
    sheet.words(sheet.next, 0, "lines that are entered", Look::Text);
    count(&mut sheet, entered);
    sheet.words(sheet.next, 0, "plan", Look::Text);
    sheet.words(sheet.next, 1, &plan.identity, Look::Text);
    sheet.next += 1;
    sheet.section("How to read it");
    for text in SAYS {
        sheet.words(sheet.next, 0, text, Look::Text);
        sheet.next += 1;
    }
    sheet.section("Sheets");
    for (name, what) in CONTENTS {
        sheet.link(sheet.next, 0, name);
        sheet.words(sheet.next, 1, what, Look::Text);
        sheet.next += 1;
    }
    sheet.widths = vec![34.0, 24.0, 60.0];
    sheet
}

/// How sure the plan is: the record of the solve, which no formula reads.
fn verdict(sheet: &mut Sheet, plan: &Plan) {
    let sure = planner_core::report::verdict::verdict(plan).sentence;
    let row = sheet.next;
    sheet.words(row, 0, "status", Look::Text);
    sheet.words(row, 1, status_words(plan.status), Look::Record);
    sheet.words(row, 2, &sure, Look::Text);
    for (label, amount) in [("no plan is worth more than", plan.bound_usd.0), ("gap", plan.gap_usd.0)] {
        sheet.next += 1;
        sheet.words(sheet.next, 0, label, Look::Text);
        sheet.number(sheet.next, 1, amount.usd(), Look::Record, Shown::Cents);
    }
    sheet.next += 1;
}

fn count(sheet: &mut Sheet, count: usize) {
    let row = sheet.next;
    sheet.number(row, 1, f64::from(u32::try_from(count).unwrap_or(u32::MAX)), Look::Record, Shown::Whole);
    sheet.next += 1;
}
