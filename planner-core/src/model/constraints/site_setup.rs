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

use crate::model::{ColumnId, Facts, Row};

/// The family's one name.
pub const NAME: &str = "site_setup";

/// When something first happens, and what may be that first.
struct First {
    key: String,
    /// By date: the column that says "the first is then".
    firsts: BTreeMap<i64, ColumnId>,
    /// By hall group: its count, and its columns by date.
    groups: BTreeMap<usize, (f64, Vec<(i64, ColumnId)>)>,
}

/// Rows for every retrofit with per-site lines, and for every site with a fixed cost of hosting.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut all: BTreeMap<(usize, Option<usize>), First> = BTreeMap::new();
    let sites = &facts.fleet.sites;
    for (setup, column) in facts.options.setups.iter().zip(&facts.variables.setups) {
        let key = format!("{},{}", sites[setup.site].id, facts.fleet.retrofits[setup.retrofit].id);
        first(&mut all, (setup.site, Some(setup.retrofit)), key).firsts.insert(i64::from(setup.start.0), *column);
    }
    for (hosting, column) in facts.options.hosting.iter().zip(&facts.variables.hosting) {
        let key = format!("{},hosting", sites[hosting.site].id);
        first(&mut all, (hosting.site, None), key).firsts.insert(i64::from(hosting.first_service.0), *column);
    }
    for (option, column) in facts.options.halls.iter().zip(&facts.variables.halls) {
        let count = f64::from(sites[option.site].halls[option.hall].count);
        let (start, service) = (i64::from(option.start.0), i64::from(option.dates.ready.0));
        for (key, date) in [((option.site, Some(option.retrofit)), start), ((option.site, None), service)] {
            if let Some(first) = all.get_mut(&key) {
                first.groups.entry(option.hall).or_insert((count, vec![])).1.push((date, *column));
            }
        }
    }
    all.into_values().flat_map(First::rows).collect()
}

type Firsts = BTreeMap<(usize, Option<usize>), First>;

fn first(all: &mut Firsts, of: (usize, Option<usize>), key: String) -> &mut First {
    all.entry(of).or_insert_with(|| First { key, firsts: BTreeMap::new(), groups: BTreeMap::new() })
}

impl First {
    fn rows(self) -> Vec<Row> {
        let once = self.firsts.values().map(|z| (*z, 1.0)).collect();
        let mut rows = vec![Row::at_most(NAME, format!("{},once", self.key), once, 1.0)];
        for (date, z) in &self.firsts {
            for (group, (count, columns)) in &self.groups {
                if !columns.iter().any(|(at, _)| at == date) {
                    continue; // the row of the date before says as much
                }
                let halls = columns.iter().filter(|(at, _)| at <= date).map(|(_, x)| (*x, 1.0));
                let firsts = self.firsts.range(..=date).map(|(_, z)| (*z, -count));
                let key = format!("{},cover,{group},{date}", self.key);
                rows.push(Row::at_most(NAME, key, halls.chain(firsts).collect(), 0.0));
            }
            let halls = self.groups.values().flat_map(|(_, columns)| columns);
            let then = halls.filter(|(at, _)| at == date).map(|(_, x)| (*x, -1.0));
            let terms = std::iter::once((*z, 1.0)).chain(then).collect();
            rows.push(Row::at_most(NAME, format!("{},first,{date}", self.key), terms, 0.0));
        }
        rows
    }
}
