//! Cases with published answers, through the public functions of `planner-core`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use jiff::civil::date;
use planner_core::domain::calendar::{Calendar, Month, PeriodLength};
use planner_core::mining::{break_even_hashprice, btc_price_at, network_of_difficulty};
use planner_core::units::{Btc, GrossMw, UsdPerMwh};

fn within(value: f64, published: f64, tolerance: f64) {
    assert!((value / published - 1.0).abs() <= tolerance, "{value} is not within {tolerance} of {published}");
}

/// M2, power bills of February to April 2024: the bill of a month is price · MW · hours.
#[test]
fn m2_a_power_bill_is_price_times_power_times_hours() {
    let calendar =
        Calendar { start: date(2024, 1, 1), period: PeriodLength::Month, periods: 12, latest_start: date(2024, 1, 1) };
    let cases = [(1, 174.0, 51.5, 6.24e6), (2, 195.0, 49.4, 7.17e6), (3, 220.0, 44.2, 7.00e6)];
    for (month, mw, price, bill) in cases {
        let energy = GrossMw::new(mw).energy(calendar.hours_in_month(Month(month)));
        within((UsdPerMwh::new(price) * energy).get(), bill, 0.01);
    }
}

/// M3, break-even price of bitcoin at 80 USD/MWh, difficulty 141.67 T, no fees.
#[test]
fn m3_break_even_price_of_bitcoin() {
    let network = network_of_difficulty(141.67e12);
    for (joule_per_th, published) in [(17.5, 75_700.0), (16.5, 71_400.0), (16.0, 69_200.0)] {
        let hashprice = break_even_hashprice(joule_per_th, UsdPerMwh::new(80.0));
        within(btc_price_at(hashprice, network, Btc::new(3.125), Btc::ZERO).get(), published, 0.01);
    }
}
