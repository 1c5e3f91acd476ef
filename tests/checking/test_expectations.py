from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit.checking import (
    CallReport,
    CheckFailure,
    LocalStudent,
    expect,
    expect_close,
    expect_dtype,
    expect_equal,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_parts,
    expect_shape,
)
from coursekit.checking.differences import ArrayDifference, ShapeDifference
from coursekit.checking.expectations import shown


def failure(expectation: Callable[..., Any], *args: Any, hint: str = "Try this.", **options: Any) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        expectation(*args, hint=hint, **options)
    return caught.value


def student_with(report: CallReport) -> LocalStudent:
    student = LocalStudent({})
    student.report = report
    return student


# expect


def test_a_condition_that_holds_says_nothing() -> None:
    expect(True, "No.", hint="Try this.")


def test_a_condition_that_does_not_hold_says_what_was_expected_and_got_and_what_to_try() -> None:
    said = failure(expect, False, "It is too small.", expected=3.5, got=np.array([1, 2]))
    assert (said.message, said.expected, said.got, said.hint) == ("It is too small.", "3.5", "[1 2]", "Try this.")


def test_a_text_of_the_students_is_cut_and_printable() -> None:
    said = failure(expect, False, "No.", got="\x1b" + "long " * 1000)
    assert said.got.startswith("\\x1blong")
    assert len(said.got) < 310


# expect_shape


@pytest.mark.parametrize(
    ("got", "shape"),
    [
        (np.zeros((2, 3)), (2, 3)),
        ([[1, 2], [3, 4]], (2, 2)),
        ([np.zeros(3), np.zeros(3)], (2, 3)),
        (((1, 2, 3),), (1, 3)),
        (5, ()),
        (5.0, ()),
        (True, ()),
        (np.array(5.0), ()),
        ([], (0,)),
        (np.zeros((0, 4)), (0, 4)),
    ],
    ids=repr,
)
def test_arrays_lists_of_rows_and_numbers_have_a_shape(got: Any, shape: tuple[int, ...]) -> None:
    expect_shape(got, shape, hint="Try this.")


def test_another_shape_is_told_with_both_shapes() -> None:
    said = failure(expect_shape, np.zeros((3, 2)), (2, 3), what="dW")
    assert said.message == "dW has the wrong shape: the axes are in another order."
    assert said.difference == ShapeDifference(expected=(2, 3), got=(3, 2))
    assert (said.expected, said.got, said.hint) == ("shape (2, 3)", "shape (3, 2)", "Try this.")


@pytest.mark.parametrize("expectation", [expect_shape, expect_dtype, expect_close])
def test_none_asks_for_the_missing_return(expectation: Callable[..., Any]) -> None:
    second = {expect_shape: (), expect_dtype: "float", expect_close: 1.0}[expectation]
    said = failure(expectation, None, second)
    assert said.message == "The result is not an array of numbers."
    assert said.got == "None"
    assert said.hint == "Is a `return` missing?"


@pytest.mark.parametrize(
    ("got", "seen"),
    [
        ("text", "text"),
        ([[1], [1, 2]], "[[1], [1, 2]]"),
        ({"a": 1}, "{'a': 1}"),
        ([None, 1], "[None, 1]"),
        (["1", "2"], "['1', '2']"),
        ((np.zeros(2), np.zeros(3)), "(array([0., 0.]), array([0., 0., 0.]))"),
    ],
    ids=repr,
)
def test_what_is_no_array_of_numbers_is_shown(got: Any, seen: str) -> None:
    said = failure(expect_shape, got, (2,))
    assert said.message == "The result is not an array of numbers."
    assert said.got == seen
    assert said.hint == "Try this."


# expect_dtype


@pytest.mark.parametrize(
    ("got", "kind"),
    [
        (np.zeros(2), "float"),
        (np.zeros(2, np.float32), "float"),
        (np.zeros(2, np.float32), "float32"),
        (np.zeros(2, np.uint8), "uint8"),
        (np.zeros(2, np.uint8), "integer"),
        ([1, 2], "integer"),
        ([1.0], "float"),
        ([True], "bool"),
        (3, "integer"),
    ],
    ids=repr,
)
def test_a_dtype_or_its_kind_is_recognised(got: Any, kind: str) -> None:
    expect_dtype(got, kind, hint="Try this.")


