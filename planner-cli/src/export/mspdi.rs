//! The programme as Microsoft Project XML (MSPDI): outline, links, deadlines and a baseline. Days are whole, in a calendar
//! that works round the clock, and every date is held by a constraint, so that a program that reads it moves none.

mod lost;
mod task;

use std::collections::BTreeMap;
use std::io;

use jiff::civil::{Date, date};
use planner_core::plan::Plan;
use planner_core::report::programme::{self, Task};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::render::format::words;

pub use lost::lost;

/// First and last day that Microsoft Project knows.
const FIRST_DAY: Date = date(1984, 1, 1);
const LAST_DAY: Date = date(2149, 12, 31);
const NAMESPACE: &str = "http://schemas.microsoft.com/project";
const CALENDAR: &str = "Round the clock";
/// Days of a week, as the format counts them.
const WEEK: std::ops::RangeInclusive<u8> = 1..=7;

type Xml = Writer<Vec<u8>>;

/// `schedule.xml`.
///
/// # Errors
/// When the text cannot be written.
pub fn files(plan: &Plan) -> io::Result<Vec<(String, Vec<u8>)>> {
    let programme = programme::programme(plan);
    let lines: Vec<(u32, &Task)> = programme.iter().flat_map(Task::walk).collect();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))))?;
    xml.create_element("Project").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|xml| {
        head(xml, plan, &lines)?;
        calendar(xml)?;
        tasks(xml, &lines)
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(vec![("schedule.xml".to_owned(), bytes)])
}

