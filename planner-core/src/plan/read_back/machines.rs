//! Machines of one model, followed period by period over sites and storages.
//!
//! Counts are thousandths. What moves is paired exactly; then sales and purchases follow the solver's stock, so that
//! rounding cannot add up.

use std::collections::BTreeMap;

use super::Written;
use super::flows::{At, End, Flow, pair};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::{ModelId, SiteId};
use crate::domain::machine::storage_in;
use crate::model::{ColumnId, HubColumns, TrackColumns, Variables, scale};
use crate::options::{Hub, MachineTrack, Options, UnitLine};
use crate::plan::{MachineAction, MachineDecision};
use crate::units::MilliMachines;

/// Below this many machines a column's value is the solver's tolerance.
const NOISE: f64 = 5e-4;

/// Machines that run, and that run on slack, by track and period.
pub(super) type Working = BTreeMap<(usize, Period), (MilliMachines, MilliMachines)>;

/// Writes what all machines do.
pub(super) fn follow(written: &mut Written, options: &Options, variables: &Variables, values: &[f64]) -> Working {
    let mut working = Working::new();
    for model in 0..written.fleet.models.len() {
        let tracks = options.machines.iter().zip(&variables.machines).enumerate();
        let places = tracks.filter(|(_, (track, _))| track.model == model);
        let places = places.map(|(number, (track, columns))| Place { number, track, columns, stock: track.initial });
        let hubs = options.hubs.iter().zip(&variables.hubs).filter(|(hub, _)| hub.model == model);
        let stores = hubs.map(|(hub, columns)| Store { hub, columns, stock: MilliMachines::ZERO });
        let (places, stores) = (places.collect(), stores.collect());
        let mut machines = Machines { model, solved: Solved(values), places, stores };
        for period in written.fleet.calendar.all_periods() {
            machines.period(written, period, &mut working);
        }
        machines.left(written);
    }
    let by = |one: &MachineDecision| (one.site.clone(), one.model.clone(), one.period, one.action, one.to.clone());
    written.decisions.machines.sort_by_cached_key(by);
    working
}

/// The solver's values.
#[derive(Clone, Copy)]
struct Solved<'a>(&'a [f64]);

impl Solved<'_> {
    fn count(self, column: ColumnId) -> f64 {
        scale::machine_count(self.0[column.0])
    }

    /// Nil where there is no column.
    fn any(self, column: Option<ColumnId>) -> f64 {
        column.map_or(0.0, |column| self.count(column))
    }
}

struct Machines<'a> {
    model: usize,
    solved: Solved<'a>,
    places: Vec<Place<'a>>,
    stores: Vec<Store<'a>>,
}

/// Machines at a site.
struct Place<'a> {
    number: usize,
    track: &'a MachineTrack,
    columns: &'a TrackColumns,
    /// So far; on hand when a period begins.
    stock: MilliMachines,
}

/// Machines in the storage of a region.
struct Store<'a> {
    hub: &'a Hub,
    columns: &'a HubColumns,
    stock: MilliMachines,
}

/// What reaches and leaves a place in a period.
#[derive(Default)]
struct Moved {
    sent: MilliMachines,
    near: MilliMachines,
    far: MilliMachines,
}

impl Moved {
    fn of(flows: &[Flow], at: At) -> Self {
        let sum = |counts: &dyn Fn(&Flow) -> bool| {
            MilliMachines(flows.iter().filter(|flow| counts(flow)).map(|flow| flow.count.0).sum())
        };
        Self {
            sent: sum(&|flow| flow.from == at),
            near: sum(&|flow| flow.to == at && flow.near),
            far: sum(&|flow| flow.to == at && !flow.near),
        }
    }

    fn received(&self) -> MilliMachines {
        MilliMachines(self.near.0 + self.far.0)
    }
}