@pytest.mark.parametrize(
    ("got", "kind", "seen"),
    [
        (np.zeros(2), "float32", "dtype float64"),
        (np.zeros(2), "integer", "dtype float64"),
        ([1, 2], "float", "dtype int64"),
        ([1, 0], "bool", "dtype int64"),
        ([True], "integer", "dtype bool"),
    ],
    ids=repr,
)
def test_another_dtype_is_told_with_both(got: Any, kind: str, seen: str) -> None:
    said = failure(expect_dtype, got, kind)
    assert said.message == "The result has the wrong dtype."
    assert (said.expected, said.got) == (f"dtype {kind}", seen)


# expect_close


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1.0, 1),
        (np.array(1.0), 1.0),
        ([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
        (np.array([1 / 3, 2e20], np.float32), [1 / 3, 2e20]),
        (np.array([1, 2], dtype=np.uint8), [1.0, 2.0]),
        ([True, False], [1, 0]),
        (np.array([np.nan, np.inf, -np.inf]), [np.nan, np.inf, -np.inf]),
        (np.array([1 + 1j]), [1 + 1j]),
        (np.asfortranarray(np.eye(2)), np.eye(2)),
        (1e-12, 0.0),
        (np.zeros((0, 2)), np.zeros((0, 2))),
    ],
    ids=repr,
)
def test_values_that_agree_within_float32_pass(got: Any, expected: Any) -> None:
    expect_close(got, expected, hint="Try this.")


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1.000002, 1.0),
        (1e-8, 0.0),
        (np.nan, 1.0),
        (1.0, np.nan),
        (np.inf, -np.inf),
        (np.inf, 1e308),
        (np.array([255], dtype=np.uint8), [-1]),
        (np.array([1 + 1j]), [1.0]),
    ],
    ids=repr,
)
def test_values_that_do_not_agree_fail(got: Any, expected: Any) -> None:
    failure(expect_close, got, expected)


def test_small_arrays_that_differ_are_shown_with_the_worst_entry() -> None:
    said = failure(expect_close, [[1, 2], [3, 5], [9, 6]], [[1, 2], [3, 4], [5, 6]])
    assert said.message == "The result is not right: 2 of 6 values differ, in rows 1 and 2."
    assert said.expected == "[[1 2]\n [3 4]\n [5 6]]"
    assert said.got == "[[1 2]\n [3 5]\n [9 6]]"
    assert isinstance(said.difference, ArrayDifference)
    assert said.difference.worst_words() == "at index [2, 0]: expected 5, got 9"


def test_one_value_that_differs_is_one() -> None:
    assert failure(expect_close, [1, 2], [1, 3]).message == "The result is not right: 1 of 2 values differs."


def test_a_number_is_shown_without_an_index() -> None:
    said = failure(expect_close, 2.0, 1.5, what="The loss")
    assert (said.message, said.expected, said.got) == ("The loss is not right.", "1.5", "2")
    assert said.difference is None


def test_numbers_that_look_alike_are_shown_to_the_last_digit() -> None:
    said = failure(expect_close, 1.0 + 1e-13, 1.0, rtol=0, atol=0)
    assert said.expected != said.got
    assert said.got == "1.0000000000001"


def test_another_shape_is_told_before_other_values() -> None:
    message = failure(expect_close, [1, 2], [[1, 2]]).message
    assert message == "The result has the wrong shape: an axis of length 1 is missing."


def test_broadcasting_does_not_make_shapes_agree() -> None:
    said = failure(expect_close, np.ones((3, 3)), np.ones(3))
    assert (said.expected, said.got) == ("shape (3,)", "shape (3, 3)")


