//! A quantity with a slip in it: the text that is offered in its place has the size that was written, in every dimension
//! and for every slip; where the size is not known there is an example, never another size.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::diagnostics::Severity;
use planner_core::portfolio;
use planner_core::units::{self, DIMENSIONS, Days, Dimension, Months, Remedy, Share, UnitError};
use planner_tests::shipped;
use planner_tests::slips::{decimal_numbers, grouped, unit_slips, whole_numbers};

const fn share(name: &'static str, per_year: bool, read: fn(&str) -> Result<f64, UnitError>) -> Dimension {
    Dimension { name, units: Share::accepted(per_year).1, read }
}

/// The quantities, which the compiler lists, and the four that are no plain numbers.
fn all() -> Vec<Dimension> {
    let others = [
        share("a share", false, |text| Share::parse(text, false).map(|share| share.0)),
        share("a share per year", true, |text| Share::parse(text, true).map(|share| share.0)),
        Dimension {
            name: Months::ACCEPTED.0,
            units: Months::ACCEPTED.1,
            read: |text| Months::parse(text).map(|months| f64::from(months.0)),
        },
        Dimension {
            name: Days::ACCEPTED.0,
            units: Days::ACCEPTED.1,
            read: |text| Days::parse(text).map(|days| f64::from(days.0)),
        },
    ];
    DIMENSIONS.iter().copied().chain(others).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= a.abs().max(b.abs()) * 1e-14
}

