//! `portfolio.toml`: horizon, money, pots, merchant cap, and which price library
//! and deck are used; policies, locks, crews and machine handling have their files.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::MOST_USD;
use super::delivery::{self, CrewRead, LongLeadRead};
use super::desk::{At, Desk, Named, clip};
use super::kinds::{between, date, flag, id, integer, quantity, share, share_per_year, text, word};
use super::lists::dates_rise;
use super::locks::{self, LockRead};
use super::moves;
use super::near::{one_of, suggestion};
use super::offer_terms::optional_table;
use super::policies;
use super::problem::Problem;
use super::site::MOST_MW;
use super::table::Fields;
use super::tree::{Node, Table};
use crate::diagnostics::Code;
use crate::domain::calendar::{Calendar, PeriodLength};
use crate::domain::ids::{PotId, SiteId, WorkId};
use crate::domain::machine::MachineHandling;
use crate::domain::money::{DiscountRates, EndValue, Money, Pot, Release, Relief};
use crate::domain::policy::Policies;
use crate::units::{ItMw, Share, Usd};

const RELIEF: [(&str, Relief); 2] = [("advance", Relief::Advance), ("prepayment", Relief::Prepayment)];
const PERIOD: &[(&str, PeriodLength)] =
    &[("month", PeriodLength::Month), ("quarter", PeriodLength::Quarter), ("year", PeriodLength::Year)];
const END_VALUE: &[(&str, EndValue)] = &[("run-off", EndValue::RunOff), ("none", EndValue::None)];

/// The name of the file.
pub(super) const FILE: &str = "portfolio.toml";
/// Months of the longest horizon.
const MOST_MONTHS: u32 = 480;

/// What the file says, as far as it is right.
pub(super) struct Head {
    pub name: Option<String>,
    pub library: Option<Named>,
    pub deck: Option<Named>,
    pub calendar: Option<Calendar>,
    pub money: Option<Money>,
    pub pots: Vec<Option<Pot>>,
    /// Sites that pots name.
    pub pot_sites: Vec<Named>,
    /// Shared works that pots name.
    pub pot_works: Vec<Named>,
    pub handling: Option<MachineHandling>,
    /// The outer `None` when it is wrong.
    #[allow(clippy::option_option)]
    pub merchant: Option<Option<ItMw>>,
    pub merchant_at: At,
    pub policies: Option<Policies>,
    pub locks: Vec<LockRead>,
    pub crews: Vec<CrewRead>,
    pub long_lead: Vec<LongLeadRead>,
}

/// Reads the file; `None` when its format is not known.
pub(super) fn read<'a>(desk: &'a Desk<'a>, table: &'a Table) -> Option<Head> {
    let fields = Fields::new(desk, table, "the portfolio", "");
    if !format_is_known(&fields) {
        return None;
    }
    let name = fields.or("name", text(), "portfolio".to_owned(), "portfolio");
    let library = fields.required("library", path()).map(|name| Named { name, at: fields.at("library") });
    let deck_name = fields.required("deck", id()).map(|name| Named { name, at: fields.at("deck") });
    let calendar = fields.table("horizon", "the horizon").and_then(horizon);
    let start = calendar.as_ref().map(|calendar| calendar.start);
    let money = fields.table("money", "the money rules").and_then(|fields| money(fields, start));
    if !fields.has("pot") {
        fields.default_used("pot", "none: capital is not limited");
    }
    let mut named = PotNames::default();
    let pots: Vec<_> =
        fields.tables("pot", "a pot").into_iter().map(|pot| read_pot(pot, &mut named, calendar.as_ref())).collect();
    let handling = moves::read(&fields);
    let merchant = optional_table(&fields, "merchant", "merchant capacity", |merchant| {
        let cap = merchant.required("cap", quantity::<ItMw>(between(0.0, MOST_MW)));
        merchant.finish(&[]);
        cap
    });
    let merchant_at = fields.at("merchant");
    let policies = policies::read(&fields, calendar.as_ref());
    let locks = locks::read(&fields, calendar.as_ref());
    let crews = delivery::crews(&fields);
    let long_lead = delivery::long_lead(&fields, calendar.as_ref(), &pots);
    fields.finish(&[]);
    Some(Head {
        name,
        library,
        deck: deck_name,
        calendar,
        money,
        pots,
        pot_sites: named.sites,
        pot_works: named.works,
        handling,
        merchant,
        merchant_at,
        policies,
        locks,
        crews,
        long_lead,
    })
}