impl Machines<'_> {
    fn period(&mut self, written: &mut Written, period: Period, working: &mut Working) {
        if period.0 > 0 {
            for place in &mut self.places {
                place.stock = place.track.survivors(place.stock);
            }
        }
        let (fleet, solved, model) = (written.fleet, self.solved, &written.fleet.models[self.model].id);
        for store in &mut self.stores {
            store.sell(written, model, period, solved);
        }
        let mut ends: Vec<(bool, End)> = vec![];
        ends.extend(self.places.iter().enumerate().filter_map(|(at, place)| place.end(fleet, at, period, solved)));
        ends.extend(self.stores.iter().enumerate().filter_map(|(at, store)| store.end(at, period, solved)));
        let side = |leaves: bool| ends.iter().filter(|end| end.0 == leaves).map(|end| end.1).collect();
        let flows = pair(side(true), side(false));
        for flow in &flows {
            let to = self.id(fleet, flow.to);
            let action = if matches!(flow.to, At::Storage(_)) { MachineAction::Store } else { MachineAction::Move };
            written.decide(self.id(fleet, flow.from), model, period, action, flow.count, Some(to));
        }
        for (at, place) in self.places.iter_mut().enumerate() {
            let at_work = place.settle(written, model, period, solved, &Moved::of(&flows, At::Site(at)));
            working.insert((place.number, period), at_work);
        }
        for (at, store) in self.stores.iter_mut().enumerate() {
            store.settle(written, model, period, &Moved::of(&flows, At::Storage(at)));
        }
    }

    fn id(&self, fleet: &Fleet, at: At) -> SiteId {
        match at {
            At::Site(place) => fleet.sites[self.places[place].track.site].id.clone(),
            At::Storage(store) => storage_in(&self.stores[store].hub.region),
        }
    }

    /// What is left at the horizon.
    fn left(&self, written: &mut Written) {
        let model = written.fleet.models[self.model].id.clone();
        for place in &self.places {
            let left = place.track.survivors(place.stock);
            let site = written.fleet.sites[place.track.site].id.clone();
            written.machine_lines(&site, &model, &place.track.end_lines, left);
        }
        for store in &self.stores {
            written.machine_lines(&storage_in(&store.hub.region), &model, &store.hub.end_lines, store.stock);
        }
    }
}

impl Place<'_> {
    /// What it gives (`true`) or takes in a period, once the solver's own comings and goings are netted.
    fn end<'f>(&self, fleet: &'f Fleet, at: usize, period: Period, solved: Solved) -> Option<(bool, End<'f>)> {
        let (columns, index) = (self.columns, period.index());
        let leaves = solved.any(columns.send[index]) - solved.any(columns.receive[index]);
        if leaves.abs() <= NOISE {
            return None;
        }
        let trades = solved.count(columns.sell[index]) > NOISE || solved.any(columns.buy[index]) > NOISE;
        let keeps = MilliMachines::below(solved.count(columns.stock[index]).max(0.0));
        let change = if trades { MilliMachines::below(leaves.abs()).0 } else { (self.stock.0 - keeps.0).abs() };
        let wrong_way = !trades && (self.stock > keeps) != (leaves > 0.0);
        let most = if leaves > 0.0 { self.stock.0.max(0) } else { i64::MAX };
        let count = MilliMachines(if wrong_way { 0 } else { change.min(most) });
        let region = fleet.sites[self.track.site].location.region.as_str();
        let clears = !trades && keeps == MilliMachines::ZERO;
        Some((leaves > 0.0, End { at: At::Site(at), region, count, clears }))
    }

    /// What moves, then sales, purchases, and what runs: how many run, and how many of them on slack.
    fn settle(
        &mut self,
        written: &mut Written,
        model: &ModelId,
        period: Period,
        solved: Solved,
        moved: &Moved,
    ) -> (MilliMachines, MilliMachines) {
        let (columns, index) = (self.columns, period.index());
        let at = &self.track.periods[index];
        let keeps = MilliMachines(self.stock.0 - moved.sent.0);
        let mut stock = MilliMachines(keeps.0 + moved.received().0);
        let (sale, bought) = (solved.count(columns.sell[index]), solved.any(columns.buy[index]));
        let (mut sold, mut new) = (MilliMachines::ZERO, MilliMachines::ZERO);
        if sale > NOISE || bought > NOISE {
            let target = MilliMachines::below(solved.count(columns.stock[index]).max(0.0));
            // What the solver sells and buys, which may be both at once: old machines give way to new ones of their
            // model where they fetch more than those cost. A purchase makes up for thousandths, but never to more than
            // the solver bought, because a budget may bind; the sale makes up for the rest.
            sold = MilliMachines::below(sale.max(0.0)).min(keeps);
            let missing = target.0 - (stock.0 - sold.0);
            new = MilliMachines(missing.clamp(0, MilliMachines::below(bought.max(0.0)).0));
            sold = MilliMachines((sold.0 - (missing - new.0)).clamp(0, keeps.0.max(0)));
        }
        stock = MilliMachines(stock.0 - sold.0 + new.0);
        let (run, ballast) = self.at_work(index, stock, solved);
        self.stock = stock;
        let site = written.fleet.sites[self.track.site].id.clone();
        let nothing = vec![];
        let actions = [
            (MachineAction::Run, run, &at.run),
            (MachineAction::Buy, new, at.buy.as_ref().unwrap_or(&nothing)),
            (MachineAction::Sell, sold, &at.sell),
            (MachineAction::Ballast, ballast, &at.ballast),
        ];
        for (action, count, lines) in actions {
            written.machine_lines(&site, model, lines, count);
            written.decide(site.clone(), model, period, action, count, None);
        }
        written.machine_lines(&site, model, at.send.as_ref().unwrap_or(&nothing), moved.sent);
        if let Some(arrival) = &at.receive {
            written.machine_lines(&site, model, &arrival.near, moved.near);
            written.machine_lines(&site, model, &arrival.far, moved.far);
            written.machine_lines(&site, model, &arrival.placing, moved.received());
        }
        (run, ballast)
    }

    fn at_work(&self, index: usize, stock: MilliMachines, solved: Solved) -> (MilliMachines, MilliMachines) {
        let held = solved.count(self.columns.stock[index]);
        let (run, ballast) = (solved.any(self.columns.run[index]), solved.any(self.columns.ballast[index]));
        let most = |on: f64, all: f64, left: MilliMachines| match () {
            () if on <= NOISE => MilliMachines::ZERO,
            () if all > held - NOISE => left,
            () => left.min(MilliMachines::below(on)),
        };
        let run_count = most(run, run, stock);
        (run_count, most(ballast, run + ballast, MilliMachines(stock.0 - run_count.0)))
    }
}

