"""The labs' pictures.

Each function draws into the current notebook through pyplot, or into the axes that it is given, and returns
nothing, so that a call can end a cell. matplotlib is imported when the first picture is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.layout import Layout, layered_layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE",
    "COLOURS",
    "VERMILION",
    "arrays",
    "bars",
    "computational_graph",
    "curves",
    "decision_regions",
    "image_grid",
    "relative_errors",
    "selections",
    "templates",
]

#: Eight colours that colour-blind readers can tell apart, by Okabe and Ito (https://jfly.uni-koeln.de/color/).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#b8a800")
BLUE, VERMILION = COLOURS[:2]
_DPI = 110
_MAX_CELLS = 12  # an array with more rows or columns is drawn as a picture, without numbers in it
_CELL_INCHES = 0.46
_PICTURE_INCHES = 3.2
_ROW_INCHES = 9.0


def image_grid(
    images: np.ndarray,
    captions: Sequence[str] | None = None,
    *,
    columns: int = 10,
    title: str = "",
    wrong: Sequence[bool] | None = None,
    size: float = 0.95,
) -> None:
    """Draw images in a grid.

    Args:
        images: (n, h, w) grey or (n, h, w, 3) colour; uint8 in 0–255 or float in 0–1.
        captions: A short text above each image.
        columns: Images a row.
        title: A title above all.
        wrong: Which captions to print in vermilion instead of grey.
        size: Width of an image with its margin, in inches.

    Raises:
        ValueError: If the images have another shape, or there are more or fewer captions or marks than images.
    """
    from matplotlib import pyplot as plt

    images = np.asarray(images)
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[-1] != 3):
        raise ValueError(f"Images are (n, h, w) or (n, h, w, 3); got shape {images.shape}.")
    for given, name in ((captions, "caption"), (wrong, "mark in wrong")):
        if given is not None and len(given) != len(images):
            raise ValueError(f"Give one {name} an image: got {len(given)} for {len(images)} images.")
    rows = max(1, -(-len(images) // columns))
    height = rows * (size + (0.05 if captions is None else 0.27)) + (0.45 if title else 0.0)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * size, height), dpi=_DPI, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    # Whole-number pixels keep their meaning: a dark image is not made bright by its own maximum.
    scale = {"vmin": 0, "vmax": 255} if images.dtype == np.uint8 else {}
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        axis.imshow(image, cmap="gray_r" if image.ndim == 2 else None, interpolation="nearest", **scale)
        if captions is not None:
            colour = VERMILION if wrong is not None and wrong[i] else "0.35"
            axis.set_title(captions[i], fontsize=8, color=colour, pad=2)
    _finish(figure, title)


def arrays(values: Mapping[str, Any], *, title: str = "", unit: str = "") -> None:
    """Draw arrays side by side, entry by entry, with their names and shapes.

    All have one scale of colours: from white to blue, or, if an entry is negative, from blue through white to red.
    Small arrays have their numbers written into them; an array of shape (n,) is drawn as one row.

    Args:
        values: For each name, an array of numbers, (n,) or (h, w), with at least one entry.
        title: A title above all.
        unit: What the entries are, with their unit; a scale is drawn if it is given.

    Raises:
        ValueError: If there is no array, or one has another number of axes or no entries.
    """
    given = {name: np.asarray(array) for name, array in values.items()}
    for name, array in given.items():
        if array.ndim not in (1, 2) or array.size == 0:
            raise ValueError(f"An array to draw is (n,) or (h, w) and not empty; {name!r} has shape {array.shape}.")
    if not given:
        raise ValueError("Give one array or more; got none.")
    cells = [np.atleast_2d(array) for array in given.values()]
    limit = float(max(np.abs(c.astype(float)).max() for c in cells)) or 1.0
    signed = any((c < 0).any() for c in cells)
    look: dict[str, Any] = {"cmap": "RdBu_r" if signed else "Blues", "vmin": -limit if signed else 0.0, "vmax": limit}
    labels = [f"{name}\n{array.shape}" for name, array in given.items()]
    panels = _side_by_side(labels, [c.shape for c in cells], title=title, right=0.95 if unit else 0.0)
    for axis, label, entries in zip(panels, labels, cells, strict=True):
        axis.imshow(entries.astype(float), interpolation="nearest", **look)
        _label(axis, label)
        if max(entries.shape) <= _MAX_CELLS:
            _write_entries(axis, entries, np.abs(entries.astype(float)) > 0.55 * limit)
    if unit:
        last = panels[-1]
        bar = last.figure.colorbar(last.images[0], cax=last.inset_axes((1.06, 0.0, 0.05, 1.0)))
        bar.set_label(unit, fontsize=9)
        bar.ax.tick_params(labelsize=8)


def selections(array: np.ndarray, taken: Mapping[str, Any], *, columns: int = 4, title: str = "") -> None:
    """Draw an array once for each selection from it, with the entries that the selection takes in blue.

    Args:
        array: (h, w) numbers, no two of them equal: entries are recognised by their values.
        taken: For each expression, what it gives; its shape is written beside it.
        columns: Pictures a row.
        title: A title above all.

    Raises:
        ValueError: If the array has another number of axes, or equal entries, or a selection has others.
    """
    from matplotlib import pyplot as plt
    from matplotlib.colors import ListedColormap

    array = np.asarray(array)
    if array.ndim != 2 or np.unique(array).size != array.size:
        raise ValueError(f"The array should be (h, w), all entries different; got shape {array.shape}.")
    for name, selection in taken.items():
        if not np.isin(selection, array).all():
            raise ValueError(f"The selection {name!r} has entries that the array does not have.")
    rows = max(1, -(-len(taken) // columns))
    width, height = max(array.shape[1] * _CELL_INCHES, 1.5) + 0.3, array.shape[0] * _CELL_INCHES + 0.55
    size = (columns * width, rows * height + (0.35 if title else 0.0))
    figure, axes = plt.subplots(rows, columns, figsize=size, dpi=_DPI, squeeze=False)
    for axis in axes.flat[len(taken) :]:
        axis.axis("off")
    for axis, (name, selection) in zip(axes.flat, taken.items(), strict=False):
        marked = np.isin(array, selection)
        axis.imshow(marked, cmap=ListedColormap(["#f2f2f2", BLUE]), vmin=0, vmax=1)
        _label(axis, f"{name}\n{np.shape(selection)}")
        _write_entries(axis, array, marked)
    _finish(figure, title)


def templates(W: np.ndarray, image_shape: tuple[int, ...], class_names: Sequence[str], *, title: str = "") -> None:
    """Draw each class's weights as a picture.

    Grey images get a scale from blue (speaks against the class) through white to red (speaks for it), the same
    for all classes; colour images are stretched to the range of the pixels, each by itself.

    Args:
        W: (d, k) weights, where d is the product of ``image_shape``.
        image_shape: (h, w) or (h, w, 3).
        class_names: k names.
        title: A title above all.

    Raises:
        ValueError: If W does not have d rows and k columns.
    """
    from matplotlib import pyplot as plt

    W = np.asarray(W)
    d, k = int(np.prod(image_shape)), len(class_names)
    if W.shape != (d, k):
        raise ValueError(f"W should be ({d}, {k}) for {image_shape} images and {k} classes; got {W.shape}.")
    columns = min(k, 5)
    rows = -(-k // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * 1.75, rows * 1.95), dpi=_DPI, squeeze=False)
    limit = float(np.quantile(np.abs(W), 0.995)) or 1.0
    picture = None
    for axis, weights, name in zip(axes.flat, W.T.reshape(k, *image_shape), class_names, strict=False):
        if len(image_shape) == 2:
            picture = axis.imshow(weights, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="nearest")
        else:
            low, high = np.quantile(weights, [0.005, 0.995])
            axis.imshow(np.clip((weights - low) / max(high - low, 1e-12), 0, 1), interpolation="bilinear")
        axis.set_title(name, fontsize=10)
    for axis in axes.flat:
        axis.axis("off")
    _finish(figure, title)
    if picture is not None:
        bar = figure.colorbar(picture, ax=list(axes.flat), shrink=0.8, pad=0.02)
        bar.set_label("weight of a pixel", fontsize=9)
        bar.ax.tick_params(labelsize=8)


def curves(
    lines: Mapping[str, tuple[Any, Any]],
    *,
    xlabel: str,
    ylabel: str,
    title: str = "",
    log: str = "",
    markers: bool = False,
    ax: Axes | None = None,
) -> None:
    """Draw named lines on common axes.

    Args:
        lines: For each name, its x and y values.
        xlabel: What x is, with its unit.
        ylabel: What y is, with its unit.
        title: A title.
        log: Which axes are logarithmic: ``""``, ``"x"``, ``"y"`` or ``"xy"``.
        markers: Whether to mark the points.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If ``log`` is something else, or a line has more or fewer x than y values.
    """
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"log is '', 'x', 'y' or 'xy'; got {log!r}.")
    for name, (x, y) in lines.items():
        if np.shape(x) != np.shape(y):
            raise ValueError(f"The line {name!r} has x of shape {np.shape(x)} and y of shape {np.shape(y)}.")
    axes = _axes(ax)
    for colour, dashes, (name, (x, y)) in zip(
        _cycle(COLOURS), _cycle(("-", "--", "-.", ":")), lines.items(), strict=False
    ):
        axes.plot(x, y, dashes, color=colour, lw=2, label=name, marker="o" if markers else None, ms=4)
    if "x" in log:
        axes.set_xscale("log")
    if "y" in log:
        axes.set_yscale("log")
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(alpha=0.25)
    if len(lines) > 1:
        axes.legend(frameon=False, fontsize=9)


def bars(
    values: Mapping[str, Sequence[float]],
    names: Sequence[str],
    *,
    ylabel: str,
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """Draw groups of bars with their values above them.

    Args:
        values: For each series, one value a name.
        names: The groups, from left to right.
        ylabel: What the values are, with their unit.
        title: A title.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If there is no series, or one has more or fewer values than there are names.
    """
    if not values:
        raise ValueError("Give one series of values or more; got none.")
    for series, heights in values.items():
        if len(heights) != len(names):
            raise ValueError(f"The series {series!r} has {len(heights)} values for {len(names)} names.")
    axes = _axes(ax)
    width = 0.8 / len(values)
    for i, (series, heights) in enumerate(values.items()):
        left = np.arange(len(names)) + (i - (len(values) - 1) / 2) * width
        drawn = axes.bar(left, heights, width * 0.92, color=COLOURS[i % len(COLOURS)], label=series)
        axes.bar_label(drawn, fmt="%.3g", fontsize=8, padding=2)
    axes.set_xticks(np.arange(len(names)), names)
    axes.set_ylabel(ylabel)
    axes.set_title(title, loc="left", fontsize=11)
    axes.margins(y=0.15)
    axes.axhline(0, color="0.3", lw=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    if len(values) > 1:
        axes.legend(frameon=False, fontsize=9)


def decision_regions(
    predict: Callable[[np.ndarray], np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    *,
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """Colour the plane by a classifier's answers, and put the examples on it.

    Args:
        predict: Gives (n,) whole-number labels for (n, 2) points.
        X: (n, 2) examples.
        y: (n,) labels from 0 to 7.
        title: A title.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If the shapes are others, or a label is none of 0 to 7.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != (len(X),):
        raise ValueError(f"X should be (n, 2) and y (n,); got {X.shape} and {y.shape}.")
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    across, up = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    answers = np.asarray(predict(np.column_stack([across.ravel(), up.ravel()]))).reshape(across.shape)
    labels = np.union1d(y, answers)
    if labels.min() < 0 or labels.max() >= len(COLOURS):
        raise ValueError(f"Labels are 0 to {len(COLOURS) - 1}; got {labels.min()} to {labels.max()}.")
    n_classes = int(labels.max()) + 1
    axes = _axes(ax, size=(4, 4))
    levels = np.arange(n_classes + 1) - 0.5
    axes.contourf(across, up, answers, levels=levels, colors=COLOURS[:n_classes], alpha=0.18)
    for label, mark in zip(range(n_classes), _cycle("os^Dv<>P"), strict=False):
        points = X[y == label]
        axes.scatter(
            points[:, 0], points[:, 1], s=16, c=COLOURS[label], marker=mark, edgecolors="white", linewidths=0.5
        )
    axes.set(xlabel="first feature", ylabel="second feature", aspect="equal")
    axes.set_title(title, fontsize=10)


