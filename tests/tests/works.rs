//! Works, leaving a site, and what moves with the halving; the arithmetic stands beside each case.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use planner_core::plan::ledger::Category;
use planner_core::plan::{Plan, Settings};
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::small::{self, ONE_HALL, TWO_HALLS, change};
use planner_tests::{fleet, plan};

fn solved(files: &InMemory) -> Plan {
    plan(&fleet(files), &Settings { gap: planner_core::units::Share::NONE, ..Settings::default() }).unwrap()
}

fn add(files: &mut InMemory, path: &str, text: &str) {
    files.0.get_mut(path).unwrap().push_str(text);
}

/// Rent that makes an early start worth more than two years of mining.
fn good_rent(files: &mut InMemory) {
    change(files, "offers/lease.toml", "100 USD/kW-month", "300 USD/kW-month");
}

fn first(plan: &Plan, category: &Category) -> Date {
    let lines = plan.ledger.iter().filter(|line| line.category == *category);
    plan.inputs.calendar.period_start(lines.map(|line| line.period).min().unwrap())
}

/// Design takes a month, then strip-out and the transformer side by side, then fit-out a month: service comes a month
/// after the transformer. Mining ends with strip-out all the same.
#[test]
fn a_late_transformer_moves_service_by_its_lead_time_and_one_on_site_does_not() {
    let with = |months: u32, on_site: bool| {
        let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
        good_rent(&mut files);
        let order = format!(
            "[[phase]]\nid = \"transformer\"\nmonths = \"{months} months\"\nafter = [\"design\"]\n[[phase]]\nid = \"fit-out\""
        );
        change(&mut files, "library/retrofits/liquid.toml", "[[phase]]\nid = \"fit-out\"", &order);
        change(
            &mut files,
            "library/retrofits/liquid.toml",
            "after = [\"strip-out\"]",
            "after = [\"strip-out\", \"transformer\"]",
        );
        if on_site {
            add(&mut files, "sites/plains.toml", "[overrides.liquid]\nphases = { transformer = \"0 months\" }\n");
        }
        solved(&files)
    };
    for (months, on_site, ready) in
        [(6, false, date(2026, 9, 1)), (12, false, date(2027, 3, 1)), (12, true, date(2026, 4, 1))]
    {
        let plan = with(months, on_site);
        let conversion = &plan.decisions.conversions[0];
        assert_eq!((conversion.mining_off, conversion.ready), (Some(date(2026, 2, 1)), ready));
        // The racks are lost for the whole quarter, so nothing is mined; rent begins in the quarter of service.
        assert!(plan.ledger.iter().all(|line| line.category != Category::MiningRevenue));
        let calendar = &plan.inputs.calendar;
        let service = calendar.period_of(calendar.month_of(ready)).unwrap();
        assert_eq!(first(&plan, &Category::Rent), calendar.period_start(service));
        // Strip-out may end later by what the transformer takes longer than it.
        let float = |id: &str| conversion.phases.iter().find(|p| p.phase.as_str() == id).map(|p| p.float.0);
        assert_eq!(float("strip-out"), Some(if on_site { 0 } else { months - 1 }));
        assert_eq!(float("transformer"), (!on_site).then_some(0));
    }
}

const SUBSTATION: &str = r#"
[[work]]
id = "substation"
months = "9 months"
cost = "9 MUSD"
needed_by = { halls = ["a"] }
"#;

/// Nine months of work from January 2026 end with September; a conversion of three months may start in July.
#[test]
fn service_waits_for_the_work_it_needs() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-12-31", &[("plains", ONE_HALL)]);
    good_rent(&mut files);
    add(&mut files, "offers/lease.toml", "long_stop = 2026-10-31\n");
    add(&mut files, "sites/plains.toml", SUBSTATION);
    let plan = solved(&files);
    let work = &plan.decisions.works[0];
    assert_eq!(
        (work.work.as_str(), work.start, work.finish),
        ("plains/substation", date(2026, 1, 1), date(2026, 10, 1))
    );
    assert_eq!(plan.decisions.conversions[0].ready, date(2026, 10, 1));
    // 9 M$ of work and 16 M$ of capex.
    assert_eq!(plan.capital_usd.0.0, 2_500_000_000);
    let work: Vec<i64> = plan
        .ledger
        .iter()
        .filter(|line| line.subject == "work/plains/substation")
        .map(|line| line.amount_cents.0)
        .collect();
    assert_eq!(work, [-300_000_000; 3], "three quarters of a million a month");
}

