"""Images, alone, side by side and in grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.plots.figures import DPI, VERMILION, finish
from coursekit.plots.words import describe, listed

__all__ = ["image_grid", "mistakes", "panels", "photograph", "templates"]


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
        columns: Images per row.
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
            raise ValueError(f"Give one {name} per image: got {len(given)} for {len(images)} images.")
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
    said = f", captioned {listed(list(captions))}" if captions is not None else ""
    describe(figure, title, f"{len(images)} images in a grid{said}.")


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
    # An image is as wide as its caption: digits stand in rows of ten, automobiles in fewer.
    size = max(0.95, 0.075 * max((len(line) for caption in captions for line in caption.split("\n")), default=0))
    image_grid(
        images[worst], captions, columns=int(9.5 / size), size=size, title=f"{title}: {count}" if title else count
    )


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
        columns: Pictures per row.
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
    looks = f"in red and blue, up to ±{limit:.2g} per pixel" if picture is not None else "in colour, blurred"
    describe(figure, title, f"the weights as {k} pictures {looks}: {listed(list(class_names))}.")


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
    looks = {
        name: "a photograph" if image.ndim == 3 else f"with values from {image.min():.3g} to {image.max():.3g}"
        for name, image in given.items()
    }
    describe(figure, title, f"pictures side by side: {listed(looks)}.")


def photograph() -> np.ndarray:
    """Return a colour photograph: Grace Hopper, one of matplotlib's sample images, in the public domain.

    Returns:
        (150, 128, 3) float64, 0..1: made smaller by taking means.
    """
    from matplotlib import cbook, image

    picture = image.imread(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    block = max(1, len(picture) // 150)
    rows, columns = (side // block for side in picture.shape[:2])
    cut = picture[: rows * block, : columns * block].reshape(rows, block, columns, block, 3)
    small: np.ndarray = cut.mean(axis=(1, 3)) / 255
    return small
