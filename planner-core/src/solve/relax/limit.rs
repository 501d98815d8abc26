//! What a planner would call one limit or one demand: the parts of a conflict.

use serde::Serialize;

use super::case::Case;
use crate::domain::Fleet;
use crate::domain::ids::{CrewId, HallId, OfferId, PotId, SiteId, WorkId};
use crate::domain::offer::{Eligible, Offer, OfferStatus};
use crate::domain::policy::{Lock, LockKind, Policies};
use crate::domain::site::Tenure;
use crate::options::RefusalReason;
use crate::plan::MERCHANT;
use crate::units::ItMw;

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
    /// Deliveries of an item, and how many more may be reserved.
    LongLead {
        /// Which.
        item: String,
    },
    /// A work starts after others.
    WorkOrder {
        /// Which.
        work: WorkId,
    },
    /// How long a work takes.
    WorkLength {
        /// Which.
        work: WorkId,
    },
    /// Halls are not in service before a work is finished.
    WorkNeeded {
        /// Which.
        work: WorkId,
    },
    /// No pot pays for a shared work.
    NoPotForWork {
        /// Which.
        work: WorkId,
    },
}

impl Limit {
    /// Whether it says where and how an offer may be served.
    pub(super) const fn is_where(&self) -> bool {
        matches!(self, Self::Asked { .. } | Self::Eligible { .. } | Self::OneSite { .. } | Self::GreatestSize { .. })
    }

    /// What is changed together with it where it alone does not do.
    pub(super) fn changed_with(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::FirmPower { site } => Self::Connection { site },
            Self::Connection { site } => Self::FirmPower { site },
            Self::LongStop { offer } => Self::Tranches { offer },
            Self::Tranches { offer } => Self::LongStop { offer },
            _ => return None,
        })
    }

    /// Whether it is the size of a demand: without it there is little left to contradict anything else.
    pub(super) const fn is_size(&self) -> bool {
        matches!(self, Self::LeastSize { .. } | Self::GreatestSize { .. })
    }
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
    if facts.policies == Policies::default() && case.refuses(RefusalReason::Horizon) {
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
    let after = facts.works.iter().filter(|work| !work.after.is_empty());
    found.extend(after.map(|work| Limit::WorkOrder { work: work.id.clone() }));
    let long = facts.works.iter().filter(|work| work.months.0 > 1);
    found.extend(long.map(|work| Limit::WorkLength { work: work.id.clone() }));
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
    let shared = facts.works.iter().filter(|work| work.site.is_none() && !case.settings.funds_work(&facts, work));
    found.extend(shared.map(|work| Limit::NoPotForWork { work: work.id.clone() }));
    let needed = facts.works.iter().filter(|work| work.needed_by.is_some());
    found.extend(needed.map(|work| Limit::WorkNeeded { work: work.id.clone() }));
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
