"""Grading that is killed: nothing written is lost, nothing keeps running, and the next run does the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from coursekit.grading import grade

pytestmark = pytest.mark.long

LAB = "01_softmax"
N_STUDENTS = 8
PATIENCE_S = 120
SLOW = "import time\ntime.sleep(1)\n"
GRADE = "from coursekit.cli import main; import sys; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def full(course: Path, reference: Mapping[str, str], hand_in: Callable[..., Path]) -> Path:
    """A course in which some students have handed in work that takes long enough to be stopped at."""
    for i in range(N_STUDENTS):
        hand_in(course, f"student-{i}", ({"scores": reference["scores"]} if i % 2 else {}) | {"softmax": SLOW})
    return course


@pytest.fixture
def grading(full: Path, gradebook: Callable[[Path], Any]) -> Iterator[subprocess.Popen[str]]:
    """``coursekit grade`` on that course, which has just begun to write; all else that a test needs is ready."""
    with subprocess.Popen(
        [sys.executable, "-c", GRADE, "grade", LAB, "--course", str(full), "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        until(lambda: bool(graded(full)))
        yield process
        process.kill()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def graded(course: Path) -> list[str]:
    """List the students whose graded notebooks are there."""
    return sorted(path.parent.parent.name for path in (course / "autograded").glob(f"*/{LAB}/{LAB}.ipynb"))


def processes() -> dict[int, tuple[int, str]]:
    """Return all processes, each with its parent's id and its command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
            found[int(folder.name)] = (parent, (folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def below(pid: int) -> dict[int, str]:
    """Return a process's descendants, with their command lines."""
    everything = processes()
    found, waiting = {}, [pid]
    while waiting:
        parent = waiting.pop()
        for child, (its_parent, command) in everything.items():
            if its_parent == parent:
                found[child] = command
                waiting.append(child)
    return found


def assert_all_is_graded(course: Path, gradebook: Callable[[Path], Any]) -> None:
    with gradebook(course) as opened:
        scores = {submission.student.id: submission.score for submission in opened.assignment_submissions(LAB)}
    assert scores == {f"student-{i}": i % 2 for i in range(N_STUDENTS)}


@pytest.mark.parametrize("kind", ["spawn_main", "sandbox.worker"], ids=["a grading process", "a sandbox"])
def test_a_process_that_is_killed_costs_time_and_no_grades(
    grading: subprocess.Popen[str], full: Path, gradebook: Callable[[Path], Any], kind: str
) -> None:
    victim = next(pid for pid, command in below(grading.pid).items() if kind in command)
    os.kill(victim, signal.SIGKILL)
    said, _ = grading.communicate(timeout=PATIENCE_S)
    assert grading.returncode == 0, said
    assert_all_is_graded(full, gradebook)


def test_a_grader_that_is_killed_has_lost_nothing_and_leaves_nothing_running(
    grading: subprocess.Popen[str], full: Path, gradebook: Callable[[Path], Any]
) -> None:
    family = below(grading.pid)
    os.kill(grading.pid, signal.SIGKILL)
    grading.wait()
    before = graded(full)
    until(lambda: not set(family) & set(processes()))
    outcome = grade(LAB, course=full, jobs=1)
    assert outcome.kept == len(before) > 0
    assert_all_is_graded(full, gradebook)
    assert not list((full / "autograded").rglob(".*"))


def test_a_worker_of_a_cluster_that_is_killed_costs_time_and_no_grades(
    full: Path, gradebook: Callable[[Path], Any]
) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:

        def kill_one(done: int, total: int, record: object) -> None:
            if done == 1:
                os.kill(cluster.workers[0].pid, signal.SIGKILL)

        outcome = grade(LAB, course=full, executor=cluster.scheduler_address, progress=kill_one)
    assert [record.status for record in outcome.records] == ["graded"] * N_STUDENTS
    assert_all_is_graded(full, gradebook)
