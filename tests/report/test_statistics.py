from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from coursekit.grading.record import CheckRecord, ExerciseRecord, Record
from coursekit.report.classroom import Classroom, Item, Member
from coursekit.report.statistics import check_failures, item_statistics, score_bins, score_summary


def make_member(student: str, points: Mapping[str, float | None], **changes: object) -> Member:
    record = Record(student, "lab", "graded", 0, 0, 1.0, "", ())
    known = {"record": record, "points": points, "tried": frozenset(points), "answers": dict.fromkeys(points, "x = 1")}
    return Member(student, **{"status": "graded", **known, **changes})  # type: ignore[arg-type]


def make_class(table: Sequence[Sequence[float | None]], most: Sequence[float]) -> Classroom:
    names = "abcdef"[: len(most)]
    items = tuple(Item(name, points, by_hand=False) for name, points in zip(names, most, strict=True))
    members = [make_member(f"s{i}", dict(zip(names, row, strict=True))) for i, row in enumerate(table)]
    return Classroom("lab", items, tuple(members), dict.fromkeys(names, ""))


def test_discrimination_leaves_the_exercise_out_of_the_sum() -> None:
    table = [[1, 2, 0], [0, 1, 1], [2, 3, 1], [1, 0, 2], [2, 2, 2], [0, 0, 0]]
    found = item_statistics(make_class(table, [2, 3, 2]))
    points = np.array(table, dtype=float)
    for i, item in enumerate(found):
        rest = points.sum(axis=1) - points[:, i]
        assert item.discrimination == pytest.approx(np.corrcoef(points[:, i], rest)[0, 1])
        assert item.difficulty == pytest.approx(points[:, i].mean() / (2, 3, 2)[i])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[1, i] for i in range(6)], "the same points here"),
        ([[i, 1] for i in range(6)], "the same points in the rest"),
        ([[i, i] for i in range(4)], "fewer than 5"),
        ([[None if i == 0 else i, i] for i in range(6)], "wait for a score"),
    ],
)
def test_where_discrimination_is_undefined_the_reason_is_said(table: list[list[float | None]], reason: str) -> None:
    found = item_statistics(make_class(table, [6, 6]))[0]
    assert found.discrimination is None
    assert reason in found.undefined


def test_an_exercise_is_counted_once_for_each_student() -> None:
    classroom = make_class([[2], [1], [0], [None]], [2])
    untried = make_member("untried", {"a": 0}, tried=frozenset())
    absent = make_member("absent", {"a": 0}, status="missing", record=None)
    classroom = Classroom("lab", classroom.items, (*classroom.members, untried, absent), {})
    (found,) = item_statistics(classroom)
    assert (found.full, found.part, found.none, found.untried, found.unscored) == (1, 1, 1, 1, 1)
    assert found.difficulty == pytest.approx(3 / 2 / 4)


def test_the_summary_counts_those_whose_work_ran() -> None:
    classroom = make_class([[4], [2], [0]], [4])
    unread = make_member("unread", {"a": 0}, status="malformed")
    summary = score_summary(Classroom("lab", classroom.items, (*classroom.members, unread), {}))
    assert (summary.n, summary.mean, summary.median, summary.n_full, summary.n_zero) == (3, 2, 2, 1, 1)


@pytest.mark.parametrize("max_score", [0.0, 0.3, 1.0, 7.0, 20.0, 22.0, 42.5, 100.0, 12345.0])
def test_every_score_has_its_bar(max_score: float) -> None:
    scores = [0.0, max_score / 3, max_score, max_score + 1]
    bins = score_bins(scores, max_score)
    assert sum(found.n for found in bins) == len(scores)
    assert len(bins) <= 12
    assert bins[-1].high >= max_score > bins[-1].low or max_score == 0


def test_a_score_on_an_edge_belongs_to_the_bar_on_its_right() -> None:
    assert [found.n for found in score_bins([0, 2, 4, 22], 22)] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def judged(student: str, message: str, *, passed: bool = False, tried: bool = True) -> Member:
    checks = (CheckRecord("rows", True, passed, message), CheckRecord("secret", False, passed, "Try a hint."))
    record = Record(student, "lab", "graded", 0, 2, 1.0, "", (ExerciseRecord("a", 0, 2, checks),))
    return make_member(student, {"a": 0}, record=record, tried=frozenset({"a"} if tried else ()))


def test_failures_are_counted_among_those_who_tried_with_messages_that_differ_in_numbers_as_one() -> None:
    members = (
        judged("s0", "Got 1.5, expected 2."),
        judged("s1", "Got 1.5, expected 2."),
        judged("s2", "Got -3e-05, expected nan."),
        judged("s3", "The shape is wrong: (2, 3)."),
        judged("s6", "The shape is wrong: (4,)."),
        judged("s7", "The shape is wrong: (4,)."),
        judged("s4", "", passed=True),
        judged("s5", "not written", tried=False),
    )
    found = check_failures(Classroom("lab", (Item("a", 2, by_hand=False),), members, {"a": ""}))
    assert [(check.name, check.visible, check.failed, check.tried) for check in found] == [
        ("rows", True, 6, 7),
        ("secret", False, 6, 7),
    ]
    assert [(said.text, said.n) for said in found[0].messages] == [
        ("Got 1.5, expected 2.", 3),
        ("The shape is wrong: (4,).", 3),
    ]


def test_an_empty_class_has_a_summary_and_statistics() -> None:
    classroom = Classroom("lab", (Item("a", 2, by_hand=False),), (), {})
    assert score_summary(classroom).n == 0
    assert item_statistics(classroom)[0].difficulty is None
    assert check_failures(classroom) == []
