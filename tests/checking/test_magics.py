from __future__ import annotations

import contextlib
import time

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from coursekit.checking.magics import as_run, python_in
from coursekit.checking.statements import bound_by, statements_of


def bound(source: str, *, files: bool = False) -> dict[str, int]:
    """Return what a cell binds, with the line."""
    return {name: s.lineno for s in statements_of(source, files=files) for name in sorted(bound_by(s))}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("%matplotlib inline\na = 1", {"a": 2}),
        ("!pip install \\\n    numpy\na = 1", {"a": 3}),
        ("files = !ls\na = 1", {"files": 1, "a": 2}),
        ("t = %timeit -o f()\na = 1", {"t": 1, "a": 2}),
        ("f?\na = 1\n??np.exp\nf??", {"a": 2}),
        ("if b:\n    %time f()\na = 1", {"a": 3}),
        ("%%time\na = 1", {"a": 2}),
        ("%time a = 1\nif b:\n    %time c = 1", {"a": 1, "c": 2}),
        ("%time -q f\na = 1", {"a": 2}),
        ("\n\n%%capture out\n%%time\na = 1", {"a": 5}),
        ("%%bash\na = 1", {}),
        ("%%script echo left out\na = 1", {}),
        ("%%writefile mine.py\na = 1", {}),
    ],
)
def test_what_ipython_alone_reads_hides_nothing_else(source: str, found: dict[str, int]) -> None:
    assert bound(source) == found


@pytest.mark.parametrize("above", ["", "%matplotlib inline\n"])
@pytest.mark.parametrize("operator", ["% 4", "!= 4"])
def test_an_operator_that_begins_a_line_is_no_magic(above: str, operator: str) -> None:
    assert list(bound(f"{above}a = (\n    7\n    {operator}\n)\nb = 1")) == ["a", "b"]


def test_a_module_that_a_cell_writes_may_count_as_its_text() -> None:
    assert bound("%%writefile mine.py\ndef f(): pass", files=True) == {"f": 2}


def test_what_is_no_python_with_and_without_magics_cannot_be_read() -> None:
    with pytest.raises(SyntaxError):
        statements_of("%matplotlib inline\nretrun 1")


@pytest.mark.parametrize(
    ("source", "run"),
    [
        ("%%time -q\ndef f():\n    return 'a\\n'\n", "\ndef f():\n    return 'a\\n'\n"),
        ("%%writefile mine.py\ndef f(): pass\n", ""),
        ("x = 1\n", "x = 1\n"),
        ("%time x = 'a'\ny = %time f()\n", "x = 'a'\ny = f()\n"),
        ("%timeit x = 1\n", "get_ipython().run_line_magic('timeit', 'x = 1')\n"),
    ],
)
def test_a_cell_as_ipython_keeps_it_is_given_as_it_ran(source: str, run: str) -> None:
    assert as_run(TransformerManager().transform_cell(source)) == run


@pytest.mark.parametrize("text", ["get_ipython().run_cell_magic(1)", "get_ipython().run_cell_magic('time', x, y)", ""])
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert as_run(text) == text


@pytest.mark.parametrize("text", [" ", "a ", "a, ", "=", "%%time\n", "%a\\\n", "!", "?", "a.", "%"])
def test_no_text_takes_long(text: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(MemoryError, RecursionError):
        # Python's own parser gives up.
        python_in(text * (100_000 // len(text)) + "\n(")
    assert time.monotonic() - began < 5
