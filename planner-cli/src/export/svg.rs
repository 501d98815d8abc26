//! The programme as a bar chart (Gantt): sites, conversions and works, phases with their float, deadlines, halvings. Nothing in
//! it depends on the day on which it is looked at.

mod bars;
mod time;

use std::fmt::Write as _;

use planner_core::plan::Plan;
use planner_core::report::programme::{self, Task, TaskKind};
use planner_core::report::schedule::EventKind;
use quick_xml::escape::escape;

use crate::render::format::words;
use time::Axis;

/// Least width of the names at the left.
const NAMES: f64 = 300.0;
/// Least width of the time axis.
const TIME: f64 = 880.0;
/// Space at the right end.
const MARGIN: f64 = 20.0;
/// Height of a row.
const ROW: f64 = 17.0;
/// Width of a letter, about.
const LETTER: f64 = 5.8;
/// Height of title, legend and dates.
const HEAD: f64 = 92.0;
/// Height of the dates below.
const FOOT: f64 = 30.0;

/// `schedule.svg`.
pub fn files(plan: &Plan) -> Vec<(String, Vec<u8>)> {
    vec![("schedule.svg".to_owned(), gantt(plan).into_bytes())]
}

/// The chart of a plan: an `<svg>` element that stands alone, or in a page. All its styles are attributes, and it has no ids, so
/// that several may stand in one page.
pub fn gantt(plan: &Plan) -> String {
    let programme = programme::programme(plan);
    let groups: Vec<&Task> = programme.iter().filter(|group| is_drawn(group)).collect();
    let title = format!("{}: programme", plan.inputs.name);
    let (names, width) = widths(&groups, &title);
    let axis = Axis::new(plan, &groups, (names, width - MARGIN));
    let (mut shade, mut bars) = (String::new(), String::new());
    let mut top = HEAD;
    for (index, group) in groups.iter().enumerate() {
        let below = bars::group(&mut bars, group, &axis, top);
        if index % 2 == 0 {
            let height = below - top;
            let _ = writeln!(
                shade,
                "<rect x=\"0\" y=\"{top:.1}\" width=\"{width:.0}\" height=\"{height:.1}\" fill=\"#f6f8fa\"/>"
            );
        }
        top = below;
    }
    if groups.is_empty() {
        text(&mut bars, (width / 2.0, top + ROW), "middle", "font-size=\"12\" fill=\"#57606a\"", "Nothing is built.");
        top += 2.0 * ROW;
    }
    let height = top + FOOT;
    // Writing to a String never fails.
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" font-family=\"system-ui, sans-serif\" font-size=\"11\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        safe(&title)
    );
    text(&mut svg, (12.0, 24.0), "start", "font-size=\"16\" font-weight=\"600\" fill=\"#1f2328\"", &title);
    legend(&mut svg);
    svg += &shade;
    axis.grid(&mut svg, (HEAD, top));
    svg += &bars;
    axis.halvings(&mut svg, plan, (HEAD, top));
    svg += "</svg>\n";
    svg
}

/// Width of the names at the left and of the picture, which scales: no name and no title is cut.
fn widths(groups: &[&Task], title: &str) -> (f64, f64) {
    let drawn = groups.iter().flat_map(|group| group.walk());
    let (mut names, mut phases) = (NAMES, TIME);
    for (_, task) in drawn {
        // Room for the days that stand beside some names.
        names = names.max(bars::INDENT + length(&task.name) + 26.0 * LETTER);
        phases = phases.max(length(&task.name) + 2.0 * MARGIN);
    }
    (names, (names + phases + MARGIN).max(24.0 + 1.6 * length(title)))
}

/// The dates of offers are not drawn on their own: conversions show their deadlines.
fn is_drawn(group: &Task) -> bool {
    let of_offers = [EventKind::Sign, EventKind::TrancheDeadline, EventKind::ReadyBy, EventKind::LongStop];
    group.parts.iter().any(|part| !matches!(part.kind, TaskKind::Event(kind) if of_offers.contains(&kind)))
}

