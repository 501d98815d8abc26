//! Alternatives tried by plans of their own.

use std::collections::BTreeSet;
use std::ops::Range;

use planner_core::analysis::explain::{Alternative, Alternatives};
use planner_core::domain::Fleet;
use planner_core::domain::policy::LockKind;
use planner_core::options::enumerate;
use planner_core::plan::{Plan, Settings};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::solve::SolveError;
use planner_core::units::{Cents, Share};

use crate::draw::Draw;
use crate::{fleet, generated_short, plan, shipped};

/// Two dollars: NPVs are sums of cents, and proved within a dollar each.
pub const ROUNDING: Cents = Cents(200);

/// Settings under which a plan is proved to a dollar.
#[must_use]
pub fn proved() -> Settings {
    Settings { gap: Share::NONE, ..Settings::default() }
}

/// One by its names.
#[must_use]
pub fn alternative(site: &str, retrofit: &str, offer: &str) -> Alternative {
    Alternative { site: site.into(), retrofit: retrofit.into(), offer: offer.into() }
}

fn has(plan: &Plan, of: &Alternative) -> bool {
    plan.decisions.conversions.iter().any(|conversion| Alternative::of(conversion) == *of)
}

/// The best plan, if there is one.
///
/// # Panics
/// When the search fails.
#[must_use]
#[allow(clippy::panic)]
pub fn best(fleet: &Fleet, settings: &Settings) -> Option<Plan> {
    match plan(fleet, settings) {
        Ok(plan) => Some(plan),
        Err(SolveError::Infeasible(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

/// The best plan with a lock on an alternative, if there is one.
#[must_use]
pub fn locked(fleet: &Fleet, settings: &Settings, of: &Alternative, kind: LockKind) -> Option<Plan> {
    let mut fleet = fleet.clone();
    fleet.locks.push(of.lock(kind));
    best(&fleet, settings)
}

/// The best plan, if it has an alternative, or has it not, as is expected. A search may end within its gap with a plan on the
/// other side: then one that has to be on this side is worth more.
///
/// # Panics
/// When there is no plan at all.
#[must_use]
#[allow(clippy::unwrap_used)]
pub fn best_if((fleet, settings, of): &(Fleet, Settings, Alternative), expected: bool) -> Option<Plan> {
    let free = plan(fleet, settings).unwrap();
    if has(&free, of) == expected {
        return Some(free);
    }
    let kind = if expected { LockKind::Force } else { LockKind::Forbid };
    locked(fleet, settings, of, kind).filter(|other| other.npv_usd > free.npv_usd)
}

/// Plans of two shipped and eighteen generated portfolios, each with those of its alternatives that may be drawn.
#[allow(clippy::unwrap_used)]
fn plans_with(drawn: impl Fn(Alternatives) -> BTreeSet<Alternative>) -> Vec<(Plan, Vec<Alternative>)> {
    let shipped = ["first-look", "keel-2026"].map(shipped);
    let all = shipped.into_iter().chain((0..18).map(|seed| generated_short(5, seed)));
    let with = |files: InMemory| {
        let plan = plan(&fleet(&files), &Settings::default()).unwrap();
        let all = Alternatives::of(&plan, &enumerate(&plan.inputs, &plan.settings));
        (plan, drawn(all).into_iter().collect())
    };
    all.map(with).filter(|(_, drawn): &(_, Vec<_>)| !drawn.is_empty()).collect()
}

/// Draws alternatives, none twice, until so many have been judged, each of a plan drawn first; `judge` says whether it told
/// something. `DRAWS=20..40` judges just these draws, so that several processes can share a test.
///
/// # Panics
/// When there are too few of them, or none tells something.
pub fn draw_alternatives(
    seed: u64,
    wanted: usize,
    drawn: impl Fn(Alternatives) -> BTreeSet<Alternative>,
    judge: impl Fn(&Plan, &Alternative) -> bool,
) {
    let (mut draw, plans) = (Draw::new(seed), plans_with(drawn));
    let count: usize = plans.iter().map(|(_, drawn)| drawn.len()).sum();
    let (part, mut judged, mut known) = (part(), 0, BTreeSet::new());
    while judged < wanted && part.as_ref().is_none_or(|part| known.len() < part.end) {
        assert!(known.len() < count, "{judged} of {count} alternatives tell something");
        let (plan, drawn) = draw.pick(&plans);
        let one = draw.pick(drawn);
        if !known.insert((&plan.inputs.name, one)) || part.as_ref().is_some_and(|part| known.len() <= part.start) {
            continue;
        }
        println!("draw {}: {} {one}", known.len() - 1, plan.inputs.name);
        let tells = judge(plan, one);
        judged += usize::from(tells);
        println!("{judged} {}", if tells { "holds" } else { "nothing to judge" });
    }
    assert!(judged > 0, "none of these draws tells something");
}

/// The draws that are asked for.
#[allow(clippy::unwrap_used)]
fn part() -> Option<Range<usize>> {
    let draws = std::env::var("DRAWS").ok()?;
    let (start, end) = draws.split_once("..").unwrap();
    Some(start.parse().unwrap()..end.parse().unwrap())
}
