//! `library/decks/<deck>/monthly.csv`: bitcoin, network and energy prices by
//! month. The file may begin before the horizon and end after it: what begins before
//! is dropped, what ends after prices the run-off of contracts.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;

use super::desk::{At, Desk, clip};
use super::kinds::{Kind, above_zero, between, quantity};
use super::problem::Problem;
use super::rows::Rows;
use super::table::Fields;
use super::tree::{Column, Node, Table};
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::market::{DeckMonth, ResaleBand};
use crate::units::{BtcPerDay, TeraHash, Usd, UsdPerMwh, UsdPerTh};

/// The series, as far as they are right.
pub(super) struct Monthly {
    /// Names of the energy prices.
    pub power: BTreeSet<String>,
    pub bands: Vec<ResaleBand>,
    /// From the start of the horizon to the end of the file.
    pub months: Option<Vec<DeckMonth>>,
}

/// The columns whose names are not fixed.
struct Columns {
    /// Key of the row, name of the price.
    power: Vec<(String, String)>,
    /// Key of the row, band; rising.
    resale: Vec<(String, ResaleBand)>,
}

/// Reads the series and drops what lies before the horizon.
pub(super) fn read<'a>(desk: &'a Desk<'a>, csv: &'a Rows, calendar: Option<&Calendar>) -> Monthly {
    let columns = columns(desk, &csv.columns);
    let top = csv.columns.first().map_or_else(|| At::top("monthly.csv"), |column| column.at.clone());
    if csv.rows.is_empty() && !csv.columns.is_empty() && !desk.is_broken(&top.file) {
        desk.error(Code::Horizon, top.clone(), "the file has no months", "add a row for every month of the horizon");
    }
    let rows: Vec<(Option<Date>, At, Option<DeckMonth>)> =
        csv.rows.iter().map(|row| read_row(desk, row, &columns)).collect();
    no_gaps(desk, &rows);
    let months = calendar.and_then(|calendar| cut(desk, calendar, rows));
    Monthly {
        power: columns.power.into_iter().map(|(_, name)| name).collect(),
        bands: columns.resale.into_iter().map(|(_, band)| band).collect(),
        months,
    }
}

fn columns(desk: &Desk<'_>, all: &[Rc<Column>]) -> Columns {
    let mut columns = Columns { power: vec![], resale: vec![] };
    let mut places: Vec<(ResaleBand, At)> = vec![];
    for column in all {
        if let Some(name) = column.name.strip_prefix("power:") {
            columns.power.push((column.name.clone(), name.trim().to_owned()));
        } else if let Some(text) = column.name.strip_prefix("resale:") {
            match band(text) {
                Some(band) => {
                    columns.resale.push((column.name.clone(), band));
                    places.push((band, column.at.clone()));
                }
                None => desk.error(
                    Code::Quantity,
                    column.at.clone(),
                    format!(
                        "`{}` names no band of efficiency: expected two numbers in J/TH, rising",
                        clip(&column.name)
                    ),
                    "for example `resale:15-20 [USD/TH]`, the lower end included",
                ),
            }
        }
    }
    let by_start = |a: &ResaleBand, b: &ResaleBand| a.from_joule_per_th.total_cmp(&b.from_joule_per_th);
    columns.resale.sort_by(|a, b| by_start(&a.1, &b.1));
    places.sort_by(|a, b| by_start(&a.0, &b.0));
    for ((before, _), (after, at)) in places.iter().zip(places.iter().skip(1)) {
        if after.from_joule_per_th < before.to_joule_per_th {
            let message = format!(
                "the resale bands {}-{} and {}-{} J/TH overlap",
                before.from_joule_per_th, before.to_joule_per_th, after.from_joule_per_th, after.to_joule_per_th
            );
            desk.error(Code::Contradiction, at.clone(), message, "a band ends where the next one begins");
        }
    }
    columns
}

fn band(text: &str) -> Option<ResaleBand> {
    let (from, to) = text.split_once('-')?;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
    let (from, to) = (number(from)?, number(to)?);
    (from < to).then_some(ResaleBand { from_joule_per_th: from, to_joule_per_th: to })
}

