//! The slack that hosted load leaves to machines.

use super::hall::HallOption;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::units::GrossMw;

impl HallOption {
    // ANCHOR: slack
    /// `reserved gross · (1 − load factor)` of one hall, in a period all of whose months lie in its contract; nil where
    /// the site has no ballast.
    // ANCHOR_END: slack
    #[must_use]
    pub fn slack_in(&self, fleet: &Fleet, period: Period) -> GrossMw {
        let first = fleet.calendar.first_month(period);
        let after = fleet.calendar.first_month(Period(period.0 + 1));
        let serves = self.dates.commencement <= first && after <= self.dates.term_end;
        if !serves || fleet.sites[self.site].power.ballast.is_none() {
            return GrossMw::ZERO;
        }
        let merchant = fleet.retrofits[self.retrofit].merchant_load_factor;
        let load_factor = self.offer.map_or(merchant, |offer| fleet.offers[offer].load_factor);
        self.reserved * load_factor.rest()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::{Month, Period};
    use crate::domain::fixture;
    use crate::options::enumerate;
    use crate::plan::Settings;
    use crate::units::Share;

    #[test]
    fn slack_is_what_a_contract_leaves_in_whole_periods() {
        let mut fleet = fixture::fleet();
        let mut option = enumerate(&fleet, &Settings::default()).halls[0].clone();
        let slack = |option: &crate::options::HallOption, fleet: &_| {
            (0..8).map(|period| (option.slack_in(fleet, Period(period)).get() * 1e6).round() / 1e6).collect::<Vec<_>>()
        };
        assert_eq!(slack(&option, &fleet), [0.0; 8], "the site has no ballast");
        fleet.sites[0].power.ballast = Some(Share(0.3));
        // Commencement in December 2027; a fifth of 20 MW.
        assert_eq!(slack(&option, &fleet), [0.0, 0.0, 0.0, 0.0, 4.0, 4.0, 4.0, 4.0]);
        option.dates.term_end = Month(17);
        assert_eq!(slack(&option, &fleet)[4..], [4.0, 0.0, 0.0, 0.0]);
        (option.offer, fleet.retrofits[0].merchant_load_factor) = (None, Share(0.5));
        assert_eq!(slack(&option, &fleet)[4..], [10.0, 0.0, 0.0, 0.0]);
    }
}
