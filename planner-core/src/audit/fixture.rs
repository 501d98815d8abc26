//! A plan for the tiny portfolio of `domain::fixture`: one hall of `north` is
//! converted from 2027-04-01, at `south` nothing is done.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::budget::capital;
use super::case::Case;
use super::{audit, bound, npv};
use crate::domain::calendar::Period;
pub(super) use crate::domain::fixture::{fleet, retrofit};
use crate::domain::ids::OfferId;
use crate::domain::market::{Absorption, MerchantCurve};
use crate::domain::money::Relief;
use crate::domain::offer::{Advance, Credit, Late, Offer, PaidOn, Prepayment, Renewal, TenantFunded};
use crate::domain::policy::{CapPolicy, HashratePolicy, Lock, LockKind, MixPolicy, Policies};
use crate::domain::retrofit::Redundancy;
use crate::domain::site::Tenure;
use crate::plan::identity::identity;
use crate::plan::{
    AuditSummary, Conversion, Decisions, LeftReason, MachineAction, MachineDecision, OfferDecision, Plan, PlannedPhase,
    Provenance, SCHEMA_VERSION, Settings, SiteDecision, SiteLeft, Status, Twin,
};
use crate::units::{
    Cents, Days, GrossMw, ItMw, ItMwPerYear, KwPerRack, MilliMachines, Months, Share, TeraHash, UsdCents, UsdPerKwIt,
    UsdPerKwMonth, UsdPerMwDay,
};

fn machines(period: u32, action: MachineAction, count: i64) -> MachineDecision {
    let count = MilliMachines(count);
    MachineDecision { site: "north".into(), model: "s21".into(), period: Period(period), action, count, to: None }
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
        reservations: vec![],
        sites: ["north", "south"].map(|id| SiteDecision::working(id.into())).to_vec(),
    }
}

/// Design, strip-out and fit-out one after another, from a start on.
pub(super) fn phases(start: Date) -> Vec<PlannedPhase> {
    let day = |months: i32| start.saturating_add(months.months());
    let phase =
        |id: &str, from, to| PlannedPhase { phase: id.into(), start: day(from), end: day(to), float: Months(0) };
    vec![phase("design", 0, 2), phase("fit-out", 3, 6), phase("strip-out", 2, 3)]
}

