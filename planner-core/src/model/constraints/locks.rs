//! Decisions that are taken already, by their number in the file.
//!
//! * `force`: `Σ_{x named} x ≥ halls`; the twin has no such row
//! * `forbid`: `Σ_{x named} x = 0`
//! * `started`: `Σ_{x named, started before D_0} x = halls`
//!
//! A lock names conversions by any of site, hall, retrofit, offer and start, or a work by its id and any start: then
//! `halls` is one.

use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::ids::WorkId;
use crate::domain::policy::{Lock, LockKind};
use crate::model::{ColumnId, Facts, Row};
use crate::options::HallOption;
use crate::plan::MERCHANT;

/// The family's one name.
pub const NAME: &str = "locks";

/// How keys of forced locks begin.
pub const FORCE: &str = "force,";

/// One row per lock. A lock that names nothing that can be built cannot be kept, unless it forbids.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut rows = vec![];
    for (number, lock) in (1..).zip(&facts.fleet.locks) {
        let (columns, halls) = match &lock.work {
            Some(work) => (works(facts, lock, work), 1.0),
            None => (conversions(facts, lock), f64::from(lock.halls)),
        };
        let terms: Vec<_> = columns.into_iter().map(|column| (column, 1.0)).collect();
        match lock.kind {
            LockKind::Force => rows.push(Row::at_least(NAME, format!("{FORCE}{number}"), terms, halls)),
            LockKind::Started => rows.push(Row::equal(NAME, format!("started,{number}"), terms, halls)),
            LockKind::Forbid if terms.is_empty() => {}
            LockKind::Forbid => rows.push(Row::equal(NAME, format!("forbid,{number}"), terms, 0.0)),
        }
    }
    rows
}

/// The conversions that a lock names.
fn conversions(facts: Facts, lock: &Lock) -> Vec<ColumnId> {
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    let named = options.filter(|(option, _)| names(facts.fleet, lock, option));
    let named = named.filter(|(option, _)| lock.kind != LockKind::Started || option.start < Month(0));
    named.map(|(_, column)| *column).collect()
}

/// The starts of a work that a lock names.
fn works(facts: Facts, lock: &Lock, work: &WorkId) -> Vec<ColumnId> {
    let fleet = facts.fleet;
    let options = facts.options.works.iter().zip(&facts.variables.works);
    let named = options
        .filter(|(option, _)| fleet.works[option.work].id == *work)
        .filter(|(option, _)| lock.start.is_none_or(|start| start == fleet.calendar.month_start(option.start)))
        .filter(|(option, _)| lock.kind != LockKind::Started || option.started);
    named.map(|(_, column)| *column).collect()
}

/// Whether a lock names a conversion.
fn names(fleet: &Fleet, lock: &Lock, option: &HallOption) -> bool {
    let site = &fleet.sites[option.site];
    let offer = option.offer.map_or(MERCHANT, |offer| fleet.offers[offer].id.as_str());
    lock.site.as_ref().is_none_or(|id| *id == site.id)
        && lock.hall.as_ref().is_none_or(|id| *id == site.halls[option.hall].id)
        && lock.retrofit.as_ref().is_none_or(|id| *id == fleet.retrofits[option.retrofit].id)
        && lock.offer.as_ref().is_none_or(|id| id.as_str() == offer)
        && lock.start.is_none_or(|start| start == fleet.calendar.month_start(option.start))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Lock, LockKind, Month};
    use crate::model::tests::{lock, merchant, rows_that_begin, rows_with};

    #[test]
    fn what_is_forced_is_at_least_there_and_what_is_forbidden_is_not() {
        let rows = rows_that_begin("locks", |fleet, _| {
            fleet.calendar.latest_start = date(2027, 6, 30);
            fleet.locks = vec![
                Lock { site: Some("north".into()), halls: 2, ..lock(LockKind::Force) },
                Lock { start: Some(date(2027, 4, 1)), ..lock(LockKind::Forbid) },
                Lock { offer: Some("nobody".into()), ..lock(LockKind::Forbid) },
                Lock { hall: Some("b".into()), ..lock(LockKind::Force) },
            ];
        });
        let (first, second) = ("convert[north,a,liquid,ig,2027-01]", "convert[north,a,liquid,ig,2027-04]");
        let expected = [
            format!("locks[force,1]: {first} + {second} ≥ 2"),
            format!("locks[forbid,2]: {second} = 0"),
            "locks[force,4]: ≥ 1".to_owned(),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn exactly_so_many_halls_have_started_before_the_horizon() {
        let rows = rows_with("locks", |fleet, options| {
            let started = Lock {
                site: Some("north".into()),
                hall: Some("a".into()),
                retrofit: Some("liquid".into()),
                offer: Some("merchant".into()),
                start: Some(date(2026, 5, 1)),
                ..lock(LockKind::Started)
            };
            fleet.locks = vec![started];
            options.halls.push(merchant(options, Month(-8), Month(-2)));
            options.halls.push(merchant(options, Month(0), Month(6)));
        });
        assert_eq!(rows, ["locks[started,1]: convert[north,a,liquid,merchant,2026-05] = 1"]);
    }

    #[test]
    fn a_work_is_forced_forbidden_or_has_started() {
        let rows = |kind, start| {
            rows_that_begin("locks", |fleet, _| {
                fleet.works = vec![crate::domain::fixture::work("substation")];
                fleet.calendar.latest_start = date(2027, 6, 30);
                fleet.locks = vec![Lock { work: Some("substation".into()), start, ..lock(kind) }];
            })
        };
        let (first, second) = ("work[substation,2027-01]", "work[substation,2027-04]");
        assert_eq!(rows(LockKind::Force, None), [format!("locks[force,1]: {first} + {second} ≥ 1")]);
        assert_eq!(rows(LockKind::Forbid, Some(date(2027, 4, 1))), [format!("locks[forbid,1]: {second} = 0")]);
        let started = rows(LockKind::Started, Some(date(2026, 5, 1)));
        assert_eq!(started, ["locks[started,1]: work[substation,2026-05] = 1"]);
    }

    #[test]
    fn without_locks_there_are_no_rows() {
        assert!(rows_that_begin("locks", |_, _| {}).is_empty());
    }
}
