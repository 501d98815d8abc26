//! The frontier as rows and tables: what each budget buys, what phasing and nesting cost, and what goes in and out.

mod summary;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use super::compare::{critical_it, sites_converted};
use super::irr::Irr;
use super::returns::{difference, irr_of, peak_funding};
use super::table::{Cell, Column, Table};
use super::text::grouped;
use crate::analysis::frontier::{Frontier, Point};
use crate::plan::{Plan, Status};
use crate::units::{Cents, UsdCents};
pub use summary::summary;

/// One budget of the frontier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The least budget that pays for the plan.
    pub budget_usd: UsdCents,
    /// Of the best plan.
    pub npv_usd: UsdCents,
    /// Over the twin.
    pub uplift_usd: UsdCents,
    /// The best plan of this budget is worth no more than this above.
    pub gap_usd: UsdCents,
    /// No plan of a budget up to the next row, less the resolution, is worth more than this above.
    pub gap_to_next_usd: Option<UsdCents>,
    /// All landlord-funded capital.
    pub capital_usd: UsdCents,
    /// Of it committed already: capital of the twin.
    pub committed_usd: UsdCents,
    /// Critical IT load in MW.
    pub load_mw_it: f64,
    /// Number of sites with a conversion.
    pub sites: usize,
    /// NPV gained over the point before per further dollar of budget.
    pub npv_per_dollar: Option<f64>,
    /// Of the difference to the twin; every rate where there are several.
    pub irr: Vec<f64>,
    /// Lowest point of the summed difference to the twin.
    pub peak_funding_usd: UsdCents,
    /// How sure the solver is.
    pub status: Status,
    /// Whether the audits of all plans of the row passed.
    pub audit_passed: bool,
    /// NPV with the portfolio's own releases scaled to this budget.
    pub phased_npv_usd: Option<UsdCents>,
    /// Its gap.
    pub phased_gap_usd: Option<UsdCents>,
    /// What the phasing costs: NPV less phased NPV. Below zero where receipts relieve the pots.
    pub cost_of_phasing_usd: Option<UsdCents>,
    /// NPV of the nested programme.
    pub nested_npv_usd: Option<UsdCents>,
    /// No nested plan is worth more than this above.
    pub nested_gap_usd: Option<UsdCents>,
    /// What nesting costs: NPV less nested NPV.
    pub price_of_nesting_usd: Option<UsdCents>,
    /// Where the nested programme starts.
    pub base: bool,
    /// Sites that the row before had not.
    pub sites_in: Vec<String>,
    /// Sites that only the row before had.
    pub sites_out: Vec<String>,
    /// Halls in and out against the row before.
    pub changes: Vec<Change>,
    /// Sites of the nested programme.
    pub nested_sites: Option<Vec<String>>,
    /// Halls in and out of the nested programme, against that of the row next to it on the base's side.
    pub nested_changes: Vec<Change>,
}

/// Halls more or fewer than in another row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where.
    pub site: String,
    /// How.
    pub retrofit: String,
    /// For whom, or `merchant`.
    pub offer: String,
    /// More (fewer: below zero).
    pub halls: i64,
}

/// One row for each point.
#[must_use]
pub fn rows(frontier: &Frontier) -> Vec<Row> {
    let befores = std::iter::once(None).chain(frontier.points.iter().map(Some));
    let rows = befores.zip(&frontier.points).enumerate();
    rows.map(|(index, (before, point))| {
        let towards_base = match index.cmp(&frontier.base) {
            Ordering::Less => frontier.points.get(index + 1),
            Ordering::Equal => Some(point),
            Ordering::Greater => before,
        };
        let nested_changes = towards_base.and_then(|from| Some(changes(&halls(nested(from)?), &halls(nested(point)?))));
        Row { nested_changes: nested_changes.unwrap_or_default(), ..row(before, point, index == frontier.base) }
    })
    .collect()
}

