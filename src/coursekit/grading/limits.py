"""How much of the machine one submission may use."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coursekit.errors import CourseError, UnknownNameError

__all__ = ["Limits", "slowdown"]

#: Processes per core that want to run, above which a machine is busy: a class that is graded on all cores makes one.
_BUSY = 1.5
_MOST = 4.0


@dataclass(frozen=True)
class Limits:
    """Limits on one submission.

    Attributes:
        cell_s: Seconds that a cell may run, and that the calls of one check cell may take together.
        call_s: Seconds that one call of a check may take.
        submission_s: Seconds that the whole submission may take; a quarter of it is kept for its checks.
        memory_mib: Memory that it may take up, in MiB, beyond what Python and its libraries take.
        processes: Processes and threads at one time, beside the grader's own.
        file_mib: Size of one file, in MiB.
        scratch_mib: Size of all its files together, in MiB, in each of its two folders.
        files: How many files and folders it may have, in each of these.
        output_kib: Output kept of one cell, in KiB; pictures may take four times as much.
    """

    cell_s: float = 30
    call_s: float = 10
    submission_s: float = 600
    memory_mib: float = 2048
    processes: float = 64
    file_mib: float = 64
    scratch_mib: float = 256
    files: float = 10_000
    output_kib: float = 256

    @classmethod
    def of(cls, limits: Mapping[str, Any]) -> Limits:
        """Make limits from numbers by name; what is not given keeps its default.

        Raises:
            UnknownNameError: If there is no such limit.
            CourseError: If a value is not a number above 0.
        """
        names = [field.name for field in dataclasses.fields(cls)]
        for name, value in limits.items():
            if name not in names:
                raise UnknownNameError("limit", name, names)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
                raise CourseError(f"The limit {name} must be a number above 0; got {value!r}.")
        return cls(**limits)

    @classmethod
    def parse(cls, texts: Iterable[str]) -> dict[str, float]:
        """Read limits such as ``"cell_s=60"``.

        Raises:
            CourseError: If a text has another form.
        """
        limits = {}
        for text in texts:
            name, _, value = text.partition("=")
            try:
                limits[name.strip()] = float(value)
            except ValueError:
                raise CourseError(
                    f"A limit is given as NAME=NUMBER, such as cell_s={cls.cell_s}; got {text!r}."
                ) from None
        return limits

    def as_dict(self) -> dict[str, float]:
        """Return the limits by name."""
        return dataclasses.asdict(self)


def slowdown() -> float:
    """Return how many times as long as its limit a call of a check may take, because this machine has other work to do.

    1 as long as at most 1.5 processes per core want to run, in the mean of the last minute; beyond that in proportion,
    and 4 at most, so that nobody can have more by keeping the machine busy. 1 where the system does not count them.
    """
    try:
        load = os.getloadavg()[0]
    except (AttributeError, OSError):
        return 1.0
    return min(max(load / (os.cpu_count() or 1) / _BUSY, 1.0), _MOST)
