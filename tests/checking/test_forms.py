from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from coursekit.checking import CheckResult, Exercise, LocalStudent, Student, checks, expect, expect_close, forms, judge
from coursekit.checking.calls import Call, arrays_mapped
from coursekit.checking.forms import FORMS, MAX_CALLS, MAX_ENTRIES, sample
from coursekit.errors import UnknownNameError

Cells: TypeAlias = Callable[..., LocalStudent]
Rng: TypeAlias = np.random.Generator

ALL = (*FORMS, "again")


@checks("halve")
def halves_two_matrices(student: Student, rng: Rng) -> None:
    """Two matrices are halved."""
    for shape in ((2, 3), (4, 2)):
        x = 1.0 + rng.integers(20, size=shape)
        expect_close(student.call("halve", x), x / 2, hint="Divide by two.")


@checks("halve")
def halves_a_small_number(student: Student, rng: Rng) -> None:
    """The half of 0.001 is 0.0005, and 0 stays."""
    expect_close(student.call("halve", np.array([0.001, 0.0])), [0.0005, 0.0], hint="Divide by two.", rtol=1e-5)


def exercise(*names: str) -> Exercise:
    return Exercise("halve", points=3, checks=(halves_two_matrices, halves_a_small_number, forms("halve", *names)))


def in_other_forms(student: Student, *names: str) -> CheckResult:
    return judge(exercise(*names), student).results[-1]


RIGHT = {
    "plain": "def halve(x): return np.asarray(x) / 2",
    "list": "def halve(x): return [[v / 2 for v in row] if np.ndim(row) else row / 2 for row in x]",
    "float32": "def halve(x): return np.asarray(x, dtype=np.float32) / 2",
    "torch": "import torch\ndef halve(x): return torch.tensor(np.array(x, dtype=float)) / 2",
    "in place": "def halve(x):\n    x = np.array(x, dtype=float)\n    x /= 2\n    return x",
}


@pytest.mark.parametrize("cell", RIGHT.values(), ids=RIGHT)
def test_a_right_answer_passes_in_every_form(cells: Cells, cell: str) -> None:
    verdict = judge(exercise(*ALL), cells(cell))
    assert {r.check.name: (r.message, r.got) for r in verdict.results if not r.passed} == {}


MADE_LIKE = "def halve(x):\n    out = np.empty_like(x)\n    out[...] = x / 2\n    return out"
RAVELLED = "def halve(x):\n    y = x.copy(order='K')\n    flat = y.ravel()\n    flat /= 2\n    return y"
WRITES_AT_ZERO = "def halve(x):\n    if (x == 0).any():\n        x[x == 0] = 0\n    return x / 2"
DOUBLE_PRECISION = "def halve(x):\n    return x / 2 if x.dtype == float else x * 0"
BUFFER = (
    "kept = {}\ndef halve(x):\n    y = kept.setdefault(x.shape, np.empty(x.shape))\n    y[...] = x / 2\n    return y"
)
BY_SHAPE = "kept = {}\ndef halve(x):\n    return kept.setdefault(x.shape, x / 2).copy()"
COUNTS = "calls = []\ndef halve(x):\n    calls.append(1)\n    return x / 2 + (len(calls) > 6)"
WRAPS = "def halve(x):\n    return (x + x) / 4 * (1 if x.max() < 15 or x.dtype != np.uint8 else 2)"

WRONG = [
    ("integers", MADE_LIKE, "With whole numbers (dtype int64) the result is another.", "np.zeros_like"),
    ("bytes", WRAPS, "With whole numbers from 0 to 255 (dtype uint8, as pixels have) the result", "Bytes wrap"),
    ("float32", DOUBLE_PRECISION, "With single precision (dtype float32) the result is another.", "float32 holds"),
    ("lists", "def halve(x): return x / 2", "With lists in place of arrays it stops with an error", "np.asarray"),
    ("fortran", RAVELLED, "With arrays in column order (such as a transpose) the result", "ravel()"),
    ("read-only", WRITES_AT_ZERO, "With arrays that cannot be written to it stops with an error", "work on a copy"),
    ("again", BUFFER, "A result that was returned earlier changes", "Make a new array"),
    ("again", BY_SHAPE, "Other numbers of the same shape give the result of the call before.", "its own call"),
    ("again", COUNTS, "The same call gives another result after a call with other numbers.", "outside the function"),
]