def _side_by_side(labels: Sequence[str], shapes: Sequence[tuple[int, ...]], *, title: str, right: float) -> list[Axes]:
    """Make axes for arrays of some shapes in one row, with cells of one size where numbers are written into them."""
    from matplotlib import pyplot as plt

    most = min(_PICTURE_INCHES, _ROW_INCHES / len(shapes))
    cells = [_CELL_INCHES if max(shape) <= _MAX_CELLS else most / max(shape) for shape in shapes]
    sizes = [(shape[1] * cell, shape[0] * cell) for shape, cell in zip(shapes, cells, strict=True)]
    # A column is as wide as its array or its label, whichever is wider.
    words = [max(map(len, label.split("\n"))) * 0.077 for label in labels]
    columns = [max(width, word) for (width, _), word in zip(sizes, words, strict=True)]
    tallest, gap = max(height for _, height in sizes), 0.3
    above = 0.155 * (1 + max(label.count("\n") for label in labels)) + 0.1 + (0.28 if title else 0.0)
    total = sum(columns) + gap * len(columns) + right, tallest + above + 0.1
    figure = plt.figure(figsize=total, dpi=_DPI)
    if title:
        figure.suptitle(title, fontsize=11, x=gap / 2 / total[0], y=1 - 0.06 / total[1], ha="left", va="top")
    left, axes = gap / 2, []
    for column, (width, height) in zip(columns, sizes, strict=True):
        corner = left + (column - width) / 2, 0.1 + (tallest - height) / 2
        box = (corner[0] / total[0], corner[1] / total[1], width / total[0], height / total[1])
        axes.append(figure.add_axes(box))
        left += column + gap
    return axes


