from __future__ import annotations

import csv
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from sqlalchemy.exc import SAWarning

LAB = "lab"
CONFIG = """
from coursekit.grading import configure
c = get_config()
configure(c, __file__)
"""
#: Names as they are in the gradebook and, as a spreadsheet reads the file, in the exported table.
NAMES = {
    "=cmd|'/c calc'!A1": "'=cmd|'/c calc'!A1",
    "+SUM(A1:A9)": "'+SUM(A1:A9)",
    "-2+3+cmd": "'-2+3+cmd",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1+1": "\\t=1+1",
    "\r=1+1": "\\r=1+1",
    "\n=1+1": "\\n=1+1",
    "＝1+1": "'＝1+1",
    "  =1+1": "'  =1+1",
    "Ann,=1+1": "Ann,=1+1",
    "Ann;=1+1": "Ann;'=1+1",
    "Ann;'=1+1": "Ann;'=1+1",
    "Ann; -Marie": "Ann; '-Marie",
    'Ann","=1+1': 'Ann","=1+1',
    "Ann\n=1+1": "Ann\\n=1+1",
    "-17": "-17",
    "+4.5": "+4.5",
    "O'Brien": "O'Brien",
    "Jürgen {0} %s": "Jürgen {0} %s",
    "a=b": "a=b",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose gradebook has a student for each name, one of whom has handed in, late."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        book = Gradebook(f"sqlite:///{folder}/gradebook.db", "coursekit")
    with book, warnings.catch_warnings():
        # nbgrader's own use of its database.
        warnings.simplefilter("ignore", SAWarning)
        book.add_assignment(LAB, duedate="2026-01-31 12:00:00")
        book.add_notebook(LAB, LAB)
        book.add_grade_cell("written", LAB, LAB, max_score=3, cell_type="code")
        for i, name in enumerate(NAMES):
            book.add_student(f"s{i:02}", last_name=name, first_name=None, email="a@b.example")
        book.add_student("=1+1", last_name="x")
        book.add_submission(LAB, "=1+1", timestamp="2026-01-31 13:00:00")
        book.find_grade("written", LAB, LAB, "=1+1").auto_score = 2
        book.find_submission(LAB, "=1+1").notebooks[0].late_submission_penalty = 5
        book.db.commit()
    return folder


@pytest.fixture
def in_course(course: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The course, as the working folder."""
    monkeypatch.chdir(course)
    yield course
    (course / "grades.csv").unlink(missing_ok=True)


def export(*arguments: str) -> None:
    """Run ``nbgrader export``."""
    app = ExportApp()
    app.initialize(["--log-level=ERROR", *arguments])
    app.start()


def rows(file: Path) -> Mapping[str, Mapping[str, str]]:
    """Read a table as a spreadsheet does, by student."""
    with file.open(newline="") as opened:
        return {row["student_id"]: row for row in csv.DictReader(opened, strict=True)}


def test_names_are_no_formulas_and_stay_in_their_cells(in_course: Path) -> None:
    export()
    names = {row["last_name"] for student, row in rows(in_course / "grades.csv").items() if student.startswith("s")}
    assert names == set(NAMES.values())


def test_a_students_id_is_no_formula_and_keeps_its_grade(in_course: Path) -> None:
    export()
    row = rows(in_course / "grades.csv")["'=1+1"]
    assert {name: row[name] for name in ("raw_score", "late_submission_penalty", "score", "max_score")} == {
        "raw_score": "2.0",
        "late_submission_penalty": "5.0",
        "score": "0.0",
        "max_score": "3.0",
    }
    assert row["timestamp"] == "2026-01-31 13:00:00"


def test_what_nbgrader_leaves_empty_stays_empty(in_course: Path) -> None:
    export()
    row = rows(in_course / "grades.csv")["s00"]
    assert (row["first_name"], row["timestamp"], row["score"], row["email"]) == ("", "", "0.0", "a@b.example")


def test_one_student_can_be_exported(in_course: Path) -> None:
    export("--student==1+1", "--assignment=lab", "--to=one.csv")
    assert list(rows(in_course / "one.csv")) == ["'=1+1"]


def test_another_exporter_can_be_named(in_course: Path) -> None:
    export("--exporter=nbgrader.plugins.CsvExportPlugin", "--student=s00")
    assert next(iter(rows(in_course / "grades.csv").values()))["last_name"] == next(iter(NAMES))
