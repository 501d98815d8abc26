//! Where the best plan of a range of budgets changes.
//!
//! The best plan of a budget `b` that needs only `c ≤ b` is the best from `c` to `b`. Between two solved budgets `a < b`
//! all changes therefore lie in `(a, c]`. The search goes on there while `c − a` is more than the resolution and what `b`
//! gains over `a` more than its gap.

use super::Range;
use super::solved::{Solved, round_up, unclaimed};
use crate::units::Cents;

/// Intervals wider than this share of the range are halved, so that a round has work for several threads.
const WIDE: i64 = 8;

/// Solves a range: its ends and the base, then round by round what is open.
pub(super) fn solve(line: &mut Solved, range: Range, base: Cents) {
    let ends = [range.from.to_cents(), range.to.to_cents()];
    let mut round: Vec<Cents> = [ends[0], base.clamp(ends[0], ends[1]), ends[1]].to_vec();
    round.dedup();
    while !round.is_empty() && !line.interrupted() {
        line.solve(&round);
        round = open(line, range);
    }
}

/// The next budget of every open interval.
fn open(line: &Solved, range: Range) -> Vec<Cents> {
    let least = range.from.to_cents();
    let resolution = range.resolution.to_cents();
    let width = range.to.to_cents() - least;
    let best = line.best(range);
    // The best plan known for a budget.
    let at =
        |budget: Cents| best.partition_point(|known| known.needs <= budget).checked_sub(1).map(|index| best[index]);
    let mut next = vec![];
    for pair in line.budgets().windows(2) {
        let (below, above) = (pair[0], pair[1]);
        let Some(top) = at(above) else { continue };
        let gap = line.bound(above).map_or(Cents::ZERO, |bound| unclaimed(top.plan, bound));
        let gained = at(below).is_none_or(|bottom| top.plan.npv_usd.0 - bottom.plan.npv_usd.0 > gap);
        let open = top.needs - below;
        if open <= resolution || !gained {
            continue;
        }
        // A plan that leaves money over is followed down at once to the one that it displaces.
        let leaves = above - top.needs > resolution && open.0 <= width.0 / WIDE;
        let budget = if leaves { top.needs - resolution } else { Cents(below.0.midpoint(top.needs.0)) };
        next.push(round_up(budget, range.grain()));
    }
    next
}
