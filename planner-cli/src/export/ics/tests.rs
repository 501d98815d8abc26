use std::collections::BTreeSet;

use super::*;
use crate::sample;
use planner_core::domain::ids::ModelId;

/// A day of 2026, in seconds since 1970.
const WRITTEN: i64 = 1_780_000_000;

fn text(plan: &Plan) -> String {
    after(plan, None)
}

fn after(plan: &Plan, before: Option<&str>) -> String {
    at(plan, before, WRITTEN)
}

fn at(plan: &Plan, before: Option<&str>, written: i64) -> String {
    String::from_utf8(files(plan, before, Some(written)).unwrap().remove(0).1).unwrap()
}

fn uid(plan: &Plan, id: &str) -> String {
    Ids::of(plan).uid(id, 1)
}

/// The lines of the event with this id.
fn event<'a>(ics: &'a str, uid: &str) -> &'a str {
    ics.split("BEGIN:VEVENT").find(|event| event.replace("\r\n ", "").contains(uid)).unwrap()
}

fn all(ics: &str, property: &str) -> Vec<String> {
    let lines = ics.replace("\r\n ", "");
    lines.lines().filter_map(|line| line.strip_prefix(property)).map(str::to_owned).collect()
}

/// The sample with one phase moved.
fn moved() -> (Plan, String) {
    let mut plan = sample::with_everything();
    plan.decisions.conversions[0].phases[0].end = jiff::civil::date(2029, 2, 1);
    let phase = plan.decisions.conversions[0].phases[0].phase.to_string();
    let id = uid(&plan, &format!("panther-creek-01/north/liquid/nnn-15y/phase/{phase}"));
    (plan, id)
}

#[test]
fn what_moves_is_the_same_event_with_the_next_number() {
    let first = text(&sample::with_everything());
    assert_eq!(after(&sample::with_everything(), Some(&first)), first, "nothing changed");
    assert_eq!(at(&sample::with_everything(), Some(&first), WRITTEN + 60), first, "a later plan that says the same");
    let (plan, id) = moved();
    let second = after(&plan, Some(&first));
    assert_eq!(all(event(&second, &id), "SEQUENCE:"), ["202163201"]);
    assert!(event(&second, &id).contains("DTEND;VALUE=DATE:20290201") && second.contains("DTSTAMP:20260528T"));
    assert_eq!(second.matches("SEQUENCE:202163201\r\n").count(), 1, "the others are as they were");
    assert_eq!(after(&plan, Some(&second)), second);
}

#[test]
fn a_later_plan_has_later_numbers_wherever_it_is_exported() {
    let (plan, id) = moved();
    let first = text(&sample::with_everything());
    let number = |ics: &str| all(event(ics, &id), "SEQUENCE:")[0].parse::<u32>().unwrap();
    let stamp = |ics: &str| all(event(ics, &id), "DTSTAMP:").remove(0);
    for later in [1, 60, 86_400, 40_000_000] {
        let second = at(&plan, None, WRITTEN + later);
        assert!(number(&second) > number(&first) && stamp(&second) > stamp(&first), "{later}");
        assert_eq!(second, at(&plan, None, WRITTEN + later), "the same plan makes the same file");
    }
    // Times that no calendar can count: the numbers stay, and go on from the file that is overwritten.
    for odd in [0, -5, i64::MIN, i64::MAX] {
        let first = at(&sample::with_everything(), None, odd);
        let second = at(&plan, Some(&first), odd);
        assert!(number(&second) >= number(&first) && number(&second) <= i32::MAX.unsigned_abs(), "{odd}");
    }
}

#[test]
fn what_is_gone_is_cancelled_once() {
    let mut plan = sample::with_everything();
    let first = text(&plan);
    plan.decisions.works.clear();
    let second = after(&plan, Some(&first));
    assert_eq!(second.matches("STATUS:CANCELLED").count(), 2);
    let work = event(&second, &uid(&plan, "work/panther-creek-01/substation/work"));
    assert!(work.contains("SEQUENCE:202163201") && work.contains("DESCRIPTION:Cost: 20\\,000\\,000.00 USD"), "{work}");
    assert_eq!(after(&plan, Some(&second)), second);
    let third = after(&sample::with_everything(), Some(&second));
    assert!(!third.contains("CANCELLED") && third.matches("SEQUENCE:202163202").count() == 2, "they are back");
}

