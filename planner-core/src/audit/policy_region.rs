//! `policy_region`: the load of offers in one region is at most the policy's
//! share of the load of all offers, plus what is free, over the whole plan.

use super::case::Case;
use super::findings::Findings;
use super::policy_tenant::capped;

/// No region has more than its share.
pub(super) fn check(case: &Case, found: &mut Findings) {
    capped(case, case.policies.region, |column| Some(column.site.location.region.as_str()), found);
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::domain::policy::CapPolicy;
    use crate::units::{ItMw, Share};

    #[test]
    fn a_region_has_too_much() {
        let found = breaks("policy_region", |plan| {
            plan.inputs.policies.region = Some(CapPolicy { cap: Share(0.5), free: ItMw::new(7.9) });
        });
        assert_eq!(found, ["policy_region: west: 16 MW-IT of 16 MW-IT where at most 15.9 MW-IT are allowed"]);
    }
}
