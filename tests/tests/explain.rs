//! The price of each "no": what is printed holds when it is tried.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::analysis::explain::{About, Alternatives, Binding, Explained, Explanation, Lever, explain};
use planner_core::domain::Fleet;
use planner_core::domain::offer::OfferStatus;
use planner_core::domain::policy::{Lock, LockKind};
use planner_core::options::enumerate;
use planner_core::plan::{Plan, Settings};
use planner_core::report::break_even::{self, Slip};
use planner_core::solve::{self, SolveError};
use planner_core::units::{Cents, Months, Share, Usd, UsdCents};
use planner_tests::alternatives::{ROUNDING, alternative, best, best_if, draw_alternatives, locked, proved};
use planner_tests::draw;
use planner_tests::small::{self, change, pads};
use planner_tests::{fleet, plan, run, shipped};

fn all(plan: &Plan, levers: &[Lever]) -> Explanation {
    explain(plan, About::Plan, levers, &run(), &|_| {}).unwrap()
}

/// Forces an alternative in, or leaves it out, in a plan of its own.
fn changes_by_what_is_printed(plan: &Plan, one: &Explained) {
    let kind = if one.chosen { LockKind::Forbid } else { LockKind::Force };
    let other = locked(&plan.inputs, &plan.settings, &one.alternative, kind);
    let change = other.as_ref().map(|other| other.npv_usd.0 - plan.npv_usd.0);
    match (change, one.npv_change_usd) {
        (None, None) => {}
        (Some(found), Some(UsdCents(printed))) => {
            let gap = one.gap_usd.0 + other.map_or(Cents::ZERO, |other| other.gap_usd.0) + ROUNDING;
            let far = (found - printed).0.abs();
            assert!(far <= gap.0, "{}: {} printed, {} found", one.alternative, printed.usd(), found.usd());
        }
        differ => panic!("{}: {differ:?}", one.alternative),
    }
}

/// Applies every break-even, and stays short of it by its resolution.
fn flips_where_it_is_printed(plan: &Plan, one: &Explained) -> usize {
    for found in &one.break_even {
        let short = if (found.lever == Lever::Rent || found.lever == Lever::Budget) == one.chosen {
            found.value + found.resolution
        } else {
            found.value - found.resolution
        };
        let at = |value| found.lever.applied(&plan.inputs, &plan.settings, &one.alternative, value).unwrap();
        assert!(best_if(&at(found.value), !one.chosen).is_some(), "{}: {found:?}", one.alternative);
        assert!(best_if(&at(short), one.chosen).is_some(), "{} at {short}: {found:?}", one.alternative);
    }
    one.break_even.len()
}

/// Waits as is printed: a period later it loses so much, and past the last start the offer, or at least that much.
fn waits_as_is_printed(plan: &Plan, one: &Explained) -> usize {
    let calendar = &plan.inputs.calendar;
    let starts: Vec<_> = calendar.start_periods().map(|period| calendar.period_start(period)).collect();
    for by in &one.decide_by {
        let lock =
            |kind, start| Lock { hall: Some(by.hall.clone()), start, halls: by.halls, ..one.alternative.lock(kind) };
        let with = |locks: Vec<Lock>| {
            let mut fleet = plan.inputs.clone();
            fleet.locks.extend(locks);
            best(&fleet, &plan.settings)
        };
        let early = starts.iter().filter(|day| **day <= by.start).map(|day| lock(LockKind::Forbid, Some(*day)));
        let later = with(early.chain([lock(LockKind::Force, None)]).collect());
        let slack = |other: &Plan| (by.gap_usd.0 + other.gap_usd.0 + ROUNDING).usd();
        match (&later, by.waiting_usd) {
            (None, None) => {}
            (Some(later), Some(UsdCents(printed))) => {
                let lost = (plan.npv_usd.0 - later.npv_usd.0 - printed).usd();
                assert!(lost.abs() <= slack(later), "{}: {by:?}, {lost} USD more", one.alternative);
            }
            differ => panic!("{}: {by:?}, {differ:?}", one.alternative),
        }
        let Some(past) = starts.iter().find(|day| **day > by.last_start) else { continue };
        if let Some(past) = with(vec![lock(LockKind::Force, Some(*past))]) {
            let lost = plan.npv_usd.0 - past.npv_usd.0;
            let printed = by.waiting_usd.unwrap_or_else(|| panic!("{}: {by:?}, but it starts later", one.alternative));
            assert!((printed.0 - lost).usd() <= slack(&past), "{}: {by:?}, {lost:?} lost", one.alternative);
        }
    }
    one.decide_by.len()
}

