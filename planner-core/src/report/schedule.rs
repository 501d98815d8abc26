//! Dated events of a plan, with stable ids, for calendars and schedules.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::calendar::Month;
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::offer::Offer;
use crate::domain::retrofit::{CostBasis, CostLine, Payment, Retrofit};
use crate::domain::site::Site;
use crate::plan::{Conversion, Plan};
use crate::units::{Cents, Months, Usd};
use crate::works::{self, Schedule};

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A step of the work, from its first day to the day before `end`.
    Phase,
    /// A deposit for something ordered long before it is needed.
    Deposit,
    /// Machines of the hall stop.
    MiningOff,
    /// The hall is energised and ready for service.
    ReadyForService,
    /// The contract begins.
    Commencement,
    /// First day after the initial term.
    TermEnd,
    /// Load that a tenant must have by this day.
    TrancheDeadline,
    /// The tenant wants the load by this day.
    ReadyBy,
    /// After this day the tenant walks.
    LongStop,
}

impl EventKind {
    /// The kind in a word, as ids and files spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phase => "phase",
            Self::Deposit => "deposit",
            Self::MiningOff => "mining-off",
            Self::ReadyForService => "ready-for-service",
            Self::Commencement => "commencement",
            Self::TermEnd => "term-end",
            Self::TrancheDeadline => "tranche-deadline",
            Self::ReadyBy => "ready-by",
            Self::LongStop => "long-stop",
        }
    }
}

/// A dated event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for the same event of any plan of this portfolio.
    pub id: String,
    /// What happens.
    pub kind: EventKind,
    /// First day.
    pub date: Date,
    /// First day after it, for events that last.
    pub end: Option<Date>,
    /// Where; `None` for an offer's deadlines.
    pub site: Option<SiteId>,
    /// Offer it is for.
    pub offer: OfferId,
    /// Phase, cost category or tranche.
    pub what: String,
    /// One line to read.
    pub title: String,
    /// Paid, for deposits.
    pub amount: Option<Cents>,
}

/// All events of a plan by date, then id.
#[must_use]
pub fn events(plan: &Plan) -> Vec<Event> {
    let mut events = Vec::new();
    for conversion in &plan.decisions.conversions {
        milestones(conversion, &mut events);
        let site = plan.inputs.site(&conversion.site);
        let retrofit = plan.inputs.retrofit(&conversion.retrofit);
        let (Some(site), Some(retrofit)) = (site, retrofit) else { continue };
        // A circle is refused by the reader; a plan edited by hand loses its phases only.
        let Some(hall) = site.hall(&conversion.hall) else { continue };
        let (calendar, start) = (&plan.inputs.calendar, plan.inputs.calendar.month_of(conversion.start));
        let Ok(schedule) = works::hall_schedule(calendar, site, hall, retrofit, start) else { continue };
        phases(plan, conversion, &schedule, &mut events);
        deposits(plan, conversion, (site, retrofit, &schedule), &mut events);
    }
    for decision in plan.decisions.offers.iter().filter(|decision| decision.accepted) {
        if let Some(offer) = plan.inputs.offer(&decision.offer) {
            deadlines(offer, &mut events);
        }
    }
    events.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    events
}

fn event(conversion: &Conversion, kind: EventKind, what: &str, date: Date, title: String) -> Event {
    let id = format!("{}/{}/{}", conversion.site, conversion.subject(), kind.as_str());
    Event {
        id: if what.is_empty() { id } else { format!("{id}/{what}") },
        kind,
        date,
        end: None,
        site: Some(conversion.site.clone()),
        offer: conversion.offer_name().into(),
        what: what.to_owned(),
        title,
        amount: None,
    }
}

fn milestones(conversion: &Conversion, events: &mut Vec<Event>) {
    let Conversion { site, hall, retrofit, .. } = conversion;
    let offer = conversion.offer_name();
    let load = conversion.critical_it.get();
    if let Some(day) = conversion.mining_off {
        let title = format!("{site}: mining off in {hall} ({} halls)", conversion.halls);
        events.push(event(conversion, EventKind::MiningOff, "", day, title));
    }
    let dated = [
        (EventKind::ReadyForService, conversion.ready, format!("{site}: {hall} ready for service ({retrofit})")),
        (EventKind::Commencement, conversion.commencement, format!("{site}: {offer} commences, {load:.1} MW-IT")),
        (EventKind::TermEnd, conversion.term_end, format!("{site}: initial term of {offer} is over")),
    ];
    events.extend(dated.into_iter().map(|(kind, day, title)| event(conversion, kind, "", day, title)));
}

fn phases(plan: &Plan, conversion: &Conversion, schedule: &Schedule, events: &mut Vec<Event>) {
    let Conversion { site, hall, retrofit, .. } = conversion;
    for phase in schedule.phases.iter().filter(|phase| phase.start < phase.end) {
        let title = format!("{site}: {} ({retrofit}, {hall})", phase.id);
        let mut event =
            event(conversion, EventKind::Phase, phase.id.as_str(), at(plan, conversion, phase.start), title);
        event.end = Some(at(plan, conversion, phase.end));
        events.push(event);
    }
}

