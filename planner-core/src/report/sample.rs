//! A small plan made by hand, for the tests of reports, exports and the page.
//! Its money is round, so that a test can state what it expects.

use jiff::civil::{Date, date};

use planner_core::domain::calendar::{Calendar, Period, PeriodLength};
use planner_core::domain::delivery::{LongLead, Reserve};
use planner_core::domain::evidence::{Confidence, Evidence};
use planner_core::domain::ids::SiteId;
use planner_core::domain::machine::{Cooling, MachineHandling, MachineLot, MachineModel, Moves};
use planner_core::domain::market::{Deck, DeckMonth, Halving};
use planner_core::domain::money::{Class, DiscountRates, EndValue, Money};
use planner_core::domain::offer::{Bearer, CostBearers, Eligible, Offer, OfferStatus, PowerTerms, TenantFunded};
use planner_core::domain::policy::Policies;
use planner_core::domain::retrofit::{CostBasis, CostLine, Equipment, Opex, Payment, Phase, Retrofit};
use planner_core::domain::site::{
    EnergyPrice, Exit, HallGroup, HallUse, Location, Power, PowerStep, Site, SiteMining, Tenure, ThirdParty,
};
use planner_core::domain::work::{Effect, NeededBy};
use planner_core::domain::{self, Fleet};
use planner_core::plan::ledger::{Category, LedgerLine, present_value, sort};
use planner_core::plan::{
    AuditSummary, Conversion, Decisions, LeftReason, MachineAction, MachineDecision, OfferDecision, PORTFOLIO, Plan,
    PlannedPhase, Provenance, Reservation, SCHEMA_VERSION, Settings, SiteDecision, SiteLeft, Status, Twin, Work,
};
use planner_core::units::{
    Btc, Cents, Days, GrossMw, ItMw, MilliMachines, Months, Ratio, Share, TeraHash, Usd, UsdCents, UsdPerKw,
    UsdPerKwIt, UsdPerKwItYear, UsdPerKwMonth, UsdPerMachine, UsdPerMachineMonth, UsdPerMwMonth, UsdPerMwh, UsdPerSite,
    UsdPerYear, Watts,
};

const MILLION: i64 = 100_000_000;

/// One site converted, one left.
pub fn plan() -> Plan {
    with_sites(1)
}

/// So many sites converted, one left.
pub fn with_sites(converted: u32) -> Plan {
    let names: Vec<SiteId> = (1..=converted).map(|n| SiteId::from(format!("panther-creek-{n:02}"))).collect();
    let fleet = fleet(&names);
    let mut twin = Decisions {
        offers: vec![offer_decision(&[])],
        sites: fleet.sites.iter().map(|s| SiteDecision::working(s.id.clone())).collect(),
        ..Decisions::default()
    };
    let mut decisions = Decisions {
        conversions: names.iter().map(conversion).collect(),
        offers: vec![offer_decision(&names)],
        sites: twin.sites.clone(),
        ..Decisions::default()
    };
    let (mut ledger, mut twin_ledger) = (vec![], vec![]);
    for name in &names {
        ledger.extend(hosting_lines(name));
        mining(name, &[(0, 10_000), (1, 6_000)], &mut decisions, &mut ledger);
        mining(name, &[(0, 10_000)], &mut twin, &mut twin_ledger);
    }
    sort(&mut ledger);
    sort(&mut twin_ledger);
    let npv = present_value(&fleet.calendar, &ledger).0;
    let twin_npv = present_value(&fleet.calendar, &twin_ledger).0;
    let capital = ledger.iter().filter(|line| line.category.is_capital()).map(|line| -line.amount_cents).sum();
    Plan {
        schema_version: SCHEMA_VERSION,
        status: Status::ProvedOptimal,
        npv_usd: UsdCents(npv),
        bound_usd: UsdCents(npv + Cents(95)),
        rounding_usd: UsdCents::default(),
        gap_usd: UsdCents(Cents(95)),
        gap_share: Some(0.0),
        twin_npv_usd: UsdCents(twin_npv),
        twin_bound_usd: None,
        uplift_usd: UsdCents(npv - twin_npv),
        capital_usd: UsdCents(capital),
        prices: vec![],
        lagrangian_bound_usd: UsdCents(npv + Cents(1_000_000)),
        identity: "sample".to_owned(),
        settings: Settings::default(),
        decisions,
        ledger,
        twin: Twin { decisions: twin, ledger: twin_ledger },
        sites_left: vec![SiteLeft {
            site: "stoneridge".into(),
            reason: LeftReason::FirmPower,
            detail: "8.0 MW firm, one hall needs 20.0 MW".to_owned(),
        }],
        solver: "by hand".to_owned(),
        inputs: fleet,
        audit: AuditSummary { passed: true, findings: vec![] },
        provenance: Provenance::default(),
    }
}

