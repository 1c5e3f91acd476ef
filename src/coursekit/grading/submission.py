"""What students handed in: finding it, and reading it without trusting it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coursekit.errors import CourseError, UnknownNameError

__all__ = [
    "Receipt",
    "Submission",
    "SubmissionError",
    "SubmittedFile",
    "SubmittedFiles",
    "find_submissions",
    "parse_time",
    "read_receipt",
    "read_short_text",
    "read_submission",
]

#: What a student's files may have together. A lab has some 50 kB; saved outputs, which are skipped, may have the rest.
MAX_SIZE_BYTES = 250_000_000
_MAX_DEPTH = 6
_MAX_ENTRIES = 2000
_MAX_FILES = 10
_NOTEBOOK, _ZIP = ".ipynb", ".zip"
#: What the course's own programs put beside a notebook.
_NOTES = {"timestamp.txt", "submission_secret.txt", "lms.json"}
_MAX_NOTE_BYTES = 1000
_MAX_TIME = 64
_HTML = '<>&"'


class SubmissionError(Exception):
    """A submission cannot be graded.

    Attributes:
        status: ``"missing"`` or ``"malformed"``.
    """

    def __init__(self, status: str, cause: str) -> None:
        super().__init__(cause)
        self.status = status


@dataclass(frozen=True)
class Submission:
    """One student's folder for one lab.

    Attributes:
        student: The student's id: the name of the folder, with what is not UTF-8 in it as escapes.
        lab: The lab's stem.
        folder: Where the notebook should be.
    """

    student: str
    lab: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """Where the notebook should be."""
        return self.folder / f"{self.lab}.ipynb"


@dataclass(frozen=True)
class SubmittedFile:
    """A file that was handed in.

    Attributes:
        name: Its name, with the folders that it lies in within the lab's.
        content: Its bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class SubmittedFiles:
    """What was handed in.

    Attributes:
        files: The files that may hold the notebook, the likeliest first.
    """

    files: tuple[SubmittedFile, ...]

    @property
    def digest(self) -> str:
        """What tells it from everything else that could have been handed in."""
        digest = hashlib.sha256(self.files[0].content)
        for file in self.files[1:]:
            digest.update(f"\0{file.name}\0{len(file.content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(file.content)
        return digest.hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What nbgrader's exchange put beside a notebook when it was handed in.

    Attributes:
        timestamp: When that was, in UTC; None if nothing says so.
        secret: What the exchange hands feedback back by; empty where there is none.
        note: What is wrong with these; empty if nothing is.
    """

    timestamp: datetime | None = None
    secret: str = ""
    note: str = ""


def find_submissions(submitted: Path, lab: str, *, student: str | None = None) -> tuple[list[Submission], list[str]]:
    """Find who has a folder among the submissions.

    Args:
        submitted: The folder with a folder for each student.
        lab: The lab's stem.
        student: The one student to find; all unless given.

    Returns:
        One submission per student, whether they handed in or not, and a note for each file passed over and each name
        that formgrader's pages would take for HTML.

    Raises:
        CourseError: If there is no folder of submissions.
        UnknownNameError: If that student has no folder.
    """
    if not submitted.is_dir():
        raise CourseError(
            f"There is no folder of submissions {str(submitted)!r}. Collect the class's work into it:"
            f" {submitted.name}/STUDENT/{lab}/{lab}.ipynb, or run `nbgrader collect {lab}`."
        )
    entries = sorted(path for path in submitted.iterdir() if not path.name.startswith("."))
    folders = [path for path in entries if path.is_dir() or path.is_symlink()]
    # An id that two folders share is that of the one whose name it is.
    students = {_id_of(path): path for path in sorted(folders, key=lambda path: _id_of(path) == path.name)}
    students = dict(sorted(students.items()))
    taken = set(students.values())
    notes = [f"passed over {_id_of(path)!r}: not a student's folder" for path in entries if path not in taken]
    notes += [
        f"{name!r} stands for a folder whose name is not UTF-8; rename it to give its student another id"
        for name, path in students.items()
        if name != path.name
    ]
    notes += [
        f"{name!r} has one of {_HTML} in it, which formgrader's pages take for HTML: rename the folder"
        for name in students
        if set(name) & set(_HTML)
    ]
    if student is not None:
        wanted = _id_of(Path(student))
        if wanted not in students:
            raise UnknownNameError("student", wanted, students)
        students = {wanted: students[wanted]}
    elif not students:
        notes.append(f"{str(submitted)!r} holds no student's folder")
    return [Submission(name, lab, path / lab) for name, path in students.items()], notes


def read_submission(submission: Submission) -> SubmittedFiles:
    """Read what a student handed in: the file that bears the lab's name, and others that may hold the notebook.

    Where there is no notebook and no zip, every other file may be one under another name, or tells what it is.

    Raises:
        SubmissionError: If there is nothing, or what should be the notebook is not an ordinary file in ordinary
            folders, or cannot be read.
    """
    folder, file = submission.folder, submission.notebook
    for path in (folder.parent, folder):
        if path.is_symlink():
            raise SubmissionError("malformed", f"{path.name} is a link; links are not followed.")
    try:
        if not folder.exists():
            raise SubmissionError("missing", f"There is no folder {folder.name}; {_holds(folder.parent)}.")
        if not folder.is_dir():
            raise SubmissionError("malformed", f"{folder.name} is not a folder.")
        chosen = _candidates(file)
        if not chosen:
            raise SubmissionError("missing", f"There is no {file.name} in the folder; {_holds(folder)}.")
        return SubmittedFiles(tuple(_read_all(chosen, folder)))
    except OSError as error:
        raise SubmissionError("malformed", f"{file.name} cannot be read: {error.strerror}.") from None


def _candidates(file: Path) -> list[Path]:
    """List the files in a lab's folder, and in folders within it, that may hold the notebook, the likeliest first."""
    found = _files_in(file.parent)
    named = [file] if os.path.lexists(file) else []
    others = [path for path in found if _may_hold_notebook(path) and path != file]
    # The only one there is to be had, whatever it is: its error says what is wrong with it.
    ordinary = [path for path in others if _is_ordinary(path)] if named or len(others) > 1 else others
    rest = [path for path in found if path.name not in _NOTES and _is_ordinary(path) and path not in ordinary]
    # A zip may turn out to hold pictures, and what is beside it may be the notebook under another name.
    only_zips = not named and all(path.suffix.lower() == _ZIP for path in ordinary)
    return (named + ordinary + (rest if only_zips else []))[:_MAX_FILES]


def _files_in(folder: Path) -> list[Path]:
    """List what lies in a folder and in those within it; hidden ones, and what links lead to, are left out."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts) >= _MAX_DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        found += [Path(place, name) for name in sorted(files) if not name.startswith(".")]
        if len(found) > _MAX_ENTRIES:
            break
    return sorted(found[:_MAX_ENTRIES], key=lambda path: (len(path.parts), path.suffix.lower() != ".ipynb", path))


def _may_hold_notebook(path: Path) -> bool:
    """Tell whether a file is a notebook or a zip by its name, whatever a browser has put behind it, such as .txt."""
    return _NOTEBOOK in path.name.lower() or path.suffix.lower() == _ZIP


def _is_ordinary(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)


def _read_all(paths: list[Path], folder: Path) -> Iterator[SubmittedFile]:
    """Read files as long as they are not too large together; the first must be read.

    Raises:
        SubmissionError, OSError: As :func:`_read` does for the first.
    """
    left = MAX_SIZE_BYTES
    for number, path in enumerate(paths):
        try:
            content = _read(path, left)
        except (SubmissionError, OSError):
            if number == 0:
                raise
            continue
        left -= len(content)
        yield SubmittedFile(path.relative_to(folder).as_posix(), content)


def read_receipt(submission: Submission) -> Receipt:
    """Read what nbgrader's exchange put beside a notebook; what is of no use is passed over with a note."""
    text, secret = (read_short_text(submission.folder / name) for name in ("timestamp.txt", "submission_secret.txt"))
    if submission.folder.parent.is_symlink() or submission.folder.is_symlink():
        # The secret would be another student's; the time is what formgrader compares with.
        secret = ""
    try:
        return Receipt(parse_time(text) if text else None, secret)
    except ValueError:
        return Receipt(
            None,
            secret,
            f"timestamp.txt is no time ({text[:40]!r}); such as '2026-01-31 12:00:00 UTC' is. Mend or delete it,"
            " or formgrader cannot list the submissions.",
        )


def parse_time(text: str) -> datetime:
    """Read a time as nbgrader writes it, such as ``2026-01-31 12:00:00.5 UTC``.

    Raises:
        ValueError: If it is none.
    """
    # Here, because it takes a second, and the processes that grade need none of it.
    from nbgrader.utils import parse_utc

    # A time zone is looked up as a file.
    if len(text) > _MAX_TIME or ".." in text or " /" in text:
        raise ValueError("it is no time")
    try:
        found: datetime = parse_utc(text)
        return found
    except Exception as error:
        # The parser lets through whatever its numbers and time zones run into.
        raise ValueError(str(error)) from None


def _id_of(folder: Path) -> str:
    """Return a folder's name as text that a gradebook and a terminal can hold."""
    return os.fsencode(folder.name).decode("utf-8", "backslashreplace")


def _holds(folder: Path) -> str:
    names = sorted(path.name for path in folder.iterdir() if path.name not in _NOTES)
    return f"it holds {', '.join(names[:5])}" + (" and more" if len(names) > 5 else "") if names else "it holds nothing"


def _read(file: Path, limit_bytes: int) -> bytes:
    """Read an ordinary file; a link is not followed, a pipe not waited for.

    Raises:
        SubmissionError: If it is anything else, or larger than the limit.
        OSError: If it cannot be opened.
    """
    if file.is_symlink():
        raise SubmissionError("malformed", f"{file.name} is a link; links are not followed.")
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError("malformed", f"{file.name} is not an ordinary file.")
        if status.st_size > limit_bytes:
            raise SubmissionError(
                "malformed", f"{file.name} has {status.st_size:,} bytes; the most is {limit_bytes:,}."
            )
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read(limit_bytes)
    finally:
        os.close(handle)


def read_short_text(file: Path, limit_bytes: int = _MAX_NOTE_BYTES) -> str:
    """Return the text of a small file; nothing if there is none that can be read."""
    try:
        return _read(file, limit_bytes).decode("utf-8", "replace").strip()
    except (OSError, SubmissionError):
        return ""
