"""Grading one submission: its cells run in the sandbox, its exercises are judged here, and a graded notebook comes out.

:func:`run_submission` is what an executor calls, in a process that is trusted: it knows the hidden checks, and runs
nothing of a student's itself.
"""

from __future__ import annotations

import copy
import functools
import hmac
import json
import multiprocessing
import os
import re
import threading
import time
from dataclasses import dataclass, field, replace
from html import escape
from multiprocessing.util import Finalize

from coursekit.cells import exercise_of
from coursekit.checking import Lab, load_lab
from coursekit.errors import CourseError
from coursekit.grading.answers import Notebook
from coursekit.grading.attempt import Attempt, exercise_in, grade_ids, markdown, record_without, solution_ids
from coursekit.grading.check_cell import leave_cause
from coursekit.grading.reading import read_notebook
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.record import ExerciseRecord, GradedNotebook
from coursekit.grading.sandbox import BUBBLEWRAP, EndedError, Limits, LostError, Sandbox
from coursekit.grading.submission import SubmissionError, SubmittedFile

__all__ = [
    "HIDDEN_SHARE",
    "Job",
    "Run",
    "explained",
    "grade_notebook",
    "lab_of",
    "open_sandbox",
    "run_submission",
    "seed_of",
]

#: What hidden checks weigh at least of each exercise, unless a course says otherwise.
HIDDEN_SHARE = 0.5
_CRASHED = "crashed"
_TRIES = 2
#: What was noticed of one notebook that a person is told: the rest is more of the same.
_MAX_NOTICED = 20


@dataclass(frozen=True)
class Job:
    """A submission to grade: plain data, so that it can go to another machine.

    Attributes:
        content: The bytes of the student's file.
        name: The file's name.
        lab: The lab's stem.
        released: The lab's notebook as students got it, as JSON.
        hidden: The text of the lab's hidden checks.
        others: Other files that were handed in, which may hold the notebook.
        sandbox: What keeps the student's code in.
        limits: What it may use.
        seed: What the inputs of hidden checks are drawn from.
        hidden_share: What hidden checks weigh at least, together, of each exercise.
    """

    content: bytes
    name: str
    lab: str
    released: str
    hidden: str
    others: tuple[SubmittedFile, ...] = ()
    sandbox: str = BUBBLEWRAP
    limits: Limits = field(default_factory=Limits)
    seed: int = 1
    hidden_share: float = HIDDEN_SHARE


@dataclass(frozen=True)
class Run:
    """What came of grading a submission.

    Attributes:
        status: ``"graded"``, or what ended it: ``"timeout"``, ``"memory"``, ``"crashed"``, ``"malformed"``.
        message: What an instructor should know; empty where there is nothing.
        seconds: How long it took.
        exercises: The exercises' records, in the order of the lab.
        graded: The notebook and its grades.
        noticed: What it was seen to do to the grader's side of its process.
    """

    status: str
    message: str
    seconds: float
    exercises: tuple[ExerciseRecord, ...]
    graded: GradedNotebook
    noticed: tuple[str, ...] = ()

    @classmethod
    def lost(cls, job: Job, cause: str) -> Run:
        """Return the run of a submission of which nothing came back."""
        return explained(_released(job.released), lab_of(job.lab, job.hidden, job.hidden_share), _CRASHED, cause)


def run_submission(job: Job) -> Run:
    """Grade a submission.

    Raises:
        CourseError: If this machine cannot run any, or the checks cannot be loaded; whatever a student's file holds
            is in what is returned.
    """
    began = time.perf_counter()
    lab, released = lab_of(job.lab, job.hidden, job.hidden_share), _released(job.released)
    try:
        rebuilt = read_notebook((SubmittedFile(job.name, job.content), *job.others), job.lab, job.released)
    except SubmissionError as error:
        return explained(released, lab, error.status, str(error))
    run = grade_notebook(rebuilt, released, lab, seed=job.seed, sandbox=job.sandbox, limits=job.limits)
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
    began, n_lost = time.perf_counter(), 0
    attempt: Attempt | None = None
    done = False
    while not done:
        try:
            open_sandbox(sandbox, limits, lab.name)
            # Only now: a sandbox's start is not the submission's time.
            attempt = attempt or Attempt(rebuilt, released, lab, seed, limits)
            with _own.sandbox.session(attempt.cells_s) as session:
                done = attempt.run(session)
        except LostError as error:
            # Once may be somebody else's doing, such as a machine out of memory; twice is the submission's own.
            n_lost += 1
            done = n_lost == _TRIES
            attempt = Attempt(rebuilt, released, lab, seed, limits) if done else None
            if attempt is not None:
                attempt.end(EndedError(_CRASHED, f"The sandbox was lost while it ran. {error}"))
    assert attempt is not None
    status, message, exercises, graded = attempt.outcome()
    noticed = tuple(f"The notebook {words}." for words in sorted(attempt.noticed)[:_MAX_NOTICED])
    return Run(status, message, time.perf_counter() - began, exercises, graded, noticed)


def explained(released: Notebook, lab: Lab, status: str, cause: str) -> Run:
    """Return the run of a submission that cannot be graded: the released notebook, with the cause on top."""
    notebook = copy.deepcopy(released)
    exercises = []
    for cell in notebook["cells"]:
        slug = exercise_of(cell)
        if slug is not None:
            leave_cause(cell, "The submission could not be graded.")
        if slug in lab.exercises:
            exercises.append(record_without(exercise_in(cell, lab), cause))
    text = f"**This submission could not be graded.** The cause:\n\n<pre>{escape(' '.join(cause.split()))}</pre>"
    notebook["cells"].insert(0, markdown(text, "not-graded"))
    grades: dict[str, float | None] = dict.fromkeys(grade_ids(notebook), 0.0)
    graded = GradedNotebook(notebook, grades, tuple(solution_ids(notebook)))
    return Run(status, cause, 0.0, tuple(exercises), graded)


@functools.lru_cache(maxsize=4)
def lab_of(name: str, hidden: str, hidden_share: float = HIDDEN_SHARE) -> Lab:
    """Return a lab, with its hidden checks given by their text.

    Args:
        name: The lab's stem.
        hidden: The text of its hidden checks.
        hidden_share: What they weigh at least, together, of each exercise that has any.

    Raises:
        CourseError: If the share is none.
    """
    if isinstance(hidden_share, bool) or not isinstance(hidden_share, int | float) or not 0 <= hidden_share < 1:
        raise CourseError(
            f"c.GradingStep.hidden_share must be a number from 0 up to, but not, 1; got {hidden_share!r}."
        )
    lab = load_lab(name, hidden=hidden)
    return replace(lab, exercises={s: e.with_hidden_share(hidden_share) for s, e in lab.exercises.items()})


@functools.lru_cache(maxsize=4)
def _released(text: str) -> Notebook:
    notebook: Notebook = json.loads(text)
    return notebook


def seed_of(secret: bytes, lab: str, digest: str) -> int:
    """Return what the inputs of hidden checks are drawn from.

    Args:
        secret: The course's.
        lab: The lab's stem.
        digest: What tells the submission from others: the same one gets the same inputs again.

    Returns:
        A number above 0.
    """
    mixed = hmac.digest(secret, f"{lab}\0{digest}".encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(mixed[:8], "big") or 1


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
