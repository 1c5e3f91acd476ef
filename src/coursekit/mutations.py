"""A right answer changed in one place: an operator, a number, an axis, a comparison, a sign, or a statement left out.

The idea is that of mutation testing: DeMillo, Lipton and Sayward, "Hints on Test Data Selection" (1978).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Mutant", "changes_of", "mutants_of"]

#: A float of this size, such as 1e9, is not made 1 larger: float32, which answers may compute in, cannot hold that.
LARGE = 2.0**24

_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True)
class Mutant:
    """A right answer with one change.

    Attributes:
        slug: The exercise.
        change: The line before and after, as ``"line → line"``.
        source: The changed answer.
    """

    slug: str
    change: str
    source: str


def mutants_of(slug: str, source: str) -> list[Mutant]:
    """Make every mutant of an answer; docstrings are left alone."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    mutants: dict[str, Mutant] = {}
    for position, node in enumerate(ast.walk(tree)):
        for change in changes_of(node):
            mutated = copy.deepcopy(tree)
            change(next(n for i, n in enumerate(ast.walk(mutated)) if i == position))
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text != original:
                mutants.setdefault(text, Mutant(slug, _difference(original, text), text))
    return list(mutants.values())


def changes_of(node: ast.AST) -> Iterator[Callable[[Any], None]]:
    """Yield what can be done to a node, as functions that do it to a copy of the node."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OPERATORS:
        yield lambda n: setattr(n, "op", _OPERATORS[type(n.op)]())
    if isinstance(node, ast.Compare):
        yield lambda n: setattr(n, "ops", [_COMPARISONS[type(n.ops[0])](), *n.ops[1:]])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield lambda n: setattr(n, "op", ast.UAdd())
    if isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if isinstance(node.value, int) or abs(node.value) < LARGE:
            yield lambda n: setattr(n, "value", n.value + 1)
        yield lambda n: setattr(n, "value", n.value * 2 if n.value else -1)
    if isinstance(node, ast.keyword) and node.arg == "axis":
        yield lambda n: setattr(n, "value", ast.Constant(None))
    for field in ("body", "orelse"):
        for i, statement in enumerate(getattr(node, field, []) if isinstance(node, ast.stmt) else []):
            if _can_be_dropped(statement):
                yield lambda n, field=field, i=i: getattr(n, field).__setitem__(i, ast.Pass())  # type: ignore[misc]


def _can_be_dropped(statement: ast.stmt) -> bool:
    """Tell whether leaving a statement out is a change: not so for docstrings and ``pass``."""
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not docstring and not isinstance(statement, ast.Pass | ast.FunctionDef | ast.ClassDef)


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    pairs = [(a.strip(), b.strip()) for a, b in zip(old, new, strict=False) if a != b]
    first, second = pairs[0] if pairs else ("", "")
    line = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b) if pairs else 0
    # The same change may be possible in several equal lines; the count tells them apart.
    nth = sum(text.strip() == first for text in old[:line]) + 1
    return f"{first} → {second}" + (f" (no. {nth})" if nth > 1 else "")
