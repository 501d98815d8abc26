//! How likely a hall pays its contract's rent, and how much of it is let again.

use crate::domain::market::MerchantCurve;
use crate::domain::offer::Offer;
use crate::units::Share;

/// Expected use of a hall in a month of its contract.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tenancy {
    /// `A`: the tenant or its backstop pays.
    pub(super) paying: f64,
    /// `R`: let again to others.
    pub(super) relet: f64,
    /// Renewals begun.
    pub(super) renewals: u32,
}

// ANCHOR: masses
/// Tenancy by month since commencement.
///
/// The tenant's mass `T` is 1 at first, its backstop's `B` nil. Each month: at the end of a term
/// `E_j = (1 − ρ)·T + B`, `T = ρ·T`, `B = 0` (`ρ` nil when no renewal is left); then
/// `d = T · (1 − (1 − h)^(1/12))`, `T −= d`, `B += β·d`, `E_j += (1 − β)·d` (`β` nil in
/// renewals). `A = T + B`, and `R_j = Σ_{u ≤ j} E_u · occupancy(j − u − downtime)`.
// ANCHOR_END: masses
pub(super) fn tenancy(offer: &Offer, curve: Option<&MerchantCurve>, months: usize) -> Vec<Tenancy> {
    let term = offer.term.0 as usize;
    let hazard = offer.credit.map_or(0.0, |credit| 1.0 - libm::pow(credit.default.rest(), 1.0 / 12.0));
    let mut left = offer.renewal.map_or(0, |renewal| renewal.count);
    let (mut tenant, mut backstop, mut renewals, mut next_end) = (1.0, 0.0, 0, term);
    let mut leavers: Vec<f64> = Vec::with_capacity(months);
    let mut tenancies = Vec::with_capacity(months);
    for month in 0..months {
        let mut leaving = 0.0;
        if month == next_end {
            let stay = offer.renewal.filter(|_| left > 0).map_or(0.0, |renewal| renewal.probability.0);
            leaving += (1.0 - stay) * tenant + backstop;
            tenant *= stay;
            backstop = 0.0;
            match offer.renewal {
                Some(renewal) if left > 0 => {
                    left -= 1;
                    renewals += 1;
                    next_end += (renewal.term.0 as usize).max(1);
                }
                _ => next_end = usize::MAX,
            }
        }
        let backed = offer.credit.filter(|_| month < term).map_or(0.0, |credit| credit.backstop.0);
        let defaulted = tenant * hazard;
        tenant -= defaulted;
        backstop += backed * defaulted;
        leaving += (1.0 - backed) * defaulted;
        leavers.push(leaving);
        let relet = curve.map_or(0.0, |curve| {
            leavers.iter().enumerate().map(|(left, mass)| mass * occupancy(curve, month - left)).sum()
        });
        tenancies.push(Tenancy { paying: tenant + backstop, relet, renewals });
    }
    tenancies
}

/// Share of empty capacity that is let so many months after it became empty.
pub(super) fn occupancy(curve: &MerchantCurve, months: usize) -> f64 {
    match months.checked_sub(curve.downtime.0 as usize) {
        None => 0.0,
        Some(let_for) => curve.occupancy.get(let_for).copied().unwrap_or(Share::ALL).0,
    }
}
