//! Checks of locks and of merchant building against everything read: what they
//! name exists, goes together and is not asked for twice.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Named, clip};
use super::gather::Gathered;
use super::locked_works::{self, Known};
use super::locks::LockRead;
use super::work::WorkRead;
use super::worked;
use crate::diagnostics::Code;
use crate::domain::ids::{HallId, OfferId, SiteId, WorkId};
use crate::domain::offer::{Offer, OfferStatus};
use crate::domain::policy::{Lock, LockKind};
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{HallGroup, Site};
use crate::domain::work::Work;
use crate::plan::MERCHANT;
use crate::units::ItMw;

/// Checks the locks and the merchant cap; `works` as they were read, if all of them could be.
pub(super) fn check(desk: &Desk<'_>, gathered: &Gathered, works: Option<&[Work]>) {
    let locks = &gathered.head.locks;
    let known: Vec<bool> = locks.iter().map(|lock| names(desk, gathered, lock)).collect();
    contradictions(desk, locks);
    free_delay(desk, gathered);
    let known = locks.iter().zip(known).filter(|(_, known)| *known).map(|(lock, _)| lock);
    let known = known.filter_map(|read| read.lock.as_ref().map(|lock| (read, lock)));
    let (of_works, of_halls): (Vec<_>, Vec<_>) = known.partition(|(_, lock)| lock.work.is_some());
    let pots = gathered.head.pots.iter().cloned().collect::<Option<Vec<_>>>();
    if let (Some(calendar), Some(works), Some(pots)) = (&gathered.head.calendar, works, &pots) {
        locked_works::check(desk, &Known { calendar, works, pots }, &of_works);
    }
    let Some(facts) = Facts::of(gathered) else { return };
    merchant(desk, gathered, &facts);
    let fitting: Vec<(&LockRead, &Lock)> =
        of_halls.into_iter().filter(|(read, lock)| fits(desk, &facts, read, lock)).collect();
    started(desk, &facts, &fitting);
}

/// Reports names that refer to nothing; false when there is one.
fn names(desk: &Desk<'_>, gathered: &Gathered, lock: &LockRead) -> bool {
    let mut all_known = true;
    let mut known = |what: &str, named: &Option<Named>, names: Vec<&str>| {
        if let Some(named) = named.as_ref().filter(|named| !names.contains(&named.name.as_str())) {
            desk.unknown_id(what, named, names);
            all_known = false;
        }
    };
    known("site", &lock.site, gathered.sites.iter().map(|site| site.id.as_str()).collect());
    let site = lock.site.as_ref().and_then(|named| gathered.sites.iter().find(|site| site.id.as_str() == named.name));
    let halls = site.and_then(|site| site.halls.iter().map(|hall| hall.id.as_ref()).collect::<Option<Vec<_>>>());
    if let Some(halls) = halls {
        known("hall", &lock.hall, halls.into_iter().map(|id| id.name.as_str()).collect());
    }
    if gathered.head.library.is_some() {
        known("retrofit", &lock.retrofit, gathered.library.iter().map(String::as_str).collect());
    }
    // Capacity without an offer has a name in locks.
    known("offer", &lock.offer, gathered.offers.iter().map(|offer| offer.id.as_str()).chain([MERCHANT]).collect());
    let works = worked::all(gathered).map(WorkRead::full_id).collect::<Option<Vec<_>>>();
    if let Some(works) = works {
        known("work", &lock.work, works.iter().map(WorkId::as_str).collect());
    }
    all_known
}

/// A lock that forbids all that another one demands.
fn contradictions(desk: &Desk<'_>, locks: &[LockRead]) {
    let facts = || locks.iter().enumerate().filter_map(|(n, read)| read.lock.as_ref().map(|lock| (n, read, lock)));
    let forbids: Vec<_> = facts().filter(|(.., lock)| lock.kind == LockKind::Forbid).collect();
    for (n, demand, lock) in facts().filter(|(.., lock)| lock.kind != LockKind::Forbid) {
        let Some((m, forbid, _)) = forbids.iter().find(|(.., forbid)| covers(forbid, lock)) else { continue };
        let verb = if lock.kind == LockKind::Force { "forces" } else { "says has started" };
        let message = format!("{} forbids all that {} {verb}", forbid.what, demand.what);
        let at = if *m > n { &forbid.at } else { &demand.at };
        desk.error(Code::Contradiction, at.clone(), message, "remove one of the two, or name fewer things in one");
    }
}

