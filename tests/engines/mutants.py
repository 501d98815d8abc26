"""Changes the code in 120 places, one at a time, and asks whether the tests notice.

A seeded sample of what `cargo mutants` proposes, 40 each of `audit/`, `options/` and `model/` in planner-core. Judged in two
turns: by planner-core's own tests without the solver (seconds each), and what is still alive by the tests of portfolios
and plans (a minute or two each).

    cargo install cargo-mutants --locked
    python3 tests/engines/mutants.py --out target/mutants

Changes files in place, so it wants a clone of its own. It needs cargo-mutants 27; the two turns take about an hour and a half
on one core. Writes the lists that cargo-mutants writes, in folders `first` and `second`.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess

FOLDERS = ["audit", "options", "model"]
EACH = 40
# Random texts and numbers by the thousand: they judge readers and tampering, and take minutes without optimisation.
SLOW = ["nothing_makes_the_audit_panic", "every_changed_number_and_date"]
OWN = ["audit::", "options::", "model::", "plan::", "works::", "mining::", "report::", "analysis::"]
SECOND = "bound formulation hand_worked machines reference_offers solving two_tellings works".split()
# As the tests run, but compiled in seconds: what is changed is not optimised, the solver is.
PROFILE = {"inherits": '"dev"', "opt-level": "0", "debug": "false", 'package."*".opt-level': "3"}


def listed():
    command = ["cargo", "mutants", "--list", "--json"]
    for folder in FOLDERS:
        command += ["-f", f"planner-core/src/{folder}/**"]
    return [mutant["name"] for mutant in json.loads(subprocess.run(command, check=True, capture_output=True).stdout)]


def sample(names, seed):
    draw = random.Random(seed)
    of = lambda folder: sorted(name for name in names if name.startswith(f"planner-core/src/{folder}/"))
    return [name for folder in FOLDERS for name in draw.sample(of(folder), EACH)]


def turn(names, out, arguments):
    """Runs some mutants; gives those that no test noticed."""
    out.mkdir(parents=True, exist_ok=True)
    chosen = [f"--re=^{re.escape(name).replace(chr(92) + ' ', ' ')}$" for name in names]
    command = ["cargo", "mutants", "--in-place", "--baseline", "skip", "--no-shuffle", "-o", out, *chosen, *arguments]
    subprocess.run([str(part) for part in command])
    # Some kinds of mutants are run whatever the names: they do not count.
    missed = (out / "mutants.out" / "missed.txt").read_text().splitlines()
    return [name for name in names if name in missed]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    names = sample(listed(), asked.seed)
    skipped = [part for name in SLOW for part in ("--skip", name)]
    first = ["--timeout", 200, "--no-default-features", "--test-package", "planner-core", "--", "--locked", "--lib", "--", *OWN, *skipped]
    os.environ["CARGO_TARGET_DIR"] = str((asked.out / "target").resolve())
    alive = turn(names, asked.out / "first", first)
    profile = [f"-C=--config=profile.mutants.{key}={value}" for key, value in PROFILE.items()]
    # Given to cargo itself: else every test is compiled each time.
    tests = [f"-C=--test={name}" for name in SECOND]
    second = ["--timeout", 600, *profile, *tests, "--profile", "mutants", "--test-package", "planner-tests", "--", "--locked"]
    alive = turn(alive, asked.out / "second", second)
    print(f"{len(alive)} of {len(names)} alive")
    print("\n".join(alive))


if __name__ == "__main__":
    main()
