//! Machines of one model that change place in a region: between its sites, its storage, and other regions.

use std::collections::BTreeMap;

use super::lines::{Months, UnitLine};
use super::machines::MachineTrack;
use super::moves::Traffic;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::machine::MachineModel;
use crate::domain::money::Class;
use crate::mining::resale_price;
use crate::plan::ledger::Category;
use crate::units::{Months as Length, Usd};

/// Where machines of one model pass through in a region. Lines are per machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    /// Which region.
    pub region: String,
    /// Index of the model.
    pub model: usize,
    /// Tracks of the model at the region's sites, as indices.
    pub tracks: Vec<usize>,
    /// Whether machines may come from other regions.
    pub comes: bool,
    /// Whether machines may leave for other regions.
    pub leaves: bool,
    /// By period.
    pub periods: Vec<HubPeriod>,
    /// What one machine that is in storage at the horizon is worth.
    pub end_lines: Vec<UnitLine>,
}

/// What one machine may do at a hub in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct HubPeriod {
    /// Comes from another region: what its freight is more than within the region.
    pub come: Vec<UnitLine>,
    /// In storage; `None` where there is none.
    pub store: Option<Vec<UnitLine>>,
    /// Sold from storage at the start of the period; `None` where nothing can be in it by then.
    pub sell: Option<Vec<UnitLine>>,
}

/// The hubs of one model, by region.
pub(super) fn hubs(fleet: &Fleet, model: usize, traffic: &Traffic, tracks: &[MachineTrack]) -> Vec<Hub> {
    let mut regions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, track) in tracks.iter().enumerate().filter(|(_, track)| track.model == model) {
        if traffic.leaves(track.site) || traffic.arrives(track.site) {
            regions.entry(&fleet.sites[track.site].location.region).or_default().push(number);
        }
    }
    let to = |numbers: &[usize]| numbers.iter().any(|number| traffic.arrives(tracks[*number].site));
    let from = |numbers: &[usize]| numbers.iter().any(|number| traffic.leaves(tracks[*number].site));
    let hub = |(region, numbers): (&&str, &Vec<usize>)| {
        let mut others = regions.iter().filter(|(other, _)| *other != region).map(|(_, numbers)| numbers);
        Hub {
            region: (*region).to_owned(),
            model,
            tracks: numbers.clone(),
            comes: to(numbers) && others.clone().any(|numbers| from(numbers)),
            leaves: from(numbers) && others.any(|numbers| to(numbers)),
            periods: periods(fleet, &fleet.models[model], traffic.stored),
            end_lines: end_lines(fleet, &fleet.models[model]),
        }
    };
    regions.iter().map(hub).collect()
}

fn periods(fleet: &Fleet, model: &MachineModel, stored: bool) -> Vec<HubPeriod> {
    let (moves, storage) = (fleet.handling.moves, fleet.handling.storage.filter(|_| stored));
    let length = Length(fleet.calendar.period.months().unsigned_abs());
    let period = |period: Period| {
        let line = |category, amount: Usd| {
            let mut months = Months::new(fleet);
            months.add_in(period, category, Class::Mining, amount);
            months.lines()
        };
        let first = fleet.calendar.first_month(period);
        let resale = fleet.deck.month(first).map_or(Usd::ZERO, |of| resale_price(model, &fleet.deck, of).each());
        let further = moves.map_or(Usd::ZERO, |moves| moves.freight.each() - moves.freight_other_region.each());
        HubPeriod {
            come: line(Category::MachineFreight, further),
            store: storage.map(|cost| line(Category::MachineStorage, -cost.over(length))),
            sell: storage.filter(|_| period.0 > 0).map(|_| line(Category::MachineSale, resale)),
        }
    };
    fleet.calendar.all_periods().map(period).collect()
}

/// A machine in storage at the horizon fetches the last month's resale price; it need not be removed.
fn end_lines(fleet: &Fleet, model: &MachineModel) -> Vec<UnitLine> {
    let mut months = Months::new(fleet);
    if let Some(of) = fleet.deck.month(fleet.calendar.last_month()) {
        let worth = resale_price(model, &fleet.deck, of).get().max(0.0);
        months.add_in(fleet.calendar.horizon(), Category::MachineEndValue, Class::Mining, Usd::new(worth));
    }
    months.lines()
}
