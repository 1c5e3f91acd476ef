"""Syntax that is newer than the Python that grades: students may have a later one."""

from __future__ import annotations

import re
import sys

__all__ = ["is_newer", "without_newer"]

#: What came with which version: PEP 695, PEP 758, PEP 750.
_NEWER = (
    ((3, 12), re.compile(r"^\s*type\s+\w+\s*(\[.*\])?\s*=")),
    ((3, 12), re.compile(r"^\s*(async\s+def|def|class)\s+\w+\s*\[")),
    ((3, 14), re.compile(r"^\s*except\s+[\w.]+\s*,")),
    ((3, 14), re.compile(r"\b[rR]?[tT][rR]?[\"']")),
)
#: PEP 701: quotation marks, backslashes and comments within an f-string.
_IN_F_STRING = (3, 12)
_F_STRING = re.compile(r"\b[rR]?[fF][rR]?[\"']")
#: A line that begins a statement: not indented, and not the rest of the statement before.
_BEGINS = re.compile(r"^(?!\s|[)\]}]|#|(?:elif|else|except|finally)\b).")
_MAX_LEFT_OUT = 10


def is_newer(error: SyntaxError) -> bool:
    """Tell whether a line that cannot be read looks like what a later Python can read."""
    line, message = error.text or "", error.msg or ""
    if any(sys.version_info < version and form.search(line) for version, form in _NEWER):
        return True
    in_f_string = message.startswith(("f-string", "unterminated")) and _F_STRING.search(line) is not None
    return sys.version_info < _IN_F_STRING and in_f_string


def without_newer(source: str, error: SyntaxError) -> str:
    """Return a cell's text with blank lines in place of the statements that only a later Python can read.

    Args:
        source: The text, as Python reads it.
        error: What is wrong with it.

    Returns:
        The text; empty if there is another mistake in it, too.
    """
    lines, found = source.splitlines(), error
    for _ in range(_MAX_LEFT_OUT):
        if not is_newer(found):
            return ""
        lines = _blanked(lines, found.lineno or 1)
        try:
            compile("\n".join(lines), "<cell>", "exec", dont_inherit=True)
        except SyntaxError as another:
            found = another
            continue
        except (ValueError, RecursionError, MemoryError):
            return ""
        return "\n".join(lines)
    return ""


def _blanked(lines: list[str], line_number: int) -> list[str]:
    """Empty the lines of the statement that a line belongs to; decorators above it are its own."""
    first = line_number - 1
    while first > 0 and not _BEGINS.match(lines[first]):
        first -= 1
    while first > 0 and lines[first - 1].startswith("@"):
        first -= 1
    last = line_number
    while last < len(lines) and not _BEGINS.match(lines[last]):
        last += 1
    return [*lines[:first], *[""] * (last - first), *lines[last:]]
