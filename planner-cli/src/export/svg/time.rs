//! From days to places: the axis, its lines and labels.

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use planner_core::domain::calendar::days_between;
use planner_core::plan::Plan;
use planner_core::report::programme::{Task, TaskKind};
use planner_core::report::schedule::EventKind;

use super::{safe, text};

/// Years of a chart on which there is nothing.
const FEWEST_YEARS: i32 = 1;
/// Least space between the lines of two years.
const YEAR_APART: f64 = 44.0;
/// Space of a year from which quarters have lines too.
const WITH_QUARTERS: f64 = 90.0;

/// What is drawn from which day to which.
pub struct Axis {
    first: Date,
    last: Date,
    left: f64,
    right: f64,
}

impl Axis {
    /// All of the programme but mothballs and sales, which may lie a decade later, with its deadlines.
    pub fn new(plan: &Plan, groups: &[&Task], (left, right): (f64, f64)) -> Self {
        let shown = |task: &&Task| {
            !matches!(task.kind, TaskKind::Group | TaskKind::Event(EventKind::Mothball | EventKind::Sale))
        };
        let tasks: Vec<&Task> =
            groups.iter().flat_map(|group| group.walk()).map(|(_, task)| task).filter(shown).collect();
        let start = plan.inputs.calendar.start;
        let first = tasks.iter().map(|task| task.start).min().unwrap_or(start);
        let ends = tasks.iter().flat_map(|task| [Some(task.end), task.ready_by, task.long_stop]).flatten();
        let last = ends.max().unwrap_or(start).max(first.saturating_add(FEWEST_YEARS.years()));
        // From the first of a quarter to the first of another, behind the last day by a month or more.
        let first = quarter(first);
        let last = quarter(last.saturating_add(4.months()));
        Self { first, last, left, right }
    }

    /// Where a day begins; the nearer end for what lies outside.
    pub fn x(&self, day: Date) -> f64 {
        let all = f64::from(days_between(self.first, self.last).max(1));
        let share = f64::from(days_between(self.first, day)) / all;
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// Whether a day is on the chart.
    pub fn shows(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The left end.
    pub const fn left(&self) -> f64 {
        self.left
    }

    /// The right end.
    pub const fn right(&self) -> f64 {
        self.right
    }

    /// Lines of years and quarters, with the years above and below, and the day at which the axis ends.
    pub fn grid(&self, svg: &mut String, (top, bottom): (f64, f64)) {
        let (from, to) = (self.first.year(), self.last.year());
        let per_year = (self.right - self.left) / f64::from((i32::from(to) - i32::from(from)).max(1));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let step = (YEAR_APART / per_year).ceil().max(1.0) as usize;
        if self.first.month() > 1 && self.x(date(from.saturating_add(1).min(9999), 1, 1)) - self.left > YEAR_APART {
            years(svg, self.left, from, (top, bottom), self.right);
        }
        for year in (from..=to).step_by(step) {
            for month in [1, 4, 7, 10] {
                let day = date(year, month, 1);
                if !self.shows(day) || (month > 1 && per_year < WITH_QUARTERS) {
                    continue;
                }
                let x = self.x(day);
                let colour = if month == 1 { "#8c959f" } else { "#e4e8ec" };
                let _ = writeln!(
                    svg,
                    "<path d=\"M{x:.1} {top:.1}V{bottom:.1}\" stroke=\"{colour}\" stroke-width=\"0.7\"/>"
                );
                if month == 1 {
                    years(svg, x, year, (top, bottom), self.right);
                } else if x > self.left && x < self.right - 20.0 && per_year > 2.0 * WITH_QUARTERS {
                    let quarter = format!("Q{}", (month + 2) / 3);
                    text(svg, (x, top - 6.0), "start", "font-size=\"9\" fill=\"#8c959f\"", &quarter);
                }
            }
        }
        self.end(svg, (top, bottom));
    }

    /// The line at the right end, and the month that begins there.
    fn end(&self, svg: &mut String, (top, bottom): (f64, f64)) {
        let x = self.right;
        let _ = writeln!(svg, "<path d=\"M{x:.1} {top:.1}V{bottom:.1}\" stroke=\"#8c959f\" stroke-width=\"0.7\"/>");
        let label = format!("{:04}-{:02}", self.last.year(), self.last.month());
        text(svg, (x, bottom + 16.0), "end", "fill=\"#57606a\"", &label);
    }

    /// The deck's halvings.
    pub fn halvings(&self, svg: &mut String, plan: &Plan, (top, bottom): (f64, f64)) {
        for halving in plan.inputs.deck.halvings.iter().filter(|halving| self.shows(halving.date)) {
            let x = self.x(halving.date);
            let label = format!("halving {}", halving.date);
            let _ = writeln!(
                svg,
                "<g><title>{}: the subsidy is {}</title>",
                safe(&label),
                safe(&halving.subsidy.to_string())
            );
            let _ = writeln!(svg, "{}", dashed(x, (top - 22.0, bottom)));
            let (at, anchor) = if x + 120.0 > self.right { (x - 4.0, "end") } else { (x + 4.0, "start") };
            text(svg, (at, top - 18.0), anchor, "font-size=\"10\" fill=\"#bc4c00\"", &label);
            svg.push_str("</g>\n");
        }
    }
}

/// The first day of a quarter.
fn quarter(day: Date) -> Date {
    Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap_or(day)
}

/// A year's label above, and below where there is room for it beside the end of the axis.
fn years(svg: &mut String, x: f64, year: i16, (top, bottom): (f64, f64), right: f64) {
    let below = (right - x > 2.0 * YEAR_APART).then_some(bottom + 16.0);
    for y in [(right - x > 5.0).then_some(top - 6.0), below].into_iter().flatten() {
        text(svg, (x, y), "start", "fill=\"#57606a\"", &year.to_string());
    }
}

/// The line of a halving.
pub fn dashed(x: f64, (top, bottom): (f64, f64)) -> String {
    format!(
        "<path d=\"M{x:.1} {top:.1}V{bottom:.1}\" stroke=\"#bc4c00\" stroke-width=\"1.2\" stroke-dasharray=\"5 3\"/>"
    )
}
