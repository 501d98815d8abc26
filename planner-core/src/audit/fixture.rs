//! A tiny portfolio with numbers that can be checked by hand, and a plan for it.
//!
//! Eight quarters from 2027. `north` has two 20 MW mining halls with air
//! cooling and 10,000 machines; one hall is converted from 2027-04-01:
//! two months of design, one of strip-out, three of fit-out. `south` is a
//! leased pad, where nothing is done.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::budget::capital;
use super::case::Case;
use super::{audit, npv};
use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Period, PeriodLength};
use crate::domain::evidence::Evidence;
use crate::domain::machine::{Cooling, MachineHandling, MachineLot, MachineModel};
use crate::domain::market::{Deck, DeckMonth, Halving, MachinePrice, ResaleBand};
use crate::domain::money::{DiscountRates, EndValue, Money, Pot, Release};
use crate::domain::offer::{Bearer, CostBearers, Eligible, Offer, OfferStatus, PowerTerms, Tranche};
use crate::domain::retrofit::{CostBasis, CostLine, Opex, Payment, Phase, Retrofit};
use crate::domain::site::{
    EnergyPrice, HallGroup, HallUse, Location, Power, PowerStep, RetrofitOverride, Site, SiteMining, Tenure,
};
use crate::plan::identity::identity;
use crate::plan::{
    AuditSummary, Conversion, Decisions, LeftReason, MachineAction, MachineDecision, OfferDecision, Plan, Provenance,
    SCHEMA_VERSION, Settings, SiteDecision, SiteLeft, SiteState, Status, Twin,
};
use crate::units::{
    Btc, Cents, GrossMw, ItMw, MilliMachines, Months, Ratio, Share, TeraHash, Usd, UsdCents, UsdPerHall, UsdPerKw,
    UsdPerKwIt, UsdPerKwItYear, UsdPerKwMonth, UsdPerMachine, UsdPerMwMonth, UsdPerMwh, UsdPerSite, UsdPerTh,
    UsdPerYear, Watts,
};

/// One hall of liquid cooling: 1.25 gross per critical MW.
pub(super) fn retrofit() -> Retrofit {
    let phase = |id: &str, months, after: &[&str], stops_mining| Phase {
        id: id.into(),
        months: Months(months),
        after: after.iter().map(|id| (*id).into()).collect(),
        stops_mining,
        on_site: false,
    };
    let cost = |category: &str, basis, phase: &str, payment| CostLine {
        category: category.to_owned(),
        basis,
        phase: phase.into(),
        payment,
    };
    Retrofit {
        id: "liquid".into(),
        name: "Liquid".to_owned(),
        class: "liquid".to_owned(),
        gross_to_critical: Ratio(1.25),
        pue: Ratio(1.2),
        opex: Opex {
            operations: UsdPerKwItYear::new(120.0),
            property_tax: UsdPerKwItYear::new(60.0),
            insurance: UsdPerKwItYear::new(12.0),
            escalation: Share(0.02),
        },
        contingency: Share(0.1),
        phases: vec![
            phase("design", 2, &[], false),
            phase("fit-out", 3, &["strip-out"], false),
            phase("strip-out", 1, &["design"], true),
        ],
        costs: vec![
            cost("cooling", CostBasis::ItLoad(UsdPerKwIt::new(3000.0)), "fit-out", Payment::Deposit(Share(0.3))),
            cost("power", CostBasis::GrossPower(UsdPerKw::new(600.0)), "fit-out", Payment::Even),
            cost("building", CostBasis::Hall(UsdPerHall::new(900_000.0)), "strip-out", Payment::Even),
            cost("network", CostBasis::Site(UsdPerSite::new(2_000_000.0)), "design", Payment::Even),
        ],
        evidence: Evidence::default(),
    }
}

fn site(id: &str, tenure: Tenure, hall_use: HallUse) -> Site {
    let from = date(2026, 1, 1);
    Site {
        id: id.into(),
        name: id.to_owned(),
        location: Location { state: None, country: None, market: "ERCOT".to_owned(), region: "west".to_owned() },
        tenure,
        hosting_fixed_cost: UsdPerYear::new(1_200_000.0),
        cost_factor: Share(1.05),
        power: Power {
            connection: vec![PowerStep { from, power: GrossMw::new(45.0) }],
            firm: vec![PowerStep { from, power: GrossMw::new(30.0) }],
            energy_price: EnergyPrice::Fixed(UsdPerMwh::new(50.0)),
            demand_charge: UsdPerMwMonth::new(3000.0),
            firm_charge: UsdPerMwMonth::new(400.0),
        },
        mining: SiteMining {
            uptime: Share(0.95),
            overhead: Share(0.05),
            spare_racks: GrossMw::new(1.0),
            fixed_cost: UsdPerYear::new(600_000.0),
        },
        halls: vec![HallGroup {
            id: "a".into(),
            hall_use,
            count: 2,
            hall_power: GrossMw::new(20.0),
            usable_share: Share(1.0),
            cooling: Cooling::Air,
            retrofits: vec!["liquid".into()],
        }],
        overrides: vec![RetrofitOverride {
            retrofit: "liquid".into(),
            phases: vec![("fit-out".into(), Months(3))],
            cost_factor: Share(0.9),
        }],
        evidence: Evidence::default(),
    }
}

