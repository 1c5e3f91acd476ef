from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.errors import CourseError
from coursekit.grading import CheckRecord, ExerciseRecord, Record, grade
from coursekit.grading.dry_run import change, changes_text

LAB = "01_softmax"
HandIn = Callable[..., Path]


def check(name: str, *, passed: bool, message: str = "") -> CheckRecord:
    return CheckRecord(name, visible=True, passed=passed, message=message)


def record(*checks: CheckRecord, score: float = 2, max_score: float = 4, status: str = "graded") -> Record:
    exercise = ExerciseRecord("softmax", score, max_score, checks)
    return Record("ada", LAB, status, score, max_score, 0.1, "", (exercise,))


RIGHT, WRONG = check("rows", passed=True), check("rows", passed=False, message="Rows sum to 3.")


def reasons(before: Record, after: Record) -> list[str]:
    return [reason.text() for reason in change(before, after).reasons]


def test_a_check_that_fails_now_says_with_what_message() -> None:
    assert reasons(record(RIGHT), record(WRONG, score=0)) == ["softmax: rows now fails: Rows sum to 3."]


def test_a_check_that_passes_now_says_what_it_said() -> None:
    assert reasons(record(WRONG), record(RIGHT, score=4)) == ["softmax: rows now passes: it said: Rows sum to 3."]


def test_new_checks_and_checks_that_are_gone_are_named_where_they_cost_or_give_points() -> None:
    new = check("large", passed=False, message="It overflows.")
    assert reasons(record(RIGHT), record(RIGHT, new, score=1)) == ["softmax: large is new: it fails. It overflows."]
    assert reasons(record(RIGHT, new), record(RIGHT, score=4)) == ["softmax: large is gone: it failed"]
    assert reasons(record(RIGHT), record(RIGHT, check("large", passed=True))) == []


def test_other_points_for_the_same_verdicts_are_told() -> None:
    assert reasons(record(RIGHT), record(RIGHT, score=3)) == ["softmax points: 2/4 before, 3/4 now"]
    assert reasons(record(RIGHT), record(RIGHT, max_score=8)) == ["softmax points: 2/4 before, 2/8 now"]


def test_new_exercises_and_those_that_are_gone_are_told() -> None:
    none = replace(record(), exercises=())
    assert reasons(none, record(RIGHT)) == ["softmax is new: 2 of 4 points"]
    assert reasons(record(RIGHT), none) == ["softmax is gone: 2 of 4 points"]


def test_another_status_is_a_change_even_with_the_same_score() -> None:
    before = replace(record(RIGHT), status="timeout", message="A cell took 30 s.")
    found = change(before, record(RIGHT))
    assert found.changed
    assert found.reasons[0].text() == "status: timeout before, graded now (A cell took 30 s.)"


def test_of_work_that_is_gone_the_status_says_all() -> None:
    assert reasons(record(RIGHT), record(WRONG, score=0, status="missing")) == ["status: graded before, missing now"]


def test_the_table_names_those_who_change_and_counts_the_others() -> None:
    before, after = record(RIGHT, check("large", passed=False)), record(WRONG, check("large", passed=True), score=4)
    changes = [
        change(before, after),
        change(replace(before, student="bo"), replace(before, student="bo")),
        change(replace(before, student="cy"), replace(before, student="cy", score=1)),
        change(replace(before, student="di"), replace(after, student="di", score=2)),
        change(None, replace(after, student="ed")),
        change(None, replace(after, student="fi", status="missing", score=0)),
    ]
    assert changes_text(changes).splitlines() == [
        "student  before  after  change  why",
        "-------  ------  -----  ------  ---",
        "ada         2/4    4/4      +2  softmax: rows now fails: Rows sum to 3.",
        "                                softmax: large now passes",
        "cy          2/4    1/4      -1",
        "3 unchanged (1 with other verdicts), 1 up, 1 down, 1 without an earlier record. Nothing was written.",
    ]


def test_messages_of_students_code_cannot_rewrite_the_terminal_and_are_cut() -> None:
    evil = check("rows", passed=False, message="\x1b[2J" + "x" * 1000)
    text = changes_text([change(record(RIGHT), record(evil, score=0))])
    assert all(c.isprintable() for line in text.splitlines() for c in line)
    assert max(map(len, text.splitlines())) < 300


@pytest.fixture
def changed_checks(course: Path, hand_in: HandIn, reference: dict[str, str], variants: Mapping[str, str]) -> Path:
    """A course of three who have been graded; since then hidden checks have changed."""
    hand_in(course, "ada", reference)
    hand_in(course, "bo", reference | {"softmax": variants["softmax-wrong-whole_matrix"]})
    hand_in(course, "cy", {})
    (course / "submitted" / "di").mkdir()
    grade(LAB, course=course, jobs=1)
    hand_in(course, "ed", reference)
    file = course / "hidden" / f"{LAB}.py"
    source = file.read_text()
    at = source.index("def softmax_of_random_scores")
    end = source.index('"""', source.index('"""', at) + 3) + 3
    source = source[:end] + '\n    student.call("softmax", np.zeros((1, 2)))\n    return\n' + source[end:]
    source += (
        '\n\n@checks("scores")\ndef scores_are_signed(student: Student, rng: Rng) -> None:\n    """They are."""\n'
        '    student.call("scores", np.ones((2, 3)), np.ones(3), np.ones((1, 2)))\n'
        '    expect(False, "They are not.", hint="Mind the sign.")\n'
    )
    file.write_text(source)
    return course


@pytest.mark.long
def test_a_dry_run_says_whose_score_would_change_and_why_and_writes_nothing(
    changed_checks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sandboxless: tuple[str, ...]
) -> None:
    def files() -> dict[Path, tuple[bytes, int]]:
        return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in changed_checks.rglob("*") if p.is_file()}

    before, places = files(), set(changed_checks.rglob("*"))
    arguments = ["grade", LAB, "--course", str(changed_checks), "--jobs", "1", "--regrade", "--dry-run"]
    assert main([*arguments, "--json", str(tmp_path / "changes.json")]) == 0
    assert files() == before
    assert set(changed_checks.rglob("*")) == places

    printed = capsys.readouterr().out
    told = next(line.split() for line in printed.splitlines() if line.startswith("ada "))
    assert told[:2] == ["ada", "20/20"]
    assert float(told[3]) < 0
    assert "scores: scores_are_signed is new: it fails. Mind the sign." in printed
    assert "softmax: softmax_of_random_scores now passes: it said: " in printed
    told = ["2 unchanged, 1 up, 1 down, 1 without an earlier record. Nothing was written."]
    told += [f"note: {note}" for note in sandboxless]
    assert printed.splitlines()[-len(told) :] == told

    changes = {entry["student"]: entry for entry in json.loads((tmp_path / "changes.json").read_text())}
    assert list(changes) == ["ada", "bo", "cy", "di", "ed"]
    assert changes["ada"]["before"] == 20
    assert changes["ada"]["after"] < 20
    assert [reason["check"] for reason in changes["ada"]["reasons"]] == ["scores_are_signed"]
    assert (changes["cy"]["before"], changes["cy"]["after"], changes["cy"]["reasons"]) == (0, 0, [])

    # What it foretells is what comes.
    foretold = {student: entry["after"] for student, entry in changes.items()}
    assert {r.student: r.score for r in grade(LAB, course=changed_checks, jobs=1, regrade=True).records} == foretold


def test_a_dry_run_needs_regrading(course: Path) -> None:
    with pytest.raises(CourseError, match="give --regrade as well"):
        grade(LAB, course=course, dry_run=True)
