//! Charts as marks; a template turns them into SVG, so that all text is escaped and colours follow the page.

use std::fmt;

use askama::Template;

use crate::render::format::grouped;

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
    // One figure alone stands at the foot of its axis.
    let high =
        if low.is_finite() && low != 0.0 && low.total_cmp(&high).is_eq() { low + low.abs() / 10.0 } else { high };
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

/// Ticks as words: with as many decimals as the finest of them needs, so that none is rounded to another figure.
pub fn tick_words(ticks: &[f64]) -> Vec<String> {
    let is_exact = |decimals: usize| {
        let exact = |tick: &f64| (format!("{tick:.decimals$}").parse::<f64>().unwrap_or(f64::NAN) - tick).abs();
        let apart = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        ticks.iter().all(|tick| exact(tick) <= apart * 1e-6)
    };
    let decimals = (0..=9).find(|decimals| is_exact(*decimals)).unwrap_or(9);
    ticks.iter().map(|tick| grouped(*tick, decimals)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_behind_the_data_and_no_tick_is_rounded_to_another_figure() {
        let mut seed = 1u32;
        let mut draw = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 8) / f64::from(1u32 << 24)
        };
        for round in 0..3000 {
            let size = 10f64.powi(round % 11 - 4);
            let (low, high) = ((draw() - 0.7) * size, draw() * size + size / 10.0);
            for steps in [4.0, 5.0] {
                let ticks = ticks(low.min(0.0), high, steps);
                assert!(ticks[0] <= low && ticks[ticks.len() - 1] >= high, "{low} {high}: {ticks:?}");
                for (tick, words) in ticks.iter().zip(tick_words(&ticks)) {
                    let read: f64 = words.replace(',', "").parse().unwrap();
                    assert!((read - tick).abs() <= size * 1e-6, "{words} for {tick}");
                }
            }
        }
        assert_eq!(tick_words(&ticks(0.0, 10.0, 4.0)), ["0.0", "2.5", "5.0", "7.5", "10.0"]);
        assert_eq!(tick_words(&ticks(0.0, 0.2, 4.0)), ["0.00", "0.05", "0.10", "0.15", "0.20"]);
    }

    #[test]
    fn ticks_are_round_and_hold_the_span() {
        assert_eq!(ticks(0.0, 684.3, 5.0), [0.0, 200.0, 400.0, 600.0, 800.0]);
        assert_eq!(ticks(-120.0, 90.0, 4.0), [-200.0, -100.0, 0.0, 100.0]);
        assert_eq!(ticks(80.0, 80.0, 4.0), [80.0, 82.0, 84.0, 86.0, 88.0]);
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
