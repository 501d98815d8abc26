//! The solver against every plan there is, machines included: conversions are enumerated, and for each choice of them what
//! becomes of the machines is solved exactly by another model, another engine and the auditor's prices.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use planner_core::audit::judge;
use planner_core::domain::Fleet;
use planner_core::plan::ledger::present_value;
use planner_core::plan::{Decisions, MachineAction, MachineDecision, Plan, Settings, Status};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::units::Share;
use planner_tests::flow::{Flow, Room};
use planner_tests::oracle::{self, Plans};
use planner_tests::{draw_herds, fleet, plan};

/// The best plan of all.
struct Best<'a> {
    flow: &'a Flow<'a>,
    decisions: Decisions,
    /// What the auditor says it is worth.
    npv_usd: f64,
    /// What the linear program says it is worth.
    exact_usd: f64,
    /// What it says of the best plan without conversions.
    twin_usd: f64,
    /// How many plans were enumerated, and how many of them had a flow of their own.
    plans: usize,
    flows: usize,
}

impl Best<'_> {
    /// What a thousandth of a machine is worth in all that is decided together.
    fn a_thousandth_usd(&self, decisions: &[MachineDecision]) -> f64 {
        decisions.iter().map(|decision| self.flow.value_usd(decision).abs() / 1000.0).sum()
    }
}

fn value(fleet: &Fleet, settings: &Settings, decisions: &Decisions) -> f64 {
    present_value(&fleet.calendar, &judge(fleet, settings, decisions).ledger).0.usd()
}

/// Solves the flow of each plan, once for all that leave the same room.
fn best<'a>(fleet: &Fleet, settings: &Settings, flow: &'a Flow, choices: Vec<Decisions>) -> Best<'a> {
    let plans = choices.len();
    let mut known: Vec<(Room, f64, Vec<f64>)> = vec![];
    let mut best: Option<(f64, Decisions, usize)> = None;
    let mut twin_usd = f64::NEG_INFINITY;
    for decisions in choices {
        let room = Room::beside(fleet, &decisions.conversions);
        let at = known.iter().position(|(same, ..)| *same == room).unwrap_or_else(|| {
            let (value, counts) = flow.best(&room).unwrap();
            known.push((room, value, counts));
            known.len() - 1
        });
        let exact = value(fleet, settings, &decisions) + known[at].1;
        if decisions.conversions.is_empty() {
            twin_usd = twin_usd.max(exact);
        }
        if best.as_ref().is_none_or(|(least, ..)| exact > *least) {
            best = Some((exact, decisions, at));
        }
    }
    let (exact_usd, mut decisions, at) = best.unwrap();
    decisions.machines = flow.decisions(&known[at].2);
    let judged = judge(fleet, settings, &decisions);
    assert_eq!(judged.findings, [], "the auditor objects to the flow");
    let npv_usd = present_value(&fleet.calendar, &judged.ledger).0.usd();
    Best { flow, decisions, npv_usd, exact_usd, twin_usd, plans, flows: known.len() }
}

/// What happens in a plan, and which limits of its machines bind: without them it is worth more.
fn mix(fleet: &Fleet, best: &Best) -> Vec<&'static str> {
    let room = || Room::beside(fleet, &best.decisions.conversions);
    let worth = |room: Room| best.flow.best(&room).unwrap().0;
    let bound = worth(room());
    let machines = &best.decisions.machines;
    let does = |action| machines.iter().any(|decision| decision.action == action);
    // Another model leaves the place to which machines are moved.
    let evicts = |moved: &MachineDecision| {
        machines.iter().any(|other| {
            let leaves = matches!(other.action, MachineAction::Sell | MachineAction::Move | MachineAction::Store);
            leaves
                && Some(&other.site) == moved.to.as_ref()
                && other.period == moved.period
                && other.model != moved.model
        })
    };
    let from_storage = |moved: &MachineDecision| moved.site.as_str().starts_with("storage/");
    let moves = || machines.iter().filter(|decision| decision.action == MachineAction::Move);
    let all = [
        ("convert", !best.decisions.conversions.is_empty()),
        ("move", moves().any(|moved| !from_storage(moved))),
        ("evict", moves().any(evicts)),
        ("store", does(MachineAction::Store)),
        ("sell", does(MachineAction::Sell)),
        ("buy", does(MachineAction::Buy)),
        ("racks bind", worth(room().with_endless_racks()) > bound + 1.0),
        ("power binds", worth(room().with_endless_power()) > bound + 1.0),
    ];
    all.into_iter().filter(|(_, so)| *so).map(|(name, _)| name).collect()
}

/// What was met in all portfolios.
#[derive(Default)]
struct Met {
    plans: usize,
    flows: usize,
    binding: usize,
    seen: BTreeMap<&'static str, usize>,
}

