//! Every way to convert one hall, valued by itself: its own lines, less what it pays for what it uses.

use std::collections::BTreeMap;

use super::{Scene, alone};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::conversions::allowed;
use crate::audit::locks::{names, started, started_locks};
use crate::audit::schedule::offsets;
use crate::audit::site_setup::{First, setup};
use crate::audit::{long_lead, money};
use crate::domain::calendar::Month;
use crate::domain::offer::Offer;
use crate::domain::site::{HallGroup, Site};
use crate::plan::Conversion;
use crate::units::ItMw;

/// One way to convert a hall.
pub(super) struct Way<'a> {
    pub(super) column: Column<'a>,
    /// So many halls have started so, neither more nor fewer.
    pub(super) started: Option<u32>,
}

/// One way with its value.
pub(super) struct Valued {
    /// Index of the hall group.
    pub(super) hall: usize,
    /// Index of the retrofit.
    pub(super) retrofit: usize,
    pub(super) start: Month,
    pub(super) ready: Month,
    pub(super) usd: f64,
    pub(super) started: Option<u32>,
}

/// What the first hall of a retrofit at a site costs beside itself, by retrofit and start.
pub(super) type Setups = BTreeMap<(usize, Month), f64>;

/// Every conversion that names what there is, by site; whether the portfolio allows it is another question.
pub(super) fn conversions(case: &Case) -> Vec<Conversion> {
    let fleet = case.fleet;
    let mut all = vec![];
    for site in &fleet.sites {
        for hall in &site.halls {
            for retrofit in hall.retrofits.iter().filter_map(|id| fleet.retrofit(id)) {
                let offers = fleet.offers.iter().filter(|offer| offer.class == retrofit.class);
                let offers = offers.filter(|offer| offer.eligible_at(site)).map(Some);
                for offer in offers.chain(fleet.merchant.map(|_| None)) {
                    let starts = fleet.calendar.start_periods().map(|period| fleet.calendar.period_start(period));
                    let begun = started_locks(fleet).filter_map(|lock| lock.start);
                    let mut starts: Vec<_> = starts.chain(begun).collect();
                    starts.sort_unstable();
                    starts.dedup();
                    all.extend(starts.into_iter().map(|start| bare(site, hall, &retrofit.id, offer, start)));
                }
            }
        }
    }
    all
}

fn bare(
    site: &Site,
    hall: &HallGroup,
    retrofit: &crate::domain::ids::RetrofitId,
    offer: Option<&Offer>,
    start: jiff::civil::Date,
) -> Conversion {
    Conversion {
        site: site.id.clone(),
        hall: hall.id.clone(),
        retrofit: retrofit.clone(),
        offer: offer.map(|offer| offer.id.clone()),
        halls: 1,
        start,
        mining_off: None,
        ready: start,
        commencement: start,
        term_end: start,
        critical_it: ItMw::ZERO,
        phases: vec![],
    }
}

/// Those that the portfolio allows.
pub(super) fn ways<'a>(case: &Case<'a>, conversions: &'a [Conversion]) -> Vec<Way<'a>> {
    let way = |conversion: &'a Conversion| {
        let column = Column::resolve(case.fleet, conversion).ok()?;
        let halls = started(case.fleet, conversion).then(|| {
            let locks = started_locks(case.fleet).filter(|lock| names(lock, conversion));
            locks.map(|lock| lock.halls).max().unwrap_or(0)
        });
        let choice = allowed(case, &column) && (halls.is_some() || alone::possible(case, &column));
        choice.then_some(Way { column, started: halls })
    };
    conversions.iter().filter_map(way).collect()
}

/// The values of the ways at a site.
pub(super) fn valued(scene: &Scene, at: usize, site: &Site, ways: &[Way]) -> (Vec<Valued>, Setups) {
    let fleet = scene.case.fleet;
    let (mut valued, mut setups) = (vec![], Setups::new());
    for Way { column, started } in ways.iter().filter(|way| way.column.site.id == site.id) {
        let lines = money::hall::tell(fleet, column);
        let Some(forced) = scene.forced.by_hall(column.conversion) else { continue };
        let hall = site.halls.iter().position(|hall| hall.id == column.hall.id);
        let retrofit = fleet.retrofits.iter().position(|retrofit| retrofit.id == column.retrofit.id);
        let (Some(hall), Some(retrofit)) = (hall, retrofit) else { continue };
        if !scene.worth.paid_for(&lines) {
            continue;
        }
        let pays = scene.sites.get(at).map_or(0.0, |prices| prices.of_hall(column))
            + scene.crews.iter().map(|crew| crew.of_hall(column)).sum::<f64>()
            + scene.equipment.of(&long_lead::of_hall(fleet, column))
            + scene.offers.of_hall(column)
            + scene.speculation.of_hall(column)
            + scene.needs.of_hall(column)
            + scene.policies.of_hall(column);
        let usd = scene.worth.of(&lines) + forced - pays;
        let (start, ready) = (column.start, column.ready);
        valued.push(Valued { hall, retrofit, start, ready, usd, started: *started });
        setups.entry((retrofit, start)).or_insert_with(|| of_first(scene, column));
    }
    (valued, setups)
}

/// What the first hall of a retrofit at a site brings beside itself: a cost, and so below nil.
fn of_first(scene: &Scene, column: &Column) -> f64 {
    let fleet = scene.case.fleet;
    let own = column.site.override_of(&column.retrofit.id);
    let Some(offsets) = offsets(column.retrofit, own, column.site.power.notice.0) else { return 0.0 };
    let first = First { column, offsets };
    scene.worth.of(&setup(fleet, &first)) - scene.equipment.of(&long_lead::once(fleet, &first))
}
