"""The processes that run a student's code: one for the cells of a submission, and forks of it.

A *snapshot* is a fork that waits, with the names as they stood at a check cell. An *answerer* answers the grader's
calls: a fork of a snapshot, so that what a call breaks or changes is gone with it, or the snapshot itself,
where nothing more is asked.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from coursekit.checking.calls import Call
from coursekit.checking.failures import NotWrittenError, StudentError
from coursekit.checking.plain import Plain
from coursekit.checking.skipped import kept
from coursekit.errors import NothingToAskError
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import seccomp
from coursekit.grading.sandbox.guard import Guard, GuardedStudent
from coursekit.grading.sandbox.processes import Memory, ended_children, never_return
from coursekit.grading.sandbox.shell import NotebookShell, take_over_streams
from coursekit.grading.sandbox.wire import Channel, ClosedError, WireError
from coursekit.questions import Example, questions_about

__all__ = ["Answerer", "Runner"]

_MIB = 2**20
_PR_SET_DUMPABLE = 4
_OPEN_FILES = 256
_WAITING_SIGNALS = 1024
#: Processes of the grader's own beside the submission's: the runner, a snapshot for each check cell, and an answerer.
_OWN_PROCESSES = 32


class Runner:
    """The process of one submission: it runs its cells, and forks to answer the grader's calls.

    Args:
        channel: The socket to the grader.
        shell: The shell to run cells in.
        guard: What of this process is kept as it was.
        limits: What the submission may use.
        baseline: What the process takes up already.
        confined: Whether nobody else is in this process's namespaces, or is its user.
    """

    def __init__(
        self,
        channel: Channel,
        shell: NotebookShell,
        guard: Guard,
        *,
        limits: Limits,
        baseline: Memory,
        confined: bool,
    ) -> None:
        self.channel = channel
        self.shell = shell
        self.guard = guard
        self._answerer = 0
        os.setsid()
        self._printed = _redirect()
        take_over_streams(shell)
        _limit(limits, baseline, confined=confined)
        if confined:
            seccomp.forbid()

    def serve(self) -> None:
        """Do what the grader asks for until it is gone."""
        while True:
            try:
                order = self.channel.receive(take_fds=True)
            except ClosedError:
                self._dismiss()
                return
            if order["do"] == "cell":
                self._dismiss()
                self._run_cell(order["source"], order["count"], order["skipped"])
            elif order["do"] == "answer":
                self._dismiss()
                self._answerer = self._fork(self.channel.fds[0], self._become_answerer)
            elif order["do"] == "serve":
                self._become_answerer(Channel(socket.socket(fileno=self.channel.fds[0])))
                return
            elif order["do"] == "snapshot":
                # For later: it outlives the orders that follow.
                self.channel.send({"forked": bool(self._fork(self.channel.fds[0], self._become_snapshot))})

    def _run_cell(self, source: str, count: int | None, skipped: list[list[str]] | None) -> None:
        """Run a cell; of a cell to look at, only what it defines and what is not as released."""
        outputs: list[Plain] = []
        stops: list[Plain] = []
        self.guard.seal.mend_reading()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            text = source if skipped is None else kept(source, [frozenset(each) for each in skipped])
            outputs, stops = self.shell.run(text, count=count)
        except KeyboardInterrupt:
            outputs, stops = self.shell.outputs.taken(), [[1, "KeyboardInterrupt", ""]]
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        outputs = [*outputs, *self._printed_past_python()]
        self.channel.send({"outputs": outputs, "stops": stops, "noticed": self.guard.noticed()})

    def _printed_past_python(self) -> list[Plain]:
        """Return, as an output, what programs and libraries have printed while a cell ran."""
        try:
            text = os.pread(self._printed, self.shell.outputs.limit_bytes, 0).decode("utf-8", "replace")
            os.ftruncate(self._printed, 0)
        except OSError:
            return []
        return [{"output_type": "stream", "name": "stdout", "text": text}] if text else []

    def _fork(self, fd: int, become: Callable[[Channel], None]) -> int:
        """Fork a process that takes its orders from the socket ``fd``; return its id, or 0 if there can be no more."""
        try:
            pid = os.fork()
        except OSError:
            os.close(fd)
            return 0
        if pid == 0:
            self.channel.close()
            # Threads that a cell has started are not in a fork; one thread needs no others.
            if (torch := sys.modules.get("torch")) is not None:
                torch.set_num_threads(1)
            never_return(lambda: become(Channel(socket.socket(fileno=fd))))
        os.close(fd)
        return pid

    def _become_answerer(self, channel: Channel) -> None:
        self.guard.answer(self.shell.user_ns)
        Answerer(channel, GuardedStudent(self.shell.user_ns, self.guard)).serve()

    def _become_snapshot(self, channel: Channel) -> None:
        """Wait, as the notebook stands, to be forked."""
        self.channel, self._answerer = channel, 0
        self.serve()

    def _dismiss(self) -> None:
        """End the process that has answered up to now."""
        if self._answerer:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._answerer, signal.SIGKILL)
            self._answerer = 0
        ended_children()


class Answerer:
    """The process that answers calls: the notebook as it stands at a check cell.

    Args:
        channel: The socket to the grader.
        student: The student's code.
    """

    def __init__(self, channel: Channel, student: GuardedStudent) -> None:
        self.channel = channel
        self.student = student
        self._stand_ins = contextlib.ExitStack()

    def serve(self) -> None:
        """Answer until the grader is gone."""
        while True:
            try:
                reply = self._reply(self.channel.receive())
                self._send(reply | {"noticed": self.student.guard.noticed()})
            except ClosedError:
                return

    def _send(self, reply: Plain) -> None:
        try:
            self.channel.send(reply)
        except ClosedError:
            raise
        except (WireError, MemoryError) as error:
            self.channel.send({"too_large": str(error)})

    def _reply(self, order: Plain) -> dict[str, Plain]:
        """Do what is asked and say what came of it."""
        try:
            return {"value": self._do(order)}
        except StudentError as error:
            return _as_reply(error)
        except BaseException as error:
            # A student's code may raise what is meant for the interpreter itself.
            kind = type(error).__name__
            return {"error": {"message": "The call stopped with an error.", "kind": kind, "got": kind, "hint": ""}}

    def _do(self, order: Plain) -> Plain:
        student = self.student
        if order["do"] == "call":
            return student.observe(Call.of(order["call"])).as_plain()
        if order["do"] == "ask":
            student.guard.mend()
            source, slug, example = order["source"], order["slug"], Example(order["example"])
            try:
                return [each.as_plain() for each in questions_about(source, slug, example, student.namespace)]
            except NothingToAskError as error:
                return str(error)
        if order["do"] == "replay":
            outcomes = student.replay([Call.of(call) for call in order["calls"]])
            return [_as_reply(o.error) if o.error else {"value": o.result, "kept": o.kept} for o in outcomes]
        return self._stand_ins.enter_context(student.standing_in(order["sources"]))


def _as_reply(error: StudentError) -> dict[str, Plain]:
    """Return what went wrong as plain data."""
    if isinstance(error, NotWrittenError):
        return {"not_written": error.name, "defined": error.defined}
    return {"error": {"message": error.message, "kind": error.kind, "got": error.got, "hint": error.hint}}


def _redirect() -> int:
    """Give the process streams of its own; return the file to which programs and libraries print."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    with tempfile.TemporaryFile(dir=".") as file:
        printed = os.dup(file.fileno())
    fcntl.fcntl(printed, fcntl.F_SETFL, os.O_APPEND)
    for old, new in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(old, new)
    os.close(nothing)
    return printed


