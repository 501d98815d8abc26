//! `works_order`: a work starts after its predecessors finish, at most once.
//! This release knows no works, so a plan has none.

use super::case::Case;
use super::findings::Findings;

/// There are no works.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for work in &case.decisions.works {
        found.add(format!("work {}", work.work), "the inputs have no works");
    }
}
