//! A calendar of all dated events of a plan: all-day events, the same ids every time.

mod revision;

use std::fmt;

use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::ToSpan;
use jiff::civil::Date;
use planner_core::plan::Plan;
use planner_core::report::schedule::{self, EventKind};

use crate::render::format::{grouped, words};

/// The name of the file.
pub const NAME: &str = "schedule.ics";

/// `schedule.ics`, which is to take the place of the text `before`, if there is one.
///
/// # Errors
/// When the calendar cannot be written as text.
pub fn files(plan: &Plan, before: Option<&str>) -> Result<Vec<(String, Vec<u8>)>, fmt::Error> {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//planner//fleet conversion schedule//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("X-WR-CALNAME", words(&plan.inputs.name)));
    let entries = schedule::events(plan).iter().map(entry).collect();
    // The time of writing must not change the file: the plan's start stands for it.
    for entry in revision::revised(entries, before, plan.inputs.calendar.start) {
        calendar.push(entry);
    }
    let text = {
        use fmt::Write;
        let mut text = String::new();
        write!(text, "{calendar}")?;
        text
    };
    Ok(vec![(NAME.to_owned(), text.into_bytes())])
}

fn entry(event: &schedule::Event) -> Event {
    let end = event.end.filter(|end| *end > event.date).unwrap_or_else(|| event.date.saturating_add(1.day()));
    let mut entry = Event::new();
    entry.uid(&format!("{}{}", uid(&event.id), revision::OURS));
    entry.append_property(day("DTSTART", event.date));
    entry.append_property(day("DTEND", end));
    entry.summary(&words(&event.title));
    if let Some(text) = description(event) {
        entry.description(&text);
    }
    if let Some(site) = &event.site {
        entry.location(&words(site.as_str()));
    }
    entry.categories([event.kind.as_str()]);
    // Phases last for months and do not make anyone busy.
    entry.append_property(Property::new("TRANSP", "TRANSPARENT"));
    if event.kind == EventKind::LongStop {
        entry.priority(1);
    }
    entry.done()
}

/// What a title does not say: money, or the float of a phase.
fn description(event: &schedule::Event) -> Option<String> {
    if let Some(float) = event.float {
        return Some(match float.0 {
            0 => "On the critical path".to_owned(),
            months => format!("Float: {months} months"),
        });
    }
    let label = match event.kind {
        EventKind::Work => "Cost",
        EventKind::Sale => "Price",
        _ => "Deposit",
    };
    event.amount.map(|amount| format!("{label}: {} USD", grouped(amount.usd(), 2)))
}

fn day(key: &str, date: Date) -> Property {
    Property::new(key, basic(date)).add_parameter("VALUE", "DATE").done()
}

fn basic(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// Ids without the characters that calendars escape.
fn uid(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || "-_./@".contains(c) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn text(plan: &Plan) -> String {
        after(plan, None)
    }

    fn after(plan: &Plan, before: Option<&str>) -> String {
        String::from_utf8(files(plan, before).unwrap().remove(0).1).unwrap()
    }

    /// The lines of the event whose id has this part.
    fn event<'a>(ics: &'a str, id: &str) -> &'a str {
        ics.split("BEGIN:VEVENT").find(|event| event.replace("\r\n ", "").contains(id)).unwrap()
    }

    #[test]
    fn what_moves_is_the_same_event_with_the_next_number() {
        let mut plan = sample::with_everything();
        let first = text(&plan);
        assert_eq!(after(&plan, Some(&first)), first, "nothing changed");
        plan.decisions.conversions[0].phases[0].end = jiff::civil::date(2029, 2, 1);
        let phase = plan.decisions.conversions[0].phases[0].phase.to_string();
        let second = after(&plan, Some(&first));
        let id = format!("panther-creek-01/north/liquid/nnn-15y/phase/{phase}@planner");
        assert!(event(&first, &id).contains("SEQUENCE:0\r\n") && event(&second, &id).contains("SEQUENCE:1\r\n"));
        assert!(
            event(&second, &id).contains("DTEND;VALUE=DATE:20290201") && second.contains("DTSTAMP:20270101T000001Z")
        );
        assert_eq!(second.matches("SEQUENCE:1\r\n").count(), 1, "the others are as they were");
        assert_eq!(after(&plan, Some(&second)), second);
    }

    #[test]
    fn what_is_gone_is_cancelled_once() {
        let mut plan = sample::with_everything();
        let first = text(&plan);
        plan.decisions.works.clear();
        let second = after(&plan, Some(&first));
        assert_eq!(second.matches("STATUS:CANCELLED").count(), 2);
        let work = event(&second, "work/panther-creek-01/substation/work@planner");
        assert!(work.contains("SEQUENCE:1") && work.contains("DESCRIPTION:Cost: 20\\,000\\,000.00 USD"), "{work}");
        assert_eq!(after(&plan, Some(&second)), second);
        let third = after(&sample::with_everything(), Some(&second));
        assert!(!third.contains("CANCELLED") && third.matches("SEQUENCE:2").count() == 2, "they are back");
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
        assert_eq!(ics.matches("DTSTAMP:20270101T000000Z").count(), schedule::events(&plan).len());
        assert!(ics.lines().all(|line| line.len() <= 75), "lines are folded");
        let mut uids: Vec<_> = ics.lines().filter(|line| line.starts_with("UID:")).collect();
        uids.sort_unstable();
        uids.dedup();
        assert_eq!(uids.len(), schedule::events(&plan).len());
    }
}
