from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from coursekit.plots import (
    BLUE,
    COLOURS,
    VERMILION,
    arrays,
    bars,
    computational_graph,
    curves,
    decision_regions,
    image_grid,
    relative_errors,
    selections,
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


def test_bytes_are_drawn_from_0_to_255_and_floats_from_their_least_to_their_largest() -> None:
    dark = np.array([[[0, 10], [20, 30]]], dtype=np.uint8)
    image_grid(dark)
    assert drawn().axes[0].images[0].get_clim() == (0, 255)
    plt.close("all")
    image_grid(dark.astype(float))
    assert drawn().axes[0].images[0].get_clim() == (0, 30)


def test_a_grid_is_as_wide_as_its_images() -> None:
    image_grid(np.zeros((3, 4, 4)), columns=3, size=2.0)
    assert drawn().get_figwidth() == 6.0


# arrays


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
        rows, columns = axes.images[0].get_array().shape
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


# selections

GRID = np.arange(12).reshape(3, 4)


def test_the_entries_that_a_selection_takes_are_marked() -> None:
    selections(GRID, {"row": GRID[1], "entry": GRID[0, 0], "nothing": GRID[3:]}, columns=2, title="Slices")
    figure = drawn()
    assert figure.get_suptitle() == "Slices"
    assert [axes.get_title() for axes in figure.axes] == ["row\n(4,)", "entry\n()", "nothing\n(0, 4)", ""]
    marked = [np.flatnonzero(axes.images[0].get_array()).tolist() for axes in figure.axes[:3]]
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


# templates


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


# computational_graph


class Node:
    def __init__(self, parents: Any = (), **known: Any) -> None:
        self.parents = parents
        vars(self).update(known)


def slides_graph() -> tuple[Node, Node]:
    """Return x and f of f = (x + y) z at -2, 5 and -4."""
    x, y, z = Node(data=-2.0, grad=-4.0), Node(data=5, grad=-4.0), Node(data=-4.0, grad=3.0)
    q = Node([x, y], data=3.0, grad=-4.0, op="+")
    return x, Node({q, z}, data=np.float64(-12), grad=1.0, op="×")


def boxes(axes: Any) -> list[FancyBboxPatch]:
    return [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]


def test_every_node_shows_its_label_its_value_and_its_gradient() -> None:
    x, f = slides_graph()
    computational_graph(f, names={"x": x}, title="The slide's graph")
    (axes,) = drawn().axes
    assert axes.get_title("left") == "The slide's graph"
    assert len(boxes(axes)) == 5
    texts = [text.get_text() for text in axes.texts]
    assert {"x", "+", "×", "−2", "5", "−12", "3", "1"} <= set(texts)
    assert texts.count("−4") == 4
    colours = {text.get_text(): to_hex(text.get_color()) for text in axes.texts}
    assert (colours["−12"], colours["1"]) == (BLUE, VERMILION)


def test_nodes_lie_right_of_their_inputs_and_apart_from_one_another() -> None:
    _, f = slides_graph()
    computational_graph(f)
    corners = np.array([(box.get_x(), box.get_y()) for box in boxes(drawn().axes[0])])
    assert len(np.unique(corners[:, 0])) == 3
    for i, corner in enumerate(corners):
        apart = np.abs(corners[:i] - corner)
        assert ((apart[:, 0] > 0.86) | (apart[:, 1] > 0.28)).all()


def test_a_node_that_is_used_twice_by_another_has_two_arrows_to_it() -> None:
    x = Node(data=3.0)
    computational_graph(Node([x, x], data=9.0))
    assert sum(isinstance(patch, FancyArrowPatch) for patch in drawn().axes[0].patches) == 2


@pytest.mark.parametrize(("data", "text"), [(0.123456, "0.1235"), (np.zeros((2, 3)), "2×3"), (-1e-9, "−1e−09")])
def test_numbers_have_four_digits_and_arrays_their_shape(data: Any, text: str) -> None:
    computational_graph(Node(data=data))
    assert text in [t.get_text() for t in drawn().axes[0].texts]


def test_nodes_without_values_show_their_label_alone_and_no_legend() -> None:
    computational_graph(Node([Node(name="x")], name="later"))
    assert [text.get_text() for text in drawn().axes[0].texts] == ["x", "later"]


def test_faded_nodes_are_drawn_in_grey() -> None:
    x = Node(data=1.0)
    computational_graph(Node([x], op="seen"), names={"pale": x}, faded=[x])
    colours = {text.get_text(): text.get_color() for text in drawn().axes[0].texts}
    assert float(colours["pale"]) > float(colours["seen"]) + 0.3


def test_a_chain_of_150_nodes_is_drawn_and_a_longer_one_refused() -> None:
    node = Node()
    for _ in range(149):
        node = Node([node])
    computational_graph(node)
    assert len(boxes(drawn().axes[0])) == 150
    with pytest.raises(ValueError, match="room for 150 nodes"):
        computational_graph(Node([node]))


def test_a_graph_with_very_many_paths_is_drawn_at_once() -> None:
    node = Node()
    for _ in range(20):
        node = Node([Node([node]), Node([node])])
    computational_graph(node)
    assert len(boxes(drawn().axes[0])) == 61


# relative_errors


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


# axes


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: curves({"a": ([1, 2], [3, 4])}, xlabel="x", ylabel="y", ax=ax),
        lambda ax: bars({"a": [1]}, ["left"], ylabel="y", ax=ax),
        lambda ax: decision_regions(sign, SQUARE, np.array([0, 0, 1, 1]), ax=ax),
        lambda ax: computational_graph(slides_graph()[1], ax=ax),
        lambda ax: relative_errors({"a": 0.1}, ax=ax),
    ],
    ids=["curves", "bars", "decision_regions", "computational_graph", "relative_errors"],
)
def test_axes_that_are_given_are_drawn_on(draw: Callable[[Any], object]) -> None:
    _, ax = plt.subplots()
    assert draw(ax) is None
    assert drawn().axes == [ax]
    assert ax.has_data()
