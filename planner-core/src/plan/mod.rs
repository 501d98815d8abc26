//! A plan in domain words: decisions, their ledger, and the certificate.

pub mod identity;
pub mod ledger;
pub mod read_back;
pub mod reader;
pub mod schema;
mod settings;
pub mod subject;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Period};
use crate::domain::ids::{HallId, ModelId, OfferId, PhaseId, RetrofitId, SiteId, WorkId};
use crate::domain::offer::Offer;
use crate::units::{ItMw, MilliMachines, Months, UsdCents};
use ledger::LedgerLine;
pub use settings::Settings;

/// Version of `plan.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// How sure the solver is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The gap is at most one dollar, or a millionth of the NPV.
    ProvedOptimal,
    /// The gap is at most what was asked for.
    WithinGap,
    /// The search ended within the gap asked for, and what writing thousandths of machines costs leaves more.
    RoundedBeyondGap,
    /// A limit on time was reached, or the user stopped; the plan is audited, the gap is as printed.
    TimeLimitFeasible,
    /// The limit on work was reached; the plan is audited, the gap is as printed, and both are the same on every machine.
    WorkLimitFeasible,
    /// No plan exists.
    Infeasible,
    /// A limit was reached before any plan was found.
    NoPlanFound,
}

impl Status {
    /// Whether a limit or the user ended the search before it was as sure as was asked for.
    #[must_use]
    pub const fn is_stopped(self) -> bool {
        matches!(self, Self::TimeLimitFeasible | Self::WorkLimitFeasible)
    }
}

/// The master output: everything later exports and audits need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Version of this layout.
    pub schema_version: u32,
    /// How sure the solver is.
    pub status: Status,
    /// Sum of the ledger, discounted.
    pub npv_usd: UsdCents,
    /// No plan is worth more (rounded outward).
    pub bound_usd: UsdCents,
    /// By how much the bound was raised to the NPV, where rounding to cents and thousandths of machines favours the plan
    /// over what the solver proved; nothing otherwise.
    #[serde(default)]
    pub rounding_usd: UsdCents,
    /// `bound_usd − npv_usd`.
    pub gap_usd: UsdCents,
    /// The gap as a share of max(|uplift|, 1 % of capital); `None` when both are nil.
    pub gap_share: Option<f64>,
    /// NPV of the best plan without any new commitment.
    pub twin_npv_usd: UsdCents,
    /// No plan without new commitments is worth more, where a limit stopped the search for the twin: the uplift over the
    /// best of them is at least `npv_usd − twin_bound_usd`. `None` where the twin is the best of them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub twin_bound_usd: Option<UsdCents>,
    /// `npv_usd − twin_npv_usd`: the headline.
    pub uplift_usd: UsdCents,
    /// All landlord-funded capital: the ask.
    pub capital_usd: UsdCents,
    /// SHA-256 of the canonical resolved inputs.
    pub identity: String,
    /// What shared limits are worth.
    pub prices: Vec<Price>,
    /// No plan is worth more, by these prices and without a solver (rounded outward).
    pub lagrangian_bound_usd: UsdCents,
    /// What was asked for.
    pub settings: Settings,
    /// What to do.
    pub decisions: Decisions,
    /// What it brings and costs.
    pub ledger: Vec<LedgerLine>,
    /// The best plan without any new commitment.
    pub twin: Twin,
    /// Why each site without a conversion has none, by site.
    pub sites_left: Vec<SiteLeft>,
    /// Solver and its version.
    pub solver: String,
    /// The resolved inputs.
    pub inputs: Fleet,
    /// What the audit found.
    pub audit: AuditSummary,
    /// File names and tool build: not compared.
    pub provenance: Provenance,
}

impl Plan {
    /// How far the bound without a solver lies above the NPV: in dollars, and as a share of the NPV's size.
    #[must_use]
    pub fn slack(&self) -> (UsdCents, Option<f64>) {
        let slack = self.lagrangian_bound_usd.0 - self.npv_usd.0;
        let npv = self.npv_usd.0.usd().abs();
        (UsdCents(slack), (npv > 0.0).then(|| slack.usd() / npv))
    }
}

/// What one more unit of a shared limit is worth: the dual value of its row in the model without whole numbers. Any
/// prices from nil on prove a bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Price {
    /// The limit's family.
    pub family: String,
    /// Which limit of the family.
    pub key: String,
    /// Dollars of present value a unit: MW, MW-IT, hall, delivery, EH/s, or a dollar of the limit.
    pub usd: f64,
}

/// The best plan without any new commitment: what is signed goes on, nothing
/// else is converted. It has every mining right the plan has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Twin {
    /// What it does.
    pub decisions: Decisions,
    /// What that brings and costs.
    pub ledger: Vec<LedgerLine>,
}

/// What to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decisions {
    /// Halls converted, by site, hall, retrofit, offer and start.
    pub conversions: Vec<Conversion>,
    /// Jobs shared by halls or sites.
    pub works: Vec<Work>,
    /// Every offer, accepted or not, by id.
    pub offers: Vec<OfferDecision>,
    /// Machines, by site, model, period and action.
    pub machines: Vec<MachineDecision>,
    /// Every site, by id.
    pub sites: Vec<SiteDecision>,
    /// Scarce equipment reserved, by item and period.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reservations: Vec<Reservation>,
}

/// Stands in place of a site in ledger lines that belong to none; no site may be called so.
pub const PORTFOLIO: &str = "portfolio";

