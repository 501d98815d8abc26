//! No machine appears or disappears: what leaves a site reaches another, or storage.
//!
//! * `stock[p] = survival · stock[p−1] − sell[p] − send[p] + receive[p] + buy[p]`, with the fleet at the start before the
//!   first period
//! * `sell[p] + send[p] ≤ survival · stock[p−1]` where machines can come: none comes and goes at once
//! * `run[p] + ballast[p] ≤ stock[p]`
//! * `Σ_s send[s,p] − Σ_s receive[s,p] + come[p] − leave[p] = stored[p] − stored[p−1] + sell_stored[p]` for each region
//! * `sell_stored[p] ≤ stored[p−1]`, and `come[p] ≤ Σ_s receive[s,p]`: what comes from another region is not stored
//! * `Σ leave[p] = Σ come[p]` over the regions
//!
//! Storing in another region than the site's costs its freight sooner and never less, so that no column does it.

use std::collections::BTreeMap;

use crate::domain::calendar::Period;
use crate::model::{ColumnId, Facts, HubColumns, Row, TrackColumns, scale};
use crate::options::{Hub, MachineTrack};

/// The family's one name.
pub const NAME: &str = "machine_balance";

/// Rows per model, site and period; then per model, region and period; then per model and period.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let mut rows = vec![];
    for (track, columns) in facts.options.machines.iter().zip(&facts.variables.machines) {
        for period in facts.fleet.calendar.all_periods() {
            at_site(facts, track, columns, period, &mut rows);
        }
    }
    for (hub, columns) in facts.options.hubs.iter().zip(&facts.variables.hubs) {
        for period in facts.fleet.calendar.all_periods() {
            in_region(facts, hub, columns, period, &mut rows);
        }
    }
    between_regions(facts, &mut rows);
    rows
}

fn month(facts: Facts, period: Period) -> String {
    facts.fleet.calendar.period_start(period).strftime("%Y-%m").to_string()
}

fn at_site(facts: Facts, track: &MachineTrack, columns: &TrackColumns, period: Period, rows: &mut Vec<Row>) {
    let (site, model) = (&facts.fleet.sites[track.site].id, &facts.fleet.models[track.model].id);
    let at = period.index();
    let key = format!("{site},{model},{}", month(facts, period));
    let mut terms = vec![(columns.stock[at], 1.0), (columns.sell[at], 1.0)];
    terms.extend(columns.send[at].map(|send| (send, 1.0)));
    terms.extend(columns.receive[at].map(|receive| (receive, -1.0)));
    terms.extend(columns.buy[at].map(|buy| (buy, -1.0)));
    let before = if at == 0 {
        scale::machines(track.initial)
    } else {
        terms.push((columns.stock[at - 1], -track.survival));
        0.0
    };
    if columns.buy[at].is_some() || columns.receive[at].is_some() {
        let mut gone = vec![(columns.sell[at], 1.0)];
        gone.extend(columns.send[at].map(|send| (send, 1.0)));
        gone.extend((at > 0).then(|| (columns.stock[at - 1], -track.survival)));
        rows.push(Row::at_most(NAME, format!("{key},sell"), gone, before));
    }
    rows.push(Row::equal(NAME, key.clone(), terms, before));
    let mut running: Vec<_> = columns.run[at].into_iter().chain(columns.ballast[at]).map(|on| (on, 1.0)).collect();
    if !running.is_empty() {
        running.push((columns.stock[at], -1.0));
        rows.push(Row::at_most(NAME, format!("{key},run"), running, 0.0));
    }
}

fn in_region(facts: Facts, hub: &Hub, columns: &HubColumns, period: Period, rows: &mut Vec<Row>) {
    let at = period.index();
    let tracks = || hub.tracks.iter().map(|track| &facts.variables.machines[*track]);
    let sent = tracks().filter_map(|track| Some((track.send[at]?, 1.0)));
    let received: Vec<_> = tracks().filter_map(|track| Some((track.receive[at]?, -1.0))).collect();
    let before = if at > 0 { columns.stored[at - 1] } else { None };
    let mut terms: Vec<(ColumnId, f64)> = sent.chain(received.iter().copied()).collect();
    terms.extend(columns.come[at].map(|come| (come, 1.0)));
    terms.extend(columns.leave[at].map(|leave| (leave, -1.0)));
    terms.extend(columns.stored[at].map(|stored| (stored, -1.0)));
    terms.extend(before.map(|stored| (stored, 1.0)));
    terms.extend(columns.sell[at].map(|sell| (sell, -1.0)));
    let key = format!("{},{},{}", hub.region, facts.fleet.models[hub.model].id, month(facts, period));
    rows.push(Row::equal(NAME, format!("{key},region"), terms, 0.0));
    if let (Some(sell), Some(before)) = (columns.sell[at], before) {
        rows.push(Row::at_most(NAME, format!("{key},stored"), vec![(sell, 1.0), (before, -1.0)], 0.0));
    }
    // Without storage it has nowhere else to go.
    if let (Some(come), Some(_)) = (columns.come[at], columns.stored[at]) {
        let terms = std::iter::once((come, 1.0)).chain(received).collect();
        rows.push(Row::at_most(NAME, format!("{key},come"), terms, 0.0));
    }
}

