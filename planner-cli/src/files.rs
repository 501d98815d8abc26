//! The only user of the file system.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use planner_core::encoding::{decode, utf8};
use planner_core::plan::identity::hex;
use planner_core::plan::{Plan, reader};
use planner_core::portfolio::{Folder, FolderError, MAX_BYTES};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

/// A portfolio folder on disk.
pub struct DiskFolder {
    root: PathBuf,
}

impl DiskFolder {
    /// The folder, which must be there.
    pub fn open(root: &Path) -> Result<Self> {
        let facts = fs::metadata(root).with_context(|| format!("cannot open {}", root.display()))?;
        if !facts.is_dir() {
            bail!("{} is not a folder; a portfolio is a folder with a portfolio.toml", root.display());
        }
        Ok(Self { root: root.to_owned() })
    }
}

impl Folder for DiskFolder {
    fn read(&self, path: &str) -> Result<String, FolderError> {
        let path = self.root.join(path);
        // Symlinks are followed; the system refuses circles.
        let facts = fs::metadata(&path).map_err(|e| folder_error(&path, &e))?;
        if !facts.is_file() {
            return Err(FolderError::Other("it is not a regular file".to_owned()));
        }
        if facts.len() > MAX_BYTES {
            return Err(FolderError::TooLarge(facts.len()));
        }
        // A file may grow between the two calls, or lie about its size.
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(|e| folder_error(&path, &e))?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| folder_error(&path, &e))?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > MAX_BYTES {
            return Err(FolderError::TooLarge(length));
        }
        decode(bytes).map_err(|error| FolderError::Other(error.to_string()))
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, FolderError> {
        let path = self.root.join(dir);
        let mut names = Vec::new();
        let entries = match fs::read_dir(&path).map_err(|e| folder_error(&path, &e)) {
            Err(FolderError::Missing) => return Ok(names),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry.map_err(|e| folder_error(&path, &e))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            // A folder that is named like a file stands in the place of one.
            let is_folder = path.extension().is_none_or(|extension| extension != "toml") && path.is_dir();
            names.push(if is_folder { name + "/" } else { name });
        }
        names.sort();
        Ok(names)
    }
}

