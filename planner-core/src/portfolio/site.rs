//! `sites/<id>.toml`, or a row of `sites.csv`.

use std::collections::BTreeSet;

use super::MOST_USD;
use super::desk::{At, Desk, Named, clip};
use super::hall::{self, HallRead};
use super::kinds::{Bounds, above_zero, between, date, flag, months, quantity, share, text, word};
use super::leaving;
use super::lists::dates_rise;
use super::offer_terms::optional_table;
use super::table::Fields;
use super::tree::{Table, Value};
use super::work::{self, WorkRead};
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{PhaseId, RetrofitId, SiteId};
use crate::domain::site::{
    DemandResponse, EnergyPrice, Location, MinimumBill, Power, PowerStep, RetrofitOverride, Site, SiteMining, Tenure,
};
use crate::plan::PORTFOLIO;
use crate::units::{GrossMw, HoursPerYear, Months, Share, UsdPerMwMonth, UsdPerMwh, UsdPerYear};

const LATER: &[&str] = &["share"];

/// Longest notice that a supplier or a customer is given, in months.
pub(super) const MOST_NOTICE: u32 = 240;

/// Most power of one thing, in MW: more than any grid connection.
pub(super) const MOST_MW: f64 = 100_000.0;

/// What is known of a site, as far as it is right.
pub(super) struct SiteRead {
    pub id: SiteId,
    pub at: At,
    pub market: Option<String>,
    pub region: Option<String>,
    pub halls: Vec<HallRead>,
    /// Energy price column of the deck.
    pub deck_price: Option<Named>,
    pub overrides: Vec<OverrideRead>,
    /// Its own works.
    pub works: Vec<WorkRead>,
    /// Whether it is for sale at the site value of the deck.
    pub sale_at_site_value: bool,
    pub site: Option<Site>,
}

/// Names that an override refers to.
pub(super) struct OverrideRead {
    pub retrofit: Named,
    pub phases: Vec<Named>,
}

/// Rows of a site in other lists.
#[derive(Clone, Copy)]
pub(super) struct SiteRows<'a> {
    /// Of `halls.csv`.
    pub halls: &'a [Table],
    /// Of `works.csv`.
    pub works: &'a [Table],
}

/// Reads a site.
pub(super) fn read<'a>(
    desk: &'a Desk<'a>,
    table: &'a Table,
    id: &str,
    rows: SiteRows<'a>,
    calendar: Option<&Calendar>,
    in_csv: bool,
) -> SiteRead {
    let path = if in_csv { format!("{id}.") } else { String::new() };
    let fields = Fields::new(desk, table, format!("site `{}`", clip(id)), path);
    if in_csv {
        let _ = fields.node("id");
    }
    not_called_portfolio(&fields, id);
    let name = fields.or("name", text(), id.to_owned(), id);
    let location = fields.table("location", "the location").and_then(location);
    let tenure = tenure(&fields);
    let exclusive = fields.or("exclusive", flag(), false, "false");
    let money = || quantity::<UsdPerYear>(between(0.0, MOST_USD));
    let hosting_fixed_cost = fields.or("hosting_fixed_cost", money(), UsdPerYear::ZERO, "0 USD/year");
    let cost_factor = fields.or("cost_factor", share(between(0.3, 3.0)), Share::ALL, "100 %");
    let exit = leaving::read(&fields, tenure);
    let mut deck_price = None;
    let power = fields.table("power", "the power").and_then(|fields| power(fields, &mut deck_price, calendar));
    let mining = fields.table("mining", "mining").and_then(mining);
    let mut halls: Vec<HallRead> = fields.tables("hall", "a hall").into_iter().map(hall::read).collect();
    for row in rows.halls {
        halls.push(hall::read(Fields::new(desk, row, format!("a hall of site `{}`", clip(id)), format!("{id}.hall."))));
    }
    if halls.is_empty() && (!fields.has("hall") || fields.is_empty_list("hall")) {
        fields.missing("hall", "add a section `[[hall]]`, or a row of `halls.csv`");
    }
    unique_halls(desk, &halls);
    let (overrides, overrides_read) = overrides(&fields);
    let own = |row| Fields::new(desk, row, format!("a work of site `{}`", clip(id)), format!("{id}.work."));
    let works = fields.tables("work", "a work").into_iter().chain(rows.works.iter().map(own));
    let works = works.map(|work| work::read_own(work, id)).collect();
    let evidence = fields.evidence();
    let at = fields.at.clone();
    fields.finish(LATER);
    let market = location.as_ref().map(|l| l.market.clone());
    let region = location.as_ref().map(|l| l.region.clone());
    let site = || {
        if halls.is_empty() {
            return None;
        }
        let mut groups = halls.iter().map(|hall| hall.group.clone()).collect::<Option<Vec<_>>>()?;
        groups.sort_by(|a, b| a.id.cmp(&b.id));
        Some(Site {
            id: SiteId::from(id),
            name: name?,
            location: location?,
            tenure: tenure?,
            exclusive: exclusive?,
            hosting_fixed_cost: hosting_fixed_cost?,
            cost_factor: cost_factor?,
            exit: exit.as_ref()?.exit,
            power: power?,
            mining: mining?,
            halls: groups,
            overrides: overrides?,
            evidence,
        })
    };
    let site = site();
    let sale_at_site_value = exit.is_some_and(|exit| exit.at_site_value);
    SiteRead {
        id: SiteId::from(id),
        at,
        market,
        region,
        halls,
        deck_price,
        overrides: overrides_read,
        works,
        sale_at_site_value,
        site,
    }
}

