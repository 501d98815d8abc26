//! One hall converted: its dates and its lines.

use jiff::civil::Date;

use super::lines::{Months, UnitLine};
use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Month, days_between};
use crate::domain::money::{Class, EndValue};
use crate::domain::offer::{Bearer, Offer, PowerTerms};
use crate::domain::retrofit::{CostBasis, CostLine, Payment, Retrofit};
use crate::domain::site::{HallGroup, HallUse, Site};
use crate::mining::energy_price;
use crate::plan::ledger::Category;
use crate::units::{GrossMw, ItMw, Share, Usd, UsdPerKwItYear};
use crate::works::Schedule;

/// One priced column: a hall of a group, converted by a retrofit for an offer,
/// started in a period. Indices point into the fleet.
#[derive(Debug, Clone, PartialEq)]
pub struct HallOption {
    /// Index of the site.
    pub site: usize,
    /// Index of the hall group within the site.
    pub hall: usize,
    /// Index of the retrofit.
    pub retrofit: usize,
    /// Index of the offer; `None` for merchant capacity.
    pub offer: Option<usize>,
    /// First month: of a start period, or before the horizon where a lock says so.
    pub start: Month,
    /// What happens when.
    pub dates: Dates,
    /// Gross power that one hall reserves.
    pub reserved: GrossMw,
    /// Critical IT load of one hall.
    pub critical_it: ItMw,
    /// Cash of one hall.
    pub lines: Vec<UnitLine>,
}

/// Months of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// First month without mining; `None` for a pad.
    pub mining_off: Option<Month>,
    /// First month ready for service (`k0`).
    pub ready: Month,
    /// First month of the contract (`C`).
    pub commencement: Month,
    /// First month after the initial term (`E`).
    pub term_end: Month,
}

/// Dates of a conversion that starts in a period.
#[must_use]
pub fn conversion_dates(
    calendar: &Calendar,
    hall: &HallGroup,
    schedule: &Schedule,
    offer: &Offer,
    start: Month,
) -> Dates {
    let first = start;
    let ready = first.plus(schedule.ready);
    let commencement = offer.earliest.map_or(ready, |earliest| ready.max(calendar.month_from(earliest)));
    Dates {
        mining_off: (hall.hall_use == HallUse::Mining).then(|| first.plus(schedule.mining_off)),
        ready,
        commencement,
        term_end: commencement.plus(offer.term),
    }
}

/// Where and how one hall is converted: what its lines depend on.
pub(super) struct Conversion<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) site: &'a Site,
    pub(super) hall: &'a HallGroup,
    pub(super) retrofit: &'a Retrofit,
    pub(super) schedule: &'a Schedule,
    pub(super) offer: &'a Offer,
    pub(super) start: Month,
    pub(super) dates: Dates,
}

