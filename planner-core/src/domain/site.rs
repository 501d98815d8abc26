//! Sites and their hall groups.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Period};
use super::evidence::Evidence;
use super::ids::{HallId, PhaseId, RetrofitId, SiteId};
use super::machine::Cooling;
use crate::units::{GrossMw, HoursPerYear, Months, Ratio, Share, Usd, UsdPerKw, UsdPerMwMonth, UsdPerMwh, UsdPerYear};

/// A mining facility behind one grid connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    /// The stem of its file.
    pub id: SiteId,
    /// As printed.
    pub name: String,
    /// Where it is.
    pub location: Location,
    /// Owned, or leased until a date.
    pub tenure: Tenure,
    /// At most one offer is served here; merchant capacity does not count.
    pub exclusive: bool,
    /// Fixed cost of hosting, from the first service at the site.
    pub hosting_fixed_cost: UsdPerYear,
    /// Factor on every retrofit cost line at this site.
    pub cost_factor: Share,
    /// Whether it can be mothballed or sold.
    pub exit: Exit,
    /// Grid connection and its price.
    pub power: Power,
    /// Mining at this site.
    pub mining: SiteMining,
    /// Hall groups, sorted by id.
    pub halls: Vec<HallGroup>,
    /// What differs from the library here, sorted by retrofit.
    pub overrides: Vec<RetrofitOverride>,
    /// Where the figures come from.
    pub evidence: Evidence,
}

impl Site {
    /// Whether the site is ours on a day: a lease ends with its last day.
    #[must_use]
    pub fn held_on(&self, day: Date) -> bool {
        match self.tenure {
            Tenure::Owned => true,
            Tenure::Leased { until, .. } => day <= until,
        }
    }

    /// What differs from the library's retrofit at this site, if anything.
    #[must_use]
    pub fn override_of(&self, retrofit: &RetrofitId) -> Option<&RetrofitOverride> {
        self.overrides.iter().find(|o| o.retrofit == *retrofit)
    }

    /// The same to be changed; where nothing differs yet, one that changes nothing.
    pub fn override_mut(&mut self, retrofit: &RetrofitId) -> &mut RetrofitOverride {
        if self.override_of(retrofit).is_none() {
            let own = RetrofitOverride { retrofit: retrofit.clone(), phases: vec![], cost_factor: Share::ALL };
            self.overrides.push(own);
            self.overrides.sort_by(|a, b| a.retrofit.cmp(&b.retrofit));
        }
        // It is there.
        let at = self.overrides.iter().position(|one| one.retrofit == *retrofit).unwrap_or_default();
        &mut self.overrides[at]
    }

    /// The named hall group.
    #[must_use]
    pub fn hall(&self, id: &HallId) -> Option<&HallGroup> {
        self.halls.iter().find(|h| h.id == *id)
    }
}

/// Where a site is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// State or province, as printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub state: Option<String>,
    /// Country, as printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<String>,
    /// Power market; offers may be bound to markets.
    pub market: String,
    /// Region for crews and freight.
    pub region: String,
}

/// How the site is held.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tenure {
    /// Owned.
    Owned,
    /// Leased: a contract whose term outlasts the lease cannot be signed, and with the lease end mining, the
    /// costs of the site and the value of its connection.
    Leased {
        /// Last day of the lease.
        until: Date,
        /// Rent paid for the site.
        rent: UsdPerYear,
    },
}

/// A value in force from a date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PowerStep {
    /// First day.
    pub from: Date,
    /// Power from then on, replacing the step before.
    pub power: GrossMw,
}

/// Grid connection and its price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Power {
    /// Connection by date, dates rising.
    pub connection: Vec<PowerStep>,
    /// The firm part of it by date, dates rising; the rest is interruptible.
    pub firm: Vec<PowerStep>,
    /// Price of energy.
    pub energy_price: EnergyPrice,
    /// Demand charge on IT MW · PUE, where power is included in the rent.
    pub demand_charge: UsdPerMwMonth,
    /// Charge on gross hosted MW from ready for service.
    pub firm_charge: UsdPerMwMonth,
    /// Paid for standing by to switch off.
    pub demand_response: Option<DemandResponse>,
    /// Share of the hours in which hosted load leaves its slack to machines; `None`: never.
    pub ballast: Option<Share>,
    /// Least bill for energy, used or not.
    pub minimum_bill: Option<MinimumBill>,
    /// Told to the supplier before mining stops in a hall.
    pub notice: Months,
}

