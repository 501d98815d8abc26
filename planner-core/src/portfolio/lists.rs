//! Values that stand in lists: shares by month, dates that rise.

use jiff::civil::Date;

use super::desk::{At, Desk};
use super::kinds::{between, share};
use super::table::Fields;
use crate::diagnostics::Code;
use crate::units::Share;

/// Months of the longest list of shares.
const MOST_SHARES: usize = 480;

/// Shares of months 1, 2, …; none when the key is absent.
pub(super) fn shares(fields: &Fields<'_>, key: &'static str, too_long: &str) -> Option<Vec<Share>> {
    if !fields.has(key) {
        fields.default_used(key, "[]");
        return Some(vec![]);
    }
    let items = fields.items(key, "shares")?;
    if items.len() > MOST_SHARES {
        let message = format!("`{key}` has {} months: expected at most {MOST_SHARES}", items.len());
        fields.error(Code::Bounds, key, message, too_long);
        return None;
    }
    let kind = share(between(0.0, 1.0));
    let read: Vec<Option<Share>> = items.iter().map(|item| fields.read(key, item, &kind)).collect();
    read.into_iter().collect()
}

/// Reports dates of a list that do not rise.
pub(super) fn dates_rise<'a>(desk: &Desk<'_>, key: &str, dates: impl IntoIterator<Item = (&'a At, Option<Date>)>) {
    let mut before: Option<Date> = None;
    for (at, date) in dates {
        let Some(date) = date else { continue };
        if let Some(before) = before.filter(|before| *before >= date) {
            let message = format!("the dates of `{key}` must rise, but {date} follows {before}");
            desk.error(Code::Contradiction, at.clone(), message, "write the entries in the order of their dates");
        }
        before = Some(date);
    }
}