/// Whether everything that `inner` names is named by `outer` too.
fn covers(outer: &Lock, inner: &Lock) -> bool {
    fn is<T: PartialEq>(outer: Option<&T>, inner: Option<&T>) -> bool {
        outer.is_none() || outer == inner
    }
    // A lock that names no work is about conversions.
    outer.work == inner.work
        && is(outer.site.as_ref(), inner.site.as_ref())
        && is(outer.hall.as_ref(), inner.hall.as_ref())
        && is(outer.retrofit.as_ref(), inner.retrofit.as_ref())
        && is(outer.offer.as_ref(), inner.offer.as_ref())
        && is(outer.start.as_ref(), inner.start.as_ref())
}

/// Everything that a lock may name, read without a mistake.
struct Facts<'a> {
    sites: Vec<&'a Site>,
    retrofits: BTreeMap<&'a str, &'a Retrofit>,
    offers: Vec<&'a Offer>,
    /// Most capacity without an offer, where there may be some.
    merchant: Option<ItMw>,
    /// Markets, with the classes for which they take capacity without an offer; `None` with the deck unread.
    lets: Option<BTreeSet<(&'a str, &'a str)>>,
}

impl<'a> Facts<'a> {
    fn of(gathered: &'a Gathered) -> Option<Self> {
        let sites = gathered.sites.iter().map(|read| read.site.as_ref()).collect::<Option<Vec<_>>>()?;
        let offers = gathered.offers.iter().map(|read| read.offer.as_ref()).collect::<Option<Vec<_>>>()?;
        let retrofits = gathered.retrofits.iter().map(|(id, read)| Some((id.as_str(), read.retrofit.as_ref()?)));
        let retrofits = retrofits.collect::<Option<BTreeMap<_, _>>>()?;
        let mut allowed = sites.iter().flat_map(|site| &site.halls).flat_map(|hall| &hall.retrofits);
        let complete = allowed.all(|id| retrofits.contains_key(id.as_str()));
        let merchant = gathered.head.merchant?;
        let lets = gathered.deck.as_ref().and_then(|deck| {
            let taken: BTreeSet<&str> = deck.absorption.as_ref()?.iter().map(|one| one.market.as_str()).collect();
            let curves = deck.merchant.as_ref()?.iter().map(|curve| (curve.market.as_str(), curve.class.as_str()));
            Some(curves.filter(|(market, _)| taken.contains(market)).collect())
        });
        complete.then_some(Self { sites, retrofits, offers, merchant, lets })
    }

    /// Whether a hall of the site may be built so without an offer.
    fn lets(&self, site: &Site, retrofit: &Retrofit) -> bool {
        let pair = (site.location.market.as_str(), retrofit.class.as_str());
        self.merchant.is_some() && self.lets.as_ref().is_none_or(|lets| lets.contains(&pair))
    }

    fn offer(&self, id: &OfferId) -> Option<&'a Offer> {
        self.offers.iter().find(|offer| offer.id == *id).copied()
    }

    fn site(&self, id: &SiteId) -> Option<&'a Site> {
        self.sites.iter().find(|site| site.id == *id).copied()
    }

    /// Whether some conversion of the hall is named by the lock.
    fn serves(&self, lock: &Lock, site: &Site, hall: &HallGroup) -> bool {
        if lock.site.as_ref().is_some_and(|id| *id != site.id) || lock.hall.as_ref().is_some_and(|id| *id != hall.id) {
            return false;
        }
        let retrofits = hall.retrofits.iter().filter(|id| lock.retrofit.as_ref().is_none_or(|named| named == *id));
        let mut retrofits = retrofits.filter_map(|id| self.retrofits.get(id.as_str()));
        let serves = |offer: &Offer, retrofit: &Retrofit| offer.eligible_at(site) && offer.accepts(retrofit);
        retrofits.any(|retrofit| match &lock.offer {
            Some(id) if id.as_str() == MERCHANT => self.lets(site, retrofit),
            Some(id) => self.offer(id).is_some_and(|offer| serves(offer, retrofit)),
            None => self.merchant.is_some() || self.offers.iter().any(|offer| serves(offer, retrofit)),
        })
    }
}

