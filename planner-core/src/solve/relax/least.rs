//! The least changes with which a plan exists.

use jiff::civil::Date;

use super::case::Case;
use super::limit::{self, Limit};
use super::repair::{Change, Repair, Unit};
use super::search::Search;
use crate::domain::calendar::Period;
use crate::domain::ids::{OfferId, PotId, SiteId};
use crate::domain::policy::LockKind;

/// Facts to repair.
struct Base {
    /// With all but other conflicts.
    full: Case,
    /// With the demands of this conflict alone: quicker to ask, and what is too little here is too little for all.
    small: Case,
}

impl Search<'_> {
    /// The least change of each limit that resolves a conflict alone: money, time, power, sizes, and last what to do
    /// without.
    pub(super) fn repairs(&self, full: Case, limits: &[Limit]) -> Vec<Repair> {
        let others: Vec<Limit> = limit::demands(&full).into_iter().filter(|demand| !limits.contains(demand)).collect();
        let base = &Base { small: full.lifted(&others), full };
        let mut found: Vec<Repair> = vec![];
        for limit in limits.iter().rev() {
            for repair in self.repairs_of(base, limit) {
                if !found.iter().any(|other| other.change == repair.change) {
                    found.push(repair);
                }
            }
        }
        found
    }

    fn repairs_of(&self, base: &Base, limit: &Limit) -> Vec<Repair> {
        match limit {
            Limit::Pot { pot } => self.of_pot(base, pot),
            Limit::NoPot { site } => {
                let pots = base.full.fleet.pots.iter();
                let pay = pots.map(|pot| Change::PayFor { pot: pot.id.clone(), site: site.clone() });
                let found: Vec<Repair> = pay.filter_map(|change| self.least(base, &change)).collect();
                if found.is_empty() { self.each(base, [Change::Fund { site: site.clone() }]) } else { found }
            }
            Limit::FirmPower { site } => self.of_power(base, site, false),
            Limit::Connection { site } => self.of_power(base, site, true),
            Limit::LongStop { offer } | Limit::Tranches { offer } => self.of_deadlines(base, offer, limit),
            Limit::Eligible { offer } => {
                let sites = base
                    .full
                    .fleet
                    .sites
                    .iter()
                    .filter(|site| base.full.fleet.offer(offer).is_some_and(|offer| !offer.eligible_at(site)));
                let serve = sites.map(|site| Change::ServeAt { offer: offer.clone(), site: site.id.clone() });
                self.each(base, serve)
            }
            Limit::Asked { offer } => {
                let mut classes: Vec<&String> =
                    base.full.fleet.retrofits.iter().map(|retrofit| &retrofit.class).collect();
                classes.sort();
                classes.dedup();
                let accept = classes.into_iter();
                self.each(base, accept.map(|class| Change::Accept { offer: offer.clone(), class: class.clone() }))
            }
            Limit::NoPotForWork { work } => {
                let pots = base.full.fleet.pots.iter();
                self.each(base, pots.map(|pot| Change::PayForWork { pot: pot.id.clone(), work: work.clone() }))
            }
            Limit::LongLead { item } => {
                let item = || item.clone();
                let more = [Change::Deliveries { item: item() }, Change::Reservations { item: item() }];
                self.each(base, more.into_iter().chain([Change::ReserveLead { item: item() }]))
            }
            Limit::Lock { lock } => self.of_lock(base, *lock),
            Limit::Crew { crew } => {
                self.each(base, [Change::CrewHalls { crew: crew.clone() }, Change::CrewLoad { crew: crew.clone() }])
            }
            simple => simple.change().into_iter().filter_map(|change| self.least(base, &change)).collect(),
        }
    }

    fn each(&self, base: &Base, changes: impl IntoIterator<Item = Change>) -> Vec<Repair> {
        changes.into_iter().filter_map(|change| self.least(base, &change)).collect()
    }

    /// With carry-over, the latest day by which the least amount must be there; without, the release that costs least.
    fn of_pot(&self, base: &Base, id: &PotId) -> Vec<Repair> {
        let Some(pot) = base.full.fleet.pots.iter().find(|pot| pot.id == *id) else { return vec![] };
        let start = base.full.fleet.calendar.start;
        let raise = |from, lapses| Change::Pot { pot: id.clone(), from, lapses };
        if pot.carry_over {
            let Some(first) = self.least(base, &raise(start, false)) else { return vec![] };
            return vec![self.latest(base, &first, |from| raise(from, false))];
        }
        let mut days: Vec<_> = pot.release.iter().map(|release| release.from).collect();
        if days.first().is_none_or(|first| *first > start) {
            days.insert(0, start);
        }
        let windows = days.into_iter().filter_map(|day| self.least(base, &raise(day, true)));
        let mut found: Vec<Repair> = windows.min_by_key(|repair| repair.amount).into_iter().collect();
        found.extend(self.least(base, &Change::CarryOver { pot: id.clone() }));
        found
    }

    /// One of connection and firm power alone, or else both.
    fn of_power(&self, base: &Base, site: &SiteId, grid: bool) -> Vec<Repair> {
        let start = base.full.fleet.calendar.start;
        for (connection, firm) in [(grid, !grid), (true, true)] {
            let more = |from| Change::Power { site: site.clone(), connection, firm, from };
            if let Some(first) = self.least(base, &more(start)) {
                return vec![self.latest(base, &first, more)];
            }
        }
        vec![]
    }

    /// The deadline alone, or else all of the offer's.
    fn of_deadlines(&self, base: &Base, offer: &OfferId, limit: &Limit) -> Vec<Repair> {
        let offer = || offer.clone();
        let mut found = match limit {
            Limit::LongStop { .. } => self.each(base, [Change::LongStop { offer: offer() }]),
            _ => self.each(base, [Change::Tranches { offer: offer() }]),
        };
        if found.is_empty() {
            found = self.each(base, [Change::Deadlines { offer: offer() }]);
        }
        if matches!(limit, Limit::Tranches { .. }) {
            found.extend(self.least(base, &Change::TrancheLoad { offer: offer() }));
        }
        found
    }

    /// Fewer halls where some are left, or none at all; what has started is a fact.
    fn of_lock(&self, base: &Base, lock: usize) -> Vec<Repair> {
        let Some(locked) = lock.checked_sub(1).and_then(|at| base.full.fleet.locks.get(at)) else { return vec![] };
        if locked.kind == LockKind::Started {
            return vec![];
        }
        let mut found = vec![];
        if locked.kind == LockKind::Force && locked.work.is_none() && locked.halls > 1 {
            found.extend(self.least(base, &Change::LockHalls { lock }).filter(|fewer| fewer.amount < locked.halls));
        }
        found.extend(self.least(base, &Change::LeaveOut { lock }));
        found
    }

    /// The same repair from the latest period on from which it still is one.
    fn latest(&self, base: &Base, first: &Repair, change: impl Fn(Date) -> Change) -> Repair {
        let calendar = &base.full.fleet.calendar;
        let at = |period| {
            let from = calendar.period_start(Period(period));
            change(from).by(first.amount, &base.full.fleet)
        };
        let among = |case: &Case, periods: u32| {
            let (mut good, mut bad) = (0, periods);
            while bad - good > 1 {
                let middle = u32::midpoint(good, bad);
                if self.possible(&case.repaired(&at(middle))) { good = middle } else { bad = middle }
            }
            good
        };
        let latest = among(&base.small, calendar.periods);
        let enough = latest == 0 || self.possible(&base.full.repaired(&at(latest)));
        at(if enough { latest } else { among(&base.full, latest) })
    }

    /// The least amount of a change with which a plan exists.
    fn least(&self, base: &Base, change: &Change) -> Option<Repair> {
        let fleet = &base.full.fleet;
        let by = |amount| change.clone().by(amount, fleet);
        let least = |case: &Case, above: u32| {
            let good = |amount| self.possible(&case.repaired(&by(amount)));
            let most = most(&base.full, change);
            if most <= above || !good(most) {
                return None;
            }
            // Go up in growing steps until it is enough, then halve.
            let step = if change.unit() == Unit::Money { 1024 } else { 8 };
            let (mut short, mut enough) = (above, most.min(above.saturating_add(step)));
            while enough < most && !good(enough) {
                (short, enough) = (enough, enough.saturating_mul(4).min(most));
            }
            while enough - short > 1 {
                let middle = u32::midpoint(short, enough);
                if good(middle) { enough = middle } else { short = middle }
            }
            Some(enough)
        };
        let amount = least(&base.small, 0)?;
        let enough = self.possible(&base.full.repaired(&by(amount)));
        let amount = if enough { amount } else { least(&base.full, amount)? };
        Some(by(amount))
    }
}

