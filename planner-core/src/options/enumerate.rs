//! Every option of a fleet, and why each other one does not exist.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::hall::{Conversion, Dates, HallOption, conversion_dates};
use super::hub::{Hub, hubs};
use super::machines::{MachineTrack, track};
use super::minimum_bill::{LeastBill, least_bills};
use super::moves::Traffic;
use super::refusal::{Refusal, RefusalReason};
use super::site::{HostingOption, SetupOption, SiteLines, fixed_lines, hosting_lines, setup_lines};
use super::site_state::{MothballOption, SaleOption, mothballs, sales};
use super::works::{ReservationOption, WorkOption, reservations, works};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::ids::RetrofitId;
use crate::domain::offer::{Offer, OfferStatus};
use crate::domain::policy::{HashratePolicy, LockKind};
use crate::domain::retrofit::{CostBasis, Retrofit};
use crate::domain::site::{HallGroup, Site, Tenure};
use crate::domain::work::Effect;
use crate::plan::{MERCHANT, Settings};
use crate::units::{GrossMw, ItMw, UsdPerYear};
use crate::works::{Extension, Schedule, hall_schedule, schedule};

/// Everything that can be decided, priced.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Conversions, by site, hall, retrofit, offer and start.
    pub halls: Vec<HallOption>,
    /// Per-site lines of retrofits, by site, retrofit and start.
    pub setups: Vec<SetupOption>,
    /// Fixed cost of hosting, by site and first service.
    pub hosting: Vec<HostingOption>,
    /// Machines, by site and model.
    pub machines: Vec<MachineTrack>,
    /// Works, by work and start.
    pub works: Vec<WorkOption>,
    /// Deliveries that may be reserved, by item and period.
    pub reservations: Vec<ReservationOption>,
    /// Where machines change place, by model and region.
    pub hubs: Vec<Hub>,
    /// Mothballs, by site and period.
    pub mothballs: Vec<MothballOption>,
    /// Sales of sites, by site and period.
    pub sales: Vec<SaleOption>,
    /// Least bills for energy, by site and month.
    pub bills: Vec<LeastBill>,
    /// What each site pays and is worth whatever is decided.
    pub fixed: Vec<SiteLines>,
    /// Options that do not exist.
    pub refused: Vec<Refusal>,
    /// From this period on no floor of the hashrate wants machines that do not pay.
    pub machines_must_pay: Period,
}

/// Enumerates and prices every option.
///
/// Phases that wait for one another in a circle make no options: the reader
/// has refused them.
#[must_use]
pub fn enumerate(fleet: &Fleet, settings: &Settings) -> Options {
    priced(fleet, settings, false)
}

/// The same options, conversions with the lines alone that a pot counts: capital, and what tenants pay in advance.
#[must_use]
pub fn enumerate_capital(fleet: &Fleet, settings: &Settings) -> Options {
    priced(fleet, settings, true)
}

fn priced(fleet: &Fleet, settings: &Settings, capital_only: bool) -> Options {
    let mut options = Options {
        works: works(fleet, settings),
        reservations: reservations(fleet, settings),
        machines_must_pay: after_the_floor(fleet),
        ..Options::default()
    };
    let schedules = schedules(fleet);
    let traffic: Vec<Traffic> = fleet.models.iter().map(|model| Traffic::of(fleet, settings, model)).collect();
    for (site_index, site) in fleet.sites.iter().enumerate() {
        let (extension, added) = (Extension::of(fleet, site), earliest_effects(fleet, site, &options.works));
        for (hall_index, hall) in site.halls.iter().enumerate() {
            for retrofit in &hall.retrofits {
                let found = fleet.retrofits.iter().position(|r| r.id == *retrofit);
                let Some(retrofit) = found.filter(|_| schedules.contains_key(&(site_index, retrofit.clone()))) else {
                    continue;
                };
                let merchant = fleet.merchant.map(|_| None);
                for offer in (0..fleet.offers.len()).map(Some).chain(merchant) {
                    let (site, hall, added) = (site_index, hall_index, &added);
                    let at = Place { fleet, settings, site, hall, retrofit, offer, extension, added, capital_only };
                    at.options(&mut options);
                    at.started(&mut options);
                }
            }
        }
        options.fixed.push(SiteLines { site: site_index, lines: fixed_lines(fleet, site) });
        let tracks = traffic.iter().enumerate();
        let tracks = tracks.filter_map(|(model, traffic)| track(fleet, settings, traffic, site_index, model));
        options.machines.extend(tracks);
    }
    for (model, traffic) in traffic.iter().enumerate() {
        options.hubs.extend(hubs(fleet, model, traffic, &options.machines));
    }
    (options.mothballs, options.sales) = (mothballs(fleet), sales(fleet, &options.fixed));
    setups(fleet, &schedules, &mut options);
    hosting(fleet, &mut options);
    options.bills = least_bills(fleet, &options);
    options
}

