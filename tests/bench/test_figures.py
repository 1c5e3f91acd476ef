from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from coursekit.bench import MockDevice, rate_curves, roofline_figure, sample_dots, timeline
from tests.plots.painted import drawn

pytestmark = pytest.mark.usefixtures("off_screen")


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def log_of_a_run() -> Any:
    device = MockDevice([0.04], launch_s=0.002)
    device.clock()
    device.call()
    device.clock()
    device.sync()
    return device.log


CURVES = {"loops": ([16, 32], [1e6, 2e6]), "BLAS": ([16, 32, 64], [1e9, 5e9, 1e10])}
DRAWINGS: list[Callable[..., None]] = [
    lambda **options: rate_curves(CURVES, **options),
    lambda **options: roofline_figure({"axpy": (0.1, 1e9)}, roofs={"peak": 1e11}, bandwidth=2e10, **options),
    lambda **options: sample_dots({"a": [1.0, 2.0]}, **options),
    lambda **options: timeline(log_of_a_run(), **options),
]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_picture_has_a_title_and_says_what_goes_across(draw: Callable[..., None]) -> None:
    draw(title="What it shows")
    (ax,) = drawn().axes
    assert ax.get_title(loc="left") == "What it shows"
    assert ax.get_xlabel()


def test_curves_are_named_at_their_ends_and_drawn_in_gflops() -> None:
    rate_curves(CURVES, levels={"nominal": 2e10})
    figure = drawn()
    assert {"loops", "BLAS", "nominal"} <= set(texts(figure))
    assert np.asarray(figure.axes[0].lines[1].get_ydata()).tolist() == [1.0, 5.0, 10.0]
    assert figure.axes[0].get_xscale() == figure.axes[0].get_yscale() == "log"


@pytest.mark.parametrize(
    ("curves", "message"),
    [({}, "one curve or more"), ({"a": ([1, 2], [1.0])}, "'a'"), ({"a": ([1], [0.0])}, "not above zero")],
)
def test_curves_that_cannot_be_drawn_are_refused(curves: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rate_curves(curves)
    assert not plt.get_fignums()


def test_each_point_is_compared_with_the_roof_that_its_name_ends_in() -> None:
    points = {"axpy float64": (0.1, 1e9), "gemm float64": (100.0, 25e9), "gemm float32": (100.0, 25e9)}
    roofline_figure(points, roofs={"float64": 50e9, "float32": 100e9}, bandwidth=20e9)
    found = "\n".join(texts(drawn()))
    assert "axpy float64\n1 GFLOP/s, 50% of its roof" in found
    assert "gemm float64\n25 GFLOP/s, 50% of its roof" in found
    assert "gemm float32\n25 GFLOP/s, 25% of its roof" in found
    assert "20 GB/s" in found
    assert "ridge at 2.5" in found


@pytest.mark.parametrize(
    "options",
    [{"roofs": {}, "bandwidth": 1.0}, {"roofs": {"a": 0.0}, "bandwidth": 1.0}, {"roofs": {"a": 1.0}, "bandwidth": 0.0}],
)
def test_a_roofline_without_a_roof_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        roofline_figure({"axpy": (1.0, 1.0)}, **options)


def test_every_sample_is_a_dot_and_the_median_is_written_out() -> None:
    sample_dots({"product": [0.001, 0.002, 0.009], "one": [0.5]}, log=True)
    figure = drawn()
    assert np.asarray(figure.axes[0].lines[0].get_xdata()).tolist() == [1.0, 2.0, 9.0]
    assert texts(figure) == ["median 2 ms", "median 500 ms"]


@pytest.mark.parametrize("samples_s", [{}, {"a": []}])
def test_timings_without_samples_are_refused(samples_s: Any) -> None:
    with pytest.raises(ValueError, match="one sample or more"):
        sample_dots(samples_s)


def test_a_timeline_shows_where_the_clock_starts_and_stops() -> None:
    timeline(log_of_a_run())
    assert texts(drawn()) == ["0", "start", "stop"]


def test_a_log_without_calls_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        timeline([(0.0, "clock", -1)])
