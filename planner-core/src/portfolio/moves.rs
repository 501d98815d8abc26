//! `[moves]` and `[storage]` of `portfolio.toml`: what handling a machine costs.

use super::kinds::{between, days, quantity};
use super::offer_terms::optional_table;
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::machine::{MachineHandling, Moves};
use crate::units::{Days, UsdPerMachine, UsdPerMachineMonth};

/// Days of the shortest month: a machine that is moved loses part of one month's income.
const MOST_DOWNTIME: u32 = 28;

/// Reads the two tables.
pub(super) fn read(fields: &Fields<'_>) -> Option<MachineHandling> {
    let storage = optional_table(fields, "storage", "storage", |storage| {
        let cost = storage.required("cost", quantity::<UsdPerMachineMonth>(between(0.0, 1e5)));
        storage.finish(&[]);
        cost
    });
    let handling = fields.table_or_empty("moves", "machine handling");
    let cost = || quantity::<UsdPerMachine>(between(0.0, 1e6));
    let removal = handling.or("removal", cost(), UsdPerMachine::ZERO, "0 USD/machine");
    let install = handling.or("install", cost(), UsdPerMachine::ZERO, "0 USD/machine");
    let freight = handling.optional_or("freight", cost(), "none: machines are not moved");
    if fields.has("storage") && !handling.has("freight") {
        let help = "add `freight = \"10 USD/machine\"` to `[moves]`: what is stored is carried there and back";
        handling.missing("freight", help);
    }
    let moves = moves(&handling, freight.flatten());
    handling.finish(&[]);
    Some(MachineHandling { removal: removal?, install: install?, moves: freight?.and(moves), storage: storage? })
}

/// What goes with `freight`, which switches moving on.
fn moves(fields: &Fields<'_>, freight: Option<UsdPerMachine>) -> Option<Moves> {
    let cost = quantity::<UsdPerMachine>(between(0.0, 1e6));
    if !fields.has("freight") {
        for key in ["freight_other_region", "downtime"].into_iter().filter(|key| fields.has(key)) {
            let message = format!("`{key}` is given without `freight`, which lets machines be moved");
            fields.error(Code::Contradiction, key, message, format!("add `freight`, or remove `{key}`"));
        }
        let _ = (fields.optional("freight_other_region", cost), fields.optional("downtime", days(MOST_DOWNTIME)));
        return None;
    }
    let fallback = freight.unwrap_or(UsdPerMachine::ZERO);
    let other = fields.or("freight_other_region", cost, fallback, &fallback.to_string());
    let downtime = fields.or("downtime", days(MOST_DOWNTIME), Days(0), "0 days");
    if let (Some(freight), Some(other)) = (freight, other)
        && other < freight
    {
        let message = format!("`freight_other_region` is {other}, less than `freight`, {freight}");
        let help = "freight to another region costs at least as much as within one";
        fields.error(Code::Contradiction, "freight_other_region", message, help);
    }
    Some(Moves { freight: freight?, freight_other_region: other?, downtime: downtime? })
}
