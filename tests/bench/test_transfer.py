from __future__ import annotations

import pytest

from coursekit.bench import find_device, fit_link, gemm_there_and_back, measure_link
from coursekit.errors import BenchError

CPU = find_device("cpu")


def test_latency_and_bandwidth_are_found_from_copies() -> None:
    points = [(4**k, 1e-5 + 4**k / 12e9) for k in range(5, 14)]
    link = fit_link(points)
    assert link.latency_s == pytest.approx(1e-5)
    assert link.bytes_per_s == pytest.approx(12e9)
    assert link.points == tuple(points)


def test_a_latency_is_never_below_zero() -> None:
    assert fit_link([(10, 1.0), (100, 11.0)]).latency_s == 0.0


def test_transfers_are_for_gpus() -> None:
    with pytest.raises(BenchError, match="Transfers are to a GPU"):
        measure_link(CPU)
    with pytest.raises(BenchError, match="Transfers are to a GPU"):
        gemm_there_and_back(8, "float64", device=CPU)
