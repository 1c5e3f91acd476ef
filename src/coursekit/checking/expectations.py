"""What a check may expect of a value, each with a hint for when it does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from coursekit.checking.differences import array_difference, number_texts, shape_difference
from coursekit.checking.failures import CheckFailure
from coursekit.checking.plain import Plain
from coursekit.checking.student import Student

__all__ = [
    "expect",
    "expect_close",
    "expect_dtype",
    "expect_equal",
    "expect_inputs_unchanged",
    "expect_no_warning",
    "expect_own_memory",
    "expect_parts",
    "expect_shape",
]

#: Relative tolerance of :func:`expect_close`: about eight units in the last place of float32.
RTOL = 1e-6
#: Absolute tolerance of :func:`expect_close`, for values that should be zero.
ATOL = 1e-9
#: The loosest tolerance by which numbers are those of a known mistake, whatever the check allows.
_CLOSELY = 1e-3
_SHOWN_ITEMS = 24
_SHOWN_CHARACTERS = 300
#: Columns of an array's text: what a report of 88 columns leaves beside its labels.
_SHOWN_COLUMNS = 72
#: Warnings about what a library will change one day: the answer can be right all the same.
_NEWS = ("DeprecationWarning", "FutureWarning", "ImportWarning", "ResourceWarning")


def expect(condition: bool, message: str, *, hint: str, expected: object = "", got: object = "") -> None:
    """Expect a condition to hold.

    Args:
        condition: The condition.
        message: What does not hold if it is false, in one sentence.
        hint: One thing to try next.
        expected: A value to show beside ``got``.
        got: What the student's code gave.

    Raises:
        CheckFailure: If the condition is false.
    """
    if not condition:
        texts = _told_apart(expected, got)
        raise CheckFailure(message, expected=texts[0], got=texts[1], hint=hint)


def expect_shape(got: Plain, shape: tuple[int, ...], *, hint: str, what: str = "The result") -> None:
    """Expect an array (or a list of rows, or a number for ``()``) of a shape.

    Raises:
        CheckFailure: If it is not an array of numbers, or has another shape.
    """
    seen = as_array(got, hint=hint, what=what).shape
    if seen == shape:
        return
    difference = shape_difference(seen, shape)
    raise CheckFailure(
        f"{what} has the wrong shape: {difference.words()}.",
        expected=f"shape {shape}",
        got=f"shape {seen}",
        hint=hint,
        difference=difference,
    )


def expect_dtype(got: Plain, kind: str, *, hint: str, what: str = "The result") -> None:
    """Expect an array of a dtype, such as ``"uint8"``, or of a kind: ``"float"``, ``"integer"``, ``"bool"``.

    Raises:
        CheckFailure: If it is not an array of numbers, or has another dtype.
    """
    abstract = {"float": np.floating, "integer": np.integer, "bool": np.bool_}
    seen = as_array(got, hint=hint, what=what).dtype
    right = np.issubdtype(seen, abstract[kind]) if kind in abstract else seen == np.dtype(kind)
    expect(right, f"{what} has the wrong dtype.", expected=f"dtype {kind}", got=f"dtype {seen}", hint=hint)


def expect_close(
    got: Plain,
    expected: npt.ArrayLike,
    *,
    hint: str,
    what: str = "The result",
    rtol: float = RTOL,
    atol: float = ATOL,
    mistakes: Mapping[str, npt.ArrayLike] | None = None,
) -> None:
    """Expect numbers that agree with others: the same shape, and |got − expected| ≤ atol + rtol·|expected|.

    Args:
        got: An array, a number, or a list of rows.
        expected: The right values.
        hint: One thing to try next, if none of ``mistakes`` matches.
        what: What the value is, to begin the sentence with.
        rtol: Relative tolerance.
        atol: Absolute tolerance.
        mistakes: Values that a known mistake gives, by the hint that names the mistake.

    Raises:
        CheckFailure: If they differ; it names the worst entry and can be drawn.
    """
    right = np.asarray(expected)
    seen = as_array(got, hint=hint, what=what)
    named = next((mistake for mistake, value in (mistakes or {}).items() if _is_mistake(seen, value, rtol, atol)), "")
    hint = named or hint
    expect_shape(seen, right.shape, hint=hint, what=what)
    agree = _agree(seen, right, rtol, atol)
    if agree.all():
        return
    if not right.ndim:
        texts = number_texts(right.item(), seen.item())
        raise CheckFailure(f"{what} is not right.", expected=texts[0], got=texts[1], hint=hint, general=not named)
    difference = array_difference(seen, right, agree)
    small = right.size <= _SHOWN_ITEMS
    raise CheckFailure(
        f"{what} is not right: {difference.extent()}.",
        expected=shown(right) if small else "",
        got=shown(seen) if small else "",
        hint=hint,
        difference=difference,
        general=not named,
    )


def expect_equal(got: Plain, expected: Plain, *, hint: str, what: str = "The result") -> None:
    """Expect the very same value: integers, strings, truth values, or lists and arrays of them.

    Raises:
        CheckFailure: If it differs.
    """
    if isinstance(expected, np.ndarray):
        expect_close(got, expected, hint=hint, what=what, rtol=0, atol=0)
    else:
        same = type(got) is type(expected) and _same(got, expected)
        if not same:
            texts = _told_apart(*(repr(v) if isinstance(v, str) else v for v in (expected, got)))
            raise CheckFailure(f"{what} is not right.", expected=texts[0], got=texts[1], hint=hint, general=True)


def expect_no_warning(student: Student, *, hint: str) -> None:
    """Expect that the last call raised no warning, under NumPy's default error state.

    A library's announcement, such as a ``DeprecationWarning``, is not the answer's fault and does not count.

    Raises:
        CheckFailure: If it did.
    """
    seen = [text for text in student.report.warnings if not text.partition(":")[0].endswith(_NEWS)]
    expect(not seen, "It raises a warning.", expected="no warning", got="\n".join(seen[:3]), hint=hint)


def expect_inputs_unchanged(student: Student, *, hint: str = "") -> None:
    """Expect that the last call left its inputs as they were.

    Raises:
        CheckFailure: If it changed any.
    """
    seen = student.report.changed
    expect(
        not seen,
        f"It changes its input {', '.join(seen)}.",
        hint=hint or "Operators such as -= write into the caller's array: make a new array, or copy first.",
    )


def expect_own_memory(student: Student, *, hint: str = "") -> None:
    """Expect that the result of the last call shares no memory with its inputs.

    Raises:
        CheckFailure: If it does.
    """
    seen = student.report.shared
    expect(
        not seen,
        f"The result shares memory with the input {', '.join(seen)}.",
        hint=hint or "Return a new array; a slice, a reshape or the input itself is a view of the caller's.",
    )


def expect_parts(got: Plain, names: Sequence[str], *, hint: str, what: str = "The result") -> tuple[Plain, ...]:
    """Expect a tuple or list with one part for each name, and return the parts.

    Raises:
        CheckFailure: If it is not a tuple or list, or has another number of parts.
    """
    parts = tuple(got) if isinstance(got, list | tuple) else (got,)
    seen = type(got).__name__ + (f" of {len(parts)}" if isinstance(got, list | tuple) else "")
    wanted = f"{len(names)} values: {', '.join(names)}"
    expect(
        isinstance(got, list | tuple) and len(parts) == len(names),
        f"{what} does not have the right parts.",
        expected=wanted,
        got=seen,
        hint=hint,
    )
    return parts


def as_array(value: Plain, *, hint: str, what: str) -> np.ndarray:
    """Read a value as an array of numbers.

    Raises:
        CheckFailure: If it is not one.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "biufc":
        nothing = value is None
        raise CheckFailure(
            f"{what} is not an array of numbers.",
            expected="an array of numbers",
            got="None" if nothing else shown(value),
            hint="Is a `return` missing?" if nothing else hint,
        )
    return array


