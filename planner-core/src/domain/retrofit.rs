//! Retrofits: ways to convert a hall.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::{PhaseId, RetrofitId};
use crate::units::{KwPerRack, Months, Ratio, Share, UsdPerHall, UsdPerKw, UsdPerKwIt, UsdPerKwItYear, UsdPerSite};

/// One way to convert a hall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Retrofit {
    /// The stem of its file.
    pub id: RetrofitId,
    /// As printed.
    pub name: String,
    /// What an offer's `class` must equal.
    pub class: String,
    /// Gross (utility) MW per critical IT MW.
    pub gross_to_critical: Ratio,
    /// Power usage effectiveness: energy only.
    pub pue: Ratio,
    /// Power that one of its racks may draw.
    pub density: Option<KwPerRack>,
    /// Redundancy of power and cooling.
    pub redundancy: Option<Redundancy>,
    /// Operating cost.
    pub opex: Opex,
    /// On every cost line.
    pub contingency: Share,
    /// Share of the reserved load that merchant capacity draws; an offer states its own.
    pub merchant_load_factor: Share,
    /// Steps of the work, sorted by id.
    pub phases: Vec<Phase>,
    /// Cost lines, sorted by category and phase.
    pub costs: Vec<CostLine>,
    /// Where the figures come from.
    pub evidence: Evidence,
}

/// Yearly operating cost per kW of critical IT load, in money of the price date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Opex {
    /// Staff, maintenance, site services.
    pub operations: UsdPerKwItYear,
    /// Property tax.
    pub property_tax: UsdPerKwItYear,
    /// Insurance.
    pub insurance: UsdPerKwItYear,
    /// Per year from the price date.
    pub escalation: Share,
}

/// A step of a retrofit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    /// Unique within the retrofit.
    pub id: PhaseId,
    /// Length; 0 months means done and paid.
    pub months: Months,
    /// Phases that must end before it starts.
    pub after: Vec<PhaseId>,
    /// Machines stop when it starts.
    pub stops_mining: bool,
    /// Occupies a crew.
    pub on_site: bool,
}

/// What a cost amount is per.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CostBasis {
    /// Per kW of critical IT load.
    ItLoad(UsdPerKwIt),
    /// Per kW of reserved gross power.
    GrossPower(UsdPerKw),
    /// Per hall.
    Hall(UsdPerHall),
    /// Once per site, with the first hall of that retrofit there.
    Site(UsdPerSite),
}

/// When a cost line is paid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Payment {
    /// In equal parts over the months of the phase.
    Even,
    /// A share in the first month of the phase, the balance in its last.
    Deposit(Share),
}

/// One cost of a retrofit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostLine {
    /// cooling, power, building, network, gpu, soft, …
    pub category: String,
    /// Amount and what it is per, in money of the price date.
    pub basis: CostBasis,
    /// The phase it belongs to.
    pub phase: PhaseId,
    /// When it is paid.
    pub payment: Payment,
    /// It wears out: it is paid again, at once, each time so many months of service have passed.
    pub life: Option<Months>,
    /// Scarce equipment that is delivered for it, in the last month of its phase.
    pub equipment: Option<Equipment>,
}

/// Scarce equipment of one hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Equipment {
    /// Which.
    pub item: String,
    /// How many for each hall.
    pub count: u32,
}

/// Redundancy of power and cooling, rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Redundancy {
    /// None.
    N,
    /// One spare.
    #[serde(rename = "n+1")]
    NPlusOne,
    /// Two of everything.
    #[serde(rename = "2n")]
    TwoN,
}
