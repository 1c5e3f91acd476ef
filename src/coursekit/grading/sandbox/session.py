"""One submission in the sandbox, from the grader's side."""

from __future__ import annotations

import contextlib
import re
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursekit.checking.plain import Plain
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox.watch import LOOKS
from coursekit.grading.sandbox.wire import Channel, ClosedError, LateError, WireError
from coursekit.text import printable

__all__ = ["CellRun", "EndedError", "LostError", "OutOfTimeError", "Session", "Snapshot", "Stop", "noticed_in"]

_INTERRUPT_S = 2
_NEWS_S = 2
_KIB = 1024
_MAX_STOPS, _MAX_STOP_TEXT, _MAX_LINE = 20, 300, 100_000
_MAX_SHOWN = 200
#: What :meth:`Guard.noticed` says.
_NOTICE = re.compile(
    r"put something in place of (?:coursekit|get_ipython\(\))(?:\.[\w<>]+)+"
    rf"|uses (?:{'|'.join(map(re.escape, sorted(LOOKS)))}) while an answer is called",
    re.ASCII,
)
#: A cell's outputs may be this many times the text that is kept of it: pictures, and JSON around both.
_OUTPUT_FACTOR = 8


class LostError(Exception):
    """The sandbox itself is gone: the submission can be run again in another."""


class EndedError(Exception):
    """A process that a submission ran in has come to an end.

    Attributes:
        status: ``"timeout"``, ``"memory"`` or ``"crashed"``.
    """

    def __init__(self, status: str, cause: str) -> None:
        super().__init__(cause)
        self.status = status


class OutOfTimeError(EndedError):
    """The time of the whole submission is used up."""


@dataclass(frozen=True)
class Stop:
    """A statement of a cell that did not come to its end.

    Attributes:
        line: The line of the cell.
        kind: The name of the exception.
        text: What the exception says, on one line.
    """

    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        text = self.text if len(self.text) <= _MAX_SHOWN else f"{self.text[: _MAX_SHOWN - 1]}…"
        return f"line {self.line}: {self.kind}" + (f": {text}" if text else "")


@dataclass(frozen=True)
class CellRun:
    """What came of running a cell.

    Attributes:
        outputs: Its outputs, as the process gave them; nothing about their form is certain.
        stops: Where it failed.
        timed_out: Whether it was stopped because its time was up.
        noticed: What it has changed of the grader's own, in words.
    """

    outputs: Plain
    stops: tuple[Stop, ...] = ()
    timed_out: bool = False
    noticed: tuple[str, ...] = ()

    @property
    def error(self) -> str:
        """The name of the first exception; empty if there was none."""
        return self.stops[0].kind if self.stops else ""


