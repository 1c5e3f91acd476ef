"""Who runs submissions: processes on this machine, or a Dask cluster."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from coursekit.errors import CourseError
from coursekit.grading.execution import Job, Run, open_sandbox, run_submission
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import MODES, why_unavailable

__all__ = ["Pool", "n_cores", "open_pool", "process_pool"]

_SPARE = 2
#: How Dask speaks where it does not encrypt; tcp is meant where nothing is said.
_IN_THE_CLEAR = ("", "tcp", "ucx", "ws")
_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
_CONNECT_TIMEOUT_S = 5
_PR_SET_PDEATHSIG = 1


class Pool(ABC):
    """Processes that grade submissions, several at a time.

    Attributes:
        room: How many submissions to send out at once: a few more than run at once, so that no process waits for work.
    """

    room: int

    @abstractmethod
    def prepare(self, lab: str, sandbox: str, limits: Limits) -> None:
        """Start what a lab's submissions need, so that the first ones wait less; optional."""

    @abstractmethod
    def require(self, sandbox: str) -> None:
        """Check that students' code can be sandboxed, as far as this machine can tell.

        Raises:
            CourseError: If it cannot.
        """

    @abstractmethod
    def submit(self, job: Job) -> Future[Run]:
        """Begin to grade a submission."""

    @abstractmethod
    def result(self, future: Future[Run], job: Job) -> Run:
        """Return the run of a submission, also if the process that graded it was killed.

        Raises:
            CourseError: If no submission can be graded here.
        """


@contextlib.contextmanager
def open_pool(jobs: int | None, address: str | None, *, trust_network: bool = False) -> Iterator[Pool]:
    """Open what runs submissions.

    Args:
        jobs: How many submissions to run at once; as many as there are cores unless given.
        address: The address of a Dask scheduler; None for processes on this machine.
        trust_network: Whether nobody else is in the network of a scheduler that does not encrypt.

    Raises:
        CourseError: If there cannot be any workers.
    """
    if jobs is not None and jobs < 1:
        raise CourseError(f"--jobs must be at least 1; got {jobs}.")
    if address is None:
        opened = _local_pool(jobs or n_cores())
    else:
        opened = _dask_pool(address, jobs, trust_network=trust_network)
    with opened as pool:
        yield pool


