//! Machines fit the racks that remain.
//!
//! `Σ_m kW_m · (1 + overhead) · stock[m,s,p] + Σ_{x stripped by p} hall_power · x ≤ Σ_g count · hall_power + spare`
//! for every site, kind of cooling and period. Racks are lost from the period in which mining stops, and all of
//! them with the site's lease, or when it is sold: `+ (Σ_g count · hall_power + spare) · Σ_{τ≤p} sale[s,τ]`.

use super::site_state::sold_by;
use crate::domain::machine::Cooling;
use crate::model::variables::racks;
use crate::model::{Facts, Row, scale};
use crate::units::GrossMw;

/// The family's one name.
pub const NAME: &str = "racks";

/// One row per site, cooling and period that holds machines.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (index, site) in facts.fleet.sites.iter().enumerate() {
        for cooling in [Cooling::Air, Cooling::Hydro, Cooling::Immersion] {
            let tracks = facts.options.machines.iter().zip(&facts.variables.machines);
            let tracks: Vec<_> = tracks.filter(|(t, _)| t.site == index && t.cooling == cooling).collect();
            if tracks.is_empty() {
                continue;
            }
            for period in calendar.all_periods() {
                let stock = tracks
                    .iter()
                    .map(|(track, columns)| (columns.stock[period.index()], scale::machine_power(track.gross)));
                let options = facts.options.halls.iter().zip(&facts.variables.halls);
                let stripped = options.filter(|(option, _)| option.site == index).filter_map(|(option, column)| {
                    let hall = &site.halls[option.hall];
                    let off = option.dates.stripped_in(calendar, period);
                    let lost = hall.cooling == cooling && hall.racks() > GrossMw::ZERO && off;
                    lost.then(|| (*column, scale::power(hall.racks())))
                });
                let key = format!("{},{cooling:?},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
                rows.push(if site.held_on(calendar.period_start(period)) {
                    let upper = scale::power(racks(site, cooling));
                    let sold = sold_by(facts, index, period).filter(|_| upper > 0.0).map(|sale| (sale, upper));
                    Row::at_most(NAME, key.to_lowercase(), stock.chain(stripped).chain(sold).collect(), upper)
                } else {
                    Row::at_most(NAME, key.to_lowercase(), stock.collect(), 0.0)
                });
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::Month;
    use crate::model::tests::{merchant, rows_that_begin, rows_with};

    #[test]
    fn a_hall_stripped_before_the_horizon_has_no_racks_from_the_first_period() {
        let rows = rows_with("racks[north,air,2027-01", |_, options| {
            options.halls = vec![merchant(options, Month(-8), Month(-2))];
        });
        let expected = "racks[north,air,2027-01]: 3.675 stock[north,s21,2027-01] \
                        + 20 convert[north,a,liquid,merchant,2026-05] ≤ 41";
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn a_hall_takes_its_racks_with_it_from_the_period_in_which_mining_stops() {
        let rows = rows_that_begin("racks[north,air,2027", |_, _| {});
        assert_eq!(
            rows[0],
            "racks[north,air,2027-01]: 3.675 stock[north,s21,2027-01] + 20 convert[north,a,liquid,ig,2027-01] ≤ 41",
            "mining stops in March, so the first quarter is lost; 2 · 20 MW of halls and 1 MW of spare racks"
        );
        assert_eq!(
            rows[1],
            "racks[north,air,2027-04]: 3.675 stock[north,s21,2027-04] + 20 convert[north,a,liquid,ig,2027-01] \
             + 20 convert[north,a,liquid,ig,2027-04] ≤ 41"
        );
    }

    #[test]
    fn a_site_that_is_sold_has_no_racks() {
        let rows = rows_that_begin("racks[north,air,2027-04", |fleet, _| {
            fleet.sites[0].exit.sale = Some(crate::units::UsdPerKw::new(300.0));
            fleet.offers.clear();
        });
        let expected = "racks[north,air,2027-04]: 3.675 stock[north,s21,2027-04] \
                        + 41 sale[north,2027-01] + 41 sale[north,2027-04] ≤ 41";
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn machines_do_not_fit_racks_of_another_kind() {
        let rows = rows_that_begin("racks[north", |fleet, _| {
            fleet.models[0].cooling = crate::domain::machine::Cooling::Hydro;
        });
        assert_eq!(rows[0], "racks[north,hydro,2027-01]: 3.675 stock[north,s21,2027-01] ≤ 0");
    }
}
