"""Questions about shapes: of what a line gives to a name, or of a sum, product or ``einsum`` within a line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from coursekit.questions.question import Choice, Offer
from coursekit.questions.running import Run
from coursekit.questions.seen import After, made_of, others_at, shape_of, steps_of, when
from coursekit.questions.subject import Subject, expressions_of, names_given

__all__ = ["shape_offers"]

Shape: TypeAlias = tuple[int, ...]

_REDUCTIONS = frozenset(
    {"sum", "mean", "max", "min", "amax", "amin", "std", "var", "argmax", "argmin", "any", "all", "prod"}
    | {"norm", "median", "logsumexp"}
)
_MOVES = frozenset(
    {"reshape", "transpose", "swapaxes", "moveaxis", "permute", "squeeze", "unsqueeze", "expand_dims", "tensordot"}
    | {"sliding_window_view", "broadcast_to", "outer", "stack", "concatenate", "dot"}
)
#: Calls whose shape stands in their words.
_TELLING = frozenset(
    {"zeros", "ones", "empty", "full", "eye", "arange", "zeros_like", "ones_like", "empty_like", "asarray", "array"}
    | {"copy", "permutation", "ravel", "flatten", "nonzero"}
)
_MOST_TEXT = 48


def shape_offers(subject: Subject, run: Run, after: After) -> Iterator[Offer]:
    """Yield what can be asked about shapes.

    Args:
        subject: The function.
        run: Its run.
        after: Changes and their runs, which give wrong choices.
    """
    for number, statement in enumerate(subject.statements):
        for name in names_given(statement):
            made = made_of(statement, name)
            shape, last = (shape_of(values.get((number, name))) for values in (run.values, run.last))
            worth = _worth(made, run, number)
            if not shape or not last or not worth or isinstance(statement, ast.AugAssign):
                continue
            if shape != last:
                wrong = [(shape, "That is its shape the first time.")]
                offer = _offer(subject, run, after, number, name, made, last, wrong, worth + 1.5, last=True)
                yield offer
            elif _is_news(shape, made, run, number):
                yield _offer(subject, run, after, number, name, made, shape, [], worth + 0.5)
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return | ast.Expr):
            yield from _of_parts(subject, run, after, number, statement)


def _of_parts(subject: Subject, run: Run, after: After, number: int, statement: ast.stmt) -> Iterator[Offer]:
    for node in expressions_of(statement):
        if node is statement.value or not isinstance(node, ast.BinOp | ast.Call):  # type: ignore[attr-defined]
            continue
        about = ast.unparse(node)
        shape = shape_of(run.parts.get((number, about)))
        if isinstance(node, ast.Call) and not _is_telling_einsum(node, shape):
            continue
        worth = _worth(node, run, number)
        if shape and worth and len(about) <= _MOST_TEXT and _is_news(shape, node, run, number):
            yield _offer(subject, run, after, number, about, node, shape, [], worth)


def _offer(
    subject: Subject,
    run: Run,
    after: After,
    number: int,
    about: str,
    made: ast.expr,
    shape: Shape,
    wrong: list[tuple[Shape, str]],
    worth: float,
    *,
    last: bool = False,
) -> Offer:
    where = f"line {subject.line(number)}"
    if about.isidentifier():
        text = f"What is the shape of `{about}` after {where} has run{when(run, number, last=last)}?"
    else:
        text = f"What is the shape of `{about}` in {where}{when(run, number, verb=' when it runs')}?"
    why = steps_of(made, run, number, f"`{about}` {_written(shape)}", last=last)
    shapes = [(shape_of(other), why) for other, why in others_at(number, about, after, last=last)]
    nearby = [(other, why) for other, why in shapes if other is not None and abs(len(other) - len(shape)) < 2]
    rules = list(_wrong(shape, made, run, number))
    # What a slip in the line gives comes first, and then the misconceptions; so at most two are of one kind.
    wrong = [*wrong, *rules[:1], *nearby, *rules[1:]]
    choices = tuple(Choice(_written(other), why) for other, why in wrong if other != shape and 0 not in other)
    return Offer("shape", number, worth, text, Choice(_written(shape), why), choices, about, last=last)


def _written(shape: Shape) -> str:
    return repr(tuple(map(int, shape)))


def _worth(made: ast.expr, run: Run, number: int) -> float:
    """Say how telling the shape of an expression is; 0 for not at all."""
    if _called(made) in _TELLING:
        return 0
    operations = sum(_moves_axes(node, run, number) for node in ast.walk(made))
    if not operations:
        return 6 if isinstance(made, ast.Call) and not isinstance(made.func, ast.Attribute) else 0
    return 6.5 + min(operations, 3)


def _moves_axes(node: ast.AST, run: Run, number: int) -> bool:
    """Tell whether a node gives another shape than it is given."""
    if isinstance(node, ast.BinOp):
        sides = {shape_of(run.parts.get((number, ast.unparse(side)))) for side in (node.left, node.right)}
        return isinstance(node.op, ast.MatMult) or (len(sides - {None, ()}) > 1)
    if isinstance(node, ast.Subscript):
        return shape_of(run.parts.get((number, ast.unparse(node)))) not in (None, ())
    name = _called(node)
    return name in _MOVES or name == "einsum" or (name in _REDUCTIONS and _has_axis(node))


def _is_telling_einsum(node: ast.Call, shape: Shape | None) -> bool:
    """Tell whether the letters that an ``einsum`` keeps are more than one, or do not stand in the line."""
    return _called(node) == "einsum" and (len(shape or ()) > 1 or not isinstance(node.args[0], ast.Constant))


def _has_axis(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(keyword.arg in ("axis", "dim") for keyword in node.keywords)


def _called(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name
    return ""


def _operands(made: ast.expr, run: Run, number: int) -> list[tuple[str, Shape]]:
    """Return the arrays that an expression reads, by what they are called there, with their shapes."""
    found = {}
    for node in ast.walk(made):
        if isinstance(node, ast.Name | ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
            shape = shape_of(run.parts.get((number, ast.unparse(node))))
            if shape and node is not made:
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
    if isinstance(made, ast.BinOp) and isinstance(made.op, ast.MatMult):
        yield from _of_product(made, run, number)
    for name, other in _operands(made, run, number):
        if len(other) == len(shape):
            yield other, f"That is the shape of `{name}`."
    if shape[::-1] != shape:
        yield shape[::-1], "That is the shape of its transpose."
    if len(shape) > 2:
        yield (*shape[:-2], shape[-1], shape[-2]), "Its last two axes stand the other way round."
        yield shape[1:], "Its first axis is there, too."
    elif len(shape) == 1:
        yield (*shape, 1), "It has one axis: it is neither a row nor a column."
        yield (1, *shape), "It has one axis: it is neither a row nor a column."
    for name, other in _operands(made, run, number):
        yield other, f"That is the shape of `{name}`."
    if len(shape) == 2:
        yield shape[:1], "It has two axes."
        yield shape[1:], "It has two axes."
    if len(shape) > 1:
        yield (1, *shape), "There is no axis of length 1 in front."


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
    for axis in range(len(base)):
        gone, whole = base[:axis] + base[axis + 1 :], (*base[:axis], 1, *base[axis + 1 :])
        if shape in (gone, whole):
            yield (gone, "That is the shape without keepdims=True.") if kept else (whole, "That is with keepdims=True.")
    for axis in range(len(base)):
        gone, whole = base[:axis] + base[axis + 1 :], (*base[:axis], 1, *base[axis + 1 :])
        if shape not in (gone, whole):
            yield (whole if kept else gone), f"That is for axis={axis}: the axis that is named is the one that goes."
            yield (gone if kept else whole), f"That is for axis={axis}: the axis that is named is the one that goes."


def _of_product(made: ast.BinOp, run: Run, number: int) -> Iterator[tuple[Shape, str]]:
    sides = [shape_of(run.parts.get((number, ast.unparse(side)))) for side in (made.left, made.right)]
    if any(side is None or len(side) != 2 for side in sides):
        return
    left, right = (side for side in sides if side is not None)
    yield (right[1], left[0]), "Rows come from the left factor, columns from the right one."
    yield (left[1], left[1]), "The axis that both factors share goes; the outer two stay."
