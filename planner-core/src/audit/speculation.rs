//! `speculation`: the load of merchant capacity over all sites, from its start
//! on, stays within the portfolio's cap; in each market the load in service in
//! a period stays within what the market takes.

use std::collections::BTreeSet;

use super::case::Case;
use super::findings::{Findings, when};
use crate::domain::calendar::{Period, days_between};
use crate::units::ItMw;

/// Merchant capacity stays within the cap and within what markets take.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let merchant = || case.columns.iter().filter(|column| column.offer.is_none());
    // Capacity is never given up, so the cap binds at the last start.
    let started: ItMw = merchant().map(super::column::Column::load).sum();
    let cap = case.fleet.merchant.unwrap_or(ItMw::ZERO);
    let within = started <= cap + ItMw::ONE_KILOWATT;
    if !within {
        found.add("merchant", format!("{started:#} without a contract exceed the cap of {cap:#}"));
    }
    let markets: BTreeSet<&str> = merchant().map(|column| column.site.location.market.as_str()).collect();
    for market in markets {
        for period in case.fleet.calendar.all_periods() {
            let here = merchant().filter(|column| column.site.location.market == market);
            let load: ItMw =
                here.filter(|column| column.in_service(case.fleet, period)).map(super::column::Column::load).sum();
            let takes = absorption(case, market, period);
            let within = load <= takes + ItMw::ONE_KILOWATT;
            if !within {
                let line = format!("{market} in {}", when(&case.fleet.calendar, period));
                found.add(line, format!("{load:#} without a contract where the market takes {takes:#}"));
            }
        }
    }
}

/// What a market takes at the start of a period; nothing without an entry.
pub(super) fn absorption(case: &Case, market: &str, period: Period) -> ItMw {
    let calendar = &case.fleet.calendar;
    let entry = case.fleet.deck.absorption.iter().find(|entry| entry.market == market);
    entry.map_or(ItMw::ZERO, |entry| {
        let years = f64::from(days_between(calendar.start, calendar.period_start(period))) / 365.0;
        entry.amount + ItMw::new(entry.growth.get() * years)
    })
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::units::{ItMw, ItMwPerYear};

    #[test]
    fn more_than_the_cap() {
        let found = breaks("speculation", |plan| {
            *plan = fixture::with_merchant();
            plan.inputs.merchant = Some(ItMw::new(15.9));
        });
        assert_eq!(found, ["speculation: merchant: 16 MW-IT without a contract exceed the cap of 15.9 MW-IT"]);
    }

    #[test]
    fn more_than_the_market_takes() {
        let found = breaks("speculation", |plan| {
            *plan = fixture::with_merchant();
            // Ready in month 6; 15 MW-IT and 1.46 a year: 16 MW-IT are taken from the 250th day on.
            plan.inputs.deck.absorption[0].amount = ItMw::new(15.0);
            plan.inputs.deck.absorption[0].growth = ItMwPerYear::new(1.46);
        });
        assert_eq!(
            found,
            ["speculation: ERCOT in period 2 (2027-07-01): \
              16 MW-IT without a contract where the market takes 15.724 MW-IT"]
        );
    }

    #[test]
    fn a_market_without_an_entry_takes_nothing() {
        let found = breaks("speculation", |plan| {
            *plan = fixture::with_merchant();
            plan.inputs.deck.absorption.clear();
        });
        assert_eq!(found.len(), 6, "periods 2 to 7");
    }
}
