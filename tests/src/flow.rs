//! What becomes of machines once the conversions are given: a linear program told from the contract
//! (`docs/src/model/machines.md`) in its own words, priced by the auditor, and solved by the second engine.
//!
//! What is done with machines is worth the same for each of them, whatever else is done. So the auditor tells what a
//! million of them change in the ledger of a fleet that has more than enough, and the rest is capacity.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use planner_core::audit::judge;
use planner_core::domain::Fleet;
use planner_core::domain::calendar::Period;
use planner_core::domain::ids::{ModelId, SiteId};
use planner_core::domain::machine::{Cooling, MachineLot, MachineModel, storage_in};
use planner_core::domain::site::{HallUse, Site};
use planner_core::plan::ledger::present_value;
use planner_core::plan::{Conversion, Decisions, MachineAction, MachineDecision, Settings};
use planner_core::units::MilliMachines;

const A_MILLION: MilliMachines = MilliMachines(1_000_000_000);
const COOLING: [Cooling; 3] = [Cooling::Air, Cooling::Hydro, Cooling::Immersion];

/// Something that may be done with machines of one model in one period.
struct Activity {
    site: SiteId,
    model: ModelId,
    period: Period,
    action: MachineAction,
    to: Option<SiteId>,
    /// What doing it with one machine adds to the value of a plan, in dollars.
    value: f64,
}

impl Activity {
    fn decision(&self, count: MilliMachines) -> MachineDecision {
        let Self { site, model, period, action, to, .. } = self;
        let (site, model, to) = (site.clone(), model.clone(), to.clone());
        MachineDecision { site, model, period: *period, action: *action, count, to }
    }

    fn leaves(&self, place: &SiteId) -> bool {
        use MachineAction::{Move, Sell, Store};
        matches!(self.action, Sell | Move | Store) && self.site == *place
    }

    fn arrives(&self, place: &SiteId) -> bool {
        self.to.as_ref() == Some(place) || (self.action == MachineAction::Buy && self.site == *place)
    }
}

/// All that may be done with the machines of a fleet.
pub struct Flow<'a> {
    fleet: &'a Fleet,
    /// Storages, by the name that decisions use.
    storages: Vec<SiteId>,
    activities: Vec<Activity>,
}

/// Room for machines in kW, by site and period; equal for conversions that leave the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// By cooling.
    racks: Vec<Vec<[f64; 3]>>,
    power: Vec<Vec<f64>>,
}

impl Room {
    /// What conversions leave.
    #[must_use]
    pub fn beside(fleet: &Fleet, conversions: &[Conversion]) -> Self {
        let by_period = |of: &dyn Fn(&Site, Period) -> f64| -> Vec<Vec<f64>> {
            let periods = |site| fleet.calendar.all_periods().map(|period| of(site, period)).collect();
            fleet.sites.iter().map(periods).collect()
        };
        let racks = COOLING.map(|cooling| by_period(&|site, period| racks(fleet, conversions, site, period, cooling)));
        let each = |site: usize, period: usize| [0, 1, 2].map(|cooling: usize| racks[cooling][site][period]);
        let periods = fleet.calendar.periods as usize;
        Self {
            racks: (0..fleet.sites.len()).map(|site| (0..periods).map(|period| each(site, period)).collect()).collect(),
            power: by_period(&|site, period| power(fleet, conversions, site, period)),
        }
    }

    /// The same with racks for all machines there are.
    #[must_use]
    pub fn with_endless_racks(mut self) -> Self {
        self.racks.iter_mut().flatten().for_each(|racks| *racks = [1e9; 3]);
        self
    }

    /// The same with power for all machines there are.
    #[must_use]
    pub fn with_endless_power(mut self) -> Self {
        self.power.iter_mut().flatten().for_each(|power| *power = 1e9);
        self
    }
}

