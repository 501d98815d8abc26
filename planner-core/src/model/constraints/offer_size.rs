//! An accepted offer is served at exactly one of its eligible sites (unless it
//! may be split), its IT MW lie between minimum and maximum, cumulatively by
//! each tranche date; a declined one gets none; a signed one is accepted.
//!
//! With `w[c,s] = 1` when offer `c` is served at site `s` (`w[c]` when split):
//!
//! * `Σ_s w[c,s] ≤ 1`, `= 1` when signed
//! * `min_c · w[c,s] ≤ Σ_{x of c at s} q · x ≤ max_c · w[c,s]`
//! * `Σ_{x of c at s, commenced by the date} q · x ≥ tranche · w[c,s]`

use crate::domain::offer::OfferStatus;
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
        rows.push(match offer.status {
            OfferStatus::Signed => Row::equal(NAME, key, one, 1.0),
            OfferStatus::Offered | OfferStatus::LetterOfIntent { .. } => Row::at_most(NAME, key, one, 1.0),
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
            rows.push(Row::at_least(NAME, key("min"), served(None, scale::load(offer.min)), 0.0));
            rows.push(Row::at_most(NAME, key("max"), served(None, scale::load(offer.max)), 0.0));
            for tranche in &offer.tranches {
                let terms = served(Some(tranche.by), scale::load(tranche.min));
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
        .filter(|(option, _)| option.offer == place.offer && place.site.is_none_or(|site| option.site == site))
        .filter(|(option, _)| by.is_none_or(|by| facts.fleet.calendar.month_start(option.dates.commencement) <= by))
        .map(|(option, column)| (*column, scale::load(option.critical_it)))
        .collect()
}
