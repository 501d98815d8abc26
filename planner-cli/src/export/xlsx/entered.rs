//! Sheet `Other lines`: what no formula tells, as the plan's ledger has it, line by line.

use std::collections::BTreeMap;

use planner_core::plan::Plan;
use planner_core::plan::ledger::LedgerLine;

use super::assumptions::Assumptions;
use super::capital::pot_of;
use super::lines::{self, Case, Head, Key, Lines};
use super::sheet::{Look, Row, Sheet};
use super::term::Term;
use super::timeline::Axis;

/// The sheet, empty where every line is a formula.
pub fn sheet(
    plan: &Plan,
    (facts, axis): (&Assumptions, &Axis),
    factors: &BTreeMap<String, Row>,
    lines: &mut Lines,
) -> Sheet {
    let note = "Dollars by period, entered: they do not follow when an assumption is changed.";
    let mut sheet = Sheet::new("Other lines", "Other lines", note);
    lines::head(&mut sheet, axis);
    let mut missing: BTreeMap<Key, Vec<&LedgerLine>> = BTreeMap::new();
    {
        let told = lines.keys();
        for (case, ledger) in [(Case::Plan, &plan.ledger), (Case::Twin, &plan.twin.ledger)] {
            for line in ledger {
                let key = (case, line.site.to_string(), line.subject.clone(), line.category.clone(), line.class);
                if !told.contains(&key) {
                    missing.entry(key).or_default().push(line);
                }
            }
        }
    }
    for ((case, site, subject, category, class), own) in missing {
        let dollars: BTreeMap<usize, f64> =
            own.iter().map(|line| (line.period.index(), line.amount_cents.usd())).collect();
        let head = Head { pot: pot_of(plan, &site, &subject), ..Head::new(case, site, subject, class) };
        let rate = own.first().map(|line| line.rate);
        let usual = rate.is_some_and(|rate| rate.0.total_cmp(&plan.inputs.money.rates.of(class).0).is_eq());
        let offer = plan.inputs.offers.iter().find(|offer| {
            offer.discount_rate.is_some() && offer.discount_rate == rate && factors.contains_key(offer.id.as_str())
        });
        let own = offer.filter(|_| !usual).and_then(|offer| factors.get(offer.id.as_str()).cloned());
        let head = Head { factors: own, ..head };
        let entry = |p: usize| Term::atom("", dollars.get(&p).copied().unwrap_or(0.0));
        lines.put(&mut sheet, (facts, axis), (&head, &category), Look::Input, entry);
    }
    sheet
}
