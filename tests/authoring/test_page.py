from __future__ import annotations

import base64
import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4
from nbformat.notebooknode import NotebookNode

from coursekit.authoring import page
from coursekit.authoring.page import lab_cards, lab_page
from coursekit.authoring.release import student_version
from coursekit.errors import SourceError

REPOSITORY = "https://github.com/someone/course"
PNG = base64.b64encode(b"a picture").decode()
SOLUTION = """\
def double(x):
    ### BEGIN SOLUTION
    return x + x + 0
    ### END SOLUTION"""


def nbgrader(**settings: object) -> dict[str, Any]:
    return {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False, **settings}


BADGE = "[![Open in Colab](https://example.org/badge.svg)](https://example.org/07_twice.ipynb)"


def picture() -> NotebookNode:
    return v4.new_output("display_data", {"image/png": PNG, "text/plain": "<Figure>"})


@pytest.fixture
def executed() -> NotebookNode:
    """A lab's instructor's notebook after a run."""
    double = nbgrader(grade_id="double", solution=True)
    check = nbgrader(grade_id="check_double", grade=True, locked=True, points=2)
    why = nbgrader(grade_id="why", grade=True, solution=True, points=1)
    cells = [
        v4.new_markdown_cell(f"# Lab 07 · Twice\n\n{BADGE}\n\n**What is twice\nas much?** A lab.", id="opening"),
        v4.new_code_cell("install()", id="colab", metadata={"tags": ["colab"]}),
        v4.new_code_cell(SOLUTION, id="double", metadata={"nbgrader": double}),
        v4.new_code_cell("check('double')", id="check_double", metadata={"nbgrader": check}),
        v4.new_markdown_cell("## Looking", id="heading"),
        v4.new_code_cell("draw()", id="draw", metadata={"tags": ["explore", "cover"]}, outputs=[picture()]),
        v4.new_markdown_cell(
            "### BEGIN SOLUTION\nBecause of addition.\n### END SOLUTION", id="why", metadata={"nbgrader": why}
        ),
    ]
    return v4.new_notebook(cells=cells, metadata={"coursekit": {"lab": "07_twice"}})


@pytest.fixture
def student(executed: NotebookNode) -> NotebookNode:
    untouched = copy.deepcopy(executed)
    for cell in untouched.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return student_version(untouched)


def by_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in notebook.cells}


def test_a_page_shows_the_students_cells_with_the_instructors_pictures(
    executed: NotebookNode, student: NotebookNode
) -> None:
    cells = by_id(lab_page(student, executed, repository=REPOSITORY))
    assert cells["draw"].outputs == [picture()]
    assert cells["draw"].metadata.mystnb.image.alt == "The picture that this code draws, in the section “Looking”"
    assert cells["double"].source == "def double(x):\n    raise NotImplementedError"
    assert cells["why"].source == "*Write your answer here.*"


def test_a_page_says_under_its_heading_how_to_work_through_the_lab(
    executed: NotebookNode, student: NotebookNode
) -> None:
    opening = lab_page(student, executed, repository=REPOSITORY).cells[0].source
    assert opening.startswith("# Lab 07 · Twice\n\n:::")
    assert BADGE not in opening
    assert "https://colab.research.google.com/github/someone/course/blob/main/notebooks/07_twice" in opening
    assert opening.endswith("**What is twice\nas much?** A lab.")


def test_a_page_leaves_out_the_cell_for_colab_and_both_notebooks_as_they_were(
    executed: NotebookNode, student: NotebookNode
) -> None:
    before = nbformat.writes(executed), nbformat.writes(student)
    assert "colab" not in by_id(lab_page(student, executed, repository=REPOSITORY))
    assert (nbformat.writes(executed), nbformat.writes(student)) == before


def test_a_page_shows_no_output_of_a_solution_cell(executed: NotebookNode, student: NotebookNode) -> None:
    by_id(executed)["double"].outputs = [v4.new_output("stream", text="the answer is 42")]
    assert by_id(lab_page(student, executed, repository=REPOSITORY))["double"].outputs == []


def test_a_page_shows_no_output_that_its_cell_keeps_to_the_notebook(
    executed: NotebookNode, student: NotebookNode
) -> None:
    by_id(executed)["draw"].outputs = [v4.new_output("stream", text="    return x + x + 0")]
    by_id(student)["draw"].metadata.tags = ["explore", "remove-output"]
    assert by_id(lab_page(student, executed, repository=REPOSITORY))["draw"].outputs == []