/// Firm power carries one of two halls; 10 MW more are worth what the second hall earns beside mining:
/// 8 MW-IT at 100 USD are 9.6 M$ in twelve months, less 8 M$ of capex: 1.6 M$, and no halving spoils mining here:
/// 2,000 machines at 5.25 USD for 730 days are 7.665 M$. At 300 USD: 28.8 − 8 − 7.665 = 13.135 M$.
#[test]
fn firm_power_is_added_where_it_pays() {
    for (cost, halls) in [("13.13 MUSD", 2), ("13.14 MUSD", 1)] {
        let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", TWO_HALLS)]);
        good_rent(&mut files);
        change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
        change(&mut files, "sites/plains.toml", "firm = \"20 MW\"", "firm = \"10 MW\"");
        let work = format!(
            "[[work]]\nid = \"firming\"\nmonths = \"1 months\"\ncost = \"{cost}\"\nadds = {{ firm = \"10 MW\" }}\n"
        );
        add(&mut files, "sites/plains.toml", &work);
        let plan = solved(&files);
        assert_eq!(plan.decisions.conversions.iter().map(|c| c.halls).sum::<u32>(), halls, "for {cost}");
        assert_eq!(plan.decisions.works.len(), usize::from(halls == 2));
    }
}

/// A hall of 20 MW where there are 10: only the work makes room for it. A year of rent less capex and work: 57.6 − 16 − 1.
#[test]
fn a_hall_larger_than_the_power_there_waits_for_the_work() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-12-31", &[("plains", ONE_HALL)]);
    good_rent(&mut files);
    files.0.remove("machines.csv");
    change(&mut files, "sites/plains.toml", "\"20 MW\"\nfirm = \"20 MW\"", "\"10 MW\"\nfirm = \"10 MW\"");
    let adds = "adds = { connection = \"10 MW\", firm = \"10 MW\" }";
    let work = &format!("[[work]]\nid = \"line\"\nmonths = \"6 months\"\ncost = \"1 MUSD\"\n{adds}\n");
    add(&mut files, "sites/plains.toml", work);
    let plan = solved(&files);
    assert_eq!(plan.uplift_usd.0.0, 4_060_000_000);
    // Six months of work, and service in the first period after them.
    assert!(plan.decisions.conversions.iter().all(|conversion| conversion.ready >= date(2026, 7, 1)));
    assert_eq!((plan.decisions.conversions.len(), plan.decisions.works.len()), (1, 1));
}

/// One substation for two sites is paid once. Alone each site would not pay for it.
#[test]
fn a_shared_work_is_paid_once() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("east", ONE_HALL), ("west", ONE_HALL)]);
    good_rent(&mut files);
    change(&mut files, "offers/lease.toml", "max = \"16 MW-IT\"", "max = \"32 MW-IT\"");
    add(&mut files, "offers/lease.toml", "split = true\n");
    // One site earns 57.6 of rent − 16 of capex − 15.33 of mining = 26.27 M$.
    let work = "months = \"3 months\"\ncost = \"50 MUSD\"\nneeded_by = { sites = [\"east\", \"west\"] }\n";
    files.0.insert("works/substation.toml".to_owned(), work.to_owned());
    let plan = solved(&files);
    assert_eq!(plan.decisions.conversions.len(), 2);
    assert_eq!(plan.capital_usd.0.0, (2 * 16 + 50) * 100_000_000);
    assert_eq!(plan.uplift_usd.0.0, (2 * 2_627 - 5_000) * 1_000_000);
    let paid: Vec<_> = plan.ledger.iter().filter(|line| line.subject == "work/substation").collect();
    assert_eq!((paid.len(), paid[0].site.as_str(), paid[0].amount_cents.0), (1, "portfolio", -5_000_000_000));

    change(&mut files, "offers/lease.toml", "max = \"32 MW-IT\"", "max = \"16 MW-IT\"");
    let alone = solved(&files);
    assert!(alone.decisions.conversions.is_empty() && alone.decisions.works.is_empty());
}

/// 20 MW at 1 MUSD/MW are 20 M$. Money costs nothing here, so the twin mines for seven quarters (4,000 · 5.25 · 638 days =
/// 13.398 M$) and then sells. A lease at 300 USD brings 57.6 − 16 M$ at once, one at 100 USD 3.2 M$.
#[test]
fn a_site_is_sold_when_that_pays_most_and_then_never_converted() {
    for (rent, sold) in [("100 USD/kW-month", true), ("300 USD/kW-month", false)] {
        let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
        change(&mut files, "offers/lease.toml", "100 USD/kW-month", rent);
        change(&mut files, "sites/plains.toml", "[power]", "exit = { sale = \"1 MUSD/MW\" }\n[power]");
        let plan = solved(&files);
        assert_eq!(plan.twin_npv_usd.0.0, 3_339_800_000, "the twin sells too");
        assert_eq!(plan.decisions.sites[0].sold.map(|period| period.0), sold.then_some(7));
        assert_eq!(plan.decisions.conversions.is_empty(), sold);
        assert_eq!(plan.uplift_usd.0.0, if sold { 0 } else { 4_160_000_000 - 3_339_800_000 });
    }
}

