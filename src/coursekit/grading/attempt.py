"""One submission on its way: its cells are run in the sandbox, then its exercises are judged.

At each check cell the notebook is kept as it stands. Exercises are judged after the last cell, each against what was
kept at its own: no cell can see any more what a check asks. All visible checks come before the first hidden one: what
is said of them may hold a student's own words, and no process knows by then what a hidden check asks. A cell that ends
the process that it runs in costs itself alone: the notebook is run again without it.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from coursekit.cells import (
    exercise_of,
    grade_id,
    has_points,
    is_answer,
    is_explore,
    is_task,
    nbgrader_of,
    points_of,
)
from coursekit.checking import CheckFailure, CheckResult, Exercise, Lab, StudentError, Verdict
from coursekit.checking.notebook import likely_meant, undefined
from coursekit.checking.reach import Reach
from coursekit.checking.skipped import definitions_in, kept, skipped_in
from coursekit.checking.statements import defines
from coursekit.checking.verdicts import deserves_second_chance, first_verdict, second_chance
from coursekit.errors import NothingToAskError
from coursekit.grading.answers import Notebook, answered_in, cells_above, functions_of, perhaps_answered_in, sources_of
from coursekit.grading.check_cell import Cell, leave_cause, leave_verdict
from coursekit.grading.limits import slowdown
from coursekit.grading.outputs import as_outputs
from coursekit.grading.own_code import UNREADABLE, answer_in, examples_of, results_of
from coursekit.grading.reader import UnreadableError, read_apart
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.record import CheckRecord, ExerciseRecord, GradedNotebook
from coursekit.grading.sandbox import EndedError, Limits, OutOfTimeError, RemoteStudent, Session, Snapshot
from coursekit.grading.stops import CellStop, page_of, words_of
from coursekit.questions import Example
from coursekit.questions.subject import subject_of

__all__ = ["Attempt", "exercise_in", "grade_ids", "markdown", "record_without", "solution_ids"]

#: What visible checks draw their inputs from: the same as in the student's own notebook, so that they say the same.
VISIBLE_SEED = 0
#: The share of a submission's time that is kept for its checks.
_FOR_CHECKS = 0.25
_MAX_RERUNS = 20
_MAX_OUTPUT_BYTES = 20 * 2**20
#: Names that a student's code may say are missing: to look for what was meant takes time for each.
_MAX_EXPLAINED, _MAX_NAME = 50, 100


@dataclass(frozen=True)
class _Trial:
    """What an exercise is judged by.

    Attributes:
        exercise: The exercise.
        snapshot: The notebook as it stood at the exercise's check.
        student: The student's code there.
        again: The same once more, for right answers to stand in.
    """

    exercise: Exercise
    snapshot: Snapshot
    student: RemoteStudent
    again: RemoteStudent

    def verdict(self, *, visible: bool, seed: int) -> Verdict:
        """Judge by visible checks, or by hidden ones; then what failed, with right answers to other exercises."""
        verdict = first_verdict(self.exercise.part(visible=visible), self.student, seed=seed)
        if self.student.ended is None and deserves_second_chance(verdict):
            # The process that answers next takes this one's place.
            self.student.close()
            verdict = second_chance(verdict, self.again, seed=seed)
            self.again.close()
        return verdict

    def answers(self, example: Example, answer: object) -> tuple[CheckResult, ...]:
        """Ask about the code itself, and hold an answer against that; nothing comes of what cannot be asked."""
        slug = self.exercise.slug
        try:
            questions = self.again.asked(slug, example)
            mark = subject_of(self.again.source(slug), slug).mark
        except (NothingToAskError, CheckFailure, *UNREADABLE):
            return ()
        finally:
            self.again.close()
            self.student.ended = self.student.ended or self.again.ended
        return results_of(slug, questions, answer, mark=mark)

    def take_at_most(self, seconds: float) -> None:
        """Let all further calls take no more than so many seconds together."""
        for student in (self.student, self.again):
            student.take_at_most(seconds)

    def close(self) -> None:
        """Let go of all that answers."""
        self.student.close()
        self.again.close()
        self.snapshot.close()


class Attempt:
    """An attempt at running and judging a submission.

    Args:
        rebuilt: The notebook, which is not changed, and the notes to the student.
        released: The notebook as students got it.
        lab: The lab, with its hidden checks.
        seed: What hidden checks draw their inputs from.
        limits: What the submission may use.
    """

    def __init__(self, rebuilt: Rebuilt, released: Notebook, lab: Lab, seed: int, limits: Limits) -> None:
        self.notebook: Notebook = copy.deepcopy(rebuilt.notebook)
        self.notes = rebuilt.notes
        self.released = released
        self.lab = lab
        self.seed = seed
        self.limits = limits
        self.ended: EndedError | None = None
        #: What the notebook was seen to do to the grader's own side, in words that go on from "The notebook".
        self.noticed: set[str] = set()
        self.verdicts: dict[str, Verdict] = {}
        self._deadline = time.monotonic() + limits.submission_s
        self._cells = [
            cell for cell in self.notebook["cells"] if cell["cell_type"] == "code" and cell["source"].strip()
        ]
        self._before = {cell.get("id"): cell for cell in released["cells"] if cell["cell_type"] == "code"}
        self._stops: dict[int, CellStop] = {}
        self._reached: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Reach | StudentError] = {}
        self._explained: dict[str, StudentError | None] = {}
        #: What the visible checks of each exercise have said.
        self._visible: dict[str, Verdict] = {}
        #: What graded questions about the code are asked with, and how they were answered.
        self._examples = examples_of(lab.name, released)
        self._answers: dict[str, tuple[CheckResult, ...]] = {}
        #: Cells that ended the process that they ran in: of these only what they define is run again, and nothing of
        #: those that even so end it.
        self._left_out: set[int] = set()
        self._gone: set[int] = set()
        self._lost: set[str] = set()
        self._n_reruns = 0
        self._output_bytes = 0
        for number, cell in enumerate(self._cells, 1):
            cell["execution_count"] = number
        # Once for all: to look for a name, each cell of the student's is read as Python.
        answered = answered_in(self.notebook, released, self._slugs())
        #: Exercises that the text of the notebook answers nowhere, and its cells may answer as they run.
        self._open = perhaps_answered_in(self.notebook, released, self._slugs()) - answered
        self._sources = sources_of(self.notebook)
        self._functions = functions_of(self.notebook, released)
        for slug in self._slugs():
            if slug not in answered | self._open:
                self.verdicts[slug] = _not_written(self.lab.exercises[slug])

    @property
    def left_s(self) -> float:
        """Seconds that the submission has left."""
        return max(self._deadline - time.monotonic(), 0.0)

    @property
    def cells_s(self) -> float:
        """Seconds that its cells may still take: once exercises are judged, all that is left."""
        return self.left_s if self._lost else max(self.left_s - _FOR_CHECKS * self.limits.submission_s, 0.0)

    def end(self, error: EndedError) -> None:
        """Note what has ended the submission."""
        self.ended = error

    def run(self, session: Session) -> bool:
        """Run the cells in order, then judge the exercises; tell whether all is done that can be.

        Where it is not, it has to be run once more, in a session of its own.

        Raises:
            LostError: If the sandbox is gone.
        """
        self._n_reruns += 1
        self._output_bytes = 0
        snapshots: dict[str, Snapshot] = {}
        try:
            done = self._run_cells(session, snapshots) and self._judge_all(snapshots)
        finally:
            for snapshot in snapshots.values():
                snapshot.close()
        if not done and self._n_reruns > _MAX_RERUNS:
            self.end(EndedError("crashed", "Its cells ended the process that they ran in, again and again."))
        return done or self.ended is not None

    def _run_cells(self, session: Session, snapshots: dict[str, Snapshot]) -> bool:
        """Run the cells, and keep the notebook at the check cells; tell whether none has ended the process."""
        last = -1
        try:
            for index, cell in enumerate(self._cells):
                slug = exercise_of(cell)
                if slug is None and index not in self._gone:
                    last = index if self._is_own(cell) else last
                    self._run_cell(session, index, cell)
                elif slug in self.lab.exercises and slug not in self.verdicts:
                    snapshots[str(slug)] = session.snapshot()
        except OutOfTimeError as error:
            self.end(error)
            session.stop()
        except EndedError as error:
            if last < 0:
                self.end(error)
                return True
            self._leave_out(last, error)
            return False
        return True

    def _run_cell(self, session: Session, index: int, cell: Cell) -> None:
        """Run a cell; of the student's version of a released one, the released lines come first."""
        before, source = self._before.get(cell.get("id")), cell["source"]
        if index in self._left_out:
            if definitions := definitions_in(source):
                session.run_cell(definitions, count=index + 1)
            return
        if before is not None and is_explore(before):
            if source == before["source"] and not _defines_anything(source):
                return
            done = session.run_cell(source, count=index + 1, skipped=[sorted(skipped_in(before["source"]))])
            done = replace(done, outputs=[], stops=())
        else:
            if before is not None and source != before["source"] and not nbgrader_of(before):
                session.run_cell(before["source"], count=index + 1)
            done = session.run_cell(source, count=index + 1)
        self.noticed.update(done.noticed)
        outputs = as_outputs(done.outputs)
        self._output_bytes += sum(len(str(output)) for output in outputs)
        cell["outputs"] = outputs if self._output_bytes <= _MAX_OUTPUT_BYTES else []
        if done.timed_out:
            self._stops[index] = CellStop(index + 1, ended=f"ran out of time ({self.limits.cell_s:g} s)")
        elif done.stops:
            self._stops[index] = CellStop(index + 1, done.stops)

    def _leave_out(self, index: int, error: EndedError) -> None:
        """Note that a cell has ended the process that it ran in."""
        if index in self._left_out:
            self._gone.add(index)
            return
        text = str(error)
        self._left_out.add(index)
        self._stops[index] = CellStop(index + 1, ended=f"was ended: {text[0].lower()}{text[1:]}")
        leave_cause(self._cells[index], str(self._stops[index]))

    def _judge_all(self, snapshots: Mapping[str, Snapshot]) -> bool:
        """Judge the exercises whose check cells were reached; tell whether no process that was kept is lost."""
        trials = {slug: self._trial(slug, snapshot) for slug, snapshot in snapshots.items()}
        with contextlib.ExitStack() as stack:
            for trial in trials.values():
                stack.callback(trial.close)
            return all(self._judge_each(trials, judge) for judge in (self._judge_visible, self._judge_hidden))

    def _judge_each(self, trials: Mapping[str, _Trial], judge: Callable[[str, _Trial], None]) -> bool:
        """Judge the exercises by checks of one kind; tell whether no process that was kept is lost."""
        for slug, trial in trials.items():
            trial.take_at_most(self.left_s)
            judge(slug, trial)
            self.noticed |= trial.student.noticed
            if trial.student.ended is not None and self.ended is None:
                # What is kept went with what the checks called: all that is left is run and judged once more.
                self._lost.add(slug)
                return False
        return True

    def _trial(self, slug: str, snapshot: Snapshot) -> _Trial:
        exercise = self.lab.exercises[slug]
        # Most answers need no second process; one that breaks its own is judged anew, with more care.
        last = not exercise.stand_ins and slug not in self._lost and slug not in self._examples
        return _Trial(exercise, snapshot, self._student(snapshot, last=last), self._student(snapshot))

    def _judge_visible(self, slug: str, trial: _Trial) -> None:
        """Judge an exercise by its visible checks, unless that was done before a process was lost."""
        if slug not in self._visible:
            verdict = trial.verdict(visible=True, seed=VISIBLE_SEED)
            if slug in self._examples and not verdict.not_written:
                self._answers[slug] = trial.answers(self._examples[slug], answer_in(self.notebook, slug))
            trial.student.wait()
            if self._counts(slug, trial):
                self._visible[slug] = verdict

    def _judge_hidden(self, slug: str, trial: _Trial) -> None:
        """Judge an exercise by its hidden checks, and settle it."""
        hidden = trial.verdict(visible=False, seed=self.seed)
        trial.close()
        if self._counts(slug, trial):
            results = (*self._visible[slug].results, *hidden.results)
            # Somebody has tried: "not started" is said of what is as released.
            self.verdicts[slug] = Verdict(
                trial.exercise,
                tuple(replace(result, not_written=False) for result in results),
                self._answers.get(slug, ()),
            )
            passed = any(result.passed for result in results)
            if slug in self._open and not passed and any(result.not_written for result in results):
                # No cell has answered it as it ran.
                self.verdicts[slug] = _not_written(trial.exercise)

    def _counts(self, slug: str, trial: _Trial) -> bool:
        """Tell whether what was said of an exercise stays, and is not asked once more."""
        return trial.student.ended is None or slug in self._lost or self.ended is not None

    def _student(self, snapshot: Snapshot, *, last: bool = False) -> RemoteStudent:
        budget_s = min(self.limits.cell_s, self.left_s / slowdown())
        connect = functools.partial(snapshot.answerer, last=last)
        return RemoteStudent(
            connect,
            self._sources,
            call_s=self.limits.call_s,
            budget_s=budget_s,
            explain=self._explain,
            reach=self._reach,
        )

    def _reach(self, slug: str, given: Sequence[str], known: Sequence[str]) -> Reach:
        """Read what an answer reaches: apart, since a student has written it, and once for all checks that ask."""
        asked = (slug, tuple(given), tuple(known))
        if asked not in self._reached:
            try:
                self._reached[asked] = self._read_reach(slug, given, known)
            except StudentError as error:
                self._reached[asked] = error
        found = self._reached[asked]
        if isinstance(found, StudentError):
            raise found
        return found

    def _read_reach(self, slug: str, given: Sequence[str], known: Sequence[str]) -> Reach:
        task = "coursekit.grading.answers:reached_in"
        try:
            found = read_apart(task, slug, cells_above(slug, self.notebook), list(given), list(known))
        except UnreadableError as error:
            raise StudentError(
                f"The text of {slug} cannot be read: it {error}.",
                kind="TooLong",
                hint="Keep the cells above its check short: an answer has some hundreds of characters.",
            ) from None
        return Reach(found["text"], tuple(found["unknown"]))

    def _explain(self, name: str) -> StudentError | None:
        """Say why a name is not defined, as far as the notebook tells."""
        if name not in self._explained and len(self._explained) < _MAX_EXPLAINED:
            self._explained[name] = self._explanation(name)
        return self._explained.get(name)

    def _explanation(self, name: str) -> StudentError | None:
        if len(name) > _MAX_NAME:
            return None
        for index, stop in self._stops.items():
            cell = self._cells[index]
            if grade_id(cell) == name or defines(cell["source"], name):
                return undefined(name, f"its cell, {stop.cell}, stopped: {stop.cause}", "Mend that line.")
        meant = likely_meant(name, self._functions, self.lab.exercises)
        return undefined(name, f"did you mean {meant}", f"Rename {meant} to {name}.") if meant else None

    def outcome(self) -> tuple[str, str, tuple[ExerciseRecord, ...], GradedNotebook]:
        """Return what came of it: a status, a message, the exercises' records, and the graded notebook."""
        records, grades = [], dict[str, float | None]()
        unanswered = set(_unanswered(self.notebook, self.released))
        for cell in self.notebook["cells"]:
            slug, name = exercise_of(cell), grade_id(cell)
            if slug is not None and slug in self.lab.exercises:
                records.append(self._settle(cell, exercise_in(cell, self.lab)))
                grades[name] = records[-1].score
            elif slug is not None:
                leave_cause(cell, f"There are no checks for {slug}.")
                grades[name] = 0.0
            elif has_points(cell):
                # A task is worked on in cells of the student's own: that it is as released says nothing.
                empty = name in unanswered and not is_task(cell)
                grades[name] = 0.0 if empty else None
        stops = [self._stops[index] for index in sorted(self._stops)]
        self._tell(stops)
        message = " ".join([*words_of(stops), *([self._cause()] if self.ended else []), *self.notes])
        graded = GradedNotebook(self.notebook, grades, tuple(unanswered))
        order = list(self.lab.exercises)
        records.sort(key=lambda record: order.index(record.name))
        return self.ended.status if self.ended else "graded", message, tuple(records), graded

    def _tell(self, stops: Sequence[CellStop]) -> None:
        """Put what the student should know on top of the notebook."""
        told = [markdown(_notes_in_words(self.notes), "grading-notes")] if self.notes else []
        told += [markdown(page_of(stops), "grading-stops")] if stops else []
        self.notebook["cells"][:0] = told

    def _settle(self, cell: Cell, exercise: Exercise) -> ExerciseRecord:
        """Leave in a check cell what there is to say, and return it as a record."""
        verdict = self.verdicts.get(exercise.slug)
        if verdict is None:
            cause = self._cause()
            leave_cause(cell, cause)
            return record_without(exercise, cause)
        verdict = replace(verdict, exercise=exercise)
        leave_verdict(cell, verdict)
        return verdict.record()

    def _cause(self) -> str:
        return f"The submission ended before this: what was earned up to there stays. {self.ended}"

    def _slugs(self) -> list[str]:
        """List the exercises whose check cells the notebook has."""
        return [slug for slug in map(exercise_of, self._cells) if slug in self.lab.exercises and slug is not None]

    def _is_own(self, cell: Cell) -> bool:
        """Tell whether the text of a cell is not as it was released."""
        before = self._before.get(cell.get("id"))
        return before is None or before["source"] != cell["source"]


