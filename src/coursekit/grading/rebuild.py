"""Rebuilding a submission: the released notebook with the student's answers in it.

Students' notebooks come back with cells deleted, copied, renamed and reordered, and from some programs without any
metadata. The released structure is the truth; the student's file gives the text of solution cells, of cells that may
be edited, and extra cells. Of the file nothing is believed: every field is looked at before it is used.
"""

from __future__ import annotations

import codecs
import copy
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coursekit.grading.elsewhere import Place, listed, point_to_answers, point_to_words, repeat_answers, typed_into
from coursekit.grading.kinds import WHAT_TO_HAND_IN, kind_of, merge_marker_in
from coursekit.grading.matching import Found, Matching, Slot, definitions, found_cells, function_in
from coursekit.grading.saved_outputs import without_outputs
from coursekit.grading.submission import SubmissionError

__all__ = ["Rebuilt", "parse", "rebuild"]

_MAX_CELLS = 3000
_MAX_TEXT = 50_000_000
_MAX_NOTES = 10
_CHECKS_FOR = re.compile(r"""\bchecks_for\(\s*["'](\w+)["']""")


@dataclass(frozen=True)
class Rebuilt:
    """A submission put back into the released structure.

    Attributes:
        notebook: The notebook, in format 4, without outputs.
        notes: What was mended, a sentence each, for the student.
    """

    notebook: dict[str, Any]
    notes: tuple[str, ...]


