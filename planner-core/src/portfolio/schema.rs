//! JSON Schemas of the files that a person writes, for editors. They are made from what the readers ask for
//! (`portfolio/tests/schemas.rs`, which fails when one differs) and from the data reference.

/// A schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// What it is asked for by.
    pub name: &'static str,
    /// The files that it describes.
    pub files: &'static str,
    /// The schema as JSON, draft 2020-12.
    pub text: &'static str,
}

/// Every schema of an input, by name. TOML dates are strings there, as editors take them.
pub const ALL: [Schema; 6] = [
    Schema { name: "deck", files: "library/decks/<deck>/deck.toml", text: include_str!("../../schemas/deck.json") },
    Schema { name: "offer", files: "offers/<id>.toml", text: include_str!("../../schemas/offer.json") },
    Schema { name: "portfolio", files: "portfolio.toml", text: include_str!("../../schemas/portfolio.json") },
    Schema {
        name: "retrofit",
        files: "library/retrofits/<id>.toml",
        text: include_str!("../../schemas/retrofit.json"),
    },
    Schema { name: "site", files: "sites/<id>.toml", text: include_str!("../../schemas/site.json") },
    Schema { name: "work", files: "works/<id>.toml", text: include_str!("../../schemas/work.json") },
];
