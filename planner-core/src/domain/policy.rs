//! Rules of the house of the portfolio's owner: policies and locks.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::{HallId, OfferId, RetrofitId, SiteId, WorkId};
use crate::units::{ItMw, Share, TeraHash, Usd};

/// Policies; an absent one makes no rule. The twin keeps none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Policies {
    /// Least share of hosting in revenue.
    pub mix: Option<MixPolicy>,
    /// Least hashrate of running machines.
    pub hashrate: Option<HashratePolicy>,
    /// Greatest load of one tenant.
    pub tenant: Option<CapPolicy>,
    /// Greatest load in one region.
    pub region: Option<CapPolicy>,
}

/// Hosting is at least this share of revenue, in every calendar year from a date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MixPolicy {
    /// Of hosting and mining revenue.
    pub share: Share,
    /// Counts periods that begin on or after this day.
    pub from: Date,
}

/// Running machines hash at least this much between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HashratePolicy {
    /// At least.
    pub floor: TeraHash,
    /// In periods that begin on or after this day …
    pub from: Date,
    /// … and on or before this day.
    pub to: Date,
}

/// The load of one tenant (region) is at most `cap · all contracted load + free`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CapPolicy {
    /// Share of all contracted load.
    pub cap: Share,
    /// Load that is always allowed.
    pub free: ItMw,
}

/// A decision that is taken already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lock {
    /// What it demands.
    pub kind: LockKind,
    /// Where; absent means anywhere.
    pub site: Option<SiteId>,
    /// Which hall group; needs `site`.
    pub hall: Option<HallId>,
    /// How; absent means in any way.
    pub retrofit: Option<RetrofitId>,
    /// For whom; absent means for anybody.
    pub offer: Option<OfferId>,
    /// First day of the start; absent means at any time.
    pub start: Option<Date>,
    /// The work it is about instead of conversions; then it names nothing else but a start.
    pub work: Option<WorkId>,
    /// At least so many halls (force, started).
    pub halls: u32,
    /// Sunk before the horizon: printed, never in the ledger.
    pub spent: Usd,
}

/// What a lock demands of the conversions it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LockKind {
    /// At least `halls` of them are in the plan; the twin drops it.
    Force,
    /// None of them is in the plan.
    Forbid,
    /// Exactly `halls` of them have started on `start`, before the horizon: in plan and twin.
    Started,
}
