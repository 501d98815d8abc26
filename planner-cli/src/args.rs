//! What a user types.

mod amounts;

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use planner_core::letters::canonical;
use planner_core::units::{Share, Usd};

pub use amounts::{Budget, Budgets, file_stem};
use amounts::{amount, budget, budgets, wrong_quantity};

/// Plans the conversion of bitcoin-mining fleets to GPU hosting.
#[derive(Debug, Parser)]
#[command(name = "planner", version, arg_required_else_help = true, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 bug, 2 wrong arguments, 3 errors in the portfolio, 4 proved infeasible,\n\
                  5 limit reached without a plan or before every answer, 6 the audit objects, 7 file or solver failure."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Form of the result.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Colour of the output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// No progress, warnings or notes on stderr.
    #[arg(long, global = true)]
    pub quiet: bool,
}

/// Form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// To read.
    Human,
    /// To process.
    Json,
}

/// Colour of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented, runnable portfolio.
    Init(Init),
    /// Write an invented portfolio of any size, the same for the same seed.
    Generate(Generate),
    /// Validate a portfolio: all its problems at once.
    Check(Check),
    /// Solve, audit, print the decision page and save plan.json.
    Plan(Plan),
    /// Budgets side by side.
    Compare(Compare),
    /// Why each thing was chosen, and the price of each "no".
    Explain(Explain),
    /// The least rent at which the portfolio should take an offer at a site, and what its clauses are worth.
    Bid(Bid),
    /// Recompute a plan from its inputs and check every rule and cent.
    Audit(Audit),
    /// Write schedules, ledgers, the report and the model of a plan.
    Export(Export),
    /// Print the JSON Schema of a file, for editors.
    Schema(Schema),
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Folder to write.
    pub dir: PathBuf,
    /// Write into a folder that is not empty.
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// Number of sites.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub sites: u32,
    /// Any whole number; another one gives another portfolio.
    #[arg(long)]
    pub seed: u64,
    /// Sites with works, demand response, ballast, least bills, notice, exits or a customer's hall; with any there are crews,
    /// moves and storage too.
    #[arg(long, value_name = "SHARE", value_parser = whole_percent, default_value = "0 %")]
    pub extras: u32,
    /// Folder to write [default: `generated-SITES-SEED`].
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write into a folder that is not empty.
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Folder of the portfolio.
    #[arg(default_value = ".")]
    pub portfolio: PathBuf,
    /// List every value that was not written down, with the default used.
    #[arg(long)]
    pub resolved: bool,
}

