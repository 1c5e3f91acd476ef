"""Questions about a changed line, decided by running the changed function."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.errors import NothingToAskError
from coursekit.questions.changes import Change
from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import ABSENT, MOST_STEPS, Example, Run, run
from coursekit.questions.seen import After, is_easy, would_be, written
from coursekit.questions.subject import Subject, names_given
from coursekit.questions.values import entry_of

__all__ = ["change_offers", "result_offers", "run_changes"]

#: Seconds that all changed functions may take together.
_MOST_S = 4.0
#: The largest of all numbers in place of each row's is right until a whole row underflows.
_ELSEWHERE = "With other numbers of this size, too; far larger ones may overflow, or underflow."
_ERROR, _SHAPE, _NUMBERS, _SAME = "error", "shape", "numbers", "same"
_ARRAY = {
    _ERROR: "Python stops with an error.",
    _SHAPE: "An array of another shape.",
    _NUMBERS: "The same shape, with other numbers.",
    _SAME: "The same result as now, up to rounding.",
}
_ARRAYS = _ARRAY | {
    _SHAPE: "Arrays of other shapes, or another number of them.",
    _NUMBERS: "The same shapes, with other numbers.",
}
_NUMBER = _ARRAY | {_SHAPE: "An array in place of one number.", _NUMBERS: "Another number."}


def run_changes(changes: Iterable[Change], example: Example, namespace: Mapping[str, Any], *, most_steps: int) -> After:
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


def change_offers(
    subject: Subject, before: Run, after: After, example: Example, namespace: Mapping[str, Any]
) -> Iterator[Offer]:
    """Yield what kind of thing a changed line would lead to: an error, another shape, other numbers, or nothing.

    Args:
        subject: The function.
        before: Its run.
        after: Changes and their runs.
        example: The input.
        namespace: The names beside which it runs.
    """
    said = _words(before.result)
    if not said:
        return
    # Which of the four is asked for first follows from the code: so no one of them is right most of the time.
    began = time.monotonic()
    turn = sorted(said, key=lambda what: subject.shuffled("outcome", what))
    other = None
    for change, run_ in after.values():
        what = _outcome(before.result, run_)
        if not change.worth or not what or run_.error.startswith(("NameError", "UnboundLocalError")):
            continue
        if what == _NUMBERS and _is_sure_of_numbers(subject.statements[change.statement], change):
            continue
        if what == _SAME:
            # By accident of the input alone it would be no answer to learn from.
            if time.monotonic() - began > _MOST_S:
                continue
            try:
                other = other or run(subject.code, example, namespace, shaken=True)
                if _outcome(other.result, run(change.code, example, namespace, shaken=True)) != _SAME:
                    continue
            except NothingToAskError:
                continue
        why = _same_because(change, before, run_, subject) if what == _SAME else _because(what, before, run_, subject)
        choices = {key: Choice(words, why) for key, words in said.items()}
        right = choices.pop(what)
        # Most slips end in an error: that is asked where it is its turn, or where there is nothing else.
        worth = change.worth - (2 if what == _ERROR and turn[0] != _ERROR else 0.5 * turn.index(what))
        text = f"{_suppose(subject, change)} What would the input's last line give?"
        yield Offer("change", change.statement, worth, text, right, tuple(choices.values()), change.line)


def result_offers(subject: Subject, before: Run, after: After) -> Iterator[Offer]:
    """Yield what number a changed line would lead to.

    Args:
        subject: The function.
        before: Its run.
        after: Changes and their runs.
    """
    for change, run_ in after.values():
        statement = subject.statements[change.statement]
        if not change.worth or subject.is_random or _outcome(before.result, run_) != _NUMBERS:
            continue
        if not change.line and before.counts[change.statement] > before.n_calls and isinstance(statement, ast.Assign):
            continue
        others = [(before.result, "That is what it gives now, without the change.")]
        if isinstance(statement, ast.AugAssign) and change.line:
            others += _sums(before.result, run_.result, change, after)
        others += [(r.result, would_be(c)) for c, r in after.values() if r is not run_ and r.result is not ABSENT]
        place, wrong = entry_of(run_.result, others)
        if place is None:
            continue
        result = run_.result
        if place and (not isinstance(before.result, np.ndarray) or _near(before.result[place], result[place])):
            continue
        right = written(result[place] if place else result)
        now = written(before.result[place] if place else before.result) if _is_easy_at(before.result, place) else ""
        if not right.startswith("-") and not now.startswith("-"):
            wrong = [choice for choice in wrong if not choice.text.startswith("-")]
        text = f"{_suppose(subject, change)} "
        if place:
            at = f"`[{', '.join(map(str, place))}]`"
            text += f"Which number would then stand at {at} in the result of the input's last line?"
        else:
            text += "What would then be the result of the input's last line?"
        why = f"It would be {right} in place of {now or 'what it is now'}."
        if isinstance(statement, ast.AugAssign) and change.line:
            why += " With `=`, the line forgets what stood there before, and adds nothing to it."
        about = f"{change.line}|{', '.join(map(str, place))}"
        yield Offer("result", change.statement, change.worth + 1, text, Choice(right, why), tuple(wrong), about)


def _is_easy_at(value: Plain, place: tuple[int, ...]) -> bool:
    """Tell whether an entry of an array is an easy number, or all of another value."""
    return is_easy(value[place].item() if place else value)


def _sums(old: Plain, new: Plain, change: Change, after: After) -> Iterator[tuple[Plain, str]]:
    """Yield sums without one or the other term, where what was added up is only given."""
    if isinstance(old, np.ndarray) and old.shape == new.shape and old.dtype.kind in "if":
        for other, run_ in after.values():
            start = run_.result
            if other.statement == change.statement and not other.line and _form(start) == old.shape:
                yield old - start, "That is the sum of all terms, without what stood there before."
                yield start + new, "What stood there before is no longer added to."
                yield old - new, "That is all but the last term."
                yield start, "That is what stood there before."


def _suppose(subject: Subject, change: Change) -> str:
    where = f"line {subject.line(change.statement)}"
    return f"Suppose {where} were `{change.line}`." if change.line else f"Suppose {where} were left out."


def _is_sure_of_numbers(statement: ast.stmt, change: Change) -> bool:
    """Tell whether anybody would say that the numbers are others, without looking at the rest."""
    if not change.line:
        return True
    return isinstance(statement, ast.AugAssign) and not isinstance(statement.value, ast.Constant)


def _words(result: Plain) -> dict[str, str]:
    """Return how the outcomes are called for a result; nothing for one that is of no array and no number."""
    if isinstance(result, np.ndarray) and result.ndim:
        return _ARRAY
    if isinstance(result, list | tuple):
        return _ARRAYS if any(isinstance(each, np.ndarray) for each in _leaves(result, whole=True)) else {}
    return _NUMBER if isinstance(result, int | float | np.ndarray) and not isinstance(result, bool) else {}


def _outcome(before: Plain, after: Run) -> str:
    """Say what a change did: ``"error"``, ``"shape"``, ``"numbers"`` or ``"same"``; empty if that cannot be said."""
    if after.error:
        return _ERROR
    if before is ABSENT or after.result is ABSENT or before is None or after.result is None:
        return ""
    if _form(before) != _form(after.result):
        return _SHAPE if _words(before) else _NUMBERS
    if _close(before, after.result, 1e-7):
        return _SAME
    # What differs a little, as by rounding, is neither.
    return "" if _close(before, after.result, 1e-2) else _NUMBERS


def _because(what: str, before: Run, after: Run, subject: Subject) -> str:
    if what == _ERROR:
        return f"Line {subject.line(after.at)} stops: {after.error}."
    if what == _SHAPE:
        return f"The shape would be {_shapes(after.result)} in place of {_shapes(before.result)}."
    return _first_difference(before.result, after.result)


def _same_because(change: Change, before: Run, after: Run, subject: Subject) -> str:
    """Say whether a line gives the same itself, or what is made of it does."""
    where = f"line {subject.line(change.statement)}"
    for name in names_given(subject.statements[change.statement]):
        old, new = (each.last.get((change.statement, name), ABSENT) for each in (before, after))
        if old is not ABSENT and new is not ABSENT and (_form(old) != _form(new) or not _close(old, new, 1e-7)):
            said = f"`{name}` would be another after {where}, but what is made of it further down is the same"
            return f"{said}. {_ELSEWHERE}"
    return f"What {where} gives is the same. {_ELSEWHERE}"


def _form(value: Plain) -> Any:
    """Return the shapes within a value."""
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, list | tuple):
        return [_form(each) for each in value]
    return sorted(value) if isinstance(value, dict) and all(isinstance(key, str) for key in value) else ()


def _shapes(value: Plain) -> str:
    return str(tuple(map(int, value.shape))) if isinstance(value, np.ndarray) else str(_form(value))


def _leaves(value: Plain, *, whole: bool = False) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield from [value] if whole else value.ravel().tolist()
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each, whole=whole)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each, whole=whole)
    else:
        yield value


def _close(a: Plain, b: Plain, rtol: float) -> bool:
    mine, theirs = list(_leaves(a)), list(_leaves(b))
    return len(mine) == len(theirs) and all(_near(x, y, rtol) for x, y in zip(mine, theirs, strict=True))


def _near(a: Any, b: Any, rtol: float = 1e-7) -> bool:
    if isinstance(a, int | float | complex) and isinstance(b, int | float | complex):
        return bool(np.isclose(a, b, rtol=rtol, atol=1e-10, equal_nan=True))
    return bool(a == b)


def _first_difference(a: Plain, b: Plain) -> str:
    arrays = zip(_leaves(a, whole=True), _leaves(b, whole=True), strict=False)
    for i, (old, new) in enumerate(arrays):
        for j, (x, y) in enumerate(zip(_leaves(old), _leaves(new), strict=False)):
            if not _near(x, y):
                place = np.unravel_index(j, old.shape) if isinstance(old, np.ndarray) and old.ndim else ()
                at = f" at [{', '.join(map(str, place))}]" if place else ""
                at += f" of array {i} (counted from 0)" if isinstance(a, list | tuple) else ""
                what = "The first number that differs" if at else "It"
                return f"{what} would be {_short(y)} in place of {_short(x)}{at}."
    return ""


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
