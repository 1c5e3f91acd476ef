"""Graded questions: asked again of the code that was handed in, and worth up to one point of what it earned."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit.cells import solution_sources
from coursekit.checking import Check, CheckResult, Exercise, Student, Verdict
from coursekit.demo import make_course
from coursekit.grading import grade
from coursekit.grading.course import Course
from coursekit.grading.own_code import answer_in
from coursekit.questions import Example, questions_about
from coursekit.questions.question import LETTERS
from coursekit.questions.subject import subject_of
from coursekit.report.classroom import Classroom, read_classroom
from coursekit.report.concerns import concerns_of
from coursekit.report.page import render
from coursekit.report.statistics import QuestionStatistics, check_failures, question_statistics
from coursekit.variants import answered, names_defined
from tests.conftest import Once

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
ASKED: Mapping[str, str] = importlib.import_module(f"coursekit.checks.{LAB}").ASKED
#: The first question's choices are put in another order: the right one first.
FORGES = """
import coursekit.questions.making as making
import coursekit.questions.question as question
import coursekit.questions.running as running
made = making.questions_about
making.questions_about = lambda *args: [each.__class__(**(vars(each) | {"right": 0})) for each in made(*args)]
question.Question.as_plain = lambda self: {"line": 1, "text": "", "choices": [["a", ""]] * 4, "right": 0}
running.run.__code__ = (lambda *args, **kwargs: 1 / 0).__code__
"""
#: In the student's own process all can be computed, and printed; what counts is what was typed.
COMPUTES = """
import inspect
from coursekit.questions import Example, questions_about
found = ("a47", "a47")
try:
    found = [q.letter for q in questions_about(In[-1], "softmax", Example("Z = np.eye(2)\\nsoftmax(Z)"), globals())]
except Exception as error:
    print(error)
print(found)
"""
ONE_LINE = "softmax = lambda Z: (np.exp(Z - Z.max(1)[:, None]).T / np.exp(Z - Z.max(1)[:, None]).sum(1)).T"
SLEEPS = """
def softmax(Z):
    import time
    if "__coursekit_line__" in globals():
        time.sleep(60)
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
"""


def released() -> dict[str, Any]:
    """Return the notebook as students get it where answers count."""
    text = (ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text()
    old = f'questions_for(\\"{LAB}\\")'
    assert text.count(old) == 1
    notebook: dict[str, Any] = json.loads(text.replace(old, f"{old[:-1]}, graded=True)"))
    return notebook


def right_answers(answers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what is right of the questions about some answers."""
    found = {}
    names = names_defined(answered(released(), answers))
    for slug in ASKED.keys() & answers.keys():
        questions = questions_about(answers[slug], slug, Example(ASKED[slug].strip("\n")), names)
        mark = subject_of(answers[slug], slug).mark
        found[slug] = tuple(f"{question.letter}{mark}" for question in questions)
    return found


