//! Questions asked of plans.

#[cfg(feature = "solver")]
pub mod bid;
#[cfg(feature = "solver")]
pub mod explain;
#[cfg(feature = "solver")]
pub mod frontier;
#[cfg(feature = "solver")]
pub mod horizon;
#[cfg(feature = "solver")]
pub mod price_of;
