"""From the instructor's notebook to the student's, by nbgrader's own steps but without its database."""

from __future__ import annotations

import copy
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.nbgraderformat import ValidationError
from traitlets.config import Config

from coursekit.authoring.markers import CODE_STUB, TEXT_STUB
from coursekit.errors import SourceError

__all__ = ["configure", "student_version"]


def configure(c: Any) -> None:
    """Set what nbgrader puts in the place of answers; a course's ``nbgrader_config.py`` calls this with its ``c``.

    With it, ``nbgrader generate_assignment`` on the instructor's notebook writes the student notebook that
    :func:`build_labs` writes, byte for byte.
    """
    c.ClearSolutions.code_stub = {"python": CODE_STUB}
    c.ClearSolutions.text_stub = TEXT_STUB


def student_version(nb: NotebookNode) -> NotebookNode:
    """Return the student's notebook, and leave the instructor's as it was.

    The steps are those of ``nbgrader generate_assignment --no-db``, taken from nbgrader itself.

    Raises:
        SourceError: nbgrader refuses the notebook; one from :func:`instructor_notebook` it does not.
    """
    config = Config()
    configure(config)
    config.SaveCells.enabled = False
    student = copy.deepcopy(nb)
    resources: dict[str, Any] = {}
    for step in GenerateAssignment.class_traits()["preprocessors"].default():
        try:
            student, resources = step(config=config)(student, resources)
        except (RuntimeError, ValueError, ValidationError) as error:
            raise SourceError(f"nbgrader's {step.__name__} refuses the notebook: {error}") from error
    return student
