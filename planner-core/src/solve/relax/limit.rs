//! What a planner would call one limit or one demand: the parts of a conflict.

use jiff::civil::Date;
use serde::Serialize;

use super::case::Case;
use crate::domain::Fleet;
use crate::domain::delivery::Crew;
use crate::domain::ids::{CrewId, HallId, OfferId, PotId, SiteId};
use crate::domain::market::Absorption;
use crate::domain::money::{Pot, Release};
use crate::domain::offer::{Eligible, Offer, OfferStatus, Tranche};
use crate::domain::policy::{Lock, LockKind};
use crate::domain::site::{PowerStep, Site, Tenure};
use crate::options::RefusalReason;
use crate::plan::MERCHANT;
use crate::units::{GrossMw, ItMw, ItMwPerYear, Usd};

/// MW, MW-IT: more than any portfolio has, and still a coefficient of sane size.
pub(super) const PLENTY_MW: f64 = 1e4;
/// Dollars, likewise.
pub(super) const PLENTY_USD: f64 = 1e12;
/// Halls, likewise.
const PLENTY_HALLS: u32 = 200;
/// Years, likewise.
const PLENTY_YEARS: i32 = 5;

/// One demand or limit of a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "limit", rename_all = "kebab-case")]
pub enum Limit {
    /// A demand: hosting is at least a share of revenue.
    PolicyMix,
    /// A demand: machines hash at least a floor.
    PolicyHashrate,
    /// A demand: no tenant has too much.
    PolicyTenant,
    /// A demand: no region has too much.
    PolicyRegion,
    /// A demand, but for a lock that forbids: its number in the file.
    Lock {
        /// From 1.
        lock: usize,
    },
    /// A demand: the offer is served.
    Signed {
        /// Which.
        offer: OfferId,
    },
    /// The last period of the model.
    Horizon,
    /// The last day on which a conversion may start.
    LatestStart,
    /// Class, density and redundancy that an offer asks for.
    Asked {
        /// Which.
        offer: OfferId,
    },
    /// Where an offer may be served.
    Eligible {
        /// Which.
        offer: OfferId,
    },
    /// An offer is served at one site.
    OneSite {
        /// Which.
        offer: OfferId,
    },
    /// Its greatest load.
    GreatestSize {
        /// Which.
        offer: OfferId,
    },
    /// Its least load.
    LeastSize {
        /// Which.
        offer: OfferId,
    },
    /// Load that must have commenced by dates.
    Tranches {
        /// Which.
        offer: OfferId,
    },
    /// Commencement not before.
    Earliest {
        /// Which.
        offer: OfferId,
    },
    /// The tenant walks.
    LongStop {
        /// Which.
        offer: OfferId,
    },
    /// A letter of intent that does not count.
    Letter {
        /// Which.
        offer: OfferId,
    },
    /// At most one offer of a group.
    Group {
        /// Which.
        group: String,
    },
    /// At most one offer at a site.
    ExclusiveSite {
        /// Which.
        site: SiteId,
    },
    /// Air-cooled racks.
    Racks {
        /// Where.
        site: SiteId,
    },
    /// Its grid connection.
    Connection {
        /// Where.
        site: SiteId,
    },
    /// The firm part of it.
    FirmPower {
        /// Where.
        site: SiteId,
    },
    /// A site's lease.
    Lease {
        /// Where.
        site: SiteId,
    },
    /// How many halls a group has.
    Halls {
        /// Where.
        site: SiteId,
        /// Which group.
        hall: HallId,
    },
    /// No pot pays for a site.
    NoPot {
        /// Where.
        site: SiteId,
    },
    /// A pot.
    Pot {
        /// Which.
        pot: PotId,
    },
    /// The total asked for.
    Budget,
    /// The speculation cap.
    MerchantCap,
    /// What a market takes without a contract.
    Absorption {
        /// Which.
        market: String,
    },
    /// A crew.
    Crew {
        /// Which.
        crew: CrewId,
    },
    /// Deliveries of an item.
    LongLead {
        /// Which.
        item: String,
    },
}

