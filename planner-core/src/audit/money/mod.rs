//! Every cent, told again from the decisions (`docs/src/model/money.md`,
//! `offers.md`, `machines.md` and `works.md` beside it).

mod capital;
mod contract;
mod customer;
pub(super) mod deposit;
mod expected;
pub(super) mod hall;
pub(super) mod machine;
mod market;
mod masses;
mod merchant;
pub(super) mod moved;
pub(super) mod site;
pub(super) mod work;

#[cfg(test)]
mod leaving_tests;
#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::case::Case;
use super::ledger::key;
pub(super) use capital::setup;
pub(super) use contract::contract_energy;
pub(super) use machine::{Use, earns, machine_energy};
pub(super) use market::{curve, hashprices};

use super::{minimum_bill, site_setup};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::plan::ledger::{Category, LedgerLine, sort};
use crate::units::{Cents, Share, Usd};

/// Two right calculations in floating point differ by less than this share of
/// the sizes they add.
const FLOAT_NOISE: f64 = 1e-13;

/// A line told again, and the other amount it may have where its rounding lies
/// within float noise.
pub(super) struct Told {
    pub(super) line: LedgerLine,
    pub(super) other: Cents,
}

/// What makes lines one: they are sums of products of their own.
type Whole = (Period, SiteId, String, Category, Class);

/// One line of the ledger: its amount, and those that it may have instead.
struct Summed {
    line: LedgerLine,
    others: Vec<Cents>,
}

impl Summed {
    fn add(&mut self, told: &Told) {
        let (one, other) = (told.line.amount_cents, told.other);
        let amounts = std::iter::once(self.line.amount_cents).chain(self.others.iter().copied());
        let mut sums: Vec<Cents> = amounts.flat_map(|sum| [sum + one, sum + other]).collect();
        self.line.amount_cents += one;
        sums.sort_unstable();
        sums.dedup();
        self.others = sums;
    }
}

/// What all lines of one subject share.
pub(super) struct Head {
    site: SiteId,
    subject: String,
    class: Class,
    rate: Share,
}

impl Head {
    /// A head with the rate of its class.
    pub(super) fn new(fleet: &Fleet, site: &SiteId, subject: String, class: Class) -> Self {
        Self { site: site.clone(), subject, class, rate: fleet.money.rates.of(class) }
    }
}

/// Dollars of one unit by period and category, to be rounded once each.
#[derive(Default)]
pub(super) struct Amounts(BTreeMap<(Period, Category), (f64, f64)>);

impl Amounts {
    /// Adds the dollars of a month; months outside the horizon have no line.
    pub(super) fn add(&mut self, fleet: &Fleet, month: Month, category: Category, amount: Usd) {
        if let Some(period) = fleet.calendar.period_of(month) {
            self.add_in(period, category, amount);
        }
    }

    fn add_in(&mut self, period: Period, category: Category, amount: Usd) {
        self.add_term(period, category, amount, amount);
    }

    /// Adds what is itself the small difference of terms of a size.
    pub(super) fn add_sized(&mut self, fleet: &Fleet, month: Month, category: Category, amount: Usd, size: Usd) {
        if let Some(period) = fleet.calendar.period_of(month) {
            self.add_term(period, category, amount, size);
        }
    }

    fn add_term(&mut self, period: Period, category: Category, amount: Usd, of_size: Usd) {
        let (sum, size) = self.0.entry((period, category)).or_insert((0.0, 0.0));
        *sum += amount.get();
        *size += of_size.get().abs();
    }
}

/// Whole cents of a sum, and the cents it may have instead where its rounding
/// lies within the noise of terms of this total size.
pub(super) fn rounded(sum: f64, size: f64) -> (Cents, Cents) {
    let cents = Usd::new(sum).to_cents();
    let noise = size * FLOAT_NOISE;
    let (below, above) = (Usd::new(sum - noise).to_cents(), Usd::new(sum + noise).to_cents());
    (cents, if below == cents { above } else { below })
}

/// Lines of one subject: unit cents times a count. A unit of nothing makes no line.
pub(super) fn units(head: &Head, amounts: Amounts, times: impl Fn(Cents) -> Cents) -> Vec<Told> {
    let mut told = Vec::new();
    for ((period, category), (sum, size)) in amounts.0 {
        let (cents, other) = rounded(sum, size);
        // A product may round to nil and is a line all the same.
        if cents != Cents::ZERO {
            let line = LedgerLine {
                period,
                site: head.site.clone(),
                subject: head.subject.clone(),
                category,
                class: head.class,
                rate: head.rate,
                amount_cents: times(cents),
            };
            told.push(Told { line, other: times(other) });
        }
    }
    told
}

/// The ledger of the decisions, in its order.
///
/// Where the rounding of a unit lies within float noise, the stated amount
/// stands if it is one of those that a right calculation may give.
pub(super) fn ledger(case: &Case) -> Vec<LedgerLine> {
    let stated: BTreeMap<_, _> = case.stated.iter().map(|line| (key(line), line.amount_cents)).collect();
    let mut summed: BTreeMap<Whole, Summed> = BTreeMap::new();
    for told in told(case) {
        let line = &told.line;
        let whole = (line.period, line.site.clone(), line.subject.clone(), line.category.clone(), line.class);
        match summed.entry(whole) {
            Entry::Occupied(mut sum) => sum.get_mut().add(&told),
            Entry::Vacant(first) => drop(first.insert(Summed { line: told.line, others: vec![told.other] })),
        }
    }
    let mut lines: Vec<LedgerLine> = summed
        .into_values()
        .map(|Summed { mut line, others }| {
            if let Some(amount) = stated.get(&key(&line)).filter(|amount| others.contains(amount)) {
                line.amount_cents = *amount;
            }
            line
        })
        .collect();
    sort(&mut lines);
    lines
}

/// Everything that the decisions bring and cost.
fn told(case: &Case) -> Vec<Told> {
    let fleet = case.fleet;
    let hashprices = hashprices(fleet);
    let mut told = Vec::new();
    for column in &case.columns {
        told.extend(hall::tell(fleet, column));
    }
    for site in &fleet.sites {
        told.extend(site_setup::tell(fleet, site, &case.columns));
        told.extend(site::tell(fleet, site, case.state(&site.id)));
        told.extend(minimum_bill::tell(case, site, &hashprices));
    }
    for job in &case.jobs {
        told.extend(work::tell(fleet, job));
    }
    for reservation in &case.decisions.reservations {
        told.extend(deposit::tell(case, reservation));
    }
    for herd in &case.herds {
        told.extend(machine::tell(fleet, herd, &hashprices));
        told.extend(moved::at_site(fleet, herd, &hashprices));
    }
    for stored in &case.stored {
        told.extend(moved::in_storage(fleet, stored));
    }
    told
}

/// Months since the price date.
fn since(fleet: &Fleet, month: Month) -> i32 {
    month.0.saturating_sub(fleet.calendar.month_of(fleet.money.price_date).0)
}
