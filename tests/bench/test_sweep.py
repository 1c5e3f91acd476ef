from __future__ import annotations

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
    measure_peak,
    sweep,
    torch_threads,
)
from coursekit.errors import BenchError

CPU = find_device("cpu")


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
    found = sweep([16, 10**7], device=CPU, precisions=("float64",), backends=("numpy",), budget_s=1e-6, limit_s=1.0)
    assert [each.n for each in found] == [16]


def test_what_does_not_fit_into_memory_is_refused() -> None:
    with pytest.raises(BenchError, match="Choose smaller sizes"):
        measure("gemm", 10**7, "float64", device=CPU)


def test_curves_are_grouped_by_series() -> None:
    measurements = [Measurement("gemm", n, "float64", "numpy", "cpu", (1.0,)) for n in (10, 20)]
    sizes, rates = by_series(measurements)["numpy float64"]
    assert np.array_equal(sizes, [10, 20])
    assert np.array_equal(rates, [2e3, 16e3])


def test_a_peak_is_the_best_of_its_sizes_and_backends() -> None:
    assert measure_peak("float32", device=CPU, sizes=(8, 32), budget_s=1e-6) > 0


def test_bandwidth_is_measured_in_four_ways() -> None:
    found = measure_bandwidth(CPU, size_bytes=4096, budget_s=1e-6)
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
