//! Capital of a retrofit: its cost lines by category, what the tenant pays of
//! them, and what wears out and is paid again.

use super::contract::{Contract, to_horizon};
use super::{Amounts, since};
use crate::audit::column::Column;
use crate::audit::schedule::Offsets;
use crate::audit::site_setup::First;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::money::Class;
use crate::domain::offer::TenantFunded;
use crate::domain::retrofit::{CostBasis, CostLine, Payment};
use crate::plan::ledger::Category;
use crate::units::{Months, Usd};

/// Per-site lines of a retrofit, dated by its first hall; they are never paid by a tenant or again.
pub(in crate::audit) fn setup(fleet: &Fleet, first: &First) -> Amounts {
    let mut amounts = Amounts::default();
    for line in &first.column.retrofit.costs {
        if let CostBasis::Site(amount) = line.basis {
            for (month, paid) in first_payments(fleet, first.column, &first.offsets, line, amount.each()) {
                amounts.add(fleet, month, category(line), -paid);
            }
        }
    }
    amounts
}

/// Our part of the per-hall lines of one hall, replacements included.
pub(super) fn hall(fleet: &Fleet, column: &Column) -> Amounts {
    let ours = 1.0 - tenant_share(fleet, column);
    let mut amounts = Amounts::default();
    for line in &column.retrofit.costs {
        let Some(amount) = per_hall(column, line) else { continue };
        let mut payments = first_payments(fleet, column, &column.offsets, line, amount);
        payments.extend(replacements(fleet, column, line, amount));
        for (month, paid) in payments {
            amounts.add_sized(fleet, month, category(line), -(paid * ours), paid);
        }
    }
    amounts
}

/// What is paid again after the horizon: as it is expected there, at the rate of capital.
pub(super) fn after_horizon(contract: &Contract, amounts: &mut Amounts) {
    let Contract { fleet, column, .. } = contract;
    let (horizon, ours) = (fleet.calendar.horizon(), 1.0 - tenant_share(fleet, column));
    let rate = fleet.money.rates.of(Class::Corporate);
    for line in column.retrofit.costs.iter().filter(|line| line.life.is_some()) {
        let Some(amount) = per_hall(column, line) else { continue };
        for (month, paid) in replacements(fleet, column, line, amount) {
            if fleet.calendar.period_of(month).is_none() && contract.counts(month) {
                let worth = paid * ours * to_horizon(fleet, rate, month);
                amounts.add_term(horizon, Category::ContractEndValue, -(worth * contract.paying(month)), worth);
            }
        }
    }
}

fn category(line: &CostLine) -> Category {
    Category::Capex(line.category.clone())
}

/// The amount of a line for one hall; `None` for a per-site line.
fn per_hall(column: &Column, line: &CostLine) -> Option<Usd> {
    match line.basis {
        CostBasis::ItLoad(amount) => Some(amount * column.hall_it()),
        CostBasis::GrossPower(amount) => Some(amount * column.hall.reserved()),
        CostBasis::Hall(amount) => Some(amount.each()),
        CostBasis::Site(_) => None,
    }
}

/// The share of the per-hall lines that the tenant pays.
fn tenant_share(fleet: &Fleet, column: &Column) -> f64 {
    match column.offer.map(|offer| offer.tenant_funded) {
        None => 0.0,
        Some(TenantFunded::Share(share)) => share.0,
        Some(TenantFunded::Amount(amount)) => {
            // Months before the horizon count too: what is sunk was shared alike.
            let lines = column.retrofit.costs.iter();
            let offsets = &column.offsets;
            let paid =
                lines.filter_map(|line| Some(first_payments(fleet, column, offsets, line, per_hall(column, line)?)));
            let total: Usd = paid.flatten().map(|(_, paid)| paid).sum();
            let given = (amount * column.hall_it()).get();
            if total.get() > given { given / total.get() } else { 1.0 }
        }
    }
}

/// An amount at the price level of a month, with every factor.
fn priced(fleet: &Fleet, column: &Column, amount: Usd, month: Month) -> Usd {
    let Column { site, retrofit, .. } = column;
    let here = site.override_of(&retrofit.id).map_or(1.0, |own| own.cost_factor.0);
    let factor = site.cost_factor.0 * here * (1.0 + retrofit.contingency.0);
    amount * factor * fleet.money.capex_escalation.growth(since(fleet, month))
}

/// Length and first month of a line's phase; `None` where it is done and paid.
fn phase(offsets: &Offsets, line: &CostLine) -> Option<(u32, u32)> {
    let phase = offsets.phases.iter().find(|phase| *phase.id == line.phase)?;
    (phase.months > 0).then_some((phase.start, phase.months))
}

/// What is paid when for a cost line; nothing for a phase that is done.
fn first_payments(
    fleet: &Fleet,
    column: &Column,
    offsets: &Offsets,
    line: &CostLine,
    amount: Usd,
) -> Vec<(Month, Usd)> {
    let Some((start, months)) = phase(offsets, line) else { return vec![] };
    let month = |offset: u32| column.start.plus(Months(start.saturating_add(offset)));
    let shares: Vec<(Month, f64)> = match line.payment {
        Payment::Even => (0..months).map(|at| (month(at), 1.0 / f64::from(months))).collect(),
        Payment::Deposit(share) => vec![(month(0), share.0), (month(months - 1), share.rest())],
    };
    shares.into_iter().map(|(month, share)| (month, priced(fleet, column, amount, month) * share)).collect()
}

/// What wears out is paid again at once, from service to the end of the term.
fn replacements(fleet: &Fleet, column: &Column, line: &CostLine, amount: Usd) -> Vec<(Month, Usd)> {
    let Some(every) = line.life.filter(|months| months.0 > 0 && phase(&column.offsets, line).is_some()) else {
        return vec![];
    };
    let again = std::iter::successors(Some(column.ready.plus(every)), |month| Some(month.plus(every)));
    again
        .take_while(|month| *month < column.term_end)
        .map(|month| (month, priced(fleet, column, amount, month)))
        .collect()
}
