from __future__ import annotations

import _thread
import linecache
import re
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from coursekit.checking import StudentError, notebook, skipped
from coursekit.checking.notebook import NotebookStudent, likely_meant
from coursekit.checking.skipped import skipped_in
from coursekit.grading.limits import Limits

LOOK = "data = [1]\nX = sum(data)\nprint(X)"


def session(*cells: str) -> dict[str, Any]:
    """Run cells as IPython does: those that cannot be read leave an error, and all of them stand in ``In``."""
    namespace: dict[str, Any] = {"__name__": "__main__", "In": [""]}
    for number, cell in enumerate(cells):
        namespace["In"].append(cell)
        name = f"<cell {number} of a session>"
        linecache.cache[name] = len(cell), None, cell.splitlines(keepends=True), name
        try:
            exec(compile(cell, name, "exec"), namespace)
        except Exception as error:
            sys.last_value = error
    namespace["In"].append("check('f')")
    return namespace


def student(*cells: str) -> NotebookStudent:
    return NotebookStudent(session(*cells), lab="small", slugs=("f", "other"))


def failure(of: NotebookStudent, name: str = "f") -> StudentError:
    with pytest.raises(StudentError) as caught:
        of.call(name)
    return caught.value


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skipped, "_all_skipped", lambda lab: (skipped_in(LOOK),))
    skipped._effects.cache_clear()
    monkeypatch.setattr(sys, "last_value", None, raising=False)


def test_an_answer_that_uses_what_grading_has_with_another_value_is_told_so() -> None:
    error = failure(student(LOOK, "values = []\nvalues.append(X)", "def f():\n    return values[0]"))
    assert error.message == "f uses values, which is not as it is now when your work is graded: pass it in."


def test_an_answer_that_uses_what_grading_does_not_load_is_told_so() -> None:
    mine = student(LOOK, "def f():\n    return X")
    error = failure(mine)
    assert error.message == "f uses X, which is not there when your work is graded: pass it in."
    assert "argument" in error.hint
    assert mine.namespace["X"] == 1


def test_what_a_cell_of_ones_own_makes_of_it_is_not_there_either() -> None:
    assert "f depends on what is not there" in failure(student(LOOK, "f = [X].count")).message


def test_a_name_given_anew_during_a_call_stays() -> None:
    mine = student(LOOK, "def f():\n    global X\n    X = 5\n    return X")
    assert mine.call("f") == 5
    assert mine.namespace["X"] == 5


def test_names_of_ones_own_are_there() -> None:
    assert student(LOOK, "X = 3", "def f():\n    return X").call("f") == 3


def test_a_mistake_that_keeps_the_cell_from_being_run_is_named_with_its_line() -> None:
    error = failure(student("def f():\n    retrun 1"))
    assert error.message.startswith("f is not defined: its cell has a mistake, SyntaxError in line 2: invalid syntax")
    assert "retrun 1" in error.message


def test_it_is_the_last_version_of_a_cell_that_counts() -> None:
    stub = "def f():\n    raise NotImplementedError"
    assert "SyntaxError" in failure(student(stub, "def f():\n    retrun 1")).message
    assert student("def f():\n    retrun 1", "def f():\n    return 2").call("f") == 2


def test_a_line_above_the_definition_that_fails_is_named() -> None:
    message = failure(student("import nothing_of_that_name\ndef f(): ...")).message
    expected = "its cell stopped before, ModuleNotFoundError in line 1: No module named 'nothing_of_that_name'."
    assert message == f"f is not defined: {expected}"


@pytest.mark.parametrize(
    ("defined", "meant"),
    [("softMax", "softmax"), ("soft_max", "softmax"), ("sofmax", "softmax"), ("sigmoid", ""), ("_softmax", "")],
)
def test_the_nearest_name_is_suggested(defined: str, meant: str) -> None:
    assert likely_meant("softmax", [defined], []) == (defined if meant else "")


def test_the_name_of_another_exercise_is_not() -> None:
    assert likely_meant("d_relu", ["relu", "drelu"], ["drelu"]) != "drelu"


def test_a_misnamed_answer_is_recognised_and_a_library_is_not() -> None:
    mine = student("from math import floor as functio", "def functionn(): return 1")
    assert "did you mean functionn?" in failure(mine, "function").message


def test_what_has_not_been_run_is_not_defined_yet() -> None:
    assert failure(student()).message == "f is not defined yet."


def test_a_long_call_says_what_is_running(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(notebook, "PATIENCE_S", 0.05)
    mine = student("import time\n\ndef f():\n    time.sleep(0.3)\n    return 1")
    assert mine.call("f") == 1
    said = capsys.readouterr().out
    assert "f has been running for 0.05 s, at line 4 of f's cell. Interrupt the kernel" in said
    limit_s = f"{Limits().call_s:g} s"
    assert re.search(rf"^f took 0\.\d s\. When your work is graded, .* a call is stopped after {limit_s}:", said, re.M)


def test_a_quick_call_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert student("def f(): return 1").call("f") == 1
    assert capsys.readouterr().out == ""


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Interrupts raise KeyboardInterrupt, as in a kernel, also in the background of a shell that ignores them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_one_call_in_a_sentence_and_the_next_ones_end_by_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notebook, "HASTE_S", 0.1)
    mine = student("def f():\n    while True:\n        pass")
    timer = threading.Timer(0.2, _thread.interrupt_main)
    timer.start()
    first, second = failure(mine), failure(mine)
    assert first.message.startswith("f was interrupted after 0 s, in line ")
    assert first.message.endswith("of f's cell.")
    assert (first.kind, second.kind) == ("KeyboardInterrupt", "KeyboardInterrupt")
    assert student("def f(): return 1").call("f") == 1


def test_a_cell_below_a_magic_is_read_as_it_ran() -> None:
    kept = "get_ipython().run_cell_magic('time', '', 'def f():\\n    return X\\n')"
    mine = NotebookStudent({"__name__": "__main__", "In": ["", LOOK, kept, "check('f')"]}, lab="small")
    reach = mine.reached("f")
    assert reach.text.splitlines() == ["data = [1]", "X = sum(data)", "def f():", "    return X"]
    assert reach.unknown == ()


def test_a_text_that_was_written_to_a_file_has_no_mistake_of_the_answers() -> None:
    kept = ["def f():\n    return 1", "get_ipython().run_cell_magic('writefile', 'f.py', 'def f():\\n    retrun')"]
    mine = NotebookStudent({"__name__": "__main__", "In": ["", *kept, "check('f')"], "f": lambda: 1}, lab="small")
    assert mine.call("f") == 1
