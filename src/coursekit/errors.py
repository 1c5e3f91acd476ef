"""Every error that coursekit raises on purpose.

A message says what was wrong, the value seen, what is legal, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "BenchError",
    "CourseError",
    "CoursekitError",
    "DataError",
    "GpuError",
    "LmsError",
    "NotYoursError",
    "NothingToAskError",
    "SourceError",
    "UnknownNameError",
]


class CoursekitError(Exception):
    """Base class of all errors below; the command line prints its text and exits with 2."""


class DataError(CoursekitError):
    """A data file is missing, cut short, or not what its name says."""


class SourceError(CoursekitError):
    """A lab's source breaks a rule of authoring, such as two cells with one grade_id."""


class CourseError(CoursekitError):
    """A course folder, its configuration or its gradebook cannot be used."""


class NotYoursError(CoursekitError):
    """An answer has handed its work to the package."""


class NothingToAskError(CoursekitError):
    """About a function's text, as it stands, no question can be asked."""


class LmsError(CoursekitError):
    """A file from a learning management system, or for one, cannot be used."""


class BenchError(CoursekitError):
    """A measurement cannot be made here, or a file of measurements cannot be read."""


class GpuError(CoursekitError):
    """A kernel does what a GPU forbids or leaves to chance.

    Args:
        kind: ``"bounds"``, ``"race"``, ``"barrier"``, ``"unwritten"``, ``"yield"``, ``"index"``, ``"value"``,
            ``"shared"`` or ``"launch"``.
        said: What was wrong, in a sentence.
    """

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.kind = kind


class UnknownNameError(CoursekitError, LookupError):
    """A lab, exercise or check of that name does not exist.

    Args:
        kind: What the name should have named, such as ``"lab"``.
        name: The name as given.
        known: The legal names; the nearest is suggested.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        legal = sorted(known)
        near = difflib.get_close_matches(name, legal, n=1, cutoff=0.4)
        suggestion = f" Did you mean {near[0]!r}?" if near else ""
        listing = ", ".join(legal) if legal else f"there is no {kind} here"
        super().__init__(f"There is no {kind} named {name!r}.{suggestion} Known: {listing}.")
        self.name = name
        self.suggestion = near[0] if near else None
