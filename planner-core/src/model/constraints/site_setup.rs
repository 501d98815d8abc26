//! Per-site lines of a retrofit and the fixed cost of hosting are paid with
//! the first hall there.
//!
//! With `z[s,v,t] = 1` when the first hall of retrofit `v` at site `s` starts in `t`, `X[g,v,t] = Σ_c x[g,v,c,t]`:
//!
//! * `Σ_t z[s,v,t] ≤ 1`
//! * `Σ_{τ≤t} X[g,v,τ] ≤ count_g · Σ_{τ≤t} z[s,v,τ]` for every hall group: no hall before the first
//! * `z[s,v,t] ≤ Σ_g X[g,v,t]`: the first is one that starts then
//!
//! and the same for the fixed cost of hosting, by the month of service.

use std::collections::BTreeMap;

use crate::domain::calendar::{Calendar, Month};
use crate::domain::ids::HallId;
use crate::model::{ColumnId, Facts, Row};

/// The family's one name.
pub const NAME: &str = "site_setup";

/// When something first happens, and what may be that first.
struct First {
    key: String,
    /// By date: the column that says "the first is then".
    firsts: BTreeMap<Month, ColumnId>,
    /// By hall group: its count, and its columns by date.
    groups: BTreeMap<HallId, (f64, Vec<(Month, ColumnId)>)>,
}

/// Rows for every retrofit with per-site lines, and for every site with a fixed cost of hosting.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut all: BTreeMap<(usize, Option<usize>), First> = BTreeMap::new();
    let (sites, calendar) = (&facts.fleet.sites, &facts.fleet.calendar);
    for (setup, column) in facts.options.setups.iter().zip(&facts.variables.setups) {
        let key = format!("{},{}", sites[setup.site].id, facts.fleet.retrofits[setup.retrofit].id);
        first(&mut all, (setup.site, Some(setup.retrofit)), key).firsts.insert(setup.start, *column);
    }
    for (hosting, column) in facts.options.hosting.iter().zip(&facts.variables.hosting) {
        let key = format!("{},hosting", sites[hosting.site].id);
        first(&mut all, (hosting.site, None), key).firsts.insert(hosting.first_service, *column);
    }
    for (option, column) in facts.options.halls.iter().zip(&facts.variables.halls) {
        let hall = &sites[option.site].halls[option.hall];
        let (start, service) = (option.start, option.dates.ready);
        for (key, date) in [((option.site, Some(option.retrofit)), start), ((option.site, None), service)] {
            if let Some(first) = all.get_mut(&key) {
                let count = f64::from(hall.count);
                first.groups.entry(hall.id.clone()).or_insert((count, vec![])).1.push((date, *column));
            }
        }
    }
    all.into_values().flat_map(|first| first.rows(calendar)).collect()
}

type Firsts = BTreeMap<(usize, Option<usize>), First>;

fn first(all: &mut Firsts, of: (usize, Option<usize>), key: String) -> &mut First {
    all.entry(of).or_insert_with(|| First { key, firsts: BTreeMap::new(), groups: BTreeMap::new() })
}

impl First {
    fn rows(self, calendar: &Calendar) -> Vec<Row> {
        let once = self.firsts.values().map(|z| (*z, 1.0)).collect();
        let mut rows = vec![Row::at_most(NAME, format!("{},once", self.key), once, 1.0)];
        for (date, z) in &self.firsts {
            let then = calendar.month_start(*date).strftime("%Y-%m");
            for (group, (count, columns)) in &self.groups {
                if !columns.iter().any(|(at, _)| at == date) {
                    continue; // the row of the date before says as much
                }
                let halls = columns.iter().filter(|(at, _)| at <= date).map(|(_, x)| (*x, 1.0));
                let firsts = self.firsts.range(..=date).map(|(_, z)| (*z, -count));
                let key = format!("{},cover,{group},{then}", self.key);
                rows.push(Row::at_most(NAME, key, halls.chain(firsts).collect(), 0.0));
            }
            let halls = self.groups.values().flat_map(|(_, columns)| columns);
            let starting = halls.filter(|(at, _)| at == date).map(|(_, x)| (*x, -1.0));
            let terms = std::iter::once((*z, 1.0)).chain(starting).collect();
            rows.push(Row::at_most(NAME, format!("{},first,{then}", self.key), terms, 0.0));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::rows_that_begin;

    #[test]
    fn the_first_hall_pays_and_no_hall_comes_before_it() {
        let rows = rows_that_begin("site_setup[north,liquid", |fleet, _| {
            fleet.calendar.latest_start = jiff::civil::date(2027, 6, 30);
        });
        let expected = [
            "site_setup[north,liquid,once]: setup[north,liquid,2027-01] + setup[north,liquid,2027-04] ≤ 1",
            "site_setup[north,liquid,cover,a,2027-01]: convert[north,a,liquid,ig,2027-01] \
             − 2 setup[north,liquid,2027-01] ≤ 0",
            "site_setup[north,liquid,first,2027-01]: setup[north,liquid,2027-01] \
             − convert[north,a,liquid,ig,2027-01] ≤ 0",
            "site_setup[north,liquid,cover,a,2027-04]: convert[north,a,liquid,ig,2027-01] \
             + convert[north,a,liquid,ig,2027-04] − 2 setup[north,liquid,2027-01] − 2 setup[north,liquid,2027-04] ≤ 0",
            "site_setup[north,liquid,first,2027-04]: setup[north,liquid,2027-04] \
             − convert[north,a,liquid,ig,2027-04] ≤ 0",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_fixed_cost_of_hosting_begins_with_the_first_service() {
        let rows = rows_that_begin("site_setup[north,hosting,once", |_, _| {});
        let expected = "site_setup[north,hosting,once]: hosting[north,2027-07] + hosting[north,2027-10] \
                        + hosting[north,2028-01] + hosting[north,2028-04] ≤ 1";
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn without_such_costs_there_are_no_rows() {
        let rows = rows_that_begin("site_setup", |fleet, _| {
            fleet.sites.iter_mut().for_each(|site| site.hosting_fixed_cost = crate::units::UsdPerYear::ZERO);
            fleet.retrofits[0].costs.retain(|cost| cost.category != "network");
        });
        assert!(rows.is_empty(), "{rows:?}");
    }
}
