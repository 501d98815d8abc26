//! The frontier of a range of budgets: nothing better in between, nested programmes, and runs that go on.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Mutex;

use planner_core::analysis::frontier::{Frontier, Line, Range, Shelf, frontier};
use planner_core::domain::Fleet;
use planner_core::plan::{Plan, Settings};
use planner_core::report::frontier::{buys, rows};
use planner_core::report::table::Cell;
use planner_core::solve::Run;
use planner_core::units::{Cents, Share, Usd};
use planner_tests::small::{self, ONE_HALL, change};
use planner_tests::{draw, fleet, plan, planner, run, says, shipped, told};

fn exact() -> Settings {
    Settings { gap: Share(1e-9), ..Settings::default() }
}

fn range(to: f64) -> Range {
    Range { from: Usd::ZERO, to: Usd::new(to), resolution: Usd::new(to / 100.0), base: None }
}

fn no_shelf<T>(with: impl FnOnce(&Shelf) -> T) -> T {
    with(&Shelf { find: &|_, _| None, keep: &|_, _, _| {} })
}

fn found(fleet: &Fleet, settings: &Settings, range: Range) -> Frontier {
    no_shelf(|shelf| frontier(fleet, settings, range, shelf, &run()).unwrap())
}

/// What the frontier says a budget is worth, and what a better plan may gain up to the next point.
fn worth(frontier: &Frontier, budget: f64) -> Option<(f64, f64)> {
    let paid = frontier.points.iter().take_while(|point| point.budget.usd() <= budget + 0.005).last()?;
    Some((paid.plan.npv_usd.0.usd(), paid.gap_to_next.unwrap().0.usd()))
}

/// Halls by what they are, of one plan, that have started by each day of another.
fn nested_in(small: &Plan, large: &Plan) -> bool {
    let by = |plan: &Plan, of: &planner_core::plan::Conversion| -> u32 {
        let same = plan.decisions.conversions.iter().filter(|c| {
            (&c.site, &c.hall, &c.retrofit, &c.offer) == (&of.site, &of.hall, &of.retrofit, &of.offer)
                && c.start <= of.start
        });
        same.map(|c| c.halls).sum()
    };
    small.decisions.conversions.iter().all(|c| by(small, c) <= by(large, c))
}

/// What holds of every frontier: it rises, no more is left open than two gaps that were accepted, every plan is audited, and
/// the programme is nested.
fn sound(frontier: &Frontier) {
    assert!(frontier.finished);
    let last = &frontier.points.last().unwrap().plan;
    let accepted = f64::max(1.0, last.settings.gap.0 * last.uplift_usd.0.usd() + 1e-6 * last.npv_usd.0.usd().abs());
    for point in &frontier.points {
        let open = point.gap_to_next.unwrap().0.usd();
        assert!(open <= 2.0 * accepted + 2.0, "at {:?} {open} USD stay open, {accepted} are accepted", point.budget);
    }
    for pair in frontier.points.windows(2) {
        assert!(pair[0].budget < pair[1].budget);
        assert!(pair[1].plan.npv_usd.0 - pair[0].plan.npv_usd.0 > pair[1].plan.gap_usd.0, "no gain below the gap");
    }
    let rows = rows(frontier);
    let printed = buys(frontier, &rows).rows;
    for (index, row) in rows.into_iter().enumerate() {
        let steps = row.changes.len() + row.nested_changes.len();
        assert!(steps == 0 || printed.iter().any(|cells| cells[0] == Cell::Money(row.budget_usd.0)), "{row:#?}");
        assert!(row.audit_passed, "{row:#?}");
        let away = |halls: i64| if index < frontier.base { halls < 0 } else { index > frontier.base && halls > 0 };
        assert!(row.nested_changes.iter().all(|change| away(change.halls)), "{row:#?}");
        assert!(row.price_of_nesting_usd.unwrap().0 >= Cents::ZERO, "a nested plan beats the best: {row:#?}");
    }
    let nested: Vec<&Plan> =
        frontier.points.iter().map(|point| &point.nested.as_ref().unwrap().as_ref().unwrap().plan).collect();
    assert_eq!(*nested[frontier.base], frontier.points[frontier.base].plan, "at the base they are the same");
    for (pair, point) in nested.windows(2).zip(&frontier.points) {
        assert!(nested_in(pair[0], pair[1]), "at {:?}", point.budget);
        assert!(pair[0].capital_usd.0 <= point.budget);
    }
}

