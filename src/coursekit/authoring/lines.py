"""From a line of a built module to the line that an author wrote.

Tools name the files that they read: ruff, mypy and tracebacks tell of ``src/coursekit/checks/01_softmax.py``, which is
built. Run as a filter (``mypy | python -m coursekit.authoring.lines``), this module puts the author's file and line in
their place.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from coursekit.authoring.modules import ModuleLine, module_lines
from coursekit.authoring.reading import read_lab

__all__ = ["authored"]

_NAMES = (
    r"(?P<path>[^\s\"']*(?:coursekit/checks|autograde/hidden)/(?P<stem>\d\d_\w+)\.py)",
    r"(?P<source><hidden checks of (?P<hidden>\w+) \w+>)",
)
_PLACE = re.compile(rf"(?:{'|'.join(_NAMES)})(?P<between>:|\", line )(?P<line>\d+)")


def authored(text: str, root: Path) -> str:
    """Return a tool's output with places in built modules replaced by the places where their lines were written.

    Args:
        text: The output.
        root: The course's folder, with ``labs/``.
    """
    known: dict[tuple[str, str], list[ModuleLine]] = {}

    def place(match: re.Match[str]) -> str:
        stem = match["stem"] or match["hidden"]
        kind = "visible" if "coursekit/checks/" in (match["path"] or "") else "hidden"
        if (stem, kind) not in known:
            known[stem, kind] = _lines(root / "labs" / stem, kind)
        lines, number = known[stem, kind], int(match["line"])
        path = lines[number - 1].path if 0 < number <= len(lines) else None
        if path is None:
            return match[0]
        return f"{path.relative_to(root).as_posix()}{match['between']}{lines[number - 1].line}"

    return _PLACE.sub(place, text)


def _lines(folder: Path, kind: str) -> list[ModuleLine]:
    lab, _ = read_lab(folder) if folder.is_dir() else (None, ())
    return module_lines(lab, kind) if lab else []


if __name__ == "__main__":
    sys.stdout.write(authored(sys.stdin.read(), Path.cwd()))
