//! Tables as CSV (RFC 4180), safe to open in a spreadsheet.

mod by_year;
mod decisions;
#[cfg(feature = "solver")]
pub mod frontier;
mod headline;

use planner_core::domain::ids::{HallId, SiteId};
use planner_core::plan::Plan;
use planner_core::plan::ledger::discount_factor;
use planner_core::report::commitment;
use planner_core::report::conversions;
use planner_core::report::schedule;
use planner_core::units::{Cents, MilliMachines};

/// `returns.csv`, `conversions.csv`, `schedule.csv`, `commitment.csv`, `ledger.csv`, `machines.csv`, `moves.csv`, `works.csv`, `reservations.csv`,
/// `site_states.csv`, `offers.csv`, `by_year.csv`.
///
/// # Errors
/// When a table cannot be written as CSV.
pub fn files(plan: &Plan) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
    Ok(vec![
        ("returns.csv".to_owned(), headline::returns(plan)?),
        ("conversions.csv".to_owned(), conversions(plan)?),
        ("schedule.csv".to_owned(), schedule(plan)?),
        ("commitment.csv".to_owned(), commitment(plan)?),
        ("ledger.csv".to_owned(), ledger(plan)?),
        ("machines.csv".to_owned(), decisions::machines(plan)?),
        ("moves.csv".to_owned(), decisions::moves(plan)?),
        ("works.csv".to_owned(), decisions::works(plan)?),
        ("reservations.csv".to_owned(), decisions::reservations(plan)?),
        ("site_states.csv".to_owned(), decisions::site_states(plan)?),
        ("offers.csv".to_owned(), offers(plan)?),
        ("by_year.csv".to_owned(), by_year::file(plan)?),
    ])
}

/// Rows under a header; words are made safe, figures are written as they are.
struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    fn new(header: &[&str]) -> Result<Self, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(header)?;
        Ok(Self(writer))
    }

    fn row<const N: usize>(&mut self, cells: [String; N]) -> Result<(), csv::Error> {
        self.0.write_record(cells)
    }

    /// UTF-8. A byte order mark stands before what is not plain ASCII, or a spreadsheet that is started by a double click
    /// reads its letters as others; before ASCII it would only be in the way of programs.
    fn bytes(self) -> Result<Vec<u8>, csv::Error> {
        let text = self.0.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
        Ok(if text.is_ascii() { text } else { [BYTE_ORDER_MARK, &text].concat() })
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What makes a spreadsheet read a cell as a formula, in wide letters too.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Words that a spreadsheet would run as a formula get an apostrophe, also those that begin a cell where semicolons or
/// tabs part cells, as they do in much of Europe.
fn words(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let mut safe = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins && FORMULA.contains(&c) {
            safe.push('\'');
        }
        begins = matches!(c, ';' | '\t') || (begins && c == ' ');
        safe.push(c);
    }
    safe
}

/// Exact dollars and cents.
fn dollars(cents: Cents) -> String {
    let sign = if cents.0 < 0 { "-" } else { "" };
    let whole = cents.0.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

/// Decimals of a figure: as fine as what is measured, without the noise of computing it.
#[derive(Debug, Clone, Copy)]
enum Decimals {
    /// Dollars of a unit, to the cent.
    Cents = 2,
    /// Megawatts to the kilowatt, megawatt-hours to the kilowatt-hour.
    Megawatts = 3,
    /// Rates, prices and present values: finer than anybody states them, and fine enough that sums agree to the cent.
    Fine = 6,
    /// Bitcoin, to the satoshi.
    Satoshi = 8,
    /// Discount factors: a thousand million dollars times one are right to the cent.
    Factor = 12,
}

/// A figure without zeros at its end.
fn figure(value: f64, decimals: Decimals) -> String {
    let text = format!("{value:.*}", decimals as usize);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn megawatts(value: f64) -> String {
    figure(value, Decimals::Megawatts)
}

fn maybe<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Sums up to the end of each period.
fn commitment(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&["period_start", "paid [USD]", "bound [USD]", "without_lease [USD]"])?;
    for point in commitment::commitment(plan) {
        let start = plan.inputs.calendar.period_start(point.period).to_string();
        sheet.row([start, dollars(point.paid), dollars(point.bound), dollars(point.unsigned)])?;
    }
    sheet.bytes()
}

fn conversions(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "site",
        "hall",
        "halls",
        "critical_it [MW-IT]",
        "retrofit",
        "offer",
        "start",
        "mining_off",
        "ready",
        "commencement",
        "term_end",
        "float_ready_by [days]",
        "float_long_stop [days]",
        "delay_damages_usd",
        "critical_path [months]",
        "capex_usd",
        "present_value_usd",
        "site_name",
        "retrofit_name",
        "tenant",
    ])?;
    for row in conversions::rows(plan) {
        let tenant = plan.inputs.offer(&row.offer).map_or("", |offer| offer.tenant.as_str());
        let halls: Vec<&str> = row.halls.iter().map(HallId::as_str).collect();
        sheet.row([
            words(row.site.as_str()),
            words(halls.join(" ")),
            row.count.to_string(),
            megawatts(row.critical_it.get()),
            words(row.retrofit.as_str()),
            words(row.offer.as_str()),
            row.start.to_string(),
            maybe(row.mining_off),
            row.ready.to_string(),
            row.commencement.to_string(),
            row.term_end.to_string(),
            maybe(row.float_ready_by),
            maybe(row.float_long_stop),
            dollars(row.delay_damages),
            // An arrow is no ASCII.
            words(row.critical_path.replace('→', ">")),
            dollars(row.capex),
            dollars(row.present_value.0),
            words(plan.inputs.place(&row.site)),
            words(plan.inputs.retrofit_name(&row.retrofit)),
            words(tenant),
        ])?;
    }
    sheet.bytes()
}

