//! Blocks of `Assumptions`: offers, retrofits with their cost lines, and the market's rents.

use std::collections::BTreeSet;

use planner_core::domain::ids::OfferId;
use planner_core::domain::market::MerchantCurve;
use planner_core::domain::offer::{Bearer, Offer, PaidOn, PowerTerms, TenantFunded};
use planner_core::domain::retrofit::{CostBasis, CostLine, Payment, Retrofit};
use planner_core::plan::Plan;

use super::assumptions::all_conversions;
use super::facts::{Fact, Lists, Table};
use super::sheet::{Look, Sheet, Shown};
use super::term::Term;
use super::timeline::serial;

/// What offers and retrofits say.
pub struct Hosting {
    pub offers: Table,
    pub ramps: Lists,
    pub retrofits: Table,
    pub costs: Table,
    pub curves: Table,
    pub occupancies: Lists,
}

const OFFER: &[Fact<Offer>] = &[
    ("term [months]", Shown::Whole, |o| Some(f64::from(o.term.0))),
    ("rent [USD/kW-month]", Shown::Cents, |o| Some(o.rent.get())),
    ("escalator", Shown::Share, |o| Some(o.escalator.0)),
    ("earliest", Shown::Day, |o| o.earliest.map(serial)),
    ("operations ours", Shown::Whole, |o| Some(ours(o.costs.operations))),
    ("property tax ours", Shown::Whole, |o| Some(ours(o.costs.property_tax))),
    ("insurance ours", Shown::Whole, |o| Some(ours(o.costs.insurance))),
    ("power included", Shown::Whole, |o| Some(f64::from(u8::from(o.power == PowerTerms::Included)))),
    ("load factor", Shown::Share, |o| Some(o.load_factor.0)),
    ("ready by", Shown::Day, |o| o.ready_by.map(serial)),
    ("grace [days]", Shown::Whole, |o| o.late.map(|late| f64::from(late.grace.0))),
    ("damages [USD/MW-day]", Shown::Cents, |o| o.late.map(|late| late.damages.get())),
    ("cap of damages [USD/kW-IT]", Shown::Cents, |o| Some(o.late?.cap?.get())),
    ("advance [USD/kW-IT]", Shown::Cents, |o| o.advance.map(|a| a.amount.get())),
    ("advance credited", Shown::Share, |o| o.advance.map(|a| a.credited.0)),
    ("advance paid on", Shown::Day, |o| o.advance.and_then(|a| on_date(a.paid))),
    ("prepayment [months]", Shown::Whole, |o| o.prepayment.map(|p| f64::from(p.months.0))),
    ("prepayment credited", Shown::Share, |o| o.prepayment.map(|p| p.credited.0)),
    ("prepayment paid on", Shown::Day, |o| o.prepayment.and_then(|p| on_date(p.paid))),
    ("tenant-funded share", Shown::Share, |o| match o.tenant_funded {
        TenantFunded::Share(share) => Some(share.0),
        TenantFunded::Amount(_) => None,
    }),
    ("tenant-funded [USD/kW-IT]", Shown::Cents, |o| match o.tenant_funded {
        TenantFunded::Amount(amount) => Some(amount.get()),
        TenantFunded::Share(_) => None,
    }),
    ("default per year", Shown::Share, |o| o.credit.map(|c| c.default.0)),
    ("backstop", Shown::Share, |o| o.credit.map(|c| c.backstop.0)),
    ("renewal chance", Shown::Share, |o| o.renewal.map(|r| r.probability.0)),
    ("renewal term [months]", Shown::Whole, |o| o.renewal.map(|r| f64::from(r.term.0))),
    ("renewal rent factor", Shown::Share, |o| o.renewal.map(|r| r.rent_factor.0)),
    ("renewals", Shown::Whole, |o| o.renewal.map(|r| f64::from(r.count))),
    ("give-up [USD/kW-IT]", Shown::Cents, |o| Some(o.give_up.get())),
    ("own rate", Shown::Share, |o| o.discount_rate.map(|rate| rate.0)),
];

const RETROFIT: &[Fact<Retrofit>] = &[
    ("gross to critical", Shown::Plain, |r| Some(r.gross_to_critical.0)),
    ("PUE", Shown::Plain, |r| Some(r.pue.0)),
    ("operations [USD/kW-IT-year]", Shown::Cents, |r| Some(r.opex.operations.get())),
    ("property tax [USD/kW-IT-year]", Shown::Cents, |r| Some(r.opex.property_tax.get())),
    ("insurance [USD/kW-IT-year]", Shown::Cents, |r| Some(r.opex.insurance.get())),
    ("escalation of opex", Shown::Share, |r| Some(r.opex.escalation.0)),
    ("contingency", Shown::Share, |r| Some(r.contingency.0)),
    ("merchant load factor", Shown::Share, |r| Some(r.merchant_load_factor.0)),
];

