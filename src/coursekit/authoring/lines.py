"""From a line of a built module to the line that an author wrote.

Tools name the files that they read: ruff, mypy and tracebacks tell of ``src/coursekit/checks/01_softmax.py``, which is
built. Run as a filter (``mypy | python -m coursekit.authoring.lines``), this module puts the author's file and line in
their place. A module that is not what the sources build is left as it is: a wrong line would be worse than none.
"""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path

from coursekit.authoring.modules import MODULE_FOLDERS, ModuleLine, module_lines
from coursekit.authoring.reading import read_lab

__all__ = ["authored", "authored_places"]

_PLACE = re.compile(
    r"(?:(?P<path>[^\s\"'(]*(?:coursekit/checks|\bhidden)/(?P<stem>\d\d_\w+)\.py)"
    r"|<hidden checks of (?P<hidden>\w+) \w+>)"
    r"(?P<between>:|\", line )(?P<line>\d+)"
)


def authored(text: str, root: Path) -> str:
    """Return a tool's output with places in built modules replaced by the places where their lines were written.

    Args:
        text: The output.
        root: The course's folder, with ``labs/``.
    """
    lines_of = functools.cache(functools.partial(_lines, root))
    return _PLACE.sub(lambda match: _written(match, lines_of(*_module(match)), root) or match[0], text)


def authored_places(text: str, root: Path) -> list[str]:
    """Return where the lines of built modules that a text names were written, such as a traceback's, in its order."""
    lines_of = functools.cache(functools.partial(_lines, root))
    places = [_written(match, lines_of(*_module(match)), root) for match in _PLACE.finditer(text)]
    return list(dict.fromkeys(place.replace('", line ', ":") for place in places if place))


def _module(match: re.Match[str]) -> tuple[str, str]:
    kind = "visible" if "coursekit/checks/" in (match["path"] or "") else "hidden"
    return match["stem"] or match["hidden"], kind


def _written(match: re.Match[str], lines: list[ModuleLine], root: Path) -> str:
    """Return the author's place, in the form of the text; empty where there is none."""
    number = int(match["line"])
    path = lines[number - 1].path if 0 < number <= len(lines) else None
    return f"{path.relative_to(root).as_posix()}{match['between']}{lines[number - 1].line}" if path else ""


def _lines(root: Path, stem: str, kind: str) -> list[ModuleLine]:
    """Return the lines of a built module with their places; none if it is not what its sources build."""
    folder, built = root / "labs" / stem, root / MODULE_FOLDERS[kind] / f"{stem}.py"
    lab, _ = read_lab(folder) if folder.is_dir() and built.is_file() else (None, ())
    lines = module_lines(lab, kind) if lab else []
    same = bool(lines) and built.read_text(encoding="utf-8").splitlines() == [line.text for line in lines]
    return lines if same else []


if __name__ == "__main__":
    sys.stdout.write(authored(sys.stdin.read(), Path.cwd()))
