//! What changes when a calendar is written again: the events that differ from those of the file before have the next number,
//! and those that have gone are cancelled, so that whoever imports the new file has what it says.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// What ids ended with before they were those of a portfolio.
const OLD: &str = "@planner";
/// Numbers are seconds since then, which makes those of a later plan greater; a calendar has room for them until 2088.
const FIRST_DAY: Date = date(2020, 1, 1);
const SECONDS_TO_FIRST_DAY: i64 = 1_577_836_800;
const SECONDS_A_DAY: u32 = 86_400;
const GREATEST: u32 = i32::MAX.unsigned_abs();

/// The number of events of a plan that was written so many seconds after 1970.
pub fn number_at(written: Option<i64>) -> u32 {
    let since = written.map_or(0, |written| written.saturating_sub(SECONDS_TO_FIRST_DAY));
    u32::try_from(since.max(0)).unwrap_or(GREATEST).min(GREATEST)
}

/// The events with their numbers, and those of the file before that have gone. Events that say what they said keep their number;
/// others get that of the plan, or one more than they had.
pub fn revised(events: Vec<Event>, before: Option<&str>, ours: &str, plan: u32) -> Vec<Event> {
    let read = |text: &str| text.parse::<Calendar>().ok();
    let before = before.and_then(read).unwrap_or_default();
    let known: BTreeMap<&str, &Event> = before.events().filter_map(|event| Some((event.get_uid()?, event))).collect();
    let mut revised = Vec::with_capacity(events.len());
    for mut event in events {
        let old = event.get_uid().and_then(|uid| known.get(uid));
        let number = match old {
            Some(old) if said(old) == said(&read_again(&event)) => number(old),
            Some(old) => next(old, plan),
            None => plan,
        };
        revised.push(numbered(&mut event, number));
    }
    let here: BTreeSet<&str> = revised.iter().filter_map(Component::get_uid).collect();
    let is_gone = |uid: &str| (uid.ends_with(ours) || uid.ends_with(OLD)) && !here.contains(uid);
    let gone = known.iter().filter(|(uid, _)| is_gone(uid)).map(|(_, event)| {
        let mut event = (*event).clone();
        let already = event.get_status() == Some(EventStatus::Cancelled);
        let number = if already { number(&event) } else { next(&event, plan) };
        numbered(event.status(EventStatus::Cancelled), number)
    });
    let gone: Vec<Event> = gone.collect();
    revised.extend(gone);
    revised
}

fn number(event: &Event) -> u32 {
    event.get_sequence().unwrap_or(0)
}

fn next(old: &Event, plan: u32) -> u32 {
    number(old).saturating_add(1).max(plan).min(GREATEST)
}

/// The event with a number and, as time of its revision, the time that the number stands for.
fn numbered(event: &mut Event, number: u32) -> Event {
    let day = FIRST_DAY.saturating_add(i64::from(number / SECONDS_A_DAY).days());
    let second = number % SECONDS_A_DAY;
    let time = format!("{:02}{:02}{:02}", second / 3600, second / 60 % 60, second % 60);
    event.append_property(Property::new("DTSTAMP", format!("{}T{time}Z", super::basic(day))));
    event.sequence(number).done()
}

/// An event as a file gives it back.
fn read_again(event: &Event) -> Event {
    let mut calendar = Calendar::empty();
    calendar.push(event.clone());
    let again = calendar.to_string().parse::<Calendar>().unwrap_or_default();
    again.events().next().cloned().unwrap_or_default()
}

/// All that an event says but for its revision.
fn said(event: &Event) -> String {
    let mut event = event.clone();
    event.remove_property("SEQUENCE").remove_property("DTSTAMP");
    let mut lines: Vec<String> = event.to_string().lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines.concat()
}
