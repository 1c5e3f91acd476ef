"""The input of the questions about a student's own code, as an exercise's file names it under ``# %% ask``.

It is a small script: statements, and last an expression that calls what the student wrote. Where it begins with
``n = 3``, ``n`` is a size that can be doubled.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from coursekit.authoring.lab import ExerciseSource
from coursekit.authoring.report import Finding
from coursekit.authoring.sections import Section
from coursekit.authoring.syntax import syntax_fault

__all__ = ["ask_findings", "asks"]

_LONGEST = 88


def asks(source: str, slug: str = "") -> bool:
    """Tell whether a cell asks about a student's own code, of some exercise or of one."""
    return (f'ask("{slug}"' if slug else 'ask("') in source


def ask_findings(exercises: Iterable[ExerciseSource]) -> Iterator[Finding]:
    """Yield inputs that cannot be used, inputs that no cell asks about, and cells that ask without an input."""
    for exercise in exercises:
        cells = [cell for cell in exercise.cells if asks(cell.source, exercise.slug)]
        if exercise.ask is None:
            for cell in cells:
                yield cell.finding(
                    f"this cell asks about {exercise.slug}, and there is no input for that: write '# %% ask' below the"
                    " checks, with a call on a small input."
                )
            continue
        if not cells:
            yield exercise.ask.finding(
                f'no cell asks with this input; write \'# %% tags=["explore"]\' and ask("{exercise.slug}", answer=None)'
                " below the check."
            )
        yield from _input_findings(exercise.ask, exercise.slug)


def _input_findings(section: Section, slug: str) -> Iterator[Finding]:
    for number, line in enumerate(section.text.split("\n"), section.line):
        if "\\" in line or '"""' in line or "#" in line:
            yield section.finding(f"{line!r} has a backslash, a comment or three quotes; write it without.", number)
        elif len(line) > _LONGEST:
            yield section.finding(
                f"the line has {len(line)} characters; students see it, so at most {_LONGEST}.", number
            )
    if fault := syntax_fault(section.text):
        message = f"the input is not valid Python: {fault.message}: {fault.text!r}."
        yield section.finding(message, section.line + fault.line)
        return
    last = ast.parse(section.text).body[-1:]
    names = {node.id for node in ast.walk(ast.Module(last, [])) if isinstance(node, ast.Name)}
    if not last or not isinstance(last[0], ast.Expr) or slug not in names:
        yield section.finding(f"the last statement must be an expression that calls {slug}, as in {slug}(…).")
