//! `ledger`: every line is there, once, in order, to the cent.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::findings::{Findings, dollars, when};
use super::{minimum_bill, site_setup};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::plan::ledger::{Category, LedgerLine, sort};

type Key<'a> = (Period, &'a SiteId, &'a str, &'a Category, Class);

/// What makes a line unique.
pub(super) fn key(line: &LedgerLine) -> Key<'_> {
    (line.period, &line.site, &line.subject, &line.category, line.class)
}

/// Every line is there, once, in order, to the cent.
pub(super) fn check(case: &Case, found: &mut Findings) {
    compare(case, |line| !site_setup::owns(line) && !minimum_bill::owns(line), found);
    let mut sorted = case.stated.to_vec();
    sort(&mut sorted);
    if let Some((line, _)) = case.stated.iter().zip(&sorted).find(|(stated, sorted)| stated != sorted) {
        found.add(name(case.fleet, line), "it is out of order (period, site, subject, category, class)");
    }
}

/// Compares the lines of one rule, line by line.
pub(super) fn compare(case: &Case, of_rule: impl Fn(&LedgerLine) -> bool, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    let mut stated: BTreeMap<Key, &LedgerLine> = BTreeMap::new();
    for line in case.stated.iter().filter(|line| of_rule(line)) {
        if !seen.insert(key(line)) {
            found.add(name(case.fleet, line), format!("it stands twice, with {}", dollars(line.amount_cents)));
            continue;
        }
        stated.insert(key(line), line);
    }
    for expected in case.ledger.iter().filter(|line| of_rule(line)) {
        let line = || name(case.fleet, expected);
        let Some(stated) = stated.remove(&key(expected)) else {
            found.add(line(), format!("it is missing: expected {}", dollars(expected.amount_cents)));
            continue;
        };
        if stated.amount_cents != expected.amount_cents {
            let (stated, expected) = (dollars(stated.amount_cents), dollars(expected.amount_cents));
            found.add(line(), format!("{stated}, expected {expected}"));
        }
        // Rates are copied, never calculated, so they are the same to the last bit.
        if stated.rate.0.to_bits() != expected.rate.0.to_bits() {
            found.add(line(), format!("rate {}, expected {}", stated.rate.0, expected.rate.0));
        }
    }
    for line in stated.into_values() {
        let amount = dollars(line.amount_cents);
        found.add(name(case.fleet, line), format!("{amount}, expected no such line of class {:?}", line.class));
    }
}

fn name(fleet: &Fleet, line: &LedgerLine) -> String {
    format!("{} {} {} {}", when(&fleet.calendar, line.period), line.site, line.subject, line.category)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::fixture;

    use crate::units::Cents;

    fn found(change: impl FnOnce(&mut Vec<LedgerLine>)) -> Vec<String> {
        let mut plan = fixture::plan();
        change(&mut plan.ledger);
        fixture::findings(&plan)
    }

    fn rent(lines: &mut [LedgerLine]) -> &mut LedgerLine {
        lines.iter_mut().find(|line| line.category == Category::Rent).unwrap()
    }

    #[test]
    fn a_cent_too_much() {
        assert_eq!(
            found(|lines| rent(lines).amount_cents += Cents(1)),
            ["ledger: period 3 (2027-10-01) north a/liquid/ig@2027-04 rent: \
              800,000.01 USD, expected 800,000.00 USD"]
        );
    }

    #[test]
    fn a_line_missing_extra_twice_or_out_of_order() {
        let missing = found(|lines| lines.retain(|line| line.category != Category::MachineSale));
        assert_eq!(
            missing,
            ["ledger: period 1 (2027-04-01) north s21 machine_sale: it is missing: expected 7,110,000.00 USD"]
        );
        let extra = found(|lines| {
            let line = LedgerLine { period: Period(9), ..rent(lines).clone() };
            lines.push(line);
        });
        assert_eq!(extra.len(), 1);
        assert!(extra[0].ends_with("800,000.00 USD, expected no such line of class Contracted"));
        let twice = found(|lines| {
            let at = lines.iter().position(|line| line.category == Category::Rent).unwrap();
            lines.insert(at, lines[at].clone());
        });
        assert_eq!(twice.len(), 1);
        assert!(twice[0].ends_with("it stands twice, with 800,000.00 USD"));
        let swapped = found(|lines| lines.swap(0, 1));
        assert_eq!(swapped.len(), 1);
        assert!(swapped[0].contains("out of order"));
    }

    #[test]
    fn another_class_or_rate() {
        let class = found(|lines| rent(lines).class = Class::Mining);
        assert!(class[0].ends_with("it is missing: expected 800,000.00 USD"), "{class:?}");
        assert!(class.iter().any(|found| found.ends_with("expected no such line of class Mining")), "{class:?}");
        let rate = found(|lines| rent(lines).rate.0 = 0.09);
        assert_eq!(rate.len(), 1);
        assert!(rate[0].ends_with("rate 0.09, expected 0.07"));
    }
}
