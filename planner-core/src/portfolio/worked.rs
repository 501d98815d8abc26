//! Checks of works against everything read, and the facts they become: what
//! they name exists, none waits for itself, each has a use.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{At, Desk, Named, clip};
use super::gather::Gathered;
use super::portfolio_file::FILE;
use super::site::SiteRead;
use super::work::{EffectRead, NeededRead, WorkRead};
use crate::diagnostics::Code;
use crate::domain::ids::{HallId, SiteId, WorkId};
use crate::domain::site::Tenure;
use crate::domain::work::{Effect, NeededBy, Work};
use crate::units::GrossMw;
use crate::works::{self, WorkProblem};

/// Works of one portfolio: the search for circles is recursive.
const MOST_WORKS: usize = 1000;

/// Checks the works; `None` when something is wrong, which is reported.
pub(super) fn check(desk: &Desk<'_>, gathered: &Gathered) -> Option<Vec<Work>> {
    let reads: Vec<&WorkRead> = all(gathered).collect();
    if reads.len() > MOST_WORKS {
        let at = reads.last().map_or_else(|| At::top(FILE), |read| read.at.clone());
        let message = format!("there are {} works: expected at most {MOST_WORKS}", reads.len());
        desk.error(Code::Bounds, at, message, "join works that follow one another");
        return None;
    }
    let (places, unique) = places(desk, &reads);
    tenures(desk, gathered, &reads);
    let names = Names { desk, gathered, places: &places, complete: reads.iter().all(|read| read.id.is_some()) };
    let facts: Vec<Option<Work>> = reads.iter().map(|read| names.work(read)).collect();
    let complete = facts.iter().all(Option::is_some);
    let mut works: Vec<Work> = facts.into_iter().flatten().collect();
    works.sort_by(|a, b| a.id.cmp(&b.id));
    let ordered = circles(desk, works.clone(), &places);
    // With a work unread, or in a circle, it may be what another one is for.
    if !complete || !ordered || !unique {
        return None;
    }
    useless(desk, &works, &places);
    unpaid(desk, gathered, &works, &places);
    Some(works)
}

/// All works that were read: those of sites, and shared ones.
pub(super) fn all(gathered: &Gathered) -> impl Iterator<Item = &WorkRead> {
    gathered.sites.iter().flat_map(|site| &site.works).chain(&gathered.works)
}

/// Where each work has its name, and whether no two have one; those that have are reported.
fn places(desk: &Desk<'_>, reads: &[&WorkRead]) -> (BTreeMap<WorkId, At>, bool) {
    let shared: BTreeSet<&str> = reads
        .iter()
        .filter(|read| read.site.is_none())
        .filter_map(|read| read.id.as_ref())
        .map(|id| id.name.as_str())
        .collect();
    let mut places = BTreeMap::new();
    let mut unique = true;
    for read in reads {
        let (Some(full), Some(id)) = (read.full_id(), &read.id) else { continue };
        if places.insert(full, id.at.clone()).is_some() {
            unique = false;
            let message = format!("there are two works `{}` at this site", clip(&id.name));
            desk.error(Code::DuplicateId, id.at.clone(), message, "give each work of the site its own name");
        } else if read.site.is_some() && shared.contains(id.name.as_str()) {
            let message = format!("a shared work is called `{}` too, so the name would mean either", clip(&id.name));
            desk.error(Code::DuplicateId, id.at.clone(), message, "give one of the two another name");
        }
    }
    (places, unique)
}

/// What names are resolved with.
struct Names<'a> {
    desk: &'a Desk<'a>,
    gathered: &'a Gathered,
    places: &'a BTreeMap<WorkId, At>,
    /// Whether the name of every work could be read: only then can one be said to be missing.
    complete: bool,
}