/// Two sites converted, the second one a mining customer's; works, a reservation, moves, storage, ballast; and the site
/// that is left first in mothballs, then sold.
pub fn with_everything() -> Plan {
    everything_at(2)
}

/// The same with so many sites converted, at least two.
pub fn everything_at(converted: u32) -> Plan {
    let mut plan = with_sites(converted);
    facts_of_everything(&mut plan.inputs);
    let works = [("fibre", date(2027, 7, 1)), ("panther-creek-01/substation", date(2027, 10, 1))];
    plan.decisions.works =
        works.map(|(id, finish)| Work { work: id.into(), start: date(2027, 4, 1), finish }).into_iter().collect();
    plan.decisions.reservations = vec![Reservation { item: "transformer".to_owned(), period: Period(4), count: 2 }];
    let stoneridge = plan.decisions.sites.iter_mut().find(|site| site.site.as_str() == "stoneridge").unwrap();
    (stoneridge.mothballed, stoneridge.sold) = ((8..=10).map(Period).collect(), Some(Period(12)));
    machines_of_everything(&mut plan);
    lines_of_everything(&mut plan.ledger);
    sort(&mut plan.ledger);
    plan.npv_usd = present_value(&plan.inputs.calendar, &plan.ledger);
    plan.uplift_usd = UsdCents(plan.npv_usd.0 - plan.twin_npv_usd.0);
    plan.bound_usd = UsdCents(plan.npv_usd.0 + plan.gap_usd.0);
    plan.lagrangian_bound_usd = UsdCents(plan.npv_usd.0 + Cents(1_000_000));
    plan.capital_usd =
        UsdCents(plan.ledger.iter().filter(|line| line.category.is_capital()).map(|line| -line.amount_cents).sum());
    plan
}

fn facts_of_everything(fleet: &mut Fleet) {
    let (first, second) = (SiteId::from("panther-creek-01"), SiteId::from("panther-creek-02"));
    let customer = ThirdParty {
        margin: UsdPerMwMonth::new(1000.0),
        until: date(2027, 12, 31),
        notice: Months(3),
        fee: Usd::new(1e5),
    };
    fleet.sites[1].location.region = "west".to_owned();
    // Worn out inside the horizon and, of a contract that outlives it, after it.
    fleet.retrofits[0].costs[0].life = Some(Months(48));
    fleet.sites[1].power.notice = Months(1);
    fleet.sites[1].halls[0].hall_use = HallUse::ThirdParty(customer);
    let left = fleet.sites.len() - 1;
    fleet.sites[left].exit = Exit { mothball: Some(Share(0.5)), sale: Some(UsdPerKw::new(200.0)) };
    fleet.handling = MachineHandling {
        removal: UsdPerMachine::new(10.0),
        install: UsdPerMachine::new(20.0),
        moves: Some(Moves {
            freight: UsdPerMachine::new(5.0),
            freight_other_region: UsdPerMachine::new(15.0),
            downtime: Days(3),
        }),
        storage: Some(UsdPerMachineMonth::new(1.0)),
    };
    let power = GrossMw::new(40.0);
    let effect =
        Effect { site: first.clone(), connection: power, firm: power, racks: GrossMw::ZERO, tenure_until: None };
    let needed_by =
        NeededBy { halls: vec![(first.clone(), "north".into()), (second, "north".into())], beyond: GrossMw::ZERO };
    let work = |id: &str, category: &str, months, cost| domain::work::Work {
        id: id.into(),
        site: None,
        name: format!("A {category}"),
        months: Months(months),
        cost: Usd::new(cost),
        category: category.to_owned(),
        after: vec![],
        adds: vec![],
        needed_by: None,
        evidence: Evidence::default(),
    };
    let fibre = domain::work::Work { needed_by: Some(needed_by), ..work("fibre", "fibre", 3, 6e6) };
    let id = "panther-creek-01/substation";
    let substation = domain::work::Work { site: Some(first), adds: vec![effect], ..work(id, "substation", 6, 20e6) };
    fleet.works = vec![fibre, substation];
    let reserve = Reserve { most: 4, deposit: Usd::new(2e5), lead: Months(9) };
    fleet.long_lead = vec![LongLead { item: "transformer".to_owned(), per_period: 1, reserve: Some(reserve) }];
    fleet.retrofits[0].costs[0].equipment = Some(Equipment { item: "transformer".to_owned(), count: 1 });
}

