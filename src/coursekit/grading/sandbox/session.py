"""One submission in the sandbox, from the grader's side."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursekit.checking.plain import Plain
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox.wire import Channel, ClosedError, LateError, WireError

__all__ = ["CellRun", "EndedError", "LostError", "Session"]

_INTERRUPT_S = 2
_NEWS_S = 2
_KIB = 1024
#: A cell's outputs may be this many times the text that is kept of it: pictures, and JSON around both.
_OUTPUT_FACTOR = 8


class LostError(Exception):
    """The sandbox itself is gone: the submission can be run again in another."""


class EndedError(Exception):
    """A submission has come to an end before its last cell.

    Attributes:
        status: ``"timeout"``, ``"memory"`` or ``"crashed"``.
    """

    def __init__(self, status: str, cause: str) -> None:
        super().__init__(cause)
        self.status = status


@dataclass(frozen=True)
class CellRun:
    """What came of running a cell.

    Attributes:
        outputs: Its outputs, as the process gave them; nothing about their form is certain.
        error: The name of the exception that ended it; empty if none did.
        timed_out: Whether it was stopped because its time was up.
    """

    outputs: Plain
    error: str = ""
    timed_out: bool = False


class Session:
    """One submission.

    Args:
        control: The socket to the supervisor, which is trusted.
        data: The socket to the runner, which is not.
        limits: What the submission may use.
        memory_used_up: Tells whether the kernel has ended a process of it for want of memory.
    """

    def __init__(
        self, control: Channel, data: Channel, limits: Limits, memory_used_up: Callable[[], bool] = lambda: False
    ) -> None:
        self.limits = limits
        self._memory_used_up = memory_used_up
        self._control = control
        self._data = data
        self._deadline = time.monotonic() + limits.submission_s

    def run_cell(self, source: str) -> CellRun:
        """Run a cell.

        Raises:
            EndedError: If the submission ends here.
            LostError: If the sandbox is gone.
        """
        self._send({"do": "cell", "source": source})
        try:
            return self._outcome(min(self.limits.cell_s, self.left_s))
        except LateError:
            pass
        self._order("interrupt")
        try:
            outcome = self._outcome(_INTERRUPT_S)
        except LateError:
            raise EndedError(
                "timeout", f"A cell did not come to an end in {self.limits.cell_s:g} s, and could not be interrupted."
            ) from None
        self._require_time()
        return CellRun(outcome.outputs, outcome.error, timed_out=True)

    def answerer(self, *, snapshot: bool = False) -> Channel:
        """Open a channel to a process that answers calls with the names as they stand now.

        Args:
            snapshot: Whether it is for later, when other cells have run; otherwise it goes with the next order.

        Raises:
            EndedError: If the submission has ended.
            LostError: If the sandbox is gone.
        """
        self._require_time()
        ours, theirs = Channel.pair()
        with theirs:
            self._send({"do": "snapshot" if snapshot else "answer"}, fds=[theirs.fileno()])
        return ours

    @property
    def left_s(self) -> float:
        """Seconds that the submission has left."""
        return max(self._deadline - time.monotonic(), 0.0)

    def _require_time(self) -> None:
        if self.left_s <= 0:
            raise EndedError("timeout", f"All its cells together had {self.limits.submission_s:g} s.")

    def _outcome(self, timeout_s: float) -> CellRun:
        max_bytes = int(self.limits.output_kib * _KIB * _OUTPUT_FACTOR)
        try:
            reply: Any = self._data.receive(timeout_s=timeout_s, max_bytes=max_bytes)
            return CellRun(reply["outputs"], str(reply["error"])[:100])
        except LateError:
            raise
        except ClosedError:
            raise self._ended() from None
        except (WireError, KeyError, TypeError, IndexError) as error:
            raise EndedError("crashed", f"A cell's outputs came back garbled: {error}") from None

    def _send(self, message: Plain, *, fds: Any = ()) -> None:
        self._require_time()
        try:
            self._data.send(message, fds=fds, timeout_s=min(self.limits.cell_s, self.left_s))
        except LateError:
            raise EndedError("timeout", "The notebook's process took no more orders.") from None
        except WireError:
            raise self._ended() from None

    def _order(self, what: str) -> None:
        try:
            self._control.send({"do": what}, timeout_s=_NEWS_S)
        except WireError as error:
            raise LostError(str(error)) from None

    def _ended(self) -> Exception:
        """Return why the runner is gone."""
        try:
            news: Any = self._control.receive(timeout_s=_NEWS_S)
        except LateError:
            return EndedError("crashed", "The notebook's process closed its connection.")
        except WireError as error:
            return LostError(str(error))
        with contextlib.suppress(KeyError, TypeError):
            if news["out_of_memory"] or (news["ended"] == -signal.SIGKILL and self._memory_used_up()):
                return EndedError("memory", f"It took up more than {self.limits.memory_mib:g} MiB of memory.")
            return EndedError("crashed", f"The notebook's process ended ({_how(news['ended'])}).")
        return LostError("The supervisor of the sandbox does not say what has happened.")


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
