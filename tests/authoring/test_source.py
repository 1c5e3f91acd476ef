from __future__ import annotations

import ast
import asyncio
import inspect
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat import NotebookNode

from coursekit.authoring import instructor_notebook, lab_source, notebook_bytes
from coursekit.errors import CourseError, SourceError
from tests.authoring.conftest import Course

Read = Callable[..., NotebookNode]

ADDRESS = "https://github.com/someone/course"


@pytest.fixture
def read(course: Course) -> Read:
    def read(text: str, repository: str = ADDRESS) -> NotebookNode:
        return instructor_notebook(lab_source(course.write(text)), repository)

    return read


def test_the_same_source_gives_the_same_bytes(course: Course, lab: str) -> None:
    path = course.write(lab)
    first, second = (notebook_bytes(instructor_notebook(lab_source(path), ADDRESS)) for _ in range(2))
    assert first == second
    assert first.endswith(b"}\n")


def test_line_ends_and_a_byte_order_mark_make_no_difference(course: Course, lab: str) -> None:
    expected = notebook_bytes(instructor_notebook(lab_source(course.write(lab)), ADDRESS))
    folder = course.write(lab)
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert notebook_bytes(instructor_notebook(lab_source(folder), ADDRESS)) == expected


def test_text_beyond_ascii_is_written_as_it_is(read: Read, lab: str) -> None:
    nb = read(f"{lab}\n# %% [markdown]\n# Größe → ∂L, 数学, 🙂\n")
    assert "Größe → ∂L, 数学, 🙂".encode() in notebook_bytes(nb)


def test_the_notebook_has_no_outputs_and_only_the_metadata_it_needs(read: Read, lab: str) -> None:
    nb = read("# ---\n# jupyter:\n#   kernelspec:\n#     name: other\n# ---\n" + lab)
    assert nb.metadata == {
        "coursekit": {"lab": "01_lab"},
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    codes = [cell for cell in nb.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in codes)


def test_cell_ids_are_the_grade_id_or_a_numbered_hash(read: Read, lab: str) -> None:
    extra = "\n# %%\nx = 1\n\n# %%\nx = 1\n\n# %%\nx = 2\n\n# %% [markdown]\n# x = 1\n"
    ids = [cell.id for cell in read(lab + extra).cells]
    assert ids[1:4] == ["colab", "double", "check_double"]
    assert ids[5] == f"{ids[4]}-2"
    assert len(set(ids)) == len(ids)


def test_a_new_cell_leaves_the_ids_of_the_others_alone(read: Read, lab: str) -> None:
    before = [cell.id for cell in read(lab).cells]
    after = [cell.id for cell in read(lab.replace("# # A title\n", "# # A title\n\n# %%\nimport os\n")).cells]
    assert [cell_id for cell_id in after if cell_id in before] == before
    assert len(after) == len(before) + 1


def test_the_addresses_are_filled_in_and_other_braces_stay(read: Read, lab: str) -> None:
    nb = read(lab.replace("# # A title", "# # A title\n# {{repository}} {{colab}} $x_{{i}}$ {{word}}"))
    colab = "https://colab.research.google.com/github/someone/course/blob/main/notebooks/01_lab/01_lab.ipynb"
    assert nb.cells[0].source == f"# A title\n{ADDRESS} {colab} $x_{{{{i}}}}$ {{{{word}}}}"
    assert f"git+{ADDRESS}" in nb.cells[1].source


def test_a_link_to_another_lab_leads_to_its_notebook_at_the_courses_address(read: Read, lab: str) -> None:
    link = "[lab 00](../00_zero/00_zero.ipynb), [one](other.ipynb), [two](https://a.org/../b/c.ipynb)"
    nb = read(lab.replace("# # A title", f"# # A title\n# {link}"))
    there = f"({ADDRESS}/blob/main/notebooks/00_zero/00_zero.ipynb)"
    assert nb.cells[0].source == f"# A title\n{link.replace('(../00_zero/00_zero.ipynb)', there)}"


def test_a_colab_address_needs_a_course_on_github(read: Read, lab: str) -> None:
    address = "https://git.example.org/course"
    assert f"git+{address}" in read(lab, address).cells[1].source
    with pytest.raises(CourseError, match=r"from https://github\.com/OWNER/NAME only"):
        read(lab.replace("# # A title", "# # A title\n# {{colab}}"), address)


def run(cell: str, names: dict[str, Any]) -> None:
    """Run a cell as IPython does, which lets it wait."""
    code = compile(cell, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, names)
    if inspect.iscoroutine(result):
        asyncio.run(result)


def test_outside_colab_the_inserted_cell_does_nothing(read: Read, lab: str, capfd: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    run(read(lab).cells[1].source, names)
    assert set(names) == {"__builtins__", "importlib", "sys"}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("installed", [True, False])
def test_in_colab_the_inserted_cell_installs_the_course_once(
    read: Read, lab: str, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    calls = []

    class Shell:
        def run_line_magic(self, *call: str) -> None:
            calls.append(call)

    monkeypatch.setitem(__import__("sys").modules, "google.colab", object())
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if installed else None)
    run(read(lab).cells[1].source, {"get_ipython": Shell})
    assert calls == ([] if installed else [("pip", f"install --quiet anywidget git+{ADDRESS}")])


@pytest.mark.parametrize("installed", [True, False])
def test_in_a_browser_the_inserted_cell_installs_the_course_of_the_site_once(
    read: Read, lab: str, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    asked = []

    async def install(names: list[str]) -> None:
        asked.append(names)

    monkeypatch.setitem(sys.modules, "piplite", SimpleNamespace(install=install))
    monkeypatch.setattr("sys.platform", "emscripten")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if installed else None)
    run(read(lab).cells[1].source, {})
    assert asked == ([] if installed else [["anywidget", "coursekit"]])


def test_a_broken_source_names_its_file_and_lines(course: Course, lab: str) -> None:
    path = course.write(f'{lab}\n# %% tags=["slow"]\nx = 1\n\n# %% nbgrader=4\ny = 1\n')
    with pytest.raises(SourceError) as caught:
        lab_source(path)
    text = str(caught.value)
    assert text.startswith("2 problems")
    assert "01_lab/lab.py:6: nothing reads the tag 'slow'" in text
    assert "01_lab/lab.py:9: nbgrader=4" in text


@pytest.mark.parametrize("name", ["lab.py", "double.py"])
def test_a_source_that_is_not_text_is_refused(course: Course, name: str) -> None:
    folder = course.write()
    (folder / name).write_bytes(b"# %%\n\xff\n")
    with pytest.raises(SourceError, match=rf"01_lab/{name}: is not UTF-8 text \(.* at byte 5\); save it"):
        lab_source(folder)


def test_a_source_that_is_not_there_is_an_error(course: Course) -> None:
    with pytest.raises(SourceError, match=r"09_none/lab\.py: cannot be read: No such file"):
        lab_source(course.root / "labs" / "09_none")