/// The first period after the floor of the hashrate.
fn after_the_floor(fleet: &Fleet) -> Period {
    let floored = |policy: HashratePolicy| {
        let mut periods = fleet.calendar.all_periods();
        periods.find(|period| fleet.calendar.period_start(*period) > policy.to).unwrap_or(fleet.calendar.horizon())
    };
    fleet.policies.hashrate.map_or(Period(0), floored)
}

type Schedules = BTreeMap<(usize, RetrofitId), Schedule>;

fn schedules(fleet: &Fleet) -> Schedules {
    let mut schedules = Schedules::new();
    for (index, site) in fleet.sites.iter().enumerate() {
        for retrofit in &fleet.retrofits {
            if let Ok(schedule) = schedule(&retrofit.phases, site.override_of(&retrofit.id), site.power.notice) {
                schedules.insert((index, retrofit.id.clone()), schedule);
            }
        }
    }
    schedules
}

/// One hall group, one retrofit, one offer.
struct Place<'a> {
    fleet: &'a Fleet,
    settings: &'a Settings,
    site: usize,
    hall: usize,
    retrofit: usize,
    /// `None` for merchant capacity.
    offer: Option<usize>,
    /// The longest lease that works can bring.
    extension: Option<Extension>,
    /// What works add to the site, and when at the earliest.
    added: &'a [(Month, &'a Effect)],
    /// Whether conversions have the lines alone that a pot counts.
    capital_only: bool,
}

