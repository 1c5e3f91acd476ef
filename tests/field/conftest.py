"""Every case handed in, graded once for each lab; and the same notebooks run in kernels of their own."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from coursekit.grading import Record, grade
from tests.field.case import hand_in, make_cut_course
from tests.field.every_case import CASES

#: Small, so that what is endless ends soon.
LIMITS = {"cell_s": 8, "call_s": 2, "submission_s": 80, "memory_mib": 512}


class Outcome(NamedTuple):
    """A lab's cases, graded.

    Attributes:
        folder: The course.
        records: What grading says, by student.
    """

    folder: Path
    records: Mapping[str, Record]


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's own Jupyter and IPython settings out of the tests."""
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path_factory.getbasetemp() / "jupyter"))


@pytest.fixture(scope="session")
def outcome_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    """A function that returns the outcome of a lab; each lab is graded when it is first asked for."""
    base = tmp_path_factory.mktemp("field")

    @functools.cache
    def outcome(lab: str) -> Outcome:
        folder = base / lab
        make_cut_course(folder, lab)
        for case in CASES:
            if case.lab == lab:
                hand_in(folder, case)
        sandbox = "bubblewrap" if shutil.which("bwrap") else "none"
        found = grade(lab, course=folder, jobs=1, sandbox=sandbox, limits=LIMITS)
        return Outcome(folder, {record.student: record for record in found.records})

    return outcome
