"""A call as lines of Python that a student can paste into a cell."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from coursekit.checking.calls import Call
from coursekit.checking.plain import Plain

__all__ = ["call_text"]

#: The most numbers of an array that are written out.
_MOST_ENTRIES = 24
#: The most characters of an array that are not rounded.
_MOST_CHARACTERS = 120
_DIGITS = 3
_MOST_LINES = 16
_ROUNDED = "numbers are rounded"
_LIKE = "random numbers like the check's"


def call_text(call: Call) -> str:
    """Write a call so that it can be pasted; nothing if it is too long for that.

    Long numbers are rounded, and large arrays replaced by random ones of the same shape and range; a comment says so.
    """
    writer = _Writer(call.layout)
    if call.text:
        return _probe_text(call, writer)
    arguments = [*map(writer.write, call.args), *(f"{name}={writer.write(v)}" for name, v in call.kwargs.items())]
    return f"{writer.comment()}{call.name}({', '.join(arguments)})"


def _probe_text(call: Call, writer: _Writer) -> str:
    """Write a probe's lines with its inputs above them; as a whole where it returns in the middle."""
    (function,) = _Bare(call.kwargs).visit(ast.parse(call.text)).body
    if not isinstance(function, ast.FunctionDef):
        return ""
    inputs = [f"{name} = {writer.write(value)}" for name, value in call.kwargs.items()]
    inputs += [f"{name} = {ast.unparse(value)}" for name, value in _defaults(function) if name not in call.kwargs]
    *body, last = function.body
    early = any(isinstance(node, ast.Return) for statement in body for node in ast.walk(statement))
    if isinstance(last, ast.Return) and last.value is not None and not early:
        lines = [*map(ast.unparse, body), ast.unparse(last.value)]
    else:
        lines = [ast.unparse(function), f"{call.name}({', '.join(f'{a.arg}={a.arg}' for a in function.args.args)})"]
    read = {node.id for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Name)}
    text = writer.comment() + "\n".join([line for line in inputs if line.partition(" = ")[0] in read] + lines)
    return text if text.count("\n") < _MOST_LINES else ""


def _defaults(function: ast.FunctionDef) -> list[tuple[str, ast.expr]]:
    names = [argument.arg for argument in function.args.args]
    n_defaults = len(function.args.defaults)
    return [*zip(names[len(names) - n_defaults :], function.args.defaults, strict=True)]


class _Bare(ast.NodeTransformer):
    """Takes from code what a student does not need to run it: docstrings and types.

    Args:
        inputs: The probe's inputs, by name: a text among them that the probe evaluates stands where it does so.
    """

    def __init__(self, inputs: Mapping[str, Plain]) -> None:
        self.inputs = inputs

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            node.body = node.body[1:]
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        if node.value is None:
            return None
        self.generic_visit(node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name("eval"), [ast.Call(ast.Name("compile"), [ast.Name(name), *_]), *_]):
                text = self.inputs.get(name)
                return ast.parse(text, mode="eval").body if isinstance(text, str) else node
        return node


class _Writer:
    """Writes plain data as Python, and notes what it has shortened.

    Args:
        layout: How arrays are to lie in memory.
    """

    def __init__(self, layout: str) -> None:
        self.layout = layout
        self.notes: dict[str, None] = {}

    def comment(self) -> str:
        return f"# {'; '.join(self.notes)}\n" if self.notes else ""

    def write(self, value: Plain) -> str:
        if isinstance(value, np.ndarray):
            return self._laid_out(self._array(value), value)
        if isinstance(value, list | tuple):
            items = ", ".join(map(self.write, value))
            return f"[{items}]" if isinstance(value, list) else f"({items}{',' if len(value) == 1 else ''})"
        if isinstance(value, dict):
            return f"{{{', '.join(f'{key!r}: {self.write(item)}' for key, item in value.items())}}}"
        return _number(value) if isinstance(value, float) else repr(value)

    def _array(self, array: np.ndarray) -> str:
        dtype = "" if array.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{array.dtype.name}"
        if array.size > 1 and (array == array.flat[0]).all() and array.size > _MOST_ENTRIES // 2:
            return f"np.full({array.shape}, {_number(array.flat[0].item())}{dtype})"
        if array.size == 0 or array.dtype.kind == "c":
            return f"np.zeros({array.shape}{dtype})"
        if array.size > _MOST_ENTRIES:
            self.notes[_LIKE] = None
            return _alike(array)
        text = _nested(array.tolist())
        if len(text) > _MOST_CHARACTERS and array.dtype.kind == "f":
            self.notes[_ROUNDED] = None
            text = _nested(np.array([float(f"{v:.{_DIGITS}g}") for v in array.flat]).reshape(array.shape).tolist())
        return f"np.array({text}{dtype})"

    def _laid_out(self, text: str, array: np.ndarray) -> str:
        """Write how an array lies in memory, as :data:`coursekit.checking.calls.LAYOUTS` does it."""
        if self.layout == "fortran":
            return f"np.asfortranarray({text})"
        if self.layout == "strided" and array.ndim:
            return f"{text}.repeat(2, axis=-1)[..., ::2]"
        return f"np.broadcast_to({text}, {array.shape})" if self.layout == "read-only" else text


def _nested(value: Any) -> str:
    return f"[{', '.join(map(_nested, value))}]" if isinstance(value, list) else _number(value)


def _number(value: Any) -> str:
    if not isinstance(value, float):
        return repr(value)
    if not np.isfinite(value):
        return {"nan": "np.nan", "inf": "np.inf"}.get(str(value), "-np.inf")
    return f"{value:.0f}." if value.is_integer() and abs(value) < 1e9 else repr(value)


def _alike(array: np.ndarray) -> str:
    """Write an expression that gives random numbers of an array's shape and range."""
    low, high = array.min().item(), array.max().item()
    draw = "np.random.default_rng(0)"
    if array.dtype.kind == "b":
        return f"{draw}.random({array.shape}) < 0.5"
    if array.dtype.kind in "iu":
        text = f"{draw}.integers({low}, {high + 1}, size={array.shape})"
        return text if array.dtype == np.int64 else f"{text}.astype(np.{array.dtype.name})"
    if low >= 0 and high <= 1:
        text = f"{draw}.random({array.shape})"
    else:
        spread = float(np.std(array[np.isfinite(array)]))
        text = f"{draw}.normal(scale={spread:.1g}, size={array.shape})"
    return text if array.dtype == np.float64 else f"{text}.astype(np.{array.dtype.name})"
