//! `frontier.csv`: one row for each point.

use planner_core::report::frontier::{Change, Row};
use planner_core::units::UsdCents;

use super::{Decimals, Sheet, dollars, figure, maybe, megawatts, words};

/// The file.
pub fn file(rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "budget_usd",
        "npv_usd",
        "uplift_usd",
        "gap_usd",
        "gap_to_next_usd",
        "capital_usd",
        "committed_usd",
        "load [MW-IT]",
        "sites",
        "npv_per_dollar",
        "irr",
        "peak_funding_usd",
        "phased_npv_usd",
        "phased_gap_usd",
        "cost_of_phasing_usd",
        "nested_npv_usd",
        "nested_gap_usd",
        "price_of_nesting_usd",
        "base",
        "sites_in",
        "sites_out",
        "changes",
        "nested_changes",
        "audit_passed",
    ])?;
    let exact = |amount: Option<UsdCents>| amount.map_or_else(String::new, |amount| dollars(amount.0));
    for row in rows {
        let rates: Vec<String> = row.irr.iter().map(|rate| figure(*rate, Decimals::Fine)).collect();
        let change = |c: &Change| format!("{}/{}/{} {:+}", c.site, c.retrofit, c.offer, c.halls);
        let all = |changes: &[Change]| changes.iter().map(change).collect::<Vec<_>>().join("; ");
        sheet.row([
            dollars(row.budget_usd.0),
            dollars(row.npv_usd.0),
            dollars(row.uplift_usd.0),
            dollars(row.gap_usd.0),
            exact(row.gap_to_next_usd),
            dollars(row.capital_usd.0),
            dollars(row.committed_usd.0),
            megawatts(row.load_mw_it),
            row.sites.to_string(),
            maybe(row.npv_per_dollar.map(|ratio| figure(ratio, Decimals::Fine))),
            rates.join(" "),
            dollars(row.peak_funding_usd.0),
            exact(row.phased_npv_usd),
            exact(row.phased_gap_usd),
            exact(row.cost_of_phasing_usd),
            exact(row.nested_npv_usd),
            exact(row.nested_gap_usd),
            exact(row.price_of_nesting_usd),
            row.base.to_string(),
            words(row.sites_in.join(" ")),
            words(row.sites_out.join(" ")),
            words(all(&row.changes)),
            words(all(&row.nested_changes)),
            row.audit_passed.to_string(),
        ])?;
    }
    sheet.bytes()
}
