"""A process that reads what students wrote, for the grader, with a bound on time and memory.

Some texts take a parser minutes, or gigabytes: a cell of two megabytes, lists within lists, a pattern that is tried
again at each of a million places. Such a text ends the fork that reads it, and nothing else. The first process imports
what reads; it forks for each request. It runs nothing of a student's: for that there is the sandbox.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import coursekit
from coursekit.checking.plain import Plain
from coursekit.grading.sandbox.processes import ended_children, memory_of, never_return
from coursekit.grading.sandbox.wire import Channel, ClosedError, LateError, WireError

__all__ = ["READ_MIB", "READ_S", "UnreadableError", "read_apart", "serve"]

#: What reading one thing may take: seconds, and MiB beside what Python and its libraries already have.
READ_S = 10.0
READ_MIB = 1024
_MIB = 2**20
_GRACE_S = 2.0
_TRIES = 2
#: What its start may take, and the import of what reads, which is no text's doing.
_START_S = 120.0
# Python runs by itself, without the user's settings; so it is told where this package is.
_START = "import sys; sys.path.append(sys.argv.pop()); from coursekit.grading.reader import serve; serve()"


class UnreadableError(Exception):
    """What was to be read is too much, or ended the process that read it; the text goes on from "it"."""


def read_apart(
    task: str, *arguments: Plain, files: Sequence[bytes] = (), seconds: float = READ_S, memory_mib: float = READ_MIB
) -> Any:
    """Call a function of this package in a process of its own, under limits.

    Args:
        task: The function, as ``module:name``; it takes plain data and returns plain data.
        *arguments: Its arguments.
        files: What else it gets, as its last argument: a list of bytes.
        seconds: How long it may take.
        memory_mib: What memory it may take beside Python's and the libraries' own.

    Returns:
        What it returns.

    Raises:
        UnreadableError: If it does not come to an end within the limits, or fails.
    """
    order = {"task": task, "arguments": list(arguments), "seconds": seconds, "memory_mib": memory_mib}
    order["files"] = [len(content) for content in files]
    for _ in range(_TRIES):
        try:
            reply = _reply(order, files)
            break
        except ClosedError:
            # Once may be somebody else's doing, such as a machine out of memory; twice is the text's own.
            continue
        except LateError:
            raise UnreadableError(f"takes more than {seconds:g} s to read") from None
        except WireError as error:
            raise UnreadableError(f"is too much: {error}") from None
    else:
        raise UnreadableError("ends the process that reads it")
    if "value" in reply:
        return reply["value"]
    raise UnreadableError(str(reply["failed"]) or f"takes more than {memory_mib:g} MiB of memory to read")


def _reply(order: dict[str, Any], files: Sequence[bytes]) -> Any:
    """Give an order, and files with it, to a fork, and return its reply.

    Raises:
        LateError: If the time is up.
        ClosedError: If the fork has ended before, or there is none.
        WireError: If what it says is too much.
    """
    seconds = order["seconds"]
    with contextlib.closing(_own_reader().begin(order["task"].partition(":")[0])) as channel:
        began = time.monotonic()
        try:
            channel.send(order, timeout_s=seconds)
            for content in files:
                channel.send_bytes(content, timeout_s=seconds)
            return channel.receive(timeout_s=seconds + _GRACE_S)
        except ClosedError:
            # Its own alarm may have come first.
            if time.monotonic() - began >= seconds:
                raise LateError from None
            raise


class _Reader:
    """The first process, which forks for each request; it ends when nobody is left to ask it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._turn = threading.Lock()
        self._control, theirs = Channel.pair()
        with theirs:
            place = str(Path(coursekit.__file__).parents[1])
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", "-c", _START, str(theirs.fileno()), place],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
            )
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        return self.pid == os.getpid() and self._process.poll() is None

    def close(self) -> None:
        """Let the process end, which it does when nobody can ask it any more."""
        if self.pid == os.getpid():
            self._control.close()
            self._process.wait()

    def begin(self, module: str) -> Channel:
        """Have a module imported, once for all, and a fork made; return the channel to it.

        Raises:
            ClosedError: If the process is gone; the next one is another.
        """
        ours, theirs = Channel.pair()
        try:
            with theirs, self._turn:
                self._control.send(module, fds=[theirs.fileno()], timeout_s=_START_S)
                self._control.receive(timeout_s=_START_S)
        except WireError as error:
            ours.close()
            self._process.kill()
            self._process.wait()
            raise ClosedError(f"The process that reads is gone: {error}") from None
        return ours


_readers: list[_Reader] = []
_starting = threading.Lock()


def _own_reader() -> _Reader:
    """Return this process's reader; start it when there is none."""
    with _starting:
        if not _readers or not _readers[-1].alive:
            _readers[:] = [_Reader()]
        return _readers[-1]


def serve() -> None:
    """Fork for each request until the grader is gone: the program of the reading process."""
    control = Channel(socket.socket(fileno=int(sys.argv[1])))
    # The grader says when it is over; an interrupt from the terminal does not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is imported stays: a fork would copy it to count what refers to it.
    gc.disable()
    while True:
        try:
            module: Any = control.receive(take_fds=True)
        except WireError:
            return
        # What is wrong with it is told by the fork.
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
        gc.freeze()
        for fd in control.fds:
            if os.fork() == 0:
                control.close()
                never_return(lambda fd=fd: _answer(Channel(socket.socket(fileno=fd))))  # type: ignore[misc]
            os.close(fd)
        control.send({"begun": True})
        ended_children()


def _answer(channel: Channel) -> None:
    """Do one task, in a fork."""
    order: Any = channel.receive(timeout_s=READ_S)
    gc.enable()
    given = order["arguments"]
    if order["files"]:
        given.append([channel.receive_bytes(size, timeout_s=order["seconds"]) for size in order["files"]])
    # Counted from here: what was received is no text's doing.
    _limit(order["seconds"], order["memory_mib"])
    try:
        module, _, name = order["task"].partition(":")
        reply = {"value": getattr(importlib.import_module(module), name)(*given)}
    except MemoryError:
        reply = {"failed": ""}
    except Exception as error:
        reply = {"failed": f"cannot be read ({type(error).__name__}: {str(error)[:200]})"}
    try:
        channel.send(reply)
    except (WireError, MemoryError):
        channel.send({"failed": ""})


def _limit(seconds: float, memory_mib: float) -> None:
    """Bind this process: an alarm that nothing catches ends it."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    bound = memory_of("self").addresses + int(memory_mib * _MIB)
    # Where addresses cannot be limited, as on macOS, the alarm still ends it.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
