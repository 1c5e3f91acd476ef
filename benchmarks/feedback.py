"""What a page of feedback costs, beside nbgrader's own, which writes pages for the same class in the same run.

A class hands in lab 01, with the kept right and wrong answers, and is graded once. Then its pages are written in turn,
several times: by `nbgrader generate_feedback` with nbgrader's template, as nbgrader ships it, and by `coursekit
feedback`, on all cores. Seconds are the whole command's, starting up and all. The ratio is that of the medians.

The bar: five times nbgrader's speed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import header

from coursekit.demo import hand_in, make_class, make_course
from coursekit.grading import grade

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
LAB = "01_softmax"
BAR = 5.0
#: A course of plain nbgrader's, without the cleaning of students' HTML.
PLAIN_CONFIG = (
    "c = get_config()\nc.CourseDirectory.course_id = 'coursekit'\nc.CourseDirectory.db_url = 'sqlite:///gradebook.db'\n"
)


def main() -> None:
    """Measure, print, and keep the raw figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side writes all pages (default: 3)")
    parser.add_argument("--students", type=int, default=390, help="size of the class (default: 390)")
    options = parser.parse_args()
    outcome: dict[str, Any] = {"machine": header("nbgrader", "nbconvert", "latex2mathml"), "students": options.students}
    print(json.dumps(outcome["machine"], indent=1))
    with tempfile.TemporaryDirectory(prefix="coursekit-bench-") as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        print(f"\ngrading {options.students} students once")
        make(ours, options.students)
        shutil.copytree(ours, theirs)
        (theirs / "nbgrader_config.py").write_text(PLAIN_CONFIG, encoding="utf-8")
        commands = {
            "nbgrader": (theirs, ("nbgrader", "generate_feedback", LAB, "--force", "--log-level=ERROR")),
            "coursekit": (ours, ("coursekit", "feedback", LAB, "--course", ".")),
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, (course, command) in commands.items():
                seconds[name].append(timed(course, command, options.students))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ratio = medians["nbgrader"] / medians["coursekit"]
    for name, values in seconds.items():
        spread = f"{min(values):.1f} to {max(values):.1f}, n = {len(values)}"
        per_page = 1000 * medians[name] / options.students
        print(f"  {name:10} {medians[name]:7.1f} s ({spread}), {per_page:6.0f} ms per page")
    RESULTS.mkdir(exist_ok=True)
    outcome |= {"seconds": seconds, "ratio": ratio}
    (RESULTS / "feedback.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    print(f"\n{ratio:.1f} times nbgrader's speed; the bar is {BAR:g}.")
    sys.exit(0 if ratio >= BAR else 1)


def make(course: Path, students: int) -> None:
    """Make a course in which a class has been graded."""
    make_course(course, lab=LAB, root=ROOT)
    members = make_class(ROOT / "labs" / LAB, ROOT / "solutions" / LAB / f"{LAB}.ipynb")
    for number in range(students):
        member = members[number % len(members)]
        hand_in(type(member)(f"{member.student}-{number:04}", member.answers, member.variants), course, LAB)
    grade(LAB, course=course)


def timed(course: Path, command: tuple[str, ...], students: int) -> float:
    """Run a command in a course that has no pages, and return its seconds."""
    shutil.rmtree(course / "feedback", ignore_errors=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    began = time.perf_counter()
    subprocess.run(command, cwd=course, env=os.environ | {"PATH": path}, check=True, stdout=subprocess.DEVNULL)
    took_s = time.perf_counter() - began
    n = len(list((course / "feedback").glob(f"*/{LAB}/{LAB}.html")))
    if n != students:
        raise SystemExit(f"{command[0]} wrote {n} pages for {students} students.")
    return took_s


if __name__ == "__main__":
    main()
