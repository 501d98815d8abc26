//! Lines of a work: its cost, what the connection that it brings is worth at
//! the horizon, and the lines of a site whose lease it makes longer.

use super::{Amounts, Head, Told, since, units};
use crate::audit::job::Job;
use crate::audit::tenure::{Extension, extension};
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::domain::site::{Site, Tenure};
use crate::plan::PORTFOLIO;
use crate::plan::ledger::Category;

/// All lines of a work.
pub(in crate::audit) fn tell(fleet: &Fleet, job: &Job) -> Vec<Told> {
    let head = |site: &SiteId| Head::new(fleet, site, format!("work/{}", job.work.id), Class::Corporate);
    let owner = job.work.site.clone().unwrap_or_else(|| PORTFOLIO.into());
    let mut told = units(&head(&owner), cost(fleet, job), |unit| unit);
    // What is not finished by the horizon has brought nothing.
    if job.finish > fleet.calendar.horizon_month() {
        return told;
    }
    for effect in &job.work.adds {
        let Some(site) = fleet.site(&effect.site) else { continue };
        let longer = extension(fleet, site).filter(|longer| longer.work.id == job.work.id);
        let mut amounts = Amounts::default();
        if let Some(longer) = &longer {
            longer_lease(fleet, site, longer, &mut amounts);
        }
        let horizon = fleet.calendar.horizon();
        let last = fleet.calendar.period_start(horizon);
        let longer = longer.filter(|longer| !site.held_on(last) && last <= longer.until);
        if longer.is_some() {
            let connection = site.power.connection_in(&fleet.calendar, horizon);
            amounts.add_in(horizon, Category::SiteEndValue, fleet.deck.site_value * connection);
        }
        if longer.is_some() || site.held_on(last) {
            amounts.add_in(horizon, Category::SiteEndValue, fleet.deck.site_value * effect.connection);
        }
        told.extend(units(&head(&site.id), amounts, |unit| unit));
    }
    told
}

/// Its cost, evenly over its months.
fn cost(fleet: &Fleet, job: &Job) -> Amounts {
    let monthly = job.work.cost * (1.0 / f64::from(job.work.months.0));
    let mut amounts = Amounts::default();
    for month in (job.start.0.max(0)..job.finish.min(fleet.calendar.horizon_month()).0).map(Month) {
        let paid = monthly * fleet.money.capex_escalation.growth(since(fleet, month));
        amounts.add(fleet, month, Category::Capex(job.work.category.clone()), -paid);
    }
    amounts
}

/// What the site costs while the longer lease runs.
fn longer_lease(fleet: &Fleet, site: &Site, longer: &Extension, amounts: &mut Amounts) {
    for month in longer.months(fleet) {
        amounts.add(fleet, month, Category::MiningFixedCost, -site.mining.fixed_cost.per_month());
        amounts.add(fleet, month, Category::HostingFixedCost, -site.hosting_fixed_cost.per_month());
        if let Tenure::Leased { rent, .. } = site.tenure {
            amounts.add(fleet, month, Category::SiteRent, -rent.per_month());
        }
    }
}
