"""Questions about shapes: of what a line gives to a name, and of a part of a line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import Run
from coursekit.questions.subject import Subject, expressions_of

__all__ = ["shape_offers"]

Shape: TypeAlias = tuple[int, ...]

_REDUCTIONS = frozenset(
    {
        "sum",
        "mean",
        "max",
        "min",
        "amax",
        "amin",
        "std",
        "var",
        "argmax",
        "argmin",
        "any",
        "all",
        "prod",
        "norm",
        "median",
        "logsumexp",
    }
)
_MOVES = frozenset(
    {
        "reshape",
        "transpose",
        "swapaxes",
        "moveaxis",
        "permute",
        "squeeze",
        "unsqueeze",
        "expand_dims",
        "ravel",
        "flatten",
    }
)
_MAKERS = frozenset(
    {
        "zeros",
        "ones",
        "empty",
        "full",
        "eye",
        "arange",
        "zeros_like",
        "ones_like",
        "empty_like",
        "asarray",
        "array",
        "copy",
    }
)
_MOST_TEXT = 60


def shape_offers(subject: Subject, run: Run) -> Iterator[Offer]:
    """Yield what can be asked about shapes."""
    for number, statement in enumerate(subject.statements):
        if not run.counts[number]:
            continue
        yield from _of_a_name(subject, run, number, statement)
        yield from _of_parts(subject, run, number, statement)


def _of_a_name(subject: Subject, run: Run, number: int, statement: ast.stmt) -> Iterator[Offer]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=made):
            shape = shape_of(run.values.get(number))
            worth = _worth(made)
            if shape and worth and _is_news(shape, made, run, number):
                text = f"What is the shape of `{name}` after line {subject.line(number)} has run{first(run, number)}?"
                yield _offer(text, name, number, worth + 1, shape, made, run)


def _of_parts(subject: Subject, run: Run, number: int, statement: ast.stmt) -> Iterator[Offer]:
    if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return | ast.Expr):
        return
    for node in expressions_of(statement):
        if not isinstance(node, ast.Call | ast.BinOp | ast.Subscript) or node is statement.value:
            continue
        about = ast.unparse(node)
        shape = shape_of(run.parts.get((number, about)))
        worth = _worth(node)
        if shape and worth > 6 and len(about) <= _MOST_TEXT and _is_news(shape, node, run, number):
            where = f"line {subject.line(number)}"
            text = f"In {where}, what is the shape of `{about}`{' when it runs' if first(run, number) else ''}"
            yield _offer(f"{text}{first(run, number)}?", about, number, worth, shape, node, run)


def _offer(text: str, about: str, number: int, worth: float, shape: Shape, made: ast.expr, run: Run) -> Offer:
    right = Choice(_written(shape), f"Its shape is {_written(shape)}.")
    wrong = [Choice(_written(other), why) for other, why in _wrong(shape, made, run, number) if other != shape]
    return Offer("shape", number, worth, text, right, tuple(wrong), about)


def first(run: Run, number: int) -> str:
    """Say that a line's first run is meant, where it runs more than once."""
    return " for the first time" if run.counts[number] > 1 else ""


def shape_of(value: Plain) -> Shape | None:
    """Return an array's shape; None for anything else."""
    return value.shape if isinstance(value, np.ndarray) else None


def _written(shape: Shape) -> str:
    return repr(tuple(map(int, shape)))


def _worth(made: ast.expr) -> float:
    """Say how telling the shape of an expression is; 0 for not at all."""
    name = _called(made)
    if name in _REDUCTIONS and _keyword(made, "axis", "dim") is not None:
        return 9 if _keyword(made, "keepdims", "keepdim") is not None else 8
    if name in _MOVES or _has_new_axis(made):
        return 8
    if isinstance(made, ast.BinOp):
        return 8 if any(isinstance(node, ast.MatMult) for node in ast.walk(made)) else 7
    if isinstance(made, ast.Subscript):
        return 5
    if name in _MAKERS:
        return 3
    return 7 if isinstance(made, ast.Call) else 0


