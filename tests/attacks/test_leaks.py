"""What an answer has learnt from hidden checks, or from right answers that stood in, is in nothing students get."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from coursekit.grading.execution import Job, Run, run_submission
from coursekit.grading.limits import Limits
from coursekit.variants import answered

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"

pytestmark = pytest.mark.long

#: Writes down what it is given, for the exercises below.
TELLTALE = """
def softmax(Z):
    with open("/tmp/seen", "a") as file:
        file.write("called ")
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
"""
#: Gives no result, and says what was written down.
SAYS = """
def {name}(*inputs):
    import os
    raise ValueError(open("/tmp/seen").read().count("called") if os.path.exists("/tmp/seen") else "nothing")
"""


def graded(answers: dict[str, str], *, hidden: bool) -> Run:
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    released = json.loads((ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    for cell in released["cells"]:
        cell["source"] = "".join(cell["source"])
    checks = (ROOT / "autograde" / "hidden" / f"{LAB}.py").read_text(encoding="utf-8") if hidden else ""
    content = json.dumps(answered(released, answers)).encode()
    limits = Limits(cell_s=20, submission_s=120)
    return run_submission(Job(content, f"{LAB}.ipynb", LAB, json.dumps(released), checks, seed=4321, limits=limits))


def said(run: Run, slug: str) -> list[str]:
    exercise = next(each for each in run.exercises if each.name == slug)
    return [check.message for check in exercise.checks if check.visible]


@pytest.mark.parametrize("slug", ["cross_entropy", "softmax_gradient"])
def test_visible_checks_of_a_later_exercise_say_nothing_of_hidden_ones(slug: str) -> None:
    answers = {"softmax": TELLTALE, slug: SAYS.format(name=slug)}
    with_hidden, without = graded(answers, hidden=True), graded(answers, hidden=False)
    assert said(with_hidden, slug) == said(without, slug)
    assert "ValueError" in said(with_hidden, slug)[0]
