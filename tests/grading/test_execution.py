from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import determine_grade

from coursekit.checking import load_lab
from coursekit.errors import CourseError
from coursekit.grading import execution
from coursekit.grading.execution import Job, Run, run_submission
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import BUBBLEWRAP, NONE, LostError, Sandbox

LAB = "01_softmax"
HIDDEN = (Path(__file__).parents[2] / "autograde" / "hidden" / f"{LAB}.py").read_text()
SETUP = f"import numpy as np\nfrom coursekit.checking import checks_for\ncheck = checks_for({LAB!r})"
POINTS = {"scores": 1, "hinge_loss": 2, "softmax": 3, "predict": 1}
STUB = "def {}(*args):\n    raise NotImplementedError"
SMALL = Limits(cell_s=3, call_s=1, submission_s=20, memory_mib=512)
Submit = Callable[..., tuple[Run, NotebookNode]]


def solution(slug: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=slug, metadata={"nbgrader": {"grade": False, "solution": True, "grade_id": slug}})


def check(slug: str, points: float, cell_id: str = "") -> NotebookNode:
    nbgrader = {"grade": True, "solution": False, "locked": True, "grade_id": f"check_{slug}", "points": points}
    return new_code_cell(f"check({slug!r})", id=cell_id or f"check_{slug}", metadata={"nbgrader": nbgrader})


def in_words(source: str) -> NotebookNode:
    nbgrader = {"grade": True, "solution": True, "grade_id": "why", "points": 2}
    return new_markdown_cell(source, id="why", metadata={"nbgrader": nbgrader})


def lab(answers: Mapping[str, str], *extra: NotebookNode, words: str = "Why?") -> NotebookNode:
    cells = [new_code_cell(SETUP, id="setup"), *extra, in_words(words)]
    for slug, points in POINTS.items():
        cells += [solution(slug, answers.get(slug, STUB.format(slug))), check(slug, points)]
    return new_notebook(cells=cells)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(BUBBLEWRAP, marks=pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")),
        NONE,
    ],
)
def sandbox(request: pytest.FixtureRequest) -> Iterator[str]:
    """What keeps students' code in: something, and nothing."""
    yield request.param
    execution._own.sandbox.close()


@pytest.fixture
def submit(reference: Mapping[str, str], sandbox: str) -> Submit:
    """A function that hands in right answers, but for those given, and extra cells; it returns what comes of it."""

    def act(
        *extra: NotebookNode,
        after: NotebookNode | None = None,
        words: str = "Why?",
        hidden: str = HIDDEN,
        **answers: str,
    ) -> tuple[Run, NotebookNode]:
        right = {slug: reference[slug] for slug in POINTS}
        handed = lab(right | answers, *extra, words=words)
        handed.cells += [after] if after else []
        content = json.dumps(handed).encode()
        done = run_submission(
            Job(content, f"{LAB}.ipynb", LAB, json.dumps(lab({})), hidden, sandbox=sandbox, limits=SMALL)
        )
        notebook = nbformat.from_dict(done.graded.notebook)
        nbformat.validate(notebook)
        return done, notebook

    return act


def scores(run: Run) -> dict[str, float]:
    return {exercise.name: exercise.score for exercise in run.exercises}


def failed(run: Run, exercise: str) -> dict[str, str]:
    (found,) = (e for e in run.exercises if e.name == exercise)
    return {check.name: check.message for check in found.checks if not check.passed}


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_right_answers_pass_the_hidden_checks_too(submit: Submit) -> None:
    run, _ = submit()
    assert (run.status, run.message, scores(run)) == ("graded", "", POINTS)
    assert {check.visible for exercise in run.exercises for check in exercise.checks} == {True, False}
    assert run.seconds > 0


def test_nbgrader_reads_the_same_grades_off_the_notebook(submit: Submit) -> None:
    run, notebook = submit(softmax="def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum()", words="Because.")
    read = {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)[0]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert run.graded.grades == read
    assert 0 < read["check_softmax"] < 3
    assert read["why"] is None


