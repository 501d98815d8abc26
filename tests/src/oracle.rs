//! An exhaustive enumerator: every plan of a small portfolio without machines, judged by the auditor alone.
//!
//! Sites are choices of conversions; works are choices of a start. The value of a choice is what the auditor tells of it
//! alone: without machines the ledger of a plan is the sum of its sites' and works'. Plans are then judged as a whole from
//! the most valuable down, and the first that the auditor does not object to is the best.

use planner_core::audit::{Judgement, dated, judge};
use planner_core::domain::Fleet;
use planner_core::domain::site::Site;
use planner_core::plan::ledger::{LedgerLine, present_value};
use planner_core::plan::{Conversion, Decisions, OfferDecision, Settings, SiteDecision, Work};
use planner_core::units::{ItMw, UsdCents};

/// The best plan, and how it was found.
#[derive(Debug)]
pub struct Best {
    /// Its value.
    pub npv: UsdCents,
    /// Its decisions.
    pub decisions: Decisions,
    /// Plans that were enumerated.
    pub plans: usize,
}

/// One way to decide a site, or a work.
struct Choice {
    conversions: Vec<Conversion>,
    works: Vec<Work>,
    /// Beyond what is paid whatever is decided.
    value_usd: f64,
    /// Critical IT load in MW, by index of the offer.
    loads: Vec<(usize, f64)>,
}

/// How many plans there are to enumerate.
#[must_use]
pub fn plans(fleet: &Fleet, settings: &Settings) -> usize {
    choices(fleet, settings).iter().map(Vec::len).product()
}

/// The best plan; `None` when none is without an objection.
#[must_use]
pub fn best(fleet: &Fleet, settings: &Settings) -> Option<Best> {
    let all = Plans::of(fleet, settings);
    let (decisions, judged) = all.valid(fleet, settings).next()?;
    Some(Best { npv: present_value(&fleet.calendar, &judged.ledger), decisions, plans: all.ranked.len() })
}

/// Every plan, the most valuable first.
pub struct Plans {
    choices: Vec<Vec<Choice>>,
    /// Value, and which choice of each site and work.
    ranked: Vec<(f64, Vec<u16>)>,
}

impl Plans {
    /// Enumerates them.
    #[must_use]
    pub fn of(fleet: &Fleet, settings: &Settings) -> Self {
        let choices = choices(fleet, settings);
        let mut ranked: Vec<(f64, Vec<u16>)> = vec![(0.0, vec![])];
        for of in &choices {
            ranked = ranked
                .iter()
                .flat_map(|(value, before)| {
                    of.iter().enumerate().map(move |(at, choice)| {
                        let mut path = before.clone();
                        path.push(u16::try_from(at).unwrap_or(u16::MAX));
                        (value + choice.value_usd, path)
                    })
                })
                .collect();
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        Self { choices, ranked }
    }

    /// Those to which the auditor does not object, with what it says of them.
    pub fn valid<'a>(
        &'a self,
        fleet: &'a Fleet,
        settings: &'a Settings,
    ) -> impl Iterator<Item = (Decisions, Judgement)> + 'a {
        self.ranked.iter().filter_map(move |(_, path)| {
            let taken = || self.choices.iter().zip(path).map(|(of, at)| &of[usize::from(*at)]);
            if !sizes_are_kept(fleet, taken()) {
                return None;
            }
            let conversions = taken().flat_map(|choice| choice.conversions.clone()).collect();
            let works = taken().flat_map(|choice| choice.works.clone()).collect();
            let decisions = decisions(fleet, conversions, works);
            let judged = judge(fleet, settings, &decisions);
            judged.findings.is_empty().then_some((decisions, judged))
        })
    }
}

fn choices(fleet: &Fleet, settings: &Settings) -> Vec<Vec<Choice>> {
    let nothing = worth(fleet, &judge(fleet, settings, &decisions(fleet, vec![], vec![])).ledger);
    let priced = |conversions: Vec<Conversion>, works: Vec<Work>| {
        let judged = judge(fleet, settings, &decisions(fleet, conversions.clone(), works.clone()));
        let loads = loads(fleet, &conversions);
        Choice { value_usd: worth(fleet, &judged.ledger) - nothing, conversions, works, loads }
    };
    let of_site = |site: &Site| {
        let ways = single_halls(fleet, settings, site);
        combinations(site, &ways).into_iter().map(|halls| priced(halls, vec![])).collect()
    };
    let of_work = |work: &planner_core::domain::work::Work| {
        let starts = fleet.calendar.start_periods().map(|period| {
            let start = fleet.calendar.first_month(period);
            let day = |month| fleet.calendar.month_start(month);
            vec![Work { work: work.id.clone(), start: day(start), finish: day(start.plus(work.months)) }]
        });
        std::iter::once(vec![]).chain(starts).map(|works| priced(vec![], works)).collect()
    };
    fleet.sites.iter().map(of_site).chain(fleet.works.iter().map(of_work)).collect()
}