fn folder_error(path: &Path, error: &std::io::Error) -> FolderError {
    match error.kind() {
        // What a link stood for must not be left out in silence.
        ErrorKind::NotFound if path.is_symlink() => FolderError::Other("it is a link to nothing".to_owned()),
        ErrorKind::NotFound => FolderError::Missing,
        _ => FolderError::Other(error.to_string()),
    }
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Whether there is a file of this name.
#[cfg(feature = "solver")]
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Reads a plan.
pub fn read_plan(path: &Path) -> Result<Plan> {
    reader::read(open(path)?).with_context(|| format!("{} is not a plan that this version reads", path.display()))
}

/// Reads a text of at most the size that a portfolio's file may have.
pub fn read_text(path: &Path) -> Result<String> {
    let cannot = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    open(path)?.take(MAX_BYTES).read_to_end(&mut bytes).with_context(cannot)?;
    decode(bytes).with_context(cannot)
}

fn open(path: &Path) -> Result<File> {
    let cannot = || format!("cannot read {}", path.display());
    // A pipe would be waited for: look before opening.
    if !fs::metadata(path).with_context(cannot)?.is_file() {
        bail!("{} is not a regular file", path.display());
    }
    File::open(path).with_context(cannot)
}

/// When a file was written, in seconds since 1970; nothing where the system does not say.
pub fn written_at(path: &Path) -> Option<i64> {
    let since = fs::metadata(path).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The text of a file that is to be overwritten; nothing where there is none that is a text of a sensible size.
pub fn text_if_there(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    open(path).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    decode(bytes).ok()
}

/// What tells a plan of ours from another file.
#[derive(Deserialize)]
#[allow(dead_code)]
struct PlanMark {
    schema_version: u32,
    identity: String,
    decisions: IgnoredAny,
    ledger: IgnoredAny,
}

fn is_plan(path: &Path) -> bool {
    let text = open(path).and_then(|file| Ok(utf8(file)?));
    text.is_ok_and(|text| serde_json::from_reader::<_, PlanMark>(BufReader::new(text)).is_ok())
}

/// `plan.json` → `plan.previous.json`.
fn previous(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.previous.{extension}"))
}

/// Says no before a long solve when its plan could not be saved.
pub fn may_save_plan(path: &Path, force: bool) -> Result<()> {
    if path.is_dir() {
        bail!("{} is a folder; --out takes a file", path.display());
    }
    for existing in [path.to_owned(), previous(path)] {
        let Ok(facts) = fs::symlink_metadata(&existing) else { continue };
        // A rename would put a file in the place of a device.
        if !facts.is_file() && !existing.is_file() {
            bail!("{} is there and is no regular file; nothing is written in its place", existing.display());
        }
        if !force && !is_plan(&existing) {
            bail!("{} is there and is no plan of ours; --force overwrites it", existing.display());
        }
    }
    let folder = parent(path);
    if !folder.is_dir() {
        bail!("{} is not a folder", folder.display());
    }
    may_put_files(folder)
}

/// Says no before a long solve when no file can be made in a folder.
pub fn may_put_files(folder: &Path) -> Result<()> {
    tempfile::tempfile_in(folder).with_context(|| format!("no file can be written in {}", folder.display())).map(drop)
}

/// Saves a plan; one of ours already there becomes `<stem>.previous.json`.
pub fn save_plan(path: &Path, plan: &Plan, force: bool) -> Result<()> {
    may_save_plan(path, force)?;
    let write = |out: &mut BufWriter<File>| -> Result<()> {
        serde_json::to_writer_pretty(&mut *out, plan)?;
        out.write_all(b"\n")?;
        Ok(())
    };
    let plan = staged(path, write)?;
    // A copy: at no moment is there no plan under the name.
    if is_plan(path) {
        let keep = |out: &mut BufWriter<File>| Ok(std::io::copy(&mut open(path)?, out).map(drop)?);
        staged(&previous(path), keep)?.put()?;
    }
    plan.put()
}

/// Says no before a long solve when one of these files is there and may not be overwritten.
pub fn may_write(dir: &Path, names: &[&str], force: bool) -> Result<()> {
    match names.iter().map(|name| dir.join(name)).find(|path| path.symlink_metadata().is_ok() && !force) {
        Some(path) => bail!("{} is there; --force overwrites it", path.display()),
        None => Ok(()),
    }
}

/// Writes files into a folder, which is made if it is missing: all of them, or
/// none when one cannot be written, or is there and `force` is not given.
pub fn write_all(dir: &Path, files: &[(String, Vec<u8>)], force: bool) -> Result<()> {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    may_write(dir, &names, force)?;
    let mut written = Vec::with_capacity(files.len());
    for (name, bytes) in files {
        let path = dir.join(name);
        make_folder(parent(&path))?;
        written.push(staged(&path, |out| Ok(out.write_all(bytes)?))?);
    }
    written.into_iter().try_for_each(Staged::put)
}

/// Makes a folder with those above it.
pub fn make_folder(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))
}

/// Whether there is something in a folder.
pub fn has_entries(dir: &Path) -> Result<bool> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot open {}", dir.display())),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is written whole under a temporary name in the folder of its own.
struct Staged {
    path: PathBuf,
    temporary: tempfile::TempPath,
}

