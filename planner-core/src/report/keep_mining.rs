//! Keep mining wins if …: what a single figure would have to do, the plan held.

use super::table::{Cell, Fact, Section};
use crate::plan::Plan;
use crate::plan::ledger::{Category, LedgerLine, present_value};

/// Share by which all conversion capital must rise for the uplift to vanish,
/// the plan held. The uplift is linear in capital, so this is exact. `None`
/// without an uplift, or without capital beyond the twin's.
#[must_use]
pub fn capex_up(plan: &Plan) -> Option<f64> {
    let value = |lines: &[LedgerLine]| {
        let capex = lines.iter().filter(|line| matches!(line.category, Category::Capex(_)));
        -present_value(&plan.inputs.calendar, capex).0.usd()
    };
    let capex = value(&plan.ledger) - value(&plan.twin.ledger);
    let uplift = plan.uplift_usd.0.usd();
    (capex > 0.0 && uplift > 0.0).then(|| uplift / capex)
}

/// The break-evens as a section of the page; none when nothing is to be said.
#[must_use]
pub fn section(plan: &Plan) -> Option<Section> {
    let share = capex_up(plan)?;
    let works = if plan.decisions.works.is_empty() { "" } else { " and works" };
    let label = format!("capital of all conversions{works} rises by");
    let fact = Fact::with_unit(label, Cell::Share(share), "(alone, plan held)");
    Some(Section::facts("Keep mining if", vec![vec![fact]]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ledger::present_value;
    use crate::report::sample;
    use crate::units::Cents;

    #[test]
    fn raising_capital_by_the_share_takes_the_uplift_away() {
        let mut plan = sample::plan();
        let share = capex_up(&plan).unwrap();
        for line in plan.ledger.iter_mut().filter(|line| matches!(line.category, Category::Capex(_))) {
            #[allow(clippy::cast_possible_truncation)]
            let raised = (line.amount_cents.usd() * 100.0 * (1.0 + share)).round() as i64;
            line.amount_cents = Cents(raised);
        }
        let calendar = &plan.inputs.calendar;
        let uplift = present_value(calendar, &plan.ledger).0 - present_value(calendar, &plan.twin.ledger).0;
        assert!(uplift.usd().abs() < 1.0, "{}", uplift.usd());
    }

    #[test]
    fn without_an_uplift_there_is_nothing_to_lose() {
        let mut plan = sample::plan();
        plan.uplift_usd.0 = Cents(-1);
        assert_eq!(capex_up(&plan), None);
        assert_eq!(section(&plan), None);
    }
}
