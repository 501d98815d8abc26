//! `ballast`: where a site allows it, machines run on the slack of halls that
//! are under contract in all months of a period; what runs and what is ballast
//! is in stock.

use super::case::Case;
use super::column::Column;
use super::findings::{Findings, when};
use super::herd::plus;
use super::machine_balance::ONE_THOUSANDTH;
use crate::domain::calendar::Period;
use crate::domain::site::Site;
use crate::units::GrossMw;

/// Machines run on slack that is there.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for site in &case.fleet.sites {
        let herds = || case.herds.iter().filter(|herd| herd.site.id == site.id);
        for period in calendar.all_periods() {
            let rows = || herds().filter_map(|herd| Some((herd, herd.rows.get(period.index())?)));
            let ballast: GrossMw = rows().map(|(herd, row)| herd.gross(row.ballast)).sum();
            if rows().all(|(_, row)| row.ballast.0 == 0) {
                continue;
            }
            let line = format!("{} in {}", site.id, when(calendar, period));
            if site.power.ballast.is_none() {
                found.add(&line, format!("{ballast:#} of machines run on slack, which the site does not allow"));
            }
            let slack = slack(case, site, period);
            let within = ballast <= slack + GrossMw::ONE_KILOWATT;
            if !within {
                found.add(&line, format!("{ballast:#} of machines run on {slack:#} of slack"));
            }
            for (herd, row) in rows().filter(|(_, row)| row.ballast.0 > 0) {
                if plus(row.run, row.ballast) > plus(row.stock, ONE_THOUSANDTH) {
                    let (run, ballast, stock) = (row.run.count(), row.ballast.count(), row.stock.count());
                    let message = format!("{run} machines run and {ballast} run on slack of {stock}");
                    found.add(format!("{} {} in {}", site.id, herd.model.id, when(calendar, period)), message);
                }
            }
        }
    }
}

/// Reserved power that halls under contract do not draw.
fn slack(case: &Case, site: &Site, period: Period) -> GrossMw {
    let months = || case.fleet.calendar.months_of(period);
    let hosts = |column: &&Column| months().all(|month| column.commencement <= month && month < column.term_end);
    let here = case.columns.iter().filter(|column| column.site.id == site.id).filter(hosts);
    here.map(|column| column.reserved() - column.reserved() * column.load_factor().0).sum()
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::audit::fixture_leaving;
    use crate::plan::{MachineAction, MachineDecision};

    fn ballast(plan: &mut crate::plan::Plan) -> impl Iterator<Item = &mut MachineDecision> {
        plan.decisions.machines.iter_mut().filter(|decision| decision.action == MachineAction::Ballast)
    }

    #[test]
    fn more_machines_run_on_slack_than_it_carries() {
        // 20 MW at a load factor of 80 %, from the first whole period of the contract on.
        let found = breaks("ballast", |plan| {
            *plan = fixture_leaving::plan();
            ballast(plan).next().unwrap().count.0 = 1_089_000;
        });
        assert_eq!(found, ["ballast: north in period 4 (2028-01-01): 4.002 MW of machines run on 4 MW of slack"]);
        let found = breaks("ballast", |plan| {
            *plan = fixture_leaving::plan();
            ballast(plan).next().unwrap().period.0 = 3;
        });
        assert_eq!(
            found,
            ["ballast: north in period 3 (2027-10-01): 1.837 MW of machines run on 0 MW of slack"],
            "the contract begins in December"
        );
    }

    #[test]
    fn machines_on_slack_run_twice_or_where_they_may_not() {
        let found = breaks("ballast", |plan| {
            *plan = fixture_leaving::plan();
            let four = |d: &&mut MachineDecision| d.period.0 == 4 && d.action == MachineAction::Run;
            plan.decisions.machines.iter_mut().find(four).unwrap().count.0 += 1_200_000;
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("ballast: north s21 in period 4 (2028-01-01): 4800 machines run and 500 run"));
        let found = breaks("ballast", |plan| {
            *plan = fixture_leaving::plan();
            plan.inputs.sites[1].power.ballast = None;
        });
        let message = "1.837 MW of machines run on slack, which the site does not allow";
        assert_eq!(found, [format!("ballast: north in period 4 (2028-01-01): {message}")]);
    }
}
