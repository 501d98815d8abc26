//! Blocks of `Assumptions`: sites, hall groups, machines and works.

use planner_core::domain::delivery::Reserve;
use planner_core::domain::machine::MachineModel;
use planner_core::domain::site::{EnergyPrice, HallGroup, HallUse, RetrofitOverride, Site, Tenure, ThirdParty};
use planner_core::domain::work::Work;
use planner_core::plan::Plan;
use planner_core::units::UsdPerKw;

use super::facts::{EVIDENCE, Fact, Table, facts, rests_on};
use super::sheet::{Look, Sheet, Shown};
use super::timeline::serial;

/// What sites and machines say.
pub struct Places {
    pub sites: Table<Site>,
    pub overrides: Table<RetrofitOverride>,
    pub halls: Table<HallGroup>,
    pub models: Table<MachineModel>,
    pub works: Table<Work>,
    pub deposits: Table<Reserve>,
}

facts! {
    SiteFact of Site {
        LEASED_UNTIL = "leased until", Day, |s| match s.tenure { Tenure::Owned => None, Tenure::Leased { until, .. } => Some(serial(until)), };
        SITE_RENT = "rent of the site [USD/year]", Dollars, |s| match s.tenure { Tenure::Owned => None, Tenure::Leased { rent, .. } => Some(rent.get()), };
        FIXED_COST = "fixed cost [USD/year]", Dollars, |s| Some(s.mining.fixed_cost.get());
        HOSTING_FIXED_COST = "fixed cost of hosting [USD/year]", Dollars, |s| Some(s.hosting_fixed_cost.get());
        CAPEX_FACTOR = "factor on capex", Plain, |s| Some(s.cost_factor.0);
        ENERGY_PRICE = "energy price [USD/MWh]", Cents, |s| match s.power.energy_price { EnergyPrice::Fixed(price) => Some(price.get()), EnergyPrice::Deck(_) => None, };
        DEMAND_CHARGE = "demand charge [USD/MW-month]", Cents, |s| Some(s.power.demand_charge.get());
        FIRM_CHARGE = "firm charge [USD/MW-month]", Cents, |s| Some(s.power.firm_charge.get());
        RESPONSE_CREDIT = "demand response [USD/MW-month]", Cents, |s| s.power.demand_response.map(|d| d.credit.get());
        RESPONSE_HOURS = "demand response [hours/year]", Whole, |s| s.power.demand_response.map(|d| d.hours.get());
        BALLAST = "ballast", Portion, |s| s.power.ballast.map(|share| share.0);
        LEAST_BILL = "least bill [USD/year]", Dollars, |s| s.power.minimum_bill.map(|bill| bill.amount.get());
        LEAST_BILL_UNTIL = "least bill until", Day, |s| s.power.minimum_bill.map(|bill| serial(bill.until));
        GOES_ON_IN_MOTHBALLS = "goes on in mothballs", Portion, |s| s.exit.mothball.map(|share| share.0);
        SALE_OF_CONNECTION = "sale of connection [USD/kW]", Cents, |s| s.exit.sale.map(UsdPerKw::get);
        UPTIME = "uptime", Portion, |s| Some(s.mining.uptime.0);
        OVERHEAD = "overhead", Share, |s| Some(s.mining.overhead.0);
    }
}

facts! {
    HallFact of HallGroup {
        HALLS = "halls", Whole, |h| Some(f64::from(h.count));
        HALL_POWER = "hall power [MW]", Plain, |h| Some(h.hall_power.get());
        USABLE_SHARE = "usable share", Portion, |h| Some(h.usable_share.0);
        EXIT_COST = "exit cost [USD]", Dollars, |h| Some(h.exit_cost.get());
        CUSTOMER_MARGIN = "customer's margin [USD/MW-month]", Cents, |h| customer(h).map(|c| c.margin.get());
        CUSTOMER_UNTIL = "customer until", Day, |h| customer(h).map(|c| serial(c.until));
        CUSTOMER_FEE = "customer's fee [USD]", Dollars, |h| customer(h).map(|c| c.fee.get());
    }
}

