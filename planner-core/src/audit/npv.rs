//! `npv`: the present value of the lines told again is the one the plan states.

use super::case::Case;
use super::findings::{Findings, dollars};
use crate::domain::Fleet;
use crate::domain::calendar::{Period, days_between};
use crate::plan::Plan;
use crate::plan::ledger::LedgerLine;
use crate::units::{Cents, UsdCents};

use super::money::rounded;

/// NPV, NPV of the twin and uplift are those of the ledgers.
pub(super) fn check(plan: &Plan, own: &Case, twin: &Case, found: &mut Findings) {
    for (line, case, stated) in [("npv_usd", own, plan.npv_usd), ("twin_npv_usd", twin, plan.twin_npv_usd)] {
        let (expected, other) = present_value(case.fleet, &case.ledger);
        if stated != UsdCents(expected) && stated != UsdCents(other) {
            found.add(line, format!("{}, expected {}", dollars(stated.0), dollars(expected)));
        }
    }
    let uplift = plan.npv_usd.0 - plan.twin_npv_usd.0;
    if plan.uplift_usd != UsdCents(uplift) {
        found.add("uplift_usd", format!("{}, expected {}", dollars(plan.uplift_usd.0), dollars(uplift)));
    }
}

/// `Σ cents × (1+r)^(−y)` in the ledger's order, rounded once; the second
/// amount differs where the rounding lies within float noise.
pub(super) fn present_value(fleet: &Fleet, lines: &[LedgerLine]) -> (Cents, Cents) {
    let (mut sum, mut size) = (0.0, 0.0);
    for line in lines {
        let value = line.amount_cents.usd() * libm::pow(1.0 + line.rate.0, -years(fleet, line.period));
        sum += value;
        size += value.abs();
    }
    rounded(sum, size)
}

/// Years of 365 days from `D_0` to the middle of a period, or to `D_N`.
pub(super) fn years(fleet: &Fleet, period: Period) -> f64 {
    let day = |period: Period| f64::from(days_between(fleet.calendar.start, fleet.calendar.period_start(period)));
    let (first, horizon) = (day(period), fleet.calendar.horizon());
    let last = if period < horizon { day(Period(period.0.saturating_add(1))) } else { first };
    f64::midpoint(first, last) / 365.0
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture;

    #[test]
    fn a_cent_on_the_present_value() {
        let mut plan = fixture::plan();
        plan.npv_usd.0.0 += 1;
        plan.uplift_usd.0.0 += 1;
        plan.bound_usd.0.0 += 1;
        let found = fixture::findings(&plan);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("npv: npv_usd: "));
        plan.uplift_usd.0.0 -= 1;
        assert!(fixture::findings(&plan)[1].starts_with("npv: uplift_usd: "));
    }

    #[test]
    fn cash_is_discounted_from_the_middle_of_its_period() {
        let fleet = fixture::fleet();
        assert!((super::years(&fleet, super::Period(0)) - 45.0 / 365.0).abs() < 1e-12);
        assert!((super::years(&fleet, super::Period(8)) - 731.0 / 365.0).abs() < 1e-12);
    }
}
