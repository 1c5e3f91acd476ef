from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, TypeAlias

import numpy as np
import pytest

from coursekit.checking import (
    Check,
    CheckResult,
    Exercise,
    LocalStudent,
    Student,
    StudentError,
    Verdict,
    checks,
    expect,
    expect_close,
    judge,
)

Cells: TypeAlias = Callable[..., LocalStudent]
Rng: TypeAlias = np.random.Generator


@checks("double")
def doubles_two(student: Student, rng: Rng) -> None:
    """Twice two is four."""
    expect_close(student.call("double", 2), 4, hint="Add it to itself.")


@checks("double", weight=3)
def doubles_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers are doubled."""
    x = rng.normal(size=3)
    expect_close(student.call("double", x), 2 * x, hint="Add it to itself.")


@checks("double")
def returns_a_list(student: Student, rng: Rng) -> None:
    """The result has an item."""
    expect(student.call("double", 2)[0] == 4, "No item.", hint="Return a list.")


DOUBLE = Exercise("double", points=2, checks=(doubles_two, doubles_random_numbers))
RIGHT = "def double(x):\n    return x + x"
RIGHT_FOR_WHOLE_NUMBERS = "def double(x):\n    return int(np.sum(x)) * 2"
STUB = "def double(x):\n    raise NotImplementedError"


# what a check is


def test_a_check_is_a_function_with_a_sentence() -> None:
    assert isinstance(doubles_two, Check)
    assert (doubles_two.name, doubles_two.slug) == ("doubles_two", "double")
    assert doubles_two.sentence == "Twice two is four."
    assert (doubles_two.weight, doubles_two.visible) == (1.0, True)


def test_a_sentence_over_several_lines_is_one_line() -> None:
    def check(student: Student, rng: Rng) -> None:
        """Twice two
        is four.
        """

    assert checks("double")(check).sentence == "Twice two is four."


@pytest.mark.parametrize("text", [None, "", "Twice two is four"])
def test_a_check_without_a_sentence_is_refused(text: str | None) -> None:
    def check(student: Student, rng: Rng) -> None: ...

    check.__doc__ = text
    with pytest.raises(ValueError, match="'check' needs one sentence"):
        checks("double")(check)


@pytest.mark.parametrize("weight", [0, -1, float("nan")])
def test_a_weight_is_above_zero(weight: float) -> None:
    with pytest.raises(ValueError, match="needs a weight above 0"):
        replace(doubles_two, weight=weight)


# scores


@pytest.mark.parametrize(
    ("cell", "score", "passed"),
    [(RIGHT, 2, [True, True]), (RIGHT_FOR_WHOLE_NUMBERS, 0.5, [True, False]), ("def double(x): ...", 0, [False] * 2)],
)
def test_points_follow_the_weight_of_what_passed(cells: Cells, cell: str, score: float, passed: list[bool]) -> None:
    verdict = judge(DOUBLE, cells(cell))
    assert [result.passed for result in verdict.results] == passed
    assert verdict.passed == all(passed)
    assert verdict.score == score
    assert verdict.fraction == pytest.approx(score / 2)


def results_of(passed: list[bool], weights: list[float]) -> tuple[CheckResult, ...]:
    pairs = zip(passed, weights, strict=True)
    return tuple(CheckResult(replace(doubles_two, weight=weight), passed=ok) for ok, weight in pairs)


@pytest.mark.parametrize(
    ("passed", "weights", "points", "score"),
    [
        ([True, False, False], [1, 1, 1], 1, 0.3333),
        ([True, True, False], [1, 1, 1], 2, 1.3333),
        ([True, True, True], [0.1, 0.1, 0.1], 3, 3),
        ([True] * 7, [1 / 7] * 7, 0.7, 0.7),
        ([False], [1], 4, 0),
        ([True, False], [1, 3], 100, 25),
    ],
)
def test_scores_have_four_decimals_and_full_marks_are_exact(
    passed: list[bool], weights: list[float], points: float, score: float
) -> None:
    verdict = Verdict(replace(DOUBLE, points=points), results_of(passed, weights))
    assert verdict.score == score


def test_an_exercise_without_checks_is_worth_nothing() -> None:
    verdict = judge(Exercise("double", points=2, checks=()), LocalStudent({}))
    assert not verdict.passed
    assert not verdict.not_written
    assert verdict.score == verdict.fraction == 0


# what is not written


def test_an_answer_that_is_not_written_is_told_apart_from_a_wrong_one(cells: Cells) -> None:
    verdict = judge(DOUBLE, cells(STUB))
    assert verdict.not_written
    assert verdict.score == 0
    assert verdict.results[0].message == "double is not written yet."


def test_an_answer_that_is_not_defined_is_not_written(cells: Cells) -> None:
    verdict = judge(DOUBLE, cells())
    assert verdict.not_written
    assert verdict.results[0].message == "double is not defined yet."


def test_an_answer_that_stops_half_way_is_written(cells: Cells) -> None:
    cell = "def double(x):\n    if np.ndim(x):\n        raise NotImplementedError\n    return x + x"
    verdict = judge(DOUBLE, cells(cell))
    assert not verdict.not_written
    assert verdict.score == 0.5


def test_an_answer_that_needs_one_that_is_not_written_says_which(cells: Cells) -> None:
    student = cells("def add(x, y):\n    raise NotImplementedError", "def double(x):\n    return add(x, x)")
    verdict = judge(DOUBLE, student)
    assert not verdict.not_written
    assert verdict.score == 0
    assert verdict.results[0].message == "double uses add. add is not written yet."
    assert verdict.results[0].hint == "Do that first."


# an error is paid for once

ADD = "def add(x, y):\n    return x + y"
WITH_STAND_INS = replace(DOUBLE, stand_ins={"add": ADD})


@pytest.mark.parametrize(
    "earlier", ["def add(x, y):\n    return x - y", "def add(x, y):\n    raise NotImplementedError", ""]
)
def test_a_wrong_earlier_answer_costs_nothing_in_a_later_exercise(cells: Cells, earlier: str) -> None:
    student = cells(earlier, "def double(x):\n    return add(x, x)")
    before = dict(student.namespace)
    assert judge(WITH_STAND_INS, student).score == 2
    assert student.namespace == before


def test_a_wrong_answer_stays_wrong_beside_right_ones_and_keeps_its_own_message(cells: Cells) -> None:
    student = cells("def add(x, y):\n    return x - y", "def double(x):\n    return add(x, x) + 1")
    verdict = judge(WITH_STAND_INS, student)
    assert verdict.score == 0
    assert verdict.results[0].got == "1"


def test_a_check_that_passes_is_not_run_again(cells: Cells) -> None:
    student = cells("n = 0\ndef double(x):\n    global n\n    n += 1\n    return x + x")
    judge(WITH_STAND_INS, student)
    assert student.namespace["n"] == len(DOUBLE.checks)


def test_an_answer_that_is_right_only_with_the_students_own_earlier_answer_passes(cells: Cells) -> None:
    student = cells("def add(x, y, z=0):\n    return x + y + z", "def double(x):\n    return add(x, x, z=0)")
    assert judge(WITH_STAND_INS, student).score == 2


# randomness


def drawn(exercise: Exercise, *, seed: int) -> dict[str, float]:
    """Return the first number that each check of an exercise draws."""
    seen: dict[str, float] = {}

    def spy(check: Check) -> Check:
        def function(student: Student, rng: Rng) -> None:
            """Draw."""
            seen[check.name] = rng.random()

        function.__name__ = check.name
        return replace(check, function=function)

    judge(replace(exercise, checks=tuple(map(spy, exercise.checks))), LocalStudent({}), seed=seed)
    return seen


def test_each_check_draws_numbers_of_its_own_whatever_the_order() -> None:
    forward = drawn(DOUBLE, seed=0)
    backward = drawn(replace(DOUBLE, checks=DOUBLE.checks[::-1]), seed=0)
    alone = drawn(replace(DOUBLE, checks=DOUBLE.checks[1:]), seed=0)
    assert forward == backward
    assert forward["doubles_random_numbers"] == alone["doubles_random_numbers"]
    assert forward["doubles_two"] != forward["doubles_random_numbers"]


def test_another_seed_draws_other_numbers_and_the_same_seed_the_same() -> None:
    assert drawn(DOUBLE, seed=1) == drawn(DOUBLE, seed=1)
    assert drawn(DOUBLE, seed=1) != drawn(DOUBLE, seed=2)


def test_numpys_global_generator_is_left_alone(cells: Cells) -> None:
    before = np.random.get_state(legacy=False)  # noqa: NPY002 - that is what is tested
    judge(DOUBLE, cells(RIGHT))
    np.testing.assert_equal(np.random.get_state(legacy=False), before)  # noqa: NPY002


# checks that fall over


def test_a_result_that_a_check_cannot_handle_fails_that_check_alone(cells: Cells) -> None:
    exercise = replace(DOUBLE, checks=(returns_a_list, doubles_two))
    verdict = judge(exercise, cells(RIGHT))
    assert [result.passed for result in verdict.results] == [False, True]
    assert verdict.results[0].message == "The result does not have the form that the exercise asks for."
    assert verdict.results[0].got == "TypeError: 'int' object is not subscriptable"
    assert "Returns section" in verdict.results[0].hint


def test_a_check_that_computes_with_nan_or_infinity_raises_no_warning(cells: Cells) -> None:
    @checks("double")
    def subtracts(student: Student, rng: Rng) -> None:
        """The difference is zero."""
        got = student.call("double", 1.0)
        expect_close(np.subtract(got, got), 0.0, hint="Finite, please.")

    verdict = judge(replace(DOUBLE, checks=(subtracts,)), cells("def double(x):\n    return np.array(np.inf)"))
    assert not verdict.passed


def test_an_interrupt_from_the_keyboard_stops_the_checks(cells: Cells) -> None:
    with pytest.raises(KeyboardInterrupt):
        judge(DOUBLE, cells("def double(x):\n    raise KeyboardInterrupt"))


# records


def record_of(student: LocalStudent, *, visible: bool) -> dict[str, Any]:
    exercise = replace(DOUBLE, checks=tuple(replace(check, visible=visible) for check in DOUBLE.checks))
    return asdict(judge(exercise, student).record())


def test_a_record_is_plain_data_in_the_agreed_form(cells: Cells) -> None:
    record = record_of(cells(RIGHT_FOR_WHOLE_NUMBERS), visible=True)
    assert json.loads(json.dumps(record)) == {**record, "checks": list(record["checks"])}
    assert (record["name"], record["score"], record["max_score"]) == ("double", 0.5, 2)
    assert record["checks"][0] == {"name": "doubles_two", "visible": True, "passed": True, "message": ""}
    assert set(record["checks"][1]) == {"name", "visible", "passed", "message"}


def test_the_message_of_a_visible_check_says_all(cells: Cells) -> None:
    record = record_of(cells("def double(x):\n    return 5"), visible=True)
    assert record["checks"][0]["message"] == "The result is not right. Expected: 4. Got: 5. Add it to itself."


def test_the_message_of_a_visible_check_names_the_worst_entry_of_an_array(cells: Cells) -> None:
    def doubles_two_rows(student: Student, rng: np.random.Generator) -> None:
        """Rows are doubled."""
        expect_close(student.call("double", np.array([[1.0], [2.0]])), [[2.0], [4.0]], hint="Add it to itself.")

    exercise = replace(DOUBLE, checks=(Check("double", doubles_two_rows),))
    (entry,) = judge(exercise, cells("def double(x):\n    return x + 1")).record().checks
    assert entry.message.startswith(
        "The result is not right: 1 of 2 values differs. Worst at index [1, 0]: expected 4, got 3, relative error 0.25."
    )


@pytest.mark.parametrize(
    "cell",
    ["def double(x):\n    return 123456.0", "def double(x):\n    raise ValueError(123456)", "def double(x): ..."],
)
def test_the_record_of_a_hidden_check_holds_its_hint_and_never_expected_or_got(cells: Cells, cell: str) -> None:
    record = record_of(cells(cell), visible=False)
    hidden = replace(DOUBLE, checks=tuple(replace(check, visible=False) for check in DOUBLE.checks))
    for entry, result in zip(record["checks"], judge(hidden, cells(cell)).results, strict=True):
        assert entry["message"] == result.hint
        assert "123456" not in json.dumps(entry)
        assert "xpected" not in json.dumps(entry)


@pytest.mark.parametrize("kind", ["ValueError", "NoReply", "NotPlainError", "NameError", "a kind of its own 123456"])
def test_of_a_hidden_check_nothing_that_the_students_code_says_is_told(kind: str) -> None:
    class Telling(LocalStudent):
        def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
            raise StudentError("123456", kind=kind, got="123456", hint="123456")

    record = json.dumps(record_of(Telling({}), visible=False))
    assert "123456" not in record


def test_hidden_checks_weigh_at_least_their_share_and_visible_ones_stay_as_they_are() -> None:
    checks = (*DOUBLE.checks, *(replace(check, visible=False) for check in DOUBLE.checks[:1]))
    exercise = replace(DOUBLE, checks=checks)
    shared = exercise.with_hidden_share(0.75)
    weights = {kind: sum(c.weight for c in shared.checks if c.visible == kind) for kind in (True, False)}
    assert weights[False] / sum(weights.values()) == pytest.approx(0.75)
    assert shared.part(visible=True).checks == exercise.part(visible=True).checks
    assert exercise.with_hidden_share(0.0) == exercise
    assert DOUBLE.with_hidden_share(0.75) == DOUBLE
