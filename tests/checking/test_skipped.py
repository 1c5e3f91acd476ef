from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursekit.checking import lab_names, skipped
from coursekit.checking.skipped import (
    absent_when_graded,
    all_skipped,
    definitions_in,
    kept,
    left_out,
    names_when_graded,
    skipped_in,
)

ROOT = Path(__file__).parents[2]
RELEASED = "import struct\ndata = load()\nX, y = data.X(), data.y\nprint(X.shape)\nEPS = 1e-9\ndef f(): return EPS"


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> str:
    """A lab with one cell to look at."""
    monkeypatch.setattr(skipped, "_all_skipped", lambda lab: (skipped_in(RELEASED),))
    skipped._effects.cache_clear()
    return "small"


def test_of_a_cell_to_look_at_the_definitions_are_kept_where_they_stand() -> None:
    assert kept(RELEASED, [skipped_in(RELEASED)]) == "import struct\n\n\n\nEPS = 1e-9\ndef f(): return EPS"


def test_what_was_added_is_kept_and_what_was_set_in_other_lines_is_not() -> None:
    edited = RELEASED.replace("print(X.shape)", "print(\n    X.shape\n)").replace(
        "import struct", "import struct; a = g()"
    )
    assert "print" not in kept(edited, [skipped_in(RELEASED)])
    assert "a = g()" in kept(edited, [skipped_in(RELEASED)])


def test_statements_that_share_a_line_are_told_apart() -> None:
    assert kept("import a; b = c(); D = 1", [skipped_in("b = c()")]) == "import a\nD = 1"


def test_a_decorator_goes_with_its_function() -> None:
    source = "@wraps(f)\ndef g(): ...\nh()"
    assert kept(source, [skipped_in(source)]) == "@wraps(f)\ndef g(): ..."


@pytest.mark.parametrize("source", ["rng = load()", "data = load()", "print(1)\nhelper = 2", ""])
def test_a_cell_that_shares_little_is_the_students_own(source: str) -> None:
    assert left_out(source, [skipped_in(RELEASED)]) == []
    assert kept(source, [skipped_in(RELEASED)]) == source


def test_of_a_cell_that_cannot_be_read_nothing_is_kept() -> None:
    assert kept("def f(:", [skipped_in(RELEASED)]) == ""


@pytest.mark.parametrize(
    ("cells", "absent"),
    [
        ([RELEASED], {"data", "X", "y"}),
        (["X = 1", RELEASED], {"data", "y"}),
        ([RELEASED, "X = np.eye(2)"], {"data", "y"}),
        ([RELEASED, "mean = X.mean()\ndouble = 2 * mean\nfree = 1"], {"data", "X", "y", "mean", "double"}),
        ([RELEASED, "def g(): return X"], {"data", "X", "y"}),
        ([RELEASED, "def g(a=X): return a"], {"data", "X", "y", "g"}),
        ([RELEASED + "\nmine = 3"], {"data", "X", "y"}),
        (["data = load()\nmine = data"], set()),
        ([RELEASED, "data = load()\nmine = data"], {"X", "y"}),
        (["def f(:", "x = 1"], set()),
        (["x = " + "1 + " * 60_000 + "1"], set()),
    ],
)
def test_names_that_grading_will_not_have(lab: str, cells: list[str], absent: set[str]) -> None:
    assert absent_when_graded(cells, lab) == absent


@pytest.mark.parametrize(
    ("own", "absent", "other"),
    [
        ("def g(): return X\nm = g()", "m", ""),
        ("def g(): return X\ndef h(): return g()\nm = h()", "m", ""),
        ("g = lambda: X\nm = g()", "m", ""),
        ("class G:\n    def __init__(self): self.x = X\nm = G()", "m", ""),
        ("class G:\n    def x(self): return X\nm = G()", "", ""),
        ("def g(X): return X\nm = g(1)", "", ""),
        ("def g():\n    global m\n    m = X\ng()", "m", ""),
        ("def g(): return X\ndef g(): return 1\nm = g()", "", ""),
        ("m = []\nm.append(X)", "", "m"),
        ("m = {}\nfor x in X:\n    m[x] = 1", "x", "m"),
        ("class m: pass\nm.x = X", "", "m"),
        ("m = 0\nm += X", "", "m"),
        ("m = 0\nm = X\nn = m", "n", "m"),
        ("m = 0\nm = X\nm = 1", "", ""),
        ("import m\nm.x = X", "", ""),
        ("m = 0\nm.shuffle(X)", "", ""),
        ("try:\n    m = X\nexcept (NameError, ValueError):\n    m = 1", "", ""),
        ("try:\n    m = X\nexcept:\n    m = 1", "", ""),
        ("try:\n    m = X\nfinally:\n    pass", "m", ""),
    ],
)
def test_names_that_are_made_of_others_on_the_way(lab: str, own: str, absent: str, other: str) -> None:
    gone, different = names_when_graded([RELEASED, own], lab)
    assert gone == {"data", "X", "y", *absent}
    assert different == {*other}
    assert absent_when_graded([RELEASED, own], lab) == gone | different


@pytest.mark.parametrize(
    ("source", "definitions"),
    [
        (
            "train()\nimport math\n@wraps\ndef f(): ...\nprint(f)\nEPS = 1",
            "\nimport math\n@wraps\ndef f(): ...\n\nEPS = 1",
        ),
        ("x = 1; train()", "x = 1"),
        ("train()", ""),
        ("def f(:", ""),
        ("x = 1\n" * 50_000, ""),
    ],
)
def test_the_definitions_of_a_cell_stay_on_their_lines(source: str, definitions: str) -> None:
    assert definitions_in(source) == definitions


def test_lines_end_where_python_ends_them() -> None:
    source = "# a form feed \x0c and a separator \u2028 here\nprint(1)\ndef f(): ..."
    assert kept(source, [skipped_in(source)]) == "# a form feed \x0c and a separator \u2028 here\n\ndef f(): ..."


@pytest.mark.parametrize("lab", lab_names())
def test_the_looks_of_a_lab_are_those_of_its_notebook(lab: str) -> None:
    notebook = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    assert list(skipped._all_skipped(lab)) == all_skipped(notebook)


def test_a_lab_without_looks_misses_no_names() -> None:
    assert absent_when_graded([RELEASED], "no_lab_of_that_name") == frozenset()