fn schedule(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "id",
        "kind",
        "date",
        "end",
        "site",
        "offer",
        "what",
        "title",
        "amount_usd",
        "machines",
        "float [months]",
        "site_name",
    ])?;
    for event in schedule::events(plan) {
        sheet.row([
            words(&event.id),
            event.kind.as_str().to_owned(),
            event.date.to_string(),
            maybe(event.end),
            words(event.site.as_ref().map_or("", |site| site.as_str())),
            words(event.offer.as_ref().map_or("", |offer| offer.as_str())),
            words(&event.what),
            words(&event.title),
            event.amount.map_or_else(String::new, dollars),
            maybe(event.machines.map(MilliMachines::count)),
            maybe(event.float.map(|float| float.0)),
            words(event.site.as_ref().map(|site| plan.inputs.place(site)).unwrap_or_default()),
        ])?;
    }
    sheet.bytes()
}

fn ledger(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "case",
        "period",
        "date",
        "site",
        "subject",
        "category",
        "class",
        "rate",
        "amount_usd",
        "discount_factor",
        "present_value_usd",
    ])?;
    let calendar = &plan.inputs.calendar;
    for (case, lines) in [("plan", &plan.ledger), ("twin", &plan.twin.ledger)] {
        for line in lines {
            let factor = discount_factor(calendar, line.period, line.rate);
            let class = serde_json::to_value(line.class).ok();
            sheet.row([
                case.to_owned(),
                line.period.0.to_string(),
                calendar.period_start(line.period).to_string(),
                words(line.site.as_str()),
                words(&line.subject),
                words(line.category.to_string()),
                class.as_ref().and_then(|class| class.as_str()).unwrap_or_default().to_owned(),
                figure(line.rate.0, Decimals::Fine),
                dollars(line.amount_cents),
                figure(factor, Decimals::Factor),
                figure(line.amount_cents.usd() * factor, Decimals::Fine),
            ])?;
        }
    }
    sheet.bytes()
}

