"""Patterns: how the names of files tell who handed them in, for systems that are described by data and for any other.

The systems, with the source of each, are in ``patterns.toml`` beside this module.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import PurePosixPath

from coursekit.errors import LmsError
from coursekit.lms.people import Upload
from coursekit.lms.times import read_time

__all__ = ["NamedPattern", "Pattern", "known_patterns", "read_names"]

_WORDS = {
    "student": "[^/]+?",
    "name": "[^/]+?",
    "file": ".+",
    # A name may have a hyphen between spaces in it, a time has none.
    "time": r"(?:(?! - )[^/_])*\d(?:(?! - )[^/_])*?",
    "lab": "",
    "assignment": "[^/]+",
    "numbers": r"[\d-]+",
}
_THE_REST = f"/(?P<file>{_WORDS['file']})"
#: Longer paths are no system's; trying them would take time that grows with the square of their length.
_MAX_PATH = 1000
#: What has a year in it is a time, also one in words that cannot be read.
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
#: Nobody's name ends so: a browser or Drive has added it to a second file.
_COPIED = re.compile(r"\s*\(\d{1,2}\)$")
_PART = re.compile(r"\{([^{}]*)\}|(\*)|([{}])|([^{}*]+)")


@dataclass(frozen=True)
class NamedPattern:
    """How a system names files.

    Attributes:
        name: The system's name in files, such as ``"github"``.
        title: Its name for people.
        pattern: The pattern.
        example: A path of that form.
        source: Where that was read.
    """

    name: str
    title: str
    pattern: str
    example: str
    source: str


class Pattern:
    """A pattern such as ``{student}/{file}``.

    Args:
        text: The pattern. An ellipsis at its end stands for ``{file}``.
        lab: The lab's stem, for ``{lab}``.

    Raises:
        LmsError: If it has an unknown word, or none that tells who handed in.
    """

    def __init__(self, text: str, lab: str) -> None:
        self.text = re.sub(r"(…|\.\.\.)$", "{file}", text)
        self._lab = lab
        self._words = {word for word, _, _, _ in _PART.findall(self.text) if word}
        stray = [brace for _, _, brace, _ in _PART.findall(self.text) if brace]
        unknown = sorted(self._words - set(_WORDS)) + (["{}"] if "{}" in self.text else [])
        if unknown or stray or not self._words & {"student", "name"}:
            what = f"the unknown word {unknown[0]!r}" if unknown else "a brace that is not closed" if stray else ""
            raise LmsError(
                f"The pattern {text!r} has {what or 'nothing that tells who handed in'}. It is a path within the"
                " download with {student} (an id) or {name} in it, such as '{student}/{file}' or '*_{name}_*.ipynb';"
                f" legal are {', '.join('{' + word + '}' for word in _WORDS)}, and * for any text."
            )

    def read_names(self, paths: Iterable[PurePosixPath]) -> dict[PurePosixPath, Upload]:
        """Read paths; those of another form are left out."""
        paths = list(paths)
        found = self._matched(paths, self._expression())
        if "assignment" in self._words and found:
            # The name of an assignment may have in it what parts it from the student's.
            names = sorted(match["assignment"] for match in found.values())
            alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(names[0], names[-1], strict=False))
            named = "".join(character for character, _ in alike)
            narrower = self._matched(paths, self._expression(re.escape(named.rstrip(" _-"))))
            found = narrower if len(narrower) == len(found) else found
        return {path: upload for path, match in found.items() if (upload := self._upload(path, match)) is not None}

    def _matched(
        self, paths: Sequence[PurePosixPath], expression: re.Pattern[str]
    ) -> dict[PurePosixPath, re.Match[str]]:
        matches = ((path, expression.fullmatch(str(path))) for path in paths if len(str(path)) <= _MAX_PATH)
        return {path: match for path, match in matches if match is not None}

    def _expression(self, assignment: str = _WORDS["assignment"]) -> re.Pattern[str]:
        lab = rf"(?:[^/]* )?{re.escape(self._lab)}(?:[ _-]*\(?\d+\)?)?"
        said: set[str] = set()
        parts = []
        for word, star, _, plain in _PART.findall(self.text):
            if star:
                parts.append("[^/]*")
            elif plain:
                parts.append(re.escape(plain))
            elif word in said:
                parts.append(f"(?P={word})")
            else:
                said.add(word)
                form = {"lab": lab, "assignment": assignment}.get(word, _WORDS[word])
                parts.append(f"(?P<{word}>{form})")
        body = "".join(parts)
        if body.endswith(_THE_REST):
            # A folder that holds nothing is a student's, too.
            body = f"{body.removesuffix(_THE_REST)}(?:{_THE_REST})?"
        return re.compile(body, re.DOTALL)

    def _upload(self, path: PurePosixPath, match: re.Match[str]) -> Upload | None:
        told = match.groupdict()
        handed_in = read_time(told["time"]) if told.get("time") else None
        if told.get("time") and handed_in is None and not _YEAR.search(told["time"]):
            return None
        file = told["file"] or "" if "file" in self._words else path.name
        student, name = (_COPIED.sub("", told.get(word) or "") or told.get(word) or "" for word in ("student", "name"))
        return Upload(student, name, file, handed_in=handed_in, numbers=told.get("numbers") or "")


@functools.cache
def known_patterns() -> tuple[NamedPattern, ...]:
    """Return the patterns of the systems that are known."""
    text = (resources.files("coursekit.lms") / "patterns.toml").read_text(encoding="utf-8")
    return tuple(NamedPattern(**entry) for entry in tomllib.loads(text)["system"])


def read_names(name: str, paths: Iterable[PurePosixPath], lab: str) -> dict[PurePosixPath, Upload]:
    """Read the paths of a download by the patterns of one system."""
    paths = list(paths)
    found: dict[PurePosixPath, Upload] = {}
    for known in known_patterns():
        if known.name == name:
            found |= {p: u for p, u in Pattern(known.pattern, lab).read_names(paths).items() if p not in found}
    return _namesakes_apart(found)


def _namesakes_apart(found: dict[PurePosixPath, Upload]) -> dict[PurePosixPath, Upload]:
    """Tell people of one name apart by the numbers before it, where these differ."""
    numbers: dict[str, set[str]] = {}
    for upload in found.values():
        numbers.setdefault(upload.key, set()).add(upload.numbers)
    shared = {key for key, told in numbers.items() if len(told) > 1}
    return {path: replace(u, number=u.numbers) if u.key in shared else u for path, u in found.items()}
