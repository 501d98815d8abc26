//! What is not used of a site's least bill for energy is paid all the same.
//!
//! `shortfall[s,m] + Σ energy[m] · (run + ballast + x) + b · Σ_{τ≤p} sale[s,τ] ≥ b` for each month `m` of the bill, `b` a
//! twelfth of it, `p` the period of `m`: energy of machines that run, or run on slack, and of load under contracts. A
//! site that is sold owes nothing.

use super::site_state::sold_by;
use crate::model::{Facts, Row, scale};

/// The family's one name.
pub const NAME: &str = "minimum_bill";

/// One row per month of a least bill.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let (fleet, vars) = (facts.fleet, facts.variables);
    let row = |(bill, column): (&crate::options::LeastBill, &_)| {
        let (at, owed) = (bill.period.index(), scale::amount(bill.owed));
        let running = bill
            .running
            .iter()
            .filter_map(|(track, energy)| Some((vars.machines[*track].run[at]?, scale::machine_amount(*energy))));
        let on_slack = bill
            .on_slack
            .iter()
            .filter_map(|(track, energy)| Some((vars.machines[*track].ballast[at]?, scale::machine_amount(*energy))));
        let hosted = bill.hosted.iter().map(|(option, energy)| (vars.halls[*option], scale::amount(*energy)));
        let sold = sold_by(facts, bill.site, bill.period).map(|sale| (sale, owed));
        let used = running.chain(on_slack).chain(hosted).chain(sold);
        let month = fleet.calendar.month_start(bill.month).strftime("%Y-%m");
        let terms = std::iter::once((*column, 1.0)).chain(used).collect();
        Row::at_least(NAME, format!("{},{month}", fleet.sites[bill.site].id), terms, owed)
    };
    facts.options.bills.iter().zip(&vars.shortfalls).map(row).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::site::MinimumBill;
    use crate::model::tests::rows_that_begin;
    use crate::units::{Share, UsdPerKw, UsdPerYear};

    #[test]
    fn energy_counts_against_the_bill_until_the_site_is_sold() {
        let rows = rows_that_begin("minimum_bill", |fleet, _| {
            let (amount, until) = (UsdPerYear::new(24e6), date(2028, 1, 31));
            fleet.sites[0].power.minimum_bill = Some(MinimumBill { amount, until });
            fleet.sites[0].exit.sale = Some(UsdPerKw::new(300.0));
            fleet.money.power_escalation = Share::NONE;
            fleet.calendar.latest_start = date(2027, 3, 31);
        });
        assert_eq!(rows.len(), 13, "no month after the date");
        // 3.675 MW · 744 h · 0.95 · 50 USD/MWh.
        let january = "minimum_bill[north,2027-01]: shortfall[north,2027-01] + 0.1298745 run[north,s21,2027-01] \
                       + 2 sale[north,2027-01] ≥ 2";
        assert_eq!(rows[0], january);
        // Failures count within a period; 16 MW of critical load draw 16 · 1.2 · 0.8 MW.
        let run = "+ 0.1298745 run[north,s21,2028-01] + 0.571392 convert[north,a,liquid,ig,2027-01] ";
        assert!(rows[12].contains(run), "{}", rows[12]);
    }

    #[test]
    fn without_a_least_bill_there_are_no_rows() {
        assert!(rows_that_begin("minimum_bill", |_, _| {}).is_empty());
    }
}
