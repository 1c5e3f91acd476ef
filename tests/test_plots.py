from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from coursekit.plots import (
    BLUE,
    COLOURS,
    VERMILION,
    bars,
    curves,
    decision_regions,
    descents,
    histograms,
    image_grid,
    mistakes,
    templates,
)


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    yield
    plt.close("all")


def drawn() -> Figure:
    """Return the one figure that was drawn, after it has been laid out and painted."""
    (number,) = plt.get_fignums()
    figure = plt.figure(number)
    figure.canvas.draw()
    return figure


def test_there_are_eight_different_colours() -> None:
    assert len(set(COLOURS)) == 8
    assert COLOURS[:2] == (BLUE, VERMILION)


# image_grid


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((12, 5, 4), dtype=np.uint8),
        np.zeros((3, 5, 4)),
        np.zeros((3, 5, 4, 3)),
        np.zeros((0, 5, 4)),
        [[[0, 1], [1, 0]]],
    ],
    ids=["grey", "one row", "colour", "none", "list"],
)
def test_images_of_every_kind_are_drawn_in_rows(images: Any) -> None:
    image_grid(images, columns=10, title="Digits")
    figure = drawn()
    assert figure.get_suptitle() == "Digits"
    assert sum(len(axes.images) for axes in figure.axes) == len(images)
    assert len(figure.axes) == 10 * max(1, -(-len(images) // 10))


def test_captions_stand_above_their_images_and_wrong_ones_in_vermilion() -> None:
    image_grid(np.zeros((2, 4, 4)), ["five", "six"], wrong=[False, True])
    first, second = drawn().axes[:2]
    assert [first.get_title(), second.get_title()] == ["five", "six"]
    assert [to_hex(axes.title.get_color()) == VERMILION for axes in (first, second)] == [False, True]


@pytest.mark.parametrize("shape", [(4, 4), (2, 4, 4, 1), (2, 4, 4, 4), (2, 4, 4, 3, 1), ()])
def test_images_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"Images are \(n, h, w\) or \(n, h, w, 3\)"):
        image_grid(np.zeros(shape))


@pytest.mark.parametrize("options", [{"captions": ["one"]}, {"captions": ["a", "b"], "wrong": [True]}])
def test_captions_and_marks_are_one_an_image(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"one .* an image: got 1 for 2 images"):
        image_grid(np.zeros((2, 4, 4)), **options)
    assert not plt.get_fignums()


# mistakes

SURE = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.05, 0.95]])


def test_wrong_images_are_drawn_the_surest_first() -> None:
    mistakes(np.zeros((4, 5, 5)), np.array([0, 0, 0, 0]), SURE, ["no", "yes"], n=2, title="Digits")
    figure = drawn()
    assert figure.get_suptitle() == "Digits: 3 of 4 are wrong"
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == ["no read as yes\n95.0% sure", "no read as yes\n80.0% sure"]


def test_a_classifier_without_mistakes_has_an_empty_gallery() -> None:
    mistakes(np.zeros((4, 5, 5)), np.array([0, 1, 1, 1]), SURE, ["no", "yes"])
    figure = drawn()
    assert figure.get_suptitle() == "0 of 4 are wrong"
    assert not any(axes.images for axes in figure.axes)


@pytest.mark.parametrize(
    ("labels", "probabilities"),
    [(np.zeros(3, int), SURE), (np.zeros(4, int), SURE[:3]), (np.zeros(4, int), SURE[:, :1])],
)
def test_answers_that_do_not_fit_the_images_are_refused(labels: np.ndarray, probabilities: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"labels should be \(4,\) and probabilities \(4, 2\)"):
        mistakes(np.zeros((4, 5, 5)), labels, probabilities, ["no", "yes"])
    assert not plt.get_fignums()


# templates


def test_templates_stand_in_the_columns_asked_for() -> None:
    templates(np.ones((4, 16)), (2, 2), [str(i) for i in range(16)], columns=8)
    assert len([axes for axes in drawn().axes if axes.images]) == 16


@pytest.mark.parametrize(("shape", "k"), [((4, 3), 10), ((4, 3), 2), ((4, 3, 3), 7)])
def test_each_class_has_a_picture_with_its_name(shape: tuple[int, ...], k: int) -> None:
    rng = np.random.default_rng(0)
    names = [f"class {i}" for i in range(k)]
    templates(rng.normal(size=(int(np.prod(shape)), k)), shape, names, title="Templates")
    figure = drawn()
    assert figure.get_suptitle() == "Templates"
    assert [axes.get_title() for axes in figure.axes if axes.get_title()] == names


