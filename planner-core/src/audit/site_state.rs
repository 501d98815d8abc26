//! `site_state`: a site is working, mothballed or sold, and every site says so
//! once. In mothballs nothing runs, and no conversion has begun; a site that is
//! sold is ours to sell, has no conversion and no work. Neither happens while a
//! mining customer's contract runs.

use super::case::Case;
use super::findings::{Findings, when};
use super::site_power::contract_in;
use crate::domain::calendar::Period;
use crate::domain::site::{Site, Tenure};
use crate::plan::SiteDecision;

/// Every site has one state.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for site in &case.fleet.sites {
        let mut stated = case.decisions.sites.iter().filter(|decision| decision.site == site.id);
        match (stated.next(), stated.next()) {
            (None, _) => found.add(format!("site {}", site.id), "it has no state"),
            (Some(state), None) => {
                mothballs(case, site, state, found);
                sale(case, site, state, found);
            }
            (Some(_), Some(_)) => found.add(format!("site {}", site.id), "it stands twice"),
        }
    }
    for decision in &case.decisions.sites {
        if case.fleet.site(&decision.site).is_none() {
            found.add(format!("site {}", decision.site), "there is no such site");
        }
    }
}

fn mothballs(case: &Case, site: &Site, state: &SiteDecision, found: &mut Findings) {
    let line = format!("site {}", site.id);
    if !state.mothballed.is_empty() && site.exit.mothball.is_none() {
        found.add(&line, "it cannot be mothballed");
    }
    if state.mothballed.iter().zip(state.mothballed.iter().skip(1)).any(|(one, next)| one >= next) {
        found.add(&line, "its periods in mothballs do not rise");
    }
    for period in &state.mothballed {
        let line = format!("{line} in {}", when(&case.fleet.calendar, *period));
        if *period >= case.fleet.calendar.horizon() {
            found.add(&line, "the period lies after the horizon");
        }
        if case.sold_by(&site.id, *period) {
            found.add(&line, "it is mothballed after it is sold");
        }
        if customer_in(case, site, *period) {
            found.add(&line, "it is mothballed while a customer's contract runs");
        }
        if begun(case, site, *period) {
            found.add(&line, "it is mothballed after a conversion has begun");
        }
        if runs(case, site, *period) {
            found.add(&line, "machines run in mothballs");
        }
    }
}

fn sale(case: &Case, site: &Site, state: &SiteDecision, found: &mut Findings) {
    let Some(period) = state.sold else { return };
    let line = format!("site {} sold in {}", site.id, when(&case.fleet.calendar, period));
    if site.exit.sale.is_none() {
        found.add(&line, "it is not for sale");
    }
    if site.tenure != Tenure::Owned {
        found.add(&line, "it is leased");
    }
    if period >= case.fleet.calendar.horizon() {
        found.add(&line, "the period lies after the horizon");
    }
    if customer_in(case, site, period) {
        found.add(&line, "a customer's contract runs");
    }
    if case.decisions.conversions.iter().any(|conversion| conversion.site == site.id) {
        found.add(&line, "halls are converted there");
    }
    let here =
        |job: &&super::job::Job| job.work.site.as_ref() == Some(&site.id) || job.work.effect_at(&site.id).is_some();
    for job in case.jobs.iter().filter(here) {
        found.add(&line, format!("work {} is carried out there", job.work.id));
    }
}

/// Whether a mining customer's contract has a month in a period.
pub(super) fn customer_in(case: &Case, site: &Site, period: Period) -> bool {
    site.halls.iter().any(|hall| hall.count > 0 && contract_in(case, hall, period))
}

/// Whether a conversion has started by the last month of a period.
fn begun(case: &Case, site: &Site, period: Period) -> bool {
    let after = case.fleet.calendar.first_month(Period(period.0.saturating_add(1)));
    case.columns.iter().any(|column| column.site.id == site.id && column.start < after)
}

