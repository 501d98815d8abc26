//! Hand-computed amounts of the lines that machines.md and works.md name.

use jiff::civil::date;

use super::hall;
use crate::audit::column::Column;
use crate::audit::site_setup;
use crate::audit::{fixture, fixture_leaving, fixture_works};
use crate::domain::calendar::Month;
use crate::domain::site::HallUse;
use crate::plan::Plan;
use crate::plan::ledger::LedgerLine;
use crate::units::{MilliMachines, Usd};

type Line = (u32, i64);

fn of(lines: &[LedgerLine], site: &str, subject: &str, category: &str) -> Vec<Line> {
    let named = |line: &&LedgerLine| {
        line.site.as_str() == site && line.subject == subject && line.category.to_string() == category
    };
    lines.iter().filter(named).map(|line| (line.period.0, line.amount_cents.0)).collect()
}

const MUSD: i64 = 100_000_000;

#[test]
fn machines_that_stand_by_run_less_and_are_paid_for_it() {
    let plan = fixture_leaving::plan();
    let first = |category: &str| of(&plan.ledger, "south", "s21", category)[0];
    // 900 machines, a tenth of the hours off; 7.35 USD a month for 3.675 kW.
    assert_eq!(first("mining_revenue"), (1, 63_506_700));
    assert_eq!(first("mining_energy"), (1, -31_260_600));
    assert_eq!(first("demand_response"), (1, 1_976_400));
    assert_eq!(of(&plan.ledger, "north", "s21", "demand_response"), []);
}

#[test]
fn ballast_earns_in_its_own_hours() {
    let plan = fixture_leaving::plan();
    assert_eq!(of(&plan.ledger, "north", "s21", "ballast_revenue"), [(4, 15_102_000)]);
    assert_eq!(of(&plan.ledger, "north", "s21", "ballast_energy"), [(4, -10_308_000)]);
}

#[test]
fn a_move_is_paid_where_machines_leave_and_where_they_arrive() {
    let plan = fixture_leaving::plan();
    let at = |site: &str, category: &str| of(&plan.ledger, site, "s21", category);
    assert_eq!(at("north", "machine_removal"), [(1, -3_000_000)], "1,500 machines of 20 USD");
    assert_eq!(at("north", "machine_freight"), []);
    // 1,000 machines from north, 50 from the storage of another region, 20 from that of its own.
    assert_eq!(at("south", "machine_freight"), [(1, -1_500_000), (2, -275_000), (3, -30_000)]);
    assert_eq!(at("south", "machine_installation"), [(1, -3_000_000), (2, -150_000), (3, -60_000)]);
    assert_eq!(at("south", "move_downtime"), [(1, -2_523_000), (2, -125_350), (3, -49_920)]);
    assert_eq!(at("south", "machine_removal"), []);
}

#[test]
fn freight_of_two_regions_is_one_line() {
    let mut plan = fixture_leaving::plan();
    let mut half = plan.decisions.machines[7].clone();
    (half.period, half.count) = (plan.decisions.machines[6].period, MilliMachines(500));
    plan.decisions.machines.push(half);
    fixture::settle(&mut plan);
    assert_eq!(of(&plan.ledger, "south", "s21", "machine_freight")[1], (2, -275_000 - 750));
    assert_eq!(fixture::findings(&plan), [""; 0]);
}

#[test]
fn storage_costs_until_machines_are_sold_moved_or_left() {
    let plan = fixture_leaving::plan();
    let at = |region: &str, category: &str| of(&plan.ledger, region, "s21", category);
    // 300, 200, then 180 machines; three months of 2 USD.
    let west: Vec<Line> = [(1, -180_000), (2, -120_000)].into_iter().chain((3..8).map(|p| (p, -108_000))).collect();
    assert_eq!(at("storage/west", "machine_storage"), west);
    assert_eq!(at("storage/west", "machine_sale"), [(2, 16_000_000)], "100 machines of 200 TH/s at 8 USD");
    assert_eq!(at("storage/west", "machine_freight"), []);
    assert_eq!(at("storage/east", "machine_freight"), [(1, -800_000)], "200 machines over 40 USD");
    assert_eq!(at("storage/west", "machine_end_value"), [(8, 28_800_000)]);
    assert_eq!(at("storage/east", "machine_end_value"), [(8, 24_000_000)]);
}

#[test]
fn a_site_is_mothballed_and_sold() {
    let plan = fixture_leaving::plan();
    let east = |category: &str| of(&plan.ledger, "east", "site", category);
    assert_eq!(east("mothball_saving"), [(3, 9_000_000), (4, 9_000_000)], "60 % of 150,000 USD");
    assert_eq!(east("site_sale"), [(5, 1_350_000_000)], "45 MW at 300 USD/kW");
    assert_eq!(east("mining_fixed_cost"), [0, 1, 2, 3, 4].map(|period| (period, -15_000_000)));
    assert_eq!(east("site_end_value"), []);
    assert_eq!(east("third_party_margin"), [0, 1, 2].map(|period| (period, 27_000_000)), "10 MW at 9,000 USD");
    assert_eq!(of(&plan.twin.ledger, "east", "site", "site_end_value"), [(8, 1_125_000_000)]);
}

/// The fixture's conversion of a customer's hall whose contract ends on a day.
fn customers_hall(until: jiff::civil::Date) -> Plan {
    let mut plan = fixture::plan();
    let customer = crate::domain::site::ThirdParty { until, ..fixture_leaving::customer() };
    let hall = &mut plan.inputs.sites[0].halls[0];
    (hall.hall_use, hall.exit_cost) = (HallUse::ThirdParty(customer), Usd::new(40_000.0));
    plan.inputs.retrofits[0].costs[3].phase = "strip-out".into();
    plan
}

