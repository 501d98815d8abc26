//! `planner generate`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use planner_core::generate::{self, Request};
use planner_core::portfolio::Folder;

use super::init;
use crate::args::Generate;
use crate::exit::Exit;
use crate::files::{self, DiskFolder};
use crate::render::console::Console;

/// Writes an invented portfolio with the price library that this binary carries.
pub fn run(args: &Generate, console: &Console) -> Result<Exit> {
    let name = || PathBuf::from(format!("generated-{}-{}", args.sites, args.seed));
    let dir = args.out.clone().unwrap_or_else(name);
    if !args.force && files::has_entries(&dir)? {
        bail!("{} is not empty; --force writes into it", dir.display());
    }
    let request = Request { sites: args.sites, seed: args.seed, extras: args.extras };
    let mut made: Vec<(String, Vec<u8>)> =
        generate::portfolio(&request).into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    made.extend(init::library());
    made.sort();
    of_another(&dir, &made)?;
    files::make_folder(&dir)?;
    files::write_all(&dir, &made, args.force)?;
    let dir = dir.display();
    if console.json() {
        let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
        console.json_result(&serde_json::json!({ "dir": dir.to_string(), "files": names }))?;
    } else {
        console.result(&format!("{} files in {dir}; next: planner check {dir}", made.len()))?;
    }
    Ok(Exit::Done)
}

/// Sites and offers that are there already would be read as if they belonged to the new portfolio.
fn of_another(dir: &Path, made: &[(String, Vec<u8>)]) -> Result<()> {
    let Ok(there) = DiskFolder::open(dir) else { return Ok(()) };
    for folder in ["sites", "offers", "works"] {
        let names = there.list(folder).with_context(|| format!("cannot list {}", dir.join(folder).display()))?;
        for name in names {
            let path = format!("{folder}/{name}");
            if made.binary_search_by(|(made, _)| made.as_str().cmp(&path)).is_err() {
                bail!("{} is of another portfolio; remove {folder}, or write elsewhere", dir.join(path).display());
            }
        }
    }
    Ok(())
}
