from __future__ import annotations

import copy
import itertools
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.apps.api import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import event

from coursekit.demo import make_course
from coursekit.errors import CourseError
from coursekit.grading import Course, ExerciseRecord, Record
from coursekit.grading import gradebook as module
from coursekit.grading.gradebook import GradebookWriter
from coursekit.grading.record import GradedNotebook
from coursekit.grading.submission import Receipt, SubmissionError

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
ANSWER = "why_templates_fail"
EARLY, WHEN = datetime(2026, 1, 31, 12), datetime(2026, 2, 1, 12)
Open = Callable[[Path], Any]


def cells(course: Path, lab: str = LAB) -> list[dict[str, Any]]:
    """Return nbgrader's metadata of the released cells that are worth points."""
    found = (cell.metadata.get("nbgrader", {}) for cell in Course(course).released(lab).cells)
    return [nbgrader for nbgrader in found if nbgrader.get("grade")]


def graded(course: Path, fraction: float, *, answer: float | None = None, output: str = "") -> GradedNotebook:
    """Return the released notebook as if it had run and earned a fraction of all points."""
    notebook = Course(course).released(LAB)
    if output:
        notebook.cells.append(new_code_cell(outputs=[new_output("stream", text=output)]))
    points = {c["grade_id"]: c["points"] * fraction if c["locked"] else None for c in cells(course)}
    return GradedNotebook(notebook, points | {ANSWER: answer}, (ANSWER,) if answer == 0 else ())


def record(course: Path, student: str, fraction: float) -> Record:
    """Return what grading says of :func:`graded`."""
    own = [cell for cell in cells(course) if cell["locked"]]
    exercises = tuple(
        ExerciseRecord(cell["grade_id"].removeprefix("check_"), cell["points"] * fraction, cell["points"], ())
        for cell in own
    )
    return Record(student, LAB, "graded", 20 * fraction, 20, 1.5, "", exercises)


def put(writer: GradebookWriter, student: str, fraction: float, **options: Any) -> None:
    """Write a student's submission with the digest that is their name."""
    course = writer.course.folder
    receipt = options.pop("receipt", Receipt(EARLY))
    writer.write(record(course, student, fraction), graded(course, fraction, **options), receipt, student)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a gradebook, in which nobody has handed in anything; not to be changed."""
    folder = tmp_path_factory.mktemp("opened") / "course"
    make_course(folder, lab=LAB, root=ROOT)
    GradebookWriter(Course(folder), LAB).close()
    return folder


@pytest.fixture(scope="module")
def attended(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which two students have been graded, and one has handed in nothing; not to be changed."""
    folder = Path(shutil.copytree(opened, tmp_path_factory.mktemp("attended") / "course"))
    with GradebookWriter(Course(folder), LAB) as writer:
        put(writer, "right", 1)
        put(writer, "wrong", 0.5)
        writer.withdraw("absent")
    return folder


@pytest.fixture
def fresh(opened: Path, tmp_path: Path) -> Path:
    """The course in which nobody has handed in anything, in a copy that a test may change."""
    return Path(shutil.copytree(opened, tmp_path / "fresh"))


@pytest.fixture
def copied(attended: Path, tmp_path: Path) -> Path:
    """The course in which two students have been graded, in a copy that a test may change."""
    return Path(shutil.copytree(attended, tmp_path / "copied"))


@pytest.fixture
def writer(copied: Path) -> Iterator[GradebookWriter]:
    with GradebookWriter(Course(copied), LAB) as opened:
        yield opened


def score(gradebook: Open, folder: Path, student: str) -> float:
    with gradebook(folder) as opened:
        found: float = opened.find_submission(LAB, student).score
    return found


def folder_of(course: Path, student: str) -> Path:
    return course / "autograded" / student / LAB


# writing


