//! Phases as a DAG: critical path and offsets.

use std::collections::BTreeMap;

use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};

use super::circle::circle;
use crate::domain::calendar::{Calendar, Month};
use crate::domain::ids::PhaseId;
use crate::domain::retrofit::{Phase, Retrofit};
use crate::domain::site::{HallGroup, HallUse, RetrofitOverride, Site};
use crate::units::Months;

/// Early dates of the phases of one retrofit at one site, in months from the
/// start of the option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Phases by id.
    pub phases: Vec<ScheduledPhase>,
    /// When mining stops (`a`): start of the phase that stops it; 0 without one.
    pub mining_off: Months,
    /// When the hall is ready for service (`b`): the greatest end.
    pub ready: Months,
}

/// One phase with its early dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledPhase {
    /// Which.
    pub id: PhaseId,
    /// First month.
    pub start: Months,
    /// First month after it; equal to `start` for a phase that is done and paid.
    pub end: Months,
    /// How much later it may end without delaying service; nil on the longest path.
    pub float: Months,
}

impl Schedule {
    /// The dates of a phase.
    #[must_use]
    pub fn phase(&self, id: &PhaseId) -> Option<&ScheduledPhase> {
        self.phases.iter().find(|p| p.id == *id)
    }
}

/// The phases that wait for one another in a circle, in order of the circle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("phases wait for one another: {}", .0.iter().map(PhaseId::as_str).collect::<Vec<_>>().join(" → "))]
pub struct Cycle(pub Vec<PhaseId>);

/// Months from the start of a conversion during which mining must go on: the supplier of power, and a mining customer
/// whose contract still runs, are given notice at the start.
#[must_use]
pub fn notice(calendar: &Calendar, site: &Site, hall: &HallGroup, start: Month) -> Months {
    match hall.hall_use {
        HallUse::Pad => Months(0),
        HallUse::Mining => site.power.notice,
        HallUse::ThirdParty(customer) => {
            let runs_out = calendar.month_after(customer.until).0.saturating_sub(start.0).max(0).unsigned_abs();
            site.power.notice.max(customer.notice.min(Months(runs_out)))
        }
    }
}

/// The schedule of one hall's conversion.
///
/// # Errors
/// When phases wait for one another in a circle.
pub fn hall_schedule(
    calendar: &Calendar,
    site: &Site,
    hall: &HallGroup,
    retrofit: &Retrofit,
    start: Month,
) -> Result<Schedule, Cycle> {
    schedule(&retrofit.phases, site.override_of(&retrofit.id), notice(calendar, site, hall, start))
}

/// Lays out phases of a retrofit, with a site's own phase lengths. The phase that stops mining waits for the notice.
///
/// Predecessors that name no phase are ignored: the reader has refused them.
///
/// # Errors
/// When phases wait for one another in a circle.
pub fn schedule(phases: &[Phase], site: Option<&RetrofitOverride>, notice: Months) -> Result<Schedule, Cycle> {
    let (graph, nodes) = graph(phases);
    let order = toposort(&graph, None).map_err(|cycle| {
        Cycle(circle(&graph, cycle.node_id()).into_iter().map(|node| graph[node].id.clone()).collect())
    })?;
    let months = |phase: &Phase| {
        site.and_then(|o| o.phases.iter().find(|(id, _)| *id == phase.id)).map_or(phase.months, |(_, months)| *months)
    };

    let mut end = vec![0_u32; order.len()];
    for &node in &order {
        let start = graph.neighbors_directed(node, petgraph::Incoming).map(|n| end[n.index()]).max().unwrap_or(0);
        let start = if graph[node].stops_mining { start.max(notice.0) } else { start };
        end[node.index()] = start.saturating_add(months(graph[node]).0);
    }
    let ready = end.iter().copied().max().unwrap_or(0);

    // Latest end without delaying service, backwards.
    let mut latest = vec![ready; order.len()];
    for &node in order.iter().rev() {
        for successor in graph.neighbors(node) {
            let latest_start = latest[successor.index()] - months(graph[successor]).0;
            latest[node.index()] = latest[node.index()].min(latest_start);
        }
    }

    let scheduled = nodes
        .iter()
        .map(|(id, node)| {
            let end = end[node.index()];
            ScheduledPhase {
                id: (*id).clone(),
                start: Months(end - months(graph[*node]).0),
                end: Months(end),
                float: Months(latest[node.index()] - end),
            }
        })
        .collect::<Vec<_>>();
    let mining_off = phases
        .iter()
        .find(|p| p.stops_mining)
        .and_then(|stop| scheduled.iter().find(|p| p.id == stop.id))
        .map_or(Months(0), |p| p.start);
    Ok(Schedule { phases: scheduled, mining_off, ready: Months(ready) })
}

