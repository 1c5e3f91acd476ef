"""A group of processes whose memory and number the kernel counts, whatever holds it: sockets, files, pipes.

That is a control group (https://docs.kernel.org/admin-guide/cgroup-v2.html). One can be had where this process may make
groups below its own: as root, or where a part of the tree has been handed over to its user; or from systemd, as a scope
of the user's (systemd-run(1)). Elsewhere the other limits of the sandbox are all there is.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coursekit.grading.limits import Limits

__all__ = ["Group", "open_group"]

_ROOTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
_MEMBERS = "cgroup.procs"
_PREFIX = "coursekit-"
_MIB = 2**20
#: What the first process takes up itself, in MiB and in threads, beside what a submission may use.
_OWN_MIB, _OWN_PROCESSES = 1024, 64
_JOIN = 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"'
_PATIENCE_S = 2.0
_numbers = itertools.count()


@dataclass(frozen=True)
class Group:
    """A control group for one sandbox.

    Attributes:
        kind: Who has made it: ``"own"`` or ``"systemd"``.
        command: What to put before a command to have it run in the group.
        folders: The group's folders, where it is our own: one, or with the first version of control groups two.
    """

    kind: str
    command: tuple[str, ...]
    folders: tuple[Path, ...] = ()

    def n_killed(self, pid: int) -> int:
        """Return how many of its processes the kernel has ended because the group's memory was used up.

        Args:
            pid: A process in it.
        """
        folders = self.folders or tuple(_ROOTS[0] / path for path in _own_paths(pid).values())
        for file in (folder / name for folder in folders for name in ("memory.events", "memory.oom_control")):
            with contextlib.suppress(OSError):
                counts = dict(line.split() for line in file.read_text().splitlines())
                return int(counts.get("oom_kill", 0))
        return 0

    def close(self) -> None:
        """Take the group away, once its processes have ended."""
        deadline = time.monotonic() + _PATIENCE_S
        for folder in self.folders:
            while folder.exists() and time.monotonic() < deadline:
                with contextlib.suppress(OSError):
                    folder.rmdir()
                time.sleep(0.01)


def open_group(limits: Limits) -> Group | None:
    """Make a group for a sandbox; None where none can be had."""
    memory_bytes = int((limits.memory_mib + 2 * limits.scratch_mib + _OWN_MIB) * _MIB)
    n_processes = int(limits.processes) + _OWN_PROCESSES
    return _own_group(memory_bytes, n_processes) or _scope(memory_bytes, n_processes)


def _own_group(memory_bytes: int, n_processes: int) -> Group | None:
    """Make a group below this process's own: of the second version, or of the first."""
    own = _own_paths(os.getpid())
    if "" in own:
        settings = {"memory.max": memory_bytes, "memory.swap.max": 0, "pids.max": n_processes}
        for root in _ROOTS:
            if folder := _made(root / own[""], settings, needed=("memory.max", "pids.max")):
                return _joined((folder,))
    if "memory" in own:
        limit = {"memory.limit_in_bytes": memory_bytes}
        folder = _made(_ROOTS[0] / "memory" / own["memory"], limit, needed=tuple(limit))
        if folder is not None:
            limit = {"pids.max": n_processes}
            counted = _made(_ROOTS[0] / "pids" / own.get("pids", ""), limit, needed=tuple(limit))
            return _joined((folder, counted) if counted is not None else (folder,))
    return None


def _own_paths(pid: int) -> dict[str, str]:
    """Return where a process stands in each tree of groups, by the controller; the second version's has no name."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        found |= {controller: path.lstrip("/") for controller in controllers.split(",")}
    return found


def _made(parent: Path, settings: Mapping[str, int], *, needed: tuple[str, ...]) -> Path | None:
    """Make a folder for a group with its limits; None where that cannot be done."""
    if not (parent / _MEMBERS).exists():
        return None
    _clear(parent)
    folder = parent / f"{_PREFIX}{os.getpid()}-{next(_numbers)}"
    try:
        folder.mkdir()
    except OSError:
        return None
    try:
        for name, value in settings.items():
            if name in needed or (folder / name).exists():
                # Not made anew: these files are the kernel's.
                with (folder / name).open("r+") as file:
                    file.write(str(value))
    except OSError:
        folder.rmdir()
        return None
    return folder


def _clear(parent: Path) -> None:
    """Take away what graders that were killed have left."""
    with contextlib.suppress(OSError):
        for folder in parent.glob(f"{_PREFIX}*-*"):
            pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if not Path("/proc", pid).exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _joined(folders: tuple[Path, ...]) -> Group:
    command = tuple(part for folder in folders for part in ("sh", "-c", _JOIN, "sh", str(folder)))
    return Group("own", command, folders)


def _scope(memory_bytes: int, n_processes: int) -> Group | None:
    """Have systemd make a group, for a user whom it looks after."""
    limits = (f"MemoryMax={memory_bytes}", "MemorySwapMax=0", f"TasksMax={n_processes}")
    options = tuple(part for limit in limits for part in ("--property", limit))
    command = ("systemd-run", "--user", "--scope", "--quiet", "--collect", *options, "--")
    return Group("systemd", command) if _works(command) else None


@lru_cache(maxsize=4)
def _works(command: tuple[str, ...]) -> bool:
    if shutil.which(command[0]) is None or "XDG_RUNTIME_DIR" not in os.environ:
        return False
    try:
        done = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)  # noqa: S603 - our own
        return done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
