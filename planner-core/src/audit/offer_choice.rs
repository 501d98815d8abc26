//! `offer_choice`: at most one offer of an exclusive group is accepted, and at
//! most one offer is served at an exclusive site; merchant capacity does not count.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::findings::Findings;
use crate::domain::ids::OfferId;

/// Offers that exclude one another are not accepted together.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let mut groups: BTreeMap<&str, BTreeSet<&OfferId>> = BTreeMap::new();
    for decision in case.decisions.offers.iter().filter(|decision| decision.accepted) {
        if let Some(group) = case.fleet.offer(&decision.offer).and_then(|offer| offer.exclusive_group.as_deref()) {
            groups.entry(group).or_default().insert(&decision.offer);
        }
    }
    for (group, accepted) in groups.iter().filter(|(_, accepted)| accepted.len() > 1) {
        found.add(format!("group {group}"), format!("{} are accepted, one may be", list(accepted)));
    }
    for site in case.fleet.sites.iter().filter(|site| site.exclusive) {
        let here = case.columns.iter().filter(|column| column.site.id == site.id);
        let served: BTreeSet<&OfferId> = here.filter_map(|column| Some(&column.offer?.id)).collect();
        if served.len() > 1 {
            found.add(format!("site {}", site.id), format!("{} are served, one may be", list(&served)));
        }
    }
}

fn list(offers: &BTreeSet<&OfferId>) -> String {
    offers.iter().map(|offer| offer.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};

    #[test]
    fn two_offers_of_one_group() {
        let found = breaks("offer_choice", |plan| {
            fixture::second_offer(plan);
            for offer in &mut plan.inputs.offers {
                offer.exclusive_group = Some("hyperscaler".to_owned());
            }
        });
        assert_eq!(found, ["offer_choice: group hyperscaler: hy, ig are accepted, one may be"]);
    }

    #[test]
    fn two_offers_at_an_exclusive_site() {
        let found = breaks("offer_choice", |plan| {
            fixture::second_offer(plan);
            plan.inputs.sites[0].exclusive = true;
        });
        assert_eq!(found, ["offer_choice: site north: hy, ig are served, one may be"]);
    }

    #[test]
    fn merchant_capacity_beside_an_offer_at_an_exclusive_site() {
        let mut plan = fixture::with_merchant();
        plan.inputs.sites[0].exclusive = true;
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }
}
