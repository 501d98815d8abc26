//! What waits for itself, in order.

use petgraph::graph::{DiGraph, NodeIndex};

/// The nodes of a circle, in its order, the first again at the end; `inside` is one that a sort could not place.
pub(super) fn circle<N>(graph: &DiGraph<N, ()>, inside: NodeIndex) -> Vec<NodeIndex> {
    let component = petgraph::algo::tarjan_scc(graph).into_iter().find(|c| c.contains(&inside)).unwrap_or_default();
    // Walk forward inside the component, from its first node, until a node comes again.
    let mut at = component.iter().copied().min().unwrap_or(inside);
    let mut walk = vec![at];
    while let Some(next) = graph.neighbors(at).filter(|n| component.contains(n)).min() {
        let first = walk.iter().position(|n| *n == next);
        walk.push(next);
        if let Some(first) = first {
            walk.drain(..first);
            break;
        }
        at = next;
    }
    walk
}
