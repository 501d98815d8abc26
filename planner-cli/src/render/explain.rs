//! Why each thing was chosen, as text: at most 80 columns, so that it reads alike on every screen.

use std::collections::BTreeMap;

use planner_core::analysis::bid::{Bid, Worth};
use planner_core::analysis::explain::{Alternative, Binding, BreakEven, DecideBy, Explained, Explanation, Lever};
use planner_core::domain::Fleet;
use planner_core::plan::Plan;
use planner_core::report::rules::named;
use planner_core::report::verdict::verdict;
use planner_core::units::{Cents, UsdCents};

use super::NARROW;
use super::format::{grouped, words};

const INDENT: usize = 6;

/// What is explained or bid for: whether the plan is an answer.
pub fn head(plan: &Plan) -> Vec<String> {
    wrapped(0, &format!("The plan: {}.", verdict(plan).sentence))
}

/// Tells an explanation of a plan piece by piece, as its answers come.
pub struct Teller<'a> {
    plan: &'a Plan,
    /// Whether it is said if the plan is an answer.
    begun: bool,
    /// The heading under which the last answer stood.
    under: Option<&'static str>,
    /// Whether some figure had a `±`.
    gaps: bool,
}

impl<'a> Teller<'a> {
    /// Of a plan of which nothing is told yet.
    pub const fn new(plan: &'a Plan) -> Self {
        Self { plan, begun: false, under: None, gaps: false }
    }

    fn begin(&mut self) -> Vec<String> {
        if std::mem::replace(&mut self.begun, true) { vec![] } else { head(self.plan) }
    }

    /// The lines of one answer, with a heading where a new list begins.
    pub fn answer(&mut self, one: &Explained) -> String {
        let heading = if one.chosen { "Chosen" } else { "Not chosen" };
        let mut lines = self.begin();
        if self.under != Some(heading) {
            self.under = Some(heading);
            lines.push(heading.to_owned());
        }
        lines.extend(entry(&self.plan.inputs, one));
        self.gaps |= lines.iter().any(|line| line.contains('±'));
        lines.join("\n")
    }

    /// What stands after the last answer; empty where there is nothing more to say.
    pub fn end(&mut self, explanation: &Explanation) -> String {
        let cannot = impossible(&self.plan.inputs, &explanation.rejected);
        let mut lines = self.begin();
        if !cannot.is_empty() && self.under != Some("Not chosen") {
            lines.push("Not chosen".to_owned());
        }
        if explanation.stopped {
            lines.extend(cannot);
            lines.extend(wrapped(0, &not_told(explanation.not_told)));
        } else if self.under.is_none() && cannot.is_empty() {
            lines.push("The portfolio has no alternatives: no hall can be converted for anybody.".to_owned());
        } else {
            lines.extend(cannot);
        }
        if self.gaps {
            lines.extend(wrapped(0, "± is what the gaps of the plans compared leave open; a smaller gap narrows it."));
        }
        lines.join("\n")
    }
}

fn not_told(count: usize) -> String {
    let missing = if count == 0 { "others may be missing".to_owned() } else { format!("at least {count} are missing") };
    format!("Stopped before all was told: {missing}.")
}

/// Why no option of an alternative exists.
fn no_option(one: &Explained) -> Option<&str> {
    match &one.binding {
        Some(Binding::NoOption(reason)) => Some(reason),
        _ => None,
    }
}

/// What cannot be, by its reason.
fn impossible(fleet: &Fleet, rejected: &[Explained]) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in rejected {
        if let Some(reason) = no_option(one) {
            reasons.entry(reason).or_default().push(title(fleet, &one.alternative));
        }
    }
    let group = |(reason, all): (&str, Vec<String>)| {
        let mut lines = wrapped(2, &format!("cannot be: {reason}"));
        lines.extend(all.iter().map(|one| format!("  {one}")));
        lines
    };
    reasons.into_iter().flat_map(group).collect()
}