/// What is offered in place of a text, as a size; `None` where nothing is.
fn offered(dimension: &Dimension, text: &str) -> Option<f64> {
    match (dimension.read)(text) {
        Ok(value) => Some(value),
        Err(UnitError { remedy: Remedy::Write(fix), .. }) => {
            let read = |text: &str| (dimension.read)(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            fix.with_decimals.as_deref().map(read);
            Some(read(&fix.text))
        }
        Err(_) => None,
    }
}

fn assert_size(dimension: &Dimension, slip: &str, right: &str) {
    let size = (dimension.read)(right).unwrap();
    let found =
        offered(dimension, slip).unwrap_or_else(|| panic!("{}: nothing is offered for `{slip}`", dimension.name));
    assert!(near(found, size), "{}: `{slip}` is offered as {found}, not as {size}", dimension.name);
}

/// Numbers that name the cases: the same in every run, other digits in every dimension.
fn numbers(seed: usize) -> impl Iterator<Item = u64> {
    let mut state = seed as u64 + 1;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

#[test]
fn what_is_offered_has_the_size_that_was_written() {
    let mut tried = 0;
    for (seed, dimension) in all().iter().enumerate() {
        let whole_only = dimension.name.starts_with("a whole number");
        let mut numbers = numbers(seed);
        for (unit, ..) in dimension.units {
            for _ in 0..4 {
                let most = if whole_only { 1_000_000 } else { 100_000_000 };
                let digits = (1000 + numbers.next().unwrap() % most).to_string();
                let decimals = (1 + numbers.next().unwrap() % 999).to_string() + "5";
                for number in whole_numbers(&digits) {
                    assert_size(dimension, &format!("{number} {unit}"), &format!("{digits} {unit}"));
                    tried += 1;
                }
                for slip in unit_slips(unit) {
                    assert_size(dimension, &format!("{digits} {slip}"), &format!("{digits} {unit}"));
                    assert_size(dimension, &format!("{slip} {digits}"), &format!("{digits} {unit}"));
                    let number = grouped(&digits, ",", 3);
                    assert_size(dimension, &format!("{number}{slip}"), &format!("{digits} {unit}"));
                    tried += 3;
                }
                for (scale, zeros) in
                    [("k", "000"), ("thousand", "000"), ("M", "000000"), ("mn", "000000"), ("bn", "000000000")]
                {
                    let few = &digits[..1];
                    if !whole_only || zeros.len() == 3 {
                        assert_size(dimension, &format!("{few} {scale} {unit}"), &format!("{few}{zeros} {unit}"));
                        tried += 1;
                    }
                }
                if whole_only {
                    continue;
                }
                for number in decimal_numbers(&digits, &decimals) {
                    let right = format!("{digits}.{decimals} {unit}");
                    assert_size(dimension, &format!("{number} {unit}"), &right);
                    assert_size(dimension, &format!("\u{2212}{number} {unit}"), &format!("-{right}"));
                    tried += 2;
                }
                let right = format!("{digits}e-3 {unit}");
                for slip in ["e-3", "E\u{2212}03"] {
                    assert_size(dimension, &format!("{digits}{slip} {}", unit.to_lowercase()), &right);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

/// Every accepted unit is understood by its words, with the factor that the readers have.
#[test]
fn the_words_of_every_unit_are_known() {
    for dimension in all() {
        for (unit, ..) in dimension.units {
            assert_size(&dimension, &format!("2,5e2  {unit}"), &format!("250 {unit}"));
            for (other, ..) in dimension.units {
                let help = units::header("x", Some(&other.to_lowercase()), (dimension.name, dimension.units));
                assert!(help.starts_with("write its header as `x ["), "{unit}: {help}");
            }
        }
    }
}

#[test]
fn where_the_size_is_not_known_nothing_is_offered() {
    for dimension in all() {
        let unit = dimension.units[0].0;
        for number in [
            "30-40",
            "30 - 40",
            "30\u{2013}40",
            "30..40",
            "30 to 40",
            "~30",
            "ca. 30",
            "<30",
            ">= 30",
            "30 ± 5",
            "30+-5",
            "1/2",
            "30 40",
            "30, 40",
            "1,30,40",
            "1,2345,678",
            "12,34",
            "1.2.3",
            "1,300.5.7",
            "0,300,000",
            "(30)",
            "2x30",
            "30 or so",
            "",
            "-",
            "thirty",
            "NaN",
            "inf",
            "1e999",
            "1e",
            "0x10",
            "1,300,5",
            "1 30",
            "½",
            "3²",
            "5-",
            "5 -",
        ] {
            let text = format!("{number} {unit}");
            let decimal_comma = number == "12,34" && !dimension.name.starts_with("a whole");
            let Err(UnitError { remedy, .. }) = (dimension.read)(&text) else { panic!("`{text}` is read") };
            assert!(decimal_comma == matches!(remedy, Remedy::Write(_)), "`{text}`: {}", remedy.help());
        }
        for unit in [
            "parsec", "MEUR", "EUR", "€", "k€", "GBP/MWh", "CAD", "C$", "A$", "kVA", "ct/kWh", "$/kW-m", "J/TH",
            "USD/USD", "USD//MW",
        ] {
            let Err(UnitError { remedy, .. }) = (dimension.read)(&format!("37 {unit}")) else {
                panic!("{unit} is read")
            };
            assert!(!matches!(remedy, Remedy::Write(_)), "37 {unit} as {}: {}", dimension.name, remedy.help());
            assert!(!remedy.help().contains("37"), "the example has what was written: {}", remedy.help());
        }
    }
}

/// The slips that trials found, and more of their kinds: dimension, what was written, the same in an accepted unit.
#[test]
fn slips_of_trials_keep_their_size() {
    let cases = [
        ("money", "200,000 kUSD", "200 MUSD"),
        ("money", "200 million USD", "200 MUSD"),
        ("money", "200 M USD", "200 MUSD"),
        ("money", "200 M$", "200 MUSD"),
        ("money", "$200M", "200 MUSD"),
        ("money", "$200 million", "200 MUSD"),
        ("money", "US$1.5bn", "1.5 BUSD"),
        ("money", "USD 200m", "200 MUSD"),
        ("money", "-$5k", "-5 kUSD"),
        ("money", "0.2 bn USD", "200 MUSD"),
        ("money", "200'000 kUSD", "200 MUSD"),
        ("money", "1 Mrd USD", "1 BUSD"),
        ("gross (utility) power", "1,300 MW", "1300 MW"),
        ("gross (utility) power", "30,5 MW", "30.5 MW"),
        ("gross (utility) power", "30000 KW", "30 MW"),
        ("gross (utility) power", "30000000 W", "30 MW"),
        ("power of a machine", "3.25 kW", "3250 W"),
        ("critical IT load", "5000 kW IT", "5 MW-IT"),
        ("critical IT load", "5 MW (IT)", "5 MW-IT"),
        ("a share per year", "2,5 %/year", "2.5 %/year"),
        ("a share per year", "2.5 % p.a.", "2.5 %/year"),
        ("a share per year", "2.5% per annum", "2.5 %/year"),
        ("a share per year", "300 bp", "3 %/year"),
        ("a share per year", "300 basis points per year", "3 %/year"),
        ("a share", "8 per cent", "8 %"),
        ("a share", "0,08", "8 %"),
        ("energy price", "0.045 USD/kwh", "45 USD/MWh"),
        ("energy price", "4.5 cents/kWh", "45 USD/MWh"),
        ("energy price", "4.5 ¢/kWh", "45 USD/MWh"),
        ("energy price", "$45/MWh", "45 USD/MWh"),
        ("energy price", "USD 45 per MWh", "45 USD/MWh"),
        ("hashrate", "1,160", "1160 TH/s"),
        ("hashrate", "200000 GH/s", "200 TH/s"),
        ("hashrate", "200 th", "200 TH/s"),
        ("hashrate", "0.2 ph/sec", "200 TH/s"),
        ("charge per MW and month", "2.0 USD/kW-month", "2000 USD/MW-month"),
        ("charge per MW and month", "24 $/kW-yr", "2000 USD/MW-month"),
        ("yearly cost per critical IT load", "8.3 USD/kW-IT-month", "99.6 USD/kW-IT-year"),
        ("rent per kW of critical IT load and month", "150000 USD/MW/month", "150 USD/kW-month"),
        ("rent per kW of critical IT load and month", "450 USD/kW-quarter", "150 USD/kW-month"),
        ("rent per kW of critical IT load and month", "150 $/kW-IT/mo", "150 USD/kW-month"),
        ("cost per gross power", "0.2 M USD/MW", "0.2 MUSD/MW"),
        ("money per year", "500k USD/year", "0.5 MUSD/year"),
        ("money per year", "125 kUSD/quarter", "0.5 MUSD/year"),
        ("a whole number of months", "1825 days", "60 months"),
        ("a whole number of months", "20 quarters", "60 months"),
        ("a whole number of months", "10.5 years", "126 months"),
        ("a whole number of months", "5yrs", "60 months"),
        ("a whole number of days", "6 weeks", "42 days"),
        ("a whole number of days", "2 years", "730 days"),
        ("price per TH/s", "12 USD/TH/s", "12 USD/TH"),
        ("price per TH/s", "0.012 $/GH", "12 USD/TH"),
        ("bitcoin", "312500000 sats", "3.125 BTC"),
        ("hours per year", "150 h/yr", "150 hours/year"),
    ];
    let all = all();
    for (name, slip, right) in cases {
        let dimension = all.iter().find(|dimension| dimension.name == name).unwrap_or_else(|| panic!("{name}"));
        assert!((dimension.read)(slip).is_err(), "{slip}");
        assert_size(dimension, slip, right);
    }
    for (name, slip) in [
        ("a whole number of months", "6 weeks"),
        ("a whole number of months", "14.3 months"),
        ("a whole number of days", "2 months"),
        ("a share per year", "0.8 %/month"),
        ("energy price", "45 USD/MW-month"),
        ("damages per MW of critical IT load and day", "30000 USD/MW-month"),
        ("money", "185 MEUR"),
        ("cost per hall", "100000 USD"),
    ] {
        let dimension = all.iter().find(|dimension| dimension.name == name).unwrap();
        assert_eq!(offered(dimension, slip), None, "{slip}");
    }
}

#[test]
fn a_fix_says_what_it_takes_for_granted() {
    let help = |name: &str, text: &str| {
        let dimension = *all().iter().find(|dimension| dimension.name == name).unwrap();
        (dimension.read)(text).unwrap_err().remedy.help()
    };
    let power = "gross (utility) power";
    assert_eq!(help(power, "30,5 MW"), "write `30.5 MW`");
    assert_eq!(help(power, "1,300 MW"), "write `1300 MW`; `1.3 MW`, if the comma marks decimals");
    assert_eq!(help(power, "20"), "write `20 MW`, if it is in MW");
    assert_eq!(help(power, "20 MW-IT"), "write `20 MW`, if it is gross (utility) power");
    assert_eq!(help(power, "many MW"), "for example `10 MW`");
    assert_eq!(
        help("hashrate", "1,160"),
        "write `1160 TH/s`, if it is in TH/s; `1.16 TH/s`, if the comma marks decimals"
    );
    assert_eq!(help("money", "185 MEUR"), "amounts are in US dollars: convert it, and name the rate in `source`");
}

#[test]
fn a_header_is_renamed_only_where_its_cells_keep_their_size() {
    let header = |name: &str, unit: Option<&str>| {
        let dimension = *all().iter().find(|dimension| dimension.name == name).unwrap();
        units::header("x", unit, (dimension.name, dimension.units))
    };
    assert_eq!(header("hashrate", Some("GH/s")), "divide its cells by 1000, and write its header as `x [TH/s]`");
    assert_eq!(header("hashrate", Some("th")), "write its header as `x [TH/s]`");
    assert_eq!(header("energy price", Some("USD/kwh")), "write its header as `x [USD/kWh]`");
    assert_eq!(
        header("energy price", Some("cents/kWh")),
        "multiply its cells by 10, and write its header as `x [USD/MWh]`"
    );
    assert_eq!(header("critical IT load", Some("kW")), "write its header as `x [kW-IT]`, if it is critical IT load");
    assert_eq!(header("power of a machine", Some("kW")), "multiply its cells by 1000, and write its header as `x [W]`");
    assert_eq!(header("a share", Some("bp")), "divide its cells by 100, and write its header as `x [%]`");
    assert_eq!(header("money", None), "write its header as `x [USD]`, if its cells are in USD");
    let other = "convert its cells to USD/machine, and write its header as `x [USD/machine]`";
    assert_eq!(header("amount per machine", Some("USD/TH")), other);
    let foreign = "amounts are in US dollars: convert its cells, and write its header as `x [USD]`";
    assert_eq!(header("money", Some("kEUR")), foreign);
}

/// Following the help gives the facts of the portfolio that was meant.
#[test]
fn who_writes_what_is_offered_has_the_portfolio_that_was_meant() {
    const MAPLE: &str = "sites/maple-ridge.toml";
    const PILOT: &str = "offers/pilot-5y.toml";
    let right = shipped("first-look");
    let meant = portfolio::read(&right).fleet.unwrap();
    let slips = [
        (MAPLE, "\"20 MW\"", "\"20,000 kW\""),
        (MAPLE, "\"20 MW\"", "\"0,02 gw\""),
        (MAPLE, "\"98 %\"", "\"98 percent\""),
        (PILOT, "\"60 months\"", "\"1825 days\""),
        (PILOT, "\"60 months\"", "\"20 quarters\""),
        (MAPLE, "\"2.0 MUSD/year\"", "\"$2m a year\""),
        (MAPLE, "\"6000 USD/MW-month\"", "\"6,0 USD/kW-month\""),
        (MAPLE, "\"12 MUSD\"", "\"12 million dollars\""),
        (PILOT, "\"165 USD/kW-month\"", "\"165\u{202f}000 $/MW/month\""),
        ("machines.csv", "8000", "\"8,000\""),
        ("machines.csv", "1200", "\"1\u{2019}200\""),
        ("../library/asics.csv", "3250", "\"3,250\""),
    ];
    for (path, text, slip) in slips {
        let mut files = right.clone();
        let at = files.0[path].find(text).unwrap_or_else(|| panic!("no {text} in {path}"));
        files.0.get_mut(path).unwrap().replace_range(at..at + text.len(), slip);
        let checked = portfolio::read(&files);
        assert!(checked.fleet.is_none(), "{slip} is read");
        let [error] = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect::<Vec<_>>()[..]
        else {
            panic!("{slip}: {:#?}", checked.diagnostics);
        };
        let help = error.help.as_deref().unwrap();
        let written = help.strip_prefix("write `").and_then(|help| help.split('`').next()).unwrap();
        let value = written.split_once(" = ").map_or(written, |(_, value)| value);
        files.0.get_mut(path).unwrap().replace_range(at..at + slip.len(), value);
        assert_eq!(portfolio::read(&files).fleet.as_ref(), Some(&meant), "{slip}: {help}");
    }
}
