from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from coursekit.checking import VERDICT_MIME
from coursekit.errors import CourseError
from coursekit.grading import Course, Record
from coursekit.grading.check_cell import exercise_of
from coursekit.grading.gradebook import GradebookWriter
from coursekit.grading.submission import Receipt, SubmissionError

LAB = "01_softmax"
WHEN = datetime(2026, 2, 1, 12)
Open = Callable[[Path], Any]


@pytest.fixture
def writer(copied: Path) -> GradebookWriter:
    return GradebookWriter(Course(copied), LAB)


@pytest.fixture
def run_notebook(copied: Path) -> Callable[[float], NotebookNode]:
    """A function that gives the released notebook as if it had run and earned a fraction of all points."""

    def run(fraction: float) -> NotebookNode:
        notebook = Course(copied).released(LAB)
        for cell in notebook.cells:
            if slug := exercise_of(cell):
                points = cell.metadata.nbgrader.points
                verdict = {"name": slug, "score": points * fraction, "max_score": points, "checks": []}
                data = {"text/plain": str(points * fraction), VERDICT_MIME: verdict}
                cell.outputs = [new_output("execute_result", data=data)]
        return notebook

    return run


def score(gradebook: Open, folder: Path, student: str) -> float:
    with gradebook(folder) as opened:
        found: float = opened.find_submission(LAB, student).score
    return found


# writing


def test_a_new_student_is_entered_with_grades_notebook_timestamp_and_secret(
    writer: GradebookWriter,
    copied: Path,
    run_notebook: Callable[[float], NotebookNode],
    gradebook: Open,
    records: Mapping[str, Record],
) -> None:
    record = replace(records["right"], student="new")
    writer.write(record, run_notebook(0.5), Receipt(WHEN, "s3cret"), "digest")
    assert score(gradebook, copied, "new") == 10
    folder = copied / "autograded" / "new" / LAB
    assert {path.name for path in folder.iterdir()} == {f"{LAB}.ipynb", "timestamp.txt", "submission_secret.txt"}
    assert (folder / "timestamp.txt").read_text() == "2026-02-01 12:00:00.000000 UTC"
    assert (folder / "submission_secret.txt").read_text() == "s3cret"
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "new").timestamp == WHEN


def test_a_new_hand_in_replaces_the_grade_and_spares_what_was_given_by_hand(
    writer: GradebookWriter,
    copied: Path,
    run_notebook: Callable[[float], NotebookNode],
    gradebook: Open,
    records: Mapping[str, Record],
) -> None:
    with gradebook(copied) as opened:
        opened.find_grade("why_templates_fail", LAB, LAB, "right").manual_score = 1.5
        opened.find_comment("why_templates_fail", LAB, LAB, "right").manual_comment = "well put"
        opened.db.commit()
    writer.write(records["right"], run_notebook(0), Receipt(None), "digest")
    assert score(gradebook, copied, "right") == 1.5
    with gradebook(copied) as opened:
        assert opened.find_comment("why_templates_fail", LAB, LAB, "right").comment == "well put"
        assert opened.find_submission(LAB, "right").timestamp is None


def test_a_student_who_takes_a_hand_in_back_has_no_points_and_no_notebook(
    writer: GradebookWriter, copied: Path, gradebook: Open
) -> None:
    assert score(gradebook, copied, "right") == 20
    writer.withdraw("right")
    assert score(gradebook, copied, "right") == 0
    assert not (copied / "autograded" / "right" / LAB).exists()


def test_a_student_who_never_handed_in_is_known_without_a_submission(copied: Path, gradebook: Open) -> None:
    with gradebook(copied) as opened:
        assert opened.find_student("empty-lab").submissions == []


def test_a_late_submission_is_penalised_by_the_courses_own_rule(
    copied: Path, run_notebook: Callable[[float], NotebookNode], gradebook: Open, records: Mapping[str, Record]
) -> None:
    rule = """
from nbgrader.plugins import BasePlugin
class Strict(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 7
c.AssignLatePenalties.plugin_class = Strict
"""
    config = copied / "nbgrader_config.py"
    config.write_text(config.read_text() + rule)
    with gradebook(copied) as opened:
        opened.update_or_create_assignment(LAB, duedate="2026-01-01 12:00:00 UTC")
    writer = GradebookWriter(Course(copied), LAB)
    writer.write(records["right"], run_notebook(1), Receipt(WHEN), "digest")
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").late_submission_penalty == 7
    writer.write(records["right"], run_notebook(1), Receipt(datetime(2025, 12, 1)), "digest")
    with gradebook(copied) as opened:
        assert not opened.find_submission(LAB, "right").late_submission_penalty


def test_a_notebook_whose_grades_cannot_be_read_is_refused(
    writer: GradebookWriter, run_notebook: Callable[[float], NotebookNode], records: Mapping[str, Record]
) -> None:
    notebook = run_notebook(1)
    notebook.cells[-1].metadata.nbgrader = {"grade": True, "grade_id": "unknown", "points": 1, "schema_version": 3}
    with pytest.raises(SubmissionError, match="not those of the released notebook"):
        writer.write(records["right"], notebook, Receipt(), "digest")


