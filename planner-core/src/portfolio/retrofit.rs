//! `library/retrofits/<id>.toml`.

use std::collections::BTreeSet;

use super::desk::{At, Desk, Named, clip};
use super::kinds::{
    above_zero, between, flag, id, integer, months, number, quantity, share, share_per_year, text, word,
};
use super::offer_terms::optional_table;
use super::problem::{Problem, quoted};
use super::table::Fields;
use super::tree::{Table, Value};
use crate::diagnostics::Code;
use crate::domain::ids::{PhaseId, RetrofitId};
use crate::domain::retrofit::{CostBasis, CostLine, Equipment, Opex, Payment, Phase, Redundancy, Retrofit};
use crate::units::{
    self, KwPerRack, Months, Quantity, Ratio, Share, UsdPerHall, UsdPerKw, UsdPerKwIt, UsdPerKwItYear, UsdPerSite,
};
use crate::works;

const LATER: &[&str] = &["merchant_load_factor"];

/// Scarce equipment of one hall.
const MOST_EQUIPMENT: u32 = 10_000;

/// Phases of one retrofit: the search for circles is recursive.
const MOST_PHASES: usize = 200;

/// Most cost of one kW, in dollars.
pub(super) const MOST_PER_KW: f64 = 1e6;

const REDUNDANCY: &[(&str, Redundancy)] =
    &[("n", Redundancy::N), ("n+1", Redundancy::NPlusOne), ("2n", Redundancy::TwoN)];

/// What is known of a retrofit, as far as it is right.
pub(super) struct RetrofitRead {
    pub at: At,
    pub class: Option<String>,
    pub phases: Vec<Named>,
    /// Whether every phase could be read: only then can one be said to be missing.
    pub phases_complete: bool,
    pub stops_mining: Vec<Named>,
    pub retrofit: Option<Retrofit>,
}

/// Reads a retrofit.
pub(super) fn read<'a>(desk: &'a Desk<'a>, table: &'a Table, id: &str) -> RetrofitRead {
    let fields = Fields::new(desk, table, format!("retrofit `{}`", clip(id)), "");
    let name = fields.or("name", text(), id.to_owned(), id);
    let class = fields.required("class", self::id());
    let gross_to_critical = fields.required("gross_to_critical", number(between(1.0, 2.0), "1.35")).map(Ratio);
    let pue = fields.required("pue", number(between(1.0, 2.0), "1.15")).map(Ratio);
    if let (Some(gross), Some(pue)) = (gross_to_critical, pue)
        && pue > gross
    {
        let message = format!("`pue` is {}, more than `gross_to_critical`, {}", pue.0, gross.0);
        fields.error(Code::Contradiction, "pue", message, "the energy drawn cannot exceed the power reserved");
    }
    let (density, redundancy) = rating(&fields);
    let opex = fields.table("opex", "the operating cost").and_then(opex);
    let contingency = fields.or("contingency", share(between(0.0, 0.5)), Share::NONE, "0 %");
    let (phases, read_phases) = phases(&fields);
    let costs = costs(&fields, &read_phases);
    let evidence = fields.evidence();
    let at = fields.at.clone();
    fields.finish(LATER);
    let PhasesRead { named, complete, stops_mining } = read_phases;
    if let Some(phases) = &phases {
        name_circle(desk, phases, &named);
    }
    let retrofit = || {
        Some(Retrofit {
            id: RetrofitId::from(id),
            name: name?,
            class: class.clone()?,
            gross_to_critical: gross_to_critical?,
            pue: pue?,
            density: density?,
            redundancy: redundancy?,
            opex: opex?,
            contingency: contingency?,
            merchant_load_factor: Share::ALL,
            phases: phases?,
            costs: costs?,
            evidence,
        })
    };
    let retrofit = retrofit();
    RetrofitRead { at, class, phases: named, phases_complete: complete, stops_mining, retrofit }
}

/// Rack density and redundancy: what a retrofit gives, or an offer asks for.
#[allow(clippy::option_option)]
pub(super) fn rating(fields: &Fields<'_>) -> (Option<Option<KwPerRack>>, Option<Option<Redundancy>>) {
    let density = fields.optional_or("density", quantity::<KwPerRack>(above_zero(10_000.0)), "none");
    (density, fields.optional_or("redundancy", word(REDUNDANCY), "none"))
}

