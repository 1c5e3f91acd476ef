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
from coursekit.questions.question import LETTERS, Question
from coursekit.questions.running import Example
from coursekit.questions.subject import helpers_of, subject_of

__all__ = ["questions_for"]

_PRACTICE = "Such questions are for practice; they are not graded."
_CHANGED = "Your code has changed since this answer, which no longer counts: look again, answer, and run the cell."


def questions_for(name: str) -> Callable[..., Asked | Nothing]:
    """Return the ``ask`` function of a lab, for its notebook.

    ``ask("softmax")`` asks about the lines that the calling notebook defines under that name, and
    ``ask("softmax", answer="b")`` says at once whether that is right, and why. The same lines are asked the same.
    While nbgrader grades or validates, nothing is asked.

    Args:
        name: The lab's stem, such as ``"01_softmax"``.

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
            return Nothing(slug, _PRACTICE)
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
        shown = Asked(slug, subject.lines, example.text, helpers_of(subject, namespace), questions)
        try:
            answers = _letters(answer, questions)
        except ValueError as error:
            return replace(shown, note=str(error))
        before = asked.get(slug)
        if answers and before is not None and before[0] != subject.code and before[1] == answers:
            asked[slug] = subject.code, ()
            return replace(shown, note=_CHANGED)
        asked[slug] = subject.code, answers
        return replace(shown, answers=answers)

    return ask


def _letters(answer: object, questions: Sequence[Question]) -> tuple[str, ...]:
    """Return the letters that were answered.

    Raises:
        ValueError: They are none of those of the choices.
    """
    if answer is None:
        return ()
    given = list(answer) if isinstance(answer, list | tuple) else [answer]
    letters: list[str] = []
    for each, question in zip(given, questions, strict=False):
        legal = LETTERS[: len(question.choices)]
        if not isinstance(each, str) or len(each.strip()) != 1 or each.strip().lower() not in legal:
            raise ValueError(f"The answer {each!r} is none of the choices; they are {', '.join(map(repr, legal))}.")
        letters.append(each.strip().lower())
    if len(given) > len(questions):
        raise ValueError(f"There are {len(given)} answers and {len(questions)} questions: give one for each.")
    return tuple(letters)
