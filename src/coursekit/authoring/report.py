"""What a build found and did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

__all__ = ["BuildReport", "Finding", "Problem"]

_DIFF_LINES = 60
_DIFF_COLUMNS = 160


class Finding(NamedTuple):
    """Something wrong in a source; its file is known from the context where it has none of its own."""

    line: int
    message: str
    path: Path | None = None

    def problem(self, path: Path) -> Problem:
        """Return it as a problem of its own file, or else of this one."""
        return Problem(self.path or path, self.message, self.line)


@dataclass(frozen=True)
class Problem:
    """Something wrong with one file.

    Args:
        path: The file, relative to the course's root where the problem comes from :func:`build_labs`.
        message: What is wrong and what to do.
        line: The line it was seen on, counted from 1; ``None`` where it concerns the whole file.
        diff: A unified diff from the file to what it should be, or empty.
    """

    path: Path
    message: str
    line: int | None = None
    diff: str = ""

    def text(self) -> str:
        """Return ``path:line: message``, and the start of the diff under it."""
        place = self.path.as_posix() if self.line is None else f"{self.path.as_posix()}:{self.line}"
        return f"{place}: {self.message}{_shortened(self.diff)}"


@dataclass(frozen=True)
class BuildReport:
    """The outcome of :func:`build_labs`.

    Args:
        labs: The stems of the labs that were looked at.
        written: The files whose bytes changed, relative to the course's root; none after a check.
        n_files: How many files the labs are built into.
        problems: What a check found, or what a build leaves for a person to do.
        check: Whether this was a check.
    """

    labs: tuple[str, ...]
    written: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    check: bool = False
    n_files: int = 0

    def text(self) -> str:
        """Return the report for the command line: a line for each file, then one that sums up."""
        lines = [f"wrote {path.as_posix()}" for path in self.written]
        lines += [problem.text() for problem in self.problems]
        return "\n".join([*lines, self._summary()])

    def _summary(self) -> str:
        labs = counted(len(self.labs), "lab")
        if self.check and not self.problems:
            return f"{labs}: what is built is what the sources build."
        if self.check:
            return f"{labs}: {counted(len(self.problems), 'problem')}. Edit the sources only, then run: coursekit build"
        unchanged = self.n_files - len(self.written)
        summary = f"{labs}: {counted(len(self.written), 'file')} written, {unchanged} up to date."
        return f"{summary} Left to you: {counted(len(self.problems), 'problem')}." if self.problems else summary


def listing(problems: Iterable[Problem]) -> str:
    """Return the text of an error that tells of all these problems."""
    texts = [problem.text() for problem in problems]
    if len(texts) == 1:
        return texts[0]
    return "\n".join([f"{len(texts)} problems in the labs' sources; nothing is built until they are gone.", *texts])


def counted(n: int, noun: str) -> str:
    """Return ``"1 lab"`` or ``"3 labs"``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _shortened(diff: str) -> str:
    if not diff:
        return ""
    lines = diff.splitlines()
    shown = [line if len(line) <= _DIFF_COLUMNS else line[:_DIFF_COLUMNS] + " …" for line in lines[:_DIFF_LINES]]
    if len(lines) > _DIFF_LINES:
        shown.append(f"… and {counted(len(lines) - _DIFF_LINES, 'line')} more")
    return "\n" + "\n".join(shown)
