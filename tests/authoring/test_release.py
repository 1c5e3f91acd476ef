from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit.authoring import instructor_notebook, lab_source, notebook_bytes, student_version
from coursekit.errors import SourceError
from tests.authoring.conftest import Course

ADDRESS = "https://github.com/someone/course"
GOLDEN = Path(__file__).parent / "golden"

CONFIG = """\
c = get_config()
from coursekit.authoring import configure

configure(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "release"
"""


def test_the_instructors_notebook_stays_as_it_was(course: Course, lab: str) -> None:
    nb = instructor_notebook(lab_source(course.write(lab)), ADDRESS)
    before = notebook_bytes(nb)
    student = student_version(nb)
    assert notebook_bytes(nb) == before
    assert student.cells[2].source == "def double(x):\n    raise NotImplementedError"


def test_both_notebooks_have_the_same_cell_ids(course: Course, lab: str) -> None:
    nb = instructor_notebook(lab_source(course.write(lab)), ADDRESS)
    assert [cell.id for cell in student_version(nb).cells] == [cell.id for cell in nb.cells]


def test_what_nbgrader_refuses_is_an_error_of_the_source(course: Course, lab: str) -> None:
    nb = instructor_notebook(lab_source(course.write(lab)), ADDRESS)
    nb.cells[0].source = "### BEGIN SOLUTION"
    with pytest.raises(SourceError, match="nbgrader's ClearSolutions refuses the notebook: no end solution"):
        student_version(nb)


def test_outputs_do_not_reach_students(course: Course, lab: str) -> None:
    nb = instructor_notebook(lab_source(course.write(lab)), ADDRESS)
    nb.cells[1].outputs = [nbformat.v4.new_output("stream", text="twice = x + x")]
    assert b"twice" not in notebook_bytes(student_version(nb))


def test_nbgrader_itself_releases_the_same_bytes(course: Course) -> None:
    for case in GOLDEN.iterdir():
        shutil.copytree(case / "source", course.root / "labs" / case.name)
    course.build()
    (course.root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    package = str(Path(sys.modules["coursekit"].__path__[0]).parent)
    environment = {**os.environ, "PYTHONPATH": package, "HOME": str(course.root)}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "--no-db", "--assignment=*"]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for case in GOLDEN.iterdir():
        released = course.root / "release" / case.name / f"{case.name}.ipynb"
        assert released.read_bytes() == course.student(case.name).read_bytes()
