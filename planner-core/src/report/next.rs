//! What to sign, order or give notice of in the first six months.

use jiff::ToSpan;
use jiff::civil::Date;

use super::schedule::{EventKind, events};
use super::table::{Cell, Column, Table};
use crate::plan::{MachineAction, Plan};

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Sign an offer.
    Sign,
    /// Pay a deposit.
    Order,
    /// Begin a phase.
    Start,
    /// Give notice of mining off.
    StopMining,
    /// Sell machines.
    Sell,
    /// Buy machines.
    Buy,
}

impl StepKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Order => "order",
            Self::Start => "start",
            Self::StopMining => "mining off",
            Self::Sell => "sell",
            Self::Buy => "buy",
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// By this day.
    pub date: Date,
    /// What to do.
    pub kind: StepKind,
    /// With what, where.
    pub what: String,
}

/// Steps of the first six months by date and kind.
#[must_use]
pub fn steps(plan: &Plan) -> Vec<Step> {
    let calendar = &plan.inputs.calendar;
    let end = calendar.start.saturating_add(6.months());
    let mut steps = Vec::new();
    for decision in plan.decisions.offers.iter().filter(|decision| decision.accepted) {
        let starts = plan.decisions.conversions.iter().filter(|c| c.offer == decision.offer).map(|c| c.start);
        if let Some(date) = starts.min() {
            let what = format!("{} ({:.1} MW-IT)", decision.offer, decision.critical_it.get());
            steps.push(Step { date, kind: StepKind::Sign, what });
        }
    }
    for event in events(plan) {
        let site = event.site.as_ref().map_or("", |site| site.as_str());
        let (kind, what) = match event.kind {
            EventKind::Phase => (StepKind::Start, format!("{} at {site}", event.what)),
            EventKind::MiningOff => (StepKind::StopMining, site.to_owned()),
            EventKind::Deposit => {
                let millions = event.amount.unwrap_or_default().usd() / 1e6;
                let category = event.what.split_once('-').map_or("", |(_, category)| category);
                (StepKind::Order, format!("{category} at {site} (deposit {millions:.1} M$)"))
            }
            _ => continue,
        };
        steps.push(Step { date: event.date, kind, what });
    }
    for decision in &plan.decisions.machines {
        let kind = match decision.action {
            MachineAction::Run => continue,
            MachineAction::Buy => StepKind::Buy,
            MachineAction::Sell => StepKind::Sell,
        };
        let what = format!("{} {} at {}", decision.count.0.div_euclid(1000), decision.model, decision.site);
        steps.push(Step { date: calendar.period_start(decision.period), kind, what });
    }
    steps.retain(|step| step.date < end);
    steps.sort();
    steps.dedup();
    steps
}

/// The steps as a table: one row per day and kind, at most `limit` rows.
#[must_use]
pub fn table(plan: &Plan, limit: usize) -> Table {
    let mut grouped: Vec<(Date, StepKind, Vec<String>)> = Vec::new();
    for step in steps(plan) {
        match grouped.last_mut().filter(|(date, kind, _)| (*date, *kind) == (step.date, step.kind)) {
            Some((_, _, what)) => what.push(step.what),
            None => grouped.push((step.date, step.kind, vec![step.what])),
        }
    }
    let shown = if grouped.len() > limit { limit.saturating_sub(1) } else { grouped.len() };
    let more = grouped.len() - shown;
    let mut rows: Vec<Vec<Cell>> = grouped[..shown]
        .iter()
        .map(|(date, kind, what)| vec![Cell::Date(*date), Cell::text(kind.words()), Cell::text(what.join("; "))])
        .collect();
    if more > 0 {
        rows.push(vec![Cell::Nothing, Cell::text("…"), Cell::text(format!("{more} more rows: see the schedule"))]);
    }
    Table {
        title: "Next".to_owned(),
        columns: vec![Column::words("next, by"), Column::words("do"), Column::words("what")],
        rows,
        notes: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use jiff::civil::date;

    #[test]
    fn the_first_six_months_begin_with_a_signature() {
        let steps = steps(&sample::plan());
        assert_eq!((steps[0].date, steps[0].kind), (date(2027, 1, 1), StepKind::Sign));
        assert!(steps.iter().any(|step| step.kind == StepKind::Order && step.what.starts_with("power at")));
        assert!(steps.iter().all(|step| step.date < date(2027, 7, 1)));
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let table = table(&sample::plan(), 2);
        assert_eq!(table.rows.len(), 2);
        assert!(matches!(&table.rows[1][2], Cell::Text(text) if text.contains("more")));
    }
}
