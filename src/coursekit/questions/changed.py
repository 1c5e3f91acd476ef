"""Questions about a changed line, decided by running the changed function."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.errors import NothingToAskError
from coursekit.questions.changes import Change
from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import ABSENT, MOST_STEPS, Example, Run, run
from coursekit.questions.subject import Subject

__all__ = ["change_offers", "needs_offers", "run_changes"]

#: Seconds that all changed functions may take together.
_MOST_S = 4.0
_ERROR, _SHAPE, _NUMBERS, _SAME = "error", "shape", "numbers", "same"
_ARRAYS = {
    _ERROR: "It stops with an error.",
    _SHAPE: "It returns a result of another shape.",
    _NUMBERS: "It returns the same shape, with other numbers.",
    _SAME: "It returns the same result.",
}
_VALUES = {_ERROR: _ARRAYS[_ERROR], _NUMBERS: "It returns another result.", _SAME: _ARRAYS[_SAME]}


def change_offers(subject: Subject, before: Run, after: Mapping[int, tuple[Change, Run]]) -> Iterator[Offer]:
    """Yield what can be asked about lines that were changed or left out.

    Args:
        subject: The function.
        before: Its run.
        after: Changes and their runs.
    """
    if before.result is ABSENT or before.result is None:
        return
    said = _ARRAYS if _arrays_in(before.result) else _VALUES
    for change, run_ in after.values():
        what = _outcome(before, run_)
        if what not in said or _is_missing_name(run_.error):
            continue
        where = f"line {subject.line(change.statement)}"
        text = f"Suppose {where} were left out." if not change.line else f"Suppose {where} were `{change.line}`."
        text += f" What would {subject.slug} do with this input?"
        # Most changes end in an error or in other numbers: what is rarer tells more.
        worth = change.worth - {_ERROR: 2.5, _NUMBERS: 1}.get(what, 0)
        choices = {key: Choice(words, _because(what, before, run_)) for key, words in said.items()}
        right = choices.pop(what)
        yield Offer("change", change.statement, worth, text, right, tuple(choices.values()), change.line)


def needs_offers(subject: Subject, before: Run, after: Mapping[int, tuple[Change, Run]]) -> Iterator[Offer]:
    """Yield on which line a function would stop if another were left out, because its value is missing there."""
    for change, run_ in after.values():
        given = _name_given(subject.statements[change.statement])
        if change.line or not given or not _is_missing_name(run_.error):
            continue
        later = [i for i in range(change.statement + 1, len(before.counts)) if before.counts[i]]
        lines = {subject.line(i) for i in later} - {subject.line(change.statement)}
        stop = subject.line(run_.at)
        if f"'{given}'" not in run_.error or len(lines) < 3 or stop not in lines:
            continue
        text = f"Suppose line {subject.line(change.statement)} were left out, so that `{given}` is never set."
        text += " On which line would Python stop?"
        right = Choice(f"line {stop}", f"It is the first to read {given}: {run_.error}.")
        others = sorted(later, key=lambda i: (abs(i - run_.at), i))
        wrong = [Choice(f"line {subject.line(i)}", f"The first line to read {given} is line {stop}.") for i in others]
        worth = 4 if stop == min(lines) else 5.5
        yield Offer("needs", change.statement, worth, text, right, tuple(wrong), given, ordered=True)


def run_changes(
    changes: Iterator[Change], example: Example, namespace: Mapping[str, Any], *, most_steps: int
) -> dict[int, tuple[Change, Run]]:
    """Run changed functions until they have taken some steps; those that do not end are left out."""
    found: dict[int, tuple[Change, Run]] = {}
    began = time.monotonic()
    for i, change in enumerate(changes):
        # Time is looked at for code that sleeps; for any other the steps are used up long before.
        if most_steps <= 0 or time.monotonic() - began > _MOST_S:
            break
        try:
            run_ = run(change.code, example, namespace)
        except NothingToAskError:
            most_steps -= MOST_STEPS
            continue
        most_steps -= run_.steps + 100
        found[i] = change, run_
    return found


def _outcome(before: Run, after: Run) -> str:
    """Say what a change did: ``"error"``, ``"shape"``, ``"numbers"`` or ``"same"``; empty if that cannot be said."""
    if after.error:
        return _ERROR
    if after.result is ABSENT:
        return ""
    if _form(before.result) != _form(after.result):
        return _SHAPE if _arrays_in(before.result) else _NUMBERS
    return _SAME if _close(before.result, after.result) else _NUMBERS


def _because(what: str, before: Run, after: Run) -> str:
    if what == _ERROR:
        return after.error
    if what == _SHAPE:
        return f"The shape would be {_shapes(after.result)} in place of {_shapes(before.result)}."
    if what == _SAME:
        return "On this input the change makes no difference."
    old, new = _first_difference(before.result, after.result)
    return f"The first number that differs would be {new} in place of {old}."


def _is_missing_name(error: str) -> bool:
    return error.startswith(("NameError", "UnboundLocalError"))


def _name_given(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _arrays_in(value: Plain) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_arrays_in, value))
    return isinstance(value, np.ndarray)


def _form(value: Plain) -> Any:
    """Return the shapes within a value."""
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, list | tuple):
        return [_form(each) for each in value]
    return sorted(value) if isinstance(value, dict) and all(isinstance(key, str) for key in value) else ""


def _shapes(value: Plain) -> str:
    return str(tuple(map(int, value.shape))) if isinstance(value, np.ndarray) else str(_form(value)).replace("''", "()")


def _leaves(value: Plain) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield from value.ravel().tolist()
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    else:
        yield value


def _close(a: Plain, b: Plain) -> bool:
    mine, theirs = list(_leaves(a)), list(_leaves(b))
    return len(mine) == len(theirs) and all(map(_near, mine, theirs))


def _near(a: Any, b: Any) -> bool:
    if isinstance(a, int | float | complex) and isinstance(b, int | float | complex):
        return bool(np.isclose(a, b, rtol=1e-7, atol=1e-10, equal_nan=True))
    return bool(a == b)


def _first_difference(a: Plain, b: Plain) -> tuple[str, str]:
    for old, new in zip(_leaves(a), _leaves(b), strict=False):
        if not _near(old, new):
            return _short(old), _short(new)
    return "", ""


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
