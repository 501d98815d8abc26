//! `by_year.csv`: bitcoin mined and energy drawn.

use planner_core::plan::Plan;
use planner_core::report::production::{Energy, years};

use super::{Decimals, Sheet, dollars, figure, maybe, megawatts};

/// The file.
pub fn file(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "case",
        "year",
        "mined [BTC]",
        "mining_revenue_usd",
        "mining_energy [MWh]",
        "mining_energy_usd",
        "mining_energy [USD/MWh]",
        "hosting_energy [MWh]",
        "hosting_energy_usd",
        "hosting_energy [USD/MWh]",
    ])?;
    let average = |energy: Energy| maybe(energy.usd_per_mwh().map(|price| figure(price, Decimals::Cents)));
    for (case, decisions, ledger) in super::decisions::cases(plan) {
        for year in years(&plan.inputs, decisions, ledger) {
            sheet.row([
                case.to_owned(),
                year.year.to_string(),
                figure(year.btc_mined, Decimals::Satoshi),
                dollars(year.revenue_usd.0),
                megawatts(year.mining.mwh),
                dollars(year.mining.cost_usd.0),
                average(year.mining),
                megawatts(year.hosting.mwh),
                dollars(year.hosting.cost_usd.0),
                average(year.hosting),
            ])?;
        }
    }
    sheet.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn each_case_has_each_year_once() {
        let plan = sample::with_everything();
        let text = String::from_utf8(file(&plan).unwrap()).unwrap();
        let years = years(&plan.inputs, &plan.decisions, &plan.ledger).len();
        assert_eq!(text.lines().count(), 1 + 2 * years, "{text}");
        assert!(text.lines().all(|line| line.split(',').count() == 10), "{text}");
    }
}
