"""Cells to look at, which draw, load data and train: what of them grading leaves out, and which names it misses then.

What is *skipped* of such a cell is all that it does beside defining: the statements that are not run when work is
graded, each known by a digest of its text. A cell of a notebook is taken for one of these cells if at least half of
these statements are in it; what a student has added to it is the student's own, and is run.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, TypeAlias

from coursekit.cells import is_explore
from coursekit.checking.statements import bound_by, brief, is_definition, needed_by, statements_of

__all__ = ["Skipped", "absent_when_graded", "all_skipped", "kept", "left_out", "skipped_file", "skipped_in"]

Skipped: TypeAlias = frozenset[str]

_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_DIGITS = 12
#: A cell that is longer is not looked into.
_MAX_CHARACTERS = 100_000


def skipped_in(source: str) -> Skipped:
    """Return what is skipped of a released cell to look at; nothing if it only defines."""
    return frozenset(_digest(source, s) for s in statements_of(source) if not is_definition(s))


def skipped_file(lab: str) -> str:
    """Name the file, beside a lab's visible checks, that says what is skipped: a list of digests for each cell."""
    return f"{lab}.skipped.json"


def all_skipped(notebook: Mapping[str, Any]) -> list[Skipped]:
    """Return what is skipped of each cell to look at of a released notebook, in its order."""
    found = ("".join(cell["source"]) for cell in notebook["cells"] if is_explore(cell))
    return list(filter(None, map(skipped_in, found)))


def left_out(source: str, skipped: Sequence[Skipped]) -> list[ast.stmt]:
    """Return the statements of a cell that are not run when work is graded.

    Args:
        source: The cell's text.
        skipped: What the cell may be.

    Raises:
        SyntaxError, ValueError, RecursionError: If the text cannot be read.
    """
    statements = [(_digest(source, statement), statement) for statement in statements_of(source)]
    digests = {digest for digest, _ in statements}
    nearest = max(skipped, key=lambda each: len(each & digests), default=frozenset())
    if not nearest or 2 * len(nearest & digests) < len(nearest):
        return []
    return [statement for digest, statement in statements if digest in nearest]


def kept(source: str, skipped: Sequence[Skipped]) -> str:
    """Return what of a cell is run when work is graded, on the lines where it stands; nothing if it cannot be read."""
    try:
        left, statements = left_out(source, skipped), statements_of(source)
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
        left = {(s.lineno, s.col_offset) for s in left_out(source, _all_skipped(lab))}
    except _UNREADABLE:
        return ()
    return tuple(
        (frozenset(bound_by(s)), frozenset(needed_by(s)), (s.lineno, s.col_offset) in left) for s in statements
    )


@functools.cache
def _all_skipped(lab: str) -> tuple[Skipped, ...]:
    try:
        found = json.loads((resources.files("coursekit.checks") / skipped_file(lab)).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(map(frozenset, found))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _digest(source: str, statement: ast.stmt) -> str:
    return hashlib.sha256(brief(source, statement).encode()).hexdigest()[:_DIGITS]