#[test]
fn what_a_lease_earns_and_what_would_end_it_worked_by_hand() {
    // Five quarters: started in the first, all twelve months of rent fall within them; later ones lose 4.8 MUSD each.
    let mut files = pads(5, "2028-10-01", &["plains"]);
    change(&mut files, "offers/lease.toml", "class =", "long_stop = 2028-08-15\nclass =");
    let plan = plan(&fleet(&files), &proved()).unwrap();
    let told = all(&plan, &Lever::ALL);
    assert!(told.rejected.is_empty());
    let [one] = told.chosen.as_slice() else { panic!("{told:#?}") };
    assert_eq!(one.npv_change_usd, Some(UsdCents(Cents(-320_000_000))));
    let even = |lever| one.break_even.iter().find(|found| found.lever == lever).map(|f| (f.value, f.resolution));
    // 16 MUSD / (16,000 kW · 12 months) = 83.333; 19.2 / 16 = 1.2, where nothing is gained or lost.
    assert_eq!(even(Lever::Rent), Some((83.33, 0.01)));
    let (capex, resolution) = even(Lever::Capex).unwrap();
    assert!((capex - 1.201).abs() < 1e-9 && (resolution - 0.002).abs() < 1e-9, "{capex} {resolution}");
    // Two months late it has ten months of rent, which are the capex.
    let (slip, _) = even(Lever::Slip).unwrap();
    assert!((slip - 3.0).abs() < 1e-9, "{slip}");
    let [by] = one.decide_by.as_slice() else { panic!("{one:#?}") };
    assert_eq!((by.start.to_string().as_str(), by.last_start.to_string().as_str()), ("2028-01-01", "2028-04-01"));
    assert_eq!(by.then, "it would be ready after the long-stop date");
    assert_eq!(by.waiting_usd, Some(UsdCents(Cents(480_000_000))));
    flips_where_it_is_printed(&plan, one);
    // With the plan held, by the same arithmetic; nothing is mined here.
    let rents = break_even::rent_down(&plan).unwrap();
    let capex = break_even::capex_up(&plan).unwrap();
    assert!((rents - 1.0 / 6.0).abs() < 1e-6 && (capex - 0.2).abs() < 1e-9, "{rents} {capex}");
    assert_eq!(break_even::slipped(&plan), Some(Slip { by: Months(2), loses_an_offer: false }));
    assert_eq!(break_even::hashprice_factor(&plan), None);
    let mut sooner = plan.clone();
    sooner.inputs.offers[0].long_stop = Some("2028-03-15".parse().unwrap());
    assert_eq!(break_even::slipped(&sooner), Some(Slip { by: Months(1), loses_an_offer: true }));
    // One period later the offer is lost.
    let mut late = plan.inputs.clone();
    let start = Some("2028-07-01".parse().unwrap());
    late.locks.push(Lock { start, ..one.alternative.lock(LockKind::Force) });
    assert!(matches!(planner_tests::plan(&late, &plan.settings), Err(SolveError::Infeasible(_))));
}

/// Two leases for two sites, and money for one of them.
fn rivals() -> Plan {
    plan(&fleet(&small::two_leases()), &Settings { budget: Some(Usd::new(17e6)), ..proved() }).unwrap()
}

#[test]
fn what_money_keeps_out_is_told_with_the_rule_and_what_would_flip_it() {
    let plan = rivals();
    let told = all(&plan, &Lever::ALL);
    let [one] = told.rejected.as_slice() else { panic!("{told:#?}") };
    assert_eq!(one.alternative, alternative("hills", "liquid", "other"));
    // 2 USD/kW-month less, on 16,000 kW for twelve months.
    assert_eq!(one.npv_change_usd, Some(UsdCents(Cents(-38_400_000))));
    let Some(Binding::Rule(rule)) = &one.binding else { panic!("{one:#?}") };
    assert_eq!(
        (rule.rule.as_str(), rule.line.as_str(), rule.message.as_str()),
        ("budget", "budget", "32,000,000.00 USD of capital exceed the cap of 17,000,000.00 USD")
    );
    let value = |lever| one.break_even.iter().find(|found| found.lever == lever).map(|found| found.value);
    assert_eq!((value(Lever::Rent), value(Lever::Budget)), (Some(100.01), Some(32e6)));
    assert!(value(Lever::Capex).is_some_and(|capex| capex < 1.0), "{one:#?}");
    assert_eq!(one.no_flip, [Lever::Slip], "it would not be worth more for being sooner");
    flips_where_it_is_printed(&plan, one);
}

