"""One page on what can be asked of a picture, and on families of networks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.plots.figures import COLOURS, DPI, finish
from coursekit.plots.words import describe, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["tasks_and_networks"]


def tasks_and_networks() -> None:
    """Draw, on one page, what one can ask of a picture, and families of networks with the data that they suit."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 4, figsize=(11, 5.9), dpi=DPI, height_ratios=[1.15, 1])
    tasks = (
        ("classification", "what is it?"),
        ("object detection", "what is where?"),
        ("semantic segmentation", "what is each pixel?"),
        ("captioning", "what is going on?"),
    )
    for axis, (task, question) in zip(axes[0], tasks, strict=True):
        _scene(axis, segmented=task == "semantic segmentation")
        axis.set_title(f"{task}\n", fontsize=10, weight="bold")
        axis.text(5, 8.25, question, ha="center", fontsize=9, style="italic", color="0.35")
    axes[0, 0].text(5, -1.1, "cat", ha="center", fontsize=10)
    _boxes(axes[0, 1])
    axes[0, 2].text(5, -1.1, "sky, grass, tree, cat, ball", ha="center", fontsize=10)
    axes[0, 3].text(5, -1.1, "“a cat watches a ball beside a tree”", ha="center", fontsize=9)
    networks = (
        ("fully connected (MLP)", "tables: no order among inputs", _mlp),
        ("convolutional (CNN)", "images: neighbours, same everywhere", _cnn),
        ("recurrent (RNN, LSTM)", "text, speech: one item after another", _rnn),
        ("transfer", "few examples: old features, new head", _transfer),
    )
    for axis, (name, use, draw) in zip(axes[1], networks, strict=True):
        axis.set(xlim=(0, 10), ylim=(-1.6, 8))
        axis.axis("off")
        draw(axis)
        axis.set_title(name, fontsize=10, weight="bold")
        axis.text(5, -1.4, use, ha="center", fontsize=9, color="0.35")
    title = "Above: what one can ask of a picture. Below: networks, and the data that they suit"
    finish(figure, title)
    families = {name: f"for {use}" for name, use, _ in networks}
    describe(figure, title, f"a cat in a meadow with {listed(dict(tasks))}; then {listed(families)}.")


_SKY, _GRASS, _TREE, _CAT, _BALL = "#56b4e9", "#009e73", "#b8a800", "#cc79a7", "#d55e00"


def _scene(axis: Axes, *, segmented: bool) -> None:
    """Draw a cat, a ball and a tree in a meadow, as a picture or with a flat colour for each class."""
    from matplotlib.patches import Circle, Ellipse, Polygon, Rectangle

    sky, grass, trunk, crown, cat, ball = (
        (_SKY, _GRASS, _TREE, _TREE, _CAT, _BALL)
        if segmented
        else ("#dcecf7", "#cfe3c1", "#8a6a4a", "#7fa66a", "#6b6b6b", "#d9534a")
    )
    axis.set(xlim=(0, 10), ylim=(-1.6, 8), aspect="equal")
    axis.axis("off")
    axis.add_patch(Rectangle((0, 2.6), 10, 5.2, fc=sky, ec="none"))
    axis.add_patch(Rectangle((0, 0), 10, 2.8, fc=grass, ec="none"))
    axis.add_patch(Rectangle((7.7, 2), 0.6, 2.4, fc=trunk, ec="none"))
    axis.add_patch(Circle((8, 5.2), 1.5, fc=crown, ec="none"))
    axis.add_patch(Ellipse((3, 2.0), 1.9, 2.5, fc=cat, ec="none"))
    axis.add_patch(Circle((3, 3.7), 0.85, fc=cat, ec="none"))
    for side in (-1, 1):
        ear = [(3 + 0.75 * side, 3.9), (3 + 0.62 * side, 5.0), (3 + 0.1 * side, 4.4)]
        axis.add_patch(Polygon(ear, fc=cat, ec="none"))
        if not segmented:
            axis.add_patch(Circle((3 + 0.32 * side, 3.8), 0.13, fc="#f4e04d", ec="none"))
    tail = np.linspace(0, 1, 30)
    axis.plot(2.2 - 1.3 * tail, 1.1 + 1.6 * tail**2, color=cat, lw=4, solid_capstyle="round")
    axis.add_patch(Circle((5.8, 1.3), 0.6, fc=ball, ec="none"))