/// The plan of the nested programme.
fn nested(point: &Point) -> Option<&Plan> {
    Some(&point.nested.as_ref()?.as_ref().ok()?.plan)
}

fn row(before: Option<&Point>, point: &Point, base: bool) -> Row {
    let plan = &point.plan;
    let phased = point.phased.as_ref().and_then(|phased| phased.as_ref().ok());
    let nested = point.nested.as_ref().and_then(|nested| nested.as_ref().ok());
    let less = |other: &Plan| UsdCents(plan.npv_usd.0 - other.npv_usd.0);
    let (now, then) = (halls(plan), before.map(|before| halls(&before.plan)).unwrap_or_default());
    let sites = |plan: &Plan| {
        let sites = plan.decisions.conversions.iter().map(|conversion| conversion.site.to_string());
        let mut sites: Vec<String> = sites.collect();
        sites.dedup();
        sites
    };
    let (here, there) = (sites(plan), before.map(|before| sites(&before.plan)).unwrap_or_default());
    let only = |sites: &[String], others: &[String]| sites.iter().filter(|s| !others.contains(s)).cloned().collect();
    let cash = difference(plan, |_| true);
    Row {
        budget_usd: UsdCents(point.budget),
        npv_usd: plan.npv_usd,
        uplift_usd: plan.uplift_usd,
        gap_usd: plan.gap_usd,
        gap_to_next_usd: point.gap_to_next,
        capital_usd: plan.capital_usd,
        committed_usd: UsdCents(committed(plan)),
        load_mw_it: critical_it(plan),
        sites: sites_converted(plan),
        npv_per_dollar: before
            .and_then(|before| slope((before.budget, before.plan.npv_usd), (point.budget, plan.npv_usd))),
        irr: match irr_of(plan, &cash) {
            Irr::None => vec![],
            Irr::One(rate) => vec![rate],
            Irr::Several(rates) => rates,
        },
        peak_funding_usd: UsdCents(peak_funding(plan, &cash).amount),
        status: plan.status,
        audit_passed: plan.audit.passed
            && phased.is_none_or(|phased| phased.audit.passed)
            && nested.is_none_or(|nested| nested.plan.audit.passed),
        phased_npv_usd: phased.map(|phased| phased.npv_usd),
        phased_gap_usd: phased.map(|phased| phased.gap_usd),
        cost_of_phasing_usd: phased.map(less),
        nested_npv_usd: nested.map(|nested| nested.plan.npv_usd),
        nested_gap_usd: nested.map(|nested| nested.gap),
        price_of_nesting_usd: nested.map(|nested| less(&nested.plan)),
        base,
        sites_in: only(&here, &there),
        sites_out: only(&there, &here),
        changes: changes(&then, &now),
        nested_sites: nested.map(|nested| sites(&nested.plan)),
        nested_changes: vec![],
    }
}

/// Capital of the twin.
fn committed(plan: &Plan) -> Cents {
    -plan.twin.ledger.iter().filter(|line| line.category.is_capital()).map(|line| line.amount_cents).sum::<Cents>()
}

/// NPV gained per further dollar of budget, from one budget and its NPV to the next.
fn slope(before: (Cents, UsdCents), after: (Cents, UsdCents)) -> Option<f64> {
    let budget = (after.0 - before.0).usd();
    (budget > 0.0).then(|| (after.1.0 - before.1.0).usd() / budget)
}

type What = (String, String, String);

/// Halls by site, retrofit and offer.
fn halls(plan: &Plan) -> BTreeMap<What, i64> {
    let mut halls = BTreeMap::new();
    for c in &plan.decisions.conversions {
        let what = (c.site.to_string(), c.retrofit.to_string(), c.offer_name().to_owned());
        *halls.entry(what).or_insert(0) += i64::from(c.halls);
    }
    halls
}

