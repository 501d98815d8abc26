//! Checks of locks that name a work, against the works as they were read.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, clip};
use super::locks::LockRead;
use crate::diagnostics::Code;
use crate::domain::calendar::{Calendar, Month};
use crate::domain::ids::WorkId;
use crate::domain::money::Pot;
use crate::domain::policy::{Lock, LockKind};
use crate::domain::work::Work;

/// What is known beside the locks.
pub(super) struct Known<'a> {
    pub calendar: &'a Calendar,
    pub works: &'a [Work],
    pub pots: &'a [Pot],
}

type WorkLock<'a> = (&'a LockRead, &'a Lock, &'a Work);

/// Checks the locks of works.
pub(super) fn check(desk: &Desk<'_>, known: &Known<'_>, locks: &[(&LockRead, &Lock)]) {
    let work = |lock: &Lock| known.works.iter().find(|work| Some(&work.id) == lock.work.as_ref());
    let locks: Vec<WorkLock<'_>> = locks.iter().filter_map(|(read, lock)| Some((*read, *lock, work(lock)?))).collect();
    starts_once(desk, &locks);
    let forbidden: BTreeMap<&WorkId, &LockRead> = locks
        .iter()
        .filter(|(_, lock, _)| lock.kind == LockKind::Forbid && lock.start.is_none())
        .map(|(read, _, work)| (&work.id, *read))
        .collect();
    let started: BTreeMap<&WorkId, Month> = locks
        .iter()
        .filter(|(_, lock, _)| lock.kind == LockKind::Started)
        .filter_map(|(_, lock, work)| Some((&work.id, known.calendar.month_of(lock.start?))))
        .collect();
    for one in locks.iter().filter(|(_, lock, _)| lock.kind != LockKind::Forbid) {
        let (read, lock, work) = one;
        let why = match lock.kind {
            LockKind::Started => unfinished(known, &started, work),
            _ => misfit(known, lock, work),
        };
        if let Some(why) = why.or_else(|| before_it(known, &forbidden, work)) {
            let message = format!("{} cannot be met: {why}", read.what);
            desk.error(
                Code::Contradiction,
                read.at.clone(),
                message,
                "correct the lock or the work, or remove the lock",
            );
        }
    }
}

/// A work starts once.
fn starts_once(desk: &Desk<'_>, locks: &[WorkLock<'_>]) {
    let mut first: BTreeMap<&WorkId, &Lock> = BTreeMap::new();
    for (read, lock, work) in locks.iter().filter(|(_, lock, _)| lock.kind != LockKind::Forbid && lock.start.is_some())
    {
        let Some(other) = first.get(&work.id) else {
            first.insert(&work.id, lock);
            continue;
        };
        let both_started = lock.kind == LockKind::Started && other.kind == LockKind::Started;
        if let (Some(start), Some(before)) = (lock.start, other.start)
            && (start != before || both_started)
        {
            let message = format!(
                "work `{}` starts once, but locks have it start on {before} and on {start}",
                clip(work.id.as_str())
            );
            desk.error(Code::Contradiction, read.start_at.clone(), message, "remove one of the two locks");
        }
    }
}

/// Why what a work comes after has not finished when it has started.
fn unfinished(known: &Known<'_>, started: &BTreeMap<&WorkId, Month>, work: &Work) -> Option<String> {
    let start = started.get(&work.id)?;
    let finished = |id: &WorkId| {
        let before = known.works.iter().find(|work| work.id == *id);
        before.zip(started.get(id)).is_some_and(|(before, at)| at.plus(before.months) <= *start)
    };
    let late = work.after.iter().find(|id| !finished(id))?;
    Some(format!("`{}` comes after `{late}`, which no lock says has finished before it", work.id))
}

/// Why a work cannot be in a plan.
fn misfit(known: &Known<'_>, lock: &Lock, work: &Work) -> Option<String> {
    let first = lock.start.map_or(Month(0), |start| known.calendar.month_of(start));
    let end = known.calendar.horizon_month();
    if first.plus(work.months) > end {
        let left = end.0.saturating_sub(first.0);
        let (id, months) = (&work.id, work.months);
        return Some(format!("`{id}` takes {months}, and the horizon ends {left} months after its earliest start"));
    }
    let pays = |pot: &Pot| match &work.site {
        Some(site) => pot.eligible(site),
        None => pot.eligible_work(&work.id),
    };
    let unpaid = !known.pots.is_empty() && !known.pots.iter().any(pays);
    unpaid.then(|| format!("no pot pays for `{}`", work.id))
}

/// A work that is forbidden, though this one comes after it.
fn before_it(known: &Known<'_>, forbidden: &BTreeMap<&WorkId, &LockRead>, work: &Work) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&WorkId> = work.after.iter().collect();
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(forbid) = forbidden.get(id) {
            return Some(format!("`{}` comes after `{id}`, which {} forbids", work.id, forbid.what));
        }
        let before = known.works.iter().find(|work| work.id == *id);
        next.extend(before.iter().flat_map(|work| &work.after));
    }
    None
}
