//! An accepted offer is served at exactly one of its eligible sites (unless it
//! may be split), its IT MW lie between minimum and maximum, cumulatively by
//! each tranche date; a declined one gets none; a signed one is accepted, and so is
//! one for which halls have started.
//!
//! With `w[c,s] = 1` when offer `c` is served at site `s` (`w[c]` when split):
//!
//! * `Σ_s w[c,s] ≤ 1`, `= 1` when signed or started
//! * `min_c · w[c,s] ≤ Σ_{x of c at s} q · x ≤ max_c · w[c,s]`
//! * `Σ_{x of c at s, commenced by the date} q · x ≥ tranche · w[c,s]`
//!
//! Sizes and tranches hold to one kilowatt.

use crate::model::{Acceptance, ColumnId, Facts, Row, scale};

/// The family's one name.
pub const NAME: &str = "offer_size";

/// Rows for every offer that some option serves.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut rows = vec![];
    for (index, offer) in facts.fleet.offers.iter().enumerate() {
        let places: Vec<_> = facts.variables.accept.iter().filter(|a| a.offer == index).collect();
        if places.is_empty() {
            continue;
        }
        let one = places.iter().map(|a| (a.column, 1.0)).collect();
        let key = format!("{},one", offer.id);
        rows.push(if facts.fleet.committed(offer) {
            Row::equal(NAME, key, one, 1.0)
        } else {
            Row::at_most(NAME, key, one, 1.0)
        });
        for place in places {
            let key = |what: &str| {
                let at = place.site.map_or("split", |s| facts.fleet.sites[s].id.as_str());
                format!("{},{at},{what}", offer.id)
            };
            let served = |by: Option<jiff::civil::Date>, least: f64| {
                let mut terms = served(facts, place, by);
                terms.push((place.column, -least));
                terms
            };
            rows.push(Row::at_least(NAME, key("min"), served(None, scale::least_load(offer.min)), 0.0));
            rows.push(Row::at_most(NAME, key("max"), served(None, scale::most_load(offer.max)), 0.0));
            for tranche in &offer.tranches {
                let terms = served(Some(tranche.by), scale::least_load(tranche.min));
                rows.push(Row::at_least(NAME, key(&tranche.by.to_string()), terms, 0.0));
            }
        }
    }
    rows
}

/// Critical IT load served at a place, of it commenced by a date.
fn served(facts: Facts, place: &Acceptance, by: Option<jiff::civil::Date>) -> Vec<(ColumnId, f64)> {
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    options
        .filter(|(option, _)| option.offer == Some(place.offer) && place.site.is_none_or(|site| option.site == site))
        .filter(|(option, _)| by.is_none_or(|by| facts.fleet.calendar.month_start(option.dates.commencement) <= by))
        .map(|(option, column)| (*column, scale::load(option.critical_it)))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::{Lock, LockKind};
    use crate::model::tests::{lock, rows_that_begin, rows_with};

    use crate::domain::offer::OfferStatus;
    use crate::units::ItMw;

    #[test]
    fn an_accepted_offer_gets_between_its_minimum_and_maximum() {
        let rows = rows_that_begin("offer_size", |fleet, _| {
            fleet.calendar.latest_start = fleet.calendar.start;
            fleet.offers[0].max = ItMw::new(40.0);
        });
        let expected = [
            "offer_size[ig,one]: accept[ig,north] ≤ 1",
            "offer_size[ig,north,min]: 16 convert[north,a,liquid,ig,2027-01] − 15.999001 accept[ig,north] ≥ 0",
            "offer_size[ig,north,max]: 16 convert[north,a,liquid,ig,2027-01] − 40.000999 accept[ig,north] ≤ 0",
            "offer_size[ig,north,2028-06-30]: 16 convert[north,a,liquid,ig,2027-01] − 15.999001 accept[ig,north] ≥ 0",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_one_site_offer_has_a_choice_of_sites_and_a_split_offer_has_one_acceptance() {
        let own = |fleet: &mut crate::domain::Fleet, _: &mut crate::plan::Settings| {
            fleet.sites[1].tenure = crate::domain::site::Tenure::Owned;
        };
        assert_eq!(
            rows_that_begin("offer_size[ig,one]", own),
            ["offer_size[ig,one]: accept[ig,north] + accept[ig,south] ≤ 1"]
        );
        let split = rows_that_begin("offer_size[ig,one]", |fleet, settings| {
            own(fleet, settings);
            fleet.offers[0].split = true;
        });
        assert_eq!(split, ["offer_size[ig,one]: accept[ig,split] ≤ 1"]);
    }

    #[test]
    fn a_signed_offer_is_accepted_somewhere() {
        let rows = rows_that_begin("offer_size[ig,one]", |fleet, _| fleet.offers[0].status = OfferStatus::Signed);
        assert_eq!(rows, ["offer_size[ig,one]: accept[ig,north] = 1"]);
        let started = rows_with("offer_size[ig,one]", |fleet, _| {
            fleet.locks = vec![Lock { offer: Some("ig".into()), ..lock(LockKind::Started) }];
        });
        assert_eq!(started, rows, "an offer for which halls have started counts as signed");
    }
}
