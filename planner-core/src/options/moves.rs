//! Machines that change place: who may send and receive, and what each machine costs on the way.

use super::lines::{Months, UnitLine};
use super::machines::{buyable, fits, initial, months_ours};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::machine::MachineModel;
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::mining::Miner;
use crate::plan::Settings;
use crate::plan::ledger::Category;
use crate::units::UsdPerMachine;

/// A machine that reaches a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Its freight from a place in the same region.
    pub near: Vec<UnitLine>,
    /// Its freight from another region.
    pub far: Vec<UnitLine>,
    /// Put on a rack, with the income lost meanwhile.
    pub placing: Vec<UnitLine>,
}

/// Where machines of one model may be, and change place.
pub(super) struct Traffic {
    /// By site: machines may be there.
    track: Vec<bool>,
    /// By site: it has racks of their kind at some time.
    fits: Vec<bool>,
    moved: bool,
    /// Off their racks.
    pub(super) stored: bool,
}

impl Traffic {
    pub(super) fn of(fleet: &Fleet, settings: &Settings, model: &MachineModel) -> Self {
        let own: Vec<bool> = fleet
            .sites
            .iter()
            .map(|site| initial(fleet, site, model).0 > 0 || buyable(fleet, settings, site, model))
            .collect();
        let fits: Vec<bool> = fleet.sites.iter().map(|site| fits(fleet, site, model)).collect();
        let moved = fleet.handling.moves.is_some() && own.contains(&true);
        let track = own.iter().zip(&fits).map(|(own, fits)| *own || (moved && *fits)).collect();
        Self { track, fits, moved, stored: moved && fleet.handling.storage.is_some() }
    }

    /// Whether machines may be at a site.
    pub(super) fn reaches(&self, site: usize) -> bool {
        self.track[site]
    }

    /// Whether machines may leave a site for another place.
    pub(super) fn leaves(&self, site: usize) -> bool {
        let elsewhere = || (0..self.fits.len()).any(|other| other != site && self.fits[other]);
        self.moved && self.track[site] && (self.stored || elsewhere())
    }

    /// Whether machines may come to a site from another place.
    pub(super) fn arrives(&self, site: usize) -> bool {
        let elsewhere = || (0..self.track.len()).any(|other| other != site && self.track[other]);
        self.moved && self.fits[site] && (self.stored || elsewhere())
    }
}

/// Lines of a machine taken off its rack at the start of a period.
pub(super) fn removal(fleet: &Fleet, period: Period) -> Vec<UnitLine> {
    one_line(fleet, period, Category::MachineRemoval, fleet.handling.removal)
}

/// Lines of a machine that reaches a site at the start of a period; `None` where nothing is moved.
pub(super) fn arrival(fleet: &Fleet, site: &Site, model: &MachineModel, period: Period) -> Option<Arrival> {
    let moves = fleet.handling.moves?;
    let mut placing = Months::new(fleet);
    placing.add_in(period, Category::MachineInstallation, Class::Mining, -fleet.handling.install.each());
    let first = fleet.calendar.first_month(period);
    // ANCHOR: downtime
    // `− downtime / days(m) · running margin of m`, `m` the first month of the period.
    // ANCHOR_END: downtime
    if let Some((month, of, _)) = months_ours(fleet, site, model, period).find(|(month, ..)| *month == first) {
        let miner = Miner { model, site, deck: &fleet.deck, money: &fleet.money, calendar: &fleet.calendar };
        let share = f64::from(moves.downtime.0) / f64::from(fleet.calendar.days_in_month(month));
        let lost = miner.running(month, of).net() * share;
        placing.add_in(period, Category::MoveDowntime, Class::Mining, -lost);
    }
    Some(Arrival {
        near: one_line(fleet, period, Category::MachineFreight, moves.freight),
        far: one_line(fleet, period, Category::MachineFreight, moves.freight_other_region),
        placing: placing.lines(),
    })
}

/// A cost of one machine in a period.
fn one_line(fleet: &Fleet, period: Period, category: Category, cost: UsdPerMachine) -> Vec<UnitLine> {
    let mut months = Months::new(fleet);
    months.add_in(period, category, Class::Mining, -cost.each());
    months.lines()
}
