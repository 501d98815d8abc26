//! The plan of the fixture with works, crews and scarce equipment: `land` comes
//! before the `substation` of `north`, which its halls need, the lease of `south`
//! is made longer, and two transformers are reserved.

use jiff::civil::{Date, date};

use super::fixture::{self, settle};
use crate::domain::calendar::Period;
use crate::domain::delivery::{Crew, LongLead, Reserve, Scope};
use crate::domain::evidence::Evidence;
use crate::domain::retrofit::Equipment;
use crate::domain::work::{Effect, NeededBy, Work};
use crate::plan::{self, Plan, Reservation};
use crate::units::{GrossMw, ItMwPerYear, Months, Usd};

fn work(id: &str, months: u32, cost: f64) -> Work {
    Work {
        id: id.into(),
        site: None,
        name: id.to_owned(),
        months: Months(months),
        cost: Usd::new(cost),
        category: "power".to_owned(),
        after: vec![],
        adds: vec![],
        needed_by: None,
        evidence: Evidence::default(),
    }
}

fn effect(site: &str) -> Effect {
    let (connection, firm, racks) = (GrossMw::ZERO, GrossMw::ZERO, GrossMw::ZERO);
    Effect { site: site.into(), connection, firm, racks, tenure_until: None }
}

/// Three months for a longer lease of `south`.
pub(super) fn longer_lease(until: Date) -> Work {
    Work {
        site: Some("south".into()),
        adds: vec![Effect { tenure_until: Some(until), ..effect("south") }],
        category: "land".to_owned(),
        ..work("south/lease", 3, 300_000.0)
    }
}

/// The substation comes after the land; both are shared.
fn works() -> Vec<Work> {
    let (connection, firm) = (GrossMw::new(20.0), GrossMw::new(15.0));
    let halls = vec![("north".into(), "a".into())];
    vec![
        work("land", 3, 900_000.0),
        longer_lease(date(2028, 9, 10)),
        Work {
            after: vec!["land".into()],
            adds: vec![Effect { connection, firm, ..effect("north") }],
            needed_by: Some(NeededBy { halls, beyond: GrossMw::new(5.0) }),
            ..work("substation", 6, 6e6)
        },
    ]
}

/// The work that the halls of `north` need.
pub(super) fn substation(plan: &mut Plan) -> &mut Work {
    &mut plan.inputs.works[2]
}

/// The substation takes another time than six months from April 2027 on.
pub(super) fn takes(plan: &mut Plan, months: u32) {
    substation(plan).months = Months(months);
    plan.decisions.works[2].finish = date(2027, 4, 1).saturating_add(jiff::Span::new().months(months));
}

/// A plan that passes.
pub(super) fn plan() -> Plan {
    let mut plan = fixture::plan();
    plan.inputs.works = works();
    plan.inputs.pots[0].release[0].amount = Usd::new(60e6);
    let transformer = |count| Some(Equipment { item: "transformer".to_owned(), count });
    let retrofit = &mut plan.inputs.retrofits[0];
    retrofit.phases[1].on_site = true;
    retrofit.phases[2].on_site = true;
    retrofit.costs[1].equipment = transformer(2);
    let (scope, energised) = (Scope::Region("west".to_owned()), Some(ItMwPerYear::new(20.0)));
    plan.inputs.crews = vec![Crew { id: "west".into(), scope, halls: Some(1), energised }];
    let reserve = Some(Reserve { most: 3, deposit: Usd::new(200_000.0), lead: Months(3) });
    plan.inputs.long_lead = vec![
        LongLead { item: "switchgear".to_owned(), per_period: 0, reserve: None },
        LongLead { item: "transformer".to_owned(), per_period: 1, reserve },
    ];
    let done = |id: &str, start, finish| plan::Work { work: id.into(), start, finish };
    plan.decisions.works = vec![
        done("land", date(2027, 1, 1), date(2027, 4, 1)),
        done("south/lease", date(2027, 10, 1), date(2028, 1, 1)),
        done("substation", date(2027, 4, 1), date(2027, 10, 1)),
    ];
    let reserved = Reservation { item: "transformer".to_owned(), period: Period(2), count: 2 };
    plan.decisions.reservations = vec![reserved];
    settle(&mut plan);
    plan
}
