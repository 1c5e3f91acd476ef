"""The sections of a file in ``labs/``: cells of the notebooks, and what stands beside them for the checks.

A section begins with a line ``# %%``. Behind it stand a cell's metadata, as jupytext writes them, or the section's
kind. The text below belongs to it, up to the next such line.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursekit.authoring.report import Finding

__all__ = ["MARKER", "Section", "cells_text", "section_findings", "split_sections"]

#: What jupytext takes for the first line of a cell.
MARKER = re.compile(r"^\s*#\s*(%%%*\s.*|%%|<codecell>\s*|In\[[0-9 ]*\]:?\s*)$")

#: How a section of each kind is written.
FORMS = {
    "exercise": "# %% exercise SLUG",
    "visible": "# %% visible",
    "hidden": "# %% hidden",
    "ask": "# %% ask",
    "right": "# %% right STYLE",
    "wrong": "# %% wrong MISCONCEPTION -> CHECK",
    "survivors": "# %% survivors",
}
_TITLES = {
    "exercise": re.compile(r"[A-Za-z]\w*", re.ASCII),
    "visible": re.compile(r""),
    "hidden": re.compile(r""),
    "ask": re.compile(r""),
    "right": re.compile(r"\w+( of \w+)?"),
    "wrong": re.compile(r"\w+( of \w+)? -> \w+"),
    "survivors": re.compile(r""),
}
_CELL = re.compile(r"(\[\w+\]|\w+\s*=).*")
_NEARLY = re.compile(rf"\s*#+\s*%+\s*({'|'.join(FORMS)})\b.*", re.IGNORECASE)
_KIND = re.compile(r"\s*#\s*%%+\s*(\S*)\s*(.*)")


@dataclass(frozen=True)
class Section:
    """One section of a file.

    Args:
        path: The file.
        kind: ``"cell"``, or the word behind ``# %%``.
        title: What stands behind that word; a cell's metadata.
        marker_line: The line of the marker, counted from 1.
        lines: The lines below the marker.
    """

    path: Path
    kind: str
    title: str
    marker_line: int
    lines: tuple[str, ...]

    @cached_property
    def line(self) -> int:
        """The line on which the section's text begins."""
        blank = next((i for i, line in enumerate(self.lines) if line.strip()), 0)
        return self.marker_line + 1 + blank

    @cached_property
    def text(self) -> str:
        """The section's text without blank lines around it."""
        return "\n".join(self.lines).strip("\n").rstrip()

    def finding(self, message: str, line: int | None = None) -> Finding:
        """Return something wrong with the section, on its marker's line unless another is given."""
        return Finding(line or self.marker_line, message, self.path)


def split_sections(path: Path, text: str) -> list[Section]:
    """Return the sections of a file's text, those of unknown kinds included."""
    lines = text.split("\n")
    starts = [index for index, line in enumerate(lines) if MARKER.match(line)]
    found = []
    for start, end in itertools.pairwise([*starts, len(lines)]):
        kind, title = _kind(lines[start])
        found.append(Section(path, kind, title, start + 1, tuple(lines[start + 1 : end])))
    return found


def cells_text(text: str, sections: Sequence[Section]) -> str:
    """Return a file's text with blank lines in place of all that is no cell, so that lines keep their numbers."""
    lines = text.split("\n")
    for section in sections:
        if section.kind != "cell":
            for index in range(section.marker_line - 1, section.marker_line + len(section.lines)):
                lines[index] = ""
    return "\n".join(lines)


def section_findings(sections: Sequence[Section], legal: Collection[str]) -> Iterator[Finding]:
    """Yield sections of unknown kinds, with titles that cannot be read, or more than one of what stands once.

    Args:
        sections: The sections of a file.
        legal: The kinds that belong into this file.
    """
    forms = ", ".join(repr(FORMS[kind]) for kind in legal)
    seen: dict[str, int] = {}
    for section in sections:
        yield from _nearly_findings(section)
        if section.kind == "cell":
            continue
        written = f"# %% {section.kind} {section.title}".rstrip()
        if section.kind not in legal:
            near = difflib.get_close_matches(section.kind, legal, n=1)
            hint = f" Did you mean {FORMS[near[0]]!r}?" if near else ""
            yield section.finding(
                f"{written!r} begins a section of an unknown kind here; legal are cells ('# %%', '# %% [markdown]', "
                f"with tags=[…] or nbgrader={{…}} behind) and {forms}.{hint}"
            )
        elif not _TITLES[section.kind].fullmatch(section.title):
            yield section.finding(f"{written!r} cannot be read; write it as {FORMS[section.kind]!r}.")
        elif not section.title and section.kind in seen:
            yield section.finding(
                f"a second section {written!r}; the first is on line {seen[section.kind]}: put them together."
            )
        seen.setdefault(section.kind, section.marker_line)


def _nearly_findings(section: Section) -> Iterator[Finding]:
    """Yield lines that an author took for a marker: what stands below would silently belong to this section."""
    for number, line in enumerate(section.lines, section.marker_line + 1):
        if match := _NEARLY.fullmatch(line):
            yield section.finding(
                f"{line.strip()!r} looks like the start of a section, but is none; write it as"
                f" {FORMS[match[1].lower()]!r}, with one space between.",
                number,
            )


def _kind(marker: str) -> tuple[str, str]:
    match = _KIND.fullmatch(marker)
    if match is None or not match[1]:
        return "cell", ""
    rest = f"{match[1]} {match[2]}".rstrip()
    if _CELL.fullmatch(rest):
        return "cell", rest
    return match[1], match[2].rstrip()
