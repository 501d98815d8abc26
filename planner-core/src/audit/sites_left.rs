//! `sites_left`: exactly the sites without a conversion are said to have none.

use std::collections::BTreeSet;

use super::case::Case;
use super::findings::Findings;
use crate::domain::ids::SiteId;
use crate::domain::site::Tenure;
use crate::plan::{LeftReason, Plan, SiteLeft};

/// Exactly the sites without a conversion are listed, once.
pub(super) fn check(plan: &Plan, own: &Case, _twin: &Case, found: &mut Findings) {
    let converted: BTreeSet<&SiteId> = own.decisions.conversions.iter().map(|conversion| &conversion.site).collect();
    let mut listed = BTreeSet::new();
    for left in &plan.sites_left {
        let line = format!("site {}", left.site);
        if !listed.insert(&left.site) {
            found.add(&line, "it stands twice");
        }
        if converted.contains(&left.site) {
            found.add(&line, "it is said to be left, yet halls are converted there");
        }
        if own.fleet.site(&left.site).is_none() {
            found.add(&line, "there is no such site");
        } else if !converted.contains(&left.site)
            && let Some(message) = contradicted(plan, left)
        {
            found.add(&line, message);
        }
    }
    for site in own.fleet.sites.iter().filter(|site| !converted.contains(&site.id) && !listed.contains(&site.id)) {
        found.add(format!("site {}", site.id), "nothing is converted there, and no reason is given");
    }
}

/// What the inputs say against a reason. Whether an alternative earns less, and by how much, is the solver's word.
fn contradicted(plan: &Plan, left: &SiteLeft) -> Option<&'static str> {
    let (fleet, settings) = (&plan.inputs, &plan.settings);
    let unlimited = settings.budget.is_none() && fleet.pots.is_empty();
    let owned = fleet.site(&left.site)?.tenure == Tenure::Owned;
    match left.reason {
        LeftReason::NoPot if settings.funds(fleet, &left.site) => Some("no pot is said to pay for it, yet one does"),
        LeftReason::Budget if unlimited => Some("the budget is said to be better spent, yet there is none"),
        LeftReason::OffersTaken if fleet.offers.is_empty() => {
            Some("its offers are said to be taken, yet there are none")
        }
        LeftReason::Tenure if owned => Some("its lease is said to end, yet it is owned"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::domain::site::Tenure;
    use crate::plan::LeftReason;

    #[test]
    fn a_reason_that_the_inputs_contradict() {
        let found = |reason| breaks("sites_left", |plan| plan.sites_left[0].reason = reason);
        assert_eq!(found(LeftReason::NoPot), ["sites_left: site south: no pot is said to pay for it, yet one does"]);
        let owned = breaks("sites_left", |plan| {
            let south = plan.inputs.sites.iter_mut().find(|site| site.id.as_str() == "south").unwrap();
            south.tenure = Tenure::Owned;
        });
        assert_eq!(owned, ["sites_left: site south: its lease is said to end, yet it is owned"]);
        let unlimited = breaks("sites_left", |plan| {
            plan.inputs.pots.clear();
            plan.sites_left[0].reason = LeftReason::Budget;
        });
        assert_eq!(unlimited, ["sites_left: site south: the budget is said to be better spent, yet there is none"]);
    }

    #[test]
    fn a_site_is_left_without_a_reason() {
        let found = breaks("sites_left", |plan| plan.sites_left.clear());
        assert_eq!(found, ["sites_left: site south: nothing is converted there, and no reason is given"]);
    }

    #[test]
    fn a_converted_site_is_said_to_be_left() {
        let found = breaks("sites_left", |plan| plan.sites_left[0].site = "north".into());
        assert_eq!(found.len(), 2);
    }
}