def _called(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name
    return ""


def _keyword(node: ast.AST, *names: str) -> ast.expr | None:
    keywords = node.keywords if isinstance(node, ast.Call) else []
    return next((keyword.value for keyword in keywords if keyword.arg in names), None)


def _has_new_axis(made: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Subscript)
        and any(isinstance(part, ast.Constant) and part.value is None for part in ast.walk(node.slice))
        for node in ast.walk(made)
    )


def _operands(made: ast.expr, run: Run, number: int) -> list[tuple[str, Shape]]:
    """Return the arrays that an expression reads, by what they are called there, with their shapes."""
    found = {}
    for node in ast.walk(made):
        if isinstance(node, ast.Name | ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
            shape = shape_of(run.parts.get((number, ast.unparse(node))))
            if shape is not None and node is not made:
                found[ast.unparse(node)] = shape
    return list(found.items())


def _is_news(shape: Shape, made: ast.expr, run: Run, number: int) -> bool:
    """Tell whether a shape is none of those that the expression's arrays have."""
    return all(shape != other for _, other in _operands(made, run, number))


def _wrong(shape: Shape, made: ast.expr, run: Run, number: int) -> Iterator[tuple[Shape, str]]:
    """Yield wrong shapes, each with the misconception that leads to it."""
    yield from _of_reduction(shape, made, run, number)
    if 1 in shape:
        yield tuple(n for n in shape if n != 1), "An axis of length 1 is there, too."
    if shape[::-1] != shape:
        yield shape[::-1], "That is the shape of its transpose."
    if isinstance(made, ast.BinOp) and isinstance(made.op, ast.MatMult):
        yield from _of_product(made, run, number)
    if len(shape) > 2:
        yield (*shape[:-2], shape[-1], shape[-2]), "Its last two axes stand the other way round."
        yield (*shape[1:], shape[0]), "Its axes stand in another order."
    for name, other in _operands(made, run, number):
        yield other, f"That is the shape of {name}."
    if 1 not in shape:
        yield (*shape, 1), "There is no axis of length 1."
    if len(shape) > 1:
        yield (int(np.prod(shape)),), "It keeps its axes."
        yield shape[1:], "No axis went."
    yield (1, *shape), "There is no axis of length 1 in front."
    yield shape * 2, "It has one axis for each of its sizes, not two."


def _of_reduction(shape: Shape, made: ast.expr, run: Run, number: int) -> Iterator[tuple[Shape, str]]:
    if _called(made) not in _REDUCTIONS or not isinstance(made, ast.Call):
        return
    given = made.func.value if isinstance(made.func, ast.Attribute) else None
    base = shape_of(run.parts.get((number, ast.unparse(given)))) if given is not None else None
    if base is None and made.args:
        base = shape_of(run.parts.get((number, ast.unparse(made.args[0]))))
    if base is None or len(base) < 2:
        return
    kept = len(shape) == len(base)
    if kept:
        flat = tuple(n for n, whole in zip(shape, base, strict=True) if n == whole)
        yield flat, "That is the shape without keepdims=True."
    axes = [i for i in range(len(base)) if (base[:i] + base[i + 1 :]) != shape]
    for axis in axes:
        rest = (*base[:axis], 1, *base[axis + 1 :]) if kept else base[:axis] + base[axis + 1 :]
        yield rest, f"That is the shape for axis={axis}: the axis that is named is the one that goes."
    yield base, "That is the shape before: the axis that is named goes."
    yield (), "That would be one number, over all axes."


def _of_product(made: ast.BinOp, run: Run, number: int) -> Iterator[tuple[Shape, str]]:
    sides = [shape_of(run.parts.get((number, ast.unparse(side)))) for side in (made.left, made.right)]
    if any(side is None or len(side) != 2 for side in sides):
        return
    left, right = (side for side in sides if side is not None)
    yield (left[1], left[1]), "The axis that both factors share goes; the outer two stay."
    yield (right[0], left[0]), "The axis that both factors share goes; the outer two stay."
