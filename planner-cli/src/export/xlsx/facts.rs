//! Blocks of facts on a sheet: tables and lists, whose cells formulas refer to.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use planner_core::domain::evidence::{Confidence, Evidence};
use planner_core::report::assumptions::words;
use planner_core::units::Share;

use super::sheet::{Look, Sheet, Shown};
use super::term::Term;
use super::timeline::serial;

/// A fact of a thing: the head of its column, how it is shown, and what it is.
pub struct Fact<T> {
    pub head: &'static str,
    pub shown: Shown,
    of: fn(&T) -> Option<f64>,
}

impl<T> Fact<T> {
    /// A fact.
    pub const fn new(head: &'static str, shown: Shown, of: fn(&T) -> Option<f64>) -> Self {
        Self { head, shown, of }
    }
}

/// Declares the facts of a thing as constants, so that a look-up that is mistyped, or of another thing, does not compile.
/// Those kept apart stand in cells of their own, outside the block.
macro_rules! facts {
    ($facts:ident of $thing:ty { $($name:ident = $head:literal, $shown:ident, $of:expr;)+ }
     $(kept apart { $($apart:ident = $apart_head:literal, $apart_shown:ident;)+ })?) => {
        pub struct $facts;

        impl $facts {
            $(pub const $name: Fact<$thing> = Fact::new($head, Shown::$shown, $of);)+
            $($(pub const $apart: Fact<$thing> = Fact::new($apart_head, Shown::$apart_shown, |_| None);)+)?
            /// The columns of the block.
            pub const ALL: &[Fact<$thing>] = &[$(Self::$name),+];
        }
    };
}
pub(super) use facts;

/// Heads of what says where figures come from.
pub const EVIDENCE: [&str; 3] = ["source", "as of", "confidence"];

/// Says beside the figures of the next row where they come from; what says nothing counts as assumed.
pub fn rests_on(sheet: &mut Sheet, column: u16, evidence: Option<&Evidence>) {
    let row = sheet.next;
    let evidence = evidence.cloned().unwrap_or_default();
    sheet.words(row, column, evidence.source.as_deref().unwrap_or("not stated"), Look::Text);
    if let Some(day) = evidence.as_of {
        sheet.number(row, column.saturating_add(1), serial(day), Look::Text, Shown::Day);
    }
    let confidence = evidence.confidence.unwrap_or(Confidence::Assumed);
    sheet.words(row, column.saturating_add(2), words(confidence), Look::Text);
}

/// A block of facts: a row a thing, a column a fact.
pub struct Table<T> {
    cells: BTreeMap<(String, &'static str), Term>,
    of: PhantomData<T>,
}

impl<T> Table<T> {
    /// A fact; zero where the thing has none of the kind.
    pub fn get(&self, id: &str, fact: &Fact<T>) -> Term {
        self.find(id, fact).unwrap_or_else(|| Term::whole(0))
    }

    /// A fact, if there is one.
    pub fn find(&self, id: &str, fact: &Fact<T>) -> Option<Term> {
        self.cells.get(&(id.to_owned(), fact.head)).cloned()
    }

    /// Keeps a cell.
    pub fn keep(&mut self, id: &str, fact: &Fact<T>, term: Term) {
        self.cells.insert((id.to_owned(), fact.head), term);
    }

    /// Writes a block; columns that hold nothing are left out.
    pub fn write<'a>(
        sheet: &mut Sheet,
        title: &str,
        things: impl IntoIterator<Item = (String, &'a T, Option<&'a Evidence>)>,
        facts: &[Fact<T>],
    ) -> Self
    where
        T: 'a,
    {
        let things: Vec<(String, &T, Option<&Evidence>)> = things.into_iter().collect();
        let mut table = Self { cells: BTreeMap::new(), of: PhantomData };
        let facts: Vec<&Fact<T>> =
            facts.iter().filter(|fact| things.iter().any(|(_, thing, _)| (fact.of)(thing).is_some())).collect();
        if facts.is_empty() {
            return table;
        }
        sheet.section(title);
        let heads: Vec<&str> = std::iter::once("").chain(facts.iter().map(|fact| fact.head)).chain(EVIDENCE).collect();
        sheet.heads(&heads);
        for (id, thing, evidence) in &things {
            sheet.words(sheet.next, 0, id, Look::Text);
            for (column, fact) in (1..).zip(&facts) {
                if let Some(value) = (fact.of)(thing) {
                    table.keep(id, fact, sheet.number(sheet.next, column, value, Look::Input, fact.shown));
                }
            }
            let after = u16::try_from(facts.len()).unwrap_or(u16::MAX).saturating_add(1);
            rests_on(sheet, after, *evidence);
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