impl Staged {
    /// Gives the file its name, in the place of what has it.
    fn put(self) -> Result<()> {
        self.temporary.persist(&self.path).with_context(|| cannot_write(&self.path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// Writes a file that has its name when it is put there; dropped before, it is gone.
fn staged(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<Staged> {
    let failed = || cannot_write(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".planner-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any other new file: the user's umask decides.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let (file, temporary) = builder.tempfile_in(parent(path)).with_context(failed)?.into_parts();
    let mut out = BufWriter::new(file);
    write(&mut out).with_context(failed)?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|f| f.sync_all()).with_context(failed)?;
    Ok(Staged { path: path.to_owned(), temporary })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_plan_is_saved_read_and_kept_as_previous() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.json");
        let mut plan = sample::plan();
        save_plan(&path, &plan, false).unwrap();
        assert_eq!(read_plan(&path).unwrap(), plan);
        plan.identity = "second".to_owned();
        save_plan(&path, &plan, false).unwrap();
        assert_eq!(read_plan(&path).unwrap().identity, "second");
        assert_eq!(read_plan(&dir.path().join("plan.previous.json")).unwrap().identity, "sample");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn what_is_no_plan_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.json");
        fs::write(&path, "{\"mine\": true}").unwrap();
        assert!(save_plan(&path, &sample::plan(), false).unwrap_err().to_string().contains("--force"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"mine\": true}");
        save_plan(&path, &sample::plan(), true).unwrap();
        assert!(!previous(&path).exists(), "only plans are kept");
    }

    #[test]
    fn bad_plans_are_refused_with_a_reason() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.json");
        assert!(read_plan(&path).is_err(), "missing");
        fs::write(&path, "{\"schema_version\": 1").unwrap();
        assert!(format!("{:#}", read_plan(&path).unwrap_err()).contains("line 1"));
        let mut plan = sample::plan();
        plan.schema_version = 99;
        fs::write(&path, serde_json::to_string(&plan).unwrap()).unwrap();
        assert!(format!("{:#}", read_plan(&path).unwrap_err()).contains("schema_version 99"));
        assert!(read_plan(dir.path()).is_err(), "a folder");
    }

    #[test]
    fn unreadable_portfolio_files_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DiskFolder::open(dir.path()).unwrap();
        assert_eq!(folder.read("none.toml"), Err(FolderError::Missing));
        assert_eq!(folder.list("none"), Ok(vec![]));
        fs::write(dir.path().join("latin.toml"), b"name = \"caf\xe9\"").unwrap();
        assert!(matches!(folder.read("latin.toml"), Err(FolderError::Other(why)) if why.contains("byte 11")));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("loop.toml", dir.path().join("loop.toml")).unwrap();
            assert!(matches!(folder.read("loop.toml"), Err(FolderError::Other(_))));
        }
        File::create(dir.path().join("huge.csv")).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert_eq!(folder.read("huge.csv"), Err(FolderError::TooLarge(MAX_BYTES + 1)));
        assert_eq!(folder.read("."), Err(FolderError::Other("it is not a regular file".to_owned())));
    }

    #[test]
    fn texts_are_read_in_every_encoding_and_folders_are_told_from_files() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DiskFolder::open(dir.path()).unwrap();
        let text = "name = \"Gédéon\"\n";
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(dir.path().join("wide.toml"), &wide).unwrap();
        assert_eq!(folder.read("wide.toml").as_deref(), Ok(text));
        assert_eq!(read_text(&dir.path().join("wide.toml")).unwrap(), text);
        fs::write(dir.path().join("book.csv"), b"PK\x03\x04\x14\0").unwrap();
        assert!(matches!(folder.read("book.csv"), Err(FolderError::Other(why)) if why.contains("workbook")));
        fs::create_dir(dir.path().join("old")).unwrap();
        fs::create_dir(dir.path().join("site.toml")).unwrap();
        assert_eq!(folder.list(".").unwrap(), ["book.csv", "old/", "site.toml", "wide.toml"]);
    }

    #[test]
    fn a_plan_in_utf16_is_read_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.json");
        let plan = sample::plan();
        let text = format!("\u{feff}{}", serde_json::to_string(&plan).unwrap());
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.into_bytes(), wide] {
            fs::write(&path, &bytes).unwrap();
            assert_eq!(read_plan(&path).unwrap(), plan);
            save_plan(&path, &plan, false).unwrap();
            assert_eq!(fs::read(previous(&path)).unwrap(), bytes, "kept as it was");
        }
    }

    #[test]
    fn hashes_are_those_of_the_standard() {
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
