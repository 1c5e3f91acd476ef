"""A course folder, as its ``nbgrader_config.py`` describes it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.errors import CourseError, UnknownNameError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Course"]

CONFIG_FILE = "nbgrader_config.py"


class Course:
    """A folder that nbgrader grades in.

    Args:
        folder: The folder that holds ``nbgrader_config.py``.

    Attributes:
        folder: The folder, as an absolute path.
        config: Its nbgrader configuration.
        directory: nbgrader's view of where things are.

    Raises:
        CourseError: If nbgrader is not installed, or there is no configuration, or it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        file = self.folder / CONFIG_FILE
        if not file.is_file():
            raise CourseError(
                f"{str(folder)!r} is no course folder: it has no {CONFIG_FILE}."
                " Give the folder that has one with --course DIR; in this repository it is 'autograde'."
            )
        self.config = _read_config(file)
        self.directory = _coursedir(self.config)

    @property
    def hidden(self) -> Path:
        """The folder of hidden checks."""
        return self.folder / "hidden"

    @property
    def submitted(self) -> Path:
        """The folder with a folder for each student."""
        return Path(self.directory.root) / str(self.directory.submitted_directory)

    @property
    def db_url(self) -> str:
        """The gradebook's address."""
        return str(self.directory.db_url)

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
        """Read a lab's notebook as students got it."""
        import nbformat

        return nbformat.read(
            Path(self._path(self.directory.release_directory, ".", lab)) / f"{lab}.ipynb", as_version=4
        )

    def autograded(self, student: str, lab: str) -> Path:
        """Return the folder for a student's graded notebook."""
        return Path(self._path(self.directory.autograded_directory, student, lab))

    def timestamp(self, student: str, lab: str) -> datetime | None:
        """Return when a submission was handed in, in UTC, or None if nothing says so."""
        with contextlib.suppress(OSError, ValueError):
            found: datetime | None = self.directory.get_existing_timestamp(
                self._path(self.directory.submitted_directory, student, lab)
            )
            return found
        return None

    def _path(self, step: str, student: str, lab: str) -> str:
        return os.path.normpath(str(self.directory.format_path(step, student, lab)))


@contextlib.contextmanager
def programs_on_path() -> Iterator[None]:
    """Make sure that nbgrader finds the ``alembic`` program of this environment when it makes a gradebook."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _read_config(file: Path) -> Any:
    try:
        from traitlets.config.loader import PyFileConfigLoader
    except ImportError as error:
        raise CourseError(f"Grading needs nbgrader ({error}). Install it: pip install 'coursekit[grade]'.") from None
    try:
        return PyFileConfigLoader(file.name, path=str(file.parent)).load_config()
    except Exception as error:
        raise CourseError(f"{file} cannot be read: {type(error).__name__}: {error}. Mend it and run again.") from error


def _coursedir(config: Any) -> Any:
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config)