facts! {
    ModelFact of MachineModel {
        HASHRATE = "hashrate [TH/s]", Plain, |m| Some(m.hashrate.get());
        POWER = "power [W]", Plain, |m| Some(m.power.get());
        FAILURES_PER_YEAR = "failures per year", Portion, |m| Some(m.failure.0);
    }
    kept apart {
        PRICE = "price [USD/TH]", Cents;
        PRICE_FROM = "from [month]", Month;
        PRICE_GROWTH = "growth per year", Share;
    }
}

facts! {
    WorkFact of Work {
        MONTHS = "months", Whole, |w| Some(f64::from(w.months.0));
        COST = "cost [USD]", Dollars, |w| Some(w.cost.get());
    }
}

facts! {
    ReserveFact of Reserve {
        DEPOSIT = "deposit [USD]", Dollars, |r| Some(r.deposit.get());
        LEAD = "lead [months]", Whole, |r| Some(f64::from(r.lead.0));
    }
}

facts! {
    OverrideFact of RetrofitOverride {
        CAPEX_FACTOR = "factor on capex", Plain, |own| Some(own.cost_factor.0);
    }
}

fn customer(hall: &HallGroup) -> Option<ThirdParty> {
    match hall.hall_use {
        HallUse::ThirdParty(customer) => Some(customer),
        HallUse::Mining | HallUse::Pad => None,
    }
}

/// Writes the blocks.
pub fn write(sheet: &mut Sheet, plan: &Plan) -> Places {
    let fleet = &plan.inputs;
    let sites = Table::write(
        sheet,
        "Sites",
        fleet.sites.iter().map(|site| (site.id.to_string(), site, Some(&site.evidence))),
        SiteFact::ALL,
    );
    let halls = fleet.sites.iter().flat_map(|site| {
        site.halls.iter().map(move |hall| (format!("{}/{}", site.id, hall.id), hall, Some(&site.evidence)))
    });
    let halls = Table::write(sheet, "Hall groups", halls, HallFact::ALL);
    let overrides = fleet.sites.iter().flat_map(|site| {
        site.overrides.iter().map(move |own| (format!("{}/{}", site.id, own.retrofit), own, Some(&site.evidence)))
    });
    let overrides = Table::write(sheet, "Retrofits that cost something else at a site", overrides, OverrideFact::ALL);
    let models = fleet.models.iter().map(|model| (model.id.to_string(), model, Some(&model.evidence)));
    let mut models = Table::write(sheet, "Machines", models, ModelFact::ALL);
    if !fleet.deck.machine_prices.is_empty() {
        sheet.section("Prices of new machines");
        let heads = [&ModelFact::PRICE, &ModelFact::PRICE_FROM, &ModelFact::PRICE_GROWTH].map(|fact| fact.head);
        sheet.heads(&[&[""], &heads[..], &EVIDENCE].concat());
    }
    for price in &fleet.deck.machine_prices {
        let (id, row) = (price.model.as_str(), sheet.next);
        sheet.words(row, 0, id, Look::Text);
        for (column, (fact, value)) in (1..).zip([
            (&ModelFact::PRICE, price.price.get()),
            (&ModelFact::PRICE_FROM, f64::from(fleet.calendar.month_of(price.from).0)),
            (&ModelFact::PRICE_GROWTH, price.growth.0),
        ]) {
            // The first price of a model stands.
            let cell = sheet.number(row, column, value, Look::Input, fact.shown);
            if models.find(id, fact).is_none() {
                models.keep(id, fact, cell);
            }
        }
        rests_on(sheet, 4, Some(&fleet.deck.evidence));
        sheet.next += 1;
    }
    let works = Table::write(
        sheet,
        "Works",
        fleet.works.iter().map(|work| (work.id.to_string(), work, Some(&work.evidence))),
        WorkFact::ALL,
    );
    let reserves = fleet.long_lead.iter().filter_map(|item| Some((item.item.clone(), item.reserve.as_ref()?, None)));
    let deposits = Table::write(sheet, "Deposits that reserve a delivery", reserves, ReserveFact::ALL);
    Places { sites, overrides, halls, models, works, deposits }
}
