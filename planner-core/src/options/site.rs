//! What a site pays whatever is decided, and what the first hall brings.

use super::hall::Payer;
use super::lines::{Months, UnitLine};
use super::third_party::site_margin;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::money::Class;
use crate::domain::retrofit::{CostBasis, Retrofit};
use crate::domain::site::{Site, Tenure};
use crate::plan::ledger::Category;
use crate::works::{Extension, Schedule};

/// Per-site lines of a retrofit, paid with its first hall at the site.
#[derive(Debug, Clone, PartialEq)]
pub struct SetupOption {
    /// Index of the site.
    pub site: usize,
    /// Index of the retrofit.
    pub retrofit: usize,
    /// First month of the first hall.
    pub start: Month,
    /// Its phases, which date its lines.
    pub schedule: Schedule,
    /// Cash of the site.
    pub lines: Vec<UnitLine>,
}

/// Fixed cost of hosting at a site, from the first service there.
#[derive(Debug, Clone, PartialEq)]
pub struct HostingOption {
    /// Index of the site.
    pub site: usize,
    /// Month of the first service.
    pub first_service: Month,
    /// Cash of the site.
    pub lines: Vec<UnitLine>,
}

/// What a site pays and is worth whatever is decided.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteLines {
    /// Index of the site.
    pub site: usize,
    /// Cash of the site.
    pub lines: Vec<UnitLine>,
}

/// Per-site lines of a retrofit whose first hall starts in a period.
pub(super) fn setup_lines(
    fleet: &Fleet,
    site: &Site,
    retrofit: &Retrofit,
    schedule: &Schedule,
    start: Month,
) -> Vec<UnitLine> {
    let payer = Payer { fleet, site, retrofit, schedule };
    let mut months = Months::new(fleet);
    for line in &retrofit.costs {
        if let CostBasis::Site(cost) = line.basis {
            for (month, amount) in payer.payments(line, start, cost.each()) {
                months.add(month, Category::Capex(line.category.clone()), Class::Corporate, -amount);
            }
        }
    }
    months.lines()
}

/// Fixed cost of hosting from a month on.
pub(super) fn hosting_lines(fleet: &Fleet, site: &Site, first_service: Month) -> Vec<UnitLine> {
    let mut months = Months::new(fleet);
    let held = |month: &Month| site.held_on(fleet.calendar.month_start(*month));
    for month in (first_service.0..fleet.calendar.horizon_month().0).map(Month).filter(held) {
        months.add(month, Category::HostingFixedCost, Class::Corporate, -site.hosting_fixed_cost.per_month());
    }
    months.lines()
}

/// Fixed cost, site rent, what mining customers bring, and the value of the connection at the horizon, as
/// long as the site is ours.
pub(super) fn fixed_lines(fleet: &Fleet, site: &Site) -> Vec<UnitLine> {
    let calendar = &fleet.calendar;
    let mut months = Months::new(fleet);
    let held = |month: &Month| site.held_on(calendar.month_start(*month));
    for month in (0..calendar.horizon_month().0).map(Month).filter(held) {
        held_month(site, month, &mut months);
    }
    site_margin(fleet, site, &mut months);
    if site.held_on(calendar.period_start(calendar.horizon())) {
        let worth = fleet.deck.site_value * site.power.connection_in(calendar, calendar.horizon());
        months.add_in(calendar.horizon(), Category::SiteEndValue, Class::Corporate, worth);
    }
    months.lines()
}

/// What a longer lease brings and costs: the site's own lines in its further months, and the value of the connection
/// at the horizon; the fixed cost of hosting whatever is hosted.
pub(super) fn extension_lines(fleet: &Fleet, site: &Site, extension: Extension, months: &mut Months) {
    let calendar = &fleet.calendar;
    let further = |month: &Month| extension.contains(calendar, *month);
    for month in (0..calendar.horizon_month().0).map(Month).filter(further) {
        held_month(site, month, months);
        months.add(month, Category::HostingFixedCost, Class::Corporate, -site.hosting_fixed_cost.per_month());
    }
    let end = calendar.period_start(calendar.horizon());
    if !site.held_on(end) && end <= extension.until {
        let worth = fleet.deck.site_value * site.power.connection_in(calendar, calendar.horizon());
        months.add_in(calendar.horizon(), Category::SiteEndValue, Class::Corporate, worth);
    }
}

/// What a site costs in a month in which it is ours.
fn held_month(site: &Site, month: Month, months: &mut Months) {
    months.add(month, Category::MiningFixedCost, Class::Corporate, -site.mining.fixed_cost.per_month());
    if let Tenure::Leased { rent, .. } = site.tenure {
        months.add(month, Category::SiteRent, Class::Corporate, -rent.per_month());
    }
}
