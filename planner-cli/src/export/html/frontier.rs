//! The frontier of budgets, as `compare` wrote it.

use anyhow::{Context, Result, bail};
use planner_core::plan::Plan;
use planner_core::units::UsdCents;
use serde::Deserialize;

use super::Chart;
use super::curves::{Curve, Foot, Names, drawing};
use super::drawing::{tick_words, ticks};
use super::figures::{exact, millions, millions_of};
use super::sheet::{Field, Sheet};
use crate::render::format::grouped;

/// What is read of a `frontier.json`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Frontier {
    identity: String,
    finished: bool,
    to_usd: UsdCents,
    points: Vec<Point>,
}

/// One budget at which the best plan changes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Point {
    budget_usd: UsdCents,
    npv_usd: UsdCents,
    uplift_usd: UsdCents,
    gap_to_next_usd: Option<UsdCents>,
    load_mw_it: f64,
    sites: usize,
    phased_npv_usd: Option<UsdCents>,
    nested_npv_usd: Option<UsdCents>,
}

impl Frontier {
    /// Reads a frontier, which must be that of the plan's inputs.
    ///
    /// # Errors
    /// When the text is no frontier, or that of other inputs.
    pub fn read(text: &str, plan: &Plan) -> Result<Self> {
        let frontier: Self = serde_json::from_str(text).context("it is no frontier that this version reads")?;
        if frontier.identity != plan.identity {
            bail!("it is the frontier of other inputs than the plan's: make it again with `planner compare`");
        }
        if !frontier.finished {
            bail!("it is not finished: the same `planner compare` goes on with it");
        }
        Ok(frontier)
    }

    /// NPV over budget; `None` without a point.
    pub fn chart(&self, plan: &Plan) -> Option<Chart> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        let millions_at = |amount: UsdCents| amount.0.usd() / 1e6;
        let curve = |name, class, of: &dyn Fn(&Point) -> Option<UsdCents>| Curve {
            name,
            class,
            points: self
                .points
                .iter()
                .filter_map(|point| Some((millions_at(point.budget_usd), millions_at(of(point)?))))
                .collect(),
            stepped: true,
        };
        let mut curves = vec![curve("best plan of the budget", "one", &|point| Some(point.npv_usd))];
        curves.push(curve("as phased by the pots", "two", &|point| point.phased_npv_usd));
        curves.push(curve("nested programme", "three", &|point| point.nested_npv_usd));
        curves.retain(|curve| !curve.points.is_empty());
        let (from, to) = (millions_at(first.budget_usd), millions_at(self.to_usd.max(last.budget_usd)));
        // The axis ends with a tick on either side of the budgets.
        let ticks = ticks(from, to, 5.0);
        let span = (ticks.first().copied().unwrap_or(from), ticks.last().copied().unwrap_or(to));
        let marks = ticks.iter().copied().zip(tick_words(&ticks)).collect();
        let foot = Foot { span, until: to, marks, unit: "budget, M$" };
        let said = format!(
            "NPV rises from {} with a budget of {} to {} with {}. This plan asks for {}.",
            millions_of(first.npv_usd),
            millions_of(first.budget_usd),
            millions_of(last.npv_usd),
            millions_of(last.budget_usd),
            millions(plan.capital_usd.0)
        );
        let title = "What each budget brings";
        let names = Names { id: "frontier-chart", title, said, unit: "NPV, M$", from_nil: false };
        Some(Chart { drawing: drawing(names, &curves, &foot), sheet: self.sheet() })
    }

    fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(
            "Budgets at which the best plan changes",
            &[
                ("budget", "USD"),
                ("NPV", "USD"),
                ("uplift", "USD"),
                ("gap up to the next", "USD"),
                ("load", "MW-IT"),
                ("sites", "count"),
                ("NPV as phased", "USD"),
                ("NPV nested", "USD"),
            ],
        );
        let maybe = |amount: Option<UsdCents>| amount.map_or_else(|| "–".to_owned(), |amount| exact(amount.0));
        let row = |point: &Point| {
            vec![
                exact(point.budget_usd.0),
                exact(point.npv_usd.0),
                exact(point.uplift_usd.0),
                maybe(point.gap_to_next_usd),
                grouped(point.load_mw_it, 1),
                point.sites.to_string(),
                maybe(point.phased_npv_usd),
                maybe(point.nested_npv_usd),
            ]
        };
        sheet.rows = self.points.iter().map(|point| row(point).into_iter().map(Field::figure).collect()).collect();
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn text(identity: &str) -> String {
        let point = |budget: f64, npv: f64| {
            serde_json::json!({
                "budget_usd": budget, "npv_usd": npv, "uplift_usd": npv, "gap_to_next_usd": 1.0, "load_mw_it": 32.0, "sites": 1,
                "phased_npv_usd": null, "nested_npv_usd": npv,
            })
        };
        let points = [point(0.0, 1e6), point(120e6, 90e6)];
        serde_json::json!({ "identity": identity, "finished": true, "to_usd": 1e9, "points": points }).to_string()
    }

    #[test]
    fn the_frontier_of_the_same_inputs_is_drawn() {
        let plan = sample::plan();
        let chart = Frontier::read(&text("sample"), &plan).unwrap().chart(&plan).unwrap();
        assert!(
            chart.drawing.said.starts_with("NPV rises from 1.00 M$ with a budget of 0 M$ to 90.0 M$ with 120.0 M$.")
        );
        assert_eq!(chart.sheet.rows[1][0].text, "120,000,000.00");
    }

    #[test]
    fn others_are_refused() {
        let plan = sample::plan();
        let told = |text: &str| Frontier::read(text, &plan).unwrap_err().to_string();
        assert!(told(&text("other")).contains("other inputs"));
        assert!(told("{}").contains("no frontier"));
        assert!(told(&text("sample").replace("true", "false")).contains("not finished"));
        let none = text("sample").replace("\"points\":[", "\"points\":[],\"was\":[");
        assert!(Frontier::read(&none, &plan).unwrap().chart(&plan).is_none());
    }
}