/// What is wanted: signed offers, forced and started locks, policies; what to do without first comes first.
pub(super) fn demands(case: &Case) -> Vec<Limit> {
    let fleet = &case.fleet;
    let policies = &fleet.policies;
    let held = [
        (policies.mix.is_some(), Limit::PolicyMix),
        (policies.tenant.is_some(), Limit::PolicyTenant),
        (policies.region.is_some(), Limit::PolicyRegion),
        (policies.hashrate.is_some(), Limit::PolicyHashrate),
    ];
    let mut found: Vec<Limit> = held.into_iter().filter(|(held, _)| *held).map(|(_, limit)| limit).collect();
    found.extend(locks(case, LockKind::Force));
    let signed = fleet.offers.iter().filter(|offer| offer.status == OfferStatus::Signed);
    found.extend(signed.map(|offer| Limit::Signed { offer: offer.id.clone() }));
    found.extend(locks(case, LockKind::Started));
    found
}

fn locks(case: &Case, kind: LockKind) -> impl Iterator<Item = Limit> + '_ {
    let locks = (1..).zip(&case.fleet.locks);
    let here = locks.filter(move |(number, lock)| lock.kind == kind && !case.left_out.contains(number));
    here.map(|(lock, _)| Limit::Lock { lock })
}

/// What stands in the way of what is wanted; where one of two is enough to explain a conflict, the later is named.
pub(super) fn limits(case: &Case) -> Vec<Limit> {
    let facts = case.facts();
    let wanted: Vec<&Offer> = facts.offers.iter().filter(|offer| wanted(&facts, offer)).collect();
    let mut found = vec![];
    // A longer horizon also means more periods in which policies hold.
    if facts.policies == crate::domain::policy::Policies::default() && case.refuses(RefusalReason::Horizon) {
        found.push(Limit::Horizon);
    }
    found.push(Limit::LatestStart);
    for what in [asked, eligible, one_site, greatest] {
        found.extend(wanted.iter().filter_map(|offer| what(&facts, offer)));
    }
    if facts.policies.hashrate.is_some() {
        found.extend(facts.sites.iter().map(|site| Limit::Racks { site: site.id.clone() }));
    }
    found.extend(speculation(&facts));
    found.extend(facts.crews.iter().map(|crew| Limit::Crew { crew: crew.id.clone() }));
    found.extend(facts.long_lead.iter().map(|long| Limit::LongLead { item: long.item.clone() }));
    found.extend(facts.sites.iter().map(|site| Limit::Connection { site: site.id.clone() }));
    let leased = facts.sites.iter().filter(|site| site.tenure != Tenure::Owned);
    found.extend(leased.map(|site| Limit::Lease { site: site.id.clone() }));
    for what in [earliest, tranches, long_stop] {
        found.extend(wanted.iter().filter_map(|offer| what(&facts, offer)));
    }
    let mut groups: Vec<&String> = wanted.iter().filter_map(|offer| offer.exclusive_group.as_ref()).collect();
    groups.sort();
    groups.dedup();
    found.extend(groups.into_iter().map(|group| Limit::Group { group: group.clone() }));
    let exclusive = facts.sites.iter().filter(|site| site.exclusive);
    found.extend(exclusive.map(|site| Limit::ExclusiveSite { site: site.id.clone() }));
    found.extend(locks(case, LockKind::Forbid));
    found.extend(wanted.iter().filter_map(|offer| letter(case, offer)));
    let unfunded = facts.sites.iter().filter(|site| !case.settings.funds(&facts, &site.id));
    found.extend(unfunded.map(|site| Limit::NoPot { site: site.id.clone() }));
    for site in &facts.sites {
        found.extend(site.halls.iter().map(|hall| Limit::Halls { site: site.id.clone(), hall: hall.id.clone() }));
    }
    found.extend(facts.sites.iter().map(|site| Limit::FirmPower { site: site.id.clone() }));
    found.extend(wanted.iter().filter_map(|offer| least(&facts, offer)));
    if case.settings.budget.is_some() {
        found.push(Limit::Budget);
    } else {
        found.extend(facts.pots.iter().map(|pot| Limit::Pot { pot: pot.id.clone() }));
    }
    found
}

/// Whether what is wanted may need an offer.
pub(super) fn wanted(fleet: &Fleet, offer: &Offer) -> bool {
    let demands = |lock: &&Lock| lock.kind != LockKind::Forbid && lock.work.is_none();
    let named = |lock: &Lock| lock.offer.as_ref().is_none_or(|id| *id == offer.id);
    let policies = &fleet.policies;
    let shares = policies.mix.is_some() || policies.tenant.is_some() || policies.region.is_some();
    shares || fleet.committed(offer) || fleet.locks.iter().filter(demands).any(named)
}

