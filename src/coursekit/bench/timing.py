"""A timer worth trusting: warm-up, synchronize, repeats, and every sample kept."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Timing", "nothing_to_wait_for", "time_call", "time_for"]

#: Fewer repeats than this say nothing about the spread.
_FEWEST = 3
_MOST = 200


@dataclass(frozen=True)
class Timing:
    """The samples that a timer took.

    Attributes:
        samples_s: Seconds of each timed call, in the order of the calls.
    """

    samples_s: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """The median, in seconds: half of the calls took longer."""
        return statistics.median(self.samples_s)

    @property
    def best_s(self) -> float:
        """The shortest call, in seconds."""
        return min(self.samples_s)

    @property
    def spread(self) -> float:
        """The distance of the quartiles as a fraction of the median; 0 for a single sample."""
        if len(self.samples_s) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.samples_s, n=4, method="inclusive")
        return (high - low) / self.median_s if self.median_s else 0.0


def nothing_to_wait_for() -> None:
    """Do what synchronize does on a processor: its calls end when they return."""


def time_call(
    fn: Callable[[], object],
    *,
    sync: Callable[[], object] = nothing_to_wait_for,
    warmup: int = 1,
    repeats: int = 7,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Time a call.

    The warm-up calls are not timed. Then, for each repeat: wait until the device is idle, read the clock, call,
    wait until the device is done, read the clock.

    Args:
        fn: What to time; called without arguments.
        sync: Waits until all work that was handed to the device is done.
        warmup: Calls before the first timed one; 0 or more.
        repeats: Timed calls; 1 or more.
        clock: Gives seconds.

    Raises:
        ValueError: If ``warmup`` or ``repeats`` is too small.
    """
    if warmup < 0 or repeats < 1:
        raise ValueError(f"Give warmup >= 0 and repeats >= 1; got {warmup} and {repeats}.")
    for _ in itertools.repeat(None, warmup):
        fn()
    return Timing(tuple(_once(fn, sync, clock) for _ in range(repeats)))


def _once(fn: Callable[[], object], sync: Callable[[], object], clock: Callable[[], float]) -> float:
    """Time one call, in seconds."""
    sync()
    start_s = clock()
    fn()
    sync()
    return clock() - start_s


def time_for(
    budget_s: float,
    fn: Callable[[], object],
    *,
    sync: Callable[[], object] = nothing_to_wait_for,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Time a call as often as a budget of seconds allows: 3 to 200 times, after two warm-up calls.

    Args:
        budget_s: About how long to take; at least five calls are made, however long they take.
        fn: What to time; called without arguments.
        sync: Waits until all work that was handed to the device is done.
        clock: Gives seconds.
    """
    fn()
    # The second call tells how many there is time for: the first may load libraries or pick algorithms.
    one_s = time_call(fn, sync=sync, warmup=0, repeats=1, clock=clock).median_s
    affordable = int(budget_s / one_s) if one_s > 0 else _MOST
    return time_call(fn, sync=sync, warmup=0, repeats=min(max(affordable, _FEWEST), _MOST), clock=clock)
