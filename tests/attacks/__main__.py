"""Mount every attack and print what came of it, here and, of some, on plain nbgrader: ``make attacks``.

The class is graded on this machine and through Dask. Where root runs it, both are done again by an ordinary user, and
what submissions leave for one another is looked for both ways.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from coursekit.grading import Record, grade
from tests.attacks.attack import KINDS, LAB, LIMITS, ROOT, Attack, cluster, hand_in_honestly, make_small_course, mount
from tests.attacks.everything import ATTACKS
from tests.attacks.lying import LIES
from tests.attacks.lying import outcome as outcome_of
from tests.attacks.ordinary import as_ordinary_user
from tests.attacks.plain import outcome, prepared

_WIDTHS = (44, 6, 6, 58, 60)


def main() -> None:
    """Grade, print, and exit with 1 if an attack has succeeded."""
    if sys.argv[1:2] == ["--records"]:
        print(json.dumps(scores_here(spread="--spread" in sys.argv)))
        return
    with tempfile.TemporaryDirectory(prefix="coursekit-attacks-") as folder:
        place = Path(folder)
        records = attacked(place / "class")
        peaceful = baseline(place / "peaceful")
        theirs = against_nbgrader(place)
    arrived = handed_on()
    lies = {f"{lie.kind}: {lie.name}": outcome_of(lie) for lie in LIES}
    elsewhere = {
        "through Dask": scores_here(spread=True),
        "by an ordinary user": ordinary_scores(),
        "through Dask, by an ordinary user": ordinary_scores("--spread"),
    }
    successes = []
    for kind, what in KINDS.items():
        print(f"\n{what.upper()}")
        print(line("", "twin", "attack", "coursekit", "plain nbgrader"))
        for attack in (a for a in ATTACKS if a.kind == kind):
            mine, honest = records[attack.student], records[attack.honest]
            if mine.score > honest.score or honest.score != peaceful[attack.honest].score:
                successes.append(attack.name)
            print(
                line(
                    attack.name, f"{honest.score:g}", f"{mine.score:g}", said(attack, mine), theirs.get(attack.name, "")
                )
            )
    print("\nHAND SOMETHING ON TO THE NEXT SUBMISSION")
    for name, found in arrived.items():
        print(line(name, "", "", found, ""))
    successes += [name for name, found in arrived.items() if "arrived" in found]
    print("\nLIE ABOUT WHAT IS MEASURED IN ONE'S OWN PROCESS")
    for name, earned in lies.items():
        words = " ".join([*earned["noticed"], *earned["said"]]).strip()
        print(line(name, f"{earned['twin']:g}", f"{earned['score']:g}", words, ""))
    successes += [name for name, earned in lies.items() if earned["score"] > earned["twin"]]
    print()
    for how, scores in elsewhere.items():
        if scores is None:
            print(f"Not graded {how}: that takes root, and a Python that others can read.")
            continue
        others = [name for name, score in scores.items() if score != records[name].score]
        print(f"Graded {how}: {len(scores)} rows, {len(others)} with another score.", *others)
        # What holds up its own process earns more or less, as the machine is quick or slow.
        successes += [f"{a.name} ({how})" for a in ATTACKS if scores[a.student] > records[a.honest].score]
        successes += sorted({f"{a.honest} ({how})" for a in ATTACKS if scores[a.honest] != peaceful[a.honest].score})
    broken = sum(text != "held" for text in theirs.values())
    print(f"\n{len(ATTACKS) + len(LIES)} attacks: {len(successes)} did harm under coursekit.", *successes)
    print(f"{len(theirs)} of them on plain nbgrader: {broken} did harm.")
    sys.exit(1 if successes else 0)


def handed_on() -> dict[str, str]:
    """Try to hand something on, as who we are and as an ordinary user; return what arrived, by what was tried."""
    program = [sys.executable, str(Path(__file__).with_name("handing_on.py"))]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    with tempfile.TemporaryDirectory(prefix="coursekit-attacks-") as folder:
        again = as_ordinary_user(program, Path(folder))
    if again is not None:
        found |= {f"{name}, by an ordinary user": text for name, text in json.loads(again.stdout).items()}
    return dict(found)


def ordinary_scores(*options: str) -> Mapping[str, float] | None:
    """Have an ordinary user grade the class; return the scores by student, or None where that cannot be done."""
    program = [sys.executable, "-m", "tests.attacks", "--records", *options]
    with tempfile.TemporaryDirectory(prefix="coursekit-attacks-") as folder:
        done = as_ordinary_user(program, Path(folder), PYTHONPATH=str(ROOT))
    return json.loads(done.stdout.splitlines()[-1]) if done is not None else None


def scores_here(*, spread: bool = False) -> Mapping[str, float]:
    """Grade the class with its attackers, on this machine or through Dask; return the scores by student."""
    with tempfile.TemporaryDirectory(prefix="coursekit-attacks-") as folder:
        found = attacked(Path(folder) / "class", spread=spread)
        return {student: record.score for student, record in found.items()}


def attacked(course: Path, *, spread: bool = False) -> dict[str, Record]:
    """Grade the class with its attackers, on this machine or through Dask."""
    make_small_course(course)
    hand_in_honestly(course, ATTACKS)
    for attack in ATTACKS:
        mount(course, attack)
    with cluster() if spread else nullcontext() as address:
        outcome = grade(LAB, course=course, limits=LIMITS, executor=address)
    return {record.student: record for record in outcome.records}


def baseline(course: Path) -> dict[str, Record]:
    """Grade the class without them."""
    make_small_course(course)
    hand_in_honestly(course, ATTACKS)
    return {record.student: record for record in grade(LAB, course=course, limits=LIMITS).records}


def against_nbgrader(place: Path) -> dict[str, str]:
    """Mount some attacks on plain nbgrader, each in a class of its own."""
    course = prepared(place / "plain")
    chosen = [attack for attack in ATTACKS if attack.plain]
    found = {}
    for i, attack in enumerate(chosen):
        print(f"\rplain nbgrader: {i + 1}/{len(chosen)} {attack.name:60}", end="", file=sys.stderr, flush=True)
        found[attack.name] = outcome(course, attack, place / f"plain-{i}")
    print(file=sys.stderr)
    return found


def said(attack: Attack, record: Record) -> str:
    """Return the line of a record that names the cause."""
    messages = [check.message for exercise in record.exercises for check in exercise.checks]
    for text in (record.message, *messages):
        if re.search(attack.cause, text):
            return f"{record.status}: {text}"
    return record.status


def line(*columns: str) -> str:
    """Lay out one line of the table."""
    cells = [
        text if len(text) <= width else text[: width - 1] + "…" for text, width in zip(columns, _WIDTHS, strict=True)
    ]
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


if __name__ == "__main__":
    main()
