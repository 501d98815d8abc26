//! `[[crew]]` and `[[long_lead]]` of `portfolio.toml`: what conversions
//! compete for beside money and power.

use std::collections::BTreeSet;

use super::MOST_USD;
use super::desk::{Named, clip};
use super::kinds::{between, id, integer, months, quantity, text};
use super::offer_terms::optional_table;
use super::site::MOST_MW;
use super::table::Fields;
use super::tree::Value;
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::delivery::{Crew, LongLead, Reserve, Scope};
use crate::domain::ids::{CrewId, SiteId};
use crate::domain::money::Pot;
use crate::units::{ItMwPerYear, Months, Usd};

/// Deliveries of one item in one period.
const MOST_DELIVERIES: u32 = 1_000_000;

/// What is known of a crew, as far as it is right.
pub(super) struct CrewRead {
    /// Where its scope names a region or a site.
    pub region: Option<Named>,
    pub site: Option<Named>,
    pub crew: Option<Crew>,
}

/// What is known of scarce equipment, as far as it is right.
pub(super) struct LongLeadRead {
    pub item: Option<Named>,
    pub long_lead: Option<LongLead>,
}

/// Reads the crews.
pub(super) fn crews(fields: &Fields<'_>) -> Vec<CrewRead> {
    if !fields.has("crew") {
        fields.default_used("crew", "none: crews are not limited");
    }
    let mut ids = BTreeSet::new();
    fields.tables("crew", "a crew").into_iter().map(|crew| read_crew(crew, &mut ids)).collect()
}

fn read_crew(mut fields: Fields<'_>, ids: &mut BTreeSet<String>) -> CrewRead {
    let id = fields.required("id", id());
    fields.named("crew", id.as_deref());
    if let Some(id) = id.as_ref().filter(|id| !ids.insert((*id).clone())) {
        let message = format!("there are two crews `{}`", clip(id));
        fields.error(Code::DuplicateId, "id", message, "give each crew its own name");
    }
    let (mut region, mut site) = (None, None);
    let scope = scope(&fields, &mut region, &mut site);
    let halls = fields.optional_or("halls", integer(0, 10_000), "none");
    let energised = fields.optional_or("energised", quantity::<ItMwPerYear>(between(0.0, MOST_MW)), "none");
    if !fields.has("halls") && !fields.has("energised") {
        let message = format!("{} limits nothing: it has neither `halls` nor `energised`", fields.what);
        fields.warning(Code::Unused, "id", message, "add one of them, or remove the crew");
    }
    fields.finish(&[]);
    let crew = || Some(Crew { id: CrewId::from(id?), scope: scope?, halls: halls?, energised: energised? });
    let crew = crew();
    CrewRead { region, site, crew }
}

/// `"portfolio"`, `{ region = "…" }` or `{ site = "…" }`.
fn scope(fields: &Fields<'_>, region: &mut Option<Named>, site: &mut Option<Named>) -> Option<Scope> {
    let example = "`scope = \"portfolio\"`, `scope = { region = \"…\" }` or `scope = { site = \"…\" }`";
    #[cfg(test)]
    fields.note("scope", &super::recorded::Form::Word(vec!["portfolio"]), false);
    let Some(node) = fields.node("scope") else {
        fields.missing("scope", &format!("add {example}"));
        return None;
    };
    if !matches!(node.value, Value::Table(_)) {
        if node.text().map(str::trim) == Some("portfolio") {
            return Some(Scope::Portfolio);
        }
        let message =
            format!("`scope` is {}: expected `portfolio`, or a table that names a region or a site", node.shown());
        fields.error(Code::Word, "scope", message, format!("write {example}"));
        return None;
    }
    let table = fields.table_if_there("scope", "the scope")?;
    let named = |key| table.optional(key, text()).flatten().map(|name| Named { name, at: table.at(key) });
    (*region, *site) = (named("region"), named("site"));
    if table.has("region") && table.has("site") {
        let message = "`scope` names a region and a site: expected one of the two";
        fields.error(Code::Contradiction, "scope", message, "remove one of the two; each crew has one scope");
    } else if !table.has("region") && !table.has("site") {
        table.missing("region", "add `region = \"…\"` or `site = \"…\"`");
    }
    table.finish(&[]);
    let of_region = region.as_ref().map(|region| Scope::Region(region.name.clone()));
    of_region.or_else(|| site.as_ref().map(|site| Scope::Site(SiteId::from(site.name.as_str()))))
}

/// Reads the scarce equipment.
pub(super) fn long_lead(fields: &Fields<'_>, calendar: Option<&Calendar>, pots: &[Option<Pot>]) -> Vec<LongLeadRead> {
    if !fields.has("long_lead") {
        fields.default_used("long_lead", "none: no equipment is scarce");
    }
    let mut items = BTreeSet::new();
    let tables = fields.tables("long_lead", "scarce equipment");
    tables.into_iter().map(|one| read_long_lead(one, &mut items, calendar, pots)).collect()
}

fn read_long_lead(
    mut fields: Fields<'_>,
    items: &mut BTreeSet<String>,
    calendar: Option<&Calendar>,
    pots: &[Option<Pot>],
) -> LongLeadRead {
    let item = fields.required("item", id()).map(|name| Named { name, at: fields.at("item") });
    fields.named("equipment", item.as_ref().map(|item| item.name.as_str()));
    if let Some(item) = item.as_ref().filter(|item| !items.insert(item.name.clone())) {
        let message = format!("there are two entries of the equipment `{}`", clip(&item.name));
        fields.error(Code::DuplicateId, "item", message, "keep one of the two");
    }
    let per_period = fields.required("per_period", integer(0, MOST_DELIVERIES));
    let reserve = optional_table(&fields, "reserve", "the reserve", |reserve| read_reserve(reserve, calendar));
    // A pot that could not be read may be one that pays.
    let pays = |pot: &Option<Pot>| pot.as_ref().is_none_or(|pot| pot.sites.is_none() && pot.works.is_none());
    if fields.has("reserve") && !pots.is_empty() && !pots.iter().any(pays) {
        let message = "every pot has `eligible`, so none pays a deposit and nothing can be reserved";
        fields.warning(Code::Unused, "reserve", message, "add a pot without `eligible`, or remove `reserve`");
    }
    fields.finish(&[]);
    let long_lead = || Some(LongLead { item: item.as_ref()?.name.clone(), per_period: per_period?, reserve: reserve? });
    let long_lead = long_lead();
    LongLeadRead { item, long_lead }
}

fn read_reserve(fields: Fields<'_>, calendar: Option<&Calendar>) -> Option<Reserve> {
    let most = fields.required("most", integer(1, MOST_DELIVERIES));
    let deposit = fields.required("deposit", quantity::<Usd>(between(0.0, MOST_USD)));
    let lead = fields.required("lead", months(1, 240));
    if let (Some(Months(lead)), Some(calendar)) = (lead, calendar) {
        let in_horizon = |period| calendar.first_month(period).0 >= i32::try_from(lead).unwrap_or(i32::MAX);
        if !calendar.all_periods().any(in_horizon) {
            let message =
                format!("no period of the horizon begins {lead} months after its start, so nothing can be reserved");
            fields.warning(Code::Unused, "lead", message, "correct `lead`, or remove `reserve`");
        }
    }
    fields.finish(&[]);
    Some(Reserve { most: most?, deposit: deposit?, lead: lead? })
}
