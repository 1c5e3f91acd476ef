"""The table and the progress line that ``coursekit grade`` prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TextIO

from coursekit.grading.record import Record

__all__ = ["progress_line", "table"]


def table(records: Sequence[Record]) -> str:
    """Lay records out as a table: a row a student, a column an exercise, and what an instructor should know."""
    names = list(dict.fromkeys(exercise.name for record in records for exercise in record.exercises))
    head = ["student", "status", *(_narrow(name) for name in names), "score"]
    rows = [[_printable(r.student), r.status, *_scores(r, names), f"{r.score:g}/{r.max_score:g}"] for r in records]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [_line(row, widths) for row in [head, ["-" * width for width in widths], *rows]]
    lines += [f"{_printable(r.student)}: {_printable(r.message)}" for r in records if r.message]
    return "\n".join(lines)


def progress_line(stream: TextIO) -> Callable[[int, int, Record], None]:
    """Return a function that keeps one line up to date with how far grading is and how long it will take.

    It writes nothing unless the stream is a terminal.
    """
    began = time.monotonic()

    def show(done: int, total: int, record: Record) -> None:
        if not stream.isatty():
            return
        rate = done / max(time.monotonic() - began, 1e-9)
        left_s = (total - done) / rate
        text = f"{done}/{total} graded, {rate:.1f} a second, {left_s:.0f} s left   "
        stream.write("\r" + text + ("\n" if done == total else ""))
        stream.flush()

    return show


def _scores(record: Record, names: Sequence[str]) -> list[str]:
    by_name = {exercise.name: exercise for exercise in record.exercises}
    return [f"{by_name[name].score:g}" if name in by_name else "" for name in names]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    # Names to the left, numbers to the right.
    cells = [text.ljust(w) if i < 2 else text.rjust(w) for i, (text, w) in enumerate(zip(row, widths, strict=True))]
    return "  ".join(cells).rstrip()


def _narrow(name: str) -> str:
    return name if len(name) <= 10 else name[:9] + "…"


def _printable(text: str) -> str:
    """Show control characters, which could rewrite the terminal, as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
