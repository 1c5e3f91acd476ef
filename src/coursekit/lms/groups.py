"""What a person has scored for one member of a group, for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coursekit.grading.grades import CellGrade, LabGrade
from coursekit.lms.origin import Origin

__all__ = ["shared_by_hand"]


def shared_by_hand(
    students: Sequence[LabGrade], origins: Mapping[str, Origin | None]
) -> tuple[list[LabGrade], list[str]]:
    """Give the members of a group the scores that were given by hand to one of them.

    Checks judge the same file in the same way for everybody; a person scores an answer in words once. A member with a
    score by hand of their own keeps it, and where members have different ones, nobody else gets any.

    Args:
        students: The grades.
        origins: Where each student's work came from.

    Returns:
        The grades, and the ids of those who got a score of another member's.
    """
    by_hand: dict[tuple[str, str], dict[str, set[float]]] = {}
    for grade in students:
        for cell in grade.cells:
            if (key := _group_of(origins.get(grade.student))) and cell.by_hand and cell.score is not None:
                by_hand.setdefault(key, {}).setdefault(cell.cell, set()).add(cell.score)
    shared = []
    changed = []
    for grade in students:
        scores = by_hand.get(_group_of(origins.get(grade.student)) or ("", ""), {})
        agreed = {name: next(iter(found)) for name, found in scores.items() if len(found) == 1}
        cells = tuple(_with_score(cell, agreed.get(cell.cell)) for cell in grade.cells)
        if cells == grade.cells:
            shared.append(grade)
            continue
        more = sum((new.score or 0.0) - (old.score or 0.0) for new, old in zip(cells, grade.cells, strict=True))
        waits = any(cell.waiting for cell in cells)
        shared.append(replace(grade, cells=cells, score=max(0.0, grade.score + more), open=grade.open and waits))
        changed.append(grade.student)
    return shared, changed


def _with_score(cell: CellGrade, score: float | None) -> CellGrade:
    return cell if score is None or cell.by_hand else replace(cell, score=score, by_hand=True, waiting=False)


def _group_of(origin: Origin | None) -> tuple[str, str] | None:
    """Return what the members of a group have in common: its name, and what it handed in."""
    return (origin.group, origin.sha256) if origin is not None and origin.group and origin.sha256 else None
