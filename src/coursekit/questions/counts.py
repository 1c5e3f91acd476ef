"""Questions about how often a line runs, and by what factor that grows."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import Run
from coursekit.questions.seen import After, would_be
from coursekit.questions.subject import Subject, expressions_of

__all__ = ["count_offers", "growth_offers"]

_MOST = 500
#: Of a line whose runs must be followed one by one.
_MOST_IN_BRANCHES = 12
_CALLS = {1: "this call", 2: "both calls together", 3: "all three calls together"}
_LOOPS = (ast.For, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def count_offers(subject: Subject, run: Run, after: After) -> Iterator[Offer]:
    """Yield how often the lines within loops run.

    Args:
        subject: The function.
        run: Its run.
        after: Changes and their runs, which give wrong choices.
    """
    calls = _CALLS.get(run.n_calls)
    if calls is None:
        return
    for number, loops, branches in _within_loops(subject):
        right = run.counts[number]
        if not 2 <= right <= (_MOST_IN_BRANCHES if branches else _MOST):
            continue
        text = f"How many times is line {subject.line(number)} executed in {calls}?"
        slips = [(r.counts[number], would_be(c)) for c, r in after.values() if c.worth and not r.error]
        wrong = [Choice(str(n), why) for n, why in _wrong(right, loops, run, slips) if 0 < n != right]
        shown = f"It is executed {right} times{_product(right, loops, run)}."
        worth = min(5 + 2 * (len(loops) - 1), 9) + branches
        yield Offer("count", number, worth, text, Choice(str(right), shown), tuple(wrong))


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
        shown = f"It is executed {before} times for n = {size}, and {after} times for n = {2 * size}."
        text = f"In the input, n is doubled, from {size} to {2 * size}."
        text += f" How many times as often is line {subject.line(number)} executed?"
        factors = (1, 2, 4, 8) if factor < 16 else (2, 4, 8, 16)
        wrong = [Choice(_times(f), _slip(f)) for f in factors if f != factor]
        worth = 9 if len(loops) > 1 else 6
        yield Offer("growth", number, worth, text, Choice(_times(factor), shown), tuple(wrong))


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


def _wrong(right: int, loops: list[int], run: Run, slips: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    turns = _per_entry(loops, run)
    inner = _turns(loops[-1], run)
    if inner != right:
        yield inner, "So often its loop turns, but the line is not executed in every turn."
    whole = [int(n) for n in turns if n == int(n)]
    if run.n_calls > 1:
        yield inner // run.n_calls, "That is so in one call."
    for n in range(len(whole) - 1, 0, -1):
        for some in itertools.combinations(whole, n):
            yield math.prod(some), "That leaves out a loop around it."
    if len(whole) < len(turns):
        yield math.prod(math.ceil(n) for n in turns), "Not every block is whole."
    yield from slips
    if len(whole) > 1:
        yield sum(whole), "Loops within each other multiply; they do not add."
    sizes = list(_sizes(loops, run))
    for size in sizes:
        yield size, "That is one of the sizes, but not how often the loop turns."
    yield right + 1, "That is one too many."
    yield right - 1, "That is one too few."
    yield 2 * right, "That is twice as many."


def _sizes(loops: list[int], run: Run) -> Iterator[int]:
    """Yield whole numbers and lengths that the loops' lines read, and the numbers of entries of arrays."""
    for (number, _), value in run.parts.items():
        if number not in loops:
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            yield value
        elif isinstance(value, np.ndarray):
            yield value.size
            yield from _but_one(value.shape)
            yield from map(int, value.shape)
        elif isinstance(value, list | tuple | dict):
            yield len(value)
            numbers = [n for n in value if isinstance(n, int)] if isinstance(value, tuple) else []
            yield from _but_one(numbers)
            yield from numbers
            yield sum(numbers)


def _but_one(sizes: Sequence[int]) -> Iterator[int]:
    """Yield the products of all sizes but one, if there are three or more."""
    if len(sizes) > 2:
        yield from (math.prod([*sizes[:i], *sizes[i + 1 :]]) for i in reversed(range(len(sizes))))


def _times(factor: int) -> str:
    return {1: "equally often", 2: "twice as often"}.get(factor, f"{factor} times as often")


def _slip(chosen: int) -> str:
    if chosen == 1:
        return "A loop over more takes more turns."
    loops = ("one loop grows", "two loops, one within the other, grow", "three loops, one within the other, grow")
    return f"That is so where {dict(zip((2, 4, 8), loops, strict=True)).get(chosen, 'four loops grow')} with n."
