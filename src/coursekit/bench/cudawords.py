"""A student's kernel for :mod:`coursekit.gpu` in the words of CUDA, as numba.cuda spells them in Python.

What is translated are words, not ideas: where a thread stands, shared memory, barriers, numbers in single precision.
All else stays as its author wrote it, and the lines with something that a GPU's compiler is likely to refuse are named.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from coursekit.errors import BenchError

__all__ = ["CudaText", "in_cuda"]

_PLACES = {"thread": "threadIdx", "block": "blockIdx", "size": "blockDim", "blocks": "gridDim"}
_AXES = ("x", "y")
#: Functions and attributes of Python's own that stand for something on a GPU, too.
_CALLS = frozenset({"range", "len", "min", "max", "abs", "int", "float", "bool"})
_ATTRIBUTES = frozenset({"shape", *_AXES})
_NO_COUNTERPART = (
    *(ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Dict, ast.Set, ast.List, ast.Lambda),
    *(ast.JoinedStr, ast.Starred, ast.With, ast.Try, ast.Raise, ast.Yield, ast.YieldFrom, ast.Import, ast.ImportFrom),
)
_TABLE = "border-collapse:collapse;font-size:.85em;"
_CELL = "text-align:left;vertical-align:top;white-space:pre-wrap;border:none;padding:.1em .8em .1em .2em;"
_CODE = "background:none;padding:0;white-space:pre-wrap;"
_TINT = "background:rgba(0,114,178,.14);"
_MARK = "  # ?"


@dataclass(frozen=True)
class CudaText:
    """A kernel, line beside line. As the result of a cell it shows itself.

    Attributes:
        name: The kernel's name.
        threads: Threads of a block along x and y.
        lines: For each line but those of the docstring, its author's text and CUDA's.
        untranslated: Numbers of the lines, from 0, with something that has no counterpart here.
        helpers: What the kernel uses of the notebook's, in CUDA's words: functions and numbers.
    """

    name: str
    threads: tuple[int, int]
    lines: tuple[tuple[str, str], ...]
    untranslated: frozenset[int] = frozenset()
    helpers: str = ""

    @property
    def text(self) -> str:
        """The program in CUDA's words: what the kernel uses, and the kernel."""
        return "\n".join([self.helpers, *(cuda for _, cuda in self.lines)]).strip("\n") + "\n"

    def __str__(self) -> str:
        rows = []
        for number, (own, cuda) in enumerate(self.lines):
            if own == cuda:
                rows.append(f"           {own}{_MARK if number in self.untranslated else ''}".rstrip())
            else:
                rows += [f"yours      {own}".rstrip()] if own else []
                rows.append(f"  in CUDA  {cuda}{_MARK if number in self.untranslated else ''}")
        return "\n".join([*rows, *self._remarks()])

    def _repr_html_(self) -> str:
        head = "".join(f'<th style="{_CELL}">{word}</th>' for word in ("yours", "in CUDA’s words (numba.cuda)"))
        rows = "".join(self._row(number) for number in range(len(self.lines)))
        words = "".join(f"<div>{escape(remark)}</div>" for remark in self._remarks())
        return f'<table style="{_TABLE}"><tr>{head}</tr>{rows}</table>{words}'

    def _row(self, number: int) -> str:
        own, cuda = self.lines[number]
        mark = escape(_MARK) if number in self.untranslated else ""
        tint = _TINT if own != cuda else ""
        texts = ((own, ""), (cuda + mark, tint))
        cells = "".join(f'<td style="{_CELL}{t}"><code style="{_CODE}">{escape(text)}</code></td>' for text, t in texts)
        return f"<tr>{cells}</tr>"

    def _remarks(self) -> Iterator[str]:
        if self.helpers:
            yield "It uses what stands elsewhere in the notebook, which is translated with it."
        if self.untranslated:
            yield (
                f"Lines with {_MARK.strip()} ({len(self.untranslated)}) are as you wrote them where they say something "
                "that has no word here, such as a list or sum(…): a GPU's compiler is likely to refuse them."
            )