fn format_is_known(fields: &Fields<'_>) -> bool {
    let Some(node) = fields.node("format") else {
        fields.missing("format", "add `format = 1` as the first line");
        return true;
    };
    let kind = integer(1, 1);
    #[cfg(test)]
    fields.note("format", &kind.form, false);
    let known = (kind.read)(node).is_ok();
    if !known {
        let message = format!("`format` is {}: this version reads format 1", node.shown());
        fields.error(
            Code::Format,
            "format",
            message,
            "use a newer planner, or write `format = 1` if the file is older",
        );
    }
    known
}

/// A folder relative to the portfolio.
fn path() -> super::kinds::Kind<impl Fn(&Node) -> Result<String, Problem>> {
    let text = text();
    let read = move |node: &Node| {
        let name = (text.read)(node)?;
        // The disk knows a folder by the very letters of its name.
        let path = node.text().map_or(name, |written| written.trim().to_owned());
        let path = path.trim_end_matches('/').to_owned();
        if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) {
            let message = ": expected a folder relative to this file, with `/` between names";
            return Err(Problem::new(Code::Word, message, "\"../library\""));
        }
        Ok(path)
    };
    super::kinds::Kind {
        example: "\"../library\"".to_owned(),
        read,
        #[cfg(test)]
        form: super::recorded::Form::Text,
    }
}

fn horizon(fields: Fields<'_>) -> Option<Calendar> {
    let start = fields.required("start", date());
    let period = fields.or("period", word(PERIOD), PeriodLength::Quarter, "quarter");
    let periods = fields.required("periods", integer(1, MOST_MONTHS));
    let latest_start = fields.required("latest_start", date());
    if let Some(start) = start.filter(|start| start.day() != 1) {
        let message = format!("`start` is `{start}`: the horizon starts on the first of a month");
        fields.error(Code::Bounds, "start", message, format!("write `start = {}`", start.first_of_month()));
    }
    let calendar = || {
        let (start, period, periods) = (start?.first_of_month(), period?, periods?);
        let length = period.months().unsigned_abs();
        let months = length.saturating_mul(periods);
        if months > MOST_MONTHS {
            let message =
                format!("{periods} periods of {length} months are {months} months: expected at most {MOST_MONTHS}");
            fields.error(
                Code::Bounds,
                "periods",
                message,
                format!("write `periods = {}`", MOST_MONTHS / length.max(1)),
            );
            return None;
        }
        Some(Calendar { start, period, periods, latest_start: latest_start? })
    };
    let calendar = calendar();
    if let Some(calendar) = &calendar {
        latest_start_inside(&fields, calendar);
    }
    fields.finish(&[]);
    calendar
}

fn latest_start_inside(fields: &Fields<'_>, calendar: &Calendar) {
    let end = calendar.period_start(calendar.horizon());
    if !(calendar.start..end).contains(&calendar.latest_start) {
        let message = format!(
            "`latest_start` is `{}`: expected a date in the horizon, from {} to before {end}",
            calendar.latest_start, calendar.start
        );
        let last = end.yesterday().unwrap_or(calendar.start);
        fields.error(
            Code::Horizon,
            "latest_start",
            message,
            format!("write `latest_start = {last}` or an earlier date"),
        );
    }
}

fn money(fields: Fields<'_>, start: Option<Date>) -> Option<Money> {
    let rate = || share_per_year(between(0.0, 0.5));
    let escalation = || share_per_year(between(-0.1, 0.2));
    let discount_rate = fields.required("discount_rate", rate());
    let classes = fields.table_or_empty("discount", "the discount rates by class");
    let fallback = discount_rate.unwrap_or_default();
    let written = format!("{fallback}/year");
    let class = |key| classes.or(key, rate(), fallback, &written);
    let rates = (class("mining"), class("contracted"), class("merchant"), class("corporate"));
    classes.finish(&[]);
    let end_value = fields.or("end_value", word(END_VALUE), EndValue::RunOff, "run-off");
    let price_date = match start {
        Some(start) => fields.or("price_date", date(), start, &start.to_string()),
        None => fields.optional("price_date", date()).flatten(),
    };
    let capex_escalation = fields.or("capex_escalation", escalation(), Share::NONE, "0 %/year");
    let power_escalation = fields.or("power_escalation", escalation(), Share::NONE, "0 %/year");
    let pool_fee = fields.or("pool_fee", share(between(0.0, 0.1)), Share::NONE, "0 %");
    fields.finish(&[]);
    let rates = DiscountRates { mining: rates.0?, contracted: rates.1?, merchant: rates.2?, corporate: rates.3? };
    Some(Money {
        discount_rate: discount_rate?,
        rates,
        end_value: end_value?,
        price_date: price_date?,
        capex_escalation: capex_escalation?,
        power_escalation: power_escalation?,
        pool_fee: pool_fee?,
    })
}

/// Names of pots, and those that they refer to.
#[derive(Default)]
struct PotNames {
    ids: BTreeSet<String>,
    sites: Vec<Named>,
    works: Vec<Named>,
}

