//! One row per work: where, what it adds, when, and what it costs.

use jiff::civil::Date;

use super::table::{Cell, Column, Table};
use crate::domain::ids::{SiteId, WorkId};
use crate::domain::{Fleet, work};
use crate::plan::ledger::{Category, LedgerLine, present_value};
use crate::plan::{Decisions, Plan, subject};
use crate::units::{Cents, GrossMw, UsdCents};

/// What a work is, adds and costs.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkRow {
    /// Which.
    pub work: WorkId,
    /// As printed.
    pub name: String,
    /// The site it belongs to; `None` for a shared one.
    pub site: Option<SiteId>,
    /// Sites that it adds to, or whose halls need it.
    pub sites: Vec<SiteId>,
    /// What it adds.
    pub adds: Adds,
    /// Hall groups that need it.
    pub needed_by: Vec<String>,
    /// First day.
    pub start: Date,
    /// First day after it.
    pub finish: Date,
    /// Paid in the horizon.
    pub cost: Cents,
    /// Present value of its ledger lines: cost, what a longer lease costs, value of connection at the horizon.
    pub present_value: UsdCents,
}

/// What a work adds to its sites.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Adds {
    /// Connection.
    pub connection: GrossMw,
    /// Firm power.
    pub firm: GrossMw,
    /// Racks.
    pub racks: GrossMw,
    /// Last day of the longer lease, the earliest where there are several.
    pub tenure_until: Option<Date>,
}

/// Its id without the site it belongs to.
#[must_use]
pub fn short_id(work: &work::Work) -> &str {
    let own = work.site.as_ref().and_then(|site| work.id.as_str().strip_prefix(site.as_str())?.strip_prefix('/'));
    own.unwrap_or(work.id.as_str())
}

/// Sites that a work adds to, or whose halls need it, sorted.
#[must_use]
pub fn sites(work: &work::Work) -> Vec<SiteId> {
    let adds = work.adds.iter().map(|effect| &effect.site);
    let needs = work.needed_by.iter().flat_map(|needed| &needed.halls).map(|(site, _)| site);
    let mut sites: Vec<SiteId> = work.site.iter().chain(adds).chain(needs).cloned().collect();
    sites.sort();
    sites.dedup();
    sites
}

/// The works of a set of decisions by start and id.
#[must_use]
pub fn rows(fleet: &Fleet, decisions: &Decisions, ledger: &[LedgerLine]) -> Vec<WorkRow> {
    let mut rows: Vec<WorkRow> = decisions
        .works
        .iter()
        .filter_map(|decision| {
            let work = fleet.work(&decision.work)?;
            let subject = subject::work(&work.id);
            let lines: Vec<&LedgerLine> = ledger.iter().filter(|line| line.subject == subject).collect();
            let needed = work.needed_by.iter().flat_map(|needed| &needed.halls);
            Some(WorkRow {
                work: work.id.clone(),
                name: work.name.clone(),
                site: work.site.clone(),
                sites: sites(work),
                adds: adds(work),
                needed_by: needed.map(|(site, hall)| format!("{site}/{hall}")).collect(),
                start: decision.start,
                finish: decision.finish,
                cost: lines
                    .iter()
                    .filter(|line| matches!(line.category, Category::Capex(_)))
                    .map(|line| -line.amount_cents)
                    .sum(),
                present_value: present_value(&fleet.calendar, lines),
            })
        })
        .collect();
    rows.sort_by(|a, b| (a.start, &a.work).cmp(&(b.start, &b.work)));
    rows
}

fn adds(work: &work::Work) -> Adds {
    work.adds.iter().fold(Adds::default(), |all, effect| Adds {
        connection: all.connection + effect.connection,
        firm: all.firm + effect.firm,
        racks: all.racks + effect.racks,
        tenure_until: [all.tenure_until, effect.tenure_until].into_iter().flatten().min(),
    })
}

/// What a work adds, in words.
fn words(row: &WorkRow) -> String {
    let power = [(row.adds.connection, "connection"), (row.adds.firm, "firm"), (row.adds.racks, "racks")];
    let power = power.into_iter().filter(|(power, _)| *power > GrossMw::ZERO);
    let power: Vec<String> = power.map(|(power, what)| format!("{:.1} {what}", power.get())).collect();
    let needed = match row.needed_by.as_slice() {
        [] => None,
        [one] => Some(format!("needed by {one}")),
        many => Some(format!("needed by {} hall groups", many.len())),
    };
    let parts = [
        (!power.is_empty()).then(|| format!("MW: {}", power.join(", "))),
        row.adds.tenure_until.map(|day| format!("lease until {day}")),
        needed,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "what others wait for".to_owned() } else { parts.join("; ") }
}

/// The works of a plan as a table.
#[must_use]
pub fn table(plan: &Plan) -> Table {
    let rows = rows(&plan.inputs, &plan.decisions, &plan.ledger);
    Table {
        title: "Works [M$]".to_owned(),
        columns: vec![
            Column::words("work"),
            Column::words("where"),
            Column::words("adds"),
            Column::words("start"),
            Column::words("finish"),
            Column::figures("cost", ""),
        ],
        rows: rows.iter().map(|row| cells(plan, row)).collect(),
        notes: vec![],
    }
}

fn cells(plan: &Plan, row: &WorkRow) -> Vec<Cell> {
    let places: Vec<String> = row.sites.iter().map(|site| plan.inputs.place(site)).collect();
    vec![
        Cell::text(row.name.as_str()),
        Cell::text(places.join(", ")),
        Cell::text(words(row)),
        Cell::Month(row.start),
        Cell::Month(row.finish),
        Cell::Money(row.cost),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use jiff::civil::date;

    #[test]
    fn a_work_says_what_it_adds_and_costs() {
        let plan = sample::with_everything();
        let rows = rows(&plan.inputs, &plan.decisions, &plan.ledger);
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[1].start, rows[1].finish, rows[1].cost),
            (date(2027, 4, 1), date(2027, 10, 1), Cents(2_000_000_000))
        );
        let table = table(&plan);
        assert_eq!(
            table.rows[1][..3],
            [Cell::text("A substation"), Cell::text("panther-creek-01"), Cell::text("MW: 40.0 connection, 40.0 firm"),]
        );
        assert_eq!(
            table.rows[0][1..3],
            [Cell::text("panther-creek-01, panther-creek-02"), Cell::text("needed by 2 hall groups"),]
        );
    }
}
