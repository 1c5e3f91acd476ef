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

import difflib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coursekit.authoring.report import Finding
from coursekit.authoring.sections import Section
from coursekit.authoring.syntax import syntax_fault

__all__ = ["Survivor", "Variant", "read_answers", "read_survivors"]

REFERENCE = "reference"
"""What an edit's base is called where it is the answer in the exercise's own solution cell."""

_TITLE = re.compile(r"(?P<name>\w+)(?: of (?P<base>\w+))?(?: -> (?P<check>\w+))?")
_EDIT_LINE = re.compile(r"# ([-+ ])(?: (.*))?")
_NTH = re.compile(r"(.*?)( \(no\. \d+\))?")


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
    """A line of an answer, or of the comments that edit one.

    Args:
        text: The line.
        number: Where it stands in the file; 0 for a line that comes from an edit's base.
        sign: ``"-"``, ``"+"`` or ``" "`` in an edit; empty for other words.
    """

    text: str
    number: int = 0
    sign: str = ""


class _AnswerError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_answers(sections: Sequence[Section], slug: str, reference: str) -> tuple[list[Variant], list[Finding]]:
    """Read the answers in an exercise's file, and what is wrong with them.

    Args:
        sections: The sections of the file, with titles that can be read.
        slug: The exercise.
        reference: The text of its solution cell, without the markers around the answer.
    """
    bases: dict[str, str | None] = {REFERENCE: reference}
    found, findings = list[Variant](), list[Finding]()
    names = {REFERENCE: "the solution cell"}
    for section in sections:
        if section.kind not in ("right", "wrong"):
            continue
        name = section.title.split()[0]
        if name in names:
            findings.append(section.finding(f"two answers are named {name!r}; see {names[name]}. Rename this one."))
            continue
        names[name] = f"line {section.marker_line}"
        variant = None
        try:
            variant = _variant(section, slug, bases)
        except _AnswerError as error:
            findings.append(section.finding(str(error), error.line))
        if variant is not None:
            found.append(variant)
        if section.kind == "right":
            bases[name] = variant.source if variant else None
    return found, findings


def read_survivors(sections: Sequence[Section]) -> tuple[list[Survivor], list[Finding]]:
    """Read the surviving mutants in an exercise's file, and what is wrong with how they are written."""
    found, findings = list[Survivor](), list[Finding]()
    for section in sections:
        for group in _groups(section) if section.kind == "survivors" else ():
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
    line, nth = _NTH.fullmatch(before.strip()).groups()  # type: ignore[union-attr]  # any text matches
    return f"{line} → {after.strip()}{nth or ''}"


def _variant(section: Section, slug: str, bases: Mapping[str, str | None]) -> Variant | None:
    """Return the answer in a section; None where the answer that it edits is broken, which is told there."""
    name, base, check = _TITLE.fullmatch(section.title).groups()  # type: ignore[union-attr]  # see section_findings
    if not _is_edit(section):
        if base:
            message = f"'of {base}' is for an edit, and this answer stands whole; leave 'of {base}' out."
            raise _AnswerError(section.marker_line, message)
        lines = [_Line(text, number) for number, text in enumerate(section.text.split("\n"), section.line)]
        lines.append(_Line(""))
    elif (text := _base(section, base or REFERENCE, bases)) is None:
        return None
    else:
        lines = _edited(section, base or REFERENCE, text)
    source = "\n".join(line.text for line in lines)
    if fault := syntax_fault(source):
        message = f"the answer is not valid Python: {fault.message}: {fault.text!r}."
        raise _AnswerError(lines[fault.line].number or section.marker_line, message)
    private = tuple(line.text for line in lines if line.number)
    return Variant(slug, name, check, source, section.marker_line, private)


def _is_edit(section: Section) -> bool:
    """Tell an edit from a whole answer; raise where a section is neither, or both."""
    code = [number for number, line in _numbered(section) if line.strip() and not line.startswith("#")]
    signed = [line.number for group in _groups(section) for line in group if line.sign in ("-", "+")]
    if not code and not signed:
        message = "there is no answer here; write it whole, or as an edit: '# - line taken out', '# + line put in'."
        raise _AnswerError(section.marker_line, message)
    if code and signed:
        message = (
            f"an answer stands whole or is an edit, all comments, and this is both: see line {signed[0]}. Begin this"
            " line with '# - ', '# + ' or '#   '; or put no '- ' or '+ ' at the head of a comment."
        )
        raise _AnswerError(code[0], message)
    return bool(signed)