def test_a_new_student_is_entered_with_grades_notebook_timestamp_and_secret(
    writer: GradebookWriter, copied: Path, gradebook: Open
) -> None:
    put(writer, "new", 0.5, receipt=Receipt(WHEN, "s3cret"))
    assert score(gradebook, copied, "new") == 10
    folder = folder_of(copied, "new")
    assert {path.name for path in folder.iterdir()} == {f"{LAB}.ipynb", "timestamp.txt", "submission_secret.txt"}
    assert (folder / "timestamp.txt").read_text() == "2026-02-01 12:00:00.000000 UTC"
    assert (folder / "submission_secret.txt").read_text() == "s3cret"
    nbformat.validate(nbformat.read(folder / f"{LAB}.ipynb", as_version=nbformat.NO_CONVERT))
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "new").timestamp == WHEN


def test_a_new_hand_in_replaces_the_grade_and_spares_what_was_given_by_hand(
    writer: GradebookWriter, copied: Path, gradebook: Open
) -> None:
    with gradebook(copied) as opened:
        opened.find_grade(ANSWER, LAB, LAB, "right").manual_score = 1.5
        opened.find_grade(ANSWER, LAB, LAB, "right").extra_credit = 0.25
        opened.find_comment(ANSWER, LAB, LAB, "right").manual_comment = "well put"
        opened.db.commit()
    put(writer, "right", 0, receipt=Receipt(None))
    assert score(gradebook, copied, "right") == 1.75
    with gradebook(copied) as opened:
        assert opened.find_comment(ANSWER, LAB, LAB, "right").comment == "well put"
        assert opened.find_grade(ANSWER, LAB, LAB, "right").needs_manual_grade
        assert opened.find_submission(LAB, "right").timestamp is None


def test_formgrader_lists_what_was_written_as_graded(writer: GradebookWriter, copied: Path) -> None:
    for student in ("right", "late"):
        place = copied / "submitted" / student / LAB
        place.mkdir(parents=True)
        (place / "timestamp.txt").write_text("2026-01-31 12:00:00 UTC")
        (place / f"{LAB}.ipynb").touch()
    api = NbGraderAPI(writer.course.directory, config=writer.course.config)
    assert api.get_autograded_students(LAB) == {"right"}
    found = api.get_submission(LAB, "right")
    assert (found["score"], found["needs_manual_grade"], found["autograded"]) == (20, True, True)


def test_cells_without_a_grade_get_none_of_the_points(writer: GradebookWriter, copied: Path, gradebook: Open) -> None:
    some = replace(graded(copied, 1), grades={"check_scores": 1.0})
    writer.write(record(copied, "right", 1), some, Receipt(), "digest")
    assert score(gradebook, copied, "right") == 1


def test_a_student_who_takes_a_hand_in_back_has_no_points_and_no_notebook(
    writer: GradebookWriter, copied: Path, gradebook: Open
) -> None:
    assert score(gradebook, copied, "right") == 20
    writer.withdraw("right")
    assert score(gradebook, copied, "right") == 0
    assert not folder_of(copied, "right").exists()
    assert score(gradebook, copied, "wrong") == 10


def test_a_student_who_never_handed_in_is_known_without_a_submission(copied: Path, gradebook: Open) -> None:
    with gradebook(copied) as opened:
        assert opened.find_student("absent").submissions == []


def test_rows_that_a_submission_lacks_are_added(writer: GradebookWriter, copied: Path, gradebook: Open) -> None:
    with sqlite3.connect(copied / "gradebook.db") as database:
        for table in ("grade", "comment", "submitted_notebook"):
            database.execute(f"DELETE FROM {table}")
    database.close()
    put(writer, "right", 0.5)
    assert score(gradebook, copied, "right") == 10


def test_grades_for_cells_that_the_gradebook_does_not_know_are_refused_and_nothing_changes(
    writer: GradebookWriter, copied: Path, gradebook: Open
) -> None:
    strange = replace(graded(copied, 0), grades={"unknown": 1.0})
    with pytest.raises(SubmissionError, match="not those of the released notebook: unknown"):
        writer.write(record(copied, "right", 0), strange, Receipt(), "digest")
    assert score(gradebook, copied, "right") == 20
    assert folder_of(copied, "right").exists()


