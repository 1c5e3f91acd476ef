"""What students handed in: finding it, and reading it without trusting it."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.errors import CourseError, UnknownNameError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Submission", "SubmissionError", "find_submissions", "read_submission"]

#: A notebook larger than this is not read: a lab without outputs has some 50 kB.
MAX_SIZE_BYTES = 50_000_000


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
        student: The student's id: the name of the folder.
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


def find_submissions(submitted: Path, lab: str, *, student: str | None = None) -> tuple[list[Submission], list[str]]:
    """Find who has a folder among the submissions.

    Args:
        submitted: The folder with a folder for each student.
        lab: The lab's stem.
        student: The one student to find; all unless given.

    Returns:
        One submission a student, whether they handed in or not, and a notice for each file passed over.

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
    notices = [f"passed over {path.name!r}: not a student's folder" for path in entries if not _is_folder_or_link(path)]
    students = {path.name: path for path in entries if _is_folder_or_link(path)}
    if student is not None:
        if student not in students:
            raise UnknownNameError("student", student, students)
        students = {student: students[student]}
    return [Submission(name, lab, path / lab) for name, path in students.items()], notices


def read_submission(submission: Submission) -> tuple[NotebookNode, str]:
    """Read a submission's notebook.

    Returns:
        The notebook in format 4, and a digest of its bytes.

    Raises:
        SubmissionError: If it is not there, is not an ordinary file in ordinary folders, or cannot be read.
    """
    folder, file = submission.folder, submission.notebook
    for path in (folder.parent, folder, file):
        if path.is_symlink():
            raise SubmissionError("malformed", f"{path.name} is a link; links are not followed.")
    if not folder.exists():
        raise SubmissionError("missing", f"Nothing was handed in: there is no folder {folder.name}.")
    if not folder.is_dir():
        raise SubmissionError("malformed", f"{folder.name} is not a folder.")
    if not file.exists():
        others = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        raise SubmissionError("missing", f"There is no {file.name} in the folder; it holds {others}.")
    if not stat.S_ISREG(file.lstat().st_mode):
        raise SubmissionError("malformed", f"{file.name} is not an ordinary file.")
    size_bytes = file.stat().st_size
    if size_bytes > MAX_SIZE_BYTES:
        raise SubmissionError("malformed", f"{file.name} has {size_bytes:,} bytes; the most is {MAX_SIZE_BYTES:,}.")
    content = file.read_bytes()
    return _parse(content, file.name), hashlib.sha256(content).hexdigest()


def _parse(content: bytes, name: str) -> NotebookNode:
    import warnings

    import nbformat
    from nbformat import validator

    try:
        with warnings.catch_warnings():
            # Old notebooks lack cell ids; they are given some.
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
            _, notebook = validator.normalize(notebook)
            nbformat.validate(notebook, relax_add_props=True)
    except RecursionError:
        raise SubmissionError("malformed", f"{name} is not a notebook: it is nested too deeply.") from None
    except Exception as error:
        cause = " ".join(str(error).split())[:200]
        raise SubmissionError("malformed", f"{name} is not a notebook: {type(error).__name__}: {cause}") from None
    return notebook


def _is_folder_or_link(path: Path) -> bool:
    return path.is_dir() or path.is_symlink()
