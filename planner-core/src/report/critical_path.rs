//! The phases that a conversion's ready date waits for.

use super::table::{Fact, Section};
use crate::domain::calendar::Calendar;
use crate::plan::{Conversion, Plan, PlannedPhase};
use crate::units::Months;

/// The phases without float in order, each with its months: `design 3 → transformer-order 12 → fit-out 3`. Phases that
/// run at the same time are joined by `+`; a wait before one is the notice.
#[must_use]
pub fn words(calendar: &Calendar, conversion: &Conversion) -> String {
    let mut critical: Vec<&PlannedPhase> = conversion.phases.iter().filter(|phase| phase.float == Months(0)).collect();
    critical.sort_by(|a, b| (a.start, a.end, &a.phase).cmp(&(b.start, b.end, &b.phase)));
    let months = |from, to| (calendar.month_of(to).0 - calendar.month_of(from).0).to_string();
    let mut text = String::new();
    let mut done = conversion.start;
    for phase in critical {
        if !text.is_empty() {
            text += if phase.start < done { " + " } else { " → " };
        }
        if phase.start > done {
            text.extend(["notice ", &months(done, phase.start), " → "]);
        }
        text.extend([phase.phase.as_str(), " ", &months(phase.start, phase.end)]);
        done = done.max(phase.end);
    }
    text
}

/// The critical paths of all conversions as a section of the page, those alike told once.
#[must_use]
pub fn section(plan: &Plan) -> Option<Section> {
    let mut groups: Vec<(&str, String, Vec<String>)> = Vec::new();
    for conversion in &plan.decisions.conversions {
        let site = plan.inputs.place(&conversion.site);
        let (retrofit, path) = (conversion.retrofit.as_str(), words(&plan.inputs.calendar, conversion));
        match groups.iter_mut().find(|group| (group.0, &group.1) == (retrofit, &path)) {
            Some((_, _, sites)) => sites.push(site),
            None if path.is_empty() => {}
            None => groups.push((retrofit, path, vec![site])),
        }
    }
    for (_, _, sites) in &mut groups {
        sites.sort_unstable();
        sites.dedup();
    }
    // A path of many sites first; those of one size by the order of conversions.
    groups.sort_by_key(|(_, _, sites)| std::cmp::Reverse(sites.len()));
    let told = |(retrofit, path, sites): &(&str, String, Vec<String>)| {
        vec![Fact::sentence(format!("{retrofit} at {}, months: {path}", sites.join(", ")))]
    };
    let facts: Vec<Vec<Fact>> = groups.iter().map(told).collect();
    (!facts.is_empty()).then(|| Section::facts("Critical path", facts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_path_is_told_once_for_sites_alike() {
        let plan = sample::with_sites(3);
        let path = "design 3 → transformer-order 12 → fit-out 3";
        assert_eq!(words(&plan.inputs.calendar, &plan.decisions.conversions[0]), path);
        let told =
            Fact::sentence(format!("liquid at panther-creek-01, panther-creek-02, panther-creek-03, months: {path}"));
        assert_eq!(section(&plan), Some(Section::facts("Critical path", vec![vec![told]])));
        assert_eq!(section(&sample::with_sites(0)), None);
    }

    #[test]
    fn a_wait_is_the_notice_and_what_runs_at_the_same_time_is_joined() {
        let plan = sample::plan();
        let mut conversion = plan.decisions.conversions[0].clone();
        let phase = |id: &str, start: i16, end: i16| PlannedPhase {
            phase: id.into(),
            start: jiff::civil::date(start, 1, 1),
            end: jiff::civil::date(end, 1, 1),
            float: Months(0),
        };
        conversion.phases = vec![phase("a", 2028, 2029), phase("b", 2028, 2030)];
        assert_eq!(words(&plan.inputs.calendar, &conversion), "notice 12 → a 12 + b 24");
    }
}