fn offer() -> Offer {
    Offer {
        id: "ig".into(),
        tenant: "investment grade".to_owned(),
        status: OfferStatus::Offered,
        min: ItMw::new(16.0),
        max: ItMw::new(16.0),
        tranches: vec![Tranche { by: date(2028, 6, 30), min: ItMw::new(16.0) }],
        split: false,
        term: Months(36),
        rent: UsdPerKwMonth::new(100.0),
        escalator: Share(0.03),
        ramp: vec![Share(0.5)],
        class: "liquid".to_owned(),
        eligible: Eligible::Anywhere,
        earliest: Some(date(2027, 11, 15)),
        ready_by: None,
        long_stop: Some(date(2028, 6, 30)),
        costs: CostBearers { operations: Bearer::Landlord, property_tax: Bearer::Tenant, insurance: Bearer::Landlord },
        power: PowerTerms::Included,
        load_factor: Share(0.8),
        discount_rate: Some(Share(0.07)),
        evidence: Evidence::default(),
    }
}

fn deck() -> Deck {
    // The price falls in month 20, so that mining is off in that month alone.
    let month = |at: i32| DeckMonth {
        btc_price: Usd::new(if at == 20 { 50_000.0 } else { 100_000.0 }),
        hashrate: TeraHash::new(1e9),
        fees_per_day: Btc::new(10.0),
        power: BTreeMap::new(),
        resale: vec![UsdPerTh::new(8.0)],
    };
    Deck {
        name: "flat".to_owned(),
        subsidy_at_start: Btc::new(3.125),
        halvings: vec![Halving { height: 1_050_000, date: date(2028, 2, 11), subsidy: Btc::new(1.5625) }],
        months: (0..24).map(month).collect(),
        resale_bands: vec![ResaleBand { from_joule_per_th: 15.0, to_joule_per_th: 20.0 }],
        machine_prices: vec![MachinePrice {
            model: "s21".into(),
            price: UsdPerTh::new(16.0),
            from: date(2027, 2, 15),
            growth: Share(-0.1),
        }],
        site_value: UsdPerKw::new(250.0),
        evidence: Evidence::default(),
    }
}

/// The portfolio.
pub(super) fn fleet() -> Fleet {
    Fleet {
        name: "tiny".to_owned(),
        calendar: Calendar {
            start: date(2027, 1, 1),
            period: PeriodLength::Quarter,
            periods: 8,
            latest_start: date(2027, 12, 31),
        },
        money: Money {
            discount_rate: Share(0.1),
            rates: DiscountRates {
                mining: Share(0.15),
                contracted: Share(0.09),
                merchant: Share(0.12),
                corporate: Share(0.1),
            },
            end_value: EndValue::RunOff,
            price_date: date(2026, 7, 15),
            capex_escalation: Share(0.04),
            power_escalation: Share(0.02),
            pool_fee: Share(0.01),
        },
        pots: vec![Pot {
            id: "group".into(),
            release: vec![
                Release { from: date(2027, 1, 1), amount: Usd::new(40e6) },
                Release { from: date(2027, 7, 1), amount: Usd::new(40e6) },
            ],
            carry_over: true,
            sites: None,
        }],
        handling: MachineHandling { removal: UsdPerMachine::new(20.0), install: UsdPerMachine::new(30.0) },
        deck: deck(),
        sites: vec![
            site("north", Tenure::Owned, HallUse::Mining),
            site("south", Tenure::Leased { until: date(2028, 3, 31), rent: UsdPerYear::new(240_000.0) }, HallUse::Pad),
        ],
        retrofits: vec![retrofit()],
        offers: vec![offer()],
        models: vec![MachineModel {
            id: "s21".into(),
            hashrate: TeraHash::new(200.0),
            power: Watts::new(3500.0),
            cooling: Cooling::Air,
            failure: Share(0.05),
            evidence: Evidence::default(),
        }],
        machines: vec![MachineLot {
            site: "north".into(),
            model: "s21".into(),
            count: MilliMachines(10_000_000),
            book: UsdPerMachine::new(2000.0),
            life_left: Months(30),
            evidence: Evidence::default(),
        }],
    }
}

