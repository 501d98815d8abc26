//! Dated events of a plan, with stable ids, for calendars and schedules.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::conversions::pays_setup;
use super::portfolio_events;
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::offer::Offer;
use crate::domain::retrofit::{CostBasis, Payment, Retrofit};
use crate::domain::site::{HallUse, Site};
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Conversion, Plan, subject};
use crate::units::{Cents, MilliMachines, Months};

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// An offer is signed.
    Sign,
    /// A customer or supplier is told that mining will stop.
    Notice,
    /// A step of the work, from its first day to the day before `end`.
    Phase,
    /// A deposit for something ordered long before it is needed.
    Deposit,
    /// A deposit that reserves deliveries of scarce equipment.
    Reserve,
    /// A work, from its first day to the day before `end`.
    Work,
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
    /// Machines are bought.
    Buy,
    /// Machines are sold.
    Sell,
    /// Machines are moved to a site.
    Move,
    /// Machines are stored.
    Store,
    /// A site is in mothballs, from its first day to the day before `end`.
    Mothball,
    /// A site is sold.
    Sale,
}

impl EventKind {
    /// The kind in a word, as ids and files spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Notice => "notice",
            Self::Phase => "phase",
            Self::Deposit => "deposit",
            Self::Reserve => "reserve",
            Self::Work => "work",
            Self::MiningOff => "mining-off",
            Self::ReadyForService => "ready-for-service",
            Self::Commencement => "commencement",
            Self::TermEnd => "term-end",
            Self::TrancheDeadline => "tranche-deadline",
            Self::ReadyBy => "ready-by",
            Self::LongStop => "long-stop",
            Self::Buy => "buy",
            Self::Sell => "sell",
            Self::Move => "move",
            Self::Store => "store",
            Self::Mothball => "mothball",
            Self::Sale => "sale",
        }
    }
}

/// A dated event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for the same event of any plan of this portfolio, on whatever date it happens there.
    pub id: String,
    /// What happens.
    pub kind: EventKind,
    /// First day.
    pub date: Date,
    /// First day after it, for events that last.
    pub end: Option<Date>,
    /// Where; `None` for what belongs to no one site.
    pub site: Option<SiteId>,
    /// Offer it is for, if any.
    pub offer: Option<OfferId>,
    /// Phase, cost category, tranche, work, item or model.
    pub what: String,
    /// One line to read.
    pub title: String,
    /// Paid for a deposit, a reservation or a work; received for a site sold.
    pub amount: Option<Cents>,
    /// Machines bought, sold, moved or stored.
    pub machines: Option<MilliMachines>,
    /// How much later a phase may end without delaying service.
    pub float: Option<Months>,
}

impl Event {
    /// The title without the place before it: of a work its name.
    #[must_use]
    pub fn without_place(&self, fleet: &Fleet) -> &str {
        let place = self.site.as_ref().map(|site| format!("{}: ", fleet.place(site))).unwrap_or_default();
        self.title.strip_prefix(&place).unwrap_or(&self.title)
    }

    /// What happens on a day, and nothing else said of it.
    pub(super) fn on(date: Date, kind: EventKind, id: String, title: String) -> Self {
        Self {
            id,
            kind,
            date,
            end: None,
            site: None,
            offer: None,
            what: String::new(),
            title,
            amount: None,
            machines: None,
            float: None,
        }
    }
}

/// All events of a plan by date, then id.
#[must_use]
pub fn events(plan: &Plan) -> Vec<Event> {
    let mut events = Vec::new();
    for conversion in &plan.decisions.conversions {
        events.extend(of_conversion(plan, conversion));
    }
    for decision in plan.decisions.offers.iter().filter(|decision| decision.accepted) {
        if let Some(offer) = plan.inputs.offer(&decision.offer) {
            events.extend(signature(plan, offer));
            deadlines(offer, &mut events);
        }
    }
    events.extend(portfolio_events::events(plan));
    events.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    events
}

/// What stays of a conversion's name when its dates change: `site/hall/retrofit/offer`. Where halls of one group are
/// converted alike from several dates, all but the first have their number, `@2`.
#[must_use]
pub fn conversion_id(plan: &Plan, conversion: &Conversion) -> String {
    let Conversion { site, hall, retrofit, .. } = conversion;
    let alike = |other: &&Conversion| {
        (&other.site, &other.hall, &other.retrofit, &other.offer) == (site, hall, retrofit, &conversion.offer)
    };
    let before = plan.decisions.conversions.iter().filter(alike).filter(|other| other.start < conversion.start).count();
    let id = format!("{site}/{hall}/{retrofit}/{}", conversion.offer_name());
    if before == 0 { id } else { format!("{id}@{}", before + 1) }
}

