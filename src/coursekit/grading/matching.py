"""Finding the student's cell for each released one.

The surest signs come first: the names and ids that cells were released with, then what a cell defines and checks, then
likeness and place. Of the student's file nothing is believed: every field is looked at before it is used.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import functools
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursekit.cells import check_cell_name, grade_id, is_explore, is_solution, nbgrader_of
from coursekit.checking.statements import (
    MAX_PARSED,
    bound_by,
    bound_unseen,
    heads_in,
    is_definition,
    needed_by,
    statements_of,
)
from coursekit.text import storable

__all__ = [
    "Found",
    "Matching",
    "Slot",
    "definitions",
    "found_cells",
    "function_in",
    "is_unwritten",
    "only_defines",
    "statements_read",
]

_ALIKE = 0.6
_MAX_COMPARED = 4000
_MAX_NEAR = 20
_CHECK = re.compile(r"""^[^\S\n]*check\(\s*["']([A-Za-z0-9_-]+)["']""", re.MULTILINE)
#: What every cell may use.
_KNOWN = frozenset({*dir(builtins), "np"})
_SURE = 9
_BY_LIKENESS = 3


@dataclass(frozen=True)
class Found:
    """A cell of the student's, as far as it can be used.

    Attributes:
        kind: ``"code"``, ``"markdown"`` or ``"raw"``.
        source: Its text.
        text: The same without white space around it.
        grade_id: The name that it bears; empty if it has none.
        cell_id: Its id; empty if it has none.
        nbgrader: What it says about itself.
        explore: Whether it is tagged as one to look at.
        attachments: Its pictures.
        defines: The text of each definition, by its name; empty where the text cannot be told.
        checks: The exercise that it checks; empty if none.
    """

    kind: str
    source: str
    text: str
    grade_id: str = ""
    cell_id: str = ""
    nbgrader: Mapping[str, Any] = field(default_factory=dict)
    explore: bool = False
    attachments: Mapping[str, Any] = field(default_factory=dict)
    defines: Mapping[str, str] = field(default_factory=dict)
    checks: str = ""


@dataclass(frozen=True)
class Slot:
    """A released cell: a place in the notebook.

    Attributes:
        kind: ``"code"``, ``"markdown"`` or ``"raw"``.
        source: Its text, as released.
        name: Its grade_id; empty if it has none.
        nbgrader: Its metadata for nbgrader.
        cell_id: Its id.
        text: Its text without white space around it.
        stub: The text of the definition that is to be written; empty if there is none.
    """

    kind: str
    source: str
    name: str
    nbgrader: Mapping[str, Any]
    cell_id: str
    text: str
    stub: str = ""

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> Slot:
        """Make the slot of a released cell."""
        name, source = grade_id(cell), cell["source"]
        stub = definitions(source).get(name, "") if is_solution(cell) and cell["cell_type"] == "code" else ""
        return cls(cell["cell_type"], source, name, nbgrader_of(cell), str(cell.get("id")), source.strip(), stub)

    @property
    def answered(self) -> bool:
        """Whether the student is to write in it."""
        return bool(self.nbgrader.get("solution") or self.nbgrader.get("task"))

    @property
    def locked(self) -> bool:
        """Whether it is as released, whatever the student has made of it."""
        return bool(self.nbgrader.get("locked") or self.nbgrader.get("grade")) and not self.answered

    def is_as_released(self, cell: Found) -> bool:
        """Tell whether a cell has the released text, or that of a stub from another release."""
        return self.holds(cell.text)

    def holds(self, text: str) -> bool:
        """Tell the same of a text."""
        return text == self.text or (bool(self.stub) and is_unwritten(text))

    def is_answered_by(self, cell: Found) -> bool:
        """Tell whether a cell defines what is to be written here, and not as it was released."""
        text = cell.defines.get(self.name)
        return text is not None and (not self.stub or (text != self.stub and not is_unwritten(text)))


@dataclass
class Matching:
    """Finds the student's cell for each released one.

    Attributes:
        slots: The released cells.
        found: The student's.
        pairs: The number of the student's cell, by the number of the released one.
        guessed: The released cells whose pair bears neither their name nor their id.
        placed: Those among them for which only the place, or a likeness, speaks.
    """

    slots: Sequence[Slot]
    found: Sequence[Found]
    pairs: dict[int, int] = field(default_factory=dict)
    guessed: set[int] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)

    def run(self) -> None:
        """Pair cells, by the surest signs first."""
        sure = self._sure()
        taken: set[int] = set()
        for sureness in sorted(sure, reverse=True):
            # Locked cells first: where they stand tells apart what is equal otherwise.
            for number in sorted(sure[sureness], key=lambda number: (not self.slots[number].locked, number)):
                candidates = sure[sureness][number]
                free = [i for i in candidates if i not in taken]
                if number not in self.pairs and free:
                    self._pair(number, self._best_placed(number, free), taken, guessed=sureness <= _BY_LIKENESS)
        for gap, spare in self._gaps(taken):
            self._pair_within(gap, spare, taken)

    def _sure(self) -> dict[int, dict[int, list[int]]]:
        """Return the student's cells that may be a slot's, by how sure that is and by the number of the slot."""
        names = {slot.name: slot for slot in self.slots if slot.name}
        numbers: dict[tuple[str, str], list[int]] = {}
        for number, slot in enumerate(self.slots):
            for sign in (("name", slot.name), ("id", slot.cell_id), ("text", slot.text)):
                numbers.setdefault(sign, []).append(number)
        sure: dict[int, dict[int, list[int]]] = {}
        for i, cell in enumerate(self.found):
            named = (cell.grade_id, check_cell_name(cell.checks), *cell.defines)
            signs = [("id", cell.cell_id), ("text", cell.text), *(("name", name) for name in named if name)]
            for number in sorted({number for sign in signs for number in numbers.get(sign, ())}):
                if sureness := _sureness(self.slots[number], cell, names):
                    sure.setdefault(sureness, {}).setdefault(number, []).append(i)
        return sure

    def extras(self) -> dict[int, list[Found]]:
        """Return the cells that are no released ones, by the number of the released one that they followed.

        Where released cells have changed places, one of the student's own that needs nothing of the others stays above
        all that were below it: an answer that was moved below its helper finds it there.
        """
        by_cell = {i: number for number, i in self.pairs.items()}
        extras: dict[int, list[Found]] = {}
        last = -1
        below = self._first_below()
        imported = [imported_in(s.source) if s.kind == "code" and not s.name else set[str]() for s in self.slots]
        known: set[str] = set()
        for i, cell in enumerate(self.found):
            last = by_cell.get(i, last)
            if i not in by_cell and cell.source.strip():
                above = min(last, below[i] - 1)
                moves = above < last and cell.kind == "code"
                moves = moves and (
                    only_defines(cell.source) or needs_only(cell.source, known.union(*imported[: above + 1]))
                )
                known |= cell.defines.keys() if moves else set()
                extras.setdefault(above if moves else last, []).append(cell)
        return extras

    def _first_below(self) -> list[int]:
        """Return, for each of the student's cells, the lowest number of a named released one that is below it."""
        named = {i: n for n, i in self.pairs.items() if self.slots[n].name and n not in self.guessed}
        numbers = [named.get(i, len(self.slots)) for i in range(len(self.found), 0, -1)]
        return list(itertools.accumulate(numbers, min))[::-1]

    def of(self, number: int) -> Found | None:
        """Return the student's cell for a released one."""
        return self.found[self.pairs[number]] if number in self.pairs else None

    def is_in_order(self) -> bool:
        """Tell whether the cells that bear their names or ids stand in the released order."""
        order = [self.pairs[number] for number in sorted(self.pairs) if number not in self.guessed]
        return order == sorted(order)

    def _pair(self, number: int, i: int, taken: set[int], *, guessed: bool) -> None:
        self.pairs[number] = i
        taken.add(i)
        if guessed:
            self.guessed.add(number)

    def _best_placed(self, number: int, candidates: list[int]) -> int:
        """Choose among equals: the last one above the next check that is found, or else the first one below it."""
        below = [self.pairs[n] for n in range(number + 1, len(self.slots)) if n in self.pairs and self.slots[n].locked]
        limit = below[0] if below else len(self.found)
        above = [i for i in candidates if i < limit]
        return max(above) if above else min(candidates)

    def _gaps(self, taken: set[int]) -> Iterator[tuple[list[int], list[int]]]:
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
            for i in alike[:1] or [i for i in near if words and self.found[i].kind == "markdown"][:1]:
                self._pair(number, i, taken, guessed=True)
                self.placed.add(number)


def found_cells(cells: Any) -> list[Found]:
    """Read a student's cells, as far as they can be used."""
    return [_found(cell) for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def definitions(source: str) -> dict[str, str]:
    """Return the text of the statement that binds each name of a cell.

    Of a name that is bound more than once the last text is returned. What is bound in a module that the cell writes to
    a file, for other cells to import, is among them. A cell that is no Python is looked at line by line; the texts are
    then empty.
    """
    try:
        if len(source) > MAX_PARSED:
            raise ValueError("to parse it would take gigabytes")
        statements = statements_of(source, files=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return dict.fromkeys(heads_in(source), "")
    lines = source.split("\n")
    defined: dict[str, str] = {}
    for statement in statements:
        first = min([statement.lineno, *(line.lineno for line in getattr(statement, "decorator_list", []))])
        text = "\n".join(lines[first - 1 : statement.end_lineno]).strip()
        defined.update(dict.fromkeys(bound_by(statement) | bound_unseen(statement), text))
    return defined


def only_defines(source: str) -> bool:
    """Tell whether a cell does nothing but define, with nothing but itself, Python and NumPy."""
    statements = statements_read(source)
    known = {*_KNOWN}.union(*map(bound_by, statements))
    return bool(statements) and all(is_definition(each) and needed_by(each) <= known for each in statements)


def needs_only(source: str, known: Collection[str]) -> bool:
    """Tell whether a cell, with all that its functions may look up, needs nothing but itself, Python and some names."""
    nodes = [node for statement in statements_read(source) for node in ast.walk(statement)]
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return bool(nodes) and read <= {*_KNOWN, *known, *_bound_anywhere(nodes)}


def _bound_anywhere(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.stmt):
            yield from bound_by(node)
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def function_in(text: str) -> bool:
    """Tell whether a text is the definition of a function or a class."""
    return [
        isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for each in statements_read(text)
    ] == [True]


def imported_in(source: str) -> set[str]:
    """Return the names that the imports of a cell bind."""
    return set().union(*(bound_by(s) for s in statements_read(source) if isinstance(s, ast.Import | ast.ImportFrom)))


def statements_read(source: str) -> list[ast.stmt]:
    """Return the statements of a cell; none if it is too long, or cannot be read."""
    try:
        return statements_of(source) if len(source) <= MAX_PARSED else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


@functools.lru_cache(maxsize=1024)
def is_unwritten(text: str) -> bool:
    """Tell whether a text is one function that only raises ``NotImplementedError``."""
    if "NotImplementedError" not in text or len(text) > MAX_PARSED:
        return False
    try:
        (function,) = statements_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if not isinstance(function, ast.FunctionDef):
        return False
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return [ast.unparse(line) for line in body[:2]] == ["raise NotImplementedError"]


def _sureness(slot: Slot, cell: Found, names: Mapping[str, Slot]) -> int:
    """Say how surely a cell is that of a slot, from 1 to 9; 0 if only its place can tell."""
    named = bool(slot.name) and slot.name == cell.grade_id
    same_id = slot.cell_id == cell.cell_id
    own = named or same_id
    same_kind = cell.kind == slot.kind
    same_text = same_kind and slot.is_as_released(cell)
    touched = not slot.is_as_released(cell)
    if slot.locked and slot.kind == "code":
        checked = slot.name == check_cell_name(cell.checks)
        return (
            _SURE if own and (checked or same_text) else 8 if own else 5 * (checked and not _other(slot, cell, names))
        )
    if slot.answered and slot.kind == "code":
        return _sureness_of_answer(slot, cell, names, named=named, same_id=same_id)
    if slot.answered:
        return 1 + 4 * touched + 2 * same_kind + (named and same_id) if own else _BY_LIKENESS * same_text
    return _SURE if own and same_kind else 4 * own or _BY_LIKENESS * same_text


def _sureness_of_answer(slot: Slot, cell: Found, names: Mapping[str, Slot], *, named: bool, same_id: bool) -> int:
    own, answers = named or same_id, slot.is_answered_by(cell)
    if cell.kind != "code":
        return 4 * own or answers
    if own and answers:
        return _SURE if named and same_id else 8
    other = _other(slot, cell, names)
    if answers and other is not None and other.name not in cell.defines:
        # Names that have been swapped: what a cell defines tells whose it is.
        return 7
    if own:
        return 5 if slot.is_as_released(cell) else 6
    if slot.is_as_released(cell):
        return _BY_LIKENESS
    return 2 * (answers and other is None)


def _other(slot: Slot, cell: Found, names: Mapping[str, Slot]) -> Slot | None:
    """Return the other slot whose name or id a cell bears."""
    other = names.get(cell.grade_id) or names.get(cell.cell_id)
    return other if other is not slot else None


def _found(cell: Mapping[str, Any]) -> Found:
    nbgrader = nbgrader_of(cell)
    source = _joined(cell.get("source")).replace("\r\n", "\n").replace("\r", "\n")
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "raw"
    check = _CHECK.search(source)
    return Found(
        kind=str(kind),
        source=source,
        text=source.strip(),
        grade_id=_joined(nbgrader.get("grade_id")),
        cell_id=_joined(cell.get("id")),
        nbgrader=nbgrader,
        explore=is_explore(cell),
        attachments=_attachments(cell.get("attachments")),
        defines=definitions(source) if kind == "code" else dict.fromkeys(heads_in(source), ""),
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


def _alike(a: str, b: str) -> bool:
    """Tell whether two texts are much the same."""
    if not a or not b or max(len(a), len(b)) > _MAX_COMPARED:
        return a == b
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE
