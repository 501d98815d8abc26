//! The best priced choice of each site: nothing, mothballs, a sale, or halls converted by whatever is best for each.
//!
//! What is paid once at a site is kept apart: the fixed cost of hosting by the earliest month of service, per-site lines
//! by the retrofits that are used. All of these are tried.

use std::collections::BTreeSet;

use super::Scene;
use super::halls::{Setups, Valued};
use crate::audit::site_setup::hosting;
use crate::domain::calendar::Month;
use crate::domain::site::Site;

/// More retrofits than this at one site are not tried in every combination: their per-site lines then count as nil.
const MOST_RETROFITS: usize = 8;

/// A site with the ways to convert its halls.
pub(super) struct Choices<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) site: &'a Site,
    pub(super) ways: &'a [Valued],
    pub(super) setups: &'a Setups,
}

impl Choices<'_> {
    /// What the best choice adds to a site that works throughout.
    pub(super) fn best(&self, never: f64, mothballs_until: impl Fn(Month) -> f64) -> f64 {
        let begun: Vec<&Valued> = self.ways.iter().filter(|way| way.started.is_some()).collect();
        let starts: BTreeSet<Month> = self.ways.iter().map(|way| way.start).collect();
        let services: BTreeSet<Month> = self.ways.iter().map(|way| way.ready).collect();
        let fixed = |service: Month| self.scene.worth.of(&hosting(self.scene.case.fleet, self.site, service));
        let services: Vec<(Month, f64)> = services.into_iter().map(|service| (service, fixed(service))).collect();
        let mut best = if begun.is_empty() { never } else { f64::NEG_INFINITY };
        for start in starts.iter().filter(|start| begun.iter().all(|way| way.start >= **start)) {
            let idle = mothballs_until(*start);
            for (service, fixed) in services.iter().filter(|(service, _)| begun.iter().all(|way| way.ready >= *service))
            {
                best = best.max(idle + fixed + self.hosted(*start, *service));
            }
        }
        best
    }

    /// The best of what starts and is ready from two months on.
    fn hosted(&self, start: Month, service: Month) -> f64 {
        let late = |way: &&Valued| way.start >= start && way.ready >= service;
        let ways: Vec<&Valued> = self.ways.iter().filter(late).collect();
        let begun: f64 = ways.iter().filter_map(|way| Some(way.usd * f64::from(way.started?))).sum();
        let used: BTreeSet<usize> = ways.iter().map(|way| way.retrofit).collect();
        let used: Vec<usize> = used.into_iter().collect();
        if used.len() > MOST_RETROFITS {
            return begun + self.halls(&ways, |_| true);
        }
        let subsets = 1_u32..1 << used.len();
        let value = |subset: u32| {
            let inside =
                |retrofit: usize| used.iter().position(|one| *one == retrofit).is_some_and(|at| subset >> at & 1 == 1);
            let alone = subset.is_power_of_two();
            let setups = used.iter().filter(|retrofit| inside(**retrofit)).map(|retrofit| {
                let starts = self.setups.iter().filter(|((of, at), _)| of == retrofit && *at >= start);
                // The only retrofit is the one that starts first.
                let starts = starts.filter(|((_, at), _)| !alone || *at == start);
                starts.map(|(_, usd)| *usd).fold(f64::NEG_INFINITY, f64::max)
            });
            let complete = ways.iter().filter(|way| way.started.is_some()).all(|way| inside(way.retrofit));
            let value = begun + setups.sum::<f64>() + self.halls(&ways, inside);
            if complete { value } else { f64::NEG_INFINITY }
        };
        subsets.map(value).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The best for the halls of each group that have not started.
    fn halls(&self, ways: &[&Valued], retrofits: impl Fn(usize) -> bool) -> f64 {
        let groups = self.site.halls.iter().enumerate().map(|(hall, group)| {
            let here = || ways.iter().filter(|way| way.hall == hall);
            let begun = here().filter_map(|way| way.started).fold(0, u32::saturating_add);
            let free = here().filter(|way| way.started.is_none() && retrofits(way.retrofit));
            f64::from(group.count.saturating_sub(begun)) * free.map(|way| way.usd).fold(0.0, f64::max)
        });
        groups.sum()
    }
}