impl Store<'_> {
    /// What leaves storage for sites, in the solver's figures; negative when it grows.
    fn leaves(&self, index: usize, solved: Solved) -> f64 {
        let before = if index > 0 { solved.any(self.columns.stored[index - 1]) } else { 0.0 };
        before - solved.any(self.columns.sell[index]) - solved.any(self.columns.stored[index])
    }

    fn keeps(&self, index: usize, solved: Solved) -> MilliMachines {
        MilliMachines::below(solved.any(self.columns.stored[index]).max(0.0))
    }

    /// Sales come first.
    fn sell(&mut self, written: &mut Written, model: &ModelId, period: Period, solved: Solved) {
        let index = period.index();
        let sold = solved.any(self.columns.sell[index]);
        let Some(lines) = self.hub.periods[index].sell.as_ref().filter(|_| sold > NOISE) else { return };
        let count = if self.leaves(index, solved).abs() <= NOISE {
            MilliMachines(self.stock.0 - self.keeps(index, solved).0).max(MilliMachines::ZERO)
        } else {
            MilliMachines::below(sold).min(self.stock)
        };
        self.stock.0 -= count.0;
        let storage = storage_in(&self.hub.region);
        written.machine_lines(&storage, model, lines, count);
        written.decide(storage, model, period, MachineAction::Sell, count, None);
    }

    /// What it gives (`true`) or takes in a period.
    fn end(&self, at: usize, period: Period, solved: Solved) -> Option<(bool, End<'_>)> {
        let leaves = self.leaves(period.index(), solved);
        let change = self.stock.0 - self.keeps(period.index(), solved).0;
        let moves = leaves.abs() > NOISE && (change > 0) == (leaves > 0.0);
        let (at, region) = (At::Storage(at), self.hub.region.as_str());
        moves.then(|| (leaves > 0.0, End { at, region, count: MilliMachines(change.abs()), clears: false }))
    }

    fn settle(&mut self, written: &mut Written, model: &ModelId, period: Period, moved: &Moved) {
        self.stock.0 += moved.received().0 - moved.sent.0;
        if let Some(lines) = &self.hub.periods[period.index()].store {
            written.machine_lines(&storage_in(&self.hub.region), model, lines, self.stock);
        }
    }
}

impl Written<'_> {
    fn decide(
        &mut self,
        site: SiteId,
        model: &ModelId,
        period: Period,
        action: MachineAction,
        count: MilliMachines,
        to: Option<SiteId>,
    ) {
        if count > MilliMachines::ZERO {
            let model = model.clone();
            self.decisions.machines.push(MachineDecision { site, model, period, action, count, to });
        }
    }

    fn machine_lines(&mut self, site: &SiteId, model: &ModelId, lines: &[UnitLine], count: MilliMachines) {
        if count > MilliMachines::ZERO {
            self.lines_at(site, model.as_str(), lines, |cents| cents.times_machines(count));
        }
    }
}
