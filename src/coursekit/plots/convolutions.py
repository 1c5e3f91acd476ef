"""What convolutions do: windows, their numbers, and how far they see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.plots.figures import BLUE, COLOURS, DPI, VERMILION, finish
from coursekit.plots.words import describe, listed

__all__ = ["grids", "placements", "receptive_fields"]

#: A place in an array: a row and a column, each an index or a slice.
Mark = tuple[int | slice, int | slice]


def grids(arrays: Mapping[str, Any], *, marks: Mapping[str, Mark] | None = None, title: str = "") -> None:
    """Draw small arrays side by side with their numbers, coloured from blue through white to red by value.

    Args:
        arrays: For each name, an (h, w) array.
        marks: By an array's name, a place in it to put a frame around.
        title: A title above all.

    Raises:
        ValueError: If there is no array, one does not have two axes, or a mark names no array.
    """
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    given = {name: np.asarray(array) for name, array in arrays.items()}
    if not given or any(array.ndim != 2 for array in given.values()):
        raise ValueError(f"Give one array (h, w) or more; got {[array.shape for array in given.values()]}.")
    if unknown := sorted(set(marks or ()) - set(given)):
        raise ValueError(f"There is no array {', '.join(unknown)}; there are {', '.join(given)}.")
    cell = 0.36
    widths = [array.shape[1] + 1.5 for array in given.values()]
    rows = max(array.shape[0] for array in given.values())
    size = (cell * sum(widths) + 0.3, cell * rows + (1.1 if title else 0.8))
    figure, axes = plt.subplots(1, len(given), figsize=size, dpi=DPI, squeeze=False, width_ratios=widths)
    for axis, (name, array) in zip(axes[0], given.items(), strict=True):
        limit = float(np.abs(array).max()) or 1.0
        axis.imshow(array, cmap="RdBu_r", vmin=-1.6 * limit, vmax=1.6 * limit, interpolation="nearest")
        for (i, j), value in np.ndenumerate(array):
            axis.text(j, i, f"{value + 0:.3g}".replace("-", "−"), ha="center", va="center", fontsize=8, color="0.1")
        axis.set_xticks(np.arange(-0.5, array.shape[1]), labels=[])
        axis.set_yticks(np.arange(-0.5, array.shape[0]), labels=[])
        axis.grid(color="0.75", lw=0.6)
        axis.tick_params(length=0)
        axis.set_title(name, fontsize=9)
        axis.set_anchor("N")
        if marks and name in marks:
            (top, bottom), (left, right) = (
                slice(place, place + 1).indices(length)[:2] if isinstance(place, int) else place.indices(length)[:2]
                for place, length in zip(marks[name], array.shape, strict=True)
            )
            frame = Rectangle((left - 0.5, top - 0.5), right - left, bottom - top, fill=False, ec="0.05", lw=2.5)
            frame.set_clip_on(False)
            axis.add_patch(frame)
    finish(figure, title)
    said = {name: "; ".join(" ".join(f"{v:.3g}" for v in row) for row in array) for name, array in given.items()}
    describe(figure, title, f"arrays with their numbers, row by row: {listed(said)}.")


def placements(settings: Sequence[tuple[int, int, int, int]], *, counts: Sequence[int]) -> None:
    """Draw where a window goes along one axis: a row for each place that it takes.

    Args:
        settings: For each picture, how many pixels there are, how many the window has, its stride and the padding
            on each side.
        counts: For each picture, how many places the window takes.

    Raises:
        ValueError: If there are more or fewer counts than settings, or none, or a window would stick out.
    """
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    if not settings or len(counts) != len(settings):
        raise ValueError(f"Give one count per setting: got {len(counts)} for {len(settings)} settings.")
    for (n, k, stride, pad), count in zip(settings, counts, strict=True):
        if (count - 1) * stride + k > n + 2 * pad:
            raise ValueError(f"{count} windows of {k} with stride {stride} do not fit into {n} pixels with pad {pad}.")
    rows = max(counts)
    figure, axes = plt.subplots(
        1, len(settings), figsize=(2.6 * len(settings), 0.3 * rows + 1.3), dpi=DPI, squeeze=False, sharey=True
    )
    for axis, (n, k, stride, pad), count in zip(axes[0], settings, counts, strict=True):
        reached = {place * stride - pad + offset for place in range(count) for offset in range(k)}
        for pixel in range(-pad, n + pad):
            inside = 0 <= pixel < n
            lost = inside and pixel not in reached
            face = VERMILION if lost else "0.85" if inside else "white"
            line = ":" if not inside else "-"
            axis.add_patch(Rectangle((pixel, 0), 1, 1, fc=face, ec="0.4", lw=0.9, ls=line))
            axis.text(pixel + 0.5, 0.5, "" if inside else "0", ha="center", va="center", fontsize=8, color="0.4")
        for place in range(count):
            left = place * stride - pad
            axis.add_patch(Rectangle((left, place + 1.3), k, 0.7, fc=BLUE, ec="white", alpha=0.85))
        axis.set(xlim=(-1.3, max(s[0] for s in settings) + 1.3), ylim=(rows + 1.5, -0.3))
        axis.set_title(f"{n} pixels, window {k},\nstride {stride}, pad {pad}: {count} places", fontsize=9)
        axis.axis("off")
    title = "Each bar is one place of the window; what no window reaches is orange"
    finish(figure, title)
    said = [
        f"{n} pixels with a window of {k}, stride {stride} and pad {pad} have {count} places"
        for (n, k, stride, pad), count in zip(settings, counts, strict=True)
    ]
    describe(figure, title, f"{listed(said)}.")


def receptive_fields(image: np.ndarray, sides: Mapping[str, int], *, title: str = "") -> None:
    """Draw frames around an image's middle: how far one number of each layer can see.

    Args:
        image: (h, w) grey or (h, w, 3) colour; uint8 in 0..255 or float in 0..1.
        sides: By the name of a layer, its receptive field's side, in pixels. One that reaches over the image's edge
            sees padding there.
        title: A title above all.

    Raises:
        ValueError: If there are no layers, or the image has another shape.
    """
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    image = np.asarray(image)
    if not sides or image.ndim not in (2, 3):
        raise ValueError(
            f"Give an image (h, w) or (h, w, 3) and one side or more; got {image.shape}, {len(sides)} sides."
        )
    height, width = image.shape[:2]
    middle = (width // 2 - 0.5, height // 2 - 0.5)
    reach = max(max(sides.values()) / 2, height / 2, width / 2) + 1
    figure, axis = plt.subplots(figsize=(5.6, 3.6), dpi=DPI)
    axis.imshow(image, cmap="gray_r" if image.ndim == 2 else None, interpolation="nearest")
    for colour, (name, side) in zip(COLOURS, sides.items(), strict=False):
        corner = (middle[0] - side / 2, middle[1] - side / 2)
        axis.add_patch(Rectangle(corner, side, side, fill=False, ec="white", lw=3.6))
        axis.add_patch(Rectangle(corner, side, side, fill=False, ec=colour, lw=2, label=name))
    axis.set(xlim=(middle[0] - reach, middle[0] + reach), ylim=(middle[1] + reach, middle[1] - reach))
    axis.axis("off")
    axis.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    finish(figure, title)
    frames = {name: f"({side} pixels wide)" for name, side in sides.items()}
    describe(figure, title, f"frames around the middle of a {height} × {width} image: {listed(frames)}.")
