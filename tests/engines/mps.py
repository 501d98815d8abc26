"""Reads an exported model with other engines and compares what they find with the plan.

    planner export plan.json --to mps
    python3 tests/engines/mps.py plan.json export/model.mps

Each engine (highspy and pyscipopt, from PyPI) runs in a process of its own. Where they are not installed, a virtual
environment is made in the folder given by --venv. Engines prove that no plan is worth more than `bound` and find one
worth `value`. Whatever the gaps are, two things must hold, or one of the two programs is wrong:

    value of the engine <= bound of the plan        bound of the engine >= value of the plan

to the dollar; where the plan has machines, which it counts in thousandths and engines do not, to a millionth of its
value, which is what a plan itself forgives before it calls itself proved. An engine that did not come within the gap
of the plan fails too: its bound would say nothing.
"""

import argparse
import importlib.util
import json
import pathlib
import subprocess
import sys
import time
import venv

ENGINES = {"highs": "highspy", "scip": "pyscipopt"}
# Units of the model: M$.
DOLLAR = 1e-6


def highs(path, gap, limit):
    """Minus the objective and minus its bound, in M$: NPV."""
    import highspy

    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    engine.setOptionValue("time_limit", limit)
    engine.setOptionValue("mip_rel_gap", 0.0)
    engine.setOptionValue("mip_abs_gap", gap)
    engine.setOptionValue("mip_feasibility_tolerance", 1e-9)
    engine.setOptionValue("primal_feasibility_tolerance", 1e-9)
    if engine.readModel(str(path)) != highspy.HighsStatus.kOk:
        raise SystemExit("the file cannot be read")
    size = (engine.getNumRow(), engine.getNumCol())
    engine.run()
    info = engine.getInfo()
    return size, -info.objective_function_value, -info.mip_dual_bound


def scip(path, gap, limit):
    """The same."""
    import pyscipopt

    engine = pyscipopt.Model()
    engine.hideOutput()
    engine.readProblem(str(path))
    size = (engine.getNConss(), engine.getNVars())
    engine.setParam("limits/time", limit)
    engine.setParam("limits/absgap", gap)
    engine.setParam("numerics/feastol", 1e-9)
    engine.optimize()
    return size, -engine.getObjVal(), -engine.getDualbound()


def solve(name, path, gap, limit):
    started = time.monotonic()
    (rows, columns), value, bound = {"highs": highs, "scip": scip}[name](path, gap, limit)
    seconds = time.monotonic() - started
    return {"rows": rows, "columns": columns, "value": value, "bound": bound, "seconds": seconds}


def interpreter(folder):
    """A Python that has both engines."""
    if all(importlib.util.find_spec(module) for module in ENGINES.values()):
        return sys.executable
    if folder is None:
        raise SystemExit("highspy and pyscipopt are not installed: say --venv FOLDER, and they are installed there")
    python = pathlib.Path(folder) / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *ENGINES.values()]
    subprocess.run(pip, check=True)
    return str(python)


def compare(arguments):
    plan = json.loads(pathlib.Path(arguments.plan).read_text())
    value, bound = plan["npv_usd"] / 1e6, plan["bound_usd"] / 1e6
    gap = max(bound - value, DOLLAR)
    slack = max(DOLLAR, 1e-6 * abs(value)) if plan["decisions"]["machines"] else DOLLAR
    print(f"plan   value {value:.6f} M$, bound {bound:.6f} M$")
    python, agree = interpreter(arguments.venv), True
    for name in ENGINES:
        command = [python, __file__, arguments.plan, arguments.model, "--engine", name]
        command += ["--gap", repr(gap), "--time-limit", repr(arguments.time_limit)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            print(f"{name} ended with {done.returncode}")
            agree = False
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        objections = [
            said
            for wrong, said in [
                (found["value"] > bound + slack, "found more than the bound of the plan"),
                (found["bound"] < value - slack, "proved less than the value of the plan"),
                (found["bound"] - found["value"] > 2 * gap, "did not come within the gap"),
            ]
            if wrong
        ]
        print(
            f"{name:6} value {found['value']:.6f} M$, bound {found['bound']:.6f} M$, "
            f"value less the plan's {(found['value'] - value) * 1e6:+.2f} $; "
            f"{found['rows']} rows, {found['columns']} columns, {found['seconds']:.1f} s: "
            + ("; ".join(objections) or "agrees")
        )
        agree &= not objections
    return 0 if agree else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", help="plan.json")
    parser.add_argument("model", help="model.mps, exported from that plan")
    parser.add_argument("--venv", help="folder in which the engines are installed where they are missing")
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds for each engine")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--gap", type=float, default=DOLLAR, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.engine:
        print(json.dumps(solve(arguments.engine, arguments.model, arguments.gap, arguments.time_limit)))
        return 0
    return compare(arguments)


if __name__ == "__main__":
    sys.exit(main())
