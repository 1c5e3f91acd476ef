"""What stands on top of a page: the points of each exercise, and what to look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.cells import exercise_of, grade_id, has_points, item_of
from coursekit.checking.display import VERDICT_MIME
from coursekit.grading.grades import CellGrade, LabGrade
from coursekit.grading.record import CheckRecord
from coursekit.text import shortened

__all__ = ["Item", "items_of", "look_first"]

_MAX_FIRST = 3
_MAX_WORDS = 300


@dataclass(frozen=True)
class Item:
    """Something that there are points for.

    Attributes:
        name: An exercise's slug, or the grade_id of an answer that is graded by hand.
        cell: The grade_id of its cell in the gradebook.
        points: Points given; None where a person has yet to give them.
        max_points: The highest possible number of points.
        state: One of ``all``, ``some``, ``none``, ``waits``, ``untried``.
        checks: Its checks; empty where there is no verdict.
        by_machine: Whether checks judge it.
        by_hand: Whether a person has given the points.
    """

    name: str
    cell: str
    points: float | None
    max_points: float
    state: str
    checks: tuple[CheckRecord, ...]
    by_machine: bool
    by_hand: bool

    @property
    def failed(self) -> tuple[CheckRecord, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def first(self) -> CheckRecord | None:
        """The check to look at first: the first that failed, of those that a student can read if there are any."""
        return next((check for check in self.failed if check.visible), next(iter(self.failed), None))

    @property
    def said(self) -> str:
        """What that check said."""
        return shortened(self.first.message, _MAX_WORDS) if self.first else ""


def items_of(cells: Sequence[Mapping[str, Any]], grade: LabGrade) -> tuple[Item, ...]:
    """List what there are points for, in the order of a notebook; what the notebook lacks comes last.

    Args:
        cells: The cells of a graded notebook.
        grade: What the gradebook says.
    """
    grades = {found.cell: found for found in grade.cells}
    items = {}
    for cell in cells:
        name = grade_id(cell)
        if has_points(cell) and name in grades:
            items[name] = _item(grades[name], grade, _checks(cell), by_machine=exercise_of(cell) is not None)
    for name, found in grades.items():
        if name not in items:
            items[name] = _item(found, grade, (), by_machine=item_of(name) != name)
    return tuple(items.values())


def look_first(items: Sequence[Item]) -> list[Item]:
    """Return the exercises to look at first: those that lost points and were tried, in the order of the lab.

    What stands further down often uses what stands above.
    """
    return [item for item in items if item.state in ("some", "none") and item.first is not None][:_MAX_FIRST]


def _item(found: CellGrade, grade: LabGrade, checks: tuple[CheckRecord, ...], *, by_machine: bool) -> Item:
    name = item_of(found.cell) if by_machine else found.cell
    state = _state(found, untried=name in grade.unanswered)
    return Item(name, found.cell, found.score, found.max_score, state, checks, by_machine, found.by_hand)


def _state(found: CellGrade, *, untried: bool) -> str:
    if found.score is None or found.waiting:
        return "waits"
    if found.score >= found.max_score:
        return "all"
    if found.score > 0:
        return "some"
    return "untried" if untried else "none"


def _checks(cell: Mapping[str, Any]) -> tuple[CheckRecord, ...]:
    """Return the checks of a check cell's verdict; none if it has none.

    Raises:
        TypeError, KeyError: If it is not as grading wrote it.
    """
    if exercise_of(cell) is None:
        return ()
    for output in cell["outputs"]:
        verdict = output.get("data", {}).get(VERDICT_MIME)
        if verdict is not None:
            return tuple(CheckRecord(**check) for check in verdict["checks"])
    return ()
