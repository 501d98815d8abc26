//! Blocks of `Assumptions`: sites, hall groups, machines and works.

use planner_core::domain::delivery::Reserve;
use planner_core::domain::machine::MachineModel;
use planner_core::domain::site::{EnergyPrice, HallGroup, HallUse, RetrofitOverride, Site, Tenure, ThirdParty};
use planner_core::domain::work::Work;
use planner_core::plan::Plan;
use planner_core::units::UsdPerKw;

use super::facts::{Fact, Table};
use super::sheet::{Look, Sheet, Shown};
use super::timeline::serial;

/// What sites and machines say.
pub struct Places {
    pub sites: Table,
    pub overrides: Table,
    pub halls: Table,
    pub models: Table,
    pub works: Table,
    pub deposits: Table,
}

const SITE: &[Fact<Site>] = &[
    ("leased until", Shown::Day, |s| match s.tenure {
        Tenure::Owned => None,
        Tenure::Leased { until, .. } => Some(serial(until)),
    }),
    ("rent of the site [USD/year]", Shown::Dollars, |s| match s.tenure {
        Tenure::Owned => None,
        Tenure::Leased { rent, .. } => Some(rent.get()),
    }),
    ("fixed cost [USD/year]", Shown::Dollars, |s| Some(s.mining.fixed_cost.get())),
    ("fixed cost of hosting [USD/year]", Shown::Dollars, |s| Some(s.hosting_fixed_cost.get())),
    ("factor on capex", Shown::Plain, |s| Some(s.cost_factor.0)),
    ("energy price [USD/MWh]", Shown::Cents, |s| match s.power.energy_price {
        EnergyPrice::Fixed(price) => Some(price.get()),
        EnergyPrice::Deck(_) => None,
    }),
    ("demand charge [USD/MW-month]", Shown::Cents, |s| Some(s.power.demand_charge.get())),
    ("firm charge [USD/MW-month]", Shown::Cents, |s| Some(s.power.firm_charge.get())),
    ("demand response [USD/MW-month]", Shown::Cents, |s| s.power.demand_response.map(|d| d.credit.get())),
    ("demand response [hours/year]", Shown::Whole, |s| s.power.demand_response.map(|d| d.hours.get())),
    ("ballast", Shown::Share, |s| s.power.ballast.map(|share| share.0)),
    ("least bill [USD/year]", Shown::Dollars, |s| s.power.minimum_bill.map(|bill| bill.amount.get())),
    ("least bill until", Shown::Day, |s| s.power.minimum_bill.map(|bill| serial(bill.until))),
    ("goes on in mothballs", Shown::Share, |s| s.exit.mothball.map(|share| share.0)),
    ("sale of connection [USD/kW]", Shown::Cents, |s| s.exit.sale.map(UsdPerKw::get)),
    ("uptime", Shown::Share, |s| Some(s.mining.uptime.0)),
    ("overhead", Shown::Share, |s| Some(s.mining.overhead.0)),
];

const HALL: &[Fact<HallGroup>] = &[
    ("halls", Shown::Whole, |h| Some(f64::from(h.count))),
    ("hall power [MW]", Shown::Plain, |h| Some(h.hall_power.get())),
    ("usable share", Shown::Share, |h| Some(h.usable_share.0)),
    ("exit cost [USD]", Shown::Dollars, |h| Some(h.exit_cost.get())),
    ("customer's margin [USD/MW-month]", Shown::Cents, |h| customer(h).map(|c| c.margin.get())),
    ("customer until", Shown::Day, |h| customer(h).map(|c| serial(c.until))),
    ("customer's fee [USD]", Shown::Dollars, |h| customer(h).map(|c| c.fee.get())),
];

const MODEL: &[Fact<MachineModel>] = &[
    ("hashrate [TH/s]", Shown::Plain, |m| Some(m.hashrate.get())),
    ("power [W]", Shown::Plain, |m| Some(m.power.get())),
    ("failures per year", Shown::Share, |m| Some(m.failure.0)),
];

const WORK: &[Fact<Work>] = &[
    ("months", Shown::Whole, |w| Some(f64::from(w.months.0))),
    ("cost [USD]", Shown::Dollars, |w| Some(w.cost.get())),
];

const RESERVE: &[Fact<Reserve>] = &[
    ("deposit [USD]", Shown::Dollars, |r| Some(r.deposit.get())),
    ("lead [months]", Shown::Whole, |r| Some(f64::from(r.lead.0))),
];

fn customer(hall: &HallGroup) -> Option<ThirdParty> {
    match hall.hall_use {
        HallUse::ThirdParty(customer) => Some(customer),
        HallUse::Mining | HallUse::Pad => None,
    }
}

/// Writes the blocks.
pub fn write(sheet: &mut Sheet, plan: &Plan) -> Places {
    let fleet = &plan.inputs;
    let sites = Table::write(sheet, "Sites", fleet.sites.iter().map(|site| (site.id.to_string(), site)), SITE);
    let halls = fleet
        .sites
        .iter()
        .flat_map(|site| site.halls.iter().map(move |hall| (format!("{}/{}", site.id, hall.id), hall)));
    let halls = Table::write(sheet, "Hall groups", halls, HALL);
    let overrides = fleet
        .sites
        .iter()
        .flat_map(|site| site.overrides.iter().map(move |own| (format!("{}/{}", site.id, own.retrofit), own)));
    let factor: &[Fact<RetrofitOverride>] = &[("factor on capex", Shown::Plain, |own| Some(own.cost_factor.0))];
    let overrides = Table::write(sheet, "Retrofits that cost something else at a site", overrides, factor);
    let models = fleet.models.iter().map(|model| (model.id.to_string(), model));
    let mut models = Table::write(sheet, "Machines", models, MODEL);
    if !fleet.deck.machine_prices.is_empty() {
        sheet.section("Prices of new machines");
        sheet.heads(&["", "price [USD/TH]", "from [month]", "growth per year"]);
    }
    for price in &fleet.deck.machine_prices {
        let (id, row) = (price.model.as_str(), sheet.next);
        sheet.words(row, 0, id, Look::Text);
        for (column, (fact, value, shown)) in (1..).zip([
            ("price [USD/TH]", price.price.get(), Shown::Cents),
            ("from", f64::from(fleet.calendar.month_of(price.from).0), Shown::Whole),
            ("growth per year", price.growth.0, Shown::Share),
        ]) {
            // The first price of a model stands.
            let cell = sheet.number(row, column, value, Look::Input, shown);
            if models.find(id, fact).is_none() {
                models.keep(id, fact, cell);
            }
        }
        sheet.next += 1;
    }
    let works = Table::write(sheet, "Works", fleet.works.iter().map(|work| (work.id.to_string(), work)), WORK);
    let reserves = fleet.long_lead.iter().filter_map(|item| Some((item.item.clone(), item.reserve.as_ref()?)));
    let deposits = Table::write(sheet, "Deposits that reserve a delivery", reserves, RESERVE);
    Places { sites, overrides, halls, models, works, deposits }
}
