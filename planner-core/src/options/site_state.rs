//! Mothballs and sale of a site, priced.

use super::lines::{Months, UnitLine};
use super::site::SiteLines;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::money::Class;
use crate::domain::site::{HallUse, Site, Tenure};
use crate::plan::ledger::Category;

/// A site in mothballs for a period.
#[derive(Debug, Clone, PartialEq)]
pub struct MothballOption {
    /// Index of the site.
    pub site: usize,
    /// When.
    pub period: Period,
    /// The fixed cost that is saved.
    pub lines: Vec<UnitLine>,
}

/// A site sold at the start of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct SaleOption {
    /// Index of the site.
    pub site: usize,
    /// When.
    pub period: Period,
    /// Its price.
    pub lines: Vec<UnitLine>,
    /// The site's own lines from then on, taken back: the ledger has neither.
    pub ended: Vec<UnitLine>,
}

/// Every period in which mothballs save something.
pub(super) fn mothballs(fleet: &Fleet) -> Vec<MothballOption> {
    let mut options = vec![];
    for (index, site) in fleet.sites.iter().enumerate() {
        let Some(goes_on) = site.exit.mothball else { continue };
        for period in fleet.calendar.all_periods().filter(|period| !hosts_a_customer(fleet, site, *period)) {
            let mut months = Months::new(fleet);
            let held = fleet.calendar.months_of(period);
            for month in held.filter(|month| site.held_on(fleet.calendar.month_start(*month))) {
                let saved = site.mining.fixed_cost.per_month() * goes_on.rest();
                months.add(month, Category::MothballSaving, Class::Corporate, saved);
            }
            let lines = months.lines();
            if !lines.is_empty() {
                options.push(MothballOption { site: index, period, lines });
            }
        }
    }
    options
}

/// Every period in which an owned site may be sold.
pub(super) fn sales(fleet: &Fleet, fixed: &[SiteLines]) -> Vec<SaleOption> {
    let mut options = vec![];
    for of_site in fixed {
        let site = &fleet.sites[of_site.site];
        let Some(price) = site.exit.sale.filter(|_| site.tenure == Tenure::Owned) else { continue };
        for period in fleet.calendar.all_periods().filter(|period| !hosts_a_customer(fleet, site, *period)) {
            let mut months = Months::new(fleet);
            let connection = site.power.connection_in(&fleet.calendar, period);
            months.add_in(period, Category::SiteSale, Class::Corporate, price * connection);
            let later = of_site.lines.iter().filter(|line| line.period >= period);
            let ended = later.map(|line| UnitLine { cents: -line.cents, ..line.clone() }).collect();
            options.push(SaleOption { site: of_site.site, period, lines: months.lines(), ended });
        }
    }
    options
}

/// Whether a mining customer's contract runs in a month of a period.
fn hosts_a_customer(fleet: &Fleet, site: &Site, period: Period) -> bool {
    site.halls.iter().any(|hall| match hall.hall_use {
        HallUse::ThirdParty(customer) => {
            fleet.calendar.first_month(period) < fleet.calendar.month_after(customer.until)
        }
        HallUse::Mining | HallUse::Pad => false,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::fixture;
    use crate::domain::site::{HallUse, PowerStep, ThirdParty};
    use crate::options::enumerate;
    use crate::plan::Settings;
    use crate::units::{Cents, GrossMw, Months, Share, Usd, UsdPerKw, UsdPerMwMonth};

    #[test]
    fn mothballs_save_their_share_while_the_site_is_ours() {
        let mut fleet = fixture::fleet();
        // Ours until the end of May 2028: two months of the sixth quarter.
        fleet.sites[1].exit.mothball = Some(Share(0.4));
        fleet.sites[1].tenure = crate::domain::site::Tenure::Leased {
            until: date(2028, 5, 31),
            rent: crate::units::UsdPerYear::new(240_000.0),
        };
        let options = enumerate(&fleet, &Settings::default());
        let saved: Vec<_> = options.mothballs.iter().map(|o| (o.site, o.period.0, o.lines[0].cents.usd())).collect();
        let full = |period| (1, period, 90_000.0);
        assert_eq!(saved, [full(0), full(1), full(2), full(3), full(4), (1, 5, 60_000.0)]);
        fleet.sites[1].exit.mothball = Some(Share::ALL);
        assert!(enumerate(&fleet, &Settings::default()).mothballs.is_empty(), "nothing is saved");
    }

    #[test]
    fn an_owned_site_is_sold_for_its_connection_and_its_lines_end() {
        let mut fleet = fixture::fleet();
        fleet.sites.iter_mut().for_each(|site| site.exit.sale = Some(UsdPerKw::new(300.0)));
        let grown = PowerStep { from: date(2027, 4, 2), power: GrossMw::new(60.0) };
        fleet.sites[0].power.connection.push(grown);
        let options = enumerate(&fleet, &Settings::default());
        assert!(options.sales.iter().all(|sale| sale.site == 0), "`south` is leased");
        let prices: Vec<_> = options.sales.iter().map(|sale| sale.lines[0].cents.usd() / 1e6).collect();
        assert_eq!(prices[..3], [13.5, 13.5, 18.0]);
        let last = &options.sales[7].ended;
        assert_eq!(last.iter().map(|line| line.period.0).collect::<Vec<_>>(), [7, 8]);
        let all: Cents = last.iter().map(|line| line.cents).sum();
        assert_eq!(all.0, (150_000 - 15_000_000) * 100, "a quarter's fixed cost is spared, and no connection is left");
    }

    #[test]
    fn a_customer_keeps_the_site_going() {
        let mut fleet = fixture::fleet();
        fleet.sites[0].exit.sale = Some(UsdPerKw::new(300.0));
        fleet.sites[0].exit.mothball = Some(Share::NONE);
        fleet.sites[0].halls[0].hall_use = HallUse::ThirdParty(ThirdParty {
            margin: UsdPerMwMonth::ZERO,
            until: date(2028, 4, 1),
            notice: Months(0),
            fee: Usd::ZERO,
        });
        let options = enumerate(&fleet, &Settings::default());
        assert_eq!(options.sales.iter().map(|sale| sale.period.0).collect::<Vec<_>>(), [6, 7]);
        assert_eq!(options.mothballs.iter().map(|one| one.period.0).collect::<Vec<_>>(), [6, 7]);
    }
}