/// Independent solves find nothing above the frontier, and no breakpoint but within gap and resolution of one.
fn nothing_above(frontier: &Frontier, fleet: &Fleet, settings: &Settings, grid: u32) {
    let (from, to) = (frontier.range.from.get(), frontier.range.to.get());
    for step in 0..=grid {
        let budget = from + (to - from) * f64::from(step) / f64::from(grid);
        let settings = Settings { budget: Some(Usd::new(budget)), ..settings.clone() };
        let free = planner_core::solve::plan(fleet, &settings, &run());
        let Ok(free) = free else {
            assert_eq!(worth(frontier, budget), None, "a plan at {budget} where none exists");
            continue;
        };
        let (npv, gap) = (free.npv_usd.0.usd(), free.gap_usd.0.usd());
        if let Some((worth, _)) = worth(frontier, budget) {
            assert!(worth <= npv + gap + 1.0, "at {budget} the frontier says {worth}, the best is {npv}");
        }
        let (near, to_next) = worth(frontier, budget + frontier.range.resolution.get()).unwrap();
        assert!(npv <= near + to_next + 2.0, "at {budget} there is {npv}, the frontier has {near} within {to_next}");
    }
}

#[test]
fn no_plan_lies_above_the_frontier() {
    let mut breakpoints = 0;
    for seed in [3, 5, 11, 18] {
        let fleet = fleet(&draw::portfolio(seed));
        let frontier = found(&fleet, &exact(), range(70e6));
        sound(&frontier);
        nothing_above(&frontier, &fleet, &exact(), 20);
        breakpoints += frontier.points.len() - 1;
        let all = plan(&fleet, &Settings { budget: Some(Usd::new(70e6)), ..exact() }).unwrap();
        let last = &frontier.points.last().unwrap().plan;
        assert!((all.npv_usd.0 - last.npv_usd.0).usd().abs() <= 1.0 + last.npv_usd.0.usd().abs() * 2e-6);
    }
    assert!(breakpoints >= 8, "{breakpoints} breakpoints are too few to tell anything");
}

/// With a wide gap some breakpoints are not claimed: what they gain lies within the gap up to the next.
#[test]
fn what_a_wide_gap_leaves_open_is_told() {
    let mut wider = 0;
    for seed in [3, 5, 11, 18, 20, 21] {
        let fleet = fleet(&draw::portfolio(seed));
        let frontier = found(&fleet, &Settings { gap: Share(0.1), ..Settings::default() }, range(70e6));
        sound(&frontier);
        nothing_above(&frontier, &fleet, &exact(), 20);
        wider += frontier.points.iter().filter(|point| point.gap_to_next > Some(point.plan.gap_usd)).count();
    }
    assert!(wider > 0, "no gap widens up to the next point: the test tells nothing");
}

/// The second line is the portfolio itself, its releases scaled.
#[test]
fn as_phased_is_the_portfolio_with_scaled_releases() {
    let seeds = (0..).filter(|seed| !fleet(&draw::portfolio(*seed)).pots.is_empty());
    let mut dearer = 0;
    for seed in seeds.take(3) {
        let whole = fleet(&draw::portfolio(seed));
        let frontier = found(&whole, &exact(), range(70e6));
        let sum: f64 = whole.pots[0].release.iter().map(|release| release.amount.get()).sum();
        for point in &frontier.points {
            let mut scaled = whole.clone();
            for release in &mut scaled.pots[0].release {
                release.amount = release.amount * (point.budget.usd() / sum);
            }
            let expected = plan(&scaled, &exact()).unwrap();
            let phased = point.phased.as_ref().unwrap().as_ref().unwrap();
            let missing = (expected.npv_usd.0 - phased.npv_usd.0).usd();
            assert!(missing.abs() <= 2.0, "seed {seed}, {:?}: {missing}", point.budget);
            dearer += usize::from(phased.npv_usd < point.plan.npv_usd);
        }
    }
    assert!(dearer > 0, "phasing costs nothing anywhere: the test tells nothing");
}