/// Ledgers name what belongs to no site so.
fn not_called_portfolio(fields: &Fields<'_>, id: &str) {
    if id == PORTFOLIO {
        let message = format!("a site cannot be called `{PORTFOLIO}`: ledgers name what belongs to no site so");
        fields.error(Code::Word, "id", message, "give it another name");
    }
}

fn unique_halls(desk: &Desk<'_>, halls: &[HallRead]) {
    let mut seen = BTreeSet::new();
    for hall in halls {
        if let Some(id) = hall.id.as_ref().filter(|id| !seen.insert(id.name.clone())) {
            let message = format!("there are two halls `{}` at this site", clip(&id.name));
            desk.error(Code::DuplicateId, id.at.clone(), message, "give each hall group of the site its own name");
        }
    }
}

fn location(fields: Fields<'_>) -> Option<Location> {
    let state = fields.optional("state", text());
    let country = fields.optional("country", text());
    let market = fields.required("market", text());
    let region = fields.required("region", text());
    fields.finish(&[]);
    Some(Location { state: state?, country: country?, market: market?, region: region? })
}

fn tenure(fields: &Fields<'_>) -> Option<Tenure> {
    match fields.node("tenure").map(|node| &node.value) {
        Some(Value::Table(_)) => {
            let lease = fields.table_if_there("tenure", "the lease")?;
            let until = lease.required("leased_until", date());
            let rent = lease.required("rent", quantity::<UsdPerYear>(between(0.0, MOST_USD)));
            lease.finish(&[]);
            Some(Tenure::Leased { until: until?, rent: rent? })
        }
        _ => fields.or("tenure", word(&[("owned", Tenure::Owned)]), Tenure::Owned, "owned"),
    }
}

fn power(fields: Fields<'_>, deck_price: &mut Option<Named>, calendar: Option<&Calendar>) -> Option<Power> {
    let connection = steps(&fields, "connection", above_zero(MOST_MW), calendar);
    let firm = steps(&fields, "firm", between(0.0, MOST_MW), calendar);
    let firm_is_list = matches!(fields.node("firm").map(|node| &node.value), Some(Value::List(_)));
    let firm = match (&connection, firm) {
        (Some(connection), Some(firm)) if firm_is_list => {
            firm_within_connection(&fields, connection, &firm);
            Some(firm)
        }
        (Some(connection), Some(firm)) => Some(firm_of_connection(&fields, connection, firm)),
        (_, firm) => firm,
    };
    let energy_price = energy_price(&fields, deck_price);
    let charge = || quantity::<UsdPerMwMonth>(between(0.0, 1e6));
    let demand_charge = fields.or("demand_charge", charge(), UsdPerMwMonth::ZERO, "0 USD/MW-month");
    let firm_charge = fields.or("firm_charge", charge(), UsdPerMwMonth::ZERO, "0 USD/MW-month");
    let demand_response = optional_table(&fields, "demand_response", "the demand response", demand_response);
    let ballast = fields.optional_or("ballast", share(between(0.0, 1.0)), "none");
    let minimum_bill =
        optional_table(&fields, "minimum_bill", "the least bill", |fields| minimum_bill(fields, calendar));
    let notice = fields.or("notice", months(0, MOST_NOTICE), Months(0), "0 months");
    fields.finish(&[]);
    Some(Power {
        connection: connection?,
        firm: firm?,
        energy_price: energy_price?,
        demand_charge: demand_charge?,
        firm_charge: firm_charge?,
        demand_response: demand_response?,
        ballast: ballast?,
        minimum_bill: minimum_bill?,
        notice: notice?,
    })
}