class Snapshot:
    """The notebook as it stood at a check cell: a process that waits.

    Args:
        channel: The socket to it.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._gone = False

    def answerer(self, *, last: bool = False) -> Channel:
        """Open a channel to a process that answers calls; the one before it is ended.

        Args:
            last: Whether it is the last one: the snapshot itself answers, and is gone then. That saves a process.

        Raises:
            EndedError: If the snapshot is gone.
        """
        ours, theirs = Channel.pair()
        gone, self._gone = self._gone, self._gone or last
        with theirs:
            try:
                if gone:
                    raise ClosedError("It has answered.")
                self._channel.send({"do": "serve" if last else "answer"}, fds=[theirs.fileno()], timeout_s=_NEWS_S)
            except WireError:
                ours.close()
                raise EndedError("crashed", "The process that kept the notebook as it stood is gone.") from None
        return ours

    def close(self) -> None:
        """Let it go."""
        self._channel.close()


class Session:
    """One submission.

    Args:
        control: The socket to the supervisor, which is trusted.
        data: The socket to the runner, which is not.
        limits: What the submission may use.
        seconds: How long its cells may run together.
        memory_used_up: Tells whether the kernel has ended a process of it for want of memory.
    """

    def __init__(
        self,
        control: Channel,
        data: Channel,
        limits: Limits,
        seconds: float,
        memory_used_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self.limits = limits
        self._memory_used_up = memory_used_up
        self._control = control
        self._data = data
        self._deadline = time.monotonic() + seconds

    def run_cell(
        self, source: str, *, count: int | None = None, skipped: Sequence[Sequence[str]] | None = None
    ) -> CellRun:
        """Run a cell.

        Args:
            source: Its text.
            count: Its number; one more than the last one's unless given.
            skipped: For a cell to look at: the digests of the statements that are not to be run.

        Raises:
            EndedError: If the cell ends the process that it runs in, or has to be ended with it.
            OutOfTimeError: If the time for all cells is used up.
            LostError: If the sandbox is gone.
        """
        self._send({"do": "cell", "source": source, "count": count, "skipped": _lists(skipped)})
        try:
            return self._outcome(min(self.limits.cell_s, self.left_s))
        except LateError:
            pass
        self._order("interrupt")
        try:
            outcome = self._outcome(_INTERRUPT_S)
        except LateError:
            self._order("kill")
            self._require_time()
            raise EndedError(
                "timeout", f"It did not come to an end in {self.limits.cell_s:g} s, and could not be interrupted."
            ) from None
        self._require_time()
        return replace(outcome, timed_out=True)

    def snapshot(self) -> Snapshot:
        """Keep the notebook as it stands now.

        Raises:
            EndedError: If no further process can be had.
            OutOfTimeError: If the time for all cells is used up.
            LostError: If the sandbox is gone.
        """
        snapshot = Snapshot(self._sent({"do": "snapshot"}))
        try:
            reply: Any = self._data.receive(timeout_s=self.limits.cell_s, max_bytes=_KIB)
            if reply["forked"] is True:
                return snapshot
        except ClosedError:
            snapshot.close()
            raise self._ended() from None
        except (WireError, KeyError, TypeError):
            pass
        snapshot.close()
        raise EndedError("crashed", "It left no room for another process.")

    def answerer(self) -> Channel:
        """Open a channel to a process that answers calls with the names as they stand now, until the next order.

        Raises:
            OutOfTimeError: If the time for all cells is used up.
            LostError: If the sandbox is gone.
        """
        return self._sent({"do": "answer"})

    def stop(self) -> None:
        """End the process that runs the cells; what has been kept of it stays.

        Raises:
            LostError: If the sandbox is gone.
        """
        self._order("kill")

    @property
    def left_s(self) -> float:
        """Seconds that the submission has left."""
        return max(self._deadline - time.monotonic(), 0.0)

    def _require_time(self) -> None:
        if self.left_s <= 0:
            raise OutOfTimeError("timeout", f"All its cells together had {self.limits.submission_s:g} s.")

    def _outcome(self, timeout_s: float) -> CellRun:
        max_bytes = int(self.limits.output_kib * _KIB * _OUTPUT_FACTOR)
        try:
            reply: Any = self._data.receive(timeout_s=timeout_s, max_bytes=max_bytes)
            return CellRun(reply["outputs"], _stops(reply["stops"]), noticed=noticed_in(reply))
        except LateError:
            raise
        except ClosedError:
            raise self._ended() from None
        except (WireError, KeyError, TypeError, ValueError, IndexError) as error:
            raise EndedError("crashed", f"A cell's outputs came back garbled: {error}") from None

    def _send(self, message: Plain, *, fds: Any = ()) -> None:
        self._require_time()
        try:
            self._data.send(message, fds=fds, timeout_s=min(self.limits.cell_s, self.left_s))
        except LateError:
            raise EndedError("timeout", "The notebook's process took no more orders.") from None
        except WireError:
            raise self._ended() from None

    def _sent(self, order: dict[str, Plain]) -> Channel:
        """Give an order that takes the other end of a channel; return this end."""
        self._require_time()
        ours, theirs = Channel.pair()
        with theirs:
            try:
                self._send(order, fds=[theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        return ours

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


def _lists(skipped: Sequence[Sequence[str]] | None) -> Plain:
    return None if skipped is None else [list(each) for each in skipped]


def _stops(found: Any) -> tuple[Stop, ...]:
    """Read where a cell has failed; nothing about the form is certain.

    Raises:
        TypeError, ValueError: If it has another one.
    """
    stops = []
    for line, kind, text in found[:_MAX_STOPS]:
        if type(line) is not int or not isinstance(kind, str) or not isinstance(text, str):
            raise TypeError("what stopped it has another form")
        parts = (printable(part[:_MAX_STOP_TEXT])[:_MAX_STOP_TEXT] for part in (kind, text))
        stops.append(Stop(min(max(line, 1), _MAX_LINE), *parts))
    return tuple(stops)


def noticed_in(reply: Any) -> tuple[str, ...]:
    """Read what a process has noticed; nothing about the form is certain.

    It is said in the grader's voice, so that nothing is taken but what the grader's own side can say there.
    """
    found = reply.get("noticed") if isinstance(reply, dict) else None
    texts = [text for text in found[:_MAX_STOPS] if isinstance(text, str)] if isinstance(found, list) else []
    return tuple(text for text in texts if len(text) <= _MAX_SHOWN and _NOTICE.fullmatch(text))


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
