use std::collections::BTreeMap;

use planner_core::audit::judge;
use planner_core::domain::money::Pot;
use planner_core::plan::ledger::present_value;
use rust_xlsxwriter::utility::column_name_to_number;

use super::*;
use crate::sample;
use sheet::{Content, FIRST, Look};
use term::Term;

/// The sample with the money that its decisions come to.
fn valued() -> Plan {
    valued_with(|_| {})
}

fn valued_with(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = sample::with_everything();
    change(&mut plan);
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
        .filter(|(sheet, cell, term)| {
            *sheet == "Checks" && [Look::Check, Look::Deviation].contains(&cell.look) && term.value != 0.0
        })
        .map(|(_, cell, term)| (cell.row, cell.column, term.value))
        .collect();
    assert_eq!(wrong, []);
    assert!(made.found.deviation.value == 0.0 && made.found.checks.value == 0.0);
    let other = made.sheets.iter().find(|sheet| sheet.name == "Other lines").unwrap();
    assert_eq!(other.next, sheet::HEAD, "no line is entered");
    assert!(formulas(&made).all(|(.., term)| term.value.is_finite()));
}

#[test]
fn a_ledger_that_does_not_follow_is_shown() {
    let mut plan = valued();
    plan.ledger[0].amount_cents.0 += 1;
    assert!(sheets(&plan).unwrap().found.deviation.value >= 0.01);
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
    for (sheet, cell, term) in formulas(&made).filter(|(name, cell, _)| *name != "Conversions" && cell.column >= FIRST)
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

/// What a spreadsheet makes of `SUMIFS(sums,keys,key)`, from cells alone.
fn sum_of(made: &Made, own: &str, text: &str) -> f64 {
    let parts: Vec<&str> = text.split(',').collect();
    let place = |text: &str| {
        let (sheet, cell) = text.rsplit_once('!').unwrap_or((own, text));
        let cell = cell.replace('$', "");
        let letters: String = cell.chars().take_while(char::is_ascii_uppercase).collect();
        let row: u32 = cell[letters.len()..].parse().unwrap();
        (sheet.trim_matches('\'').to_owned(), column_name_to_number(&letters), row - 1)
    };
    let number = |sheet: &str, column: u16, row: u32| {
        let sheet = made.sheets.iter().find(|one| one.name == sheet).unwrap();
        let found = sheet.cells.iter().find(|cell| (cell.row, cell.column) == (row, column));
        match found.map(|cell| &cell.content) {
            Some(Content::Number(number)) => Some(*number),
            Some(Content::Formula(term)) => Some(term.value),
            _ => None,
        }
    };
    let range = |text: &str| {
        let (from, to) = text.split_once(':').unwrap();
        let (sheet, column, first) = place(from);
        let (_, other, last) = place(to);
        assert_eq!(column, other, "a column: {text}");
        (sheet, column, first, last)
    };
    let ((sums, column, first, last), (keyed, key_column, ..)) = (range(parts[0]), range(parts[1]));
    let (asked, at, row) = place(parts[2]);
    let key = number(&asked, at, row).unwrap();
    assert_eq!(sums, keyed);
    let rows = (first..=last).filter(|row| number(&keyed, key_column, *row) == Some(key));
    rows.filter_map(|row| number(&sums, column, row)).sum()
}

/// Names that a spreadsheet would run together, or read as patterns, comparisons or numbers.
const NASTY: [&str; 16] = [
    "Power", "power", "POWER", "*", "?ower", "~*", "<9", "=power", ">0", "1e3", "1000", "001", "TRUE", "power ", "é",
    "e\u{301}",
];

#[test]
fn sums_find_their_lines_whatever_they_are_called() {
    let plan = valued_with(|plan| {
        let mut names = NASTY.iter().cycle();
        let retrofits = plan.inputs.retrofits.iter_mut().flat_map(|retrofit| &mut retrofit.costs);
        let lines = retrofits.map(|line| &mut line.category);
        for name in lines.chain(plan.inputs.works.iter_mut().map(|work| &mut work.category)) {
            (*names.next().unwrap()).clone_into(name);
        }
        let sites: Vec<_> = plan.inputs.sites.iter().map(|site| site.id.clone()).collect();
        plan.inputs.pots = NASTY
            .iter()
            .take(2)
            .enumerate()
            .map(|(at, name)| Pot {
                id: (*name).into(),
                release: vec![],
                carry_over: false,
                sites: Some(sites.iter().skip(at).step_by(2).cloned().collect()),
                works: None,
                relieved_by: vec![],
            })
            .collect();
    });
    let made = sheets(&plan).unwrap();
    let mut told = 0;
    for (sheet, cell, term) in formulas(&made).filter(|(sheet, ..)| ["Cash flow", "Capital by pot"].contains(sheet)) {
        let parts: Vec<&str> =
            term.text().split("SUMIFS(").skip(1).map(|part| part.split(')').next().unwrap()).collect();
        if parts.is_empty() || (cell.column > FIRST && cell.column != 7) {
            continue;
        }
        let sum: f64 = parts.iter().map(|part| sum_of(&made, sheet, part)).sum();
        let value =
            if term.text().contains("-SUMIFS") || term.text().contains("-(") { -term.value } else { term.value };
        let unit = if term.text().contains("th_per_eh") { 1e6 } else { 1.0 };
        assert!((sum - value * unit).abs() < 0.02, "{sheet}, row {}: {sum} for {}", cell.row + 1, term.text());
        told += 1;
    }
    assert!(told > 40, "{told}");
    assert!(made.found.deviation.value == 0.0 && made.found.checks.value == 0.0);
}

#[test]
fn no_formula_looks_for_words() {
    let made = sheets(&valued()).unwrap();
    for (sheet, cell, term) in formulas(&made) {
        for bad in ["COUNTIF", "MATCH(", "LOOKUP(", "SUMIF(", "SEARCH(", "FILTER(", "\""] {
            assert!(!term.text().contains(bad), "{sheet}, row {}: {}", cell.row + 1, term.text());
        }
    }
}

#[test]
fn every_input_takes_its_own_value_and_no_nonsense() {
    let made = sheets(&valued()).unwrap();
    let mut told = 0;
    for cell in made.sheets.iter().flat_map(|sheet| &sheet.cells) {
        let (Content::Number(value), Look::Input | Look::Decision) = (&cell.content, cell.look) else { continue };
        let rule = inputs::allowed(cell.shown, *value);
        assert!((rule.least..=rule.most).contains(value), "{value} as {:?}", cell.shown);
        assert!(!rule.whole || value.fract() == 0.0, "{value} as {:?}", cell.shown);
        told += 1;
    }
    assert!(told > 500, "{told}");
    let names = ["start_date", "periods", "months_per_period", "first_month", "hours_per_day", "half_cent_noise"];
    for name in names {
        let (_, place) = made.names.iter().find(|(own, _)| *own == name).unwrap();
        let row: u32 = place.rsplit('$').next().unwrap().parse().unwrap();
        let sheet = made.sheets.iter().find(|sheet| sheet.name == "Assumptions").unwrap();
        let cell = sheet.cells.iter().find(|cell| (cell.row, cell.column) == (row - 1, 1)).unwrap();
        assert_eq!(cell.look, Look::Fixed, "{name} is not to be changed");
    }
}

#[test]
fn checks_hold_after_a_change_and_the_deviation_shows_it() {
    let mut plan = valued();
    plan.inputs.money.pool_fee.0 += 0.01;
    let made = sheets(&plan).unwrap();
    assert!(made.found.checks.value == 0.0 && made.found.deviation.value > 1.0);
}

#[test]
fn every_figure_says_what_it_rests_on() {
    let made = sheets(&valued()).unwrap();
    let sheet = made.sheets.iter().find(|sheet| sheet.name == "Assumptions").unwrap();
    let said = |row: u32, words: &[&str]| {
        sheet.cells.iter().any(|cell| {
            cell.row == row && matches!(&cell.content, Content::Text(text) if words.contains(&text.as_str()))
        })
    };
    let lists = ["Ramps", "Share of it let", "Discount rates of contracts", "Month of those rents"];
    let mut of_list = false;
    for row in 0..sheet.next {
        let section = sheet.cells.iter().find(|cell| cell.row == row && cell.look == Look::Section);
        if let Some(Content::Text(text)) = section.map(|cell| &cell.content) {
            of_list = lists.iter().any(|list| text.starts_with(list));
        }
        let input = sheet.cells.iter().any(|cell| cell.row == row && cell.look == Look::Input);
        if input && !of_list {
            assert!(said(row, &["sourced", "estimated", "assumed"]), "row {}", row + 1);
        }
    }
}

#[test]
fn years_of_bitcoin_and_energy_are_those_of_the_other_exports() {
    use planner_core::report::production;
    let plan = valued_with(|plan| {
        plan.inputs.offers.iter_mut().for_each(|offer| offer.power = planner_core::domain::offer::PowerTerms::Included);
    });
    let made = sheets(&plan).unwrap();
    let sheet = made.sheets.iter().find(|sheet| sheet.name == "By year").unwrap();
    let row_of = |case: &str, what: &str| {
        let has = |row: u32, column: u16, words: &str| {
            sheet.cells.iter().any(|cell| {
                (cell.row, cell.column) == (row, column)
                    && matches!(&cell.content, Content::Text(text) if text == words)
            })
        };
        let row = (0..sheet.next).find(|row| has(*row, 0, case) && has(*row, 3, what)).unwrap();
        let cells = sheet.cells.iter().filter(|cell| cell.row == row && cell.column >= FIRST);
        cells
            .filter_map(|cell| if let Content::Formula(term) = &cell.content { Some(term.value) } else { None })
            .collect()
    };
    let mut mined = 0.0;
    for (case, decisions, ledger) in
        [("plan", &plan.decisions, &plan.ledger), ("twin", &plan.twin.decisions, &plan.twin.ledger)]
    {
        let years = production::years(&plan.inputs, decisions, ledger);
        let near = |what: &str, of: &dyn Fn(&production::Year) -> f64| {
            let row: Vec<f64> = row_of(case, what);
            for (year, own) in years.iter().zip(&row) {
                assert!((of(year) - own).abs() < 1e-6 * own.abs().max(1.0), "{case}, {what}, {}: {own}", year.year);
            }
            row.iter().sum::<f64>()
        };
        mined += near("bitcoin mined [BTC]", &|year| year.btc_mined);
        mined *= near("mining energy [MWh]", &|year| year.mining.mwh).signum();
        near("hosting energy [MWh]", &|year| year.hosting.mwh);
        near("mining energy [USD/MWh]", &|year| year.mining.usd_per_mwh().unwrap_or(0.0));
        near("hosting energy [USD/MWh]", &|year| year.hosting.usd_per_mwh().unwrap_or(0.0));
    }
    assert!(mined > 1.0);
}
