//! A workbook that values the plan's decisions again: facts, decisions, and formulas with their results beside them.
//!
//! Sheets are made in memory by [`sheet::Sheet`]; every formula is a [`term::Term`], which carries its own value, so that
//! text and result cannot fall apart. [`book`] turns them into bytes.

mod assumptions;
mod book;
mod by_year;
mod capital;
mod cash_flow;
mod charts;
mod checks;
mod contracts;
mod conversions;
mod entered;
mod facts;
mod facts_of_hosting;
mod facts_of_sites;
mod lines;
mod machines;
mod market;
mod masses;
mod mining;
mod read_me;
mod rent;
mod returns;
mod sheet;
mod sites;
mod term;
mod timeline;
mod works;

use std::collections::BTreeSet;

use anyhow::Result;
use planner_core::plan::Plan;

use contracts::Contracts;
use lines::Lines;
use sheet::Sheet;
use term::Term;

/// `workbook.xlsx`.
///
/// # Errors
/// When the plan is longer than a sheet is wide.
pub fn files(plan: &Plan) -> Result<Vec<(String, Vec<u8>)>> {
    let made = sheets(plan)?;
    let bytes = book::bytes(&made.sheets, &made.names, &made.charts)?;
    Ok(vec![("workbook.xlsx".to_owned(), bytes)])
}

/// All sheets in their order.
struct Made {
    sheets: Vec<Sheet>,
    names: Vec<(&'static str, String)>,
    charts: Vec<book::Placed>,
    /// The sum of all differences from the plan.
    #[cfg_attr(not(test), allow(dead_code))]
    differences: Term,
}

fn sheets(plan: &Plan) -> Result<Made> {
    let (assumed, facts) = assumptions::sheet(plan);
    let (mut timeline, mut months, axis) = timeline::sheets(plan, &facts)?;
    let market = market::rows(plan, &facts, &axis, &mut months);
    let (decided, converted) = conversions::sheet(plan, &facts);
    let mut lines = Lines::default();
    let shared = (&facts, &axis, &market);
    let [capex_months, capital] = capital::sheets(plan, shared, &converted, &mut lines);
    let taken: BTreeSet<&str> = converted.iter().filter_map(|one| Some(one.offer?.id.as_str())).collect();
    let offers = plan.inputs.offers.iter().filter(|offer| taken.contains(offer.id.as_str()));
    let factors = rent::factors(offers, (&facts, &axis), &mut timeline, &mut months);
    let note = "One hall, month by month. Rounding comes later, by period.";
    let mut by_month = Sheet::new("Contracts by month", "Contracts by month", note);
    axis.head_months(&mut by_month, ["", "", "of", "what", "unit", "", "", "", ""]);
    let contracts = Contracts { plan, facts: &facts, axis: &axis, market: &market, run_off: factors.run_off };
    let ([rent, hosting], halls) = rent::sheets(&contracts, &mut by_month, &converted, &factors.periods, &mut lines);
    let (machines, herds) = machines::sheet(plan, &facts, &axis);
    let ([mining_months, mining], margins) = mining::sheets(plan, shared, &herds, &mut lines);
    let energy = sites::Energy { herds: &herds, margins: &margins, converted: &converted, halls: &halls };
    let sites = sites::sheet(plan, shared, &energy, &mut by_month, &mut lines);
    let other = entered::sheet(plan, (&facts, &axis), &factors.periods, &mut lines);
    let sources = [&capital, &rent, &hosting, &mining, &sites, &other];
    let counted: Vec<&Sheet> = sources.into_iter().chain([&machines]).collect();
    let (cash, flows) = cash_flow::sheet(plan, &facts, &axis, &lines, &counted);
    let (pots, charged) = by_year::pots(plan, &axis, &lines, &sources);
    let (by_year, years) = by_year::years(plan, &axis, &flows, &charged);
    let (returned, returns) = returns::sheet(plan, &facts, &axis, &flows);
    let ([record, checks], differences) = checks::sheets(plan, &axis, (&flows, &returns, &years, &lines), &sources);
    let front = read_me::sheet(plan, &returns, &differences, &lines);
    let charts = charts::all(&axis, &flows, &years);
    let sheets = vec![
        front,
        assumed,
        timeline,
        months,
        decided,
        capex_months,
        capital,
        by_month,
        rent,
        hosting,
        machines,
        mining_months,
        mining,
        sites,
        other,
        cash,
        pots,
        by_year,
        returned,
        checks,
        record,
    ];
    Ok(Made { sheets, names: facts.names, charts, differences })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use planner_core::audit::judge;
    use planner_core::plan::ledger::present_value;
    use rust_xlsxwriter::utility::column_name_to_number;

    use super::*;
    use crate::sample;
    use sheet::{Content, FIRST, Look};

    /// The sample with the money that its decisions come to.
    fn valued() -> Plan {
        let mut plan = sample::with_everything();
        let (fleet, settings) = (plan.inputs.clone(), plan.settings.clone());
        plan.ledger = judge(&fleet, &settings, &plan.decisions).ledger;
        plan.twin.ledger = judge(&fleet, &settings, &plan.twin.decisions).ledger;
        plan.npv_usd = present_value(&fleet.calendar, &plan.ledger);
        plan.twin_npv_usd = present_value(&fleet.calendar, &plan.twin.ledger);
        plan.uplift_usd.0 = plan.npv_usd.0 - plan.twin_npv_usd.0;
        plan.capital_usd.0 = planner_core::report::ask::ask(&plan).total;
        plan
    }

    fn formulas(made: &Made) -> impl Iterator<Item = (&'static str, &sheet::Cell, &Term)> {
        made.sheets.iter().flat_map(|sheet| {
            sheet.cells.iter().filter_map(|cell| match &cell.content {
                Content::Formula(term) => Some((sheet.name, cell, term)),
                _ => None,
            })
        })
    }

    #[test]
    fn the_workbook_comes_to_the_plan() {
        let plan = valued();
        let made = sheets(&plan).unwrap();
        let wrong: Vec<_> = formulas(&made)
            .filter(|(sheet, cell, term)| *sheet == "Checks" && cell.look == Look::Check && term.value != 0.0)
            .map(|(_, cell, term)| (cell.row, cell.column, term.value))
            .collect();
        assert_eq!(wrong, []);
        assert!(made.differences.value == 0.0);
        let other = made.sheets.iter().find(|sheet| sheet.name == "Other lines").unwrap();
        assert_eq!(other.next, sheet::HEAD, "no line is entered");
        assert!(formulas(&made).all(|(.., term)| term.value.is_finite()));
    }

    #[test]
    fn a_ledger_that_does_not_follow_is_shown() {
        let mut plan = valued();
        plan.ledger[0].amount_cents.0 += 1;
        assert!(sheets(&plan).unwrap().differences.value >= 0.01);
    }

    /// A formula as it reads from its own column: relative columns become distances.
    fn relative(text: &str, column: u16) -> String {
        let mut told = String::new();
        let mut word = String::new();
        let end = |word: &mut String, told: &mut String| {
            let letters: String = word.chars().take_while(char::is_ascii_uppercase).collect();
            let digits = &word[letters.len()..];
            if !letters.is_empty() && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '$') {
                let distance = i32::from(column_name_to_number(&letters)) - i32::from(column);
                told.extend(["[", &distance.to_string(), "]", digits]);
            } else {
                told.push_str(word);
            }
            word.clear();
        };
        for letter in text.chars() {
            if letter.is_ascii_alphanumeric() || letter == '$' || letter == '_' {
                word.push(letter);
            } else {
                end(&mut word, &mut told);
                told.push(letter);
            }
        }
        end(&mut word, &mut told);
        told
    }