/// How a solve is run.
#[derive(Debug, Args)]
pub struct Solve {
    /// Accepted gap, as a share of the uplift.
    #[arg(long, value_parser = gap, default_value = "0.5 %")]
    pub gap: Share,
    /// End the whole command after this time with what is known by then: seconds, "90 s", "10 min", "2 h".
    #[arg(long, value_parser = seconds)]
    pub time_limit: Option<f64>,
    /// End the searches for a plan after so many simplex iterations with the best so far: the same plan on every machine.
    #[arg(long, value_name = "ITERATIONS", value_parser = clap::value_parser!(u64).range(1..))]
    pub work_limit: Option<u64>,
    /// Small solves at a time [default: all cores]; the plan does not depend on it.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Letters of intent count in full.
    #[arg(long)]
    pub include_loi: bool,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Plan {
    /// Folder of the portfolio.
    #[arg(default_value = ".")]
    pub portfolio: PathBuf,
    /// Cap on all landlord-funded capital ("300 MUSD"), or one pot's amount ("growth=300 MUSD").
    #[arg(long, value_name = "AMOUNT|POT=AMOUNT", value_parser = budget)]
    pub budget: Vec<Budget>,
    /// How the solve is run.
    #[command(flatten)]
    pub solve: Solve,
    /// Also print what a rule costs: a policy (`policy_mix`, …), `locks`, or `lock:2` for the second lock.
    #[cfg(feature = "solver")]
    #[arg(long, value_name = "RULE")]
    pub price_of: Vec<planner_core::analysis::price_of::Rule>,
    /// Also plan with two more years of horizon, and name the near decisions that would change.
    #[arg(long)]
    pub check_horizon: bool,
    /// Print every row of the page, however many lines it takes.
    #[arg(long)]
    pub full: bool,
    /// File to write.
    #[arg(long, default_value = "plan.json")]
    pub out: PathBuf,
    /// Overwrite a file that is no plan.
    #[arg(long)]
    pub force: bool,
    /// Print what each stage takes, on stderr: CPU seconds of all threads, and seconds on the clock.
    #[arg(long)]
    pub timings: bool,
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// Folder of the portfolio.
    #[arg(default_value = ".")]
    pub portfolio: PathBuf,
    /// Amounts, with a blank after each comma ("100, 300, 1000 MUSD"), or a range for the frontier ("0..1 BUSD").
    #[arg(long, value_name = "AMOUNTS", value_parser = budgets)]
    pub budgets: Budgets,
    /// Of a range: budgets that lie no further apart are not told apart [default: 1 % of the range].
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub resolution: Option<Usd>,
    /// Of a range: where the nested programme starts [default: the sum of the pots, or the end of the range].
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub base: Option<Usd>,
    /// How the solves are run.
    #[command(flatten)]
    pub solve: Solve,
    /// Folder for one plan per budget. A range that was interrupted goes on from what is there.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Overwrite files that are no plans.
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// File of the plan [default: plan.json], and a name: all that concerns this site, offer or retrofit.
    #[arg(value_names = ["PLAN", "SITE|OFFER|RETROFIT"], num_args = 0..=2)]
    pub plan_and_name: Vec<String>,
    /// Solves at a time [default: all cores]; the answers do not depend on it.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// End after this time with the answers known by then: seconds, "90 s", "10 min", "2 h".
    #[arg(long, value_parser = seconds)]
    pub time_limit: Option<f64>,
}

impl Explain {
    /// The file of the plan and the name; a single word that is no file is a name.
    pub fn parts(&self, is_file: impl Fn(&str) -> bool) -> (PathBuf, Option<&str>) {
        match self.plan_and_name.as_slice() {
            [plan, name, ..] => (plan.into(), Some(name)),
            [one] if is_file(one) || Path::new(one).extension().is_some_and(|end| end == "json") => (one.into(), None),
            [name] => ("plan.json".into(), Some(name)),
            [] => ("plan.json".into(), None),
        }
    }
}

/// Arguments of `bid`.
#[derive(Debug, Args)]
pub struct Bid {
    /// Where it would be served.
    #[arg(value_parser = name)]
    pub site: String,
    /// How the halls would be converted.
    #[arg(value_parser = name)]
    pub retrofit: String,
    /// File of the plan, whose portfolio is asked.
    #[arg(default_value = "plan.json")]
    pub plan: PathBuf,
    /// Which offer.
    #[arg(long, value_parser = name)]
    pub offer: String,
    /// Solves at a time [default: all cores]; the answers do not depend on it.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// End after this time with the answers known by then: seconds, "90 s", "10 min", "2 h".
    #[arg(long, value_parser = seconds)]
    pub time_limit: Option<f64>,
}

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct Audit {
    /// File of the plan.
    #[arg(default_value = "plan.json")]
    pub plan: PathBuf,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// File of the plan.
    #[arg(default_value = "plan.json")]
    pub plan: PathBuf,
    /// Formats, with commas.
    #[arg(long, value_enum, value_delimiter = ',', required = true)]
    pub to: Vec<Target>,
    /// For html: a frontier.json of `compare` over the same inputs, shown in the report.
    #[arg(long, value_name = "FILE")]
    pub frontier: Option<PathBuf>,
    /// Folder to write to.
    #[arg(long, default_value = "export")]
    pub out: PathBuf,
    /// Overwrite files.
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Which file [default: list them].
    pub name: Option<String>,
}

/// Formats of `export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Target {
    /// Tables: conversions, schedule, ledger, machines, moves, works, reservations, site states, offers.
    Csv,
    /// Calendar of all dated events.
    Ics,
    /// The report, as one self-contained page.
    Html,
    /// The plan itself.
    Json,
    /// The decision on one page of Markdown.
    Md,
    /// The model that was solved, for other solvers.
    Mps,
    /// Microsoft Project XML: outline, links, deadlines.
    Mspdi,
    /// Bar chart of the programme.
    Svg,
    /// A workbook that computes all money by live formulas, with checks against the plan.
    Xlsx,
}

