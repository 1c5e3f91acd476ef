"""Grading a class: submissions run side by side, and their records are written one after another."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from coursekit.checking.lab import hidden_source
from coursekit.errors import CourseError
from coursekit.grading.dry_run import Change, change
from coursekit.grading.limits import Limits
from coursekit.grading.pool import Pool, open_pool
from coursekit.grading.record import Record
from coursekit.grading.sandbox import BUBBLEWRAP, NONE, USER
from coursekit.grading.stored import stored_record

__all__ = ["GradedClass", "grade"]

#: What whoever grades should know of the ways to confine students' code that let it do more than bubblewrap does.
_LESS_SAFE = {
    USER: "graded as a user of its own (--sandbox user): students' code could read what all users of the machine can",
    NONE: "graded without a sandbox (--sandbox none): students' code could do all that you can",
}


@dataclass(frozen=True)
class GradedClass:
    """The outcome of grading a class.

    Attributes:
        records: One per student, in the order of their ids.
        notes: What else an instructor should know, such as files that were passed over.
        kept: How many records were kept from an earlier run, because nothing had changed.
        changes: Of a dry run, what would change, one per record; else none.
        names: The names of students that the gradebook knows, by id.
    """

    records: tuple[Record, ...]
    notes: tuple[str, ...]
    kept: int
    changes: tuple[Change, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def grade(
    lab: str,
    *,
    course: Path = Path("autograde"),
    student: str | None = None,
    jobs: int | None = None,
    executor: str | None = None,
    trust_network: bool = False,
    regrade: bool = False,
    dry_run: bool = False,
    sandbox: str | None = None,
    limits: Mapping[str, Any] | None = None,
    progress: Callable[[int, int, Record], None] | None = None,
) -> GradedClass:
    """Grade the submissions to a lab into the course's gradebook.

    Each submission is written as soon as it has run, so that nothing is lost when grading is interrupted.

    Args:
        lab: The lab's stem.
        course: The course folder: the one with ``nbgrader_config.py``.
        student: The one student to grade; all unless given.
        jobs: How many submissions to run at once; the number of this machine's cores, or of the cluster's threads,
            unless given.
        executor: The address of a Dask scheduler, such as ``tls://host:8786``, to run submissions on instead.
        trust_network: Whether nobody else is in the network of a scheduler that does not encrypt; without this word,
            only one of this machine's own may do that.
        regrade: Whether to grade again what has not changed since it was last graded.
        dry_run: Whether to write nothing, and return what regrading would change; needs ``regrade``.
        sandbox: What confines students' code: ``"bubblewrap"``, or ``"none"`` if you trust it; by default what the
            course's configuration says, or else bubblewrap.
        limits: What one submission may use, by the names of :class:`~coursekit.grading.sandbox.Limits`; the others
            are as the course's configuration says, or have their defaults.
        progress: Called after each submission with how many are done, how many there are, and the record.

    Returns:
        The records and notes. A submission that cannot be graded has a record that says why.

    Raises:
        CourseError: If the course folder, its gradebook, the pool or the sandbox cannot be used.
        UnknownNameError: If there is no such lab, student or limit.
    """
    if dry_run and not regrade:
        raise CourseError("--dry-run shows what regrading would change: give --regrade as well.")
    given = dict(limits or {})
    # A second process takes seconds to start, and would find nothing to do.
    if student is not None or (jobs is None and executor is None and _one_handed_in(lab, course)):
        jobs = 1
    with open_pool(jobs, executor, trust_network=trust_network) as pool:
        # Before anything else: processes start while nbgrader is imported here.
        pool.prepare(lab, sandbox or BUBBLEWRAP, Limits.of(given))
        return _grade(lab, course, student, pool, sandbox, given, regrade=regrade, dry_run=dry_run, progress=progress)


def _one_handed_in(lab: str, course: Path) -> bool:
    """Tell whether there is one submission alone, as far as can be seen before nbgrader's settings are read."""
    try:
        return len(list(islice((each for each in (course / "submitted").iterdir() if (each / lab).exists()), 2))) == 1
    except OSError:
        return False


def _grade(
    lab: str,
    course: Path,
    student: str | None,
    pool: Pool,
    sandbox: str | None,
    limits: Mapping[str, Any],
    *,
    regrade: bool,
    dry_run: bool,
    progress: Callable[[int, int, Record], None] | None,
) -> GradedClass:
    """Grade with a pool that is starting."""
    # Here, because they import nbgrader, which takes a second or two: the pool's processes start meanwhile.
    with _without_address_parser():
        from coursekit.grading.batch import Batch
        from coursekit.grading.course import Course
        from coursekit.grading.execution import lab_of
        from coursekit.grading.students import read_names
        from coursekit.grading.submission import find_submissions

    folder = Course(course)
    folder.require_lab(lab)
    mode = sandbox or folder.setting("sandbox", BUBBLEWRAP)
    pool.require(mode)
    allowed = Limits.of({**folder.setting("limits", {}), **limits})
    hidden = hidden_source(folder.hidden, lab)
    checks = lab_of(lab, hidden, folder.hidden_share)
    submissions, notes = find_submissions(folder.submitted, lab, student=student)
    records: dict[str, Record] = {}
    with Batch(folder, checks, hidden, mode, allowed, dry_run=dry_run) as batch:
        for record in batch.run(submissions, pool, regrade=regrade):
            records[record.student] = record
            if progress is not None:
                progress(len(records), len(submissions), record)
    if batch.writer.n_outdated:
        notes.append(f"{batch.writer.n_outdated} of those kept were graded with other checks than today's")
    if mode in _LESS_SAFE:
        notes.append(_LESS_SAFE[mode])
    found = tuple(records[s.student] for s in submissions)
    before = (stored_record(folder.autograded(r.student, lab), lab) for r in found)
    changes = tuple(map(change, before, found)) if dry_run else ()
    return GradedClass(found, tuple(notes), batch.kept, changes, read_names(folder))


@contextlib.contextmanager
def _without_address_parser() -> Iterator[None]:
    """Import nbgrader in 1.3 s instead of 3.3 s of processor time (medians on two slow cores).

    jsonschema, which nbformat imports, builds a whole parser of international addresses when it is imported. No
    notebook's schema has such addresses, and jsonschema does without where the parser is not installed.
    """
    parser = "rfc3987_syntax"
    if parser in sys.modules:
        yield
        return
    sys.modules[parser] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[parser]