/// Whether what is wanted may need capacity without an offer.
pub(super) fn merchant_wanted(fleet: &Fleet) -> bool {
    let named = |lock: &Lock| lock.offer.as_ref().is_none_or(|id| id.as_str() == MERCHANT);
    let demands = |lock: &&Lock| lock.kind != LockKind::Forbid && lock.work.is_none();
    fleet.policies.mix.is_some() || fleet.locks.iter().filter(demands).any(named)
}

fn speculation(fleet: &Fleet) -> Vec<Limit> {
    if !merchant_wanted(fleet) {
        return vec![];
    }
    let mut markets: Vec<&String> = fleet.sites.iter().map(|site| &site.location.market).collect();
    markets.sort();
    markets.dedup();
    let markets = markets.into_iter().map(|market| Limit::Absorption { market: market.clone() });
    markets.chain([Limit::MerchantCap]).collect()
}

fn asked(fleet: &Fleet, offer: &Offer) -> Option<Limit> {
    let refuses = fleet.retrofits.iter().any(|retrofit| !offer.accepts(retrofit));
    refuses.then(|| Limit::Asked { offer: offer.id.clone() })
}

fn eligible(_: &Fleet, offer: &Offer) -> Option<Limit> {
    (offer.eligible != Eligible::Anywhere).then(|| Limit::Eligible { offer: offer.id.clone() })
}

fn one_site(fleet: &Fleet, offer: &Offer) -> Option<Limit> {
    (!offer.split && fleet.sites.len() > 1).then(|| Limit::OneSite { offer: offer.id.clone() })
}

#[allow(clippy::unnecessary_wraps)] // one of a list of like functions
fn greatest(_: &Fleet, offer: &Offer) -> Option<Limit> {
    Some(Limit::GreatestSize { offer: offer.id.clone() })
}

fn least(_: &Fleet, offer: &Offer) -> Option<Limit> {
    (offer.min > ItMw::ZERO).then(|| Limit::LeastSize { offer: offer.id.clone() })
}

fn earliest(_: &Fleet, offer: &Offer) -> Option<Limit> {
    offer.earliest.map(|_| Limit::Earliest { offer: offer.id.clone() })
}

fn tranches(_: &Fleet, offer: &Offer) -> Option<Limit> {
    (!offer.tranches.is_empty()).then(|| Limit::Tranches { offer: offer.id.clone() })
}

fn long_stop(_: &Fleet, offer: &Offer) -> Option<Limit> {
    offer.long_stop.map(|_| Limit::LongStop { offer: offer.id.clone() })
}

fn letter(case: &Case, offer: &Offer) -> Option<Limit> {
    let out = offer.status == OfferStatus::LetterOfIntent { plan_on: false } && !case.settings.include_loi;
    out.then(|| Limit::Letter { offer: offer.id.clone() })
}

impl Limit {
    /// Takes it away, with as much of everything else as it was.
    pub(super) fn lift(&self, case: &mut Case) {
        let policies = &mut case.fleet.policies;
        match self {
            Self::PolicyMix => policies.mix = None,
            Self::PolicyHashrate => policies.hashrate = None,
            Self::PolicyTenant => policies.tenant = None,
            Self::PolicyRegion => policies.region = None,
            Self::Lock { lock } => {
                case.left_out.insert(*lock);
            }
            Self::Horizon => lengthen(&mut case.fleet, PLENTY_YEARS * 12),
            Self::LatestStart => {
                let calendar = &mut case.fleet.calendar;
                calendar.latest_start = calendar.period_start(calendar.horizon());
            }
            Self::Asked { offer } => ask_for_nothing(&mut case.fleet, offer),
            Self::Signed { offer }
            | Self::Eligible { offer }
            | Self::OneSite { offer }
            | Self::GreatestSize { offer }
            | Self::LeastSize { offer }
            | Self::Tranches { offer }
            | Self::Earliest { offer }
            | Self::LongStop { offer }
            | Self::Letter { offer } => {
                let found = case.fleet.offers.iter_mut().filter(|o| o.id == *offer);
                found.for_each(|offer| self.lift_of_offer(offer));
            }
            Self::Group { group } => {
                let of = case.fleet.offers.iter_mut().filter(|o| o.exclusive_group.as_ref() == Some(group));
                of.for_each(|offer| offer.exclusive_group = None);
            }
            Self::ExclusiveSite { site }
            | Self::Racks { site }
            | Self::Connection { site }
            | Self::FirmPower { site }
            | Self::Lease { site }
            | Self::Halls { site, .. } => {
                let start = case.fleet.calendar.start;
                let found = case.fleet.sites.iter_mut().filter(|s| s.id == *site);
                found.for_each(|site| self.lift_of_site(site, start));
            }
            Self::NoPot { site } => fund(&mut case.fleet, site, Usd::new(PLENTY_USD)),
            Self::Budget => case.settings.budget = Some(Usd::new(PLENTY_USD)),
            Self::Pot { .. } | Self::MerchantCap | Self::Absorption { .. } => self.lift_of_money(&mut case.fleet),
            Self::Crew { .. } | Self::LongLead { .. } => self.lift_of_delivery(&mut case.fleet),
        }
    }

