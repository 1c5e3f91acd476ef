"""The only part that writes: nbgrader's gradebook and the folder of graded notebooks.

Rows and files are those that ``nbgrader autograde`` leaves, so that formgrader, feedback and export find what they
expect. Scores are written as rows, without nbgrader's objects, which take a tenth of a second for each submission.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import (
    Assignment,
    Base,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy import (
    Boolean,
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from coursekit.cells import KINDS, check_cell_name, grade_id, kinds_of
from coursekit.errors import CourseError
from coursekit.grading.course import Course
from coursekit.grading.grades import NO_RESPONSE, auto_scores
from coursekit.grading.record import GradedNotebook, Record
from coursekit.grading.stored import read_stored, with_record
from coursekit.grading.submission import Receipt, SubmissionError

__all__ = ["GradebookWriter", "open_gradebook", "patient"]

#: How long to wait for another program that is writing to an SQLite gradebook.
BUSY_TIMEOUT_S = 30

# Tables, not nbgrader's classes: nothing of a submission is kept in memory once it is written.
_STUDENTS = Student.__table__
_SUBMISSIONS = SubmittedAssignment.__table__
_NOTEBOOKS = SubmittedNotebook.__table__
_GRADES = Grade.__table__
_COMMENTS = Comment.__table__


class GradebookWriter:
    """Writes one lab's grades of one course; a context manager that closes the gradebook.

    Grades are for their owner's eyes: what is made here, nobody else on the machine can read, unless the course is
    shared with a group (``CourseDirectory.groupshared``).

    Args:
        course: The course.
        lab: The lab's stem.
        edition: A digest of what submissions are graded with.

    Attributes:
        n_outdated: How many of the records that :meth:`kept` returned come from another edition.

    Raises:
        CourseError: If the gradebook cannot be opened, or holds submissions to an older form of the lab.
    """

    def __init__(self, course: Course, lab: str, *, edition: str = "") -> None:
        self.course = course
        self.lab = lab
        self.edition = edition
        self.n_outdated = 0
        self._shared = bool(course.directory.groupshared)
        # nbgrader reports each step; what an instructor needs to know is in the records.
        self._log = logging.getLogger("coursekit.grading.nbgrader")
        self._log.setLevel(logging.CRITICAL)
        with self._guarded(), contextlib.ExitStack() as on_error:
            self._gradebook = open_gradebook(course)
            on_error.callback(self.close)
            self._save_structure()
            self._engine = patient(self._gradebook.engine)
            with self._engine.connect() as connection:
                self._rows = _LabRows.read(connection, lab)
                self._entered = auto_scores(connection, lab)
            on_error.pop_all()

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the gradebook."""
        self._gradebook.close()

    def kept(self, student: str, digest: str, receipt: Receipt) -> Record | None:
        """Return the record of an earlier run if neither the submission nor its grades have changed since."""
        stored = read_stored(self.course.autograded(student, self.lab), self.lab)
        if stored is None or (stored.digest, stored.timestamp) != (digest, _stamp(receipt.timestamp)):
            return None
        scores = self._entered.get(student, {})
        if any(scores.get(check_cell_name(e.name)) != e.score for e in stored.record.exercises):
            return None
        self.n_outdated += stored.edition != self.edition
        return stored.record

    def withdraw(self, student: str) -> None:
        """Enter a student who has handed in nothing; grades of an earlier hand-in become 0.

        Raises:
            CourseError: If the gradebook or the course folder cannot be written to.
        """
        with self._guarded():
            self._forget_notebook(student)
            with self._engine.begin() as connection:
                self._rows.withdraw(connection, student)

    def write(self, record: Record, graded: GradedNotebook, receipt: Receipt, digest: str) -> None:
        """Write a submission's grades, its late penalty and its graded notebook.

        The old notebook goes first and the new one comes last: as long as there is none, the submission counts as
        not graded. So whenever the process is killed, the next run finds either all of it or work to do.

        Args:
            record: What grading says; it is kept in the notebook's metadata for :meth:`kept`.
            graded: The notebook and its grades. Cells of the gradebook without a grade get 0.
            receipt: When the submission was handed in.
            digest: The digest of the submission's bytes.

        Raises:
            CourseError: If the gradebook or the course folder cannot be written to.
            SubmissionError: If there are grades for cells that the gradebook does not know; nothing is written.
        """
        self._rows.require_known(graded.grades)
        notebook = with_record(graded.notebook, record, digest=digest, edition=self.edition)
        with self._guarded():
            self._forget_notebook(record.student)
            with self._engine.begin() as connection:
                late = self._rows.write(connection, record.student, graded, receipt.timestamp)
            if late:
                self._penalise(record.student)
            self._write_notebook(notebook, record.student, receipt)

    def _save_structure(self) -> None:
        """Store the lab's cells in the gradebook, or check that it has them."""
        released = self.course.released(self.lab)
        self._refuse_other_cells(released)
        self._gradebook.update_or_create_assignment(self.lab)
        self._gradebook.db.remove()
        try:
            self._run(SaveCells, released, student="")
        except (OSError, SQLAlchemyError):
            raise
        except Exception as error:
            cause = f"{error} is missing" if isinstance(error, KeyError) else f"{type(error).__name__}: {error}"
            raise CourseError(
                f"nbgrader cannot take up the released notebook of {self.lab}: {cause}. Build it again with"
                " `coursekit build`."
            ) from error

    def _refuse_other_cells(self, released: NotebookNode) -> None:
        try:
            known = self._gradebook.find_notebook(self.lab, self.lab)
        except MissingEntry:
            return
        before = {(kind, cell.name) for kind in KINDS for cell in getattr(known, f"{kind}_cells")}
        now = _cells(released)
        if before == now or not known.submissions:
            return
        names = [sorted({name for _, name in cells}) for cells in (now - before, before - now)]
        changes = "; ".join(f"{verb} {', '.join(of)}" for verb, of in zip(("new:", "gone:"), names, strict=True) if of)
        raise CourseError(
            f"The released notebook of {self.lab} has other cells than the gradebook {self.course.db_url} ({changes}),"
            f" which holds {len(known.submissions)} submissions. Release the cells that students got, or move the"
            " gradebook and the folder autograded away to grade into a new one. Nothing was changed."
        )

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Let nbgrader work on the gradebook: hide its own warnings, and turn its errors into messages."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)
                yield
        except OSError as error:
            raise CourseError(
                f"The course folder {str(self.course.folder)!r} cannot be written to: {error}. Make room, or give"
                " yourself the right to, and run again: what has been graded is kept."
            ) from error
        except SQLAlchemyError as error:
            cause = str(error).partition("\n")[0]
            raise CourseError(
                f"The gradebook {self.course.db_url} cannot be used: {cause}. If another program is writing to it,"
                " close that and run again: what has been graded is kept. If it comes from an older nbgrader, copy it"
                " and run `nbgrader db upgrade`. If it is damaged, put a copy in its place, or move it away to begin"
                " a new one."
            ) from error

    def _run(self, preprocessor: type, notebook: NotebookNode, student: str) -> None:
        """Run a preprocessor of nbgrader's, which opens the gradebook for itself."""
        names = {"student": student, "assignment": self.lab, "notebook": self.lab, "db_url": self.course.db_url}
        resources = {"nbgrader": names, "unique_key": self.lab}
        preprocessor(config=self.course.config, log=self._log)(notebook, resources)

    def _penalise(self, student: str) -> None:
        """Let nbgrader set the penalty of a late submission, by the course's own rule.

        The rule is the course's code, and may take its time or read the gradebook: no transaction is open meanwhile.
        """
        try:
            self._run(AssignLatePenalties, new_notebook(), student)
        except (OSError, SQLAlchemyError):
            raise
        except Exception as error:
            raise CourseError(
                f"The course's rule for late submissions fails for {student!r}: {type(error).__name__}: {error}."
                " Mend c.AssignLatePenalties in nbgrader_config.py and run again: what has been graded is kept."
            ) from error

    def _forget_notebook(self, student: str) -> None:
        """Remove the graded notebook of an earlier hand-in in one step, its page, and what a killed run has left."""
        folder = self.course.autograded(student, self.lab)
        if folder.parent.is_symlink():
            folder.parent.unlink()
        _remove(_aside(folder))
        with contextlib.suppress(FileNotFoundError):
            folder.replace(_aside(folder))
        _remove(_aside(folder))
        page = self.course.feedback(student, self.lab)
        if not page.parent.is_symlink():
            _remove(page)

    def _write_notebook(self, notebook: str, student: str, receipt: Receipt) -> None:
        folder = self.course.autograded(student, self.lab)
        for place in (folder.parent.parent, folder.parent, _aside(folder)):
            if not place.exists():
                place.mkdir(mode=0o700)
                place.chmod(0o2770 if self._shared else 0o700)
        # nbgrader releases feedback by the secret, and compares timestamps to see what has been graded.
        texts = {
            f"{self.lab}.ipynb": notebook,
            "timestamp.txt": _stamp(receipt.timestamp),
            "submission_secret.txt": receipt.secret,
        }
        for name, words in texts.items():
            if words:
                file = _aside(folder) / name
                file.write_text(words, encoding="utf-8", errors="replace")
                file.chmod(0o660 if self._shared else 0o600)
        _aside(folder).replace(folder)


