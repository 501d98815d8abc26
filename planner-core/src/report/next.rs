//! What to sign, order or give notice of in the first six months.

use jiff::ToSpan;
use jiff::civil::Date;

use super::schedule::{Event, EventKind, events};
use super::table::{Cell, Column, Table};
use crate::domain::Fleet;
use crate::domain::ids::SiteId;
use crate::plan::Plan;
use crate::units::Cents;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Sign an offer.
    Sign,
    /// Give notice to a customer or a supplier.
    Notice,
    /// Pay a deposit.
    Order,
    /// Pay a deposit that reserves scarce equipment.
    Reserve,
    /// Stop mining in a hall.
    StopMining,
    /// Begin a phase.
    Start,
    /// Begin a work.
    StartWork,
    /// Sell a site.
    SellSite,
    /// Put a site in mothballs.
    Mothball,
    /// Sell machines.
    Sell,
    /// Move machines to a site.
    Move,
    /// Store machines.
    Store,
    /// Buy machines.
    Buy,
}

impl StepKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Notice => "give notice",
            Self::Order => "order",
            Self::Reserve => "reserve",
            Self::Start => "start",
            Self::StartWork => "start work",
            Self::StopMining => "mining off",
            Self::SellSite => "sell site",
            Self::Mothball => "mothball",
            Self::Sell => "sell",
            Self::Move => "move",
            Self::Store => "store",
            Self::Buy => "buy",
        }
    }

    /// The step that an event of the schedule asks for, if any.
    const fn of(event: EventKind) -> Option<Self> {
        Some(match event {
            EventKind::Sign => Self::Sign,
            EventKind::Notice => Self::Notice,
            EventKind::Deposit => Self::Order,
            EventKind::Reserve => Self::Reserve,
            EventKind::Phase => Self::Start,
            EventKind::Work => Self::StartWork,
            EventKind::MiningOff => Self::StopMining,
            EventKind::Sale => Self::SellSite,
            EventKind::Mothball => Self::Mothball,
            EventKind::Sell => Self::Sell,
            EventKind::Move => Self::Move,
            EventKind::Store => Self::Store,
            EventKind::Buy => Self::Buy,
            EventKind::ReadyForService
            | EventKind::Commencement
            | EventKind::TermEnd
            | EventKind::TrancheDeadline
            | EventKind::ReadyBy
            | EventKind::LongStop => return None,
        })
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// By this day.
    pub date: Date,
    /// What to do.
    pub kind: StepKind,
    /// With what.
    pub what: String,
    /// Where; `None` where the thing says it.
    pub site: Option<SiteId>,
    /// What is paid for it (that day, or for a work over its months), or received for a site.
    pub amount: Option<Cents>,
    /// How many machines, whole ones.
    pub machines: i64,
}

/// Steps of the first six months by date, kind, thing and site: every one is an event of the schedule.
#[must_use]
pub fn steps(plan: &Plan) -> Vec<Step> {
    let start = plan.inputs.calendar.start;
    let end = start.saturating_add(6.months());
    // What has started before the horizon is not to be done again.
    let soon = events(plan).into_iter().filter(|event| (start..end).contains(&event.date));
    let mut steps: Vec<Step> = soon.filter_map(|event| step(&plan.inputs, event)).collect();
    steps.sort();
    steps
}

fn step(fleet: &Fleet, event: Event) -> Option<Step> {
    let kind = StepKind::of(event.kind)?;
    let machines = event.machines.map_or(0, |count| count.0.div_euclid(1000));
    if event.machines.is_some() && machines == 0 {
        return None;
    }
    let name = event.without_place(fleet).to_owned();
    let Event { date, what, site, offer, amount, .. } = event;
    let (what, site) = match kind {
        StepKind::Sign => (format!("{} ({what})", offer.as_ref().map_or("", |offer| offer.as_str())), None),
        StepKind::StartWork => (name, site),
        StepKind::Move | StepKind::Store => (sent(fleet, &what), site),
        // `3-power`: the category without the number of its line.
        StepKind::Order => (what.split_once('-').map_or("", |(_, line)| line).to_owned(), site),
        StepKind::StopMining => (String::new(), site),
        StepKind::SellSite | StepKind::Mothball => (site.map_or_else(String::new, |site| fleet.place(&site)), None),
        _ => (what, site),
    };
    Some(Step { date, kind, what, site, amount, machines })
}

/// `S21 to north`: the place by its name.
fn sent(fleet: &Fleet, what: &str) -> String {
    what.rsplit_once(" to ")
        .map_or_else(|| what.to_owned(), |(model, to)| format!("{model} to {}", fleet.place(&to.into())))
}

