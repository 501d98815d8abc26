//! `site_state`: a site is working, mothballed or sold. In this release every
//! site works throughout, and every site says so once.

use super::case::Case;
use super::findings::Findings;

/// Every site has one state.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for site in &case.fleet.sites {
        let mut stated = case.decisions.sites.iter().filter(|decision| decision.site == site.id);
        match (stated.next(), stated.next()) {
            (None, _) => found.add(format!("site {}", site.id), "it has no state"),
            (Some(_), None) => {}
            (Some(_), Some(_)) => found.add(format!("site {}", site.id), "it stands twice"),
        }
    }
    for decision in &case.decisions.sites {
        if case.fleet.site(&decision.site).is_none() {
            found.add(format!("site {}", decision.site), "there is no such site");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;

    #[test]
    fn a_site_without_a_state() {
        let found = breaks("site_state", |plan| plan.decisions.sites[1].site = "north".into());
        assert_eq!(found, ["site_state: site north: it stands twice", "site_state: site south: it has no state"]);
    }
}
