//! Changes to the facts that would resolve a conflict, with the least amount that does.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::Fleet;
use crate::domain::ids::{CrewId, HallId, OfferId, PotId, SiteId, WorkId};

/// What an amount of a repair counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Thousands of dollars.
    Money,
    /// Tenths of a MW, gross or of critical IT load.
    Power,
    /// Weeks, months, halls, periods, deliveries.
    Whole,
    /// Hundredths of an EH/s.
    Hashrate,
    /// Tenths of a percent.
    Share,
    /// Nothing: it is done or not.
    Once,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Money for a pot, in thousands of dollars.
    Pot {
        /// Which.
        pot: PotId,
        /// Released then.
        from: Date,
        /// Whether a release of that day is raised that lapses with the next.
        lapses: bool,
    },
    /// A pot keeps what is not spent.
    CarryOver {
        /// Which.
        pot: PotId,
    },
    /// The total asked for, in thousands of dollars.
    Budget,
    /// A pot pays for a site.
    PayFor {
        /// Which.
        pot: PotId,
        /// What for.
        site: SiteId,
    },
    /// A pot of its own for a site, in thousands of dollars.
    Fund {
        /// Which.
        site: SiteId,
    },
    /// Power at a site, in tenths of a MW.
    Power {
        /// Where.
        site: SiteId,
        /// The connection.
        connection: bool,
        /// Its firm part.
        firm: bool,
        /// From that day on.
        from: Date,
    },
    /// Racks at a site, in tenths of a MW.
    Racks {
        /// Where.
        site: SiteId,
    },
    /// Halls of a group.
    Halls {
        /// Where.
        site: SiteId,
        /// Which group.
        hall: HallId,
    },
    /// A site's lease is longer, in weeks.
    Lease {
        /// Where.
        site: SiteId,
    },
    /// Conversions may start later, in weeks.
    LatestStart,
    /// The model has more periods.
    Horizon,
    /// The long-stop is later, in weeks.
    LongStop {
        /// Of which offer.
        offer: OfferId,
    },
    /// Every tranche is later, in weeks.
    Tranches {
        /// Of which offer.
        offer: OfferId,
    },
    /// Tranches and long-stop are later, in weeks.
    Deadlines {
        /// Of which offer.
        offer: OfferId,
    },
    /// Commencement may be earlier, in weeks.
    Earliest {
        /// Of which offer.
        offer: OfferId,
    },
    /// The least load, and tranches above it, in tenths of a MW-IT.
    LeastSize {
        /// Of which offer.
        offer: OfferId,
    },
    /// The greatest load, in tenths of a MW-IT.
    GreatestSize {
        /// Of which offer.
        offer: OfferId,
    },
    /// Every tranche, in tenths of a MW-IT.
    TrancheLoad {
        /// Of which offer.
        offer: OfferId,
    },
    /// It is served at one more site.
    ServeAt {
        /// Which offer.
        offer: OfferId,
        /// Where too.
        site: SiteId,
    },
    /// It is served at several sites.
    Split {
        /// Which offer.
        offer: OfferId,
    },
    /// It takes a class whatever its density and redundancy.
    Accept {
        /// Which offer.
        offer: OfferId,
        /// The class.
        class: String,
    },
    /// It counts in full.
    PlanOn {
        /// Which letter of intent.
        offer: OfferId,
    },
    /// Any number of its offers is accepted.
    Group {
        /// Which.
        group: String,
    },
    /// Any number of offers is served there.
    NotExclusive {
        /// Where.
        site: SiteId,
    },
    /// Capacity without a contract, in tenths of a MW-IT.
    MerchantCap,
    /// What a market takes, in tenths of a MW-IT.
    Absorption {
        /// Which.
        market: String,
    },
    /// Halls of a crew at once.
    CrewHalls {
        /// Which.
        crew: CrewId,
    },
    /// Load that a crew energises in a year, in tenths of a MW-IT.
    CrewLoad {
        /// Which.
        crew: CrewId,
    },
    /// Deliveries in a period.
    Deliveries {
        /// Of which item.
        item: String,
    },
    /// Deliveries that may be reserved for a period.
    Reservations {
        /// Of which item.
        item: String,
    },
    /// A reservation is made later, in months.
    ReserveLead {
        /// Of which item.
        item: String,
    },
    /// A work waits for no other.
    AnyOrder {
        /// Which.
        work: WorkId,
    },
    /// A work takes fewer months.
    Shorter {
        /// Which.
        work: WorkId,
    },
    /// Hosting that does without a work, in tenths of a MW.
    Beyond {
        /// Which.
        work: WorkId,
    },
    /// A pot pays for a shared work.
    PayForWork {
        /// Which.
        pot: PotId,
        /// What for.
        work: WorkId,
    },
    /// The floor of hashrate, in hundredths of an EH/s.
    HashrateFloor,
    /// The share of hosting, in tenths of a percent.
    MixShare,
    /// The load that a tenant always may have, in tenths of a MW-IT.
    TenantFree,
    /// The load that a region always may have, in tenths of a MW-IT.
    RegionFree,
    /// Halls that a lock asks for.
    LockHalls {
        /// Its number.
        lock: usize,
    },
    /// A lock is left out.
    LeaveOut {
        /// Its number.
        lock: usize,
    },
    /// A signed offer is declined.
    DoWithout {
        /// Which.
        offer: OfferId,
    },
}

