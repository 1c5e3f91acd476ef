from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from coursekit.checking.differences import ArrayDifference, array_difference, number_texts, shape_difference


def difference(got: Any, expected: Any) -> ArrayDifference:
    seen, right = np.asarray(got), np.asarray(expected)
    return array_difference(seen, right, np.asarray(seen == right))


def signs(found: ArrayDifference, panel: int = 0) -> list[str]:
    return ["".join(square.sign or "." for square in row) for row in found.panels[panel].rows]


def changed(shape: tuple[int, ...], *where: Any, by: float = 1.0) -> ArrayDifference:
    """The difference that a change of zeros at some places makes."""
    got = np.zeros(shape)
    for index in where:
        got[index] += by
    return difference(got, np.zeros(shape))


# the worst entry


def test_the_worst_entry_is_the_one_that_is_off_most() -> None:
    found = difference([1.0, 2.5, -3.0], [1.0, 2.0, 3.0])
    assert (found.worst, found.expected, found.got) == ((2,), "3", "-3")


def test_an_entry_that_agrees_is_never_the_worst() -> None:
    right, seen = np.array([1e9, 1.0]), np.array([1e9 + 1, 1.1])
    assert array_difference(seen, right, np.array([True, False])).worst == (1,)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_worse_than_any_number(bad: float) -> None:
    found = difference([1e300, bad, 0.0], [0.0, 0.0, 0.0])
    assert (found.worst, found.relative_error) == ((1,), None)


def test_infinities_of_the_same_sign_that_are_both_wrong_raise_no_warning() -> None:
    agree = np.array([False])
    assert array_difference(np.array([np.inf]), np.array([np.inf]), agree).worst == (0,)


def test_bytes_do_not_wrap_around() -> None:
    found = difference(np.array([255, 9], np.uint8), np.array([254, 0], np.uint8))
    assert (found.worst, signs(found)) == ((1,), ["++"])


@pytest.mark.parametrize(
    ("got", "expected", "error"),
    [
        ([3.0], [2.0], 1 / 3),
        ([2.0], [3.0], 1 / 3),
        ([0.0], [5.0], 1.0),
        ([-1.0], [1.0], 2.0),
        ([1.5], [1], 1 / 3),
        ([1], [2], None),
        ([True], [False], None),
        ([1 + 1j], [1.0], pytest.approx(1 / np.sqrt(2))),
    ],
    ids=repr,
)
def test_the_relative_error_is_of_the_larger_of_two_numbers(got: Any, expected: Any, error: Any) -> None:
    found = difference(got, expected).relative_error
    assert found == (error if error is None else pytest.approx(error))


def test_the_worst_in_words_has_index_both_values_and_the_relative_error() -> None:
    found = difference([[0.5, 3.0]], [[0.5, 2.0]])
    assert found.worst_words() == "at index [0, 1]: expected 2, got 3, relative error 0.33"


def test_numbers_that_look_alike_are_written_to_the_last_digit() -> None:
    assert number_texts(1.0, 1.0 + 1e-13) == ("1.0", "1.0000000000001")
    assert number_texts(1, 2) == ("1", "2")


