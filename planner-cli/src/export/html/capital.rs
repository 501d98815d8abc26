//! Capital over time: the S-curve against the budget, and the commitment curve.

use planner_core::domain::calendar::{Calendar, Period};
use planner_core::plan::Plan;
use planner_core::report::commitment::{Commitment, commitment, table};
use planner_core::report::pots::{Funding, funding};
use planner_core::units::Cents;

use super::curves::{Curve, Foot, Names, drawing};
use super::figures::{exact, millions};
use super::sheet::{Field, Sheet};
use super::{Chart, drawing::Drawing};

/// Capital paid against the money released; `None` without capital.
pub fn s_curve(plan: &Plan) -> Option<Chart> {
    let points = funding(plan);
    let last = *points.last()?;
    Some(Chart { drawing: s_drawing(plan, &points, last), sheet: s_sheet(plan, &points) })
}

/// Whether what is charged differs from what is paid.
fn relieved(points: &[Funding]) -> bool {
    points.iter().any(|point| point.charged != point.paid)
}

fn s_drawing(plan: &Plan, points: &[Funding], last: Funding) -> Drawing {
    let curve = |name, class, of: &dyn Fn(&Funding) -> Cents| Curve {
        name,
        class,
        points: from_nil(plan, points.iter().map(|point| (point.period, of(point)))),
        stepped: false,
    };
    let mut curves = vec![curve("capital paid", "one", &|point| point.paid)];
    if relieved(points) {
        curves.push(curve("less tenants' money", "three", &|point| point.charged));
    }
    let budget: Vec<(f64, f64)> = points
        .iter()
        .filter_map(|point| Some((years(&plan.inputs.calendar, point.period), point.budget?.usd() / 1e6)))
        .collect();
    if !budget.is_empty() {
        curves.push(Curve { name: "budget", class: "two", points: budget, stepped: true });
    }
    let budget = last.budget.map_or_else(
        || "; capital is not limited".to_owned(),
        |budget| format!(", of a budget of {} by then", millions(budget)),
    );
    let said = format!("Capital adds up to {} before {}{budget}.", millions(last.paid), after(plan, last.period));
    let title = "Capital paid against the budget";
    drawing(Names { id: "s-curve", title, said, unit: "M$", from_nil: true }, &curves, &foot(plan, last.period))
}

fn s_sheet(plan: &Plan, points: &[Funding]) -> Sheet {
    let mut columns = vec![("before", ""), ("capital paid", "USD")];
    if relieved(points) {
        columns.push(("charged to the budget", "USD"));
    }
    let limited = points.iter().any(|point| point.budget.is_some());
    if limited {
        columns.extend([("budget", "USD"), ("room", "USD")]);
    }
    let mut sheet = Sheet::new("Capital paid and budget, by the end of each period", &columns);
    let row = |point: &Funding| {
        let mut row = vec![Field::words(&after(plan, point.period)), Field::figure(exact(point.paid))];
        if relieved(points) {
            row.push(Field::figure(exact(point.charged)));
        }
        if limited {
            let budget = point.budget.unwrap_or_default();
            row.extend([Field::figure(exact(budget)), Field::figure(exact(budget - point.charged))]);
        }
        row
    };
    sheet.rows = points.iter().map(row).collect();
    sheet
}

/// Money paid, money that can no longer be stopped, and how much of it has no lease; `None` without capital.
pub fn commitment_curve(plan: &Plan) -> Option<Chart> {
    let points = commitment(plan);
    let last = points.last()?.period;
    let curve = |name, class, of: &dyn Fn(&Commitment) -> Cents| Curve {
        name,
        class,
        points: from_nil(plan, points.iter().map(|point| (point.period, of(point)))),
        stepped: false,
    };
    let curves = [
        curve("no longer to be stopped", "two", &|point| point.bound),
        curve("paid", "one", &|point| point.paid),
        curve("of it without a lease", "three", &|point| point.unsigned),
    ];
    let most = points.iter().max_by_key(|point| point.unsigned.0)?;
    let ahead = points.iter().max_by_key(|point| (point.bound - point.paid).0)?;
    let said = format!(
        "At most {} is bound and not yet paid, before {}; at most {} is bound without a signed lease, before {}.",
        millions(ahead.bound - ahead.paid),
        after(plan, ahead.period),
        millions(most.unsigned),
        after(plan, most.period)
    );
    let names = Names { id: "commitment", title: "Commitment", said, unit: "M$", from_nil: true };
    let sheet = Sheet::of("Commitment, by the end of each period", &table(plan));
    Some(Chart { drawing: drawing(names, &curves, &foot(plan, last)), sheet })
}

/// Sums at the ends of periods, from nil at the start.
fn from_nil(plan: &Plan, sums: impl Iterator<Item = (Period, Cents)>) -> Vec<(f64, f64)> {
    let end = |period: Period| years(&plan.inputs.calendar, Period(period.0.saturating_add(1)));
    std::iter::once((0.0, 0.0)).chain(sums.map(|(period, sum)| (end(period), sum.usd() / 1e6))).collect()
}

/// From the start to the first day of a period.
fn years(calendar: &Calendar, period: Period) -> f64 {
    f64::from(calendar.first_month(period).0) / 12.0
}

/// The month that follows a period.
fn after(plan: &Plan, period: Period) -> String {
    let day = plan.inputs.calendar.period_start(Period(period.0.saturating_add(1)));
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Years, as many as stand side by side; the axis ends with the first of January behind the last period.
fn foot(plan: &Plan, last: Period) -> Foot {
    const MOST: usize = 8;
    let calendar = &plan.inputs.calendar;
    let end = years(calendar, Period(last.0.saturating_add(1)));
    let months_before = f64::from(i32::from(calendar.start.month()) - 1) / 12.0;
    let first = i32::from(calendar.start.year());
    let years = (0..=200).map(|year| (f64::from(year) - months_before, first + year));
    let mut all: Vec<(f64, i32)> = vec![];
    for (at, year) in years.filter(|(at, _)| *at >= 0.0) {
        all.push((at, year));
        if at >= end {
            break;
        }
    }
    let last = all.last().map_or(end, |(at, _)| *at);
    let every = all.len().div_ceil(MOST).max(1);
    let marks = all.into_iter().rev().step_by(every).map(|(at, year)| (at, year.to_string())).collect();
    Foot { span: (0.0, last), until: end, marks, unit: "1 January of the year" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn both_curves_end_at_the_ask() {
        let plan = sample::with_everything();
        let curve = s_curve(&plan).unwrap();
        assert_eq!(curve.sheet.rows.last().unwrap()[1].text, exact(plan.capital_usd.0));
        assert!(curve.drawing.said.ends_with("; capital is not limited."), "{}", curve.drawing.said);
        assert!(commitment_curve(&plan).unwrap().drawing.said.contains("without a signed lease"));
        let mut nothing = plan;
        nothing.ledger.clear();
        assert!(s_curve(&nothing).is_none() && commitment_curve(&nothing).is_none());
    }

    #[test]
    fn a_budget_has_room() {
        let mut plan = sample::plan();
        plan.settings.budget = Some(planner_core::units::Usd::new(150e6));
        let curve = s_curve(&plan).unwrap();
        let last = curve.sheet.rows.last().unwrap();
        assert_eq!(last[2].text, "150,000,000.00");
        assert_eq!(last[3].text, exact(Cents(15_000_000_000) - plan.capital_usd.0));
    }
}
