"""Grading one submission: its cells run in the sandbox, its exercises are judged here, and a graded notebook comes out.

:func:`run_submission` is what an executor calls, in a process that is trusted: it knows the hidden checks, and runs
nothing of a student's itself.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import multiprocessing
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from multiprocessing.util import Finalize
from typing import Any, TypeAlias

from coursekit.cells import (
    exercise_of,
    grade_id,
    has_points,
    is_answer,
    is_explore,
    is_task,
    nbgrader_of,
    solution_sources,
)
from coursekit.checking import Exercise, Lab, Verdict, load_lab
from coursekit.checking.verdicts import deserves_second_chance, first_verdict, second_chance
from coursekit.grading.check_cell import Cell, leave_cause, leave_verdict
from coursekit.grading.outputs import as_outputs
from coursekit.grading.reading import read_notebook
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.record import CheckRecord, ExerciseRecord, GradedNotebook
from coursekit.grading.sandbox import BUBBLEWRAP, EndedError, Limits, LostError, RemoteStudent, Sandbox, Session
from coursekit.grading.sandbox.wire import Channel, WireError
from coursekit.grading.submission import SubmissionError

__all__ = ["Job", "Run", "explained", "grade_notebook", "lab_of", "open_sandbox", "run_submission", "seed_of"]

#: A notebook in nbformat 4: JSON as plain data.
Notebook: TypeAlias = dict[str, Any]

_GRADED, _CRASHED = "graded", "crashed"
_TRIES = 2
_MAX_OUTPUT_BYTES = 20 * 2**20


@dataclass(frozen=True)
class Job:
    """A submission to grade: plain data, so that it can go to another machine.

    Attributes:
        content: The bytes of the student's file.
        name: The file's name.
        lab: The lab's stem.
        released: The lab's notebook as students got it, as JSON.
        hidden: The text of the lab's hidden checks.
        notes: What there is to tell the student already.
        sandbox: What keeps the student's code in.
        limits: What it may use.
    """

    content: bytes
    name: str
    lab: str
    released: str
    hidden: str
    notes: tuple[str, ...] = ()
    sandbox: str = BUBBLEWRAP
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Run:
    """What came of grading a submission.

    Attributes:
        status: ``"graded"``, or what ended it: ``"timeout"``, ``"memory"``, ``"crashed"``, ``"malformed"``.
        message: What an instructor should know; empty where there is nothing.
        seconds: How long it took.
        exercises: The exercises' records, in the order of the lab.
        graded: The notebook and its grades.
    """

    status: str
    message: str
    seconds: float
    exercises: tuple[ExerciseRecord, ...]
    graded: GradedNotebook

    @classmethod
    def lost(cls, job: Job, cause: str) -> Run:
        """Return the run of a submission of which nothing came back."""
        return explained(_released(job.released), lab_of(job.lab, job.hidden), _CRASHED, cause)


def run_submission(job: Job) -> Run:
    """Grade a submission.

    Raises:
        CourseError: If this machine cannot run any, or the checks cannot be loaded; whatever a student's file holds
            is in what is returned.
    """
    began = time.perf_counter()
    lab, released = lab_of(job.lab, job.hidden), _released(job.released)
    try:
        rebuilt = read_notebook(job.content, job.name, job.released)
    except SubmissionError as error:
        return explained(released, lab, error.status, str(error))
    rebuilt = replace(rebuilt, notes=(*job.notes, *rebuilt.notes))
    seed = seed_of(job.lab, job.hidden)
    run = grade_notebook(rebuilt, released, lab, seed=seed, sandbox=job.sandbox, limits=job.limits)
    return replace(run, seconds=time.perf_counter() - began)


def grade_notebook(rebuilt: Rebuilt, released: Notebook, lab: Lab, *, seed: int, sandbox: str, limits: Limits) -> Run:
    """Run and judge a notebook that has been rebuilt.

    Args:
        rebuilt: The notebook, which is not changed, and the notes to the student.
        released: The notebook as students got it.
        lab: The lab, with its hidden checks.
        seed: What the checks' random inputs are drawn from; nothing that students may know.
        sandbox: What keeps the student's code in.
        limits: What it may use.

    Raises:
        CourseError: If the sandbox cannot be had.
    """
    began = time.perf_counter()
    for _ in range(_TRIES):
        attempt = _Attempt(rebuilt, released, lab, seed)
        try:
            open_sandbox(sandbox, limits, lab.name)
            with _own.sandbox.session() as session:
                attempt.run(session)
            break
        except LostError as error:
            # Once may be somebody else's doing, such as a machine out of memory; twice is the submission's own.
            attempt.end(EndedError(_CRASHED, f"The sandbox was lost while it ran. {error}"))
    return attempt.outcome(time.perf_counter() - began)


def explained(released: Notebook, lab: Lab, status: str, cause: str) -> Run:
    """Return the run of a submission that cannot be graded: the released notebook, with the cause on top."""
    notebook = copy.deepcopy(released)
    exercises = []
    for cell in notebook["cells"]:
        slug = exercise_of(cell)
        if slug is not None:
            leave_cause(cell, "The submission could not be graded.")
        if slug in lab.exercises:
            exercises.append(_record_without(_exercise_in(cell, lab), cause))
    text = f"**This submission could not be graded.** The cause:\n\n<pre>{escape(' '.join(cause.split()))}</pre>"
    notebook["cells"].insert(0, _markdown(text, "not-graded"))
    grades: dict[str, float | None] = dict.fromkeys(_grade_ids(notebook), 0.0)
    graded = GradedNotebook(json.dumps(notebook, indent=1), grades, tuple(_solution_ids(notebook)))
    return Run(status, cause, 0.0, tuple(exercises), graded)


class _Attempt:
    """One attempt at running and judging a submission."""

    def __init__(self, rebuilt: Rebuilt, released: Notebook, lab: Lab, seed: int) -> None:
        self.notebook = copy.deepcopy(rebuilt.notebook)
        self.notes = rebuilt.notes
        self.released = released
        self.lab = lab
        self.seed = seed
        self.ended: EndedError | None = None
        self.instructor_notes: list[str] = []
        self.verdicts: dict[str, Verdict] = {}
        self.snapshots: dict[str, Channel] = {}
        self._count = 0
        self._output_bytes = 0
        self._sources = solution_sources(self.notebook)

    def run(self, session: Session) -> None:
        """Run the cells in order, and judge each exercise where its check cell stands."""
        try:
            for index, cell in enumerate(self.notebook["cells"]):
                if cell["cell_type"] == "code" and not is_explore(cell):
                    self._count += 1
                    cell["execution_count"] = self._count
                    if exercise_of(cell) is None:
                        self._run_cell(session, cell, index)
                    elif exercise_of(cell) in self.lab.exercises:
                        self._judge(session, cell)
        except EndedError as error:
            self.end(error)
        finally:
            # Last, when no cell can show any more what a right answer looks like.
            self._give_second_chances(session)

    def end(self, error: EndedError) -> None:
        """Note what has ended the submission."""
        self.ended = error

    def outcome(self, seconds: float) -> Run:
        """Return what came of it."""
        records, grades = [], dict[str, float | None]()
        unanswered = set(_unanswered(self.notebook, self.released))
        for cell in self.notebook["cells"]:
            slug, name = exercise_of(cell), grade_id(cell)
            if slug is not None and slug in self.lab.exercises:
                records.append(self._settle(cell, _exercise_in(cell, self.lab)))
                grades[name] = records[-1].score
            elif slug is not None:
                leave_cause(cell, f"There are no checks for {slug}.")
                grades[name] = 0.0
            elif has_points(cell):
                # A task is worked on in cells of the student's own: that it is as released says nothing.
                empty = name in unanswered and not is_task(cell)
                grades[name] = 0.0 if empty else None
        if self.notes:
            self.notebook["cells"].insert(0, _markdown(_note_to_the_student(self.notes), "grading-notes"))
        status = self.ended.status if self.ended else _GRADED
        message = " ".join([*self.instructor_notes, *([self._cause()] if self.ended else []), *self.notes])
        graded = GradedNotebook(json.dumps(self.notebook, indent=1), grades, tuple(unanswered))
        order = list(self.lab.exercises)
        records.sort(key=lambda record: order.index(record.name))
        return Run(status, message, seconds, tuple(records), graded)

    def _run_cell(self, session: Session, cell: Cell, index: int) -> None:
        try:
            done = session.run_cell(cell["source"])
        except EndedError as error:
            raise EndedError(error.status, f"{_name(cell, index)}: {error}") from None
        outputs = as_outputs(done.outputs)
        self._output_bytes += sum(len(str(output)) for output in outputs)
        cell["outputs"] = outputs if self._output_bytes <= _MAX_OUTPUT_BYTES else []
        if done.timed_out:
            self.instructor_notes.append(f"{_name(cell, index)} ran out of time ({session.limits.cell_s:g} s).")

    def _judge(self, session: Session, cell: Cell) -> None:
        exercise = _exercise_in(cell, self.lab)
        budget_s = min(session.limits.cell_s, session.left_s)
        student = self._student(session.answerer, session.limits, budget_s)
        try:
            verdict = self.verdicts[exercise.slug] = first_verdict(exercise, student, seed=self.seed)
        finally:
            student.close()
        if student.ended is not None:
            raise student.ended
        if deserves_second_chance(verdict):
            self.snapshots[exercise.slug] = session.answerer(snapshot=True)

    def _give_second_chances(self, session: Session) -> None:
        for slug, channel in self.snapshots.items():
            student = self._student(_Once(channel).open, session.limits, session.limits.cell_s)
            self.verdicts[slug] = second_chance(self.verdicts[slug], student, seed=self.seed)
            student.close()

    def _student(self, connect: Callable[[], Channel], limits: Limits, budget_s: float) -> RemoteStudent:
        return RemoteStudent(connect, self._sources, call_s=limits.call_s, budget_s=budget_s)

    def _settle(self, cell: Cell, exercise: Exercise) -> ExerciseRecord:
        """Leave in a check cell what there is to say, and return it as a record."""
        verdict = self.verdicts.get(exercise.slug)
        if verdict is None:
            cause = self._cause()
            leave_cause(cell, cause)
            return _record_without(exercise, cause)
        leave_verdict(cell, verdict)
        record = verdict.record()
        checks = tuple(CheckRecord(**check) for check in record["checks"])
        return ExerciseRecord(exercise.slug, record["score"], exercise.points, checks)

    def _cause(self) -> str:
        return f"The submission ended before this: what was earned up to there stays. {self.ended}"


class _Once:
    """A channel that can be opened once: the process behind it is the only one of its kind."""

    def __init__(self, channel: Channel) -> None:
        self._channel: Channel | None = channel

    def open(self) -> Channel:
        channel, self._channel = self._channel, None
        if channel is None:
            raise WireError("There is no other process to ask.")
        return channel


def _name(cell: Cell, index: int) -> str:
    name = grade_id(cell)
    return f"Cell {index + 1}" + (f" ({name})" if name else "")


def _note_to_the_student(notes: Sequence[str]) -> str:
    lines = "\n".join(f"- {escape(note)}" for note in notes)
    return f"**Before it was graded, this notebook was mended:**\n\n{lines}"


def _exercise_in(cell: Cell, lab: Lab) -> Exercise:
    """Return the exercise of a check cell, worth what the released cell says."""
    slug = exercise_of(cell)
    return replace(lab.exercises[str(slug)], points=float(nbgrader_of(cell)["points"]))


def _record_without(exercise: Exercise, cause: str) -> ExerciseRecord:
    checks = tuple(CheckRecord(check.name, check.visible, False, cause) for check in exercise.checks)
    return ExerciseRecord(exercise.slug, 0.0, exercise.points, checks)


def _grade_ids(notebook: Notebook) -> list[str]:
    return [grade_id(cell) for cell in notebook["cells"] if has_points(cell)]


def _solution_ids(notebook: Notebook) -> list[str]:
    return [grade_id(cell) for cell in notebook["cells"] if is_answer(cell)]


def _unanswered(notebook: Notebook, released: Notebook) -> list[str]:
    """List the solution and task cells that are as they were released."""
    before, now = _sources(released), _sources(notebook)
    return [name for name in _solution_ids(notebook) if now[name] == before.get(name)]


def _sources(notebook: Notebook) -> dict[str, str]:
    """Return the text of each cell that nbgrader knows, by its grade_id."""
    return {grade_id(cell): cell["source"] for cell in notebook["cells"] if grade_id(cell)}


def _markdown(text: str, cell_id: str) -> Cell:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


@functools.lru_cache(maxsize=4)
def lab_of(name: str, hidden: str) -> Lab:
    """Return a lab, with its hidden checks given by their text."""
    return load_lab(name, hidden=hidden)


@functools.lru_cache(maxsize=4)
def _released(text: str) -> Notebook:
    notebook: Notebook = json.loads(text)
    return notebook


def seed_of(lab: str, hidden: str) -> int:
    """Return what random inputs are drawn from: the same for all students of a course, and known to none."""
    return int.from_bytes(hashlib.sha256(f"{lab}\0{hidden}".encode()).digest()[:8], "big")


_own = threading.local()


def open_sandbox(mode: str, limits: Limits, lab: str) -> None:
    """Make this thread's sandbox ready, unless it is.

    Raises:
        CourseError: If it cannot be had.
    """
    sandbox: Sandbox | None = getattr(_own, "sandbox", None)
    if sandbox is not None and sandbox.alive and (sandbox.mode, sandbox.limits) == (mode, limits):
        return
    if sandbox is not None:
        sandbox.close()
    _own.sandbox = sandbox = Sandbox(mode=mode, limits=limits, lab=lab, core=_own_core())
    # Also run where processes of a pool end, which pass over atexit.
    Finalize(None, sandbox.close, exitpriority=1)


def _own_core() -> int | None:
    """Return the core for this process's sandbox, so that nobody's code can slow down a neighbour's.

    The processes of a pool are numbered, and there are no more of them at a time than cores; elsewhere nothing is known
    of the neighbours, and the system shares the cores out.
    """
    number = re.fullmatch(r"SpawnProcess-(\d+)", multiprocessing.current_process().name)
    if number is None or not hasattr(os, "sched_getaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return cores[int(number.group(1)) % len(cores)]
