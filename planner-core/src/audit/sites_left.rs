//! `sites_left`: exactly the sites without a conversion are said to have none.

use std::collections::BTreeSet;

use super::case::Case;
use super::findings::Findings;
use crate::domain::ids::SiteId;
use crate::plan::Plan;

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
        }
    }
    for site in own.fleet.sites.iter().filter(|site| !converted.contains(&site.id) && !listed.contains(&site.id)) {
        found.add(format!("site {}", site.id), "nothing is converted there, and no reason is given");
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;

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
