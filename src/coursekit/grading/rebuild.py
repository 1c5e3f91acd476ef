"""Rebuilding a submission: the released notebook with the student's answers in it.

Students' notebooks come back with cells deleted, copied, renamed and reordered, and from some programs without any
metadata. The released structure is the truth; the student's file gives the text of solution cells, of cells that may
be edited, and extra cells. Of the file nothing is believed: every field is looked at before it is used.
"""

from __future__ import annotations

import ast
import copy
import difflib
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursekit.cells import check_cell_name, grade_id, is_answer, is_explore, is_locked, nbgrader_of
from coursekit.grading.submission import SubmissionError
from coursekit.text import storable

__all__ = ["Rebuilt", "parse", "rebuild"]

_MAX_CELLS = 3000
_MAX_NOTES = 10
_ALIKE = 0.6
_MAX_COMPARED = 4000
_MAX_NEAR = 20
_MAX_PARSED = 100_000
_CHECK = re.compile(r"""^[^\S\n]*check\(\s*["']([A-Za-z0-9_-]+)["']""", re.MULTILINE)


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
        data = json.loads(text)
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
        cause = f"its JSON is broken ({error})" if content.strip() else "it is empty"
    except ValueError as error:
        cause = " ".join(str(error).split())[:200]
    raise SubmissionError("malformed", f"{name} is not a notebook: {cause}.")


def rebuild(released: Mapping[str, Any], submitted: Mapping[str, Any]) -> Rebuilt:
    """Put a student's answers into the released notebook.

    Args:
        released: The notebook as students got it.
        submitted: A notebook's JSON from :func:`parse`.

    Raises:
        SubmissionError: If none of its cells is one of the released notebook's.
    """
    matching = _Matching([_Slot.of(cell) for cell in released["cells"]], _found_cells(submitted.get("cells")))
    matching.run()
    if not matching.pairs:
        raise SubmissionError("malformed", "None of its cells are those of the released notebook.")
    notebook = copy.deepcopy({key: released[key] for key in released})
    notebook["cells"] = list(matching.cells(released["cells"]))
    notes = list(matching.notes())
    if len(notes) > _MAX_NOTES:
        notes = [*notes[:_MAX_NOTES], f"And {len(notes) - _MAX_NOTES} more."]
    return Rebuilt(notebook, tuple(notes))


@dataclass(frozen=True)
class _Found:
    """A cell of the student's, as far as it can be used."""

    kind: str
    source: str
    grade_id: str
    cell_id: str
    nbgrader: Mapping[str, Any]
    explore: bool
    attachments: Mapping[str, Any]
    defines: frozenset[str]
    checks: str


@dataclass(frozen=True)
class _Slot:
    """A released cell: a place in the notebook."""

    kind: str
    source: str
    name: str
    nbgrader: Mapping[str, Any]
    cell_id: str
    answered: bool
    locked: bool

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> _Slot:
        return cls(
            kind=cell["cell_type"],
            source=cell["source"],
            name=grade_id(cell),
            nbgrader=nbgrader_of(cell),
            cell_id=str(cell.get("id")),
            answered=is_answer(cell),
            locked=is_locked(cell),
        )


