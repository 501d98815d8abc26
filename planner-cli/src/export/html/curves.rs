//! Curves over time or over a budget.

use super::drawing::{At, Drawing, Mark, line, text, tick_words, ticks};

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 264.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 392.0;
const BOTTOM: f64 = 226.0;
/// A line of the key, of which two stand side by side.
const KEY: f64 = 17.0;

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// In the key.
    pub name: &'static str,
    /// Colour and stroke: `one`, `two` or `three`, which differ in dashes too.
    pub class: &'static str,
    /// Where, and millions of dollars.
    pub points: Vec<(f64, f64)>,
    /// Holds its value until the next point, and the last one to the end of the data.
    pub stepped: bool,
}

/// What stands along the foot of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Foot {
    /// Least and greatest place.
    pub span: (f64, f64),
    /// Where the data end.
    pub until: f64,
    /// Marked places.
    pub marks: Vec<(f64, String)>,
    /// What the places are.
    pub unit: &'static str,
}

/// A chart's names.
pub struct Names {
    /// Unique on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// What it says in words.
    pub said: String,
    /// Of the figures on the left.
    pub unit: &'static str,
    /// The figures on the left begin at nil.
    pub from_nil: bool,
}

/// Places on paper.
struct Frame {
    span: (f64, f64),
    range: (f64, f64),
    top: f64,
}

impl Frame {
    fn x(&self, at: f64) -> f64 {
        LEFT + (at - self.span.0) / (self.span.1 - self.span.0).max(1e-9) * (RIGHT - LEFT)
    }

    fn y(&self, millions: f64) -> f64 {
        BOTTOM - (millions - self.range.0) / (self.range.1 - self.range.0) * (BOTTOM - self.top)
    }
}

/// The curves in a frame.
pub fn drawing(names: Names, curves: &[Curve], foot: &Foot) -> Drawing {
    let values = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, millions)| *millions));
    let least = if names.from_nil { 0.0 } else { f64::INFINITY };
    let ticks = ticks(values().fold(least, f64::min), values().fold(f64::NEG_INFINITY, f64::max), 5.0);
    let keys = f64::from(u32::try_from(curves.len().div_ceil(2)).unwrap_or(1));
    let range = (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0));
    let frame = Frame { span: foot.span, range, top: 30.0 + keys * KEY };
    let mut marks = vec![text(4.0, frame.top - 12.0, "start", "tick", names.unit)];
    for (tick, words) in ticks.iter().zip(tick_words(&ticks)) {
        let y = frame.y(*tick);
        marks.push(line(LEFT, y, RIGHT, y, if *tick == 0.0 { "axis" } else { "grid" }));
        marks.push(text(LEFT - 6.0, y + 4.0, "end", "tick", words));
    }
    for (at, name) in &foot.marks {
        let x = frame.x(*at);
        marks.push(line(x, BOTTOM, x, BOTTOM + 4.0, "axis"));
        // The last one would be cut at the edge.
        let (x, anchor) = if x > RIGHT - 20.0 { (WIDTH, "end") } else { (x, "middle") };
        marks.push(text(x, BOTTOM + 16.0, anchor, "tick", name.as_str()));
    }
    marks.push(text(RIGHT, BOTTOM + 32.0, "end", "tick", foot.unit));
    for (place, curve) in (0u32..).zip(curves) {
        let (x, y) = (4.0 + f64::from(place % 2) * 200.0, 14.0 + f64::from(place / 2) * KEY);
        marks.push(Mark::Path { d: format!("M{} {}H{}", At(x), At(y - 4.0), At(x + 24.0)), class: curve.class });
        marks.push(text(x + 30.0, y, "start", "name", curve.name));
        marks.push(Mark::Path { d: path(&frame, curve, foot.until), class: curve.class });
    }
    Drawing {
        id: names.id,
        title: names.title.to_owned(),
        said: names.said,
        width: At(WIDTH),
        height: At(HEIGHT),
        marks,
    }
}

fn path(frame: &Frame, curve: &Curve, until: f64) -> String {
    let places = curve.points.iter().map(|(at, millions)| (At(frame.x(*at)), At(frame.y(*millions))));
    let parts = places.enumerate().map(|(index, (x, y))| match (index, curve.stepped) {
        (0, _) => format!("M{x} {y}"),
        (_, false) => format!("L{x} {y}"),
        (_, true) => format!("H{x}V{y}"),
    });
    let end = (curve.stepped && !curve.points.is_empty()).then(|| format!("H{}", At(frame.x(until))));
    parts.chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names { id: "s", title: "S", said: String::new(), unit: "M$", from_nil: true }
    }

    #[test]
    fn steps_hold_their_value_to_the_end() {
        let foot = Foot { span: (0.0, 4.0), until: 3.0, marks: vec![(0.0, "2027".to_owned())], unit: "year" };
        let curve = Curve { name: "budget", class: "two", points: vec![(0.0, 0.0), (2.0, 100.0)], stepped: true };
        let drawing = drawing(names(), &[curve], &foot);
        let paths: Vec<&str> = drawing
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Path { d, .. } => Some(d.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(paths[1], "M52.0 226.0H222.0V47.0H307.0");
    }

    #[test]
    fn nothing_and_nonsense_do_no_harm() {
        let foot = Foot { span: (0.0, 0.0), until: 0.0, marks: vec![], unit: "" };
        let odd = Curve { name: "", class: "one", points: vec![(0.0, f64::NAN)], stepped: false };
        for curves in [vec![], vec![odd]] {
            let drawing = drawing(names(), &curves, &foot);
            let text = format!("{:?}", drawing.marks);
            assert!(!text.contains("\"NaN"), "{text}");
        }
    }
}
