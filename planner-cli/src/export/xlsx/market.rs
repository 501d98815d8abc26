//! Rows of `Months`: hashprice, energy, used machines, escalation, and which sites are ours.

use std::collections::BTreeMap;

use planner_core::domain::calendar::Month;
use planner_core::domain::market::DeckMonth;
use planner_core::domain::site::{EnergyPrice, Site, Tenure};
use planner_core::mining::subsidy;
use planner_core::plan::Plan;
use planner_core::works::may_hold;

use super::assumptions::{Assumptions, all_conversions};
use super::facts::rests_on;
use super::facts_of_hosting::{CurveFact, RetrofitFact, curve_id};
use super::facts_of_sites::SiteFact;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// What the market pays, month by month.
pub struct Market {
    pub hashprice: Row,
    /// What a TH/s finds in a day.
    pub bitcoin: Row,
    pub capex_growth: Row,
    /// By retrofit.
    pub opex_growth: BTreeMap<String, Row>,
    /// Price of energy by site.
    pub energy: BTreeMap<String, Row>,
    /// By band of efficiency, dollars per TH.
    pub resale: Vec<Row>,
    /// Rent of capacity let without a contract, by curve.
    pub rents: BTreeMap<String, Row>,
    /// One in months in which a leased site is ours.
    pub held: BTreeMap<String, Row>,
    /// One in months in which machines may earn at a leased site.
    pub earns: BTreeMap<String, Row>,
}

/// The row of a leased site, or one.
pub fn flag(rows: &BTreeMap<String, Row>, site: &str, place: usize) -> Term {
    rows.get(site).map_or_else(|| Term::whole(1), |row| row.at(place))
}

/// A figure of the deck for every month shown: its first before it begins, its last after it ends.
fn deck(plan: &Plan, axis: &Axis, of: impl Fn(&DeckMonth, Month) -> f64) -> Vec<f64> {
    let months = &plan.inputs.deck.months;
    let number = |value: &f64| {
        #[allow(clippy::cast_possible_truncation)]
        let month = *value as i32;
        let last = months.len().saturating_sub(1);
        let at = usize::try_from(month).unwrap_or(0).min(last);
        months.get(at).map_or(0.0, |deck| of(deck, Month(month)))
    };
    axis.month.values().iter().map(number).collect()
}

/// Writes the rows.
pub fn rows(plan: &Plan, facts: &Assumptions, axis: &Axis, sheet: &mut Sheet) -> Market {
    let fleet = &plan.inputs;
    let months = axis.months;
    let label = |what: &str, unit: &str| Labels::of("", what, unit);
    sheet.section("Hashprice");
    let deck_is = &fleet.deck;
    sheet.words(sheet.next, 2, &format!("from the market deck {}", deck_is.name), Look::Text);
    rests_on(sheet, 3, Some(&deck_is.evidence));
    sheet.next += 1;
    let mut given = |what: &str, unit: &str, shown, of: &dyn Fn(&DeckMonth, Month) -> f64| {
        sheet.figures(&label(what, unit), Look::Input, shown, deck(plan, axis, of))
    };
    let btc = given("price of bitcoin", "USD", Shown::Dollars, &|deck, _| deck.btc_price.get());
    let network = given("network hashrate", "TH/s", Shown::Dollars, &|deck, _| deck.hashrate.get());
    let fees = given("fees of a day", "BTC", Shown::Plain, &|deck, _| deck.fees_per_day.get());
    let subsidies = given("subsidy of a block, mean", "BTC", Shown::Plain, &|_, month| {
        subsidy(&fleet.deck, &fleet.calendar, month).get()
    });
    let hashprice = sheet.series(&label("hashprice", "USD/TH-day"), Look::Formula, Shown::Factor, months, |m, _| {
        btc.at(m) * (subsidies.at(m) * &facts.blocks_per_day + fees.at(m)) / network.at(m)
    });
    let bitcoin = sheet.series(&label("bitcoin found", "BTC/TH-day"), Look::Formula, Shown::Plain, months, |m, _| {
        (subsidies.at(m) * &facts.blocks_per_day + fees.at(m)) / network.at(m)
    });
    sheet.section("Escalation");
    let since = |m: usize| axis.month.at(m) - &facts.price_month;
    let capex_growth = sheet.series(&label("capex", "index"), Look::Formula, Shown::Factor, months, |m, _| {
        facts.grow(&facts.capex_escalation, &since(m))
    });
    let power_growth =
        sheet.series(&label("fixed energy prices", "index"), Look::Formula, Shown::Factor, months, |m, _| {
            facts.grow(&facts.power_escalation, &since(m))
        });
    let mut opex_growth = BTreeMap::new();
    for conversion in all_conversions(plan) {
        let id = conversion.retrofit.as_str();
        if !opex_growth.contains_key(id) {
            let rate = facts.hosting.retrofits.get(id, &RetrofitFact::ESCALATION_OF_OPEX);
            let labels = Labels::of(id, "operating cost", "index");
            let row = sheet.series(&labels, Look::Formula, Shown::Factor, months, |m, _| facts.grow(&rate, &since(m)));
            opex_growth.insert(id.to_owned(), row);
        }
    }
    let energy = energy(plan, facts, axis, sheet, &power_growth);
    sheet.section("Used machines, by band of efficiency");
    let bands = fleet.deck.resale_bands.iter().enumerate().map(|(at, band)| {
        let name = format!("{} to {} J/TH", band.from_joule_per_th, band.to_joule_per_th);
        let prices = deck(plan, axis, |deck, _| deck.resale.get(at).map_or(0.0, |price| price.get()));
        sheet.figures(&Labels::of(name, "resale", "USD/TH"), Look::Input, Shown::Cents, prices)
    });
    let resale = bands.collect();
    sheet.section("Rent of capacity let without a contract");
    let mut rents = BTreeMap::new();
    for curve in &fleet.deck.merchant {
        let id = curve_id(curve);
        let of = |fact| facts.hosting.curves.get(&id, fact);
        let (rent, growth, from) = (of(&CurveFact::RENT), of(&CurveFact::GROWTH), of(&CurveFact::FROM));
        let labels = Labels::of(&id, "rent", "USD/kW-month");
        let row = sheet.series(&labels, Look::Formula, Shown::Cents, months, |m, _| {
            &rent * &facts.grow(&growth, &(axis.month.at(m) - &from))
        });
        rents.entry(id).or_insert(row);
    }
    let (held, earns) = tenure(plan, facts, axis, sheet);
    Market { hashprice, bitcoin, capex_growth, opex_growth, energy, resale, rents, held, earns }
}

