"""Processes as Linux shows them: what they take up, which have ended, which are left."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

__all__ = ["Memory", "children", "ended_children", "memory_of", "n_unix_sockets", "never_return", "others", "own_bytes"]

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Memory(NamedTuple):
    """What a process takes up, in bytes (proc_pid_statm(5)).

    Attributes:
        addresses: The addresses that are in use, with what is only reserved.
        resident: The memory behind them, with what is shared.
        data: The addresses of its own that can be written to.
    """

    addresses: int
    resident: int
    data: int


def memory_of(pid: int | str) -> Memory:
    """Return what a process takes up: nothing, if it is gone or cannot be seen."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return Memory(0, 0, 0)
    return Memory(*(int(fields[i]) * _PAGE_BYTES for i in (0, 1, 5)))


def own_bytes(pid: int | str) -> int:
    """Return the memory of a process that is not a file's, with pages that several share divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))


def n_unix_sockets() -> int:
    """Count the sockets between processes, in this network namespace; those on their way through another, too."""
    try:
        return Path("/proc/net/unix").read_bytes().count(b"\n") - 1
    except OSError:
        return 0


def others(uid: int | None = None) -> list[int]:
    """List all processes that can be seen but this one; of one user, if one is given."""
    found = [path for path in Path("/proc").iterdir() if path.name.isdigit() and int(path.name) != os.getpid()]
    return [int(path.name) for path in found if uid is None or _owner(path) == uid]


def _owner(process: Path) -> int | None:
    try:
        return process.stat().st_uid
    except OSError:
        return None


def children() -> list[int]:
    """List the children of this process that run."""
    try:
        pids = Path("/proc/thread-self/children").read_text().split()
        states = {pid: Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2] for pid in pids}
    except OSError:
        return []
    return [int(pid) for pid, state in states.items() if not state.startswith("Z")]


def ended_children() -> list[tuple[int, int]]:
    """Take leave of children that have ended; return their ids, and their statuses as ``os.waitpid`` gives them."""
    ended = []
    with contextlib.suppress(ChildProcessError):
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(child)
    return ended


def never_return(act: Callable[[], object]) -> NoReturn:
    """Do something in a fork, which must not go on with what its parent was doing."""
    code = 1
    try:
        act()
        code = 0
    finally:
        # Also when it raises: nothing of the parent's is to be unwound here.
        os._exit(code)
