//! `site_setup`: per-site lines of a retrofit and the fixed cost of hosting
//! are paid with the first hall there.

use super::case::Case;
use super::column::Column;
use super::findings::Findings;
use super::ledger::compare;
use super::money::{self, Amounts, Head, Told, units};
use super::schedule::{Offsets, offsets};
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::money::Class;
use crate::domain::retrofit::Retrofit;
use crate::domain::site::Site;
use crate::plan::ledger::{Category, LedgerLine};

/// Subject of the fixed cost of hosting.
const HOSTING: &str = "hosting";

/// The lines of this rule are there, to the cent.
pub(super) fn check(case: &Case, found: &mut Findings) {
    compare(case, owns, found);
}

/// Whether a line belongs to this rule.
pub(super) fn owns(line: &LedgerLine) -> bool {
    match line.category {
        Category::HostingFixedCost => line.subject == HOSTING,
        Category::Capex(_) => line.subject.ends_with("/setup"),
        _ => false,
    }
}

/// The first hall of a retrofit at a site.
pub(super) struct First<'c, 'a> {
    pub(super) column: &'c Column<'a>,
    /// Phases of what is paid and delivered once at the site, whatever the hall is used for.
    pub(super) offsets: Offsets<'a>,
}

/// The first hall of every retrofit at a site.
pub(super) fn firsts<'c, 'a>(fleet: &Fleet, site: &Site, columns: &'c [Column<'a>]) -> Vec<First<'c, 'a>> {
    let here: Vec<&Column> = columns.iter().filter(|column| column.site.id == site.id).collect();
    let first = |retrofit: &Retrofit| {
        let column = *here.iter().filter(|column| column.retrofit.id == retrofit.id).min_by_key(|c| c.start)?;
        let offsets = offsets(column.retrofit, site.override_of(&retrofit.id), site.power.notice.0)?;
        Some(First { column, offsets })
    };
    fleet.retrofits.iter().filter_map(first).collect()
}

/// The lines of one site.
pub(super) fn tell(fleet: &Fleet, site: &Site, columns: &[Column]) -> Vec<Told> {
    let here: Vec<&Column> = columns.iter().filter(|column| column.site.id == site.id).collect();
    let mut told = Vec::new();
    for first in firsts(fleet, site, columns) {
        told.extend(setup(fleet, &first));
    }
    if let Some(first) = here.iter().map(|column| column.ready).min() {
        told.extend(hosting(fleet, site, first));
    }
    told
}

/// Per-site lines of a retrofit.
pub(super) fn setup(fleet: &Fleet, first: &First) -> Vec<Told> {
    let Column { site, retrofit, .. } = first.column;
    let head = Head::new(fleet, &site.id, format!("{}/setup", retrofit.id), Class::Corporate);
    units(&head, money::setup(fleet, first), |c| c)
}

/// Fixed cost of hosting from the first service on.
pub(super) fn hosting(fleet: &Fleet, site: &Site, first: Month) -> Vec<Told> {
    let mut amounts = Amounts::default();
    let held = |month: &Month| site.held_on(fleet.calendar.month_start(*month));
    for month in (first.0.max(0)..fleet.calendar.horizon_month().0).map(Month).filter(held) {
        amounts.add(fleet, month, Category::HostingFixedCost, -site.hosting_fixed_cost.per_month());
    }
    units(&Head::new(fleet, &site.id, HOSTING.to_owned(), Class::Corporate), amounts, |c| c)
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture;

    #[test]
    fn the_setup_of_a_retrofit_is_not_paid() {
        let mut plan = fixture::plan();
        plan.ledger.retain(|line| !line.subject.ends_with("/setup"));
        assert_eq!(
            fixture::findings(&plan),
            ["site_setup: period 1 (2027-04-01) north liquid/setup capex:network: \
              it is missing: expected -2,144,567.88 USD"]
        );
    }

    #[test]
    fn the_fixed_cost_of_hosting_begins_with_the_first_service() {
        let mut plan = fixture::plan();
        let line = plan.ledger.iter_mut().find(|line| line.category == super::Category::HostingFixedCost).unwrap();
        line.amount_cents.0 = -20_000_000;
        assert_eq!(
            fixture::findings(&plan),
            ["site_setup: period 3 (2027-10-01) north hosting hosting_fixed_cost: \
              -200,000.00 USD, expected -300,000.00 USD"]
        );
    }
}
