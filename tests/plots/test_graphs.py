from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from coursekit.plots import BLUE, VERMILION, computational_graph
from tests.plots.painted import drawn


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
    colours = {text.get_text(): str(text.get_color()) for text in drawn().axes[0].texts}
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


def test_axes_that_are_given_are_drawn_on() -> None:
    _, ax = plt.subplots()
    computational_graph(slides_graph()[1], ax=ax)
    assert drawn().axes == [ax]
    assert ax.has_data()
