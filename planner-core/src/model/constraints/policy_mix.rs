//! Hosting is at least a share of revenue in every calendar year from a date.
//!
//! `(1−σ) · Σ hosting − σ · Σ mining ≥ 0`, summed over the year's periods that begin on or after the date
//!
//! Hosting is rent under contracts, before credits, and rent of merchant capacity; mining is the revenue of machines,
//! on slack too. Both are undiscounted; a period belongs to the year of its first day. The twin has no such rule.

use std::collections::BTreeMap;

use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Period};
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::UnitLine;
use crate::plan::ledger::{Category, LedgerLine};
use crate::units::Cents;

/// The family's one name.
pub const NAME: &str = "policy_mix";

/// One row per calendar year in which something may mine.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let Some(policy) = facts.fleet.policies.mix else { return vec![] };
    let calendar = &facts.fleet.calendar;
    let mut years: BTreeMap<i16, BTreeMap<ColumnId, f64>> = BTreeMap::new();
    let mut earn = |column: ColumnId,
                    lines: &[UnitLine],
                    counts: fn(&Category) -> bool,
                    scaled: &dyn Fn(Cents) -> f64| {
        for line in lines.iter().filter(|line| counts(&line.category) && in_year(line.period, calendar, policy.from)) {
            let year = calendar.period_start(line.period).year();
            *years.entry(year).or_default().entry(column).or_default() += scaled(line.cents);
        }
    };
    for (option, column) in facts.options.halls.iter().zip(&facts.variables.halls) {
        let hosting = |category: &Category| matches!(category, Category::Rent | Category::MerchantRent);
        earn(*column, &option.lines, hosting, &|cents| (1.0 - policy.share.0) * scale::money(cents));
    }
    for (track, columns) in facts.options.machines.iter().zip(&facts.variables.machines) {
        for (at, (run, ballast)) in track.periods.iter().zip(columns.run.iter().zip(&columns.ballast)) {
            let mining = |category: &Category| matches!(category, Category::MiningRevenue | Category::BallastRevenue);
            for (column, lines) in [(run, &at.run), (ballast, &at.ballast)] {
                let Some(column) = column else { continue };
                earn(*column, lines, mining, &|cents| -policy.share.0 * scale::machine_money(cents));
            }
        }
    }
    let row = |(year, terms): (i16, BTreeMap<_, _>)| {
        let terms: Vec<(ColumnId, f64)> = terms.into_iter().filter(|(_, size)| *size != 0.0).collect();
        // Without mining the share is held whatever is hosted.
        let mines = terms.iter().any(|(_, size)| *size < 0.0);
        mines.then(|| Row::at_least(NAME, year.to_string(), terms, 0.0))
    };
    years.into_iter().filter_map(row).collect()
}

/// What a ledger has beyond the share in a row's year, in M$; negative where it has too little.
#[must_use]
pub fn surplus(fleet: &Fleet, year: &str, ledger: &[LedgerLine]) -> f64 {
    let Some(policy) = fleet.policies.mix else { return 0.0 };
    let calendar = &fleet.calendar;
    let counts = |line: &&LedgerLine| {
        in_year(line.period, calendar, policy.from) && calendar.period_start(line.period).year().to_string() == year
    };
    let weighed = |line: &LedgerLine| match line.category {
        Category::Rent | Category::MerchantRent => (1.0 - policy.share.0) * scale::money(line.amount_cents),
        Category::MiningRevenue | Category::BallastRevenue => -policy.share.0 * scale::money(line.amount_cents),
        _ => 0.0,
    };
    ledger.iter().filter(counts).map(weighed).sum()
}

/// Whether a line's period begins within the horizon and on or after a date.
fn in_year(period: Period, calendar: &Calendar, from: jiff::civil::Date) -> bool {
    period < calendar.horizon() && calendar.period_start(period) >= from
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::calendar::Period;
    use crate::domain::policy::MixPolicy;
    use crate::model::tests::{line, rows_with};
    use crate::options::Options;
    use crate::plan::ledger::Category;
    use crate::units::Share;

    /// Rent of 2 M$ and mining revenue of 500 USD a machine, in every period.
    fn round(options: &mut Options) {
        options.halls.truncate(1);
        options.machines.truncate(1);
        let rent = |period| line(Period(period), Category::Rent, 2e6);
        options.halls[0].lines = (0..8).map(rent).collect();
        options.halls[0].lines.push(line(Period(2), Category::RentCredit, -1e6));
        for (period, at) in (0..).zip(&mut options.machines[0].periods) {
            at.run = vec![
                line(Period(period), Category::MiningRevenue, 500.0),
                line(Period(period), Category::MiningEnergy, -100.0),
            ];
        }
    }

    #[test]
    fn hosting_is_a_share_of_the_revenue_of_each_calendar_year() {
        let rows = rows_with("policy_mix", |fleet, options| {
            round(options);
            fleet.policies.mix = Some(MixPolicy { share: Share(0.25), from: date(2027, 6, 30) });
        });
        let mining = |periods: &[&str]| {
            let terms = periods.iter().map(|period| format!("− 0.125 run[north,s21,{period}]"));
            terms.collect::<Vec<_>>().join(" ")
        };
        let expected = [
            // Two periods of 2027 begin after June: 0.75 · 4 M$, and 0.25 · 500 USD · 1000 machines.
            format!("policy_mix[2027]: 3 convert[north,a,liquid,ig,2027-01] {} ≥ 0", mining(&["2027-07", "2027-10"])),
            format!(
                "policy_mix[2028]: 6 convert[north,a,liquid,ig,2027-01] {} ≥ 0",
                mining(&["2028-01", "2028-04", "2028-07", "2028-10"])
            ),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn without_the_policy_there_are_no_rows() {
        assert!(rows_with("policy_mix", |_, options| round(options)).is_empty());
    }
}
