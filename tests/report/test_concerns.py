from __future__ import annotations

import dataclasses
import re

import pytest

from coursekit.report.classroom import Classroom, Member
from coursekit.report.concerns import KINDS, concerns_of


def reasons(classroom: Classroom, student: str, **changes: object) -> dict[str, str]:
    member = next(found for found in classroom.members if found.student == student)
    changed: Member = dataclasses.replace(member, **changes)  # type: ignore[arg-type]
    return {concern.kind: concern.words for concern in concerns_of(changed, classroom)}


@pytest.mark.parametrize("student", ["right", "untouched", "half", "whole matrix"])
def test_ordinary_work_needs_no_look(classroom: Classroom, student: str) -> None:
    assert reasons(classroom, student) == {}


@pytest.mark.parametrize(
    ("student", "kind", "words"),
    [
        ("dies", "stopped", "exit code 1"),
        ("absent", "missing", "holds nothing"),
        ("nothing right", "zero", "1 of 9 exercises"),
        ("only hidden", "hidden", r"softmax_of_rows_far_apart \(softmax\)"),
        ("mended", "mended", "check_softmax"),
        ("in words", "hand", "why_templates_fail"),
    ],
)
def test_each_reason_is_said_in_words(classroom: Classroom, student: str, kind: str, words: str) -> None:
    found = reasons(classroom, student)
    assert set(found) == {kind}
    assert re.search(words, found[kind])


def test_what_was_noticed_is_said_without_a_verdict(classroom: Classroom) -> None:
    record = next(member.record for member in classroom.members if member.student == "right")
    assert record is not None
    noticed = dataclasses.replace(record, noticed=("The notebook uses sys.settrace while an answer is called.",))
    words = reasons(classroom, "right", record=noticed)["noticed"]
    assert "sys.settrace" in words
    assert "it has cost nothing" in words


def test_what_was_not_graded_says_which_command_to_run(classroom: Classroom) -> None:
    assert "coursekit grade 01_softmax" in reasons(classroom, "right", outdated=True)["outdated"]
    assert "coursekit grade 01_softmax" in reasons(classroom, "right", status="ungraded")["ungraded"]


def test_the_most_pressing_reason_comes_first(classroom: Classroom) -> None:
    found = list(reasons(classroom, "dies", waiting=("why_templates_fail",), outdated=True))
    assert found == sorted(found, key=list(KINDS).index)
    assert list(reasons(classroom, "dies", status="crashed")) == ["ended"]
    assert found[0] == "stopped"
    assert found[-1] == "hand"
