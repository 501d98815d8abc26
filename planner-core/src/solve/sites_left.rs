//! The first reason why a site without a conversion has none.
//!
//! Where options exist, the site is planned alone: without a limit on money,
//! and then without the offers that the plan serves elsewhere.

use std::sync::atomic::AtomicBool;

use super::highs::{self, Limits};
use super::without_commitment;
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::offer::OfferStatus;
use crate::domain::site::Site;
use crate::model;
use crate::options::{Options, RefusalReason, enumerate};
use crate::plan::{LeftReason, Plan, Settings, SiteLeft};
use crate::units::ItMw;

/// Seconds after which the search for a reason says what it knows.
const PATIENCE: f64 = 20.0;

/// Why each site without a conversion has none.
pub(super) fn sites_left(fleet: &Fleet, settings: &Settings, options: &Options, plan: &Plan) -> Vec<SiteLeft> {
    let converted = |site: &Site| plan.decisions.conversions.iter().any(|c| c.site == site.id);
    let reason = |(index, site): (usize, &Site)| {
        let (reason, detail) = if options.halls.iter().any(|option| option.site == index) {
            beaten(fleet, settings, plan, site)
        } else {
            refused(options, &site.id)
        };
        SiteLeft { site: site.id.clone(), reason, detail }
    };
    fleet.sites.iter().enumerate().filter(|(_, site)| !converted(site)).map(reason).collect()
}

/// No option exists: the reason that came closest to one.
fn refused(options: &Options, site: &SiteId) -> (LeftReason, String) {
    let Some(last) = options.refused.iter().filter(|r| r.site == *site).max_by_key(|r| r.reason) else {
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
    (reason, format!("{} ({}, {})", last.reason.clause(), last.offer, last.retrofit))
}

/// Options exist, but the plan takes none.
fn beaten(fleet: &Fleet, settings: &Settings, plan: &Plan, site: &Site) -> (LeftReason, String) {
    let gap = plan.gap_usd.0.usd().max(1.0);
    let Some(alone) = alone(fleet, settings, site, &[]) else {
        return (LeftReason::WithinGap, "not settled in the time given".to_owned());
    };
    if alone.most_usd <= 1.0 {
        return (LeftReason::EarnsLessThanMining, "alone and with money it earns less than mining on".to_owned());
    }
    let money = format!("alone and with money it would add {:.1} M$", alone.value_usd / 1e6);
    if alone.most_usd <= gap {
        return (LeftReason::WithinGap, format!("{money}, less than the gap"));
    }
    let elsewhere: Vec<OfferId> =
        plan.decisions.offers.iter().filter(|o| o.accepted).map(|o| o.offer.clone()).collect();
    let without = self::alone(fleet, settings, site, &elsewhere);
    if without.is_some_and(|left| left.most_usd <= 1.0) {
        return (LeftReason::OffersTaken, format!("{money}; the offers it would serve are served elsewhere"));
    }
    if settings.budget.is_some() || !fleet.pots.is_empty() {
        (LeftReason::Budget, format!("{money}; the budget earns more elsewhere"))
    } else {
        (LeftReason::OffersTaken, format!("{money}; the offers it would serve earn more elsewhere"))
    }
}

struct Alone {
    /// Uplift of the best plan found.
    value_usd: f64,
    /// No plan has more.
    most_usd: f64,
}

/// Uplift of a site planned alone, without limits on money and without some
/// offers; `None` when the solver says nothing in time.
fn alone(fleet: &Fleet, settings: &Settings, site: &Site, without: &[OfferId]) -> Option<Alone> {
    let mut small = fleet.clone();
    small.sites.retain(|s| s.id == site.id);
    small.machines.retain(|lot| lot.site == site.id);
    small.pots.clear();
    small
        .offers
        .retain(|offer| offer.status != OfferStatus::Signed && offer.eligible_at(site) && !without.contains(&offer.id));
    for offer in small.offers.iter_mut().filter(|offer| offer.split) {
        // Other sites could serve the rest.
        offer.min = ItMw::ZERO;
        offer.tranches.clear();
    }
    let settings = Settings { budget: None, ..settings.clone() };
    let options = enumerate(&small, &settings);
    let model = model::build(&small, &settings, &options);
    let go_on = AtomicBool::new(false);
    let limits = Limits { relative_gap: 0.01, time_limit: Some(PATIENCE), interrupt: &go_on, progress: &|_, _| {} };
    let twin = highs::solve(&without_commitment(&small, &options, &model), 0.0, None, &limits).ok()?;
    let offset = -twin.bound;
    let solved = highs::solve(&model, offset, twin.values.as_deref(), &limits).ok()?;
    let columns = &model.variables.columns;
    let value: f64 = columns.iter().zip(solved.values?).map(|(column, value)| column.value * value).sum();
    Some(Alone { value_usd: (value + offset) * 1e6, most_usd: solved.bound * 1e6 })
}