/// The least change of one kind with which a plan exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What is changed.
    pub change: Change,
    /// By how much, in the unit of the change; 1 where there is nothing to measure.
    pub amount: u32,
    /// In words.
    pub text: String,
}

impl Change {
    pub(super) fn unit(&self) -> Unit {
        match self {
            Self::Pot { .. } | Self::Budget | Self::Fund { .. } => Unit::Money,
            Self::Power { .. }
            | Self::Racks { .. }
            | Self::LeastSize { .. }
            | Self::GreatestSize { .. }
            | Self::TrancheLoad { .. }
            | Self::MerchantCap
            | Self::Absorption { .. }
            | Self::CrewLoad { .. }
            | Self::Beyond { .. }
            | Self::TenantFree
            | Self::RegionFree => Unit::Power,
            Self::Halls { .. }
            | Self::Lease { .. }
            | Self::LatestStart
            | Self::Horizon
            | Self::LongStop { .. }
            | Self::Tranches { .. }
            | Self::Deadlines { .. }
            | Self::Earliest { .. }
            | Self::CrewHalls { .. }
            | Self::Deliveries { .. }
            | Self::Reservations { .. }
            | Self::ReserveLead { .. }
            | Self::Shorter { .. }
            | Self::LockHalls { .. } => Unit::Whole,
            Self::HashrateFloor => Unit::Hashrate,
            Self::MixShare => Unit::Share,
            Self::CarryOver { .. }
            | Self::PayFor { .. }
            | Self::PayForWork { .. }
            | Self::AnyOrder { .. }
            | Self::ServeAt { .. }
            | Self::Split { .. }
            | Self::Accept { .. }
            | Self::PlanOn { .. }
            | Self::Group { .. }
            | Self::NotExclusive { .. }
            | Self::LeaveOut { .. }
            | Self::DoWithout { .. } => Unit::Once,
        }
    }

    /// With an amount, and as words about these facts.
    pub(super) fn by(self, amount: u32, fleet: &Fleet) -> Repair {
        let text = self.text(amount, fleet);
        Repair { change: self, amount, text }
    }
}

impl Repair {
    /// The same with one unit less; `None` when nothing would be left of it.
    #[must_use]
    pub fn less(&self) -> Option<Self> {
        let amount = self.amount.checked_sub(1).filter(|amount| *amount > 0)?;
        (self.change.unit() != Unit::Once).then(|| Self { amount, ..self.clone() })
    }
}
