from __future__ import annotations

import copy
import linecache
from pathlib import Path
from typing import Any

import pytest

from coursekit.cells import solution_sources
from coursekit.errors import UnknownNameError, VariantError
from coursekit.variants import Variant, answered, load_variants, names_defined

FILE = '''"""Answers to double."""

# %% setup
import numpy as np


# %% right sum
def double(x):
    return x + x


# %% wrong square -> doubles_three
# Right for two.
def double(x):
    return x**2
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "double.py").write_text(FILE, encoding="utf-8")
    return tmp_path


def cell(source: str, kind: str = "code", tags: tuple[str, ...] = (), **nbgrader: Any) -> dict[str, Any]:
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
    right, wrong = load_variants(folder)
    assert (right.slug, right.name, right.caught_by, right.right) == ("double", "sum", None, True)
    assert (wrong.slug, wrong.name, wrong.caught_by, wrong.right) == ("double", "square", "doubles_three", False)
    assert right.source == "def double(x):\n    return x + x\n"
    assert wrong.source.startswith("# Right for two.\n")
    assert [str(variant) for variant in (right, wrong)] == ["double-right-sum", "double-wrong-square"]


def test_exercises_come_in_order_of_their_names(folder: Path) -> None:
    (folder / "add.py").write_text("# %% right plus\nadd = sum\n", encoding="utf-8")
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    assert [variant.slug for variant in load_variants(folder)] == ["add", "double", "double"]


@pytest.mark.parametrize(
    "title",
    [
        "right",
        "right two words",
        "right sum -> doubles_three",
        "wrong square",
        "wrong square ->",
        "wrong square -> two words",
        "wrong square doubles_three",
        "maybe sum",
        "",
        "[markdown]",
    ],
)
def test_a_cell_that_cannot_be_read_is_quoted_with_what_is_legal(tmp_path: Path, title: str) -> None:
    (tmp_path / "double.py").write_text(f"# %% {title}\npass\n", encoding="utf-8")
    with pytest.raises(VariantError) as caught:
        load_variants(tmp_path)
    assert f"the cell '# %% {title}' cannot be read" in str(caught.value)
    assert "double.py" in str(caught.value)
    assert "'# %% right STYLE'" in str(caught.value)


def test_two_answers_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "double.py").write_text("# %% right a\npass\n# %% wrong a -> b\npass\n", encoding="utf-8")
    with pytest.raises(VariantError, match="two answers are named 'a'"):
        load_variants(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(VariantError, match=r"no folder of variants .*nowhere"):
        load_variants(tmp_path / "nowhere")


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
