"""A function run on a small input, with what it does taken down: what each line gives, and how often it runs.

Calls that take notes are put into the function's normal form, and the whole runs with bounds on steps and time.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any

import numpy as np

from coursekit.checking.plain import NotPlainError, Plain, equal, to_plain
from coursekit.errors import NothingToAskError
from coursekit.questions.subject import names_given, parsed, statements_in

__all__ = ["ABSENT", "Example", "Run", "run"]

#: Statements that one run may take; the examples take hundreds.
MOST_STEPS = 20_000
#: Seconds that one run may take; the examples take milliseconds.
LIMIT_S = 2.0
#: Entries of the largest array that is looked at.
MOST_ENTRIES = 4096
#: What stands for a value that is no plain data, or too large.
ABSENT: Any = object()

#: What the function's file is called in its code.
_FILE = "<question>"
_LINE, _VALUE, _PART = "__coursekit_line__", "__coursekit_value__", "__coursekit_part__"
_CLOSED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr)
_LISTS = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Example:
    """A small input: statements, of which the last is an expression that calls the function.

    Attributes:
        text: The statements. Where they begin with ``n = 3``, ``n`` is the size that can be doubled.
    """

    text: str

    @property
    def size(self) -> int | None:
        """The size that can be doubled."""
        match ast.parse(self.text).body[0]:
            case ast.Assign(targets=[ast.Name(id="n")], value=ast.Constant(value=int(size))):
                return size
        return None

    def doubled(self) -> Example:
        """Return the example at twice its size."""
        first, _, rest = self.text.partition("\n")
        return Example(f"{first.replace(str(self.size), str(2 * (self.size or 0)))}\n{rest}")


@dataclass
class Run:
    """What a run was seen to do.

    Attributes:
        counts: How often each statement ran.
        values: By statement and name, what it gave that name when it first ran.
        last: The same, when it last ran.
        parts: By statement and text, what a part of it gave when it first ran.
        last_parts: The same, when it last ran.
        n_calls: How often the function was called.
        result: What the example's last expression gave.
        error: What stopped it, as ``"ValueError: …"``; empty if nothing did.
        at: The statement that ran last.
    """

    counts: list[int]
    values: dict[tuple[int, str], Plain] = field(default_factory=dict)
    last: dict[tuple[int, str], Plain] = field(default_factory=dict)
    parts: dict[tuple[int, str], Plain] = field(default_factory=dict)
    last_parts: dict[tuple[int, str], Plain] = field(default_factory=dict)
    n_calls: int = 0
    result: Plain = None
    error: str = ""
    at: int = -1

    @property
    def steps(self) -> int:
        """How many statements ran."""
        return sum(self.counts)

    def agrees_with(self, other: Run) -> bool:
        """Tell whether another run took the same way."""
        mine, theirs = ([each.counts, each.n_calls, each.error, each.at] for each in (self, other))
        return mine == theirs

    def agreed(self, other: Run) -> Run:
        """Return what is the same in another run, such as the shape alone of an array that was not filled yet."""
        result = self.result if _same(self.result, other.result) else ABSENT
        values, last = _in_common(self.values, other.values), _in_common(self.last, other.last)
        parts, last_parts = _in_common(self.parts, other.parts), _in_common(self.last_parts, other.last_parts)
        return replace(self, values=values, last=last, parts=parts, last_parts=last_parts, result=result)


class _TooLongError(BaseException):
    """A run has used up its steps or its time; a BaseException, so that ``except Exception`` does not take it."""


def run(
    code: str, example: Example, namespace: Mapping[str, Any], *, closely: bool = False, shaken: bool = False
) -> Run:
    """Run a function in normal form on an example.

    Args:
        code: The function.
        example: The input.
        namespace: The names beside which it runs; they are copied, not what they stand for.
        closely: Whether the parts of each line are taken down, too.
        shaken: Whether the input's numbers are changed before the last line, always in the same way.

    Raises:
        NothingToAskError: It takes too long.
    """
    function = parsed(code)
    seen = Run([0] * len(list(statements_in(function))))
    _import_what_is_imported(function)
    notes = _Notes(seen)
    names = {**namespace, _LINE: notes.line, _VALUE: notes.value, _PART: notes.part}
    *setup, last = ast.parse(example.text).body
    assert isinstance(last, ast.Expr)
    try:
        with _quiet(), _alarm():
            _execute(_watched(function, closely), names)
            _execute(ast.Module(setup, []), names)
            if shaken:
                rng = np.random.default_rng(0)
                given = [name for statement in setup for name in names_given(statement)]
                names.update({name: _shaken(names[name], rng) for name in given})
            seen.result = _kept(eval(_compiled(ast.Expression(last.value), "eval"), names))  # noqa: S307
    except _TooLongError:
        raise NothingToAskError("It takes too many steps, or too long, on a small input.") from None
    except (Exception, SystemExit) as error:
        seen.error = f"{type(error).__name__}: {_first_line(error)}"
    return seen


def _import_what_is_imported(function: ast.FunctionDef) -> None:
    """Import what a function imports: the first time that may take seconds, which are not the function's."""
    for node in ast.walk(function):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        for name in names:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


class _Notes:
    """Takes down what a run does.

    Args:
        seen: Where it is put.
    """

    def __init__(self, seen: Run) -> None:
        self.seen = seen
        self.left = MOST_STEPS
        self.deadline = time.monotonic() + LIMIT_S

    def line(self, statement: int) -> None:
        """Note that a statement begins; the function itself counts as number -1."""
        self.left -= 1
        if self.left < 0 or time.monotonic() > self.deadline:
            raise _TooLongError
        if statement < 0:
            self.seen.n_calls += 1
        else:
            self.seen.counts[statement] += 1
            self.seen.at = statement

    def value(self, statement: int, name: str, given: Any) -> None:
        """Note what a statement has given a name."""
        self.seen.last[statement, name] = kept = _kept(given)
        self.seen.values.setdefault((statement, name), kept)

    def part(self, statement: int, text: str, given: Any) -> Any:
        """Note what a part of a statement has given, and give it on."""
        self.seen.last_parts[statement, text] = kept = _kept(given)
        self.seen.parts.setdefault((statement, text), kept)
        return given


