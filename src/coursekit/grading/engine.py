"""Grading a class: submissions are run side by side, and written down one after another."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.checking import Lab, load_lab
from coursekit.checking.lab import HIDDEN_VARIABLE, NBGRADER_VARIABLE
from coursekit.errors import CourseError
from coursekit.grading.configuration import CELL_TIMEOUT_S
from coursekit.grading.course import Course
from coursekit.grading.gradebook import GradebookWriter
from coursekit.grading.record import CheckRecord, ExerciseRecord, Record
from coursekit.grading.submission import Submission, SubmissionError, find_submissions, read_submission

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

    Args:
        lab: The lab's stem.
        course: The course folder: the one with ``nbgrader_config.py``.
        student: The one student to grade; all unless given.
        jobs: How many submissions to run at once on this machine; its number of cores unless given.
        executor: The address of a Dask scheduler, such as ``tcp://host:8786``, to run submissions on instead.
        regrade: Whether to grade anew what has not changed since it was last graded.
        progress: Called after each submission with how many are done, how many there are, and the record.

    Returns:
        The records and notices. A submission that cannot be graded has a record that says why.

    Raises:
        CourseError: If the course folder cannot be used.
        UnknownNameError: If there is no such lab or student.
    """
    folder = Course(course)
    folder.require_lab(lab)
    checks = load_lab(lab, hidden=folder.hidden)
    submissions, notices = find_submissions(folder.submitted, lab, student=student)
    writer = GradebookWriter(folder, lab)
    batch = _Batch(folder, checks, writer, regrade=regrade)
    records: dict[str, Record] = {}
    with _executor(jobs, executor) as pool:
        for record in batch.run(submissions, pool):
            records[record.student] = record
            if progress is not None:
                progress(len(records), len(submissions), record)
    return Grading(tuple(records[s.student] for s in submissions), tuple(notices), batch.kept)


class _Batch:
    """One run over a class: what to run is sent out, what comes back is written down."""

    def __init__(self, course: Course, lab: Lab, writer: GradebookWriter, *, regrade: bool) -> None:
        self.course = course
        self.lab = lab
        self.writer = writer
        self.regrade = regrade
        self.kept = 0
        hidden = course.hidden / f"{lab.name}.py"
        self.hidden = hidden.read_text(encoding="utf-8") if hidden.exists() else ""
        self.timeout_s = int(course.config.Execute.get("timeout", CELL_TIMEOUT_S))

    def run(self, submissions: list[Submission], pool: Executor) -> Iterator[Record]:
        """Yield a record for each submission, as they become known."""
        running: dict[Future[_Run], tuple[Submission, str]] = {}
        for submission in submissions:
            try:
                notebook, digest = read_submission(submission)
                kept = None if self.regrade else self.writer.kept(submission.student, digest, self._when(submission))
                if kept is not None:
                    self.kept += 1
                    yield kept
                    continue
                clean = self.writer.sanitize(notebook, submission.student)
            except SubmissionError as error:
                yield self._without_run(submission, error.status, str(error))
                continue
            payload = json.dumps(clean)
            running[pool.submit(run_notebook, payload, self.lab.name, self.hidden, self.timeout_s)] = submission, digest
        for future in as_completed(running):
            yield self._with_run(*running[future], future)

    def _with_run(self, submission: Submission, digest: str, future: Future[_Run]) -> Record:
        import nbformat

        try:
            run = future.result()
        except Exception as error:
            return self._without_run(submission, "crashed", f"The run was lost: {type(error).__name__}: {error}")
        notebook = nbformat.reads(run.notebook, as_version=4)
        exercises = exercise_records(notebook, self.lab)
        record = Record(
            student=submission.student,
            lab=self.lab.name,
            status=run.ended or "graded",
            score=round(sum(e.score for e in exercises), 4),
            max_score=sum(e.max_score for e in exercises),
            seconds=round(run.seconds, 3),
            message=run.message,
            exercises=exercises,
        )
        self.writer.begin(submission.student, self._when(submission))
        self.writer.finish(notebook, record, digest, self._when(submission))
        return record

    def _without_run(self, submission: Submission, status: str, message: str) -> Record:
        if status != "missing":
            self.writer.begin(submission.student, self._when(submission))
            self.writer.forget_notebook(submission.student)
        exercises = tuple(
            ExerciseRecord(e.slug, 0.0, e.points, tuple(_not_run(c.name, c.visible) for c in e.checks))
            for e in self.lab.exercises.values()
        )
        return Record(
            student=submission.student,
            lab=self.lab.name,
            status=status,
            score=0.0,
            max_score=sum(e.max_score for e in exercises),
            seconds=0.0,
            message=message,
            exercises=exercises,
        )

    def _when(self, submission: Submission) -> Any:
        return self.course.timestamp(submission.student, submission.lab)


