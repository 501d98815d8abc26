//! A mining customer's hall: what it brings until its contract ends, and what a conversion takes from it.

use super::hall::Conversion;
use super::lines::Months;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::money::Class;
use crate::domain::site::{HallGroup, HallUse, Site};
use crate::plan::ledger::Category;
use crate::units::Usd;

/// The margin of every hall of a site, month by month, whatever is decided.
pub(super) fn site_margin(fleet: &Fleet, site: &Site, months: &mut Months) {
    for hall in &site.halls {
        let margin = hall_margin(fleet, site, hall, Month(0));
        for (month, amount) in margin {
            months.add(month, Category::ThirdPartyMargin, Class::Mining, amount * f64::from(hall.count));
        }
    }
}

/// What one converted hall brings no more, from the month in which mining stops.
pub(super) fn lost_margin(of: &Conversion, months: &mut Months) {
    let Some(off) = of.dates.mining_off else { return };
    for (month, amount) in hall_margin(of.fleet, of.site, of.hall, off) {
        months.add(month, Category::ThirdPartyMargin, Class::Mining, -amount);
    }
}

// ANCHOR: margin
/// `margin · hall_power` in each month that begins on or before `until`, while the site is ours.
// ANCHOR_END: margin
fn hall_margin(fleet: &Fleet, site: &Site, hall: &HallGroup, from: Month) -> Vec<(Month, Usd)> {
    let HallUse::ThirdParty(customer) = hall.hall_use else { return vec![] };
    let calendar = &fleet.calendar;
    let end = calendar.month_after(customer.until).min(calendar.horizon_month());
    let months = (from.0.max(0)..end.0).map(Month).filter(|month| site.held_on(calendar.month_start(*month)));
    months.map(|month| (month, customer.margin * hall.hall_power)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::Fleet;
    use crate::domain::fixture;
    use crate::domain::site::{HallUse, ThirdParty};
    use crate::options::{HallOption, UnitLine, enumerate};
    use crate::plan::Settings;
    use crate::plan::ledger::Category;
    use crate::units::{Months, Usd, UsdPerMwMonth};

    /// North's two halls host a customer until the middle of October 2027, at 60,000 dollars a hall and month.
    fn hosts() -> Fleet {
        let mut fleet = fixture::fleet();
        fleet.sites[0].halls[0].hall_use = HallUse::ThirdParty(ThirdParty {
            margin: UsdPerMwMonth::new(3000.0),
            until: date(2027, 10, 15),
            notice: Months(6),
            fee: Usd::new(250_000.0),
        });
        fleet.sites[0].halls[0].exit_cost = Usd::new(100_000.0);
        fleet
    }

    fn of(lines: &[UnitLine], category: &Category) -> Vec<(u32, f64)> {
        let named = lines.iter().filter(|line| line.category == *category);
        named.map(|line| (line.period.0, line.cents.usd())).collect()
    }

    fn starting(halls: &[HallOption], month: i32) -> &HallOption {
        halls.iter().find(|option| option.start.0 == month).unwrap()
    }

    #[test]
    fn a_customer_pays_until_its_contract_ends_or_mining_stops() {
        let options = enumerate(&hosts(), &Settings::default());
        let margin = of(&options.fixed[0].lines, &Category::ThirdPartyMargin);
        assert_eq!(margin, [(0, 360_000.0), (1, 360_000.0), (2, 360_000.0), (3, 120_000.0)]);
        // Notice of six months in January: mining stops in July, with four months of the contract to go.
        let first = starting(&options.halls, 0);
        assert_eq!(first.dates.mining_off.unwrap().0, 6);
        assert_eq!(of(&first.lines, &Category::ThirdPartyMargin), [(2, -180_000.0), (3, -60_000.0)]);
    }

    #[test]
    fn a_contract_that_has_ended_costs_no_fee_but_the_hall_is_still_left() {
        let options = enumerate(&hosts(), &Settings::default());
        let exit = Category::Capex("exit".to_owned());
        assert_eq!(of(&starting(&options.halls, 0).lines, &exit), [(2, -350_000.0)]);
        // From April, notice is given until October: mining stops in the last month of the contract.
        assert_eq!(of(&starting(&options.halls, 3).lines, &exit), [(3, -350_000.0)]);
        // From July on, four months are left; mining stops in November.
        assert_eq!(of(&starting(&options.halls, 6).lines, &exit), [(3, -100_000.0)]);
        assert!(of(&starting(&options.halls, 6).lines, &Category::ThirdPartyMargin).is_empty());
    }
}