/// Draws until so many portfolios have twenty to three hundred plans, and finds the best of each.
fn each(cases: usize, draw: impl Fn(u64) -> InMemory, agree: impl Fn(&Best, &Plan, &str)) -> Met {
    let settings = Settings { gap: Share::NONE, ..Settings::default() };
    let mut met = Met::default();
    let mut left = cases;
    for seed in 1_u64.. {
        if left == 0 {
            break;
        }
        let fleet = fleet(&draw(seed));
        // Whether conversions are possible does not depend on machines: they make room.
        let bare = Fleet { machines: vec![], ..fleet.clone() };
        if oracle::plans(&bare, &settings) > 5_000 {
            continue;
        }
        let all = Plans::of(&bare, &settings);
        let choices: Vec<Decisions> = all.valid(&bare, &settings).map(|(decisions, _)| decisions).collect();
        if !(20..=300).contains(&choices.len()) {
            continue;
        }
        let flow = Flow::of(&fleet, &settings);
        let best = best(&fleet, &settings, &flow, choices);
        let found = plan(&fleet, &settings).unwrap();
        assert_ne!(found.status, Status::TimeLimitFeasible, "seed {seed}: nothing stopped the search");
        let (ours, theirs) = (&best.decisions.conversions, &found.decisions.conversions);
        agree(&best, &found, &format!("seed {seed}: the oracle converts {ours:#?}, the solver {theirs:#?}"));
        let mix = mix(&fleet, &best);
        met.binding += usize::from(mix.iter().any(|name| name.contains("bind")));
        for name in mix {
            *met.seen.entry(name).or_default() += 1;
        }
        (met.plans, met.flows, left) = (met.plans + best.plans, met.flows + best.flows, left - 1);
    }
    let Met { plans, flows, binding, seen } = &met;
    eprintln!("{cases} portfolios, {plans} plans with {flows} flows; {seen:?}; racks or power bind in {binding}");
    met
}

#[track_caller]
fn within_one_dollar(a: f64, b: f64, told: &str) {
    assert!((a - b).abs() <= 1.0, "{a:.2} USD is not {b:.2} USD; {told}");
}

#[test]
fn the_solver_finds_what_the_oracle_finds_with_machines() {
    let cases = 40;
    let met = each(
        cases,
        |seed| draw_herds::portfolio(seed, false),
        |best, found, told| {
            within_one_dollar(best.npv_usd, best.exact_usd, told);
            within_one_dollar(found.npv_usd.0.usd(), best.npv_usd, told);
        },
    );
    assert!(2 * met.binding >= cases, "racks or power bind in {} of {cases}", met.binding);
    for name in ["convert", "move", "evict", "store", "sell", "buy", "racks bind", "power binds"] {
        let often = met.seen.get(name).copied().unwrap_or_default();
        assert!(10 * often >= cases, "{name} is too seldom: {:?}", met.seen);
    }
}

/// Machines that fail leave fractions, which decisions round to thousandths: each may cost or bring what a thousandth of a
/// machine is worth where it is done.
#[test]
fn the_solver_finds_what_the_oracle_finds_with_machines_that_fail() {
    each(
        12,
        |seed| draw_herds::portfolio(seed, true),
        |best, found, told| {
            let (theirs, rounding) = (found.npv_usd.0.usd(), best.a_thousandth_usd(&found.decisions.machines));
            assert!(rounding < 100.0, "{rounding:.2} USD of rounding; {told}");
            let apart = (theirs - best.exact_usd).abs();
            assert!(
                apart <= 1.0 + rounding,
                "{theirs:.2} USD is not {:.2} ± {rounding:.2} USD; {told}",
                best.exact_usd
            );
        },
    );
}

/// How often a model is sold and bought at one place in one period, while its stock there falls and while it does not.
fn exchanged(decisions: &Decisions) -> (usize, usize) {
    let counts = |one: &MachineDecision, action| -> i64 {
        let same = |other: &&MachineDecision| {
            (&other.site, &other.model, other.period, other.action) == (&one.site, &one.model, one.period, action)
        };
        decisions.machines.iter().filter(same).map(|other| other.count.0).sum()
    };
    let sales = decisions.machines.iter().filter(|one| one.action == MachineAction::Sell);
    let both = sales.map(|one| (one.count.0, counts(one, MachineAction::Buy))).filter(|(_, bought)| *bought > 0);
    let (falls, rises): (Vec<_>, Vec<_>) = both.partition(|(sold, bought)| sold > bought);
    (falls.len(), rises.len())
}

/// Where used machines fetch more than new ones cost they are exchanged. Plan and twin are written as they are solved, and
/// the other engine finds them worth as much.
#[test]
fn the_solver_finds_what_the_oracle_finds_where_used_machines_fetch_more_than_new_ones_cost() {
    let met = std::cell::Cell::new((0, 0));
    for failing in [false, true] {
        let cases = if failing { 10 } else { 25 };
        each(
            cases,
            |seed| draw_herds::dear(seed, failing),
            |best, found, told| {
                for (npv, exact, decisions) in [
                    (found.npv_usd, best.exact_usd, &found.decisions),
                    (found.twin_npv_usd, best.twin_usd, &found.twin.decisions),
                ] {
                    let rounding = if failing { best.a_thousandth_usd(&decisions.machines) } else { 0.0 };
                    let apart = (npv.0.usd() - exact).abs();
                    assert!(
                        apart <= 1.0 + rounding,
                        "{} USD is not {exact:.2} ± {rounding:.2} USD; {told}",
                        npv.0.usd()
                    );
                    let (falls, rises) = exchanged(decisions);
                    met.set((met.get().0 + falls, met.get().1 + rises));
                }
            },
        );
    }
    let (falls, rises) = met.get();
    eprintln!("exchanged {falls} times while the stock falls, {rises} while it does not");
    assert!(falls >= 5 && rises >= 100, "exchanged {falls} times while the stock falls, {rises} while it does not");
}
