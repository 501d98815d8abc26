//! Changes to the facts that would resolve a conflict, with the least amount that does.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::limit::{absorption, figure, fund, halls, lengthen};
use crate::domain::Fleet;
use crate::domain::ids::{CrewId, HallId, OfferId, PotId, SiteId};
use crate::domain::money::Release;
use crate::domain::offer::{Eligible, Offer, OfferStatus};
use crate::domain::policy::CapPolicy;
use crate::domain::site::{PowerStep, Tenure};
use crate::plan::Settings;
use crate::units::{GrossMw, ItMw, ItMwPerYear, TeraHash, Usd};

/// What an amount of a repair counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Thousands of dollars.
    Money,
    /// Tenths of a MW, gross or of critical IT load.
    Power,
    /// Weeks, halls, periods, deliveries.
    Whole,
    /// Hundredths of an EH/s.
    Hashrate,
    /// Tenths of a percent.
    Share,
    /// Nothing: it is done or not.
    Once,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Money for a pot, in thousands of dollars.
    Pot {
        /// Which.
        pot: PotId,
        /// Released then.
        from: Date,
        /// Whether a release of that day is raised that lapses with the next.
        lapses: bool,
    },
    /// A pot keeps what is not spent.
    CarryOver {
        /// Which.
        pot: PotId,
    },
    /// The total asked for, in thousands of dollars.
    Budget,
    /// A pot pays for a site.
    PayFor {
        /// Which.
        pot: PotId,
        /// What for.
        site: SiteId,
    },
    /// A pot of its own for a site, in thousands of dollars.
    Fund {
        /// Which.
        site: SiteId,
    },
    /// Power at a site, in tenths of a MW.
    Power {
        /// Where.
        site: SiteId,
        /// The connection.
        connection: bool,
        /// Its firm part.
        firm: bool,
        /// From that day on.
        from: Date,
    },
    /// Racks at a site, in tenths of a MW.
    Racks {
        /// Where.
        site: SiteId,
    },
    /// Halls of a group.
    Halls {
        /// Where.
        site: SiteId,
        /// Which group.
        hall: HallId,
    },
    /// A site's lease is longer, in weeks.
    Lease {
        /// Where.
        site: SiteId,
    },
    /// Conversions may start later, in weeks.
    LatestStart,
    /// The model has more periods.
    Horizon,
    /// The long-stop is later, in weeks.
    LongStop {
        /// Of which offer.
        offer: OfferId,
    },
    /// Every tranche is later, in weeks.
    Tranches {
        /// Of which offer.
        offer: OfferId,
    },
    /// Tranches and long-stop are later, in weeks.
    Deadlines {
        /// Of which offer.
        offer: OfferId,
    },
    /// Commencement may be earlier, in weeks.
    Earliest {
        /// Of which offer.
        offer: OfferId,
    },
    /// The least load, and tranches above it, in tenths of a MW-IT.
    LeastSize {
        /// Of which offer.
        offer: OfferId,
    },
    /// The greatest load, in tenths of a MW-IT.
    GreatestSize {
        /// Of which offer.
        offer: OfferId,
    },
    /// Every tranche, in tenths of a MW-IT.
    TrancheLoad {
        /// Of which offer.
        offer: OfferId,
    },
    /// It is served at one more site.
    ServeAt {
        /// Which offer.
        offer: OfferId,
        /// Where too.
        site: SiteId,
    },
    /// It is served at several sites.
    Split {
        /// Which offer.
        offer: OfferId,
    },
    /// It takes a class whatever its density and redundancy.
    Accept {
        /// Which offer.
        offer: OfferId,
        /// The class.
        class: String,
    },
    /// It counts in full.
    PlanOn {
        /// Which letter of intent.
        offer: OfferId,
    },
    /// Any number of its offers is accepted.
    Group {
        /// Which.
        group: String,
    },
    /// Any number of offers is served there.
    NotExclusive {
        /// Where.
        site: SiteId,
    },
    /// Capacity without a contract, in tenths of a MW-IT.
    MerchantCap,
    /// What a market takes, in tenths of a MW-IT.
    Absorption {
        /// Which.
        market: String,
    },
    /// Halls of a crew at once.
    CrewHalls {
        /// Which.
        crew: CrewId,
    },
    /// Load that a crew energises in a year, in tenths of a MW-IT.
    CrewLoad {
        /// Which.
        crew: CrewId,
    },
    /// Deliveries in a period.
    Deliveries {
        /// Of which item.
        item: String,
    },
    /// The floor of hashrate, in hundredths of an EH/s.
    HashrateFloor,
    /// The share of hosting, in tenths of a percent.
    MixShare,
    /// The load that a tenant always may have, in tenths of a MW-IT.
    TenantFree,
    /// The load that a region always may have, in tenths of a MW-IT.
    RegionFree,
    /// Halls that a lock asks for.
    LockHalls {
        /// Its number.
        lock: usize,
    },
    /// A lock is left out.
    LeaveOut {
        /// Its number.
        lock: usize,
    },
    /// A signed offer is declined.
    DoWithout {
        /// Which.
        offer: OfferId,
    },
}

