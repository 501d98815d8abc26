//! What changes when a calendar is written again: the events that differ from those of the file before have the next number,
//! and those that have gone are cancelled, so that whoever imports the new file has what it says.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use jiff::ToSpan;
use jiff::civil::Date;

/// What all ids of ours end with.
pub const OURS: &str = "@planner";
const SECONDS_A_DAY: u32 = 86_400;

/// The events with their numbers, and those of the file before that have gone.
pub fn revised(events: Vec<Event>, before: Option<&str>, start: Date) -> Vec<Event> {
    let read = |text: &str| text.parse::<Calendar>().ok();
    let before = before.and_then(read).unwrap_or_default();
    let known: BTreeMap<&str, &Event> = before.events().filter_map(|event| Some((event.get_uid()?, event))).collect();
    let mut revised = Vec::with_capacity(events.len());
    for mut event in events {
        let old = event.get_uid().and_then(|uid| known.get(uid));
        let number = old.map_or(0, |old| number(old).saturating_add(u32::from(said(old) != said(&read_again(&event)))));
        revised.push(numbered(&mut event, number, start));
    }
    let here: BTreeSet<&str> = revised.iter().filter_map(Component::get_uid).collect();
    let is_gone = |uid: &str| uid.ends_with(OURS) && !here.contains(uid);
    let gone = known.iter().filter(|(uid, _)| is_gone(uid)).map(|(_, event)| {
        let mut event = (*event).clone();
        let already = event.get_status() == Some(EventStatus::Cancelled);
        let number = number(&event).saturating_add(u32::from(!already));
        numbered(event.status(EventStatus::Cancelled), number, start)
    });
    let gone: Vec<Event> = gone.collect();
    revised.extend(gone);
    revised
}

fn number(event: &Event) -> u32 {
    event.get_sequence().unwrap_or(0)
}

/// Time of its last revision: no clock is asked, so it is the plan's first day and a second for each revision.
fn numbered(event: &mut Event, number: u32, start: Date) -> Event {
    let day = start.saturating_add(i64::from(number / SECONDS_A_DAY).days());
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
