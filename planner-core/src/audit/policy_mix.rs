//! `policy_mix`: in every calendar year, hosting is at least the policy's share
//! of hosting and mining revenue, ballast included; periods that begin on or after its date count
//! for the year in which they begin. Rows hold to one dollar.

use std::collections::BTreeMap;

use super::case::Case;
use super::findings::{Findings, dollars};
use crate::plan::ledger::Category;
use crate::units::Cents;

/// Dollars to which a year holds.
pub(super) const ONE_DOLLAR: f64 = 1.0;

/// Hosting is at least its share of revenue.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let Some(policy) = case.policies.mix else { return };
    let calendar = &case.fleet.calendar;
    let mut years: BTreeMap<i16, (Cents, Cents)> = BTreeMap::new();
    for line in case.ledger.iter().filter(|line| line.period < calendar.horizon()) {
        let first_day = calendar.period_start(line.period);
        if first_day < policy.from {
            continue;
        }
        let year = years.entry(first_day.year()).or_default();
        match line.category {
            Category::Rent | Category::MerchantRent => year.0 += line.amount_cents,
            Category::MiningRevenue | Category::BallastRevenue => year.1 += line.amount_cents,
            _ => {}
        }
    }
    for (year, (hosting, mining)) in years {
        let enough = policy.share.rest() * hosting.usd() - policy.share.0 * mining.usd() >= -ONE_DOLLAR;
        if !enough {
            let message =
                format!("{} of hosting and {} of mining, asked is {}", dollars(hosting), dollars(mining), policy.share);
            found.add(format!("year {year}"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::domain::policy::MixPolicy;
    use crate::units::Share;

    use jiff::civil::date;

    #[test]
    fn too_little_hosting_in_a_year() {
        // 2028 alone: 19.2 MUSD and 48,000 USD of rent beside some 9 MUSD of mining; the twin mines on.
        let found = breaks("policy_mix", |plan| {
            plan.inputs.policies.mix = Some(MixPolicy { share: Share(0.75), from: date(2028, 1, 1) });
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("policy_mix: year 2028: 19,248,000.00 USD of hosting and "), "{found:?}");
        assert!(found[0].ends_with("of mining, asked is 75 %"));
    }

    #[test]
    fn a_year_counts_from_the_first_period_on_or_after_the_date() {
        let found = breaks("policy_mix", |plan| {
            plan.inputs.policies.mix = Some(MixPolicy { share: Share(0.6), from: date(2027, 10, 1) });
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("policy_mix: year 2027: 800,000.00 USD of hosting"), "{found:?}");
    }
}