fn machines_of_everything(plan: &mut Plan) {
    let mut decide = |period, site: &str, action, milli, to: Option<&str>| {
        plan.decisions.machines.push(MachineDecision {
            site: site.into(),
            model: "S21".into(),
            period: Period(period),
            action,
            count: MilliMachines(milli),
            to: to.map(SiteId::from),
        });
    };
    let (first, second, storage) = ("panther-creek-01", "panther-creek-02", "storage/east");
    decide(5, first, MachineAction::Move, 1_000_500, Some(second));
    decide(5, first, MachineAction::Store, 500_000, Some(storage));
    decide(6, storage, MachineAction::Move, 100_000, Some(first));
    decide(6, storage, MachineAction::Sell, 200_000, None);
    decide(7, second, MachineAction::Ballast, 50_000, None);
}

fn lines_of_everything(ledger: &mut Vec<LedgerLine>) {
    let (first, second, storage): (SiteId, SiteId, SiteId) =
        ("panther-creek-01".into(), "panther-creek-02".into(), "storage/east".into());
    let (portfolio, stoneridge) = (SiteId::from(PORTFOLIO), SiteId::from("stoneridge"));
    let capex = |name: &str| Category::Capex(name.to_owned());
    let mut machine = |period, site, category, cents| ledger.push(line(period, site, "S21", category, cents));
    // Ten dollars off the rack, fifteen to another region, five within one, twenty onto the rack.
    machine(5, &first, Category::MachineRemoval, -1_500_500);
    machine(5, &second, Category::MachineFreight, -1_500_750);
    machine(5, &second, Category::MachineInstallation, -2_001_000);
    machine(5, &second, Category::MoveDowntime, -400_200);
    machine(6, &first, Category::MachineFreight, -50_000);
    machine(6, &first, Category::MachineInstallation, -200_000);
    machine(6, &first, Category::MoveDowntime, -40_000);
    machine(6, &storage, Category::MachineSale, 18_000_000);
    machine(7, &second, Category::BallastRevenue, 10_000);
    machine(7, &second, Category::BallastEnergy, -5_000);
    for period in 5..40 {
        machine(period, &storage, Category::MachineStorage, if period == 5 { -150_000 } else { -60_000 });
    }
    for period in [1, 2] {
        ledger.push(line(period, &first, "work/panther-creek-01/substation", capex("substation"), -10 * MILLION));
    }
    ledger.push(line(1, &portfolio, "work/fibre", capex("fibre"), -6 * MILLION));
    ledger.push(line(1, &portfolio, "reserve/transformer@2028-01", capex("deposit"), -40_000_000));
    ledger.push(line(4, &portfolio, "reserve/transformer@2028-01", capex("deposit"), 40_000_000));
    for period in 8..=10 {
        ledger.push(line(period, &stoneridge, "site", Category::MothballSaving, MILLION / 4));
    }
    ledger.push(line(12, &stoneridge, "site", Category::SiteSale, 12 * MILLION));
}

fn conversion(site: &SiteId) -> Conversion {
    Conversion {
        site: site.clone(),
        hall: "north".into(),
        retrofit: "liquid".into(),
        offer: Some("nnn-15y".into()),
        halls: 2,
        start: date(2027, 1, 1),
        mining_off: Some(date(2027, 4, 1)),
        ready: date(2028, 7, 1),
        commencement: date(2028, 7, 1),
        term_end: date(2043, 7, 1),
        critical_it: ItMw::new(32.0),
        phases: vec![
            phase("design", (2027, 1), (2027, 4), 0),
            phase("fit-out", (2028, 4), (2028, 7), 0),
            phase("strip-out", (2027, 4), (2027, 6), 10),
            phase("transformer-order", (2027, 4), (2028, 4), 0),
        ],
    }
}

fn phase(id: &str, start: (i16, i8), end: (i16, i8), float: u32) -> PlannedPhase {
    let day = |(year, month)| date(year, month, 1);
    PlannedPhase { phase: id.into(), start: day(start), end: day(end), float: Months(float) }
}

fn offer_decision(sites: &[SiteId]) -> OfferDecision {
    OfferDecision {
        offer: "nnn-15y".into(),
        accepted: !sites.is_empty(),
        sites: sites.to_vec(),
        critical_it: sites.iter().map(|_| ItMw::new(32.0)).sum(),
    }
}

