//! Machines that move, are stored, or run on slack, and sites that are left, on the tiny portfolio.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::tests::{exact, run, unpaid};
use super::*;
use crate::domain::calendar::Period;
use crate::domain::fixture;
use crate::domain::ids::SiteId;
use crate::domain::machine::{MachineModel, Moves};
use crate::domain::offer::OfferStatus;
use crate::domain::site::{EnergyPrice, HallUse, MinimumBill, Tenure, ThirdParty};
use crate::plan::ledger::Category;
use crate::plan::{MachineAction, MachineDecision};
use crate::units::{
    Days, GrossMw, MilliMachines, Months, Share, TeraHash, Usd, UsdPerKw, UsdPerKwMonth, UsdPerMachine,
    UsdPerMachineMonth, UsdPerMwMonth, UsdPerMwh, UsdPerTh, UsdPerYear, Watts,
};

fn solve(fleet: &Fleet) -> Plan {
    let plan = plan(fleet, &exact(), &run()).unwrap();
    for decisions in [&plan.decisions, &plan.twin.decisions] {
        conserved(fleet, decisions);
    }
    plan
}

/// One of north's two halls is converted at once whatever happens; nothing new can be bought, and nothing fails.
fn signed() -> Fleet {
    let mut fleet = fixture::fleet();
    fleet.calendar.latest_start = fleet.calendar.start;
    fleet.pots.clear();
    fleet.offers[0].status = OfferStatus::Signed;
    fleet.deck.machine_prices.clear();
    fleet.models[0].failure = Share::NONE;
    fleet
}

/// The same with moves at this freight, and with mining halls at `south`, which is ours.
fn with_racks_at_south(freight: f64) -> Fleet {
    let mut fleet = signed();
    fleet.sites[1].tenure = Tenure::Owned;
    fleet.sites[1].halls[0].hall_use = HallUse::Mining;
    fleet.sites[1].halls[0].retrofits.clear();
    fleet.handling.moves = Some(moves(freight));
    fleet
}

fn moves(freight: f64) -> Moves {
    let (freight, freight_other_region) = (UsdPerMachine::new(freight), UsdPerMachine::new(freight + 15.0));
    Moves { freight, freight_other_region, downtime: Days(5) }
}

fn acts(decisions: &Decisions, action: MachineAction) -> Vec<&MachineDecision> {
    decisions.machines.iter().filter(|one| one.action == action).collect()
}

fn total(ledger: &[LedgerLine], site: &str, category: &Category) -> f64 {
    let lines = ledger.iter().filter(|line| line.site.as_str() == site && line.category == *category);
    lines.map(|line| line.amount_cents).sum::<Cents>().usd()
}

/// Replays what is decided: no machine appears, disappears, or works without being there.
fn conserved(fleet: &Fleet, decisions: &Decisions) {
    for model in &fleet.models {
        let mut held: BTreeMap<SiteId, i64> = BTreeMap::new();
        for lot in fleet.machines.iter().filter(|lot| lot.model == model.id) {
            *held.entry(lot.site.clone()).or_default() += lot.count.0;
        }
        for period in fleet.calendar.all_periods() {
            for (place, count) in &mut held {
                if period.0 > 0 && !place.as_str().starts_with("storage/") {
                    let survival = (1.0 - model.failure.0).powf(f64::from(fleet.calendar.period.months()) / 12.0);
                    *count = MilliMachines::nearest(MilliMachines(*count).count() * survival).0;
                }
            }
            let mine = decisions.machines.iter().filter(|one| one.model == model.id && one.period == period);
            let mine: Vec<_> = mine.collect();
            let mut working: BTreeMap<&SiteId, i64> = BTreeMap::new();
            for one in &mine {
                match one.action {
                    MachineAction::Sell => *held.entry(one.site.clone()).or_default() -= one.count.0,
                    MachineAction::Move | MachineAction::Store => {
                        *held.entry(one.site.clone()).or_default() -= one.count.0;
                    }
                    MachineAction::Buy => {}
                    MachineAction::Run | MachineAction::Ballast => {
                        *working.entry(&one.site).or_default() += one.count.0;
                    }
                }
            }
            assert!(held.values().all(|count| *count >= 0), "{period:?}: {held:?}");
            for one in &mine {
                let reaches = match one.action {
                    MachineAction::Buy => Some(&one.site),
                    _ => one.to.as_ref(),
                };
                if let Some(place) = reaches {
                    *held.entry(place.clone()).or_default() += one.count.0;
                }
            }
            let there = |place: &&SiteId| held.get(place).copied().unwrap_or(0);
            assert!(working.iter().all(|(place, count)| *count <= there(place)), "{period:?}: {working:?} of {held:?}");
        }
    }
}

