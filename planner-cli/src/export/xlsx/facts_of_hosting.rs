//! Blocks of `Assumptions`: offers, retrofits with their cost lines, and the market's rents.

use std::collections::BTreeSet;

use planner_core::domain::ids::OfferId;
use planner_core::domain::market::MerchantCurve;
use planner_core::domain::offer::{Bearer, Offer, PaidOn, PowerTerms, TenantFunded};
use planner_core::domain::retrofit::{CostBasis, CostLine, Payment, Retrofit};
use planner_core::plan::Plan;

use super::assumptions::all_conversions;
use super::facts::{Fact, Lists, Table, facts};
use super::sheet::{Look, Sheet, Shown};
use super::term::Term;
use super::timeline::serial;

/// What offers and retrofits say.
pub struct Hosting {
    pub offers: Table<Offer>,
    pub ramps: Lists,
    pub retrofits: Table<Retrofit>,
    pub costs: Table<CostLine>,
    pub curves: Table<MerchantCurve>,
    pub occupancies: Lists,
}

facts! {
    OfferFact of Offer {
        TERM = "term [months]", Term, |o| Some(f64::from(o.term.0));
        RENT = "rent [USD/kW-month]", Cents, |o| Some(o.rent.get());
        ESCALATOR = "escalator", Share, |o| Some(o.escalator.0);
        EARLIEST = "earliest", Day, |o| o.earliest.map(serial);
        OPERATIONS_OURS = "operations ours", Flag, |o| Some(ours(o.costs.operations));
        PROPERTY_TAX_OURS = "property tax ours", Flag, |o| Some(ours(o.costs.property_tax));
        INSURANCE_OURS = "insurance ours", Flag, |o| Some(ours(o.costs.insurance));
        POWER_INCLUDED = "power included", Flag, |o| Some(f64::from(u8::from(o.power == PowerTerms::Included)));
        LOAD_FACTOR = "load factor", Portion, |o| Some(o.load_factor.0);
        READY_BY = "ready by", Day, |o| o.ready_by.map(serial);
        GRACE = "grace [days]", Whole, |o| o.late.map(|late| f64::from(late.grace.0));
        DAMAGES = "damages [USD/MW-day]", Cents, |o| o.late.map(|late| late.damages.get());
        CAP_OF_DAMAGES = "cap of damages [USD/kW-IT]", Cents, |o| Some(o.late?.cap?.get());
        ADVANCE = "advance [USD/kW-IT]", Cents, |o| o.advance.map(|a| a.amount.get());
        ADVANCE_CREDITED = "advance credited", Portion, |o| o.advance.map(|a| a.credited.0);
        ADVANCE_PAID_ON = "advance paid on", Day, |o| o.advance.and_then(|a| on_date(a.paid));
        PREPAYMENT = "prepayment [months]", Whole, |o| o.prepayment.map(|p| f64::from(p.months.0));
        PREPAYMENT_CREDITED = "prepayment credited", Portion, |o| o.prepayment.map(|p| p.credited.0);
        PREPAYMENT_PAID_ON = "prepayment paid on", Day, |o| o.prepayment.and_then(|p| on_date(p.paid));
        FUNDED_SHARE = "tenant-funded share", Portion, |o| match o.tenant_funded { TenantFunded::Share(share) => Some(share.0), TenantFunded::Amount(_) => None, };
        FUNDED_AMOUNT = "tenant-funded [USD/kW-IT]", Cents, |o| match o.tenant_funded { TenantFunded::Amount(amount) => Some(amount.get()), TenantFunded::Share(_) => None, };
        DEFAULT_PER_YEAR = "default per year", Portion, |o| o.credit.map(|c| c.default.0);
        BACKSTOP = "backstop", Portion, |o| o.credit.map(|c| c.backstop.0);
        RENEWAL_CHANCE = "renewal chance", Portion, |o| o.renewal.map(|r| r.probability.0);
        RENEWAL_TERM = "renewal term [months]", Whole, |o| o.renewal.map(|r| f64::from(r.term.0));
        RENEWAL_RENT_FACTOR = "renewal rent factor", Share, |o| o.renewal.map(|r| r.rent_factor.0);
        RENEWALS = "renewals", Whole, |o| o.renewal.map(|r| f64::from(r.count));
        GIVE_UP = "give-up [USD/kW-IT]", Cents, |o| Some(o.give_up.get());
        OWN_RATE = "own rate", Share, |o| o.discount_rate.map(|rate| rate.0);
    }
    kept apart {
        RATE = "rate", Share;
    }
}