impl Conversion<'_> {
    /// All lines of one hall.
    pub(super) fn lines(&self) -> Vec<UnitLine> {
        let mut months = Months::new(self.fleet).with_contracted_rate(self.offer.discount_rate);
        self.capex(&mut months);
        self.contract(&mut months);
        self.end_value(&mut months);
        months.lines()
    }

    fn critical_it(&self) -> ItMw {
        self.hall.critical_it(self.retrofit.gross_to_critical)
    }

    fn capex(&self, months: &mut Months) {
        for line in &self.retrofit.costs {
            let amount = match line.basis {
                CostBasis::ItLoad(cost) => cost * self.critical_it(),
                CostBasis::GrossPower(cost) => cost * self.hall.reserved(),
                CostBasis::Hall(cost) => cost.each(),
                CostBasis::Site(_) => continue,
            };
            pay(months, self.fleet, self.site, self.retrofit, self.schedule, line, self.start, amount);
        }
    }

    /// Contract cash inside the horizon.
    fn contract(&self, months: &mut Months) {
        let horizon = self.fleet.calendar.horizon_month();
        for month in (self.dates.ready.0..self.dates.term_end.0.min(horizon.0)).map(Month) {
            for (category, amount) in self.contract_month(month) {
                months.add(month, category, Class::Contracted, amount);
            }
        }
    }

    /// Contract cash of one month.
    fn contract_month(&self, month: Month) -> Vec<(Category, Usd)> {
        let mut cash = Vec::with_capacity(6);
        let it = self.critical_it();
        let opex = &self.retrofit.opex;
        let bearers = &self.offer.costs;
        for (category, amount, bearer) in [
            (Category::Operations, opex.operations, bearers.operations),
            (Category::PropertyTax, opex.property_tax, bearers.property_tax),
            (Category::Insurance, opex.insurance, bearers.insurance),
        ] {
            if bearer == Bearer::Landlord {
                cash.push((category, -self.opex_month(amount, month)));
            }
        }
        cash.push((Category::FirmCharge, -(self.site.power.firm_charge * self.hall.reserved())));
        if month >= self.dates.commencement {
            cash.push((Category::Rent, self.bill(month)));
            if self.offer.power == PowerTerms::Included {
                let metered = it.metered(self.retrofit.pue);
                let drawn = metered.energy(self.fleet.calendar.hours_in_month(month)) * self.offer.load_factor.0;
                cash.push((Category::HostingEnergy, -(self.energy_price(month) * drawn)));
                cash.push((Category::DemandCharge, -(self.site.power.demand_charge * metered)));
            }
        }
        cash
    }

    fn opex_month(&self, amount: UsdPerKwItYear, month: Month) -> Usd {
        let since = month.0 - self.fleet.calendar.month_of(self.fleet.money.price_date).0;
        (amount * self.critical_it()).per_month() * self.retrofit.opex.escalation.growth(since)
    }

    /// `q · rent · (1 + escalator)^⌊j/12⌋ · ramp_j`, `j` months since commencement.
    fn bill(&self, month: Month) -> Usd {
        let since = month.0 - self.dates.commencement.0;
        let ramp = usize::try_from(since).ok().and_then(|j| self.offer.ramp.get(j)).copied().unwrap_or(Share::ALL);
        self.offer.rent * self.critical_it() * self.offer.escalator.growth(since / 12 * 12) * ramp.0
    }

    fn energy_price(&self, month: Month) -> crate::units::UsdPerMwh {
        let deck = &self.fleet.deck;
        // Run-off looks past the deck: the last month's price stands.
        let of = usize::try_from(month.0).ok().and_then(|m| deck.months.get(m)).or(deck.months.last());
        of.map_or(crate::units::UsdPerMwh::ZERO, |of| {
            energy_price(self.site, &self.fleet.money, &self.fleet.calendar, month, of)
        })
    }

    /// Connection under a lease that still runs, and the lease's remaining cash.
    fn end_value(&self, months: &mut Months) {
        let calendar = &self.fleet.calendar;
        let horizon = calendar.horizon_month();
        if self.dates.term_end <= horizon {
            return;
        }
        let site_value = self.fleet.deck.site_value * self.hall.reserved();
        months.add_in(calendar.horizon(), Category::SiteEndValue, Class::Corporate, -site_value);
        if self.fleet.money.end_value == EndValue::None {
            return;
        }
        let rate = months.rate(Class::Contracted);
        let end = calendar.month_start(horizon);
        let worth: Usd = (horizon.0..self.dates.term_end.0)
            .map(Month)
            .map(|month| {
                let cash: Usd = self.contract_month(month).into_iter().map(|(_, amount)| amount).sum();
                cash * mid_month_factor(calendar, month, end, rate)
            })
            .sum();
        months.add_in(calendar.horizon(), Category::ContractEndValue, Class::Contracted, worth);
    }
}

/// `(1+r)^-(days from `end` to the middle of the month / 365)`.
fn mid_month_factor(calendar: &Calendar, month: Month, end: Date, rate: Share) -> f64 {
    let days =
        f64::from(days_between(end, calendar.month_start(month))) + f64::from(calendar.days_in_month(month)) / 2.0;
    libm::pow(1.0 + rate.0, -days / 365.0)
}

/// Pays a cost line over its phase: factors of site and price level, contingency.
#[allow(clippy::too_many_arguments)] // a cost line depends on all of these, here and for per-site lines
pub(super) fn pay(
    months: &mut Months,
    fleet: &Fleet,
    site: &Site,
    retrofit: &Retrofit,
    schedule: &Schedule,
    line: &CostLine,
    start: Month,
    amount: Usd,
) {
    let Some(phase) = schedule.phase(&line.phase) else { return };
    let length = i32::try_from(phase.end.0 - phase.start.0).unwrap_or(i32::MAX);
    if length == 0 {
        return;
    }
    let calendar = &fleet.calendar;
    let first = start.plus(phase.start).0;
    let shares: Vec<(i32, f64)> = match line.payment {
        Payment::Even => (first..first + length).map(|month| (month, 1.0 / f64::from(length))).collect(),
        Payment::Deposit(deposit) => vec![(first, deposit.0), (first + length - 1, deposit.rest())],
    };
    let factor = site.cost_factor.0
        * site.override_of(&retrofit.id).map_or(1.0, |o| o.cost_factor.0)
        * (1.0 + retrofit.contingency.0);
    let price_month = calendar.month_of(fleet.money.price_date).0;
    for (month, share) in shares {
        let level = fleet.money.capex_escalation.growth(month - price_month);
        let category = Category::Capex(line.category.clone());
        months.add(Month(month), category, Class::Corporate, -(amount * (factor * level * share)));
    }
}
