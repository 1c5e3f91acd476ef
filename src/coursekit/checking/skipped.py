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
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, TypeAlias

from coursekit.cells import is_explore
from coursekit.checking.effects import Effect, effect_of
from coursekit.checking.statements import MAX_PARSED, brief, is_definition, statements_of

__all__ = [
    "Skipped",
    "absent_when_graded",
    "all_skipped",
    "definitions_in",
    "kept",
    "left_out",
    "names_when_graded",
    "skipped_file",
    "skipped_in",
]

Skipped: TypeAlias = frozenset[str]

_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_DIGITS = 12
#: What Python takes for the end of a line.
_LINE_END = re.compile(r"\r\n|\r|\n")


@functools.lru_cache(maxsize=512)
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
    places = {(s.lineno, s.col_offset) for s in left}
    return _on_their_lines(source, [s for s in statements if (s.lineno, s.col_offset) not in places], left)


def definitions_in(source: str) -> str:
    """Return a cell's definitions alone, on the lines where they stand; nothing of a cell that cannot be read."""
    try:
        statements = statements_of(source) if len(source) <= MAX_PARSED else []
    except _UNREADABLE:
        return ""
    left = [s for s in statements if not is_definition(s)]
    return _on_their_lines(source, list(filter(is_definition, statements)), left) if len(left) < len(statements) else ""


def _on_their_lines(source: str, staying: Sequence[ast.stmt], left: Sequence[ast.stmt]) -> str:
    """Return a cell's text without the statements that are left out of it."""
    gone = {line for s in left for line in range(_first_line(s), (s.end_lineno or s.lineno) + 1)}
    if any(line in gone for s in staying for line in (_first_line(s), s.end_lineno)):
        # Two statements share a line.
        return "\n".join(map(ast.unparse, staying))
    return "\n".join("" if number in gone else line for number, line in enumerate(_LINE_END.split(source), 1)).rstrip()


def absent_when_graded(executed: Sequence[str], lab: str) -> frozenset[str]:
    """Return the names that a session has and grading will not have, or not with the same value.

    These are bound only by statements that grading leaves out, or bound or filled by statements that need such a name.

    Args:
        executed: The cells that have been run, in their order.
        lab: The lab's stem.
    """
    absent, other = names_when_graded(executed, lab)
    return absent | other


def names_when_graded(executed: Sequence[str], lab: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of :func:`absent_when_graded` apart: those that are not there, and those with another value."""
    there: set[str] = set()
    absent: set[str] = set()
    other: set[str] = set()
    imported: set[str] = set()
    functions: dict[str, Effect] = {}
    for source in executed:
        for effect in _effects(source, lab):
            called = _called(effect, functions)
            needs = effect.needs.union(*(each.later for each in called))
            binds = effect.binds.union(*(each.sets for each in called))
            if effect.left:
                absent |= effect.binds - there - other
            elif needs & (absent | other) and not effect.copes:
                other |= (binds | (effect.fills - imported)) & there
                absent |= binds - there - other
                there -= other
            else:
                there |= binds
                absent -= binds
                other -= binds
            imported = imported | effect.binds if effect.imports else imported - effect.binds
            for name in effect.binds:
                functions.pop(name, None)
            functions.update(dict.fromkeys(effect.binds if effect.later or effect.sets else (), effect))
    return frozenset(absent), frozenset(other)


def _called(effect: Effect, functions: Mapping[str, Effect]) -> list[Effect]:
    """Return the functions of the notebook that a statement calls, and those that they may call."""
    waiting, found = [*effect.calls], dict[str, Effect]()
    while waiting:
        name = waiting.pop()
        if name in functions and name not in found:
            found[name] = functions[name]
            waiting += functions[name].later
    return list(found.values())


@functools.lru_cache(maxsize=512)
def _effects(source: str, lab: str) -> tuple[Effect, ...]:
    """Return what the statements of a cell do with names."""
    if len(source) > MAX_PARSED:
        return ()
    try:
        statements = statements_of(source)
        left = {(s.lineno, s.col_offset) for s in left_out(source, _all_skipped(lab))}
    except _UNREADABLE:
        return ()
    return tuple(effect_of(s, left=(s.lineno, s.col_offset) in left) for s in statements)


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
