//! What the stages of a command take: processor time of all threads, and time on the clock.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use planner_core::report::table::{Cell, Column, Table};

/// Stages in the order in which they were first begun.
pub struct Stopwatch(Mutex<State>);

struct State {
    current: &'static str,
    cpu: Duration,
    clock: Instant,
    taken: Vec<Taken>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Taken {
    stage: &'static str,
    cpu: Duration,
    clock: Duration,
}

/// Processor time of the whole process; nil where the system does not tell.
fn cpu() -> Duration {
    ProcessTime::try_now().map_or(Duration::ZERO, |time| time.as_duration())
}

impl Stopwatch {
    /// The first stage begins.
    pub fn start(stage: &'static str) -> Self {
        let taken = vec![Taken { stage, ..Taken::default() }];
        Self(Mutex::new(State { current: stage, cpu: cpu(), clock: Instant::now(), taken }))
    }

    /// Another stage begins; the same stage goes on.
    pub fn stage(&self, stage: &'static str) {
        // A thread that has met a bug while it held the watch leaves times that are good enough.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.current != stage {
            held.count();
            held.current = stage;
            if !held.taken.iter().any(|taken| taken.stage == stage) {
                held.taken.push(Taken { stage, ..Taken::default() });
            }
        }
    }

    /// Seconds of all stages so far, and their sum.
    pub fn table(&self) -> Table {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.count();
        let seconds = |time: Duration| Cell::Number(time.as_secs_f64(), 2);
        let row = |stage: &str, cpu, clock| vec![Cell::text(stage), seconds(cpu), seconds(clock)];
        let mut rows: Vec<Vec<Cell>> =
            held.taken.iter().map(|taken| row(taken.stage, taken.cpu, taken.clock)).collect();
        let (cpu, clock) = (held.taken.iter().map(|t| t.cpu).sum(), held.taken.iter().map(|t| t.clock).sum());
        rows.push(row("all", cpu, clock));
        Table {
            title: "Timings".to_owned(),
            columns: vec![
                Column::words("stage"),
                Column::figures("CPU seconds", ""),
                Column::figures("seconds on the clock", ""),
            ],
            rows,
            notes: vec![],
        }
    }
}

impl State {
    /// What has passed since the last count belongs to the current stage.
    fn count(&mut self) {
        let cpu = cpu();
        let (used, passed) = (cpu.saturating_sub(self.cpu), self.clock.elapsed());
        (self.cpu, self.clock) = (cpu, Instant::now());
        if let Some(taken) = self.taken.iter_mut().find(|taken| taken.stage == self.current) {
            taken.cpu += used;
            taken.clock += passed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_comes_again_has_one_row() {
        let watch = Stopwatch::start("reading");
        for stage in ["twin", "polish", "plan", "plan", "polish", "auditing"] {
            watch.stage(stage);
        }
        let table = watch.table();
        let stages: Vec<&Cell> = table.rows.iter().map(|row| &row[0]).collect();
        let expected = ["reading", "twin", "polish", "plan", "auditing", "all"].map(Cell::text);
        assert_eq!(stages, expected.iter().collect::<Vec<_>>());
    }

    #[test]
    fn work_takes_processor_time_and_waiting_does_not() {
        let watch = Stopwatch::start("waiting");
        std::thread::sleep(Duration::from_millis(30));
        watch.stage("work");
        let _ = watch.table();
        let held = watch.0.lock().unwrap();
        assert!(held.taken[0].clock >= Duration::from_millis(30));
    }
}