    #[test]
    fn a_row_has_one_formula() {
        assert_eq!(relative("SUM($J4,K$4,I7)*pool_fee", 10), "SUM($J4,[0]$4,[-2]7)*pool_fee");
        let made = sheets(&valued()).unwrap();
        let mut rows: BTreeMap<(&str, u32), Vec<String>> = BTreeMap::new();
        for (sheet, cell, term) in
            formulas(&made).filter(|(name, cell, _)| *name != "Conversions" && cell.column >= FIRST)
        {
            rows.entry((sheet, cell.row)).or_default().push(relative(term.text(), cell.column));
        }
        for ((sheet, row), texts) in rows {
            // A counter begins somewhere.
            let odd = texts.iter().skip(2).find(|text| **text != texts[1]);
            assert_eq!(odd, None, "{sheet}, row {}", row + 1);
            let counts = ["0", "first_month"].contains(&texts[0].as_str()) || texts[0].starts_with("Timeline![0]");
            assert!(texts.len() < 2 || texts[0] == texts[1] || counts, "{sheet}, row {}: {}", row + 1, texts[0]);
        }
    }

    #[test]
    fn no_formula_holds_an_amount() {
        let made = sheets(&valued()).unwrap();
        for (sheet, cell, term) in formulas(&made) {
            let words = term.text().split(|c: char| !(c.is_ascii_alphanumeric() || "$_.".contains(c)));
            let number = |word: &&str| word.parse::<f64>().is_ok();
            let odd = words.filter(number).find(|word| !["0", "1", "2", "3"].contains(word));
            // Places in a list of occupancies are counted in formulas.
            let listed = term.text().contains("INDEX(Assumptions!");
            assert!(odd.is_none() || listed, "{sheet}, row {}: {}", cell.row + 1, term.text());
        }
    }

    #[test]
    fn the_same_plan_makes_the_same_bytes() {
        assert!(files(&valued()).unwrap() == files(&valued()).unwrap());
        assert_eq!(files(&sample::plan()).unwrap()[0].0, "workbook.xlsx");
    }

    #[test]
    fn a_horizon_wider_than_a_sheet_is_refused() {
        let mut plan = sample::plan();
        plan.decisions.conversions[0].term_end = jiff::civil::date(9999, 1, 1);
        assert!(sheets(&plan).is_err_and(|error| error.to_string().contains("columns of a sheet")));
    }
}
