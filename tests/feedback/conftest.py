"""A graded course with people of all sorts in it, for the tests that look at their pages."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SAWarning

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.grading import Course, grade
from coursekit.grading.students import Entered, enter_students
from coursekit.variants import answered, load_variants
from tests.conftest import Once

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
NAMES = {
    "right": "García López, María del Carmen",
    "wrong": "בן דוד, דנה",
    "stops": "محمد, عبد الرحمن",
    "untouched": f"{'Wolfeschlegelstein' * 6}, Hubert",
    "mended": "O'Neil <b>, Seán",
}
WORDS = {"why_templates_fail": "Horses look *both* ways: $x^2$.", "why_the_best_step": "השיפוע הוא $\\nabla f$."}
COMMENT = "Good, but **why**? See $\\sum_i w_i$. <script>pwned=1</script>"


@pytest.fixture(scope="session")
def graded(once: Once, gradable: Callable[[Path], None]) -> Path:
    """A course that has been graded; not to be changed."""

    def fill(place: Path) -> None:
        folder = place / "course"
        make_course(folder, lab=LAB, root=ROOT)
        gradable(folder)
        join(folder)
        grade(LAB, course=folder, jobs=1)
        enter_students(Course(folder), [Entered(student, name) for student, name in NAMES.items()])
        score_by_hand(folder)

    return once("feedback-class", fill) / "course"


def join(folder: Path) -> None:
    """Hand in for everybody."""
    reference = solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text()))
    variants = {str(variant): variant.source for variant in load_variants(ROOT / "labs" / LAB)}
    wrong = {"softmax": variants["softmax-wrong-whole_matrix"]}
    put(folder, "right", work(folder, reference | WORDS))
    put(folder, "wrong", work(folder, reference | wrong))
    put(folder, "untouched", work(folder, {}))
    stops = work(folder, reference)
    stops["cells"].insert(5, own_cell("print(undefined_name)\n1 / 0"))
    stops["cells"].insert(6, own_cell("from IPython.display import HTML\nHTML('<script>pwned=1</script><b>mine</b>')"))
    put(folder, "stops", stops)
    mended = work(folder, reference)
    mended["cells"] = [cell for cell in mended["cells"] if cell.get("id") != "predict"]
    put(folder, "mended", mended)
    put(folder, "cut-short", {}).write_text('{"cells": [')
    (folder / "submitted" / "absent" / LAB).mkdir(parents=True)


def work(folder: Path, answers: Mapping[str, str]) -> dict[str, Any]:
    released = json.loads((folder / "release" / LAB / f"{LAB}.ipynb").read_text())
    return json.loads(json.dumps(answered(released, answers)))  # type: ignore[no-any-return]


def own_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": "own", "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def put(folder: Path, student: str, notebook: Mapping[str, Any]) -> Path:
    place = folder / "submitted" / student / LAB
    place.mkdir(parents=True)
    (place / f"{LAB}.ipynb").write_text(json.dumps(notebook))
    (place / "timestamp.txt").write_text("2026-01-31 12:00:00 UTC")
    (place / "submission_secret.txt").write_text(f"secret of {student}")
    return place / f"{LAB}.ipynb"


def score_by_hand(folder: Path) -> None:
    """Give points and a comment as formgrader does, and take some off for handing in late."""
    from nbgrader.api import Gradebook

    with warnings.catch_warnings():
        # nbgrader's own use of its database.
        warnings.simplefilter("ignore", SAWarning)
        with Gradebook(f"sqlite:///{folder}/gradebook.db", "coursekit") as book:
            given = book.find_grade("why_templates_fail", LAB, LAB, "right")
            given.manual_score, given.needs_manual_grade = 1.5, False
            book.find_comment("why_templates_fail", LAB, LAB, "right").manual_comment = COMMENT
            book.find_comment("softmax", LAB, LAB, "wrong").manual_comment = "Read it aloud."
            book.find_submission(LAB, "wrong").notebooks[0].late_submission_penalty = 2
            book.db.commit()


@pytest.fixture
def copied(graded: Path, tmp_path: Path) -> Path:
    """The graded course, in a copy that a test may change."""
    shutil.copytree(graded, tmp_path / "copied", symlinks=True)
    return tmp_path / "copied"


@pytest.fixture(scope="session")
def pages(graded: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Everybody's page, by student."""
    from coursekit.feedback import write_feedback

    course = tmp_path_factory.mktemp("pages") / "course"
    shutil.copytree(graded, course, symlinks=True)
    write_feedback(LAB, course=course)
    return {file.parts[-3]: file.read_text(encoding="utf-8") for file in (course / "feedback").glob("*/*/*.html")}
