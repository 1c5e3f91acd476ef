"""A course folder, as its ``nbgrader_config.py`` describes it."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from coursekit.errors import CourseError, UnknownNameError
from coursekit.files import write_once
from coursekit.grading.execution import HIDDEN_SHARE

__all__ = ["Course"]

CONFIG_FILE = "nbgrader_config.py"
#: The file in the course folder that hidden checks draw their inputs from; not for students, nor for a repository.
SECRET_FILE = ".grading-secret"  # noqa: S105 - its name
_SECRET_BYTES = 32


class Course:
    """A folder that nbgrader grades in.

    Args:
        folder: The folder that holds ``nbgrader_config.py``.

    Attributes:
        folder: The folder, as an absolute path.
        config: Its nbgrader configuration.
        directory: nbgrader's view of where things are.

    Raises:
        CourseError: If there is no configuration, or it cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        file = self.folder / CONFIG_FILE
        if not file.is_file():
            raise CourseError(_why_no_course(folder))
        try:
            self.config = PyFileConfigLoader(file.name, path=str(self.folder)).load_config()
            if "root" not in self.config.CourseDirectory:
                # nbgrader's own default is the current folder, because it is started in the course's.
                self.config.CourseDirectory.root = str(self.folder)
            self.directory = CourseDirectory(config=self.config)
        except Exception as error:
            raise CourseError(
                f"{file} cannot be used: {type(error).__name__}: {error}. Mend it and run again."
            ) from error

    @property
    def hidden(self) -> Path:
        """The folder of hidden checks."""
        return self.folder / "hidden"

    @property
    def submitted(self) -> Path:
        """The folder with a folder for each student."""
        return Path(self._path(self.directory.submitted_directory, ".", "."))

    @property
    def db_url(self) -> str:
        """The gradebook's address."""
        return str(self.directory.db_url)

    def setting(self, name: str, default: Any) -> Any:
        """Return what the configuration says about how students' code is run."""
        return self.config.GradingStep.get(name, default)

    @property
    def hidden_share(self) -> float:
        """What hidden checks weigh at least, together, of each exercise that has any."""
        share: float = self.setting("hidden_share", HIDDEN_SHARE)
        return share

    def secret(self, *, keep: bool = True) -> bytes:
        """Return what the inputs of hidden checks are drawn from: random bytes, made when they are first needed.

        Args:
            keep: Whether to write them down; a run that writes nothing goes without.

        Raises:
            CourseError: If they can be neither read nor written.
        """
        file = self.folder / SECRET_FILE
        try:
            if not file.exists():
                fresh = secrets.token_bytes(_SECRET_BYTES)
                if not keep:
                    return fresh
                write_once(file, fresh)
            return file.read_bytes()
        except OSError as error:
            raise CourseError(
                f"The course's secret {file} cannot be read or written ({error.strerror}). Hidden checks draw their"
                " inputs from it. Make the course folder writable, and run again."
            ) from error

    def labs(self) -> list[str]:
        """List the labs that have been released."""
        root = Path(self._path(self.directory.release_directory, ".", "."))
        return sorted(path.parent.name for path in root.glob("*/*.ipynb") if path.stem == path.parent.name)

    def require_lab(self, lab: str) -> None:
        """Check that a lab has been released.

        Raises:
            UnknownNameError: If it has not; it names the labs that have.
        """
        if lab not in self.labs():
            raise UnknownNameError("lab", lab, self.labs())

    def released(self, lab: str) -> NotebookNode:
        """Read a lab's notebook as students got it.

        Raises:
            CourseError: If it cannot be read.
        """
        file = Path(self._path(self.directory.release_directory, ".", lab)) / f"{lab}.ipynb"
        try:
            return nbformat.read(file, as_version=4)
        except Exception as error:
            raise CourseError(
                f"The released notebook {file} cannot be read: {type(error).__name__}: {error}. Build it again with"
                " `coursekit build`."
            ) from error

    def autograded(self, student: str, lab: str) -> Path:
        """Return the folder for a student's graded notebook."""
        return Path(self._path(self.directory.autograded_directory, student, lab))

    def feedback(self, student: str, lab: str) -> Path:
        """Return the folder for a student's feedback page."""
        return Path(self._path(self.directory.feedback_directory, student, lab))

    def _path(self, step: str, student: str, lab: str) -> str:
        return os.path.normpath(str(self.directory.format_path(step, student, lab)))


def _why_no_course(folder: Path) -> str:
    """Say why a folder is not a course, and where one was found."""
    if not folder.is_dir():
        why = f"The course folder {str(folder)!r} does not exist, seen from {str(Path.cwd())!r}."
    else:
        why = f"The folder {str(folder)!r} is not a course folder: it has no {CONFIG_FILE}."
    found = next(_courses_near(folder), None)
    if found is None:
        return f"{why} Give the folder with the course's {CONFIG_FILE}: --course DIR."
    return f"{why} There is a course in {str(found)!r}: --course {shlex.quote(os.path.relpath(found))}"


def _courses_near(folder: Path) -> Iterator[Path]:
    """Yield course folders in and beside the folder that was given, up to two levels above it."""
    for place in (folder.resolve(), *folder.resolve().parents[:2]):
        if (place / CONFIG_FILE).is_file():
            yield place
        yield from (file.parent for file in sorted(place.glob(f"*/{CONFIG_FILE}")))
