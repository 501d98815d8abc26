//! The binary without a solver: for whoever wants to check a plan and not to make one.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use planner_core::plan::Settings;
use planner_tests::{case, fleet, plan, repository};

/// Builds it in a folder of its own, quickly: nothing in it needs to be fast.
fn built() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = repository().join("target/solver-free");
    let output = Command::new(cargo)
        .args(["build", "--offline", "--locked", "-p", "planner-cli", "--no-default-features", "--target-dir"])
        .arg(&target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join("debug/planner")
}

#[test]
fn it_audits_and_says_that_it_cannot_plan() {
    let binary = built();
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| -> Output {
        Command::new(&binary).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let told =
        |output: &Output| String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
    let save = |path: &Path, text: &str| std::fs::write(path, text).unwrap();

    let mut plan = plan(&fleet(&case("v1-river-bend")), &Settings::default()).unwrap();
    let file = folder.path().join("plan.json");
    save(&file, &serde_json::to_string(&plan).unwrap());
    let audit = run(&["audit"]);
    assert_eq!(audit.status.code(), Some(0), "{}", told(&audit));
    assert!(told(&audit).contains("audit passed"), "{}", told(&audit));

    plan.ledger[0].amount_cents.0 += 1;
    save(&file, &serde_json::to_string(&plan).unwrap());
    let audit = run(&["audit"]);
    assert_eq!(audit.status.code(), Some(6), "{}", told(&audit));
    assert!(told(&audit).contains(&plan.ledger[0].category.to_string()), "{}", told(&audit));

    for command in [["plan", "."].as_slice(), &["compare", ".", "--budgets", "1, 2 MUSD"]] {
        let refused = run(command);
        assert_eq!(refused.status.code(), Some(7), "{}", told(&refused));
        let expected = "this build has no solver: it can check, audit and export, but not plan";
        assert!(told(&refused).contains(expected), "{}", told(&refused));
    }
}
