"""The same call in other forms that mean the same: whole numbers, float32, other memory orders, a call in between.

An exercise's file says in one line which forms its stub promises, and that is a check of its own::

    softmax_in_other_forms = forms("softmax", "integers", "float32", "again")

It makes some of the calls that the exercise's other checks have made once more, each beside a twin in another form,
and expects the same of both. All of them are made in one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from coursekit.checking.calls import Call, arrays_mapped
from coursekit.checking.expectations import expect_close, shown
from coursekit.checking.failures import CheckFailure
from coursekit.checking.plain import Plain, arrays_in, equal
from coursekit.checking.student import Outcome, Student
from coursekit.checking.verdicts import Check
from coursekit.errors import UnknownNameError

__all__ = ["FORMS", "forms"]

#: How many calls are made in other forms, at most, and how many numbers each may hold.
MAX_CALLS = 4
MAX_ENTRIES = 4096
#: How far apart results may be, relative to the largest number in them: an answer may compute in float32.
RTOL = 1e-4
#: What it may lose besides: a small difference of numbers around 1, such as 1 - p, has the rounding of these.
ATOL = 1e-6
#: Outside these sizes a number is lost in float32.
_FLOAT32_SIZES = 1e-30, 1e30
_REFUSED = re.compile(r"\bdtypes?\b|scalar type|data type")
#: What numbers are multiplied by, where mixed ones that are somewhat smaller give the result that was there before.
_FACTORS = (-0.75, 1.5, -1.5)
_MAKE_AN_ARRAY = "Begin with np.asarray(…, dtype=float), or name the dtype of each array that you make."


@dataclass(frozen=True)
class Form:
    """Another form of a call's inputs.

    Attributes:
        short: Its name among others in a sentence.
        words: What its inputs are like, to go behind "with".
        hint: What to try where it breaks an answer.
        changed: Yields pairs of a call and its twin in this form.
    """

    short: str
    words: str
    hint: str
    changed: Callable[[Call], Iterator[tuple[Call, Call]]]


def _each_input(convert: Callable[[np.ndarray], np.ndarray | None]) -> Callable[[Call], Iterator[tuple[Call, Call]]]:
    """Convert one input after the other, and all at once.

    The plain call gets the same numbers as float64, which a conversion may have rounded.
    """

    def changed(call: Call) -> Iterator[tuple[Call, Call]]:
        twins: dict[int | str, Plain] = {}
        for name, value in call.inputs.items():
            if (twin := _converted(value, convert)) is not None:
                twins[name] = twin
        chosen: list[list[int | str]] = [[name] for name in twins]
        for names in [*chosen, list(twins)] if len(chosen) > 1 else chosen:
            formed = {name: twins[name] for name in names}
            plain = {name: _widened(twins[name], call.inputs[name]) for name in names}
            yield call.with_inputs(plain), call.with_inputs(formed)

    return changed


def _widened(twin: Plain, original: Plain) -> Plain:
    """Turn floats back into float64 where the original has floats; integers stay whatever integers they were."""
    if isinstance(original, float):
        return original
    floats = any(array.dtype.kind == "f" for array in arrays_in(original))
    return arrays_mapped(twin, lambda array: np.asarray(array, dtype=np.float64 if floats else np.int64))


def _converted(value: Plain, convert: Callable[[np.ndarray], np.ndarray | None]) -> Plain | None:
    """Return an input with its arrays converted; None if there are none, or one of them cannot be.

    A whole number beside arrays, such as a margin of 2.0, becomes an integer like them.
    """
    if isinstance(value, float):
        return int(value) if convert is _to_whole and value.is_integer() else None
    kept = True

    def change(array: np.ndarray) -> np.ndarray:
        nonlocal kept
        twin = convert(array)
        kept = kept and twin is not None
        return array if twin is None else twin

    twin = arrays_mapped(value, change)
    return twin if kept and not equal(twin, value) else None


def _to_whole(array: np.ndarray) -> np.ndarray | None:
    if array.dtype.kind != "f" or not np.isfinite(array).all() or np.abs(array).max(initial=0) > 2**31:
        return None
    whole: np.ndarray = np.rint(array).astype(np.int64)
    return whole


def _to_bytes(array: np.ndarray) -> np.ndarray | None:
    whole = _to_whole(array) if array.dtype.kind == "f" else array
    if whole is None or whole.dtype.kind not in "iu" or whole.min(initial=0) < 0 or whole.max(initial=0) > 255:
        return None
    as_bytes: np.ndarray = whole.astype(np.uint8)
    return as_bytes


def _to_float32(array: np.ndarray) -> np.ndarray | None:
    if array.dtype.kind != "f":
        return None
    sizes = np.abs(array[np.isfinite(array) & (array != 0)])
    low, high = _FLOAT32_SIZES
    fits = not sizes.size or bool(sizes.min() > low and sizes.max() < high)
    return array.astype(np.float32) if fits else None


def _to_lists(call: Call) -> Iterator[tuple[Call, Call]]:
    lists = {name: arrays_mapped(value, np.ndarray.tolist) for name, value in call.inputs.items()}
    yield call, call.with_inputs(lists)


def _in_layout(name: str) -> Callable[[Call], Iterator[tuple[Call, Call]]]:
    def changed(call: Call) -> Iterator[tuple[Call, Call]]:
        yield call, replace(call, layout=name)

    return changed


_VIEWS = "ravel() and reshape(-1) copy such an array: what you write there never reaches it. Index the array itself."

#: The forms that an exercise may promise, by name.
FORMS = {
    "integers": Form(
        "whole numbers",
        "whole numbers (dtype int64)",
        "An array made like an integer array, np.zeros_like(x), holds integers: fractions are cut off. "
        + _MAKE_AN_ARRAY,
        _each_input(_to_whole),
    ),
    "bytes": Form(
        "bytes",
        "whole numbers from 0 to 255 (dtype uint8, as pixels have)",
        "Bytes wrap: 200 + 100 gives 44, and 1 - 2 gives 255. " + _MAKE_AN_ARRAY,
        _each_input(_to_bytes),
    ),
    "float32": Form(
        "float32",
        "single precision (dtype float32)",
        "float32 holds seven digits, and 1 + 1e-8 is 1 there. " + _MAKE_AN_ARRAY,
        _each_input(_to_float32),
    ),
    "lists": Form("lists", "lists in place of arrays", "Begin with np.asarray(…) for each input.", _to_lists),
    "fortran": Form("column order", "arrays in column order (such as a transpose)", _VIEWS, _in_layout("fortran")),
    "strided": Form("slices", "slices of a larger array", _VIEWS, _in_layout("strided")),
    "read-only": Form(
        "read-only arrays",
        "arrays that cannot be written to",
        "Something writes into an input: work on a copy, or make a new array.",
        _in_layout("read-only"),
    ),
}
AGAIN = "again"


def forms(slug: str, /, *names: str, weight: float = 1.0, suffix: str = "") -> Check:
    """Make a check that an exercise's answer gives the same in other forms of its inputs.

    The check's name is that of the exercise with ``_in_other_forms`` behind it.

    Args:
        slug: The exercise.
        names: Forms that its stub promises, of :data:`FORMS`, and ``"again"`` for another call in between.
        weight: The check's share of the exercise's points, relative to its other checks.
        suffix: What to add to its name, where there are two for an exercise.

    Raises:
        UnknownNameError: If there is no such form.
    """
    for name in names:
        if name not in (*FORMS, AGAIN):
            raise UnknownNameError("form", name, [*FORMS, AGAIN])

    def tried(student: Student, rng: np.random.Generator) -> None:
        """The same calls in other forms give the same results."""
        replay(student, slug, names, rng)

    tried.__name__ = f"{slug}_in_other_forms{suffix}"
    listed = ", ".join(FORMS[name].short if name in FORMS else "a call in between" for name in names)
    tried.__doc__ = f"The calls of the other checks give the same in other forms: {listed}."
    return Check(slug=slug, function=tried, weight=weight, forms=names)


def replay(student: Student, slug: str, names: Sequence[str], rng: np.random.Generator) -> None:
    """Make the calls that the student has noted in other forms.

    Raises:
        CheckFailure: If one of them gives something other than its plain twin.
    """
    calls = sample(student.calls, slug)
    pairs = [(name, *pair) for call in calls for name in names if name in FORMS for pair in FORMS[name].changed(call)]
    others = [(call, elsewhere(call, rng)) for call in calls] if AGAIN in names else []
    # A plain call that has several twins is made once.
    order = {id(call): call for _, plain, formed in pairs for call in (plain, formed)}
    order |= {id(call): call for pair in others for call in pair}
    # The other numbers come last once more: a result that shares its memory with them then shows.
    last = [call for side in (0, 1) for call in (pair[side] for pair in others)]
    outcomes = student.replay([*order.values(), *last]) if order else []
    seen = dict(zip(order, outcomes, strict=False))
    plain_calls = [plain for _, plain, _ in pairs] + [plain for plain, _ in others]
    if plain_calls and all(seen[id(call)].error is not None for call in plain_calls):
        raise CheckFailure(
            "No call of the other checks gives a result yet, so there is nothing to compare with.",
            hint="See to the other checks first.",
        )
    for name, plain, formed in pairs:
        _expect_same(FORMS[name], formed, seen[id(formed)], seen[id(plain)], plain)
    trials = [
        Trial(plain, other, seen[id(plain)], seen[id(other)], again)
        for (plain, other), again in zip(others, outcomes[len(order) :], strict=False)
    ]
    _expect_no_memory(trials)
    _expect_results_of_their_own(student, trials, rng)


class Trial(NamedTuple):
    """A call, one with other numbers, and what came of both; then once more of the first."""

    plain: Call
    other: Call
    first: Outcome
    between: Outcome
    again: Outcome


def sample(calls: Sequence[Call], slug: str) -> list[Call]:
    """Choose calls of an exercise to make again: the smallest, no two alike but for the numbers in their arrays."""
    chosen: dict[str, Call] = {}
    for call in calls:
        # Another form may take other steps: a conversion is one.
        if call.uses(slug) and not call.measures:
            # Other shapes, or other numbers and words beside the arrays, such as a margin.
            chosen.setdefault(f"{call.name} {arrays_mapped(call.inputs, np.shape)}", call)
    small = [call for call in chosen.values() if _n_entries(call) <= MAX_ENTRIES]
    return sorted(small, key=_n_entries)[:MAX_CALLS]


def _n_entries(call: Call) -> int:
    return sum(array.size for array in arrays_in([*call.inputs.values()]))


def elsewhere(call: Call, rng: np.random.Generator, factor: float = 0.75) -> Call:
    """Return the call with other numbers in its arrays, of the same shape and dtype: mixed, floats times a factor."""

    def change(array: np.ndarray) -> np.ndarray:
        mixed = rng.permutation(array.ravel()).reshape(array.shape)
        return mixed * factor if array.dtype.kind == "f" else mixed

    return call.with_inputs({name: arrays_mapped(value, change) for name, value in call.inputs.items()})


def _expect_same(form: Form, call: Call, seen: Outcome, right: Outcome, plain: Call) -> None:
    """Expect that a call in another form gives what the plain one gives, where that one gives anything."""
    if right.error is not None:
        return
    if seen.error is not None and seen.error.kind == "RuntimeError" and _REFUSED.search(str(seen.error.got)):
        # PyTorch takes no product of integers and floats. It says so, and gives no wrong result.
        return
    if seen.error is not None:
        raise CheckFailure(
            f"With {form.words} it stops with an error; with plain arrays it does not.",
            got=seen.error.got,
            hint=form.hint,
            call=call,
        )
    _expect_kept(plain, right)
    _expect_kept(call, seen)
    try:
        agree(seen.result, right.result)
    except CheckFailure as failure:
        raise CheckFailure(
            f"With {form.words} the result is another.",
            expected=failure.expected or shown(right.result),
            got=failure.got or shown(seen.result),
            hint=form.hint,
            difference=failure.difference,
            call=call,
        ) from None


def _expect_kept(call: Call, seen: Outcome) -> None:
    if not seen.kept:
        raise CheckFailure(
            "A result that was returned earlier changes when the function is called again.",
            hint="Make a new array in each call; one that is kept between calls is the same array each time.",
            call=call,
        )


def _expect_no_memory(trials: Sequence[Trial]) -> None:
    """Expect that a call in between changes nothing."""
    for plain, _, first, _, again in trials:
        if first.error is not None:
            continue
        _expect_kept(plain, first)
        if again.error is not None or not _agrees(again.result, first.result):
            raise CheckFailure(
                "The same call gives another result after a call with other numbers.",
                expected=shown(first.result),
                got=again.error.got if again.error is not None else shown(again.result),
                hint="Nothing may stay from one call to the next: look for names outside the function that it changes.",
                call=plain,
            )


def _expect_results_of_their_own(student: Student, trials: Sequence[Trial], rng: np.random.Generator) -> None:
    """Expect that other numbers give another result, in some call at least."""
    changed = [t for t in trials if not equal(t.plain.as_plain(), t.other.as_plain())]
    known = [t for t in changed if t.first.error is None and t.between.error is None]
    if len(known) < 2 or not all(equal(t.between.result, t.first.result) for t in known):
        return
    # Some numbers do have the same result: all above 0 have the same slope in relu. So others are tried, below 0 too.
    further = [(t.first, elsewhere(t.plain, rng, factor)) for t in known for factor in _FACTORS]
    outcomes = student.replay([call for _, call in further])
    if all(
        seen.error is not None or equal(seen.result, first.result)
        for (first, _), seen in zip(further, outcomes, strict=True)
    ):
        raise CheckFailure(
            "Other numbers of the same shape give the result of the call before.",
            hint="Compute each result from the inputs of its own call: one that was kept fits no other numbers.",
            call=known[0].other,
        )


def _agrees(seen: Plain, right: Plain) -> bool:
    try:
        agree(seen, right)
    except CheckFailure:
        return False
    return True


def agree(seen: Plain, right: Plain) -> None:
    """Expect that two results hold the same numbers, whether in arrays, tensors or lists.

    Raises:
        CheckFailure: If they do not.
    """
    if isinstance(right, dict) and isinstance(seen, dict) and right.keys() == seen.keys():
        for key, value in right.items():
            agree(seen[key], value)
    elif (array := _numbers(right)) is not None:
        finite = np.abs(array[np.isfinite(array)]) if array.dtype.kind in "fc" else np.abs(array.astype(float))
        scale = float(finite.max(initial=0.0))
        expect_close(seen, array, hint="", rtol=0, atol=ATOL + RTOL * scale)
    elif isinstance(right, list | tuple) and isinstance(seen, list | tuple) and len(seen) == len(right):
        for one, other in zip(seen, right, strict=True):
            agree(one, other)
    elif not (isinstance(right, type(seen)) and right == seen):
        raise CheckFailure("It differs.", expected=shown(right), got=shown(seen))


def _numbers(value: Plain) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biufc" else None
