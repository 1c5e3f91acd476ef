"""Grading a class: submissions are run side by side, and written down one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from coursekit.checking import Lab, load_lab
from coursekit.grading.check_cell import exercise_of, problem_of, settle, verdict_of
from coursekit.grading.course import Course
from coursekit.grading.execution import ExecuteSubmission, Job, Run
from coursekit.grading.gradebook import GradebookWriter
from coursekit.grading.record import CheckRecord, ExerciseRecord, Record
from coursekit.grading.submission import (
    Receipt,
    Submission,
    SubmissionError,
    find_submissions,
    read_receipt,
    read_submission,
)
from coursekit.grading.workers import Workers, open_workers

__all__ = ["Grading", "grade"]


@dataclass(frozen=True)
class Grading:
    """The outcome of grading a class.

    Attributes:
        records: One a student, in the order of their ids.
        notices: What else an instructor should know, such as files passed over.
        kept: How many records stand from an earlier run, because nothing had changed.
    """

    records: tuple[Record, ...]
    notices: tuple[str, ...]
    kept: int


def grade(
    lab: str,
    *,
    course: Path = Path("autograde"),
    student: str | None = None,
    jobs: int | None = None,
    executor: str | None = None,
    regrade: bool = False,
    progress: Callable[[int, int, Record], None] | None = None,
) -> Grading:
    """Grade the submissions to a lab into the course's gradebook.

    Each submission is written as soon as it has run, so that nothing is lost when grading is interrupted.

    Args:
        lab: The lab's stem.
        course: The course folder: the one with ``nbgrader_config.py``.
        student: The one student to grade; all unless given.
        jobs: How many submissions to run at once; the number of this machine's cores, or of the cluster's threads,
            unless given.
        executor: The address of a Dask scheduler, such as ``tcp://host:8786``, to run submissions on instead.
        regrade: Whether to grade anew what has not changed since it was last graded.
        progress: Called after each submission with how many are done, how many there are, and the record.

    Returns:
        The records and notices. A submission that cannot be graded has a record that says why.

    Raises:
        CourseError: If the course folder, its gradebook or the workers cannot be used.
        UnknownNameError: If there is no such lab or student.
    """
    folder = Course(course)
    folder.require_lab(lab)
    checks = load_lab(lab, hidden=folder.hidden)
    submissions, notices = find_submissions(folder.submitted, lab, student=student)
    records: dict[str, Record] = {}
    with open_workers(jobs, executor) as workers:
        batch = _Batch(folder, checks, regrade=regrade)
        for record in batch.run(submissions, workers):
            records[record.student] = record
            if progress is not None:
                progress(len(records), len(submissions), record)
    if batch.writer.n_outdated:
        notices.append(f"{batch.writer.n_outdated} of those kept were graded with other checks than today's")
    return Grading(tuple(records[s.student] for s in submissions), tuple(notices), batch.kept)


@dataclass(frozen=True)
class _Task:
    """A submission that is to be run, or is running."""

    submission: Submission
    receipt: Receipt
    digest: str
    job: Job


class _Batch:
    """One run over a class: what is to be run goes out, what comes back is written down."""

    def __init__(self, course: Course, lab: Lab, *, regrade: bool) -> None:
        self.lab = lab
        self.regrade = regrade
        self.kept = 0
        self.released = course.released(lab.name)
        hidden = course.hidden / f"{lab.name}.py"
        self.hidden = hidden.read_text(encoding="utf-8") if hidden.exists() else ""
        visible = (resources.files("coursekit.checks") / hidden.name).read_text(encoding="utf-8")
        edition = hashlib.sha256("\0".join([self.hidden, visible, nbformat.writes(self.released)]).encode())
        self.writer = GradebookWriter(course, lab.name, edition=edition.hexdigest())
        self.execution = ExecuteSubmission(config=course.config)

    def run(self, submissions: list[Submission], workers: Workers) -> Iterator[Record]:
        """Yield a record for each submission, as they become known."""
        running: dict[Future[Run], _Task] = {}
        for submission in submissions:
            prepared = self._prepare(submission)
            if isinstance(prepared, Record):
                yield prepared
                continue
            running[workers.submit(prepared.job)] = prepared
            while len(running) >= workers.room:
                yield from self._take_up(running, workers)
        while running:
            yield from self._take_up(running, workers)

    def _prepare(self, submission: Submission) -> Record | _Task:
        """Return what is to be run of a submission, or a record if nothing is."""
        receipt = read_receipt(submission)
        try:
            notebook, digest = read_submission(submission)
            record = None if self.regrade else self.writer.kept(submission.student, digest, receipt)
            if record is not None:
                self.kept += 1
                return record
            clean = self.writer.sanitize(notebook, submission.student)
        except SubmissionError as error:
            return self._write_unreadable(submission, receipt, error)
        job = Job(
            nbformat.writes(clean),
            self.lab.name,
            self.hidden,
            cell_timeout_s=self.execution.timeout,
            submission_timeout_s=self.execution.submission_timeout,
        )
        return _Task(submission, receipt, digest, job)

    def _take_up(self, running: dict[Future[Run], _Task], workers: Workers) -> Iterator[Record]:
        """Write down the submissions that have come back; wait for one if none has."""
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            task = running.pop(future)
            yield self._write_run(task, workers.result(future, task.job))

    def _write_run(self, task: _Task, run: Run) -> Record:
        notebook = nbformat.reads(run.notebook, as_version=4)
        message = " ".join(filter(None, (run.message, task.receipt.notice)))
        record = self._record(task.submission, run.ended or "graded", notebook, message, run.seconds)
        try:
            self.writer.write(record, notebook, task.receipt, task.digest)
        except SubmissionError as error:
            return self._write_unreadable(task.submission, task.receipt, error)
        return record

    def _write_unreadable(self, submission: Submission, receipt: Receipt, error: SubmissionError) -> Record:
        """Write down a submission that cannot be run; its student gets the released notebook back, and the cause."""
        cause = " ".join(filter(None, (str(error), receipt.notice)))
        notebook = _explained(self.released, cause)
        record = self._record(submission, error.status, notebook, cause, 0.0)
        if error.status == "missing":
            self.writer.withdraw(submission.student)
        else:
            self.writer.write(record, notebook, receipt, digest="")
        return record

    def _record(
        self, submission: Submission, status: str, notebook: NotebookNode, message: str, seconds: float
    ) -> Record:
        exercises = _exercise_records(notebook, self.lab)
        return Record(
            student=submission.student,
            lab=self.lab.name,
            status=status,
            score=round(sum(e.score for e in exercises), 4),
            max_score=sum(e.max_score for e in exercises),
            seconds=round(seconds, 3),
            message=message,
            exercises=exercises,
        )


def _exercise_records(notebook: NotebookNode, lab: Lab) -> tuple[ExerciseRecord, ...]:
    """Read the exercises' records off the check cells of a notebook that has run."""
    cells = {exercise_of(cell): cell for cell in notebook.cells}
    records = []
    for exercise in lab.exercises.values():
        cell = cells.get(exercise.slug)
        verdict = None if cell is None else verdict_of(cell)
        if verdict is not None:
            score, checks = verdict["score"], tuple(CheckRecord(**check) for check in verdict["checks"])
        else:
            cause = "The notebook has no check cell for it." if cell is None else problem_of(cell)
            score, checks = 0.0, tuple(CheckRecord(c.name, c.visible, False, cause) for c in exercise.checks)
        records.append(ExerciseRecord(exercise.slug, score, exercise.points, checks))
    return tuple(records)


def _explained(released: NotebookNode, cause: str) -> NotebookNode:
    """Return the released notebook as that of a submission that could not be graded, with the cause on top."""
    notebook = nbformat.from_dict(released)
    for cell in notebook.cells:
        if exercise_of(cell) is not None:
            settle(cell, cause="The submission could not be graded.")
    text = f"**This submission could not be graded.** The cause:\n\n<pre>{escape(' '.join(cause.split()))}</pre>"
    notebook.cells.insert(0, new_markdown_cell(text, id="not-graded"))
    return notebook
