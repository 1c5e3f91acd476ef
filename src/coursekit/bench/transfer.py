"""The way to a GPU and back: what a copy costs, and a product whose operands start and end in this memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.bench.device import Device, tensor_float32
from coursekit.bench.timing import time_for
from coursekit.errors import BenchError

__all__ = ["Link", "fit_link", "gemm_there_and_back", "measure_link"]

#: From 1 kB, where latency decides, to 64 MB, where bandwidth does.
_SIZES_BYTES = tuple(4**k for k in range(5, 14))


@dataclass(frozen=True)
class Link:
    """What copies over a link cost: latency_s + bytes / bytes_per_s.

    Attributes:
        latency_s: Seconds of a copy of nothing.
        bytes_per_s: Bytes/s of a copy of very much.
        points: What was measured: pairs of bytes and seconds.
    """

    latency_s: float
    bytes_per_s: float
    points: tuple[tuple[int, float], ...] = ()


def measure_link(device: Device, *, to_device: bool = True, pinned: bool = True, budget_s: float = 0.1) -> Link:
    """Measure copies between the processor's memory and a GPU's.

    Args:
        device: A GPU.
        to_device: Copy to the GPU, not back from it.
        pinned: Whether the processor's side is page-locked, which spares the driver a copy of its own.
        budget_s: About how many seconds to repeat each copy for.

    Raises:
        BenchError: If the device is not a GPU.
    """
    _needs_gpu(device)
    import torch

    points = []
    for size_bytes in _SIZES_BYTES:
        here = torch.zeros(size_bytes, dtype=torch.uint8, pin_memory=pinned)
        there = torch.zeros(size_bytes, dtype=torch.uint8, device=device.kind)
        source, target = (here, there) if to_device else (there, here)

        def copy(source: Any = source, target: Any = target) -> None:
            target.copy_(source, non_blocking=True)

        points.append((size_bytes, time_for(budget_s, copy, sync=device.sync, clock=device.clock).median_s))
    return fit_link(points)


def fit_link(points: Iterable[tuple[int, float]]) -> Link:
    """Fit latency and bandwidth to measured copies, so that the relative errors of small and large ones count alike.

    Args:
        points: Bytes and seconds of two copies or more, of different sizes.
    """
    kept = tuple((int(size_bytes), float(seconds)) for size_bytes, seconds in points)
    size_bytes, seconds = np.array(kept, dtype=float).T
    rows = np.column_stack([np.ones_like(size_bytes), size_bytes]) / seconds[:, None]
    latency_s, s_per_byte = np.linalg.lstsq(rows, np.ones(len(kept)), rcond=None)[0]
    return Link(max(float(latency_s), 0.0), 1 / float(s_per_byte), kept)


def gemm_there_and_back(n: int, precision: str, *, device: Device) -> Callable[[], Any]:
    """Make a call that copies A, B and C to a GPU, computes C ← AB + C there, and copies C back.

    The processor's side is pinned, and the copies are queued on the product's stream: nothing waits but the end.

    Args:
        n: Rows and columns.
        precision: A precision that the device has.
        device: A GPU.

    Raises:
        BenchError: If the device is not a GPU.
    """
    _needs_gpu(device)
    import torch

    dtype = getattr(torch, "float32" if precision == "tf32" else precision)
    here = [(torch.rand(n, n) - 0.5).to(dtype).pin_memory() for _ in range(3)]
    there = [torch.empty(n, n, dtype=dtype, device=device.kind) for _ in range(3)]
    back = torch.empty(n, n, dtype=dtype, pin_memory=True)

    def call() -> Any:
        for source, target in zip(here, there, strict=True):
            target.copy_(source, non_blocking=True)
        A, B, C = there
        with tensor_float32(precision == "tf32"):
            C.addmm_(A, B)
        return back.copy_(C, non_blocking=True)

    return call


def _needs_gpu(device: Device) -> None:
    if device.kind != "cuda":
        raise BenchError(f"Transfers are to a GPU and back; got {device.name}, which has its data at hand.")
