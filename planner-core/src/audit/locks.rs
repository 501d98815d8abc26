//! `locks`: of the conversions that a lock names, at least `halls` are in the
//! plan (force; not asked of the twin), none (forbid), or exactly `halls` have
//! started on its day (started). Only what a started lock names starts before
//! the horizon, and the offer that it names counts as signed. A lock on a work
//! asks the same of the work.

use super::case::Case;
use super::findings::Findings;
use crate::domain::Fleet;
use crate::domain::ids::{SiteId, WorkId};
use crate::domain::offer::{Offer, OfferStatus};
use crate::domain::policy::{Lock, LockKind};
use crate::plan::{self, Conversion};

/// Decisions that are taken already are kept.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for (at, lock) in case.fleet.locks.iter().enumerate() {
        if let Some(work) = &lock.work {
            on_work(case, lock, work, &format!("lock {}", at + 1), found);
            continue;
        }
        let named = case.decisions.conversions.iter().filter(|conversion| names(lock, conversion));
        let halls: u64 = named.map(|conversion| u64::from(conversion.halls)).sum();
        let asked = u64::from(lock.halls);
        let line = || format!("lock {}", at + 1);
        match lock.kind {
            LockKind::Force if case.forced && halls < asked => {
                found.add(line(), format!("{halls} halls are converted, at least {asked} are forced"));
            }
            LockKind::Forbid if halls > 0 => {
                found.add(line(), format!("{halls} halls are converted, which is forbidden"));
            }
            LockKind::Started if halls != asked => {
                found.add(line(), format!("{halls} halls are converted, {asked} have started"));
            }
            _ => {}
        }
    }
}

fn on_work(case: &Case, lock: &Lock, id: &WorkId, line: &str, found: &mut Findings) {
    let mut carried_out = case.decisions.works.iter();
    let planned = carried_out.any(|work| work.work == *id && lock.start.is_none_or(|start| start == work.start));
    let on = lock.start.map_or_else(String::new, |start| format!(" on {start}"));
    match lock.kind {
        LockKind::Force if case.forced && !planned => {
            found.add(line, format!("work {id} does not start{on}, which is forced"));
        }
        LockKind::Forbid if planned => found.add(line, format!("work {id} starts{on}, which is forbidden")),
        LockKind::Started if !planned => found.add(line, format!("work {id} has started{on}, yet it is not there")),
        _ => {}
    }
}

/// Whether a lock names a conversion.
pub(super) fn names(lock: &Lock, conversion: &Conversion) -> bool {
    lock.work.is_none()
        && lock.site.as_ref().is_none_or(|site| *site == conversion.site)
        && lock.hall.as_ref().is_none_or(|hall| *hall == conversion.hall)
        && lock.retrofit.as_ref().is_none_or(|retrofit| *retrofit == conversion.retrofit)
        && lock.offer.as_ref().is_none_or(|offer| offer.as_str() == conversion.offer_name())
        && lock.start.is_none_or(|start| start == conversion.start)
}

pub(super) fn started_locks(fleet: &Fleet) -> impl Iterator<Item = &Lock> {
    fleet.locks.iter().filter(|lock| lock.kind == LockKind::Started)
}

/// Whether a conversion has started before the horizon, as a lock says.
pub(super) fn started(fleet: &Fleet, conversion: &Conversion) -> bool {
    conversion.start < fleet.calendar.start && started_locks(fleet).any(|lock| names(lock, conversion))
}

/// Whether a work has started before the horizon, as a lock says.
pub(super) fn work_started(fleet: &Fleet, work: &plan::Work) -> bool {
    let names = |lock: &Lock| lock.work.as_ref() == Some(&work.work) && lock.start == Some(work.start);
    work.start < fleet.calendar.start && started_locks(fleet).any(names)
}

/// Whether a lock says that a conversion has started, here or anywhere.
pub(super) fn has_started(fleet: &Fleet, site: impl Fn(&SiteId) -> bool) -> bool {
    started_locks(fleet).any(|lock| lock.work.is_none() && lock.site.as_ref().is_some_and(&site))
}

