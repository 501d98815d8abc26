//! The commitment curve: how much money is paid, how much can no longer be stopped, and how much of that has no signed
//! lease behind it.
//!
//! Capital that is paid evenly can be stopped from month to month: it is bound when it is paid. Equipment that is ordered
//! with a deposit is bound in full with the deposit, and what ends a mining customer's contract with the notice, which is
//! given when the conversion starts. Where one category has both, all of it that falls due by the end of the order counts
//! as ordered. A lease is signed when the first conversion for it starts.

use jiff::civil::Date;

use super::ask::{Signings, lease, signed_after, signings};
use super::table::{Cell, Column, Table};
use crate::domain::calendar::Period;
use crate::domain::retrofit::Payment;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Conversion, Plan, subject};
use crate::units::Cents;

/// Capital up to the end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// Which.
    pub period: Period,
    /// Paid by then.
    pub paid: Cents,
    /// Paid, or no longer to be stopped.
    pub bound: Cents,
    /// Of what is bound, without a signed lease behind it.
    pub unsigned: Cents,
}

/// One point per period, from the first to the last in which a sum changes.
#[must_use]
pub fn commitment(plan: &Plan) -> Vec<Commitment> {
    let signed = signings(plan);
    let capital: Vec<&LedgerLine> = plan.ledger.iter().filter(|line| line.category.is_capital()).collect();
    let bound: Vec<Period> = capital.iter().map(|line| bound_in(plan, line)).collect();
    let last = capital.iter().map(|line| line.period).max();
    let point = |period: Period| {
        let mut point = Commitment { period, paid: Cents::ZERO, bound: Cents::ZERO, unsigned: Cents::ZERO };
        for (line, bound) in capital.iter().zip(&bound) {
            let amount = -line.amount_cents;
            if line.period <= period {
                point.paid += amount;
            }
            if *bound <= period {
                point.bound += amount;
                if unsigned(plan, &signed, line, period) {
                    point.unsigned += amount;
                }
            }
        }
        point
    };
    last.into_iter().flat_map(|last| (0..=last.0).map(|period| point(Period(period)))).collect()
}

/// Whether no lease that a line is for is signed by the end of a period. Machines are for none.
fn unsigned(plan: &Plan, signed: &Signings, line: &LedgerLine, period: Period) -> bool {
    let signed = lease(signed, line).is_some_and(|day| !signed_after(plan, day, period));
    line.category != Category::MachinePurchase && !signed
}

/// The period from which a capital line can no longer be stopped.
fn bound_in(plan: &Plan, line: &LedgerLine) -> Period {
    let Category::Capex(category) = &line.category else { return line.period };
    let pays = |conversion: &&Conversion| {
        let once = subject::setup(&conversion.retrofit) == line.subject;
        conversion.site == line.site && (conversion.subject() == line.subject || once)
    };
    let calendar = &plan.inputs.calendar;
    let within = |day: Date| calendar.period_of(calendar.month_of(day.max(calendar.start)));
    let earliest = |conversion: &Conversion| {
        if category == "exit" {
            return within(conversion.start);
        }
        let costs = &plan.inputs.retrofit(&conversion.retrofit)?.costs;
        let ordered = costs.iter().filter(|cost| cost.category == *category && cost.payment != Payment::Even);
        let phases = ordered.filter_map(|cost| conversion.phases.iter().find(|phase| phase.phase == cost.phase));
        phases
            .filter(|phase| calendar.period_start(line.period) < phase.end)
            .filter_map(|phase| within(phase.start))
            .min()
    };
    let bound = plan.decisions.conversions.iter().filter(pays).filter_map(earliest).min();
    bound.map_or(line.period, |bound| bound.min(line.period))
}

/// The curve as a table: one row for every period in which money is paid or bound.
#[must_use]
pub fn table(plan: &Plan) -> Table {
    let columns = vec![
        Column::words("before"),
        Column::figures("paid", "M$"),
        Column::figures("no longer to be stopped", "M$"),
        Column::figures("of it without a signed lease", "M$"),
    ];
    let mut rows = vec![];
    let mut before = None;
    for point in commitment(plan) {
        let sums = (point.paid, point.bound, point.unsigned);
        if before != Some(sums) {
            let end = plan.inputs.calendar.period_start(Period(point.period.0 + 1));
            let money = [sums.0, sums.1, sums.2].map(Cell::Money);
            rows.push(std::iter::once(Cell::Month(end)).chain(money).collect());
        }
        before = Some(sums);
    }
    Table { title: "Commitment".to_owned(), columns, rows, notes: vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_curve_rises_to_all_capital_and_nothing_is_paid_before_it_is_bound() {
        for plan in [sample::plan(), sample::with_everything()] {
            let curve = commitment(&plan);
            let last = curve.last().unwrap();
            assert_eq!((last.paid, last.bound, last.unsigned), (plan.capital_usd.0, plan.capital_usd.0, Cents::ZERO));
            assert!(curve.iter().all(|point| point.paid <= point.bound && point.unsigned <= point.bound));
        }
    }

    #[test]
    fn an_order_binds_its_balance_and_even_payments_bind_nothing() {
        let mut plan = sample::plan();
        let retrofit = plan.decisions.conversions[0].retrofit.clone();
        let index = plan.inputs.retrofits.iter().position(|one| one.id == retrofit).unwrap();
        let conversion = plan.decisions.conversions[0].clone();
        let cost = plan.inputs.retrofits[index].costs[0].clone();
        let phase = conversion.phases.iter().find(|phase| phase.phase == cost.phase).unwrap().clone();
        let calendar = plan.inputs.calendar.clone();
        let ordered = calendar.period_of(calendar.month_of(phase.start)).unwrap();
        let due = Period(ordered.0 + 1);
        assert!(calendar.period_start(due) < phase.end, "the sample's first phase runs into a second period");
        plan.ledger.retain(|line| !line.category.is_capital());
        let line = |category: &str| LedgerLine {
            period: due,
            site: conversion.site.clone(),
            subject: conversion.subject(),
            category: Category::Capex(category.to_owned()),
            ..plan.ledger[0].clone()
        };
        let (order, exit) = (line(&cost.category), line("exit"));
        let bound = |plan: &Plan, line: &LedgerLine| bound_in(plan, line);
        plan.inputs.retrofits[index].costs[0].payment = Payment::Even;
        assert_eq!(bound(&plan, &order), due);
        plan.inputs.retrofits[index].costs[0].payment = Payment::Deposit(crate::units::Share(0.3));
        assert_eq!(bound(&plan, &order), ordered);
        assert_eq!(bound(&plan, &exit), calendar.period_of(calendar.month_of(conversion.start)).unwrap());
    }

    #[test]
    fn merchant_capacity_has_no_lease_behind_it() {
        let mut plan = sample::plan();
        for conversion in &mut plan.decisions.conversions {
            let before = conversion.subject();
            conversion.offer = None;
            let after = conversion.subject();
            plan.ledger
                .iter_mut()
                .filter(|line| line.subject == before)
                .for_each(|line| line.subject.clone_from(&after));
        }
        let curve = commitment(&plan);
        assert!(curve.iter().all(|point| point.unsigned == point.bound));
    }
}
