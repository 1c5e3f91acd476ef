from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from coursekit.errors import CourseError
from coursekit.grading.check_cell import problem_of, verdict_of
from coursekit.grading.execution import ExecuteSubmission, Job, Run, run_notebook

LAB = "01_softmax"
SETUP = f"import numpy as np\nfrom coursekit.checking import checks_for\ncheck = checks_for({LAB!r})"
POINTS = {"scores": 1, "hinge_loss": 2, "predict": 1}
HIDDEN = Path(__file__).parents[2] / "autograde" / "hidden" / f"{LAB}.py"
Built = Callable[..., NotebookNode]


@pytest.fixture
def lab(reference: Mapping[str, str]) -> Built:
    """A function that builds a notebook of three exercises, with answers and with cells of one's own."""

    def build(*extra: NotebookNode, **answers: str) -> NotebookNode:
        cells = [new_code_cell(SETUP), *extra]
        for slug, points in POINTS.items():
            solution = {"grade": False, "solution": True, "grade_id": slug}
            check = {"grade": True, "solution": False, "grade_id": f"check_{slug}", "points": points}
            cells.append(new_code_cell(answers.get(slug, reference[slug]), metadata={"nbgrader": solution}))
            cells.append(new_code_cell(f"check({slug!r})", metadata={"nbgrader": check}))
        return new_notebook(cells=cells)

    return build


def run(notebook: NotebookNode, **limits: int) -> tuple[Run, NotebookNode]:
    done = run_notebook(Job(nbformat.writes(notebook), LAB, HIDDEN.read_text(), **limits))
    return done, nbformat.reads(done.notebook, as_version=4)


