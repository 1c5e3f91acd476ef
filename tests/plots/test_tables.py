from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

from coursekit.plots import arrays, selections
from tests.plots.painted import drawn


def test_arrays_are_drawn_with_their_names_shapes_and_numbers() -> None:
    arrays({"a": np.array([[1, 2, 3], [4, 5, 6]]), "row": [0.5, 10]}, title="Two")
    figure = drawn()
    assert figure.get_suptitle() == "Two"
    assert [axes.get_title() for axes in figure.axes] == ["a\n(2, 3)", "row\n(2,)"]
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert texts == [["1", "2", "3", "4", "5", "6"], ["0.5", "10"]]


def test_the_cells_of_small_arrays_have_one_size() -> None:
    arrays({"column": np.ones((5, 1)), "row": np.ones(4), "a name that is longer than its array": np.ones((2, 2))})
    figure = drawn()
    across, up = figure.get_size_inches()
    cells = []
    for axes in figure.axes:
        rows, columns = axes.images[0].get_size()
        box = axes.get_position()
        cells += [box.width * across / columns, box.height * up / rows]
    assert cells == pytest.approx([cells[0]] * 6)


@pytest.mark.parametrize("shape", [(13, 2), (28, 28), (1, 100)])
def test_large_arrays_are_pictures_without_numbers(shape: tuple[int, ...]) -> None:
    arrays({"a": np.ones(shape), "b": np.ones(shape)})
    figure = drawn()
    assert [len(axes.texts) for axes in figure.axes] == [0, 0]
    assert figure.get_figwidth() < 11


@pytest.mark.parametrize(
    ("values", "limits"), [([0, 4], (0, 4)), ([-1, 4], (-4, 4)), ([0, 0], (0, 1)), ([False, True], (0, 1))], ids=str
)
def test_arrays_have_one_scale_which_is_even_about_zero_where_signs_differ(
    values: list[float], limits: tuple[float, float]
) -> None:
    arrays({"a": values, "b": [0, 0]}, unit="ink")
    first, second = (axes.images[0] for axes in drawn().axes[:2])
    assert first.get_clim() == second.get_clim() == limits


@pytest.mark.parametrize(("unit", "labels"), [("", []), ("ink", ["ink"])])
def test_a_scale_is_drawn_where_there_is_a_unit(unit: str, labels: list[str]) -> None:
    arrays({"a": np.arange(400).reshape(20, 20)}, unit=unit)
    (axes,) = drawn().axes
    assert [bar.get_ylabel() for bar in axes.child_axes] == labels


@pytest.mark.parametrize("array", [1.0, np.zeros((2, 2, 2)), [], np.zeros((0, 3))], ids=str)
def test_arrays_of_another_form_are_refused(array: Any) -> None:
    with pytest.raises(ValueError, match=r"is \(n,\) or \(h, w\) and not empty; 'a' has shape"):
        arrays({"a": array})
    assert not plt.get_fignums()


def test_no_array_is_refused() -> None:
    with pytest.raises(ValueError, match="one array or more"):
        arrays({})


GRID = np.arange(12).reshape(3, 4)


def test_the_entries_that_a_selection_takes_are_marked() -> None:
    selections(GRID, {"row": GRID[1], "entry": GRID[0, 0], "nothing": GRID[3:]}, columns=2, title="Slices")
    figure = drawn()
    assert figure.get_suptitle() == "Slices"
    assert [axes.get_title() for axes in figure.axes] == ["row\n(4,)", "entry\n()", "nothing\n(0, 4)", ""]
    marked = [np.flatnonzero(np.asarray(axes.images[0].get_array())).tolist() for axes in figure.axes[:3]]
    assert marked == [[4, 5, 6, 7], [0], []]
    assert [len(axes.texts) for axes in figure.axes[:3]] == [12, 12, 12]


@pytest.mark.parametrize("array", [np.zeros((2, 2)), np.arange(4), np.arange(8).reshape(2, 2, 2)], ids=str)
def test_only_tables_with_different_entries_can_be_selected_from(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"should be \(h, w\), all entries different"):
        selections(array, {"all": array})


def test_entries_from_elsewhere_are_refused() -> None:
    with pytest.raises(ValueError, match="'other' has entries that the array does not have"):
        selections(GRID, {"other": [99]})
    assert not plt.get_fignums()
