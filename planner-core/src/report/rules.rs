//! Rules in words. A rule is named in words first, and by its one name where that is to be looked up.

/// Every rule that a plan is held to, and what it is about.
const WORDS: &[(&str, &str)] = &[
    ("identity", "the inputs that the plan belongs to"),
    ("conversions", "what may be converted, where and for whom"),
    ("dates", "the dates of a conversion"),
    ("hall_count", "the number of halls"),
    ("site_power", "the power of the site"),
    ("firm_power", "firm power"),
    ("racks", "the racks for machines"),
    ("machine_balance", "the count of machines"),
    ("ballast", "machines on the slack of hosted load"),
    ("site_state", "sites in mothballs or sold"),
    ("works_order", "the order of works"),
    ("works_before_service", "works that must be finished before service"),
    ("crews", "the crews"),
    ("long_lead", "equipment with a long lead time"),
    ("locks", "decisions that are locked"),
    ("offer_size", "the offer's size"),
    ("offer_choice", "the choice among offers"),
    ("speculation", "the limit on building without an offer"),
    ("policy_mix", "the policy on the mix of revenue"),
    ("policy_hashrate", "the policy on hashrate"),
    ("policy_tenant", "the policy on one tenant's share"),
    ("policy_region", "the policy on one region's share"),
    ("budget", "the budget"),
    ("site_setup", "what is paid once at a site"),
    ("minimum_bill", "the least bill for energy"),
    ("ledger", "the ledger"),
    ("npv", "the NPV"),
    ("certificate", "the bound and the gap"),
    ("prices", "the prices that prove the bound"),
    ("twin", "the case without new commitments"),
    ("sites_left", "the sites that are left"),
];

/// A rule in words; `None` of what is no rule.
#[must_use]
pub fn words(rule: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == rule).map(|(_, words)| *words)
}

/// A rule in words with its name beside it: `the offer's size (offer_size)`.
#[must_use]
pub fn named(rule: &str) -> String {
    words(rule).map_or_else(|| rule.to_owned(), |words| format!("{words} ({rule})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_and_no_words_are_of_none() {
        let mut rules: Vec<&str> = crate::audit::rule_names().collect();
        rules.extend(crate::model::CONSTRAINTS.iter().map(|family| family.name));
        for rule in &rules {
            assert!(words(rule).is_some(), "`{rule}` has no words");
            assert!(!named(rule).starts_with(rule), "{rule}");
        }
        assert!(WORDS.iter().all(|(name, _)| rules.contains(name)), "words of no rule");
        assert_eq!(named("offer_size"), "the offer's size (offer_size)");
        assert_eq!(named("worth"), "worth");
    }
}
