//! Everything that can be decided, priced: one column per decision, each with
//! its own dated lines in exact unit cents.
//!
//! A plan's ledger is `unit cents × count` over these columns, and so is the
//! solver's objective; nothing is priced twice.

mod ballast;
mod contract;
mod enumerate;
mod exit;
mod hall;
mod hub;
mod lines;
mod machines;
mod minimum_bill;
mod moves;
mod refusal;
mod site;
mod site_state;
mod tenancy;
mod third_party;
mod works;

pub use enumerate::{Options, enumerate, enumerate_capital};
pub use hall::{Dates, HallOption, conversion_dates};
pub use hub::{Hub, HubPeriod};
pub use lines::{UnitLine, present_value_usd};
pub(crate) use machines::months_ours;
pub use machines::{MachinePeriod, MachineTrack};
pub use minimum_bill::LeastBill;
pub use moves::Arrival;
pub use refusal::{Refusal, RefusalReason};
pub use site::{HostingOption, SetupOption, SiteLines};
pub use site_state::{MothballOption, SaleOption};
pub use works::{ReservationOption, WorkOption};
