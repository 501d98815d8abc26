//! No tenant has more than a share of the contracted load, beyond a free load.
//!
//! `Σ_{x of the tenant's offers} q · x − cap · Σ_{x of any offer} q · x ≤ free` for each tenant, by its text, over
//! the whole plan, to one kilowatt
//!
//! Signed offers count; merchant capacity does not. The twin has no such rule.

use std::collections::BTreeSet;

use crate::domain::policy::CapPolicy;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::HallOption;

/// The family's one name.
pub const NAME: &str = "policy_tenant";

/// One row per tenant.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let tenant = |option: &HallOption| Some(facts.fleet.offers[option.offer?].tenant.as_str());
    facts.fleet.policies.tenant.map_or_else(Vec::new, |policy| concentration(facts, NAME, policy, tenant))
}

/// One row per part of the contracted load, a part being what has the same text.
pub(super) fn concentration<'a>(
    facts: Facts<'a>,
    name: &'static str,
    policy: CapPolicy,
    part: impl Fn(&'a HallOption) -> Option<&'a str>,
) -> Vec<Row> {
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    let contracted = options.filter(|(option, _)| option.offer.is_some());
    let loads: Vec<(Option<&str>, ColumnId, f64)> =
        contracted.map(|(option, column)| (part(option), *column, scale::load(option.critical_it))).collect();
    let parts: BTreeSet<&str> = loads.iter().filter_map(|(part, ..)| *part).collect();
    let row = |part: &str| {
        let size = |of: Option<&str>| if of == Some(part) { 1.0 - policy.cap.0 } else { -policy.cap.0 };
        let terms = loads.iter().map(|(of, column, load)| (*column, size(*of) * load));
        let terms = terms.filter(|(_, size)| *size != 0.0).collect();
        Row::at_most(name, part.to_owned(), terms, scale::most_load(policy.free))
    };
    parts.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::Month;
    use crate::domain::offer::OfferStatus;
    use crate::domain::policy::CapPolicy;
    use crate::model::tests::{merchant, rows_that_begin, rows_with};
    use crate::units::{ItMw, Share};

    const POLICY: CapPolicy = CapPolicy { cap: Share(0.25), free: ItMw::new(16.0) };

    #[test]
    fn each_tenant_has_a_share_of_all_contracted_load() {
        let rows = rows_that_begin("policy_tenant", |fleet, _| {
            fleet.calendar.latest_start = fleet.calendar.start;
            let mut second = fleet.offers[0].clone();
            (second.id, second.tenant, second.status) = ("neo".into(), "neocloud".to_owned(), OfferStatus::Signed);
            fleet.offers.push(second);
            fleet.policies.tenant = Some(POLICY);
        });
        let (ig, neo) = ("convert[north,a,liquid,ig,2027-01]", "convert[north,a,liquid,neo,2027-01]");
        let expected = [
            format!("policy_tenant[investment grade]: 12 {ig} − 4 {neo} ≤ 16.000999"),
            format!("policy_tenant[neocloud]: −4 {ig} + 12 {neo} ≤ 16.000999"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn merchant_capacity_is_nobodys_load() {
        let rows = rows_with("policy_tenant", |fleet, options| {
            fleet.policies.tenant = Some(POLICY);
            options.halls.truncate(1);
            options.halls.push(merchant(options, Month(0), Month(6)));
        });
        assert_eq!(rows, ["policy_tenant[investment grade]: 12 convert[north,a,liquid,ig,2027-01] ≤ 16.000999"]);
    }

    #[test]
    fn without_the_policy_there_are_no_rows() {
        assert!(rows_that_begin("policy_tenant", |_, _| {}).is_empty());
    }
}