/// At a fixed cost of 12 M$ a year mining loses money after the halving: in mothballs a quarter of the cost goes on.
#[test]
fn a_site_is_mothballed_while_that_costs_less_than_mining() {
    let mut files = small::portfolio("2028-01-01", 8, "2028-01-01", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
    change(&mut files, "sites/plains.toml", "overhead = \"0 %\"", "overhead = \"0 %\"\nfixed_cost = \"6 MUSD/year\"");
    change(&mut files, "sites/plains.toml", "[power]", "exit = { mothball = \"25 %\", sale = \"none\" }\n[power]");
    let plan = solved(&files);
    // The first quarter earns 1.911 M$, the second 0.225 M$ (see hand_worked.rs); mothballs save 1.125 M$ a quarter.
    assert_eq!(plan.decisions.sites[0].mothballed.iter().map(|p| p.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(plan.npv_usd.0.0, (1_911_000 - 8 * 1_500_000 + 7 * 1_125_000) * 100);
    assert_eq!(plan.decisions, plan.twin.decisions);
}

/// Mining of one machine on a day is 250 · 0.045 − 6 at a subsidy of 3.125; at half of it 5.625 − 6 is a loss.
/// Told from the calendar alone.
fn mining_usd(halving: Date, energy_usd_per_day: f64) -> f64 {
    let mut total = 0.0;
    for month in 0..24_i32 {
        let (year, month) = (2028 + i16::try_from(month / 12).unwrap(), i8::try_from(month % 12 + 1).unwrap());
        let first = date(year, month, 1);
        let days = f64::from(first.days_in_month());
        let before = f64::from((halving - first).get_days()).clamp(0.0, days);
        let share = if halving <= first {
            0.0
        } else if halving >= first.last_of_month().tomorrow().unwrap() {
            1.0
        } else {
            before / days
        };
        let revenue = 11.25 * (share + (1.0 - share) / 2.0);
        total += f64::max(0.0, revenue - energy_usd_per_day) * days;
    }
    total * 4_000.0
}

#[test]
fn a_halving_a_quarter_later_changes_what_mining_is_worth_by_what_it_earns() {
    let with = |halving: &str| {
        let mut files = small::portfolio("2028-01-01", 8, "2028-01-01", &[("hills", ONE_HALL), ("plains", ONE_HALL)]);
        change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
        change(&mut files, "library/decks/flat/deck.toml", "2028-04-13", halving);
        // 40 USD/MWh: 4.80 USD a day, so `hills` mines on after the halving.
        change(&mut files, "sites/hills.toml", "50 USD/MWh", "40 USD/MWh");
        solved(&files)
    };
    let (early, late) = (with("2028-04-13"), with("2028-07-13"));
    for (site, energy) in [("hills", 4.8), ("plains", 6.0)] {
        let worth = |plan: &Plan| -> f64 {
            plan.twin.ledger.iter().filter(|line| line.site.as_str() == site).map(|line| line.amount_cents.usd()).sum()
        };
        let expected = [date(2028, 4, 13), date(2028, 7, 13)].map(|halving| mining_usd(halving, energy));
        // Unit cents are rounded by quarter: 4,000 machines · half a cent · 8 quarters, twice.
        assert!((worth(&early) - expected[0]).abs() < 320.0, "{site}: {} and {}", worth(&early), expected[0]);
        assert!((worth(&late) - expected[1]).abs() < 320.0, "{site}: {} and {}", worth(&late), expected[1]);
        assert!(expected[1] > expected[0]);
    }
}

/// A site value raises the twin at least as much as the plan, whose leases keep connection from being sold.
#[test]
fn a_higher_site_value_never_raises_the_uplift() {
    let mut last = i64::MAX;
    for value in ["0 MUSD/MW", "0.2 MUSD/MW", "0.5 MUSD/MW", "1 MUSD/MW", "3 MUSD/MW"] {
        let mut files = small::portfolio("2026-01-01", 8, "2026-12-31", &[("east", TWO_HALLS), ("west", ONE_HALL)]);
        good_rent(&mut files);
        change(&mut files, "offers/lease.toml", "term = \"12 months\"", "term = \"36 months\"");
        change(
            &mut files,
            "library/decks/flat/deck.toml",
            "name = \"Flat\"",
            &format!("name = \"Flat\"\nsite_value = \"{value}\""),
        );
        let plan = solved(&files);
        assert!(plan.uplift_usd.0.0 <= last, "{value}: {} after {last}", plan.uplift_usd.0.0);
        last = plan.uplift_usd.0.0;
    }
}
