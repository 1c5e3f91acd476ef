"""What a student wrote elsewhere: answers in other cells than theirs, words beside them, code in locked cells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursekit.cells import check_cell_name
from coursekit.grading.matching import Found, Slot, definitions, only_defines, statements_read

__all__ = ["Place", "listed", "point_to_answers", "point_to_words", "repeat_answers", "typed_into"]

_MAX_LISTED = 8
#: A magic that looked on while the check ran, with nothing else.
_LOOKS_ON = re.compile(r"%%?(?:time|timeit|capture|prun)\b[^\n]*\Z")


@dataclass
class Place:
    """A cell of a rebuilt notebook.

    Attributes:
        cell: The cell.
        slot: The released cell that it is; None for one of the student's own.
        found: The student's cell; None if there is none.
    """

    cell: dict[str, Any]
    slot: Slot | None
    found: Found | None

    @property
    def is_as_released(self) -> bool:
        """Whether it is a released cell with its released text."""
        return self.slot is not None and self.slot.holds(self.cell["source"].strip())

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return f"the cell {self.slot.name}" if self.slot is not None and self.slot.name else "another cell"

    def answers(self, slot: Slot) -> bool:
        """Tell whether the student defines here what is to be written in a slot."""
        written = self.found is not None and not self.is_as_released and self.cell["cell_type"] == "code"
        return written and self.found is not None and slot.is_answered_by(self.found)


def typed_into(slot: Slot, found: Found) -> tuple[list[Found], list[Found]]:
    """Return what a student typed into a locked cell, above its released text and below it, as cells of their own."""
    if found.text == slot.text:
        return [], []
    lines = found.source.splitlines()
    at = next((n for n, line in enumerate(lines) if _plain(line).startswith(_plain(slot.text))), len(lines))
    texts = "\n".join(lines[:at]).strip(), "\n".join(lines[at + 1 :]).strip()
    # Not the end of another name: my_check("softmax").
    if within := _around_statement(slot, found.source):
        texts = within
    elif whole := re.search(rf"(?<![\w.]){re.escape(slot.text)}", found.source):
        texts = found.source[: whole.start()].strip(), found.source[whole.end() :].lstrip(" ;").strip()
    kept = ["" if _LOOKS_ON.match(text) else text for text in texts]
    parts = [[replace(found, source=text, text=text, defines=definitions(text))] if text else [] for text in kept]
    return parts[0], parts[1]


def _around_statement(slot: Slot, source: str) -> tuple[str, str] | None:
    """Return what is above and below where the released call is a part of a statement, such as ``r = check("f")``.

    The statement itself stays above, with nothing in the place of the call. None where it is no such part.
    """
    call = re.compile(rf"(?<![\w.]){re.escape(slot.text)}".replace('"', "[\"']"))
    lines = source.split("\n")
    for statement in statements_read(source) if call.search(source) else ():
        first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
        text = "\n".join(lines[first:last])
        if call.search(text) and not call.fullmatch((ast.get_source_segment(source, statement) or "").strip()):
            above = "\n".join([*lines[:first], call.sub("None", text)])
            return above.strip(), "\n".join(lines[last:]).strip()
        if call.search(text):
            return None
    return None


def point_to_answers(places: Sequence[Place]) -> Iterator[str]:
    """Have the stub of an exercise give way to an answer that stands in another cell, and yield what was done.

    An answer counts where it stands if that is above its check. If it stands below alone, a copy is put above.
    """
    checks = {place.slot.name: i for i, place in enumerate(places) if place.slot is not None and place.slot.locked}
    counted: dict[str, list[str]] = {}
    for i, place in enumerate(places):
        slot = place.slot
        if slot is None or not slot.answered or slot.kind != "code" or not place.is_as_released:
            continue
        written = [j for j, other in enumerate(places) if j != i and other.answers(slot)]
        above = [j for j in written if j < checks.get(check_cell_name(slot.name), len(places))]
        if above:
            where = places[above[-1]].name
            place.cell["source"] = f"# The answer to {slot.name} stands in {where}."
            counted.setdefault(where, []).append(slot.name)
        elif written and (copied := places[written[0]].found.defines[slot.name]):  # type: ignore[union-attr]
            place.cell["source"] = copied
            where = places[written[0]].name
            yield f"The answer to {slot.name} stands below its check, in {where}; a copy of it counts."
    for where, names in counted.items():
        told = ("answer to {} stands", "it counts") if len(names) == 1 else ("answers to {} stand", "they count")
        yield f"The {told[0].format(listed(names))} in {where}; {told[1]} there."


def repeat_answers(places: Sequence[Place], found: Sequence[Found]) -> Iterator[tuple[int, Found, str]]:
    """Yield copies of answers that stood above their checks last, before cells were put back in order, and now do not.

    Args:
        places: The cells of the rebuilt notebook.
        found: The student's cells, in the student's order.

    Yields:
        Where a copy belongs among the places, the copy, and what was done.
    """
    order = {id(cell): i for i, cell in enumerate(found)}
    checks = {place.slot.name: i for i, place in enumerate(places) if place.slot is not None and place.slot.locked}
    slots = [place.slot for place in places if place.slot is not None and place.slot.answered]
    for slot in slots:
        at = checks.get(check_cell_name(slot.name))
        stood = -1 if at is None else order.get(id(places[at].found), -1)
        if at is None or slot.kind != "code":
            continue
        answers = [(order.get(id(other.found), stood), i) for i, other in enumerate(places) if other.answers(slot)]
        above = [i for _, i in answers if i < at]
        _, last = max((each for each in answers if each[0] < stood), default=(0, -1))
        text = _to_copy(places[last], slot) if last >= 0 and above[-1:] != [last] else ""
        stands = [other for other in places[:at] if other.slot is slot or other.answers(slot)][-1:]
        if not text or any(other.cell["source"] == text for other in stands):
            continue
        copied = Found("code", text, text, defines=definitions(text))
        where = places[last].name
        yield at, copied, f"The check of {slot.name} stood below the answer in {where}; a copy of that answer counts."


def _to_copy(place: Place, slot: Slot) -> str:
    """Return a cell of the student's own that only defines, or what defines the answer to a slot in any other."""
    found = place.found
    if found is None:
        return ""
    return found.source if place.slot is None and only_defines(found.source) else found.defines[slot.name]


