from __future__ import annotations

import ast
import json
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit import mutants
from coursekit.checking import Exercise, Lab, Student, checks, expect_close
from coursekit.errors import UnknownNameError
from coursekit.mutants import Mutant, mutants_of, run_mutants, survives

LAB = "07_doubling"


def changed(source: str) -> set[str]:
    """Return the mutants of a function's body as text, the line of its `def` apart."""
    found = mutants_of("f", f"def f(x, y):\n{textwrap.indent(source, '    ')}\n")
    return {mutant.source.partition("\n")[2].strip() for mutant in found}


# what is changed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return x + y", "return x - y"),
        ("return x - y", "return x + y"),
        ("return x * y", "return x / y"),
        ("return x / y", "return x * y"),
        ("return x @ y", "return x * y"),
        ("return x ** y", "return x * y"),
        ("return x // y", "return x / y"),
        ("return x % y", "return x * y"),
        ("return -x", "return +x"),
        ("return x < y", "return x <= y"),
        ("return x <= y", "return x < y"),
        ("return x > y", "return x >= y"),
        ("return x >= y", "return x > y"),
        ("return x == y", "return x != y"),
        ("return x != y", "return x == y"),
        ("return x is y", "return x is not y"),
        ("return x is not y", "return x is y"),
        ("return x in y", "return x not in y"),
        ("return x not in y", "return x in y"),
        ("return x and y", "return x or y"),
        ("return x or y", "return x and y"),
        ("return True", "return False"),
        ("return 3", "return 4"),
        ("return 3", "return 6"),
        ("return 0", "return -1"),
        ("return 0.5", "return 1.5"),
        ("return 0.5", "return 1.0"),
        ("return x.sum(axis=1)", "return x.sum(axis=None)"),
        ("return x.sum(axis=1)", "return x.sum(axis=2)"),
        ("return x.sum(axis=1, keepdims=True)", "return x.sum(axis=1, keepdims=False)"),
        ("return x", "pass"),
        ("x += y\nreturn x", "x -= y\n    return x"),
        ("x += y\nreturn x", "pass\n    return x"),
        ("for i in x:\n    y += i\nreturn y", "for i in x:\n        pass\n    return y"),
        ("if x:\n    y = 1\nelse:\n    y = x\nreturn y", "if x:\n        y = 1\n    else:\n        pass\n    return y"),
    ],
)
def test_each_operator_number_axis_comparison_and_statement_is_changed(before: str, after: str) -> None:
    assert after in changed(before)


def test_a_float_that_float32_would_round_back_is_not_made_1_larger() -> None:
    assert changed("return 1e9") == {"return 2000000000.0", "pass"}
    assert "return 1000000001" in changed("return 1000000000")


@pytest.mark.parametrize(
    "body",
    ['"""Say 3 + 4."""', "pass", "return 'axis'", "return None", "return x ^ y", '"""Say it."""\npass'],
)
def test_docstrings_texts_and_empty_statements_are_left_alone(body: str) -> None:
    returned = {"pass"} if body.startswith("return") else set()
    assert changed(body) <= returned


def test_only_one_place_is_changed_at_a_time() -> None:
    assert changed("return x + y - 1") == {
        "return x - y - 1",
        "return x + y + 1",
        "return x + y - 2",
        "pass",
    }


def test_defaults_are_changed_too() -> None:
    found = mutants_of("f", "def f(x, h=1e-05):\n    return h")
    assert "def f(x, h=2e-05):" in {mutant.source.splitlines()[0] for mutant in found}


def test_every_mutant_can_be_compiled_and_has_a_change_of_its_own() -> None:
    source = "def f(x):\n    y = x + 1\n    y = x + 1\n    for i in range(3):\n        y = x + 1\n    return y\n"
    found = mutants_of("f", source)
    assert all(ast.parse(mutant.source) for mutant in found)
    assert len({mutant.change for mutant in found}) == len(found)
    assert {"y = x + 1 → y = x - 1", "y = x + 1 → y = x - 1 (no. 2)", "y = x + 1 → y = x - 1 (no. 3)"} <= {
        mutant.change for mutant in found
    }


# whether the checks notice


@checks("double")
def doubles_three(student: Student, rng: np.random.Generator) -> None:
    """Twice three is six."""
    expect_close(student.call("double", 3), 6, hint="Add it to itself.")


@checks("double")
def doubles_four(student: Student, rng: np.random.Generator) -> None:
    """Twice four is eight."""
    expect_close(student.call("double", 4), 8, hint="Add it to itself.")


