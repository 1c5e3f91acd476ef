"""Right and wrong answers to an exercise, kept to test its checks with.

An answer stands whole, or as an edit of the reference or of a right answer above it::

    # %% wrong no_shift -> huge_scores_stay_finite
    # - shifted = Z - Z.max(axis=1, keepdims=True)
    # + shifted = Z

In an edit, ``# - `` is a line to take out, ``# + `` one to put in its place, and ``#   `` one that stays and shows the
place. Lines are written without the indentation that they have in common. A blank line lies between two places.
Other comments explain the answer.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from coursekit.authoring.report import Finding, Problem, listing
from coursekit.authoring.sections import Section, split_sections
from coursekit.errors import VariantError

__all__ = ["Survivor", "Variant", "load_survivors", "load_variants", "read_answers", "read_survivors", "reference_of"]

REFERENCE = "reference"
"""What an edit's base is called where it is the answer in the lab's own solution cell."""

_TITLE = re.compile(r"(?P<name>\w+)(?: of (?P<base>\w+))?(?: -> (?P<check>\w+))?")
_EDIT_LINE = re.compile(r"# ([-+ ])(?: (.*))?")
_NBGRADER = re.compile(r"nbgrader=(\{.*?\})")
_SOLUTION_MARKER = re.compile(r"\s*### (BEGIN|END) SOLUTION")


@dataclass(frozen=True)
class Variant:
    """One answer to one exercise.

    Attributes:
        slug: The exercise.
        name: The style of a right answer, or the misconception of a wrong one.
        caught_by: The check that must catch it; None if the answer is right.
        source: The text of the solution cell.
        line: Where it stands in the exercise's file.
        private: What of it stands in that file: the lines of an edit that are put in, or the whole answer.
    """

    slug: str
    name: str
    caught_by: str | None
    source: str
    line: int = 0
    private: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer deserves full marks."""
        return self.caught_by is None

    def __str__(self) -> str:
        return f"{self.slug}-{'right' if self.right else 'wrong'}-{self.name}"


@dataclass(frozen=True)
class Survivor:
    """A change to the reference answer that no check notices, and why that is no gap.

    Attributes:
        change: The line before and after, as ``"line → line"``.
        reason: Why the changed answer is right too.
        line: Where it stands in the exercise's file.
    """

    change: str
    reason: str
    line: int


class _Line(NamedTuple):
    sign: str
    text: str
    number: int


def load_variants(folder: Path) -> list[Variant]:
    """Read every answer that is kept for a lab's exercises, by the exercises' names.

    Args:
        folder: Such as ``labs/01_softmax``.

    Raises:
        VariantError: If the folder does not exist, or an answer cannot be read.
    """
    return [variant for path in _exercise_files(folder) for variant in _answers_in(path)]


def load_survivors(folder: Path) -> dict[str, dict[str, str]]:
    """Read why mutants of a lab's reference answers may survive: by exercise, the reason for each change.

    Raises:
        VariantError: If the folder does not exist, or a section of survivors cannot be read.
    """
    found = {}
    for path in _exercise_files(folder):
        survivors, findings = read_survivors(split_sections(path, path.read_text(encoding="utf-8-sig")))
        _refuse(findings)
        found[path.stem] = {survivor.change: survivor.reason for survivor in survivors}
    return found


def reference_of(sections: Sequence[Section], slug: str) -> str:
    """Return the text of an exercise's solution cell, without the markers around the answer; empty if there is none."""
    for section in sections:
        match = _NBGRADER.search(section.title) if section.kind == "cell" else None
        try:
            nbgrader = json.loads(match[1]) if match else {}
        except ValueError:
            continue
        if nbgrader.get("grade_id") == slug and nbgrader.get("solution") and not nbgrader.get("grade"):
            return "\n".join(line for line in section.text.split("\n") if not _SOLUTION_MARKER.fullmatch(line)) + "\n"
    return ""


def read_answers(sections: Sequence[Section], slug: str) -> tuple[list[Variant], list[Finding]]:
    """Read the answers in an exercise's file, and what is wrong with them.

    Args:
        sections: The sections of the file, with titles in order.
        slug: The exercise.
    """
    bases, answers, findings = {REFERENCE: reference_of(sections, slug)}, dict[str, Variant](), list[Finding]()
    for section in sections:
        if section.kind not in ("right", "wrong"):
            continue
        match = _TITLE.fullmatch(section.title)
        if match is None:
            findings.append(section.finding(f"'# %% {section.kind} {section.title}' cannot be read."))
            continue
        name, base = match["name"], match["base"] or REFERENCE
        if name in answers or name == REFERENCE:
            findings.append(section.finding(f"two answers are named {name!r}. Rename one."))
            continue
        try:
            source, private = _source(section, base, bases, named=match["base"] is not None)
        except _EditError as error:
            findings.append(section.finding(str(error), error.line))
            continue
        if fault := _syntax_fault(section, source):
            findings.append(fault)
            continue
        answers[name] = Variant(slug, name, match["check"], source, section.marker_line, private)
        if section.kind == "right":
            bases[name] = source
    return list(answers.values()), findings


def read_survivors(sections: Sequence[Section]) -> tuple[list[Survivor], list[Finding]]:
    """Read the surviving mutants in an exercise's file, and what is wrong with how they are written."""
    found, findings = list[Survivor](), list[Finding]()
    for section in sections:
        if section.kind != "survivors":
            continue
        for group in _groups(section):
            before = [line for line in group if line.sign == "-"]
            after = [line for line in group if line.sign == "+"]
            reason = " ".join(line.text for line in group if not line.sign).strip()
            if len(before) == 1 and after and reason:
                found += [Survivor(_change(before[0].text, line.text), reason, line.number) for line in after]
            else:
                message = (
                    "a survivor is one line '# - before', the lines '# + after' that it may become, and the reason as"
                    " a comment below them; a blank line lies between two survivors."
                )
                findings.append(section.finding(message, group[0].number))
    return found, findings


