from __future__ import annotations

import pytest

from coursekit.authoring.markers import open_lines, regions, released_source
from tests.authoring.conftest import Findings

CELL = """\
def f(x):
    ### BEGIN SOLUTION
    y = x
    ### END SOLUTION
    if y:
        ### BEGIN SOLUTION
        return y
        ### END SOLUTION
### BEGIN HIDDEN TESTS
f(1)
### END HIDDEN TESTS
g()"""

EXERCISE = '# %% nbgrader={"grade_id": "a", "solution": true}'
CHECK = '# %% nbgrader={"grade_id": "check_a", "grade": true, "points": 1}\n'
BEGIN, END = "### BEGIN SOLUTION\n", "### END SOLUTION\n"


def test_regions_are_found_with_their_kinds() -> None:
    assert regions(CELL) == [("SOLUTION", 1, 3), ("SOLUTION", 5, 7), ("HIDDEN TESTS", 8, 10)]


def test_students_get_an_indented_stub_for_each_solution_and_nothing_for_the_rest() -> None:
    expected = "def f(x):\n    stub\n    if y:\n        stub\ng()"
    assert released_source(CELL, "stub") == expected
    assert open_lines(CELL) == ["def f(x):", "    if y:", "g()"]


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        (f"{EXERCISE}\nx = 1\n", 4, "does not say which lines are the answer"),
        (f"{EXERCISE}\n{BEGIN}x = 1\n", 4, "has no 'END SOLUTION' below it"),
        (f"{EXERCISE}\n{BEGIN}x = 1\n{END}{END}", 7, "has no 'BEGIN SOLUTION' above it"),
        (f"{EXERCISE}\n{BEGIN}{BEGIN}x = 1\n{END}", 5, "stands inside the SOLUTION region begun on line 4"),
        (f"{EXERCISE}\n### begin BEGIN SOLUTION\nx = 1\n{END}", 4, "write '### BEGIN SOLUTION' alone"),
        (f"# %%\n{BEGIN}x = 1\n{END}", 4, "in a cell without nbgrader metadata"),
        ("# %% [markdown]\n# After BEGIN SOLUTION write.\n", 4, "in a cell without nbgrader metadata"),
        (f"{CHECK}{BEGIN}x = 1\n{END}check('a')\n", 4, "in check 'check_a'; it belongs in: exercise, answer"),
        (f"{EXERCISE}\n{BEGIN}{END}### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n", 6, "it belongs in: check"),
        (f"{CHECK}### BEGIN MARK SCHEME\n### END MARK SCHEME\n", 4, "it belongs in: task"),
        (f"{CHECK}### BEGIN HIDDEN TESTS\ncheck('a')\n", 4, "has no 'END HIDDEN TESTS' below it"),
    ],
)
def test_markers_out_of_order_are_refused(findings: Findings, cell: str, line: int, words: str) -> None:
    found = findings(f"# %% [markdown]\n# # Title\n{cell}")
    assert any(place == line and words in message for place, message in found)


def test_an_answer_in_words_needs_its_markers_too(findings: Findings) -> None:
    marker = '# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 1}'
    [(line, message)] = findings(f"# %% [markdown]\n# # Title\n\n{marker}\n# Because.\n")
    assert line == 5
    assert "answer 'why' does not say which lines are the answer" in message


def test_text_below_an_answer_in_words_is_refused(findings: Findings) -> None:
    marker = '# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 1}'
    answer = f"{marker}\n# ### BEGIN SOLUTION\n# Because.\n# ### END SOLUTION\n"
    above = answer.replace("# ### BEGIN", "# **Why?**\n#\n# ### BEGIN")
    assert not findings(f"# %% [markdown]\n# # Title\n\n{above}")
    [(line, message)] = findings(f"# %% [markdown]\n# # Title\n\n{answer}#\n# ### The next section\n")
    assert line == 9
    assert "'### The next section' stands in the cell" in message
    assert "begin a cell of its own" in message
