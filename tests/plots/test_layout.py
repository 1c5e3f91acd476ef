from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from coursekit.plots.layout import layered_layout

GRAPHS = {
    "one node": [[]],
    "slide": [[], [], [0, 1], [], [2, 3]],
    "same input twice": [[], [0, 0]],
    "short cut": [[], [0], [1], [2], [3, 0]],
    "two roots": [[], [0], [0]],
    "chain": [[], *([i] for i in range(30))],
}


def random_graph(seed: int, n: int = 40) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [sorted({int(rng.integers(i)) for _ in range(int(rng.integers(0, 3)))} if i else []) for i in range(n)]


every_graph = pytest.mark.parametrize(
    "parents", [*GRAPHS.values(), random_graph(0), random_graph(1)], ids=[*GRAPHS, "random", "another"]
)


@every_graph
def test_every_edge_leads_to_the_right_through_each_layer_that_it_passes(parents: list[list[int]]) -> None:
    layout = layered_layout(parents)
    assert set(layout.routes) == {(parent, child) for child, found in enumerate(parents) for parent in found}
    for (parent, child), bends in layout.routes.items():
        layers = [layer for layer, _ in (layout.places[parent], *bends, layout.places[child])]
        assert layers == list(range(layers[0], layers[-1] + 1))
        assert len(layers) >= 2


@every_graph
def test_nothing_lies_on_anything_else(parents: list[list[int]]) -> None:
    layout = layered_layout(parents)
    bends = {place for route in layout.routes.values() for place in route}
    for layer in {layer for layer, _ in layout.places}:
        nodes = sorted(height for other, height in layout.places if other == layer)
        assert all(above - below >= 1 - 1e-9 for below, above in pairwise(nodes))
        for other, height in bends:
            assert other != layer or all(abs(height - node) > 0.5 for node in nodes)


@every_graph
def test_the_lowest_place_is_zero(parents: list[list[int]]) -> None:
    layout = layered_layout(parents)
    heights = [height for route in (layout.places, *layout.routes.values()) for _, height in route]
    assert min(heights) == pytest.approx(0)
    assert len(layout.places) == len(parents)


def test_leaves_stand_right_before_the_first_node_that_uses_them() -> None:
    layout = layered_layout([[], [0], [1], [], [2, 3]])
    assert [layer for layer, _ in layout.places] == [0, 1, 2, 2, 3]


def test_a_tree_is_drawn_without_crossings() -> None:
    parents: list[list[int]] = [[] for _ in range(8)]
    # Each pair of leaves is chosen so that the order given would cross.
    parents += [[0, 4], [1, 5], [2, 6], [3, 7], [8, 10], [9, 11], [12, 13]]
    layout = layered_layout(parents)
    edges = [(layout.places[a], layout.places[b]) for a, b in layout.routes]
    for (layer, begin), (_, end) in edges:
        assert not any(other == layer and (low - begin) * (high - end) < 0 for (other, low), (_, high) in edges)


def test_no_nodes_have_no_places() -> None:
    assert layered_layout([]).places == []
