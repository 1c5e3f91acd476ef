"""Words beside the cell of an answer that a person grades, from what is handed in to formgrader's list."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.api import NbGraderAPI

from coursekit.grading import Course, grade

LAB = "01_softmax"
ASKED = "why_templates_fail"
WORDS = "One template is one average, and a horse may look to the left."


@pytest.fixture
def answered_beside(course: Path, hand_in: Callable[..., Path]) -> Path:
    """A course in which students have written their answer in, below, above and in the question of its cell."""
    for student in ("inside", "below", "above", "question", "nowhere"):
        file = hand_in(course, student, {ASKED: WORDS} if student == "inside" else {})
        notebook = json.loads(file.read_text())
        at = next(i for i, cell in enumerate(notebook["cells"]) if cell["id"] == ASKED)
        words = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": WORDS}
        if student in ("below", "above"):
            notebook["cells"].insert(at + (student == "below"), words)
        if student == "question":
            notebook["cells"][at - 1]["source"] += f"\n\n{WORDS}"
        file.write_text(json.dumps(notebook))
    return course


def waiting(course: Path, gradebook: Callable[[Path], Any]) -> dict[str, tuple[bool, str | None]]:
    """Return who waits for a person, and what the grader is said to find, by student."""
    with gradebook(course) as opened:
        return {
            found.student.id: (
                opened.find_grade(ASKED, LAB, LAB, found.student.id).needs_manual_grade,
                opened.find_comment(ASKED, LAB, LAB, found.student.id).auto_comment,
            )
            for found in opened.assignment_submissions(LAB)
        }


DESERVED = {
    **dict.fromkeys(("inside", "below", "above", "question"), (True, None)),
    "nowhere": (False, "No response."),
}


def test_words_beside_their_cell_wait_for_a_person_with_a_note(
    answered_beside: Path, gradebook: Callable[[Path], Any]
) -> None:
    records = {record.student: record.message for record in grade(LAB, course=answered_beside, jobs=1).records}
    assert waiting(answered_beside, gradebook) == DESERVED
    assert records["inside"] == records["nowhere"] == ""
    assert "the words below it wait for a person" in records["below"]
    assert all("the words above it wait for a person" in records[student] for student in ("above", "question"))


def test_nbgraders_autograde_has_them_wait_too(
    answered_beside: Path, gradebook: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    grade(LAB, course=answered_beside, jobs=1)
    monkeypatch.chdir(answered_beside)
    opened = Course(answered_beside)
    for student in ("below", "question", "nowhere"):
        assert NbGraderAPI(opened.directory, config=opened.config).autograde(LAB, student)["success"]
    assert waiting(answered_beside, gradebook) == DESERVED
