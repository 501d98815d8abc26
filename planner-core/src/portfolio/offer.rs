//! `offers/<id>.toml`, or a row of `offers.csv`.

use super::desk::{At, Desk, Named, clip};
use super::kinds::{above_zero, between, date, flag, id, months, quantity, share, share_per_year, text, word};
use super::lists::{dates_rise, shares};
use super::offer_terms::{self, Known};
use super::site::MOST_MW;
use super::table::Fields;
use super::tree::Table;
use crate::diagnostics::Code;
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::offer::{Bearer, CostBearers, Eligible, Offer, OfferStatus, PowerTerms, Tranche};
use crate::plan::MERCHANT;
use crate::units::{ItMw, Share, UsdPerKwMonth};

const STATUS: &[(&str, OfferStatus)] = &[
    ("offered", OfferStatus::Offered),
    ("letter-of-intent", OfferStatus::LetterOfIntent { plan_on: false }),
    ("signed", OfferStatus::Signed),
];
const BEARER: &[(&str, Bearer)] = &[("landlord", Bearer::Landlord), ("tenant", Bearer::Tenant)];
const POWER: &[(&str, PowerTerms)] =
    &[("passed-through", PowerTerms::PassedThrough), ("included", PowerTerms::Included)];

/// What is known of an offer, as far as it is right.
pub(super) struct OfferRead {
    pub id: OfferId,
    pub class: Option<Named>,
    pub sites: Vec<Named>,
    pub markets: Vec<Named>,
    /// Group of offers of which one is accepted.
    pub group: Option<Named>,
    /// Where its size stands.
    pub size: At,
    pub ready_by_at: At,
    pub offer: Option<Offer>,
}

/// Reads an offer.
pub(super) fn read<'a>(desk: &'a Desk<'a>, table: &'a Table, id: &str, in_csv: bool) -> OfferRead {
    let path = if in_csv { format!("{id}.") } else { String::new() };
    let fields = Fields::new(desk, table, format!("offer `{}`", clip(id)), path);
    if in_csv {
        let _ = fields.node("id");
    }
    not_called_merchant(&fields, id);
    let tenant = fields.required("tenant", text());
    let status = status(&fields);
    let size = fields.table("size", "the size").and_then(|fields| size(fields, status));
    let size_at = fields.at("size");
    let tranches = tranches(&fields, size);
    let split = fields.or("split", flag(), false, "false");
    let term = fields.required("term", months(1, 480));
    let rent = fields.required("rent", quantity::<UsdPerKwMonth>(between(0.0, 10_000.0)));
    let escalator = fields.or("escalator", share_per_year(between(-0.1, 0.2)), Share::NONE, "0 %/year");
    let ramp = shares(&fields, "ramp", "the ramp ends before the term");
    let class = fields.required("class", self::id()).map(|name| Named { name, at: fields.at("class") });
    let (sites, markets, eligible) = eligible(&fields);
    let dates = dates(&fields);
    let costs = costs(fields.table_or_empty("costs", "the costs"));
    let power = fields.or("power", word(POWER), PowerTerms::PassedThrough, "passed-through");
    let load_factor = fields.or("load_factor", share(above_zero(1.0)), Share::ALL, "100 %");
    let discount_rate =
        fields.optional_or("discount_rate", share_per_year(between(0.0, 0.5)), "the rate of the class contracted");
    let known = Known { status, max: size.map(|(_, max)| max), term };
    let terms = offer_terms::read(&fields, known);
    let group = terms.as_ref().and_then(|terms| terms.exclusive_group.clone());
    let group = group.map(|name| Named { name, at: fields.at("exclusive_group") });
    let evidence = fields.evidence();
    let ready_by_at = fields.at("ready_by");
    fields.finish(&[]);
    let class_name = class.as_ref().map(|class| class.name.clone());
    let offer = || {
        let (min, max) = size?;
        let [earliest, ready_by, long_stop] = dates?;
        let terms = terms?;
        Some(Offer {
            id: OfferId::from(id),
            tenant: tenant?,
            status: status?,
            min,
            max,
            tranches: tranches?,
            split: split?,
            term: term?,
            rent: rent?,
            escalator: escalator?,
            ramp: ramp?,
            class: class_name?,
            eligible,
            earliest,
            ready_by,
            long_stop,
            costs: costs?,
            power: power?,
            load_factor: load_factor?,
            discount_rate: discount_rate?,
            probability: terms.probability,
            late: terms.late,
            prepayment: terms.prepayment,
            advance: terms.advance,
            tenant_funded: terms.tenant_funded,
            credit: terms.credit,
            renewal: terms.renewal,
            give_up: terms.give_up,
            density: terms.density,
            redundancy: terms.redundancy,
            exclusive_group: terms.exclusive_group,
            evidence,
        })
    };
    let offer = offer();
    OfferRead { id: OfferId::from(id), class, sites, markets, group, size: size_at, ready_by_at, offer }
}

fn status(fields: &Fields<'_>) -> Option<OfferStatus> {
    let status = fields.or("status", word(STATUS), OfferStatus::Offered, "offered");
    if let Some(OfferStatus::LetterOfIntent { .. }) = status {
        let plan_on = fields.or("plan_on", flag(), false, "false")?;
        return Some(OfferStatus::LetterOfIntent { plan_on });
    }
    if fields.optional("plan_on", flag()).flatten().is_some() && status.is_some() {
        let message = "`plan_on` is only for an offer with `status = \"letter-of-intent\"`";
        fields.error(Code::Contradiction, "plan_on", message, "remove `plan_on`, or change the status");
    }
    status
}

