//! Checked facts in typed units. Everything after `portfolio` works on a
//! [`Fleet`] and re-checks nothing.

pub mod calendar;
pub mod delivery;
pub mod evidence;
#[cfg(test)]
pub(crate) mod fixture;
pub mod ids;
pub mod loads;
pub mod machine;
pub mod market;
pub mod money;
pub mod offer;
pub mod policy;
pub mod retrofit;
pub mod site;
pub mod work;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use calendar::Calendar;
use delivery::{Crew, LongLead};
use ids::{ModelId, OfferId, RetrofitId, SiteId, WorkId};
use machine::{MachineHandling, MachineLot, MachineModel};
use market::Deck;
use money::{Money, Pot};
use offer::{Offer, OfferStatus};
use policy::{Lock, LockKind, Policies};
use retrofit::Retrofit;
use site::Site;
use work::Work;

use crate::units::{ItMw, Usd};

/// A portfolio, checked: the only input of every later pass. Things are sorted
/// by id, so that the order of input rows never matters; pots keep file order,
/// which is their meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fleet {
    /// As printed.
    pub name: String,
    /// Periods and months.
    pub calendar: Calendar,
    /// Rates and escalation.
    pub money: Money,
    /// Capital budgets in file order; none means capital is not limited.
    pub pots: Vec<Pot>,
    /// Greatest load built without an accepted offer; `None` switches merchant building off.
    pub merchant: Option<ItMw>,
    /// Policies.
    pub policies: Policies,
    /// Decisions that are taken already, in file order.
    pub locks: Vec<Lock>,
    /// What handling a machine costs.
    pub handling: MachineHandling,
    /// Works, sorted by id.
    pub works: Vec<Work>,
    /// Crews, sorted by id.
    pub crews: Vec<Crew>,
    /// Scarce equipment, sorted by item; what is not listed is not scarce.
    pub long_lead: Vec<LongLead>,
    /// Prices and network.
    pub deck: Deck,
    /// Sites.
    pub sites: Vec<Site>,
    /// Retrofits that some hall allows.
    pub retrofits: Vec<Retrofit>,
    /// Hosting contracts.
    pub offers: Vec<Offer>,
    /// Machine models that are owned or can be bought.
    pub models: Vec<MachineModel>,
    /// The ASIC fleet at the start.
    pub machines: Vec<MachineLot>,
}

impl Fleet {
    /// The named site.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.sites.iter().find(|s| s.id == *id)
    }

    /// A place as people call it: a site by its name, with the id where two sites bear the same; the storage of a region.
    #[must_use]
    pub fn place(&self, id: &SiteId) -> String {
        if let Some(region) = id.as_str().strip_prefix("storage/") {
            return format!("storage {region}");
        }
        let Some(site) = self.site(id) else { return id.to_string() };
        let namesakes = self.sites.iter().filter(|other| other.name == site.name).count();
        if namesakes > 1 || site.name.is_empty() { self.place_and_id(id) } else { site.name.clone() }
    }

    /// The same with the id beside it, where that is to be typed: `Panther Creek (panther-creek)`.
    #[must_use]
    pub fn place_and_id(&self, id: &SiteId) -> String {
        let name = self.site(id).map_or("", |site| site.name.as_str());
        if name.is_empty() || name == id.as_str() { id.to_string() } else { format!("{name} ({id})") }
    }

    /// A retrofit as people call it.
    #[must_use]
    pub fn retrofit_name<'a>(&'a self, id: &'a RetrofitId) -> &'a str {
        self.retrofit(id).map_or(id.as_str(), |retrofit| retrofit.name.as_str())
    }

    /// The named retrofit.
    #[must_use]
    pub fn retrofit(&self, id: &RetrofitId) -> Option<&Retrofit> {
        self.retrofits.iter().find(|r| r.id == *id)
    }

    /// The named offer.
    #[must_use]
    pub fn offer(&self, id: &OfferId) -> Option<&Offer> {
        self.offers.iter().find(|o| o.id == *id)
    }

    /// Whether an offer is signed, or counts as signed because halls have started for it.
    #[must_use]
    pub fn committed(&self, offer: &Offer) -> bool {
        let started = |lock: &Lock| lock.kind == LockKind::Started && lock.offer.as_ref() == Some(&offer.id);
        offer.status == OfferStatus::Signed || self.locks.iter().any(started)
    }

    /// The named work.
    #[must_use]
    pub fn work(&self, id: &WorkId) -> Option<&Work> {
        self.works.iter().find(|w| w.id == *id)
    }

    /// The named machine model.
    #[must_use]
    pub fn model(&self, id: &ModelId) -> Option<&MachineModel> {
        self.models.iter().find(|m| m.id == *id)
    }

    /// What all pots release together.
    #[must_use]
    pub fn released(&self) -> Usd {
        self.pots.iter().flat_map(|pot| &pot.release).map(|release| release.amount).sum()
    }

    /// The pot that pays for a site: the first eligible in file order.
    #[must_use]
    pub fn pot_of(&self, site: &SiteId) -> Option<&Pot> {
        self.pots.iter().find(|pot| pot.eligible(site))
    }

    /// The pot that pays for a work: its site's, or the first that may pay for a shared one.
    #[must_use]
    pub fn pot_of_work(&self, work: &Work) -> Option<&Pot> {
        match &work.site {
            Some(site) => self.pot_of(site),
            None => self.pots.iter().find(|pot| pot.eligible_work(&work.id)),
        }
    }

    /// The pot that pays deposits on scarce equipment: the first that pays for everything.
    #[must_use]
    pub fn pot_of_deposits(&self) -> Option<&Pot> {
        self.pots.iter().find(|pot| pot.sites.is_none() && pot.works.is_none())
    }
}