/// Racks of halls that still mine in a period, counting the month in which mining stops as lost, and spare ones.
fn racks(fleet: &Fleet, conversions: &[Conversion], site: &Site, period: Period, cooling: Cooling) -> f64 {
    let end = fleet.calendar.period_start(Period(period.0 + 1));
    let halls = site.halls.iter().filter(|hall| hall.cooling == cooling && hall.hall_use == HallUse::Mining);
    let left = halls.map(|hall| {
        let here = conversions.iter().filter(|c| c.site == site.id && c.hall == hall.id);
        let stripped: u32 = here.filter(|c| c.mining_off.is_some_and(|off| off < end)).map(|c| c.halls).sum();
        hall.hall_power.get() * f64::from(hall.count - stripped)
    });
    let spare = if cooling == Cooling::Air { site.mining.spare_racks.get() } else { 0.0 };
    1000.0 * (left.sum::<f64>() + spare)
}

/// The connection less what is reserved for halls in service, from the period in which they are ready.
fn power(fleet: &Fleet, conversions: &[Conversion], site: &Site, period: Period) -> f64 {
    let end = fleet.calendar.period_start(Period(period.0 + 1));
    let here = conversions.iter().filter(|c| c.site == site.id && c.ready < end);
    let reserved = here.map(|c| site.hall(&c.hall).map_or(0.0, |hall| hall.reserved().get() * f64::from(c.halls)));
    1000.0 * (site.power.connection_in(&fleet.calendar, period).get() - reserved.sum::<f64>())
}

/// Machines that remain of each after a period.
fn survival(fleet: &Fleet, model: &MachineModel) -> f64 {
    (1.0 - model.failure.0).powf(f64::from(fleet.calendar.period.months()) / 12.0)
}

/// kW of one machine, with what cooling it takes.
fn draw(site: &Site, model: &MachineModel) -> f64 {
    model.power.get() * (1.0 + site.mining.overhead.0) / 1000.0
}