@pytest.mark.parametrize(
    ("got", "hint"),
    [
        (2.0, "Twice."),
        (2.0 + 1e-8, "Twice."),
        ([1.0, 1.0], "A number for each."),
        (np.nan, "Not a number."),
        (7.0, "Try this."),
        ([2.0], "Try this."),
    ],
    ids=repr,
)
def test_a_known_mistake_has_a_hint_of_its_own(got: Any, hint: str) -> None:
    mistakes = {"Twice.": 2.0, "A number for each.": [1, 1], "Not a number.": np.nan}
    assert failure(expect_close, got, 1.0, mistakes=mistakes).hint == hint


def test_a_right_value_passes_whatever_the_mistakes_are() -> None:
    expect_close(1.0, 1.0, hint="Try this.", mistakes={"Really?": 1.0})


def test_tolerances_can_be_set() -> None:
    expect_close(1.1, 1.0, hint="Try this.", rtol=0.2)
    expect_close(0.1, 0.0, hint="Try this.", atol=0.2)
    failure(expect_close, 1.0 + 1e-15, 1.0, rtol=0, atol=0)


def test_of_large_arrays_the_worst_entry_is_shown() -> None:
    got = np.zeros((1000, 1000))
    got[3, 4], got[5, 6] = 2.5, -7
    said = failure(expect_close, got, np.zeros((1000, 1000)))
    assert (said.expected, said.got) == ("", "")
    assert isinstance(said.difference, ArrayDifference)
    assert said.difference.worst_words() == "at index [5, 6]: expected 0, got -7, relative error 1"


# expect_equal


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3),
        ("tanh", "tanh"),
        (True, True),
        (None, None),
        ([1, [2]], [1, [2]]),
        ((3, ()), (3, ())),
        ({"a": (1, 2)}, {"a": (1, 2)}),
        (np.arange(3), np.arange(3)),
        ([0, 1, 2], np.arange(3)),
        ([np.arange(3)], [np.arange(3)]),
        ({"a": np.eye(2)}, {"a": np.eye(2)}),
    ],
    ids=repr,
)
def test_the_very_same_value_passes(got: Any, expected: Any) -> None:
    expect_equal(got, expected, hint="Try this.")


@pytest.mark.parametrize(
    ("got", "expected", "texts"),
    [
        (4, 3, ("3", "4")),
        ("3", 3, ("3", "'3'")),
        ("relu", "tanh", ("'tanh'", "'relu'")),
        (1, True, ("True", "1")),
        (3.0, 3, ("3 (int)", "3 (float)")),
        ((1, 2), [1, 2], ("[1 2] (list)", "[1 2] (tuple)")),
        (np.arange(2), [0, 1], ("[0 1] (list)", "[0 1] (ndarray)")),
        (None, 3, ("3", "None")),
        ({"a": 1}, {"a": 2}, ("{'a': 2}", "{'a': 1}")),
        ([np.arange(2)], [np.arange(3)], ("[[0 1 2]]", "[[0 1]]")),
    ],
    ids=repr,
)
def test_a_value_that_differs_is_shown_so_that_one_can_tell(got: Any, expected: Any, texts: tuple[str, str]) -> None:
    said = failure(expect_equal, got, expected)
    assert (said.expected, said.got) == texts
    assert said.message == "The result is not right."


def test_arrays_are_compared_exactly() -> None:
    said = failure(expect_equal, np.array([1.0, 2.0 + 1e-12]), np.array([1.0, 2.0]))
    assert isinstance(said.difference, ArrayDifference)
    assert said.difference.worst == (1,)
    assert said.difference.expected != said.difference.got


# what the call did


def test_a_warning_is_quoted() -> None:
    student = student_with(CallReport(warnings=("RuntimeWarning: overflow encountered in exp",)))
    said = failure(expect_no_warning, student)
    assert (said.expected, said.got) == ("no warning", "RuntimeWarning: overflow encountered in exp")


def test_of_many_warnings_three_are_quoted() -> None:
    student = student_with(CallReport(warnings=tuple(f"UserWarning: {i}" for i in range(9))))
    assert failure(expect_no_warning, student).got.count("\n") == 2


@pytest.mark.parametrize("kind", ["DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"])
def test_news_of_a_library_is_no_warning_about_the_answer(kind: str) -> None:
    expect_no_warning(student_with(CallReport(warnings=(f"{kind}: use another name",))), hint="Try this.")