@pytest.mark.parametrize(("name", "cell", "message", "hint"), WRONG, ids=[f"{w[0]}-{i}" for i, w in enumerate(WRONG)])
def test_the_form_that_breaks_an_answer_is_named(cells: Cells, name: str, cell: str, message: str, hint: str) -> None:
    student = cells(cell)
    result = in_other_forms(student, name)
    assert result.message.startswith(message)
    assert hint in result.hint
    assert result.call is not None


@pytest.mark.parametrize("name", ["float32", "fortran", "strided", "read-only", "again"])
def test_forms_that_are_not_promised_are_not_tried(cells: Cells, name: str) -> None:
    assert in_other_forms(cells(MADE_LIKE), name).passed


def test_a_slice_of_a_larger_array_is_no_block_of_memory(cells: Cells) -> None:
    cell = "def halve(x):\n    return x / 2 if x.flags.c_contiguous else x"
    assert in_other_forms(cells(cell), "strided").message.startswith("With slices of a larger array")


# which calls are made


def test_forms_cannot_pass_where_nothing_else_does(cells: Cells) -> None:
    verdict = judge(exercise(*ALL), cells("def halve(x): return np.zeros(3)"))
    assert verdict.score == 0
    assert verdict.results[-1].message == "No other check passes yet, so there is nothing to compare with."


def test_calls_of_checks_that_fail_are_not_made_again(cells: Cells) -> None:
    student = cells("def halve(x):\n    return x / 2 if x.ndim == 2 else x")
    assert in_other_forms(student, "float32").passed


@pytest.mark.parametrize("cell", ["", "def halve(x): raise NotImplementedError"])
def test_an_answer_that_is_not_written_is_not_written_in_other_forms(cells: Cells, cell: str) -> None:
    assert judge(exercise(*ALL), cells(cell)).not_written


def test_the_order_of_the_checks_makes_no_difference(cells: Cells) -> None:
    there, back = exercise(*ALL), Exercise("halve", points=3, checks=exercise(*ALL).checks[::-1])
    for cell in (RIGHT["plain"], MADE_LIKE, BY_SHAPE):
        verdicts = [judge(e, cells(cell)) for e in (there, back)]
        seen = [{r.check.name: (r.passed, r.message, r.got) for r in verdict.results} for verdict in verdicts]
        assert seen[0] == seen[1]


@checks("rest")
def rest_is_what_a_sigmoid_leaves(student: Student, rng: Rng) -> None:
    """What a sigmoid leaves up to 1 is small for large numbers."""
    x = 7.4 + rng.random(3) / 10
    expect_close(student.call("rest", x), 1 / (1 + np.exp(x)), hint="Take it from 1.", rtol=1e-3)


def test_a_small_difference_of_numbers_around_one_may_be_rounded(cells: Cells) -> None:
    rest = Exercise("rest", points=1, checks=(rest_is_what_a_sigmoid_leaves, forms("rest", "float32", "strided")))
    for seed in range(20):
        verdict = judge(rest, cells("def rest(x): return 1 - 1 / (1 + np.exp(-x))"), seed=seed)
        assert verdict.passed, verdict.results[-1]


@checks("gate")
def gates_are_open_above_zero(student: Student, rng: Rng) -> None:
    """Above 0 the slope is 1."""
    for shape in ((2, 3), (4,)):
        expect_close(student.call("gate", 1.0 + rng.random(shape)), np.ones(shape), hint="Look at the sign.")


