"""Whether a text in a source is valid Python."""

from __future__ import annotations

import ast
import warnings
from typing import NamedTuple

__all__ = ["Fault", "syntax_fault"]


class Fault(NamedTuple):
    """What keeps a text from being Python.

    Args:
        line: The index of the line that does not compile.
        message: Why, in Python's words.
        text: The line, stripped.
    """

    line: int
    message: str
    text: str


def syntax_fault(source: str, *, cell: bool = False) -> Fault | None:
    """Return what keeps a text from compiling; a warning counts too, as it would meet whoever runs the text.

    Args:
        source: The text.
        cell: Whether it is a notebook's cell, in which ``await`` may stand outside of functions.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if cell else 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "<source>", "exec", flags=flags, dont_inherit=True)
        except SyntaxError as error:
            lines = source.split("\n")
            line = min((error.lineno or 1) - 1, len(lines) - 1)
            return Fault(line, error.msg, lines[line].strip())
        except (Warning, ValueError) as error:
            return Fault(0, str(error), source.split("\n")[0].strip())
    return None