fn line(period: u32, site: &SiteId, subject: &str, category: Category, cents: i64) -> LedgerLine {
    let (class, rate) = match category {
        Category::Capex(_) | Category::HostingFixedCost => (Class::Corporate, 0.10),
        Category::Rent | Category::Operations | Category::ContractEndValue => (Class::Contracted, 0.08),
        _ => (Class::Mining, 0.15),
    };
    let (subject, amount_cents) = (subject.to_owned(), Cents(cents));
    LedgerLine { period: Period(period), site: site.clone(), subject, category, class, rate: Share(rate), amount_cents }
}

/// 120 M$ of capital over six quarters, 5 M$ of it once for the site; then 9 M$
/// of rent a quarter (half in the first), 1 M$ of operations, 0.25 M$ of fixed cost.
fn hosting_lines(site: &SiteId) -> Vec<LedgerLine> {
    let subject = "north/liquid/nnn-15y@2027-01";
    let capex = |name: &str| Category::Capex(name.to_owned());
    let mut lines = vec![line(0, site, "liquid/setup", capex("network"), -5 * MILLION)];
    lines.extend((0..5).map(|p| line(p, site, subject, capex("power"), -20 * MILLION)));
    lines.push(line(5, site, subject, capex("cooling"), -15 * MILLION));
    for period in 6..40 {
        let rent = if period == 6 { 5 } else { 9 };
        lines.push(line(period, site, subject, Category::Rent, rent * MILLION));
        lines.push(line(period, site, subject, Category::Operations, -MILLION));
        lines.push(line(period, site, "hosting", Category::HostingFixedCost, -MILLION / 4));
    }
    lines.push(line(40, site, subject, Category::ContractEndValue, 150 * MILLION));
    lines
}

/// Machines by period from which they run: half a thousand dollars of margin each year.
fn mining(site: &SiteId, steps: &[(u32, i64)], decisions: &mut Decisions, ledger: &mut Vec<LedgerLine>) {
    let decide = |period, action, count: i64| MachineDecision {
        to: None,
        site: site.clone(),
        model: "S21".into(),
        period: Period(period),
        action,
        count: MilliMachines(count * 1000),
    };
    for period in 0..40 {
        let running = steps.iter().rev().find(|(from, _)| *from <= period).map_or(0, |(_, count)| *count);
        decisions.machines.push(decide(period, MachineAction::Run, running));
        ledger.push(line(period, site, "S21", Category::MiningRevenue, running * 25_000));
        ledger.push(line(period, site, "S21", Category::MiningEnergy, -running * 12_500));
    }
    if let [(_, before), (period, after)] = steps {
        decisions.machines.push(decide(*period, MachineAction::Sell, before - after));
        ledger.push(line(*period, site, "S21", Category::MachineSale, (before - after) * 90_000));
    }
}

fn fleet(names: &[SiteId]) -> Fleet {
    let mut sites: Vec<Site> = names.iter().map(site).collect();
    sites.push(site(&"stoneridge".into()));
    Fleet {
        name: "Sample fleet (illustrative)".to_owned(),
        calendar: Calendar {
            start: date(2027, 1, 1),
            period: PeriodLength::Quarter,
            periods: 40,
            latest_start: date(2030, 12, 31),
        },
        money: Money {
            discount_rate: Share(0.10),
            rates: DiscountRates {
                mining: Share(0.15),
                contracted: Share(0.08),
                merchant: Share(0.12),
                corporate: Share(0.10),
            },
            end_value: EndValue::RunOff,
            price_date: date(2027, 1, 1),
            capex_escalation: Share(0.0),
            power_escalation: Share(0.0),
            pool_fee: Share(0.01),
        },
        pots: vec![],
        merchant: None,
        policies: Policies::default(),
        locks: vec![],
        handling: MachineHandling::default(),
        works: vec![],
        crews: vec![],
        long_lead: vec![],
        deck: deck(),
        sites,
        retrofits: vec![retrofit()],
        offers: vec![offer()],
        models: vec![MachineModel {
            id: "S21".into(),
            hashrate: TeraHash::new(200.0),
            power: Watts::new(3500.0),
            cooling: Cooling::Air,
            failure: Share(0.0),
            evidence: Evidence::default(),
        }],
        machines: names.iter().map(lot).collect(),
    }
}

fn lot(site: &SiteId) -> MachineLot {
    MachineLot {
        site: site.clone(),
        model: "S21".into(),
        count: MilliMachines(10_000_000),
        book: UsdPerMachine::new(1000.0),
        life_left: Months(24),
        evidence: evidence(Confidence::Sourced),
    }
}

fn evidence(confidence: Confidence) -> Evidence {
    Evidence { source: None, as_of: None, confidence: Some(confidence) }
}

