"""The function that is asked about: the student's own lines, and the same text in one normal form.

All that is decided about questions is decided on the normal form, which comments and spacing leave as it is.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import Any

from coursekit.checking.statements import statements_of
from coursekit.errors import NothingToAskError

__all__ = [
    "Line",
    "Subject",
    "expressions_of",
    "first_line",
    "helpers_of",
    "names_given",
    "parsed",
    "statements_in",
    "subject_of",
]

_MOST_CHARACTERS = 20_000
_MOST_STATEMENTS = 120


@dataclass(frozen=True)
class Line:
    """A line of the student's cell.

    Attributes:
        number: Counted from 1, as the notebook counts the lines of a cell.
        text: As it was typed.
    """

    number: int
    text: str


@dataclass(frozen=True)
class Subject:
    """A function as its questions see it.

    Attributes:
        slug: Its name.
        code: The function in normal form, one line for each statement, without its docstring.
        lines: The student's lines, without the docstring's.
        places: The student's line on which each statement begins and ends, in the order of :func:`statements_in`.
    """

    slug: str
    code: str
    lines: tuple[Line, ...]
    places: tuple[tuple[int, int], ...]

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """The statements within the function, in order, those within others too."""
        return list(statements_in(self.tree))

    @cached_property
    def tree(self) -> ast.FunctionDef:
        """The normal form as a tree."""
        return self.copy()

    def copy(self) -> ast.FunctionDef:
        """Return a tree of the normal form that may be changed."""
        return parsed(self.code)

    @property
    def calls_itself(self) -> bool:
        """Whether the function reads its own name."""
        return any(isinstance(node, ast.Name) and node.id == self.slug for node in ast.walk(self.tree))

    @property
    def is_random(self) -> bool:
        """Whether the function draws random numbers, which nobody can tell by reading."""
        return any(word in self.code for word in ("rng", "random", "manual_seed"))

    def line(self, statement: int) -> int:
        """Return the student's line on which a statement begins."""
        return self.places[statement][0]

    @property
    def mark(self) -> str:
        """Two digits that follow from the code, and stand in the answers to graded questions about it."""
        return f"{int(self.shuffled('mark')[:8], 16) % 90 + 10}"

    def shuffled(self, *parts: object) -> str:
        """Return a text that follows from the code and some parts, to put things in an order that tells nothing."""
        return hashlib.sha256(repr((self.code, *parts)).encode()).hexdigest()


def subject_of(source: str, slug: str) -> Subject:
    """Find a function in the text of its cell.

    Args:
        source: The cell.
        slug: The function's name; where it is defined twice, the last counts.

    Raises:
        NothingToAskError: There is no such function written with ``def``, or it is of a kind that is not asked about.
    """
    if len(source) > _MOST_CHARACTERS:
        raise NothingToAskError(f"Its cell has more than {_MOST_CHARACTERS:,} characters.")
    try:
        body = statements_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NothingToAskError("Its cell cannot be read as Python.") from None
    named = [node for node in body if getattr(node, "name", "") == slug]
    if not named or not isinstance(named[-1], ast.FunctionDef):
        raise NothingToAskError(f"{slug} is not written with `def` at the beginning of a line.")
    function = named[-1]
    if function.decorator_list:
        raise NothingToAskError(f"{slug} has a decorator: what runs is no longer its lines alone.")
    return _subject(slug, function, source.split("\n"))


def helpers_of(subject: Subject, namespace: Mapping[str, Any]) -> tuple[str, ...]:
    """Describe the notebook's functions that a function calls, each by its head and the first line of its docstring."""
    names = {node.id: None for node in ast.walk(subject.tree) if isinstance(node, ast.Name)}
    found = []
    for name in names:
        function = namespace.get(name)
        doc = function.__doc__ if isinstance(function, FunctionType) and name != subject.slug else None
        if isinstance(function, FunctionType) and doc and doc.strip():
            found.append(f"{name}{inspect.signature(function)}: {doc.strip().splitlines()[0]}")
    return tuple(found)


def parsed(code: str) -> ast.FunctionDef:
    """Return the tree of a function in normal form."""
    tree = ast.parse(code).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


def statements_in(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements within a node, in the order of the text."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from statements_in(child)


def expressions_of(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement's own line: without the statements within it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def names_given(statement: ast.stmt) -> list[str]:
    """Return the names to which a statement gives a value, those in ``a, b = …`` too."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=names)]):
            pass
        case ast.Assign(targets=names):
            pass
        case ast.AugAssign(target=target):
            names = [target]
        case _:
            return []
    return [name.id for name in names if isinstance(name, ast.Name)]


def first_line(statement: ast.stmt) -> str:
    """Write a statement's own line as people do, without brackets around all that is given or returned."""
    text = ast.unparse(statement).partition("\n")[0]
    for node in ast.walk(statement):
        if isinstance(node, ast.GeneratorExp):
            text = text.replace(f"({ast.unparse(node)})", ast.unparse(node))
    value = getattr(statement, "value", None)
    if isinstance(statement, ast.Assign | ast.Return) and isinstance(value, ast.Tuple) and len(value.elts) > 1:
        whole = ast.unparse(value)
        return text.removesuffix(whole) + whole[1:-1]
    return text


def _subject(slug: str, function: ast.FunctionDef, texts: list[str]) -> Subject:
    docstring = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    plain = copy.deepcopy(function)
    if docstring is not None:
        plain.body = plain.body[1:] or [ast.Pass()]
    try:
        tree = ast.parse(ast.unparse(ast.fix_missing_locations(plain))).body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NothingToAskError("Its text is nested too deeply.") from None
    typed = [node for node in statements_in(function) if node is not docstring]
    if not isinstance(tree, ast.FunctionDef) or len(typed) != len(list(statements_in(tree))):
        raise NothingToAskError(f"{slug} says nothing but its docstring.")
    if len(typed) > _MOST_STATEMENTS:
        raise NothingToAskError(f"{slug} has more than {_MOST_STATEMENTS} statements.")
    hidden = range(docstring.lineno, (docstring.end_lineno or 0) + 1) if docstring is not None else range(0)
    numbers = range(function.lineno, (function.end_lineno or 0) + 1)
    lines = tuple(Line(i, texts[i - 1].rstrip()) for i in numbers if i not in hidden)
    places = tuple((node.lineno, node.end_lineno or node.lineno) for node in typed)
    return Subject(slug, ast.unparse(tree), lines, places)
