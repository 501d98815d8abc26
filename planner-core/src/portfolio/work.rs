//! `[[work]]` of a site, `works/<id>.toml`, or a row of `works.csv`. Whether
//! what they name exists and fits is checked in `worked`.

use super::MOST_USD;
use super::desk::{At, Desk, Named, clip};
use super::kinds::{between, date, id, months, quantity, text};
use super::site::MOST_MW;
use super::table::Fields;
use super::tree::Table;
use crate::domain::evidence::Evidence;
use crate::domain::ids::{SiteId, WorkId};
use crate::domain::work::Effect;
use crate::units::{GrossMw, Months, Usd};

/// Months of the longest work.
const MOST_WORK_MONTHS: u32 = 480;

/// What is known of a work, as far as it is right.
pub(super) struct WorkRead {
    pub at: At,
    /// As the file spells it.
    pub id: Option<Named>,
    /// The site it belongs to; `None` for a shared one.
    pub site: Option<SiteId>,
    pub after: Vec<Named>,
    pub adds: Vec<EffectRead>,
    pub needed: Option<NeededRead>,
    pub facts: Option<WorkFacts>,
}

/// What names nothing else.
#[derive(Clone)]
pub(super) struct WorkFacts {
    pub name: String,
    pub months: Months,
    pub cost: Usd,
    pub category: String,
    pub evidence: Evidence,
}

/// What a work adds to a site.
pub(super) struct EffectRead {
    /// As a shared work names it; where an own work adds something is known.
    pub site: Option<Named>,
    /// Of the date of a longer lease.
    pub tenure_at: At,
    pub effect: Option<Effect>,
}

/// The halls that need a work.
pub(super) struct NeededRead {
    pub halls: Vec<Named>,
    pub sites: Vec<Named>,
    /// All halls of the site of an own work.
    pub whole_site: bool,
    pub beyond: Option<GrossMw>,
}

impl WorkRead {
    /// The name that plans and locks have for it.
    pub fn full_id(&self) -> Option<WorkId> {
        let id = &self.id.as_ref()?.name;
        Some(WorkId::from(self.site.as_ref().map_or_else(|| id.clone(), |site| format!("{site}/{id}"))))
    }
}

/// Whether a row of `works.csv` is a work of a site.
pub(super) fn is_of_a_site(row: &Table) -> bool {
    row.entries.iter().any(|entry| entry.key == "site")
}

/// Reads a work of a site.
pub(super) fn read_own(mut fields: Fields<'_>, site: &str) -> WorkRead {
    // The site of a row of `works.csv`, read before.
    if fields.is_row() {
        let _ = fields.node("site");
    }
    let id = fields.required("id", id()).map(|name| Named { name, at: fields.at("id") });
    fields.named("work", id.as_ref().map(|id| id.name.as_str()));
    read_work(fields, id, Some(SiteId::from(site)))
}

/// Reads a work that sites share.
pub(super) fn read_shared<'a>(desk: &'a Desk<'a>, table: &'a Table, id: &str, in_csv: bool) -> WorkRead {
    let path = if in_csv { format!("{id}.") } else { String::new() };
    let fields = Fields::new(desk, table, format!("work `{}`", clip(id)), path);
    if in_csv {
        let _ = fields.node("id");
    }
    let named = Named { name: id.to_owned(), at: fields.at("id") };
    read_work(fields, Some(named), None)
}

fn read_work(fields: Fields<'_>, id: Option<Named>, site: Option<SiteId>) -> WorkRead {
    let fallback = id.as_ref().map(|id| id.name.clone()).unwrap_or_default();
    let name = fields.or("name", text(), fallback.clone(), &fallback);
    let months = fields.required("months", months(1, MOST_WORK_MONTHS));
    let cost = fields.required("cost", quantity::<Usd>(between(0.0, MOST_USD)));
    let category = fields.or("category", self::id(), "works".to_owned(), "works");
    if !fields.has("after") {
        fields.default_used("after", "[]");
    }
    let after = fields.names("after", "works");
    if !fields.has("adds") {
        fields.default_used("adds", "none");
    }
    let adds: Vec<_> = match &site {
        Some(site) => {
            fields.table_if_there("adds", "the additions").into_iter().map(|adds| own_effect(adds, site)).collect()
        }
        None => fields.tables("adds", "an addition").into_iter().map(shared_effect).collect(),
    };
    if !fields.has("needed_by") {
        fields.default_used("needed_by", "none");
    }
    let needed = fields.table_if_there("needed_by", "the need").map(|needed| needed_by(needed, site.is_some()));
    let evidence = fields.evidence();
    let at = fields.at.clone();
    let well_formed = (!fields.has("adds") || !adds.is_empty() || fields.is_empty_list("adds"))
        && (!fields.has("needed_by") || needed.is_some());
    fields.finish(&[]);
    let facts = || Some(WorkFacts { name: name?, months: months?, cost: cost?, category: category?, evidence });
    let facts = facts().filter(|_| well_formed);
    WorkRead { at, id, site, after, adds, needed, facts }
}

fn own_effect(fields: Fields<'_>, site: &SiteId) -> EffectRead {
    read_effect(fields, None, Some(site.clone()))
}

fn shared_effect(mut fields: Fields<'_>) -> EffectRead {
    let site = fields.required("site", id()).map(|name| Named { name, at: fields.at("site") });
    fields.named("the addition at", site.as_ref().map(|site| site.name.as_str()));
    let id = site.as_ref().map(|site| SiteId::from(site.name.as_str()));
    read_effect(fields, site, id)
}

fn read_effect(fields: Fields<'_>, named: Option<Named>, site: Option<SiteId>) -> EffectRead {
    let power = |key| fields.or(key, quantity::<GrossMw>(between(0.0, MOST_MW)), GrossMw::ZERO, "0 MW");
    let (connection, firm, racks) = (power("connection"), power("firm"), power("racks"));
    let tenure_until = fields.optional_or("tenure_until", date(), "none");
    let tenure_at = fields.at("tenure_until");
    fields.finish(&[]);
    let effect = || {
        Some(Effect { site: site?, connection: connection?, firm: firm?, racks: racks?, tenure_until: tenure_until? })
    };
    EffectRead { site: named, tenure_at, effect: effect() }
}

fn needed_by(fields: Fields<'_>, own: bool) -> NeededRead {
    let halls = fields.names("halls", "hall names");
    let sites = fields.names("sites", "site names");
    let whole_site = own && (!fields.has("halls") || fields.has("sites"));
    if own && !fields.has("halls") && !fields.has("sites") {
        fields.default_used("halls", "all of the site");
    } else if !own && !fields.has("halls") && !fields.has("sites") {
        fields.missing("sites", "add `sites = [\"…\"]`, or `halls = [\"site/hall\"]`");
    }
    let named = own || fields.has("halls") || fields.has("sites");
    let beyond = fields.or("beyond", quantity::<GrossMw>(between(0.0, MOST_MW)), GrossMw::ZERO, "0 MW");
    fields.finish(&[]);
    NeededRead { halls, sites, whole_site, beyond: beyond.filter(|_| named) }
}
