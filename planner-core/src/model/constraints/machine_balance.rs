//! No machine appears or disappears.
//!
//! * `stock[p] = survival · stock[p−1] − sell[p] + buy[p]`, with the fleet at the start before the first period
//! * `sell[p] ≤ survival · stock[p−1]` where machines can be bought: none is bought and sold at once
//! * `run[p] ≤ stock[p]`

use crate::model::{Facts, Row, scale};

/// The family's one name.
pub const NAME: &str = "machine_balance";

/// Rows per model, site and period.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (track, columns) in facts.options.machines.iter().zip(&facts.variables.machines) {
        let (site, model) = (&facts.fleet.sites[track.site].id, &facts.fleet.models[track.model].id);
        for period in calendar.all_periods() {
            let at = period.index();
            let key = format!("{site},{model},{}", calendar.period_start(period).strftime("%Y-%m"));
            let mut terms = vec![(columns.stock[at], 1.0), (columns.sell[at], 1.0)];
            terms.extend(columns.buy[at].map(|buy| (buy, -1.0)));
            let before = if at == 0 {
                scale::machines(track.initial)
            } else {
                terms.push((columns.stock[at - 1], -track.survival));
                0.0
            };
            if columns.buy[at].is_some() {
                let mut sold = vec![(columns.sell[at], 1.0)];
                sold.extend((at > 0).then(|| (columns.stock[at - 1], -track.survival)));
                rows.push(Row::at_most(NAME, format!("{key},sell"), sold, before));
            }
            rows.push(Row::equal(NAME, key.clone(), terms, before));
            if let Some(run) = columns.run[at] {
                rows.push(Row::at_most(NAME, format!("{key},run"), vec![(run, 1.0), (columns.stock[at], -1.0)], 0.0));
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use crate::model::tests::rows_that_begin;

    #[test]
    fn stock_is_what_outlives_the_period_before_less_sales_plus_purchases() {
        let rows = rows_that_begin("machine_balance[north", |_, _| {});
        let expected = [
            "machine_balance[north,s21,2027-01]: stock[north,s21,2027-01] + sell[north,s21,2027-01] = 10",
            "machine_balance[north,s21,2027-01,run]: run[north,s21,2027-01] − stock[north,s21,2027-01] ≤ 0",
            "machine_balance[north,s21,2027-04,sell]: sell[north,s21,2027-04] \
             − 0.987258545 stock[north,s21,2027-01] ≤ 0",
            // 0.95^(3/12); the price list begins in February, so the first purchase is in April.
            "machine_balance[north,s21,2027-04]: stock[north,s21,2027-04] + sell[north,s21,2027-04] \
             − buy[north,s21,2027-04] − 0.987258545 stock[north,s21,2027-01] = 0",
        ];
        assert_eq!(rows[..4], expected);
    }
}
