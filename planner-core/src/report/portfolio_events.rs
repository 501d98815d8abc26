//! Dated events that belong to no conversion: works, reservations, machines, and sites that are left.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::schedule::{Event, EventKind};
use super::site_states::{self, State};
use super::works;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::ids::{SiteId, WorkId};
use crate::plan::ledger::{self, LedgerLine};
use crate::plan::{Decisions, MachineAction, MachineDecision, Plan, subject};
use crate::units::{Cents, Months};

/// The events, in no order.
pub(super) fn events(plan: &Plan) -> Vec<Event> {
    let mut events: Vec<Event> = works::rows(&plan.inputs, &plan.decisions, &plan.ledger)
        .into_iter()
        .map(|row| {
            let id = work_id(&row.work);
            let place = row.site.as_ref().map(|site| format!("{}: ", plan.inputs.place(site)));
            let title = place.unwrap_or_default() + &row.name;
            let what = plan.inputs.work(&row.work).map_or(row.work.as_str(), works::short_id).to_owned();
            Event {
                end: Some(row.finish),
                site: row.site,
                what,
                amount: Some(row.cost),
                ..Event::on(row.start, EventKind::Work, id, title)
            }
        })
        .collect();
    events.extend(reservations(&plan.inputs, &plan.decisions, &plan.ledger).into_iter().map(|reserved| {
        let Reserved { item, count, deposit_on, delivery, deposit } = reserved;
        let id = format!("reserve/{item}@{}/{}", month(delivery), EventKind::Reserve.as_str());
        let what = format!("{count} {item} for {}", month(delivery));
        let title = format!("Reserve {what}");
        let event = Event::on(deposit_on, EventKind::Reserve, id, title);
        Event { what, amount: Some(deposit), ..event }
    }));
    events.extend(plan.decisions.machines.iter().filter_map(|decision| machines(plan, decision)));
    events.extend(left(plan));
    events
}

/// The id of a work's event: it is done at most once.
pub(super) fn work_id(work: &WorkId) -> String {
    format!("{}/{}", subject::work(work), EventKind::Work.as_str())
}

fn month(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// Deliveries that a deposit reserves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// What.
    pub item: String,
    /// How many.
    pub count: u32,
    /// Day of the deposit.
    pub deposit_on: Date,
    /// First day of the period of delivery.
    pub delivery: Date,
    /// Paid for all of them.
    pub deposit: Cents,
}

/// The reservations of a set of decisions, in their order, and what its ledger pays for them.
#[must_use]
pub fn reservations(fleet: &Fleet, decisions: &Decisions, ledger: &[LedgerLine]) -> Vec<Reserved> {
    let calendar = &fleet.calendar;
    let reserved = decisions.reservations.iter().map(|reservation| {
        let terms = fleet.long_lead.iter().find(|item| item.item == reservation.item).and_then(|item| item.reserve);
        let delivery = calendar.first_month(reservation.period);
        let lead = i32::try_from(terms.map_or(Months(0), |terms| terms.lead).0).unwrap_or(i32::MAX);
        Reserved {
            item: reservation.item.clone(),
            count: reservation.count,
            deposit_on: calendar.month_start(Month(delivery.0.saturating_sub(lead))),
            delivery: calendar.period_start(reservation.period),
            deposit: ledger::paid(ledger, &reservation.subject(calendar)),
        }
    });
    reserved.collect()
}

fn machines(plan: &Plan, decision: &MachineDecision) -> Option<Event> {
    let kind = match decision.action {
        MachineAction::Run | MachineAction::Ballast => return None,
        MachineAction::Buy => EventKind::Buy,
        MachineAction::Sell => EventKind::Sell,
        MachineAction::Move => EventKind::Move,
        MachineAction::Store => EventKind::Store,
    };
    let MachineDecision { site, model, count, .. } = decision;
    let date = plan.inputs.calendar.period_start(decision.period);
    let id = format!("{site}/{model}@{}/{}", month(date), kind.as_str());
    let (id, what) = match &decision.to {
        Some(to) => (format!("{id}/{to}"), format!("{model} to {to}")),
        None => (id, model.to_string()),
    };
    let there = decision.to.as_ref().map(|to| format!(" to {}", plan.inputs.place(to))).unwrap_or_default();
    let title = format!("{}: {} {:.1} {model}{there}", plan.inputs.place(site), kind.as_str(), count.count());
    Some(Event { site: Some(site.clone()), what, machines: Some(*count), ..Event::on(date, kind, id, title) })
}

fn left(plan: &Plan) -> Vec<Event> {
    let states = site_states::states(&plan.inputs, &plan.decisions, &plan.ledger);
    let mut mothballed: BTreeMap<SiteId, u32> = BTreeMap::new();
    let event = |state: site_states::SiteState| {
        let (place, site) = (plan.inputs.place(&state.site), state.site);
        let (kind, id, title, amount) = match state.state {
            State::Mothballed => {
                let times = mothballed.entry(site.clone()).or_default();
                *times += 1;
                let id = if *times == 1 { site.to_string() } else { format!("{site}@{times}") };
                (EventKind::Mothball, id, format!("{place}: in mothballs"), None)
            }
            State::Sold => (EventKind::Sale, site.to_string(), format!("{place}: sold"), Some(state.amount)),
        };
        let id = format!("{id}/{}", kind.as_str());
        Event { end: state.until, amount, site: Some(site), ..Event::on(state.from, kind, id, title) }
    };
    states.into_iter().map(event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use jiff::civil::date;

    #[test]
    fn every_decision_beside_the_conversions_is_an_event_with_an_id_that_stays() {
        let plan = sample::with_everything();
        let told: Vec<(String, Date, Option<Date>, Option<Cents>)> =
            events(&plan).into_iter().map(|event| (event.id, event.date, event.end, event.amount)).collect();
        for expected in [
            (
                "work/panther-creek-01/substation/work",
                date(2027, 4, 1),
                Some(date(2027, 10, 1)),
                Some(Cents(2_000_000_000)),
            ),
            ("work/fibre/work", date(2027, 4, 1), Some(date(2027, 7, 1)), Some(Cents(600_000_000))),
            ("reserve/transformer@2028-01/reserve", date(2027, 4, 1), None, Some(Cents(40_000_000))),
            ("panther-creek-01/S21@2028-04/move/panther-creek-02", date(2028, 4, 1), None, None),
            ("panther-creek-01/S21@2028-04/store/storage/east", date(2028, 4, 1), None, None),
            ("storage/east/S21@2028-07/move/panther-creek-01", date(2028, 7, 1), None, None),
            ("storage/east/S21@2028-07/sell", date(2028, 7, 1), None, None),
            ("stoneridge/mothball", date(2029, 1, 1), Some(date(2029, 10, 1)), None),
            ("stoneridge/sale", date(2030, 1, 1), None, Some(Cents(1_200_000_000))),
        ] {
            let expected = (expected.0.to_owned(), expected.1, expected.2, expected.3);
            assert!(told.contains(&expected), "no {expected:?} in {told:#?}");
        }
    }
}