fn read_row<'a>(desk: &'a Desk<'a>, row: &'a Table, columns: &Columns) -> (Option<Date>, At, Option<DeckMonth>) {
    let fields = Fields::new(desk, row, "a month of the deck", "");
    let month = fields.required("month", month());
    let at = fields.at("month");
    let btc_price = fields.required("btc_price", quantity::<Usd>(between(0.0, 1e9)));
    let hashrate = fields.required("hashrate", quantity::<TeraHash>(above_zero(1e15)));
    let fees = fields.required("fees", quantity::<BtcPerDay>(between(0.0, 1e5)));
    let mut power = Some(BTreeMap::new());
    for (key, name) in &columns.power {
        let price = named(&fields, row, key, &quantity::<UsdPerMwh>(between(-1000.0, 10_000.0)));
        match (price, &mut power) {
            (Some(price), Some(power)) => {
                power.insert(name.clone(), price);
            }
            _ => power = None,
        }
    }
    let mut resale = Some(vec![]);
    for (key, _) in &columns.resale {
        let price = named(&fields, row, key, &quantity::<UsdPerTh>(between(0.0, 1e4)));
        match (price, &mut resale) {
            (Some(price), Some(resale)) => resale.push(price),
            _ => resale = None,
        }
    }
    fields.finish_but(&["power:", "resale:"]);
    let values = || {
        Some(DeckMonth {
            btc_price: btc_price?,
            hashrate: hashrate?,
            fees_per_day: fees?.each(),
            power: power?,
            resale: resale?,
        })
    };
    (month, at, values())
}

/// The cell of a column whose name the file chooses.
fn named<T>(
    fields: &Fields<'_>,
    row: &Table,
    key: &str,
    kind: &Kind<impl Fn(&Node) -> Result<T, Problem>>,
) -> Option<T> {
    let Some(entry) = row.entries.iter().find(|entry| entry.key == key) else {
        fields.missing(key, "fill the cell: a series has no gaps");
        return None;
    };
    fields.read(key, &entry.node, kind)
}

/// `yyyy-mm`, as its first day.
fn month() -> Kind<impl Fn(&Node) -> Result<Date, Problem>> {
    let read = |node: &Node| {
        let text = node.text().unwrap_or_default().trim();
        let first = format!("{text}-01");
        let plain = first.len() == 10 && first.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let date = first.parse::<Date>().ok().filter(|date| plain && (1990..=2199).contains(&date.year()));
        date.ok_or_else(|| Problem::new(Code::Date, ": expected a month, year-month", "\"2027-01\""))
    };
    Kind {
        example: "\"2027-01\"".to_owned(),
        read,
        #[cfg(test)]
        form: super::recorded::Form::Text,
    }
}

fn no_gaps<T>(desk: &Desk<'_>, rows: &[(Option<Date>, At, T)]) {
    let mut before: Option<Date> = None;
    for (month, at, _) in rows {
        if let (Some(before), Some(month)) = (before, *month) {
            let expected = next_month(before);
            if month != expected {
                let message = format!("`{}` follows `{}`: expected `{}`", short(month), short(before), short(expected));
                desk.error(Code::Horizon, at.clone(), message, "give every month one row, in order");
            }
        }
        before = month.or_else(|| before.map(next_month));
    }
}

fn next_month(date: Date) -> Date {
    date.last_of_month().tomorrow().unwrap_or(date)
}

fn short(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// The months from the start of the horizon on; reports what of the horizon the file does not cover.
fn cut(
    desk: &Desk<'_>,
    calendar: &Calendar,
    rows: Vec<(Option<Date>, At, Option<DeckMonth>)>,
) -> Option<Vec<DeckMonth>> {
    let last = calendar.month_start(calendar.horizon_month()).yesterday().ok()?.first_of_month();
    let first_row = rows.iter().find_map(|(month, at, _)| month.map(|month| (month, at)));
    let last_row = rows.iter().rev().find_map(|(month, at, _)| month.map(|month| (month, at)));
    let help = "add the months, or move the horizon in `portfolio.toml`";
    if let Some((month, at)) = first_row.filter(|(month, _)| *month > calendar.start) {
        let message =
            format!("the series begin with {}; the horizon begins with {}", short(month), short(calendar.start));
        desk.error(Code::Horizon, at.clone(), message, help);
    }
    if let Some((month, at)) = last_row.filter(|(month, _)| *month < last) {
        let message = format!("the series end with {}; the horizon needs them up to {}", short(month), short(last));
        desk.error(Code::Horizon, at.clone(), message, help);
    }
    let begun = |month: &Option<Date>| month.is_some_and(|month| month >= calendar.start);
    rows.into_iter().filter(|(month, ..)| begun(month)).map(|(_, _, values)| values).collect()
}
