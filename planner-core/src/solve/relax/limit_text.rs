//! Limits in words, with the figures of the facts.

use jiff::civil::Date;

use super::case::Case;
use super::limit::Limit;
use crate::domain::Fleet;
use crate::domain::calendar::Calendar;
use crate::domain::delivery::{Crew, LongLead};
use crate::domain::ids::SiteId;
use crate::domain::money::{Pot, Release};
use crate::domain::offer::{Eligible, Offer, Tranche};
use crate::domain::policy::{CapPolicy, LockKind};
use crate::domain::site::{PowerStep, Site, Tenure};
use crate::domain::work::Work;
use crate::units::{ItMw, Usd};

impl Limit {
    /// In words, with the figures of the facts.
    pub(super) fn text(&self, case: &Case) -> String {
        let fleet = &case.fleet;
        match self {
            Self::PolicyMix | Self::PolicyHashrate | Self::PolicyTenant | Self::PolicyRegion => self.policy(fleet),
            Self::Lock { lock } => lock_text(fleet, *lock),
            Self::Horizon => format!("the horizon ends on {}", fleet.calendar.period_start(fleet.calendar.horizon())),
            Self::LatestStart => format!("no conversion and no work starts after {}", fleet.calendar.latest_start),
            Self::Signed { offer }
            | Self::Asked { offer }
            | Self::Eligible { offer }
            | Self::OneSite { offer }
            | Self::GreatestSize { offer }
            | Self::LeastSize { offer }
            | Self::Tranches { offer }
            | Self::Earliest { offer }
            | Self::LongStop { offer }
            | Self::Letter { offer } => fleet.offer(offer).map_or_else(String::new, |offer| self.offer(offer)),
            Self::Group { group } => format!("at most one offer of the group `{group}` is accepted"),
            Self::ExclusiveSite { site }
            | Self::Racks { site }
            | Self::Connection { site }
            | Self::FirmPower { site }
            | Self::Lease { site }
            | Self::Halls { site, .. } => fleet.site(site).map_or_else(String::new, |site| self.site(site)),
            Self::NoPot { site } => format!("no pot pays for `{site}`"),
            Self::Pot { pot } => {
                fleet.pots.iter().find(|p| p.id == *pot).map_or_else(String::new, |pot| pot_text(pot, &fleet.calendar))
            }
            Self::Budget => {
                let budget = case.settings.budget.map_or(0.0, Usd::get);
                format!("the budget asked for is {} M$", figure(budget / 1e6, 3))
            }
            Self::MerchantCap => match fleet.merchant {
                Some(cap) => format!("at most {} are built without a contract", it(cap)),
                None => "nothing is built without a contract".to_owned(),
            },
            Self::Absorption { market } => {
                let found = fleet.deck.absorption.iter().find(|entry| entry.market == *market);
                let amount = found.map_or(ItMw::ZERO, |entry| entry.amount);
                format!("the market `{market}` takes {} without a contract", it(amount))
            }
            Self::Crew { crew } => fleet.crews.iter().find(|c| c.id == *crew).map_or_else(String::new, crew_text),
            Self::LongLead { item } => {
                fleet.long_lead.iter().find(|long| long.item == *item).map_or_else(String::new, deliveries)
            }
            Self::NoPotForWork { work } => format!("no pot pays for the work `{work}`"),
            Self::WorkOrder { work } | Self::WorkLength { work } | Self::WorkNeeded { work } => {
                fleet.work(work).map_or_else(String::new, |work| self.work(work))
            }
        }
    }

    fn policy(&self, fleet: &Fleet) -> String {
        let policies = &fleet.policies;
        let cap = |what: &str, policy: Option<CapPolicy>| {
            let Some(policy) = policy else { return String::new() };
            let share = figure(policy.cap.0 * 100.0, 1);
            format!("{what} has more than {share} % of the contracted load and {}", it(policy.free))
        };
        match self {
            Self::PolicyTenant => cap("policy_tenant: no tenant", policies.tenant),
            Self::PolicyRegion => cap("policy_region: no region", policies.region),
            Self::PolicyMix => policies.mix.map_or_else(String::new, |policy| {
                let share = figure(policy.share.0 * 100.0, 1);
                format!("policy_mix: hosting is {share} % of revenue from {} on", policy.from)
            }),
            _ => policies.hashrate.map_or_else(String::new, |policy| {
                let floor = figure(policy.floor.get() / 1e6, 2);
                format!("policy_hashrate: {floor} EH/s run from {} to {}", policy.from, policy.to)
            }),
        }
    }

