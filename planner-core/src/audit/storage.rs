//! Machines of one model in the storage of one region, followed through the
//! horizon; nothing fails there.

use std::collections::BTreeSet;

use super::herd::{less, plus};
use crate::domain::Fleet;
use crate::domain::ids::SiteId;
use crate::domain::machine::{MachineModel, storage_in};
use crate::plan::{Decisions, MachineAction};
use crate::units::MilliMachines;

/// Machines of one model in the storage of one region.
pub(super) struct Stored<'a> {
    /// The place, as decisions and ledger lines name it.
    pub(super) place: SiteId,
    pub(super) model: &'a MachineModel,
    /// By period.
    pub(super) rows: Vec<StoredRow>,
}

/// Machines in storage in one period.
#[derive(Default, Clone, Copy)]
pub(super) struct StoredRow {
    /// There when the period starts.
    pub(super) before: MilliMachines,
    pub(super) sold: MilliMachines,
    /// Moved to sites.
    pub(super) sent: MilliMachines,
    /// Put there from sites, wherever they are.
    pub(super) received: MilliMachines,
    /// Those of them that come from another region.
    pub(super) from_far: MilliMachines,
    /// There during the period; never below nil.
    pub(super) stock: MilliMachines,
}

/// Regions that have a site, and so may have a storage.
pub(super) fn regions(fleet: &Fleet) -> BTreeSet<&str> {
    fleet.sites.iter().map(|site| site.location.region.as_str()).collect()
}

/// Whether a name is that of a region's storage.
pub(super) fn is_storage(fleet: &Fleet, place: &SiteId) -> bool {
    regions(fleet).into_iter().any(|region| storage_in(region) == *place)
}

/// The region of a site or of a storage.
pub(super) fn region_of<'a>(fleet: &'a Fleet, place: &SiteId) -> Option<&'a str> {
    let site = fleet.site(place).map(|site| site.location.region.as_str());
    site.or_else(|| regions(fleet).into_iter().find(|region| storage_in(region) == *place))
}

/// Follows every model in every storage through the horizon.
pub(super) fn stored<'a>(fleet: &'a Fleet, decisions: &Decisions) -> Vec<Stored<'a>> {
    let places: Vec<SiteId> = regions(fleet).into_iter().map(storage_in).collect();
    let pairs = places.iter().flat_map(|place| fleet.models.iter().map(move |model| (place, model)));
    pairs.map(|(place, model)| follow(fleet, place, model, decisions)).collect()
}

fn follow<'a>(fleet: &'a Fleet, place: &SiteId, model: &'a MachineModel, decisions: &Decisions) -> Stored<'a> {
    let mut rows: Vec<StoredRow> = fleet.calendar.all_periods().map(|_| StoredRow::default()).collect();
    for decision in decisions.machines.iter().filter(|decision| decision.model == model.id) {
        let Some(row) = rows.get_mut(decision.period.index()) else { continue };
        let leaves = decision.site == *place;
        match decision.action {
            MachineAction::Sell if leaves => row.sold = plus(row.sold, decision.count),
            MachineAction::Move if leaves => row.sent = plus(row.sent, decision.count),
            MachineAction::Store if decision.to.as_ref() == Some(place) => {
                row.received = plus(row.received, decision.count);
                if region_of(fleet, &decision.site) != region_of(fleet, place) {
                    row.from_far = plus(row.from_far, decision.count);
                }
            }
            _ => {}
        }
    }
    let mut stock = MilliMachines::ZERO;
    for row in &mut rows {
        row.before = stock;
        let balance = plus(less(less(row.before, row.sold), row.sent), row.received);
        row.stock = balance.max(MilliMachines::ZERO);
        stock = row.stock;
    }
    Stored { place: place.clone(), model, rows }
}
