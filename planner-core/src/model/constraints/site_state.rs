//! A site works, is in mothballs, or is sold.
//!
//! * `Σ_p sale[s,p] ≤ 1`, and `mothball[s,p] + Σ_{τ≤p} sale[s,τ] ≤ 1`
//! * `Σ_x x + count_g · Σ_p sale[s,p] ≤ count_g` for each hall group: a site with a conversion is never sold
//! * `Σ_t w[t] + Σ_p sale[s,p] ≤ 1` for each work of the site or with an effect there
//! * `Σ_{x begun by p} x + count_g · mothball[s,p] ≤ count_g`: in mothballs nothing is hosted, nor under way
//! * `Σ_m kW_m · (1 + overhead) · run[m,s,p] + most · mothball[s,p] ≤ most`: nor does anything run there; `most` is the
//!   racks that the site may have
//!
//! A site that is sold has no racks, so that nothing runs there.

use std::collections::BTreeMap;

use crate::domain::calendar::Period;
use crate::domain::machine::Cooling;
use crate::domain::site::Site;
use crate::model::variables::racks;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::HallOption;
use crate::units::GrossMw;

/// The family's one name.
pub const NAME: &str = "site_state";

/// Rows of every site that can be mothballed or sold.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut rows = vec![];
    for (index, site) in facts.fleet.sites.iter().enumerate() {
        let sales: Vec<_> = sold_by(facts, index, facts.fleet.calendar.horizon()).collect();
        if !sales.is_empty() {
            let once = sales.iter().map(|sale| (*sale, 1.0)).collect();
            rows.push(Row::at_most(NAME, format!("{},once", site.id), once, 1.0));
            rows.extend(without_halls(facts, index, "sold", &sales, |_| true));
            rows.extend(without_works(facts, site, &sales));
        }
    }
    for (one, column) in facts.options.mothballs.iter().zip(&facts.variables.mothballs) {
        rows.extend(mothballed(facts, one.site, one.period, *column));
    }
    rows
}

/// The sales of a site at the start of a period or before.
pub(super) fn sold_by(facts: Facts<'_>, site: usize, period: Period) -> impl Iterator<Item = ColumnId> {
    let sales = facts.options.sales.iter().zip(&facts.variables.sales);
    sales.filter(move |(sale, _)| sale.site == site && sale.period <= period).map(|(_, column)| *column)
}

fn mothballed(facts: Facts, site: usize, period: Period, column: ColumnId) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let date = calendar.period_start(period).strftime("%Y-%m").to_string();
    let at = &facts.fleet.sites[site];
    let end = calendar.first_month(Period(period.0 + 1));
    let mut rows = without_halls(facts, site, &date, &[column], |option| option.start < end);
    let sold: Vec<_> = sold_by(facts, site, period).map(|sale| (sale, 1.0)).collect();
    if !sold.is_empty() {
        let terms = std::iter::once((column, 1.0)).chain(sold).collect();
        rows.push(Row::at_most(NAME, format!("{},{date},state", at.id), terms, 1.0));
    }
    let tracks = facts.options.machines.iter().zip(&facts.variables.machines);
    let running = tracks
        .filter(|(track, _)| track.site == site)
        .filter_map(|(track, columns)| Some((columns.run[period.index()]?, scale::machine_power(track.gross))));
    let mut terms: Vec<_> = running.collect();
    if !terms.is_empty() {
        let most = scale::power(most_racks(facts, at));
        terms.push((column, most));
        rows.push(Row::at_most(NAME, format!("{},{date},run", at.id), terms, most));
    }
    rows
}

/// All racks of a site before anything is stripped, with those that works may add.
fn most_racks(facts: Facts, site: &Site) -> GrossMw {
    let own = [Cooling::Air, Cooling::Hydro, Cooling::Immersion].map(|cooling| racks(site, cooling));
    let added = facts.fleet.works.iter().filter_map(|work| work.effect_at(&site.id)).map(|effect| effect.racks);
    own.into_iter().sum::<GrossMw>() + added.sum()
}

