from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from coursekit.authoring import lab_source
from coursekit.authoring.modules import MODULE_FOLDERS, module_bytes, module_lines
from tests.authoring.conftest import Course


@pytest.fixture
def folder(course: Course, whole_lab: dict[str, str]) -> Path:
    return course.write(whole_lab)


@pytest.mark.parametrize("kind", MODULE_FOLDERS)
def test_each_line_is_the_authors_or_stands_nowhere(folder: Path, kind: str) -> None:
    lines = module_lines(lab_source(folder), kind)
    for text, path, line in lines:
        if path is not None:
            assert path.read_text(encoding="utf-8").split("\n")[line - 1] == text
    added = [text for text, path, _ in lines if path is None and text]
    head = "# Built by `coursekit build` from labs/01_lab/. Edit the files there, not this one."
    points = ["#: What each exercise is worth, in the order of the lab.", "POINTS = {", '    "double": 3,', "}"]
    future, place = "from __future__ import annotations", "# labs/01_lab/double.py"
    assert added == [head, future, *(points if kind == "visible" else []), place]


def test_the_visible_module_has_the_points_and_the_hidden_one_the_hidden_checks(folder: Path) -> None:
    lab = lab_source(folder)
    visible, hidden = ((module_bytes(lab, kind) or b"").decode() for kind in ("visible", "hidden"))
    assert ast.get_docstring(ast.parse(visible)) == "Visible checks."
    assert "def doubles_three(" in visible
    assert "def doubles_what_is_random(" in hidden
    assert "doubles_what_is_random" not in visible
    assert "POINTS" not in hidden


def test_exercises_come_in_the_order_of_the_lab(course: Course, whole_lab: dict[str, str]) -> None:
    other = whole_lab["double.py"].replace("double", "add")
    top = whole_lab["lab.py"].replace("# %% exercise double\n", "# %% exercise double\n# %% exercise add\n")
    lab = lab_source(course.write({**whole_lab, "lab.py": top, "add.py": other}))
    names: dict[str, Any] = {}
    text = (module_bytes(lab, "visible") or b"").decode()
    exec(text[text.index("POINTS") : text.index("}") + 1], names)
    assert list(names["POINTS"]) == ["double", "add"]
    assert text.index("# labs/01_lab/double.py") < text.index("# labs/01_lab/add.py")


def test_a_lab_without_checks_of_a_kind_has_no_module_of_it(course: Course, lab: str) -> None:
    source = lab_source(course.write(lab))
    assert [module_bytes(source, kind) for kind in MODULE_FOLDERS] == [None, None]


def test_a_module_without_a_docstring_is_one_too(course: Course, whole_lab: dict[str, str]) -> None:
    top = whole_lab["lab.py"].replace('"""Visible checks."""\n\n', "")
    text = (module_bytes(lab_source(course.write({**whole_lab, "lab.py": top})), "visible") or b"").decode()
    assert text.split("\n")[2] == "from __future__ import annotations"
    ast.parse(text)
