"""All attacks mounted in one class, graded once for all tests; beside it the same class without them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from coursekit.grading import Record, grade
from tests.attacks.attack import KINDS, LIMITS, cluster, hand_in_honestly, make_small_course, mount
from tests.attacks.everything import ATTACKS

LAB = "01_softmax"
#: Mounted through Dask as well: some of each class, and the largest file.
SPREAD = [attack for kind in KINDS for attack in [each for each in ATTACKS if each.kind == kind][:3]]
SPREAD += [attack for attack in ATTACKS if attack.name == "lists that fill the memory"]


class Outcome(NamedTuple):
    """A class that has been graded.

    Attributes:
        folder: Its course.
        records: What grading says, by student.
        left: Names of processes and files that were there after it and not before.
    """

    folder: Path
    records: Mapping[str, Record]
    left: list[str]


class Outcomes(NamedTuple):
    """The class with its attackers, without them, with those whom the trusted checks alone must stop, and by Dask."""

    attacked: Outcome
    peaceful: Outcome
    unwalled: Outcome
    spread: Outcome


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """The four classes, graded."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    return _grade_all(tmp_path_factory.mktemp("attacks"))


def _grade_all(base: Path) -> Outcomes:
    free = [attack for attack in ATTACKS if not attack.sandboxed and attack.kind in ("forging", "subject")]
    courses = {name: base / name for name in Outcomes._fields}
    mounted = {"attacked": ATTACKS, "peaceful": [], "unwalled": free, "spread": SPREAD}
    for name, course in courses.items():
        make_small_course(course)
        hand_in_honestly(course, mounted[name] or ATTACKS)
        for attack in mounted[name]:
            mount(course, attack)
    return Outcomes(
        _grade(courses["attacked"], "bubblewrap"),
        _grade(courses["peaceful"], "bubblewrap"),
        _grade(courses["unwalled"], "none"),
        _grade(courses["spread"], "bubblewrap", spread=True),
    )


def _grade(course: Path, sandbox: str, *, spread: bool = False) -> Outcome:
    before = surroundings()
    with cluster() if spread else nullcontext() as address:
        outcome = grade(LAB, course=course, jobs=2, sandbox=sandbox, limits=LIMITS, executor=address)
    records = {record.student: record for record in outcome.records}
    return Outcome(course, records, sorted(surroundings() - before))


def surroundings() -> set[str]:
    """List what a submission could leave on this machine: files in shared folders, and workers."""
    files = {str(path) for path in Path("/dev/shm").iterdir() if not path.name.startswith("sem.")}
    workers = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text()
        except OSError:
            continue
        if "sandbox.worker" in command:
            parent = (process / "stat").read_text().rpartition(") ")[2].split()[1]
            workers.add(f"orphan {process.name}") if parent == "1" else None
    return files | workers