    fn offer(&self, offer: &Offer) -> String {
        let id = &offer.id;
        let day = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        match self {
            Self::Signed { .. } => format!("`{id}` is signed"),
            Self::Asked { .. } => {
                let density = offer.density.map_or_else(String::new, |least| format!(", at least {least}"));
                let spare = if offer.redundancy.is_some() { ", with its redundancy" } else { "" };
                format!("`{id}` asks for the class `{}`{density}{spare}", offer.class)
            }
            Self::Eligible { .. } => format!("`{id}` can be served only at {}", places(&offer.eligible)),
            Self::OneSite { .. } => format!("`{id}` is served at one site"),
            Self::GreatestSize { .. } => format!("`{id}` takes at most {}", it(offer.max)),
            Self::LeastSize { .. } => format!("`{id}` takes at least {}", it(offer.min)),
            Self::Tranches { .. } => {
                let tranche = |tranche: &Tranche| format!("{} by {}", it(tranche.min), tranche.by);
                let all: Vec<String> = offer.tranches.iter().map(tranche).collect();
                format!("`{id}` wants {}", all.join(", "))
            }
            Self::Earliest { .. } => format!("`{id}` commences on {} at the earliest", day(offer.earliest)),
            Self::LongStop { .. } => format!("the long-stop of `{id}` is {}", day(offer.long_stop)),
            _ => format!("`{id}` is a letter of intent that does not count"),
        }
    }

    fn site(&self, site: &Site) -> String {
        let id = &site.id;
        match self {
            Self::ExclusiveSite { .. } => format!("at most one offer is served at `{id}`"),
            Self::Racks { .. } => format!("the racks of `{id}`"),
            Self::Connection { .. } => format!("connection of `{id}`: {}", steps(&site.power.connection)),
            Self::FirmPower { .. } => format!("firm power of `{id}`: {}", steps(&site.power.firm)),
            Self::Halls { hall, .. } => {
                let count = site.hall(hall).map_or(0, |hall| hall.count);
                format!("the group `{hall}` of `{id}` has {count} {}", halls(count))
            }
            _ => match site.tenure {
                Tenure::Leased { until, .. } => format!("the lease of `{id}` ends on {until}"),
                Tenure::Owned => format!("`{id}` is owned"),
            },
        }
    }

    fn work(&self, work: &Work) -> String {
        let id = &work.id;
        match self {
            Self::WorkOrder { .. } => {
                let after: Vec<String> = work.after.iter().map(|id| format!("`{id}`")).collect();
                format!("the work `{id}` starts after {}", after.join(" and "))
            }
            Self::WorkLength { .. } => format!("the work `{id}` takes {} months", work.months.0),
            _ => {
                let Some(needed) = &work.needed_by else { return String::new() };
                let mut sites: Vec<String> = needed.halls.iter().map(|(site, _)| format!("`{site}`")).collect();
                sites.dedup();
                let beyond = figure(needed.beyond.get(), 1);
                format!("no more than {beyond} MW at {} are in service before the work `{id}`", sites.join(" and "))
            }
        }
    }
}

fn crew_text(crew: &Crew) -> String {
    let at_once = crew.halls.map(|count| format!("converts {count} {} at once", halls(count)));
    let a_year = crew.energised.map(|load| format!("energises {} MW-IT a year", figure(load.get(), 1)));
    let both: Vec<String> = at_once.into_iter().chain(a_year).collect();
    format!("the crew `{}` {}", crew.id, both.join(" and "))
}

fn deliveries(long: &LongLead) -> String {
    let text = format!("{} of `{}` are delivered in a period", long.per_period, long.item);
    let more = |reserve: crate::domain::delivery::Reserve| {
        format!("{text}, and {} more that are reserved {} months before", reserve.most, reserve.lead.0)
    };
    long.reserve.map_or_else(|| text.clone(), more)
}

