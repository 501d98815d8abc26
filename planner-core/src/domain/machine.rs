//! The ASIC fleet.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::{ModelId, SiteId};
use crate::units::{Days, MilliMachines, Months, Share, TeraHash, UsdPerMachine, UsdPerMachineMonth, Watts};

/// How a machine is cooled, and so which racks it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cooling {
    /// Fans.
    Air,
    /// Water blocks.
    Hydro,
    /// Dielectric fluid.
    Immersion,
}

/// An ASIC model of the price library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachineModel {
    /// As the library spells it.
    pub id: ModelId,
    /// Hashrate of one machine.
    pub hashrate: TeraHash,
    /// Power of one machine, without overhead.
    pub power: Watts,
    /// Racks it fits.
    pub cooling: Cooling,
    /// Share of machines that fail for good, per year.
    pub failure: Share,
    /// Where the figures come from.
    pub evidence: Evidence,
}

/// Machines of one model at one site at the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachineLot {
    /// Where.
    pub site: SiteId,
    /// Which model.
    pub model: ModelId,
    /// How many.
    pub count: MilliMachines,
    /// Book value of each.
    pub book: UsdPerMachine,
    /// Months left on the books.
    pub life_left: Months,
    /// Where the figures come from.
    pub evidence: Evidence,
}

/// What handling a machine costs.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct MachineHandling {
    /// Taking it off its rack, when sold.
    pub removal: UsdPerMachine,
    /// Putting it on a rack, when bought or moved.
    pub install: UsdPerMachine,
    /// Moving it to another site; `None`: machines are never moved.
    pub moves: Option<Moves>,
    /// Keeping it off its rack; `None`: there is no storage. Needs `moves`.
    pub storage: Option<UsdPerMachineMonth>,
}

/// What a move costs beside removal and installation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moves {
    /// Within a region.
    pub freight: UsdPerMachine,
    /// To another region; at least `freight`.
    pub freight_other_region: UsdPerMachine,
    /// Days of the destination's income that are lost.
    pub downtime: Days,
}

/// Machines in storage stand in a region; decisions name that place like a site.
#[must_use]
pub fn storage_in(region: &str) -> SiteId {
    SiteId::from(format!("storage/{region}"))
}
