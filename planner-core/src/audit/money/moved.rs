//! Lines of machines that move, and of those in storage.

use super::machine::{Use, margin};
use super::{Amounts, Head, Told, market, units};
use crate::audit::herd::{Herd, Row};
use crate::audit::storage::Stored;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::machine::{MachineModel, Moves};
use crate::domain::money::Class;
use crate::plan::ledger::Category;
use crate::units::{MilliMachines, Months, Usd, UsdPerTh};

/// One machine, at the start of a period.
fn one(period: Period, category: Category, amount: Usd) -> Amounts {
    let mut amounts = Amounts::default();
    amounts.add_in(period, category, amount);
    amounts
}

/// What leaves and reaches a site's racks.
pub(super) fn at_site(fleet: &Fleet, herd: &Herd, hashprices: &[UsdPerTh]) -> Vec<Told> {
    let lines_of = Head::new(fleet, &herd.site.id, herd.model.id.to_string(), Class::Mining);
    let mut told = Vec::new();
    let mut tell = |amounts: Amounts, count: MilliMachines| {
        if count.0 != 0 {
            told.extend(units(&lines_of, amounts, |unit| unit.times_machines(count)));
        }
    };
    let moved = |row: &Row| row.sent.0 != 0 || row.received().0 != 0;
    for (period, row) in fleet.calendar.all_periods().zip(&herd.rows).filter(|(_, row)| moved(row)) {
        tell(removal(fleet, period), row.sent);
        tell(installation(fleet, period), row.received());
        tell(freight(fleet, period, false), row.from_near);
        tell(freight(fleet, period, true), row.from_far);
        tell(downtime(fleet, herd, period, hashprices), row.received());
    }
    told
}

/// One machine that leaves a site's rack to be moved or stored.
pub(in crate::audit) fn removal(fleet: &Fleet, period: Period) -> Amounts {
    one(period, Category::MachineRemoval, -fleet.handling.removal.each())
}

/// One machine that reaches a site.
pub(in crate::audit) fn installation(fleet: &Fleet, period: Period) -> Amounts {
    one(period, Category::MachineInstallation, -fleet.handling.install.each())
}

/// Freight of one machine to a site, from its region or from another; nothing where machines never move.
pub(in crate::audit) fn freight(fleet: &Fleet, period: Period, far: bool) -> Amounts {
    let cost = |moves: Moves| if far { moves.freight_other_region } else { moves.freight };
    let cost = fleet.handling.moves.map(cost);
    cost.map_or_else(Amounts::default, |cost| one(period, Category::MachineFreight, -cost.each()))
}

/// Freight of one machine that is stored in another region, beyond that within a region, which is paid on the way out.
pub(in crate::audit) fn further(fleet: &Fleet, period: Period) -> Amounts {
    let cost = fleet.handling.moves.map(|moves| (moves.freight_other_region - moves.freight).each());
    cost.map_or_else(Amounts::default, |cost| one(period, Category::MachineFreight, -cost))
}

/// Storage of one machine in a period; nothing where there is none.
pub(in crate::audit) fn storage(fleet: &Fleet, period: Period) -> Amounts {
    let months = Months(u32::try_from(fleet.calendar.period.months()).unwrap_or(0));
    let cost = fleet.handling.storage.map(|cost| cost.over(months));
    cost.map_or_else(Amounts::default, |cost| one(period, Category::MachineStorage, -cost))
}

/// One machine sold from storage at the start of a period.
pub(in crate::audit) fn stored_sale(fleet: &Fleet, model: &MachineModel, period: Period) -> Amounts {
    one(period, Category::MachineSale, resale(fleet, model, fleet.calendar.first_month(period)))
}

/// What one machine in storage is worth at the horizon.
pub(in crate::audit) fn stored_end_value(fleet: &Fleet, model: &MachineModel) -> Amounts {
    let last = resale(fleet, model, Month(fleet.calendar.horizon_month().0 - 1)).get().max(0.0);
    one(fleet.calendar.horizon(), Category::MachineEndValue, Usd::new(last))
}

fn resale(fleet: &Fleet, model: &MachineModel, month: Month) -> Usd {
    (market::resale(fleet, model, month).unwrap_or(UsdPerTh::ZERO) * model.hashrate).each()
}

/// Income of the first days at the new site, of one machine.
pub(in crate::audit) fn downtime(fleet: &Fleet, herd: &Herd, period: Period, hashprices: &[UsdPerTh]) -> Amounts {
    let mut amounts = Amounts::default();
    let first = fleet.calendar.first_month(period);
    let Some(moves) = fleet.handling.moves else { return amounts };
    if let Some(margin) = margin(fleet, herd.site, herd.model, Use::Run, first, hashprices) {
        let share = f64::from(moves.downtime.0) / f64::from(fleet.calendar.days_in_month(first));
        let size: Usd = margin.into_iter().map(|part| Usd::new(part.get().abs())).sum();
        let lost = margin.into_iter().sum::<Usd>() * share;
        amounts.add_sized(fleet, first, Category::MoveDowntime, -lost, size * share);
    }
    amounts
}

/// What is kept in a storage, brought there from afar, sold from it, and left in it at the horizon.
pub(super) fn in_storage(fleet: &Fleet, stored: &Stored) -> Vec<Told> {
    let calendar = &fleet.calendar;
    let head = Head::new(fleet, &stored.place, stored.model.id.to_string(), Class::Mining);
    let mut told = Vec::new();
    let mut tell = |amounts: Amounts, count: MilliMachines| {
        if count.0 != 0 {
            told.extend(units(&head, amounts, |unit| unit.times_machines(count)));
        }
    };
    for (period, row) in calendar.all_periods().zip(&stored.rows) {
        tell(further(fleet, period), row.from_far);
        tell(storage(fleet, period), row.stock);
        tell(stored_sale(fleet, stored.model, period), row.sold);
    }
    let left = stored.rows.last().map_or(MilliMachines::ZERO, |row| row.stock);
    tell(stored_end_value(fleet, stored.model), left);
    told
}