fn machines(period: u32, action: MachineAction, count: i64) -> MachineDecision {
    let count = MilliMachines(count);
    MachineDecision { site: "north".into(), model: "s21".into(), period: Period(period), action, count }
}

fn decisions(conversions: Vec<Conversion>, machines: Vec<MachineDecision>) -> Decisions {
    let accepted = !conversions.is_empty();
    Decisions {
        works: vec![],
        offers: vec![OfferDecision {
            offer: "ig".into(),
            accepted,
            sites: conversions.iter().map(|conversion| conversion.site.clone()).collect(),
            critical_it: conversions.iter().map(|conversion| conversion.critical_it).sum(),
        }],
        conversions,
        machines,
        sites: ["north", "south"].map(|id| SiteDecision { site: id.into(), state: SiteState::Working }).to_vec(),
    }
}

/// One hall of `north` for the offer.
pub(super) fn conversion() -> Conversion {
    Conversion {
        site: "north".into(),
        hall: "a".into(),
        retrofit: "liquid".into(),
        offer: "ig".into(),
        halls: 1,
        start: date(2027, 4, 1),
        mining_off: Some(date(2027, 6, 1)),
        ready: date(2027, 10, 1),
        commencement: date(2027, 12, 1),
        term_end: date(2030, 12, 1),
        critical_it: ItMw::new(16.0),
    }
}

/// A plan that passes.
pub(super) fn plan() -> Plan {
    use MachineAction::{Buy, Run, Sell};
    let mut own = vec![machines(0, Run, 10_000_000), machines(1, Sell, 4_500_000), machines(2, Buy, 10_000)];
    own.extend((1..8).map(|period| machines(period, Run, 4_000_000)));
    let all = (0..8).map(|period| machines(period, Run, 9_000_000)).collect();
    let mut plan = Plan {
        schema_version: SCHEMA_VERSION,
        status: Status::TimeLimitFeasible,
        npv_usd: UsdCents::default(),
        bound_usd: UsdCents::default(),
        gap_usd: UsdCents::default(),
        gap_share: None,
        twin_npv_usd: UsdCents::default(),
        uplift_usd: UsdCents::default(),
        capital_usd: UsdCents::default(),
        identity: String::new(),
        settings: Settings::default(),
        decisions: decisions(vec![conversion()], own),
        ledger: vec![],
        twin: Twin { decisions: decisions(vec![], all), ledger: vec![] },
        sites_left: vec![SiteLeft {
            site: "south".into(),
            reason: LeftReason::Tenure,
            detail: "lease until 2028-03-31".to_owned(),
        }],
        solver: "none".to_owned(),
        inputs: fleet(),
        audit: AuditSummary::default(),
        provenance: Provenance::default(),
    };
    settle(&mut plan);
    plan
}

/// Prices a plan's decisions again, so that a test breaks one rule alone.
pub(super) fn settle(plan: &mut Plan) {
    let own = Case::new(&plan.inputs, &plan.settings, &plan.decisions, &[]);
    let twin = Case::new(&plan.inputs, &plan.settings, &plan.twin.decisions, &[]);
    let npv = npv::present_value(&plan.inputs, &own.ledger).0;
    let twin_npv = npv::present_value(&plan.inputs, &twin.ledger).0;
    let capital = capital(&own, |_| true, |_| true);
    let (own, twin) = (own.ledger, twin.ledger);
    (plan.ledger, plan.twin.ledger) = (own, twin);
    plan.identity = identity(&plan.inputs);
    plan.npv_usd = UsdCents(npv);
    plan.twin_npv_usd = UsdCents(twin_npv);
    plan.uplift_usd = UsdCents(npv - twin_npv);
    plan.capital_usd = UsdCents(capital);
    plan.bound_usd = UsdCents(npv + Cents(1_000_000));
    plan.gap_usd = UsdCents(plan.bound_usd.0 - npv);
    plan.gap_share = Some(plan.gap_usd.0.usd() / plan.uplift_usd.0.usd().abs().max(capital.usd() / 100.0));
}

/// Every finding of a plan as `rule: line: message`.
pub(super) fn findings(plan: &Plan) -> Vec<String> {
    audit(plan).findings.into_iter().map(|f| format!("{}: {}: {}", f.rule, f.line, f.message)).collect()
}

/// Settles a plan after a change and asserts that exactly one rule objects.
pub(super) fn breaks(rule: &str, change: impl FnOnce(&mut Plan)) -> Vec<String> {
    let mut plan = plan();
    change(&mut plan);
    settle(&mut plan);
    let found = audit(&plan).findings;
    assert!(!found.is_empty(), "{rule} does not object");
    assert!(found.iter().all(|finding| finding.rule == rule), "{rule}: {found:#?}");
    findings(&plan)
}
