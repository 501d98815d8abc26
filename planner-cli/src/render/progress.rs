//! Progress of a solve: one line that changes on a terminal, some lines elsewhere.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use planner_core::solve::Progress;

use super::console::Console;
use super::format::grouped;

/// What ends sooner needs no lines.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells on stderr what is known.
pub struct Line<'a> {
    bar: ProgressBar,
    console: &'a Console,
    /// Where stderr is no terminal.
    log: Option<(Instant, Mutex<Log>)>,
}

impl<'a> Line<'a> {
    /// Unless quiet; in a log of JSON there are no lines of text.
    pub fn new(console: &'a Console) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal && !console.quiet() {
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
        let log = (!terminal && !console.quiet() && !console.json()).then(|| (Instant::now(), Mutex::default()));
        Self { bar, console, log }
    }

    /// What is known now.
    pub fn show(&self, progress: &Progress) {
        self.bar.set_message(words(progress));
        if let Some((start, log)) = &self.log {
            let passed = start.elapsed();
            let due = log.lock().unwrap_or_else(PoisonError::into_inner).is_due(passed, progress.stage);
            if due {
                self.console.error(&format!("{:>6} s  {}", grouped(passed.as_secs_f64(), 0), words(progress)));
            }
        }
    }

    /// Prints something else while the line is out of the way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

fn words(progress: &Progress) -> String {
    let known = |words: &str, usd: Option<f64>| {
        let usd = usd.filter(|usd| usd.is_finite())?;
        Some(format!("{words} {} M$", grouped(usd / 1e6, 1)))
    };
    let parts =
        [Some(progress.stage.to_owned()), known("uplift", progress.uplift_usd), known("at most", progress.bound_usd)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// When a line is written: at each stage that begins for the first time, and within one at growing distances, so that an
/// hour has no more than some dozens.
#[derive(Default)]
struct Log {
    stages: BTreeSet<&'static str>,
    next: Duration,
}

impl Log {
    fn is_due(&mut self, passed: Duration, stage: &'static str) -> bool {
        let due = passed >= PATIENCE && (!self.stages.contains(stage) || passed >= self.next);
        if due {
            self.stages.insert(stage);
            self.next = passed + passed / 2;
        }
        due
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_at_new_stages_and_at_growing_distances() {
        let mut log = Log::default();
        let mut due = |tenths: u64, stage| log.is_due(Duration::from_millis(tenths * 100), stage);
        assert!(!due(0, "pricing") && !due(19, "twin"), "what is soon done has no lines");
        assert!(due(20, "twin") && !due(25, "twin") && due(25, "plan"));
        let hour = (0..36_000).filter(|tenths| due(*tenths, "plan")).count();
        assert!((10..30).contains(&hour), "{hour} lines in an hour");
    }
}
