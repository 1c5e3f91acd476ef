"""Measurements: one operation at one size, a sweep over sizes, and how fast memory moves."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.absent import has_torch, require_torch
from coursekit.bench.device import Device
from coursekit.bench.operations import operation, work
from coursekit.bench.timing import Timing, time_call, time_for
from coursekit.errors import BenchError

__all__ = ["Measurement", "default_sizes", "measure", "measure_bandwidth", "sweep", "torch_threads"]

#: Share of a device's memory that a sweep will fill at most.
_MEMORY_SHARE = 0.25
#: Several times the last cache of most processors, and of any GPU.
_BANDWIDTH_BYTES = {"cpu": 2**27, "cuda": 2**30}
#: A trial of at most so many FLOP, a gemm of 256 × 256, is cheap even where bfloat16 runs at 1 GFLOP/s: 34 ms.
_TRIAL_FLOPS = 2**25


@dataclass(frozen=True)
class Measurement:
    """One operation, timed.

    Attributes:
        op: ``"axpy"``, ``"gemv"`` or ``"gemm"``.
        n: Its size.
        precision: A key of :data:`coursekit.bench.operations.PRECISIONS`.
        backend: ``"numpy"`` or ``"torch"``.
        device: ``"cpu"`` or ``"cuda"``.
        samples_s: Seconds of each timed call.
    """

    op: str
    n: int
    precision: str
    backend: str
    device: str
    samples_s: tuple[float, ...]

    @property
    def timing(self) -> Timing:
        """The samples, with their median and spread."""
        return Timing(self.samples_s)

    @property
    def median_s(self) -> float:
        """The median of the samples, in seconds."""
        return self.timing.median_s

    @property
    def flops_per_s(self) -> float:
        """FLOP/s at the median."""
        return work(self.op, self.n, self.precision).flops / self.median_s

    @property
    def intensity(self) -> float:
        """FLOP per byte, each operand counted once."""
        return work(self.op, self.n, self.precision).intensity

    @property
    def series(self) -> str:
        """What it is, apart from its size: a name for a curve's legend."""
        where = "GPU" if self.device == "cuda" else self.backend
        return f"{where} {self.precision}" + ("" if self.op == "gemm" else f" {self.op}")


def measure(
    op: str,
    n: int,
    precision: str,
    *,
    device: Device,
    backend: str = "torch",
    budget_s: float = 0.2,
    limit_s: float = 5.0,
    say: Callable[[str], object] = print,
) -> Measurement:
    """Time an operation, or a smaller one where it would take too long.

    A cheap trial decides: if by its rate a call would take longer than ``limit_s``, n is halved until one would not. At
    least five calls are made, as :func:`coursekit.bench.timing.time_for` does.

    Args:
        op: ``"axpy"``, ``"gemv"`` or ``"gemm"``.
        n: Length of the vectors, rows and columns of the matrices.
        precision: A key of :data:`coursekit.bench.operations.PRECISIONS`.
        device: Where to run.
        backend: ``"numpy"`` or ``"torch"``.
        budget_s: About how many seconds to repeat for.
        limit_s: The longest call that is made, in seconds; ``math.inf`` for no limit.
        say: Called with a sentence that tells what was left out, if anything was.

    Returns:
        The measurement; its ``n`` is the size that was measured.

    Raises:
        UnknownNameError: If there is no such operation, precision or backend.
        BenchError: If the backend or the device does not have what is asked for, or its memory is too small.
    """
    size_bytes = work(op, n, precision).size_bytes
    free_bytes = _memory_bytes(device)
    if free_bytes and size_bytes > _MEMORY_SHARE * free_bytes:
        raise BenchError(
            f"{op} with n = {n} in {precision} takes {size_bytes / 1e9:.1f} GB; {device.name} has"
            f" {free_bytes / 1e9:.1f} GB, of which a sweep uses a quarter. Choose smaller sizes."
        )
    measured_n = n
    if limit_s < math.inf:
        measured_n, call_s = _affordable(op, n, precision, device=device, backend=backend, limit_s=limit_s)
        if measured_n < n:
            series = Measurement(op, n, precision, backend, device.kind, ()).series
            say(f"{series}: n = {n} is left out, a call would take about {call_s:.2g} s; measured at n = {measured_n}.")
    call = operation(op, measured_n, precision, device=device, backend=backend)
    timing = time_for(budget_s, call, sync=device.sync, clock=device.clock)
    return Measurement(op, measured_n, precision, backend, device.kind, timing.samples_s)


