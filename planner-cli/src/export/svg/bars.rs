//! What stands on the axis: the rows of a group, bars, marks.

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::Date;
use planner_core::report::programme::{Task, TaskKind};
use planner_core::report::schedule::EventKind;
use planner_core::units::Months;

use super::time::Axis;
use super::{ROW, length, safe, text};
use crate::render::format::grouped;

/// Fill and line of a bar, and how thick the line is.
type Colours = (&'static str, &'static str, f64);
pub const PHASE: Colours = ("#b6d7ff", "#0969da", 0.8);
pub const CRITICAL: Colours = ("#ffb3ad", "#a40e26", 1.8);
pub const WORK: Colours = ("#e0ccff", "#8250df", 0.8);
const MOTHBALLS: Colours = ("#d8dee4", "#57606a", 0.8);

pub const READY_BY: &str = "#9a6700";
pub const LONG_STOP: &str = "#cf222e";
pub const OFF: &str = "#1f2328";
pub const OTHER: &str = "#57606a";
pub const SERVICE: &str = "#1a7f37";

/// Height of a bar.
const BAR: f64 = 12.0;
/// From the top of a row to the foot of its text.
const TEXT: f64 = 11.6;
/// Where a conversion's name begins.
pub const INDENT: f64 = 24.0;
/// Space at the end of a group, and of a conversion.
const GAP: f64 = 6.0;

/// Draws a group from a height on; where it ends.
pub fn group(svg: &mut String, group: &Task, axis: &Axis, top: f64) -> f64 {
    name(svg, (&group.name, &group.name), (12.0, top + 2.0), "font-weight=\"600\" font-size=\"12\" fill=\"#1f2328\"");
    let mut y = top + ROW + 2.0;
    for part in &group.parts {
        if part.kind == TaskKind::Conversion {
            y = conversion(svg, part, axis, y);
        } else {
            single(svg, part, axis, y);
            y += ROW;
        }
    }
    y + GAP
}

/// A name at the left, with the whole of it as title.
fn name(svg: &mut String, (shown, whole): (&str, &str), (x, y): (f64, f64), style: &str) {
    let _ = writeln!(svg, "<g><title>{}</title>", safe(whole));
    text(svg, (x, y + TEXT), "start", style, shown);
    svg.push_str("</g>\n");
}

/// A row of its own: a work, mothballs, a sale, a reservation.
fn single(svg: &mut String, task: &Task, axis: &Axis, y: f64) {
    let dated = if axis.shows(task.start) { task.name.clone() } else { format!("{} {}", task.name, span(task)) };
    name(svg, (&dated, &dated), (INDENT, y), "fill=\"#1f2328\"");
    let colours = if task.kind == TaskKind::Event(EventKind::Work) { WORK } else { MOTHBALLS };
    let drawing = match task.is_milestone() {
        true if axis.shows(task.start) => diamond(axis.x(task.start), y + ROW / 2.0, OTHER),
        true => return,
        false => rect((axis.x(task.start), axis.x(task.end)), y + 2.0, colours),
    };
    titled(svg, &said(task), &drawing);
}

/// A row with its days, and below it its phases, those that do not meet side by side; where it ends.
fn conversion(svg: &mut String, task: &Task, axis: &Axis, y: f64) -> f64 {
    // Halls and load have a line of their own.
    let (what, halls) = task
        .name
        .rsplit_once(" (")
        .map_or((task.name.as_str(), ""), |(what, halls)| (what, halls.trim_end_matches(')')));
    name(svg, (what, &task.name), (INDENT, y), "fill=\"#1f2328\"");
    name(svg, (halls, &task.name), (INDENT, y + ROW - 3.0), "font-size=\"10\" fill=\"#57606a\"");
    let middle = y + ROW / 2.0;
    let line = (axis.x(task.start), axis.x(task.end));
    let whole = format!("<path d=\"M{:.1} {middle:.1}H{:.1}\" stroke=\"#57606a\" stroke-width=\"2\"/>", line.0, line.1);
    titled(svg, &format!("{}: {}", task.name, span(task)), &whole);
    for part in task.parts.iter().filter(|part| part.is_milestone()) {
        let x = axis.x(part.start);
        let drawing = match part.kind {
            TaskKind::Event(EventKind::MiningOff) => diamond(x, middle, OFF),
            TaskKind::Event(EventKind::ReadyForService) => diamond(x, middle, SERVICE),
            TaskKind::Event(EventKind::Commencement) => dot(x, middle, SERVICE),
            _ => dot(x, middle, OTHER),
        };
        titled(svg, &said(part), &drawing);
    }
    for (day, colour, label) in [(task.ready_by, READY_BY, "ready-by"), (task.long_stop, LONG_STOP, "long-stop")] {
        if let Some(day) = day {
            titled(svg, &format!("{label} date of {}: {day}", task.name), &tick(axis.x(day), y + 2.0, colour));
        }
    }
    let phases: Vec<&Task> = task.parts.iter().filter(|part| !part.is_milestone()).collect();
    let mut free: Vec<f64> = vec![];
    for phase in phases {
        let bar = (axis.x(phase.start), axis.x(phase.end));
        let late = phase.float.map_or(bar.1, |months| axis.x(later(phase.end, months)));
        let place = label(phase, bar, late, axis);
        let from = bar.0.min(place.from);
        let row = free.iter().position(|end| *end <= from).unwrap_or(free.len());
        free.resize(free.len().max(row + 1), 0.0);
        free[row] = late.max(place.to) + 3.0;
        #[allow(clippy::cast_precision_loss)]
        let top = y + ROW * (row as f64 + 1.0);
        bar_of(svg, phase, (bar, late), top);
        text(svg, (place.x, top + TEXT), place.anchor, "font-size=\"10\" fill=\"#1f2328\"", &phase.name);
    }
    #[allow(clippy::cast_precision_loss)]
    let lanes = free.len() as f64;
    y + ROW * (lanes.max(1.0) + 1.0) + GAP
}

