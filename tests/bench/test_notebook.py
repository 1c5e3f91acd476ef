"""What lab 05's cells measure ends within a minute on slow processors, too: counted in virtual time."""

from __future__ import annotations

import json
import linecache
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matplotlib import pyplot as plt

from coursekit import bench
from coursekit.bench import Processor

NOTEBOOK = Path(__file__).parents[2] / "solutions" / "05_gemm" / "05_gemm.ipynb"
#: What is measured beside products: a fixed number of bytes, which slow memory moves at 4 GB/s.
BANDWIDTH = {"read": 4e9, "copy": 4e9, "scale": 4e9, "triad": 4e9}
TWO_SLOW_CORES = Processor("two slow cores", 2, 2, 2.0, "sse2", {"float64": 8, "float32": 16})


def virtual_only(time_call: Callable[..., float]) -> Callable[..., float]:
    """Make a timer of one, which times by virtual clocks alone, and says 1 s of everything else."""
    return lambda fn, **options: 1.0 if options["clock"] is time.perf_counter else time_call(fn, **options)


def seconds_by_cell(clock: Callable[[], float]) -> dict[str, float]:
    """Run the instructor's notebook without its check cells; return what a clock says of each cell.

    What students time by the real clock is of fixed sizes: it is not run.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    taken_s = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and not cell["id"].startswith(("check_", "colab")):
            source = "".join(cell["source"])
            # As IPython does, so that a function's text can be found.
            linecache.cache[cell["id"]] = (len(source), None, source.splitlines(keepends=True), cell["id"])
            start_s = clock()
            exec(compile(source, cell["id"], "exec"), namespace)
            taken_s[cell["id"]] = clock() - start_s
            if cell["id"] == "time_call":
                namespace["time_call"] = virtual_only(namespace["time_call"])
            plt.close("all")
    return taken_s


@pytest.mark.usefixtures("off_screen")
@pytest.mark.parametrize(
    "rates",
    [
        {"float64": 40.0, "float32": 80.0, "bfloat16": 1.0},
        {"float64": 18.0, "float32": 18.0, "bfloat16": 18.0},
        {"float64": 4.0, "float32": 8.0, "bfloat16": 0.25},
        {"float64": 1.0, "float32": 1.0, "bfloat16": 0.1},
    ],
    ids=["slow bfloat16", "at the limit", "slow", "crawling"],
)
def test_no_cell_measures_for_more_than_a_minute(
    processor: Callable[..., Any],
    rates: dict[str, float],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    slow = processor(**rates)
    monkeypatch.setattr(bench, "find_device", lambda _: slow)
    monkeypatch.setattr(bench, "gpu_found", lambda: False)
    monkeypatch.setattr(bench, "describe_processor", lambda: TWO_SLOW_CORES)
    monkeypatch.setattr(bench, "measure_bandwidth", lambda _: BANDWIDTH)
    monkeypatch.setattr(bench, "r_found", lambda: False)
    taken_s = seconds_by_cell(slow.clock)
    assert {cell: seconds for cell, seconds in taken_s.items() if seconds > 60} == {}
    # These cells measure: sizes, digits, threads, roofline.
    assert sum(seconds > 0 for seconds in taken_s.values()) == 4
    left_out = capsys.readouterr().out.count("left out")
    assert (left_out > 0) == (min(rates.values()) < 18)
