//! One hall converted: its dates, its capital, and its lines.

use jiff::civil::Date;

use super::contract::Contract;
use super::exit::exit_cost;
use super::lines::{Months, UnitLine};
use super::third_party::lost_margin;
use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Month, Period};
use crate::domain::market::MerchantCurve;
use crate::domain::money::Class;
use crate::domain::offer::{Offer, TenantFunded};
use crate::domain::retrofit::{CostBasis, CostLine, Payment, Retrofit};
use crate::domain::site::{HallGroup, HallUse, Site};
use crate::plan::ledger::Category;
use crate::units::{GrossMw, ItMw, Share, Usd};
use crate::works::Schedule;

/// One priced column: a hall of a group, converted by a retrofit for an offer
/// or as merchant capacity, from a month on. Indices point into the fleet.
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
    /// Its phases.
    pub schedule: Schedule,
    /// Its contract outlasts the site's lease: a work must have made that longer by its ready month.
    pub extension: bool,
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
    /// First month of the contract (`C`); of service for merchant capacity.
    pub commencement: Month,
    /// First month after the initial term (`E`); the horizon for merchant capacity.
    pub term_end: Month,
}

impl Dates {
    /// Whether the hall is in service in a period: from the one that contains `k0` on.
    #[must_use]
    pub fn hosted_in(&self, calendar: &Calendar, period: Period) -> bool {
        begun(calendar, self.ready, period)
    }

    /// Whether its racks are lost in a period: from the one in which mining stops on.
    #[must_use]
    pub fn stripped_in(&self, calendar: &Calendar, period: Period) -> bool {
        self.mining_off.is_some_and(|off| begun(calendar, off, period))
    }
}

/// Whether a month, which may lie before the horizon, lies in or before a period.
fn begun(calendar: &Calendar, month: Month, period: Period) -> bool {
    calendar.period_of(Month(month.0.max(0))).is_some_and(|from| from <= period)
}

/// Dates of a conversion that starts in a month.
#[must_use]
pub fn conversion_dates(
    calendar: &Calendar,
    hall: &HallGroup,
    schedule: &Schedule,
    offer: Option<&Offer>,
    start: Month,
) -> Dates {
    let ready = start.plus(schedule.ready);
    let earliest = offer.and_then(|offer| offer.earliest);
    let commencement = earliest.map_or(ready, |earliest| ready.max(calendar.month_from(earliest)));
    Dates {
        mining_off: (hall.hall_use != HallUse::Pad).then(|| start.plus(schedule.mining_off)),
        ready,
        commencement,
        term_end: offer.map_or(calendar.horizon_month(), |offer| commencement.plus(offer.term)),
    }
}

/// Where and how one hall is converted: what its lines depend on.
pub(super) struct Conversion<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) site: &'a Site,
    pub(super) hall: &'a HallGroup,
    pub(super) retrofit: &'a Retrofit,
    pub(super) schedule: &'a Schedule,
    pub(super) offer: Option<&'a Offer>,
    pub(super) start: Month,
    pub(super) dates: Dates,
    /// Last day of the longer lease that it needs.
    pub(super) longer_lease: Option<Date>,
}

impl<'r> Conversion<'r> {
    /// All lines of one hall.
    pub(super) fn lines(&self) -> Vec<UnitLine> {
        let rate = self.offer.and_then(|offer| offer.discount_rate);
        let mut months = Months::new(self.fleet).with_contracted_rate(rate);
        self.capex(&mut months);
        Contract::of(self).add_to(&mut months);
        self.connection_under_lease(&mut months);
        exit_cost(self, &mut months);
        lost_margin(self, &mut months);
        months.lines()
    }

    /// Those lines of one hall that a pot may count.
    pub(super) fn capital_lines(&self) -> Vec<UnitLine> {
        let rate = self.offer.and_then(|offer| offer.discount_rate);
        let mut months = Months::new(self.fleet).with_contracted_rate(rate);
        self.capex(&mut months);
        Contract::of(self).receipts(&mut months);
        let mut lines = months.lines();
        lines.retain(|line| line.category != Category::GiveUp);
        lines
    }

    /// Whether the site is ours on a day, with the longer lease that the conversion needs.
    pub(super) fn held_on(&self, day: Date) -> bool {
        self.site.held_on(day) || self.longer_lease.is_some_and(|until| day <= until)
    }

    pub(super) fn critical_it(&self) -> ItMw {
        self.hall.critical_it(self.retrofit.gross_to_critical)
    }

    /// The deck's curve for capacity of this class in this market.
    pub(super) fn merchant_curve(&self) -> Option<&MerchantCurve> {
        self.fleet.deck.curve(&self.site.location.market, &self.retrofit.class)
    }

    // ANCHOR: capex
    /// Our part of every per-hall line, and of what wears out in service:
    /// `− amount · factors · (1 − f)`, `f` the tenant's part.
    // ANCHOR_END: capex
    fn capex(&self, months: &mut Months) {
        for Outlay { line, first, again } in self.outlays() {
            // Months after the horizon have no line of their own: they are in the end value of the contract.
            for (month, amount) in first.into_iter().chain(again) {
                months.add(month, Category::Capex(line.category.clone()), Class::Corporate, -amount);
            }
        }
        if let Some(offer) = self.offer {
            months.add(self.start, Category::GiveUp, Class::Corporate, -(offer.give_up * self.critical_it()));
        }
    }