/// Whether an offer is signed, or counts as signed because halls have started for it.
pub(super) fn signed(fleet: &Fleet, offer: &Offer) -> bool {
    offer.status == OfferStatus::Signed || started_locks(fleet).any(|lock| lock.offer.as_ref() == Some(&offer.id))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks, lock};
    use crate::audit::fixture_works;

    use super::LockKind::{Forbid, Force, Started};
    use jiff::civil::date;

    #[test]
    fn fewer_halls_than_are_forced() {
        let found = breaks("locks", |plan| plan.inputs.locks.push(lock(Force, 2)));
        assert_eq!(found, ["locks: lock 1: 1 halls are converted, at least 2 are forced"], "not asked of the twin");
    }

    #[test]
    fn a_forbidden_hall_in_plan_and_twin() {
        let found = breaks("locks", |plan| plan.inputs.locks.push(lock(Forbid, 0)));
        assert_eq!(found, ["locks: lock 1: 1 halls are converted, which is forbidden"]);
        let elsewhere = |plan: &mut crate::plan::Plan| {
            plan.inputs.locks = vec![lock(Forbid, 0)];
            plan.inputs.locks[0].start = Some(date(2027, 7, 1));
        };
        let mut plan = fixture::plan();
        elsewhere(&mut plan);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn what_has_started_goes_on_in_plan_and_twin() {
        let mut plan = fixture::started();
        assert_eq!(fixture::findings(&plan), [""; 0]);
        plan.inputs.locks[0].halls = 2;
        fixture::settle(&mut plan);
        let message = "locks: SCOPElock 1: 1 halls are converted, 2 have started";
        assert_eq!(fixture::findings(&plan), ["", "twin: "].map(|scope| message.replace("SCOPE", scope)));
        plan.inputs.locks.clear();
        fixture::settle(&mut plan);
        let found = fixture::findings(&plan);
        assert!(found[0].ends_with("2026-11-01 is not the first day of a period in which a conversion may start"));
    }

    #[test]
    fn a_work_is_forced_forbidden_or_has_started() {
        let on_work = |kind, work: &str, start| {
            let (site, hall, retrofit, offer) = (None, None, None, None);
            super::Lock { site, hall, retrofit, offer, start, work: Some(work.into()), ..lock(kind, 0) }
        };
        let found = breaks("locks", |plan| {
            *plan = fixture_works::plan();
            plan.inputs.locks = vec![
                on_work(Force, "substation", None),
                on_work(Force, "substation", Some(date(2027, 7, 1))),
                on_work(Forbid, "substation", Some(date(2027, 7, 1))),
                on_work(Forbid, "land", None),
            ];
        });
        assert_eq!(
            found,
            [
                "locks: lock 2: work substation does not start on 2027-07-01, which is forced",
                "locks: lock 4: work land starts, which is forbidden"
            ],
            "nothing is forced on the twin"
        );
        let begun = date(2026, 11, 1);
        let found = breaks("locks", |plan| {
            *plan = fixture_works::plan();
            plan.inputs.locks = vec![on_work(Started, "land", Some(begun))];
            // The plan heeds it, the twin does not; the work is not finished before the substation starts.
            plan.inputs.works[0].months.0 = 7;
            (plan.decisions.works[0].start, plan.decisions.works[0].finish) = (begun, date(2027, 6, 1));
            fixture_works::substation(plan).after.clear();
        });
        assert_eq!(found, ["locks: twin: lock 1: work land has started on 2026-11-01, yet it is not there"]);
    }

    #[test]
    fn merchant_capacity_that_has_started_goes_on_in_the_twin() {
        let mut plan = fixture::with_merchant();
        let mut begun = fixture::merchant();
        begun.start = date(2026, 12, 1);
        begun.phases = fixture::phases(begun.start);
        begun.mining_off = Some(date(2027, 2, 1));
        (begun.ready, begun.commencement) = (date(2027, 6, 1), date(2027, 6, 1));
        plan.decisions.conversions[1] = begun.clone();
        plan.twin.decisions.conversions = vec![begun.clone()];
        plan.twin.decisions.machines.clone_from(&plan.decisions.machines);
        let (offer, start) = (Some("merchant".into()), Some(begun.start));
        plan.inputs.locks = vec![super::Lock { offer, start, ..lock(Started, 1) }];
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn a_letter_of_intent_for_which_halls_have_started_is_signed() {
        let mut plan = fixture::started();
        plan.inputs.offers[0].status = super::OfferStatus::LetterOfIntent { plan_on: false };
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }
}
