//! What a ledger line belongs to, as its `subject` says it: written and read here only (the audit and the workbook, which tell
//! the ledger again, apart). A conversion and a reservation say their own; machines have their model.

use crate::domain::ids::{RetrofitId, WorkId};

/// Lines of a site itself.
pub const SITE: &str = "site";
/// Fixed cost of hosting at a site.
pub const HOSTING: &str = "hosting";

const WORK: &str = "work/";
const RESERVATION: &str = "reserve/";

/// Lines that a retrofit pays once at a site.
#[must_use]
pub fn setup(retrofit: &RetrofitId) -> String {
    format!("{retrofit}/setup")
}

/// Lines of a work.
#[must_use]
pub fn work(work: &WorkId) -> String {
    format!("{WORK}{work}")
}

/// Lines of deliveries reserved: the item, and the month in which the period of delivery begins.
#[must_use]
pub(super) fn reservation(item: &str, delivery: &str) -> String {
    format!("{RESERVATION}{item}@{delivery}")
}

/// The work that a subject names, if it is one's.
#[must_use]
pub fn work_of(subject: &str) -> Option<&str> {
    subject.strip_prefix(WORK)
}

/// Whether lines are of deliveries reserved.
#[must_use]
pub fn is_reservation(subject: &str) -> bool {
    subject.starts_with(RESERVATION)
}
