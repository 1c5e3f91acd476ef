"""The ``ask`` function that a notebook calls."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from coursekit.checking import CheckFailure
from coursekit.checking.lab import NBGRADER_VARIABLE, lab_names
from coursekit.checking.notebook import NotebookStudent
from coursekit.errors import NothingToAskError, UnknownNameError
from coursekit.questions.display import Asked, Nothing
from coursekit.questions.making import questions_about
from coursekit.questions.question import letters_of
from coursekit.questions.running import Example
from coursekit.questions.subject import helpers_of, subject_of

__all__ = ["questions_for"]

_PRACTICE = "Such questions are for practice; they are not graded."
_GRADED = "These questions are asked again of the code that is handed in, and graded with it."
_CHANGED = "Your code has changed since this answer, which no longer counts: look again, answer, and run the cell."


def questions_for(name: str, *, graded: bool = False) -> Callable[..., Asked | Nothing]:
    """Return the ``ask`` function of a lab, for its notebook.

    ``ask("softmax")`` asks about the lines that the calling notebook defines under that name, and
    ``ask("softmax", answer="b")`` says at once whether that is right, and why. The same lines are asked the same.
    While nbgrader grades or validates, nothing is asked.

    Graded questions have answers such as ``"b47"``, whose digits follow from the code that is asked about: an answer to
    questions about other code is told from one to these. Nothing is said of what is right.

    Args:
        name: The lab's stem, such as ``"01_softmax"``.
        graded: Whether the answers count.

    Raises:
        UnknownNameError: If there is no such lab; the function raises it if nothing is asked about an exercise.
    """
    if name not in lab_names():
        raise UnknownNameError("lab", name, lab_names())
    examples: Mapping[str, str] = getattr(importlib.import_module(f"coursekit.checks.{name}"), "ASKED", {})
    grading = bool(os.environ.get(NBGRADER_VARIABLE))
    asked: dict[str, tuple[str, tuple[str, ...]]] = {}

    def ask(slug: str, answer: str | Sequence[str] | None = None) -> Asked | Nothing:
        """Ask about the lines of an answer."""
        if slug not in examples:
            raise UnknownNameError("exercise with questions", slug, examples)
        if grading:
            return Nothing(slug, _GRADED if graded else _PRACTICE)
        example = Example(examples[slug].strip("\n"))
        student = NotebookStudent(sys._getframe(1).f_globals, lab=name)
        try:
            source = student.source(slug)
            namespace = {key: value for key, value in student.namespace.items() if key not in student.absent}
            questions = questions_about(source, slug, example, namespace)
        except NothingToAskError as error:
            return Nothing(slug, str(error))
        except CheckFailure as failure:
            return Nothing(slug, f"{failure.message} {failure.hint}".strip())
        subject = subject_of(source, slug)
        mark = subject.mark if graded else ""
        if graded:
            questions = [question.untold() for question in questions]
        shown = Asked(slug, subject.lines, example.text, helpers_of(subject, namespace), questions, mark=mark)
        try:
            answers = letters_of(answer, questions, mark=mark)
        except ValueError as error:
            return replace(shown, note=str(error))
        before = asked.get(slug)
        if answers and not graded and before is not None and before[0] != subject.code and before[1] == answers:
            asked[slug] = subject.code, ()
            return replace(shown, note=_CHANGED)
        asked[slug] = subject.code, answers
        return replace(shown, answers=answers)

    return ask
