"""Questions about how often a line runs, and by what factor that grows."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

import numpy as np

from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import Run
from coursekit.questions.subject import Subject, expressions_of

__all__ = ["count_offers", "growth_offers"]

_MOST = 500
_LOOPS = (ast.For, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def count_offers(subject: Subject, run: Run) -> Iterator[Offer]:
    """Yield how often the lines within loops run."""
    if run.n_calls != 1:
        return
    for number, loops, branches in _within_loops(subject):
        right = run.counts[number]
        if not 2 <= right <= _MOST:
            continue
        text = f"How often does line {subject.line(number)} run in this call?"
        wrong = [Choice(str(n), why) for n, why in _wrong(right, loops, run, subject) if 0 < n != right]
        shown = f"It runs {right} times{_product(right, loops, run)}."
        worth = min(5 + 2 * (len(loops) - 1), 9) + branches
        yield Offer("count", number, worth, text, Choice(str(right), shown), tuple(wrong), ordered=True)


def growth_offers(subject: Subject, run: Run, larger: Run, size: int) -> Iterator[Offer]:
    """Yield by what factor the runs of a line grow.

    Args:
        subject: The function.
        run: On the example.
        larger: On the example at twice its size.
        size: The example's size.
    """
    if run.n_calls != 1:
        return
    for number, loops, _ in _within_loops(subject):
        before, after = run.counts[number], larger.counts[number]
        if before < 2 or after % before or after // before not in (1, 2, 4, 8, 16):
            continue
        factor = after // before
        shown = f"It runs {before} times for n = {size}, and {after} times for n = {2 * size}."
        text = f"The input's n doubles, from {size} to {2 * size}. By what factor does the number of runs of line"
        text += f" {subject.line(number)} grow?"
        factors = (1, 2, 4, 8) if factor < 16 else (2, 4, 8, 16)
        wrong = [Choice(_times(f), _slip(f)) for f in factors if f != factor]
        worth = 9 if len(loops) > 1 else 6
        yield Offer("growth", number, worth, text, Choice(_times(factor), shown), tuple(wrong), ordered=True)


def _within_loops(subject: Subject) -> Iterator[tuple[int, list[int], int]]:
    """Yield the last simple line of each loop and branch, with the loops and the number of branches around it."""
    numbers = {id(node): i for i, node in enumerate(subject.statements)}

    def walk(body: list[ast.stmt], loops: list[int], branches: int) -> Iterator[tuple[int, list[int], int]]:
        simple = [s for s in body if isinstance(s, ast.Assign | ast.AugAssign | ast.Expr) and not _hides_a_loop(s)]
        if loops and simple:
            yield numbers[id(simple[-1])], loops, branches
        for statement in body:
            if isinstance(statement, _LOOPS):
                yield from walk(statement.body, [*loops, numbers[id(statement)]], 0)
            elif isinstance(statement, ast.If):
                yield from walk(statement.body, loops, branches + 1)
                yield from walk(statement.orelse, loops, branches + 1)
            elif isinstance(statement, ast.With):
                yield from walk(statement.body, loops, branches)

    yield from walk(subject.tree.body, [], 0)


def _hides_a_loop(statement: ast.stmt) -> bool:
    return any(isinstance(node, _COMPREHENSIONS) for node in expressions_of(statement))


def _turns(loop: int, run: Run) -> int:
    """Return how often the body of a loop was begun: its first statement follows it."""
    return run.counts[loop + 1]


def _per_entry(loops: list[int], run: Run) -> list[float]:
    """Return how often each loop turns, each time that it is come to."""
    entered = [run.counts[loop] for loop in loops]
    return [_turns(loop, run) / n for loop, n in zip(loops, entered, strict=True) if n]


def _product(right: int, loops: list[int], run: Run) -> str:
    """Write a count as the product of its loops' turns, where it is that."""
    turns = _per_entry(loops, run)
    if len(turns) < 2 or math.prod(turns) != right or any(n != int(n) for n in turns):
        return ""
    return ": " + " · ".join(f"{n:g}" for n in turns)


def _wrong(right: int, loops: list[int], run: Run, subject: Subject) -> Iterator[tuple[int, str]]:
    turns = _per_entry(loops, run)
    inner = _turns(loops[-1], run)
    if inner != right:
        yield inner, "So often its loop turns, but the line does not run in every turn."
    if len(loops) > 1:
        if turns[-1] == int(turns[-1]):
            yield int(turns[-1]), "So often the innermost loop turns each time; the loops around it repeat that."
        yield _turns(loops[-2], run), "That leaves the innermost loop out."
        yield _turns(loops[0], run), "So often the outermost loop turns."
        if all(n == int(n) for n in turns):
            yield int(sum(turns)), "Nested loops multiply; they do not add."
    for size in _sizes(loops, run, subject):
        yield size, "That is one size alone."
    yield right + 1, "That is one too many."
    yield right - 1, "That is one too few."
    yield 2 * right, "That is twice as many."
    yield 1, "It stands in a loop."


def _sizes(loops: list[int], run: Run, subject: Subject) -> Iterator[int]:
    """Yield whole numbers and lengths that the loops' lines read, and the sums of the lengths of each array."""
    for loop in loops:
        for (number, _), value in run.parts.items():
            if number != loop:
                continue
            if isinstance(value, int) and not isinstance(value, bool):
                yield value
            elif isinstance(value, np.ndarray):
                yield from map(int, value.shape)
            elif isinstance(value, tuple) and all(isinstance(n, int) for n in value) and len(value) > 1:
                yield from value
                yield sum(value)


def _times(factor: int) -> str:
    return f"×{factor}" if factor > 1 else "×1: it stays as it is"


def _slip(chosen: int) -> str:
    if chosen == 1:
        return "A loop over more takes more turns."
    loops = ("one loop grows", "two loops, one within the other, grow", "three loops, one within the other, grow")
    return f"That is so where {dict(zip((2, 4, 8), loops, strict=True)).get(chosen, 'four loops grow')} with n."