def _boxes(axis: Axes) -> None:
    from matplotlib.patches import Rectangle

    for colour, name, box in (
        (COLOURS[0], "cat", (0.7, 0.6, 3.4, 4.6)),
        (COLOURS[1], "ball", (5.05, 0.55, 1.5, 1.5)),
        (COLOURS[2], "tree", (6.3, 1.9, 3.4, 5.0)),
    ):
        axis.add_patch(Rectangle(box[:2], *box[2:], fill=False, ec=colour, lw=2))
        axis.text(box[0] + 0.1, box[1] + box[3] + 0.15, name, fontsize=8, color=colour, weight="bold")
    axis.text(5, -1.1, "cat, ball, tree, and their frames", ha="center", fontsize=10)


def _nodes(axis: Axes, x: float, ys: np.ndarray, colour: str) -> None:
    axis.scatter([x] * len(ys), ys, s=70, color=colour, zorder=3, edgecolors="white")


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
    style = {"arrowstyle": "-|>", "color": "0.4", "lw": 1.2, "shrinkA": 0, "shrinkB": 0} | look
    axis.annotate("", end, start, arrowprops=style)


def _mlp(axis: Axes) -> None:
    layers = [(1.5, np.linspace(0.6, 7, 5)), (5, np.linspace(1.4, 6.2, 4)), (8.5, np.linspace(2.2, 5.4, 3))]
    for (left, below), (right, above) in pairwise(layers):
        for a in below:
            for b in above:
                axis.plot([left, right], [a, b], color="0.8", lw=0.8)
    for (x, ys), colour in zip(layers, (COLOURS[6], COLOURS[0], COLOURS[1]), strict=True):
        _nodes(axis, x, ys, colour)


def _cnn(axis: Axes) -> None:
    from matplotlib.patches import Rectangle

    for x, side, depth, colour in ((0.4, 4.6, 1, "0.85"), (4.2, 2.6, 4, COLOURS[5]), (7.2, 1.3, 6, COLOURS[0])):
        for layer in reversed(range(depth)):
            corner = (x + 0.18 * layer, 1.4 + 0.18 * layer + (4.6 - side) / 2)
            axis.add_patch(Rectangle(corner, side * 0.72, side, fc=colour, ec="white", lw=0.8))
    axis.add_patch(Rectangle((1.6, 3.6), 0.9, 1.2, fill=False, ec=COLOURS[1], lw=1.8))
    for y in (3.6, 4.8):
        axis.plot([2.5, 5.1], [y, 4.0], color=COLOURS[1], lw=1)
    axis.scatter([5.1], [4.0], s=22, color=COLOURS[1], zorder=4)


def _rnn(axis: Axes) -> None:
    from matplotlib.patches import FancyBboxPatch

    for i, word in enumerate(("the", "cat", "sat")):
        x = 1.8 + 3.2 * i
        box = FancyBboxPatch((x - 0.75, 3.1), 1.5, 1.6, boxstyle="round,pad=0.1", fc=COLOURS[0], ec="white", alpha=0.9)
        axis.add_patch(box)
        axis.text(x, 0.7, word, ha="center", fontsize=9)
        _arrow(axis, (x, 1.5), (x, 2.9))
        _arrow(axis, (x, 4.9), (x, 6.4))
        if i < 2:
            _arrow(axis, (x + 0.9, 3.9), (x + 2.25, 3.9), color=COLOURS[1], lw=2)
    axis.text(5, 6.9, "it remembers what came before", ha="center", fontsize=8, color=COLOURS[1])


def _transfer(axis: Axes) -> None:
    from matplotlib.patches import FancyBboxPatch

    for x, width, text, colour in ((0.6, 4.6, "features\n(frozen)", COLOURS[6]), (6.6, 2.8, "new\nhead", COLOURS[1])):
        axis.add_patch(FancyBboxPatch((x, 2.4), width, 2.8, boxstyle="round,pad=0.1", fc=colour, ec="white"))
        axis.text(x + width / 2, 3.8, text, ha="center", va="center", fontsize=9, color="white")
    _arrow(axis, (5.4, 3.8), (6.4, 3.8), lw=1.6)
    axis.text(2.9, 6.1, "learnt on 0–4", ha="center", fontsize=8, color="0.35")
    axis.text(8.0, 6.1, "learns 5–9", ha="center", fontsize=8, color=COLOURS[1])
