//! Lines of the ledger as rows of formulas: dollars by period, the sum, and the present value.

use std::collections::{BTreeMap, BTreeSet};

use planner_core::domain::money::Class;
use planner_core::plan::ledger::Category;

use super::assumptions::Assumptions;
use super::sheet::{Labels, Look, Row, Sheet, Shown, column_of, letters};
use super::term::Term;
use super::timeline::{Axis, class_name};

/// Whose ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// The plan's.
    Plan,
    /// Its twin's.
    Twin,
}

impl Case {
    /// As written in the first column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Twin => "twin",
        }
    }
}

/// What makes a line of the ledger one, but its period.
pub type Key = (Case, String, String, Category, Class);

/// What stands before the figures of a line.
#[derive(Debug, Clone)]
pub struct Head {
    pub case: Case,
    pub site: String,
    pub subject: String,
    pub class: Class,
    /// The pot that pays for it.
    pub pot: String,
    /// How many of the unit; shown beside, where there is one number of them.
    pub count: Option<Term>,
    /// Discount factors of its rate; those of the class without.
    pub factors: Option<Row>,
}

impl Head {
    /// A head at the rate of its class.
    pub fn new(case: Case, site: impl Into<String>, subject: impl Into<String>, class: Class) -> Self {
        Self { case, site: site.into(), subject: subject.into(), class, pot: String::new(), count: None, factors: None }
    }
}

/// A line in its place.
#[derive(Debug)]
pub struct Line {
    pub key: Key,
    pub sheet: &'static str,
    pub row: Row,
    pub value: Term,
    /// The pot that its row names.
    pub pot: String,
}

/// All lines of the workbook.
#[derive(Debug, Default)]
pub struct Lines {
    pub all: Vec<Line>,
    pub measured: Vec<Measured>,
    keys: BTreeMap<(Case, Summed), u32>,
}

/// What sums are taken over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Summed {
    /// A category.
    Category(Category),
    /// A pot, by its name.
    Pot(String),
    /// What is no money.
    Quantity(Quantity),
}

/// What is counted beside money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Of machines that run.
    Hashrate,
    /// After the pool's fee.
    Bitcoin,
    /// Of machines.
    MiningEnergy,
    /// Of halls whose contracts include power.
    HostingEnergy,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Hashrate, Self::Bitcoin, Self::MiningEnergy, Self::HostingEnergy];

    /// As its rows are called, with the unit.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hashrate => "hashrate [TH/s]",
            Self::Bitcoin => "bitcoin mined [BTC]",
            Self::MiningEnergy => "mining energy [MWh]",
            Self::HostingEnergy => "hosting energy [MWh]",
        }
    }
}

/// A row of a quantity.
#[derive(Debug)]
pub struct Measured {
    pub case: Case,
    pub quantity: Quantity,
    pub sheet: &'static str,
    pub row: Row,
}

/// Two columns behind the time axis hold the numbers by which formulas find the rows of a sum. Words would not do: a
/// spreadsheet compares them without case, and reads some as a pattern, a comparison or a number.
#[derive(Debug, Clone, Copy)]
pub enum KeyColumn {
    /// Of the category, or of the quantity.
    What = 1,
    /// Of the pot.
    Pot = 2,
}

impl KeyColumn {
    fn place(self, axis: &Axis) -> usize {
        axis.places() + self as usize
    }

    /// Writes a key into its row.
    pub fn put(self, sheet: &mut Sheet, axis: &Axis, row: u32, key: f64) {
        sheet.number(row, column_of(self.place(axis)), key, Look::Key, Shown::Whole);
    }

    /// Its letters.
    pub fn letters(self, axis: &Axis) -> String {
        letters(self.place(axis))
    }

    /// Heads of both columns.
    pub fn head(sheet: &mut Sheet, axis: &Axis) {
        for (column, text) in [(Self::What, "key of category"), (Self::Pot, "key of pot")] {
            sheet.words(4, column_of(column.place(axis)), text, Look::Head);
        }
    }
}

/// Heads of a sheet of lines.
pub fn head(sheet: &mut Sheet, axis: &Axis) {
    axis.head_periods(sheet, HEADS);
    KeyColumn::head(sheet, axis);
}

/// Heads of the columns before the time axis.
const HEADS: [&str; 9] = ["case", "site", "subject", "category", "class", "count", "pot", "present value", ""];

impl Lines {
    /// The number of what is summed in a case, the same on every sheet.
    pub fn key(&mut self, case: Case, of: Summed) -> f64 {
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX).saturating_add(1);
        f64::from(*self.keys.entry((case, of)).or_insert(next))
    }

    /// Writes a row of a quantity, by period.
    pub fn measure(
        &mut self,
        (sheet, axis): (&mut Sheet, &Axis),
        (case, site, subject): (Case, &str, &str),
        quantity: Quantity,
        at: impl Fn(usize) -> Term,
    ) {
        let labels =
            Labels(vec![case.name().to_owned(), site.to_owned(), subject.to_owned(), quantity.name().to_owned()]);
        KeyColumn::What.put(sheet, axis, sheet.next, self.key(case, Summed::Quantity(quantity)));
        let row = sheet.series(&labels, Look::Formula, Shown::Thousandths, axis.places(), |p, _| at(p));
        self.measured.push(Measured { case, quantity, sheet: sheet.name, row });
    }

    /// Writes a line: dollars of each period.
    pub fn put(
        &mut self,
        sheet: &mut Sheet,
        (_, axis): (&Assumptions, &Axis),
        (head, category): (&Head, &Category),
        look: Look,
        dollars: impl Fn(usize) -> Term,
    ) {
        let charged = category.is_capital() || matches!(category, Category::Advance | Category::Prepayment);
        let pot = if charged { head.pot.clone() } else { String::new() };
        let labels = vec![
            head.case.name().to_owned(),
            head.site.clone(),
            head.subject.clone(),
            category.to_string(),
            class_name(head.class).to_owned(),
            String::new(),
            pot.clone(),
        ];
        let row = match look {
            Look::Formula => {
                sheet.series(&Labels(labels), look, Shown::Dollars, axis.places(), |place, _| dollars(place))
            }
            _ => sheet.figures(&Labels(labels), look, Shown::Dollars, (0..axis.places()).map(|p| dollars(p).value)),
        };
        let at = sheet.next - 1;
        KeyColumn::What.put(sheet, axis, at, self.key(head.case, Summed::Category(category.clone())));
        if charged {
            KeyColumn::Pot.put(sheet, axis, at, self.key(head.case, Summed::Pot(pot.clone())));
        }
        let value = head.factors.as_ref().or_else(|| axis.factors_of(head.class)).map_or_else(
            || Term::whole(0),
            |factors| {
                let worth = row.values().iter().zip(factors.values()).map(|(dollars, factor)| dollars * factor).sum();
                Term::atom(format!("SUMPRODUCT({},{})", row.range(), factors.range()), worth)
            },
        );
        if let Some(count) = &head.count {
            sheet.formula(at, 5, count, Look::Formula, Shown::Whole);
        }
        let value = sheet.formula(at, 7, &value, Look::Formula, Shown::Dollars);
        sheet.formula(at, 8, &row.total(), Look::Formula, Shown::Dollars);
        let key = (head.case, head.site.clone(), head.subject.clone(), category.clone(), head.class);
        self.all.push(Line { key, sheet: sheet.name, row, value, pot });
    }

    /// What is told already.
    pub fn keys(&self) -> BTreeSet<&Key> {
        self.all.iter().map(|line| &line.key).collect()
    }
}