fn between_regions(facts: Facts, rows: &mut Vec<Row>) {
    let mut models: BTreeMap<usize, Vec<&HubColumns>> = BTreeMap::new();
    for (hub, columns) in facts.options.hubs.iter().zip(&facts.variables.hubs) {
        models.entry(hub.model).or_default().push(columns);
    }
    for (model, hubs) in models {
        for period in facts.fleet.calendar.all_periods() {
            let at = period.index();
            let leave = hubs.iter().filter_map(|hub| Some((hub.leave[at]?, 1.0)));
            let come = hubs.iter().filter_map(|hub| Some((hub.come[at]?, -1.0)));
            let terms: Vec<_> = leave.chain(come).collect();
            if !terms.is_empty() {
                let key = format!("{},{},regions", facts.fleet.models[model].id, month(facts, period));
                rows.push(Row::equal(NAME, key, terms, 0.0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::Fleet;
    use crate::domain::machine::Moves;
    use crate::model::tests::rows_that_begin;
    use crate::units::{Days, Share, UsdPerMachine, UsdPerMachineMonth};

    #[test]
    fn stock_is_what_outlives_the_period_before_less_sales_plus_purchases() {
        let rows = rows_that_begin("machine_balance[north", |_, _| {});
        let expected = [
            "machine_balance[north,s21,2027-01]: stock[north,s21,2027-01] + sell[north,s21,2027-01] = 10",
            "machine_balance[north,s21,2027-01,run]: run[north,s21,2027-01] − stock[north,s21,2027-01] ≤ 0",
            "machine_balance[north,s21,2027-04,sell]: sell[north,s21,2027-04] \
             − 0.987258545 stock[north,s21,2027-01] ≤ 0",
            // 0.95^(3/12); the price list begins in February, so the first purchase is in April.
            "machine_balance[north,s21,2027-04]: stock[north,s21,2027-04] + sell[north,s21,2027-04] \
             − buy[north,s21,2027-04] − 0.987258545 stock[north,s21,2027-01] = 0",
        ];
        assert_eq!(rows[..4], expected);
    }

    fn moved(fleet: &mut Fleet) {
        let (freight, freight_other_region) = (UsdPerMachine::new(5.0), UsdPerMachine::new(20.0));
        fleet.handling.moves = Some(Moves { freight, freight_other_region, downtime: Days(5) });
        fleet.deck.machine_prices.clear();
        fleet.models[0].failure = Share::NONE;
    }

    #[test]
    fn what_one_site_sends_another_receives() {
        let rows = rows_that_begin("machine_balance", |fleet, _| moved(fleet));
        let (north, south, month) = ("north,s21,2027-04", "south,s21,2027-04", "2027-01");
        let held = format!("stock[north,s21,{month}]");
        for expected in [
            format!(
                "machine_balance[{north}]: stock[{north}] + sell[{north}] + send[{north}] − receive[{north}] − {held} = 0"
            ),
            format!("machine_balance[{north},sell]: sell[{north}] + send[{north}] − {held} ≤ 0"),
            format!(
                "machine_balance[west,s21,2027-04,region]: send[{north}] + send[{south}] \
                     − receive[{north}] − receive[{south}] = 0"
            ),
        ] {
            assert!(rows.contains(&expected), "{expected}\nis not among\n{}", rows.join("\n"));
        }
        assert!(!rows.iter().any(|row| row.contains("regions") || row.contains("come[")), "there is one region");
    }

    #[test]
    fn storage_and_other_regions_meet_in_the_regions_hub() {
        let rows = rows_that_begin("machine_balance[", |fleet, _| {
            moved(fleet);
            fleet.handling.storage = Some(UsdPerMachineMonth::new(2.0));
            fleet.sites[1].location.region = "east".to_owned();
        });
        let (key, before) = ("west,s21,2027-04", "west,s21,2027-01");
        let north = "north,s21,2027-04";
        for expected in [
            format!(
                "machine_balance[{key},region]: send[{north}] − receive[{north}] + come[{key}] − leave[{key}] \
                     − stored[{key}] + stored[{before}] − sell_stored[{key}] = 0"
            ),
            format!("machine_balance[{key},stored]: sell_stored[{key}] − stored[{before}] ≤ 0"),
            format!("machine_balance[{key},come]: come[{key}] − receive[{north}] ≤ 0"),
            "machine_balance[s21,2027-04,regions]: leave[east,s21,2027-04] + leave[west,s21,2027-04] \
             − come[east,s21,2027-04] − come[west,s21,2027-04] = 0"
                .to_owned(),
        ] {
            assert!(rows.contains(&expected), "{expected}\nis not among\n{}", rows.join("\n"));
        }
        assert!(!rows.iter().any(|row| row.contains("sell_stored[west,s21,2027-01]")), "nothing is stored before");
    }

    #[test]
    fn without_racks_elsewhere_or_storage_nothing_moves() {
        let rows = rows_that_begin("machine_balance", |fleet, _| {
            moved(fleet);
            fleet.sites[1].mining.spare_racks = crate::units::GrossMw::ZERO;
        });
        assert!(!rows.iter().any(|row| row.contains("send[") || row.contains("receive[")), "{rows:?}");
    }
}
