"""A class of twelve, handed in and graded once for the tests that only look at it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.grading import Course, grade
from coursekit.report.classroom import Classroom, read_classroom
from coursekit.variants import answered, load_variants
from tests.conftest import Once

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
BY_HAND = "why_templates_fail"


def read_notebook(kind: str) -> Mapping[str, object]:
    notebook: Mapping[str, object] = json.loads((ROOT / kind / LAB / f"{LAB}.ipynb").read_text())
    return notebook


def hand_in(folder: Path, student: str, answers: Mapping[str, str]) -> Path:
    place = folder / "submitted" / student / LAB
    place.mkdir(parents=True, exist_ok=True)
    released = json.loads((folder / "release" / LAB / f"{LAB}.ipynb").read_text())
    (place / f"{LAB}.ipynb").write_text(json.dumps(answered(released, answers)))
    (place / "timestamp.txt").write_text("2026-01-31 12:00:00 UTC")
    return place / f"{LAB}.ipynb"


@pytest.fixture(scope="session")
def reference() -> Mapping[str, str]:
    """The reference answers, by exercise."""
    return solution_sources(read_notebook("solutions"))


@pytest.fixture(scope="session")
def stubs() -> Mapping[str, str]:
    """The solution cells as they are released."""
    return solution_sources(read_notebook("notebooks"))


@pytest.fixture(scope="session")
def right_answers() -> Mapping[str, list[str]]:
    """The kept right answers, by exercise."""
    found: dict[str, list[str]] = {}
    for variant in load_variants(ROOT / "labs" / LAB):
        if variant.right:
            found.setdefault(variant.slug, []).append(variant.source)
    return found


@pytest.fixture(scope="session")
def graded(
    once: Once,
    reference: Mapping[str, str],
    gradable: Callable[[Path], None],
) -> Path:
    """A course in which a class of twelve has been graded; not to be changed."""

    def fill(place: Path) -> None:
        make_course(place / "course", lab=LAB, root=ROOT)
        gradable(place / "course")
        join(place / "course", reference)
        grade(LAB, course=place / "course", jobs=2)

    return once("report", fill) / "course"


def join(folder: Path, reference: Mapping[str, str]) -> None:
    """Hand in for twelve students, each a case of its own."""
    wrong = {str(variant): variant.source for variant in load_variants(ROOT / "labs" / LAB)}
    hand_in(folder, "right", reference)
    hand_in(folder, "in words", {**reference, BY_HAND: "Horses look both ways."})
    hand_in(folder, "untouched", {})
    hand_in(folder, "half", dict(list(reference.items())[:4]))
    hand_in(folder, "whole matrix", {**reference, "softmax": wrong["softmax-wrong-whole_matrix"]})
    hand_in(folder, "only hidden", {**reference, "softmax": wrong["softmax-wrong-hidden_rows_lost"]})
    hand_in(folder, "nothing right", {"scores": "def scores(W, b, X):\n    return None"})
    hand_in(folder, "dies", {**reference, "softmax_gradient": "import os\nos._exit(1)"})
    hand_in(folder, "<script>alert(1)<|script>", {"scores": "def scores(W, b, X):\n    1 / 0"})
    hand_in(folder, "=1+1", {**reference, "scores": 'raise ValueError("<img src=x onerror=alert(1)>")'})
    mended = hand_in(folder, "mended", reference)
    notebook = json.loads(mended.read_text())
    kept = [
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") != "check_softmax"
    ]
    mended.write_text(json.dumps(notebook | {"cells": kept}))
    (folder / "submitted" / "absent" / LAB).mkdir(parents=True)


@pytest.fixture(scope="session")
def classroom(graded: Path) -> Classroom:
    """What is known of the graded class."""
    return read_classroom(LAB, course=Course(graded))


@pytest.fixture
def copied(graded: Path, tmp_path: Path) -> Path:
    """The graded course, in a copy that a test may change."""
    return Path(shutil.copytree(graded, tmp_path / "copied"))
