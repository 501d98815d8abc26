//! `[[lock]]` of `portfolio.toml`: decisions that are taken already. Whether
//! what they name exists and fits is checked in `locked`.

use jiff::civil::Date;

use super::MOST_USD;
use super::desk::{At, Named};
use super::kinds::{between, date, id, integer, quantity, text, word};
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{HallId, OfferId, RetrofitId, SiteId, WorkId};
use crate::domain::policy::{Lock, LockKind};
use crate::units::Usd;

const KIND: &[(&str, LockKind)] =
    &[("force", LockKind::Force), ("forbid", LockKind::Forbid), ("started", LockKind::Started)];

/// What is known of a lock, as far as it is right.
pub(super) struct LockRead {
    /// For messages: "lock `2`".
    pub what: String,
    pub at: At,
    pub site: Option<Named>,
    pub hall: Option<Named>,
    pub retrofit: Option<Named>,
    pub offer: Option<Named>,
    pub work: Option<Named>,
    pub start_at: At,
    pub halls_at: At,
    pub lock: Option<Lock>,
}

/// Locks of one portfolio: each is compared with all others.
const MOST_LOCKS: usize = 1000;

/// Reads the locks; they are numbered as they stand in the file.
pub(super) fn read(fields: &Fields<'_>, calendar: Option<&Calendar>) -> Vec<LockRead> {
    if !fields.has("lock") {
        fields.default_used("lock", "none");
    }
    let mut tables = fields.tables("lock", "a lock");
    if tables.len() > MOST_LOCKS {
        let message = format!("there are {} locks: expected at most {MOST_LOCKS}", tables.len());
        fields.error(Code::Bounds, "lock", message, "name fewer things in each lock, so that it covers more");
        tables.clear();
    }
    tables.into_iter().zip(1..).map(|(fields, number)| read_lock(fields, number, calendar)).collect()
}

fn read_lock(mut fields: Fields<'_>, number: usize, calendar: Option<&Calendar>) -> LockRead {
    fields.named("lock", Some(&number.to_string()));
    let kind = fields.required("kind", word(KIND));
    let named = |key| {
        let name = fields.optional(key, id());
        name.map(|name| name.map(|name| Named { name, at: fields.at(key) }))
    };
    let (site, hall, retrofit, offer) = (named("site"), named("hall"), named("retrofit"), named("offer"));
    // A work of a site has a name with `/`.
    let work = fields.optional("work", text());
    let work = work.map(|name| name.map(|name| Named { name, at: fields.at("work") }));
    let start = fields.optional("start", date());
    names_enough(&fields, kind);
    if let (Some(kind), Some(calendar), Some(Some(start))) = (kind, calendar, start) {
        start_fits(&fields, kind, calendar, start);
    }
    let halls = halls(&fields, kind);
    let spent = spent(&fields, kind);
    let lock = || {
        let name = |named: &Option<Option<Named>>| Some(named.as_ref()?.as_ref().map(|named| named.name.clone()));
        Some(Lock {
            kind: kind?,
            site: name(&site)?.map(SiteId::from),
            hall: name(&hall)?.map(HallId::from),
            retrofit: name(&retrofit)?.map(RetrofitId::from),
            offer: name(&offer)?.map(OfferId::from),
            work: name(&work)?.map(WorkId::from),
            start: start?,
            halls: halls?,
            spent: spent?,
        })
    };
    let lock = lock();
    let (what, at) = (fields.what.clone(), fields.at.clone());
    let (halls_at, start_at) = (fields.at("halls"), fields.at("start"));
    fields.finish(&[]);
    LockRead {
        what,
        at,
        site: site.flatten(),
        hall: hall.flatten(),
        retrofit: retrofit.flatten(),
        offer: offer.flatten(),
        work: work.flatten(),
        start_at,
        halls_at,
        lock,
    }
}

