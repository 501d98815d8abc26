//! `policy_hashrate`: in each period that begins between the policy's dates,
//! running machines hash at least its floor, to one PH/s; machines that have a
//! margin in no month of the period do not count.

use super::case::Case;
use super::findings::{Findings, when};
use super::money::{earns, hashprices};
use crate::units::TeraHash;

/// Counts of machines are whole thousandths, so the floor holds to this much.
pub(super) const ONE_PETAHASH: TeraHash = TeraHash::new(1000.0);

/// Running machines hash at least the floor.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let Some(policy) = case.policies.hashrate else { return };
    let calendar = &case.fleet.calendar;
    let prices = hashprices(case.fleet);
    for period in calendar.all_periods() {
        let first_day = calendar.period_start(period);
        if first_day < policy.from || first_day > policy.to {
            continue;
        }
        let running = case.herds.iter().filter(|herd| earns(case.fleet, herd, period, &prices));
        let hashrate: TeraHash =
            running.filter_map(|herd| Some(herd.model.hashrate * herd.rows.get(period.index())?.run.count())).sum();
        let enough = hashrate + ONE_PETAHASH >= policy.floor;
        if !enough {
            let message = format!("{hashrate:#} run where {:#} are asked", policy.floor);
            found.add(when(calendar, period), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::domain::policy::HashratePolicy;
    use crate::units::{TeraHash, Usd};

    use jiff::civil::date;

    fn floor(floor: f64) -> HashratePolicy {
        let (from, to) = (date(2027, 1, 2), date(2027, 7, 1));
        HashratePolicy { floor: TeraHash::new(floor), from, to }
    }

    #[test]
    fn too_few_machines_run() {
        // 4,000 machines of 200 TH/s from period 1 on; period 3 begins after the policy's last day.
        let found = breaks("policy_hashrate", |plan| plan.inputs.policies.hashrate = Some(floor(801_001.0)));
        assert_eq!(
            found,
            ["1 (2027-04-01)", "2 (2027-07-01)"]
                .map(|period| format!("policy_hashrate: period {period}: 800000 TH/s run where 801001 TH/s are asked"))
        );
        let mut plan = fixture::plan();
        plan.inputs.policies.hashrate = Some(floor(801_000.0));
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn machines_without_a_margin_do_not_count() {
        let found = breaks("policy_hashrate", |plan| {
            plan.inputs.policies.hashrate = Some(floor(700_000.0));
            for month in &mut plan.inputs.deck.months[6..9] {
                month.btc_price = Usd::new(1000.0);
            }
        });
        assert_eq!(found, ["policy_hashrate: period 2 (2027-07-01): 0 TH/s run where 700000 TH/s are asked"]);
    }
}
