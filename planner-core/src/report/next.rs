//! What to sign, order or give notice of in the first six months.

use jiff::ToSpan;
use jiff::civil::Date;

use super::schedule::{Event, EventKind, events};
use super::table::{Cell, Column, Table};
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::offer::OfferStatus;
use crate::plan::{MachineAction, Plan};
use crate::units::Cents;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Sign an offer.
    Sign,
    /// Pay a deposit.
    Order,
    /// Give notice of mining off.
    StopMining,
    /// Begin a phase.
    Start,
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
    /// With what.
    pub what: String,
    /// Where; `None` for offers.
    pub site: Option<SiteId>,
    /// What is paid for it that day.
    pub amount: Option<Cents>,
    /// How many machines, whole ones.
    pub machines: i64,
}

/// Steps of the first six months by date, kind, thing and site.
#[must_use]
pub fn steps(plan: &Plan) -> Vec<Step> {
    let calendar = &plan.inputs.calendar;
    let end = calendar.start.saturating_add(6.months());
    let mut steps = Vec::new();
    let to_sign = |offer: &OfferId| plan.inputs.offer(offer).is_some_and(|o| o.status != OfferStatus::Signed);
    for decision in plan.decisions.offers.iter().filter(|d| d.accepted && to_sign(&d.offer)) {
        let starts =
            plan.decisions.conversions.iter().filter(|c| c.offer.as_ref() == Some(&decision.offer)).map(|c| c.start);
        if let Some(date) = starts.min() {
            let what = format!("{} ({:.1} MW-IT)", decision.offer, decision.critical_it.get());
            steps.push(Step { date, kind: StepKind::Sign, what, site: None, amount: None, machines: 0 });
        }
    }
    for Event { kind, date, what, site, amount, .. } in events(plan) {
        let (kind, what) = match kind {
            EventKind::Phase => (StepKind::Start, what),
            EventKind::MiningOff => (StepKind::StopMining, String::new()),
            // `3-power`: the category without the number of its line.
            EventKind::Deposit => (StepKind::Order, what.split_once('-').map_or("", |(_, line)| line).to_owned()),
            _ => continue,
        };
        steps.push(Step { date, kind, what, site, amount, machines: 0 });
    }
    for decision in &plan.decisions.machines {
        let kind = match decision.action {
            MachineAction::Run | MachineAction::Ballast | MachineAction::Move | MachineAction::Store => continue,
            MachineAction::Buy => StepKind::Buy,
            MachineAction::Sell => StepKind::Sell,
        };
        steps.push(Step {
            date: calendar.period_start(decision.period),
            kind,
            what: decision.model.to_string(),
            site: Some(decision.site.clone()),
            amount: None,
            machines: decision.count.0.div_euclid(1000),
        });
    }
    // What has started before the horizon is not to be done again.
    steps.retain(|step| (calendar.start..end).contains(&step.date));
    steps.sort();
    steps
}

/// Most sites that a row names.
const NAMED_SITES: usize = 3;

/// Steps of one day and kind in a line: `design at a, b; permits at 12 sites`.
fn line(steps: &[&Step]) -> String {
    let mut clauses = Vec::new();
    for same in steps.chunk_by(|a, b| a.what == b.what) {
        let mut sites: Vec<&str> = same.iter().filter_map(|step| step.site.as_ref()).map(SiteId::as_str).collect();
        sites.dedup();
        let place = match sites.len() {
            0 => String::new(),
            1..=NAMED_SITES => format!("at {}", sites.join(", ")),
            many => format!("at {many} sites"),
        };
        let paid: Cents = same.iter().filter_map(|step| step.amount).sum();
        let deposit = if paid == Cents::ZERO { String::new() } else { format!("(deposit {:.1} M$)", paid.usd() / 1e6) };
        let machines: i64 = same.iter().map(|step| step.machines).sum();
        let count = if machines == 0 { String::new() } else { machines.to_string() };
        let words = [&count, same[0].what.as_str(), &deposit, &place];
        clauses.push(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    }
    clauses.join("; ")
}

/// The steps as a table: one row per day and kind, at most `limit` rows.
#[must_use]
pub fn table(plan: &Plan, limit: usize) -> Table {
    let steps = steps(plan);
    let groups: Vec<Vec<&Step>> =
        steps.chunk_by(|a, b| (a.date, a.kind) == (b.date, b.kind)).map(|group| group.iter().collect()).collect();
    let shown = if groups.len() > limit { limit.saturating_sub(1) } else { groups.len() };
    let more = groups.len() - shown;
    let mut rows: Vec<Vec<Cell>> = groups[..shown]
        .iter()
        .map(|group| vec![Cell::Date(group[0].date), Cell::text(group[0].kind.words()), Cell::text(line(group))])
        .collect();
    if more > 0 {
        let words =
            format!("{more} more until {}: export the schedule", plan.inputs.calendar.start.saturating_add(6.months()));
        rows.push(vec![Cell::text(""), Cell::text("…"), Cell::text(words)]);
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
        assert!(steps.iter().any(|step| step.kind == StepKind::Order && step.what == "power" && step.amount.is_some()));
        assert!(steps.iter().all(|step| step.date < date(2027, 7, 1)));
    }

    #[test]
    fn many_sites_are_counted() {
        let few = table(&sample::with_sites(2), 9);
        let text = |row: &[Cell]| if let Cell::Text(text) = &row[2] { text.clone() } else { String::new() };
        assert!(
            few.rows.iter().any(|row| text(row) == "power (deposit 21.1 M$) at panther-creek-01, panther-creek-02")
        );
        let many = table(&sample::with_sites(9), 9);
        assert!(many.rows.iter().any(|row| text(row) == "design at 9 sites"));
    }

    #[test]
    fn what_is_signed_is_not_signed_again_and_machines_are_summed() {
        let mut plan = sample::with_sites(2);
        plan.inputs.offers[0].status = OfferStatus::Signed;
        assert!(steps(&plan).iter().all(|step| step.kind != StepKind::Sign));
        let table = table(&plan, 9);
        let sold = Cell::text("8000 S21 at panther-creek-01, panther-creek-02");
        assert!(table.rows.iter().any(|row| row[2] == sold), "{:?}", table.rows);
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let table = table(&sample::plan(), 2);
        assert_eq!(table.rows.len(), 2);
        assert!(matches!(&table.rows[1][2], Cell::Text(text) if text.contains("more")));
    }
}
