"""Cells to look at, which draw, load data and train: what of them grading leaves out, and which names it misses then.

A *look* is what a released cell to look at does beside defining: the digests of those of its statements that are not
run when work is graded. A cell of a notebook is taken for one of these cells if at least half of these statements are
in it; what a student has added to it is the student's own, and is run.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import TypeAlias

from coursekit.checking.statements import bound_by, brief, is_definition, needed_by, statements_of

__all__ = ["Look", "absent_when_graded", "kept", "left_out", "look_of", "looks_file", "looks_of"]

Look: TypeAlias = frozenset[str]

_TAG = "explore"
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_DIGITS = 12
#: A cell that is longer is not looked into.
_MAX_CHARACTERS = 100_000


def look_of(source: str) -> Look:
    """Return the look of a released cell to look at; empty if it only defines."""
    return frozenset(_digest(source, s) for s in statements_of(source) if not is_definition(s))


def looks_file(lab: str) -> str:
    """Name the file, beside a lab's visible checks, that holds its looks: a list of lists of digests."""
    return f"{lab}.looks.json"


def looks_of(notebook: Mapping[str, object]) -> list[Look]:
    """Return the looks of a released notebook, in its order."""
    cells: Iterable[Mapping[str, dict[str, object]]] = notebook["cells"]  # type: ignore[assignment]
    found = ("".join(cell["source"]) for cell in cells if _TAG in cell["metadata"].get("tags", ()))  # type: ignore[operator]
    return list(filter(None, map(look_of, found)))


def left_out(source: str, looks: Sequence[Look]) -> list[ast.stmt]:
    """Return the statements of a cell that are not run when work is graded.

    Args:
        source: The cell's text.
        looks: What the cell may be.

    Raises:
        SyntaxError, ValueError, RecursionError: If the text cannot be read.
    """
    statements = [(_digest(source, statement), statement) for statement in statements_of(source)]
    digests = {digest for digest, _ in statements}
    look = max(looks, key=lambda look: len(look & digests), default=frozenset())
    if not look or 2 * len(look & digests) < len(look):
        return []
    return [statement for digest, statement in statements if digest in look]


def kept(source: str, looks: Sequence[Look]) -> str:
    """Return what of a cell is run when work is graded, on the lines where it stands; nothing if it cannot be read."""
    try:
        left, statements = left_out(source, looks), statements_of(source)
    except _UNREADABLE:
        return ""
    gone = {line for s in left for line in range(_first_line(s), (s.end_lineno or s.lineno) + 1)}
    places = {(s.lineno, s.col_offset) for s in left}
    staying = [s for s in statements if (s.lineno, s.col_offset) not in places]
    if any(line in gone for s in staying for line in (_first_line(s), s.end_lineno)):
        # Two statements share a line.
        return "\n".join(map(ast.unparse, staying))
    return "\n".join("" if number in gone else line for number, line in enumerate(source.splitlines(), 1)).rstrip()


def absent_when_graded(executed: Sequence[str], lab: str) -> frozenset[str]:
    """Return the names that a session has and grading will not have.

    These are bound only by statements that grading leaves out, or by statements that need such a name.

    Args:
        executed: The cells that have been run, in their order.
        lab: The lab's stem.
    """
    there: set[str] = set()
    absent: set[str] = set()
    for source in executed:
        for names, needs, left in _steps(source, lab):
            if left or needs & absent:
                absent |= names - there
            else:
                there |= names
                absent -= names
    return frozenset(absent)


@functools.lru_cache(maxsize=512)
def _steps(source: str, lab: str) -> tuple[tuple[frozenset[str], frozenset[str], bool], ...]:
    """Return, for each statement of a cell, what it binds, what it needs, and whether grading leaves it out."""
    if len(source) > _MAX_CHARACTERS:
        return ()
    try:
        statements = statements_of(source)
        left = {(s.lineno, s.col_offset) for s in left_out(source, _looks(lab))}
    except _UNREADABLE:
        return ()
    return tuple(
        (frozenset(bound_by(s)), frozenset(needed_by(s)), (s.lineno, s.col_offset) in left) for s in statements
    )


@functools.cache
def _looks(lab: str) -> tuple[Look, ...]:
    try:
        found = json.loads((resources.files("coursekit.checks") / looks_file(lab)).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(map(frozenset, found))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _digest(source: str, statement: ast.stmt) -> str:
    return hashlib.sha256(brief(source, statement).encode()).hexdigest()[:_DIGITS]
