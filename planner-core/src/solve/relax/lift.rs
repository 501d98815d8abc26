//! What the facts are without a limit.

use jiff::civil::Date;

use super::case::{Case, Form};
use super::limit::Limit;
use crate::domain::Fleet;
use crate::domain::delivery::Crew;
use crate::domain::ids::{OfferId, RetrofitId, SiteId, WorkId};
use crate::domain::market::Absorption;
use crate::domain::money::{Pot, Release};
use crate::domain::offer::{Eligible, Offer, OfferStatus};
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{PowerStep, RetrofitOverride, Site, Tenure};
use crate::units::{GrossMw, ItMw, ItMwPerYear, Months, Usd};

/// MW, MW-IT: more than any portfolio has, and still a coefficient of sane size.
pub(super) const PLENTY_MW: f64 = 1e4;
/// Dollars, likewise.
pub(super) const PLENTY_USD: f64 = 1e12;
/// Halls, likewise.
const PLENTY_HALLS: u32 = 200;
/// Years, likewise.
const PLENTY_YEARS: i32 = 5;
/// MW-IT: less than any hall carries, and still something.
const LEAST_MW: f64 = 0.1;

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
            Self::Asked { offer } => ask_for_nothing(case, offer),
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
            Self::NoPotForWork { work } => fund_work(&mut case.fleet, work, Usd::new(PLENTY_USD)),
            Self::Crew { .. } | Self::LongLead { .. } => self.lift_of_delivery(&mut case.fleet),
            Self::WorkOrder { work } | Self::WorkLength { work } | Self::WorkNeeded { work } => {
                let found = case.fleet.works.iter_mut().filter(|w| w.id == *work);
                found.for_each(|work| match self {
                    Self::WorkOrder { .. } => work.after.clear(),
                    Self::WorkLength { .. } => work.months = Months(1),
                    _ => work.needed_by = None,
                });
            }
        }
    }

    fn lift_of_offer(&self, offer: &mut Offer) {
        match self {
            Self::Signed { .. } => offer.status = OfferStatus::Offered,
            Self::Eligible { .. } => offer.eligible = Eligible::Anywhere,
            Self::OneSite { .. } => offer.split = true,
            Self::GreatestSize { .. } => offer.max = ItMw::new(PLENTY_MW),
            // Something must be served, or it would be declined.
            Self::LeastSize { .. } => offer.min = ItMw::new(LEAST_MW),
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

/// Every retrofit also exists in a form that the offer accepts, and that nobody else takes.
fn ask_for_nothing(case: &mut Case, id: &OfferId) {
    let fleet = &mut case.fleet;
    let Some(offer) = fleet.offer(id).cloned() else { return };
    let itself = |retrofit: &&Retrofit| case.forms.iter().all(|form| form.id != retrofit.id);
    let others = fleet.retrofits.iter().filter(|retrofit| !offer.accepts(retrofit)).filter(itself);
    let others: Vec<Retrofit> = others.cloned().collect();
    for retrofit in others {
        let of = retrofit.id.clone();
        let id: RetrofitId = format!("{of} for {}", offer.id).into();
        for site in &mut fleet.sites {
            let like = site.override_of(&of).cloned();
            site.overrides.extend(like.map(|like| RetrofitOverride { retrofit: id.clone(), ..like }));
            for hall in site.halls.iter_mut().filter(|hall| hall.retrofits.contains(&of)) {
                hall.retrofits.push(id.clone());
            }
        }
        let (class, density, redundancy) = (offer.class.clone(), offer.density, offer.redundancy);
        fleet.retrofits.push(Retrofit { id: id.clone(), class, density, redundancy, ..retrofit });
        case.forms.push(Form { id, of, offer: offer.id.clone() });
    }
}

/// A pot of its own for a site.
pub(super) fn fund(fleet: &mut Fleet, site: &SiteId, amount: Usd) {
    let release = vec![Release { from: fleet.calendar.start, amount }];
    let id = format!("pot of {site}").into();
    let sites = Some(vec![site.clone()]);
    fleet.pots.push(Pot { id, release, carry_over: true, sites, works: Some(vec![]), relieved_by: vec![] });
}

/// A pot of its own for a shared work.
fn fund_work(fleet: &mut Fleet, work: &WorkId, amount: Usd) {
    let release = vec![Release { from: fleet.calendar.start, amount }];
    let id = format!("pot of {work}").into();
    let (sites, works) = (Some(vec![]), Some(vec![work.clone()]));
    fleet.pots.push(Pot { id, release, carry_over: true, sites, works, relieved_by: vec![] });
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