def test_an_answer_left_as_it_was_gets_nothing(submit: Submit) -> None:
    run, _ = submit(scores=STUB.format("scores"))
    assert set(run.graded.unanswered) == {"why", "scores"}
    assert (run.graded.grades["why"], run.graded.grades["check_scores"]) == (0, 0)


def test_points_are_those_of_the_released_cell(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(POINTS, "scores", 5)
    run, _ = submit()
    assert scores(run)["scores"] == 5


def test_a_check_judges_the_names_as_they_stand_at_its_cell(submit: Submit, reference: Mapping[str, str]) -> None:
    run, _ = submit(hinge_loss=reference["hinge_loss"] + "\nscores = None", softmax="softmax = 3\n")
    assert scores(run) == POINTS | {"softmax": 0, "predict": 1}


def test_a_wrong_answer_costs_nothing_in_what_builds_on_it(submit: Submit) -> None:
    run, _ = submit(scores="def scores(W, b, X):\n    return np.zeros((len(X), len(b)))")
    assert scores(run)["predict"] == 1
    assert scores(run)["scores"] < 1


def test_cells_show_what_they_put_out(submit: Submit) -> None:
    _, notebook = submit(new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('hello')"))
    assert [output.output_type for output in notebook.cells[1].outputs] == ["stream", "display_data"]
    assert notebook.cells[1].execution_count == 2


def test_cells_to_look_at_are_not_run(submit: Submit) -> None:
    _, notebook = submit(new_code_cell("raise SystemError", metadata={"tags": ["explore"]}))
    assert notebook.cells[1].outputs == []


def test_text_on_stderr_costs_nothing(submit: Submit, reference: Mapping[str, str]) -> None:
    run, _ = submit(scores="import sys\nprint('x', file=sys.stderr)\n" + reference["scores"])
    assert scores(run) == POINTS


@pytest.mark.parametrize(
    "last_words", ["import os; os._exit(1)", "import ctypes; ctypes.string_at(0)"], ids=["exit", "segfault"]
)
def test_a_cell_that_ends_the_process_costs_itself_alone(
    submit: Submit, last_words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    run, notebook = submit(softmax=last_words)
    assert (run.status, scores(run)) == ("graded", POINTS | {"softmax": 0})
    assert "In [6] was ended: the notebook's process ended" in run.message
    assert "softmax is not defined: its cell, In [6]" in failed(run, "softmax")["rows_are_distributions"]
    assert "In [6] was ended" in notebook.cells[0].source
    assert capfd.readouterr() == ("", "")


def test_a_call_that_ends_every_process_costs_its_own_exercise(submit: Submit) -> None:
    run, _ = submit(softmax="import os\ndef softmax(Z):\n    os.killpg(0, 9)")
    assert (run.status, scores(run)) == ("graded", POINTS | {"softmax": 0})


def test_credit_for_what_builds_on_an_answer_stays_when_a_later_cell_dies(submit: Submit) -> None:
    run, _ = submit(scores="def scores(W, b, X):\n    return 0", predict="import os\nos._exit(1)")
    assert (run.status, scores(run)) == ("graded", {"scores": 0, "hinge_loss": 2, "softmax": 3, "predict": 0})


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("import os; os._exit(0)", "ended the process"),
        ("while True: pass", "within 1 s"),
        ("raise SystemExit", "SystemExit"),
        ("input()", "nobody to ask"),
        ("return object()", "'object'"),
    ],
)
def test_a_call_that_does_not_come_back_costs_its_own_exercise(submit: Submit, body: str, cause: str) -> None:
    run, _ = submit(softmax=f"def softmax(Z):\n    {body}")
    assert (run.status, scores(run)) == ("graded", POINTS | {"softmax": 0})
    assert cause in failed(run, "softmax")["rows_are_distributions"]


def test_a_cell_out_of_time_is_named_and_the_next_runs(submit: Submit) -> None:
    run, notebook = submit(new_code_cell("print('begun')\nwhile True: pass"))
    assert (run.status, scores(run)) == ("graded", POINTS)
    assert run.message == "In [2] ran out of time (3 s)."
    assert "In [2] ran out of time" in notebook.cells[0].source
    assert printed(notebook.cells[2]) == "begun\n"


DEAF = "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass"


def test_a_cell_that_cannot_be_interrupted_costs_itself_alone(submit: Submit) -> None:
    run, _ = submit(hinge_loss=DEAF)
    assert (run.status, scores(run)) == ("graded", POINTS | {"hinge_loss": 0})
    assert "In [4] was ended: it did not come to an end in 3 s, and could not be interrupted." in run.message


@pytest.mark.long
def test_what_was_earned_before_the_time_was_up_stays(submit: Submit) -> None:
    run, _ = submit(*[new_code_cell(DEAF) for _ in range(6)], after=new_code_cell("1"))
    assert run.status == "timeout"
    assert "All its cells together had 20 s" in run.message
    late = "import time\ntime.sleep(2.9)"
    run, _ = submit(hinge_loss="\n".join([late] * 1), after=new_code_cell("time.sleep(2)"))
    assert scores(run) == POINTS | {"hinge_loss": 0}


@pytest.mark.parametrize("forged", ["check = lambda slug: 1000", "del check", "raise SystemExit", "def check(: pass"])
def test_the_notebooks_own_check_has_no_say(submit: Submit, forged: str) -> None:
    run, _ = submit(new_code_cell(forged), softmax="def softmax(Z):\n    return Z")
    assert scores(run)["softmax"] < 1


def test_what_was_mended_is_told_to_the_student(submit: Submit) -> None:
    run, notebook = submit(check("scores", 1000, "again"))
    assert scores(run) == POINTS
    assert "check_scores" in run.message
    assert "mended" in notebook.cells[0].source


@pytest.mark.parametrize(
    ("content", "cause"), [(b"{", "JSON"), (b"", "empty"), (b'{"nbformat": 99, "cells": []}', "99")]
)
def test_what_is_no_notebook_gives_the_released_one_with_the_cause(sandbox: str, content: bytes, cause: str) -> None:
    run = run_submission(Job(content, "x.ipynb", LAB, json.dumps(lab({})), HIDDEN, sandbox=sandbox))
    assert (run.status, sum(scores(run).values())) == ("malformed", 0)
    assert cause in run.message
    assert set(run.graded.grades.values()) == {0}
    notebook = nbformat.from_dict(run.graded.notebook)
    nbformat.validate(notebook)
    assert cause in notebook.cells[0].source


def test_nothing_of_a_hidden_check_is_in_the_notebook(submit: Submit) -> None:
    run, notebook = submit(softmax="def softmax(Z):\n    raise ValueError(repr(Z))")
    assert "einsum" not in json.dumps(run.graded.notebook)
    assert "scale=8" not in json.dumps(run.graded.notebook)
    hidden = {check.name for e in run.exercises for check in e.checks if not check.visible}
    messages = [message for name, message in failed(run, "softmax").items() if name in hidden]
    assert messages
    assert not any("ValueError" in message for message in messages)
    assert "Hidden check: softmax_of_random_scores" in json.dumps(notebook)


def test_right_answers_that_stand_in_cannot_be_seen_by_any_cell(submit: Submit) -> None:
    spy = "def predict(W, b, X):\n    open('seen', 'a').write(scores.__code__.co_filename)\n    return 0"
    look = new_code_cell("import os\nprint(os.path.exists('seen'))", id="look")
    run, notebook = submit(after=look, predict=spy, scores="def scores(W, b, X):\n    return 0")
    assert scores(run)["predict"] == 0
    assert printed(notebook.cells[-1]) == "False\n"


def test_a_submission_gets_the_same_hidden_inputs_again_and_others_get_others() -> None:
    seeds = [
        execution.seed_of(*key) for key in ((b"a", LAB, "1"), (b"a", LAB, "2"), (b"b", LAB, "1"), (b"a", "x", "1"))
    ]
    assert execution.seed_of(b"a", LAB, "1") == seeds[0]
    assert len(set(seeds)) == 4


def test_what_a_hidden_check_asks_reaches_nothing_that_the_student_gets(submit: Submit) -> None:
    tell = """
import sys
from coursekit.checking import StudentError
def softmax(Z):
    for out in (sys.stdout, sys.__stdout__): print("ASKED", Z.shape, file=out)
    open("asked", "a").write(f"ASKED {Z!r}")
    kind = "NoReply" if Z.size % 2 else f"ASKED {Z!r}"
    raise StudentError(f"ASKED {Z!r}", kind=kind, got=f"ASKED {Z!r}", hint="ASKED")
"""
    look = new_code_cell("import os\nprint(os.listdir())", id="look")
    run, notebook = submit(softmax=tell, after=look)
    hidden = {check.name for e in run.exercises for check in e.checks if not check.visible}
    messages = {name: text for name, text in failed(run, "softmax").items() if name in hidden}
    assert messages
    assert not any("ASKED" in text or "array" in text for text in messages.values())
    assert "asked" not in printed(notebook.cells[-1])
    assert "ASKED" not in str([cell.get("outputs") for cell in notebook.cells if not cell.id.startswith("check_")])


def test_an_exercise_that_is_answered_nowhere_earns_nothing(submit: Submit, reference: Mapping[str, str]) -> None:
    generic = new_code_cell(f"globals()['soft' + 'max'] = eval({reference['softmax'] + chr(10)!r} and 'None')")
    hidden_definition = f"source = {reference['softmax']!r}\nexec(source)"
    run, _ = submit(generic, new_code_cell(hidden_definition), softmax=STUB.format("softmax"))
    assert scores(run) == POINTS | {"softmax": 0}
    assert set(failed(run, "softmax").values()) == {
        "softmax is not written yet. Replace the line `raise NotImplementedError`."
    } | {"Replace the line `raise NotImplementedError`."}


def test_an_answer_in_another_cell_counts(submit: Submit, reference: Mapping[str, str]) -> None:
    run, _ = submit(new_code_cell(reference["softmax"]), softmax=reference["softmax"].replace("softmax", "other"))
    assert scores(run) == POINTS


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_hidden_checks_weigh_their_share(sandbox: str, share: float) -> None:
    exercise = execution.lab_of(LAB, HIDDEN, share).exercises["softmax"]
    weights = {kind: sum(c.weight for c in exercise.checks if c.visible == kind) for kind in (True, False)}
    assert weights[False] / sum(weights.values()) >= share - 1e-9
    assert weights[True] == sum(c.weight for c in load_lab(LAB).exercises["softmax"].checks)


@pytest.mark.parametrize("share", [1, -0.1, True, "half"])
def test_a_share_that_is_none_is_refused(share: Any) -> None:
    with pytest.raises(CourseError, match="hidden_share"):
        execution.lab_of(LAB, HIDDEN, share)


def test_a_sandbox_that_is_lost_is_replaced_and_the_submission_run_again(
    submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[Any] = []
    session = Sandbox.session

    def once(self: Sandbox, seconds: float) -> Any:
        if not lost:
            lost.append(self)
            self.close()
        return session(self, seconds)

    monkeypatch.setattr(Sandbox, "session", once)
    run, _ = submit()
    assert (run.status, scores(run)) == ("graded", POINTS)
    assert len(lost) == 1


def test_a_sandbox_that_is_lost_twice_is_a_crash(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Sandbox, seconds: float) -> Any:
        raise LostError("It is gone.")

    monkeypatch.setattr(Sandbox, "session", never)
    run, _ = submit()
    assert (run.status, sum(scores(run).values())) == ("crashed", 0)
    assert "It is gone." in run.message


def test_hidden_checks_that_cannot_be_loaded_are_no_fault_of_the_students(submit: Submit) -> None:
    with pytest.raises(CourseError, match="hidden checks of 01_softmax cannot be loaded: ZeroDivisionError"):
        submit(hidden="1 / 0")


def test_a_submission_of_which_nothing_came_back_is_a_crash_without_points() -> None:
    run = Run.lost(Job(b"", "x.ipynb", LAB, json.dumps(lab({})), HIDDEN), "It is gone.")
    assert (run.status, run.message, run.seconds, sum(scores(run).values())) == ("crashed", "It is gone.", 0, 0)