#[test]
fn what_is_signed_has_no_break_even() {
    let mut files = pads(8, "2028-01-01", &["plains"]);
    change(&mut files, "offers/lease.toml", "class =", "status = \"signed\"\nclass =");
    let plan = plan(&fleet(&files), &Settings { budget: Some(Usd::new(17e6)), ..proved() }).unwrap();
    let told = all(&plan, &Lever::ALL);
    let [one] = told.chosen.as_slice() else { panic!("{told:#?}") };
    assert_eq!(one.no_flip, Lever::ALL);
    // With less than 16 MUSD it does not drop out: there is no plan.
    assert_eq!((one.npv_change_usd, one.break_even.as_slice()), (None, [].as_slice()));
}

/// Below what the signed lease needs there is no plan at all, with the other site or without it.
#[test]
fn where_no_plan_exists_nothing_pays() {
    let mut plan = rivals();
    plan.inputs.offers.iter_mut().for_each(|offer| {
        if offer.id.as_str() == "lease" {
            offer.status = OfferStatus::Signed;
        }
    });
    let plan = planner_tests::plan(&plan.inputs, &Settings { budget: Some(Usd::new(40e6)), ..proved() }).unwrap();
    let hills = alternative("hills", "liquid", "other");
    let told = explain(&plan, About::One(&hills), &[Lever::Budget], &run(), &|_| {}).unwrap();
    let [one] = told.chosen.as_slice() else { panic!("{told:#?}") };
    let [even] = one.break_even.as_slice() else { panic!("no budget at which it drops out: {one:#?}") };
    assert!((16e6..32e6).contains(&even.value) && even.value + even.resolution >= 32e6, "{even:?}");
    flips_where_it_is_printed(&plan, one);
}

#[test]
fn a_name_stands_for_all_that_concerns_it_and_what_cannot_be_has_its_reason() {
    let plan = rivals();
    let named = |name| explain(&plan, About::Named(name), &[], &run(), &|_| {}).unwrap();
    let told = named("plains");
    assert_eq!((told.chosen.len(), told.rejected.len()), (1, 1));
    assert_eq!(told.rejected[0].alternative, alternative("plains", "liquid", "other"));
    assert_eq!(told.rejected[0].binding, Some(Binding::NoOption("the offer cannot be served there".to_owned())));
    assert_eq!(told.rejected[0].npv_change_usd, None);
    assert_eq!(named("liquid").rejected.len(), 3);
    assert_eq!(named("nobody"), Explanation::default());
}

#[test]
fn figures_change_as_a_portfolio_would_say_it() {
    let mut files = pads(8, "2028-01-01", &["hills", "plains"]);
    change(
        &mut files,
        "library/retrofits/liquid.toml",
        "id = \"fit-out\"\nmonths = \"1 months\"",
        "id = \"fit-out\"\nmonths = \"3 months\"",
    );
    let pot = "[[pot]]\nid = \"growth\"\nrelease = [{ from = 2028-01-01, amount = \"10 MUSD\" }, { from = 2028-07-01, amount = \"30 MUSD\" }]\n";
    files.0.entry("portfolio.toml".to_owned()).and_modify(|head| head.push_str(pot));
    let (fleet, settings, of) = (fleet(&files), proved(), alternative("plains", "liquid", "lease"));
    let applied = |lever: Lever, value| lever.applied(&fleet, &settings, &of, value);

    // What plains gets stands in an offer of its own, and only one of the two is taken.
    let (rented, _, own) = applied(Lever::Rent, 90.0).unwrap();
    assert_eq!(own, alternative("plains", "liquid", "lease-at-plains"));
    let told: Vec<_> =
        rented.offers.iter().map(|o| (o.id.to_string(), o.rent.get(), o.exclusive_group.clone())).collect();
    let group = Some("lease".to_owned());
    assert_eq!(told, [("lease".to_owned(), 100.0, group.clone()), ("lease-at-plains".to_owned(), 90.0, group)]);
    let served = |id: &str, site: &str| {
        let offer = rented.offers.iter().find(|offer| offer.id.as_str() == id).unwrap();
        offer.eligible_at(rented.site(&site.into()).unwrap())
    };
    assert_eq!([served("lease", "hills"), served("lease", "plains")], [true, false]);
    assert_eq!([served("lease-at-plains", "hills"), served("lease-at-plains", "plains")], [false, true]);

    let (dearer, ..) = applied(Lever::Capex, 1.5).unwrap();
    let own = |fleet: &Fleet, site: &str| fleet.site(&site.into()).unwrap().override_of(&"liquid".into()).cloned();
    assert_eq!((own(&dearer, "plains").map(|own| own.cost_factor), own(&dearer, "hills")), (Some(Share(1.5)), None));

    let ready = |months: f64| {
        let (fleet, settings, _) = applied(Lever::Slip, months)?;
        let options = enumerate(&fleet, &settings);
        options.halls.iter().find(|option| fleet.sites[option.site].id.as_str() == "plains").map(|o| o.dates.ready.0)
    };
    // Five months; two of the three of its last step can be saved.
    assert_eq!(
        [ready(2.0), ready(0.0), ready(-1.0), ready(-2.0), ready(-3.0)],
        [Some(7), Some(5), Some(4), Some(3), None]
    );

    let (richer, ..) = applied(Lever::Budget, 80e6).unwrap();
    let sums: Vec<f64> = richer.pots[0].release.iter().map(|release| release.amount.get()).collect();
    assert!((sums[0] - 20e6).abs() < 1e-3 && (sums[1] - 60e6).abs() < 1e-3, "{sums:?}");
}

