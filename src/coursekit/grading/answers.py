"""Which exercises a notebook answers, and where."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from coursekit.cells import exercise_of, grade_id, is_solution
from coursekit.checking.plain import Plain
from coursekit.checking.reach import reach_of
from coursekit.checking.statements import MAX_PARSED, bound_by, bound_unseen, heads_in, statements_of
from coursekit.grading.check_cell import Cell

__all__ = ["answered_in", "cells_above", "functions_of", "own_cells", "perhaps_answered_in", "reached_in", "sources_of"]

#: A notebook in nbformat 4: JSON as plain data.
Notebook: TypeAlias = dict[str, Any]

#: What binds names of a notebook that need not stand in its text.
_BINDS_UNSEEN = re.compile(
    r"\b(?:globals|locals|vars)\(\)[ \t]*(?:\[[^=\n]{0,200}\][ \t]*=(?!=)|\|=|\.(?:update|setdefault|__setitem__)\b)"
    r"|\bsetattr\(|\.user_ns\b|\.push\(|__dict__\b|\b(?:exec|execfile|run_cell|run_line_magic)\("
    r"|^[ \t]*(?:from[ \t]+(?!numpy\b|math\b|torch\b)[\w.]+[ \t]+import[ \t]+\*|%run\b)",
    re.MULTILINE,
)
#: Functions among which one is looked for that may have been meant.
_MAX_FUNCTIONS, _MAX_NAME = 500, 100


def own_cells(notebook: Notebook, released: Notebook) -> Iterator[Cell]:
    """Yield the code cells whose text is not as it was released."""
    before = {(cell.get("id"), cell["source"].strip()) for cell in released["cells"]}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and (cell.get("id"), cell["source"].strip()) not in before:
            yield cell


def answered_in(notebook: Notebook, released: Notebook, slugs: Collection[str]) -> set[str]:
    """Return which exercises a notebook answers: its cell is changed, or another of the student's defines its name.

    Args:
        notebook: The notebook, rebuilt.
        released: The notebook as students got it.
        slugs: The exercises: each the grade_id of its solution cell, and the name to define.
    """
    found: set[str] = set()
    for cell in own_cells(notebook, released):
        found.update(slug for slug in slugs if is_solution(cell) and grade_id(cell) == slug)
        found.update(_bound_of(cell["source"], slugs, unseen=True))
    return found


def perhaps_answered_in(notebook: Notebook, released: Notebook, slugs: Collection[str]) -> set[str]:
    """Return which exercises a notebook names where it binds names that its text does not show.

    Such as ``globals().update(vars(Answers))``, or all names of a module that it has written.
    """
    own = [cell["source"] for cell in own_cells(notebook, released)]
    if not any(_BINDS_UNSEEN.search(source) for source in own if len(source) <= MAX_PARSED):
        return set()
    return {slug for slug in slugs if any(slug in source for source in own)}


def functions_of(notebook: Notebook, released: Notebook) -> list[str]:
    """List the functions and classes that the student's cells seem to define: the first of them, of very many."""
    names = (name for cell in own_cells(notebook, released) for name in heads_in(cell["source"]))
    return list(itertools.islice((name for name in names if len(name) <= _MAX_NAME), _MAX_FUNCTIONS))


def sources_of(notebook: Notebook) -> Mapping[str, str]:
    """Return the text of the cell that answers each exercise of a rebuilt notebook, by the exercise's slug.

    That is the last cell above the exercise's check that defines it; the exercise's own cell if none does.
    """
    slugs = [grade_id(cell) for cell in notebook["cells"] if cell["cell_type"] == "code" and is_solution(cell)]
    own: dict[str, str] = {}
    bound: dict[str, str] = {}
    sources: dict[str, str] = {}
    for cell in notebook["cells"]:
        slug = exercise_of(cell)
        if cell["cell_type"] != "code":
            continue
        if is_solution(cell):
            own[grade_id(cell)] = cell["source"]
        if slug is None:
            bound |= dict.fromkeys(_bound_of(cell["source"], slugs), cell["source"])
        elif slug in own:
            sources[slug] = bound.get(slug, own[slug])
    return own | sources


def cells_above(slug: str, notebook: Notebook) -> list[str]:
    """Return the texts of the code cells above an exercise's check, without checks."""
    above: list[str] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and exercise_of(cell) == slug:
            break
        if cell["cell_type"] == "code" and exercise_of(cell) is None:
            above.append(cell["source"])
    return above


def reached_in(slug: str, cells: list[str], given: list[str], known: list[str]) -> Plain:
    """Return what an answer reaches, as plain data: its text, and the names that no cell defines."""
    reach = reach_of(slug, cells, given=given, known=known)
    return {"text": reach.text, "unknown": list(reach.unknown)}


def _bound_of(source: str, names: Collection[str], *, unseen: bool = False) -> set[str]:
    """Return which of the names a cell binds; one that is no Python binds nothing.

    Args:
        source: The cell's text.
        names: The names that are looked for.
        unseen: Whether what it may bind as it runs, or binds in a module that it writes, counts too.
    """
    if len(source) > MAX_PARSED:
        return set()
    said = _words(source).intersection(names)
    return set(said & _bound_in(source, unseen=unseen)) if said else set()


@functools.lru_cache(maxsize=256)
def _words(source: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", source))


@functools.lru_cache(maxsize=256)
def _bound_in(source: str, *, unseen: bool = False) -> frozenset[str]:
    """Return the names that a cell binds: read once, for all exercises."""
    try:
        statements = statements_of(source, files=unseen)
        seen = (name for statement in statements for name in bound_by(statement))
        return frozenset(seen).union(*map(bound_unseen, statements if unseen else ()))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