    fn lift_of_offer(&self, offer: &mut Offer) {
        match self {
            Self::Signed { .. } => offer.status = OfferStatus::Offered,
            Self::Eligible { .. } => offer.eligible = Eligible::Anywhere,
            Self::OneSite { .. } => offer.split = true,
            Self::GreatestSize { .. } => offer.max = ItMw::new(PLENTY_MW),
            Self::LeastSize { .. } => offer.min = ItMw::ZERO,
            Self::Tranches { .. } => offer.tranches.clear(),
            Self::Earliest { .. } => offer.earliest = None,
            Self::LongStop { .. } => offer.long_stop = None,
            _ => offer.status = OfferStatus::LetterOfIntent { plan_on: true },
        }
    }

    fn lift_of_site(&self, site: &mut Site, from: Date) {
        let plenty = || vec![PowerStep { from, power: GrossMw::new(PLENTY_MW) }];
        match self {
            Self::ExclusiveSite { .. } => site.exclusive = false,
            Self::Racks { .. } => site.mining.spare_racks = GrossMw::new(PLENTY_MW),
            Self::Connection { .. } => site.power.connection = plenty(),
            Self::FirmPower { .. } => site.power.firm = plenty(),
            Self::Lease { .. } => site.tenure = Tenure::Owned,
            Self::Halls { hall, .. } => {
                site.halls.iter_mut().filter(|h| h.id == *hall).for_each(|hall| hall.count += PLENTY_HALLS);
            }
            _ => {}
        }
    }

    fn lift_of_money(&self, fleet: &mut Fleet) {
        let from = fleet.calendar.start;
        match self {
            Self::Pot { pot } => {
                for pot in fleet.pots.iter_mut().filter(|p| p.id == *pot) {
                    pot.release = vec![Release { from, amount: Usd::new(PLENTY_USD) }];
                    pot.carry_over = true;
                }
            }
            Self::Absorption { market } => absorption(fleet, market).amount = ItMw::new(PLENTY_MW),
            _ => fleet.merchant = Some(ItMw::new(PLENTY_MW)),
        }
    }

    fn lift_of_delivery(&self, fleet: &mut Fleet) {
        match self {
            Self::Crew { crew } => {
                let free = |crew: &mut Crew| (crew.halls, crew.energised) = (None, None);
                fleet.crews.iter_mut().filter(|c| c.id == *crew).for_each(free);
            }
            Self::LongLead { item } => {
                let found = fleet.long_lead.iter_mut().filter(|long| long.item == *item);
                found.for_each(|long| long.per_period = 10_000);
            }
            _ => {}
        }
    }
}

/// More periods at the end, each month like the last.
pub(super) fn lengthen(fleet: &mut Fleet, months: i32) {
    let calendar = &mut fleet.calendar;
    calendar.periods += u32::try_from(months / calendar.period.months()).unwrap_or(0);
    let all = usize::try_from(calendar.horizon_month().0).unwrap_or(0);
    if let Some(last) = fleet.deck.months.last().cloned() {
        let known = fleet.deck.months.len();
        fleet.deck.months.resize(all.max(known), last);
    }
}

