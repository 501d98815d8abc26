//! Cases small enough to be worked by hand; the arithmetic stands beside each.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use planner_core::plan::{MachineAction, Plan, Settings};
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::small::{self, ONE_HALL, TWO_HALLS, change};
use planner_tests::{fleet, plan};

fn solved(files: &InMemory) -> Plan {
    plan(&fleet(files), &Settings { gap: planner_core::units::Share::NONE, ..Settings::default() }).unwrap()
}

/// One hall and one offer across the halving of 2028-04-13, two years from 2028-01-01.
///
/// * Rent 16,000 kW · 100 USD · 12 months = 19.2 M$; capex 16,000 kW · 1,000 USD = 16 M$: 3.2 M$.
/// * 4,000 machines earn 91 days · 5.25 · 4,000 = 1,911,000 USD in the first quarter of 2028.
/// * April: subsidy (12 · 3.125 + 18 · 1.5625) / 30 = 2.1875, revenue 7.875 a day, less 6 of energy:
///   30 · 1.875 · 4,000 = 225,000 USD. From May 5.625 − 6 is a loss: off.
/// * A start in a quarter stops mining in its second month, and its racks are lost for the whole quarter.
#[test]
fn one_hall_and_one_offer_across_the_halving() {
    let expected: [(&str, Date, i64); 3] = [
        ("2028-01-01", date(2028, 1, 1), 3_200_000 - 1_911_000 - 225_000),
        ("2028-04-01", date(2028, 4, 1), 3_200_000 - 225_000),
        ("2028-07-01", date(2028, 7, 1), 3_200_000),
    ];
    for (latest_start, start, uplift_usd) in expected {
        let plan = solved(&small::portfolio("2028-01-01", 8, latest_start, &[("plains", ONE_HALL)]));
        assert_eq!(plan.twin_npv_usd.0.0, 213_600_000, "1,911,000 + 225,000 USD of mining");
        assert_eq!(plan.uplift_usd.0.0, uplift_usd * 100, "latest start {latest_start}");
        let conversion = &plan.decisions.conversions[0];
        assert_eq!((conversion.start, conversion.halls), (start, 1));
        assert_eq!(plan.capital_usd.0.0, 1_600_000_000);
    }
}

/// Machines of a converted hall are gone from the quarter in which mining stops.
#[test]
fn a_hall_is_never_mined_and_hosted_at_once() {
    let plan = solved(&small::portfolio("2028-01-01", 8, "2028-04-01", &[("plains", ONE_HALL)]));
    let run: Vec<_> = plan
        .decisions
        .machines
        .iter()
        .filter(|m| m.action == MachineAction::Run)
        .map(|m| (m.period.0, m.count.0))
        .collect();
    assert_eq!(run, [(0, 4_000_000)], "4,000 machines in the first quarter, none after");
    let sold: Vec<_> = plan
        .decisions
        .machines
        .iter()
        .filter(|m| m.action == MachineAction::Sell)
        .map(|m| (m.period.0, m.count.0))
        .collect();
    assert_eq!(sold, [(1, 4_000_000)]);
    let conversion = &plan.decisions.conversions[0];
    assert_eq!(conversion.mining_off, Some(date(2028, 5, 1)));
    assert_eq!(conversion.ready, date(2028, 7, 1));
    let first_rent = plan.ledger.iter().find(|line| line.category.to_string() == "rent").unwrap();
    assert_eq!(first_rent.period.0, 2, "rent starts after the works");
}

/// Two sites with two halls of 10 MW each and machines for one hall; the lease wants two halls and may be
/// split. Two years from 2026-01-01 (730 days), rent at 200: 38.4 M$ less 16 M$ of capex = 22.4 M$.
///
/// * Both halls at one site: one per-site cost F, and the machines of a full hall are lost from the first day:
///   2,000 · 5.25 · 730 = 7,665,000 USD.
/// * One hall at each: two per-site costs, and every machine finds a rack.
///
/// So one big conversion wins when F > 7,665,000.
#[test]
fn one_big_conversion_beats_two_small_ones_when_the_per_site_cost_is_high() {
    for (per_site, sites, uplift_usd) in [(8, 1, 22_400_000 - 8_000_000 - 7_665_000), (7, 2, 22_400_000 - 14_000_000)] {
        let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("east", TWO_HALLS), ("west", TWO_HALLS)]);
        let site_cost =
            format!("\n[[cost]]\ncategory = \"network\"\namount = \"{per_site} MUSD/site\"\nphase = \"design\"\n");
        files.0.get_mut("library/retrofits/liquid.toml").unwrap().push_str(&site_cost);
        change(&mut files, "machines.csv", ",4000,", ",2000,");
        change(&mut files, "offers/lease.toml", "100 USD/kW-month", "200 USD/kW-month");
        files.0.get_mut("offers/lease.toml").unwrap().push_str("split = true\n");
        let plan = solved(&files);
        let used: std::collections::BTreeSet<_> = plan.decisions.conversions.iter().map(|c| &c.site).collect();
        assert_eq!(used.len(), sites, "per-site cost of {per_site} M$");
        assert_eq!(plan.uplift_usd.0.0, uplift_usd * 100);
    }
}

/// The per-site cost is paid once, with the first hall, even when the halls start apart.
#[test]
fn a_per_site_cost_is_paid_once_with_the_first_hall() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-12-31", &[("east", TWO_HALLS)]);
    let site_cost = "\n[[cost]]\ncategory = \"network\"\namount = \"1 MUSD/site\"\nphase = \"design\"\n";
    files.0.get_mut("library/retrofits/liquid.toml").unwrap().push_str(site_cost);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "200 USD/kW-month");
    files.0.get_mut("offers/lease.toml").unwrap().push_str("tranches = [{ by = 2026-06-30, min = \"8 MW-IT\" }]\n");
    // 9 M$ pay the site and one hall; the other hall waits for 8 M$ more.
    files.0.get_mut("portfolio.toml").unwrap().push_str(
        r#"
[[pot]]
id = "cash"
release = [{ from = 2026-01-01, amount = "9 MUSD" }, { from = 2026-10-01, amount = "8 MUSD" }]
"#,
    );
    let plan = solved(&files);
    let starts: Vec<_> = plan.decisions.conversions.iter().map(|c| c.start).collect();
    assert_eq!(starts.len(), 2, "the halls start apart: {starts:?}");
    let setup: Vec<_> = plan.ledger.iter().filter(|line| line.subject == "liquid/setup").collect();
    assert_eq!(setup.len(), 1);
    assert_eq!(setup[0].amount_cents.0, -100_000_000);
    let first = plan.inputs.calendar.period_start(setup[0].period);
    assert_eq!(first, *starts.iter().min().unwrap(), "with the first hall");
}

/// With no rent, nothing beats mining on, and the plan is the twin to the cent.
#[test]
fn without_rent_the_plan_is_the_twin() {
    let mut files = small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
    let plan = solved(&files);
    assert_eq!((&plan.decisions, &plan.ledger), (&plan.twin.decisions, &plan.twin.ledger));
    assert_eq!((plan.uplift_usd.0.0, plan.capital_usd.0.0), (0, 0));
}

/// A budget one cent short of the capital takes the plan away.
#[test]
fn a_budget_binds_to_the_dollar() {
    let facts = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]));
    let with = |usd: f64| plan(&facts, &planner_tests::budget(planner_core::units::Usd::new(usd))).unwrap();
    assert_eq!(with(16_000_000.0).decisions.conversions.len(), 1);
    assert_eq!(with(15_999_999.0).decisions.conversions.len(), 0);
}