def _label(axis: Axes, name: str) -> None:
    """Name an array's picture, and take away the axes, which have no unit."""
    axis.set_title(name, fontsize=9, family="monospace", pad=4)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_color("0.6")


def _write_entries(axis: Axes, entries: np.ndarray, on_dark: Any) -> None:
    """Write numbers into the cells of an array's picture, with lines between them."""
    for (i, j), entry in np.ndenumerate(entries):
        colour = "white" if on_dark[i][j] else "0.2"
        axis.text(j, i, f"{entry:.3g}", ha="center", va="center", fontsize=9, color=colour)
    for i in range(1, entries.shape[0]):
        axis.axhline(i - 0.5, color="0.6", lw=0.6)
    for j in range(1, entries.shape[1]):
        axis.axvline(j - 0.5, color="0.6", lw=0.6)


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
    _GraphPicture(layout, parents, boxes, pale).draw(ax, title)


def relative_errors(
    errors: Mapping[str, float], *, right: float = 1e-6, wrong: float = 1e-3, title: str = "", ax: Axes | None = None
) -> None:
    """Draw the relative errors of gradients on a logarithmic axis, with what counts as right and as wrong.

    Args:
        errors: For each gradient its largest relative error; one below 1e-16 is drawn at 1e-16, infinity at the edge.
        right: Errors up to this one are those of rounding.
        wrong: Errors from this one on are mistakes.
        title: A title.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If there is no error to draw.
    """
    if not errors:
        raise ValueError("Give one relative error or more; got none.")
    low, high = 1e-16, 1e2
    axes = _axes(ax, size=(6.4, 0.9 + 0.32 * len(errors)))
    axes.axvspan(low, right, color=COLOURS[2], alpha=0.12, lw=0)
    axes.axvspan(wrong, high, color=VERMILION, alpha=0.12, lw=0)
    for row, error in enumerate(errors.values()):
        shown = float(np.clip(np.nan_to_num(error, nan=np.inf), low, high))
        colour = COLOURS[2] if error <= right else VERMILION if not error < wrong else COLOURS[4]
        axes.plot([low, shown], [row, row], color=colour, lw=1.5)
        axes.plot(shown, row, "o" if error <= right else "X", color=colour, ms=7, clip_on=False)
        side = (6, "left") if shown < 1e-3 else (-8, "right")
        text = f"{error:.1e}" if error > 0 else "0"
        axes.annotate(
            text, (shown, row), (side[0], 4), textcoords="offset points", ha=side[1], fontsize=8, color="0.25"
        )
    axes.set_xscale("log")
    axes.set(
        xlim=(low, high), ylim=(len(errors) - 0.4, -0.8), xlabel="largest relative error (green: right, red: wrong)"
    )
    axes.set_yticks(range(len(errors)), list(errors))
    axes.set_title(title, loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)


