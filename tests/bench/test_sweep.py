from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from coursekit.bench import (
    Measurement,
    by_series,
    default_sizes,
    find_device,
    measure,
    measure_bandwidth,
    sweep,
    torch_threads,
)
from coursekit.bench.sweep import _BANDWIDTH_BYTES
from coursekit.errors import BenchError

CPU = find_device("cpu")
Make = Callable[..., Any]


def test_a_measurement_turns_its_median_into_a_rate() -> None:
    measurement = Measurement("gemm", 1000, "float64", "numpy", "cpu", (0.2, 0.1, 0.4))
    assert measurement.median_s == 0.2
    assert measurement.flops_per_s == 2e9 / 0.2
    assert measurement.series == "numpy float64"


def test_a_series_is_named_for_the_gpu_and_for_operations_other_than_gemm() -> None:
    assert Measurement("gemm", 8, "tf32", "torch", "cuda", (1.0,)).series == "GPU tf32"
    assert Measurement("axpy", 8, "float32", "torch", "cpu", (1.0,)).series == "torch float32 axpy"


def test_a_sweep_measures_every_size_in_every_precision_by_every_backend() -> None:
    seen: list[Measurement] = []
    found = sweep([16, 8, 8], device=CPU, budget_s=1e-6, progress=seen.append)
    assert found == seen
    assert [(each.backend, each.precision, each.n) for each in found] == [
        (backend, precision, n)
        for precision, backend in (
            ("float64", "numpy"), ("float64", "torch"), ("float32", "numpy"), ("float32", "torch"),
            ("bfloat16", "torch"),
        )
        for n in (8, 16)
    ]  # fmt: skip
    assert all(min(each.samples_s) > 0 for each in found)


def test_a_curve_ends_before_a_size_that_would_take_too_long() -> None:
    found = sweep([16, 10**7], device=CPU, precisions=("float64",), budget_s=1e-6, limit_s=1.0)
    assert [each.n for each in found] == [16, 16]


def test_where_a_curve_ends_is_said(processor: Make) -> None:
    said: list[str] = []
    slow = processor(bfloat16=1.0)
    found = sweep([256, 512, 1024, 2048], device=slow, limit_s=1.0, say=said.append)
    assert [each.n for each in found] == [256, 512]
    assert said == ["torch bfloat16: n = 1024 and more are left out, a call would take about 2.1 s."]


def test_the_first_size_of_a_curve_has_the_limit_too(processor: Make) -> None:
    slow = processor(bfloat16=1.0)
    found = sweep([2048, 4096], device=slow, limit_s=1.0, say=lambda _: None)
    assert [each.n for each in found] == [512]


def test_a_call_that_would_take_too_long_is_not_made_and_that_is_said(processor: Make) -> None:
    said: list[str] = []
    slow = processor(bfloat16=1.0)
    measured = measure("gemm", 2048, "bfloat16", device=slow, limit_s=1.0, say=said.append)
    assert measured.n == 512
    assert measured.flops_per_s == pytest.approx(1e9)
    assert said == ["torch bfloat16: n = 2048 is left out, a call would take about 17 s; measured at n = 512."]
    assert max(n for n, _ in slow.calls) == 512
    assert slow.clock() < 2


def test_a_call_that_is_affordable_is_made_and_nothing_is_said(
    processor: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure("gemm", 2048, "float32", device=processor(float32=20.0), limit_s=1.0).n == 2048
    assert capsys.readouterr().out == ""


def test_slow_calls_at_the_start_of_a_trial_do_not_decide(processor: Make) -> None:
    device = processor(float32=20.0)
    device.stumbles_s.extend([0.5, 0.5, 0.5])
    assert measure("gemm", 2048, "float32", device=device, limit_s=1.0).n == 2048


def test_without_a_limit_no_trial_is_made(processor: Make) -> None:
    slow = processor(bfloat16=1.0)
    assert measure("gemm", 2048, "bfloat16", device=slow, limit_s=math.inf).n == 2048
    assert {n for n, _ in slow.calls} == {2048}


@pytest.mark.parametrize(("op", "n"), [("axpy", 2**26), ("gemv", 2**13), ("gemm", 2**11)])
def test_a_trial_is_cheap_for_every_operation(processor: Make, op: str, n: int) -> None:
    crawling = processor(float32=0.001)
    measure(op, n, "float32", device=crawling, limit_s=1e-6, say=lambda _: None)
    assert max(seconds for _, seconds in crawling.calls) < 40


def test_what_does_not_fit_into_memory_is_refused() -> None:
    with pytest.raises(BenchError, match="Choose smaller sizes"):
        measure("gemm", 10**7, "float64", device=CPU)


def test_curves_are_grouped_by_series() -> None:
    measurements = [Measurement("gemm", n, "float64", "numpy", "cpu", (1.0,)) for n in (10, 20)]
    sizes, rates = by_series(measurements)["numpy float64"]
    assert np.array_equal(sizes, [10, 20])
    assert np.array_equal(rates, [2e3, 16e3])


def test_bandwidth_is_measured_in_four_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_BANDWIDTH_BYTES, "cpu", 4096)
    found = measure_bandwidth(CPU, budget_s=1e-6)
    assert list(found) == ["read", "copy", "scale", "triad"]
    assert min(found.values()) > 0


def test_threads_are_put_back() -> None:
    before = torch.get_num_threads()
    with torch_threads(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_default_sizes_rise() -> None:
    sizes = default_sizes(CPU)
    assert sizes == sorted(set(sizes))
    assert 4000 in sizes