/// No work is done at a site that is sold.
fn without_works(facts: Facts, site: &Site, sales: &[ColumnId]) -> Vec<Row> {
    let works = facts.fleet.works.iter().enumerate();
    let there = works.filter(|(_, work)| work.site.as_ref() == Some(&site.id) || work.effect_at(&site.id).is_some());
    there
        .filter_map(|(index, work)| {
            let options = facts.options.works.iter().zip(&facts.variables.works);
            let starts = options.filter(|(option, _)| option.work == index).map(|(_, column)| *column);
            let starts: Vec<ColumnId> = starts.collect();
            let terms = starts.iter().chain(sales).map(|column| (*column, 1.0)).collect();
            (!starts.is_empty()).then(|| Row::at_most(NAME, format!("{},{},sold", site.id, work.id), terms, 1.0))
        })
        .collect()
}

/// No hall of a kind is converted where one of these columns is 1: a row per hall group that may have some.
fn without_halls(
    facts: Facts,
    site: usize,
    key: &str,
    states: &[ColumnId],
    counts: impl Fn(&HallOption) -> bool,
) -> Vec<Row> {
    let mut groups: BTreeMap<usize, Vec<(ColumnId, f64)>> = BTreeMap::new();
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    for (option, column) in options.filter(|(option, _)| option.site == site && counts(option)) {
        groups.entry(option.hall).or_default().push((*column, 1.0));
    }
    let at = &facts.fleet.sites[site];
    let row = |(hall, mut terms): (usize, Vec<_>)| {
        let count = f64::from(at.halls[hall].count);
        terms.extend(states.iter().map(|state| (*state, count)));
        Row::at_most(NAME, format!("{},{},{key}", at.id, at.halls[hall].id), terms, count)
    };
    groups.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::Fleet;
    use crate::model::tests::rows_that_begin;
    use crate::units::{Share, UsdPerKw};

    fn two_quarters(fleet: &mut Fleet) {
        fleet.calendar.periods = 5;
        fleet.calendar.latest_start = jiff::civil::date(2027, 6, 30);
    }

    #[test]
    fn a_site_with_a_conversion_is_never_sold() {
        let rows = rows_that_begin("site_state", |fleet, _| {
            two_quarters(fleet);
            fleet.calendar.periods = 5;
            fleet.sites[0].exit.sale = Some(UsdPerKw::new(300.0));
        });
        let months = ["2027-01", "2027-04", "2027-07", "2027-10", "2028-01"];
        let once = months.map(|month| format!("sale[north,{month}]")).join(" + ");
        let twice = months.map(|month| format!("2 sale[north,{month}]")).join(" + ");
        let expected = [
            format!("site_state[north,once]: {once} ≤ 1"),
            format!(
                "site_state[north,a,sold]: convert[north,a,liquid,ig,2027-01] \
                     + convert[north,a,liquid,ig,2027-04] + {twice} ≤ 2"
            ),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn in_mothballs_nothing_runs_and_no_conversion_has_begun() {
        let rows = rows_that_begin("site_state", |fleet, _| {
            two_quarters(fleet);
            fleet.sites[0].exit.mothball = Some(Share(0.4));
        });
        let first = "convert[north,a,liquid,ig,2027-01]";
        let expected = [
            format!("site_state[north,a,2027-01]: {first} + 2 mothball[north,2027-01] ≤ 2"),
            "site_state[north,2027-01,run]: 3.675 run[north,s21,2027-01] + 41 mothball[north,2027-01] ≤ 41".to_owned(),
            format!(
                "site_state[north,a,2027-04]: {first} + convert[north,a,liquid,ig,2027-04] \
                     + 2 mothball[north,2027-04] ≤ 2"
            ),
        ];
        assert_eq!(rows[..3], expected);
    }

    #[test]
    fn a_site_that_is_sold_is_in_no_mothballs() {
        let rows = rows_that_begin("site_state[north,2027-04,state", |fleet, _| {
            fleet.sites[0].exit.mothball = Some(Share(0.4));
            fleet.sites[0].exit.sale = Some(UsdPerKw::new(300.0));
        });
        let expected = "site_state[north,2027-04,state]: mothball[north,2027-04] \
                        + sale[north,2027-01] + sale[north,2027-04] ≤ 1";
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn a_site_that_cannot_be_left_has_no_rows() {
        assert!(rows_that_begin("site_state", |_, _| {}).is_empty());
    }
}