fn demand_response(fields: Fields<'_>) -> Option<DemandResponse> {
    let credit = fields.required("credit", quantity::<UsdPerMwMonth>(between(0.0, 1e6)));
    let hours = fields.required("hours", quantity::<HoursPerYear>(between(0.0, 8760.0)));
    fields.finish(&[]);
    Some(DemandResponse { credit: credit?, hours: hours? })
}

fn minimum_bill(fields: Fields<'_>, calendar: Option<&Calendar>) -> Option<MinimumBill> {
    let amount = fields.required("amount", quantity::<UsdPerYear>(between(0.0, MOST_USD)));
    let until = fields.required("until", date());
    if let (Some(until), Some(calendar)) = (until, calendar)
        && until < calendar.start
    {
        let message = format!("the least bill ends on {until}, before the horizon, so it asks for nothing");
        fields.warning(Code::Unused, "until", message, "correct the date, or remove `minimum_bill`");
    }
    fields.finish(&[]);
    Some(MinimumBill { amount: amount?, until: until? })
}

/// One quantity, in force from the start, or a list by date.
fn steps(
    fields: &Fields<'_>,
    key: &'static str,
    bounds: Bounds,
    calendar: Option<&Calendar>,
) -> Option<Vec<PowerStep>> {
    let kind = quantity::<GrossMw>(bounds);
    #[cfg(test)]
    fields.note(key, &kind.form, false);
    let Some(node) = fields.node(key) else {
        fields.missing(
            key,
            &format!("add `{key} = \"100 MW\"`, or a list `[{{ from = 2027-01-01, power = \"100 MW\" }}]`"),
        );
        return None;
    };
    if !matches!(node.value, Value::List(_)) {
        let power = fields.read(key, node, &kind)?;
        return Some(vec![PowerStep { from: calendar?.start, power }]);
    }
    let steps: Vec<(At, Option<PowerStep>)> = fields
        .tables(key, "a power step")
        .into_iter()
        .map(|step| {
            let at = step.at.clone();
            let from = step.required("from", date());
            let power = step.required("power", quantity::<GrossMw>(between(0.0, MOST_MW)));
            step.finish(&[]);
            (at, from.zip(power).map(|(from, power)| PowerStep { from, power }))
        })
        .collect();
    if steps.is_empty() {
        fields.error(Code::Bounds, key, format!("`{key}` is an empty list: expected at least one step"), "add a step");
        return None;
    }
    dates_rise(fields.desk, key, steps.iter().map(|(at, step)| (at, step.map(|step| step.from))));
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Firm power is a part of the connection, at every date on which one of them changes.
fn firm_within_connection(fields: &Fields<'_>, connection: &[PowerStep], firm: &[PowerStep]) {
    let in_force =
        |steps: &[PowerStep], on| steps.iter().rfind(|step| step.from <= on).map_or(GrossMw::ZERO, |step| step.power);
    let dates: BTreeSet<_> = connection.iter().chain(firm).map(|step| step.from).take(1000).collect();
    for date in dates {
        let (all, part) = (in_force(connection, date), in_force(firm, date));
        if part > all {
            let message = format!(
                "on {date} `firm` is {part}, but `connection` is {all}: firm power is a part of the connection"
            );
            fields.error(Code::Contradiction, "firm", message, "lower `firm`, raise `connection`, or change a date");
            return;
        }
    }
}

/// One figure of firm power is reached as soon as the connection is that large.
fn firm_of_connection(fields: &Fields<'_>, connection: &[PowerStep], firm: Vec<PowerStep>) -> Vec<PowerStep> {
    let level = firm.iter().map(|step| step.power).next().unwrap_or(GrossMw::ZERO);
    let most = connection.iter().map(|step| step.power.get()).fold(0.0, f64::max);
    if level.get() > most {
        let message = format!(
            "`firm` is {level}, but the largest `connection` is {most} MW: firm power is a part of the connection"
        );
        fields.error(Code::Contradiction, "firm", message, "lower `firm` or raise `connection`");
        return firm;
    }
    if connection.iter().all(|step| step.power >= level) {
        // The first step may be dated before the horizon, and firm power then is too.
        let from = connection.iter().map(|step| step.from).min();
        return firm.into_iter().map(|step| PowerStep { from: from.unwrap_or(step.from), ..step }).collect();
    }
    fields.default_used("firm", &format!("the connection, until it reaches {level}"));
    let least = |power: GrossMw| if power < level { power } else { level };
    connection.iter().map(|step| PowerStep { power: least(step.power), ..*step }).collect()
}

fn energy_price(fields: &Fields<'_>, deck_price: &mut Option<Named>) -> Option<EnergyPrice> {
    if let Some(Value::Table(_)) = fields.node("energy_price").map(|node| &node.value) {
        let deck = fields.table_if_there("energy_price", "the energy price")?;
        let name = deck.required("deck", text());
        *deck_price = name.clone().map(|name| Named { name, at: deck.at("deck") });
        deck.finish(&[]);
        return name.map(EnergyPrice::Deck);
    }
    fields.required("energy_price", quantity::<UsdPerMwh>(between(0.0, 10_000.0))).map(EnergyPrice::Fixed)
}

fn mining(fields: Fields<'_>) -> Option<SiteMining> {
    let uptime = fields.required("uptime", share(between(0.0, 1.0)));
    let overhead = fields.required("overhead", share(between(0.0, 1.0)));
    let spare_racks = fields.or("spare_racks", quantity::<GrossMw>(between(0.0, MOST_MW)), GrossMw::ZERO, "0 MW");
    let fixed_cost =
        fields.or("fixed_cost", quantity::<UsdPerYear>(between(0.0, MOST_USD)), UsdPerYear::ZERO, "0 USD/year");
    fields.finish(&[]);
    Some(SiteMining { uptime: uptime?, overhead: overhead?, spare_racks: spare_racks?, fixed_cost: fixed_cost? })
}

/// `[overrides.<retrofit>]`: the keys are names.
fn overrides(fields: &Fields<'_>) -> (Option<Vec<RetrofitOverride>>, Vec<OverrideRead>) {
    let Some(all) = fields.table_if_there("overrides", "the overrides") else {
        return (if fields.has("overrides") { None } else { Some(vec![]) }, vec![]);
    };
    let mut facts = Some(vec![]);
    let mut names = vec![];
    for entry in all.entries() {
        let retrofit = Named { name: entry.key.clone(), at: entry.at.clone() };
        let Value::Table(table) = &entry.node.value else {
            let message = format!("the override of `{}` is {}: expected a table", clip(&entry.key), entry.node.shown());
            let help = format!("begin a section `[overrides.{}]`", clip(&entry.key));
            fields.desk.error(Code::WrongType, entry.node.at.clone(), message, help);
            facts = None;
            continue;
        };
        let what = format!("the override of `{}`", clip(&entry.key));
        let one = all.below(table, what, format!("overrides.{}.", entry.key));
        let mut phases_named = vec![];
        let phases = phases(&one, &mut phases_named);
        let cost_factor = one.or("cost_factor", share(between(0.0, 3.0)), Share::ALL, "100 %");
        one.finish(&[]);
        names.push(OverrideRead { retrofit, phases: phases_named });
        match (phases, cost_factor, &mut facts) {
            (Some(phases), Some(cost_factor), Some(facts)) => {
                let retrofit = RetrofitId::from(entry.key.as_str());
                facts.push(RetrofitOverride { retrofit, phases, cost_factor });
            }
            _ => facts = None,
        }
    }
    if let Some(facts) = &mut facts {
        facts.sort_by(|a, b| a.retrofit.cmp(&b.retrofit));
    }
    (facts, names)
}

fn phases(fields: &Fields<'_>, named: &mut Vec<Named>) -> Option<Vec<(PhaseId, Months)>> {
    let Some(all) = fields.table_if_there("phases", "the phase lengths") else {
        return if fields.has("phases") { None } else { Some(vec![]) };
    };
    let kind = months(0, 480);
    let mut phases = Some(vec![]);
    for entry in all.entries() {
        named.push(Named { name: entry.key.clone(), at: entry.at.clone() });
        match (all.read(&entry.key, &entry.node, &kind), &mut phases) {
            (Some(months), Some(phases)) => phases.push((PhaseId::from(entry.key.as_str()), months)),
            _ => phases = None,
        }
    }
    if let Some(phases) = &mut phases {
        phases.sort();
    }
    phases
}
