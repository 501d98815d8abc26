//! `exit` of a site: whether it may be mothballed or sold.

use super::kinds::{Kind, between, quantity, share};
use super::problem::Problem;
use super::table::Fields;
use super::tree::{Node, Value};
use crate::diagnostics::Code;
use crate::domain::site::{Exit, Tenure};
use crate::units::UsdPerKw;

/// Most that one kW of connection is sold for, in dollars.
const MOST_PER_KW: f64 = 1e5;

/// What is known of the ways to leave a site.
#[derive(Clone, Copy, Default)]
pub(super) struct ExitRead {
    pub exit: Exit,
    /// For sale at the site value of the deck, which is read later.
    pub at_site_value: bool,
}

/// Reads the table; without it the site is neither mothballed nor sold.
pub(super) fn read(fields: &Fields<'_>, tenure: Option<Tenure>) -> Option<ExitRead> {
    if !fields.has("exit") {
        fields.default_used("exit", "none: the site is neither mothballed nor sold");
        return Some(ExitRead::default());
    }
    let exit = fields.table_if_there("exit", "the exit")?;
    let mothball = exit.optional_or("mothball", share(between(0.0, 1.0)), "none");
    let sale = sale(&exit, tenure);
    let nothing = |sale: &Sale| matches!(sale, Sale::Never);
    if mothball.is_some_and(|share| share.is_none()) && sale.as_ref().is_some_and(nothing) {
        let message = "`exit` allows nothing: the site can neither be mothballed nor sold";
        fields.warning(Code::Unused, "exit", message, "add `mothball = \"60 %\"`, or remove `exit`");
    }
    exit.finish(&[]);
    let sale = sale?;
    let price = if let Sale::At(price) = sale { Some(price) } else { None };
    Some(ExitRead { exit: Exit { mothball: mothball?, sale: price }, at_site_value: matches!(sale, Sale::AtSiteValue) })
}

#[derive(Clone, Copy)]
enum Sale {
    Never,
    AtSiteValue,
    At(UsdPerKw),
}

/// A price, `"deck"` or `"none"`.
fn sale(fields: &Fields<'_>, tenure: Option<Tenure>) -> Option<Sale> {
    let leased = matches!(tenure, Some(Tenure::Leased { .. }));
    let price = quantity::<UsdPerKw>(between(0.0, MOST_PER_KW));
    #[cfg(test)]
    for form in [&price.form, &super::recorded::Form::Word(vec!["deck", "none"])] {
        fields.note("sale", form, false);
    }
    let Some(node) = fields.node("sale") else {
        // With a wrong tenure, either is said wrongly; the error is reported.
        fields.default_used("sale", if leased { "none: the site is leased" } else { "deck" });
        return Some(if leased { Sale::Never } else { Sale::AtSiteValue });
    };
    let sale = read_sale(fields, node, &price)?;
    if leased && !matches!(sale, Sale::Never) {
        let message = "`sale` is given for a leased site, which is not ours to sell";
        fields.error(Code::Contradiction, "sale", message, "remove `sale`, or correct `tenure`");
    }
    Some(sale)
}

fn read_sale(
    fields: &Fields<'_>,
    node: &Node,
    price: &Kind<impl Fn(&Node) -> Result<UsdPerKw, Problem>>,
) -> Option<Sale> {
    if let Value::Number(_) = node.value {
        // `USD/kW`, which messages name first, would be a thousand times as much.
        let message = format!("`sale` is {}, without a unit: expected cost per gross power", node.shown());
        fields.error(Code::Quantity, "sale", message, "for example `sale = \"250000 USD/MW\"`");
        return None;
    }
    match node.text().map(str::trim) {
        Some("none") => Some(Sale::Never),
        Some("deck") => Some(Sale::AtSiteValue),
        // A word, and no quantity with a slip in it: `USD 250,000/MW`.
        Some(text) if text.starts_with(char::is_alphabetic) && !text.contains(char::is_numeric) => {
            let message = format!("`sale` is {}: expected `deck`, `none` or a price of the connection", node.shown());
            fields.error(Code::Word, "sale", message, "for example `deck` or `250000 USD/MW`");
            None
        }
        _ => fields.read("sale", node, price).map(Sale::At),
    }
}