impl<'a> Flow<'a> {
    /// Lists what may be done, and has it priced.
    #[must_use]
    pub fn of(fleet: &'a Fleet, settings: &Settings) -> Self {
        let mut regions: Vec<&str> = fleet.sites.iter().map(|site| site.location.region.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        let storages = match fleet.handling.storage {
            Some(_) => regions.into_iter().map(storage_in).collect(),
            None => vec![],
        };
        let mut flow = Self { fleet, storages, activities: vec![] };
        for model in &fleet.models {
            for period in fleet.calendar.all_periods() {
                flow.list(model, period);
            }
        }
        flow.price(settings);
        flow
    }

    fn list(&mut self, model: &MachineModel, period: Period) {
        use MachineAction::{Buy, Move, Run, Sell, Store};
        let fleet = self.fleet;
        let mut add = |site: &SiteId, action, to: Option<&SiteId>| {
            let (site, model, to) = (site.clone(), model.id.clone(), to.cloned());
            self.activities.push(Activity { site, model, period, action, to, value: 0.0 });
        };
        let price = fleet.deck.machine_prices.iter().find(|price| price.model == model.id);
        let for_sale = price.is_some_and(|price| price.from <= fleet.calendar.period_start(period));
        let sites = || fleet.sites.iter().map(|site| &site.id);
        for site in sites() {
            add(site, Run, None);
            add(site, Sell, None);
            if for_sale {
                add(site, Buy, None);
            }
            if fleet.handling.moves.is_some() {
                sites().filter(|to| *to != site).for_each(|to| add(site, Move, Some(to)));
            }
            self.storages.iter().for_each(|storage| add(site, Store, Some(storage)));
        }
        // Nothing is in storage before the first period.
        for storage in self.storages.iter().filter(|_| period > Period(0)) {
            add(storage, Sell, None);
            sites().for_each(|to| add(storage, Move, Some(to)));
        }
    }

    /// What a million machines change in the ledger of a fleet that has four at every place, in each million.
    fn price(&mut self, settings: &Settings) {
        let plenty = |site: &SiteId, model: &MachineModel, millions: i64| MachineLot {
            site: site.clone(),
            model: model.id.clone(),
            count: MilliMachines(A_MILLION.0 * millions),
            ..self.fleet.machines[0].clone()
        };
        let (sites, models) = (&self.fleet.sites, &self.fleet.models);
        let lots = sites.iter().flat_map(|site| models.iter().map(move |model| plenty(&site.id, model, 20)));
        let mut fleet = self.fleet.clone();
        fleet.machines = lots.collect();
        let into_storage = |activity: &&Activity| {
            let first = sites.iter().find(|site| Some(storage_in(&site.location.region)) == activity.to);
            let from_there = first.is_some_and(|site| site.id == activity.site);
            activity.action == MachineAction::Store && activity.period == Period(0) && from_there
        };
        let stored = self.activities.iter().filter(into_storage);
        let stored: Vec<_> = stored.map(|activity| activity.decision(MilliMachines(A_MILLION.0 * 4))).collect();
        let value = |with: Option<MachineDecision>| {
            let machines = stored.iter().cloned().chain(with).collect();
            let ledger = judge(&fleet, settings, &Decisions { machines, ..Decisions::default() }).ledger;
            present_value(&fleet.calendar, &ledger).0.usd()
        };
        let idle = value(None);
        let values = self.activities.iter().map(|activity| (value(Some(activity.decision(A_MILLION))) - idle) / 1e6);
        let values: Vec<f64> = values.collect();
        self.activities.iter_mut().zip(values).for_each(|(activity, value)| activity.value = value);
    }

    fn places(&self) -> impl Iterator<Item = &SiteId> {
        self.fleet.sites.iter().map(|site| &site.id).chain(&self.storages)
    }

    fn owned(&self, place: &SiteId, model: &ModelId) -> MilliMachines {
        let lots = self.fleet.machines.iter().filter(|lot| lot.site == *place && lot.model == *model);
        MilliMachines(lots.map(|lot| lot.count.0).sum())
    }

    /// The most that machines can bring in a room, beyond what they bring when nothing is done with them, and how often
    /// each thing is done. `None` when the engine does not prove it.
    #[must_use]
    pub fn best(&self, room: &Room) -> Option<(f64, Vec<f64>)> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let counts: Vec<Variable> =
            self.activities.iter().map(|activity| problem.add_var(activity.value, (0.0, f64::INFINITY))).collect();
        let mut stocks = BTreeMap::new();
        for model in &self.fleet.models {
            for place in self.places() {
                self.balance(&mut problem, &counts, model, place, &mut stocks);
            }
        }
        for (at, site) in self.fleet.sites.iter().enumerate() {
            for period in self.fleet.calendar.all_periods() {
                let stock = |model: &MachineModel| stocks[&(&site.id, &model.id, period)];
                let models = &self.fleet.models;
                for (cooling, racks) in COOLING.iter().zip(room.racks[at][period.index()]) {
                    let fitting = models.iter().filter(|model| model.cooling == *cooling);
                    let terms: Vec<_> = fitting.map(|model| (stock(model), draw(site, model))).collect();
                    problem.add_constraint(&terms, ComparisonOp::Le, racks);
                }
                let runs = self.activities.iter().zip(&counts).filter(|(activity, _)| {
                    activity.action == MachineAction::Run && activity.site == site.id && activity.period == period
                });
                let mut power = vec![];
                for (activity, count) in runs {
                    let model =
                        models.iter().find(|model| model.id == activity.model).map(|m| (stock(m), draw(site, m)));
                    let Some((stock, kw)) = model else { continue };
                    problem.add_constraint([(*count, 1.0), (stock, -1.0)], ComparisonOp::Le, 0.0);
                    power.push((*count, kw));
                }
                problem.add_constraint(&power, ComparisonOp::Le, room.power[at][period.index()]);
            }
        }
        let outcome = problem.solve().ok().filter(SolveOutcome::is_optimal)?;
        let solved = outcome.into_solution().ok()?;
        Some((solved.objective(), counts.iter().map(|count| solved.var_value(*count)).collect()))
    }

