//! Hand-computed amounts of the lines that offers.md names.

use jiff::civil::date;

use super::hall;
use crate::audit::column::Column;
use crate::audit::fixture;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::money::Class;
use crate::domain::offer::{Advance, Bearer, Credit, Late, Offer, PaidOn, Prepayment, Renewal, TenantFunded};
use crate::domain::site::Tenure;
use crate::plan::Conversion;
use crate::plan::ledger::LedgerLine;
use crate::units::{Days, Months, Share, UsdPerKwIt, UsdPerMwDay};

type Line = (u32, i64);

/// Lines of a conversion of the fixture, after a change.
fn told(conversion: &Conversion, change: impl FnOnce(&mut Fleet)) -> Vec<LedgerLine> {
    let mut fleet = fixture::fleet();
    change(&mut fleet);
    let column = Column::resolve(&fleet, conversion).unwrap();
    hall::tell(&fleet, &column).into_iter().map(|told| told.line).collect()
}

/// The same for a change of the offer: 16 MW-IT from month 9, commencing in month 11 of 24.
fn offered(change: impl FnOnce(&mut Offer)) -> Vec<LedgerLine> {
    told(&fixture::conversion(), |fleet| change(&mut fleet.offers[0]))
}

fn of(lines: &[LedgerLine], category: &str) -> Vec<Line> {
    let of = lines.iter().filter(|line| line.category.to_string() == category);
    of.map(|line| (line.period.0, line.amount_cents.0)).collect()
}

fn advance(amount: f64, paid: PaidOn) -> Advance {
    Advance { amount: UsdPerKwIt::new(amount), paid, credited: Share(0.5) }
}

const MUSD: i64 = 100_000_000;

#[test]
fn damages_begin_after_the_grace_and_end_at_the_cap() {
    let late = |by| {
        let lines = offered(|offer| {
            let (damages, cap) = (UsdPerMwDay::new(1000.0), Some(UsdPerKwIt::new(100.0)));
            offer.late = Some(Late { grace: Days(30), damages, cap });
            offer.ready_by = Some(by);
        });
        of(&lines, "delay_damages")
    };
    // Ready on 2027-10-01: 0, 10, 40 and 400 days late.
    assert_eq!(late(date(2027, 10, 1)), []);
    assert_eq!(late(date(2027, 9, 21)), []);
    assert_eq!(late(date(2027, 8, 22)), [(3, -16_000_000)], "10 days of 1,000 USD for 16 MW-IT");
    assert_eq!(late(date(2026, 8, 27)), [(3, -160_000_000)], "100,000 USD per MW-IT at most");
    let without_date = offered(|offer| {
        offer.late = Some(Late { grace: Days(0), damages: UsdPerMwDay::new(1000.0), cap: None });
    });
    assert_eq!(of(&without_date, "delay_damages"), []);
}

#[test]
fn an_advance_is_paid_at_the_start_and_credited_against_half_of_each_bill() {
    let lines = offered(|offer| offer.advance = Some(advance(1500.0, PaidOn::Start)));
    assert_eq!(of(&lines, "advance"), [(1, 24 * MUSD)]);
    let credits = [(3, -40_000_000), (4, -240_000_000), (5, -240_000_000), (6, -240_000_000), (7, -242_400_000)];
    assert_eq!(of(&lines, "rent_credit"), credits);
    // The last bill of the run-off credits all that is left.
    assert_eq!(of(&lines, "contract_end_value"), [(8, 435_868_529)]);
}

#[test]
fn a_prepayment_is_credited_after_the_advance() {
    let lines = offered(|offer| {
        offer.advance = Some(advance(250.0, PaidOn::Commencement));
        let (months, paid) = (Months(1), PaidOn::Commencement);
        offer.prepayment = Some(Prepayment { months, paid, credited: Share(0.25) });
    });
    assert_eq!(of(&lines, "advance"), [(3, 4 * MUSD)]);
    assert_eq!(of(&lines, "prepayment"), [(3, 160_000_000)], "the first month's rent without the ramp");
    // 0.4; 3 × 0.8; 0.8, then 0.4 and a quarter of the other 1.2, then 0.4; 0.4, 0.4 and 0.1 MUSD.
    let credits = [(3, -40_000_000), (4, -240_000_000), (5, -190_000_000), (6, -90_000_000)];
    assert_eq!(of(&lines, "rent_credit"), credits);
}

#[test]
fn the_last_bill_credits_all_that_is_left() {
    let lines = offered(|offer| {
        offer.advance = Some(advance(1500.0, PaidOn::Start));
        offer.term = Months(4);
    });
    assert_eq!(of(&lines, "rent_credit"), [(3, -40_000_000), (4, -2_360_000_000)]);
}

