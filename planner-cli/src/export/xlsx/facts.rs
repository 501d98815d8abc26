//! Blocks of facts on a sheet: tables and lists, whose cells formulas refer to.

use std::collections::BTreeMap;

use planner_core::units::Share;

use super::sheet::{Look, Sheet, Shown};
use super::term::Term;

/// A block of facts: a row a thing, a column a fact.
#[derive(Debug, Default)]
pub struct Table(BTreeMap<(String, &'static str), Term>);

/// A column of a table: its head, how it is shown, and what it holds.
pub type Fact<'a, T> = (&'static str, Shown, fn(&T) -> Option<f64>);

impl Table {
    /// A fact; nil where there is none.
    pub fn get(&self, id: &str, fact: &'static str) -> Term {
        self.find(id, fact).unwrap_or_else(|| Term::whole(0))
    }

    /// A fact, if there is one.
    pub fn find(&self, id: &str, fact: &'static str) -> Option<Term> {
        self.0.get(&(id.to_owned(), fact)).cloned()
    }

    /// Keeps a cell.
    pub fn keep(&mut self, id: &str, fact: &'static str, term: Term) {
        self.0.insert((id.to_owned(), fact), term);
    }

    /// Writes a block; columns that hold nothing are left out.
    pub fn write<'a, T: 'a>(
        sheet: &mut Sheet,
        title: &str,
        things: impl IntoIterator<Item = (String, &'a T)>,
        facts: &[Fact<T>],
    ) -> Self {
        let things: Vec<(String, &T)> = things.into_iter().collect();
        let mut table = Self::default();
        let facts: Vec<&Fact<T>> =
            facts.iter().filter(|(.., of)| things.iter().any(|(_, thing)| of(thing).is_some())).collect();
        if facts.is_empty() {
            return table;
        }
        sheet.section(title);
        let heads: Vec<&str> = std::iter::once("").chain(facts.iter().map(|(head, ..)| *head)).collect();
        sheet.heads(&heads);
        for (id, thing) in &things {
            sheet.words(sheet.next, 0, id, Look::Text);
            for (column, (head, shown, of)) in (1..).zip(&facts) {
                if let Some(value) = of(thing) {
                    table.keep(id, head, sheet.number(sheet.next, column, value, Look::Input, *shown));
                }
            }
            sheet.next += 1;
        }
        table
    }
}

/// A list of figures: ramps, occupancies.
#[derive(Debug, Default)]
pub struct Lists(BTreeMap<String, (String, Vec<f64>)>);

impl Lists {
    /// Writes each in a row.
    pub fn write<'a>(sheet: &mut Sheet, title: &str, lists: impl IntoIterator<Item = (String, &'a [Share])>) -> Self {
        let mut kept = Self::default();
        let lists: Vec<_> = lists.into_iter().filter(|(_, list)| !list.is_empty()).collect();
        if lists.is_empty() {
            return kept;
        }
        sheet.section(title);
        for (id, list) in lists {
            sheet.words(sheet.next, 0, &id, Look::Text);
            let mut ends = vec![];
            for (column, share) in (1..).zip(list) {
                ends.push(sheet.number(sheet.next, column, share.0, Look::Input, Shown::Share));
            }
            sheet.next += 1;
            if let (Some(first), Some(last)) = (ends.first(), ends.last()) {
                let last = last.text().rsplit('!').next().unwrap_or_default();
                let range = format!("{}:{last}", first.text());
                kept.0.insert(id, (range, list.iter().map(|share| share.0).collect()));
            }
        }
        kept
    }

    /// How many figures a list has.
    pub fn length(&self, id: &str) -> i32 {
        self.0.get(id).map_or(0, |(_, values)| i32::try_from(values.len()).unwrap_or(i32::MAX))
    }

    /// The figure of an age from nil on, in a cell of its own; one after the last.
    pub fn at_age(&self, id: &str, age: i32) -> Term {
        let at = usize::try_from(age).unwrap_or(0);
        let Some((range, values)) = self.0.get(id).filter(|(_, values)| at < values.len()) else {
            return Term::whole(1);
        };
        let value = values.get(at).copied().unwrap_or(1.0);
        Term::atom(format!("INDEX({range},1,{})", age + 1), value)
    }

    /// The figure at a place from nil on; one after the last, nil before the first.
    pub fn at(&self, id: &str, place: &Term) -> Term {
        let (nil, one) = (Term::whole(0), Term::whole(1));
        let Some((range, values)) = self.0.get(id) else {
            return Term::choose(&place.below(&nil), &nil, &one);
        };
        let length = Term::atom(format!("COLUMNS({range})"), f64::from(self.length(id)));
        let inside = nil.max(place).min(&(&length - &one)) + &one;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let value = values.get(inside.value as usize - 1).copied().unwrap_or(0.0);
        let found = Term::atom(format!("INDEX({range},1,{})", inside.text()), value);
        Term::choose(&place.below(&nil), &nil, &Term::choose(&place.at_least(&length), &one, &found))
    }
}