def grades(notebook: NotebookNode) -> list[float]:
    return [determine_grade(cell)[0] for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_right_answers_pass_the_hidden_checks_too(lab: Built) -> None:
    done, notebook = run(lab())
    assert (done.ended, done.message) == ("", "")
    assert done.seconds > 0
    assert grades(notebook) == [1, 2, 1]
    verdict = verdict_of(notebook.cells[2])
    assert verdict is not None
    assert {check["visible"] for check in verdict["checks"]} == {True, False}


LOOK_AROUND = """
import json, os, threading
names = ("OMP_NUM_THREADS", "IPYTHONDIR", "MPLBACKEND", "PYTHONSTARTUP", "NBGRADER_EXECUTION")
print(json.dumps({name: os.environ.get(name) for name in names} | {"files": os.listdir()}))
"""


def test_a_notebook_runs_in_an_empty_folder_with_nothing_of_the_users_own(
    lab: Built, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "startup.py").write_text("def scores(W, b, X):\n    raise RuntimeError\n")
    theirs = tmp_path / "kernels" / "python3"
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "startup.py"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    before = dict(os.environ)
    _, notebook = run(lab(new_code_cell(LOOK_AROUND)))
    seen = json.loads(printed(notebook.cells[1]))
    assert seen["OMP_NUM_THREADS"] == "1"
    assert seen["NBGRADER_EXECUTION"] == "autograde"
    assert seen["PYTHONSTARTUP"] is None
    assert "inline" in seen["MPLBACKEND"]
    assert not seen["IPYTHONDIR"].startswith(str(tmp_path))
    assert seen["files"] == []
    assert dict(os.environ) == before
    assert grades(notebook) == [1, 2, 1]


def test_cells_to_look_at_are_not_run(lab: Built) -> None:
    _, notebook = run(lab(new_code_cell("raise SystemError", metadata={"tags": ["explore"]})))
    assert notebook.cells[1].outputs == []


@pytest.mark.parametrize(
    "last_words", ["import os; os._exit(1)", "import ctypes; ctypes.string_at(0)"], ids=["exit", "segfault"]
)
def test_what_was_earned_before_the_kernel_died_stays(
    lab: Built, last_words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    done, notebook = run(lab(hinge_loss=last_words))
    assert done.ended == "crashed"
    assert grades(notebook) == [1, 0, 0]
    assert problem_of(notebook.cells[-1]) == done.message == "The notebook's kernel died; what was earned before stays."
    assert capfd.readouterr() == ("", "")


def test_a_cell_out_of_time_costs_its_own_points_and_is_named(lab: Built) -> None:
    endless = "def hinge_loss(S, y, margin=1.0):\n    while True:\n        pass"
    done, notebook = run(lab(hinge_loss=endless), cell_timeout_s=2)
    assert done.ended == ""
    assert done.message == "Cell 5 (check_hinge_loss) ran out of time (2 s)."
    assert grades(notebook) == [1, 0, 1]
    assert problem_of(notebook.cells[4]) == "The check ran out of time."


def test_an_interrupted_cell_shows_no_line_of_a_hidden_check(lab: Built) -> None:
    endless = "def scores(W, b, X):\n    while len(X) != 3:\n        pass\n    return X @ W + b\n"
    mine = new_code_cell(f"{endless}\ncheck('scores')")
    _, notebook = run(lab(mine), cell_timeout_s=2)
    text = json.dumps(notebook.cells[1].outputs)
    assert "KeyboardInterrupt" in text
    assert "einsum" not in text
    assert "rng.normal" not in text


def test_a_cell_that_cannot_be_interrupted_ends_the_submission(lab: Built) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    time.sleep(1)"
    notebook = lab(hinge_loss=deaf)
    step = ExecuteSubmission(timeout=1, iopub_timeout=1)
    step.preprocess(notebook, {})
    assert step.ended == "timeout"
    assert "Cell 4 (hinge_loss) did not come to an end" in step.message
    assert grades(notebook) == [1, 0, 0]


def test_cells_that_take_too_long_together_end_the_submission(lab: Built) -> None:
    nap = new_code_cell("import time\ntime.sleep(1.5)")
    done, notebook = run(lab(nap), submission_timeout_s=1)
    assert done.ended == "timeout"
    assert "All its cells together have 1 s." in done.message
    assert grades(notebook) == [0, 0, 0]


FLOOD = "print('x' * 5_000_000)\nimport sys\nprint('y', file=sys.stderr)"


def test_a_flood_of_output_is_dammed_and_costs_nothing(lab: Built) -> None:
    _, notebook = run(
        lab(new_code_cell(FLOOD), scores="def scores(W, b, X):\n    print('z' * 2_000_000)\n    return X @ W + b")
    )
    assert len(json.dumps(notebook)) < 2_000_000
    assert grades(notebook) == [1, 2, 1]


@pytest.mark.parametrize("forged", ["check = lambda slug: 1", "check = lambda slug: 1000", "del check"])
def test_a_cell_without_a_verdict_gets_nothing(lab: Built, forged: str) -> None:
    _, notebook = run(lab(new_code_cell(forged)))
    assert grades(notebook) == [0, 0, 0]


FORGED_MESSAGE = """
shell = get_ipython()
shell.kernel.session.send(shell.kernel.iopub_socket, "comm_msg", content={}, parent=shell.parent_header)
"""


def test_a_message_that_nobody_expects_ends_the_run_and_nothing_else(lab: Built) -> None:
    done, notebook = run(lab(hinge_loss=FORGED_MESSAGE))
    assert (done.ended, grades(notebook)) == ("crashed", [1, 0, 0])
    assert "broke off" in done.message


def test_no_kernel_is_no_fault_of_the_students(lab: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.grading.execution.NATIVE_KERNEL_NAME", "nowhere")
    with pytest.raises(CourseError, match=r"No kernel could be started.*ipykernel"):
        run(lab())


def test_no_hidden_checks_is_no_fault_of_the_students(lab: Built, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no folder of hidden checks"):
        ExecuteSubmission(hidden=str(tmp_path / "nowhere")).preprocess(lab(), {})


def test_a_lost_run_is_a_crash_without_points(lab: Built) -> None:
    done = Run.lost(Job(nbformat.writes(lab()), LAB, ""), "It is gone.")
    notebook: Any = nbformat.reads(done.notebook, as_version=4)
    assert (done.ended, done.message, done.seconds) == ("crashed", "It is gone.", 0)
    assert grades(notebook) == [0, 0, 0]
    assert problem_of(notebook.cells[-1]) == "It is gone."
