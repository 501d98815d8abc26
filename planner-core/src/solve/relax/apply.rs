//! A repair done to the facts.

use jiff::ToSpan;
use jiff::civil::Date;

use super::lift::{absorption, fund, lengthen};
use super::repair::{Change, Repair};
use crate::domain::Fleet;
use crate::domain::money::Release;
use crate::domain::offer::{Eligible, Offer, OfferStatus};
use crate::domain::policy::CapPolicy;
use crate::domain::site::{PowerStep, Site, Tenure};
use crate::plan::Settings;
use crate::units::{GrossMw, ItMw, ItMwPerYear, Months, TeraHash, Usd};

impl Repair {
    /// Changes the facts. Numbers of locks are those of the file: a lock that is left out changes those after it.
    pub fn apply(&self, fleet: &mut Fleet, settings: &mut Settings) {
        let amount = self.amount;
        match &self.change {
            Change::Pot { .. } | Change::CarryOver { .. } | Change::PayFor { .. } => self.change_pot(fleet),
            Change::Budget => settings.budget = settings.budget.map(|budget| budget + usd(amount)),
            Change::Fund { site } => fund(fleet, site, usd(amount)),
            Change::Power { .. }
            | Change::Racks { .. }
            | Change::Halls { .. }
            | Change::Lease { .. }
            | Change::NotExclusive { .. } => self.change_site(fleet),
            Change::LatestStart => {
                fleet.calendar.latest_start = moved(fleet.calendar.latest_start, i64::from(amount));
            }
            Change::Horizon => {
                let months = fleet.calendar.period.months();
                lengthen(fleet, months * i32::try_from(amount).unwrap_or(0));
            }
            Change::Group { group } => {
                let of = fleet.offers.iter_mut().filter(|offer| offer.exclusive_group.as_ref() == Some(group));
                of.for_each(|offer| offer.exclusive_group = None);
            }
            Change::LongStop { offer }
            | Change::Tranches { offer }
            | Change::Deadlines { offer }
            | Change::Earliest { offer }
            | Change::LeastSize { offer }
            | Change::GreatestSize { offer }
            | Change::TrancheLoad { offer }
            | Change::ServeAt { offer, .. }
            | Change::Split { offer }
            | Change::Accept { offer, .. }
            | Change::PlanOn { offer }
            | Change::DoWithout { offer } => {
                let sites = fleet.sites.clone();
                if let Some(offer) = fleet.offers.iter_mut().find(|o| o.id == *offer) {
                    self.change_offer(offer, &sites);
                }
            }
            Change::MerchantCap => {
                fleet.merchant = Some(fleet.merchant.unwrap_or(ItMw::ZERO) + ItMw::new(mw(amount)));
            }
            Change::Absorption { market } => absorption(fleet, market).amount += ItMw::new(mw(amount)),
            Change::CrewHalls { .. }
            | Change::CrewLoad { .. }
            | Change::Deliveries { .. }
            | Change::Reservations { .. }
            | Change::ReserveLead { .. } => self.change_delivery(fleet),
            Change::AnyOrder { .. } | Change::Shorter { .. } | Change::Beyond { .. } | Change::PayForWork { .. } => {
                self.change_work(fleet);
            }
            Change::HashrateFloor | Change::MixShare | Change::TenantFree | Change::RegionFree => {
                self.change_policy(fleet);
            }
            Change::LockHalls { lock } => {
                if let Some(lock) = lock.checked_sub(1).and_then(|at| fleet.locks.get_mut(at)) {
                    lock.halls = lock.halls.saturating_sub(amount);
                }
            }
            Change::LeaveOut { lock } => {
                if (1..=fleet.locks.len()).contains(lock) {
                    fleet.locks.remove(lock - 1);
                }
            }
        }
    }

