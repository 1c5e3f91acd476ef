from __future__ import annotations

from typing import Any

import pytest

from coursekit.checking import CheckFailure, LocalStudent
from coursekit.checking.rules import by_itself, names_in, own_functions


def student_of(*cells: str) -> LocalStudent:
    namespace: dict[str, Any] = {"In": list(cells), "__name__": "__main__"}
    for cell in cells:
        exec(compile(cell, "<cell>", "exec", dont_inherit=True), namespace)
    return LocalStudent(namespace)


def test_the_text_by_itself_is_called_and_its_steps_are_counted() -> None:
    student = student_of("def f(n):\n    return sum(g(i) for i in range(n))", "def g(i):\n    return i")
    with by_itself(student, "f", hint="") as text:
        steps = []
        for n in (3, 3, 30):
            assert student.call("f", n) == n * (n - 1) / 2
            steps.append(student.report.steps)
    assert "def g" in text
    assert 0 < steps[0] == steps[1] < steps[2]
    assert student.call("f", 3) == 3
    assert student.report.steps == 0


def test_text_that_says_another_thing_than_what_runs_is_called_as_it_says() -> None:
    student = student_of("def f(n):\n    return 1", "globals()['' + 'f'] = lambda n: 2")
    assert student.call("f", 0) == 2
    with by_itself(student, "f", hint=""):
        assert student.call("f", 0) == 1


def test_what_no_cell_defines_is_told() -> None:
    student = student_of("exec('g = len')", "def f(n):\n    return g(n)")
    with pytest.raises(CheckFailure, match="uses g, which no cell above"), by_itself(student, "f", hint=""):
        pass


@pytest.mark.parametrize(
    "line",
    [
        "import sys; sys.settrace(None)",
        "exec('n = 1')",
        "getattr(n, 'a' + 'b', 0)",
        "find = getattr",
        "(lambda: 0).__globals__",
        "import threading",
        "eval('n')\n    def other():\n        eval = 0",
        "from importlib import import_module",
    ],
)
def test_text_that_hides_what_will_run_is_refused(line: str) -> None:
    student = student_of(f"def f(n):\n    {line}\n    return n")
    with pytest.raises(CheckFailure, match="cannot be told from its text"), by_itself(student, "f", hint=""):
        pass


@pytest.mark.parametrize(
    "line",
    ["getattr(n, 'real')", "import math, numpy as np", "print(f'{n!r}', __name__)", "dot = n", "n = n if n else 0"],
)
def test_ordinary_text_is_not(line: str) -> None:
    student = student_of(f"def f(n):\n    {line}\n    return n")
    with by_itself(student, "f", hint=""):
        assert student.call("f", 2) == 2


def test_counting_that_was_switched_off_is_told() -> None:
    student = student_of("def f(n):\n    return n")
    with student.alone("f", "def f(n):\n    import sys\n    sys.settrace(None)\n    return n"):
        assert student.call("f", 2) == 2
    assert student.report.steps == -1


def test_names_are_those_from_elsewhere() -> None:
    assert names_in("from numpy import dot as times\nx = 1\ntimes(x, getattr(y, 'inner'))") >= {"dot", "inner", "y"}
    assert "dot" not in names_in("def f(dot):\n    return dot")


def test_a_text_full_of_getattr_is_read_once() -> None:
    student = student_of("def f():\n    return [" + "getattr, " * 10_000 + "]\n")
    with pytest.raises(CheckFailure, match="getattr under another name"), by_itself(student, "f", hint=""):
        pass


def test_what_a_pattern_looks_up_is_taken_from_elsewhere() -> None:
    assert "dot" in names_in("match A:\n    case object(dot=product):\n        pass")


def test_functions_of_the_text_are_its_own_unless_a_module_may_have_given_all_its_names() -> None:
    text = "def times(a, b):\n    def dot(u, v):\n        return u * v\n    return dot(a, b)"
    assert own_functions(text) == {"times", "dot"}
    assert own_functions(f"from numpy import *\n{text}") == set()