def test_links_to_labs_and_to_the_docs_lead_to_their_pages(executed: NotebookNode, student: NotebookNode) -> None:
    docs = f"{REPOSITORY}/blob/main/docs/slides.md"
    once = f"{REPOSITORY}/blob/main/notebooks/06_once/06_once.ipynb"
    words = f"See [lab 06]({once}), [slides]({docs}) and [us]({REPOSITORY})."
    by_id(student)["heading"].source = words
    shown = by_id(lab_page(student, executed, repository=REPOSITORY))["heading"].source
    assert shown == f"See [lab 06](06_once.ipynb), [slides](/slides.md) and [us]({REPOSITORY})."


def test_a_page_shows_no_widgets(executed: NotebookNode, student: NotebookNode) -> None:
    widget = v4.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Pad()"})
    by_id(executed)["draw"].outputs.insert(0, widget)
    assert by_id(lab_page(student, executed, repository=REPOSITORY))["draw"].outputs == [picture()]


@pytest.mark.parametrize("line", ["    return x + x + 0", "Because of addition."])
def test_an_output_that_shows_a_line_of_an_answer_is_refused(
    line: str, executed: NotebookNode, student: NotebookNode
) -> None:
    by_id(executed)["draw"].outputs = [v4.new_output("stream", text=f"def double(x):\n{line}\n")]
    with pytest.raises(SourceError, match="The page of 07_twice would show a line of an answer"):
        lab_page(student, executed, repository=REPOSITORY)


def test_what_is_asked_about_the_answers_own_lines_is_not_shown(executed: NotebookNode, student: NotebookNode) -> None:
    for notebook in (executed, student):
        notebook.cells[5].source = 'ask("double", answer=None)'
    executed.cells[5].outputs = [v4.new_output("stream", text=SOLUTION)]
    page = lab_page(student, executed, repository=REPOSITORY)
    assert next(cell for cell in page.cells if cell.id == "draw").outputs == []


def test_a_card_has_the_labs_title_its_question_its_points_and_its_picture(
    executed: NotebookNode, student: NotebookNode, tmp_path: Path
) -> None:
    pages = {"07_twice": lab_page(student, executed, repository=REPOSITORY)}
    cards = lab_cards(pages, covers=tmp_path, repository=REPOSITORY)
    assert "07 · Twice" in cards
    assert "What is twice as much?" in cards
    assert "2 points and 1 by hand" in cards
    assert (tmp_path / "07_twice.png").read_bytes() == b"a picture"


def test_a_card_of_a_lab_that_was_not_run_has_no_picture(student: NotebookNode, tmp_path: Path) -> None:
    pages = {"07_twice": lab_page(student, student, repository=REPOSITORY)}
    assert ":img-top:" not in lab_cards(pages, covers=tmp_path, repository=REPOSITORY)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was executed, by the source of its last cell."""
    seen = []

    class Client:
        def __init__(self, notebook: NotebookNode, **_: object) -> None:
            self.notebook = notebook

        def execute(self, **_: object) -> None:
            seen.append(self.notebook.cells[-1].source)
            self.notebook.cells[-1].outputs = [picture()]

    monkeypatch.setattr(page, "NotebookClient", Client)
    return seen


def test_a_notebook_is_run_again_only_when_it_has_changed(runs: list[str], tmp_path: Path) -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell("1", id="a")], metadata={"coursekit": {"lab": "07_twice"}})
    assert page.execute(notebook, keep=tmp_path).cells[0].outputs == [picture()]
    assert page.execute(notebook, keep=tmp_path).cells[0].outputs == [picture()]
    assert notebook.cells[0].outputs == []
    notebook.cells[0].source = "2"
    page.execute(notebook, keep=tmp_path)
    assert runs == ["1", "2"]
    assert len(list(tmp_path.iterdir())) == 1


def test_words_that_have_changed_are_the_new_ones_beside_what_was_kept(runs: list[str], tmp_path: Path) -> None:
    cells = [v4.new_markdown_cell("Old words.", id="words"), v4.new_code_cell("1", id="a")]
    notebook = v4.new_notebook(cells=cells, metadata={"coursekit": {"lab": "07_twice"}})
    page.execute(notebook, keep=tmp_path)
    notebook.cells[0].source = "New words."
    again = page.execute(notebook, keep=tmp_path)
    assert [cell.source for cell in again.cells] == ["New words.", "1"]
    assert again.cells[1].outputs == [picture()]
    assert runs == ["1"]


def test_a_notebook_is_run_again_when_its_data_come_from_elsewhere(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell("1", id="a")], metadata={"coursekit": {"lab": "07_twice"}})
    for folder in ("here", "there"):
        monkeypatch.setenv("COURSEKIT_DATA", folder)
        page.execute(notebook, keep=tmp_path)
    assert runs == ["1", "1"]