/// By name, and in brackets as it is to be typed where that is not the same.
fn title(fleet: &Fleet, of: &Alternative) -> String {
    let Alternative { site, retrofit, offer } = of;
    let (place, how) = (fleet.place(site), fleet.retrofit_name(retrofit));
    let typed = if place == site.as_str() && how == retrofit.as_str() {
        String::new()
    } else {
        format!(" ({site} {retrofit} {offer})")
    };
    words(&format!("  {place} · {how} · {offer}{typed}"))
}

fn entry(fleet: &Fleet, one: &Explained) -> Vec<String> {
    let mut sentences = vec![worth(one)];
    sentences.extend(one.binding.as_ref().map(|binding| kept_out(one, binding)));
    sentences.extend(flips(one));
    sentences.extend(one.decide_by.iter().map(decide_by));
    let mut lines = vec![title(fleet, &one.alternative)];
    lines.extend(sentences.iter().flat_map(|sentence| wrapped(INDENT, &words(sentence))));
    lines
}

fn millions(amount: UsdCents) -> String {
    format!("{} M$", grouped(amount.0.usd() / 1e6, 2))
}

/// What it earns, or what forcing it in costs.
fn worth(one: &Explained) -> String {
    let gap = millions(one.gap_usd);
    match (one.chosen, one.npv_change_usd) {
        (true, Some(change)) => format!("earns {} (± {gap})", millions(UsdCents(-change.0))),
        (true, None) => "cannot be left out: no plan does without it".to_owned(),
        (false, Some(change)) => format!("forced in, NPV changes by {} (± {gap})", millions(change)),
        (false, None) => "no plan holds it".to_owned(),
    }
}

fn kept_out(one: &Explained, binding: &Binding) -> String {
    match binding {
        Binding::Rule(found) => {
            format!("kept out by {}: {}: {}", named(&found.rule), found.line, found.message)
        }
        Binding::Worth if !proved_worse(one) => {
            "breaks no rule beside the plan: whether it would earn more is not settled by these gaps".to_owned()
        }
        Binding::Worth => "breaks no rule beside the plan: it earns less than mining and what it displaces".to_owned(),
        Binding::NoOption(reason) => reason.clone(),
    }
}

/// Whether forcing it in loses more than the gaps leave open.
fn proved_worse(one: &Explained) -> bool {
    one.npv_change_usd.is_none_or(|change| change.0 + one.gap_usd.0 <= Cents::ZERO)
}

/// What would flip it, and which figures are not found to; nothing of what every plan has.
fn flips(one: &Explained) -> Option<String> {
    if one.chosen && one.npv_change_usd.is_none() {
        return None;
    }
    let does = if one.chosen { "drops out at" } else { "pays at" };
    let found: Vec<String> = one.break_even.iter().map(|found| break_even(found, one.chosen)).collect();
    let found = (!found.is_empty()).then(|| format!("{does} {}", found.join(" · ")));
    let others: Vec<&str> = one.no_flip.iter().map(|lever| figure(*lever)).collect();
    let others = others.split_last().map(|(last, rest)| match rest {
        [] => format!("no change of {last} alone is found that flips it"),
        rest => format!("no change of {} or {last} alone is found that flips it", rest.join(", ")),
    });
    let sentence = found.into_iter().chain(others).collect::<Vec<_>>().join("; ");
    (!sentence.is_empty()).then_some(sentence)
}

const fn figure(lever: Lever) -> &'static str {
    match lever {
        Lever::Rent => "rent",
        Lever::Capex => "capex",
        Lever::Slip => "ready date",
        Lever::Budget => "budget",
    }
}

