"""Where an array or a shape differs from the right one: what a student is shown of it, in numbers and words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

__all__ = [
    "ArrayDifference",
    "Difference",
    "Panel",
    "ShapeDifference",
    "Square",
    "array_difference",
    "number_texts",
    "shape_difference",
]

#: The most squares of a map; where an array has more entries, a square stands for a block of them.
MAX_ROWS = 10
MAX_COLUMNS = 20
#: The most maps of one array with more than two axes.
MAX_PANELS = 4
_LISTED = 4


@dataclass(frozen=True)
class Square:
    """One square of a map: an entry of the array, or a block of entries.

    Attributes:
        share: How many of its entries differ, from 0 to 1.
        sign: ``"+"`` if those that differ are too large, ``"−"`` if too small, ``"±"`` if some are each, ``"×"`` if
            they have no sign (nan, truth values); empty if none differs.
        worst: Whether the worst entry of all is among them.
    """

    share: float
    sign: str
    worst: bool


@dataclass(frozen=True)
class Panel:
    """The map of one slice along the last two axes; of a vector, it is one row.

    Attributes:
        index: Which slice: indices along the leading axes; empty for matrices and vectors.
        rows: The squares, row by row.
    """

    index: tuple[int, ...]
    rows: tuple[tuple[Square, ...], ...]


@dataclass(frozen=True)
class ArrayDifference:
    """Where two arrays of one shape differ.

    Attributes:
        shape: The shape of both.
        n_wrong: How many entries differ.
        places: For each axis the indices at which some entry differs.
        worst: The index of the entry that differs most; of entries that are not finite, the first.
        expected: That entry as it should be, as text.
        got: That entry as it is, as text.
        relative_error: |got − expected| / max(|got|, |expected|) there; None for integers and what is not finite.
        panels: Maps of slices with differences, at most four.
        n_panels: How many slices have differences.
        block: How many rows and columns a square stands for.
    """

    shape: tuple[int, ...]
    n_wrong: int
    places: tuple[tuple[int, ...], ...]
    worst: tuple[int, ...]
    expected: str
    got: str
    relative_error: float | None
    panels: tuple[Panel, ...]
    n_panels: int
    block: tuple[int, int]

    def extent(self) -> str:
        """Say how many values differ and along which axes this is confined: "7 of 12 values differ, in rows 1 to 3"."""
        size = math.prod(self.shape)
        count = f"{self.n_wrong} of {size} values {'differs' if self.n_wrong == 1 else 'differ'}"
        if self.n_wrong == size > 1:
            return f"all {size} values differ"
        # A single value is named by the index of the worst.
        where = self._confined() if self.n_wrong > 1 else ""
        return f"{count}, {where}" if where else count

    def worst_words(self) -> str:
        """Say which entry is worst, what it should be and what it is."""
        error = "" if self.relative_error is None else f", relative error {self.relative_error:.2g}"
        return f"at index {list(self.worst)}: expected {self.expected}, got {self.got}{error}"

    def _confined(self) -> str:
        """Say along which axes the differences are confined; nothing if they are all over the array."""
        if len(self.shape) > 2:
            slices = [
                ":" if len(found) == n else str(found[0]) if len(found) == 1 else f"{found[0]}:{found[-1] + 1}"
                for found, n in zip(self.places, self.shape, strict=True)
            ]
            return f"all within [{', '.join(slices)}]" if set(slices) != {":"} else ""
        names = ("place",) if len(self.shape) == 1 else ("row", "column")
        parts = [
            f"{name if len(found) == 1 else name + 's'} {_listed(found)}"
            for name, found, n in zip(names, self.places, self.shape, strict=True)
            if len(found) < n and (_is_range(found) or len(found) <= _LISTED)
        ]
        return f"in {' and '.join(parts)}" if parts else ""


@dataclass(frozen=True)
class ShapeDifference:
    """Two shapes that should be one.

    Attributes:
        expected: The right shape.
        got: The other.
    """

    expected: tuple[int, ...]
    got: tuple[int, ...]

    def axes(self) -> list[tuple[int | None, int | None]]:
        """Pair the lengths, expected and got, axis by axis; None where one of them has no such axis."""
        n_axes = max(len(self.expected), len(self.got))
        padded = [[*shape, *[None] * (n_axes - len(shape))] for shape in (self.expected, self.got)]
        return list(zip(*padded, strict=True))

    def words(self) -> str:
        """Say in a few words how the shapes differ."""
        if sorted(self.expected) == sorted(self.got):
            return "the axes are in another order"
        if [n for n in self.expected if n != 1] == [n for n in self.got if n != 1]:
            return "an axis of length 1 is " + ("missing" if len(self.got) < len(self.expected) else "too many")
        if len(self.expected) != len(self.got):
            return f"it has {_counted(len(self.got))}, not {len(self.expected)}"
        wrong = [axis for axis, (expected, got) in enumerate(self.axes()) if expected != got]
        return f"{'axis' if len(wrong) == 1 else 'axes'} {_listed(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong"


#: What a failed check can draw.
Difference: TypeAlias = ArrayDifference | ShapeDifference


def shape_difference(got: tuple[int, ...], expected: tuple[int, ...]) -> ShapeDifference:
    """Set two shapes side by side."""
    return ShapeDifference(expected=tuple(map(int, expected)), got=tuple(map(int, got)))


def array_difference(got: np.ndarray, expected: np.ndarray, agree: np.ndarray) -> ArrayDifference:
    """Find out where two arrays differ, and where most.

    Args:
        got: Numbers, of any shape with at least one axis.
        expected: Numbers of the same shape.
        agree: Whether each entry is right, of the same shape; at least one is not.
    """
    wide = np.complex128 if "c" in (got.dtype.kind, expected.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        off = got.astype(wide) - expected.astype(wide)
    distance = np.abs(off)
    distance = np.where(agree, -1.0, np.where(np.isnan(distance), np.inf, distance))
    worst = tuple(int(i) for i in np.unravel_index(np.argmax(distance), got.shape))
    ordered = not {"b", "c"} & {got.dtype.kind, expected.dtype.kind}
    panels, n_panels, block = _panels(~agree, np.sign(off if ordered else np.zeros(got.shape)), worst)
    right, seen = expected[worst].item(), got[worst].item()
    texts = number_texts(right, seen)
    return ArrayDifference(
        shape=tuple(map(int, got.shape)),
        n_wrong=int((~agree).sum()),
        places=tuple(_places(~agree, axis) for axis in range(got.ndim)),
        worst=worst,
        expected=texts[0],
        got=texts[1],
        relative_error=_relative_error(seen, right),
        panels=panels,
        n_panels=n_panels,
        block=block,
    )


def number_texts(expected: object, got: object) -> tuple[str, str]:
    """Write two numbers short, unless they would then look alike: then in full, and if need be with their types."""
    texts = [f"{v:.8g}" if isinstance(v, float) else repr(v) for v in (expected, got)]
    if texts[0] == texts[1]:
        texts = [repr(v) for v in (expected, got)]
    if texts[0] == texts[1]:
        texts = [f"{v!r} ({type(v).__name__})" for v in (expected, got)]
    return texts[0], texts[1]


def _places(wrong: np.ndarray, axis: int) -> tuple[int, ...]:
    """List the indices along an axis at which something is wrong."""
    others = tuple(other for other in range(wrong.ndim) if other != axis)
    return tuple(np.flatnonzero(wrong.any(axis=others)).tolist())


def _panels(
    wrong: np.ndarray, signs: np.ndarray, worst: tuple[int, ...]
) -> tuple[tuple[Panel, ...], int, tuple[int, int]]:
    """Map the slices that differ: some of them, how many there are, and the block that a square stands for."""
    leading = wrong.shape[:-2]
    # A stack of matrices, whatever the number of axes.
    stack = (-1, *wrong.shape[-2:]) if wrong.ndim > 1 else (1, 1, -1)
    wrong, signs = wrong.reshape(stack), signs.reshape(stack)
    block = (math.ceil(wrong.shape[1] / MAX_ROWS), math.ceil(wrong.shape[2] / MAX_COLUMNS))
    row, column = (0, *worst)[-2:]
    marked = (row // block[0], column // block[1])
    of_worst = int(np.ravel_multi_index(worst[:-2], leading)) if leading else 0
    differing = np.flatnonzero(wrong.any(axis=(1, 2))).tolist()
    drawn = sorted([of_worst, *[i for i in differing if i != of_worst][: MAX_PANELS - 1]])
    panels = tuple(
        Panel(
            index=tuple(map(int, np.unravel_index(i, leading))) if leading else (),
            rows=tuple(_squares(wrong[i], signs[i], block, marked=marked if i == of_worst else None)),
        )
        for i in drawn
    )
    return panels, len(differing), block


def _squares(
    wrong: np.ndarray, signs: np.ndarray, block: tuple[int, int], *, marked: tuple[int, int] | None
) -> Iterator[tuple[Square, ...]]:
    """Yield the rows of a map of a matrix."""
    n_wrong = _by_block(wrong, block)
    too_large, too_small = _by_block(wrong & (signs > 0), block), _by_block(wrong & (signs < 0), block)
    heights, widths = (np.diff([*range(0, n, size), n]) for n, size in zip(wrong.shape, block, strict=True))
    shares = n_wrong / np.outer(heights, widths)
    signed = np.select(
        [n_wrong == 0, too_large == n_wrong, too_small == n_wrong, too_large + too_small == n_wrong],
        ["", "+", "−", "±"],
        default="×",
    )
    for r, row in enumerate(shares):
        yield tuple(Square(float(share), str(signed[r, c]), worst=(r, c) == marked) for c, share in enumerate(row))


def _by_block(values: np.ndarray, block: tuple[int, int]) -> np.ndarray:
    """Count the true values of each block."""
    starts = [np.arange(0, n, size) for n, size in zip(values.shape, block, strict=True)]
    columns = np.add.reduceat(values, starts[1], axis=1, dtype=np.int64)
    added: np.ndarray = np.add.reduceat(columns, starts[0], axis=0)
    return added


def _relative_error(got: complex, expected: complex) -> float | None:
    if not isinstance(got, float) and not isinstance(expected, float):
        return None
    larger = max(abs(got), abs(expected))
    return abs(got - expected) / larger if larger and math.isfinite(larger) else None


def _listed(places: Sequence[int]) -> str:
    if _is_range(places) and len(places) > 2:
        return f"{places[0]} to {places[-1]}"
    texts = [str(place) for place in places]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _is_range(places: Sequence[int]) -> bool:
    return places[-1] - places[0] == len(places) - 1


def _counted(n_axes: int) -> str:
    return {0: "no axes", 1: "one axis"}.get(n_axes, f"{n_axes} axes")