def _kept(value: object) -> Plain:
    """Return a copy of a value, if it is plain data and small."""
    if isinstance(value, np.ndarray) and value.size > MOST_ENTRIES:
        return ABSENT
    try:
        return to_plain(value)
    except NotPlainError:
        return ABSENT


def _shaken(value: Any, rng: np.random.Generator) -> Any:
    """Return a value with the fractions in its arrays moved a little, and bytes drawn anew."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value + rng.uniform(0.1, 0.9, value.shape)
    if isinstance(value, np.ndarray) and value.dtype == np.uint8:
        return rng.integers(0, 256, value.shape, np.uint8)
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(_shaken(each, rng) for each in value)
    return value


def _watched(function: ast.FunctionDef, closely: bool) -> ast.Module:
    """Make a function take notes."""
    numbers = {id(node): i for i, node in enumerate(statements_in(function))}
    if closely:
        for statement in statements_in(function):
            _watch_parts(statement, numbers[id(statement)])
    function.body = [_call(_LINE, ast.Constant(-1)), *_watched_list(function.body, numbers)]
    return ast.Module([function], [])


def _watched_list(statements: list[ast.stmt], numbers: Mapping[int, int]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in statements:
        number = ast.Constant(numbers[id(statement)])
        found.append(_call(_LINE, number))
        found.append(_watched_statement(statement, numbers))
        for name in names_given(statement):
            found.append(_call(_VALUE, number, ast.Constant(name), ast.Name(name, ast.Load())))
    return found


def _watched_statement(statement: ast.stmt, numbers: Mapping[int, int]) -> ast.stmt:
    for name, value in ast.iter_fields(statement):
        if name in _LISTS and value:
            setattr(statement, name, _watched_list(value, numbers))
        elif name in ("handlers", "cases"):
            for each in value:
                each.body = _watched_list(each.body, numbers)
    return statement


def _watch_parts(statement: ast.stmt, number: int) -> None:
    for name in ("value", "test", "iter", "exc"):
        if isinstance(value := getattr(statement, name, None), ast.expr):
            setattr(statement, name, _Parts(number).visit(value))


class _Parts(ast.NodeTransformer):
    """Puts calls that take notes around the parts of one statement."""

    def __init__(self, statement: int) -> None:
        self.statement = statement

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, _CLOSED) or not isinstance(node, ast.expr | ast.keyword):
            return node
        text = ast.unparse(node) if _is_looked_at(node) else ""
        self._visit_parts(node)
        if not text:
            return node
        return _call(_PART, ast.Constant(self.statement), ast.Constant(text), node).value  # type: ignore[arg-type]

    def _visit_parts(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                node.func.value = self.visit(node.func.value)
            node.args = [self.visit(each) for each in node.args]
            node.keywords = [self.visit(each) for each in node.keywords]
        else:
            self.generic_visit(node)


def _is_looked_at(node: ast.AST) -> bool:
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    return isinstance(node, ast.Call | ast.BinOp | ast.Subscript | ast.Name | ast.Compare) or (
        isinstance(node, ast.Attribute) and node.attr == "T"
    )


def _call(name: str, *args: ast.expr) -> ast.Expr:
    return ast.Expr(ast.Call(ast.Name(name, ast.Load()), list(args), []))


def _execute(module: ast.Module, names: dict[str, Any]) -> None:
    exec(_compiled(module, "exec"), names)  # noqa: S102 - the student's function, and the course's own example


def _compiled(tree: Any, mode: str) -> Any:
    return compile(ast.fix_missing_locations(tree), _FILE, mode, dont_inherit=True)


def _first_line(error: BaseException) -> str:
    try:
        return (str(error).strip().partition("\n")[0] or "no message")[:200]
    except Exception:
        return "no message"


def _in_common(mine: dict[Any, Plain], theirs: dict[Any, Plain]) -> dict[Any, Plain]:
    return {key: _common(value, theirs.get(key, ABSENT)) for key, value in mine.items()}


def _common(a: Plain, b: Plain) -> Plain:
    """Return a value if another is the same; of arrays of one shape, at least that shape."""
    if _same(a, b):
        return a
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape:
        return np.full(a.shape, np.nan)
    return ABSENT


def _same(a: Plain, b: Plain) -> bool:
    return a is b or (a is not ABSENT and b is not ABSENT and equal(a, b))


class _Nowhere(io.TextIOBase):
    """Takes what is printed, and keeps nothing of it."""

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    nowhere = _Nowhere()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    """End what sleeps or computes without taking steps, where a signal can."""
    if threading.current_thread() is not threading.main_thread() or sys.platform in ("win32", "emscripten"):
        yield
        return

    def stop(_: int, frame: FrameType | None) -> None:
        if _may_be_stopped(frame):
            raise _TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    # Again and again, for code that catches everything.
    left = signal.setitimer(signal.ITIMER_REAL, LIMIT_S, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left[0]:
            signal.setitimer(signal.ITIMER_REAL, *left)


def _may_be_stopped(frame: FrameType | None) -> bool:
    """Tell whether the function runs, and is not just importing: half an import spoils a package for good.

    Where the function has ended, what puts things back must not be stopped.
    """
    runs = False
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return False
        runs = runs or frame.f_code.co_filename == _FILE
        frame = frame.f_back
    return runs
