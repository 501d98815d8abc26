//! The mixed-integer linear model, as data: columns, rows, and nothing of the solver.
//!
//! [`CONSTRAINTS`] is the table of contents: one family a file, in reading order.

pub mod constraints;
mod mps;
mod objective;
pub mod scale;
mod text;
mod tighten;
mod variables;

use crate::domain::Fleet;
use crate::options::Options;
use crate::plan::Settings;
pub use tighten::tighten;
pub use variables::{Acceptance, Column, ColumnId, HubColumns, Serve, TrackColumns, Variables};

/// One linear row: `lower ≤ Σ coefficient · column ≤ upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The family it belongs to.
    pub family: &'static str,
    /// Which row of the family: `panther-creek,2027-04`.
    pub key: String,
    /// Coefficients.
    pub terms: Vec<(ColumnId, f64)>,
    /// Least value.
    pub lower: f64,
    /// Greatest value.
    pub upper: f64,
}

impl Row {
    /// `Σ terms ≤ upper`.
    #[must_use]
    pub fn at_most(family: &'static str, key: String, terms: Vec<(ColumnId, f64)>, upper: f64) -> Self {
        Self { family, key, terms, lower: f64::NEG_INFINITY, upper }
    }

    /// `Σ terms ≥ lower`.
    #[must_use]
    pub fn at_least(family: &'static str, key: String, terms: Vec<(ColumnId, f64)>, lower: f64) -> Self {
        Self { family, key, terms, lower, upper: f64::INFINITY }
    }

    /// `Σ terms = value`.
    #[must_use]
    pub fn equal(family: &'static str, key: String, terms: Vec<(ColumnId, f64)>, value: f64) -> Self {
        Self { family, key, terms, lower: value, upper: value }
    }

    /// Whether the twin keeps it: neither a policy nor a forced lock.
    #[must_use]
    pub fn in_twin(&self) -> bool {
        let dropped = CONSTRAINTS.iter().any(|family| family.name == self.family && !family.in_twin);
        let forced = self.family == constraints::locks::NAME && self.key.starts_with(constraints::locks::FORCE);
        !dropped && !forced
    }
}

/// What a family's rows depend on.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The facts.
    pub fleet: &'a Fleet,
    /// What was asked for.
    pub settings: &'a Settings,
    /// What can be decided.
    pub options: &'a Options,
    /// The columns that decide it.
    pub variables: &'a Variables,
}

/// The rows of one family.
pub type Family = fn(Facts) -> Vec<Row>;

/// A constraint family, as listed.
#[derive(Clone, Copy)]
pub struct Constraint {
    /// Its one name.
    pub name: &'static str,
    /// Its rows.
    pub rows: Family,
    /// Whether the twin keeps it, forced locks apart.
    pub in_twin: bool,
}

const fn in_both(name: &'static str, rows: Family) -> Constraint {
    Constraint { name, rows, in_twin: true }
}

const fn in_plan(name: &'static str, rows: Family) -> Constraint {
    Constraint { name, rows, in_twin: false }
}

/// Every constraint family by its one name, in reading order.
pub const CONSTRAINTS: &[Constraint] = &[
    in_both(constraints::hall_count::NAME, constraints::hall_count::rows),
    in_both(constraints::site_setup::NAME, constraints::site_setup::rows),
    in_both(constraints::site_power::NAME, constraints::site_power::rows),
    in_both(constraints::firm_power::NAME, constraints::firm_power::rows),
    in_both(constraints::racks::NAME, constraints::racks::rows),
    in_both(constraints::machine_balance::NAME, constraints::machine_balance::rows),
    in_both(constraints::works_order::NAME, constraints::works_order::rows),
    in_both(constraints::works_before_service::NAME, constraints::works_before_service::rows),
    in_both(constraints::crews::NAME, constraints::crews::rows),
    in_both(constraints::long_lead::NAME, constraints::long_lead::rows),
    in_both(constraints::ballast::NAME, constraints::ballast::rows),
    in_both(constraints::site_state::NAME, constraints::site_state::rows),
    in_both(constraints::minimum_bill::NAME, constraints::minimum_bill::rows),
    in_both(constraints::offer_size::NAME, constraints::offer_size::rows),
    in_both(constraints::offer_choice::NAME, constraints::offer_choice::rows),
    in_both(constraints::speculation::NAME, constraints::speculation::rows),
    in_both(constraints::budget::NAME, constraints::budget::rows),
    in_plan(constraints::policy_mix::NAME, constraints::policy_mix::rows),
    in_plan(constraints::policy_hashrate::NAME, constraints::policy_hashrate::rows),
    in_plan(constraints::policy_tenant::NAME, constraints::policy_tenant::rows),
    in_plan(constraints::policy_region::NAME, constraints::policy_region::rows),
    in_both(constraints::locks::NAME, constraints::locks::rows),
];