def test_half_a_character_in_an_output_does_no_harm(
    writer: GradebookWriter, copied: Path, run_notebook: Callable[[float], NotebookNode], records: Mapping[str, Record]
) -> None:
    notebook = run_notebook(1)
    printing = next(cell for cell in notebook.cells if cell.cell_type == "code")
    printing.outputs = [new_output("stream", text="half: \ud83d")]
    writer.write(records["right"], notebook, Receipt(), "digest")
    written = nbformat.read(copied / "autograded" / "right" / LAB / f"{LAB}.ipynb", as_version=4)
    assert "half: ?" in {
        output.text for cell in written.cells for output in cell.get("outputs", []) if "text" in output
    }


def modes(folder: Path) -> set[str]:
    return {stat.filemode(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}


def test_grades_are_for_their_owners_eyes(course: Path, no_umask: None) -> None:
    writer = GradebookWriter(Course(course), LAB)
    record = Record("ada", LAB, "graded", 0, 20, 0, "", ())
    writer.write(record, Course(course).released(LAB), Receipt(WHEN), "digest")
    assert modes(course / "autograded") == {"drwx------", "-rw-------"}
    assert stat.filemode((course / "gradebook.db").stat().st_mode) == "-rw-------"


def test_a_course_shared_with_a_group_lets_the_group_in(copied: Path, no_umask: None) -> None:
    config = copied / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.groupshared = True\n")
    writer = GradebookWriter(Course(copied), LAB)
    record = Record("ada", LAB, "graded", 0, 20, 0, "", ())
    writer.write(record, Course(copied).released(LAB), Receipt(WHEN), "digest")
    assert modes(copied / "autograded" / "ada") == {"drwxrws---", "-rw-rw----"}


# what was graded before


def receipt() -> Receipt:
    return Receipt(datetime(2026, 1, 31, 12))


def digest(folder: Path, student: str) -> str:
    notebook = nbformat.read(folder / "autograded" / student / LAB / f"{LAB}.ipynb", as_version=4)
    found: str = notebook.metadata.coursekit.digest
    return found


def test_a_record_is_kept_while_nothing_has_changed(
    writer: GradebookWriter, copied: Path, records: Mapping[str, Record]
) -> None:
    assert writer.kept("wrong", digest(copied, "wrong"), receipt()) == records["wrong"]
    assert writer.kept("wrong", "another digest", receipt()) is None
    assert writer.kept("wrong", digest(copied, "wrong"), Receipt(WHEN)) is None
    assert writer.kept("nobody", digest(copied, "wrong"), receipt()) is None


def test_a_record_is_not_kept_if_the_gradebook_says_otherwise(copied: Path, gradebook: Open) -> None:
    with gradebook(copied) as opened:
        opened.find_grade("check_softmax", LAB, LAB, "right").auto_score = 0
        opened.db.commit()
    writer = GradebookWriter(Course(copied), LAB)
    assert writer.kept("right", digest(copied, "right"), receipt()) is None
    (copied / "gradebook.db").unlink()
    assert GradebookWriter(Course(copied), LAB).kept("wrong", digest(copied, "wrong"), receipt()) is None


@pytest.mark.parametrize("text", ["{", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})])
def test_a_graded_notebook_that_someone_else_wrote_is_not_kept(
    writer: GradebookWriter, copied: Path, text: str
) -> None:
    before = digest(copied, "right")
    (copied / "autograded" / "right" / LAB / f"{LAB}.ipynb").write_text(text)
    assert writer.kept("right", before, receipt()) is None


# the gradebook itself


def without(folder: Path, *cells: str) -> None:
    path = folder / "release" / LAB / f"{LAB}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in cells]
    path.write_text(json.dumps(notebook))


def test_a_lab_whose_cells_changed_after_the_hand_in_is_refused_and_nothing_is_lost(copied: Path) -> None:
    without(copied, "predict", "check_predict")
    before = (copied / "gradebook.db").read_bytes()
    with pytest.raises(CourseError, match=r"other cells than the gradebook.*gone: check_predict, predict.*Release"):
        GradebookWriter(Course(copied), LAB)
    assert (copied / "gradebook.db").read_bytes() == before


def test_before_anyone_has_handed_in_cells_may_change(course: Path, gradebook: Open) -> None:
    GradebookWriter(Course(course), LAB)
    without(course, "predict", "check_predict")
    GradebookWriter(Course(course), LAB)
    with gradebook(course) as opened:
        assert "check_predict" not in {cell.name for cell in opened.find_notebook(LAB, LAB).grade_cells}


def test_a_file_that_is_no_gradebook_is_said_and_left_alone(course: Path) -> None:
    (course / "gradebook.db").write_text("not a database")
    with pytest.raises(CourseError, match=r"gradebook\.db cannot be used.*file is not a database.*move it away"):
        GradebookWriter(Course(course), LAB)
    assert (course / "gradebook.db").read_text() == "not a database"


def test_a_gradebook_of_another_make_is_said(copied: Path) -> None:
    with sqlite3.connect(copied / "gradebook.db") as database:
        database.execute("ALTER TABLE grade RENAME COLUMN auto_score TO score")
    database.close()
    with pytest.raises(CourseError, match="nbgrader db upgrade"):
        GradebookWriter(Course(copied), LAB)


def test_a_folder_that_cannot_be_written_to_is_said(
    writer: GradebookWriter, copied: Path, run_notebook: Callable[[float], NotebookNode], records: Mapping[str, Record]
) -> None:
    shutil.rmtree(copied / "autograded")
    (copied / "autograded").touch()
    with pytest.raises(CourseError, match="cannot be written to"):
        writer.write(records["right"], run_notebook(1), Receipt(), "digest")