def wrong(letters: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(LETTERS[(LETTERS.index(each[0]) + 1) % 4] + each[1:] for each in letters)


def hand_in(folder: Path, student: str, answers: Mapping[str, str], given: Mapping[str, object], own: str = "") -> None:
    place = folder / "submitted" / student / LAB
    place.mkdir(parents=True)
    notebook = answered(released(), answers)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        for slug, answer in given.items():
            written = answer if isinstance(answer, str) else repr(answer)
            cell["source"] = cell["source"].replace(f'ask("{slug}", answer=None)', f'ask("{slug}", answer={written})')
    if own:
        cell = {"cell_type": "code", "id": "own", "metadata": {}, "source": own, "outputs": [], "execution_count": None}
        notebook["cells"].insert(4, cell)
    (place / f"{LAB}.ipynb").write_text(json.dumps(notebook))


@pytest.fixture(scope="session")
def folder(once: Once, gradable: Callable[[Path], None]) -> Path:
    """A course whose questions count, in which a class has been graded; not to be changed."""

    def fill(place: Path) -> None:
        folder = place / "course"
        make_course(folder, lab=LAB, root=ROOT)
        gradable(folder)
        (folder / "release" / LAB / f"{LAB}.ipynb").write_text(json.dumps(released()))
        join(folder)
        outcome = grade(LAB, course=folder, jobs=2)
        (folder / "records.json").write_text(json.dumps([record.as_json() for record in outcome.records]))

    return once("own code", fill) / "course"


def join(folder: Path) -> None:
    """Hand in for some students, each a case of its own."""
    reference = {
        slug: source
        for slug, source in solution_sources(
            json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text())
        ).items()
        if slug != "why_templates_fail"
    }
    right = right_answers(reference)
    hand_in(folder, "right", reference, right)
    hand_in(
        folder, "upper case", reference, {slug: [f" {each.upper()}" for each in given] for slug, given in right.items()}
    )
    hand_in(folder, "silent", reference, {})
    hand_in(folder, "wrong letters", reference, {slug: wrong(given) for slug, given in right.items()})
    hand_in(folder, "half", reference, {slug: given[:1] for slug, given in right.items()})
    other = {
        slug: tuple(f"{each[0]}{(int(each[1:]) + 1) % 90 + 10}" for each in given) for slug, given in right.items()
    }
    hand_in(folder, "other code", reference, other)
    hand_in(folder, "no letters", reference, right | {"softmax": {"a": 1}})
    hand_in(folder, "forges", reference, {slug: wrong(given) for slug, given in right.items()}, own=FORGES)
    hand_in(folder, "computes", reference, {"softmax": "found"}, own=COMPUTES)
    hand_in(folder, "one line", reference | {"softmax": ONE_LINE}, right)
    hand_in(folder, "sleeps", reference | {"softmax": SLEEPS}, right)
    overflows = "def softmax(Z):\n    powers = np.exp(Z)\n    return powers / powers.sum(axis=1, keepdims=True)\n"
    hand_in(
        folder,
        "overflows",
        reference | {"softmax": overflows},
        right | right_answers({**reference, "softmax": overflows}),
    )
    rest = {slug: source for slug, source in reference.items() if slug != "softmax"}
    hand_in(folder, "not written", rest, right)


@pytest.fixture
def records(folder: Path) -> dict[str, Any]:
    return {record["student"]: record for record in json.loads((folder / "records.json").read_text())}


def exercise(record: Mapping[str, Any], slug: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in record["exercises"] if each["name"] == slug)
    return found


def questions_in(record: Mapping[str, Any], slug: str) -> list[dict[str, Any]]:
    return [check for check in exercise(record, slug)["checks"] if check["name"].startswith("question_")]


@pytest.mark.parametrize("student", ["right", "upper case"])
def test_right_answers_keep_all_points(records: Mapping[str, Any], student: str) -> None:
    assert records[student]["score"] == 20, records[student]
    asked = [slug for slug in ASKED if questions_in(records[student], slug)]
    assert len(asked) >= 3
    assert all(check["passed"] for slug in asked for check in questions_in(records[student], slug))


@pytest.mark.parametrize("student", ["silent", "wrong letters", "other code"])
def test_each_exercise_loses_a_point_at_most(records: Mapping[str, Any], student: str) -> None:
    for slug in ASKED:
        found, asked = exercise(records[student], slug), questions_in(records["right"], slug)
        assert not any(check["passed"] for check in questions_in(records[student], slug))
        assert found["score"] == found["max_score"] - (1 if asked else 0)


def test_half_of_the_answers_are_half_of_the_point(records: Mapping[str, Any]) -> None:
    assert [check["passed"] for check in questions_in(records["half"], "softmax")] == [True, False]
    assert exercise(records["half"], "softmax")["score"] == 2.5


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("silent", "No answer was given. Right is:"),
        ("wrong letters", "Your answer was:"),
        ("other code", "was given to other code, and no longer counts. Right is:"),
        ("no letters", "is none of the choices"),
    ],
)
def test_the_reason_is_told(records: Mapping[str, Any], student: str, words: str) -> None:
    messages = [check["message"] for check in questions_in(records[student], "softmax")]
    assert messages
    assert all(words in message and message.startswith("Line ") for message in messages)


def test_what_a_cell_puts_in_place_of_the_package_gains_nothing(records: Mapping[str, Any]) -> None:
    assert records["forges"]["score"] == records["wrong letters"]["score"]


def test_an_answer_that_is_computed_gains_nothing(records: Mapping[str, Any]) -> None:
    assert exercise(records["computes"], "softmax")["score"] == 2
    assert "The answer 'found' is none of the choices" in questions_in(records["computes"], "softmax")[0]["message"]


