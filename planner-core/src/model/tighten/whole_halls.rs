//! An offer's sizes, rounded to what whole halls can serve.
//!
//! The halls that may serve an offer at a place add up to some loads only. `Σ q · x ≥ min · w` then holds with the least
//! of them from `min` on in its place, and `Σ q · x ≤ max · w` with the greatest up to `max`.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::Fleet;
use crate::domain::loads::{Loads, sums, watts};
use crate::model::constraints::offer_size;
use crate::model::{ColumnId, Model, Row};
use crate::options::{HallOption, Options};
use crate::units::ItMw;

/// Rounds every size of an offer.
pub(super) fn round(fleet: &Fleet, options: &Options, model: &mut Model) {
    let halls: BTreeMap<ColumnId, &HallOption> = model.variables.halls.iter().copied().zip(&options.halls).collect();
    let accepts: BTreeSet<ColumnId> = model.variables.accept.iter().map(|accept| accept.column).collect();
    for row in model.rows.iter_mut().filter(|row| row.family == offer_size::NAME) {
        let Some(size) = row.terms.iter().find(|(column, size)| accepts.contains(column) && *size < 0.0) else {
            continue;
        };
        let (accept, size) = (size.0, ItMw::new(-size.1));
        let Some(loads) = loads(fleet, &halls, row, size) else { continue };
        let rounded = if row.lower.is_finite() {
            loads.range(watts(size)..).next().map(|(_, load)| f64::max(load.get(), size.get()))
        } else {
            loads.range(..=watts(size)).next_back().map(|(_, load)| f64::min(load.get(), size.get()))
        };
        if let Some(rounded) = rounded {
            row.terms.iter_mut().filter(|(column, _)| *column == accept).for_each(|(_, size)| *size = -rounded);
        }
    }
}

/// Every load that whole halls of a row add up to, as far as the first beyond a size; `None` where they are too many.
fn loads(fleet: &Fleet, halls: &BTreeMap<ColumnId, &HallOption>, row: &Row, size: ItMw) -> Option<Loads> {
    let mut groups: BTreeMap<(usize, usize), Loads> = BTreeMap::new();
    for (column, load) in &row.terms {
        if let Some(option) = halls.get(column) {
            let load = ItMw::new(*load);
            groups.entry((option.site, option.hall)).or_default().insert(watts(load), load);
        }
    }
    let of_group = |((site, hall), each): ((usize, usize), Loads)| {
        (fleet.sites[site].halls[hall].count, each.into_values().collect())
    };
    sums(groups.into_iter().map(of_group), size)
}

#[cfg(test)]
mod tests {
    use crate::model::tests::tightened;
    use crate::units::ItMw;

    #[test]
    fn sizes_are_those_of_whole_halls() {
        // Halls of 16 MW, two of them.
        let rows = |min: f64, max: f64| {
            tightened(|fleet| {
                fleet.calendar.latest_start = fleet.calendar.start;
                fleet.offers[0].tranches.clear();
                (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(min), ItMw::new(max));
            })
        };
        let x = "16 convert[north,a,liquid,ig,2027-01]";
        let expected = |min: u32, max: u32| {
            vec![
                "offer_size[ig,one]: accept[ig,north] ≤ 1".to_owned(),
                format!("offer_size[ig,north,min]: {x} − {min} accept[ig,north] ≥ 0"),
                format!("offer_size[ig,north,max]: {x} − {max} accept[ig,north] ≤ 0"),
            ]
        };
        assert_eq!(rows(10.0, 31.0), expected(16, 16));
        assert_eq!(rows(17.0, 32.0), expected(32, 32));
        assert_eq!(rows(16.0, 40.0), expected(16, 32));
        assert_eq!(rows(16.4, 40.0), expected(32, 32), "a size is not its next whole MW");
    }
}
