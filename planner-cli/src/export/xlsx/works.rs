//! Lines of works: their cost, the connection they bring, and the lines of a site whose lease they make longer.

use planner_core::domain::calendar::Month;
use planner_core::domain::money::Class;
use planner_core::domain::site::{Site, Tenure};
use planner_core::domain::work::{Effect, Work};
use planner_core::plan::ledger::Category;
use planner_core::plan::{PORTFOLIO, Plan};
use planner_core::works::Extension;

use super::assumptions::Assumptions;
use super::capital::pot_of;
use super::facts_of_sites::{SiteFact, WorkFact};
use super::lines::{Case, Head, Lines};
use super::market::Market;
use super::sheet::{Labels, Look, Sheet, Shown};
use super::term::Term;
use super::timeline::{Axis, serial};

type Shared<'s> = (&'s Assumptions, &'s Axis, &'s Market);

/// All lines of the works of a case.
pub fn lines(
    plan: &Plan,
    (facts, axis, market): Shared,
    case: Case,
    (months, sheet): (&mut Sheet, &mut Sheet),
    lines: &mut Lines,
) {
    let decisions = if case == Case::Plan { &plan.decisions } else { &plan.twin.decisions };
    for decided in &decisions.works {
        let Some(work) = plan.inputs.work(&decided.work) else { continue };
        let first = plan.inputs.calendar.month_of(decided.start);
        let start = months.number(months.next, 5, f64::from(first.0), Look::Decision, Shown::Month);
        let of = |fact| facts.places.works.get(work.id.as_str(), fact);
        let (length, cost) = (of(&WorkFact::MONTHS), of(&WorkFact::COST));
        let labels = Labels::of(format!("{} {}", case.name(), work.id), "work", "USD");
        let row = months.series(&labels, Look::Formula, Shown::Dollars, axis.months, |m, _| {
            let month = axis.month.at(m);
            let runs = Term::all(&[&month.at_least(&start), &month.below(&(&start + &length))]);
            &cost / &length * market.capex_growth.at(m) * runs
        });
        let site = work.site.as_ref().map_or(PORTFOLIO, |site| site.as_str());
        let subject = format!("work/{}", work.id);
        let pot = pot_of(plan, site, &subject);
        let head = Head { pot, ..Head::new(case, site, subject.as_str(), Class::Corporate) };
        let category = Category::Capex(work.category.clone());
        lines.put(sheet, (facts, axis), (&head, &category), Look::Formula, |p| {
            -facts.cents_up(&axis.in_period(&row, p))
        });
        // What is not finished by the horizon has brought nothing.
        if first.plus(work.months) <= plan.inputs.calendar.horizon_month() {
            for effect in &work.adds {
                let head = Head::new(case, effect.site.as_str(), subject.as_str(), Class::Corporate);
                brings(plan, (facts, axis), (work, effect), &head, (months, sheet), lines);
            }
        }
    }
}

/// Whether this work is the one that makes the lease of a site longer.
fn longer(plan: &Plan, work: &Work, site: &Site) -> Option<Extension> {
    let extension = Extension::of(&plan.inputs, site)?;
    plan.inputs.works.get(extension.work).filter(|own| own.id == work.id).map(|_| extension)
}

/// What a finished work brings to a site.
fn brings(
    plan: &Plan,
    (facts, axis): (&Assumptions, &Axis),
    (work, effect): (&Work, &Effect),
    head: &Head,
    (months, sheet): (&mut Sheet, &mut Sheet),
    lines: &mut Lines,
) {
    let Some(site) = plan.inputs.site(&effect.site) else { return };
    let calendar = &plan.inputs.calendar;
    let extension = longer(plan, work, site);
    if let Some(extension) = &extension {
        longer_lease((facts, axis), (site, extension), head, (months, sheet), lines);
    }
    let last = calendar.period_start(calendar.horizon());
    let extended = extension.is_some_and(|extension| !site.held_on(last) && last <= extension.until);
    let mut power = if extended || site.held_on(last) { effect.connection.get() } else { 0.0 };
    if extended {
        power += site.power.connection_in(calendar, calendar.horizon()).get();
    }
    if power != 0.0 {
        let row = sheet.next;
        let power = sheet.number(row, 5, power, Look::Input, Shown::Thousandths);
        lines.put(sheet, (facts, axis), (head, &Category::SiteEndValue), Look::Formula, |p| {
            facts.cents_up(&(&facts.site_value * &facts.kw_per_mw * &power * axis.horizon.at(p)))
        });
    }
}

/// What the site costs while the longer lease runs.
fn longer_lease(
    (facts, axis): (&Assumptions, &Axis),
    (site, extension): (&Site, &Extension),
    head: &Head,
    (months, sheet): (&mut Sheet, &mut Sheet),
    lines: &mut Lines,
) {
    let Month(from) = extension.from;
    let row = months.next;
    let from = months.number(row, 5, f64::from(from), Look::Decision, Shown::Month);
    let until = months.number(row, 6, serial(extension.until), Look::Input, Shown::Day);
    let labels = Labels::of(format!("{} {}", head.case.name(), head.subject), "longer lease", "1: runs");
    let runs = months.series(&labels, Look::Formula, Shown::Whole, axis.months, |m, _| {
        Term::all(&[&axis.month.at(m).at_least(&from), &axis.day.at(m).at_most(&until)])
    });
    let mut costs = vec![
        (Category::MiningFixedCost, &SiteFact::FIXED_COST),
        (Category::HostingFixedCost, &SiteFact::HOSTING_FIXED_COST),
    ];
    if let Tenure::Leased { .. } = site.tenure {
        costs.push((Category::SiteRent, &SiteFact::SITE_RENT));
    }
    for (category, fact) in costs {
        let yearly = facts.places.sites.get(site.id.as_str(), fact);
        lines.put(sheet, (facts, axis), (head, &category), Look::Formula, |p| {
            -facts.cents_up(&(&yearly / &facts.months_per_year * axis.in_period(&runs, p)))
        });
    }
}
