//! What is done with machines, works, scarce equipment and sites.

use planner_core::domain::ids::SiteId;
use planner_core::plan::ledger::LedgerLine;
use planner_core::plan::{Decisions, MachineAction, Plan};
use planner_core::report::moves;
use planner_core::report::portfolio_events;
use planner_core::report::site_states;
use planner_core::report::works;

use super::{Sheet, dollars, maybe, megawatts, words};

/// Decisions and ledger of plan and twin, each with its name.
pub fn cases(plan: &Plan) -> [(&'static str, &Decisions, &[LedgerLine]); 2] {
    [("plan", &plan.decisions, &plan.ledger), ("twin", &plan.twin.decisions, &plan.twin.ledger)]
}

const fn action(action: MachineAction) -> &'static str {
    match action {
        MachineAction::Run => "run",
        MachineAction::Buy => "buy",
        MachineAction::Sell => "sell",
        MachineAction::Move => "move",
        MachineAction::Store => "store",
        MachineAction::Ballast => "ballast",
    }
}

/// `machines.csv`.
pub fn machines(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&["case", "site", "model", "period", "date", "action", "count", "to"])?;
    for (case, decisions, _) in cases(plan) {
        for decision in &decisions.machines {
            sheet.row([
                case.to_owned(),
                words(decision.site.as_str()),
                words(decision.model.as_str()),
                decision.period.0.to_string(),
                plan.inputs.calendar.period_start(decision.period).to_string(),
                action(decision.action).to_owned(),
                decision.count.count().to_string(),
                words(decision.to.as_ref().map_or("", |to| to.as_str())),
            ])?;
        }
    }
    sheet.bytes()
}

/// `moves.csv`.
pub fn moves(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "case",
        "action",
        "model",
        "count",
        "from",
        "to",
        "period",
        "date",
        "removal_usd",
        "freight_usd",
        "installation_usd",
        "downtime_usd",
        "cost_usd",
        "margin_there_12_months_usd",
    ])?;
    for (case, decisions, ledger) in cases(plan) {
        for row in moves::moves(&plan.inputs, decisions, ledger) {
            sheet.row([
                case.to_owned(),
                action(row.action).to_owned(),
                words(row.model.as_str()),
                row.count.count().to_string(),
                words(row.from.as_str()),
                words(row.to.as_str()),
                row.period.0.to_string(),
                row.date.to_string(),
                dollars(row.removal),
                dollars(row.freight),
                dollars(row.installation),
                dollars(row.downtime),
                dollars(row.cost()),
                row.margin.map_or_else(String::new, dollars),
            ])?;
        }
    }
    sheet.bytes()
}

/// `works.csv`.
pub fn works(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "case",
        "work",
        "name",
        "sites",
        "start",
        "finish",
        "connection [MW]",
        "firm [MW]",
        "racks [MW]",
        "tenure_until",
        "needed_by",
        "cost_usd",
        "present_value_usd",
    ])?;
    for (case, decisions, ledger) in cases(plan) {
        for row in works::rows(&plan.inputs, decisions, ledger) {
            let sites: Vec<&str> = row.sites.iter().map(SiteId::as_str).collect();
            sheet.row([
                case.to_owned(),
                words(row.work.as_str()),
                words(&row.name),
                words(sites.join(" ")),
                row.start.to_string(),
                row.finish.to_string(),
                megawatts(row.adds.connection.get()),
                megawatts(row.adds.firm.get()),
                megawatts(row.adds.racks.get()),
                maybe(row.adds.tenure_until),
                words(row.needed_by.join(" ")),
                dollars(row.cost),
                dollars(row.present_value.0),
            ])?;
        }
    }
    sheet.bytes()
}

/// `reservations.csv`.
pub fn reservations(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&["case", "item", "count", "deposit_on", "delivery", "deposit_usd"])?;
    for (case, decisions, ledger) in cases(plan) {
        for row in portfolio_events::reservations(&plan.inputs, decisions, ledger) {
            sheet.row([
                case.to_owned(),
                words(&row.item),
                row.count.to_string(),
                row.deposit_on.to_string(),
                row.delivery.to_string(),
                dollars(row.deposit),
            ])?;
        }
    }
    sheet.bytes()
}

/// `site_states.csv`.
pub fn site_states(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&["case", "site", "state", "from", "until", "amount_usd"])?;
    for (case, decisions, ledger) in cases(plan) {
        for row in site_states::states(&plan.inputs, decisions, ledger) {
            sheet.row([
                case.to_owned(),
                words(row.site.as_str()),
                row.state.as_str().to_owned(),
                row.from.to_string(),
                maybe(row.until),
                dollars(row.amount),
            ])?;
        }
    }
    sheet.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn text(file: Result<Vec<u8>, csv::Error>) -> Vec<String> {
        String::from_utf8(file.unwrap()).unwrap().lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn moves_have_their_cost_and_what_they_earn() {
        assert_eq!(
            text(moves(&sample::with_everything())),
            [
                "plan,move,S21,1000.5,panther-creek-01,panther-creek-02,5,2028-04-01,\
                 10005.00,15007.50,20010.00,4002.00,49024.50,499224.69",
                "plan,store,S21,500,panther-creek-01,storage/east,5,2028-04-01,5000.00,0.00,0.00,0.00,5000.00,",
                "plan,move,S21,100,storage/east,panther-creek-01,6,2028-07-01,\
                 0.00,500.00,2000.00,400.00,2900.00,50000.00",
            ]
        );
        let machines = text(machines(&sample::with_everything()));
        let store = "plan,panther-creek-01,S21,5,2028-04-01,store,500,storage/east";
        assert!(machines.iter().any(|row| row == store), "{machines:#?}");
    }

    #[test]
    fn works_reservations_and_site_states_have_a_row_each() {
        let plan = sample::with_everything();
        let works = text(works(&plan));
        assert_eq!(works.len(), 2);
        assert!(works[1].starts_with(
            "plan,panther-creek-01/substation,A substation,panther-creek-01,2027-04-01,2027-10-01,40,40,0,,,20000000.00,-"
        ));
        assert_eq!(text(reservations(&plan)), ["plan,transformer,2,2027-04-01,2028-01-01,400000.00"]);
        assert_eq!(
            text(site_states(&plan)),
            [
                "plan,stoneridge,mothballed,2029-01-01,2029-10-01,750000.00",
                "plan,stoneridge,sold,2030-01-01,,12000000.00",
            ]
        );
    }
}
