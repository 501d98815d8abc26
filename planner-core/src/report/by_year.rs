//! Cash by calendar year and stream, in exact cents: every cash line of the ledger once.

use std::collections::{BTreeMap, BTreeSet};

use super::streams::Stream;
use crate::plan::Plan;
use crate::plan::ledger::LedgerLine;
use crate::units::Cents;

/// Cash of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The calendar year in which the period of a payment begins; `None` is what is left at the horizon.
    pub year: Option<i16>,
    /// Income positive, cost negative.
    pub amounts: BTreeMap<Stream, Cents>,
}

impl Year {
    /// Cash of a stream.
    #[must_use]
    pub fn of(&self, stream: Stream) -> Cents {
        self.amounts.get(&stream).copied().unwrap_or_default()
    }

    /// Cash of all streams.
    #[must_use]
    pub fn net(&self) -> Cents {
        self.amounts.values().copied().sum()
    }
}

/// Cash of a ledger by year, and the value at the horizon last.
#[must_use]
pub fn years(plan: &Plan, ledger: &[LedgerLine]) -> Vec<Year> {
    let calendar = &plan.inputs.calendar;
    let mut years: BTreeMap<(bool, i16), BTreeMap<Stream, Cents>> = BTreeMap::new();
    for line in ledger.iter().filter(|line| line.category.is_cash()) {
        let at_end = line.period >= calendar.horizon();
        let year = calendar.period_start(line.period).year();
        *years.entry((at_end, year)).or_default().entry(Stream::of(&line.category)).or_default() += line.amount_cents;
    }
    years.into_iter().map(|((at_end, year), amounts)| Year { year: (!at_end).then_some(year), amounts }).collect()
}

/// Streams that have any cash in these years, in their order.
#[must_use]
pub fn streams(years: &[Year]) -> Vec<Stream> {
    let found: BTreeSet<Stream> = years.iter().flat_map(|year| year.amounts.keys().copied()).collect();
    found.into_iter().collect()
}

/// Cash of all years by stream.
#[must_use]
pub fn total(years: &[Year]) -> Year {
    let mut amounts: BTreeMap<Stream, Cents> = BTreeMap::new();
    for (stream, amount) in years.iter().flat_map(|year| &year.amounts) {
        *amounts.entry(*stream).or_default() += *amount;
    }
    Year { year: None, amounts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ledger::Category;
    use crate::report::ask::ask;
    use crate::report::sample;

    #[test]
    fn capital_and_rent_by_year_are_those_of_the_ledger() {
        let plan = sample::with_everything();
        let years = years(&plan, &plan.ledger);
        let capital: BTreeMap<i16, Cents> = years
            .iter()
            .filter_map(|year| Some((year.year?, -year.of(Stream::Capital))))
            .filter(|(_, paid)| *paid != Cents::ZERO)
            .collect();
        assert_eq!(capital, ask(&plan).by_year);
        let rent = |from: u32, to: u32| -> Cents {
            let of = |line: &&LedgerLine| line.category == Category::Rent && (from..to).contains(&line.period.0);
            plan.ledger.iter().filter(of).map(|line| line.amount_cents).sum()
        };
        assert_eq!(years[1].year, Some(2028));
        assert_eq!(years[1].of(Stream::Rent), rent(4, 8));
        assert_eq!(total(&years).of(Stream::Rent), rent(0, 40));
    }

    #[test]
    fn all_years_are_all_cash() {
        let plan = sample::with_everything();
        let years = years(&plan, &plan.ledger);
        let cash: Cents = plan.ledger.iter().filter(|line| line.category.is_cash()).map(|line| line.amount_cents).sum();
        assert_eq!(years.iter().map(Year::net).sum::<Cents>(), cash);
        assert_eq!(total(&years).net(), cash);
        assert_eq!(years.last().unwrap().year, None, "what is left at the horizon comes last");
        assert_eq!(years.last().unwrap().net(), Cents(2 * 150 * 100_000_000));
        assert!(!streams(&years).contains(&Stream::GiveUp));
    }
}
