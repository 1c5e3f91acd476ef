"""The regions of a cell that students do not get, and the markers around them.

nbgrader takes any line that contains ``BEGIN SOLUTION`` for a marker and drops a stray ``END SOLUTION`` without a
word. A source is held to more: markers stand alone on their lines, in pairs, in cells of the right kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from coursekit.authoring.report import Finding
from coursekit.cells import Role

if TYPE_CHECKING:
    # Grading, which needs the markers alone, would wait for jupytext.
    from coursekit.authoring.script import ScriptCell

__all__ = [
    "CODE_STUB",
    "TEXT_STUB",
    "Region",
    "answered_source",
    "marker_findings",
    "open_lines",
    "regions",
    "released_source",
]

CODE_STUB = "raise NotImplementedError"
"""What a student finds in place of an answer in code, indented like its BEGIN marker."""

TEXT_STUB = "*Write your answer here.*"
"""What a student finds in place of an answer in words."""

_LEGAL_ROLES: dict[str, tuple[Role, ...]] = {
    "SOLUTION": ("exercise", "answer"),
    "HIDDEN TESTS": ("check",),
    "MARK SCHEME": ("task",),
}


class Region(NamedTuple):
    """The lines between two markers, as indices into the cell's lines."""

    kind: str
    begin: int
    end: int


def regions(source: str) -> list[Region]:
    """Return the regions of a cell whose markers are in order."""
    found, begin = [], 0
    for index, line in enumerate(source.split("\n")):
        word, kind = _marker(line) or ("", "")
        if word == "BEGIN":
            begin = index
        elif word == "END":
            found.append(Region(kind, begin, index))
    return found


def released_source(source: str, stub: str) -> str:
    """Return a cell's text as students get it: a stub for each solution, nothing for the other regions."""
    lines = source.split("\n")
    for kind, begin, end in reversed(regions(source)):
        indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
        lines[begin : end + 1] = [indent + stub] if kind == "SOLUTION" else []
    return "\n".join(lines)


def answered_source(source: str) -> str:
    """Return a cell's text with the answer and without the markers around it."""
    return "\n".join(line for line in source.split("\n") if not _marker(line))


def open_lines(source: str) -> list[str]:
    """Return the lines of a cell that are in no region."""
    hidden = {index for region in regions(source) for index in range(region.begin, region.end + 1)}
    return [line for index, line in enumerate(source.split("\n")) if index not in hidden]


def marker_findings(cell: ScriptCell) -> Iterator[Finding]:
    """Yield markers that are malformed, unbalanced, nested or in the wrong kind of cell."""
    opened: tuple[str, int] | None = None
    for number, line in cell.numbered():
        if not (marker := _marker(line)):
            continue
        word, kind = marker
        yield from _form_findings(cell, number, line, f"{word} {kind}", kind)
        if word == "BEGIN":
            if opened:
                message = f"'BEGIN {kind}' stands inside the {opened[0]} region begun on line {opened[1]}."
                yield cell.finding(message, number)
            opened = kind, number
        elif opened and opened[0] == kind:
            opened = None
        else:
            yield cell.finding(f"'END {kind}' has no 'BEGIN {kind}' above it in this cell.", number)
    if opened:
        yield cell.finding(f"'BEGIN {opened[0]}' has no 'END {opened[0]}' below it in this cell.", opened[1])
    yield from _unmarked_findings(cell)
    yield from _below_findings(cell)


def _unmarked_findings(cell: ScriptCell) -> Iterator[Finding]:
    """Yield a solution cell without a region: nbgrader would replace all of it, its question included."""
    marked = any(_marker(line) == ("BEGIN", "SOLUTION") for _, line in cell.numbered())
    if cell.role in ("exercise", "answer") and not marked:
        yield cell.finding(
            f"{cell.role} {cell.grade_id!r} does not say which lines are the answer; "
            "put them between '### BEGIN SOLUTION' and '### END SOLUTION'.",
            cell.line,
        )


def _below_findings(cell: ScriptCell) -> Iterator[Finding]:
    """Yield text below an answer in words: a student who writes over the cell loses it, and its heading with it."""
    answer = regions(cell.source)
    if cell.role != "answer" or cell.cell_type != "markdown" or not answer:
        return
    below = [(number, line.strip()) for number, line in cell.numbered() if number - cell.line > answer[-1].end]
    for number, line in [each for each in below if each[1]][:1]:
        yield cell.finding(
            f"{line[:60]!r} stands in the cell that students write their answer {cell.grade_id!r} into, below it, and"
            " would be lost; begin a cell of its own for it: '# %% [markdown]'.",
            number,
        )


def _form_findings(cell: ScriptCell, number: int, line: str, marker: str, kind: str) -> Iterator[Finding]:
    if line.strip() != f"### {marker}":
        yield cell.finding(
            f"nbgrader reads {line.strip()!r} as a marker; write '### {marker}' alone, or other words.", number
        )
    legal = _LEGAL_ROLES[kind]
    if cell.role not in legal:
        here = f"in {cell.role} {cell.grade_id!r}" if cell.role else "in a cell without nbgrader metadata"
        yield cell.finding(f"'{marker}' stands {here}; it belongs in: {', '.join(legal)}.", number)


def _marker(line: str) -> tuple[str, str] | None:
    """Return ``("BEGIN", "SOLUTION")`` for a line that nbgrader takes for that marker."""
    for kind in _LEGAL_ROLES:
        for word in ("BEGIN", "END"):
            if f"{word} {kind}" in line:
                return word, kind
    return None
