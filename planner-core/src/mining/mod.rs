//! What a machine earns, and what it is worth.
//!
//! The book's page "How money is counted" states every formula.

mod hashprice;
mod margin;
mod resale;

pub use hashprice::{
    Hashprice, bitcoin, break_even_hashprice, btc_price_at, hashprice, network_of_difficulty, subsidy,
};
pub use margin::{Miner, MonthlyMargin, energy_price, monthly_survival};
pub use resale::{price_in, purchase_price, resale_in, resale_price};
