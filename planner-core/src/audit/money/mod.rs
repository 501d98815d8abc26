//! Every cent, told again from the decisions (`docs/src/model/money.md`).

mod hall;
mod machine;
mod market;
mod site;

use std::collections::BTreeMap;

use super::column::Column;
use super::ledger::key;
use super::machine_balance::Herd;
use super::site_setup;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::domain::retrofit::{CostBasis, CostLine, Payment};
use crate::domain::site::Site;
use crate::plan::ledger::{Category, LedgerLine, sort};
use crate::units::{Cents, Share, Usd};

/// Two right calculations in floating point differ by less than this share of
/// the sizes they add.
const FLOAT_NOISE: f64 = 1e-13;

/// A line told again, and the other amount it may have where its rounding lies
/// within float noise.
pub(super) struct Told {
    line: LedgerLine,
    other: Cents,
}

/// What all lines of one subject share.
pub(super) struct Head {
    site: SiteId,
    subject: String,
    class: Class,
    rate: Share,
}

impl Head {
    /// A head with the rate of its class.
    pub(super) fn new(fleet: &Fleet, site: &Site, subject: String, class: Class) -> Self {
        Self { site: site.id.clone(), subject, class, rate: fleet.money.rates.of(class) }
    }
}

/// Dollars of one unit by period and category, to be rounded once each.
#[derive(Default)]
pub(super) struct Amounts(BTreeMap<(Period, Category), (f64, f64)>);

impl Amounts {
    /// Adds the dollars of a month; months outside the horizon have no line.
    pub(super) fn add(&mut self, fleet: &Fleet, month: Month, category: Category, amount: Usd) {
        if let Some(period) = fleet.calendar.period_of(month) {
            self.add_in(period, category, amount);
        }
    }

    fn add_in(&mut self, period: Period, category: Category, amount: Usd) {
        let (sum, size) = self.0.entry((period, category)).or_insert((0.0, 0.0));
        *sum += amount.get();
        *size += amount.get().abs();
    }
}

/// Whole cents of a sum, and the cents it may have instead where its rounding
/// lies within the noise of terms of this total size.
pub(super) fn rounded(sum: f64, size: f64) -> (Cents, Cents) {
    let cents = Usd::new(sum).to_cents();
    let noise = size * FLOAT_NOISE;
    let (below, above) = (Usd::new(sum - noise).to_cents(), Usd::new(sum + noise).to_cents());
    (cents, if below == cents { above } else { below })
}

/// Lines of one subject: unit cents times a count. A unit of nothing makes no line.
pub(super) fn units(head: &Head, amounts: Amounts, times: impl Fn(Cents) -> Cents) -> Vec<Told> {
    let mut told = Vec::new();
    for ((period, category), (sum, size)) in amounts.0 {
        let (cents, other) = rounded(sum, size);
        // A product may round to nil and is a line all the same.
        if cents != Cents::ZERO {
            let line = LedgerLine {
                period,
                site: head.site.clone(),
                subject: head.subject.clone(),
                category,
                class: head.class,
                rate: head.rate,
                amount_cents: times(cents),
            };
            told.push(Told { line, other: times(other) });
        }
    }
    told
}

/// The ledger of the decisions, in its order.
///
/// Where the rounding of a unit lies within float noise, the stated amount
/// stands if it is one of the two that a right calculation may give.
pub(super) fn ledger(fleet: &Fleet, columns: &[Column], herds: &[Herd], stated: &[LedgerLine]) -> Vec<LedgerLine> {
    let mut told = Vec::new();
    for column in columns {
        told.extend(hall::tell(fleet, column));
    }
    for site in &fleet.sites {
        told.extend(site_setup::tell(fleet, site, columns));
        told.extend(site::tell(fleet, site));
    }
    let hashprices = market::hashprices(fleet);
    for herd in herds {
        told.extend(machine::tell(fleet, herd, &hashprices));
    }
    let stated: BTreeMap<_, _> = stated.iter().map(|line| (key(line), line.amount_cents)).collect();
    let mut lines: Vec<LedgerLine> = told
        .into_iter()
        .map(|Told { mut line, other }| {
            if stated.get(&key(&line)) == Some(&other) {
                line.amount_cents = other;
            }
            line
        })
        .collect();
    sort(&mut lines);
    lines
}

/// Months since the price date.
fn since(fleet: &Fleet, month: Month) -> i32 {
    month.0.saturating_sub(fleet.calendar.month_of(fleet.money.price_date).0)
}

/// Capital of a retrofit by category, for the cost lines whose basis has an
/// amount here.
pub(super) fn capex(fleet: &Fleet, column: &Column, amount: impl Fn(CostBasis) -> Option<Usd>) -> Amounts {
    let Column { site, retrofit, .. } = column;
    let here = site.override_of(&retrofit.id).map_or(1.0, |own| own.cost_factor.0);
    let factor = site.cost_factor.0 * here * (1.0 + retrofit.contingency.0);
    let mut amounts = Amounts::default();
    for line in &retrofit.costs {
        let Some(amount) = amount(line.basis) else { continue };
        for (month, share) in payments(column, line) {
            let growth = fleet.money.capex_escalation.growth(since(fleet, month));
            amounts.add(fleet, month, Category::Capex(line.category.clone()), -(amount * factor * growth * share));
        }
    }
    amounts
}

/// When which share of a cost line is paid; nothing for a phase that is done.
fn payments(column: &Column, line: &CostLine) -> Vec<(Month, f64)> {
    let Some(phase) = column.offsets.phases.iter().find(|phase| *phase.id == line.phase) else { return vec![] };
    if phase.months == 0 {
        return vec![];
    }
    let month = |offset: u32| column.start.plus(crate::units::Months(phase.start.saturating_add(offset)));
    match line.payment {
        Payment::Even => (0..phase.months).map(|at| (month(at), 1.0 / f64::from(phase.months))).collect(),
        Payment::Deposit(share) => vec![(month(0), share.0), (month(phase.months - 1), share.rest())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(rounded(10_000_000.004_999_5, 1e7), (Cents(1_000_000_001), Cents(1_000_000_000)));
        assert_eq!(rounded(10_000_000.004, 1e7), (Cents(1_000_000_000), Cents(1_000_000_000)));
    }
}
