//! A work starts at most once, and after all works that it comes after have finished.
//!
//! With `w[t] = 1` when the work starts in month `t`, `b[t]` the same of a work that it comes after, `f` a finish:
//!
//! * `Σ_t w[t] ≤ 1`
//! * `Σ_{τ≤t} w[τ] ≤ Σ_{f≤t} b`, for each start `t` and each work that it comes after
//!
//! What has started before the horizon waits for nothing.

use crate::domain::calendar::Month;
use crate::domain::ids::WorkId;
use crate::model::{ColumnId, Facts, Row};
use crate::options::WorkOption;

/// The family's one name.
pub const NAME: &str = "works_order";

/// Rows for every work that may start.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (index, work) in facts.fleet.works.iter().enumerate() {
        let starts: Vec<_> = of(facts, |option| option.work == index).collect();
        if starts.is_empty() {
            continue;
        }
        let once = starts.iter().map(|(_, column)| (*column, 1.0)).collect();
        rows.push(Row::at_most(NAME, format!("{},once", work.id), once, 1.0));
        for (start, _) in starts.iter().filter(|(option, _)| !option.started) {
            let then = calendar.month_start(start.start).strftime("%Y-%m");
            for before in &work.after {
                let begun = starts.iter().filter(|(option, _)| option.start <= start.start);
                let terms = begun.map(|(_, column)| (*column, 1.0)).chain(finished(facts, before, start.start));
                rows.push(Row::at_most(NAME, format!("{},{before},{then}", work.id), terms.collect(), 0.0));
            }
        }
    }
    rows
}

fn of(facts: Facts<'_>, which: impl Fn(&WorkOption) -> bool) -> impl Iterator<Item = (&WorkOption, ColumnId)> {
    let options = facts.options.works.iter().zip(&facts.variables.works);
    options.filter(move |(option, _)| which(option)).map(|(option, column)| (option, *column))
}

/// A work that is finished by a month, on the left of a row.
fn finished(facts: Facts<'_>, work: &WorkId, by: Month) -> impl Iterator<Item = (ColumnId, f64)> {
    of(facts, move |option| facts.fleet.works[option.work].id == *work && option.finish <= by)
        .map(|(_, column)| (column, -1.0))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::fixture;
    use crate::domain::policy::{Lock, LockKind};
    use crate::domain::work::Work;
    use crate::model::tests::{lock, rows_that_begin};
    use crate::units::Months;

    fn substation_after_land() -> Vec<Work> {
        let land = Work { months: Months(4), ..fixture::work("land") };
        let after = vec!["land".into()];
        vec![land, Work { after, site: Some("north".into()), ..fixture::work("north/substation") }]
    }

    #[test]
    fn a_work_starts_once_and_when_what_it_comes_after_is_finished() {
        let rows = rows_that_begin("works_order[north", |fleet, _| fleet.works = substation_after_land());
        let expected = [
            "works_order[north/substation,once]: work[north/substation,2027-07] + work[north/substation,2027-10] ≤ 1",
            "works_order[north/substation,land,2027-07]: work[north/substation,2027-07] − work[land,2027-01] ≤ 0",
            "works_order[north/substation,land,2027-10]: work[north/substation,2027-07] \
             + work[north/substation,2027-10] − work[land,2027-01] − work[land,2027-04] ≤ 0",
        ];
        assert_eq!(rows, expected, "land bought from January on takes until April");
    }

    #[test]
    fn what_has_started_waits_for_nothing() {
        let rows = rows_that_begin("works_order[north", |fleet, _| {
            fleet.works = substation_after_land();
            let (work, start) = (Some("north/substation".into()), Some(date(2026, 11, 1)));
            fleet.locks = vec![Lock { start, work, ..lock(LockKind::Started) }];
        });
        assert_eq!(rows, ["works_order[north/substation,once]: work[north/substation,2026-11] ≤ 1"]);
    }

    #[test]
    fn without_works_there_are_no_rows() {
        assert!(rows_that_begin("works_order", |_, _| {}).is_empty());
    }
}
