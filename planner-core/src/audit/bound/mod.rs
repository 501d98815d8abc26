//! An upper bound on the value of every plan, from prices of shared limits and without a solver (weak duality).
//!
//! A plan that keeps a limit is worth no more with `price · (limit − use)` added, whatever the price from nil on. What
//! is then left to decide falls apart: each site chooses for itself, each machine, offer and work too. The sum of the
//! best of each is worth at least what any plan is. Rules without a price are left out, which only raises the bound. All
//! limits hold to what the audit forgives, so that the bound is that of all plans that pass.

mod alone;
mod arcs;
mod bill;
mod crews;
mod equipment;
mod forced;
mod halls;
mod idle;
mod machines;
mod needs;
mod offers;
mod policies;
mod power;
mod prices;
mod racks;
mod sites;
mod slack;
mod speculation;
mod works;
mod worth;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::case::Case;
use super::column::Column;
use super::findings::{Findings, dollars};
use super::job::Job;
use super::money::hashprices;
use crate::domain::Fleet;
use crate::domain::site::Site;
use crate::plan::{Decisions, Plan, Price, Settings};
use crate::units::{Cents, Usd, UsdCents, UsdPerTh};
use prices::Prices;
use sites::Choices;

/// A bound, and what is wrong with the prices that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// No plan that passes the audit is worth more.
    pub usd: UsdCents,
    /// Prices that are none, or of no limit, with the reason; they count as nil.
    pub objections: Vec<(Price, &'static str)>,
}

/// Floating point adds less than this share of what it adds up.
const FLOAT_NOISE: f64 = 1e-10;

/// What any plan of a portfolio is worth at most.
#[must_use]
pub fn bound(fleet: &Fleet, settings: &Settings, stated: &[Price]) -> Bound {
    let nothing = Decisions::default();
    let case = Case::new(fleet, settings, &nothing, &[]);
    let conversions = halls::conversions(&case);
    let ways = halls::ways(&case, &conversions);
    let mut prices = Prices::new(stated);
    let scene = Scene::new(&case, &ways, &mut prices);
    let parts = [
        scene.limits(),
        scene.hosted(&ways),
        machines::best(&scene),
        scene.offers.accepted(),
        works::best(&scene),
        scene.equipment.reserved(&scene.worth),
    ];
    let size: f64 = parts.iter().map(|usd| usd.abs()).sum();
    let up = ((parts.iter().sum::<f64>() + size * FLOAT_NOISE) * 100.0).ceil() / 100.0;
    // The NPV of a plan is rounded to a cent, too.
    let cents = Usd::new(up).to_cents().0.saturating_add(1);
    Bound { usd: UsdCents(Cents(cents)), objections: prices.objections() }
}

/// The stated bound is the one that follows from the stated prices, and the plan is worth no more. Only of a plan that
/// keeps every other rule: what breaks one may be worth more, and is refused in any case.
pub(super) fn check(plan: &Plan, _own: &Case, _twin: &Case, found: &mut Findings) {
    if !found.none() {
        return;
    }
    let Bound { usd, objections } = bound(&plan.inputs, &plan.settings, &plan.prices);
    for (price, why) in objections {
        found.add(format!("price of {} {}", price.family, price.key), why);
    }
    if plan.lagrangian_bound_usd != usd {
        let (stated, expected) = (dollars(plan.lagrangian_bound_usd.0), dollars(usd.0));
        found.add("lagrangian_bound_usd", format!("{stated}, expected {expected}"));
    }
    if plan.npv_usd.0 > usd.0 {
        let (bound, npv) = (dollars(usd.0), dollars(plan.npv_usd.0));
        found.add("npv_usd", format!("by its prices no plan is worth more than {bound}, yet this one is worth {npv}"));
    }
}