/// Every retrofit also exists in a form that the offer accepts.
fn ask_for_nothing(fleet: &mut Fleet, offer: &OfferId) {
    let Some(offer) = fleet.offer(offer).cloned() else { return };
    let others: Vec<_> = fleet.retrofits.iter().filter(|retrofit| !offer.accepts(retrofit)).cloned().collect();
    for mut retrofit in others {
        let of = retrofit.id.clone();
        retrofit.id = format!("{of} for {}", offer.id).into();
        (retrofit.class, retrofit.density, retrofit.redundancy) =
            (offer.class.clone(), offer.density, offer.redundancy);
        for site in &mut fleet.sites {
            let like = site.override_of(&of).cloned();
            site.overrides.extend(
                like.map(|like| crate::domain::site::RetrofitOverride { retrofit: retrofit.id.clone(), ..like }),
            );
            for hall in site.halls.iter_mut().filter(|hall| hall.retrofits.contains(&of)) {
                hall.retrofits.push(retrofit.id.clone());
            }
        }
        fleet.retrofits.push(retrofit);
    }
}

/// A pot of its own for a site.
pub(super) fn fund(fleet: &mut Fleet, site: &SiteId, amount: Usd) {
    let release = vec![Release { from: fleet.calendar.start, amount }];
    let id = format!("pot of {site}").into();
    let sites = Some(vec![site.clone()]);
    fleet.pots.push(Pot { id, release, carry_over: true, sites, works: Some(vec![]), relieved_by: vec![] });
}

/// What a market takes, to be changed.
pub(super) fn absorption<'a>(fleet: &'a mut Fleet, market: &str) -> &'a mut Absorption {
    let entries = &mut fleet.deck.absorption;
    let at = entries.iter().position(|entry| entry.market == market).unwrap_or(entries.len());
    if at == entries.len() {
        let (amount, growth) = (ItMw::ZERO, ItMwPerYear::ZERO);
        entries.push(Absorption { market: market.to_owned(), amount, growth });
    }
    &mut entries[at]
}

impl Limit {
    /// In words, with the figures of the facts.
    pub(super) fn text(&self, case: &Case) -> String {
        let fleet = &case.fleet;
        match self {
            Self::PolicyMix | Self::PolicyHashrate | Self::PolicyTenant | Self::PolicyRegion => self.policy(fleet),
            Self::Lock { lock } => lock_text(fleet, *lock),
            Self::Horizon => format!("the horizon ends on {}", fleet.calendar.period_start(fleet.calendar.horizon())),
            Self::LatestStart => format!("no conversion starts after {}", fleet.calendar.latest_start),
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
            Self::Pot { pot } => fleet.pots.iter().find(|p| p.id == *pot).map_or_else(String::new, pot_text),
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
            Self::Crew { crew } => format!("the crew `{crew}` converts no more"),
            Self::LongLead { item } => format!("deliveries of `{item}`"),
        }
    }

    fn policy(&self, fleet: &Fleet) -> String {
        let policies = &fleet.policies;
        let cap = |what: &str, policy: Option<crate::domain::policy::CapPolicy>| {
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
}

fn lock_text(fleet: &Fleet, number: usize) -> String {
    let Some(lock) = number.checked_sub(1).and_then(|at| fleet.locks.get(at)) else { return String::new() };
    let mut named = vec![];
    named.extend(lock.offer.as_ref().map(|offer| format!("for `{offer}`")));
    named.extend(lock.work.as_ref().map(|work| format!("work `{work}`")));
    named.extend(lock.hall.as_ref().map(|hall| format!("in the group `{hall}`")));
    named.extend(lock.site.as_ref().map(|site| format!("at `{site}`")));
    named.extend(lock.retrofit.as_ref().map(|retrofit| format!("by `{retrofit}`")));
    named.extend(lock.start.map(|start| format!("from {start}")));
    let named = if named.is_empty() { "anywhere".to_owned() } else { named.join(" ") };
    match (lock.kind, lock.work.is_some()) {
        (LockKind::Forbid, _) => format!("lock {number} forbids conversions {named}"),
        (_, true) => format!("lock {number} demands the {named}"),
        (LockKind::Force, _) => format!("lock {number} demands {} {} {named}", lock.halls, halls(lock.halls)),
        (LockKind::Started, _) => {
            let have = if lock.halls == 1 { "has" } else { "have" };
            format!("lock {number}: {} {} {have} started {named}", lock.halls, halls(lock.halls))
        }
    }
}

fn pot_text(pot: &Pot) -> String {
    let release = |r: &Release| format!("{} M$ from {}", figure(r.amount.get() / 1e6, 3), r.from);
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
