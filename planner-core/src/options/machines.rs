//! Machines of one model at one site: what each may earn, cost and fetch.

use super::lines::{Months, UnitLine};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::machine::{Cooling, MachineModel};
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::mining::{monthly_margin, monthly_survival, purchase_price, resale_price};
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
    /// Sold at its start.
    pub sell: Vec<UnitLine>,
    /// Bought at its start; `None` when it cannot be.
    pub buy: Option<Vec<UnitLine>>,
}

impl MachineTrack {
    /// Machines that outlive a period.
    #[must_use]
    pub fn survivors(&self, stock: MilliMachines) -> MilliMachines {
        MilliMachines::nearest(stock.count() * self.survival)
    }
}

/// The track of a model at a site; `None` when there is none and none can come.
pub(super) fn track(fleet: &Fleet, settings: &Settings, site_index: usize, model_index: usize) -> Option<MachineTrack> {
    let (site, model) = (fleet.sites.get(site_index)?, fleet.models.get(model_index)?);
    let calendar = &fleet.calendar;
    let initial = fleet
        .machines
        .iter()
        .filter(|lot| lot.site == site.id && lot.model == model.id)
        .map(|lot| lot.count)
        .fold(MilliMachines::ZERO, |sum, count| MilliMachines(sum.0 + count.0));
    let buyable = settings.funds(fleet, &site.id)
        && fits(fleet, site, model)
        && fleet.deck.machine_prices.iter().any(|price| price.model == model.id);
    if initial == MilliMachines::ZERO && !buyable {
        return None;
    }
    let periods = calendar.all_periods().map(|period| machine_period(fleet, site, model, period, buyable)).collect();
    let monthly = monthly_survival(model).0;
    Some(MachineTrack {
        site: site_index,
        model: model_index,
        gross: model.power.gross(site.mining.overhead),
        cooling: model.cooling,
        initial,
        survival: libm::pow(monthly, f64::from(calendar.period.months())),
        periods,
        end_lines: end_lines(fleet, model),
    })
}

/// Whether the site ever has racks of the model's kind.
fn fits(fleet: &Fleet, site: &Site, model: &MachineModel) -> bool {
    let added =
        fleet.works.iter().filter_map(|work| work.effect_at(&site.id)).any(|effect| effect.racks > GrossMw::ZERO);
    let spare = model.cooling == Cooling::Air && (site.mining.spare_racks > GrossMw::ZERO || added);
    spare || site.halls.iter().any(|hall| hall.cooling == model.cooling && hall.racks() > GrossMw::ZERO)
}

fn machine_period(fleet: &Fleet, site: &Site, model: &MachineModel, period: Period, buyable: bool) -> MachinePeriod {
    let (calendar, deck) = (&fleet.calendar, &fleet.deck);
    let first = calendar.first_month(period);
    let mut run = Months::new(fleet);
    let mut surviving = 1.0;
    for month in calendar.months_of(period) {
        let held = may_hold(fleet, site, month);
        if let Some(of) = usize::try_from(month.0).ok().and_then(|m| deck.months.get(m)).filter(|_| held) {
            let margin = monthly_margin(model, site, deck, &fleet.money, calendar, month, of);
            run.add(month, Category::MiningRevenue, Class::Mining, margin.revenue * surviving);
            run.add(month, Category::MiningEnergy, Class::Mining, -(margin.energy * surviving));
        }
        surviving *= monthly_survival(model).0;
    }
    let mut sell = Months::new(fleet);
    if let Some(of) = usize::try_from(first.0).ok().and_then(|m| deck.months.get(m)) {
        let proceeds = resale_price(model, deck, of) - fleet.handling.removal;
        sell.add(first, Category::MachineSale, Class::Mining, proceeds.each());
    }
    let buy = purchase_price(model, deck, calendar, first).filter(|_| buyable).map(|price| {
        let mut buy = Months::new(fleet);
        let cost = price + fleet.handling.install;
        buy.add(first, Category::MachinePurchase, Class::Corporate, -cost.each());
        buy.lines()
    });
    MachinePeriod { run: run.lines(), sell: sell.lines(), buy }
}

/// A machine that outlives the horizon fetches the last month's resale price,
/// unless removing it costs more.
fn end_lines(fleet: &Fleet, model: &MachineModel) -> Vec<UnitLine> {
    let mut months = Months::new(fleet);
    if let Some(of) = fleet.deck.months.last() {
        let worth = (resale_price(model, &fleet.deck, of) - fleet.handling.removal).get().max(0.0);
        months.add_in(fleet.calendar.horizon(), Category::MachineEndValue, Class::Mining, Usd::new(worth));
    }
    months.lines()
}