def _change(before: str, after: str) -> str:
    """Return a change as the mutation run names it; "(no. 2)" tells equal lines apart."""
    line, nth = re.fullmatch(r"(.*?)( \(no\. \d+\))?", before.strip()).groups()  # type: ignore[union-attr]
    return f"{line} → {after.strip()}{nth or ''}"


class _EditError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _exercise_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise VariantError(f"There is no folder of a lab {str(folder)!r}. Labs stand in labs/, as labs/01_softmax.")
    return sorted(path for path in folder.glob("*.py") if path.name != "lab.py")


def _answers_in(path: Path) -> list[Variant]:
    answers, findings = read_answers(split_sections(path, path.read_text(encoding="utf-8-sig")), path.stem)
    _refuse(findings)
    return answers


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise VariantError(listing(Problem(f.path or Path(), f.message, f.line) for f in findings))


def _source(section: Section, base: str, bases: dict[str, str], *, named: bool) -> tuple[str, tuple[str, ...]]:
    """Return an answer's whole text, and its lines that are private."""
    hunks = [hunk for group in _groups(section) if (hunk := [line for line in group if line.sign])]
    edit = all(line.startswith("#") or not line.strip() for line in section.lines) and any(
        line.sign in "+-" for hunk in hunks for line in hunk
    )
    if not edit and named:
        raise _EditError(section.marker_line, f"'of {base}' is for edits, and this answer stands whole: leave it out.")
    if not edit:
        return section.text + "\n", tuple(section.text.split("\n"))
    if base not in bases:
        legal = ", ".join(bases)
        raise _EditError(section.marker_line, f"there is no right answer {base!r} above this one; there are: {legal}.")
    lines = bases[base].split("\n")
    places = [(*_place(hunk, lines, base), hunk) for hunk in hunks]
    # From the last place to the first, so that indices above stay true.
    for start, indent, hunk in sorted(places, key=lambda place: place[0], reverse=True):
        kept = [line for line in hunk if line.sign != "-"]
        lines[start : start + _n_old(hunk)] = [f"{indent}{line.text}".rstrip() for line in kept]
    return "\n".join(lines), tuple(line.text for hunk in hunks for line in hunk if line.sign == "+")


def _n_old(hunk: Sequence[_Line]) -> int:
    return sum(line.sign != "+" for line in hunk)


def _place(hunk: Sequence[_Line], lines: Sequence[str], base: str) -> tuple[int, str]:
    """Return the index in an answer's lines where an edit applies, and the indentation it has there."""
    old = [line for line in hunk if line.sign != "+"]
    if not old:
        message = f"nothing says where in {base!r} these lines belong; add a line that stays, as '#   line'."
        raise _EditError(hunk[0].number, message)
    first = old[0]
    found = [(i, indent) for i in range(len(lines)) if (indent := _indent(old, lines[i : i + len(old)])) is not None]
    if len(found) == 1:
        return found[0]
    if found:
        message = (
            f"{first.text!r} and what follows stand {len(found)} times in {base!r}; add a line above or below that"
            " stays, as '#   line'."
        )
        raise _EditError(first.number, message)
    stripped = {line.strip() for line in lines}
    missing = next((line for line in old if line.text.strip() not in stripped), first)
    near = difflib.get_close_matches(missing.text.strip(), stripped, n=1, cutoff=0.5)
    hint = f" Its nearest line is {near[0]!r}." if near else ""
    message = f"the edit does not apply: {missing.text.strip()!r} does not stand so in {base!r}.{hint}"
    raise _EditError(missing.number, message)


def _indent(old: Sequence[_Line], lines: Sequence[str]) -> str | None:
    """Return what stands before each of an edit's lines in some lines; None where they differ."""
    if len(lines) < len(old) or not old[0].text.strip() or not lines[0].endswith(old[0].text):
        return None
    indent = lines[0].removesuffix(old[0].text)
    if indent.strip():
        return None
    same = all(f"{indent}{line.text}".rstrip() == there for line, there in zip(old, lines, strict=False))
    return indent if same else None


def _groups(section: Section) -> list[list[_Line]]:
    """Return a section's comments as lines of edits (with a sign) and of words (without), split at blank lines."""
    groups: list[list[_Line]] = [[]]
    for number, line in enumerate(section.lines, section.marker_line + 1):
        if not line.strip():
            groups.append([])
        elif match := _EDIT_LINE.fullmatch(line):
            groups[-1].append(_Line(match[1], match[2] or "", number))
        else:
            groups[-1].append(_Line("", line.removeprefix("#").strip(), number))
    return [group for group in groups if group]


def _syntax_fault(section: Section, source: str) -> Finding | None:
    try:
        ast.parse(source)
    except SyntaxError as error:
        whole = source.strip() == section.text.strip()
        line = section.line + (error.lineno or 1) - 1 if whole else section.marker_line
        text = (error.text or "").strip()
        return section.finding(f"the answer is not valid Python: {error.msg}: {text!r}.", line)
    return None


def check_names(section: Section) -> Iterator[tuple[str, str, int]]:
    """Yield the checks that a section of valid Python defines: name, exercise, line in the file."""
    for node in ast.parse(section.text).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(func=ast.Name(id="checks"), args=[ast.Constant(value=str(slug)), *_]):
                    yield node.name, slug, section.line + node.lineno - 1
