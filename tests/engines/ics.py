"""Reads exported calendars with icalendar and takes them over as a calendar program does: by UID and SEQUENCE.

    planner export plan.json --to ics
    cp export/schedule.ics before.ics
    planner export changed.json --to ics --force
    python3 tests/engines/ics.py plan.json before.ics changed.json export/schedule.ics

What must hold, told from plan.json alone:

    imported twice      the calendar has as many events as after the first time
    ready, commencement, phases  of every conversion are there, on the days of the plan
    imported changed    every event of the changed plan is there on its new day, and what moved is not there twice
"""

import argparse
import datetime
import hashlib
import json
import pathlib
import sys

from packages import with_packages

PACKAGES = {"icalendar": "icalendar"}


def events(path):
    import icalendar

    calendar = icalendar.Calendar.from_ical(pathlib.Path(path).read_bytes())
    return calendar.walk("VEVENT")


def take_over(calendar, path):
    """What a program has after an import: an event replaces that of its UID unless it is older."""
    for event in events(path):
        uid, revision = str(event["UID"]), (int(event.get("SEQUENCE", 0)), event["DTSTAMP"].dt)
        known = calendar.get(uid)
        if known is None or revision >= known[0]:
            calendar[uid] = (revision, event)
    return calendar


def shown(calendar):
    """UID -> first day and day after, of what is not cancelled."""
    active = {uid: event for uid, (_, event) in calendar.items() if str(event.get("STATUS", "")) != "CANCELLED"}
    return {uid: (event["DTSTART"].dt, event["DTEND"].dt) for uid, event in active.items()}


def expected(plan):
    """UID -> days, of conversions: told from plan.json."""
    found, seen = {}, {}
    portfolio = plan["inputs"]["name"]
    digest = lambda text: hashlib.sha256(text.encode()).hexdigest()

    def uid(event):
        told = json.dumps([portfolio, event, 1], ensure_ascii=False, separators=(",", ":"))
        return f"{digest(told)[:32]}@{digest(portfolio)[:16]}.planner"

    for one in sorted(plan["decisions"]["conversions"], key=lambda one: one["start"]):
        name = f"{one['site']}/{one['hall']}/{one['retrofit']}/{one['offer'] or 'merchant'}"
        seen[name] = seen.get(name, 0) + 1
        name += f"@{seen[name]}" if seen[name] > 1 else ""
        day = datetime.date.fromisoformat
        one_day = lambda text: (day(text), day(text) + datetime.timedelta(days=1))
        found[uid(f"{name}/ready-for-service")] = one_day(one["ready"])
        found[uid(f"{name}/commencement")] = one_day(one["commencement"])
        for phase in one["phases"]:
            found[uid(f"{name}/phase/{phase['phase']}")] = (day(phase["start"]), day(phase["end"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", help="plan.json")
    parser.add_argument("schedule", help="schedule.ics, exported from that plan")
    parser.add_argument("changed", help="another plan of the same portfolio")
    parser.add_argument("revised", help="schedule.ics, exported from that one over the first")
    parser.add_argument("--venv", help="folder in which icalendar is installed where it is missing")
    arguments = parser.parse_args()
    with_packages(PACKAGES, arguments.venv)
    wrong = []

    def holds(what, is_so):
        if not is_so:
            wrong.append(what)

    plans = [json.loads(pathlib.Path(path).read_text()) for path in (arguments.plan, arguments.changed)]
    calendar = take_over({}, arguments.schedule)
    once = shown(calendar)
    holds("an id stands twice in the file", len(once) == len(events(arguments.schedule)))
    holds("a second import changes nothing", shown(take_over(calendar, arguments.schedule)) == once)
    told = expected(plans[0])
    holds("the days of the plan", all(once.get(uid) == days for uid, days in told.items()))
    before = dict(once)
    after = shown(take_over(calendar, arguments.revised))
    changed = expected(plans[1])
    holds("the days of the changed plan", all(after.get(uid) == days for uid, days in changed.items()))
    stale = [uid for uid in told if uid not in changed and uid in after]
    holds(f"what is gone is cancelled: {stale[:3]}", not stale)
    active = [event for event in events(arguments.revised) if str(event.get("STATUS", "")) != "CANCELLED"]
    holds("nothing stands twice", len(after) == len(active))
    moved = sum(1 for uid in after if uid in before and before[uid] != after[uid])
    new, gone = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    print(f"{len(once)} events, {len(told)} of conversions compared; then {moved} moved, {new} new, {gone} cancelled")
    for line in wrong:
        print(f"  does not hold: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
