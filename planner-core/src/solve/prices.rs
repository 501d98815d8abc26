//! Prices of shared limits, from which the audit proves a bound of its own.

use super::highs;
use super::run::Allowance;
use crate::audit::{Bound, bound};
use crate::domain::Fleet;
use crate::model::constraints::{
    ballast, budget, crews, firm_power, locks, long_lead, minimum_bill, offer_choice, offer_size, policy_hashrate,
    policy_mix, policy_region, policy_tenant, racks, site_power, site_state, speculation, works_before_service,
};
use crate::model::{Model, Row, scale};
use crate::plan::{Plan, Price, Settings};
use crate::units::UsdCents;

/// Families whose rows count dollars.
const OF_MONEY: [&str; 3] = [budget::NAME, minimum_bill::NAME, policy_mix::NAME];

/// The other families with prices.
const OF_UNITS: [&str; 15] = [
    ballast::NAME,
    crews::NAME,
    firm_power::NAME,
    locks::NAME,
    long_lead::NAME,
    offer_choice::NAME,
    offer_size::NAME,
    policy_hashrate::NAME,
    policy_region::NAME,
    policy_tenant::NAME,
    racks::NAME,
    site_power::NAME,
    site_state::NAME,
    speculation::NAME,
    works_before_service::NAME,
];

/// Dual values of a model's rows that the audit knows as limits, and the bound that it proves with them. Without dual
/// values the bound is that of no prices, which is one too.
pub(super) fn prices(
    fleet: &Fleet,
    settings: &Settings,
    model: &Model,
    allowance: Allowance,
) -> (Vec<Price>, UsdCents) {
    let duals = highs::duals(model, allowance).unwrap_or_default();
    let mut prices: Vec<Price> = model.rows.iter().zip(duals).filter_map(|(row, dual)| price(row, dual)).collect();
    let Bound { usd, objections } = bound(fleet, settings, &prices);
    // Not every row is told as a limit; such a price counts as nil.
    prices.retain(|price| objections.iter().all(|(unknown, _)| unknown != price));
    (prices, usd)
}

/// What the audit proves with a plan's prices under its settings, which may be others than they were found under.
pub(super) fn prove(plan: &mut Plan) {
    let Bound { usd, objections } = bound(&plan.inputs, &plan.settings, &plan.prices);
    plan.prices.retain(|price| objections.iter().all(|(unknown, _)| unknown != price));
    plan.lagrangian_bound_usd = usd;
}

/// The price of a row's limit, where it has one.
fn price(row: &Row, dual: f64) -> Option<Price> {
    let usd = if OF_MONEY.contains(&row.family) { dual } else { scale::dollars(dual) };
    // So few digits that a reader may check them by hand.
    let usd = (usd * 1e6).round() / 1e6;
    let priced = usd > 0.0 && (OF_MONEY.contains(&row.family) || OF_UNITS.contains(&row.family));
    priced.then(|| Price { family: row.family.to_owned(), key: row.key.clone(), usd })
}
