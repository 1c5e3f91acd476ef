"""A lab as its authors write it: a folder with ``lab.py`` and a file for each exercise.

``lab.py`` holds the lab's opening and closing, the order of its exercises, and what their checks share. All else
about an exercise stands in its own file: prose, stub and answer, its check cell with the points, its visible and
hidden checks, the answers that test them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.answers import Survivor, Variant
from coursekit.authoring.script import ScriptCell
from coursekit.authoring.sections import Section
from coursekit.cells import points_of

__all__ = ["LAB_FILE", "ExerciseSource", "LabSource", "check_names"]

LAB_FILE = "lab.py"
"""The file in a lab's folder that is no exercise's."""


@dataclass(frozen=True)
class ExerciseSource:
    """What stands in an exercise's file.

    Args:
        slug: The exercise; the file's stem.
        path: The file.
        cells: Its part of the notebooks.
        visible: Its visible checks, if there are any.
        hidden: Its hidden checks, if there are any.
        variants: Its right and wrong answers.
        survivors: The mutants of its reference answer that may survive.
        ask: The input of the questions about the student's own code, if they are asked.
    """

    slug: str
    path: Path
    cells: tuple[ScriptCell, ...]
    visible: Section | None = None
    hidden: Section | None = None
    variants: tuple[Variant, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    ask: Section | None = None

    @property
    def points(self) -> float:
        """What the exercise is worth: the points of its check cell."""
        return next(points_of({"metadata": cell.metadata}) for cell in self.cells if cell.role == "check")


@dataclass(frozen=True)
class LabSource:
    """A lab's sources.

    Args:
        stem: The lab's name, that of its folder.
        cells: The cells of the notebooks, in order.
        exercises: The exercises, in order.
        visible: What all visible checks share, the module's docstring first; None where the lab has none.
        hidden: What all hidden checks share; None where the lab has none.
    """

    stem: str
    cells: tuple[ScriptCell, ...]
    exercises: tuple[ExerciseSource, ...]
    visible: Section | None
    hidden: Section | None

    def sections(self, kind: str) -> list[Section]:
        """Return its sections of a kind, ``"visible"`` or ``"hidden"``, in the order of their module."""
        if kind == "visible":
            sections = [self.visible, *(exercise.visible for exercise in self.exercises)]
        else:
            sections = [self.hidden, *(exercise.hidden for exercise in self.exercises)]
        return [section for section in sections if section is not None]


def check_names(section: Section) -> Iterator[tuple[str, str, int]]:
    """Yield the checks that a section of valid Python defines: name, exercise, line in the file.

    Where an exercise is tried in other forms, so are its hidden checks' calls, in a check of that name.
    """
    for node in ast.parse(section.text).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="forms"), args=[ast.Constant(value=str(slug)), *_]),
            ):
                yield from ((each, slug, section.line + node.lineno - 1) for each in (name, f"{name}_on_other_data"))
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(func=ast.Name(id="checks"), args=[ast.Constant(value=str(slug)), *_]):
                    yield node.name, slug, section.line + node.lineno - 1
