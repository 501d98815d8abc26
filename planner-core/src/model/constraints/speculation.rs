//! Merchant capacity stays within its cap, and in each market within what the
//! market takes.
//!
//! * `Σ_{merchant x} q · x ≤ cap` over the whole plan: what is begun is never given back
//! * `Σ_{merchant x in market, in service by p} q · x ≤ amount + growth · years from D_0 to D_p`, nil for a market
//!   that the deck does not name, for each period `p` in which such service may begin
//!
//! Both hold to one kilowatt.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::calendar::Period;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::HallOption;
use crate::units::ItMw;

/// The family's one name.
pub const NAME: &str = "speculation";

/// The cap, and one row per market and period.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let merchant: Vec<_> =
        facts.options.halls.iter().zip(&facts.variables.halls).filter(|(option, _)| option.offer.is_none()).collect();
    let mut rows = vec![];
    if !merchant.is_empty() {
        // Without a cap nothing is built without a contract.
        let cap = facts.fleet.merchant.unwrap_or(ItMw::ZERO);
        let terms = merchant.iter().map(|(option, column)| (**column, scale::load(option.critical_it))).collect();
        rows.push(Row::at_most(NAME, "cap".to_owned(), terms, scale::most_load(cap)));
    }
    let mut markets: BTreeMap<&str, Vec<(&HallOption, ColumnId)>> = BTreeMap::new();
    for (option, column) in merchant {
        let market = facts.fleet.sites[option.site].location.market.as_str();
        markets.entry(market).or_default().push((option, *column));
    }
    for (market, options) in markets {
        // Service that began before the horizon counts from the first period.
        let begins = |option: &HallOption| calendar.period_of(option.dates.ready).unwrap_or(Period(0));
        let periods: BTreeSet<Period> = options.iter().map(|(option, _)| begins(option)).collect();
        for period in periods {
            let in_service = options.iter().filter(|(option, _)| option.dates.hosted_in(calendar, period));
            let terms = in_service.map(|(option, column)| (*column, scale::load(option.critical_it))).collect();
            let key = format!("{market},{}", calendar.period_start(period).strftime("%Y-%m"));
            rows.push(Row::at_most(NAME, key, terms, taken(facts, market, period)));
        }
    }
    rows
}

/// What a market takes in a period.
fn taken(facts: Facts, market: &str, period: Period) -> f64 {
    let calendar = &facts.fleet.calendar;
    let years = f64::from(calendar.days_from_start(calendar.period_start(period))) / 365.0;
    let entry = facts.fleet.deck.absorption.iter().find(|entry| entry.market == market);
    let amount = entry.map_or(ItMw::ZERO, |entry| entry.amount);
    scale::most_load(amount) + entry.map_or(0.0, |entry| scale::load_growth(entry.growth, years))
}

#[cfg(test)]
mod tests {
    use crate::domain::Fleet;
    use crate::domain::calendar::Month;
    use crate::domain::market::Absorption;
    use crate::model::tests::{merchant, rows_with};
    use crate::options::Options;
    use crate::units::{ItMw, ItMwPerYear};

    /// Merchant capacity ready in July 2027 and in January 2028.
    fn two_starts(fleet: &mut Fleet, options: &mut Options) {
        fleet.merchant = Some(ItMw::new(20.0));
        options.halls = vec![merchant(options, Month(0), Month(6)), merchant(options, Month(6), Month(12))];
    }

    #[test]
    fn the_cap_is_over_everything_and_a_market_takes_what_is_in_service() {
        let rows = rows_with("speculation", |fleet, options| {
            two_starts(fleet, options);
            let (market, amount, growth) = ("ERCOT".to_owned(), ItMw::new(10.0), ItMwPerYear::new(7.3));
            fleet.deck.absorption = vec![Absorption { market, amount, growth }];
        });
        let (first, second) =
            ("16 convert[north,a,liquid,merchant,2027-01]", "16 convert[north,a,liquid,merchant,2027-07]");
        let expected = [
            format!("speculation[cap]: {first} + {second} ≤ 20.000999"),
            // 181 and 365 days.
            format!("speculation[ERCOT,2027-07]: {first} ≤ 13.620999"),
            format!("speculation[ERCOT,2028-01]: {first} + {second} ≤ 17.300999"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_market_that_the_deck_does_not_name_takes_nothing() {
        let rows = rows_with("speculation[ERCOT,2027", two_starts);
        assert_eq!(rows, ["speculation[ERCOT,2027-07]: 16 convert[north,a,liquid,merchant,2027-01] ≤ 0.000999"]);
    }

    #[test]
    fn service_that_began_before_the_horizon_counts_from_the_first_period() {
        let rows = rows_with("speculation[ERCOT", |fleet, options| {
            two_starts(fleet, options);
            options.halls = vec![merchant(options, Month(-8), Month(-2))];
        });
        assert_eq!(rows, ["speculation[ERCOT,2027-01]: 16 convert[north,a,liquid,merchant,2026-05] ≤ 0.000999"]);
    }

    #[test]
    fn without_merchant_capacity_there_are_no_rows() {
        assert!(rows_with("speculation", |_, _| {}).is_empty());
    }
}
