//! The best that can be made of every machine, and of machines that are bought.
//!
//! For each model the value of one machine on hand at a place when a period begins, from the last period back: it
//! stays on its rack and runs, is sold, moved or stored, whatever is best. What it takes of racks and power it pays for.

use super::Scene;
use super::arcs::{Arcs, Pool};
use super::racks::KINDS;
use crate::audit::machine_balance::ONE_THOUSANDTH;
use crate::domain::calendar::Period;
use crate::units::GrossMw;

/// Value of one machine on hand when a period begins.
struct OnHand {
    /// By site.
    sites: Vec<f64>,
    /// By region, in storage.
    stored: Vec<f64>,
}

/// By site and kind of racks.
type ByRacks = Vec<[f64; 3]>;

/// The sum over all machines there are, and what purchases and rounding may add.
pub(super) fn best(scene: &Scene) -> f64 {
    let fleet = scene.case.fleet;
    let pools: Vec<Pool> = fleet.models.iter().map(|model| Pool::new(scene, model)).collect();
    let mut extra = 0.0;
    let mut values: Vec<OnHand> = pools
        .iter()
        .map(|pool| {
            let (sites, stored, rounding) = pool.at_horizon();
            extra += rounding;
            OnHand { sites, stored }
        })
        .collect();
    for period in (0..fleet.calendar.periods).rev().map(Period) {
        let arcs: Vec<Arcs> = pools.iter().map(|pool| pool.arcs(period)).collect();
        let racks = rack_prices(scene, &pools, &arcs, period, &mut extra);
        let mut bought: ByRacks = fleet.sites.iter().map(|_| [0.0; 3]).collect();
        for ((pool, arcs), value) in pools.iter().zip(&arcs).zip(&mut values) {
            *value = step(pool, arcs, value, &racks, &mut bought, &mut extra);
        }
        extra += purchases(scene, &bought, period);
    }
    let owned = |(pool, value): (&Pool, &OnHand)| -> f64 {
        pool.owned().zip(&value.sites).map(|(count, value)| count.count() * value).sum()
    };
    extra + pools.iter().zip(&values).map(owned).sum::<f64>()
}

/// What a MW of machines pays for racks. Where there are none at all any price is right, whatever is stated: with this
/// one nothing is earned there.
fn rack_prices(scene: &Scene, pools: &[Pool], arcs: &[Arcs], period: Period, extra: &mut f64) -> ByRacks {
    let mut prices = vec![];
    for (at, site) in scene.sites.iter().enumerate() {
        let mut of_site = [0.0; 3];
        for ((racks, price), cooling) in site.racks.iter().zip(&mut of_site).zip(KINDS) {
            *price = racks.of_machines(period);
            if racks.most_in(period).get() <= 0.0 {
                let here = pools.iter().zip(arcs).filter(|(pool, _)| pool.model.cooling == cooling);
                let earned = here.filter_map(|(pool, arcs)| Some(arcs.used.get(at)? / pool.gross(at)));
                let more = (earned.fold(0.0, f64::max) - *price).max(0.0);
                *price += more;
                *extra += more * GrossMw::ONE_KILOWATT.get();
            }
        }
        prices.push(of_site);
    }
    prices
}

/// What purchases may add: a machine that is bought takes a rack.
fn purchases(scene: &Scene, bought: &ByRacks, period: Period) -> f64 {
    let mut sum = 0.0;
    for ((site, prices), gains) in scene.case.fleet.sites.iter().zip(&scene.sites).zip(bought) {
        // A count may be a thousandth more than the stock.
        let herds = scene.case.herds.iter().filter(|herd| herd.site.id == site.id);
        let noise: f64 = herds.map(|herd| herd.gross(ONE_THOUSANDTH).get()).sum();
        for (racks, gain) in prices.racks.iter().zip(gains) {
            sum += gain * ((racks.most_in(period) + GrossMw::ONE_KILOWATT).get() + noise);
        }
    }
    sum
}

/// One period back: from what a machine on hand is worth in the next period to what it is worth in this one.
fn step(pool: &Pool, arcs: &Arcs, next: &OnHand, racks: &ByRacks, bought: &mut ByRacks, extra: &mut f64) -> OnHand {
    let survival = pool.survival();
    let (kind, regions) = (pool.kind(), 0..next.stored.len());
    let stay: Vec<f64> = next
        .sites
        .iter()
        .zip(&arcs.used)
        .zip(racks)
        .enumerate()
        .map(|(at, ((next, used), racks))| used - pool.gross(at) * racks.get(kind).unwrap_or(&0.0) + survival * next)
        .collect();
    let reach: Vec<f64> = regions
        .clone()
        .map(|region| {
            let arrivals = stay.iter().zip(&arcs.arrivals).zip(&pool.region_of);
            let arrivals = arrivals.map(|((stay, arrival), of)| {
                stay + arrival.placing + if *of == region { arrival.near } else { arrival.far }
            });
            arrivals.fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    let keep: Vec<f64> = arcs.keeping.iter().zip(&next.stored).map(|(cost, next)| cost + next).collect();
    let stored: Vec<f64> = reach
        .iter()
        .zip(&keep)
        .zip(&arcs.stored_sale)
        .map(|((reach, keep), sale)| reach.max(*keep).max(*sale))
        .collect();
    let mut sites = vec![];
    for (at, (stay, region)) in stay.iter().zip(&pool.region_of).enumerate() {
        let into = regions.clone().zip(&keep).zip(&arcs.further);
        let into = into.map(|((to, keep), further)| if to == *region { *keep } else { keep + further });
        let away = into.fold(reach.get(*region).copied().unwrap_or(f64::NEG_INFINITY), f64::max);
        let of = |values: &Vec<f64>| values.get(at).copied().unwrap_or(f64::NEG_INFINITY);
        sites.push(stay.max(of(&arcs.sale)).max(of(&arcs.removal) + away));
        if let Some(gain) = bought.get_mut(at).and_then(|gains| gains.get_mut(kind)) {
            *gain = gain.max((of(&arcs.buy) + stay) / pool.gross(at));
        }
    }
    *extra += arcs.rounding + noise(arcs, next, (&sites, &stay), (&stored, &keep));
    OnHand { sites, stored }
}

/// What thousandths may add: in each place a thousandth more may leave, or run, than is there, and survivors are rounded
/// to the nearest.
fn noise(arcs: &Arcs, next: &OnHand, sites: (&[f64], &[f64]), stored: (&[f64], &[f64])) -> f64 {
    let one = ONE_THOUSANDTH.count();
    let leaves = |(value, stay): (&f64, &f64)| value.max(0.0) + if stay.is_finite() { (-stay).max(0.0) } else { 0.0 };
    let at_sites = sites.0.iter().zip(sites.1).map(leaves).chain(arcs.used.iter().copied());
    let in_storage = stored.0.iter().zip(stored.1).map(leaves);
    let survivors = next.sites.iter().map(|next| next.abs() / 2.0);
    one * at_sites.chain(in_storage).chain(survivors).sum::<f64>()
}