/// The events of one conversion, in no order.
pub(super) fn of_conversion(plan: &Plan, conversion: &Conversion) -> Vec<Event> {
    let named = Named { conversion, id: conversion_id(plan, conversion), place: plan.inputs.place(&conversion.site) };
    let mut events = Vec::new();
    milestones(&named, &mut events);
    phases(&named, &mut events);
    let site = plan.inputs.site(&conversion.site);
    let retrofit = plan.inputs.retrofit(&conversion.retrofit);
    if let (Some(site), Some(retrofit)) = (site, retrofit) {
        notices(&named, site, &mut events);
        deposits(plan, &named, retrofit, &mut events);
    }
    events
}

/// A conversion and what its events' ids begin with.
struct Named<'a> {
    conversion: &'a Conversion,
    id: String,
    /// Its site as people call it.
    place: String,
}

impl Named<'_> {
    fn event(&self, kind: EventKind, what: &str, date: Date, title: String) -> Event {
        let id = format!("{}/{}", self.id, kind.as_str());
        let id = if what.is_empty() { id } else { format!("{id}/{what}") };
        Event {
            site: Some(self.conversion.site.clone()),
            offer: Some(self.conversion.offer_name().into()),
            what: what.to_owned(),
            ..Event::on(date, kind, id, title)
        }
    }
}

fn milestones(named: &Named<'_>, events: &mut Vec<Event>) {
    let (conversion, site) = (named.conversion, &named.place);
    let Conversion { hall, retrofit, .. } = conversion;
    let offer = conversion.offer_name();
    let load = conversion.critical_it.get();
    if let Some(day) = conversion.mining_off {
        let title = format!("{site}: mining off in {hall} ({} halls)", conversion.halls);
        events.push(named.event(EventKind::MiningOff, "", day, title));
    }
    let dated = [
        (EventKind::ReadyForService, conversion.ready, format!("{site}: {hall} ready for service ({retrofit})")),
        (EventKind::Commencement, conversion.commencement, format!("{site}: {offer} commences, {load:.1} MW-IT")),
        (EventKind::TermEnd, conversion.term_end, format!("{site}: initial term of {offer} is over")),
    ];
    events.extend(dated.into_iter().map(|(kind, day, title)| named.event(kind, "", day, title)));
}

fn phases(named: &Named<'_>, events: &mut Vec<Event>) {
    let Conversion { hall, retrofit, phases, .. } = named.conversion;
    let site = &named.place;
    events.extend(phases.iter().map(|phase| Event {
        end: Some(phase.end),
        float: Some(phase.float),
        ..named.event(
            EventKind::Phase,
            phase.phase.as_str(),
            phase.start,
            format!("{site}: {} ({retrofit}, {hall})", phase.phase),
        )
    }));
}

/// Supplier and mining customer are told on the day on which the conversion starts.
fn notices(named: &Named<'_>, site: &Site, events: &mut Vec<Event>) {
    let conversion = named.conversion;
    let Some(hall) = site.hall(&conversion.hall) else { return };
    let customer = match hall.hall_use {
        HallUse::Pad => return,
        HallUse::Mining => false,
        // A contract that has run out needs none.
        HallUse::ThirdParty(customer) => customer.notice > Months(0) && conversion.start <= customer.until,
    };
    let supplier = site.power.notice > Months(0);
    let given = [(supplier, "power supplier"), (customer, "mining customer")];
    events.extend(given.into_iter().filter(|(given, _)| *given).map(|(_, whom)| {
        let title = format!("{}: notice to the {whom} of {}", named.place, conversion.hall);
        named.event(EventKind::Notice, whom, conversion.start, title)
    }));
}