@dataclass(frozen=True)
class _Run:
    """What comes back from running a notebook: plain data, so that it can come from another machine."""

    notebook: str
    ended: str
    message: str
    seconds: float


def run_notebook(notebook: str, lab: str, hidden: str, timeout_s: int) -> _Run:
    """Run a notebook in a kernel of its own, in an empty folder.

    Args:
        notebook: The notebook as JSON.
        lab: The lab's stem.
        hidden: The text of the lab's hidden checks.
        timeout_s: Seconds that one cell may run.
    """
    import nbformat

    from coursekit.grading.execution import Execute

    node = nbformat.reads(notebook, as_version=4)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as secrets, tempfile.TemporaryDirectory() as scratch:
        (Path(secrets) / f"{lab}.py").write_text(hidden, encoding="utf-8")
        step = Execute(timeout=timeout_s)
        with _environment({HIDDEN_VARIABLE: secrets, NBGRADER_VARIABLE: "autograde"}):
            step.preprocess(node, {"metadata": {"path": scratch}})
    seconds = time.perf_counter() - began
    return _Run(json.dumps(node), step.ended, _message(node, step.ended, timeout_s), seconds)


def exercise_records(notebook: Any, lab: Lab) -> tuple[ExerciseRecord, ...]:
    """Read the exercises' records from a run notebook's check cells."""
    from nbgrader.utils import determine_grade

    from coursekit.grading.execution import verdict_of

    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    records = []
    for exercise in lab.exercises.values():
        cell = cells.get(f"check_{exercise.slug}")
        verdict = verdict_of(cell) if cell is not None else None
        score = float(determine_grade(cell)[0] or 0.0) if cell is not None and verdict is not None else 0.0
        checks = (
            tuple(CheckRecord(**check) for check in verdict["checks"])
            if verdict is not None
            else tuple(_not_run(check.name, check.visible) for check in exercise.checks)
        )
        records.append(ExerciseRecord(exercise.slug, score, exercise.points, checks))
    return tuple(records)


def _not_run(name: str, visible: bool) -> CheckRecord:
    return CheckRecord(name, visible, passed=False, message="The check could not be run.")


def _message(notebook: Any, ended: str, timeout_s: int) -> str:
    notes = ["The notebook's kernel died; what was earned before stays."] if ended else []
    for position, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename == "CellTimeoutError":
                notes.append(f"Cell {position} ran out of time ({timeout_s} s).")
    return " ".join(notes)


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables, which a kernel inherits, for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _executor(jobs: int | None, address: str | None) -> Iterator[Executor]:
    """Open what runs submissions: processes on this machine, or a Dask cluster."""
    if address is None:
        if jobs is not None and jobs < 1:
            raise CourseError(f"--jobs must be at least 1; got {jobs}.")
        # Fresh processes: forking one in which torch or a kernel client has run threads can hang.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs or os.cpu_count() or 1, mp_context=context) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError(f"--executor needs Dask ({error}). Install it: pip install 'coursekit[grade]'.") from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {address!r} ({error}). Start one with `dask scheduler`, and give the"
            " address that it prints, such as tcp://host:8786."
        ) from error
    with client:
        yield client.get_executor()