/// Steps of one day and kind in a line: `design at a, b; permits at a`.
fn line(fleet: &Fleet, steps: &[&Step]) -> String {
    let mut clauses = Vec::new();
    for same in steps.chunk_by(|a, b| a.what == b.what) {
        let mut sites: Vec<String> =
            same.iter().filter_map(|step| step.site.as_ref()).map(|site| fleet.place(site)).collect();
        sites.dedup();
        let kind = same[0].kind;
        let at = if matches!(kind, StepKind::Move | StepKind::Store) { "from" } else { "at" };
        let place = if sites.is_empty() { String::new() } else { format!("{at} {}", sites.join(", ")) };
        let paid: Cents = same.iter().filter_map(|step| step.amount).sum();
        let for_what = match kind {
            StepKind::StartWork => "cost",
            StepKind::SellSite => "for",
            _ => "deposit",
        };
        let paid = if paid == Cents::ZERO { String::new() } else { format!("({for_what} {:.1} M$)", paid.usd() / 1e6) };
        let machines: i64 = same.iter().map(|step| step.machines).sum();
        let count = if machines == 0 { String::new() } else { machines.to_string() };
        let words = [&count, same[0].what.as_str(), &paid, &place];
        clauses.push(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    }
    clauses.join("; ")
}

/// The steps as a table: one row per day and kind.
#[must_use]
pub fn table(plan: &Plan) -> Table {
    let steps = steps(plan);
    let groups: Vec<Vec<&Step>> =
        steps.chunk_by(|a, b| (a.date, a.kind) == (b.date, b.kind)).map(|group| group.iter().collect()).collect();
    let rows: Vec<Vec<Cell>> = groups
        .iter()
        .map(|group| {
            vec![Cell::Date(group[0].date), Cell::text(group[0].kind.words()), Cell::text(line(&plan.inputs, group))]
        })
        .collect();
    Table {
        title: "Next".to_owned(),
        columns: vec![Column::words("next, by"), Column::words("do"), Column::words("what")],
        rows,
        notes: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Period;
    use crate::domain::offer::OfferStatus;
    use crate::plan::ledger::Category;
    use crate::report::sample;
    use jiff::civil::date;

    fn text(row: &[Cell]) -> (String, String) {
        let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
        (text(&row[1]), text(&row[2]))
    }

    #[test]
    fn the_first_six_months_begin_with_a_signature() {
        let steps = steps(&sample::plan());
        assert_eq!((steps[0].date, steps[0].kind), (date(2027, 1, 1), StepKind::Sign));
        assert!(steps.iter().any(|step| step.kind == StepKind::Order && step.what == "power" && step.amount.is_some()));
        assert!(steps.iter().all(|step| step.date < date(2027, 7, 1)));
    }

    #[test]
    fn every_site_is_named() {
        let few = table(&sample::with_sites(2));
        let text = |row: &[Cell]| if let Cell::Text(text) = &row[2] { text.clone() } else { String::new() };
        assert!(
            few.rows.iter().any(|row| text(row) == "power (deposit 40.0 M$) at panther-creek-01, panther-creek-02")
        );
        let many = table(&sample::with_sites(9));
        let named =
            |row: &[Cell]| text(row).starts_with("design at ") && text(row).matches("panther-creek-").count() == 9;
        assert!(many.rows.iter().any(|row| named(row)));
    }

    #[test]
    fn what_is_signed_is_not_signed_again_and_machines_are_summed() {
        let mut plan = sample::with_sites(2);
        plan.inputs.offers[0].status = OfferStatus::Signed;
        assert!(steps(&plan).iter().all(|step| step.kind != StepKind::Sign));
        let table = table(&plan);
        let sold = Cell::text("8000 S21 at panther-creek-01, panther-creek-02");
        assert!(table.rows.iter().any(|row| row[2] == sold), "{:?}", table.rows);
    }

    #[test]
    fn works_notices_reservations_and_what_is_left_are_steps() {
        let mut plan = sample::with_everything();
        let told: Vec<_> = table(&plan).rows.iter().map(|row| text(row)).collect();
        for (kind, what) in [
            ("give notice", "mining customer at panther-creek-02; power supplier at panther-creek-02"),
            ("reserve", "2 transformer for 2028-01 (deposit 0.4 M$)"),
            ("start work", "A fibre (cost 6.0 M$); A substation (cost 20.0 M$) at panther-creek-01"),
        ] {
            assert!(told.contains(&(kind.to_owned(), what.to_owned())), "no {kind} {what} in {told:#?}");
        }
        for site in &mut plan.decisions.sites {
            site.sold = site.sold.map(|_| Period(1));
        }
        for line in plan.ledger.iter_mut().filter(|line| line.category == Category::SiteSale) {
            line.period = Period(1);
        }
        let sold = ("sell site".to_owned(), "stoneridge (for 12.0 M$)".to_owned());
        assert!(table(&plan).rows.iter().any(|row| text(row) == sold));
        for decision in plan.decisions.machines.iter_mut().filter(|decision| decision.to.is_some()) {
            decision.period = Period(1);
        }
        let told: Vec<_> = table(&plan).rows.iter().map(|row| text(row)).collect();
        let moved = "1000 S21 to panther-creek-02 from panther-creek-01";
        assert!(told.iter().any(|(kind, what)| kind == "move" && what.contains(moved)), "{told:#?}");
    }
}
