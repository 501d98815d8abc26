//! Hand-computed amounts of the lines that money.md names.

use super::*;
use crate::audit::column::Column;
use crate::audit::fixture;

/// Amounts of a line of the fixture's plan, by period.
fn amounts(site: &str, subject: &str, category: &str) -> Vec<(u32, i64)> {
    let plan = fixture::plan();
    let of = |line: &&LedgerLine| {
        line.site.as_str() == site && line.subject == subject && line.category.to_string() == category
    };
    plan.ledger.iter().filter(of).map(|line| (line.period.0, line.amount_cents.0)).collect()
}

const HALL: &str = "a/liquid/ig@2027-04";

#[test]
fn rent_ramps_up_and_escalates_on_the_anniversary() {
    // 16 MW-IT at 100 USD/kW-month; half in month 1 (month 11 of the horizon), 3 % more from month 23 on.
    assert_eq!(
        amounts("north", HALL, "rent"),
        [(3, 80_000_000), (4, 480_000_000), (5, 480_000_000), (6, 480_000_000), (7, 484_800_000)]
    );
}

#[test]
fn deposits_and_even_payments_escalate_to_the_month_paid() {
    // 48 MUSD · 1.05 · 0.9 · 1.1, 30 % twelve months and 70 % fourteen months after the price date at 4 %.
    assert_eq!(amounts("north", HALL, "capex:cooling"), [(2, -5_213_006_183)]);
    assert_eq!(amounts("north", HALL, "capex:power"), [(2, -1_301_547_644)]);
    assert_eq!(amounts("north", HALL, "capex:building"), [(1, -96_979_714)]);
    assert_eq!(amounts("north", "liquid/setup", "capex:network"), [(1, -214_456_788)]);
}

#[test]
fn operating_cost_runs_from_ready_for_service_and_the_tenant_bears_his_own() {
    assert_eq!(amounts("north", HALL, "operations").first(), Some(&(3, -49_284_293)));
    assert_eq!(amounts("north", HALL, "insurance").first(), Some(&(3, -4_928_429)));
    assert_eq!(amounts("north", HALL, "property_tax"), []);
    assert_eq!(amounts("north", HALL, "hosting_energy").last(), Some(&(7, -177_593_782)));
    assert_eq!(amounts("north", HALL, "demand_charge").last(), Some(&(7, -17_280_000)));
    assert_eq!(amounts("north", HALL, "firm_charge").first(), Some(&(3, -2_400_000)));
    assert_eq!(amounts("north", "hosting", "hosting_fixed_cost").first(), Some(&(3, -30_000_000)));
}

#[test]
fn the_horizon_values_contract_connection_and_machines() {
    // Months 24 to 46 of the contract at the offer's 7 %.
    assert_eq!(amounts("north", HALL, "contract_end_value"), [(8, 1_769_109_417)]);
    assert_eq!(amounts("north", HALL, "site_end_value"), [(8, -500_000_000)]);
    assert_eq!(amounts("north", "site", "site_end_value"), [(8, 1_125_000_000)]);
    // 4,920.595 machines at 200 TH/s · 8 USD less 20 USD.
    assert_eq!(amounts("north", "s21", "machine_end_value"), [(8, 777_454_010)]);
}

#[test]
fn a_month_without_a_margin_is_off() {
    // Month 20 (half the bitcoin price) would lose 64 USD a machine; 4,000 machines in months 18 and 19.
    let revenue = amounts("north", "s21", "mining_revenue");
    let energy = amounts("north", "s21", "mining_energy");
    assert_eq!(revenue.iter().find(|line| line.0 == 6), Some(&(6, 109_392_000)));
    assert_eq!(energy.iter().find(|line| line.0 == 6), Some(&(6, -107_956_000)));
}

#[test]
fn machines_are_sold_and_bought_at_the_start_of_a_period() {
    assert_eq!(amounts("north", "s21", "machine_sale"), [(1, 158_000 * 4_500)]);
    // Five months after February 2027 at −10 % a year.
    assert_eq!(amounts("north", "s21", "machine_purchase"), [(2, -3_092_560)]);
}

#[test]
fn rent_of_a_leased_site_ends_with_the_lease() {
    let rent = -6_000_000;
    assert_eq!(amounts("south", "site", "site_rent"), [(0, rent), (1, rent), (2, rent), (3, rent), (4, rent)]);
}

#[test]
fn no_end_value_leaves_the_connection() {
    let mut fleet = fixture::fleet();
    fleet.money.end_value = crate::domain::money::EndValue::None;
    let conversion = fixture::conversion();
    let column = Column::resolve(&fleet, &conversion).unwrap();
    let told = hall::tell(&fleet, &column);
    let at_horizon: Vec<_> = told.iter().filter(|told| told.line.period == Period(8)).collect();
    assert_eq!(at_horizon.len(), 1);
    assert_eq!(at_horizon[0].line.category, Category::SiteEndValue);
}

#[test]
fn a_rounding_within_float_noise_has_two_right_amounts() {
    // The half of a cent, where `to_cents` turns.
    assert_eq!(rounded(10_000_000.004_999, 1e7), (Cents(1_000_000_001), Cents(1_000_000_000)));
    assert_eq!(rounded(10_000_000.004, 1e7), (Cents(1_000_000_000), Cents(1_000_000_000)));
}
