"""What only a GPU can show; skipped where PyTorch finds none."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from coursekit.bench import (
    Device,
    bench_gemm,
    describe_gpu,
    find_device,
    gemm_there_and_back,
    gpu_found,
    load_results,
    measure,
    measure_bandwidth,
    measure_link,
    operation,
    tensor_float32,
    time_call,
)

pytestmark = pytest.mark.skipif(not gpu_found(), reason="needs a GPU that PyTorch can use")


def test_a_gpu_is_found_and_described() -> None:
    device, about = find_device(), describe_gpu()
    assert device.kind == "cuda"
    assert about["name"] == device.name
    assert about["memory_bytes"] > 0


@pytest.mark.parametrize("op", ["axpy", "gemv", "gemm"])
def test_every_precision_of_the_device_runs(op: str) -> None:
    device = find_device("cuda")
    for precision in device.precisions:
        result = operation(op, 64, precision, device=device)()
        device.sync()
        assert result.device.type == "cuda"
        assert bool(torch.isfinite(result.float()).all())


def test_float32_is_not_tf32_unless_it_is_named() -> None:
    device = find_device("cuda")
    if "tf32" not in device.precisions:
        pytest.skip("needs a GPU with TF32")
    A, B = (torch.randn(512, 512, device="cuda", dtype=torch.float64) for _ in range(2))
    exact, errors = A @ B, {}
    for allowed in (False, True):
        with tensor_float32(allowed):
            errors[allowed] = float(((A.float() @ B.float()).double() - exact).norm() / exact.norm())
    assert errors[False] < 1e-5 < errors[True] < 1e-2


def test_a_timing_waits_for_the_device() -> None:
    device = find_device("cuda")
    call = operation("gemm", 4096, "float64", device=device)
    timed_s = time_call(call, sync=device.sync, warmup=2, repeats=5).median_s
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    call()
    end.record()
    device.sync()
    assert timed_s >= 0.5e-3 * begin.elapsed_time(end)


def test_work_in_another_stream_is_waited_for_too() -> None:
    device = find_device("cuda")
    stream = torch.cuda.Stream()
    A = torch.rand(4096, 4096, device="cuda", dtype=torch.float64)
    device.sync()
    with torch.cuda.stream(stream):
        A @ A
    device.sync()
    assert stream.query()


def test_a_product_there_and_back_is_right() -> None:
    device = find_device("cuda")
    call = gemm_there_and_back(96, "float64", device=device)
    first = called(call, device)
    assert np.isfinite(first).all()
    assert np.array_equal(first, called(call, device))


def called(call: Callable[[], torch.Tensor], device: Device) -> np.ndarray:
    result = call()
    device.sync()
    return np.asarray(result).copy()


def test_a_link_and_memory_have_a_bandwidth() -> None:
    device = find_device("cuda")
    for to_device in (True, False):
        link = measure_link(device, to_device=to_device, budget_s=0.01)
        assert link.bytes_per_s > 0
    assert min(measure_bandwidth(device, budget_s=0.01).values()) > 0


def test_a_measurement_is_longer_than_a_launch() -> None:
    device = find_device("cuda")
    call = operation("gemm", 8192, "float64", device=device)
    call()
    device.sync()
    start_s = time.perf_counter()
    call()
    launch_s = time.perf_counter() - start_s
    device.sync()
    assert measure("gemm", 8192, "float64", device=device).median_s > launch_s


def test_a_run_is_kept_with_its_links(tmp_path: Path) -> None:
    path = tmp_path / "gpu.json"
    bench_gemm(device="cuda", sizes=[256, 512], budget_s=0.01, json_file=path, say=lambda _: None)
    results = load_results(path)
    assert results.machine["gpu"]["name"] == find_device().name
    assert set(results.extra["links"]) == {
        f"{way} the GPU, {memory}" for way in ("to", "from") for memory in ("pinned", "pageable")
    }
