//! Files made from plans alone. Each format returns names and bytes.

pub mod csv;
#[cfg(feature = "solver")]
pub mod frontier;
pub mod html;
pub mod ics;
pub mod json;
pub mod md;
pub mod mps;
pub mod mspdi;
pub mod returns;
pub mod svg;
pub mod xlsx;
