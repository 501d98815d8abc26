//! Why an option does not exist.

use crate::domain::calendar::Period;
use crate::domain::ids::{HallId, OfferId, RetrofitId, SiteId};

/// An option that does not exist, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub site: SiteId,
    /// Which hall group.
    pub hall: HallId,
    /// How.
    pub retrofit: RetrofitId,
    /// For whom.
    pub offer: OfferId,
    /// Start period; `None` when no start makes a difference.
    pub start: Option<Period>,
    /// Why.
    pub reason: RefusalReason,
}

/// Why an option does not exist; the later in this list, the closer it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalReason {
    /// The offer wants another class of retrofit.
    Class,
    /// The offer cannot be served at this site.
    NotEligible,
    /// A letter of intent, and they are left out.
    LetterOfIntent,
    /// The site can never carry the offer's least load, or one hall exceeds its greatest.
    Size,
    /// No pot pays for the site.
    NoPot,
    /// Not in service, or not commenced, within the horizon.
    Horizon,
    /// Ready only after the long-stop date.
    LongStop,
    /// The lease of the site ends before the contract.
    Tenure,
    /// Connection or firm power does not carry one hall from its service on.
    Power,
}

impl RefusalReason {
    /// As a clause of a sentence.
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Class => "the offer wants another class of retrofit",
            Self::NotEligible => "the offer cannot be served there",
            Self::LetterOfIntent => "the offer is only a letter of intent",
            Self::Size => "the halls there cannot carry the offer's size",
            Self::NoPot => "no pot pays for the site",
            Self::Tenure => "the site's lease ends before the contract would",
            Self::LongStop => "it would be ready after the long-stop date",
            Self::Horizon => "it would not be in service within the horizon",
            Self::Power => "firm power does not carry a hall",
        }
    }
}