/// Where the name of a phase stands, and what it takes.
struct Label {
    x: f64,
    anchor: &'static str,
    from: f64,
    to: f64,
}

/// In the bar where it fits, else at its right, else at its left.
fn label(phase: &Task, bar: (f64, f64), late: f64, axis: &Axis) -> Label {
    let width = length(&phase.name) + 6.0;
    if width <= bar.1 - bar.0 {
        return Label { x: bar.0 + 3.0, anchor: "start", from: bar.0, to: bar.1 };
    }
    if late + width <= axis.right() {
        return Label { x: late + 3.0, anchor: "start", from: bar.0, to: late + width };
    }
    if bar.0 - width >= axis.left() {
        return Label { x: bar.0 - 3.0, anchor: "end", from: bar.0 - width, to: late };
    }
    // Over the bar and beyond it: the axis is as wide as the longest name.
    Label { x: axis.left() + 3.0, anchor: "start", from: axis.left(), to: axis.left() + width }
}

fn bar_of(svg: &mut String, phase: &Task, (bar, late): ((f64, f64), f64), top: f64) {
    let critical = phase.float == Some(Months(0));
    let mut drawing = String::new();
    if late > bar.1 {
        drawing += &float((bar.1, late), top + 2.0);
    }
    drawing += &rect(bar, top + 2.0, if critical { CRITICAL } else { PHASE });
    titled(svg, &said(phase), &drawing);
}

fn later(day: Date, months: Months) -> Date {
    day.saturating_add(i64::from(months.0.min(100_000)).months())
}

/// First and last day.
fn span(task: &Task) -> String {
    if task.start == task.end {
        return task.start.to_string();
    }
    format!("{} to {}", task.start, task.end.yesterday().unwrap_or(task.end))
}

/// A task in a line.
fn said(task: &Task) -> String {
    let float = task.float.map(|float| match float.0 {
        0 => ", critical path".to_owned(),
        1 => ", float 1 month".to_owned(),
        months => format!(", float {months} months"),
    });
    let amount = task.amount.map(|amount| format!(", {} USD", grouped(amount.usd(), 2)));
    [format!("{}: {}", task.name, span(task)), float.unwrap_or_default(), amount.unwrap_or_default()].concat()
}

fn titled(svg: &mut String, title: &str, drawing: &str) {
    let _ = writeln!(svg, "<g><title>{}</title>{drawing}</g>", safe(title));
}

/// A bar.
pub fn rect((from, to): (f64, f64), top: f64, (fill, line, thick): Colours) -> String {
    let width = (to - from).max(1.0);
    format!(
        "<rect x=\"{from:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{BAR}\" fill=\"{fill}\" stroke=\"{line}\" \
         stroke-width=\"{thick}\"/>"
    )
}

/// The time by which a phase may be late.
pub fn float((from, to): (f64, f64), top: f64) -> String {
    let (width, top, height) = (to - from, top + 3.0, BAR - 6.0);
    format!(
        "<rect x=\"{from:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"white\" stroke=\"#0969da\" \
         stroke-width=\"0.8\" stroke-dasharray=\"2 2\"/>"
    )
}

/// A day that matters.
pub fn diamond(x: f64, y: f64, fill: &str) -> String {
    format!("<path d=\"M{:.1} {y:.1}l5 -5l5 5l-5 5z\" fill=\"{fill}\" stroke=\"white\" stroke-width=\"0.8\"/>", x - 5.0)
}

/// Another day.
pub fn dot(x: f64, y: f64, fill: &str) -> String {
    format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{fill}\" stroke=\"white\" stroke-width=\"0.8\"/>")
}

/// A deadline.
pub fn tick(x: f64, top: f64, colour: &str) -> String {
    format!("<path d=\"M{x:.1} {top:.1}v13m-3 -13h6\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.2\"/>")
}