impl Names<'_> {
    fn work(&self, read: &WorkRead) -> Option<Work> {
        let after = self.after(read);
        let adds = self.adds(read);
        let needed_by = read.needed.as_ref().map(|needed| self.needed_by(read, needed));
        let facts = read.facts.clone()?;
        Some(Work {
            id: read.full_id()?,
            site: read.site.clone(),
            name: facts.name,
            months: facts.months,
            cost: facts.cost,
            category: facts.category,
            after: after?,
            adds: adds?,
            needed_by: match needed_by {
                Some(needed) => needed?,
                None => None,
            },
            evidence: facts.evidence,
        })
    }

    fn after(&self, read: &WorkRead) -> Option<Vec<WorkId>> {
        let resolved = read.after.iter().map(|named| {
            let found = work_named(self.places, read.site.as_ref(), &named.name);
            if found.is_none() && self.complete {
                let own = |id: &WorkId| {
                    let (site, name) = id.as_str().split_once('/')?;
                    (Some(site) == read.site.as_ref().map(SiteId::as_str)).then(|| name.to_owned())
                };
                let known: Vec<String> =
                    self.places.keys().map(|id| own(id).unwrap_or_else(|| id.to_string())).collect();
                self.desk.unknown_id("work", named, known.iter().map(String::as_str));
            }
            found
        });
        let resolved: Vec<Option<WorkId>> = resolved.collect();
        let mut after = resolved.into_iter().collect::<Option<Vec<_>>>()?;
        after.sort();
        after.dedup();
        Some(after)
    }

    /// Effects by site, without those of nothing.
    fn adds(&self, read: &WorkRead) -> Option<Vec<Effect>> {
        let mut seen = BTreeSet::new();
        for named in read.adds.iter().filter_map(|one| one.site.as_ref()) {
            self.site(named);
            if !seen.insert(&named.name) {
                let message = format!("there are two entries of what is added at `{}`", clip(&named.name));
                self.desk.error(Code::DuplicateId, named.at.clone(), message, "put them together in one");
            }
        }
        let mut adds = read.adds.iter().map(|one| one.effect.clone()).collect::<Option<Vec<_>>>()?;
        let any = |effect: &Effect| {
            let power = [effect.connection, effect.firm, effect.racks];
            power.iter().any(|power| *power > GrossMw::ZERO) || effect.tenure_until.is_some()
        };
        adds.retain(any);
        adds.sort_by(|a, b| a.site.cmp(&b.site));
        Some(adds)
    }

    /// A site that is named, if there is one.
    fn site(&self, named: &Named) -> Option<&SiteRead> {
        let found = self.gathered.sites.iter().find(|site| site.id.as_str() == named.name);
        if found.is_none() {
            self.desk.unknown_id("site", named, self.gathered.sites.iter().map(|site| site.id.as_str()));
        }
        found
    }

    /// The inner `None` when no hall is named.
    #[allow(clippy::option_option)]
    fn needed_by(&self, read: &WorkRead, needed: &NeededRead) -> Option<Option<NeededBy>> {
        let mut halls = Some(vec![]);
        let mut add = |more: Option<Vec<(SiteId, HallId)>>| match (more, &mut halls) {
            (Some(more), Some(halls)) => halls.extend(more),
            _ => halls = None,
        };
        for named in &needed.sites {
            if let Some(own) = read.site.as_ref().filter(|own| own.as_str() != named.name) {
                let message = format!("`sites` names `{}`, but the work is one of `{own}`", clip(&named.name));
                let help = "move it to `works/`, where sites share it, or remove the site";
                self.desk.error(Code::Contradiction, named.at.clone(), message, help);
                add(None);
            } else {
                add(self.site(named).and_then(halls_of));
            }
        }
        if let Some(own) = read.site.as_ref().filter(|_| needed.whole_site && needed.sites.is_empty()) {
            add(self.gathered.sites.iter().find(|site| site.id == *own).and_then(halls_of));
        }
        for named in &needed.halls {
            add(self.hall(read, named).map(|hall| vec![hall]));
        }
        let (mut halls, beyond) = (halls?, needed.beyond?);
        halls.sort();
        halls.dedup();
        Some(if halls.is_empty() { None } else { Some(NeededBy { halls, beyond }) })
    }

    /// A hall of the work's site, or `site/hall`.
    fn hall(&self, read: &WorkRead, named: &Named) -> Option<(SiteId, HallId)> {
        let own = read.site.as_ref().map(SiteId::as_str);
        let (site, hall) = match named.name.split_once('/') {
            Some((site, hall)) => (Some(site), hall),
            None => (own, named.name.as_str()),
        };
        // Names are given as they would be written here.
        let written = |site: &str, hall: &str| {
            if own == Some(site) { hall.to_owned() } else { format!("{site}/{hall}") }
        };
        let sites = self.gathered.sites.iter().filter(|one| read.site.as_ref().is_none_or(|site| *site == one.id));
        let mut known = vec![];
        for one in sites {
            for (id, hall) in halls_of(one)? {
                known.push((written(id.as_str(), hall.as_str()), id, hall));
            }
        }
        let found = known.iter().find(|(_, id, name)| Some(id.as_str()) == site && name.as_str() == hall);
        if found.is_none() {
            self.desk.unknown_id("hall", named, known.iter().map(|(written, ..)| written.as_str()));
        }
        found.map(|(_, site, hall)| (site.clone(), hall.clone()))
    }
}