/// The model of a fleet: maximise the value of its columns plus `constant`.
#[derive(Debug, Clone)]
pub struct Model {
    /// Columns with bounds and value in M$.
    pub variables: Variables,
    /// Rows, family by family.
    pub rows: Vec<Row>,
    /// Value in M$ of what is not decided.
    pub constant: f64,
}

/// Rows and bounds hold within this much, in units of the model.
const TOLERANCE: f64 = 1e-6;

impl Model {
    /// Whether values by column keep every bound, every row and every whole number.
    #[must_use]
    pub fn satisfied_by(&self, values: &[f64]) -> bool {
        self.satisfied_within(values, TOLERANCE)
    }

    /// The same within another tolerance, in units of the model.
    #[must_use]
    pub fn satisfied_within(&self, values: &[f64], tolerance: f64) -> bool {
        let within = |value: f64, lower: f64, upper: f64| value >= lower - tolerance && value <= upper + tolerance;
        let columns = &self.variables.columns;
        values.len() == columns.len()
            && columns.iter().zip(values).all(|(column, value)| {
                let whole = !column.integer || (value - value.round()).abs() <= tolerance;
                whole && within(*value, column.lower, column.upper)
            })
            && self.rows.iter().all(|row| {
                let sum = row.terms.iter().map(|(column, size)| size * values[column.0]).sum();
                within(sum, row.lower, row.upper)
            })
    }
}

