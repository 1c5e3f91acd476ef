"""A dry run of grading: whose score would change, and why; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from coursekit.grading.record import CheckRecord, ExerciseRecord, GradedNotebook, Record
from coursekit.grading.submission import Receipt
from coursekit.grading.table import lay_out
from coursekit.text import printable, shortened

__all__ = ["Change", "DryRunWriter", "Reason", "change", "changes_text"]

_PASSES, _FAILS, _NEW, _GONE, _POINTS, _STATUS = "now passes", "now fails", "new", "gone", "points", "status"
_MAX_MESSAGE = 200


@dataclass(frozen=True)
class Reason:
    """One difference between two gradings of a submission.

    Attributes:
        exercise: The exercise; empty if the difference concerns the whole submission.
        check: The check; empty if the difference concerns the whole exercise.
        what: ``"now passes"``, ``"now fails"``, ``"new"``, ``"gone"``, ``"points"`` or ``"status"``.
        message: What the check says, or said before; or the state before and now.
    """

    exercise: str
    check: str
    what: str
    message: str

    def text(self) -> str:
        """Return the reason as a line."""
        message = shortened(" ".join(printable(self.message).split()), _MAX_MESSAGE)
        where = ": ".join(filter(None, (self.exercise, self.check)))
        what = f"is {self.what}" if self.what in (_NEW, _GONE) else self.what
        return f"{where + ' ' if where else ''}{what}{': ' + message if message else ''}"


@dataclass(frozen=True)
class Change:
    """How regrading would change one submission's score.

    Attributes:
        student: The student's id.
        before: The score of the last grading; None if no record of it is kept.
        after: The score that grading would give now.
        max_before: The highest possible score then.
        max_after: The highest possible score now.
        reasons: What differs.
    """

    student: str
    before: float | None
    after: float
    max_before: float | None
    max_after: float
    reasons: tuple[Reason, ...]

    @property
    def changed(self) -> bool:
        """Whether the score, the highest possible score or the submission's status would change."""
        same = (self.before, self.max_before) == (self.after, self.max_after)
        return not same or any(reason.what == _STATUS for reason in self.reasons)

    def as_json(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return asdict(self)


class DryRunWriter:
    """Takes the place of the gradebook's writer: knows no earlier record, and writes nothing."""

    n_outdated = 0

    def close(self) -> None:
        """Do nothing."""

    def kept(self, student: str, digest: str, receipt: Receipt) -> Record | None:
        """Return None: everything is regraded."""
        return None

    def withdraw(self, student: str) -> None:
        """Do nothing."""

    def write(self, record: Record, graded: GradedNotebook, receipt: Receipt, digest: str) -> None:
        """Do nothing."""


def change(before: Record | None, after: Record) -> Change:
    """Compare the record of the last grading with a new one.

    New and removed checks are listed as reasons only in exercises whose points differ.
    """
    if before is None:
        # No record is kept of a student who handed in nothing; then the score is as before.
        nothing = after.status == "missing"
        known = (after.score, after.max_score) if nothing else (None, None)
        return Change(after.student, known[0], after.score, known[1], after.max_score, ())
    reasons = []
    if before.status != after.status:
        told = f" ({before.message or after.message})" if before.message or after.message else ""
        reasons.append(Reason("", "", _STATUS, f"{before.status} before, {after.status} now{told}"))
    if after.status in ("missing", "malformed"):
        return Change(after.student, before.score, after.score, before.max_score, after.max_score, tuple(reasons))
    old, new = ({exercise.name: exercise for exercise in record.exercises} for record in (before, after))
    for name in dict.fromkeys([*new, *old]):
        reasons += _reasons(name, old.get(name), new.get(name))
    return Change(after.student, before.score, after.score, before.max_score, after.max_score, tuple(reasons))


def changes_text(changes: Sequence[Change]) -> str:
    """Lay out the changes: a row for each submission that would change, its reasons, and how many there are of each."""
    head = ["student", "before", "after", "change"]
    rows = [
        [printable(c.student), _of(c.before, c.max_before), _of(c.after, c.max_after), _difference(c)]
        for c in changes
        if c.before is not None and c.changed
    ]
    lines: list[str] = []
    if rows:
        first, rule, *table = lay_out(head, rows, n_names=1).splitlines()
        lines = [f"{first}  why", f"{rule}  ---"]
        shown = [c for c in changes if c.before is not None and c.changed]
        for row, of in zip(table, shown, strict=True):
            reasons = [reason.text() for reason in of.reasons] or [""]
            margins = [row, *[""] * (len(reasons) - 1)]
            lines += [
                f"{margin.ljust(len(rule))}  {text}".rstrip() for margin, text in zip(margins, reasons, strict=True)
            ]
    return "\n".join([*lines, _summary(changes)])


def _summary(changes: Sequence[Change]) -> str:
    compared = [c for c in changes if c.before is not None]
    up = sum(c.after > (c.before or 0.0) for c in compared)
    down = sum(c.after < (c.before or 0.0) for c in compared)
    verdicts = sum(c.after == c.before and bool(c.reasons) for c in compared)
    same = f"{len(compared) - up - down} unchanged" + (f" ({verdicts} with other verdicts)" if verdicts else "")
    unknown = len(changes) - len(compared)
    parts = [same, f"{up} up", f"{down} down", *([f"{unknown} without an earlier record"] if unknown else [])]
    return f"{', '.join(parts)}. Nothing was written."


def _reasons(name: str, old: ExerciseRecord | None, new: ExerciseRecord | None) -> Iterator[Reason]:
    """Yield the differences in one exercise."""
    if old is None or new is None:
        there = new or old
        assert there is not None
        yield Reason(name, "", _NEW if old is None else _GONE, f"{there.score:g} of {there.max_score:g} points")
        return
    before, after = ({check.name: check for check in exercise.checks} for exercise in (old, new))
    differs = (old.score, old.max_score) != (new.score, new.max_score)
    found = 0
    for check in dict.fromkeys([*after, *before]):
        reason = _reason(name, before.get(check), after.get(check), differs=differs)
        if reason is not None:
            found += 1
            yield reason
    if old.max_score != new.max_score or (differs and not found):
        yield Reason(name, "", _POINTS, f"{_of(old.score, old.max_score)} before, {_of(new.score, new.max_score)} now")


def _reason(name: str, old: CheckRecord | None, new: CheckRecord | None, *, differs: bool) -> Reason | None:
    if old is not None and new is not None:
        if old.passed == new.passed:
            return None
        if new.passed:
            return Reason(name, new.name, _PASSES, f"it said: {old.message}" if old.message else "")
        return Reason(name, new.name, _FAILS, new.message)
    if not differs:
        return None
    if new is not None:
        return Reason(name, new.name, _NEW, "it passes" if new.passed else f"it fails. {new.message}".strip())
    assert old is not None
    return Reason(name, old.name, _GONE, "it passed" if old.passed else "it failed")


def _of(score: float | None, max_score: float | None) -> str:
    return "" if score is None or max_score is None else f"{score:g}/{max_score:g}"


def _difference(change: Change) -> str:
    difference = change.after - (change.before or 0.0)
    return f"{round(difference, 4):+g}" if difference else "0"
