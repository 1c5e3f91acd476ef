"""What IPython alone can read, such as ``%matplotlib inline`` or ``files = !ls``: a cell's text without it.

Line numbers stay as they are, so that what is found in the text that is left stands in the cell on the same line.
"""

from __future__ import annotations

import ast
import re

__all__ = ["as_run", "python_in"]

#: Magics whose cell runs in the notebook itself. What any other has below it is a file's text, or another language.
_RUN_HERE = frozenset({"capture", "debug", "prun", "time"})
_FILES = frozenset({"file", "writefile"})
#: Magics on top of each other.
_MOST = 5
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
#: To the end of the line, and of those that a backslash adds to it.
_REST = r"(?:[^\\\n]|\\(?!\n)|\\\n)*"
#: A line that begins with a sign of division, or with !=, goes on with the line above.
_LINE = re.compile(rf"^([ \t]*)(?:%(?=[A-Za-z_%])|!(?!=)){_REST}", re.MULTILINE)
#: A magic whose line runs in the notebook itself.
_TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)
_TIMED_AS_RUN = re.compile(r"get_ipython\(\)\.run_line_magic\('time', ('(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")\)")
_ASSIGNED = re.compile(rf"^([ \t]*\w[\w.,* \t]*=[ \t]*)(?:%(?=[A-Za-z_])|!){_REST}", re.MULTILINE)
_HELP = re.compile(r"^([ \t]*)(?:\?{1,2}[ \t]*[\w.*%]+|[\w.*%]+\?{1,2})[ \t]*$", re.MULTILINE)


def python_in(source: str, *, files: bool = False) -> str:
    """Return a cell's text as Python that can be parsed, if it is nothing worse than IPython's.

    Args:
        source: The text.
        files: Whether the text of a module that the cell writes to a file counts as the cell's own.
    """
    above = ""
    for _ in range(_MOST):
        magic = _CELL_MAGIC.match(source)
        if magic is None:
            break
        if magic[1] not in (_RUN_HERE | _FILES if files else _RUN_HERE):
            return ""
        _, line_end, body = source[magic.end() :].partition("\n")
        above += _line_ends(magic[0]) + line_end
        source = body
    source = above + source
    if _is_python(source):
        return source
    timed = _TIMED.sub(r"\1", source)
    found = _without_ipython(timed)
    return found if timed == source or _is_python(found) else _without_ipython(source)


def _without_ipython(source: str) -> str:
    source = _LINE.sub(lambda found: f"{found[1]}pass{_line_ends(found[0])}", source)
    source = _ASSIGNED.sub(lambda found: f"{found[1]}None{_line_ends(found[0])}", source)
    return source if _is_python(source) else _HELP.sub(r"\1pass", source)


def as_run(kept: str) -> str:
    """Return the Python of a cell that IPython has run, which keeps one below a magic as a text that is passed on."""
    if not kept.startswith("get_ipython().run_cell_magic("):
        return _TIMED_AS_RUN.sub(lambda found: str(ast.literal_eval(found[1])), kept)
    try:
        (statement,) = ast.parse(kept).body
        magic, _, body = map(ast.literal_eval, statement.value.args)  # type: ignore[attr-defined]
        return python_in(f"%%{magic}\n{body}")
    except (SyntaxError, ValueError, TypeError, AttributeError, RecursionError, MemoryError):
        return kept


def _line_ends(text: str) -> str:
    return "\n" * text.count("\n")


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