def test_a_column_of_weights_becomes_the_picture_of_its_class() -> None:
    W = np.zeros((6, 2))
    W[4, 1] = 2.0
    templates(W, (2, 3), ["no", "yes"])
    no, yes = (axes.images[0] for axes in drawn().axes[:2])
    assert not np.asarray(no.get_array()).any()
    assert np.asarray(yes.get_array())[1, 1] == 2.0
    assert no.get_clim() == yes.get_clim()
    assert sum(yes.get_clim()) == 0


def test_the_scale_of_weights_is_labelled() -> None:
    templates(np.ones((4, 2)), (2, 2), ["a", "b"])
    assert drawn().axes[-1].get_ylabel() == "weight of a pixel"


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("shape", [(2, 2), (2, 2, 3)])
def test_weights_that_are_all_alike_can_be_drawn(value: float, shape: tuple[int, ...]) -> None:
    templates(np.full((int(np.prod(shape)), 3), value), shape, ["a", "b", "c"])
    drawn()


@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (5, 2), (4,)])
def test_weights_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"W should be \(4, 2\) for \(2, 2\) images and 2 classes"):
        templates(np.zeros(shape), (2, 2), ["a", "b"])


# curves


def test_lines_have_names_titles_and_labels() -> None:
    curves({"a": ([1, 2], [3, 4]), "b": ([1, 2], [4, 3])}, xlabel="step", ylabel="loss / 1", title="Losses")
    (axes,) = drawn().axes
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title("left")) == ("step", "loss / 1", "Losses")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]


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


# bars


def test_bars_have_names_values_and_a_label() -> None:
    bars({"a": [1, 2.5], "b": [0, -1]}, ["left", "right"], ylabel="probability", title="Two")
    (axes,) = drawn().axes
    assert (axes.get_ylabel(), axes.get_title("left")) == ("probability", "Two")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["left", "right"]
    assert [text.get_text() for text in axes.texts] == ["1", "2.5", "0", "-1"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "message"), [({}, "one series"), ({"a": [1, 2, 3]}, "'a' has 3 values for 2 names")], ids=str
)
def test_bars_without_values_or_names_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bars(values, ["left", "right"], ylabel="probability")
    assert not plt.get_fignums()


# decision_regions


def sign(points: np.ndarray) -> np.ndarray:
    return (points[:, 0] > 0).astype(int)


SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def test_regions_and_examples_are_drawn_with_titles_and_labels() -> None:
    decision_regions(sign, SQUARE, np.array([0, 0, 1, 1]), title="A line")
    (axes,) = drawn().axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("first feature", "second feature")
    assert axes.get_title() == "A line"
    drawn_points = [len(found.get_offsets()) for found in axes.collections if len(found.get_offsets()) == 2]
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


# histograms


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


# descents


def bowl(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a**2 + b**2


def test_ways_down_are_drawn_on_contour_lines() -> None:
    path = np.array([[1.0, 1.0], [0.5, 0.2], [0.0, 0.0]])
    descents(bowl, {"one": path, "two": path[:2]}, x=(-1, 1), y=(-1, 1), title="A bowl")
    (axes,) = drawn().axes
    assert (axes.get_title("left"), axes.get_xlabel(), axes.get_ylabel()) == ("A bowl", "first weight", "second weight")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "two"]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), path)


@pytest.mark.parametrize("shape", [(3,), (3, 3), (2, 2, 2)])
def test_ways_that_are_no_points_in_the_plane_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"A path is \(steps, 2\); 'one' has shape"):
        descents(bowl, {"one": np.zeros(shape)}, x=(-1, 1), y=(-1, 1))
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: curves({"a": ([1, 2], [3, 4])}, xlabel="x", ylabel="y", ax=ax),
        lambda ax: bars({"a": [1]}, ["left"], ylabel="y", ax=ax),
        lambda ax: decision_regions(sign, SQUARE, np.array([0, 0, 1, 1]), ax=ax),
        lambda ax: descents(bowl, {"one": np.ones((2, 2))}, x=(-1, 1), y=(-1, 1), ax=ax),
    ],
    ids=["curves", "bars", "decision_regions", "descents"],
)
def test_axes_that_are_given_are_drawn_on(draw: Callable[[Any], object]) -> None:
    _, ax = plt.subplots()
    assert draw(ax) is None
    assert drawn().axes == [ax]
    assert ax.has_data()