/// What is ordered with a deposit. A category is told once a period: the ledger's line of it holds all that falls due then,
/// the tenant's part taken off, and nothing of what was paid before the horizon.
fn deposits(plan: &Plan, named: &Named<'_>, retrofit: &Retrofit, events: &mut Vec<Event>) {
    let (conversion, calendar) = (named.conversion, &plan.inputs.calendar);
    let mut told = BTreeSet::new();
    for (index, line) in retrofit.costs.iter().enumerate() {
        let Payment::Deposit(_) = line.payment else { continue };
        let once = matches!(line.basis, CostBasis::Site(_));
        let Some(phase) = conversion.phases.iter().find(|phase| phase.phase == line.phase) else { continue };
        if once && !pays_setup(plan, conversion) {
            continue;
        }
        let period = calendar.period_of(calendar.month_of(phase.start));
        if !told.insert((once, &line.category, period)) {
            continue;
        }
        let subject = if once { subject::setup(&conversion.retrofit) } else { conversion.subject() };
        let due = |other: &&LedgerLine| {
            (Some(other.period), &other.site, &other.subject) == (period, &conversion.site, &subject)
                && matches!(&other.category, Category::Capex(category) if *category == line.category)
        };
        let amount: Cents = plan.ledger.iter().filter(due).map(|line| -line.amount_cents).sum();
        let title = format!("{}: deposit for {} ({})", named.place, line.category, line.phase);
        let what = format!("{}-{}", index + 1, line.category);
        let amount = (amount != Cents::ZERO).then_some(amount);
        events.push(Event { amount, ..named.event(EventKind::Deposit, &what, phase.start, title) });
    }
}

/// An offer is taken as signed when the first conversion for it starts; nothing for what is signed already.
fn signature(plan: &Plan, offer: &Offer) -> Option<Event> {
    if plan.inputs.committed(offer) {
        return None;
    }
    let served = plan.decisions.conversions.iter().filter(|conversion| conversion.offer.as_ref() == Some(&offer.id));
    let date = served.clone().map(|conversion| conversion.start).min()?;
    let load = format!("{:.1} MW-IT", served.map(|conversion| conversion.critical_it.get()).sum::<f64>());
    let id = format!("{}/{}", offer.id, EventKind::Sign.as_str());
    let title = format!("{}: sign, {load}", offer.id);
    Some(Event { offer: Some(offer.id.clone()), what: load, ..Event::on(date, EventKind::Sign, id, title) })
}

fn deadlines(offer: &Offer, events: &mut Vec<Event>) {
    let mut push = |kind: EventKind, what: String, date: Date, title: String| {
        let id = format!("{}/{}", offer.id, kind.as_str());
        let id = if what.is_empty() { id } else { format!("{id}/{what}") };
        events.push(Event { offer: Some(offer.id.clone()), what, ..Event::on(date, kind, id, title) });
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
    fn an_event_keeps_its_id_when_it_moves() {
        let mut plan = sample::plan();
        let ids = |plan: &Plan| events(plan).into_iter().map(|event| event.id).collect::<BTreeSet<_>>();
        let before = ids(&plan);
        let later = plan.inputs.calendar.period_start(crate::domain::calendar::Period(2));
        plan.decisions.conversions[0].start = later;
        assert_eq!(ids(&plan), before);
        let mut second = plan.decisions.conversions[0].clone();
        second.start = plan.inputs.calendar.period_start(crate::domain::calendar::Period(3));
        plan.decisions.conversions.push(second);
        let ids = ids(&plan);
        assert!(before.is_subset(&ids), "the first keeps its own");
        assert!(ids.iter().any(|id| id.contains("/nnn-15y@2/phase/")), "{ids:#?}");
    }

    #[test]
    fn a_deposit_is_what_the_ledger_pays_in_its_period() {
        let deposit = |plan: &Plan| {
            let deposits: Vec<Event> = events(plan).into_iter().filter(|e| e.kind == EventKind::Deposit).collect();
            let [one] = deposits.as_slice() else { panic!("{deposits:#?}") };
            (one.date, one.amount)
        };
        let mut plan = sample::plan();
        assert_eq!(deposit(&plan), (date(2027, 4, 1), Some(Cents(2_000_000_000))));
        // The tenant pays for most of it, and for all of it.
        let due = |line: &LedgerLine| {
            line.period.0 == 1 && matches!(&line.category, Category::Capex(category) if category == "power")
        };
        plan.ledger.iter_mut().filter(|line| due(line)).for_each(|line| line.amount_cents = Cents(-300_000_000));
        assert_eq!(deposit(&plan).1, Some(Cents(300_000_000)));
        // A second line of the category is ordered in the same period: the ledger has one amount for both.
        let mut second = plan.inputs.retrofits[0].costs[0].clone();
        second.payment = Payment::Deposit(crate::units::Share(0.5));
        plan.inputs.retrofits[0].costs.push(second);
        assert_eq!(deposit(&plan).1, Some(Cents(300_000_000)));
        plan.ledger.retain(|line| !due(line));
        assert_eq!(deposit(&plan).1, None);
        // What was paid before the horizon is in no ledger.
        plan.decisions.conversions[0].phases.iter_mut().for_each(|phase| phase.start = date(2026, 10, 1));
        assert_eq!(deposit(&plan), (date(2026, 10, 1), None));
    }
}