#[test]
fn machines_of_a_converted_hall_move_to_free_racks() {
    let plan = solve(&with_racks_at_south(5.0));
    let moved = acts(&plan.decisions, MachineAction::Move);
    let [one] = moved.as_slice() else { panic!("{moved:#?}") };
    // 41 MW of racks less a hall of 20 MW hold 21 MW / 3.675 kW.
    let count = 10_000.0 - 21_000.0 / 3.675;
    assert_eq!((one.site.as_str(), one.to.as_ref().unwrap().as_str(), one.period), ("north", "south", Period(0)));
    assert!((one.count.count() - count).abs() < 0.01, "{}", one.count.count());
    assert!(
        acts(&plan.decisions, MachineAction::Sell).iter().all(|sold| sold.period > Period(3)),
        "mining pays at first"
    );
    let each = |site, category| total(&plan.ledger, site, &category) / one.count.count();
    assert!((each("north", Category::MachineRemoval) + 20.0).abs() < 0.01);
    assert!((each("south", Category::MachineFreight) + 5.0).abs() < 0.01);
    assert!((each("south", Category::MachineInstallation) + 30.0).abs() < 0.01);
    // Five of January's 31 days: 0.046 · 200 · 31 · 0.95 · 0.99, less 3.675 kW · 744 h · 0.95 at 50 · 1.02^(6/12).
    let margin = 0.046 * 200.0 * 31.0 * 0.95 * 0.99 - 3.675 * 0.744 * 0.95 * 50.0 * 1.02_f64.powf(0.5);
    assert!((each("south", Category::MoveDowntime) + 5.0 / 31.0 * margin).abs() < 0.01);
}

#[test]
fn another_region_costs_its_own_freight() {
    let mut fleet = with_racks_at_south(5.0);
    fleet.sites[1].location.region = "east".to_owned();
    let plan = solve(&fleet);
    let moved = acts(&plan.decisions, MachineAction::Move);
    let freight = total(&plan.ledger, "south", &Category::MachineFreight);
    assert!((freight / moved[0].count.count() + 20.0).abs() < 0.01, "{freight}");
}

#[test]
fn worse_machines_are_evicted_only_where_freight_is_worth_it() {
    for (freight, evicted) in [(5.0, true), (3000.0, false)] {
        let mut fleet = with_racks_at_south(freight);
        let worse = MachineModel {
            id: "s19".into(),
            hashrate: TeraHash::new(105.0),
            power: Watts::new(3500.0),
            ..fleet.models[0].clone()
        };
        let mut lot = fleet.machines[0].clone();
        (lot.site, lot.model, lot.count) = ("south".into(), "s19".into(), MilliMachines(11_000_000));
        fleet.models.insert(0, worse);
        fleet.machines.push(lot);
        let plan = solve(&fleet);
        let sold = acts(&plan.decisions, MachineAction::Sell);
        let sold_first: Vec<_> =
            sold.iter().filter(|one| one.period == Period(0)).map(|one| one.model.as_str()).collect();
        assert_eq!(sold_first, if evicted { ["s19"] } else { ["s21"] }, "at {freight} USD");
        assert_eq!(!acts(&plan.decisions, MachineAction::Move).is_empty(), evicted, "at {freight} USD");
    }
}

#[test]
fn machines_move_to_cheap_power_in_the_twin_too() {
    let mut fleet = with_racks_at_south(5.0);
    fleet.offers[0].status = OfferStatus::Offered;
    fleet.sites[1].power.energy_price = EnergyPrice::Fixed(UsdPerMwh::new(25.0));
    fleet.machines[0].count = MilliMachines(9_999_999);
    let plan = solve(&fleet);
    let moved = acts(&plan.twin.decisions, MachineAction::Move);
    assert_eq!(moved.iter().map(|one| one.count.0).collect::<Vec<_>>(), [9_999_999], "to the last thousandth");
    let running = acts(&plan.twin.decisions, MachineAction::Run);
    assert!(running.iter().all(|one| one.site.as_str() == "south"));
}

/// Without racks elsewhere, with storage, and a resale price that changes by so much a month.
fn stored(by_month: f64) -> Fleet {
    let mut fleet = signed();
    fleet.handling.moves = Some(moves(5.0));
    fleet.handling.storage = Some(UsdPerMachineMonth::new(2.0));
    fleet.sites[1].mining.spare_racks = GrossMw::ZERO;
    for (at, month) in (0..).zip(&mut fleet.deck.months) {
        month.resale = vec![UsdPerTh::new(8.0 + by_month * f64::from(at))];
    }
    fleet
}

