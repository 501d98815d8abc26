//! `library/decks/<deck>/deck.toml`: halvings, prices of new machines, site
//! value. The monthly series are in `monthly.csv`.

use std::collections::BTreeMap;

use super::desk::{At, Desk, Named};
use super::kinds::{above_zero, between, date, integer, quantity, share_per_year, text};
use super::portfolio_file::dates_rise;
use super::table::Fields;
use super::tree::Table;
use crate::diagnostics::Code;
use crate::domain::evidence::Evidence;
use crate::domain::ids::ModelId;
use crate::domain::market::{Halving, MachinePrice};
use crate::units::{Btc, Share, UsdPerKw, UsdPerTh};

const LATER: &[&str] = &["merchant", "absorption", "block_interval"];

/// What the file says, as far as it is right.
pub(super) struct DeckFile {
    pub name: Option<String>,
    pub subsidy_at_start: Option<Btc>,
    pub halvings: Option<Vec<Halving>>,
    pub machine_prices: Option<Vec<MachinePrice>>,
    /// Models that can be bought.
    pub models: Vec<Named>,
    pub site_value: Option<UsdPerKw>,
    pub evidence: Evidence,
}

/// Reads the file.
pub(super) fn read<'a>(desk: &'a Desk<'a>, table: &'a Table, id: &str) -> DeckFile {
    let fields = Fields::new(desk, table, format!("deck `{id}`"), "");
    let name = fields.or("name", text(), id.to_owned(), id);
    let subsidy_at_start = fields.table("subsidy", "the block subsidy").and_then(|fields| {
        let subsidy = fields.required("at_start", quantity::<Btc>(between(0.0, 50.0)));
        fields.finish(&[]);
        subsidy
    });
    let halvings = halvings(&fields);
    let mut models: BTreeMap<String, Named> = BTreeMap::new();
    let prices: Vec<_> =
        fields.tables("machine_price", "a machine price").into_iter().map(|f| machine_price(f, &mut models)).collect();
    let machine_prices = prices.into_iter().collect::<Option<Vec<_>>>().map(|mut prices| {
        prices.sort_by(|a, b| a.model.cmp(&b.model));
        prices
    });
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
        site_value,
        evidence,
    }
}

fn halvings(fields: &Fields<'_>) -> Option<Vec<Halving>> {
    let read: Vec<(At, Option<Halving>)> = fields
        .tables("halving", "a halving")
        .into_iter()
        .map(|halving| {
            let at = halving.at.clone();
            let height = halving.required("height", integer(1, u32::MAX));
            let date = halving.required("date", date());
            let subsidy = halving.required("subsidy", quantity::<Btc>(between(0.0, 50.0)));
            halving.finish(&[]);
            let fact = height.zip(date).zip(subsidy);
            (at, fact.map(|((height, date), subsidy)| Halving { height, date, subsidy }))
        })
        .collect();
    dates_rise(fields.desk, "halving", read.iter().map(|(at, h)| (at, h.map(|h| h.date))));
    read.into_iter().map(|(_, halving)| halving).collect()
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
        let message = format!("there are two prices of `{}`", super::desk::clip(&model.name));
        fields.error(Code::DuplicateId, "model", message, "keep one of the two");
    }
    fields.finish(&[]);
    Some(MachinePrice { model: ModelId::from(model?.name), price: price?, from: from?, growth: growth? })
}
