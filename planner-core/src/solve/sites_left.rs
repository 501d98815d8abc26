//! The first reason why a site without a conversion has none.
//!
//! Where options exist, the site is planned alone: without a limit on money,
//! and then without the offers that the plan serves elsewhere; and what pays
//! even so is put beside the plan, to see which rule it breaks there.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::highs::{self, End, Limits};
use super::{Run, polish, without_commitment};
use crate::audit::{judge, settled};
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, SiteId, WorkId};
use crate::domain::offer::OfferStatus;
use crate::domain::policy::{LockKind, Policies};
use crate::domain::site::Site;
use crate::model::{self, Model, Row, constraints, scale};
use crate::options::{Options, RefusalReason, enumerate};
use crate::plan::{LeftReason, MERCHANT, Plan, Settings, SiteLeft};
use crate::units::ItMw;
use crate::works;

/// Nodes after which the search for a reason says what it knows: a limit that
/// does not depend on the machine.
const PATIENCE: i32 = 500;

/// Below this uplift nothing is gained.
const ONE_DOLLAR: f64 = 1.0;

/// Rules that conversions share with others, in the order in which they are named.
const SHARED: [&str; 12] = [
    constraints::budget::NAME,
    constraints::offer_choice::NAME,
    constraints::offer_size::NAME,
    constraints::locks::NAME,
    constraints::crews::NAME,
    constraints::long_lead::NAME,
    constraints::works_before_service::NAME,
    constraints::speculation::NAME,
    constraints::policy_tenant::NAME,
    constraints::policy_region::NAME,
    constraints::policy_mix::NAME,
    constraints::policy_hashrate::NAME,
];

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

/// Options exist, but the plan takes none. Nothing is said that was not asked and proved.
fn beaten(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    plan: &Plan,
    site: &Site,
    run: &Run,
) -> (LeftReason, String) {
    let unsettled = |why: &str| (LeftReason::Unsettled, why.to_owned());
    if plan.status.is_stopped() {
        return unsettled("the search ended before this was settled");
    }
    let not_finished = "the search for a reason was not finished";
    let ruled = fleet.policies != Policies::default() || !fleet.locks.is_empty();
    let gap = plan.gap_usd.0.usd().max(ONE_DOLLAR);
    let unreachable = unreachable(fleet, options);
    let alone = Alone::new(fleet, settings, site, &unreachable);
    let Some(uplift) = alone.uplift(run) else { return unsettled(not_finished) };
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
    let others = Alone::new(fleet, settings, site, &elsewhere);
    match others.uplift(run) {
        Some(without) if without.most <= gap => {
            (LeftReason::OffersTaken, format!("{money}; its offers are served elsewhere"))
        }
        Some(without) => match others.beside(fleet, settings, plan, &without, run) {
            Some(rule) if rule == constraints::budget::NAME => {
                (LeftReason::Budget, format!("{money}; the budget earns more elsewhere"))
            }
            Some(rule) => (LeftReason::OtherRule, format!("{money}; beside the plan it breaks {rule}")),
            None => unsettled(not_finished),
        },
        None => unsettled(not_finished),
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
    settings: Settings,
    options: Options,
    model: Model,
}

/// Uplift of a site planned alone, in dollars.
struct Uplift {
    /// Of the best plan found.
    value: f64,
    /// By column.
    values: Vec<f64>,
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
        small.offers.retain(|offer| offer.eligible_at(site) && !without.contains(&offer.id));
        // Here an offer is taken for what it pays, and not because it is signed.
        let committed = small.offers.iter_mut().filter(|offer| fleet.committed(offer));
        committed.for_each(|offer| offer.status = OfferStatus::Offered);
        for offer in small.offers.iter_mut().filter(|offer| offer.split) {
            // Other sites could serve the rest.
            offer.min = ItMw::ZERO;
            offer.tranches.clear();
        }
        Self::of(small, Settings { budget: None, ..settings.clone() })
    }

    fn of(fleet: Fleet, settings: Settings) -> Self {
        let options = enumerate(&fleet, &settings);
        let model = model::tighten(model::build(&fleet, &settings, &options), &fleet, &options);
        Self { fleet, settings, options, model }
    }

    /// `None` when the search was stopped before anything was found.
    fn uplift(&self, run: &Run) -> Option<Uplift> {
        let limits = limits(run);
        let twin = highs::solve(&without_commitment(&self.fleet, &self.options, &self.model), 0.0, None, &limits);
        let twin = twin.ok().filter(|twin| twin.end == End::Optimal)?;
        let solved = highs::solve(&self.model, -twin.bound, twin.values.as_deref(), &limits).ok()?;
        let (columns, values) = (&self.model.variables.columns, solved.values?);
        let value: f64 = columns.iter().zip(&values).map(|(column, value)| column.value * value).sum();
        let (value, most) = (scale::dollars(value - twin.bound), scale::dollars(solved.bound));
        most.is_finite().then_some(Uplift { value, values, most })
    }

    /// The first rule that its conversions break beside those of the plan; `None` where that is none of those about
    /// conversions.
    fn beside(&self, fleet: &Fleet, settings: &Settings, plan: &Plan, uplift: &Uplift, run: &Run) -> Option<String> {
        let found = polish(&self.fleet, &self.options, &self.model, &uplift.values, run).ok()?;
        let mut own = plan.decisions.clone();
        own.machines.clear();
        let before = judge(fleet, settings, &own).findings;
        own.conversions.extend(found.decisions.conversions);
        own.works.extend(
            found
                .decisions
                .works
                .into_iter()
                .filter(|work| plan.decisions.works.iter().all(|other| other.work != work.work)),
        );
        let after = judge(fleet, settings, &settled(fleet, &own)).findings;
        let new: Vec<_> = after.into_iter().filter(|finding| !before.contains(finding)).collect();
        let broken = |rule: &&&str| new.iter().any(|finding| finding.rule == **rule);
        SHARED.iter().find(broken).map(|rule| (*rule).to_owned())
    }

    /// The rule without which an offer could be served, where none can be.
    fn hindrance(&self, run: &Run) -> Option<(LeftReason, String)> {
        let serves = |model: &Model| {
            let mut forced = model.clone();
            let any = forced.variables.accept.iter().map(|accept| (accept.column, 1.0)).collect();
            forced.rows.push(Row::at_least(constraints::offer_size::NAME, "any".to_owned(), any, 1.0));
            let solved = highs::solve(&forced, 0.0, None, &limits(run)).ok()?;
            (solved.values.is_some() || solved.end == End::Infeasible).then_some(solved.values.is_some())
        };
        if serves(&self.model)? {
            return None;
        }
        let power = [constraints::firm_power::NAME, constraints::site_power::NAME];
        let mut powered = self.model.clone();
        powered.rows.retain(|row| !power.contains(&row.family));
        if serves(&powered)? {
            return Some((LeftReason::FirmPower, "firm power never carries the least load of an offer".to_owned()));
        }
        let mut patient = self.fleet.clone();
        patient.offers.iter_mut().for_each(|offer| offer.tranches.clear());
        let patient = Self::of(patient, self.settings.clone());
        serves(&patient.model)?
            .then(|| (LeftReason::Timing, "no offer's load can commence by its tranche dates".to_owned()))
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
    Limits { nodes: Some(PATIENCE), ..Limits::none_but(0.01, run.allowance()) }
}
