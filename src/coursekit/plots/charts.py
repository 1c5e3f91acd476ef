"""Lines, bars, regions: numbers on axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.plots.figures import COLOURS, DPI, VERMILION, cycle, finish, open_axes
from coursekit.plots.words import course_of, describe, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bars", "curves", "decision_regions", "descents", "histograms", "relative_errors"]

#: Relative errors of gradients up to the first are those of rounding; from the second on they are mistakes.
_ROUNDING, _MISTAKE = 1e-6, 1e-3


def curves(
    lines: Mapping[str, tuple[Any, Any]],
    *,
    xlabel: str,
    ylabel: str,
    title: str = "",
    log: str = "",
    markers: bool = False,
    guess: float | tuple[Any, Any] | None = None,
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
        guess: What somebody expected beforehand, kept beside what came: a height, or x and y values of a line.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If ``log`` is something else, or a line has more or fewer x than y values.
    """
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"log is '', 'x', 'y' or 'xy'; got {log!r}.")
    for name, (x, y) in lines.items():
        if np.shape(x) != np.shape(y):
            raise ValueError(f"The line {name!r} has x of shape {np.shape(x)} and y of shape {np.shape(y)}.")
    axes = open_axes(ax)
    for colour, dashes, (name, (x, y)) in zip(
        cycle(COLOURS), cycle(("-", "--", "-.", ":")), lines.items(), strict=False
    ):
        axes.plot(x, y, dashes, color=colour, lw=2, label=name, marker="o" if markers else None, ms=4)
    if guess is not None:
        expected = guess if isinstance(guess, tuple) else (axes.get_xlim(), (guess, guess))
        axes.plot(*expected, ":", color="0.25", lw=2.2, label="your guess")
        lines = {**lines, "your guess": expected}
    if "y" in log:
        axes.set_yscale("log")
    if "x" in log:
        axes.set_xscale("log")
    elif all(np.all(np.mod(x, 1) == 0) for x, _ in lines.values()):
        # Epochs, steps, layers: there is nothing to read between two of them.
        from matplotlib.ticker import MaxNLocator

        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(alpha=0.25)
    if len(lines) > 1:
        axes.legend(frameon=False, fontsize=9)
    courses = listed({f"{name} goes": course_of(x, y) + ";" for name, (x, y) in lines.items()}).rstrip(";")
    describe(axes.figure, title, f"{ylabel} against {xlabel}. {courses.replace(';,', ';')}.")