fn changes(then: &BTreeMap<What, i64>, now: &BTreeMap<What, i64>) -> Vec<Change> {
    let mut all: BTreeMap<&What, i64> = now.iter().map(|(what, halls)| (what, *halls)).collect();
    for (what, halls) in then {
        *all.entry(what).or_insert(0) -= halls;
    }
    let changed = all.into_iter().filter(|(_, halls)| *halls != 0);
    changed
        .map(|((site, retrofit, offer), halls)| Change {
            site: site.clone(),
            retrofit: retrofit.clone(),
            offer: offer.clone(),
            halls,
        })
        .collect()
}

/// What each budget buys. Points at which only machines or dates change are left out, but for the last.
#[must_use]
pub fn buys(frontier: &Frontier, rows: &[Row]) -> Table {
    let shown = shown(rows);
    let left_out = rows.len() - shown.len();
    let mut notes = vec![
        "budget: the least total that pays for the plan, which is the best known up to the next row.".to_owned(),
        "next $: NPV gained over the row above per further dollar of budget.".to_owned(),
        format!(
            "Resolution {} M$ of budget; {} budgets solved.",
            grouped(frontier.range.resolution.get() / 1e6, 1),
            frontier.solved
        ),
        "gap: what a better plan may gain, of any budget up to the next row less the resolution.".to_owned(),
    ];
    if left_out > 0 {
        let points = if left_out == 1 {
            "1 point at which only machines or dates change is"
        } else {
            &format!("{left_out} points at which only machines or dates change are")
        };
        notes.push(format!("{points} in the files and in JSON."));
    }
    if let Some(first) = rows.first().filter(|first| first.committed_usd.0 > Cents::ZERO) {
        let committed = first.committed_usd.0.usd() / 1e6;
        notes.push(format!("committed already, at every budget: {committed:.1} M$ of capital."));
    }
    let befores = std::iter::once(None).chain(shown.iter().map(|row| Some((row.budget_usd.0, row.npv_usd))));
    let cells = |(before, row): (Option<(Cents, UsdCents)>, &&Row)| {
        let next = before.and_then(|before| slope(before, (row.budget_usd.0, row.npv_usd)));
        vec![
            Cell::Money(row.budget_usd.0),
            Cell::Money(row.npv_usd.0),
            Cell::Money(row.uplift_usd.0),
            Cell::some(next, |usd| Cell::Number(usd, 2)),
            match row.irr.as_slice() {
                [] => Cell::Nothing,
                [rate] => Cell::Share(*rate),
                _ => Cell::text("several"),
            },
            Cell::Money(row.peak_funding_usd.0),
            Cell::Megawatts(row.load_mw_it),
            Cell::some(row.gap_to_next_usd, |gap| Cell::Dollars(gap.0)),
        ]
    };
    Table {
        title: "What each budget buys".to_owned(),
        columns: vec![
            Column::figures("budget", "M$"),
            Column::figures("NPV", "M$"),
            Column::figures("uplift", "M$"),
            Column::figures("next $", "$/$"),
            Column::figures("IRR", ""),
            Column::figures("peak", "M$"),
            Column::figures("load", "MW-IT"),
            Column::figures("gap", "$"),
        ],
        rows: befores.zip(&shown).map(cells).collect(),
        notes,
    }
}

/// What the phasing of the pots and a nested programme cost.
#[must_use]
pub fn costs(frontier: &Frontier, rows: &[Row]) -> Table {
    let money = |amount: Option<UsdCents>| Cell::some(amount, |amount| Cell::Money(amount.0));
    let cells = |row: &&Row| {
        vec![
            Cell::Money(row.budget_usd.0),
            Cell::Money(row.npv_usd.0),
            money(row.phased_npv_usd),
            money(row.cost_of_phasing_usd),
            money(row.nested_npv_usd),
            money(row.price_of_nesting_usd),
            if row.base { Cell::text("base") } else { Cell::text("") },
        ]
    };
    let mut notes = vec!["nested: below the base each plan only drops or delays, above it only adds.".to_owned()];
    if frontier.points.iter().any(|point| point.phased.is_some()) {
        let phased = "phased: the pots' own releases, scaled to the budget; what comes too late or lapses stays unspent, so \
                      the plan may need less. Tenants' money may relieve pots, never a total: then phasing may cost less \
                      than nothing.";
        notes.push(phased.to_owned());
    }
    Table {
        title: "Total only, as phased, and nested [NPV]".to_owned(),
        columns: vec![
            Column::figures("budget", "M$"),
            Column::figures("total only", "M$"),
            Column::figures("as phased", "M$"),
            Column::figures("phasing", "M$"),
            Column::figures("nested", "M$"),
            Column::figures("nesting", "M$"),
            Column::words(""),
        ],
        rows: shown(rows).iter().map(cells).collect(),
        notes,
    }
}

