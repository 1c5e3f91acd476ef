"""Computational graphs, with values and gradients on their nodes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.plots.figures import BLUE, VERMILION, open_axes
from coursekit.plots.layout import Layout, layered_layout
from coursekit.plots.words import describe, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["computational_graph"]

# A node's box, in inches: two lines of text at 8.5 points.
_BOX_HEIGHT, _BOX_WIDTH, _LETTER = 0.42, 0.62, 0.068
_ACROSS, _UP = 0.34, 0.14
_MAX_WIDTH = 11.0
#: From this many layers on, numbers are shorter and boxes stand closer.
_DEEP = 8
_MAX_NODES = 150
#: What stands in a box: label, value, gradient; None where there is nothing to say.
_Texts = tuple[str, str | None, str | None]


def computational_graph(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    faded: Collection[Any] = (),
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """Draw what a node was computed from, each node with its value and its gradient.

    A node is any object with ``parents``, a collection of nodes. It is labelled with its name in ``names``, else with
    its ``op``, else with its ``name``; its ``data`` is shown in blue, its ``grad`` in vermilion: numbers to four
    digits (three in a deep graph), arrays by their shape. All of these but ``parents`` may be missing.

    Args:
        root: The node whose graph is drawn.
        names: Nodes by the name to print on them.
        faded: Nodes to draw in grey.
        title: A title.
        ax: Axes to draw on; a new figure, large enough for the graph, unless given.

    Raises:
        ValueError: If the graph has more than 150 nodes.
    """
    nodes = _nodes_of(root)
    index = {id(node): i for i, node in enumerate(nodes)}
    parents = [[index[id(parent)] for parent in node.parents] for node in nodes]
    labels = {id(node): name for name, node in (names or {}).items()}
    layout = layered_layout(parents)
    deep = max(layer for layer, _ in layout.places) >= _DEEP
    boxes = [_box_texts(node, labels.get(id(node)), digits=3 if deep else 4) for node in nodes]
    pale = [any(node is other for other in faded) for node in nodes]
    picture = _GraphPicture(layout, parents, boxes, pale).draw(ax, title)
    said = [
        " ".join(filter(None, (label, data and f"= {data}", grad and f"(∂ {grad})"))) for label, data, grad in boxes
    ]
    edges = sum(len(found) for found in parents)
    describe(picture, title, f"a graph of {len(nodes)} nodes and {edges} edges, inputs first: {listed(said)}.")


class _GraphPicture:
    """A graph on its way onto axes, in inches."""

    def __init__(
        self, layout: Layout, parents: Sequence[Sequence[int]], boxes: Sequence[_Texts], pale: Sequence[bool]
    ) -> None:
        self.layout, self.parents, self.boxes, self.pale = layout, parents, boxes, pale
        rows = [(label, data) for label, data, _ in boxes] + [("∂", grad) for _, _, grad in boxes]
        letters = max(len(label) + (len(number) + 1.5 if number else 0) for label, number in rows)
        self.box_width = max(_BOX_WIDTH, _LETTER * letters + 0.16)
        self.lines = 2 if any(grad is not None for _, _, grad in boxes) else 1
        self.box_height = _BOX_HEIGHT if self.lines == 2 else 0.28
        heights = [height for route in (layout.places, *layout.routes.values()) for _, height in route]
        self.width = (1 + max(layer for layer, _ in layout.places)) * (self.box_width + _ACROSS)
        self.height = (1 + max(heights)) * (self.box_height + _UP) + 0.25

    def draw(self, ax: Axes | None, title: str) -> Any:
        scale = min(1.0, _MAX_WIDTH / self.width)
        axes = open_axes(ax, size=(max(4.2, self.width * scale), self.height * scale + 0.35))
        if ax is not None:
            box = ax.get_window_extent()
            scale = min(box.width / self.width, box.height / self.height) / ax.figure.dpi
        self.points = 8.5 * scale
        for child, found in enumerate(self.parents):
            for parent in dict.fromkeys(found):
                self._edge(axes, parent, child, copies=list(found).count(parent))
        for node in range(len(self.boxes)):
            self._box(axes, node)
        self._legend(axes)
        axes.set(xlim=(-_ACROSS / 2, self.width - _ACROSS / 2), ylim=(-0.3, self.height - 0.25), aspect="equal")
        axes.axis("off")
        axes.set_title(title, loc="left", fontsize=11)
        return axes.figure

    def _at(self, place: tuple[int, float]) -> tuple[float, float]:
        """Return the left end and the middle height of the box at a place."""
        layer, height = place
        return layer * (self.box_width + _ACROSS), (height + 0.5) * (self.box_height + _UP) - _UP / 2

    def _box(self, axes: Axes, node: int) -> None:
        from matplotlib.patches import FancyBboxPatch

        left, middle = self._at(self.layout.places[node])
        label, data, grad = self.boxes[node]
        root, pale = node == len(self.boxes) - 1, self.pale[node]
        axes.add_patch(
            FancyBboxPatch(
                (left, middle - self.box_height / 2),
                self.box_width,
                self.box_height,
                boxstyle="round,pad=0,rounding_size=0.06",
                fc="white" if pale or not self.parents[node] else "0.94",
                ec="0.7" if pale else "0.2" if root else "0.55",
                lw=1.6 if root else 0.9,
                ls="--" if pale else "-",
                zorder=2,
            )
        )
        ends = {"left": left + 0.07, "right": left + self.box_width - 0.07, "center": left + self.box_width / 2}
        lift = self.box_height / 4 if self.lines == 2 else 0.0
        shown = [
            (label, "left" if data is not None else "center", lift if data is not None else 0.0, "0.15"),
            (data, "right", lift, BLUE),
            ("∂" if grad is not None else None, "left", -lift, VERMILION),
            (grad, "right", -lift, VERMILION),
        ]
        for text, side, above, colour in shown:
            if text:
                colour = "0.6" if pale else colour
                axes.text(
                    ends[side], middle + above, text, ha=side, va="center", fontsize=self.points, color=colour, zorder=3
                )

    def _edge(self, axes: Axes, parent: int, child: int, copies: int) -> None:
        """Draw an edge through its bends; a value that is used twice by one node gets two."""
        from matplotlib.patches import FancyArrowPatch
        from matplotlib.path import Path

        (start, begin), (end, arrive) = (self._at(self.layout.places[node]) for node in (parent, child))
        bends = [self._at(place) for place in self.layout.routes[parent, child]]
        for i in range(copies):
            shift = (i - (copies - 1) / 2) * 0.14
            stops = [(start + self.box_width, begin + shift)]
            for left, middle in bends:
                stops += [(left, middle + shift), (left + self.box_width, middle + shift)]
            stops.append((end, arrive + shift))
            vertices, codes = [stops[0]], [int(Path.MOVETO)]
            for j, ((x0, y0), (x1, y1)) in enumerate(pairwise(stops)):
                half = (x1 - x0) / 2
                vertices += [(x0 + half, y0), (x1 - half, y1), (x1, y1)] if j % 2 == 0 else [(x1, y1)]
                codes += [int(Path.CURVE4)] * 3 if j % 2 == 0 else [int(Path.LINETO)]
            colour = "0.78" if self.pale[parent] or self.pale[child] else "0.5"
            axes.add_patch(
                FancyArrowPatch(
                    path=Path(vertices, codes),
                    arrowstyle="-|>",
                    mutation_scale=self.points,
                    color=colour,
                    lw=1,
                    zorder=1,
                )
            )

    def _legend(self, axes: Axes) -> None:
        """Say below the graph which number is which."""
        x = 0.0
        for part, text, colour in ((1, "value", BLUE), (2, "∂  slope of the result along it", VERMILION)):
            if any(box[part] is not None for box in self.boxes):
                axes.text(x, -0.18, text, fontsize=self.points * 0.9, color=colour, va="center")
                x += 0.55


def _nodes_of(root: Any) -> list[Any]:
    """List the nodes of a graph, parents first and the root last."""
    found = {id(root): root}
    open_ends = [root]
    while open_ends:
        new = {id(parent): parent for parent in open_ends.pop().parents if id(parent) not in found}
        found |= new
        open_ends += new.values()
        if len(found) > _MAX_NODES:
            raise ValueError(f"A picture has room for {_MAX_NODES} nodes; this graph has more. Draw a smaller one.")
    sorter = TopologicalSorter({number: map(id, node.parents) for number, node in found.items()})
    return [found[number] for number in sorter.static_order()]


def _box_texts(node: Any, name: str | None, *, digits: int) -> _Texts:
    label = name or getattr(node, "op", "") or getattr(node, "name", "") or ""
    data, grad = (_number_text(getattr(node, known, None), digits) for known in ("data", "grad"))
    return str(label), data, grad


def _number_text(value: Any, digits: int) -> str | None:
    """Write a number in some digits, an array as its shape."""
    if value is None:
        return None
    if np.ndim(value):
        return "×".join(str(n) for n in np.shape(value))
    return f"{float(value):.{digits}g}".replace("-", "−")
