//! `[[halving]]` of a deck. What a block pays at a height, and about when it is found, the protocol says: a deck that
//! says otherwise may be meant so, and is told.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::desk::{At, Desk};
use super::kinds::{self, between, integer, quantity};
use super::lists::dates_rise;
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::calendar::{Calendar, days_between};
use crate::domain::market::Halving;
use crate::units::{Btc, Quantity};

/// Blocks from one halving to the next.
const BLOCKS: u32 = 210_000;
/// Days in which they are found, at ten minutes a block.
const DAYS: i32 = 1458;
/// What the first blocks paid, in hundred-millionths of a bitcoin.
const FIRST: u64 = 5_000_000_000;
/// A halving that has happened: its height and day.
const KNOWN: (u32, Date) = (840_000, date(2024, 4, 20));

/// A halving and its places, as far as it is right.
struct Read {
    at: At,
    height_at: At,
    subsidy_at: At,
    halving: Option<Halving>,
}

/// Reads the halvings. `at_start` is the subsidy before them, and where it stands.
pub(super) fn read(
    fields: &Fields<'_>,
    at_start: Option<(Btc, At)>,
    calendar: Option<&Calendar>,
) -> Option<Vec<Halving>> {
    let read: Vec<Read> = fields.tables("halving", "a halving").into_iter().map(one).collect();
    dates_rise(fields.desk, "halving", read.iter().map(|read| (&read.at, read.halving.map(|h| h.date))));
    let at_a_halving = |read: &&Read| read.halving.is_some_and(|halving| halving.height % BLOCKS == 0);
    for read in &read {
        follows(fields.desk, read);
    }
    let (mut before, mut after) = (read.iter().filter(at_a_halving), read.iter().filter(at_a_halving).skip(1));
    while let (Some(before), Some(after)) = (before.next(), after.next()) {
        in_order(fields.desk, before, after);
    }
    if let Some(at_start) = at_start {
        let all_right = read.iter().all(|read| at_a_halving(&read));
        start(fields.desk, &at_start, read.first().filter(|_| all_right));
    }
    let halvings = read.iter().map(|read| read.halving).collect::<Option<Vec<_>>>()?;
    if let Some(calendar) = calendar {
        next_is_there(fields, &halvings, calendar);
    }
    Some(halvings)
}

fn one(fields: Fields<'_>) -> Read {
    let height = fields.required("height", integer(1, u32::MAX));
    let date = fields.required("date", kinds::date());
    let subsidy = fields.required("subsidy", quantity::<Btc>(between(0.0, 50.0)));
    let (at, height_at, subsidy_at) = (fields.at.clone(), fields.at("height"), fields.at("subsidy"));
    fields.finish(&[]);
    let fact = height.zip(date).zip(subsidy);
    let halving = fact.map(|((height, date), subsidy)| Halving { height, date, subsidy });
    Read { at, height_at, subsidy_at, halving }
}

/// What a block pays from a height on.
#[allow(clippy::cast_precision_loss)]
fn subsidy_at(height: u32) -> f64 {
    FIRST.checked_shr(height / BLOCKS).unwrap_or(0) as f64 / 1e8
}

/// The height from which a block pays so much, if the protocol knows such a subsidy.
fn height_of(subsidy: Btc) -> Option<u32> {
    (0..33).map(|halvings| halvings * BLOCKS).find(|height| is(subsidy, subsidy_at(*height)))
}

/// Equal to within the smallest unit of bitcoin.
fn is(subsidy: Btc, expected: f64) -> bool {
    (subsidy.get() - expected).abs() < 1e-8
}