fn runs(case: &Case, site: &Site, period: Period) -> bool {
    let here = case.herds.iter().filter(|herd| herd.site.id == site.id);
    here.filter_map(|herd| herd.rows.get(period.index())).any(|row| row.run.0 > 0 || row.ballast.0 > 0)
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::audit::fixture_leaving;
    use crate::domain::calendar::Period;
    use crate::domain::site::Tenure;
    use crate::plan::{LeftReason, MachineAction};

    use jiff::civil::date;

    #[test]
    fn a_site_without_a_state() {
        let found = breaks("site_state", |plan| plan.decisions.sites[1].site = "north".into());
        assert_eq!(found, ["site_state: site north: it stands twice", "site_state: site south: it has no state"]);
    }

    #[test]
    fn a_site_is_mothballed_when_it_cannot_be() {
        let found = breaks("site_state", |plan| {
            plan.decisions.sites[0].mothballed = vec![Period(3), Period(0), Period(9)];
        });
        assert_eq!(
            found,
            [
                ": it cannot be mothballed",
                ": its periods in mothballs do not rise",
                " in period 3 (2027-10-01): it is mothballed after a conversion has begun",
                " in period 3 (2027-10-01): machines run in mothballs",
                " in period 0 (2027-01-01): machines run in mothballs",
                " in period 9 (2029-04-01): the period lies after the horizon",
                " in period 9 (2029-04-01): it is mothballed after a conversion has begun",
            ]
            .map(|message| format!("site_state: site north{message}"))
        );
    }

    #[test]
    fn a_site_is_left_while_a_customer_is_there() {
        // The contract of the customer ends with September 2027, in period 2; the site is sold in period 5.
        let found = breaks("site_state", |plan| {
            *plan = fixture_leaving::plan();
            plan.decisions.sites[0].mothballed = vec![Period(2), Period(3), Period(6)];
        });
        assert_eq!(
            found,
            [
                "site_state: site east in period 2 (2027-07-01): it is mothballed while a customer's contract runs",
                "site_state: site east in period 6 (2028-07-01): it is mothballed after it is sold"
            ]
        );
        let found = breaks("site_state", |plan| {
            *plan = fixture_leaving::plan();
            plan.decisions.sites[0].mothballed.clear();
            plan.decisions.sites[0].sold = Some(Period(2));
        });
        assert_eq!(found, ["site_state: site east sold in period 2 (2027-07-01): a customer's contract runs"]);
    }

    #[test]
    fn machines_on_the_slack_of_a_lease_run_in_mothballs() {
        let found = breaks("site_state", |plan| {
            *plan = fixture_leaving::plan();
            let (at, north) = (Period(4), plan.decisions.sites[1].site.clone());
            plan.decisions
                .machines
                .retain(|one| one.period != at || one.site != north || one.action != MachineAction::Run);
            plan.decisions.sites[1].mothballed = vec![at];
        });
        assert_eq!(
            found,
            [
                "site_state: site north: it cannot be mothballed",
                "site_state: site north in period 4 (2028-01-01): it is mothballed after a conversion has begun",
                "site_state: site north in period 4 (2028-01-01): machines run in mothballs"
            ]
        );
    }

    #[test]
    fn a_site_is_sold_that_is_not_ours_to_sell() {
        let found = breaks("site_state", |plan| {
            plan.decisions.sites[1].sold = Some(Period(8));
        });
        assert_eq!(
            found,
            ["it is not for sale", "it is leased", "the period lies after the horizon"]
                .map(|message| format!("site_state: site south sold in period 8 (2029-01-01): {message}"))
        );
    }

    #[test]
    fn a_site_with_a_work_or_a_conversion_is_sold() {
        let found = breaks("site_state", |plan| {
            *plan = fixture_leaving::plan();
            plan.inputs.sites[2].tenure = Tenure::Owned;
            // No lease of it ends.
            plan.sites_left.iter_mut().for_each(|left| left.reason = LeftReason::NoEligibleOffer);
            plan.inputs.sites[2].exit.sale = Some(crate::units::UsdPerKw::new(100.0));
            let mut fence = crate::audit::fixture_works::longer_lease(date(2030, 1, 1));
            (fence.id, fence.adds[0].tenure_until) = ("south/fence".into(), None);
            plan.inputs.works = vec![fence];
            let (start, finish) = (date(2027, 1, 1), date(2027, 4, 1));
            plan.decisions.works = vec![crate::plan::Work { work: "south/fence".into(), start, finish }];
            plan.decisions.machines.clear();
            plan.inputs.machines.clear();
            plan.twin.decisions.machines.clear();
            plan.decisions.sites[2].sold = Some(Period(4));
        });
        assert_eq!(
            found,
            ["site_state: site south sold in period 4 (2028-01-01): work south/fence is carried out there"]
        );
    }
}