def in_cuda(kernel: Callable[..., Any], threads: tuple[int, int]) -> CudaText:
    """Put a kernel into CUDA's words.

    Args:
        kernel: A kernel for :func:`coursekit.gpu.launch`, written in a cell or a file.
        threads: Threads of a block along x and y. In a kernel with shared memory they stand as numbers in place of
            its size, because CUDA fixes the shapes of shared arrays when it compiles.

    Raises:
        BenchError: Python does not know the kernel's text.
    """
    own = _without_docstring(_source(kernel))
    used = _used(kernel, own)
    rows = _arrays_apart(own)
    source = "\n".join(line for _, lines in rows for line in lines)
    beside = [text for line, lines in rows for text in (line, *[""] * (len(lines) - 1))]
    definition, thread = _definition(kernel, source)
    translation = _Translation(source, thread, threads if f"{thread}.shared" in source else None)
    lines, untranslated = translation.translated(definition, frozenset(used))
    helpers = "\n\n".join(_helper_text(name, value) for name, value in used.items())
    pairs = (("", "@cuda.jit"), *zip(beside, lines, strict=True))
    return CudaText(definition.name, threads, pairs, frozenset(n + 1 for n in untranslated), helpers)


def _source(function: Callable[..., Any]) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function)).rstrip("\n")
    except (OSError, TypeError) as error:
        raise BenchError(
            f"The text of {getattr(function, '__name__', function)!r} cannot be found: {error}."
        ) from error


def _without_docstring(source: str) -> str:
    match ast.parse(source).body:
        case [ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str())) as docstring, _, *_])]:
            lines = source.split("\n")
            return "\n".join(lines[: docstring.lineno - 1] + lines[docstring.end_lineno :])
    return source


def _definition(kernel: Callable[..., Any], source: str) -> tuple[ast.FunctionDef, str]:
    """Return a kernel's definition and what it calls its thread."""
    match ast.parse(source).body:
        case [ast.FunctionDef(args=ast.arguments(args=[first, *_])) as definition]:
            return definition, first.arg
    raise BenchError(f"{kernel!r} should be a function of a thread and arrays, def kernel(me, A, B, C).")


def _arrays_apart(source: str) -> list[tuple[str, list[str]]]:
    """Return each line with itself, and one that makes two shared arrays with two: CUDA declares each on its own."""
    statements = {node.lineno: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assign)}
    return [(line, _parts(source, line, statements.get(i))) for i, line in enumerate(source.split("\n"), 1)]


def _parts(source: str, line: str, statement: ast.Assign | None) -> list[str]:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
            alone = line.strip() == ast.get_source_segment(source, statement)
            if alone and ast.unparse(statement.value).count(".shared(") > 1:
                indent = line[: statement.col_offset]
                pairs = zip(names, values, strict=True)
                texts = [[ast.get_source_segment(source, each) for each in pair] for pair in pairs]
                return [f"{indent}{name} = {value}" for name, value in texts]
    return [line]


def _used(function: Callable[..., Any], source: str) -> dict[str, Any]:
    """Return the functions and numbers of its module that a function uses, what these use before them."""
    found: dict[str, Any] = {}
    namespace = {name: value for name, value in function.__globals__.items() if value is not function}
    own = set(function.__code__.co_varnames)
    for name in sorted({node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)} - own):
        value = namespace.get(name)
        if inspect.isfunction(value) and value.__module__ == function.__module__:
            found |= {**_used(value, _source(value)), name: value}
        elif type(value) in (int, float, bool):
            found[name] = value
    return found


def _helper_text(name: str, value: Any) -> str:
    if not inspect.isfunction(value):
        return f"{name} = {value!r}"
    return f"@cuda.jit(device=True)\n{_source(value)}"


