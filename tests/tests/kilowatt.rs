//! Rows of megawatts that whole halls decide hold to one kilowatt: half a kilowatt off is served and passes the audit, two
//! kilowatts off are not.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::domain::Fleet;
use planner_core::domain::calendar::PeriodLength;
use planner_core::domain::delivery::{Crew, Scope};
use planner_core::domain::market::{Absorption, MerchantCurve};
use planner_core::domain::offer::{OfferStatus, Tranche};
use planner_core::domain::policy::CapPolicy;
use planner_core::plan::Settings;
use planner_core::portfolio::read;
use planner_core::solve::SolveError;
use planner_core::units::{ItMw, ItMwPerYear, Months, Share, UsdPerKwMonth};
use planner_tests::small::{change, pads};
use planner_tests::{fleet, plan, says};

/// One hall of 16 MW-IT, and a lease for it.
fn one_hall() -> Fleet {
    fleet(&pads(8, "2028-01-01", &["plains"]))
}

/// The same without a lease, at a market's rent.
fn merchant(cap: f64, absorption: f64) -> Fleet {
    let mut fleet = one_hall();
    fleet.offers.clear();
    fleet.merchant = Some(ItMw::new(cap));
    let market = fleet.sites[0].location.market.clone();
    let absorbs = Absorption { market: market.clone(), amount: ItMw::new(absorption), growth: ItMwPerYear::ZERO };
    fleet.deck.absorption = vec![absorbs];
    fleet.deck.merchant = vec![MerchantCurve {
        market,
        class: fleet.retrofits[0].class.clone(),
        rent: UsdPerKwMonth::new(100.0),
        from: fleet.calendar.start,
        growth: Share::NONE,
        downtime: Months(0),
        occupancy: vec![],
    }];
    fleet
}

/// Every rule of the kind, so many MW-IT short of 16.
fn rules(short: f64) -> Vec<(&'static str, Fleet)> {
    let (more, less) = (ItMw::new(16.0 + short), ItMw::new(16.0 - short));
    let changed = |change: &dyn Fn(&mut Fleet)| {
        let mut fleet = one_hall();
        change(&mut fleet);
        fleet
    };
    let share = CapPolicy { cap: Share(0.5), free: ItMw::new(8.0 - short) };
    vec![
        ("least size", changed(&|fleet| (fleet.offers[0].min, fleet.offers[0].max) = (more, more))),
        ("greatest size", changed(&|fleet| (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(1.0), less))),
        (
            "tranche",
            changed(&|fleet| {
                let by = fleet.calendar.period_start(fleet.calendar.horizon());
                fleet.offers[0].max = more;
                fleet.offers[0].tranches = vec![Tranche { by, min: more }];
            }),
        ),
        ("tenant", changed(&|fleet| fleet.policies.tenant = Some(share))),
        ("region", changed(&|fleet| fleet.policies.region = Some(share))),
        (
            "crew",
            changed(&|fleet| {
                let energised = Some(ItMwPerYear::new(less.get()));
                fleet.crews = vec![Crew { id: "team".into(), scope: Scope::Portfolio, halls: None, energised }];
            }),
        ),
        ("cap", merchant(16.0 - short, 20.0)),
        ("absorption", merchant(20.0, 16.0 - short)),
    ]
}

#[test]
fn half_a_kilowatt_is_forgiven_and_two_are_not() {
    for (rule, fleet) in rules(0.0).into_iter().chain(rules(0.0005)).chain(rules(0.000_99)) {
        assert_eq!(fleet.calendar.period, PeriodLength::Quarter);
        let plan = plan(&fleet, &Settings::default()).unwrap();
        assert_eq!(plan.decisions.conversions.len(), 1, "{rule}");
    }
    for (rule, fleet) in rules(0.002).into_iter().chain(rules(0.001_01)) {
        let plan = plan(&fleet, &Settings::default()).unwrap();
        assert!(plan.decisions.conversions.is_empty(), "{rule}");
    }
}

#[test]
fn a_signed_lease_of_round_megawatts_is_served_or_its_load_is_told() {
    for (short, served) in [(0.0005, true), (0.002, false)] {
        let mut fleet = one_hall();
        let size = ItMw::new(16.0 + short);
        (fleet.offers[0].min, fleet.offers[0].max, fleet.offers[0].status) = (size, size, OfferStatus::Signed);
        match plan(&fleet, &Settings::default()) {
            Ok(plan) => assert!(served && plan.decisions.conversions.len() == 1),
            Err(SolveError::Infeasible(diagnosis)) => {
                assert!(!served);
                says(
                    &diagnosis.to_string(),
                    "the load nearest to its size that whole halls carry is 16 MW-IT at `plains`",
                );
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn check_says_what_whole_halls_carry() {
    let told = |size: &str| {
        let mut files = pads(8, "2028-01-01", &["plains"]);
        change(&mut files, "offers/lease.toml", "tenant =", "status = \"signed\"\ntenant =");
        change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\", max = \"16 MW-IT\"", size);
        let checked = read(&files);
        assert!(checked.fleet.is_some());
        checked.diagnostics.into_iter().map(|told| told.message).collect::<Vec<_>>()
    };
    assert!(told("min = \"16 MW-IT\", max = \"16 MW-IT\"").is_empty());
    assert!(told("min = \"16000.5 kW-IT\", max = \"16000.5 kW-IT\"").is_empty());
    let message = "no number of whole halls carries the size of the offer";
    assert_eq!(
        told("min = \"16002 kW-IT\", max = \"17 MW-IT\""),
        [format!("{message}, 16.002 MW-IT to 17 MW-IT: nearest is 16 MW-IT at `plains`")]
    );
    assert_eq!(
        told("min = \"15 MW-IT\", max = \"15 MW-IT\""),
        [format!("{message}, 15 MW-IT: nearest is 16 MW-IT at `plains`")]
    );
}
