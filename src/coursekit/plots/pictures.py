"""Images, alone and in grids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coursekit.plots.figures import DPI, VERMILION, finish

__all__ = ["image_grid", "mistakes", "templates"]


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
    figure, axes = plt.subplots(rows, columns, figsize=(columns * size, height), dpi=DPI, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    # Whole-number pixels keep their meaning: a dark image is not made bright by its own maximum.
    scale = {"vmin": 0, "vmax": 255} if images.dtype == np.uint8 else {}
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        axis.imshow(image, cmap="gray_r" if image.ndim == 2 else None, interpolation="nearest", **scale)
        if captions is not None:
            colour = VERMILION if wrong is not None and wrong[i] else "0.35"
            axis.set_title(captions[i], fontsize=8, color=colour, pad=2)
    finish(figure, title)


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
    figure, axes = plt.subplots(rows, columns, figsize=(columns * 1.75, rows * 1.95), dpi=DPI, squeeze=False)
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
    finish(figure, title)
    if picture is not None:
        bar = figure.colorbar(picture, ax=list(axes.flat), shrink=0.8, pad=0.02)
        bar.set_label("weight of a pixel", fontsize=9)
        bar.ax.tick_params(labelsize=8)
