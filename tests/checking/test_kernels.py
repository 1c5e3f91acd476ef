from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit import gpu
from coursekit.checking import CheckFailure, LocalStudent, NotWrittenError, StudentError
from coursekit.checking.kernels import case, launched

Made = Callable[..., list[Any]]
DOUBLED = """
def kernel(me, x, y):
    i = me.block.x * me.size.x + me.thread.x
    if i < len(x):
        y[i] = 2 * x[i]
"""


def probe(kernel: Any, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)
    return model["_attempt"](kernel, cases)


@pytest.fixture
def made_by(cells: Callable[..., LocalStudent]) -> Callable[..., list[Any]]:
    """Launch a notebook's kernel for x = 0, 1, …, 4."""

    def made(source: str, *before: str) -> list[Any]:
        student = cells(*before, source)
        return launched(student, "kernel", probe, [case([np.arange(5.0), np.zeros(5)], 3, 2)])

    return made


def test_a_launch_gives_arrays_and_counts(made_by: Made) -> None:
    (made,) = made_by(DOUBLED)
    assert made["arrays"][1].tolist() == [0, 2, 4, 6, 8]
    assert made["arrays"][1].dtype == np.float32
    assert (made["reads"], made["writes"]) == ({"x": 5, "y": 0}, {"x": 0, "y": 5})
    assert made["transactions"] == {"x": 3, "y": 3}


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("y[i] = 2 * x[i]", "is out of bounds", "let a thread ask, with if"),
        ("y[0] = 1.0", "A race", "an element of its own"),
        ("me.shared('s', 1)[0]", "is read before any thread", "Fill shared memory first"),
        ("me.barrier(), me.barrier()", "A barrier without yield", "Write the barrier as"),
        ("y[0.5] = 1.0", "whole numbers", "Ask for one element"),
        ("me.shared('s', 10**6)", "bytes of shared memory", "one shared array"),
    ],
)
def test_a_fault_is_said_in_words_with_what_to_try(made_by: Made, line: str, message: str, hint: str) -> None:
    source = DOUBLED.replace("    if i < len(x):\n        y[i] = 2 * x[i]", f"    {line}")
    with pytest.raises(CheckFailure, match=message) as found:
        made_by(source)
    assert hint in found.value.hint


def test_an_error_of_pythons_names_the_line(made_by: Made) -> None:
    with pytest.raises(StudentError) as found:
        made_by(DOUBLED.replace("2 * x[i]", "2 * x"))
    assert "in kernel, line" in str(found.value.got)
    assert "TypeError" in str(found.value.got)


def test_a_stub_is_not_written(made_by: Made) -> None:
    with pytest.raises(NotWrittenError):
        made_by("def kernel(me, x, y):\n    raise NotImplementedError\n")
    with pytest.raises(NotWrittenError):
        made_by("def kernal(me, x, y):\n    y[0] = x[0]\n")


LOOK = "def look(x, i):\n    return x._values[i]\n"


@pytest.mark.parametrize(
    ("kernel", "said"),
    [
        (DOUBLED.replace("x[i]", "x._values[i]"), "uses x._values, which"),
        (LOOK + DOUBLED.replace("x[i]", "look(x, i)"), "uses x._values, which"),
        (DOUBLED.replace("y[i] = 2 * x[i]", "x.kept = 1"), "uses x.kept, which"),
        ("import numpy as np\n" + DOUBLED.replace("y[i] = 2 * x[i]", "np.divmod = max"), "uses np.divmod, which"),
        (DOUBLED.replace("y[i] = 2 * x[i]", "dir(x)"), "uses dir, which"),
        (DOUBLED.replace("x[i]", "getattr(x, 'na' + 'me')"), "getattr with a computed name"),
        (DOUBLED.replace("x[i]", "vars(x)"), "it uses vars"),
        (DOUBLED, ""),
    ],
)
def test_a_kernel_reads_and_writes_what_is_counted(made_by: Made, kernel: str, said: str) -> None:
    with pytest.raises(CheckFailure, match=said) if said else contextlib.nullcontext():
        assert made_by(kernel)


def test_another_kernel_under_its_name_is_not_called(made_by: Made) -> None:
    others = "def other(me, x, y):\n    y[0] = x[0] = 7.0\n"
    (made,) = made_by(f"{DOUBLED}\n{others}\nglobals()['ker' + 'nel'] = other\n")
    assert made["arrays"][1].tolist() == [0, 2, 4, 6, 8]


def test_a_patched_model_is_of_no_use(made_by: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "launch", lambda *args, **options: gpu.Run())
    monkeypatch.setattr(gpu.Memory, "__getitem__", lambda self, key: 1.0)
    (made,) = made_by(DOUBLED)
    assert made["arrays"][1].tolist() == [0, 2, 4, 6, 8]


def test_names_that_other_cells_define_too_are_no_matter(made_by: Made) -> None:
    """Such as x and size, which are attributes here: nothing else of the notebook is run."""
    (made,) = made_by(DOUBLED, "x = undefined_after_all if False else 3\nsize = thread = shape = print\n")
    assert made["reads"]["x"] == 5


def test_what_gives_back_nothing_is_no_launch(cells: Callable[..., LocalStudent]) -> None:
    def forged(kernel: Any, text: str, cases: Any) -> Any:
        return [3]

    with pytest.raises(CheckFailure, match="gave nothing"):
        launched(cells(DOUBLED), "kernel", forged, [case([np.zeros(1)], 1, 1)])
