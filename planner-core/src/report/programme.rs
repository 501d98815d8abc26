//! The programme of a plan: what is built, by site, as an outline with its links. Schedules that other tools read, and the
//! bar chart, are drawn from it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::portfolio_events::work_id;
use super::schedule::{self, Event, EventKind};
use crate::domain::ids::{PhaseId, SiteId};
use crate::domain::retrofit::Retrofit;
use crate::plan::{Conversion, Plan};
use crate::units::{Cents, Months};

/// What a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// A site, or what belongs to no one site.
    Group,
    /// Halls that are converted alike.
    Conversion,
    /// An event of the schedule: a phase or a work with its length, or a single day.
    Event(EventKind),
}

/// A line of the programme, with those below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The same for the same task of any plan of this portfolio; that of its event, where it is one.
    pub id: String,
    /// What it is.
    pub kind: TaskKind,
    /// What it is called below its parent.
    pub name: String,
    /// First day; of groups and conversions the first of their parts.
    pub start: Date,
    /// First day after it, the same day for what is one day; of groups and conversions the last of their parts.
    pub end: Date,
    /// How much later a phase may end without delaying service; nil on the critical path.
    pub float: Option<Months>,
    /// Paid for a deposit, a reservation or a work; received for a site sold.
    pub amount: Option<Cents>,
    /// Of a conversion and of its ready for service: the day by which its offer wants that.
    pub ready_by: Option<Date>,
    /// Of a conversion: the day after which its tenant walks.
    pub long_stop: Option<Date>,
    /// Ids of tasks that end before it starts.
    pub after: Vec<String>,
    /// Tasks below it, by first day.
    pub parts: Vec<Task>,
}

impl Task {
    fn new(id: String, kind: TaskKind, name: String, (start, end): (Date, Date)) -> Self {
        Self {
            id,
            kind,
            name,
            start,
            end,
            float: None,
            amount: None,
            ready_by: None,
            long_stop: None,
            after: vec![],
            parts: vec![],
        }
    }

    /// An event under a name that its place in the programme makes short.
    fn event(event: Event, name: String) -> Self {
        let end = event.end.filter(|end| *end > event.date).unwrap_or(event.date);
        let task = Self::new(event.id, TaskKind::Event(event.kind), name, (event.date, end));
        Self { float: event.float, amount: event.amount, ..task }
    }

    /// What lies between the first and the last day of its parts; nothing without any.
    fn around(id: String, kind: TaskKind, name: String, mut parts: Vec<Self>) -> Option<Self> {
        let start = parts.iter().map(|part| part.start).min()?;
        let end = parts.iter().map(|part| part.end).max()?;
        parts.sort_by(|a, b| (a.start, a.end, &a.id).cmp(&(b.start, b.end, &b.id)));
        Some(Self { parts, ..Self::new(id, kind, name, (start, end)) })
    }

    /// Whether it is a single day.
    #[must_use]
    pub fn is_milestone(&self) -> bool {
        self.parts.is_empty() && self.start == self.end
    }

    /// Itself and all tasks below it with how deep they stand (itself at 1), parents first.
    #[must_use]
    pub fn walk(&self) -> Vec<(u32, &Self)> {
        let below = self.parts.iter().flat_map(Self::walk).map(|(level, task)| (level + 1, task));
        std::iter::once((1, self)).chain(below).collect()
    }
}

