//! Charts as marks; a template turns them into SVG, so that all text is escaped and colours follow the page.

use std::fmt;

use askama::Template;

/// A length in the drawing's own units, to a tenth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At(pub f64);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing has no sign.
        if self.0.is_finite() { write!(f, "{:.1}", (self.0 * 10.0).round() / 10.0 + 0.0) } else { f.write_str("0") }
    }
}

/// Something drawn; classes name colours of the style sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A straight line.
    Line {
        /// Ends: x, y, x, y.
        ends: [At; 4],
        /// Colour and stroke.
        class: &'static str,
    },
    /// A bar.
    Bar {
        /// Left, top, width, height.
        place: [At; 4],
        /// Colour.
        class: &'static str,
        /// What a pointer is told.
        told: String,
    },
    /// A curve through points.
    Path {
        /// In SVG's words.
        d: String,
        /// Colour and stroke.
        class: &'static str,
    },
    /// Words or a figure.
    Text {
        /// Where: x, and y of the base line.
        place: [At; 2],
        /// `start`, `middle` or `end`.
        anchor: &'static str,
        /// Colour and weight.
        class: &'static str,
        /// As printed.
        text: String,
    },
}

/// A line from point to point.
pub const fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &'static str) -> Mark {
    Mark::Line { ends: [At(x1), At(y1), At(x2), At(y2)], class }
}

/// Words at a place.
pub fn text(x: f64, y: f64, anchor: &'static str, class: &'static str, text: impl Into<String>) -> Mark {
    Mark::Text { place: [At(x), At(y)], anchor, class, text: text.into() }
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "drawing.html")]
pub struct Drawing {
    /// Unique on the page.
    pub id: &'static str,
    /// What it shows, in a line.
    pub title: String,
    /// What it says, for those who do not see it.
    pub said: String,
    /// In its own units.
    pub width: At,
    /// In its own units.
    pub height: At,
    /// In drawing order.
    pub marks: Vec<Mark>,
}

/// Round figures inside a span, from below its lower end to above its upper one: about so many steps.
pub fn ticks(low: f64, high: f64, steps: f64) -> Vec<f64> {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 {
        return vec![0.0, 1.0];
    }
    let magnitude = 10f64.powf((span / steps).log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|one| one * magnitude).into_iter().find(|one| span / one <= steps);
    let step = step.unwrap_or(magnitude * 10.0);
    let first = (low / step).floor();
    let mut ticks = vec![];
    for at in 0..=20u32 {
        let tick = (first + f64::from(at)) * step;
        ticks.push(tick);
        if tick >= high {
            break;
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_span() {
        assert_eq!(ticks(0.0, 684.3, 5.0), [0.0, 200.0, 400.0, 600.0, 800.0]);
        assert_eq!(ticks(-120.0, 90.0, 4.0), [-200.0, -100.0, 0.0, 100.0]);
        for (low, high) in [(0.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (3.0, 2.0)] {
            assert_eq!(ticks(low, high, 5.0), [0.0, 1.0], "{low} {high}");
        }
        assert!(ticks(1e15, 1e15 + 1.0, 5.0).len() <= 21);
    }

    #[test]
    fn words_are_escaped_and_places_are_numbers() {
        let marks = vec![
            text(1.0, f64::NAN, "start", "label", "<b>&"),
            line(0.0, -0.04, 2.0, 3.0, "axis"),
            Mark::Bar { place: [At(1.0); 4], class: "plus", told: "\"<i>".to_owned() },
        ];
        let drawing =
            Drawing { id: "x", title: "A < B".to_owned(), said: String::new(), width: At(9.0), height: At(9.0), marks };
        let svg = drawing.render().unwrap();
        assert!(!svg.contains("<b>") && !svg.contains("<i>") && svg.contains("A &#60; B"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("-0.0"), "{svg}");
    }
}
