//! What a single figure would have to do for the gain over the case without new commitments to end, the decisions of both
//! held. The audit prices them again under each figure; nothing is solved.

use std::collections::BTreeSet;

use super::table::{Cell, Fact, Section};
use crate::audit::{judge, settled};
use crate::domain::Fleet;
use crate::domain::ids::{RetrofitId, SiteId};
use crate::plan::ledger::{Category, LedgerLine, present_value};
use crate::plan::{Conversion, Decisions, Finding, Plan};
use crate::units::{Months, UsdPerKwMonth};
use crate::works::slip;

/// A hashprice is looked for up to so many times the deck's.
const MOST_HASHPRICE: f64 = 20.0;
/// Slips are looked for up to four years.
const MOST_SLIP: u32 = 48;
/// Tries of a figure: as good as linear, it takes a few.
const TURNS: usize = 40;

/// How many months later the new conversions are ready when the uplift is gone or an offer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slip {
    /// The fewest such months.
    pub by: Months,
    /// A conversion misses its long-stop date, a tranche of load its date, or a lease ends before its contract.
    pub loses_an_offer: bool,
}

/// Factor on the deck's bitcoin price, and so on its hashprice, at which the plan is worth no more than the twin. `None`
/// where there is none up to twenty.
#[must_use]
pub fn hashprice_factor(plan: &Plan) -> Option<f64> {
    let at = |factor: f64| {
        let change = |fleet: &mut Fleet| {
            fleet.deck.months.iter_mut().for_each(|month| month.btc_price = month.btc_price * factor);
        };
        Held::under(plan, change).uplift()
    };
    sign_change(1.0, MOST_HASHPRICE, at)
}

/// Share by which every rent, of contracts and of capacity without one, must fall. `None` where the uplift survives that
/// there is none.
#[must_use]
pub fn rent_down(plan: &Plan) -> Option<f64> {
    let at = |share: f64| {
        let lower = |rent: &mut UsdPerKwMonth| *rent = UsdPerKwMonth::new(rent.get() * (1.0 - share));
        let change = |fleet: &mut Fleet| {
            fleet.offers.iter_mut().for_each(|offer| lower(&mut offer.rent));
            fleet.deck.merchant.iter_mut().for_each(|curve| lower(&mut curve.rent));
        };
        Held::under(plan, change).uplift()
    };
    sign_change(0.0, 1.0, at)
}

/// Share by which all conversion capital must rise for the uplift to vanish. The uplift is linear in capital, so this is
/// exact. `None` without an uplift, or without capital beyond the twin's.
#[must_use]
pub fn capex_up(plan: &Plan) -> Option<f64> {
    let value = |lines: &[LedgerLine]| {
        let capex = lines.iter().filter(|line| matches!(line.category, Category::Capex(_)));
        -present_value(&plan.inputs.calendar, capex).0.usd()
    };
    let capex = value(&plan.ledger) - value(&plan.twin.ledger);
    let uplift = plan.uplift_usd.0.usd();
    (capex > 0.0 && uplift > 0.0).then(|| uplift / capex)
}

/// The fewest months by which every conversion that the twin has not must be late. `None` where four years change nothing.
#[must_use]
pub fn slipped(plan: &Plan) -> Option<Slip> {
    let way = |one: &Conversion| (one.site.clone(), one.retrofit.clone());
    let twins: BTreeSet<(SiteId, RetrofitId)> = plan.twin.decisions.conversions.iter().map(way).collect();
    let new: BTreeSet<_> = plan.decisions.conversions.iter().map(way).filter(|one| !twins.contains(one)).collect();
    let late = |months: u32| {
        Held::under(plan, |fleet| {
            for (site, retrofit) in &new {
                let retrofit = fleet.retrofit(retrofit).cloned();
                let site = fleet.sites.iter_mut().find(|own| own.id == *site);
                let _nothing_left_to_be_late =
                    site.zip(retrofit).and_then(|(site, own)| slip(site, &own, Months(months)));
            }
        })
    };
    let before = late(0).lost();
    let lost = |held: &Held| held.lost().iter().any(|finding| !before.contains(finding));
    let ends = |months: u32| {
        let held = late(months);
        held.uplift() <= 0.0 || lost(&held)
    };
    let (mut stands, mut gone) = (0, MOST_SLIP);
    if new.is_empty() || !ends(gone) {
        return None;
    }
    while gone - stands > 1 {
        let between = u32::midpoint(stands, gone);
        if ends(between) { gone = between } else { stands = between }
    }
    Some(Slip { by: Months(gone), loses_an_offer: lost(&late(gone)) })
}

