//! What documents print: the commands of their `console` blocks are run, and what they say is put beside what stands there.
//!
//! In a block a line that begins with `$ ` is a command, and the lines below it are its output: what it writes to stdout,
//! and to stderr too where it fails. A comment `<!-- $ command -->` is run and not shown. All commands of a document run in
//! order in one folder, from which `site-data` and `tests` of the repository can be reached. A block marked `console long`
//! takes minutes: it is run by the long tests only, and no other block may need what it leaves.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, fs, io};

use tempfile::TempDir;

use self::figures::{Known, Underived};
use crate::repository;

mod elided;
mod figures;

/// A document cut into what is run and what is not.
#[derive(Debug)]
pub struct Document {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    /// A line that is neither a command nor output.
    Line(String),
    /// The command of a comment.
    Hidden(String),
    /// Steps of a block, without its fences.
    Block { long: bool, steps: Vec<Step> },
}

#[derive(Debug)]
struct Step {
    command: String,
    printed: Vec<String>,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// When a block with a command is not marked `console`, or begins with output.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = vec![];
        let mut fence: Option<&str> = None;
        for line in text.lines() {
            let marked = line.trim_start().strip_prefix("```");
            if let Some(mark) = marked {
                fence = if fence.is_some() { None } else { Some(mark) };
                parts.push(Part::Line(line.to_owned()));
                if fence.is_some_and(|mark| mark.starts_with("console")) {
                    parts.push(Part::Block { long: mark.ends_with(" long"), steps: vec![] });
                }
                continue;
            }
            let in_block = fence.is_some_and(|mark| mark.starts_with("console"));
            match (parts.last_mut(), line.strip_prefix("$ ")) {
                (Some(Part::Block { steps, .. }), Some(command)) if in_block => {
                    steps.push(Step { command: command.to_owned(), printed: vec![] });
                }
                (Some(Part::Block { steps, .. }), None) if in_block => {
                    let step = steps.last_mut().ok_or_else(|| format!("output without a command: {line}"))?;
                    step.printed.push(line.to_owned());
                }
                (_, Some(_)) if fence.is_some() => return Err(format!("not in a `console` block: {line}")),
                _ => parts.push(match line.strip_prefix("<!-- $ ").and_then(|rest| rest.strip_suffix(" -->")) {
                    Some(command) => Part::Hidden(command.to_owned()),
                    None => Part::Line(line.to_owned()),
                }),
            }
        }
        Ok(Self { parts })
    }

    /// The document as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = vec![];
        for part in &self.parts {
            match part {
                Part::Line(line) => lines.push(line.clone()),
                Part::Hidden(command) => lines.push(format!("<!-- $ {command} -->")),
                Part::Block { steps, .. } => {
                    for step in steps {
                        lines.push(format!("$ {}", step.command));
                        lines.extend(step.printed.iter().cloned());
                    }
                }
            }
        }
        lines.join("\n") + "\n"
    }

    /// Whether it has a command, and whether it has one that takes minutes.
    #[must_use]
    pub fn runs(&self) -> (bool, bool) {
        let long = |part: &Part| matches!(part, Part::Block { long: true, .. });
        (self.parts.iter().any(|part| !matches!(part, Part::Line(_))), self.parts.iter().any(long))
    }

    /// Runs the commands and says where the document differs from what they say; with `bless` it is changed there.
    ///
    /// # Errors
    /// Where a command cannot be run or what is printed can no longer be placed.
    pub fn compare(&mut self, long: bool, bless: bool) -> Result<Compared, String> {
        let mut session = Session::new().map_err(|error| error.to_string())?;
        let mut compared = Compared::default();
        for part in &mut self.parts {
            match part {
                Part::Line(_) => {}
                Part::Hidden(command) => {
                    let said = session.run(command).map_err(|error| error.to_string())?;
                    if said.failed {
                        return Err(format!("`{command}` fails:\n{}", said.text));
                    }
                    compared.known.learn(&format!("{command}\n{}", said.text));
                }
                Part::Block { long: true, steps } if !long => {
                    for step in steps {
                        compared.known.learn(&format!("{}\n{}", step.command, step.printed.join("\n")));
                    }
                }
                Part::Block { steps, .. } => {
                    for step in steps {
                        let said = session.run(&step.command).map_err(|error| error.to_string())?.text;
                        compared.step(step, &said, bless)?;
                    }
                }
            }
        }
        session.portfolios(&self.commands()).iter().for_each(|text| compared.known.learn(text));
        Ok(compared)
    }

    /// Says which figures of the text, in chapters that print something, nothing has said; with `bless` those give way
    /// that are clearly another figure now.
    pub fn figures(&mut self, compared: &mut Compared, bless: bool) -> Vec<String> {
        let mut lines = self.told();
        if bless {
            for line in &mut lines {
                **line = figures::renewed(line, &compared.known, &compared.replaced);
                if let Err(Underived::Otherwise(old, new)) = compared.known.derive(line) {
                    **line = line.replacen(&old, &new, 1);
                    compared.replaced.push((old, new));
                }
            }
        }
        let mut missing = vec![];
        for line in &lines {
            if let Err(error) = compared.known.derive(line) {
                missing.push(format!("{error:?}: {line}"));
            }
        }
        for line in &mut lines {
            if bless {
                **line = figures::renewed(line, &compared.known, &compared.replaced);
            }
            missing.extend(compared.known.missing(line).into_iter().map(|figure| format!("{figure}: {line}")));
        }
        missing
    }

    fn commands(&self) -> Vec<String> {
        let mut commands = vec![];
        for part in &self.parts {
            match part {
                Part::Line(_) => {}
                Part::Hidden(command) => commands.push(command.clone()),
                Part::Block { steps, .. } => commands.extend(steps.iter().map(|step| step.command.clone())),
            }
        }
        commands
    }

    /// The lines of chapters that print something, but for what is printed.
    fn told(&mut self) -> Vec<&mut String> {
        let (mut told, mut chapter, mut fenced, mut prints) = (vec![], vec![], false, false);
        for part in &mut self.parts {
            match part {
                Part::Line(line) if line.trim_start().starts_with("```") => fenced = !fenced,
                Part::Line(_) if fenced => {}
                Part::Line(line) => {
                    if line.starts_with("## ") {
                        told.append(&mut std::mem::take(&mut chapter).into_iter().filter(|_| prints).collect());
                        prints = false;
                    }
                    chapter.push(line);
                }
                _ => prints = true,
            }
        }
        told.extend(chapter.into_iter().filter(|_| prints));
        told
    }
}