#[test]
fn machines_are_stored_where_their_price_will_rise_and_sold_where_it_will_not() {
    let plan = solve(&stored(0.5));
    let put = acts(&plan.decisions, MachineAction::Store);
    let [one] = put.as_slice() else { panic!("{put:#?}") };
    assert_eq!((one.site.as_str(), one.to.as_ref().unwrap().as_str()), ("north", "storage/west"));
    assert!(acts(&plan.decisions, MachineAction::Sell).iter().all(|sold| sold.period > Period(0)));
    // Six dollars a quarter, and the last month's price at the horizon, without removal.
    let kept = one.count.count();
    assert!((total(&plan.ledger, "storage/west", &Category::MachineStorage) + 8.0 * 6.0 * kept).abs() < 0.1);
    let worth = 200.0 * (8.0 + 0.5 * 23.0) * kept;
    assert!((total(&plan.ledger, "storage/west", &Category::MachineEndValue) - worth).abs() < 0.1);
    let sold = solve(&stored(-0.1));
    assert!(acts(&sold.decisions, MachineAction::Store).is_empty());
    assert!(acts(&sold.decisions, MachineAction::Sell).iter().any(|one| one.period == Period(0)));
}

#[test]
fn what_is_stored_is_sold_at_the_height_of_its_price() {
    let mut fleet = stored(0.5);
    fleet.deck.months[20..].iter_mut().for_each(|month| month.resale = vec![UsdPerTh::ZERO]);
    let plan = solve(&fleet);
    let from_storage: Vec<_> = acts(&plan.decisions, MachineAction::Sell)
        .into_iter()
        .filter(|one| one.site.as_str() == "storage/west")
        .map(|one| (one.period, one.count))
        .collect();
    let kept = acts(&plan.decisions, MachineAction::Store)[0].count;
    assert_eq!(from_storage, [(Period(6), kept)], "month 18 has the last of the high prices at a period's start");
    assert!((total(&plan.ledger, "storage/west", &Category::MachineSale) - 200.0 * 17.0 * kept.count()).abs() < 0.1);
}

#[test]
fn idle_machines_run_on_the_slack_of_hosted_load() {
    let mut fleet = signed();
    // Nobody buys them.
    fleet.deck.months.iter_mut().for_each(|month| month.resale = vec![UsdPerTh::ZERO]);
    // 10 MW are left beside a hosted hall, and racks for 21.
    fleet.sites[0].power.connection[0].power = GrossMw::new(30.0);
    fleet.sites[0].power.ballast = Some(Share(0.3));
    let plan = solve(&fleet);
    let on_slack = acts(&plan.decisions, MachineAction::Ballast);
    assert_eq!(on_slack[0].period, Period(4), "the first whole quarter of the contract");
    let most = 4000.0 / 3.675;
    assert!(on_slack.iter().all(|one| one.count.count() < most + 0.01), "{on_slack:#?}");
    assert!((on_slack[0].count.count() - most).abs() < 0.01);
    assert!(total(&plan.ledger, "north", &Category::BallastRevenue) > 0.0);
    assert!(total(&plan.ledger, "north", &Category::BallastEnergy) < 0.0);
    fleet.sites[0].power.ballast = None;
    assert!(acts(&solve(&fleet).decisions, MachineAction::Ballast).is_empty());
}

#[test]
fn a_site_is_mothballed_where_that_saves_more_than_mining_earns() {
    for (goes_on, mothballed) in [(0.0, true), (1.0, false)] {
        let mut fleet = unpaid();
        fleet.deck.machine_prices.clear();
        fleet.sites[0].exit.mothball = Some(Share(goes_on));
        let plan = solve(&fleet);
        let site = &plan.decisions.sites[0];
        assert_eq!(!site.mothballed.is_empty(), mothballed, "{site:?}");
        assert!(site.mothballed.iter().all(|period| *period >= Period(4)), "mining pays before the halving");
        let runs = acts(&plan.decisions, MachineAction::Run);
        assert!(runs.iter().all(|one| !site.mothballed.contains(&one.period)));
        let periods = f64::from(u32::try_from(site.mothballed.len()).unwrap());
        let saved = total(&plan.ledger, "north", &Category::MothballSaving);
        assert!((saved - periods * 150_000.0 * (1.0 - goes_on)).abs() < 0.01);
        assert_eq!(plan.twin.decisions.sites, plan.decisions.sites, "nothing is converted");
    }
}

#[test]
fn a_site_is_sold_where_its_price_beats_what_is_left() {
    for (price, sold) in [(300.0, true), (150.0, false)] {
        let mut fleet = unpaid();
        fleet.deck.machine_prices.clear();
        fleet.sites[0].exit.sale = Some(UsdPerKw::new(price));
        let plan = solve(&fleet);
        let state = &plan.decisions.sites[0];
        assert_eq!(state.sold.is_some(), sold, "{state:?}");
        let Some(from) = state.sold else { continue };
        assert!(from >= Period(3) && from < Period(8), "mining pays before the halving");
        assert!((total(&plan.ledger, "north", &Category::SiteSale) - 13.5e6).abs() < 0.01);
        let fixed = total(&plan.ledger, "north", &Category::MiningFixedCost);
        assert!((fixed + 150_000.0 * f64::from(from.0)).abs() < 0.01, "until the sale");
        assert!(total(&plan.ledger, "north", &Category::SiteEndValue).abs() < 0.01);
        let later = |one: &MachineDecision| one.site.as_str() == "north" && one.period > from;
        assert!(!plan.decisions.machines.iter().any(later));
    }
}