@dataclass
class _Matching:
    """Finds the student's cell for each released one."""

    slots: list[_Slot]
    found: list[_Found]
    #: The number of the student's cell, by the number of the released one.
    pairs: dict[int, int] = field(default_factory=dict)
    copies: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Pair cells, by the surest signs first."""
        taken: set[int] = set()
        for number, slot in enumerate(self.slots):
            candidates = [(self._rank(slot, cell), i) for i, cell in enumerate(self.found) if i not in taken]
            candidates = [candidate for candidate in candidates if candidate[0] > 0]
            if candidates:
                best = max(candidates)[1]
                self.pairs[number] = best
                taken.add(best)
        for gap, spare in self._gaps(taken):
            self._pair_within(gap, spare, taken)

    def _rank(self, slot: _Slot, cell: _Found) -> int:
        """Say how surely a cell is that of a slot; 0 if it may not be."""
        named = bool(slot.name) and slot.name == cell.grade_id
        same_id = slot.cell_id == cell.cell_id
        if slot.locked and slot.kind == "code":
            checked = slot.name == check_cell_name(cell.checks)
            return 4 * (named and checked) or 3 * named or 2 * checked or same_id
        if slot.answered and slot.kind == "code":
            defined = slot.name in cell.defines
            touched = cell.source.strip() != slot.source.strip()
            sure = 3 if named and defined else 2 if defined else 1 if named or same_id else 0
            return 2 * sure + touched if sure else 0
        return 3 * named or 2 * same_id or (cell.kind == slot.kind and cell.source == slot.source)

    def _gaps(self, taken: set[int]) -> Iterable[tuple[list[int], list[int]]]:
        """List runs of slots without a cell, with the student's cells that lie between the same neighbours."""
        numbers = [-1, *sorted(self.pairs), len(self.slots)]
        for before, after in itertools.pairwise(numbers):
            gap = list(range(before + 1, after))
            low, high = self.pairs.get(before, -1), self.pairs.get(after, len(self.found))
            spare = [i for i in range(low + 1, high) if i not in taken]
            if gap and spare:
                yield gap, spare

    def _pair_within(self, gap: list[int], spare: list[int], taken: set[int]) -> None:
        """Pair what is left by likeness and, for answers in words, by position."""
        for number in gap:
            slot = self.slots[number]
            near = [i for i in spare if i not in taken and (self.found[i].kind == slot.kind or slot.answered)]
            alike = [i for i in near[:_MAX_NEAR] if _alike(self.found[i].source, slot.source)]
            words = slot.answered and slot.kind == "markdown"
            chosen = alike[:1] or [i for i in near if words and self.found[i].kind == "markdown"][:1]
            for i in chosen:
                self.pairs[number] = i
                taken.add(i)

    def cells(self, released: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        """Yield the cells of the rebuilt notebook."""
        extras = self._extras()
        used = {slot.cell_id for slot in self.slots}
        yield from _extra_cells(extras.get(-1, []), used)
        for number, slot in enumerate(self.slots):
            cell = copy.deepcopy(released[number])
            mine = self.found[self.pairs[number]] if number in self.pairs else None
            if mine is not None and not slot.locked:
                cell["source"] = mine.source
                if cell["cell_type"] == "markdown" and mine.attachments:
                    cell["attachments"] = dict(mine.attachments)
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
            yield cell
            yield from _extra_cells(extras.get(number, []), used)

    def _extras(self) -> dict[int, list[_Found]]:
        """Return the cells that are no released ones, by the number of the released one that they followed."""
        by_cell = {i: number for number, i in self.pairs.items()}
        extras: dict[int, list[_Found]] = {}
        last = -1
        for i, cell in enumerate(self.found):
            last = by_cell.get(i, last)
            if i not in by_cell and cell.source.strip():
                extras.setdefault(last, []).append(cell)
        return extras

    def notes(self) -> Iterable[str]:
        """Yield what was mended."""
        order = []
        paired = set(self.pairs.values())
        for number, slot in enumerate(self.slots):
            if number not in self.pairs:
                if slot.name:
                    yield f"The cell {slot.name} was missing; it has been put back."
                continue
            cell = self.found[self.pairs[number]]
            order.append(self.pairs[number])
            yield from _differences(slot, cell)
            if slot.name and any(c.grade_id == slot.name for i, c in enumerate(self.found) if i not in paired):
                yield f"The cell {slot.name} was there more than once; one of them was taken as yours."
        if order != sorted(order):
            yield "Cells had changed places; they are back in the released order."


def _differences(slot: _Slot, cell: _Found) -> Iterable[str]:
    name = slot.name
    if not name:
        return
    if cell.kind != slot.kind:
        yield f"The cell {name} had become a {cell.kind} cell; it is a {slot.kind} cell again."
    if slot.locked and cell.source.strip() != slot.source.strip():
        yield f"The cell {name} had been changed; it is as released again."
    if cell.grade_id and cell.grade_id != name:
        yield f"The cell {name} bore the name {cell.grade_id[:40]!r}; it has its own again."
    if cell.nbgrader.get("points", slot.nbgrader.get("points")) != slot.nbgrader.get("points"):
        yield f"The points of {name} had been changed; they are as released again."


def _found_cells(cells: Any) -> list[_Found]:
    """Read the student's cells, as far as they can be used."""
    return [_found(cell) for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _found(cell: Mapping[str, Any]) -> _Found:
    nbgrader = nbgrader_of(cell)
    source = _joined(cell.get("source"))
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "raw"
    check = _CHECK.search(source)
    return _Found(
        kind=str(kind),
        source=source,
        grade_id=_joined(nbgrader.get("grade_id")),
        cell_id=_joined(cell.get("id")),
        nbgrader=nbgrader,
        explore=is_explore(cell),
        attachments=_attachments(cell.get("attachments")),
        defines=frozenset(_defined(source)),
        checks=check.group(1) if check else "",
    )


def _joined(source: Any) -> str:
    """Return a text that may be split into lines."""
    parts = source if isinstance(source, list) else [source]
    return storable("".join(part for part in parts if isinstance(part, str)))


def _attachments(found: Any) -> dict[str, dict[str, str]]:
    """Keep the pictures of a cell in words that are of the right form."""
    if not isinstance(found, dict):
        return {}
    return {
        name: dict(pictures)
        for name, pictures in found.items()
        if isinstance(pictures, dict) and pictures and all(isinstance(data, str) for data in pictures.values())
    }


def _defined(source: str) -> Iterable[str]:
    """List the functions, classes and names that a cell defines; by looking at its lines if it is no Python."""
    try:
        if len(source) > _MAX_PARSED:
            raise ValueError("to parse it would take gigabytes")
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE)
        return
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _alike(a: str, b: str) -> bool:
    """Tell whether two texts are much the same."""
    if not a or not b or max(len(a), len(b)) > _MAX_COMPARED:
        return a == b
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE


def _extra_cells(extras: Iterable[_Found], used: set[str]) -> Iterable[dict[str, Any]]:
    for extra in extras:
        number = len(used)
        while f"extra-{number}" in used:
            number += 1
        used.add(f"extra-{number}")
        metadata = {"tags": ["explore"]} if extra.explore else {}
        cell: dict[str, Any] = {"cell_type": extra.kind, "id": f"extra-{number}", "metadata": metadata}
        cell["source"] = extra.source
        if extra.kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        elif extra.attachments:
            cell["attachments"] = dict(extra.attachments)
        yield cell


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and a note if it is not UTF-8."""
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        encoding = "utf-16" if marked else "cp1252"
        return content.decode(encoding, "replace"), (f"The file was not UTF-8 text; it was read as {encoding}.",)


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
