"""What a course keeps to itself, and whether any of it can be read in what students get.

Private are the answers in the labs' sources, the hidden checks and what stands in for answers beside them, and the
answers that test the checks. Two signs give them away in a file: the name of a hidden check, or most of the lines
of one private piece. A line or two that happen to be the same do not.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.build import lab_folders
from coursekit.authoring.committed import texts_in
from coursekit.authoring.markers import open_lines, regions
from coursekit.authoring.reading import lab_source
from coursekit.authoring.rules import telling_lines
from coursekit.authoring.sections import Section

__all__ = ["Secret", "leaks", "secrets"]

_SHARE = 2 / 3
_LONE_LINE_CHARACTERS = 40


@dataclass(frozen=True)
class Secret:
    """One private piece of a course.

    Args:
        what: The piece in words, such as ``"the answer to 'relu'"``.
        file: The file it stands in, relative to the course's root.
        lines: Its telling lines, without those that students are meant to see.
        name: The name of a hidden check, which must not be read either; else empty.
    """

    what: str
    file: str
    lines: frozenset[str]
    name: str = ""

    def shown_by(self, lines: frozenset[str], words: frozenset[str]) -> bool:
        """Say whether a text with these lines and words gives the piece away."""
        if self.name in words:
            return True
        common = self.lines & lines
        if len(self.lines) == 1:
            return any(len(line) >= _LONE_LINE_CHARACTERS for line in common)
        return len(common) >= max(2, _SHARE * len(self.lines))


def leaks(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return where files for students give something private away, a line for each file and piece.

    Args:
        root: The course's folder, with ``labs/``.
        files: The content of each file by its path.
    """
    private = list(secrets(root))
    found = []
    for path, data in files.items():
        text = _text(path, data)
        lines, words = frozenset(line.strip() for line in text.split("\n")), frozenset(re.findall(r"\w+", text))
        found += [f"{path} gives away {s.what} ({s.file})" for s in private if s.shown_by(lines, words)]
    return found


def secrets(root: Path) -> Iterator[Secret]:
    """Yield every private piece of a course.

    Raises:
        SourceError: A lab's sources break rules of authoring.
        CourseError: There is no folder ``labs/``.
    """
    for folder in lab_folders(root):
        lab = lab_source(folder)
        public = frozenset(line.strip() for cell in lab.cells for line in open_lines(cell.source))
        for cell in lab.cells:
            lines = cell.source.split("\n")
            for _, begin, end in regions(cell.source):
                yield _secret(f"the answer to {cell.grade_id!r}", cell.path, root, lines[begin + 1 : end], public)
        slugs = {exercise.slug for exercise in lab.exercises}
        for section in lab.sections("hidden"):
            yield from _hidden(section, root, slugs, public)
        for exercise in lab.exercises:
            for variant in exercise.variants:
                kind = "right" if variant.right else "wrong"
                what = f"the {kind} answer {variant.name!r} to {variant.slug!r}"
                yield _secret(what, exercise.path, root, list(variant.private), public)


def _hidden(section: Section, root: Path, exercises: set[str], public: frozenset[str]) -> Iterator[Secret]:
    """Yield hidden checks, and what stands in for answers beside them; probes may be the visible checks' own."""
    for node in ast.parse(section.text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            lines = section.text.split("\n")[node.lineno - 1 : node.end_lineno]
            if any("checks" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield _secret(f"the hidden check {node.name!r}", section.path, root, lines, public, name=node.name)
            elif node.name in exercises:
                yield _secret(f"the stand-in for {node.name!r}", section.path, root, lines, public)


def _secret(what: str, path: Path, root: Path, lines: list[str], public: frozenset[str], name: str = "") -> Secret:
    return Secret(what, path.relative_to(root).as_posix(), frozenset(telling_lines(lines)) - public, name)


def _text(path: str, data: bytes) -> str:
    text = data.decode(errors="replace")
    return "\n".join(texts_in(json.loads(text))) if path.endswith(".ipynb") else text