/// What has started is known in full; a work is all that its lock is about.
fn names_enough(fields: &Fields<'_>, kind: Option<LockKind>) {
    let started = kind == Some(LockKind::Started);
    if fields.has("work") {
        for key in ["site", "hall", "retrofit", "offer", "halls"].into_iter().filter(|key| fields.has(key)) {
            let message = format!("`{key}` has no meaning beside `work`: the lock is about the work alone");
            fields.error(
                Code::Contradiction,
                key,
                message,
                format!("remove `{key}`, or write a lock of its own for it"),
            );
        }
        if started && !fields.has("start") {
            fields.missing("start", "add `start = 2026-10-01`: what has started is known in full");
        }
    } else if started {
        for (key, example) in
            [("site", "\"…\""), ("hall", "\"…\""), ("retrofit", "\"…\""), ("offer", "\"…\""), ("start", "2026-10-01")]
        {
            if !fields.has(key) {
                let help = format!("add `{key} = {example}`: what has started is known in full");
                fields.missing(key, &help);
            }
        }
    } else if fields.has("hall") && !fields.has("site") {
        fields.missing("site", "add `site = \"…\"`: the name of a hall holds within its site");
    }
}

fn start_fits(fields: &Fields<'_>, kind: LockKind, calendar: &Calendar, start: Date) {
    let what = if fields.has("work") { "work" } else { "conversion" };
    if kind == LockKind::Started {
        if start >= calendar.start {
            let message =
                format!("`start` is {start}: expected a date before the horizon, which begins on {}", calendar.start);
            let help = format!("write `kind = \"force\"` for a {what} that is still to start");
            fields.error(Code::Horizon, "start", message, help);
        } else if start.day() != 1 {
            let message = format!("`start` is {start}: {what}s start on the first of a month");
            fields.error(Code::Bounds, "start", message, format!("write `start = {}`", start.first_of_month()));
        }
        return;
    }
    let starts: Vec<Date> = calendar.start_periods().map(|period| calendar.period_start(period)).collect();
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return };
    if starts.contains(&start) {
        return;
    }
    let message = format!(
        "`start` is {start}: expected the first day of a period in which a {what} may start, {first} to {last}"
    );
    if start < *first {
        let help = format!("write `kind = \"started\"` for a {what} that has started before the horizon");
        fields.error(Code::Horizon, "start", message, help);
    } else {
        let near = starts.iter().rfind(|day| **day <= start).unwrap_or(last);
        let code = if start > calendar.latest_start { Code::Horizon } else { Code::Bounds };
        fields.error(code, "start", message, format!("write `start = {near}`"));
    }
}

fn halls(fields: &Fields<'_>, kind: Option<LockKind>) -> Option<u32> {
    if fields.has("work") {
        return fields.optional("halls", integer(1, 10_000)).map(|halls| halls.unwrap_or(1));
    }
    if kind == Some(LockKind::Forbid) {
        if fields.has("halls") {
            let message = "`halls` has no meaning with `kind = \"forbid\"`, which leaves no hall at all";
            fields.error(Code::Contradiction, "halls", message, "remove `halls`");
        }
        return fields.optional("halls", integer(1, 10_000)).map(|halls| halls.unwrap_or(1));
    }
    fields.or("halls", integer(1, 10_000), 1, "1")
}

fn spent(fields: &Fields<'_>, kind: Option<LockKind>) -> Option<Usd> {
    let money = quantity::<Usd>(between(0.0, MOST_USD));
    match kind {
        Some(LockKind::Started) => return fields.or("spent", money, Usd::ZERO, "0 USD"),
        Some(_) if fields.has("spent") => {
            let message = "`spent` is only for `kind = \"started\"`: nothing is spent on what has not started";
            fields.error(Code::Contradiction, "spent", message, "remove `spent`, or change the kind");
        }
        _ => {}
    }
    fields.optional("spent", money).map(Option::unwrap_or_default)
}
