"""The first process in the sandbox: it forks for each submission, watches it, and cleans up behind it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from coursekit.grading.limits import Limits
from coursekit.grading.sandbox.gate import hidden_folders
from coursekit.grading.sandbox.guard import Guard
from coursekit.grading.sandbox.mounts import keep_right_to_mount, mount_own
from coursekit.grading.sandbox.processes import (
    children,
    ended_children,
    memory_of,
    n_unix_sockets,
    never_return,
    others,
    own_bytes,
)
from coursekit.grading.sandbox.runner import Runner
from coursekit.grading.sandbox.shell import NotebookShell
from coursekit.grading.sandbox.wire import Channel, ClosedError, LateError

__all__ = ["Supervisor", "drop_privileges"]

#: Seconds without work after which the supervisor ends itself.
IDLE_S = 120
_WATCH_S = 0.05
_SELDOM = 10
#: Orders about the process that runs the cells.
_SIGNALS = {"interrupt": signal.SIGINT, "kill": signal.SIGKILL}
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36
#: What a socket may hold that nobody has read, in the kernel's memory: its buffer, and what goes beyond it.
_SOCKET_BYTES = 2**18


class Supervisor:
    """Runs one submission after another; none of a student's code runs in it.

    Args:
        control: The socket to the grader.
        shell: The shell that each submission gets a copy of.
        guard: What of the process it keeps as it was, for each.
        limits: What one submission may use.
        scratch: The folders that a submission may write to; its home is made in the first.
        shown: What a submission may read, some of which may lie in these folders.
        sandboxed: Whether this is process 1 of a namespace in which nobody else is, so that each submission can have
            folders of its own; otherwise they are emptied behind it.
        confined: Whether all that a submission starts belongs to a user that is nobody else's, or is alone in a
            namespace: it has its own limits then, and is forbidden what it has no use for.
        privileged: Whether this process has kept the right to make mounts.

    Raises:
        OSError: If submissions cannot have folders of their own here.
    """

    def __init__(
        self,
        control: Channel,
        shell: NotebookShell,
        guard: Guard,
        *,
        limits: Limits,
        scratch: Sequence[Path],
        shown: Sequence[Path],
        sandboxed: bool,
        confined: bool,
        privileged: bool,
    ) -> None:
        self.control = control
        self.shell = shell
        self.guard = guard
        self.limits = limits
        self.sandboxed = sandboxed
        self.confined = confined
        self.privileged = privileged
        self.scratch = scratch
        self.shown = shown
        self.home = scratch[0] / "home"
        self.baseline = memory_of("self")
        self._own_bytes = own_bytes("self")
        self._wipe()

    def serve(self) -> None:
        """Run submissions until the grader is gone, or has sent none for a while."""
        while True:
            try:
                order = self.control.receive(timeout_s=IDLE_S, take_fds=True)
                if order["do"] == "begin":
                    self._run(self.control.fds[0])
            except (LateError, ClosedError):
                return

    def _run(self, fd: int) -> None:
        """Run one submission, whose socket to the grader is ``fd``."""
        runner = os.fork()
        if runner == 0:
            never_return(lambda: self._become_runner(fd))
        os.close(fd)
        try:
            self._watch(runner)
        finally:
            self._sweep(runner)
            clean = self._wipe()
        self.control.send({"clean": clean})

    def _become_runner(self, fd: int) -> None:
        self.control.close()
        channel = Channel(socket.socket(fileno=fd))
        if self.sandboxed:
            own_folders(self.limits, self.scratch, self.shown, privileged=self.privileged)
        self.home.mkdir(mode=0o700)
        os.chdir(self.home)
        Runner(
            channel,
            self.shell,
            self.guard,
            limits=self.limits,
            baseline=self.baseline,
            confined=self.confined,
        ).serve()

    def _watch(self, runner: int) -> None:
        """Wait until the grader says that a submission is over; tell it when the runner has ended before."""
        ended = out_of_memory = False
        watch_s = _WATCH_S
        while True:
            readable, _, _ = select.select([self.control.end], [], [], watch_s)
            order = self.control.receive()["do"] if readable else ""
            if order == "finish":
                return
            if order in _SIGNALS and not ended:
                os.kill(runner, _SIGNALS[order])
            began = time.monotonic()
            hog = self._hog() if self.confined else None
            # Where many processes are looked at, looking takes long: a tenth of the time goes there at most.
            watch_s = max(_WATCH_S, _SELDOM * (time.monotonic() - began))
            if hog is not None:
                out_of_memory = out_of_memory or hog == runner
                with contextlib.suppress(ProcessLookupError):
                    os.kill(hog, signal.SIGKILL)
            for pid, status in ended_children():
                if pid == runner:
                    ended = True
                    code = os.waitstatus_to_exitcode(status)
                    self.control.send({"ended": code, "out_of_memory": out_of_memory})

    def _hog(self) -> int | None:
        """Return the largest process of the submission, if all of them together take up too much memory."""
        limit = self.limits.memory_mib * 2**20
        pids = others() if self.sandboxed else others(os.getuid())
        # Outside a namespace of its own, the machine's sockets would count.
        in_sockets = n_unix_sockets() * _SOCKET_BYTES if self.sandboxed else 0
        if in_sockets + sum(memory_of(pid).resident for pid in pids) <= limit + self.baseline.resident:
            return None
        # Forks share most of their memory with this process and with each other: it is counted once.
        sizes = {pid: own_bytes(pid) for pid in pids}
        growth = in_sockets + sum(sizes.values()) + own_bytes("self") - self._own_bytes
        return max(sizes, key=sizes.__getitem__) if growth > limit else None

    def _sweep(self, runner: int) -> None:
        """Kill every process that a submission has left behind."""
        if self.confined:
            # All that this process may end: the others in its namespace, whose process 1 it is, or of its user.
            _kill_and_reap(lambda: os.kill(-1, signal.SIGKILL))
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(runner, signal.SIGKILL)
            # Processes that left the group become children of this one when their parents end.
            _kill_and_reap(_kill_children)

    def _wipe(self) -> bool:
        """Delete the files of a submission; tell whether nothing is left, which a hostile tree can prevent.

        In a sandbox there is nothing to delete: its folders went with its last process.
        """
        folders = [] if self.sandboxed else self.scratch
        for entry in (entry for folder in folders for entry in folder.iterdir()):
            with contextlib.suppress(OSError, RecursionError):
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink()
        return not any(any(folder.iterdir()) for folder in folders)


def own_folders(limits: Limits, scratch: Sequence[Path], shown: Sequence[Path], *, privileged: bool) -> None:
    """Give this process folders of its own, with room for what a submission may write.

    Raises:
        OSError: If the system does not allow it.
    """
    size_bytes, n_files = int(limits.scratch_mib * 2**20), int(limits.files)
    mount_own(scratch, shown, size_bytes=size_bytes, n_files=n_files, privileged=privileged, hidden=hidden_folders())


def drop_privileges(uid: int | None, *, mounts: bool) -> None:
    """Give up this process's privileges, and close it to the processes that it will start.

    Args:
        uid: The user to become; None to stay who it is.
        mounts: Whether to keep the right to make mounts.
    """
    # Python's own handler would turn an interrupt, which a child may send, into an exception here.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if uid is not None and mounts:
        keep_right_to_mount(uid)
    elif uid is not None:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _kill_children() -> None:
    for pid in children():
        os.kill(pid, signal.SIGKILL)


def _kill_and_reap(kill: Callable[[], object]) -> None:
    """Kill and reap children until there are none."""
    while True:
        with contextlib.suppress(ProcessLookupError):
            kill()
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
