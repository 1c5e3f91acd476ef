from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.authoring.sections import cells_text, section_findings, split_sections

PATH = Path("double.py")
TEXT = """\
# %% [markdown]
# # Title

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x): ...
# %% visible

THREE = 3

# %% wrong square of sum -> doubles_three
pass
# %%
x = 1
# %% tags=["explore"]
"""


def test_sections_have_a_kind_a_title_and_the_lines_below() -> None:
    found = [(s.kind, s.title, s.marker_line, s.line, s.text) for s in split_sections(PATH, TEXT)]
    assert found == [
        ("cell", "[markdown]", 1, 2, "# # Title"),
        ("cell", 'nbgrader={"grade_id": "double", "solution": true}', 4, 5, "def double(x): ..."),
        ("visible", "", 6, 8, "THREE = 3"),
        ("wrong", "square of sum -> doubles_three", 10, 11, "pass"),
        ("cell", "", 12, 13, "x = 1"),
        ("cell", 'tags=["explore"]', 14, 15, ""),
    ]


@pytest.mark.parametrize("text", ["", "x = 1\n", "# a comment\n"])
def test_a_text_without_markers_has_no_sections(text: str) -> None:
    assert split_sections(PATH, text) == []


def test_the_cells_keep_their_line_numbers() -> None:
    lines = cells_text(TEXT, split_sections(PATH, TEXT)).split("\n")
    assert len(lines) == len(TEXT.split("\n"))
    assert {number: line for number, line in enumerate(lines, 1) if line} == {
        number: line for number, line in enumerate(TEXT.split("\n"), 1) if line and number not in (6, 7, 8, 9, 10, 11)
    }


def test_what_is_written_in_order_is_passed() -> None:
    legal = ("visible", "hidden", "right", "wrong", "survivors")
    assert list(section_findings(split_sections(PATH, TEXT), legal)) == []


@pytest.mark.parametrize(
    "line",
    ["# %%time", "# a hidden thing", "# 5 % hidden", "# %% [markdown]", "x = 3 % hidden", "#: %"],
)
def test_other_percent_signs_are_no_markers(line: str) -> None:
    assert list(section_findings(split_sections(PATH, f"# %%\n{line}\n"), ("visible",))) == []


@pytest.mark.parametrize("line", ["# %%hidden", "#%hidden", "## %% hidden", "# % Hidden", "    # %%right sum"])
def test_what_was_meant_as_a_marker_is_told(line: str) -> None:
    (finding,) = section_findings(
        split_sections(PATH, f"# %% visible\nx = 1\n{line}\n"), ("visible", "hidden", "right")
    )
    assert (finding.line, finding.path) == (3, PATH)
    assert "looks like the start of a section, but is none" in finding.message
