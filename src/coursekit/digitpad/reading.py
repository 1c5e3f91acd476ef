"""What a network reads in a drawing, or why it reads nothing, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coursekit.digitpad.image import as_mnist

__all__ = ["Predict", "Reading", "read"]

#: Gives the probabilities of ten digits, an array or a tensor of (1, 10) or (10,), for an image (1, 28, 28).
Predict = Callable[[NDArray[np.float32]], Any]

_GIVEN = "It is given an array of the shape (1, 28, 28), float32, with 0 for paper and 1 for ink"
_WANTED = "it should return ten probabilities, in the shape (1, 10) or (10,)"
#: How far the sum of float32 or bfloat16 probabilities may be from 1.
_SLACK = 0.02
_SURE, _LIKELY = 0.995, 0.8


class _UnusableError(Exception):
    """The network did not return ten probabilities; the text says what it returned."""


@dataclass(frozen=True)
class Reading:
    """What a network reads in a drawing.

    Attributes:
        image: What the network sees, (28, 28) float32, 0..1.
        probabilities: Those of the digits 0 to 9; empty if there is no guess.
        words: The guess in words, or what is wrong.
        wrong: Whether something is wrong with the network.
    """

    image: NDArray[np.float32]
    probabilities: tuple[float, ...]
    words: str
    wrong: bool = False

    @property
    def best(self) -> int | None:
        """The likeliest digit; None if there is no guess."""
        return int(np.argmax(self.probabilities)) if self.probabilities else None


def read(drawing: ArrayLike, predict: Predict) -> Reading:
    """Bring a drawing to MNIST's form and ask a network what it is; whatever the network does, there is a reading.

    Args:
        drawing: (height, width), 0 for paper to 1 for ink.
        predict: As for :func:`coursekit.digitpad.draw`.
    """
    image = as_mnist(drawing)
    if not image.any():
        return Reading(image, (), "Nothing is drawn yet.")
    try:
        # A copy: whatever is done to it, the picture stays.
        probabilities = _probabilities(predict(image[None].copy()))
    except _UnusableError as reason:
        return Reading(image, (), f"{reason} {_GIVEN}; {_WANTED}.", wrong=True)
    except Exception as error:
        what = " ".join(str(error).split())
        told = f"{type(error).__name__}: {what}" if what else type(error).__name__
        return Reading(image, (), f"predict stopped with {_shortened(told)}. {_GIVEN}; {_WANTED}.", wrong=True)
    return Reading(image, probabilities, _guess(probabilities))


def _probabilities(returned: Any) -> tuple[float, ...]:
    """Turn what predict returned into ten numbers."""
    if hasattr(returned, "detach"):  # a tensor, on any device and of any precision
        returned = returned.detach().cpu().double()
    try:
        numbers = np.asarray(returned, dtype=np.float64)
    except (TypeError, ValueError):
        raise _UnusableError(f"predict returned {_shortened(repr(returned))}, not an array of numbers.") from None
    if numbers.shape not in ((10,), (1, 10)):
        raise _UnusableError(f"predict returned an array of the shape {numbers.shape}.")
    numbers = numbers.reshape(10)
    if not np.isfinite(numbers).all():
        (digits,) = np.nonzero(~np.isfinite(numbers))
        raise _UnusableError(f"predict returned {numbers[digits[0]]} for the digit {digits[0]}.")
    if numbers.min() < -_SLACK or abs(numbers.sum() - 1) > _SLACK:
        raise _UnusableError(
            f"predict returned numbers from {numbers.min():.3g} to {numbers.max():.3g} whose sum is"
            f" {numbers.sum():.3g}. If these are logits, softmax makes probabilities of them."
        )
    return tuple(float(number) for number in numbers.clip(0, 1))


def _guess(probabilities: tuple[float, ...]) -> str:
    second, best = (int(digit) for digit in np.argsort(probabilities, kind="stable")[-2:])
    share = probabilities[best]
    if share >= _SURE:
        return f"{_named(best)}, it is sure.".capitalize()
    if share >= _LIKELY:
        return f"{_named(best)}, at {share:.0%}.".capitalize()
    return f"{_named(best)} ({share:.0%}) or {_named(second)} ({probabilities[second]:.0%})?".capitalize()


def _named(digit: int) -> str:
    return f"{'an' if digit == 8 else 'a'} {digit}"


def _shortened(text: str) -> str:
    return text if len(text) <= 160 else text[:159] + "…"
