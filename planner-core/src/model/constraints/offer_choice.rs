//! At most one offer of an exclusive group is accepted; at most one offer is
//! served at an exclusive site. Merchant capacity does not count.
//!
//! * `Σ_{c in group} Σ_s w[c,s] ≤ 1`
//! * `Σ_c w[c,s] ≤ 1` at an exclusive site `s`; for an offer that may be split `v[c,s]` stands in place of `w[c,s]`,
//!   with `Σ_{x of c at s} x ≤ Σ_g count_g · v[c,s]`

use std::collections::BTreeMap;

use crate::model::{ColumnId, Facts, Row};

/// The family's one name.
pub const NAME: &str = "offer_choice";

/// One row per group and per exclusive site with a choice, and what ties a split offer to such a site.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let (fleet, vars) = (facts.fleet, facts.variables);
    let mut groups: BTreeMap<&str, Vec<(ColumnId, f64)>> = BTreeMap::new();
    let mut sites: BTreeMap<usize, Vec<(ColumnId, f64)>> = BTreeMap::new();
    for accept in &vars.accept {
        if let Some(group) = &fleet.offers[accept.offer].exclusive_group {
            groups.entry(group).or_default().push((accept.column, 1.0));
        }
        if let Some(site) = accept.site.filter(|site| fleet.sites[*site].exclusive) {
            sites.entry(site).or_default().push((accept.column, 1.0));
        }
    }
    for serve in &vars.serve {
        sites.entry(serve.site).or_default().push((serve.column, 1.0));
    }
    let groups = groups.into_iter().map(|(group, terms)| (format!("group,{group}"), terms));
    let sites = sites.into_iter().map(|(site, terms)| (format!("site,{}", fleet.sites[site].id), terms));
    let choice = |(key, terms): (String, Vec<_>)| (terms.len() > 1).then(|| Row::at_most(NAME, key, terms, 1.0));
    groups.chain(sites).filter_map(choice).chain(served(facts)).collect()
}

/// No hall of a split offer at an exclusive site that does not serve it.
fn served(facts: Facts<'_>) -> impl Iterator<Item = Row> + '_ {
    facts.variables.serve.iter().map(move |serve| {
        let site = &facts.fleet.sites[serve.site];
        let options = facts.options.halls.iter().zip(&facts.variables.halls);
        let here = options.filter(|(option, _)| option.offer == Some(serve.offer) && option.site == serve.site);
        let mut terms: Vec<_> = here.map(|(_, column)| (*column, 1.0)).collect();
        terms.push((serve.column, -site.halls.iter().map(|hall| f64::from(hall.count)).sum::<f64>()));
        Row::at_most(NAME, format!("serve,{},{}", facts.fleet.offers[serve.offer].id, site.id), terms, 0.0)
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::Fleet;
    use crate::model::tests::rows_that_begin;

    fn two_offers(fleet: &mut Fleet) {
        fleet.calendar.latest_start = fleet.calendar.start;
        let mut second = fleet.offers[0].clone();
        second.id = "neo".into();
        fleet.offers.push(second);
    }

    #[test]
    fn one_offer_of_a_group_is_accepted() {
        let rows = rows_that_begin("offer_choice", |fleet, _| {
            two_offers(fleet);
            fleet.offers.iter_mut().for_each(|offer| offer.exclusive_group = Some("expansion".to_owned()));
        });
        assert_eq!(rows, ["offer_choice[group,expansion]: accept[ig,north] + accept[neo,north] ≤ 1"]);
    }

    #[test]
    fn an_exclusive_site_serves_one_offer() {
        let rows = rows_that_begin("offer_choice", |fleet, _| {
            two_offers(fleet);
            fleet.offers[1].split = true;
            fleet.sites[0].exclusive = true;
        });
        let expected = [
            "offer_choice[site,north]: accept[ig,north] + serve[neo,north] ≤ 1",
            "offer_choice[serve,neo,north]: convert[north,a,liquid,neo,2027-01] − 2 serve[neo,north] ≤ 0",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn without_a_choice_there_are_no_rows() {
        assert!(rows_that_begin("offer_choice", |fleet, _| two_offers(fleet)).is_empty());
        let alone = rows_that_begin("offer_choice", |fleet, _| {
            fleet.sites[0].exclusive = true;
            fleet.offers[0].exclusive_group = Some("expansion".to_owned());
        });
        assert!(alone.is_empty(), "{alone:?}");
    }
}