/// What goes in and out at each budget.
#[must_use]
pub fn in_and_out(frontier: &Frontier, rows: &[Row]) -> Table {
    let site = |row: &Row, change: &Change| {
        let name = place(frontier, &change.site);
        match change {
            Change { site, halls, .. } if *halls > 0 && row.sites_in.contains(site) => format!("{name} (in)"),
            Change { site, .. } if row.sites_out.contains(site) => format!("{name} (out)"),
            Change { .. } => name,
        }
    };
    let cells = shown(rows)
        .into_iter()
        .flat_map(|row| lines(row.budget_usd, row.changes.iter().map(|change| (site(row, change), change))));
    changed("Halls in and out against the row before", cells.collect())
}

/// What the nested programme drops first when money is cut from the base, and what it adds first above.
#[must_use]
pub fn first_out(frontier: &Frontier, rows: &[Row]) -> Table {
    let base = rows.iter().position(|row| row.base).unwrap_or(rows.len());
    let steps = rows[..base].iter().rev().chain(&rows[base..]);
    let cells = steps.flat_map(|row| {
        lines(row.budget_usd, row.nested_changes.iter().map(|change| (place(frontier, &change.site), change)))
    });
    changed("What goes first: the nested programme, from its base step by step", cells.collect())
}

/// A site by its name.
fn place(frontier: &Frontier, site: &str) -> String {
    frontier.points.first().map_or_else(|| site.to_owned(), |point| point.plan.inputs.place(&site.into()))
}

/// Changes at a budget, which stands beside the first.
fn lines<'a>(budget: UsdCents, changes: impl Iterator<Item = (String, &'a Change)>) -> Vec<Vec<Cell>> {
    let line = |(index, (site, change)): (usize, (String, &Change))| {
        let budget = if index == 0 { Cell::Money(budget.0) } else { Cell::text("") };
        let halls = Cell::text(format!("{:+}", change.halls));
        vec![budget, halls, Cell::text(site), Cell::text(&change.retrofit), Cell::text(&change.offer)]
    };
    changes.enumerate().map(line).collect()
}

fn changed(title: &str, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: title.to_owned(),
        columns: vec![
            Column::figures("budget", "M$"),
            Column::figures("halls", ""),
            Column::words("site"),
            Column::words("retrofit"),
            Column::words("offer"),
        ],
        rows,
        notes: vec![],
    }
}

/// Rows with a change of halls, in the best plan or the nested programme, the first and the last.
fn shown(rows: &[Row]) -> Vec<&Row> {
    let last = rows.len().saturating_sub(1);
    rows.iter()
        .enumerate()
        .filter(|(index, row)| {
            let changes = row.changes.len() + row.nested_changes.len();
            *index == 0 || *index == last || row.base || changes > 0
        })
        .map(|(_, row)| row)
        .collect()
}

/// What a reader is told of a plan that is not the best within the gap asked for.
#[must_use]
pub fn unsettled(rows: &[Row]) -> Option<String> {
    let stopped = rows.iter().filter(|row| row.status.is_stopped()).count();
    (stopped > 0).then(|| {
        let of = rows.len();
        format!("NOT AN ANSWER: the search was stopped at {stopped} of {of} budgets; their gaps say what better plans may gain.")
    })
}
