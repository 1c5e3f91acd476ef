"""The labs' pictures.

Each function draws into the current notebook through pyplot, or into the axes that it is given, and returns
nothing, so that a call can end a cell. matplotlib is imported when the first picture is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE",
    "COLOURS",
    "VERMILION",
    "bars",
    "curves",
    "decision_regions",
    "descents",
    "histograms",
    "image_grid",
    "mistakes",
    "templates",
]

#: Eight colours that colour-blind readers can tell apart, by Okabe and Ito (https://jfly.uni-koeln.de/color/).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#b8a800")
BLUE, VERMILION = COLOURS[:2]
_DPI = 110


def image_grid(
    images: np.ndarray,
    captions: Sequence[str] | None = None,
    *,
    columns: int = 10,
    title: str = "",
    wrong: Sequence[bool] | None = None,
) -> None:
    """Draw images in a grid.

    Args:
        images: (n, h, w) grey or (n, h, w, 3) colour; uint8 in 0–255 or float in 0–1.
        captions: A short text above each image.
        columns: Images a row.
        title: A title above all.
        wrong: Which captions to print in vermilion instead of grey.

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
    height = rows * (1.0 if captions is None else 1.22) + (0.45 if title else 0.0)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * 0.95, height), dpi=_DPI, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        axis.imshow(image, cmap="gray_r" if image.ndim == 2 else None, interpolation="nearest")
        if captions is not None:
            colour = VERMILION if wrong is not None and wrong[i] else "0.35"
            axis.set_title(captions[i], fontsize=8, color=colour, pad=2)
    _finish(figure, title)


def mistakes(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    class_names: Sequence[str],
    *,
    n: int = 20,
    title: str = "",
) -> None:
    """Draw the images that a classifier got wrong, those that it was surest of first.

    Args:
        images: (m, h, w) grey or (m, h, w, 3) colour; uint8 in 0–255 or float in 0–1.
        labels: (m,) true classes, indices into ``class_names``.
        probabilities: (m, k) of the classes; the largest of a row is the answer.
        class_names: k names.
        n: How many images to draw at most.
        title: A title above all; how many of the images are wrong is added to it.

    Raises:
        ValueError: If the shapes do not fit.
    """
    images, labels, probabilities = np.asarray(images), np.asarray(labels), np.asarray(probabilities)
    if labels.shape != (len(images),) or probabilities.shape != (len(images), len(class_names)):
        raise ValueError(
            f"labels should be ({len(images)},) and probabilities ({len(images)}, {len(class_names)});"
            f" got {labels.shape} and {probabilities.shape}."
        )
    answers, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")[:n]]
    captions = [f"{class_names[labels[i]]} read as {class_names[answers[i]]}\n{sure[i]:.1%} sure" for i in worst]
    count = f"{len(wrong):,} of {len(images):,} are wrong"
    image_grid(images[worst], captions, title=f"{title}: {count}" if title else count)


def templates(
    W: np.ndarray, image_shape: tuple[int, ...], class_names: Sequence[str], *, columns: int = 5, title: str = ""
) -> None:
    """Draw each class's weights as a picture.

    Grey images get a scale from blue (speaks against the class) through white to red (speaks for it), the same
    for all classes; colour images are stretched to the range of the pixels, each by itself.

    Args:
        W: (d, k) weights, where d is the product of ``image_shape``.
        image_shape: (h, w) or (h, w, 3).
        class_names: k names.
        columns: Pictures a row.
        title: A title above all.

    Raises:
        ValueError: If W does not have d rows and k columns.
    """
    from matplotlib import pyplot as plt

    W = np.asarray(W)
    d, k = int(np.prod(image_shape)), len(class_names)
    if W.shape != (d, k):
        raise ValueError(f"W should be ({d}, {k}) for {image_shape} images and {k} classes; got {W.shape}.")
    columns = min(k, columns)
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


def histograms(
    rows: Mapping[str, Sequence[np.ndarray]], columns: Sequence[str], *, xlabel: str, title: str = ""
) -> None:
    """Draw a table of small histograms, one a row and column, with the standard deviation in each.

    The histograms of a row share an axis that holds nearly all of its values.

    Args:
        rows: For each row's name, one array of values a column, of any shape.
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
    figure, axes = plt.subplots(len(rows), len(columns), figsize=size, dpi=_DPI, squeeze=False)
    for line, colour, (name, arrays) in zip(axes, _cycle(COLOURS), rows.items(), strict=False):
        limit = max(float(np.quantile(np.abs(values), 0.999)) for values in arrays) or 1.0
        for axis, values in zip(line, arrays, strict=True):
            axis.hist(np.ravel(values), bins=41, range=(-limit, limit), color=colour)
            axis.set_yticks([])
            axis.set_xticks([-limit, 0, limit], [f"{-limit:.1g}", "0", f"{limit:.1g}"], fontsize=7)
            axis.spines[["top", "right", "left"]].set_visible(False)
            axis.set_title(f"σ = {np.std(values):.2g}", fontsize=8, pad=1)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    for axis, name in zip(axes[0], columns, strict=True):
        axis.set_title(f"{name}\n{axis.get_title()}", fontsize=8, pad=1)
    figure.supxlabel(xlabel, fontsize=9)
    _finish(figure, title)


def descents(
    f: Callable[[np.ndarray, np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """Draw ways down a landscape on its contour lines; a cross marks each way's end.

    Args:
        f: The height, entry by entry, at arrays of the first and the second coordinate.
        paths: For each name, (steps, 2) points from the start on.
        x: The least and the greatest first coordinate to show.
        y: The same of the second one.
        title: A title.
        ax: Axes to draw on; a new figure unless given.

    Raises:
        ValueError: If a path is no list of points in the plane.
    """
    for name, path in paths.items():
        if np.ndim(path) != 2 or np.shape(path)[1] != 2:
            raise ValueError(f"A path is (steps, 2); {name!r} has shape {np.shape(path)}.")
    axes = _axes(ax, size=(7.4, 3.8))
    across, up = np.meshgrid(np.linspace(*x, 200), np.linspace(*y, 200))
    height = f(across, up)
    low, high = height.min(), height.max()
    levels = low + (high - low) * np.linspace(0, 1, 16) ** 2
    axes.contour(across, up, height, levels=levels, colors="0.75", linewidths=0.8)
    for colour, dashes, (name, path) in zip(
        _cycle(COLOURS), _cycle(("-", "--", "-.", ":")), paths.items(), strict=False
    ):
        points = np.asarray(path)
        axes.plot(*points.T, dashes, color=colour, lw=1.6, marker=".", ms=4, label=name)
        axes.plot(*points[-1], "X", color=colour, ms=9, mec="white")
    axes.plot(*points[0], "o", color="0.2", ms=7, zorder=5)
    axes.set(xlim=x, ylim=y, xlabel="first weight", ylabel="second weight")
    axes.set_title(title, loc="left", fontsize=11)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))


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
