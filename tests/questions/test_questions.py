"""What is asked about functions of all kinds, and what bad ones lead to."""

from __future__ import annotations

import signal
import time
from typing import Any

import numpy as np
import pytest

from coursekit.errors import NothingToAskError
from coursekit.questions import Example, Question, questions_about
from coursekit.questions import changed as changed_module
from coursekit.questions import running as running_module

ROWS = """
def f(Z):
    top = Z.max(axis=1, keepdims=True)
    return Z - top
"""
LOOPS = """
def f(n):
    total = 0
    for i in range(n):
        for j in range(2 * n):
            total += i * j
    return total
"""


def ask(
    source: str, example: str = "Z = np.array([[1.0, 2.0, 5.0], [4.0, 0.0, 3.0]])\nf(Z)", **names: Any
) -> list[Question]:
    names = {"np": np, **names}
    return questions_about(source, "f", Example(example), names)


def of_kind(questions: list[Question], kind: str) -> Question:
    return next(question for question in questions if question.kind == kind)


def test_the_shape_without_keepdims_is_a_choice() -> None:
    question = of_kind(ask(ROWS), "shape")
    texts = [choice.text for choice in question.choices]
    assert texts[question.right] == "(2, 1)"
    assert question.line == 3
    assert "top" in question.text


def test_a_growing_loop_is_asked_about_with_both_sizes() -> None:
    question = of_kind(ask(LOOPS, "n = 3\nf(n)"), "growth")
    assert question.choices[question.right].text == "4 times as often"
    assert question.choices[question.right].why == "It is executed 18 times for n = 3, and 72 times for n = 6."
    assert question.line == 6


def test_without_a_size_the_count_is_asked() -> None:
    question = of_kind(ask(LOOPS, "f(3)"), "count")
    assert question.choices[question.right].text == "18"
    assert question.choices[question.right].why == "It is executed 18 times: 3 · 6."
    assert {"3", "6"} < {choice.text for choice in question.choices}


def test_comments_and_spacing_change_nothing_but_the_line() -> None:
    spaced = ROWS.replace(
        "    top = Z.max(axis=1,", "    # The largest of each row.\n\n    top = Z.max( axis=1,\n       "
    )
    plain, other = ask(ROWS), ask(spaced)
    assert [(q.kind, q.choices, q.right) for q in plain] == [(q.kind, q.choices, q.right) for q in other]
    assert [question.line for question in other] == [question.line + 2 for question in plain]


def test_other_code_is_asked_something_else() -> None:
    assert ask(ROWS) != ask(ROWS.replace("axis=1", "axis=0"))


def test_of_two_definitions_the_last_is_asked_about() -> None:
    assert {question.line for question in ask("def f(Z):\n    return Z\n" + ROWS)} == {5}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("f = lambda Z: Z.sum(axis=1) * 2", "not written with `def`"),
        ("class f:\n    def __init__(self, Z):\n        self.Z = Z + 1", "not written with `def`"),
        ("async def f(Z):\n    return Z + 1", "not written with `def`"),
        ("@str\ndef f(Z):\n    return Z + 1", "decorator"),
        ("def f(Z):\n    return Z +", "cannot be read"),
        ("def g(Z):\n    return Z", "not written with `def`"),
        ("def f(Z):\n    '''Nothing else.'''", "nothing but its docstring"),
        ("def f(Z):\n    raise NotImplementedError", "Write f first"),
        ("def f(Z):\n    return Z / nothing", "NameError"),
        ("def f(Z):\n    while True:\n        Z = Z + 1", "too many steps"),
        ("def f(Z):\n    return f(Z)", "RecursionError|too long"),
        ("def f(Z):\n    raise SystemExit", "SystemExit"),
        ("def f(Z):\n    return Z", "so few lines"),
        ("def f(Z):\n    exec('while 1: pass')", "too many steps"),
        ("def f(Z):\n    return " + "(" * 150 + "Z" + ")" * 150, "so few lines"),
        ("def f(Z):\n" + "    Z = Z + 1\n" * 200 + "    return Z", "120 statements"),
        ("def f(Z):\n    return Z\n" + "#" * 20_000, "characters"),
    ],
)
def test_what_cannot_be_asked_about_is_told_plainly(source: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_module, "LIMIT_S", 0.3)
    with pytest.raises(NothingToAskError, match=why):
        ask(source)


def test_code_that_swallows_every_error_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_module, "LIMIT_S", 0.3)
    source = (
        "def f(Z):\n    try:\n        while True:\n            Z = Z + 1\n    except BaseException:\n        return Z"
    )
    with pytest.raises(NothingToAskError):
        ask(source)


def test_code_that_sleeps_has_few_of_its_changes_run(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(changed_module, "_MOST_S", 0.0)
    questions = ask(ROWS.replace("    return", "    sleep(1)\n    return"), sleep=slept.append)
    assert of_kind(questions, "shape").choices[questions[0].right].text == "(2, 1)"
    assert len(slept) <= 4


def test_sleeping_for_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_module, "LIMIT_S", 0.2)
    with pytest.raises(NothingToAskError, match="too long"):
        ask("def f(Z):\n    sleep(3600)\n    return Z", sleep=time.sleep)


def test_random_numbers_cost_only_the_questions_that_hang_on_them() -> None:
    source = ROWS.replace(
        "    return Z - top", "    noise = np.random.default_rng().normal(size=2)\n    return Z - top + noise[0]"
    )
    assert of_kind(ask(source), "shape").choices
    assert not [question for question in ask(source) if question.kind == "change"]


