//! The first reason why a site without a conversion has none.
//!
//! Where options exist, the site is planned alone: without a limit on money,
//! and then without the offers that the plan serves elsewhere.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::highs::{self, End, Limits};
use super::{Run, without_commitment};
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, SiteId, WorkId};
use crate::domain::policy::{LockKind, Policies};
use crate::domain::site::Site;
use crate::model::{self, Model, Row, constraints, scale};
use crate::options::{Options, RefusalReason, enumerate};
use crate::plan::{LeftReason, MERCHANT, Plan, Settings, SiteLeft, Status};
use crate::units::ItMw;
use crate::works;

/// Nodes after which the search for a reason says what it knows: a limit that
/// does not depend on the machine.
const PATIENCE: i32 = 500;

/// Below this uplift nothing is gained.
const ONE_DOLLAR: f64 = 1.0;

/// Why each site without a conversion has none.
pub(super) fn sites_left(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    plan: &Plan,
    run: &Run,
) -> Vec<SiteLeft> {
    let converted = |site: &Site| plan.decisions.conversions.iter().any(|c| c.site == site.id);
    let left: Vec<_> = fleet.sites.iter().enumerate().filter(|(_, site)| !converted(site)).collect();
    let reason = |(index, site): &(usize, &Site)| {
        let (reason, detail) = if options.halls.iter().any(|option| option.site == *index && option.offer.is_some()) {
            beaten(fleet, settings, options, plan, site, run)
        } else {
            refused(options, &site.id)
        };
        SiteLeft { site: site.id.clone(), reason, detail }
    };
    let threads = usize::try_from(run.threads).unwrap_or(1);
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| left.par_iter().map(reason).collect()),
        Err(_) => left.iter().map(reason).collect(),
    }
}

/// No option exists: the reason that came closest to one.
fn refused(options: &Options, site: &SiteId) -> (LeftReason, String) {
    let contracts = options.refused.iter().filter(|r| r.site == *site && r.offer.as_str() != MERCHANT);
    let Some(last) = contracts.max_by_key(|r| r.reason) else {
        return (LeftReason::NoEligibleOffer, "no hall there allows a retrofit, or there is no offer".to_owned());
    };
    let reason = match last.reason {
        RefusalReason::Class | RefusalReason::NotEligible | RefusalReason::LetterOfIntent | RefusalReason::Size => {
            LeftReason::NoEligibleOffer
        }
        RefusalReason::NoPot => LeftReason::NoPot,
        RefusalReason::Tenure => LeftReason::Tenure,
        RefusalReason::LongStop | RefusalReason::Horizon => LeftReason::Timing,
        RefusalReason::Power => LeftReason::FirmPower,
    };
    // Several offers may fail alike; where the reason is the offers', none is named.
    let detail = if reason == LeftReason::NoEligibleOffer {
        last.reason.clause().to_owned()
    } else {
        format!("{} ({})", last.reason.clause(), last.offer)
    };
    (reason, detail)
}

/// Options exist, but the plan takes none.
fn beaten(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    plan: &Plan,
    site: &Site,
    run: &Run,
) -> (LeftReason, String) {
    if plan.status == Status::TimeLimitFeasible {
        return (LeftReason::WithinGap, "the search ended before this was settled".to_owned());
    }
    let ruled = fleet.policies != Policies::default() || !fleet.locks.is_empty();
    let unsettled = || (LeftReason::WithinGap, "the search for a reason was not finished".to_owned());
    let gap = plan.gap_usd.0.usd().max(ONE_DOLLAR);
    let unreachable = unreachable(fleet, options);
    let alone = Alone::new(fleet, settings, site, &unreachable);
    let Some(uplift) = alone.uplift(run) else { return unsettled() };
    if uplift.most <= ONE_DOLLAR {
        if only_unreachable(fleet, options, site, &unreachable) {
            return (LeftReason::NoEligibleOffer, "no sites together carry the offer's least load".to_owned());
        }
        return alone.hindrance(run).unwrap_or_else(|| {
            (LeftReason::EarnsLessThanMining, "alone and with money it earns less than mining on".to_owned())
        });
    }
    let free = if ruled { ", with money and free of policies and locks" } else { " and with money" };
    let money = format!("alone{free} it would add {:.1} M$", uplift.value / 1e6);
    if uplift.most <= gap {
        return (LeftReason::WithinGap, format!("{money}, less than the gap"));
    }
    let accepted = plan.decisions.offers.iter().filter(|offer| offer.accepted).map(|offer| offer.offer.clone());
    let elsewhere: Vec<OfferId> = accepted.chain(unreachable.iter().cloned()).collect();
    match Alone::new(fleet, settings, site, &elsewhere).uplift(run) {
        None => unsettled(),
        Some(without) if without.most <= gap => {
            (LeftReason::OffersTaken, format!("{money}; its offers are served elsewhere"))
        }
        Some(_) if settings.budget.is_some() || !fleet.pots.is_empty() => {
            (LeftReason::Budget, format!("{money}; the budget earns more elsewhere"))
        }
        Some(_) => (LeftReason::OffersTaken, format!("{money}; its offers earn more elsewhere")),
    }
}

