//! One row per offer: what becomes of it, and how much float the plan leaves it.

use super::conversions;
use super::table::{Cell, Column, Table};
use crate::domain::ids::OfferId;
use crate::domain::offer::OfferStatus;
use crate::plan::Plan;
use crate::units::{ItMw, Months, UsdPerKwMonth};

/// An offer and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferRow {
    /// Which.
    pub offer: OfferId,
    /// Kind of tenant, as printed.
    pub tenant: String,
    /// How far it is agreed.
    pub status: &'static str,
    /// Whether it is signed in this plan.
    pub accepted: bool,
    /// Number of sites that serve it.
    pub sites: usize,
    /// Load served.
    pub critical_it: ItMw,
    /// Rent of the first contract year.
    pub rent: UsdPerKwMonth,
    /// Initial term.
    pub term: Months,
    /// Fewest days between ready for service and the ready-by date.
    pub float_ready_by: Option<i32>,
    /// Fewest days between ready for service and the long-stop date.
    pub float_long_stop: Option<i32>,
}

/// The offers, those accepted first and then by load and id.
#[must_use]
pub fn rows(plan: &Plan) -> Vec<OfferRow> {
    let conversions = conversions::rows(plan);
    let row = |decision: &crate::plan::OfferDecision| {
        let offer = plan.inputs.offer(&decision.offer)?;
        let least = |of: fn(&conversions::ConversionRow) -> Option<i32>| {
            conversions.iter().filter(|row| row.offer == decision.offer).filter_map(of).min()
        };
        Some(OfferRow {
            offer: decision.offer.clone(),
            tenant: offer.tenant.clone(),
            status: words(offer.status),
            accepted: decision.accepted,
            sites: decision.sites.len(),
            critical_it: decision.critical_it,
            rent: offer.rent,
            term: offer.term,
            float_ready_by: least(|row| row.float_ready_by),
            float_long_stop: least(|row| row.float_long_stop),
        })
    };
    let mut rows: Vec<OfferRow> = plan.decisions.offers.iter().filter_map(row).collect();
    rows.sort_by(|a, b| {
        let load = b.critical_it.get().total_cmp(&a.critical_it.get());
        b.accepted.cmp(&a.accepted).then(load).then_with(|| a.offer.cmp(&b.offer))
    });
    rows
}

/// How far an offer is agreed, in words.
#[must_use]
pub const fn words(status: OfferStatus) -> &'static str {
    match status {
        OfferStatus::Signed => "signed",
        OfferStatus::Offered => "offered",
        OfferStatus::LetterOfIntent { .. } => "letter of intent",
    }
}

/// The offers as a table.
#[must_use]
pub fn table(plan: &Plan) -> Table {
    let cells = |row: OfferRow| {
        let none = |float: Option<i32>| Cell::some(float, Cell::Days);
        vec![
            Cell::text(row.offer.as_str()),
            Cell::text(row.tenant),
            Cell::text(row.status),
            Cell::text(if row.accepted { "accepted" } else { "declined" }),
            Cell::some((row.sites > 0).then_some(row.sites), |sites| {
                Cell::Count(i64::try_from(sites).unwrap_or(i64::MAX))
            }),
            Cell::some(row.accepted.then_some(row.critical_it.get()), Cell::Megawatts),
            Cell::Number(row.rent.get(), 2),
            Cell::Count(i64::from(row.term.0)),
            none(row.float_ready_by),
            none(row.float_long_stop),
        ]
    };
    Table {
        title: "Offers".to_owned(),
        columns: vec![
            Column::words("offer"),
            Column::words("tenant"),
            Column::words("agreed"),
            Column::words("in this plan"),
            Column::figures("sites", ""),
            Column::figures("load", "MW-IT"),
            Column::figures("rent", "$/kW-month"),
            Column::figures("term", "months"),
            Column::figures("float to ready-by", "days"),
            Column::figures("room to long-stop", "days"),
        ],
        rows: rows(plan).into_iter().map(cells).collect(),
        notes: vec!["Days of the halls that are ready last; below nil is late.".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn an_offer_has_the_float_of_its_latest_hall() {
        let mut plan = sample::with_sites(2);
        let row = rows(&plan).remove(0);
        assert!(row.accepted && row.sites == 2 && row.status == "offered");
        let (ready_by, long_stop) = (row.float_ready_by.unwrap(), row.float_long_stop.unwrap());
        plan.decisions.conversions[1].ready = plan.decisions.conversions[1].ready.tomorrow().unwrap();
        let row = rows(&plan).remove(0);
        assert_eq!((row.float_ready_by, row.float_long_stop), (Some(ready_by - 1), Some(long_stop - 1)));
        assert_eq!(table(&plan).rows[0].len(), table(&plan).columns.len());
        plan.decisions.conversions.clear();
        plan.decisions.offers[0].accepted = false;
        let row = rows(&plan).remove(0);
        assert_eq!((row.float_ready_by, row.float_long_stop), (None, None));
    }
}