fn energy(plan: &Plan, facts: &Assumptions, axis: &Axis, sheet: &mut Sheet, growth: &Row) -> BTreeMap<String, Row> {
    let unit = "USD/MWh";
    sheet.section("Energy");
    let mut columns: BTreeMap<&str, Row> = BTreeMap::new();
    for site in &plan.inputs.sites {
        if let EnergyPrice::Deck(name) = &site.power.energy_price {
            columns.entry(name).or_insert_with(|| {
                let prices = deck(plan, axis, |deck, _| deck.power.get(name).map_or(0.0, |price| price.get()));
                sheet.figures(&Labels::of(name, "price of the market", unit), Look::Input, Shown::Cents, prices)
            });
        }
    }
    let mut energy = BTreeMap::new();
    for site in &plan.inputs.sites {
        let id = site.id.as_str();
        let labels = Labels::of(id, "price of energy", unit);
        let fixed = facts.places.sites.get(id, &SiteFact::ENERGY_PRICE);
        let row =
            sheet.series(&labels, Look::Formula, Shown::Cents, axis.months, |m, _| match &site.power.energy_price {
                EnergyPrice::Fixed(_) => &fixed * &growth.at(m),
                EnergyPrice::Deck(name) => columns.get(name.as_str()).map_or_else(|| Term::whole(0), |row| row.at(m)),
            });
        energy.insert(id.to_owned(), row);
    }
    energy
}

/// Rows of one site.
type Flags = BTreeMap<String, Row>;

fn tenure(plan: &Plan, facts: &Assumptions, axis: &Axis, sheet: &mut Sheet) -> (Flags, Flags) {
    let (mut held, mut earns) = (Flags::new(), Flags::new());
    let leased = |site: &&Site| matches!(site.tenure, Tenure::Leased { .. });
    sheet.section("Leased sites: 1 in months that are ours");
    for site in plan.inputs.sites.iter().filter(leased) {
        let id = site.id.as_str();
        let until = facts.places.sites.get(id, &SiteFact::LEASED_UNTIL);
        let row = sheet.series(&Labels::of(id, "lease", ""), Look::Formula, Shown::Whole, axis.months, |m, _| {
            Term::flag(&axis.day.at(m).at_most(&until))
        });
        #[allow(clippy::cast_possible_truncation)]
        let longer: Vec<f64> = axis
            .month
            .values()
            .iter()
            .zip(row.values())
            .map(|(month, own)| own.max(f64::from(u8::from(may_hold(&plan.inputs, site, Month(*month as i32))))))
            .collect();
        if longer == row.values() {
            earns.insert(id.to_owned(), row.clone());
        } else {
            let labels = Labels::of(id, "machines may earn (longer lease)", "");
            earns.insert(id.to_owned(), sheet.figures(&labels, Look::Decision, Shown::Whole, longer));
        }
        held.insert(id.to_owned(), row);
    }
    (held, earns)
}
