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
    bytes, so that methods that the subclass overrides are not called.

    Args:
        value: Anything.

    Returns:
        The same value made of None, bool, int, float, str, list, tuple, dict and ``np.ndarray`` alone.

    Raises:
        NotPlainError: If some part of it is of another type, or it is nested deeper than 32 levels, or holds
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
            if _is(value, scalar):
                return rebuild(value)
        if (array := _array(value)) is not None:
            copied = _copy_array(array)
            return self._number(copied) if _is(value, np.generic) else copied
        if (base := _sequence(value)) is not None:
            return base([self.copy(item, depth + 1) for item in base.__iter__(value)])
        if _is(value, dict):
            items: Any = dict.items(value)  # type: ignore[arg-type]
            return _dict([(self.copy(key, depth + 1), self.copy(item, depth + 1)) for key, item in items])
        raise NotPlainError(
            f"A value of type {type(value).__name__!r} cannot be handed over. Legal: numbers, strings, None,"
            " arrays, and lists, tuples or dicts of these."
        )

    def _number(self, scalar: np.ndarray) -> Plain:
        """Return what a NumPy scalar holds as a Python number."""
        if scalar.dtype.kind == "c":
            raise NotPlainError(
                f"A complex number, {scalar.item()}, cannot be handed over by itself. Return its real part,"
                " or an array."
            )
        # The item of a longdouble is a longdouble again.
        return float(scalar) if scalar.dtype.kind == "f" else scalar.item()


def _is(value: object, kind: type) -> bool:
    """Tell whether a value is of a type; unlike isinstance, never ask the value, whose __class__ may lie."""
    return issubclass(type(value), kind)


def _sequence(value: object) -> Any:
    """Return list or tuple, whichever the value is, or None."""
    return list if _is(value, list) else tuple if _is(value, tuple) else None


def _dict(pairs: list[tuple[Plain, Plain]]) -> dict[Plain, Plain]:
    try:
        return dict(pairs)
    except TypeError as error:
        raise NotPlainError(f"A dict cannot be handed over: {error}. Legal keys: numbers, strings, tuples.") from None


def _copy_array(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in NUMERIC_KINDS:
        raise NotPlainError(
            f"An array of dtype {array.dtype} cannot be handed over; legal dtypes are numbers and booleans."
            " A list of rows of different lengths makes such an array."
        )
    return np.array(array, copy=True, order="K", subok=False)


def _array(value: object) -> np.ndarray | None:
    """Return a view of an array, a tensor or a NumPy scalar as a plain array, or None for anything else."""
    if _is(value, np.ndarray):
        view: np.ndarray = np.ndarray.view(value, np.ndarray)  # type: ignore[call-overload]
        return view
    if _is(value, np.generic):
        return np.ndarray((), np.generic.dtype.__get__(value), np.generic.tobytes(value))  # type: ignore[arg-type]
    return _tensor_array(value)


def _tensor_array(value: object) -> np.ndarray | None:
    """Return a tensor's values, or None if the value is not a tensor; torch is never imported for this."""
    torch: Any = sys.modules.get("torch")
    kind = getattr(torch, "Tensor", None)
    if not isinstance(kind, type) or not _is(value, kind):
        return None
    try:
        # A subclass of Tensor, such as a Parameter, may override any method; its base has the values too.
        with torch._C.DisableTorchFunctionSubclass():
            tensor = kind.as_subclass(value, kind)  # type: ignore[attr-defined]
            tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
            if tensor.dtype == torch.bfloat16:
                tensor = tensor.float()
            array: np.ndarray = tensor.numpy()
    except (TypeError, RuntimeError) as error:
        raise NotPlainError(
            f"A tensor cannot be handed over: {error}. Legal: dense tensors of numbers or booleans, with values."
        ) from None
    return array


def arrays_in(value: object) -> list[np.ndarray]:
    """List the arrays within a value, as views of the memory that it holds (tensors too)."""
    found, waiting, seen = [], [value], set()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if (base := _sequence(item)) is not None:
            waiting += base.__iter__(item)
        elif _is(item, dict):
            waiting += dict.values(item)  # type: ignore[arg-type]
        elif not _is(item, np.generic) and (array := _array(item)) is not None:
            found.append(array)
    return found


def equal(a: Plain, b: Plain) -> bool:
    """Tell whether two plain values are the same, to the last bit; nan equals nan."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    same: bool = a == b or (a != a and b != b)
    return same
