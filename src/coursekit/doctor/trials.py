"""Whether a sandbox holds: code that misbehaves, run in it as a submission would be.

A trial counts as held only if its code itself was seen to be stopped; an unexpected outcome proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coursekit
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import EndedError, LostError, Sandbox

__all__ = ["TRIAL_LIMITS", "Outcome", "try_sandbox"]

#: Small, so that what goes beyond them does so at once.
TRIAL_LIMITS = Limits(cell_s=2, submission_s=20, memory_mib=128, processes=16, scratch_mib=16)

# Each prints "done" if nothing has stopped it.
_NETWORK = """
import socket
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=1)
    print("done")
except OSError:
    print("refused")
"""
_READING = """
def can_read(folder):
    try:
        return bool(open(folder + "/secret").read())
    except OSError:
        return False
print("done" if any([can_read(folder) for folder in {folders}]) else "refused")
"""
_WRITING = """
import os
def can_write(folder):
    path = folder + "/{name}"
    try:
        open(path, "x").close()
        os.remove(path)
        return True
    except OSError:
        return False
print("done" if any([can_write(folder) for folder in {folders}]) else "refused")
"""
_MEMORY = """
blocks = [b"x" * 2**23 for _ in range(64)]
print("done")
"""
_PROCESSES = """
import os, time
try:
    for _ in range(64):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    print("done")
except OSError:
    print("refused")
"""
_TIME = """
import time
start = time.monotonic()
while time.monotonic() < start + {seconds}:
    pass
print("done")
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a trial.

    Attributes:
        name: What was tried, such as ``"network"``.
        held: Whether the sandbox was seen to hold.
        found: What was seen, as the rest of a sentence that begins with the name.
    """

    name: str
    held: bool
    found: str


@dataclass(frozen=True)
class _Trial:
    name: str
    if_held: str
    if_not: str
    source: str
    #: The ends that show that it was stopped: what it printed, its error, or the submission's status.
    stopped: Sequence[str] = ("refused",)


def try_sandbox(sandbox: Sandbox) -> list[Outcome]:
    """Run code that misbehaves in a sandbox, each piece as a submission of its own.

    Args:
        sandbox: An open one, with :data:`TRIAL_LIMITS`.

    Raises:
        OSError: If there is nothing to try it on: no folder that can be written to, no network within the machine.
    """
    with _folders_of_the_user() as folders, socket.create_server(("127.0.0.1", 0)) as server:
        # What cannot be reached from here either would prove nothing.
        socket.create_connection(server.getsockname(), timeout=5).close()
        return [_tried(sandbox, trial) for trial in _trials(folders, server.getsockname()[1])]


@contextlib.contextmanager
def _folders_of_the_user() -> Iterator[list[str]]:
    """Make a folder with a file, of the kind that a submission must not see, among temporary ones and in the home."""
    with contextlib.ExitStack() as stack:
        folders = [stack.enter_context(_folder_with_secret(tempfile.gettempdir()))]
        with contextlib.suppress(OSError, RuntimeError):  # some users have no home, or may not write to it
            folders.append(stack.enter_context(_folder_with_secret(str(Path.home()))))
        yield folders


@contextlib.contextmanager
def _folder_with_secret(place: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix=".coursekit-doctor-", dir=place) as folder:
        Path(folder, "secret").write_text("secret", encoding="utf-8")
        yield folder


def _trials(folders: Sequence[str], port: int) -> list[_Trial]:
    package = os.path.dirname(coursekit.__file__)  # noqa: PTH120 - as text, for the cell
    # A name that nobody else has, so that nothing is lost where the sandbox does not hold.
    name = os.path.basename(folders[0])  # noqa: PTH119
    writing = _WRITING.format(folders=[*folders, sys.prefix, package, "/"], name=name)
    return [
        _Trial("network", "cannot be reached", "can be reached", _NETWORK.format(port=port)),
        _Trial("your files", "cannot be read", "can be read", _READING.format(folders=list(folders))),
        _Trial("your disk", "cannot be written to", "can be written to", writing),
        _Trial("memory", "is limited", "is not limited", _MEMORY, ("memory", "MemoryError")),
        _Trial("processes", "are limited in number", "are not limited in number", _PROCESSES),
        _Trial("time", "is limited", "is not limited", _TIME.format(seconds=TRIAL_LIMITS.cell_s + 1), ("timeout",)),
    ]


def _tried(sandbox: Sandbox, trial: _Trial) -> Outcome:
    end = _end(sandbox, trial.source)
    if end in trial.stopped:
        return Outcome(trial.name, True, trial.if_held)
    return Outcome(trial.name, False, trial.if_not if end == "done" else f"could not be tried; it ended in {end!r}")


def _end(sandbox: Sandbox, source: str) -> str:
    """Run a cell, and say in a word how it ended."""
    try:
        with sandbox.session() as session:
            done = session.run_cell(source)
    except EndedError as error:
        return error.status
    except LostError as error:
        return str(error)
    outputs: Any = done.outputs
    printed = "".join(output["text"] for output in outputs if output.get("name") == "stdout").strip()
    return "timeout" if done.timed_out else done.error or printed