/// A name, in the one way in which names are compared.
#[allow(clippy::unnecessary_wraps)]
fn name(text: &str) -> Result<String, Infallible> {
    Ok(canonical(text))
}

fn gap(text: &str) -> Result<Share, String> {
    let share = Share::parse(text, false).map_err(wrong_quantity)?;
    if share.0 > 0.0 && !text.contains('%') {
        let share = Share(share.0);
        return Err(format!("`{text}` is {share}: write the gap in per cent, for example \"0.5 %\""));
    }
    if (0.0..=1.0).contains(&share.0) { Ok(share) } else { Err("the gap lies between 0 % and 100 %".to_owned()) }
}

fn whole_percent(text: &str) -> Result<u32, String> {
    let number = text.trim().strip_suffix('%').map(|number| number.trim().parse::<u32>());
    match number {
        Some(Ok(percent)) if percent <= 100 => Ok(percent),
        _ => Err("a whole share from \"0 %\" to \"100 %\"".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit.trim() {
        "" | "s" | "seconds" => 1.0,
        "min" | "minutes" => 60.0,
        "h" | "hours" => 3600.0,
        other => return Err(format!("`{other}` is no unit of time; write seconds, \"90 s\", \"10 min\" or \"2 h\"")),
    };
    match number.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number * factor),
        _ => Err(format!("`{text}` is no time; write seconds, \"90 s\", \"10 min\" or \"2 h\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn names_are_compared_as_portfolios_spell_them() {
        assert_eq!(name("malmo\u{308}"), Ok("malmö".to_owned()));
        assert_eq!(budget("gro\u{308}ße = 1 USD"), Ok(Budget::Pot("größe".to_owned(), Usd::new(1.0))));
    }

    #[test]
    fn times_and_gaps() {
        assert_eq!((seconds("60"), seconds("90 s"), seconds("2 min")), (Ok(60.0), Ok(90.0), Ok(120.0)));
        assert!(
            seconds("0").is_err() && seconds("-5").is_err() && seconds("5 parsec").is_err() && seconds("").is_err()
        );
        assert_eq!(gap("0.5 %"), Ok(Share(0.005)));
        assert!(gap("150 %").is_err());
    }

    #[test]
    fn defaults_are_the_current_folder_and_its_plan() {
        let cli = Cli::try_parse_from(["planner", "plan", "--format", "json"]).unwrap();
        assert_eq!(cli.format, Format::Json);
        let Command::Plan(plan) = cli.command else { panic!("not plan") };
        assert_eq!((plan.portfolio, plan.out), (PathBuf::from("."), PathBuf::from("plan.json")));
        let cli = Cli::try_parse_from(["planner", "export", "--to", "csv,ics"]).unwrap();
        let Command::Export(export) = cli.command else { panic!("not export") };
        assert_eq!(export.to, [Target::Csv, Target::Ics]);
        assert_eq!(export.plan, PathBuf::from("plan.json"));
    }

    #[test]
    fn a_single_word_that_is_no_file_is_a_name() {
        let parts = |words: &[&str]| {
            let plan_and_name = words.iter().map(|word| (*word).to_owned()).collect();
            let explain = Explain { plan_and_name, threads: None, time_limit: None };
            let (plan, name) = explain.parts(|word| word == "saved");
            (plan.display().to_string(), name.map(ToOwned::to_owned))
        };
        assert_eq!(parts(&[]), ("plan.json".to_owned(), None));
        assert_eq!(parts(&["other.json"]), ("other.json".to_owned(), None));
        assert_eq!(parts(&["saved"]), ("saved".to_owned(), None));
        assert_eq!(parts(&["north"]), ("plan.json".to_owned(), Some("north".to_owned())));
        assert_eq!(parts(&["saved", "north"]), ("saved".to_owned(), Some("north".to_owned())));
    }
}
