//! `works_order`: a work starts at the start of a period after its
//! predecessors finish, at most once, and is finished by the horizon. What has
//! started before the horizon waits for nothing, and takes as long as it takes.

use std::collections::BTreeSet;

use super::case::Case;
use super::findings::Findings;
use super::job::{Job, name};

/// Every work is known, stands once, and keeps its order.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for decision in &case.decisions.works {
        if !seen.insert(&decision.work) {
            found.add(name(decision), "it stands twice");
        }
        if case.fleet.work(&decision.work).is_none() {
            found.add(name(decision), "there is no such work");
        }
    }
    for job in &case.jobs {
        dates(case, job, found);
        if !job.started {
            order(case, job, found);
        }
    }
}

fn dates(case: &Case, job: &Job, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    let line = name(job.decision);
    let start = job.decision.start;
    if !job.started && !calendar.start_periods().any(|period| calendar.period_start(period) == start) {
        found.add(&line, format!("{start} is not the first day of a period in which a work may start"));
    }
    let finish = calendar.month_start(job.finish);
    if job.decision.finish != finish {
        found.add(&line, format!("finish is {}, expected {finish}", job.decision.finish));
    }
    if !job.started && job.finish > calendar.horizon_month() {
        found.add(&line, format!("it is finished on {finish}, after the horizon"));
    }
}

fn order(case: &Case, job: &Job, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for before in &job.work.after {
        let finish = case.jobs.iter().filter(|other| other.work.id == *before).map(|other| other.finish).min();
        match finish {
            None => found.add(name(job.decision), format!("it comes after work {before}, which is not carried out")),
            Some(finish) if finish > job.start => {
                let (start, finish) = (job.decision.start, calendar.month_start(finish));
                let message = format!("it starts on {start}, before work {before} is finished on {finish}");
                found.add(name(job.decision), message);
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::audit::fixture_works;

    use jiff::civil::date;

    #[test]
    fn a_work_that_nobody_knows() {
        let found = breaks("works_order", |plan| {
            let date = date(2027, 1, 1);
            plan.decisions.works.push(crate::plan::Work { work: "canal".into(), start: date, finish: date });
        });
        assert_eq!(found, ["works_order: work canal: there is no such work"]);
    }

    #[test]
    fn a_work_starts_and_ends_when_it_cannot() {
        let found = breaks("works_order", |plan| {
            *plan = fixture_works::plan();
            let works = &mut plan.decisions.works;
            (works[0].start, works[0].finish) = (date(2027, 2, 1), date(2027, 4, 1));
            plan.inputs.works[1].months.0 = 16;
        });
        assert_eq!(
            found,
            [
                "work land: 2027-02-01 is not the first day of a period in which a work may start",
                "work land: finish is 2027-04-01, expected 2027-05-01",
                "work south/lease: finish is 2028-01-01, expected 2029-02-01",
                "work south/lease: it is finished on 2029-02-01, after the horizon",
                "work substation: it starts on 2027-04-01, before work land is finished on 2027-05-01",
            ]
            .map(|message| format!("works_order: {message}"))
        );
    }

    #[test]
    fn a_work_without_the_one_before_it_or_twice() {
        let found = breaks("works_order", |plan| {
            *plan = fixture_works::plan();
            plan.decisions.works.remove(0);
            let again = plan.decisions.works[0].clone();
            plan.decisions.works.push(again);
        });
        assert_eq!(
            found,
            [
                "works_order: work south/lease: it stands twice",
                "works_order: work substation: it comes after work land, which is not carried out"
            ]
        );
    }
}
