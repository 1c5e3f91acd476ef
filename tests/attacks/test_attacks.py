"""What a hostile notebook can do: no more than an honest one with the same answer, and nothing to anybody else."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from coursekit.grading import Record
from tests.attacks.attack import KINDS, Attack
from tests.attacks.conftest import LAB, SPREAD, Outcome, Outcomes
from tests.attacks.everything import ATTACKS

pytestmark = pytest.mark.long

ALL = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
UNWALLED = pytest.mark.parametrize(
    "attack",
    [a for a in ATTACKS if a.kind in ("forging", "subject") and not a.sandboxed],
    ids=lambda attack: attack.name,
)
NOT_COMPARED = ("seconds", "student")


def texts(record: Record) -> str:
    """Return all that a record says."""
    messages = [check.message for exercise in record.exercises for check in exercise.checks]
    return "\n".join([record.status, record.message, *messages])


def assert_in_vain(attack: Attack, outcome: Outcome) -> None:
    mine, honest = outcome.records[attack.student], outcome.records[attack.honest]
    assert mine.score <= honest.score, texts(mine)
    assert re.search(attack.cause, texts(mine)), texts(mine)


def test_there_are_many_and_of_every_class() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 60
    counts = Counter(attack.kind for attack in ATTACKS)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 6


@ALL
def test_an_attack_earns_no_more_than_honest_wrong_work_and_its_cause_is_named(
    attack: Attack, outcomes: Outcomes
) -> None:
    assert_in_vain(attack, outcomes.attacked)


@UNWALLED
def test_a_verdict_cannot_be_forged_without_a_sandbox_either(attack: Attack, outcomes: Outcomes) -> None:
    assert_in_vain(attack, outcomes.unwalled)


@pytest.mark.parametrize("attack", SPREAD, ids=lambda attack: attack.name)
def test_an_attack_on_a_cluster_is_in_vain_and_changes_nothing_for_its_twin(attack: Attack, outcomes: Outcomes) -> None:
    assert_in_vain(attack, outcomes.spread)
    assert plain(outcomes.spread.records[attack.honest]) == plain(outcomes.peaceful.records[attack.honest])


@ALL
def test_an_attack_changes_nothing_for_the_others(attack: Attack, outcomes: Outcomes) -> None:
    # The twin was graded in between the attackers, as were all the others.
    attacked, peaceful = outcomes.attacked, outcomes.peaceful
    assert plain(attacked.records[attack.honest]) == plain(peaceful.records[attack.honest])
    assert files_of(attacked.folder, attack.honest) == files_of(peaceful.folder, attack.honest)


def test_the_others_are_graded_as_if_nobody_had_attacked(outcomes: Outcomes) -> None:
    attacked, peaceful = outcomes.attacked, outcomes.peaceful
    attackers = {attack.student for attack in ATTACKS}
    assert set(attacked.records) - attackers == set(peaceful.records)
    for student in peaceful.records:
        assert plain(attacked.records[student]) == plain(peaceful.records[student])
        assert files_of(attacked.folder, student) == files_of(peaceful.folder, student)
    rows = {student: row for student, row in grades(attacked.folder).items() if student not in attackers}
    assert rows == grades(peaceful.folder)
    assert peaceful.records["neighbour-1"].score == peaceful.records["neighbour-1"].max_score == 6
    for student in (name for name in peaceful.records if name.startswith("neighbour-")):
        assert plain(outcomes.spread.records[student]) == plain(peaceful.records[student])


def test_everybody_has_a_row(outcomes: Outcomes) -> None:
    students = {path.name for path in (outcomes.attacked.folder / "submitted").iterdir()}
    assert set(outcomes.attacked.records) == students


def test_nothing_is_left_behind(outcomes: Outcomes) -> None:
    assert outcomes.attacked.left == []
    assert outcomes.spread.left == []
    strangers = [
        path
        for path in outcomes.attacked.folder.rglob("*")
        if not path.is_relative_to(outcomes.attacked.folder / "submitted")
        and not any(path.is_relative_to(outcomes.attacked.folder / "autograded" / a.student) for a in ATTACKS)
    ]
    known = {path.relative_to(outcomes.peaceful.folder) for path in outcomes.peaceful.folder.rglob("*")}
    assert {path.relative_to(outcomes.attacked.folder) for path in strangers} <= known


def test_every_graded_notebook_is_json_that_all_can_read(outcomes: Outcomes) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for notebook in (outcomes.attacked.folder / "autograded").rglob("*.ipynb"):
        json.loads(notebook.read_text(), parse_constant=refuse)


def test_nothing_hidden_is_in_what_students_get(outcomes: Outcomes) -> None:
    for notebook in (outcomes.attacked.folder / "autograded").rglob("*.ipynb"):
        text = notebook.read_text()
        assert "STAND_INS" not in text
        assert "An independent computation" not in text
        assert "einsum" not in text


def plain(record: Record) -> dict[str, object]:
    return {key: value for key, value in record.as_json().items() if key not in NOT_COMPARED}


def files_of(course: Path, student: str) -> dict[str, object]:
    """Return a student's files, by name; of the graded notebook, the cells."""
    found: dict[str, object] = {}
    for folder in ("submitted", "autograded"):
        for path in sorted((course / folder / student).rglob("*")):
            if path.is_file():
                found[str(path.relative_to(course))] = path.read_bytes()
    graded = f"autograded/{student}/{LAB}/{LAB}.ipynb"
    found[graded] = json.loads((course / graded).read_text())["cells"]
    return found


def grades(course: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of the gradebook, by student."""
    query = """
        select submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score,
               grade.needs_manual_grade, submitted_notebook.late_submission_penalty
        from grade join base_cell on base_cell.id = grade.cell_id
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    """
    rows: dict[str, list[tuple[object, ...]]] = {}
    with sqlite3.connect(course / "gradebook.db") as database:
        for student, *row in sorted(database.execute(query), key=str):
            rows.setdefault(student, []).append(tuple(row))
    return rows
