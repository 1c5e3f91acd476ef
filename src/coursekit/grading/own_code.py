"""Graded questions about a student's own code: whether they are asked, what was answered, and what that is worth.

The questions are made again, from the code that was handed in, in the process that runs it. An answer carries two
digits that follow from the code that it is about, so one to questions about other code is known as such.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Mapping, Sequence

import numpy as np

from coursekit.checking import Check, CheckResult, Student
from coursekit.checking.statements import statements_of
from coursekit.grading.answers import Notebook
from coursekit.questions import Example, Question
from coursekit.questions.question import LETTERS, letters_of

__all__ = ["NO_ANSWER", "UNREADABLE", "answer_in", "examples_of", "results_of"]

_GRADED = re.compile(r"\bquestions_for\([^()\n]{1,100}\bgraded=True\b")
#: What is said where nothing was answered.
NO_ANSWER = "No answer was given"
#: To read a longer cell as Python would take gigabytes.
_MAX_PARSED = 20_000
_MAX_SHOWN = 60
#: What reading a text as Python may raise.
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def examples_of(lab: str, released: Notebook) -> Mapping[str, Example]:
    """Return the input of the graded questions about each exercise: none where a lab's questions are for practice.

    Args:
        lab: The lab's stem.
        released: The notebook as students got it, whose call of ``questions_for`` says whether answers count.
    """
    if not any(_GRADED.search(cell["source"]) for cell in released["cells"] if cell["cell_type"] == "code"):
        return {}
    asked: Mapping[str, str] = getattr(importlib.import_module(f"coursekit.checks.{lab}"), "ASKED", {})
    cells = [cell["source"] for cell in released["cells"] if cell["cell_type"] == "code"]
    return {
        slug: Example(text.strip("\n"))
        for slug, text in asked.items()
        if any(f'ask("{slug}"' in source for source in cells)
    }


def answer_in(notebook: Notebook, slug: str) -> object:
    """Return what the last call of ``ask`` about an exercise gives as the answer; None if there is no answer."""
    found: object = None
    for cell in notebook["cells"]:
        source = cell["source"]
        if cell["cell_type"] == "code" and "ask(" in source and slug in source and len(source) <= _MAX_PARSED:
            try:
                nodes = [node for statement in statements_of(source) for node in ast.walk(statement)]
                found = [found, *(_given(node) for node in nodes if _asks(node, slug))][-1]
            except UNREADABLE:
                continue
    return found


def _asks(node: ast.AST, slug: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="ask"), args=[ast.Constant(value=name), *_]):
            return name == slug
    return False


def _given(call: ast.AST) -> object:
    assert isinstance(call, ast.Call)
    values = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "answer")]
    try:
        return ast.literal_eval(values[0]) if values else None
    except UNREADABLE:
        return ast.unparse(values[0])[:_MAX_SHOWN]


def results_of(slug: str, questions: Sequence[Question], answer: object, *, mark: str) -> tuple[CheckResult, ...]:
    """Hold an answer against the questions, and return one result for each of them.

    Args:
        slug: The exercise.
        questions: The questions about the code that was handed in.
        answer: What was answered.
        mark: The digits of that code.
    """
    try:
        letters, cause = letters_of(answer, questions, mark=mark), NO_ANSWER
    except ValueError as error:
        letters, cause = (), str(error)
    return tuple(
        _result(slug, i, question, letters[i] if i < len(letters) else "", cause)
        for i, question in enumerate(questions)
    )


def _result(slug: str, number: int, question: Question, letter: str, cause: str) -> CheckResult:
    check = _check(slug, number)
    if letter == question.letter:
        return CheckResult(check, passed=True)
    right = question.choices[question.right]
    chosen = question.choices[LETTERS.index(letter)] if letter else right
    answer = f"Your answer was: {_sentence(chosen.text)}" if letter else _sentence(cause)
    message = f"Line {question.line}: {_plain(question.text)} {answer}"
    return CheckResult(
        check,
        passed=False,
        message=message,
        hint=f"Right is: {_sentence(right.text)} {_plain(chosen.why or right.why)}".rstrip(),
    )


def _sentence(text: str) -> str:
    return f"{_plain(text).rstrip('.')}."


def _plain(text: str) -> str:
    """Return a text without the marks around its code."""
    return text.replace("`", "")


def _check(slug: str, number: int) -> Check:
    def question(student: Student, rng: np.random.Generator) -> None:
        """Answered when the notebook is graded, not by a check of its own."""

    question.__name__ = f"question_{number + 1}"
    question.__doc__ = f"The {('first', 'second')[number]} question about the code itself is answered right."
    return Check(slug, question)
