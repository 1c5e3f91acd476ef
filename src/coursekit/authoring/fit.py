"""What must hold in a lab's files together: checks and answers belong to their exercise, and no secret is told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coursekit.authoring.lab import LAB_FILE, ExerciseSource, LabSource, check_names
from coursekit.authoring.markers import open_lines, regions
from coursekit.authoring.report import Finding
from coursekit.authoring.rules import telling_lines
from coursekit.authoring.sections import Section

__all__ = ["fit_findings"]

_EXPOSED_LINES = 3


def fit_findings(lab: LabSource) -> list[Finding]:
    """Return what does not fit together in a lab; secrets that students could read only where all else is in order."""
    found = list(_shared_findings(lab))
    for exercise in lab.exercises:
        found += [*_slug_findings(exercise), *_home_findings(exercise, lab), *_catcher_findings(exercise)]
    return [*found, *_twice_findings(lab)] or [*_exposed_checks(lab), *_exposed_answers(lab)]


def _shared_findings(lab: LabSource) -> Iterator[Finding]:
    """Yield checks in ``lab.py``."""
    for section in filter(None, (lab.visible, lab.hidden)):
        for name, slug, line in check_names(section):
            message = f"the check {name!r} stands in {LAB_FILE}; move it to '# %% {section.kind}' in {slug}.py."
            yield section.finding(message, line)


def _slug_findings(exercise: ExerciseSource) -> Iterator[Finding]:
    """Yield a file that does not hold the exercise that it is named after, and checks for other exercises."""
    solutions = [cell for cell in exercise.cells if cell.role == "exercise"]
    if [cell.grade_id for cell in solutions] != [exercise.slug]:
        held = ", ".join(repr(cell.grade_id) for cell in solutions) or "none"
        yield Finding(
            solutions[0].marker_line if solutions else 1,
            f"this file holds the exercises: {held}; it must hold one, {exercise.slug!r}, named like the file.",
            exercise.path,
        )
    for section in filter(None, (exercise.visible, exercise.hidden)):
        for name, slug, line in check_names(section):
            if slug != exercise.slug:
                message = f'the check {name!r} is for {slug!r}; in this file write @checks("{exercise.slug}").'
                yield section.finding(message, line)


def _home_findings(exercise: ExerciseSource, lab: LabSource) -> Iterator[Finding]:
    """Yield checks that have no module to go to."""
    for section, shared in ((exercise.visible, lab.visible), (exercise.hidden, lab.hidden)):
        if section is not None and shared is None:
            yield section.finding(
                f"{LAB_FILE} has no section '# %% {section.kind}'; write it, with the imports that the checks need."
            )


def _catcher_findings(exercise: ExerciseSource) -> Iterator[Finding]:
    """Yield wrong answers that name no check of their exercise."""
    sections = filter(None, (exercise.visible, exercise.hidden))
    names = [name for section in sections for name, _, _ in check_names(section)]
    for variant in exercise.variants:
        if variant.caught_by is not None and variant.caught_by not in names:
            legal = ", ".join(names) or "none"
            yield Finding(
                variant.line,
                f"the wrong answer {variant.name!r} names the check {variant.caught_by!r}, which is not in this file;"
                f" the checks are: {legal}.",
                exercise.path,
            )


def _twice_findings(lab: LabSource) -> Iterator[Finding]:
    """Yield checks with the name of another: within a module the second would silently take the place of the first."""
    seen: dict[str, str] = {}
    for section in (*lab.sections("visible"), *lab.sections("hidden")):
        for name, _, line in check_names(section):
            if name in seen:
                yield section.finding(f"a second check {name!r}; the first is in {seen[name]}. Rename one.", line)
            seen.setdefault(name, f"{section.path.name}, line {line}")


def _exposed_checks(lab: LabSource) -> Iterator[Finding]:
    """Yield hidden checks and stand-ins that can be read, by name or whole, in what a student gets.

    Probes are no secret: visible checks may use the same ones.
    """
    shown = _shown(lab)
    public = {line.strip() for _, text in shown for line in text}
    slugs = [exercise.slug for exercise in lab.exercises]
    for section in lab.sections("hidden"):
        names = {name: line for name, _, line in check_names(section)}
        for name, line in names.items():
            if place := next((p for p, text in shown if re.search(rf"\b{name}\b", "\n".join(text))), None):
                yield section.finding(
                    f"students can read the name of the hidden check {name!r} in {place}; rename one.", line
                )
        for node in ast.parse(section.text).body:
            if not isinstance(node, ast.FunctionDef) or node.name not in [*slugs, *names]:
                continue
            if _readable(_body(node, section), public):
                yield section.finding(
                    f"students can read all of the hidden {node.name!r}: the same lines stand in a cell or a visible"
                    " check of this lab; remove them there, or write the hidden check in another way.",
                    section.line + node.lineno - 1,
                )


def _exposed_answers(lab: LabSource) -> Iterator[Finding]:
    """Yield answers that can be read whole in the visible checks; :mod:`.rules` looks at the cells."""
    public = {line.strip() for section in lab.sections("visible") for line in section.lines}
    for cell in (cell for exercise in lab.exercises for cell in exercise.cells):
        lines = cell.source.split("\n")
        for _, begin, end in regions(cell.source):
            if _readable(lines[begin + 1 : end], public):
                message = (
                    f"the whole answer to {cell.grade_id!r} can be read in the visible checks; write them without."
                )
                yield cell.finding(message, cell.line + begin)


def _shown(lab: LabSource) -> list[tuple[str, list[str]]]:
    """Return what students can read: places in words, and the lines there."""
    shown = [(f"the cell on {cell.place}", open_lines(cell.source)) for cell in lab.cells]
    shown += [(f"the visible checks in {s.path.name}", list(s.lines)) for s in lab.sections("visible")]
    return shown


def _body(node: ast.FunctionDef, section: Section) -> list[str]:
    """Return the lines of a function without its name and docstring, which may be others in a copy."""
    statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return section.text.split("\n")[statements[0].lineno - 1 : node.end_lineno] if statements else []


def _readable(lines: list[str], public: set[str]) -> bool:
    """Say whether all telling lines are public; a line or two in common are chance."""
    telling = set(telling_lines(lines))
    return len(telling) >= _EXPOSED_LINES and telling <= public