def test_half_a_character_in_an_output_does_no_harm(writer: GradebookWriter, copied: Path) -> None:
    put(writer, "right", 1, output="half: \ud83d")
    written = nbformat.read(folder_of(copied, "right") / f"{LAB}.ipynb", as_version=4)
    assert written.cells[-1].outputs[0].text == "half: ?"


def modes(folder: Path) -> set[str]:
    return {stat.filemode(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}


def test_grades_are_for_their_owners_eyes(course: Path, no_umask: None) -> None:
    with GradebookWriter(Course(course), LAB) as writer:
        put(writer, "ada", 1)
    assert modes(course / "autograded") == {"drwx------", "-rw-------"}
    assert stat.filemode((course / "gradebook.db").stat().st_mode) == "-rw-------"


def test_a_course_shared_with_a_group_lets_the_group_in(copied: Path, no_umask: None) -> None:
    config = copied / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.groupshared = True\n")
    with GradebookWriter(Course(copied), LAB) as writer:
        put(writer, "ada", 1)
    assert modes(copied / "autograded" / "ada") == {"drwxrws---", "-rw-rw----"}


@pytest.mark.parametrize("level", ["student", "lab"])
def test_a_link_among_the_graded_notebooks_is_taken_away_and_not_followed(
    writer: GradebookWriter, copied: Path, tmp_path: Path, level: str
) -> None:
    outside = tmp_path / "outside"
    (outside / LAB).mkdir(parents=True)
    (outside / LAB / "precious.txt").write_text("precious")
    link = {"student": folder_of(copied, "right").parent, "lab": folder_of(copied, "right")}[level]
    shutil.rmtree(link)
    link.symlink_to(outside / LAB if level == "lab" else outside)
    put(writer, "right", 0.5)
    assert [path.name for path in outside.rglob("*")] == [LAB, "precious.txt"]
    assert not folder_of(copied, "right").parent.is_symlink()
    assert (folder_of(copied, "right") / f"{LAB}.ipynb").is_file()
    assert not folder_of(copied, "right").is_symlink()


def test_what_a_killed_run_left_beside_a_graded_notebook_is_cleared_away(writer: GradebookWriter, copied: Path) -> None:
    left = folder_of(copied, "right").with_name(f".{LAB}.unfinished")
    left.mkdir()
    (left / f"{LAB}.ipynb").touch()
    put(writer, "right", 0.5)
    assert [path.name for path in left.parent.iterdir()] == [LAB]


def test_a_folder_that_cannot_be_written_to_is_said(writer: GradebookWriter, copied: Path) -> None:
    shutil.rmtree(copied / "autograded")
    (copied / "autograded").touch()
    with pytest.raises(CourseError, match="cannot be written to"):
        put(writer, "right", 1)


# late submissions


RULE = """
from nbgrader.plugins import BasePlugin
class Strict(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {penalty}
c.AssignLatePenalties.plugin_class = Strict
"""


def with_rule(course: Path, gradebook: Open, penalty: str) -> GradebookWriter:
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + RULE.format(penalty=penalty))
    with gradebook(course) as opened:
        opened.update_or_create_assignment(LAB, duedate="2026-01-01 12:00:00 UTC")
    return GradebookWriter(Course(course), LAB)


@pytest.mark.parametrize(
    ("penalty", "expected"), [("7", 7), ("score / 4", 5), ("total_seconds_late", 20), ("-1", 0), ("None", 0)]
)
def test_a_late_submission_is_penalised_by_the_courses_own_rule(
    copied: Path, gradebook: Open, penalty: str, expected: float
) -> None:
    with with_rule(copied, gradebook, penalty) as writer:
        put(writer, "right", 1, receipt=Receipt(WHEN))
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").late_submission_penalty == expected


