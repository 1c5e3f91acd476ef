"""Questions about the value that a line gives: a number, a few of them, or one entry of a small array."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import Run
from coursekit.questions.seen import After, is_easy, made_of, others_at, steps_of, when, would_be, written
from coursekit.questions.subject import Subject, names_given

__all__ = ["entry_of", "value_offers"]

_MOST_ENTRIES = 64
_SIZES = frozenset(
    {"len", "list", "range", "copy", "asarray", "array", "int", "float", "zeros", "ones", "empty", "arange"}
)


def value_offers(subject: Subject, run: Run, after: After) -> Iterator[Offer]:
    """Yield what can be asked about values.

    Args:
        subject: The function.
        run: Its run.
        after: Changes and their runs, which give wrong choices.
    """
    if subject.is_random:
        return
    for number, statement in enumerate(subject.statements):
        for name in names_given(statement):
            made = made_of(statement, name)
            first, last = run.values.get((number, name)), run.last.get((number, name))
            if not _says_something(made) or isinstance(statement, ast.AugAssign) or type(first) is not type(last):
                continue
            is_last = repr(first) != repr(last)
            others = list(others_at(number, name, after, last=is_last))
            if isinstance(last, np.ndarray) and last.ndim and np.unique(last).size < 2:
                continue
            place, wrong = entry_of(last, others)
            if place is None:
                continue
            if not place:
                slips = {would_be(change) for change, _ in after.values() if change.worth}
                likely = [choice for choice in wrong if choice.why in slips]
                wrong = [*likely, *_nearby(last, made, run, number), *wrong]
            about = f"{name}[{', '.join(map(str, place))}]" if place else name
            text = f"What is `{about}` after line {subject.line(number)} has run{when(run, number, last=is_last)}?"
            entry = last
            if isinstance(last, np.ndarray) and place:
                entry, why = last[place], f"`{name}` is {np.round(last, 3).tolist()}."
            else:
                why = steps_of(made, run, number, f"`{name}` = {written(last)}", last=is_last)
            if "-" not in written(entry):
                wrong = [choice for choice in wrong if "-" not in choice.text or place]
            # A value from which mistakes in other lines lead away depends on more than its own line.
            worth = 6.5 + 0.5 * min(len({c.text for c in wrong[: len(others)]}), 3)
            if isinstance(made, ast.BinOp) and not place and not _has_several_steps(made):
                worth -= 3
            yield Offer("value", number, worth, text, Choice(written(entry), why), tuple(wrong), about, last=is_last)


def entry_of(value: Plain, others: list[tuple[Plain, str]]) -> tuple[tuple[int, ...] | None, list[Choice]]:
    """Find what to ask about a value, and wrong choices.

    Args:
        value: The value.
        others: What changes would make of it, with reasons.

    Returns:
        The place of the entry of an array for which most others differ, or ``()`` for the whole of a number or list, or
        None if neither is easy; and the wrong choices.
    """
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        alike = [(v, why) for v, why in others if isinstance(v, list) == isinstance(value, list)]
        return (() if is_easy(value) else None), [Choice(written(v), why) for v, why in alike if is_easy(v)]
    if not 2 <= value.size <= _MOST_ENTRIES or value.dtype.kind not in "iuf":
        return None, []
    same = [(v, why) for v, why in others if isinstance(v, np.ndarray) and v.shape == value.shape]
    best: tuple[tuple[int, int], tuple[int, ...], list[Choice]] | None = None
    for place in np.ndindex(value.shape):
        if not is_easy(value[place].item()):
            continue
        wrong = [Choice(written(v[place]), why) for v, why in same if is_easy(v[place].item())]
        turned = place[::-1]
        if value.ndim == 2 and turned != place and all(np.less(turned, value.shape)) and is_easy(value[turned].item()):
            wrong.append(Choice(written(value[turned]), "That entry stands where row and column are exchanged."))
        n_wrong = len({choice.text for choice in wrong} - {written(value[place])})
        interest = min(n_wrong, 4), (value[place] not in (0, 1)) * 2 + sum(i > 0 for i in place)
        if best is None or interest > best[0]:
            best = interest, place, wrong
    return (None, []) if best is None else best[1:]


def _has_several_steps(made: ast.expr) -> bool:
    return sum(isinstance(node, ast.BinOp | ast.Call) for node in ast.walk(made)) > 1


def _says_something(made: ast.expr) -> bool:
    if isinstance(made, ast.Call) and ast.unparse(made.func).split(".")[-1] in _SIZES:
        return False
    return any(isinstance(node, ast.BinOp | ast.Call | ast.GeneratorExp) for node in ast.walk(made)) and any(
        isinstance(node, ast.Name) for node in ast.walk(made)
    )


def _nearby(value: Plain, made: ast.expr, run: Run, number: int) -> Iterator[Choice]:
    """Yield numbers that the line reads, and what it would be if something were forgotten at its ends."""
    if isinstance(value, list | tuple):
        turned = type(value)([*value[:-2], *value[: -3 if len(value) > 2 else None : -1]])
        yield Choice(written(turned), "The last two stand the other way round.")
        yield Choice(written(value[::-1]), "The order is the other way round.")
        yield Choice(written(value[:-1]), "The last one belongs to it.")
        return
    if isinstance(value, int):
        yield Choice(written(value - 1), "That is one too few.")
    for node in ast.walk(made):
        part = run.parts.get((number, ast.unparse(node))) if isinstance(node, ast.expr) else None
        if is_easy(part) and not isinstance(part, list | tuple):
            yield Choice(written(part), f"That is `{ast.unparse(node)}` alone.")
    if isinstance(value, int):
        yield Choice(written(value + 1), "That is one too many.")