def shown(value: object) -> str:
    """Write a value so that it fits into a few lines."""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, np.ndarray) or (isinstance(value, list | tuple) and _is_numeric(value)):
        array = np.asarray(value)
        with np.printoptions(
            precision=6,
            suppress=_is_moderate(array),
            threshold=_SHOWN_ITEMS,
            edgeitems=3,
            linewidth=_SHOWN_COLUMNS,
        ):
            return f"{array}"
    if isinstance(value, float):
        return f"{value:.8g}"
    return _cut(repr(value))


def _told_apart(expected: object, got: object) -> tuple[str, str]:
    """Write two values; where they look the same, with their types or in full."""
    texts = shown(expected), shown(got)
    if texts[0] == texts[1] and texts[0]:
        alike = type(expected) is type(got)
        texts = (
            (repr(expected), repr(got))
            if alike
            else (f"{texts[0]} {_type_of(expected)}", f"{texts[1]} {_type_of(got)}")
        )
    return _cut(texts[0]), _cut(texts[1])


def _type_of(value: object) -> str:
    return f"({type(value).__name__})"


def _is_mistake(seen: np.ndarray, value: npt.ArrayLike, rtol: float, atol: float) -> bool:
    """Tell whether an array is what a known mistake gives: its shape, truth values or numbers, and these closely."""
    known = np.asarray(value)
    if seen.shape != known.shape or (seen.dtype == bool) != (known.dtype == bool):
        return False
    closely = _agree(seen, known, min(rtol, _CLOSELY) or _CLOSELY, min(atol, _CLOSELY))
    return bool(closely.all())


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def _same(a: Plain, b: Plain) -> bool:
    """Tell whether two values are equal, arrays within lists and dicts too."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return type(a) is type(b) and a.shape == b.shape and bool((a == b).all())
    if isinstance(a, list | tuple) and type(a) is type(b):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    return bool(a == b)


def _agree(seen: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    if seen.shape != right.shape:
        return np.zeros(1, bool)
    if rtol == atol == 0:
        return np.asarray((seen == right) | ((seen != seen) & (right != right)))
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(seen, right, rtol=rtol, atol=atol, equal_nan=bool(np.isnan(right).any())))


def _is_numeric(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:
        return False


def _is_moderate(array: np.ndarray) -> bool:
    """Tell whether all values can be read without an exponent: none is too small or too large for it."""
    size = np.abs(array[np.isfinite(array) & (array != 0)])
    return bool(size.size == 0 or (size.min() > 1e-5 and size.max() < 1e6))