#[test]
fn a_date_is_kept_between_start_and_end_of_the_contract() {
    let paid = |on| {
        let lines = offered(|offer| {
            offer.advance = Some(advance(1500.0, PaidOn::Date(on)));
            offer.term = Months(4);
        });
        (of(&lines, "advance"), of(&lines, "rent_credit"))
    };
    assert_eq!(paid(date(2020, 5, 5)).0, [(1, 24 * MUSD)]);
    assert_eq!(paid(date(2028, 1, 31)), (vec![(4, 24 * MUSD)], vec![(4, -24 * MUSD)]));
    assert_eq!(paid(date(2040, 1, 1)), (vec![(4, 24 * MUSD)], vec![(4, -24 * MUSD)]));
}

#[test]
fn defaults_cost_bills_but_no_energy_that_is_not_drawn() {
    let credit = Some(Credit { default: Share(0.12), backstop: Share(0.5) });
    let lines = offered(|offer| offer.credit = credit);
    let expected = [(3, -81_989), (4, -4_548_892), (5, -8_934_296), (6, -13_077_132), (7, -17_412_313)];
    assert_eq!(of(&lines, "credit_loss"), expected);
    assert_eq!(of(&lines, "contract_end_value"), [(8, 1_565_127_822)]);
    assert!(
        lines.iter().filter(|line| line.category.to_string() == "credit_loss").all(|line| line.rate == Share(0.07))
    );
    let lines = offered(|offer| {
        offer.credit = credit;
        offer.advance = Some(advance(1500.0, PaidOn::Start));
    });
    let expected = [(3, 129_936), (4, -778_920), (5, -1_508_533), (6, -2_110_563), (7, -2_861_118)];
    assert_eq!(of(&lines, "credit_loss"), expected, "half of each bill was paid in advance");
}

#[test]
fn what_defaults_empty_is_let_again_at_the_curve() {
    let lines = told(&fixture::conversion(), |fleet| {
        fleet.offers[0].credit = Some(Credit { default: Share(0.12), backstop: Share(0.5) });
        fleet.deck.merchant = vec![fixture::curve()];
    });
    let rent = [(4, 1_352_726), (5, 7_017_236), (6, 12_835_513), (7, 18_470_786)];
    assert_eq!(of(&lines, "merchant_expected"), rent);
    // Property tax, which the tenant bore.
    let cost = [(4, -87_346), (5, -454_933), (6, -836_145), (7, -1_209_151)];
    assert_eq!(of(&lines, "operating_expected"), cost);
}

#[test]
fn a_renewal_and_what_is_let_again_after_it() {
    let lines = told(&fixture::conversion(), |fleet| {
        let (probability, term) = (Share(0.6), Months(3));
        fleet.offers[0].term = Months(4);
        fleet.offers[0].renewal = Some(Renewal { probability, term, rent_factor: Share(0.9), count: 1 });
        fleet.deck.merchant = vec![fixture::curve()];
    });
    assert_eq!(of(&lines, "credit_loss"), []);
    assert_eq!(of(&lines, "renewal_expected"), [(5, 259_200_000)], "three months of 60 % of 90 % of 1.6 MUSD");
    assert_eq!(of(&lines, "merchant_expected"), [(5, 25_600_000), (6, 192_000_000), (7, 384_000_000)]);
    assert_eq!(of(&lines, "operating_expected"), [(5, -154_496_981), (6, -41_230_590), (7, -82_831_966)]);
    let merchant = lines.iter().filter(|line| line.class == Class::Merchant);
    assert!(merchant.clone().all(|line| line.category.is_expectation() && line.rate == Share(0.12)));
    assert_eq!(merchant.count(), 7);
}

#[test]
fn nothing_is_expected_after_the_lease_of_the_site() {
    let lines = told(&fixture::conversion(), |fleet| {
        fleet.offers[0].term = Months(4);
        fleet.deck.merchant = vec![fixture::curve()];
        let rent = crate::units::UsdPerYear::ZERO;
        fleet.sites[0].tenure = Tenure::Leased { until: date(2028, 7, 1), rent };
    });
    // Empty in months 15 and 16, half let in 17, let in 18; the site is ours until month 18.
    assert_eq!(of(&lines, "merchant_expected"), [(5, 64_000_000), (6, 128_000_000)]);
    assert_eq!(of(&lines, "operating_expected").len(), 2);
}

