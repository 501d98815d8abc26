//! Halls converted in a group never exceed its count.
//!
//! `Σ_{v,c,t} x[g,v,c,t] ≤ count_g` for every hall group `g` with an option.

use std::collections::BTreeMap;

use crate::model::{ColumnId, Facts, Row};

/// The family's one name.
pub const NAME: &str = "hall_count";

/// One row per hall group.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut groups: BTreeMap<(usize, usize), Vec<(ColumnId, f64)>> = BTreeMap::new();
    for (option, column) in facts.options.halls.iter().zip(&facts.variables.halls) {
        groups.entry((option.site, option.hall)).or_default().push((*column, 1.0));
    }
    let row = |((site, hall), terms): ((usize, usize), _)| {
        let site = &facts.fleet.sites[site];
        let hall = &site.halls[hall];
        Row::at_most(NAME, format!("{},{}", site.id, hall.id), terms, f64::from(hall.count))
    };
    groups.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::tests::rows_that_begin;

    #[test]
    fn all_starts_of_a_group_share_its_count() {
        let rows = rows_that_begin("hall_count", |_, _| {});
        let expected = "hall_count[north,a]: convert[north,a,liquid,ig,2027-01] + convert[north,a,liquid,ig,2027-04] \
                        + convert[north,a,liquid,ig,2027-07] + convert[north,a,liquid,ig,2027-10] ≤ 2";
        assert_eq!(rows, [expected], "no row for `south`, whose lease ends before the contract");
    }
}