    fn change_pot(&self, fleet: &mut Fleet) {
        let (Change::Pot { pot, .. } | Change::CarryOver { pot } | Change::PayFor { pot, .. }) = &self.change else {
            return;
        };
        for pot in fleet.pots.iter_mut().filter(|p| p.id == *pot) {
            match &self.change {
                Change::Pot { from, .. } => {
                    let at = pot.release.partition_point(|release| release.from < *from);
                    match pot.release.get_mut(at).filter(|release| release.from == *from) {
                        Some(release) => release.amount += usd(self.amount),
                        None => pot.release.insert(at, Release { from: *from, amount: usd(self.amount) }),
                    }
                }
                Change::PayFor { site, .. } => {
                    if let Some(sites) = pot.sites.as_mut().filter(|sites| !sites.contains(site)) {
                        sites.push(site.clone());
                        sites.sort();
                    }
                }
                _ => pot.carry_over = true,
            }
        }
    }

    fn change_site(&self, fleet: &mut Fleet) {
        let (Change::Power { site, .. }
        | Change::Racks { site }
        | Change::Halls { site, .. }
        | Change::Lease { site }
        | Change::NotExclusive { site }) = &self.change
        else {
            return;
        };
        let power = GrossMw::new(mw(self.amount));
        for site in fleet.sites.iter_mut().filter(|s| s.id == *site) {
            match &self.change {
                Change::Power { connection, firm, from, .. } => {
                    for (_, steps) in [(connection, &mut site.power.connection), (firm, &mut site.power.firm)]
                        .into_iter()
                        .filter(|(x, _)| **x)
                    {
                        add(steps, power, *from);
                    }
                }
                Change::Racks { .. } => site.mining.spare_racks += power,
                Change::Halls { hall, .. } => {
                    site.halls.iter_mut().filter(|h| h.id == *hall).for_each(|hall| hall.count += self.amount);
                }
                Change::Lease { .. } => {
                    if let Tenure::Leased { until, .. } = &mut site.tenure {
                        *until = moved(*until, i64::from(self.amount));
                    }
                }
                _ => site.exclusive = false,
            }
        }
    }

    fn change_offer(&self, offer: &mut Offer, sites: &[Site]) {
        let (weeks, load) = (i64::from(self.amount), ItMw::new(mw(self.amount)));
        let later = |date: Date| moved(date, weeks);
        let lower = |size: ItMw| ItMw::new(f64::max((size - load).get(), 0.0));
        match &self.change {
            Change::LongStop { .. } => offer.long_stop = offer.long_stop.map(later),
            Change::Tranches { .. } => offer.tranches.iter_mut().for_each(|tranche| tranche.by = later(tranche.by)),
            Change::Deadlines { .. } => {
                offer.long_stop = offer.long_stop.map(later);
                offer.tranches.iter_mut().for_each(|tranche| tranche.by = later(tranche.by));
            }
            Change::Earliest { .. } => offer.earliest = offer.earliest.map(|date| moved(date, -weeks)),
            Change::LeastSize { .. } => {
                offer.min = lower(offer.min);
                for tranche in offer.tranches.iter_mut().filter(|tranche| tranche.min > offer.min) {
                    tranche.min = offer.min;
                }
            }
            Change::GreatestSize { .. } => offer.max += load,
            Change::TrancheLoad { .. } => {
                offer.tranches.iter_mut().for_each(|tranche| tranche.min = lower(tranche.min));
            }
            Change::ServeAt { site, .. } => {
                let also = sites.iter().filter(|s| s.id == *site || offer.eligible_at(s)).map(|s| s.id.clone());
                offer.eligible = Eligible::Sites(also.collect());
            }
            Change::Split { .. } => offer.split = true,
            Change::Accept { class, .. } => {
                (offer.class, offer.density, offer.redundancy) = (class.clone(), None, None);
            }
            Change::PlanOn { .. } => offer.status = OfferStatus::LetterOfIntent { plan_on: true },
            _ => offer.status = OfferStatus::Offered,
        }
    }

