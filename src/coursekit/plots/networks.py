"""What a network has learnt, and which classes it confuses. It may be any ``torch.nn.Module``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.plots.figures import DPI, finish
from coursekit.plots.words import describe, listed

__all__ = ["confusion", "feature_maps", "filters"]

_FILTERS_PER_ROW, _MAPS_PER_ROW = 16, 12
#: Later layers have maps of a few pixels.
_LAYERS = 3


def filters(model: Any, *, title: str = "") -> None:
    """Draw the filters of a network's first convolution.

    Those of three channels are drawn in colour, grey being zero; those of one channel from blue (negative) through
    white to red. Each is stretched to its own largest weight, and smoothed, since a few pixels are hard to read.

    Args:
        model: A ``torch.nn.Module`` with a ``torch.nn.Conv2d`` of one or three input channels.
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
    columns = min(_FILTERS_PER_ROW, len(W))
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
    sides = " × ".join(map(str, W.shape[2:]))
    describe(figure, title, f"{len(W)} filters of {sides} weights, those with the widest spread first.")


def feature_maps(model: Any, image: Any, *, title: str = "") -> None:
    """Draw what a network's first three convolutions make of an image, a row for each.

    For each layer those of its maps are drawn that the image excites most; the darker, the stronger.

    Args:
        model: A ``torch.nn.Module`` that takes images (1, c, h, w); its mode is left as it was.
        image: (c, h, w) tensor, as the network takes it, with 1 or 3 channels.
        title: A title above all.

    Raises:
        ValueError: If the network has no convolution.
    """
    import torch
    from matplotlib import pyplot as plt

    chosen = _convolutions(model)[:_LAYERS]
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
    size = (0.85 * (_MAPS_PER_ROW + 1), 0.95 * len(chosen) + (0.4 if title else 0.1))
    figure, axes = plt.subplots(len(chosen), _MAPS_PER_ROW + 1, figsize=size, dpi=DPI, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    picture = image.detach().float().cpu().numpy()
    picture = (picture - picture.min()) / max(float(np.ptp(picture)), 1e-12)
    axes[0, 0].imshow(picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0), cmap="gray_r")
    axes[0, 0].set_title("image", fontsize=8, pad=2)
    for row, layer in enumerate(chosen):
        maps = np.maximum(seen[layer], 0)
        best = np.argsort(-maps.std(axis=(1, 2)), kind="stable")[:_MAPS_PER_ROW]
        for axis, index in zip(axes[row, 1:], best, strict=False):
            axis.imshow(maps[index], cmap="Greys", vmin=0, interpolation="nearest")
        side = f"layer {row + 1}\n{maps.shape[1]} × {maps.shape[2]}"
        axes[row, 1].set_title(side, fontsize=8, pad=2, loc="left")
    finish(figure, title)
    said = [f"layer {row + 1} {' × '.join(map(str, seen[layer].shape[1:]))}" for row, layer in enumerate(chosen)]
    describe(
        figure, title, f"the image, and the {_MAPS_PER_ROW} maps of each layer that it excites most: {listed(said)}."
    )


def confusion(labels: np.ndarray, answers: np.ndarray, class_names: Sequence[str], *, title: str = "") -> None:
    """Draw a confusion matrix: how often images of each class (rows) are read as each class (columns).

    Mistakes are coloured by their share of the row; right answers are left grey, because they are so many.

    Args:
        labels: (n,) true classes, indices into ``class_names``.
        answers: (n,) what a classifier says.
        class_names: k names.
        title: A title above all.

    Raises:
        ValueError: If there are more or fewer answers than labels, or one of them is not an index of a name.
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
    worst = np.argsort(-np.nan_to_num(mistakes), axis=None, kind="stable")[:3]
    pairs = [(class_names[i], class_names[j], shares[i, j]) for i, j in zip(*np.divmod(worst, k), strict=True)]
    said = [f"{share:.0f} % of {name} are read as {other}" for name, other, share in pairs]
    describe(figure, title, f"a confusion matrix of {k} classes; the most frequent mistakes: {listed(said)}.")


def _convolutions(model: Any) -> list[Any]:
    import torch

    found = [layer for layer in model.modules() if isinstance(layer, torch.nn.Conv2d)]
    if not found:
        raise ValueError("The network has no convolution (torch.nn.Conv2d).")
    return found