fn step(power: f64) -> Vec<PowerStep> {
    vec![PowerStep { from: date(2027, 1, 1), power: GrossMw::new(power) }]
}

fn site(id: &SiteId) -> Site {
    Site {
        id: id.clone(),
        name: id.to_string(),
        location: Location { state: None, country: None, market: "PJM".to_owned(), region: "east".to_owned() },
        tenure: Tenure::Owned,
        exclusive: false,
        hosting_fixed_cost: UsdPerYear::new(1e6),
        cost_factor: Share::ALL,
        exit: Exit::default(),
        power: Power {
            connection: step(60.0),
            firm: step(60.0),
            energy_price: EnergyPrice::Fixed(UsdPerMwh::new(45.0)),
            demand_charge: UsdPerMwMonth::ZERO,
            firm_charge: UsdPerMwMonth::ZERO,
            demand_response: None,
            ballast: None,
            minimum_bill: None,
            notice: Months(0),
        },
        mining: SiteMining {
            uptime: Share(0.98),
            overhead: Share(0.04),
            spare_racks: GrossMw::ZERO,
            fixed_cost: UsdPerYear::ZERO,
        },
        halls: vec![HallGroup {
            id: "north".into(),
            hall_use: HallUse::Mining,
            count: 2,
            hall_power: GrossMw::new(20.0),
            usable_share: Share::ALL,
            cooling: Cooling::Air,
            exit_cost: Usd::ZERO,
            retrofits: vec!["liquid".into()],
        }],
        overrides: vec![],
        evidence: Evidence::default(),
    }
}

fn retrofit() -> Retrofit {
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
        name: "Direct-to-chip liquid".to_owned(),
        class: "liquid".to_owned(),
        gross_to_critical: Ratio(1.25),
        pue: Ratio(1.15),
        density: None,
        redundancy: None,
        opex: Opex {
            operations: UsdPerKwItYear::new(125.0),
            property_tax: UsdPerKwItYear::ZERO,
            insurance: UsdPerKwItYear::ZERO,
            escalation: Share::NONE,
        },
        contingency: Share(0.10),
        merchant_load_factor: Share::ALL,
        phases: vec![
            phase("design", 3, &[], false),
            phase("fit-out", 3, &["strip-out", "transformer-order"], false),
            phase("strip-out", 2, &["design"], true),
            phase("transformer-order", 12, &["design"], false),
        ],
        costs: vec![
            cost(
                "power",
                CostBasis::ItLoad(UsdPerKwIt::new(1000.0)),
                "transformer-order",
                Payment::Deposit(Share(0.30)),
            ),
            cost("cooling", CostBasis::ItLoad(UsdPerKwIt::new(2500.0)), "fit-out", Payment::Even),
            cost("network", CostBasis::Site(UsdPerSite::new(5e6)), "design", Payment::Even),
        ],
        evidence: evidence(Confidence::Estimated),
    }
}

fn offer() -> Offer {
    Offer {
        id: "nnn-15y".into(),
        tenant: "investment-grade neocloud (assumed)".to_owned(),
        status: OfferStatus::Offered,
        min: ItMw::new(20.0),
        max: ItMw::new(2000.0),
        tranches: vec![],
        split: true,
        term: Months(180),
        rent: UsdPerKwMonth::new(93.75),
        escalator: Share::NONE,
        ramp: vec![Share(0.0), Share(0.5), Share(1.0)],
        class: "liquid".to_owned(),
        eligible: Eligible::Anywhere,
        earliest: None,
        ready_by: Some(date(2029, 1, 1)),
        long_stop: Some(date(2029, 6, 30)),
        costs: CostBearers { operations: Bearer::Landlord, property_tax: Bearer::Tenant, insurance: Bearer::Tenant },
        power: PowerTerms::PassedThrough,
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
        discount_rate: None,
        evidence: Evidence::default(),
    }
}

fn deck() -> Deck {
    let month = DeckMonth {
        btc_price: Usd::new(100_000.0),
        hashrate: TeraHash::new(9e8),
        fees_per_day: Btc::ZERO,
        power: std::collections::BTreeMap::new(),
        resale: vec![],
    };
    let halving: Date = date(2028, 4, 16);
    Deck {
        name: "flat hashprice".to_owned(),
        subsidy_at_start: Btc::new(3.125),
        halvings: vec![Halving { height: 1_050_000, date: halving, subsidy: Btc::new(1.5625) }],
        months: vec![month; 120],
        resale_bands: vec![],
        machine_prices: vec![],
        merchant: vec![],
        absorption: vec![],
        site_value: UsdPerKw::ZERO,
        evidence: evidence(Confidence::Sourced),
    }
}
