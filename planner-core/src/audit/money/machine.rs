//! Lines of one model at one site: mining, ballast, sales, purchases, and what
//! the machines are worth at the horizon.

use super::{Amounts, Head, Told, market, units};
use crate::audit::herd::Herd;
use crate::audit::tenure::earns_in;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::machine::MachineModel;
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::plan::ledger::Category;
use crate::units::{Share, Usd, UsdPerMwMonth, UsdPerTh};

/// A margin this little below nil is nil: two right calculations must agree on
/// whether a month is on.
const NIL_MARGIN: Usd = Usd::new(-1e-9);

/// What a machine does in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::audit) enum Use {
    /// It runs on the site's own power.
    Run,
    /// It runs on the slack of hosted load.
    Ballast,
}

impl Use {
    /// Share of hours in which a machine runs, and what standing by to switch off brings.
    fn hours(self, site: &Site) -> (f64, UsdPerMwMonth) {
        match (self, site.power.demand_response) {
            (Self::Ballast, _) => (site.power.ballast.unwrap_or(Share::NONE).0, UsdPerMwMonth::ZERO),
            (Self::Run, None) => (site.mining.uptime.0, UsdPerMwMonth::ZERO),
            (Self::Run, Some(response)) => (site.mining.uptime.0 * response.hours.share().rest(), response.credit),
        }
    }

    fn categories(self) -> [Category; 3] {
        match self {
            Self::Run => [Category::MiningRevenue, Category::MiningEnergy, Category::DemandResponse],
            Self::Ballast => [Category::BallastRevenue, Category::BallastEnergy, Category::DemandResponse],
        }
    }
}

/// All lines of one model at one site, but those of moves.
pub(super) fn tell(fleet: &Fleet, herd: &Herd, hashprices: &[UsdPerTh]) -> Vec<Told> {
    let calendar = &fleet.calendar;
    let mining = Head::new(fleet, &herd.site.id, herd.model.id.to_string(), Class::Mining);
    let corporate = Head::new(fleet, &herd.site.id, herd.model.id.to_string(), Class::Corporate);
    let mut told = Vec::new();
    for (period, row) in calendar.all_periods().zip(&herd.rows) {
        for (usage, count) in [(Use::Run, row.run), (Use::Ballast, row.ballast)] {
            if count.0 != 0 {
                let income = income(fleet, herd, usage, period, hashprices);
                told.extend(units(&mining, income, |unit| unit.times_machines(count)));
            }
        }
        if row.sold.0 != 0 {
            told.extend(units(&mining, sale(fleet, herd, period), |unit| unit.times_machines(row.sold)));
        }
        if row.bought.0 != 0 {
            told.extend(units(&corporate, purchase(fleet, herd, period), |unit| unit.times_machines(row.bought)));
        }
    }
    if herd.left.0 != 0 {
        told.extend(units(&mining, end_value(fleet, herd), |unit| unit.times_machines(herd.left)));
    }
    told
}

/// What one machine is worth at the horizon; nothing in no band.
pub(in crate::audit) fn end_value(fleet: &Fleet, herd: &Herd) -> Amounts {
    let mut amounts = Amounts::default();
    let last = Month(fleet.calendar.horizon_month().0 - 1);
    if let Some(resale) = market::resale(fleet, herd.model, last) {
        // Nobody pays to take off a machine that fetches less.
        let worth = (resale * herd.model.hashrate - fleet.handling.removal).each().get().max(0.0);
        amounts.add_in(fleet.calendar.horizon(), Category::MachineEndValue, Usd::new(worth));
    }
    amounts
}

/// Whether a machine that runs has a margin in some month of a period.
pub(in crate::audit) fn earns(fleet: &Fleet, herd: &Herd, period: Period, hashprices: &[UsdPerTh]) -> bool {
    !income(fleet, herd, Use::Run, period, hashprices).0.is_empty()
}

/// Income of one machine in the months of a period that earn.
pub(in crate::audit) fn income(
    fleet: &Fleet,
    herd: &Herd,
    usage: Use,
    period: Period,
    hashprices: &[UsdPerTh],
) -> Amounts {
    let mut amounts = Amounts::default();
    for (at, month) in (0_i32..).zip(fleet.calendar.months_of(period)) {
        let alive = Share(-herd.model.failure.0).growth(at);
        if let Some(margin) = margin(fleet, herd.site, herd.model, usage, month, hashprices) {
            for (category, amount) in usage.categories().into_iter().zip(margin) {
                amounts.add(fleet, month, category, amount * alive);
            }
        }
    }
    amounts
}

/// Revenue, energy (below nil) and demand response of one machine in a month that starts with it; `None`
/// where the month is off or the site is not ours.
pub(super) fn margin(
    fleet: &Fleet,
    site: &Site,
    model: &MachineModel,
    usage: Use,
    month: Month,
    hashprices: &[UsdPerTh],
) -> Option<[Usd; 3]> {
    let (hours, credit) = usage.hours(site);
    let hashprice = usize::try_from(month.0).ok().and_then(|at| hashprices.get(at)).copied().unwrap_or_default();
    let days = f64::from(fleet.calendar.days_in_month(month));
    let revenue = (hashprice * model.hashrate).each() * (days * hours * fleet.money.pool_fee.rest());
    let power = model.power.gross(site.mining.overhead);
    let drawn = power.energy(fleet.calendar.hours_in_month(month));
    let energy = -(market::price(fleet, site, month) * drawn * hours);
    let margin = [revenue, energy, credit * power];
    let on = margin.into_iter().sum::<Usd>() >= NIL_MARGIN;
    (on && earns_in(fleet, site, month)).then_some(margin)
}

/// Cost of energy of one machine of a period in its month `at`, as a positive amount.
pub(in crate::audit) fn machine_energy(
    fleet: &Fleet,
    herd: &Herd,
    usage: Use,
    (at, month): (i32, Month),
    hashprices: &[UsdPerTh],
) -> Usd {
    let alive = Share(-herd.model.failure.0).growth(at);
    let margin = margin(fleet, herd.site, herd.model, usage, month, hashprices);
    margin.map_or(Usd::ZERO, |[_, energy, _]| -energy * alive)
}

/// One machine sold at the start of a period. In no band it brings nothing,
/// and its removal is paid.
pub(in crate::audit) fn sale(fleet: &Fleet, herd: &Herd, period: Period) -> Amounts {
    let first = fleet.calendar.first_month(period);
    let resale = market::resale(fleet, herd.model, first).unwrap_or(UsdPerTh::ZERO);
    let mut amounts = Amounts::default();
    amounts.add(fleet, first, Category::MachineSale, (resale * herd.model.hashrate).each());
    amounts.add(fleet, first, Category::MachineSale, -fleet.handling.removal.each());
    amounts
}

/// One machine bought at the start of a period; nothing where it has no price.
pub(in crate::audit) fn purchase(fleet: &Fleet, herd: &Herd, period: Period) -> Amounts {
    let calendar = &fleet.calendar;
    let first = calendar.first_month(period);
    let mut amounts = Amounts::default();
    let Some(new) = fleet.deck.machine_prices.iter().find(|price| price.model == herd.model.id) else {
        return amounts;
    };
    let age = first.0.saturating_sub(calendar.month_of(new.from).0);
    let price = (new.price * new.growth.growth(age) * herd.model.hashrate).each();
    amounts.add(fleet, first, Category::MachinePurchase, -price);
    amounts.add(fleet, first, Category::MachinePurchase, -fleet.handling.install.each());
    amounts
}
