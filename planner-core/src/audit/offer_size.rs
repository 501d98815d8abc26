//! `offer_size`: an accepted offer is served at exactly one of its eligible
//! sites (unless it may be split); its IT MW lie between minimum and maximum,
//! cumulatively by each tranche date; a declined one gets none.

use std::collections::BTreeSet;

use super::case::Case;
use super::column::Column;
use super::conversions::admitted;
use super::findings::Findings;
use super::locks::signed;
use crate::domain::ids::SiteId;
use crate::domain::offer::Offer;
use crate::plan::OfferDecision;
use crate::units::ItMw;

/// Accepted offers are served as agreed, declined ones not at all.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for decision in &case.decisions.offers {
        if case.fleet.offer(&decision.offer).is_none() {
            found.add(format!("offer {}", decision.offer), "there is no such offer");
        }
    }
    for offer in &case.fleet.offers {
        let line = format!("offer {}", offer.id);
        let mut stated = case.decisions.offers.iter().filter(|decision| decision.offer == offer.id);
        let Some(decision) = stated.next() else {
            found.add(line, "the plan does not say whether it is accepted");
            continue;
        };
        if stated.next().is_some() {
            found.add(&line, "it stands twice");
        }
        let columns: Vec<&Column> = case.columns.iter().filter(|column| column.serves(offer)).collect();
        agrees(decision, &columns, &line, found);
        if decision.accepted {
            accepted(case, offer, &columns, &line, found);
        } else {
            if signed(case.fleet, offer) {
                found.add(&line, "it is signed and cannot be declined");
            }
            if !columns.is_empty() {
                found.add(&line, "it is declined, yet halls are converted for it");
            }
        }
    }
}

fn load<'a>(columns: impl IntoIterator<Item = &'a &'a Column<'a>>) -> ItMw {
    columns.into_iter().map(|column| column.load()).sum()
}

/// The decision repeats what the conversions do.
fn agrees(decision: &OfferDecision, columns: &[&Column], line: &str, found: &mut Findings) {
    let sites: BTreeSet<&SiteId> = columns.iter().map(|column| &column.site.id).collect();
    if !decision.sites.iter().eq(sites.iter().copied()) {
        let list = |ids: Vec<&SiteId>| ids.into_iter().map(SiteId::as_str).collect::<Vec<_>>().join(", ");
        let (stated, expected) = (list(decision.sites.iter().collect()), list(sites.into_iter().collect()));
        found.add(line, format!("served at [{stated}], its conversions are at [{expected}]"));
    }
    let expected = load(columns);
    let close = (decision.critical_it - expected).get().abs() <= ItMw::ONE_WATT.get();
    if !close {
        found.add(line, format!("{:#} stated, its conversions have {expected:#}", decision.critical_it));
    }
}

fn accepted(case: &Case, offer: &Offer, columns: &[&Column], line: &str, found: &mut Findings) {
    if !admitted(case, offer) {
        found.add(line, "it is a letter of intent, which was not asked for");
    }
    let sites: BTreeSet<&SiteId> = columns.iter().map(|column| &column.site.id).collect();
    if sites.len() != 1 && !(offer.split && sites.len() > 1) {
        found.add(line, format!("it is served at {} sites", sites.len()));
    }
    let all = load(columns);
    if !(all + ItMw::ONE_KILOWATT >= offer.min && all <= offer.max + ItMw::ONE_KILOWATT) {
        found.add(line, format!("{all:#} where {:#} to {:#} are agreed", offer.min, offer.max));
    }
    for tranche in &offer.tranches {
        let by_then = load(columns.iter().filter(|c| case.fleet.calendar.month_start(c.commencement) <= tranche.by));
        let enough = by_then + ItMw::ONE_KILOWATT >= tranche.min;
        if !enough {
            found.add(line, format!("{by_then:#} by {} where {:#} are agreed", tranche.by, tranche.min));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};

    use crate::units::ItMw;

    #[test]
    fn an_offer_gets_less_than_agreed() {
        let found = breaks("offer_size", |plan| plan.inputs.offers[0].max = ItMw::new(15.0));
        assert_eq!(found, ["offer_size: offer ig: 16 MW-IT where 16 MW-IT to 15 MW-IT are agreed"]);
    }

    #[test]
    fn a_tranche_comes_too_late() {
        let found = breaks("offer_size", |plan| plan.inputs.offers[0].tranches[0].by = jiff::civil::date(2027, 11, 30));
        assert_eq!(found, ["offer_size: offer ig: 0 MW-IT by 2027-11-30 where 16 MW-IT are agreed"]);
    }

    #[test]
    fn a_declined_offer_is_served() {
        let found = breaks("offer_size", |plan| plan.decisions.offers[0].accepted = false);
        assert_eq!(found, ["offer_size: offer ig: it is declined, yet halls are converted for it"]);
    }

    #[test]
    fn a_signed_offer_is_declined() {
        // By the twin, which converts nothing.
        let found =
            breaks("offer_size", |plan| plan.inputs.offers[0].status = crate::domain::offer::OfferStatus::Signed);
        assert_eq!(found, ["offer_size: twin: offer ig: it is signed and cannot be declined"]);
    }

    #[test]
    fn an_offer_is_not_mentioned() {
        let found = breaks("offer_size", |plan| plan.decisions.offers.clear());
        assert_eq!(found, ["offer_size: offer ig: the plan does not say whether it is accepted"]);
    }

    #[test]
    fn an_offer_that_may_not_be_split_is_served_at_two_sites() {
        let found = breaks("offer_size", |plan| {
            plan.inputs.sites[1].tenure = crate::domain::site::Tenure::Owned;
            plan.inputs.offers[0].max = ItMw::new(32.0);
            plan.inputs.pots.clear();
            let mut there = fixture::conversion();
            there.site = "south".into();
            there.mining_off = None;
            plan.decisions.conversions.push(there);
            plan.decisions.offers[0].sites.push("south".into());
            plan.decisions.offers[0].critical_it = ItMw::new(32.0);
            plan.sites_left.clear();
        });
        assert_eq!(found, ["offer_size: offer ig: it is served at 2 sites"]);
    }
}