/// An element that holds a text, without what XML cannot hold.
fn leaf(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    let text = words(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    xml.create_element(name).write_text_content(BytesText::new(&text))?;
    Ok(())
}

/// Most characters of a text, as the format counts them: in units of UTF-16.
const LONGEST: usize = 512;

/// At most so much of a text as the format allows, the last character an ellipsis when some are missing.
fn limited(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |c: &char| {
        taken += c.len_utf16();
        taken < LONGEST
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// The beginning of a day.
fn moment(day: Date) -> String {
    format!("{:04}-{:02}-{:02}T00:00:00", day.year(), day.month(), day.day())
}

fn head(xml: &mut Xml, plan: &Plan, lines: &[(u32, &Task)]) -> io::Result<()> {
    let first = lines.iter().map(|(_, task)| task.start).min().unwrap_or(plan.inputs.calendar.start);
    let last = lines.iter().map(|(_, task)| task.end).max().unwrap_or(first);
    for (name, text) in [
        ("SaveVersion", "14"),
        ("Name", "schedule.xml"),
        ("Title", &limited(&plan.inputs.name)),
        ("ScheduleFromStart", "1"),
        ("StartDate", &moment(first)),
        ("FinishDate", &moment(last)),
        ("FYStartDate", "1"),
        ("CriticalSlackLimit", "0"),
        ("CurrencyDigits", "2"),
        ("CurrencySymbol", "$"),
        ("CurrencyCode", "USD"),
        ("CurrencySymbolPosition", "0"),
        ("CalendarUID", "1"),
        ("DefaultStartTime", "00:00:00"),
        ("DefaultFinishTime", "00:00:00"),
        ("MinutesPerDay", "1440"),
        ("MinutesPerWeek", "10080"),
        ("DaysPerMonth", "30"),
        ("DefaultTaskType", "1"),
        ("DurationFormat", "7"),
        ("HonorConstraints", "1"),
        ("NewTasksEffortDriven", "0"),
        ("NewTasksEstimated", "0"),
    ] {
        leaf(xml, name, text)?;
    }
    Ok(())
}

fn calendar(xml: &mut Xml) -> io::Result<()> {
    xml.create_element("Calendars").write_inner_content(|xml| {
        xml.create_element("Calendar").write_inner_content(|xml| {
            leaf(xml, "UID", "1")?;
            leaf(xml, "Name", CALENDAR)?;
            leaf(xml, "IsBaseCalendar", "1")?;
            leaf(xml, "BaseCalendarUID", "-1")?;
            xml.create_element("WeekDays")
                .write_inner_content(|xml| WEEK.into_iter().try_for_each(|day| weekday(xml, day)))?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

/// A day that works from midnight to midnight.
fn weekday(xml: &mut Xml, day: u8) -> io::Result<()> {
    xml.create_element("WeekDay").write_inner_content(|xml| {
        leaf(xml, "DayType", &day.to_string())?;
        leaf(xml, "DayWorking", "1")?;
        xml.create_element("WorkingTimes").write_inner_content(|xml| {
            xml.create_element("WorkingTime").write_inner_content(|xml| {
                leaf(xml, "FromTime", "00:00:00")?;
                leaf(xml, "ToTime", "00:00:00")
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn tasks(xml: &mut Xml, lines: &[(u32, &Task)]) -> io::Result<()> {
    let numbers: BTreeMap<&str, usize> =
        lines.iter().enumerate().map(|(index, (_, task))| (task.id.as_str(), index + 1)).collect();
    let mut outline: Vec<u32> = vec![];
    xml.create_element("Tasks").write_inner_content(|xml| {
        for (index, (level, task)) in lines.iter().enumerate() {
            outline.resize(usize::try_from(*level).unwrap_or(1), 0);
            if let Some(last) = outline.last_mut() {
                *last += 1;
            }
            let number: Vec<String> = outline.iter().map(u32::to_string).collect();
            task::write(
                xml,
                task,
                &task::Place { uid: index + 1, outline: number.join("."), level: *level, numbers: &numbers },
            )?;
        }
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use quick_xml::Reader;

    fn text(plan: &Plan) -> String {
        String::from_utf8(files(plan).unwrap().remove(0).1).unwrap()
    }

    /// Name and text of every element that holds a text.
    fn leaves(xml: &str) -> Vec<(String, String)> {
        let mut reader = Reader::from_str(xml);
        let (mut open, mut found) = (vec![], vec![]);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push((start.name().as_ref().to_owned(), String::new())),
                Event::Text(part) => open.last_mut().map_or((), |(_, text)| text.push_str(&part)),
                Event::GeneralRef(part) => {
                    if let Some((_, text)) = open.last_mut() {
                        text.extend(["&", &part, ";"]);
                    }
                }
                Event::End(_) => found.extend(open.pop()),
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn it_is_xml_with_a_task_for_each_line_and_the_same_again() {
        let plan = sample::with_everything();
        let xml = text(&plan);
        assert_eq!(xml, text(&plan));
        let leaves = leaves(&xml);
        let count = |name: &str| leaves.iter().filter(|(element, _)| element == name).count();
        let lines = programme::programme(&plan).iter().flat_map(Task::walk).count();
        assert_eq!(count("Task"), lines);
        assert_eq!(count("OutlineNumber"), lines);
        assert_eq!(count("Baseline"), lines);
        assert_eq!(count("WeekDay"), 7);
        assert!(count("PredecessorLink") >= 10 && count("Deadline") >= 2);
        assert!(
            xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Project xmlns="),
            "{xml}"
        );
    }

    #[test]
    fn names_make_no_elements() {
        let mut plan = sample::with_everything();
        plan.inputs.name = "<Task>&\u{1}\u{ffff}".to_owned();
        plan.inputs.works[0].name = "]]></Notes><x/>".to_owned();
        let xml = text(&plan);
        assert!(xml.contains("<Title>&lt;Task&gt;&amp;\u{fffd}\u{fffd}</Title>"), "{}", &xml[..600]);
        assert_eq!(leaves(&xml).iter().filter(|(element, _)| element == "x").count(), 0);
    }

    #[test]
    fn no_text_is_longer_than_the_format_allows() {
        for (letter, length) in [('a', 512), ('a', 513), ('я', 1319), ('界', 600), ('🜂', 256), ('🜂', 257), ('🜂', 4000)]
        {
            let long: String = std::iter::repeat_n(letter, length).collect();
            let mut plan = sample::with_everything();
            plan.inputs.name.clone_from(&long);
            plan.inputs.works[0].name.clone_from(&long);
            for one in &mut plan.decisions.conversions {
                one.phases[0].phase = long.as_str().into();
            }
            let leaves = leaves(&text(&plan));
            let limited = |name: &str| ["Title", "Name", "WBS", "OutlineNumber"].contains(&name);
            for (name, text) in leaves.iter().filter(|(name, _)| limited(name)) {
                assert!(text.encode_utf16().count() <= 512, "{name}: {text}");
            }
            let title = &leaves.iter().find(|(name, _)| name == "Title").unwrap().1;
            assert_eq!(*title == long, long.encode_utf16().count() <= 512, "{title}");
        }
    }

    #[test]
    fn a_plan_without_conversions_is_a_schedule_too() {
        let mut plan = sample::plan();
        plan.decisions = planner_core::plan::Decisions::default();
        assert!(!leaves(&text(&plan)).is_empty());
    }
}
