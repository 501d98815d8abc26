//! What a disk may do to the program: links in circles, files that cannot be read or vanish, no room, and an end in the
//! middle of writing. Nothing is lost, nothing is left half-written.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use planner_tests::small::{self, ONE_HALL};
use planner_tests::{planner, repository, says, told, write};
use serde_json::Value;
use tempfile::TempDir;

fn portfolio() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&small::portfolio("2028-01-01", 6, "2028-06-30", &[("west", ONE_HALL)]), folder.path());
    folder
}

/// A portfolio with its plan, and the text of the plan.
fn planned() -> (TempDir, String) {
    let folder = portfolio();
    told(&planner(&["plan"], folder.path()), 0);
    let plan = fs::read_to_string(folder.path().join("plan.json")).unwrap();
    (folder, plan)
}

/// Runs a script in which `$0` is the binary.
fn sh(script: &str, folder: &Path) -> Output {
    let mut sh = Command::new("sh");
    sh.args(["-c", script]).arg(repository().join("target/release/planner"));
    sh.current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn links_in_circles_and_links_to_nothing_are_told() {
    const CIRCLE: &str = "Too many levels of symbolic links";
    for (path, to, says_so) in [
        ("portfolio.toml", "portfolio.toml", CIRCLE),
        ("sites/loop.toml", "loop.toml", CIRCLE),
        ("offers", "offers", CIRCLE),
        ("library", "library", CIRCLE),
        ("machines.csv", "machines.csv", CIRCLE),
        ("sites/gone.toml", "nowhere.toml", "it is a link to nothing"),
        ("offers", "nowhere", "it is a link to nothing"),
        ("offers.csv", "nowhere.csv", "it is a link to nothing"),
        ("library/retrofits/gone.toml", "nowhere.toml", ""),
    ] {
        let folder = portfolio();
        let link = folder.path().join(path);
        let _ = fs::remove_file(&link);
        let _ = fs::remove_dir_all(&link);
        symlink(to, &link).unwrap();
        let output = planner(&["check"], folder.path());
        if says_so.is_empty() {
            told(&output, 0);
        } else {
            let told = told(&output, 3);
            says(&told, "error[E002]");
            says(&told, says_so);
            says(&told, path);
        }
    }
    // A folder that holds itself is entered once.
    let folder = portfolio();
    symlink("..", folder.path().join("sites/sites")).unwrap();
    told(&planner(&["check"], folder.path()), 0);
    symlink("self", folder.path().join("self")).unwrap();
    says(&told(&planner(&["check", "self"], folder.path()), 7), CIRCLE);
    says(&told(&planner(&["audit", "self"], folder.path()), 7), CIRCLE);
    let refused = told(&planner(&["plan", "--force", "--out", "self"], folder.path()), 7);
    says(&refused, "self is there and is no regular file; nothing is written in its place");
    assert!(folder.path().join("self").is_symlink());
}

#[test]
fn what_is_no_file_is_neither_read_nor_replaced() {
    for path in ["portfolio.toml", "machines.csv", "sites/west.toml", "offers/lease.toml", "library/asics.csv"] {
        let folder = portfolio();
        fs::remove_file(folder.path().join(path)).unwrap();
        fs::create_dir(folder.path().join(path)).unwrap();
        let told = told(&planner(&["check"], folder.path()), 3);
        says(&told, &format!("error[E002]: `{path}` cannot be read: it is not a regular file"));
    }
    let folder = portfolio();
    fs::remove_dir_all(folder.path().join("offers")).unwrap();
    fs::write(folder.path().join("offers"), "").unwrap();
    says(&told(&planner(&["check"], folder.path()), 3), "error[E002]: `offers` cannot be listed: Not a directory");
    says(&told(&planner(&["audit", "/dev/zero"], folder.path()), 7), "/dev/zero is not a regular file");
    symlink("/dev/null", folder.path().join("null")).unwrap();
    says(&told(&planner(&["plan", "--out", "null", "--force"], folder.path()), 3), "cannot be listed");
    let folder = portfolio();
    symlink("/dev/null", folder.path().join("null")).unwrap();
    says(
        &told(&planner(&["plan", "--out", "null", "--force"], folder.path()), 7),
        "null is there and is no regular file",
    );
    assert!(folder.path().join("null").is_symlink());
}

#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = portfolio();
    let offer = folder.path().join("offers/lease.toml");
    fs::set_permissions(&offer, fs::Permissions::from_mode(0o000)).unwrap();
    let output = planner(&["check"], folder.path());
    // Root may read everything.
    if fs::read(&offer).is_ok() {
        told(&output, 0);
    } else {
        says(&told(&output, 3), "error[E002]: `offers/lease.toml` cannot be read: Permission denied");
    }
}

/// While the folder is listed and read, an offer comes and goes. It is there, or it is not, or it is told to have gone.
#[test]
fn a_file_that_vanishes_meanwhile_is_never_half_read() {
    let folder = portfolio();
    let [there, away] = ["offers/lease.toml", "lease.away"].map(|name| folder.path().join(name));
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !enough.load(Ordering::Relaxed) {
                fs::rename(&there, &away).unwrap();
                fs::rename(&away, &there).unwrap();
            }
        });
        for _ in 0..100 {
            let output = planner(&["check"], folder.path());
            if output.status.code() == Some(3) {
                says(&told(&output, 3), "error[E003]: `offers/lease.toml` has gone: its folder lists it");
            } else {
                let told = told(&output, 0);
                assert!(told.contains("1 offers") || told.contains("0 offers"), "{told}");
            }
        }
        enough.store(true, Ordering::Relaxed);
    });
}