impl Place<'_> {
    fn site(&self) -> &Site {
        &self.fleet.sites[self.site]
    }

    fn hall(&self) -> &HallGroup {
        &self.site().halls[self.hall]
    }

    fn retrofit(&self) -> &Retrofit {
        &self.fleet.retrofits[self.retrofit]
    }

    fn taker(&self) -> Option<&Offer> {
        self.offer.map(|offer| &self.fleet.offers[offer])
    }

    fn refusal(&self, start: Option<Period>, reason: RefusalReason) -> Refusal {
        Refusal {
            site: self.site().id.clone(),
            hall: self.hall().id.clone(),
            retrofit: self.retrofit().id.clone(),
            offer: self.taker().map_or_else(|| MERCHANT.into(), |offer| offer.id.clone()),
            start,
            reason,
        }
    }

    fn options(&self, into: &mut Options) {
        if let Some(reason) = self.refused_whenever() {
            into.refused.push(self.refusal(None, reason));
            return;
        }
        for period in self.fleet.calendar.start_periods() {
            let start = self.fleet.calendar.first_month(period);
            let Some((schedule, dates)) = self.dates(start) else { continue };
            match self.refused_at(&dates) {
                Some(reason) => into.refused.push(self.refusal(Some(period), reason)),
                None => into.halls.push(self.option(start, schedule, dates, self.longer_lease(&dates))),
            }
        }
    }

    /// What has started before the horizon goes on, whatever would refuse it now.
    fn started(&self, into: &mut Options) {
        let (site, hall, retrofit) = (&self.site().id, &self.hall().id, &self.retrofit().id);
        let offer = self.taker().map_or(MERCHANT, |offer| offer.id.as_str());
        let here = self.fleet.locks.iter().filter(|lock| {
            lock.kind == LockKind::Started
                && lock.site.as_ref() == Some(site)
                && lock.hall.as_ref() == Some(hall)
                && lock.retrofit.as_ref() == Some(retrofit)
                && lock.offer.as_ref().is_some_and(|id| id.as_str() == offer)
        });
        let admitted = matches!(self.refused_whenever(), None | Some(RefusalReason::LetterOfIntent));
        let starts: BTreeSet<Month> = here
            .filter(|_| admitted)
            .filter_map(|lock| lock.start)
            .map(|start| self.fleet.calendar.month_of(start))
            .collect();
        for start in starts {
            into.halls.extend(self.dates(start).map(|(schedule, dates)| self.option(start, schedule, dates, None)));
        }
    }

    fn dates(&self, start: Month) -> Option<(Schedule, Dates)> {
        let calendar = &self.fleet.calendar;
        let schedule = hall_schedule(calendar, self.site(), self.hall(), self.retrofit(), start).ok()?;
        let dates = conversion_dates(calendar, self.hall(), &schedule, self.taker(), start);
        Some((schedule, dates))
    }

    fn option(&self, start: Month, schedule: Schedule, dates: Dates, longer_lease: Option<Date>) -> HallOption {
        let (hall, retrofit) = (self.hall(), self.retrofit());
        let priced = Conversion {
            fleet: self.fleet,
            site: self.site(),
            hall,
            retrofit,
            schedule: &schedule,
            offer: self.taker(),
            start,
            dates,
            longer_lease,
        };
        let lines = if self.capital_only { priced.capital_lines() } else { priced.lines() };
        HallOption {
            site: self.site,
            hall: self.hall,
            retrofit: self.retrofit,
            offer: self.offer,
            start,
            dates,
            schedule,
            extension: longer_lease.is_some(),
            reserved: hall.reserved(),
            critical_it: hall.critical_it(retrofit.gross_to_critical),
            lines,
        }
    }

    fn outlasts_lease(&self, dates: &Dates) -> bool {
        matches!(self.site().tenure, Tenure::Leased { until, .. } if self.outlasts(dates, until))
    }

    /// The last day of the term is the day before `term_end`.
    fn outlasts(&self, dates: &Dates, until: Date) -> bool {
        self.fleet.calendar.month_start(dates.term_end) > until.tomorrow().unwrap_or(until)
    }

    /// Last day of the longer lease that a conversion with these dates needs, if works can bring it.
    fn longer_lease(&self, dates: &Dates) -> Option<Date> {
        let until = self.extension?.until;
        (self.outlasts_lease(dates) && !self.outlasts(dates, until)).then_some(until)
    }

    fn refused_whenever(&self) -> Option<RefusalReason> {
        let (site, retrofit) = (self.site(), self.retrofit());
        let funded = self.settings.funds(self.fleet, &site.id);
        let Some(offer) = self.taker() else {
            let curve = self.fleet.deck.curve(&site.location.market, &retrofit.class);
            return if curve.is_some() {
                (!funded).then_some(RefusalReason::NoPot)
            } else {
                Some(RefusalReason::NotEligible)
            };
        };
        let left_out = offer.status == OfferStatus::LetterOfIntent { plan_on: false } && !self.settings.include_loi;
        let it = self.hall().critical_it(retrofit.gross_to_critical);
        if !offer.accepts(retrofit) {
            Some(RefusalReason::Class)
        } else if !offer.eligible_at(site) {
            Some(RefusalReason::NotEligible)
        } else if left_out {
            Some(RefusalReason::LetterOfIntent)
        } else if it > offer.max + ItMw::ONE_KILOWATT
            || greatest(self.fleet, site, offer) + ItMw::ONE_KILOWATT < offer.min
        {
            Some(RefusalReason::Size)
        } else {
            (!funded).then_some(RefusalReason::NoPot)
        }
    }

    fn refused_at(&self, dates: &Dates) -> Option<RefusalReason> {
        let (calendar, site, hall) = (&self.fleet.calendar, self.site(), self.hall());
        let horizon = calendar.horizon_month();
        if dates.ready >= horizon || dates.commencement >= horizon {
            return Some(RefusalReason::Horizon);
        }
        let long_stop = self.taker().and_then(|offer| offer.long_stop);
        if long_stop.is_some_and(|long_stop| calendar.month_start(dates.ready) > long_stop) {
            return Some(RefusalReason::LongStop);
        }
        if self.outlasts_lease(dates) && self.longer_lease(dates).is_none() {
            return Some(RefusalReason::Tenure);
        }
        let short = |period: Period| {
            let first = calendar.first_month(period);
            let added = |of: fn(&Effect) -> GrossMw| -> GrossMw {
                self.added.iter().filter(|(finish, _)| *finish <= first).map(|(_, effect)| of(effect)).sum()
            };
            let connection = site.power.connection_in(calendar, period) + added(|effect| effect.connection);
            let firm = site.power.firm_in(calendar, period) + added(|effect| effect.firm);
            connection.get().min(firm.get()) + GrossMw::ONE_WATT.get() < hall.reserved().get()
        };
        let service = calendar.period_of(dates.ready)?;
        (service.0..calendar.periods).map(Period).any(short).then_some(RefusalReason::Power)
    }
}

/// What the works of a site add to it, each from the month in which it may first be finished.
fn earliest_effects<'a>(fleet: &'a Fleet, site: &Site, works: &[WorkOption]) -> Vec<(Month, &'a Effect)> {
    let finish = |index: usize| works.iter().filter(|option| option.work == index).map(|option| option.finish).min();
    let effects = fleet.works.iter().enumerate();
    effects.filter_map(|(index, work)| Some((finish(index)?, work.effect_at(&site.id)?))).collect()
}