# where it differs


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (changed((4, 3), np.s_[2, 1]), "1 of 12 values differs"),
        (changed((4, 3), np.s_[2]), "3 of 12 values differ, in row 2"),
        (changed((4, 3), np.s_[:, 1]), "4 of 12 values differ, in column 1"),
        (changed((4, 3), np.s_[1:, 1:]), "6 of 12 values differ, in rows 1 to 3 and columns 1 and 2"),
        (changed((4, 3), np.s_[[0, 3], 0]), "2 of 12 values differ, in rows 0 and 3 and column 0"),
        (changed((4, 3), np.s_[0], np.s_[:, 0]), "6 of 12 values differ"),
        (changed((4, 3), np.s_[:]), "all 12 values differ"),
        (changed((1,), np.s_[:]), "1 of 1 values differs"),
        (changed((9,), np.s_[3:8]), "5 of 9 values differ, in places 3 to 7"),
        (changed((99,), np.s_[::2]), "50 of 99 values differ"),
        (changed((4, 5, 6), np.s_[1, :, 2:4]), "10 of 120 values differ, all within [1, :, 2:4]"),
        (changed((2, 2, 2), np.s_[0, 0, 0], np.s_[1, 1, 1]), "2 of 8 values differ"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_is_said_along_which_axes_differences_are_confined(found: ArrayDifference, words: str) -> None:
    assert found.extent() == words


# maps


def test_a_map_of_a_small_matrix_has_a_square_an_entry_with_its_sign() -> None:
    found = difference([[1, 9, 3], [0, 5, np.nan]], [[1, 2, 3], [4, 5, 6]])
    assert signs(found) == [".+.", "−.×"]
    assert found.block == (1, 1)
    assert [(r, c) for r, row in enumerate(found.panels[0].rows) for c, s in enumerate(row) if s.worst] == [(1, 2)]


def test_a_map_of_a_vector_is_one_row() -> None:
    assert signs(difference([1, 0, 3], [1, 2, 3])) == [".−."]


@pytest.mark.parametrize(("got", "expected"), [([True, False], [False, False]), ([1j, 0], [0, 0])], ids=repr)
def test_what_has_no_order_is_neither_too_large_nor_too_small(got: Any, expected: Any) -> None:
    assert signs(difference(got, expected)) == ["×."]


def test_a_square_of_a_large_array_stands_for_a_block() -> None:
    got = np.zeros((25, 100))
    got[0:3, 0:2] = 1
    got[24, 98], got[24, 99] = 1, -5
    found = difference(got, np.zeros((25, 100)))
    rows = found.panels[0].rows
    assert found.block == (3, 5)
    assert (len(rows), {len(row) for row in rows}) == (9, {20})
    assert (rows[0][0].share, rows[0][0].sign) == (6 / 15, "+")
    # The last block has one row left.
    assert (rows[8][19].share, rows[8][19].sign, rows[8][19].worst) == (2 / 5, "±", True)


@pytest.mark.parametrize("shape", [(10**6,), (1000, 1000), (1, 10**5), (10**5, 1), (50, 3, 32, 32), (2,) * 12])
def test_a_map_stays_small_however_large_the_array(shape: tuple[int, ...]) -> None:
    found = changed(shape, np.s_[:])
    assert len(found.panels) <= 4
    assert all(len(panel.rows) <= 10 and len(panel.rows[0]) <= 20 for panel in found.panels)
    assert sum(square.worst for panel in found.panels for row in panel.rows for square in row) == 1


def test_higher_arrays_are_mapped_by_the_slices_that_differ_the_worst_always_among_them() -> None:
    got = np.zeros((10, 2, 3, 4))
    got[2:, 1] = 1
    got[9, 1, 2, 3] = -8
    found = difference(got, np.zeros_like(got))
    assert [panel.index for panel in found.panels] == [(2, 1), (3, 1), (4, 1), (9, 1)]
    assert found.n_panels == 8
    assert found.panels[3].rows[2][3].worst


def test_a_difference_is_plain_data() -> None:
    found = difference(np.array([[1, np.nan]], np.float32), np.array([[2, 3]], np.float32))
    assert json.loads(json.dumps(asdict(found)))["worst"] == [0, 1]


# shapes


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        ((10, 8), (8, 10), "the axes are in another order"),
        ((8,), (8, 1), "an axis of length 1 is missing"),
        ((1, 8), (8,), "an axis of length 1 is too many"),
        ((), (3,), "it has no axes, not 1"),
        ((3,), (2, 3), "it has one axis, not 2"),
        ((2, 3, 4), (2, 3), "it has 3 axes, not 2"),
        ((2, 4), (2, 3), "axis 1 is wrong"),
        ((2, 4, 6), (1, 4, 5), "axes 0 and 2 are wrong"),
    ],
)
def test_shapes_that_differ_are_told_apart_in_words(
    got: tuple[int, ...], expected: tuple[int, ...], words: str
) -> None:
    assert shape_difference(got, expected).words() == words


def test_shapes_are_paired_axis_by_axis() -> None:
    assert shape_difference((8,), (8, 10)).axes() == [(8, 8), (10, None)]
