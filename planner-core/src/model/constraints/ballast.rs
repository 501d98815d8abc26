//! Machines on the slack of hosted load draw no more than hosted load leaves.
//!
//! `Σ_m kW_m · (1 + overhead) · ballast[m,s,p] ≤ Σ_{x, contract in all of p} reserved · (1 − load factor) · x`
//! for every site with ballast and period; it is outside `site_power`.

use crate::model::{Facts, Row, scale};
use crate::units::GrossMw;

/// The family's one name.
pub const NAME: &str = "ballast";

/// One row per site and period in which a machine may run on slack.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (index, site) in facts.fleet.sites.iter().enumerate().filter(|(_, site)| site.power.ballast.is_some()) {
        for period in calendar.all_periods() {
            let tracks = facts.options.machines.iter().zip(&facts.variables.machines);
            let drawn = tracks.filter(|(track, _)| track.site == index).filter_map(|(track, columns)| {
                Some((columns.ballast[period.index()]?, scale::machine_power(track.gross)))
            });
            let mut terms: Vec<_> = drawn.collect();
            if terms.is_empty() {
                continue;
            }
            let options = facts.options.halls.iter().zip(&facts.variables.halls);
            let left = options.filter(|(option, _)| option.site == index).filter_map(|(option, column)| {
                let slack = option.slack_in(facts.fleet, period);
                (slack > GrossMw::ZERO).then(|| (*column, -scale::power(slack)))
            });
            terms.extend(left);
            let key = format!("{},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
            rows.push(Row::at_most(NAME, key, terms, 0.0));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use crate::model::tests::rows_that_begin;
    use crate::units::Share;

    #[test]
    fn machines_run_on_what_contracts_leave() {
        let rows = rows_that_begin("ballast", |fleet, _| fleet.sites[0].power.ballast = Some(Share(0.3)));
        // Both first starts commence by December 2027, and a fifth of 20 MW is slack; the third in February 2028.
        let first = "4 convert[north,a,liquid,ig,2027-01] − 4 convert[north,a,liquid,ig,2027-04]";
        assert_eq!(rows.len(), 4);
        assert_eq!(
            rows[0],
            format!(
                "ballast[north,2028-01]: 3.675 ballast[north,s21,2028-01] − {first} \
                   − 4 convert[north,a,liquid,ig,2027-07] ≤ 0"
            )
        );
    }

    #[test]
    fn without_ballast_there_are_no_rows() {
        assert!(rows_that_begin("ballast", |_, _| {}).is_empty());
    }
}
