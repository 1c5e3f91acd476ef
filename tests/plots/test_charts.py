from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex

from coursekit.plots import (
    COLOURS,
    VERMILION,
    bars,
    curves,
    decision_regions,
    descents,
    histograms,
    relative_errors,
)
from coursekit.plots.words import words_of
from tests.plots.painted import drawn


def labels_of(axes: Axes) -> list[str]:
    """What the legend says."""
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def points_of(collection: Collection) -> np.ndarray:
    """Where a collection's marks stand, a row for each."""
    return np.asarray(collection.get_offsets())


def test_lines_have_names_titles_and_labels() -> None:
    curves({"a": ([1, 2], [3, 4]), "b": ([1, 2], [4, 3])}, xlabel="step", ylabel="loss / 1", title="Losses")
    (axes,) = drawn().axes
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title("left")) == ("step", "loss / 1", "Losses")
    assert labels_of(axes) == ["a", "b"]


def test_lines_differ_in_colour_and_dashes() -> None:
    curves({str(i): ([0, 1], [i, i]) for i in range(8)}, xlabel="x", ylabel="y")
    (axes,) = drawn().axes
    assert [line.get_color() for line in axes.lines] == list(COLOURS)
    assert len({line.get_linestyle() for line in axes.lines[:4]}) == 4


def test_whole_numbers_have_whole_ticks() -> None:
    curves({"a": ([1, 2, 3], [3, 4, 5])}, xlabel="epoch", ylabel="loss")
    ticks = drawn().axes[0].get_xticks()
    assert all(tick % 1 == 0 for tick in ticks)


def test_more_lines_than_colours_are_drawn_all_the_same() -> None:
    curves({str(i): ([0, 1], [i, i]) for i in range(20)}, xlabel="x", ylabel="y")
    assert len(drawn().axes[0].lines) == 20


@pytest.mark.parametrize(
    ("log", "scales"),
    [("", ("linear", "linear")), ("x", ("log", "linear")), ("y", ("linear", "log")), ("xy", ("log", "log"))],
)
def test_axes_are_logarithmic_where_asked(log: str, scales: tuple[str, str]) -> None:
    curves({"a": ([1, 2], [3, 4])}, xlabel="x", ylabel="y", log=log, markers=True)
    (axes,) = drawn().axes
    assert (axes.get_xscale(), axes.get_yscale()) == scales
    assert axes.lines[0].get_marker() == "o"