/// The programme: sites by id, then works that sites share, reservations of scarce equipment, and offers.
///
/// Machines that are bought, sold, moved or stored and the ends of contracts are not in it.
#[must_use]
pub fn programme(plan: &Plan) -> Vec<Task> {
    let mut sites: BTreeMap<SiteId, Vec<Task>> = BTreeMap::new();
    let (mut shared, mut reserved, mut offers) = (vec![], vec![], vec![]);
    for conversion in &plan.decisions.conversions {
        let parts = sites.entry(conversion.site.clone()).or_default();
        parts.extend(conversion_task(plan, conversion));
    }
    let links = work_links(plan);
    for event in schedule::events(plan) {
        let name = short_name(plan, &event);
        let own = event.offer.is_none();
        match (event.kind, event.site.clone()) {
            (EventKind::Work, site) => {
                let after = links.get(&event.id).cloned().unwrap_or_default();
                let task = Task { after, ..Task::event(event, name) };
                site.map_or(&mut shared, |site| sites.entry(site).or_default()).push(task);
            }
            (EventKind::Mothball | EventKind::Sale, Some(site)) if own => {
                sites.entry(site).or_default().push(Task::event(event, name));
            }
            (EventKind::Reserve, _) => reserved.push(Task::event(event, name)),
            (EventKind::Sign | EventKind::TrancheDeadline | EventKind::ReadyBy | EventKind::LongStop, _) => {
                let name = event.title.clone();
                offers.push(Task::event(event, name));
            }
            _ => {}
        }
    }
    let group = |id: String, name: String, parts| Task::around(format!("group/{id}"), TaskKind::Group, name, parts);
    let of_site = |(site, parts): (SiteId, Vec<Task>)| group(format!("site/{site}"), plan.inputs.place(&site), parts);
    let mut groups: Vec<Task> = sites.into_iter().filter_map(of_site).collect();
    let others =
        [("works", "Shared works", shared), ("reservations", "Reservations", reserved), ("offers", "Offers", offers)];
    groups.extend(others.into_iter().filter_map(|(id, name, parts)| group(id.to_owned(), name.to_owned(), parts)));
    groups
}

fn conversion_task(plan: &Plan, conversion: &Conversion) -> Option<Task> {
    let id = schedule::conversion_id(plan, conversion);
    let events = schedule::of_conversion(plan, conversion).into_iter().filter(|event| event.kind != EventKind::TermEnd);
    let mut parts: Vec<Task> = events
        .map(|event| {
            let name = short_name(plan, &event);
            Task::event(event, name)
        })
        .collect();
    let links = conversion_links(plan, conversion, &id);
    let offer = conversion.terms(&plan.inputs);
    let (ready_by, long_stop) = (offer.and_then(|offer| offer.ready_by), offer.and_then(|offer| offer.long_stop));
    for part in &mut parts {
        part.after = links.get(&part.id).cloned().unwrap_or_default();
        part.ready_by = ready_by.filter(|_| part.kind == TaskKind::Event(EventKind::ReadyForService));
    }
    let Conversion { hall, retrofit, halls, .. } = conversion;
    let count = if *halls == 1 { "1 hall".to_owned() } else { format!("{halls} halls") };
    let load = conversion.critical_it.get();
    let name = format!("{hall}: {retrofit} for {} ({count}, {load:.1} MW-IT)", conversion.offer_name());
    let task = Task::around(id, TaskKind::Conversion, name, parts)?;
    Some(Task { ready_by, long_stop, ..task })
}

/// What an event is called where its site and hall are said above it.
fn short_name(plan: &Plan, event: &Event) -> String {
    match event.kind {
        EventKind::MiningOff => "mining off".to_owned(),
        EventKind::ReadyForService => "ready for service".to_owned(),
        EventKind::Commencement => "commencement".to_owned(),
        EventKind::Notice => format!("notice to the {}", event.what),
        EventKind::Phase => event.what.clone(),
        EventKind::Work => event.without_place(&plan.inputs).to_owned(),
        EventKind::Deposit => {
            let category = event.what.split_once('-').map_or(event.what.as_str(), |(_, category)| category);
            format!("deposit for {category}")
        }
        EventKind::Mothball => "in mothballs".to_owned(),
        EventKind::Sale => "sold".to_owned(),
        _ => event.title.clone(),
    }
}

