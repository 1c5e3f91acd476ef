"""Arrays, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.plots.figures import BLUE, DPI, finish
from coursekit.plots.words import describe, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["arrays", "selections"]

_MAX_CELLS = 12  # an array with more rows or columns is drawn as a picture, without numbers in it
_CELL_INCHES = 0.46
_PICTURE_INCHES = 3.2
_ROW_INCHES = 9.0


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
    said = {name: _in_words(array) for name, array in given.items()}
    describe(panels[0].figure, title, f"arrays, entry by entry{f', {unit}' if unit else ''}: {listed(said)}.")


def selections(array: np.ndarray, taken: Mapping[str, Any], *, columns: int = 4, title: str = "") -> None:
    """Draw an array once for each selection from it, with the entries that the selection takes in blue.

    Args:
        array: (h, w) numbers, no two of them equal: entries are recognised by their values.
        taken: For each expression, what it gives; its shape is written beside it.
        columns: Pictures per row.
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
    figure, axes = plt.subplots(rows, columns, figsize=size, dpi=DPI, squeeze=False)
    for axis in axes.flat[len(taken) :]:
        axis.axis("off")
    for axis, (name, selection) in zip(axes.flat, taken.items(), strict=False):
        marked = np.isin(array, selection)
        axis.imshow(marked, cmap=ListedColormap(["#f2f2f2", BLUE]), vmin=0, vmax=1)
        _label(axis, f"{name}\n{np.shape(selection)}")
        _write_entries(axis, array, marked)
    finish(figure, title)
    said = {name: f"takes {_in_words(np.asarray(selection))}" for name, selection in taken.items()}
    describe(figure, title, f"the array {array.shape} with what each expression takes in blue: {listed(said)}.")


def _in_words(array: np.ndarray) -> str:
    """Say an array's shape, and its entries or their range."""
    if array.size <= _MAX_CELLS:
        return f"{array.shape} with " + " ".join(f"{entry:.3g}" for entry in array.ravel())
    return f"{array.shape} from {array.min():.3g} to {array.max():.3g}"


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
    figure = plt.figure(figsize=total, dpi=DPI)
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