fn offers(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "offer",
        "tenant",
        "accepted",
        "sites",
        "critical_it [MW-IT]",
        "rent [USD/kW-month]",
        "term [months]",
        "site_names",
    ])?;
    for decision in &plan.decisions.offers {
        let offer = plan.inputs.offer(&decision.offer);
        let sites: Vec<&str> = decision.sites.iter().map(SiteId::as_str).collect();
        sheet.row([
            words(decision.offer.as_str()),
            words(offer.map_or("", |offer| offer.tenant.as_str())),
            decision.accepted.to_string(),
            words(sites.join(" ")),
            megawatts(decision.critical_it.get()),
            maybe(offer.map(|offer| figure(offer.rent.get(), Decimals::Fine))),
            maybe(offer.map(|offer| offer.term.0)),
            words(decision.sites.iter().map(|site| plan.inputs.place(site)).collect::<Vec<_>>().join(", ")),
        ])?;
    }
    sheet.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn words_never_become_formulas() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\n=1", "＝1+1"] {
            assert_eq!(words(bad), format!("'{bad}"));
        }
        assert_eq!(words("north/liquid"), "north/liquid");
        assert_eq!(words("a; =1;\t@x; b - c"), "a; '=1;'\t'@x; b - c");
        let mut plan = sample::plan();
        plan.inputs.offers[0].tenant = "=HYPERLINK(\"http://x\",\"y\")".to_owned();
        let text = String::from_utf8(offers(&plan).unwrap()).unwrap();
        assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), "{text}");
    }

    #[test]
    fn no_cell_of_any_table_is_a_formula() {
        let names = ["panther-creek-01", "north", "liquid", "nnn-15y", "S21", "transformer", "fibre", "A substation"];
        let mut text = serde_json::to_string(&sample::with_everything()).unwrap();
        for (name, bad) in names.iter().zip(["=", "+", "-", "@", "\\t", "\\r", "\\n", "=", "＝"].iter()) {
            text = text.replace(&format!("\"{name}"), &format!("\"{bad}{name}"));
        }
        let plan: Plan = serde_json::from_str(&text).unwrap();
        let mut escaped = 0;
        for (name, bytes) in files(&plan).unwrap() {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            for cell in
                reader.records().map(Result::unwrap).flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
            {
                assert!(!cell.starts_with(FORMULA) || cell.parse::<f64>().is_ok(), "{name}: {cell}");
                escaped += usize::from(cell.starts_with('\''));
            }
        }
        assert!(escaped > 50, "{escaped}");
    }

    #[test]
    fn amounts_have_exactly_two_decimals() {
        assert_eq!(dollars(Cents(-5)), "-0.05");
        assert_eq!(dollars(Cents(123_456)), "1234.56");
        assert_eq!(dollars(Cents(i64::MIN)), "-92233720368547758.08");
    }

    #[test]
    fn figures_are_as_fine_as_their_unit() {
        assert_eq!(megawatts(20.0 / 0.92), "21.739");
        assert_eq!(megawatts(20.0) + &megawatts(-0.000_1) + &megawatts(0.5), "2000.5");
        assert_eq!(figure(0.07 + 0.000_000_000_01, Decimals::Fine), "0.07");
        let plan = sample::with_everything();
        for (name, bytes) in files(&plan).unwrap() {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let heads = reader.headers().unwrap().clone();
            for row in reader.records().map(Result::unwrap) {
                for (head, cell) in heads.iter().zip(&row) {
                    let decimals =
                        cell.rsplit_once('.').filter(|_| cell.parse::<f64>().is_ok()).map_or(0, |(_, d)| d.len());
                    let most = if head == "discount_factor" {
                        12
                    } else if head.contains("BTC") {
                        8
                    } else if head.contains("USD/MWh") {
                        2
                    } else if head.contains("MW") {
                        3
                    } else {
                        6
                    };
                    assert!(decimals <= most, "{name}, {head}: {cell}");
                }
            }
        }
    }

    #[test]
    fn a_double_click_reads_every_letter() {
        let plan = sample::with_everything();
        for (name, bytes) in files(&plan).unwrap() {
            assert!(bytes.is_ascii(), "{name}: our own words are ASCII");
        }
        let mut plan = sample::with_everything();
        plan.inputs.offers[0].tenant = "Énergie".to_owned();
        for (name, bytes) in files(&plan).unwrap() {
            assert_eq!(bytes.starts_with(BYTE_ORDER_MARK), !bytes.is_ascii(), "{name}");
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(
                text.matches('\u{feff}').count(),
                usize::from(["offers.csv", "conversions.csv"].contains(&name.as_str())),
                "{name}"
            );
        }
    }

    #[test]
    fn the_ledger_file_sums_to_the_plan() {
        let plan = sample::plan();
        let bytes = ledger(&plan).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), plan.ledger.len() + plan.twin.ledger.len());
        let npv: f64 = rows.iter().filter(|row| &row[0] == "plan").map(|row| row[10].parse::<f64>().unwrap()).sum();
        assert!((npv - plan.npv_usd.0.usd()).abs() < 0.01);
        assert_eq!(files(&plan).unwrap().len(), 12);
    }

    #[test]
    fn a_phase_has_its_float_and_a_move_its_machines() {
        let text = String::from_utf8(schedule(&sample::with_everything()).unwrap()).unwrap();
        let line = |id: &str| text.lines().find(|line| line.starts_with(id)).unwrap().to_owned();
        let conversion = "panther-creek-01/north/liquid/nnn-15y";
        assert!(line(&format!("{conversion}/phase/strip-out")).ends_with(",,,10,panther-creek-01"));
        assert!(line(&format!("{conversion}/phase/design")).ends_with(",,,0,panther-creek-01"));
        assert!(line("panther-creek-01/S21@2028-04/move/panther-creek-02").ends_with(",,1000.5,,panther-creek-01"));
        assert!(line("stoneridge/sale").ends_with(",12000000.00,,,stoneridge"));
        let text = String::from_utf8(conversions(&sample::plan()).unwrap()).unwrap();
        assert!(text.contains(",0.00,design 3 > transformer-order 12 > fit-out 3,120000000.00,"), "{text}");
    }
}