@pytest.mark.parametrize("excuse", ["hand-in", "extension", "no timestamp"])
def test_a_penalty_ends_when_the_submission_is_no_longer_late(copied: Path, gradebook: Open, excuse: str) -> None:
    with with_rule(copied, gradebook, "7") as writer:
        put(writer, "right", 1, receipt=Receipt(WHEN))
        if excuse == "extension":
            with gradebook(copied) as opened:
                opened.grant_extension(LAB, "right", days=40)
        times = {"hand-in": datetime(2025, 12, 1), "extension": WHEN, "no timestamp": None}
        put(writer, "right", 1, receipt=Receipt(times[excuse]))
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").late_submission_penalty == 0


def test_a_rule_for_lateness_that_fails_is_said_and_the_submission_counts_as_not_graded(
    copied: Path, gradebook: Open
) -> None:
    with with_rule(copied, gradebook, "1 / 0") as writer:
        with pytest.raises(CourseError, match=r"'right': ZeroDivisionError.*nbgrader_config\.py and run again"):
            put(writer, "right", 1, receipt=Receipt(WHEN))
        assert writer.kept("right", "right", Receipt(WHEN)) is None


# the same rows as nbgrader's


def result(text: str) -> NotebookNode:
    return new_output("execute_result", data={"text/plain": text})


FAILED = new_output("error", ename="AssertionError", evalue="no", traceback=["no"])
TASK_LAB = "02_task"


@pytest.fixture
def task_lab(fresh: Path) -> Path:
    """The course with a second lab: an exercise, an answer in words, and a task."""

    def marked(cell: NotebookNode, grade_id: str, points: int | None = None, **kinds: bool) -> NotebookNode:
        flags = {"grade": False, "solution": False, "task": False, "locked": False} | kinds
        cell.metadata.nbgrader = {"grade_id": grade_id, "schema_version": 3, "cell_type": cell.cell_type, **flags}
        if points is not None:
            cell.metadata.nbgrader["points"] = points
        return cell

    notebook = new_notebook(
        cells=[
            marked(new_code_cell("pass"), "add", solution=True),
            marked(new_code_cell("check('add')"), "check_add", 4, grade=True, locked=True),
            marked(new_markdown_cell("Why?"), "why", 2, grade=True, solution=True),
            marked(new_markdown_cell("Plot it."), "plot", 3, task=True),
        ]
    )
    place = fresh / "release" / TASK_LAB
    place.mkdir()
    nbformat.write(notebook, place / f"{TASK_LAB}.ipynb")
    return fresh