#[test]
fn without_a_rule_in_its_way_it_earns_too_little() {
    let mut files = pads(8, "2028-01-01", &["plains"]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "80 USD/kW-month");
    let plan = plan(&fleet(&files), &proved()).unwrap();
    let told = all(&plan, &[Lever::Rent]);
    let [one] = told.rejected.as_slice() else { panic!("{told:#?}") };
    assert_eq!((one.binding.as_ref(), one.break_even[0].value), (Some(&Binding::Worth), 83.34));
    flips_where_it_is_printed(&plan, one);
}

#[test]
fn drawn_portfolios_keep_what_is_printed_of_them() {
    let (mut changes, mut flips, mut waits) = (0, 0, 0);
    for seed in 0..6 {
        let plan = plan(&fleet(&draw::portfolio(seed)), &proved()).unwrap();
        let told = all(&plan, &[Lever::Rent, Lever::Capex]);
        for one in told.chosen.iter().chain(&told.rejected) {
            changes_by_what_is_printed(&plan, one);
            flips += flips_where_it_is_printed(&plan, one);
            waits += waits_as_is_printed(&plan, one);
            changes += 1;
        }
    }
    assert!(changes >= 15 && flips >= 15 && waits >= 5, "{changes} changes, {flips} flips, {waits} dates");
}

#[test]
fn threads_do_not_change_what_is_said() {
    let plan = plan(&fleet(&draw::portfolio(1)), &proved()).unwrap();
    let with = |threads| {
        let run = solve::Run { threads, ..run() };
        explain(&plan, About::Plan, &[Lever::Rent], &run, &|_| {}).unwrap()
    };
    assert_eq!(with(1), with(3));
}

#[test]
#[ignore = "a quarter of an hour: make test-long"]
fn thirty_rejected_alternatives() {
    draw_alternatives(
        6,
        30,
        |all| all.open,
        |plan, one| {
            // In shipped portfolios a slip or a budget takes a quarter of an hour each.
            let short = plan.inputs.name.starts_with("Generated");
            let levers: &[Lever] = if short { &Lever::ALL } else { &[Lever::Rent, Lever::Capex] };
            let told = explain(plan, About::One(one), levers, &run(), &|_| {}).unwrap();
            changes_by_what_is_printed(plan, &told.rejected[0]);
            flips_where_it_is_printed(plan, &told.rejected[0]);
            told.rejected[0].npv_change_usd.is_some()
        },
    );
}

#[test]
#[ignore = "seven minutes: make test-long"]
fn decide_by_dates_of_shipped_plans() {
    let mut dates = 0;
    for name in ["first-look", "keel-2026"] {
        let plan = plan(&fleet(&shipped(name)), &Settings::default()).unwrap();
        let chosen = Alternatives::of(&plan, &enumerate(&plan.inputs, &plan.settings)).chosen;
        for one in &chosen {
            let told = explain(&plan, About::One(one), &[], &run(), &|_| {}).unwrap();
            changes_by_what_is_printed(&plan, &told.chosen[0]);
            dates += waits_as_is_printed(&plan, &told.chosen[0]);
            println!("{name} {one}: holds");
        }
    }
    assert!(dates >= 8, "{dates} dates");
}
