"""A lab's folder read: its files split into sections, their cells put in order, and the rules of authoring held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.answers import read_answers, read_survivors
from coursekit.authoring.asking import ask_findings
from coursekit.authoring.fit import fit_findings
from coursekit.authoring.lab import LAB_FILE, ExerciseSource, LabSource
from coursekit.authoring.markers import answered_source
from coursekit.authoring.report import Finding, Problem, listing
from coursekit.authoring.rules import rule_findings
from coursekit.authoring.script import ScriptCell, script_findings, split_script
from coursekit.authoring.sections import Section, cells_text, section_findings, split_sections
from coursekit.authoring.syntax import syntax_fault
from coursekit.errors import SourceError

__all__ = ["lab_source", "read_lab"]

_IN_LAB = ("exercise", "visible", "hidden")
_IN_EXERCISE = ("visible", "hidden", "ask", "right", "wrong", "survivors")


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
    findings = rule_findings(lab.cells) or [
        *findings,
        *_python_findings(files.values()),
        *ask_findings(exercises.values()),
    ]
    findings = findings or [*_homeless_findings(top.cells), *fit_findings(lab)]
    return (None if findings else lab), _problems(findings, folder)


def lab_source(folder: Path) -> LabSource:
    """Return a lab's source.

    Raises:
        SourceError: It breaks rules of authoring; the message lists each with its file and line.
    """
    lab, problems = read_lab(folder)
    if lab is None:
        raise SourceError(listing(problems))
    return lab


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
        variants, wrong_answers = read_answers(file.sections, section.title, _reference(file, section.title))
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
            file.one("ask"),
        )
    return found, findings


def _reference(file: _File, slug: str) -> str:
    """Return an exercise's own answer; empty where its cell is missing, which is told elsewhere."""
    sources = [cell.source for cell in file.cells if cell.role == "exercise" and cell.grade_id == slug]
    return answered_source(sources[0]) + "\n" if sources else ""


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
            if fault := syntax_fault(section.text):
                message = f"the {kind} checks are not valid Python: {fault.message}: {fault.text!r}."
                yield section.finding(message, section.line + fault.line)


def _homeless_findings(cells: Iterable[ScriptCell]) -> Iterator[Finding]:
    """Yield the exercises whose cells stand in ``lab.py``."""
    for cell in cells:
        if cell.role == "exercise":
            yield cell.finding(
                f"the exercise {cell.grade_id!r} stands in {LAB_FILE}; move its cells to {cell.grade_id}.py in this"
                f" folder and write '# %% exercise {cell.grade_id}' in their place."
            )
