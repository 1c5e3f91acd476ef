"""The two modules of checks that are built from a lab: the visible one, shipped with the package, and the hidden one.

A module is what ``lab.py`` says in its section, the exercises' points (in the visible one), and the section of each
exercise in the lab's order. Every line but a few is an author's, so an error in a module can be led back to its source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coursekit.authoring.lab import LabSource
from coursekit.authoring.sections import Section

__all__ = ["MODULE_FOLDERS", "ModuleLine", "module_bytes", "module_lines"]

MODULE_FOLDERS = {"visible": Path("src/coursekit/checks"), "hidden": Path("autograde/hidden")}
"""Where the modules of each kind stand, under the course's root."""


class ModuleLine(NamedTuple):
    """A line of a built module, and where it was written: nowhere, for the few that the build adds."""

    text: str
    path: Path | None = None
    line: int = 0


def module_bytes(lab: LabSource, kind: str) -> bytes | None:
    """Return a lab's module as it stands in its file; None where the lab has no checks of that kind."""
    lines = module_lines(lab, kind)
    return "".join(f"{line.text}\n" for line in lines).encode() if lines else None


def module_lines(lab: LabSource, kind: str) -> list[ModuleLine]:
    """Return the lines of a lab's module, each with where it was written.

    Args:
        lab: The lab.
        kind: ``"visible"`` or ``"hidden"``.
    """
    shared = lab.visible if kind == "visible" else lab.hidden
    if shared is None:
        return []
    lines = [*_head(lab, shared, kind)]
    for exercise in lab.exercises:
        section = exercise.visible if kind == "visible" else exercise.hidden
        if section is not None:
            lines += [*_blank(2), ModuleLine(f"# labs/{lab.stem}/{exercise.path.name}"), *_blank(_gap(section.text, 0))]
            lines += _written(section)
    return lines


def _head(lab: LabSource, shared: Section, kind: str) -> Iterator[ModuleLine]:
    yield ModuleLine(f"# Built by `coursekit build` from labs/{lab.stem}/. Edit the files there, not this one.")
    written = list(_written(shared))
    n_docstring = _docstring_lines(shared.text)
    yield from written[:n_docstring]
    yield from (ModuleLine(""), ModuleLine("from __future__ import annotations"))
    yield from written[n_docstring:]
    if kind == "visible":
        yield from _blank(_gap(shared.text, -1))
        yield ModuleLine("#: What each exercise is worth, in the order of the lab.")
        entries = [ModuleLine(f'    "{exercise.slug}": {exercise.points!r},') for exercise in lab.exercises]
        yield from (ModuleLine("POINTS = {"), *entries, ModuleLine("}"))
        yield from _asked(lab)


def _asked(lab: LabSource) -> Iterator[ModuleLine]:
    """Yield the inputs of the questions about a student's own code, as texts by exercise."""
    asked = {exercise.slug: exercise.ask for exercise in lab.exercises if exercise.ask is not None}
    if not asked:
        return
    yield ModuleLine("#: The input with which questions about one's own code are asked, by exercise.")
    yield ModuleLine("ASKED = {")
    for slug, section in asked.items():
        yield from (ModuleLine(f'    "{slug}": """'), *_written(section), ModuleLine('""",'))
    yield ModuleLine("}")


def _written(section: Section) -> Iterator[ModuleLine]:
    for number, text in enumerate(section.text.split("\n"), section.line):
        yield ModuleLine(text, section.path, number)


def _docstring_lines(text: str) -> int:
    """Return how many lines a module's docstring takes at the head of a text."""
    match ast.parse(text).body[:1]:
        case [ast.Expr(value=ast.Constant(value=str())) as docstring]:
            return docstring.end_lineno or 0
    return 0


def _blank(n: int) -> list[ModuleLine]:
    return [ModuleLine("")] * n


def _gap(text: str, index: int) -> int:
    """Return how many blank lines formatters want beside a section's first (0) or last (-1) statement."""
    body = ast.parse(text).body
    return 2 if body and isinstance(body[index], ast.FunctionDef | ast.ClassDef) else 1
