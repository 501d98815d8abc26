//! The frontier as a chart of characters.

use planner_core::analysis::frontier::Frontier;
use planner_core::report::frontier::Row;
use planner_core::units::UsdCents;

use super::format::grouped;

/// Lines of the plot itself.
const HEIGHT: usize = 12;
/// Space for the figures on the left.
const LEFT: usize = 10;

/// A line of the chart: its mark, and its NPV of a row.
type Line = (char, fn(&Row) -> Option<UsdCents>);

/// Where lines meet, the first is seen.
const LINES: [Line; 3] =
    [('█', |row| Some(row.npv_usd)), ('o', |row| row.nested_npv_usd), ('·', |row| row.phased_npv_usd)];

/// NPV over budget: what the best plan of each budget brings, and the other lines where they lie elsewhere.
#[allow(clippy::cast_precision_loss)]
pub fn chart(frontier: &Frontier, rows: &[Row], width: usize) -> Vec<String> {
    let columns = width - LEFT - 2;
    let (from, to) = (frontier.range.from.get(), frontier.range.to.get());
    let values = || rows.iter().flat_map(|row| LINES.iter().filter_map(|(_, of)| of(row))).map(|npv| npv.0.usd());
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let step = f64::max(high - low, 1.0) / (HEIGHT - 1) as f64;
    let mark = |line: usize, column: usize| {
        let budget = from + (to - from) * (column as f64 + 1.0) / columns as f64;
        let paid = rows.iter().take_while(|row| row.budget_usd.0.usd() <= budget).last();
        let here = |npv: UsdCents| ((high - npv.0.usd()) / step - line as f64).abs() <= 0.5;
        let seen = LINES.iter().find(|(_, of)| paid.and_then(of).is_some_and(here));
        seen.map_or(' ', |(mark, _)| *mark)
    };
    let figure = |line: usize| match line {
        0 => millions(high),
        _ if line + 1 == HEIGHT => millions(low),
        _ => String::new(),
    };
    let mut text = vec!["NPV [M$] over budget [M$]: █ best, o nested, · as phased".to_owned()];
    for line in 0..HEIGHT {
        let marks: String = (0..columns).map(|column| mark(line, column)).collect();
        text.push(format!("{:>LEFT$} │{marks}", figure(line)).trim_end().to_owned());
    }
    text.push(format!("{:LEFT$} └{}", "", "─".repeat(columns)));
    let (left, right) = (millions(from), millions(to));
    text.push(format!("{:LEFT$}  {left}{right:>1$}", "", columns - left.len()));
    text
}

fn millions(usd: f64) -> String {
    grouped(usd / 1e6, usize::from(usd.abs() < 1e9))
}
