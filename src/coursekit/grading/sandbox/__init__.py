"""Where students' code runs: a process of its own that answers calls, and what keeps it in.

The trusted side opens a :class:`~coursekit.grading.sandbox.launch.Sandbox` and begins a
:class:`~coursekit.grading.sandbox.session.Session` in it for each submission. The other side, :mod:`.worker` and
:mod:`.shell`, knows nothing of checks, grades or other students.
"""

from coursekit.grading.limits import Limits
from coursekit.grading.sandbox.launch import BUBBLEWRAP, MODES, NONE, USER, Sandbox, why_unavailable
from coursekit.grading.sandbox.session import EndedError, LostError, OutOfTimeError, Session, Snapshot, Stop
from coursekit.grading.sandbox.student import RemoteStudent

__all__ = [
    "BUBBLEWRAP",
    "MODES",
    "NONE",
    "USER",
    "EndedError",
    "Limits",
    "LostError",
    "OutOfTimeError",
    "RemoteStudent",
    "Sandbox",
    "Session",
    "Snapshot",
    "Stop",
    "why_unavailable",
]
