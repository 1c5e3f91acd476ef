"""Who needs a human look, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursekit.report.classroom import Classroom, Member

__all__ = ["KINDS", "Concern", "concerns_of"]

#: The kinds of reasons, the most pressing first, with their names on the page.
KINDS = {
    "ended": "did not run to its end",
    "stopped": "a cell stopped",
    "unread": "could not be read",
    "ungraded": "not graded yet",
    "outdated": "handed in again",
    "zero": "nothing earned, though tried",
    "noticed": "touches the grader's side",
    "hidden": "fails hidden checks only",
    "own": "could not answer about own code",
    "mended": "mended before grading",
    "note": "note from grading",
    "missing": "handed in nothing",
    "hand": "waits for a score by hand",
}
_MAX_NAMED = 4


@dataclass(frozen=True)
class Concern:
    """A reason to look at somebody's work.

    Attributes:
        kind: One of :data:`KINDS`.
        words: The reason, a sentence or more.
    """

    kind: str
    words: str


def concerns_of(member: Member, classroom: Classroom) -> list[Concern]:
    """List the reasons to look at a student's work, the most pressing first."""
    found = list(_found(member, classroom))
    order = list(KINDS)
    return sorted(found, key=lambda concern: order.index(concern.kind))


def _found(member: Member, classroom: Classroom) -> Iterator[Concern]:
    if member.status == "missing":
        yield Concern("missing", member.message or "There is no notebook.")
        return
    if member.status == "ungraded":
        yield Concern("ungraded", f"{member.message} Run coursekit grade {classroom.lab}.".strip())
        return
    if member.outdated:
        yield Concern("outdated", f"Not what was graded: run coursekit grade {classroom.lab} again.")
    if member.status in ("timeout", "memory", "crashed"):
        yield Concern("ended", f"{_ENDS[member.status]}. {member.message}")
    elif member.status == "malformed":
        yield Concern("unread", member.message)
    elif member.stopped:
        yield Concern("stopped", member.message)
    elif member.mended:
        yield Concern("mended", member.message)
    elif member.message:
        yield Concern("note", member.message)
    if member.answers and member.counted and not any(member.points_by_machine(classroom)):
        n = len(member.answers)
        yield Concern("zero", f"No points by machine, though {n} of {len(classroom.stubs)} exercises were written.")
    noticed = member.record.noticed if member.record else ()
    if noticed:
        words = " ".join(noticed)
        yield Concern("noticed", f"{words} There can be good reasons for that, and it has cost nothing: {_ASK}")
    hidden = _only_hidden(member)
    if hidden:
        yield Concern("hidden", f"Every visible check passes, so all looked well to the student; fails {hidden}.")
    if own := _unknown(member):
        yield Concern(
            "own",
            f"The code passes every check, and not every question about it was answered right: {own}. {_TALK}",
        )
    if member.waiting:
        yield Concern("hand", f"To be scored in formgrader: {_listed(member.waiting)}.")


_TALK = "An occasion to talk, never a verdict."
_ASK = "read the cells that do it."
_ENDS = {"timeout": "Out of time", "memory": "Out of memory", "crashed": "Crashed"}


def _only_hidden(member: Member) -> str:
    """Name the checks that fail if all of them are hidden; nothing if not, or if none does."""
    exercises = member.record.exercises if member.record else ()
    failed = [
        (exercise.name, check)
        for exercise in exercises
        if exercise.name in member.tried
        for check in exercise.checks
        if not check.passed and not check.about_the_code
    ]
    if not failed or any(check.visible for _, check in failed):
        return ""
    return _listed([f"{check.name} ({slug})" for slug, check in failed])


def _unknown(member: Member) -> str:
    """Name the exercises whose code passes every check, and about which questions were answered wrong or not at all."""
    found = []
    for exercise in member.record.exercises if member.record and member.counted else ():
        own = [check.passed for check in exercise.checks if check.about_the_code]
        if not all(own) and all(check.passed for check in exercise.checks if not check.about_the_code):
            found.append(f"{sum(own)} of {len(own)} in {exercise.name}")
    return _listed(found)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(names[:_MAX_NAMED]) + more
