//! Running machines hash at least a floor, between two dates.
//!
//! `Σ_{m,s} TH_m · run[m,s,p] ≥ floor` for each period `p` that begins between the dates, both included
//!
//! Machines without a margin in any month of a period do not run in it. The twin has no such rule.

use crate::model::{Facts, Row, scale};

/// The family's one name.
pub const NAME: &str = "policy_hashrate";

/// One row per period that begins between the dates.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let Some(policy) = facts.fleet.policies.hashrate else { return vec![] };
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for period in calendar.all_periods() {
        let begins = calendar.period_start(period);
        if begins < policy.from || begins > policy.to {
            continue;
        }
        let tracks = facts.options.machines.iter().zip(&facts.variables.machines);
        let running = tracks.filter_map(|(track, columns)| {
            let column = columns.run[period.index()]?;
            Some((column, scale::machine_hashrate(facts.fleet.models[track.model].hashrate)))
        });
        let key = begins.strftime("%Y-%m").to_string();
        // Where nothing can run, the row says so: no plan keeps the floor.
        rows.push(Row::at_least(NAME, key, running.collect(), scale::hashrate(policy.floor)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::policy::HashratePolicy;
    use crate::model::tests::rows_that_begin;
    use crate::units::TeraHash;

    #[test]
    fn what_runs_hashes_enough_between_the_dates() {
        let rows = rows_that_begin("policy_hashrate", |fleet, _| {
            let (from, to) = (date(2027, 3, 31), date(2027, 7, 1));
            fleet.policies.hashrate = Some(HashratePolicy { floor: TeraHash::new(1.5e6), from, to });
        });
        // A thousand machines of 200 TH/s are 0.2 EH/s.
        let expected = [
            "policy_hashrate[2027-04]: 0.2 run[north,s21,2027-04] ≥ 1.5",
            "policy_hashrate[2027-07]: 0.2 run[north,s21,2027-07] ≥ 1.5",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn without_the_policy_there_are_no_rows() {
        assert!(rows_that_begin("policy_hashrate", |_, _| {}).is_empty());
    }
}