/// Plans and ledgers name capacity without an offer so.
fn not_called_merchant(fields: &Fields<'_>, id: &str) {
    if id == MERCHANT {
        let message = format!("an offer cannot be called `{MERCHANT}`: plans name capacity without an offer so");
        fields.error(Code::Word, "id", message, "give it another name");
    }
}

fn size(fields: Fields<'_>, status: Option<OfferStatus>) -> Option<(ItMw, ItMw)> {
    let min = fields.required("min", quantity::<ItMw>(between(0.0, MOST_MW)));
    let max = fields.required("max", quantity::<ItMw>(above_zero(MOST_MW)));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let message = format!("`size.min` is {min}, more than `size.max`, {max}");
        fields.error(Code::Contradiction, "min", message, "exchange the two, or correct one of them");
    }
    if status == Some(OfferStatus::Signed) && min.is_some_and(|min| min <= ItMw::ZERO) {
        let message = "`size.min` is nil, but the offer is signed: an accepted offer must serve something";
        fields.error(Code::Contradiction, "min", message, "write the load that was signed for");
    }
    fields.finish(&[]);
    Some((min?, max?))
}

fn tranches(fields: &Fields<'_>, size: Option<(ItMw, ItMw)>) -> Option<Vec<Tranche>> {
    if !fields.has("tranches") {
        fields.default_used("tranches", "[]");
    }
    let read: Vec<(At, Option<Tranche>)> = fields
        .tables("tranches", "a tranche")
        .into_iter()
        .map(|tranche| {
            let at = tranche.at.clone();
            let by = tranche.required("by", date());
            let min = tranche.required("min", quantity::<ItMw>(between(0.0, MOST_MW)));
            tranche.finish(&[]);
            (at, by.zip(min).map(|(by, min)| Tranche { by, min }))
        })
        .collect();
    dates_rise(fields.desk, "tranches", read.iter().map(|(at, t)| (at, t.map(|t| t.by))));
    let mut before = ItMw::ZERO;
    for (at, tranche) in read.iter().filter_map(|(at, tranche)| tranche.as_ref().map(|t| (at, t))) {
        if tranche.min < before {
            let message = format!("the tranches are cumulative, but {} follows {before}", tranche.min);
            let help = "write the load reached by the date, not what is added";
            fields.desk.error(Code::Contradiction, at.clone(), message, help);
        }
        if let Some((_, max)) = size.filter(|(_, max)| tranche.min > *max) {
            let message = format!("the tranche by {} is {}, more than `size.max`, {max}", tranche.by, tranche.min);
            fields.desk.error(Code::Contradiction, at.clone(), message, "lower the tranche or raise `size.max`");
        }
        before = tranche.min;
    }
    read.into_iter().map(|(_, tranche)| tranche).collect()
}

fn eligible(fields: &Fields<'_>) -> (Vec<Named>, Vec<Named>, Eligible) {
    let (by_site, by_market) = (fields.has("sites"), fields.has("markets"));
    if by_site && by_market {
        let message = "an offer names either `sites` or `markets`, not both";
        fields.error(Code::Contradiction, "markets", message, "remove one of the two");
    }
    let sites = fields.names("sites", "site names");
    let markets = fields.names("markets", "power markets");
    for key in ["sites", "markets"] {
        if fields.is_empty_list(key) {
            let message = format!("`{key}` is empty, so the offer can be served nowhere");
            fields.warning(Code::Unused, key, message, format!("name {key}, or remove `{key}` to allow every site"));
        }
    }
    let mut site_ids: Vec<SiteId> = sites.iter().map(|site| SiteId::from(site.name.as_str())).collect();
    let mut market_names: Vec<String> = markets.iter().map(|market| market.name.clone()).collect();
    site_ids.sort();
    market_names.sort();
    let eligible = if by_site {
        Eligible::Sites(site_ids)
    } else if by_market {
        Eligible::Markets(market_names)
    } else {
        fields.default_used("sites", "anywhere");
        Eligible::Anywhere
    };
    (sites, markets, eligible)
}

type Dates = [Option<jiff::civil::Date>; 3];

fn dates(fields: &Fields<'_>) -> Option<Dates> {
    const KEYS: [&str; 3] = ["earliest", "ready_by", "long_stop"];
    let read = KEYS.map(|key| fields.optional_or(key, date(), "none"));
    let mut before: Option<(&str, jiff::civil::Date)> = None;
    for (key, date) in KEYS.into_iter().zip(read) {
        let Some(date) = date.flatten() else { continue };
        if let Some((earlier_key, earlier)) = before.filter(|(_, earlier)| *earlier > date) {
            let message = format!("`{key}` is {date}, before `{earlier_key}`, {earlier}");
            let help = "the order is `earliest`, then `ready_by`, then `long_stop`";
            fields.error(Code::Contradiction, key, message, help);
        }
        before = Some((key, date));
    }
    let [earliest, ready_by, long_stop] = read;
    Some([earliest?, ready_by?, long_stop?])
}

fn costs(fields: Fields<'_>) -> Option<CostBearers> {
    let bearer = |key| fields.or(key, word(BEARER), Bearer::Landlord, "landlord");
    let (operations, property_tax, insurance) = (bearer("operations"), bearer("property_tax"), bearer("insurance"));
    fields.finish(&[]);
    Some(CostBearers { operations: operations?, property_tax: property_tax?, insurance: insurance? })
}