#[test]
fn a_base_in_the_middle_is_where_the_programme_is_the_best() {
    let fleet = fleet(&draw::portfolio(5));
    let base = Range { base: Some(Usd::new(30e6)), ..range(70e6) };
    let frontier = found(&fleet, &exact(), base);
    sound(&frontier);
    let at_base = frontier.points[frontier.base].budget.usd();
    let next = frontier.points.get(frontier.base + 1).map_or(f64::INFINITY, |point| point.budget.usd());
    assert!(frontier.base > 0 && at_base <= 30e6 && next > 30e6, "{at_base} {next}");
    assert!(worth(&found(&fleet, &exact(), range(70e6)), at_base).is_some());
}

/// Machines may be bought one by one: the frontier is a straight line that no breakpoint interrupts.
#[test]
fn machines_are_followed_to_the_resolution() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
    change(&mut files, "machines.csv", ",4000,", ",1000,");
    let deck = files.0.get_mut("library/decks/flat/deck.toml").unwrap();
    deck.push_str("[[machine_price]]\nmodel = \"round\"\nprice = \"2 USD/TH\"\nfrom = 2026-01-01\n");
    let fleet = fleet(&files);
    let frontier = found(&fleet, &exact(), range(1e6));
    sound(&frontier);
    // One machine costs 500 USD and earns 5.25 · 730 = 3,832.50 USD.
    let slope = (3832.5 - 500.0) / 500.0;
    for thousands in [0.0, 137.0, 500.0, 998.0] {
        let missing = 1000.0 * 3832.5 + slope * thousands * 1e3 - worth(&frontier, thousands * 1e3).unwrap().0;
        assert!((-10.0..slope * 1e4 + 10.0).contains(&missing), "at {thousands},000 USD {missing} are missing");
    }
    assert!(rows(&frontier).iter().all(|row| row.changes.is_empty()), "no conversion");
}

/// Money for one of two leases comes in time, that for the other too late.
#[test]
fn what_a_committee_asks_first_stands_on_top_worked_by_hand() {
    let mut files = small::two_leases();
    let pot = "[[pot]]\nid = \"growth\"\nrelease = [{ from = 2028-01-01, amount = \"25 MUSD\" }, { from = 2029-07-01, amount = \"25 MUSD\" }]\n";
    files.0.entry("portfolio.toml".to_owned()).and_modify(|head| head.push_str(pot));
    let folder = tempfile::tempdir().unwrap();
    planner_tests::write(&files, folder.path());
    let screen = told(&planner(&["compare", ".", "--budgets", "0..60 MUSD", "--quiet"], folder.path()), 0);
    // 3.2 and 2.816 MUSD for 16 MUSD each; scaled to 32 MUSD the pot has 16 MUSD in time.
    let expected = "\
To ask for     up to 32.0 M$ as one total at any date · NPV 6.02 M$
               more, up to 60.0 M$ · gains at most 0 M$
What it buys   the last 16.0 M$ · above 16.0 M$ · gain 2.82 M$ of NPV
               0.18 $ for each $
Goes first     from 32.0 M$ · down to 16.0 M$ · 1 hall at hills (liquid, other)
               NPV 2.82 M$ less where halls are only dropped or delayed
               2.82 M$ less where all is planned anew
With dates     the pots' releases of 50.0 M$ · scaled to 32.0 M$
               pay for 16.0 M$ of capital · NPV 3.20 M$
               2.82 M$ less than at any date · planner plan keeps these dates
";
    says(&screen, expected);
}