def parse(content: bytes, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read a notebook's JSON.

    Args:
        content: The bytes of the file.
        name: What it is called.

    Returns:
        The notebook in the shape of format 4, and notes to the student. Nothing about its cells is certain.

    Raises:
        SubmissionError: If it is no notebook.
    """
    try:
        text, notes = _decoded(content)
        if len(text) > _MAX_TEXT:
            raise ValueError(f"without its outputs it has {len(text):,} characters; the most is {_MAX_TEXT:,}")
        # Programs that keep files in step may fill up their ends.
        data = json.loads(text.rstrip("\0\x1a \t\r\n"))
        if not isinstance(data, dict) or "nbformat" not in data:
            raise ValueError("it does not say its nbformat")
        if data["nbformat"] in (2, 3):
            data, notes = _converted(text), (*notes, "The file has an old format; it was converted.")
        elif data["nbformat"] != 4:
            raise ValueError(f"its nbformat is {str(data['nbformat'])[:20]}; legal are 2, 3 and 4")
        if not isinstance(data.get("cells"), list):
            raise ValueError("it has no list of cells")
        if len(data["cells"]) > _MAX_CELLS:
            raise ValueError(f"it has {len(data['cells']):,} cells; the most is {_MAX_CELLS:,}")
        return data, notes
    except RecursionError:
        cause = "it is nested too deeply"
    except json.JSONDecodeError as error:
        cause = _broken(content, text, error)
    except ValueError as error:
        cause = " ".join(str(error).split())[:200]
    kind = kind_of(content)
    cause = f"it is {kind}" if kind else cause
    raise SubmissionError("malformed", f"{name} is not a notebook: {cause}. {WHAT_TO_HAND_IN}")


def rebuild(released: Mapping[str, Any], submitted: Mapping[str, Any]) -> Rebuilt:
    """Put a student's answers into the released notebook.

    Args:
        released: The notebook as students got it.
        submitted: A notebook's JSON from :func:`parse`.

    Raises:
        SubmissionError: If it is another lab's notebook, or none of its cells is one of the released notebook's.
    """
    matching = Matching([Slot.of(cell) for cell in released["cells"]], found_cells(submitted.get("cells")))
    matching.run()
    _refuse_other_lab(matching, released, submitted)
    if matching.pairs.keys() <= matching.placed:
        raise SubmissionError("malformed", "None of its cells are those of the released notebook.")
    places = list(_places(matching, released["cells"]))
    notes = [*point_to_answers(places), *point_to_words(places)]
    copies = [] if matching.is_in_order() else list(repeat_answers(places, matching.found))
    used = {str(place.cell["id"]) for place in places}
    for at, copied, note in reversed(copies):
        places.insert(at, _extra(copied, used))
        notes.append(note)
    missing = [p.slot.name for p in places if p.slot is not None and p.found is None and p.is_as_released]
    notes = [*_notes(matching, list(filter(None, missing))), *notes]
    notebook = copy.deepcopy({key: released[key] for key in released})
    notebook["cells"] = [place.cell for place in places]
    if len(notes) > _MAX_NOTES:
        notes = [*notes[:_MAX_NOTES], f"And {len(notes) - _MAX_NOTES} more."]
    return Rebuilt(notebook, tuple(notes))


def _refuse_other_lab(matching: Matching, released: Mapping[str, Any], submitted: Mapping[str, Any]) -> None:
    """Look whether a notebook says that it is another lab's, and has few of this one's cells.

    Raises:
        SubmissionError: If so.
    """
    own = _lab_of(released)
    named = {name for cell in matching.found if cell.kind == "code" for name in _CHECKS_FOR.findall(cell.source)}
    others = sorted({*named, _lab_of(submitted)} - {own, ""})
    slots = [number for number, slot in enumerate(matching.slots) if slot.name]
    known = [number for number in slots if number in matching.pairs and number not in matching.guessed]
    if others and own not in named and 2 * len(known) < len(slots):
        raise SubmissionError(
            "malformed", f"This is the notebook of {others[0][:40]}, and not of {own}. Hand in the notebook of {own}."
        )


def _lab_of(notebook: Mapping[str, Any]) -> str:
    """Return the lab that a notebook's metadata name; nothing if they name none."""
    metadata = notebook.get("metadata")
    entry = metadata.get("coursekit") if isinstance(metadata, dict) else None
    lab = entry.get("lab") if isinstance(entry, dict) else None
    return lab if isinstance(lab, str) else ""


def _places(matching: Matching, released: list[dict[str, Any]]) -> Iterable[Place]:
    """Yield the cells of the rebuilt notebook."""
    used = {slot.cell_id for slot in matching.slots}
    extras = matching.extras()
    own: dict[str, str] = {}
    for number, slot in enumerate([None, *matching.slots], -1):
        parts: list[Found] = []
        if slot is not None:
            found = matching.of(number)
            above, parts = typed_into(slot, found) if found is not None and slot.locked else ([], [])
            yield from (_extra(part, used) for part in above)
            yield Place(_filled(released[number], slot, found), slot, found)
            written = [*above, *([found] if found is not None and not slot.holds(found.text) else [])]
            own |= _functions_in(written)
            parts = [*parts, *_kept_above(slot, own if found is None else {})]
        parts = [*parts, *extras.get(number, [])]
        yield from (_extra(part, used) for part in parts)
        own |= _functions_in(parts)


def _functions_in(cells: Iterable[Found]) -> dict[str, str]:
    """Return the texts of the functions and classes of a student's cells, by their names."""
    texts = (item for cell in cells if cell.kind == "code" for item in cell.defines.items())
    return {name: text for name, text in texts if text and function_in(text)}


def _kept_above(slot: Slot, own: Mapping[str, str]) -> list[Found]:
    """Return what a student defines above a cell that is put back, and the cell defines too: the student's counts."""
    if slot.kind != "code" or slot.name or not own:
        return []
    texts = dict.fromkeys(own[name] for name, text in definitions(slot.source).items() if own.get(name, text) != text)
    return [Found("code", text, text, defines=definitions(text)) for text in texts]


def _filled(released: dict[str, Any], slot: Slot, found: Found | None) -> dict[str, Any]:
    """Return a released cell with the student's text in it, if they may write there."""
    cell = copy.deepcopy(released)
    if found is not None and not slot.locked:
        cell["source"] = found.source
        if cell["cell_type"] == "markdown" and found.attachments:
            cell["attachments"] = dict(found.attachments)
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
    return cell


def _extra(found: Found, used: set[str]) -> Place:
    """Return a cell of the student's own."""
    number = len(used)
    while f"extra-{number}" in used:
        number += 1
    used.add(f"extra-{number}")
    metadata = {"tags": ["explore"]} if found.explore else {}
    cell: dict[str, Any] = {"cell_type": found.kind, "id": f"extra-{number}", "metadata": metadata}
    cell["source"] = found.source
    if found.kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif found.attachments:
        cell["attachments"] = dict(found.attachments)
    return Place(cell, None, found)


def _notes(matching: Matching, missing: list[str]) -> Iterable[str]:
    """Yield what was mended of the released cells."""
    if missing:
        were, have = ("cell {} was", "it has") if len(missing) == 1 else ("cells {} were", "they have")
        yield f"The {were.format(listed(missing))} missing; {have} been put back."
    extra_ids = {cell.grade_id for cells in matching.extras().values() for cell in cells}
    for number, slot in enumerate(matching.slots):
        found = matching.of(number)
        if slot.name and found is not None:
            yield from _differences(slot, found)
            if slot.name in extra_ids:
                yield f"The cell {slot.name} was there more than once; one of them was taken as yours."
    if not matching.is_in_order():
        yield "Cells had changed places; they are back in the released order."


def _differences(slot: Slot, found: Found) -> Iterable[str]:
    name = slot.name
    if found.kind != slot.kind:
        yield f"The cell {name} had become a {found.kind} cell; it is a {slot.kind} cell again."
    if slot.locked and found.text != slot.text:
        typed = [*itertools.chain(*typed_into(slot, found))]
        kept = " What was typed into it stands in a cell of its own." if typed else ""
        yield f"The cell {name} had been changed; it is as released again.{kept}"
    if found.grade_id and found.grade_id != name:
        yield f"The cell {name} bore the name {found.grade_id[:40]!r}; it has its own again."
    if found.nbgrader.get("points", slot.nbgrader.get("points")) != slot.nbgrader.get("points"):
        yield f"The points of {name} had been changed; they are as released again."


def _broken(content: bytes, text: str, error: json.JSONDecodeError) -> str:
    """Return what is wrong with a file whose JSON is."""
    if not content.strip():
        return "it is empty"
    if marker := merge_marker_in(text):
        return f"it holds git's marks of a merge conflict ({marker}), which has to be settled first"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return f"its JSON is broken, as of a file that was cut short ({error})"
    return f"its JSON is broken ({error})"


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file without its saved outputs, and a note if it is not UTF-8."""
    encoding = json.detect_encoding(content[:4]).removesuffix("-sig")
    notes: tuple[str, ...] = ()
    if encoding.startswith("utf-8"):
        try:
            return without_outputs(content.removeprefix(codecs.BOM_UTF8)).decode("utf-8"), ()
        except UnicodeDecodeError:
            encoding = "cp1252"
    notes = (f"The file was not UTF-8 text; it was read as {encoding}.",)
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    return without_outputs(text.encode()).decode(), notes


def _converted(text: str) -> dict[str, Any]:
    """Return a notebook of an old format in format 4.

    Raises:
        ValueError: If that cannot be done.
    """
    import nbformat

    try:
        return dict(nbformat.reads(text, as_version=4))
    except Exception as error:
        raise ValueError(f"its old format cannot be converted ({type(error).__name__}: {error})") from None