EXERCISE = Exercise("double", points=1, checks=(doubles_three, doubles_four))
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "source": "two = 2", "metadata": {}},
        {
            "cell_type": "code",
            "source": "def double(x, spare=7):\n    return two * x\n",
            "metadata": {"nbgrader": {"grade_id": "double", "solution": True, "grade": False}},
        },
    ]
}


@pytest.mark.parametrize(
    ("source", "alive"),
    [
        ("def double(x):\n    return 2 * x", True),
        ("def double(x):\n    return x - x", False),
        ("def double(x):\n    raise ValueError", False),
        ("def double(x):\n    while x:\n        pass", False),
        ("def double(x):\n    if x == 3:\n        return 6\n    while x:\n        pass", False),
        ("while True:\n    pass", False),
    ],
    ids=["right", "wrong", "error", "endless", "endless in the second check", "endless cell"],
)
def test_a_mutant_survives_only_if_it_ends_and_passes(
    source: str, alive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "LIMIT_S", 1)
    assert survives(Mutant("double", "", source), EXERCISE, NOTEBOOK) is alive


# the report


SOURCE_FILE = """\
# %% nbgrader={"grade_id": "double", "solution": true}
def double(x, spare=7):
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 1}
check("double")


# %% survivors
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one lab, whose answer has a default that no check looks at."""
    built = tmp_path / "solutions" / LAB
    built.mkdir(parents=True)
    (built / f"{LAB}.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    lab = tmp_path / "labs" / LAB
    lab.mkdir(parents=True)
    (lab / "lab.py").write_text("# %% [markdown]\n# # Doubling\n\n# %% exercise double\n", encoding="utf-8")
    give_reasons(tmp_path)
    monkeypatch.setattr(mutants, "lab_names", lambda: [LAB])
    monkeypatch.setattr(mutants, "load_lab", lambda name, hidden: Lab(name, {"double": EXERCISE}))
    monkeypatch.setattr(mutants, "BAR", 0.4)
    return tmp_path


def give_reasons(root: Path, *numbers: int) -> None:
    survivors = [
        f"# - def double(x, spare=7):\n# + def double(x, spare={number}):\n# Nothing uses it: {number}.\n"
        for number in numbers
    ]
    text = "\n".join([SOURCE_FILE, *survivors])
    (root / "labs" / LAB / "double.py").write_text(text, encoding="utf-8")


def report(root: Path, **options: Any) -> tuple[bool, str]:
    lines: list[str] = []
    passed = run_mutants(root, say=lines.append, **options)
    return passed, "\n".join(lines)


def test_survivors_without_a_reason_do_not_pass(root: Path) -> None:
    give_reasons(root, 8)
    passed, text = report(root)
    assert not passed
    assert "double: def double(x, spare=7): → def double(x, spare=14):\n    NO REASON ON FILE" in text


def test_survivors_with_their_reasons_pass(root: Path) -> None:
    give_reasons(root, 8, 14)
    passed, text = report(root)
    assert passed
    assert "Nothing uses it: 14." in text
    assert "NO REASON" not in text


def test_reasons_for_what_does_not_live_are_named(root: Path) -> None:
    give_reasons(root, 8, 14, 9)
    passed, text = report(root)
    assert passed
    assert "double: def double(x, spare=7): → def double(x, spare=9):\n    STALE" in text
    assert "spare=8):\n    STALE" not in text


def test_too_many_survivors_do_not_pass_whatever_the_reasons(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_reasons(root, 8, 14)
    monkeypatch.setattr(mutants, "BAR", 0.9)
    assert not report(root)[0]


def test_the_report_counts_by_exercise_and_lab(root: Path) -> None:
    _, text = report(root, labs=[LAB])
    assert "07_doubling double" in text
    assert "2 of   4 mutants killed" in text
    assert "07_doubling: 50.0% of 4 mutants killed; the bar is 40%. Survivors: 2" in text


def test_one_exercise_needs_reasons_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "BAR", 0.9)
    give_reasons(root, 8, 14)
    passed, text = report(root, labs=[f"{LAB}/double"])
    assert passed
    assert "07_doubling: 50.0% of 4 mutants killed. Survivors: 2" in text
    give_reasons(root, 8)
    assert not report(root, labs=[f"{LAB}/double"])[0]


def test_an_unknown_exercise_suggests_the_nearest(root: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'double'"):
        run_mutants(root, labs=[f"{LAB}/doubel"], say=print)


def test_a_lab_without_answers_to_change_has_no_survivors(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "load_lab", lambda name, hidden: Lab(name, {}))
    assert report(root)[0]


def test_an_unknown_lab_suggests_the_nearest(root: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean '07_doubling'"):
        run_mutants(root, labs=["07_doublin"], say=print)
