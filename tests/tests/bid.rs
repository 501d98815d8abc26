//! The least rent, and what clauses are worth: what is printed holds when it is tried.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use planner_core::analysis::bid::{Clause, NoBid, Rent, bid};
use planner_core::analysis::explain::{About, Alternative, Alternatives, Lever, explain};
use planner_core::audit::judge;
use planner_core::domain::Fleet;
use planner_core::options::enumerate;
use planner_core::plan::ledger::present_value;
use planner_core::plan::{MERCHANT, Plan, Settings};
use planner_tests::alternatives::{ROUNDING, alternative, best_if, draw_alternatives, proved};
use planner_tests::small::{change, pads};
use planner_tests::{draw, fleet, plan, run};

/// Facts with the offer at a rent, and with a clause changed.
fn offered(plan: &Plan, of: &Alternative, rent: f64, clause: Option<Clause>) -> (Fleet, Settings, Alternative) {
    let (mut fleet, settings, of) = Lever::Rent.applied(&plan.inputs, &plan.settings, of, rent).unwrap();
    if let Some(clause) = clause {
        assert!(fleet.offers.iter_mut().filter(|offer| offer.id == of.offer).all(|offer| clause.write(offer)));
    }
    (fleet, settings, of)
}

/// A bid is taken at its rent and not below; so it is with each clause at the rent that the clause is worth, and NPV stays
/// what it is within the gaps and the resolutions. The number of clauses with a worth.
fn bid_holds(plan: &Plan, of: &Alternative) -> Option<usize> {
    let found = bid(plan, of, &run()).unwrap();
    let rent = found.rent?;
    let (before, within) = taken_from(plan, of, rent, None).unwrap_or_else(|| panic!("{of}: {found:#?}"));
    let (fleet, settings, named) = offered(plan, of, rent.least, None);
    let options = enumerate(&fleet, &settings);
    let mut served = options.halls.iter().map(|option| Alternative::of_option(&fleet, option));
    // Where the offer may be served there in another way, too, a clause changes what its rent is compared with.
    let alone = served.all(|one| one.offer != named.offer || one == named);
    let mut worths = 0;
    for worth in &found.clauses {
        let Some(with) = worth.rent else { continue };
        let (after, and) = taken_from(plan, of, with, Some(worth.clause)).unwrap_or_else(|| panic!("{of}: {worth:#?}"));
        assert!(!alone || (after - before).abs() <= within + and, "{of}: {before} USD, then {after}: {worth:#?}");
        worths += 1;
    }
    Some(worths)
}

/// NPV at the least rent, in dollars, and how far it may lie from that where the offer is worth nothing either way; `None`
/// where it is not taken there, or short of it.
fn taken_from(plan: &Plan, of: &Alternative, rent: Rent, clause: Option<Clause>) -> Option<(f64, f64)> {
    best_if(&offered(plan, of, rent.least - rent.resolution, clause), false)?;
    let taken = best_if(&offered(plan, of, rent.least, clause), true)?;
    let (fleet, settings, _) = offered(plan, of, rent.least + 1.0, clause);
    let dearer = present_value(&fleet.calendar, &judge(&fleet, &settings, &taken.decisions).ledger);
    let per_dollar = (dearer.0 - taken.npv_usd.0).usd();
    assert!(per_dollar > 0.0, "{of}: more rent is worth {per_dollar} USD");
    Some((taken.npv_usd.0.usd(), taken.gap_usd.0.usd() + per_dollar * rent.resolution + ROUNDING.usd()))
}

#[test]
fn a_bid_worked_by_hand() {
    let mut files = pads(8, "2028-01-01", &["plains"]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "80 USD/kW-month");
    let plan = plan(&fleet(&files), &proved()).unwrap();
    let of = alternative("plains", "liquid", "lease");
    let found = bid(&plan, &of, &run()).unwrap();
    assert!(!found.taken);
    assert_eq!(found.rent.map(|rent| (rent.least, rent.resolution)), Some((83.34, 0.01)));
    let worth = |clause| found.clauses.iter().find(|worth| worth.clause == clause).unwrap();
    // The tenant pays all of the 1,000 USD/kW-IT: at no rent is it lost.
    assert_eq!((worth(Clause::TenantFunding).rent, worth(Clause::TenantFunding).applies), (None, true));
    // One year of rent has no anniversary, and without a rate it does not matter when it is paid.
    for clause in [Clause::Escalator, Clause::Prepayment] {
        assert_eq!(worth(clause).worth, Some(0.0), "{clause:?}");
    }
    for clause in [Clause::LongStop, Clause::Backstop] {
        assert!(!worth(clause).applies, "{clause:?}");
    }
    bid_holds(&plan, &of);
    let none = bid(&plan, &alternative("plains", "liquid", "nobody"), &run()).unwrap_err();
    assert_eq!(none.to_string(), "plains liquid nobody: no hall there is converted so for it");
    assert!(matches!(none, NoBid::NoOption(..)));
    let none = bid(&plan, &alternative("plains", "liquid", MERCHANT), &run()).unwrap_err();
    assert_eq!(none.to_string(), "plains liquid merchant: merchant capacity has no offer, and so no rent to bid");
}

#[test]
fn bids_in_drawn_portfolios_hold() {
    let (mut bids, mut worths) = (0, 0);
    for seed in 0..5 {
        let plan = plan(&fleet(&draw::portfolio(seed)), &proved()).unwrap();
        let told = explain(&plan, About::Plan, &[], &run(), &|_| {}).unwrap();
        let one = told.rejected.iter().find(|one| one.npv_change_usd.is_some()).or(told.chosen.first());
        if let Some(found) = one.and_then(|one| bid_holds(&plan, &one.alternative)) {
            bids += 1;
            worths += found;
        }
    }
    assert!(bids >= 3 && worths >= 3, "{bids} bids, {worths} clauses");
}

#[test]
#[ignore = "half an hour: make test-long"]
fn fifteen_bids() {
    let offers = |all: Alternatives| -> BTreeSet<Alternative> {
        let with_options = all.chosen.into_iter().chain(all.open);
        with_options.filter(|one| one.offer.as_str() != MERCHANT).collect()
    };
    draw_alternatives(15, 15, offers, |plan, one| bid_holds(plan, one).is_some());
}
