"""What passed in the student's own notebook counts when it is graded; where it cannot, the cause is said."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.validator import Validator

from coursekit.grading import Record
from tests.field.case import CUTS, Case, Notebook, files_of, text_of
from tests.field.compared import ROOT
from tests.field.conftest import Outcome
from tests.field.every_case import CASES
from tests.field.kernel import verdicts_of, with_ids

pytestmark = pytest.mark.long

ALL = pytest.mark.parametrize("case", CASES, ids=str)
# Kernels take seconds to start: a third of the cases each time, all of them weekly.
IN_KERNEL = pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.weekly] if place % 3 else [])
        for place, case in enumerate(case for case in CASES if case.kernel)
    ],
    ids=str,
)
_DESERVED = {"all": lambda score, most: score == most, "none": lambda score, most: score == 0}
_DESERVED["part"] = lambda score, most: 0 < score < most


def test_there_are_many_and_of_every_lab() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)
    assert {case.lab for case in CASES} == set(CUTS)


@ALL
def test_a_submission_gets_what_it_deserves_and_the_cause_is_said(
    case: Case, outcome_of: Callable[[str], Outcome]
) -> None:
    outcome = outcome_of(case.lab)
    record: Record = outcome.records[case.student]
    assert record.status == case.status, record.message
    earned = {e.name: (e.score, e.max_score) for e in record.exercises}
    wrong = {slug: found for slug, found in earned.items() if not _DESERVED[case.deserves.get(slug, "all")](*found)}
    assert not wrong, f"{record.message}\n{messages(record)}"
    assert re.search(case.said, record.message) if case.said else record.message == "", record.message
    for slug, words in case.by_check.items():
        assert any(re.search(words, message) for message in messages(record)[slug]), messages(record)[slug]
    top = top_of(json.loads((outcome.folder / f"autograded/{case.student}/{case.lab}/{case.lab}.ipynb").read_text()))
    told = case.said if case.told is None else case.told
    assert re.search(told, top, re.MULTILINE | re.DOTALL) if told else not top, top


@IN_KERNEL
def test_the_same_notebook_in_a_kernel_shows_the_same_verdicts(
    case: Case, outcome_of: Callable[[str], Outcome]
) -> None:
    record: Record = outcome_of(case.lab).records[case.student]
    graded = {e.name: {c.name: c.passed for c in e.checks if c.visible} for e in record.exercises}
    assert verdicts_of(case) == graded


@IN_KERNEL
def test_nbgraders_validate_says_the_same(case: Case, outcome_of: Callable[[str], Outcome], tmp_path: Path) -> None:
    record: Record = outcome_of(case.lab).records[case.student]
    passes = all(check.passed for exercise in record.exercises for check in exercise.checks if check.visible)
    file = tmp_path / f"{case.lab}.ipynb"
    file.write_bytes(with_ids(files_of(case)[file.name]))
    marked = [cell for cell in json.loads(file.read_bytes())["cells"] if "nbgrader" in cell["metadata"]]
    ids = {cell["metadata"]["nbgrader"]["grade_id"] for cell in marked}
    # Two kinds of copy on which nbgrader gives no verdict, and grading does.
    if any(cell["cell_type"] != cell["metadata"]["nbgrader"]["cell_type"] for cell in marked):
        assert set(Validator().validate(str(file))) == {"type_changed"}
    elif len(ids) < len(marked):
        with pytest.raises(nbformat.ValidationError, match="metadata may be corrupted"):
            Validator().validate(str(file))
    else:
        assert ("failed" not in Validator().validate(str(file))) == passes


def test_every_right_answer_can_be_tried_from_the_command_line() -> None:
    command = [sys.executable, "-m", "tests.field", "00_numpy", "--every", "40"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert re.match(r"00_numpy: 2 right answers in 2 notebooks, 0 differ", done.stdout), done.stdout + done.stderr
    assert done.returncode == 0


def messages(record: Record) -> dict[str, list[str]]:
    return {e.name: [c.message for c in e.checks if not c.passed] for e in record.exercises}


def top_of(notebook: Notebook) -> str:
    """Return what grading tells a student above the first cell of the lab."""
    ids = ("grading-notes", "grading-stops", "not-graded")
    cells = [text_of(cell) for cell in notebook["cells"] if cell.get("id") in ids]
    # Each line by itself, without the marks around it, as a reader sees it.
    return html.unescape(re.sub(r"</?(li|ul|code)>", "", "\n".join(cells)))
