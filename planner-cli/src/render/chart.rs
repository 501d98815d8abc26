//! The frontier as a chart of characters.

use planner_core::analysis::frontier::Frontier;
use planner_core::report::frontier::Row;
use planner_core::units::{Cents, UsdCents};

use super::format::grouped;

/// Lines of the plot itself.
const HEIGHT: usize = 12;
/// Space for the figures on the left.
const LEFT: usize = 10;

/// NPV over budget: what the best plan of each budget brings, and the other lines where they lie below.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn chart(frontier: &Frontier, rows: &[Row], width: usize) -> Vec<String> {
    let columns = width - LEFT - 2;
    let (from, to) = (frontier.range.from.get(), frontier.range.to.get());
    let lines: [(char, fn(&Row) -> Option<UsdCents>); 3] =
        [('·', |row| row.phased_npv_usd), ('o', |row| row.nested_npv_usd), ('█', |row| Some(row.npv_usd))];
    let values = || rows.iter().flat_map(|row| lines.iter().filter_map(|(_, of)| of(row))).map(|npv| npv.0.usd());
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let span = f64::max(high - low, 1.0);
    let mut plot = vec![vec![' '; columns]; HEIGHT];
    for (mark, of) in lines {
        for column in 0..columns {
            let budget = from + (to - from) * (column as f64 + 1.0) / columns as f64;
            let paid = rows.iter().take_while(|row| row.budget_usd.0.usd() <= budget).last();
            if let Some(npv) = paid.and_then(of) {
                let line = ((high - npv.0.usd()) / span * (HEIGHT - 1) as f64).round() as usize;
                plot[line.min(HEIGHT - 1)][column] = mark;
            }
        }
    }
    let figure = |line: usize| match line {
        0 => millions(high),
        _ if line + 1 == HEIGHT => millions(low),
        _ => String::new(),
    };
    let mut text = vec!["NPV [M$] over budget [M$]: █ best, o nested, · as phased".to_owned()];
    for (line, marks) in plot.iter().enumerate() {
        let marks: String = marks.iter().collect();
        text.push(format!("{:>LEFT$} │{marks}", figure(line)).trim_end().to_owned());
    }
    text.push(format!("{:LEFT$} └{}", "", "─".repeat(columns)));
    let (left, right) = (millions(from), millions(to));
    text.push(format!("{:LEFT$}  {left}{right:>1$}", "", columns - left.len()));
    text
}

fn millions(usd: f64) -> String {
    grouped(usd / 1e6, usize::from(Cents((usd * 100.0) as i64).0.unsigned_abs() < 100_000_000_000))
}
