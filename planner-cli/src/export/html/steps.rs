//! Waterfall and bridge: horizontal bars from what was before to what is after.

use planner_core::report::waterfall::Step;
use planner_core::units::Cents;

use super::drawing::{At, Drawing, Mark, line, text, tick_words, ticks};
use super::figures::{exact, signed};
use super::sheet::{Field, Sheet};
use crate::render::format::{decimals, grouped};

const WIDTH: f64 = 400.0;
/// Where bars begin: names stand on the left.
const LEFT: f64 = 146.0;
/// Where bars end: figures stand on the right.
const RIGHT: f64 = 328.0;
const TOP: f64 = 8.0;
const ROW: f64 = 21.0;
const BAR: f64 = 13.0;

/// A bar: name, from, to, whether it is a sum.
struct Bar {
    name: String,
    from: Cents,
    to: Cents,
    sum: bool,
}

/// What the chart is called and what its first and last bars are.
pub struct Titles {
    /// Unique on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// The bar before the steps, where they do not begin at nil.
    pub start: Option<&'static str>,
    /// The bar after the steps.
    pub end: &'static str,
}

fn bars(steps: &[Step], titles: &Titles) -> Vec<Bar> {
    let first = steps.first().map_or(Cents::ZERO, |step| step.from);
    let last = steps.last().map_or(Cents::ZERO, |step| step.to);
    let sum = |name: &str, to| Bar { name: name.to_owned(), from: Cents::ZERO, to, sum: true };
    let step = |step: &Step| Bar { name: step.stream.words().to_owned(), from: step.from, to: step.to, sum: false };
    let start = titles.start.map(|name| sum(name, first));
    let steps = steps.iter().filter(|step| step.amount() != Cents::ZERO).map(step);
    start.into_iter().chain(steps).chain([sum(titles.end, last)]).collect()
}

/// The bars of all steps, and the sums at their ends.
pub fn drawing(steps: &[Step], titles: &Titles) -> Drawing {
    let bars = bars(steps, titles);
    let ends = || bars.iter().flat_map(|bar| [bar.from.usd() / 1e6, bar.to.usd() / 1e6]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    // The axis ends with a tick on either side of the bars.
    let ticks = ticks(low, high, 4.0);
    let (low, high) = (ticks.first().copied().unwrap_or(low), ticks.last().copied().unwrap_or(high));
    let x = |millions: f64| LEFT + (millions - low) / (high - low).max(1e-6) * (RIGHT - LEFT);
    let rows: Vec<(f64, &Bar)> = (0u32..).map(|row| TOP + f64::from(row) * ROW).zip(&bars).collect();
    let bottom = rows.last().map_or(TOP, |(top, _)| top + ROW);
    let mut marks = vec![];
    for (tick, words) in ticks.iter().zip(tick_words(&ticks)) {
        let class = if *tick == 0.0 { "axis" } else { "grid" };
        marks.push(line(x(*tick), TOP - 4.0, x(*tick), bottom, class));
        marks.push(text(x(*tick), bottom + 13.0, "middle", "tick", words));
    }
    for (top, bar) in &rows {
        let (from, to) = (x(bar.from.usd() / 1e6), x(bar.to.usd() / 1e6));
        let class = match bar.to >= bar.from {
            _ if bar.sum => "sum",
            true => "plus",
            false => "minus",
        };
        let amount = bar.to - bar.from;
        let told = format!("{}: {} USD", bar.name, exact(amount));
        let place = [At(from.min(to)), At(top + 4.0), At((to - from).abs().max(0.6)), At(BAR)];
        marks.push(text(LEFT - 8.0, top + 14.5, "end", if bar.sum { "name strong" } else { "name" }, bar.name.clone()));
        marks.push(Mark::Bar { place, class, told });
        marks.push(line(to, top + 4.0 + BAR, to, top + 4.0 + ROW, "link"));
        let (class, figure) = if bar.sum {
            ("figure strong", grouped(amount.usd() / 1e6, decimals(amount)))
        } else {
            ("figure", signed(amount))
        };
        marks.push(text(WIDTH - 4.0, top + 14.5, "end", class, figure));
    }
    // No link leads on from the last bar.
    if let Some(last) = marks.iter().rposition(|mark| matches!(mark, Mark::Line { class: "link", .. })) {
        marks.remove(last);
    }
    let said: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.name, signed(bar.to - bar.from))).collect();
    Drawing {
        id: titles.id,
        title: titles.title.to_owned(),
        said: format!("In millions of dollars: {}.", said.join("; ")),
        width: At(WIDTH),
        height: At(bottom + 20.0),
        marks,
    }
}

/// The figures of the chart, to the cent.
pub fn sheet(steps: &[Step], titles: &Titles) -> Sheet {
    let rows = bars(steps, titles).into_iter().map(|bar| {
        let after = Field::figure(exact(bar.to));
        let amount = if bar.sum { Field::figure(String::new()) } else { Field::figure(exact(bar.to - bar.from)) };
        vec![Field::words(&bar.name), amount, after]
    });
    let mut sheet = Sheet::new(titles.title, &[("step", ""), ("amount", "USD"), ("after it", "USD")]);
    sheet.rows = rows.collect();
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use planner_core::report::bridge::bridge;
    use planner_core::report::waterfall::waterfall;

    const TITLES: Titles = Titles { id: "bridge", title: "NPV bridge", start: Some("Keep mining"), end: "Plan" };

    #[test]
    fn bars_begin_where_the_one_before_ends_and_end_at_the_npv() {
        let plan = sample::with_everything();
        let sheet = sheet(&bridge(&plan), &TITLES);
        assert_eq!(sheet.rows[0][2].text, exact(plan.twin_npv_usd.0));
        assert_eq!(sheet.rows.last().unwrap()[2].text, exact(plan.npv_usd.0));
        let drawing = drawing(&bridge(&plan), &TITLES);
        let bars = drawing.marks.iter().filter(|mark| matches!(mark, Mark::Bar { .. })).count();
        let steps = bridge(&plan).iter().filter(|step| step.amount() != Cents::ZERO).count();
        assert_eq!(bars, steps + 2);
        assert!(drawing.said.contains("Rent under contracts +"), "{}", drawing.said);
    }

    #[test]
    fn a_plan_without_money_is_drawn() {
        let mut plan = sample::plan();
        plan.ledger.clear();
        plan.twin.ledger.clear();
        for steps in [bridge(&plan), waterfall(&plan)] {
            assert!(drawing(&steps, &TITLES).marks.iter().any(|mark| matches!(mark, Mark::Bar { .. })));
        }
    }
}
