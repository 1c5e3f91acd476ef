from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from coursekit import bench, plots
from coursekit.plots.words import course_of, describe, listed, words_of
from tests.plots.painted import drawn

PACKAGE = Path(plots.__file__).parents[1]
DRAWING = [*sorted((PACKAGE / "plots").glob("*.py")), PACKAGE / "bench" / "figures.py"]


def test_a_line_is_told_by_its_ends_and_by_what_lies_within() -> None:
    assert course_of([1, 2, 3], [9.0, 4.0, 1.0]) == "from 9 at 1 to 1 at 3"
    assert course_of([1, 2, 3], [2.0, 1.0, 3.0]) == "from 2 at 1 to 3 at 3, least 1 at 2"
    assert course_of([1, 2], [np.nan, 5.0]) == "from 5 at 2 to 5 at 2"
    assert course_of([1], [np.inf]) == "nothing that can be drawn"


def test_of_many_things_the_first_are_told_and_the_rest_counted() -> None:
    assert listed({"a": 1, "b": 2}) == "a 1, b 2"
    assert listed([str(i) for i in range(14)]).endswith("10, 11 and 2 more")


def test_the_words_of_curves_have_their_numbers() -> None:
    plots.curves({"mine": ([0, 1], [2.5, 0.25])}, xlabel="epoch", ylabel="loss", title="Learning")
    assert words_of(drawn()) == "Learning: loss against epoch. mine goes from 2.5 at 0 to 0.25 at 1."


def test_pictures_on_axes_of_one_figure_are_told_one_after_the_other() -> None:
    figure, axes = plt.subplots(1, 2)
    for axis, title in zip(axes, ("Left", "Right"), strict=True):
        plots.bars({"a": [1.0]}, ["x"], ylabel="y", title=title, ax=axis)
    assert words_of(figure) == "Left: bars of y. a x 1. Right: bars of y. a x 1."


def test_a_figure_that_nobody_described_has_no_words() -> None:
    assert words_of(plt.figure()) == ""


@pytest.mark.parametrize("file", DRAWING, ids=lambda file: file.stem)
def test_whatever_draws_a_title_describes_what_it_drew(file: Path) -> None:
    """A public function with a title has words, or hands its data to one that has."""
    functions = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        called = {
            call.func.id
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        }
        if function.name.startswith("_") or function.name in ("finish", "describe", "open_axes"):
            continue
        if {"open_axes", "finish", "_side_by_side", "_GraphPicture"} & called:
            assert "describe" in called, function.name


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A notebook's IPython, as far as pictures need it."""
    import IPython
    from IPython.core.formatters import PNGFormatter

    formatter = PNGFormatter()
    formatter.for_type(Figure, lambda figure: b"png")
    holder = type("Shell", (), {"display_formatter": type("Display", (), {"formatters": {"image/png": formatter}})()})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: holder)
    return formatter


def test_a_notebook_writes_the_words_beside_the_png(shell: Any) -> None:
    figure = plt.figure()
    describe(figure, "Two\nlines", "one\n line.")
    describe(figure, "", "Another.")
    assert shell(figure) == (b"png", {"alt": "Two lines: one line. Another."})
    assert shell(plt.figure()) == b"png"


def test_what_a_picture_says_already_is_kept(shell: Any) -> None:
    shell.for_type(Figure, lambda figure: (b"png", {"width": 5}))
    figure = plt.figure()
    describe(figure, "", "A square.")
    assert shell(figure) == (b"png", {"width": 5, "alt": "A square."})


def test_a_timeline_says_when_the_device_works() -> None:
    device = bench.MockDevice([0.04], launch_s=0.002, loading_s=0.0)
    device.clock()
    device.call()
    device.sync()
    bench.timeline(device.log, title="A call")
    assert words_of(drawn()).startswith("A call: program and device in time: call 0 works from 2 to 42 ms")
