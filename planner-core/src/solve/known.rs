//! A plan as an answer again: start and lower bound of another solve over the same options.

use super::highs::Limits;
use super::{Answer, Run, highs};
use crate::domain::Fleet;
use crate::model::{self, ColumnId, Variables};
use crate::options::Options;
use crate::plan::{Decisions, Plan, Settings};

/// A plan made from the same options, perhaps under other limits: whole decisions as it says, what is continuous
/// solved. `None` where these limits do not allow them.
pub(crate) fn answer_of(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    plan: &Plan,
    run: &Run,
) -> Option<Answer> {
    let mut fixed = model::tighten(model::build(fleet, settings, options), fleet, options);
    let taken = whole_decisions(fleet, options, &fixed.variables, &plan.decisions);
    let columns = &mut fixed.variables.columns;
    for column in columns.iter_mut().filter(|column| column.integer) {
        (column.integer, column.lower, column.upper) = (false, 0.0, 0.0);
    }
    for (ColumnId(column), count) in taken {
        (columns[column].lower, columns[column].upper) = (count, count);
    }
    let values = highs::solve(&fixed, fixed.constant, None, &Limits::none_but(0.0, run.allowance())).ok()?.values?;
    Some(Answer { values, decisions: plan.decisions.clone(), ledger: plan.ledger.clone(), npv: plan.npv_usd })
}

/// Every whole column that is not nil.
fn whole_decisions(
    fleet: &Fleet,
    options: &Options,
    variables: &Variables,
    decisions: &Decisions,
) -> Vec<(ColumnId, f64)> {
    let calendar = &fleet.calendar;
    let (conversions, site) = (&decisions.conversions, |index: usize| &fleet.sites[index].id);
    let mut taken: Vec<(ColumnId, f64)> = vec![];
    for (option, column) in options.halls.iter().zip(&variables.halls) {
        let hall = &fleet.sites[option.site].halls[option.hall].id;
        let offer = option.offer.map(|offer| &fleet.offers[offer].id);
        let start = calendar.month_start(option.start);
        let same = conversions.iter().find(|c| {
            (&c.site, &c.hall, c.offer.as_ref(), c.start) == (site(option.site), hall, offer, start)
                && c.retrofit == fleet.retrofits[option.retrofit].id
        });
        taken.extend(same.map(|conversion| (*column, f64::from(conversion.halls))));
    }
    let mut yes = |chosen: bool, column: ColumnId| taken.extend(chosen.then_some((column, 1.0)));
    for (setup, column) in options.setups.iter().zip(&variables.setups) {
        let retrofit = &fleet.retrofits[setup.retrofit].id;
        let here = conversions.iter().filter(|c| (&c.site, &c.retrofit) == (site(setup.site), retrofit));
        yes(here.map(|c| c.start).min() == Some(calendar.month_start(setup.start)), *column);
    }
    for (hosting, column) in options.hosting.iter().zip(&variables.hosting) {
        let here = conversions.iter().filter(|c| c.site == *site(hosting.site));
        yes(here.map(|c| c.ready).min() == Some(calendar.month_start(hosting.first_service)), *column);
    }
    let served = |offer: usize, at: Option<usize>| {
        let offer = &fleet.offers[offer].id;
        conversions.iter().any(|c| c.offer.as_ref() == Some(offer) && at.is_none_or(|at| c.site == *site(at)))
    };
    for accept in &variables.accept {
        yes(served(accept.offer, accept.site), accept.column);
    }
    for serve in &variables.serve {
        yes(served(serve.offer, Some(serve.site)), serve.column);
    }
    for (option, column) in options.works.iter().zip(&variables.works) {
        let (work, start) = (&fleet.works[option.work].id, calendar.month_start(option.start));
        yes(decisions.works.iter().any(|w| (&w.work, w.start) == (work, start)), *column);
    }
    let of_site = |index: usize| decisions.sites.iter().find(|decision| decision.site == *site(index));
    for (option, column) in options.mothballs.iter().zip(&variables.mothballs) {
        yes(of_site(option.site).is_some_and(|decision| decision.mothballed.contains(&option.period)), *column);
    }
    for (option, column) in options.sales.iter().zip(&variables.sales) {
        yes(of_site(option.site).is_some_and(|decision| decision.sold == Some(option.period)), *column);
    }
    for (option, column) in options.reservations.iter().zip(&variables.reservations) {
        let item = &fleet.long_lead[option.item].item;
        let same = decisions.reservations.iter().find(|r| (&r.item, r.period) == (item, option.period));
        taken.extend(same.map(|reservation| (*column, f64::from(reservation.count))));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;
    use crate::model::scale;
    use crate::options::enumerate;
    use crate::solve::plan;
    use crate::solve::tests::{exact, run};
    use crate::units::{Usd, UsdPerKwMonth};

    #[test]
    fn an_answer_is_worth_what_its_plan_is() {
        let (mut fleet, settings) = (fixture::fleet(), exact());
        fleet.offers[0].rent = UsdPerKwMonth::new(1000.0);
        let plan = plan(&fleet, &settings, &run()).unwrap();
        assert!(!plan.decisions.conversions.is_empty());
        let options = enumerate(&fleet, &settings);
        let answer = answer_of(&fleet, &settings, &options, &plan, &run()).unwrap();
        let model = model::tighten(model::build(&fleet, &settings, &options), &fleet, &options);
        assert!(model.satisfied_by(&answer.values));
        let values = model.variables.columns.iter().zip(&answer.values).map(|(column, value)| column.value * value);
        let missing = scale::money(plan.npv_usd.0) - model.constant - values.sum::<f64>();
        assert!(missing.abs() < 1e-4, "{missing} M$ are missing");
        let poor = Settings { budget: Some(Usd::ZERO), ..settings };
        assert!(answer_of(&fleet, &poor, &options, &plan, &run()).is_none(), "nothing pays for it");
    }
}
