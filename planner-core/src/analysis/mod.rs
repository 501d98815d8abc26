//! Questions asked of plans.

#[cfg(feature = "solver")]
pub mod frontier;
