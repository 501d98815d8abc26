//! Keys of the parts of the model that this version does not plan: refused wherever they stand, never read and ignored.

/// Tax, project debt, liquidity, our own effect on the network, other currencies, more than one deck.
const PARTS: &[&str] = &[
    "tax",
    "taxes",
    "tax_rate",
    "depreciation",
    "valuation",
    "debt",
    "project_debt",
    "dscr",
    "ltc",
    "liquidity",
    "opening_cash",
    "cash_floor",
    "network_effect",
    "own_hashrate",
    "currency",
    "currencies",
    "exchange_rate",
    "exchange_rates",
    "fx",
    "decks",
    "scenario",
    "scenarios",
    "monte_carlo",
    "simulation",
];

/// Whether a key belongs to such a part. A reader that takes the key itself has asked for it before.
pub(super) fn is_later(key: &str) -> bool {
    PARTS.contains(&key)
}
