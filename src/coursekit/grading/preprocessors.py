"""Preprocessors that make ``nbgrader autograde`` and formgrader grade as ``coursekit grade`` does.

nbgrader goes through a submission twice: :class:`RebuildSubmission` takes the place of what it does first to restore
the released cells, :class:`ExecuteSubmission` that of running the notebook in a kernel.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Float, Unicode

from coursekit.checking import Lab
from coursekit.checking.lab import hidden_source
from coursekit.grading.course import Course
from coursekit.grading.execution import HIDDEN_SHARE, Run, explained, grade_notebook, lab_of, seed_of
from coursekit.grading.reading import read_notebook
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.sandbox import BUBBLEWRAP, Limits
from coursekit.grading.submission import Submission, SubmissionError, read_submission

__all__ = ["ExecuteSubmission", "GradingStep", "RebuildSubmission"]

_KEY = "coursekit"


class GradingStep(NbGraderPreprocessor):  # type: ignore[misc]
    """What both preprocessors need to know; courses set it as ``c.GradingStep`` in their ``nbgrader_config.py``."""

    course = Unicode(help="The course folder, with nbgrader_config.py.").tag(config=True)
    sandbox = Unicode(BUBBLEWRAP, help="What confines students' code: 'bubblewrap', 'user' or 'none'.").tag(config=True)
    limits = Dict(
        help="What one submission may use, by name; see coursekit.grading.sandbox.Limits for names and defaults."
    ).tag(config=True)
    hidden_share = Float(
        HIDDEN_SHARE, help="What hidden checks weigh at least, together, of each exercise that has any: 0 up to 1."
    ).tag(config=True)


class RebuildSubmission(GradingStep):
    """Puts a student's answers into the released notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the rebuilt notebook; what there is to tell the student goes with it, in its metadata.

        The file is read again, with care: nbgrader has followed links.
        """
        names = resources["nbgrader"]
        course, lab = _course(self.course), names["assignment"]
        released = course.released(lab)
        submission = Submission(names["student"], lab, course.submitted / names["student"] / lab)
        try:
            handed = read_submission(submission)
            rebuilt = read_notebook(handed.files, lab, json.dumps(released))
        except SubmissionError as error:
            notebook = nbformat.from_dict(released)
            notebook.metadata[_KEY] = {"status": error.status, "cause": str(error)}
            return notebook, resources
        notebook = nbformat.from_dict(rebuilt.notebook)
        notebook.metadata[_KEY] = {"notes": list(rebuilt.notes), "digest": handed.digest}
        return notebook, resources


class ExecuteSubmission(GradingStep):
    """Runs a rebuilt notebook in the sandbox, and judges its exercises."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the graded notebook, which holds the grades as nbgrader reads them."""
        name = resources["nbgrader"]["assignment"]
        released = _course(self.course).released(name)
        hidden = hidden_source(Path(self.course) / "hidden", name)
        found = nb.metadata.pop(_KEY, {})
        seed = seed_of(_course(self.course).secret(), name, found.get("digest", ""))
        run = self._run(nb, found, released, lab_of(name, hidden, self.hidden_share), seed)
        if run.message:
            # As Python writes text: what cannot be printed could rewrite the terminal.
            self.log.warning("%r: %r", resources["nbgrader"]["student"], run.message)
        return nbformat.from_dict(run.graded.notebook), resources

    def _run(self, nb: NotebookNode, found: dict[str, Any], released: NotebookNode, lab: Lab, seed: int) -> Run:
        if "cause" in found:
            return explained(released, lab, found["status"], found["cause"])
        rebuilt = Rebuilt(nb, tuple(found.get("notes", ())))
        limits = Limits.of(dict(self.limits))
        return grade_notebook(rebuilt, released, lab, seed=seed, sandbox=self.sandbox, limits=limits)


@functools.lru_cache(maxsize=4)
def _course(folder: str) -> Course:
    return Course(Path(folder))