def _base(section: Section, base: str, bases: Mapping[str, str | None]) -> str | None:
    if base in bases:
        return bases[base]
    near = difflib.get_close_matches(base, bases, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    message = f"there is no right answer {base!r} above this one to edit.{hint} There are: {', '.join(bases)}."
    raise _AnswerError(section.marker_line, message)


def _edited(section: Section, base: str, text: str) -> list[_Line]:
    """Return the lines of an answer after an edit."""
    lines = [_Line(line) for line in text.split("\n")]
    hunks = [hunk for group in _groups(section) if (hunk := [line for line in group if line.sign])]
    places = sorted(((*_place(hunk, text.split("\n"), base), hunk) for hunk in hunks), key=lambda place: place[0])
    for (start, _, hunk), (next_start, _, next_hunk) in itertools.pairwise(places):
        if start + len(_old(hunk)) > next_start:
            message = f"this place of the edit and the one on line {hunk[0].number} overlap; write them as one."
            raise _AnswerError(next_hunk[0].number, message)
    # From the last place to the first, so that indices above stay true.
    for start, indent, hunk in reversed(places):
        lines[start : start + len(_old(hunk))] = _replaced(hunk, lines[start:], indent)
    if [line.text for line in lines] == text.split("\n"):
        raise _AnswerError(section.marker_line, f"the edit changes nothing in {base!r}.")
    return lines


def _replaced(hunk: Sequence[_Line], lines: Sequence[_Line], indent: str) -> Iterator[_Line]:
    """Yield what an edit leaves of the lines from its place on, and puts there."""
    old = iter(lines)
    for line in hunk:
        if line.sign == "+":
            yield _Line(f"{indent}{line.text}".rstrip(), line.number)
        elif line.sign == "-":
            next(old)
        else:
            yield next(old)


def _old(hunk: Sequence[_Line]) -> list[_Line]:
    return [line for line in hunk if line.sign != "+"]


def _place(hunk: Sequence[_Line], lines: Sequence[str], base: str) -> tuple[int, str]:
    """Return the index in an answer's lines where an edit applies, and the indentation it has there."""
    old = _old(hunk)
    if not old:
        message = f"nothing says where in {base!r} this line belongs; add the line above or below it, as '#   line'."
        raise _AnswerError(hunk[0].number, message)
    first = old[0]
    found = [(i, indent) for i in range(len(lines)) if (indent := _indent(old, lines[i : i + len(old)])) is not None]
    if len(found) == 1:
        return found[0]
    if found:
        what = repr(first.text.strip()) + (" and what follows" if len(old) > 1 else "")
        message = f"{what} stands {len(found)} times in {base!r}; add a line above or below it that stays, '#   line'."
        raise _AnswerError(first.number, message)
    stripped = {line.strip() for line in lines}
    missing = next((line for line in old if line.text.strip() not in stripped), None)
    if missing is None:
        message = f"the edit does not apply: {base!r} has these lines, but not one after the other, indented like this."
        raise _AnswerError(first.number, message)
    near = difflib.get_close_matches(missing.text.strip(), stripped - {""}, n=1, cutoff=0.5)
    hint = f" Its nearest line is {near[0]!r}." if near else ""
    message = f"the edit does not apply: {missing.text.strip()!r} is no line of {base!r}.{hint}"
    raise _AnswerError(missing.number, message)


def _indent(old: Sequence[_Line], lines: Sequence[str]) -> str | None:
    """Return what stands before each of an edit's lines in some lines; None where they differ."""
    if len(lines) < len(old) or not old[0].text.strip() or not lines[0].endswith(old[0].text):
        return None
    indent = lines[0].removesuffix(old[0].text)
    if indent.strip():
        return None
    same = all(f"{indent}{line.text}".rstrip() == there for line, there in zip(old, lines, strict=False))
    return indent if same else None


def _numbered(section: Section) -> Iterator[tuple[int, str]]:
    return enumerate(section.lines, section.marker_line + 1)


def _groups(section: Section) -> list[list[_Line]]:
    """Return a section's comments as lines of edits (with a sign) and of words (without), split at blank lines."""
    groups: list[list[_Line]] = [[]]
    for number, line in _numbered(section):
        if not line.strip():
            groups.append([])
        elif match := _EDIT_LINE.fullmatch(line):
            groups[-1].append(_Line((match[2] or "").rstrip(), number, match[1]))
        else:
            groups[-1].append(_Line(line.removeprefix("#").strip(), number))
    return [group for group in groups if group]