/// All halls of a site; `None` when the name of one could not be read.
fn halls_of(site: &SiteRead) -> Option<Vec<(SiteId, HallId)>> {
    let id = |name: &Named| (site.id.clone(), HallId::from(name.name.as_str()));
    site.halls.iter().map(|hall| hall.id.as_ref().map(id)).collect()
}

/// A work by its bare name at its own site, by `site/name`, or a shared one by its name.
fn work_named(places: &BTreeMap<WorkId, At>, site: Option<&SiteId>, name: &str) -> Option<WorkId> {
    let own = site.filter(|_| !name.contains('/')).map(|site| WorkId::from(format!("{site}/{name}")));
    own.into_iter().chain([WorkId::from(name)]).find(|id| places.contains_key(id))
}

/// Longer leases: of a leased site, later than its lease, one for each site.
fn tenures(desk: &Desk<'_>, gathered: &Gathered, reads: &[&WorkRead]) {
    let mut first: BTreeMap<&SiteId, WorkId> = BTreeMap::new();
    for read in reads {
        let Some(id) = read.full_id() else { continue };
        let longer = read.adds.iter().filter_map(|one| Some((one, one.effect.as_ref()?)));
        for (EffectRead { tenure_at, .. }, effect) in longer.filter(|(_, effect)| effect.tenure_until.is_some()) {
            if let Some(other) = first.get(&effect.site).filter(|other| **other != id) {
                let message = format!("`{other}` and `{id}` both lengthen the lease of `{}`", effect.site);
                let help = "keep `tenure_until` in one of them";
                desk.error(Code::Contradiction, tenure_at.clone(), message, help);
            }
            first.entry(&effect.site).or_insert_with(|| id.clone());
            let site = gathered.sites.iter().find(|site| site.id == effect.site).and_then(|read| read.site.as_ref());
            match (site.map(|site| site.tenure), effect.tenure_until) {
                (Some(Tenure::Owned), _) => {
                    let message =
                        format!("work `{id}` lengthens the lease of `{}`, which is owned", clip(effect.site.as_str()));
                    let help = "remove `tenure_until`, or write the `tenure` of the site";
                    desk.error(Code::Contradiction, tenure_at.clone(), message, help);
                }
                (Some(Tenure::Leased { until, .. }), Some(later)) if later <= until => {
                    let message = format!(
                        "work `{id}` lengthens the lease of `{}` to {later}, but it lasts until {until} without it",
                        clip(effect.site.as_str())
                    );
                    desk.error(Code::Contradiction, tenure_at.clone(), message, "write a later date");
                }
                _ => {}
            }
        }
    }
}

/// Works that wait for one another; false when there are some.
fn circles(desk: &Desk<'_>, mut works: Vec<Work>, places: &BTreeMap<WorkId, At>) -> bool {
    let mut ordered = true;
    while let Err(problem @ WorkProblem::Circle(_)) = works::check(&works) {
        ordered = false;
        let WorkProblem::Circle(circle) = &problem else { break };
        let (Some(first), Some(before)) = (circle.first(), circle.iter().nth_back(1)) else { break };
        let at = places.get(first).map_or_else(|| At::top(FILE), Clone::clone);
        desk.error(Code::Cycle, at, problem.to_string(), "take one of them out of an `after` list");
        // Open it, to look for others.
        let Some(work) = works.iter_mut().find(|work| work.id == *first) else { break };
        work.after.retain(|id| id != before);
    }
    ordered
}

fn useless(desk: &Desk<'_>, works: &[Work], places: &BTreeMap<WorkId, At>) {
    let Err(WorkProblem::Useless(useless)) = works::check(works) else { return };
    for id in &useless {
        let message =
            format!("work `{id}` has no use: it adds nothing, nothing needs it, and no work of use comes after it");
        let help = "write `adds` or `needed_by`, or name it in `after` of a work that needs it";
        desk.error(Code::Contradiction, places.get(id).map_or_else(|| At::top(FILE), Clone::clone), message, help);
    }
}

/// Works for which no pot pays.
fn unpaid(desk: &Desk<'_>, gathered: &Gathered, works: &[Work], places: &BTreeMap<WorkId, At>) {
    let Some(pots) = gathered.head.pots.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() else { return };
    for work in works.iter().filter(|_| !pots.is_empty()) {
        let paid = pots.iter().any(|pot| match &work.site {
            Some(site) => pot.eligible(site),
            None => pot.eligible_work(&work.id),
        });
        if !paid {
            let message = format!("no pot pays for work `{}`, so it cannot be started", work.id);
            let at = places.get(&work.id).map_or_else(|| At::top(FILE), Clone::clone);
            desk.warning(Code::Unused, at, message, "name it, or its site, in `eligible` of a pot");
        }
    }
}
