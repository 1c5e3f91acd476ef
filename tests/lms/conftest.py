"""Downloads and tables in the formats of Canvas and Moodle, and courses to try them on."""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.variants import answered

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
Zipped = Callable[..., Path]
Notebook = Callable[..., bytes]
Grades = Callable[[Mapping[str, float]], Path]

CONFIG = """
from coursekit.grading import configure
c = get_config()
configure(c, __file__)
"""


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's own Jupyter settings out of the tests."""
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path_factory.getbasetemp() / "jupyter"))
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which a lab has been released, and nobody has handed in anything."""
    folder = tmp_path / "course"
    (folder / "release" / LAB).mkdir(parents=True)
    (folder / "release" / LAB / f"{LAB}.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
    (folder / "nbgrader_config.py").write_text(CONFIG)
    return folder


@pytest.fixture
def whole_course(tmp_path: Path, gradable: Callable[[Path], None]) -> Path:
    """A course that can be graded in."""
    folder = tmp_path / "course"
    make_course(folder, lab=LAB, root=ROOT)
    gradable(folder)
    return folder


@pytest.fixture
def zipped(tmp_path: Path) -> Zipped:
    """A function that packs files into a zip as a download has them."""

    def pack(files: Mapping[str, bytes | str], name: str = "submissions.zip", when: int = 2026) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for path, content in files.items():
                packed.writestr(zipfile.ZipInfo(path, (when, 1, 31, 12, 0, 0)), content)
        return tmp_path / name

    return pack


@pytest.fixture
def notebook() -> Notebook:
    """A function that answers the first exercises of the lab rightly, as many as are asked for."""
    released = json.loads((ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text())
    reference = solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text()))

    def make(n_answers: int) -> bytes:
        return json.dumps(answered(released, dict(list(reference.items())[:n_answers]))).encode()

    return make


@pytest.fixture(scope="session")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook that knows the lab's cells and no student, to be copied: making one takes seconds."""
    file = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # nbgrader's own use of its database.
        warnings.simplefilter("ignore", SAWarning)
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(f"sqlite:///{file}", "coursekit") as book:
            book.add_assignment(LAB)
            book.add_notebook(LAB, LAB)
            book.add_grade_cell("check_softmax", LAB, LAB, max_score=18, cell_type="code")
            book.add_grade_cell("why", LAB, LAB, max_score=2, cell_type="markdown")
    return file


@pytest.fixture
def graded(course: Path, gradebook: Path) -> Grades:
    """A function that enters scores out of 20 into the course's gradebook."""

    def enter(scores: Mapping[str, float]) -> Path:
        shutil.copy(gradebook, course / "gradebook.db")
        (course / "hidden").mkdir(exist_ok=True)
        with Gradebook(f"sqlite:///{course}/gradebook.db", "coursekit") as book, warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            for student, score in scores.items():
                book.add_student(student)
                book.add_submission(LAB, student)
                for cell, points in (("check_softmax", score), ("why", 0)):
                    grade = book.find_grade(cell, LAB, LAB, student)
                    grade.auto_score, grade.needs_manual_grade = points, False
            book.db.commit()
        return course

    return enter