/// Whether something can meet the lock; says why not.
fn fits(desk: &Desk<'_>, facts: &Facts<'_>, read: &LockRead, lock: &Lock) -> bool {
    let halls = facts.sites.iter().flat_map(|site| site.halls.iter().map(move |hall| (*site, hall)));
    let serving = halls.filter(|(site, hall)| facts.serves(lock, site, hall));
    let most = serving.fold(0_u32, |sum, (_, hall)| sum.saturating_add(hall.count));
    let forbids = lock.kind == LockKind::Forbid;
    if most == 0 {
        let why = misfit(facts, lock);
        if forbids {
            let message = format!("{} forbids nothing: {why}", read.what);
            desk.warning(Code::Unused, read.at.clone(), message, "remove the lock, or correct what it names");
        } else {
            let message = format!("{} cannot be met: {why}", read.what);
            desk.error(Code::Contradiction, read.at.clone(), message, "correct what the lock names, or remove it");
        }
        return false;
    }
    if !forbids && lock.halls > most {
        let message = format!("`halls` is {}, more than the halls that can meet {}: {most}", lock.halls, read.what);
        desk.error(Code::Contradiction, read.halls_at.clone(), message, format!("write `halls = {most}` or fewer"));
        return false;
    }
    let offer = lock.offer.as_ref().and_then(|id| facts.offer(id));
    if let Some((offer, named)) = offer.zip(read.offer.as_ref())
        && !forbids
        && offer.status == (OfferStatus::LetterOfIntent { plan_on: false })
    {
        let message = format!(
            "`{}` is a letter of intent that does not count without `--include-loi`, but {} needs it",
            clip(offer.id.as_str()),
            read.what
        );
        desk.warning(Code::Doubtful, named.at.clone(), message, "write `plan_on = true` in the offer");
    }
    true
}

/// Why nothing goes together with everything that the lock names.
fn misfit(facts: &Facts<'_>, lock: &Lock) -> String {
    let without_offer = lock.offer.as_ref().is_some_and(|id| id.as_str() == MERCHANT);
    if without_offer && facts.merchant.is_none() {
        return "the portfolio has no `merchant`, so nothing is built without an offer".to_owned();
    }
    let site = lock.site.as_ref().and_then(|id| facts.site(id));
    let offer = lock.offer.as_ref().and_then(|id| facts.offer(id));
    let hall = site.zip(lock.hall.as_ref()).and_then(|(site, id)| site.hall(id));
    if let (Some(hall), Some(retrofit)) = (hall, &lock.retrofit)
        && !hall.retrofits.contains(retrofit)
    {
        return format!("hall `{}` does not allow the retrofit `{retrofit}`", hall.id);
    }
    if let (Some(site), Some(offer)) = (site, offer)
        && !offer.eligible_at(site)
    {
        return format!("the offer `{}` may not be served at `{}`", offer.id, site.id);
    }
    let retrofit = lock.retrofit.as_ref().and_then(|id| facts.retrofits.get(id.as_str()));
    if let (Some(retrofit), Some(offer)) = (retrofit, offer) {
        if retrofit.class != offer.class {
            let (has, wants) = (clip(&retrofit.class), clip(&offer.class));
            return format!(
                "the retrofit `{}` has the class `{has}`, the offer `{}` asks for `{wants}`",
                retrofit.id, offer.id
            );
        }
        if !offer.accepts(retrofit) {
            return format!(
                "the retrofit `{}` has less density or redundancy than the offer `{}` asks for",
                retrofit.id, offer.id
            );
        }
    }
    if without_offer {
        return "the deck has no market that takes capacity without an offer in any hall that it names".to_owned();
    }
    "no hall, retrofit and offer that it names go together".to_owned()
}

