//! What is left of a contract at the horizon is what a longer horizon would have shown: months after the horizon have the
//! prices of the deck, and the horizon moves money between lines, never to another amount.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use planner_core::domain::Fleet;
use planner_core::domain::calendar::Month;
use planner_core::domain::money::Class;
use planner_core::options::{HallOption, UnitLine, enumerate, present_value_usd};
use planner_core::plan::Settings;
use planner_core::plan::ledger::Category;
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::small::{change, pads};
use planner_tests::{case, fleet, plan};

/// A price of energy with a season and a trend, so that no two months are alike.
fn price(month: u32) -> f64 {
    f64::from(40 + 7 * (month % 12)) + f64::from(month) / 100.0
}

/// One hall of 16 MW-IT ready in the fourth month of 2028, leased for four years with its power, over a horizon of so many
/// months and a deck of so many.
fn leased(horizon: u32, deck: u32) -> InMemory {
    let mut files = pads(horizon, "2028-01-01", &["plains"]);
    change(&mut files, "portfolio.toml", "\"quarter\"", "\"month\"");
    change(&mut files, "portfolio.toml", "\"none\"", "\"run-off\"");
    change(&mut files, "sites/plains.toml", "\"50 USD/MWh\"", "{ deck = \"grid\" }");
    change(&mut files, "offers/lease.toml", "12 months", "48 months");
    let offer = files.0.get_mut("offers/lease.toml").unwrap();
    offer.push_str("power = \"included\"\nload_factor = \"80 %\"\nescalator = \"3 %/year\"\n");
    let mut months =
        "month,btc_price [USD],hashrate [EH/s],fees [BTC/day],power:grid [USD/MWh],resale:0-100 [USD/TH]\n".to_owned();
    for at in 0..deck {
        let _ = writeln!(months, "{}-{:02},100000,1000,0,{},0", 2028 + at / 12, 1 + at % 12, price(at));
    }
    files.0.insert("library/decks/flat/monthly.csv".to_owned(), months);
    files
}

/// The only option of such a portfolio.
fn option(fleet: &Fleet) -> HallOption {
    let mut options = enumerate(fleet, &Settings::default()).halls;
    assert_eq!(options.len(), 1);
    options.remove(0)
}

/// All cash of one hall in dollars, not discounted.
fn sum(option: &HallOption, wanted: impl Fn(&Category) -> bool) -> f64 {
    option.lines.iter().filter(|line| wanted(&line.category)).map(|line| line.cents.usd()).sum()
}

/// At rates of nil the lines of a contract come to its rents less its energy, month by month at the deck's price, whatever
/// the horizon and however far the deck goes.
#[test]
fn a_month_after_the_horizon_has_the_price_of_the_deck() {
    for deck in [12, 30, 40, 51, 52, 80] {
        for horizon in (8..=deck.min(60)).step_by(4) {
            let fleet = fleet(&leased(horizon, deck));
            assert_eq!(fleet.deck.months.len(), deck as usize);
            let expected: f64 = (3..51)
                .map(|month: u32| {
                    let since = i32::try_from(month - 3).unwrap();
                    let rent = 16_000.0 * 100.0 * 1.03_f64.powi(since / 12);
                    let hours = fleet.calendar.hours_in_month(Month(i32::try_from(month).unwrap())).0;
                    rent - 16.0 * 0.8 * 1.2 * hours * price(month.min(deck - 1))
                })
                .sum();
            let told = sum(&option(&fleet), |category| !matches!(category, Category::Capex(_)));
            // Two categories in each month of the horizon are rounded to cents, and what is left.
            let rounding = 0.005 * f64::from(2 * horizon + 1);
            assert!((told - expected).abs() <= rounding, "{horizon} of {deck} months: {told}, not {expected}");
        }
    }
}

/// What wears out after ten months, in a hall that is ready in the fourth: months 13, 23, 33 and 43 of 51.
fn wears_out(files: &mut InMemory) {
    let (path, phase) = ("library/retrofits/liquid.toml", "phase = \"fit-out\"");
    change(files, path, phase, &format!("{phase}\nlife = \"10 months\""));
}

fn left(of: &HallOption, class: Class) -> f64 {
    let own = |line: &&UnitLine| line.category == Category::ContractEndValue && line.class == class;
    of.lines.iter().filter(own).map(|line| line.cents.usd()).sum()
}

