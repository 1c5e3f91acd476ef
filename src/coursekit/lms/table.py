"""What ``coursekit collect`` and ``coursekit export`` print."""

from __future__ import annotations

from coursekit.grading.table import lay_out
from coursekit.lms.collecting import Collection
from coursekit.lms.exporting import Export
from coursekit.text import printable, shortened

__all__ = ["summary", "table"]

_WIDTH = 48
#: How the notes of what was done begin.
_OUTCOMES = ("new", "replaced", "unchanged", "kept", "not taken", "no notebook")


def table(collection: Collection) -> str:
    """Lay out what was collected: a row for each student, then totals and notes."""
    head = ["student", "name", "file", "late", "note"]
    rows = [
        [_cell(row.student), _cell(row.name), _cell(row.file), "late" if row.late else "", printable(row.note)]
        for row in collection.students
    ]
    notes = [f"note: {printable(note)}" for note in collection.notes]
    counts = [(sum(row.note.startswith(what) for row in collection.students), what) for what in _OUTCOMES]
    summary = ", ".join(f"{n} {what}" for n, what in counts if n)
    return "\n".join([lay_out(head, rows, n_names=len(head)), f"{summary}.", *notes])


def summary(export: Export) -> str:
    """Say how many grades were written and where, then the notes."""
    grades = "1 grade" if export.written == 1 else f"{export.written} grades"
    notes = [f"note: {printable(note)}" for note in export.notes]
    return "\n".join([f"{grades} written to {printable(str(export.place))}", *notes])


def _cell(text: str) -> str:
    return printable(shortened(text, _WIDTH))