/// Greatest critical IT load that an offer could get: at this site, or at all
/// its sites when it may be split.
fn greatest(fleet: &Fleet, site: &Site, offer: &Offer) -> ItMw {
    let at = |site: &Site| -> ItMw {
        let of_hall = |hall: &HallGroup| {
            let fitting = hall.retrofits.iter().filter_map(|id| fleet.retrofit(id)).filter(|r| offer.accepts(r));
            fitting.map(|r| hall.critical_it(r.gross_to_critical).get()).fold(0.0, f64::max) * f64::from(hall.count)
        };
        ItMw::new(site.halls.iter().map(of_hall).sum())
    };
    if offer.split { fleet.sites.iter().filter(|s| offer.eligible_at(s)).map(at).sum() } else { at(site) }
}

fn setups(fleet: &Fleet, schedules: &Schedules, options: &mut Options) {
    let starts: BTreeSet<_> = options.halls.iter().map(|o| (o.site, o.retrofit, o.start)).collect();
    for (site, retrofit, start) in starts {
        let (at, by) = (&fleet.sites[site], &fleet.retrofits[retrofit]);
        if let Some(schedule) = schedules.get(&(site, by.id.clone())) {
            // A first start before the horizon may have paid all of it already: it still is the first.
            if by.costs.iter().any(|cost| matches!(cost.basis, CostBasis::Site(_))) {
                let lines = setup_lines(fleet, at, by, schedule, start);
                options.setups.push(SetupOption { site, retrofit, start, schedule: schedule.clone(), lines });
            }
        }
    }
}

fn hosting(fleet: &Fleet, options: &mut Options) {
    let firsts: BTreeSet<_> = options.halls.iter().map(|o| (o.site, o.dates.ready)).collect();
    for (site, first_service) in firsts {
        let at = &fleet.sites[site];
        if at.hosting_fixed_cost > UsdPerYear::ZERO {
            options.hosting.push(HostingOption { site, first_service, lines: hosting_lines(fleet, at, first_service) });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::fixture;
    use crate::domain::offer::{Advance, PaidOn};
    use crate::domain::work::Work;
    use crate::options::UnitLine;
    use crate::plan::ledger::Category;
    use crate::units::{Months, Share, UsdPerKwIt};

    #[test]
    fn firm_power_that_a_work_may_bring_in_time_makes_an_option() {
        let starts = |months: Option<u32>| {
            let mut fleet = fixture::fleet();
            fleet.sites[0].power.firm[0].power = GrossMw::ZERO;
            fleet.works =
                months.map(|months| Work { months: Months(months), ..fixture::work("firm") }).into_iter().collect();
            let options = enumerate(&fleet, &Settings::default());
            options.halls.iter().map(|option| option.start.0).collect::<Vec<_>>()
        };
        assert!(starts(None).is_empty());
        assert_eq!(starts(Some(6)), [0, 3, 6, 9], "ready in July");
        assert_eq!(starts(Some(7)), [3, 6, 9], "it counts from October");
    }

    #[test]
    fn capital_alone_is_the_same_options_with_fewer_lines() {
        let mut fleet = fixture::fleet();
        let (amount, paid, credited) = (UsdPerKwIt::new(500.0), PaidOn::Start, Share(0.5));
        fleet.offers[0].advance = Some(Advance { amount, paid, credited });
        let mut all = enumerate(&fleet, &Settings::default());
        let counts = |line: &UnitLine| line.category.is_capital() || line.category == Category::Advance;
        let before: usize = all.halls.iter().map(|option| option.lines.len()).sum();
        all.halls.iter_mut().for_each(|option| option.lines.retain(counts));
        let after: usize = all.halls.iter().map(|option| option.lines.len()).sum();
        assert!(0 < after && after < before);
        assert_eq!(enumerate_capital(&fleet, &Settings::default()).halls, all.halls);
    }

    #[test]
    fn a_contract_may_outlast_the_lease_by_what_a_work_adds() {
        let mut fleet = fixture::fleet();
        let south = |fleet: &Fleet| {
            let options = enumerate(fleet, &Settings::default());
            options.halls.into_iter().filter(|option| option.site == 1).collect::<Vec<_>>()
        };
        assert!(south(&fleet).is_empty());
        // Three years from December 2027, or from January or April 2028.
        fleet.works = vec![fixture::longer_lease("south", date(2030, 12, 31))];
        let options = south(&fleet);
        assert_eq!(options.iter().map(|option| option.start.0).collect::<Vec<_>>(), [0, 3, 6]);
        assert!(options.iter().all(|option| option.extension));
        let leased = |line: &UnitLine| line.category == Category::SiteEndValue;
        assert!(options[0].lines.iter().any(leased), "its connection is not for sale at the horizon");
        fleet.sites[1].tenure = Tenure::Owned;
        assert!(south(&fleet).iter().all(|option| !option.extension));
    }
}