/// What wears out is paid again to the end of the contract: before the horizon as capital, after it in the end value.
#[test]
fn what_wears_out_is_paid_again_to_the_end_of_the_contract() {
    for (horizon, inside) in [(8, 0), (13, 0), (14, 1), (24, 2), (43, 3), (44, 4), (51, 4), (60, 4)] {
        for (end_value, after) in [("run-off", 4 - inside), ("none", 0)] {
            let mut files = leased(horizon, 60);
            wears_out(&mut files);
            change(&mut files, "portfolio.toml", "\"run-off\"", &format!("\"{end_value}\""));
            let option = option(&fleet(&files));
            let each = 16_000.0 * 1000.0;
            let capital = sum(&option, Category::is_capital);
            assert!((capital + each * f64::from(1 + inside)).abs() < 0.01, "{horizon} months: {capital}");
            let left = left(&option, Class::Corporate);
            assert!((left + each * f64::from(after)).abs() < 0.01, "{horizon} months, {end_value}: {left}");
        }
    }
}

/// A tenant who has left needs nothing new: after the horizon what is paid again is weighed like the rest of the contract.
#[test]
fn what_is_paid_again_after_the_horizon_is_weighed_with_who_pays() {
    let mut files = leased(20, 60);
    wears_out(&mut files);
    files
        .0
        .get_mut("offers/lease.toml")
        .unwrap()
        .push_str("credit = { default = \"10 %/year\", backstop = \"0 %\" }\n");
    // Month 23 is the 21st of the contract, of which 21 months of defaults are gone.
    let paying = |month: u32| 0.9_f64.powf(f64::from(month - 3 + 1) / 12.0);
    let expected = 16e6 * (paying(23) + paying(33) + paying(43));
    let left = left(&option(&fleet(&files)), Class::Corporate);
    assert!((left + expected).abs() < 0.01, "{left}, not {expected}");
}

/// With periods of a month each payment is discounted from the middle of its month, inside the horizon and after it: the
/// horizon moves money between lines and changes nothing else.
#[test]
fn two_horizons_agree_on_a_contract_to_the_cent() {
    let changes: [fn(&mut InMemory); 4] = [
        |_| {},
        |files| files.0.get_mut("offers/lease.toml").unwrap().push_str("discount_rate = \"7 %/year\"\n"),
        wears_out,
        |files| {
            wears_out(files);
            change(files, "portfolio.toml", "[money]\n", "[money]\ncapex_escalation = \"2 %/year\"\n");
            let offer = files.0.get_mut("offers/lease.toml").unwrap();
            offer.push_str("tenant_funded = \"300 USD/kW-IT\"\n");
        },
    ];
    for (at, with) in changes.iter().enumerate() {
        let mut values = vec![];
        for horizon in [8, 16, 36, 48, 50, 51, 52, 60] {
            let mut files = leased(horizon, 60);
            let rates = "discount = { contracted = \"8 %/year\", corporate = \"11 %/year\" }";
            change(&mut files, "portfolio.toml", "[money]\n", &format!("[money]\n{rates}\n"));
            with(&mut files);
            let fleet = fleet(&files);
            values.push(present_value_usd(&fleet.calendar, &option(&fleet).lines));
        }
        // Each of some four lines in each of 60 months is rounded to cents.
        assert!(values.iter().all(|value| (value - values[0]).abs() < 1.2), "change {at}: {values:?}");
    }
}

/// The audit and the solver, on the same months; what falls after the horizon is no capital.
#[test]
fn plan_and_audit_agree_after_the_horizon() {
    for (horizon, deck, again) in [(8, 20, 0), (8, 60, 0), (20, 20, 1), (40, 60, 3)] {
        let mut files = leased(horizon, deck);
        wears_out(&mut files);
        change(&mut files, "library/retrofits/liquid.toml", "1000 USD/kW-IT", "100 USD/kW-IT");
        let plan = plan(&fleet(&files), &Settings::default()).unwrap();
        assert_eq!(plan.decisions.conversions.len(), 1);
        assert_eq!(plan.capital_usd.0.0, 160_000_000 * (1 + again));
        let left = plan.ledger.iter().filter(|line| line.category == Category::ContractEndValue);
        assert_eq!(left.map(|line| line.class).collect::<Vec<_>>(), [Class::Contracted, Class::Corporate]);
    }
}

/// By an independent model, written from the book alone: power is included at a price of the deck with a season, the
/// horizon ends in March 2033, the deck in 2041.
#[test]
fn a_started_lease_is_worth_what_an_independent_model_says() {
    let plan = plan(&fleet(&case("run-off")), &Settings::default()).unwrap();
    let left = plan.ledger.iter().filter(|line| line.category == Category::ContractEndValue);
    assert_eq!(left.map(|line| line.amount_cents.0).sum::<i64>(), 5_870_218_408);
}