fn break_even(found: &BreakEven, chosen: bool) -> String {
    let percent = |share: f64| format!("{} %", grouped(share * 100.0, 1));
    let BreakEven { lever, now, value, resolution } = *found;
    // More of a rent or a budget speaks for it, less of a cost or a delay.
    let from = if chosen == matches!(lever, Lever::Rent | Lever::Budget) { "or less" } else { "or more" };
    match lever {
        Lever::Rent => format!(
            "rent {} $/kW-month {from} (now {}, to within {})",
            grouped(value, 2),
            grouped(now, 2),
            grouped(resolution, 2)
        ),
        Lever::Capex => format!("capex at {} {from} (to within {})", percent(value), percent(resolution)),
        Lever::Slip => {
            let when = if value >= 0.0 { "later" } else { "sooner" };
            let within =
                if resolution > 1.0 { format!(" (to within {})", grouped(resolution, 0)) } else { String::new() };
            format!("ready {} months {when}{within}", grouped(value.abs(), 0))
        }
        Lever::Budget => format!(
            "budget {} M$ {from} (now {}, to within {})",
            grouped(value / 1e6, 1),
            grouped(now / 1e6, 1),
            grouped(resolution / 1e6, 1)
        ),
    }
}

fn decide_by(found: &DecideBy) -> String {
    let waiting = match found.waiting_usd {
        Some(lost) => format!("a period of waiting loses {} (± {})", millions(lost), millions(found.gap_usd)),
        None => "no plan starts it a period later".to_owned(),
    };
    let halls = if found.halls == 1 { "hall" } else { "halls" };
    let (hall, count, start, last, then) = (&found.hall, found.halls, found.start, found.last_start, &found.then);
    format!("{hall}: {count} {halls} from {start}; starts by {last} at the latest: {then}; {waiting}")
}

/// A bid.
pub fn bid(plan: &Plan, bid: &Bid) -> String {
    let mut lines = head(plan);
    lines.push(title(&plan.inputs, &bid.alternative));
    let offered = grouped(bid.offered.get(), 2);
    let stands = if bid.taken { "the plan takes it" } else { "the plan does not take it" };
    lines.extend(wrapped(INDENT, &format!("offered at {offered} $/kW-month: {stands}")));
    match bid.rent {
        Some(rent) => {
            let (least, resolution) = (grouped(rent.least, 2), grouped(rent.resolution, 2));
            let sentence = format!("least rent {least} $/kW-month; at {resolution} less it is not to be taken");
            lines.extend(wrapped(INDENT, &sentence));
            lines.extend(wrapped(INDENT, "each alone lowers the least rent by, in $/kW-month:"));
            lines.extend(bid.clauses.iter().flat_map(|worth| wrapped(INDENT + 2, &clause(worth))));
            if bid.stopped {
                lines.extend(wrapped(INDENT, "stopped before all was told: clauses may be missing"));
            }
        }
        None if bid.taken => lines.extend(wrapped(INDENT, "no rent is found at which it is not to be taken")),
        None => lines.extend(wrapped(INDENT, "no rent up to ten times that is found at which it is to be taken")),
    }
    lines.join("\n")
}

fn clause(worth: &Worth) -> String {
    let name = worth.clause.words();
    match (worth.applies, worth.worth, worth.resolution) {
        (false, ..) => format!("–  {name}: nothing to change in this offer"),
        (true, Some(amount), Some(resolution)) => {
            let told = if amount.abs() > resolution { "" } else { ", may be nil" };
            format!("{}  {name} (± {}{told})", grouped(amount, 2), grouped(resolution, 2))
        }
        _ => format!("–  {name}: with it no least rent is found"),
    }
}