fn lock_text(fleet: &Fleet, number: usize) -> String {
    let Some(lock) = number.checked_sub(1).and_then(|at| fleet.locks.get(at)) else { return String::new() };
    let mut named = vec![];
    named.extend(lock.offer.as_ref().map(|offer| format!("for `{offer}`")));
    named.extend(lock.hall.as_ref().map(|hall| format!("in the group `{hall}`")));
    named.extend(lock.site.as_ref().map(|site| format!("at `{site}`")));
    named.extend(lock.retrofit.as_ref().map(|retrofit| format!("by `{retrofit}`")));
    named.extend(lock.start.map(|start| format!("from {start}")));
    let named = if named.is_empty() { "anywhere".to_owned() } else { named.join(" ") };
    if let Some(work) = &lock.work {
        let from = lock.start.map_or_else(String::new, |start| format!(" from {start}"));
        return match lock.kind {
            LockKind::Forbid => format!("lock {number} forbids the work `{work}`{from}"),
            LockKind::Force => format!("lock {number} demands the work `{work}`{from}"),
            LockKind::Started => format!("lock {number}: the work `{work}` has started{from}"),
        };
    }
    match lock.kind {
        LockKind::Forbid => format!("lock {number} forbids conversions {named}"),
        LockKind::Force => format!("lock {number} demands {} {} {named}", lock.halls, halls(lock.halls)),
        LockKind::Started => {
            let have = if lock.halls == 1 { "has" } else { "have" };
            format!("lock {number}: {} {} {have} started {named}", lock.halls, halls(lock.halls))
        }
    }
}

fn pot_text(pot: &Pot, calendar: &Calendar) -> String {
    let release = |r: &Release| {
        let amount = figure(r.amount.get() / 1e6, 3);
        // A date inside a period counts from the next one.
        match calendar.first_start_from(r.from) {
            Some(first) if first > calendar.start.max(r.from) => format!("{amount} M$ from {first} ({})", r.from),
            Some(_) => format!("{amount} M$ from {}", r.from),
            None => format!("{amount} M$ from {}, which is after the last period begins", r.from),
        }
    };
    let all: Vec<String> = pot.release.iter().map(release).collect();
    let lapse = if pot.carry_over { "" } else { ", not carried over" };
    format!("pot `{}`: {}{lapse}", pot.id, all.join(", "))
}

fn places(eligible: &Eligible) -> String {
    match eligible {
        Eligible::Anywhere => "any site".to_owned(),
        Eligible::Sites(sites) => sites.iter().map(SiteId::as_str).collect::<Vec<_>>().join(", "),
        Eligible::Markets(markets) => format!("sites in {}", markets.join(", ")),
    }
}

fn steps(steps: &[PowerStep]) -> String {
    let step = |step: &PowerStep| format!("{} MW from {}", figure(step.power.get(), 1), step.from);
    if steps.is_empty() { "none".to_owned() } else { steps.iter().map(step).collect::<Vec<_>>().join(", ") }
}

pub(super) fn halls(count: u32) -> &'static str {
    if count == 1 { "hall" } else { "halls" }
}

fn it(load: ItMw) -> String {
    format!("{} MW-IT", figure(load.get(), 1))
}

/// At most so many decimals, without trailing zeros.
pub(super) fn figure(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::calendar::PeriodLength;

    #[test]
    fn a_release_is_told_from_the_day_on_which_it_counts() {
        let (start, latest_start) = (date(2027, 1, 1), date(2027, 12, 31));
        let calendar = Calendar { start, period: PeriodLength::Quarter, periods: 4, latest_start };
        let release = |from| Release { from, amount: Usd::new(5e6) };
        let dates = [date(2026, 5, 17), start, date(2027, 4, 2), date(2027, 10, 2)];
        let pot = Pot {
            id: "main".into(),
            release: dates.map(release).to_vec(),
            carry_over: true,
            sites: None,
            works: None,
            relieved_by: vec![],
        };
        assert_eq!(
            pot_text(&pot, &calendar),
            "pot `main`: 5 M$ from 2026-05-17, 5 M$ from 2027-01-01, 5 M$ from 2027-07-01 (2027-04-02), 5 M$ from \
             2027-10-02, which is after the last period begins"
        );
    }
}
