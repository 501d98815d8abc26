//! The months that a longer lease adds to a site.

use jiff::civil::Date;

use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Month};
use crate::domain::site::{Site, Tenure};

/// Months after a lease that a work makes ours: from the first month of the first period that begins after it, to the
/// last month that begins on or before its new last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// Index of the work.
    pub work: usize,
    /// First month.
    pub from: Month,
    /// Last day of the longer lease.
    pub until: Date,
}

impl Extension {
    /// The longest lease that works can bring to a site; `None` for an owned one and where no work does.
    #[must_use]
    pub fn of(fleet: &Fleet, site: &Site) -> Option<Self> {
        let Tenure::Leased { until: lease, .. } = site.tenure else { return None };
        let longer =
            |(work, of): (usize, &crate::domain::work::Work)| Some((of.effect_at(&site.id)?.tenure_until?, work));
        let (until, work) =
            fleet.works.iter().enumerate().filter_map(longer).max().filter(|(until, _)| *until > lease)?;
        let calendar = &fleet.calendar;
        let length = calendar.period.months();
        // The first period boundary on or after the first month that begins after the lease.
        let after = calendar.month_after(lease).0;
        let from = Month(after.div_euclid(length) * length + if after.rem_euclid(length) > 0 { length } else { 0 });
        Some(Self { work, from, until })
    }

    /// Whether a month lies in it.
    #[must_use]
    pub fn contains(&self, calendar: &Calendar, month: Month) -> bool {
        month >= self.from && calendar.month_start(month) <= self.until
    }
}

/// Whether a site is ours in a month, with the longest lease that works can bring.
#[must_use]
pub fn may_hold(fleet: &Fleet, site: &Site, month: Month) -> bool {
    let calendar = &fleet.calendar;
    site.held_on(calendar.month_start(month))
        || Extension::of(fleet, site).is_some_and(|extension| extension.contains(calendar, month))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::fixture;
    use crate::units::UsdPerYear;

    #[test]
    fn a_longer_lease_begins_with_the_first_period_after_the_old_one() {
        let mut fleet = fixture::fleet();
        let held = |fleet: &Fleet| (0..24).filter(|m| may_hold(fleet, &fleet.sites[1], Month(*m))).collect::<Vec<_>>();
        assert_eq!(held(&fleet), (0..15).collect::<Vec<_>>(), "until March 2028");
        fleet.works = vec![fixture::longer_lease("south", date(2028, 8, 15))];
        assert_eq!(held(&fleet), (0..20).collect::<Vec<_>>(), "until August, whose first day is ours");
        fleet.sites[1].tenure = Tenure::Leased { until: date(2028, 1, 31), rent: UsdPerYear::ZERO };
        assert_eq!(held(&fleet), (0..13).chain(15..20).collect::<Vec<_>>(), "the next period begins in April");
        assert_eq!(Extension::of(&fleet, &fleet.sites[0]), None, "it is owned");
    }
}