@dataclass
class _Translation:
    """The text of one function, and what is written over it.

    Attributes:
        source: The text.
        thread: The name of its thread.
        size: Threads of a block, to stand as numbers; None leaves CUDA's word for it.
        edits: Line, first and last column in bytes, and the new text.
    """

    source: str
    thread: str
    size: tuple[int, int] | None
    edits: list[tuple[int, int, int, str]] = field(default_factory=list)
    done: set[int] = field(default_factory=set)

    def translated(self, definition: ast.FunctionDef, helpers: frozenset[str]) -> tuple[list[str], set[int]]:
        """Return the lines of the translation, and the numbers of those with something that has none."""
        for node in ast.walk(definition):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._bare(node.targets[0], node.value)
        for node in ast.walk(definition):
            self._translate(node)
        self._drop_the_thread(definition)
        untranslated = set()
        for node in ast.walk(definition):
            if id(node) not in self.done and self._has_none(node, helpers):
                untranslated.add(getattr(node, "lineno", 1) - 1)
        return self._written(self.source.split("\n")), untranslated

    def _translate(self, node: ast.AST) -> None:
        match node:
            case ast.Yield(value=ast.Call(func=ast.Attribute(attr="barrier") as asked, args=[], keywords=[])):
                if self._is_thread(asked.value) and node.lineno == node.end_lineno:
                    self._replace(node, "cuda.syncthreads()")
            case ast.Call(func=ast.Attribute(attr="shared") as asked, args=[ast.Constant(), shape], keywords=[]):
                if self._is_thread(asked.value):
                    self._shared(node, asked, shape)
            case ast.Attribute(value=ast.Attribute() as place, attr="x" | "y") if word := self._place(place):
                self._replace(node, self._axis(word, _AXES.index(node.attr)))
            case ast.Subscript(value=ast.Attribute() as place, slice=ast.Constant(value=int(axis))) if axis in (0, 1):
                if word := self._place(place):
                    self._replace(node, self._axis(word, axis))
            case ast.Attribute() if word := self._place(node):
                self._replace(node, f"({self._axis(word, 0)}, {self._axis(word, 1)})")
            case ast.Constant(value=float()):
                self._replace(node, f"float32({ast.get_source_segment(self.source, node)})")

    def _bare(self, target: ast.expr, value: ast.expr) -> None:
        """Give a place of its own name to a variable, ``here = me.thread``, so that here.x goes on to hold."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for each, its in zip(target.elts, value.elts, strict=True):
                self._bare(each, its)
        elif isinstance(target, ast.Name) and isinstance(value, ast.Attribute) and (word := self._place(value)):
            self._replace(value, f"cuda.{word}")

    def _shared(self, call: ast.Call, asked: ast.Attribute, shape: ast.expr) -> None:
        """Write ``me.shared("A", shape)`` as ``cuda.shared.array(shape, float32)``."""
        name = call.args[0]
        if call.lineno != call.end_lineno:
            return
        self._replace(asked, "cuda.shared.array")
        self.edits.append((name.lineno, name.col_offset, shape.col_offset, ""))
        end = (call.end_col_offset or 1) - 1
        self.edits.append((call.lineno, end, end, ", float32"))
        self.done.update({id(call), id(name)})

    def _drop_the_thread(self, definition: ast.FunctionDef) -> None:
        """Leave the names of the arrays in the first line, where it is one line without defaults."""
        first, *others = definition.args.args
        last = others[-1] if others else first
        if first.lineno != last.end_lineno or definition.args.defaults:
            return
        end = last.end_col_offset or 0
        self.edits.append((first.lineno, first.col_offset, end, ", ".join(each.arg for each in others)))
        if definition.returns and definition.returns.end_lineno == first.lineno:
            # What stands between is a bracket and an arrow.
            self.edits.append((first.lineno, end + 1, definition.returns.end_col_offset or 0, ""))
        self.done.update(id(node) for each in definition.args.args for node in ast.walk(each))
        if definition.returns:
            self.done.update(map(id, ast.walk(definition.returns)))

    def _replace(self, node: ast.expr, text: str) -> None:
        """Write a text over a node, unless something larger around it has been replaced."""
        if id(node) not in self.done:
            self.edits.append((node.lineno, node.col_offset, node.end_col_offset or 0, text))
            self.done.update(map(id, ast.walk(node)))

    def _is_thread(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.thread

    def _place(self, node: ast.Attribute) -> str:
        """Return CUDA's word for ``me.thread`` and the like; nothing for what is none."""
        return _PLACES.get(node.attr, "") if self._is_thread(node.value) and node.lineno == node.end_lineno else ""

    def _axis(self, word: str, axis: int) -> str:
        return str(self.size[axis]) if self.size and word == "blockDim" else f"cuda.{word}.{_AXES[axis]}"

    def _has_none(self, node: ast.AST, helpers: frozenset[str]) -> bool:
        """Tell whether something has no counterpart in CUDA's words."""
        match node:
            case ast.Name():
                return self._is_thread(node)
            case ast.Call(func=ast.Name(id=name)):
                return name not in _CALLS | helpers
            case ast.Call(func=func):
                return id(func) not in self.done
            case ast.Attribute(attr=attr):
                return attr not in _ATTRIBUTES
        return isinstance(node, _NO_COUNTERPART)

    def _written(self, lines: list[str]) -> list[str]:
        written = [line.encode() for line in lines]
        for number, first, last, text in sorted(self.edits, reverse=True):
            line = written[number - 1]
            written[number - 1] = line[:first] + text.encode() + line[last:]
        return [line.decode() for line in written]
