//! The plan of the fixture with every way to leave mining: machines move from
//! `north` to `south` and to storage, some run as ballast, `south` is paid to
//! switch off, and `east`, where a mining customer has a hall until September
//! 2027, is mothballed and then sold.

use jiff::civil::date;

use super::fixture::{self, settle};
use crate::domain::calendar::Period;
use crate::domain::machine::Moves;
use crate::domain::site::{DemandResponse, Exit, HallUse, MinimumBill, Site, Tenure, ThirdParty};
use crate::plan::{LeftReason, MachineAction, MachineDecision, Plan, SiteDecision, SiteLeft};
use crate::units::{
    Days, GrossMw, HoursPerYear, MilliMachines, Months, Share, Usd, UsdPerKw, UsdPerMachine, UsdPerMachineMonth,
    UsdPerMwMonth, UsdPerYear,
};

/// A mining customer's hall of 10 MW until the end of September 2027.
pub(super) fn customer() -> ThirdParty {
    let (margin, until) = (UsdPerMwMonth::new(9000.0), date(2027, 9, 30));
    ThirdParty { margin, until, notice: Months(4), fee: Usd::new(250_000.0) }
}

/// Another site in another region.
fn east(north: &Site) -> Site {
    let mut east = Site { id: "east".into(), name: "east".to_owned(), ..north.clone() };
    east.location.region = "east".to_owned();
    east.exit = Exit { mothball: Some(Share(0.4)), sale: Some(UsdPerKw::new(300.0)) };
    let (amount, until) = (UsdPerYear::new(1.2e6), date(2027, 11, 10));
    east.power.minimum_bill = Some(MinimumBill { amount, until });
    east.halls[0].hall_use = HallUse::ThirdParty(customer());
    (east.halls[0].count, east.halls[0].hall_power) = (1, GrossMw::new(10.0));
    east.halls[0].exit_cost = Usd::new(40_000.0);
    east
}

fn machines(site: &str, to: &str, period: u32, action: MachineAction, count: i64) -> MachineDecision {
    let to = (!to.is_empty()).then(|| to.into());
    let (period, count) = (Period(period), MilliMachines(count));
    MachineDecision { site: site.into(), model: "s21".into(), period, action, count, to }
}

/// A plan that passes.
pub(super) fn plan() -> Plan {
    use MachineAction::{Ballast, Move, Run, Sell, Store};
    let mut plan = fixture::plan();
    let fleet = &mut plan.inputs;
    let east = east(&fleet.sites[0]);
    fleet.sites.insert(0, east);
    fleet.sites[1].power.ballast = Some(Share(0.5));
    let (credit, hours) = (UsdPerMwMonth::new(2000.0), HoursPerYear::new(876.0));
    fleet.sites[2].power.demand_response = Some(DemandResponse { credit, hours });
    fleet.sites[2].mining.spare_racks = GrossMw::new(4.0);
    fleet.sites[2].tenure = Tenure::Leased { until: date(2028, 12, 31), rent: UsdPerYear::new(240_000.0) };
    let (freight, freight_other_region) = (UsdPerMachine::new(15.0), UsdPerMachine::new(55.0));
    fleet.handling.moves = Some(Moves { freight, freight_other_region, downtime: Days(6) });
    fleet.handling.storage = Some(UsdPerMachineMonth::new(2.0));
    plan.decisions.machines = vec![
        machines("north", "", 0, Run, 10_000_000),
        machines("north", "", 1, Sell, 3_000_000),
        machines("north", "south", 1, Move, 1_000_000),
        machines("north", "storage/west", 1, Store, 300_000),
        machines("north", "storage/east", 1, Store, 200_000),
        machines("storage/west", "", 2, Sell, 100_000),
        machines("storage/east", "south", 2, Move, 50_000),
        machines("storage/west", "south", 3, Move, 20_000),
    ];
    let own = &mut plan.decisions.machines;
    own.extend((1..8).map(|period| machines("north", "", period, Run, 3_600_000)));
    own.extend((1..8).map(|period| machines("south", "", period, Run, 900_000)));
    own.push(machines("north", "", 4, Ballast, 500_000));
    let state = |id: &str, mothballed: &[u32], sold: Option<u32>| SiteDecision {
        site: id.into(),
        mothballed: mothballed.iter().map(|period| Period(*period)).collect(),
        sold: sold.map(Period),
    };
    plan.decisions.sites = vec![state("east", &[3, 4], Some(5)), state("north", &[], None), state("south", &[], None)];
    plan.twin.decisions.sites = ["east", "north", "south"].map(|id| state(id, &[], None)).to_vec();
    let (reason, detail) = (LeftReason::NoEligibleOffer, "none".to_owned());
    plan.sites_left.insert(0, SiteLeft { site: "east".into(), reason, detail });
    settle(&mut plan);
    plan
}
