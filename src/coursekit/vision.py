"""Pictures of what convolutions do, and of what networks made of them see.

Like those of `coursekit.plots`, each picture is drawn into the current notebook through pyplot and nothing is
returned. A network may be any ``torch.nn.Module``; torch and matplotlib are imported when they are first needed.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.plots.figures import BLUE, COLOURS, DPI, VERMILION, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "confusion",
    "feature_maps",
    "filters",
    "grids",
    "panels",
    "photograph",
    "placements",
    "receptive_fields",
    "tasks_and_networks",
    "without_head",
]

#: A place in an array: a row and a column, each an index or a slice.
Mark = tuple[int | slice, int | slice]


def photograph(height: int = 150) -> np.ndarray:
    """Return a colour photograph: Grace Hopper, one of matplotlib's sample images, in the public domain.

    Args:
        height: About how many rows it should have, 1 to 600; it is made smaller by taking means.

    Returns:
        (height, width, 3) float64, 0..1.
    """
    from matplotlib import cbook, image

    picture = image.imread(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    block = max(1, len(picture) // height)
    rows, columns = (side // block for side in picture.shape[:2])
    cut = picture[: rows * block, : columns * block].reshape(rows, block, columns, block, 3)
    small: np.ndarray = cut.mean(axis=(1, 3)) / 255
    return small


def grids(arrays: Mapping[str, Any], *, marks: Mapping[str, Mark] | None = None, title: str = "") -> None:
    """Draw small arrays side by side with their numbers, coloured from blue through white to red by value.

    Args:
        arrays: For each name, an (h, w) array.
        marks: By an array's name, a place in it to put a frame around.
        title: A title above all.

    Raises:
        ValueError: If there is no array, one has not two axes, or a mark belongs to none.
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


def panels(images: Mapping[str, Any], *, title: str = "") -> None:
    """Draw images side by side: photographs as they are, other arrays from blue (negative) to red (positive).

    An array without a negative number is drawn from white to dark.

    Args:
        images: For each name, a colour image (h, w, 3) in 0..1 or an array (h, w) of any numbers.
        title: A title above all.

    Raises:
        ValueError: If there is no image, or one has another shape.
    """
    from matplotlib import pyplot as plt

    given = {name: np.asarray(image) for name, image in images.items()}
    if not given or any(i.ndim not in (2, 3) or (i.ndim == 3 and i.shape[2] != 3) for i in given.values()):
        raise ValueError(f"Give images (h, w, 3) or arrays (h, w); got {[i.shape for i in given.values()]}.")
    width = min(3.1, 11.5 / len(given))
    aspect = max(image.shape[0] / image.shape[1] for image in given.values())
    size = (width * len(given), width * aspect + (0.65 if title else 0.35))
    figure, axes = plt.subplots(1, len(given), figsize=size, dpi=DPI, squeeze=False)
    for axis, (name, image) in zip(axes[0], given.items(), strict=True):
        if image.ndim == 3:
            axis.imshow(np.clip(image, 0, 1), interpolation="nearest")
        else:
            limit = float(np.quantile(np.abs(image), 0.99)) or 1.0
            signed = bool(image.min() < 0)
            low = -limit if signed else 0.0
            axis.imshow(image, cmap="RdBu_r" if signed else "Greys", vmin=low, vmax=limit, interpolation="nearest")
        axis.set_title(f"{name}\n{image.shape[0]} × {image.shape[1]}", fontsize=9)
        axis.axis("off")
    finish(figure, title)


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
        raise ValueError(f"Give one count a setting: got {len(counts)} for {len(settings)} settings.")
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
    finish(figure, "Each bar is one place of the window; what none reaches is vermilion")


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