/// The height is that of a halving, the subsidy what blocks pay from there on, the date about when it is reached.
fn follows(desk: &Desk<'_>, read: &Read) {
    let Some(Halving { height, date, subsidy }) = read.halving else { return };
    let meant = height_of(subsidy).filter(|height| *height > 0);
    let instead = meant.map(|height| format!("`height = {height}`, from which a block pays {subsidy}"));
    if height % BLOCKS != 0 {
        let message =
            format!("`height` is {height}, where nothing is halved: the subsidy halves every {BLOCKS} blocks");
        let nearest = (height / BLOCKS + u32::from(height % BLOCKS > BLOCKS / 2)).max(1) * BLOCKS;
        let help = instead.unwrap_or_else(|| format!("`height = {nearest}`"));
        desk.warning(Code::Doubtful, read.height_at.clone(), message, format!("write {help}"));
        return;
    }
    if !is(subsidy, subsidy_at(height)) {
        let expected = Btc::from_canonical(subsidy_at(height));
        let message = format!("`subsidy` is {subsidy}, but from height {height} on a block pays {expected}");
        let or = instead.map_or_else(String::new, |instead| format!(", or {instead}"));
        let help = format!("write `subsidy = \"{expected}\"`{or}");
        desk.warning(Code::Doubtful, read.subsidy_at.clone(), message, help);
    }
    // Blocks have been found up to a tenth faster than planned.
    let about = expected_day(height);
    let elapsed = days_between(KNOWN.1, about).abs();
    if days_between(about, date).abs() > elapsed / 10 + 120 {
        let message = format!(
            "`date` is {date}, but at ten minutes a block height {height} is reached about {:04}-{:02}",
            about.year(),
            about.month()
        );
        desk.warning(Code::Doubtful, read.at.clone(), message, "correct the date or the height");
    }
}

/// The day on which a height is reached at ten minutes a block.
fn expected_day(height: u32) -> Date {
    let days = (i64::from(height) - i64::from(KNOWN.0)) * i64::from(DAYS) / i64::from(BLOCKS);
    KNOWN.1.checked_add(days.days()).unwrap_or(KNOWN.1)
}

/// Heights rise, and none is left out.
fn in_order(desk: &Desk<'_>, before: &Read, after: &Read) {
    let (Some(before), Some(next)) = (before.halving, after.halving) else { return };
    if next.height <= before.height {
        let message = format!("the heights of `halving` must rise, but {} follows {}", next.height, before.height);
        desk.warning(Code::Doubtful, after.height_at.clone(), message, "write each halving once, in order");
    } else if next.height - before.height > BLOCKS {
        let message = format!("the halving at height {} is left out", before.height.saturating_add(BLOCKS));
        desk.warning(Code::Doubtful, after.height_at.clone(), message, "write a `[[halving]]` for it");
    }
}

/// Before the first halving of the list a block pays twice as much.
fn start(desk: &Desk<'_>, (subsidy, at): &(Btc, At), first: Option<&Read>) {
    let first = first.and_then(|first| first.halving);
    let (expected, where_) = match first {
        Some(first) => (subsidy_at(first.height - 1), format!("before height {}", first.height)),
        None if height_of(*subsidy).is_none() => (subsidy_at(KNOWN.0), format!("from height {} on", KNOWN.0)),
        None => return,
    };
    if !is(*subsidy, expected) {
        let expected = Btc::from_canonical(expected);
        let message = format!("`subsidy.at_start` is {subsidy}, but {where_} a block pays {expected}");
        let help = format!("write `at_start = \"{expected}\"`, or give every halving of the horizon");
        desk.warning(Code::Doubtful, at.clone(), message, help);
    }
}

/// No halving that the horizon meets is missing at the end of the list.
fn next_is_there(fields: &Fields<'_>, halvings: &[Halving], calendar: &Calendar) {
    let (height, day) = halvings.last().map_or(KNOWN, |last| (last.height, last.date));
    let next = day.checked_add(DAYS.days()).unwrap_or(day);
    let end = calendar.period_start(calendar.horizon());
    // A few months on, it changes little.
    if height % BLOCKS == 0 && days_between(next, end) > 180 {
        let message = format!(
            "the list has no halving at height {}, about {:04}-{:02}, though the horizon ends on {end}",
            height.saturating_add(BLOCKS),
            next.year(),
            next.month()
        );
        fields.warning(Code::Doubtful, "halving", message, "write a `[[halving]]` for each halving up to the end");
    }
}
