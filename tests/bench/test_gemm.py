from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.bench import bench_gemm, load_results
from coursekit.errors import BenchError, UnknownNameError


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is measured beside gemm small."""
    monkeypatch.setattr("coursekit.bench.gemm.measure_bandwidth", lambda *_, **__: {"copy": 1e10})
    real = bench_gemm.__globals__["measure"]
    monkeypatch.setattr("coursekit.bench.gemm.measure", lambda op, _, *args, **kwargs: real(op, 16, *args, **kwargs))


def test_a_run_is_shown_as_it_goes_and_kept(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "gemm.json"
    results = bench_gemm(device="cpu", sizes=[8, 16], budget_s=1e-6, json_file=path, say=said.append)
    assert load_results(path) == results
    assert {(each.op, each.n) for each in results.measurements} == {
        ("gemm", 8),
        ("gemm", 16),
        ("axpy", 16),
        ("gemv", 16),
    }
    rows = [line for line in said if " ms" in line]
    assert len(rows) == len(results.measurements)
    assert said[-1] == f"raw samples: {path}"
    assert said[-2].startswith("highest GFLOP/s: numpy float64")


def test_precisions_can_be_chosen() -> None:
    results = bench_gemm(device="cpu", sizes=[8], precisions=["float32"], budget_s=1e-6, say=lambda _: None)
    assert {each.precision for each in results.measurements} == {"float32"}


def test_a_precision_that_the_device_has_not_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="Known: bfloat16, float32, float64"):
        bench_gemm(device="cpu", precisions=["float8"], say=lambda _: None)


@pytest.mark.parametrize("options", [{"sizes": [0]}, {"sizes": [8, -1]}, {"budget_s": 0.0}])
def test_sizes_and_seconds_are_above_zero(options: dict[str, object]) -> None:
    with pytest.raises(BenchError, match="above zero"):
        bench_gemm(device="cpu", say=lambda _: None, **options)  # type: ignore[arg-type]


def test_a_missing_folder_is_noticed_before_anything_is_measured(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(BenchError, match="does not exist"):
        bench_gemm(device="cpu", json_file=tmp_path / "nowhere" / "gemm.json", say=said.append)
    assert said == []
