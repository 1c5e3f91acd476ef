"""A lab's checks, found by its name, and the ``check`` function that a notebook calls."""

from __future__ import annotations

import importlib
import linecache
import os
import pkgutil
import sys
import traceback
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from coursekit.checking.display import Report
from coursekit.checking.forms import forms
from coursekit.checking.notebook import NotebookStudent
from coursekit.checking.progress import start
from coursekit.checking.student import function_source
from coursekit.checking.verdicts import Check, Exercise, judge
from coursekit.errors import CourseError, UnknownNameError

__all__ = ["Lab", "checks_for", "hidden_source", "lab_names", "load_lab"]

#: Set by nbgrader while it grades (``"autograde"``) or validates (``"validate"``).
NBGRADER_VARIABLE = "NBGRADER_EXECUTION"


@dataclass(frozen=True)
class Lab:
    """The exercises of a lab.

    Attributes:
        name: The lab's stem, such as ``"01_softmax"``.
        exercises: The exercises by slug, in the order of the lab.
    """

    name: str
    exercises: Mapping[str, Exercise]

    def exercise(self, slug: str) -> Exercise:
        """Return an exercise.

        Raises:
            UnknownNameError: If the lab has none of that name.
        """
        if slug not in self.exercises:
            raise UnknownNameError("exercise", slug, self.exercises)
        return self.exercises[slug]


def lab_names() -> list[str]:
    """List the labs that the package has checks for."""
    package = importlib.import_module("coursekit.checks")
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def load_lab(name: str, *, hidden: Path | str | None = None) -> Lab:
    """Load a lab's checks.

    Args:
        name: The lab's stem, such as ``"01_softmax"``.
        hidden: A folder of hidden checks, with a module for each lab, or the text of such a module; by default, no
            hidden checks.

    Raises:
        UnknownNameError: If there is no such lab.
        CourseError: If the folder of hidden checks does not exist, a file of them cannot be loaded, or a check
            belongs to no exercise.
    """
    if name not in lab_names():
        raise UnknownNameError("lab", name, lab_names())
    module = importlib.import_module(f"coursekit.checks.{name}")
    found = _checks_in(module)
    stand_ins: Mapping[str, Iterable[Callable[..., object]]] = {}
    if hidden is not None:
        extra = _hidden_module(name, hidden if isinstance(hidden, str) else hidden_source(hidden, name))
        hidden_checks = [replace(check, visible=False) for check in _checks_in(extra)]
        found += [*hidden_checks, *_hidden_forms(found, hidden_checks)]
        stand_ins = getattr(extra, "STAND_INS", {})
    points: Mapping[str, float] = module.POINTS
    for slug in [*(check.slug for check in found), *stand_ins]:
        if slug not in points:
            raise CourseError(f"In lab {name}: {UnknownNameError('exercise', slug, points)}")
    exercises = {
        slug: Exercise(
            slug,
            points=worth,
            checks=tuple(check for check in found if check.slug == slug),
            stand_ins=_sources(stand_ins.get(slug, ())),
        )
        for slug, worth in points.items()
    }
    return Lab(name, exercises)


def checks_for(name: str) -> Callable[..., Report]:
    """Return the ``check`` function of a lab, for its notebook.

    ``check("softmax")`` looks at what the calling notebook defines under that name, runs the exercise's
    checks, and returns a report that a notebook shows as a table. While nbgrader grades or validates, the report's
    text is the number of points.

    Args:
        name: The lab's stem, such as ``"01_softmax"``.

    Raises:
        UnknownNameError: If there is no such lab; the function raises it if there is no such exercise.
    """
    grading = bool(os.environ.get(NBGRADER_VARIABLE))
    lab = load_lab(name)
    progress = start(lab.name, tuple(lab.exercises.values()))

    def check(slug: str, *, seed: int = 0) -> Report:
        """Check the answer to an exercise."""
        exercise = lab.exercise(slug)
        student = NotebookStudent(sys._getframe(1).f_globals, lab=name, slugs=lab.exercises)
        verdict = judge(exercise, student, seed=seed)
        progress.note(verdict)
        return Report(verdict, grading=grading)

    return check


def _checks_in(module: ModuleType) -> list[Check]:
    return [value for value in vars(module).values() if isinstance(value, Check)]


def _hidden_forms(visible: Iterable[Check], hidden: Iterable[Check]) -> list[Check]:
    """Return, for each visible check of forms, one that makes the hidden checks' calls in these forms."""
    slugs = {check.slug for check in hidden}
    found = [check for check in visible if check.forms and check.slug in slugs]
    return [replace(forms(c.slug, *c.forms, weight=c.weight, suffix="_on_other_data"), visible=False) for c in found]


def _sources(functions: Iterable[Callable[..., object]]) -> dict[str, str]:
    """Return the texts of stand-ins by their names; each may call the others."""
    by_name = {function.__name__: function for function in functions}
    return {name: function_source(function, beside=tuple(by_name)) for name, function in by_name.items()}


def hidden_source(folder: Path, name: str) -> str:
    """Return the text of a lab's hidden checks; an empty text if there are none.

    Raises:
        CourseError: If there is no such folder, or the file cannot be read.
    """
    if not folder.is_dir():
        raise CourseError(
            f"The folder of hidden checks {str(folder)!r} does not exist. It belongs in the course folder,"
            f" beside nbgrader_config.py; an empty folder means that a course has no hidden checks."
        )
    path = folder / f"{name}.py"
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"The hidden checks {str(path)!r} cannot be read: {error}") from error


def _hidden_module(name: str, source: str) -> ModuleType:
    """Make a module of a lab's hidden checks from its text, which need not be in a file."""
    module = ModuleType(f"coursekit_hidden_{name}")
    file = f"<hidden checks of {name} {zlib.crc32(source.encode()):08x}>"
    # Where inspect looks for the text of a probe.
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        exec(compile(source, file, "exec", dont_inherit=True), vars(module))  # noqa: S102 - the course's own
    except Exception as error:
        place = f"hidden/{name}.py:{_line_in(file, error)}"
        raise CourseError(
            f"The hidden checks of {name} cannot be loaded: {type(error).__name__}: {error} ({place})"
        ) from error
    return module


def _line_in(file: str, error: Exception) -> int:
    """Return the line of a file, counted from 1, at which an error arose or that is not Python."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno or 1
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return (lines[-1] if lines else None) or 1