    /// Our part of what is paid again after the horizon for what wears out.
    pub(super) fn replaced_after_horizon(&self) -> impl Iterator<Item = (Month, Usd)> {
        let horizon = self.fleet.calendar.horizon_month();
        let wears = self.dates.term_end > horizon && self.retrofit.costs.iter().any(|line| line.life.is_some());
        let outlays = if wears { self.outlays() } else { vec![] };
        outlays.into_iter().flat_map(|outlay| outlay.again).filter(move |(month, _)| *month >= horizon)
    }

    /// Our part of every per-hall line.
    fn outlays(&self) -> Vec<Outlay<'r>> {
        let payer = Payer { fleet: self.fleet, site: self.site, retrofit: self.retrofit, schedule: self.schedule };
        let lines: Vec<(&'r CostLine, Usd)> =
            self.retrofit.costs.iter().filter_map(|line| Some((line, self.amount(line)?))).collect();
        let paid: Vec<Vec<(Month, Usd)>> =
            lines.iter().map(|(line, amount)| payer.payments(line, self.start, *amount)).collect();
        let total: Usd = paid.iter().flatten().map(|(_, amount)| *amount).sum();
        let ours = self.tenant_part(total).rest();
        let part = |(month, amount): (Month, Usd)| (month, amount * ours);
        let outlay = |((line, amount), paid): ((&'r CostLine, Usd), Vec<(Month, Usd)>)| {
            // What is done and paid is not paid again.
            let life =
                line.life.filter(|_| !paid.is_empty()).map_or(0, |life| i32::try_from(life.0).unwrap_or(i32::MAX));
            let again = (1..).map(|i| Month(self.dates.ready.0.saturating_add(life.saturating_mul(i))));
            let again = again.take_while(|month| life > 0 && *month < self.dates.term_end);
            let again = again.map(|month| part((month, payer.at_price_of(month, amount)))).collect();
            Outlay { line, first: paid.into_iter().map(part).collect(), again }
        };
        lines.into_iter().zip(paid).map(outlay).collect()
    }

    /// What one hall costs by a line; `None` for a per-site line.
    fn amount(&self, line: &CostLine) -> Option<Usd> {
        match line.basis {
            CostBasis::ItLoad(cost) => Some(cost * self.critical_it()),
            CostBasis::GrossPower(cost) => Some(cost * self.hall.reserved()),
            CostBasis::Hall(cost) => Some(cost.each()),
            CostBasis::Site(_) => None,
        }
    }

    fn tenant_part(&self, total: Usd) -> Share {
        match self.offer.map(|offer| offer.tenant_funded) {
            None => Share::NONE,
            Some(TenantFunded::Share(share)) => share,
            Some(TenantFunded::Amount(amount)) => {
                let theirs = amount * self.critical_it();
                if total <= theirs { Share::ALL } else { Share(theirs.get() / total.get()) }
            }
        }
    }

    /// Connection under a lease that still runs at the horizon is not for sale.
    fn connection_under_lease(&self, months: &mut Months) {
        let calendar = &self.fleet.calendar;
        let held = self.held_on(calendar.period_start(calendar.horizon()));
        if held && self.offer.is_some() && self.dates.term_end > calendar.horizon_month() {
            let worth = self.fleet.deck.site_value * self.hall.reserved();
            months.add_in(calendar.horizon(), Category::SiteEndValue, Class::Corporate, -worth);
        }
    }
}

/// Payments of one hall by a cost line.
struct Outlay<'a> {
    line: &'a CostLine,
    /// Over its phase.
    first: Vec<(Month, Usd)>,
    /// Each time it has worn out, to the end of the initial term, which may lie after the horizon.
    again: Vec<(Month, Usd)>,
}

/// What turns an amount of the price date into dated payments.
pub(super) struct Payer<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) site: &'a Site,
    pub(super) retrofit: &'a Retrofit,
    pub(super) schedule: &'a Schedule,
}

impl Payer<'_> {
    /// A cost line over its phase; nothing where the phase is done and paid.
    pub(super) fn payments(&self, line: &CostLine, start: Month, amount: Usd) -> Vec<(Month, Usd)> {
        let Some(phase) = self.schedule.phase(&line.phase) else { return vec![] };
        let length = i32::try_from(phase.end.0 - phase.start.0).unwrap_or(i32::MAX);
        let first = start.plus(phase.start).0;
        let shares: Vec<(i32, f64)> = match line.payment {
            _ if length == 0 => vec![],
            Payment::Even => (first..first + length).map(|month| (month, 1.0 / f64::from(length))).collect(),
            Payment::Deposit(deposit) => vec![(first, deposit.0), (first + length - 1, deposit.rest())],
        };
        shares
            .into_iter()
            .map(|(month, share)| (Month(month), self.at_price_of(Month(month), amount) * share))
            .collect()
    }

    /// With the factors of site and contingency, at the price level of a month.
    fn at_price_of(&self, month: Month, amount: Usd) -> Usd {
        let since = month.0 - self.fleet.calendar.month_of(self.fleet.money.price_date).0;
        let factor = self.site.cost_factor.0
            * self.site.override_of(&self.retrofit.id).map_or(1.0, |o| o.cost_factor.0)
            * (1.0 + self.retrofit.contingency.0);
        amount * (factor * self.fleet.money.capex_escalation.growth(since))
    }
}
