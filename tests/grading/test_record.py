from __future__ import annotations

import json

from coursekit.grading import CheckRecord, ExerciseRecord, Record

CHECK = CheckRecord("rows_sum_to_one", visible=True, passed=False, message="They do not.")
RECORD = Record("ada", "01_lab", "graded", 1.5, 3.0, 0.25, "", (ExerciseRecord("softmax", 1.5, 3.0, (CHECK,)),))


def test_a_record_survives_the_way_through_json() -> None:
    assert Record.from_json(json.loads(json.dumps(RECORD.as_json()))) == RECORD


def test_a_record_has_the_keys_that_scripts_rely_on() -> None:
    data = RECORD.as_json()
    assert list(data) == [
        "student",
        "lab",
        "status",
        "score",
        "max_score",
        "seconds",
        "message",
        "exercises",
        "noticed",
    ]
    (exercise,) = data["exercises"]
    assert list(exercise) == ["name", "score", "max_score", "checks"]
    assert [list(check) for check in exercise["checks"]] == [["name", "visible", "passed", "message"]]


def test_a_record_of_an_earlier_run_has_nothing_noticed() -> None:
    data = RECORD.as_json()
    del data["noticed"]
    assert Record.from_json(data).noticed == ()
