"""A lab as its authors write it: a folder with ``lab.py`` and a file for each exercise.

``lab.py`` holds the lab's opening and closing, the order of its exercises, and what their checks share. All else
about an exercise stands in its own file: prose, stub and answer, its check cell with the points, its visible and
hidden checks, the answers that test them.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.answers import Survivor, Variant, check_names, read_answers, read_survivors
from coursekit.authoring.markers import open_lines
from coursekit.authoring.report import Finding, Problem
from coursekit.authoring.rules import rule_findings, telling_lines
from coursekit.authoring.script import ScriptCell, script_findings, split_script
from coursekit.authoring.sections import Section, cells_text, section_findings, split_sections
from coursekit.cells import points_of

__all__ = ["LAB_FILE", "ExerciseSource", "LabSource", "read_lab"]

LAB_FILE = "lab.py"
"""The file in a lab's folder that is no exercise's."""

_IN_LAB = ("exercise", "visible", "hidden")
_IN_EXERCISE = ("visible", "hidden", "right", "wrong", "survivors")
_EXPOSED_LINES = 3


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
    """

    slug: str
    path: Path
    cells: tuple[ScriptCell, ...]
    visible: Section | None = None
    hidden: Section | None = None
    variants: tuple[Variant, ...] = ()
    survivors: tuple[Survivor, ...] = ()

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


@dataclass(frozen=True)
class _File:
    path: Path
    sections: Sequence[Section]
    cells: Sequence[ScriptCell]

    def one(self, kind: str) -> Section | None:
        return next((section for section in self.sections if section.kind == kind), None)


def read_lab(folder: Path) -> tuple[LabSource | None, tuple[Problem, ...]]:
    """Read a lab's folder.

    Returns:
        The lab, and what is wrong with its files; the lab is None where something is.
    """
    texts, problems = _texts(folder)
    if problems:
        return None, tuple(problems)
    files, findings = {}, []
    for path, text in texts.items():
        legal = _IN_LAB if path.name == LAB_FILE else _IN_EXERCISE
        file, wrong = _file(path, text, legal)
        files[path] = file
        findings += wrong
    findings = findings or list(_folder_findings(folder, files))
    if findings:
        return None, _problems(findings, folder)
    exercises, findings = _exercises(folder, files)
    top = files[folder / LAB_FILE]
    lab = LabSource(
        folder.name, tuple(_ordered(top, exercises)), tuple(exercises.values()), top.one("visible"), top.one("hidden")
    )
    findings = rule_findings(lab.cells) or [*findings, *_python_findings(files.values())]
    findings = findings or [*_homeless_findings(top.cells), *_fit_findings(lab)]
    findings = findings or list(_leak_findings(lab))
    return (None if findings else lab), _problems(findings, folder)


def _problems(findings: Sequence[Finding], folder: Path) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(finding.problem(folder / LAB_FILE) for finding in findings))


def _texts(folder: Path) -> tuple[dict[Path, str], list[Problem]]:
    """Return the texts of a folder's files, ``lab.py`` first, and what cannot be read."""
    paths = [folder / LAB_FILE, *sorted(path for path in folder.glob("*.py") if path.name != LAB_FILE)]
    texts, problems = {}, []
    for path in paths:
        try:
            texts[path] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 text ({error.reason} at byte {error.start}); save it as UTF-8."
            problems.append(Problem(path, message))
        except OSError as error:
            problems.append(Problem(path, f"cannot be read: {error.strerror}."))
    return texts, problems


def _file(path: Path, text: str, legal: Sequence[str]) -> tuple[_File, list[Finding]]:
    sections = split_sections(path, text)
    findings = list(section_findings(sections, legal))
    cells_only = cells_text(text, sections)
    findings = findings or [finding._replace(path=path) for finding in script_findings(cells_only)]
    return _File(path, sections, () if findings else split_script(cells_only, path)), findings


def _folder_findings(folder: Path, files: Mapping[Path, _File]) -> Iterator[Finding]:
    """Yield exercises in ``lab.py`` without a file, files without a place there, and places given twice."""
    places = [section for section in files[folder / LAB_FILE].sections if section.kind == "exercise"]
    seen: dict[str, int] = {}
    for section in places:
        if folder / f"{section.title}.py" not in files:
            yield section.finding(
                f"there is no {section.title}.py in this folder; write it (coursekit new {section.title} --lab"
                f" {folder.name}), or remove this line."
            )
        elif section.title in seen:
            yield section.finding(f"the exercise {section.title!r} stands here again; see line {seen[section.title]}.")
        seen.setdefault(section.title, section.marker_line)
    for path in files:
        if path.name != LAB_FILE and path.stem not in seen:
            yield Finding(
                1, f"{LAB_FILE} has no place for this file; add '# %% exercise {path.stem}' where it belongs.", path
            )