fn name_circle(desk: &Desk<'_>, phases: &[Phase], named: &[Named]) {
    if let Err(cycle) = works::schedule(phases, None, Months(0)) {
        let first = cycle.0.first().and_then(|id| named.iter().find(|n| n.name == id.as_str()));
        if let Some(first) = first {
            desk.error(Code::Cycle, first.at.clone(), cycle.to_string(), "take one of them out of an `after` list");
        }
    }
}

fn opex(fields: Fields<'_>) -> Option<Opex> {
    let cost = |key| fields.required(key, quantity::<UsdPerKwItYear>(between(0.0, 1e6)));
    let (operations, property_tax, insurance) = (cost("operations"), cost("property_tax"), cost("insurance"));
    let escalation = fields.or("escalation", share_per_year(between(-0.1, 0.2)), Share::NONE, "0 %/year");
    fields.finish(&[]);
    Some(Opex { operations: operations?, property_tax: property_tax?, insurance: insurance?, escalation: escalation? })
}

struct PhasesRead {
    named: Vec<Named>,
    complete: bool,
    stops_mining: Vec<Named>,
}

fn phases(fields: &Fields<'_>) -> (Option<Vec<Phase>>, PhasesRead) {
    let mut tables = fields.tables("phase", "a phase");
    if tables.len() > MOST_PHASES {
        let message = format!("the retrofit has {} phases: expected at most {MOST_PHASES}", tables.len());
        fields.error(Code::Bounds, "phase", message, "join phases that follow one another");
        tables.clear();
    }
    if tables.is_empty() && !fields.has("phase") {
        fields.missing("phase", "add a section `[[phase]]`");
    }
    let mut read =
        PhasesRead { named: vec![], complete: !fields.desk.is_broken(&fields.at.file), stops_mining: vec![] };
    let mut ids = BTreeSet::new();
    let mut after_names = vec![];
    let mut phases = Some(vec![]);
    for mut phase in tables {
        let id = phase.required("id", id()).map(|name| Named { name, at: phase.at("id") });
        phase.named("phase", id.as_ref().map(|id| id.name.as_str()));
        let months = phase.required("months", months(0, 240));
        let after = phase.names("after", "phases");
        if !phase.has("after") {
            phase.default_used("after", "[]");
        }
        let stops_mining = phase.or("stops_mining", flag(), false, "false");
        let on_site = phase.or("on_site", flag(), false, "false");
        if let Some(id) = &id {
            if !ids.insert(id.name.clone()) {
                let message = format!("there are two phases `{}`", clip(&id.name));
                phase.error(Code::DuplicateId, "id", message, "give each phase its own name");
            }
            read.named.push(id.clone());
            if stops_mining == Some(true) {
                read.stops_mining.push(id.clone());
            }
        }
        read.complete &= id.is_some() && stops_mining.is_some();
        let ids_after = after.iter().map(|a| PhaseId::from(a.name.as_str())).collect();
        after_names.extend(after);
        phase.finish(&[]);
        let fact = id.zip(months).zip(stops_mining.zip(on_site)).map(|((id, months), (stops_mining, on_site))| Phase {
            id: PhaseId::from(id.name),
            months,
            after: ids_after,
            stops_mining,
            on_site,
        });
        match (fact, &mut phases) {
            (Some(fact), Some(phases)) => phases.push(fact),
            _ => phases = None,
        }
    }
    for named in after_names.iter().filter(|named| read.complete && !ids.contains(&named.name)) {
        fields.desk.unknown_id("phase", named, ids.iter().map(String::as_str));
    }
    if let Some(phases) = &mut phases {
        phases.sort_by(|a, b| a.id.cmp(&b.id));
    }
    (phases, read)
}

fn costs(fields: &Fields<'_>, phases: &PhasesRead) -> Option<Vec<CostLine>> {
    let tables = fields.tables("cost", "a cost line");
    if tables.iter().any(|cost| !cost.has("life")) {
        fields.default_used("cost.life", "none: the lines without it are paid once");
    }
    if tables.iter().any(|cost| !cost.has("equipment")) {
        fields.default_used("cost.equipment", "none: the lines without it wait for no delivery");
    }
    let lines: Vec<Option<CostLine>> = tables
        .into_iter()
        .map(|cost| {
            let category = cost.required("category", id());
            let basis = amount(&cost);
            let phase = cost.required("phase", id());
            if let Some(name) =
                phase.as_ref().filter(|p| phases.complete && !phases.named.iter().any(|n| n.name == **p))
            {
                let named = Named { name: name.clone(), at: cost.at("phase") };
                cost.desk.unknown_id("phase", &named, phases.named.iter().map(|n| n.name.as_str()));
            }
            let payment = recipe(&cost);
            let life = life(&cost, basis);
            let equipment = equipment(&cost);
            cost.finish(&[]);
            Some(CostLine {
                category: category?,
                basis: basis?,
                phase: PhaseId::from(phase?),
                payment: payment?,
                life: life?,
                equipment: equipment?,
            })
        })
        .collect();
    let mut lines: Vec<CostLine> = lines.into_iter().collect::<Option<_>>()?;
    // Lines of one category and phase may differ in anything: their text tells them apart.
    let whole = |line: &CostLine| serde_json::to_string(line).unwrap_or_default();
    lines.sort_by_cached_key(|line| (line.category.clone(), line.phase.clone(), whole(line)));
    Some(lines)
}