def exercise_in(cell: Cell, lab: Lab) -> Exercise:
    """Return the exercise of a check cell, worth what the released cell says."""
    slug = exercise_of(cell)
    return replace(lab.exercises[str(slug)], points=float(points_of(cell)))


def record_without(exercise: Exercise, cause: str) -> ExerciseRecord:
    """Return the record of an exercise that could not be judged."""
    checks = tuple(CheckRecord(check.name, check.visible, False, cause) for check in exercise.checks)
    return ExerciseRecord(exercise.slug, 0.0, exercise.points, checks)


def grade_ids(notebook: Notebook) -> list[str]:
    """List the cells that are worth points."""
    return [grade_id(cell) for cell in notebook["cells"] if has_points(cell)]


def solution_ids(notebook: Notebook) -> list[str]:
    """List the solution and task cells."""
    return [grade_id(cell) for cell in notebook["cells"] if is_answer(cell)]


def markdown(text: str, cell_id: str) -> Cell:
    """Return a cell in words."""
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


def _not_written(exercise: Exercise) -> Verdict:
    """Return the verdict on an exercise that a notebook answers nowhere."""
    message, hint = f"{exercise.slug} is not written yet.", "Replace the line `raise NotImplementedError`."
    results = (CheckResult(c, passed=False, message=message, hint=hint, not_written=True) for c in exercise.checks)
    return Verdict(exercise, tuple(results))


def _unanswered(notebook: Notebook, released: Notebook) -> list[str]:
    """List the solution and task cells that are as they were released."""
    before, now = _sources(released), _sources(notebook)
    return [name for name in solution_ids(notebook) if now[name] == before.get(name)]


def _sources(notebook: Notebook) -> dict[str, str]:
    """Return the text of each cell that nbgrader knows, by its grade_id."""
    return {grade_id(cell): cell["source"] for cell in notebook["cells"] if grade_id(cell)}


def _notes_in_words(notes: Sequence[str]) -> str:
    lines = "\n".join(f"- {escape(note)}" for note in notes)
    return f"**Before it was graded, this notebook was mended:**\n\n{lines}"


@functools.lru_cache(maxsize=512)
def _defines_anything(source: str) -> bool:
    """Tell whether a released cell to look at holds anything that grading runs."""
    text: Any = kept(source, [skipped_in(source)])
    return bool(text.strip())