def sweep(
    sizes: Iterable[int],
    *,
    device: Device,
    precisions: Sequence[str] | None = None,
    budget_s: float = 0.2,
    limit_s: float = 5.0,
    progress: Callable[[Measurement], object] | None = None,
    say: Callable[[str], object] = print,
) -> list[Measurement]:
    """Time gemm at several sizes, in every precision by every backend that a device has.

    A processor has NumPy, which leaves out what it has no type for, and PyTorch; a GPU has PyTorch.

    Args:
        sizes: The values of n; taken in rising order.
        device: Where to run.
        precisions: Those of the device unless given.
        budget_s: About how many seconds to repeat each measurement for.
        limit_s: A curve ends before the first size whose call would take longer, by the flops, than this. If that is
            its first size, a smaller one is measured, as by :func:`measure`.
        progress: Called with each measurement.
        say: Called with a sentence for each curve that tells what was left out, if anything was.

    Raises:
        UnknownNameError, BenchError: As :func:`measure` does.
    """
    backends = [*(["numpy"] if device.kind == "cpu" else []), *(["torch"] if has_torch() else [])]
    found = []
    for precision in precisions or device.precisions:
        for backend in backends:
            if backend == "numpy" and precision not in ("float64", "float32"):
                continue
            for each in _curve(sizes, precision, device, backend, budget_s=budget_s, limit_s=limit_s, say=say):
                found.append(each)
                if progress is not None:
                    progress(each)
    return found


def _curve(
    sizes: Iterable[int],
    precision: str,
    device: Device,
    backend: str,
    *,
    budget_s: float,
    limit_s: float,
    say: Callable[[str], object],
) -> Iterator[Measurement]:
    """Measure one curve of a sweep, in which each size tells what the next would take."""
    last: Measurement | None = None
    for n in sorted(set(sizes)):
        call_s = work("gemm", n, precision).flops / last.flops_per_s if last else 0.0
        if last and call_s > limit_s:
            say(f"{last.series}: n = {n} and more are left out, a call would take about {call_s:.2g} s.")
            return
        # The trial of the first size is enough.
        limit = math.inf if last else limit_s
        last = measure("gemm", n, precision, device=device, backend=backend, budget_s=budget_s, limit_s=limit, say=say)
        yield last


def default_sizes(device: Device) -> list[int]:
    """Return sizes that show a device's curve from its foot to its roof."""
    top = 14 if device.kind == "cuda" else 11
    return [2**k for k in range(6, top)] + ([12000, 16384] if device.kind == "cuda" else [3000, 4000])


def measure_bandwidth(device: Device, *, budget_s: float = 0.2) -> dict[str, float]:
    """Measure how fast memory moves, in bytes/s, by four ways of walking through long float32 arrays.

    As in STREAM (McCalpin, https://www.cs.virginia.edu/stream/), only the bytes that the program asks for are counted.
    A processor may move more: most fetch a line of memory before they write to it.

    Args:
        device: Where to run.
        budget_s: About how many seconds to repeat each way for.

    Returns:
        Bytes/s by way: ``"read"`` (a sum), ``"copy"`` (b ← a), ``"scale"`` (a ← sa), ``"triad"`` (c ← a + sb).
    """
    require_torch("Measuring a device's bandwidth")
    import torch

    n = _BANDWIDTH_BYTES[device.kind] // 4
    a, b, c = (torch.rand(n, device=device.kind) for _ in range(3))
    total = torch.empty((), device=device.kind)
    ways: dict[str, tuple[int, Callable[[], Any]]] = {
        "read": (1, lambda: torch.sum(a, dim=0, out=total)),
        "copy": (2, lambda: b.copy_(a)),
        "scale": (2, lambda: a.mul_(0.9999)),
        "triad": (3, lambda: torch.add(a, b, alpha=0.5, out=c)),
    }
    return {
        way: arrays * 4 * n / time_for(budget_s, call, sync=device.sync, clock=device.clock).median_s
        for way, (arrays, call) in ways.items()
    }


@contextlib.contextmanager
def torch_threads(n: int) -> Iterator[None]:
    """Let PyTorch compute with n threads for a while."""
    require_torch("Setting its threads")
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def by_series(measurements: Iterable[Measurement]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Group measurements into curves: for each series, its sizes and its rates in FLOP/s."""
    curves: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        curves.setdefault(measurement.series, []).append(measurement)
    return {
        name: (np.array([each.n for each in points]), np.array([each.flops_per_s for each in points]))
        for name, points in curves.items()
    }


def _affordable(op: str, n: int, precision: str, *, device: Device, backend: str, limit_s: float) -> tuple[int, float]:
    """Return the largest of n, n/2, n/4, … whose call would take no longer than a limit, and the seconds of one at n.

    No size is smaller than that of the trial, whose rate decides.
    """
    trial_n = n
    while work(op, trial_n, precision).flops > _TRIAL_FLOPS:
        trial_n //= 2
    if trial_n == n:
        return n, 0.0
    trial = operation(op, trial_n, precision, device=device, backend=backend)
    # The best of three: one slow call of a millisecond would make the full size look too long.
    rate = work(op, trial_n, precision).flops / time_call(trial, sync=device.sync, repeats=3, clock=device.clock).best_s
    call_s = work(op, n, precision).flops / rate
    while n > trial_n and work(op, n, precision).flops / rate > limit_s:
        n //= 2
    return n, call_s


def _memory_bytes(device: Device) -> int:
    """Return a device's free memory; 0 if it does not tell."""
    if device.kind == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    import os

    names = getattr(os, "sysconf_names", {})
    if "SC_AVPHYS_PAGES" not in names:
        return 0
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