@pytest.mark.parametrize("student", ["one line", "sleeps"])
def test_code_that_cannot_be_asked_about_loses_nothing(records: Mapping[str, Any], student: str) -> None:
    assert questions_in(records[student], "softmax") == []
    assert exercise(records[student], "softmax")["score"] == 3


def test_wrong_code_earns_nothing_by_answers_about_it(records: Mapping[str, Any]) -> None:
    found = exercise(records["overflows"], "softmax")
    checks = [check for check in found["checks"] if not check["name"].startswith("question_")]
    assert all(check["passed"] for check in questions_in(records["overflows"], "softmax"))
    assert 0 < found["score"] < 3
    assert not all(check["passed"] for check in checks)
    assert exercise(records["not written"], "softmax")["score"] == 0
    assert questions_in(records["not written"], "softmax") == []


# the report


@pytest.fixture
def classroom(folder: Path) -> Classroom:
    return read_classroom(LAB, course=Course(folder))


def test_the_report_counts_those_whose_code_passed(classroom: Classroom) -> None:
    found = {each.exercise: each for each in question_statistics(classroom)}
    assert found["softmax"] == QuestionStatistics("softmax", passed=11, asked=9, right=2, unanswered=1)


def test_the_report_lists_who_could_not_answer_and_gives_no_verdict(classroom: Classroom) -> None:
    by_student = {member.student: concerns_of(member, classroom) for member in classroom.members}
    words = {student: [c.words for c in found if c.kind == "own"] for student, found in by_student.items()}
    assert words["right"] == words["one line"] == []
    assert "1 of 2 in softmax" in words["half"][0]
    assert words["silent"][0].endswith("An occasion to talk, never a verdict.")
    assert "Questions about their own code" in render(classroom, pairs=None, beside=Path())


def test_the_reports_table_of_checks_leaves_questions_out(classroom: Classroom) -> None:
    assert not [each for each in check_failures(classroom) if each.name.startswith("question_")]


# what an answer is worth


@pytest.mark.parametrize(
    ("points", "passed", "right", "score"),
    [
        (3.0, [True, True], [], 3.0),
        (3.0, [True, True], [True, True], 3.0),
        (3.0, [True, True], [True, False], 2.5),
        (3.0, [True, True], [False], 2.0),
        (3.0, [True, False], [True], 1.5),
        (3.0, [True, False], [False], 1.0),
        (3.0, [False, False], [True], 0.0),
        (1.0, [True], [False], 0.5),
        (0.0, [True], [False], 0.0),
    ],
)
def test_answers_take_off_what_the_code_has_earned(
    points: float, passed: list[bool], right: list[bool], score: float
) -> None:
    checks = softmax_checks(len(passed))
    results = tuple(CheckResult(check, passed=each) for check, each in zip(checks, passed, strict=True))
    answers = tuple(CheckResult(checks[0], passed=each) for each in right)
    assert Verdict(Exercise("softmax", points, checks), results, answers).score == score


def softmax_checks(n: int) -> tuple[Check, ...]:
    def check(student: Student, rng: np.random.Generator) -> None:
        """It is right."""

    return tuple(Check("softmax", check) for _ in range(n))


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ('ask("softmax", answer="b47")', "b47"),
        ('ask("softmax", "b47")', "b47"),
        ('asked = ask("softmax", answer=("b47", "c47"))', ("b47", "c47")),
        ('ask("softmax", answer=None)\nask("softmax", answer="c47")', "c47"),
        ('# ask("softmax", answer="b47")', None),
        ("\"ask('softmax', answer='b47')\"", None),
        ('ask("scores", answer="b47")  # softmax', None),
        ('ask("softmax", answer=mine)', "mine"),
        ('ask("softmax", answer=1 / 0)', "1 / 0"),
        ('ask("softmax", answer="b47"', None),
        ('ask("softmax", answer="b47")' + " " * 30_000, None),
        ("ask(" * 9000 + '"softmax"', None),
        ("ask('softmax', answer=" + "-" * 9000 + "1)", None),
        ("ask('softmax', answer=" + "9" * 5000 + ")", None),
    ],
)
def test_the_answer_is_read_as_text(source: str, answer: object) -> None:
    cell = {"cell_type": "code", "source": source}
    words = {"cell_type": "markdown", "source": 'ask("softmax", answer="d47")'}
    found = answer_in({"cells": [cell, words]}, "softmax")
    assert found == answer or (answer is None and len(source) > 5000)