/// One hall of `north` for the offer.
pub(super) fn conversion() -> Conversion {
    Conversion {
        site: "north".into(),
        hall: "a".into(),
        retrofit: "liquid".into(),
        offer: Some("ig".into()),
        halls: 1,
        start: date(2027, 4, 1),
        mining_off: Some(date(2027, 6, 1)),
        ready: date(2027, 10, 1),
        commencement: date(2027, 12, 1),
        phases: phases(date(2027, 4, 1)),
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
        rounding_usd: UsdCents::default(),
        gap_usd: UsdCents::default(),
        gap_share: None,
        twin_npv_usd: UsdCents::default(),
        twin_bound_usd: None,
        uplift_usd: UsdCents::default(),
        capital_usd: UsdCents::default(),
        prices: vec![],
        lagrangian_bound_usd: UsdCents::default(),
        identity: String::new(),
        // The gap of the fixture is more than was asked for: a limit ended the search.
        settings: Settings { gap: Share(1e-6), ..Settings::default() },
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

/// A lock on the fixture's conversion.
pub(super) fn lock(kind: LockKind, halls: u32) -> Lock {
    let Conversion { site, hall, retrofit, offer, start, .. } = conversion();
    let spent = crate::units::Usd::ZERO;
    Lock {
        kind,
        site: Some(site),
        hall: Some(hall),
        retrofit: Some(retrofit),
        offer,
        start: Some(start),
        halls,
        work: None,
        spent,
    }
}

/// The plan with a conversion that started in November 2026, in its twin too.
pub(super) fn started() -> Plan {
    let mut plan = plan();
    let begun = &mut plan.decisions.conversions[0];
    begun.start = date(2026, 11, 1);
    begun.mining_off = Some(date(2027, 1, 1));
    begun.ready = date(2027, 5, 1);
    begun.phases = phases(begun.start);
    plan.decisions.machines[0].count = MilliMachines(4_000_000);
    plan.decisions.machines[1].period = Period(0);
    plan.twin.decisions = plan.decisions.clone();
    plan.inputs.locks = vec![Lock { start: Some(date(2026, 11, 1)), ..lock(LockKind::Started, 1) }];
    plan.inputs.pots.clear();
    // Neither refuses what has started.
    plan.inputs.offers[0].long_stop = Some(date(2027, 4, 30));
    let rent = crate::units::UsdPerYear::ZERO;
    plan.inputs.sites[0].tenure = Tenure::Leased { until: date(2029, 1, 1), rent };
    settle(&mut plan);
    plan
}

/// Rent without a contract: two months empty, half let in the first month after that.
pub(super) fn curve() -> MerchantCurve {
    MerchantCurve {
        market: "ERCOT".to_owned(),
        class: "liquid".to_owned(),
        rent: UsdPerKwMonth::new(80.0),
        from: date(2027, 1, 1),
        growth: Share(0.0),
        downtime: Months(2),
        occupancy: vec![Share(0.5)],
    }
}

/// The other hall of `north` from 2027-01-01, without a contract.
pub(super) fn merchant() -> Conversion {
    Conversion {
        offer: None,
        start: date(2027, 1, 1),
        phases: phases(date(2027, 1, 1)),
        mining_off: Some(date(2027, 3, 1)),
        ready: date(2027, 7, 1),
        commencement: date(2027, 7, 1),
        term_end: date(2029, 1, 1),
        ..conversion()
    }
}

/// Enough room for two halls at `north`, and hardly a machine.
fn roomy(plan: &mut Plan) {
    plan.inputs.pots.clear();
    plan.inputs.sites[0].power.firm[0].power = GrossMw::new(45.0);
    plan.decisions.machines = vec![machines(0, MachineAction::Sell, 10_000_000)];
}

/// The plan with merchant capacity beside its contract.
pub(super) fn with_merchant() -> Plan {
    let mut plan = plan();
    roomy(&mut plan);
    plan.inputs.merchant = Some(ItMw::new(16.0));
    plan.inputs.deck.merchant = vec![curve()];
    let (amount, growth) = (ItMw::new(16.0), ItMwPerYear::ZERO);
    plan.inputs.deck.absorption = vec![Absorption { market: "ERCOT".to_owned(), amount, growth }];
    plan.decisions.conversions.push(merchant());
    settle(&mut plan);
    plan
}

/// The plan with merchant capacity and every term, policy and lock that a portfolio may have.
pub(super) fn with_everything() -> Plan {
    let mut plan = with_merchant();
    let paid = PaidOn::Start;
    let offer = &mut plan.inputs.offers[0];
    offer.ready_by = Some(date(2027, 7, 1));
    offer.late = Some(Late { grace: Days(30), damages: UsdPerMwDay::new(1000.0), cap: Some(UsdPerKwIt::new(50.0)) });
    offer.advance = Some(Advance { amount: UsdPerKwIt::new(250.0), paid, credited: Share(0.5) });
    let paid = PaidOn::Date(date(2027, 9, 1));
    offer.prepayment = Some(Prepayment { months: Months(1), paid, credited: Share(0.25) });
    offer.tenant_funded = TenantFunded::Amount(UsdPerKwIt::new(500.0));
    offer.credit = Some(Credit { default: Share(0.02), backstop: Share(0.5) });
    let (probability, term) = (Share(0.6), Months(6));
    offer.renewal = Some(Renewal { probability, term, rent_factor: Share(0.9), count: 2 });
    (offer.term, offer.give_up) = (Months(6), UsdPerKwIt::new(10.0));
    (offer.density, offer.redundancy) = (Some(KwPerRack::new(120.0)), Some(Redundancy::NPlusOne));
    offer.exclusive_group = Some("hyperscaler".to_owned());
    plan.decisions.conversions[0].term_end = date(2028, 6, 1);
    let retrofit = &mut plan.inputs.retrofits[0];
    (retrofit.density, retrofit.redundancy) = (Some(KwPerRack::new(140.0)), Some(Redundancy::TwoN));
    retrofit.costs[0].life = Some(Months(12));
    let (cap, free) = (Share(0.5), ItMw::new(8.0));
    plan.inputs.policies = Policies {
        mix: Some(MixPolicy { share: Share(0.5), from: date(2027, 1, 1) }),
        hashrate: Some(HashratePolicy { floor: TeraHash::ZERO, from: date(2027, 1, 1), to: date(2028, 1, 1) }),
        tenant: Some(CapPolicy { cap, free }),
        region: Some(CapPolicy { cap, free }),
    };
    plan.inputs.locks = vec![lock(LockKind::Force, 1)];
    let mut pot = fleet().pots.remove(0);
    pot.release[0].amount = crate::units::Usd::new(300e6);
    pot.relieved_by = vec![Relief::Advance, Relief::Prepayment];
    plan.inputs.pots = vec![pot];
    settle(&mut plan);
    plan
}

/// Adds an offer `hy` like `ig`, served in the other hall.
pub(super) fn second_offer(plan: &mut Plan) {
    roomy(plan);
    let id = OfferId::from("hy");
    let offer = Offer { id: id.clone(), ..plan.inputs.offers[0].clone() };
    plan.inputs.offers.push(offer);
    plan.decisions.conversions.push(Conversion { offer: Some(id.clone()), ..conversion() });
    for decisions in [&mut plan.decisions, &mut plan.twin.decisions] {
        let decision = OfferDecision { offer: id.clone(), ..decisions.offers[0].clone() };
        decisions.offers.push(decision);
    }
}

/// Prices a plan's decisions again, so that a test breaks one rule alone.
pub(super) fn settle(plan: &mut Plan) {
    let own = Case::new(&plan.inputs, &plan.settings, &plan.decisions, &[]);
    let twin = Case::new(&plan.inputs, &plan.settings, &plan.twin.decisions, &[]).without_policies();
    let npv = npv::present_value(&plan.inputs, &own.ledger).0;
    let twin_npv = npv::present_value(&plan.inputs, &twin.ledger).0;
    let capital = capital(&own, |_| true);
    let (own, twin) = (own.ledger, twin.ledger);
    (plan.ledger, plan.twin.ledger) = (own, twin);
    plan.identity = identity(&plan.inputs);
    plan.npv_usd = UsdCents(npv);
    plan.twin_npv_usd = UsdCents(twin_npv);
    plan.uplift_usd = UsdCents(npv - twin_npv);
    plan.capital_usd = UsdCents(capital);
    plan.bound_usd = UsdCents(npv + Cents(1_000_000));
    plan.gap_usd = UsdCents(plan.bound_usd.0 - npv);
    plan.lagrangian_bound_usd = bound(&plan.inputs, &plan.settings, &plan.prices).usd;
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