# A node's box, in inches: two lines of text at 8.5 points.
_BOX_HEIGHT, _BOX_WIDTH, _LETTER = 0.42, 0.62, 0.068
_ACROSS, _UP = 0.34, 0.14
_MAX_WIDTH = 11.0
#: From this many layers on, numbers are shorter and boxes stand closer.
_DEEP = 8
_MAX_NODES = 150
#: What stands in a box: label, value, gradient; None where there is nothing to say.
_Texts = tuple[str, str | None, str | None]


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

    def draw(self, ax: Axes | None, title: str) -> None:
        scale = min(1.0, _MAX_WIDTH / self.width)
        axes = _axes(ax, size=(max(4.2, self.width * scale), self.height * scale + 0.35))
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
    order: list[Any] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack += [(node, True), *((parent, False) for parent in node.parents)]
        if len(seen) > _MAX_NODES:
            raise ValueError(f"A picture has room for {_MAX_NODES} nodes; this graph has more. Draw a smaller one.")
    return order


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


def _axes(ax: Axes | None, size: tuple[float, float] = (6.4, 3.8)) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=size, dpi=_DPI, layout="constrained")[1]


def _cycle(items: Sequence[Any]) -> Any:
    import itertools

    return itertools.cycle(items)


def _finish(figure: Any, title: str) -> None:
    """Set a figure's title and let its parts fill it."""
    if title:
        figure.suptitle(title, fontsize=11, x=0.02, ha="left")
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.03)