/// Makes the phase that ends last longer, so that a retrofit is ready so many months later at the site. `None`, and nothing
/// changes, where all is done and paid or phases wait for one another in a circle.
pub fn slip(site: &mut Site, retrofit: &Retrofit, by: Months) -> Option<()> {
    let laid = schedule(&retrofit.phases, site.override_of(&retrofit.id), site.power.notice).ok()?;
    let last = laid.phases.into_iter().find(|phase| phase.end == laid.ready && phase.end > phase.start)?;
    site.override_mut(&retrofit.id).set(last.id, Months(last.end.0 - last.start.0 + by.0));
    Some(())
}

type PhaseGraph<'a> = DiGraph<&'a Phase, ()>;

fn graph(phases: &[Phase]) -> (PhaseGraph<'_>, BTreeMap<&PhaseId, NodeIndex>) {
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&PhaseId, NodeIndex> = phases.iter().map(|p| (&p.id, graph.add_node(p))).collect();
    for phase in phases {
        for before in phase.after.iter().filter_map(|id| nodes.get(id)) {
            graph.add_edge(*before, nodes[&phase.id], ());
        }
    }
    (graph, nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Share;

    fn phase(id: &str, months: u32, after: &[&str], stops_mining: bool) -> Phase {
        Phase {
            id: id.into(),
            months: Months(months),
            after: after.iter().map(|a| PhaseId::from(*a)).collect(),
            stops_mining,
            on_site: false,
        }
    }

    fn liquid() -> Vec<Phase> {
        vec![
            phase("design", 4, &[], false),
            phase("transformer-order", 18, &["design"], false),
            phase("strip-out", 2, &["design"], true),
            phase("fit-out", 8, &["strip-out", "transformer-order"], false),
        ]
    }

    #[test]
    fn mining_goes_on_until_strip_out_and_service_waits_for_the_longest_path() {
        let schedule = schedule(&liquid(), None, Months(0)).unwrap();
        assert_eq!((schedule.mining_off, schedule.ready), (Months(4), Months(30)));
        let critical: Vec<_> = schedule.phases.iter().filter(|p| p.float == Months(0)).map(|p| p.id.as_str()).collect();
        assert_eq!(critical, ["design", "fit-out", "transformer-order"]);
        assert_eq!(schedule.phase(&"strip-out".into()).unwrap().float, Months(16), "it may end in month 22");
    }

    #[test]
    fn notice_pushes_mining_off_back_and_service_only_beyond_the_float() {
        let early = schedule(&liquid(), None, Months(12)).unwrap();
        assert_eq!((early.mining_off, early.ready), (Months(12), Months(30)));
        let late = schedule(&liquid(), None, Months(24)).unwrap();
        assert_eq!((late.mining_off, late.ready), (Months(24), Months(34)));
    }

    #[test]
    fn a_transformer_on_site_shortens_the_path() {
        let on_site = RetrofitOverride {
            retrofit: "liquid".into(),
            phases: vec![("transformer-order".into(), Months(0))],
            cost_factor: Share::ALL,
        };
        assert_eq!(schedule(&liquid(), Some(&on_site), Months(0)).unwrap().ready, Months(14));
    }

    #[test]
    fn a_circle_is_named() {
        let circle = vec![phase("a", 1, &["c"], false), phase("b", 1, &["a"], false), phase("c", 1, &["b"], false)];
        let error = schedule(&circle, None, Months(0)).unwrap_err();
        assert_eq!(error.to_string(), "phases wait for one another: a → b → c → a");
    }
}