/// What has started fits into its halls and its offers.
fn started(desk: &Desk<'_>, facts: &Facts<'_>, locks: &[(&LockRead, &Lock)]) {
    let mut halls: BTreeMap<(&SiteId, &HallId), u32> = BTreeMap::new();
    let mut loads: BTreeMap<&OfferId, (ItMw, BTreeSet<&SiteId>)> = BTreeMap::new();
    for (read, lock) in locks.iter().filter(|(_, lock)| lock.kind == LockKind::Started) {
        let (Some(site_id), Some(hall_id), Some(offer_id)) = (&lock.site, &lock.hall, &lock.offer) else { continue };
        let Some(site) = facts.site(site_id) else { continue };
        let retrofit = lock.retrofit.as_ref().and_then(|id| facts.retrofits.get(id.as_str()));
        let (Some(hall), Some(retrofit)) = (site.hall(hall_id), retrofit) else { continue };
        let count = halls.entry((site_id, hall_id)).or_default();
        *count = count.saturating_add(lock.halls);
        if *count > hall.count {
            let message =
                format!("{count} halls of `{hall_id}` at `{site_id}` have started, but the group has {}", hall.count);
            let help = "lower `halls` of one of the locks";
            desk.error(Code::Contradiction, read.halls_at.clone(), message, help);
        }
        let (load, sites) = loads.entry(offer_id).or_default();
        *load += hall.critical_it(retrofit.gross_to_critical) * f64::from(lock.halls);
        too_much(desk, facts, read, (offer_id, *load));
        let one_site = facts.offer(offer_id).is_some_and(|offer| !offer.split);
        if sites.insert(site_id) && sites.len() == 2 && one_site {
            let message = format!("halls of two sites have started for `{offer_id}`, which is served at one site");
            let help = "correct `site`, or write `split = true` in the offer";
            desk.error(Code::Contradiction, read.at.clone(), message, help);
        }
    }
}

/// More load has started than an offer, or the cap on capacity without one, allows.
fn too_much(desk: &Desk<'_>, facts: &Facts<'_>, read: &LockRead, (id, load): (&OfferId, ItMw)) {
    let (most, what) = match facts.offer(id) {
        Some(offer) => (Some(offer.max), "its `size.max`"),
        None => (facts.merchant, "`merchant.cap` of the portfolio"),
    };
    let Some(most) = most.filter(|most| load.get() > most.get() * (1.0 + 1e-9)) else { return };
    let load = (load.get() * 1000.0).round() / 1000.0;
    let message = format!("{load} MW-IT have started for `{id}`, more than {what}, {most}");
    let help = match facts.offer(id) {
        Some(_) => "lower `halls`, or raise `size.max` of the offer",
        None => "lower `halls`, or raise `merchant.cap`",
    };
    desk.error(Code::Contradiction, read.halls_at.clone(), message, help);
}

/// A ready-by date that binds nobody: of an offer that is signed, or counts as signed, without damages for delay.
fn free_delay(desk: &Desk<'_>, gathered: &Gathered) {
    let has_started = |id: &OfferId| {
        let started = |lock: &Lock| lock.kind == LockKind::Started && lock.offer.as_ref() == Some(id);
        gathered.head.locks.iter().filter_map(|read| read.lock.as_ref()).any(started)
    };
    for read in &gathered.offers {
        let Some(offer) = &read.offer else { continue };
        if offer.ready_by.is_some()
            && offer.late.is_none()
            && (offer.status == OfferStatus::Signed || has_started(&offer.id))
        {
            let message = format!(
                "`{}` is signed and has `ready_by`, but no `late`: a delay costs nothing",
                clip(offer.id.as_str())
            );
            let help = "add `late` with the damages of the contract, `{ damages = \"0 USD/MW-day\" }` if it has none";
            desk.warning(Code::Doubtful, read.ready_by_at.clone(), message, help);
        }
    }
}

/// Merchant building that no market can take.
fn merchant(desk: &Desk<'_>, gathered: &Gathered, facts: &Facts<'_>) {
    if facts.merchant.is_none() || facts.lets.is_none() {
        return;
    }
    let taken = facts.sites.iter().any(|site| {
        let retrofits = site.halls.iter().flat_map(|hall| &hall.retrofits);
        let mut retrofits = retrofits.filter_map(|id| facts.retrofits.get(id.as_str()));
        retrofits.any(|retrofit| facts.lets(site, retrofit))
    });
    if !taken {
        let message = "nothing can be built without an offer: in the market of no site has the deck both an \
                       absorption and a merchant curve for a class that the halls allow";
        let help = "add `[[merchant]]` and `[[absorption]]` to the deck, or remove `merchant`";
        desk.warning(Code::Unused, gathered.head.merchant_at.clone(), message, help);
    }
}
