"""IPython's magics in a source, where they are comments so that the source stays plain Python.

Only real comments count: a line of a docstring that looks like one stays as it is.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from coursekit.authoring.report import Finding
from coursekit.authoring.script import ScriptCell

__all__ = ["magic_findings", "uncomment_magics"]

_LINE_MAGICS = ("autoreload", "config", "load_ext", "matplotlib", "pip", "prun", "time", "timeit")
_CELL_MAGICS = ("capture", "prun", "time", "timeit")
_MAGIC = re.compile(r"# (%%?)([A-Za-z_]\w*)")


def uncomment_magics(source: str) -> str:
    """Return valid Python with ``# %matplotlib inline`` turned into ``%matplotlib inline``."""
    lines = source.split("\n")
    for index, _, _ in _magics(source):
        lines[index] = lines[index].removeprefix("# ")
    return "\n".join(lines)


def magic_findings(cell: ScriptCell) -> Iterator[Finding]:
    """Yield comments of a code cell, valid Python, that editors would take for magics that we do not know."""
    for index, sign, name in _magics(cell.source):
        shown = f"'# {sign}{name}'"
        known = _CELL_MAGICS if sign == "%%" else _LINE_MAGICS
        if name not in known:
            legal = ", ".join(sign + name for name in known)
            yield cell.finding(
                f"{shown} reads as a magic; legal are {legal}. Word a comment differently.", cell.line + index
            )
        elif sign == "%%" and index:
            yield cell.finding(f"{shown} is for a whole cell; it must be the cell's first line.", cell.line + index)


def _magics(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line's index, the sign and the name of each magic."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        at_start = token.type == tokenize.COMMENT and token.start[1] == 0
        if at_start and (match := _MAGIC.match(token.string)):
            yield token.start[0] - 1, match[1], match[2]