#[test]
fn a_hall_without_a_contract_fills_after_its_downtime() {
    let lines = told(&fixture::merchant(), |fleet| {
        fleet.deck.merchant = vec![fixture::curve()];
        // Who bears what under a contract is nothing to merchant capacity.
        fleet.offers[0].costs.operations = Bearer::Tenant;
    });
    // Ready in month 6; empty in 6 and 7, half let in 8.
    assert_eq!(
        of(&lines, "merchant_rent"),
        [(2, 64_000_000), (3, 384_000_000), (4, 384_000_000), (5, 384_000_000), (6, 384_000_000), (7, 384_000_000)]
    );
    assert_eq!(of(&lines, "operations").first(), Some(&(2, -49_040_906)));
    assert_eq!(of(&lines, "property_tax").last(), Some(&(7, -25_134_989)));
    assert_eq!(of(&lines, "firm_charge").first(), Some(&(2, -2_400_000)));
    assert!(lines.iter().all(|line| line.period < Period(8)), "nothing is left at the horizon");
    let capital = |line: &LedgerLine| line.category.is_capital() && line.class == Class::Corporate;
    assert!(lines.iter().all(|line| capital(line) || (line.class == Class::Merchant && line.rate == Share(0.12))));
}

#[test]
fn what_wears_out_is_paid_again() {
    let lines = told(&fixture::conversion(), |fleet| fleet.retrofits[0].costs[0].life = Some(Months(5)));
    // Months 14 and 19; month 24 lies after the horizon.
    assert_eq!(of(&lines, "capex:cooling"), [(2, -5_213_006_183), (4, -5_326_655_746), (6, -5_414_418_920)]);
    let lines = told(&fixture::conversion(), |fleet| {
        fleet.retrofits[0].costs[0].life = Some(Months(5));
        fleet.offers[0].term = Months(3);
    });
    assert_eq!(of(&lines, "capex:cooling").len(), 1, "the term ends in month 14");
    let lines = told(&fixture::conversion(), |fleet| fleet.retrofits[0].costs[0].life = Some(Months(0)));
    assert_eq!(of(&lines, "capex:cooling").len(), 1, "what never lasts is not paid for ever");
}

#[test]
fn the_tenant_pays_a_share_or_an_amount_of_the_per_hall_lines() {
    let lines = offered(|offer| offer.tenant_funded = TenantFunded::Share(Share(0.25)));
    assert_eq!(of(&lines, "capex:cooling"), [(2, -3_909_754_638)]);
    // 16 MUSD of 66.1 MUSD; replacements are shared alike but are not in the total.
    let lines = told(&fixture::conversion(), |fleet| {
        fleet.offers[0].tenant_funded = TenantFunded::Amount(UsdPerKwIt::new(1000.0));
        fleet.retrofits[0].costs[0].life = Some(Months(5));
        fleet.calendar.periods = 6;
    });
    assert_eq!(of(&lines, "capex:cooling"), [(2, -3_951_451_683), (4, -4_037_597_899)]);
    assert_eq!(of(&lines, "capex:power"), [(2, -986_571_365)]);
    assert_eq!(of(&lines, "capex:building"), [(1, -73_510_493)]);
    let all = offered(|offer| offer.tenant_funded = TenantFunded::Amount(UsdPerKwIt::new(1e6)));
    assert!(all.iter().all(|line| !line.category.is_capital()));
}

#[test]
fn warrants_are_given_at_the_start_and_are_no_capital() {
    let lines = offered(|offer| offer.give_up = UsdPerKwIt::new(10.0));
    assert_eq!(of(&lines, "give_up"), [(1, -16_000_000)]);
    let given = lines.iter().find(|line| line.category.to_string() == "give_up").unwrap();
    assert_eq!(given.class, Class::Corporate);
    assert!(!given.category.is_capital());
}

#[test]
fn cash_before_the_horizon_is_sunk() {
    let plan = fixture::started();
    let all: Vec<LedgerLine> = plan.ledger.clone();
    assert_eq!(of(&all, "capex:network"), [], "design ended in 2026");
    assert_eq!(of(&all, "capex:building").len(), 1, "the halls are stripped in January 2027");
    let column = &plan.decisions.conversions[0];
    let lines = told(column, |fleet| fleet.offers[0].advance = Some(advance(1500.0, PaidOn::Start)));
    assert_eq!(of(&lines, "advance"), []);
    assert_eq!(of(&lines, "rent_credit").first(), Some(&(3, -40_000_000)), "and yet it is credited");
}

#[test]
fn several_halls_are_a_multiple_of_one() {
    let two = Conversion { halls: 2, ..fixture::conversion() };
    let lines = told(&two, |fleet| fleet.offers[0].give_up = UsdPerKwIt::new(10.0));
    assert_eq!(of(&lines, "give_up"), [(1, -32_000_000)]);
}
