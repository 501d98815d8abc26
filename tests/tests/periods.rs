//! Months, quarters and years of the same portfolio.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use planner_core::plan::ledger::LedgerLine;
use planner_core::plan::{Plan, Settings};
use planner_tests::small::{self, ONE_HALL, change};
use planner_tests::{fleet, plan};

/// Every duration is whole years, every date is 1 January, and what is converted when is locked. A second site
/// mines on; the halving lies in the middle of a year.
///
/// Unit cents are rounded by period, so that a line of many machines adds up many half cents: there are twenty.
fn in_periods(period: &str, periods: u32, failure: &str) -> Plan {
    let mut files = small::portfolio("2027-01-01", 24, "2028-01-01", &[("hills", ONE_HALL), ("plains", ONE_HALL)]);
    let head = files.0.get_mut("portfolio.toml").unwrap();
    *head = head
        .replace("period = \"quarter\"\nperiods = 24", &format!("period = \"{period}\"\nperiods = {periods}"))
        .replace("discount_rate = \"0 %/year\"", "discount_rate = \"9 %/year\"\ncapex_escalation = \"3 %/year\"");
    head.push_str(
        "\n[moves]\nremoval = \"20 USD/machine\"\n\
         \n[[lock]]\nkind = \"force\"\nsite = \"plains\"\nstart = 2028-01-01\n\
         \n[[lock]]\nkind = \"forbid\"\nsite = \"hills\"\n",
    );
    change(&mut files, "library/retrofits/liquid.toml", "months = \"1 months\"", "months = \"1 years\"");
    change(&mut files, "offers/lease.toml", "term = \"12 months\"", "term = \"2 years\"\nescalator = \"3 %/year\"");
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "200 USD/kW-month");
    let models = files.0.get_mut("library/asics.csv").unwrap();
    *models = models.replace("round,250,5000,air,0", &format!("round,300,5000,air,{failure}"));
    change(&mut files, "machines.csv", ",4000,", ",20,");
    plan(&fleet(&files), &Settings { gap: planner_core::units::Share::NONE, ..Settings::default() }).unwrap()
}

/// The first year that a line of a period belongs to.
fn year(plan: &Plan, line: &LedgerLine) -> i16 {
    plan.inputs.calendar.period_start(line.period).year()
}

type ByYear = BTreeMap<(i16, String, String, String), i64>;

fn by_year(plan: &Plan) -> ByYear {
    let mut sums = ByYear::new();
    for line in &plan.ledger {
        let of = (year(plan, line), line.site.to_string(), line.subject.clone(), line.category.to_string());
        *sums.entry(of).or_default() += line.amount_cents.0;
    }
    sums
}

/// Present value from the middle of blocks of so many months, told from dates alone.
fn npv_in_blocks(plan: &Plan, months: i32) -> f64 {
    let calendar = &plan.inputs.calendar;
    let days = |from: jiff::civil::Date, to| f64::from(planner_core::domain::calendar::days_between(from, to));
    let value = |line: &LedgerLine| {
        let first = calendar.first_month(line.period);
        let years = if line.period == calendar.horizon() {
            days(calendar.start, calendar.period_start(line.period)) / 365.0
        } else {
            let block = planner_core::domain::calendar::Month(first.0.div_euclid(months) * months);
            let (from, to) = (
                calendar.month_start(block),
                calendar.month_start(planner_core::domain::calendar::Month(block.0 + months)),
            );
            (days(calendar.start, from) + days(from, to) / 2.0) / 365.0
        };
        line.amount_cents.usd() * (1.0 + line.rate.0).powf(-years)
    };
    plan.ledger.iter().map(value).sum()
}

/// Months, quarters and years agree to so many cents a line.
fn agree(failure: &str, cents_a_line: i64) {
    let [months, quarters, years] =
        [("month", 72), ("quarter", 24), ("year", 6)].map(|(p, n)| in_periods(p, n, failure));
    let expected = by_year(&months);
    assert!(expected.len() >= 20, "{}", expected.len());
    for (plan, length) in [(&months, 1), (&quarters, 3), (&years, 12)] {
        let sums = by_year(plan);
        assert_eq!(sums.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (of, cents) in &sums {
            assert!((cents - expected[of]).abs() <= cents_a_line, "{of:?}: {cents} and {} cents", expected[of]);
        }
        // The value of each plan is its own ledger from the middle of its own periods …
        let own = npv_in_blocks(plan, length);
        assert!((own - plan.npv_usd.0.usd()).abs() < 0.01, "{own} and {}", plan.npv_usd.0.usd());
        // … and so would be that of the months, summed into such periods first.
        let regrouped = npv_in_blocks(&months, length);
        let lines = i64::try_from(sums.len()).unwrap();
        let apart = planner_core::units::Usd::new(regrouped - plan.npv_usd.0.usd()).to_cents().0.abs();
        assert!(apart <= cents_a_line * lines, "{regrouped} and {}", plan.npv_usd.0.usd());
    }
    assert!(months.npv_usd != years.npv_usd, "the middle of a year is not the middle of its months");
}

#[test]
fn months_quarters_and_years_agree_to_a_dollar_a_line() {
    agree("0", 100);
}

/// Machines that fail are counted to a thousandth in each period. In a year of months, roundings may add up to some
/// thousandths of a machine, which earns 13.50 USD a day.
#[test]
fn with_failures_they_agree_to_some_thousandths_of_a_machine() {
    agree("4", 3_000);
}