/// Lines of words, at most [`NARROW`] wide where words allow; lines after the first hang.
fn wrapped(indent: usize, text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= NARROW => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(format!("{}{word}", " ".repeat(indent))),
            Some(_) => lines.push(format!("{}{word}", " ".repeat(indent + 2))),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use planner_core::analysis::bid::{Clause, Rent};
    use planner_core::plan::Finding;
    use planner_core::units::UsdPerKwMonth;

    /// Its retrofits have no names of their own.
    fn plan() -> Plan {
        let mut plan = crate::sample::plan();
        plan.inputs.retrofits.clear();
        plan
    }

    fn text(plan: &Plan, explanation: &Explanation) -> String {
        let mut teller = Teller::new(plan);
        let all = explanation.chosen.iter().chain(&explanation.rejected).filter(|one| no_option(one).is_none());
        let told: Vec<String> = all.map(|one| teller.answer(one)).collect();
        told.into_iter().chain([teller.end(explanation)]).collect::<Vec<_>>().join("\n")
    }

    fn alternative() -> Alternative {
        Alternative { site: "north".into(), retrofit: "liquid".into(), offer: "lease".into() }
    }

    fn explained(chosen: bool) -> Explained {
        let even = |lever, now, value, resolution| BreakEven { lever, now, value, resolution };
        Explained {
            alternative: alternative(),
            chosen,
            npv_change_usd: Some(UsdCents(Cents(-1_234_567_800))),
            gap_usd: UsdCents(Cents(5_000_000)),
            binding: (!chosen).then(|| {
                let (rule, line) = ("budget".to_owned(), "pot growth in period 2 (2027-07-01)".to_owned());
                Binding::Rule(Finding { rule, line, message: "12.00 USD spent of 10.00 USD released".to_owned() })
            }),
            break_even: vec![
                even(Lever::Rent, 145.0, 98.2, 0.85),
                even(Lever::Capex, 1.0, 1.312, 0.005),
                even(Lever::Slip, 0.0, 14.0, 1.0),
            ],
            no_flip: vec![Lever::Budget],
            decide_by: vec![],
        }
    }

    #[test]
    fn what_is_chosen_says_what_would_end_it_and_by_when_it_starts() {
        let mut one = explained(true);
        let day = |month| {
            planner_core::domain::calendar::Calendar::month_start(
                &calendar(),
                planner_core::domain::calendar::Month(month),
            )
        };
        one.decide_by = vec![DecideBy {
            hall: "main".into(),
            halls: 3,
            start: day(0),
            last_start: day(9),
            then: "it would be ready after the long-stop date".to_owned(),
            waiting_usd: Some(UsdCents(Cents(320_000_000))),
            gap_usd: UsdCents(Cents(0)),
        }];
        let expected = "\
The plan: proved optimal: no plan is worth more than 1 $ above this one.
Chosen
  north · liquid · lease
      earns 12.35 M$ (± 0.05 M$)
      drops out at rent 98.20 $/kW-month or less (now 145.00, to within 0.85) ·
        capex at 131.2 % or more (to within 0.5 %) · ready 14 months later; no
        change of budget alone is found that flips it
      main: 3 halls from 2027-01-01; starts by 2027-10-01 at the latest: it
        would be ready after the long-stop date; a period of waiting loses 3.20
        M$ (± 0.00 M$)
± is what the gaps of the plans compared leave open; a smaller gap narrows it.";
        assert_eq!(text(&plan(), &Explanation { chosen: vec![one], ..Explanation::default() }), expected);
    }

    fn calendar() -> planner_core::domain::calendar::Calendar {
        let mut calendar = crate::sample::plan().inputs.calendar;
        calendar.start = "2027-01-01".parse().unwrap();
        calendar
    }

    #[test]
    fn what_is_not_chosen_says_what_keeps_it_out_and_what_would_flip_it() {
        let mut one = explained(false);
        one.break_even = vec![BreakEven { lever: Lever::Slip, now: 0.0, value: -2.0, resolution: 3.0 }];
        one.no_flip = vec![Lever::Rent, Lever::Capex, Lever::Budget];
        let refused = Explained {
            npv_change_usd: None,
            break_even: vec![],
            binding: Some(Binding::NoOption("the offer cannot be served there".to_owned())),
            ..explained(false)
        };
        let expected = "\
The plan: proved optimal: no plan is worth more than 1 $ above this one.
Not chosen
  north · liquid · lease
      forced in, NPV changes by -12.35 M$ (± 0.05 M$)
      kept out by the budget (budget): pot growth in period 2 (2027-07-01):
        12.00 USD spent of 10.00 USD released
      pays at ready 2 months sooner (to within 3); no change of rent, capex or
        budget alone is found that flips it
  cannot be: the offer cannot be served there
    north · liquid · lease
± is what the gaps of the plans compared leave open; a smaller gap narrows it.";
        assert_eq!(text(&plan(), &Explanation { rejected: vec![one, refused], ..Explanation::default() }), expected);
        assert!(text(&plan(), &Explanation::default()).contains("no alternatives"));
        let stopped = Explanation { not_told: 3, stopped: true, ..Explanation::default() };
        assert!(text(&plan(), &stopped).ends_with(".\nStopped before all was told: at least 3 are missing."));
    }

    #[test]
    fn a_bid_says_the_least_rent_and_what_clauses_are_worth() {
        let rent = Some(Rent { least: 98.2, resolution: 0.85 });
        let none = Worth { clause: Clause::Backstop, applies: false, rent: None, worth: None, resolution: None };
        let told = Worth { clause: Clause::Escalator, applies: true, rent, worth: Some(6.5), resolution: Some(1.7) };
        let small = Worth { clause: Clause::LongStop, worth: Some(0.3), ..told };
        let mut asked = Bid {
            alternative: alternative(),
            taken: false,
            offered: UsdPerKwMonth::new(90.0),
            rent,
            clauses: vec![told, small, none],
            stopped: false,
        };
        let expected = "The plan: proved optimal: no plan is worth more than 1 $ above this one.
  north · liquid · lease
      offered at 90.00 $/kW-month: the plan does not take it
      least rent 98.20 $/kW-month; at 0.85 less it is not to be taken
      each alone lowers the least rent by, in $/kW-month:
        6.50 one point more of escalator (± 1.70)
        0.30 six months more to the long-stop date (± 1.70, may be nil)
        – a backstop of all the rent: nothing to change in this offer";
        assert_eq!(bid(&plan(), &asked), expected);
        (asked.rent, asked.taken) = (None, true);
        assert!(bid(&plan(), &asked).ends_with("no rent is found at which it is not to be taken"));
        asked.taken = false;
        assert!(bid(&plan(), &asked).ends_with("no rent up to ten times that is found at which it is to be taken"));
    }

    #[test]
    fn what_the_gaps_leave_open_is_not_called_worse_than_mining() {
        let mut one = explained(false);
        one.binding = Some(Binding::Worth);
        let said = |one: &Explained| {
            text(&plan(), &Explanation { chosen: vec![], rejected: vec![one.clone()], ..Explanation::default() })
        };
        assert!(said(&one).contains("it earns less than mining"), "{}", said(&one));
        one.gap_usd = UsdCents(Cents(1_234_567_801));
        assert!(!said(&one).contains("less than mining") && said(&one).contains("is not settled"), "{}", said(&one));
    }

    #[test]
    fn names_are_read_and_ids_stand_beside_them_to_be_typed() {
        let mut plan = crate::sample::plan();
        plan.inputs.sites[0].name = "Panther Creek".to_owned();
        let (site, retrofit) = (plan.inputs.sites[0].id.clone(), "liquid".into());
        let named = title(&plan.inputs, &Alternative { site, retrofit, offer: "nnn-15y".into() });
        assert_eq!(named, "  Panther Creek · Direct-to-chip liquid · nnn-15y (panther-creek-01 liquid nnn-15y)");
    }

    #[test]
    fn lines_fit_eighty_columns() {
        let long = "word ".repeat(60);
        assert!(wrapped(6, &long).iter().all(|line| line.chars().count() <= NARROW));
    }
}