/// Halls of one group converted alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conversion {
    /// Where.
    pub site: SiteId,
    /// Which hall group.
    pub hall: HallId,
    /// How.
    pub retrofit: RetrofitId,
    /// For whom; `None` is merchant capacity.
    pub offer: Option<OfferId>,
    /// How many halls.
    pub halls: u32,
    /// First day of the start period.
    pub start: Date,
    /// First day without mining; `None` for a pad.
    pub mining_off: Option<Date>,
    /// First day ready for service (`k0`).
    pub ready: Date,
    /// First day of the contract; of service for merchant capacity.
    pub commencement: Date,
    /// First day after the initial term; the horizon date for merchant capacity.
    pub term_end: Date,
    /// Critical IT load of all these halls.
    pub critical_it: ItMw,
    /// Its steps, by id; what is done is left out.
    pub phases: Vec<PlannedPhase>,
}

/// A step of a conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedPhase {
    /// Which.
    pub phase: PhaseId,
    /// First day.
    pub start: Date,
    /// First day after it.
    pub end: Date,
    /// How much later it may end without delaying service; nil on the critical path.
    pub float: Months,
}

/// Stands in place of an offer in names of merchant capacity; no offer may be called so.
pub const MERCHANT: &str = "merchant";

impl Conversion {
    /// The subject of its ledger lines, unique within its site.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{}/{}/{}@{}", self.hall, self.retrofit, self.offer_name(), self.start.strftime("%Y-%m"))
    }

    /// The offer's name, or [`MERCHANT`].
    #[must_use]
    pub fn offer_name(&self) -> &str {
        self.offer.as_ref().map_or(MERCHANT, OfferId::as_str)
    }

    /// The contract it serves; `None` for merchant capacity.
    #[must_use]
    pub fn terms<'a>(&self, fleet: &'a Fleet) -> Option<&'a Offer> {
        self.offer.as_ref().and_then(|id| fleet.offer(id))
    }
}

/// A job shared by halls or sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Work {
    /// Which.
    pub work: WorkId,
    /// First day.
    pub start: Date,
    /// First day after it.
    pub finish: Date,
}

/// An offer, accepted or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferDecision {
    /// Which.
    pub offer: OfferId,
    /// Whether it is signed in this plan.
    pub accepted: bool,
    /// Where it is served, sorted.
    pub sites: Vec<SiteId>,
    /// Critical IT load served.
    pub critical_it: ItMw,
}

/// What is done with machines. A run has its own count because power, and not
/// only racks, may bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MachineAction {
    /// Run in a period (in months with a margin).
    Run,
    /// Bought at the start of a period.
    Buy,
    /// Sold at the start of a period.
    Sell,
    /// Sent to another site, or out of storage to one, at the start of a period.
    Move,
    /// Sent to storage at the start of a period.
    Store,
    /// Run on the slack of hosted load in a period.
    Ballast,
}

/// Machines of one model at one site (or in the storage of a region) in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachineDecision {
    /// Where.
    pub site: SiteId,
    /// Which model.
    pub model: ModelId,
    /// When.
    pub period: Period,
    /// What is done.
    pub action: MachineAction,
    /// With how many.
    pub count: MilliMachines,
    /// Where they go, when moved or stored.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<SiteId>,
}

/// A site's state: it works in every period in which it is neither mothballed nor sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteDecision {
    /// Which.
    pub site: SiteId,
    /// Periods in mothballs, rising.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mothballed: Vec<Period>,
    /// Sold at the start of this period.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sold: Option<Period>,
}

impl SiteDecision {
    /// It works throughout.
    #[must_use]
    pub const fn working(site: SiteId) -> Self {
        Self { site, mothballed: vec![], sold: None }
    }
}

/// Deliveries of scarce equipment reserved by a deposit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reservation {
    /// Which.
    pub item: String,
    /// Period of delivery.
    pub period: Period,
    /// How many.
    pub count: u32,
}

impl Reservation {
    /// The subject of its ledger lines, by the period of delivery.
    #[must_use]
    pub fn subject(&self, calendar: &Calendar) -> String {
        subject::reservation(&self.item, &calendar.period_start(self.period).strftime("%Y-%m").to_string())
    }
}

/// A site without a conversion, and the first reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteLeft {
    /// Which.
    pub site: SiteId,
    /// The first reason.
    pub reason: LeftReason,
    /// The reason with names and figures, one short clause.
    pub detail: String,
}

/// Why a site is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftReason {
    /// No offer may be served there by any retrofit it allows.
    NoEligibleOffer,
    /// Firm power never carries one hall, or the offer's least load.
    FirmPower,
    /// The lease of the site ends before any contract would.
    Tenure,
    /// Nothing there is ready before the offers' long-stop dates or the horizon.
    Timing,
    /// No pot pays for the site.
    NoPot,
    /// Alone and with money, its best conversion earns less than mining.
    EarnsLessThanMining,
    /// Alone it would pay; the budget is better spent elsewhere.
    Budget,
    /// Alone it would pay by no more than the gap without the offers that the plan serves elsewhere.
    OffersTaken,
    /// Alone it would pay; beside the plan it breaks a rule that is not about money or its offers.
    OtherRule,
    /// It may pay, but by less than the gap: plans with it lie within the gap.
    WithinGap,
    /// The search ended before any reason was proved.
    Unsettled,
}

/// What the audit found, as stored in the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditSummary {
    /// Nothing was found.
    pub passed: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One thing the audit objects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule: a constraint family or money term, by its one name.
    pub rule: String,
    /// The line of the plan that is wrong.
    pub line: String,
    /// What was found and what was expected.
    pub message: String,
}

/// Where the plan comes from: never compared, never valued.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Tool and version.
    pub tool: String,
    /// Input files with the SHA-256 of their bytes, by path.
    pub files: Vec<(String, String)>,
    /// Solver threads.
    pub threads: u32,
}
