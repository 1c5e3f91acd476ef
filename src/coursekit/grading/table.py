"""The table and the progress line that ``coursekit grade`` prints."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from coursekit.grading.record import Record
from coursekit.text import printable, shortened

__all__ = ["lay_out", "progress_line", "table"]

_NAME_WIDTH = 10
_PERSON_WIDTH = 30


def table(records: Sequence[Record], people: Mapping[str, str] | None = None) -> str:
    """Lay records out as a table: a row for each student, a column for each exercise, then messages and counts.

    Args:
        records: What grading said of each student.
        people: The students' names, by id, as far as they are known.
    """
    people = people or {}
    named = any(record.student in people for record in records)
    names = list(dict.fromkeys(exercise.name for record in records for exercise in record.exercises))
    head = ["student", *(["name"] if named else []), "status"]
    head += [*(shortened(name, _NAME_WIDTH) for name in names), "score"]
    rows = []
    for r in records:
        who = [_person(people.get(r.student, ""))] if named else []
        rows.append([printable(r.student), *who, r.status, *_scores(r, names), f"{r.score:g}/{r.max_score:g}"])
    lines = [lay_out(head, rows, n_names=2 + named)]
    lines += [f"{printable(r.student)}: {printable(r.message)}" for r in records if r.message]
    lines += [f"{printable(r.student)} needs a look: {printable(' '.join(r.noticed))}" for r in records if r.noticed]
    return "\n".join([*lines, *_totals(records, people)])


def _totals(records: Sequence[Record], people: Mapping[str, str]) -> Iterator[str]:
    """Yield how many there are of each status, and who got nothing because there was nothing that could be graded."""
    counts = Counter(record.status for record in records)
    told = ", ".join(f"{n} {status}" for status, n in counts.most_common()) or "nobody handed in"
    yield f"{len(records)} student{'' if len(records) == 1 else 's'}: {told}."
    for status, what in (("missing", "handed in nothing"), ("malformed", "nothing that can be graded")):
        who = [record.student for record in records if record.status == status]
        if who:
            listed = "; ".join(f"{_person(people[s])} ({printable(s)})" if s in people else printable(s) for s in who)
            yield f"{what} ({len(who)}): {listed}"


def _person(name: str) -> str:
    return printable(shortened(name, _PERSON_WIDTH))


def lay_out(head: Sequence[str], rows: Sequence[Sequence[str]], *, n_names: int) -> str:
    """Lay out a table: the first ``n_names`` columns are aligned to the left, the others to the right."""
    widths = [max(_width(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "\n".join(_line(row, widths, n_names) for row in [head, ["-" * width for width in widths], *rows])


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
        text = f"{done}/{total} graded, {rate:.1f} per second, {left_s:.0f} s left   "
        stream.write("\r" + text + ("\n" if done == total else ""))
        stream.flush()

    return show


def _scores(record: Record, names: Sequence[str]) -> list[str]:
    by_name = {exercise.name: exercise for exercise in record.exercises}
    return [f"{by_name[name].score:g}" if name in by_name else "" for name in names]


def _line(row: Sequence[str], widths: Sequence[int], n_names: int) -> str:
    sized = enumerate(zip(row, widths, strict=True))
    cells = []
    for i, (text, width) in sized:
        space = " " * (width - _width(text))
        cells.append(text + space if i < n_names else space + text)
    return "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many places a text takes in a terminal: East Asian characters take two, combining ones none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)
