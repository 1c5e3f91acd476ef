"""nbgrader's autograde, as a command and as formgrader's button runs it, on what nbgrader alone could not read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.api import NbGraderAPI

from coursekit.grading import Course, GradedClass, grade

pytestmark = pytest.mark.long

LAB = "01_softmax"
FILE = f"{LAB}.ipynb"


@pytest.fixture
def mixed(mixed_class: tuple[Path, GradedClass], tmp_path: Path) -> Path:
    """The course of all sorts, in a copy that a test may change."""
    shutil.copytree(mixed_class[0], tmp_path / "course")
    return tmp_path / "course"


def autograde(course: Path, student: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Press formgrader's button; return what it answers."""
    monkeypatch.chdir(course)
    opened = Course(course)
    result: dict[str, Any] = NbGraderAPI(opened.directory, config=opened.config).autograde(LAB, student)
    return result


def scores(course: Path, gradebook: Callable[[Path], Any]) -> dict[str, float]:
    with gradebook(course) as opened:
        return {found.student.id: found.score for found in opened.assignment_submissions(LAB)}


def graded_notebook(course: Path, student: str) -> str:
    return (course / "autograded" / student / LAB / FILE).read_text()


def top_of(notebook: str) -> str:
    return "".join(json.loads(notebook)["cells"][0]["source"])


STUDENTS = ["bom", "utf16", "renamed", "nested", "page", "script", "cut-short", "beside"]
UNREADABLE = {"page": "a web page", "script": "a Python script", "cut-short": "cut short"}


def test_formgraders_button_gives_the_outcome_of_coursekit_grade(
    mixed_class: tuple[Path, GradedClass],
    mixed: Path,
    gradebook: Callable[[Path], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = {record.student: record for record in mixed_class[1].records}
    assert {name: record.status for name, record in records.items()} == {
        **dict.fromkeys(STUDENTS, "graded"),
        **dict.fromkeys(UNREADABLE, "malformed"),
        "nothing": "missing",
    }
    before = {name: graded_notebook(mixed, name) for name in STUDENTS}
    for student in STUDENTS:
        answer = autograde(mixed, student, monkeypatch)
        assert answer["success"], answer["log"]
        assert top_of(graded_notebook(mixed, student)) == top_of(before[student])
        assert UNREADABLE.get(student, "") in top_of(before[student])
    found = scores(mixed, gradebook)
    assert {name: found[name] for name in STUDENTS} == {name: records[name].score for name in STUDENTS}
    assert found["nested"] == 1


def test_who_handed_in_nothing_is_passed_over(
    mixed: Path, gradebook: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scores(mixed, gradebook)
    answer = autograde(mixed, "nothing", monkeypatch)
    assert answer["success"]
    assert "handed in nothing" in answer["log"]
    assert scores(mixed, gradebook) == before


def test_what_was_graded_before_stays_where_grading_fails(
    mixed: Path, gradebook: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = graded_notebook(mixed, "bom"), scores(mixed, gradebook)
    page = mixed / "feedback" / "bom" / LAB / f"{LAB}.html"
    page.parent.mkdir(parents=True)
    page.touch()
    with (mixed / "nbgrader_config.py").open("a") as config:
        config.write("c.GradingStep.sandbox = 'a castle'\n")
    answer = autograde(mixed, "bom", monkeypatch)
    assert not answer["success"]
    assert "a castle" in answer["log"]
    assert (graded_notebook(mixed, "bom"), scores(mixed, gradebook)) == before
    assert page.exists()
    assert [path.name for path in (mixed / "autograded" / "bom").iterdir()] == [LAB]


def test_a_page_of_an_earlier_grading_does_not_stay(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {student: mixed / "feedback" / student / LAB / f"{LAB}.html" for student in ("bom", "script", "nothing")}
    for page in pages.values():
        page.parent.mkdir(parents=True)
        page.touch()
    for student in pages:
        grade(LAB, course=mixed, student=student, regrade=True)
    assert not any(page.exists() for page in pages.values())
    pages["bom"].parent.mkdir(parents=True)
    pages["bom"].touch()
    assert autograde(mixed, "bom", monkeypatch)["success"]
    assert not pages["bom"].exists()


def test_a_run_that_was_killed_leaves_what_was_graded_before(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = mixed / "autograded" / "nothing" / LAB
    folder.parent.mkdir()
    (folder.parent / f".{LAB}.before").mkdir()
    (folder.parent / f".{LAB}.before" / FILE).write_text("{}")
    (mixed / "submitted" / "nothing" / LAB / FILE).mkdir()
    autograde(mixed, "nothing", monkeypatch)
    assert folder.exists()
    assert [path.name for path in folder.parent.iterdir()] == [LAB]