@pytest.mark.parametrize(
    ("cell", "passed"),
    [
        ("def gate(x): return (x > 0) * 1.0", True),
        ("kept = {}\ndef gate(x):\n    return kept.setdefault(x.shape, (x > 0) * 1.0).copy()", False),
    ],
    ids=["by sign", "by shape"],
)
def test_numbers_that_happen_to_have_the_same_result_are_no_sign_of_a_memory(
    cells: Cells, cell: str, passed: bool
) -> None:
    gate = Exercise("gate", points=1, checks=(gates_are_open_above_zero, forms("gate", "again")))
    for seed in range(5):
        assert judge(gate, cells(cell), seed=seed).results[-1].passed == passed


def test_an_error_that_the_plain_call_makes_too_is_no_fault_of_the_form(cells: Cells) -> None:
    cell = "def halve(x):\n    if x.ndim == 2 and float(x[0, 0]) != int(x[0, 0]): raise ValueError\n    return x / 2"
    assert in_other_forms(cells(cell), "float32", "fortran", "again").passed


def test_the_smallest_calls_are_made_again_and_no_two_alike() -> None:
    calls = [Call("f", (np.zeros(n),)) for n in (MAX_ENTRIES + 1, 9, 5, 9, 7, 6, 3)] + [Call("g", (np.zeros(1),))]
    assert [call.args[0].size for call in sample(calls, "f")] == [3, 5, 6, 7][:MAX_CALLS]
    with_options = [Call("f", (np.zeros(3),), {"margin": margin}) for margin in (1.0, 0.5, 0.5)]
    assert len(sample(with_options, "f")) == 2


def counting(halve: Callable[[Any], Any], x: Any) -> Any:
    import sys

    steps = []

    def trace(frame: Any, event: str, arg: Any) -> Any:
        steps.append(event)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        halve(x)
    finally:
        sys.settrace(before)
    return len(steps)


def test_steps_are_not_counted_again_in_other_forms(cells: Cells) -> None:
    """An answer that converts some inputs takes more steps for them, and is right."""

    @checks("halve")
    def takes_few_steps(student: Student, rng: Rng) -> None:
        """It takes few steps."""
        expect(bool(student.run(counting, x=np.ones(2)) < 50), "It takes many steps.", hint="Divide at once.")

    tried = Exercise("halve", points=3, checks=(takes_few_steps, halves_two_matrices, forms("halve", "integers")))
    cell = "def halve(x):\n    if x.dtype != float:\n        x = np.asarray(x, dtype=float)\n    return x / 2"
    assert judge(tried, cells(cell)).passed


def probe(halve: Callable[[Any], Any], x: Any) -> Any:
    return halve(halve(x))


@checks("halve")
def quarters_by_a_probe(student: Student, rng: Rng) -> None:
    """Halving twice gives a quarter."""
    expect_close(student.run(probe, x=np.array([4.0, 6.0])), [1.0, 1.5], hint="Divide by two.")


def test_the_inputs_of_a_probe_get_other_forms_too(cells: Cells) -> None:
    both = Exercise("halve", points=2, checks=(quarters_by_a_probe, forms("halve", "integers")))
    assert judge(both, cells(RIGHT["plain"])).passed
    assert "whole numbers" in judge(both, cells(MADE_LIKE)).results[-1].message


def test_a_right_answer_to_an_earlier_exercise_stands_in(cells: Cells) -> None:
    stand_in = {"helper": "def helper(x):\n    return np.asarray(x) / 2"}
    one = Exercise("halve", points=3, checks=exercise("integers").checks, stand_ins=stand_in)
    student = cells(MADE_LIKE.replace("halve", "helper"), "def halve(x): return helper(x)")
    assert judge(one, student).passed


# how it is said


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no form named 'float16'"):
        forms("halve", "float16")


def test_the_check_is_named_for_its_exercise_and_says_which_forms() -> None:
    check = forms("halve", "float32", "again", weight=2)
    assert (check.name, check.slug, check.weight) == ("halve_in_other_forms", "halve", 2)
    assert check.sentence == "The calls of the other checks give the same in other forms: float32, a call in between."


def test_an_array_without_axes_stays_an_array() -> None:
    changed = arrays_mapped({"x": np.array(2.5)}, lambda array: 2 * array)
    assert isinstance(changed, dict)
    assert isinstance(changed["x"], np.ndarray)
    assert changed["x"].shape == ()
