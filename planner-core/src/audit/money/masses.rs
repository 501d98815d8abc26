//! The tenant's month-by-month fate: how much of a hall still pays its bills,
//! and how much is let again.

use crate::domain::market::MerchantCurve;
use crate::domain::offer::Offer;

/// Shares of one hall in one month of a contract.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Masses {
    /// `A`: the tenant or his backstop pays.
    pub(super) paying: f64,
    /// `R`: somebody else pays the market's rent.
    pub(super) relet: f64,
    /// Renewals begun.
    pub(super) begun: u32,
}

/// The masses of the first months from commencement on.
pub(super) fn masses(offer: &Offer, curve: Option<&MerchantCurve>, months: usize) -> Vec<Masses> {
    let (default, backstop) = offer.credit.map_or((0.0, 0.0), |credit| (credit.default.0, credit.backstop.0));
    let monthly = 1.0 - libm::pow(1.0 - default, 1.0 / 12.0);
    let mut left = offer.renewal.map_or(0, |renewal| renewal.count);
    let (mut tenant, mut backed, mut begun) = (1.0, 0.0, 0);
    let mut told = Vec::with_capacity(months);
    let mut emptied = Emptied::default();
    for at in 0..months {
        let mut leaves = 0.0;
        if ends_term(offer, at) {
            let renews = match offer.renewal {
                Some(renewal) if left > 0 => {
                    left -= 1;
                    begun += 1;
                    renewal.probability.0
                }
                _ => 0.0,
            };
            leaves += (1.0 - renews) * tenant + backed;
            (tenant, backed) = (renews * tenant, 0.0);
        }
        let lost = tenant * monthly;
        let held = if at < term(offer) { backstop } else { 0.0 };
        tenant -= lost;
        backed += held * lost;
        leaves += (1.0 - held) * lost;
        emptied.push(leaves);
        told.push(Masses { paying: tenant + backed, relet: emptied.relet(curve), begun });
    }
    told
}

fn term(offer: &Offer) -> usize {
    offer.term.0 as usize
}

/// Whether the initial term or a renewal ends with this month's beginning.
fn ends_term(offer: &Offer, at: usize) -> bool {
    let Some(after) = at.checked_sub(term(offer)) else { return false };
    let length = offer.renewal.map_or(0, |renewal| renewal.term.0 as usize);
    after == 0 || (length > 0 && after.is_multiple_of(length))
}

/// What has become empty, month by month, with its running sum.
#[derive(Default)]
struct Emptied {
    by_month: Vec<f64>,
    up_to: Vec<f64>,
}

impl Emptied {
    fn push(&mut self, leaves: f64) {
        self.up_to.push(self.up_to.last().copied().unwrap_or(0.0) + leaves);
        self.by_month.push(leaves);
    }

    /// `Σ E_u · occ(j − u − downtime)` in the last month told.
    fn relet(&self, curve: Option<&MerchantCurve>) -> f64 {
        let Some(curve) = curve else { return 0.0 };
        // What became empty up to `newest` is past its downtime.
        let Some(newest) = self.by_month.len().checked_sub(1 + curve.downtime.0 as usize) else { return 0.0 };
        let filling: f64 = curve
            .occupancy
            .iter()
            .enumerate()
            .filter_map(|(age, share)| Some(self.by_month.get(newest.checked_sub(age)?)? * share.0))
            .sum();
        let full = newest.checked_sub(curve.occupancy.len()).and_then(|at| self.up_to.get(at)).copied();
        filling + full.unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::fixture;
    use crate::domain::offer::{Credit, Renewal};
    use crate::units::{Months, Share};

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn a_tenant_with_a_backstop_defaults_for_three_months() {
        let mut offer = fixture::fleet().offers.remove(0);
        offer.credit = Some(Credit { default: Share(0.12), backstop: Share(0.5) });
        let told = masses(&offer, None, 3);
        // 0.88^(1/12) = 0.989403758…: T = that to the power of the month; half of what is lost is backed.
        for (at, alive) in [0.989_403_758_965, 0.978_919_798_253, 0.968_546_928_117].into_iter().enumerate() {
            let paying = alive + (1.0 - alive) / 2.0;
            assert!((told[at].paying - paying).abs() < 1e-9, "{:?}", told[at]);
            assert!(told[at].relet.abs() < 1e-15, "there is no curve");
        }
    }

    #[test]
    fn a_renewal_is_taken_or_the_hall_is_let_again() {
        let mut offer = fixture::fleet().offers.remove(0);
        offer.term = Months(4);
        let (probability, term) = (Share(0.6), Months(3));
        offer.renewal = Some(Renewal { probability, term, rent_factor: Share(0.9), count: 1 });
        let curve = fixture::curve();
        let told = masses(&offer, Some(&curve), 12);
        let paying: Vec<f64> = told.iter().map(|masses| masses.paying).collect();
        assert_eq!(paying, [1.0, 1.0, 1.0, 1.0, 0.6, 0.6, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0]);
        // 40 % leave in month 4: two months empty, half let in month 6. 60 % leave in month 7.
        let relet = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.4, 0.4, 0.7, 1.0, 1.0];
        assert!(told.iter().zip(relet).all(|(masses, relet)| close(masses.relet, relet)), "{told:?}");
        assert_eq!(told.iter().map(|masses| masses.begun).collect::<Vec<_>>(), [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    }
}
