//! A calendar of all dated events of a plan: all-day events, the same ids every time.

mod revision;

use std::collections::BTreeMap;
use std::fmt;

use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::ToSpan;
use jiff::civil::Date;
use planner_core::plan::Plan;
use planner_core::report::schedule::{self, EventKind};

use crate::files::sha256;
use crate::render::format::{grouped, words};

/// The name of the file.
pub const NAME: &str = "schedule.ics";

/// `schedule.ics`, which is to take the place of the text `before`, if there is one. The plan was written at a time, in seconds
/// since 1970: a calendar needs to know which of two plans is the later one, wherever they are exported.
///
/// # Errors
/// When the calendar cannot be written as text.
pub fn files(plan: &Plan, before: Option<&str>, written: Option<i64>) -> Result<Vec<(String, Vec<u8>)>, fmt::Error> {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//planner//fleet conversion schedule//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("X-WR-CALNAME", words(&plan.inputs.name)));
    let ids = Ids::of(plan);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let events = schedule::events(plan);
    let entries = events.iter().map(|event| {
        let count = seen.entry(event.id.clone()).and_modify(|count| *count += 1).or_insert(1);
        entry(plan, event, &ids.uid(&event.id, *count))
    });
    for entry in revision::revised(entries.collect(), before, &ids.ours, revision::number_at(written)) {
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

/// Ids of a portfolio's events.
struct Ids<'a> {
    portfolio: &'a str,
    /// What all of them end with.
    ours: String,
}

impl<'a> Ids<'a> {
    fn of(plan: &'a Plan) -> Self {
        let portfolio = plan.inputs.name.as_str();
        Self { portfolio, ours: format!("@{}.planner", &sha256(portfolio)[..16]) }
    }

    /// The id of an event of the portfolio: a hash, which keeps apart what differs in any letter. It says nothing of dates, so it
    /// stays when the event moves.
    fn uid(&self, event: &str, count: u32) -> String {
        let told = serde_json::json!([self.portfolio, event, count]).to_string();
        format!("{}{}", &sha256(&told)[..32], self.ours)
    }
}

fn entry(plan: &Plan, event: &schedule::Event, uid: &str) -> Event {
    let end = event.end.filter(|end| *end > event.date).unwrap_or_else(|| event.date.saturating_add(1.day()));
    let mut entry = Event::new();
    entry.uid(uid);
    entry.append_property(day("DTSTART", event.date));
    entry.append_property(day("DTEND", end));
    entry.summary(&words(&event.title));
    if let Some(text) = description(event) {
        entry.description(&text);
    }
    if let Some(site) = &event.site {
        let name = plan.inputs.site(site).map_or(site.as_str(), |site| site.name.as_str());
        entry.location(&words(name));
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

#[cfg(test)]
mod tests;