/// What tenants pay in advance relieves the pot, which pays for both leases; a total of 16 MUSD pays for one.
#[test]
fn where_the_range_ends_and_pots_are_relieved_the_first_lines_say_so() {
    let mut files = small::two_leases();
    for offer in ["offers/lease.toml", "offers/other.toml"] {
        let prepaid = "prepayment = { months = \"12 months\", paid = \"start\", credited = \"100 %\" }\nclass =";
        change(&mut files, offer, "class =", prepaid);
    }
    let pot = "[[pot]]\nid = \"growth\"\nrelieved_by = [\"prepayment\"]\nrelease = [{ from = 2028-01-01, amount = \"16 MUSD\" }]\n";
    files.0.entry("portfolio.toml".to_owned()).and_modify(|head| head.push_str(pot));
    let folder = tempfile::tempdir().unwrap();
    planner_tests::write(&files, folder.path());
    let screen = told(&planner(&["compare", ".", "--budgets", "0..16 MUSD", "--quiet"], folder.path()), 0);
    says(&screen, "the end of the range: more may gain more");
    says(&screen, "pay for 32.0 M$ of capital");
    says(&screen, "2.82 M$ more than at any date");
}

/// Plans by line and budget, as a folder would keep them.
type Kept = Mutex<BTreeMap<(bool, Cents), Plan>>;

fn with_shelf(kept: &Kept, fleet: &Fleet, threads: u32) -> (Frontier, usize) {
    let saved = Mutex::new(0);
    let find = |line, budget| kept.lock().unwrap().get(&(line == Line::Total, budget)).cloned();
    let keep = |line, budget, plan: &Plan| {
        *saved.lock().unwrap() += 1;
        kept.lock().unwrap().insert((line == Line::Total, budget), plan.clone());
    };
    let run = Run { threads, ..run() };
    let found = frontier(fleet, &Settings::default(), range(70e6), &Shelf { find: &find, keep: &keep }, &run);
    (found.unwrap(), saved.into_inner().unwrap())
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_frontier() {
    let fleet = fleet(&draw::portfolio(5));
    let kept = Kept::default();
    let (first, solved) = with_shelf(&kept, &fleet, 1);
    assert_eq!(kept.lock().unwrap().len(), solved);
    let mut number = 0;
    kept.lock().unwrap().retain(|_, plan| {
        number += 1;
        // A plan with other settings is of no use either.
        if number % 3 == 0 {
            plan.settings.include_loi = true;
        }
        number % 3 != 1
    });
    let (again, solved_again) = with_shelf(&kept, &fleet, 1);
    assert!(again == first, "the frontier is another");
    assert_eq!(solved_again, solved.div_ceil(3) + solved / 3);
}

#[test]
fn threads_change_nothing() {
    let bytes = |threads| {
        let (frontier, _) = with_shelf(&Kept::default(), &fleet(&draw::portfolio(18)), threads);
        let plans: Vec<_> = frontier.points.iter().map(|point| serde_json::to_string(&point.plan).unwrap()).collect();
        (serde_json::to_string(&rows(&frontier)).unwrap(), plans)
    };
    assert!(bytes(1) == bytes(2));
}

#[test]
#[ignore = "eighty plans of portfolios that take seconds each"]
fn no_plan_lies_above_the_frontier_of_shipped_portfolios() {
    for name in ["first-look", "keel-2026"] {
        let fleet = fleet(&shipped(name));
        let range = Range { resolution: Usd::new(10e6), ..range(1e9) };
        let frontier = no_shelf(|shelf| {
            frontier(&fleet, &Settings::default(), range, shelf, &Run { threads: 2, ..run() }).unwrap()
        });
        sound(&frontier);
        nothing_above(&frontier, &fleet, &Settings::default(), 39);
    }
}
