"""Who reads what on the model of a GPU: a warp in one step, and a block from barrier to barrier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from coursekit.gpu import LINE_BYTES, WARP, Run
from coursekit.plots.figures import BLUE, COLOURS, DPI, finish
from coursekit.plots.words import describe

__all__ = ["block_reads", "warp_step"]

_UNTOUCHED, _FOR_NOTHING = "#ececec", "#f3c9a5"
#: Columns of the rows that a run keeps of its first block.
_PHASE, _THREAD, _ELEMENT, _STEP, _WRITE = range(5)


def warp_step(runs: Mapping[str, Run], *, title: str = "") -> None:
    """Draw what the first warp of block (0, 0) reads in its first step, and the lines that are moved for it.

    Args:
        runs: Launches by name, one below the other. Of each, the arrays that it only reads are drawn, one beside the
            other; an array of one axis is drawn in lines.
        title: A title above all.

    Raises:
        ValueError: If there is no launch, or one reads nothing.
    """
    names = {name: _read_only(run) for name, run in runs.items()}
    figure, axes = _panels({name: [(run, array) for array in names[name]] for name, run in runs.items()})
    said = []
    for row, (name, run) in enumerate(runs.items()):
        for column, array in enumerate(names[name]):
            axis = axes[row][column]
            read, moved = _first_step(run, array)
            image = _laid_out(run, array, _UNTOUCHED)
            _paint(image, moved, _FOR_NOTHING)
            _paint(image, read, BLUE)
            _show(axis, image)
            n_lines = len(np.unique(moved * run.item_bytes[array] // LINE_BYTES))
            text = f"{len(read)} of {array}'s numbers, {_plural(n_lines, 'line')}"
            axis.set_title(f"{name}: {text}", fontsize=9, loc="left")
            said.append(f"{name}, {text}")
    colours = {"read": BLUE, "moved for nothing": _FOR_NOTHING, "not touched": _UNTOUCHED}
    _finish(figure, colours, title)
    describe(
        figure,
        title,
        f"numbers as squares, those that are read, those that share their lines, the rest: {'; '.join(said)}.",
    )


def block_reads(runs: Mapping[str, Run], *, title: str = "") -> None:
    """Draw what block (0, 0) reads of each array, in colours of the barriers that it has passed before.

    Args:
        runs: Launches by name, one below the other. Of each, the arrays that it only reads are drawn.
        title: A title above all.

    Raises:
        ValueError: If there is no launch, or one reads nothing.
    """
    names = {name: _read_only(run) for name, run in runs.items()}
    figure, axes = _panels({name: [(run, array) for array in names[name]] for name, run in runs.items()})
    said, n_turns = [], 1
    for row, (name, run) in enumerate(runs.items()):
        for column, array in enumerate(names[name]):
            reads = _reads(run, array)
            phases = np.unique(reads[:, _PHASE])
            n_turns = max(n_turns, len(phases))
            image = _laid_out(run, array, _UNTOUCHED)
            for turn, phase in enumerate(phases):
                _paint(image, reads[reads[:, _PHASE] == phase, _ELEMENT], COLOURS[turn % len(COLOURS)])
            _show(axes[row][column], image)
            n_numbers = len(np.unique(reads[:, _ELEMENT]))
            text = f"{n_numbers} of {array}'s numbers, {len(reads)} reads"
            axes[row][column].set_title(f"{name}: {text}", fontsize=9, loc="left")
            turns = _plural(len(phases), "turn")
            said.append(f"{name}, {text} in {turns}")
    shown = {f"turn {turn + 1}": COLOURS[turn % len(COLOURS)] for turn in range(min(n_turns, len(COLOURS)))}
    _finish(figure, shown if n_turns > 1 else {"read": COLOURS[0], "not read": _UNTOUCHED}, title)
    describe(figure, title, f"numbers as squares, coloured by the turn between two barriers: {'; '.join(said)}.")


def _reads(run: Run, array: str) -> np.ndarray:
    rows: np.ndarray = run.first_block[array]
    kept: np.ndarray = rows[rows[:, _WRITE] == 0]
    return kept


def _read_only(run: Run) -> list[str]:
    """List the arrays that block (0, 0) reads and nobody writes."""
    return [name for name in run.shapes if len(_reads(run, name)) and not run.writes[name]]


def _first_step(run: Run, array: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the elements that the first warp reads in its first step, and all that lie in their lines."""
    reads = _reads(run, array)
    first = reads[(reads[:, _THREAD] < WARP) & (reads[:, _STEP] == 0) & (reads[:, _PHASE] == reads[:, _PHASE].min())]
    read = np.unique(first[:, _ELEMENT])
    of_line = LINE_BYTES // run.item_bytes[array]
    everything = np.arange(int(np.prod(run.shapes[array])))
    moved: np.ndarray = everything[np.isin(everything // of_line, read // of_line)]
    return read, moved


def _laid_out(run: Run, array: str, colour: str) -> np.ndarray:
    """Return an image with a pixel for each element, white where a last line has none."""
    shape = run.shapes[array]
    size = int(np.prod(shape))
    of_line = LINE_BYTES // run.item_bytes[array]
    rows, columns = shape if len(shape) == 2 else (-(-size // of_line), of_line)
    image = np.ones((rows, columns, 3))
    _paint(image, np.arange(size), colour)
    return image


def _paint(image: np.ndarray, elements: np.ndarray, colour: str) -> None:
    from matplotlib.colors import to_rgb

    image.reshape(-1, 3)[elements] = to_rgb(colour)


def _panels(drawn: Mapping[str, list[tuple[Run, str]]]) -> tuple[Any, Any]:
    """Open a figure with a row for each launch and a panel for each of its arrays."""
    from matplotlib import pyplot as plt

    if not drawn or not all(drawn.values()):
        raise ValueError(f"Give one launch or more, each of which reads an array; got {list(drawn)}.")
    columns = max(len(each) for each in drawn.values())
    heights = [max(_laid_out(*pair, _UNTOUCHED).shape[0] for pair in pairs) for pairs in drawn.values()]
    widths = max(_laid_out(*pair, _UNTOUCHED).shape[1] for pairs in drawn.values() for pair in pairs)
    width = 2.8 if columns > 1 else 6.0
    tall = [max(0.35, width * height / widths) + 0.35 for height in heights]
    figure, axes = plt.subplots(
        len(drawn),
        columns,
        figsize=(width * columns + 0.3, sum(tall) + 0.7),
        dpi=DPI,
        squeeze=False,
        height_ratios=tall,
    )
    for axis in axes.ravel():
        axis.axis("off")
    return figure, axes


def _show(axis: Any, image: np.ndarray) -> None:
    """Draw an image's pixels as squares with a thin white line between them."""
    axis.imshow(image, interpolation="nearest")
    rows, columns = image.shape[:2]
    axis.hlines(np.arange(rows + 1) - 0.5, -0.5, columns - 0.5, color="white", lw=0.4)
    axis.vlines(np.arange(columns + 1) - 0.5, -0.5, rows - 0.5, color="white", lw=0.4)
    axis.set_anchor("NW")


def _finish(figure: Any, colours: Mapping[str, str], title: str) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(fc=colour, ec="0.6", lw=0.5, label=name) for name, colour in colours.items()]
    figure.legend(handles=patches, loc="outside lower left", ncols=len(patches), frameon=False, fontsize=9)
    finish(figure, title)


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