impl Power {
    /// Connection that counts in a period: steps dated on or before its first day.
    #[must_use]
    pub fn connection_in(&self, calendar: &Calendar, period: Period) -> GrossMw {
        in_force(&self.connection, calendar.period_start(period))
    }

    /// Firm power that counts in a period.
    #[must_use]
    pub fn firm_in(&self, calendar: &Calendar, period: Period) -> GrossMw {
        in_force(&self.firm, calendar.period_start(period))
    }
}

fn in_force(steps: &[PowerStep], on: Date) -> GrossMw {
    steps.iter().rev().find(|step| step.from <= on).map_or(GrossMw::ZERO, |step| step.power)
}

/// Price of energy at a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EnergyPrice {
    /// A price of the price date; escalates by `money.power_escalation`.
    Fixed(UsdPerMwh),
    /// The named `power:<name>` column of the deck.
    Deck(String),
}

/// A credit for machines that switch off when the grid asks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DemandResponse {
    /// For the power of machines that run.
    pub credit: UsdPerMwMonth,
    /// Hours in which they do not run.
    pub hours: HoursPerYear,
}

/// Least bill for the energy of a site.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinimumBill {
    /// A twelfth of it is owed each month.
    pub amount: UsdPerYear,
    /// Counts months that begin on or before this day.
    pub until: Date,
}

/// Ways to leave a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exit {
    /// Share of the fixed cost that goes on in mothballs; `None`: it cannot be mothballed.
    pub mothball: Option<Share>,
    /// Price of its connection; `None`: it is not for sale.
    pub sale: Option<UsdPerKw>,
}

/// Mining at a site.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteMining {
    /// Share of hours in which machines run.
    pub uptime: Share,
    /// Cooling and loss on machine power.
    pub overhead: Share,
    /// Air-cooled racks outside the hall groups.
    pub spare_racks: GrossMw,
    /// Fixed cost of the site, every period, plan and twin.
    pub fixed_cost: UsdPerYear,
}

/// What a hall group is used for today.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HallUse {
    /// Holds our machines.
    Mining,
    /// Empty space that can be built on.
    Pad,
    /// Hosts a customer's machines.
    ThirdParty(ThirdParty),
}

/// A mining customer's contract for a hall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThirdParty {
    /// On the hall's power, each month.
    pub margin: UsdPerMwMonth,
    /// Its last day; it is not renewed.
    pub until: Date,
    /// How long before its end it must be given notice.
    pub notice: Months,
    /// Paid for each hall whose contract is ended early.
    pub fee: Usd,
}

/// Identical halls, each converted whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HallGroup {
    /// Unique within the site.
    pub id: HallId,
    /// What it is used for today.
    pub hall_use: HallUse,
    /// How many halls.
    pub count: u32,
    /// Gross power of each.
    pub hall_power: GrossMw,
    /// Share of `hall_power` that is reserved once the hall is hosted.
    pub usable_share: Share,
    /// Kind of machine its racks take.
    pub cooling: Cooling,
    /// Paid for each hall when mining stops in it, beside a customer's fee.
    pub exit_cost: Usd,
    /// What may be built here, sorted.
    pub retrofits: Vec<RetrofitId>,
}

impl HallGroup {
    /// Gross power that one hosted hall reserves.
    #[must_use]
    pub fn reserved(&self) -> GrossMw {
        self.hall_power * self.usable_share.0
    }

    /// Critical IT load of one hall under a retrofit of this ratio.
    #[must_use]
    pub fn critical_it(&self, gross_to_critical: Ratio) -> crate::units::ItMw {
        self.reserved().critical_it(gross_to_critical)
    }

    /// Racks that one hall offers to machines while it mines.
    #[must_use]
    pub fn racks(&self) -> GrossMw {
        match self.hall_use {
            HallUse::Mining => self.hall_power,
            HallUse::Pad | HallUse::ThirdParty(_) => GrossMw::ZERO,
        }
    }
}

/// What differs from the library's retrofit at one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetrofitOverride {
    /// Which retrofit.
    pub retrofit: RetrofitId,
    /// Months of single phases; a phase of 0 months is done and paid.
    pub phases: Vec<(PhaseId, Months)>,
    /// Further factor on every cost line.
    pub cost_factor: Share,
}

impl RetrofitOverride {
    /// Gives a phase another length.
    pub fn set(&mut self, id: PhaseId, months: Months) {
        self.phases.retain(|(phase, _)| *phase != id);
        self.phases.push((id, months));
        self.phases.sort();
    }
}
