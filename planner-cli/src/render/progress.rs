//! Progress of a solve, on a terminal only.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use planner_core::solve::Progress;

use super::console::Console;
use super::format::grouped;

/// A line on stderr that tells what is known.
pub struct Line(ProgressBar);

impl Line {
    /// Shown on a terminal, unless quiet.
    pub fn new(console: &Console) -> Self {
        let bar = if std::io::stderr().is_terminal() && !console.quiet() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        } else {
            ProgressBar::hidden()
        };
        // A template without a placeholder of its own cannot be wrong; the default would do too.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// What is known now.
    pub fn show(&self, progress: &Progress) {
        let known = |words: &str, usd: Option<f64>| {
            let usd = usd.filter(|usd| usd.is_finite())?;
            Some(format!("{words} {} M$", grouped(usd / 1e6, 1)))
        };
        let parts = [
            Some(progress.stage.to_owned()),
            known("uplift", progress.uplift_usd),
            known("at most", progress.bound_usd),
        ];
        self.0.set_message(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
