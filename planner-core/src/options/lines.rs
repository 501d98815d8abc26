//! Dated lines of one unit: monthly dollars in, cents by period and category out.

use std::collections::BTreeMap;

use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Month, Period};
use crate::domain::money::Class;
use crate::plan::ledger::{Category, discount_factor};
use crate::units::{Cents, Share, Usd};

/// One dated line of one unit of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitLine {
    /// When; `N` is the horizon date.
    pub period: Period,
    /// What kind of money.
    pub category: Category,
    /// Class of the line.
    pub class: Class,
    /// Its yearly discount rate.
    pub rate: Share,
    /// Per unit.
    pub cents: Cents,
}

/// Present value of the lines of one unit, in dollars.
#[must_use]
pub fn present_value_usd(calendar: &Calendar, lines: &[UnitLine]) -> f64 {
    lines.iter().map(|line| line.cents.usd() * discount_factor(calendar, line.period, line.rate)).sum()
}

/// Collects the months of one unit.
pub(super) struct Months<'a> {
    fleet: &'a Fleet,
    contracted: Share,
    sums: BTreeMap<(Period, Category, Class), Usd>,
}

impl<'a> Months<'a> {
    pub(super) fn new(fleet: &'a Fleet) -> Self {
        Self { fleet, contracted: fleet.money.rates.contracted, sums: BTreeMap::new() }
    }

    /// Contracted lines carry this rate in place of the rate of the class.
    pub(super) fn with_contracted_rate(mut self, rate: Option<Share>) -> Self {
        self.contracted = rate.unwrap_or(self.contracted);
        self
    }

    pub(super) fn rate(&self, class: Class) -> Share {
        match class {
            Class::Contracted => self.contracted,
            other => self.fleet.money.rates.of(other),
        }
    }

    /// Adds cash of a month; months outside the horizon have no period.
    pub(super) fn add(&mut self, month: Month, category: Category, class: Class, amount: Usd) {
        if let Some(period) = self.fleet.calendar.period_of(month) {
            self.add_in(period, category, class, amount);
        }
    }

    /// Adds cash of a period, or of the horizon date.
    pub(super) fn add_in(&mut self, period: Period, category: Category, class: Class, amount: Usd) {
        *self.sums.entry((period, category, class)).or_default() += amount;
    }

    /// Rounds each sum once.
    pub(super) fn lines(self) -> Vec<UnitLine> {
        self.sums
            .iter()
            .map(|((period, category, class), sum)| UnitLine {
                period: *period,
                category: category.clone(),
                class: *class,
                rate: self.rate(*class),
                cents: sum.to_cents(),
            })
            .filter(|line| line.cents != Cents::ZERO)
            .collect()
    }
}
