//! Sites in mothballs, and sites sold.

use jiff::civil::Date;

use super::table::{Cell, Fact, Section};
use super::text::month;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::SiteId;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Decisions, Plan, SiteDecision};
use crate::units::Cents;

/// What a site is while it does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing runs there, for a time.
    Mothballed,
    /// It is no longer ours.
    Sold,
}

impl State {
    /// In a word, as files spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mothballed => "mothballed",
            Self::Sold => "sold",
        }
    }
}

/// A time in which a site does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteState {
    /// Which.
    pub site: SiteId,
    /// What it is.
    pub state: State,
    /// First day.
    pub from: Date,
    /// First day after it; `None` when sold.
    pub until: Option<Date>,
    /// Fixed cost saved in mothballs; the price of a sale.
    pub amount: Cents,
}

/// The states of all sites that do not always work, by first day and site.
#[must_use]
pub fn states(fleet: &Fleet, decisions: &Decisions, ledger: &[LedgerLine]) -> Vec<SiteState> {
    let mut states: Vec<SiteState> =
        decisions.sites.iter().flat_map(|decision| of_site(fleet, decision, ledger)).collect();
    states.sort_by(|a, b| (a.from, &a.site, a.state).cmp(&(b.from, &b.site, b.state)));
    states
}

fn of_site(fleet: &Fleet, decision: &SiteDecision, ledger: &[LedgerLine]) -> Vec<SiteState> {
    let calendar = &fleet.calendar;
    let booked = |category: &Category, periods: &[Period]| -> Cents {
        let here = |line: &&LedgerLine| line.site == decision.site && line.category == *category;
        ledger.iter().filter(here).filter(|line| periods.contains(&line.period)).map(|line| line.amount_cents).sum()
    };
    let mut states: Vec<SiteState> = decision
        .mothballed
        .chunk_by(|a, b| a.0.saturating_add(1) == b.0)
        .filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            Some(SiteState {
                site: decision.site.clone(),
                state: State::Mothballed,
                from: calendar.period_start(*first),
                until: Some(calendar.period_start(Period(last.0.saturating_add(1)))),
                amount: booked(&Category::MothballSaving, run),
            })
        })
        .collect();
    states.extend(decision.sold.map(|period| SiteState {
        site: decision.site.clone(),
        state: State::Sold,
        from: calendar.period_start(period),
        until: None,
        amount: booked(&Category::SiteSale, &[period]),
    }));
    states
}

/// The states as a section of the page.
#[must_use]
pub fn section(plan: &Plan) -> Option<Section> {
    let states = states(&plan.inputs, &plan.decisions, &plan.ledger);
    let facts: Vec<Fact> = states
        .iter()
        .map(|state| {
            let (site, from) = (plan.inputs.place(&state.site), month(state.from));
            let label = match state.until {
                Some(until) => format!("{site} mothballed from {from} until {}, saves", month(until)),
                None => format!("{site} sold in {from} for"),
            };
            Fact::new(label, Cell::Money(state.amount))
        })
        .collect();
    (!facts.is_empty()).then(|| Section::facts("Sites", vec![facts]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use jiff::civil::date;

    #[test]
    fn periods_in_mothballs_are_joined_and_a_sale_has_its_price() {
        let mut plan = sample::with_everything();
        let states = states(&plan.inputs, &plan.decisions, &plan.ledger);
        assert_eq!(states.len(), 2);
        assert_eq!(
            (states[0].state, states[0].from, states[0].until),
            (State::Mothballed, date(2029, 1, 1), Some(date(2029, 10, 1)))
        );
        assert_eq!((states[1].state, states[1].from, states[1].until), (State::Sold, date(2030, 1, 1), None));
        assert_eq!((states[0].amount, states[1].amount), (Cents(75_000_000), Cents(1_200_000_000)));
        let stoneridge = plan.decisions.sites.iter_mut().find(|site| site.site.as_str() == "stoneridge").unwrap();
        stoneridge.mothballed.remove(1);
        assert_eq!(super::states(&plan.inputs, &plan.decisions, &plan.ledger).len(), 3, "two times, and the sale");
    }

    #[test]
    fn sites_that_work_are_not_told() {
        assert_eq!(section(&sample::plan()), None);
    }
}
