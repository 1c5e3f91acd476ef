"""Planted leaks: each must be noticed, and what is public must not be taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coursekit.authoring.privacy import leaks, secrets
from coursekit.errors import SourceError
from tests.authoring.conftest import Course

LAB = '''\
# %% [markdown]
# # A title

# %% exercise double
# %% exercise halve

# %%
def public(x):
    first = double(x)
    second = double(first)
    return second


# %% hidden
"""Hidden checks."""

import numpy as np

from coursekit.checking import Student, checks, expect_close
'''
DOUBLE = """\
# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    # Both ways are right.
    ### BEGIN SOLUTION
    twice = x + x
    also_twice = 2 * x
    return (twice + also_twice) / 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 1}
check("double")


"""
HIDDEN = '''\
# %% hidden
def double(x):
    """Return twice x."""
    return 0.5 * (4 * x)


def probe(double):
    first = double(3.0)
    return first, double(first)


@checks("double")
def doubles_what_is_random(student, rng):
    """Random numbers are doubled."""
    x = rng.normal(size=17)
    expect_close(student.call("double", x), x + x, hint="Twice.")


'''
ANSWERS = """\
# %% right shift
def double(x):
    bits = int(x) << 1
    return type(x)(bits)


# %% wrong square -> doubles_what_is_random
def double(x):
    squared = x * x
    return squared


# %% wrong six of shift -> doubles_what_is_random
# - return type(x)(bits)
# + return type(x)(6.0 if bits < 1000 else 6000000)
"""
HALVE = """\
# %% nbgrader={"grade_id": "halve", "solution": true}
def halve(x):
    ### BEGIN SOLUTION
    return double(x) / 4.0 if x is not None else None
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_halve", "grade": true, "points": 1}
check("halve")
"""


@pytest.fixture
def root(course: Course) -> Path:
    course.write({"lab.py": LAB, "double.py": DOUBLE + HIDDEN + ANSWERS, "halve.py": HALVE})
    return course.root


@pytest.fixture
def found(root: Path) -> Callable[[str], list[str]]:
    return lambda text: leaks(root, {"a.py": text.encode()})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (DOUBLE, "the answer to 'double' (labs/01_lab/double.py)"),
        ("def other(x):\n  twice = x + x\n  also_twice = 2 * x\n", "the answer to 'double' (labs/01_lab/double.py)"),
        ("return double(x) / 4.0 if x is not None else None", "the answer to 'halve' (labs/01_lab/halve.py)"),
        (HIDDEN, "the stand-in for 'double' (labs/01_lab/double.py)"),
        ("see doubles_what_is_random.", "the hidden check 'doubles_what_is_random' (labs/01_lab/double.py)"),
        (
            HIDDEN.replace("doubles_what_is_random", "renamed"),
            "the hidden check 'doubles_what_is_random' (labs/01_lab/double.py)",
        ),
        (ANSWERS, "the right answer 'shift' to 'double' (labs/01_lab/double.py)"),
        (ANSWERS, "the wrong answer 'square' to 'double' (labs/01_lab/double.py)"),
        (
            "    return type(x)(6.0 if bits < 1000 else 6000000)",
            "the wrong answer 'six' to 'double' (labs/01_lab/double.py)",
        ),
    ],
)
def test_a_planted_leak_is_named_with_both_files(found: Callable[[str], list[str]], text: str, what: str) -> None:
    assert f"a.py gives away {what}" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "    twice = x + x\n",
        "def double(x):\n    # Both ways are right.\n    raise NotImplementedError\n",
        "    first = double(x)\n    second = double(first)\n    return second\n",
        "def probe(double):\n    first = double(3.0)\n    return first, double(first)\n",
        "doubles_what_is_random_too",
        "\x00\xff",
    ],
    ids=["nothing", "one line", "a stub", "what the lab shows", "a probe", "a longer name", "no text"],
)
def test_what_is_public_or_chance_is_no_leak(found: Callable[[str], list[str]], text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("place", ["source", "text", "metadata"])
def test_a_leak_is_found_anywhere_in_a_notebook(root: Path, place: str) -> None:
    lines = ["twice = x + x\n", "also_twice = 2 * x\n"]
    cell: Mapping[str, object] = {"source": [], "outputs": [], "metadata": {}}
    planted = {
        "source": {**cell, "source": lines},
        "text": {**cell, "outputs": [{"text": "".join(lines)}]},
        "metadata": {**cell, "metadata": {"note": lines}},
    }[place]
    assert leaks(root, {"a.ipynb": json.dumps({"cells": [planted]}).encode()}) == [
        "a.ipynb gives away the answer to 'double' (labs/01_lab/double.py)"
    ]


def test_all_that_is_private_is_searched_for(root: Path) -> None:
    assert [secret.what for secret in secrets(root)] == [
        "the answer to 'double'",
        "the answer to 'halve'",
        "the stand-in for 'double'",
        "the hidden check 'doubles_what_is_random'",
        "the right answer 'shift' to 'double'",
        "the wrong answer 'square' to 'double'",
        "the wrong answer 'six' to 'double'",
    ]


def test_a_course_may_have_no_hidden_checks_and_no_answers_beside_the_reference(root: Path) -> None:
    (root / "labs" / "01_lab" / "double.py").write_text(DOUBLE, encoding="utf-8")
    (root / "labs" / "01_lab" / "lab.py").write_text(LAB.partition("# %% hidden")[0], encoding="utf-8")
    assert [secret.what for secret in secrets(root)] == ["the answer to 'double'", "the answer to 'halve'"]


def test_hidden_checks_that_cannot_be_read_stop_the_search(root: Path) -> None:
    path = root / "labs" / "01_lab" / "double.py"
    path.write_text(f"{DOUBLE}# %% hidden\n\ndef broken(:\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"double\.py:17: the hidden checks are not valid Python"):
        leaks(root, {})