def point_to_words(places: Sequence[Place]) -> Iterator[str]:
    """Mark each answer in words that stands beside its cell, so that a person reads it, and yield what was done.

    Beside are the text between the named or running cells before and after, and any text of the student's own below, up
    to what is to be answered next.
    """
    for i, place in enumerate(places):
        slot = place.slot
        if slot is None or not slot.answered or slot.kind == "code" or not place.is_as_released:
            continue
        first = next((j for j in range(i - 1, -1, -1) if _ends_question(places[j])), -1) + 1
        last = next((j for j in range(i + 1, len(places)) if _is_answered(places[j])), len(places))
        next_cell = next((j for j in range(i + 1, last) if _ends_question(places[j])), last)
        sides = []
        if any(_words_in(other) for other in places[first:i]):
            sides.append("above")
        later = [other for other in places[next_cell:last] if other.cell["cell_type"] != "code"]
        if any(_words_in(other) for other in places[i + 1 : next_cell]) or any(map(_own_words, later)):
            sides.append("below")
        if sides:
            place.cell["source"] += f"\n\n*(The student's own words stand {' and '.join(sides)}.)*"
            yield f"The cell {slot.name} is as released; the words {' and '.join(sides)} it wait for a person."


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence has them; of many, the first."""
    if len(names) > _MAX_LISTED:
        names = [*names[: _MAX_LISTED - 1], f"{len(names) - _MAX_LISTED + 1} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _plain(line: str) -> str:
    return line.strip().replace("'", '"')


def _is_answered(place: Place) -> bool:
    """Tell whether a cell is for an answer, in code or in words."""
    return place.slot is not None and place.slot.answered


def _ends_question(place: Place) -> bool:
    """Tell whether what belongs to a question ends at a cell: at a named one, or one that runs."""
    return place.slot is not None and (bool(place.slot.name) or place.slot.kind == "code")


def _words_in(place: Place) -> bool:
    """Tell whether a cell of the student's own holds words, or one of the released text has more than it had."""
    if place.slot is None:
        return _own_words(place)
    before = {line.strip() for line in place.slot.source.splitlines()}
    return any(line.strip() not in before for line in place.cell["source"].splitlines())


def _own_words(place: Place) -> bool:
    """Tell whether a cell of the student's own holds words; of code, only comments and text, or what is no code."""
    if place.slot is not None or not place.cell["source"].strip():
        return False
    if place.cell["cell_type"] != "code":
        return True
    try:
        body = ast.parse(place.cell["source"]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not place.found or not place.found.defines
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)