facts! {
    RetrofitFact of Retrofit {
        GROSS_TO_CRITICAL = "gross to critical", Plain, |r| Some(r.gross_to_critical.0);
        PUE = "PUE", Plain, |r| Some(r.pue.0);
        OPERATIONS = "operations [USD/kW-IT-year]", Cents, |r| Some(r.opex.operations.get());
        PROPERTY_TAX = "property tax [USD/kW-IT-year]", Cents, |r| Some(r.opex.property_tax.get());
        INSURANCE = "insurance [USD/kW-IT-year]", Cents, |r| Some(r.opex.insurance.get());
        ESCALATION_OF_OPEX = "escalation of opex", Share, |r| Some(r.opex.escalation.0);
        CONTINGENCY = "contingency", Share, |r| Some(r.contingency.0);
        MERCHANT_LOAD_FACTOR = "merchant load factor", Share, |r| Some(r.merchant_load_factor.0);
    }
}

facts! {
    CostFact of CostLine {
        PER_KW_IT = "per kW-IT [USD]", Cents, |c| if let CostBasis::ItLoad(amount) = c.basis { Some(amount.get()) } else { None };
        PER_GROSS_KW = "per gross kW [USD]", Cents, |c| { if let CostBasis::GrossPower(amount) = c.basis { Some(amount.get()) } else { None } };
        PER_HALL = "per hall [USD]", Cents, |c| if let CostBasis::Hall(amount) = c.basis { Some(amount.get()) } else { None };
        PER_SITE = "per site [USD]", Cents, |c| if let CostBasis::Site(amount) = c.basis { Some(amount.get()) } else { None };
        DEPOSIT = "deposit", Portion, |c| if let Payment::Deposit(share) = c.payment { Some(share.0) } else { None };
        LIFE = "life [months]", Whole, |c| c.life.map(|life| f64::from(life.0));
    }
}

facts! {
    CurveFact of MerchantCurve {
        RENT = "rent [USD/kW-month]", Cents, |c| Some(c.rent.get());
        GROWTH = "growth", Share, |c| Some(c.growth.0);
        DOWNTIME = "downtime [months]", Whole, |c| Some(f64::from(c.downtime.0));
    }
    kept apart {
        FROM = "from", Month;
    }
}

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
    let mut table = Table::write(
        sheet,
        "Offers that are served",
        offers().map(|o| (o.id.to_string(), o, Some(&o.evidence))),
        OfferFact::ALL,
    );
    if offers().next().is_some() {
        sheet.section("Discount rates of contracts");
    }
    for offer in offers() {
        let id = offer.id.as_str();
        sheet.words(sheet.next, 0, id, Look::Text);
        let rate = table.find(id, &OfferFact::OWN_RATE).unwrap_or_else(|| contracted.clone());
        let rate = sheet.formula(sheet.next, 1, &rate, Look::Formula, Shown::Share);
        table.keep(id, &OfferFact::RATE, rate);
        sheet.next += 1;
    }
    let ramps = Lists::write(
        sheet,
        "Ramps: share billed in months 1, 2, … of a contract",
        offers().map(|offer| (offer.id.to_string(), offer.ramp.as_slice())),
    );
    let lines = retrofits().flat_map(|retrofit| {
        let lines = retrofit.costs.iter().enumerate();
        lines.map(move |(at, line)| (cost_id(retrofit, at, line), line, Some(&retrofit.evidence)))
    });
    let built = Table::write(
        sheet,
        "Retrofits that are built",
        retrofits().map(|r| (r.id.to_string(), r, Some(&r.evidence))),
        RetrofitFact::ALL,
    );
    let costs = Table::write(sheet, "Their cost lines, in money of the price month", lines, CostFact::ALL);
    let curves = fleet.deck.merchant.iter().map(|curve| (curve_id(curve), curve, Some(&fleet.deck.evidence)));
    let mut curves = Table::write(sheet, "Rents of capacity let without a contract", curves, CurveFact::ALL);
    if !fleet.deck.merchant.is_empty() {
        sheet.section("Month of those rents, from the start");
    }
    for curve in &fleet.deck.merchant {
        sheet.words(sheet.next, 0, &curve_id(curve), Look::Text);
        let month = f64::from(fleet.calendar.month_of(curve.from).0);
        curves.keep(&curve_id(curve), &CurveFact::FROM, sheet.number(sheet.next, 1, month, Look::Input, Shown::Month));
        sheet.next += 1;
    }
    let occupancies = Lists::write(
        sheet,
        "Share of it let in months 1, 2, … after the downtime",
        fleet.deck.merchant.iter().map(|curve| (curve_id(curve), curve.occupancy.as_slice())),
    );
    Hosting { offers: table, ramps, retrofits: built, costs, curves, occupancies }
}
