//! `policy_tenant`: the load of one tenant is at most the policy's share of the
//! load of all offers, plus what is free, over the whole plan.

use super::case::Case;
use super::column::Column;
use super::findings::Findings;
use crate::domain::policy::CapPolicy;
use crate::units::ItMw;

use std::collections::BTreeMap;

/// No tenant has more than his share.
pub(super) fn check(case: &Case, found: &mut Findings) {
    capped(case, case.policies.tenant, |column| column.offer.map(|offer| offer.tenant.as_str()), found);
}

/// Keeps the load of offers by name within a share of all of it.
pub(super) fn capped<'a>(
    case: &'a Case,
    policy: Option<CapPolicy>,
    name: impl Fn(&Column<'a>) -> Option<&'a str>,
    found: &mut Findings,
) {
    let Some(CapPolicy { cap, free }) = policy else { return };
    let mut loads: BTreeMap<&str, ItMw> = BTreeMap::new();
    for column in case.columns.iter().filter(|column| column.offer.is_some()) {
        if let Some(name) = name(column) {
            *loads.entry(name).or_default() += column.load();
        }
    }
    let all: ItMw = loads.values().copied().sum();
    for (name, load) in loads {
        let most = all * cap.0 + free;
        let within = load <= most + ItMw::ONE_KILOWATT;
        if !within {
            found.add(name, format!("{load:#} of {all:#} where at most {most:#} are allowed"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::domain::policy::CapPolicy;
    use crate::units::{ItMw, Share};

    #[test]
    fn a_tenant_has_too_much() {
        let found = breaks("policy_tenant", |plan| {
            fixture::second_offer(plan);
            plan.inputs.offers[0].tenant = "neocloud".to_owned();
            plan.inputs.policies.tenant = Some(CapPolicy { cap: Share(0.4), free: ItMw::new(2.0) });
        });
        assert_eq!(
            found,
            ["investment grade", "neocloud"].map(|tenant| format!(
                "policy_tenant: {tenant}: 16 MW-IT of 32 MW-IT where at most 14.8 MW-IT are allowed"
            ))
        );
    }

    #[test]
    fn merchant_capacity_counts_for_nobody() {
        let mut plan = fixture::with_merchant();
        plan.inputs.policies.tenant = Some(CapPolicy { cap: Share(0.0), free: ItMw::new(16.0) });
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }
}
