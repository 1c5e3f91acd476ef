"""What could be changed in one place of a function: slips that a person makes, and those of the mutation engine."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from coursekit.mutations import changes_of
from coursekit.questions.subject import Subject, expressions_of, first_line, statements_in

__all__ = ["Change", "changed"]

#: How telling a change is, and a function that changes a copy of a node or returns what comes in its place.
_Way: TypeAlias = tuple[float, Callable[[ast.AST], ast.AST | None]]
#: Characters of the longest line that is shown changed.
_LONGEST = 100
#: Methods whose call is left out.
_LEFT_OUT = frozenset({"transpose", "swapaxes", "permute", "copy", "squeeze", "astype"})


@dataclass(frozen=True)
class Change:
    """A function with one line changed.

    Attributes:
        statement: The statement.
        worth: How telling it is, from 0 to 10.
        line: The line as it would be; empty where it is left out.
        code: The changed function.
    """

    statement: int
    worth: float
    line: str
    code: str


def changed(subject: Subject) -> Iterator[Change]:
    """Yield the function with one slip of a person's, without a line, with a change of the engine's."""
    seen = {subject.code}
    for change in itertools.chain(_with(subject, _slips), _left_out(subject), _with(subject, _engine)):
        if change.code not in seen and _reads_well(change.line):
            seen.add(change.code)
            yield change


def _with(subject: Subject, ways: Callable[[ast.AST], Iterator[_Way]]) -> Iterator[Change]:
    for number, statement in enumerate(subject.statements):
        for position, node in enumerate(expressions_of(statement)):
            for worth, change in ways(node):
                tree = subject.copy()
                line = list(statements_in(tree))[number]
                place = next(n for i, n in enumerate(expressions_of(line)) if i == position)
                new = change(place)
                if new is not None and place is not line:
                    _Put(place, new).visit(line)
                elif new is not None:
                    _Put(place, new).visit(tree)
                    line = new  # type: ignore[assignment]
                yield Change(number, worth, first_line(line), _text(tree))


def _left_out(subject: Subject) -> Iterator[Change]:
    for number, statement in enumerate(subject.statements):
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr) and not _hands_out(statement):
            tree = subject.copy()
            _Put(list(statements_in(tree))[number], ast.Pass()).visit(tree)
            yield Change(number, 5 if isinstance(statement, ast.AugAssign) else 4, "", _text(tree))


def _reads_well(line: str) -> bool:
    """Tell whether a line is short, and without the second brackets that its normal form has around a generator."""
    return len(line) <= _LONGEST and not ("((" in line and " for " in line)


def _text(tree: ast.FunctionDef) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


def _hands_out(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom | ast.Await) for node in ast.walk(statement))


class _Put(ast.NodeTransformer):
    """Puts a node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return self.new
        return self.generic_visit(node)


def _slips(node: ast.AST) -> Iterator[_Way]:
    """Yield what a person could have written in place of a node."""
    match node:
        case ast.keyword(arg="axis" | "dim", value=ast.Constant(value=0)):
            yield 10, lambda n: ast.keyword(node.arg, ast.Constant(1))
        case ast.keyword(arg="axis" | "dim", value=ast.Constant(value=1)):
            yield 10, lambda n: ast.keyword(node.arg, ast.Constant(0))
        case ast.keyword(arg="axis" | "dim", value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
            yield 10, lambda n: ast.keyword(node.arg, ast.Constant(0))
        case ast.Call(keywords=keywords) if any(k.arg in ("keepdims", "keepdim") for k in keywords):
            yield 10, _without_keepdims
        case ast.Attribute(attr="T"):
            yield 8, lambda n: n.value if isinstance(n, ast.Attribute) else None
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "torch"))):
            return
        case ast.Call(func=ast.Attribute(attr=name)) if name in _LEFT_OUT:
            worth = 5 if name in ("copy", "astype") else 7
            yield (
                worth,
                lambda n: n.func.value if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) else None,
            )
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(), ast.Constant(value=None)])):
            yield 9, _with_the_axis_in_front
        case ast.AugAssign(target=target):
            yield 8 if isinstance(node.op, ast.Add) else 4, lambda n: _assigned(n, target)


def _without_keepdims(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    node.keywords = [keyword for keyword in node.keywords if keyword.arg not in ("keepdims", "keepdim")]


def _with_the_axis_in_front(node: ast.AST) -> None:
    assert isinstance(node, ast.Subscript)
    assert isinstance(node.slice, ast.Tuple)
    node.slice.elts.reverse()


def _assigned(node: ast.AST, target: ast.expr) -> ast.Assign:
    assert isinstance(node, ast.AugAssign)
    return ast.Assign([copy.deepcopy(target)], node.value, lineno=node.lineno)


def _engine(node: ast.AST) -> Iterator[_Way]:
    """Yield the mutation engine's changes of an expression; of a statement, only those of its operator."""
    if not isinstance(node, ast.stmt) or isinstance(node, ast.AugAssign):
        # A number that is another one says little about the code: it is asked about where there is nothing else.
        worth = 1 if isinstance(node, ast.Constant) else 3
        yield from ((worth, change) for change in changes_of(node))
