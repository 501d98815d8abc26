//! Quantities as people write them who have not read how the planner does.

/// Digits with a mark before the last three, and before every `length` digits before these.
#[must_use]
pub fn grouped(digits: &str, mark: &str, length: usize) -> String {
    let (head, tail) = digits.split_at(digits.len() - 3);
    let mut groups = vec![tail];
    let mut rest = head;
    while !rest.is_empty() {
        let (more, group) = rest.split_at(rest.len().saturating_sub(length));
        groups.push(group);
        rest = more;
    }
    groups.reverse();
    groups.join(mark)
}

fn in_digits_from(zero: char, text: &str) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(u32::from(zero) + digit)).unwrap_or(c);
    text.chars().map(digit).collect()
}

/// A whole number as people write it.
#[must_use]
pub fn whole_numbers(digits: &str) -> Vec<String> {
    let marks = [",", " ", "\u{a0}", "\u{202f}", "\u{2009}", "'", "\u{2019}", "_", "\u{66c}"];
    let mut written: Vec<String> = marks.iter().map(|mark| grouped(digits, mark, 3)).collect();
    written.push(grouped(digits, ",", 2));
    if digits.len() > 6 {
        written.push(grouped(digits, ".", 3));
    }
    written.extend(['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'].map(|zero| in_digits_from(zero, digits)));
    written.push(format!("{digits}."));
    written
}

/// A number with decimals as people write it, below zero too.
#[must_use]
pub fn decimal_numbers(whole: &str, decimals: &str) -> Vec<String> {
    vec![
        format!("{whole},{decimals}"),
        format!("{},{decimals}", grouped(whole, ".", 3)),
        format!("{}.{decimals}", grouped(whole, ",", 3)),
        format!("{},{decimals}", grouped(whole, " ", 3)),
        format!("{},{decimals}", grouped(whole, "\u{2019}", 3)),
        format!("{}\u{66b}{decimals}", in_digits_from('\u{660}', whole)),
    ]
}

/// The unit as people write it.
#[must_use]
pub fn unit_slips(unit: &str) -> Vec<String> {
    let mut slips = vec![
        unit.to_lowercase(),
        unit.to_uppercase(),
        unit.replace('/', " per "),
        unit.replace('/', " / "),
        unit.replace("-IT", " IT"),
        unit.replace("-IT", "IT"),
        unit.replace("-month", "/month").replace("-year", "/year").replace("-day", "/day"),
        unit.replace("months", "mo").replace("month", "mo").replace("years", "yrs").replace("year", "yr"),
        unit.replace("-month", " a month").replace("/year", " a year").replace("-year", " p.a."),
        unit.replace("USD", "$"),
        unit.replace("USD", "US$"),
        unit.replace("MUSD", "million USD").replace("kUSD", "k USD").replace("BUSD", "bn USD"),
        unit.replace("MUSD", "M$").replace("kUSD", "thousand dollars").replace("BUSD", "billion $"),
        unit.replace('%', "percent").replace("machine", "miner").replace("hours", "hrs"),
        unit.replace('%', "\u{ff05}").replace("BTC", "bitcoin"),
        format!("{unit}."),
        format!("({unit})"),
        format!("\u{200b}{unit}"),
    ];
    slips.retain(|slip| slip != unit && !slip.contains("CENT"));
    slips
}