/// The least change of one kind with which a plan exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What is changed.
    pub change: Change,
    /// By how much, in the unit of the change; 1 where there is nothing to measure.
    pub amount: u32,
    /// In words.
    pub text: String,
}

impl Change {
    pub(super) fn unit(&self) -> Unit {
        match self {
            Self::Pot { .. } | Self::Budget | Self::Fund { .. } => Unit::Money,
            Self::Power { .. }
            | Self::Racks { .. }
            | Self::LeastSize { .. }
            | Self::GreatestSize { .. }
            | Self::TrancheLoad { .. }
            | Self::MerchantCap
            | Self::Absorption { .. }
            | Self::CrewLoad { .. }
            | Self::TenantFree
            | Self::RegionFree => Unit::Power,
            Self::Halls { .. }
            | Self::Lease { .. }
            | Self::LatestStart
            | Self::Horizon
            | Self::LongStop { .. }
            | Self::Tranches { .. }
            | Self::Deadlines { .. }
            | Self::Earliest { .. }
            | Self::CrewHalls { .. }
            | Self::Deliveries { .. }
            | Self::LockHalls { .. } => Unit::Whole,
            Self::HashrateFloor => Unit::Hashrate,
            Self::MixShare => Unit::Share,
            Self::CarryOver { .. }
            | Self::PayFor { .. }
            | Self::ServeAt { .. }
            | Self::Split { .. }
            | Self::Accept { .. }
            | Self::PlanOn { .. }
            | Self::Group { .. }
            | Self::NotExclusive { .. }
            | Self::LeaveOut { .. }
            | Self::DoWithout { .. } => Unit::Once,
        }
    }

    /// With an amount, and as words about these facts.
    pub(super) fn by(self, amount: u32, fleet: &Fleet) -> Repair {
        let text = self.text(amount, fleet);
        Repair { change: self, amount, text }
    }
}

/// Less `weeks` weeks, or more, of a date; saturating at the ends of the civil calendar.
fn moved(date: Date, weeks: i64) -> Date {
    date.saturating_add(weeks.clamp(-100_000, 100_000).weeks())
}

fn mw(amount: u32) -> f64 {
    f64::from(amount) / 10.0
}

fn usd(amount: u32) -> Usd {
    Usd::new(f64::from(amount) * 1e3)
}

