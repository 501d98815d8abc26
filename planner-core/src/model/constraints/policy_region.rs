//! No region has more than a share of the contracted load, beyond a free load.
//!
//! `Σ_{x of any offer in the region} q · x − cap · Σ_{x of any offer} q · x ≤ free` for each region of a site, over
//! the whole plan, to one kilowatt
//!
//! Signed offers count; merchant capacity does not. The twin has no such rule.

use super::policy_tenant::concentration;
use crate::model::{Facts, Row};
use crate::options::HallOption;

/// The family's one name.
pub const NAME: &str = "policy_region";

/// One row per region.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let region = |option: &HallOption| Some(facts.fleet.sites[option.site].location.region.as_str());
    facts.fleet.policies.region.map_or_else(Vec::new, |policy| concentration(facts, NAME, policy, region))
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::CapPolicy;
    use crate::domain::site::Tenure;
    use crate::model::tests::rows_that_begin;
    use crate::units::{ItMw, Share};

    #[test]
    fn each_region_has_a_share_of_all_contracted_load() {
        let rows = rows_that_begin("policy_region", |fleet, _| {
            fleet.calendar.latest_start = fleet.calendar.start;
            fleet.sites[1].tenure = Tenure::Owned;
            fleet.sites[1].location.region = "east".to_owned();
            fleet.policies.region = Some(CapPolicy { cap: Share(0.5), free: ItMw::ZERO });
        });
        let (north, south) = ("convert[north,a,liquid,ig,2027-01]", "convert[south,a,liquid,ig,2027-01]");
        let expected = [
            format!("policy_region[east]: −8 {north} + 8 {south} ≤ 0.000999"),
            format!("policy_region[west]: 8 {north} − 8 {south} ≤ 0.000999"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn without_the_policy_there_are_no_rows() {
        assert!(rows_that_begin("policy_region", |_, _| {}).is_empty());
    }
}
