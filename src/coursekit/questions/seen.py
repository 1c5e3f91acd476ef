"""What runs have shown of a line: the values it gave, step by step, and what a changed line would have given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.questions.changes import Change
from coursekit.questions.running import ABSENT, Run

__all__ = ["After", "is_easy", "made_of", "others_at", "shape_of", "steps_of", "when", "would_be", "written"]

#: Changed functions and their runs, in the order in which they were tried.
After = Mapping[int, tuple[Change, Run]]

_LARGEST = 1000
_LONGEST_WORD = 12
_MOST_STEPS = 6


def shape_of(value: Plain) -> tuple[int, ...] | None:
    """Return an array's shape; None for anything else."""
    return value.shape if isinstance(value, np.ndarray) else None


def made_of(statement: ast.stmt, name: str) -> ast.expr:
    """Return the expression from which a statement gives a name its value."""
    value = statement.value  # type: ignore[attr-defined]
    if isinstance(statement, ast.Assign) and isinstance(target := statement.targets[0], ast.Tuple):
        names = [ast.unparse(each) for each in target.elts]
        if isinstance(value, ast.Tuple) and len(value.elts) == len(names):
            return value.elts[names.index(name)]
    assert isinstance(value, ast.expr)
    return value


def when(run: Run, number: int, *, last: bool = False, verb: str = "") -> str:
    """Say which run of a line is meant, where it runs more than once."""
    if run.counts[number] < 2:
        return ""
    if run.counts[number] == run.n_calls:
        return " in the last call" if last else " in the first call"
    return f"{verb} for the {'last' if last else 'first'} time"


def others_at(number: int, name: str, after: After, *, last: bool) -> Iterator[tuple[Plain, str]]:
    """Yield what a name would hold with changes of this line, then of lines before it, and the reason."""
    for here in (True, False):
        for change, run in after.values():
            values = run.last if last else run.values
            if (change.statement == number) is here and change.statement <= number and (number, name) in values:
                yield values[number, name], would_be(change)


def would_be(change: Change) -> str:
    """Say of a value that a change would lead to it."""
    return f"That is what it would be with `{change.line}`." if change.line else "That leaves a line out."


def steps_of(made: ast.expr, run: Run, number: int, end: str, *, last: bool = False) -> str:
    """Say what the parts of an expression were, from the inside out, and what they came to."""
    parts = run.last_parts if last else run.parts
    said: dict[str, str] = {}
    for node in _inside_out(made):
        text = ast.unparse(node)
        value = parts.get((number, text), ABSENT)
        if isinstance(node, ast.expr) and node is not made and len(text) <= 60:
            if shape_of(value):
                said[text] = f"`{text}` {shape_of(value)}"
            elif is_easy(value):
                said[text] = f"`{text}` = {written(value)}"
    if not said:
        return f"{end}."
    which = " (the last time)" if last else ""
    return f"Step by step{which}: {', '.join([*list(said.values())[-_MOST_STEPS:], end])}."


def _inside_out(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield from _inside_out(child)
    yield node


def is_easy(value: Any) -> bool:
    """Tell whether a value can be found by hand: a small number, or a few whole numbers or words."""
    if isinstance(value, bool):
        return False
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = value.item()
    if isinstance(value, list | tuple):
        return 2 <= len(value) <= 6 and all(
            (isinstance(each, str) and len(each) <= _LONGEST_WORD)
            or (is_easy(each) and not isinstance(each, list | tuple))
            for each in value
        )
    return isinstance(value, int | float) and abs(value) < _LARGEST and value == round(value, 1)


def written(value: Any) -> str:
    """Write an easy value as a choice."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(map(written, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    number = round(float(value), 1)
    return str(int(number)) if number == int(number) else f"{number:g}"
