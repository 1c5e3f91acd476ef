"""A device that works asynchronously, in virtual time: what a timer sees, without a GPU and without waiting."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Event", "MockDevice"]

#: Seconds since the start, what happened, and the call's number (-1 for the clock's readings and for waiting).
Event = tuple[float, str, int]


class MockDevice:
    """A model of a GPU and of the program that feeds it. It does not compute; it keeps time.

    A call is *launched*: the program goes on after a moment, and the device does the work when it has done all that was
    launched before. The first call loads libraries, during which the program waits.

    Attributes:
        log: What happened, by time: ``"launch"`` and ``"return"`` in the program, ``"begin"`` and ``"end"`` on the
            device, and ``"clock"`` and ``"sync"`` where the program read the clock and where a wait ended.

    Args:
        call_s: Seconds of work of each call; the last one goes on for all later calls.
        launch_s: Seconds that the program needs to launch a call.
        loading_s: Further seconds that the first launch takes.
    """

    def __init__(self, call_s: Sequence[float], *, launch_s: float = 1e-5, loading_s: float = 0.0) -> None:
        self.call_s = tuple(call_s)
        self.launch_s = launch_s
        self.loading_s = loading_s
        self.now_s = 0.0
        self.idle_from_s = 0.0
        self.n_calls = 0
        self._events: list[Event] = []

    @property
    def log(self) -> list[Event]:
        """What happened, by time."""
        return sorted(self._events, key=lambda event: event[0])

    def call(self) -> None:
        """Launch a piece of work."""
        call = self.n_calls
        self.n_calls += 1
        self._events.append((self.now_s, "launch", call))
        self.now_s += self.launch_s + (self.loading_s if call == 0 else 0.0)
        self._events.append((self.now_s, "return", call))
        begin_s = max(self.now_s, self.idle_from_s)
        self.idle_from_s = begin_s + self.call_s[min(call, len(self.call_s) - 1)]
        self._events += [(begin_s, "begin", call), (self.idle_from_s, "end", call)]

    def sync(self) -> None:
        """Wait until all work is done."""
        self.now_s = max(self.now_s, self.idle_from_s)
        self._events.append((self.now_s, "sync", -1))

    def clock(self) -> float:
        """Read the clock, in seconds."""
        self._events.append((self.now_s, "clock", -1))
        return self.now_s
