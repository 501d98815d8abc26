//! Charts: capital over time, where revenue comes from, hashrate.

use rust_xlsxwriter::{Chart, ChartType};

use super::book::Placed;
use super::by_year::Years;
use super::cash_flow::Flows;
use super::lines::{Case, Quantity};
use super::sheet::Row;
use super::timeline::Axis;

/// Rows that a chart takes: two stand on a page.
pub const ROWS: u32 = 21;
/// Cells hold dollars; the axis shows millions of them.
const MILLIONS: &str = "M$";

fn chart(kind: ChartType, title: &str, unit: &str, labels: &Row, series: &[(&str, &Row)]) -> Chart {
    let mut chart = Chart::new(kind);
    chart.title().set_name(title);
    chart.y_axis().set_name(unit).set_num_format(if unit == MILLIONS { "#,##0,," } else { "#,##0.0" });
    chart.set_width(960).set_height(380);
    for (name, row) in series {
        let series = chart.add_series();
        series.set_name(*name).set_categories(labels.range().as_str()).set_values(row.range().as_str());
    }
    chart
}

/// All charts.
pub fn all(axis: &Axis, flows: &Flows, years: &Years) -> Vec<Placed> {
    let mut placed = vec![];
    let mut put = |mut chart: Chart, dates: bool| {
        if dates {
            chart.x_axis().set_num_format("yyyy-mm");
        }
        let row = u32::try_from(placed.len()).unwrap_or(0) * ROWS;
        placed.push(Placed { chart, row });
    };
    let capital = [("capital, cumulated", &flows.capital_so_far)];
    put(chart(ChartType::Line, "Capital of the plan, cumulated", MILLIONS, &axis.start, &capital), true);
    let mix = [("hosting", &years.hosting), ("mining", &years.mining)];
    put(chart(ChartType::ColumnStacked, "Revenue of the plan by year", MILLIONS, &years.head, &mix), false);
    let rate = |case| flows.quantities.get(&(case, Quantity::Hashrate));
    if let (Some(plan), Some(twin)) = (rate(Case::Plan), rate(Case::Twin)) {
        let rates = [("plan", plan), ("twin", twin)];
        put(chart(ChartType::Line, "Hashrate of running machines", "EH/s", &axis.start, &rates), true);
    }
    let difference = [("plan less twin, cumulated", &flows.cumulated)];
    put(chart(ChartType::Line, "Cash of the plan less its twin, cumulated", MILLIONS, &axis.start, &difference), true);
    placed
}
