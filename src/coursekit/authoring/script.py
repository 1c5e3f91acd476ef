"""The percent script that a lab is written as, split into cells that know their lines.

Jupytext does the splitting, so that a source means here what it means in the editors that know the format. Two
of its habits are switched off or refused because they change a lab behind its author's back: it turns comments
such as ``# copy the input`` into shell commands, and it reads markdown in triple quotes without its backslashes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jupytext

from coursekit import cells
from coursekit.authoring.report import Finding
from coursekit.authoring.sections import MARKER
from coursekit.cells import Role, role_of

__all__ = ["ScriptCell", "script_findings", "split_script"]

_FENCE = "# ---"
_FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
_JUPYTEXT_KEYS = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "region_name", "cell_marker")


@dataclass(frozen=True)
class ScriptCell:
    """One cell of a source.

    Args:
        cell_type: What kind of cell the notebook gets.
        source: The cell's text, without the comment marks of markdown, without blank lines around it.
        metadata: What the marker says, such as ``tags`` and nbgrader's short form.
        marker_line: The line of the source with the cell's marker, counted from 1.
        line: The line on which the cell's text begins.
        path: The source.
    """

    cell_type: Literal["code", "markdown", "raw"]
    source: str
    metadata: dict[str, Any]
    marker_line: int
    line: int
    path: Path = Path()

    @property
    def role(self) -> Role | None:
        """What the cell is to nbgrader; ``None`` for a plain cell."""
        return role_of(self.metadata.get("nbgrader"))

    @property
    def grade_id(self) -> str:
        """The cell's nbgrader id; empty for a plain cell."""
        return cells.grade_id({"metadata": self.metadata})

    @property
    def place(self) -> str:
        """Where the cell stands, in words."""
        return f"line {self.marker_line} of {self.path.name}"

    def finding(self, message: str, line: int | None = None) -> Finding:
        """Return something wrong with the cell, on its marker's line unless another is given."""
        return Finding(line or self.marker_line, message, self.path)

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Yield each line of the cell's text with its number in the source."""
        return enumerate(self.source.split("\n"), self.line)


def script_findings(text: str) -> Iterator[Finding]:
    """Yield what keeps a text from being read as cells without doubt."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(f"{line}|".splitlines()) > 1:
            odd = next(char for char in line if len(f"a{char}b".splitlines()) > 1)
            yield Finding(number, f"the character {odd!r} ends a line for some programs only; write it as an escape.")
    if not _marker_indices(lines):
        yield Finding(1, "there is no cell here; a cell begins with a line '# %%' or '# %% [markdown]'.")
        return
    yield from _header_findings(lines)
    yield from _markdown_findings(lines)
    if unreadable := list(_unreadable_marker_findings(lines)):
        yield from unreadable
    else:
        yield from _hidden_marker_findings(lines)


def split_script(text: str, path: Path = Path()) -> list[ScriptCell]:
    """Return the cells of a text in which :func:`script_findings` found nothing."""
    lines = text.split("\n")
    starts = _marker_indices(lines)
    return [_cell(parsed, start, path) for parsed, start in zip(_parsed(lines[starts[0] :]), starts, strict=True)]


def _cell(parsed: Any, start: int, path: Path) -> ScriptCell:
    body = parsed.source.rstrip("\n")
    source = body.lstrip("\n")
    blank = len(body) - len(source)
    metadata = {key: value for key, value in parsed.metadata.items() if key not in _JUPYTEXT_KEYS}
    return ScriptCell(parsed.cell_type, source, metadata, start + 1, start + 2 + blank, path)


def _parsed(lines: list[str]) -> tuple[Any, ...]:
    return _cells_of("\n".join(lines))


@functools.lru_cache(maxsize=8)
def _cells_of(text: str) -> tuple[Any, ...]:
    """Read a text's cells; kept, because each text is read for its findings and for its cells."""
    return tuple(jupytext.reads(text, fmt=dict(_FORMAT)).cells)


def _marker_indices(lines: list[str]) -> list[int]:
    return [index for index, line in enumerate(lines) if MARKER.match(line)]


def _header_end(lines: list[str]) -> int:
    """Return the index of the first line after jupytext's YAML header, 0 without one, -1 if it never ends."""
    if not lines or lines[0].rstrip() != _FENCE:
        return 0
    return next((index + 1 for index, line in enumerate(lines) if index and line.rstrip() == _FENCE), -1)


def _header_findings(lines: list[str]) -> Iterator[Finding]:
    end = _header_end(lines)
    if end < 0:
        yield Finding(1, f"the header that begins with {_FENCE!r} has no second {_FENCE!r} to end it.")
        return
    for number, line in enumerate(lines[:end], 1):
        if re.match(r"#\s+formats:", line):
            yield Finding(
                number,
                f"{line!r} pairs the script with a notebook, and syncing can overwrite an edited source; remove it.",
            )
    for number, line in enumerate(lines[end:], end + 1):
        if MARKER.match(line):
            return
        if line.strip():
            yield Finding(number, f"{line!r} stands before the first cell; begin the lab with '# %% [markdown]'.")
            return


def _markdown_findings(lines: list[str]) -> Iterator[Finding]:
    """Yield the lines of markdown cells that are not ``# `` comments, at most one for each cell."""
    starts = _marker_indices(lines)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if not re.search(r"%%\s.*\[(markdown|md)\]", lines[start]):
            continue
        for number, line in enumerate(lines[start + 1 : end], start + 2):
            if line.strip() and line != "#" and not line.startswith("# "):
                yield Finding(
                    number,
                    f"{line!r} stands in a markdown cell; every line there begins with '# ', as in '# ## Title'. "
                    'Text in """ would lose the backslashes of its formulas.',
                )
                break


def _unreadable_marker_findings(lines: list[str]) -> Iterator[Finding]:
    """Yield markers with values that stop jupytext, such as ``tags=3``."""
    with suppress(Exception):  # each marker is tried alone only if not all can be read together
        _parsed(lines)
        return
    for start in _marker_indices(lines):
        try:
            _parsed(lines[start : start + 1])
        except Exception as error:  # whatever jupytext stumbles over, the author needs its line
            reason = str(error).partition("\n")[0]
            yield Finding(
                start + 1,
                f"the marker {lines[start]!r} cannot be read ({reason}); "
                'legal are [markdown], tags=["explore"] and nbgrader={…}.',
            )


def _hidden_marker_findings(lines: list[str]) -> Iterator[Finding]:
    """Yield lines that look like markers but stand in a string or a fenced block, where readers disagree."""
    starts = _marker_indices(lines)
    count = len(_parsed(lines[starts[0] :]))
    if count == len(starts):
        return
    for start in starts[1:]:
        without = [*lines[:start], "#", *lines[start + 1 :]]
        if len(_parsed(without[starts[0] :])) == count:
            yield Finding(
                start + 1,
                f"{lines[start]!r} looks like the start of a cell, but is part of a string or a fenced block; "
                "write it differently, or close the string above it.",
            )
