"""Plain data: the only values that pass between a check and a student's code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

__all__ = ["NotPlainError", "Plain", "equal", "to_plain"]

#: None, bool, int, float, str, lists, tuples and dicts of these, and numeric arrays.
Plain: TypeAlias = Any

MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
NUMERIC_KINDS = "biufc"
_SCALARS: tuple[tuple[type, Callable[[Any], Plain]], ...] = (
    (bool, bool),
    (int, int.__index__),
    (float, float.__float__),
    (str, str.__str__),
)


class NotPlainError(TypeError):
    """A value that is not plain data tried to pass."""


def to_plain(value: object) -> Plain:
    """Copy a value as plain data.

    Arrays keep their dtype and shape and never share memory with what was given. A tensor comes back as an
    array, a NumPy scalar as a Python number, and an instance of a subclass as its base type rebuilt from its
    bytes, so that methods which the subclass overrides have no say.

    Args:
        value: Anything.

    Returns:
        The same value made of None, bool, int, float, str, list, tuple, dict and ``np.ndarray`` alone.

    Raises:
        NotPlainError: If some part of it is none of these, or it is nested deeper than 32 levels, or holds
            more than a million items outside arrays.
    """
    return _Copier().copy(value, 0)


class _Copier:
    """Copies one value, counting its items."""

    def __init__(self) -> None:
        self.items = 0

    def copy(self, value: object, depth: int) -> Plain:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise NotPlainError(
                f"The value is too large to hand over: nested deeper than {MAX_DEPTH} levels, or more than"
                f" {MAX_ITEMS} items. Return an array, or fewer items."
            )
        if value is None:
            return None
        for scalar, rebuild in _SCALARS:
            if isinstance(value, scalar):
                return rebuild(value)
        if isinstance(value, np.ndarray):
            return _copy_array(value)
        if isinstance(value, np.generic):
            return self.copy(_copy_array(np.asarray(value)).item(), depth + 1)
        if isinstance(value, list | tuple):
            base = list if isinstance(value, list) else tuple
            return base([self.copy(item, depth + 1) for item in base.__iter__(value)])  # type: ignore[arg-type]
        if isinstance(value, dict):
            return {self.copy(k, depth + 1): self.copy(v, depth + 1) for k, v in dict.items(value)}
        if (array := _tensor_array(value)) is not None:
            return _copy_array(array)
        raise NotPlainError(
            f"A value of type {type(value).__name__!r} cannot be handed over. Legal: numbers, strings, None,"
            " arrays, and lists, tuples or dicts of these."
        )


def _copy_array(array: np.ndarray) -> np.ndarray:
    base = np.ndarray.view(array, np.ndarray)
    if base.dtype.kind not in NUMERIC_KINDS:
        raise NotPlainError(
            f"An array of dtype {base.dtype} cannot be handed over; legal dtypes are numbers and booleans."
            " A list of rows of different lengths makes such an array."
        )
    return np.array(base, copy=True, order="K", subok=False)


def _tensor_array(value: object) -> np.ndarray | None:
    """Return a tensor's values, or None if the value is no tensor; torch is never imported for this."""
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(value, torch.Tensor):
        return None
    tensor = value.detach().cpu().resolve_conj().resolve_neg()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    array: np.ndarray = tensor.numpy()
    return array


def arrays_in(value: object) -> list[np.ndarray]:
    """List the arrays within a value, as views of the memory that it holds (tensors too)."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, list | tuple):
        return [array for item in value for array in arrays_in(item)]
    if isinstance(value, dict):
        return [array for item in value.values() for array in arrays_in(item)]
    array = _tensor_array(value)
    return [] if array is None else [array]


def equal(a: Plain, b: Plain) -> bool:
    """Tell whether two plain values are the same, to the last bit; nan equals nan."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    same: bool = a == b or (a != a and b != b)
    return same