def filters(model: Any, *, columns: int = 16, title: str = "") -> None:
    """Draw the filters of a network's first convolution.

    Those of three channels are drawn in colour, grey being zero; those of one channel from blue (negative) through
    white to red. Each is stretched to its own largest weight, and smoothed, since a few pixels are hard to read.

    Args:
        model: A ``torch.nn.Module`` with a ``torch.nn.Conv2d`` of one or three input channels.
        columns: Filters a row.
        title: A title above all.

    Raises:
        ValueError: If there is no such layer.
    """
    from matplotlib import pyplot as plt

    layer = _convolutions(model)[0]
    W = layer.weight.detach().float().cpu().numpy()
    if W.shape[1] not in (1, 3):
        raise ValueError(f"Filters of 1 or 3 channels can be drawn; the first convolution has {W.shape[1]}.")
    # Those that do most come first: by the spread of their weights.
    W = W[np.argsort(-W.std(axis=(1, 2, 3)), kind="stable")]
    columns = min(columns, len(W))
    rows = -(-len(W) // columns)
    size = (0.62 * columns, 0.62 * rows + (0.4 if title else 0.1))
    figure, axes = plt.subplots(rows, columns, figsize=size, dpi=DPI, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, weights in zip(axes.flat, W, strict=False):
        if W.shape[1] == 1:
            limit = float(np.abs(weights).max()) or 1.0
            axis.imshow(weights[0], cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="bicubic")
        else:
            look = 0.5 + 0.5 * weights.transpose(1, 2, 0) / max(float(np.abs(weights).max()), 1e-12)
            axis.imshow(look, interpolation="bicubic")
    finish(figure, title)


def feature_maps(model: Any, image: Any, *, n: int = 12, layers: int = 3, title: str = "") -> None:
    """Draw what a network's convolutions make of an image, a row for each layer.

    For each layer those of its maps are drawn that the image excites most; the darker, the stronger.

    Args:
        model: A ``torch.nn.Module`` that takes images (1, c, h, w); its mode is left as it was.
        image: (c, h, w) tensor, as the network takes it, with 1 or 3 channels.
        n: Maps a row.
        layers: How many convolutions to draw at most, from the first.
        title: A title above all.

    Raises:
        ValueError: If the network has no convolution.
    """
    import torch
    from matplotlib import pyplot as plt

    chosen = _convolutions(model)[:layers]
    seen: dict[Any, np.ndarray] = {}
    hooks = [
        layer.register_forward_hook(
            lambda layer, _, out: seen.__setitem__(layer, out[0].detach().float().cpu().numpy())
        )
        for layer in chosen
    ]
    training = model.training
    try:
        model.eval()
        with torch.no_grad():
            model(image[None])
    finally:
        model.train(training)
        for hook in hooks:
            hook.remove()
    size = (0.85 * (n + 1), 0.95 * len(chosen) + (0.4 if title else 0.1))
    figure, axes = plt.subplots(len(chosen), n + 1, figsize=size, dpi=DPI, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    picture = image.detach().float().cpu().numpy()
    picture = (picture - picture.min()) / max(float(np.ptp(picture)), 1e-12)
    axes[0, 0].imshow(picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0), cmap="gray_r")
    axes[0, 0].set_title("image", fontsize=8, pad=2)
    for row, layer in enumerate(chosen):
        maps = np.maximum(seen[layer], 0)
        best = np.argsort(-maps.std(axis=(1, 2)), kind="stable")[:n]
        for axis, index in zip(axes[row, 1:], best, strict=False):
            axis.imshow(maps[index], cmap="Greys", vmin=0, interpolation="nearest")
        side = f"layer {row + 1}\n{maps.shape[1]} × {maps.shape[2]}"
        axes[row, 1].set_title(side, fontsize=8, pad=2, loc="left")
    finish(figure, title)


def confusion(labels: np.ndarray, answers: np.ndarray, class_names: Sequence[str], *, title: str = "") -> None:
    """Draw a confusion matrix: how often images of each class (rows) are read as each class (columns).

    Mistakes are coloured by their share of the row; right answers are left grey, for they would outshine the rest.

    Args:
        labels: (n,) true classes, indices into ``class_names``.
        answers: (n,) what a classifier says.
        class_names: k names.
        title: A title above all.

    Raises:
        ValueError: If there are more or fewer answers than labels, or either is no index of a name.
    """
    from matplotlib import pyplot as plt

    labels, answers, k = np.asarray(labels), np.asarray(answers), len(class_names)
    if labels.shape != answers.shape or labels.ndim != 1:
        raise ValueError(f"labels and answers should both be (n,); got {labels.shape} and {answers.shape}.")
    if len(labels) and (min(labels.min(), answers.min()) < 0 or max(labels.max(), answers.max()) >= k):
        raise ValueError(f"Classes are 0 to {k - 1}; got {min(labels.min(), answers.min())} and more.")
    counts = np.zeros((k, k))
    np.add.at(counts, (labels, answers), 1)
    shares = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    mistakes = np.where(np.eye(k, dtype=bool), np.nan, shares)
    figure, axis = plt.subplots(figsize=(0.52 * k + 1.9, 0.46 * k + 1.3), dpi=DPI)
    drawn = axis.imshow(np.ma.masked_invalid(mistakes), cmap="YlOrRd", vmin=0, aspect="auto")
    axis.set_facecolor("0.88")
    limit = float(np.nanmax(mistakes)) if k > 1 else 0.0
    for (i, j), value in np.ndenumerate(shares):
        dark = i != j and value > 0.65 * limit
        text = f"{value:.0f}" if value >= 0.5 else ""
        weight = "bold" if i == j else "normal"
        axis.text(j, i, text, ha="center", va="center", fontsize=8, color="white" if dark else "0.1", weight=weight)
    axis.set_xticks(range(k), class_names, rotation=45, ha="right", fontsize=8)
    axis.set_yticks(range(k), class_names, fontsize=8)
    axis.set_xlabel("what the network reads")
    axis.set_ylabel("what it shows")
    figure.colorbar(drawn, ax=axis, shrink=0.8, pad=0.02).set_label("mistakes, % of the row's images", fontsize=9)
    finish(figure, title)


def without_head(model: Any) -> Any:
    """Return a copy of a network without its last linear layer: what it computes its logits from.

    Args:
        model: A ``torch.nn.Module`` that ends with a ``torch.nn.Linear``.

    Raises:
        ValueError: If it has none.
    """
    import torch

    features = copy.deepcopy(model)
    names = [name for name, layer in features.named_modules() if isinstance(layer, torch.nn.Linear)]
    if not names:
        raise ValueError("The network has no linear layer; one is expected at its end.")
    if not names[-1]:
        return torch.nn.Identity()
    parent, _, name = names[-1].rpartition(".")
    setattr(features.get_submodule(parent), name, torch.nn.Identity())
    return features


def _convolutions(model: Any) -> list[Any]:
    import torch

    found = [layer for layer in model.modules() if isinstance(layer, torch.nn.Conv2d)]
    if not found:
        raise ValueError("The network has no convolution (torch.nn.Conv2d).")
    return found


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
    finish(figure, "Above: what one can ask of a picture. Below: networks, and the data that they suit")


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