/// The unit of the amount says what it is per.
fn amount(fields: &Fields<'_>) -> Option<CostBasis> {
    let example = "\"1200 USD/kW-IT\"";
    let Some(node) = fields.node("amount") else {
        fields.missing("amount", &format!("add `amount = {example}`"));
        return None;
    };
    let per_kw = between(0.0, MOST_PER_KW);
    let per_thing = between(0.0, super::MOST_USD);
    let text = match &node.value {
        Value::Number(text) => text,
        _ => node.text().unwrap_or_default(),
    };
    if units::parse::<UsdPerKwIt>(text).is_ok() {
        fields.read("amount", node, &quantity::<UsdPerKwIt>(per_kw)).map(CostBasis::ItLoad)
    } else if units::parse::<UsdPerKw>(text).is_ok() {
        fields.read("amount", node, &quantity::<UsdPerKw>(per_kw)).map(CostBasis::GrossPower)
    } else if units::parse::<UsdPerHall>(text).is_ok() {
        fields.read("amount", node, &quantity::<UsdPerHall>(per_thing)).map(CostBasis::Hall)
    } else if units::parse::<UsdPerSite>(text).is_ok() {
        fields.read("amount", node, &quantity::<UsdPerSite>(per_thing)).map(CostBasis::Site)
    } else {
        let message = ": expected an amount in `USD/kW-IT`, `USD/kW`, `USD/hall` or `USD/site` (or MUSD); the unit says \
                       what the amount is per";
        let accepted = [
            (UsdPerKwIt::DIMENSION, UsdPerKwIt::UNITS),
            (UsdPerKw::DIMENSION, UsdPerKw::UNITS),
            (UsdPerHall::DIMENSION, UsdPerHall::UNITS),
            (UsdPerSite::DIMENSION, UsdPerSite::UNITS),
        ];
        let remedy = units::remedy(text, &accepted, "1200 USD/kW-IT", |_| true).map(quoted);
        let problem = Problem { remedy: Some(remedy), ..Problem::new(Code::Quantity, message, example) };
        fields.problem("amount", node, problem);
        None
    }
}

/// Months until a line that wears out is paid again.
#[allow(clippy::option_option)]
fn life(fields: &Fields<'_>, basis: Option<CostBasis>) -> Option<Option<Months>> {
    let life = fields.optional("life", months(1, 480));
    if fields.has("life") && matches!(basis, Some(CostBasis::Site(_))) {
        let message = "`life` stands on an amount per site, which is paid once and never again";
        let help = "remove `life`, or write the amount per kW or per hall";
        fields.error(Code::Contradiction, "life", message, help);
    }
    life
}

/// What is delivered for the line.
#[allow(clippy::option_option)]
fn equipment(fields: &Fields<'_>) -> Option<Option<Equipment>> {
    if !fields.has("equipment") {
        return Some(None);
    }
    optional_table(fields, "equipment", "the equipment", |equipment| {
        let item = equipment.required("item", id());
        let count = equipment.required("count", integer(1, MOST_EQUIPMENT));
        equipment.finish(&[]);
        Some(Equipment { item: item?, count: count? })
    })
}

fn recipe(fields: &Fields<'_>) -> Option<Payment> {
    if let Some(Value::Table(_)) = fields.node("recipe").map(|node| &node.value) {
        let recipe = fields.table_if_there("recipe", "the payment recipe")?;
        let deposit = recipe.required("deposit", share(between(0.0, 1.0)));
        recipe.finish(&[]);
        return deposit.map(Payment::Deposit);
    }
    fields.or("recipe", word(&[("even", Payment::Even)]), Payment::Even, "even")
}
