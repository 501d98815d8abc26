//! Money by year, sources and uses.

use planner_core::plan::Plan;
use planner_core::report::by_year::{Year, streams, total, years};
use planner_core::report::sources_uses::{Source, Use, sources_uses};
use planner_core::report::streams::Stream;
use planner_core::units::Cents;

use super::figures::{exact, millions};
use super::sheet::{Field, Head, Sheet};
use crate::render::format::grouped;

fn name(year: &Year) -> String {
    year.year.map_or_else(|| "horizon".to_owned(), |year| year.to_string())
}

/// Capital, rent and net cash by year, to the cent.
pub fn by_year(plan: &Plan) -> Sheet {
    let years = years(plan, &plan.ledger);
    let mut sheet = Sheet::new(
        "By year, to the cent",
        &[("year", ""), ("capital paid", "USD"), ("rent", "USD"), ("net cash", "USD"), ("net cash summed", "USD")],
    );
    let mut sum = Cents::ZERO;
    for year in &years {
        sum += year.net();
        let paid = -year.of(Stream::Capital);
        let figures = [paid, year.of(Stream::Rent), year.net(), sum].map(exact).map(Field::figure);
        sheet.rows.push(std::iter::once(Field::words(&name(year))).chain(figures).collect());
    }
    let all = total(&years);
    let figures = [-all.of(Stream::Capital), all.of(Stream::Rent), all.net(), sum].map(exact).map(Field::figure);
    sheet.foot = Some(std::iter::once(Field::words("Sum")).chain(figures).collect());
    sheet.notes.push(
        "Nominal cash of the whole programme, what would be earned anyway not deducted. A payment counts in the calendar year in which its period \
         begins. Rent is rent under contracts."
            .to_owned(),
    );
    sheet
}

/// All streams by year, in millions.
pub fn cash_flow(plan: &Plan) -> Sheet {
    let years = years(plan, &plan.ledger);
    let streams = streams(&years);
    let mut sheet = Sheet::new("Cash flow by year", &[("year", "")]);
    sheet.heads[0].right = false;
    let head = |name: &str| Head { name: name.to_owned(), unit: "M$".to_owned(), right: true };
    sheet.heads.extend(streams.iter().map(|stream| head(stream.words())));
    sheet.heads.push(head("Net cash"));
    let figures = |year: &Year| -> Vec<Field> {
        let amounts = streams.iter().map(|stream| year.of(*stream)).chain([year.net()]);
        amounts
            .map(|amount| match amount {
                Cents::ZERO => Field::figure("–"),
                amount => Field::figure(grouped(amount.usd() / 1e6, 2)),
            })
            .collect()
    };
    let row = |name: &str, year: &Year| std::iter::once(Field::words(name)).chain(figures(year)).collect();
    sheet.rows = years.iter().map(|year| row(&name(year), year)).collect();
    sheet.foot = Some(row("Sum", &total(&years)));
    sheet
}

/// Sources and uses, side by side.
pub fn both(plan: &Plan) -> (Sheet, Sheet) {
    let both = sources_uses(plan);
    let total = both.total();
    let source = |source: &Source| match source {
        Source::Pot(pot) => format!("Pot {pot}"),
        Source::OwnFunds if plan.settings.budget.is_some() => "Budget asked for".to_owned(),
        Source::OwnFunds => "Own funds".to_owned(),
        Source::Tenants => "Tenants' advances and prepayments".to_owned(),
    };
    let purpose = |what: &Use| match what {
        Use::Conversions(category) => format!("Halls: {category}"),
        Use::Works(category) => format!("Works: {category}"),
        Use::Deposits => "Deposits on equipment".to_owned(),
        Use::Machines => "Machines bought".to_owned(),
    };
    let sheet = |caption, rows: Vec<(String, Cents)>| {
        let mut sheet = Sheet::new(caption, &[("for", ""), ("amount", "USD"), ("part", "%")]);
        let part = |amount: Cents| match total {
            Cents::ZERO => "–".to_owned(),
            total => grouped(amount.usd() / total.usd() * 100.0, 1),
        };
        let row = |(name, amount): &(String, Cents)| {
            vec![Field::words(name), Field::figure(exact(*amount)), Field::figure(part(*amount))]
        };
        sheet.foot = Some(row(&("Sum".to_owned(), rows.iter().map(|(_, amount)| *amount).sum())));
        sheet.rows = rows.iter().map(row).collect();
        sheet
    };
    let mut sources = sheet("Sources", both.sources.iter().map(|(from, amount)| (source(from), *amount)).collect());
    if let Some(head) = sources.heads.first_mut() {
        "from".clone_into(&mut head.name);
    }
    if both.tenants_beyond != Cents::ZERO {
        let beyond = millions(both.tenants_beyond);
        sources.notes.push(format!("Tenants pay {beyond} in advance beyond the capital of the pots that it relieves."));
    }
    let uses = sheet("Uses", both.uses.iter().map(|(what, amount)| (purpose(what), *amount)).collect());
    (sources, uses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use planner_core::report::ask::ask;

    #[test]
    fn years_and_sums_are_exact() {
        let plan = sample::with_everything();
        let sheet = by_year(&plan);
        for (year, paid) in ask(&plan).by_year {
            let row = sheet.rows.iter().find(|row| row[0].text == year.to_string()).unwrap();
            assert_eq!(row[1].text, exact(paid));
        }
        let foot = sheet.foot.unwrap();
        assert_eq!(foot[1].text, exact(plan.capital_usd.0));
        assert_eq!(foot[3].text, foot[4].text);
        let flow = cash_flow(&plan);
        assert!(flow.rows.iter().chain(&flow.foot).all(|row| row.len() == flow.heads.len()));
    }

    #[test]
    fn both_sides_have_one_sum() {
        let (sources, uses) = both(&sample::with_everything());
        assert_eq!(sources.foot.unwrap()[1], uses.foot.unwrap()[1]);
        let mut nothing = sample::plan();
        nothing.ledger.clear();
        assert_eq!(both(&nothing).0.foot.unwrap()[2].text, "–");
    }
}
