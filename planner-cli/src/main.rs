//! `planner`: plans the conversion of bitcoin-mining fleets to GPU hosting.

// A build without the solver neither plans nor compares: what only those use is idle there.
#![cfg_attr(not(feature = "solver"), allow(dead_code))]

mod args;
mod commands;
mod exit;
mod export;
mod files;
mod render;

#[cfg(test)]
mod renderings;
#[cfg(test)]
#[path = "../../planner-core/src/report/sample.rs"]
mod sample;

use std::process::ExitCode;

use clap::Parser;
use planner_core::diagnostics::{MOST_CHARACTERS, cut};

use args::Cli;
use exit::Exit;
use render::console::Console;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|bug| {
        Console::plain().error(&format!("planner {} has met a bug: {bug}", env!("CARGO_PKG_VERSION")));
        Console::plain().error("this is a bug: please report it with the portfolio that shows it");
    }));
    let exit = std::panic::catch_unwind(run).unwrap_or(Exit::Bug);
    ExitCode::from(exit.code())
}

fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are results, and a closed pipe is no failure.
            let _ = message.print();
            return if message.use_stderr() { Exit::Arguments } else { Exit::Done };
        }
    };
    let console = Console::new(cli.format, cli.color, cli.quiet);
    match commands::run(&cli.command, &console) {
        Ok(exit) => exit,
        Err(error) => {
            // A text of a file or an argument may be in it.
            let lines: Vec<String> =
                format!("error: {error:#}").lines().map(|line| cut(line, MOST_CHARACTERS)).collect();
            console.error(&lines.join("\n"));
            Exit::of(&error)
        }
    }
}