/// What came of a comparison.
#[derive(Default)]
pub struct Compared {
    /// Commands that say something else than is printed, and what they say.
    pub differences: Vec<String>,
    known: Known,
    replaced: Vec<(String, String)>,
}

impl Compared {
    fn step(&mut self, Step { command, printed }: &mut Step, said: &str, bless: bool) -> Result<(), String> {
        self.known.learn(&format!("{command}\n{said}"));
        if elided::holds(printed, said) {
            return Ok(());
        }
        if bless {
            let renewed = elided::renewed(printed, said).map_err(|error| format!("`{command}`: {error}"))?;
            self.replaced.extend(figures::replaced(printed, &renewed, &elided::pairs(printed, &renewed)));
            *printed = renewed;
        }
        self.differences.push(format!("$ {command}\n{said}"));
        Ok(())
    }
}

/// What a command said, and the `plan.json` that it left.
#[derive(Clone)]
struct Said {
    text: String,
    failed: bool,
    plan: Option<Vec<u8>>,
}

/// A folder in which commands run one after another.
struct Session {
    folder: TempDir,
    here: PathBuf,
}

impl Session {
    fn new() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let here = folder.path().join("here");
        fs::create_dir(&here)?;
        for name in ["site-data", "tests"] {
            symlink(repository().join(name), here.join(name))?;
        }
        Ok(Self { folder, here })
    }

    /// What the portfolios say that commands are about: the shipped ones they name, and those they wrote.
    fn portfolios(&self, commands: &[String]) -> Vec<String> {
        let root = self.folder.path().join("here");
        let inside = |folder: &Path| {
            fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>()
        };
        let named = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            commands.iter().any(|command| command.contains(&format!("site-data/{name}")))
        };
        let shipped = inside(&repository().join("site-data")).into_iter().filter(|path| named(path));
        let written = inside(&root).into_iter().filter(|path| path.is_dir() && !path.is_symlink());
        let mut texts = vec![];
        let mut folders = shipped.chain(written).collect::<Vec<_>>();
        while let Some(folder) = folders.pop() {
            for path in inside(&folder) {
                if path.is_dir() && path.file_name().is_some_and(|name| name != "library") {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "toml") {
                    texts.extend(fs::read_to_string(path));
                }
            }
        }
        texts
    }

    /// A plan of a shipped portfolio is the same in every document: it is made once.
    fn run(&mut self, command: &str) -> io::Result<Said> {
        static PLANNED: Mutex<BTreeMap<String, Arc<Mutex<Option<Said>>>>> = Mutex::new(BTreeMap::new());
        if !command.starts_with("planner plan site-data/") || command.contains("--out") {
            return self.run_here(command);
        }
        let known =
            PLANNED.lock().unwrap_or_else(PoisonError::into_inner).entry(command.to_owned()).or_default().clone();
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = &*known {
            if let Some(plan) = &said.plan {
                fs::write(self.here.join("plan.json"), plan)?;
            }
            return Ok(said.clone());
        }
        let mut said = self.run_here(command)?;
        said.plan = fs::read(self.here.join("plan.json")).ok();
        *known = Some(said.clone());
        Ok(said)
    }

    fn run_here(&mut self, command: &str) -> io::Result<Said> {
        let place = self.folder.path().join("place");
        let binary = repository().join("target/release");
        let path = format!("{}:{}", binary.display(), env::var("PATH").unwrap_or_default());
        let output = Command::new("sh")
            .args(["-c", &format!("{command}\ncode=$?; pwd >\"$PLACE\"; exit $code")])
            .current_dir(&self.here)
            .envs([("PATH", path.as_str()), ("NO_COLOR", "1")])
            .env("PLACE", &place)
            .env_remove("COLUMNS")
            .output()?;
        self.here = PathBuf::from(fs::read_to_string(&place)?.trim_end());
        let failed = !output.status.success();
        let streams = if failed { vec![output.stdout, output.stderr] } else { vec![output.stdout] };
        let text = streams.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        Ok(Said { text, failed, plan: None })
    }
}