/// A file may not grow beyond a few kilobytes: what a full disk says, without filling one.
#[test]
fn where_there_is_no_room_the_old_files_remain() {
    let (folder, plan) = planned();
    let plan_and_nothing_else = || {
        assert_eq!(fs::read_to_string(folder.path().join("plan.json")).unwrap(), plan);
        let others: Vec<String> = names(folder.path()).into_iter().filter(|name| name.contains("plan")).collect();
        assert_eq!(others, ["plan.json"]);
    };
    let refused = told(&sh("trap '' XFSZ; ulimit -f 8; exec \"$0\" plan", folder.path()), 7);
    says(&refused, "error: cannot write plan.json: File too large");
    says(&refused, "The ask");
    plan_and_nothing_else();

    let export = "export --to csv,ics --force";
    let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {export}");
    says(&told(&sh(&script, folder.path()), 7), "error: cannot write export/returns.csv: File too large");
    assert_eq!(names(&folder.path().join("export")), Vec::<String>::new(), "all files or none");
    told(&sh(&format!("exec \"$0\" {export}"), folder.path()), 0);
    let before = names(&folder.path().join("export"));
    told(&sh(&script, folder.path()), 7);
    assert_eq!(names(&folder.path().join("export")), before);
    plan_and_nothing_else();

    let full = |command: &str| sh(&format!("exec \"$0\" {command} >/dev/full"), folder.path());
    if Path::new("/dev/full").exists() {
        says(&told(&full("check"), 7), "error: cannot write the result: No space left on device");
        says(&told(&full("audit --format json"), 7), "error: cannot write the result: No space left on device");
    }
}

/// A disk of 64 kB, mounted where only the script sees it. Not every system lets its users do so.
#[test]
fn on_a_full_disk_the_old_plan_remains() {
    let (folder, plan) = planned();
    let script = "mkdir disk && mount -t tmpfs -o size=64k none disk || exit 99\n\
                  cp plan.json disk && { dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null; \"$0\" plan --out disk/plan.json; }\n\
                  code=$?; cmp plan.json disk/plan.json && ls -A disk | tr '\\n' ' '; exit $code";
    assert!(plan.len() < 60_000, "{}", plan.len());
    let mut namespace = Command::new("unshare");
    namespace.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(repository().join("target/release/planner"));
    match namespace.current_dir(folder.path()).output() {
        Ok(output) if !matches!(output.status.code(), Some(1 | 99) | None) => {
            let told = told(&output, 7);
            says(&told, "error: cannot write disk/plan.json: No space left on device");
            says(&told, "filler plan.json ");
        }
        _ => println!("skipped: no disk can be mounted here"),
    }
}

fn planning(folder: &Path) -> Child {
    let mut plan = Command::new(repository().join("target/release/planner"));
    plan.arg("plan").current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// The plan under the name is whole at any moment: looked at as often as possible while others are written in its place.
#[test]
fn a_plan_is_there_at_every_moment() {
    let (folder, _) = planned();
    let mut looks = 0;
    for _ in 0..5 {
        let mut running = planning(folder.path());
        while running.try_wait().unwrap().is_none() {
            let text = fs::read_to_string(folder.path().join("plan.json")).unwrap();
            assert!(text.ends_with("}\n"), "{} bytes", text.len());
            looks += 1;
        }
    }
    assert!(looks > 100, "{looks}");
    assert_eq!(names(folder.path()).iter().filter(|name| name.starts_with("plan.")).count(), 2);
}

/// Killed in the middle of writing, by a signal that leaves no time to tidy up.
#[test]
fn killed_while_writing_the_old_plan_is_whole() {
    let (folder, plan) = planned();
    let path = folder.path().join("plan.json");
    // The system kills what writes more than is allowed.
    let killed = sh("ulimit -f 8; exec \"$0\" plan", folder.path());
    assert_eq!(killed.status.code(), None, "not killed");
    assert_eq!(fs::read_to_string(&path).unwrap(), plan);

    // A temporary file tells that writing has begun.
    let temporary = |name: &String| name.starts_with(".planner-");
    let left = || names(folder.path()).iter().filter(|name| temporary(name)).count();
    let mut killed = 0;
    for _ in 0..20 {
        let before = left();
        let mut running = planning(folder.path());
        while left() == before && running.try_wait().unwrap().is_none() {}
        let _ = running.kill();
        killed += usize::from(running.wait().unwrap().signal() == Some(9));
        let there: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let sound: Value = serde_json::from_str(&plan).unwrap();
        assert_eq!(there["ledger"], sound["ledger"]);
        told(&planner(&["audit"], folder.path()), 0);
        let previous = folder.path().join("plan.previous.json");
        if previous.exists() {
            told(&planner(&["audit", "plan.previous.json"], folder.path()), 0);
        }
    }
    println!("killed {killed} times of 20");
    told(&planner(&["plan"], folder.path()), 0);
}
