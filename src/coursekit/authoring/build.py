"""From a folder of sources to the notebooks in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from coursekit.authoring.committed import NOTEBOOK_FOLDERS, committed_problems, orphan_problems, secret_lines
from coursekit.authoring.files import replace_file
from coursekit.authoring.release import student_version
from coursekit.authoring.report import BuildReport, Problem, listing
from coursekit.authoring.repository import repository_address
from coursekit.authoring.source import notebook_bytes, read_source, source_problems
from coursekit.errors import CourseError, SourceError, UnknownNameError

__all__ = ["build_labs"]

_STEM = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass(frozen=True)
class _Lab:
    stem: str
    instructor: NotebookNode
    student: NotebookNode

    def files(self, root: Path) -> Iterator[tuple[Path, bytes]]:
        """Yield where each of the two notebooks belongs, and its bytes."""
        for folder, nb in zip(NOTEBOOK_FOLDERS, (self.instructor, self.student), strict=True):
            yield root / folder / self.stem / f"{self.stem}.ipynb", notebook_bytes(nb)


def build_labs(root: Path, *, labs: Sequence[str] = (), check: bool = False) -> BuildReport:
    """Build the notebooks of a course, or check that they are what their sources build.

    The source is the only file a person edits: a notebook that was run or edited is built anew. Only files whose
    bytes change are written, each in one step, and none is deleted. All sources are read before anything is written.

    Args:
        root: The folder with ``solutions/``.
        labs: The stems of the labs to build; all of them unless given. Notebooks without a source are
            looked for only when all labs are built.
        check: Write nothing, and report every difference and every broken rule as a problem.

    Raises:
        SourceError: Not in a check: sources break rules of authoring; the message lists all of them.
        UnknownNameError: There is no such lab.
        CourseError: The folder has no ``solutions/``, or does not say where the course lives.
    """
    root = Path(root)
    sources = _sources(root)
    repository = repository_address(root)
    chosen = _chosen(sources, labs)
    problems = [problem for path in chosen for problem in _named_problems(path)]
    if problems and not check:
        raise SourceError(listing(_relative(problems, root)))
    broken = {problem.path for problem in problems}
    built = [_lab(path, repository) for path in chosen if path not in broken]
    written = () if check else _write(root, built)
    if check:
        problems += [problem for lab in built for problem in _lab_problems(root, lab)]
    if not labs:
        problems += orphan_problems(root, [path.stem for path in sources])
    return BuildReport(tuple(path.stem for path in chosen), written, _relative(problems, root), check)


def _sources(root: Path) -> list[Path]:
    folder = root / "solutions"
    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}; name the course's folder with --root.")
    return sorted(path for path in folder.glob("*.py") if path.is_file())


def _chosen(sources: list[Path], labs: Sequence[str]) -> list[Path]:
    if not labs:
        return sources
    by_stem = {path.stem: path for path in sources}
    for lab in labs:
        if lab not in by_stem:
            raise UnknownNameError("lab", lab, by_stem)
    return [path for path in sources if path.stem in labs]


def _named_problems(path: Path) -> tuple[Problem, ...]:
    if not _STEM.fullmatch(path.stem):
        return (Problem(path, "is not named like a lab: two digits, '_', then a-z, 0-9 and '_', as in 01_softmax.py."),)
    return source_problems(path)


def _lab(path: Path, repository: str) -> _Lab:
    instructor = read_source(path, repository)
    return _Lab(path.stem, instructor, student_version(instructor))


def _lab_problems(root: Path, lab: _Lab) -> Iterator[Problem]:
    secrets = secret_lines(lab.instructor, lab.student)
    (instructor, instructor_bytes), (student, student_bytes) = lab.files(root)
    yield from committed_problems(instructor, instructor_bytes, ())
    yield from committed_problems(student, student_bytes, secrets)


def _relative(problems: Iterable[Problem], root: Path) -> tuple[Problem, ...]:
    return tuple(replace(problem, path=problem.path.relative_to(root)) for problem in problems)


def _write(root: Path, labs: Iterable[_Lab]) -> tuple[Path, ...]:
    """Write what changed, and return it relative to the root."""
    files = [file for lab in labs for file in lab.files(root)]
    changed = [(path, data) for path, data in files if not path.is_file() or path.read_bytes() != data]
    for path, data in changed:
        replace_file(path, data)
    return tuple(path.relative_to(root) for path, _ in changed)