impl Repair {
    /// The same with one unit less; `None` when nothing would be left of it.
    #[must_use]
    pub fn less(&self) -> Option<Self> {
        let amount = self.amount.checked_sub(1).filter(|amount| *amount > 0)?;
        (self.change.unit() != Unit::Once).then(|| Self { amount, ..self.clone() })
    }

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
            Change::CrewHalls { .. } | Change::CrewLoad { .. } | Change::Deliveries { .. } => {
                self.change_delivery(fleet);
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

    fn change_offer(&self, offer: &mut Offer, sites: &[crate::domain::site::Site]) {
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
            _ => {}
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

impl Change {
    fn text(&self, amount: u32, fleet: &Fleet) -> String {
        let money = || format!("{} M$", figure(f64::from(amount) / 1e3, 3));
        let (weeks, load) = (weeks(amount), format!("{} MW-IT", figure(mw(amount), 1)));
        match self {
            Self::Pot { pot, from, lapses: false } => format!("raise pot `{pot}` by {} (released by {from})", money()),
            Self::Pot { pot, from, lapses: true } => {
                format!("raise the release of {from} of pot `{pot}` by {}", money())
            }
            Self::CarryOver { pot } => format!("let pot `{pot}` carry over what is not spent"),
            Self::Budget => format!("raise the budget by {}", money()),
            Self::PayFor { pot, site } => format!("let pot `{pot}` pay for `{site}`"),
            Self::Fund { site } => format!("give `{site}` a pot of its own with {}", money()),
            Self::Power { site, connection, firm, from } => {
                let what = match (connection, firm) {
                    (true, true) => "connection and firm power",
                    (true, false) => "connection",
                    _ => "firm power",
                };
                format!("{} MW more {what} at `{site}` from {from}", figure(mw(amount), 1))
            }
            Self::Racks { site } => format!("{} MW more racks at `{site}`", figure(mw(amount), 1)),
            Self::Halls { site, hall } => {
                format!("{amount} more {} in the group `{hall}` at `{site}`", halls(amount))
            }
            Self::LatestStart => {
                let to = moved(fleet.calendar.latest_start, i64::from(amount));
                format!("let conversions start {weeks} later (to {to})")
            }
            Self::Horizon => {
                format!("lengthen the horizon by {amount} {}", if amount == 1 { "period" } else { "periods" })
            }
            Self::Lease { site } => {
                let to = fleet.site(site).and_then(|site| match site.tenure {
                    Tenure::Leased { until, .. } => Some(moved(until, i64::from(amount))),
                    Tenure::Owned => None,
                });
                format!("extend the lease of `{site}` by {weeks}{}", to_date(to))
            }
            Self::MerchantCap => format!("allow {load} more without a contract"),
            Self::Absorption { market } => format!("let the market `{market}` take {load} more without a contract"),
            Self::CrewHalls { crew } => format!("{amount} more {} at once for the crew `{crew}`", halls(amount)),
            Self::CrewLoad { crew } => format!("{load} more a year for the crew `{crew}`"),
            Self::Deliveries { item } => format!("{amount} more of `{item}` in each period"),
            Self::HashrateFloor => {
                format!("lower the floor of policy_hashrate by {} EH/s", figure(f64::from(amount) / 100.0, 2))
            }
            Self::MixShare => format!("lower the share of policy_mix by {} %", figure(f64::from(amount) / 10.0, 1)),
            Self::TenantFree => format!("raise the free load of policy_tenant by {load}"),
            Self::RegionFree => format!("raise the free load of policy_region by {load}"),
            Self::LockHalls { lock } => format!("ask for {amount} fewer {} in lock {lock}", halls(amount)),
            Self::LeaveOut { lock } => format!("leave lock {lock} out"),
            Self::Group { group } => format!("let more than one offer of the group `{group}` be accepted"),
            Self::NotExclusive { site } => format!("let more than one offer be served at `{site}`"),
            _ => self.text_of_offer(amount, fleet),
        }
    }

    fn text_of_offer(&self, amount: u32, fleet: &Fleet) -> String {
        let (by, load) = (weeks(amount), format!("{} MW-IT", figure(mw(amount), 1)));
        let find = |id: &OfferId| fleet.offer(id);
        match self {
            Self::LongStop { offer } => {
                let to = find(offer).and_then(|offer| offer.long_stop).map(|date| moved(date, i64::from(amount)));
                format!("move the long-stop of `{offer}` by {by}{}", to_date(to))
            }
            Self::Tranches { offer } => {
                let last = find(offer).and_then(|offer| offer.tranches.last());
                let to = last.map(|tranche| moved(tranche.by, i64::from(amount)));
                let what =
                    if find(offer).is_some_and(|offer| offer.tranches.len() > 1) { "tranches" } else { "tranche" };
                format!("move the {what} of `{offer}` by {by}{}", to_date(to))
            }
            Self::Deadlines { offer } => format!("move tranches and long-stop of `{offer}` by {by}"),
            Self::Earliest { offer } => {
                let to = find(offer).and_then(|offer| offer.earliest).map(|date| moved(date, -i64::from(amount)));
                format!("let `{offer}` commence {by} earlier{}", to_date(to))
            }
            Self::LeastSize { offer } => format!("lower the least size of `{offer}` by {load}"),
            Self::GreatestSize { offer } => format!("raise the greatest size of `{offer}` by {load}"),
            Self::TrancheLoad { offer } => format!("lower the tranche loads of `{offer}` by {load}"),
            Self::ServeAt { offer, site } => format!("let `{offer}` be served at `{site}`"),
            Self::Split { offer } => format!("let `{offer}` be served at several sites"),
            Self::Accept { offer, class } => {
                format!("let `{offer}` take the class `{class}`, whatever its density and redundancy")
            }
            Self::PlanOn { offer } => format!("count the letter of intent `{offer}`"),
            Self::DoWithout { offer } => format!("do without the signed offer `{offer}`"),
            _ => String::new(),
        }
    }
}

fn weeks(amount: u32) -> String {
    format!("{amount} {}", if amount == 1 { "week" } else { "weeks" })
}

fn to_date(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| format!(" (to {date})"))
}
