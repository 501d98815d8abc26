//! `[[hall]]` of a site, or a row of `halls.csv`.

use super::MOST_USD;
use super::desk::{At, Named};
use super::kinds::{above_zero, between, date, id, integer, months, quantity, share, word};
use super::site::{MOST_MW, MOST_NOTICE};
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::ids::{HallId, RetrofitId};
use crate::domain::machine::Cooling;
use crate::domain::site::{HallGroup, HallUse, ThirdParty};
use crate::units::{GrossMw, Months, Share, Usd, UsdPerHall, UsdPerMwMonth};

/// The word of `use`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Mining,
    Pad,
    ThirdParty,
}

const USE: &[(&str, Use)] = &[("mining", Use::Mining), ("pad", Use::Pad), ("third-party", Use::ThirdParty)];
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
    let used = fields.required("use", word(USE));
    let hall_use = hall_use(&fields, used);
    let count = fields.required("count", integer(1, 10_000));
    let hall_power = fields.required("hall_power", quantity::<GrossMw>(above_zero(MOST_MW)));
    let usable_share = fields.or("usable_share", share(above_zero(1.0)), Share::ALL, "100 %");
    let cooling = fields.or("cooling", word(COOLING), Cooling::Air, "air");
    let exit_cost = exit_cost(&fields, used);
    if fields.is_row() && !fields.has("retrofits") {
        // An empty cell is the empty list of a CSV file.
        fields.default_used("retrofits", "[]");
    } else if !fields.has("retrofits") {
        fields.missing("retrofits", "add `retrofits = [\"…\"]`, or `retrofits = []` if nothing may be built here");
    }
    let retrofits = fields.names("retrofits", "retrofits");
    let at = fields.at.clone();
    fields.finish(&[]);
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
            exit_cost: exit_cost?,
            retrofits: allowed,
        })
    };
    let group = group();
    HallRead { at, id, hall_use, retrofits, group }
}

/// What the hall is used for, with the contract of a mining customer.
fn hall_use(fields: &Fields<'_>, word: Option<Use>) -> Option<HallUse> {
    if word == Some(Use::ThirdParty) {
        if !fields.has("third_party") && !fields.is_row() {
            let example = "{ margin = \"4000 USD/MW-month\", until = 2027-12-31 }";
            fields
                .missing("third_party", &format!("add `third_party = {example}`, the contract of the mining customer"));
            return None;
        }
        return fields
            .table("third_party", "the contract of the mining customer")
            .and_then(third_party)
            .map(HallUse::ThirdParty);
    }
    if word.is_some() && fields.has("third_party") {
        let message = "`third_party` is only for a hall with `use = \"third-party\"`: no other has a mining customer";
        fields.error(Code::Contradiction, "third_party", message, "remove `third_party`, or change the use");
    }
    match word? {
        Use::Mining => Some(HallUse::Mining),
        Use::Pad => Some(HallUse::Pad),
        Use::ThirdParty => None,
    }
}

fn third_party(fields: Fields<'_>) -> Option<ThirdParty> {
    let margin = fields.required("margin", quantity::<UsdPerMwMonth>(between(0.0, 1e6)));
    let until = fields.required("until", date());
    let notice = fields.or("notice", months(0, MOST_NOTICE), Months(0), "0 months");
    let fee = fields.or("fee", quantity::<Usd>(between(0.0, MOST_USD)), Usd::ZERO, "0 USD");
    fields.finish(&[]);
    Some(ThirdParty { margin: margin?, until: until?, notice: notice?, fee: fee? })
}

/// Paid for each hall in which mining stops: nothing stops on a pad.
fn exit_cost(fields: &Fields<'_>, word: Option<Use>) -> Option<Usd> {
    let cost = quantity::<UsdPerHall>(between(0.0, MOST_USD));
    if word == Some(Use::Pad) {
        if fields.has("exit_cost") {
            let message = "`exit_cost` stands on a pad, where no mining stops";
            fields.error(Code::Contradiction, "exit_cost", message, "remove `exit_cost`, or change the use");
        }
        return fields.optional("exit_cost", cost).map(|cost| cost.map_or(Usd::ZERO, UsdPerHall::each));
    }
    fields.or("exit_cost", cost, UsdPerHall::ZERO, "0 USD/hall").map(UsdPerHall::each)
}
