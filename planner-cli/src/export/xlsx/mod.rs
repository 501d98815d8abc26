//! A workbook that values the plan's decisions again: facts, decisions, and formulas with their results beside them.
//!
//! Sheets are made in memory by [`sheet::Sheet`]; every formula is a [`term::Term`], which carries its own value, so that
//! text and result cannot fall apart. [`book`] turns them into bytes.

mod assumptions;
mod book;
mod by_year;
mod capital;
mod cash_flow;
mod charts;
mod checks;
mod contracts;
mod conversions;
mod entered;
mod facts;
mod facts_of_hosting;
mod facts_of_sites;
mod inputs;
mod lines;
mod machines;
mod market;
mod masses;
mod mining;
mod paper;
mod read_me;
mod rent;
mod returns;
mod sheet;
mod sites;
mod term;
mod timeline;
mod works;

use std::collections::BTreeSet;

use anyhow::Result;
use planner_core::plan::Plan;

use checks::{Compared, Found};
use contracts::Contracts;
use lines::Lines;
use sheet::Sheet;

/// `workbook.xlsx`.
///
/// # Errors
/// When the plan is longer than a sheet is wide.
pub fn files(plan: &Plan) -> Result<Vec<(String, Vec<u8>)>> {
    let made = sheets(plan)?;
    let bytes = book::bytes(&made.sheets, &made.names, &made.charts)?;
    Ok(vec![("workbook.xlsx".to_owned(), bytes)])
}

/// All sheets in their order.
struct Made {
    sheets: Vec<Sheet>,
    names: Vec<(&'static str, String)>,
    charts: Vec<book::Placed>,
    #[cfg_attr(not(test), allow(dead_code))]
    found: Found,
}

fn sheets(plan: &Plan) -> Result<Made> {
    let (assumed, facts) = assumptions::sheet(plan);
    let (mut timeline, mut months, axis) = timeline::sheets(plan, &facts)?;
    let market = market::rows(plan, &facts, &axis, &mut months);
    let (decided, converted) = conversions::sheet(plan, &facts);
    let mut lines = Lines::default();
    let shared = (&facts, &axis, &market);
    let ([capex_months, capital], replaced) = capital::sheets(plan, shared, &converted, &mut lines);
    let taken: BTreeSet<&str> = converted.iter().filter_map(|one| Some(one.offer?.id.as_str())).collect();
    let offers = plan.inputs.offers.iter().filter(|offer| taken.contains(offer.id.as_str()));
    let factors = rent::factors(offers, (&facts, &axis), &mut timeline, &mut months);
    let note = "One hall, month by month. Rounding comes later, by period.";
    let mut by_month = Sheet::new("Contracts by month", "Contracts by month", note);
    axis.head_months(&mut by_month, ["", "", "of", "what", "unit", "", "", "", ""]);
    let (run_off, of_capital) = (factors.run_off, factors.run_off_of_capital);
    let contracts = Contracts { plan, facts: &facts, axis: &axis, market: &market, run_off, of_capital, replaced };
    let ([rent, hosting], halls) = rent::sheets(&contracts, &mut by_month, &converted, &factors.periods, &mut lines);
    let (machines, herds) = machines::sheet(plan, &facts, &axis, &mut lines);
    let ([mining_months, mining], margins) = mining::sheets(plan, shared, &herds, &mut lines);
    let energy = sites::Energy { herds: &herds, margins: &margins, converted: &converted, halls: &halls };
    let sites = sites::sheet(plan, shared, &energy, &mut by_month, &mut lines);
    let other = entered::sheet(plan, (&facts, &axis), &factors.periods, &mut lines);
    let sources = [&capital, &rent, &hosting, &mining, &sites, &other];
    let (cash, flows) = cash_flow::sheet(plan, (&facts, &axis), &mut lines, &sources, &machines);
    let (pots, charged) = by_year::pots(plan, &axis, &mut lines, &sources);
    let (by_year, years) = by_year::years(plan, &axis, &flows, &charged);
    let (returned, returns) = returns::sheet(plan, &facts, &axis, &flows);
    let compared = Compared { flows: &flows, returns: &returns, years: &years, lines: &lines, charged: &charged };
    let ([record, checks], found) = checks::sheets(plan, &axis, &compared, &sources);
    let front = read_me::sheet(plan, &returns, &found, &lines);
    let charts = charts::all(&axis, &flows, &years);
    let sheets = vec![
        front,
        assumed,
        timeline,
        months,
        decided,
        capex_months,
        capital,
        by_month,
        rent,
        hosting,
        machines,
        mining_months,
        mining,
        sites,
        other,
        cash,
        pots,
        by_year,
        returned,
        checks,
        record,
    ];
    Ok(Made { sheets, names: facts.names, charts, found })
}

#[cfg(test)]
mod tests;