/// Builds the model over priced options.
#[must_use]
pub fn build(fleet: &Fleet, settings: &Settings, options: &Options) -> Model {
    let variables = variables::variables(fleet, options);
    let facts = Facts { fleet, settings, options, variables: &variables };
    let rows = CONSTRAINTS.iter().flat_map(|family| (family.rows)(facts)).collect();
    Model { rows, constant: objective::constant(fleet, options), variables }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Month, Period};
    use crate::domain::fixture;
    use crate::domain::money::Class;
    use crate::domain::policy::{Lock, LockKind};
    use crate::options::{HallOption, UnitLine, enumerate};
    use crate::plan::ledger::Category;
    use crate::units::{Share, Usd};

    fn texts(model: &Model, with: &str) -> Vec<String> {
        let texts = model.rows.iter().map(|row| row.text(&model.variables));
        texts.filter(|text| text.starts_with(with)).collect()
    }

    /// Rows of the tiny portfolio, after a change to it, whose text begins so.
    pub(super) fn rows_that_begin(with: &str, change: impl FnOnce(&mut Fleet, &mut Settings)) -> Vec<String> {
        let (mut fleet, mut settings) = (fixture::fleet(), Settings::default());
        change(&mut fleet, &mut settings);
        texts(&build(&fleet, &settings, &enumerate(&fleet, &settings)), with)
    }

    /// The same, after a change to its options, which are those of the unchanged portfolio.
    pub(super) fn rows_with(with: &str, change: impl FnOnce(&mut Fleet, &mut Options)) -> Vec<String> {
        let (mut fleet, settings) = (fixture::fleet(), Settings::default());
        let mut options = enumerate(&fleet, &settings);
        change(&mut fleet, &mut options);
        texts(&build(&fleet, &settings, &options), with)
    }

    /// Rows of offers' sizes of the tiny portfolio, tightened, after a change to it.
    pub(super) fn tightened(change: impl FnOnce(&mut Fleet)) -> Vec<String> {
        texts(&tight_model(change), "offer_size")
    }

    /// The tiny portfolio's model, tightened, after a change to it.
    pub(super) fn tight_model(change: impl FnOnce(&mut Fleet)) -> Model {
        let (mut fleet, settings) = (fixture::fleet(), Settings::default());
        change(&mut fleet);
        let options = enumerate(&fleet, &settings);
        tighten(build(&fleet, &settings, &options), &fleet, &options)
    }

    /// Merchant capacity in place of the first option.
    pub(super) fn merchant(options: &Options, start: Month, ready: Month) -> HallOption {
        let mut option = options.halls[0].clone();
        (option.offer, option.start, option.dates.ready, option.dates.commencement) = (None, start, ready, ready);
        option.dates.mining_off = option.dates.mining_off.map(|_| Month(start.0 + 2));
        option
    }

    /// A line of one unit.
    pub(super) fn line(period: Period, category: Category, usd: f64) -> UnitLine {
        UnitLine { period, category, class: Class::Corporate, rate: Share::NONE, cents: Usd::new(usd).to_cents() }
    }

    /// A lock on one hall of anything.
    pub(super) fn lock(kind: LockKind) -> Lock {
        let (site, hall, retrofit, offer, start) = (None, None, None, None, None);
        Lock { kind, site, hall, retrofit, offer, start, halls: 1, work: None, spent: Usd::ZERO }
    }

    #[test]
    fn coefficients_are_of_order_one() {
        let (fleet, settings) = (fixture::fleet(), Settings::default());
        let model = build(&fleet, &settings, &enumerate(&fleet, &settings));
        for row in &model.rows {
            for (_, coefficient) in &row.terms {
                assert!((1e-3..1e3).contains(&coefficient.abs()), "{}", row.text(&model.variables));
            }
        }
    }

    #[test]
    fn the_twin_keeps_everything_but_policies_and_forced_locks() {
        let dropped: Vec<_> = CONSTRAINTS.iter().filter(|family| !family.in_twin).map(|family| family.name).collect();
        assert_eq!(dropped, ["policy_mix", "policy_hashrate", "policy_tenant", "policy_region"]);
        let row = |family, key: &str| Row::at_least(family, key.to_owned(), vec![], 1.0);
        assert!(!row("policy_mix", "2027").in_twin() && !row("locks", "force,1").in_twin());
        assert!(row("locks", "forbid,1").in_twin() && row("locks", "started,1").in_twin());
        assert!(row("offer_choice", "group,a").in_twin());
    }

    #[test]
    fn values_satisfy_a_model_within_rows_bounds_and_whole_numbers() {
        let column =
            |name: &str, integer| Column { name: name.to_owned(), integer, lower: 0.0, upper: 2.0, value: 1.0 };
        let variables = Variables { columns: vec![column("x", true), column("y", false)], ..Variables::default() };
        let rows = vec![
            Row::at_most("racks", "a".to_owned(), vec![(ColumnId(0), 2.0), (ColumnId(1), 1.0)], 4.0),
            Row::at_least("budget", "b".to_owned(), vec![(ColumnId(1), 1.0)], 0.5),
        ];
        let model = Model { variables, rows, constant: 0.0 };
        assert!(model.satisfied_by(&[1.0, 2.0]));
        assert!(model.satisfied_by(&[1.0, 2.0 + 5e-7]), "within the tolerance");
        assert!(!model.satisfied_within(&[1.0, 2.0 + 5e-7], 1e-7));
        assert!(!model.satisfied_by(&[2.0, 0.5]), "the first row");
        assert!(!model.satisfied_by(&[1.0, 0.4]), "the second row");
        assert!(!model.satisfied_by(&[-1.0, 1.0]) && !model.satisfied_by(&[0.0, 2.1]), "bounds");
        assert!(!model.satisfied_by(&[0.5, 1.0]), "half a hall");
        assert!(!model.satisfied_by(&[1.0]), "values of another model");
    }
}
