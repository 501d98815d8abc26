//! One task: dates, links, deadline, baseline.

use std::collections::BTreeMap;
use std::io;

use jiff::ToSpan;
use jiff::civil::Date;
use planner_core::domain::calendar::days_between;
use planner_core::report::programme::{Task, TaskKind};
use planner_core::report::schedule::EventKind;
use planner_core::units::Months;

use super::{FIRST_DAY, LAST_DAY, Xml, leaf, limited, moment};
use crate::files::sha256;
use crate::render::format::grouped;

const MINUTES_A_DAY: i64 = 1440;
/// "Start no earlier than": the date stays where it is, and what is late moves what waits for it.
const NOT_BEFORE: &str = "4";
/// "As soon as possible": of a group, whose dates are those of its parts.
const AS_SOON_AS_POSSIBLE: &str = "0";
/// Durations are shown in days.
const IN_DAYS: &str = "7";

/// Where a task stands.
pub struct Place<'a> {
    /// Its number, from 1.
    pub uid: usize,
    /// `1.2.3`.
    pub outline: String,
    /// How deep.
    pub level: u32,
    /// Numbers of all tasks by id.
    pub numbers: &'a BTreeMap<&'a str, usize>,
}

/// Writes a task; the order of elements is that of the format's schema.
pub fn write(xml: &mut Xml, task: &Task, place: &Place<'_>) -> io::Result<()> {
    xml.create_element("Task").write_inner_content(|xml| {
        named(xml, task, place)?;
        dated(xml, task)?;
        leaf(xml, "Notes", &notes(task))?;
        for before in task.after.iter().filter_map(|id| place.numbers.get(id.as_str())) {
            link(xml, *before)?;
        }
        baseline(xml, task)
    })?;
    Ok(())
}

fn named(xml: &mut Xml, task: &Task, place: &Place<'_>) -> io::Result<()> {
    let uid = place.uid.to_string();
    leaf(xml, "UID", &uid)?;
    leaf(xml, "GUID", &guid(&task.id))?;
    leaf(xml, "ID", &uid)?;
    leaf(xml, "Name", &limited(&task.name))?;
    // Fixed duration.
    leaf(xml, "Type", "1")?;
    leaf(xml, "IsNull", "0")?;
    leaf(xml, "WBS", &place.outline)?;
    leaf(xml, "OutlineNumber", &place.outline)?;
    leaf(xml, "OutlineLevel", &place.level.to_string())
}

fn dated(xml: &mut Xml, task: &Task) -> io::Result<()> {
    let flag = |yes: bool| if yes { "1" } else { "0" };
    let summary = !task.parts.is_empty();
    leaf(xml, "Priority", "500")?;
    leaf(xml, "Start", &moment(task.start))?;
    leaf(xml, "Finish", &moment(task.end))?;
    leaf(xml, "Duration", &duration(task))?;
    leaf(xml, "DurationFormat", IN_DAYS)?;
    leaf(xml, "EffortDriven", "0")?;
    leaf(xml, "Estimated", "0")?;
    leaf(xml, "Milestone", flag(task.is_milestone()))?;
    leaf(xml, "Summary", flag(summary))?;
    if let Some(float) = task.float {
        leaf(xml, "Critical", flag(float == Months(0)))?;
        let latest = task.end.saturating_add(i64::from(float.0.min(100_000)).months());
        leaf(xml, "LateFinish", &moment(latest))?;
        // In tenths of minutes.
        leaf(xml, "TotalSlack", &(i64::from(days_between(task.end, latest)) * MINUTES_A_DAY * 10).to_string())?;
    }
    leaf(xml, "PercentComplete", "0")?;
    leaf(xml, "ActualDuration", "PT0H0M0S")?;
    leaf(xml, "RemainingDuration", &duration(task))?;
    leaf(xml, "ConstraintType", if summary { AS_SOON_AS_POSSIBLE } else { NOT_BEFORE })?;
    leaf(xml, "CalendarUID", "-1")?;
    if !summary {
        leaf(xml, "ConstraintDate", &moment(task.start))?;
    }
    deadline(task).map_or(Ok(()), |day| leaf(xml, "Deadline", &moment(day)))
}

/// A task has one deadline: the long-stop date stands on the conversion, the ready-by date at its service.
fn deadline(task: &Task) -> Option<Date> {
    let day = if task.kind == TaskKind::Conversion { task.long_stop } else { task.ready_by };
    day.filter(|day| (FIRST_DAY..=LAST_DAY).contains(day))
}

fn duration(task: &Task) -> String {
    format!("PT{}H0M0S", i64::from(days_between(task.start, task.end)) * 24)
}

/// What has no field of its own.
fn notes(task: &Task) -> String {
    let label = match task.kind {
        TaskKind::Event(EventKind::Work) => "cost",
        TaskKind::Event(EventKind::Sale) => "price",
        _ => "deposit",
    };
    let parts = [
        task.amount.map(|amount| format!("{label}: {} USD", grouped(amount.usd(), 2))),
        task.float.map(|float| match float.0 {
            0 => "on the critical path".to_owned(),
            months => format!("float: {months} months"),
        }),
        task.ready_by.filter(|_| task.kind == TaskKind::Conversion).map(|day| format!("ready by {day}")),
        task.long_stop.filter(|_| task.kind == TaskKind::Conversion).map(|day| format!("long stop {day}")),
        Some(format!("id: {}", task.id)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn link(xml: &mut Xml, before: usize) -> io::Result<()> {
    xml.create_element("PredecessorLink").write_inner_content(|xml| {
        leaf(xml, "PredecessorUID", &before.to_string())?;
        // Finish to start, at once.
        leaf(xml, "Type", "1")?;
        leaf(xml, "CrossProject", "0")?;
        leaf(xml, "LinkLag", "0")?;
        leaf(xml, "LagFormat", IN_DAYS)
    })?;
    Ok(())
}

/// The plan itself, to see later what has moved.
fn baseline(xml: &mut Xml, task: &Task) -> io::Result<()> {
    xml.create_element("Baseline").write_inner_content(|xml| {
        leaf(xml, "Number", "0")?;
        leaf(xml, "Start", &moment(task.start))?;
        leaf(xml, "Finish", &moment(task.end))?;
        leaf(xml, "Duration", &duration(task))?;
        leaf(xml, "DurationFormat", IN_DAYS)
    })?;
    Ok(())
}

/// The same for the same id: a UUID of its hash, as version 8 allows.
fn guid(id: &str) -> String {
    let hash = sha256(id).to_uppercase();
    format!("{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_guid() {
        assert_eq!(guid("abc"), "BA7816BF-8F01-8FEA-8141-40DE5DAE2223");
        assert_ne!(guid("abd"), guid("abc"));
    }
}
