//! The frontier as files: JSON, CSV and a drawing.

use std::fmt::Write as _;

use anyhow::Result;
use planner_core::analysis::frontier::Frontier;
use planner_core::report::frontier::Row;
use planner_core::units::{Usd, UsdCents};
use serde_json::{Value, json};

use super::csv;
use super::html::drawing::{tick_words, ticks};

/// Names of the files.
pub const NAMES: [&str; 3] = ["frontier.json", "frontier.csv", "frontier.svg"];

/// All files.
pub fn files(frontier: &Frontier, rows: &[Row]) -> Result<Vec<(String, Vec<u8>)>> {
    let json = serde_json::to_vec_pretty(&json(frontier, rows))?;
    let bytes = [json, csv::frontier::file(rows)?, svg(frontier, rows).into_bytes()];
    Ok(NAMES.iter().map(|name| (*name).to_owned()).zip(bytes).collect())
}

/// What programs read.
pub fn json(frontier: &Frontier, rows: &[Row]) -> Value {
    json!({
        "identity": frontier.points.first().map(|point| &point.plan.identity),
        "from_usd": frontier.range.from.get(),
        "to_usd": frontier.range.to.get(),
        "resolution_usd": frontier.range.resolution.get(),
        "solved": frontier.solved,
        "finished": frontier.finished,
        "points": rows,
    })
}

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 450.0;
/// Space around the plot, for figures.
const MARGIN: f64 = 70.0;
/// Steps of each axis, at most.
const TICKS: f64 = 5.0;

/// A line of the drawing: name, colour, NPV of a row.
type Line = (&'static str, &'static str, fn(&Row) -> Option<UsdCents>);

const LINES: [Line; 3] = [
    ("total only", "#0b5394", |row| Some(row.npv_usd)),
    ("as phased", "#b45f06", |row| row.phased_npv_usd),
    ("nested", "#38761d", |row| row.nested_npv_usd),
];

/// NPV over budget, in steps.
fn svg(frontier: &Frontier, rows: &[Row]) -> String {
    let values = || rows.iter().flat_map(|row| LINES.iter().filter_map(|(_, _, of)| of(row))).map(|npv| npv.0.usd());
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let (from, to) = (frontier.range.from, frontier.range.to);
    // Both axes end with a tick on either side of the lines.
    let (budgets, npvs) = (ticks(from.get() / 1e6, to.get() / 1e6, TICKS), ticks(low / 1e6, high / 1e6, TICKS));
    let share = |ticks: &[f64], usd: f64| match ticks {
        [first, .., last] => (usd / 1e6 - first) / (last - first),
        _ => 0.0,
    };
    let x = |usd: f64| MARGIN + share(&budgets, usd) * (WIDTH - 2.0 * MARGIN);
    let y = |usd: f64| HEIGHT - MARGIN - share(&npvs, usd) * (HEIGHT - 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    // Writing to a String never fails.
    let (left, bottom) = (MARGIN, HEIGHT - MARGIN);
    for (npv, words) in npvs.iter().zip(tick_words(&npvs)) {
        let y = y(npv * 1e6);
        let _ = writeln!(
            svg,
            "<line x1=\"{left}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{words}</text>",
            WIDTH - MARGIN,
            left - 8.0,
            y + 4.0,
        );
    }
    for (budget, words) in budgets.iter().zip(tick_words(&budgets)) {
        let (x, y) = (x(budget * 1e6), bottom + 18.0);
        let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{words}</text>");
    }
    for ((name, colour, of), place) in LINES.iter().zip([0.0, 1.0, 2.0]) {
        let steps = steps(rows, *of, to);
        if steps.is_empty() {
            continue;
        }
        let points: Vec<String> = steps.iter().map(|(usd, npv)| format!("{:.1},{:.1}", x(*usd), y(*npv))).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n\
             <text x=\"{:.1}\" y=\"24\" fill=\"{colour}\">{name}</text>",
            points.join(" "),
            MARGIN + 120.0 * place,
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">budget [M$]</text>\n\
         <text x=\"{:.1}\" y=\"50\" text-anchor=\"end\">NPV [M$]</text>\n</svg>",
        WIDTH / 2.0,
        HEIGHT - 20.0,
        MARGIN - 8.0,
    );
    svg
}

/// Corners of a line that holds its value until the next budget.
fn steps(rows: &[Row], of: fn(&Row) -> Option<UsdCents>, to: Usd) -> Vec<(f64, f64)> {
    let known = rows.iter().filter_map(|row| Some((row.budget_usd.0.usd(), of(row)?.0.usd())));
    let mut corners: Vec<(f64, f64)> = vec![];
    for (budget, npv) in known {
        corners.extend(corners.last().copied().map(|(_, before)| (budget, before)));
        corners.push((budget, npv));
    }
    corners.extend(corners.last().copied().map(|(_, last)| (to.get(), last)));
    corners
}
