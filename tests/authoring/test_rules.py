from __future__ import annotations

import pytest

from tests.authoring.conftest import Findings


def test_a_lab_that_keeps_every_rule_has_no_findings(findings: Findings, lab: str) -> None:
    assert findings(lab) == []


@pytest.mark.parametrize("first", ["# %%\nx = 1\n", "# %% [markdown]\n# No title\n"])
def test_a_lab_begins_with_its_title(findings: Findings, first: str) -> None:
    [(line, message)] = findings(first)
    assert line == 2
    assert "begins with a markdown cell" in message


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [
        ("x = (1\n", 4, "is not valid Python"),
        ("x = 1\nreturn x\n", 5, "'return' outside function"),
        ('x = "\\d"\n', 4, "invalid escape sequence"),
        ("x = 1\nif x is 1:\n    pass\n", 5, '"is" with'),
        ("x = '\0'\n", 4, "is not valid Python"),
    ],
)
def test_every_cell_compiles_without_a_warning(findings: Findings, code: str, line: int, words: str) -> None:
    [(found, message)] = findings(f"# %% [markdown]\n# # Title\n# %%\n{code}")
    assert found == line
    assert words in message


def test_await_is_legal_in_a_cell(findings: Findings) -> None:
    assert findings("# %% [markdown]\n# # Title\n# %%\nawait something()\n") == []


def test_what_is_left_without_the_answer_is_valid_python(findings: Findings, lab: str) -> None:
    text = lab.replace(
        "    ### BEGIN SOLUTION\n    twice", "    if x:\n        ### BEGIN SOLUTION\n        y = 1\n    twice"
    )
    text = text.replace("    ### END SOLUTION", "    ### END SOLUTION\n        z = 2")
    assert findings(text.replace("        z = 2", "    z = 2")) == []
    [(line, message)] = findings(
        lab.replace("### BEGIN SOLUTION\n    twice", "if x:\n    ### BEGIN SOLUTION\n        twice")
    )
    assert line == 5
    assert "once the answer is removed" in message


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"check_double"', '"double"', 12, "is taken by the cell on line 4"),
        ('"check_double"', '"check_triple"', 4, "needs its check cell 'check_double' right under it"),
        ('"double", "solution"', '"triple", "solution"', 4, "needs its check cell 'check_triple' right under it"),
        ('# %% nbgrader={"grade_id": "check', '# %%\npass\n\n# %% nbgrader={"grade_id": "check', 4, "right under it"),
        ('# %% nbgrader={"grade_id": "check', '# %%\npass\n\n# %% nbgrader={"grade_id": "check', 15, "no exercise"),
        ('check("double")', 'check("triple")', 13, 'must end with check("double")'),
        ('check("double")', 'score = check("double")', 13, "must end with"),
        ('check("double")', 'check("double");', 13, "without a semicolon"),
        ('check("double")', 'check("double")  ;  # quiet', 13, "without a semicolon"),
        ('check("double")', 'check("double")\nprint()', 13, "must end with"),
        ('check("double")', "check(slug)", 13, "must end with"),
        ('check("double")', "# nothing", 13, "must end with"),
        ('check("double")', "pass\n### BEGIN HIDDEN TESTS\ncheck('double')\n### END HIDDEN TESTS", 13, "must end with"),
        ('check("double")', '# AUTOTEST double(2)\ncheck("double")', 13, "'AUTOTEST'"),
    ],
)
def test_an_exercise_and_its_check_belong_together(
    findings: Findings, lab: str, old: str, new: str, line: int, words: str
) -> None:
    assert old in lab
    assert any(found == line and words in message for found, message in findings(lab.replace(old, new)))


def test_an_exercise_at_the_end_has_no_check(findings: Findings, lab: str) -> None:
    [(line, message)] = findings(lab[: lab.index('# %% nbgrader={"grade_id": "check')])
    assert line == 4
    assert "'check_double'" in message


@pytest.mark.parametrize(
    "call", ["check('double')", 'check("double", seed=3)', 'note = "; "\ncheck("double")  # ; see']
)
def test_the_call_of_the_check_may_be_written_in_several_ways(findings: Findings, lab: str, call: str) -> None:
    assert findings(lab.replace('check("double")', call)) == []


def test_an_answer_that_stands_open_elsewhere_is_reported(findings: Findings, lab: str) -> None:
    answer = "a = x + 1\n    bcd = a * x\n    return bcd - a"
    text = lab.replace("twice = x + x\n    return twice", answer.replace("a = x", "first = x"))
    open_copy = "\n# %% [markdown]\n# ```python\n# first = x + 1\n# bcd = a * x\n# return bcd - a\n# ```\n"
    assert findings(text) == []
    [(line, message)] = findings(text + open_copy)
    assert line == 6
    assert "the whole answer to 'double' can be read in the cell on line 16" in message


def test_a_line_or_two_in_common_are_chance(findings: Findings, lab: str) -> None:
    assert findings(f"{lab}\n# %%\nx = 1\ntwice = x + x\n\n# %% [markdown]\n# return twice\n") == []


def test_all_problems_of_a_source_are_found_at_once(findings: Findings, lab: str) -> None:
    text = f'{lab}\n# %% tags=["slow"]\nx = 1\n\n# %% nbgrader=4\ny = 1\n'
    assert [line for line, _ in findings(text)] == [15, 18]
