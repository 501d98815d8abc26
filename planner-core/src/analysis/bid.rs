//! The least rent at which an offer should be taken at a site, given everything else that the portfolio could do, and what
//! single clauses of it are worth in rent.

use jiff::ToSpan;
use rayon::prelude::*;
use serde::Serialize;

use super::explain::flip::Flip;
use super::explain::question::{Flipped, Questions};
use super::explain::{Alternative, Alternatives, Lever, unless_stopped};
use crate::domain::offer::{Bearer, CostBearers, Offer, PaidOn, PowerTerms, Prepayment, TenantFunded};
use crate::options::enumerate;
use crate::plan::{MERCHANT, Plan};
use crate::solve::{Run, SolveError};
use crate::units::{Months, Share, UsdPerKwIt, UsdPerKwMonth};

const NO_RENT: &str = "merchant capacity has no offer, and so no rent to bid";

/// A change of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clause {
    /// The rent rises by one point more each year.
    Escalator,
    /// The tenant waits six months longer.
    LongStop,
    /// Twelve more months of rent are paid at the start and credited in full.
    Prepayment,
    /// The tenant pays 1 MUSD more of the capex of each MW-IT.
    TenantFunding,
    /// The tenant bears operations, tax, insurance and energy.
    TripleNet,
    /// Somebody pays all of the rent on after a default.
    Backstop,
}

impl Clause {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Escalator, Self::LongStop, Self::Prepayment, Self::TenantFunding, Self::TripleNet, Self::Backstop];

    /// As printed.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Escalator => "one point more of escalator",
            Self::LongStop => "six months more to the long-stop date",
            Self::Prepayment => "twelve months more of rent paid at the start",
            Self::TenantFunding => "1 MUSD/MW-IT more of the capex paid by the tenant",
            Self::TripleNet => "triple net instead of what we bear",
            Self::Backstop => "a backstop of all the rent",
        }
    }

    /// Writes it into an offer; false, and nothing changes, where the offer has it already or has nothing to change.
    pub fn write(self, offer: &mut Offer) -> bool {
        match self {
            Self::Escalator => offer.escalator.0 += 0.01,
            Self::LongStop => {
                let Some(date) = offer.long_stop else { return false };
                offer.long_stop = Some(date.saturating_add(6.months()));
            }
            Self::Prepayment => {
                let none = Prepayment { months: Months(0), paid: PaidOn::Start, credited: Share::ALL };
                let present = offer.prepayment.unwrap_or(none);
                offer.prepayment = Some(Prepayment { months: Months(present.months.0 + 12), ..present });
            }
            Self::TenantFunding => {
                offer.tenant_funded = match offer.tenant_funded {
                    TenantFunded::Amount(amount) => TenantFunded::Amount(UsdPerKwIt::new(amount.get() + 1000.0)),
                    TenantFunded::Share(share) if share.0 == 0.0 => TenantFunded::Amount(UsdPerKwIt::new(1000.0)),
                    TenantFunded::Share(_) => return false,
                }
            }
            Self::TripleNet => {
                let theirs = Bearer::Tenant;
                let costs = CostBearers { operations: theirs, property_tax: theirs, insurance: theirs };
                if offer.costs == costs && offer.power == PowerTerms::PassedThrough {
                    return false;
                }
                (offer.costs, offer.power) = (costs, PowerTerms::PassedThrough);
            }
            Self::Backstop => match &mut offer.credit {
                Some(credit) if credit.default.0 > 0.0 && credit.backstop.0 < 1.0 => credit.backstop = Share::ALL,
                _ => return false,
            },
        }
        true
    }
}

/// A rent at which the offer is proved to be taken; at `resolution` less it is proved not to be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rent {
    /// USD/kW-month, of the first year.
    pub least: f64,
    /// USD/kW-month.
    pub resolution: f64,
}

/// What a clause is worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Worth {
    /// Which.
    pub clause: Clause,
    /// Whether the offer can be changed so.
    pub applies: bool,
    /// The least rent with it.
    pub rent: Option<Rent>,
    /// The least rent without it less that with it, in USD/kW-month.
    pub worth: Option<f64>,
    /// The worth may be so much greater or less.
    pub resolution: Option<f64>,
}

/// What to ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Bid {
    /// Where, how, and which offer.
    pub alternative: Alternative,
    /// Whether the plan takes it as it stands.
    pub taken: bool,
    /// Rent that is offered.
    pub offered: UsdPerKwMonth,
    /// The least rent; `None` where the offer is taken, or not taken, at any rent, or that cannot be told.
    pub rent: Option<Rent>,
    /// What each clause is worth at that rent.
    pub clauses: Vec<Worth>,
    /// Whether the run was stopped: then clauses may be missing.
    pub stopped: bool,
}