#[test]
fn events_of_another_portfolio_are_not_cancelled() {
    let mut other = sample::with_everything();
    other.inputs.name = "Another company".to_owned();
    let first = text(&sample::with_everything());
    let second = after(&other, Some(&first));
    assert!(!second.contains("CANCELLED"));
    let (mine, theirs): (BTreeSet<_>, BTreeSet<_>) =
        (all(&first, "UID:").into_iter().collect(), all(&second, "UID:").into_iter().collect());
    assert!(mine.is_disjoint(&theirs) && mine.len() == theirs.len());
    // What was written before ids were those of a portfolio.
    let old = first.replace(&Ids::of(&sample::with_everything()).ours, "@planner");
    assert_eq!(text(&sample::plan()).matches("CANCELLED").count(), 0);
    assert_eq!(after(&other, Some(&old)).matches("CANCELLED").count(), mine.len());
}

#[test]
fn every_event_has_an_id_of_its_own_in_any_script() {
    let names = ["panther-creek-01", "panther-creek-02", "stoneridge", "north", "liquid", "nnn-15y", "S21", "fibre"];
    for scripts in [["ангара", "братск"], ["乙方八年", "甲方五年"], ["a b", "a_b"], ["x", "X"], ["é", "e\u{301}"]]
    {
        let mut text_of_plan = serde_json::to_string(&sample::with_everything()).unwrap();
        for (index, name) in names.iter().enumerate() {
            let new = format!("{}{}", scripts[index % 2], "~".repeat(index / 2));
            text_of_plan = text_of_plan.replace(&format!("\"{name}\""), &format!("\"{new}\""));
        }
        let plan: Plan = serde_json::from_str(&text_of_plan).unwrap();
        let uids = all(&text(&plan), "UID:");
        let different: BTreeSet<&String> = uids.iter().collect();
        assert_eq!((uids.len(), different.len()), (schedule::events(&plan).len(), uids.len()), "{scripts:?}");
    }
    // Two lots of what reads alike, sold on the same day.
    let mut plan = sample::with_everything();
    let mut twice = plan.decisions.machines.clone();
    for one in &mut twice {
        one.model = ModelId::from("S21");
    }
    plan.decisions.machines.extend(twice);
    let uids = all(&text(&plan), "UID:");
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len());
}

#[test]
fn a_file_that_is_no_calendar_counts_for_nothing() {
    let plan = sample::plan();
    for before in ["", "hello", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "BEGIN:VEVENT\nSEQUENCE:-1\nEND:VEVENT"] {
        assert_eq!(after(&plan, Some(before)), text(&plan));
    }
}

#[test]
fn names_break_no_lines() {
    let mut plan = sample::plan();
    plan.inputs.name = "x\r\nEND:VCALENDAR\rBEGIN:VCALENDAR".to_owned();
    let ics = text(&plan);
    assert!(ics.contains("\r\nX-WR-CALNAME:x\u{fffd}\u{fffd}END:VCALENDAR\u{fffd}BEGIN:VCALENDAR\r\n"), "{ics}");
    plan.inputs.name = "界".repeat(200);
    assert!(text(&plan).split("\r\n").all(|line| line.len() <= 75), "folded between letters");
}

#[test]
fn events_last_whole_days_and_never_change() {
    let plan = sample::with_everything();
    let ics = text(&plan);
    assert!(ics.contains("DESCRIPTION:Float: 10 months") && ics.contains("DESCRIPTION:On the critical path"));
    assert!(ics.contains("DESCRIPTION:Cost: 20\\,000\\,000.00 USD"), "{ics}");
    assert_eq!(ics, text(&plan));
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    assert!(ics.contains("DTSTART;VALUE=DATE:20270401\r\nDTEND") || ics.contains("DTSTART;VALUE=DATE:20270401"));
    assert_eq!(ics.matches("BEGIN:VEVENT").count(), schedule::events(&plan).len());
    assert!(ics.lines().all(|line| line.len() <= 75), "lines are folded");
    let uids: BTreeSet<String> = all(&ics, "UID:").into_iter().collect();
    assert_eq!(uids.len(), schedule::events(&plan).len());
}
