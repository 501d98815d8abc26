"""Reads an exported schedule with MPXJ and compares it with the plan.

    planner export plan.json --to mspdi
    python3 tests/engines/mspdi.py plan.json export/schedule.xml

MPXJ (PyPI: mpxj, on a Java of version 11 or later) reads Microsoft Project files as many importers do. What must be
there is told here from plan.json alone:

    outline    each site with its conversions, each of these with its phases and days
    dates      first day and first day after, of every phase, work and day of a conversion
    links      a phase after the phases that its retrofit names, service after the last ones, the contract after service
    deadlines  ready-by and long-stop dates

Then MPXJ schedules the project again, as Microsoft Project would: no task may move.
"""

import argparse
import json
import pathlib
import sys

from packages import with_packages

PACKAGES = {"jpype": "JPype1", "mpxj": "mpxj"}


def planned_before(retrofit, planned, phase):
    """Ids of the planned phases that a phase waits for; what is done already makes way."""
    after = {step["id"]: step["after"] for step in retrofit["phases"]}
    found = set()
    for before in after[phase]:
        found |= {before} if before in planned else planned_before(retrofit, planned, before)
    return found


def expected(plan):
    """(site, conversion name) -> {task name: (start, end, names it waits for)}, and deadlines by the same key."""
    inputs, decisions = plan["inputs"], plan["decisions"]
    retrofits = {retrofit["id"]: retrofit for retrofit in inputs["retrofits"]}
    offers = {offer["id"]: offer for offer in inputs["offers"]}
    works = {work["id"]: work for work in inputs["works"]}
    tasks, deadlines = {}, {}
    for one in decisions["conversions"]:
        halls = "1 hall" if one["halls"] == 1 else f"{one['halls']} halls"
        load = float(one["critical_it"].split()[0])
        offer = one["offer"] or "merchant"
        key = (one["site"], f"{one['hall']}: {one['retrofit']} for {offer} ({halls}, {load:.1f} MW-IT)", one["start"])
        retrofit, planned = retrofits[one["retrofit"]], {phase["phase"] for phase in one["phases"]}
        before = {phase: planned_before(retrofit, planned, phase) for phase in planned}
        last = planned - set().union(*before.values(), set())
        stops = {phase["id"] for phase in retrofit["phases"] if phase["stops_mining"]} & planned
        lines = {}
        for phase in one["phases"]:
            name = phase["phase"]
            off = {"mining off"} if name in stops and one["mining_off"] else set()
            lines[name] = (phase["start"], phase["end"], before[name] | off)
        if one["mining_off"]:
            waits = set().union(*(before[phase] for phase in stops), set())
            lines["mining off"] = (one["mining_off"], one["mining_off"], waits)
        needed = set()
        for done in decisions["works"]:
            need = works[done["work"]].get("needed_by")
            halls_in_need = [tuple(hall) for hall in need["halls"]] if need else []
            if (one["site"], one["hall"]) in halls_in_need and float(need["beyond"].split()[0]) == 0:
                if done["finish"] <= one["ready"]:
                    needed.add(done["work"].removeprefix(f"{works[done['work']]['site']}/"))
        lines["ready for service"] = (one["ready"], one["ready"], last | needed)
        lines["commencement"] = (one["commencement"], one["commencement"], {"ready for service"})
        tasks[key] = lines
        dates = offers.get(one["offer"]) or {}
        deadlines[key] = (dates.get("ready_by"), dates.get("long_stop"))
    return tasks, deadlines


def day(moment):
    """The day of a moment that is the beginning of one; another moment as it is."""
    return None if moment is None else str(moment).removesuffix("T00:00")


def names_before(task):
    return {str(link.getPredecessorTask().getName()) for link in task.getPredecessors()}


