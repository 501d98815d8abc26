//! Machines of one model at one site: what each may earn, cost and fetch.

use super::lines::{Months, UnitLine};
use super::moves::{Arrival, Traffic, arrival, removal};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::machine::{Cooling, MachineModel};
use crate::domain::market::DeckMonth;
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::mining::{Miner, MonthlyMargin, monthly_survival, purchase_price, resale_price};
use crate::plan::Settings;
use crate::plan::ledger::Category;
use crate::units::{GrossMw, MilliMachines, Usd};
use crate::works::may_hold;

/// Machines of one model at one site over the horizon. Lines are per machine.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineTrack {
    /// Index of the site.
    pub site: usize,
    /// Index of the model.
    pub model: usize,
    /// Power of one machine at the meter, overhead included.
    pub gross: GrossMw,
    /// Racks it fits.
    pub cooling: Cooling,
    /// Machines at the start.
    pub initial: MilliMachines,
    /// Share that outlives a period.
    pub survival: f64,
    /// By period.
    pub periods: Vec<MachinePeriod>,
    /// What one machine that outlives the horizon is worth.
    pub end_lines: Vec<UnitLine>,
}

/// What one machine may do in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct MachinePeriod {
    /// Running; empty when no month has a margin.
    pub run: Vec<UnitLine>,
    /// On the slack of hosted load; empty when no month has a margin.
    pub ballast: Vec<UnitLine>,
    /// Sold at its start.
    pub sell: Vec<UnitLine>,
    /// Bought at its start; `None` when it cannot be.
    pub buy: Option<Vec<UnitLine>>,
    /// Taken off its rack at its start, to another place; `None` when there is none.
    pub send: Option<Vec<UnitLine>>,
    /// Reaches the site at its start; `None` when none can.
    pub receive: Option<Arrival>,
}

impl MachineTrack {
    /// Machines that outlive a period.
    #[must_use]
    pub fn survivors(&self, stock: MilliMachines) -> MilliMachines {
        MilliMachines::nearest(stock.count() * self.survival)
    }
}

/// The track of a model at a site; `None` when there is none and none can come.
pub(super) fn track(
    fleet: &Fleet,
    settings: &Settings,
    traffic: &Traffic,
    site_index: usize,
    model_index: usize,
) -> Option<MachineTrack> {
    let (site, model) = (fleet.sites.get(site_index)?, fleet.models.get(model_index)?);
    if !traffic.reaches(site_index) {
        return None;
    }
    let buyable = buyable(fleet, settings, site, model);
    let (leaves, arrives) = (traffic.leaves(site_index), traffic.arrives(site_index));
    let period = |period: Period| {
        let mut at = machine_period(fleet, site, model, period, buyable);
        at.send = leaves.then(|| removal(fleet, period));
        at.receive = arrives.then(|| arrival(fleet, site, model, period)).flatten();
        at
    };
    let monthly = monthly_survival(model).0;
    Some(MachineTrack {
        site: site_index,
        model: model_index,
        gross: model.power.gross(site.mining.overhead),
        cooling: model.cooling,
        initial: initial(fleet, site, model),
        survival: libm::pow(monthly, f64::from(fleet.calendar.period.months())),
        periods: fleet.calendar.all_periods().map(period).collect(),
        end_lines: end_lines(fleet, model),
    })
}

/// Machines of a model at a site at the start.
pub(super) fn initial(fleet: &Fleet, site: &Site, model: &MachineModel) -> MilliMachines {
    let lots = fleet.machines.iter().filter(|lot| lot.site == site.id && lot.model == model.id);
    lots.map(|lot| lot.count).fold(MilliMachines::ZERO, |sum, count| MilliMachines(sum.0 + count.0))
}

/// Whether machines of a model may ever be bought for a site.
pub(super) fn buyable(fleet: &Fleet, settings: &Settings, site: &Site, model: &MachineModel) -> bool {
    settings.funds(fleet, &site.id)
        && fits(fleet, site, model)
        && fleet.deck.machine_prices.iter().any(|price| price.model == model.id)
}

/// Whether the site ever has racks of the model's kind.
pub(super) fn fits(fleet: &Fleet, site: &Site, model: &MachineModel) -> bool {
    let added =
        fleet.works.iter().filter_map(|work| work.effect_at(&site.id)).any(|effect| effect.racks > GrossMw::ZERO);
    let spare = model.cooling == Cooling::Air && (site.mining.spare_racks > GrossMw::ZERO || added);
    spare || site.halls.iter().any(|hall| hall.cooling == model.cooling && hall.racks() > GrossMw::ZERO)
}

/// The months of a period in which a site is ours, with the deck's prices and the share of machines that is left.
pub(crate) fn months_ours<'a>(
    fleet: &'a Fleet,
    site: &'a Site,
    model: &MachineModel,
    period: Period,
) -> impl Iterator<Item = (Month, &'a DeckMonth, f64)> {
    let monthly = monthly_survival(model).0;
    let surviving = std::iter::successors(Some(1.0), move |left| Some(left * monthly));
    let months = fleet.calendar.months_of(period).zip(surviving);
    months.filter(|(month, _)| may_hold(fleet, site, *month)).filter_map(|(month, surviving)| {
        let of = fleet.deck.month(month)?;
        Some((month, of, surviving))
    })
}

fn machine_period(fleet: &Fleet, site: &Site, model: &MachineModel, period: Period, buyable: bool) -> MachinePeriod {
    let (calendar, deck) = (&fleet.calendar, &fleet.deck);
    let first = calendar.first_month(period);
    let miner = Miner { model, site, deck, money: &fleet.money, calendar };
    let (mut run, mut ballast) = (Months::new(fleet), Months::new(fleet));
    for (month, of, surviving) in months_ours(fleet, site, model, period) {
        let MonthlyMargin { revenue, energy, demand_response, .. } = miner.running(month, of);
        run.add(month, Category::MiningRevenue, Class::Mining, revenue * surviving);
        run.add(month, Category::MiningEnergy, Class::Mining, -(energy * surviving));
        run.add(month, Category::DemandResponse, Class::Mining, demand_response * surviving);
        let MonthlyMargin { revenue, energy, .. } = miner.on_slack(month, of);
        ballast.add(month, Category::BallastRevenue, Class::Mining, revenue * surviving);
        ballast.add(month, Category::BallastEnergy, Class::Mining, -(energy * surviving));
    }
    let mut sell = Months::new(fleet);
    if let Some(of) = deck.month(first) {
        let proceeds = resale_price(model, deck, of) - fleet.handling.removal;
        sell.add(first, Category::MachineSale, Class::Mining, proceeds.each());
    }
    let buy = purchase_price(model, deck, calendar, first).filter(|_| buyable).map(|price| {
        let mut buy = Months::new(fleet);
        let cost = price + fleet.handling.install;
        buy.add(first, Category::MachinePurchase, Class::Corporate, -cost.each());
        buy.lines()
    });
    let (run, ballast) = (run.lines(), ballast.lines());
    MachinePeriod { run, ballast, sell: sell.lines(), buy, send: None, receive: None }
}

/// A machine that outlives the horizon fetches the last month's resale price,
/// unless removing it costs more.
fn end_lines(fleet: &Fleet, model: &MachineModel) -> Vec<UnitLine> {
    let mut months = Months::new(fleet);
    if let Some(of) = fleet.deck.month(fleet.calendar.last_month()) {
        let worth = (resale_price(model, &fleet.deck, of) - fleet.handling.removal).get().max(0.0);
        months.add_in(fleet.calendar.horizon(), Category::MachineEndValue, Class::Mining, Usd::new(worth));
    }
    months.lines()
}
