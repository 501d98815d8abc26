//! A tiny portfolio with numbers that can be checked by hand, for tests.
//!
//! Eight quarters from 2027. `north` has two 20 MW mining halls with air
//! cooling and 10,000 machines; `south` is a leased pad. A hall takes two months of
//! design, one of strip-out, three of fit-out.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::Fleet;
use super::calendar::{Calendar, PeriodLength};
use super::evidence::Evidence;
use super::machine::{Cooling, MachineHandling, MachineLot, MachineModel};
use super::market::{Deck, DeckMonth, Halving, MachinePrice, ResaleBand};
use super::money::{DiscountRates, EndValue, Money, Pot, Release};
use super::offer::{Bearer, CostBearers, Eligible, Offer, OfferStatus, PowerTerms, TenantFunded, Tranche};
use super::policy::Policies;
use super::retrofit::{CostBasis, CostLine, Opex, Payment, Phase, Retrofit};
use super::site::{
    EnergyPrice, Exit, HallGroup, HallUse, Location, Power, PowerStep, RetrofitOverride, Site, SiteMining, Tenure,
};
use super::work::{Effect, Work};
use crate::units::{
    Btc, GrossMw, ItMw, MilliMachines, Months, Ratio, Share, TeraHash, Usd, UsdPerHall, UsdPerKw, UsdPerKwIt,
    UsdPerKwItYear, UsdPerKwMonth, UsdPerMachine, UsdPerMwMonth, UsdPerMwh, UsdPerSite, UsdPerTh, UsdPerYear, Watts,
};

/// One hall of liquid cooling: 1.25 gross per critical MW.
pub(crate) fn retrofit() -> Retrofit {
    let phase = |id: &str, months, after: &[&str], stops_mining| Phase {
        id: id.into(),
        months: Months(months),
        after: after.iter().map(|id| (*id).into()).collect(),
        stops_mining,
        on_site: false,
    };
    let cost = |category: &str, basis, phase: &str, payment| CostLine {
        equipment: None,
        category: category.to_owned(),
        basis,
        phase: phase.into(),
        payment,
        life: None,
    };
    Retrofit {
        id: "liquid".into(),
        name: "Liquid".to_owned(),
        class: "liquid".to_owned(),
        gross_to_critical: Ratio(1.25),
        pue: Ratio(1.2),
        density: None,
        redundancy: None,
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
        exclusive: false,
        hosting_fixed_cost: UsdPerYear::new(1_200_000.0),
        cost_factor: Share(1.05),
        exit: Exit::default(),
        power: Power {
            connection: vec![PowerStep { from, power: GrossMw::new(45.0) }],
            firm: vec![PowerStep { from, power: GrossMw::new(30.0) }],
            energy_price: EnergyPrice::Fixed(UsdPerMwh::new(50.0)),
            demand_charge: UsdPerMwMonth::new(3000.0),
            firm_charge: UsdPerMwMonth::new(400.0),
            demand_response: None,
            ballast: None,
            minimum_bill: None,
            notice: Months(0),
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
            exit_cost: Usd::ZERO,
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
        probability: None,
        late: None,
        prepayment: None,
        advance: None,
        tenant_funded: TenantFunded::Share(Share::NONE),
        credit: None,
        renewal: None,
        give_up: UsdPerKwIt::ZERO,
        density: None,
        redundancy: None,
        exclusive_group: None,
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
        merchant: vec![],
        absorption: vec![],
        site_value: UsdPerKw::new(250.0),
        evidence: Evidence::default(),
    }
}

/// A shared work of six months and 6 M$ that brings `north` 20 MW of connection, all of it firm.
pub(crate) fn work(id: &str) -> Work {
    Work {
        id: id.into(),
        site: None,
        name: id.to_owned(),
        months: Months(6),
        cost: Usd::new(6e6),
        category: "substation".to_owned(),
        after: vec![],
        adds: vec![Effect { connection: GrossMw::new(20.0), firm: GrossMw::new(20.0), ..effect("north") }],
        needed_by: None,
        evidence: Evidence::default(),
    }
}

/// Nothing, at a site.
pub(crate) fn effect(site: &str) -> Effect {
    let (connection, firm, racks) = (GrossMw::ZERO, GrossMw::ZERO, GrossMw::ZERO);
    Effect { site: site.into(), connection, firm, racks, tenure_until: None }
}

/// A site's own work of three months and 1 M$, after which its lease lasts longer.
pub(crate) fn longer_lease(site: &str, until: jiff::civil::Date) -> Work {
    Work {
        site: Some(site.into()),
        months: Months(3),
        cost: Usd::new(1e6),
        category: "land".to_owned(),
        adds: vec![Effect { tenure_until: Some(until), ..effect(site) }],
        ..work(&format!("{site}/lease"))
    }
}

/// The portfolio.
pub(crate) fn fleet() -> Fleet {
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
            relieved_by: vec![],
            carry_over: true,
            sites: None,
            works: None,
        }],
        merchant: None,
        policies: Policies::default(),
        locks: vec![],
        handling: MachineHandling {
            removal: UsdPerMachine::new(20.0),
            install: UsdPerMachine::new(30.0),
            ..MachineHandling::default()
        },
        works: vec![],
        crews: vec![],
        long_lead: vec![],
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
