//! Deliveries of scarce equipment in a period stay within what the supplier delivers and what is reserved.
//!
//! `Σ_x count · x + Σ_z count · z ≤ per_period + r[p]` for every scarce item and period `p` of the last month of a phase
//! that has equipment: of each hall `x`, and of the first hall `z` for per-site lines. What is on site needs no delivery.

use std::collections::BTreeMap;

use crate::domain::calendar::{Month, Period};
use crate::domain::retrofit::{CostBasis, CostLine, Retrofit};
use crate::model::{ColumnId, Facts, Row};
use crate::works::Schedule;

/// The family's one name.
pub const NAME: &str = "long_lead";

/// One row per scarce item and period in which it may be delivered.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let (fleet, calendar) = (facts.fleet, &facts.fleet.calendar);
    let mut rows = vec![];
    for (index, item) in fleet.long_lead.iter().enumerate() {
        let mut deliveries: BTreeMap<Period, BTreeMap<ColumnId, f64>> = BTreeMap::new();
        let mut deliver = |column: ColumnId, retrofit: usize, schedule: &Schedule, start: Month, per_site: bool| {
            let lines = wanted(&fleet.retrofits[retrofit], &item.item, per_site);
            for (line, count) in lines {
                let period = delivered(line, schedule, start).and_then(|month| calendar.period_of(month));
                if let Some(period) = period {
                    *deliveries.entry(period).or_default().entry(column).or_default() += f64::from(count);
                }
            }
        };
        for (option, column) in facts.options.halls.iter().zip(&facts.variables.halls) {
            deliver(*column, option.retrofit, &option.schedule, option.start, false);
        }
        for (option, column) in facts.options.setups.iter().zip(&facts.variables.setups) {
            deliver(*column, option.retrofit, &option.schedule, option.start, true);
        }
        for (period, terms) in deliveries {
            let reserved = facts.options.reservations.iter().zip(&facts.variables.reservations);
            let reserved = reserved.filter(|(option, _)| option.item == index && option.period == period);
            let terms = terms.into_iter().chain(reserved.map(|(_, column)| (*column, -1.0))).collect();
            let key = format!("{},{}", item.item, calendar.period_start(period).strftime("%Y-%m"));
            rows.push(Row::at_most(NAME, key, terms, f64::from(item.per_period)));
        }
    }
    rows
}

/// Cost lines that take an item, per hall or per site, and how many.
fn wanted<'a>(retrofit: &'a Retrofit, item: &'a str, per_site: bool) -> impl Iterator<Item = (&'a CostLine, u32)> {
    let lines = retrofit.costs.iter().filter(move |line| matches!(line.basis, CostBasis::Site(_)) == per_site);
    lines.filter_map(move |line| {
        let equipment = line.equipment.as_ref().filter(|equipment| equipment.item == item)?;
        Some((line, equipment.count))
    })
}

/// The last month of a line's phase; none where the phase is done.
fn delivered(line: &CostLine, schedule: &Schedule, start: Month) -> Option<Month> {
    let phase = schedule.phase(&line.phase).filter(|phase| phase.start < phase.end)?;
    Some(Month(start.plus(phase.end).0 - 1))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::Fleet;
    use crate::domain::delivery::{LongLead, Reserve};
    use crate::domain::retrofit::Equipment;
    use crate::model::tests::rows_that_begin;
    use crate::units::{Months, Usd};

    /// Two transformers for each hall at the end of fit-out, a third with the first hall at the end of design.
    fn transformers(fleet: &mut Fleet) {
        fleet.calendar.latest_start = date(2027, 6, 30);
        let equipment = |count| Some(Equipment { item: "transformer".to_owned(), count });
        for line in &mut fleet.retrofits[0].costs {
            match line.category.as_str() {
                "power" => line.equipment = equipment(2),
                "network" => line.equipment = equipment(1),
                _ => {}
            }
        }
        let reserve = Reserve { most: 3, deposit: Usd::new(1e6), lead: Months(6) };
        fleet.long_lead = vec![LongLead { item: "transformer".to_owned(), per_period: 1, reserve: Some(reserve) }];
    }

    #[test]
    fn deliveries_stay_within_what_comes_and_what_is_reserved() {
        let rows = rows_that_begin("long_lead", |fleet, _| transformers(fleet));
        let (first, second) = ("2 convert[north,a,liquid,ig,2027-01]", "2 convert[north,a,liquid,ig,2027-04]");
        let expected = [
            "long_lead[transformer,2027-01]: setup[north,liquid,2027-01] ≤ 1".to_owned(),
            format!("long_lead[transformer,2027-04]: {first} + setup[north,liquid,2027-04] ≤ 1"),
            format!("long_lead[transformer,2027-07]: {second} − reserve[transformer,2027-07] ≤ 1"),
        ];
        assert_eq!(rows, expected, "a deposit for April would be due before the horizon");
    }

    #[test]
    fn what_is_on_site_and_what_is_not_scarce_needs_no_delivery() {
        let rows = rows_that_begin("long_lead", |fleet, _| {
            transformers(fleet);
            let over = &mut fleet.sites[0].overrides[0];
            over.phases = vec![("fit-out".into(), Months(0)), ("design".into(), Months(0))];
        });
        assert!(rows.is_empty(), "{rows:?}");
        let rows = rows_that_begin("long_lead", |fleet, _| {
            transformers(fleet);
            fleet.long_lead[0].item = "chiller".to_owned();
        });
        assert!(rows.is_empty(), "{rows:?}");
    }
}
