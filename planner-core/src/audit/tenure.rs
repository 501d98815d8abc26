//! How long a site is ours: its lease, and what a work adds to it.

use jiff::ToSpan;
use jiff::civil::Date;

use super::case::Case;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::site::{Site, Tenure};
use crate::domain::work::Work;

/// What a work adds to the lease of a site.
#[derive(Clone, Copy)]
pub(super) struct Extension<'a> {
    pub(super) work: &'a Work,
    /// Last day of the lease with it.
    pub(super) until: Date,
    /// The first month of the first period that begins after the lease.
    from: Month,
    /// The first month that begins after the longer lease.
    to: Month,
}

impl Extension<'_> {
    /// Whether the longer lease runs in a month.
    pub(super) fn contains(&self, month: Month) -> bool {
        (self.from..self.to).contains(&month)
    }

    /// Its months inside the horizon.
    pub(super) fn months(&self, fleet: &Fleet) -> impl Iterator<Item = Month> + use<> {
        (self.from.0.max(0)..self.to.min(fleet.calendar.horizon_month()).0).map(Month)
    }

    /// Whether a term that ends before this day fits into it.
    pub(super) fn outlasts(&self, term_end: Date) -> bool {
        term_end <= self.until.saturating_add(1.day())
    }
}

/// The longer lease that a work would bring.
pub(super) fn extension<'a>(fleet: &'a Fleet, site: &Site) -> Option<Extension<'a>> {
    let Tenure::Leased { until: lease, .. } = site.tenure else { return None };
    let calendar = &fleet.calendar;
    let longer = |work: &'a Work| Some((work, work.effect_at(&site.id)?.tenure_until.filter(|until| *until > lease)?));
    let (work, until) = fleet.works.iter().find_map(longer)?;
    let after = calendar.all_periods().find(|period| calendar.period_start(*period) > lease);
    let from = calendar.first_month(after.unwrap_or(calendar.horizon()));
    Some(Extension { work, until, from, to: calendar.month_after(until) })
}

/// Whether machines may earn at a site in a month: it is ours, or would be with a longer lease.
pub(super) fn earns_in(fleet: &Fleet, site: &Site, month: Month) -> bool {
    site.held_on(fleet.calendar.month_start(month))
        || extension(fleet, site).is_some_and(|extension| extension.contains(month))
}

/// Whether a site is ours in a period: by its lease, or by a longer one whose work is finished.
pub(super) fn ours_in(case: &Case, site: &Site, period: Period) -> bool {
    let first = case.fleet.calendar.first_month(period);
    site.held_on(case.fleet.calendar.period_start(period))
        || extension(case.fleet, site)
            .is_some_and(|extension| extension.contains(first) && case.finished_by(extension.work, first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{fixture, fixture_works};

    use jiff::civil::date;

    #[test]
    fn a_longer_lease_counts_from_the_next_period_on() {
        let mut fleet = fixture::fleet();
        assert!(extension(&fleet, &fleet.sites[1]).is_none());
        // The lease ends on the last day of month 14, so period 5 begins with month 15.
        fleet.works = vec![fixture_works::longer_lease(date(2028, 9, 10))];
        let longer = extension(&fleet, &fleet.sites[1]).unwrap();
        assert_eq!(longer.months(&fleet).map(|month| month.0).collect::<Vec<_>>(), [15, 16, 17, 18, 19, 20]);
        fleet.sites[1].tenure = Tenure::Leased { until: date(2028, 2, 3), rent: crate::units::UsdPerYear::ZERO };
        let site = &fleet.sites[1];
        // February is ours, March is not, and April is with the longer lease.
        let earning: Vec<i32> = (12..24).filter(|month| earns_in(&fleet, site, Month(*month))).collect();
        assert_eq!(earning, [12, 13, 15, 16, 17, 18, 19, 20]);
        fleet.works[0].adds[0].tenure_until = Some(date(2028, 2, 3));
        assert!(extension(&fleet, &fleet.sites[1]).is_none(), "it is no longer");
    }
}