/// The greatest amount of a change that has a meaning.
fn most(case: &Case, change: &Change) -> u32 {
    // Amounts are small and positive.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let tenths = |load: f64| ((load * 10.0).ceil() as u32).saturating_sub(1);
    let fleet = &case.fleet;
    let reserve = |item: &String| fleet.long_lead.iter().find(|long| long.item == *item)?.reserve;
    match change {
        // Something of the size is left.
        Change::LeastSize { offer } => fleet.offer(offer).map_or(0, |offer| tenths(offer.min.get())),
        Change::TrancheLoad { offer } => {
            let last = fleet.offer(offer).and_then(|offer| offer.tranches.last());
            last.map_or(0, |tranche| tenths(tranche.min.get()))
        }
        Change::HashrateFloor => fleet.policies.hashrate.map_or(0, |policy| tenths(policy.floor.get() / 1e5)),
        Change::MixShare => fleet.policies.mix.map_or(0, |policy| tenths(policy.share.0 * 100.0)),
        Change::LockHalls { lock } => fleet.locks.get(lock.saturating_sub(1)).map_or(0, |lock| lock.halls),
        Change::Halls { .. } | Change::CrewHalls { .. } | Change::Deliveries { .. } => 200,
        Change::Reservations { item } => reserve(item).map_or(0, |_| 200),
        Change::ReserveLead { item } => reserve(item).map_or(0, |reserve| reserve.lead.0),
        Change::Shorter { work } => fleet.work(work).map_or(0, |work| work.months.0.saturating_sub(1)),
        Change::Horizon => 60 / u32::try_from(fleet.calendar.period.months()).unwrap_or(1),
        _ => match change.unit() {
            Unit::Money => 1_000_000_000,
            Unit::Power => 100_000,
            Unit::Whole => 1_500,
            Unit::Once => 1,
            Unit::Hashrate | Unit::Share => 0,
        },
    }
}