    /// `stock = on hand − gone + come`, and what goes was on hand.
    fn balance<'b>(
        &'b self,
        problem: &mut Problem,
        counts: &[Variable],
        model: &'b MachineModel,
        place: &'b SiteId,
        stocks: &mut BTreeMap<(&'b SiteId, &'b ModelId, Period), Variable>,
    ) {
        let at_site = self.fleet.site(place).is_some();
        let survival = if at_site { survival(self.fleet, model) } else { 1.0 };
        let mut before: Option<Variable> = None;
        for period in self.fleet.calendar.all_periods() {
            let stock = problem.add_var(0.0, (0.0, f64::INFINITY));
            let now = self.activities.iter().zip(counts).filter(|(a, _)| a.model == model.id && a.period == period);
            let now: Vec<_> = now.collect();
            let gone: Vec<_> = now.iter().filter(|(a, _)| a.leaves(place)).map(|(_, count)| (**count, 1.0)).collect();
            let come = now.iter().filter(|(a, _)| a.arrives(place)).map(|(_, count)| (**count, -1.0));
            let from = |before: Variable| (before, -survival);
            let known = if before.is_none() { self.owned(place, &model.id).count() } else { 0.0 };
            let on_hand: Vec<_> = gone.iter().copied().chain(before.map(from)).collect();
            problem.add_constraint(&on_hand, ComparisonOp::Le, known);
            let all: Vec<_> = on_hand.into_iter().chain(come).chain([(stock, 1.0)]).collect();
            problem.add_constraint(&all, ComparisonOp::Eq, known);
            stocks.insert((place, &model.id, period), stock);
            before = Some(stock);
        }
    }

    /// The same in thousandths of machines, as decisions: what goes is on hand, and what runs is there.
    #[must_use]
    pub fn decisions(&self, counts: &[f64]) -> Vec<MachineDecision> {
        let mut stocks: BTreeMap<(&SiteId, &ModelId), MilliMachines> = BTreeMap::new();
        let mut decided = vec![];
        for period in self.fleet.calendar.all_periods() {
            for (model, place) in self.fleet.models.iter().flat_map(|m| self.places().map(move |place| (m, place))) {
                let survival = if self.fleet.site(place).is_some() { survival(self.fleet, model) } else { 1.0 };
                let on_hand = match stocks.get(&(place, &model.id)) {
                    Some(stock) => MilliMachines::nearest(stock.count() * survival),
                    None => self.owned(place, &model.id),
                };
                stocks.insert((place, &model.id), on_hand);
            }
            let now = || self.activities.iter().zip(counts).filter(|(activity, _)| activity.period == period);
            let runs = |activity: &Activity| activity.action == MachineAction::Run;
            // What arrives does not leave again, and what runs is there in the end.
            let leaving = now().filter(|(a, _)| a.leaves(&a.site));
            let coming = now().filter(|(a, _)| a.action == MachineAction::Buy);
            for (activity, count) in leaving.chain(coming).chain(now().filter(|(a, _)| runs(a))) {
                let mut count = MilliMachines::nearest(*count);
                let here = stocks.entry((&activity.site, &activity.model)).or_default();
                if activity.action == MachineAction::Buy {
                    here.0 += count.0;
                } else {
                    count = count.min(*here);
                }
                if activity.leaves(&activity.site) {
                    here.0 -= count.0;
                    if let Some(to) = &activity.to {
                        stocks.entry((to, &activity.model)).or_default().0 += count.0;
                    }
                }
                if count > MilliMachines::ZERO {
                    decided.push(activity.decision(count));
                }
            }
        }
        decided.sort_by(|a, b| {
            (&a.site, &a.model, a.period, a.action, &a.to).cmp(&(&b.site, &b.model, b.period, b.action, &b.to))
        });
        decided
    }

    /// What a decision adds to the value of a plan for each machine, in dollars; nil for what cannot be done.
    #[must_use]
    pub fn value_usd(&self, decision: &MachineDecision) -> f64 {
        let same = |activity: &&Activity| activity.decision(decision.count) == *decision;
        self.activities.iter().find(same).map_or(0.0, |activity| activity.value)
    }
}
