"""A process and all that descends from it, as Linux shows them."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["family", "own_mib"]


def family(pid: int | None = None) -> dict[int, str]:
    """Return a process, this one unless given, and its descendants, with their command lines."""
    found, waiting = {}, [pid or os.getpid()]
    while waiting:
        one = waiting.pop()
        try:
            found[one] = Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ")
            tasks = list(Path(f"/proc/{one}/task").glob("*/children"))
            waiting += [int(child) for file in tasks for child in file.read_text().split()]
        except OSError:
            found.pop(one, None)
    return found


def own_mib(pid: int) -> float:
    """Return a process's memory, with shared pages divided among those that share them; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