/// Decisions of plan and twin, priced and judged under changed facts.
struct Held {
    plan: (f64, Vec<Finding>),
    twin: f64,
}

impl Held {
    fn under(plan: &Plan, change: impl FnOnce(&mut Fleet)) -> Self {
        let mut fleet = plan.inputs.clone();
        change(&mut fleet);
        let told = |decisions: &Decisions| {
            let judged = judge(&fleet, &plan.settings, &settled(&fleet, decisions));
            (present_value(&fleet.calendar, &judged.ledger).0.usd(), judged.findings)
        };
        Self { plan: told(&plan.decisions), twin: told(&plan.twin.decisions).0 }
    }

    fn uplift(&self) -> f64 {
        self.plan.0 - self.twin
    }

    /// Rules that concern dates of contracts.
    fn lost(&self) -> Vec<Finding> {
        let dates = |finding: &&Finding| ["conversions", "offer_size"].contains(&finding.rule.as_str());
        self.plan.1.iter().filter(dates).cloned().collect()
    }
}

/// Where something that is positive at one end is so no more; `None` where it is at the other end too, or at neither. False
/// position, by the Illinois rule: of an end that stays, half the value counts.
fn sign_change(mut from: f64, mut to: f64, value: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut above, mut below) = (value(from), value(to));
    if above <= 0.0 || below > 0.0 {
        return None;
    }
    // A dollar is nothing, nor a ten-millionth of what there is.
    let nothing = f64::max(1.0, 1e-7 * above);
    let mut last = 0.0;
    for _ in 0..TURNS {
        if (to - from).abs() < 1e-6 {
            break;
        }
        let next = from + (to - from) * above / (above - below);
        let found = value(next);
        if found.abs() < nothing {
            return Some(next);
        }
        if found > 0.0 {
            (from, above) = (next, found);
            below /= if last > 0.0 { 2.0 } else { 1.0 };
        } else {
            (to, below) = (next, found);
            above /= if last < 0.0 { 2.0 } else { 1.0 };
        }
        last = found;
    }
    Some(to)
}

/// The break-evens as a section of the page; none when nothing is to be said.
#[must_use]
pub fn section(plan: &Plan) -> Option<Section> {
    let fact = |label: &str, share: f64| Fact::new(label, Cell::Share(share));
    let mut facts = vec![];
    facts.extend(hashprice_factor(plan).map(|factor| fact("hashprice +", factor - 1.0)));
    facts.extend(rent_down(plan).map(|share| fact("rent -", share)));
    facts.extend(capex_up(plan).map(|share| fact("capex +", share)));
    let late = slipped(plan);
    if facts.is_empty() && late.is_none() {
        return None;
    }
    // One line of the page.
    facts.push(Fact::sentence(
        late.map_or("(each alone)".to_owned(), |slip| format!("{} months late (each alone)", slip.by.0)),
    ));
    Some(Section::facts("Gain ends if", vec![facts]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::units::Cents;

    #[test]
    fn raising_capital_by_the_share_takes_the_uplift_away() {
        let mut plan = sample::plan();
        let share = capex_up(&plan).unwrap();
        for line in plan.ledger.iter_mut().filter(|line| matches!(line.category, Category::Capex(_))) {
            #[allow(clippy::cast_possible_truncation)]
            let raised = (line.amount_cents.usd() * 100.0 * (1.0 + share)).round() as i64;
            line.amount_cents = Cents(raised);
        }
        let calendar = &plan.inputs.calendar;
        let uplift = present_value(calendar, &plan.ledger).0 - present_value(calendar, &plan.twin.ledger).0;
        assert!(uplift.usd().abs() < 1.0, "{}", uplift.usd());
    }

    #[test]
    fn without_an_uplift_there_is_nothing_to_lose() {
        let mut plan = sample::plan();
        plan.uplift_usd.0 = Cents(-1);
        assert_eq!(capex_up(&plan), None);
    }

    #[test]
    fn a_sign_change_is_found_on_a_line_and_on_a_curve() {
        assert_eq!(sign_change(0.0, 1.0, |x| 1e6 * (0.25 - x)), Some(0.25));
        let found = sign_change(1.0, 20.0, |x| 1e9 * (2.0 - x * x)).unwrap();
        assert!((found - 2.0_f64.sqrt()).abs() < 1e-6, "{found}");
        assert_eq!(sign_change(0.0, 1.0, |_| 1.0), None, "it is never gone");
        assert_eq!(sign_change(0.0, 1.0, |_| -1.0), None, "it was never there");
    }
}
