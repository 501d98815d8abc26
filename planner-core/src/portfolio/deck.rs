//! `library/decks/<deck>/deck.toml`: halvings, prices of new machines, rents
//! without a contract, site value. The monthly series are in `monthly.csv`.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Named, clip};
use super::halving;
use super::kinds::{above_zero, between, date, id, months, quantity, share_per_year, text};
use super::lists::shares;
use super::site::MOST_MW;
use super::table::Fields;
use super::tree::Table;
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::evidence::Evidence;
use crate::domain::ids::ModelId;
use crate::domain::market::{Absorption, Halving, MachinePrice, MerchantCurve};
use crate::units::{Btc, ItMw, ItMwPerYear, Months, Share, UsdPerKw, UsdPerKwMonth, UsdPerTh};

const LATER: &[&str] = &["block_interval"];

/// What the file says, as far as it is right.
pub(super) struct DeckFile {
    pub name: Option<String>,
    pub subsidy_at_start: Option<Btc>,
    pub halvings: Option<Vec<Halving>>,
    pub machine_prices: Option<Vec<MachinePrice>>,
    /// Models that can be bought.
    pub models: Vec<Named>,
    pub merchant: Option<Vec<MerchantCurve>>,
    pub absorption: Option<Vec<Absorption>>,
    pub site_value: Option<UsdPerKw>,
    pub evidence: Evidence,
}

/// Reads the file.
pub(super) fn read<'a>(desk: &'a Desk<'a>, table: &'a Table, id: &str, calendar: Option<&Calendar>) -> DeckFile {
    let fields = Fields::new(desk, table, format!("deck `{id}`"), "");
    let name = fields.or("name", text(), id.to_owned(), id);
    let at_start = fields.table("subsidy", "the block subsidy").and_then(|fields| {
        let subsidy = fields.required("at_start", quantity::<Btc>(between(0.0, 50.0)));
        let at = fields.at("at_start");
        fields.finish(&[]);
        Some((subsidy?, at))
    });
    let subsidy_at_start = at_start.as_ref().map(|(subsidy, _)| *subsidy);
    let halvings = halving::read(&fields, at_start, calendar);
    let mut models: BTreeMap<String, Named> = BTreeMap::new();
    let prices: Vec<_> =
        fields.tables("machine_price", "a machine price").into_iter().map(|f| machine_price(f, &mut models)).collect();
    let machine_prices = prices.into_iter().collect::<Option<Vec<_>>>().map(|mut prices| {
        prices.sort_by(|a, b| a.model.cmp(&b.model));
        prices
    });
    // What could not be read may be the curve that is meant.
    let merchant = merchant(&fields).filter(|_| !desk.is_broken(&table.at.file));
    let absorption = absorption(&fields);
    let value = quantity::<UsdPerKw>(between(0.0, 1e5));
    let site_value = fields.or("site_value", value, UsdPerKw::ZERO, "0 USD/MW");
    let evidence = fields.evidence();
    fields.finish(LATER);
    DeckFile {
        name,
        subsidy_at_start,
        halvings,
        machine_prices,
        models: models.into_values().collect(),
        merchant,
        absorption,
        site_value,
        evidence,
    }
}

fn machine_price(mut fields: Fields<'_>, models: &mut BTreeMap<String, Named>) -> Option<MachinePrice> {
    let model = fields.required("model", text()).map(|name| Named { name, at: fields.at("model") });
    fields.named("machine price", model.as_ref().map(|m| m.name.as_str()));
    let price = fields.required("price", quantity::<UsdPerTh>(above_zero(1e4)));
    let from = fields.required("from", date());
    let growth = fields.or("growth", share_per_year(between(-0.9, 1.0)), Share::NONE, "0 %/year");
    if let Some(model) = &model
        && models.insert(model.name.clone(), model.clone()).is_some()
    {
        let message = format!("there are two prices of `{}`", clip(&model.name));
        fields.error(Code::DuplicateId, "model", message, "keep one of the two");
    }
    fields.finish(&[]);
    Some(MachinePrice { model: ModelId::from(model?.name), price: price?, from: from?, growth: growth? })
}

/// Rents without a contract, sorted by market and class.
fn merchant(fields: &Fields<'_>) -> Option<Vec<MerchantCurve>> {
    if !fields.has("merchant") {
        fields.default_used("merchant", "none: no capacity is let without a contract");
    }
    let mut seen = BTreeSet::new();
    let curves: Vec<_> = fields
        .tables("merchant", "a merchant curve")
        .into_iter()
        .map(|curve| merchant_curve(curve, &mut seen))
        .collect();
    let mut curves = curves.into_iter().collect::<Option<Vec<_>>>()?;
    curves.sort_by(|a, b| (&a.market, &a.class).cmp(&(&b.market, &b.class)));
    Some(curves)
}

fn merchant_curve(mut fields: Fields<'_>, seen: &mut BTreeSet<(String, String)>) -> Option<MerchantCurve> {
    let market = fields.required("market", text());
    let class = fields.required("class", id());
    if let (Some(market), Some(class)) = (&market, &class) {
        fields.named("merchant curve", Some(&format!("{market}/{class}")));
        if !seen.insert((market.clone(), class.clone())) {
            let message = format!("there are two merchant curves of `{}` in `{}`", clip(class), clip(market));
            fields.error(Code::DuplicateId, "class", message, "keep one of the two");
        }
    }
    let rent = fields.required("rent", quantity::<UsdPerKwMonth>(between(0.0, 10_000.0)));
    let from = fields.required("from", date());
    let growth = fields.or("growth", share_per_year(between(-0.9, 1.0)), Share::NONE, "0 %/year");
    let downtime = fields.or("downtime", months(0, 480), Months(0), "0 months");
    let occupancy = shares(&fields, "occupancy", "after the months of the list all of it is let");
    fields.finish(&[]);
    Some(MerchantCurve {
        market: market?,
        class: class?,
        rent: rent?,
        from: from?,
        growth: growth?,
        downtime: downtime?,
        occupancy: occupancy?,
    })
}

/// What markets take, sorted.
fn absorption(fields: &Fields<'_>) -> Option<Vec<Absorption>> {
    if !fields.has("absorption") {
        fields.default_used("absorption", "none: no market takes merchant capacity");
    }
    let mut seen = BTreeSet::new();
    let tables = fields.tables("absorption", "an absorption");
    let read: Vec<_> = tables.into_iter().map(|one| absorption_of(one, &mut seen)).collect();
    let mut read = read.into_iter().collect::<Option<Vec<_>>>()?;
    read.sort_by(|a, b| a.market.cmp(&b.market));
    Some(read)
}

fn absorption_of(mut fields: Fields<'_>, seen: &mut BTreeSet<String>) -> Option<Absorption> {
    let market = fields.required("market", text());
    fields.named("absorption", market.as_deref());
    if let Some(market) = market.as_ref().filter(|market| !seen.insert((*market).clone())) {
        let message = format!("there are two absorptions of the market `{}`", clip(market));
        fields.error(Code::DuplicateId, "market", message, "keep one of the two");
    }
    let amount = fields.required("amount", quantity::<ItMw>(between(0.0, MOST_MW)));
    let growth = fields.or("growth", quantity::<ItMwPerYear>(between(0.0, MOST_MW)), ItMwPerYear::ZERO, "0 MW-IT/year");
    fields.finish(&[]);
    Some(Absorption { market: market?, amount: amount?, growth: growth? })
}
