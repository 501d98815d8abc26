//! Monthly margin of one machine at a site.

use crate::domain::calendar::{Calendar, Month};
use crate::domain::machine::MachineModel;
use crate::domain::market::{Deck, DeckMonth};
use crate::domain::money::Money;
use crate::domain::site::{EnergyPrice, Site};
use crate::units::{Btc, Mwh, Share, Usd, UsdPerMwh};

use super::hashprice::{bitcoin, hashprice};

/// A loss this small (in dollars) is float noise around nil, and a month at nil is on.
const NIL: f64 = 1e-9;

/// What one machine earns and costs in one month; all nil in a month that would lose money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthlyMargin {
    /// After the pool's fee.
    pub revenue: Usd,
    /// Positive.
    pub energy: Usd,
    /// Credit for standing by to switch off.
    pub demand_response: Usd,
    /// What is mined and sold for the revenue.
    pub bitcoin: Btc,
    /// What the energy is paid for.
    pub drawn: Mwh,
}

impl MonthlyMargin {
    /// Switched off.
    pub const OFF: Self = Self {
        revenue: Usd::ZERO,
        energy: Usd::ZERO,
        demand_response: Usd::ZERO,
        bitcoin: Btc::ZERO,
        drawn: Mwh::ZERO,
    };

    /// What is left.
    #[must_use]
    pub fn net(self) -> Usd {
        self.revenue - self.energy + self.demand_response
    }
}

/// Price of energy at a site in a month of the deck.
#[must_use]
pub fn energy_price(site: &Site, money: &Money, calendar: &Calendar, month: Month, of: &DeckMonth) -> UsdPerMwh {
    match &site.power.energy_price {
        EnergyPrice::Fixed(price) => {
            let since = month.0 - calendar.month_of(money.price_date).0;
            *price * money.power_escalation.growth(since)
        }
        EnergyPrice::Deck(name) => of.power.get(name).copied().unwrap_or(UsdPerMwh::ZERO),
    }
}

/// One machine at a site: what its margin depends on.
#[derive(Debug, Clone, Copy)]
pub struct Miner<'a> {
    /// Which model.
    pub model: &'a MachineModel,
    /// Where.
    pub site: &'a Site,
    /// Prices and network.
    pub deck: &'a Deck,
    /// Pool fee and escalation.
    pub money: &'a Money,
    /// Months.
    pub calendar: &'a Calendar,
}

impl Miner<'_> {
    // ANCHOR: running
    /// `HP · TH · days · u · (1 − fee) − kW · (1 + overhead) · hours · u · price + kW · (1 + overhead) · credit`,
    /// `u = uptime · (1 − c)`, switched off when negative.
    // ANCHOR_END: running
    #[must_use]
    pub fn running(&self, month: Month, of: &DeckMonth) -> MonthlyMargin {
        let response = self.site.power.demand_response;
        let curtailed = response.map_or(Share::NONE, |response| response.hours.share());
        let gross = self.model.power.gross(self.site.mining.overhead);
        let credit = response.map_or(Usd::ZERO, |response| response.credit * gross);
        self.margin(month, of, Share(self.site.mining.uptime.0 * curtailed.rest()), credit)
    }

    /// The same on the slack of hosted load, for its share of the hours; off where the site has none.
    #[must_use]
    pub fn on_slack(&self, month: Month, of: &DeckMonth) -> MonthlyMargin {
        let ballast = self.site.power.ballast;
        ballast.map_or(MonthlyMargin::OFF, |share| self.margin(month, of, share, Usd::ZERO))
    }

    fn margin(&self, month: Month, of: &DeckMonth, on: Share, demand_response: Usd) -> MonthlyMargin {
        let days = f64::from(self.calendar.days_in_month(month)) * on.0;
        let revenue = hashprice(self.deck, self.calendar, month, of).income(self.model.hashrate, days);
        let gross = self.model.power.gross(self.site.mining.overhead);
        let drawn = gross.energy(self.calendar.hours_in_month(month)) * on.0;
        let energy = energy_price(self.site, self.money, self.calendar, month, of) * drawn;
        let kept = self.money.pool_fee.rest();
        let bitcoin = bitcoin(self.deck, self.calendar, month, of, self.model.hashrate, days) * kept;
        let margin = MonthlyMargin { revenue: revenue * kept, energy, demand_response, bitcoin, drawn };
        if margin.net().get() < -NIL { MonthlyMargin::OFF } else { margin }
    }
}