@dataclass(frozen=True)
class _LabRows:
    """One lab's rows in the gradebook, written in transactions that the caller opens.

    Attributes:
        lab: The lab's stem.
        assignment: The lab's id.
        cells: The cells that there are grades or comments for, with id, name, type, and their notebook's id and name.
    """

    lab: str
    assignment: str
    cells: tuple[Any, ...]

    @classmethod
    def read(cls, connection: Connection, lab: str) -> _LabRows:
        """Read which cells there are."""
        assignment = connection.execute(select(Assignment.id).where(Assignment.name == lab)).scalar_one()
        cells = connection.execute(
            select(BaseCell.id, BaseCell.name, BaseCell.type, BaseCell.notebook_id, Notebook.name.label("notebook"))
            .join(Notebook, Notebook.id == BaseCell.notebook_id)
            .where(Notebook.assignment_id == assignment)
        )
        return cls(lab, assignment, tuple(cells))

    def require_known(self, grades: Mapping[str, float | None]) -> None:
        """Check that there is a cell for each grade.

        Raises:
            SubmissionError: If there is not.
        """
        unknown = sorted(set(grades) - {cell.name for cell in self._graded() if cell.notebook == self.lab})
        if unknown:
            names = ", ".join(unknown)
            raise SubmissionError("malformed", f"Its cells are not those of the released notebook: {names}.")

    def withdraw(self, connection: Connection, student: str) -> None:
        """Enter a student; if there is a submission, take back its automatic grades."""
        self._enter_student(connection, student)
        notebooks = (
            select(_NOTEBOOKS.c.id)
            .join(_SUBMISSIONS, _SUBMISSIONS.c.id == _NOTEBOOKS.c.assignment_id)
            .where(_SUBMISSIONS.c.assignment_id == self.assignment, _SUBMISSIONS.c.student_id == student)
        )
        for notebook in connection.execute(notebooks).scalars().all():
            none = {"auto_score": 0, "needs_manual_grade": False}
            connection.execute(update(_GRADES).where(_GRADES.c.notebook_id == notebook).values(none))
            _forget_penalty(connection, notebook)

    def write(self, connection: Connection, student: str, graded: GradedNotebook, timestamp: datetime | None) -> bool:
        """Enter a submission with its grades; what was given by hand, and the grader's comments, stay.

        Returns:
            Whether it came late.
        """
        submission = self._enter_submission(connection, student, timestamp)
        notebooks = self._complete(connection, submission.id)
        for notebook in notebooks.values():
            _forget_penalty(connection, notebook)
        self._set_grades(connection, notebooks, graded.grades)
        self._set_comments(connection, notebooks, graded.unanswered)
        if timestamp is None or submission.duedate is None:
            return False
        return bool(timestamp > submission.duedate + (submission.extension or timedelta()))

    def _graded(self) -> list[Any]:
        return [cell for cell in self.cells if cell.type in ("GradeCell", "TaskCell")]

    def _commented(self) -> list[Any]:
        return [cell for cell in self.cells if cell.type in ("SolutionCell", "TaskCell")]

    def _enter_student(self, connection: Connection, student: str) -> None:
        if connection.execute(select(_STUDENTS.c.id).where(_STUDENTS.c.id == student)).first() is None:
            connection.execute(insert(_STUDENTS).values(id=student))

    def _enter_submission(self, connection: Connection, student: str, timestamp: datetime | None) -> Any:
        """Enter when a student handed in; return the submission's id, the lab's duedate and the student's extension."""
        its = (_SUBMISSIONS.c.assignment_id == self.assignment, _SUBMISSIONS.c.student_id == student)
        # Before anything is read: from its first change on, a transaction has an SQLite gradebook to itself.
        entered = connection.execute(update(_SUBMISSIONS).where(*its).values(timestamp=timestamp))
        if not entered.rowcount:
            self._enter_student(connection, student)
            new = {"assignment_id": self.assignment, "student_id": student, "timestamp": timestamp}
            connection.execute(insert(_SUBMISSIONS).values(new))
        return connection.execute(
            select(_SUBMISSIONS.c.id, _SUBMISSIONS.c.extension, Assignment.duedate)
            .join(Assignment, Assignment.id == _SUBMISSIONS.c.assignment_id)
            .where(*its)
        ).one()

    def _complete(self, connection: Connection, submission: str) -> dict[str, str]:
        """Add the rows that a submission lacks; return the ids of its notebooks, by those of the lab's."""
        found = select(_NOTEBOOKS.c.notebook_id, _NOTEBOOKS.c.id).where(_NOTEBOOKS.c.assignment_id == submission)
        notebooks = {row.notebook_id: row.id for row in connection.execute(found)}
        new = {cell.notebook_id: new_uuid() for cell in self.cells if cell.notebook_id not in notebooks}
        if new:
            rows = [{"id": own, "notebook_id": lab, "assignment_id": submission} for lab, own in new.items()]
            connection.execute(insert(_NOTEBOOKS), rows)
            notebooks |= new
        for table, cells in ((_GRADES, self._graded()), (_COMMENTS, self._commented())):
            there = select(table.c.cell_id).where(table.c.notebook_id.in_(notebooks.values()))
            known = set(connection.execute(there).scalars())
            rows = [{"cell_id": c.id, "notebook_id": notebooks[c.notebook_id]} for c in cells if c.id not in known]
            if rows:
                connection.execute(insert(table), rows)
        return notebooks

    def _set_grades(
        self, connection: Connection, notebooks: Mapping[str, str], grades: Mapping[str, float | None]
    ) -> None:
        by_hand = _GRADES.c.manual_score.is_not(None)
        change = (
            update(_GRADES)
            .where(_GRADES.c.cell_id == bindparam("of_cell"), _GRADES.c.notebook_id == bindparam("of_notebook"))
            # A score that was given by hand to an earlier hand-in needs to be looked at again.
            .values(auto_score=bindparam("score"), needs_manual_grade=or_(by_hand, bindparam("open", type_=Boolean())))
        )
        rows = []
        for cell in self._graded():
            score = grades.get(cell.name, 0) if cell.notebook == self.lab else 0
            row = {"score": score, "open": score is None}
            rows.append({"of_cell": cell.id, "of_notebook": notebooks[cell.notebook_id], **row})
        if rows:
            connection.execute(change, rows)

    def _set_comments(self, connection: Connection, notebooks: Mapping[str, str], unanswered: tuple[str, ...]) -> None:
        change = (
            update(_COMMENTS)
            .where(_COMMENTS.c.cell_id == bindparam("of_cell"), _COMMENTS.c.notebook_id == bindparam("of_notebook"))
            .values(auto_comment=bindparam("text"))
        )
        rows = []
        for cell in self._commented():
            # A task is worked on in cells of the student's own: that it is as released says nothing.
            empty = cell.notebook == self.lab and cell.type == "SolutionCell" and cell.name in unanswered
            text = NO_RESPONSE if empty else None
            rows.append({"of_cell": cell.id, "of_notebook": notebooks[cell.notebook_id], "text": text})
        if rows:
            connection.execute(change, rows)


