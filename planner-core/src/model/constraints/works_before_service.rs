//! Halls that need a work are not in service before it is finished, but for what does without it; and neither is a
//! hall whose contract outlasts the site's lease before a work has made that longer.
//!
//! For each month `k` in which such a hall may become ready:
//! `Σ_{x named, ready by k} reserved · x ≤ beyond + (greatest − beyond) · Σ_{f≤k} w`,
//! `greatest` being what the named halls that may be ready by then reserve in all; `beyond = 0` for a lease.

use std::collections::BTreeMap;

use crate::domain::calendar::Month;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::HallOption;
use crate::units::GrossMw;
use crate::works::Extension;

/// The family's one name.
pub const NAME: &str = "works_before_service";

/// A watt: less is float noise.
const NIL: f64 = 1e-6;

/// Rows for every work that halls need, and for every lease that contracts outlast.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let fleet = facts.fleet;
    let mut rows = vec![];
    for (index, work) in fleet.works.iter().enumerate() {
        if let Some(needed) = &work.needed_by {
            let named = |option: &HallOption| {
                let site = &fleet.sites[option.site];
                work.needed_at(&site.id, &site.halls[option.hall].id)
            };
            rows.extend(until_finished(facts, index, work.id.as_str(), needed.beyond, named));
        }
    }
    for (index, site) in fleet.sites.iter().enumerate() {
        if let Some(extension) = Extension::of(fleet, site) {
            let key = format!("{},lease,{}", fleet.works[extension.work].id, site.id);
            let outlasting = |option: &HallOption| option.site == index && option.extension;
            rows.extend(until_finished(facts, extension.work, &key, GrossMw::ZERO, outlasting));
        }
    }
    rows
}

/// By month of service: what is ready by then needs a finished work, but for so much.
fn until_finished(
    facts: Facts,
    work: usize,
    key: &str,
    beyond: GrossMw,
    named: impl Fn(&HallOption) -> bool,
) -> Vec<Row> {
    let halls = facts.options.halls.iter().zip(&facts.variables.halls);
    let mut by_ready: BTreeMap<Month, Vec<(&HallOption, ColumnId)>> = BTreeMap::new();
    for (option, column) in halls.filter(|(option, _)| named(option)) {
        by_ready.entry(option.dates.ready).or_default().push((option, *column));
    }
    let row = |ready: &Month| {
        let by_then: Vec<_> = by_ready.range(..=ready).flat_map(|(_, halls)| halls).collect();
        let more = scale::power(greatest(facts, &by_then)) - scale::power(beyond);
        let finished = facts.options.works.iter().zip(&facts.variables.works);
        let finished = finished.filter(|(option, _)| option.work == work && option.finish <= *ready);
        let reserved = by_then.iter().map(|(option, column)| (*column, scale::power(option.reserved)));
        let terms = reserved.chain(finished.map(|(_, column)| (*column, -more))).collect();
        let key = format!("{key},{}", facts.fleet.calendar.month_start(*ready).strftime("%Y-%m"));
        (more > NIL).then(|| Row::at_most(NAME, key, terms, scale::power(beyond)))
    };
    by_ready.keys().filter_map(row).collect()
}

/// What the hall groups of options reserve when all their halls are converted.
fn greatest(facts: Facts, options: &[&(&HallOption, ColumnId)]) -> GrossMw {
    let groups: BTreeMap<_, _> =
        options.iter().map(|(option, _)| ((option.site, option.hall), option.reserved)).collect();
    let count = |site: usize, hall: usize| f64::from(facts.fleet.sites[site].halls[hall].count);
    groups.into_iter().map(|((site, hall), reserved)| reserved * count(site, hall)).sum()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::fixture;
    use crate::domain::work::{NeededBy, Work};
    use crate::model::tests::rows_that_begin;
    use crate::units::{GrossMw, Months};

    #[test]
    fn halls_wait_for_what_they_need_but_for_what_does_without_it() {
        let rows = |beyond: f64| {
            rows_that_begin("works_before_service", |fleet, _| {
                fleet.calendar.latest_start = date(2027, 6, 30);
                let halls = vec![("north".into(), "a".into())];
                let needed_by = Some(NeededBy { halls, beyond: GrossMw::new(beyond) });
                fleet.works = vec![Work { needed_by, months: Months(7), ..fixture::work("substation") }];
            })
        };
        let (first, second) = ("20 convert[north,a,liquid,ig,2027-01]", "20 convert[north,a,liquid,ig,2027-04]");
        let expected = [
            format!("works_before_service[substation,2027-07]: {first} ≤ 10"),
            format!("works_before_service[substation,2027-10]: {first} + {second} − 30 work[substation,2027-01] ≤ 10"),
        ];
        assert_eq!(rows(10.0), expected, "of 40 MW; seven months from January it is August");
        assert!(rows(40.0).is_empty(), "all halls do without it");
    }

    #[test]
    fn a_contract_that_outlasts_the_lease_waits_for_a_longer_one() {
        let rows = rows_that_begin("works_before_service", |fleet, _| {
            fleet.calendar.latest_start = date(2027, 3, 31);
            fleet.works = vec![fixture::longer_lease("south", date(2040, 12, 31))];
        });
        let expected = "works_before_service[south/lease,lease,south,2027-07]: 20 convert[south,a,liquid,ig,2027-01] \
                        − 40 work[south/lease,2027-01] ≤ 0";
        assert_eq!(rows, [expected]);
        let rows = rows_that_begin("works_before_service", |fleet, _| {
            fleet.works = vec![fixture::longer_lease("south", date(2029, 12, 31))];
        });
        assert!(rows.is_empty(), "the contract would outlast that too, and has no option");
    }
}
