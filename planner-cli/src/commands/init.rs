//! `planner init`.

use anyhow::{Result, bail};
use include_dir::{Dir, include_dir};

use crate::args::Init;
use crate::exit::Exit;
use crate::files;
use crate::render::console::Console;

static PORTFOLIO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../site-data/first-look");
static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../site-data/library");

/// Writes the portfolio and the library that this binary carries.
pub fn run(args: &Init, console: &Console) -> Result<Exit> {
    if !args.force && files::has_entries(&args.dir)? {
        bail!("{} is not empty; --force writes into it", args.dir.display());
    }
    files::make_folder(&args.dir)?;
    let made = carried();
    files::write_all(&args.dir, &made, args.force)?;
    let dir = args.dir.display();
    if console.json() {
        let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
        console.json_result(&serde_json::json!({ "dir": dir.to_string(), "files": names }))?;
    } else {
        console.result(&format!("{} files in {dir}; next: planner check {dir}", made.len()))?;
    }
    Ok(Exit::Done)
}

/// Files by path in the new folder, the library inside it.
fn carried() -> Vec<(String, Vec<u8>)> {
    let mut files = library();
    collect(&PORTFOLIO, "", &mut files);
    for (name, bytes) in &mut files {
        if name == "portfolio.toml"
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            *bytes = text.replace("\"../library", "\"library").into_bytes();
        }
    }
    files.sort();
    files
}

/// The price library that this binary carries, by path in a portfolio's folder.
pub(super) fn library() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(&LIBRARY, "library/", &mut files);
    files
}

fn collect(dir: &Dir, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        // The paths of the repository are UTF-8, with the separator of the system that built the binary.
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.push((format!("{prefix}{path}"), file.contents().to_vec()));
    }
    for inner in dir.dirs() {
        collect(inner, prefix, files);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carried_portfolio_stands_on_its_own() {
        let files = carried();
        if let Some((_, bytes)) = files.iter().find(|(name, _)| name == "portfolio.toml") {
            assert!(!String::from_utf8_lossy(bytes).contains("../library"));
            assert!(files.iter().any(|(name, _)| name.starts_with("library/retrofits/")));
        }
        assert!(files.iter().all(|(name, _)| !name.starts_with('/') && !name.contains("..")));
    }
}
