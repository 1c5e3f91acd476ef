from __future__ import annotations

import json

import pytest

from coursekit.authoring.script import script_findings, split_script
from tests.authoring.conftest import Findings


def test_cells_know_the_line_their_text_begins_on() -> None:
    cells = split_script("# ---\n# a: b\n# ---\n\n# %% [markdown]\n#\n# # Title\n\n# %%\n\n\nx = 1\n\n\n# %%\ny = 2\n")
    assert [(cell.cell_type, cell.source, cell.line) for cell in cells] == [
        ("markdown", "# Title", 7),
        ("code", "x = 1", 12),
        ("code", "y = 2", 16),
    ]
    assert [cell.marker_line for cell in cells] == [5, 9, 15]


@pytest.mark.parametrize(
    "setting", ["cell_metadata_filter: -all", "notebook_metadata_filter: -all", "cell_markers: region"]
)
def test_a_header_cannot_take_metadata_away(setting: str) -> None:
    short = {"grade_id": "double", "solution": True}
    text = f"# ---\n# jupyter:\n#   jupytext:\n#     {setting}\n# ---\n\n# %% nbgrader={json.dumps(short)}\nx = 1\n"
    assert list(script_findings(text)) == []
    assert split_script(text)[0].metadata == {"nbgrader": short}


def test_nothing_of_jupytext_is_left_in_the_metadata() -> None:
    text = "# %% [md]\n# Title\n#\n# %%\nx = 1\n\n\n\n\n# %%\ndef f(): ...\n# %%\ny = 2\n"
    assert [cell.metadata for cell in split_script(text)] == [{}, {}, {}, {}]


def test_comments_that_look_like_shell_commands_stay_comments() -> None:
    text = "# %%\n# copy the input\n# ls\n# why?\n# !important\nx = 1\n"
    assert split_script(text)[0].source == text.removeprefix("# %%\n").rstrip("\n")


@pytest.mark.parametrize("line", ["# it's", '# a """ b', "# ```", "x = 1  # don't", "# + b", "# -", 'f"{x!r}" ; "#"'])
def test_quotes_and_old_cell_marks_in_comments_mean_nothing(line: int) -> None:
    text = f'# %% [markdown]\n# it\'s """ quoted\n\n# %%\n{line}\n\n# %%\ny = 2\n'
    assert list(script_findings(text)) == []
    assert [cell.source for cell in split_script(text)] == ['it\'s """ quoted', line, "y = 2"]


def test_formulas_keep_their_backslashes() -> None:
    text = "# %% [markdown]\n# $\\frac{\\alpha}{\\\\}$ and {{x}}\n"
    assert split_script(text)[0].source == "$\\frac{\\alpha}{\\\\}$ and {{x}}"


@pytest.mark.parametrize("quotes", ['"""', "'''", 'r"""'])
def test_markdown_in_quotes_is_refused(findings: Findings, quotes: str) -> None:
    [(line, message)] = findings(f"# %% [markdown]\n{quotes}\n# $\\alpha$\n{quotes[-3:]}\n")
    assert line == 2
    assert "backslashes" in message


@pytest.mark.parametrize("text", ["plain words", "## Heading without its space", "#words", "  # indented"])
def test_every_line_of_markdown_is_a_comment_with_a_space(findings: Findings, text: str) -> None:
    [(line, message)] = findings(f"# %% [markdown]\n# # Title\n#\n\n{text}\n")
    assert line == 5
    assert repr(text) in message
    assert "begins with '# '" in message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "there is no cell"),
        ("x = 1\n", 1, "there is no cell"),
        ("x = 1\n# %% [markdown]\n# # T\n", 1, "stands before the first cell"),
        ('"""A docstring."""\n\n# %% [markdown]\n# # T\n', 1, "stands before the first cell"),
        ("# ---\n# a: b\n\n# %% [markdown]\n# # T\n", 1, "no second '# ---'"),
        ("# ---\n# jupyter:\n#   formats: ipynb,py:percent\n# ---\n# %% [markdown]\n# # T\n", 3, "overwrite"),
        ("# %% [markdown]\n# # T\n# %%\nx = 'a\u2028b'\n", 4, "'\\u2028'"),
        ("# %% [markdown]\n# # T\n# %%\nx = 1\n\x0c\n", 5, "'\\x0c'"),
        ('# %% [markdown]\n# # T\n# %%\ntext = """\n# %%\n"""\n', 5, "looks like the start of a cell"),
        ("# %% [markdown]\n# # T\n# ```\n# %%\n# ```\n# %%\nx = 1\n", 4, "looks like the start of a cell"),
    ],
)
def test_a_text_that_cannot_be_split_without_doubt_is_refused(
    findings: Findings, text: str, line: int, words: str
) -> None:
    [(found, message)] = findings(text)
    assert found == line
    assert words in message
