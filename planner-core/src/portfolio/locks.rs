//! `[[lock]]` of `portfolio.toml`: decisions that are taken already. Whether
//! what they name exists and fits is checked in `locked`.

use jiff::civil::Date;

use super::desk::{At, Named};
use super::kinds::{between, date, id, integer, quantity, word};
use super::portfolio_file::MOST_USD;
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{HallId, OfferId, RetrofitId, SiteId};
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
    let start = fields.optional("start", date());
    if kind == Some(LockKind::Started) {
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
    if let (Some(kind), Some(calendar), Some(Some(start))) = (kind, calendar, start) {
        start_fits(&fields, kind, calendar, start);
    }
    let halls = halls(&fields, kind);
    let spent = spent(&fields, kind);
    let lock = || {
        let name = |named: &Option<Option<Named>>| Some(named.as_ref()?.as_ref().map(|named| named.name.clone()));
        Some(Lock {
            work: None,
            kind: kind?,
            site: name(&site)?.map(SiteId::from),
            hall: name(&hall)?.map(HallId::from),
            retrofit: name(&retrofit)?.map(RetrofitId::from),
            offer: name(&offer)?.map(OfferId::from),
            start: start?,
            halls: halls?,
            spent: spent?,
        })
    };
    let lock = lock();
    let (what, at, halls_at) = (fields.what.clone(), fields.at.clone(), fields.at("halls"));
    fields.finish(&["work"]);
    LockRead {
        what,
        at,
        site: site.flatten(),
        hall: hall.flatten(),
        retrofit: retrofit.flatten(),
        offer: offer.flatten(),
        halls_at,
        lock,
    }
}

fn start_fits(fields: &Fields<'_>, kind: LockKind, calendar: &Calendar, start: Date) {
    if kind == LockKind::Started {
        if start >= calendar.start {
            let message =
                format!("`start` is {start}: expected a date before the horizon, which begins on {}", calendar.start);
            let help = "write `kind = \"force\"` for a conversion that is still to start";
            fields.error(Code::Horizon, "start", message, help);
        } else if start.day() != 1 {
            let message = format!("`start` is {start}: conversions start on the first of a month");
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
        "`start` is {start}: expected the first day of a period in which a conversion may start, {first} to {last}"
    );
    if start < *first {
        let help = "write `kind = \"started\"` for a conversion that has started before the horizon";
        fields.error(Code::Horizon, "start", message, help);
    } else {
        let near = starts.iter().rfind(|day| **day <= start).unwrap_or(last);
        let code = if start > calendar.latest_start { Code::Horizon } else { Code::Bounds };
        fields.error(code, "start", message, format!("write `start = {near}`"));
    }
}

fn halls(fields: &Fields<'_>, kind: Option<LockKind>) -> Option<u32> {
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
