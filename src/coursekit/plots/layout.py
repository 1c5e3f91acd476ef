"""Where to draw the nodes of a directed acyclic graph, in layers from left to right.

The method is that of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
(1981), in its simplest form: layers by longest path, order within a layer by the mean place of the neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Layout", "layered_layout"]

_SWEEPS = 24
#: How much room a bend of an edge needs, where a node needs 1.
_BEND = 0.6


@dataclass(frozen=True)
class Layout:
    """Places for nodes and edges.

    Attributes:
        places: For each node its (layer, height): whole layers from 0 on, heights in units of a node's room.
        routes: For each edge, as (parent, child), the places of its bends, one in each layer that it passes.
    """

    places: list[tuple[int, float]]
    routes: dict[tuple[int, int], list[tuple[int, float]]]


def layered_layout(parents: Sequence[Sequence[int]]) -> Layout:
    """Lay out a graph so that every edge leads to the right, with few crossings.

    Args:
        parents: For each node, the nodes that its edges come from. A node's parents stand before it; one that stands
            twice counts once.
    """
    edges = sorted({(parent, child) for child, found in enumerate(parents) for parent in found})
    layers = _layers(parents, edges)
    chains: dict[tuple[int, int], list[int]] = {}
    for parent, child in edges:
        passed = range(layers[parent] + 1, layers[child])
        chains[parent, child] = list(range(len(layers), len(layers) + len(passed)))
        layers += passed
    links = [link for (parent, child), bends in chains.items() for link in pairwise([parent, *bends, child])]
    rows = _ordered_rows(layers, links)
    heights = _heights(rows, links, n_nodes=len(parents))
    places = [(layers[node], heights[node]) for node in range(len(layers))]
    return Layout(places[: len(parents)], {edge: [places[bend] for bend in bends] for edge, bends in chains.items()})


def _layers(parents: Sequence[Sequence[int]], edges: Sequence[tuple[int, int]]) -> list[int]:
    """Put each node right of its parents, and leaves right before the first node that uses them."""
    layers: list[int] = []
    for found in parents:
        layers.append(1 + max((layers[parent] for parent in found), default=-1))
    for leaf, found in enumerate(parents):
        users = [layers[child] for parent, child in edges if parent == leaf]
        if not found and users:
            layers[leaf] = min(users) - 1
    return layers


def _ordered_rows(layers: Sequence[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """List the nodes of each layer from the bottom up, so that few links cross."""
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    for node in _depth_first(len(layers), links):
        rows[layers[node]].append(node)
    best, fewest = [list(row) for row in rows], _crossings(rows, links)
    before, after = _neighbours(len(layers), links)
    for sweep in range(_SWEEPS):
        leftward = bool(sweep % 2)
        near = after if leftward else before
        for row in reversed(rows) if leftward else rows:
            place = {node: i for other in rows for i, node in enumerate(other)}
            mean = {node: _mean([place[n] for n in near[node]], place[node]) for node in row}
            row.sort(key=mean.__getitem__)
        if (count := _crossings(rows, links)) < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def _depth_first(n_nodes: int, links: Sequence[tuple[int, int]]) -> list[int]:
    """List the nodes as a walk back from the roots meets them, so that what belongs together starts out together."""
    before, after = _neighbours(n_nodes, links)
    order: dict[int, None] = {}
    stack = [node for node in range(n_nodes) if not after[node]]
    while stack:
        node = stack.pop()
        if node not in order:
            order[node] = None
            stack += before[node]
    return list(order)


def _crossings(rows: Sequence[Sequence[int]], links: Sequence[tuple[int, int]]) -> int:
    """Count the pairs of links that cross."""
    layer = {node: i for i, row in enumerate(rows) for node in row}
    place = {node: i for row in rows for i, node in enumerate(row)}
    between: dict[int, list[tuple[int, int]]] = {}
    for left, right in links:
        between.setdefault(layer[left], []).append((place[left], place[right]))
    return sum(
        (a - c) * (b - d) < 0 for found in between.values() for i, (a, b) in enumerate(found) for c, d in found[:i]
    )


def _heights(rows: Sequence[Sequence[int]], links: Sequence[tuple[int, int]], n_nodes: int) -> list[float]:
    """Give each node a height near its neighbours', with room around it."""
    n_all = sum(len(row) for row in rows)
    before, after = _neighbours(n_all, links)
    heights = [0.0] * n_all
    for row in rows:
        _spread(row, {node: float(i) for i, node in enumerate(row)}, heights, n_nodes)
    # The last sweep goes right, so that each node ends up in the middle of its inputs.
    for sweep in range(_SWEEPS + 1):
        near, far = (after, before) if sweep % 2 else (before, after)
        for row in reversed(rows) if sweep % 2 else rows:
            wanted = {node: _mean([heights[n] for n in near[node] or far[node]], heights[node]) for node in row}
            _spread(row, wanted, heights, n_nodes)
    lowest = min(heights, default=0.0)
    return [height - lowest for height in heights]


def _spread(row: Sequence[int], wanted: dict[int, float], heights: list[float], n_nodes: int) -> None:
    """Set the heights of a row as near as they can be to those wanted, in order and far enough apart."""
    gaps = [((a < n_nodes) + (b < n_nodes)) / 2 * (1 - _BEND) + _BEND for a, b in pairwise(row)]
    upward = [wanted[node] for node in row]
    downward = list(upward)
    for i, gap in enumerate(gaps):
        upward[i + 1] = max(upward[i + 1], upward[i] + gap)
    for i, gap in reversed(list(enumerate(gaps))):
        downward[i] = min(downward[i], downward[i + 1] - gap)
    for node, high, low in zip(row, upward, downward, strict=True):
        heights[node] = (high + low) / 2


def _neighbours(n_nodes: int, links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    """List for each node those before and those after it."""
    before: list[list[int]] = [[] for _ in range(n_nodes)]
    after: list[list[int]] = [[] for _ in range(n_nodes)]
    for left, right in links:
        after[left].append(right)
        before[right].append(left)
    return before, after


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
