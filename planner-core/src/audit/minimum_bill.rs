//! `minimum_bill`: what the least bill for the energy of a site is more than the
//! energy that is used, month by month, in one line a period. Energy is that of
//! machines that run or are ballast, and of load under contracts, whoever pays
//! for it.

use super::case::Case;
use super::findings::Findings;
use super::ledger::compare;
use super::money::{Amounts, Head, Told, Use, contract_energy, machine_energy, units};
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::plan::ledger::{Category, LedgerLine};
use crate::units::{Usd, UsdPerTh};

/// The lines of this rule are there, to the cent.
pub(super) fn check(case: &Case, found: &mut Findings) {
    compare(case, owns, found);
}

/// Whether a line belongs to this rule.
pub(super) fn owns(line: &LedgerLine) -> bool {
    line.category == Category::MinimumBill
}

/// The lines of one site.
pub(super) fn tell(case: &Case, site: &Site, hashprices: &[UsdPerTh]) -> Vec<Told> {
    let Some(bill) = site.power.minimum_bill else { return vec![] };
    let calendar = &case.fleet.calendar;
    let least = bill.amount.per_month().get();
    let mut amounts = Amounts::default();
    for period in calendar.all_periods().filter(|period| !case.sold_by(&site.id, *period)) {
        let owed = |month: &Month| {
            let first_day = calendar.month_start(*month);
            first_day <= bill.until && site.held_on(first_day)
        };
        for (at, month) in (0_i32..).zip(calendar.months_of(period)).filter(|(_, month)| owed(month)) {
            let (used, noise_of) = used(case, site, period, (at, month), hashprices);
            let shortfall = (least - used).max(0.0);
            let noise_of = if shortfall > 0.0 { least + noise_of } else { 0.0 };
            amounts.add_sized(case.fleet, month, Category::MinimumBill, Usd::new(-shortfall), Usd::new(noise_of));
        }
    }
    units(&Head::new(case.fleet, &site.id, "site".to_owned(), Class::Corporate), amounts, |cents| cents)
}

/// Dollars of energy of a site in a month, and the sum of their sizes.
fn used(case: &Case, site: &Site, period: Period, month: (i32, Month), hashprices: &[UsdPerTh]) -> (f64, f64) {
    let mut used = vec![];
    for herd in case.herds.iter().filter(|herd| herd.site.id == site.id) {
        let Some(row) = herd.rows.get(period.index()) else { continue };
        for (usage, count) in [(Use::Run, row.run), (Use::Ballast, row.ballast)] {
            if count.0 != 0 {
                let each = machine_energy(case.fleet, herd, usage, month, hashprices);
                used.push(each.get() * count.count());
            }
        }
    }
    for column in case.columns.iter().filter(|column| column.site.id == site.id) {
        let hall = contract_energy(case.fleet, column, month.1);
        used.push(hall.get() * f64::from(column.conversion.halls));
    }
    (used.iter().sum(), used.iter().map(|dollars| dollars.abs()).sum())
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture;
    use crate::audit::fixture_leaving;
    use crate::domain::site::MinimumBill;
    use crate::plan::ledger::LedgerLine;
    use crate::units::UsdPerYear;

    fn bills(plan: &crate::plan::Plan, site: &str) -> Vec<(u32, i64)> {
        let of = |line: &&LedgerLine| super::owns(line) && line.site.as_str() == site;
        plan.ledger.iter().filter(of).map(|line| (line.period.0, line.amount_cents.0)).collect()
    }

    #[test]
    fn a_site_that_draws_nothing_pays_its_least_bill() {
        // 1.2 MUSD a year until 10 November 2027, the first of which still counts.
        let plan = fixture_leaving::plan();
        assert_eq!(bills(&plan, "east"), [(0, -30_000_000), (1, -30_000_000), (2, -30_000_000), (3, -20_000_000)]);
        let mut wrong = plan.clone();
        wrong.ledger.retain(|line| !(super::owns(line) && line.period.0 == 3));
        assert_eq!(
            fixture::findings(&wrong),
            ["minimum_bill: period 3 (2027-10-01) east site minimum_bill: it is missing: expected -200,000.00 USD"]
        );
    }

    #[test]
    fn energy_of_machines_ballast_and_contracts_counts_against_it() {
        let bill = |amount: f64| {
            let mut plan = fixture_leaving::plan();
            let (amount, until) = (UsdPerYear::new(amount), jiff::civil::date(2028, 2, 1));
            plan.inputs.sites[1].power.minimum_bill = Some(MinimumBill { amount, until });
            fixture::settle(&mut plan);
            assert_eq!(fixture::findings(&plan), [""; 0]);
            bills(&plan, "north").into_iter().find(|(period, _)| *period == 4)
        };
        assert_eq!(bill(1e6), None);
        // 2 MUSD a month; in January 2028 0.48 MUSD are drawn by 3,600 machines that run, 0.04 by 500 of ballast
        // and 0.59 by the contract; in February 0.45, 0.03 and 0.55.
        assert_eq!(bill(24e6), Some((4, -186_073_515)));
    }
}
