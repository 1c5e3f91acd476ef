"""nbgrader's own ``autograde``, made to take what nbgrader cannot read and to lose nothing.

nbgrader reads each notebook before any preprocessor sees it, looks for notebooks at the top of a folder alone, and
deletes what it graded before when ``--force`` is given or something fails. It names its converter in code, so that
:func:`take_over` puts this one in its place.
"""

from __future__ import annotations

import glob
import os
import shutil
from pathlib import Path
from typing import Any

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
from nbconvert.exporters import Exporter, NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde
from traitlets import Type

from coursekit.grading.submission import Submission, SubmissionError, read_submission

__all__ = ["CourseAutograde", "SubmissionExporter", "take_over"]


class SubmissionExporter(NotebookExporter):  # type: ignore[misc] # nbconvert has no types
    """Leaves a submission's file unread: :class:`~coursekit.grading.preprocessors.RebuildSubmission` reads it."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Convert a notebook; one that a student handed in begins empty."""
        converted: tuple[str, Any]
        if self.parent.is_sanitizing:
            resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
            converted = self.from_notebook_node(new_notebook(), resources=resources, **kw)
        else:
            converted = super().from_filename(filename, resources=resources, **kw)
        return converted


class CourseAutograde(Autograde):  # type: ignore[misc] # nbgrader has no types
    """Grades every folder of a student's, whatever is in it, and puts back what was there if that fails."""

    exporter_class = Type(SubmissionExporter, klass=Exporter).tag(config=True)

    @property
    def is_sanitizing(self) -> bool:
        """Whether a submission is being read, and not yet graded."""
        return bool(self._sanitizing)

    def init_notebooks(self) -> None:
        """Find the students' folders; which file in them is the notebook is seen when they are read."""
        lab = self.coursedir.assignment_id
        pattern = self._format_source(lab, self.coursedir.student_id)
        folders = [Path(folder) for folder in sorted(glob.glob(pattern))]  # noqa: PTH207 - the pattern is a whole path
        self.notebooks: list[str] = []
        self.assignments = {str(folder): [str(folder / f"{lab}.ipynb")] for folder in folders if folder.is_dir()}
        if not self.assignments:
            # Says what there is instead.
            super().init_notebooks()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether to grade a submission; what was graded before is kept aside until it is."""
        folder = Path(self._format_source(assignment_id, student_id))
        try:
            read_submission(Submission(student_id, assignment_id, folder))
        except SubmissionError as error:
            if error.status == "missing":
                self.log.warning("%r handed in nothing: %r. Nothing was changed.", student_id, str(error))
                return False
        graded = Path(os.path.normpath(self._format_dest(assignment_id, student_id)))
        _put_back(graded)
        if graded.exists():
            shutil.copytree(graded, _aside(graded), symlinks=True)
        begun = bool(super().init_destination(assignment_id, student_id))
        if begun:
            self._begun[graded] = Path(self._page_of(assignment_id, student_id))
        else:
            _put_back(graded)
        return begun

    def convert_notebooks(self) -> None:
        """Grade the submissions; of each that could not be graded, the earlier grading stays."""
        self._begun: dict[Path, Path] = {}
        try:
            super().convert_notebooks()
        finally:
            for graded, page in self._begun.items():
                if graded.exists():
                    # The page says what was graded before.
                    shutil.rmtree(page, ignore_errors=True)
                _put_back(graded)

    def _page_of(self, assignment_id: str, student_id: str) -> str:
        return str(self.coursedir.format_path(self.coursedir.feedback_directory, student_id, assignment_id))


def take_over() -> None:
    """Have nbgrader's command and formgrader's button use :class:`CourseAutograde`."""
    for module in (nbgrader.apps.api, nbgrader.apps.autogradeapp):
        module.Autograde = CourseAutograde


def _aside(folder: Path) -> Path:
    # nbgrader looks at no folder whose name begins so.
    return folder.with_name(f".{folder.name}.before")


def _put_back(graded: Path) -> None:
    """Put what was kept aside back in its place, unless something newer stands there."""
    aside = _aside(graded)
    if aside.exists() and not graded.exists():
        aside.rename(graded)
    elif aside.exists():
        shutil.rmtree(aside)
