//! One file per verb.

mod audit;
mod check;
mod export;
mod generate;
mod init;
mod portfolio;
mod schema;

#[cfg(feature = "solver")]
mod bid;
#[cfg(feature = "solver")]
mod compare;
#[cfg(feature = "solver")]
mod explain;
#[cfg(feature = "solver")]
mod frontier;
#[cfg(feature = "solver")]
mod horizon;
#[cfg(feature = "solver")]
mod plan;
#[cfg(feature = "solver")]
mod solving;
#[cfg(feature = "solver")]
mod stopwatch;

use anyhow::Result;

use crate::args::Command;
use crate::exit::Exit;
use crate::render::console::Console;

/// Runs a command.
pub fn run(command: &Command, console: &Console) -> Result<Exit> {
    match command {
        Command::Init(args) => init::run(args, console),
        Command::Generate(args) => generate::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Audit(args) => audit::run(args, console),
        Command::Export(args) => export::run(args, console),
        Command::Schema(args) => schema::run(args, console),
        #[cfg(feature = "solver")]
        Command::Plan(args) => plan::run(args, console),
        #[cfg(feature = "solver")]
        Command::Compare(args) => compare::run(args, console),
        #[cfg(feature = "solver")]
        Command::Explain(args) => explain::run(args, console),
        #[cfg(feature = "solver")]
        Command::Bid(args) => bid::run(args, console),
        #[cfg(not(feature = "solver"))]
        Command::Plan(_) | Command::Compare(_) | Command::Explain(_) | Command::Bid(_) => {
            anyhow::bail!("this build has no solver: it can check, audit and export, but not plan")
        }
    }
}
