"""What ``coursekit collect`` and ``coursekit export`` print."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.grading.table import lay_out
from coursekit.lms.collecting import Collected, Collection
from coursekit.lms.exporting import Export
from coursekit.text import printable, shortened

__all__ = ["summary", "table"]

_WIDTH = 48
#: How the notes of what was done begin.
_OUTCOMES = ("new", "replaced", "unchanged", "kept", "not taken")


def table(collection: Collection) -> str:
    """Lay out what was collected: a row for each student, totals, who is without a notebook, and notes."""
    head = ["student", "name", "file", "late", "note"]
    rows = [
        [_cell(row.student), _cell(row.name), _cell(row.file), "late" if row.late else "", printable(row.note)]
        for row in collection.students
    ]
    counts = [(sum(row.note.startswith(what) for row in collection.students), what) for what in _OUTCOMES]
    lines = [lay_out(head, rows, n_names=len(head)), f"{_students(len(rows))}: {_counts(counts)}."]
    for what, lacks in (("handed in nothing", True), ("no notebook", False)):
        who = [row for row in collection.students if row.lacks and (row.lacks == "handed in nothing") == lacks]
        if who:
            lines.append(f"{what} ({len(who)}): {printable('; '.join(map(_named, who)))}")
    lines += [f"note: {printable(note)}" for note in collection.notes]
    if collection.dry_run:
        lines.append("This was a dry run: nothing was written.")
    return "\n".join(lines)


def summary(export: Export) -> str:
    """Say how many grades or pages were written and where, then the notes."""
    notes = [f"note: {printable(note)}" for note in export.notes]
    return "\n".join([f"{_counted(export.written, export.what)} written to {printable(str(export.place))}", *notes])


def _students(n: int) -> str:
    return _counted(n, "student")


def _counted(n: int, what: str) -> str:
    return f"1 {what}" if n == 1 else f"{n} {what}s"


def _counts(counts: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{n} {what}" for n, what in counts if n) or "none"


def _named(row: Collected) -> str:
    return f"{shortened(row.name, _WIDTH)} ({row.student})" if row.name else row.student


def _cell(text: str) -> str:
    return printable(shortened(text, _WIDTH))
