from __future__ import annotations

import pytest

from coursekit.checking.reach import reach_of

SETUP = "import os, numpy as np"
ANSWER = "def answer(A, B):\n    return helper(A, B)"
HELPER = "def helper(A, B):\n    return A @ B"


@pytest.mark.parametrize(
    ("cells", "within"),
    [
        ([HELPER, ANSWER], "A @ B"),
        (["helper = lambda A, B: A @ B", ANSWER], "A @ B"),
        ([HELPER, "answer = helper"], "A @ B"),
        (["class Tool:\n    def go(self, A, B):\n        return A @ B", "helper = Tool().go", ANSWER], "A @ B"),
        ([SETUP, "np.helper = lambda A, B: A @ B", "def answer(A, B):\n    return np.helper(A, B)"], "A @ B"),
        (["tools = []", f"{HELPER}\ntools.append(helper)", "def answer(A, B):\n    return tools[0](A, B)"], "A @ B"),
        (["tools = {}", "tools['x'] = lambda A, B: A @ B", "def answer(A, B):\n    return tools['x'](A, B)"], "A @ B"),
        (["import operator\nf = operator.matmul", "def answer(A, B, f=f):\n    return f(A, B)"], "operator.matmul"),
        ([HELPER, "old = helper\ndef helper(A, B):\n    return old(A, B)", ANSWER], "A @ B"),
        (["def make():\n    return helper", HELPER, "answer = make()", "def helper(A, B):\n    pass"], "A @ B"),
        (["import __main__\nf = lambda A, B: A @ B", "def answer(A, B):\n    return __main__.f(A, B)"], "A @ B"),
        (["%%time\ndef helper(A, B):\n    return A @ B", ANSWER], "A @ B"),
        (["def change():\n    global answer\n    answer = lambda A, B: A @ B", "change()"], "A @ B"),
    ],
)
def test_what_runs_when_an_answer_is_called_is_reached(cells: list[str], within: str) -> None:
    assert within in reach_of("answer", cells).text


@pytest.mark.parametrize(
    "cells",
    [
        ["def answer(A, B):\n    return 1\nprint(answer(2, 3) - A @ B)"],
        ["def answer(A, B):\n    return A @ B", "def answer(A, B):\n    return 1"],
        ["C = A @ B", "def answer(A, B):\n    C = 1\n    return C"],
        ["C = A @ B", "def answer(me):\n    return me.shared('C', 2)"],
        [HELPER, "def answer(A, B):\n    return 1"],
        ["shape = (A @ B).shape", "def answer(A, B):\n    return A.shape"],
        ["def answer(A, B):\n    return 1", "%%script echo left out\ndef answer(A, B):\n    return A @ B"],
        [SETUP, "np.testing.assert_allclose(answer(A, B), A @ B)", "def answer(A, B):\n    return np.sum(A)"],
        ["def answer(A, B):\n    return A @ B", "def answer(A, B):\n    return answer(A - 1, B) if A else B"],
    ],
    ids=[
        *("a test beside it", "an earlier try", "a local name", "a string", "what it does not use", "an attribute"),
        *("a try that is not run", "a test of it", "a recursion"),
    ],
)
def test_what_does_not_run_then_is_not(cells: list[str]) -> None:
    assert "A @ B" not in reach_of("answer", cells).text


def test_of_an_import_only_what_is_used_is_reached() -> None:
    assert (
        reach_of("answer", [SETUP, "def answer(A):\n    return np.sum(A)"]).text.splitlines()[0] == "import numpy as np"
    )


def test_a_name_that_no_cell_defines_is_told() -> None:
    assert reach_of("answer", ["exec('helper = 1')", ANSWER]).unknown == ("helper",)
    assert reach_of("answer", ["helper = len", ANSWER]).unknown == ()


def test_a_given_name_is_not_followed() -> None:
    reach = reach_of("answer", [HELPER, ANSWER], given=["helper"])
    assert (reach.unknown, "A @ B" in reach.text) == ((), False)


def test_cells_that_are_no_python_count_for_nothing() -> None:
    assert reach_of("answer", ["%matplotlib inline\n!ls", "def (", ANSWER, HELPER, "x" * 200_000]).unknown == ()


def test_names_of_a_module_that_is_known_are_there_after_an_import_of_all() -> None:
    answer = "def answer(A):\n    return square(A)"
    assert reach_of("answer", ["from numpy import *", answer]).unknown == ()
    assert "from numpy import *" in reach_of("answer", ["from numpy import *", answer]).text
    assert reach_of("answer", ["from os import *", answer]).unknown == ("square",)
