//! What a plan says and Microsoft Project XML cannot.

use planner_core::plan::Plan;
use planner_core::report::programme::{self, Task};
use planner_core::report::schedule::{self, EventKind};

use super::{FIRST_DAY, LAST_DAY};

/// What is lost of this plan, a sentence each.
pub fn lost(plan: &Plan) -> Vec<String> {
    let events = schedule::events(plan);
    let count = |kinds: &[EventKind]| events.iter().filter(|event| kinds.contains(&event.kind)).count();
    let programme = programme::programme(plan);
    let tasks: Vec<&Task> = programme.iter().flat_map(Task::walk).map(|(_, task)| task).collect();
    let mut lost = vec![
        "the ledger and the twin: deposits and the cost of works stand in the notes of their tasks".to_owned(),
        "months: lengths are days, and a phase that is moved keeps its days".to_owned(),
    ];
    let mut counted = |count: usize, what: &str, why: &str| {
        if count > 0 {
            lost.push(format!("{what} ({count}): {why}"));
        }
    };
    let machines = [EventKind::Buy, EventKind::Sell, EventKind::Move, EventKind::Store];
    counted(count(&machines), "purchases, sales, moves and storage of machines", "no task");
    counted(count(&[EventKind::TermEnd]), "ends of initial terms", "no task");
    let float = tasks.iter().filter(|task| task.float.is_some_and(|float| float.0 > 0)).count();
    counted(float, "phases with float", "it is written, but Project counts its own, up to deadlines and its last day");
    let both = tasks.iter().filter(|task| task.ready_by.is_some() && task.long_stop.is_some()).count();
    counted(
        both,
        "conversions with two deadlines",
        "ready-by stands at ready for service, long-stop on the conversion",
    );
    let free = plan.decisions.works.iter().filter(|decision| {
        let needed = plan.inputs.work(&decision.work).and_then(|work| work.needed_by.as_ref());
        needed.is_none_or(|needed| needed.beyond.get() > 0.0)
    });
    counted(free.count(), "works that bring power, racks or lease", "no link to the halls that use them");
    let limits = plan.inputs.crews.len() + plan.inputs.long_lead.len();
    counted(limits, "limits of crews and deliveries", "no resources, so what is moved may break them");
    let days =
        tasks.iter().flat_map(|task| [Some(task.start), Some(task.end), task.ready_by, task.long_stop]).flatten();
    let outside = days.filter(|day| !(FIRST_DAY..=LAST_DAY).contains(day)).count();
    counted(outside, "dates before 1984 or after 2149", "Project does not read them");
    lost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn what_is_lost_is_counted() {
        let told = lost(&sample::with_everything()).join("\n");
        for part in ["machines (6): no task", "initial terms (2)", "with float (2)", "lease (1)"] {
            assert!(told.contains(part), "no `{part}` in\n{told}");
        }
        let mut plan = sample::plan();
        plan.decisions.machines.clear();
        assert!(!lost(&plan).join("\n").contains("purchases"));
    }
}