def _exercises(folder: Path, files: Mapping[Path, _File]) -> tuple[dict[str, ExerciseSource], list[Finding]]:
    found, findings = {}, list[Finding]()
    for section in files[folder / LAB_FILE].sections:
        if section.kind != "exercise":
            continue
        file = files[folder / f"{section.title}.py"]
        variants, wrong_answers = read_answers(file.sections, section.title)
        survivors, wrong_survivors = read_survivors(file.sections)
        findings += [*wrong_answers, *wrong_survivors]
        found[section.title] = ExerciseSource(
            section.title,
            file.path,
            tuple(file.cells),
            file.one("visible"),
            file.one("hidden"),
            tuple(variants),
            tuple(survivors),
        )
    return found, findings


def _ordered(top: _File, exercises: Mapping[str, ExerciseSource]) -> Iterator[ScriptCell]:
    """Yield the cells of ``lab.py``, those of each exercise at its place."""
    cells = iter(top.cells)
    for section in top.sections:
        if section.kind == "cell":
            yield next(cells)
        elif section.kind == "exercise":
            yield from exercises[section.title].cells


def _python_findings(files: Iterable[_File]) -> Iterator[Finding]:
    """Yield what keeps the text of checks from being Python."""
    for file in files:
        for kind in ("visible", "hidden"):
            section = file.one(kind)
            if section is None:
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    compile(section.text, str(file.path), "exec", dont_inherit=True)
            except SyntaxError as error:
                line = (error.text or "").strip()
                message = f"the {kind} checks are not valid Python: {error.msg}: {line!r}."
                yield section.finding(message, section.line + (error.lineno or 1) - 1)


def _homeless_findings(cells: Iterable[ScriptCell]) -> Iterator[Finding]:
    """Yield the exercises whose cells stand in ``lab.py``."""
    for cell in cells:
        if cell.role == "exercise":
            yield cell.finding(
                f"the exercise {cell.grade_id!r} stands in {LAB_FILE}; move its cells to {cell.grade_id}.py in this folder"
                f" and write '# %% exercise {cell.grade_id}' in their place."
            )


def _fit_findings(lab: LabSource) -> Iterator[Finding]:
    for exercise in lab.exercises:
        yield from _exercise_findings(exercise, lab)


def _exercise_findings(exercise: ExerciseSource, lab: LabSource) -> Iterator[Finding]:
    """Yield what does not fit together in an exercise's file."""
    solutions = [cell for cell in exercise.cells if cell.role == "exercise"]
    if [cell.grade_id for cell in solutions] != [exercise.slug]:
        held = ", ".join(repr(cell.grade_id) for cell in solutions) or "none"
        yield Finding(
            solutions[0].marker_line if solutions else 1,
            f"this file holds the exercises: {held}; it must hold one, {exercise.slug!r}, named like the file.",
            exercise.path,
        )
    yield from _home_findings(exercise, lab)
    names = []
    for section in filter(None, (exercise.visible, exercise.hidden)):
        for name, slug, line in check_names(section):
            names.append(name)
            if slug != exercise.slug:
                message = f'the check {name!r} is for {slug!r}; in this file write @checks("{exercise.slug}").'
                yield section.finding(message, line)
    for variant in exercise.variants:
        if variant.caught_by is not None and variant.caught_by not in names:
            legal = ", ".join(names) or "none"
            yield Finding(
                variant.line,
                f"the wrong answer {variant.name!r} names the check {variant.caught_by!r}, which is not in this file;"
                f" the checks are: {legal}.",
                exercise.path,
            )


def _home_findings(exercise: ExerciseSource, lab: LabSource) -> Iterator[Finding]:
    """Yield checks that have no module to go to."""
    for kind, section, shared in (
        ("visible", exercise.visible, lab.visible),
        ("hidden", exercise.hidden, lab.hidden),
    ):
        if section is not None and shared is None:
            yield section.finding(
                f"{LAB_FILE} has no section '# %% {kind}'; write it, with the imports that the checks need."
            )


def _leak_findings(lab: LabSource) -> Iterator[Finding]:
    """Yield hidden checks and stand-ins that can be read, whole, in what a student gets; probes may be the same."""
    public = {line.strip() for cell in lab.cells for line in open_lines(cell.source)}
    for section in filter(None, [lab.visible, *(exercise.visible for exercise in lab.exercises)]):
        public |= {line.strip() for line in section.lines}
    slugs = {exercise.slug for exercise in lab.exercises}
    for section in filter(None, [lab.hidden, *(exercise.hidden for exercise in lab.exercises)]):
        lines = section.text.split("\n")
        names = slugs | {name for name, _, _ in check_names(section)}
        for node in ast.parse(section.text).body:
            if not isinstance(node, ast.FunctionDef) or node.name not in names:
                continue
            body = set(telling_lines(lines[node.lineno - 1 : node.end_lineno]))
            if len(body) >= _EXPOSED_LINES and body <= public:
                yield section.finding(
                    f"students can read all of the hidden {node.name!r}: the same lines stand in a cell or a visible"
                    " check of this lab; remove them there, or write the hidden check in another way.",
                    section.line + node.lineno - 1,
                )