#[test]
fn a_site_that_is_converted_is_not_sold() {
    let mut fleet = signed();
    fleet.sites[0].exit.sale = Some(UsdPerKw::new(3000.0));
    assert_eq!(solve(&fleet).decisions.sites[0].sold, None);
    fleet.offers[0].status = OfferStatus::Offered;
    let plan = solve(&fleet);
    assert!(plan.decisions.conversions.is_empty() && plan.decisions.sites[0].sold.is_some());
}

/// Machines that fetch more at once than they earn, and a least bill of 1.5 M$ a month until a date.
fn owed(until: Date) -> Fleet {
    let mut fleet = unpaid();
    fleet.deck.machine_prices.clear();
    fleet.models[0].failure = Share::NONE;
    fleet.deck.months.iter_mut().for_each(|month| month.resale = vec![UsdPerTh::ZERO]);
    fleet.deck.months[0].resale = vec![UsdPerTh::new(10.0)];
    fleet.sites[0].power.minimum_bill = Some(MinimumBill { amount: UsdPerYear::new(18e6), until });
    fleet
}

#[test]
fn a_least_bill_keeps_machines_that_would_be_sold() {
    let kept = solve(&owed(date(2027, 12, 31)));
    assert!(acts(&kept.decisions, MachineAction::Sell).iter().all(|one| one.period > Period(0)));
    let runs = acts(&kept.decisions, MachineAction::Run);
    assert_eq!(runs[0].count, MilliMachines(10_000_000));
    // 36.75 MW for 95 % of the hours, at 50 dollars of July 2026.
    let energy = |month: i32, hours: f64| 36.75 * hours * 0.95 * 50.0 * 1.02_f64.powf(f64::from(month + 6) / 12.0);
    let months = [744.0, 672.0, 744.0].into_iter().zip(0..);
    let due: f64 = months.map(|(hours, month)| 1.5e6 - energy(month, hours)).sum();
    let first = kept.ledger.iter().find(|l| l.category == Category::MinimumBill && l.period == Period(0)).unwrap();
    assert!((first.amount_cents.usd() + due).abs() < 0.01, "{} for {due}", first.amount_cents.usd());
    let sold = solve(&owed(date(2027, 2, 1)));
    assert!(acts(&sold.decisions, MachineAction::Run).is_empty(), "two months are not worth it");
    assert!((total(&sold.ledger, "north", &Category::MinimumBill) + 3e6).abs() < 0.01);
}

#[test]
fn a_site_that_is_sold_owes_no_least_bill() {
    let mut fleet = owed(date(2028, 12, 31));
    fleet.sites[0].exit.sale = Some(UsdPerKw::new(300.0));
    let plan = solve(&fleet);
    let from = plan.decisions.sites[0].sold.unwrap();
    assert!(plan.ledger.iter().all(|line| line.category != Category::MinimumBill || line.period < from));
}

#[test]
fn a_customer_is_given_notice_and_a_dear_fee_is_waited_out() {
    for (fee, start, off, exit) in
        [(100_000.0, date(2027, 1, 1), date(2027, 7, 1), -100_000.0), (50e6, date(2027, 7, 1), date(2027, 11, 1), 0.0)]
    {
        let mut fleet = signed();
        fleet.calendar.latest_start = date(2027, 12, 31);
        (fleet.offers[0].rent, fleet.offers[0].earliest) = (UsdPerKwMonth::new(300.0), None);
        fleet.sites[0].halls[0].hall_use = HallUse::ThirdParty(ThirdParty {
            margin: UsdPerMwMonth::new(3000.0),
            until: date(2027, 10, 15),
            notice: Months(6),
            fee: Usd::new(fee),
        });
        let plan = solve(&fleet);
        let [one] = plan.decisions.conversions.as_slice() else { panic!("{:?}", plan.decisions.conversions) };
        assert_eq!((one.halls, one.start), (1, start), "for a fee of {fee}");
        assert_eq!(one.mining_off, Some(off), "six months of notice, or to the end of the contract");
        assert!((total(&plan.ledger, "north", &Category::Capex("exit".to_owned())) - exit).abs() < 0.01);
        let months = if exit < 0.0 { 16.0 } else { 20.0 };
        let margin = total(&plan.ledger, "north", &Category::ThirdPartyMargin);
        assert!((margin - months * 60_000.0).abs() < 0.01, "ten months of two halls, less what is lost: {margin}");
    }
}