def test_a_way_that_is_chosen_by_chance_is_not_asked_about() -> None:
    source = "def f(Z):\n    for _ in range(next(turns)):\n        Z = Z + 1\n    return Z"
    with pytest.raises(NothingToAskError, match="each time"):
        ask(source, turns=iter(range(100)))


def test_generators_are_asked_about() -> None:
    source = "def f(Z):\n    for row in Z:\n        half = row[:2] * 2\n        yield half.sum()"
    example = "Z = np.ones((4, 3))\nlist(f(Z))"
    questions = ask(source, example)
    assert of_kind(questions, "count").choices[of_kind(questions, "count").right].text == "4"


def test_recursion_is_not_counted() -> None:
    source = "def f(Z):\n    if len(Z) == 1:\n        return Z.sum(axis=0)\n"
    source += "    for _ in range(3):\n        half = Z[:1] * 2\n"
    source += "    return f(Z[:1]) + f(Z[1:])"
    assert not [question for question in ask(source) if question.kind in ("count", "growth")]


def test_printing_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    ask(ROWS.replace("    return", "    print('x' * 10_000)\n    return"))
    assert capsys.readouterr() == ("", "")


def test_names_of_the_notebook_stay_as_they_are() -> None:
    names: dict[str, Any] = {"np": np, "top": 3}
    questions_about(ROWS, "f", Example("Z = np.ones((2, 3))\nf(Z)"), names)
    assert names == {"np": np, "top": 3}


def test_constants_and_copies_are_not_asked_about() -> None:
    source = "def f(Z):\n    size = 7\n    W = Z.copy()\n    return W.sum(axis=0)[:size]"
    assert not [question for question in ask(source) if question.about in ("size", "W")]


def test_what_is_ended_leaves_no_alarm_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_module, "LIMIT_S", 0.05)
    before = signal.getsignal(signal.SIGALRM)
    for _ in range(10):
        with pytest.raises(NothingToAskError):
            ask("def f(Z):\n    sleep(3600)\n    return Z", sleep=time.sleep)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_forgotten_keepdims_can_be_an_error() -> None:
    source = "def f(Z):\n    return np.exp(Z) - Z.max(axis=1, keepdims=True)"
    asked = ask(source, "Z = np.array([[1.0, 2.0, 5.0], [4.0, 6.0, 3.0]])\nf(Z)")
    texts = {question.choices[question.right].text for question in asked if question.kind == "change"}
    assert texts <= {"Python stops with an error.", "The same shape, with other numbers."}
    assert texts


def test_the_shape_of_a_reduction_is_asked_with_all_four_mistakes() -> None:
    question = of_kind(ask(ROWS), "shape")
    assert {choice.text for choice in question.choices} >= {"(2, 1)", "(2,)", "(1, 3)"}


def test_the_last_turn_is_asked_about_where_its_array_is_another() -> None:
    source = "def f(Z):\n    for i in range(0, 3, 2):\n        part = Z[:, i : i + 2]\n    return part"
    question = of_kind(ask(source), "shape")
    assert "last time" in question.text
    assert question.choices[question.right].text == "(2, 1)"
    assert "(2, 2)" in {choice.text for choice in question.choices}


def test_of_a_sum_that_is_only_given_the_value_is_asked() -> None:
    source = "def f(C):\n    for i in range(1, 5):\n        C += i * np.array([1, 3])\n    return C"
    question = of_kind(ask(source, "f(np.array([10, 20]))"), "result")
    assert question.about.startswith("C = i * np.array([1, 3])|")
    assert {choice.text for choice in question.choices} == {"12", "50", "30", "32"}
    assert question.choices[question.right].text == "12"


def test_the_same_result_by_accident_of_the_input_is_no_answer() -> None:
    source = "def f(Z):\n    return Z @ Z.T - Z @ Z"
    with pytest.raises(NothingToAskError, match="nothing to ask"):
        ask(source, "Z = np.zeros((2, 2))\nf(Z)")


def test_a_block_is_never_left_without_its_only_line() -> None:
    source = "def f(Z):\n    for row in Z:\n        row += 1\n    return Z"
    for question in ask(source):
        assert "left out" not in question.text


def test_floor_in_place_of_ceil_is_a_choice() -> None:
    source = "def f(n):\n    blocks = [-(-side // 2) for side in (n, n + 2, n + 5)]\n    return np.zeros(blocks)"
    question = of_kind(ask(source, "f(5)"), "value")
    assert question.choices[question.right].text == "[3, 4, 5]"
    assert "[2, 3, 5]" in {choice.text for choice in question.choices}


@pytest.mark.parametrize(
    "line",
    [
        "Z = Z > 2",
        "Z = Z * 1j",
        "Z = Z * np.nan",
        "Z = [[True, 'x' * 5000], None]",
        "Z = Z.astype(np.uint8)",
    ],
)
def test_odd_values_stop_nothing(line: str) -> None:
    source = f"def f(Z):\n    top = Z.max(axis=1, keepdims=True)\n    {line}\n"
    source += "    for i in range(3):\n        Z += Z\n    return Z"
    for question in ask(source):
        assert len({choice.text for choice in question.choices}) == 4
        assert max(len(choice.text) for choice in question.choices) < 100