def compare(plan, project):
    """What differs, as sentences, and how much was compared."""
    tasks, deadlines = expected(plan)
    wrong, count = [], {"conversions": 0, "tasks": 0, "links": 0, "deadlines": 0, "works": 0}

    def same(what, found, wanted):
        if found != wanted:
            wrong.append(f"{what}: {found}, not {wanted}")

    unmatched = dict(tasks)
    for task in project.getTasks():
        parent = task.getParentTask()
        if task.getOutlineLevel() != 2 or "MW-IT)" not in str(task.getName()) or str(parent.getName()) in GROUPS:
            continue
        children = {str(child.getName()): child for child in task.getChildTasks()}
        alike = [key for key in unmatched if key[:2] == (str(parent.getName()), str(task.getName()))]
        fits = [key for key in alike if unmatched[key]["ready for service"][0] == day(children["ready for service"].getStart())]
        if not fits:
            wrong.append(f"no conversion of the plan is {task.getName()} at {parent.getName()}")
            continue
        lines, (ready_by, long_stop) = unmatched.pop(fits[0]), deadlines[fits[0]]
        count["conversions"] += 1
        same(f"{task.getName()} long stop", day(task.getDeadline()), long_stop)
        same(f"{task.getName()} ready by", day(children["ready for service"].getDeadline()), ready_by)
        count["deadlines"] += (ready_by is not None) + (long_stop is not None)
        for name, (start, end, before) in lines.items():
            child = children[name]
            what = f"{task.getName()}/{name}"
            same(what, (day(child.getStart()), day(child.getFinish())), (start, end))
            same(f"{what} baseline", (day(child.getBaselineStart()), day(child.getBaselineFinish())), (start, end))
            same(f"{what} milestone", bool(child.getMilestone()), start == end)
            same(f"{what} waits for", names_before(child), before)
            count["tasks"] += 1
            count["links"] += len(before)
        extra = {name for name in children if name not in lines and not name.startswith(("notice to", "deposit for"))}
        same(f"{task.getName()} has no other parts", extra, set())
    wrong += [f"missing: {key}" for key in unmatched]
    owners = {work["id"]: work["site"] for work in plan["inputs"]["works"]}
    for done in plan["decisions"]["works"]:
        owner = owners[done["work"]]
        parent, name = owner or "Shared works", done["work"].removeprefix(f"{owner}/")
        found = [t for t in project.getTasks() if str(t.getName()) == name and t.getOutlineLevel() == 2]
        found = [t for t in found if str(t.getParentTask().getName()) == parent]
        dates = [(day(t.getStart()), day(t.getFinish())) for t in found]
        same(f"work {done['work']}", dates, [(done["start"], done["finish"])])
        count["works"] += 1
    return wrong, count


GROUPS = {"Shared works", "Reservations", "Offers"}


def dates(project):
    one = lambda task: (str(task.getName()), day(task.getStart()), day(task.getFinish()))
    return {int(task.getUniqueID()): one(task) for task in project.getTasks()}


def moved(project):
    """Tasks that MPXJ moves when it schedules the project as Microsoft Project would."""
    from org.mpxj.cpm import MicrosoftScheduler

    before = dates(project)
    MicrosoftScheduler().schedule(project, project.getProjectProperties().getStartDate())
    after = dates(project)
    return [f"{before[uid]} moves to {after[uid][1:]}" for uid in before if before[uid] != after[uid]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", help="plan.json")
    parser.add_argument("schedule", help="schedule.xml, exported from that plan")
    parser.add_argument("--venv", help="folder in which MPXJ is installed where it is missing")
    arguments = parser.parse_args()
    with_packages(PACKAGES, arguments.venv)
    import jpype
    import mpxj  # noqa: F401: it adds its classes to the path of Java

    jpype.startJVM()
    from org.mpxj.reader import UniversalProjectReader

    plan = json.loads(pathlib.Path(arguments.plan).read_text())
    project = UniversalProjectReader().read(arguments.schedule)
    calendar = project.getDefaultCalendar()
    print(f"{len(project.getTasks())} tasks, calendar `{calendar.getName()}`")
    wrong, count = compare(plan, project)
    print("compared: " + ", ".join(f"{number} {what}" for what, number in count.items()))
    shifted = moved(project)
    print(f"scheduled again: {len(shifted)} tasks move")
    for line in wrong + shifted:
        print(f"  {line}")
    return 1 if wrong or shifted else 0


if __name__ == "__main__":
    sys.exit(main())
