"""Grading that is killed at random moments, again and again: ``make kills``.

Now a worker is killed, now a supervisor, now the process that reads, now the grader itself, all by SIGKILL. No grade
that was written before may be gone or another one after it, and in the end everybody has the grade that they deserve.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.attacks.attack import LAB, hand_in, make_small_course, reference
from tests.attacks.family import family

#: What to look for in a command line; the grader is who is left.
VICTIMS = {"worker": "spawn_main", "supervisor": "sandbox.worker", "reader": "grading.reader", "grader": ""}
N_STUDENTS = 24
PATIENCE_S = 120.0
GRADE = "from coursekit.cli import main; import sys; sys.exit(main(sys.argv[1:]))"
SCORES = """
    select submitted_assignment.student_id, sum(grade.auto_score) from grade
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    group by submitted_assignment.student_id
"""


def main() -> None:
    """Kill so many times; exit with 1 if a grade was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="how often to kill (default: 100)")
    parser.add_argument("--seed", type=int, default=0, help="what the moments are drawn from (default: 0)")
    options = parser.parse_args()
    counts, lost = killed(options.kills, random.Random(options.seed))
    print(f"killed: {', '.join(f'{n} {victim}s' for victim, n in counts.items())}")
    print(f"grades lost or changed: {lost or 'none'}")
    sys.exit(1 if lost else 0)


def killed(n_kills: int, rng: random.Random) -> tuple[dict[str, int], list[str]]:
    """Kill processes while classes are graded; return how many of which kind, and what was lost."""
    counts, lost, classes = dict.fromkeys(VICTIMS, 0), list[str](), 0
    with tempfile.TemporaryDirectory(prefix="coursekit-kills-") as folder:
        while sum(counts.values()) < n_kills:
            classes += 1
            course = Path(folder) / str(classes)
            deserved = handed_in(course)
            while len(written(course)) < N_STUDENTS and sum(counts.values()) < n_kills:
                lost += one_run(course, rng, counts, deserved)
            finished = grading(course)
            finished.wait(PATIENCE_S)
            lost += [
                f"{student}: {score}" for student, score in deserved.items() if written(course).get(student) != score
            ]
    return counts, lost


def handed_in(course: Path) -> dict[str, float]:
    """Make a class; return the score that each student deserves."""
    make_small_course(course)
    right = reference()
    for i in range(N_STUDENTS):
        hand_in(course, f"student-{i:02}", right if i % 2 else {"scores": right["scores"]})
    return {f"student-{i:02}": 6.0 if i % 2 else 1.0 for i in range(N_STUDENTS)}


def one_run(course: Path, rng: random.Random, counts: dict[str, int], deserved: dict[str, float]) -> list[str]:
    """Start grading, and kill until the grader itself is gone or has done; return what was lost."""
    process, lost = grading(course), list[str]()
    while process.poll() is None and len(written(course)) < N_STUDENTS:
        time.sleep(rng.uniform(0.1, 3))
        victim = rng.choice(list(VICTIMS))
        before = written(course)
        if pid := chosen(process.pid, victim, rng):
            os.kill(pid, signal.SIGKILL)
            counts[victim] += 1
        if victim == "grader":
            process.wait(PATIENCE_S)
        after = written(course)
        lost += [f"{student} had {score}" for student, score in before.items() if after.get(student) != score]
    process.wait(PATIENCE_S)
    return lost + [f"{student}: {score}" for student, score in written(course).items() if deserved[student] != score]


def grading(course: Path) -> subprocess.Popen[bytes]:
    """Begin to grade a class."""
    command = [sys.executable, "-c", GRADE, "grade", LAB, "--course", str(course), "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def chosen(grader: int, victim: str, rng: random.Random) -> int:
    """Return the id of a process to kill; 0 if there is none of its kind."""
    found = family(grader)
    found.pop(grader, None)
    pids = [pid for pid, command in found.items() if VICTIMS[victim] in command]
    return grader if victim == "grader" else rng.choice(pids) if pids else 0


def written(course: Path) -> dict[str, float]:
    """Return the scores of those whose grades and graded notebook are there, by student."""
    if not (course / "gradebook.db").exists():
        return {}
    with sqlite3.connect(course / "gradebook.db", timeout=30) as database:
        scores = dict(database.execute(SCORES))
    done = {path.parent.parent.name for path in (course / "autograded").glob(f"*/{LAB}/{LAB}.ipynb")}
    return {student: score for student, score in scores.items() if student in done}


if __name__ == "__main__":
    main()
