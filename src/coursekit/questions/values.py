"""Questions about the value that a line gives: a whole number, a few of them, or one entry of a small array."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.questions.changes import Change
from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import Run
from coursekit.questions.shapes import first
from coursekit.questions.subject import Subject

__all__ = ["value_offers"]

_LARGEST = 1000
_MOST_ENTRIES = 64
_WHY = "That is what it would be with {}."


def value_offers(subject: Subject, run: Run, after: Mapping[int, tuple[Change, Run]]) -> Iterator[Offer]:
    """Yield what can be asked about values.

    Args:
        subject: The function.
        run: Its run.
        after: Changes and their runs, which give wrong choices.
    """
    for number, statement in enumerate(subject.statements):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=made) if _says_something(made):
                value = run.values.get(number)
                others = [(c.line, r.values[number]) for c, r in after.values() if c.line and number in r.values]
                others = [(line, other) for line, other in others if not _is_elsewhere(line, statement)]
                when = f"after line {subject.line(number)} has run{first(run, number)}"
                if isinstance(value, np.ndarray) and not _is_copied(value, number, run):
                    yield from _of_an_entry(name, number, value, others, when)
                elif _is_easy(value):
                    yield _of_a_number(name, number, value, others, when)


def _says_something(made: ast.expr) -> bool:
    return any(isinstance(node, ast.BinOp | ast.Call | ast.GeneratorExp) for node in ast.walk(made)) and any(
        isinstance(node, ast.Name) for node in ast.walk(made)
    )


def _is_copied(value: np.ndarray, number: int, run: Run) -> bool:
    """Tell whether an array holds what another holds that the line reads, or one number everywhere."""
    read = [part for (statement, text), part in run.parts.items() if statement == number and text.isidentifier()]
    same = any(isinstance(part, np.ndarray) and np.array_equal(part, value) for part in read)
    return same or np.unique(value).size == 1


def _is_elsewhere(line: str, statement: ast.stmt) -> bool:
    """Tell whether a changed line is another one than that which gives the value."""
    target = ast.unparse(statement).partition("=")[0]
    return not line.startswith(target)


def _of_a_number(name: str, number: int, value: Plain, others: list[tuple[str, Plain]], when: str) -> Offer:
    wrong = [Choice(_written(other), _WHY.format(f"`{line}`")) for line, other in others if _is_easy(other)]
    if isinstance(value, int | float):
        wrong += [Choice(_written(value + d), "It is off by one.") for d in (1, -1)]
    elif len(value) > 1:
        wrong.append(Choice(_written(value[::-1]), "The order is another one."))
        wrong.append(Choice(_written(value[:-1]), "The last one belongs to it."))
        wrong.append(Choice(_written(value[1:]), "The first one belongs to it."))
    right = Choice(_written(value), f"It is {_written(value)}.")
    return Offer("value", number, 6, f"What is `{name}` {when}?", right, tuple(wrong), name)


def _of_an_entry(
    name: str, number: int, value: np.ndarray, others: list[tuple[str, Plain]], when: str
) -> Iterator[Offer]:
    if not _is_easy_array(value):
        return
    best: tuple[int, tuple[int, ...], list[Choice]] | None = None
    for place in np.ndindex(value.shape):
        wrong = list(_wrong_entries(value, place, others))
        n_wrong = len({choice.text for choice in wrong} - {_written(value[place])})
        interest = 10 * min(n_wrong, 3) + (value[place] not in (0, 1)) * 5 + sum(i > 0 for i in place)
        if best is None or interest > best[0]:
            best = interest, place, wrong
    if best is None:
        return
    _, place, wrong = best
    about = f"{name}[{', '.join(map(str, place))}]"
    right = Choice(_written(value[place]), f"{name} is {value.tolist()}.")
    yield Offer("value", number, 6, f"What is `{about}` {when}?", right, tuple(wrong), about)


def _wrong_entries(value: np.ndarray, place: tuple[int, ...], others: list[tuple[str, Plain]]) -> Iterator[Choice]:
    if value.ndim == 2:
        turned = place[::-1]
        if turned != place and turned[0] < value.shape[0] and turned[1] < value.shape[1]:
            yield Choice(_written(value[turned]), "That entry stands where row and column are exchanged.")
    for line, other in others:
        if isinstance(other, np.ndarray) and other.shape == value.shape and _is_easy_array(other):
            yield Choice(_written(other[place]), _WHY.format(f"`{line}`"))
    for step in np.ndindex(*(2,) * value.ndim):
        beside = tuple((i + d) % n for i, d, n in zip(place, step, value.shape, strict=True))
        yield Choice(_written(value[beside]), "That is the entry beside it: counting begins at 0.")


def _is_easy(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, list | tuple):
        return 1 <= len(value) <= 6 and all(isinstance(each, int | str) for each in value)
    return isinstance(value, int | float) and abs(value) < _LARGEST and value == round(value, 1)


def _is_easy_array(value: np.ndarray) -> bool:
    if not 2 <= value.size <= _MOST_ENTRIES or not 1 <= value.ndim <= 2 or value.dtype.kind not in "iuf":
        return False
    return bool(np.all(np.isfinite(value)) and np.all(np.abs(value) < _LARGEST) and np.all(value == np.rint(value)))


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return repr(value)
    number = float(value)
    return str(int(number)) if number == int(number) else f"{number:g}"
