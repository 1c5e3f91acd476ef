"""A student's code in the sandbox, as a check sees it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.checking import CallReport, NotWrittenError, Student, StudentError
from coursekit.checking.calls import Call
from coursekit.checking.plain import Plain
from coursekit.checking.reach import Reach
from coursekit.checking.statements import MAX_PARSED
from coursekit.checking.student import Observation, Outcome, called_with
from coursekit.errors import NothingToAskError
from coursekit.grading.limits import slowdown
from coursekit.grading.sandbox.session import EndedError, LostError, noticed_in
from coursekit.grading.sandbox.wire import MAX_TEXT_BYTES, Channel, ClosedError, LateError, WireError
from coursekit.questions import Example, Question
from coursekit.questions.making import MOST_QUESTIONS
from coursekit.text import shortened

__all__ = ["RemoteStudent"]

_ERROR = ("message", "kind", "got", "hint")
_MAX_NAMES = 100
#: Characters of an input's name, which stands in what is said of it.
_MAX_NAME = 200
_MAX_TEXT = 600
#: Entries that the arrays of a result may have together.
_MAX_NUMBERS = 2**22
#: Characters that a result may have if all of its items were texts as long as the longest.
_MAX_LAID_OUT = 2**24


class RemoteStudent(Student):
    """A student's code in another process: only plain data passes, and whatever comes back is doubted.

    Args:
        connect: Opens a channel to a process that answers; called again when one has been given up.
        sources: The text of each solution cell, by its slug.
        call_s: Seconds that one call may take; more while the machine is busy.
        budget_s: Seconds that all calls may take together, likewise.
        explain: Says why a name is not defined; None where there is nothing to say.
        reach: Reads what the answer to an exercise reaches, where the given names are not followed.
    """

    def __init__(
        self,
        connect: Callable[[], Channel],
        sources: Mapping[str, str],
        *,
        call_s: float,
        budget_s: float,
        explain: Callable[[str], StudentError | None] = lambda name: None,
        reach: Callable[[str, Sequence[str], Sequence[str]], Reach] = lambda slug, given, known: Reach(""),
    ) -> None:
        self._connect = connect
        self._sources = sources
        self._call_s = call_s
        self._left_s = budget_s
        self._explain = explain
        self._reach = reach
        self._channel: Channel | None = None
        self._stand_ins: Mapping[str, str] = {}
        self._waited = False
        #: What was noticed in the processes that have answered.
        self.noticed: set[str] = set()
        #: Why the submission has ended, if it has while it was asked.
        self.ended: EndedError | LostError | None = None

    def call(self, name: str, /, *args: Plain, **kwargs: Plain) -> Plain:  # noqa: D102
        return self._observed(self.note_call(name, args, kwargs))

    def run(self, probe: Callable[..., object], /, **inputs: Plain) -> Plain:  # noqa: D102
        return self._observed(self.note_run(probe, inputs))

    def replay(self, calls: Sequence[Call], /) -> list[Outcome]:  # noqa: D102
        value = self._ask(calls[0].what, {"do": "replay", "calls": [call.as_plain() for call in calls]})
        if not isinstance(value, list) or len(value) != len(calls):
            raise self._broken(calls[0].what, "its reply was garbled")
        return [self._outcome(call.what, reply) for call, reply in zip(calls, value, strict=True)]

    def asked(self, slug: str, example: Example, /) -> list[Question]:
        """Make the questions about the answer to an exercise, in the process that runs it.

        Raises:
            NothingToAskError: There is nothing to ask about it.
            StudentError: It could not be run to the end.
        """
        order: dict[str, Plain] = {"do": "ask", "source": self.source(slug), "slug": slug, "example": example.text}
        value = self._ask(slug, order)
        if isinstance(value, str):
            raise NothingToAskError(_short(value))
        try:
            return [Question.of(each) for each in value[:MOST_QUESTIONS]]
        except (KeyError, TypeError, ValueError):
            raise self._broken(slug, "its reply was garbled") from None

    def source(self, slug: str, /) -> str:  # noqa: D102
        if slug not in self._sources:
            raise NotWrittenError(slug, defined=False)
        if len(self._sources[slug]) > MAX_PARSED:
            raise _too_long(slug, f"{len(self._sources[slug]):,} characters")
        return self._sources[slug]

    def reached(self, slug: str, /, *, known: Sequence[str] = ()) -> Reach:  # noqa: D102
        found = self._reach(slug, sorted(self._stand_ins), known)
        if len(found.text) > MAX_PARSED:
            raise _too_long(slug, f"{len(found.text):,} characters")
        return found

    @contextlib.contextmanager
    def standing_in(self, sources: Mapping[str, str], /) -> Iterator[None]:  # noqa: D102
        # A process that has answered already may have been changed by that.
        self.close()
        self._stand_ins = sources
        try:
            yield
        finally:
            self._stand_ins = {}
            self.close()

    def wait(self) -> None:
        """Note that others are asked before the next call: what they do may end the process that answers."""
        self._waited = True

    def take_at_most(self, seconds: float) -> None:
        """Let all further calls take no more than so many seconds together."""
        self._left_s = min(self._left_s, seconds)

    def close(self) -> None:
        """Give up the process that answers."""
        if self._channel is not None:
            self._channel.close()
        self._channel = None

    def _observed(self, call: Call) -> Plain:
        """Make a call, note what was noticed, and return its result."""
        self.report = CallReport()
        value = self._ask(call.what, {"do": "call", "call": call.as_plain()})
        try:
            seen = _observation(value)
        except (KeyError, TypeError, ValueError):
            raise self._broken(call.what, "its reply was garbled") from None
        self.report = seen.report(called_with(seen, call))
        return self._handy(call.what, seen.result)

    def _outcome(self, what: str, reply: Any) -> Outcome:
        try:
            return Outcome(self._handy(what, self._value(what, reply)), kept=reply.get("kept") is True)
        except StudentError as error:
            return Outcome(error=error)

    def _ask(self, what: str, order: dict[str, Plain]) -> Plain:
        """Give an order and return the reply's value; each way in which it can fail is the check's failure."""
        if self._left_s <= 0:
            raise self._broken(what, "the time for all checks of this exercise is used up")
        limit_s, slow = min(self._call_s, self._left_s), slowdown()
        clock = _Clock(limit_s, slow)
        try:
            reply = self._exchanged(order, clock)
        except (EndedError, LostError) as error:
            self.ended = error
            raise self._broken(what, str(error)) from None
        except LateError:
            longer = f" ({limit_s * slow:.3g} s, since the machine was busy)" if slow > 1 else ""
            raise self._broken(what, f"it did not come back within {limit_s:.3g} s{longer}") from None
        except ClosedError:
            raise self._broken(what, "it ended the process that it ran in") from None
        except WireError as error:
            raise self._broken(what, f"its reply was no good: {error}") from None
        finally:
            self._left_s -= clock.spent_s
        self.noticed.update(noticed_in(reply))
        return self._value(what, reply)

    def _exchanged(self, order: dict[str, Plain], clock: _Clock) -> Any:
        """Give an order and return the reply; to another process, if the one that has waited has ended meanwhile."""
        waited, self._waited = self._waited and self._channel is not None, False
        try:
            channel = self._open(clock)
            channel.send(order, timeout_s=clock.left_s)
            return channel.receive(timeout_s=clock.left_s, max_text_bytes=MAX_TEXT_BYTES)
        except ClosedError:
            if not waited:
                raise
        self.close()
        return self._exchanged(order, clock)

    def _open(self, clock: _Clock) -> Channel:
        """Return the channel to the process that answers."""
        if self._channel is None:
            self._channel = self._connect()
            if self._stand_ins:
                self._channel.send({"do": "stand in", "sources": dict(self._stand_ins)}, timeout_s=clock.left_s)
                self._channel.receive(timeout_s=clock.left_s, max_text_bytes=MAX_TEXT_BYTES)
        return self._channel

    def _value(self, what: str, reply: Any) -> Plain:
        """Return what a reply holds, or raise what it says went wrong."""
        if isinstance(reply, dict):
            if "value" in reply:
                return reply["value"]
            if isinstance(reply.get("not_written"), str):
                name, defined = _short(reply["not_written"]), reply.get("defined") is True
                raise (None if defined else self._explain(name)) or NotWrittenError(name, defined=defined)
            error = reply.get("error")
            if isinstance(error, dict) and all(isinstance(error.get(key), str) for key in _ERROR):
                message, kind, got, hint = (_short(error[key]) for key in _ERROR)
                raise StudentError(message, kind=kind, got=got, hint=hint)
            if "too_large" in reply:
                raise self._broken(what, _short(reply["too_large"]))
        raise self._broken(what, "its reply was garbled")

    def _handy(self, what: str, result: Plain) -> Plain:
        """Return a result that a check can go through, entry by entry, and NumPy can lay out as an array.

        In an array of texts each takes as much room as the longest.
        """
        longest = items = numbers = 0
        waiting = [result]
        while waiting:
            item = waiting.pop()
            kind = type(item)
            if kind in (list, tuple, dict):
                waiting += item
                waiting += item.values() if kind is dict else ()
                continue
            items += 1
            if kind is str:
                longest = max(longest, len(item))
            elif kind is np.ndarray:
                numbers += item.size
        if numbers > _MAX_NUMBERS:
            raise self._broken(what, f"it returned {numbers:,} numbers; the most is {_MAX_NUMBERS:,}")
        if longest * items > _MAX_LAID_OUT:
            raise self._broken(what, f"it returned {items:,} items, one of them a text of {longest:,} characters")
        return result

    def _broken(self, what: str, cause: str) -> StudentError:
        """Give up the process that answers, and return why the call has failed."""
        self.close()
        return StudentError(
            f"{what} could not be called to the end.",
            kind="NoReply",
            got=cause,
            hint="Call it on a small example: does it come to an end, and return numbers or arrays?",
        )


def _too_long(slug: str, got: str) -> StudentError:
    return StudentError(
        f"The text of {slug} is too long to be read by the rules of this exercise.",
        kind="TooLong",
        got=got,
        hint=f"Keep it, and what it uses, below {MAX_PARSED:,} characters: an answer has some hundreds.",
    )


class _Clock:
    """Measures what is spent of a time, in seconds of a machine that has nothing else to do, and how long to wait."""

    def __init__(self, limit_s: float, slow: float) -> None:
        self._began = time.monotonic()
        self._limit_s = limit_s
        self._slow = slow

    @property
    def spent_s(self) -> float:
        return (time.monotonic() - self._began) / self._slow

    @property
    def left_s(self) -> float:
        return max((self._limit_s - self.spent_s) * self._slow, 1e-3)


def _observation(value: Any) -> Observation:
    """Rebuild an observation from a reply.

    Raises:
        KeyError, TypeError, ValueError: If it has another form.
    """
    inputs, shared, warnings = value["inputs"], value["shared"], value["warnings"]
    if not isinstance(inputs, dict) or len(inputs) > _MAX_NAMES or not all(map(_is_name, inputs)):
        raise TypeError("the inputs have no names")
    # To go through an array of as many bytes as a message may have would take gigabytes.
    if not isinstance(shared, list) or not isinstance(warnings, list):
        raise TypeError("the names of what is shared, or the warnings, are no lists")
    names, texts = ([_short(item) for item in found[:_MAX_NAMES]] for found in (shared, warnings))
    steps = value["steps"]
    if type(steps) is not int:
        raise TypeError("the number of steps is none")
    return Observation(value["result"], inputs, names, texts, steps)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and len(name) <= _MAX_NAME and name.isprintable()


def _short(text: Any) -> str:
    return shortened(text, _MAX_TEXT) if isinstance(text, str) else ""