/// What each task of a conversion waits for: phases for phases and for mining to be off, service for the last phases and
/// for the works that it cannot do without, the contract for service.
fn conversion_links(plan: &Plan, conversion: &Conversion, id: &str) -> BTreeMap<String, Vec<String>> {
    let event = |kind: EventKind| format!("{id}/{}", kind.as_str());
    let phase = |phase: &PhaseId| format!("{}/{phase}", event(EventKind::Phase));
    let mut links: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let planned: BTreeSet<&PhaseId> = conversion.phases.iter().map(|planned| &planned.phase).collect();
    let mut last = planned.clone();
    if let Some(retrofit) = plan.inputs.retrofit(&conversion.retrofit) {
        for step in retrofit.phases.iter().filter(|step| planned.contains(&step.id)) {
            let before = waits_for(retrofit, &planned, &step.id);
            last.retain(|phase| !before.contains(phase));
            let mut after: Vec<String> = before.into_iter().map(phase).collect();
            if step.stops_mining && conversion.mining_off.is_some() {
                links.insert(event(EventKind::MiningOff), after.clone());
                after.push(event(EventKind::MiningOff));
            }
            links.insert(phase(&step.id), after);
        }
    }
    let needed = plan.decisions.works.iter().filter(|decision| {
        let work = plan.inputs.work(&decision.work);
        let all = work.filter(|work| work.needed_by.as_ref().is_some_and(|needed| needed.beyond.get() <= 0.0));
        all.is_some_and(|work| work.needed_at(&conversion.site, &conversion.hall))
            && decision.finish <= conversion.ready
    });
    let ready = last.into_iter().map(phase).chain(needed.map(|decision| work_id(&decision.work)));
    links.insert(event(EventKind::ReadyForService), ready.collect());
    links.insert(event(EventKind::Commencement), vec![event(EventKind::ReadyForService)]);
    links
}

/// The planned phases that a phase waits for; those that are done already make way for what they waited for.
fn waits_for<'a>(retrofit: &'a Retrofit, planned: &BTreeSet<&PhaseId>, phase: &'a PhaseId) -> BTreeSet<&'a PhaseId> {
    let before =
        |id: &PhaseId| retrofit.phases.iter().find(|phase| phase.id == *id).map_or(&[][..], |phase| &phase.after);
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::from([phase]));
    let mut next: Vec<&PhaseId> = before(phase).iter().collect();
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        if planned.contains(id) {
            found.insert(id);
        } else {
            next.extend(before(id));
        }
    }
    found
}

/// The works that each work waits for, by event.
fn work_links(plan: &Plan) -> BTreeMap<String, Vec<String>> {
    let done = |id| plan.decisions.works.iter().any(|decision| decision.work == id);
    let links = plan.decisions.works.iter().filter_map(|decision| {
        let work = plan.inputs.work(&decision.work)?;
        let after = work.after.iter().filter(|id| done((*id).clone())).map(work_id);
        Some((work_id(&work.id), after.collect()))
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn flat(plan: &Plan) -> Vec<Task> {
        programme(plan).iter().flat_map(|group| group.walk()).map(|(_, task)| task.clone()).collect()
    }

    #[test]
    fn every_link_leads_to_a_task_that_ends_before() {
        let plan = sample::with_everything();
        let tasks = flat(&plan);
        let mut links = 0;
        for task in &tasks {
            for before in &task.after {
                let before = tasks.iter().find(|other| other.id == *before).unwrap();
                assert!(before.end <= task.start, "{} before {}", before.id, task.id);
                links += 1;
            }
        }
        assert!(links >= 10, "{links}");
        let mut ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), tasks.len());
    }

    #[test]
    fn the_outline_has_every_site_with_something_to_do_and_the_shared_groups() {
        let plan = sample::with_everything();
        let programme = programme(&plan);
        let names: Vec<&str> = programme.iter().map(|group| group.name.as_str()).collect();
        let expected = ["panther-creek-01", "panther-creek-02", "stoneridge", "Shared works", "Reservations", "Offers"];
        assert_eq!(names, expected);
        for group in &programme {
            assert_eq!(Some(group.start), group.parts.iter().map(|part| part.start).min());
            assert_eq!(Some(group.end), group.parts.iter().map(|part| part.end).max());
        }
    }

    #[test]
    fn what_is_done_makes_way_for_what_it_waited_for() {
        let mut plan = sample::plan();
        let conversion = &mut plan.decisions.conversions[0];
        conversion.phases.retain(|phase| phase.phase.as_str() != "transformer-order");
        let fit_out = flat(&plan).into_iter().find(|task| task.name == "fit-out").unwrap();
        assert!(fit_out.after.iter().any(|id| id.ends_with("/phase/design")), "{:?}", fit_out.after);
        let own = plan.inputs.retrofits[0].phases[0].id.clone();
        plan.inputs.retrofits[0].phases.iter_mut().for_each(|phase| phase.after = vec![own.clone()]);
        assert!(!flat(&plan).is_empty(), "a circle is no trap");
    }
}
