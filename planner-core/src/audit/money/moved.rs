//! Lines of machines that move, and of those in storage.

use super::machine::{Use, margin};
use super::{Amounts, Head, Told, market, units};
use crate::audit::herd::{Herd, Row};
use crate::audit::storage::Stored;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::plan::ledger::Category;
use crate::units::{MilliMachines, Months, Usd, UsdPerMachine, UsdPerTh};

/// One machine, at the start of a period.
fn one(period: Period, category: Category, amount: Usd) -> Amounts {
    let mut amounts = Amounts::default();
    amounts.add_in(period, category, amount);
    amounts
}

/// What leaves and reaches a site's racks.
pub(super) fn at_site(fleet: &Fleet, herd: &Herd, hashprices: &[UsdPerTh]) -> Vec<Told> {
    let lines_of = Head::new(fleet, &herd.site.id, herd.model.id.to_string(), Class::Mining);
    let handling = &fleet.handling;
    let mut told = Vec::new();
    let mut tell = |amounts: Amounts, count: MilliMachines| {
        if count.0 != 0 {
            told.extend(units(&lines_of, amounts, |unit| unit.times_machines(count)));
        }
    };
    let moved = |row: &Row| row.sent.0 != 0 || row.received().0 != 0;
    for (period, row) in fleet.calendar.all_periods().zip(&herd.rows).filter(|(_, row)| moved(row)) {
        tell(one(period, Category::MachineRemoval, -handling.removal.each()), row.sent);
        tell(one(period, Category::MachineInstallation, -handling.install.each()), row.received());
        if let Some(moves) = handling.moves {
            let freight = |cost: UsdPerMachine| one(period, Category::MachineFreight, -cost.each());
            tell(freight(moves.freight), row.from_near);
            tell(freight(moves.freight_other_region), row.from_far);
        }
        tell(downtime(fleet, herd, period, hashprices), row.received());
    }
    told
}

/// Income of the first days at the new site, of one machine.
fn downtime(fleet: &Fleet, herd: &Herd, period: Period, hashprices: &[UsdPerTh]) -> Amounts {
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
    let worth = |month: Month| {
        let resale = market::resale(fleet, stored.model, month).unwrap_or(UsdPerTh::ZERO);
        (resale * stored.model.hashrate).each()
    };
    let months = Months(u32::try_from(calendar.period.months()).unwrap_or(0));
    for (period, row) in calendar.all_periods().zip(&stored.rows) {
        if let Some(moves) = fleet.handling.moves {
            // Freight within a region is paid on the way out.
            let further = (moves.freight_other_region - moves.freight).each();
            tell(one(period, Category::MachineFreight, -further), row.from_far);
        }
        if let Some(cost) = fleet.handling.storage {
            tell(one(period, Category::MachineStorage, -cost.over(months)), row.stock);
        }
        tell(one(period, Category::MachineSale, worth(calendar.first_month(period))), row.sold);
    }
    let left = stored.rows.last().map_or(MilliMachines::ZERO, |row| row.stock);
    let last = worth(Month(calendar.horizon_month().0 - 1)).get().max(0.0);
    tell(one(calendar.horizon(), Category::MachineEndValue, Usd::new(last)), left);
    told
}
