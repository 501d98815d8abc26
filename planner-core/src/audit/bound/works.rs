//! The best start of each work, by what it costs and brings.

use super::Scene;
use crate::audit::job::Job;
use crate::audit::locks::started_locks;
use crate::audit::money;
use crate::domain::work::Work;
use crate::plan;

/// The sum over all works. What has started goes on; of what comes after another work, only its own worth counts.
pub(super) fn best(scene: &Scene) -> f64 {
    let calendar = &scene.case.fleet.calendar;
    let mut sum = 0.0;
    for work in &scene.case.fleet.works {
        let decision = |start| {
            let finish = calendar.month_start(calendar.month_of(start).plus(work.months));
            plan::Work { work: work.id.clone(), start, finish }
        };
        let begun = started_locks(scene.case.fleet).filter(|lock| lock.work.as_ref() == Some(&work.id));
        if let Some(start) = begun.filter_map(|lock| lock.start).find(|start| *start < calendar.start) {
            sum += value(scene, &decision(start)).unwrap_or(0.0);
            continue;
        }
        let starts = calendar.start_periods().filter(|period| in_time(scene, work, calendar.first_month(*period)));
        let values = starts.filter_map(|period| value(scene, &decision(calendar.period_start(period))));
        sum += values.fold(0.0, f64::max);
    }
    sum
}

fn in_time(scene: &Scene, work: &Work, start: crate::domain::calendar::Month) -> bool {
    start.plus(work.months) <= scene.case.fleet.calendar.horizon_month()
}

/// What a work is worth; `None` where it is forbidden or nobody pays for it.
fn value(scene: &Scene, decision: &plan::Work) -> Option<f64> {
    let job = Job::resolve(scene.case.fleet, decision)?;
    let lines = money::work::tell(scene.case.fleet, &job);
    let forced = scene.forced.by_work(&job)?;
    if !scene.worth.paid_for(&lines) {
        return None;
    }
    // What is not finished by the horizon brings nothing.
    let of_sites: f64 = scene.sites.iter().map(|site| site.by_work(&job)).sum();
    Some(scene.worth.of(&lines) + of_sites + scene.needs.by_work(&job) + forced)
}