/// Offers that may be split, whose least load all sites together cannot carry.
fn unreachable(fleet: &Fleet, options: &Options) -> Vec<OfferId> {
    let carried = |index: usize| -> f64 {
        let halls: BTreeMap<_, f64> = options
            .halls
            .iter()
            .filter(|option| option.offer == Some(index))
            .map(|option| {
                let count = f64::from(fleet.sites[option.site].halls[option.hall].count);
                ((option.site, option.hall), option.critical_it.get() * count)
            })
            .collect();
        halls.into_values().sum()
    };
    let offers = fleet.offers.iter().enumerate().filter(|(_, offer)| offer.split);
    offers
        .filter(|(index, offer)| carried(*index) < (offer.min - ItMw::ONE_KILOWATT).get())
        .map(|(_, offer)| offer.id.clone())
        .collect()
}

/// Whether every option of a site serves such an offer.
fn only_unreachable(fleet: &Fleet, options: &Options, site: &Site, unreachable: &[OfferId]) -> bool {
    let here = options.halls.iter().filter(|option| fleet.sites[option.site].id == site.id);
    here.map(|option| option.offer).all(|offer| offer.is_some_and(|o| unreachable.contains(&fleet.offers[o].id)))
}

/// A site planned alone, without limits on money and without some offers.
struct Alone {
    fleet: Fleet,
    options: Options,
    model: Model,
}

/// Uplift of a site planned alone, in dollars.
struct Uplift {
    /// Of the best plan found.
    value: f64,
    /// No plan has more.
    most: f64,
}

impl Alone {
    fn new(fleet: &Fleet, settings: &Settings, site: &Site, without: &[OfferId]) -> Self {
        let mut small = fleet.clone();
        small.sites.retain(|s| s.id == site.id);
        small.machines.retain(|lot| lot.site == site.id);
        small.pots.clear();
        // What the house wants of the whole plan says nothing of one site.
        small.merchant = None;
        small.policies = Policies::default();
        small.locks.retain(|lock| lock.kind == LockKind::Started && lock.work.is_some());
        only_works_of(&mut small, site);
        small.offers.retain(|offer| !fleet.committed(offer) && offer.eligible_at(site) && !without.contains(&offer.id));
        for offer in small.offers.iter_mut().filter(|offer| offer.split) {
            // Other sites could serve the rest.
            offer.min = ItMw::ZERO;
            offer.tranches.clear();
        }
        let settings = Settings { budget: None, ..settings.clone() };
        let options = enumerate(&small, &settings);
        let model = model::tighten(model::build(&small, &settings, &options), &small, &options);
        Self { fleet: small, options, model }
    }

    /// `None` when the search was stopped before anything was found.
    fn uplift(&self, run: &Run) -> Option<Uplift> {
        let limits = limits(run);
        let twin = highs::solve(&without_commitment(&self.fleet, &self.options, &self.model), 0.0, None, &limits);
        let twin = twin.ok().filter(|twin| twin.end == End::Optimal)?;
        let solved = highs::solve(&self.model, -twin.bound, twin.values.as_deref(), &limits).ok()?;
        let columns = &self.model.variables.columns;
        let value: f64 = columns.iter().zip(solved.values?).map(|(column, value)| column.value * value).sum();
        Some(Uplift { value: scale::dollars(value - twin.bound), most: scale::dollars(solved.bound) })
    }

    /// The rule without which an offer could be served, where none can be.
    fn hindrance(&self, run: &Run) -> Option<(LeftReason, String)> {
        let mut forced = self.model.clone();
        let any = forced.variables.accept.iter().map(|accept| (accept.column, 1.0)).collect();
        forced.rows.push(Row::at_least(constraints::offer_size::NAME, "any".to_owned(), any, 1.0));
        let possible = |model: &Model| Some(highs::solve(model, 0.0, None, &limits(run)).ok()?.end != End::Infeasible);
        if possible(&forced)? {
            return None;
        }
        let power = [constraints::firm_power::NAME, constraints::site_power::NAME];
        forced.rows.retain(|row| !power.contains(&row.family));
        Some(if possible(&forced)? {
            (LeftReason::FirmPower, "firm power never carries the least load of an offer".to_owned())
        } else {
            (LeftReason::Timing, "no offer's load can commence by its tranche dates".to_owned())
        })
    }
}

/// Leaves the works that bring something to a site or that its halls need, what they come after, and what they bring
/// there; elsewhere they bring nothing.
fn only_works_of(fleet: &mut Fleet, site: &Site) {
    let kept = works::with_predecessors(fleet, |work| works::touches(work, site));
    let mut index = 0..;
    fleet.works.retain(|_| index.next().is_some_and(|index| kept.contains(&index)));
    for work in &mut fleet.works {
        work.adds.retain(|effect| effect.site == site.id);
    }
    let works: Vec<WorkId> = fleet.works.iter().map(|work| work.id.clone()).collect();
    fleet.locks.retain(|lock| lock.work.as_ref().is_some_and(|id| works.contains(id)));
}

fn limits<'a>(run: &'a Run) -> Limits<'a> {
    Limits { nodes: Some(PATIENCE), ..Limits::none_but(0.01, run.interrupt) }
}