const COST: &[Fact<CostLine>] = &[
    (
        "per kW-IT [USD]",
        Shown::Cents,
        |c| if let CostBasis::ItLoad(amount) = c.basis { Some(amount.get()) } else { None },
    ),
    ("per gross kW [USD]", Shown::Cents, |c| {
        if let CostBasis::GrossPower(amount) = c.basis { Some(amount.get()) } else { None }
    }),
    ("per hall [USD]", Shown::Cents, |c| if let CostBasis::Hall(amount) = c.basis { Some(amount.get()) } else { None }),
    ("per site [USD]", Shown::Cents, |c| if let CostBasis::Site(amount) = c.basis { Some(amount.get()) } else { None }),
    ("deposit", Shown::Share, |c| if let Payment::Deposit(share) = c.payment { Some(share.0) } else { None }),
    ("life [months]", Shown::Whole, |c| c.life.map(|life| f64::from(life.0))),
];

const CURVE: &[Fact<MerchantCurve>] = &[
    ("rent [USD/kW-month]", Shown::Cents, |c| Some(c.rent.get())),
    ("growth", Shown::Share, |c| Some(c.growth.0)),
    ("downtime [months]", Shown::Whole, |c| Some(f64::from(c.downtime.0))),
];

fn ours(bearer: Bearer) -> f64 {
    f64::from(u8::from(bearer == Bearer::Landlord))
}

fn on_date(paid: PaidOn) -> Option<f64> {
    match paid {
        PaidOn::Date(date) => Some(serial(date)),
        PaidOn::Start | PaidOn::Commencement => None,
    }
}

/// A cost line's name in formulas: its place in the retrofit.
pub fn cost_id(retrofit: &Retrofit, at: usize, line: &CostLine) -> String {
    format!("{} {} {}: {}", retrofit.id, at + 1, line.category, line.phase)
}

/// A curve's name.
pub fn curve_id(curve: &MerchantCurve) -> String {
    format!("{} {}", curve.market, curve.class)
}

/// Writes the blocks.
pub fn write(sheet: &mut Sheet, plan: &Plan, contracted: &Term) -> Hosting {
    let fleet = &plan.inputs;
    let conversions = all_conversions(plan);
    let taken: BTreeSet<&str> = conversions.iter().filter_map(|one| one.offer.as_ref()).map(OfferId::as_str).collect();
    let built: BTreeSet<&str> = conversions.iter().map(|one| one.retrofit.as_str()).collect();
    let offers = || fleet.offers.iter().filter(|offer| taken.contains(offer.id.as_str()));
    let retrofits = || fleet.retrofits.iter().filter(|retrofit| built.contains(retrofit.id.as_str()));
    let mut table = Table::write(sheet, "Offers that are served", offers().map(|o| (o.id.to_string(), o)), OFFER);
    if offers().next().is_some() {
        sheet.section("Discount rates of contracts");
    }
    for offer in offers() {
        let id = offer.id.as_str();
        sheet.words(sheet.next, 0, id, Look::Text);
        let rate = table.find(id, "own rate").unwrap_or_else(|| contracted.clone());
        let rate = sheet.formula(sheet.next, 1, &rate, Look::Formula, Shown::Share);
        table.keep(id, "rate", rate);
        sheet.next += 1;
    }
    let ramps = Lists::write(
        sheet,
        "Ramps: share billed in months 1, 2, … of a contract",
        offers().map(|offer| (offer.id.to_string(), offer.ramp.as_slice())),
    );
    let lines = retrofits().flat_map(|retrofit| {
        let lines = retrofit.costs.iter().enumerate();
        lines.map(move |(at, line)| (cost_id(retrofit, at, line), line))
    });
    let built = Table::write(sheet, "Retrofits that are built", retrofits().map(|r| (r.id.to_string(), r)), RETROFIT);
    let costs = Table::write(sheet, "Their cost lines, in money of the price month", lines, COST);
    let curves = fleet.deck.merchant.iter().map(|curve| (curve_id(curve), curve));
    let mut curves = Table::write(sheet, "Rents of capacity let without a contract", curves, CURVE);
    if !fleet.deck.merchant.is_empty() {
        sheet.section("Month of those rents, from the start");
    }
    for curve in &fleet.deck.merchant {
        sheet.words(sheet.next, 0, &curve_id(curve), Look::Text);
        let month = f64::from(fleet.calendar.month_of(curve.from).0);
        curves.keep(&curve_id(curve), "from", sheet.number(sheet.next, 1, month, Look::Input, Shown::Whole));
        sheet.next += 1;
    }
    let occupancies = Lists::write(
        sheet,
        "Share of it let in months 1, 2, … after the downtime",
        fleet.deck.merchant.iter().map(|curve| (curve_id(curve), curve.occupancy.as_slice())),
    );
    Hosting { offers: table, ramps, retrofits: built, costs, curves, occupancies }
}