#[test]
fn a_customer_who_is_told_to_go_is_paid_a_fee() {
    let plan = customers_hall(date(2027, 9, 30));
    let column = Column::resolve(&plan.inputs, &plan.decisions.conversions[0]).unwrap();
    assert_eq!((column.mining_off, column.ready), (Month(7), Month(11)), "four months of notice");
    let lines: Vec<LedgerLine> = hall::tell(&plan.inputs, &column).into_iter().map(|told| told.line).collect();
    let line = |category: &str| of(&lines, "north", "a/liquid/ig@2027-04", category);
    assert_eq!(line("third_party_margin"), [(2, -36_000_000)], "20 MW at 9,000 USD in August and September");
    assert_eq!(line("capex:exit"), [(2, -29_000_000)]);
    assert_eq!(line("capex:building").len(), 1);
    assert_eq!(line("capex:building")[0].0, 2);
    let setup = site_setup::tell(&plan.inputs, &plan.inputs.sites[0], &[column]);
    let network: Vec<u32> =
        setup.iter().filter(|t| t.line.subject == "liquid/setup").map(|t| t.line.period.0).collect();
    assert_eq!(network, [1], "what the site needs does not wait for the customer");
}

#[test]
fn a_customer_whose_contract_has_ended_is_paid_nothing() {
    let plan = customers_hall(date(2027, 6, 30));
    let column = Column::resolve(&plan.inputs, &plan.decisions.conversions[0]).unwrap();
    assert_eq!(column.mining_off, Month(6));
    let lines: Vec<LedgerLine> = hall::tell(&plan.inputs, &column).into_iter().map(|told| told.line).collect();
    let line = |category: &str| of(&lines, "north", "a/liquid/ig@2027-04", category);
    assert_eq!(line("third_party_margin"), []);
    assert_eq!(line("capex:exit"), [(2, -4_000_000)]);
}

#[test]
fn a_pad_is_cleared_for_nothing() {
    let mut plan = customers_hall(date(2027, 6, 30));
    plan.inputs.sites[0].halls[0].hall_use = HallUse::Pad;
    let column = Column::resolve(&plan.inputs, &plan.decisions.conversions[0]).unwrap();
    let lines: Vec<LedgerLine> = hall::tell(&plan.inputs, &column).into_iter().map(|told| told.line).collect();
    assert_eq!(of(&lines, "north", "a/liquid/ig@2027-04", "capex:exit"), []);
}

#[test]
fn works_are_paid_evenly_and_their_connection_is_left() {
    let plan = fixture_works::plan();
    assert_eq!(of(&plan.ledger, "portfolio", "work/land", "capex:power"), [(0, -92_083_151)]);
    let substation = [(1, -309_968_278), (2, -313_022_521)];
    assert_eq!(of(&plan.ledger, "portfolio", "work/substation", "capex:power"), substation);
    assert_eq!(of(&plan.ledger, "south", "work/south/lease", "capex:land"), [(3, -31_610_686)]);
    assert_eq!(of(&plan.ledger, "north", "work/substation", "site_end_value"), [(8, 5 * MUSD)]);
    let deposit = [(1, -40_000_000), (2, 40_000_000)];
    assert_eq!(of(&plan.ledger, "portfolio", "reserve/transformer@2027-07", "capex:deposit"), deposit);
}

#[test]
fn a_longer_lease_costs_what_the_site_costs() {
    let plan = fixture_works::plan();
    let lines = |category: &str| of(&plan.ledger, "south", "work/south/lease", category);
    // April to September 2028.
    assert_eq!(lines("mining_fixed_cost"), [(5, -15_000_000), (6, -15_000_000)]);
    assert_eq!(lines("hosting_fixed_cost"), [(5, -30_000_000), (6, -30_000_000)]);
    assert_eq!(lines("site_rent"), [(5, -6_000_000), (6, -6_000_000)]);
    assert_eq!(lines("site_end_value"), [], "it ends before the horizon");
    let mut longer = fixture_works::plan();
    longer.inputs.works[1].adds[0].tenure_until = Some(date(2029, 1, 1));
    longer.inputs.works[1].adds[0].connection = crate::units::GrossMw::new(5.0);
    fixture::settle(&mut longer);
    let left = of(&longer.ledger, "south", "work/south/lease", "site_end_value");
    assert_eq!(left, [(8, 1_250_000_000)], "45 MW and the 5 MW it brings");
    assert_eq!(fixture::findings(&longer), [""; 0]);
}

#[test]
fn a_term_that_needs_a_longer_lease_runs_as_with_it() {
    let mut fleet = fixture_works::plan().inputs;
    let rent = crate::units::UsdPerYear::ZERO;
    let conversion = fixture::conversion();
    let left = |fleet: &crate::domain::Fleet| {
        let column = Column::resolve(fleet, &conversion).unwrap();
        let lines: Vec<LedgerLine> = hall::tell(fleet, &column).into_iter().map(|told| told.line).collect();
        of(&lines, "north", "a/liquid/ig@2027-04", "site_end_value")
    };
    fleet.sites[0].tenure = crate::domain::site::Tenure::Leased { until: date(2028, 12, 31), rent };
    assert_eq!(left(&fleet), [], "the site is not ours at the horizon");
    fleet.works[2].adds[0].tenure_until = Some(date(2030, 11, 30));
    assert_eq!(left(&fleet), [(8, -5 * MUSD)]);
}