def test_changed_inputs_are_named() -> None:
    student = student_with(CallReport(changed=("X", "y")))
    assert failure(expect_inputs_unchanged, student).message == "It changes its input X, y."
    assert "copy" in failure(expect_inputs_unchanged, student, hint="").hint


def test_shared_memory_is_named() -> None:
    student = student_with(CallReport(shared=("X",)))
    assert failure(expect_own_memory, student).message == "The result shares memory with the input X."
    assert "view" in failure(expect_own_memory, student, hint="").hint


@pytest.mark.parametrize("expectation", [expect_no_warning, expect_inputs_unchanged, expect_own_memory])
def test_a_call_that_did_nothing_odd_passes(expectation: Callable[..., None]) -> None:
    expectation(student_with(CallReport()), hint="Try this.")


# expect_parts


@pytest.mark.parametrize("got", [(1, 2), [1, 2]])
def test_parts_come_back_as_a_tuple(got: Any) -> None:
    assert expect_parts(got, ("W", "b"), hint="Try this.") == (1, 2)


@pytest.mark.parametrize(
    ("got", "seen"),
    [((1, 2, 3), "tuple of 3"), ([1], "list of 1"), (np.zeros(2), "ndarray"), (None, "NoneType"), ({}, "dict")],
    ids=repr,
)
def test_other_parts_are_told_by_type_and_number(got: Any, seen: str) -> None:
    said = failure(expect_parts, got, ("W", "b"))
    assert said.message == "The result does not have the right parts."
    assert (said.expected, said.got) == ("2 values: W, b", seen)


# shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.33333333"),
        (1e-20, "1e-20"),
        (2**70, str(2**70)),
        (np.array([1e-3, 1.0]), "[0.001 1.   ]"),
        (np.array([1e-9, 1.0]), "[1.e-09 1.e+00]"),
        ([], "[]"),
        ([[1, 2], [3]], "[[1, 2], [3]]"),
        (True, "True"),
    ],
    ids=repr,
)
def test_values_are_shown_as_one_would_write_them(value: Any, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    "value",
    [np.zeros((500, 500)), list(range(10**5)), "a" * 10**6, ["a"] * 10**5, {i: i for i in range(10**4)}],
    ids=lambda value: type(value).__name__,
)
def test_large_values_are_shown_short(value: Any) -> None:
    assert len(shown(value)) < 600


def test_arrays_are_shown_within_a_reports_width_whatever_the_session_prefers() -> None:
    with np.printoptions(linewidth=300, precision=2, threshold=10**6):
        text = shown(np.random.default_rng(0).normal(size=(2, 12)))
    assert max(map(len, text.splitlines())) <= 72


# what a failure says


def test_numbers_that_print_alike_are_told_apart() -> None:
    with pytest.raises(CheckFailure) as caught:
        expect(False, "No whole number.", expected=28, got=28.0, hint="Divide with //.")
    assert (caught.value.expected, caught.value.got) == ("28 (int)", "28 (float)")


def test_nan_is_equal_to_nan_where_the_very_same_is_expected() -> None:
    expect_close([1.0, np.nan], np.array([1.0, np.nan]), hint="", rtol=0, atol=0)


MISTAKE = {"That is the sum.": [3.0, 3.0]}


@pytest.mark.parametrize(
    ("got", "hint", "general"),
    [
        ([3.0, 3.0], "That is the sum.", False),
        ([3.2, 3.0], "Try the mean.", True),
        ([[3.0, 3.0]], "Try the mean.", False),
        ([True, True], "Try the mean.", True),
    ],
    ids=["its numbers", "only within the check's tolerance", "other shape", "truth values"],
)
def test_a_mistake_is_named_only_where_its_numbers_fit(got: Any, hint: str, general: bool) -> None:
    mistakes = MISTAKE | {"Those are ones.": [1.0, 1.0]}
    with pytest.raises(CheckFailure) as caught:
        expect_close(got, [2.0, 1.0], hint="Try the mean.", atol=0.5, mistakes=mistakes)
    assert (caught.value.hint, caught.value.general) == (hint, general)
