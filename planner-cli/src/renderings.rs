//! What every rendering of a plan must say, and how.

use planner_core::plan::{Plan, Status};
use planner_core::units::{ItMw, UsdCents};

use crate::export::{csv, html, ics, md, mspdi, returns, svg};
use crate::render::page;
use crate::sample;

fn text(files: Vec<(String, Vec<u8>)>) -> String {
    files.into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

/// Renderings that a person decides by, each with its name.
fn read_to_decide(plan: &Plan) -> Vec<(&'static str, String)> {
    let returns_csv = csv::files(plan).unwrap().into_iter().filter(|(name, _)| name == "returns.csv").collect();
    let bare = |text: String| anstream::adapter::strip_str(&text).to_string();
    vec![
        ("page", bare(page::text(plan, page::WIDTH))),
        ("narrow page", bare(page::text(plan, 80))),
        ("wide page", bare(page::text(plan, 140))),
        ("full page", bare(page::full(plan, page::WIDTH))),
        ("memo", text(md::files(plan, &plan.audit))),
        ("report", text(html::files(plan, &plan.audit, None).unwrap())),
        ("returns.csv", text(returns_csv)),
    ]
}

/// Renderings of the schedule.
fn schedules(plan: &Plan) -> Vec<(&'static str, String)> {
    vec![
        ("calendar", text(ics::files(plan, None, None).unwrap())),
        ("chart", text(svg::files(plan))),
        ("project", text(mspdi::files(plan).unwrap())),
    ]
}

fn samples() -> Vec<Plan> {
    let mut plans = vec![sample::plan(), sample::with_everything(), sample::with_sites(7), sample::everything_at(30)];
    for (index, plan) in plans.iter_mut().enumerate() {
        // Figures that do not end.
        for conversion in &mut plan.decisions.conversions {
            conversion.critical_it = ItMw::new(conversion.critical_it.get() / 7.0);
        }
        plan.gap_usd = UsdCents(planner_core::units::Cents(1_234_567_891 * (1 + i64::try_from(index).unwrap())));
        plan.gap_share = Some(0.012_345_678);
    }
    plans
}

#[test]
fn each_says_whether_the_plan_is_an_answer_and_how_large_the_gap_is() {
    for mut plan in samples() {
        let gap = planner_core::report::text::amount(plan.gap_usd.0);
        for (status, is_answer) in
            [(Status::ProvedOptimal, true), (Status::WithinGap, true), (Status::TimeLimitFeasible, false)]
        {
            plan.status = status;
            for (name, said) in read_to_decide(&plan) {
                let one_line = said.split_whitespace().collect::<Vec<_>>().join(" ");
                assert_eq!(one_line.contains("NOT AN ANSWER"), !is_answer, "{name}: {said}");
                let first = one_line.find(&gap).unwrap_or_else(|| panic!("{name} has no gap of {gap}: {said}"));
                let ask = one_line.find("The ask").unwrap_or(usize::MAX);
                assert!(first < ask, "{name}: the gap stands behind the ask");
            }
            assert_eq!(planner_core::report::verdict::verdict(&plan).is_answer, is_answer);
            assert!(returns::json(&plan)["increment"]["npv_usd"].is_number());
        }
    }
}

/// Most digits after a point among the numbers of a text.
fn decimals(text: &str) -> (usize, String) {
    let letters: Vec<char> = text.chars().collect();
    let mut most = (0, String::new());
    for (at, _) in letters.iter().enumerate().filter(|(_, letter)| **letter == '.') {
        let digits = letters[at + 1..].iter().take_while(|letter| letter.is_ascii_digit()).count();
        if at > 0 && letters[at - 1].is_ascii_digit() && digits > most.0 {
            let from = letters[..at].iter().rposition(|letter| !letter.is_ascii_digit()).map_or(0, |before| before + 1);
            most = (digits, letters[from..=at + digits].iter().collect());
        }
    }
    most
}

/// A subsidy of 1.5625 BTC has four.
#[test]
fn no_figure_is_finer_than_a_person_reads_it() {
    for plan in samples() {
        for (name, said) in read_to_decide(&plan).into_iter().chain(schedules(&plan)) {
            let (most, number) = decimals(&said);
            let allowed = if name == "returns.csv" { 6 } else { 4 };
            assert!(most <= allowed, "{name} holds {number}");
        }
    }
}

#[test]
fn people_read_names_of_sites() {
    for mut plan in samples() {
        for (index, site) in plan.inputs.sites.iter_mut().enumerate() {
            site.name = format!("Place Number {index}");
        }
        for (name, said) in read_to_decide(&plan).into_iter().take(6) {
            let one_line = said.split_whitespace().collect::<Vec<_>>().join(" ");
            for index in 0..plan.inputs.sites.len() {
                assert!(
                    one_line.contains(&format!("Place Number {index}")),
                    "{name} does not name site {index}: {said}"
                );
            }
        }
        for (name, said) in schedules(&plan) {
            let unfolded = said.replace("\r\n ", "");
            assert!(unfolded.contains("Place Number 0"), "{name}");
        }
    }
}