def open_gradebook(course: Course) -> Gradebook:
    """Open a course's gradebook; make one if there is none.

    A new one is made aside and moved to its place when it is whole: nbgrader cannot upgrade half a gradebook.
    """
    url, course_id = make_url(course.db_url), course.directory.course_id
    on_file = url.get_backend_name() == "sqlite" and url.database is not None
    file = Path(url.database or "").resolve()
    if on_file and not file.exists():
        aside = file.with_name(f".{file.name}.unfinished")
        _remove(aside)
        aside.mkdir(mode=0o700)
        _make_empty(url.set(database=str(aside / file.name)))
        (aside / file.name).chmod(0o660 if course.directory.groupshared else 0o600)
        if not file.exists():
            (aside / file.name).replace(file)
        _remove(aside)
    else:
        _make_empty(url)
    return Gradebook(course.db_url, course_id)


def _make_empty(url: URL) -> None:
    """Make nbgrader's tables, marked with its version of them, unless there are some.

    nbgrader does the same, and asks a program of its own for the version. That takes 4 s of processor time, much of
    what a small class takes to grade.
    """
    # Here, because it takes a third of a second, and there is a gradebook already, as a rule.
    from alembic.script import ScriptDirectory

    engine = create_engine(url)
    try:
        if not inspect(engine).get_table_names():
            Base.metadata.create_all(engine)
            version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    finally:
        engine.dispose()


def patient(engine: Engine) -> Engine:
    """Let connections to an SQLite gradebook wait for other programs; its own five seconds are soon over."""
    if engine.dialect.name == "sqlite":
        engine.dispose()

        @event.listens_for(engine, "connect")
        def wait(connection: Any, _: Any) -> None:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")

    return engine


def _forget_penalty(connection: Connection, notebook: str) -> None:
    connection.execute(update(_NOTEBOOKS).where(_NOTEBOOKS.c.id == notebook).values(late_submission_penalty=None))


def _cells(notebook: NotebookNode) -> set[tuple[str, str]]:
    """List the cells that nbgrader keeps, each once for every kind that it is of."""
    return {(kind, grade_id(cell)) for cell in notebook.cells for kind in kinds_of(cell)}


def _aside(folder: Path) -> Path:
    """Return where a folder stands while it is not whole; nbgrader looks at no folder whose name begins so."""
    return folder.with_name(f".{folder.name}.unfinished")


def _remove(path: Path) -> None:
    """Remove a file, a link (not what it leads to) or a folder, if there is one."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _stamp(timestamp: datetime | None) -> str:
    """Write a time as nbgrader does."""
    return timestamp.isoformat(" ", "microseconds") + " UTC" if timestamp else ""