def bars(
    values: Mapping[str, Sequence[float]],
    names: Sequence[str],
    *,
    ylabel: str,
    title: str = "",
    guess: Sequence[float | None] | None = None,
    ax: Axes | None = None,
) -> None:
    """Draw groups of bars with their values above them.

    Args:
        values: For each series, one value per name.
        names: The groups, from left to right.
        ylabel: What the values are, with their unit.
        title: A title.
        guess: What somebody expected beforehand of each group, kept as a line across its bars; None where nothing was.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If there is no series, or one, or the guess, has more or fewer values than there are names.
    """
    if not values:
        raise ValueError("Give one series of values or more; got none.")
    for series, heights in values.items():
        if len(heights) != len(names):
            raise ValueError(f"The series {series!r} has {len(heights)} values for {len(names)} names.")
    if guess is not None and len(guess) != len(names):
        raise ValueError(f"guess has {len(guess)} values for {len(names)} names; put None where there is none.")
    axes = open_axes(ax)
    width = 0.8 / len(values)
    for i, (series, heights) in enumerate(values.items()):
        left = np.arange(len(names)) + (i - (len(values) - 1) / 2) * width
        drawn = axes.bar(left, heights, width * 0.92, color=COLOURS[i % len(COLOURS)], label=series)
        axes.bar_label(drawn, [_number(height) for height in heights], fontsize=8, padding=2)
    expected = {name: (place, height) for place, (name, height) in enumerate(zip(names, guess or (), strict=False))}
    guessed = {name: (place, height) for name, (place, height) in expected.items() if height is not None}
    for i, (place, height) in enumerate(guessed.values()):
        label = None if i else "your guess"
        axes.plot([place - 0.45, place + 0.45], [height, height], ":", color="0.25", lw=2.2, label=label)
    axes.set_xticks(np.arange(len(names)), names)
    axes.set_ylabel(ylabel)
    axes.set_title(title, loc="left", fontsize=11)
    axes.margins(y=0.15)
    highest = max((height for heights in values.values() for height in heights), default=0)
    if ylabel.endswith("%") and 50 < highest <= 100:
        # However much room there is above the bars, for a legend say: no tick at 120 per cent.
        axes.set_yticks(range(0, 101, 20))
    axes.axhline(0, color="0.3", lw=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    if len(values) > 1 or guessed:
        axes.legend(frameon=False, fontsize=9)
    groups = {
        series: listed({name: _number(height) for name, height in zip(names, heights, strict=True)}) + ";"
        for series, heights in values.items()
    }
    if guessed:
        groups["your guess"] = listed({name: _number(height) for name, (_, height) in guessed.items()})
    describe(axes.figure, title, f"bars of {ylabel}. {listed(groups).rstrip(';').replace(';,', ';')}.")


def _number(value: float) -> str:
    """Write a bar's height: three digits, and whole numbers from a thousand to a million as they stand."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


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
        ValueError: If the shapes are others, or a label is not in 0 to 7.
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
    axes = open_axes(ax, size=(4, 4))
    levels = np.arange(n_classes + 1) - 0.5
    axes.contourf(across, up, answers, levels=levels, colors=COLOURS[:n_classes], alpha=0.18)
    for label, mark in zip(range(n_classes), cycle("os^Dv<>P"), strict=False):
        points = X[y == label]
        axes.scatter(
            points[:, 0], points[:, 1], s=16, c=COLOURS[label], marker=mark, edgecolors="white", linewidths=0.5
        )
    axes.set(xlabel="first feature", ylabel="second feature", aspect="equal")
    axes.set_title(title, fontsize=10)
    shares = {f"class {label}": f"{(answers == label).mean():.0%} of the plane" for label in range(n_classes)}
    describe(axes.figure, title, f"the plane coloured by the answer, with {len(y)} points: {listed(shares)}.")


def histograms(
    rows: Mapping[str, Sequence[np.ndarray]], columns: Sequence[str], *, xlabel: str, title: str = ""
) -> None:
    """Draw a table of small histograms, one per row and column, with the standard deviation in each.

    The histograms of a row share an axis that holds nearly all of its values.

    Args:
        rows: For each row's name, one array of values per column, of any shape.
        columns: The columns' names.
        xlabel: What the values are.
        title: A title above all.

    Raises:
        ValueError: If there is no row, or one has more or fewer arrays than there are columns.
    """
    from matplotlib import pyplot as plt

    if not rows:
        raise ValueError("Give one row of arrays or more; got none.")
    for name, arrays in rows.items():
        if len(arrays) != len(columns):
            raise ValueError(f"The row {name!r} has {len(arrays)} arrays for {len(columns)} columns.")
    size = (1.5 * len(columns) + 1.2, 1.15 * len(rows) + 0.6)
    figure, axes = plt.subplots(len(rows), len(columns), figsize=size, dpi=DPI, squeeze=False)
    for line, colour, (name, arrays) in zip(axes, cycle(COLOURS), rows.items(), strict=False):
        limit = max(float(np.quantile(np.abs(values), 0.999)) for values in arrays) or 1.0
        for axis, values in zip(line, arrays, strict=True):
            axis.hist(np.ravel(values), bins=41, range=(-limit, limit), color=colour)
            axis.set_yticks([])
            axis.set_xticks([-limit, 0, limit], [f"{-limit:.1g}", "0", f"{limit:.1g}"], fontsize=7)
            # Long numbers do not run into the neighbours'.
            for label, side in zip(axis.get_xticklabels(), ("left", "center", "right"), strict=True):
                label.set_horizontalalignment(side)
            axis.spines[["top", "right", "left"]].set_visible(False)
            axis.set_title(f"σ = {np.std(values):.2g}", fontsize=8, pad=1)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    for axis, name in zip(axes[0], columns, strict=True):
        axis.set_title(f"{name}\n{axis.get_title()}", fontsize=8, pad=1)
    figure.supxlabel(xlabel, fontsize=9)
    finish(figure, title)
    spreads = {name: "/".join(f"{np.std(values):.2g}" for values in arrays) for name, arrays in rows.items()}
    describe(figure, title, f"histograms of {xlabel}; σ at {listed(list(columns))}: {listed(spreads)}.")


def descents(
    f: Callable[[np.ndarray, np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """Draw paths of descent on the contour lines of a function; a cross marks each path's end.

    Args:
        f: The height, entry by entry, at arrays of the first and the second coordinate.
        paths: For each name, (steps, 2) points from the start on.
        x: The least and the greatest first coordinate to show.
        y: The same of the second one.
        title: A title.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If a path is not a list of points in the plane.
    """
    for name, path in paths.items():
        if np.ndim(path) != 2 or np.shape(path)[1] != 2:
            raise ValueError(f"A path is (steps, 2); {name!r} has shape {np.shape(path)}.")
    axes = open_axes(ax, size=(7.4, 3.8))
    across, up = np.meshgrid(np.linspace(*x, 200), np.linspace(*y, 200))
    height = f(across, up)
    low, high = height.min(), height.max()
    levels = low + (high - low) * np.linspace(0, 1, 16) ** 2
    axes.contour(across, up, height, levels=levels, colors="0.75", linewidths=0.8)
    for colour, dashes, (name, path) in zip(cycle(COLOURS), cycle(("-", "--", "-.", ":")), paths.items(), strict=False):
        points = np.asarray(path)
        axes.plot(*points.T, dashes, color=colour, lw=1.6, marker=".", ms=4, label=name)
        axes.plot(*points[-1], "X", color=colour, ms=9, mec="white")
    axes.plot(*points[0], "o", color="0.2", ms=7, zorder=5)
    axes.set(xlim=x, ylim=y, xlabel="first weight", ylabel="second weight")
    axes.set_title(title, loc="left", fontsize=11)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ends = {name: f"ends at ({path[-1][0]:.2g}, {path[-1][1]:.2g})" for name, path in paths.items()}
    start = next(iter(paths.values()))[0]
    describe(axes.figure, title, f"paths on contour lines from ({start[0]:.2g}, {start[1]:.2g}): {listed(ends)}.")


def relative_errors(errors: Mapping[str, float], *, title: str = "", ax: Axes | None = None) -> None:
    """Draw the relative errors of gradients on a logarithmic axis, with what counts as right and as wrong.

    Args:
        errors: For each gradient its largest relative error; one below 1e-16 is drawn at 1e-16, infinity at the edge.
        title: A title.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If there is no error to draw.
    """
    if not errors:
        raise ValueError("Give one relative error or more; got none.")
    low, high = 1e-16, 1e2
    axes = open_axes(ax, size=(6.4, 0.9 + 0.32 * len(errors)))
    axes.axvspan(low, _ROUNDING, color=COLOURS[2], alpha=0.12, lw=0)
    axes.axvspan(_MISTAKE, high, color=VERMILION, alpha=0.12, lw=0)
    for row, error in enumerate(errors.values()):
        shown = float(np.clip(np.nan_to_num(error, nan=np.inf), low, high))
        colour = COLOURS[2] if error <= _ROUNDING else VERMILION if not error < _MISTAKE else COLOURS[4]
        axes.plot([low, shown], [row, row], color=colour, lw=1.5)
        axes.plot(shown, row, "o" if error <= _ROUNDING else "X", color=colour, ms=7, clip_on=False)
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
    describe(axes.figure, title, f"relative errors: {listed({name: f'{e:.1e}' for name, e in errors.items()})}.")