/// Why there is no bid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoBid {
    /// The offer cannot be served there so.
    #[error("{0}: {1}")]
    NoOption(Alternative, String),
    /// A solve failed.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// The least rent of an offer at a site, everything else being as in the plan's portfolio.
///
/// # Errors
/// When the offer cannot be served there so, or a solve fails.
pub fn bid(plan: &Plan, of: &Alternative, run: &Run) -> Result<Bid, NoBid> {
    let alternatives = Alternatives::of(plan, &enumerate(&plan.inputs, &plan.settings));
    let taken = alternatives.chosen.contains(of);
    let offer = plan.inputs.offer(&of.offer).filter(|_| taken || alternatives.open.contains(of));
    let Some(offer) = offer else {
        let refused = alternatives.refused.get(of).map(|reason| reason.clause());
        let none = if of.offer.as_str() == MERCHANT { NO_RENT } else { "no hall there is converted so for it" };
        return Err(NoBid::NoOption(of.clone(), refused.unwrap_or(none).to_owned()));
    };
    run.stage("least rent");
    let quiet = run.quiet();
    let questions = Questions { plan, run: &quiet };
    let sides = questions.sides(of)?;
    let least = questions.flip(Lever::Rent, of, &sides, None)?;
    run.stage("clauses");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::try_from(run.threads).unwrap_or(1)).build();
    let pool = pool.map_err(|error| SolveError::Solver(error.to_string()))?;
    let clauses = match &least {
        None => vec![],
        Some(least) => pool.install(|| {
            let worth = |clause: &Clause| unless_stopped(worth(&questions, of, *clause, offer, least));
            Clause::ALL.par_iter().map(worth).collect::<Result<Vec<_>, _>>()
        })?,
    };
    // What was stopped before it was known is left out.
    let clauses = clauses.into_iter().flatten().collect();
    let (rent, stopped) = (least.map(|least| rent(least.at)), run.stopped());
    Ok(Bid { alternative: of.clone(), taken, offered: offer.rent, rent, clauses, stopped })
}

fn rent(flip: Flip) -> Rent {
    Rent { least: Lever::Rent.value(flip.pays), resolution: Lever::Rent.value(flip.pays - flip.against) }
}

fn worth(
    questions: &Questions,
    of: &Alternative,
    clause: Clause,
    offer: &Offer,
    least: &Flipped,
) -> Result<Worth, SolveError> {
    let none = Worth { clause, applies: false, rent: None, worth: None, resolution: None };
    if !clause.write(&mut offer.clone()) {
        return Ok(none);
    }
    let terms = |offer: &mut Offer| {
        clause.write(offer);
    };
    let from = least.at.pays;
    let Some(found) = questions.flip(Lever::Rent, of, &least.sides, Some((&terms, from)))? else {
        return Ok(Worth { applies: true, ..none });
    };
    let (before, after) = (rent(least.at), rent(found.at));
    Ok(Worth {
        applies: true,
        rent: Some(after),
        worth: Some(before.least - after.least),
        resolution: Some(before.resolution + after.resolution),
        ..none
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;

    #[test]
    fn a_clause_that_an_offer_has_is_not_written_again() {
        let mut offer = fixture::fleet().offers[0].clone();
        let fresh = offer.clone();
        assert!(Clause::TripleNet.write(&mut offer) || offer == fresh);
        assert!(!Clause::TripleNet.write(&mut offer), "it is triple net now");
        offer.long_stop = None;
        assert!(!Clause::LongStop.write(&mut offer) && offer.long_stop.is_none());
        offer.credit = None;
        assert!(!Clause::Backstop.write(&mut offer) && offer.credit.is_none());
        offer.tenant_funded = TenantFunded::Share(Share(0.5));
        assert!(!Clause::TenantFunding.write(&mut offer), "a share is not an amount");
        offer.tenant_funded = TenantFunded::Share(Share(0.0));
        assert!(Clause::TenantFunding.write(&mut offer));
        assert_eq!(offer.tenant_funded, TenantFunded::Amount(UsdPerKwIt::new(1000.0)));
        offer.prepayment = None;
        assert!(Clause::Prepayment.write(&mut offer));
        assert_eq!(offer.prepayment.map(|paid| paid.months), Some(Months(12)));
    }
}
