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

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;

    #[test]
    fn a_work_that_nobody_knows() {
        let found = breaks("works_order", |plan| {
            let date = jiff::civil::date(2027, 1, 1);
            plan.decisions.works.push(crate::plan::Work { work: "substation".into(), start: date, finish: date });
        });
        assert_eq!(found, ["works_order: work substation: the inputs have no works"]);
    }
}
