"""The cell that asks: what it shows, and what it says of an answer."""

from __future__ import annotations

import gc
import html
import json
import linecache
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import coursekit
from coursekit.errors import UnknownNameError
from coursekit.questions.display import Asked, Nothing
from coursekit.questions.question import Question
from coursekit.variants import names_defined

ROOT = Path(__file__).parents[2]
SOFTMAX = '''
def softmax(Z):
    """Turn each row of scores into a probability distribution."""
    shifted = Z - Z.max(axis=1, keepdims=True)  # <b>
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)
'''


class Notebook:
    """The names of a notebook, in which cells are run."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"In": [""]}
        self.run("import numpy as np\nimport coursekit\nask = coursekit.questions_for('01_softmax')")

    def run(self, cell: str) -> Any:
        self.names["In"].append(cell)
        last = cell.rstrip("\n").split("\n")[-1]
        file = f"<cell {len(self.names['In'])}>"
        linecache.cache[file] = len(cell), None, cell.splitlines(keepends=True), file
        if not last.startswith("ask("):
            exec(compile(cell, file, "exec"), self.names)
            return None
        return eval(last, self.names)


@pytest.fixture
def notebook() -> Notebook:
    notebook = Notebook()
    notebook.run(SOFTMAX)
    return notebook


def letters(asked: Asked) -> list[str]:
    return [question.letter for question in asked.questions]


def wrong(letter: str) -> str:
    return "b" if letter == "a" else "a"


def test_the_students_own_lines_are_shown_and_the_asked_ones_marked(notebook: Notebook) -> None:
    text = repr(notebook.run('ask("softmax")'))
    assert "→   4      shifted = Z - Z.max(axis=1, keepdims=True)  # <b>" in text
    assert "distribution" not in text
    assert "Input:\n    Z = np.array([[2.0, 4.0, 1.0], [0.0, 1.0, 3.0]])\n    softmax(Z)" in text
    assert max(map(len, text.split("\n"))) <= 88


def test_functions_that_the_lines_call_are_described(notebook: Notebook) -> None:
    notebook.run('def top(Z):\n    """Return the largest of each row."""\n    return Z.max(axis=1, keepdims=True)')
    notebook.run(SOFTMAX.replace("Z.max(axis=1, keepdims=True)", "top(Z)"))
    asked = notebook.run('ask("softmax")')
    assert "It calls:\n    top(Z): Return the largest of each row." in repr(asked)
    assert "<code>top(Z): Return the largest of each row.</code>" in asked._repr_html_()


def test_nothing_is_said_of_right_and_wrong_before_an_answer(notebook: Notebook) -> None:
    asked = notebook.run('ask("softmax", answer=None)')
    for shown in (repr(asked), asked._repr_html_()):
        assert "✓" not in shown
        assert "✗" not in shown
        assert not any(choice.why in shown for question in asked.questions for choice in question.choices)


def test_a_right_answer_is_told_with_its_reason(notebook: Notebook) -> None:
    asked = notebook.run('ask("softmax")')
    answered = notebook.run(f'ask("softmax", answer={tuple(letters(asked))!r})')
    assert "✓ softmax: 2 questions about your own lines, 2 answered right" in repr(answered)
    for question in asked.questions:
        assert f"{question.letter} is right." in repr(answered)


def test_a_wrong_answer_is_told_with_the_misconception(notebook: Notebook) -> None:
    asked = notebook.run('ask("softmax")')
    chosen = wrong(letters(asked)[0])
    text = " ".join(repr(notebook.run(f'ask("softmax", answer="{chosen.upper()}")')).split())
    assert f"✗ Not {chosen}." in text
    assert " ".join(asked.questions[0].choices["abcd".index(chosen)].why.split()) in text


def test_an_answer_to_other_code_no_longer_counts(notebook: Notebook) -> None:
    answer = f'ask("softmax", answer="{letters(notebook.run("ask(" + chr(34) + "softmax" + chr(34) + ")"))[0]}")'
    assert "is right" in repr(notebook.run(answer))
    notebook.run(SOFTMAX.replace("Z.max(axis=1, keepdims=True)", "Z.max(axis=1)[:, None]"))
    assert "no longer counts" in repr(notebook.run(answer))
    assert "no longer counts" not in repr(notebook.run(answer))


def test_a_comment_more_leaves_the_answer_as_it_is(notebook: Notebook) -> None:
    answer = f'ask("softmax", answer="{letters(notebook.run("ask(" + chr(34) + "softmax" + chr(34) + ")"))[0]}")'
    assert "is right" in repr(notebook.run(answer))
    notebook.run(SOFTMAX.replace("    powers =", "    # The powers.\n    powers ="))
    assert "is right" in repr(notebook.run(answer))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("'e'", "'e' is none"),
        ("3", "3 is none"),
        ("''", "'' is none"),
        ("('a', 'a', 'a')", "3 answers and 2 questions"),
    ],
)
def test_an_answer_that_is_no_choice_is_told(notebook: Notebook, answer: str, said: str) -> None:
    shown = notebook.run(f'ask("softmax", answer={answer})')
    assert said in " ".join(repr(shown).split())
    assert not shown.answers


def test_an_exercise_without_questions_is_unknown(notebook: Notebook) -> None:
    with pytest.raises(UnknownNameError, match="softmax_gradient"):
        notebook.run('ask("train_softmax")')
    with pytest.raises(UnknownNameError, match="01_softmax"):
        coursekit.questions_for("01_softmox")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("del softmax", "softmax is not defined"),
        ("softmax = 3", "cannot be found"),
        ("def softmax(Z):\n    raise NotImplementedError", "Write softmax first"),
        ("softmax = lambda Z: Z * 2", "not written with `def`"),
    ],
)
def test_nothing_to_ask_is_told_plainly(notebook: Notebook, cell: str, said: str) -> None:
    notebook.run(cell)
    shown = notebook.run('ask("softmax")')
    assert isinstance(shown, Nothing)
    assert said in " ".join(repr(shown).split())
    assert "nothing to ask here" in shown._repr_html_()


def test_nothing_is_asked_while_work_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    notebook = Notebook()
    notebook.run("def softmax(Z):\n    while True:\n        pass")
    assert "not graded" in repr(notebook.run('ask("softmax", answer="e")'))


def test_the_page_is_well_formed_and_holds_no_markup_of_the_students(notebook: Notebook) -> None:
    html = notebook.run('ask("softmax")')._repr_html_()
    assert "# &lt;b&gt;" in html
    opened: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Parser().feed(html)
    assert opened == []
    assert "<script" not in html


@pytest.mark.parametrize("lab", ["00_numpy", "02_backprop"])
def test_every_cell_that_asks_works_on_the_reference(lab: str) -> None:
    notebook = json.loads((ROOT / "solutions" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    names = names_defined(notebook)
    cells = ["".join(c["source"]) for c in notebook["cells"] if "".join(c["source"]).startswith("ask(")]
    assert len(cells) >= 3
    for cell in cells:
        assert isinstance(eval(cell, names), Asked)


# graded


@pytest.fixture
def graded(notebook: Notebook) -> Notebook:
    notebook.run("ask = coursekit.questions_for('01_softmax', graded=True)")
    return notebook


def mark_of(asked: Asked) -> str:
    assert re.fullmatch(r"[1-9]\d", asked.mark)
    return asked.mark


def test_the_choices_of_graded_questions_carry_the_digits_of_the_code(graded: Notebook) -> None:
    asked = graded.run('ask("softmax", answer=None)')
    for shown in (repr(asked), html.unescape(asked._repr_html_())):
        assert all(f"{letter}{mark_of(asked)}" in shown for letter in "abcd")
        assert f'answer="b{asked.mark}", or ("b{asked.mark}", "c{asked.mark}") for both' in shown.replace("\n   ", " ")


@pytest.mark.parametrize("letter", ["a", "b", "c", "d"])
def test_nothing_is_said_of_a_graded_answer_but_that_it_was_given(graded: Notebook, letter: str) -> None:
    answer = letter + mark_of(graded.run('ask("softmax")'))
    shown = repr(graded.run(f'ask("softmax", answer="{answer}")'))
    assert f"Your answer: {answer}." in shown
    assert "graded with it; 1 of 2 answered" in shown
    assert not set("✓✗") & set(shown)


def test_the_result_of_a_graded_question_does_not_hold_what_is_right(graded: Notebook) -> None:
    asked = graded.run('ask("softmax")')
    assert {question.right for question in asked.questions} == {-1}
    assert {choice.why for question in asked.questions for choice in question.choices} == {""}
    gc.collect()
    assert all(each.right < 0 for each in gc.get_objects() if type(each) is Question)


def test_an_answer_about_other_code_does_not_count(graded: Notebook) -> None:
    old = mark_of(graded.run('ask("softmax")'))
    graded.run(SOFTMAX.replace("# <b>", "# as on the slide").replace("\n    powers", "\n\n    powers"))
    assert mark_of(graded.run('ask("softmax")')) == old
    graded.run(SOFTMAX.replace("powers", "p"))
    asked = graded.run(f'ask("softmax", answer="b{old}")')
    assert asked.mark != old
    assert asked.answers == ()
    shown = repr(asked).replace("\n   ", " ")
    assert "was given to other code, and no longer counts. Answer in this cell" in shown


@pytest.mark.parametrize("answer", ['"b"', '"e47"', "2", '("a4",)', '"b477"'])
def test_an_answer_in_another_form_gets_the_legal_ones(graded: Notebook, answer: str) -> None:
    mark = mark_of(graded.run('ask("softmax")'))
    shown = repr(graded.run(f'ask("softmax", answer={answer})'))
    assert f"'a{mark}', 'b{mark}'" in shown
