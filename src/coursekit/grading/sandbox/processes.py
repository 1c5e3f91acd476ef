"""Processes as Linux has them: what they take up and in which pages, which have ended, which are left."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

__all__ = [
    "Memory",
    "children",
    "ended_children",
    "join_pages",
    "memory_of",
    "n_unix_sockets",
    "never_return",
    "others",
    "own_bytes",
]

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
#: What a large page takes up on x86-64 and, with pages of 4 KiB, on arm64.
_LARGE_BYTES = 2 * 2**20
#: madvise(2): put these pages together to large ones, now. From Linux 6.1 on.
_MADV_COLLAPSE = 25


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


def join_pages() -> None:
    """Put this process's pages together to large ones, where the system can.

    A fork copies the table of all pages: with PyTorch imported, 50,000 of them. Large pages take a third of the time
    to fork and to end, and a submission takes some ten forks. Where it cannot be done, all goes on as before.
    """
    try:
        madvise = ctypes.CDLL(None).madvise
        lines = Path("/proc/self/maps").read_text().splitlines()
    except (OSError, AttributeError):
        return
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for line in lines:
        # proc_pid_maps(5): addresses, what is allowed, offset, device, inode, and the file's path if there is one.
        addresses, allowed, _, _, inode = line.split()[:5]
        first, end = (int(address, 16) for address in addresses.split("-"))
        first, end = -(-first // _LARGE_BYTES) * _LARGE_BYTES, end // _LARGE_BYTES * _LARGE_BYTES
        if allowed == "rw-p" and inode == "0" and first < end:
            madvise(first, end - first, _MADV_COLLAPSE)
