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

from coursekit.authoring.committed import texts_in
from coursekit.authoring.markers import open_lines, regions
from coursekit.authoring.rules import telling_lines
from coursekit.authoring.script import split_script
from coursekit.errors import CourseError
from coursekit.variants import load_variants

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
        root: The course's folder, with ``solutions/`` and ``autograde/``.
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
        CourseError: A file of hidden checks is not Python.
        VariantError: A file of answers cannot be read.
    """
    solutions, hidden, variants = root / "solutions", root / "autograde" / "hidden", root / "autograde" / "variants"
    labs = {path.stem for path in [*solutions.glob("*.py"), *hidden.glob("*.py"), *variants.glob("*/")]}
    for lab in sorted(labs):
        source = solutions / f"{lab}.py"
        cells = split_script(source.read_text(encoding="utf-8-sig")) if source.is_file() else []
        public = frozenset(line.strip() for cell in cells for line in open_lines(cell.source))
        for cell in cells:
            lines = cell.source.split("\n")
            for _, begin, end in regions(cell.source):
                yield _secret(f"the answer to {cell.grade_id!r}", source, root, lines[begin + 1 : end], public)
        yield from _hidden(hidden / f"{lab}.py", root, {cell.grade_id for cell in cells}, public)
        yield from _variants(variants / lab, root, public)


def _hidden(path: Path, root: Path, exercises: set[str], public: frozenset[str]) -> Iterator[Secret]:
    """Yield the checks of a file, and what stands in for answers in it; probes may be the visible checks' own."""
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno} is not Python: {error.msg}.") from error
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
            if any("checks" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield _secret(f"the hidden check {node.name!r}", path, root, lines, public, name=node.name)
            elif node.name in exercises:
                yield _secret(f"the stand-in for {node.name!r}", path, root, lines, public)


def _variants(folder: Path, root: Path, public: frozenset[str]) -> Iterator[Secret]:
    for variant in load_variants(folder) if folder.is_dir() else ():
        kind = "right" if variant.right else "wrong"
        what = f"the {kind} answer {variant.name!r} to {variant.slug!r}"
        yield _secret(what, folder / f"{variant.slug}.py", root, variant.source.split("\n"), public)


def _secret(what: str, path: Path, root: Path, lines: list[str], public: frozenset[str], name: str = "") -> Secret:
    return Secret(what, path.relative_to(root).as_posix(), frozenset(telling_lines(lines)) - public, name)


def _text(path: str, data: bytes) -> str:
    text = data.decode(errors="replace")
    return "\n".join(texts_in(json.loads(text))) if path.endswith(".ipynb") else text