/// Everything that has a price, with its prices.
struct Scene<'a> {
    case: &'a Case<'a>,
    hashprices: Vec<UsdPerTh>,
    worth: worth::Worth<'a>,
    /// In the order of the portfolio's sites.
    sites: Vec<At<'a>>,
    crews: Vec<crews::Priced<'a>>,
    equipment: equipment::Equipment<'a>,
    offers: offers::Offers<'a>,
    speculation: speculation::Speculation<'a>,
    needs: needs::Needs<'a>,
    policies: policies::Policies<'a>,
    forced: forced::Forced<'a>,
}

/// Prices of the limits of one site.
struct At<'a> {
    power: power::Power<'a>,
    racks: [racks::Racks<'a>; 3],
    slack: slack::Slack<'a>,
    bill: bill::Bill<'a>,
    idle: idle::Idle,
}

impl<'a> Scene<'a> {
    fn new(case: &'a Case<'a>, ways: &[halls::Way<'a>], prices: &mut Prices) -> Self {
        let worth = worth::Worth::new(case, prices);
        let sites = case.fleet.sites.iter().map(|site| At::new(case, site, &worth, prices)).collect();
        let served = ways.iter().filter_map(|way| Some((&way.column.offer?.id, &way.column.site.id)));
        let served: BTreeSet<_> = served.collect();
        Self {
            case,
            hashprices: hashprices(case.fleet),
            worth,
            sites,
            crews: case.fleet.crews.iter().map(|crew| crews::Priced::new(case, crew, prices)).collect(),
            equipment: equipment::Equipment::new(case, prices),
            offers: offers::Offers::new(case, &served, prices),
            speculation: speculation::Speculation::new(case, prices),
            needs: needs::Needs::new(case, prices),
            policies: policies::Policies::new(case, prices),
            forced: forced::Forced::new(case, prices),
        }
    }

    /// Price × limit, over all of them.
    fn limits(&self) -> f64 {
        self.worth.limits
            + self.sites.iter().map(At::limits).sum::<f64>()
            + self.crews.iter().map(crews::Priced::limits).sum::<f64>()
            + self.equipment.limits()
            + self.offers.limits()
            + self.speculation.limits()
            + self.needs.limits()
            + self.policies.limits()
            + self.forced.limits()
    }

    /// The best choice of every site.
    fn hosted(&self, ways: &[halls::Way]) -> f64 {
        let mut sum = 0.0;
        for (at, (site, prices)) in self.case.fleet.sites.iter().zip(&self.sites).enumerate() {
            let (valued, setups) = halls::valued(self, at, site, ways);
            let choices = Choices { scene: self, site, ways: &valued, setups: &setups };
            let idle = &prices.idle;
            let best = choices.best(idle.never_hosting(self.case), |month| idle.mothballs_until(self.case, month));
            sum += idle.working + best;
        }
        sum
    }
}

impl<'a> At<'a> {
    fn new(case: &'a Case<'a>, site: &'a Site, worth: &worth::Worth, prices: &mut Prices) -> Self {
        let power = power::Power::new(case, site, prices);
        let racks = racks::KINDS.map(|cooling| racks::Racks::new(case, site, cooling, prices));
        let slack = slack::Slack::new(case, site, prices);
        let bill = bill::Bill::new(case, site, worth, prices);
        let idle = idle::Idle::new(case, site, worth, &racks, &bill, prices);
        Self { power, racks, slack, bill, idle }
    }

    fn limits(&self) -> f64 {
        let racks: f64 = self.racks.iter().map(racks::Racks::limits).sum();
        self.power.limits() + racks + self.slack.limits() + self.bill.limits() + self.idle.limits()
    }

    /// What one hall pays, less what it brings.
    fn of_hall(&self, column: &Column) -> f64 {
        let racks: f64 = self.racks.iter().map(|racks| racks.of_hall(column)).sum();
        self.power.of_hall(column) + racks - self.slack.by_hall(column) - self.bill.by_hall(column)
    }

    /// What a work brings.
    fn by_work(&self, job: &Job) -> f64 {
        self.power.by_work(job) + self.racks.iter().map(|racks| racks.by_work(job)).sum::<f64>()
    }
}
