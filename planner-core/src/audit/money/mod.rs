//! Every cent, told again from the decisions (`docs/src/model/money.md`).

mod hall;
mod machine;
mod market;
mod site;

use std::collections::BTreeMap;

use super::column::Column;
use super::ledger::key;
use super::machine_balance::Herd;
use super::site_setup;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::domain::retrofit::{CostBasis, CostLine, Payment};
use crate::domain::site::Site;
use crate::plan::ledger::{Category, LedgerLine, sort};
use crate::units::{Cents, Share, Usd};

/// Two right calculations in floating point differ by less than this share of
/// the sizes they add.
const FLOAT_NOISE: f64 = 1e-13;

/// A line told again, and the other amount it may have where its rounding lies
/// within float noise.
pub(super) struct Told {
    line: LedgerLine,
    other: Cents,
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
    pub(super) fn new(fleet: &Fleet, site: &Site, subject: String, class: Class) -> Self {
        Self { site: site.id.clone(), subject, class, rate: fleet.money.rates.of(class) }
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
        let (sum, size) = self.0.entry((period, category)).or_insert((0.0, 0.0));
        *sum += amount.get();
        *size += amount.get().abs();
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

/// Lines of one subject: unit cents times a count. Nothing makes no line.
pub(super) fn units(head: &Head, amounts: Amounts, times: impl Fn(Cents) -> Cents) -> Vec<Told> {
    let mut told = Vec::new();
    for ((period, category), (sum, size)) in amounts.0 {
        let (cents, other) = rounded(sum, size);
        let amount_cents = times(cents);
        if amount_cents != Cents::ZERO {
            let line = LedgerLine {
                period,
                site: head.site.clone(),
                subject: head.subject.clone(),
                category,
                class: head.class,
                rate: head.rate,
                amount_cents,
            };
            told.push(Told { line, other: times(other) });
        }
    }
    told
}

/// The ledger of the decisions, in its order.
///
/// Where the rounding of a unit lies within float noise, the stated amount
/// stands if it is one of the two that a right calculation may give.
pub(super) fn ledger(fleet: &Fleet, columns: &[Column], herds: &[Herd], stated: &[LedgerLine]) -> Vec<LedgerLine> {
    let mut told = Vec::new();
    for column in columns {
        told.extend(hall::tell(fleet, column));
    }
    for site in &fleet.sites {
        told.extend(site_setup::tell(fleet, site, columns));
        told.extend(site::tell(fleet, site));
    }
    let hashprices = market::hashprices(fleet);
    for herd in herds {
        told.extend(machine::tell(fleet, herd, &hashprices));
    }
    let stated: BTreeMap<_, _> = stated.iter().map(|line| (key(line), line.amount_cents)).collect();
    let mut lines: Vec<LedgerLine> = told
        .into_iter()
        .map(|Told { mut line, other }| {
            if stated.get(&key(&line)) == Some(&other) {
                line.amount_cents = other;
            }
            line
        })
        .collect();
    sort(&mut lines);
    lines
}

/// Months since the price date.
fn since(fleet: &Fleet, month: Month) -> i32 {
    month.0.saturating_sub(fleet.calendar.month_of(fleet.money.price_date).0)
}

/// Capital of a retrofit by category, for the cost lines whose basis has an
/// amount here.
pub(super) fn capex(fleet: &Fleet, column: &Column, amount: impl Fn(CostBasis) -> Option<Usd>) -> Amounts {
    let Column { site, retrofit, .. } = column;
    let here = site.override_of(&retrofit.id).map_or(1.0, |own| own.cost_factor.0);
    let factor = site.cost_factor.0 * here * (1.0 + retrofit.contingency.0);
    let mut amounts = Amounts::default();
    for line in &retrofit.costs {
        let Some(amount) = amount(line.basis) else { continue };
        for (month, share) in payments(column, line) {
            let growth = fleet.money.capex_escalation.growth(since(fleet, month));
            amounts.add(fleet, month, Category::Capex(line.category.clone()), -(amount * factor * growth * share));
        }
    }
    amounts
}

/// When which share of a cost line is paid; nothing for a phase that is done.
fn payments(column: &Column, line: &CostLine) -> Vec<(Month, f64)> {
    let Some(phase) = column.offsets.phases.iter().find(|phase| *phase.id == line.phase) else { return vec![] };
    if phase.months == 0 {
        return vec![];
    }
    let month = |offset: u32| column.start.plus(crate::units::Months(phase.start.saturating_add(offset)));
    match line.payment {
        Payment::Even => (0..phase.months).map(|at| (month(at), 1.0 / f64::from(phase.months))).collect(),
        Payment::Deposit(share) => vec![(month(0), share.0), (month(phase.months - 1), share.rest())],
    }
}
