//! Rent and NOI of an average year of the terms: the decisions are held and priced to the end of the last term, past the
//! horizon where that is earlier. Each contract counts with its own average year, from its commencement, or from the start of
//! the plan where that is later.

use std::collections::{BTreeMap, BTreeSet};

use super::returns::{is_noi, is_rent};
use crate::audit::priced;
use crate::domain::calendar::{Month, Period};
use crate::domain::ids::SiteId;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Conversion, Decisions, Plan};
use crate::units::{Cents, Usd};

/// Terms are followed for so many months at most.
const LONGEST: i32 = 1200;

/// A year's income under contracts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Income {
    /// Rent.
    pub rent: Cents,
    /// Net operating income.
    pub noi: Cents,
}

impl Income {
    /// This less another.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self { rent: self.rent - other.rent, noi: self.noi - other.noi }
    }
}

/// An average year under all contracts of some decisions; `None` without a contract.
#[must_use]
pub fn term_income(plan: &Plan, decisions: &Decisions) -> Option<Income> {
    let calendar = &plan.inputs.calendar;
    let leased: Vec<&Conversion> = decisions.conversions.iter().filter(|one| one.offer.is_some()).collect();
    let last = leased.iter().map(|one| calendar.month_of(one.term_end).0).max()?.min(LONGEST);
    let length = calendar.period.months();
    let mut fleet = plan.inputs.clone();
    let periods = u32::try_from((last + length - 1) / length).unwrap_or(0);
    fleet.calendar.periods = fleet.calendar.periods.max(periods);
    let ledger = priced(&fleet, &plan.settings, decisions);

    let mut sums: BTreeMap<(&SiteId, &str), Income> = BTreeMap::new();
    for line in ledger.iter().filter(|line| is_noi(line)) {
        let sum = sums.entry((&line.site, line.subject.as_str())).or_default();
        sum.noi += line.amount_cents;
        if is_rent(line) {
            sum.rent += line.amount_cents;
        }
    }
    let mut year = Income { rent: Cents::ZERO, noi: fixed_cost(&ledger, length) };
    for conversion in leased {
        let subject = conversion.subject();
        let Some(sum) = sums.get(&(&conversion.site, subject.as_str())) else { continue };
        let from = calendar.month_of(conversion.commencement).max(Month(0));
        let months = calendar.month_of(conversion.term_end).0.min(LONGEST) - from.0;
        if months > 0 {
            year.rent += yearly(sum.rent, months);
            year.noi += yearly(sum.noi, months);
        }
    }
    Some(year)
}

/// The fixed cost of hosting in a year, of each site over the periods in which it is paid.
fn fixed_cost(ledger: &[LedgerLine], length: i32) -> Cents {
    let mut sites: BTreeMap<&SiteId, (Cents, BTreeSet<Period>)> = BTreeMap::new();
    for line in ledger.iter().filter(|line| line.category == Category::HostingFixedCost) {
        let site = sites.entry(&line.site).or_default();
        site.0 += line.amount_cents;
        site.1.insert(line.period);
    }
    let of_site = |(sum, periods): (Cents, BTreeSet<Period>)| {
        yearly(sum, length.saturating_mul(i32::try_from(periods.len()).unwrap_or(i32::MAX)))
    };
    sites.into_values().map(of_site).sum()
}

fn yearly(sum: Cents, months: i32) -> Cents {
    Usd::new(sum.usd() * 12.0 / f64::from(months)).to_cents()
}