class _LocalPool(Pool):
    """Processes on this machine, started when there is work. When one of them is killed, all are started again."""

    def __init__(self, n_processes: int, stack: contextlib.ExitStack) -> None:
        self.room = n_processes + _SPARE
        self._n_processes = n_processes
        self._stack = stack
        self._executor: ProcessPoolExecutor | None = None
        self._alone: ProcessPoolExecutor | None = None

    def prepare(self, lab: str, sandbox: str, limits: Limits) -> None:
        if sandbox in MODES and why_unavailable(sandbox):
            return
        for _ in range(self._n_processes):
            self._begun().submit(open_sandbox, sandbox, limits, lab)

    def require(self, sandbox: str) -> None:
        _require_known(sandbox)
        why = why_unavailable(sandbox)
        if why:
            raise CourseError(why)

    def submit(self, job: Job) -> Future[Run]:
        try:
            return self._begun().submit(run_submission, job)
        except BrokenProcessPool:
            self._executor = None
            return self._begun().submit(run_submission, job)

    def result(self, future: Future[Run], job: Job) -> Run:
        # A killed process ends the pool, and the work of the others with it: each submission is tried again, by itself.
        with contextlib.suppress(BrokenProcessPool):
            return _result(future, job)
        if self._alone is None:
            self._alone = self._stack.enter_context(process_pool(1))
            _require_processes(self._alone)
        try:
            return _result(self._alone.submit(run_submission, job), job)
        except BrokenProcessPool:
            self._alone = None
            return Run.lost(job, "The process that graded it was killed, twice.")

    def _begun(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = self._stack.enter_context(process_pool(self._n_processes))
        return self._executor


class _DaskPool(Pool):
    """A Dask cluster, through its client."""

    def __init__(self, executor: Executor, room: int) -> None:
        self.room = room
        self._executor = executor

    def prepare(self, lab: str, sandbox: str, limits: Limits) -> None:
        # A machine of a cluster prepares itself with its first submission: which one will get any is not known here.
        return

    def require(self, sandbox: str) -> None:
        _require_known(sandbox)

    def submit(self, job: Job) -> Future[Run]:
        with warnings.catch_warnings():
            # Dask has advice on large arguments; a student has handed in a large file.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            return self._executor.submit(run_submission, job)

    def result(self, future: Future[Run], job: Job) -> Run:
        return _result(future, job)


def _result(future: Future[Run], job: Job) -> Run:
    """Return the run of a submission; raise only errors that no submission can cause, such as a missing package."""
    try:
        return future.result()
    except (CourseError, BrokenProcessPool):
        raise
    except ImportError as error:
        raise CourseError(
            f"Submissions cannot be graded there ({error}). Install coursekit for the workers, the same version as"
            " here: pip install 'coursekit[grade]'."
        ) from error
    except (Exception, CancelledError) as error:
        return Run.lost(job, f"The run was lost: {type(error).__name__}: {error}")


@contextlib.contextmanager
def _local_pool(n_processes: int) -> Iterator[Pool]:
    with contextlib.ExitStack() as stack:
        yield _LocalPool(n_processes, stack)


@contextlib.contextmanager
def process_pool(n_processes: int) -> Iterator[ProcessPoolExecutor]:
    """Open a pool of processes; an interrupt stops what they are doing."""
    others = set(multiprocessing.active_children())
    # Fresh processes: forking one in which threads run can hang.
    pool = ProcessPoolExecutor(
        n_processes, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_the_parent
    )
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _require_processes(pool: ProcessPoolExecutor) -> None:
    """Check that processes can be started at all.

    Raises:
        CourseError: If they cannot.
    """
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool as error:
        raise CourseError(
            "The processes to grade in could not be started. A script that calls grade() must do so under"
            " `if __name__ == '__main__':`."
        ) from error


def _require_known(sandbox: str) -> None:
    if sandbox not in MODES:
        raise CourseError(f"There is no sandbox {sandbox!r}; legal are {', '.join(MODES)}.")


def _follow_the_parent() -> None:
    """End this process when its parent ends or asks it to, but not on an interrupt from the terminal.

    It need not clean up: a sandbox whose grader is gone ends by itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@contextlib.contextmanager
def _dask_pool(address: str, jobs: int | None, *, trust_network: bool) -> Iterator[Pool]:
    if not trust_network and not _is_private(address):
        raise CourseError(
            f"{address!r} is not encrypted: whoever reaches the scheduler's port, or listens on the way, gets the"
            " hidden checks and students' work, and can run code as you. Start the cluster with TLS and give its tls://"
            " address (https://distributed.dask.org/en/stable/tls.html), or, if nobody else is in its network, add"
            " --trust-network."
        )
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError(f"--executor needs Dask ({error}). Install it: pip install 'coursekit[grade]'.") from None
    try:
        client: Any = Client(address, timeout=_CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {address!r} ({error}). Start one with `dask scheduler`, and give the"
            " address that it prints, such as tcp://host:8786."
        ) from error
    with client:
        n_threads = sum(client.nthreads().values())
        if n_threads == 0:
            raise CourseError(f"The Dask scheduler at {address!r} has no workers. Start some: `dask worker {address}`.")
        yield _DaskPool(client.get_executor(), jobs or n_threads + _SPARE)


def _is_private(address: str) -> bool:
    """Tell whether nobody can listen to a scheduler: it is encrypted, or this machine talks to itself."""
    scheme, _, place = address.rpartition("://")
    return scheme not in _IN_THE_CLEAR or (place.rpartition(":")[0] or place) in _THIS_MACHINE


def n_cores() -> int:
    """Return the number of cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
