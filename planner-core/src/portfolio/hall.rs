//! `[[hall]]` of a site, or a row of `halls.csv`.

use super::desk::{At, Named};
use super::kinds::{above_zero, id, integer, quantity, share, word};
use super::site::MOST_MW;
use super::table::Fields;
use crate::domain::ids::{HallId, RetrofitId};
use crate::domain::machine::Cooling;
use crate::domain::site::{HallGroup, HallUse};
use crate::units::{GrossMw, Share, Usd};

const LATER: &[&str] = &["third_party"];

const USE: &[(&str, HallUse)] = &[("mining", HallUse::Mining), ("pad", HallUse::Pad)];
pub(super) const COOLING: &[(&str, Cooling)] =
    &[("air", Cooling::Air), ("hydro", Cooling::Hydro), ("immersion", Cooling::Immersion)];

/// What is known of a hall group, as far as it is right.
pub(super) struct HallRead {
    pub at: At,
    pub id: Option<Named>,
    pub hall_use: Option<HallUse>,
    pub retrofits: Vec<Named>,
    pub group: Option<HallGroup>,
}

/// Reads a hall group.
pub(super) fn read(mut fields: Fields<'_>) -> HallRead {
    // The site of a row of `halls.csv`, read before.
    if fields.is_row() {
        let _ = fields.node("site");
    }
    let id = fields.required("id", id()).map(|name| Named { name, at: fields.at("id") });
    fields.named("hall", id.as_ref().map(|id| id.name.as_str()));
    let hall_use = match fields.node("use") {
        Some(node) if node.text() == Some("third-party") => {
            fields.later("third-party", &node.at);
            None
        }
        _ => fields.required("use", word(USE)),
    };
    let count = fields.required("count", integer(1, 10_000));
    let hall_power = fields.required("hall_power", quantity::<GrossMw>(above_zero(MOST_MW)));
    let usable_share = fields.or("usable_share", share(above_zero(1.0)), Share::ALL, "100 %");
    let cooling = fields.or("cooling", word(COOLING), Cooling::Air, "air");
    if fields.is_row() && !fields.has("retrofits") {
        // An empty cell is the empty list of a CSV file.
        fields.default_used("retrofits", "[]");
    } else if !fields.has("retrofits") {
        fields.missing("retrofits", "add `retrofits = [\"…\"]`, or `retrofits = []` if nothing may be built here");
    }
    let retrofits = fields.names("retrofits", "retrofits");
    let at = fields.at.clone();
    fields.finish(LATER);
    let group = || {
        let mut allowed: Vec<RetrofitId> = retrofits.iter().map(|r| RetrofitId::from(r.name.as_str())).collect();
        allowed.sort();
        Some(HallGroup {
            id: HallId::from(id.as_ref()?.name.as_str()),
            hall_use: hall_use?,
            count: count?,
            hall_power: hall_power?,
            usable_share: usable_share?,
            cooling: cooling?,
            exit_cost: Usd::ZERO,
            retrofits: allowed,
        })
    };
    let group = group();
    HallRead { at, id, hall_use, retrofits, group }
}
