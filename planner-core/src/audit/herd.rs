//! All machines of one model at one site, followed through the horizon:
//! `stock = on hand − sold − sent + received + bought`.

use std::collections::BTreeMap;

use super::storage::region_of;
use crate::domain::Fleet;
use crate::domain::ids::{ModelId, SiteId};
use crate::domain::machine::MachineModel;
use crate::domain::site::Site;
use crate::plan::{Decisions, MachineAction, MachineDecision};
use crate::units::{GrossMw, MilliMachines, Share};

/// All machines of one model at one site.
pub(super) struct Herd<'a> {
    pub(super) site: &'a Site,
    pub(super) model: &'a MachineModel,
    /// By period.
    pub(super) rows: Vec<Row>,
    /// What is left at the horizon.
    pub(super) left: MilliMachines,
}

/// Machines of one period.
#[derive(Default, Clone, Copy)]
pub(super) struct Row {
    pub(super) bought: MilliMachines,
    pub(super) sold: MilliMachines,
    /// Moved to other sites or put in storage.
    pub(super) sent: MilliMachines,
    /// Arrived from the same region.
    pub(super) from_near: MilliMachines,
    /// Arrived from another region.
    pub(super) from_far: MilliMachines,
    pub(super) run: MilliMachines,
    pub(super) ballast: MilliMachines,
    /// After failures, sales, moves and purchases; never below nil.
    pub(super) stock: MilliMachines,
    /// On hand when the period starts, before sales, moves and purchases.
    pub(super) on_hand: MilliMachines,
}

impl Row {
    /// All that arrive from elsewhere.
    pub(super) fn received(&self) -> MilliMachines {
        plus(self.from_near, self.from_far)
    }
}

impl Herd<'_> {
    /// Gross power of so many machines.
    pub(super) fn gross(&self, count: MilliMachines) -> GrossMw {
        self.model.power.gross(self.site.mining.overhead) * count.count()
    }
}

/// The sum, however great.
pub(super) fn plus(one: MilliMachines, other: MilliMachines) -> MilliMachines {
    MilliMachines(one.0.saturating_add(other.0))
}

/// What is left after some are gone, however many.
pub(super) fn less(all: MilliMachines, gone: MilliMachines) -> MilliMachines {
    MilliMachines(all.0.saturating_sub(gone.0))
}

/// Follows every model at every site through the horizon.
pub(super) fn herds<'a>(fleet: &'a Fleet, decisions: &Decisions) -> Vec<Herd<'a>> {
    let rows = || fleet.calendar.all_periods().map(|_| Row::default()).collect();
    let pairs = fleet.sites.iter().flat_map(|site| fleet.models.iter().map(move |model| (site, model)));
    let mut herds: Vec<Herd> =
        pairs.map(|(site, model)| Herd { site, model, rows: rows(), left: MilliMachines::ZERO }).collect();
    let places: BTreeMap<(&SiteId, &ModelId), usize> =
        herds.iter().enumerate().map(|(at, herd)| ((&herd.site.id, &herd.model.id), at)).collect();
    for decision in &decisions.machines {
        let mut at = |site: &SiteId, change: &dyn Fn(&mut Row)| {
            let herd = places.get(&(site, &decision.model)).and_then(|at| herds.get_mut(*at));
            if let Some(row) = herd.and_then(|herd| herd.rows.get_mut(decision.period.index())) {
                change(row);
            }
        };
        at(&decision.site, &|row| leaves(row, decision));
        if let (MachineAction::Move, Some(to)) = (decision.action, &decision.to) {
            let near = region_of(fleet, &decision.site) == region_of(fleet, to);
            at(to, &|row| {
                let count = if near { &mut row.from_near } else { &mut row.from_far };
                *count = plus(*count, decision.count);
            });
        }
    }
    for herd in &mut herds {
        follow(fleet, herd);
    }
    herds
}

/// What a decision does where it is taken.
fn leaves(row: &mut Row, decision: &MachineDecision) {
    let count = match decision.action {
        MachineAction::Run => &mut row.run,
        MachineAction::Ballast => &mut row.ballast,
        MachineAction::Buy => &mut row.bought,
        MachineAction::Sell => &mut row.sold,
        MachineAction::Move | MachineAction::Store => &mut row.sent,
    };
    *count = plus(*count, decision.count);
}

fn follow(fleet: &Fleet, herd: &mut Herd) {
    let lots = fleet.machines.iter().filter(|lot| lot.site == herd.site.id && lot.model == herd.model.id);
    let mut stock = lots.fold(MilliMachines::ZERO, |sum, lot| plus(sum, lot.count));
    // Nothing fails before the first period.
    let period_survival = Share(-herd.model.failure.0).growth(fleet.calendar.period.months());
    let survivors = |stock: MilliMachines| MilliMachines::nearest(stock.count() * period_survival);
    for (at, row) in herd.rows.iter_mut().enumerate() {
        row.on_hand = if at == 0 { stock } else { survivors(stock) };
        let balance = plus(plus(less(less(row.on_hand, row.sold), row.sent), row.received()), row.bought);
        row.stock = balance.max(MilliMachines::ZERO);
        stock = row.stock;
    }
    herd.left = survivors(stock);
}
