from __future__ import annotations

import copy
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.cells import solution_sources
from coursekit.errors import SourceError, UnknownNameError
from coursekit.variants import (
    Variant,
    answered,
    load_survivors,
    load_variants,
    names_defined,
)

LAB = """\
# %% [markdown]
# # A title

# %% exercise double
# %% exercise add

# %% visible
from coursekit.checking import checks
"""
DOUBLE = """\
# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 1}
check("double")


# %% visible
@checks("double")
def doubles_three(student, rng):
    pass


# %% right sum
def double(x):
    return x + x


# %% wrong square -> doubles_three
# Right for two.
# - return 2 * x
# + return x**2


# %% survivors
# - return 2 * x
# + return 2 * x + 0
# Adding nothing changes nothing.
"""
ADD = """\
# %% nbgrader={"grade_id": "add", "solution": true}
def add(x, y):
    ### BEGIN SOLUTION
    return x + y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_add", "grade": true, "points": 1}
check("add")


# %% right plus
add = sum
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "01_lab"
    folder.mkdir()
    for name, text in {"lab.py": LAB, "double.py": DOUBLE, "add.py": ADD}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def cell(source: str | list[str], kind: str = "code", tags: tuple[str, ...] = (), **nbgrader: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    return {"cell_type": kind, "source": source, "metadata": metadata | ({"nbgrader": nbgrader} if nbgrader else {})}


@pytest.fixture
def notebook() -> dict[str, Any]:
    return {
        "cells": [
            cell("# Title", kind="markdown"),
            cell("1 / 0", tags=("colab",)),
            cell("two = 2"),
            cell(["def double(x):\n", "    return two * x"], grade_id="double", solution=True, grade=False),
            cell("1 / 0", grade_id="check_double", solution=False, grade=True),
            cell("1 / 0", tags=("explore",)),
            cell("Because.", kind="markdown", grade_id="why", solution=True, grade=True),
            cell("four = double(two)"),
        ]
    }


# files


def test_answers_are_read_in_order_with_what_must_catch_them(folder: Path) -> None:
    right, wrong, _ = load_variants(folder)
    assert (right.slug, right.name, right.caught_by, right.right) == ("double", "sum", None, True)
    assert (wrong.slug, wrong.name, wrong.caught_by, wrong.right) == ("double", "square", "doubles_three", False)
    assert right.source == "def double(x):\n    return x + x\n"
    assert wrong.source == "def double(x):\n    return x**2\n"
    assert [str(variant) for variant in (right, wrong)] == ["double-right-sum", "double-wrong-square"]


def test_exercises_come_in_the_order_of_the_lab(folder: Path) -> None:
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    assert [variant.slug for variant in load_variants(folder)] == ["double", "double", "add"]


def test_survivors_are_read_with_their_reasons(folder: Path) -> None:
    reasons = {"return 2 * x → return 2 * x + 0": "Adding nothing changes nothing."}
    assert load_survivors(folder) == {"double": reasons, "add": {}}


@pytest.mark.parametrize("load", [load_variants, load_survivors])
def test_a_lab_that_cannot_be_read_names_file_and_line(folder: Path, load: Callable[[Path], object]) -> None:
    (folder / "add.py").write_text(ADD.replace("right plus", "right two words"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"add\.py:12: '# %% right two words' cannot be read"):
        load(folder)


@pytest.mark.parametrize("load", [load_variants, load_survivors])
def test_a_folder_that_does_not_exist_is_named(tmp_path: Path, load: Callable[[Path], object]) -> None:
    with pytest.raises(SourceError, match=r"09_nowhere/lab\.py: cannot be read: No such file"):
        load(tmp_path / "09_nowhere")


@pytest.mark.parametrize("caught_by", [None, "check"])
def test_an_answer_is_right_if_no_check_must_catch_it(caught_by: str | None) -> None:
    assert Variant("double", "sum", caught_by, "").right == (caught_by is None)


# notebooks


def test_answers_are_put_into_a_copy_of_a_notebook(notebook: dict[str, Any]) -> None:
    before = copy.deepcopy(notebook)
    changed = answered(notebook, {"double": "double = abs"})
    assert notebook == before
    assert solution_sources(changed) == {"double": "double = abs"}


def test_an_answer_to_no_exercise_suggests_the_nearest(notebook: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError, match=r"no exercise named 'doubel'\. Did you mean 'double'"):
        answered(notebook, {"doubel": ""})


def test_solutions_are_code_not_answers_in_words(notebook: dict[str, Any]) -> None:
    assert solution_sources(notebook) == {"double": "def double(x):\n    return two * x"}


def test_the_cells_that_define_something_are_run_in_order(notebook: dict[str, Any]) -> None:
    names = names_defined(notebook)
    assert names["four"] == 4


def test_the_text_of_a_cell_can_be_looked_up(notebook: dict[str, Any]) -> None:
    file_name = names_defined(notebook)["double"].__code__.co_filename
    assert "".join(linecache.getlines(file_name)) == "def double(x):\n    return two * x"


def test_each_run_has_names_of_its_own(notebook: dict[str, Any]) -> None:
    first, second = names_defined(notebook), names_defined(notebook)
    assert first["double"] is not second["double"]
    assert first["double"].__globals__ is first
