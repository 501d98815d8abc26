//! Works as a DAG: those that wait for one another, those without use, and how early each may be finished.

use std::collections::BTreeMap;

use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};

use super::circle::circle;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::ids::WorkId;
use crate::domain::policy::LockKind;
use crate::domain::work::Work;
use crate::units::GrossMw;

/// What is wrong with the works of a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkProblem {
    /// They wait for one another: in order of the circle, the first again at the end.
    #[error("works wait for one another: {}", names(.0, " → "))]
    Circle(Vec<WorkId>),
    /// They add nothing, nothing needs them, and nothing of use comes after them; in order of the works.
    #[error("works without use: {}", names(.0, ", "))]
    Useless(Vec<WorkId>),
}

fn names(works: &[WorkId], between: &str) -> String {
    works.iter().map(WorkId::as_str).collect::<Vec<_>>().join(between)
}

/// Checks that works can be put in order, and that each has a use. Predecessors that name no work are ignored.
///
/// # Errors
/// When works wait for one another, or when a work adds nothing, nothing needs it and no useful work comes after it.
pub fn check(works: &[Work]) -> Result<(), WorkProblem> {
    let graph = graph(works);
    let order = in_order(works, &graph)?;
    let mut useful = vec![false; works.len()];
    for node in order.into_iter().rev() {
        let serves = graph.neighbors(node).any(|after| useful[after.index()]);
        useful[node.index()] = serves || has_effect(&works[node.index()]);
    }
    let useless: Vec<WorkId> =
        works.iter().zip(&useful).filter(|(_, useful)| !**useful).map(|(work, _)| work.id.clone()).collect();
    if useless.is_empty() { Ok(()) } else { Err(WorkProblem::Useless(useless)) }
}

fn has_effect(work: &Work) -> bool {
    let adds = work.adds.iter().any(|effect| {
        let power = [effect.connection, effect.firm, effect.racks];
        power.iter().any(|power| *power > GrossMw::ZERO) || effect.tenure_until.is_some()
    });
    adds || work.needed_by.as_ref().is_some_and(|needed| !needed.halls.is_empty())
}

/// The earliest month from which each work is finished, in order of the works: what has started goes on, everything
/// else starts at the first period start at which all that it comes after is finished. `None` where it would not be
/// finished within the horizon, would start after the latest start, or waits for itself.
#[must_use]
pub fn earliest_finish(fleet: &Fleet) -> Vec<Option<Month>> {
    let graph = graph(&fleet.works);
    let mut finish = vec![None; fleet.works.len()];
    for node in in_order(&fleet.works, &graph).unwrap_or_default() {
        let work = &fleet.works[node.index()];
        let begun = started(fleet, &work.id);
        finish[node.index()] = if let Some(start) = begun {
            Some(start.plus(work.months))
        } else {
            let before: Option<Vec<Month>> =
                graph.neighbors_directed(node, petgraph::Incoming).map(|node| finish[node.index()]).collect();
            before.and_then(|before| {
                let free = before.into_iter().max().unwrap_or(Month(0));
                let mut starts =
                    fleet.calendar.start_periods().map(|period: Period| fleet.calendar.first_month(period));
                let start = starts.find(|start| *start >= free)?;
                Some(start.plus(work.months)).filter(|finish| *finish <= fleet.calendar.horizon_month())
            })
        };
    }
    finish
}

/// The month in which a lock says that a work has started.
pub(crate) fn started(fleet: &Fleet, work: &WorkId) -> Option<Month> {
    let says = |lock: &&crate::domain::policy::Lock| lock.kind == LockKind::Started && lock.work.as_ref() == Some(work);
    let lock = fleet.locks.iter().find(says)?;
    lock.start.map(|start| fleet.calendar.month_of(start))
}

/// Nodes in order of the works, an edge from each work to those that come after it.
fn graph(works: &[Work]) -> DiGraph<(), ()> {
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&WorkId, NodeIndex> = works.iter().map(|work| (&work.id, graph.add_node(()))).collect();
    for work in works {
        for before in work.after.iter().filter_map(|id| nodes.get(id)) {
            graph.add_edge(*before, nodes[&work.id], ());
        }
    }
    graph
}

fn in_order(works: &[Work], graph: &DiGraph<(), ()>) -> Result<Vec<NodeIndex>, WorkProblem> {
    let named = |nodes: Vec<NodeIndex>| nodes.into_iter().map(|node| works[node.index()].id.clone()).collect();
    toposort(graph, None).map_err(|cycle| WorkProblem::Circle(named(circle(graph, cycle.node_id()))))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::fixture;
    use crate::domain::policy::Lock;
    use crate::units::Months;

    fn after(id: &str, after: &[&str]) -> Work {
        let after = after.iter().map(|id| WorkId::from(*id)).collect();
        Work { after, adds: vec![], ..fixture::work(id) }
    }

    #[test]
    fn a_circle_is_named() {
        let works = [after("a", &["c"]), after("b", &["a"]), after("c", &["b"]), fixture::work("d")];
        assert_eq!(check(&works).unwrap_err().to_string(), "works wait for one another: a → b → c → a");
    }

    #[test]
    fn a_work_has_a_use_when_something_useful_comes_after_it() {
        let useful = Work { after: vec!["land".into()], ..fixture::work("substation") };
        assert_eq!(check(&[after("land", &[]), useful.clone()]), Ok(()));
        let idle = [after("fence", &["substation"]), after("gate", &["fence"]), after("land", &[]), useful];
        assert_eq!(check(&idle), Err(WorkProblem::Useless(vec!["fence".into(), "gate".into()])));
    }

    #[test]
    fn a_work_is_finished_at_the_end_of_the_longest_path() {
        let mut fleet = fixture::fleet();
        let months = |months, work| Work { months: Months(months), ..work };
        fleet.works = vec![
            months(4, after("fibre", &[])),
            months(5, after("land", &[])),
            months(3, after("substation", &["fibre", "land"])),
        ];
        let finish = earliest_finish(&fleet);
        assert_eq!(finish, [Some(Month(4)), Some(Month(5)), Some(Month(9))], "the substation starts in July");
        fleet.works[1].months = Months(20);
        assert_eq!(earliest_finish(&fleet)[2], None, "no start after December 2027");
        fleet.works[1].months = Months(30);
        assert_eq!(earliest_finish(&fleet)[1], None, "the horizon is 24 months");
        let (kind, halls, spent) = (LockKind::Started, 1, crate::units::Usd::ZERO);
        let (site, hall, retrofit, offer) = (None, None, None, None);
        let (work, start) = (Some("land".into()), Some(date(2026, 1, 1)));
        fleet.locks = vec![Lock { kind, site, hall, retrofit, offer, start, work, halls, spent }];
        assert_eq!(earliest_finish(&fleet)[1], Some(Month(18)), "it started a year before the horizon");
    }
}
