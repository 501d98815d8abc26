//! The works that what is signed or started may need.

use std::collections::BTreeSet;

use super::portfolio::started_in;
use crate::domain::Fleet;
use crate::domain::policy::LockKind;
use crate::domain::site::Site;
use crate::domain::work::Work;

/// Indices of the works that the twin may do: those that have started, those with an effect or a need at a site where
/// something is signed or has started, and all that these come after.
#[must_use]
pub fn committed(fleet: &Fleet) -> BTreeSet<usize> {
    let sites: Vec<&Site> = fleet.sites.iter().filter(|site| may_be_needed_at(fleet, site)).collect();
    let wanted = |work: &Work| started_in(fleet, &work.id).is_some() || sites.iter().any(|site| touches(work, site));
    with_predecessors(fleet, wanted)
}

/// Indices of works, and of all that they come after.
#[must_use]
pub fn with_predecessors(fleet: &Fleet, wanted: impl Fn(&Work) -> bool) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut next: Vec<usize> = (0..fleet.works.len()).filter(|index| wanted(&fleet.works[*index])).collect();
    while let Some(index) = next.pop() {
        if found.insert(index) {
            let before = &fleet.works[index].after;
            next.extend((0..fleet.works.len()).filter(|other| before.contains(&fleet.works[*other].id)));
        }
    }
    found
}

/// Whether a work brings something to a site, or halls there need it.
#[must_use]
pub fn touches(work: &Work, site: &Site) -> bool {
    let needed = work.needed_by.as_ref().is_some_and(|needed| needed.halls.iter().any(|(at, _)| *at == site.id));
    needed || work.effect_at(&site.id).is_some()
}

/// Whether a lock says that a conversion has started there, or an offer that is signed, or for which halls have
/// started, may be served there by a retrofit that a hall allows.
fn may_be_needed_at(fleet: &Fleet, site: &Site) -> bool {
    let started = fleet.locks.iter().any(|lock| lock.kind == LockKind::Started && lock.site.as_ref() == Some(&site.id));
    let served = fleet.offers.iter().any(|offer| {
        let mut retrofits = site.halls.iter().flat_map(|hall| &hall.retrofits).filter_map(|id| fleet.retrofit(id));
        fleet.committed(offer) && offer.eligible_at(site) && retrofits.any(|retrofit| offer.accepts(retrofit))
    });
    started || served
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;
    use crate::domain::offer::{Eligible, OfferStatus};

    #[test]
    fn the_twin_does_works_where_something_is_signed_and_all_they_come_after() {
        let mut fleet = fixture::fleet();
        fleet.works = vec![
            Work { adds: vec![], ..fixture::work("land") },
            fixture::longer_lease("south", jiff::civil::date(2040, 12, 31)),
            Work { after: vec!["land".into()], ..fixture::work("substation") },
        ];
        assert!(committed(&fleet).is_empty(), "nothing is signed");
        fleet.offers[0].status = OfferStatus::Signed;
        assert_eq!(committed(&fleet), BTreeSet::from([0, 1, 2]), "the offer may be served anywhere");
        fleet.offers[0].eligible = Eligible::Sites(vec!["north".into()]);
        assert_eq!(committed(&fleet), BTreeSet::from([0, 2]));
        fleet.sites[0].halls[0].retrofits.clear();
        assert!(committed(&fleet).is_empty(), "no hall allows a retrofit");
    }
}
