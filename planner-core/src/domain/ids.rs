//! Names of things, as the portfolio's files spell them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident; )+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl From<&str> for $name { fn from(text: &str) -> Self { Self(text.to_owned()) } }
        impl From<String> for $name { fn from(text: String) -> Self { Self(text) } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(&self.0) }
        }
    )+ };
}

ids! {
    /// A site: the stem of its file.
    SiteId;
    /// A hall group, unique within its site.
    HallId;
    /// A retrofit of the price library.
    RetrofitId;
    /// A phase of a retrofit.
    PhaseId;
    /// A hosting contract.
    OfferId;
    /// An ASIC model.
    ModelId;
    /// A capital budget.
    PotId;
    /// A work: `<site>/<id>`, or `<id>` when sites share it.
    WorkId;
    /// A crew.
    CrewId;
}
