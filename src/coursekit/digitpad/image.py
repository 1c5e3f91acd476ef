"""Bringing a drawing to the form that MNIST's digits have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["IMAGE_SIDE", "as_mnist", "ink"]

IMAGE_SIDE = 28
DIGIT_SIDE = 20
#: The place, in pixels from the edge, that goes to the middle: MNIST's centres of mass lie between 14 and 15.
_CENTRE = 14.5
#: Fainter than this is paper.
_INK = 0.1
#: What is smaller than this share of the drawing's side is not enlarged any further: a dot stays a dot.
_SMALLEST = 0.25
#: The pad's side in pixels, and how thick a stroke is as a share of it.
_PAD_SIDE, _STROKE_WIDTH = 140, 0.1


def as_mnist(drawing: ArrayLike) -> NDArray[np.float32]:
    """Scale a drawing and move it to the middle, as was done to MNIST's digits.

    "The original black and white (bilevel) images from NIST were size normalized to fit in a 20x20 pixel box while
    preserving their aspect ratio. The resulting images contain grey levels as a result of the anti-aliasing technique
    used by the normalization algorithm. The images were centered in a 28x28 image by computing the center of mass of
    the pixels, and translating the image so as to position this point at the center of the 28x28 field." Y. LeCun,
    C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/. Here a grey level is the mean over the area that a pixel
    covers; the digit is moved by fractions of a pixel; and a drawing so lopsided that it would hang over the edge is
    moved less far.

    Args:
        drawing: (height, width), 0 for paper to 1 for ink; any size, a digit of any size anywhere on it.

    Returns:
        (28, 28) float32, 0..1; all zeros if there is no ink.

    Raises:
        ValueError: If the drawing has another number of axes, or numbers that are not from 0 to 1.
    """
    pixels = np.asarray(drawing, dtype=np.float64)
    if pixels.ndim != 2:
        raise ValueError(f"A drawing is (height, width); got the shape {pixels.shape}.")
    if pixels.size and not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(f"A drawing is 0 for paper to 1 for ink; got {pixels.min():g} to {pixels.max():g}.")
    inked = pixels > _INK
    if not inked.any():
        return np.zeros((IMAGE_SIDE, IMAGE_SIDE), dtype=np.float32)
    spans = [np.flatnonzero(inked.any(axis=1 - axis))[[0, -1]] + (0, 1) for axis in (0, 1)]
    longest = max(max(end - start for start, end in spans), _SMALLEST * max(pixels.shape))
    pixel = longest / DIGIT_SIDE  # the side of a pixel of the result, in pixels of the drawing
    rows, columns = (
        _means(len(mass), _middle(mass, span, pixel), pixel)
        for mass, span in zip((pixels.sum(axis=1), pixels.sum(axis=0)), spans, strict=True)
    )
    return np.clip(rows @ pixels @ columns.T, 0, 1).astype(np.float32)


def _middle(mass: NDArray[np.float64], span: NDArray[np.intp], pixel: float) -> float:
    """Find the place along an axis that goes to the middle: the centre of mass, unless an end would be cut off."""
    centre = np.sum(mass * (np.arange(len(mass)) + 0.5)) / np.sum(mass)
    return float(np.clip(centre, span[1] - (IMAGE_SIDE - _CENTRE) * pixel, span[0] + _CENTRE * pixel))


def _means(n: int, middle: float, pixel: float) -> NDArray[np.float64]:
    """Give the matrix (28, n) that takes means of n numbers over 28 stretches of a length around a middle."""
    starts = middle + (np.arange(IMAGE_SIDE)[:, None] - _CENTRE) * pixel
    cells = np.arange(n)
    covered = np.minimum(starts + pixel, cells + 1) - np.maximum(starts, cells)
    shares: NDArray[np.float64] = np.clip(covered, 0, None) / pixel
    return shares


def ink(strokes: Sequence[Sequence[tuple[float, float]]]) -> NDArray[np.float64]:
    """Draw strokes as the pad does.

    Args:
        strokes: Each a list of points (x, y), from 0 to 1, y downwards, joined by straight lines; one point is a dot.

    Returns:
        (140, 140) float64, 0..1.
    """
    centres = (np.arange(_PAD_SIDE) + 0.5) / _PAD_SIDE
    x, y = np.meshgrid(centres, centres)
    distance = np.full((_PAD_SIDE, _PAD_SIDE), np.inf)
    for stroke in strokes:
        points = np.asarray(stroke, dtype=np.float64)
        for start, end in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            along = end - start
            length2 = max(along @ along, 1e-12)
            share = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length2, 0, 1)
            distance = np.minimum(distance, np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1]))
    grey: NDArray[np.float64] = np.clip((_STROKE_WIDTH / 2 - distance) * _PAD_SIDE + 0.5, 0, 1)
    return grey
