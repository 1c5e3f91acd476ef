"""A processor in virtual time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from coursekit.bench import Device, sweep, work


@dataclass(frozen=True)
class VirtualProcessor(Device):
    """A processor that computes nothing: a call moves its clock on by its flops divided by a rate.

    Attributes:
        flops_per_s: The rate, by precision.
        calls: The size and the seconds of each call that was made.
        stumbles_s: Further seconds that the first calls take.
    """

    flops_per_s: Mapping[str, float] = field(default_factory=dict)
    calls: list[tuple[int, float]] = field(default_factory=list)
    stumbles_s: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return math.fsum(seconds for _, seconds in self.calls)

    def operation(
        self, op: str, n: int, precision: str, *, device: Device, backend: str = "torch"
    ) -> Callable[[], object]:
        """Stand in for :func:`coursekit.bench.operation`."""
        call_s = work(op, n, precision).flops / self.flops_per_s[precision]
        return lambda: self.calls.append((n, call_s + (self.stumbles_s.pop() if self.stumbles_s else 0.0)))


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., VirtualProcessor]:
    """A function that makes a processor with a rate in GFLOP/s for each precision, and lets calls be made on it."""

    def make(**gflops_per_s: float) -> VirtualProcessor:
        rates = {precision: 1e9 * rate for precision, rate in gflops_per_s.items()}
        made = VirtualProcessor("cpu", "a virtual processor", tuple(rates), rates)
        monkeypatch.setitem(sweep.__globals__, "operation", made.operation)
        return made

    return make