    fn change_delivery(&self, fleet: &mut Fleet) {
        match &self.change {
            Change::CrewHalls { crew } => {
                let found = fleet.crews.iter_mut().filter(|c| c.id == *crew);
                found.for_each(|crew| crew.halls = crew.halls.map(|halls| halls + self.amount));
            }
            Change::CrewLoad { crew } => {
                let more = ItMwPerYear::new(mw(self.amount));
                let found = fleet.crews.iter_mut().filter(|c| c.id == *crew);
                found.for_each(|crew| crew.energised = crew.energised.map(|load| load + more));
            }
            Change::Deliveries { item } => {
                let found = fleet.long_lead.iter_mut().filter(|long| long.item == *item);
                found.for_each(|long| long.per_period += self.amount);
            }
            Change::Reservations { item } | Change::ReserveLead { item } => {
                let found = fleet.long_lead.iter_mut().filter(|long| long.item == *item);
                for reserve in found.filter_map(|long| long.reserve.as_mut()) {
                    match self.change {
                        Change::Reservations { .. } => reserve.most += self.amount,
                        _ => reserve.lead = Months(reserve.lead.0.saturating_sub(self.amount)),
                    }
                }
            }
            _ => {}
        }
    }

    fn change_work(&self, fleet: &mut Fleet) {
        if let Change::PayForWork { pot, work } = &self.change {
            let pots = fleet.pots.iter_mut().filter(|p| p.id == *pot);
            for works in pots.filter_map(|pot| pot.works.as_mut()).filter(|works| !works.contains(work)) {
                works.push(work.clone());
                works.sort();
            }
        }
        let (Change::AnyOrder { work } | Change::Shorter { work } | Change::Beyond { work }) = &self.change else {
            return;
        };
        for work in fleet.works.iter_mut().filter(|w| w.id == *work) {
            match &self.change {
                Change::AnyOrder { .. } => work.after.clear(),
                Change::Shorter { .. } => work.months = Months(work.months.0.saturating_sub(self.amount).max(1)),
                _ => work.needed_by.iter_mut().for_each(|needed| needed.beyond += GrossMw::new(mw(self.amount))),
            }
        }
    }

    fn change_policy(&self, fleet: &mut Fleet) {
        let policies = &mut fleet.policies;
        let free = |policy: &mut Option<CapPolicy>| {
            if let Some(policy) = policy {
                policy.free += ItMw::new(mw(self.amount));
            }
        };
        match self.change {
            Change::TenantFree => free(&mut policies.tenant),
            Change::RegionFree => free(&mut policies.region),
            Change::MixShare => {
                let less = f64::from(self.amount) / 1e3;
                policies.mix.iter_mut().for_each(|policy| policy.share.0 = f64::max(policy.share.0 - less, 0.0));
            }
            _ => policies.hashrate.iter_mut().for_each(|policy| {
                let floor = policy.floor.get() - f64::from(self.amount) * 1e4;
                policy.floor = TeraHash::new(f64::max(floor, 0.0));
            }),
        }
    }
}

/// Adds power from a day on.
fn add(steps: &mut Vec<PowerStep>, power: GrossMw, from: Date) {
    let at = steps.partition_point(|step| step.from < from);
    if steps.get(at).is_none_or(|step| step.from > from) {
        let before = at.checked_sub(1).and_then(|before| steps.get(before)).map_or(GrossMw::ZERO, |step| step.power);
        steps.insert(at, PowerStep { from, power: before });
    }
    steps.iter_mut().skip(at).for_each(|step| step.power += power);
}

/// Less `weeks` weeks, or more, of a date; saturating at the ends of the civil calendar.
pub(super) fn moved(date: Date, weeks: i64) -> Date {
    date.saturating_add(weeks.clamp(-100_000, 100_000).weeks())
}

pub(super) fn mw(amount: u32) -> f64 {
    f64::from(amount) / 10.0
}

fn usd(amount: u32) -> Usd {
    Usd::new(f64::from(amount) * 1e3)
}
