"""What could be changed in one place of a function: slips that a person makes, and those of the mutation engine."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from coursekit.mutations import changes_of
from coursekit.questions.subject import Subject, expressions_of, first_line, names_given, statements_in

__all__ = ["Change", "changed"]

#: How telling a change is, and a function that changes a copy of a node or returns what comes in its place.
_Way: TypeAlias = tuple[float, Callable[[ast.AST], ast.AST | None]]
#: Characters of the longest line that is shown changed.
_LONGEST = 100
#: Calls that only make another kind of array: whether they can be left out hangs on what comes in.
_CONVERTS = frozenset({"asarray", "array", "asanyarray", "tensor", "as_tensor", "astype", "float", "matrix"})
_KEPT = ("keepdims", "keepdim")
#: Methods whose call is left out.
_LEFT_OUT = frozenset({"transpose", "swapaxes", "permute", "copy", "squeeze", "astype"})


@dataclass(frozen=True)
class Change:
    """A function with one line changed.

    Attributes:
        statement: The statement.
        worth: How telling it is, from 0 to 10; 0 where it only gives wrong choices.
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
    """Yield the function without a line that changes what is there: the rest can still run."""
    alone = {id(block[0]) for block in _blocks(subject.tree) if len(block) == 1}
    given = {each.arg for each in ast.walk(subject.tree.args) if isinstance(each, ast.arg)}
    for number, statement in enumerate(subject.statements):
        names = set(names_given(statement))
        changes = isinstance(statement, ast.AugAssign) or (
            isinstance(statement, ast.Assign)
            and (names <= given if names else isinstance(statement.targets[0], ast.Subscript))
            and not any(_called(node) in _CONVERTS for node in expressions_of(statement))
        )
        given |= names
        if changes:
            tree = subject.copy()
            _Put(list(statements_in(tree))[number], ast.Pass()).visit(tree)
            yield Change(number, 0 if id(statement) in alone else 7, "", _text(tree))


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield value


def _reads_well(line: str) -> bool:
    """Tell whether a line is short enough to be read."""
    return len(line) <= _LONGEST


def _text(tree: ast.FunctionDef) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


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
        case ast.keyword(arg="axis" | "dim", value=ast.Constant(value=0 | 2)):
            yield 9, lambda n: ast.keyword(node.arg, ast.Constant(1))
        case ast.keyword(arg="axis" | "dim", value=ast.Constant(value=1)):
            yield 9, lambda n: ast.keyword(node.arg, ast.Constant(0))
        case ast.keyword(arg="axis" | "dim", value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
            yield 9, lambda n: ast.keyword(node.arg, ast.Constant(0))
        case ast.Call(keywords=keywords) if any(k.arg in _KEPT for k in keywords):
            yield 9, lambda n: _without(n, *_KEPT)
            yield 9, lambda n: _without(n, *_KEPT, "axis", "dim")
        case ast.Call(func=ast.Attribute(attr="sum" | "max" | "mean" | "min"), keywords=[ast.keyword(arg="axis")]):
            yield 6, _with_keepdims
        case ast.Call(func=ast.Attribute(attr="sum" | "max" | "mean" | "min"), args=[axis], keywords=[]) if ast.unparse(
            axis
        ) in ("0", "1", "-1") and not ast.unparse(node).startswith("np."):
            yield 9, lambda n: n.args.__setitem__(0, ast.Constant(int(ast.unparse(axis) == "0")))  # type: ignore[attr-defined]
        case ast.Attribute(attr="T"):
            yield 8, lambda n: n.value if isinstance(n, ast.Attribute) else None
        case ast.BinOp(op=ast.MatMult()):
            yield 7, lambda n: ast.BinOp(n.right, n.op, n.left) if isinstance(n, ast.BinOp) else None
        case ast.BinOp(op=ast.BitAnd()):
            yield 7, lambda n: ast.BinOp(n.left, ast.BitOr(), n.right) if isinstance(n, ast.BinOp) else None
        case ast.UnaryOp(op=ast.USub(), operand=ast.BinOp(left=ast.UnaryOp(operand=whole), op=ast.FloorDiv() as op)):
            yield 8, lambda n: ast.BinOp(whole, op, n.operand.right)  # type: ignore[attr-defined]
        case ast.Call(func=ast.Name(id="reversed"), args=[ast.expr()]):
            yield 8, lambda n: n.args[0] if isinstance(n, ast.Call) else None
        case ast.Call(func=ast.Name(id="range"), args=[_, stop, _]):
            yield 8, lambda n: ast.Call(ast.Name("range", ast.Load()), [copy.deepcopy(stop)], [])
        case ast.Call(func=ast.Attribute(attr="pop"), args=[]):
            yield 7, lambda n: n.args.append(ast.Constant(0)) if isinstance(n, ast.Call) else None
        case ast.Call(func=ast.Attribute(attr="reshape"), args=[_, _]):
            yield 6, lambda n: n.args.reverse() if isinstance(n, ast.Call) else None
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "torch"))):
            return
        case ast.Call(func=ast.Attribute(attr=name)) if name in _LEFT_OUT:
            yield (
                0 if name in ("copy", "astype") else 7,
                lambda n: n.func.value if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) else None,
            )
        case ast.Subscript(slice=ast.Tuple(elts=elts)) if any(_is_new(e) for e in elts):
            yield 9, lambda n: n.value if isinstance(n, ast.Subscript) and _only_new(elts) else None
            yield 8, _with_the_axis_in_front
        case ast.Slice(lower=ast.expr() as lower, upper=ast.BinOp(left=left, op=ast.Add(), right=right)) if ast.dump(
            lower
        ) == ast.dump(left):
            yield 5, lambda n: ast.Slice(copy.deepcopy(lower), copy.deepcopy(right))
        case ast.AugAssign(target=target):
            yield 8 if isinstance(node.op, ast.Add) else 5, lambda n: _assigned(n, target)


def _without(node: ast.AST, *names: str) -> None:
    assert isinstance(node, ast.Call)
    node.keywords = [keyword for keyword in node.keywords if keyword.arg not in names]


def _with_keepdims(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    node.keywords.append(ast.keyword("keepdims", ast.Constant(True)))


def _is_new(part: ast.AST) -> bool:
    return ast.unparse(part) in ("None", "np.newaxis")


def _only_new(parts: list[ast.expr]) -> bool:
    return all(_is_new(part) or ast.unparse(part) == ":" for part in parts)


def _with_the_axis_in_front(node: ast.AST) -> None:
    assert isinstance(node, ast.Subscript)
    assert isinstance(node.slice, ast.Tuple)
    node.slice.elts.sort(key=lambda part: not _is_new(part))


def _assigned(node: ast.AST, target: ast.expr) -> ast.Assign:
    assert isinstance(node, ast.AugAssign)
    return ast.Assign([copy.deepcopy(target)], node.value, lineno=node.lineno)


def _engine(node: ast.AST) -> Iterator[_Way]:
    """Yield the mutation engine's changes of an expression, of a statement only those of its operator.

    What they lead to is worth no question, but it gives wrong choices.
    """
    if not isinstance(node, ast.stmt) or isinstance(node, ast.AugAssign):
        yield from ((0, change) for change in changes_of(node))