fn legend(svg: &mut String) {
    let y = 44.0;
    let mut x = 12.0;
    let mut item = |width: f64, drawing: &dyn Fn(f64) -> String, label: &str| {
        let _ = writeln!(svg, "{}", drawing(x));
        text(svg, (x + width + 5.0, y + 4.0), "start", "fill=\"#57606a\"", label);
        x += width + 1.15 * length(label) + 18.0;
    };
    item(26.0, &|x| bars::rect((x, x + 26.0), y - 6.0, bars::CRITICAL), "critical phase");
    item(26.0, &|x| bars::rect((x, x + 26.0), y - 6.0, bars::PHASE), "phase");
    item(26.0, &|x| bars::float((x, x + 26.0), y - 6.0), "float");
    item(26.0, &|x| bars::rect((x, x + 26.0), y - 6.0, bars::WORK), "work");
    item(10.0, &|x| bars::diamond(x + 5.0, y, bars::OFF), "mining off");
    item(10.0, &|x| bars::diamond(x + 5.0, y, bars::SERVICE), "ready for service");
    item(10.0, &|x| bars::dot(x + 5.0, y, bars::SERVICE), "commencement");
    item(10.0, &|x| bars::dot(x + 5.0, y, bars::OTHER), "notice, deposit");
    item(6.0, &|x| bars::tick(x + 3.0, y - 6.0, bars::READY_BY), "ready-by date");
    item(6.0, &|x| bars::tick(x + 3.0, y - 6.0, bars::LONG_STOP), "long-stop date");
    item(6.0, &|x| time::dashed(x + 3.0, (y - 7.0, y + 7.0)), "halving");
}

/// A text, cut by nobody: who calls sees to its length.
fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, style: &str, words: &str) {
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {style}>{}</text>", safe(words));
}

/// About how wide a text is; letters outside Europe's scripts are taken for wide ones.
fn length(text: &str) -> f64 {
    text.chars().map(|letter| if u32::from(letter) < 0x1100 { LETTER } else { 2.0 * LETTER }).sum()
}

/// Without what would be markup, and without what XML cannot hold.
fn safe(text: &str) -> String {
    escape(words(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    /// How many elements there are of a name; the text is XML.
    fn count(svg: &str, name: &str) -> usize {
        let mut reader = Reader::from_str(svg);
        let mut count = 0;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == name => count += 1,
                Event::Eof => return count,
                _ => {}
            }
        }
    }

    #[test]
    fn every_phase_has_a_bar_and_a_title_and_the_picture_never_changes() {
        let plan = sample::with_everything();
        let svg = gantt(&plan);
        assert_eq!(svg, gantt(&plan));
        let phases: usize = plan.decisions.conversions.iter().map(|conversion| conversion.phases.len()).sum();
        assert!(count(&svg, "title") > phases);
        for conversion in &plan.decisions.conversions {
            for phase in &conversion.phases {
                assert!(svg.contains(&format!("{}: {} to ", phase.phase, phase.start)), "{}", phase.phase);
            }
        }
        assert_eq!(svg.matches("float 10 months</title>").count(), 2);
        assert!(svg.contains(", critical path</title>") && svg.contains(">halving "), "{svg}");
        assert!(svg.contains("long-stop date of north: liquid for nnn-15y") && svg.contains("in mothballs"));
    }

    #[test]
    fn names_draw_nothing() {
        let mut plan = sample::plan();
        plan.inputs.name = "</title><script>alert(1)</script>\u{1}".to_owned();
        plan.decisions.conversions[0].phases[0].phase = "a\"><x/>".into();
        let svg = gantt(&plan);
        assert_eq!((count(&svg, "script"), count(&svg, "x")), (0, 0));
    }

    #[test]
    fn nothing_and_much_are_drawn() {
        let mut plan = sample::plan();
        plan.decisions = planner_core::plan::Decisions::default();
        assert!(gantt(&plan).contains("Nothing is built."));
        let many = gantt(&sample::everything_at(300));
        assert!(count(&many, "rect") > 1200);
        let width: f64 = many.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let inside = |x: &str| x.parse::<f64>().is_ok_and(|x| (0.0..=width).contains(&x));
        assert!(many.split(" x=\"").skip(1).all(|rest| inside(rest.split('"').next().unwrap())));
    }

    #[test]
    fn no_label_is_cut_and_the_axis_ends_behind_all_that_is_drawn() {
        for letters in [3, 40, 120, 400] {
            let mut plan = sample::with_everything();
            for one in &mut plan.decisions.conversions {
                one.phases[0].phase = "p".repeat(letters).as_str().into();
            }
            plan.inputs.works[0].name = "w".repeat(letters);
            plan.inputs.name = "t".repeat(letters);
            let svg = gantt(&plan);
            assert!(!svg.contains('…'), "{letters}");
            let width: f64 = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
            for text in svg.split("<text ").skip(1) {
                let x: f64 = text.split("x=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
                let words = text.split('>').nth(1).unwrap().split('<').next().unwrap();
                let (from, to) = match text.split("text-anchor=\"").nth(1).unwrap().split('"').next().unwrap() {
                    "start" => (x, x + length(words)),
                    "end" => (x - length(words), x),
                    _ => (x - length(words) / 2.0, x + length(words) / 2.0),
                };
                assert!(from >= 0.0 && to <= width, "{letters}: {words} from {from} to {to} of {width}");
            }
        }
    }
}