/// First day of the month that lies so far from the start of a conversion.
fn at(plan: &Plan, conversion: &Conversion, offset: Months) -> Date {
    plan.inputs.calendar.month_start(start_month(plan, conversion).plus(offset))
}

fn start_month(plan: &Plan, conversion: &Conversion) -> Month {
    plan.inputs.calendar.month_of(conversion.start)
}

fn deposits(
    plan: &Plan,
    conversion: &Conversion,
    (site, retrofit, schedule): (&Site, &Retrofit, &Schedule),
    events: &mut Vec<Event>,
) {
    let first = plan
        .decisions
        .conversions
        .iter()
        .filter(|other| other.site == conversion.site && other.retrofit == conversion.retrofit)
        .min_by_key(|other| (other.start, &other.hall, &other.offer))
        .is_some_and(|first| std::ptr::eq(first, conversion));
    for (index, line) in retrofit.costs.iter().enumerate() {
        let Payment::Deposit(share) = line.payment else { continue };
        let once = matches!(line.basis, CostBasis::Site(_));
        let Some(phase) = schedule.phase(&line.phase).filter(|phase| phase.start < phase.end) else { continue };
        if once && !first {
            continue;
        }
        let month = start_month(plan, conversion).plus(phase.start);
        let unit = (cost(plan, conversion, (site, retrofit), line, month) * share.0).to_cents();
        let amount = unit.times(if once { 1 } else { conversion.halls });
        let title = format!("{}: deposit for {} ({})", conversion.site, line.category, line.phase);
        let what = format!("{}-{}", index + 1, line.category);
        let day = at(plan, conversion, phase.start);
        events.push(Event { amount: Some(amount), ..event(conversion, EventKind::Deposit, &what, day, title) });
    }
}

/// A cost line of one hall (or of the site, once), in money of the month.
fn cost(
    plan: &Plan,
    conversion: &Conversion,
    (site, retrofit): (&Site, &Retrofit),
    line: &CostLine,
    month: Month,
) -> Usd {
    let money = &plan.inputs.money;
    let Some(hall) = site.hall(&conversion.hall) else { return Usd::ZERO };
    let amount = match line.basis {
        CostBasis::ItLoad(per) => per * hall.critical_it(retrofit.gross_to_critical),
        CostBasis::GrossPower(per) => per * hall.reserved(),
        CostBasis::Hall(per) => per.each(),
        CostBasis::Site(per) => per.each(),
    };
    let factor = site.override_of(&retrofit.id).map_or(1.0, |own| own.cost_factor.0);
    let months = month.0.saturating_sub(plan.inputs.calendar.month_of(money.price_date).0);
    amount * (site.cost_factor.0 * factor * (1.0 + retrofit.contingency.0) * money.capex_escalation.growth(months))
}

fn deadlines(offer: &Offer, events: &mut Vec<Event>) {
    let mut push = |kind: EventKind, what: String, date: Date, title: String| {
        let id = format!("{}/{}", offer.id, kind.as_str());
        let id = if what.is_empty() { id } else { format!("{id}/{what}") };
        let offer = offer.id.clone();
        events.push(Event { id, kind, date, end: None, site: None, offer, what, title, amount: None });
    };
    for tranche in &offer.tranches {
        let title = format!("{}: {:.1} MW-IT due", offer.id, tranche.min.get());
        push(EventKind::TrancheDeadline, tranche.by.to_string(), tranche.by, title);
    }
    if let Some(day) = offer.ready_by {
        push(EventKind::ReadyBy, String::new(), day, format!("{}: ready-by date", offer.id));
    }
    if let Some(day) = offer.long_stop {
        push(EventKind::LongStop, String::new(), day, format!("{}: long-stop date", offer.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use jiff::civil::date;

    #[test]
    fn phases_follow_the_longest_path_and_ids_are_unique() {
        let plan = sample::with_sites(3);
        let events = events(&plan);
        let mut ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), events.len());
        let order = events.iter().find(|event| event.what == "transformer-order").unwrap();
        assert_eq!((order.date, order.end), (date(2027, 4, 1), Some(date(2028, 4, 1))));
        assert!(events.iter().any(|event| event.kind == EventKind::LongStop));
    }

    #[test]
    fn a_deposit_is_priced_for_its_own_month() {
        let plan = sample::plan();
        let events = events(&plan);
        let deposit = events.iter().find(|event| event.kind == EventKind::Deposit).unwrap();
        // 2 halls · 20 MW / 1.25 · 1000 USD/kW-IT · 1.10 contingency · 30 %; nil escalation in the sample.
        assert_eq!(deposit.amount, Some(Cents(2 * 528_000_000)));
        assert_eq!(deposit.date, date(2027, 4, 1));
    }
}