fn read_pot(mut fields: Fields<'_>, names: &mut PotNames, calendar: Option<&Calendar>) -> Option<Pot> {
    let id = fields.required("id", id());
    fields.named("pot", id.as_deref());
    if let Some(id) = id.as_ref().filter(|id| !names.ids.insert((*id).clone())) {
        let message = format!("there are two pots `{}`", clip(id));
        fields.error(Code::DuplicateId, "id", message, "give each pot its own name");
    }
    if !fields.has("release") {
        fields.missing("release", "add `release = [{ from = 2027-01-01, amount = \"500 MUSD\" }]`");
    }
    let release: Vec<(At, Option<Release>)> =
        fields.tables("release", "a release").into_iter().map(|r| (r.at.clone(), read_release(r, calendar))).collect();
    dates_rise(fields.desk, "release", release.iter().map(|(at, r)| (at, r.map(|r| r.from))));
    let carry_over = fields.or("carry_over", flag(), true, "true");
    let (sites, works) = eligible(&fields, names);
    let relieved_by = relieved_by(&fields);
    fields.finish(&[]);
    let mut release = release.into_iter().map(|(_, r)| r).collect::<Option<Vec<_>>>()?;
    release.sort_by_key(|r| r.from);
    Some(Pot { id: PotId::from(id?), release, carry_over: carry_over?, sites, works, relieved_by: relieved_by? })
}

/// Sites and shared works that may draw on the pot, sorted; `None` is every one.
fn eligible(fields: &Fields<'_>, names: &mut PotNames) -> (Option<Vec<SiteId>>, Option<Vec<WorkId>>) {
    let Some(eligible) = fields.table_if_there("eligible", "what the pot pays for") else {
        fields.default_used("eligible", "every site and work");
        return (None, None);
    };
    let list = |key, of, every, all: &mut Vec<Named>| {
        if !eligible.has(key) {
            eligible.default_used(key, every);
            return None;
        }
        let mut list = eligible.names(key, of);
        list.sort_by(|a, b| a.name.cmp(&b.name));
        let texts: Vec<String> = list.iter().map(|one| one.name.clone()).collect();
        all.extend(list);
        Some(texts)
    };
    let sites = list("sites", "site names", "every site", &mut names.sites);
    let works = list("works", "work names", "every shared work", &mut names.works);
    eligible.finish(&[]);
    let sites = sites.map(|names| names.into_iter().map(SiteId::from).collect());
    (sites, works.map(|names| names.into_iter().map(WorkId::from).collect()))
}

fn relieved_by(fields: &Fields<'_>) -> Option<Vec<Relief>> {
    if !fields.has("relieved_by") {
        fields.default_used("relieved_by", "[]");
    }
    let words = RELIEF.map(|(word, _)| word);
    let named = fields.names("relieved_by", "receipts");
    let read = named.iter().map(|named| {
        let found = RELIEF.iter().find(|(word, _)| *word == named.name).map(|(_, relief)| *relief);
        if found.is_none() {
            let message = format!("`relieved_by` names `{}`: expected {}", clip(&named.name), one_of(&words));
            let help = suggestion(&named.name, words).unwrap_or_else(|| "remove it".to_owned());
            fields.desk.error(Code::Word, named.at.clone(), message, help);
        }
        found
    });
    let read: Vec<Option<Relief>> = read.collect();
    let mut read = read.into_iter().collect::<Option<Vec<_>>>()?;
    read.sort();
    Some(read)
}

fn read_release(fields: Fields<'_>, calendar: Option<&Calendar>) -> Option<Release> {
    let from = fields.required("from", date());
    let amount = fields.required("amount", quantity::<Usd>(between(0.0, MOST_USD)));
    if let (Some(from), Some(calendar)) = (from, calendar) {
        counts_later(&fields, from, calendar);
    }
    fields.finish(&[]);
    Some(Release { from: from?, amount: amount? })
}

/// Says so where money is there later than its date.
fn counts_later(fields: &Fields<'_>, from: Date, calendar: &Calendar) {
    match calendar.first_start_from(from) {
        Some(first) if first > calendar.start.max(from) => {
            let message = format!(
                "the release of {from} counts from {first}: money is there for periods that begin on or after its date"
            );
            let before = calendar.period_start_before(from);
            let help = format!("write `from = {first}`, or `from = {before}` if the money is there by then");
            fields.warning(Code::Doubtful, "from", message, help);
        }
        Some(_) => {}
        None => {
            let message =
                format!("the release of {from} counts nowhere: no period of the horizon begins on or after it");
            fields.warning(Code::Unused, "from", message, "write an earlier date, or remove the release");
        }
    }
}
