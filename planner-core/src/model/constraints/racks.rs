//! Machines fit the racks that remain.
//!
//! `Σ_m kW_m · (1 + overhead) · stock[m,s,p] + Σ_{x stripped by p} hall_power · x`
//! `≤ Σ_g count · hall_power + spare + Σ_{w finished by p} racks_w · w`
//! for every site, kind of cooling and period. Racks are lost from the period in which mining stops, and all of
//! them with the site's lease, unless a finished work has made it longer:
//! `Σ_m kW_m · (1 + overhead) · stock[m,s,p] ≤ all racks there · Σ_{w finished by p} w` as well; and when it is sold:
//! `+ (Σ_g count · hall_power + spare) · Σ_{τ≤p} sale[s,τ]`.

use super::firm_power::added;
use super::site_state::sold_by;
use crate::domain::calendar::Period;
use crate::domain::machine::Cooling;
use crate::domain::site::Site;
use crate::model::variables::{all_racks, racks};
use crate::model::{ColumnId, Facts, Row, scale};
use crate::units::GrossMw;
use crate::works::Extension;

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
                let kind = format!("{cooling:?}").to_lowercase();
                let key = format!("{},{kind},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
                let (held, extended) = (site.held_on(calendar.period_start(period)), extended(facts, site, period));
                if held || !extended.is_empty() {
                    let works = added(facts, index, period, |effect| effect.racks).filter(|_| cooling == Cooling::Air);
                    let upper = scale::power(racks(site, cooling));
                    let sold = sold_by(facts, index, period).filter(|_| upper > 0.0).map(|sale| (sale, upper));
                    let terms = stock.clone().chain(stripped).chain(works).chain(sold).collect();
                    rows.push(Row::at_most(NAME, key.clone(), terms, upper));
                }
                if !held {
                    let most = scale::power(all_racks(facts.fleet, site, cooling));
                    let terms = stock.chain(extended.into_iter().map(|column| (column, -most))).collect();
                    rows.push(Row::at_most(NAME, format!("{key},lease"), terms, 0.0));
                }
            }
        }
    }
    rows
}

/// Works that, finished by the first month of a period after the lease, make the site ours in it.
fn extended(facts: Facts, site: &Site, period: Period) -> Vec<ColumnId> {
    let calendar = &facts.fleet.calendar;
    let Some(extension) = Extension::of(facts.fleet, site) else { return vec![] };
    if !extension.contains(calendar, calendar.first_month(period)) {
        return vec![];
    }
    let options = facts.options.works.iter().zip(&facts.variables.works);
    let finished = options.filter(|(option, _)| option.work == extension.work && option.finished_in(calendar, period));
    finished.map(|(_, column)| *column).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Cooling, GrossMw};
    use crate::domain::calendar::Month;
    use crate::domain::fixture::{effect, longer_lease, work};
    use crate::domain::work::{Effect, Work};
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
    fn a_finished_work_brings_spare_racks_for_air() {
        let (air, hydro) = ("racks[north,air,2027-07", "racks[north,hydro,2027-07");
        let work = || Work { adds: vec![Effect { racks: GrossMw::new(5.0), ..effect("north") }], ..work("shed") };
        let rows = rows_that_begin(air, |fleet, _| {
            fleet.works = vec![work()];
            fleet.calendar.latest_start = fleet.calendar.start;
        });
        let expected = "racks[north,air,2027-07]: 3.675 stock[north,s21,2027-07] \
                        + 20 convert[north,a,liquid,ig,2027-01] − 5 work[shed,2027-01] ≤ 41";
        assert_eq!(rows, [expected]);
        let rows = rows_that_begin(hydro, |fleet, _| {
            fleet.works = vec![work()];
            fleet.models[0].cooling = Cooling::Hydro;
        });
        assert_eq!(rows, ["racks[north,hydro,2027-07]: 3.675 stock[north,s21,2027-07] ≤ 0"]);
    }

    #[test]
    fn racks_go_with_the_lease_unless_a_work_has_made_it_longer() {
        let leased = |longer: bool| {
            rows_that_begin("racks[north,air,2028", |fleet, _| {
                fleet.sites[0].tenure = fleet.sites[1].tenure;
                fleet.calendar.latest_start = fleet.calendar.start;
                if longer {
                    fleet.works = vec![longer_lease("north", date(2028, 9, 30))];
                }
            })
        };
        let stock = |at: &str| format!("3.675 stock[north,s21,2028-{at}]");
        let lost = |at: &str| format!("racks[north,air,2028-{at},lease]: {} ≤ 0", stock(at));
        let until_march = format!("racks[north,air,2028-01]: {} ≤ 41", stock("01"));
        assert_eq!(leased(false), [until_march.clone(), lost("04"), lost("07"), lost("10")]);
        let further = |at: &str| {
            [
                format!("racks[north,air,2028-{at}]: {} ≤ 41", stock(at)),
                format!("racks[north,air,2028-{at},lease]: {} − 41 work[north/lease,2027-01] ≤ 0", stock(at)),
            ]
        };
        let [ours, april] = further("04");
        let [still, july] = further("07");
        assert_eq!(leased(true), [until_march, ours, april, still, july, lost("10")]);
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
            fleet.models[0].cooling = Cooling::Hydro;
        });
        assert_eq!(rows[0], "racks[north,hydro,2027-01]: 3.675 stock[north,s21,2027-01] ≤ 0");
    }
}