/// Share of machines that outlive a month.
#[must_use]
pub fn monthly_survival(model: &MachineModel) -> Share {
    Share(libm::pow(model.failure.rest(), 1.0 / 12.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;
    use crate::domain::site::DemandResponse;
    use crate::units::{HoursPerYear, UsdPerMwMonth};

    /// In January 2027, running and on slack.
    fn margins(change: impl FnOnce(&mut Site)) -> (MonthlyMargin, MonthlyMargin) {
        let mut fleet = fixture::fleet();
        change(&mut fleet.sites[0]);
        let (model, site) = (&fleet.models[0], &fleet.sites[0]);
        let miner = Miner { model, site, deck: &fleet.deck, money: &fleet.money, calendar: &fleet.calendar };
        let january = &fleet.deck.months[0];
        (miner.running(Month(0), january), miner.on_slack(Month(0), january))
    }

    /// In January 2027 a TH/s earns 100,000 · 460 / 10⁹ = 0.046 dollars a day.
    const REVENUE: f64 = 0.046 * 200.0 * 31.0 * 0.99;

    fn close(a: Usd, b: f64) -> bool {
        (a.get() - b).abs() < 1e-9
    }

    #[test]
    fn a_machine_that_stands_by_mines_less_and_is_paid_for_its_power() {
        let (all, _) = margins(|_| {});
        let (standing_by, _) = margins(|site| {
            let (credit, hours) = (UsdPerMwMonth::new(4000.0), HoursPerYear::new(438.0));
            site.power.demand_response = Some(DemandResponse { credit, hours });
        });
        assert!(close(all.revenue, 0.95 * REVENUE) && all.demand_response == Usd::ZERO);
        // 438 of 8,760 hours are a twentieth; 3,500 W · 1.05 at 4 dollars per kW.
        assert!(close(standing_by.revenue, 0.95 * 0.95 * REVENUE) && close(standing_by.demand_response, 3.675 * 4.0));
        assert!(close(standing_by.energy, 0.95 * all.energy.get()));
    }

    #[test]
    fn what_is_mined_is_worth_the_revenue_and_what_is_drawn_costs_the_energy() {
        for (margin, _) in [margins(|_| {}), margins(|site| site.mining.overhead = Share(0.2))] {
            assert!(margin.bitcoin.get() > 0.0 && close(margin.revenue, margin.bitcoin.get() * 100_000.0));
        }
        // 3.675 kW over the 744 hours of January, 95 % of them.
        let (margin, _) = margins(|_| {});
        assert!((margin.drawn.get() - 3.675e-3 * 744.0 * 0.95).abs() < 1e-12);
        let (off, _) = margins(|site| site.power.energy_price = EnergyPrice::Fixed(UsdPerMwh::new(400.0)));
        assert_eq!((off.bitcoin, off.drawn), (Btc::ZERO, Mwh::ZERO), "a month that is off");
    }

    #[test]
    fn the_credit_alone_may_keep_a_machine_on() {
        let dear = |site: &mut Site| site.power.energy_price = EnergyPrice::Fixed(UsdPerMwh::new(400.0));
        assert_eq!(margins(dear).0, MonthlyMargin::OFF);
        let (kept, _) = margins(|site| {
            dear(site);
            let credit = UsdPerMwMonth::new(1e6);
            site.power.demand_response = Some(DemandResponse { credit, hours: HoursPerYear::ZERO });
        });
        assert!(kept.net() > Usd::ZERO && kept.energy > kept.revenue);
    }

    #[test]
    fn slack_earns_for_its_own_share_of_the_hours() {
        assert_eq!(margins(|_| {}).1, MonthlyMargin::OFF);
        let (_, on) = margins(|site| {
            site.power.ballast = Some(Share(0.3));
            let (credit, hours) = (UsdPerMwMonth::new(4000.0), HoursPerYear::new(438.0));
            site.power.demand_response = Some(DemandResponse { credit, hours });
        });
        assert!(close(on.revenue, 0.3 * REVENUE) && on.demand_response == Usd::ZERO);
    }
}
