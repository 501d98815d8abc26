//! Loads that whole halls add up to, and the offers that none of them carries.

use std::collections::BTreeMap;

use super::ids::SiteId;
use super::offer::Offer;
use super::retrofit::Retrofit;
use super::site::Site;
use crate::units::ItMw;

/// Where halls add up to more loads than this, they are not listed.
const MOST_LOADS: usize = 20_000;

/// Critical IT loads by whole watts.
pub type Loads = BTreeMap<i64, ItMw>;

/// Halls of a group: how many, and the loads that one of them may have.
pub type Group = (u32, Vec<ItMw>);

/// A load in whole watts.
#[must_use]
#[allow(clippy::cast_possible_truncation)]
pub fn watts(load: ItMw) -> i64 {
    (load.get() / ItMw::ONE_WATT.get()).round() as i64
}

/// Every load that whole halls add up to, as far as the first beyond a load; `None` where they are too many.
#[must_use]
pub fn sums(groups: impl IntoIterator<Item = Group>, enough: ItMw) -> Option<Loads> {
    let mut all = Loads::from([(0, ItMw::ZERO)]);
    for (count, each) in groups {
        for _ in 0..count {
            let short: Vec<ItMw> = all.range(..watts(enough)).map(|(_, load)| *load).collect();
            let known = all.len();
            let more = short.iter().flat_map(|load| each.iter().map(move |hall| *load + *hall));
            all.extend(more.map(|load| (watts(load), load)));
            if all.len() > MOST_LOADS {
                return None;
            }
            if all.len() == known {
                break;
            }
        }
    }
    Some(all)
}

/// The load nearest to an offer's size that whole halls carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// How much.
    pub load: ItMw,
    /// Where; `None` for all sites of an offer that may be split.
    pub site: Option<SiteId>,
}

/// The least that an offer takes in the end: its size, or the last tranche.
#[must_use]
pub fn least(offer: &Offer) -> ItMw {
    let tranches = offer.tranches.iter().map(|tranche| tranche.min.get());
    ItMw::new(tranches.fold(offer.min.get(), f64::max))
}

/// The load nearest to an offer's size, where no number of whole halls carries it to a kilowatt; `None` where some does,
/// where no hall is converted in a way that the offer accepts, and where the loads are too many to be listed.
#[must_use]
pub fn misfit(offer: &Offer, sites: &[&Site], retrofits: &[&Retrofit]) -> Option<Nearest> {
    let accepted: Vec<&Retrofit> = retrofits.iter().copied().filter(|retrofit| offer.accepts(retrofit)).collect();
    let groups = |site: &Site| -> Vec<Group> {
        let each = site.halls.iter().map(|hall| {
            let allowed = accepted.iter().filter(|retrofit| hall.retrofits.contains(&retrofit.id));
            (hall.count, allowed.map(|retrofit| hall.critical_it(retrofit.gross_to_critical)).collect())
        });
        each.filter(|(_, each): &Group| !each.is_empty()).collect()
    };
    let eligible: Vec<&Site> = sites.iter().copied().filter(|site| offer.eligible_at(site)).collect();
    let places: Vec<(Option<SiteId>, Vec<Group>)> = if offer.split {
        vec![(None, eligible.iter().flat_map(|site| groups(site)).collect())]
    } else {
        eligible.iter().map(|site| (Some(site.id.clone()), groups(site))).collect()
    };
    let (least, most) = (least(offer) - ItMw::ONE_KILOWATT, offer.max + ItMw::ONE_KILOWATT);
    let mut nearest: Option<(f64, Nearest)> = None;
    for (site, groups) in places {
        for load in sums(groups, most)?.into_values().filter(|load| *load > ItMw::ZERO) {
            let off = f64::max((least - load).get(), (load - most).get());
            if off <= 0.0 {
                return None;
            }
            if nearest.as_ref().is_none_or(|(before, _)| off < *before) {
                nearest = Some((off, Nearest { load, site: site.clone() }));
            }
        }
    }
    nearest.map(|(_, nearest)| nearest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Fleet;
    use crate::domain::fixture;
    use crate::domain::offer::Eligible;

    /// Two halls of 16 MW-IT at north, as many at south, for one offer.
    fn of(min: f64, max: f64, change: impl FnOnce(&mut Fleet)) -> Option<(f64, Option<String>)> {
        let mut fleet = fixture::fleet();
        fleet.offers[0].tranches.clear();
        (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(min), ItMw::new(max));
        fleet.offers[0].eligible = Eligible::Anywhere;
        change(&mut fleet);
        let (sites, retrofits): (Vec<_>, Vec<_>) = (fleet.sites.iter().collect(), fleet.retrofits.iter().collect());
        let nearest = misfit(&fleet.offers[0], &sites, &retrofits);
        nearest.map(|nearest| (nearest.load.get(), nearest.site.map(|site| site.to_string())))
    }

    #[test]
    fn a_size_is_carried_to_a_kilowatt() {
        let north = || Some("north".to_owned());
        for (min, max, expected) in [
            (16.0, 16.0, None),
            (16.0009, 16.0009, None),
            (15.9991, 15.9991, None),
            (16.0011, 16.0011, Some((16.0, north()))),
            (15.0, 15.9989, Some((16.0, north()))),
            (17.0, 31.0, Some((16.0, north()))),
            (26.0, 31.0, Some((32.0, north()))),
            (17.0, 32.0, None),
            (40.0, 50.0, Some((32.0, north()))),
            (0.0, 10.0, Some((16.0, north()))),
        ] {
            assert_eq!(of(min, max, |_| {}), expected, "{min} to {max}");
        }
        assert_eq!(of(40.0, 50.0, |fleet| fleet.offers[0].split = true), None, "three halls at two sites");
        assert_eq!(of(60.0, 60.0, |fleet| fleet.offers[0].split = true), Some((64.0, None)));
        assert_eq!(of(40.0, 50.0, |fleet| fleet.offers[0].class = "other".to_owned()), None, "another rule says so");
    }
}