def rows(course: Path, student: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that the gradebook holds of a student, but for random ids."""
    queries = {
        "student": "SELECT * FROM student WHERE id = ?",
        "submission": "SELECT student_id, timestamp, extension FROM submitted_assignment WHERE student_id = ?",
        "notebook": "SELECT flagged, late_submission_penalty FROM submitted_notebook n"
        " JOIN submitted_assignment a ON a.id = n.assignment_id WHERE student_id = ?",
        "grade": "SELECT name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade g"
        " JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id"
        " JOIN submitted_assignment a ON a.id = n.assignment_id WHERE student_id = ? ORDER BY name",
        "comment": "SELECT name, auto_comment, manual_comment FROM comment m"
        " JOIN base_cell c ON c.id = m.cell_id JOIN submitted_notebook n ON n.id = m.notebook_id"
        " JOIN submitted_assignment a ON a.id = n.assignment_id WHERE student_id = ? ORDER BY name",
    }
    database = sqlite3.connect(course / "gradebook.db")
    found = {table: database.execute(query, [student]).fetchall() for table, query in queries.items()}
    database.close()
    return found


def save_as_nbgrader(course: Path, gradebook: Open, notebook: NotebookNode, lab: str, timestamp: datetime) -> None:
    """Take the steps of `nbgrader autograde` that write to the gradebook."""
    found = Course(course)
    with gradebook(course) as opened:
        opened.update_or_create_student("ada")
        opened.update_or_create_submission(lab, "ada", timestamp=timestamp)
    names = {"student": "ada", "assignment": lab, "notebook": lab, "db_url": found.db_url}
    for step in (SaveAutoGrades, AssignLatePenalties):
        step(config=found.config)(notebook, {"nbgrader": names})


def grade_by_hand(course: Path, gradebook: Open, lab: str, answer: str) -> None:
    with gradebook(course) as opened:
        grade = opened.find_grade(answer, lab, lab, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.5, False
        opened.find_comment(answer, lab, lab, "ada").manual_comment = "well put"
        opened.db.commit()


@pytest.mark.parametrize("by_hand", [False, True], ids=["first", "again, after grading by hand"])
@pytest.mark.parametrize("answered", [False, True], ids=["unanswered", "answered"])
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_all_rows_are_those_that_nbgrader_would_write(
    task_lab: Path, tmp_path: Path, gradebook: Open, answered: bool, by_hand: bool
) -> None:
    with_rule(task_lab, gradebook, "score / 2").close()
    GradebookWriter(Course(task_lab), TASK_LAB).close()
    with gradebook(task_lab) as opened:
        opened.update_or_create_assignment(TASK_LAB, duedate="2026-01-31 18:00:00 UTC")
    other = Path(shutil.copytree(task_lab, tmp_path / "by-nbgrader"))
    config = other / "nbgrader_config.py"
    config.write_text(config.read_text().replace(str(task_lab), str(other)))
    notebook = with_checksums(Course(task_lab).released(TASK_LAB))
    points: dict[str, float | None] = {"check_add": 2.5, "why": None if answered else 0, "plot": None}
    unanswered = () if answered else ("add", "why", "plot")
    if answered:
        notebook.cells[0].source, notebook.cells[2].source = "add = sum", "Because."
    with GradebookWriter(Course(task_lab), TASK_LAB) as writer:
        for output, grade, when in ((result("2.5"), 2.5, EARLY), (FAILED, 0.0, WHEN), (result("2.5"), 2.5, WHEN)):
            notebook.cells[1].outputs = [output]
            content = GradedNotebook(copy.deepcopy(notebook), points | {"check_add": grade}, unanswered)
            ours = Record("ada", TASK_LAB, "graded", grade, 4, 1, "", ())
            writer.write(ours, content, Receipt(when), "digest")
            save_as_nbgrader(other, gradebook, notebook, TASK_LAB, when)
            assert rows(task_lab, "ada") == rows(other, "ada")
            if by_hand:
                for course in (task_lab, other):
                    grade_by_hand(course, gradebook, TASK_LAB, "why")


def with_checksums(notebook: NotebookNode) -> NotebookNode:
    from nbgrader.utils import compute_checksum

    for cell in notebook.cells:
        cell.metadata.nbgrader.checksum = compute_checksum(cell)
    return notebook


# what was graded before


def test_a_record_is_kept_while_nothing_has_changed(writer: GradebookWriter, copied: Path) -> None:
    receipt = Receipt(EARLY)
    assert writer.kept("wrong", "wrong", receipt) == record(copied, "wrong", 0.5)
    assert writer.kept("wrong", "another digest", receipt) is None
    assert writer.kept("wrong", "wrong", Receipt(WHEN)) is None
    assert writer.kept("nobody", "wrong", receipt) is None
    assert writer.n_outdated == 0


def test_records_of_another_edition_are_kept_and_counted(copied: Path) -> None:
    with GradebookWriter(Course(copied), LAB, edition="today's") as writer:
        assert writer.kept("wrong", "wrong", Receipt(EARLY)) is not None
        assert writer.n_outdated == 1


def test_a_record_is_not_kept_if_the_gradebook_says_otherwise(copied: Path, gradebook: Open) -> None:
    with gradebook(copied) as opened:
        opened.find_grade("check_softmax", LAB, LAB, "right").auto_score = 0
        opened.db.commit()
    with GradebookWriter(Course(copied), LAB) as writer:
        assert writer.kept("right", "right", Receipt(EARLY)) is None
        assert writer.kept("wrong", "wrong", Receipt(EARLY)) is not None


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})]
)
def test_a_graded_notebook_that_someone_else_wrote_is_not_kept(
    writer: GradebookWriter, copied: Path, text: str
) -> None:
    (folder_of(copied, "right") / f"{LAB}.ipynb").write_text(text)
    assert writer.kept("right", "right", Receipt(EARLY)) is None


# others at the same time


def test_a_score_given_by_hand_during_the_run_survives(writer: GradebookWriter, copied: Path, gradebook: Open) -> None:
    put(writer, "right", 0)
    with sqlite3.connect(copied / "gradebook.db", timeout=0) as another:
        another.execute("UPDATE grade SET manual_score = 1.25 WHERE auto_score IS NULL")
    another.close()
    put(writer, "right", 0)
    with gradebook(copied) as opened:
        grade = opened.find_grade(ANSWER, LAB, LAB, "right")
        assert (grade.manual_score, grade.needs_manual_grade) == (1.25, True)


def test_between_submissions_the_gradebook_is_free(writer: GradebookWriter, copied: Path) -> None:
    put(writer, "right", 0)
    another = sqlite3.connect(copied / "gradebook.db", timeout=0, isolation_level=None)
    another.execute("BEGIN EXCLUSIVE")
    another.close()


def test_a_gradebook_in_use_is_waited_for(writer: GradebookWriter, copied: Path, gradebook: Open) -> None:
    another = sqlite3.connect(copied / "gradebook.db", isolation_level=None, check_same_thread=False)
    another.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, another.execute, ["COMMIT"])
    release.start()
    put(writer, "right", 0.5)
    release.join()
    another.close()
    with writer._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == module.BUSY_TIMEOUT_S * 1000
    assert score(gradebook, copied, "right") == 10


def test_a_gradebook_that_stays_in_use_is_said_and_the_run_can_go_on(
    copied: Path, gradebook: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_S", 0.01)
    with GradebookWriter(Course(copied), LAB) as writer:
        another = sqlite3.connect(copied / "gradebook.db", isolation_level=None)
        another.execute("BEGIN IMMEDIATE")
        with pytest.raises(CourseError, match=r"database is locked.*If another program is writing"):
            put(writer, "right", 0.5)
        another.close()
        assert score(gradebook, copied, "right") == 20
        put(writer, "right", 0.5)
    assert score(gradebook, copied, "right") == 10


def test_each_submission_costs_the_same_few_statements(writer: GradebookWriter) -> None:
    statements: list[str] = []
    event.listen(writer._engine, "before_cursor_execute", lambda *event: statements.append(event[2]))
    costs = []
    for i in range(5):
        statements.clear()
        put(writer, f"student-{i}", 1)
        costs.append(len(statements))
    assert len(set(costs)) == 1
    assert costs[0] <= 15


# killed at any moment


KILLED = """
import json, os, shutil, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from coursekit.grading import Course, ExerciseRecord, Record
from coursekit.grading.gradebook import GradebookWriter
from coursekit.grading.grades import auto_scores
from coursekit.grading.record import GradedNotebook
from coursekit.grading.submission import Receipt

TOUCHES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod"}
template, folder, lab = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
notebook = json.loads((template / "release" / lab / f"{lab}.ipynb").read_text())
left = None

def step(*_):
    global left
    if left is not None:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

def watch(name, args):
    if name in TOUCHES or name == "open" and args[1] == "w":
        step()

sys.addaudithook(watch)
event.listen(Engine, "before_cursor_execute", step)
event.listen(Engine, "commit", step)

def write(writer, student, score):
    record = Record(student, lab, "graded", score, 4, 1, "", (ExerciseRecord("add", score, 4, ()),))
    writer.write(record, GradedNotebook(notebook, {"check_add": score}, ()), Receipt(secret="s3cret"), str(score))

def state(writer):
    with writer._engine.connect() as connection:
        writer._entered = auto_scores(connection, lab)
    scores = {s: of["check_add"] for s, of in writer._entered.items()}
    kept = {s: d for s in scores for d in ("1.0", "2.0") if writer.kept(s, d, Receipt())}
    files = sorted(str(path.relative_to(folder / "autograded")) for path in (folder / "autograded").rglob("*"))
    return scores, kept, files

with GradebookWriter(Course(template), lab) as writer:
    write(writer, "ada", 1.0)
    write(writer, "bob", 1.0)

def run(writer):
    write(writer, "ada", 2.0)  # hands in again
    write(writer, "eve", 2.0)  # for the first time

shutil.copytree(template, folder)
course, outcomes, code = Course(folder), [], -9
killed = GradebookWriter(course, lab)
killed.close()  # no connection goes over to the children
while code:
    shutil.copy(template / "gradebook.db", folder)
    shutil.rmtree(folder / "autograded")
    shutil.copytree(template / "autograded", folder / "autograded")
    child = os.fork()
    if child == 0:
        left = len(outcomes)
        run(killed)
        left = None
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with GradebookWriter(course, lab) as writer:
        after = state(writer)
        run(writer)
        outcomes.append((code, after, state(writer)))
print(json.dumps(outcomes))
"""


@pytest.mark.long
def test_killed_at_any_moment_no_grade_is_lost_and_the_next_run_finishes(task_lab: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(task_lab), str(tmp_path / "killed"), TASK_LAB],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert [code for code, _, _ in outcomes] == [-9] * (len(outcomes) - 1) + [0]
    assert len(outcomes) > 30
    old, handed_in_again = {"ada": 1.0, "bob": 1.0}, {"ada": 2.0, "bob": 1.0}
    done_with_all = handed_in_again | {"eve": 2.0}
    # Scores and kept records after each kill: a student has all of the old or all of the new, and no notebook between.
    stages = [
        [old, {"ada": "1.0", "bob": "1.0"}],
        [old, {"bob": "1.0"}],
        [handed_in_again, {"bob": "1.0"}],
        [handed_in_again, {"ada": "2.0", "bob": "1.0"}],
        [done_with_all, {"ada": "2.0", "bob": "1.0"}],
        [done_with_all, {"ada": "2.0", "bob": "1.0", "eve": "2.0"}],
    ]
    assert [stage for stage, _ in itertools.groupby(after[:2] for _, after, _ in outcomes)] == stages
    assert all(again == [*stages[-1], outcomes[-1][1][2]] for _, _, again in outcomes)


def test_a_gradebook_appears_when_it_is_whole(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = course / ".gradebook.db.unfinished"
    with monkeypatch.context() as patch:
        patch.setattr("alembic.script.ScriptDirectory", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            GradebookWriter(Course(course), LAB)
    assert not (course / "gradebook.db").exists()
    assert [path.name for path in aside.iterdir()] == ["gradebook.db"]
    GradebookWriter(Course(course), LAB).close()
    assert not aside.exists()
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    database.close()


def test_a_new_gradebook_is_the_one_that_nbgrader_would_make(opened: Path, gradebook: Open, tmp_path: Path) -> None:
    gradebook(tmp_path).close()
    made = []
    for folder in (opened, tmp_path):
        database = sqlite3.connect(folder / "gradebook.db")
        (version,) = database.execute("SELECT * FROM alembic_version").fetchone()
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()
        made.append((version, {name: sql.rstrip(";") for name, sql in tables}))
        database.close()
    assert made[0] == made[1]


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


def test_before_anyone_has_handed_in_cells_may_change(fresh: Path, gradebook: Open) -> None:
    without(fresh, "predict", "check_predict")
    GradebookWriter(Course(fresh), LAB).close()
    with gradebook(fresh) as opened:
        assert "check_predict" not in {cell.name for cell in opened.find_notebook(LAB, LAB).grade_cells}


def test_a_released_notebook_that_nbgrader_cannot_take_up_is_said(fresh: Path) -> None:
    path = fresh / "release" / LAB / f"{LAB}.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader", {}).pop("points", None)
    path.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=r"cannot take up the released notebook.*'points' is missing.*Build it"):
        GradebookWriter(Course(fresh), LAB)


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
