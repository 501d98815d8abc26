//! What becomes of sites, their own lines, and what is not used of their least bills for energy.

use std::collections::BTreeMap;

use super::Written;
use super::machines::Working;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::model::{ColumnId, Variables};
use crate::options::{LeastBill, Options};
use crate::plan::{SiteDecision, subject};
use crate::units::Usd;

/// Every site's state.
pub(super) fn states(fleet: &Fleet, options: &Options, variables: &Variables, values: &[f64]) -> Vec<SiteDecision> {
    let mut states: Vec<_> = fleet.sites.iter().map(|site| SiteDecision::working(site.id.clone())).collect();
    let chosen = |column: &ColumnId| values[column.0].round() > 0.0;
    for (one, _) in options.mothballs.iter().zip(&variables.mothballs).filter(|(_, column)| chosen(column)) {
        states[one.site].mothballed.push(one.period);
    }
    for (sale, _) in options.sales.iter().zip(&variables.sales).filter(|(_, column)| chosen(column)) {
        states[sale.site].sold = Some(sale.period);
    }
    states
}

impl Written<'_> {
    /// Lines of the sites themselves, which end with a sale.
    pub(super) fn sites(&mut self, options: &Options, states: &[SiteDecision]) {
        for of_site in &options.fixed {
            let sold = states[of_site.site].sold;
            let ours = of_site.lines.iter().filter(|line| sold.is_none_or(|sold| line.period < sold));
            let ours: Vec<_> = ours.cloned().collect();
            self.lines(of_site.site, subject::SITE, &ours, |cents| cents);
        }
        for one in options.mothballs.iter().filter(|one| states[one.site].mothballed.contains(&one.period)) {
            self.lines(one.site, subject::SITE, &one.lines, |cents| cents);
        }
        for sale in options.sales.iter().filter(|sale| states[sale.site].sold == Some(sale.period)) {
            self.lines(sale.site, subject::SITE, &sale.lines, |cents| cents);
        }
    }

    /// What is not used, month by month of what is decided, rounded once a period.
    pub(super) fn least_bills(&mut self, options: &Options, halls: &[u32], working: &Working, states: &[SiteDecision]) {
        let mut periods: BTreeMap<(usize, Period), (&LeastBill, Usd)> = BTreeMap::new();
        for bill in &options.bills {
            if states[bill.site].sold.is_some_and(|sold| sold <= bill.period) {
                continue;
            }
            let at_work = |track: usize| working.get(&(track, bill.period)).copied().unwrap_or_default();
            let running = bill.running.iter().map(|(track, energy)| *energy * at_work(*track).0.count());
            let on_slack = bill.on_slack.iter().map(|(track, energy)| *energy * at_work(*track).1.count());
            let hosted = bill.hosted.iter().map(|(option, energy)| *energy * f64::from(halls[*option]));
            let used: Usd = running.chain(on_slack).chain(hosted).sum();
            let shortfall = (bill.owed - used).get().max(0.0);
            periods.entry((bill.site, bill.period)).or_insert((bill, Usd::ZERO)).1 += Usd::new(shortfall);
        }
        for ((site, _), (bill, shortfall)) in periods {
            let line = bill.line(shortfall);
            if line.cents != crate::units::Cents::ZERO {
                self.lines(site, subject::SITE, &[line], |cents| cents);
            }
        }
    }
}
