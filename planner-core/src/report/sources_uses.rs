//! Sources and uses of the landlord-funded capital, over the whole horizon.

use std::collections::BTreeMap;

use super::pots::{pot_of, relieves};
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Plan, subject};
use crate::units::Cents;

/// Where money comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A pot of the portfolio.
    Pot(String),
    /// Capital that is limited by one total, or not at all.
    OwnFunds,
    /// Advances and prepayments of tenants, as far as they relieve a pot.
    Tenants,
}

/// What money is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Halls, by the cost line's category.
    Conversions(String),
    /// Works, by their category.
    Works(String),
    /// Deposits on scarce equipment, less what is credited on delivery.
    Deposits,
    /// Machines bought.
    Machines,
}

/// Both sides; they have the same sum, which is the ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourcesUses {
    /// Rows that are nil are left out.
    pub sources: Vec<(Source, Cents)>,
    /// Rows that are nil are left out.
    pub uses: Vec<(Use, Cents)>,
    /// What tenants pay in advance beyond the capital of the pots it relieves: no source, but cash.
    pub tenants_beyond: Cents,
}

impl SourcesUses {
    /// Of either side.
    #[must_use]
    pub fn total(&self) -> Cents {
        self.uses.iter().map(|(_, amount)| *amount).sum()
    }
}

/// Sources and uses of a plan.
#[must_use]
pub fn sources_uses(plan: &Plan) -> SourcesUses {
    let mut uses: BTreeMap<Use, Cents> = BTreeMap::new();
    // Capital and relief, by pot in the portfolio's order; the last place is for what no pot pays.
    let mut pots = vec![(Cents::ZERO, Cents::ZERO); plan.inputs.pots.len() + 1];
    for line in &plan.ledger {
        let at = place(plan, line);
        if line.category.is_capital() {
            *uses.entry(use_of(line)).or_default() += -line.amount_cents;
            pots[at].0 += -line.amount_cents;
        } else if plan.inputs.pots.get(at).is_some_and(|pot| relieves(pot, &line.category)) {
            pots[at].1 += line.amount_cents;
        }
    }
    let mut sources = vec![];
    let (mut tenants, mut beyond) = (Cents::ZERO, Cents::ZERO);
    for (at, (capital, relief)) in pots.into_iter().enumerate() {
        let relieved = relief.min(capital).max(Cents::ZERO);
        tenants += relieved;
        beyond += relief - relieved;
        let source = plan.inputs.pots.get(at).map_or(Source::OwnFunds, |pot| Source::Pot(pot.id.to_string()));
        sources.push((source, capital - relieved));
    }
    sources.push((Source::Tenants, tenants));
    sources.retain(|(_, amount)| *amount != Cents::ZERO);
    let uses = uses.into_iter().filter(|(_, amount)| *amount != Cents::ZERO).collect();
    SourcesUses { sources, uses, tenants_beyond: beyond }
}

/// The place of the pot that pays for a line; the last one where one total takes the place of the pots, or none pays.
fn place(plan: &Plan, line: &LedgerLine) -> usize {
    let pots = &plan.inputs.pots;
    let own = pot_of(&plan.inputs, line).filter(|_| plan.settings.budget.is_none());
    own.and_then(|own| pots.iter().position(|pot| pot.id == own.id)).unwrap_or(pots.len())
}

fn use_of(line: &LedgerLine) -> Use {
    match &line.category {
        Category::Capex(category) if subject::work_of(&line.subject).is_some() => Use::Works(category.clone()),
        Category::Capex(_) if subject::is_reservation(&line.subject) => Use::Deposits,
        Category::Capex(category) => Use::Conversions(category.clone()),
        _ => Use::Machines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Period;
    use crate::domain::money::{Pot, Relief};
    use crate::report::sample;

    const MILLION: i64 = 100_000_000;

    fn sum<T>(side: &[(T, Cents)]) -> Cents {
        side.iter().map(|(_, amount)| *amount).sum()
    }

    #[test]
    fn both_sides_are_the_ask_to_the_cent() {
        let plan = sample::with_everything();
        let both = sources_uses(&plan);
        assert_eq!(both.sources, [(Source::OwnFunds, plan.capital_usd.0)]);
        assert_eq!(sum(&both.uses), plan.capital_usd.0);
        assert_eq!(both.total(), plan.capital_usd.0);
        assert!(both.uses.contains(&(Use::Works("substation".to_owned()), Cents(20 * MILLION))), "{:?}", both.uses);
        assert!(both.uses.contains(&(Use::Conversions("cooling".to_owned()), Cents(30 * MILLION))));
        assert!(!both.uses.iter().any(|(used, _)| *used == Use::Deposits), "the deposit is credited again");
    }

    #[test]
    fn tenants_are_a_source_as_far_as_they_relieve_a_pot() {
        let mut plan = sample::plan();
        let pot = |id: &str, relieved_by, sites: Option<Vec<_>>| Pot {
            id: id.into(),
            release: vec![],
            carry_over: true,
            sites,
            works: None,
            relieved_by,
        };
        let mut advance = plan.ledger.iter().find(|line| line.category == Category::Rent).unwrap().clone();
        (advance.period, advance.category, advance.amount_cents) = (Period(0), Category::Advance, Cents(40 * MILLION));
        plan.ledger.push(advance);
        plan.inputs.pots = vec![pot("growth", vec![Relief::Advance], None), pot("other", vec![], Some(vec![]))];
        let both = sources_uses(&plan);
        let expected =
            [(Source::Pot("growth".to_owned()), Cents(80 * MILLION)), (Source::Tenants, Cents(40 * MILLION))];
        assert_eq!(both.sources, expected);
        assert_eq!((sum(&both.sources), both.tenants_beyond), (both.total(), Cents::ZERO));
        plan.ledger.last_mut().unwrap().amount_cents = Cents(130 * MILLION);
        let both = sources_uses(&plan);
        assert_eq!(both.sources, [(Source::Tenants, Cents(120 * MILLION))]);
        assert_eq!(both.tenants_beyond, Cents(10 * MILLION));
    }
}