def _limit(limits: Limits, baseline: Memory, *, confined: bool) -> None:
    """Bind the process, and all that it starts, to the submission's limits."""
    memory = int(limits.memory_mib * _MIB)
    bounds = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": int(limits.file_mib * _MIB), "RLIMIT_NOFILE": _OPEN_FILES}
    if sys.platform == "linux":
        # The supervisor sees to the limit; these stop what is too quick for it. Addresses count shared memory, too.
        bounds["RLIMIT_DATA"] = baseline.data + 2 * memory
        bounds["RLIMIT_AS"] = baseline.addresses + 2 * memory + 1024 * _MIB
    if confined:
        # Counted by user, and each sandbox has one of its own.
        bounds |= {"RLIMIT_NPROC": int(limits.processes) + _OWN_PROCESSES, "RLIMIT_MSGQUEUE": 0, "RLIMIT_MEMLOCK": _MIB}
        bounds |= {"RLIMIT_SIGPENDING": _WAITING_SIGNALS}
    for name, bound in bounds.items():
        kind = getattr(resource, name)
        _, most = resource.getrlimit(kind)
        allowed = bound if most == resource.RLIM_INFINITY else min(bound, most)
        resource.setrlimit(kind, (allowed, allowed))
    if sys.platform == "linux":
        # So that the supervisor, and the process itself, can see what it takes up, and its settings are its own.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    if confined:
        # Where the kernel has to end somebody, it is not the supervisor.
        Path("/proc/self/oom_score_adj").write_text("1000")
