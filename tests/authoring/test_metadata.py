from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator, SchemaTooOldError

from coursekit.authoring.metadata import metadata_messages
from coursekit.cells import complete, role_of
from tests.authoring.conftest import Findings

SHORT_FORMS: dict[str, tuple[dict[str, object], str]] = {
    "exercise": ({"grade_id": "a", "solution": True}, "code"),
    "check": ({"grade_id": "a", "grade": True, "points": 3}, "code"),
    "answer": ({"grade_id": "a", "grade": True, "solution": True, "points": 0.5}, "markdown"),
    "task": ({"grade_id": "a", "task": True, "points": 2}, "markdown"),
    "read-only": ({"grade_id": "a", "locked": True}, "markdown"),
}


def notebook(cell_type: str, nbgrader: dict[str, object]) -> NotebookNode:
    new_cell = new_code_cell if cell_type == "code" else new_markdown_cell
    return new_notebook(cells=[new_cell("text", metadata={"nbgrader": nbgrader})])


@pytest.mark.parametrize("role", SHORT_FORMS)
def test_the_short_form_is_filled_in_to_what_nbgrader_accepts(role: str) -> None:
    short, cell_type = SHORT_FORMS[role]
    assert list(metadata_messages({"nbgrader": short}, cell_type)) == []
    assert role_of(short) == role
    full = complete(short)
    assert role_of(full) == role
    assert list(metadata_messages({"nbgrader": full}, cell_type)) == []
    assert complete(full) == full
    MetadataValidator().validate_nb(notebook(cell_type, full))


@pytest.mark.parametrize("role", SHORT_FORMS)
def test_nbgrader_takes_the_short_form_itself_for_an_old_format(role: str) -> None:
    short, cell_type = SHORT_FORMS[role]
    with pytest.raises(SchemaTooOldError):
        MetadataValidator().validate_nb(notebook(cell_type, short))


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ('nbgrader={"grade_id": "a", "solution": true', "cannot be read"),
        ("nbgrader=3", "is not a JSON object"),
        ('nbgrader={"grade_id": "a", "solutoin": true}', "no key 'solutoin'"),
        ('nbgrader={"grade_id": "a", "solution": 1}', "'solution' is 1; legal are true and false"),
        ('nbgrader={"grade_id": "a", "solution": true, "schema_version": 2}', "'schema_version' is 2"),
        ('nbgrader={"grade_id": "a b", "solution": true}', "'grade_id' is 'a b'"),
        ('nbgrader={"grade_id": "' + "a" * 65 + '", "solution": true}', "1 to 64"),
        ('nbgrader={"solution": true}', "'grade_id' is None"),
        ('nbgrader={"grade_id": "colab", "solution": true}', "choose another"),
        ('nbgrader={"grade_id": "a"}', "is no kind of cell"),
        ('nbgrader={"grade_id": "a", "task": true, "solution": true}', "is no kind of cell"),
        ('nbgrader={"grade_id": "a", "solution": true, "locked": true}', "locked=True"),
        ('nbgrader={"grade_id": "a", "solution": true, "points": 1}', "points go to its check cell"),
        ('nbgrader={"grade_id": "a", "grade": true}', "points=None; it needs a number above 0"),
        ('nbgrader={"grade_id": "a", "grade": true, "points": 0}', "points=0"),
        ('nbgrader={"grade_id": "a", "grade": true, "points": -1}', "points=-1"),
        ('nbgrader={"grade_id": "a", "grade": true, "points": "2"}', "points='2'"),
        ('nbgrader={"grade_id": "a", "grade": true, "points": true}', "points=True"),
        ('nbgrader={"grade_id": "a", "grade": true, "points": NaN}', "points=nan"),
        ('nbgrader={"grade_id": "a", "grade": true, "solution": true}', "points=None"),
        ('nbgrader={"grade_id": "a", "task": true, "points": 1}', "is a code cell; it must be markdown"),
        ('[markdown] nbgrader={"grade_id": "a", "solution": true}', "is a markdown cell; it must be code"),
        ('[markdown] nbgrader={"grade_id": "a", "grade": true, "points": 1}', "it must be code"),
        ('tags="explore"', "cannot be read ('explore' is not of type 'array'); legal are"),
        ("tags=3", "cannot be read"),
        ('tags=["explor"]', "nothing reads the tag 'explor'; legal are explore"),
        ("tag=1", "the marker says tag=1"),
        ("[raw]", "raw cells"),
    ],
)
def test_a_wrong_marker_is_refused_with_its_line_and_what_is_legal(findings: Findings, marker: str, words: str) -> None:
    [(line, message)] = findings(f"# %% [markdown]\n# # Title\n\n# %% {marker}\n# text\n")
    assert line == 4
    assert words in message
