"""From a folder of sources to the notebooks and the checks in their places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from coursekit.authoring.committed import NOTEBOOK_FOLDERS, committed_problems, orphan_problems, secret_lines
from coursekit.authoring.files import replace_file
from coursekit.authoring.lab import LabSource
from coursekit.authoring.modules import MODULE_FOLDERS, module_bytes
from coursekit.authoring.reading import read_lab
from coursekit.authoring.release import student_version
from coursekit.authoring.report import BuildReport, Problem, listing
from coursekit.authoring.repository import repository_address
from coursekit.authoring.source import instructor_notebook, notebook_bytes
from coursekit.checking.skipped import all_skipped, skipped_file
from coursekit.errors import CourseError, SourceError, UnknownNameError

__all__ = ["build_labs", "lab_folders"]

LABS_FOLDER = "labs"
"""The folder of the sources, under the course's root."""

_STEM = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass(frozen=True)
class _Lab:
    source: LabSource
    instructor: NotebookNode
    student: NotebookNode

    def files(self, root: Path) -> Iterator[tuple[Path, bytes]]:
        """Yield where each of the built files belongs, and its bytes: notebooks, checks, what grading skips."""
        stem = self.source.stem
        for folder, nb in zip(NOTEBOOK_FOLDERS, (self.instructor, self.student), strict=True):
            yield root / folder / stem / f"{stem}.ipynb", notebook_bytes(nb)
        for kind, place in MODULE_FOLDERS.items():
            if (data := module_bytes(self.source, kind)) is not None:
                yield root / place / f"{stem}.py", data
        if skipped := all_skipped(self.student):
            listed = json.dumps([sorted(each) for each in skipped], indent=0)
            yield root / MODULE_FOLDERS["visible"] / skipped_file(stem), f"{listed}\n".encode()


def build_labs(root: Path, *, labs: Sequence[str] = (), check: bool = False) -> BuildReport:
    """Build the notebooks and checks of a course, or check that they are what their sources build.

    The files in ``labs/`` are the only ones a person edits: a notebook that was run or edited is built anew. Only
    files whose bytes change are written, each in one step, and none is deleted. All sources are read before anything
    is written.

    Args:
        root: The folder with ``labs/``.
        labs: The stems of the labs to build; all of them unless given. Built files without a source are
            looked for only when all labs are built.
        check: Write nothing, and report every difference and every broken rule as a problem.

    Raises:
        SourceError: Not in a check: sources break rules of authoring; the message lists all of them.
        UnknownNameError: There is no such lab.
        CourseError: The folder has no ``labs/``, or does not say where the course lives.
    """
    root = Path(root)
    sources = lab_folders(root)
    repository = repository_address(root)
    chosen = _chosen(sources, labs)
    read = {folder: _read(folder) for folder in chosen}
    problems = [problem for _, found in read.values() for problem in found]
    if problems and not check:
        raise SourceError(listing(_relative(problems, root)))
    built = [_lab(source, repository) for source, _ in read.values() if source is not None]
    files = [file for lab in built for file in lab.files(root)]
    written = () if check else _write(root, files)
    if check:
        problems += [problem for lab in built for problem in _lab_problems(root, lab)]
    if not labs:
        unread = [folder.name for folder, (source, _) in read.items() if source is None]
        problems += orphan_problems(root, {path for path, _ in files}, unread)
    return BuildReport(
        tuple(folder.name for folder in chosen), written, _relative(problems, root), check, n_files=len(files)
    )


def lab_folders(root: Path) -> list[Path]:
    """Return the folders of a course's labs, by name.

    Raises:
        CourseError: There is no folder ``labs/``.
    """
    folder = root / LABS_FOLDER
    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}; name the course's folder with --root.")
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))


def _chosen(sources: list[Path], labs: Sequence[str]) -> list[Path]:
    if not labs:
        return sources
    by_stem = {path.name: path for path in sources}
    for lab in labs:
        if lab not in by_stem:
            raise UnknownNameError("lab", lab, by_stem)
    return [path for path in sources if path.name in labs]


def _read(folder: Path) -> tuple[LabSource | None, tuple[Problem, ...]]:
    if not _STEM.fullmatch(folder.name):
        message = "is not named like a lab: two digits, '_', then a-z, 0-9 and '_', as in 01_softmax."
        return None, (Problem(folder, message),)
    return read_lab(folder)


def _lab(source: LabSource, repository: str) -> _Lab:
    instructor = instructor_notebook(source, repository)
    return _Lab(source, instructor, student_version(instructor))


def _lab_problems(root: Path, lab: _Lab) -> Iterator[Problem]:
    secrets = secret_lines(lab.instructor, lab.student)
    (instructor, instructor_bytes), (student, student_bytes), *modules = lab.files(root)
    yield from committed_problems(instructor, instructor_bytes, ())
    yield from committed_problems(student, student_bytes, secrets)
    for path, data in modules:
        yield from committed_problems(path, data, ())


def _relative(problems: Iterable[Problem], root: Path) -> tuple[Problem, ...]:
    return tuple(replace(problem, path=problem.path.relative_to(root)) for problem in problems)


def _write(root: Path, files: Iterable[tuple[Path, bytes]]) -> tuple[Path, ...]:
    """Write what changed, and return it relative to the root."""
    changed = [(path, data) for path, data in files if not path.is_file() or path.read_bytes() != data]
    for path, data in changed:
        replace_file(path, data)
    return tuple(path.relative_to(root) for path, _ in changed)
