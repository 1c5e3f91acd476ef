"""One run over a class: submissions are sent to the pool, and what comes back is written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from importlib import resources

from nbformat import NotebookNode

from coursekit.cells import exercise_of
from coursekit.checking import Lab
from coursekit.grading.course import Course
from coursekit.grading.dry_run import DryRunWriter
from coursekit.grading.execution import Job, Run, explained, seed_of
from coursekit.grading.gradebook import GradebookWriter
from coursekit.grading.limits import Limits
from coursekit.grading.pool import Pool
from coursekit.grading.record import Record
from coursekit.grading.submission import Receipt, Submission, SubmissionError, read_receipt, read_submission

__all__ = ["Batch"]


@dataclass(frozen=True)
class _Task:
    """A submission that is running, or will run next."""

    submission: Submission
    receipt: Receipt
    digest: str
    job: Job


class Batch:
    """One run over a class.

    Args:
        course: The course.
        lab: The lab, with its hidden checks.
        hidden: The text of the hidden checks.
        sandbox: What confines students' code.
        limits: What one submission may use.
        dry_run: Whether to write nothing down.

    Attributes:
        kept: How many records were kept from an earlier run.
        writer: What writes them down.
    """

    def __init__(
        self, course: Course, lab: Lab, hidden: str, sandbox: str, limits: Limits, *, dry_run: bool = False
    ) -> None:
        self.kept = 0
        self.released = course.released(lab.name)
        self.lab = _present(lab, self.released)
        self._secret = course.secret(keep=not dry_run)
        self._job = Job(
            b"",
            "",
            lab.name,
            json.dumps(self.released),
            hidden,
            sandbox=sandbox,
            limits=limits,
            hidden_share=course.hidden_share,
        )
        self.writer: GradebookWriter | DryRunWriter
        if dry_run:
            self.writer = DryRunWriter()
            return
        visible = (resources.files("coursekit.checks") / f"{lab.name}.py").read_text(encoding="utf-8")
        edition = hashlib.sha256("\0".join([hidden, visible, self._job.released, f"{course.hidden_share:g}"]).encode())
        self.writer = GradebookWriter(course, lab.name, edition=edition.hexdigest())

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *_: object) -> None:
        self.writer.close()

    def run(self, submissions: list[Submission], pool: Pool, *, regrade: bool) -> Iterator[Record]:
        """Yield a record for each submission, as they become known."""
        running: dict[Future[Run], _Task] = {}
        for submission in submissions:
            prepared = self._prepare(submission, regrade=regrade)
            if isinstance(prepared, Record):
                yield prepared
                continue
            running[pool.submit(prepared.job)] = prepared
            while len(running) >= pool.room:
                yield from self._take_up(running, pool)
        while running:
            yield from self._take_up(running, pool)

    def _prepare(self, submission: Submission, *, regrade: bool) -> Record | _Task:
        """Return a submission as a task for the pool, or its record if it need not run."""
        receipt = read_receipt(submission)
        try:
            handed = read_submission(submission)
        except SubmissionError as error:
            return self._write_unreadable(submission, receipt, error)
        record = None if regrade else self.writer.kept(submission.student, handed.digest, receipt)
        if record is not None:
            self.kept += 1
            return record
        seed = seed_of(self._secret, self.lab.name, handed.digest)
        first, *others = handed.files
        job = replace(self._job, content=first.content, name=first.name, others=tuple(others), seed=seed)
        return _Task(submission, receipt, handed.digest, job)

    def _take_up(self, running: dict[Future[Run], _Task], pool: Pool) -> Iterator[Record]:
        """Write down the submissions that have come back; wait if none has."""
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            task = running.pop(future)
            yield self._write(task.submission, task.receipt, pool.result(future, task.job), task.digest)

    def _write_unreadable(self, submission: Submission, receipt: Receipt, error: SubmissionError) -> Record:
        """Write down a submission that cannot be run; its student gets the released notebook back, and the cause."""
        return self._write(submission, receipt, explained(self.released, self.lab, error.status, str(error)), "")

    def _write(self, submission: Submission, receipt: Receipt, run: Run, digest: str) -> Record:
        record = Record(
            student=submission.student,
            lab=self.lab.name,
            status=run.status,
            score=round(sum(e.score for e in run.exercises), 4),
            max_score=sum(e.max_score for e in run.exercises),
            seconds=round(run.seconds, 3),
            message=" ".join(filter(None, (run.message, receipt.note))),
            exercises=run.exercises,
            noticed=run.noticed,
        )
        if run.status == "missing":
            self.writer.withdraw(submission.student)
        else:
            self.writer.write(record, run.graded, receipt, digest)
        return record


def _present(lab: Lab, released: NotebookNode) -> Lab:
    """Return a lab with those exercises only that the released notebook has."""
    slugs = {exercise_of(cell) for cell in released.cells}
    return replace(lab, exercises={slug: e for slug, e in lab.exercises.items() if slug in slugs})