impl Limit {
    /// The change of this limit, where there is just one kind.
    fn change(&self) -> Option<Change> {
        Some(match self.clone() {
            Self::PolicyMix => Change::MixShare,
            Self::PolicyHashrate => Change::HashrateFloor,
            Self::PolicyTenant => Change::TenantFree,
            Self::PolicyRegion => Change::RegionFree,
            Self::Signed { offer } => Change::DoWithout { offer },
            Self::Horizon => Change::Horizon,
            Self::LatestStart => Change::LatestStart,
            Self::OneSite { offer } => Change::Split { offer },
            Self::GreatestSize { offer } => Change::GreatestSize { offer },
            Self::LeastSize { offer } => Change::LeastSize { offer },
            Self::Earliest { offer } => Change::Earliest { offer },
            Self::Letter { offer } => Change::PlanOn { offer },
            Self::Group { group } => Change::Group { group },
            Self::ExclusiveSite { site } => Change::NotExclusive { site },
            Self::Racks { site } => Change::Racks { site },
            Self::Lease { site } => Change::Lease { site },
            Self::Halls { site, hall } => Change::Halls { site, hall },
            Self::Budget => Change::Budget,
            Self::MerchantCap => Change::MerchantCap,
            Self::Absorption { market } => Change::Absorption { market },
            Self::WorkOrder { work } => Change::AnyOrder { work },
            Self::WorkLength { work } => Change::Shorter { work },
            Self::WorkNeeded { work } => Change::Beyond { work },
            _ => return None,
        })
    }
}