@pytest.mark.parametrize(
    ("lines", "log", "message"),
    [
        ({"a": ([1], [1])}, "z", "log is"),
        ({"a": ([1, 2], [1])}, "", r"'a' has x of shape \(2,\) and y of shape \(1,\)"),
    ],
)
def test_lines_that_cannot_be_drawn_are_refused(lines: dict[str, Any], log: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        curves(lines, xlabel="x", ylabel="y", log=log)
    assert not plt.get_fignums()


def test_bars_have_names_values_and_a_label() -> None:
    bars({"a": [1, 2.5], "b": [0, -1]}, ["left", "right"], ylabel="probability", title="Two")
    (axes,) = drawn().axes
    assert (axes.get_ylabel(), axes.get_title("left")) == ("probability", "Two")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["left", "right"]
    assert [text.get_text() for text in axes.texts] == ["1", "2.5", "0", "-1"]
    assert labels_of(axes) == ["a", "b"]


def test_per_cents_end_at_a_hundred_however_much_room_is_above() -> None:
    bars({"a": [96.6, 20]}, ["left", "right"], ylabel="share of the images, %")
    (axes,) = drawn().axes
    axes.set_ylim(top=130)
    assert [tick for tick in axes.get_yticks() if tick > 0] == [20, 40, 60, 80, 100]


@pytest.mark.parametrize(
    ("values", "message"), [({}, "one series"), ({"a": [1, 2, 3]}, "'a' has 3 values for 2 names")], ids=str
)
def test_bars_without_values_or_names_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bars(values, ["left", "right"], ylabel="probability")
    assert not plt.get_fignums()


def sign(points: np.ndarray) -> np.ndarray:
    return (points[:, 0] > 0).astype(int)


SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def test_regions_and_examples_are_drawn_with_titles_and_labels() -> None:
    decision_regions(sign, SQUARE, np.array([0, 0, 1, 1]), title="A line")
    (axes,) = drawn().axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("first feature", "second feature")
    assert axes.get_title() == "A line"
    drawn_points = [len(points) for points in map(points_of, axes.collections) if len(points) == 2]
    assert drawn_points == [2, 2]


@pytest.mark.parametrize(
    ("X", "y", "predict", "message"),
    [
        (SQUARE[:, :1], np.zeros(4, int), sign, r"X should be \(n, 2\)"),
        (SQUARE, np.zeros(3, int), sign, r"y \(n,\); got \(4, 2\) and \(3,\)"),
        (SQUARE[0], np.zeros(2, int), sign, r"X should be \(n, 2\)"),
        (SQUARE, np.full(4, 8), sign, "Labels are 0 to 7"),
        (SQUARE, np.full(4, -1), sign, "Labels are 0 to 7"),
        (SQUARE, np.zeros(4, int), lambda points: np.full(len(points), 9), "Labels are 0 to 7"),
        (SQUARE, np.zeros(4, int), lambda points: np.zeros(3), "reshape"),
    ],
    ids=["one feature", "labels missing", "one point", "label 8", "label -1", "prediction 9", "predictions missing"],
)
def test_points_and_labels_that_do_not_fit_are_refused(
    X: np.ndarray, y: np.ndarray, predict: Callable[[np.ndarray], np.ndarray], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        decision_regions(predict, X, y)
    assert not plt.get_fignums()


def test_histograms_stand_in_rows_and_columns_with_their_spread() -> None:
    rng = np.random.default_rng(0)
    histograms(
        {"small": [rng.normal(size=9), np.zeros(4)], "large": [np.ones((2, 2)), -np.ones(3)]}, ["1", "2"], xlabel="z"
    )
    figure = drawn()
    assert len(figure.axes) == 4
    assert [axes.get_ylabel() for axes in figure.axes[::2]] == ["small", "large"]
    assert figure.axes[1].get_title() == "2\nσ = 0"
    assert figure.get_supxlabel() == "z"


@pytest.mark.parametrize(
    ("rows", "message"), [({}, "one row"), ({"a": [np.ones(2)]}, "'a' has 1 arrays for 2 columns")], ids=str
)
def test_rows_of_histograms_that_do_not_fit_are_refused(rows: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        histograms(rows, ["1", "2"], xlabel="z")
    assert not plt.get_fignums()


def bowl(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(a**2 + b**2)


def test_ways_down_are_drawn_on_contour_lines() -> None:
    path = np.array([[1.0, 1.0], [0.5, 0.2], [0.0, 0.0]])
    descents(bowl, {"one": path, "two": path[:2]}, x=(-1, 1), y=(-1, 1), title="A bowl")
    (axes,) = drawn().axes
    assert (axes.get_title("left"), axes.get_xlabel(), axes.get_ylabel()) == ("A bowl", "first weight", "second weight")
    assert labels_of(axes) == ["one", "two"]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), path)


@pytest.mark.parametrize("shape", [(3,), (3, 3), (2, 2, 2)])
def test_ways_that_are_no_points_in_the_plane_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"A path is \(steps, 2\); 'one' has shape"):
        descents(bowl, {"one": np.zeros(shape)}, x=(-1, 1), y=(-1, 1))
    assert not plt.get_fignums()


def test_errors_are_named_and_coloured_by_what_they_mean() -> None:
    relative_errors({"right": 1e-9, "doubtful": 1e-5, "wrong": 0.5}, title="Three gradients")
    (axes,) = drawn().axes
    assert axes.get_title("left") == "Three gradients"
    assert axes.get_xscale() == "log"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["right", "doubtful", "wrong"]
    assert len({line.get_color() for line in axes.lines}) == 3
    assert [text.get_text() for text in axes.texts] == ["1.0e-09", "1.0e-05", "5.0e-01"]


@pytest.mark.parametrize("error", [0.0, np.inf, np.nan, 1e-300])
def test_errors_off_the_scale_are_drawn_at_its_ends(error: float) -> None:
    relative_errors({"a": error})
    (axes,) = drawn().axes
    low, high = axes.get_xlim()
    assert all(low <= x <= high for line in axes.lines for x in np.asarray(line.get_xdata(), dtype=float))
    assert to_hex(axes.lines[-1].get_color()) == (COLOURS[2] if error < 1 else VERMILION)


def test_no_errors_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="one relative error or more"):
        relative_errors({})
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: curves({"a": ([1, 2], [3, 4])}, xlabel="x", ylabel="y", ax=ax),
        lambda ax: bars({"a": [1]}, ["left"], ylabel="y", ax=ax),
        lambda ax: decision_regions(sign, SQUARE, np.array([0, 0, 1, 1]), ax=ax),
        lambda ax: descents(bowl, {"one": np.ones((2, 2))}, x=(-1, 1), y=(-1, 1), ax=ax),
        lambda ax: relative_errors({"a": 0.1}, ax=ax),
    ],
    ids=["curves", "bars", "decision_regions", "descents", "relative_errors"],
)
def test_axes_that_are_given_are_drawn_on(draw: Callable[[Any], object]) -> None:
    _, ax = plt.subplots()
    assert draw(ax) is None
    assert drawn().axes == [ax]
    assert ax.has_data()


def test_a_guess_stands_beside_what_came() -> None:
    curves({"a": ([1, 2], [3, 4])}, xlabel="x", ylabel="y", guess=3.5)
    (axes,) = drawn().axes
    assert labels_of(axes) == ["a", "your guess"]
    assert np.array_equal(axes.lines[1].get_ydata(), [3.5, 3.5])
    assert "your guess goes from 3.5" in words_of(drawn())


def test_a_guess_may_be_a_line() -> None:
    curves({"a": ([1, 2], [3, 4])}, xlabel="x", ylabel="y", guess=([1, 2], [0, 9]))
    assert np.array_equal(drawn().axes[0].lines[1].get_ydata(), [0, 9])


def test_bars_keep_the_guesses_that_there_are() -> None:
    bars({"a": [1.0, 2.0]}, ["x", "z"], ylabel="y", guess=[None, 1.5])
    (axes,) = drawn().axes
    guesses = [line for line in axes.lines if line.get_label() == "your guess"]
    assert [np.asarray(line.get_ydata()).tolist() for line in guesses] == [[1.5, 1.5]]
    assert "your guess z 1.5" in words_of(drawn())


def test_nothing_guessed_leaves_bars_as_they_are() -> None:
    bars({"a": [1.0]}, ["x"], ylabel="y", guess=[None])
    assert drawn().axes[0].get_legend() is None


def test_a_guess_for_too_few_bars_is_refused() -> None:
    with pytest.raises(ValueError, match="guess has 1 values for 2 names"):
        bars({"a": [1.0, 2.0]}, ["x", "z"], ylabel="y", guess=[1.0])