fn loads(fleet: &Fleet, conversions: &[Conversion]) -> Vec<(usize, f64)> {
    let of = |at: usize| conversions.iter().filter(move |c| c.offer.as_ref() == Some(&fleet.offers[at].id));
    let load = |at| (at, of(at).map(|c| c.critical_it.get()).sum::<f64>());
    (0..fleet.offers.len()).map(load).filter(|(_, load)| *load > 0.0).collect()
}

/// A cut on a rule itself, before the auditor is asked: each offer gets nothing or a load within its size, at one site
/// unless it may be split.
fn sizes_are_kept<'a>(fleet: &Fleet, taken: impl Iterator<Item = &'a Choice>) -> bool {
    let mut sums = vec![(0.0, 0); fleet.offers.len()];
    for (at, load) in taken.flat_map(|choice| &choice.loads) {
        sums[*at] = (sums[*at].0 + load, sums[*at].1 + 1);
    }
    fleet.offers.iter().zip(sums).all(|(offer, (load, sites))| {
        let within = offer.min.get() - 1e-6 <= load && load <= offer.max.get() + 1e-6;
        sites == 0 || (within && (offer.split || sites == 1))
    })
}

fn worth(fleet: &Fleet, ledger: &[LedgerLine]) -> f64 {
    present_value(&fleet.calendar, ledger).0.usd()
}

/// Rules that one hall alone may break although more of them, or a work, would keep them.
const NOT_ALONE: &[&str] = &["offer_size", "firm_power", "site_power", "works_before_service"];

/// Every way to convert one hall of a site that no rule forbids for itself.
fn single_halls(fleet: &Fleet, settings: &Settings, site: &Site) -> Vec<Conversion> {
    let mut ways = vec![];
    for hall in &site.halls {
        for retrofit in &hall.retrofits {
            for offer in &fleet.offers {
                for period in fleet.calendar.start_periods() {
                    let start = fleet.calendar.period_start(period);
                    let bare = Conversion {
                        site: site.id.clone(),
                        hall: hall.id.clone(),
                        retrofit: retrofit.clone(),
                        offer: Some(offer.id.clone()),
                        halls: 1,
                        start,
                        mining_off: None,
                        ready: start,
                        commencement: start,
                        term_end: start,
                        critical_it: ItMw::ZERO,
                        phases: vec![],
                    };
                    let Ok(conversion) = dated(fleet, &bare) else { continue };
                    let judged = judge(fleet, settings, &decisions(fleet, vec![conversion.clone()], vec![]));
                    if judged.findings.iter().all(|finding| NOT_ALONE.contains(&finding.rule.as_str())) {
                        ways.push(conversion);
                    }
                }
            }
        }
    }
    ways
}

/// Every choice of at most as many halls as each group has.
fn combinations(site: &Site, ways: &[Conversion]) -> Vec<Vec<Conversion>> {
    let mut all: Vec<Vec<Conversion>> = vec![vec![]];
    for way in ways {
        let count = site.hall(&way.hall).map_or(0, |hall| hall.count);
        let mut more = vec![];
        for before in &all {
            let used: u32 = before.iter().filter(|c| c.hall == way.hall).map(|c| c.halls).sum();
            for halls in 1..=count.saturating_sub(used) {
                let mut with = before.clone();
                with.push(Conversion { halls, critical_it: way.critical_it * f64::from(halls), ..way.clone() });
                more.push(with);
            }
        }
        all.extend(more);
    }
    all
}

fn decisions(fleet: &Fleet, mut conversions: Vec<Conversion>, mut works: Vec<Work>) -> Decisions {
    conversions.sort_by(|a, b| {
        (&a.site, &a.hall, &a.retrofit, &a.offer, a.start).cmp(&(&b.site, &b.hall, &b.retrofit, &b.offer, b.start))
    });
    works.sort_by(|a, b| a.work.cmp(&b.work));
    let offers = fleet.offers.iter().map(|offer| {
        let served: Vec<&Conversion> = conversions.iter().filter(|c| c.offer.as_ref() == Some(&offer.id)).collect();
        let mut sites: Vec<_> = served.iter().map(|c| c.site.clone()).collect();
        sites.dedup();
        OfferDecision {
            offer: offer.id.clone(),
            accepted: !served.is_empty(),
            critical_it: served.iter().map(|c| c.critical_it).sum(),
            sites,
        }
    });
    let offers = offers.collect();
    let sites = fleet.sites.iter().map(|site| SiteDecision::working(site.id.clone())).collect();
    Decisions { conversions, works, offers, sites, machines: vec![], reservations: vec![] }
}
