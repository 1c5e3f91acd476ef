from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit.checking.calls import LAYOUTS, Call
from coursekit.checking.expressions import call_text
from coursekit.checking.plain import equal
from coursekit.checking.student import function_source


def run(text: str, **names: Any) -> Any:
    """Run lines as a cell does, and return the value of the last."""
    *lines, last = text.splitlines()
    scope = {"np": np, **names}
    exec("\n".join(lines), scope)
    return eval(last, scope)


def given(*args: Any, **kwargs: Any) -> tuple[Any, ...]:
    return args, kwargs


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (Call("softmax", (np.array([[0.0, 1000.0]]),)), "softmax(np.array([[0., 1000.]]))"),
        (Call("f", (np.array([1, 2]), 0.5), {"margin": 2.0}), "f(np.array([1, 2]), 0.5, margin=2.)"),
        (Call("f", (np.array([1, 2], np.uint8),)), "f(np.array([1, 2], dtype=np.uint8))"),
        (Call("f", (np.array([np.nan, -np.inf]),)), "f(np.array([np.nan, -np.inf]))"),
        (Call("f", ([1, (2,)], None, "a", {"b": True})), "f([1, (2,)], None, 'a', {'b': True})"),
        (Call("f", (np.full((9, 9), 0.25),)), "f(np.full((9, 9), 0.25))"),
        (Call("f", (np.ones(2),), layout="read-only"), "f(np.broadcast_to(np.array([1., 1.]), (2,)))"),
    ],
)
def test_a_call_is_a_line_that_makes_it(call: Call, text: str) -> None:
    assert call_text(call) == text
    args, kwargs = run(text, **{call.name: given})
    assert equal([*map(plain, args)], [*map(plain, call.args)])
    assert kwargs == call.kwargs


def plain(value: Any) -> Any:
    return np.array(value) if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_lie_in_memory_as_they_did(layout: str) -> None:
    call = Call("f", (np.arange(6.0).reshape(2, 3),), layout=layout)
    ((array,), _), right = run(call_text(call), f=given), LAYOUTS[layout](call.args[0])
    assert (array == right).all()
    flags = ("c_contiguous", "f_contiguous", "writeable")
    assert [getattr(array.flags, flag) for flag in flags] == [getattr(right.flags, flag) for flag in flags]


def test_long_numbers_are_rounded_and_that_is_said() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4))
    text = call_text(Call("f", (x,)))
    assert text.startswith("# numbers are rounded\nf(")
    assert run(text, f=given)[0][0] == pytest.approx(x, rel=1e-2)


@pytest.mark.parametrize(
    "x",
    [
        np.random.default_rng(0).normal(size=(8, 10)),
        np.random.default_rng(0).random((4, 4, 4)),
        np.random.default_rng(0).integers(3, 9, size=40),
        np.random.default_rng(0).integers(0, 255, size=(8, 8)).astype(np.uint8),
        np.arange(40) % 3 == 0,
        np.random.default_rng(0).normal(size=100).astype(np.float32),
    ],
    ids=["normal", "uniform", "integers", "bytes", "bool", "float32"],
)
def test_a_large_array_is_replaced_by_one_like_it_and_that_is_said(x: np.ndarray) -> None:
    text = call_text(Call("f", (x,)))
    assert text.startswith("# random numbers like the check's\n")
    assert len(text) < 160
    ((array,), _) = run(text, f=given)
    assert (array.shape, array.dtype) == (x.shape, x.dtype)
    assert array.min() >= x.min() or x.dtype.kind == "f"


def diamond(Value: Any, slope: float, n: int = 2) -> Any:
    """Not for students."""
    x: Any = Value(slope)
    return [x] * n


def early(f: Any, x: float) -> Any:
    if x > 0:
        return f(x)
    return 0


def test_of_a_probe_its_lines_are_shown_without_types_and_docstring() -> None:
    call = Call("diamond", kwargs={"slope": 2.0}, text=function_source(diamond), wanted=("Value",))
    assert call_text(call) == "slope = 2.\nn = 2\nx = Value(slope)\n[x] * n"
    assert run(call_text(call), Value=float) == [2.0, 2.0]


def evaluating(Value: Any, which: str) -> Any:
    x = Value(2.0)
    return eval(compile(which, which, "eval"), globals() | {"x": x}) * x


def test_of_a_probe_that_evaluates_a_text_the_text_is_shown() -> None:
    call = Call("evaluating", kwargs={"which": "x - 1"}, text=function_source(evaluating), wanted=("Value",))
    assert call_text(call) == "x = Value(2.0)\n(x - 1) * x"


def test_a_probe_that_returns_early_is_shown_as_a_function() -> None:
    call = Call("early", kwargs={"x": 2.0}, text=function_source(early), wanted=("f",))
    assert run(call_text(call), f=lambda x: 10 * x) == 20


def test_a_probe_of_many_lines_is_not_shown() -> None:
    text = "def probe(f):\n" + "    f()\n" * 20 + "    return 1"
    assert call_text(Call("probe", text=text, wanted=("f",))) == ""
