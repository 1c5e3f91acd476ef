"""Planted leaks: each must be noticed, and what is public must not be taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coursekit.authoring.privacy import leaks, secrets
from coursekit.errors import CourseError

SOURCE = """\
# %% [markdown]
# # A title

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

# %% nbgrader={"grade_id": "halve", "solution": true}
def halve(x):
    ### BEGIN SOLUTION
    return double(x) / 4.0 if x is not None else None
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_halve", "grade": true, "points": 1}
check("halve")

# %%
def public(x):
    first = double(x)
    second = double(first)
    return second
"""
HIDDEN = '''\
"""Hidden checks."""

import numpy as np

from coursekit.checking import Student, checks, expect_close


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
VARIANTS = """\
# %% right shift
def double(x):
    bits = int(x) << 1
    return type(x)(bits)


# %% wrong square -> doubles_what_is_random
def double(x):
    squared = x * x
    return squared
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "solutions/01_lab.py": SOURCE,
        "autograde/hidden/01_lab.py": HIDDEN,
        "autograde/variants/01_lab/double.py": VARIANTS,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def found(root: Path) -> Callable[[str], list[str]]:
    return lambda text: leaks(root, {"a.py": text.encode()})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (SOURCE, "the answer to 'double' (solutions/01_lab.py)"),
        ("def other(x):\n  twice = x + x\n  also_twice = 2 * x\n", "the answer to 'double' (solutions/01_lab.py)"),
        ("return double(x) / 4.0 if x is not None else None", "the answer to 'halve' (solutions/01_lab.py)"),
        (HIDDEN, "the stand-in for 'double' (autograde/hidden/01_lab.py)"),
        ("see doubles_what_is_random.", "the hidden check 'doubles_what_is_random' (autograde/hidden/01_lab.py)"),
        (
            HIDDEN.replace("doubles_what_is_random", "renamed"),
            "the hidden check 'doubles_what_is_random' (autograde/hidden/01_lab.py)",
        ),
        (VARIANTS, "the right answer 'shift' to 'double' (autograde/variants/01_lab/double.py)"),
        (VARIANTS, "the wrong answer 'square' to 'double' (autograde/variants/01_lab/double.py)"),
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
        "a.ipynb gives away the answer to 'double' (solutions/01_lab.py)"
    ]


def test_all_that_is_private_is_searched_for(root: Path) -> None:
    assert [secret.what for secret in secrets(root)] == [
        "the answer to 'double'",
        "the answer to 'halve'",
        "the stand-in for 'double'",
        "the hidden check 'doubles_what_is_random'",
        "the right answer 'shift' to 'double'",
        "the wrong answer 'square' to 'double'",
    ]


def test_a_course_may_have_no_hidden_checks_and_no_variants(root: Path) -> None:
    (root / "autograde" / "hidden" / "01_lab.py").unlink()
    (root / "labs" / "01_lab" / "double.py").unlink()
    (root / "labs" / "01_lab").rmdir()
    assert len(list(secrets(root))) == 2


def test_what_is_private_stays_so_without_the_labs_source(root: Path) -> None:
    (root / "solutions" / "01_lab.py").unlink()
    assert [secret.what for secret in secrets(root)] == [
        "the hidden check 'doubles_what_is_random'",
        "the right answer 'shift' to 'double'",
        "the wrong answer 'square' to 'double'",
    ]


def test_hidden_checks_that_cannot_be_read_stop_the_search(root: Path) -> None:
    (root / "autograde" / "hidden" / "01_lab.py").write_text("\ndef broken(:\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"01_lab\.py:2 is not Python"):
        leaks(root, {})
